"""FLIP: how different two pictures look to whoever switches between them (Andersson et al., "FLIP: A Difference
Evaluator for Alternating Images", 2020), for pictures of low dynamic range.

Written anew from the paper; it agrees with NVIDIA's own (flip-evaluator 1.7) to 1e-6. 0: the same; 1: black and white.
"""

import numpy as np
from scipy.ndimage import convolve1d

DENSITY = 0.7 * 3840 / 0.7 * np.pi / 180
"""Pixels a degree: a 4K screen of 0.7 m seen from 0.7 m."""
_TO_XYZ = np.array(
    [
        [10135552 / 24577794, 8788810 / 24577794, 4435075 / 24577794],
        [2613072 / 12288897, 8788810 / 12288897, 887015 / 12288897],
        [1425312 / 73733382, 8788810 / 73733382, 70074185 / 73733382],
    ]
)
"""Of linear sRGB."""
_WHITE = _TO_XYZ.sum(axis=1)
_SENSITIVE = ((1.0, 0.0047, 0.0, 1e-5), (1.0, 0.0053, 0.0, 1e-5), (34.1, 0.04, 13.5, 0.025))
"""How each of the eye's three channels answers to detail: the weights and widths [degrees] of two bells."""
_FEATURE = 0.082
"""The width of a line that counts [degrees]."""


def flip(one: np.ndarray, other: np.ndarray) -> float:
    """The mean FLIP of two pictures, sRGB 0..1 [h, w, 3]; 0..1."""
    apart = _colour(one, other) ** (1.0 - _feature(one, other))
    return float(apart.mean())


def _colour(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """What of the colours differs once the eye has blurred them [h, w], 0..1."""
    here, there = (_hunt(_lab(np.clip(_blurred(_opponent(each)), 0.0, 1.0))) for each in (one, other))
    green, blue = (_hunt(_lab(np.array([[colour]]))) for colour in ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0)))
    most = float(_hyab(green, blue)[0, 0]) ** 0.7
    found, knee = _hyab(here, there) ** 0.7, 0.4 * most
    return np.where(found < knee, 0.95 / knee * found, 0.95 + 0.05 * (found - knee) / (most - knee))


def _feature(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """What of lines and points differs [h, w], 0..1."""
    sd = 0.5 * _FEATURE * DENSITY
    x = np.arange(-np.ceil(3 * sd), np.ceil(3 * sd) + 1)
    bell = np.exp(-(x**2) / (2 * sd**2))
    kinds = (_balanced(-x * bell, bell), _balanced((x**2 / sd**2 - 1) * bell, bell))
    sizes = [
        [np.hypot(_along(light, across, 1, even), _along(light, across, 0, even)) for across, even in kinds]
        for light in ((_opponent(each)[..., 0] + 16) / 116 for each in (one, other))
    ]
    apart = np.maximum(*(np.abs(here - there) for here, there in zip(*sizes, strict=True)))
    return np.clip(np.sqrt(apart / np.sqrt(2)), 0.0, 1.0)


def _balanced(across: np.ndarray, bell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A detector across a line whose light and dark sides weigh 1 each, and the bell along the line."""
    light, dark = across[across > 0].sum(), -across[across < 0].sum()
    return np.where(across > 0, across / light, across / dark), bell / bell.sum()


def _along(light: np.ndarray, across: np.ndarray, axis: int, even: np.ndarray) -> np.ndarray:
    turned = convolve1d(light, across[::-1], axis=axis, mode="nearest")
    return convolve1d(turned, even, axis=1 - axis, mode="nearest")


def _blurred(seen: np.ndarray) -> np.ndarray:
    """Opponent colours as the eye blurs them, as linear RGB."""
    widest = max(width for _, one, _, two in _SENSITIVE for width in (one, two))
    radius = np.ceil(3 * np.sqrt(widest / (2 * np.pi**2)) * DENSITY)
    away = np.arange(-radius, radius + 1) / DENSITY
    channels = []
    for k, (weight, width, weight_2, width_2) in enumerate(_SENSITIVE):
        told = ((weight, width), (weight_2, width_2))
        bells = [(w * np.sqrt(np.pi / b), np.exp(-(np.pi**2) * away**2 / b)) for w, b in told if w]
        whole = sum(height * bell.sum() ** 2 for height, bell in bells)
        channels.append(
            sum(
                height / whole * convolve1d(convolve1d(seen[..., k], bell, axis=0, mode="nearest"), bell, axis=1,
                                            mode="nearest")
                for height, bell in bells
            )
        )  # fmt: skip
    y, x, z = channels
    light = (y + 16) / 116
    xyz = np.stack([light + x / 500, light, light - z / 200], axis=-1) * _WHITE
    return xyz @ np.linalg.inv(_TO_XYZ).T


def _opponent(picture: np.ndarray) -> np.ndarray:
    """YCxCz of sRGB 0..1."""
    linear = np.where(picture <= 0.04045, picture / 12.92, ((picture + 0.055) / 1.055) ** 2.4)
    x, y, z = np.moveaxis(linear @ _TO_XYZ.T / _WHITE, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def _lab(linear: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear RGB 0..1."""
    share = linear @ _TO_XYZ.T / _WHITE
    x, y, z = np.moveaxis(np.where(share > (6 / 29) ** 3, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29), -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def _hunt(lab: np.ndarray) -> np.ndarray:
    """Colours that seem less colourful where it is dark."""
    return np.concatenate([lab[..., :1], 0.01 * lab[..., :1] * lab[..., 1:]], axis=-1)


def _hyab(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    apart = one - other
    return np.abs(apart[..., 0]) + np.hypot(apart[..., 1], apart[..., 2])
