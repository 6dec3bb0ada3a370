"""How a cleaned scan may stand and in what unit: upright along its longest spread, front to either side.

Height decides the unit: an adult is 1.3 to 2.2 m tall, and no two of the usual units leave room for another. A height
that the person states decides where the numbers fit no unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from assets.errors import InputRefused
from assets.units import show
from body.scans.cleaning import Cleaned

UNITS = {"metres": 1.0, "centimetres": 0.01, "millimetres": 0.001, "inches": 0.0254, "feet": 0.3048, "decimetres": 0.1}
_SHORTEST, _TALLEST = 1.25, 2.3
# Seen from above so round, the narrow way need not be the way the person faces.
_ROUND = 1.8
_UPRIGHT = np.cos(np.radians(20.0))
_SQUARE_TO_FILE = np.cos(np.radians(8.0))


@dataclass(frozen=True, slots=True, eq=False)
class Stance:
    """A way to see a scan: `turn` [3, 3], `scale` to metres and `shift` [m] [3] bring its points upright, facing +Z,
    the floor on y = 0: the plane under the feet where one was seen (`on_floor`), else the lowest points.

    `tall` [m] is how far the points reach up. `guessed`: the scale follows from a stated height.
    """

    turn: np.ndarray
    scale: float
    shift: np.ndarray
    tall: float
    on_floor: bool
    guessed: bool

    def place(self, points: np.ndarray) -> np.ndarray:
        return self.scale * (points @ self.turn.T) + self.shift

    def scaled(self, factor: float) -> Stance:
        """The same, so many times as large; a height decided it."""
        shift, tall = factor * self.shift, factor * self.tall
        return replace(self, scale=factor * self.scale, shift=shift, tall=tall, guessed=True)

    def face(self, normals: np.ndarray) -> np.ndarray:
        return normals @ self.turn.T


def stances(cleaned: Cleaned, height: float | None) -> tuple[list[Stance], str]:
    """All ways to stand that are worth trying, and a sentence on the unit. `height` [m] as stated, or None.

    Raises InputRefused where nothing tells the scale.
    """
    found, told = [], ""
    for turn, floor in _upright(cleaned):
        points = cleaned.points @ turn.T
        low, high = np.percentile(points[:, 1], [0.15, 99.97])
        low = low if floor is None else floor
        scale, told, guessed = _scale(high - low, height)
        middle = np.median(points, axis=0)
        shift = -scale * np.array([middle[0], low, middle[2]])
        found.append(Stance(turn, scale, shift, scale * (high - low), floor is not None, guessed))
    return found, told


def _scale(extent: float, height: float | None) -> tuple[float, str, bool]:
    """Metres to one unit of a scan that is `extent` of its units tall, what was assumed, whether the height decided.

    Raises InputRefused when neither the numbers nor a stated height [m] tell.
    """
    fits = [(scale, name) for name, scale in UNITS.items() if _SHORTEST <= extent * scale <= _TALLEST]
    if fits:
        scale, name = fits[0]
        return scale, f"its unit is taken as {name}", False
    if height is None:
        raise InputRefused(
            f"the scan is {extent:.4g} units tall, which is a person in no unit: add the person's height"
        )
    return height / extent, f"its numbers are a person's in no unit: scaled to the height of {show(height, 'cm')}", True


def _upright(cleaned: Cleaned) -> Iterator[tuple[np.ndarray, float | None]]:
    """Turns [3, 3] that may bring the scan upright and facing +Z, and where its floor then is, None if unseen."""
    middle = np.median(cleaned.points, axis=0)
    spread, axes = np.linalg.eigh(np.cov((cleaned.points - middle).T))
    long, wide, deep = axes.T[::-1]
    floor = _floor(cleaned, long)
    ups = [floor[:3]] if floor is not None else [_squared(long), _squared(-long)]
    for up in ups:
        for way in (deep, -deep, wide, -wide)[: 4 if spread[1] < _ROUND * spread[0] else 2]:
            front = way - up * (way @ up)
            front /= np.linalg.norm(front)
            yield np.stack([np.cross(up, front), up, front]), None if floor is None else float(floor[3])


def _floor(cleaned: Cleaned, long: np.ndarray) -> np.ndarray | None:
    """The plane across the longest axis on which the person stands: its normal points to them."""
    level = [plane for plane in cleaned.planes if abs(plane[:3] @ long) > _UPRIGHT]
    if not level:
        return None
    below = [np.percentile(cleaned.points @ plane[:3], 1) - plane[3] for plane in level]
    return level[int(np.abs(below).argmin())]


def _squared(up: np.ndarray) -> np.ndarray:
    """The file's own axis where the longest one all but lies along it: scanners know where up is."""
    axis = int(np.abs(up).argmax())
    if abs(up[axis]) < _SQUARE_TO_FILE:
        return up
    return np.sign(up[axis]) * np.eye(3)[axis]
