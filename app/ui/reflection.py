"""The mirror: the live picture with the settled garment on whoever is in it, carried by their motion.

Two processes share the work: while the engine draws the garment for some pictures, the eyes follow the person in a
later one. Only every second picture is followed; what lies between two is dressed in between (body/live/between.py).
Pictures are shown as evenly as they came, all equally late. They live in memory alone.
"""

import time
from collections import deque
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QTimer, Signal

from app.project import Project
from app.serving import Failure
from app.ui.feed import Picture
from app.ui.preview import Preview
from app.ui.studio import Studio
from app.ui.watching import Watching
from body.live.between import between

if TYPE_CHECKING:
    from app.incoming import Followed
    from app.photo.mirror import Patch
    from body.live.follow import Instant
    from body.live.track import Track

OVER = 30  # pictures over which the rate is told
EVERY = 0.055
"""Pictures that come sooner [s] after the last one are not dressed."""
MOST_BETWEEN, LATEST = 2, 0.6  # pictures between two that are followed; how late they may be shown [s]
_numbers = count(1)
_Came = tuple[float, Picture]


class Reflection(Watching):
    """`dressed` with each dressed picture."""

    dressed = Signal()

    def __init__(self, studio: Studio, camera: str, preview: Preview) -> None:
        super().__init__(studio, camera, preview)
        self._project: Project | None = None
        self._betas: np.ndarray | None = None
        self._times: deque[float] = deque(maxlen=OVER)
        self._forget()

    def _forget(self) -> None:
        """Whatever is under way is of a showing that is over."""
        self._number = next(_numbers)
        self._ready = self._asked = self._following = self._dressing = self._shown = False
        self._between: list[_Came] = []
        self._last: tuple[float, Track] | None = None
        self._next: tuple[list[_Came], tuple[Instant, ...]] | None = None
        self._newest = self._late = 0.0

    @property
    def rate(self) -> float:
        """Dressed pictures a second, over the last ones; 0 while there are too few."""
        return (len(self._times) - 1) / (self._times[-1] - self._times[0]) if len(self._times) > 2 else 0.0

    def begin(self, project: Project) -> None:
        """Open the camera, and dress whoever stands before it as the project's person is."""
        figure = self.studio.figure_of(project)
        self._betas = figure.rig.betas if figure is not None and figure.rig is not None else None
        self._forget()
        self._project = project
        self._times.clear()
        self.feed.cut()
        self._open()

    def end(self) -> None:
        """Close the camera and forget what it showed."""
        if self._project is None:
            return
        self._project, self._betas = None, None
        self._forget()
        self._close()
        self.studio.jobs.cancel("mirror")

    def _came(self, picture: Picture) -> None:
        now = time.monotonic()
        if self._project is None or now - self._newest < EVERY:
            return
        self._newest = now
        if not self._shown:
            self.preview.show_frame(picture.frame)
        if self._following or (self._shown and not self._between):
            self._between = [*self._between, (now, picture)][-MOST_BETWEEN:]
            return
        self._following = True
        self.studio.ask(
            self, "follow", "follow", picture.small, 1.0, picture.show, self._project.evidence.height, self._betas,
            lane="eyes", done=partial(self._followed, self._number, (now, picture)), failed=self._blind, quiet=True,
        )  # fmt: skip

    def _followed(self, number: int, came: _Came, told: "Followed") -> None:
        if number != self._number:
            return
        self._following, track = False, told.track
        before, last = self._between, self._last
        self._between, self._last = [one for one in before if one[0] > came[0]], None
        if track is None or not track.settled:
            self._shown = False
            return
        self._last = came[0], track
        self.trouble.emit("")
        self.seen.emit()
        if not self._ready:
            self._make_ready(came[1], track)
            return
        shown, motions = [came], [track.motion]
        if last is not None and last[1].person == track.person and came[0] - last[0] < LATEST:
            inside = [one for one in before if last[0] < one[0] < came[0]]
            shares = [(one[0] - last[0]) / (came[0] - last[0]) for one in inside]
            shown = [*inside, came]
            motions = [*(between(last[1].motion, track.motion, share) for share in shares), track.motion]
        self._next = shown, tuple(motions)
        self._dress()

    def _make_ready(self, picture: Picture, track: "Track") -> None:
        """Have the engine hold the garments, in the light of this picture."""
        if self._asked:
            return
        self._asked, number = True, self._number

        def ready(_: None) -> None:
            self._ready = self._ready or number == self._number

        self.studio.ask(
            self, "mirror", "reflect", number, self._project, picture.small, track, done=ready, failed=self._blind,
            quiet=True,
        )  # fmt: skip

    def _dress(self) -> None:
        """Have the newest pictures dressed, unless others are."""
        if self._dressing or self._next is None:
            return
        (shown, motions), self._next = self._next, None
        self._dressing, small = True, shown[-1][1].small
        self.studio.ask(
            self, "mirror", "mirrored", self._number, motions, (small.width, small.height),
            done=partial(self._dressed, self._number, shown), failed=self._blind, quiet=True,
        )  # fmt: skip

    def _dressed(self, number: int, shown: list[_Came], patches: "tuple[Patch | None, ...]") -> None:
        if number != self._number:
            return
        self._dressing, now = False, time.monotonic()
        late = min(now - shown[0][0], LATEST)
        self._late = max(late, 0.9 * self._late + 0.1 * late)
        for (came, picture), patch in zip(shown, patches, strict=True):
            wait = max(round(1000 * (came + self._late - now)), 0)
            QTimer.singleShot(wait, self, partial(self._show, number, picture, patch))
        self._dress()

    def _show(self, number: int, picture: Picture, patch: "Patch | None") -> None:
        if number != self._number or self._last is None:
            return
        self._shown = True
        self._times.append(time.monotonic())
        self.preview.show_frame(picture.frame, patch)
        self.dressed.emit()

    def _blind(self, failure: Failure) -> None:
        self._forget()
        super()._blind(failure)

    def _said(self, sentence: str) -> None:
        self._forget()
        super()._said(sentence)
