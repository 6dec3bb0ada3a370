"""Taking photos from a camera or a video: front and side after a countdown, or all sides of a turn on the spot.

Camera, video file and picture are the same Source. A person is followed in the process of the eyes, always in the
newest picture; the skeleton, the advice and the ring come from there. Frames stay in memory only; what is not used is
forgotten when the dialog closes.
"""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtMultimedia import QCameraDevice, QMediaDevices
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.saying import spoken
from app.serving import Failure
from app.ui.camera import Camera, cameras, plugged
from app.ui.controls import Segments, button, label
from app.ui.dialogs import open_file
from app.ui.feed import VIDEO_FILTER, Feed, Picture
from app.ui.preview import Preview
from app.ui.studio import Studio
from body.frame import Frame, Source, open_source
from body.live.turn import DONE, GOOD, Turn, advice, side_advice

if TYPE_CHECKING:
    from app.incoming import Followed

TWO, ROUND = "front and side", "turn"
SIDES = ("front", "side")
STEPS = ("1 of 2: from the front, arms off the body", "2 of 2: from the side, arms out forward", "Both are taken")
COUNTDOWN = 3
PROMPT = 0.1  # an answer so quick [s] that a picture can wait for the skeleton that belongs to it
PAUSE = 1500  # to see that a turn is done [ms]
VIDEO_FILE = "Video file…"


