"""What would stop a cutter or a machinist: every fault of a pattern by its name, one sentence each.

Panels first (outline, grain, fold, marks, allowances), then what joins them (seams, sleeves in their armholes,
fastenings), which can only be judged on sound panels. A cap may be up to a tenth longer than its armhole (Armstrong,
"Patternmaking for Fashion Design": 1 1/4 to 1 1/2 inches of cap ease for tailored sleeves), and no more than a
twentieth shorter, as in knits that stretch.
"""

from collections import Counter
from itertools import pairwise
from math import dist
from typing import NamedTuple

import numpy as np

from assets.errors import InputRefused
from garments.edges import Edge, signed_area
from garments.pattern import SEAM_TOLERANCE, EdgeRef, Panel, Pattern, Seam

CLOSED = 1e-6
"""Largest gap [m] between two edges that count as joined."""
CAP_EASE = (-0.05, 0.10)
"""How much longer than its armhole a sleeve's cap may be, as a share of the armhole."""
GATHERED = (0.2, 5.0)
"""How many times as long as the other one side of a seam may be."""
_SYMMETRIC = 1e-3
_OVERLAP = 2e-5
_FAR = 10.0
_OUTWARD = np.array([1.0, -1.0])


def check(pattern: Pattern) -> Pattern:
    """The pattern itself when it can be sewn. Raises InputRefused, naming every fault."""
    found = faults(pattern)
    if found:
        raise InputRefused(f"pattern {pattern.name} cannot be sewn: " + "; ".join(found))
    return pattern


def faults(pattern: Pattern) -> tuple[str, ...]:
    """What would stop a cutter or a machinist, one sentence each; empty when nothing would."""
    if not pattern.panels:
        return ("it has no panels",)
    found = [f"two panels are named {name}" for name in _repeated([panel.name for panel in pattern.panels])]
    sewn: dict[str, set[str]] = {panel.name: set() for panel in pattern.panels}
    for ref in (ref for seam in pattern.seams for ref in (*seam.first, *seam.second)):
        sewn.setdefault(ref.panel, set()).add(ref.edge)
    for panel in pattern.panels:
        found += _panel_faults(panel, _closed_on_itself(pattern, panel.name), sewn[panel.name])
    if not found:
        found += [f"two seams are named {name}" for name in _repeated([seam.name for seam in pattern.seams])]
        found += [fault for seam in pattern.seams for fault in _seam_faults(pattern, seam)]
        found += _edges_sewn_twice(pattern)
        found += _line_faults(pattern)
        found += [fault for each in pattern.fastenings for fault in each.faults(pattern)]
    return tuple(found or _sleeve_faults(pattern))


# Panels ---------------------------------------------------------------------------------------------------------------


class _Outline(NamedTuple):
    """A panel's sewing line as points [m] [k, 2], each edge with both its ends, and the number of each point's edge."""

    points: np.ndarray
    edge: np.ndarray

    @classmethod
    def of(cls, panel: Panel) -> "_Outline":
        runs = [np.concatenate([edge.sampled(24), edge.controls[-1:]]) for edge in panel.edges]
        return cls(np.concatenate(runs), np.repeat(np.arange(len(runs)), [len(run) for run in runs]))

    @property
    def starts(self) -> np.ndarray:
        """Which points are no edge's end: the outline as a ring, each corner once, [k]."""
        return np.diff(self.edge, append=-1) == 0

    @property
    def ring(self) -> np.ndarray:
        return self.points[self.starts]

    def strips(self, widths: np.ndarray) -> tuple[np.ndarray, set[int]]:
        """Where the allowances of the edges' `widths` [m] [m] end, point by point [m] [k, 2]; and which edges turn more
        tightly than theirs is wide."""
        steps = np.diff(self.points, axis=0)
        steps[np.diff(self.edge) > 0] = 0.0
        along = np.zeros_like(self.points)
        along[:-1] = steps
        along[1:] += steps
        along /= np.hypot(along[:, 0], along[:, 1])[:, None]
        outer = self.points + widths[self.edge, None] * along[:, ::-1] * _OUTWARD
        backward = (np.diff(outer, axis=0) * steps).sum(axis=1) < 0.0
        return outer, set(self.edge[:-1][backward].tolist())


