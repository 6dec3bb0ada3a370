"""Bands, stands and collar leaves round the neck: ring sectors whose outer arc is sewn to what they stand on.

The more a band turns, the closer it lies to the shoulders: a neckband lies flat, a mandarin collar or a shirt's stand
rises and leans to the neck (Aldrich, "Metric Pattern Cutting": a stand is shorter above than below).
"""

from itertools import pairwise
from math import cos, pi, sin
from typing import NamedTuple

import numpy as np

from garments.edges import Edge, arc, curve, line
from garments.pattern import Notch, Panel, swapped

FROM_BACK = (("back", "right"), ("front", "right"), ("front", "left"), ("back", "left"))
"""Quarters of the neck in the order of a band that is closed at the centre back."""
FROM_FRONT = (("front", "left"), ("back", "left"), ("back", "right"), ("front", "right"))
"""The same of one that opens at the centre front. Seen from outside this runs from the wearer's left to the right."""


def band(
    name: str,
    lengths: dict[tuple[str, str], float],
    height: float,
    turn: float,
    wraps: str = "neck",
    cut: float = 0.006,
) -> Panel:
    """A ring sector that turns by `turn` [rad]. `lengths` [m] of the sewn edge by part of the neckline and side, in
    their order, as many on each side; edges "outer_front_left" and so on are sewn, "opening_left" and "opening_right"
    are the other side."""
    quarters = list(lengths)
    half = len(quarters) // 2
    radius = sum(lengths.values()) / turn
    angles = 1.5 * pi - 0.5 * turn + np.cumsum([0.0, *lengths.values()]) / radius
    names = [f"outer_{part}_{side}" for part, side in quarters]
    first, last = (quarters[k][1] for k in (0, -1))
    inner = radius - height
    edges = [_ring(each, radius, a, b) for each, (a, b) in zip(names, pairwise(angles), strict=True)]
    edges += [
        line(f"end_{last}", _point(radius, angles[-1]), _point(inner, angles[-1])),
        _ring(f"opening_{last}", inner, angles[-1], angles[half]),
        _ring(f"opening_{first}", inner, angles[half], angles[0]),
        line(f"end_{first}", _point(inner, angles[0]), _point(radius, angles[0])),
    ]
    notches = tuple(Notch(each, 1.0) for each in names[:-1])
    grain = np.array([[0.0, -radius + 0.1 * height], [0.0, -radius + 0.9 * height]])
    return Panel(name, tuple(edges), grain, wraps, cut, notches=notches)


class Fall(NamedTuple):
    """How a collar is cut: its height at the centre back, how high its points stand over the stand's end and how far
    they stand out beyond it [m]; by how much it turns [rad], so that its outer edge goes round what it falls over; and
    how far [m] its ends are sewn to lapels."""

    height: float
    point: float
    spread: float
    turn: float
    sewn: float = 0.0


def leaf(name: str, half: float, fall: Fall) -> Panel:
    """A collar, drawn standing: "lower_left" and "lower_right", `half` [m] long, are sewn to the stand, over which
    it rolls, "gorge_left" and "gorge_right" to lapels."""
    radius = 2.0 * half / fall.turn

    def at(along: float, high: float) -> np.ndarray:
        return _point(radius + high, 0.5 * pi - along / radius) - (0.0, radius)

    top, end = np.array([0.0, fall.height]), at(half, fall.sewn)
    outward = np.array([cos(half / radius), -sin(half / radius)])
    tip = at(half, fall.point) + fall.spread * outward
    right = [arc("lower_right", at(0.0, 0.0), at(0.5 * half, 0.0), at(half, 0.0))]
    right += [line("gorge_right", at(half, 0.0), end)] if fall.sewn > 0.0 else []
    level = np.array([at(0.4 * half, fall.height)[0], fall.height])
    right += [
        line("end_right", end, tip),
        curve("outer_right", tip, 0.6 * tip + 0.4 * at(0.6 * half, fall.height), level, top),
    ]
    edges = (*right, *(edge.mirrored(swapped(edge.name)) for edge in reversed(right)))
    grain = np.array([[-0.3 * half, 0.5 * fall.height], [0.3 * half, 0.5 * fall.height]])
    return Panel(name, edges, grain, "collar", 0.007, notches=(Notch("lower_left", 1.0),))


def _point(distance: float, angle: float) -> np.ndarray:
    return distance * np.array([cos(angle), sin(angle)])


def _ring(name: str, distance: float, start: float, end: float) -> Edge:
    return arc(name, _point(distance, start), _point(distance, 0.5 * (start + end)), _point(distance, end))
