"""A movement in the window: asked for a few frames at a time, played while the rest is computed.

What is shown follows the clock: a slow picture drops frames and never lags behind. A change of the person or of what
they wear ends the movement, for it shows something else then.
"""

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QSlider, QWidget

from app.saying import spoken
from app.stage import MAP_SKIN
from app.ui import theme
from app.ui.controls import label, styled, tool
from body.motion import Motion
from render.scene import Item, Scene

if TYPE_CHECKING:
    from app.movement.moving import Report, Surface, Take
    from app.project import Project
    from app.serving import Failure
    from app.ui.studio import Studio
    from garments.maps import Mapped

TICK = 33
FRAMES = 10
"""How many frames are asked for at once."""
SPEEDS = (("0.25×", 0.25), ("0.5×", 0.5), ("1×", 1.0))
JOB = "movement"


class Playing(QObject):
    """The movement that is shown, if any. `changed`: another movement, more of it, or it starts or stops; `stepped`:
    another frame is shown; `marked`: a garment and a face of it are to be read."""

    changed = Signal()
    stepped = Signal()
    marked = Signal(int, int)

    def __init__(self, studio: "Studio") -> None:
        super().__init__(studio)
        self.studio = studio
        self.clip: str | Motion | None = None
        self.title = ""
        self.total, self.rate = 0, 30.0
        self.frame = 0
        self.playing, self.loop, self.speed = False, True, 1.0
        self.report: Report | None = None
        self.trouble = ""
        self.asking = False
        self._key = ""
        self._items: tuple[Item, ...] = ()
        self._surfaces: list[tuple[Surface, ...]] = []
        self._since, self._from = 0.0, 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)
        studio.changed.connect(self._project)

    @property
    def done(self) -> int:
        """How many frames are there."""
        return len(self._surfaces)

    @property
    def active(self) -> bool:
        """Whether a movement is shown or waited for."""
        return self.clip is not None

    def choose(self, clip: str | Motion, title: str) -> None:
        """Have the person move: one of Toile's movements by name, or a file's."""
        self.stop()
        self.clip, self.title, self._key = clip, title, self.studio.project.key
        self.playing = True
        self._ask()
        self.changed.emit()

    def stop(self) -> None:
        """Back to the person at rest."""
        if self.clip is None:
            return
        self._timer.stop()
        self.studio.cancel(JOB)
        self.clip, self.report, self.trouble = None, None, ""
        self._items, self._surfaces = (), []
        self.total, self.frame, self.playing, self.asking = 0, 0, False, False
        self.changed.emit()

    def go_on(self) -> None:
        """Compute the rest of a movement whose computing was stopped."""
        if self.clip is not None and not self.asking and self.report is None:
            self._ask()
            self.changed.emit()

    def play(self, playing: bool) -> None:
        """Play, or pause."""
        self.playing = playing and self.active
        if self.playing and self.done and self.frame >= self.done - 1 and not self.asking:
            self.frame = 0
        self._start_clock()
        self.changed.emit()

    def seek(self, frame: int) -> None:
        """Show one frame; playing goes on from there."""
        self.frame = int(np.clip(frame, 0, max(self.done - 1, 0)))
        self._start_clock()
        self.stepped.emit()

    def hasten(self, speed: float) -> None:
        """Play so many times as fast as it is."""
        self.speed = speed
        self._start_clock()

    def scene(self) -> Scene | None:
        """The present frame as cloth, None while there is none."""
        if not self._surfaces:
            return None
        pairs = zip(self._items, self._surfaces[self.frame], strict=True)
        return Scene(tuple(replace(item, vertices=at, normals=_plain(normals)) for item, (at, normals) in pairs))

    def bare(self) -> tuple[Item, ...]:
        """The person in the present frame as maps show them."""
        assert self.report is not None
        bare = len(self._items) - len(self.report.most)
        return tuple(
            replace(item, vertices=at, normals=_plain(normals), material=MAP_SKIN, colours=None)
            for item, (at, normals) in zip(self._items[:bare], self._surfaces[self.frame][:bare], strict=True)
        )

    def maps(self) -> "tuple[Mapped, ...]":
        """The largest strain over the movement, once it is known, on the garments of the present frame."""
        if self.report is None or not self._surfaces:
            return ()
        worn = self._surfaces[self.frame][-len(self.report.most) :]
        return tuple(
            replace(each.map, vertices=at[each.origin], normals=_plain(normals)[each.origin])
            for each, (at, normals) in zip(self.report.most, worn, strict=True)
        )

    def show_most(self, garment: int) -> None:
        """Stand still where a garment is stretched most, and read the map there."""
        if self.report is None:
            return
        view = self.studio.project.view
        if view.map == "look":
            self.studio.view("Show strain", replace(view, map="strain"))
        self.play(False)
        self.seek(self.report.most[garment].frame)
        self.marked.emit(garment, self.report.most[garment].face)

    def _ask(self) -> None:
        self.asking = True
        clip = self.clip
        self.studio.ask(
            self, JOB, "move", self.studio.project, clip, self.done, FRAMES,
            done=lambda take: self._take(clip, take), failed=lambda failure: self._fail(clip, failure),
            stopped=lambda: self._stopped(clip),
        )  # fmt: skip

    def _take(self, clip: str | Motion | None, take: "Take") -> None:
        if clip is not self.clip or take.first != self.done:
            return
        self.asking = False
        self._items = take.items or self._items
        self._surfaces += take.surfaces
        self.total, self.rate, self.title = take.total, take.rate, take.title
        self.report = take.report
        if take.report is None:
            self._ask()
        if take.first == 0:
            for note in take.notes:
                self.studio.said.emit(f"{note[:1].upper()}{note[1:]}")
            self._start_clock()
            self.stepped.emit()
        self.changed.emit()

    def _fail(self, clip: str | Motion | None, failure: "Failure") -> None:
        if clip is self.clip:
            self.asking, self.trouble = False, failure.sentence
            self.studio.said.emit(failure.sentence)
            self.changed.emit()

    def _stopped(self, clip: str | Motion | None) -> None:
        if clip is self.clip and clip is not None:
            self.asking = False
            self.changed.emit()

    def _start_clock(self) -> None:
        self._since, self._from = time.monotonic(), self.frame
        if self.playing and self.done > 1:
            self._timer.start()
        else:
            self._timer.stop()

    def _tick(self) -> None:
        """Show the frame that is due."""
        due = self._from + int((time.monotonic() - self._since) * self.rate * self.speed)
        last = self.done - 1
        if due > last:
            # Of a movement that is still computed what is there is repeated.
            if self.loop or self.asking:
                due = 0
                self._since, self._from = time.monotonic(), 0
            else:
                due = last
                self.play(False)
        if due != self.frame:
            self.frame = due
            self.stepped.emit()

    def _project(self, before: "Project", after: "Project") -> None:
        if self.active and (after.key != self._key or before.pose is not after.pose):
            self.stop()


