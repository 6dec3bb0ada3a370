"""Flesh that gives way: where skin comes to lie on skin, cloth between has room.

A posed skin passes through itself where limbs fold (groin, armpit, crook of the arm), and cloth that hangs there has
nowhere to be: two walls press it from both sides, and each takes the other's side for inside (pinched cloth: Baraff,
Witkin and Kass 2003). In life both sides are soft. Here both go back by half of what is lacking, along their normals,
until as much is between them as cloth takes; a body that touches itself nowhere stays as it is.
"""

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from assets.closest import Surface
from assets.mesh import edges, vertex_normals
from body.model import following

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from body.model import Body, BodyModel

ROOM = 1.2e-2
"""Between skin and skin [m]: folds of two garments."""
DEEPEST = 0.04
"""Skin that is further than this [m] within other skin is no flesh pressed in, but a pose that nobody takes."""
FIRM = ("left_wrist", "right_wrist", "left_ankle", "right_ankle", "neck")
"""What hangs on these joints does not give way: fingers and toes lie side by side, and lips on each other."""
_ROUNDS, _SPREAD, _EVENED = 3, 2, 4
_OFF = 2.0e-4
_FACING = 0.2, 0.6


def yielding(body: "Body", room: float = ROOM) -> "Body":
    """The body with `room` [m] wherever skin faces skin; the very same body where there is room enough."""
    soft, even = _flesh(body.model)  # type: ignore[arg-type]  # models are hashed by identity
    skin = np.array(body.vertices, np.float64)
    for _ in range(_ROUNDS):
        surface = Surface(skin, body.model.skin_faces)
        normals = vertex_normals(skin, body.model.skin_faces)
        lacking = np.zeros(len(skin))
        lacking[soft] = _lacking(surface, skin[soft], normals[soft], room)
        if not lacking.any():
            break
        spread = lacking
        for _ in range(_SPREAD):
            spread = np.maximum(lacking, even @ spread)
        skin[soft] -= spread[soft, None] * normals[soft]
    else:
        _evened(skin, body, soft, even)
    return body if np.array_equal(skin.astype(np.float32), body.vertices) else replace(body, vertices=skin)


def _lacking(surface: Surface, points: np.ndarray, normals: np.ndarray, room: float) -> np.ndarray:
    """How far each of `points` [m] [k, 3] on the skin has to go back [m] [k]."""
    sunk = surface.inside(points + _OFF * normals)
    way = np.where(sunk, -1.0, 1.0)[:, None] * normals
    distance, face = surface.hits(points + _OFF * way, way)
    corners = surface.vertices[surface.faces[face]]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    across /= np.maximum(np.linalg.norm(across, axis=1), 1e-20)[:, None]
    facing = -np.einsum("ij,ij->i", across, normals)
    share = np.clip((facing - _FACING[0]) / (_FACING[1] - _FACING[0]), 0.0, 1.0)
    gap = np.where(sunk, np.where(distance < DEEPEST, -distance, np.inf), distance)
    return 0.5 * share * np.maximum(room - gap, 0.0)


def _evened(skin: np.ndarray, body: "Body", soft: np.ndarray, even: "csr_matrix") -> None:
    """Skin [m] [n, 3] that is folded into itself at the bottom of a crease goes where its neighbours are."""
    for _ in range(_EVENED):
        surface = Surface(skin, body.model.skin_faces)
        normals = vertex_normals(skin, body.model.skin_faces)
        sunk = soft[surface.inside(skin[soft] + _OFF * normals[soft])]
        if not len(sunk):
            break
        skin[sunk] = (even @ skin)[sunk]


def skin_of(body: "Body") -> Surface:
    """The skin of a body at ease as cloth meets it: of hands, feet and head some parts are thin."""
    return Surface(body.vertices, body.model.skin_faces, _hanging(body.model) > 0.5)


def _hanging(model: "BodyModel") -> np.ndarray:
    """How much each vertex hangs on joints that are FIRM, [n]."""
    return np.sum([following(model, joint) for joint in FIRM], axis=0)


@lru_cache(maxsize=4)
def _flesh(model: "BodyModel") -> "tuple[np.ndarray, csr_matrix]":
    """Which vertices of the skin give way [k]; the mean over each vertex's neighbours, CSR [n, n]."""
    from scipy.sparse import coo_matrix, diags

    firm = _hanging(model)
    used = np.unique(model.skin_faces)
    pairs = edges(model.skin_faces)
    rows, columns = np.concatenate([pairs, pairs[:, ::-1]]).T
    beside = coo_matrix((np.ones(len(rows)), (rows, columns)), (len(firm), len(firm))).tocsr()
    count = np.maximum(np.asarray(beside.sum(axis=1)).ravel(), 1.0)
    return used[firm[used] < 0.1], (diags(1.0 / count) @ beside).tocsr()
