"""Rotations as axis-angle vectors, and how they change, for the slopes of a skeleton (body/live/follow.py)."""

import numpy as np


def crossing(vectors: np.ndarray) -> np.ndarray:
    """Matrices [..., 3, 3] that cross vectors [..., 3] with another."""
    matrix = np.zeros((*vectors.shape, 3))
    x, y, z = np.moveaxis(vectors, -1, 0)
    matrix[..., 0, 1], matrix[..., 0, 2], matrix[..., 1, 2] = -z, y, -x
    matrix[..., 1, 0], matrix[..., 2, 0], matrix[..., 2, 1] = z, -y, x
    return matrix


def rotations(turns: np.ndarray) -> np.ndarray:
    """Rotation matrices [..., 3, 3] of axis-angle vectors [..., 3] (Rodrigues)."""
    angle = np.sqrt((turns**2).sum(axis=-1) + 1e-16)[..., None, None]
    cross = crossing(turns) / angle
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def left_jacobian(turns: np.ndarray) -> np.ndarray:
    """How a rotation turns further as its axis-angle vector changes [..., 3, 3] (Barfoot 2017, 7.77)."""
    angle = np.sqrt((turns**2).sum(axis=-1) + 1e-12)[..., None, None]
    cross = crossing(turns) / angle
    return np.eye(3) + (1 - np.cos(angle)) / angle * cross + (angle - np.sin(angle)) / angle * cross @ cross
