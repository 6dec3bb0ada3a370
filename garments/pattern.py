"""Sewing patterns as values: edges, panels and seams, and the checks that a cutter makes before cutting.

Every panel is drawn as it looks from outside the wearer (right side of the fabric up), +y up, outline counter-
clockwise, so that a meshed panel faces outward. The vocabulary (edge, panel, seam, notch, grain, ease) is the pattern
cutter's; the split into panels and stitched edges follows GarmentCode (Korosteleva and Sorkine-Hornung 2023).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import comb
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from assets.errors import InputRefused
from assets.mesh import frozen

if TYPE_CHECKING:
    from garments.fastening import Fastening

CLOSED = 1e-6
"""Largest gap [m] between two edges that count as joined."""
SEAM_TOLERANCE = 0.002
"""Largest difference [m] between the lengths of a seam's sides beyond its stated ease: what a machinist works in."""
_DENSE = np.linspace(0.0, 1.0, 97)


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """One named edge: a Bezier curve of degree 1 to 3 by its control points [m] [k, 2], or the arc through three."""

    name: str
    controls: np.ndarray
    kind: str = "bezier"

    def __post_init__(self) -> None:
        object.__setattr__(self, "controls", frozen(np.asarray(self.controls, float)))

    @property
    def start(self) -> np.ndarray:
        return self.controls[0]

    @property
    def end(self) -> np.ndarray:
        return self.controls[-1]

    @property
    def length(self) -> float:
        """Length [m], within 1e-4 of itself."""
        return float(_along(self._points(_DENSE))[-1])

    def at(self, fractions: np.ndarray) -> np.ndarray:
        """Points [m] at fractions of the length, [k, 2]; the ends are exact."""
        if len(self.controls) == 2:
            return self._points(np.asarray(fractions, float))
        along = _along(self._points(_DENSE))
        return self._points(np.interp(np.asarray(fractions, float), along / along[-1], _DENSE))

    def reversed(self) -> "Edge":
        return replace(self, controls=self.controls[::-1])

    def named(self, name: str) -> "Edge":
        return replace(self, name=name)

    def mirrored(self, name: str) -> "Edge":
        """Mirrored at x = 0 and run backwards, so that a mirrored outline stays counter-clockwise."""
        return Edge(name, (self.controls * (-1.0, 1.0))[::-1], self.kind)

    def part(self, low: float, high: float, name: str) -> "Edge":
        """The piece of a Bezier edge between two fractions of its length (de Casteljau)."""
        along = _along(self._points(_DENSE))
        low, high = np.interp((low, high), along / along[-1], _DENSE)
        degree = len(self.controls) - 1
        blossom = [[high] * k + [low] * (degree - k) for k in range(degree + 1)]
        return Edge(name, np.array([_polar_form(self.controls, parameters) for parameters in blossom]))

    def _points(self, t: np.ndarray) -> np.ndarray:
        if self.kind == "arc":
            return _arc_points(self.controls, t)
        degree = len(self.controls) - 1
        basis = [comb(degree, k) * t**k * (1.0 - t) ** (degree - k) for k in range(degree + 1)]
        return np.stack(basis, axis=1) @ self.controls


def line(name: str, start: Iterable[float], end: Iterable[float]) -> Edge:
    return Edge(name, np.array([list(start), list(end)]))


def curve(name: str, *controls: Iterable[float]) -> Edge:
    """A quadratic or cubic Bezier edge."""
    return Edge(name, np.array([list(point) for point in controls]))


def arc(name: str, start: Iterable[float], through: Iterable[float], end: Iterable[float]) -> Edge:
    return Edge(name, np.array([list(start), list(through), list(end)]), "arc")


class Notch(NamedTuple):
    """A mark on an edge that is matched when sewing; `at` is a fraction of the edge's length."""

    edge: str
    at: float
    mark: str = "single"