def _panel_faults(panel: Panel, sewn_shut: set[frozenset[str]], sewn: set[str]) -> list[str]:
    drawn = (*panel.edges, *panel.lines, *panel.marks)
    found = [f"panel {panel.name} has two edges named {name}" for name in _repeated([edge.name for edge in drawn])]
    if not panel.edges:
        return [*found, f"panel {panel.name} has no outline"]
    unfit = [edge.name for edge in drawn if not _sound(edge)]
    if unfit:
        return [*found, f"panel {panel.name} has a point that is not a number, or far off, on {', '.join(unfit)}"]
    found += _grain_faults(panel)
    opened = _gaps(panel)
    if opened:
        return found + opened
    outline = _Outline.of(panel)
    crossing = _crossing(panel, outline)
    if crossing:
        return [*found, f"the outline of {panel.name} crosses itself at {crossing[0]} and {crossing[1]}"]
    if signed_area(outline.ring) <= 0.0:
        return [*found, f"the outline of {panel.name} runs clockwise: it would be sewn inside out"]
    found += _fold_faults(panel, outline) + _mark_faults(panel, outline, sewn)
    return found + _allowance_faults(panel, outline, sewn_shut)


def _sound(edge: Edge) -> bool:
    return bool(np.isfinite(edge.controls).all() and (abs(edge.controls) < _FAR).all() and edge.length > CLOSED)


def _grain_faults(panel: Panel) -> list[str]:
    if panel.grain is None or not np.linalg.norm(np.subtract(panel.grain[1], panel.grain[0])) > 0.0:
        return [f"panel {panel.name} has no grain line"]
    return []


def _gaps(panel: Panel) -> list[str]:
    found = []
    for edge, following in zip(panel.edges, (*panel.edges[1:], panel.edges[0]), strict=True):
        gap = dist(edge.end, following.start)
        if gap > CLOSED:
            found.append(
                f"the outline of {panel.name} is open by {1000 * gap:.1f} mm between {edge.name} and {following.name}"
            )
    return found


def _crossing(panel: Panel, outline: _Outline) -> tuple[str, str] | None:
    """Two edges that cross or touch, or an edge twice where it meets itself."""
    import shapely

    points = outline.ring
    if len(points) < 3:
        return panel.edges[0].name, panel.edges[-1].name
    if shapely.LinearRing(points).is_simple:
        return None
    owner = outline.edge[outline.starts]
    segments = shapely.linestrings(np.stack([points, np.roll(points, -1, axis=0)], axis=1))
    first, second = shapely.STRtree(segments).query(segments, "intersects")
    apart = (first < second) & (second - first > 1) & (second - first < len(points) - 1)
    if not apart.any():  # Two neighbours lie on each other.
        along = np.diff(points, axis=0, append=points[:1])
        back = (along * np.roll(along, 1, axis=0)).sum(axis=1)
        spike = int(np.argmin(back / np.linalg.norm(along, axis=1) / np.linalg.norm(np.roll(along, 1, axis=0), axis=1)))
        return panel.edges[owner[spike - 1]].name, panel.edges[owner[spike]].name
    index = int(np.argmax(apart))
    return panel.edges[owner[first[index]]].name, panel.edges[owner[second[index]]].name


def _fold_faults(panel: Panel, outline: _Outline) -> list[str]:
    import shapely

    if panel.fold is None:
        return []
    named = [edge for edge in (*panel.edges, *panel.lines, *panel.marks) if edge.name == panel.fold]
    if not named:
        return [f"panel {panel.name} is to be folded at {panel.fold}, which it does not have"]
    fold = named[0]
    if not fold.straight:
        return [f"panel {panel.name} is to be folded at {fold.name}, which is not straight"]
    if any(edge is fold for edge in panel.edges):
        return []
    along = (fold.end - fold.start) / fold.length
    points = outline.ring - fold.start
    over = 2.0 * (points @ along)[:, None] * along - points
    ring, halves = shapely.LinearRing(outline.ring), shapely.points(over + fold.start)
    shapely.prepare(ring)
    if shapely.dwithin(ring, halves, _SYMMETRIC).all():
        return []
    off = shapely.distance(ring, halves).max()
    return [f"panel {panel.name} is to be cut on the fold at {fold.name}: its halves differ by {1e3 * off:.1f} mm"]


