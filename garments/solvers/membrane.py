"""In-plane forces of cloth: stretch along weft and warp, and shear, each with its measured stiffening curve.

The deformation gradient maps the flat panel to space; its columns are the stretched weft and warp threads. Threads are
as long as they are (Baraff & Witkin 1998, in the energy form of Kim 2020), so that a strip pulled along a thread
obeys the measured curve exactly. Curves rise from a first to a last slope over a span of strain, as Wang, O'Brien and
Ramamoorthi (2011) tabulate them. What the stress itself adds to the Hessian is negative where cloth is pressed: it is
left out, so that Newton's matrix stays positive (Teran et al. 2005), or kept near rest, where Newton's method creeps
without it (Longva et al. 2023). Threads alone would let a face be crushed to nothing: what is left of its area gets
ever firmer.
"""

import numpy as np
from numba import config, njit

# All kernels: a vertex's lanes in one instruction, which is what linear.py lays its vectors out for.
config.SLP_VECTORIZE = 1  # type: ignore[attr-defined]
MATH = {"contract", "reassoc", "arcp", "nsz"}

# Under compression cloth buckles below the mesh's own length. Keeping a share of the first slope leaves the
# visible folds to the bending and the invisible ones to this softness.
COMPRESSION = 0.5
# From this share of its area on crushed cloth gets ever firmer, by this share of its first slope: folds have a
# thickness.
CRUSHED, FIRM = 0.3, 0.02
# Below this share of its area it goes on as a spring.
FLAT = 0.05