class EdgeRef(NamedTuple):
    """An edge of a panel, or one of its inner lines, walked along or against its direction."""

    panel: str
    edge: str
    backwards: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """A piece of cloth. `grain` is the arrow [m] [2, 2] from tail to head along the warp; `allowances` [m] by edge,
    `allowance` for the rest; `lines` are inner lines whose ends are corners of the outline; `wraps` says which part
    of the wearer it goes round ("trunk front", "trunk back", "trunk", "neck", "left arm", "right arm")."""

    name: str
    edges: tuple[Edge, ...]
    grain: np.ndarray | None
    wraps: str
    allowance: float = 0.01
    allowances: Mapping[str, float] = field(default_factory=dict)
    notches: tuple[Notch, ...] = ()
    lines: tuple[Edge, ...] = ()

    def edge(self, name: str) -> Edge:
        """An edge or inner line by name. Raises InputRefused."""
        for edge in (*self.edges, *self.lines):
            if edge.name == name:
                return edge
        raise InputRefused(f"panel {self.name} has no edge {name}")

    def outline(self, count: int = 24) -> np.ndarray:
        """The sewing line as a polygon [m], `count` points an edge (one for a straight edge)."""
        return np.concatenate([_sampled(edge, count) for edge in self.edges])

    @property
    def area(self) -> float:
        """Area inside the sewing line [m2]."""
        return _signed_area(self.outline(64))

    @property
    def warp(self) -> np.ndarray:
        """Unit direction of the grain, [2]. Raises InputRefused when the panel has none."""
        if self.grain is None:
            raise InputRefused(f"panel {self.name} has no grain line")
        arrow = self.grain[1] - self.grain[0]
        return arrow / np.linalg.norm(arrow)

    def cutting_line(self) -> np.ndarray:
        """The outline with seam and hem allowances added, as a polygon [m] [k, 2]."""
        import shapely

        outline = self.outline()
        widths = [self.allowances.get(edge.name, self.allowance) for edge in self.edges]
        width = np.repeat(widths, [len(_sampled(edge, 24)) for edge in self.edges])[:, None]
        along = np.roll(outline, -1, axis=0) - outline
        along /= np.linalg.norm(along, axis=1, keepdims=True)
        out = width * np.stack([along[:, 1], -along[:, 0]], axis=1)
        strips = np.stack([outline, outline + out, np.roll(outline, -1, axis=0) + out, np.roll(outline, -1, axis=0)], 1)
        before = np.roll(along, 1, axis=0), np.roll(out, 1, axis=0)
        turn = _cross(before[0], along)
        sharp = np.flatnonzero(turn > 0.05)
        reach = (_cross(out - before[1], along) / np.where(turn > 0.05, turn, 1.0))[:, None]
        tips = outline + before[1] + reach * before[0]
        corners = np.stack([outline, outline + before[1], tips, outline + out], axis=1)[sharp]
        pieces = [shapely.Polygon(outline), *shapely.polygons(strips), *shapely.polygons(corners)]
        return np.array(shapely.union_all(pieces).exterior.coords)[:-1]


@dataclass(frozen=True, slots=True, eq=False)
class Seam:
    """Two runs of edges sewn together from their starts to their ends; the first is `ease` [m] longer."""

    name: str
    first: tuple[EdgeRef, ...]
    second: tuple[EdgeRef, ...]
    ease: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """Panels and seams; `lines` are named runs of edges or inner lines round the wearer (bust, waist, hem...), from
    the top down, from which the garment's own girths follow; `measurements` [m] are those that the draft used."""

    name: str
    panels: tuple[Panel, ...]
    seams: tuple[Seam, ...]
    lines: Mapping[str, tuple[EdgeRef, ...]]
    measurements: Mapping[str, float]
    fastenings: "tuple[Fastening, ...]" = ()

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
        return sum(self.edge(ref).length for ref in run)

    def girth(self, name: str) -> float:
        """Length [m] of a named line: the garment's own girth there."""
        return self.length(self.lines[name])

    @property
    def area(self) -> float:
        """Area inside all sewing lines [m2]."""
        return sum(panel.area for panel in self.panels)


def refs(*names: str) -> tuple[EdgeRef, ...]:
    """`refs("front.hem", "-back.hem")`: edges by panel and name, backwards where a minus stands."""
    found = []
    for name in names:
        panel, edge = name.removeprefix("-").split(".")
        found.append(EdgeRef(panel, edge, name.startswith("-")))
    return tuple(found)


def sew(name: str, first: Iterable[str], second: Iterable[str], ease: float = 0.0) -> Seam:
    return Seam(name, refs(*first), refs(*second), ease)


def check(pattern: Pattern) -> Pattern:
    """The pattern itself when it can be sewn. Raises InputRefused, naming every fault."""
    found = faults(pattern)
    if found:
        raise InputRefused(f"pattern {pattern.name} cannot be sewn: " + "; ".join(found))
    return pattern


def faults(pattern: Pattern) -> tuple[str, ...]:
    """What would stop a cutter or a machinist, one sentence each; empty when nothing would."""
    found = [fault for panel in pattern.panels for fault in _panel_faults(panel)]
    if not found:
        found = [fault for seam in pattern.seams for fault in _seam_faults(pattern, seam)]
        found += _edges_sewn_twice(pattern)
        found += [fault for each in pattern.fastenings for fault in each.faults(pattern)]
    return tuple(found)


