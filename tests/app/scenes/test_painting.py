"""Garments in their colours, in pictures and in other programs' files."""

import io
import json
import re
import struct
from dataclasses import replace

import numpy as np
import pytest
import trimesh

from app.exports.glb import beside, glb, meshes
from app.scenes.painting import Coloured, coloured, painted, repainted, without_prints
from assets.units import colour_code
from garments.cloth import mesh
from garments.colours.colourway import Colourway, Paint, read_print
from garments.colours.palette import shade
from garments.fabric import fabric
from garments.garment import garment
from render.scene import Item, Material, Scene

LOOK = fabric("gray_interlock").look
SQUARE = np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)], float)
FACES = np.array([(0, 1, 2), (0, 2, 3)])
FLAT = np.array([[(0, 0), (0.1, 0), (0.1, 0.1)], [(0.5, 0.5), (0.6, 0.6), (0.5, 0.6)]])


def cloth(way: Colourway) -> Item:
    """A square of two panels, painted."""
    bare = Item("tee M", SQUARE, FACES, uv=FLAT, parts=[0, 1])
    return painted(bare, Coloured(("front", "back"), LOOK, way, {"back": (0.01, 0.02)}))


def two() -> Colourway:
    return Colourway(print=read_print("breton white navy", width=0.1), panels={"front": Paint(shade("red"))})


def test_a_plain_garment_is_one_material_and_panels_alike_share_theirs() -> None:
    assert cloth(Colourway(shade("navy"))).materials == ()
    red = Coloured(("a", "b", "c"), LOOK, Colourway(panels={"b": Paint(shade("red"))}))
    made = painted(Item("x", SQUARE, FACES, parts=[0, 1]), red).materials
    assert made[0] is made[2] and made[1] is not made[0] and made[1].base_colour == shade("red")


def test_prints_follow_the_grain_and_are_moved_panel_by_panel() -> None:
    item = cloth(two())
    printed = item.materials[1].print
    assert printed is not None and item.materials[0].print is None
    figure = two().print
    assert np.allclose(printed.at(FLAT[1]), figure.phase(FLAT[1] - (0.01, 0.02)))


def test_the_parts_of_a_garment_are_its_panels_in_their_order() -> None:
    made = replace(garment("tee", "M"), colourway=Colourway(panels={"neckband": Paint(shade("navy"))}))
    sewn = mesh(made, 0.03)
    told = coloured(made)
    assert told.panels == sewn.panel_names
    item = painted(Item("tee", np.zeros((sewn.count, 3)), sewn.faces, uv=sewn.rest, parts=sewn.panel), told)
    navy = [told.panels[k] for k, each in enumerate(item.materials) if each.base_colour == shade("navy")]
    assert navy == ["neckband"]


def test_a_scene_is_repainted_from_its_end_and_the_body_stays() -> None:
    body = Item("body", SQUARE, FACES, Material((0.5, 0.4, 0.3)))
    scene = Scene((body, cloth(Colourway(shade("navy")))))
    told = Coloured(("front", "back"), LOOK, Colourway(shade("red")))
    again = repainted(scene, (told,))
    assert again.items[0] is body and again.items[1].material.base_colour == shade("red")
    assert again.items[1].vertices is scene.items[1].vertices
    assert repainted(scene, ()) is scene


def test_without_flat_panels_colours_stay_and_prints_go() -> None:
    bare = without_prints(two())
    assert bare.print is None and bare.paint("front").colour == shade("red")


def test_a_glb_carries_the_print_for_the_panel_that_has_it() -> None:
    data = glb([cloth(two())])
    length = struct.unpack_from("<I", data, 12)[0]
    told = json.loads(data[20 : 20 + length])
    assert len(told["images"]) == len(told["textures"]) == 1 and len(told["meshes"][0]["primitives"]) == 2
    assert told["samplers"][0]["wrapS"] == 10497
    found = trimesh.load_scene(io.BytesIO(data), file_type="glb", process=False).geometry
    assert sum(len(each.faces) for each in found.values()) == 2
    printed = next(e for e in found.values() if e.visual.material.baseColorTexture is not None)
    picture = np.asarray(printed.visual.material.baseColorTexture.convert("RGB"))
    assert np.array_equal(picture, two().print.picture)
    # Another reader turns v again: its shares are ours, up to whole repeats.
    ours = cloth(two()).materials[1].print.at(FLAT[1])
    theirs = np.asarray(printed.visual.uv)[printed.faces].reshape(-1, 2)
    assert np.allclose((theirs - ours + 0.5) % 1.0, 0.5, atol=1e-5)
    assert glb([cloth(two())]) == glb([cloth(two())])


