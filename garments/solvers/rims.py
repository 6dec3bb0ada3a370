"""How much of a pair that is near each other presses: edges that cross, and a vertex where cloth is nearest all around.

What pressed at once or not at all, as it slides past a rim, would be thrown to and fro for ever, and cloth in tight
folds would never rest. So what a pair presses with comes and goes little by little across rims and edges. In a hollow
corner, where several faces share no more than a point, they press together: there it jumps by up to a quarter.
"""

import numpy as np
from numba import njit

from garments.solvers.proximity import clip, dot, minus, place

# From a rim on a pair comes to press over this share of a face's or an edge's width,
RIM = 0.1
# and edges as they turn from parallel, between these two sines of the angle between them.
PARALLEL, ACROSS = 0.1, 0.3
_ON = 1e-6


@njit(cache=True, inline="always")
def crosses(x, who, share):
    """How much two edges cross, 0..1. An edge that is met at its end is met by a vertex too, and one beside a parallel
    edge by both its ends."""
    a, b = minus(place(x, who[1]), place(x, who[0])), minus(place(x, who[3]), place(x, who[2]))
    along = dot(a, b)
    sine = np.sqrt(max(0.0, 1.0 - along * along / max(dot(a, a) * dot(b, b), 1e-30)))
    end = min(min(share[0], share[1]), -max(share[2], share[3]))
    return min(1.0, end / RIM) * clip((sine - PARALLEL) / (ACROSS - PARALLEL))


def weights(x: np.ndarray, edges: np.ndarray, vertices: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """How much pairs of a vertex and a face press at x [m] [n, 3], 0..1 [c], of their vertices and shares [c, 4].

    A vertex feels where the cloth is nearest all around: a face that it lies over, or a rim when no face there comes
    nearer; if it saw the neighbours of such a face too it would stumble over every edge that it slides across. Over a
    hollow edge it lies over both faces, and goes over from one to the other.
    """
    order = np.argsort(vertices[:, 0], kind="stable")
    found = _weights(vertices, shares, _distances(x, vertices, shares), order)
    met = shares[:, 1:] < -_ON
    found[~met.all(axis=1) & (_joined(edges, vertices, len(x)) | ~met).all(axis=1)] = 0.0
    return found


def _joined(edges: np.ndarray, vertices: np.ndarray, count: int) -> np.ndarray:
    """Whether an edge joins each pair's vertex to each corner of its face, [c, 3]: a rim of the vertex's own faces is
    no place where cloth comes near it."""
    known = np.sort(edges[:, 0].astype(np.int64) * count + edges[:, 1])
    first, second = np.divmod(known, count)
    return _beside_each_other(np.searchsorted(first, np.arange(count + 1)), second, vertices)


@njit(cache=True)
def _beside_each_other(starts, others, vertices):
    """The same, from the higher ends of the edges whose lower end is vertex i: others[starts[i] : starts[i + 1]]."""
    found = np.zeros((len(vertices), 3), np.bool_)
    for t in range(len(vertices)):
        for k in range(3):
            low, high = min(vertices[t, 0], vertices[t, k + 1]), max(vertices[t, 0], vertices[t, k + 1])
            for i in range(starts[low], starts[low + 1]):
                found[t, k] |= others[i] == high
    return found


@njit(cache=True)
def _distances(x, vertices, shares):
    """Between the nearest points of each pair [m] [c]."""
    found, way = np.empty(len(vertices)), np.empty(3)
    for t in range(len(vertices)):
        way[:] = 0.0
        for k in range(4):
            for p in range(3):
                way[p] += shares[t, k] * x[vertices[t, k], p]
        found[t] = np.sqrt(dot(way, way))
    return found


@njit(cache=True)
def _weights(vertices, shares, distance, order):
    count, first, found = len(order), 0, np.ones(len(order))
    while first < count:
        last = first + 1
        while last < count and vertices[order[last], 0] == vertices[order[first], 0]:
            last += 1
        for i in order[first:last]:
            for j in order[first:last]:
                if i == j:
                    continue
                if not _over(shares, i):
                    nearer = distance[j] < distance[i] - 1e-9 or (j < i and distance[j] < distance[i] + 1e-9)
                    if nearer and _beside(vertices, shares, i, j):
                        found[i] = 0.0
                elif _over(shares, j):
                    one, other = _within(vertices, shares, i, j), _within(vertices, shares, j, i)
                    found[i] *= one / min(1.0, one + other)
        first = last
    return found


@njit(cache=True, inline="always")
def _over(shares, i):
    """Whether a pair's vertex lies over its face, not over the rim."""
    return max(shares[i, 1], shares[i, 2], shares[i, 3]) < -_ON


@njit(cache=True, inline="always")
def _holds(vertices, j, u):
    """Whether vertex u is a corner of pair j's face."""
    return vertices[j, 1] == u or vertices[j, 2] == u or vertices[j, 3] == u


@njit(cache=True, inline="always")
def _beside(vertices, shares, i, j):
    """Whether the rim that pair i meets is one of pair j's face, too."""
    beside = True
    for k in range(1, 4):
        beside = beside and (shares[i, k] > -_ON or _holds(vertices, j, vertices[i, k]))
    return beside


@njit(cache=True, inline="always")
def _within(vertices, shares, i, j):
    """How far within its face, 0..1, pair i meets it, seen from an edge in common with pair j's: 1 where there is
    none."""
    common, own = 0, 0.0
    for k in range(1, 4):
        if _holds(vertices, j, vertices[i, k]):
            common += 1
        else:
            own = -shares[i, k]
    return min(1.0, own / RIM) if common == 2 else 1.0
