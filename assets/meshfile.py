"""The one place where strangers' meshes are parsed: OBJ, PLY, STL, OFF, GLB, glTF, in the short-lived reader process.

trimesh (MIT, plain Python) parses all but glTF (assets/gltf.py), under limits of memory and time; no picture is opened
and no link followed but to a glTF's own buffers beside it. What comes back is as the file has it: nothing welded,
scaled or turned.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assets import gltf
from assets.errors import Damaged, InputRefused, NothingInIt, TooLarge, plainly
from assets.files import read_bytes
from assets.mesh import face_areas

SUFFIXES = (".obj", ".ply", ".stl", ".off", ".glb", ".gltf")
LARGEST_EXTENT = 1e12
_MOST_TRIANGLES, _LARGEST_FILE = 20_000_000, 2_000_000_000
_MOST_PARTS = 200
_PARTED = {kind: re.compile(rb"^%s[ \t]+([^\r\n]*)" % kind.encode(), re.M) for kind in ("o", "g", "usemtl")}


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """Vertices [n, 3] and triangles [m, 3] of every part, each where the file puts it; `uv` [n, 2], not a number where
    a part has none; `part` [m] the number of each triangle's part in `names`; `notes` what to tell of the file."""

    vertices: np.ndarray
    faces: np.ndarray
    uv: np.ndarray
    part: np.ndarray
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()


def geometry(path: Path, what: str) -> Geometry:
    """All that a file holds of surfaces and points. Call it in the reader process.

    Raises InputRefused, in which the file is called `what` ("the scan"), when it is damaged, empty or packed.
    """
    try:
        return _geometry(path, what)
    except (InputRefused, MemoryError):
        raise
    except Exception as error:
        raise Damaged(f"cannot read {path}: {what} is damaged or of another kind ({plainly(error)})") from error


def require_surface(found: Geometry, name: str) -> None:
    """Raise NothingInIt or Damaged, in which the file is called `name`, unless there are triangles with an area, at
    places that are numbers, of points that are there."""
    faces, vertices = found.faces, found.vertices
    if not len(faces):
        raise NothingInIt(f"{name} holds no surface: a garment is a mesh of triangles, not points or lines alone")
    if faces.min() < 0 or faces.max() >= len(vertices):
        raise Damaged(f"{name} is damaged: a triangle names a point that the file does not have")
    corners = vertices[faces]
    wrong = int((~np.isfinite(corners).all(axis=(1, 2))).sum())
    if wrong or np.abs(corners).max() > LARGEST_EXTENT:
        raise Damaged(f"{name} is damaged: {max(wrong, 1)} triangles lie at places that are no numbers")
    if not face_areas(vertices, faces).sum() > 0.0:
        raise NothingInIt(f"{name} holds no surface: its triangles have no area")


def _geometry(path: Path, what: str) -> Geometry:
    data, suffix = read_bytes(path, _LARGEST_FILE, what.removeprefix("the ")), path.suffix.lower()
    if not data.strip(b"\0 \t\r\n"):
        raise NothingInIt(f"{path} is empty: {what} is a file of points and triangles")
    if data.startswith(b"version https://git-lfs"):
        raise Damaged(f"{path} is only a pointer to {what} (Git LFS): fetch the file itself")
    if suffix == ".obj" and not _has_lines(data, b"f"):
        points = _bare_points(data)
        if not len(points):
            raise NothingInIt(f"{path} has no points and no surfaces in it")
        return Geometry(points, np.zeros((0, 3), np.int64), np.full((len(points), 2), np.nan), np.zeros(0, int), ())
    notes: list[str] = []
    if suffix in (".glb", ".gltf"):
        parts, notes = gltf.read(path, data)
    else:
        parts = _parsed(data, suffix)
    parts = [part for part in parts if len(part.vertices)]
    if not parts and suffix == ".obj":
        raise Damaged(f"{path} is damaged: no face in it is of points that it has")
    if not parts and suffix == ".stl" and (told := _cut_short(data)):
        raise Damaged(f"{path} is damaged: it says {told:,} triangles and ends before them; save it again")
    if not parts:
        raise NothingInIt(f"{path} has no points and no surfaces in it")
    if sum(len(part.faces) for part in parts) > _MOST_TRIANGLES:
        raise TooLarge(f"{what} has more than {_MOST_TRIANGLES:,} triangles: thin it out and try again")
    starts = np.cumsum([0, *(len(part.vertices) for part in parts)])
    uv = [np.full((len(p.vertices), 2), np.nan) if p.uv is None else p.uv for p in parts]
    return Geometry(
        np.concatenate([part.vertices for part in parts]),
        np.concatenate([part.faces + start for part, start in zip(parts, starts, strict=False)]),
        np.concatenate(uv),
        np.repeat(np.arange(len(parts)), [len(part.faces) for part in parts]),
        tuple(part.name for part in parts),
        tuple(notes),
    )


def _parsed(data: bytes, suffix: str) -> list[gltf.Part]:
    """The parts of an OBJ, PLY, STL or OFF file, each where the file puts it."""
    import trimesh

    options: dict[str, Any] = {"process": False}
    if suffix == ".obj":
        data = _parted(data)
        options |= {"skip_materials": True, "group_material": False, "split_objects": True}
    scene = trimesh.load_scene(io.BytesIO(data), file_type=suffix[1:], **options)
    parts = []
    for node in scene.graph.nodes_geometry:
        transform, name = scene.graph[node]
        mesh = scene.geometry[name]
        faces = np.asarray(getattr(mesh, "faces", np.zeros((0, 3))), np.int64).reshape(-1, 3)
        vertices = trimesh.transform_points(np.asarray(mesh.vertices, float).reshape(-1, 3), transform)
        parts.append(gltf.Part(vertices, faces, _uv(mesh, len(vertices)), str(name)[:60]))
    return parts


def _parted(data: bytes) -> bytes:
    """An OBJ in which what tells its parts is called an object, and nothing else: its objects where there are several,
    else its groups, else its materials; one part where these are more than anybody would tell apart."""
    named = {kind: [found[1].strip() for found in _PARTED[kind].finditer(data)] for kind in _PARTED}
    telling = next((kind for kind, names in named.items() if 1 < len(set(names)) <= _MOST_PARTS), None)
    for kind, lines in _PARTED.items():
        data = lines.sub(rb"o \1" if kind == telling else b"#", data)
    return data


def _cut_short(data: bytes) -> int:
    """How many triangles the head of a binary STL says that there are, where there are fewer; else 0."""
    told = 0 if data.lstrip().startswith(b"solid") else int.from_bytes(data[80:84], "little")
    return told if 50 * told > max(len(data) - 84, 0) else 0


def _uv(mesh: Any, count: int) -> np.ndarray | None:
    """Texture coordinates [n, 2] of a part, v upward."""
    found = getattr(getattr(mesh, "visual", None), "uv", None)
    if found is None or np.shape(found)[:1] != (count,) or np.ndim(found) != 2 or np.shape(found)[1] < 2:
        return None
    return np.asarray(found, float)[:, :2]


def _bare_points(data: bytes) -> np.ndarray:
    """The points of an OBJ without faces, which may carry colours behind the coordinates."""
    lines = [line.split()[1:4] for line in data.splitlines() if line.startswith(b"v ")]
    return np.array(lines, float).reshape(-1, 3)


def _has_lines(data: bytes, letter: bytes) -> bool:
    return data.startswith(letter + b" ") or b"\n" + letter + b" " in data
