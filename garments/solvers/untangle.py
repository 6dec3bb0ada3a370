"""Cloth that passes through itself, drawn back out: a start for the solver, whose continuous check then keeps it so.

Cut along the edges that pierce faces, cloth falls into regions. Small regions are on the wrong side: they go back
through the faces that parted them from the rest (global intersection analysis: Baraff, Witkin and Kass 2003). Elsewhere
each piercing edge moves so that the line where faces meet gets shorter (contour minimisation: Volino and
Magnenat-Thalmann 2006). Neither needs a history or a notion of inside, and both work for open cloth. What cannot be
parted so, as two garments wrapped through each other, is told.
"""

from collections.abc import Callable

import numpy as np
from numba import njit

from garments.solvers.membrane import MATH
from garments.solvers.proximity import crossings, dot

ROUNDS, STUCK = 120, 40
STRIDES = (0.12, 0.24, 0.06)
"""The longest move of a round, as a share of a median edge. What is left after so many rounds, or when so many leave
as many crossings, is stuck, and comes free in longer steps, or in shorter ones."""
PULL = 0.3
"""The share of its strain that an edge gives up in a round."""
STEEPEST = 0.2
"""An edge that runs along a face shortens the line without bound: its slope on the face counts as this at least."""


def untangled(
    x: np.ndarray, faces: np.ndarray, edges: np.ndarray, tick: Callable[[], None] = lambda: None
) -> tuple[np.ndarray, np.ndarray]:
    """Positions [m] [n, 3] near x where no edge passes through a face, and the crossings that are left, edges and faces
    [k, 2]: none where it succeeded. `tick` is called in every round and may raise Cancelled."""
    met = crossings(x, faces, edges)
    if not len(met):
        return x, met
    x = x.copy()
    beside, lengths = _beside(faces, edges), np.linalg.norm(x[edges[:, 0]] - x[edges[:, 1]], axis=1)
    valence = np.maximum(np.bincount(edges.ravel(), minlength=len(x)), 1)[:, None]
    middle = float(np.median(lengths))
    for stride in np.array(STRIDES) * middle:
        fewest, fell = len(met), 0
        for number in range(ROUNDS):
            if not len(met) or number - fell > STUCK:
                break
            tick()
            moves, count = np.zeros_like(x), np.zeros(len(x))
            away, region = _away(x, faces, edges, met)
            _shorten(x, faces, edges, beside, met, region, moves, count)
            x += stride * (moves / np.maximum(count, 1.0)[:, None] + away)
            x += _pulled(x, edges, lengths) / valence
            met = crossings(x, faces, edges)
            if len(met) < fewest:
                fewest, fell = len(met), number
    return x, met


def _away(x: np.ndarray, faces: np.ndarray, edges: np.ndarray, met: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Unit moves [n, 3] of regions on the wrong side, back through the nearest face that parts them from the rest; and
    the number of the region of each vertex [n], -1 where it may stay."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    cut = np.zeros(len(edges), bool)
    cut[met[:, 0]] = True

    def parts(kept: np.ndarray) -> np.ndarray:
        graph = coo_matrix((np.ones(len(kept), np.int8), kept.T), (len(x), len(x)))
        return connected_components(graph, directed=False)[1]

    piece, region = parts(edges), parts(edges[~cut])
    size = np.bincount(region)
    # Of the regions of both sheets that meet along a line the smallest goes back, never the largest of a piece.
    own, other = size[region[edges[met[:, 0]]]], size[region[faces[met[:, 1]]]]
    split = other.min(axis=1) < other.max(axis=1)
    gives = (own[:, 0] != own[:, 1]) & (~split | (own.min(axis=1) <= other.min(axis=1)))
    lesser = region[edges[met[:, 0], own.argmin(axis=1)]]
    for_, against = (np.bincount(lesser[which], minlength=len(size)) for which in (gives, ~gives))
    largest = np.zeros(piece.max() + 1, int)
    np.maximum.at(largest, piece, size[region])
    region = np.where((for_ > against)[region] & (size[region] < largest[piece]), region, -1)
    ends = region[edges[met[:, 0]]]
    out = np.flatnonzero((ends[:, 0] >= 0) != (ends[:, 1] >= 0))
    corners = x[faces[met[out, 1]]]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-15)
    outside = edges[met[out, 0], np.where(ends[out, 0] >= 0, 1, 0)]
    side = np.einsum("ij,ij->i", x[outside] - corners[:, 0], normal)
    way = np.where(side >= 0.0, 1.0, -1.0)[:, None] * normal
    moves, own = np.zeros_like(x), ends[out].max(axis=1)
    for number in np.unique(own):
        mine, lost = np.flatnonzero(own == number), np.flatnonzero(region == number)
        nearest = cKDTree(corners[mine].mean(axis=1)).query(x[lost], min(4, len(mine)))[1].reshape(len(lost), -1)
        mean = way[mine][nearest].mean(axis=1)
        moves[lost] = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 0.3)
    return moves, region


