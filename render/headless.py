"""Pictures without a window or a display server: an EGL context without a surface (Mesa's software renderer will do).

One context and one renderer a thread, made at the first picture and kept.
"""

import ctypes
import os
import threading
from collections.abc import Sequence

import numpy as np

from assets.errors import MissingExtra
from assets.files import secure_shaders
from assets.progress import Progress, silent
from render.camera import Camera, View
from render.scene import Scene

_PLATFORM_SURFACELESS = 0x31DD
_INSTALL = "on Debian or Ubuntu: `apt install libegl1 libopengl0 libgl1-mesa-dri`"
_NO_LIBRARY = f"pictures need the libraries EGL and OpenGL, and they are not here; {_INSTALL}"
_NO_DRIVER = f"pictures need an OpenGL driver, and EGL starts none here; {_INSTALL}"
_TOO_OLD = (
    "pictures need OpenGL 3.3, and this machine's graphics driver offers {version}; update the driver, or let the "
    "processor draw with LIBGL_ALWAYS_SOFTWARE=1"
)
_NO_PICTURES = "; what needs no picture works: measure, size, suggest, pattern, fabric, drape, export"
_local = threading.local()


TILE = 2048
"""The longest side [pixels] that is drawn at once: larger still pictures are drawn in tiles, in little memory."""

LEAN = 512
"""Pixels a side of the shadows on quick transparent pictures, which live pictures are dressed with."""


def snapshot(
    scene: Scene,
    camera: Camera | Sequence[View],
    width: int,
    height: int,
    samples: int = 32,
    transparent: bool = False,
    progress: Progress = silent,
    part: tuple[int, int, int, int] | None = None,
) -> np.ndarray:
    """A finished picture, uint8 sRGB with straight alpha, top row first, [height, width, 4].

    `samples` frames are gathered; 0 gives the quick picture that a window shows while something moves, its colours
    already multiplied by their alpha where it is transparent. `part`: left, top, width and height of what is wanted of
    a gathered picture; the rest stays empty.
    The same scene gives the same bytes on one machine. Raises MissingExtra without EGL.
    """
    context = _context()
    from render import gpu

    longest = gpu.largest_picture()
    if not (0 < width <= longest and 0 < height <= longest):
        raise ValueError(f"a picture of {width} x {height} pixels cannot be drawn here: 1 to {longest} a side")
    if not samples:
        with gpu.Target(width, height, "byte", depth=True) as target:
            renderer = context.lean if transparent else context.renderer
            renderer.draw(scene, camera, width, height, target.framebuffer, transparent)
            return target.read()
    picture = np.zeros((height, width, 4), np.uint8)
    first, upper, wide, high = part or (0, 0, width, height)
    right, lower = first + wide, upper + high
    corners = [(left, top) for top in range(upper, lower, TILE) for left in range(first, right, TILE)]
    for done, (left, top) in enumerate(corners):
        progress(done / len(corners), f"drawing tile {done + 1} of {len(corners)}")
        tile = left, top, min(TILE, right - left), min(TILE, lower - top)
        with gpu.Target(*tile[2:], "byte", depth=False) as target:
            context.renderer.still(scene, camera, width, height, target.framebuffer, samples, transparent, tile)
            picture[top : top + tile[3], left : left + tile[2]] = target.read()
    return picture


def driver() -> str:
    """The renderer's and the driver's own names. Raises MissingExtra without EGL."""
    _context()
    from render import gpu

    return gpu.driver()


def close() -> None:
    """Give this thread's context back; the next picture makes a new one."""
    context = getattr(_local, "context", None)
    if context is not None:
        _local.context = None
        context.close()


def _context() -> "_Context":
    context = getattr(_local, "context", None)
    if context is None:
        context = _local.context = _Context()
    context.make_current()
    return context


