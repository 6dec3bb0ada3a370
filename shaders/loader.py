"""The one way to a shader's text: `#include "file.glsl"` is resolved, each file once, and definitions go on top."""

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent
_INCLUDE = re.compile(r'^#include "([\w.]+)"$', re.MULTILINE)


def source(name: str, **definitions: int | float) -> str:
    """GLSL 3.30 text of shaders/`name`, with `definitions` as `#define`s. Raises FileNotFoundError."""
    seen: set[str] = set()

    def include(found: re.Match[str]) -> str:
        inner = found.group(1)
        if inner in seen:
            return ""
        seen.add(inner)
        return _INCLUDE.sub(include, _read(inner))

    head = "".join(f"#define {key} {value}\n" for key, value in definitions.items())
    return "#version 330 core\n" + head + _INCLUDE.sub(include, _read(name))


@cache
def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
