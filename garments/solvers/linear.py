"""The linear system of one Newton step, and its solver: conjugate gradients on several levels.

Matrix = 3x3 blocks of one ring of neighbours (membrane, contacts with the body, near part of the bending) + the
bending's constant scalars beyond (two rings, the same for x, y and z) + springs between four points each (cloth on
cloth). Block Jacobi removes the local error, clusters (clusters.py) what is wider, so that the iterations hardly grow
with the mesh. Positions and forces are double, this matrix and its vectors single: a Newton direction needs few digits.

Kernels here are bound by latency, not by memory: vectors have a fourth lane of zeros, so that one instruction takes a
vertex, blocks lie column by column, sums run in several chains, and indices are unsigned, which spares the test for
negative ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from garments.solvers.membrane import MATH

AT_ONCE = 1_000_000
"""Vertices times iterations between two looks at whether to go on: a twentieth of a second."""


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """Which 3x3 blocks exist: row starts [n + 1], columns [b], diagonal block of each vertex [n], and the block that
    couples two corners of a face [m, 3, 3]. A block is [3, 4], its columns one after another."""

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
        starts.astype(np.uint32), (keys % count).astype(np.uint32), np.searchsorted(keys, own).astype(np.uint32),
        slots.astype(np.uint32),
    )  # fmt: skip


def parted(bend, pattern: Pattern) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The bending's matrix (scipy CSR [n, n]) as blocks [b, 3, 4] where the pattern has some, and the rest: row starts,
    columns, values."""
    from scipy import sparse

    count, whole = bend.shape[0], bend.tocoo()
    own = np.repeat(np.arange(count, dtype=np.int64), np.diff(pattern.starts.astype(np.int64)))
    keys, wanted = own * count + pattern.columns, whole.row.astype(np.int64) * count + whole.col
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    inside = keys[at] == wanted
    blocks = np.zeros((len(keys), 3, 4), np.float32)
    for k in range(3):
        blocks[at[inside], k, k] = whole.data[inside]
    beyond = ~inside
    wide = sparse.csr_matrix((whole.data[beyond], (whole.row[beyond], whole.col[beyond])), bend.shape)
    wide.sort_indices()
    return blocks, (wide.indptr.astype(np.uint32), wide.indices.astype(np.uint32), wide.data.astype(np.float32))


@njit(cache=True, fastmath=MATH)
def multiply(starts, columns, blocks, wide_starts, wide_columns, wide_values, links, shares, springs, v, out):
    """out = matrix * v, all [n, 4] float32."""
    zero = np.float32(0.0)
    for i in range(len(starts) - 1):
        a = b = c = d = a1 = b1 = c1 = d1 = a2 = b2 = c2 = d2 = zero
        for t in range(starts[i], starts[i + 1]):
            j = columns[t]
            p, q, r = v[j, 0], v[j, 1], v[j, 2]
            a += blocks[t, 0, 0] * p
            b += blocks[t, 0, 1] * p
            c += blocks[t, 0, 2] * p
            d += blocks[t, 0, 3] * p
            a1 += blocks[t, 1, 0] * q
            b1 += blocks[t, 1, 1] * q
            c1 += blocks[t, 1, 2] * q
            d1 += blocks[t, 1, 3] * q
            a2 += blocks[t, 2, 0] * r
            b2 += blocks[t, 2, 1] * r
            c2 += blocks[t, 2, 2] * r
            d2 += blocks[t, 2, 3] * r
        t, end = wide_starts[i], wide_starts[i + 1]
        while t + np.uint32(1) < end:
            j, w = wide_columns[t], wide_values[t]
            a += w * v[j, 0]
            b += w * v[j, 1]
            c += w * v[j, 2]
            d += w * v[j, 3]
            j, w = wide_columns[t + np.uint32(1)], wide_values[t + np.uint32(1)]
            a1 += w * v[j, 0]
            b1 += w * v[j, 1]
            c1 += w * v[j, 2]
            d1 += w * v[j, 3]
            t += np.uint32(2)
        if t < end:
            j, w = wide_columns[t], wide_values[t]
            a2 += w * v[j, 0]
            b2 += w * v[j, 1]
            c2 += w * v[j, 2]
            d2 += w * v[j, 3]
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = a + a1 + a2, b + b1 + b2, c + c1 + c2, d + d1 + d2
    for t in range(len(links)):
        a = b = c = zero
        for k in range(4):
            j, w = np.uint32(links[t, k]), shares[t, k]
            a += w * v[j, 0]
            b += w * v[j, 1]
            c += w * v[j, 2]
        p = springs[t, 0, 0] * a + springs[t, 0, 1] * b + springs[t, 0, 2] * c
        q = springs[t, 1, 0] * a + springs[t, 1, 1] * b + springs[t, 1, 2] * c
        r = springs[t, 2, 0] * a + springs[t, 2, 1] * b + springs[t, 2, 2] * c
        for k in range(4):
            j, w = np.uint32(links[t, k]), shares[t, k]
            out[j, 0] += w * p
            out[j, 1] += w * q
            out[j, 2] += w * r


