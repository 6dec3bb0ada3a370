"""Standing before the camera: an outline to stand in, live advice, and a picture after a countdown, without a hand.

The feed, the eyes and the advice are those of the studio's capture (app/ui/capture.py). Once somebody stood well for a
moment, the countdown begins by itself; a raised arm, held, begins it as well. The camera is open only while this
is shown.
"""

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs import Failure
from app.ui.camera import Camera, cameras, plugged
from app.ui.feed import Feed, Picture
from app.ui.kiosk.parts import px
from app.ui.preview import Preview
from app.ui.studio import Studio
from app.words import Words
from body.frame import Frame, Source, open_source
from body.live.raising import RaisedArm
from body.live.turn import GOOD, side_advice

if TYPE_CHECKING:
    from app.incoming import Followed

WELL = 1.2
"""How long somebody stands well [s] before the countdown begins."""
COUNTDOWN = 3
LARGE = 1.9


class Standing(QObject):
    """`taken` tells of a picture, `arm` of a raised arm, `seen` whenever somebody is there, `trouble` in a sentence (in
    English; "" when there is none any more)."""

    taken = Signal(object)
    arm = Signal()
    seen = Signal()
    trouble = Signal(str)

    def __init__(self, studio: Studio, camera: str) -> None:
        super().__init__()
        self.studio = studio
        self.preview = Preview(large=LARGE * px(100) / 100, mirror=True, outline=True)
        self.feed = Feed(self)
        self.feed.came.connect(self._came)
        self.feed.said.connect(self._said)
        self._camera = camera
        self._words: Words | None = None
        self._side = ""
        self._latest: Frame | None = None
        self._following = False
        self._good_since: float | None = None
        self._insisted = False
        self._arm = RaisedArm()
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._count)

    @property
    def counting(self) -> bool:
        return self.preview.count > 0

    @property
    def frame(self) -> Frame | None:
        """The newest picture."""
        return self._latest

    @property
    def ready(self) -> bool:
        """Whether there is a picture to take."""
        return self._latest is not None and not self.counting

    def begin(self, side: str, words: Words) -> None:
        """Open the camera, if it is not open, for the "front" or the "side"."""
        self._words = words
        if side != self._side:
            self._side, self._good_since, self._insisted = side, None, False
            self._stop_counting()
            self.preview.show_guide(side)
        if not self.feed.is_open:
            open_camera(self.feed, self._camera)

    def end(self) -> None:
        """Close the camera and forget what it showed."""
        self._stop_counting()
        self._side, self._latest, self._following = "", None, False
        self.feed.close()
        self.studio.jobs.cancel("follow")
        self.preview.show_frame(None)
        self.preview.show_track(None, None, False, "")

    def count_down(self) -> None:
        """Take the picture after a countdown, however one stands."""
        if self.ready:
            self._insisted = True
            self._start_counting()

    def _came(self, picture: Picture) -> None:
        if self._latest is None:
            self.trouble.emit("")
        self._latest = picture.frame
        self.preview.show_frame(picture.frame)
        if not self._following:
            self._following = True
            self.studio.follow(picture, partial(self._followed, picture), self._blind)

    def _followed(self, picture: Picture, told: "Followed") -> None:
        self._following = False
        if self._latest is None or not self._side or self._words is None:
            return
        track = told.track.scaled(picture.zoom) if told.track is not None else None
        advice, now = side_advice(self._side, track, told.why), time.monotonic()
        good = advice == GOOD
        self.preview.show_track(track, None, good, self._words.heard(advice))
        if track is not None:
            self.seen.emit()
        if self._arm.feed(None if track is None else track.landmarks, now):
            self.arm.emit()
        self._good_since = (self._good_since or now) if good else None
        if self.counting and not good and not self._insisted:
            self._stop_counting()
        elif good and not self.counting and now - (self._good_since or now) >= WELL:
            self._start_counting()

    def _start_counting(self) -> None:
        self.preview.count = COUNTDOWN
        self.preview.update()
        self._tick.start()

    def _stop_counting(self) -> None:
        self._tick.stop()
        self.preview.count = 0
        self.preview.update()

    def _count(self) -> None:
        self.preview.count -= 1
        self.preview.update()
        if self.preview.count <= 0:
            self._stop_counting()
            self._insisted, self._good_since = False, None
            if self._latest is not None:
                self.taken.emit(self._latest)

    def _blind(self, failure: Failure) -> None:
        self._following = False
        self.feed.cut()

    def _said(self, sentence: str) -> None:
        self._latest = None
        self._stop_counting()
        self.preview.show_frame(None)
        self.preview.show_track(None, None, False, "")
        self.trouble.emit(sentence)


def open_camera(feed: Feed, name: str) -> None:
    """Show the camera of that name, or the video file in its place."""
    path = Path(name)
    if name and path.is_file():
        feed.open(lambda: open_source(path), live=False)
    else:
        feed.open(partial(find, name), live=True)


def find(name: str) -> Source | None:
    """The camera of that name, or the first; None while there is none."""
    there = cameras()
    wanted = [device for device in there if name in (device.description(), device.id().toStdString())]
    if not name:
        wanted = there
    elif name.isdigit() and int(name) < len(there):
        wanted = [there[int(name)]]
    device = plugged(wanted[0]) if wanted else None
    return Camera(device) if device is not None else None
