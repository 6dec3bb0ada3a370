"""Points that go along with a person's joints, by linear blending and nothing more: for live pictures.

Magnenat-Thalmann's skinning (1988), from the pose that the points are known in. The body's own correctives are left
out, so that elbows and hips thin a little where they bend far: it is to be looked at, never to be measured. In numpy,
some ten times as quick as posing the whole body.
"""

from typing import TYPE_CHECKING

import numpy as np

from body.model import following
from body.posing.skeleton import chain

if TYPE_CHECKING:
    from body.model import Body, BodyModel

COARSE, FINE = 0.02, 0.01
"""Sides of the cells [m] in which a thinned skin has one vertex: of the body, and of the hands."""


class Joints:
    """How the joints of one person move from the pose that `body` is in."""

    def __init__(self, body: "Body") -> None:
        straight = body.model.body(body.betas)
        self._rest = np.asarray(straight.joints - straight.translation, float)
        turns, places = chain(body.pose, self._rest)
        self._back = np.swapaxes(turns, -1, -2)
        self._places = places + np.asarray(body.translation, float)

    def moves(self, pose: np.ndarray) -> np.ndarray:
        """For each joint what takes points beside it to `pose` [55, 3], which is not yet on the floor: [55, 3, 4]
        float32, a rotation and a shift [m]."""
        turns, places = chain(pose, self._rest)
        turned = turns @ self._back
        shift = places - (turned @ self._places[..., None])[..., 0]
        return np.concatenate([turned, shift[..., None]], axis=2).astype(np.float32)


class Bound:
    """Points [m] [n, 3] that follow joints by `weights` [n, 55], whose rows sum to 1."""

    def __init__(self, points: np.ndarray, weights: np.ndarray) -> None:
        self._used = np.flatnonzero(np.any(weights > 1e-4, axis=0))
        used = np.asarray(weights, np.float32)[:, self._used]
        self._weights = np.ascontiguousarray(used / used.sum(axis=1, keepdims=True))
        self._points = np.asarray(points, np.float32)

    def at(self, moves: np.ndarray) -> np.ndarray:
        """Where they come to by such moves of the joints [m] [n, 3] float32."""
        blend = (self._weights @ moves[self._used].reshape(len(self._used), 12)).reshape(-1, 3, 4)
        return np.einsum("nij,nj->ni", blend[..., :3], self._points) + blend[..., 3]


def thinned(model: "BodyModel", vertices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The skin with one of its own vertices [m] [n, 3] in each small cell of space and bone: which those are [k], and
    faces over them [m, 3] int32. Near enough to hide what is behind it."""
    hands = np.maximum(*(following(model, f"{side}_wrist") for side in ("left", "right"))) > 0.5
    cells = np.floor(vertices / np.where(hands, FINE, COARSE)[:, None]).astype(np.int64)
    key = np.column_stack([cells, np.asarray(model.weights).argmax(axis=1)])
    _, cell = np.unique(key, axis=0, return_inverse=True)
    cell = cell.ravel()
    count = np.bincount(cell)[:, None]
    middle = np.stack([np.bincount(cell, vertices[:, k]) for k in range(3)], axis=1) / count
    far = np.linalg.norm(vertices - middle[cell], axis=1)
    order = np.lexsort((far, cell))
    first = order[np.concatenate([[True], np.diff(cell[order]) > 0])]
    faces = cell[model.skin_faces]
    whole = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    return first, faces[whole].astype(np.int32)
