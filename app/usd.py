"""Try-ons as OpenUSD files, for Omniverse, Blender, Houdini and Apple's viewers: what the GLB holds, as a USD stage.

Written with usd-core (Pixar, TOST-1.0), which is optional: without it nothing else is missing. Metres, +Y up, a mesh
and a UsdPreviewSurface material for each item; the pattern's flat coordinates are the texture coordinates `st`.
"""

import re
import tempfile
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from assets.errors import MissingExtra
from render.scene import Item

SUFFIXES = (".usda", ".usdc", ".usd", ".usdz")


def usd(items: Iterable[Item], suffix: str) -> bytes:
    """A stage of the items as a file of a kind. Raises MissingExtra without usd-core."""
    if find_spec("pxr") is None:
        raise MissingExtra("USD files need the library usd-core: `pip install usd-core`, or save a GLB")
    from pxr import Usd, UsdGeom, UsdUtils

    with tempfile.TemporaryDirectory() as folder:
        name = Path(folder) / ("stage.usdc" if suffix == ".usdz" else f"stage{suffix}")
        stage = Usd.Stage.CreateNew(str(name))
        UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
        UsdGeom.SetStageMetersPerUnit(stage, 1.0)
        stage.SetDefaultPrim(UsdGeom.Xform.Define(stage, "/Toile").GetPrim())
        taken: set[str] = set()
        for item in items:
            _add(stage, item, _free(item.name, taken))
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


def _add(stage: Any, item: Item, name: str) -> None:
    from pxr import Sdf, UsdGeom, UsdShade, Vt

    mesh = UsdGeom.Mesh.Define(stage, f"/Toile/{name}")
    vertices = np.asarray(item.vertices, np.float32)
    mesh.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(vertices)))
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(np.ascontiguousarray(item.faces.ravel(), np.int32)))
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(item.faces), 3, np.int32)))
    mesh.CreateExtentAttr(Vt.Vec3fArray.FromNumpy(np.stack([vertices.min(axis=0), vertices.max(axis=0)])))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateDoubleSidedAttr(bool(item.material.double_sided))
    if item.uv is not None:
        corners = item.uv.ndim == 3
        kind = UsdGeom.Tokens.faceVarying if corners else UsdGeom.Tokens.vertex
        st = UsdGeom.PrimvarsAPI(mesh).CreatePrimvar("st", Sdf.ValueTypeNames.TexCoord2fArray, kind)
        st.Set(Vt.Vec2fArray.FromNumpy(np.ascontiguousarray(item.uv.reshape(-1, 2), np.float32)))
    material = UsdShade.Material.Define(stage, f"/Toile/{name}_material")
    shader = UsdShade.Shader.Define(stage, f"/Toile/{name}_material/surface")
    shader.CreateIdAttr("UsdPreviewSurface")
    colour = tuple(float(part) for part in item.material.base_colour[:3])
    shader.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f).Set(colour)
    shader.CreateInput("roughness", Sdf.ValueTypeNames.Float).Set(float(item.material.roughness))
    shader.CreateInput("metallic", Sdf.ValueTypeNames.Float).Set(float(item.material.metallic))
    shader.CreateInput("opacity", Sdf.ValueTypeNames.Float).Set(float(item.material.opacity))
    material.CreateSurfaceOutput().ConnectToSource(shader.ConnectableAPI(), "surface")
    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(material)
