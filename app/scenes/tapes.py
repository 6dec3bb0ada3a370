"""Where the tape of each measure lies on the body that is shown, as lines of a picture.

Paths come from body/takes.py on the mesh's own edges, so they ride with the pose. Heights are drawn beside the person,
as on a drawing; what hangs (an inside leg) hangs from where it is held. Plain values: the window needs no body model.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from assets.mesh import frozen
from body.measurements import MEASURES
from render.scene import Item, Line, Scene, from_srgb

if TYPE_CHECKING:
    from body.model import Body
    from body.tape import Strand

MAIN = ("stature", "bust_girth", "waist_girth", "hip_girth", "crotch_height", "arm_length")
PLAIN, CHOSEN = from_srgb((0.80, 0.10, 0.16)), from_srgb((0.98, 0.55, 0.05))
WIDTH, LIFT = 0.0045, 0.009
# A caliper goes through the air: drawn so much nearer to the eye, it is not hidden by the body between its ends.
THROUGH_AIR = 0.25
ASIDE = 0.06
VEILED = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """The tape of one measure: polylines [m], each [k, 3]."""

    name: str
    runs: tuple[np.ndarray, ...]


def lay(body: "Body") -> tuple[Laid, ...]:
    """The tapes of all measures on a body in its pose, in the table's order; weight has none."""
    from body.measure import ruler

    side = float(body.vertices[:, 0].max()) + ASIDE
    paths = ruler(body.model).paths(body.betas, body.detail)
    return tuple(Laid(name, tuple(_runs(path, body.vertices, side))) for name, path in paths.items())


def with_tapes(scene: Scene, laid: Iterable[Laid], chosen: str | None = None) -> Scene:
    """The scene with these tapes drawn, one of them `chosen`; cloth lets them shine through."""
    lines = tuple(line for tape in laid for line in _lines(tape, tape.name == chosen))
    if not lines:
        return scene
    return replace(through_cloth(scene), lines=lines)


def through_cloth(scene: Scene) -> Scene:
    """The scene with cloth that lets the body shine through."""
    return replace(scene, items=tuple(_veiled(item) if item.material.double_sided else item for item in scene.items))


def _veiled(item: Item) -> Item:
    thin = tuple(replace(material, opacity=VEILED) for material in (item.material, *item.materials))
    return replace(item, material=thin[0], materials=thin[1:])


def _lines(tape: Laid, chosen: bool) -> Iterator[Line]:
    colour, width = (CHOSEN, 1.5 * WIDTH) if chosen else (PLAIN, WIDTH)
    lift = THROUGH_AIR if MEASURES[tape.name].kind == "breadth" else LIFT
    return (Line(tape.name, run, colour, width, lift) for run in tape.runs)


def _runs(path: "tuple[Strand, ...]", vertices: np.ndarray, side: float) -> Iterator[np.ndarray]:
    for number, strand in enumerate(path):
        points = strand.on(vertices)
        top, foot = points[0], (points[1] if len(points) > 1 else points[0] * [1, 0, 1])
        if strand.kind == "upright":
            if number == 0:
                yield _frozen([top, [side, top[1], top[2]], [side, foot[1], top[2]], [side - ASIDE, foot[1], top[2]]])
        elif strand.kind == "hanging":
            yield _frozen([top, [top[0], foot[1], top[2]]])
        else:
            yield _frozen(points)


def _frozen(points: object) -> np.ndarray:
    return frozen(np.asarray(points, np.float32))