def _plain(normals: np.ndarray) -> np.ndarray:
    return normals.astype(np.float32)


class Transport(QWidget):
    """Play, pause, where in the movement, how fast; over the picture."""

    def __init__(self, parent: QWidget, viewport: QWidget, playing: Playing) -> None:
        super().__init__(parent)
        styled(self, "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(spoken("Movement"))
        self.playing, self.viewport = playing, viewport
        self.start = tool("play", "Play or pause (Space)", lambda: playing.play(not playing.playing))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(spoken("Time of the movement"))
        self.slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.slider.valueChanged.connect(self._scrub)
        self.time = label("", "caption", wrap=False)
        self.time.setFixedWidth(92)
        self.speed = QComboBox()
        self.speed.setAccessibleName(spoken("Speed of the movement"))
        for words, value in SPEEDS:
            self.speed.addItem(spoken(words), value)
        self.speed.setCurrentIndex(len(SPEEDS) - 1)
        self.speed.currentIndexChanged.connect(lambda _: playing.hasten(float(self.speed.currentData())))
        self.loop = tool("loop", "Repeat", self._repeat)
        self.loop.setCheckable(True)
        self.loop.setChecked(playing.loop)
        self.close_button = tool("close", "End the movement: back to standing at ease", playing.stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(8)
        for widget in (self.start, self.slider, self.time, self.speed, self.loop, self.close_button):
            row.addWidget(widget)
        playing.changed.connect(self._show)
        playing.stepped.connect(self._step)
        viewport.installEventFilter(self)
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Space on the picture plays and pauses."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self.playing.active:
            space = event.key() == Qt.Key.Key_Space
            if space:
                self.playing.play(not self.playing.playing)
            return space
        return False

    def _show(self) -> None:
        playing = self.playing
        if playing.active and not self.isVisible():
            self.viewport.setFocus()
        self.setVisible(playing.active)
        theme.set_icon(self.start, "pause" if playing.playing else "play")
        self.slider.setEnabled(playing.done > 1)
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(playing.done - 1, 1))
        self.slider.blockSignals(False)
        self._step()

    def _step(self) -> None:
        playing = self.playing
        self.slider.blockSignals(True)
        self.slider.setValue(playing.frame)
        self.slider.blockSignals(False)
        end = max(playing.total - 1, 0) / playing.rate
        self.time.setText(spoken(f"{playing.frame / playing.rate:.1f} of {end:.1f} s" if playing.total else ""))

    def _scrub(self, frame: int) -> None:
        if self.playing.playing:
            self.playing.play(False)
        self.playing.seek(frame)

    def _repeat(self) -> None:
        self.playing.loop = self.loop.isChecked()
