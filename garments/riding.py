"""Draped garments carried along by the body, into any pose, each time from the drape itself.

Every vertex goes with its nearest point of the skin and that face's turn; cloth that hangs free goes as its neighbours
do. Nothing is remembered from pose to pose, so that a picture an hour later is as good as the first. It is to be looked
at and nothing else: no map, no fit, no certificate is made of it.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from assets.mesh import edges

if TYPE_CHECKING:
    from body.model import Body
    from garments.drape import Drape

HANGING = 0.015
"""Cloth this far from the skin [m] goes half with it and half with its neighbours."""
ROUNDS = 30
MOST_FRAMES = 90
"""Frames of a preview after which cloth counts as settled."""


class Ride:
    """Garments of one person, in the order of dressing, ready to be carried. Raises ValueError for none."""

    def __init__(self, drapes: "Sequence[Drape]") -> None:
        from assets.closest import Surface
        from garments.solvers import nearby

        if not drapes:
            raise ValueError("nothing is worn")
        body = drapes[0].body
        self.skin = np.asarray(body.vertices, np.float64)
        self.bounds = np.cumsum([0] + [drape.cloth.count for drape in drapes])
        self.faces = np.concatenate(
            [drape.cloth.faces + start for drape, start in zip(drapes, self.bounds[:-1], strict=True)]
        )
        self.draped = np.concatenate([drape.positions for drape in drapes]).astype(np.float64)
        self._follows = np.asarray(body.model.weights, np.float64)
        self._around = nearby.around(body.model.skin_faces, len(self.skin))
        first = Surface(self.skin, self._around.faces).over(self.draped)[0].astype(np.int32)
        normals = nearby.normals(self.skin, self._around.faces)
        self._feet = nearby.feet(self._around, self.skin, normals, self.draped, first)
        free = np.abs(self._feet.height)[:, None]
        self._free = free / (free + HANGING)
        self._even = averaging(self.faces, len(self.draped))

    def at(self, body: "Body") -> tuple[np.ndarray, ...]:
        """Where the garments' vertices are [m], each [n, 3], on the same person in another pose."""
        from garments.solvers import nearby

        skin = np.asarray(body.vertices, np.float64)
        own = nearby.carried(self._around, self._feet, self.skin, skin, self.draped) - self.draped
        move = own
        for _ in range(ROUNDS):
            move = own + self._free * (self._even @ move - own)
        return self._each(self.draped + move)

    def weights(self) -> np.ndarray:
        """How much each vertex follows each joint of the wearer [n, 55]: as the skin beneath it does, or as its
        neighbours do where it hangs free."""
        own = np.einsum("nc,ncj->nj", self._feet.share, self._follows[self._around.faces[self._feet.face]])
        found = own
        for _ in range(ROUNDS):
            found = own + self._free * (self._even @ found - own)
        return found

    def _each(self, positions: np.ndarray) -> tuple[np.ndarray, ...]:
        return tuple(positions[a:b] for a, b in pairwise(self.bounds))


def settled(drapes: "Sequence[Drape]", body: "Body") -> tuple[np.ndarray, ...]:
    """Where the garments come to lie [m], each [n, 3], when their wearer takes another pose: gone there with, and drawn
    together by the quick cloth of previews. Raises ValueError for drapes on other meshes than previews are made on."""
    from garments.preview import Preview

    worn = drapes[0].body
    moving = Preview(
        [drape.garment for drape in drapes],
        [drape.positions for drape in drapes],
        worn.vertices,
        worn.model.skin_faces,
    )
    moving.follow(body.vertices)
    for _ in range(MOST_FRAMES):
        moving.frame()
        if moving.resting:
            break
    return tuple(moving.shape(number)[0] for number in range(len(drapes)))


def averaging(faces: np.ndarray, count: int):
    """CSR [n, n]: the mean over each vertex's neighbours."""
    from scipy import sparse

    pairs = edges(faces)
    rows, columns = np.concatenate([pairs, pairs[:, ::-1]]).T
    valence = np.bincount(rows, minlength=count)
    return sparse.csr_matrix((1.0 / valence[rows], (rows, columns)), (count, count))
