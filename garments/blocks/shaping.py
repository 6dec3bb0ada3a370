"""Shaping at an edge: darts, pleats and gathers, as edges, seams and marks.

A dart is a wedge taken out of the edge; a pleat is a tuck at its seam: the two halves of its intake are sewn to each
other and its folds are marked. Both leave a pair of edges "..._outer" and "..._inner" in the outline, which `closures`
sews shut. A gather is a seam with a ratio. The edge is drawn as long as it is cut, intakes included. In names a
trailing "_{}" holds a place for the side.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from assets.errors import InputRefused
from garments.edges import Edge, line
from garments.pattern import Drill, EdgeRef, Notch, Panel, Seam, refs

PRESSED = 2.4
"""How far [rad] a fold that was pressed flat stays folded: it springs open by some 40 degrees, a house default."""
LEAST_DART = 0.012
"""What a dart takes in at least [m]: the notches of a narrower one could be taken for a double notch."""
_DRILL_SHORT = 0.012
"""How far [m] the drill hole stays short of a dart's point, so that the sewn dart hides it."""


class Dart(NamedTuple):
    """A dart: the middle of its opening as a fraction of the edge's length, how much it takes in and how deep it goes
    [m], square to its opening unless it points at `apex` (x, y) [m], which then has the same distance from both ends of
    the opening, or nearly."""

    name: str
    at: float
    intake: float
    depth: float
    apex: tuple[float, float] | None = None


class Pleat(NamedTuple):
    """A pleat: the middle of its intake as a fraction of the edge's length, its intake [m] (both layers below the
    surface), and how far its folds are marked and pressed [m]."""

    name: str
    at: float
    intake: float
    depth: float


Taken = TypeVar("Taken", Dart, Pleat)


class Shaped(NamedTuple):
    """A run of edges, and what is marked on them or inside: drill holes, lines that are only drawn, notches."""

    edges: tuple[Edge, ...]
    drills: tuple[Drill, ...] = ()
    marks: tuple[Edge, ...] = ()
    notches: tuple[Notch, ...] = ()

    def only(self, side: str) -> "Shaped":
        """This half of a piece, "{}" in names becoming the wearer's side that it is on."""
        return Shaped(
            tuple(edge.named(edge.name.format(side)) for edge in self.edges),
            tuple(drill._replace(name=drill.name.format(side)) for drill in self.drills),
            tuple(mark.named(mark.name.format(side)) for mark in self.marks),
            tuple(notch._replace(edge=notch.edge.format(side)) for notch in self.notches),
        )

    def turned(self, side: str) -> "Shaped":
        """The mirror image of this half, run so that the outline goes on."""
        return Shaped(
            tuple(edge.mirrored(edge.name.format(side)) for edge in reversed(self.edges)),
            tuple(Drill(name.format(side), -x, y) for name, x, y in self.drills),
            tuple(mark.mirrored(mark.name.format(side)) for mark in self.marks),
            tuple(Notch(edge.format(side), 1.0 - at, mark) for edge, at, mark in self.notches),
        )

    def whole(self, plus: str, minus: str) -> "Shaped":
        """This half, drawn upward at +x, and its mirror image; the wearer's side at +x, and the one at -x."""
        return joined(self.only(plus), self.turned(minus))


def joined(*parts: "Edge | Shaped") -> Shaped:
    """One run of what follows each other."""
    each = [part if isinstance(part, Shaped) else Shaped((part,)) for part in parts]
    return Shaped(
        tuple(edge for part in each for edge in part.edges),
        tuple(drill for part in each for drill in part.drills),
        tuple(mark for part in each for mark in part.marks),
        tuple(notch for part in each for notch in part.notches),
    )


def darted(edge: Edge, darts: Sequence[Dart]) -> Shaped:
    """The edge with darts, in their order along it. Raises InputRefused where they overlap or pass its ends."""
    edges, drills = [], []
    for piece, dart in _between(edge, darts):
        edges.append(piece)
        if dart is None:
            break
        first, last = edge.at(_opening(edge, dart))
        middle, across = 0.5 * (first + last), last - first
        square = np.array([-across[1], across[0]]) / np.linalg.norm(across)
        apex = middle + dart.depth * square if dart.apex is None else np.array(dart.apex)
        stem, side = _split(dart.name, edge.name)
        edges += [line(f"{stem}_outer{side}", first, apex), line(f"{stem}_inner{side}", apex, last)]
        depth = float(np.linalg.norm(apex - middle))
        hole = apex + (middle - apex) * min(_DRILL_SHORT / depth, 0.5)
        drills.append(Drill(f"{stem}{side}", float(hole[0]), float(hole[1])))
    ends = ("_outer", 0.0), ("_inner", 1.0)
    openings = [Notch(leg.name, at) for leg in edges for end, at in ends if end in leg.name]
    return Shaped(tuple(edges), tuple(drills), notches=tuple(openings))


