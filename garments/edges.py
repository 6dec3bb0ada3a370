"""Edges of pattern pieces: lines, Bezier curves and circular arcs, measured and divided by their length.

A Bezier edge is cut by its polar form (blossoming; Ramshaw 1987), so that a part of a curve lies on the curve.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from math import comb

import numpy as np

from assets.mesh import frozen

_DENSE = np.linspace(0.0, 1.0, 97)


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
            return float(np.hypot(*(self.controls[1] - self.controls[0])))
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
        return Edge(name, (self.controls * (-1.0, 1.0))[::-1], self.kind)

    def part(self, low: float, high: float, name: str) -> "Edge":
        """The piece of the edge between two fractions of its length; an end at 0 or 1 is the edge's own."""
        if self.kind == "arc":
            return Edge(name, self.at(np.array([low, 0.5 * (low + high), high])), "arc")
        low, high = self._parameters(np.array([low, high])).tolist()
        degree = len(self.controls) - 1
        blossom = [_polar_form([high] * k + [low] * (degree - k)) for k in range(degree + 1)]
        return Edge(name, np.array(blossom) @ self.controls)

    def _parameters(self, fractions: np.ndarray) -> np.ndarray:
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
        arc = self.kind == "arc"
        points = _arc_points(self.controls, _DENSE) if arc else _basis(len(self.controls)) @ self.controls
        steps = np.diff(points, axis=0)
        return np.concatenate([[0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))])

    def _points(self, t: np.ndarray) -> np.ndarray:
        if self.kind == "arc":
            return _arc_points(self.controls, t)
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
def _basis(count: int) -> np.ndarray:
    return frozen(_bernstein(count - 1, _DENSE))


def _bernstein(degree: int, t: np.ndarray) -> np.ndarray:
    return np.stack([comb(degree, k) * t**k * (1.0 - t) ** (degree - k) for k in range(degree + 1)], axis=1)


def _polar_form(parameters: list[float]) -> list[float]:
    """The share of each control point in the polar form of a Bezier curve at as many parameters as its degree."""
    shares = [1.0]
    for t in parameters:
        shares = [(1.0 - t) * a + t * b for a, b in zip((*shares, 0.0), (0.0, *shares), strict=True)]
    return shares


def _arc_points(controls: np.ndarray, t: np.ndarray) -> np.ndarray:
    start, through, end = controls
    turn = np.array([start - through, end - through])
    if abs(cross(turn[0], turn[1])) < 1e-12:
        return start + (end - start) * t[:, None]
    right = 0.5 * np.array([start @ start - through @ through, end @ end - through @ through])
    centre = np.linalg.solve(turn, right)
    first, middle, last = (np.arctan2(*(point - centre)[::-1]) for point in (start, through, end))
    sweep = (last - first) % (2 * np.pi)
    if (middle - first) % (2 * np.pi) > sweep:
        sweep -= 2 * np.pi
    angle = first + sweep * t
    points = centre + np.linalg.norm(start - centre) * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    points[t == 0.0], points[t == 1.0] = start, end
    return points
