"""Panels that a file leaves apart by a hair, sewn together along their rims.

Programs export panels unwelded, each a little short of its seam, or rounded each for itself. What is wanted is told by
the rims: two run beside each other, point by point, much closer than their points stand. First the rims of different
pieces are joined; by how far those were apart it is known what to join of a single one, such as the underarm of a
sleeve, and that a slit or a front opening is to stay.
"""

from collections import defaultdict

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

APART = 0.006
"""Rims further apart than this share of the garment's extent are none of one seam."""
_CLOSER = 0.4
_ALIKE = 1.5


def joined(vertices: np.ndarray, faces: np.ndarray, notes: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Vertices [n, 3] and faces [m, 3] with what is one seam sewn, its points half way; `notes` gets a sentence."""
    extent = float(np.ptp(vertices[faces].reshape(-1, 3), axis=0).max())
    between = _beside(vertices, faces, APART * extent, of_one=False)
    if not len(between):
        return vertices, faces
    widest = float(np.percentile(_lengths(vertices, between), 95))
    sewn, whole = _together(vertices, faces, between)
    within = _beside(sewn, whole, _ALIKE * widest, of_one=True)
    sewn, whole = _together(sewn, whole, within)
    share, points = 100.0 * widest / extent, len(between) + len(within)
    notes.append(f"Panels that lay up to {share:.2g} % of its size apart are sewn together at {points} points.")
    return sewn, whole


def _beside(vertices: np.ndarray, faces: np.ndarray, apart: float, of_one: bool) -> np.ndarray:
    """Pairs of points [k, 2] of two rims that run along each other not farther than `apart`; of pieces that hang
    together already only with `of_one`."""
    rims = _rims(faces)
    if not len(rims):
        return np.zeros((0, 2), int)
    on, length = np.unique(rims), np.linalg.norm(vertices[rims[:, 0]] - vertices[rims[:, 1]], axis=1)
    local = np.full(len(vertices), np.inf)
    np.minimum.at(local, rims.ravel(), np.repeat(length, 2))
    pairs = on[cKDTree(vertices[on]).query_pairs(apart, output_type="ndarray")]
    piece = _pieces(faces, len(vertices))
    gap = _lengths(vertices, pairs)
    fits = (gap < _CLOSER * local[pairs].min(axis=1)) & (of_one | (piece[pairs[:, 0]] != piece[pairs[:, 1]]))
    return _running(pairs[fits], gap[fits], rims, piece)


def _running(pairs: np.ndarray, gap: np.ndarray, rims: np.ndarray, piece: np.ndarray) -> np.ndarray:
    """Those of the pairs [k, 2] that are each other's nearest of two pieces and go on beside each other."""
    best: dict[tuple[int, int], int] = {}
    chosen: list[tuple[int, int]] = []
    for number in np.argsort(gap, kind="stable").tolist():
        one, two = pairs[number].tolist()
        keys = (one, int(piece[two])), (two, int(piece[one]))
        if not any(key in best for key in keys):
            best.update(dict.fromkeys(keys, number))
            chosen.append((one, two))
    beside: dict[int, set[int]] = defaultdict(set)
    for one, two in chosen:
        beside[one].add(two)
        beside[two].add(one)
    lines = {(a, b) for a, b in rims.tolist()} | {(b, a) for a, b in rims.tolist()}
    kept: set[tuple[int, int]] = set()
    for a, b in rims.tolist():
        kept |= {pair for c in beside[a] for d in beside[b] if (c, d) in lines for pair in ((a, c), (b, d))}
    return np.array(sorted({(min(pair), max(pair)) for pair in kept}), int).reshape(-1, 2)


def _together(vertices: np.ndarray, faces: np.ndarray, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vertices and faces with the points of pairs [k, 2] made one, in their middle."""
    if not len(pairs):
        return vertices, faces
    graph = coo_matrix((np.ones(len(pairs)), tuple(pairs.T)), (len(vertices), len(vertices)))
    count, group = connected_components(graph, directed=False)
    held = np.bincount(group)
    middle = np.stack([np.bincount(group, vertices[:, k], count) / held for k in range(3)], axis=1)
    return middle, group[faces]


def _rims(faces: np.ndarray) -> np.ndarray:
    """The edges [k, 2] that only one face has."""
    sides = np.sort(faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    unique, count = np.unique(sides, axis=0, return_counts=True)
    return unique[count == 1]


def _pieces(faces: np.ndarray, count: int) -> np.ndarray:
    """Which piece that hangs together each of `count` vertices belongs to."""
    pairs = np.concatenate([faces[:, :2], faces[:, 1:]])
    graph = coo_matrix((np.ones(len(pairs)), tuple(pairs.T)), (count, count))
    return connected_components(graph, directed=False)[1]


def _lengths(vertices: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    return np.linalg.norm(vertices[pairs[:, 0]] - vertices[pairs[:, 1]], axis=1)
