"""Colours as eyes compare them: CIE L*a*b* (1976) under D65, from and to linear sRGB, and how far apart two are.

Equal steps in Lab look about equally large, which is why palettes and swatch books are written in it. The matrices are
those of IEC 61966-2-1; differences are CIEDE2000 (Sharma, Wu and Dalal 2005).
"""

import numpy as np

_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = _TO_XYZ.sum(axis=1)
_EDGE, _SLOPE = 216 / 24389, 24389 / 27
_FAR = 25.0**7


def to_lab(linear: np.ndarray) -> np.ndarray:
    """L*, a*, b* of linear sRGB colours [..., 3]."""
    ratio = np.asarray(linear, float) @ _TO_XYZ.T / _WHITE
    x, y, z = np.moveaxis(np.where(ratio > _EDGE, np.cbrt(ratio), (_SLOPE * ratio + 16.0) / 116.0), -1, 0)
    return np.stack([116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)], axis=-1)


def from_lab(lab: np.ndarray) -> np.ndarray:
    """Linear sRGB [..., 3] of L*, a*, b*; outside 0..1 where no screen shows it."""
    lightness, a, b = np.moveaxis(np.asarray(lab, float), -1, 0)
    y = (lightness + 16.0) / 116.0
    root = np.stack([y + a / 500.0, y, y - b / 200.0], axis=-1)
    ratio = np.where(root**3 > _EDGE, root**3, (116.0 * root - 16.0) / _SLOPE)
    return (ratio * _WHITE) @ np.linalg.inv(_TO_XYZ).T


def difference(one: np.ndarray, two: np.ndarray, shading: float = 1.0) -> np.ndarray:
    """CIEDE2000 between Lab colours [..., 3]; about 1 is just seen. `shading`: its factor kL, how much less lightness
    counts (2 for cloth that is lit unevenly, as the textile trade has it)."""
    (l1, a1, b1), (l2, a2, b2) = (np.moveaxis(np.asarray(lab, float), -1, 0) for lab in np.broadcast_arrays(one, two))
    c7 = (0.5 * (np.hypot(a1, b1) + np.hypot(a2, b2))) ** 7
    grey = 1.5 - 0.5 * np.sqrt(c7 / (c7 + _FAR))
    a1, a2 = a1 * grey, a2 * grey
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.arctan2(b1, a1) % (2 * np.pi), np.arctan2(b2, a2) % (2 * np.pi)
    coloured = c1 * c2 > 0.0
    turn = np.where(coloured, (h2 - h1 + np.pi) % (2 * np.pi) - np.pi, 0.0)
    hue = 2.0 * np.sqrt(c1 * c2) * np.sin(0.5 * turn)
    middle = np.where(coloured, (h1 + 0.5 * turn) % (2 * np.pi), h1 + h2)
    lightness, chroma = 0.5 * (l1 + l2), 0.5 * (c1 + c2)
    weight = (
        1.0
        - 0.17 * np.cos(middle - np.radians(30.0))
        + 0.24 * np.cos(2.0 * middle)
        + 0.32 * np.cos(3.0 * middle + np.radians(6.0))
        - 0.20 * np.cos(4.0 * middle - np.radians(63.0))
    )
    away = (lightness - 50.0) ** 2
    light = (l2 - l1) / (shading * (1.0 + 0.015 * away / np.sqrt(20.0 + away)))
    strong = (c2 - c1) / (1.0 + 0.045 * chroma)
    round_ = hue / (1.0 + 0.015 * chroma * weight)
    blue = np.radians(30.0) * np.exp(-(((np.degrees(middle) - 275.0) / 25.0) ** 2))
    chroma7 = chroma**7
    tilt = -np.sin(2.0 * blue) * 2.0 * np.sqrt(chroma7 / (chroma7 + _FAR))
    return np.sqrt(np.maximum(light**2 + strong**2 + round_**2 + tilt * strong * round_, 0.0))
