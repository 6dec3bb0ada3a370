"""Try-ons as OpenUSD files, for Omniverse, Blender, Houdini and Apple's viewers: what the GLB holds, as a USD stage.

Written with usd-core (Pixar, TOST-1.0), which is optional: without it nothing else is missing. Metres, +Y up, a mesh
and a UsdPreviewSurface material for each item; the pattern's flat coordinates are the texture coordinates `st`.
"""

import re
import tempfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from app.exports.parts import opacity, picture_files, picture_names, unit_normals
from assets.errors import MissingExtra
from render.scene import Item, Material

LOOSE = (".usda", ".usdc", ".usd")
SUFFIXES = (*LOOSE, ".usdz")


def check() -> None:
    """Raises MissingExtra without usd-core."""
    if find_spec("pxr") is None:
        raise MissingExtra("USD files need the library usd-core: `pip install usd-core`, or save a GLB")


def textures(items: Sequence[Item], stem: str) -> dict[str, bytes]:
    """The pictures of the items' prints, by the names that a stage of that stem asks for beside it."""
    return picture_files(items, stem)


def usd(items: Sequence[Item], suffix: str, stem: str = "stage") -> bytes:
    """A stage of the items as a file of a kind; of one that is not packed, prints' pictures lie beside it (`textures`).
    Raises MissingExtra without usd-core."""
    check()
    from pxr import Usd, UsdGeom, UsdUtils

    with tempfile.TemporaryDirectory() as folder:
        name = Path(folder) / ("stage.usdc" if suffix == ".usdz" else f"stage{suffix}")
        stage = Usd.Stage.CreateNew(str(name))
        UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
        UsdGeom.SetStageMetersPerUnit(stage, 1.0)
        stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/Toile").GetPrim())
        taken: set[str] = set()
        pictures = picture_names(items, stem)
        for item in items:
            _add(stage, item, _free(item.name, taken), pictures)
        if suffix == ".usdz":
            for picture, data in textures(items, stem).items():
                (Path(folder) / picture).write_bytes(data)
        stage.GetRootLayer().Save()
        if suffix == ".usdz":
            packed = Path(folder) / "stage.usdz"
            UsdUtils.CreateNewUsdzPackage(str(name), str(packed))
            return packed.read_bytes()
        return name.read_bytes()


def _free(name: str, taken: set[str]) -> str:
    """A name that USD allows and nothing else bears."""
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
    plain = plain if re.match(r"[A-Za-z_]", plain) else f"_{plain}"
    found, count = plain, 2
    while found in taken:
        found, count = f"{plain}_{count}", count + 1
    taken.add(found)
    return found


def _add(stage: Any, item: Item, name: str, pictures: Mapping[int, str]) -> None:
    """A mesh with its material, or with a subset of faces for each of several."""
    from pxr import UsdGeom, UsdShade, Vt

    mesh = UsdGeom.Mesh.Define(stage, f"/Toile/{name}")
    vertices = np.asarray(item.vertices, np.float32)
    mesh.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(vertices)))
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(np.ascontiguousarray(item.faces.ravel(), np.int32)))
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(item.faces), 3, np.int32)))
    mesh.CreateExtentAttr(Vt.Vec3fArray.FromNumpy(np.stack([vertices.min(axis=0), vertices.max(axis=0)])))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateNormalsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(unit_normals(item), np.float32)))
    mesh.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
    if item.colours is not None:
        shades = np.ascontiguousarray(np.asarray(item.colours, np.float32)[:, :3] * item.material.base_colour[:3])
        mesh.CreateDisplayColorPrimvar(UsdGeom.Tokens.vertex).Set(Vt.Vec3fArray.FromNumpy(shades.astype(np.float32)))
    mesh.CreateDoubleSidedAttr(bool(item.material.double_sided))
    _add_flat(mesh, item)
    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim())
    materials = dict.fromkeys(item.materials or (item.material,))
    for number, material in enumerate(materials):
        path = f"/Toile/{name}_material" + (f"_{number + 1}" if number else "")
        made = _add_material(stage, path, material, pictures, item.colours is not None)
        if not item.materials:
            UsdShade.MaterialBindingAPI(mesh.GetPrim()).Bind(made)
            continue
        mine = np.flatnonzero(_shows(item, material))
        if len(mine):
            subset = UsdShade.MaterialBindingAPI(mesh.GetPrim()).CreateMaterialBindSubset(
                f"part_{number + 1}", Vt.IntArray.FromNumpy(np.ascontiguousarray(mine, np.int32))
            )
            UsdShade.MaterialBindingAPI.Apply(subset.GetPrim()).Bind(made)


