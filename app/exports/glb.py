"""Bodies and try-ons as GLB files, for Blender and every other program that reads glTF 2.0 (Khronos, ISO/IEC 12113).

glTF's conventions are Toile's: metres, right-handed, +Y up, facing +Z, linear colours; nothing is converted but the
direction of v. Written here in full, for trimesh's exporter leaves out the cloth's sheen and rounds colours to bytes.
"""

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from app.exports.obj import beside as beside_obj
from app.exports.obj import obj
from app.exports.parts import by_material, opacity, titles, unit_normals
from app.picturefile import png
from app.stage import body_items, garment_item
from assets.errors import UnknownKind
from assets.mesh import distinct
from render.scene import Item, Material

if TYPE_CHECKING:
    from body.model import Body
    from garments.drape import Drape

FLOAT, UINT = 5126, 5125
VERTEX_BUFFER, INDEX_BUFFER = 34962, 34963
SHAPES = {1: "SCALAR", 2: "VEC2", 3: "VEC3"}
SHEEN = "KHR_materials_sheen"


def body_glb(body: "Body") -> bytes:
    """The bare body, painted as in the pictures, a node for each part."""
    return glb(body_items(body))


def try_on_glb(body: "Body", drapes: "Iterable[Drape]") -> bytes:
    """The body and what it wears, a node each; uv of the cloth is the flat pattern [m]."""
    return glb((*body_items(body), *(garment_item(drape) for drape in drapes)))


def meshes(items: Sequence[Item], suffix: str, stem: str = "stage") -> bytes:
    """The items as a file of a kind by its ending: GLB, OBJ or USD. Raises UnknownKind or MissingExtra."""
    from app.exports import usd

    check_kinds([suffix])
    kind = suffix.lower()
    if kind == ".glb":
        return glb(items)
    return obj(items, stem) if kind == ".obj" else usd.usd(items, kind, stem)


def check_kinds(suffixes: Iterable[str]) -> None:
    """Find out before anything is computed that meshes cannot be saved so. Raises UnknownKind or MissingExtra."""
    from app.exports import usd

    for suffix in suffixes:
        if suffix.lower() in usd.SUFFIXES:
            usd.check()
        elif suffix.lower() not in (".glb", ".obj"):
            raise UnknownKind(f"meshes cannot be saved as {suffix!r}: give .glb, .obj, {', '.join(usd.SUFFIXES)}")


def beside(items: Sequence[Item], suffix: str, stem: str) -> dict[str, bytes]:
    """The files that the file `stem` + `suffix` asks for beside it: prints' pictures of USD that is not packed, and of
    OBJ its materials, too."""
    from app.exports import usd

    if suffix.lower() == ".obj":
        return beside_obj(items, stem)
    return usd.textures(items, stem) if suffix.lower() in usd.LOOSE else {}


def glb(items: Iterable[Item]) -> bytes:
    """One node and mesh for each item, a material for each of its own. The same items give the same bytes."""
    items = tuple(items)
    packed = _Packed(titles(items))
    for item in items:
        packed.add(item)
    return packed.bytes()


def animated_glb(frames: Sequence[tuple[Item, ...]], rate: float) -> bytes:
    """Items that move, the same in every frame, `rate` frames a second: one morph target a frame with its normals,
    blended from frame to frame, which every program that plays glTF can. 24 bytes a vertex and frame."""
    packed = _Packed(titles(frames[0]))
    for number, item in enumerate(frames[0]):
        packed.add(item, [frame[number] for frame in frames[1:]])
    packed.animate(len(frames), rate)
    return packed.bytes()


