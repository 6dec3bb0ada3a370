"""GLB files: what goes in comes out, by another program's reader; the same input gives the same bytes."""

import io
import json
import struct

import numpy as np
import pytest
import trimesh

from app.exports.glb import animated_glb, glb, meshes
from assets.errors import MissingExtra, UnknownKind
from render.scene import Item, Material

SQUARE = np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)], float)
FACES = np.array([(0, 1, 2), (0, 2, 3)])


def cloth(**changes) -> Item:
    """A square of two panels sewn along the diagonal: four welded vertices, six corners in the flat."""
    flat = np.array([[(0, 0), (1, 0), (1, 1)], [(5, 5), (6, 6), (5, 6)]], float)
    wool = Material((0.2, 0.1, 0.05), 0.8, sheen_colour=(0.1, 0.1, 0.1), double_sided=True)
    return Item(**{"name": "tee M", "vertices": SQUARE, "faces": FACES, "material": wool, "uv": flat} | changes)


def document(data: bytes) -> dict:
    length = struct.unpack_from("<I", data, 12)[0]
    return json.loads(data[20 : 20 + length])


def read(data: bytes) -> dict[str, trimesh.Trimesh]:
    return trimesh.load_scene(io.BytesIO(data), file_type="glb", process=False).geometry


def test_another_reader_finds_every_triangle_where_it_was():
    body = Item("body", SQUARE + 3, FACES, Material((0.5, 0.25, 0.125)))
    found = read(glb([body, cloth()]))
    assert set(found) == {"body", "tee M"}
    for item in (body, cloth()):
        assert np.array_equal(found[item.name].triangles, item.vertices[item.faces])
    assert np.array_equal(found["body"].faces, FACES)


def test_a_seam_splits_into_one_vertex_a_panel_and_keeps_each_panels_uv():
    item = cloth()
    found = read(glb([item]))["tee M"]
    assert len(found.vertices) == 6
    uv = found.visual.uv[found.faces]
    assert np.allclose(np.sort(uv[..., 0]), np.sort(item.uv[..., 0]))


@pytest.mark.parametrize("given", [None, np.tile((0.0, 0.0, 0.98), (4, 1))])
def test_normals_are_of_unit_length_and_agree_across_the_seam(given):
    found = read(glb([cloth(normals=given)]))["tee M"]
    assert np.allclose(found.vertex_normals, (0, 0, 1))


def test_colours_of_vertices_travel_with_them_across_a_seam():
    colours = np.array([(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0)], float)
    data = glb([cloth(colours=colours)])
    found = read(data)["tee M"]
    told = document(data)
    accessor = told["accessors"][told["meshes"][0]["primitives"][0]["attributes"]["COLOR_0"]]
    view = told["bufferViews"][accessor["bufferView"]]
    binary = data[20 + struct.unpack_from("<I", data, 12)[0] + 8 :]
    shown = np.frombuffer(binary, np.float32, 3 * accessor["count"], view["byteOffset"]).reshape(-1, 3)
    near = np.linalg.norm(found.vertices[:, None] - SQUARE, axis=-1).argmin(axis=1)
    assert np.array_equal(shown, colours[near])


def test_document_says_what_gltf_asks_for():
    told = document(glb([cloth()]))
    position = told["accessors"][told["meshes"][0]["primitives"][0]["attributes"]["POSITION"]]
    assert told["asset"]["version"] == "2.0"
    assert position["min"] == [0, 0, 0] and position["max"] == [1, 1, 0]
    assert told["extensionsUsed"] == ["KHR_materials_sheen"]
    assert told["materials"][0]["doubleSided"]
    assert told["materials"][0]["pbrMetallicRoughness"]["baseColorFactor"] == [0.2, 0.1, 0.05, 1.0]
    assert told["nodes"][0]["name"] == "tee M"


def test_lengths_in_the_header_are_those_of_the_file():
    data = glb([cloth()])
    magic, version, length = struct.unpack_from("<4sII", data)
    assert (magic, version, length) == (b"glTF", 2, len(data))
    assert len(data) % 4 == 0
    assert document(data)["buffers"][0]["byteLength"] % 4 == 0


def test_same_input_same_bytes():
    assert glb([cloth()]) == glb([cloth()])


def test_a_plain_surface_asks_for_no_extension():
    told = document(glb([cloth(material=Material(), uv=None)]))
    assert "extensionsUsed" not in told
    assert "TEXCOORD_0" not in told["meshes"][0]["primitives"][0]["attributes"]


@pytest.mark.parametrize("opacity, mode", [(1.0, None), (0.4, "BLEND")])
def test_sheer_cloth_is_blended(opacity, mode):
    told = document(glb([cloth(material=Material(opacity=opacity))]))
    assert told["materials"][0].get("alphaMode") == mode


def test_a_movement_is_a_morph_target_a_frame_that_plays_through():
    raised = [cloth(vertices=np.add(SQUARE, (0, 0, 0.1 * k))) for k in range(4)]
    told = document(animated_glb([(item,) for item in raised], 10.0))
    primitive, accessors = told["meshes"][0]["primitives"][0], told["accessors"]
    assert [round(accessors[target["POSITION"]]["max"][2], 6) for target in primitive["targets"]] == [0.1, 0.2, 0.3]
    assert {accessors[target["NORMAL"]]["count"] for target in primitive["targets"]} == {6}
    sampler = told["animations"][0]["samplers"][0]
    assert accessors[sampler["input"]]["max"] == pytest.approx([0.3])
    assert accessors[sampler["output"]]["count"] == 4 * 3, "a weight for each target at each time"


def test_obj_keeps_every_triangle_and_every_panel():
    found = trimesh.load(io.BytesIO(meshes([cloth()], ".obj")), file_type="obj", process=False)
    assert np.allclose(found.triangles, SQUARE[FACES])
    corners = cloth().uv.reshape(-1, 2)
    assert {tuple(row) for row in np.asarray(found.visual.uv)} == {tuple(row) for row in corners}
    assert meshes([cloth()], ".obj") == meshes([cloth()], ".OBJ")


@pytest.mark.parametrize("suffix", [".usda", ".usdc", ".usdz"])
def test_usd_opens_in_openusd_with_its_unit_and_axis(suffix, tmp_path):
    pytest.importorskip("pxr", reason="usd-core is not installed")
    from pxr import Usd, UsdGeom

    path = tmp_path / f"cloth{suffix}"
    path.write_bytes(meshes([cloth(), cloth()], suffix))
    stage = Usd.Stage.Open(str(path))
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0 and UsdGeom.GetStageUpAxis(stage) == "Y"
    found = [UsdGeom.Mesh(prim) for prim in stage.Traverse() if prim.GetTypeName() == "Mesh"]
    assert len(found) == 2
    points, corners = (np.array(found[0].GetPointsAttr().Get()), np.array(found[0].GetFaceVertexIndicesAttr().Get()))
    assert np.allclose(points[corners.reshape(-1, 3)], SQUARE[FACES])
    st = UsdGeom.PrimvarsAPI(found[0]).GetPrimvar("st")
    assert np.allclose(np.array(st.Get()), cloth().uv.reshape(-1, 2))


def test_without_usd_core_one_sentence_says_how_to_get_it(monkeypatch):
    from app.exports import usd

    monkeypatch.setattr(usd, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="pip install usd-core"):
        meshes([cloth()], ".usd")
    with pytest.raises(UnknownKind, match=r"give \.glb"):
        meshes([cloth()], ".fbx")
