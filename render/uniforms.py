"""What shaders are told, as plain numbers: of maps, and of what lies behind everything."""

import numpy as np

from render.camera import View
from render.scene import Item, Material, Scene

_WEAVES = {"none": 0, "plain": 1, "twill": 2, "knit": 3, "rib": 4, "net": 5}
_SHADINGS = {"lit": 0, "map": 1, "flat": 2}
# The least distance of strokes on the cloth.
STROKE_PIXELS = 13


def features(item: Item, material: Material) -> dict[str, int]:
    """What surface.frag is compiled with for a surface: only what it has costs time."""
    flat = item.uv is not None
    printed = material.print if flat else None
    return {
        "SHADING": _SHADINGS[material.shading],
        "MAPPED": int(material.ramp is not None and item.values is not None),
        "WEAVE": _WEAVES[material.weave] if flat else 0,
        "PRINTED": int(printed is not None),
        "LEANING": int(printed is not None and printed.normals is not None),
        "SEWN": int(item.sewn is not None and flat),
        "FUZZY": int(any(material.sheen_colour)),
    }


def ramp(item: Item, material: Material) -> dict[str, object]:
    """The uniforms of a map's colours; without a map no stops."""
    ramp = material.ramp
    if ramp is None or item.values is None:
        return {"stops": 0}
    return {
        "stops": len(ramp.stops),
        "ramp": np.array(ramp.stops),
        "span": (ramp.low, ramp.high),
        "bands": ramp.bands,
        "pattern": ramp.pattern,
        "strokes": ramp.strokes and item.uv is not None,
    }


def stroke_cell(view: View) -> float:
    """How far apart strokes on the cloth are [m]: a power of two, so that they stay where they are when the eye moves,
    and far enough in this view to be told apart."""
    pixels = view.height / 2 / np.tan(view.camera.fov_y / 2) / view.camera.distance
    return float(2.0 ** np.ceil(np.log2(STROKE_PIXELS / pixels)))


def planes(view: View) -> dict[str, object]:
    """The uniforms of occlusion.glsl for a view that fills its picture."""
    focal = view.height / 2 / np.tan(view.camera.fov_y / 2)
    return {"planes": (view.camera.near, view.camera.far), "focal": focal, "middle": (view.width / 2, view.height / 2)}


def behind(scene: Scene, whole: tuple[int, int], corner: tuple[int, int], unit: int) -> dict[str, object]:
    """The uniforms of backdrop.glsl for a picture of `whole` pixels that is drawn from `corner` on; a backdrop's
    picture is bound to a texture `unit`."""
    backdrop = scene.backdrop
    pixels = None if backdrop is None else backdrop.picture
    scale = np.array(whole) / (whole if pixels is None else pixels.shape[1::-1])
    return {
        "background_low": scene.background if backdrop is None else backdrop.low,
        "background_high": scene.background if backdrop is None else backdrop.high,
        "backdrop_picture": unit,
        "backed": pixels is not None,
        "whole": whole,
        "corner": corner,
        "backdrop_part": scale / scale.max(),
    }
