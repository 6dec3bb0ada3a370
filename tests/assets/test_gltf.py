"""glTF read by its own rules: what is sound comes whole, what is broken is named, what is only looks is told."""

import base64
import copy
import json
import re
import struct
from pathlib import Path

import numpy as np
import pytest

from assets.errors import Damaged, Incomplete, InputRefused, NothingInIt, Packed, UnknownKind
from assets.meshfile import geometry, require_surface

CORNERS = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], "<f4")
FACES = np.array([0, 1, 2, 0, 2, 3], "<u2")
UV = CORNERS[:, :2].copy()


def linked(data: bytes) -> str:
    return "data:application/octet-stream;base64," + base64.b64encode(data).decode()


def document() -> dict:
    """A square metre of cloth: valid glTF 2.0, with a camera, a light, a material and an animation."""
    data = CORNERS.tobytes() + UV.tobytes() + FACES.tobytes()
    return {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": "cloth", "camera": 0, "extensions": {"KHR_lights_punctual": {"light": 0}}}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "TEXCOORD_0": 1}, "indices": 2, "material": 0}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0]},
            {"bufferView": 1, "componentType": 5126, "count": 4, "type": "VEC2"},
            {"bufferView": 2, "componentType": 5123, "count": 6, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteLength": 48},
            {"buffer": 0, "byteOffset": 48, "byteLength": 32},
            {"buffer": 0, "byteOffset": 80, "byteLength": 12},
        ],
        "buffers": [{"byteLength": len(data), "uri": linked(data)}],
        "materials": [{"extensions": {"KHR_materials_ior": {"ior": 1.4}}}],
        "cameras": [{"type": "perspective", "perspective": {"yfov": 1.0, "znear": 0.1}}],
        "extensionsUsed": ["KHR_lights_punctual", "KHR_materials_ior"],
        "extensions": {"KHR_lights_punctual": {"lights": [{"type": "point"}]}},
    }  # fmt: skip


def read(folder: Path, told: dict | bytes, name: str = "cloth.gltf"):
    path = folder / name
    path.write_bytes(told if isinstance(told, bytes) else json.dumps(told).encode())
    return geometry(path, "the mesh")


def changed(where: str, value: object = None) -> dict:
    """The document with a value set at a pointer, or taken away."""
    told = copy.deepcopy(document())
    *way, last = (int(step) if step.isdigit() else step for step in where.split("/"))
    target = told
    for step in way:
        target = target[step]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return told


def test_what_is_sound_comes_whole_and_without_a_word(tmp_path):
    found = read(tmp_path, document())
    assert np.allclose(found.vertices, CORNERS) and found.faces.tolist() == FACES.reshape(-1, 3).tolist()
    assert np.allclose(found.uv, UV * (1, -1)) and found.names == ("cloth",) and found.notes == ()


BROKEN = {
    "asset": None,
    "asset/version": "two",
    "scene": 3,
    "scenes/0/nodes": [0, 0],
    "nodes/0/mesh": 1,
    "nodes/0/children": [0],
    "nodes/0/matrix": [1.0] * 15,
    "nodes/0/rotation": [1.0, 1.0, 0.0, 0.0],
    "meshes": [],
    "meshes/0/primitives/0/attributes/POSITION": 7,
    "meshes/0/primitives/0/attributes/COLOUR": 1,
    "meshes/0/primitives/0/indices": 0,
    "meshes/0/primitives/0/material": 4,
    "accessors/0/count": 5,
    "accessors/0/min": None,
    "accessors/0/max": [1, 2, 0],
    "accessors/0/type": "VEC2",
    "accessors/0/componentType": 5123,
    "accessors/0/byteOffset": 2,
    "accessors/1/count": 3,
    "accessors/2/componentType": 5122,
    "accessors/2/bufferView": 9,
    "bufferViews/0/byteLength": 480,
    "bufferViews/0/byteStride": 8,
    "bufferViews/2/byteStride": 4,
    "buffers/0/byteLength": 900,
    "buffers/0/uri": "data:application/octet-stream;base64,!!!!",
    "accessors": {},
}


@pytest.mark.parametrize("where", BROKEN)
def test_what_breaks_a_rule_of_shapes_is_refused_as_damaged(tmp_path, where):
    with pytest.raises(Damaged, match="is damaged"):
        read(tmp_path, changed(where, BROKEN[where]))


ASIDE = {
    "cameras/0/perspective": {"yfov": 1.0},
    "nodes/0/camera": 5,
    "extensions/KHR_lights_punctual/lights/0": {},
    "nodes/0/extensions/KHR_lights_punctual": {},
    "animations": [{"channels": [], "samplers": []}],
    "materials/0/alphaCutoff": "half",
    "materials/0/extensions": {"KHR_lights_punctual": {}},
}


