"""The kernels of garments/threads.py: energy, forces and stiffness of one-sided springs."""

import numpy as np
from numba import njit

from garments.solvers.membrane import MATH


@njit(cache=True, fastmath=MATH, inline="always")
def _way(x, ends, places, t):
    i, j = ends[t, 0], ends[t, 1]
    if j < 0:
        a, b, c = places[t, 0] - x[i, 0], places[t, 1] - x[i, 1], places[t, 2] - x[i, 2]
    else:
        a, b, c = x[j, 0] - x[i, 0], x[j, 1] - x[i, 1], x[j, 2] - x[i, 2]
    return a, b, c, np.sqrt(a * a + b * b + c * c)


@njit(cache=True, fastmath=MATH)
def energy(x, ends, places, lengths, stiffness):
    """Stored energy [J]."""
    total = 0.0
    for t in range(len(ends)):
        over = _way(x, ends, places, t)[3] - lengths[t]
        if over > 0.0:
            total += 0.5 * stiffness[t] / lengths[t] * over * over
    return total


@njit(cache=True, fastmath=MATH)
def forces(x, ends, places, lengths, stiffness, force):
    """Add forces [N] to force [n, 3]."""
    for t in range(len(ends)):
        a, b, c, span = _way(x, ends, places, t)
        over = span - lengths[t]
        if over <= 0.0:
            continue
        pull = stiffness[t] * over / (lengths[t] * span)
        i, j = ends[t, 0], ends[t, 1]
        force[i, 0] += pull * a
        force[i, 1] += pull * b
        force[i, 2] += pull * c
        if j >= 0:
            force[j, 0] -= pull * a
            force[j, 1] -= pull * b
            force[j, 2] -= pull * c


@njit(cache=True, fastmath=MATH)
def springs(x, ends, places, lengths, stiffness) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Those threads that pull: vertices [k, 4], shares [k, 4] and 3x3 stiffness [N/m] [k, 3, 3], float32, as linear.py
    takes them."""
    count, number = len(ends), 0
    who, share = np.zeros((count, 4), np.int32), np.zeros((count, 4), np.float32)
    matrix = np.empty((count, 3, 3), np.float32)
    for t in range(count):
        a, b, c, span = _way(x, ends, places, t)
        over = span - lengths[t]
        if over <= 0.0:
            continue
        way = (a / span, b / span, c / span)
        firm = stiffness[t] / lengths[t]
        across = firm * over / span
        who[number] = ends[t, 0]
        share[number, 0] = 1.0
        if ends[t, 1] >= 0:
            who[number, 1], share[number, 1] = ends[t, 1], -1.0
        for p in range(3):
            for q in range(3):
                matrix[number, p, q] = (firm - across) * way[p] * way[q] + (across if p == q else 0.0)
        number += 1
    return who[:number], share[:number], matrix[:number]
