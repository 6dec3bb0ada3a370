"""Scenes to pixels: quick pictures while something moves, and still ones that gather light frame by frame.

A quick picture has one shadowed key light and an unshadowed sky. A still one is the mean of many frames that differ in
their place in the pixel, the point of the sun's disc and the directions of the sky: smooth edges, soft shadows and
ambient occlusion from one mechanism. Needs a current OpenGL 3.3 core context and knows neither windows nor EGL.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from render import gpu
from render.asked import Asked, Tile
from render.buffers import Buffers
from render.camera import Camera, View, single
from render.lighting import Lamps, jitter, lamps, on_lens, sheen_table, threads
from render.scene import TONES, Item, Line, Material, Scene, to_srgb
from render.store import Store, free
from render.tiers import GPU, SAMPLES, SOFT, STILL_FRAMES
from render.uniforms import behind, features, floor, frame, masked, planes, surface

Thing = TypeVar("Thing")
Side = tuple[Item, bool | None]
"""An item, and which side of it is drawn: the inner one, the outer one, or (None) both."""
SKY_LIGHTS = 4
_SHADOW_UNIT, _SHEEN_UNIT, _SPARE_UNIT, _NORMAL_UNIT, _BACKDROP_UNIT, _DEPTH_UNIT, _MASK_UNIT = 0, 1, 2, 6, 7, 8, 9
_SKY_SHADOW_UNIT = 10


class Renderer:
    """Draws scenes into the current context. A lost context costs one `forget` and a rebuild."""

    def __init__(self, shadow_size: int = 1024) -> None:
        self._shadow_size = shadow_size
        self.tier = SOFT
        self.forget()

    def forget(self) -> None:
        """The context is gone: everything is made anew at the next picture."""
        self._store = Store()
        self._buffers = Buffers(self._store)
        self._programs: dict[tuple, gpu.Program] = {}
        self._fixed: dict[type, Any] = {}
        self._shadows: list[gpu.ShadowMaps] = []
        self._targets: dict[str, gpu.Target] = {}
        self._samples: gpu.Multisampled | None = None
        self._shown: Asked | None = None
        self._frames = 0

    def free(self) -> None:
        """Give everything back to the GPU; the context must be current."""
        self._store.clear()
        made = *self._programs.values(), *self._fixed.values(), *self._targets.values()
        for thing in (*made, *self._shadows, self._samples):
            free(thing)
        self.forget()

    def draw(
        self,
        scene: Scene,
        camera: Camera | Sequence[View],
        width: int,
        height: int,
        framebuffer: int = 0,
        transparent: bool = False,
    ) -> None:
        """One quick picture of `width` x `height` pixels into `framebuffer`; views are rectangles of it. `transparent`:
        the background's alpha is 0, and colours are multiplied by theirs."""
        picture = self._show(scene, camera, width, height, transparent)
        if self.tier == GPU and not transparent:
            self._draw_in_samples(picture)
            self._present(picture, framebuffer, trust=0.0, occluded=len(picture.views) == 1)
            return
        gpu.begin(framebuffer, 0, 0, width, height)
        gpu.clear((0.0, 0.0, 0.0, 0.0) if transparent else (*to_srgb(scene.background), 1.0))
        for view in picture.views:
            self._view(picture, view, framebuffer, still=None, frames=1, display=True)
        gpu.rest()

    def _draw_in_samples(self, picture: Asked) -> None:
        """The quick picture in linear light, with several samples a pixel, into the target "first"."""
        layout = *picture.size, picture.layers
        old = self._samples
        if old is None or (old.width, old.height, old.layers) != layout:
            free(old)
            self._samples = gpu.Multisampled(*layout, SAMPLES)
        assert self._samples is not None
        gpu.begin(self._samples.framebuffer, 0, 0, *picture.size)
        gpu.clear((0.0, 0.0, 0.0, 0.0))
        for view in picture.views:
            self._view(picture, view, self._samples.framebuffer, still=None, frames=1, display=False)
        self._samples.resolve(self._target("first"))

    def refine(self, framebuffer: int = 0, frames: int = STILL_FRAMES) -> float:
        """Gather one more frame of what was drawn last and show the picture so far; how much of it is done, 0..1.

        The picture changes over from the quick one to the gathered one, so that nothing jumps.
        """
        picture = self._shown
        if picture is None:
            return 1.0
        if self._frames == 0:
            self._clear("first")
            for view in picture.views:
                self._view(picture, view, self._target("first").framebuffer, still=None, frames=1, display=False)
        if self._frames < frames:
            self._gather(picture, frames)
        self._present(picture, framebuffer, trust=self._frames / frames)
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
        tile: Tile | None = None,
    ) -> None:
        """A finished still picture of `frames` frames; transparent: the background's alpha is 0, colours straight.
        `tile`: only that part of it, which then fills the framebuffer's lower left corner."""
        picture = self._show(scene, camera, width, height, transparent, tile)
        for _ in range(frames):
            self._gather(picture, frames)
        self._present(picture, framebuffer, trust=1.0)

    def _show(
        self,
        scene: Scene,
        camera: Camera | Sequence[View],
        width: int,
        height: int,
        transparent: bool = False,
        tile: Tile | None = None,
    ) -> Asked:
        views = single(camera, width, height) if isinstance(camera, Camera) else tuple(camera)
        tile = tile or (0, 0, width, height)
        self._shown = Asked(scene, views, width, height, transparent, scene.bounds(), tile)
        self._frames = 0
        self._store.collect()
        return self._shown

    def _gather(self, picture: Asked, frames: int) -> None:
        """Draw one frame and add it to the sum."""
        if self._frames == 0:
            self._clear("sum")
        self._clear("frame")
        latest, total = self._target("frame"), self._target("sum")
        for view in picture.views:
            self._view(picture, view, latest.framebuffer, still=self._frames, frames=frames, display=False)
        gpu.begin(total.framebuffer, 0, 0, *picture.size)
        self._layers(latest, _SPARE_UNIT)
        program = self._program("screen.vert", "gather.frag", EXACT=picture.layers - 1)
        program.use(picture=_SPARE_UNIT, picture_exact=_SPARE_UNIT + 1)
        self._once(gpu.Empty).bind()
        gpu.cover(adding=True)
        self._frames += 1

    def _present(self, picture: Asked, framebuffer: int, trust: float, occluded: bool = False) -> None:
        """Show the sum, or a mixture with the quick picture where it is not to be trusted yet; `occluded`: crevices of
        the quick one darkened by the depth beside it."""
        gpu.begin(framebuffer, 0, 0, *picture.size)
        self._layers(self._target("first" if trust < 1.0 else "sum"), _SPARE_UNIT)
        if trust > 0.0:
            self._layers(self._target("sum"), _SPARE_UNIT + 2)
        near: dict[str, object] = {}
        if occluded and self._samples is not None:
            self._samples.bind_depth(_DEPTH_UNIT)
            near = {"depth": _DEPTH_UNIT, **planes(picture.views[0])}
        self._program("screen.vert", "present.frag", EXACT=picture.layers - 1, OCCLUDED=int(occluded)).use(
            first=_SPARE_UNIT,
            first_exact=_SPARE_UNIT + 1,
            gathered=_SPARE_UNIT + 2,
            gathered_exact=_SPARE_UNIT + 3,
            count=max(self._frames, 1),
            trust=trust,
            transparent=picture.transparent,
            tone=TONES.index(picture.scene.tone),
            **self._behind(picture),
            **near,
        )
        self._once(gpu.Empty).bind()
        gpu.cover()
        gpu.rest()

    def _clear(self, name: str) -> None:
        target = self._target(name)
        gpu.begin(target.framebuffer, 0, 0, target.width, target.height)
        gpu.clear((0.0, 0.0, 0.0, 0.0))

    @staticmethod
    def _layers(target: gpu.Target, unit: int) -> None:
        for layer in range(target.layers):
            target.bind(unit + layer, layer)

    def _view(
        self, picture: Asked, view: View, framebuffer: int, still: int | None, frames: int, display: bool
    ) -> None:
        """One frame of one view: shadows, solid things, lines, the floor, translucent things."""
        picture = picture.seen_by(view)
        scene = picture.scene
        lit = lamps(scene, view.camera, picture.box, self._shadow_size, still, frames, SKY_LIGHTS)
        self._cast(scene, lit, still, frames)
        left, bottom = picture.low
        gpu.begin(
            framebuffer, view.left - left, picture.height - view.top - view.height - bottom, view.width, view.height
        )
        shift = None if still is None else jitter(frames)[still]
        lens = None if still is None else on_lens(view.camera, frames)[still]
        common = self._common(picture, view, lit, shift, lens)
        common["threads"] = (0.0, 0.0) if still is None else threads(still, frames)
        variant = {"DISPLAY": int(display), "STILL": int(still is not None), "SKY_LIGHTS": SKY_LIGHTS}
        if display and scene.backdrop is not None and not picture.transparent:
            self._fill(common)
        self._holes(scene.items, common["world_to_clip"])
        drawn = [item for item in scene.items if item.material.shading != "hole"]
        solid = [item for item in drawn if item.material.opacity >= 1.0]
        sheer = [item for item in solid if item.material.sheer]
        self._surfaces(_nearest_first([item for item in solid if item not in sheer]), common, variant, veiled=False)
        if still is not None:
            self._surfaces([(item, None) for item in sheer], common, {**variant, "SHEER": 1}, veiled=False)
        self._lines(scene.lines, common, variant)
        if scene.ground and view.camera.eye[1] > 0.0:
            self._floor(picture, view.camera, common, variant)
        if still is None:
            self._surfaces(
                [(item, None) for item in sheer if masked(item)], common, {**variant, "SHEER": 1}, veiled=False
            )
            layers = [(item, inner) for item in sheer if not masked(item) for inner in (True, False)]
            self._surfaces(layers, common, {**variant, "SHEER": 1}, veiled=True)
        self._surfaces([(item, None) for item in drawn if item.material.opacity < 1.0], common, variant, veiled=True)

    def _holes(self, items: Sequence[Item], world_to_clip: object) -> None:
        """Depth alone of what only hides: drawn first, so that nothing behind it comes to be seen."""
        holes = [item for item in items if item.material.shading == "hole" and len(item.faces)]
        if not holes:
            return
        gpu.solid(cull=True, colour=False)
        self._program("shadow.vert", "shadow.frag", SHEER=0, MASKED=0).use(world_to_clip=world_to_clip)
        for item in holes:
            self._buffers.geometry(item).draw()

    def _cast(self, scene: Scene, lit: Lamps, still: int | None, frames: int) -> None:
        """Shadows. Of sheer cloth only still pictures know: there each frame meets other threads of it."""
        solid = self._program("shadow.vert", "shadow.frag", SHEER=0, MASKED=0)
        casting = [item for item in scene.items if item.material.opacity >= 0.5 and len(item.faces)]
        for layer, matrix in enumerate(lit.matrices):
            self._shadow_maps(layer).begin(max(layer - 1, 0))
            solid.use(world_to_clip=matrix)
            for item in casting:
                if not item.material.sheer:
                    gpu.solid(cull=not item.material.double_sided)
                    self._buffers.geometry(item).draw()
            for item in casting:
                if still is not None and item.material.sheer:
                    gpu.solid(cull=False)
                    met = threads(5 * still + layer, 5 * frames)
                    sheer = self._program("shadow.vert", "shadow.frag", SHEER=1, MASKED=int(masked(item)))
                    sheer.use(world_to_clip=matrix, cover=item.material.cover, threads=met)
                    self._cut(sheer, item, item.material)
                    self._buffers.geometry(item).draw()

    def _shadow_maps(self, light: int) -> gpu.ShadowMaps:
        """The maps that hold a light's: the key light's own, or those of the sky, of which quick pictures have none."""
        which = min(light, 1)
        if which == len(self._shadows):
            size, layers = ((self._shadow_size, 1), (self._shadow_size // 2, SKY_LIGHTS))[which]
            self._shadows.append(gpu.ShadowMaps(size, layers))
        return self._shadows[which]

    def _common(
        self, picture: Asked, view: View, lit: Lamps, shift: np.ndarray | None, lens: np.ndarray | None
    ) -> dict[str, object]:
        for light in range(min(len(lit.matrices), 2)):
            self._shadow_maps(light).bind((_SHADOW_UNIT, _SKY_SHADOW_UNIT)[light])
        self._once(gpu.Texture, sheen_table()).bind(_SHEEN_UNIT)
        return {
            **frame(picture, view, lit, shift, lens),
            **self._behind(picture),
            "shadows": _SHADOW_UNIT,
            "sky_shadows": _SKY_SHADOW_UNIT,
            "sheen_table": _SHEEN_UNIT,
        }

    def _behind(self, picture: Asked) -> dict[str, object]:
        backdrop = picture.scene.backdrop
        if backdrop is not None and backdrop.picture is not None:
            self._store.get(gpu.Picture, backdrop.picture).bind(_BACKDROP_UNIT)
        return behind(picture.scene, (picture.width, picture.height), picture.low, _BACKDROP_UNIT)

    def _fill(self, common: dict) -> None:
        """The backdrop, over all of the view."""
        self._program("screen.vert", "backdrop.frag").use(**common)
        self._once(gpu.Empty).bind()
        gpu.cover()

    def _surfaces(self, sides: Sequence[Side], common: dict, variant: dict[str, int], veiled: bool) -> None:
        used: set[gpu.Program] = set()
        for item, inner in sides:
            if not len(item.faces):
                continue
            gpu.veil() if veiled else gpu.solid(cull=not item.material.double_sided)
            if inner is not None:
                gpu.one_side(inner)
            for number, material in enumerate(item.materials or (item.material,)):
                has = features(item, material)
                program = self._program("surface.vert", "surface.frag", **variant, **has)
                if program not in used:
                    program.use(**common)
                    used.add(program)
                self._paint(program, item, material)
                self._buffers.geometry(item).draw(number if item.materials else None)

    def _paint(self, program: gpu.Program, item: Item, material: Material) -> None:
        """Set what a surface of this material answers light with."""
        printed = material.print if item.uv is not None else None
        leaning = printed.normals if printed is not None else None
        # Making a texture takes a unit, so the one that is bound last must be there first.
        normals = self._store.get(gpu.Numbers, leaning) if leaning is not None else None
        if printed is not None:
            self._store.get(gpu.Picture, printed.picture).bind(_SPARE_UNIT)
        if normals is not None:
            normals.bind(_NORMAL_UNIT)
        self._cut(program, item, material)
        program.use(print_picture=_SPARE_UNIT, print_normals=_NORMAL_UNIT, **surface(item, material))

    def _cut(self, program: gpu.Program, item: Item, material: Material) -> None:
        """Set where a surface is and where it is not."""
        if material.mask is not None and item.uv is not None:
            self._store.get(gpu.Numbers, material.mask.filled).bind(_MASK_UNIT)
            program.use(mask_filled=_MASK_UNIT, mask_place=material.mask.place)

    def _lines(self, lines: Sequence[Line], common: dict, variant: dict[str, int]) -> None:
        drawn = [line for line in lines if len(line.points) > 1]
        if not drawn:
            return
        gpu.solid(cull=False)
        program = self._program("line.vert", "line.frag", **variant)
        program.use(**common)
        for line in drawn:
            program.use(base_colour=line.colour, width=line.width, lift=line.lift)
            self._store.get(gpu.Segments, line.points).draw()

    def _floor(self, picture: Asked, camera: Camera, common: dict, variant: dict[str, int]) -> None:
        (gpu.solid(cull=False) if variant["DISPLAY"] else gpu.veil())
        told = floor(picture, camera, bool(variant["STILL"]), common["light_direction"][0])
        program = self._program("ground.vert", "ground.frag", **variant)
        program.use(**common, **told, first_tap=(np.cos(2.4 * self._frames), np.sin(2.4 * self._frames)))
        self._once(gpu.Empty).bind()
        gpu.strip()

    def _program(self, vertex: str, fragment: str, **definitions: int) -> gpu.Program:
        key = (vertex, fragment, *definitions.items())
        if key not in self._programs:
            self._programs[key] = gpu.Program(vertex, fragment, **definitions)
        return self._programs[key]

    def _target(self, name: str) -> gpu.Target:
        """The picture in linear light of that name, as large as what is shown: "first", "frame" or "sum"."""
        picture = self._shown
        assert picture
        layout = *picture.size, picture.layers
        old = self._targets.get(name)
        if old is None or (old.width, old.height, old.layers) != layout:
            free(old)
            summing = name == "sum"
            self._targets[name] = gpu.Target(*picture.size, "float" if summing else "half", not summing, picture.layers)
        return self._targets[name]

    def _once(self, kind: type[Thing], *arguments: Any) -> Thing:
        if kind not in self._fixed:
            self._fixed[kind] = kind(*arguments)
        return self._fixed[kind]


def _nearest_first(items: Sequence[Item]) -> list[Side]:
    """The order that leaves least to be painted over: the outside of cloth, which hides most of all else, and what is
    seen of its inside last."""
    cloth = [item for item in items if item.material.double_sided]
    rest = [item for item in items if not item.material.double_sided]
    return [*((item, False) for item in cloth), *((item, None) for item in rest), *((item, True) for item in cloth)]
