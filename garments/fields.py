"""Smooth fields on cloth: values pinned here, harmonic elsewhere (cotangent Laplacian, Pinkall and Polthier 1993)."""

from typing import Any

import numpy as np

from garments.cloth import Cloth


class Flat:
    """One panel, found by what it wraps, with vertices of its own. Where it is sewn to itself a vertex counts twice,
    unless `sewn` (darts closed). `vertices` [k] numbers in the cloth, `drawn` [k, 2] coordinates [m] as drawn, `faces`
    [m, 3] local numbers."""

    def __init__(self, cloth: Cloth, wraps: str, sewn: bool = False) -> None:
        mine = cloth.panel == cloth.wraps.index(wraps)
        corners, drawn = cloth.faces[mine].ravel(), cloth.drawn()[mine].reshape(-1, 2)
        key = np.concatenate([corners[:, None], np.round(drawn * (0.0 if sewn else 1e6))], axis=1).astype(np.int64)
        _, first, inverse = np.unique(key, axis=0, return_index=True, return_inverse=True)
        self.vertices = corners[first]
        self.drawn = drawn[first]
        self.faces = inverse.reshape(-1, 3)
        self.rest = cloth.rest[mine]

    def local(self, vertices: np.ndarray) -> np.ndarray:
        """Local numbers of all copies of cloth vertices."""
        return np.flatnonzero(np.isin(self.vertices, vertices))

    def only(self, vertices: np.ndarray) -> np.ndarray:
        """Those of the cloth vertices that this panel has."""
        return vertices[np.isin(vertices, self.vertices)]

    def of(self, vertices: np.ndarray) -> np.ndarray:
        """Drawn coordinates [m] of cloth vertices, [k, 2]; of a vertex with two copies, one of them."""
        order = np.argsort(self.vertices, kind="stable")
        return self.drawn[order[np.searchsorted(self.vertices[order], vertices)]]

    def field(self, pinned: np.ndarray, values: np.ndarray) -> np.ndarray:
        """The harmonic field on the panel that meets values at local vertices."""
        return harmonic(laplacian(self.faces, self.rest, len(self.vertices)), pinned, values)


def laplacian(faces: np.ndarray, rest: np.ndarray, count: int) -> Any:
    """Positive semi-definite cotangent Laplacian, sparse [count, count], of faces with flat corners [m, 3, 2]."""
    from scipy.sparse import coo_matrix, diags

    rows, columns, values = [], [], []
    for k in range(3):
        i, j = (k + 1) % 3, (k + 2) % 3
        first, second = rest[:, i] - rest[:, k], rest[:, j] - rest[:, k]
        sine = np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0])
        cotangent = np.clip((first * second).sum(axis=1) / np.maximum(sine, 1e-15), 0.02, 50.0)
        rows += [faces[:, i], faces[:, j]]
        columns += [faces[:, j], faces[:, i]]
        values += [0.5 * cotangent, 0.5 * cotangent]
    place = (np.concatenate(rows), np.concatenate(columns))
    weights = coo_matrix((np.concatenate(values), place), (count, count)).tocsr()
    return (diags(np.asarray(weights.sum(axis=1)).ravel()) - weights).tocsr()


def harmonic(matrix: Any, pinned: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The field that meets `values` [p, d] or [p] at vertices `pinned` [p] and is harmonic elsewhere, [n, d] or [n].

    Vertices that no pin reaches stay 0.
    """
    from scipy.sparse import identity
    from scipy.sparse.linalg import splu

    count = matrix.shape[0]
    field = np.zeros((count, *values.shape[1:]))
    field[pinned] = values
    free = np.setdiff1d(np.arange(count), pinned)
    if len(free):
        rows = matrix[free]
        inner = rows[:, free] + 1e-12 * identity(len(free))
        field[free] = splu(inner.tocsc()).solve(-(rows[:, pinned] @ values))
    return field
