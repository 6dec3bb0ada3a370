"""Where the renderer meets the window: an OpenGL widget, or an image where the window system has no OpenGL.

The renderer is the same, and so is the picture. A context that is lost or made anew costs a rebuild, nothing else.
"""

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPaintEvent, QResizeEvent, QSurfaceFormat
from PySide6.QtOpenGL import QOpenGLFramebufferObject
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QWidget

from render.camera import View
from render.scene import Scene

if TYPE_CHECKING:
    from render.renderer import Renderer
    from render.tiers import Pace

Views = Callable[[int, int], tuple[View, ...]]
FEWEST, MOST = 6, 16
STILL_TIME = 2.0
_COLOURS, _LINEAR = 0x4000, 0x2601  # GL_COLOR_BUFFER_BIT, GL_LINEAR
_log = logging.getLogger(__name__)


class Canvas(Protocol):
    """Shows a scene; `refine` makes a picture at rest finer, step by step. `hurried`: a hand waits for every picture,
    which may be coarser then."""

    widget: QWidget
    trouble: str
    hurried: bool

    def show_scene(self, scene: Scene, views: Views) -> None: ...

    def refine(self) -> None: ...

    def grab_image(self) -> QImage: ...


def make_canvas(parent: QWidget) -> Canvas:
    """The best that this window system can do."""
    if QGuiApplication.platformName() in ("offscreen", "minimal"):
        return ImageCanvas(parent)
    return GLCanvas(parent)


def choose_format() -> None:
    """OpenGL 3.3 core for all widgets; to be called before the application is made."""
    wish = QSurfaceFormat()
    wish.setRenderableType(QSurfaceFormat.RenderableType.OpenGL)
    wish.setVersion(3, 3)
    wish.setProfile(QSurfaceFormat.OpenGLContextProfile.CoreProfile)
    wish.setDepthBufferSize(24)
    wish.setSwapInterval(0)
    QSurfaceFormat.setDefaultFormat(wish)


