"""Whether a glTF 2.0 document holds together: the table of assets/gltfschema.py and the rules between objects.

After the Khronos specification (ISO/IEC 12113:2022), with the verdicts of its validator for a measure. Faults that bear
on shapes make a file damaged; faults in what Toile leaves aside (cameras, lights, animations, materials and their
pictures, extensions of these) are told and no more. The numbers behind the document are checked in assets/gltf.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assets.gltfschema import DOCUMENT

TYPES = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
"""Numbers of an accessor's element."""
SIZES = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}
"""Bytes of a number by component type."""
_ASIDE = re.compile(
    r"/(cameras|animations|materials|textures|images|samplers|extensions)/.+|/nodes/\d+/camera|"
    r".*/extensions/(KHR_(materials|lights|texture|animation|xmp|node_visib)|EXT_(texture|lights)).*"
)
_MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong `where` (a JSON pointer), and whether shapes may suffer."""

    where: str
    what: str
    grave: bool

    def __str__(self) -> str:
        return f"{self.where or 'the document'} {self.what}"


def faults(document: dict) -> list[Fault]:
    """What breaks a rule; rules between objects are looked at when the objects are sound."""
    found = []
    for where, what in DOCUMENT(document, document):
        found.append(Fault(where, what, not _ASIDE.fullmatch(where)))
        if len(found) >= _MOST_FAULTS:
            break
    if not any(fault.grave for fault in found):
        found += [Fault(where, what, True) for where, what in _between(document)]
    return found


def _between(document: dict) -> Iterator[tuple[str, str]]:
    """Rules between objects; the table holds already."""
    major = int(document["asset"]["version"].split(".")[0])
    if major != 2:
        yield "/asset/version", f"is {document['asset']['version']}"
    missing = set(document.get("extensionsRequired", ())) - set(document.get("extensionsUsed", ()))
    if missing:
        yield "/extensionsRequired", f"names {min(missing)}, which is not among the extensions used"
    yield from _views(document)
    yield from _meshes(document)
    yield from _nodes(document)


def _views(document: dict) -> Iterator[tuple[str, str]]:
    for k, view in enumerate(document.get("bufferViews", ())):
        where = f"/bufferViews/{k}"
        if view.get("byteOffset", 0) + view["byteLength"] > document["buffers"][int(view["buffer"])]["byteLength"]:
            yield where, "reaches beyond its buffer"
        if view.get("byteStride", 0) > view["byteLength"]:
            yield f"{where}/byteStride", "is larger than the view"
        if "byteStride" in view and view.get("target") == 34963:
            yield f"{where}/byteStride", "stands at a view of indices"
    for k, accessor in enumerate(document.get("accessors", ())):
        yield from ((f"/accessors/{k}", what) for what in _accessor(accessor, document))


def _accessor(accessor: dict, document: dict) -> Iterator[str]:
    size, width = SIZES.get(accessor["componentType"]), TYPES.get(accessor["type"])
    if size is None or width is None:
        return  # told when it is used
    if accessor.get("normalized") and size == 4:
        yield "is normalized, which these numbers cannot be"
    for name in ("min", "max"):
        if name in accessor and len(accessor[name]) != width:
            yield f"has a {name} of {len(accessor[name])} numbers"
    if "byteOffset" in accessor and "bufferView" not in accessor:
        yield "has an offset into no buffer"
    if "bufferView" in accessor:
        yield from _fits(accessor, document["bufferViews"][int(accessor["bufferView"])], element(accessor))
    sparse: dict = accessor.get("sparse") or {}
    if sparse and sparse["count"] > accessor["count"]:
        yield "replaces more numbers than it has"
    for part in ("indices", "values") if sparse else ():
        view = document["bufferViews"][int(sparse[part]["bufferView"])]
        if "byteStride" in view or "target" in view:
            yield f"has sparse {part} in a view of vertices"
        if part == "indices" and sparse[part]["componentType"] not in (5121, 5123, 5125):
            yield "has sparse indices of a wrong type"


def _fits(accessor: dict, view: dict, each: int) -> Iterator[str]:
    size, start = SIZES[int(accessor["componentType"])], accessor.get("byteOffset", 0)
    stride = view.get("byteStride", each)
    if start % size or (start + view.get("byteOffset", 0)) % size or stride % size:
        yield "is not aligned to its numbers"
    if accessor["type"].startswith("MAT") and (start + view.get("byteOffset", 0)) % 4:
        yield "has matrices that are not aligned"
    if stride < each:
        yield "has a stride smaller than its elements"
    if start + stride * (accessor["count"] - 1) + each > view["byteLength"]:
        yield "reaches beyond its view"


def element(accessor: dict) -> int:
    """Bytes of an accessor's element; columns of small matrices start at multiples of four."""
    size, kind = SIZES[int(accessor["componentType"])], accessor["type"]
    if kind.startswith("MAT"):
        side = int(kind[3:])
        return side * (-(-side * size // 4) * 4)
    return size * TYPES[kind]


_SEMANTIC = re.compile(r"POSITION|NORMAL|TANGENT|(TEXCOORD|COLOR|JOINTS|WEIGHTS)_\d+|_.*")
_WIDTHS = {"POSITION": "VEC3", "NORMAL": "VEC3", "TEXCOORD": "VEC2", "JOINTS": "VEC4", "WEIGHTS": "VEC4"}


def _meshes(document: dict) -> Iterator[tuple[str, str]]:
    accessors = document.get("accessors", [])
    roles: dict[int, str] = {}
    for k, mesh in enumerate(document.get("meshes", ())):
        counts = {len(primitive.get("targets", ())) for primitive in mesh["primitives"]}
        if len(counts) > 1 or ("weights" in mesh and {len(mesh["weights"])} != counts):
            yield f"/meshes/{k}", "has differing numbers of morph targets"
        for n, primitive in enumerate(mesh["primitives"]):
            where = f"/meshes/{k}/primitives/{n}"
            yield from ((where, what) for what in _primitive(primitive, accessors, document))
            used = [*primitive["attributes"].values(), *(a for t in primitive.get("targets", ()) for a in t.values())]
            for number, role in [*((a, "vertices") for a in used), *((a, "indices") for a in _indices(primitive))]:
                view = accessors[int(number)].get("bufferView")
                if view is not None and roles.setdefault(view, role) != role:
                    yield where, "takes indices from a view of vertices"


def _indices(primitive: dict) -> list:
    return [primitive["indices"]] if "indices" in primitive else []


def _primitive(primitive: dict, accessors: list, document: dict) -> Iterator[str]:
    given = primitive["attributes"]
    quantized = "KHR_mesh_quantization" in document.get("extensionsRequired", ())
    packed = "KHR_draco_mesh_compression" in primitive.get("extensions", {})
    for name, number in given.items():
        accessor = accessors[int(number)]
        if not _SEMANTIC.fullmatch(name):
            yield f"has an attribute {name[:30]!r}, which does not exist"
        elif accessor["type"] != _WIDTHS.get(name.split("_")[0], accessor["type"]):
            yield f"has a {name} of type {accessor['type'][:10]}"
        elif name in ("POSITION", "NORMAL") and accessor["componentType"] != 5126 and not quantized:
            yield f"has a {name} that is not of floating-point numbers"
    if len({accessors[int(number)]["count"] for number in given.values()}) > 1:
        yield "has attributes of differing counts"
    for part in (given, *primitive.get("targets", ())):
        if "POSITION" in part and not {"min", "max"} <= accessors[int(part["POSITION"])].keys():
            yield "has a POSITION without bounds"
    for target in primitive.get("targets", ()):
        if not all(re.fullmatch(r"POSITION|NORMAL|TANGENT|(TEXCOORD|COLOR)_\d+|_.*", name) for name in target):
            yield "has a morph target of something that cannot morph"
        if "POSITION" in given and any(
            accessors[int(number)]["count"] != accessors[int(given["POSITION"])]["count"] for number in target.values()
        ):
            yield "has a morph target of another count"
    for number in _indices(primitive):
        accessor = accessors[int(number)]
        if accessor["type"] != "SCALAR" or accessor["componentType"] not in (5121, 5123, 5125):
            yield "has indices that are no whole numbers"
        view = accessor.get("bufferView")
        if view is not None and "byteStride" in document["bufferViews"][int(view)] and not packed:
            yield "has indices with a stride"


def _nodes(document: dict) -> Iterator[tuple[str, str]]:
    nodes = document.get("nodes", [])
    parent: dict[int, int] = {}
    for k, node in enumerate(nodes):
        where = f"/nodes/{k}"
        if "matrix" in node and any(name in node for name in ("translation", "rotation", "scale")):
            yield where, "has a matrix and its parts"
        if "rotation" in node and abs(sum(part * part for part in node["rotation"]) - 1.0) > 0.01:
            yield where, "has a rotation that is none"
        if "skin" in node and "mesh" not in node:
            yield where, "has a skin without a mesh"
        if "weights" in node and len(node["weights"]) != _targets(document, node):
            yield where, "has weights for other morph targets than its mesh"
        for child in node.get("children", ()):
            if parent.setdefault(int(child), k) != k or child == k:
                yield where, f"shares its child {child:g}"
    roots = _roots(parent, len(nodes))
    if roots is None:
        yield "/nodes", "go round in a loop"
        return
    for k, scene in enumerate(document.get("scenes", ())):
        if any(int(node) in parent for node in scene.get("nodes", ())):
            yield f"/scenes/{k}", "names a node that belongs to another"
    yield from _skins(document, parent, roots)


def _targets(document: dict, node: dict) -> int:
    if "mesh" not in node:
        return 0
    return len(document["meshes"][int(node["mesh"])]["primitives"][0].get("targets", ()))


def _roots(parent: dict[int, int], count: int) -> list[int] | None:
    """The root above each node; None when nodes go round in a loop."""
    roots = [-1] * count
    for start in range(count):
        node = start
        way: list[int] = []
        while roots[node] < 0 and node in parent and len(way) <= count:
            way.append(node)
            node = parent[node]
        if len(way) > count:
            return None
        root = roots[node] if roots[node] >= 0 else node
        for each in (*way, node):
            roots[each] = root
    return roots


def _skins(document: dict, parent: dict[int, int], roots: list[int]) -> Iterator[tuple[str, str]]:
    nodes, skins = document.get("nodes", []), document.get("skins", [])
    tops = [{roots[int(joint)] for joint in skin["joints"]} for skin in skins]
    for k, skin in enumerate(skins):
        count = len(skin["joints"])
        if "inverseBindMatrices" in skin and document["accessors"][int(skin["inverseBindMatrices"])]["count"] < count:
            yield f"/skins/{k}", "has fewer matrices than joints"
        if len(tops[k]) > 1:
            yield f"/skins/{k}", "has joints without a common root"
        if "skeleton" in skin and not all(_above(parent, int(skin["skeleton"]), int(j)) for j in skin["joints"]):
            yield f"/skins/{k}/skeleton", "is not above all joints"
    for k, scene in enumerate(document.get("scenes", ())):
        shown = {int(node) for node in scene.get("nodes", ())}
        for number, node in enumerate(nodes):
            if "skin" in node and roots[number] in shown and not tops[int(node["skin"])] <= shown:
                yield f"/scenes/{k}", f"shows node {number} without the joints of its skin"


def _above(parent: dict[int, int], one: int, node: int) -> bool:
    while node != one and node in parent:
        node = parent[node]
    return node == one
