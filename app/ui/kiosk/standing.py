"""Standing before the camera: an outline to stand in, live advice, and a picture after a countdown, without a hand.

The feed, the eyes and the advice are those of the studio's capture (app/ui/capture.py). Once somebody stood well for a
moment, the countdown begins by itself; a raised arm, held, begins it as well. The camera is open only while this
is shown.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QTimer, Signal

from app.serving import Failure
from app.ui.feed import Picture
from app.ui.preview import Preview
from app.ui.studio import Studio
from app.ui.watching import Watching
from app.words import Words
from body.frame import Frame
from body.live.raising import RaisedArm
from body.live.turn import GOOD, side_advice

if TYPE_CHECKING:
    from app.incoming import Followed

WELL = 1.2
"""How long somebody stands well [s] before the countdown begins."""
COUNTDOWN = 3
ALONE = "Stand alone before the camera"
DARK = (320, 240)


class Standing(Watching):
    """`taken` tells of a picture, `arm` of a raised arm."""

    taken = Signal(object)
    arm = Signal()

    def __init__(self, studio: Studio, camera: str, preview: Preview) -> None:
        super().__init__(studio, camera, preview)
        self._words: Words | None = None
        self._side = ""
        self._latest: Picture | None = None
        self._following = self._answered = False
        self._good_since: float | None = None
        self._insisted = self._looking = self._crowded = False
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
        return self._latest.frame if self._latest is not None else None

    @property
    def opening(self) -> bool:
        """Whether there are pictures but the eyes have not told yet who is in them."""
        return self._latest is not None and not self._answered

    @property
    def ready(self) -> bool:
        """Whether there is a picture to take."""
        return self._latest is not None and not self.counting

    def begin(self, side: str, words: Words) -> None:
        """Open the camera, if it is not open, for the "front" or the "side"."""
        self._words = words
        if side != self._side:
            self._side, self._good_since, self._crowded = side, None, False
            self._stop_counting()
            self.preview.show_guide(side)
        self._open()

    def warm(self) -> None:
        """Let the eyes load what they need, on a picture of nothing."""
        nothing = Frame(np.zeros((*DARK, 3), np.uint8), 0.0, "nothing")
        self.studio.ask(self, "follow", "follow", nothing, 1.0, 0, None, lane="eyes", quiet=True)

    def end(self) -> None:
        """Close the camera and forget what it showed."""
        self._stop_counting()
        self._side, self._latest = "", None
        self._following = self._answered = self._looking = False
        self.studio.jobs.cancel("alone")
        self._close()

    def count_down(self) -> None:
        """Take the picture after a countdown, however one stands."""
        if self.ready:
            self._insisted = True
            self._start_counting()

    def _came(self, picture: Picture) -> None:
        if self._latest is None:
            self.trouble.emit("")
        self._latest = picture
        self.preview.show_frame(picture.frame)
        if not self._following:
            self._following = True
            self.studio.follow(self, picture, partial(self._followed, picture), self._blind)

    def _followed(self, picture: Picture, told: "Followed") -> None:
        self._following, self._answered = False, True
        if self._latest is None or not self._side or self._words is None:
            return
        track = told.track.scaled(picture.zoom) if told.track is not None else None
        advice, now = side_advice(self._side, track, told.why), time.monotonic()
        good = advice == GOOD
        if track is None:
            self._crowded = False
        elif self._crowded and good:
            advice = ALONE
        self.preview.show_track(track, None, advice == GOOD, self._words.heard(advice))
        if track is not None:
            self.seen.emit()
        if self._arm.feed(None if track is None else track.landmarks, now):
            self.arm.emit()
        self._good_since = (self._good_since or now) if good else None
        if self.counting and not good and not self._insisted:
            self._stop_counting()
        elif good and not self.counting and now - (self._good_since or now) >= WELL:
            self._look_round(picture, self._begin_counting)

    def _look_round(self, picture: Picture, then: Callable[[], None]) -> None:
        """Go on with `then`, unless somebody else stands there too: the eyes follow one and do not see others."""
        if self._looking:
            return
        self._looking, side = True, self._side

        def told(alone: bool) -> None:
            self._looking = False
            if side == self._side and self._latest is not None:
                self._crowded, self._good_since = not alone, self._good_since if alone else None
                if alone:
                    then()

        self.studio.ask(
            self, "alone", "alone", picture.small, lane="eyes", done=told, failed=lambda _: told(True), quiet=True
        )

    def _begin_counting(self) -> None:
        """Unless whoever was alone stands otherwise by now."""
        if self._good_since is not None and not self.counting:
            self._start_counting()

    def _start_counting(self) -> None:
        self.preview.count = COUNTDOWN
        self.preview.update()
        self._tick.start()

    def _stop_counting(self) -> None:
        self._tick.stop()
        self._insisted = False
        self.preview.count = 0
        self.preview.update()

    def _count(self) -> None:
        self.preview.count -= 1
        self.preview.update()
        if self.preview.count > 0:
            return
        insisted, picture = self._insisted, self._latest
        self._stop_counting()
        self._good_since = None
        if picture is None:
            return
        take = partial(self.taken.emit, picture.frame)
        if insisted:
            take()
        else:  # Somebody may have stepped in while it counted.
            self._look_round(picture, take)

    def _blind(self, failure: Failure) -> None:
        self._following = False
        super()._blind(failure)

    def _said(self, sentence: str) -> None:
        self._latest = self._good_since = None
        self._stop_counting()
        super()._said(sentence)
