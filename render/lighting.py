"""Which lamps a picture is lit by, as numbers: shadow frusta, samples of the sun's disc, the sky and a pixel.

A still picture is the mean of many plain ones, each with another point of the sun's disc, a few directions of the sky
and another place in the pixel (Haeberli & Akeley, "The Accumulation Buffer", SIGGRAPH 1990). Samples follow additive
low-discrepancy sequences (Roberts 2018), so that every first part of them is already even, and they are the same
each time.
"""

from dataclasses import dataclass
from functools import cache
from math import gcd

import numpy as np

from render.camera import Camera
from render.scene import Light, Scene
from render.sky import Sky, turned, unit

Box = tuple[np.ndarray, np.ndarray]
_PLASTIC = 1.32471795724  # the plastic number: two sequences with its powers fill the square evenly


@dataclass(frozen=True, slots=True, eq=False)
class Lamps:
    """Directional lamps: unit directions towards them [k, 3], irradiance / pi [k, 3], world to shadow clip space
    [k, 4, 4], size of a shadow texel [m] [k]. The first is the key light."""

    directions: np.ndarray
    colours: np.ndarray
    matrices: np.ndarray
    texels: np.ndarray


def rig(scene: Scene, camera: Camera) -> tuple[Light, Sky, float]:
    """The scene's light and sky as they stand for this camera, and how far they were turned [rad]."""
    angle = camera.azimuth if scene.turntable else 0.0
    light = Light(turned(unit(scene.light.direction), angle), scene.light.colour, scene.light.radius)
    return light, scene.sky.turned(angle), angle


