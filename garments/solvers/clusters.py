"""Clusters of vertices that take the wide error out of conjugate gradients.

Smooth, overlapping clusters are a partition of unity. On few of them the matrix is solved whole by a dense Cholesky
factor; on many small ones by its diagonal blocks (additive Schwarz with partition-of-unity coarse spaces: Sarkis 2002;
several levels: Bramble, Pasciak and Xu 1990; for cloth Wu, Wang and Wang 2022).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from garments.solvers.linear import inverted
from garments.solvers.membrane import MATH
from garments.solvers.proximity import portions

SMALL, MIDDLING, MANY = 8, 30, 20_000
"""Vertices of a small cluster, and of one between small and large, which meshes of MANY vertices have too."""
FEWEST, MOST, EACH = 100, 300, 100
"""How many large clusters there are: one for EACH vertices, within these bounds."""
AT_ONCE = 5_000_000
"""Points times distances between two looks at whether to go on."""


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """A smooth partition of unity: each vertex belongs to a few clusters [n, 4] with weights [n, 4] that add to 1;
    or two of them side by side, [n, 8]."""

    members: np.ndarray
    weights: np.ndarray
    count: int


class Levels:
    """Small clusters and large ones over `points` [m] [n, 3]; layers share none, pinned vertices weigh nothing.

    `fine` and `coarse` are what linear.solve takes: members, weights, the matrix's inverse blocks or factor, and room
    for one vector (of the large ones also without the fourth lane); `large` are the large ones themselves. `tick` is
    called between, and may raise Cancelled."""

    def __init__(
        self, points: np.ndarray, layer: np.ndarray, pinned: np.ndarray, tick: Callable[[], None] = lambda: None
    ) -> None:
        apart = np.concatenate([points, 10.0 * layer[:, None]], axis=1)
        small = clusters(apart, pinned, len(points) // SMALL, tick)
        tick()
        if len(points) > MANY:
            small = _both(small, clusters(apart, pinned, len(points) // MIDDLING, tick))
        tick()
        large = clusters(apart, pinned, min(max(FEWEST, len(points) // EACH), MOST, len(points) // SMALL), tick)
        tick()
        self.large = large
        room = [np.zeros((part.count, 4), np.float32) for part in (small, large)]
        self.fine = (small.members, small.weights, np.zeros((small.count, 3, 4), np.float32), room[0])
        factor = np.zeros((3 * large.count,) * 2, np.float32)
        self.coarse = (large.members, large.weights, factor, room[1], np.zeros(3 * large.count, np.float32))

    def follow(self, matrix: tuple[Any, ...], tick: Callable[[], None] = lambda: None) -> None:
        """Take over a new matrix, as linear.multiply takes it. `tick` is called between, and may raise Cancelled."""
        members, weights, blocks, _ = self.fine
        _blocks(*(*matrix, members, weights, blocks))
        tick()
        members, weights, factor, _, _ = self.coarse
        _coarse(*(*matrix, members, weights, factor))


def clusters(points: np.ndarray, pinned: np.ndarray, wanted: int, tick: Callable[[], None] = lambda: None) -> Clusters:
    """Clusters of about equal size over `points` [n, d]; pinned vertices weigh nothing. `tick` is called between, and
    may raise Cancelled."""
    from scipy.spatial import cKDTree

    wanted = max(1, wanted)
    centres = points[::SMALL] if len(points) >= 8 * SMALL else points
    if wanted < len(centres):
        centres = centres[_farthest(centres, wanted, tick)]
    for _ in range(3):
        tick()
        own = cKDTree(centres).query(points)[1]
        number = np.bincount(own, minlength=len(centres))
        sums = [np.bincount(own, points[:, k], len(centres)) for k in range(points.shape[1])]
        centres = (np.stack(sums, axis=1) / np.maximum(number, 1)[:, None])[number > 0]
    distances, members = cKDTree(centres).query(points, 5)
    members[members == len(centres)] = 0
    reach = np.where(np.isfinite(distances[:, 4:]), distances[:, 4:], 1e9)
    weights = np.maximum(1.0 - distances[:, :4] / np.maximum(reach, 1e-9), 0.0) ** 2
    weights[:, 0] = np.maximum(weights[:, 0], 1e-6)
    weights /= weights.sum(axis=1, keepdims=True)
    weights[pinned] = 0.0
    return Clusters(members[:, :4].astype(np.uint32), weights.astype(np.float32), len(centres))


def _both(one: Clusters, other: Clusters) -> Clusters:
    """Clusters of two sizes side by side: each is a partition of unity."""
    members = np.concatenate([one.members, other.members + one.count], axis=1).astype(np.uint32)
    return Clusters(members, np.concatenate([one.weights, other.weights], axis=1), one.count + other.count)


def _farthest(points: np.ndarray, wanted: int, tick: Callable[[], None]) -> np.ndarray:
    """Numbers [wanted] of points [n, d], each as far from those before as can be."""
    chosen, distance = np.zeros(wanted, np.int64), np.full(len(points), np.inf)
    for some in portions(wanted, max(AT_ONCE // len(points), 1), tick):
        _choose(points, chosen, distance, max(some.start, 1), some.stop)
    return chosen


@njit(cache=True, fastmath=MATH)
def _choose(points, chosen, distance, first, last):
    """The points from the `first` chosen on, before the `last`; distance [n] from what is chosen before."""
    for k in range(first, last):
        last = chosen[k - 1]
        for i in range(len(points)):
            gap = 0.0
            for p in range(points.shape[1]):
                gap += (points[i, p] - points[last, p]) ** 2
            distance[i] = min(distance[i], gap)
        chosen[k] = np.argmax(distance)


@njit(cache=True, fastmath=MATH)
def _blocks(
    starts, columns, blocks, wide_starts, wide_columns, wide_values, links, shares, springs, members, weights, out
):
    """Inverses of the diagonal blocks of the matrix as clusters see it, into out [c, 3, 4]."""
    full = np.zeros((len(out), 6), np.float32)
    for i in range(len(starts) - 1):
        for t in range(starts[i], starts[i + 1]):
            for a in range(members.shape[1]):
                for b in range(members.shape[1]):
                    if members[i, a] == members[columns[t], b]:
                        w = weights[i, a] * weights[columns[t], b]
                        _add(full[members[i, a]], w, blocks[t])
        for t in range(wide_starts[i], wide_starts[i + 1]):
            for a in range(members.shape[1]):
                for b in range(members.shape[1]):
                    if members[i, a] == members[wide_columns[t], b]:
                        w = weights[i, a] * weights[wide_columns[t], b] * wide_values[t]
                        full[members[i, a], 0] += w
                        full[members[i, a], 3] += w
                        full[members[i, a], 5] += w
    for t in range(len(links)):
        for k in range(4):
            for m in range(4):
                for a in range(members.shape[1]):
                    for b in range(members.shape[1]):
                        if members[links[t, k], a] == members[links[t, m], b]:
                            w = shares[t, k] * weights[links[t, k], a] * shares[t, m] * weights[links[t, m], b]
                            _add(full[members[links[t, k], a]], w, springs[t])
    inverted(full, out)


@njit(cache=True, fastmath=MATH, inline="always")
def _add(row, w, block):
    row[0] += w * block[0, 0]
    row[1] += 0.5 * w * (block[0, 1] + block[1, 0])
    row[2] += 0.5 * w * (block[0, 2] + block[2, 0])
    row[3] += w * block[1, 1]
    row[4] += 0.5 * w * (block[1, 2] + block[2, 1])
    row[5] += w * block[2, 2]


@njit(cache=True, fastmath=MATH)
def _coarse(
    starts, columns, blocks, wide_starts, wide_columns, wide_values, links, shares, springs, members, weights, out
):
    """The matrix seen by the clusters, and its Cholesky factor: lower triangle of out [3c, 3c]."""
    out[:] = 0.0
    width = members.shape[1]
    found = np.empty(256, np.int32)
    place = np.full(len(out) // 3, -1, np.int32)
    rows = np.empty((256, 3, 3), np.float32)
    for i in range(len(starts) - 1):
        if weights[i, 0] == 0.0:
            continue
        # One row of matrix * clusters, then its share of each cluster.
        number = 0
        for t in range(starts[i], starts[i + 1]):
            for b in range(width):
                w, c = weights[columns[t], b], members[columns[t], b]
                if w == 0.0:
                    continue
                if place[c] < 0:
                    place[c], found[number] = number, c
                    rows[number] = 0.0
                    number += 1
                row = rows[place[c]]
                for p in range(3):
                    for q in range(3):
                        row[p, q] += w * blocks[t, q, p]
        for t in range(wide_starts[i], wide_starts[i + 1]):
            for b in range(width):
                w, c = weights[wide_columns[t], b] * wide_values[t], members[wide_columns[t], b]
                if w == 0.0:
                    continue
                if place[c] < 0:
                    place[c], found[number] = number, c
                    rows[number] = 0.0
                    number += 1
                for p in range(3):
                    rows[place[c], p, p] += w
        for k in range(number):
            place[found[k]] = -1
            for a in range(width):
                w, c = weights[i, a], members[i, a]
                if w == 0.0 or found[k] > c:
                    continue
                for p in range(3):
                    for q in range(3):
                        out[3 * c + p, 3 * found[k] + q] += w * rows[k, p, q]
    _coarse_links(links, shares, springs, members, weights, out)
    _cholesky(out)


@njit(cache=True, fastmath=MATH)
def _coarse_links(links, shares, springs, members, weights, out):
    width = members.shape[1]
    clusters, share = np.empty(4 * width, np.int32), np.empty(4 * width, np.float32)
    for t in range(len(links)):
        number = 0
        for k in range(4):
            for a in range(width):
                w, c = shares[t, k] * weights[links[t, k], a], members[links[t, k], a]
                if w == 0.0:
                    continue
                at = number
                for j in range(number):
                    if clusters[j] == c:
                        at = j
                        break
                if at == number:
                    clusters[at], share[at] = c, np.float32(0.0)
                    number += 1
                share[at] += w
        for i in range(number):
            for j in range(number):
                if clusters[j] > clusters[i]:
                    continue
                w = share[i] * share[j]
                for p in range(3):
                    for q in range(3):
                        out[3 * clusters[i] + p, 3 * clusters[j] + q] += w * springs[t, p, q]


@njit(cache=True, fastmath=MATH)
def _cholesky(a):
    """In place; the diagonal keeps the inverse of the pivot. Modes that are pinned, or lost in rounding, drop out."""
    for i in range(len(a)):
        for j in range(i):
            total = np.float32(0.0)
            for k in range(j):
                total += a[i, k] * a[j, k]
            a[i, j] = (a[i, j] - total) * a[j, j]
        pivot = a[i, i]
        for k in range(i):
            pivot -= a[i, k] * a[i, k]
        a[i, i] = 1.0 / np.sqrt(pivot) if pivot > max(1e-6 * a[i, i], 0.0) else 0.0
