"""The picture in the middle: the person, seen once or four times, turned and moved by hand.

Left drag orbits; right, middle or shift drag pans, or as app/ui/navigation.py has it; the wheel and a pinch zoom
towards the pointer; F frames; arrows turn, plus and minus zoom.
The picture is drawn only when something changed, on a thread of its own (app/ui/drawing.py); after a rest it is
refined. What lies on it moves when the picture does.
"""

import operator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.saying import spoken
from app.ui.canvas import Canvas
from app.ui.gestures import Gestures
from app.ui.legend import Scale
from app.ui.navigation import LABEL, ORBIT, ZOOM, drag
from app.ui.overlays import Cube, Labels, Names, Pair, Veil
from app.ui.probe import Probe
from app.ui.views import FOUR, Shared
from render.camera import Camera, View, framed, orbit, pan, standard_view, zoom
from render.scene import DARK_BACKGROUND, LIGHT_BACKGROUND, Backdrop, Scene

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ui.overlays import Labelled

REST = 180
TITLES = {"front": "Front", "left": "Side", "back": "Back", "three_quarter": "Three-quarter"}
DEGREES = np.radians(0.4)  # that a pixel turns
WHEEL = 1.0015
NARROW = 620
CLICK = 4  # pixels that a hand may shake
STEP = float(np.radians(10.0))
TURNS = {
    Qt.Key.Key_Left: (-STEP, 0.0),
    Qt.Key.Key_Right: (STEP, 0.0),
    Qt.Key.Key_Up: (0.0, STEP),
    Qt.Key.Key_Down: (0.0, -STEP),
}


