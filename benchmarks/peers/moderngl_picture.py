"""moderngl (MIT): best CPU time [ms] of Toile's own quick picture, drawn by moderngl with Toile's shaders, uniforms and
passes; and the driver's name. Arguments: what frames.py reads. moderngl has no arrays of shadow maps: its shader reads
a single one."""

import os
import sys
from pathlib import Path

os.environ["EGL_PLATFORM"] = "surfaceless"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import moderngl
import numpy as np
from frames import SIZE, measured
from frames import Scene as Told

from render.asked import Asked
from render.camera import Camera, single
from render.lighting import lamps, sheen_table
from render.scene import Item, Material, Scene
from render.uniforms import behind, features, floor, frame, surface
from shaders.loader import source

SHADOW = 1024
SINGLE = (
    ("sampler2DArrayShadow", "sampler2DShadow"),
    ("vec4(place.xy + shift, 0.0, place.z)", "vec3(place.xy + shift, place.z)"),
)


class Drawn:
    """An item's buffers: positions and normals that may change, the flat cloth that does not."""

    def __init__(self, context: moderngl.Context, item: Item, normals: np.ndarray) -> None:
        self.item, self._context = item, context
        self._moving = [context.buffer(np.ascontiguousarray(values, np.float32)) for values in (item.vertices, normals)]
        self._white = context.buffer(np.ones(3, np.float32))
        self._indices = context.buffer(item.faces.astype(np.uint32))
        self._flat = None if item.uv is None else context.buffer(np.ascontiguousarray(item.uv, np.float32))
        self._arrays: dict[moderngl.Program, moderngl.VertexArray] = {}

    def move(self, *values: np.ndarray) -> None:
        for buffer, array in zip(self._moving, values, strict=True):
            buffer.orphan()
            buffer.write(np.ascontiguousarray(array, np.float32))

    def render(self, program: moderngl.Program) -> None:
        if program not in self._arrays:
            bound = [(self._moving[0], "3f", "position"), (self._moving[1], "3f", "direction")]
            bound += [(self._white, "3f/i", "colour")]
            bound += [(self._flat, "2f", "flat_position")] if self._flat is not None else []
            bound = [each for each in bound if each[2] in program]
            self._arrays[program] = self._context.vertex_array(program, bound, self._indices)
        self._arrays[program].render()


class Painter:
    """The passes of Toile's quick picture of the soft tier: a shadow map, cloth, body, the floor's shadow."""

    def __init__(self, told: Told, uv: np.ndarray, fov: float) -> None:
        self.context = moderngl.create_standalone_context(backend="egl")
        cloth = Material(told.items[2].colour, sheen_colour=(0.1, 0.1, 0.1), weave="knit", double_sided=True)
        skin = Material(told.items[1].colour, subsurface=(0.3, 0.15, 0.1))
        _, body, worn = told.items
        items = Item("body", body.vertices, body.faces, skin), Item("tee", worn.vertices, worn.faces, cloth, uv=uv)
        self.scene = Scene(items)
        self.drawn = [Drawn(self.context, item, of.normals) for item, of in zip(items, told.items[1:], strict=True)]
        self.camera = Camera(tuple(told.eye), tuple(told.target), fov_y=fov)
        self.views = single(self.camera, *SIZE)
        self.background = told.background
        self.programs: dict[tuple, moderngl.Program] = {}
        self.picture = self.context.framebuffer(
            [self.context.renderbuffer(SIZE, 4)], self.context.depth_renderbuffer(SIZE)
        )
        self.shadows = self.context.depth_texture((SHADOW, SHADOW))
        self.shadows.compare_func, self.shadows.filter = "<=", (moderngl.LINEAR, moderngl.LINEAR)
        self.casting = self.context.framebuffer(depth_attachment=self.shadows)
        table = np.ascontiguousarray(sheen_table())
        self.sheen = self.context.texture(table.shape[::-1], 1, table, dtype="f4")
        self.sheen.repeat_x = self.sheen.repeat_y = False

    def program(self, vertex: str, fragment: str, **definitions: int) -> moderngl.Program:
        key = vertex, fragment, *definitions.items()
        if key not in self.programs:
            texts = [source(name, **definitions) for name in (vertex, fragment)]
            for old, new in SINGLE:
                texts[1] = texts[1].replace(old, new)
            self.programs[key] = self.context.program(*texts)
        return self.programs[key]

    def draw(self, positions: np.ndarray, normals: np.ndarray) -> np.ndarray:
        scene, (view,) = self.scene, self.views
        self.drawn[1].move(positions, normals)
        asked = Asked(scene, self.views, *SIZE, False, scene.bounds(), (0, 0, *SIZE))
        lit = lamps(scene, self.camera, asked.box, SHADOW)
        self.casting.use()
        self.casting.clear(depth=1.0)
        shadow = self.program("shadow.vert", "shadow.frag", SHEER=0, MASKED=0)
        tell(shadow, world_to_clip=lit.matrices[0])
        self.context.cull_face = "back"
        for each in self.drawn:
            self.context.enable_only(culling(each))
            each.render(shadow)
        self.picture.use()
        self.picture.clear(*self.background, 1.0)
        self.shadows.use(0)
        self.sheen.use(1)
        common = {**frame(asked, view, lit), **behind(scene, SIZE, (0, 0), 7), "shadows": 0, "sheen_table": 1}
        variant = {"DISPLAY": 1, "STILL": 0, "SKY_LIGHTS": 4}
        body, cloth = self.drawn
        for each, hidden in ((cloth, "back"), (body, "back"), (cloth, "front")):
            material = each.item.material
            self.context.enable_only(moderngl.DEPTH_TEST | moderngl.CULL_FACE)
            self.context.cull_face = hidden
            program = self.program("surface.vert", "surface.frag", **variant, **features(each.item, material))
            tell(program, **common, **surface(each.item, material))
            each.render(program)
        self.context.enable_only(moderngl.DEPTH_TEST)
        ground = self.program("ground.vert", "ground.frag", **variant)
        tell(ground, **common, **floor(asked, self.camera, False, lit.directions[0]), first_tap=(1.0, 0.0))
        self.context.vertex_array(ground, []).render(moderngl.TRIANGLE_STRIP, vertices=4)
        return np.frombuffer(self.picture.read(components=4), np.uint8).reshape(*SIZE[::-1], 4)[::-1]


def culling(drawn: Drawn) -> int:
    """What is switched on as shadows are cast: single-sided surfaces cast from one side."""
    return moderngl.DEPTH_TEST | (0 if drawn.item.material.double_sided else moderngl.CULL_FACE)


def tell(program: moderngl.Program, **values: object) -> None:
    """Set those uniforms that the program has."""
    for name, value in values.items():
        if name not in program:
            continue
        if isinstance(value, (bool, int)):
            program[name].value = int(value)
            continue
        array = np.ascontiguousarray(value, np.float32)
        matrix = array.shape[-2:] == (4, 4)
        program[name].write(np.ascontiguousarray(array.swapaxes(-1, -2) if matrix else array).tobytes())


def main() -> None:
    told, data = Told.read(), np.load(sys.argv[1], allow_pickle=False)
    painter = Painter(told, data["uv"], float(data["fov_y"]))
    painter.draw(*told.moved(0))
    measured(told, painter.draw, painter.context.info["GL_RENDERER"])


if __name__ == "__main__":
    main()
