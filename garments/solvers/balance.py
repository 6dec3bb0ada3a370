"""Whether cloth rests: the forces on it as if it stood still, and what they leave unbalanced.

Rest is judged by force, not by speed: slow cloth may yet be far from where it will lie.
"""

from dataclasses import dataclass, fields

import numpy as np

LOADED = 0.02
"""Where a tight garment is pressed on, its load counts as this share of the pressing besides its weight."""


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """Forces [N] [n, 3] on the vertices of a state as if it stood still: weight, elastic, from the body, from other
    cloth and from fastenings; and their sum, where vertices are free."""

    weight: np.ndarray
    elastic: np.ndarray
    body: np.ndarray
    cloth: np.ndarray
    total: np.ndarray

    @property
    def loaded(self) -> float:
        """The load over the weight: 1, and more where a tight garment is pressed on."""
        weight = np.linalg.norm(self.weight, axis=1).sum()
        return float(1.0 + LOADED * np.linalg.norm(self.body, axis=1).sum() / max(weight, 1e-12))

    @property
    def residual(self) -> float:
        """Unbalanced force over load: sum of |force| over the weight and LOADED of what the body pushes."""
        load = self.loaded * np.linalg.norm(self.weight, axis=1).sum()
        return float(np.linalg.norm(self.total, axis=1).sum() / max(load, 1e-12))

    @property
    def carried(self) -> float:
        """How much of the weight the body and other cloth carry: 1 at rest."""
        down = self.weight.sum(axis=0)
        return float(-((self.body + self.cloth).sum(axis=0) * down).sum() / max((down * down).sum(), 1e-20))

    def part(self, start: int, end: int) -> "Balance":
        """The same of some vertices: one garment of several."""
        return Balance(*(getattr(self, field.name)[start:end] for field in fields(self)))

    def turned(self, turn: np.ndarray) -> "Balance":
        """The same forces where all has been turned by a rotation [3, 3]."""
        return Balance(*(getattr(self, field.name) @ turn.T for field in fields(self)))
