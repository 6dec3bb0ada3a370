"""Which triangles, edges and points are near each other: boxes in a hash of cells, then nearest points.

Nearest points after Ericson, Real-Time Collision Detection (2005), 5.1.5 and 5.1.9; a pair is told once, by the cell
that holds the lower corner of its boxes' overlap.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numba import njit

BOXES, PAIRS = 40_000, 100_000
"""So many are looked at between two looks at whether to go on."""


def portions(count: int, most: int, tick: Callable[[], None]) -> Iterator[slice]:
    """A `count` of things in portions of at most so many, at least one; `tick` is called before each."""
    for first in range(0, max(count, 1), most):
        tick()
        yield slice(first, min(first + most, count))


@njit(cache=True, inline="always")
def dot(a, b):
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@njit(cache=True, inline="always")
def place(x, i):
    """Row i of x [n, 3] as a tuple: no array is made for it."""
    j = np.uint32(i)
    return x[j, 0], x[j, 1], x[j, 2]


@njit(cache=True, inline="always")
def minus(a, b):
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


@njit(cache=True, inline="always")
def clip(value):
    return min(max(value, 0.0), 1.0)


@njit(cache=True)
def boxes(x, parts, margin) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest corners [m] [k, 3] of what holds parts' vertices, each with its own `margin` [m] [n]."""
    low, high = np.full((len(parts), 3), np.inf), np.full((len(parts), 3), -np.inf)
    for i in range(len(parts)):
        for k in range(parts.shape[1]):
            around = margin[parts[i, k]]
            for p in range(3):
                low[i, p] = min(low[i, p], x[parts[i, k], p] - around)
                high[i, p] = max(high[i, p], x[parts[i, k], p] + around)
    return low, high


def cell_of(low: np.ndarray, high: np.ndarray) -> float:
    """A cell size [m] that suits boxes."""
    return 1.8 * float(np.median((high - low).max(axis=1)))


@njit(cache=True, inline="always")
def _bucket(i, j, k, size):
    return ((i * 92837111) ^ (j * 689287499) ^ (k * 283923481)) & (size - 1)


@njit(cache=True)
def _hashed(low, high, cell):
    """Boxes by the cells that they touch: starts [size + 1] and items, as in a sparse matrix of buckets and boxes."""
    size = 1
    while size < 4 * len(low):
        size *= 2
    starts = np.zeros(size + 1, np.int64)
    scale = 1.0 / cell
    for fill in range(2):
        if fill == 1:
            for k in range(size):
                starts[k + 1] += starts[k]
            items = np.empty(starts[size], np.int32)
            place = starts[:-1].copy()
        for b in range(len(low)):
            for i in range(int(np.floor(low[b, 0] * scale)), int(np.floor(high[b, 0] * scale)) + 1):
                for j in range(int(np.floor(low[b, 1] * scale)), int(np.floor(high[b, 1] * scale)) + 1):
                    for k in range(int(np.floor(low[b, 2] * scale)), int(np.floor(high[b, 2] * scale)) + 1):
                        bucket = _bucket(i, j, k, size)
                        if fill == 0:
                            starts[bucket + 1] += 1
                        else:
                            items[place[bucket]] = b
                            place[bucket] += 1
    return starts, items


def overlaps(
    low: np.ndarray, high: np.ndarray, other_low: np.ndarray, other_high: np.ndarray, one: np.ndarray, two: np.ndarray,
    cell: float, same: bool, tick: Callable[[], None] = lambda: None,
) -> np.ndarray:  # fmt: skip
    """Overlapping boxes that share no vertex, [k, 2]; each pair once, also where both lists are the `same`. `tick` is
    called between, and may raise Cancelled."""
    hashed = _packed(other_low, other_high, cell)
    return np.concatenate(
        [
            _overlaps(low, high, hashed, one, two, cell, same, some.start, some.stop)
            for some in portions(len(low), BOXES, tick)
        ]
    )


@njit(cache=True)
def _packed(low, high, cell):
    """What boxes' cells hold: starts of buckets, items, the items' boxes [k, 6], and the box round all, two of [3]."""
    starts, items = _hashed(low, high, cell)
    packed = np.empty((len(items), 6))
    for t in range(len(items)):
        packed[t, :3], packed[t, 3:] = low[items[t]], high[items[t]]
    bottom, top = np.full(3, np.inf), np.full(3, -np.inf)
    for t in range(len(low)):
        for k in range(3):
            bottom[k], top[k] = min(bottom[k], low[t, k]), max(top[k], high[t, k])
    return starts, items, packed, bottom, top


