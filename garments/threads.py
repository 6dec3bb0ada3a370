"""Threads: what holds cloth besides its seams, as a solver takes it: elastic, zips, cords, buttons, tacks, pins.

A thread runs between two vertices, or from a vertex to a fixed place, and pulls when it is longer than at rest; it
never pushes. Elastic sewn along a line is a chain of threads; a button or a tack is one. The threads of a cord slide
through their casing until all pull alike: within a step each keeps its share of the cord, after it the shares follow
the stretched lengths, which makes the tension one and the energy of a step convex (as friction's anchors do in
solvers/contact.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

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

    def spans(self, x: np.ndarray) -> np.ndarray:
        """How long the threads are [m] [k] at positions x [m] [n, 3]."""
        ends = np.where((self.ends[:, 1] == FIXED)[:, None], self.places, x[self.ends[:, 1]])
        return np.linalg.norm(ends - x[self.ends[:, 0]], axis=1)

    def shared(self, x: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Rest lengths [m] [k] after cords have slid through their casings at positions x [m] [n, 3]."""
        sliding = self.cord >= 0
        if not sliding.any():
            return lengths
        cord, now = self.cord[sliding], np.maximum(self.spans(x)[sliding], 1e-9)
        whole, stretched = np.bincount(cord, self.lengths[sliding]), np.bincount(cord, now)
        after = lengths.copy()
        after[sliding] = now * (whole / np.maximum(stretched, 1e-12))[cord]
        return frozen(after)


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
