"""The large picture of the kiosk: the turn that attracts, the camera, the person."""

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.kiosk.attract import pictures
from app.ui.kiosk.parts import SMALL, column, px, say
from app.ui.kiosk.waiting import Waiting
from app.ui.viewport import REST, Viewport
from render.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ui.overlays import Labelled

    Shown = tuple[tuple[Scene | None, ...], tuple[str, ...], tuple[Labelled, ...]]
EVERY, LOOK_AGAIN = 110, 3000  # [ms]
STEP = 2 * math.pi / 120
STILL = 60  # steps that the turntable waits after a hand turned it
ABOVE = 0.08  # of its height that a picture may lose to fill its stage
ENDLESS = 100_000  # [pixels]
ASIDE = 0.42  # of the width: for words beside her


class Film(QWidget):
    """The turn of the sample; `found` once it is drawn."""

    found = Signal()

    def __init__(self, folder: Path | None) -> None:
        super().__init__()
        self.setAccessibleName("Film")
        self._folder = folder
        self._paths: tuple[Path, ...] = ()
        self._number = 0
        self._now: QPixmap | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._next)

    @property
    def there(self) -> bool:
        return bool(self._paths)

    def run(self, on: bool) -> None:
        if not on:
            self._timer.stop()
        elif not self._timer.isActive():
            self._next()
            self._timer.start(EVERY if self._paths else LOOK_AGAIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._now is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), self._now.toImage().pixelColor(0, 0))
        painter.drawPixmap(filled(self._now.size(), self.rect()), self._now)

    def _next(self) -> None:
        if not self._paths and self._folder is not None:
            self._paths = pictures(self._folder)
            if self._paths and self._timer.isActive():
                self._timer.start(EVERY)
                self.found.emit()
        if self._paths:
            self._number = (self._number + 1) % len(self._paths)
            self._now = QPixmap(str(self._paths[self._number]))
            self.update()


def filled(picture: QSize, stage: QRect) -> QRect:
    """Where a picture lies on its stage: as high as that at least, so that only its sides are cut, and so wide that it
    fills it where no more than ABOVE of its height is lost by it."""
    place = QRect(QPoint(0, 0), picture.scaled(ENDLESS, stage.height(), Qt.AspectRatioMode.KeepAspectRatio))
    if place.width() < stage.width() <= (1.0 + ABOVE) * place.width():
        place.setSize(picture.scaled(stage.width(), ENDLESS, Qt.AspectRatioMode.KeepAspectRatio))
    place.moveCenter(stage.center())
    return place


class Person(QWidget):
    """The customer, once or twice side by side, turning slowly until a hand turns her. `drawn` with each picture."""

    drawn = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(px(4))
        self._holders: list[QWidget] = []
        self.views = (Viewport(plain=True), Viewport(plain=True))
        self._captions: tuple[QLabel, ...] = tuple(say("", "title", centred=True) for _ in self.views)
        for view, caption in zip(self.views, self._captions, strict=True):
            view.show_theme(dark=False)
            view.labels.letters = px(SMALL)
            view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            view.moved.connect(partial(self._handled, view))
            view.drawn.connect(self.drawn)
            box = column(view, caption)
            box.setStretch(0, 1)
            holder = QWidget()
            holder.setLayout(box)
            self._row.addWidget(holder, 1)
            self._holders.append(holder)
        self._waiting = tuple(Waiting(view) for view in self.views)
        self._wait = 0
        self._shown: Shown | None = None
        self._turns, self._idle = False, lambda: True
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._turn)

    def name_waiting(self, name: str) -> None:
        """What a screen reader says where a picture is to come."""
        for each in self._waiting:
            each.setAccessibleName(name)

    def show_scenes(
        self, scenes: "Sequence[Scene | None]", captions: "Sequence[str]" = (), labels: "Sequence[Labelled]" = ()
    ) -> None:
        """One scene or two, each with a caption or none; `labels` are words beside lines of the first."""
        now = tuple(scenes), tuple(captions), tuple(labels)
        if self._shown is not None and _told(self._shown) == _told(now):
            return
        told = self._shown is not None and bool(self._shown[2])
        self._shown = now
        for k, (view, caption) in enumerate(zip(self.views, self._captions, strict=True)):
            there = k < len(scenes)
            self._holders[k].setVisible(there)
            caption.setVisible(there and k < len(captions))
            if there:
                caption.setText(captions[k] if k < len(captions) else "")
                first = view.scene is None
                view.show_scene(scenes[k], () if k else labels)
                view.leave_free(0, 0, round(ASIDE * view.width()) if labels else 0)
                if (first and scenes[k] is not None) or told != bool(labels):
                    view.look_from("front")
        if len(scenes) == 2 and self.views[0].cameras:
            self.views[1].look_as(self.views[0])

    @property
    def seen(self) -> bool:
        """Whether the pictures are of what is shown now, not of what was before."""
        told = zip(self.views, self._shown[0] if self._shown is not None else (), strict=False)
        return all(scene is None or view.canvas.shows(scene) for view, scene in told)

    def forget(self) -> None:
        self._shown = None
        for view in self.views:
            view.show_scene(None)
            view.cameras.clear()

    def run(self, on: bool, turns: bool, idle: Callable[[], bool]) -> None:
        """Be seen, and turn where she `turns`; both are drawn finely while the processor is `idle` alone, for what is
        computed for her is worth more than a turn."""
        self._turns, self._idle, self._wait = turns, idle, 0
        for waiting in self._waiting:
            waiting.busy = lambda: not idle()
        (self._timer.start if on else self._timer.stop)()
        for view in self.views:
            view.hurry(False)

    def _turn(self) -> None:
        self._wait, idle = max(self._wait - 1, 0), self._idle()
        for view in self.views:
            view.refine_after(REST if idle else None)
        if self._wait or not idle or not self._turns:
            return
        for view in self.views:
            if view.isVisible() and view.scene is not None:
                view.turn_by(STEP)

    def _handled(self, view: Viewport) -> None:
        """A hand turned one: the other is seen alike."""
        self._wait = STILL
        for other in self.views:
            if other is not view and other.isVisible():
                other.look_as(view)


def _told(shown: "Shown") -> tuple[object, ...]:
    """What tells it from others: words as they read, scenes and lines as the very objects that they are."""
    scenes, captions, labels = shown
    return [id(scene) for scene in scenes], captions, [(text, [id(run) for run in runs]) for text, runs in labels]


class Touches(QObject):
    """Tells of every touch anywhere in the window, and keeps the second of a double tap from the page that the first
    one turned to: it would go past what nobody has read."""

    def __init__(self, parent: QWidget, then: Callable[[], object]) -> None:
        super().__init__(parent)
        self._then = then
        self._when, self._touched = -1, [parent]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.KeyPress):
            self._then()
        if isinstance(watched, QWidget) and isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonPress:
                if event.timestamp() != self._when:
                    self._when, self._touched = event.timestamp(), []
                self._touched.append(watched)
            elif event.type() == QEvent.Type.MouseButtonDblClick:
                return not any(watched is each for each in self._touched)
        return False
