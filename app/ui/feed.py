"""Live pictures for the window: read on a thread of their own, only the newest kept, begun again when they stop.

A camera may vanish at any moment. Then it is said, and looked for again and again until it is back or another source is
chosen; nothing that was taken meanwhile is lost.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from app.ui.camera import pixels
from assets.errors import ToileError
from body.frame import VIDEO_SUFFIXES, Frame, Source

VIDEO_FILTER = f"Videos ({' '.join('*' + end for end in VIDEO_SUFFIXES)});;All files (*)"
GONE = "The camera is gone: plug it in again, or choose another source"
AGAIN = 1000  # between attempts to find a camera [ms]
FROZEN = 10.0  # for so long a camera may show the same picture to the last bit, which noise never leaves alone [s]
SMALL_SIDE = 640  # of the copy that is followed [pixels], as body/live/track.py takes it


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A frame, a copy small enough to be followed, how many times as large the frame is, and which showing it is of."""

    frame: Frame
    small: Frame
    zoom: float
    show: int


class Feed(QObject):
    """One source at a time. `came` tells of the newest picture; `said` of trouble, in a sentence."""

    came = Signal(object)
    said = Signal(str)
    _read_one = Signal()
    _over = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opener: Callable[[], Source | None] | None = None
        self._source: Source | None = None
        self._read_by: list[tuple[Source, threading.Thread]] = []
        self._live = False
        self._run = self._show = 0
        self._lock = threading.Lock()
        self._newest: Picture | None = None
        self._last: np.ndarray | None = None
        self._changed = 0.0
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN)
        self._again.timeout.connect(self._begin)
        self._read_one.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._over.connect(self._ended, Qt.ConnectionType.QueuedConnection)

    @property
    def is_open(self) -> bool:
        """Whether a source is shown or looked for."""
        return self._opener is not None

    def open(self, opener: Callable[[], Source | None], live: bool) -> None:
        """Show what `opener` opens; it is called on this thread, gives None while there is nothing, and is called again
        when a `live` source ends. Another source is shown over and over."""
        self.close()
        self._opener, self._live = opener, live
        self._begin()

    def cut(self) -> None:
        """What comes from here on is another showing: nobody in it is known from before."""
        self._show += 1

    def close(self) -> None:
        """Stop, and let go of the source. Nothing is told of it any more."""
        with self._lock:
            self._run += 1
            self._newest = self._last = None
        self._again.stop()
        self._opener = None
        self._let_go()

    def _begin(self) -> None:
        if self._opener is None:
            return
        self._source = self._opener()
        if self._source is None:
            self.said.emit(GONE)
            self._again.start()
            return
        self._run += 1
        reader = threading.Thread(target=self._read, args=(self._source, self._run), daemon=True)
        self._read_by = [(source, thread) for source, thread in self._read_by if thread.is_alive()]
        self._read_by.append((self._source, reader))
        reader.start()

    def _let_go(self) -> None:
        """Close the source. It is kept until nobody reads it, for a camera must not die on its reader's thread."""
        close: Callable[[], None] | None = getattr(self._source, "close", None)
        if close:
            close()
        self._source = None

    def _read(self, source: Source, run: int) -> None:
        """On a thread of its own."""
        sentence, empty, start = "", False, 0.0
        try:
            while not empty and run == self._run:
                self._show, empty = self._show + 1, True
                for frame in source.frames():
                    if run != self._run:
                        return
                    now = time.monotonic()
                    start = now - frame.time if empty else start
                    empty = False
                    if not self._live:
                        time.sleep(min(max(start + frame.time - now, 0.0), 1.0))
                    self._put(frame, run)
                    if self._live and now - self._changed > FROZEN:
                        break
                if self._live:
                    break
        except ToileError as error:
            sentence = str(error)
        with self._lock:
            if run == self._run:
                self._over.emit(run, sentence)

    def _put(self, frame: Frame, run: int) -> None:
        small, zoom = _reduced(frame)
        with self._lock:
            if run != self._run:
                return
            if self._last is None or not np.array_equal(small.pixels, self._last):
                self._last, self._changed = small.pixels, time.monotonic()
            elif self._live and time.monotonic() - self._changed > FROZEN:
                return  # Who is in it may have left.
            waiting, self._newest = self._newest, Picture(frame, small, zoom, self._show)
            if waiting is None:
                self._read_one.emit()

    def _tell(self) -> None:
        with self._lock:
            picture, self._newest = self._newest, None
        if picture is not None:
            self.came.emit(picture)

    def _ended(self, run: int, sentence: str) -> None:
        if run != self._run:
            return
        self._let_go()
        if self._live:
            self.said.emit(GONE)
            self._again.start()
        elif sentence:
            self.said.emit(sentence)


def _reduced(frame: Frame) -> tuple[Frame, float]:
    zoom = max(frame.width, frame.height) / SMALL_SIDE
    if zoom <= 1:
        return frame, 1.0
    image = QImage(frame.pixels.data, frame.width, frame.height, 3 * frame.width, QImage.Format.Format_RGB888)
    size = (round(frame.width / zoom), round(frame.height / zoom))
    modes = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    small = pixels(image.scaled(*size, *modes))
    return Frame(small, frame.time, frame.name, frame.focal / zoom if frame.focal else None), zoom
