"""Pins and tacks that a person puts in while trying on: what holds cloth where they want it, in the next drape.

A point of cloth is kept by its panel and its place in it, along the weft and the warp, so that it outlives another size
or mesh; the vertex nearest to it is held. A place in space is kept by the skin under it, so that it goes along when the
body changes. What is pinned to a panel or tacked to a garment that is not worn (any more) holds nothing, and is there
again when that is. Plain values: they are saved with a project.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from assets.errors import InputRefused
from garments.threads import FIXED, NONE, Threads, joined

if TYPE_CHECKING:
    from garments.cloth import Cloth
    from garments.garment import Garment

SLACK = 1e-3
"""Length [m] of the thread that holds a pinned point: so far it may be off."""
FIRM = 20.0
"""Tension over strain [N] of that thread: ten newtons draw it half a millimetre long."""
TIED, TIE = 2e-3, 10.0
"""Length [m] and tension over strain [N] of a tack's thread."""
OVER_SKIN = 3e-3
"""How far [m] off the skin cloth is held that is tacked to the body: as near as it lies by itself."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of cloth: its panel by name, and its place [m] in the flat panel along weft and warp."""

    panel: str
    weft: float
    warp: float


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in space by the skin near it: a face's number, its shares of the face's two sides, and how far it lies
    off the face's plane [m]."""

    face: int
    first: float
    second: float
    off: float

    def on(self, vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
        """Where it is [m] [3] on a skin of vertices [m] [n, 3] and faces [m, 3]. Raises InputRefused for the anchor of
        another body model."""
        if not 0 <= self.face < len(faces):
            raise InputRefused("a pin was put in on another body model: take it out, and put it in again")
        start, along, across, normal = _frame(vertices, faces[self.face])
        return start + self.first * along + self.second * across + self.off * normal


@dataclass(frozen=True, slots=True)
class Pin:
    """A point of cloth that is held at a place; `skin`: tacked to the body there."""

    spot: Spot
    place: Anchor
    skin: bool = False


@dataclass(frozen=True, slots=True)
class Tie:
    """Two points of cloth that are tacked together; the second is of another garment of this design, or, "", of the
    same one."""

    first: Spot
    second: Spot
    garment: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What holds one garment besides what it is sewn with."""

    pins: tuple[Pin, ...] = ()
    ties: tuple[Tie, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.pins or self.ties)

    @property
    def told(self) -> str:
        """How much that is, in words."""
        tacks = len(self.ties) + sum(pin.skin for pin in self.pins)
        pins = len(self.pins) + len(self.ties) - tacks
        counts = ((pins, "pin"), (tacks, "tack"))
        return "held by " + " and ".join(f"{n} {name}{'s' if n > 1 else ''}" for n, name in counts if n)

    def plain(self) -> list:
        """As numbers and words in lists, for digests and files."""
        pins = [[*_told(pin.spot), *_placed(pin.place), pin.skin] for pin in self.pins]
        return [pins, [[*_told(tie.first), *_told(tie.second), tie.garment] for tie in self.ties]]

    @staticmethod
    def from_plain(told: Any) -> "Held":
        """What `plain` told. Raises ValueError, TypeError or IndexError for anything else."""
        pins, ties = told
        return Held(
            tuple(Pin(_spot(*one[:3]), _anchor(*one[3:7]), bool(one[7])) for one in pins),
            tuple(Tie(_spot(*one[:3]), _spot(*one[3:6]), str(one[6])) for one in ties),
        )


NOTHING = Held()
"""Neither pins nor tacks."""


def anchor(place: np.ndarray, vertices: np.ndarray, faces: np.ndarray) -> Anchor:
    """A place [m] [3] by a skin's face near it."""
    near = int(np.argmin(((vertices - place) ** 2).sum(axis=1)))
    mine = np.flatnonzero((faces == near).any(axis=1))
    middles = vertices[faces[mine]].mean(axis=1)
    face = int(mine[np.argmin(((middles - place) ** 2).sum(axis=1))])
    start, along, across, normal = _frame(vertices, faces[face])
    first, second, off = np.linalg.solve(np.stack([along, across, normal], axis=1), np.asarray(place, float) - start)
    return Anchor(face, float(first), float(second), float(off))


def over_skin(place: np.ndarray, face: int, vertices: np.ndarray, faces: np.ndarray) -> Anchor:
    """The place off a face of the skin at which cloth is held that is tacked to it at a place [m] [3] on it."""
    start, along, across, normal = _frame(vertices, faces[face])
    first, second, _ = np.linalg.solve(np.stack([along, across, normal], axis=1), np.asarray(place, float) - start)
    return Anchor(face, float(first), float(second), OVER_SKIN)


def vertex_at(spot: Spot, names: Sequence[str], panel: np.ndarray, faces: np.ndarray, rest: np.ndarray) -> int | None:
    """The number of the vertex nearest to a spot, of faces [m, 3] with flat corners `rest` [m] [m, 3, 2] and the
    numbers of their panels [m]; None where there is no such panel."""
    wanted = [k for k, name in enumerate(names) if name.replace("_", " ") == spot.panel.replace("_", " ")]
    mine = np.flatnonzero(np.isin(panel, wanted))
    if not len(mine):
        return None
    away = ((rest[mine] - (spot.weft, spot.warp)) ** 2).sum(axis=2)
    face, corner = np.unravel_index(int(np.argmin(away)), away.shape)
    return int(faces[mine[face], corner])


def on_cloth(spot: Spot, cloth: "Cloth") -> int | None:
    """The vertex of a cloth nearest to a spot."""
    return vertex_at(spot, cloth.panel_names, cloth.panel, cloth.faces, cloth.rest)


def other_of(tie: Tie, number: int, designs: Sequence[str]) -> int | None:
    """The number of the garment that the second end of a tack is in, which garment `number` has, of garments of these
    designs; None where it is not worn."""
    if not tie.garment:
        return number
    return next((k for k, design in enumerate(designs) if design == tie.garment and k != number), None)


def threads_of(
    garments: "Sequence[Garment]", cloths: "Sequence[Cloth]", bounds: np.ndarray, vertices: np.ndarray,
    faces: np.ndarray,
) -> Threads:  # fmt: skip
    """What holds the garments of one person, in the one sheet where their vertices start at `bounds`, on a skin of
    vertices [m] [n, 3] and faces [m, 3]. Raises InputRefused for pins of another body model."""
    found = [NONE]
    for number, garment in enumerate(garments):
        for pin in garment.held.pins:
            vertex = on_cloth(pin.spot, cloths[number])
            if vertex is not None:
                found.append(_thread(vertex + bounds[number], FIXED, SLACK, FIRM, pin.place.on(vertices, faces)))
        for tie in garment.held.ties:
            other = other_of(tie, number, [each.design for each in garments])
            first = on_cloth(tie.first, cloths[number])
            second = None if other is None else on_cloth(tie.second, cloths[other])
            if first is not None and second is not None and other is not None:
                ends = first + bounds[number], second + bounds[other]
                found += [_thread(*ends, TIED, TIE)] if ends[0] != ends[1] else []
    return joined(found)


def anchors_of(garments: "Sequence[Garment]", cloths: "Sequence[Cloth]") -> tuple[Anchor, ...]:
    """Where the pins of garments hold, those of panels that are there, in the order of `threads_of`."""
    return tuple(
        pin.place
        for garment, cloth in zip(garments, cloths, strict=True)
        for pin in garment.held.pins
        if on_cloth(pin.spot, cloth) is not None
    )


def _thread(first: int, second: int, length: float, stiffness: float, place: np.ndarray | None = None) -> Threads:
    end = np.zeros(3) if place is None else place
    return Threads(np.array([[first, second]]), end[None], np.array([length]), np.array([stiffness]), np.array([-1]))


def _frame(vertices: np.ndarray, face: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A face's first corner, its two sides from there [m], and its unit normal."""
    start, one, two = np.asarray(vertices, float)[face]
    normal = np.cross(one - start, two - start)
    return start, one - start, two - start, normal / np.linalg.norm(normal)


def _told(spot: Spot) -> tuple[str, float, float]:
    return spot.panel, spot.weft, spot.warp


def _placed(place: Anchor) -> tuple[int, float, float, float]:
    return place.face, place.first, place.second, place.off


def _spot(panel: Any, weft: Any, warp: Any) -> Spot:
    return Spot(str(panel), float(weft), float(warp))


def _anchor(face: Any, first: Any, second: Any, off: Any) -> Anchor:
    return Anchor(int(face), float(first), float(second), float(off))
