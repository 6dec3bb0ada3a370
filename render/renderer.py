"""Scenes to pixels: quick pictures while something moves, and still ones that gather light frame by frame.

A quick picture has one shadowed key light and an unshadowed sky. A still one is the mean of many frames that differ in
their place in the pixel, the point of the sun's disc and the directions of the sky: smooth edges, soft shadows and
ambient occlusion from one mechanism. Needs a current OpenGL 3.3 core context and knows neither windows nor EGL.
"""

from collections.abc import Sequence

import numpy as np

from assets.mesh import vertex_normals
from render import gpu
from render.camera import Camera, View, single
from render.lighting import Lamps, jitter, lamps, rig, sheen_table
from render.scene import Item, Line, Scene

SKY_LIGHTS = 4
STILL_FRAMES = 16
_WEAVES = {"none": 0, "plain": 1, "twill": 2, "knit": 3, "rib": 4}
_SHADINGS = {"lit": 0, "map": 1, "flat": 2}
_SHADOW_UNIT, _SHEEN_UNIT, _FIRST_UNIT, _SUM_UNIT = 0, 1, 2, 3
# World clip space to texture coordinates.
_TO_TEXTURE = np.array([[0.5, 0, 0, 0.5], [0, 0.5, 0, 0.5], [0, 0, 0.5, 0.5], [0, 0, 0, 1.0]])