class _Packed:
    """A glTF document and its one buffer while they grow."""

    def __init__(self, titles: Mapping[int, str]) -> None:
        self.titles = titles
        self.animations: list[dict] = []
        self.buffer = bytearray()
        self.views: list[dict] = []
        self.accessors: list[dict] = []
        self.meshes: list[dict] = []
        self.materials: list[dict] = []
        self.pictures: dict[int, int] = {}
        self.images: list[dict] = []

    def add(self, item: Item, later: Sequence[Item] = ()) -> None:
        """An item, a primitive for each of its materials; `later`: the same one in the frames after the first."""
        pieces = by_material(item)
        mesh: dict[str, Any] = {"name": item.name, "primitives": [self._primitive(piece, later) for piece in pieces]}
        if later:
            mesh["weights"] = [0.0] * len(later)
        self.meshes.append(mesh)

    def _primitive(self, item: Item, later: Sequence[Item]) -> dict[str, Any]:
        vertices, normals, colours, uv, faces, welded = _unwelded(item)
        attributes = {
            "POSITION": self._accessor(vertices, FLOAT, VERTEX_BUFFER, bounds=True),
            "NORMAL": self._accessor(normals, FLOAT, VERTEX_BUFFER),
        }
        if colours is not None:
            attributes["COLOR_0"] = self._accessor(colours, FLOAT, VERTEX_BUFFER)
        if uv is not None:
            attributes["TEXCOORD_0"] = self._accessor(uv * (1, -1), FLOAT, VERTEX_BUFFER)
        primitive: dict[str, Any] = {
            "attributes": attributes,
            "indices": self._accessor(faces.ravel(), UINT, INDEX_BUFFER),
            "material": len(self.materials),
        }
        self.materials.append(_material(self.titles[id(item.material)], item.material, self._texture(item.material)))
        if later:
            primitive["targets"] = [
                {
                    "POSITION": self._accessor(other.vertices[welded] - vertices, FLOAT, VERTEX_BUFFER, bounds=True),
                    "NORMAL": self._accessor(unit_normals(other)[welded] - normals, FLOAT, VERTEX_BUFFER),
                }
                for other in later
            ]
        return primitive

    def _texture(self, material: Material) -> int | None:
        """The number of a material's print, or of its mask as the alpha of white, packed once."""
        if material.print is not None:
            picture = material.print.picture
        elif material.mask is not None:
            picture = material.mask.filled
        else:
            return None
        if id(picture) not in self.pictures:
            self.pictures[id(picture)] = len(self.images)
            white = np.full((*picture.shape[:2], 3), 255, np.uint8)
            data = png(picture if picture.ndim == 3 else np.dstack([white, picture]))
            self.buffer += bytes(-len(self.buffer) % 4)
            self.views.append({"buffer": 0, "byteOffset": len(self.buffer), "byteLength": len(data)})
            self.buffer += data + bytes(-len(data) % 4)
            self.images.append({"bufferView": len(self.views) - 1, "mimeType": "image/png"})
        return self.pictures[id(picture)]

    def animate(self, count: int, rate: float) -> None:
        """Let every mesh go through its `count` frames."""
        times = self._accessor((np.arange(count) / rate)[:, None], FLOAT, None, bounds=True)
        weights = self._accessor(np.eye(count, count - 1, -1).reshape(-1, 1), FLOAT, None)
        sampler = {"input": times, "output": weights, "interpolation": "LINEAR"}
        channels = [{"sampler": 0, "target": {"node": k, "path": "weights"}} for k in range(len(self.meshes))]
        self.animations.append({"name": "movement", "samplers": [sampler], "channels": channels})

    def bytes(self) -> bytes:
        document: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "Toile"},
            "scene": 0,
            "scenes": [{"nodes": list(range(len(self.meshes)))}],
            "nodes": [{"name": mesh["name"], "mesh": k} for k, mesh in enumerate(self.meshes)],
            "meshes": self.meshes,
            "materials": self.materials,
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": len(self.buffer)}],
        }
        if self.images:
            document["images"] = self.images
            document["samplers"] = [{"magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497}]
            document["textures"] = [{"source": k, "sampler": 0} for k in range(len(self.images))]
        if any(SHEEN in material.get("extensions", {}) for material in self.materials):
            document["extensionsUsed"] = [SHEEN]
        if self.animations:
            document["animations"] = self.animations
        text = json.dumps(document, separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-len(text) % 4)
        chunks = _chunk(b"JSON", text) + _chunk(b"BIN\0", bytes(self.buffer))
        return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks

    def _accessor(self, values: np.ndarray, kind: int, target: int | None, bounds: bool = False) -> int:
        values = np.ascontiguousarray(values, np.float32 if kind == FLOAT else np.uint32)
        data = values.tobytes()
        view = {"buffer": 0, "byteOffset": len(self.buffer), "byteLength": len(data)}
        self.views.append(view if target is None else {**view, "target": target})
        self.buffer += data
        width = values.shape[1] if values.ndim == 2 else 1
        accessor = {
            "bufferView": len(self.views) - 1,
            "componentType": kind,
            "count": len(values),
            "type": SHAPES[width],
        }
        if bounds:
            accessor |= {"min": values.min(axis=0).tolist(), "max": values.max(axis=0).tolist()}
        self.accessors.append(accessor)
        return len(self.accessors) - 1


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("<I4s", len(data), kind) + data


def _unwelded(
    item: Item,
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None, np.ndarray | None, np.ndarray, np.ndarray]:
    """Vertices, unit normals, colours, uv and faces, and which of the item's vertices each is; one uv a vertex, so a
    vertex on a seam is there for each panel."""
    normals = unit_normals(item)
    if item.uv is None or item.uv.ndim == 2:
        return item.vertices, normals, item.colours, item.uv, item.faces, np.arange(len(item.vertices))
    corners = np.column_stack([item.faces.ravel(), item.uv.reshape(-1, 2)])
    first, number, _ = distinct(corners)
    unique = corners[first]
    welded = unique[:, 0].astype(int)
    colours = None if item.colours is None else item.colours[welded]
    return item.vertices[welded], normals[welded], colours, unique[:, 1:], number.reshape(-1, 3), welded


def _material(name: str, material: Material, texture: int | None) -> dict:
    colour = _plain(material.base_colour) if material.print is None else [1.0, 1.0, 1.0]
    cut = material.mask is not None and material.print is None
    hides = material.opacity if cut else opacity(material)
    found: dict[str, Any] = {
        "name": name,
        "pbrMetallicRoughness": {
            "baseColorFactor": [*colour, round(hides, 6)],
            "metallicFactor": round(material.metallic, 6),
            "roughnessFactor": round(material.roughness, 6),
        },
    }
    if texture is not None:
        found["pbrMetallicRoughness"]["baseColorTexture"] = {"index": texture}
    if material.double_sided:
        found["doubleSided"] = True
    if cut or hides < 1.0:
        found["alphaMode"] = "BLEND"
    if any(material.sheen_colour):
        sheen = {
            "sheenColorFactor": _plain(material.sheen_colour),
            "sheenRoughnessFactor": round(material.sheen_roughness, 6),
        }
        found["extensions"] = {SHEEN: sheen}
    return found


def _plain(colour: Iterable[float]) -> list[float]:
    return [round(float(component), 6) for component in colour]