@njit(cache=True)
def _overlaps(low, high, hashed, one, two, cell, same, first, last):
    """The same of the boxes from `first` on, before `last`, with others as they are `_packed`."""
    starts, items, packed, bottom, top = hashed
    size, scale = len(starts) - 1, 1.0 / cell
    found, number = np.empty((4096, 2), np.int32), 0
    for a in range(first, last):
        (x0, y0, z0), (x1, y1, z1) = place(low, a), place(high, a)
        # The others may lie together, far from most of these.
        if x0 > top[0] or y0 > top[1] or z0 > top[2] or x1 < bottom[0] or y1 < bottom[1] or z1 < bottom[2]:
            continue
        for i in range(int(np.floor(x0 * scale)), int(np.floor(x1 * scale)) + 1):
            for j in range(int(np.floor(y0 * scale)), int(np.floor(y1 * scale)) + 1):
                for k in range(int(np.floor(z0 * scale)), int(np.floor(z1 * scale)) + 1):
                    bucket = _bucket(i, j, k, size)
                    for t in range(np.uint64(starts[bucket]), np.uint64(starts[bucket + 1])):
                        p, q, r, b = packed[t, 0], packed[t, 1], packed[t, 2], items[t]
                        # Without branches: none of these could be foretold.
                        apart_ = (p > x1) | (q > y1) | (r > z1) | (packed[t, 3] < x0) | (packed[t, 4] < y0)
                        if apart_ | (packed[t, 5] < z0) | (same & (b <= a)):
                            continue
                        # The cell that holds the lower corner of the overlap tells the pair.
                        if (
                            int(np.floor(max(x0, p) * scale)) != i
                            or int(np.floor(max(y0, q) * scale)) != j
                            or int(np.floor(max(z0, r) * scale)) != k
                        ):
                            continue
                        shared = False
                        for m in range(one.shape[1]):
                            for n in range(two.shape[1]):
                                shared = shared or one[a, m] == two[b, n]
                        if shared:
                            continue
                        if number == len(found):
                            wider = np.empty((2 * number, 2), np.int32)
                            wider[:number] = found
                            found = wider
                        found[number, 0], found[number, 1] = a, b
                        number += 1
    return found[:number]


@njit(cache=True)
def on_triangle(p, a, b, c):
    """Barycentric shares of the point of triangle a, b, c nearest to p."""
    ab, ac, ap = minus(b, a), minus(c, a), minus(p, a)
    d1, d2 = dot(ab, ap), dot(ac, ap)
    if d1 <= 0.0 and d2 <= 0.0:
        return 1.0, 0.0, 0.0
    bp = minus(p, b)
    d3, d4 = dot(ab, bp), dot(ac, bp)
    if d3 >= 0.0 and d4 <= d3:
        return 0.0, 1.0, 0.0
    vc = d1 * d4 - d3 * d2
    if vc <= 0.0 and d1 >= 0.0 and d3 <= 0.0:
        v = d1 / (d1 - d3)
        return 1.0 - v, v, 0.0
    cp = minus(p, c)
    d5, d6 = dot(ab, cp), dot(ac, cp)
    if d6 >= 0.0 and d5 <= d6:
        return 0.0, 0.0, 1.0
    vb = d5 * d2 - d1 * d6
    if vb <= 0.0 and d2 >= 0.0 and d6 <= 0.0:
        w = d2 / (d2 - d6)
        return 1.0 - w, 0.0, w
    va = d3 * d6 - d5 * d4
    if va <= 0.0 and d4 >= d3 and d5 >= d6:
        w = (d4 - d3) / ((d4 - d3) + (d5 - d6))
        return 0.0, 1.0 - w, w
    total = va + vb + vc
    if total <= 0.0:  # No area: the longer side stands in.
        if dot(ab, ab) >= dot(ac, ac):
            v = clip(d1 / max(dot(ab, ab), 1e-30))
            return 1.0 - v, v, 0.0
        w = clip(d2 / max(dot(ac, ac), 1e-30))
        return 1.0 - w, 0.0, w
    return va / total, vb / total, vc / total


@njit(cache=True)
def on_segments(p, q, r, s):
    """How far along p-q and along r-s their nearest points lie."""
    d1, d2, between = minus(q, p), minus(s, r), minus(p, r)
    a, e, f = dot(d1, d1), dot(d2, d2), dot(d2, between)
    c, b = dot(d1, between), dot(d1, d2)
    if a <= 0.0 or e <= 0.0:
        return 0.0, clip(f / max(e, 1e-30)) if e > 0.0 else 0.0
    scale = a * e - b * b
    first = clip((b * f - c * e) / scale) if scale > 1e-12 * a * e else 0.0
    second = (b * first + f) / e
    if second < 0.0:
        return clip(-c / a), 0.0
    if second > 1.0:
        return clip((b - c) / a), 1.0
    return first, second