@njit(cache=True, fastmath=MATH)
def jacobi(diagonal, blocks, links, shares, springs, pinned, out):
    """Inverses of the diagonal blocks into out [n, 3, 4]; zero where pinned."""
    count = len(diagonal)
    full = np.empty((count, 6), np.float32)
    for i in range(count):
        block = blocks[diagonal[i]]
        full[i, 0], full[i, 3], full[i, 5] = block[0, 0], block[1, 1], block[2, 2]
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
    """Inverses of symmetric 3x3 blocks [n, 6] (xx, xy, xz, yy, yz, zz) into out [n, 3, 4]; zero where there is none."""
    for i in range(len(full)):
        a, b, c = float(full[i, 0]), float(full[i, 1]), float(full[i, 2])
        d, e, f = float(full[i, 3]), float(full[i, 4]), float(full[i, 5])
        p, q, r = d * f - e * e, c * e - b * f, b * e - c * d
        volume = a * p + b * q + c * r
        scale = 1.0 / volume if volume > 0.0 else 0.0
        out[i, 0, 0], out[i, 0, 1], out[i, 0, 2] = scale * p, scale * q, scale * r
        out[i, 1, 0], out[i, 1, 1], out[i, 1, 2] = scale * q, scale * (a * f - c * c), scale * (b * c - a * e)
        out[i, 2, 0], out[i, 2, 1], out[i, 2, 2] = scale * r, scale * (b * c - a * e), scale * (a * d - b * b)


@njit(cache=True, fastmath=MATH)
def _gathered(members, weights, r, out):
    """What r [n, 4] is to clusters, into out [c, 4]."""
    out[:] = 0.0
    for i in range(len(r)):
        a, b, c, d = r[i, 0], r[i, 1], r[i, 2], r[i, 3]
        for k in range(members.shape[1]):
            m, w = members[i, k], weights[i, k]
            out[m, 0] += w * a
            out[m, 1] += w * b
            out[m, 2] += w * c
            out[m, 3] += w * d


@njit(cache=True, fastmath=MATH)
def _divided(inverse, small):
    """small [c, 4] by block Jacobi, in place."""
    for i in range(len(small)):
        p, q, r = small[i, 0], small[i, 1], small[i, 2]
        for k in range(4):
            small[i, k] = inverse[i, 0, k] * p + inverse[i, 1, k] * q + inverse[i, 2, k] * r


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
    wide, shares, factor, few, packed = coarse
    _gathered(wide, shares, r, few)
    for i in range(len(few)):
        packed[3 * i], packed[3 * i + 1], packed[3 * i + 2] = few[i, 0], few[i, 1], few[i, 2]
    _backsolved(factor, packed)
    for i in range(len(few)):
        few[i, 0], few[i, 1], few[i, 2] = packed[3 * i], packed[3 * i + 1], packed[3 * i + 2]
    product = 0.0
    for i in range(len(r)):
        a, b, c = r[i, 0], r[i, 1], r[i, 2]
        p0 = inverse[i, 0, 0] * a + inverse[i, 1, 0] * b + inverse[i, 2, 0] * c
        p1 = inverse[i, 0, 1] * a + inverse[i, 1, 1] * b + inverse[i, 2, 1] * c
        p2 = inverse[i, 0, 2] * a + inverse[i, 1, 2] * b + inverse[i, 2, 2] * c
        p3 = inverse[i, 0, 3] * a + inverse[i, 1, 3] * b + inverse[i, 2, 3] * c
        for k in range(members.shape[1]):
            m, w = members[i, k], weights[i, k]
            p0 += w * some[m, 0]
            p1 += w * some[m, 1]
            p2 += w * some[m, 2]
            p3 += w * some[m, 3]
        for k in range(wide.shape[1]):
            m, w = wide[i, k], shares[i, k]
            p0 += w * few[m, 0]
            p1 += w * few[m, 1]
            p2 += w * few[m, 2]
            p3 += w * few[m, 3]
        z[i, 0], z[i, 1], z[i, 2], z[i, 3] = p0, p1, p2, p3
        product += a * p0 + b * p1 + c * p2
    return product


