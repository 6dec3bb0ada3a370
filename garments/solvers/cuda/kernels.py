"""What a card needs besides the room's own loops: these would read, on the processor, what another round wrote.

Plain loops, as all kernels are (translating.py); never run on a processor but in tests.
"""

import numpy as np

from garments.solvers.bending import _bent
from garments.solvers.layers import _free
from garments.solvers.proximity import _bucket, members

# The linear system ------------------------------------------------------------------------------------------------


def product(starts, columns, values, x, out):
    """out [n, 3] = a matrix of scalars times x [n, 3]."""
    for i in range(len(starts) - 1):
        out[i, 0], out[i, 1], out[i, 2] = _bent(starts, columns, values, x, i)


def combined(inverse, members, weights, some, wide, shares, few, r, z):
    """z [n, 4] = block Jacobi times r [n, 4] + what small clusters [c, 4] and large ones [d, 3] tell."""
    for i in range(len(r)):
        a, b, c = r[i, 0], r[i, 1], r[i, 2]
        for q in range(3):
            total = inverse[i, 0, q] * a + inverse[i, 1, q] * b + inverse[i, 2, q] * c
            for k in range(members.shape[1]):
                total += weights[i, k] * some[members[i, k], q]
            for k in range(wide.shape[1]):
                total += shares[i, k] * few[wide[i, k], q]
            z[i, q] = total


def stepped(rz, curvature, p, q, x, r):
    """A step along p [n, 4]: x and r of conjugate gradients [n, 4]."""
    for i in range(len(x)):
        step = rz[0] / curvature[0] if curvature[0] > 0.0 else 0.0
        for k in range(3):
            x[i, k] += step * p[i, k]
            r[i, k] -= step * q[i, k]


def turned(rz, before, z, p):
    """The next direction p [n, 4]."""
    for i in range(len(p)):
        turn = rz[0] / before[0] if before[0] > 0.0 else 0.0
        for k in range(3):
            p[i, k] = z[i, k] + turn * p[i, k]


def finished(firm, inverse, r, x):
    """Take what is left of the residual out of what is firm [n]."""
    for i in range(len(x)):
        if firm[i]:
            for k in range(3):
                x[i, k] += inverse[i, 0, k] * r[i, 0] + inverse[i, 1, k] * r[i, 1] + inverse[i, 2, k] * r[i, 2]


def small(
    starts, columns, blocks, wide_starts, wide_columns, wide_values, links, shares, springs, members, weights, full
):
    """Add the diagonal blocks of the matrix, as small clusters see it, to full [c, 6] (xx, xy, xz, yy, yz, zz)."""
    for i in range(len(starts) - 1):
        for t in range(starts[i], starts[i + 1]):
            for a in range(members.shape[1]):
                for b in range(members.shape[1]):
                    c = members[i, a]
                    if c == members[columns[t], b]:
                        w = weights[i, a] * weights[columns[t], b]
                        full[c, 0] += w * blocks[t, 0, 0]
                        full[c, 1] += 0.5 * w * (blocks[t, 0, 1] + blocks[t, 1, 0])
                        full[c, 2] += 0.5 * w * (blocks[t, 0, 2] + blocks[t, 2, 0])
                        full[c, 3] += w * blocks[t, 1, 1]
                        full[c, 4] += 0.5 * w * (blocks[t, 1, 2] + blocks[t, 2, 1])
                        full[c, 5] += w * blocks[t, 2, 2]
        for t in range(wide_starts[i], wide_starts[i + 1]):
            for a in range(members.shape[1]):
                for b in range(members.shape[1]):
                    c = members[i, a]
                    if c == members[wide_columns[t], b]:
                        w = weights[i, a] * weights[wide_columns[t], b] * wide_values[t]
                        full[c, 0] += w
                        full[c, 3] += w
                        full[c, 5] += w
    for t in range(len(links)):
        for k in range(4):
            for m in range(4):
                for a in range(members.shape[1]):
                    for b in range(members.shape[1]):
                        c = members[links[t, k], a]
                        if c == members[links[t, m], b]:
                            w = shares[t, k] * weights[links[t, k], a] * shares[t, m] * weights[links[t, m], b]
                            full[c, 0] += w * springs[t, 0, 0]
                            full[c, 1] += w * springs[t, 0, 1]
                            full[c, 2] += w * springs[t, 0, 2]
                            full[c, 3] += w * springs[t, 1, 1]
                            full[c, 4] += w * springs[t, 1, 2]
                            full[c, 5] += w * springs[t, 2, 2]


