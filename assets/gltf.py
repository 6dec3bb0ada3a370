"""glTF 2.0 read as shapes alone, in the reader process: container, links, document, numbers, then vertices and faces.

Everything is looked at before it is used, in this order: the container's lengths, the document's rules
(assets/gltfrules.py), what it needs that is not here, the numbers. Pictures are never opened, and no link is followed
but to a buffer in the document's own folder. Triangles, strips and fans; sparse, normalized and quantized numbers.
"""

import base64
import binascii
import json
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assets.errors import BrokenRule, Damaged, Incomplete, NothingInIt, Packed, TooLarge, UnknownKind, plainly
from assets.files import read_bytes
from assets.gltfrules import SIZES, TYPES, element, faults

LARGEST_BUFFER = 1_000_000_000
_MOST_OBJECTS = 200_000
_MOST_NUMBERS = 60_000_000
_CODECS = {
    "KHR_draco_mesh_compression": "Draco",
    "EXT_meshopt_compression": "meshopt",
    "KHR_meshopt_compression": "meshopt",
}
_HARMLESS = re.compile(r"KHR_(materials|lights|texture|animation|xmp|node_visib|mesh_quant).*|EXT_(texture|lights).*")
_DTYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_BINARY = re.compile(r"data:(application/(octet-stream|gltf-buffer))?(;[^,;]*)*?(;base64)?,", re.I)
_BOUND = 1e-4
_UNIT_LENGTH = 0.007


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A primitive where its node puts it: vertices [n, 3], triangles [m, 3], uv [n, 2] (v upward) or None, its name."""

    vertices: np.ndarray
    faces: np.ndarray
    uv: np.ndarray | None
    name: str


def read(path: Path, data: bytes) -> tuple[list[Part], list[str]]:
    """The parts of a document of either kind, and what to tell of it, sentences.

    Raises Damaged, UnknownKind, Packed, Incomplete or TooLarge, in a sentence that names the file.
    """
    text, binary = _container(path, data)
    document = _document(path, text)
    _require_readable(path, document)
    found = faults(document)
    grave = [fault for fault in found if fault.grave]
    if grave:
        raise _damaged(path, f"{grave[0]}" + (f" (and {len(grave) - 1} more)" if len(grave) > 1 else ""))
    notes = [f"The file is faulty where it does not matter here: {fault}." for fault in found[:3]]
    numbers = _Numbers(path, document, binary)
    notes += numbers.checked()
    parts = [part for node, matrix in _shown(document) for part in _parts(document, numbers, node, matrix)]
    if any("targets" in each for mesh in document.get("meshes", ()) for each in mesh["primitives"]):
        notes.append("It has shapes to morph into: it is taken as it stands.")
    return parts, notes


def _container(path: Path, data: bytes) -> tuple[bytes, bytes | None]:
    """The document's text and the binary chunk of a GLB."""
    if data[:4] != b"glTF":
        if path.suffix.lower() == ".glb":
            raise _damaged(path, "it does not begin as a GLB file does")
        return data, None
    if len(data) < 20:
        raise _damaged(path, "it is cut short")
    version, length = struct.unpack_from("<II", data, 4)
    if version != 2:
        raise UnknownKind(f"{path} is glTF {version}: save it as glTF 2.0")
    if length != len(data):
        raise _damaged(path, f"it says {length:,} bytes and has {len(data):,}")
    chunks = list(_chunks(path, data))
    kinds = [kind for kind, _ in chunks]
    if kinds[:1] != [b"JSON"] or kinds.count(b"JSON") > 1 or b"BIN\0" in kinds[2:]:
        raise _damaged(path, "its chunks are out of order")
    return chunks[0][1], chunks[1][1] if kinds[1:2] == [b"BIN\0"] else None


