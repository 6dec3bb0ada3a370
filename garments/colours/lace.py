"""Lace, drawn: flowers and leaves along waving stems on a net of hexagons, as machines make it after Leavers (1813).

Our own figure, from nothing but these formulas; it repeats both ways without seams, the second stem half a repeat on.
"""

from collections.abc import Callable
from functools import cache, partial

import numpy as np

from assets.mesh import frozen

SIDE = 512
"""Pixels of a repeat."""
MESHES = 26, 30
"""Holes of the net in a repeat, across and up."""
PLACES = (np.arange(SIDE) + 0.5) / SIDE
"""Where pixels lie in a repeat."""
_WAVE, _LEAVES = 0.075, 8


@cache
def lace() -> np.ndarray:
    """The part that threads fill, uint8 [SIDE, SIDE]: 255 all; one repeat, as wide as high. Read-only."""
    y, x = PLACES[:, None], PLACES[None, : SIDE // 2]
    found = np.tile(_net(x, y), 2)
    for start, low in ((0.0, 0.0), (0.5, 0.5)):
        _stem(found, start, low)
    return frozen(np.round(255 * found[::-1]).astype(np.uint8))


def _stem(found: np.ndarray, start: float, low: float) -> None:
    """Draw a stem that waves upwards from (start, low), with leaves on both sides and a flower in each bend."""
    waving = start + 0.25 + _WAVE * np.sin(2 * np.pi * (PLACES[:, None] - low))
    np.maximum(found, _line(_off(PLACES - waving), 0.006), out=found)
    for k in range(_LEAVES):
        at = (k + 0.5) / _LEAVES
        side = 1.0 if k % 2 else -1.0
        middle = start + 0.25 + _WAVE * np.sin(2 * np.pi * at) + 0.052 * side, low + at + 0.02
        _put(found, middle, 0.08, partial(_leaf, side=side))
    for at, aside in ((0.25, -1.0), (0.75, 1.0)):
        _put(found, (start + 0.25 + aside * 0.12 + _WAVE * np.sin(2 * np.pi * at), low + at), 0.14, _flower)


def _put(found: np.ndarray, middle: tuple[float, float], reach: float, draw: Callable[..., np.ndarray]) -> None:
    """Have a figure drawn round a point, in the part of the repeat that it reaches."""
    x, y = _off(PLACES - middle[0]), _off(PLACES - middle[1])
    near = np.ix_(np.abs(y) < reach, np.abs(x) < reach)
    found[near] = draw(found[near], x[near[1]], y[near[0]])


def _flower(found: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Six petals with a thick edge, filled with close cloth that thins towards an open middle."""
    away, turn = np.hypot(x, y), np.arctan2(y, x)
    edge = 0.125 * (0.68 + 0.32 * np.abs(np.cos(3.0 * turn)) ** 0.6)
    found = np.where(away < edge, _filling(x, y, turn, away), found)
    found = np.maximum(found, _line(away - edge, 0.011))
    found = np.maximum(found, _line(away - 0.036, 0.009))
    return np.where(away < 0.0315, np.maximum(_line(away - 0.012, 0.006), _rays(turn, away, 8) * (away > 0.012)), found)


def _filling(x: np.ndarray, y: np.ndarray, turn: np.ndarray, away: np.ndarray) -> np.ndarray:
    """Cloth stitch: rows of small holes between its threads, and a vein along each petal."""
    holes = np.cos(2 * np.pi * 80 * x) * np.cos(2 * np.pi * 80 * y)
    close = np.clip(1.0 - 1.6 * (holes - 0.45), 0.0, 1.0)
    return np.maximum(close, _rays(turn, away, 6))


def _rays(turn: np.ndarray, away: np.ndarray, count: int) -> np.ndarray:
    beside = away * np.sin(0.5 * np.pi * np.abs((turn * count / np.pi + 1.0) % 2.0 - 1.0)) * 2.0 / count
    return _line(beside, 0.006)


def _leaf(found: np.ndarray, x: np.ndarray, y: np.ndarray, side: float) -> np.ndarray:
    """A leaf that points up and away from its stem: an edge, a vein, and cloth on its lower half only."""
    along, across = 0.707 * (side * x + y), 0.707 * (y - side * x)
    half = 0.024 * np.clip(1.0 - (along / 0.055) ** 2, 0.0, None)
    inside = (np.abs(along) < 0.055) & (np.abs(across) < half)
    holes = np.cos(2 * np.pi * 80 * along) * np.cos(2 * np.pi * 80 * across)
    cloth = np.where(across < 0.0, np.clip(1.0 - 1.6 * (holes - 0.45), 0.0, 1.0), 0.0)
    found = np.where(inside, np.maximum(cloth, _line(across, 0.005)), found)
    border = (np.abs(along) < 0.056) * _line(np.abs(across) - half, 0.008)
    return np.maximum(found, border)


def _net(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Hexagons: the lines that lie as far from two points of a grid with every other row moved by half."""
    columns, rows = MESHES
    row = np.floor(y * rows)
    nearest = second = np.full(np.broadcast_shapes(x.shape, y.shape), np.inf)
    for up in (-1, 0, 1):
        moved = 0.5 * ((row + up) % 2)
        column = np.floor(x * columns - moved)
        for aside in (-1, 0, 1):
            middle = (column + aside + 0.5 + moved) / columns, (row + up + 0.5) / rows
            away = np.hypot(x - middle[0], y - middle[1])
            nearest, second = np.minimum(nearest, away), np.minimum(second, np.maximum(nearest, away))
    return _line(0.5 * (second - nearest), 0.0042)


def _off(way: np.ndarray) -> np.ndarray:
    """The shortest way round, -0.5 to 0.5."""
    return (way + 0.5) % 1.0 - 0.5


def _line(away: np.ndarray, width: float) -> np.ndarray:
    """The part of each pixel that a line of a width covers, its middle `away`."""
    return np.clip((0.5 * width - np.abs(away)) * SIDE + 0.5, 0.0, 1.0)
