"""From sample bodies in T-pose to a file: principal components, joint regressor, vertex order, landmarks."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from body.model import JOINT_NAMES

# Where the `smplx` package looks for these points (its vertex_ids table, "smplx").
FIXED_PLACES = {
    "nose": 9120, "right_eye": 9929, "left_eye": 9448, "right_ear": 616, "left_ear": 6,
    "right_thumb": 8079, "right_index": 7669, "right_middle": 7794, "right_ring": 7905, "right_pinky": 8022,
    "left_thumb": 5361, "left_index": 4933, "left_middle": 5058, "left_ring": 5169, "left_pinky": 5286,
    "left_big_toe": 5770, "left_small_toe": 5780, "left_heel": 8846,
    "right_big_toe": 8463, "right_small_toe": 8474, "right_heel": 8635,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """Mean [n, 3], directions [n, 3, k] per standard deviation, and the samples' betas [s, k]."""

    mean: np.ndarray
    directions: np.ndarray
    betas: np.ndarray


def mirror_map(template: np.ndarray) -> np.ndarray:
    """Number of each vertex's mirror image, shape [n]. The template [n, 3] is symmetric to 1 micrometre."""
    distance, twin = cKDTree(template).query(template * [-1, 1, 1])
    assert distance.max() < 1e-6 and (twin[twin] == np.arange(len(twin))).all()
    return twin


def symmetric(surfaces: np.ndarray, twin: np.ndarray) -> np.ndarray:
    """Surfaces [s, n, 3] averaged with their mirror images."""
    return 0.5 * (surfaces + surfaces[:, twin] * np.array([-1, 1, 1], surfaces.dtype))


def principal(surfaces: np.ndarray, count: int, importance: np.ndarray) -> Basis:
    """Principal components of surfaces [s, n, 3], vertices weighted by importance [n] (their share of the area)."""
    flat = surfaces.reshape(len(surfaces), -1).astype(np.float64)
    mean = flat.mean(0)
    scale = np.repeat(np.sqrt(importance), 3)
    centred = (flat - mean) * scale
    values, vectors = np.linalg.eigh(centred @ centred.T / (len(flat) - 1))
    values, vectors = values[::-1][:count], vectors[:, ::-1][:, :count]
    # Scores of unit variance, then directions by regression, so that no division by a vanishing weight is needed.
    betas = vectors * np.sqrt(len(flat) - 1)
    directions = (flat - mean).T @ betas / (len(flat) - 1)
    sign = np.sign(directions.sum(axis=0))
    shape = (surfaces.shape[1], 3)
    return Basis(mean.reshape(shape), (directions * sign).reshape(*shape, count), betas * sign)


def joint_regressor(
    surfaces: np.ndarray, joints: np.ndarray, weights: np.ndarray, twin: np.ndarray, near: int = 120
) -> np.ndarray:
    """Weights [55, n] that take surfaces [s, n, 3] to joints [s, 55, 3]: a ridge fit on the nearest skin of the bones
    that meet there; every row sums to 1, left mirrors right."""
    regressor = np.zeros((joints.shape[1], surfaces.shape[1]))
    middle = surfaces.mean(0)
    for joint, name in enumerate(JOINT_NAMES):
        if name.startswith("right_"):
            regressor[joint, twin] = regressor[JOINT_NAMES.index(name.replace("right_", "left_"))]
            continue
        distance = np.linalg.norm(middle - joints[:, joint].mean(0), axis=1)
        chosen = np.argsort(distance + 1e6 * (weights[:, joint] < 0.02))[:near]
        centre = surfaces[:, chosen].mean(axis=1, keepdims=True)
        points = np.moveaxis(surfaces[:, chosen] - centre, 2, 1).reshape(-1, near).astype(np.float64)
        target = (joints[:, joint] - centre[:, 0]).reshape(-1)
        gram = points.T @ points
        shift = np.linalg.solve(gram + 1e-6 * np.trace(gram) / near * np.eye(near), points.T @ target)
        regressor[joint, chosen] = 1 / near + shift - shift.mean()
        if not name.startswith("left_"):
            regressor[joint] = 0.5 * (regressor[joint] + regressor[joint, twin])
    return regressor / regressor.sum(axis=1, keepdims=True)


def vertex_order(points: Mapping[str, int], n: int) -> np.ndarray:
    """Old numbers in new order [n], such that every named point of FIXED_PLACES lands on its place."""
    order = np.full(n, -1)
    for name, place in FIXED_PLACES.items():
        order[place] = points[name]
    order[order < 0] = np.setdiff1d(np.arange(n), order[order >= 0])
    return order
