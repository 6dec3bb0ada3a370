"""Load a library without what it loads only for others: a process that drapes opens no web pages and draws no charts.

Half of the time that open3d takes to load is dash's and plotly's, and mediapipe's is matplotlib's.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def without(*names: str) -> Iterator[None]:
    """What is imported inside finds empty modules under these names; those that are loaded already it finds as ever."""
    absent = {name: _Empty(name) for name in names if name not in sys.modules}
    sys.modules.update(absent)
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


class _Empty(ModuleType):
    """A module whose every name is None."""

    def __getattr__(self, name: str) -> None:
        if name.startswith("__"):
            raise AttributeError(name)
