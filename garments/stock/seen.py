"""What a garment looks like in a picture, as few numbers: its colours, its texture, its outline; and how near two are.

Colours are ten tenths of its area in L*a*b*, compared as earth movers do (Rubner, Tomasi and Guibas, IJCV 2000) by
CIEDE2000. Texture is the energy of oriented derivatives of Gaussians at three scales (after Manjunath and Ma, PAMI
1996). The outline is how wide it is at each height. All of it is measured against the garment's own size in the
picture. Nothing of a person is kept: what goes in is cloth.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.cluster.vq import kmeans2
from scipy.ndimage import binary_closing, binary_erosion, binary_fill_holes, gaussian_filter, label
from scipy.optimize import linear_sum_assignment

from assets.lab import difference, to_lab
from assets.mesh import frozen

SIDE = 256
"""The longer side of a garment in the picture that is looked at [pixels]."""
TENTHS, HEIGHTS = 10, 16
SCALES, ANGLES = (1.0, 2.0, 4.0), 4
SHADED = 2.0
"""How much less lightness counts than hue and chroma: a picture's exposure and shadows are not the cloth's."""
_SHADES, _FEWEST, _MOST = 5, 200, 4000
_LOUD = 1.1  # log energy from which on cloth is not plain
_CLOSED = 0.02  # of the picture's side: white stripes on white paper are of the cloth
_SEED = 7
_PAPER, _WHITISH, _NORM, _MOST_GAIN = 70.0, 18.0, 6, 1.5
_DIM, _CLOSE = 0.35, 11.0
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """`colours` [10, 3] L*a*b* of each tenth of the area; `texture` [3, 4] log energy by scale and by direction, across
    the stripes of which light changes (0 along x, then counter-clockwise by 45 degrees); `outline` [33]: height over
    greatest width (log), widths by height from the top as shares of it, and how much of each is cloth (legs leave a
    gap); None where nothing tells the outline."""

    colours: np.ndarray
    texture: np.ndarray
    outline: np.ndarray | None = None

    def __post_init__(self) -> None:
        for name in ("colours", "texture", "outline"):
            value = getattr(self, name)
            object.__setattr__(self, name, None if value is None else frozen(np.asarray(value, float)))

    @property
    def pattern(self) -> str:
        """plain, stripes across, stripes along or patterned (checks, dots, flowers)."""
        strongest = self.texture[int(np.argmax(self.texture.max(axis=1)))]
        if strongest.max() < _LOUD:
            return "plain"
        power = np.expm1(strongest)
        along, across = float(power[0]), float(power[2])
        if max(along, across) > 2.0 * min(along, across):
            return "stripes across" if across > along else "stripes along"
        return "patterned"


def look(pixels: np.ndarray, mask: np.ndarray, whole: bool = True) -> Look | None:
    """Of the cloth under `mask` [h, w] in sRGB pixels [h, w, 3] uint8; `whole`: the mask is the garment's outline. None
    where too little of it is there to tell."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if mask.sum() < _FEWEST:
        return None
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    pixels, mask = _resized(pixels[box], mask[box])
    lab = to_lab(_linear(pixels))
    return Look(_colours(lab[mask]), _texture(lab[..., 0], mask), _outline(mask) if whole else None)


def nearness(one: Look, two: Look) -> Mapping[str, float]:
    """From 0 to 1 by colour, texture and, where both have one, outline."""
    apart = difference(one.colours[:, None], two.colours[None], SHADED)
    moved = float(apart[linear_sum_assignment(apart)].mean())
    found = {
        "colour": math.exp(-moved / 15.0),
        "texture": math.exp(-1.5 * float(np.abs(one.texture - two.texture).mean())),
    }
    if one.outline is not None and two.outline is not None:
        off = np.abs(one.outline - two.outline)
        found["outline"] = math.exp(-2.0 * float(off[0]) - 4.0 * float(off[1:].mean()))
    return found


