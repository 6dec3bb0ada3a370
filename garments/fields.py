"""Smooth fields on cloth: values pinned here, harmonic elsewhere (cotangent Laplacian, Pinkall and Polthier 1993)."""

from typing import Any

import numpy as np

from assets.mesh import distinct
from garments.cloth import Cloth


class Flat:
    """Some faces of a cloth, with vertices of their own. Where a panel is sewn to itself a vertex counts twice, unless
    `sewn` (darts closed, panels joined). `vertices` [k] numbers in the cloth, `drawn` [k, 2] coordinates [m] as drawn
    (of one of the panels), `faces` [m, 3] local numbers, `corners` [m, 3, 2] drawn coordinates [m] of their corners."""

    def __init__(self, cloth: Cloth, mine: np.ndarray, sewn: bool = False) -> None:
        self.corners = cloth.drawn()[mine]
        corners, drawn = cloth.faces[mine].ravel(), self.corners.reshape(-1, 2)
        panel = np.repeat(cloth.panel[mine], 3)[:, None]
        key = np.concatenate([corners[:, None], panel, np.round(drawn * 1e6)], axis=1).astype(np.int64)
        first, inverse, _ = distinct(key[:, :1] if sewn else key)
        self.vertices = corners[first]
        self.drawn = drawn[first]
        self.faces = inverse.reshape(-1, 3)

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

    def field(self, pinned: np.ndarray, values: np.ndarray, slope: np.ndarray | None = None) -> np.ndarray:
        """The field that meets values at local vertices and elsewhere changes as near to `slope` [m, 2], of faces in
        their drawn frames, as it can: harmonic, but rising on past the last pin."""
        matrix = laplacian(self.faces, self.corners, len(self.vertices))
        return harmonic(matrix, pinned, values, None if slope is None else self._load(slope))

    def apart(self, sources: np.ndarray, vertices: np.ndarray) -> np.ndarray:
        """How far [m] cloth vertices lie along the flat cloth from the nearest source, about, [k]."""
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import dijkstra

        ends = np.concatenate([self.faces[:, [k, (k + 1) % 3]] for k in range(3)])
        lengths = np.concatenate(
            [np.linalg.norm(self.corners[:, k] - self.corners[:, (k + 1) % 3], axis=1) for k in range(3)]
        )
        first, _, _ = distinct(np.sort(ends, axis=1))
        graph = coo_matrix((lengths[first], tuple(ends[first].T)), (len(self.vertices),) * 2).tocsr()
        away = dijkstra(graph, False, indices=self.local(sources), min_only=True)
        order = np.argsort(self.vertices, kind="stable")
        return away[order[np.searchsorted(self.vertices[order], vertices)]]

    def slope(self, field: np.ndarray) -> np.ndarray:
        """The gradient of a field [k] on each face in its drawn frame, [m, 2]."""
        spokes, doubled = self._spokes()
        return np.einsum("fi,fij->fj", field[self.faces], spokes) / doubled[:, None]

    def _load(self, slope: np.ndarray) -> np.ndarray:
        spokes, doubled = self._spokes()
        share = 0.5 * np.sign(doubled)[:, None] * np.einsum("fij,fj->fi", spokes, slope)
        return np.bincount(self.faces.ravel(), share.ravel(), len(self.vertices))

    def _spokes(self) -> tuple[np.ndarray, np.ndarray]:
        """Gradients of the corners' hat functions times the doubled areas, [m, 3, 2], and these [m], below nothing
        where the cloth is turned over."""
        opposite = np.roll(self.corners, -2, axis=1) - np.roll(self.corners, -1, axis=1)
        spokes = np.stack([-opposite[..., 1], opposite[..., 0]], axis=-1)
        first, second = self.corners[:, 1] - self.corners[:, 0], self.corners[:, 2] - self.corners[:, 0]
        doubled = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
        return spokes, np.copysign(np.maximum(np.abs(doubled), 1e-12), doubled)


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


def harmonic(matrix: Any, pinned: np.ndarray, values: np.ndarray, load: np.ndarray | None = None) -> np.ndarray:
    """The field that meets `values` [p, d] or [p] at vertices `pinned` [p] and is harmonic elsewhere, or carries `load`
    [n] there, [n, d] or [n].

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
        pulled = -(rows[:, pinned] @ values) if load is None else load[free] - rows[:, pinned] @ values
        field[free] = splu(inner.tocsc()).solve(pulled)
    return field
