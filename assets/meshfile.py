"""The one place where strangers' meshes are parsed: OBJ, PLY, STL, GLB and glTF, in the short-lived reader process.

trimesh (MIT, plain Python) parses under limits of memory and time. Pictures, materials, cameras and animations are
taken out before it sees a file; no link is followed but to a glTF's own buffers beside it. What comes back is as the
file has it: nothing welded, scaled or turned.
"""

from __future__ import annotations

import base64
import io
import json
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assets.errors import InputRefused

SUFFIXES = (".obj", ".ply", ".stl", ".glb", ".gltf")
_MOST_TRIANGLES = 20_000_000
_LARGEST_BUFFER = 1_000_000_000
_PACKED = {"KHR_draco_mesh_compression": "Draco", "EXT_meshopt_compression": "meshopt"}
_GEOMETRY = ("asset", "scene", "scenes", "nodes", "meshes", "accessors", "bufferViews", "buffers")
_UV = "_UV"


@dataclass(frozen=True, slots=True, eq=False)
class Geometry:
    """Vertices [n, 3] and triangles [m, 3] of every part, each where the file puts it; `uv` [n, 2], not a number where
    a part has none; `part` [m] the number of each triangle's part in `names`."""

    vertices: np.ndarray
    faces: np.ndarray
    uv: np.ndarray
    part: np.ndarray
    names: tuple[str, ...]


def geometry(path: Path, what: str) -> Geometry:
    """All that a file holds of surfaces and points. Call it in the reader process.

    Raises InputRefused, in which the file is called `what` ("the scan"), when it is damaged, empty or packed.
    """
    try:
        return _geometry(path, what)
    except (InputRefused, MemoryError):
        raise
    except Exception as error:
        told = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        raise InputRefused(f"cannot read {path}: {what} is damaged or of another kind ({told})") from error


def _geometry(path: Path, what: str) -> Geometry:
    import trimesh

    data, suffix = path.read_bytes(), path.suffix.lower()
    if suffix == ".obj" and not _has_lines(data, b"f"):
        points = _bare_points(data)
        return Geometry(points, np.zeros((0, 3), np.int64), np.full((len(points), 2), np.nan), np.zeros(0, int), ())
    options: dict[str, Any] = {"process": False}
    if suffix == ".obj":
        options["skip_materials"] = True
    elif suffix in (".glb", ".gltf"):
        data, suffix = _bare_gltf(path, data), ".glb"
    scene = trimesh.load_scene(io.BytesIO(data), file_type=suffix[1:], **options)
    found, count, triangles = [], 0, 0
    for node in scene.graph.nodes_geometry:
        transform, name = scene.graph[node]
        mesh = scene.geometry[name]
        corners = np.asarray(getattr(mesh, "faces", np.zeros((0, 3))), np.int64).reshape(-1, 3)
        triangles += len(corners)
        if triangles > _MOST_TRIANGLES:
            raise InputRefused(f"{what} has more than {_MOST_TRIANGLES:,} triangles: thin it out and try again")
        vertices = trimesh.transform_points(np.asarray(mesh.vertices, float).reshape(-1, 3), transform)
        if np.linalg.det(np.asarray(transform, float)[:3, :3]) < 0.0:
            corners = corners[:, ::-1]
        found.append((vertices, corners + count, _uv(mesh, len(vertices)), str(name)[:60]))
        count += len(vertices)
    if not found:
        raise ValueError("no mesh and no points in it")
    vertices, faces, uv, names = zip(*found, strict=True)
    part = np.repeat(np.arange(len(faces)), [len(each) for each in faces])
    return Geometry(np.concatenate(vertices), np.concatenate(faces), np.concatenate(uv), part, tuple(names))


def _uv(mesh: Any, count: int) -> np.ndarray:
    """Texture coordinates [n, 2] of a part, v upward."""
    found = getattr(mesh, "vertex_attributes", {}).get(_UV)
    if found is not None:
        found = np.asarray(found, float) * (1.0, -1.0)
    else:
        found = getattr(getattr(mesh, "visual", None), "uv", None)
    if found is None or np.shape(found)[:1] != (count,) or np.ndim(found) != 2 or np.shape(found)[1] < 2:
        return np.full((count, 2), np.nan)
    return np.asarray(found, float)[:, :2]