class Viewport(QWidget):
    """Shows a scene from one or four cameras. `moved` is emitted when the person moves a camera, `drawn` whenever the
    picture is another, `clicked` with the place of a click that moved nothing, or `placed` where a tool takes the
    clicks, `dismissed` by Escape."""

    moved = Signal()
    drawn = Signal()
    clicked = Signal(QPointF)
    placed = Signal(QPointF)
    dismissed = Signal()

    gestures: Gestures | None = None

    def __init__(self, plain: bool = False) -> None:
        """`plain`: without the cube that shows where one looks from."""
        super().__init__()
        self._plain = plain
        self.setAccessibleName(spoken("Picture of the dressed person"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 240)
        self.scene: Scene | None = None
        self.other: Scene | None = None
        self.four = False
        self.navigation = "toile"
        self.background = DARK_BACKGROUND
        self.backdrop: Backdrop | None = None
        self.cameras: dict[str, Camera] = {}
        self.canvas = Canvas(self)
        self.canvas.shown.connect(self._seen)
        self.veil, self.names = Veil(self), Names(self, tuple(TITLES[name] for name in FOUR))
        self.labels, self.probe = Labels(self), Probe(self)
        self.cube, self.scale, self.pair = Cube(self), Scale(self), Pair(self)
        self.cube.turned.connect(self._turn_to)
        self.gestures = Gestures(self)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self._drag: tuple[str, str, QPointF] | None = None
        self._pressed: QPointF | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self.canvas.refine)
        self._framed_as: str | None = None
        self._boxed: list[np.ndarray] = []
        self._box = Scene().bounds()
        self._above = self._below = self._right = 0
        self._refines = True
        self._tool = False

    def show_scene(self, scene: Scene | None, labels: "Sequence[Labelled]" = ()) -> None:
        """Show a scene, or nothing; the first one is framed. `labels` are words beside polylines of it."""
        self.scene = scene
        self.labels.show_labels(labels)
        if scene is not None and not self.cameras:
            self.look_from("three_quarter")
        self._redraw()

    def show_beside(self, other: Scene | None, names: tuple[str, str] = ("", "")) -> None:
        """Show another scene on the left of this one, seen alike, each with its name; or this one alone."""
        again = (other is None) != (self.other is None)
        self.other = other
        self.pair.show_names(names if other is not None else None)
        if again:
            self._place_overlays()
            self.frame_again()
        self._redraw()

    def show_backdrop(self, backdrop: Backdrop | None) -> None:
        """What is behind the person, or the theme's grey."""
        if backdrop is not self.backdrop:
            self.backdrop = backdrop
            self._redraw()

    def show_four(self, four: bool) -> None:
        if four != self.four:
            self.four = four
            self.names.setVisible(four)
            self._place_overlays()
            self._redraw()

    def show_theme(self, dark: bool) -> None:
        self.background = DARK_BACKGROUND if dark else LIGHT_BACKGROUND
        self._redraw()

    def show_stale(self, stale: bool) -> None:
        self.veil.setVisible(stale)

    def leave_free(self, above: int, below: int, right: int = 0) -> None:
        """Frame people between strips so wide along the upper, the lower and the right edge, where other things lie."""
        if (above, below, right) != (self._above, self._below, self._right):
            self._above, self._below, self._right = above, below, right
            self._place_overlays()
            self.frame_again()

    @property
    def low_scale(self) -> bool:
        """Whether a map's scale lies above the buttons, because the upper corner has no room for it."""
        return self.four or self.width() - self._right < NARROW * (1 if self.other is None else 2)

    def refine_after(self, rest: int | None) -> None:
        """Refine the picture after a rest of so many milliseconds, or not while the engine needs the processor."""
        if (rest is not None) != self._refines:
            self._refines = rest is not None
            self._rest.setInterval(rest or 0)
            self._start_rest()

    def hurry(self, hurried: bool) -> None:
        """Whether a hand waits for every picture: coarser, sooner."""
        if hurried != self.canvas.hurried:
            self.canvas.hurried = hurried
            self._redraw()

    def look_from(self, view: str) -> None:
        """One of render.camera.STANDARD_VIEWS, framing everything; in four views, all of them anew."""
        low, high = self._bounds()
        shared = self._shared
        for name in ("one", *FOUR):
            side = view if name == "one" else name
            self.cameras[name] = shared.raised(name, standard_view(side, low, high, shared.aspect(name)))
        self._framed_as = view
        self._show_move()

    def look_as(self, other: "Viewport") -> None:
        """Look from where another picture is looked at."""
        self.cameras, self._framed_as = dict(other.cameras), other._framed_as
        self._show_move()

    def frame(self) -> None:
        """Bring everything into the picture without turning."""
        low, high = self._bounds()
        shared = self._shared
        for name, camera in self.cameras.items():
            self.cameras[name] = shared.raised(name, framed(camera, low, high, shared.aspect(name)))
        self._show_move()

    def _bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """The box [m] round all that is shown."""
        scenes = [scene for scene in (self.scene or Scene(), self.other) if scene is not None]
        shapes = [item.vertices for scene in scenes for item in scene.items]
        if len(shapes) != len(self._boxed) or not all(map(operator.is_, shapes, self._boxed)) or not shapes:
            boxes = [scene.bounds() for scene in scenes]
            self._box = np.min([low for low, _ in boxes], axis=0), np.max([high for _, high in boxes], axis=0)
            self._boxed = shapes
        return self._box

    def zoom_by(self, factor: float) -> None:
        for name, camera in self.cameras.items():
            self.cameras[name] = zoom(camera, factor)
        self._moved()

    def turn_by(self, azimuth: float) -> None:
        """Walk round the person by so much [rad], as a turntable does."""
        for name, camera in self.cameras.items():
            self.cameras[name] = orbit(camera, azimuth, 0.0)
        if self.cameras:
            self._framed_as = None
            self._show_move()

    def picture(self) -> QImage:
        """What is seen, without what lies on it."""
        return self.canvas.grab_image()

    def picture_with_words(self) -> QImage:
        """What is seen, with the words that belong to it: a map's legend, a reading, tapes' names."""
        image = self.canvas.grab_image()
        painter = QPainter(image)
        ratio = image.width() / max(self.width(), 1) / image.devicePixelRatio()
        painter.scale(ratio, ratio)
        for part in (self.labels, self.probe, self.scale, self.pair):
            if part.isVisible():
                part.render(painter, part.pos(), renderFlags=QWidget.RenderFlag.DrawChildren)
        painter.end()
        return image

    def view_at(self, place: QPointF) -> int:
        """The number of the view at a place."""
        if self.four:
            return FOUR.index(self.name_at(place))
        return int(self.other is not None and not self.on_other(place))

    def on_other(self, place: QPointF) -> bool:
        """Whether a place shows the other scene, where two lie side by side."""
        return self.other is not None and self._shared.corner_at(place)[0] == 0

    def views(self, width: int, height: int) -> tuple[View, ...]:
        """The cameras and their places in a picture of this many pixels."""
        other = None if self.other is None else self._behind(self.other)
        return self._shared.views(self.cameras, other, width, height) if self.cameras else ()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_overlays()
        self.frame_again()
        self._start_rest()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turn = TURNS.get(Qt.Key(event.key()))
        if turn and self.cameras:
            for name in FOUR if self.four else ("one",):
                self.cameras[name] = orbit(self.cameras[name], *turn)
            self._moved()
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom_by(1 / 1.2 if event.key() == Qt.Key.Key_Minus else 1.2)
        elif event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        kind, name = drag(self.navigation, event.button(), event.modifiers()), self.name_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and (held := self.labels.at(event.position())) is not None:
            kind, name = LABEL, held
        self._drag = (kind, name, event.position())
        self._pressed = event.position() if event.button() == Qt.MouseButton.LeftButton and kind == ORBIT else None
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None or not self.cameras:
            return
        kind, name, last = self._drag
        if self._pressed is not None:
            if (event.position() - self._pressed).manhattanLength() < CLICK:
                return
            self._pressed = None
        by = event.position() - last
        self._drag = (kind, name, event.position())
        self.labels.shift(name, by) if kind == LABEL else self.move_view(name, kind, by)

    def move_view(self, name: str, kind: str, by: QPointF) -> None:
        """Move one view's camera as a drag by so many pixels does."""
        camera = self.cameras[name]
        if kind == ORBIT:
            self.cameras[name] = orbit(camera, -by.x() * DEGREES, by.y() * DEGREES)
        elif kind == ZOOM:
            self.cameras[name] = zoom(camera, WHEEL ** (4.0 * (by.x() - by.y())))
        else:
            by = by / self._shared.size_of(name)[1]
            self.cameras[name] = pan(camera, by.x(), -by.y())
        self._moved()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None
        self.take_clicks(self._tool)
        if self._pressed is not None:
            self._pressed = None
            self.click(event.position())

    def take_clicks(self, tool: bool) -> None:
        """Whether clicks are a tool's."""
        self._tool = tool
        self.setCursor(Qt.CursorShape.CrossCursor) if tool else self.unsetCursor()

    def click(self, place: QPointF) -> None:
        """A click or a tap that moved nothing."""
        (self.placed if self._tool else self.clicked).emit(place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.labels.put_back(self.labels.at(event.position()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.pixelDelta().y() * 4 or event.angleDelta().y()
        self.zoom_at(event.position(), WHEEL**turned)
        event.accept()

    def event(self, event: QEvent) -> bool:
        return (self.gestures is not None and self.gestures.take(event)) or super().event(event)

    def twist(self, name: str, angle: float) -> None:
        """Walk round the person as two fingers turn [rad], clockwise on the screen."""
        self.cameras[name] = orbit(self.cameras[name], -angle, 0.0)
        self._moved()

    def zoom_at(self, place: QPointF, factor: float) -> None:
        """Come nearer by a factor to what is at a place."""
        if not self.cameras:
            return
        name = self.name_at(place)
        camera = self.cameras[name]
        (width, height), (left, top) = self._shared.size_of(name), self._shared.corner_at(place)
        origin, direction = camera.ray(place.x() - left, place.y() - top, width, height)
        depth = (np.subtract(camera.target, origin) @ camera.axes()[2]) / (direction @ camera.axes()[2])
        self.cameras[name] = zoom(camera, factor, origin + depth * direction)
        self._moved()

    def _turn_to(self, azimuth: float, elevation: float) -> None:
        camera = self.cameras.get("one")
        if camera:
            turn, climb = np.radians(azimuth) - camera.azimuth, np.radians(elevation) - camera.elevation
            self.cameras["one"] = orbit(camera, float(turn), float(climb))
            self._moved()

    def frame_again(self) -> None:
        """Keep a view framed that nobody has moved since."""
        if self._framed_as and self.cameras:
            self.look_from(self._framed_as)

    def _moved(self) -> None:
        """The person moved a camera."""
        self._framed_as = None
        self._show_move()
        self.moved.emit()

    def _show_move(self) -> None:
        self.cube.follow(self.cameras["one"])
        self._redraw()

    def _redraw(self) -> None:
        self.canvas.show_scene(self._behind(self.scene or Scene()), self.views)
        self._start_rest()

    def _seen(self, views: tuple[View, ...]) -> None:
        """Another picture is seen: what lies on it follows."""
        self.labels.follow(views)
        self.probe.follow(views)
        self.drawn.emit()

    def _behind(self, scene: Scene) -> Scene:
        """The scene before what is behind it here."""
        return replace(scene, background=self.background, backdrop=self.backdrop)

    def _start_rest(self) -> None:
        if self._refines:
            self._rest.start()
        else:
            self._rest.stop()

    def name_at(self, place: QPointF) -> str:
        """The name of the view at a place."""
        return self._shared.name_at(place)

    @property
    def _shared(self) -> Shared:
        halved = self.other is not None
        return Shared(self.width(), self.height(), self.four, halved, self._above, self._below, self._right)

    def _place_overlays(self) -> None:
        self.canvas.setGeometry(self.rect())
        self.veil.setGeometry(self.rect())
        self.labels.setGeometry(self.rect())
        self.probe.setGeometry(self.rect())
        self.pair.setGeometry(self.rect())
        self.names.setGeometry(0, 0, self.width(), self.height() - self._below)
        self.cube.setVisible(not self._plain and not self.four and self.width() > 360)
        self.cube.move(self.width() - self.cube.width() - 12, self.height() - self.cube.height() - self._below)
        self.scale.be_small(self.low_scale)
        self.scale.move(12, self.height() - self._below if self.low_scale else 12)
