"""What shaders are told, as plain numbers: of a frame, of surfaces and their maps, of the floor, and of what lies
behind everything. Which texture unit is which, the renderer adds."""

import numpy as np

from render.asked import Asked
from render.camera import Camera, View
from render.lighting import Lamps, rig, shadow_on_floor, through_lens
from render.scene import TONES, Item, Material, Scene

_WEAVES = {"none": 0, "plain": 1, "twill": 2, "knit": 3, "rib": 4, "net": 5, "lace": 6}
_SHADINGS = {"lit": 0, "map": 1, "flat": 2}
# The least distance of strokes on the cloth.
STROKE_PIXELS = 13
# How far the floor takes shadows, as a multiple of the largest side of all that is shown.
FLOOR_REACH = 1.2
# On transparent pictures the floor's shadow fades towards the edge, by this part of half a side.
CLEAR_BORDER = np.array([0.2, 0.06])
# World clip space to texture coordinates.
_TO_TEXTURE = np.array([[0.5, 0, 0, 0.5], [0, 0.5, 0, 0.5], [0, 0, 0.5, 0.5], [0, 0, 0, 1.0]])


def frame(
    picture: Asked, view: View, lit: Lamps, shift: np.ndarray | None = None, lens: np.ndarray | None = None
) -> dict[str, object]:
    """What all programs of one frame of a view are told: the eye, the lamps, the sky. `shift`: the eye's place in a
    pixel, from its centre [2]; `lens`: its place on the lens [m] [2]."""
    camera, scene = view.camera, picture.scene
    projection = camera.projection(view.width / view.height)
    if lens is not None:
        projection = projection @ through_lens(lens, camera.distance)
    if shift is not None:
        projection[:2] -= 2 * (shift / (view.width, view.height))[:, None] * projection[3]
    _, sky, _ = rig(scene, camera)
    return {
        "world_to_clip": projection @ camera.view(),
        "eye": camera.eye,
        "light_direction": lit.directions,
        "light_colour": lit.colours,
        "light_matrix": _TO_TEXTURE @ lit.matrices,
        "light_texel": lit.texels,
        "sky": sky.harmonics(),
        "tone": TONES.index(scene.tone),
        "picture": (view.width, view.height),
        "scale": view.height / 2 / np.tan(camera.fov_y / 2),
        "stroke_cell": stroke_cell(view),
    }


def surface(item: Item, material: Material) -> dict[str, object]:
    """What a surface of this material answers light with."""
    printed = material.print if item.uv is not None else None
    return {
        "base_colour": material.base_colour,
        "roughness": material.roughness,
        "metallic": material.metallic,
        "specular": material.specular,
        "sheen_colour": material.sheen_colour,
        "sheen_roughness": material.sheen_roughness,
        "subsurface": material.subsurface,
        "opacity": material.opacity,
        "pitch": material.pitch,
        "cover": material.cover,
        "thread_colour": material.thread,
        "hem": material.hem,
        "print_place": np.zeros((2, 3)) if printed is None else printed.place,
        **ramp(item, material),
    }


def floor(picture: Asked, camera: Camera, still: bool, key: np.ndarray) -> dict[str, object]:
    """What the floor is told: where it ends, and what reaches it where nobody stands. A quick picture has the `key`
    light alone, by its direction [3], and only its shadow."""
    low, high = picture.box
    light, sky, _ = rig(picture.scene, camera)
    overhead = np.maximum(light.direction[1], 0.0) * np.asarray(light.colour)
    centre, reach = (low + high) / 2 * (1, 0, 1), FLOOR_REACH * float(np.max(high - low))
    aside = np.array([reach, 0.0, reach])
    least, most = centre - aside, centre + aside
    if not still:
        dark = shadow_on_floor(picture.box, key)
        least, most = np.maximum(least, dark[0]), np.minimum(most, dark[1])
    return {
        "low": least,
        "high": most,
        "centre": centre,
        "reach": reach,
        "border": CLEAR_BORDER * picture.transparent,
        "floor_light": overhead + sky.irradiance(np.array([[0.0, 1.0, 0.0]]))[0],
    }


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
        "MASKED": int(material.mask is not None and flat),
    }


def masked(item: Item) -> bool:
    """Whether an item is there in places only, as lace is."""
    return item.material.mask is not None and item.uv is not None


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
