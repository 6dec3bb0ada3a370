"""Skin that settles over turned bones: as rigid as it can be, smooth, and enclosing the volume that it had.

As-rigid-as-possible surfaces (Sorkine and Alexa, SGP 2007) with smooth rotations (Levi and Gotsman, "Smooth Rotation
Enhanced As-Rigid-As-Possible Mesh Animation", TVCG 2015), held to a first guess where bones are near, under a pressure
that keeps the volume.
"""

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags
from scipy.sparse.linalg import splu

from assets.mesh import face_areas, vertex_normals, volume
from body.building.centres import Turned

# How strongly neighbours turn alike; over what length [m] the free skin is held to the first guess.
SMOOTH, LENGTH = 0.3, 0.05
STEPS = 30


class Skin:
    """A surface [n, 3] at rest, of which only the part that is `free` [n] (0..1) settles."""

    def __init__(self, surface: np.ndarray, faces: np.ndarray, free: np.ndarray) -> None:
        links = _cotangents(surface, faces)
        inside = free > 1e-3
        near = np.flatnonzero(inside | (links @ inside.astype(float) > 0))
        self._faces, self._near, self._volume = faces, near, volume(surface, faces)
        self._open, self._held = np.flatnonzero(inside[near]), np.flatnonzero(~inside[near])
        local = links[near][:, near].tocoo()
        self._i, self._j, self._w = local.row, local.col, local.data
        self._edge = surface[near[self._i]] - surface[near[self._j]]
        self._links = local.tocsr()
        self._degree = np.asarray(self._links.sum(axis=1)).ravel()
        count = np.arange(len(self._w))
        self._sum = csr_matrix((np.ones(len(count)), (self._i, count)), shape=(len(near), len(count)))
        self._size = self._sum @ (self._w * (self._edge**2).sum(axis=1))
        self._free = free[near]
        self._pull = _areas(surface, faces)[near] / LENGTH**2 * (1 / np.maximum(self._free, 1e-3) - 0.85)
        matrix = (diags(self._degree + self._pull) - self._links).tocsr()
        self._rim = matrix[self._open][:, self._held]
        self._solve = splu(matrix[self._open][:, self._open].tocsc()).solve

    def settle(self, guess: Turned) -> np.ndarray:
        """Where the skin comes to rest, [n, 3], starting from turned bones."""
        whole, pressure = guess.vertices.copy(), 0.0
        start, turns = whole[self._near], guess.turns[self._near]
        here = start
        for _ in range(STEPS):
            turns = self._turns(here, turns)
            along = 0.5 * self._w[:, None] * np.einsum("eab,eb->ea", turns[self._i] + turns[self._j], self._edge)
            force = self._sum @ along + self._pull[:, None] * start
            push = self._push(whole)
            yielding = self._solve(push[self._open])
            pressure += (self._volume - volume(whole, self._faces)) / max(
                float((push[self._open] * yielding).sum()), 1e-12
            )
            force = force + pressure * push
            here = here.copy()
            here[self._open] = self._solve(force[self._open] - self._rim @ here[self._held])
            whole[self._near] = here
        return whole

    def _turns(self, here: np.ndarray, before: np.ndarray) -> np.ndarray:
        """The rotation [v, 3, 3] that best takes each vertex's edges at rest to those now, like its neighbours'."""
        gap = here[self._i] - here[self._j]
        fitting = self._sum @ (self._w[:, None, None] * gap[:, :, None] * self._edge[:, None, :]).reshape(-1, 9)
        around = (self._links @ before.reshape(-1, 9)) / self._degree[:, None]
        u, _, vt = np.linalg.svd((fitting + SMOOTH * self._size[:, None] * around).reshape(-1, 3, 3))
        u[:, :, 2] *= np.linalg.det(u @ vt)[:, None]
        return u @ vt

    def _push(self, whole: np.ndarray) -> np.ndarray:
        """What a unit of pressure does to each vertex, [v, 3]: less where bones are near."""
        outward = vertex_normals(whole, self._faces)[self._near]
        return (self._free * _areas(whole, self._faces)[self._near])[:, None] * outward


def _areas(surface: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Each vertex's share of the area [m2], [n]."""
    return np.bincount(faces.ravel(), np.repeat(face_areas(surface, faces) / 3, 3), len(surface))


def _cotangents(surface: np.ndarray, faces: np.ndarray) -> csr_matrix:
    """Cotangent weights of the edges [n, n], kept positive."""
    rows, columns, values = [], [], []
    for k in range(3):
        a, b, c = (faces[:, (k + step) % 3] for step in range(3))
        u, v = surface[b] - surface[a], surface[c] - surface[a]
        rows.append(b)
        columns.append(c)
        values.append(0.5 * (u * v).sum(axis=1) / np.maximum(np.linalg.norm(np.cross(u, v), axis=1), 1e-12))
    half = coo_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(len(surface),) * 2
    )
    whole = (half + half.T).tocsr()
    whole.data = np.clip(whole.data, 0.05, 3.0)
    return whole
