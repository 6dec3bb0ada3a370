"""Pins and tacks on what is shown: which point of cloth was clicked, where each one is now, and their marks.

A mark is a ring on the cloth, drawn as a line of the scene: it is hidden by what is before it, as the cloth is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from app.project import Wish
from garments.pinning import Pin, Spot, Tie, anchor, other_of, over_skin, vertex_at
from render.picking import pick
from render.scene import Item, Line, Material, Scene, from_srgb

if TYPE_CHECKING:
    from app.stage import Shown
    from garments.maps import Mapped
    from render.camera import View

PINNED, TACKED, BEGUN = from_srgb((0.90, 0.16, 0.22)), from_srgb((0.10, 0.42, 0.95)), from_srgb((0.98, 0.72, 0.05))
RADIUS, WIDTH, LIFT = 0.009, 0.0045, 0.02
"""Of a mark's ring, of its line, and how much nearer to the eye it is drawn [m]: a tack lies in its own fold."""
NEAR = 0.012
"""A click so near [m] to a mark is meant for it."""
_CLOTH = Material(double_sided=True)


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A clicked point: of which garment, by its number, None: of the body; the place [m] [3]; of cloth the spot, of the
    body the face of its skin."""

    garment: int | None
    place: np.ndarray
    spot: Spot | None = None
    face: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A pin or a tack in a garment, by its number, and where its ends are now, places and normals [m] [k, 3]; none that
    are not worn."""

    garment: int
    what: Pin | Tie
    places: np.ndarray
    normals: np.ndarray

    @property
    def tack(self) -> bool:
        """Whether people call it a tack."""
        return isinstance(self.what, Tie) or self.what.skin


def clicked(shown: "Shown", views: "Sequence[View]", x: float, y: float) -> Point | None:
    """What lies under a pixel of a picture of the try-on: of cloth the nearest vertex. None beside it."""
    if shown.skin is None:
        return None
    cloths = (Item(each.garment, each.vertices, each.faces, _CLOTH) for each in shown.maps)
    own = [view for view in views if view.scene is None]
    hit = pick(Scene((shown.skin, *cloths)), own, x, y)
    if hit is None:
        return None
    if hit.item == 0:
        return Point(None, hit.position, face=hit.face)
    worn = shown.maps[hit.item - 1]
    vertex = int(worn.faces[hit.face][np.argmax(hit.barycentric)])
    panel = worn.panels[int(worn.panel[hit.face])].replace(" ", "_")
    return Point(hit.item - 1, worn.vertices[vertex].astype(float), Spot(panel, *map(float, worn.flat[vertex])))


def pinned(point: Point, shown: "Shown") -> Pin:
    """A pin that holds a point of cloth where it is."""
    assert point.spot is not None and shown.skin is not None
    return Pin(point.spot, anchor(point.place, shown.skin.vertices, shown.skin.faces))


def tacked(first: Point, second: Point, shown: "Shown", wishes: Sequence[Wish]) -> Pin | Tie:
    """A tack from a point of cloth to another one, or to the body."""
    assert first.spot is not None and shown.skin is not None
    if second.spot is None or second.garment is None:
        skin = shown.skin
        return Pin(first.spot, over_skin(second.place, second.face, skin.vertices, skin.faces), skin=True)
    other = "" if second.garment == first.garment else wishes[second.garment].design
    return Tie(first.spot, second.spot, other)


def with_held(wishes: Sequence[Wish], number: int, what: Pin | Tie) -> tuple[Wish, ...]:
    """The wishes with one more pin or tack in a garment."""
    held = wishes[number].held
    more = replace(held, pins=(*held.pins, what)) if isinstance(what, Pin) else replace(held, ties=(*held.ties, what))
    return tuple(replace(wish, held=more) if k == number else wish for k, wish in enumerate(wishes))


def without(wishes: Sequence[Wish], number: int, what: Pin | Tie) -> tuple[Wish, ...]:
    """The wishes without a pin or a tack."""
    held = wishes[number].held
    less = replace(
        held, pins=tuple(one for one in held.pins if one is not what), ties=tuple(t for t in held.ties if t is not what)
    )
    return tuple(replace(wish, held=less) if k == number else wish for k, wish in enumerate(wishes))


def marks(shown: "Shown | None", wishes: Sequence[Wish]) -> tuple[Mark, ...]:
    """All pins and tacks of what is wished, garment by garment; with places where such garments are shown."""
    designs = [wish.design for wish in wishes]
    worn = shown.maps if shown is not None and [each.design for each in shown.maps] == designs else ()
    found: list[Mark] = []
    for number, wish in enumerate(wishes):
        found += (_mark(worn, designs, number, pin) for pin in wish.held.pins)
        found += (_mark(worn, designs, number, tie) for tie in wish.held.ties)
    return tuple(found)


def mark_at(point: Point, known: Sequence[Mark]) -> Mark | None:
    """The mark that a click was meant for."""
    if point.spot is None:
        return None
    away = [(float(np.linalg.norm(m.places - point.place, axis=1).min(initial=np.inf)), k) for k, m in enumerate(known)]
    least = min(away, default=(np.inf, 0))
    return known[least[1]] if least[0] < NEAR else None


def with_marks(scene: Scene, known: Sequence[Mark], begun: Point | None = None) -> Scene:
    """The scene with a ring round every end, and a line between the ends of a tack; `begun`: the first point of one
    that is being made."""
    lines = [line for mark in known for line in _lines(mark)]
    if begun is not None:
        lines.append(_ring("begun", begun.place, np.array([0.0, 0.0, 1.0]), BEGUN))
    return replace(scene, lines=(*scene.lines, *lines)) if lines else scene


def _mark(worn: "Sequence[Mapped]", designs: Sequence[str], number: int, what: Pin | Tie) -> Mark:
    ends = [(number, what.spot)] if isinstance(what, Pin) else [(number, what.first)]
    if isinstance(what, Tie) and (other := other_of(what, number, designs)) is not None:
        ends.append((other, what.second))
    found = []
    for garment, spot in ends if worn else []:
        cloth = worn[garment]
        vertex = vertex_at(spot, cloth.panels, cloth.panel, cloth.faces, cloth.flat[cloth.faces])
        found += [] if vertex is None else [(cloth.vertices[vertex], cloth.normals[vertex])]
    places, normals = (np.array([each[k] for each in found], float).reshape(-1, 3) for k in (0, 1))
    return Mark(number, what, places, normals)


def _lines(mark: Mark) -> Iterator[Line]:
    colour, name = (TACKED, "tack") if mark.tack else (PINNED, "pin")
    for place, normal in zip(mark.places, mark.normals, strict=True):
        yield _ring(name, place, normal, colour)
    if len(mark.places) == 2:
        yield Line(name, mark.places, colour, WIDTH, LIFT)


def _ring(name: str, place: np.ndarray, normal: np.ndarray, colour: tuple[float, float, float]) -> Line:
    """A ring round a place, flat on the cloth."""
    aside = np.linalg.svd(normal[None])[2][1:]
    turn = np.linspace(0.0, 2.0 * np.pi, 17)
    points = place + RADIUS * (np.cos(turn)[:, None] * aside[0] + np.sin(turn)[:, None] * aside[1])
    return Line(name, points, colour, WIDTH, LIFT)