def _pulled(x: np.ndarray, edges: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Moves [m] [n, 3] towards the edges' lengths [m], summed over the edges of each vertex."""
    span = x[edges[:, 1]] - x[edges[:, 0]]
    size = np.linalg.norm(span, axis=1)
    change = (PULL * (size - lengths) / np.maximum(size, 1e-12))[:, None] * span
    ends, moves = np.concatenate([edges[:, 0], edges[:, 1]]), np.concatenate([change, -change])
    return np.stack([np.bincount(ends, moves[:, k], len(x)) for k in range(3)], axis=1)


def _beside(faces: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The vertices opposite each edge in the faces beside it, [k, 2]; -1 where there is none, or a third."""
    count = int(faces.max()) + 1
    pairs = np.sort(faces[:, [[1, 2], [2, 0], [0, 1]]].reshape(-1, 2), axis=1).astype(np.int64)
    keys, own = pairs[:, 0] * count + pairs[:, 1], np.sort(edges, axis=1).astype(np.int64)
    order = np.argsort(keys, kind="stable")
    first = np.searchsorted(keys[order], own[:, 0] * count + own[:, 1])
    found = np.full((len(edges), 2), -1)
    for k in range(2):
        at = np.minimum(first + k, len(order) - 1)
        same = keys[order[at]] == own[:, 0] * count + own[:, 1]
        found[same, k] = faces.ravel()[order[at[same]]]
    return found


@njit(cache=True, fastmath=MATH)
def _shorten(x, faces, edges, beside, met, region, moves, count):
    """Add unit moves that shorten the line where faces meet, of each crossing's edge one way and its face the other,
    where no region is on its way back."""
    for t in range(len(met)):
        a, b = edges[met[t, 0], 0], edges[met[t, 0], 1]
        if (region[a] >= 0) != (region[b] >= 0):
            continue
        i, j, k = faces[met[t, 1], 0], faces[met[t, 1], 1], faces[met[t, 1], 2]
        normal = np.cross(x[j] - x[i], x[k] - x[i])
        normal /= max(np.sqrt(dot(normal, normal)), 1e-15)
        edge = x[b] - x[a]
        edge /= max(np.sqrt(dot(edge, edge)), 1e-15)
        steep = dot(edge, normal)
        steep = max(steep, STEEPEST) if steep >= 0.0 else min(steep, -STEEPEST)
        way = np.zeros(3)
        for side in range(2):
            if beside[met[t, 0], side] < 0:
                continue
            inward = x[beside[met[t, 0], side]] - x[a]
            along = np.cross(normal, np.cross(edge, inward))
            size = np.sqrt(dot(along, along))
            if size < 1e-12:
                continue
            across = inward - dot(inward, edge) * edge
            along *= (1.0 if dot(along, across) > 0.0 else -1.0) / size
            way += along - (2.0 * dot(edge, along) / steep) * normal
        size = np.sqrt(dot(way, way))
        if size < 1e-9:
            continue
        way /= size
        for corner in (a, b):
            count[corner] += 1.0
            moves[corner] += 0.5 * way
        for corner in (i, j, k):
            count[corner] += 1.0
            moves[corner] -= 0.5 * way
