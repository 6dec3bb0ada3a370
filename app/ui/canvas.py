"""Where the person is seen: a widget that asks the drawing thread for pictures and shows what came last."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent, QShowEvent, QSurfaceFormat
from PySide6.QtWidgets import QWidget

from app.ui.drawing import Drawn, Order, drawing
from render.camera import View
from render.scene import Scene

Views = Callable[[int, int], tuple[View, ...]]
COARSE = 2
"""How many times smaller a hurried picture is drawn."""


def choose_format() -> None:
    """OpenGL 3.3 core for what draws; to be called before the application is made."""
    wish = QSurfaceFormat()
    wish.setRenderableType(QSurfaceFormat.RenderableType.OpenGL)
    wish.setVersion(3, 3)
    wish.setProfile(QSurfaceFormat.OpenGLContextProfile.CoreProfile)
    wish.setDepthBufferSize(24)
    wish.setSwapInterval(0)
    QSurfaceFormat.setDefaultFormat(wish)


class Canvas(QWidget):
    """Shows a scene; `refine` makes a picture at rest finer, step by step. `hurried`: a hand waits for every picture,
    which may be coarser then. `shown` is emitted as a picture comes to be seen, with its views as they lie in the
    widget; `troubled` when there can be none."""

    shown = Signal(object)
    troubled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.trouble = ""
        self.hurried = False
        self._scene: Scene | None = None
        self._views: Views = lambda width, height: ()
        self._asked: Order | None = None
        self._seen: Order | None = None
        self._image: QImage | None = None

    @property
    def empty(self) -> bool:
        """Whether there is no picture to be seen, of nothing or not yet."""
        return self._image is None

    @property
    def settled(self) -> bool:
        """Whether what is seen is what was asked for last."""
        return self._asked is self._seen

    def shows(self, scene: Scene) -> bool:
        """Whether what is seen is a picture of that scene's things, from wherever, even when it cannot be drawn."""
        return self._seen is not None and self._seen.scene.items is scene.items

    def show_scene(self, scene: Scene, views: Views) -> None:
        """Show a scene as soon as it is drawn. `views` gives the cameras for a picture of so many pixels."""
        self._scene, self._views = scene, views
        self._ask()

    def refine(self) -> None:
        """Make the picture finer, as long as it stays the same."""
        if self._asked is None or self.trouble:
            return
        if self._asked.coarse > 1:
            self._asked = self._order(1)
        drawing().refine(self, self._asked)

    def grab_image(self) -> QImage:
        """What is seen."""
        if self._image is not None:
            return QImage(self._image)
        image = QImage(self._pixels(), QImage.Format.Format_RGB32)
        image.fill(self._background())
        return image

    def take(self, drawn: Drawn) -> None:
        """A picture that was asked for, or why there is none."""
        if self._asked is None:
            return
        if drawn.image is None:
            self.trouble, self._seen = drawn.trouble, self._asked
            self.troubled.emit()
        else:
            drawn.image.setDevicePixelRatio(self.devicePixelRatioF())
            self._seen, self._image = drawn.order, drawn.image
            self.shown.emit(drawn.order.places)
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._ask()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, image = QPainter(self), self._image
        if image is None or image.size() != self._pixels():
            painter.fillRect(self.rect(), self._background())
        if image is not None:
            size = image.deviceIndependentSize()
            painter.drawImage(QPointF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2), image)

    def _ask(self) -> None:
        """Have the scene drawn; of an empty one, or where nobody looks, nothing is drawn."""
        if self._scene is None or not self._scene.items or self.trouble:
            drawing().forget(self)
            self._asked = self._seen = self._image = None
            self.shown.emit(self._views(self.width(), self.height()))
            self.update()
        elif self.isVisible() and not self.size().isEmpty():
            self._asked = self._order(COARSE if self.hurried else 1)
            drawing().draw(self, self._asked)

    def _order(self, coarse: int) -> Order:
        assert self._scene is not None
        size = self._pixels()
        views = self._views(max(size.width() // coarse, 1), max(size.height() // coarse, 1))
        places = self._views(self.width(), self.height())
        return Order(self._scene, size.width(), size.height(), views, places, coarse)

    def _pixels(self) -> QSize:
        ratio = self.devicePixelRatioF()
        return QSize(max(round(self.width() * ratio), COARSE), max(round(self.height() * ratio), COARSE))

    def _background(self) -> QColor:
        return QColor.fromRgbF(*encoded_background(self._scene))


def encoded_background(scene: Scene | None) -> tuple[float, float, float]:
    """A scene's background as the screen shows it, sRGB 0..1."""
    red, green, blue = (scene or Scene()).background
    return tuple(12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in (red, green, blue))  # type: ignore[return-value]