def large(
    starts, columns, blocks, wide_starts, wide_columns, wide_values, links, shares, springs, members, weights, out
):
    """Add the matrix, as large clusters see it, to out [3c, 3c]."""
    for i in range(len(starts) - 1):
        for a in range(members.shape[1]):
            own, c = weights[i, a], members[i, a]
            if own == 0.0:
                continue
            for t in range(starts[i], starts[i + 1]):
                for b in range(members.shape[1]):
                    w, d = own * weights[columns[t], b], members[columns[t], b]
                    if w != 0.0:
                        for p in range(3):
                            for q in range(3):
                                out[3 * c + p, 3 * d + q] += w * blocks[t, q, p]
            for t in range(wide_starts[i], wide_starts[i + 1]):
                for b in range(members.shape[1]):
                    w, d = own * weights[wide_columns[t], b] * wide_values[t], members[wide_columns[t], b]
                    if w != 0.0:
                        for p in range(3):
                            out[3 * c + p, 3 * d + p] += w
    for t in range(len(links)):
        for k in range(4):
            for m in range(4):
                for a in range(members.shape[1]):
                    for b in range(members.shape[1]):
                        w = shares[t, k] * weights[links[t, k], a] * shares[t, m] * weights[links[t, m], b]
                        c, d = members[links[t, k], a], members[links[t, m], b]
                        if w != 0.0:
                            for p in range(3):
                                for q in range(3):
                                    out[3 * c + p, 3 * d + q] += w * springs[t, p, q]


# Boxes in a hash of cells -----------------------------------------------------------------------------------------


def touched(low, high, scale, count):
    """How many cells each box touches, into count [k]."""
    for b in range(len(low)):
        number = 1
        for p in range(3):
            number *= int(np.floor(high[b, p] * scale)) - int(np.floor(low[b, p] * scale)) + 1
        count[b] = number


def listed(low, high, scale, size, ends, keys):
    """Bucket and box, as one number each, of every cell that a box touches; `ends` [k] are where its numbers end."""
    for b in range(len(low)):
        at = ends[b - 1] if b > 0 else 0
        for i in range(int(np.floor(low[b, 0] * scale)), int(np.floor(high[b, 0] * scale)) + 1):
            for j in range(int(np.floor(low[b, 1] * scale)), int(np.floor(high[b, 1] * scale)) + 1):
                for k in range(int(np.floor(low[b, 2] * scale)), int(np.floor(high[b, 2] * scale)) + 1):
                    keys[at] = _bucket(i, j, k, size) * len(low) + b
                    at += 1


def matched(low, high, other_low, other_high, one, two, scale, size, starts, keys, same, ends, count, found, fill):
    """Overlapping boxes that share no vertex: how many each has, into count [k], or which, into found [f, 2] up to
    `ends` [k]. As proximity.overlaps."""
    for a in range(len(low)):
        at = ends[a] - count[a] if fill else 0
        for i in range(int(np.floor(low[a, 0] * scale)), int(np.floor(high[a, 0] * scale)) + 1):
            for j in range(int(np.floor(low[a, 1] * scale)), int(np.floor(high[a, 1] * scale)) + 1):
                for k in range(int(np.floor(low[a, 2] * scale)), int(np.floor(high[a, 2] * scale)) + 1):
                    bucket = _bucket(i, j, k, size)
                    for t in range(starts[bucket], starts[bucket + 1]):
                        b = keys[t] % len(other_low)
                        if same and b <= a:
                            continue
                        apart = False
                        for p in range(3):
                            apart = apart or other_low[b, p] > high[a, p] or other_high[b, p] < low[a, p]
                        if apart:
                            continue
                        first = int(np.floor(max(low[a, 0], other_low[b, 0]) * scale)) == i
                        first = first and int(np.floor(max(low[a, 1], other_low[b, 1]) * scale)) == j
                        if not (first and int(np.floor(max(low[a, 2], other_low[b, 2]) * scale)) == k):
                            continue
                        shared = False
                        for m in range(one.shape[1]):
                            for n in range(two.shape[1]):
                                shared = shared or one[a, m] == two[b, n]
                        if shared:
                            continue
                        if fill:
                            found[at, 0], found[at, 1] = a, b
                        at += 1
        if not fill:
            count[a] = at


# No step carries cloth through cloth ------------------------------------------------------------------------------


def free(x, moved, faces, edges, pairs, kind, scale, part):
    """The part of its motion, 0..1, that each pair can make, into part [k]: layers._free, on a copy of its four
    vertices."""
    who, share, four, whole = np.empty(4, np.int32), np.empty(4), np.empty(4, np.int32), np.empty(4)
    start, way, there = np.empty((4, 3)), np.empty((4, 3)), np.empty((4, 3))
    trio, both = np.empty((1, 3), np.int32), np.empty((2, 2), np.int32)
    for t in range(len(pairs)):
        members(faces, edges, kind, pairs[t, 0], pairs[t, 1], who)
        for k in range(4):
            w, whole[k], both[k // 2, k % 2] = scale[who[k]], 1.0, k
            for p in range(3):
                start[k, p], way[k, p] = x[who[k], p], w * moved[who[k], p]
        trio[0, 0], trio[0, 1], trio[0, 2] = 1, 2, 3
        part[t] = _free(start, way, trio, both, kind, 0, kind, whole, four, share, there)
