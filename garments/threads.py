"""Threads: what holds cloth besides its seams, as a solver takes it: elastic, zips, cords, buttons, tacks, pins.

A thread runs between two vertices, or from a vertex to a fixed place, and pulls when it is longer than at rest; it
never pushes. Elastic sewn along a line is a chain of threads; a button or a tack is one. The threads of a cord slide
through their casing: one tension all along, which follows from the whole cord's length.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from assets.mesh import frozen

FIXED = -1
"""In place of a second vertex: the thread ends at its place in space."""


@dataclass(frozen=True, slots=True, eq=False)
class Threads:
    """k threads: vertices at both ends [k, 2], the second may be FIXED; that end's place [m] [k, 3]; length at rest
    [m] [k]; stiffness, tension over strain [N] [k]; the number of the cord that each is part of [k], -1: of none."""

    ends: np.ndarray
    places: np.ndarray
    lengths: np.ndarray
    stiffness: np.ndarray
    cord: np.ndarray

    def __post_init__(self) -> None:
        for field in fields(self):
            kind = np.int32 if field.name in ("ends", "cord") else np.float64
            object.__setattr__(self, field.name, frozen(np.asarray(getattr(self, field.name), kind)))

    def __len__(self) -> int:
        return len(self.ends)

    def without_cords(self) -> "Threads":
        """Those that are of no cord."""
        own = self.cord < 0
        return Threads(*(getattr(self, field.name)[own] for field in fields(self)))

    def held_at(self, places: Sequence[np.ndarray]) -> "Threads":
        """The same with those that end in space ending at these places [m] [3], in their order."""
        if not len(places):
            return self
        moved = np.array(self.places)
        moved[self.ends[:, 1] == FIXED] = places
        return replace(self, places=moved)

    def spans(self, x: np.ndarray) -> np.ndarray:
        """How long the threads are [m] [k] at positions x [m] [n, 3]."""
        return np.linalg.norm(self._ways(x), axis=1)

    def tensions(self, x: np.ndarray) -> np.ndarray:
        """What they pull with [N] [k] at positions x [m] [n, 3]."""
        spans, lengths, own = self.spans(x), self.lengths, self.cord < 0
        strain = spans / lengths - 1.0
        if not own.all():
            cord = self.cord[~own]
            whole, stretched = np.bincount(cord, lengths[~own]), np.bincount(cord, spans[~own])
            strain[~own] = (stretched / np.maximum(whole, 1e-12) - 1.0)[cord]
        return self.stiffness * np.maximum(strain, 0.0)

    def energy(self, x: np.ndarray) -> float:
        """Stored energy [J]."""
        return float((0.5 * self.tensions(x) ** 2 / self.stiffness * self.lengths).sum())

    def forces(self, x: np.ndarray) -> np.ndarray:
        """Forces [N] [n, 3]."""
        return self._pulling(self.tensions(x), x)

    def springs(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Those that pull as springs of solvers/linear.py: vertices [k, 4], shares [k, 4], stiffness [N/m] [k, 3, 3],
        float32. Of a cord what resists bending it aside; how it resists stretching say `cords`."""
        tension = self.tensions(x)
        taut = np.flatnonzero(tension > 0.0)
        ends, way = self.ends[taut], self._ways(x)[taut]
        span = np.maximum(np.linalg.norm(way, axis=1), 1e-9)
        along = np.where(self.cord[taut] < 0, self.stiffness[taut] / self.lengths[taut], 0.0)
        across = tension[taut] / span
        outer = np.einsum("kp,kq->kpq", way, way) / (span * span)[:, None, None]
        matrix = (along - across)[:, None, None] * outer + across[:, None, None] * np.eye(3)
        who, share = np.repeat(ends[:, :1], 4, axis=1), np.zeros((len(taut), 4), np.float32)
        both = ends[:, 1] != FIXED
        share[:, 0] = 1.0
        who[both, 1], share[both, 1] = ends[both, 1], -1.0
        return who, share, matrix.astype(np.float32)

    def cords(self, x: np.ndarray) -> list[tuple[np.ndarray, float]]:
        """Of each taut cord how its length changes with the positions, [n, 3], and its stiffness [N/m]."""
        tension, found = self.tensions(x), []
        for number in range(int(self.cord.max(initial=-1)) + 1):
            mine = self.cord == number
            if tension[mine].any():
                firm = float(self.stiffness[mine][0] / self.lengths[mine].sum())
                found.append((-self._pulling(mine.astype(float), x), firm))
        return found

    def _ways(self, x: np.ndarray) -> np.ndarray:
        """From the first ends to the second [m] [k, 3]."""
        ends = np.where((self.ends[:, 1] == FIXED)[:, None], self.places, x[self.ends[:, 1]])
        return ends - x[self.ends[:, 0]]

    def _pulling(self, tension: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Forces [N] [n, 3] of threads that pull so much [N] [k]."""
        way, out = self._ways(x), np.zeros_like(x)
        pull = way * (tension / np.maximum(np.linalg.norm(way, axis=1), 1e-9))[:, None]
        np.add.at(out, self.ends[:, 0], pull)
        both = self.ends[:, 1] != FIXED
        np.add.at(out, self.ends[both, 1], -pull[both])
        return out


NONE = Threads(np.zeros((0, 2)), np.zeros((0, 3)), np.zeros(0), np.zeros(0), np.zeros(0))
"""No threads."""


def along(path: np.ndarray, spans: np.ndarray, length: float, stiffness: float, *, slides: bool = False) -> Threads:
    """Threads along a path of vertices [k + 1] whose flat edges measure `spans` [m] [k], `length` [m] long together,
    each with its share; they are one cord when it slides."""
    count = len(spans)
    lengths = length * np.asarray(spans, float) / np.sum(spans)
    ends = np.stack([path[:-1], path[1:]], axis=1)
    return Threads(ends, np.zeros((count, 3)), lengths, np.full(count, stiffness), np.full(count, 0 if slides else -1))


def joined(parts: Sequence[Threads], offsets: Sequence[int] | np.ndarray | None = None) -> Threads:
    """Several lots of threads as one, cords apart, vertex numbers raised by each lot's offset."""
    first, found = 0, [NONE]
    for part, offset in zip(parts, np.zeros(len(parts), int) if offsets is None else offsets, strict=True):
        ends = np.where(part.ends == FIXED, FIXED, part.ends + offset)
        cord = np.where(part.cord < 0, -1, part.cord + first)
        found.append(Threads(ends, part.places, part.lengths, part.stiffness, cord))
        first += int(part.cord.max(initial=-1)) + 1
    return Threads(*(np.concatenate([getattr(part, field.name) for part in found]) for field in fields(Threads)))
