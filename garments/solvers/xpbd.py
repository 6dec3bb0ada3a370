"""Cloth that follows the hand: position-based steps, quick and never unstable, and a little too stretchy.

XPBD (Macklin, Müller and Chentanez 2016) in small steps with one sweep each (Macklin et al. 2019): threads along weft
and warp and the angle between them are held to the flat panel's, triangle by triangle (strain-based dynamics, Müller
et al. 2014), the hinges of the isometric bending model (Bergou et al. 2006) unbend, threads pull, planes of the body
push out and hold by friction. One sweep does not reach the rest that the fabric asks for, so that cloth gives more the
finer its mesh is: good enough to see while something is dragged, never to measure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit

from assets.mesh import frozen
from garments.solvers.membrane import MATH, rest_gradients
from garments.solvers.sheet import Sheet
from garments.threads import FIXED, NONE, Threads

GRAVITY = 9.81
DRAG = 6.0
"""Share of the speed lost in a second: a preview is to come to rest, not to swing."""
FASTEST = 2.0
"""Cloth falls no faster than this [m/s]."""
PUSH = 2.0e-3
"""A substep pushes cloth out of the body by this [m] at most, so that none leaps,"""
DRAW = 8.0e-3
"""and a thread draws it by this [m]."""


@dataclass(frozen=True, slots=True, eq=False)
class Bonds:
    """What holds a sheet: gradients [m, 3, 2] [1/m] and compliances [m, 3] of the faces along weft, warp and in shear;
    vertices [k, 4], factors [k, 4] and compliances [k] of the hinges; inverse masses [n] [1/kg]."""

    faces: np.ndarray
    gradients: np.ndarray
    give: np.ndarray
    hinges: np.ndarray
    factors: np.ndarray
    hinge_give: np.ndarray
    inverse: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Walls:
    """A plane that each of n vertices stays in front of: point [m] and outward normal [n, 3], offset [m] and friction
    [n]; vertices further from it than their offset do not feel it."""

    point: np.ndarray
    normal: np.ndarray
    offset: np.ndarray
    friction: np.ndarray


_NO_WALL = Walls(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(0), np.zeros(0))


def bonds(sheet: Sheet, pinned: np.ndarray | None = None) -> Bonds:
    """What holds a sheet; `pinned` vertices [n] do not move."""
    from garments.solvers.bending import _hinges

    gradients, areas = rest_gradients(sheet.rest)
    first, second, _ = _hinges(sheet.faces, sheet.rest)
    hinges = np.empty((len(first.face), 4), np.int32)
    factors = np.empty((len(first.face), 4))
    for k, side in enumerate((first, second)):
        hinges[:, 2 + k] = sheet.faces[side.face, side.corner]
        factors[:, 2 + k] = side.length / side.height
    hinges[:, 0] = first.start
    hinges[:, 1] = sheet.faces[first.face, (first.corner + 2) % 3]
    foot = np.where(first.start == second.start, second.foot, 1.0 - second.foot)
    factors[:, 0] = -(factors[:, 2] * (1.0 - first.foot) + factors[:, 3] * (1.0 - foot))
    factors[:, 1] = -(factors[:, 2] * first.foot + factors[:, 3] * foot)
    rigidity = sheet.bending.mean(axis=1)
    rigidity = 0.5 * (rigidity[first.face] + rigidity[second.face])
    inverse = 1.0 / sheet.mass
    if pinned is not None:
        inverse = np.where(pinned, 0.0, inverse)
    return Bonds(
        frozen(sheet.faces), frozen(gradients), frozen(1.0 / (areas[:, None] * sheet.stretch[:, :, 0])), frozen(hinges),
        frozen(factors), frozen((areas[first.face] + areas[second.face]) / (3.0 * rigidity)), frozen(inverse),
    )  # fmt: skip


def step(
    held: Bonds, walls: Sequence[Walls], x: np.ndarray, velocity: np.ndarray, time: float, substeps: int,
    threads: Threads = NONE,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Positions [m] and velocities [m/s] [n, 3] after `time` [s], behind none of the `walls`, of which two are felt at
    most: the body's, and other cloth's. Threads of a cord pull each for itself."""
    x, velocity = np.array(x, np.float64), np.array(velocity, np.float64)
    parts = [(wall.point, wall.normal, wall.offset, wall.friction) for wall in (*walls, _NO_WALL, _NO_WALL)[:2]]
    _steps(
        x, velocity, held.faces, held.gradients, held.give, held.hinges, held.factors, held.hinge_give, held.inverse,
        *parts[0], *parts[1], threads.ends, threads.places, threads.lengths, threads.lengths / threads.stiffness,
        time / substeps, substeps,
    )  # fmt: skip
    return x, velocity


