"""Skinning about centres of rotation: bones turn each vertex about a point of its own, so that limbs keep their girth.

Le and Hodgins, "Real-time Skeletal Skinning with Optimized Centers of Rotation" (SIGGRAPH 2016). It shows what a posed
body should look like; plain blend skinning with pose correctives then imitates it (body/building/correctives.py).
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from assets.mesh import face_areas
from body.model import PARENTS

# Vertices are alike when two bones share them alike (the paper's sigma); weights below LEAST say nothing.
ALIKE, LEAST = 0.1, 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Turned:
    """A surface turned by its bones: vertices [m] [n, 3], and how each vertex's surroundings turned, [n, 3, 3]."""

    vertices: np.ndarray
    turns: np.ndarray


def centres(surface: np.ndarray, faces: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Each vertex's centre of rotation [n, 3]: the middle of the surface that its bones share as they share it.

    A vertex of one bone only is its own centre: any would do.
    """
    shared, middle, area = weights[faces].mean(axis=1), surface[faces].mean(axis=1), face_areas(surface, faces)
    moment, mass = np.zeros(surface.shape), np.zeros(len(surface))
    mine, others = weights > LEAST, shared > LEAST
    for j in range(weights.shape[1]):
        for k in range(j + 1, weights.shape[1]):
            v, t = np.flatnonzero(mine[:, j] & mine[:, k]), np.flatnonzero(others[:, j] & others[:, k])
            if len(v) and len(t):
                one, two = np.outer(weights[v, j], shared[t, k]), np.outer(weights[v, k], shared[t, j])
                alike = one * two * np.exp(-(((one - two) / ALIKE) ** 2)) * area[t]
                moment[v] += alike @ middle[t]
                mass[v] += alike.sum(axis=1)
    return np.where(mass[:, None] > 0, moment / np.maximum(mass, 1e-30)[:, None], surface)


def turned(
    surface: np.ndarray,
    middle: np.ndarray,
    weights: np.ndarray,
    turn: np.ndarray,
    before: np.ndarray,
    after: np.ndarray,
) -> Turned:
    """The surface [n, 3] with centres `middle` [n, 3] when bones turn by `turn` [55, 3, 3] and joints go from `before`
    to `after` [55, 3]."""
    quaternion = Rotation.from_matrix(turn).as_quat()
    for joint, parent in enumerate(PARENTS):
        if parent >= 0 and quaternion[joint] @ quaternion[parent] < 0:
            quaternion[joint] *= -1
    own = Rotation.from_quat(weights @ quaternion).as_matrix()
    linear = (weights @ turn.reshape(-1, 9)).reshape(-1, 3, 3)
    moved = np.einsum("nab,nb->na", linear, middle) + weights @ (after - np.einsum("jab,jb->ja", turn, before))
    return Turned(np.einsum("nab,nb->na", own, surface - middle) + moved, own)
