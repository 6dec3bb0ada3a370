"""Conjugate gradients on two levels, on a card: linear.py's with its loops as kernels.

The large clusters' matrix is inverted whole, for a card multiplies quicker than it solves by a factor. Numbers stay on
the card; only every EVERY iterations is it asked whether they suffice.
"""

from typing import Any

import numpy as np

from garments.solvers import linear
from garments.solvers.clusters import Levels
from garments.solvers.cuda import kernels
from garments.solvers.cuda.card import Card

EVERY = 3
"""The host looks at the residual once in so many iterations."""
FAINT = 1e-6
"""Large clusters that tell the same are told apart by this share of their own."""


class Guide:
    """Clusters on a card: what guides the search for a solution."""

    def __init__(self, card: Card, levels: Levels) -> None:
        xp = card.xp
        self.card = card
        self.members, self.weights = (card.up(each) for each in levels.fine[:2])
        self.wide, self.shares = (card.up(each) for each in levels.coarse[:2])
        counts = len(levels.fine[2]), len(levels.coarse[3])
        self.inverse = xp.zeros((counts[0], 3, 4), xp.float32)
        self._some, self._few = (xp.zeros((count, 4), xp.float32) for count in counts)
        self._whole = xp.zeros((3 * counts[1],) * 2, xp.float32)

    def follow(self, matrix: tuple[Any, ...]) -> None:
        """Take over a new matrix, as linear.multiply takes it."""
        card, xp = self.card, self.card.xp
        full = xp.zeros((len(self.inverse), 6), xp.float32)
        card.call(kernels.small, *matrix, self.members, self.weights, full)
        card.call(linear.inverted, full, self.inverse)
        whole = xp.zeros(self._whole.shape)
        card.call(kernels.large, *matrix, self.wide, self.shares, whole)
        number = xp.arange(len(whole))
        own = whole.diagonal()
        whole[number, number] += FAINT * own + (own <= 0.0)  # Those of pinned vertices alone have nothing of their own.
        self._whole = xp.linalg.inv(whole).astype(xp.float32)

    def applied(self, inverse: Any, r: Any, z: Any) -> None:
        """z [n, 4] = (block Jacobi + small clusters + large clusters) times r [n, 4]."""
        card = self.card
        card.call(linear._gathered, self.members, self.weights, r, self._some)
        card.call(linear._divided, self.inverse, self._some)
        card.call(linear._gathered, self.wide, self.shares, r, self._few)
        few = (self._whole @ self._few[:, :3].reshape(-1)).reshape(-1, 3)
        card.call(kernels.combined, inverse, self.members, self.weights, self._some, self.wide, self.shares, few, r, z)


def solve(
    matrix: tuple[Any, ...], guide: Guide, inverse: Any, force: Any, tolerance: float, limit: int, firm: Any, x: Any
) -> int:  # fmt: skip
    """linear.solve on a card: matrix * x = force [n, 4], from a guess in x; iterations."""
    card, xp = guide.card, guide.card.xp
    r, z, q = force.copy(), xp.zeros_like(force), xp.zeros_like(force)
    guide.applied(inverse, r, z)
    rz = _dot(r, z)
    goal = tolerance * tolerance * float(rz[0])
    card.call(linear.multiply, *matrix, x, q)
    r -= q
    guide.applied(inverse, r, z)
    rz, p, iteration = _dot(r, z), z.copy(), 0
    curvature = xp.ones(1)
    while iteration < limit:
        if iteration % EVERY == 0 and (float(rz[0]) <= goal or float(curvature[0]) <= 0.0):
            break
        card.call(linear.multiply, *matrix, p, q)
        curvature = _dot(p, q)
        card.call(kernels.stepped, rz, curvature, p, q, x, r)
        guide.applied(inverse, r, z)
        before, rz = rz, _dot(r, z)
        card.call(kernels.turned, rz, before, z, p)
        iteration += 1
    card.call(kernels.finished, firm, inverse, r, x)
    return iteration


def _dot(one: Any, other: Any) -> Any:
    """A product of vectors [n, 4], [1], which stays on the card."""
    return (one * other).sum(dtype=np.float64).reshape(1)


def springs_up(card: Card, parts: tuple[np.ndarray, ...]) -> tuple[Any, ...]:
    """Springs between four points each, as linear.multiply takes them, on the card."""
    kinds = (np.int32, np.float32, np.float32)
    return tuple(card.up(np.asarray(part, kind)) for part, kind in zip(parts, kinds, strict=True))
