"""The colours on offer, by the names that shops use in English and Chinese, kept in CIE L*a*b*."""

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from assets import units
from assets.errors import UsageError
from assets.files import asset
from assets.lab import difference, from_lab, to_lab

Colour = tuple[float, float, float]
_LAB = re.compile(r"lab\(\s*(-?[\d.]+)\s*[, ]\s*(-?[\d.]+)\s*[, ]\s*(-?[\d.]+)\s*\)")
_OFF_SCREEN = 0.02


class Shade(NamedTuple):
    """A colour of the palette: its short name, what it is called, and linear RGB."""

    name: str
    english: str
    chinese: str
    colour: Colour

    @property
    def code(self) -> str:
        """As "#RRGGBB"."""
        return units.colour_code(self.colour)


@cache
def palette() -> Mapping[str, Shade]:
    """All shades by name, in the order of the palette."""
    told = tomllib.loads(asset("colours", "palette.toml").read_text(encoding="utf-8"))
    found = {name: Shade(name, one["english"], one["chinese"], _linear(one["lab"])) for name, one in told.items()}
    return MappingProxyType(found)


def shade(written: str) -> Colour:
    """Linear RGB of a colour by its name in the palette, English or Chinese, or in CSS, as "#RRGGBB" or as
    "lab(40, 10, -30)". Raises UsageError, offering near names, or all."""
    plain = written.strip().lower()
    if plain.startswith("#"):
        return units.colour(plain)
    if found := _LAB.fullmatch(plain):
        try:
            lab = [float(part) for part in found.groups()]
        except ValueError:
            raise UsageError(f"{written!r} is not a colour: write it like lab(40, 10, -30)") from None
        linear = from_lab(np.array(lab))
        if linear.min() < -_OFF_SCREEN or linear.max() > 1.0 + _OFF_SCREEN:
            raise UsageError(f"{written!r} is a colour that no screen shows: choose one nearer to grey")
        return _clipped(linear)
    names = _names()
    if plain not in names:
        from PIL.ImageColor import colormap, getrgb

        if plain in colormap:
            red, green, blue = getrgb(plain)[:3]
            return units.colour(f"#{red:02x}{green:02x}{blue:02x}")
        near = get_close_matches(plain, names, 3, 0.6)
        hint = f"try {', '.join(near)}" if near else f"write one of {', '.join(palette())}, or a code like #2E5B8A"
        raise UsageError(f"there is no colour {written[:40]!r}: {hint}")
    return names[plain].colour


def named(colour: Colour) -> Shade:
    """The shade that looks most like a linear RGB colour."""
    shades = list(palette().values())
    away = difference(to_lab(np.array([each.colour for each in shades])), to_lab(np.array(colour)))
    return shades[int(np.argmin(away))]


@cache
def _names() -> dict[str, Shade]:
    found: dict[str, Shade] = {}
    for each in palette().values():
        found |= {each.name: each, each.english.lower(): each, each.chinese: each}
    return found


def _linear(lab: list[float]) -> Colour:
    return _clipped(from_lab(np.array(lab)))


def _clipped(linear: np.ndarray) -> Colour:
    red, green, blue = np.clip(linear, 0.0, 1.0).tolist()
    return red, green, blue
