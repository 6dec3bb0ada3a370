"""Bands, stands and collar leaves round the neck: ring sectors whose outer arc is sewn to what they stand on.

The more a band turns, the closer it lies to the shoulders: a neckband lies flat, a mandarin collar or a shirt's stand
rises and leans to the neck (Aldrich, "Metric Pattern Cutting": a stand is shorter above than below).
"""

from itertools import pairwise
from math import cos, pi, sin

import numpy as np

from garments.edges import Edge, arc, line
from garments.pattern import Notch, Panel

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


def leaf(name: str, halves: tuple[float, float], height: float, point: float, spread: float) -> Panel:
    """A shirt's collar, drawn standing: "lower_left" and "lower_right" [m] are sewn to the stand; `height` at the
    centre back, points `point` high [m] that stand out by `spread` [m]."""
    left, right = halves
    low = [np.array([-left, 0.0]), np.array([0.0, 0.0]), np.array([right, 0.0])]
    tips = [np.array([right + spread, point]), np.array([-left - spread, point])]
    top = np.array([0.0, height])
    edges = (
        line("lower_left", low[0], low[1]),
        line("lower_right", low[1], low[2]),
        line("end_right", low[2], tips[0]),
        Edge("outer_right", np.array([tips[0], (0.45 * right, height), top])),
        Edge("outer_left", np.array([top, (-0.45 * left, height), tips[1]])),
        line("end_left", tips[1], low[0]),
    )
    grain = np.array([[-0.3 * left, 0.5 * height], [0.3 * right, 0.5 * height]])
    return Panel(name, edges, grain, "collar", 0.007, notches=(Notch("lower_left", 1.0),))


def _point(distance: float, angle: float) -> np.ndarray:
    return distance * np.array([cos(angle), sin(angle)])


def _ring(name: str, distance: float, start: float, end: float) -> Edge:
    return arc(name, _point(distance, start), _point(distance, 0.5 * (start + end)), _point(distance, end))
