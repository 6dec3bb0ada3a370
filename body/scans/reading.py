"""What lies in a scan file: points of its surface, of any unit and turned anyhow. Runs in the reader process.

A file comes from a stranger (see assets/meshfile.py), and a mesh leaves as evenly spread points with normals, so that
all that comes after is alike for coarse meshes, dense ones and point clouds.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from assets.errors import InputRefused
from assets.meshfile import geometry

SUFFIXES = (".obj", ".ply", ".stl", ".glb")
LARGEST_FILE = 1_000_000_000
MOST_POINTS = 300_000
_FEWEST = 300


def read(path: str) -> dict[str, np.ndarray]:
    """Points [n, 3] float32 about their median, unit unknown, and normals [n, 3], or [0, 3] for a cloud of points."""
    found = geometry(Path(path), "the scan")
    points, faces = _sound(found.vertices, found.faces)
    if len(points) < _FEWEST and len(faces) < _FEWEST:
        raise InputRefused(f"{path} has {len(points)} points: that is too few for a person")
    points = points - np.median(points, axis=0)
    if len(faces):
        return _spread(points, faces)
    if len(points) > MOST_POINTS:
        points = points[np.random.default_rng(0).choice(len(points), MOST_POINTS, replace=False)]
    return {"points": points.astype(np.float32), "normals": np.zeros((0, 3), np.float32)}


def _sound(points: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Without points that are nowhere, and without triangles that need them."""
    good = np.isfinite(points).all(axis=1) & (np.abs(points) < 1e12).all(axis=1)
    faces = faces[((faces >= 0) & (faces < len(points))).all(axis=1)]
    faces = faces[good[faces].all(axis=1)] if len(faces) else faces
    if len(faces):
        used, at = np.unique(faces, return_inverse=True)
        return points[used], at.reshape(-1, 3)
    return np.unique(points[good], axis=0), faces


def _spread(points: np.ndarray, faces: np.ndarray) -> dict[str, np.ndarray]:
    """MOST_POINTS points spread over triangles evenly by area, with the triangles' normals."""
    a, b, c = (points[faces[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    area = np.linalg.norm(normal, axis=1)
    total = area.sum()
    if not np.isfinite(total) or total <= 0:
        raise InputRefused("the scan's triangles have no area: it is damaged")
    rng = np.random.default_rng(0)
    steps = (np.arange(MOST_POINTS) + rng.random(MOST_POINTS)) / MOST_POINTS
    at = np.minimum(np.searchsorted(np.cumsum(area), steps * total), len(faces) - 1)
    u, v = rng.random((2, MOST_POINTS))
    u, v = np.where(u + v > 1, 1 - u, u)[:, None], np.where(u + v > 1, 1 - v, v)[:, None]
    spread = a[at] + u * (b[at] - a[at]) + v * (c[at] - a[at])
    spread -= np.median(spread, axis=0)
    unit = normal[at] / area[at][:, None]
    return {"points": spread.astype(np.float32), "normals": unit.astype(np.float32)}
