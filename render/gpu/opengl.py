"""PyOpenGL, set up before its first import: EGL on Linux, and no check after every call."""

import os
import sys

if sys.platform == "linux":
    os.environ.setdefault("PYOPENGL_PLATFORM", "egl")
import OpenGL

if os.environ.get("PYOPENGL_PLATFORM") == "egl":
    # Imported after error checking is off, it fails.
    import OpenGL.EGL
OpenGL.ERROR_CHECKING = False
OpenGL.ERROR_LOGGING = False
OpenGL.ERROR_ON_COPY = True

from OpenGL import GL  # noqa: E402

__all__ = ["GL"]
