"""What glTF 2.0 asks of each object of a document, as one table: what must be there, of which type, in which range.

After the Khronos specification (ISO/IEC 12113:2022). Rules between objects are in assets/gltfrules.py.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Rule = Callable[[Any, dict], Iterator[tuple[str, str]]]
"""Gives (pointer below the value, what is wrong) for a value in a document."""


def whole(value: object) -> bool:
    """Whether a JSON value is a whole number; 1.0 is one."""
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())


def _number(low: float | None = None, high: float | None = None) -> Rule:
    def rule(value: Any, _: dict) -> Iterator[tuple[str, str]]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield "", "is no number"
        elif (low is not None and value < low) or (high is not None and value > high):
            yield "", f"is {value:g}, out of range"

    return rule


def _integer(low: int = 0, high: int | None = None, multiple: int = 1) -> Rule:
    def rule(value: Any, _: dict) -> Iterator[tuple[str, str]]:
        if not whole(value):
            yield "", "is no whole number"
        elif value < low or (high is not None and value > high) or value % multiple:
            yield "", f"is {value:g}, out of range"

    return rule


def _ref(collection: str) -> Rule:
    def rule(value: Any, document: dict) -> Iterator[tuple[str, str]]:
        there = document.get(collection, [])
        if not whole(value):
            yield "", "is no whole number"
        elif not 0 <= value < (len(there) if isinstance(there, list) else 0):
            yield "", f"names {collection} {value:g}, which is not there"

    return rule


def _text(pattern: str = "") -> Rule:
    def rule(value: Any, _: dict) -> Iterator[tuple[str, str]]:
        if not isinstance(value, str):
            yield "", "is no text"
        elif pattern and not re.fullmatch(pattern, value):
            yield "", f"is {value[:40]!r}, which is not allowed there"

    return rule


def _flag(value: Any, _: dict) -> Iterator[tuple[str, str]]:
    if not isinstance(value, bool):
        yield "", "is neither true nor false"


def _anything(value: Any, _: dict) -> Iterator[tuple[str, str]]:
    return iter(())


def _list(item: Rule, least: int = 1, most: int | None = None, unique: bool = False) -> Rule:
    def rule(value: Any, document: dict) -> Iterator[tuple[str, str]]:
        if not isinstance(value, list):
            yield "", "is no list"
            return
        if len(value) < least or (most is not None and len(value) > most):
            yield "", f"has {len(value)} entries" if value else "is empty"
        if unique and len({repr(each) for each in value}) < len(value):
            yield "", "names something twice"
        for k, each in enumerate(value):
            for where, what in item(each, document):
                yield f"/{k}{where}", what

    return rule


def _map(item: Rule) -> Rule:
    def rule(value: Any, document: dict) -> Iterator[tuple[str, str]]:
        if not isinstance(value, dict):
            yield "", "is no object"
            return
        if not value:
            yield "", "is empty"
        for name, each in value.items():
            for where, what in item(each, document):
                yield f"/{name}{where}", what

    return rule


def _thing(required: str = "", extensions: Mapping[str, Rule] | None = None, /, **properties: Rule) -> Rule:
    """An object: names of the properties that must be there, the extensions that may sit on it, its properties."""
    needed = required.split()
    properties |= {"name": _text()}
    allowed = extensions or {}

    def rule(value: Any, document: dict) -> Iterator[tuple[str, str]]:
        if not isinstance(value, dict):
            yield "", "is no object"
            return
        yield from (("", f"lacks {name}") for name in needed if name not in value)
        for name, check in properties.items():
            if name in value:
                for where, what in check(value[name], document):
                    yield f"/{name}{where}", what
        yield from _extensions(value, allowed, document)

    return rule


def _extensions(value: dict, allowed: Mapping[str, Rule], document: dict) -> Iterator[tuple[str, str]]:
    given = value.get("extensions", {})
    if not isinstance(given, dict):
        yield "/extensions", "is no object"
        return
    used = document.get("extensionsUsed", [])
    for name, content in given.items():
        if not isinstance(content, dict):
            yield f"/extensions/{name}", "is no object"
        elif not isinstance(used, list) or name not in used:
            yield f"/extensions/{name}", "is not among the extensions that the file says it uses"
        elif name in allowed:
            for where, what in allowed[name](content, document):
                yield f"/extensions/{name}{where}", what
        elif name in _PLACED:
            yield f"/extensions/{name}", "does not belong there"


_UNIT = _number(0.0, 1.0)
_TEXTURE = _thing("index", {"KHR_texture_transform": _anything}, index=_ref("textures"), texCoord=_integer())
_MAPPING = _thing("material variants", material=_ref("materials"), variants=_list(_integer(), unique=True))
_PRIMITIVE = _thing(
    "attributes",
    {"KHR_draco_mesh_compression": _anything, "KHR_materials_variants": _thing("mappings", mappings=_list(_MAPPING))},
    attributes=_map(_ref("accessors")), indices=_ref("accessors"), material=_ref("materials"),
    mode=_integer(0, 6), targets=_list(_map(_ref("accessors"))),
)  # fmt: skip
_SPARSE_PART = {"bufferView": _ref("bufferViews"), "byteOffset": _integer()}
_SPARSE = _thing(
    "count indices values", count=_integer(1),
    indices=_thing("bufferView componentType", componentType=_integer(5121, 5125), **_SPARSE_PART),
    values=_thing("bufferView", **_SPARSE_PART),
)  # fmt: skip
_TARGET = _thing("path", {"KHR_animation_pointer": _anything}, node=_ref("nodes"), path=_text())
_CHANNEL = _thing("sampler target", sampler=_integer(), target=_TARGET)
_SAMPLER = _thing("input output", input=_ref("accessors"), output=_ref("accessors"), interpolation=_text())
_LIGHT = _thing("type", type=_text(), intensity=_number(0.0), color=_list(_UNIT, 3, 3), range=_number(0.0))
_MATERIAL_EXTENSIONS = (
    "KHR_materials_anisotropy", "KHR_materials_clearcoat", "KHR_materials_dispersion", "KHR_materials_ior",
    "KHR_materials_emissive_strength", "KHR_materials_iridescence", "KHR_materials_sheen", "KHR_materials_specular",
    "KHR_materials_transmission", "KHR_materials_unlit", "KHR_materials_volume", "KHR_materials_pbrSpecularGlossiness",
)  # fmt: skip
_MATERIAL = _thing(
    "", dict.fromkeys(_MATERIAL_EXTENSIONS, _anything),
    pbrMetallicRoughness=_thing(
        "", baseColorFactor=_list(_UNIT, 4, 4), metallicFactor=_UNIT, roughnessFactor=_UNIT,
        baseColorTexture=_TEXTURE, metallicRoughnessTexture=_TEXTURE,
    ),
    normalTexture=_TEXTURE, occlusionTexture=_TEXTURE, emissiveTexture=_TEXTURE,
    emissiveFactor=_list(_UNIT, 3, 3), alphaMode=_text(), alphaCutoff=_number(0.0), doubleSided=_flag,
)  # fmt: skip
_ABOVE_NOTHING = _number(1e-12)
_PERSPECTIVE = _thing(
    "yfov znear", aspectRatio=_ABOVE_NOTHING, yfov=_ABOVE_NOTHING, zfar=_ABOVE_NOTHING, znear=_ABOVE_NOTHING
)
_ORTHOGRAPHIC = _thing("xmag ymag zfar znear", xmag=_number(), ymag=_number(), zfar=_ABOVE_NOTHING, znear=_number(0.0))
_NODE = _thing(
    "", {"KHR_lights_punctual": _thing("light", light=_integer()), "EXT_mesh_gpu_instancing": _anything,
         "KHR_node_visibility": _anything},
    camera=_ref("cameras"), children=_list(_ref("nodes"), unique=True), skin=_ref("skins"), mesh=_ref("meshes"),
    matrix=_list(_number(), 16, 16), rotation=_list(_number(-1.0, 1.0), 4, 4), scale=_list(_number(), 3, 3),
    translation=_list(_number(), 3, 3), weights=_list(_number()),
)  # fmt: skip
_VERSION = _text(r"\d+\.\d+")
DOCUMENT = _thing(
    "asset",
    {"KHR_lights_punctual": _thing("lights", lights=_list(_LIGHT)),
     "KHR_materials_variants": _thing("variants", variants=_list(_thing("name")))},
    asset=_thing("version", version=_VERSION, minVersion=_VERSION, generator=_text(), copyright=_text()),
    extensionsUsed=_list(_text(), unique=True), extensionsRequired=_list(_text(), unique=True),
    accessors=_list(_thing(
        "componentType count type", bufferView=_ref("bufferViews"), byteOffset=_integer(), count=_integer(1),
        componentType=_integer(), type=_text(), normalized=_flag, max=_list(_number(), 1, 16),
        min=_list(_number(), 1, 16), sparse=_SPARSE,
    )),
    animations=_list(_thing("channels samplers", channels=_list(_CHANNEL), samplers=_list(_SAMPLER))),
    buffers=_list(_thing("byteLength", {"EXT_meshopt_compression": _anything}, uri=_text(), byteLength=_integer(1))),
    bufferViews=_list(_thing(
        "buffer byteLength", {"EXT_meshopt_compression": _anything}, buffer=_ref("buffers"), byteOffset=_integer(),
        byteLength=_integer(1), byteStride=_integer(4, 252, 4), target=_integer(),
    )),
    cameras=_list(_thing("type", type=_text(), perspective=_PERSPECTIVE, orthographic=_ORTHOGRAPHIC)),
    images=_list(_thing("", uri=_text(), mimeType=_text(), bufferView=_ref("bufferViews"))),
    materials=_list(_MATERIAL),
    meshes=_list(_thing("primitives", primitives=_list(_PRIMITIVE), weights=_list(_number()))),
    nodes=_list(_NODE),
    samplers=_list(_thing("", magFilter=_integer(), minFilter=_integer(), wrapS=_integer(), wrapT=_integer())),
    scene=_ref("scenes"),
    scenes=_list(_thing("", nodes=_list(_ref("nodes"), unique=True))),
    skins=_list(_thing("joints", inverseBindMatrices=_ref("accessors"), skeleton=_ref("nodes"),
                       joints=_list(_ref("nodes"), unique=True))),
    textures=_list(_thing("", {"EXT_texture_webp": _anything, "KHR_texture_basisu": _anything},
                          sampler=_ref("samplers"), source=_ref("images"))),
)  # fmt: skip
_PLACED = {
    "KHR_draco_mesh_compression", "KHR_materials_variants", "KHR_texture_transform", "KHR_animation_pointer",
    "KHR_lights_punctual", "KHR_mesh_quantization", "KHR_node_visibility", "EXT_texture_webp", "KHR_texture_basisu",
    *_MATERIAL_EXTENSIONS,
}  # fmt: skip
"""Extensions whose places are all in this table."""