def _shows(item: Item, material: Material) -> np.ndarray:
    """Which faces show a material, [m]."""
    assert item.parts is not None
    return np.isin(item.parts, [k for k, each in enumerate(item.materials) if each is material])


def _add_flat(mesh: Any, item: Item) -> None:
    """The texture coordinates: flat metres, and shares of a repeat where there is a print."""
    from pxr import Sdf, UsdGeom, Vt

    if item.uv is None:
        return
    uv = np.array(item.uv, float)
    for material in dict.fromkeys(item.materials or (item.material,)):
        if material.print is not None:
            mine = _shows(item, material) if item.materials else slice(None)
            uv[mine] = material.print.at(uv[mine])
    kind = UsdGeom.Tokens.faceVarying if uv.ndim == 3 else UsdGeom.Tokens.vertex
    st = UsdGeom.PrimvarsAPI(mesh).CreatePrimvar("st", Sdf.ValueTypeNames.TexCoord2fArray, kind)
    st.Set(Vt.Vec2fArray.FromNumpy(np.ascontiguousarray(uv.reshape(-1, 2), np.float32)))


def _add_material(stage: Any, path: str, told: Material, pictures: Mapping[int, str], painted: bool) -> Any:
    """A surface; `painted`: its mesh has a colour for each vertex."""
    from pxr import Sdf, UsdShade

    material = UsdShade.Material.Define(stage, path)
    shader = UsdShade.Shader.Define(stage, f"{path}/surface")
    shader.CreateIdAttr("UsdPreviewSurface")
    colour = tuple(float(part) for part in told.base_colour[:3])
    diffuse = shader.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f)
    diffuse.Set(colour)
    if told.print is not None:
        diffuse.ConnectToSource(_add_print(stage, path, pictures[id(told.print.picture)]), "rgb")
    elif painted:
        reader = UsdShade.Shader.Define(stage, f"{path}/paint")
        reader.CreateIdAttr("UsdPrimvarReader_float3")
        reader.CreateInput("varname", Sdf.ValueTypeNames.String).Set("displayColor")
        reader.CreateOutput("result", Sdf.ValueTypeNames.Float3)
        diffuse.ConnectToSource(reader.ConnectableAPI(), "result")
    shader.CreateInput("roughness", Sdf.ValueTypeNames.Float).Set(float(told.roughness))
    shader.CreateInput("metallic", Sdf.ValueTypeNames.Float).Set(float(told.metallic))
    shader.CreateInput("opacity", Sdf.ValueTypeNames.Float).Set(opacity(told))
    material.CreateSurfaceOutput().ConnectToSource(shader.ConnectableAPI(), "surface")
    return material


def _add_print(stage: Any, path: str, picture: str) -> Any:
    """A picture that repeats, laid by `st`."""
    from pxr import Sdf, UsdShade

    place = UsdShade.Shader.Define(stage, f"{path}/place")
    place.CreateIdAttr("UsdPrimvarReader_float2")
    place.CreateInput("varname", Sdf.ValueTypeNames.String).Set("st")
    place.CreateOutput("result", Sdf.ValueTypeNames.Float2)
    texture = UsdShade.Shader.Define(stage, f"{path}/print")
    texture.CreateIdAttr("UsdUVTexture")
    texture.CreateInput("file", Sdf.ValueTypeNames.Asset).Set(Sdf.AssetPath(picture))
    texture.CreateInput("st", Sdf.ValueTypeNames.Float2).ConnectToSource(place.ConnectableAPI(), "result")
    for axis in ("wrapS", "wrapT"):
        texture.CreateInput(axis, Sdf.ValueTypeNames.Token).Set("repeat")
    texture.CreateInput("sourceColorSpace", Sdf.ValueTypeNames.Token).Set("sRGB")
    texture.CreateOutput("rgb", Sdf.ValueTypeNames.Float3)
    return texture.ConnectableAPI()
