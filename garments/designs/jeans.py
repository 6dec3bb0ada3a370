"""Jeans: close at hip and thigh, a yoke behind in place of darts, patch pockets marked, a shaped waistband.

Source: the jeans of Aldrich, "Metric Pattern Cutting for Menswear", on her trouser block (blocks/legs.py): the
yoke is cut off the back, deeper at the centre than at the side, and its darts are closed.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import cos, sin

import numpy as np

from garments.blocks import legs
from garments.blocks.drafting import Option, chosen, needed, solve_increasing, upright
from garments.blocks.legoutlines import Piece, pieces
from garments.blocks.legseams import PIECES, Stack, sewn
from garments.blocks.shaping import Shaped
from garments.edges import Edge, arc, line
from garments.pattern import Panel, Pattern

NAME = "jeans"
TITLE = "jeans"
FABRIC = "light_denim"
SUITED = ("woven",)
NEEDS = legs.NEEDS
OPTIONS = {
    **legs.OPTIONS,
    "ease_waist": Option(0.015, -0.10, 0.06, "m", "how much larger than the body the waistband is"),
    "ease_hip": Option(0.050, 0.01, 0.12, "m", "ease at the hip"),
    "ease_thigh": Option(0.045, 0.02, 0.08, "m", "least ease at the thigh"),
    "ease_knee": Option(0.055, 0.02, 0.30, "m", "ease at the knee"),
    "ease_hem": Option(0.025, 0.0, 0.40, "m", "how much wider than the calf the hem is"),
    "drop": Option(0.045, 0.0, 0.09, "m", "how far below the waist the waistband's lower edge lies"),
    "yoke": Option(0.065, 0.045, 0.09, "m", "depth of the yoke at the centre back; at the side it is 0.6 of it"),
}
_AT_SIDE = 0.6
_POCKET = np.array([[-0.062, -0.0], [-0.058, -0.125], [0.0, -0.150], [0.058, -0.125], [0.062, -0.0]])
_POCKET_BELOW, _POCKET_FITS = 0.02, 0.21


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """The jeans' pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE, legs.HELPFUL)
    option = chosen(OPTIONS, options, TITLE)
    sizes = legs.leg(body, option)
    front, back = pieces(sizes)
    depth = min(option["yoke"], 0.8 * back.centre[-1].length)
    at_side = min(_AT_SIDE * depth, 0.6 * back.side[-1].length)
    below, upper = _cut(back, depth, at_side)
    yoke = _yoke(sum(edge.length for edge in back.waist.edges if edge.name.startswith("waist")), upper, depth, at_side)
    stacks: list[Stack] = []
    for piece in PIECES:
        part, side = piece.split("_")
        low = legs.panel(below if part == "back" else front, sizes, side)
        if part == "front":
            stacks.append((low,))
        else:
            stacks.append((replace(low, marks=(*low.marks, *_pocket(upper, side))), _sided(yoke, side)))
    return sewn(NAME, tuple(stacks), sizes.band, body, option["drop"])


def _cut(back: Piece, depth: float, at_side: float) -> tuple[Piece, Edge]:
    """What is left of the back below its yoke, and its new upper edge, from centre to side."""
    centre, side = back.centre[-1], back.side[-1]
    centre = centre.part(0.0, 1.0 - depth / centre.length, centre.name)
    side = side.part(0.0, 1.0 - at_side / side.length, side.name)
    upper = line("upper", centre.end, side.end)
    return replace(
        back, centre=(*back.centre[:-1], centre), side=(*back.side[:-1], side), waist=Shaped((upper,))
    ), upper


def _yoke(waist: float, upper: Edge, depth: float, at_side: float) -> Panel:
    """The left yoke: bent until its upper edge is as long as the waist."""

    def point(share: float, bend: float, up: float) -> np.ndarray:
        angle = bend * share
        along, rise = (sin(angle) / bend, (1.0 - cos(angle)) / bend) if bend else (share, 0.0)
        return np.array([upper.length * along - up * sin(angle), upper.length * rise + up * cos(angle)])

    def edges(bend: float) -> tuple[Edge, Edge, Edge, Edge]:
        low = [point(share, bend, 0.0) for share in (-0.5, 0.0, 0.5)]
        high = [point(share, bend, up) for share, up in ((-0.5, at_side), (0.0, 0.5 * (depth + at_side)), (0.5, depth))]
        return (
            arc("lower", *low), line("centre_yoke", low[2], high[2]), arc("waist_0", *high[::-1]),
            line("side_yoke", high[0], low[0]),
        )  # fmt: skip

    bend = solve_increasing(lambda b: -edges(b)[2].length, -waist, -1.2, 2.4)
    return Panel("yoke_left", edges(bend), upright(0.15 * at_side, 0.85 * at_side), "trunk back left", 0.012)


def _sided(yoke: Panel, side: str) -> Panel:
    if side == "left":
        return yoke
    edges = tuple(edge.mirrored(edge.name) for edge in reversed(yoke.edges))
    return replace(yoke, name="yoke_right", edges=edges, wraps="trunk back right")


def _pocket(upper: Edge, side: str) -> tuple[Edge, ...]:
    """Where the patch pocket is set on, square to the yoke's seam."""
    along = (upper.start - upper.end) / upper.length
    turn = np.array([[along[0], along[1]], [-along[1], along[0]]])
    points = (
        upper.at(np.array([0.52]))[0] + min(upper.length / _POCKET_FITS, 1.0) * (_POCKET - (0.0, _POCKET_BELOW)) @ turn
    )
    points = points if side == "left" else points * (-1.0, 1.0)
    return tuple(line(f"place_pocket_{k}", points[k], points[(k + 1) % 5]) for k in range(5))
