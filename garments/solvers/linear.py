"""The linear system of one Newton step, and its solver: conjugate gradients with two levels.

Matrix = 3x3 blocks of the membrane and of contacts with the body (one ring of neighbours) + the bending's constant
scalars (two rings, the same for x, y and z) + springs between four points each (cloth on cloth, faces on the body).
Block Jacobi removes the local error; a dense Cholesky solve on smooth, overlapping clusters removes the global one
(additive Schwarz with a partition-of-unity coarse space: Sarkis 2002; for cloth Wu, Wang and Wang 2022), so that the
iterations hardly grow with the mesh. Positions and forces are double, this matrix and its vectors single: a Newton
direction needs few digits, and the memory moved decides the time.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from garments.solvers.membrane import MATH


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """Which 3x3 blocks exist: row starts [n + 1], columns [b], diagonal block of each vertex [n], and the block that
    couples two corners of a face [m, 3, 3]."""

    starts: np.ndarray
    columns: np.ndarray
    diagonal: np.ndarray
    slots: np.ndarray


def pattern(faces: np.ndarray, count: int) -> Pattern:
    rows = np.repeat(faces, 3, axis=1).ravel().astype(np.int64)
    columns = np.tile(faces, (1, 3)).ravel().astype(np.int64)
    own = np.arange(count, dtype=np.int64) * (count + 1)
    keys = np.unique(np.concatenate([rows * count + columns, own]))
    starts = np.searchsorted(keys, np.arange(count + 1, dtype=np.int64) * count)
    slots = np.searchsorted(keys, rows * count + columns).reshape(-1, 3, 3)
    return Pattern(
        starts.astype(np.int32), (keys % count).astype(np.int32), np.searchsorted(keys, own).astype(np.int32),
        slots.astype(np.int32),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """A smooth partition of unity: each vertex belongs to a few clusters [n, 4] with weights [n, 4] that add to 1."""

    members: np.ndarray
    weights: np.ndarray
    count: int


def clusters(points: np.ndarray, layer: np.ndarray, pinned: np.ndarray, wanted: int) -> Clusters:
    """Clusters of about equal size over `points` [m] [n, 3]; layers share none; pinned vertices weigh nothing."""
    apart = np.concatenate([points, 10.0 * layer[:, None]], axis=1)
    wanted = max(1, min(wanted, len(points) // 8))
    centres = apart[_farthest(apart, wanted)]
    for _ in range(4):
        centres = _centroids(apart, centres)
    members, distances = _nearest(apart, centres, 5)
    weights = np.maximum(1.0 - distances[:, :4] / np.maximum(distances[:, 4:], 1e-9), 0.0) ** 2
    weights[:, 0] = np.maximum(weights[:, 0], 1e-6)
    weights /= weights.sum(1, keepdims=True)
    weights[pinned] = 0.0
    return Clusters(members[:, :4].astype(np.int32), weights.astype(np.float32), len(centres))


@njit(cache=True, fastmath=MATH, inline="always")
def _gap(points, i, centres, c):
    total = 0.0
    for k in range(points.shape[1]):
        gap = points[i, k] - centres[c, k]
        total += gap * gap
    return total


@njit(cache=True, fastmath=MATH)
def _farthest(points, wanted):
    chosen = np.zeros(wanted, np.int64)
    distance = np.full(len(points), np.inf)
    for k in range(1, wanted):
        last = chosen[k - 1]
        for i in range(len(points)):
            distance[i] = min(distance[i], _gap(points, i, points, last))
        chosen[k] = np.argmax(distance)
    return chosen


@njit(cache=True, fastmath=MATH)
def _nearest(points, centres, width):
    """The `width` nearest centres of each point, nearest first; a missing one is the first, infinitely far."""
    members = np.zeros((len(points), width), np.int64)
    distances = np.full((len(points), width), 1e18)
    for i in range(len(points)):
        for c in range(len(centres)):
            distance = _gap(points, i, centres, c)
            if distance < distances[i, width - 1]:
                k = width - 1
                while k > 0 and distances[i, k - 1] > distance:
                    distances[i, k], members[i, k] = distances[i, k - 1], members[i, k - 1]
                    k -= 1
                distances[i, k], members[i, k] = distance, c
    return members, np.sqrt(distances)


@njit(cache=True, fastmath=MATH)
def _centroids(points, centres):
    members, _ = _nearest(points, centres, 1)
    total, number = np.zeros_like(centres), np.zeros(len(centres))
    for i in range(len(points)):
        for k in range(points.shape[1]):
            total[members[i, 0], k] += points[i, k]
        number[members[i, 0]] += 1
    for c in range(len(centres)):
        for k in range(points.shape[1]):
            total[c, k] = total[c, k] / number[c] if number[c] > 0 else centres[c, k]
    return total


@njit(cache=True, fastmath=MATH)
def multiply(starts, columns, blocks, bend_starts, bend_columns, bend_values, links, shares, springs, v, out):
    """out = matrix * v, all [n, 3] float32."""
    for i in range(len(starts) - 1):
        a = b = c = np.float32(0.0)
        for t in range(starts[i], starts[i + 1]):
            block = blocks[t]
            p, q, r = v[columns[t], 0], v[columns[t], 1], v[columns[t], 2]
            a += block[0, 0] * p + block[0, 1] * q + block[0, 2] * r
            b += block[1, 0] * p + block[1, 1] * q + block[1, 2] * r
            c += block[2, 0] * p + block[2, 1] * q + block[2, 2] * r
        for t in range(bend_starts[i], bend_starts[i + 1]):
            j, w = bend_columns[t], bend_values[t]
            a += w * v[j, 0]
            b += w * v[j, 1]
            c += w * v[j, 2]
        out[i, 0], out[i, 1], out[i, 2] = a, b, c
    for t in range(len(links)):
        a = b = c = np.float32(0.0)
        for k in range(4):
            i, w = links[t, k], shares[t, k]
            a += w * v[i, 0]
            b += w * v[i, 1]
            c += w * v[i, 2]
        spring = springs[t]
        p = spring[0, 0] * a + spring[0, 1] * b + spring[0, 2] * c
        q = spring[1, 0] * a + spring[1, 1] * b + spring[1, 2] * c
        r = spring[2, 0] * a + spring[2, 1] * b + spring[2, 2] * c
        for k in range(4):
            i, w = links[t, k], shares[t, k]
            out[i, 0] += w * p
            out[i, 1] += w * q
            out[i, 2] += w * r


@njit(cache=True, fastmath=MATH)
def jacobi(diagonal, blocks, bend_diagonal, links, shares, springs, pinned, out):
    """Inverses of the diagonal blocks into out [n, 6] (xx, xy, xz, yy, yz, zz); zero where pinned."""
    count = len(diagonal)
    full = np.empty((count, 6), np.float32)
    for i in range(count):
        block = blocks[diagonal[i]]
        full[i, 0] = block[0, 0] + bend_diagonal[i]
        full[i, 3] = block[1, 1] + bend_diagonal[i]
        full[i, 5] = block[2, 2] + bend_diagonal[i]
        full[i, 1], full[i, 2], full[i, 4] = block[0, 1], block[0, 2], block[1, 2]
    for t in range(len(links)):
        for k in range(4):
            w, row = shares[t, k] * shares[t, k], full[links[t, k]]
            row[0] += w * springs[t, 0, 0]
            row[1] += w * springs[t, 0, 1]
            row[2] += w * springs[t, 0, 2]
            row[3] += w * springs[t, 1, 1]
            row[4] += w * springs[t, 1, 2]
            row[5] += w * springs[t, 2, 2]
    for i in range(count):
        a, b, c = float(full[i, 0]), float(full[i, 1]), float(full[i, 2])
        d, e, f = float(full[i, 3]), float(full[i, 4]), float(full[i, 5])
        p, q, r = d * f - e * e, c * e - b * f, b * e - c * d
        scale = 0.0 if pinned[i] else 1.0 / (a * p + b * q + c * r)
        out[i, 0], out[i, 1], out[i, 2] = scale * p, scale * q, scale * r
        out[i, 3], out[i, 4], out[i, 5] = scale * (a * f - c * c), scale * (b * c - a * e), scale * (a * d - b * b)


@njit(cache=True, fastmath=MATH)
def coarse(
    starts, columns, blocks, bend_starts, bend_columns, bend_values, links, shares, springs, members, weights, out
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
                        row[p, q] += w * blocks[t, p, q]
        for t in range(bend_starts[i], bend_starts[i + 1]):
            for b in range(width):
                w, c = weights[bend_columns[t], b] * bend_values[t], members[bend_columns[t], b]
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


@njit(cache=True, fastmath=MATH)
def _precondition(inverse, members, weights, factor, r, z, small):
    """z = (block Jacobi + clusters) * r; returns r . z."""
    small[:] = 0.0
    width = members.shape[1]
    for i in range(len(r)):
        for k in range(width):
            c, w = 3 * members[i, k], weights[i, k]
            small[c] += w * r[i, 0]
            small[c + 1] += w * r[i, 1]
            small[c + 2] += w * r[i, 2]
    count = len(small)
    for i in range(count):
        total = np.float32(0.0)
        for k in range(i):
            total += factor[i, k] * small[k]
        small[i] = (small[i] - total) * factor[i, i]
    for i in range(count - 1, -1, -1):
        small[i] *= factor[i, i]
        w = small[i]
        for k in range(i):
            small[k] -= factor[i, k] * w
    product = 0.0
    for i in range(len(r)):
        a, b, c = r[i, 0], r[i, 1], r[i, 2]
        d = inverse[i]
        p, q, s = d[0] * a + d[1] * b + d[2] * c, d[1] * a + d[3] * b + d[4] * c, d[2] * a + d[4] * b + d[5] * c
        for k in range(width):
            m, w = 3 * members[i, k], weights[i, k]
            p += w * small[m]
            q += w * small[m + 1]
            s += w * small[m + 2]
        z[i, 0], z[i, 1], z[i, 2] = p, q, s
        product += a * p + b * q + c * s
    return product


@njit(cache=True, fastmath=MATH)
def solve(
    starts, columns, blocks, bend_starts, bend_columns, bend_values, links, shares, springs,
    inverse, members, weights, factor, force, tolerance, limit, x,
):  # fmt: skip
    """Solve matrix * x = force [n, 3] float32 until the preconditioned residual falls by `tolerance`; iterations."""
    n = len(force)
    r, z, p, q = force.copy(), np.empty_like(force), np.empty_like(force), np.empty_like(force)
    small = np.empty(len(factor), np.float32)
    x[:] = 0.0
    rz = _precondition(inverse, members, weights, factor, r, z, small)
    goal = tolerance * tolerance * rz
    p[:] = z
    for iteration in range(limit):
        if rz <= goal:
            return iteration
        multiply(starts, columns, blocks, bend_starts, bend_columns, bend_values, links, shares, springs, p, q)
        curvature = 0.0
        for i in range(n):
            curvature += p[i, 0] * q[i, 0] + p[i, 1] * q[i, 1] + p[i, 2] * q[i, 2]
        if curvature <= 0.0:
            return iteration
        step = np.float32(rz / curvature)
        for i in range(n):
            for k in range(3):
                x[i, k] += step * p[i, k]
                r[i, k] -= step * q[i, k]
        previous = rz
        rz = _precondition(inverse, members, weights, factor, r, z, small)
        turn = np.float32(rz / previous)
        for i in range(n):
            for k in range(3):
                p[i, k] = z[i, k] + turn * p[i, k]
    return limit
