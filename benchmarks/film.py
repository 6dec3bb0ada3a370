"""Films of people who never were, for benchmarks and tests: our own bodies in coloured clothes, cut out and moved.

What the lens of a plain camera adds is added: noise in every pixel and a light that flickers a little.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from app.scenes.figure import figure
from body import poses
from body.model import BodyModel
from render.camera import Camera
from render.headless import snapshot
from render.scene import Light, Material, Scene, from_srgb

DISTANCE, EYE_LEVEL, AIM, FIELD_OF_VIEW = 3.3, 1.35, 0.87, np.radians(38.0)
WALL = (198, 197, 192)
ARMS = {"shoulder": (0, -2, -30), "elbow": (0, -10, 0)}
Colour = tuple[float, float, float]


def focal(height: int) -> float:
    """Of the camera [pixels] for pictures of that height."""
    return float(0.5 * height / np.tan(FIELD_OF_VIEW / 2))


def standing(turn: float, joints: dict[str, tuple[float, float, float]] | None = None) -> np.ndarray:
    """Arms held away from the trunk, turned by `turn` [degrees]; `joints` changes more (see body.poses)."""
    pose = np.array(poses.from_degrees(ARMS | (joints or {})))
    pose[0] = (0.0, np.radians(turn), 0.0)
    return pose


def cut_out(
    model: BodyModel, betas: np.ndarray, pose: np.ndarray, shirt: Colour, trousers: Colour, size: tuple[int, int]
) -> np.ndarray:
    """A person in coloured clothes before nothing, sRGB and alpha, uint8, [height, width, 4]; `size`: width, height."""
    body = model.body(betas, pose)
    tall = float(body.vertices[:, 1].max())
    items = []
    for item in figure(body):
        if item.name in ("body", "briefs", "band"):
            high = item.vertices[:, 1:2] / tall
            skin = from_srgb((0.86, 0.69, 0.60)) * np.ones((len(high), 1))
            dress = np.where(high > 0.54, from_srgb(shirt), from_srgb(trousers))
            covered = (high > 0.08) & (high < 0.82)
            colours = np.where(covered, dress, skin).astype(np.float32)
            item = replace(item, colours=colours, material=Material((1.0, 1.0, 1.0), roughness=0.9))
        items.append(item)
    scene = Scene(tuple(items), light=Light((-0.35, 0.75, 0.9), (0.55, 0.54, 0.52), 0.25), turntable=False)
    camera = Camera((0.0, EYE_LEVEL, DISTANCE), (0.0, AIM, 0.0), fov_y=float(FIELD_OF_VIEW))
    return snapshot(scene, camera, *size, samples=1, transparent=True)


def compose(
    people: Sequence[tuple[np.ndarray, int]], size: tuple[int, int], rng: np.random.Generator, noise: float = 4.0
) -> np.ndarray:
    """Cut-outs moved to the right by so many pixels, the last in front, before a wall: [height, width, 3] uint8."""
    width, height = size
    shade = np.linspace(1.02, 0.86, height)[:, None, None]
    picture = np.broadcast_to(np.array(WALL) * shade, (height, width, 3)).copy()
    for person, right in people:
        start, stop = max(right, 0), min(right + person.shape[1], width)
        if start < stop:
            part = person[:, start - right : stop - right].astype(float)
            alpha = part[..., 3:] / 255
            picture[:, start:stop] = picture[:, start:stop] * (1 - alpha) + part[..., :3] * alpha
    picture = picture * (1 + 0.01 * rng.standard_normal()) + noise * rng.standard_normal(picture.shape)
    return picture.clip(0, 255).astype(np.uint8)
