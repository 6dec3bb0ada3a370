"""The person in a scan: without floor, turntable, walls, debris and stray points; with normals that look outward.

Planes are found by RANSAC (Fischler and Bolles, 1981), normals by the spread of neighbours and turned to one side along
a minimum spanning tree (Hoppe et al., 1992). No unit is known yet: all distances follow the points' own spacing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree
from scipy.spatial import cKDTree

from assets.errors import InputRefused

_WORKING = 20_000
_NEIGHBOURS = 12
# A plane: so thick a share of the scan's size; at least this share of its points, looking across it within 12 degrees.
_THICK, _LARGE, _SQUARE = 0.006, 0.055, 0.978
# A floor's patch may be smaller, with next to nothing under it; what lies behind other planes goes if it is so little.
_SMALL, _LEVEL, _BEHIND = 0.025, 0.9, 0.25
_MOST_PLANES = 12
_TRIES = 600
_LINK = 3.0
_FEWEST = 400
_AGREE = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class Cleaned:
    """The person's points [n, 3] with outward normals [n, 3], evenly thinned, in the scan's own unit and place; all of
    their points `dense` [d, 3] with normals; planes taken away, normal [3] towards the person and offset, [p, 4]."""

    points: np.ndarray
    normals: np.ndarray
    dense: np.ndarray
    dense_normals: np.ndarray
    planes: np.ndarray


def clean(points: np.ndarray, normals: np.ndarray | None) -> Cleaned:
    """Raises InputRefused when nothing that could be a person remains."""
    points = np.asarray(points, float)
    thin, size = _thinned(points)
    _enough(thin)
    tree = cKDTree(thin)
    near = tree.query(thin, _NEIGHBOURS + 1)
    calm = _calm(near[0])
    flat = _flatness(thin, near[1])
    kept, planes = _without_planes(thin, flat, calm, size)
    body = kept[_person(thin[kept], size)]
    _enough(body)
    # The person again, from all points and thinned as finely as the person alone allows.
    close = cKDTree(thin[body]).query(points, distance_upper_bound=1.2 * size)[0] < np.inf
    for plane in planes:
        close &= points @ plane[:3] > plane[3]
    dense = points[close]
    person, _ = _thinned(dense)
    found = _outward(person, _known_normals(person, dense, None if normals is None else normals[close]))
    at = cKDTree(person).query(dense)[1]
    return Cleaned(person, found, dense, _dense_normals(found[at], None if normals is None else normals[close]), planes)


def _enough(points: np.ndarray) -> None:
    if len(points) < _FEWEST:
        raise InputRefused("too little of the scan remains without floor and debris: it shows no whole person")


def _thinned(points: np.ndarray) -> tuple[np.ndarray, float]:
    """One mean point a cell of a grid so fine that about _WORKING remain, and the cell's size."""
    low, high = np.percentile(points[:: max(1, len(points) // 50_000)], [0.5, 99.5], axis=0)
    points = points[((points > low - (high - low)) & (points < high + (high - low))).all(axis=1)]
    size = float(np.linalg.norm(high - low)) / 150
    for _ in range(6):
        cells = np.floor((points - low) / size).astype(np.int64)
        keys = (cells[:, 0] * 2_000_003 + cells[:, 1]) * 2_000_003 + cells[:, 2]
        _, at, count = np.unique(keys, return_inverse=True, return_counts=True)
        if 0.8 * _WORKING < len(count) < 1.25 * _WORKING or (len(count) > 0.7 * len(points) and len(count) < _WORKING):
            break
        size *= np.sqrt(len(count) / _WORKING)
    mean = np.stack([np.bincount(at, points[:, k]) for k in range(3)], axis=1) / count[:, None]
    return mean, size


def _calm(distance: np.ndarray) -> np.ndarray:
    """Whether points lie about as near to their neighbours as others do, [n]."""
    gap = distance[:, 1:].mean(axis=1)
    middle = np.median(gap)
    return gap < middle + 6 * np.median(np.abs(gap - middle)) + 0.5 * middle


def _flatness(points: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """Normals of either sign, from the spread of each point's neighbours, [n, 3]."""
    patch = points[neighbours] - points[neighbours].mean(axis=1, keepdims=True)
    _, vectors = np.linalg.eigh(np.einsum("nka,nkb->nab", patch, patch))
    return vectors[:, :, 0]


def _without_planes(
    points: np.ndarray, flat: np.ndarray, calm: np.ndarray, size: float
) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of the points without floor, walls and table tops; the planes that have hardly anything behind them.

    Where little lies behind a plane it goes too (a turntable's rim); else only the plane's one largest patch does.
    """
    rng = np.random.default_rng(0)
    kept = np.flatnonzero(calm)
    planes = []
    for _ in range(_MOST_PLANES):
        _enough(kept)
        thick = _THICK * float(np.linalg.norm(np.ptp(points[kept], axis=0)))
        plane = _plane(points[kept], flat[kept], thick, rng)
        height = points[kept] @ plane[:3] - plane[3]
        if np.mean(height > thick) < np.mean(height < -thick):
            plane, height = -plane, -height
        behind = height < 1.5 * thick
        patch = _patch(points[kept], (np.abs(height) < thick) & (np.abs(flat[kept] @ plane[:3]) > _SQUARE), size)
        far = np.mean(height < -thick)
        if patch.mean() < (_SMALL if far < 0.03 and _across(points[kept], plane) else _LARGE):
            break
        if far < _BEHIND:
            planes.append(plane)
        kept = kept[~(behind if far < _BEHIND else patch)]
    return kept, np.array(planes).reshape(-1, 4)


def _patch(points: np.ndarray, inside: np.ndarray, size: float) -> np.ndarray:
    """Of the points chosen, the largest piece that hangs together, [n]."""
    chosen = np.flatnonzero(inside)
    found = np.zeros(len(points), bool)
    if len(chosen):
        label = _pieces(points[chosen], _LINK * size)
        found[chosen[label == np.bincount(label).argmax()]] = True
    return found


def _across(points: np.ndarray, plane: np.ndarray) -> bool:
    """Whether a plane lies across the points' longest spread, as a floor does under a person."""
    _, axes = np.linalg.eigh(np.cov(points.T))
    return abs(axes[:, 2] @ plane[:3]) > _LEVEL


def _pieces(points: np.ndarray, reach: float) -> np.ndarray:
    """Which piece that hangs together over `reach` each point belongs to, [n]."""
    pairs = cKDTree(points).query_pairs(reach, output_type="ndarray")
    linked = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(points), len(points)))
    return connected_components(linked, directed=False)[1]


def _plane(points: np.ndarray, flat: np.ndarray, thick: float, rng: np.random.Generator) -> np.ndarray:
    """The plane with most points in it that look across it: normal and offset, [4]."""
    some = rng.choice(len(points), min(len(points), 4000), replace=False)
    sample, across = points[some], flat[some]
    tries = rng.choice(len(sample), _TRIES)
    normals = across[tries]
    offsets = np.einsum("kc,kc->k", normals, sample[tries])
    inside = (np.abs(sample @ normals.T - offsets) < thick) & (np.abs(across @ normals.T) > _SQUARE)
    best = inside[:, inside.sum(axis=0).argmax()]
    for _ in range(3):
        middle = sample[best].mean(axis=0)
        normal = np.linalg.eigh(np.cov((sample[best] - middle).T))[1][:, 0]
        best = (np.abs((sample - middle) @ normal) < thick) & (np.abs(across @ normal) > _SQUARE)
        if best.sum() < 3:
            break
    return np.array([*normal, normal @ middle])


def _person(points: np.ndarray, size: float) -> np.ndarray:
    """Numbers of the points in the largest piece that hangs together, with lesser pieces close to it."""
    if not len(points):
        return np.zeros(0, np.int64)
    label = _pieces(points, _LINK * size)
    sizes = np.bincount(label)
    main = label == sizes.argmax()
    reach = 0.03 * np.linalg.norm(np.ptp(points[main], axis=0))
    gap = np.full(len(sizes), np.inf)
    np.minimum.at(gap, label, cKDTree(points[main]).query(points)[0])
    return np.flatnonzero((gap[label] < max(reach, _LINK * size)) & (sizes[label] > 12))


def _known_normals(points: np.ndarray, dense: np.ndarray, normals: np.ndarray | None) -> np.ndarray | None:
    """The file's normals where points were thinned to, [n, 3], averaged; None when there are none."""
    if normals is None:
        return None
    at = cKDTree(points).query(dense)[1]
    total = np.stack([np.bincount(at, normals[:, k], len(points)) for k in range(3)], axis=1)
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


def _outward(points: np.ndarray, known: np.ndarray | None) -> np.ndarray:
    """Outward normals [n, 3]. The file's own sides are kept where they agree with their neighbours' throughout."""
    _, neighbours = cKDTree(points).query(points, _NEIGHBOURS + 1)
    flat = _flatness(points, neighbours)
    start = np.repeat(np.arange(len(points)), _NEIGHBOURS)
    end = neighbours[:, 1:].ravel()
    cost = 1.0 + 1e-4 - np.abs(np.einsum("nc,nc->n", flat[start], flat[end]))
    graph = coo_matrix((cost, (start, end)), shape=(len(points), len(points))).tocsr()
    graph = graph.maximum(graph.T)
    tree = minimum_spanning_tree(graph)
    _, piece = connected_components(tree, directed=False)
    for number in range(piece.max() + 1):
        inside = np.flatnonzero(piece == number)
        order, before = breadth_first_order(tree, inside[0], directed=False)
        for k in order[1:]:
            if flat[k] @ flat[before[k]] < 0:
                flat[k] = -flat[k]
        away = points[inside] - points[inside].mean(axis=0)
        if np.einsum("nc,nc->", away, flat[inside]) < 0:
            flat[inside] = -flat[inside]
    if known is not None:
        same = np.einsum("nc,nc->n", flat, known)
        sure = np.abs(same) > 0.5
        if np.mean(same[sure] > 0) > _AGREE:
            return np.where((sure & (same < 0))[:, None], -flat, flat)
        if np.mean(same[sure] < 0) > _AGREE:
            return np.where((sure & (same > 0))[:, None], -flat, flat)
    return flat


def _dense_normals(outward: np.ndarray, normals: np.ndarray | None) -> np.ndarray:
    if normals is None:
        return outward
    sign = np.sign(np.einsum("nc,nc->n", outward, normals))
    return normals * np.where(sign == 0, 1.0, sign)[:, None]
