"""A tee whose front is split at the centre: sewn shut, or open with fronts that lie over each other."""

from dataclasses import replace

import numpy as np

from garments.edges import line
from garments.garment import Garment, garment
from garments.pattern import EdgeRef, Panel, Pattern, sew


def split(overlap: float = 0.0) -> Garment:
    """The tee with two fronts, sewn at the centre, or, with an overlap [m], open and reaching that far past it."""
    whole = garment("tee")
    pattern = whole.pattern
    assert isinstance(pattern, Pattern)
    front = pattern.panel("front")
    halves = tuple(_half(front, side, overlap) for side in ("left", "right"))
    seams = tuple(replace(s, first=_moved(s.first), second=_moved(s.second)) for s in pattern.seams)
    if not overlap:
        runs = [[edge.name for edge in half.edges if edge.name.startswith("centre")] for half in halves]
        first, second = [f"front_left.{name}" for name in runs[0]], [f"-front_right.{name}" for name in runs[1][::-1]]
        seams += (sew("centre front", first, second),)
    lines = {name: _opened(run) if run[0].panel == "front" else run for name, run in pattern.lines.items()}
    panels = (*halves, *(panel for panel in pattern.panels if panel.name != "front"))
    return replace(whole, pattern=replace(pattern, panels=panels, seams=seams, lines=lines))


def _half(front: Panel, side: str, overlap: float) -> Panel:
    """The wearer's left half as drawn, or the right one, which is its mirror image."""
    hem, neck = front.edge("hem"), front.edge("neck_left")
    own = [edge for edge in front.edges if edge.name.endswith("left")]
    out = np.array([-overlap, 0.0])
    levels = sorted((line.start[1], line.name) for line in front.lines)[::-1]
    stops = [neck.end + out, *((-overlap, y) for y, _ in levels), (-overlap, hem.start[1])]
    names = [*(f"centre_{name}" for _, name in levels), "centre_hem"]
    edges = [line("hem", stops[-1], hem.end), *own]
    edges += [line("step", neck.end, stops[0])] if overlap else []
    edges += [line(name, a, b) for name, a, b in zip(names, stops[:-1], stops[1:], strict=True)]
    lines = [line(each.name, (-overlap, each.start[1]), each.end) for each in front.lines]
    if side == "right":
        edges = [edge.mirrored(edge.name.replace("left", "right")) for edge in reversed(edges)]
        lines = [edge.mirrored(edge.name) for edge in lines]
    return replace(
        front, name=f"front_{side}", wraps=f"trunk front {side}", edges=tuple(edges), lines=tuple(lines), notches=(),
        allowances={}, marks=(), drills=(), fold=None,
    )  # fmt: skip


def _moved(run: tuple[EdgeRef, ...]) -> tuple[EdgeRef, ...]:
    """References to the front's edges, to those of its halves."""
    return tuple(ref._replace(panel=f"front_{ref.edge.split('_')[-1]}") if ref.panel == "front" else ref for ref in run)


def _opened(run: tuple[EdgeRef, ...]) -> tuple[EdgeRef, ...]:
    """A line round the trunk from the left front's edge to the right front's."""
    front, back = run
    return front._replace(panel="front_left"), back, front._replace(panel="front_right")