def solve(
    matrix: tuple[Any, ...], guide: tuple[Any, ...], force: np.ndarray, tolerance: float, limit: int,
    firm: np.ndarray, x: np.ndarray, tick: Callable[[], None] = lambda: None,
) -> int:  # fmt: skip
    """Solve matrix (as `multiply` takes it) * x = force [n, 4] float32, from a guess in x, until the preconditioned
    residual is this `tolerance` of the force's; iterations. `guide`: inverse blocks, and the fine and the coarse
    clusters as clusters.Levels has them. What is `firm` [n] is so stiff that the residual's norm is blind to it: its
    own error is taken out at last. `tick` is called every AT_ONCE vertices' iterations and may raise Cancelled."""
    room = np.empty((4, *force.shape), np.float32)
    product, goal = BEGUN(*matrix, *guide, force, tolerance, x, room)
    iterations, going = 0, True
    while going and iterations < limit:
        tick()
        most = min(max(1, AT_ONCE // len(force)), limit - iterations)
        made, product, going = ADVANCED(*matrix, *guide, product, goal, most, x, room)
        iterations += made
    _corrected(guide[0], firm, room[0], x)
    return iterations


@njit(cache=True, fastmath=MATH)
def _begun(
    starts, columns, blocks, wide_starts, wide_columns, wide_values, links, shares, springs,
    inverse, fine, coarse, force, tolerance, x, room,
):  # fmt: skip
    """The first residual and direction into room [4, n, 4] (residual, preconditioned, direction, its product); residual
    times preconditioned residual, and how small it is to become."""
    r, z, p, q = room[0], room[1], room[2], room[3]
    r[:] = force
    product = _precondition(inverse, fine, coarse, r, z)
    goal = tolerance * tolerance * product
    if np.any(x.reshape(-1)):
        multiply(starts, columns, blocks, wide_starts, wide_columns, wide_values, links, shares, springs, x, q)
        r -= q
        product = _precondition(inverse, fine, coarse, r, z)
    p[:] = z
    return product, goal


@njit(cache=True, fastmath=MATH)
def _advanced(
    starts, columns, blocks, wide_starts, wide_columns, wide_values, links, shares, springs,
    inverse, fine, coarse, product, goal, most, x, room,
):  # fmt: skip
    """At most so many iterations more, in place: how many were made, the product as it is then, and whether there are
    more to make."""
    r, z, p, q = room[0], room[1], room[2], room[3]
    x_, r_, z_, p_, q_ = x.reshape(-1), r.reshape(-1), z.reshape(-1), p.reshape(-1), q.reshape(-1)
    for iteration in range(most):
        if product <= goal:
            return iteration, product, False
        multiply(starts, columns, blocks, wide_starts, wide_columns, wide_values, links, shares, springs, p, q)
        curvature = 0.0
        for i in range(len(p_)):
            curvature += p_[i] * q_[i]
        if curvature <= 0.0:
            return iteration, product, False
        step = np.float32(product / curvature)
        for i in range(len(p_)):
            x_[i] += step * p_[i]
            r_[i] -= step * q_[i]
        previous = product
        product = _precondition(inverse, fine, coarse, r, z)
        turn = np.float32(product / previous)
        for i in range(len(p_)):
            p_[i] = z_[i] + turn * p_[i]
    return most, product, True


@njit(cache=True, fastmath=MATH)
def _corrected(inverse, firm, r, x):
    """Take out of x, where it is firm, the error that the residual r [n, 4] tells there."""
    for i in range(len(x)):
        if firm[i]:
            for k in range(3):
                x[i, k] += inverse[i, 0, k] * r[i, 0] + inverse[i, 1, k] * r[i, 1] + inverse[i, 2, k] * r[i, 2]


# The compiler's own types know no starred tuples.
BEGUN: Any = _begun
ADVANCED: Any = _advanced
