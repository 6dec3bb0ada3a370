"""The linear system of one Newton step, and its solver: conjugate gradients on several levels.

Matrix = 3x3 blocks of the membrane and of contacts with the body (one ring of neighbours) + the bending's constant
scalars (two rings, the same for x, y and z) + springs between four points each (cloth on cloth, faces on the body).
Block Jacobi removes the local error, clusters (clusters.py) what is wider, so that the iterations hardly grow with the
mesh. Positions and forces are double, this matrix and its vectors single: a Newton direction needs few digits, and the
memory moved decides the time.
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
    inverted(full, out)
    for i in range(count):
        if pinned[i]:
            out[i] = 0.0


@njit(cache=True, fastmath=MATH)
def inverted(full, out):
    """Inverses of symmetric 3x3 blocks [n, 6] (xx, xy, xz, yy, yz, zz) into out [n, 6]; zero where there is none."""
    for i in range(len(full)):
        a, b, c = float(full[i, 0]), float(full[i, 1]), float(full[i, 2])
        d, e, f = float(full[i, 3]), float(full[i, 4]), float(full[i, 5])
        p, q, r = d * f - e * e, c * e - b * f, b * e - c * d
        volume = a * p + b * q + c * r
        scale = 1.0 / volume if volume > 0.0 else 0.0
        out[i, 0], out[i, 1], out[i, 2] = scale * p, scale * q, scale * r
        out[i, 3], out[i, 4], out[i, 5] = scale * (a * f - c * c), scale * (b * c - a * e), scale * (a * d - b * b)


@njit(cache=True, fastmath=MATH)
def _gathered(members, weights, r, out):
    """What r [n, 3] is to clusters, into out [c, 3]."""
    out[:] = 0.0
    for i in range(len(r)):
        for k in range(members.shape[1]):
            c, w = members[i, k], weights[i, k]
            out[c, 0] += w * r[i, 0]
            out[c, 1] += w * r[i, 1]
            out[c, 2] += w * r[i, 2]


@njit(cache=True, fastmath=MATH)
def _divided(inverse, small):
    """small [c, 3] by block Jacobi, in place."""
    for i in range(len(small)):
        a, b, c = small[i, 0], small[i, 1], small[i, 2]
        d = inverse[i]
        small[i, 0] = d[0] * a + d[1] * b + d[2] * c
        small[i, 1] = d[1] * a + d[3] * b + d[4] * c
        small[i, 2] = d[2] * a + d[4] * b + d[5] * c


@njit(cache=True, fastmath=MATH)
def _backsolved(factor, small):
    """small [3c] by the factor of the clusters' matrix, in place."""
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


@njit(cache=True, fastmath=MATH)
def _precondition(inverse, fine, coarse, r, z):
    """z = (block Jacobi + fine clusters + coarse clusters) * r; returns r . z."""
    members, weights, blocks, some = fine
    _gathered(members, weights, r, some)
    _divided(blocks, some)
    wide, shares, factor, few = coarse
    _gathered(wide, shares, r, few)
    _backsolved(factor, few.reshape(-1))
    product = 0.0
    for i in range(len(r)):
        a, b, c = r[i, 0], r[i, 1], r[i, 2]
        d = inverse[i]
        p, q, s = d[0] * a + d[1] * b + d[2] * c, d[1] * a + d[3] * b + d[4] * c, d[2] * a + d[4] * b + d[5] * c
        for k in range(members.shape[1]):
            m, w = members[i, k], weights[i, k]
            p += w * some[m, 0]
            q += w * some[m, 1]
            s += w * some[m, 2]
        for k in range(wide.shape[1]):
            m, w = wide[i, k], shares[i, k]
            p += w * few[m, 0]
            q += w * few[m, 1]
            s += w * few[m, 2]
        z[i, 0], z[i, 1], z[i, 2] = p, q, s
        product += a * p + b * q + c * s
    return product


@njit(cache=True, fastmath=MATH)
def solve(
    starts, columns, blocks, bend_starts, bend_columns, bend_values, links, shares, springs,
    inverse, fine, coarse, force, tolerance, limit, x,
):  # fmt: skip
    """Solve matrix * x = force [n, 3] float32 until the preconditioned residual falls by `tolerance`; iterations.
    `fine` and `coarse` as clusters.Level has them."""
    n = len(force)
    r, z, p, q = force.copy(), np.empty_like(force), np.empty_like(force), np.empty_like(force)
    x[:] = 0.0
    rz = _precondition(inverse, fine, coarse, r, z)
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
        rz = _precondition(inverse, fine, coarse, r, z)
        turn = np.float32(rz / previous)
        for i in range(n):
            for k in range(3):
                p[i, k] = z[i, k] + turn * p[i, k]
    return limit
