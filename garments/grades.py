"""Grading by rules: how far each point of a pattern goes from one size to another, as a table that a grader can edit.

A rule moves a corner of a panel (the point where an edge starts); what lies between two corners goes along in
proportion, as a grader slides a curve. Rules come from two sizes of one pattern, from a table, or, for a pattern that
came in one size only, from how much bodies of a chart differ: each piece then grows across its grain as the girth does
and along it as the back's length does (proportionate grading; Schofield and LaBat 2005 tell where it falls short). A
sleeve cap, which lies across, would outgrow its armhole, which lies along: seams are trued after it, as a cutter walks
them.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from assets.errors import InputRefused
from garments.edges import Edge
from garments.fastening import Band
from garments.pattern import Drill, Panel, Pattern, Seam

Rules = Mapping[tuple[str, str], np.ndarray]
"""By (panel, edge): how far [m] [2] the point goes where the edge starts."""
_COLUMNS = ("panel", "point", "size", "x_mm", "y_mm")
_LARGEST = 0.5
_LEVEL = 0.15
_ABOVE = (
    "shoulder", "arm", "sleeve", "torso", "bodice", "neck", "collar", "bust", "chest", "tee", "shirt", "blouse",
    "dress", "jacket", "coat",
)  # fmt: skip
_WALKS, _CLOSE, _NUDGE = 8, 1e-5, 1e-4
_STEPS, _AT, _ON = 33, 1e-4, 3e-4


def rules(base: Pattern, other: Pattern) -> dict[tuple[str, str], np.ndarray]:
    """The rules that lead from one size to another of the same pattern. Raises InputRefused for unlike patterns."""
    found: dict[tuple[str, str], np.ndarray] = {}
    for panel in base.panels:
        like = other.panel(panel.name)
        if [edge.name for edge in panel.edges] != [edge.name for edge in like.edges]:
            raise InputRefused(f"panel {panel.name} is not drawn alike in both sizes: no rules lead over")
        found |= {(panel.name, edge.name): like.edge(edge.name).start - edge.start for edge in panel.edges}
    return found


def graded(pattern: Pattern, moves: Rules) -> Pattern:
    """The pattern with its points moved; points without a rule stay. Seams keep their ease and ratio."""
    panels = tuple(_graded(panel, moves) for panel in pattern.panels)
    return replace(pattern, panels=panels)


def grown(pattern: Pattern, base: Mapping[str, float], body: Mapping[str, float]) -> Pattern:
    """The pattern, cut for one body by its measures [m], for another: in proportion, and so that it can still be sewn.
    Each seam is eased, and each tape drawn in, by the same share of its length."""
    made = graded(pattern, proportionate(pattern, base, body))
    shares = [seam.ease / max(pattern.length(seam.second), 1e-6) for seam in pattern.seams]
    for _ in range(_WALKS):
        off = np.array([_off(made, seam, share) for seam, share in zip(made.seams, shares, strict=True)])
        if not off.size or np.abs(off).max() < _CLOSE:
            break
        made = graded(made, _true(made, shares, off))
    seams = tuple(
        replace(seam, ease=share * made.length(seam.second)) for seam, share in zip(made.seams, shares, strict=True)
    )
    fastenings = tuple(
        each._replace(length=each.length * made.length(each.run) / pattern.length(each.run))
        if isinstance(each, Band)
        else each
        for each in pattern.fastenings
    )
    return replace(made, seams=seams, fastenings=fastenings)


def girth_of(pattern: Pattern) -> str:
    """The girth that a pattern grows by: the bust's, or the hip's of what has no part that is worn above."""
    names = [pattern.name, *(panel.name for panel in pattern.panels), *(seam.name for seam in pattern.seams)]
    above = any(word in name.lower() for name in names for word in _ABOVE)
    return "bust_girth" if above else "hip_girth"


def proportionate(
    pattern: Pattern, base: Mapping[str, float], body: Mapping[str, float]
) -> dict[tuple[str, str], np.ndarray]:
    """Rules for a pattern cut for one body, by measures [m], to fit another: across the grain by the bust, or by the
    hip of what is worn below; along it by the length of the back."""
    girth = girth_of(pattern)
    wider = body[girth] / base[girth] - 1.0
    longer = body["back_neck_to_waist"] / base["back_neck_to_waist"] - 1.0
    found = {}
    for panel in pattern.panels:
        along = panel.warp
        across = np.array([along[1], -along[0]])
        middle = panel.outline(6).mean(axis=0)
        for edge in panel.edges:
            off = edge.start - middle
            found[panel.name, edge.name] = wider * (off @ across) * across + longer * (off @ along) * along
    return found


def table(by_size: Mapping[str, Rules]) -> str:
    """Rules as CSV, millimetres: panel, point (the edge that starts there), size, x, y."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for size, moves in by_size.items():
        for (panel, edge), (x, y) in moves.items():
            writer.writerow([panel, edge, size, f"{1000 * x:.2f}", f"{1000 * y:.2f}"])
    return stream.getvalue()


