"""Pieces laid side by side on a sheet, each as it is drawn: rows from the tallest to the lowest, no piece turned."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from garments.pattern import Panel, Pattern

_APART, _BESIDE = 0.02, 0.015
LEADING = 1.25
"""From line to line, over the height of letters."""
_SCALES = (1.0, 0.8, 0.6, 0.45, 0.3)
_NARROW = "\u2e80"
"""Signs before this one are about half as wide as high, those after it, Chinese, as wide."""


class Laid(NamedTuple):
    """A piece and where its frame's origin lies on the sheet [m], +y up; `cut` its cutting line there [m] [k, 2]."""

    panel: Panel
    at: np.ndarray
    cut: np.ndarray


def laid(pattern: Pattern, width: float, sizes: Sequence[Pattern] = ()) -> tuple[list[Laid], float, float]:
    """All pieces in rows at most `width` [m] wide unless one alone is wider, and the sheet's size [m]; with room for
    each in other `sizes`, which lie about the same origin."""
    cuts = [(panel, panel.cutting_line(), _extent(panel, sizes)) for panel in pattern.panels]
    cuts.sort(key=lambda each: -round(float(np.ptp(each[2][:, 1])), 3))
    found, left, bottom, row, widest = [], _APART, _APART, 0.0, 0.0
    for panel, cut, extent in cuts:
        wide, tall = np.ptp(extent, axis=0)
        if left > _APART and left + wide + _APART > width:
            left, bottom, row = _APART, bottom + row + _APART, 0.0
        at = np.array([left, bottom]) - extent.min(axis=0)
        found.append(Laid(panel, at, cut + at))
        left, row = left + wide + _APART, max(row, tall)
        widest = max(widest, left)
    return found, widest, bottom + row + _APART


def _extent(panel: Panel, sizes: Sequence[Pattern]) -> np.ndarray:
    """The corners [m] [2, 2] of the box of a panel's cutting line, and of its outline in other sizes."""
    likes = [like.outline(12) for size in sizes for like in size.panels if like.name == panel.name]
    points = np.concatenate([panel.cutting_line(), *likes])
    return np.array([points.min(axis=0), points.max(axis=0)])


def ticks(panel: Panel) -> list[tuple[np.ndarray, float, str, str]]:
    """Notches as lines [m] [2, 2] from the edge outward, with where they are: (line, at, edge, mark)."""
    found = []
    for notch in panel.notches:
        edge = panel.edge(notch.edge)
        before, middle, after = edge.at(np.clip([notch.at - 0.01, notch.at, notch.at + 0.01], 0.0, 1.0))
        along = (after - before) / np.linalg.norm(after - before)
        out = np.array([along[1], -along[0]]) * min(max(panel.allowance_of(notch.edge), 0.004), 0.008)
        for aside in (-0.003, 0.003) if notch.mark == "double" else (0.0,):
            foot = middle + aside * along
            found.append((np.array([foot, foot + out]), notch.at, notch.edge, notch.mark))
    return found


class Lettering(NamedTuple):
    """Where words stand in a piece: the middle of their block [m], whether they are turned to read upward, and how much
    smaller they are than asked for; `wide` and `tall` the block [m], so small."""

    middle: np.ndarray
    turned: bool
    scale: float
    wide: float
    tall: float


def lettered(panel: Panel, lines: Sequence[tuple[float, str]]) -> Lettering:
    """Room in a piece for lines of words, each with the height of its letters [m]: beside the middle, or wherever the
    whole block lies within and off the grain line; turned or smaller where it must."""
    import shapely

    room = shapely.Polygon(panel.outline(12))
    if panel.grain is not None:
        room = room.difference(shapely.LineString(np.asarray(panel.grain)).buffer(_BESIDE / 4))
    shapely.prepare(room)
    wide = max(letter * sum(1.0 if sign > _NARROW else 0.56 for sign in text) for letter, text in lines)
    tall = LEADING * sum(letter for letter, _ in lines)
    centre = np.array(room.centroid.coords[0])
    low, high = np.array(room.bounds).reshape(2, 2)
    grid = np.stack(np.meshgrid(*np.linspace(low, high, 25).T), axis=-1).reshape(-1, 2)
    grid = grid[np.argsort(np.linalg.norm(grid - centre, axis=1), kind="stable")]
    for scale in _SCALES:
        block = scale * np.array([wide, tall])
        places = np.vstack([centre + np.array([_BESIDE + 0.5 * block[0], 0.0]), grid])
        for turned in (False, True):
            half = 0.5 * (block[::-1] if turned else block)
            within = shapely.contains(room, shapely.box(*(places - half).T, *(places + half).T))
            if within.any():
                return Lettering(places[int(np.argmax(within))], turned, scale, *block.tolist())
    return Lettering(np.array(room.representative_point().coords[0]), False, scale, *block.tolist())
