"""The window: everything Qt lives here, and nothing but what a person sees and does.

The window's process stays light: torch, mediapipe, open3d, numba, trimesh and scipy live in the engine (app/jobs.py).
"""

import ctypes
import sys

_FOR_EVER = 1 << 60


def _make_none_immortal() -> None:
    """Keep None alive under PySide6 6.12, whose every call without a result gives back a None that it never took.

    From Python 3.12 on None cannot die (PEP 683). Before, its reference count is an ordinary one, and after some ten
    thousand calls it would reach zero: "Fatal Python error: none_dealloc", in the middle of somebody's work.
    """
    if sys.implementation.name == "cpython" and sys.version_info < (3, 12) and sys.getrefcount(None) < _FOR_EVER:
        ctypes.c_ssize_t.from_address(id(None)).value += _FOR_EVER


_make_none_immortal()
