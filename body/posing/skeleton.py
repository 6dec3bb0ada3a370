"""Rotations and the kinematic tree in numpy: for the window, which has no torch, and for files of motion.

A pose is rotation vectors [rad] [..., 55, 3] as in SMPL-X, each in its parent's frame, row 0 the whole body's.
Rotation and vector by Rodrigues' formula; the logarithm near half a turn by the largest column of R + I.
"""

from collections.abc import Sequence

import numpy as np

from body.model import JOINT_NAMES, PARENTS

NUMBER = {name: number for number, name in enumerate(JOINT_NAMES)}
_SWAPPED = np.array(
    [
        NUMBER[name.replace("left_", "right_") if name.startswith("left_") else name.replace("right_", "left_")]
        for name in JOINT_NAMES
    ]
)


def matrices(turns: np.ndarray | Sequence[float]) -> np.ndarray:
    """Rotation matrices [..., 3, 3] of rotation vectors [..., 3]."""
    turns = np.asarray(turns, float)
    angle = np.linalg.norm(turns, axis=-1)[..., None, None]
    cross = np.zeros((*turns.shape, 3))
    cross[..., 2, 1], cross[..., 0, 2], cross[..., 1, 0] = np.moveaxis(turns, -1, 0)
    cross -= np.swapaxes(cross, -1, -2)
    # sinc keeps both factors whole where there is no turn.
    half = np.sinc(angle / (2 * np.pi))
    return np.eye(3) + np.sinc(angle / np.pi) * cross + 0.5 * half * half * (cross @ cross)


def vectors(matrices: np.ndarray) -> np.ndarray:
    """Rotation vectors [..., 3], at most half a turn long, of rotation matrices [..., 3, 3]."""
    matrix = np.asarray(matrices, float)
    axis = np.stack([matrix[..., 2, 1] - matrix[..., 1, 2], matrix[..., 0, 2] - matrix[..., 2, 0],
                     matrix[..., 1, 0] - matrix[..., 0, 1]], axis=-1)  # fmt: skip
    sine = np.linalg.norm(axis, axis=-1)
    cosine = np.trace(matrix, axis1=-2, axis2=-1) - 1.0
    angle = np.arctan2(sine, cosine)
    plain = axis * (0.5 / np.maximum(np.sinc(angle / np.pi), 1e-9))[..., None]
    # Near half a turn the antisymmetric part fades; the symmetric one is 2 aa' then, up to a sign.
    both = (
        matrix + np.swapaxes(matrix, -1, -2) + (1.0 - np.trace(matrix, axis1=-2, axis2=-1))[..., None, None] * np.eye(3)
    )
    longest = np.argmax(np.diagonal(both, axis1=-2, axis2=-1), axis=-1)
    column = np.take_along_axis(both, longest[..., None, None], axis=-1)[..., 0]
    column = column / np.maximum(np.linalg.norm(column, axis=-1), 1e-12)[..., None]
    sign = np.where(np.einsum("...i,...i->...", column, axis) < 0, -1.0, 1.0)
    return np.where((cosine < -1.8)[..., None], column * (sign * angle)[..., None], plain)


def between(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The shortest rotation [3, 3] that takes direction `first` to `second`; a half turn goes about any axis."""
    a, b = (np.asarray(v, float) / max(float(np.linalg.norm(v)), 1e-12) for v in (first, second))
    axis, cosine = np.cross(a, b), float(a @ b)
    if cosine < -1 + 1e-9:
        side = np.cross(a, np.eye(3)[np.argmin(np.abs(a))])
        return 2 * np.outer(side, side) / (side @ side) - np.eye(3)
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.eye(3) + cross + cross @ cross / (1 + cosine)


def chain(pose: np.ndarray, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Global rotations [..., 55, 3, 3] and places [m] [..., 55, 3] of joints that lie at `rest` [55, 3] in the T."""
    local = matrices(pose)
    turns, places = np.empty_like(local), np.empty(local.shape[:-1])
    turns[..., 0, :, :], places[..., 0, :] = local[..., 0, :, :], rest[0]
    for joint, parent in enumerate(PARENTS[1:], start=1):
        turns[..., joint, :, :] = turns[..., parent, :, :] @ local[..., joint, :, :]
        places[..., joint, :] = places[..., parent, :] + turns[..., parent, :, :] @ (rest[joint] - rest[parent])
    return turns, places


def unchained(turns: np.ndarray) -> np.ndarray:
    """The pose [..., 55, 3] of global rotations [..., 55, 3, 3]."""
    local = np.array(turns, float)
    parents = np.array(PARENTS[1:])
    local[..., 1:, :, :] = np.swapaxes(turns[..., parents, :, :], -1, -2) @ turns[..., 1:, :, :]
    return vectors(local)


def mirrored(turn: np.ndarray) -> np.ndarray:
    """A rotation vector [..., 3] seen in the mirror x -> -x."""
    return turn * np.array([1.0, -1.0, -1.0])


def swapped(pose: np.ndarray) -> np.ndarray:
    """A pose [..., 55, 3] seen in the mirror: what the left side did the right side does."""
    return mirrored(np.asarray(pose)[..., _SWAPPED, :])