@njit(cache=True, fastmath=MATH)
def _steps(
    x, velocity, faces, gradients, give, hinges, factors, hinge_give, inverse, point, normal, offset, friction, point2,
    normal2, offset2, friction2, ends, places, lengths, slack, time, substeps,
):  # fmt: skip
    before = np.empty_like(x)
    keep = 1.0 / (1.0 + DRAG * time)
    for number in range(substeps):
        for i in range(len(x)):
            for k in range(3):
                before[i, k] = x[i, k]
            if inverse[i] > 0.0:
                speed = 0.0
                for k in range(3):
                    velocity[i, k] *= keep
                    if k == 1:
                        velocity[i, 1] -= GRAVITY * time
                    speed += velocity[i, k] * velocity[i, k]
                limit = min(1.0, FASTEST / max(np.sqrt(speed), 1e-9))
                for k in range(3):
                    x[i, k] += limit * time * velocity[i, k]
        _unbend(x, hinges, factors, hinge_give, inverse, time)
        _hold(x, faces, gradients, give, inverse, time, number % 2 == 1)
        _draw(x, ends, places, lengths, slack, inverse, time)
        _keep_out(x, before, point2, normal2, offset2, friction2)
        _keep_out(x, before, point, normal, offset, friction)
        for i in range(len(x)):
            for k in range(3):
                velocity[i, k] = (x[i, k] - before[i, k]) / time


@njit(cache=True, fastmath=MATH, inline="always")
def _hold(x, faces, gradients, give, inverse, time, backwards):
    """One sweep over the faces, in turns forwards and backwards so that neither end is favoured."""
    count = len(faces)
    soft = 1.0 / (time * time)
    for step in range(count):
        t = count - 1 - step if backwards else step
        i, j, k = faces[t, 0], faces[t, 1], faces[t, 2]
        wi, wj, wk = inverse[i], inverse[j], inverse[k]
        for c in range(2):
            a, b, d = gradients[t, 0, c], gradients[t, 1, c], gradients[t, 2, c]
            u0 = a * x[i, 0] + b * x[j, 0] + d * x[k, 0]
            u1 = a * x[i, 1] + b * x[j, 1] + d * x[k, 1]
            u2 = a * x[i, 2] + b * x[j, 2] + d * x[k, 2]
            size = np.sqrt(u0 * u0 + u1 * u1 + u2 * u2)
            weight = wi * a * a + wj * b * b + wk * d * d + soft * give[t, c]
            push = -(size - 1.0) / (weight * max(size, 1e-9))
            u0, u1, u2 = push * u0, push * u1, push * u2
            x[i, 0] += wi * a * u0
            x[i, 1] += wi * a * u1
            x[i, 2] += wi * a * u2
            x[j, 0] += wj * b * u0
            x[j, 1] += wj * b * u1
            x[j, 2] += wj * b * u2
            x[k, 0] += wk * d * u0
            x[k, 1] += wk * d * u1
            x[k, 2] += wk * d * u2
        a, b, d = gradients[t, 0, 0], gradients[t, 1, 0], gradients[t, 2, 0]
        e, f, g = gradients[t, 0, 1], gradients[t, 1, 1], gradients[t, 2, 1]
        u0 = a * x[i, 0] + b * x[j, 0] + d * x[k, 0]
        u1 = a * x[i, 1] + b * x[j, 1] + d * x[k, 1]
        u2 = a * x[i, 2] + b * x[j, 2] + d * x[k, 2]
        v0 = e * x[i, 0] + f * x[j, 0] + g * x[k, 0]
        v1 = e * x[i, 1] + f * x[j, 1] + g * x[k, 1]
        v2 = e * x[i, 2] + f * x[j, 2] + g * x[k, 2]
        weight = soft * give[t, 2]
        angle = u0 * v0 + u1 * v1 + u2 * v2
        p0, p1, p2 = a * v0 + e * u0, a * v1 + e * u1, a * v2 + e * u2
        q0, q1, q2 = b * v0 + f * u0, b * v1 + f * u1, b * v2 + f * u2
        r0, r1, r2 = d * v0 + g * u0, d * v1 + g * u1, d * v2 + g * u2
        weight += wi * (p0 * p0 + p1 * p1 + p2 * p2)
        weight += wj * (q0 * q0 + q1 * q1 + q2 * q2)
        weight += wk * (r0 * r0 + r1 * r1 + r2 * r2)
        push = -angle / weight
        x[i, 0] += push * wi * p0
        x[i, 1] += push * wi * p1
        x[i, 2] += push * wi * p2
        x[j, 0] += push * wj * q0
        x[j, 1] += push * wj * q1
        x[j, 2] += push * wj * q2
        x[k, 0] += push * wk * r0
        x[k, 1] += push * wk * r1
        x[k, 2] += push * wk * r2


