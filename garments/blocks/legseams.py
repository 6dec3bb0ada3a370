"""How the pieces of legs are sewn: sides, inside legs, crotch and yokes, under a waistband."""

from collections.abc import Mapping
from itertools import pairwise
from math import cos, sin

import numpy as np

from garments.blocks.shaping import closures, eased
from garments.edges import Edge, arc, line
from garments.pattern import EdgeRef, Notch, Panel, Pattern, Seam, refs, sew

PIECES = ("front_left", "back_left", "back_right", "front_right")
"""The four leg pieces in order round the wearer."""
_LEAST_TURN = 0.01
Stack = tuple[Panel, ...]
"""Panels over each other: a leg piece, and the yoke above it where it has one."""


def sewn(
    name: str,
    stacks: tuple[Stack, ...],
    waistband: tuple[float, float],
    measurements: Mapping[str, float],
    drop: float,
) -> Pattern:
    """The pattern of four stacks of panels, in the order of PIECES, under a waistband of a height [m] and by how much
    [m] it is narrower above."""
    band = _waistband(stacks, *waistband)
    panels = (*(panel for stack in stacks for panel in stack), band)
    seams = (*_seams(stacks), *_waist_seams(stacks, band), *(seam for panel in panels for seam in closures(panel)))
    return Pattern(name, panels, seams, _lines(stacks), dict(measurements), drop=drop)


def _waistband(stacks: tuple[Stack, ...], height: float, narrower: float) -> Panel:
    """A band closed at the centre front, whose upper edge is `narrower` [m] than its lower one, so that it lies against
    the body where that grows; its quarters match the pieces that it is sewn to."""
    along = np.cumsum([0.0, *(sum(edge.length for edge in _waist(stack[-1])) for stack in stacks)])
    turn = max(narrower / height, _LEAST_TURN)
    radius = along[-1] / turn

    def at(where: float, up: float) -> np.ndarray:
        angle = (where - 0.5 * along[-1]) / radius
        return np.array([0.0, radius]) + (radius - up) * np.array([sin(angle), -cos(angle)])

    def ring(name: str, start: float, end: float, up: float) -> Edge:
        return arc(name, at(start, up), at(0.5 * (start + end), up), at(end, up))

    names = [f"lower_{piece}" for piece in PIECES]
    quarters = list(zip(PIECES, pairwise(along), strict=True))
    edges = (
        *(ring(f"lower_{piece}", a, b, 0.0) for piece, (a, b) in quarters),
        line("end_right", at(along[-1], 0.0), at(along[-1], height)),
        *(ring(f"upper_{piece}", b, a, height) for piece, (a, b) in reversed(quarters)),
        line("end_left", at(0.0, height), at(0.0, 0.0)),
    )
    grain = np.array([at(share * along[-1], 0.5 * height) for share in (0.45, 0.55)])
    return Panel("waistband", edges, grain, "trunk", 0.01, notches=tuple(Notch(name, 1.0) for name in names[:3]))


def _waist(top: Panel) -> list[Edge]:
    return [edge for edge in top.edges if edge.name.startswith("waist_")]


def _waist_run(top: Panel) -> tuple[EdgeRef, ...]:
    """The waist edges from the panel's -x side to its +x side."""
    return tuple(EdgeRef(top.name, edge.name, True) for edge in reversed(_waist(top)))


def _waist_seams(stacks: tuple[Stack, ...], band: Panel) -> list[Seam]:
    seams = [sew("waistband", ["waistband.end_right"], ["-waistband.end_left"])]
    for piece, stack in zip(PIECES, stacks, strict=True):
        seams.append(Seam(f"waist {piece}", _waist_run(stack[-1]), refs(f"{band.name}.lower_{piece}")))
    return seams


def _seams(stacks: tuple[Stack, ...]) -> list[Seam]:
    front_left, back_left, back_right, front_right = stacks
    panels = [panel for stack in stacks for panel in stack]
    seams = [
        eased(panels, "side left", _run(front_left, "side", True), _run(back_left, "side", False)),
        eased(panels, "side right", _run(front_right, "side", False), _run(back_right, "side", True)),
        eased(panels, "inside leg left", _run(front_left, "inside", False), _run(back_left, "inside", True)),
        eased(panels, "inside leg right", _run(front_right, "inside", True), _run(back_right, "inside", False)),
    ]
    for part, upward, downward in (("front", front_right, front_left), ("back", back_left, back_right)):
        one, other = (
            _run(stack, "crotch", up) + _run(stack, "centre", up) for stack, up in ((upward, True), (downward, False))
        )
        seams.append(sew(f"crotch {part}", one, other))
    for stack in stacks:
        if len(stack) > 1:
            seams.append(sew(stack[1].name.replace("_", " "), [f"{stack[1].name}.lower"], [f"-{stack[0].name}.upper"]))
    return seams


def _run(stack: Stack, start: str, upward: bool) -> list[str]:
    """The edges of a stack whose names start so, upward; `upward` tells whether the outlines run that way."""
    found = []
    for each in stack:
        names = [edge.name for edge in each.edges if edge.name.startswith(start)]
        found += [f"{each.name}.{name}" for name in names] if upward else [f"-{each.name}.{n}" for n in names[::-1]]
    return found


def _lines(stacks: tuple[Stack, ...]) -> dict[str, tuple[EdgeRef, ...]]:
    """Round the wearer from the top down, then round each leg."""
    waist = tuple(ref for stack in stacks for ref in _waist_run(stack[-1]))
    lines = {
        "top": refs(*(f"-waistband.upper_{piece}" for piece in PIECES)),
        "waistband": waist,
        "hip": refs(*(f"{piece}.hip" for piece in PIECES)),
    }
    for side in ("left", "right"):
        drawn = {each.name for each in (*stacks[0][0].edges, *stacks[0][0].lines)}
        for level in ("thigh", "knee", "hem"):
            if level in drawn:
                lines[f"{level}_{side}"] = refs(f"front_{side}.{level}", f"back_{side}.{level}")
    return lines