class Capture(QDialog):
    """`photos` are what was taken, and `remarks` what to say of them, when the dialog was accepted."""

    def __init__(self, studio: Studio, path: Path | None, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(spoken("Capture"))
        self.studio = studio
        self.photos: tuple[Frame, ...] = ()
        self.remarks: tuple[str, ...] = ()
        self.turn = Turn()
        self.mode = TWO
        self.preview = Preview()
        self.advice = label("")
        self.step = label("", "title")
        self.modes = Segments("What to take", ((TWO, "Front and side"), (ROUND, "Turn on the spot")))
        self.modes.chosen.connect(self.choose_mode)
        self.sources = QComboBox()
        self.sources.setAccessibleName(spoken("Source of the picture"))
        self.sources.activated.connect(self._choose)
        self.take = button("Take in 3 s", self.count_down, "camera", primary=True)
        self.again = button("Take again", self.restart)
        self.use = button("Use front only", self.accept)
        self.feed = Feed(self)
        self.feed.came.connect(self._show)
        self.feed.said.connect(self._trouble)
        self._latest: Frame | None = None
        self._devices: QMediaDevices | None = None
        self._following = self._prompt = False
        self._asked = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)
        self._done = QTimer(self)
        self._done.setSingleShot(True)
        self._done.setInterval(PAUSE)
        self._done.timeout.connect(self.accept)
        self._lay_out()
        self.choose_mode(TWO)
        if path:
            self.open_video(path)

    @property
    def side(self) -> str:
        """What is to be taken next."""
        return SIDES[min(len(self.photos), 1)]

    def choose_mode(self, mode: str) -> None:
        """Front and side, or a turn on the spot; what was taken is forgotten."""
        self.mode = mode
        self.modes.choose(mode)
        self.restart()

    def open_video(self, path: Path) -> None:
        """Play a video file, over and over."""
        self._open(lambda: open_source(path), live=False)

    def open_camera(self, device: QCameraDevice) -> None:
        """Show a camera, as long as it is there."""

        def opener() -> Source | None:
            there = plugged(device)
            return Camera(there) if there is not None else None

        self._open(opener, live=True)

    def count_down(self) -> None:
        """Take a photo after COUNTDOWN seconds."""
        if self._latest is not None and len(self.photos) < 2:
            self.preview.count = COUNTDOWN
            self.preview.update()
            self._timer.start()
            self._reflect()

    def restart(self) -> None:
        """Forget what was taken."""
        self._done.stop()
        self._timer.stop()
        self.preview.count = 0
        self.photos, self.turn = (), Turn()
        self._reflect()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._devices is None and not event.spontaneous():
            QTimer.singleShot(0, self, self._find_cameras)  # which takes a moment the first time

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)

    def accept(self) -> None:
        if self.mode == ROUND:
            self.photos, self.remarks = self.turn.photos(), self.turn.notes("capture")
        self._stop()
        super().accept()

    def reject(self) -> None:
        self._stop()
        super().reject()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(self.step, 1)
        head.addWidget(self.modes)
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
        chosen = self.sources.currentText()
        self._cameras = cameras()
        self.sources.clear()
        self.sources.addItems([camera.description() for camera in self._cameras] + [spoken(VIDEO_FILE)])
        self.sources.setCurrentIndex(max(self.sources.findText(chosen, Qt.MatchFlag.MatchExactly), 0))

    def _find_cameras(self) -> None:
        """List the cameras, now and whenever another one is plugged in; the first is shown unless a video is."""
        if not self.isVisible() or self._devices is not None:
            return
        self._devices = QMediaDevices(self)
        self._devices.videoInputsChanged.connect(self._fill_sources)
        self._fill_sources()
        if self.feed.is_open:
            return
        if self._cameras:
            self.open_camera(self._cameras[0])
        else:
            self.advice.setText(
                spoken("No camera is connected. A video file of the person serves as well: choose one above.")
            )

    def _choose(self, k: int) -> None:
        if k < len(self._cameras):
            self.open_camera(self._cameras[k])
            return
        if path := open_file(self.studio, self, "Video of the person", VIDEO_FILTER):
            self.open_video(path)

    def _open(self, opener: Callable[[], Source | None], live: bool) -> None:
        self.advice.setText(spoken("Opening …"))
        self.feed.open(opener, live)

    def _stop(self) -> None:
        self._timer.stop()
        self._done.stop()
        self.feed.close()
        self.studio.jobs.cancel("follow")

    def _show(self, picture: Picture) -> None:
        self._latest = picture.frame
        if not self._prompt:
            self.preview.show_frame(picture.frame)
        self.take.setEnabled(not self.preview.count and len(self.photos) < 2)
        if not self._following:
            self._following, self._asked = True, time.monotonic()
            self.studio.follow(self, picture, partial(self._followed, picture), self._blind)

    def _followed(self, picture: Picture, seen: "Followed") -> None:
        self._following = False
        if self._latest is None:
            return
        self._prompt = time.monotonic() - self._asked < PROMPT
        if self._prompt:
            self.preview.show_frame(picture.frame)
        track = seen.track.scaled(picture.zoom) if seen.track is not None else None
        if self.mode == TWO:
            words, sides = side_advice(self.side, track, seen.why), None
            words = "Both are taken" if len(self.photos) == 2 else words
        else:
            if track is not None and not self._done.isActive():
                self.turn.add(picture.frame, track)
            words, sides = advice(self.turn, track, seen.why), self.turn.sides()
            if self.turn.done and not self._done.isActive():
                self._done.start()
            self._reflect()
        words = DONE if self._done.isActive() else words
        self.advice.setText(spoken(words))
        self.preview.show_track(track, sides, words in (GOOD, DONE), words)

    def _blind(self, failure: Failure) -> None:
        self._following = self._prompt = False
        self.feed.cut()
        self.advice.setText(spoken(failure.sentence))

    def _trouble(self, sentence: str) -> None:
        self._latest, self._prompt = None, False
        self.preview.show_frame(None)
        self.preview.show_track(None, None if self.mode == TWO else self.turn.sides(), False, "")
        self.advice.setText(spoken(sentence))
        self._reflect()

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
        if self.mode == ROUND:
            seen = int(self.turn.sides().sum())
            self.step.setText(spoken("A turn on the spot, arms off the body"))
            self.use.setText(spoken(f"Use {seen} side{'' if seen == 1 else 's'}"))
        else:
            seen = len(self.photos)
            self.step.setText(spoken(STEPS[seen]))
            self.use.setText(spoken("Use front only" if seen < 2 else "Use both"))
        self.preview.show_guide(self.side if self.mode == TWO and seen < 2 else "")
        self.take.setVisible(self.mode == TWO)
        self.take.setEnabled(self._latest is not None and not self.preview.count and seen < 2)
        self.again.setEnabled(seen > 0)
        self.use.setEnabled(seen > 0)
