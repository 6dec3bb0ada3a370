"""The mirror: the live picture with the settled garment on whoever is in it, carried by their motion.

Two processes share the work: while one frame is dressed in the engine, the eyes follow the person in the next one. Only
the newest frames are looked at, so that the mirror is never late by more than two. Frames live in memory alone.
"""

import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.jobs import Failure
from app.project import Project
from app.ui.feed import Feed, Picture
from app.ui.kiosk.parts import px
from app.ui.kiosk.standing import LARGE, open_camera
from app.ui.preview import Preview
from app.ui.studio import Studio
from body.frame import Frame

if TYPE_CHECKING:
    from app.incoming import Followed

OVER = 30  # frames over which the rate is told


class Reflection(QObject):
    """`seen` whenever somebody is there, `trouble` in a sentence (in English; "" when there is none any more),
    `dressed` with each dressed frame."""

    seen = Signal()
    dressed = Signal()
    trouble = Signal(str)

    def __init__(self, studio: Studio, camera: str) -> None:
        super().__init__()
        self.studio = studio
        self.preview = Preview(large=LARGE * px(100) / 100, mirror=True, outline=True)
        self.feed = Feed(self)
        self.feed.came.connect(self._came)
        self.feed.said.connect(self._said)
        self._camera = camera
        self._project: Project | None = None
        self._betas: np.ndarray | None = None
        self._following = self._dressing = self._shown = False
        self._times: deque[float] = deque(maxlen=OVER)

    @property
    def rate(self) -> float:
        """Dressed frames a second, over the last ones; 0 while there are too few."""
        return (len(self._times) - 1) / (self._times[-1] - self._times[0]) if len(self._times) > 2 else 0.0

    def begin(self, project: Project) -> None:
        """Open the camera, and dress whoever stands before it as the project's person is."""
        figure = self.studio.figure_of(project)
        self._betas = figure.rig.betas if figure is not None and figure.rig is not None else None
        self._project, self._shown = project, False
        self._times.clear()
        if not self.feed.is_open:
            self.feed.cut()
            open_camera(self.feed, self._camera)

    def end(self) -> None:
        """Close the camera and forget what it showed."""
        if self._project is None:
            return
        self.feed.close()
        for name in ("follow", "mirror"):
            self.studio.jobs.cancel(name)
        self._project, self._betas, self._following, self._dressing = None, None, False, False
        self.preview.show_frame(None)
        self.preview.show_track(None, None, False, "")

    def _came(self, picture: Picture) -> None:
        if self._project is None:
            return
        if not self._shown:
            self.preview.show_frame(picture.frame)
        if not self._following:
            self._following = True
            self.studio.jobs.ask(
                "follow", self.studio.function("follow"), picture.small, 1.0, picture.show,
                self._project.evidence.height, self._betas, lane="eyes", done=partial(self._followed, picture),
                failed=self._blind,
            )  # fmt: skip

    def _followed(self, picture: Picture, told: "Followed") -> None:
        self._following = False
        if self._project is None:
            return
        if told.track is None or not told.track.settled:
            self._shown = False
            return
        self.trouble.emit("")
        self.seen.emit()
        if not self._dressing:
            self._dressing = True
            self.studio.jobs.ask(
                "mirror", self.studio.function("mirrored"), self._project, picture.small, told.track,
                done=partial(self._dressed, picture), failed=self._blind,
            )  # fmt: skip

    def _dressed(self, picture: Picture, pixels: np.ndarray) -> None:
        self._dressing = False
        if self._project is None:
            return
        self._shown = True
        self._times.append(time.monotonic())
        self.preview.show_frame(Frame(np.ascontiguousarray(pixels), picture.frame.time, picture.frame.name))
        self.dressed.emit()

    def _blind(self, failure: Failure) -> None:
        self._following = self._dressing = False
        self.feed.cut()
        self.studio.log.note(failure.sentence, failure.details)

    def _said(self, sentence: str) -> None:
        self._shown = False
        self.preview.show_frame(None)
        self.trouble.emit(sentence)
