"""The thread that draws: pictures are asked of it and come back as images, so that no hand ever waits for one.

A program has one such thread, with one OpenGL context and one renderer, whatever number of canvases there are: what
was uploaded and compiled for one is there for all. Of what a canvas asks, the newest alone is drawn; a picture at rest
is refined frame by frame as long as nobody asks for another. The context is the window system's, where it may be used
on a thread and has OpenGL 3.3, or else one without a window system (EGL).
"""

import atexit
import logging
import os
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QOffscreenSurface, QOpenGLContext, QSurfaceFormat
from shiboken6 import isValid

from assets.errors import MissingExtra, ToileError
from render.camera import View
from render.scene import Scene

if TYPE_CHECKING:
    from render.gpu import Target
    from render.renderer import Renderer
    from render.tiers import Pace

MODEST = 2
"""How much more readily the processor is given to the window's thread than to this one (nice)."""
NEEDED = (3, 3)
TOO_OLD = (
    "the picture cannot be drawn: this machine's graphics driver has OpenGL {found}, and Toile needs 3.3. "
    "A newer driver helps, or the one that draws by processor (on Debian or Ubuntu: apt install libgl1-mesa-dri)"
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """A picture that is asked for: what is seen, how large [pixels], and by whom, in the picture and (`places`) in the
    window. A `coarse` one, 2 or more, is drawn that much smaller, with views of that size, and stretched."""

    scene: Scene
    width: int
    height: int
    views: tuple[View, ...]
    places: tuple[View, ...]
    coarse: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The answer to an order: the picture, how much of its refining is done, or why there is none."""

    order: Order
    image: QImage | None
    done: float = 0.0
    trouble: str = ""


class Asker(Protocol):
    """Who asks for pictures; `take` is called on the window's thread."""

    def take(self, drawn: Drawn) -> None: ...


class Drawing(QObject):
    """The thread, as the window's thread sees it."""

    _came = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._came.connect(self._hand_out)
        self._change = threading.Condition()
        self._orders: dict[int, Order] = {}
        self._refined: dict[int, Order] = {}
        self._askers: weakref.WeakValueDictionary[int, Asker] = weakref.WeakValueDictionary()
        self._answers: deque[tuple[int, Drawn]] = deque()
        self._surface = QOffscreenSurface()
        self._surface.create()
        self._ended = False
        self._thread = threading.Thread(target=self._live, name="drawing", daemon=True)
        self._thread.start()

    def draw(self, asker: Asker, order: Order) -> None:
        """Draw this next, instead of what the same asker asked for before."""
        with self._change:
            self._askers[id(asker)] = asker
            self._refined.pop(id(asker), None)
            self._orders[id(asker)] = order
            self._change.notify()

    def refine(self, asker: Asker, order: Order) -> None:
        """Make an order's picture finer, frame by frame, as soon as everything that was asked for is drawn."""
        with self._change:
            self._refined[id(asker)] = order
            self._change.notify()

    def forget(self, asker: Asker) -> None:
        """Draw nothing more for somebody."""
        with self._change:
            for asked in (self._orders, self._refined):
                asked.pop(id(asker), None)

    def close(self) -> None:
        """Give the context back, and end."""
        with self._change:
            self._ended = True
            self._change.notify()
        self._thread.join(10)

    def _hand_out(self) -> None:
        while self._answers:
            number, drawn = self._answers.popleft()
            asker = self._askers.get(number)
            if asker is not None and isValid(asker):
                asker.take(drawn)

    def _live(self) -> None:
        """The thread's life."""
        _be_modest()
        desk = _Desk(self._surface)
        while True:
            with self._change:
                self._change.wait_for(lambda: self._ended or self._orders or self._refined)
                if self._ended:
                    break
                number = next(iter(self._orders or self._refined))
                fresh = number in self._orders
                order = self._orders.pop(number) if fresh else self._refined[number]
            drawn = desk.draw(order) if fresh else desk.refine(order)
            self._answers.append((number, drawn))
            self._came.emit()
            if not fresh:
                self._rest(number, drawn, desk.cost / 2)
        desk.close()

    def _rest(self, number: int, drawn: Drawn, most: float) -> None:
        """After a frame of a still picture: hands and the engine go first, for as long as that [s]."""
        with self._change:
            if drawn.done >= 1.0 and self._refined.get(number) is drawn.order:
                del self._refined[number]
            self._change.wait_for(lambda: self._ended or self._orders, most)


class _Desk:
    """What the thread draws with. Once there is a trouble that nothing helps against, it is the answer to all."""

    def __init__(self, surface: QOffscreenSurface) -> None:
        self._surface = surface
        self._context: QOpenGLContext | None = None
        self._renderer: Renderer | None = None
        self._pace: Pace | None = None
        self._targets: dict[int, Target] = {}
        self._drawn: Order | None = None
        self._trouble = ""
        self.cost = 0.2

    def draw(self, order: Order) -> Drawn:
        """The quick picture."""
        return self._attempt(order, self._quick)

    def refine(self, order: Order) -> Drawn:
        """One more frame of the still one."""
        return self._attempt(order, self._still)

    def close(self) -> None:
        """Free what is on the GPU, and the context."""
        if self._renderer is not None and self._is_current():
            self._free()
        if self._context is not None:
            self._context.doneCurrent()
        self._context = self._renderer = None

    def _attempt(self, order: Order, work: Callable[[Order], float]) -> Drawn:
        if not self._trouble:
            try:
                if self._renderer is None or not self._is_current():
                    self._begin()
                done = work(order)
                return Drawn(order, self._read(order), done)
            except ToileError as error:
                self._trouble = str(error)
            except Exception as error:
                _log.exception("drawing failed")
                self._trouble = f"the picture cannot be drawn ({error})"
        return Drawn(order, None, 1.0, self._trouble)

    def _begin(self) -> None:
        """A context and a renderer; of an earlier context, which was lost, nothing is left. Raises MissingExtra."""
        self._context, found = _on_thread(self._surface)
        if self._context is None:
            from render import headless

            try:
                headless.driver()
            except MissingExtra as error:
                raise MissingExtra(TOO_OLD.format(found=found) if found else str(error)) from error
        from render import gpu
        from render.renderer import Renderer
        from render.tiers import Pace

        self._targets.clear()
        self._drawn = None
        self._renderer, self._pace = Renderer(), Pace(gpu.driver())

    def _is_current(self) -> bool:
        return self._context is None or self._context.makeCurrent(self._surface)

    def _quick(self, order: Order) -> float:
        """In the tier that this machine is quick enough for."""
        assert self._renderer is not None and self._pace is not None
        from render import gpu

        self._renderer.tier = self._pace.tier
        asked, start = self._pace.asks, time.monotonic()
        width, height = order.width // order.coarse, order.height // order.coarse
        target = self._target(order.coarse, width, height)
        self._renderer.draw(order.scene, order.views, width, height, target.framebuffer)
        if asked:
            gpu.finish()
        if order.coarse == 1:
            self._pace.tell(time.monotonic() - start if asked else None)
        else:
            target.stretch(self._target(1, order.width, order.height))
        self._drawn = order
        return 0.0

    def _still(self, order: Order) -> float:
        """One more frame, of as many as an export has. Its cost [s] decides how long hands go first."""
        assert self._renderer is not None
        from render import gpu
        from render.tiers import still_frames

        if self._drawn is not order:
            self._quick(order)
        start = time.monotonic()
        frames = still_frames(order.scene)
        done = self._renderer.refine(self._target(1, order.width, order.height).framebuffer, frames)
        gpu.finish()
        self.cost = time.monotonic() - start
        return done

    def _target(self, coarse: int, width: int, height: int) -> "Target":
        """The picture to draw into, of a size, kept for the next one."""
        from render import gpu

        old = self._targets.get(coarse)
        if old is None or (old.width, old.height) != (width, height):
            if old is not None:
                old.free()
            self._targets[coarse] = gpu.Target(width, height, "byte", depth=True)
        return self._targets[coarse]

    def _read(self, order: Order) -> QImage:
        """The picture as the window's own images are, so that showing it is a copy."""
        pixels = self._targets[1].read()
        image = QImage(pixels.data, order.width, order.height, 4 * order.width, QImage.Format.Format_RGBX8888)
        return image.convertToFormat(QImage.Format.Format_RGB32)

    def _free(self) -> None:
        assert self._renderer is not None
        for target in self._targets.values():
            target.free()
        self._targets.clear()
        self._renderer.free()


def drawing() -> Drawing:
    """The one thread of this program, made when it is first asked for. To be called on the window's thread."""
    if not _only:
        _only.append(Drawing())
        atexit.register(_only[0].close)
    return _only[0]


_only: list[Drawing] = []


def _be_modest() -> None:
    """Let the window's thread go before this one, however modest the program is; on Linux alone, for elsewhere a thread
    is no more modest than its process."""
    if sys.platform == "linux":
        with suppress(OSError):
            me = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, me, min(os.getpriority(os.PRIO_PROCESS, me) + MODEST, 19))


def _on_thread(surface: QOffscreenSurface) -> tuple[QOpenGLContext | None, str]:
    """The window system's context, made current on this thread, or None; and the version of one that is too old."""
    if not QOpenGLContext.supportsThreadedOpenGL():
        return None, ""
    older = QSurfaceFormat()
    older.setVersion(2, 0)
    for wish in (surface.requestedFormat(), older):
        context = QOpenGLContext()
        context.setFormat(wish)
        if context.create() and context.makeCurrent(surface):
            version = context.format().majorVersion(), context.format().minorVersion()
            if version >= NEEDED:
                return context, ""
            context.doneCurrent()
            return None, f"{version[0]}.{version[1]}"
    return None, ""
