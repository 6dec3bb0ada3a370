"""A photo of cloth without what is the photo's: light that falls off is divided out, a slant is drawn straight.

A plane seen aslant is seen through a projective map; all of it but two numbers, how far each axis vanishes, leaves a
figure repeating evenly (Hartley and Zisserman, "Multiple View Geometry", 2003, 2.7). These two are sought that make
the picture most like itself one repeat on; tilt that remains is a shear, which a lattice bears.
"""

from collections.abc import Callable

import numpy as np

_SIDE, _STEEPEST, _FINEST, _GRID = 128, 0.36, 0.005, 9
_BETTER = 0.08
"""How much more a picture must be like itself here and unlike there without a tilt for the tilt to be believed."""


def delighted(linear: np.ndarray) -> np.ndarray:
    """A photo [h, w, 3] in the light of its middle: the smooth part of its brightness, a cubic over the picture, is
    divided out; the cloth's own light and dark is left alone."""
    rows, columns = linear.shape[:2]
    grey = np.log(np.maximum(brightness(linear), 1e-4))
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    terms = np.stack([x**i * y**j for i in range(4) for j in range(4 - i)], axis=-1)
    some = (slice(None, None, max(rows // 160, 1)), slice(None, None, max(columns // 160, 1)))
    known, values = terms[some].reshape(-1, terms.shape[-1]), grey[some].ravel()
    weights = np.ones(len(values))
    for _ in range(4):
        fit = np.linalg.lstsq(known * weights[:, None], values * weights, rcond=None)[0]
        left = np.abs(values - known @ fit)
        weights = 1.0 / np.sqrt(1.0 + (left / max(float(np.median(left)), 1e-6)) ** 2)
    light = terms @ fit
    return np.clip(linear * np.exp(np.median(light) - light)[..., None], 0.0, 1.0)


def brightness(linear: np.ndarray) -> np.ndarray:
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def reduced(values: np.ndarray, step: int) -> np.ndarray:
    """A picture averaged over squares of so many pixels."""
    rows, columns = (size // step * step for size in values.shape[:2])
    squares = values[:rows, :columns].reshape(rows // step, step, columns // step, step, -1)
    return squares.mean(axis=(1, 3))


def straightened(even: np.ndarray, alike: Callable[[np.ndarray], np.ndarray]) -> np.ndarray | None:
    """The middle of a picture [h, w, 3] as seen from above; None where that does not make it repeat any better.
    `alike`: how alike a picture is to itself moved by (y, x), the middle being no move."""
    small = reduced(even, max(1, round(min(even.shape[:2]) / _SIDE)))

    def score(tilt: np.ndarray) -> float:
        seen = _seen(small, tilt, (small.shape[0], small.shape[1]))
        seen = seen - seen.mean(axis=(0, 1))
        return _repeats(alike(seen))

    plain = score(np.zeros(2))
    best, most = np.zeros(2), plain
    ways = np.linspace(-_STEEPEST, _STEEPEST, _GRID)
    while ways[-1] > _FINEST:
        around = [np.clip(best + np.array([x, y]), -_STEEPEST, _STEEPEST) for x in ways for y in ways]
        scores = [score(tilt) for tilt in around]
        top = int(np.argmax(scores))
        if scores[top] > most:
            best, most = around[top], scores[top]
        ways = np.array([-0.5, 0.0, 0.5]) * (ways[1] - ways[0])
    if most < plain + _BETTER:
        return None
    side = 1.0 / (1.0 + np.abs(best).sum())
    rows, columns = even.shape[:2]
    return _seen(even, best, (int(side * rows), int(side * columns)))


def _repeats(match: np.ndarray) -> float:
    """How alike a picture is to itself moved by a quarter to a half of it, at best, across and up."""
    middle = np.array(match.shape) // 2
    found = []
    for field, (row, column) in ((match, middle), (match.T, middle[::-1])):
        size = column
        band = field[row - row // 8 : row + row // 8 + 1, column + size // 4 : column + size // 2]
        found.append(float(band.max() - band.min()))
    return float(np.mean(found))


def _seen(picture: np.ndarray, tilt: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The picture through a projective map that vanishes by `tilt` (x, y), its middle, of so many pixels."""
    from scipy.ndimage import map_coordinates

    rows, columns = picture.shape[:2]
    reach = 1.0 / (1.0 + np.abs(tilt).sum())
    v, u = np.meshgrid(np.linspace(-reach, reach, size[0]), np.linspace(-reach, reach, size[1]), indexing="ij")
    near = 1.0 + tilt[0] * u + tilt[1] * v
    y, x = 0.5 * (v / near + 1.0) * (rows - 1), 0.5 * (u / near + 1.0) * (columns - 1)
    layers = [map_coordinates(picture[..., k], [y, x], order=1, mode="nearest") for k in range(picture.shape[2])]
    return np.stack(layers, axis=-1)
