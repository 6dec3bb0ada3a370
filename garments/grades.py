"""Grading by rules: how far each point of a pattern goes from one size to another, as a table that a grader can edit.

A rule moves a corner of a panel (the point where an edge starts); what lies between two corners goes along in
proportion, as a grader slides a curve. Rules come from two sizes of one pattern, from a table, or, for a pattern that
came in one size only, from how much bodies of a chart differ: each piece then grows across its grain as the girth does
and along it as the back's length does (proportionate grading; Schofield and LaBat 2005 tell where it falls short).
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from assets.errors import InputRefused
from garments.edges import Edge
from garments.pattern import Drill, Panel, Pattern

Rules = Mapping[tuple[str, str], np.ndarray]
"""By (panel, edge): how far [m] [2] the point goes where the edge starts."""
_COLUMNS = ("panel", "point", "size", "x_mm", "y_mm")
_LARGEST = 0.5
_LEVEL = 0.15


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


def proportionate(
    pattern: Pattern, base: Mapping[str, float], body: Mapping[str, float]
) -> dict[tuple[str, str], np.ndarray]:
    """Rules for a pattern cut for one body, by measures [m], to fit another: across the grain by the bust, or by the
    hip of what is worn below; along it by the length of the back."""
    girth = (
        "bust_girth" if any("shoulder" in seam.name or "arm" in seam.name for seam in pattern.seams) else "hip_girth"
    )
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


def _graded(panel: Panel, moves: Rules) -> Panel:
    still = np.zeros(2)
    corners = [np.asarray(moves.get((panel.name, edge.name), still)) for edge in panel.edges]
    edges = tuple(
        _moved(edge, first, last)
        for edge, first, last in zip(panel.edges, corners, [*corners[1:], corners[0]], strict=True)
    )
    starts = np.array([edge.start for edge in panel.edges])
    follow = _Follow(starts, np.array(corners))
    return replace(
        panel,
        edges=edges,
        grain=None if panel.grain is None else panel.grain + np.mean(corners, axis=0),
        lines=tuple(_moved(line, follow(line.start), follow(line.end)) for line in panel.lines),
        marks=tuple(_moved(mark, follow(mark.start), follow(mark.end)) for mark in panel.marks),
        drills=tuple(_drill(drill, follow) for drill in panel.drills),
    )


class _Follow:
    """How what lies inside a piece goes along with its corners: as the nearest do, the nearer the more."""

    def __init__(self, corners: np.ndarray, moves: np.ndarray) -> None:
        self.corners, self.moves = corners, moves

    def __call__(self, point: np.ndarray) -> np.ndarray:
        away = np.linalg.norm(self.corners - point, axis=1)
        if away.min() < 1e-6:
            return self.moves[int(away.argmin())]
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