def lamps(
    scene: Scene, camera: Camera, box: Box, texture: int, sample: int | None = None, count: int = 1, sky: int = 0
) -> Lamps:
    """The key light alone, or for frame `sample` of `count` a point of its disc and `sky` directions of the sky.

    Shadows reach all that is inside `box` (low and high corner [m]); `texture` is the side of the key light's shadow
    map in texels. Each sample of the sky has a map of half of that: what many of them add up to is soft.
    """
    light, _, angle = rig(scene, camera)
    key = np.asarray(light.direction) if sample is None else disc(light, count)[sample]
    directions, colours = key[None], np.asarray(light.colour)[None]
    if sample is not None and sky:
        around, arriving = sky_samples(scene.sky, count * sky)
        chosen = slice(sample * sky, (sample + 1) * sky)
        around = np.array([turned(direction, angle) for direction in around[chosen]])
        directions = np.concatenate([directions, around])
        colours = np.concatenate([colours, arriving[chosen] * count])
    sizes = [texture, *[texture // 2] * (len(directions) - 1)]
    fitted = [shadow_frustum(direction, *box, size) for direction, size in zip(directions, sizes, strict=True)]
    matrices = np.stack([matrix for matrix, _ in fitted])
    return Lamps(directions, colours, matrices, np.array([texel for _, texel in fitted]))


def shadow_frustum(direction: np.ndarray, low: np.ndarray, high: np.ndarray, texture: int) -> tuple[np.ndarray, float]:
    """World to clip space [4, 4] of a lamp that sees the whole box, and the size of its larger texel [m]."""
    back = np.asarray(direction, float)
    side = np.cross((0.0, 1.0, 0.0) if abs(back[1]) < 0.95 else (0.0, 0.0, 1.0), back)
    side /= np.linalg.norm(side)
    axes = np.stack([side, np.cross(back, side), back])
    half = np.abs(axes) @ (high - low) / 2 + 0.02
    matrix = np.eye(4)
    matrix[:3, :3] = axes / half[:, None]
    matrix[:3, 3] = -matrix[:3, :3] @ ((low + high) / 2)
    matrix[2] *= -1
    return matrix, float(2 * half[:2].max() / texture)


def shadow_on_floor(box: Box, direction: np.ndarray) -> Box:
    """The rectangle on y = 0 that the box's shadow touches, as low and high corner [3]; all of it below a low lamp."""
    low, high = box
    slant = np.asarray(direction, float) / max(float(direction[1]), 0.05)
    away = -slant * max(float(high[1]), 0.0)
    level = np.array([1.0, 0.0, 1.0])
    return np.minimum(low, low + away) * level, np.maximum(high, high + away) * level


def disc(light: Light, count: int) -> np.ndarray:
    """`count` unit directions spread evenly over the light's disc, [count, 3]."""
    back = np.asarray(unit(light.direction))
    side = np.cross((0.0, 1.0, 0.0) if abs(back[1]) < 0.95 else (0.0, 0.0, 1.0), back)
    side /= np.linalg.norm(side)
    square = _even(count)
    radius = np.tan(light.radius) * np.sqrt(square[:, :1])
    turn = 2 * np.pi * square[:, 1:]
    spread = back + radius * (np.cos(turn) * side + np.sin(turn) * np.cross(back, side))
    return spread / np.linalg.norm(spread, axis=1, keepdims=True)


def jitter(count: int) -> np.ndarray:
    """Places within and round a pixel for each frame, in pixels from its centre, tent-distributed, [count, 2]."""
    square = _even(count) * 2 - 1
    return np.sign(square) * (1 - np.sqrt(1 - np.abs(square)))


def on_lens(camera: Camera, count: int) -> np.ndarray:
    """Points spread evenly over the lens' opening, one a frame, [m] to the right and up, [count, 2]."""
    square = _even(count)
    radius, turn = camera.aperture * np.sqrt(square[:, 0]), 2 * np.pi * square[:, 1]
    return np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=1)


def threads(sample: int, count: int) -> tuple[float, float]:
    """A point of a lattice of `count` points that fills the unit square: which threads of sheer cloth a frame meets."""
    step = next(k for k in range(round(0.618 * count), 2 * count + 2) if gcd(k, count) == 1)
    return sample / count, sample * step % count / count


def through_lens(place: np.ndarray, focus: float) -> np.ndarray:
    """Eye space seen from a place on the lens [m] [2]: moved against it, and sheared so that what lies at the distance
    `focus` [m] stays where it is, [4, 4]."""
    matrix = np.eye(4)
    matrix[:2, 3] = -place
    matrix[:2, 2] = -place / focus
    return matrix


@cache
def sky_samples(sky: Sky, count: int) -> tuple[np.ndarray, np.ndarray]:
    """`count` unit directions chosen by the sky's brightness [count, 3], and irradiance / pi of each [count, 3]."""
    rows, columns = 48, 96
    height = 1 - 2 * (np.arange(rows) + 0.5) / rows
    turn = 2 * np.pi * (np.arange(columns) + 0.5) / columns
    level = np.sqrt(1 - height**2)[:, None]
    grid = np.stack(np.broadcast_arrays(level * np.sin(turn), height[:, None], level * np.cos(turn)), -1).reshape(-1, 3)
    bright = sky.radiance(grid) @ (0.2126, 0.7152, 0.0722) + 1e-6
    share = (0.8 * bright / bright.sum() + 0.2 / bright.size).reshape(rows, columns)
    square = _even(count)
    row_sum = np.cumsum(share.sum(axis=1))
    row = np.minimum(np.searchsorted(row_sum, square[:, 0] * row_sum[-1]), rows - 1)
    along = np.cumsum(share[row], axis=1)
    column = np.minimum((along < square[:, 1:] * along[:, -1:]).sum(axis=1), columns - 1)
    cell = row * columns + column
    density = share.ravel()[cell] * rows * columns / (4 * np.pi)
    return grid[cell], sky.radiance(grid[cell]) / (density * np.pi * count)[:, None]


@cache
def sheen_table(size: int = 16) -> np.ndarray:
    """Directional albedo of Charlie sheen with Neubelt's visibility, float32 [roughness, cosine to the eye].

    What the fibres send back of uniform light (Estevez & Kulla, "Production Friendly Microfacet Sheen BRDF", 2017).
    """
    centres = (np.arange(size) + 0.5) / size
    cosine, turn = np.meshgrid(
        np.linspace(0.0, 1.0, 48)[:-1] + 1 / 94, (np.arange(32) + 0.5) * np.pi / 32, indexing="ij"
    )
    light = np.stack([np.sqrt(1 - cosine**2) * np.cos(turn), np.sqrt(1 - cosine**2) * np.sin(turn), cosine], -1)
    table = np.empty((size, size), np.float32)
    for column, nv in enumerate(centres):
        halfway = light + np.array([np.sqrt(1 - nv * nv), 0.0, nv])
        nh = halfway[..., 2] / np.linalg.norm(halfway, axis=-1)
        sine = np.maximum(1 - nh * nh, 1 / 128)
        visibility = cosine / (4 * (cosine + nv - cosine * nv))
        for row, roughness in enumerate(np.maximum(centres, 0.07)):
            fibres = (2 + 1 / roughness) * sine ** (0.5 / roughness) / 2
            table[row, column] = 2 * (fibres * visibility).mean()
    table.flags.writeable = False
    return table


@cache
def _even(count: int) -> np.ndarray:
    """Points that fill the unit square evenly, [count, 2]."""
    steps = 1 / _PLASTIC ** np.arange(1, 3)
    return (0.5 + np.arange(1, count + 1)[:, None] * steps) % 1.0
