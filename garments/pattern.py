"""Sewing patterns as values: panels cut from edges (garments/edges.py), the seams between them, what is marked on them.

Every panel is drawn as it looks from outside the wearer (right side of the fabric up), +y up, outline counter-
clockwise, so that a meshed panel faces outward. The vocabulary (edge, panel, seam, notch, drill hole, grain, ease,
fold) is the pattern cutter's; the split into panels and stitched edges follows GarmentCode (Korosteleva and
Sorkine-Hornung 2023). What can be wrong with a pattern is told by garments/checking.py; darts, pleats and gathers are
made by garments/blocks/shaping.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from assets.errors import InputRefused
from garments.edges import Edge, cross, signed_area

if TYPE_CHECKING:
    from garments.fastening import Fastening

SEAM_TOLERANCE = 0.002
"""Largest difference [m] between the lengths of a seam's sides beyond its stated ease: what a machinist works in."""
_TURNS, _SLIT, _NOTHING = 1e-9, 1e-6, 1e-12
_LONGEST_TIP = 5.0
"""How many times the wider allowance a corner of the cutting line may stand off before it is cut straight across."""
_SMOOTH, _FEWEST, _MOST = 5e-3, 8, 120
"""A cutting line has a point for every so many metres of a curve, and so many at least and at most: on paper it shows
no corners."""


class Notch(NamedTuple):
    """A mark on an edge that is matched when sewing; `at` is a fraction of the edge's length."""

    edge: str
    at: float
    mark: str = "single"


class Drill(NamedTuple):
    """A hole that is drilled through the cut pieces at (x, y) [m]: a dart's point, a pocket's corner, a button."""

    name: str
    x: float
    y: float


class Crease(NamedTuple):
    """An edge or inner line along which the cloth is pressed, and how far it is folded at rest [rad]: above 0 with its
    right side inside, below 0 outside, pi doubled over. Pressed cloth springs open a little."""

    edge: str
    angle: float


class Pieces(NamedTuple):
    """How many pieces of a shape one garment takes: as drawn, and turned over."""

    drawn: int = 1
    mirrored: int = 0


ONE = Pieces()


