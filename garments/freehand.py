"""Points of a pattern from elsewhere, dragged by hand: there are no options that could follow, so points themselves go.

What lies between two corners goes along in proportion, as a grader slides a curve (garments/grades.py); the other half
of a piece that is cut on the fold, and a piece's twin on the wearer's other side, go along mirrored. Seams stay sewn:
where one side has become longer than the other, the difference is eased in, and told, as a cutter would pin it before
she corrects the other piece.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from assets.errors import InputRefused
from garments.checking import faults
from garments.grades import graded
from garments.handles import Handle
from garments.pattern import SEAM_TOLERANCE, Panel, Pattern, Seam, swapped

_TWIN = 0.01
"""How far [m] a corner may lie from where its twin's mirror image is."""
_ON_CORNER = 1e-9


class Dragged(NamedTuple):
    """The pattern after a drag, and sentences about seams whose sides no longer match as they did."""

    pattern: Pattern
    told: tuple[str, ...]


def dragged(pattern: Pattern, handle: Handle, place: np.ndarray) -> Dragged:
    """The pattern with a point brought to a place in its panel [m] [2]: a corner alone; from the middle of an edge the
    whole edge, straight across. Raises InputRefused, naming the fault, where it could not be cut or sewn so."""
    panel = pattern.panel(handle.panel)
    by = np.asarray(place, float) - handle.on(pattern)
    numbers = {edge.name: k for k, edge in enumerate(panel.edges)}
    number = numbers[handle.edge]
    if handle.at == 0.0:
        corners = [number]
    else:
        edge = panel.edges[number]
        along = (edge.end - edge.start) / max(float(np.linalg.norm(edge.end - edge.start)), _ON_CORNER)
        by = by - (by @ along) * along
        corners = [number, (number + 1) % len(panel.edges)]
    ways = _both_halves(panel, dict.fromkeys(corners, by))
    moves = {(panel.name, panel.edges[k].name): way for k, way in ways.items()} | _twin_moves(pattern, panel, ways)
    moved = graded(pattern, moves)
    seams = tuple(_eased(moved, seam) for seam in pattern.seams)
    made = replace(moved, seams=seams)
    before = set(faults(pattern))
    wrong = [fault for fault in faults(made) if fault not in before]
    if wrong:
        raise InputRefused(wrong[0])
    told = (_difference(before, after) for before, after in zip(pattern.seams, seams, strict=True))
    return Dragged(made, tuple(filter(None, told)))


def _both_halves(panel: Panel, ways: dict[int, np.ndarray]) -> dict[int, np.ndarray]:
    """The ways of corners with those of the corners opposite, where the panel is to be cut on a fold within it."""
    fold = next((e for e in (*panel.lines, *panel.marks) if e.name == panel.fold), None)
    if fold is None:
        return ways
    along = (fold.end - fold.start) / fold.length
    turn = 2.0 * np.outer(along, along) - np.eye(2)
    starts = np.array([edge.start for edge in panel.edges])
    image = fold.start + (starts - fold.start) @ turn
    opposite = np.linalg.norm(image[:, None] - starts[None], axis=2)
    found = dict(ways)
    for k, way in ways.items():
        other = int(opposite[k].argmin())
        if opposite[k, other] < _TWIN:
            found[other] = 0.5 * (ways[other] + turn @ way) if other in ways else turn @ way
    return found


def _twin_moves(pattern: Pattern, panel: Panel, ways: dict[int, np.ndarray]) -> dict[tuple[str, str], np.ndarray]:
    """The mirrored ways of the same corners of the panel's twin; nothing where it has none."""
    twin = next((p for p in pattern.panels if p.name == swapped(panel.name) != panel.name), None)
    if twin is None or len(twin.edges) != len(panel.edges):
        return {}
    ours, theirs = (np.array([edge.start for edge in each.edges]) for each in (panel, twin))
    mirror = np.array([-1.0, 1.0])
    image = (ours - 0.5 * (ours.min(axis=0) + ours.max(axis=0))) * mirror
    away = np.linalg.norm(image[:, None] - (theirs - 0.5 * (theirs.min(axis=0) + theirs.max(axis=0)))[None], axis=2)
    if away.min(axis=1).max() > _TWIN:
        return {}
    return {(twin.name, twin.edges[int(away[k].argmin())].name): way * mirror for k, way in ways.items()}


def _eased(pattern: Pattern, seam: Seam) -> Seam:
    """The seam with the ease that the lengths of its sides now ask for; as it was where they still match."""
    ease = pattern.length(seam.first) - seam.ratio * pattern.length(seam.second)
    return seam if abs(ease - seam.ease) <= SEAM_TOLERANCE else replace(seam, ease=ease)


def _difference(before: Seam, after: Seam) -> str:
    if after is before:
        return ""
    more = 100.0 * (after.ease - before.ease)
    panel = (after.first if more > 0.0 else after.second)[0].panel.replace("_", " ")
    return f"{panel} is {abs(more):.1f} cm longer than before at its seam {after.name.replace('_', ' ')}: eased in"
