"""Garments in their colours, in pictures and in other programs' files."""

import io
import json
import struct
from dataclasses import replace

import numpy as np
import pytest
import trimesh

from app.exports.glb import beside, glb, meshes
from app.scenes.painting import Coloured, coloured, painted, repainted, without_prints
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