class EdgeRef(NamedTuple):
    """An edge of a panel, or one of its inner lines, walked along or against its direction."""

    panel: str
    edge: str
    backwards: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """A piece of cloth. `grain` is the arrow [m] [2, 2] from tail to head along the warp; `allowances` [m] by edge,
    `allowance` for the rest; `lines` are inner lines whose ends are corners of the outline, and which the mesh follows;
    `wraps` says which part of the wearer it goes round ("trunk front", "trunk back", "trunk", "neck", "left arm", ...).

    `marks` are inner lines that are only drawn, the first word of their names saying what for ("fold_", "place_", ...);
    `drills` are holes. `fold` names the edge about which the drawn half is to be mirrored, or, on a whole piece, the
    inner line or mark about which it is alike and may be cut on the fold. `cut` tells how many are cut. `creases` are
    pressed along edges or inner lines: such a line may end inside, or on an edge, and cross others.
    """

    name: str
    edges: tuple[Edge, ...]
    grain: np.ndarray | None
    wraps: str
    allowance: float = 0.01
    allowances: Mapping[str, float] = field(default_factory=dict)
    notches: tuple[Notch, ...] = ()
    lines: tuple[Edge, ...] = ()
    marks: tuple[Edge, ...] = ()
    drills: tuple[Drill, ...] = ()
    fold: str | None = None
    cut: Pieces = ONE
    creases: tuple[Crease, ...] = ()

    def edge(self, name: str) -> Edge:
        """An edge or inner line by name. Raises InputRefused."""
        for edge in (*self.edges, *self.lines):
            if edge.name == name:
                return edge
        raise InputRefused(f"panel {self.name} has no edge {name}")

    def outline(self, count: int = 24) -> np.ndarray:
        """The sewing line as a polygon [m], `count` points an edge (one for a straight edge)."""
        return np.concatenate([edge.sampled(count) for edge in self.edges])

    @property
    def area(self) -> float:
        """Area inside the sewing line [m2]."""
        return signed_area(self.outline(64))

    @property
    def warp(self) -> np.ndarray:
        """Unit direction of the grain, [2]. Raises InputRefused when the panel has none."""
        if self.grain is None:
            raise InputRefused(f"panel {self.name} has no grain line")
        arrow = self.grain[1] - self.grain[0]
        return arrow / np.linalg.norm(arrow)

    def allowance_of(self, edge: str) -> float:
        """Width [m] of cloth left outside an edge."""
        return self.allowances.get(edge, self.allowance)

    def cutting_line(self) -> np.ndarray:
        """The outline with seam and hem allowances added, as a polygon [m] [k, 2], read-only."""
        return _cutting_line(self)

    def _cut(self) -> np.ndarray:
        import shapely

        runs = [edge.sampled(int(np.clip(edge.length / _SMOOTH, _FEWEST, _MOST))) for edge in self.edges]
        outline = np.concatenate(runs)
        widths = [self.allowance_of(edge.name) for edge in self.edges]
        width = np.repeat(widths, [len(run) for run in runs])[:, None]
        along = np.roll(outline, -1, axis=0) - outline
        along /= np.linalg.norm(along, axis=1, keepdims=True)
        out = width * np.stack([along[:, 1], -along[:, 0]], axis=1)
        strips = np.stack([outline, outline + out, np.roll(outline, -1, axis=0) + out, np.roll(outline, -1, axis=0)], 1)
        before = np.roll(along, 1, axis=0), np.roll(out, 1, axis=0)
        turn = cross(before[0], along)
        sharp = np.flatnonzero(turn > _TURNS)
        reach = (cross(out - before[1], along) / np.where(turn > _TURNS, turn, 1.0))[:, None]
        far = np.abs(reach) > _LONGEST_TIP * np.maximum(width, np.roll(width, 1, axis=0))
        tips = outline + before[1] + np.where(far, 0.0, reach) * before[0]
        corners = np.stack([outline, outline + before[1], tips, outline + out], axis=1)[sharp]
        added = shapely.make_valid(np.concatenate([shapely.polygons(strips), shapely.polygons(corners)]))
        # Curves that all but meet at a corner may cross there where they are drawn finer than they were checked.
        pieces = [shapely.make_valid(shapely.Polygon(outline)), *added[shapely.area(added) > _NOTHING]]
        whole = shapely.union_all(pieces).buffer(_SLIT, join_style="mitre").buffer(-_SLIT, join_style="mitre")
        return np.array(whole.exterior.coords)[:-1]


@lru_cache(maxsize=64)
def _cutting_line(panel: Panel) -> np.ndarray:
    """Kept, for it takes ten times as long as to draft the panel."""
    found = panel._cut()
    found.setflags(write=False)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Seam:
    """Two runs of edges sewn together from their starts to their ends; the first is `ratio` times as long as the
    second, above 1 where it is gathered, and `ease` [m] longer than that."""

    name: str
    first: tuple[EdgeRef, ...]
    second: tuple[EdgeRef, ...]
    ease: float = 0.0
    ratio: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """Panels and seams; `lines` are named runs of edges or inner lines round the wearer (bust, waist, hem...), from
    the top down, from which the garment's own girths follow; `measurements` [m] are those that the draft used;
    `drop` [m] is how far below the wearer's waist the line "waistband" is meant to lie, where it has one."""

    name: str
    panels: tuple[Panel, ...]
    seams: tuple[Seam, ...]
    lines: Mapping[str, tuple[EdgeRef, ...]]
    measurements: Mapping[str, float]
    fastenings: "tuple[Fastening, ...]" = ()
    drop: float = 0.0

    def panel(self, name: str) -> Panel:
        """Raises InputRefused when there is none of that name."""
        for panel in self.panels:
            if panel.name == name:
                return panel
        raise InputRefused(f"pattern {self.name} has no panel {name}")

    def edge(self, ref: EdgeRef) -> Edge:
        """The edge, turned round when the reference walks it backwards."""
        edge = self.panel(ref.panel).edge(ref.edge)
        return edge.reversed() if ref.backwards else edge

    def length(self, run: Iterable[EdgeRef]) -> float:
        """Length of a run of edges [m]."""
        return sum(self.panel(ref.panel).edge(ref.edge).length for ref in run)

    def girth(self, name: str) -> float:
        """Length [m] of a named line: the garment's own girth there."""
        return self.length(self.lines[name])

    @property
    def area(self) -> float:
        """Area inside all sewing lines [m2], each panel once."""
        return sum(panel.area for panel in self.panels)


