"""Closed level curves round a body on which a tube of cloth is laid: convex, off the skin, as wide as the cloth is."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from assets.errors import DrapeFailed

_STEP = 0.012
_AROUND = 256
_SHORTEST = 0.6


class Section(NamedTuple):
    """What a curve goes round at a height: points (x, z) [m] [k, 2], and how far it may go [m] to either side."""

    points: np.ndarray
    low: float
    high: float


Sections = Callable[[float], Section]


@dataclass(frozen=True, slots=True, eq=False)
class Rings:
    """Curves (x, z) [m] [k, 256, 2] from the front by the wearer's left, at heights [m] [k], for depths [m]."""

    depths: np.ndarray
    heights: np.ndarray
    curves: np.ndarray

    def at(self, depth: np.ndarray, turns: np.ndarray) -> np.ndarray:
        """Points [m] [k, 3] at depths [m] and turns."""
        row = np.interp(depth, self.depths, np.arange(len(self.depths)))
        low = np.clip(row.astype(int), 0, len(self.curves) - 2)
        between = (row - low)[:, None]
        place = (turns % 1.0) * _AROUND
        left = place.astype(int) % _AROUND
        across = (place - np.floor(place))[:, None]

        def on(index: np.ndarray) -> np.ndarray:
            return self.curves[index, left] * (1.0 - across) + self.curves[index, (left + 1) % _AROUND] * across

        flat = on(low) * (1.0 - between) + on(low + 1) * between
        return np.stack([flat[:, 0], np.interp(row, np.arange(len(self.heights)), self.heights), flat[:, 1]], axis=1)


def rings(
    sections: Sections, depths: np.ndarray, girths: np.ndarray, deepest: float, top: float, clearance: float,
    floor: float = 0.0,
) -> Rings:  # fmt: skip
    """Curves for cloth that is `girths` [m] [k] round at `depths` [m] [k], down to the deepest, from a height `top`
    [m]. Cloth that would reach below `floor` [m] is shortened to end there. Raises DrapeFailed where there is
    nothing to go round."""
    steps = np.linspace(0.0, deepest, max(2, int(np.ceil(deepest / _STEP)) + 1))
    share = float(np.clip((top - floor) / max(deepest, 1e-6), _SHORTEST, 1.0))
    heights, curves = [top], [_curve(sections(top), girths[0], clearance)]
    for before, now in pairwise(steps):
        girth, span = float(np.interp(now, depths, girths)), share * (now - before)
        curve = _curve(sections(heights[-1] - span), girth, clearance)
        outward = (_perimeter(curve) - _perimeter(curves[-1])) / (2.0 * np.pi)
        heights.append(heights[-1] - np.sqrt(max(span**2 - outward**2, 0.25 * span**2)))
        curves.append(_curve(sections(heights[-1]), girth, clearance))
    return Rings(steps, np.array(heights), np.array(curves))


def _curve(section: Section, girth: float, clearance: float) -> np.ndarray:
    """A convex curve round a section, at least `girth` [m] long, that stays between its limits, [a, 2]."""
    import shapely

    if not len(section.points):
        raise DrapeFailed(
            "the body ends where the garment goes round it: put it on a body that stands upright, which may then take "
            "its pose in it"
        )
    hull = shapely.MultiPoint(section.points).convex_hull
    offset = max(clearance, (girth - hull.length) / (2.0 * np.pi))
    curve = hull.buffer(offset)
    low, _, high, _ = curve.bounds
    left, _, right, _ = hull.bounds
    room = shapely.box(min(section.low, left - 0.004), -2.0, max(section.high, right + 0.004), 2.0)
    if low < room.bounds[0] or high > room.bounds[2]:
        least, most = offset, max(offset, girth)
        for _ in range(14):
            middle = 0.5 * (least + most)
            enough = hull.buffer(middle).intersection(room).length >= girth
            least, most = (least, middle) if enough else (middle, most)
        curve = hull.buffer(most).intersection(room)
    curve = curve.exterior
    points = shapely.get_coordinates(
        shapely.line_interpolate_point(curve, np.arange(_AROUND) / _AROUND, normalized=True)
    )
    if not curve.is_ccw:
        points = points[::-1]
    middle = 0.0 if left < 0.0 < right else points[:, 0].mean()
    start = np.argmin(np.abs(points[:, 0] - middle) + np.where(points[:, 1] < points[:, 1].mean(), 1e3, 0.0))
    return np.roll(points[::-1], start + 1, axis=0)


def _perimeter(curve: np.ndarray) -> float:
    return float(np.linalg.norm(curve - np.roll(curve, 1, axis=0), axis=1).sum())