def pleated(edge: Edge, pleats: Sequence[Pleat]) -> Shaped:
    """The edge with pleats, in their order along it: the fold inside is marked "fold_", where it comes to lie "place_".
    Raises InputRefused where they overlap or pass its ends."""
    edges, marks = [], []
    for piece, pleat in _between(edge, pleats):
        edges.append(piece)
        if pleat is None:
            break
        low, high = _opening(edge, pleat)
        stem, side = _split(pleat.name, edge.name)
        edges += [edge.part(low, pleat.at, f"{stem}_outer{side}"), edge.part(pleat.at, high, f"{stem}_inner{side}")]
        points = edge.at(np.array([low, pleat.at, high]))
        across = points[2] - points[0]
        inward = pleat.depth * np.array([-across[1], across[0]]) / np.linalg.norm(across)
        names = (f"place_{stem}_outer{side}", f"fold_{stem}{side}", f"place_{stem}_inner{side}")
        marks += [line(name, point, point + inward) for name, point in zip(names, points, strict=True)]
    return Shaped(tuple(edges), marks=tuple(marks))


def closures(panel: Panel) -> tuple[Seam, ...]:
    """The seams that sew a panel's darts and pleats shut."""
    outer = [edge.name for edge in panel.edges if "_outer" in edge.name]
    return tuple(
        Seam(f"{panel.name} {name}", (EdgeRef(panel.name, name),), (EdgeRef(panel.name, inner, True),))
        for name in outer
        if (inner := name.replace("_outer", "_inner")) in {edge.name for edge in panel.edges}
    )


def eased(panels: Iterable[Panel], name: str, first: Iterable[str], second: Iterable[str]) -> Seam:
    """A seam whose first side is eased, or stretched, into the second by as much as they differ."""
    sides, lengths = _sides(panels, first, second)
    return Seam(name, *sides, ease=lengths[0] - lengths[1])


def gathered(panels: Iterable[Panel], name: str, first: Iterable[str], second: Iterable[str]) -> Seam:
    """A seam whose first side is gathered evenly into the second."""
    sides, lengths = _sides(panels, first, second)
    return Seam(name, *sides, ratio=lengths[0] / lengths[1])


def _sides(
    panels: Iterable[Panel], first: Iterable[str], second: Iterable[str]
) -> tuple[tuple[tuple[EdgeRef, ...], tuple[EdgeRef, ...]], tuple[float, float]]:
    named = {panel.name: panel for panel in panels}
    one, two = refs(*first), refs(*second)
    lengths = tuple(sum(named[ref.panel].edge(ref.edge).length for ref in run) for run in (one, two))
    return (one, two), (lengths[0], lengths[1])


def _between(edge: Edge, taken: Sequence[Taken]) -> list[tuple[Edge, Taken | None]]:
    """The edge's pieces, each with what follows it; nothing follows the last."""
    stem, side = _split(edge.name, edge.name)
    pieces: list[tuple[Edge, Taken | None]] = []
    low = 0.0
    for number, each in enumerate(taken):
        start, end = _opening(edge, each)
        if not low < start < end < 1.0:
            raise InputRefused(f"{each.name} does not fit on {edge.name}: it would meet its neighbour or the end")
        pieces.append((edge.part(low, start, f"{stem}_{number}{side}"), each))
        low = end
    pieces.append((edge.part(low, 1.0, f"{stem}_{len(taken)}{side}"), None))
    return pieces


def _opening(edge: Edge, taken: Dart | Pleat) -> np.ndarray:
    half = 0.5 * taken.intake / edge.length
    return np.array([taken.at - half, taken.at + half])


def _split(name: str, edge: str) -> tuple[str, str]:
    """A name without the side that the edge's name ends with, and that side."""
    side = next((side for side in ("_{}", "_left", "_right") if edge.endswith(side)), "")
    return name.removesuffix(side) if side else name, side
