"""Creases as a solver takes them: edges of the mesh that were pressed, and the angle at which they rest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assets.mesh import frozen


@dataclass(frozen=True, slots=True, eq=False)
class Creases:
    """k edges of a mesh by their vertices [k, 2], and how far each is folded at rest [rad] [k]: 0 flat, above 0 towards
    the side that faces outward, pi doubled over."""

    edges: np.ndarray
    angles: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "edges", frozen(np.asarray(self.edges, np.int32)))
        object.__setattr__(self, "angles", frozen(np.asarray(self.angles, np.float64)))

    def __len__(self) -> int:
        return len(self.edges)


NONE = Creases(np.zeros((0, 2)), np.zeros(0))
"""No creases."""


def pressed(path: np.ndarray, angle: float) -> Creases:
    """A crease along a path of vertices [k + 1]."""
    return Creases(np.stack([path[:-1], path[1:]], axis=1), np.full(len(path) - 1, angle))


def joined(parts: Sequence[Creases], offsets: Sequence[int] | np.ndarray | None = None) -> Creases:
    """Several lots of creases as one, vertex numbers raised by each lot's offset."""
    raised = zip(parts, np.zeros(len(parts), int) if offsets is None else offsets, strict=True)
    edges = [NONE.edges, *(part.edges + offset for part, offset in raised)]
    return Creases(np.concatenate(edges), np.concatenate([NONE.angles, *(part.angles for part in parts)]))
