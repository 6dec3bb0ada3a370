"""A picture that repeats, in all the sizes that it is seen in.

Drivers make the smaller ones of pictures that are not a power of two by leaving pixels out, which shows as moire and,
far off, as the colour of one pixel. Here each is the mean light of the four pixels that it stands for.
"""

import numpy as np


def pyramid(pixels: np.ndarray) -> list[np.ndarray]:
    """A picture, sRGB uint8 [h, w, 3], resampled to powers of two as it goes on over its edges, and its halves down to
    one pixel."""
    sides = [1 << max(int(np.ceil(np.log2(side) - 0.01)), 0) for side in pixels.shape[:2]]
    linear = _DECODED[pixels]
    for axis, side in enumerate(sides):
        linear = _resampled(linear, axis, side)
    levels = [linear]
    while max(linear.shape[:2]) > 1:
        for axis in (0, 1):
            if linear.shape[axis] > 1:
                even, odd = (np.take(linear, range(k, linear.shape[axis], 2), axis) for k in (0, 1))
                linear = 0.5 * (even + odd)
        levels.append(linear)
    return [_encoded(level) for level in levels]


def _resampled(linear: np.ndarray, axis: int, side: int) -> np.ndarray:
    size = linear.shape[axis]
    if size == side:
        return linear
    at = (np.arange(side) + 0.5) * size / side - 0.5
    low = np.floor(at).astype(int)
    share = (at - low).reshape(-1, *[1] * (linear.ndim - 1 - axis)).astype(np.float32)
    before, after = (np.take(linear, (low + k) % size, axis) for k in (0, 1))
    return (1.0 - share) * before + share * after


def _encoded(linear: np.ndarray) -> np.ndarray:
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 0.0) ** (1 / 2.4) - 0.055)
    return np.round(255 * np.clip(encoded, 0.0, 1.0)).astype(np.uint8)


_STEPS = np.arange(256) / 255.0
_DECODED = np.where(_STEPS <= 0.04045, _STEPS / 12.92, ((_STEPS + 0.055) / 1.055) ** 2.4).astype(np.float32)
