"""The light of a photo, guessed from what it shows: a key light and an even sky that shade a garment alike.

Skin is the probe. A diffuse surface under distant light reflects nearly a + b . n (the first two bands of its
harmonics: Basri & Jacobs 2003; Ramamoorthi & Hanrahan 2001), so that brightness of the face and hands over the fitted
body's normals gives b / a. An even sky A and one lamp D from direction d have a = A + D / 4 and b = d D / 2: read the
other way round, they are the light. Albedo and exposure cannot be told apart by one picture: how bright it all is
follows from the brightest parts of person and surroundings, taken for usual cloth and walls (white patch, at the 90th
percentile), and the tint of the light from the surroundings by shades of grey (Finlayson & Trezzi 2004), half believed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from render.scene import Light, Scene
from render.sky import Sky, Vector

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
WALL, CLOTH = 0.72, 0.42
"""Albedo of what is brightest in the surroundings and on a person."""
DIMMEST, BRIGHTEST = 0.03, 1.25
FEWEST = 60
"""Places of bare skin from which the direction is taken."""
LEANING = (0.2, 0.42)
"""|b| / a at least and at most: light indoors is never quite even, and harder light is rather a wrong normal."""
FROM_ABOVE = (1.25, 1.0, 0.7)
"""An even sky's share from above, from the side, and from the floor, which is darker than walls and ceilings."""
_EXPECTED, _EXPECTED_SD = np.array([0.0, 0.25, 0.08]), 0.08  # b / a, to the right, up, and back towards the eye
_SKIN_SD, _INDEPENDENT = 0.22, 60.0  # scatter of the skin's own brightness; places worth of evidence at most
_MINKOWSKI, _BELIEVED, _MOST_TINT = 6, 0.5, 1.25


@dataclass(frozen=True, slots=True, eq=False)
class PhotoLight:
    """The light of a photo, in the body's frame; `leaning`, |b| / a; `known`: whether skin told its direction."""

    light: Light
    sky: Sky
    leaning: float
    known: bool

    def on(self, scene: Scene) -> Scene:
        """The scene in this light, as a camera's picture has it."""
        return replace(scene, light=self.light, sky=self.sky, tone="none", turntable=False, ground=False)


def photo_light(
    linear: np.ndarray, mask: np.ndarray, skin: np.ndarray, normals: np.ndarray, axes: np.ndarray, stops: float = 0.0
) -> PhotoLight:
    """The light of a picture, linear RGB [h, w, 3], of a person where `mask` [h, w] is 1. `skin` [k, 3]: colours of
    bare skin, linear RGB, where the body has `normals` [k, 3]. `axes` [3, 3]: rows point to the camera's right, up and
    back. `stops`: how much brighter than guessed [f-stops]."""
    bright = linear @ LUMINANCE
    level = _level(bright, mask) * 2.0**stops
    tint = _tint(linear[mask < 0.1])
    lean, known = _lean(skin @ LUMINANCE, normals @ axes.T)
    size = float(np.clip(np.linalg.norm(lean), *LEANING))
    lean = lean * (size / max(float(np.linalg.norm(lean)), 1e-9))
    # a = 1: D = 2 |b|, A = 1 - |b| / 2; scaled so that what faces the lamp by half is as bright as the picture.
    lamp, even = 2.0 * size, 1.0 - 0.5 * size
    scale = level / (even + 0.5 * lamp)
    above, aside, below = (_vector(tint * even * scale * share) for share in FROM_ABOVE)
    return PhotoLight(
        Light(_vector(lean @ axes / size), _vector(tint * lamp * scale), 0.25),
        Sky(above, aside, below),
        size,
        known,
    )


def _level(bright: np.ndarray, mask: np.ndarray) -> float:
    """Irradiance / pi of what is lit, so that a white surface there is as bright as this."""
    told = []
    for part, albedo in ((bright[mask < 0.1], WALL), (bright[mask > 0.9], CLOTH)):
        if part.size > 100:
            told.append(np.log(max(float(np.percentile(part[:: max(part.size // 40000, 1)], 90)), 1e-3) / albedo))
    return float(np.clip(np.exp(np.mean(told)) if told else 0.8, DIMMEST, BRIGHTEST))


def _tint(surroundings: np.ndarray) -> np.ndarray:
    """The light's colour [3], of luminance 1."""
    seen = surroundings[:: max(len(surroundings) // 40000, 1)]
    seen = seen[(seen.max(axis=1, initial=0.0) < 0.97) & (seen.max(axis=1, initial=0.0) > 0.01)] if len(seen) else seen
    if len(seen) < 100:
        return np.ones(3)
    mean = (seen.astype(float) ** _MINKOWSKI).mean(axis=0) ** (1 / _MINKOWSKI)
    tint = (mean / (mean @ LUMINANCE)) ** _BELIEVED
    tint = np.clip(tint, 1 / _MOST_TINT, _MOST_TINT)
    return tint / (tint @ LUMINANCE)


def _lean(bright: np.ndarray, normals: np.ndarray) -> tuple[np.ndarray, bool]:
    """b / a [3] in the camera's axes, of brightness [k] over normals [k, 3]; whether skin told."""
    if len(bright) < FEWEST:
        return _EXPECTED, False
    usual = float(np.median(bright))
    good = (bright > 0.4 * usual) & (bright < 2.2 * usual)  # hair, glasses, and what shines, are no skin
    bright, table = bright[good] / usual, np.column_stack([np.ones(good.sum()), normals[good]])
    belief = np.diag([1e-6, *(np.full(3, _EXPECTED_SD**-2))])
    wanted = np.array([0.0, *_EXPECTED])
    found, weight = np.array([1.0, *_EXPECTED]), np.ones(len(bright))
    for _ in range(8):
        miss = bright - table @ found
        weight = 1 / (1 + (miss / _SKIN_SD) ** 2)
        told = min(_INDEPENDENT / len(bright), 1.0) / _SKIN_SD**2
        square = told * (table * weight[:, None]).T @ table + belief
        found = np.linalg.solve(square, told * (table * weight[:, None]).T @ bright + belief @ wanted * found[0])
    return found[1:] / max(found[0], 0.1), True


def _vector(values: Sequence[float] | np.ndarray) -> Vector:
    x, y, z = (float(value) for value in values)
    return x, y, z