class Renderer:
    """Draws scenes into the current context. A lost context costs one `forget` and a rebuild."""

    def __init__(self, shadow_size: int = 1024) -> None:
        self._shadow_size = shadow_size
        self.forget()

    def forget(self) -> None:
        """The context is gone: everything is made anew at the next picture."""
        self._store = gpu.Store()
        self._programs: dict[tuple, gpu.Program] = {}
        self._fixed: dict[str, object] = {}
        self._targets: dict[str, gpu.Target] = {}
        self._shown: tuple[Scene, tuple[View, ...], int, int] | None = None
        self._frames = 0

    def free(self) -> None:
        """Give everything back to the GPU; the context must be current."""
        self._store.clear()
        for thing in (*self._programs.values(), *self._fixed.values(), *self._targets.values()):
            gpu.free(thing)
        self.forget()

    def draw(
        self, scene: Scene, camera: Camera | Sequence[View], width: int, height: int, framebuffer: int = 0
    ) -> None:
        """One quick picture of `width` x `height` pixels into `framebuffer`; views are rectangles of it."""
        self._show(scene, camera, width, height)
        assert self._shown
        gpu.begin(framebuffer, 0, 0, width, height)
        gpu.clear((*_encoded(scene.background), 1.0))
        for view in self._shown[1]:
            self._view(view, framebuffer, still=None, frames=1, display=True)
        gpu.rest()

    def refine(self, framebuffer: int = 0, frames: int = STILL_FRAMES, transparent: bool = False) -> float:
        """Gather one more frame of what was drawn last and show the picture so far; how much of it is done, 0..1."""
        if self._shown is None:
            return 1.0
        _, _, width, height = self._shown
        if self._frames < frames:
            self._gather(frames)
        gpu.begin(framebuffer, 0, 0, width, height)
        self._present(self._frames / frames, transparent)
        gpu.rest()
        return self._frames / frames

    def still(
        self,
        scene: Scene,
        camera: Camera | Sequence[View],
        width: int,
        height: int,
        framebuffer: int = 0,
        frames: int = STILL_FRAMES,
        transparent: bool = False,
    ) -> None:
        """A finished still picture of `frames` frames; transparent: the background's alpha is 0, colours straight."""
        self._show(scene, camera, width, height)
        for _ in range(frames):
            self._gather(frames)
        gpu.begin(framebuffer, 0, 0, width, height)
        self._present(1.0, transparent)
        gpu.rest()

    def _show(self, scene: Scene, camera: Camera | Sequence[View], width: int, height: int) -> None:
        views = single(camera, width, height) if isinstance(camera, Camera) else tuple(camera)
        self._store.collect()
        self._shown, self._frames = (scene, views, width, height), 0

    def _gather(self, frames: int) -> None:
        assert self._shown
        _, views, width, height = self._shown
        frame, total = self._target("frame", "half", True), self._target("sum", "float", False)
        if self._frames == 0:
            first = self._target("first", "half", True)
            for target in (first, total):
                gpu.begin(target.framebuffer, 0, 0, width, height)
                gpu.clear((0.0, 0.0, 0.0, 0.0))
            for view in views if frames > 1 else ():
                self._view(view, first.framebuffer, still=None, frames=1, display=False)
        gpu.begin(frame.framebuffer, 0, 0, width, height)
        gpu.clear((0.0, 0.0, 0.0, 0.0))
        for view in views:
            self._view(view, frame.framebuffer, still=self._frames, frames=frames, display=False)
        gpu.begin(total.framebuffer, 0, 0, width, height)
        frame.bind(_FIRST_UNIT)
        self._program("screen.vert", "gather.frag").use(picture=_FIRST_UNIT)
        self._empty().bind()
        gpu.cover(adding=True)
        self._frames += 1

    def _present(self, trust: float, transparent: bool) -> None:
        assert self._shown
        self._target("first", "half", True).bind(_FIRST_UNIT)
        self._target("sum", "float", False).bind(_SUM_UNIT)
        self._program("screen.vert", "present.frag").use(
            first=_FIRST_UNIT,
            gathered=_SUM_UNIT,
            count=self._frames,
            trust=trust,
            background=self._shown[0].background,
            transparent=transparent,
        )
        self._empty().bind()
        gpu.cover()

    def _view(self, view: View, framebuffer: int, still: int | None, frames: int, display: bool) -> None:
        """One frame of one view: shadows, solid things, lines, the floor, translucent things."""
        assert self._shown
        scene, _, _, height = self._shown
        lit = lamps(scene, view.camera, self._shadow_size, still, frames, SKY_LIGHTS)
        self._cast(scene, lit)
        gpu.begin(framebuffer, view.left, height - view.top - view.height, view.width, view.height)
        shift = np.zeros(2) if still is None else jitter(frames)[still]
        common = self._common(scene, view, lit, shift)
        variant = {"DISPLAY": int(display), "STILL": int(still is not None), "SKY_LIGHTS": SKY_LIGHTS}
        solid = [item for item in scene.items if item.material.opacity >= 1.0]
        self._surfaces(solid, common, variant, veiled=False)
        self._lines(scene.lines, common, variant)
        if scene.ground and view.camera.eye[1] > 0.0:
            self._floor(scene, view.camera, common, variant)
        self._surfaces([item for item in scene.items if item.material.opacity < 1.0], common, variant, veiled=True)

    def _cast(self, scene: Scene, lit: Lamps) -> None:
        program = self._program("shadow.vert", "shadow.frag")
        for layer, matrix in enumerate(lit.matrices):
            self._shadows().begin(layer)
            program.use(world_to_clip=matrix)
            for item in scene.items:
                if item.material.opacity >= 0.5 and len(item.faces):
                    self._geometry(item).draw()

    def _common(self, scene: Scene, view: View, lit: Lamps, shift: np.ndarray) -> dict[str, object]:
        camera = view.camera
        projection = camera.projection(view.width / view.height)
        projection[:2] -= 2 * (shift / (view.width, view.height))[:, None] * projection[3]
        _, sky, _ = rig(scene, camera)
        self._shadows().bind(_SHADOW_UNIT)
        self._sheen().bind(_SHEEN_UNIT)
        return {
            "world_to_clip": projection @ camera.view(),
            "eye": camera.eye,
            "light_direction": lit.directions,
            "light_colour": lit.colours,
            "light_matrix": _TO_TEXTURE @ lit.matrices,
            "light_texel": lit.texels,
            "sky": sky.harmonics(),
            "shadows": _SHADOW_UNIT,
            "sheen_table": _SHEEN_UNIT,
            "background": scene.background,
            "picture": (view.width, view.height),
            "scale": view.height / 2 / np.tan(camera.fov_y / 2),
        }

    def _surfaces(self, items: Sequence[Item], common: dict, variant: dict[str, int], veiled: bool) -> None:
        if not items:
            return
        program = self._program("surface.vert", "surface.frag", **variant)
        program.use(**common)
        for item in items:
            if not len(item.faces):
                continue
            material = item.material
            gpu.veil() if veiled else gpu.solid(cull=not material.double_sided)
            program.use(
                base_colour=material.base_colour,
                roughness=material.roughness,
                metallic=material.metallic,
                specular=material.specular,
                sheen_colour=material.sheen_colour,
                sheen_roughness=material.sheen_roughness,
                subsurface=material.subsurface,
                opacity=material.opacity,
                pitch=material.pitch,
                shading=_SHADINGS[material.shading],
                weave=_WEAVES[material.weave] if item.uv is not None else 0,
            )
            self._geometry(item).draw()

    def _lines(self, lines: Sequence[Line], common: dict, variant: dict[str, int]) -> None:
        drawn = [line for line in lines if len(line.points) > 1]
        if not drawn:
            return
        gpu.solid(cull=False)
        program = self._program("line.vert", "line.frag", **variant)
        program.use(**common)
        for line in drawn:
            program.use(base_colour=line.colour, width=line.width, lift=line.lift)
            points = line.points
            self._store.get("line", (points,), lambda points=points: gpu.Segments(points)).draw()

    def _floor(self, scene: Scene, camera: Camera, common: dict, variant: dict[str, int]) -> None:
        low, high = scene.bounds()
        light, sky, _ = rig(scene, camera)
        overhead = np.maximum(light.direction[1], 0.0) * np.asarray(light.colour)
        sky_up = sky.irradiance(np.array([[0.0, 1.0, 0.0]]))[0]
        (gpu.solid(cull=False) if variant["DISPLAY"] else gpu.veil())
        self._program("ground.vert", "ground.frag", **variant).use(
            **common,
            centre=((low[0] + high[0]) / 2, 0.0, (low[2] + high[2]) / 2),
            reach=1.3 * float(np.max(high - low)),
            floor_light=overhead + sky_up,
        )
        self._empty().bind()
        gpu.strip()

    def _geometry(self, item: Item) -> gpu.Geometry:
        store, vertices, faces = self._store, item.vertices, item.faces
        normals = item.normals
        if normals is None:
            normals = store.get("normals", (vertices, faces), lambda: vertex_normals(vertices, faces))
        if item.uv is not None and item.uv.ndim == 3:
            origin, corner_faces, uv = store.get("corners", (faces, item.uv), lambda: corners(faces, item.uv))
        else:
            origin, corner_faces, uv = None, faces, item.uv

        def attribute(values: np.ndarray | None, name: str) -> gpu.Buffer | None:
            if values is None:
                return None
            return store.get(name, (values, origin), lambda: gpu.Buffer(values if origin is None else values[origin]))

        def build() -> gpu.Geometry:
            flat = None if uv is None else store.get("uv", (uv,), lambda: gpu.Buffer(uv))
            index = store.get("index", (corner_faces,), lambda: gpu.Buffer(corner_faces.astype(np.uint32)))
            places = [(attribute(vertices, "p"), 3), (attribute(normals, "n"), 3), (attribute(item.colours, "c"), 3)]
            return gpu.Geometry([*places, (flat, 2)], index)

        return store.get("geometry", (vertices, normals, item.colours, item.uv, faces), build)

    def _program(self, vertex: str, fragment: str, **definitions: int) -> gpu.Program:
        key = (vertex, fragment, *definitions.items())
        if key not in self._programs:
            self._programs[key] = gpu.Program(vertex, fragment, **definitions)
        return self._programs[key]

    def _target(self, name: str, colour: str, depth: bool) -> gpu.Target:
        assert self._shown
        _, _, width, height = self._shown
        old = self._targets.get(name)
        if old is None or (old.width, old.height) != (width, height):
            gpu.free(old)
            self._targets[name] = gpu.Target(width, height, colour, depth)
        return self._targets[name]

    def _shadows(self) -> gpu.ShadowMaps:
        if "shadows" not in self._fixed:
            self._fixed["shadows"] = gpu.ShadowMaps(self._shadow_size, 1 + SKY_LIGHTS)
        return self._fixed["shadows"]

    def _sheen(self) -> gpu.Texture:
        if "sheen" not in self._fixed:
            self._fixed["sheen"] = gpu.Texture(sheen_table())
        return self._fixed["sheen"]

    def _empty(self) -> gpu.Empty:
        if "empty" not in self._fixed:
            self._fixed["empty"] = gpu.Empty()
        return self._fixed["empty"]


def corners(faces: np.ndarray, uv: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vertices split where corners of one vertex lie apart in the flat cloth (at seams).

    faces [m, 3], uv [m, 3, 2]; returns the vertex each new one comes from [k], faces [m, 3], uv [k, 2].
    """
    flat = np.round(uv.reshape(-1, 2) * 1e5).astype(np.int64)
    key = (faces.ravel().astype(np.int64) << 40) ^ ((flat[:, 0] & 0xFFFFF) << 20) ^ (flat[:, 1] & 0xFFFFF)
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return faces.ravel()[first], inverse.reshape(-1, 3).astype(np.int32), uv.reshape(-1, 2)[first]


def _encoded(colour: Sequence[float]) -> np.ndarray:
    linear = np.clip(colour, 0.0, 1.0)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
