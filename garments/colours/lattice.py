"""Where a photo of cloth is like itself again: the lattice on which a stripe, a check or a woven figure repeats.

Found in its likeness to itself moved by any step (autocorrelation by Fourier transform): the first high peak along and
up, or a way along which all is alike.
"""

from typing import NamedTuple

import numpy as np

PERIODIC, ENDLESS = 0.55, 0.95
"""How alike a photo must be to itself one repeat on, 0..1; and all along lines that do not end."""
_SLANT, _NEAR, _RISEN, _FARTHEST = np.tan(np.radians(18.0)), 0.06, 0.2, 0.7


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
    from scipy.fft import irfft2, next_fast_len, rfft2

    rows, columns = values.shape[:2]
    room = next_fast_len(2 * rows - 1, real=True), next_fast_len(2 * columns - 1, real=True)

    def matched(spectrum: np.ndarray) -> np.ndarray:
        """The picture's own moves out of those on a torus, which begin with none and end with one back."""
        moved = np.roll(irfft2(spectrum, room), (rows - 1, columns - 1), (0, 1))
        return moved[: 2 * rows - 1, : 2 * columns - 1]

    product = matched((np.abs(rfft2(values, room, axes=(0, 1))) ** 2).sum(axis=2))
    energy, ones = rfft2((values**2).sum(axis=2), room), rfft2(np.ones((rows, columns)), room)
    overlaid = matched(energy * ones.conj())
    return product / np.sqrt(np.maximum(overlaid * overlaid[::-1, ::-1], 1e-9))


class _Step(NamedTuple):
    """A step (along, aside) [pixels] from one repeat to the next; the unit way of lines that are `endless`."""

    way: np.ndarray
    endless: bool = False


def _step(field: np.ndarray, size: int, other: int) -> _Step | None:
    """The shortest step after which the picture is like itself again, along the second axis of its likeness `field`;
    None where there is none."""
    middle = np.array(field.shape) // 2
    most = int(_FARTHEST * size)
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
    lags = np.arange(max(fallen[0], 4), most)
    risen = best[lags] - np.minimum.accumulate(best[lags])  # the threads of the weave are ripples on the way down
    peaks = lags[(best[lags] >= best[lags - 1]) & (best[lags] >= best[lags + 1]) & (risen > _RISEN)]
    high = best[peaks].max(initial=0.0)
    if high < PERIODIC:
        return None
    lag = next(k for k in peaks if best[k] > high - _NEAR)
    return _Step(np.array(_refined(field, middle, lag, int(aside[lag]), most)))


def _slant(field: np.ndarray, middle: np.ndarray, most: int) -> float:
    """How far aside lines go for each pixel along: the slant along which the picture stays most like itself, near by
    as well as far, so that no line is taken for its neighbour."""
    slants = np.linspace(-_SLANT, _SLANT, 801)
    lags = np.arange(2, most)
    asides = middle[0] + slants[:, None] * lags
    kept = np.abs(asides - middle[0]) < middle[0] - 1
    low = np.where(kept, asides, middle[0]).astype(int)
    along = middle[1] + lags
    share = asides - low
    values = (1.0 - share) * field[low, along] + share * field[low + 1, along]
    return float(slants[np.argmax(np.where(kept, values, 0.0).mean(axis=1))])


def _refined(field: np.ndarray, middle: np.ndarray, lag: int, aside: int, most: int) -> tuple[float, float]:
    """The step to a part of a pixel: by the farthest of its multiples that is still a peak where it was looked for."""
    along, across = float(lag), float(aside)
    reach = max(2, lag // 6)
    for times in range(2, (most - 1) // lag + 1):
        low = middle + np.round([times * across, times * along]).astype(int) - reach
        high = low + 2 * reach + 1
        if (low < 0).any() or (high > field.shape).any():
            break
        window = field[low[0] : high[0], low[1] : high[1]]
        at = np.array(np.unravel_index(int(np.argmax(window)), window.shape))
        if (at == 0).any() or (at == 2 * reach).any():
            break
        across, along = (low + at - middle) / times
    return along, across