@pytest.mark.parametrize("where", ASIDE)
def test_faults_of_looks_are_told_and_do_not_matter(tmp_path, where):
    found = read(tmp_path, changed(where, ASIDE[where]))
    assert len(found.faces) == 2 and any("does not matter here" in note for note in found.notes)


def test_numbers_are_looked_at(tmp_path):
    for values, kind in ((np.where(CORNERS == 1, np.nan, CORNERS), Damaged), (0 * CORNERS, NothingInIt)):
        data = values.astype("<f4").tobytes() + UV.tobytes() + FACES.tobytes()
        told = changed("buffers/0/uri", linked(data))
        told["accessors"][0]["max"] = [float(value) for value in np.nan_to_num(values).max(axis=0)]
        with pytest.raises(kind):
            require_surface(read(tmp_path, told), "cloth.gltf")
    data = CORNERS.tobytes() + UV.tobytes() + (FACES + 3).tobytes()
    told = changed("buffers/0/uri", linked(data))
    with pytest.raises(Damaged, match="not there"):
        read(tmp_path, told)


def test_strips_and_fans_are_triangles_of_one_side(tmp_path):
    for mode, order in ((5, [0, 1, 3, 2]), (6, [0, 1, 2, 3])):
        data = CORNERS.tobytes() + UV.tobytes() + np.array(order, "<u2").tobytes() + bytes(4)
        told = changed("buffers/0/uri", linked(data))
        told["accessors"][2]["count"] = 4
        told["meshes"][0]["primitives"][0]["mode"] = mode
        found = read(tmp_path, told)
        a, b, c = (found.vertices[found.faces[:, k]] for k in range(3))
        assert np.cross(b - a, c - a)[:, 2] == pytest.approx([1.0, 1.0])


def test_nodes_put_shapes_in_place_and_mirrors_keep_the_outside(tmp_path):
    told = changed("nodes/0/scale", [-2.0, 2.0, 2.0])
    told["nodes"] = [{"children": [1], "translation": [5.0, 0.0, 0.0]}, told["nodes"][0]]
    found = read(tmp_path, told)
    assert found.vertices[:, 0].tolist() == [5.0, 3.0, 3.0, 5.0]
    a, b, c = (found.vertices[found.faces[:, k]] for k in range(3))
    assert (np.cross(b - a, c - a)[:, 2] > 0).all()


def glb(told: dict, binary: bytes = b"") -> bytes:
    text = json.dumps(told).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text
    if binary:
        chunks += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def test_a_container_is_measured_before_it_is_read(tmp_path):
    whole = glb(document())
    assert len(read(tmp_path, whole, "cloth.glb").faces) == 2
    for cut in (whole[:30], whole[:-4], whole + b"more", b"glTX" + whole[4:], whole[:12] + b"\xff" * 4 + whole[16:]):
        with pytest.raises(Damaged):
            read(tmp_path, cut, "cloth.glb")


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (changed("asset/version", "1.0"), UnknownKind),
        ({"asset": {"version": "2.0"}, "extensionsRequired": ["KHR_draco_mesh_compression"]}, Packed),
        ({"asset": {"version": "2.0"}, "extensionsRequired": ["EXT_new"], "extensionsUsed": ["EXT_new"]}, Packed),
        (changed("buffers/0/uri", "cloth.bin"), Incomplete),
        (changed("buffers/0/uri", "../../etc/passwd"), Incomplete),
        (changed("buffers/0/uri", "http://example.com/cloth.bin"), InputRefused),
        ({"asset": {"version": "2.0"}}, NothingInIt),
        (b"{" * 100_000, Damaged),
        (b'{"a":' * 100_000, Damaged),
        (b"", NothingInIt),
    ],
)
def test_each_refusal_is_of_its_kind(tmp_path, told, kind):
    with pytest.raises(kind) as refused:
        read(tmp_path, told)
    assert type(refused.value) is kind or kind is InputRefused
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 400


def test_pieces_of_a_mesh_are_told_apart_by_their_materials(tmp_path):
    told = document()
    piece = told["meshes"][0]["primitives"][0]
    told["meshes"][0]["primitives"] = [piece, {**piece, "material": 1}]
    told["materials"].append({"name": "FABRIC 2"})
    assert read(tmp_path, told).names == ("cloth: material 0", "cloth: FABRIC 2")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b'{"asset": {"version": "2.0"},}', "line 1, letter 30 is not as it should be"),
        (b'{"asset": {"generator": "\xe9"}}', "it has bytes that are no text"),
        (b"[" * 200_000, "its parts lie in each other too deep"),
        (b'{"nodes": [{"translation": [NaN, 0, 0]}]}', "NaN is no number"),
    ],
)
def test_what_is_wrong_with_a_document_is_told_in_words_for_people(text, why, tmp_path):
    with pytest.raises(Damaged, match=re.escape(f"its document is no JSON ({why})")):
        read(tmp_path, text)
