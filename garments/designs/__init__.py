"""Designs on offer, one file each, found by their place: names, fabrics, needs, options and draft()."""

import importlib
import pkgutil
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from typing import Protocol, cast

from assets.errors import InputRefused
from garments.drafting import Option
from garments.pattern import Pattern


class Design(Protocol):
    """FABRIC is the fabric that the design is cut from unless another is asked for, SUITED the constructions of those
    that can be, NEEDS the body measures without which it cannot be drafted."""

    NAME: str
    TITLE: str
    FABRIC: str
    SUITED: tuple[str, ...]
    NEEDS: tuple[str, ...]
    OPTIONS: dict[str, Option]

    def draft(self, measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
        """The pattern for body measurements [m] (and mass, kg, unused) and options within their ranges."""


@cache
def designs() -> dict[str, Design]:
    """All designs by name."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return {module.NAME: cast(Design, module) for module in modules}


def design(name: str) -> Design:
    """A design by name. Raises InputRefused, offering near names."""
    if name not in designs():
        words = {made.TITLE.lower(): n for n, made in designs().items()} | {n: n for n in designs()}
        near = dict.fromkeys(words[word] for word in get_close_matches(name.lower(), words))
        raise InputRefused(f"there is no design {name!r}: try {', '.join(near or sorted(designs()))}")
    return designs()[name]