def cloth_of(pixels: np.ndarray) -> tuple[np.ndarray, bool]:
    """Where the cloth is in a picture of a thing [h, w]: what differs from an even background, else its middle; and
    whether that is the thing's outline."""
    height, width = pixels.shape[:2]
    small = np.asarray(pixels)[:: max(height // 400, 1), :: max(width // 400, 1)]
    lab = gaussian_filter(to_lab(_linear(small)), (1.0, 1.0, 0.0))
    edge = np.concatenate([lab[:3].reshape(-1, 3), lab[-3:].reshape(-1, 3), lab[:, :3].reshape(-1, 3),
                           lab[:, -3:].reshape(-1, 3)])  # fmt: skip
    paper = np.median(edge, axis=0)
    spread = np.linalg.norm(edge - paper, axis=1)
    even = float(np.quantile(spread, 0.9)) < 12.0
    found = np.linalg.norm(lab - paper, axis=2) > max(8.0, 1.5 * float(np.quantile(spread, 0.9)))
    closing = round(_CLOSED * max(found.shape))
    found = binary_fill_holes(binary_closing(np.pad(found, closing), iterations=max(closing, 1)))
    found = found[closing : closing + len(small), closing : closing + small.shape[1]]
    if not even or not 0.02 < float(found.mean()) < 0.98:
        y, x = np.mgrid[-1.0 : 1.0 : len(small) * 1j, -1.0 : 1.0 : small.shape[1] * 1j]
        found, even = (x / 0.45) ** 2 + (y / 0.55) ** 2 < 1.0, False
    rows = np.linspace(0, len(small) - 1, height).round().astype(int)
    columns = np.linspace(0, small.shape[1] - 1, width).round().astype(int)
    return found[rows][:, columns], even


def grown(pixels: np.ndarray, seed: np.ndarray, within: np.ndarray) -> np.ndarray | None:
    """The piece of cloth of which `seed` is a part, inside of `within` (all [h, w]): what has its colours and hangs
    together with it. None where nothing of it is left."""
    if seed.sum() < _FEWEST:
        return None
    lab = gaussian_filter(to_lab(_linear(pixels)), (1.0, 1.0, 0.0))
    shades = np.unique(_colours(lab[seed]).round(3), axis=0)
    off = (lab[:, :, None] - shades) * np.array([_DIM, 1.0, 1.0])
    close = within & (np.linalg.norm(off, axis=3).min(axis=2) < _CLOSE)
    pieces, _ = label(binary_closing(close, iterations=2))
    mine = np.unique(pieces[seed & (pieces > 0)], return_counts=True)
    if not len(mine[0]):
        return None
    return binary_fill_holes(pieces == mine[0][int(mine[1].argmax())])


def balanced(pixels: np.ndarray, cloth: np.ndarray) -> np.ndarray:
    """A picture as if its light were white: by an even, nearly white ground where there is one, else half way to what
    the brightest of all that is not cloth [h, w] would make white (Finlayson and Trezzi's shades of grey, 2004). sRGB
    uint8 in and out."""
    linear = _linear(pixels)
    ground = linear[~cloth]
    if len(ground) < _FEWEST:
        return pixels
    paper, spread = np.median(ground, axis=0), np.quantile(np.abs(ground - np.median(ground, axis=0)), 0.9)
    lightness, a, b = to_lab(paper)
    if lightness > _PAPER and math.hypot(a, b) < _WHITISH and spread < 0.12:
        light, share = paper, 1.0
    else:
        light, share = np.mean(ground**_NORM, axis=0) ** (1.0 / _NORM), 0.5
    light = np.maximum(light / max(float(light.mean()), 1e-6), 1e-3)
    gain = np.clip(light**-share, 1.0 / _MOST_GAIN, _MOST_GAIN)
    found = np.clip(linear * gain / float(gain @ _LUMINANCE), 0.0, 1.0)
    return (255.0 * _encoded(found) + 0.5).astype(np.uint8)


def _encoded(linear: np.ndarray) -> np.ndarray:
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055)


def _colours(lab: np.ndarray) -> np.ndarray:
    """Tenths of the area by the nearest of a few shades, the commonest first."""
    some = lab[:: max(len(lab) // _MOST, 1)]
    shades, mine = kmeans2(some, min(_SHADES, len(np.unique(some.round(1), axis=0))), minit="++", rng=_SEED)
    share = TENTHS * np.bincount(mine, minlength=len(shades)) / len(mine)
    count = np.floor(share).astype(int)
    for k in np.argsort(count - share, kind="stable")[: TENTHS - int(count.sum())]:
        count[k] += 1
    order = np.argsort(-count, kind="stable")
    return np.repeat(shades[order], count[order], axis=0)


def _texture(light: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Energy within the cloth, away from its edge, which is no texture."""
    core = binary_erosion(mask, iterations=3)
    mask = core if core.sum() >= _FEWEST else mask
    inside = np.where(mask, light, np.median(light[mask]))
    found = np.zeros((len(SCALES), ANGLES))
    for k, sigma in enumerate(SCALES):
        within = binary_erosion(mask, iterations=round(2 * sigma))
        within = within if within.sum() >= _FEWEST else mask
        down, right = (gaussian_filter(inside, sigma, order=order) for order in ((1, 0), (0, 1)))
        for j in range(ANGLES):
            angle = math.pi * j / ANGLES
            sloped = sigma * (math.cos(angle) * right - math.sin(angle) * down)[within]
            found[k, j] = math.sqrt(float(np.mean(sloped**2)))
    return np.log1p(found)


def _outline(mask: np.ndarray) -> np.ndarray:
    rows = mask[mask.any(axis=1)]
    wide = rows.shape[1] - np.argmax(rows, axis=1) - np.argmax(rows[:, ::-1], axis=1)
    most = max(float(np.quantile(wide, 0.98)), 1.0)
    bands = [float(part.mean()) for part in np.array_split(wide / most, HEIGHTS)]
    full = [float(part.mean()) for part in np.array_split(rows.sum(axis=1) / wide, HEIGHTS)]
    return np.array([math.log(len(mask) / most), *bands, *full])


def _resized(pixels: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from PIL import Image

    height, width = mask.shape
    scale = SIDE / max(height, width)
    size = max(round(scale * width), 8), max(round(scale * height), 8)
    image = Image.fromarray(np.ascontiguousarray(pixels)).resize(size, Image.Resampling.BOX)
    under = Image.fromarray(mask.astype(np.uint8) * 255).resize(size, Image.Resampling.BOX)
    return np.asarray(image), np.asarray(under) > 127


def _linear(pixels: np.ndarray) -> np.ndarray:
    share = np.asarray(pixels, float) / 255.0
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