def _panel_faults(panel: Panel) -> list[str]:
    found = []
    if panel.grain is None or not np.linalg.norm(panel.grain[1] - panel.grain[0]) > 0.0:
        found.append(f"panel {panel.name} has no grain line")
    if not all(np.isfinite(edge.controls).all() for edge in panel.edges):
        return [*found, f"panel {panel.name} has a point that is not a number"]
    names = [edge.name for edge in (*panel.edges, *panel.lines)]
    found += [f"panel {panel.name} has two edges named {name}" for name in sorted(set(names)) if names.count(name) > 1]
    opened = False
    for edge, following in zip(panel.edges, (*panel.edges[1:], panel.edges[0]), strict=True):
        gap = np.linalg.norm(edge.end - following.start)
        if gap > CLOSED:
            opened = True
            found.append(
                f"the outline of {panel.name} is open by {1000 * gap:.1f} mm between {edge.name} and {following.name}"
            )
    if opened:
        return found
    crossing = _crossing(panel)
    if crossing:
        found.append(f"the outline of {panel.name} crosses itself at {crossing[0]} and {crossing[1]}")
    elif panel.area <= 0.0:
        found.append(f"the outline of {panel.name} runs clockwise: it would be sewn inside out")
    return found


def _seam_faults(pattern: Pattern, seam: Seam) -> list[str]:
    try:
        first, second = pattern.length(seam.first), pattern.length(seam.second)
    except InputRefused as error:
        return [f"seam {seam.name}: {error}"]
    if abs(first - second - seam.ease) > SEAM_TOLERANCE:
        return [
            f"seam {seam.name}: sides of {100 * first:.1f} and {100 * second:.1f} cm differ beyond the ease of "
            f"{100 * seam.ease:.1f} cm"
        ]
    return []


def _edges_sewn_twice(pattern: Pattern) -> list[str]:
    sewn = [(ref.panel, ref.edge) for seam in pattern.seams for ref in (*seam.first, *seam.second)]
    return [f"edge {panel}.{edge} is sewn twice" for panel, edge in sorted(set(sewn)) if sewn.count((panel, edge)) > 1]


def _crossing(panel: Panel) -> tuple[str, str] | None:
    """Two edges that cross, or an edge twice where it crosses itself."""
    points = panel.outline(12)
    owner = np.concatenate([[k] * len(_sampled(edge, 12)) for k, edge in enumerate(panel.edges)])
    after = np.roll(points, -1, axis=0)
    step = after - points
    offset_start = points[None] - points[:, None]
    offset_end = after[None] - points[:, None]
    side_start = _cross(step[:, None], offset_start)
    side_end = _cross(step[:, None], offset_end)
    splits = side_start * side_end < 0.0
    first, second = np.nonzero(splits & splits.T)
    count = len(points)
    apart = (first < second) & (second - first > 1) & (second - first < count - 1)
    if not apart.any():
        return None
    index = int(np.argmax(apart))
    return panel.edges[owner[first[index]]].name, panel.edges[owner[second[index]]].name


def _sampled(edge: Edge, count: int) -> np.ndarray:
    return edge.at(np.linspace(0.0, 1.0, 2 if len(edge.controls) == 2 else count + 1)[:-1])


def _along(points: np.ndarray) -> np.ndarray:
    return np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])


def _signed_area(points: np.ndarray) -> float:
    return 0.5 * float(_cross(points, np.roll(points, -1, axis=0)).sum())


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


def _polar_form(controls: np.ndarray, parameters: list[float]) -> np.ndarray:
    points = controls
    for t in parameters:
        points = points[:-1] * (1.0 - t) + points[1:] * t
    return points[0]


def _arc_points(controls: np.ndarray, t: np.ndarray) -> np.ndarray:
    start, through, end = controls
    turn = np.array([[start - through], [end - through]])[:, 0]
    if abs(_cross(turn[0], turn[1])) < 1e-12:
        return start + (end - start) * t[:, None]
    right = 0.5 * np.array([start @ start - through @ through, end @ end - through @ through])
    centre = np.linalg.solve(turn, right)
    first, middle, last = (np.arctan2(*(point - centre)[::-1]) for point in (start, through, end))
    sweep = (last - first) % (2 * np.pi)
    if (middle - first) % (2 * np.pi) > sweep:
        sweep -= 2 * np.pi
    angle = first + sweep * t
    points = centre + np.linalg.norm(start - centre) * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    points[t == 0.0], points[t == 1.0] = start, end
    return points
