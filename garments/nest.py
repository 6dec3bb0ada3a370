"""A pattern in its sizes, as it comes from a file and goes to one: the trade calls it a nest.

What a format does not hold is told in `lacks`, so that nobody takes a flat piece for a garment. Between processes a
nest travels as plain values (`packed`, `unpacked`), and what comes out of the reader is checked there: numbers finite,
pieces of a person's size, nothing empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from assets.errors import BrokenRule, Damaged, InputRefused, NothingInIt, TooLarge, plainly
from assets.mesh import frozen
from garments.checking import faults
from garments.edges import Edge
from garments.fastening import Band, Fastening, Spot, Tack
from garments.pattern import Crease, Drill, EdgeRef, Notch, Panel, Pattern, Pieces, Seam

ONE_SIZE = "one size"
LARGEST_PIECE = 8.0
"""No piece of cloth is longer [m]: what seems to be has another unit."""
_MOST_PANELS, _MOST_EDGES = 4_000, 200_000


@dataclass(frozen=True, slots=True, eq=False)
class Nest:
    """A pattern by size, the sizes in their order. `base`: the size that it was drawn in; `placements` [4, 4] by panel:
    where each lies round a standing person [m], where the file tells; `notes`: how the file was understood."""

    name: str
    patterns: Mapping[str, Pattern]
    base: str
    placements: Mapping[str, np.ndarray] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "patterns", MappingProxyType(dict(self.patterns)))
        placed = {name: frozen(np.asarray(matrix, float)) for name, matrix in self.placements.items()}
        object.__setattr__(self, "placements", MappingProxyType(placed))

    @property
    def pattern(self) -> Pattern:
        """The pattern in its base size."""
        return self.patterns[self.base]

    def size(self, name: str) -> Pattern:
        """The pattern in a size. Raises InputRefused."""
        if name not in self.patterns:
            raise InputRefused(f"{self.name} has no size {name!r}: it has {', '.join(self.patterns)}")
        return self.patterns[name]

    def lacks(self) -> str:
        """Why this cannot be draped, one sentence; empty when it can be tried."""
        pattern = self.pattern
        if not pattern.seams:
            return (
                "It cannot be draped yet: the file draws flat pieces and does not say which edges are sewn to which. "
                "Name its seams, or bring it as GarmentCode JSON, which carries them."
            )
        found = faults(pattern)
        return f"It cannot be draped: {'; '.join(found[:3])}." if found else ""


def only(pattern: Pattern, size: str = ONE_SIZE, name: str | None = None) -> Nest:
    """A nest of one size."""
    return Nest(name or pattern.name, {size: pattern}, size)


def packed(nest: Nest) -> dict[str, Any]:
    """The nest as plain values that JSON can say."""
    return {
        "name": nest.name,
        "base": nest.base,
        "sizes": [[size, pattern_packed(pattern)] for size, pattern in nest.patterns.items()],
        "placements": {name: matrix.tolist() for name, matrix in nest.placements.items()},
        "notes": list(nest.notes),
    }


def unpacked(told: dict[str, Any], file: str) -> Nest:
    """The nest again, checked. Raises Damaged, NothingInIt or TooLarge, in which the file is called `file`."""
    try:
        patterns = {str(size): pattern_unpacked(pattern) for size, pattern in told["sizes"]}
        placed = {str(name): np.array(matrix, float).reshape(4, 4) for name, matrix in told["placements"].items()}
        nest = Nest(str(told["name"])[:80], patterns, str(told["base"]), placed, tuple(map(str, told["notes"])))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise Damaged(f"{file} is damaged: what was read of it is no pattern ({plainly(error)})") from error
    _require_sound(nest, file)
    return nest


def _require_sound(nest: Nest, file: str) -> None:
    panels = [panel for pattern in nest.patterns.values() for panel in pattern.panels]
    if not panels or nest.base not in nest.patterns:
        raise NothingInIt(f"{file} has no pattern piece in it: no closed outline was found")
    if len(panels) > _MOST_PANELS or sum(len(panel.edges) for panel in panels) > _MOST_EDGES:
        raise TooLarge(f"{file} has more pieces or points than any garment: split it and try again")
    for panel in panels:
        points = np.concatenate([edge.controls for edge in (*panel.edges, *panel.lines, *panel.marks)])
        if not np.isfinite(points).all():
            raise Damaged(f"{file} is damaged: piece {panel.name} has a point that is no number")
        size = float(np.ptp(panel.outline(4), axis=0).max())
        if not 1e-3 < size < LARGEST_PIECE:
            raise Damaged(
                f"{file}: piece {panel.name} would be {100 * size:.3g} cm long: say in which unit it is drawn"
            )


def pattern_packed(pattern: Pattern) -> dict[str, Any]:
    """A pattern as plain values."""
    return {
        "name": pattern.name,
        "panels": [_panel_packed(panel) for panel in pattern.panels],
        "seams": [[s.name, [*map(list, s.first)], [*map(list, s.second)], s.ease, s.ratio] for s in pattern.seams],
        "lines": {name: [list(ref) for ref in run] for name, run in pattern.lines.items()},
        "measurements": dict(pattern.measurements),
        "fastenings": [_fastening_packed(each) for each in pattern.fastenings],
        "drop": pattern.drop,
    }


def pattern_unpacked(told: dict[str, Any]) -> Pattern:
    """A pattern from plain values. Raises what comes of values that are none."""
    return Pattern(
        str(told["name"])[:80],
        tuple(_panel_unpacked(panel) for panel in told["panels"]),
        tuple(
            Seam(str(name), _refs(first), _refs(second), float(ease), float(ratio))
            for name, first, second, ease, ratio in told["seams"]
        ),
        {str(name): _refs(run) for name, run in told["lines"].items()},
        {str(name): float(value) for name, value in told["measurements"].items()},
        tuple(_fastening_unpacked(each) for each in told.get("fastenings", ())),
        float(told.get("drop", 0.0)),
    )


def _fastening_packed(made: Fastening) -> list:
    if isinstance(made, Band):
        return ["band", made.name, [*map(list, made.run)], made.length, made.stiffness, made.slides]
    return ["tack", made.name, list(made.first), list(made.second), made.length, made.stiffness]


def _fastening_unpacked(told: list) -> Fastening:
    kind, name, *rest = told
    if kind == "band":
        run, length, stiffness, slides = rest
        return Band(str(name), _refs(run), float(length), float(stiffness), bool(slides))
    first, second, length, stiffness = rest
    one, two = (Spot(str(panel), str(edge), float(at)) for panel, edge, at in (first, second))
    return Tack(str(name), one, two, float(length), float(stiffness))


def _panel_packed(panel: Panel) -> dict[str, Any]:
    drawn = {part: [_edge_packed(e) for e in getattr(panel, part)] for part in ("edges", "lines", "marks")}
    return {
        "name": panel.name,
        **drawn,
        "grain": None if panel.grain is None else np.asarray(panel.grain).tolist(),
        "wraps": panel.wraps,
        "allowance": panel.allowance,
        "allowances": dict(panel.allowances),
        "notches": [list(notch) for notch in panel.notches],
        "drills": [list(drill) for drill in panel.drills],
        "fold": panel.fold,
        "cut": list(panel.cut),
        "creases": [list(crease) for crease in panel.creases],
    }


def _panel_unpacked(told: dict[str, Any]) -> Panel:
    return Panel(
        str(told["name"])[:80],
        tuple(map(_edge_unpacked, told["edges"])),
        None if told["grain"] is None else np.array(told["grain"], float).reshape(2, 2),
        str(told["wraps"]),
        float(told["allowance"]),
        {str(name): float(width) for name, width in told["allowances"].items()},
        tuple(Notch(str(edge), float(at), str(mark)) for edge, at, mark in told["notches"]),
        tuple(map(_edge_unpacked, told["lines"])),
        tuple(map(_edge_unpacked, told["marks"])),
        tuple(Drill(str(name), float(x), float(y)) for name, x, y in told["drills"]),
        None if told["fold"] is None else str(told["fold"]),
        Pieces(*map(int, told["cut"])),
        tuple(Crease(str(edge), float(angle)) for edge, angle in told.get("creases", ())),
    )


def _edge_packed(edge: Edge) -> list:
    return [edge.name, edge.controls.tolist(), edge.kind]


def _edge_unpacked(told: list) -> Edge:
    name, controls, kind = told
    points = np.array(controls, float)
    if points.ndim != 2 or points.shape[1] != 2 or not 2 <= len(points) <= 4 or kind not in ("bezier", "arc"):
        raise BrokenRule(f"edge {name} is no curve")
    if kind == "arc" and len(points) != 3:
        raise BrokenRule(f"arc {name} has not three points")
    return Edge(str(name)[:80], points, kind)


def _refs(told: list) -> tuple[EdgeRef, ...]:
    return tuple(EdgeRef(str(panel), str(edge), bool(backwards)) for panel, edge, backwards in told)
