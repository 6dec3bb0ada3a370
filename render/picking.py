"""What lies under a pixel, by a ray on the processor: no waiting for the GPU, and the same answer without one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from render.camera import View
from render.scene import Item, Scene


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """The item's and the face's number, barycentric coordinates in it [3], the place and its distance [m]."""

    item: int
    face: int
    barycentric: np.ndarray
    position: np.ndarray
    distance: float


def pick(scene: Scene, views: Sequence[View], x: float, y: float) -> Hit | None:
    """The nearest drawn surface at pixel position (x, y) of a picture made of `views`; None on the background."""
    for view in views:
        left, top = x - view.left, y - view.top
        if 0 <= left < view.width and 0 <= top < view.height:
            origin, direction = view.camera.ray(left, top, view.width, view.height)
            return cast(view.scene or scene, origin, direction)
    return None


def cast(scene: Scene, origin: np.ndarray, direction: np.ndarray) -> Hit | None:
    """The first surface that a ray meets; faces that are not drawn from behind are not met from behind."""
    hits = [_nearest(number, item, origin, direction) for number, item in enumerate(scene.items)]
    return min((hit for hit in hits if hit is not None), key=lambda hit: hit.distance, default=None)


def _nearest(number: int, item: Item, origin: np.ndarray, direction: np.ndarray) -> Hit | None:
    """Moeller & Trumbore, "Fast, Minimum Storage Ray/Triangle Intersection" (1997), on all faces near the ray."""
    relative: np.ndarray = item.vertices - origin.astype(np.float32)
    # A face is met only if its corners lie on both sides of the ray, seen along it from two sides.
    near = np.ones(len(item.faces), bool)
    for side in np.linalg.svd(direction[None])[2][1:]:
        aside = relative @ side.astype(np.float32) > 0
        a, b, c = aside[item.faces.T]
        near &= (a != b) | (b != c)
    near = np.nonzero(near)[0]
    if not len(near):
        return None
    a, b, c = (relative[item.faces[near, k]].astype(float) for k in range(3))
    ab: np.ndarray = b - a
    ac: np.ndarray = c - a
    across = np.cross(direction, ac)
    volume = np.einsum("ij,ij->i", ab, across)
    with np.errstate(divide="ignore", invalid="ignore"):
        u = np.einsum("ij,ij->i", -a, across) / volume
        turned = np.cross(-a, ab)
        v = turned @ direction / volume
        distance = np.einsum("ij,ij->i", ac, turned) / volume
    facing = np.abs(volume) > 1e-18 if item.material.double_sided else volume > 1e-18
    met = facing & (u >= 0) & (v >= 0) & (u + v <= 1) & (distance > 0)
    if not met.any():
        return None
    best = np.nonzero(met)[0][np.argmin(distance[met])]
    weights = np.array([1 - u[best] - v[best], u[best], v[best]])
    return Hit(number, int(near[best]), weights, origin + direction * distance[best], float(distance[best]))