class GLCanvas(QOpenGLWidget):
    """The renderer in a widget's own context."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.widget: QWidget = self
        self.trouble = ""
        self._scene: Scene | None = None
        self._views: Views = lambda width, height: ()
        self._renderer: Renderer | None = None
        self._pace: Pace | None = None
        self._moved, self._resting, self._done = True, False, 0.0
        self._frames, self._cost = FEWEST, 0.2
        self.hurried = False
        self._small: QOpenGLFramebufferObject | None = None

    def show_scene(self, scene: Scene, views: Views) -> None:
        self._scene, self._views = scene, views
        self._moved, self._resting = True, False
        self.update()

    def refine(self) -> None:
        if not self._resting and self._scene is not None and self._scene.items:
            self._resting, self._done = True, 0.0
            self._frames = max(FEWEST, min(MOST, round(STILL_TIME / max(self._cost, 0.01))))
            self.update()

    def _refine_on(self) -> None:
        if self._resting:
            self.update()

    def _refine(self, target: int) -> None:
        """One more frame. Its cost [s] decides how many the next picture gets, and how long hands go first."""
        assert self._renderer is not None
        start = time.monotonic()
        self._done = self._renderer.refine(target, self._frames)
        self.context().functions().glFinish()
        self._cost = time.monotonic() - start

    def grab_image(self) -> QImage:
        return self.grabFramebuffer()

    def initializeGL(self) -> None:
        self.context().aboutToBeDestroyed.connect(self._lose)
        self._moved = True

    def resizeGL(self, width: int, height: int) -> None:
        self._moved, self._resting = True, False

    def paintGL(self) -> None:
        if self._scene is None or not self._scene.items or self.trouble:
            self._clear()
            return
        if self._renderer is None:
            from render import gpu
            from render.renderer import Renderer
            from render.tiers import Pace

            self._renderer, self._pace = Renderer(), Pace(gpu.driver())
        ratio = self.devicePixelRatioF()
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        target = self.defaultFramebufferObject()
        try:
            if self._moved:
                if self.hurried:
                    self._draw_small(width, height)
                else:
                    self._draw(width, height, target)
                self._moved = False
            elif self._resting and self._done < 1.0:
                self._refine(target)
            else:
                self._show_again(width, height, target)
        except Exception as error:
            _log.exception("drawing failed")
            self.trouble = f"the picture cannot be drawn ({error})"
            return
        if self._resting and self._done < 1.0:
            QTimer.singleShot(round(1000 * self._cost / 2), self._refine_on)

    def _draw(self, width: int, height: int, target: int) -> None:
        """The quick picture, in the tier that this machine is quick enough for."""
        assert self._renderer is not None and self._pace is not None and self._scene is not None
        self._renderer.tier = self._pace.tier
        asked, start = self._pace.asks, time.monotonic()
        self._renderer.draw(self._scene, self._views(width, height), width, height, target)
        if asked:
            self.context().functions().glFinish()
        self._pace.tell(time.monotonic() - start if asked else None)

    def _draw_small(self, width: int, height: int) -> None:
        """The picture at half its size, stretched: half the work where the processor draws."""
        assert self._renderer is not None and self._scene is not None
        size = QSize(max(width // 2, 1), max(height // 2, 1))
        if self._small is None or self._small.size() != size:
            self._small = QOpenGLFramebufferObject(size, QOpenGLFramebufferObject.Attachment.CombinedDepthStencil)
        views = self._views(size.width(), size.height())
        self._renderer.draw(self._scene, views, size.width(), size.height(), self._small.handle())
        QOpenGLFramebufferObject.blitFramebuffer(
            None, QRect(0, 0, width, height), self._small, QRect(QPoint(0, 0), size), _COLOURS, _LINEAR
        )  # type: ignore[call-overload]

    def _clear(self) -> None:
        """An empty picture; it needs no renderer, so the window shows before OpenGL's bindings are loaded."""
        colour = encoded_background(self._scene)
        functions = self.context().functions()
        functions.glClearColor(*colour, 1.0)
        functions.glClear(0x4000)

    def _show_again(self, width: int, height: int, target: int) -> None:
        """The window system asks for what was there."""
        assert self._renderer is not None and self._scene is not None
        if self._resting:
            self._renderer.refine(target, self._frames)
        else:
            self._draw(width, height, target)

    def _lose(self) -> None:
        self.makeCurrent()
        if self._renderer is not None:
            self._renderer.free()
        self.doneCurrent()
        self._renderer, self._pace, self._small = None, None, None


def encoded_background(scene: Scene | None) -> tuple[float, float, float]:
    """A scene's background as the screen shows it, sRGB 0..1."""
    red, green, blue = (scene or Scene()).background
    return tuple(12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in (red, green, blue))  # type: ignore[return-value]


class ImageCanvas(QWidget):
    """The picture drawn off screen and shown as an image."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.widget: QWidget = self
        self.trouble = ""
        self._scene: Scene | None = None
        self._views: Views = lambda width, height: ()
        self._image: QImage | None = None
        self.hurried = False

    def show_scene(self, scene: Scene, views: Views) -> None:
        self._scene, self._views, self._image = scene, views, None
        self.update()

    def refine(self) -> None:
        if self._scene is not None and self._scene.items and not self.trouble:
            self._image = self._drawn(MOST)
            self.update()

    def grab_image(self) -> QImage:
        return self._image or self._drawn(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._image = None

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._scene is None or self.trouble:
            return
        if self._image is None:
            self._image = self._drawn(0)
        QPainter(self).drawImage(self.rect(), self._image)

    def _drawn(self, samples: int) -> QImage:
        from render.headless import snapshot

        assert self._scene is not None
        ratio = self.devicePixelRatioF()
        width, height = max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1)
        views = self._views(width, height)
        try:
            pixels = snapshot(self._scene, views, width, height, samples)
        except Exception as error:
            _log.exception("drawing failed")
            self.trouble = f"the picture cannot be drawn ({error})"
            pixels = np.full((height, width, 4), 90, np.uint8)
        return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
