"""The person's pose in the window: what is asked of the poser, and the joints that a hand drags in the picture.

A drag turns the skeleton here, at once; the body follows as fast as the poser answers, the newest pose always next.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.saying import spoken
from app.serving import Failure
from app.ui import theme
from body.motion import Motion
from body.poses import Pose
from body.posing.reach import HANDLES, dragged, places
from render.camera import View
from render.scene import Scene

if TYPE_CHECKING:
    from app.project import Project
    from app.scenes.posing import Rig, Struck
    from app.ui.studio import Studio
    from app.ui.viewport import Viewport
    from render.scene import Item

NEAR = 13.0
EDITED = "Your pose"


class Posing(QObject):
    """The pose that is shown: the project's, or the one being dragged. `changed`: the pose or its joints are others;
    `struck`: the picture of it is another."""

    changed = Signal()
    struck = Signal()

    def __init__(self, studio: "Studio") -> None:
        super().__init__(studio)
        self.studio = studio
        self.editing = False
        self.preview: Pose | None = None
        self.motion: Motion | None = None
        self.trouble = ""
        self._items: tuple[Item, ...] | None = None
        self._struck: tuple[Rig, Pose, Struck] | None = None
        self._asked: tuple[Rig, Pose] | None = None
        self._refused: Pose | None = None
        self._grip: tuple[str, np.ndarray, float] | None = None
        self._scene: Scene | None = None
        self._pulled: np.ndarray | None = None
        studio.changed.connect(self._project)
        studio.looked.connect(self._update)

    @property
    def rig(self) -> "Rig | None":
        """The person as known now."""
        shown = self.studio.measured
        return shown.rig if shown else None

    @property
    def pose(self) -> Pose | None:
        """What is wanted; None at ease, as garments are draped."""
        return self.preview or self.studio.project.pose

    @property
    def scene(self) -> Scene | None:
        """The undressed person in the pose; None where the try-on shows the pose, and until there is one."""
        return self._scene if self.pose is not None else None

    @property
    def dragging(self) -> bool:
        """Whether a hand holds a joint."""
        return self._grip is not None

    @property
    def waiting(self) -> bool:
        """Whether the person has asked for a pose that cannot be seen yet."""
        return self.pose is not None and self._scene is None and self.rig is not None

    @property
    def turns(self) -> np.ndarray | None:
        """The turns [55, 3] of what is seen, None without a body."""
        rig, pose = self.rig, self.pose
        if rig is None:
            return None
        if pose is None:
            return rig.ease
        fits = self._struck is not None and self._struck[1] is pose
        return self._struck[2].turns if self._struck and fits else pose.turns

    def handles(self) -> dict[str, np.ndarray]:
        """Where the handles lie in the picture [m] [3], by their joints; none without a body."""
        rig, turns = self.rig, self.turns
        if rig is None or turns is None:
            return {}
        lift = np.array([0.0, self._lift(), 0.0])
        return {name: place + lift for name, place in places(turns, rig.rest).items()}

    def edit(self, editing: bool) -> None:
        """Whether joints can be dragged."""
        if editing and not self.editing:
            self.studio.ask(self, "warm poser", "app.scenes.posing:warm", lane="poser", quiet=True)
        self.editing = editing
        self.changed.emit()

    def choose(self, name: str, pose: Pose | None) -> None:
        """Strike a pose, undone as `name`."""
        self.preview = None
        self.studio.do(name, replace(self.studio.project, pose=pose))

    def grip(self, joint: str) -> bool:
        """Take hold of a joint."""
        turns, rig = self.turns, self.rig
        if turns is None or rig is None:
            return False
        self._grip = (joint, turns, self._lift())
        return True

    def drag(self, place: np.ndarray) -> None:
        """Bring the joint in hand towards a place [m] [3] in the picture, as far as a person's joints go."""
        if self._pulled is None:
            QTimer.singleShot(0, self, self._reach)
        self._pulled = place

    def _reach(self) -> None:
        """Turn the joints to where the hand is by now: of the places of one turn the last counts."""
        place, self._pulled, rig = self._pulled, None, self.rig
        if self._grip is None or rig is None or place is None:
            return
        joint, turns, lift = self._grip
        wanted = dragged(turns, rig.rest, joint, place - np.array([0.0, lift, 0.0]))
        self.preview = Pose(EDITED, wanted)
        self._update()
        self.changed.emit()

    def release(self, keep: bool = True) -> None:
        """Let go: the drag is one step of its own, or none."""
        self._reach()
        held, pose = self._grip, self.preview
        self._grip, self.preview = None, None
        if held is not None and pose is not None and keep:
            self.studio.history.seal()
            self.studio.do(f"Pose the {HANDLES[held[0]].title}", replace(self.studio.project, pose=pose))
            self.studio.history.seal()
        self._update()
        self.changed.emit()
        self.struck.emit()

    def _project(self, before: "Project", after: "Project") -> None:
        if before.pose is not after.pose:
            self._update()
            self.changed.emit()
            self.struck.emit()

    def _lift(self) -> float:
        rig = self.rig
        if self._scene is None or self._struck is None:
            return rig.lift if rig else 0.0
        return self._struck[2].lift

    def _update(self) -> None:
        """Ask for what is wanted, unless it is there or on its way; never two questions at once."""
        rig, pose = self.rig, self.pose
        if rig is None or pose is None:
            self._scene, self.trouble = None, ""
            return
        known = self._struck is not None and rig.same(self._struck[0])
        if known and self._struck is not None and self._struck[1] is pose:
            self._scene = self._scene or self._drawn(self._struck[2])
            return
        if self._asked is not None or pose is self._refused:
            return
        self._asked = (rig, pose)
        self.studio.ask(
            self, "strike", "app.scenes.posing:strike", rig, pose, not known, lane="poser", done=self._done,
            failed=self._failed, quiet=True,
        )  # fmt: skip

    def _done(self, struck: "Struck") -> None:
        assert self._asked is not None
        (rig, pose), self._asked = self._asked, None
        self._items = struck.items or self._items
        self._struck, self.trouble = (rig, pose, struck), ""
        self._scene = None if self.pose is None else self._drawn(struck)
        self._update()
        self.changed.emit()
        self.struck.emit()

    def _drawn(self, struck: "Struck") -> Scene:
        assert self._items is not None
        return struck.scene(self._items)

    def _failed(self, failure: Failure) -> None:
        self._refused = self._asked[1] if self._asked else None
        self._asked = None
        self.trouble = failure.sentence
        self.studio.said.emit(failure.sentence)
        self.struck.emit()


