"""Fits a pose of the library to one body: the same angles that rest a slim person's hand on the hip bury a broad
person's in it. Both arms are turned about the pose's axis, each as far as its own side of the body asks.

What is measured is the distance of forearm and hand to the skin of trunk, head and legs, closed where the arms were.
"""

from collections.abc import Hashable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from assets.closest import Surface
from assets.mesh import frozen
from body.model import JOINT_NAMES, following
from body.poses import AT_EASE, Clear, Pose, at_ease
from body.posing.skeleton import matrices, mirrored, vectors

if TYPE_CHECKING:
    from body.model import BodyModel

SIDES = ("left", "right")
_COARSE = np.linspace(-40.0, 56.0, 13)
_KNEE = np.linspace(0.0, 70.0, 15)
_FINE = np.linspace(-8.0, 8.0, 17)


def settled(model: "BodyModel", betas: np.ndarray, pose: Pose | None) -> np.ndarray:
    """The turns [55, 3] of a pose on one body; None, and the library's relaxed one, stand at ease."""
    if pose is None or (pose.name == AT_EASE and not pose.own):
        return at_ease(model, betas)
    turns = np.asarray(pose.turns, float)
    turns = turns if pose.plant is None else _planted(model, betas, turns, pose.plant)
    fitted = turns if pose.clear is None else _cleared(model, betas, turns, pose.clear)
    return frozen(fitted.astype(np.float32))


def _cleared(model: "BodyModel", betas: np.ndarray, turns: np.ndarray, clear: Clear) -> np.ndarray:
    body = model.body(betas, turns)
    surface = without_arms(model, body.vertices - body.translation)
    angles = np.zeros(2)
    for steps in (_COARSE, _FINE):
        tried = angles + steps[:, None]
        gaps = forearm_gaps(model, betas, np.stack([_turned(turns, clear, *pair) for pair in tried]), surface)
        angles = np.array([tried[_best(tried[:, k], gaps[:, k], clear), k] for k in (0, 1)])
    return _turned(turns, clear, *angles)


def _planted(model: "BodyModel", betas: np.ndarray, turns: np.ndarray, knee: str) -> np.ndarray:
    """The pose with one knee bent until both feet are on the floor."""
    tried = np.repeat(turns[None], len(_KNEE), axis=0)
    tried[:, JOINT_NAMES.index(knee), 0] = np.radians(_KNEE)
    vertices = _vertices(model, betas, tried)
    soles = [vertices[:, following(model, f"{side}_ankle") > 0.5, 1].min(axis=1) for side in SIDES]
    uneven = soles[0] - soles[1]
    change = int(np.abs(uneven[:-1] + uneven[1:]).argmin())
    share = uneven[change] / (uneven[change] - uneven[change + 1])
    bent = _KNEE[change] + float(np.clip(share, 0.0, 1.0)) * (_KNEE[change + 1] - _KNEE[change])
    planted = turns.copy()
    planted[JOINT_NAMES.index(knee), 0] = np.radians(bent)
    return planted


def forearm_gaps(model: "BodyModel", betas: np.ndarray, poses: np.ndarray, surface: Surface) -> np.ndarray:
    """Least distances [m] of the left and the right forearm and hand to a surface, inside negative, [b, 2], in poses
    [b, 55, 3] that differ in the arms alone."""
    vertices, found = _vertices(model, betas, poses), []
    for side in SIDES:
        arm = vertices[:, following(model, f"{side}_elbow") > 0.5]
        found.append(surface.closest(arm.reshape(-1, 3)).distance.reshape(arm.shape[:2]).min(axis=1))
    return np.stack(found, axis=1)


def without_arms(model: "BodyModel", vertices: np.ndarray) -> Surface:
    """The skin [n, 3] of trunk, head and legs, closed by a fan over each armhole."""
    kept, rims = _armholes(cast(Hashable, model))
    points, faces = [vertices], [kept]
    for middle, rim in enumerate(rims, len(vertices)):
        points.append(vertices[rim[:, 0]].mean(axis=0)[None])
        faces.append(np.column_stack([rim, np.full(len(rim), middle)]).astype(kept.dtype))
    return Surface(np.concatenate(points), np.concatenate(faces))


@lru_cache(maxsize=2)
def _armholes(model: Any) -> tuple[np.ndarray, list[np.ndarray]]:
    """The faces of the skin that belong to no arm, [f, 3], and for either arm the edges that are left open, [k, 2]."""
    skin = np.asarray(model.skin_faces)
    cut = [(following(model, f"{side}_shoulder") > 0.5)[skin].any(axis=1) for side in SIDES]
    rims = []
    for removed in (skin[side] for side in cut):
        edges = np.concatenate([removed[:, [0, 1]], removed[:, [1, 2]], removed[:, [2, 0]]]).tolist()
        inner = {(b, a) for a, b in edges}
        rims.append(np.array([edge for edge in edges if tuple(edge) not in inner]))
    return skin[~(cut[0] | cut[1])], rims


def _vertices(model: "BodyModel", betas: np.ndarray, poses: np.ndarray) -> np.ndarray:
    """Vertices [b, n, 3] in poses [b, 55, 3], wherever the floor is."""
    import torch

    shape = torch.tensor(np.pad(betas, (0, model.n_betas - len(betas))), dtype=torch.float32)[None]
    with torch.no_grad():
        return model.forward(shape, torch.tensor(np.asarray(poses), dtype=torch.float32))[0].cpu().numpy()


def _turned(turns: np.ndarray, clear: Clear, left: float, right: float) -> np.ndarray:
    """The pose with its arms turned by so much [degrees] about the axis."""
    turns = turns.copy()
    for side, axis, angle in (("left", clear.axis, left), ("right", mirrored(clear.axis), right)):
        joint = JOINT_NAMES.index(f"{side}_shoulder")
        turns[joint] = vectors(matrices(np.radians(angle) * axis) @ matrices(turns[joint]))
    return turns


def _best(angles: np.ndarray, gaps: np.ndarray, clear: Clear) -> int:
    """Which angle to take: the smallest that is clear; with `touch`, the clear one that comes nearest."""
    free = gaps >= clear.gap
    if not free.any():
        return int(gaps.argmax())
    cost = gaps + 1e-4 * np.abs(angles) if clear.touch else np.abs(angles)
    return int(np.where(free, cost, np.inf).argmin())