def refs(*names: str) -> tuple[EdgeRef, ...]:
    """`refs("front.hem", "-back.hem")`: edges by panel and name, backwards where a minus stands."""
    found = []
    for name in names:
        panel, edge = name.removeprefix("-").split(".")
        found.append(EdgeRef(panel, edge, name.startswith("-")))
    return tuple(found)


def sew(name: str, first: Iterable[str], second: Iterable[str], ease: float = 0.0, ratio: float = 1.0) -> Seam:
    return Seam(name, refs(*first), refs(*second), ease, ratio)


def swapped(name: str) -> str:
    """A name with left for right and right for left."""
    return name.replace("left", "\0").replace("right", "left").replace("\0", "right")


def mirrored(panel: Panel) -> Panel:
    """The twin of a panel on the wearer's other side: all names with left for right and right for left."""
    return replace(
        panel,
        name=swapped(panel.name),
        wraps=swapped(panel.wraps),
        edges=tuple(edge.mirrored(swapped(edge.name)) for edge in reversed(panel.edges)),
        lines=tuple(edge.mirrored(swapped(edge.name)) for edge in panel.lines),
        marks=tuple(edge.mirrored(swapped(edge.name)) for edge in panel.marks),
        notches=tuple(Notch(swapped(edge), 1.0 - at, mark) for edge, at, mark in panel.notches),
        drills=tuple(Drill(swapped(name), -x, y) for name, x, y in panel.drills),
        creases=tuple(Crease(swapped(edge), angle) for edge, angle in panel.creases),
        allowances={swapped(name): width for name, width in panel.allowances.items()},
        grain=None if panel.grain is None else panel.grain * (-1.0, 1.0),
    )


def unfolded(panel: Panel) -> Panel:
    """The whole piece of a half that is drawn up to its fold, which becomes a mark of the same name. The other half's
    edges, marks, drills and notches are named with left and right swapped, or else with "_folded" behind. Raises
    InputRefused when the panel has no fold among its edges, or a bent one."""
    numbers = [k for k, edge in enumerate(panel.edges) if edge.name == panel.fold]
    if not numbers or not panel.edges[numbers[0]].straight:
        raise InputRefused(f"panel {panel.name} has no straight edge to unfold it at")
    fold = panel.edges[numbers[0]]
    half = (*panel.edges[numbers[0] + 1 :], *panel.edges[: numbers[0]])
    along = (fold.end - fold.start) / fold.length

    def over(points: np.ndarray) -> np.ndarray:
        return fold.start + 2.0 * ((points - fold.start) @ along)[..., None] * along - (points - fold.start)

    def turned(edges: Iterable[Edge]) -> list[Edge]:
        return [Edge(_other(edge.name), over(edge.controls)[::-1], edge.kind) for edge in edges]

    notches = [notch._replace(edge=_other(notch.edge), at=1.0 - notch.at) for notch in panel.notches]
    drills = [Drill(_other(name), *over(np.array([x, y]))) for name, x, y in panel.drills]
    return replace(
        panel,
        edges=(*half, *turned(reversed(half))),
        notches=(*panel.notches, *(notch for notch in notches if notch.edge != _other(fold.name))),
        lines=(*panel.lines, *turned(panel.lines)),
        marks=(*panel.marks, *turned(panel.marks), fold),
        drills=(*panel.drills, *drills),
        creases=(*panel.creases, *(crease._replace(edge=_other(crease.edge)) for crease in panel.creases)),
        allowances={**panel.allowances, **{_other(name): width for name, width in panel.allowances.items()}},
    )


def _other(name: str) -> str:
    return swapped(name) if swapped(name) != name else f"{name}_folded"