def rest_gradients(rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gradients of the three hat functions on flat faces `rest` [m] [m, 3, 2]: [m, 3, 2] 1/m, and areas [m2] [m].

    Column 0 of a gradient goes with weft, column 1 with warp: weft thread = sum of gradient[:, 0] * positions.
    """
    first, second = rest[:, 1] - rest[:, 0], rest[:, 2] - rest[:, 0]
    twice = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    one = np.stack([second[:, 1], -second[:, 0]], 1) / twice[:, None]
    two = np.stack([-first[:, 1], first[:, 0]], 1) / twice[:, None]
    return np.stack([-one - two, one, two], 1), 0.5 * np.abs(twice)


@njit(cache=True, fastmath=MATH, inline="always")
def curve(strain, first, last, span, softness):
    """Energy [J/m2], tension [N/m] and slope [N/m] of a curve whose slope goes from `first` to `last` over `span`."""
    if strain < 0.0:
        slope = softness * first
        return 0.5 * slope * strain * strain, slope * strain, slope
    bend = (last - first) / span
    if strain < span:
        return (
            strain * strain * (0.5 * first + bend * strain / 6.0),
            strain * (first + 0.5 * bend * strain),
            first + bend * strain,
        )
    over = strain - span
    energy, tension = span * span * (first / 3.0 + last / 6.0), 0.5 * span * (first + last)
    return energy + tension * over + 0.5 * last * over * over, tension + last * over, last


@njit(cache=True, fastmath=MATH, inline="always")
def crush(area, slope):
    """Energy [J/m2] of cloth of this share of its area, what it is pushed apart with, and how much more of that there
    is where it is less."""
    if area >= CRUSHED:
        return 0.0, 0.0, 0.0
    firm, part = FIRM * slope, max(area, FLAT)
    ratio = CRUSHED / part
    energy, push = 0.5 * firm * (ratio - 1.0) ** 2, firm * (ratio - 1.0) * ratio / part
    more, beyond = firm * (3.0 * ratio - 2.0) * ratio / (part * part), part - area
    return energy + beyond * (push + 0.5 * more * beyond), push + more * beyond, more


@njit(cache=True, fastmath=MATH, inline="always")
def spread(u0, u1, u2, v0, v1, v2):
    """The area that a face has of what it has at rest, and how that grows with its threads u and v, [3] each."""
    a, b, c = u1 * v2 - u2 * v1, u2 * v0 - u0 * v2, u0 * v1 - u1 * v0
    area = np.sqrt(a * a + b * b + c * c)
    scale = 1.0 / max(area, 1e-12)
    a, b, c = scale * a, scale * b, scale * c
    return (
        area,
        (v1 * c - v2 * b, v2 * a - v0 * c, v0 * b - v1 * a),
        (b * u2 - c * u1, c * u0 - a * u2, a * u1 - b * u0),
    )


@njit(cache=True, fastmath=MATH, inline="always")
def thread(x, faces, gradients, t, column):
    """The stretched thread of face t: one column of the deformation gradient."""
    i, j, k = faces[t, 0], faces[t, 1], faces[t, 2]
    a, b, c = gradients[t, 0, column], gradients[t, 1, column], gradients[t, 2, column]
    return (
        a * x[i, 0] + b * x[j, 0] + c * x[k, 0],
        a * x[i, 1] + b * x[j, 1] + c * x[k, 1],
        a * x[i, 2] + b * x[j, 2] + c * x[k, 2],
    )


@njit(cache=True, fastmath=MATH, inline="always")
def pulling(weft, warp, shear, pressed):
    """A stress [[weft, shear], [shear, warp]] [N/m] in the same form, where of its principal pressures a share is left:
    `pressed` of them."""
    mean, half = 0.5 * (weft + warp), 0.5 * (weft - warp)
    size = np.sqrt(half * half + shear * shear)
    high, low = mean + size, mean - size
    if low >= 0.0:
        return weft, warp, shear
    if high <= 0.0:
        return pressed * weft, pressed * warp, pressed * shear
    # What pulls is `high` along its own direction: high * (stress - low) / (high - low).
    part = (1.0 - pressed) * high / (high - low)
    return pressed * weft + part * (weft - low), pressed * warp + part * (warp - low), (pressed + part) * shear


@njit(cache=True, fastmath=MATH)
def strains(x, faces, gradients, curves, out):
    """Strain and tension of every face into out [m, 6]: strain weft, warp, shear, then tension [N/m] the same."""
    for t in range(len(faces)):
        u0, u1, u2 = thread(x, faces, gradients, t, 0)
        v0, v1, v2 = thread(x, faces, gradients, t, 1)
        out[t, 0] = np.sqrt(u0 * u0 + u1 * u1 + u2 * u2) - 1.0
        out[t, 1] = np.sqrt(v0 * v0 + v1 * v1 + v2 * v2) - 1.0
        out[t, 2] = u0 * v0 + u1 * v1 + u2 * v2
        for k in range(2):
            out[t, 3 + k] = curve(out[t, k], curves[t, k, 0], curves[t, k, 1], curves[t, k, 2], COMPRESSION)[1]
        shear = curve(abs(out[t, 2]), curves[t, 2, 0], curves[t, 2, 1], curves[t, 2, 2], 1.0)[1]
        out[t, 5] = shear if out[t, 2] > 0.0 else -shear


@njit(cache=True, fastmath=MATH)
def energy(x, faces, gradients, areas, curves):
    """Stored energy [J]."""
    total = 0.0
    for t in range(len(faces)):
        u0, u1, u2 = thread(x, faces, gradients, t, 0)
        v0, v1, v2 = thread(x, faces, gradients, t, 1)
        weft = np.sqrt(u0 * u0 + u1 * u1 + u2 * u2) - 1.0
        warp = np.sqrt(v0 * v0 + v1 * v1 + v2 * v2) - 1.0
        shear = abs(u0 * v0 + u1 * v1 + u2 * v2)
        slope = min(curves[t, 0, 0], curves[t, 1, 0])
        total += areas[t] * (
            crush(spread(u0, u1, u2, v0, v1, v2)[0], slope)[0]
            + curve(weft, curves[t, 0, 0], curves[t, 0, 1], curves[t, 0, 2], COMPRESSION)[0]
            + curve(warp, curves[t, 1, 0], curves[t, 1, 1], curves[t, 1, 2], COMPRESSION)[0]
            + curve(shear, curves[t, 2, 0], curves[t, 2, 1], curves[t, 2, 2], 1.0)[0]
        )
    return total


@njit(cache=True, fastmath=MATH)
def forces(x, faces, gradients, areas, curves, force):
    """Add the membrane's forces [N] to force [n, 3]."""
    for t in range(len(faces)):
        u0, u1, u2 = thread(x, faces, gradients, t, 0)
        v0, v1, v2 = thread(x, faces, gradients, t, 1)
        long_u = max(np.sqrt(u0 * u0 + u1 * u1 + u2 * u2), 1e-9)
        long_v = max(np.sqrt(v0 * v0 + v1 * v1 + v2 * v2), 1e-9)
        shear = u0 * v0 + u1 * v1 + u2 * v2
        pull_u = curve(long_u - 1.0, curves[t, 0, 0], curves[t, 0, 1], curves[t, 0, 2], COMPRESSION)[1] / long_u
        pull_v = curve(long_v - 1.0, curves[t, 1, 0], curves[t, 1, 1], curves[t, 1, 2], COMPRESSION)[1] / long_v
        slant = curve(abs(shear), curves[t, 2, 0], curves[t, 2, 1], curves[t, 2, 2], 1.0)[1]
        if shear < 0.0:
            slant = -slant
        area, grow_u, grow_v = spread(u0, u1, u2, v0, v1, v2)
        push = crush(area, min(curves[t, 0, 0], curves[t, 1, 0]))[1]
        for k in range(3):
            a, b, i = areas[t] * gradients[t, k, 0], areas[t] * gradients[t, k, 1], faces[t, k]
            force[i, 0] -= a * (pull_u * u0 + slant * v0) + b * (pull_v * v0 + slant * u0)
            force[i, 1] -= a * (pull_u * u1 + slant * v1) + b * (pull_v * v1 + slant * u1)
            force[i, 2] -= a * (pull_u * u2 + slant * v2) + b * (pull_v * v2 + slant * u2)
            for p in range(3):
                force[i, p] += push * (a * grow_u[p] + b * grow_v[p])


@njit(cache=True, fastmath=MATH)
def stiffness(x, faces, gradients, areas, curves, pressed, slots, blocks):
    """Add the Hessian [N/m] to blocks [b, 3, 4], which lie column by column; slots [m, 3, 3] says which block couples
    two corners. Of what pressure in the cloth takes from it the share `pressed` is left: with none it is positive."""
    uu, uv, vv = np.empty((3, 3)), np.empty((3, 3)), np.empty((3, 3))
    u, v = np.empty(3), np.empty(3)
    for t in range(len(faces)):
        u[0], u[1], u[2] = thread(x, faces, gradients, t, 0)
        v[0], v[1], v[2] = thread(x, faces, gradients, t, 1)
        long_u = max(np.sqrt(u[0] * u[0] + u[1] * u[1] + u[2] * u[2]), 1e-9)
        long_v = max(np.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]), 1e-9)
        shear = u[0] * v[0] + u[1] * v[1] + u[2] * v[2]
        _, pull_u, slope_u = curve(long_u - 1.0, curves[t, 0, 0], curves[t, 0, 1], curves[t, 0, 2], COMPRESSION)
        _, pull_v, slope_v = curve(long_v - 1.0, curves[t, 1, 0], curves[t, 1, 1], curves[t, 1, 2], COMPRESSION)
        _, slant, slope_s = curve(abs(shear), curves[t, 2, 0], curves[t, 2, 1], curves[t, 2, 2], 1.0)
        if shear < 0.0:
            slant = -slant
        across_u, across_v, twist = pulling(pull_u / long_u, pull_v / long_v, slant, pressed)
        along_u = max(slope_u - across_u, 0.0) / (long_u * long_u)
        along_v = max(slope_v - across_v, 0.0) / (long_v * long_v)
        area = areas[t]
        small, grow_u, grow_v = spread(u[0], u[1], u[2], v[0], v[1], v[2])
        more = crush(small, min(curves[t, 0, 0], curves[t, 1, 0]))[2]
        for p in range(3):
            for q in range(3):
                uu[p, q] = area * (along_u * u[p] * u[q] + slope_s * v[p] * v[q] + more * grow_u[p] * grow_u[q])
                vv[p, q] = area * (along_v * v[p] * v[q] + slope_s * u[p] * u[q] + more * grow_v[p] * grow_v[q])
                uv[p, q] = area * (slope_s * v[p] * u[q] + more * grow_u[p] * grow_v[q])
            uu[p, p] += area * across_u
            vv[p, p] += area * across_v
            uv[p, p] += area * twist
        for k in range(3):
            a, b = gradients[t, k, 0], gradients[t, k, 1]
            for m in range(3):
                c, d = gradients[t, m, 0], gradients[t, m, 1]
                block = blocks[slots[t, k, m]]
                ac, ad, bc, bd = a * c, a * d, b * c, b * d
                for p in range(3):
                    for q in range(3):
                        block[q, p] += ac * uu[p, q] + ad * uv[p, q] + bc * uv[q, p] + bd * vv[p, q]