def _bare_points(data: bytes) -> np.ndarray:
    """The points of an OBJ without faces, which may carry colours behind the coordinates."""
    lines = [line.split()[1:4] for line in data.splitlines() if line.startswith(b"v ")]
    return np.array(lines, float).reshape(-1, 3)


def _has_lines(data: bytes, letter: bytes) -> bool:
    return data.startswith(letter + b" ") or b"\n" + letter + b" " in data


def _bare_gltf(path: Path, data: bytes) -> bytes:
    """A glTF document of either kind as a GLB that holds shapes alone. Raises InputRefused for packed geometry."""
    binary = None
    if data[:4] == b"glTF":
        (length,) = struct.unpack_from("<I", data, 12)
        document = json.loads(data[20 : 20 + length])
        if len(data) > 28 + length:
            (size,) = struct.unpack_from("<I", data, 20 + length)
            binary = data[28 + length : 28 + length + size]
    else:
        document = json.loads(data)
    _refuse_packed(path, document)
    document = {name: document[name] for name in _GEOMETRY if name in document}
    for mesh in document.get("meshes", ()):
        for primitive in mesh.get("primitives", ()):
            primitive.pop("material", None)
            primitive.pop("targets", None)
            given = primitive.get("attributes", {})
            kept = {"POSITION": given["POSITION"]} if "POSITION" in given else {}
            primitive["attributes"] = kept | ({_UV: given["TEXCOORD_0"]} if "TEXCOORD_0" in given else {})
    for node in document.get("nodes", ()):
        for name in ("skin", "camera", "extensions"):
            node.pop(name, None)
    return _one_buffer(path, document, binary)


def _refuse_packed(path: Path, document: dict) -> None:
    """Geometry that is compressed by a codec that we do not carry."""
    primitives = [p for mesh in document.get("meshes", ()) for p in mesh.get("primitives", ())]
    used = {name for each in (*primitives, *document.get("bufferViews", ())) for name in each.get("extensions", ())}
    for extension in (*document.get("extensionsRequired", ()), *used):
        if extension in _PACKED:
            raise InputRefused(
                f"{path} is compressed with {_PACKED[extension]}, which is not read here: save it without compression"
            )


def _one_buffer(path: Path, document: dict, binary: bytes | None) -> bytes:
    """The document as a GLB whose one buffer holds all of its buffers."""
    joined, starts = bytearray(), []
    for number, buffer in enumerate(document.get("buffers", ())):
        starts.append(len(joined))
        inside = binary if number == 0 and "uri" not in buffer else _buffer(path, str(buffer["uri"]))
        if inside is None or len(inside) < int(buffer["byteLength"]):
            raise ValueError(f"buffer {number} is shorter than it says")
        joined += inside + b"\0" * (-len(inside) % 4)
        if len(joined) > _LARGEST_BUFFER:
            raise InputRefused(f"{path} holds more than {_LARGEST_BUFFER / 1e6:.0f} MB: thin it out and try again")
    for view in document.get("bufferViews", ()):
        view["byteOffset"] = int(view.get("byteOffset", 0)) + starts[view["buffer"]]
        view["buffer"] = 0
    for accessor in document.get("accessors", ()):
        if "bufferView" not in accessor and int(accessor.get("count", 0)) > 0:
            raise ValueError("numbers that lie in no buffer")
    document["buffers"] = [{"byteLength": len(joined)}]
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(joined), b"BIN\0") + bytes(joined)
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def _buffer(path: Path, uri: str) -> bytes:
    """What a buffer's link names: data in the link itself, or a file in the document's own folder."""
    if uri.startswith("data:"):
        return base64.b64decode(uri.partition(",")[2])
    written = re.sub("%([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), uri)
    beside = (path.parent / written).resolve()
    if beside.parent != path.parent.resolve() or not beside.is_file():
        raise InputRefused(f"{path} needs {uri[:80]!r} beside it, which is not there: save it as one GLB file")
    if beside.stat().st_size > _LARGEST_BUFFER:
        raise InputRefused(f"{beside} has more than {_LARGEST_BUFFER / 1e6:.0f} MB: thin it out and try again")
    return beside.read_bytes()