def _mark_faults(panel: Panel, outline: _Outline, sewn: set[str]) -> list[str]:
    """Of a panel with edges or lines that are `sewn`. Lines that are pressed, or that a piece is sewn on along, may end
    inside, and others at them; two lines may end at each other."""
    import shapely

    edges = {edge.name for edge in panel.edges}
    found = []
    for notch in panel.notches:
        if notch.edge not in edges:
            found.append(f"panel {panel.name} has a notch on {notch.edge}, which is no edge of its outline")
        elif not 0.0 <= notch.at <= 1.0:
            found.append(f"panel {panel.name} has a notch off its edge {notch.edge}: at {notch.at:g} of its length")
    shape = shapely.Polygon(outline.ring)
    for drill in panel.drills:
        beside = shape.distance(shapely.Point(drill.x, drill.y)) - SEAM_TOLERANCE
        if not beside < panel.allowance:  # The point of a dart is drilled inside the dart.
            found.append(f"the drill hole {drill.name} of {panel.name} lies beside the cloth")
    if panel.lines or panel.marks:
        inside = shape.buffer(SEAM_TOLERANCE)
        shapely.prepare(inside)
        for edge in (*panel.lines, *panel.marks):
            if not inside.covers(shapely.LineString(edge.at(np.linspace(0.0, 1.0, 9)))):
                found.append(f"the line {edge.name} of {panel.name} runs outside the outline")
    found += _loose_lines(panel, sewn | {crease.edge for crease in panel.creases})
    for name, angle in panel.creases:
        if name not in edges | {edge.name for edge in panel.lines}:
            found.append(f"panel {panel.name} is pressed along {name}, which it does not have")
        elif not abs(angle) <= np.pi:
            found.append(f"panel {panel.name} cannot be pressed along {name} by {np.degrees(angle):.0f} degrees")
    if min(panel.cut) < 0 or sum(panel.cut) < 1:
        found.append(f"panel {panel.name} is never cut: {panel.cut.drawn} as drawn and {panel.cut.mirrored} mirrored")
    return found


def _loose_lines(panel: Panel, free: set[str]) -> list[str]:
    """Inner lines that end nowhere: not at a corner, not where another ends, nor on one of those `free` to."""
    import shapely

    corners = np.array([edge.start for edge in panel.edges])
    ends = np.array([end for edge in panel.lines for end in (edge.start, edge.end)])
    found = []
    for edge in panel.lines:
        loose = [end for end in (edge.start, edge.end) if np.linalg.norm(corners - end, axis=1).min() > 1e-4]
        loose = [end for end in loose if (np.linalg.norm(ends - end, axis=1) < CLOSED).sum() < 2]
        if edge.name not in free and loose:
            inner = shapely.MultiLineString([e.at(np.linspace(0.0, 1.0, 33)) for e in panel.lines if e.name in free])
            if any(not inner.distance(shapely.Point(end)) < 1e-4 for end in loose):
                found.append(f"the inner line {edge.name} of {panel.name} does not end at corners of the outline")
    return found


def _allowance_faults(panel: Panel, outline: _Outline, sewn_shut: set[frozenset[str]]) -> list[str]:
    """Allowances that nobody can cut: below nothing, on no edge, tighter than the curve, or on each other's place."""
    names = [edge.name for edge in panel.edges]
    found = [
        f"panel {panel.name} has an allowance on {name}, which is no edge of its outline"
        for name in panel.allowances
        if name not in names
    ]
    widths = np.array([panel.allowance_of(name) for name in names])
    bad = np.flatnonzero(~((widths >= 0.0) & (widths < 0.5)))
    if len(bad):
        return [*found, f"panel {panel.name} has an allowance of {1000 * widths[bad[0]]:.1f} mm on {names[bad[0]]}"]
    outer, tight = outline.strips(widths)
    found += [
        f"the allowance of {1000 * widths[k]:.0f} mm on {names[k]} of {panel.name} crosses itself"
        for k in sorted(tight)
        if widths[k] > 0.0
    ]
    cut = [k for k in range(len(names)) if widths[k] > 0.0 and k not in tight]
    corners = [np.concatenate([outline.points[at], outer[at][::-1]]) for at in (outline.edge == k for k in cut)]
    return found + _overlaps(panel, cut, corners, sewn_shut)


