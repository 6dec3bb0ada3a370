"""Edges of pattern pieces: lines, Bezier curves and circular arcs, measured and divided by their length.

A Bezier edge is cut by its polar form (blossoming; Ramshaw 1987), so that a part of a curve lies on the curve.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from math import atan2, dist, tau
from typing import NamedTuple

import numpy as np

from assets.mesh import frozen

_DENSE = np.linspace(0.0, 1.0, 97)
_MIRROR = np.array([-1.0, 1.0])


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """One named edge: a Bezier curve of degree 1 to 3 by its control points [m] [k, 2], or the arc through three."""

    name: str
    controls: np.ndarray
    kind: str = "bezier"
    _way: np.ndarray | None = field(init=False, repr=False, default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "controls", frozen(np.asarray(self.controls, float)))

    @property
    def start(self) -> np.ndarray:
        return self.controls[0]

    @property
    def end(self) -> np.ndarray:
        return self.controls[-1]

    @property
    def straight(self) -> bool:
        """Whether the edge was drawn as a straight line."""
        return len(self.controls) == 2

    @property
    def length(self) -> float:
        """Length [m], within 1e-4 of itself."""
        if self.straight:
            return dist(self.controls[0], self.controls[1])
        if self.kind == "arc":
            return _circle(self.controls).length
        return float(self._along()[-1])

    def at(self, fractions: np.ndarray) -> np.ndarray:
        """Points [m] at fractions of the length, [k, 2]; the ends are exact."""
        fractions = np.asarray(fractions, float)
        if self.straight:
            return self.start * (1.0 - fractions[:, None]) + self.end * fractions[:, None]
        return self._points(self._parameters(fractions))

    def sampled(self, count: int) -> np.ndarray:
        """`count` points [m] [count, 2] evenly along the edge, its end left out; the start alone of a straight one."""
        return self.controls[:1] if self.straight else self.at(np.arange(count) / count)

    def reversed(self) -> "Edge":
        return replace(self, controls=self.controls[::-1])

    def named(self, name: str) -> "Edge":
        edge = replace(self, name=name)
        object.__setattr__(edge, "_way", self._way)
        return edge

    def moved(self, by: np.ndarray) -> "Edge":
        """The edge shifted by (x, y) [m]."""
        return replace(self, controls=self.controls + by)

    def mirrored(self, name: str) -> "Edge":
        """Mirrored at x = 0 and run backwards, so that a mirrored outline stays counter-clockwise."""
        return Edge(name, (self.controls * _MIRROR)[::-1], self.kind)

    def part(self, low: float, high: float, name: str) -> "Edge":
        """The piece of the edge between two fractions of its length; an end at 0 or 1 is the edge's own."""
        if self.kind == "arc":
            return Edge(name, self.at(np.array([low, 0.5 * (low + high), high])), "arc")
        low, high = self._parameters(np.array([low, high])).tolist()
        degree = len(self.controls) - 1
        blossom = [_polar_form([high] * k + [low] * (degree - k)) for k in range(degree + 1)]
        return Edge(name, np.array(blossom) @ self.controls)

    def _parameters(self, fractions: np.ndarray) -> np.ndarray:
        if self.kind == "arc":
            return fractions
        along = self._along()
        return np.interp(fractions, along / along[-1], _DENSE)

    def _along(self) -> np.ndarray:
        way = self._way
        if way is None:
            way = self._measured()
            object.__setattr__(self, "_way", way)
        return way

    def _measured(self) -> np.ndarray:
        """How far along the edge its dense points lie [m]."""
        steps = _steps(len(self.controls)) @ self.controls
        way = np.zeros(len(_DENSE))
        np.cumsum(np.hypot(steps[:, 0], steps[:, 1]), out=way[1:])
        return way

    def _points(self, t: np.ndarray) -> np.ndarray:
        if self.kind == "arc":
            return _circle(self.controls).at(t)
        return _bernstein(len(self.controls) - 1, t) @ self.controls


def line(name: str, start: Iterable[float], end: Iterable[float]) -> Edge:
    return Edge(name, np.array([list(start), list(end)]))


def curve(name: str, *controls: Iterable[float]) -> Edge:
    """A quadratic or cubic Bezier edge."""
    return Edge(name, np.array([list(point) for point in controls]))


def arc(name: str, start: Iterable[float], through: Iterable[float], end: Iterable[float]) -> Edge:
    return Edge(name, np.array([list(start), list(through), list(end)]), "arc")


def signed_area(points: np.ndarray) -> float:
    """Area [m2] of a polygon [m] [k, 2]; below nothing when it runs clockwise."""
    return 0.5 * float(cross(points, np.roll(points, -1, axis=0)).sum())


def cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """z of the cross product of plane vectors [..., 2]."""
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


@cache
def _steps(count: int) -> np.ndarray:
    """What each control point adds to the steps between a curve's dense points."""
    return frozen(np.diff(_bernstein(count - 1, _DENSE), axis=0))


def _bernstein(degree: int, t: np.ndarray) -> np.ndarray:
    """The share of each control point at parameters t [k], [k, degree + 1]: the polar form at as many equal ones."""
    rest = 1.0 - t
    shares = [rest, t]
    for _ in range(degree - 1):
        inner = [rest * this + t * before for before, this in pairwise(shares)]
        shares = [rest * shares[0], *inner, t * shares[-1]]
    return np.stack(shares, axis=1)


def _polar_form(parameters: Sequence[float]) -> list[float]:
    """The share of each control point in the polar form of a Bezier curve at as many parameters as its degree."""
    shares = [1.0]
    for t in parameters:
        shares = [(1.0 - t) * a + t * b for a, b in zip((*shares, 0.0), (0.0, *shares), strict=True)]
    return shares


class _Circle(NamedTuple):
    """The circle that an arc is part of: centre (x, y) and radius [m], the angle at which it starts and how far it goes
    [rad], and its ends [m]. The chord's ends alone where the three points lie on a line."""

    centre: tuple[float, float]
    radius: float
    first: float
    sweep: float
    ends: np.ndarray

    @property
    def length(self) -> float:
        return self.radius * abs(self.sweep) if self.radius else dist(*self.ends)

    def at(self, t: np.ndarray) -> np.ndarray:
        """Points [m] at fractions of the sweep; the ends are exact."""
        start, end = self.ends
        if not self.radius:
            return start + (end - start) * t[:, None]
        angle = self.first + self.sweep * t
        points = self.centre + self.radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        points[t == 0.0], points[t == 1.0] = start, end
        return points


def _circle(controls: np.ndarray) -> _Circle:
    """The circle through three points [m]."""
    ends = controls[[0, 2]]
    (x, y), (across, up), (right, high) = controls.tolist()
    ax, ay, bx, by = x - across, y - up, right - across, high - up
    turn = ax * by - ay * bx
    if abs(turn) < 1e-12:
        return _Circle((0.0, 0.0), 0.0, 0.0, 0.0, ends)
    one, two = 0.5 * (ax * ax + ay * ay), 0.5 * (bx * bx + by * by)
    centre = across + (one * by - two * ay) / turn, up + (two * ax - one * bx) / turn
    first, middle, last = (atan2(v - centre[1], u - centre[0]) for u, v in controls.tolist())
    sweep = (last - first) % tau
    if (middle - first) % tau > sweep:
        sweep -= tau
    return _Circle(centre, dist((x, y), centre), first, sweep, ends)