@njit(cache=True, inline="always")
def members(faces, edges, kind, a, b, who):
    """The four vertices of a pair, into who [4]: a vertex and a face (kind 0) or two edges (1)."""
    if kind == 0:
        who[0], who[1], who[2], who[3] = a, faces[b, 0], faces[b, 1], faces[b, 2]
    else:
        who[0], who[1], who[2], who[3] = edges[a, 0], edges[a, 1], edges[b, 0], edges[b, 1]


@njit(cache=True, inline="always")
def apart(x, who, kind):
    """How far a pair's boxes are apart [m]: no more than the pair itself, and told sooner."""
    a, b, c, d = np.uint32(who[0]), np.uint32(who[1]), np.uint32(who[2]), np.uint32(who[3])
    total = 0.0
    for p in range(3):
        if kind == 0:
            low = high = x[a, p]
            other_low, other_high = min(x[b, p], x[c, p], x[d, p]), max(x[b, p], x[c, p], x[d, p])
        else:
            low, high = min(x[a, p], x[b, p]), max(x[a, p], x[b, p])
            other_low, other_high = min(x[c, p], x[d, p]), max(x[c, p], x[d, p])
        between = max(low - other_high, other_low - high, 0.0)
        total += between * between
    return np.sqrt(total)


@njit(cache=True, inline="always")
def between_corners(x, who, kind):
    """How far a pair's nearest corners are apart [m]: no less than the pair itself, and told sooner."""
    least = np.inf
    for k in range(1 + kind):
        for m in range(1 + kind, 4):
            a, b = np.uint32(who[k]), np.uint32(who[m])
            p, q, r = x[a, 0] - x[b, 0], x[a, 1] - x[b, 1], x[a, 2] - x[b, 2]
            least = min(least, p * p + q * q + r * r)
    return np.sqrt(least)


@njit(cache=True)
def nearest(x, faces, edges, kind, a, b, who, share):
    """Vertices and shares of a pair's nearest points, into who [4] and share [4]."""
    members(faces, edges, kind, a, b, who)
    if kind == 0:
        share[0] = 1.0
        u, v, w = on_triangle(place(x, a), place(x, who[1]), place(x, who[2]), place(x, who[3]))
        share[1], share[2], share[3] = -u, -v, -w
    else:
        s, t = on_segments(place(x, who[0]), place(x, who[1]), place(x, who[2]), place(x, who[3]))
        share[0], share[1], share[2], share[3] = 1.0 - s, s, t - 1.0, -t


@njit(cache=True)
def distance_of(x, faces, edges, kind, a, b, who, share):
    nearest(x, faces, edges, kind, a, b, who, share)
    total = 0.0
    for p in range(3):
        d = 0.0
        for k in range(4):
            d += share[k] * x[np.uint32(who[k]), p]
        total += d * d
    return np.sqrt(total)


def crossings(x: np.ndarray, faces: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Edges and faces of x [m] [n, 3] that pass through each other, [k, 2]: none in cloth that is not tangled."""
    spans = [boxes(x, parts, np.full(len(x), 1e-9)) for parts in (edges, faces)]
    pairs = overlaps(*spans[0], *spans[1], edges, faces, cell_of(*spans[1]), False)
    return pairs[_crossing(x, faces, edges, pairs)]


@njit(cache=True)
def _crossing(x, faces, edges, pairs):
    kept = np.zeros(len(pairs), np.bool_)
    for t in range(len(pairs)):
        p, q = place(x, edges[pairs[t, 0], 0]), place(x, edges[pairs[t, 0], 1])
        face = faces[pairs[t, 1]]
        a, b, c = place(x, face[0]), place(x, face[1]), place(x, face[2])
        # Signs of volumes: the ends lie on two sides of the face, and the line passes inside all three sides.
        first, second = _volume(a, b, c, p), _volume(a, b, c, q)
        if first * second >= 0.0:
            continue
        one, two, three = _volume(p, q, a, b), _volume(p, q, b, c), _volume(p, q, c, a)
        kept[t] = (one > 0.0 and two > 0.0 and three > 0.0) or (one < 0.0 and two < 0.0 and three < 0.0)
    return kept


@njit(cache=True)
def _volume(a, b, c, d):
    u, v, w = minus(b, a), minus(c, a), minus(d, a)
    return u[0] * (v[1] * w[2] - v[2] * w[1]) - u[1] * (v[0] * w[2] - v[2] * w[0]) + u[2] * (v[0] * w[1] - v[1] * w[0])