@njit(cache=True, fastmath=MATH, inline="always")
def _unbend(x, hinges, factors, give, inverse, time):
    soft = 1.0 / (time * time)
    for h in range(len(hinges)):
        i, j, k, m = hinges[h, 0], hinges[h, 1], hinges[h, 2], hinges[h, 3]
        a, b, c, d = factors[h, 0], factors[h, 1], factors[h, 2], factors[h, 3]
        wi, wj, wk, wm = inverse[i] * a, inverse[j] * b, inverse[k] * c, inverse[m] * d
        weight = -1.0 / (wi * a + wj * b + wk * c + wm * d + soft * give[h])
        for axis in range(3):
            push = weight * (a * x[i, axis] + b * x[j, axis] + c * x[k, axis] + d * x[m, axis])
            x[i, axis] += wi * push
            x[j, axis] += wj * push
            x[k, axis] += wk * push
            x[m, axis] += wm * push


@njit(cache=True, fastmath=MATH, inline="always")
def _draw(x, ends, places, lengths, give, inverse, time):
    """Threads that are longer than at rest draw their ends together, or to their places."""
    soft = 1.0 / (time * time)
    for t in range(len(ends)):
        i, j = ends[t, 0], ends[t, 1]
        fixed = j == FIXED
        span = 0.0
        for k in range(3):
            way = (places[t, k] if fixed else x[j, k]) - x[i, k]
            span += way * way
        span = np.sqrt(span)
        if span <= lengths[t]:
            continue
        wi, wj = inverse[i], 0.0 if fixed else inverse[j]
        pull = min((span - lengths[t]) / (wi + wj + soft * give[t]), DRAW / max(wi, wj, 1e-12)) / span
        for k in range(3):
            way = (places[t, k] if fixed else x[j, k]) - x[i, k]
            x[i, k] += pull * wi * way
            if not fixed:
                x[j, k] -= pull * wj * way


@njit(cache=True, fastmath=MATH, inline="always")
def _keep_out(x, before, point, normal, offset, friction):
    """Push out of the planes; what was pushed slides no further than Coulomb lets it."""
    for i in range(len(point)):
        height = 0.0
        for k in range(3):
            height += (x[i, k] - point[i, k]) * normal[i, k]
        deep = offset[i] - height
        if deep <= 0.0:
            continue
        push = min(deep, PUSH)
        along = 0.0
        for k in range(3):
            x[i, k] += push * normal[i, k]
            along += (x[i, k] - before[i, k]) * normal[i, k]
        slid = 0.0
        for k in range(3):
            way = x[i, k] - before[i, k] - along * normal[i, k]
            slid += way * way
        slid = np.sqrt(slid)
        back = min(1.0, friction[i] * push / max(slid, 1e-12))
        for k in range(3):
            x[i, k] -= back * (x[i, k] - before[i, k] - along * normal[i, k])
