"""What lies in a scan file: points of its surface, of any unit and turned anyhow. Runs in the reader process.

A file comes from a stranger: trimesh (MIT, plain Python) parses it there under limits of memory and time, no texture,
second file or link in it is followed, and a mesh leaves as evenly spread points with normals, so that all that comes
after is alike for coarse meshes, dense ones and point clouds.
"""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

from assets.errors import InputRefused

SUFFIXES = (".obj", ".ply", ".stl", ".glb")
LARGEST_FILE = 1_000_000_000
MOST_POINTS = 300_000
_MOST_TRIANGLES = 20_000_000
_FEWEST = 300
_PACKED = {"KHR_draco_mesh_compression": "Draco", "EXT_meshopt_compression": "meshopt"}


def read(path: str) -> dict[str, np.ndarray]:
    """Points [n, 3] float32 about their median, unit unknown, and normals [n, 3], or [0, 3] for a cloud of points."""
    file = Path(path)
    try:
        data = file.read_bytes()
        _refuse_packed(file, data)
        points, faces = _geometry(data, file.suffix.lower())
    except (InputRefused, MemoryError):
        raise
    except Exception as error:
        raise InputRefused(f"cannot read {path}: the scan is damaged or of another kind ({_short(error)})") from error
    points, faces = _sound(points, faces)
    if len(points) < _FEWEST and len(faces) < _FEWEST:
        raise InputRefused(f"{path} has {len(points)} points: that is too few for a person")
    points = points - np.median(points, axis=0)
    if len(faces):
        return _spread(points, faces)
    if len(points) > MOST_POINTS:
        points = points[np.random.default_rng(0).choice(len(points), MOST_POINTS, replace=False)]
    return {"points": points.astype(np.float32), "normals": np.zeros((0, 3), np.float32)}


def _geometry(data: bytes, suffix: str) -> tuple[np.ndarray, np.ndarray]:
    """All vertices [n, 3] and triangles [m, 3] of a file, every part where the file puts it."""
    import trimesh

    if suffix == ".obj" and not _has_lines(data, b"f"):
        return _bare_points(data), np.zeros((0, 3), np.int64)
    options: dict[str, Any] = {"process": False}
    if suffix in (".obj", ".glb"):
        options["skip_materials"] = True
    scene = trimesh.load_scene(io.BytesIO(data), file_type=suffix[1:], **options)
    vertices, faces, count = [], [], 0
    triangles = 0
    for node in scene.graph.nodes_geometry:
        transform, name = scene.graph[node]
        part = scene.geometry[name]
        corners = np.asarray(getattr(part, "faces", np.zeros((0, 3))), np.int64).reshape(-1, 3)
        triangles += len(corners)
        if triangles > _MOST_TRIANGLES:
            raise InputRefused(f"the scan has more than {_MOST_TRIANGLES:,} triangles: thin it out and try again")
        vertices.append(trimesh.transform_points(np.asarray(part.vertices, float).reshape(-1, 3), transform))
        faces.append(corners + count)
        count += len(vertices[-1])
    if not vertices:
        raise ValueError("no mesh and no points in it")
    return np.concatenate(vertices), np.concatenate(faces)


def _bare_points(data: bytes) -> np.ndarray:
    """The points of an OBJ without faces, which may carry colours behind the coordinates."""
    lines = [line.split()[1:4] for line in data.splitlines() if line.startswith(b"v ")]
    return np.array(lines, float).reshape(-1, 3)


def _has_lines(data: bytes, letter: bytes) -> bool:
    return data.startswith(letter + b" ") or b"\n" + letter + b" " in data


def _refuse_packed(file: Path, data: bytes) -> None:
    """A GLB whose geometry is compressed by a codec that we do not carry."""
    if file.suffix.lower() != ".glb" or data[:4] != b"glTF":
        return
    (length,) = struct.unpack_from("<I", data, 12)
    needed = json.loads(data[20 : 20 + length]).get("extensionsRequired", ())
    for extension in needed:
        if extension in _PACKED:
            raise InputRefused(
                f"{file} is compressed with {_PACKED[extension]}, which is not read here: save it without compression"
            )


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


def _short(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:120]
