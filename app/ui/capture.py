"""Taking front and side from a camera or a video: live picture, advice on the pose, countdown.

Camera, video file and picture are the same Source. Frames stay in memory only; what is not used is forgotten when the
dialog closes.
"""

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.jobs import Failure
from app.ui import theme
from app.ui.controls import button, label
from app.ui.studio import Studio
from assets.errors import ToileError
from body.frame import Frame, Source, open_source

if TYPE_CHECKING:
    from app.engine import Watched

SIDES = ("front", "side")
COUNTDOWN = 3
VIDEO_FILE = "Video file…"


class Preview(QWidget):
    """The live picture, with the countdown on it."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(560, 420)
        self.setAccessibleName("Live picture")
        self.frame: Frame | None = None
        self.count = 0
        self.good = False

    def show_frame(self, frame: Frame | None) -> None:
        self.frame = frame
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor("#2A2B2D"))
        if self.frame is None:
            painter.setPen(QColor("#E6E6E3"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "No picture yet")
            return
        height, width, _ = self.frame.pixels.shape
        image = QImage(self.frame.pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        scale = min(self.width() / width, self.height() / height)
        place = QRectF(0, 0, width * scale, height * scale)
        place.moveCenter(QRectF(self.rect()).center())
        painter.drawImage(place, image)
        painter.setPen(QPen(QColor(colours.good if self.good else colours.accent), 3))
        painter.drawRect(place.adjusted(1.5, 1.5, -1.5, -1.5))
        if self.count:
            painter.setFont(theme.font(120, bold=True))
            painter.setPen(QColor("#FFFFFF"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self.count))


class Capture(QDialog):
    """Front, then side. `photos` are what was taken, when the dialog was accepted."""

    arrived = Signal(object)
    ended = Signal(str)

    def __init__(self, studio: Studio, path: Path | None, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Capture front and side")
        self.studio = studio
        self.photos: tuple[Frame, ...] = ()
        self.preview = Preview()
        self.advice = label("")
        self.step = label("", "title")
        self.sources = QComboBox()
        self.sources.setAccessibleName("Source of the picture")
        self.take = button("Take in 3 s", self.count_down, "camera", primary=True)
        self.again = button("Take again", self.restart)
        self.use = button("Use front only", self.accept)
        self._reader = 0
        self._source: Source | None = None
        self._latest: Frame | None = None
        self._watching = False
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)
        self.arrived.connect(self._show)
        self.ended.connect(self._ended)
        self._lay_out()
        self._fill_sources()
        self._reflect()
        if path:
            self.open_video(path)
        elif self.sources.count() > 1:
            self._choose(0)
        else:
            self.advice.setText("No camera is connected. A video file of the person serves as well: choose one above.")
        self.sources.activated.connect(self._choose)

    @property
    def side(self) -> str:
        """What is to be taken next."""
        return SIDES[min(len(self.photos), 1)]

    def open_video(self, path: Path) -> None:
        """Read from a video file."""
        self._open(open_source(path))

    def count_down(self) -> None:
        """Take a photo after COUNTDOWN seconds."""
        if self._latest is not None and len(self.photos) < 2:
            self.preview.count = COUNTDOWN
            self.preview.update()
            self._timer.start()
            self._reflect()

    def restart(self) -> None:
        """Forget what was taken."""
        self.photos = ()
        self._reflect()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._close_source()
        super().closeEvent(event)

    def accept(self) -> None:
        self._close_source()
        super().accept()

    def reject(self) -> None:
        self._close_source()
        super().reject()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(self.step, 1)
        head.addWidget(self.sources)
        column.addLayout(head)
        column.addWidget(self.preview, 1)
        self.advice.setMinimumHeight(36)
        column.addWidget(self.advice)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.take)
        row.addWidget(self.again)
        row.addStretch(1)
        row.addWidget(button("Cancel", self.reject))
        row.addWidget(self.use)
        column.addLayout(row)

    def _fill_sources(self) -> None:
        from app.ui.camera import cameras

        self._cameras = cameras()
        for camera in self._cameras:
            self.sources.addItem(camera.description())
        self.sources.addItem(VIDEO_FILE)

    def _choose(self, k: int) -> None:
        if k < len(self._cameras):
            from app.ui.camera import Camera

            self._open(Camera(self._cameras[k], self.ended.emit))
            return
        name, _ = QFileDialog.getOpenFileName(self, "Video of the person", self.studio.settings.folder)
        if name:
            self.open_video(Path(name))

    def _open(self, source: Source) -> None:
        self._close_source()
        self._source = source
        self._reader += 1
        self.advice.setText("Opening …")
        threading.Thread(target=self._read, args=(source, self._reader), daemon=True).start()

    def _close_source(self) -> None:
        self._reader += 1
        self._timer.stop()
        close: Callable[[], None] | None = getattr(self._source, "close", None)
        if close:
            close()
        self._source = None

    def _read(self, source: Source, reader: int) -> None:
        """On a thread of its own: frames in their time, only the newest; a video begins again at its end."""
        live, last = hasattr(source, "close"), 1
        try:
            while last > 0 and reader == self._reader:
                start = time.monotonic()
                for number, frame in enumerate(source.frames()):
                    last = number
                    if reader != self._reader:
                        return
                    due = frame.time - (time.monotonic() - start)
                    if due > -0.2 or live:
                        time.sleep(0.0 if live else min(max(due, 0.0), 1.0))
                        self.arrived.emit(frame)
        except ToileError as error:
            self.ended.emit(str(error))
            return
        if live and reader == self._reader:
            self.ended.emit("The camera sends no more pictures: plug it in again, or choose a video file.")

    def _show(self, frame: Frame) -> None:
        self._latest = frame
        self.preview.show_frame(frame)
        self.take.setEnabled(not self.preview.count and len(self.photos) < 2)
        if not self._watching and len(self.photos) < 2:
            self._watching = True
            ask = partial(self.studio.ask, lane="eyes", quiet=True)
            ask("watch", "watch", frame, self.side, done=self._watched, failed=self._blind)

    def _watched(self, seen: "Watched") -> None:
        self._watching = False
        self.preview.good = seen.good
        self.preview.update()
        self.advice.setText(seen.advice)

    def _blind(self, failure: Failure) -> None:
        self.advice.setText(failure.sentence)

    def _ended(self, sentence: str) -> None:
        self.advice.setText(sentence)

    def _tick(self) -> None:
        self.preview.count -= 1
        if self.preview.count <= 0:
            self._timer.stop()
            self.preview.count = 0
            if self._latest is not None:
                self.photos = (*self.photos, self._latest)
        self.preview.update()
        self._reflect()

    def _reflect(self) -> None:
        taken = len(self.photos)
        self.step.setText(("1 of 2: from the front", "2 of 2: from the side", "Both are taken")[taken])
        self.take.setEnabled(self._latest is not None and not self.preview.count and taken < 2)
        self.again.setEnabled(taken > 0)
        self.use.setEnabled(taken > 0)
        self.use.setText("Use front only" if taken < 2 else "Use both")