def read_table(text: str, pattern: Pattern, name: str) -> dict[str, dict[tuple[str, str], np.ndarray]]:
    """Rules by size from such a table. Raises InputRefused, naming the line that is wrong."""
    rows = csv.DictReader(io.StringIO(text))
    lacking = [column for column in _COLUMNS if column not in (rows.fieldnames or ())]
    if lacking:
        raise InputRefused(f"{name} has no column {lacking[0]}: its first line is {','.join(_COLUMNS)}")
    found: dict[str, dict[tuple[str, str], np.ndarray]] = {}
    for row in rows:
        where = f"{name}, line {rows.line_num}"
        try:
            pattern.panel(row["panel"]).edge(row["point"])
            move = np.array([float(row["x_mm"]), float(row["y_mm"])]) / 1000.0
        except (InputRefused, TypeError, ValueError) as error:
            raise InputRefused(f"{where}: {error}") from error
        if not np.isfinite(move).all() or np.abs(move).max() > _LARGEST:
            raise InputRefused(f"{where}: a point moves by at most {1000 * _LARGEST:.0f} mm")
        found.setdefault(row["size"], {})[row["panel"], row["point"]] = move
    if not found:
        raise InputRefused(f"{name} has no rules in it")
    return found


def _off(pattern: Pattern, seam: Seam, share: float) -> float:
    """How much longer [m] the first side of a seam is than it should be."""
    return pattern.length(seam.first) - (seam.ratio + share) * pattern.length(seam.second)


def _true(pattern: Pattern, shares: list[float], off: np.ndarray) -> Rules:
    """The least that points must move for sides of seams that are `off` [m] to match, to first order."""
    corners = {(panel.name, edge.name): k for k, (panel, edge) in enumerate(_edges(pattern))}
    after = {
        (panel.name, edge.name): corners[panel.name, panel.edges[(k + 1) % len(panel.edges)].name]
        for panel in pattern.panels
        for k, edge in enumerate(panel.edges)
    }
    slope = np.zeros((len(off), 2 * len(corners)))
    for row, (seam, share) in enumerate(zip(pattern.seams, shares, strict=True)):
        for run, weight in ((seam.first, 1.0), (seam.second, -seam.ratio - share)):
            for ref in run:
                at = (ref.panel, ref.edge)
                if at in corners:
                    first, last = _pull(pattern.panel(ref.panel).edge(ref.edge))
                    slope[row, 2 * corners[at] : 2 * corners[at] + 2] += weight * first
                    slope[row, 2 * after[at] : 2 * after[at] + 2] += weight * last
    moves = np.linalg.lstsq(slope, -off, rcond=1e-6)[0].reshape(-1, 2)
    return dict(zip(corners, moves, strict=True))


def _edges(pattern: Pattern) -> list[tuple[Panel, Edge]]:
    return [(panel, edge) for panel in pattern.panels for edge in panel.edges]


