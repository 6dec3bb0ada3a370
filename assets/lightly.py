"""Load a library without those of its parts that nobody here uses and that take long: a process that drapes opens no
web pages and draws no charts.

Half of the time that open3d takes to load is dash's and plotly's, and mediapipe's is matplotlib's: a part of each asks
for them. Only the library itself asks for its parts, and other threads that ask for the library wait until it is
loaded; so nobody else meets what stands in for them.
"""

import sys
from importlib import import_module
from types import ModuleType


def load(name: str, without: tuple[str, ...]) -> ModuleType:
    """The module of that name, for whose loading `without` parts of the same library are empty; parts that are loaded
    already are as ever, and the others can be loaded after."""
    library = name.partition(".")[0]
    parts = {part: _Empty(part) for one in without if (part := f"{library}.{one}") not in sys.modules}
    sys.modules.update(parts)
    try:
        return import_module(name)
    finally:
        for part, empty in parts.items():
            if sys.modules.get(part) is empty:
                sys.modules.pop(part, None)


class _Empty(ModuleType):
    """A module whose every name is None."""

    def __getattr__(self, name: str) -> None:
        if name.startswith("__"):
            raise AttributeError(name)