class Handles(QWidget):
    """Dots on the joints; hover tells their names, a drag turns them. Lies on the viewport and lets all else through
    to it."""

    def __init__(self, viewport: "Viewport", posing: Posing) -> None:
        super().__init__(viewport)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(spoken("Joints of the person"))
        self.viewport, self.posing = viewport, posing
        self.under: str | None = None
        self._held: tuple[View, np.ndarray, QPointF] | None = None
        viewport.installEventFilter(self)
        viewport.drawn.connect(self.update)
        posing.changed.connect(self._show)
        self._show()

    def places(self) -> list[tuple[View, str, QPointF]]:
        """Every handle in every view, in pixels of the viewport."""
        moving = self.posing.studio.playing.active
        handles = self.posing.handles() if self.posing.editing and not moving else {}
        if not handles:
            return []
        found = []
        points = np.stack(list(handles.values()))
        for view in self.viewport.views(self.viewport.width(), self.viewport.height()):
            for name, (x, y, _) in zip(handles, view.camera.project(points, view.width, view.height), strict=True):
                if 0 <= x < view.width and 0 <= y < view.height:
                    found.append((view, name, QPointF(view.left + x, view.top + y)))
        return found

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self.viewport.rect())
        if not self.posing.editing:
            return False
        if isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
                return self._press(event.position())
            if event.type() == QEvent.Type.MouseMove and (self._held is not None or not event.buttons()):
                return self._move(event.position())
            if event.type() == QEvent.Type.MouseButtonRelease and self._held is not None:
                return self._let_go(True)
        elif isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self._held is not None:
            return self._let_go(False)
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.CAPTION))
        held = self._held is not None
        for _, name, at in self.places():
            lit = name == self.under
            if held and not lit:
                continue
            size = 6.5 if lit else 4.0
            painter.setPen(QPen(QColor(colours.window), 3.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, size, size)
            painter.setPen(QPen(QColor(colours.accent), 1.5))
            painter.setBrush(QColor(colours.accent if lit else colours.panel))
            painter.drawEllipse(at, size, size)
            if lit:
                self._name(painter, HANDLES[name].title, at)

    def _name(self, painter: QPainter, title: str, at: QPointF) -> None:
        colours, text = theme.current(), spoken(title[:1].upper() + title[1:])
        width = painter.fontMetrics().horizontalAdvance(text) + 14
        left = at.x() + 12 if at.x() + 12 + width < self.width() else at.x() - 12 - width
        box = QRectF(left, at.y() - 10, width, 20)
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.setBrush(QColor(colours.panel))
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(QColor(colours.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _show(self) -> None:
        self.setVisible(self.posing.editing)
        self.setGeometry(self.viewport.rect())
        self.viewport.setMouseTracking(self.posing.editing)
        self.raise_()
        self.update()

    def _nearest(self, at: QPointF) -> tuple[View, str, QPointF] | None:
        def away(place: QPointF) -> float:
            return float(np.hypot(at.x() - place.x(), at.y() - place.y()))

        found = min(self.places(), key=lambda handle: away(handle[2]), default=None)
        return found if found is not None and away(found[2]) < NEAR else None

    def _press(self, at: QPointF) -> bool:
        found = self._nearest(at)
        if found is None or not self.posing.grip(found[1]):
            return False
        self.under = found[1]
        self._held = (found[0], self.posing.handles()[found[1]], at - found[2])
        self.viewport.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.update()
        return True

    def _move(self, at: QPointF) -> bool:
        if self._held is None:
            found = self._nearest(at)
            name = found[1] if found else None
            if name != self.under:
                self.under = name
                if name:
                    self.viewport.setCursor(Qt.CursorShape.OpenHandCursor)
                else:
                    self.viewport.unsetCursor()
                self.update()
            return False
        view, place, slip = self._held
        spot = at - slip
        origin, ray = view.camera.ray(spot.x() - view.left, spot.y() - view.top, view.width, view.height)
        back = view.camera.axes()[2]
        self.posing.drag(origin + ray * float((place - origin) @ back / (ray @ back)))
        return True

    def _let_go(self, keep: bool) -> bool:
        self._held = None
        self.viewport.unsetCursor()
        self.posing.release(keep)
        return True