class _Context:
    """An OpenGL 3.3 core context without a surface, its renderer, and a quicker one for live pictures."""

    def __init__(self) -> None:
        os.environ.setdefault("PYOPENGL_PLATFORM", "egl")
        secure_shaders()
        try:
            from OpenGL import EGL
        except (ImportError, OSError, AttributeError, TypeError) as error:
            raise _missing(_NO_LIBRARY, error) from error
        self._egl = EGL
        try:
            self._display = EGL.eglGetPlatformDisplay(_PLATFORM_SURFACELESS, ctypes.c_void_p(0), None)
            self._config = self._started()
        except Exception as error:
            raise _missing(_NO_DRIVER, error) from error
        try:
            self._name = self._context(3, 3)
        except Exception as error:
            raise _missing(_TOO_OLD.format(version=self._offered()), error) from error
        self.make_current()
        from render.renderer import Renderer

        self.renderer, self.lean = Renderer(), Renderer(shadow_size=LEAN)

    def _started(self) -> object:
        """A configuration of the display's driver, once that runs."""
        egl = self._egl
        major, minor, count = (egl.EGLint * 1)(), (egl.EGLint * 1)(), (egl.EGLint * 1)()
        if not egl.eglInitialize(self._display, major, minor) or not egl.eglBindAPI(egl.EGL_OPENGL_API):
            raise OSError("it does not start")
        wish = (egl.EGLint * 5)(
            egl.EGL_SURFACE_TYPE, egl.EGL_PBUFFER_BIT, egl.EGL_RENDERABLE_TYPE, egl.EGL_OPENGL_BIT, egl.EGL_NONE
        )
        configs = (egl.EGLConfig * 1)()
        egl.eglChooseConfig(self._display, wish, configs, 1, count)
        if not count[0]:
            raise OSError("it knows OpenGL ES only")
        return configs[0]

    def _context(self, *version: int) -> object:
        """A new context, of the core profile where a version is asked for."""
        egl = self._egl
        wish = [egl.EGL_NONE]
        if version:
            core = egl.EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT
            wish = [
                egl.EGL_CONTEXT_MAJOR_VERSION, version[0], egl.EGL_CONTEXT_MINOR_VERSION, version[1],
                egl.EGL_CONTEXT_OPENGL_PROFILE_MASK, core, egl.EGL_NONE,
            ]  # fmt: skip
        name = egl.eglCreateContext(self._display, self._config, egl.EGL_NO_CONTEXT, (egl.EGLint * len(wish))(*wish))
        if not name:
            raise OSError("no context is made")
        return name

    def _offered(self) -> str:
        """What a driver offers that is too old."""
        egl = self._egl
        try:
            name = self._context()
            egl.eglMakeCurrent(self._display, egl.EGL_NO_SURFACE, egl.EGL_NO_SURFACE, name)
            from render import gpu

            told = gpu.driver()
            egl.eglMakeCurrent(self._display, egl.EGL_NO_SURFACE, egl.EGL_NO_SURFACE, egl.EGL_NO_CONTEXT)
            egl.eglDestroyContext(self._display, name)
            return told
        except Exception:
            return "less"

    def make_current(self) -> None:
        egl = self._egl
        if not egl.eglMakeCurrent(self._display, egl.EGL_NO_SURFACE, egl.EGL_NO_SURFACE, self._name):
            raise MissingExtra(_NO_DRIVER + _NO_PICTURES)

    def close(self) -> None:
        egl = self._egl
        self.make_current()
        self.renderer.free()
        self.lean.free()
        egl.eglMakeCurrent(self._display, egl.EGL_NO_SURFACE, egl.EGL_NO_SURFACE, egl.EGL_NO_CONTEXT)
        egl.eglDestroyContext(self._display, self._name)


def _missing(why: str, error: Exception) -> MissingExtra:
    """The true cause in words, with the library's own at the end."""
    code = getattr(error, "err", None)
    return MissingExtra(f"{why}{_NO_PICTURES} ({getattr(code, 'name', None) or error or type(error).__name__})")
