"""Patterns and garments from elsewhere and for elsewhere, one file a format, found by its place.

A file here that has SUFFIXES and TITLE is a format of patterns: with `read(path, unit)`, which runs in the reader
process and gives a nest as plain values, it is opened; with `write(nest)`, which gives bytes, it is saved, where it
HOLDS_SIZES with all of them in one file. NEEDS names the library that it wants, to import and to install: without it
that format alone is missing, and says so.
"""

import importlib
import math
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from assets.errors import MissingExtra, UnknownKind, UsageError
from garments.nest import Nest, unpacked

if TYPE_CHECKING:
    from garments.imported.readymade import ReadyMade

_SPEED = math.inf
"""Bytes in a second: no pattern, however long its file, is worth more than the patience for one."""
_ADVICE = "keep the pattern pieces alone, or split it"
_UNSAVED = "patterns cannot be saved as {!r}"


@cache
def formats() -> dict[str, ModuleType]:
    """The modules of pattern formats by suffix."""
    found: dict[str, ModuleType] = {}
    for each in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{each.name}")
        found |= {suffix: module for suffix in getattr(module, "SUFFIXES", ()) if hasattr(module, "TITLE")}
    return found


def read_pattern(path: Path, unit: str | None = None) -> Nest:
    """The pattern in a file. `unit`: of formats that do not tell theirs, or to overrule one that is wrong.

    Raises UnknownKind, MissingExtra, UnsureInput, or another kind of InputRefused, in a sentence that names the file.
    """
    from garments.formats.reading import LARGEST_PATTERN, read_apart

    path = Path(path)
    module = _of(path.suffix, "read", f"{path} is no pattern that can be read")
    told = read_apart(f"{module.__name__}:read", path, "the pattern reader", LARGEST_PATTERN, _SPEED, _ADVICE, unit)
    return unpacked(told, str(path))


def read_garment(path: Path, unit: str | None = None, up: str | None = None, to_body: bool = False) -> "ReadyMade":
    """A garment from a mesh, as garments/formats/mesh.py reads it, or from a pattern that tells its seams and where its
    panels stand. Raises UnsureInput when unit or axis must be told, else InputRefused, with the reason."""
    from garments.formats import mesh
    from garments.imported.assembling import assembled

    if Path(path).suffix.lower() not in formats():
        return mesh.load(path, unit, up, to_body)
    if up or to_body:
        raise UsageError("an axis and scaling to the body are for meshes: a pattern tells its own")
    return assembled(read_pattern(path, unit))


def write_pattern(nest: Nest, suffix: str, **how: str) -> bytes:
    """The pattern as a file of a kind; `how` as that kind takes it (a PDF's `paper`). Raises UnknownKind or
    MissingExtra."""
    return _of(suffix, "write", _UNSAVED.format(suffix)).write(nest, **how)


def each_file(nest: Nest, path: Path) -> Iterator[tuple[Path, Nest]]:
    """The files that hold all sizes of a pattern, and what is saved in each: the one named, or one a size, called after
    it by what of its letters a file's name may hold, of a kind that holds but one. Raises as `write_pattern` does."""
    alone = len(nest.patterns) == 1 or getattr(
        _of(path.suffix, "write", _UNSAVED.format(path.suffix)), "HOLDS_SIZES", False
    )
    if alone:
        yield path, nest
        return
    names: set[str] = set()
    for size in nest.patterns:
        name = re.sub(r"[^\w-]", "-", size)
        while name.lower() in names:
            name += "-"
        names.add(name.lower())
        yield (
            path.with_name(f"{path.stem}_{name}{path.suffix}"),
            replace(nest, patterns={size: nest.size(size)}, base=size),
        )


def _of(suffix: str, task: str, complaint: str) -> ModuleType:
    module = formats().get(suffix.lower())
    if module is None or not hasattr(module, task):
        known = sorted(suffix for suffix, module in formats().items() if hasattr(module, task))
        raise UnknownKind(f"{complaint}: give {', '.join(known)}")
    needed = getattr(module, "NEEDS", None)
    if needed and find_spec(needed[0]) is None:
        raise MissingExtra(f"{module.TITLE} needs the library {needed[1]}: `pip install {needed[1]}`")
    return module
