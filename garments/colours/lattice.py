"""Where a photo of cloth is like itself again: the lattice on which a stripe, a check or a woven figure repeats.

Found in its likeness to itself moved by any step (autocorrelation by Fourier transform): the first high peak along and
up, or a way along which all is alike.
"""

from typing import NamedTuple

import numpy as np

PERIODIC, ENDLESS = 0.55, 0.95
"""How alike a photo must be to itself one repeat on, 0..1; and all along lines that do not end."""
_SLANT, _NEAR = np.tan(np.radians(18.0)), 0.06


def lattice(even: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """The steps (x, y) [pixels] from one repeat to the next, about along and up the picture; None where it does not
    repeat. Along lines that are all alike any step will do, and a square one is taken."""
    values = even - even.mean(axis=(0, 1))
    match = alike(values)
    rows, columns = values.shape[:2]
    across, up = _step(match, columns, rows), _step(match.T, rows, columns)
    if across is None or up is None or (across.endless and up.endless):
        return None
    first, second = across.way, up.way[::-1]
    if across.endless:
        second = second - (second @ first) * first
        first = float(np.linalg.norm(second)) * first
    if up.endless:
        first = first - (first @ second) * second
        second = float(np.linalg.norm(first)) * second
    return first, second


def alike(values: np.ndarray) -> np.ndarray:
    """How alike a picture is to itself moved by (y, x), -1..1, [2h-1, 2w-1], the middle being no move."""
    from scipy.signal import fftconvolve

    ones = np.ones(values.shape[:2])
    turned = (slice(None, None, -1),) * 2
    product = sum(fftconvolve(values[..., k], values[..., k][turned]) for k in range(values.shape[2]))
    energy = (values**2).sum(axis=2)
    left, right = fftconvolve(energy, ones[turned]), fftconvolve(ones, energy[turned])
    return product / np.sqrt(np.maximum(left * right, 1e-9))


class _Step(NamedTuple):
    """A step (along, aside) [pixels] from one repeat to the next; the unit way of lines that are `endless`."""

    way: np.ndarray
    endless: bool = False


def _step(field: np.ndarray, size: int, other: int) -> _Step | None:
    """The shortest step after which the picture is like itself again, along the second axis of its likeness `field`;
    None where there is none."""
    middle = np.array(field.shape) // 2
    most = size // 2
    best, aside = np.zeros(most + 1), np.zeros(most + 1, int)
    for lag in range(1, most + 1):
        reach = min(int(lag * _SLANT), other // 2)
        row = field[middle[0] - reach : middle[0] + reach + 1, middle[1] + lag]
        aside[lag] = int(np.argmax(row)) - reach
        best[lag] = row.max()
    if best[2:].min() > ENDLESS * best[2]:
        way = np.array([1.0, _slant(field, middle, most)])
        return _Step(way / np.linalg.norm(way), endless=True)
    fallen = np.flatnonzero(best[1:] < 0.5 * (1.0 + best[2:].min())) + 1
    if not len(fallen):
        return None
    peaks = [k for k in range(max(fallen[0], 4), most) if best[k] >= best[k - 1] and best[k] >= best[k + 1]]
    high = max((best[k] for k in peaks), default=0.0)
    if high < PERIODIC or high - best[fallen[0] :].min() < 0.2:
        return None
    lag = next(k for k in peaks if best[k] > high - _NEAR)
    return _Step(np.array(_refined(field, middle, lag, int(aside[lag]), most)))


def _slant(field: np.ndarray, middle: np.ndarray, most: int) -> float:
    """How far aside lines go for each pixel along: followed from near by, so that none is taken for its neighbour."""
    slant, lag = 0.0, 8
    while True:
        reach = 3 if lag == 8 else 2
        row = middle[0] + round(slant * lag) + np.arange(-reach, reach + 1)
        values = field[row, middle[1] + lag]
        at = int(np.clip(np.argmax(values), 1, 2 * reach - 1))
        before, here, after = values[at - 1 : at + 2]
        bend = before - 2.0 * here + after
        slant = (row[at] - middle[0] + (0.5 * (before - after) / bend if bend < -1e-9 else 0.0)) / lag
        if lag == most:
            return float(slant)
        lag = min(2 * lag, most)


def _refined(field: np.ndarray, middle: np.ndarray, lag: int, aside: int, most: int) -> tuple[float, float]:
    """The step to a part of a pixel: by the farthest of its multiples that can still be found."""
    along, across, times = float(lag), float(aside), 1
    while (times + 1) * along < most:
        times += 1
        guess = np.round([times * across, times * along]).astype(int)
        reach = max(2, lag // 6)
        y, x = middle + guess
        window = field[max(y - reach, 0) : y + reach + 1, x - reach : x + reach + 1]
        at = np.unravel_index(int(np.argmax(window)), window.shape)
        across = (guess[0] + at[0] - min(reach, y)) / times
        along = (guess[1] + at[1] - reach) / times
    return along, across