def _overlaps(panel: Panel, cut: list[int], corners: list[np.ndarray], sewn_shut: set[frozenset[str]]) -> list[str]:
    """Allowances on each other's place, of the edges numbered `cut`, by the corners [m] [k, 2] of each."""
    import shapely

    if not cut:
        return []
    names = [panel.edges[k].name for k in cut]
    number = np.repeat(np.arange(len(cut)), [len(each) for each in corners])
    polygons = shapely.polygons(shapely.linearrings(np.concatenate(corners), indices=number))
    broken = ~shapely.is_valid(polygons)
    polygons[broken] = shapely.make_valid(polygons[broken])
    first, second = shapely.STRtree(polygons).query(polygons, "intersects")
    found = []
    for a, b in zip(first[first < second], second[first < second], strict=True):
        steps = abs(cut[a] - cut[b])
        if steps in (1, len(panel.edges) - 1) or frozenset((names[a], names[b])) in sewn_shut:
            continue
        shared = shapely.area(shapely.intersection(polygons[a], polygons[b]))
        if shared > _OVERLAP:
            found.append(
                f"the allowances on {names[a]} and {names[b]} of {panel.name} overlap by {1e4 * shared:.1f} cm²: "
                "the edges lie too close to each other"
            )
    return found


def _closed_on_itself(pattern: Pattern, panel: str) -> set[frozenset[str]]:
    """Pairs of a panel's edges that are sewn to each other, as a dart's legs are: these are not cut apart."""
    return {
        frozenset((a.edge, b.edge))
        for seam in pattern.seams
        for a in seam.first
        for b in seam.second
        if a.panel == b.panel == panel
    }


# What joins panels ----------------------------------------------------------------------------------------------------


def _seam_faults(pattern: Pattern, seam: Seam) -> list[str]:
    try:
        first, second = pattern.length(seam.first), pattern.length(seam.second)
    except InputRefused as error:
        return [f"seam {seam.name}: {error}"]
    if not (seam.first and seam.second):
        return [f"seam {seam.name} has only one side"]
    for run in (seam.first, seam.second):
        for one, two in pairwise(run):
            if _torn(pattern, one, two):
                return [f"seam {seam.name} does not run on from {one.panel}.{one.edge} to {two.edge}"]
    if not GATHERED[0] <= seam.ratio <= GATHERED[1]:
        return [f"seam {seam.name}: one side cannot be gathered to {seam.ratio:g} times the other"]
    if abs(first - seam.ratio * second - seam.ease) > SEAM_TOLERANCE:
        gathered = "" if seam.ratio == 1.0 else f", gathered {seam.ratio:.2f} times,"
        return [
            f"seam {seam.name}: sides of {100 * first:.1f} and {100 * second:.1f} cm{gathered} differ beyond the ease "
            f"of {100 * seam.ease:.1f} cm"
        ]
    return []


def _torn(pattern: Pattern, one: EdgeRef, two: EdgeRef) -> bool:
    """Whether two edges of a run that share a corner are walked so that they do not meet there."""
    if one.panel != two.panel:
        return False
    before, after = pattern.edge(one), pattern.edge(two)
    corners = [(before.end, after.end), (before.start, after.start), (before.start, after.end)]
    met = np.linalg.norm(before.end - after.start) < CLOSED
    return not met and any(np.linalg.norm(a - b) < CLOSED for a, b in corners)


def _edges_sewn_twice(pattern: Pattern) -> list[str]:
    sewn = Counter((ref.panel, ref.edge) for seam in pattern.seams for ref in (*seam.first, *seam.second))
    return [f"edge {panel}.{edge} is sewn twice" for (panel, edge), times in sorted(sewn.items()) if times > 1]


def _line_faults(pattern: Pattern) -> list[str]:
    found = []
    for name, run in pattern.lines.items():
        try:
            pattern.length(run)
        except InputRefused as error:
            found.append(f"line {name}: {error}")
    return found


def _sleeve_faults(pattern: Pattern) -> list[str]:
    """Each sleeve's cap beside its armhole: the panel on the first side of seams named "armhole ...", ungathered."""
    caps: dict[str, list[Seam]] = {}
    for seam in pattern.seams:
        if seam.name.startswith("armhole") and seam.ratio == 1.0:
            caps.setdefault(_side(seam), []).append(seam)
    found = []
    for side, seams in caps.items():
        hole = sum(pattern.length(seam.second) for seam in seams)
        ease = sum(pattern.length(seam.first) for seam in seams) - hole
        if not CAP_EASE[0] <= ease / hole <= CAP_EASE[1]:
            how = "longer than its armhole: it would pucker" if ease > 0 else "shorter than its armhole: it would pull"
            found.append(f"the {side}sleeve's cap is {100 * abs(ease):.1f} cm ({100 * abs(ease) / hole:.0f} %) {how}")
    return found


def _side(seam: Seam) -> str:
    return next((f"{side} " for side in ("left", "right") if seam.name.endswith(side)), "")


def _repeated(names: list[str]) -> list[str]:
    return [name for name, times in sorted(Counter(names).items()) if times > 1]
