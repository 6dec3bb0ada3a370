"""What moves to and fro for ever, calmed until it rests: vertices that jump, and cloth that swings.

Where a vertex lies at the corner of two edges or faces it may press on one in this step, slip off, press on the other
in the next, and so for ever, for within a step contacts keep their directions. Such a vertex is given ever more inertia
(step sizes that shrink where a sign changes: Riedmiller and Braun 1993). And hems that swing for seconds, where only
their rest is sought, are stopped as they pass it.
"""

import numpy as np

from garments.solvers.clusters import Clusters

TURNED = 0.5
"""A vertex turns back that undoes this share of its last move."""
JUMP = 1e-5
"""Shorter jumps [m] than this change too little."""
SLOWER, FIRST, SLOWEST = 4.0, 0.25, 1e4
"""It is slowed so many times as much as before, at first by this share of its inertia, by this many times at most."""


def slowed(before: np.ndarray, moved: np.ndarray, last: np.ndarray, near: np.ndarray) -> np.ndarray:
    """What slows vertices [n] in the next step, from what slowed them in this one, their moves in it [m] [n, 3] and
    those in the last, and which are near other cloth: ever more while such a vertex turns back. It pulls towards where
    the step begins, so that cloth at rest feels nothing of it."""
    size = np.einsum("ij,ij->i", last, last)
    turned = (np.einsum("ij,ij->i", moved, last) < -TURNED * size) & (size > JUMP**2)
    close = np.zeros(len(before), bool)
    close[near] = True
    return np.where(turned & close, np.minimum(SLOWER * before + FIRST, SLOWEST), 0.5 * before)


def eased(velocities: np.ndarray, coasting: np.ndarray, mass: np.ndarray, patches: Clusters | None) -> np.ndarray:
    """The share [n] of its velocity that each vertex keeps, from velocities [m/s] [n, 3] after a step and those with
    which it came into it, and its mass [kg] [n]: all of it without `patches`. A patch whose forces work against its
    motion has just passed the place where they balance. It stops there, instead of swinging about it (kinetic damping:
    Day 1965; by the forces' work, Bitzek et al. 2006)."""
    if patches is None:
        return np.ones(len(mass))
    members, weights = patches.members.astype(np.int64), patches.weights.astype(np.float64)
    work = mass * np.einsum("ij,ij->i", velocities, velocities - coasting)
    felt = np.bincount(members.ravel(), (weights * work[:, None]).ravel(), patches.count)
    return (weights * (felt >= 0.0)[members]).sum(axis=1)