def _pull(edge: Edge) -> tuple[np.ndarray, np.ndarray]:
    """How much longer an edge becomes for each metre that its start, and its end, goes across and up: [2] each."""
    still, steps = np.zeros(2), _NUDGE * np.eye(2)
    first = [_moved(edge, step, still).length - edge.length for step in steps]
    last = [_moved(edge, still, step).length - edge.length for step in steps]
    return np.array(first) / _NUDGE, np.array(last) / _NUDGE


def _graded(panel: Panel, moves: Rules) -> Panel:
    still = np.zeros(2)
    corners = [np.asarray(moves.get((panel.name, edge.name), still)) for edge in panel.edges]
    edges = tuple(
        _moved(edge, first, last)
        for edge, first, last in zip(panel.edges, corners, [*corners[1:], corners[0]], strict=True)
    )
    follow = _Follow(panel.edges, edges, np.array(corners))
    return replace(
        panel,
        edges=edges,
        grain=None if panel.grain is None else panel.grain + np.mean(corners, axis=0),
        lines=tuple(_moved(line, follow(line.start), follow(line.end)) for line in panel.lines),
        marks=tuple(_moved(mark, follow(mark.start), follow(mark.end)) for mark in panel.marks),
        drills=tuple(_drill(drill, follow) for drill in panel.drills),
    )


class _Follow:
    """How what lies inside a piece goes along: on an edge with that edge, else as the nearest corners do, the nearer
    the more."""

    def __init__(self, edges: tuple[Edge, ...], after: tuple[Edge, ...], moves: np.ndarray) -> None:
        self.corners, self.moves, self.after = np.array([edge.start for edge in edges]), moves, after
        ways = [np.linspace(0.0, 1.0, 2 if edge.straight else _STEPS) for edge in edges]
        drawn = [edge.at(way) for edge, way in zip(edges, ways, strict=True)]
        self.edge = np.repeat(np.arange(len(edges)), [len(way) - 1 for way in ways])
        self.share = np.concatenate([np.stack([way[:-1], way[1:]], axis=1) for way in ways])
        self.start = np.concatenate([points[:-1] for points in drawn])
        self.way = np.concatenate([points[1:] - points[:-1] for points in drawn])

    def __call__(self, point: np.ndarray) -> np.ndarray:
        away = np.linalg.norm(self.corners - point, axis=1)
        if away.min() < _AT:
            return self.moves[int(away.argmin())]
        along = np.einsum("ij,ij->i", point - self.start, self.way) / np.maximum((self.way**2).sum(axis=1), 1e-12)
        along = np.clip(along, 0.0, 1.0)
        off = np.linalg.norm(self.start + along[:, None] * self.way - point, axis=1)
        nearest = int(off.argmin())
        if off[nearest] < _ON:
            low, high = self.share[nearest]
            return self.after[self.edge[nearest]].at(np.array([low + along[nearest] * (high - low)]))[0] - point
        weight = away**-3
        return weight @ self.moves / weight.sum()


def _moved(edge: Edge, first: np.ndarray, last: np.ndarray) -> Edge:
    """The edge with its ends moved; what lies between goes along across and up by its share of the way across and up,
    so that a curve that leaves level or upright still does."""
    way = edge.end - edge.start
    length = float(np.linalg.norm(way))
    if length == 0.0:
        return replace(edge, controls=edge.controls + first)
    off = edge.controls - edge.start
    along = np.clip(off @ way / length**2, 0.0, 1.0)[:, None]
    flat = np.abs(way) < _LEVEL * length
    share = np.where(flat, along, np.clip(off / np.where(flat, 1.0, way), -0.5, 1.5))
    share[0], share[-1] = 0.0, 1.0
    return replace(edge, controls=edge.controls + (1.0 - share) * first + share * last)


def _drill(drill: Drill, follow: _Follow) -> Drill:
    x, y = follow(np.array([drill.x, drill.y]))
    return Drill(drill.name, drill.x + float(x), drill.y + float(y))