def _chunks(path: Path, data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at < len(data):
        if at + 8 > len(data):
            raise _damaged(path, "a chunk is cut short")
        length, kind = struct.unpack_from("<I4s", data, at)
        if length % 4 or at + 8 + length > len(data):
            raise _damaged(path, f"a chunk of {length:,} bytes does not fit")
        yield kind, data[at + 8 : at + 8 + length]
        at += 8 + length


def _document(path: Path, text: bytes) -> dict:
    def refuse(word: str) -> float:
        raise BrokenRule(f"{word} is no number")

    try:
        document = json.loads(text.decode("utf-8"), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise _damaged(path, f"its document is no JSON ({plainly(error)})") from error
    if not isinstance(document, dict):
        raise _damaged(path, "its document is no JSON object")
    asset = document.get("asset")
    old = isinstance(document.get("meshes"), dict) or (
        isinstance(asset, dict) and str(asset.get("version", "2")).partition(".")[0] == "1"
    )
    if old:
        raise UnknownKind(f"{path} is glTF 1.0: save it as glTF 2.0")
    if sum(len(each) for each in document.values() if isinstance(each, list)) > _MOST_OBJECTS:
        raise TooLarge(f"{path} has more than {_MOST_OBJECTS:,} objects: simplify it and try again")
    return document


def _require_readable(path: Path, document: dict) -> None:
    """Raise Packed for what cannot be read without a codec or an extension that is not carried here."""
    for key in ("extensionsRequired", "extensionsUsed"):
        names = document.get(key)
        for extension in filter(lambda name: isinstance(name, str), names if isinstance(names, list) else ()):
            if extension in _CODECS:
                codec = _CODECS[extension]
                raise Packed(f"{path} is compressed with {codec}, which is not read here: save it without compression")
            if key == "extensionsRequired" and not _HARMLESS.fullmatch(extension):
                raise Packed(f"{path} needs the extension {extension[:60]}, which is not read here: save it without")


def _damaged(path: Path, what: str) -> Damaged:
    return Damaged(f"{path} is damaged: {what}; save it again from the program that made it")


class _Numbers:
    """The arrays behind a document's accessors, checked when they are first read."""

    def __init__(self, path: Path, document: dict, binary: bytes | None) -> None:
        self.path, self._document, self._binary = path, document, binary
        self._buffers: dict[int, bytes] = {}
        self._read: dict[int, np.ndarray] = {}
        self._total = 0

    def checked(self) -> list[str]:
        """Every buffer that lies in the file or beside it, and every accessor, read once; what to tell of them."""
        for number, buffer in enumerate(self._document.get("buffers", ())):
            if "uri" in buffer and not _is_remote(buffer):
                self._buffer(number)
        notes = []
        for mesh in self._document.get("meshes", ()):
            for primitive in mesh["primitives"]:
                notes += self._primitive(primitive)
        used = {int(a) for m in self._document.get("meshes", ()) for p in m["primitives"] for a in _accessors(p)}
        moving = {int(s[end]) for a in self._document.get("animations", ()) for s in a.get("samplers", ())
                  for end in ("input", "output") if end in s}  # fmt: skip
        for number in range(len(self._document.get("accessors", ()))):
            if number not in used and number not in moving and self._kept(number):
                self.of(number)
        return sorted(set(notes))

    def of(self, number: int) -> np.ndarray:
        """An accessor's numbers [count, width]; normalized ones as fractions."""
        if number not in self._read:
            self._read[number] = self._checked(number)
        return self._read[number]

    def _kept(self, number: int) -> bool:
        accessor = self._document["accessors"][number]
        known = accessor["componentType"] in SIZES and accessor["type"] in TYPES
        views = [accessor["bufferView"]] if "bufferView" in accessor else []
        if "sparse" in accessor:
            views += [accessor["sparse"][part]["bufferView"] for part in ("indices", "values")]
        return known and all(self._there(int(view)) for view in views)

    def _there(self, view: int) -> bool:
        number = int(self._document["bufferViews"][view]["buffer"])
        buffer = self._document["buffers"][number]
        return not _is_remote(buffer) and ("uri" in buffer or (number == 0 and self._binary is not None))

    def _checked(self, number: int) -> np.ndarray:
        accessor = self._document["accessors"][number]
        if accessor["componentType"] not in SIZES or accessor["type"] not in TYPES:
            raise _damaged(self.path, f"/accessors/{number} is of no known type")
        kind, width, count = int(accessor["componentType"]), TYPES[accessor["type"]], int(accessor["count"])
        self._total += count * width
        if self._total > _MOST_NUMBERS:
            raise TooLarge(f"{self.path} holds more than {_MOST_NUMBERS:,} numbers: thin it out and try again")
        if "bufferView" in accessor:
            values = self._strided(int(accessor["bufferView"]), accessor, count, width, kind)
        else:
            values = np.zeros((count, width), _DTYPES[kind])
        if "sparse" in accessor:
            values = self._patched(values, accessor["sparse"], kind, number)
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            raise _damaged(self.path, f"/accessors/{number} has entries that are no numbers")
        self._require_bounds(values, accessor, number)
        if accessor.get("normalized") and values.dtype.kind in "iu":
            return np.maximum(values / float(np.iinfo(values.dtype).max), -1.0)
        return values

    def _strided(self, number: int, part: dict, count: int, width: int, kind: int) -> np.ndarray:
        view = self._document["bufferViews"][number]
        start = int(view.get("byteOffset", 0) + part.get("byteOffset", 0))
        each = element(part) if "type" in part else SIZES[kind] * width
        data = self._buffer(int(view["buffer"]))
        stride = int(view.get("byteStride", each))
        if start + stride * (count - 1) + SIZES[kind] * width > len(data):
            raise _damaged(self.path, f"numbers reach beyond buffer {view['buffer']}")
        return np.ndarray((count, width), _DTYPES[kind], data, start, (stride, SIZES[kind]))

    def _patched(self, values: np.ndarray, sparse: dict, kind: int, number: int) -> np.ndarray:
        count, indices = int(sparse["count"]), sparse["indices"]
        places = self._strided(int(indices["bufferView"]), indices, count, 1, int(indices["componentType"]))[:, 0]
        places = places.astype(np.int64)
        if places.max() >= len(values) or (np.diff(places) <= 0).any():
            raise _damaged(self.path, f"/accessors/{number} replaces what is not there")
        values = values.copy()
        told = sparse["values"]
        values[places] = self._strided(int(told["bufferView"]), told, count, values.shape[1], kind)
        return values

    def _require_bounds(self, values: np.ndarray, accessor: dict, number: int) -> None:
        if accessor["type"].startswith("MAT"):
            return
        for name, found in (("min", values.min(axis=0)), ("max", values.max(axis=0))):
            if name not in accessor:
                continue
            said = np.array(accessor[name], float)
            room = _BOUND * max(float(np.abs(said).max()), float(np.ptp(values.astype(float), axis=0).max()), 1e-6)
            if "bufferView" in accessor and (np.abs(said - found) > room).any():
                raise _damaged(self.path, f"/accessors/{number}/{name} is not that of its numbers")

    def _primitive(self, primitive: dict) -> list[str]:
        """The numbers of a primitive checked; what to tell of them."""
        notes, given = [], primitive["attributes"]
        for number in _accessors(primitive):
            self.of(int(number))
        for name in ("NORMAL", "TANGENT"):
            if name in given and "bufferView" in self._document["accessors"][int(given[name])]:
                values = self.of(int(given[name])).astype(float)
                if name == "TANGENT" and (np.abs(values[:, 3]) != 1.0).any():
                    raise _damaged(self.path, "a TANGENT has a side that is neither 1 nor -1")
                if (abs(np.linalg.norm(values[:, :3], axis=1) - 1.0) > _UNIT_LENGTH).any():
                    notes.append("Some of its normals are not of unit length; they are not used here.")
        return notes

    def _buffer(self, number: int) -> bytes:
        if number not in self._buffers:
            buffer = self._document["buffers"][number]
            if number == 0 and "uri" not in buffer:
                found = self._binary
            else:
                found = _linked(self.path, str(buffer["uri"])) if "uri" in buffer else None
            if found is None:
                raise NothingInIt(f"{self.path} holds no surface: the data of buffer {number} are not in it")
            if len(found) < buffer["byteLength"]:
                raise _damaged(self.path, f"buffer {number} is shorter than it says")
            self._buffers[number] = found
            if sum(map(len, self._buffers.values())) > LARGEST_BUFFER:
                raise TooLarge(f"{self.path} holds more than {LARGEST_BUFFER / 1e6:.0f} MB: thin it out and try again")
        return self._buffers[number]


def _accessors(primitive: dict) -> list:
    """Numbers of the accessors of a primitive's attributes, indices and morph targets."""
    morphs = [number for target in primitive.get("targets", ()) for number in target.values()]
    return [*primitive["attributes"].values(), *([primitive["indices"]] if "indices" in primitive else []), *morphs]


def _is_remote(buffer: dict) -> bool:
    return bool(re.match(r"[a-z][a-z0-9+.-]+:", buffer.get("uri", ""), re.I)) and not buffer["uri"].startswith("data:")


def _linked(path: Path, uri: str) -> bytes:
    """What a buffer's link names: data in the link itself, or a file in the document's own folder."""
    if uri.startswith("data:"):
        found = _BINARY.match(uri)
        if not found:
            raise _damaged(path, "a buffer is linked as something else than binary data")
        content = _unescaped(uri[found.end() :])
        if not found[4]:
            return content.encode("latin-1", "replace")
        try:
            return base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise _damaged(path, "the data of a buffer are not base64") from error
    written = _unescaped(uri)
    beside = (path.parent / written).resolve() if "\0" not in written else path.parent
    if beside.parent != path.parent.resolve() or not beside.is_file():
        raise Incomplete(f"{path} needs {uri[:80]!r} beside it, which is not there: save it as one GLB file")
    if beside.stat().st_size > LARGEST_BUFFER:
        raise TooLarge(f"{beside} has more than {LARGEST_BUFFER / 1e6:.0f} MB: thin it out and try again")
    return read_bytes(beside, LARGEST_BUFFER, "part of a mesh")


def _unescaped(text: str) -> str:
    return re.sub("%([0-9A-Fa-f]{2})", lambda match: chr(int(match[1], 16)), text)


def _shown(document: dict) -> Iterator[tuple[dict, np.ndarray]]:
    """Every node with a mesh in the scene that is shown, and its matrix [4, 4]; meshes as they are without nodes."""
    nodes, scenes = document.get("nodes", []), document.get("scenes", [])
    if not any("mesh" in node for node in nodes):
        yield from (({"mesh": k}, np.eye(4)) for k in range(len(document.get("meshes", ()))))
        return
    children = {int(child) for node in nodes for child in node.get("children", ())}
    roots = scenes[int(document.get("scene", 0))].get("nodes", []) if scenes else set(range(len(nodes))) - children
    left = [(int(root), np.eye(4)) for root in sorted(roots, reverse=True)]
    while left:
        number, above = left.pop()
        node = nodes[number]
        matrix = above @ _matrix(node)
        if "mesh" in node:
            yield node, above if "skin" in node else matrix
        left += [(int(child), matrix) for child in reversed(node.get("children", []))]


def _matrix(node: dict) -> np.ndarray:
    if "matrix" in node:
        return np.array(node["matrix"], float).reshape(4, 4).T
    x, y, z, w = np.array(node.get("rotation", (0.0, 0.0, 0.0, 1.0)), float)
    turn = np.array(
        [[1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
         [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
         [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)]]
    )  # fmt: skip
    matrix = np.eye(4)
    matrix[:3, :3] = turn * np.array(node.get("scale", (1.0, 1.0, 1.0)), float)
    matrix[:3, 3] = node.get("translation", (0.0, 0.0, 0.0))
    return matrix


def _parts(document: dict, numbers: _Numbers, node: dict, matrix: np.ndarray) -> Iterator[Part]:
    mesh = document["meshes"][int(node["mesh"])]
    name = str(node.get("name") or mesh.get("name") or f"mesh {node['mesh']}")[:60]
    for primitive in mesh["primitives"]:
        given: dict[str, Any] = primitive["attributes"]
        own = f"{name}: {_material(document, primitive)}" if len(mesh["primitives"]) > 1 else name
        if "POSITION" not in given:
            continue
        vertices = numbers.of(int(given["POSITION"])).astype(float) @ matrix[:3, :3].T + matrix[:3, 3]
        if "indices" in primitive:
            corners = numbers.of(int(primitive["indices"]))[:, 0].astype(np.int64)
            if len(corners) and corners.max() >= len(vertices):
                raise _damaged(numbers.path, f"a triangle of {name} names a point that is not there")
        else:
            corners = np.arange(len(vertices))
        faces = _triangles(corners, int(primitive.get("mode", 4)))
        if np.linalg.det(matrix[:3, :3]) < 0.0:
            faces = faces[:, ::-1]
        uv = numbers.of(int(given["TEXCOORD_0"])).astype(float) * (1.0, -1.0) if "TEXCOORD_0" in given else None
        yield Part(vertices, faces, uv, own)


def _material(document: dict, primitive: dict) -> str:
    """What the material of a primitive is called, or its number."""
    number, materials = primitive.get("material", -1), document.get("materials", [])
    told = materials[int(number)] if 0 <= number < len(materials) else {}
    return str(told.get("name") or f"material {number:g}")[:60] if told else "no material"


def _triangles(corners: np.ndarray, mode: int) -> np.ndarray:
    """Faces [m, 3] of a run of corners: 4 triangles, 5 a strip, 6 a fan; none of points and lines."""
    if mode == 4:
        return corners[: len(corners) // 3 * 3].reshape(-1, 3)
    if mode == 5 and len(corners) >= 3:
        strip = np.stack([corners[:-2], corners[1:-1], corners[2:]], axis=1)
        strip[1::2] = strip[1::2][:, [1, 0, 2]]
        return strip
    if mode == 6 and len(corners) >= 3:
        return np.stack([np.full(len(corners) - 2, corners[0]), corners[1:-1], corners[2:]], axis=1)
    return np.zeros((0, 3), np.int64)