def test_an_obj_brings_its_materials_and_the_print(tmp_path) -> None:
    """As another reader opens it: colours on the screen, the picture, the shares of its repeats."""
    item = cloth(two())
    path = tmp_path / "new look.obj"
    path.write_bytes(meshes([item, item], ".obj", path.stem))
    for name, data in beside([item, item], ".obj", path.stem).items():
        (tmp_path / name).write_bytes(data)
    assert {each.name for each in tmp_path.iterdir()} == {"new look.obj", "new_look.mtl", "new_look_print_1.png"}
    text = path.read_text()
    assert text.count("\no ") == 2 and len(set(re.findall("usemtl (.*)", text))) == 2
    found = list(trimesh.load_scene(path, process=False, group_material=False, split_object=True).geometry.values())
    printed = next(each for each in found if each.visual.material.image is not None)
    assert np.array_equal(np.asarray(printed.visual.material.image.convert("RGB")), two().print.picture)
    ours = item.materials[1].print.at(FLAT[1])
    assert np.allclose(np.asarray(printed.visual.uv)[printed.faces[0]], ours, atol=1e-5)
    plain = next(each for each in found if each.visual.material.image is None)
    shown = colour_code(item.materials[0].base_colour[:3])
    assert "#" + "".join(f"{part:02X}" for part in plain.visual.material.diffuse[:3]) == shown


def test_usd_keeps_the_colours_of_vertices_and_their_normals(tmp_path) -> None:
    pytest.importorskip("pxr", reason="usd-core is not installed")
    from pxr import Usd, UsdGeom, UsdShade

    path = tmp_path / "look.usda"
    item = replace(cloth(Colourway(shade("navy"))), colours=np.full((4, 3), 0.5), materials=(), parts=None)
    path.write_bytes(meshes([item], ".usda", "look"))
    stage = Usd.Stage.Open(str(path))
    mesh = next(UsdGeom.Mesh(prim) for prim in stage.Traverse() if prim.IsA(UsdGeom.Mesh))
    assert np.allclose(np.linalg.norm(np.array(mesh.GetNormalsAttr().Get()), axis=1), 1.0, atol=1e-5)
    assert np.allclose(mesh.GetDisplayColorAttr().Get(), 0.5 * np.array(item.material.base_colour), atol=1e-6)
    readers = [UsdShade.Shader(prim) for prim in stage.Traverse() if prim.GetName() == "paint"]
    assert readers[0].GetInput("varname").Get() == "displayColor"


@pytest.mark.parametrize("suffix", [".usda", ".usdz"])
def test_usd_carries_the_print_too(suffix: str, tmp_path) -> None:
    pytest.importorskip("pxr", reason="usd-core is not installed")
    from pxr import Usd, UsdGeom, UsdShade

    path = tmp_path / f"look{suffix}"
    item = cloth(two())
    path.write_bytes(meshes([item], suffix, "look"))
    for name, data in beside([item], suffix, "look").items():
        (tmp_path / name).write_bytes(data)
    stage = Usd.Stage.Open(str(path))
    shaders = [UsdShade.Shader(prim) for prim in stage.Traverse() if prim.IsA(UsdShade.Shader)]
    texture = next(each for each in shaders if each.GetIdAttr().Get() == "UsdUVTexture")
    asset = texture.GetInput("file").Get()
    assert asset.resolvedPath or (tmp_path / asset.path).is_file()
    subsets = [UsdGeom.Subset(prim) for prim in stage.Traverse() if prim.IsA(UsdGeom.Subset)]
    assert sorted(int(k) for each in subsets for k in each.GetIndicesAttr().Get()) == [0, 1]
    assert bool(beside([item], suffix, "look")) == (suffix == ".usda")


def test_lace_goes_to_glb_as_the_alpha_of_its_texture() -> None:
    look = fabric("lace").look
    item = painted(Item("top", SQUARE, FACES, uv=FLAT, parts=[0, 1]), Coloured(("a", "b"), look, Colourway()))
    (found,) = trimesh.load_scene(io.BytesIO(glb([item])), file_type="glb", process=False).geometry.values()
    seen = found.visual.material
    assert seen.alphaMode == "BLEND" and seen.baseColorFactor[3] == 255
    alpha = np.asarray(seen.baseColorTexture)[..., 3]
    assert abs(alpha.mean() / 255 - look.cover) < 0.01
    ours = item.material.mask.at(FLAT[1])
    theirs = np.asarray(found.visual.uv)[found.faces][1]
    assert np.allclose((theirs - ours + 0.5) % 1.0, 0.5, atol=1e-4)
