"""Figures that are woven or printed everywhere: stripes, checks and dots, drawn exactly, so that they repeat exactly.

Checks are woven: each point shows the mean light of its warp and its weft thread, as cloth of coloured yarn does.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from assets.errors import UsageError
from assets.mesh import frozen
from garments.colours.palette import Colour, shade

SIDE, KEPT = 240, 64
Threads = np.ndarray


@lru_cache(KEPT)
def figure(written: str) -> tuple[np.ndarray, float]:
    """One repeat of a figure by its name and colours ("breton white navy"), as a picture, sRGB uint8 [h, w, 3], and its
    usual width [m]. The first colour is the ground. Raises UsageError."""
    name, *colours = written.lower().split()
    if name not in FIGURES:
        raise UsageError(f"there is no figure {name!r}: it is one of {', '.join(FIGURES)}")
    draw, width, usual = FIGURES[name]
    shades = [shade(colour.replace("_", " ")) for colour in (colours or usual.split())]
    if len(shades) < 2:
        raise UsageError(f"a {name} has two colours or more, like {name} {usual}")
    return frozen(_encoded(draw(shades))), width


def _bands(colours: list[Colour], widths: list[int]) -> Threads:
    """Threads [SIDE, 3] in bands of relative widths."""
    ends = np.round(np.cumsum([0, *widths]) / sum(widths) * SIDE).astype(int)
    threads = np.zeros((SIDE, 3))
    for colour, start, end in zip(colours, ends[:-1], ends[1:], strict=True):
        threads[start:end] = colour
    return threads


def _stripe(colours: list[Colour]) -> np.ndarray:
    return np.broadcast_to(_bands(colours, [1] * len(colours))[None], (SIDE, SIDE, 3))


def _pinstripe(colours: list[Colour]) -> np.ndarray:
    ground, line = colours[:2]
    return np.broadcast_to(_bands([ground, line, ground], [23, 2, 23])[None], (SIDE, SIDE, 3))


def _breton(colours: list[Colour]) -> np.ndarray:
    ground, *lines = colours
    bands = [each for line in lines for each in (ground, line, ground)]
    return np.broadcast_to(_bands(bands, [1, 1, 1] * len(lines))[:, None], (SIDE, SIDE, 3))


def _woven(threads: Threads) -> np.ndarray:
    return 0.5 * (threads[None] + threads[:, None])


def _gingham(colours: list[Colour]) -> np.ndarray:
    ground, line = colours[:2]
    return _woven(_bands([ground, line, ground], [1, 2, 1]))


def _windowpane(colours: list[Colour]) -> np.ndarray:
    ground, line = colours[:2]
    return _woven(_bands([ground, line, ground], [29, 2, 29]))


def _tartan(colours: list[Colour]) -> np.ndarray:
    """A symmetric sett: broad bands of the first two colours, fine lines of the others."""
    ground, second, *lines = colours
    first, last = (lines or [ground])[0], (lines or [second])[-1]
    half = [(ground, 8), (last, 1), (ground, 4), (second, 9), (first, 1), (second, 3)]
    sett = [*half, *reversed(half)]
    return _woven(_bands([colour for colour, _ in sett], [width for _, width in sett]))


def _dots(colours: list[Colour]) -> np.ndarray:
    """Two dots a repeat, one in the middle and one in the corners."""
    ground, dot = colours[:2]
    y, x = (np.mgrid[:SIDE, :SIDE] + 0.5) / SIDE
    away = np.minimum(np.hypot(x - 0.5, y - 0.5), np.hypot(np.minimum(x, 1 - x), np.minimum(y, 1 - y)))
    share = np.clip((0.17 - away) * SIDE + 0.5, 0.0, 1.0)[..., None]
    return (1.0 - share) * np.array(ground) + share * np.array(dot)


def _encoded(linear: np.ndarray) -> np.ndarray:
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 0.0) ** (1 / 2.4) - 0.055)
    return np.round(255 * np.clip(encoded, 0.0, 1.0)).astype(np.uint8)


FIGURES: Mapping[str, tuple[Callable[[list[Colour]], np.ndarray], float, str]] = MappingProxyType(
    {
        "stripe": (_stripe, 0.02, "white blue"),
        "pinstripe": (_pinstripe, 0.015, "anthracite silver"),
        "breton": (_breton, 0.03, "white navy"),
        "gingham": (_gingham, 0.012, "white red"),
        "windowpane": (_windowpane, 0.06, "camel white"),
        "tartan": (_tartan, 0.10, "red forest yellow navy"),
        "dots": (_dots, 0.02, "navy white"),
    }
)
"""Figures by name: how one is drawn, its usual width [m], its usual colours."""
