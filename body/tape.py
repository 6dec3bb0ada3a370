"""Laying a tape on a triangle mesh: plane cuts, hulls, taut arcs; and how each length moves with the body's shape.

A tape bridges hollows: a girth is the perimeter of the convex hull of a plane cut, a taut arc the hull's part between
two points. Where it touches, it lies on mesh edges that the plane crosses, so that its length is a smooth function of a
few vertices: its slope along the shape coefficients is exact and costs no more than the touching points.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import Literal, TypeVar, cast

import numpy as np

from assets.errors import InputRefused

# Edges that all but lie in the plane are left out: where they cross it is ill-defined, and their neighbours cross too.
GRAZING = 0.02
Kind = Literal["open", "closed", "upright", "hanging"]
M = TypeVar("M", bound="Moving")


@dataclass(frozen=True, slots=True, eq=False)
class Moving:
    """A quantity [...] and its slope along the k shape coefficients [..., k]."""

    value: np.ndarray
    slope: np.ndarray

    def __add__(self, other: Moving) -> Moving:
        return Moving(self.value + other.value, self.slope + other.slope)

    def __sub__(self, other: Moving) -> Moving:
        return Moving(self.value - other.value, self.slope - other.slope)

    def __mul__(self, factor: float) -> Moving:
        return Moving(self.value * factor, self.slope * factor)

    def __getitem__(self, item: int) -> Moving:
        return Moving(self.value[item], self.slope[item])


@dataclass(frozen=True, slots=True, eq=False)
class Strand:
    """Where a piece of tape lies: points on mesh edges [p, 2] at shares [p] of their length, joined by straight lines.

    "closed" runs back to its first point. "upright" and "hanging" are measured straight up: from the floor to the one
    point, or between the heights of two; what is hanging is held at the first point.
    """

    edges: np.ndarray
    share: np.ndarray
    kind: Kind = "open"

    def on(self, vertices: np.ndarray) -> np.ndarray:
        """The strand's corners [p, 3] on a surface [n, 3] of the same mesh in any shape and pose."""
        start, end = vertices[self.edges[:, 0]], vertices[self.edges[:, 1]]
        points = start + self.share[:, None] * (end - start)
        return np.concatenate([points, points[:1]]) if self.kind == "closed" else points


@dataclass(frozen=True, slots=True, eq=False)
class Spot(Moving):
    """A point of the surface [3], and where it is: on an edge [2] at a share of its length."""

    edge: np.ndarray
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class Length(Moving):
    """A length [m], and where the tape lay."""

    path: tuple[Strand, ...] = ()

    def __add__(self, other: Moving) -> Length:
        return Length(self.value + other.value, self.slope + other.slope, self.path + getattr(other, "path", ()))

    def __mul__(self, factor: float) -> Length:
        return Length(self.value * factor, self.slope * factor, self.path)

    def among(self, items: list[Length], sign: float) -> Length:
        """The largest of `items` (`sign` 1), or the smallest (-1)."""
        return max(items, key=lambda item: sign * float(item.value))


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A surface in the measuring pose: vertices [n, 3], joints [55, 3] [m]; their slopes [n, 3, k], [55, 3, k]."""

    vertices: np.ndarray
    slopes: np.ndarray
    joints: np.ndarray
    joint_slopes: np.ndarray

    @classmethod
    def still(cls, vertices: np.ndarray, joints: np.ndarray | None = None) -> Figure:
        """Any surface [n, 3] without slopes, with joints [55, 3] where the takes ask for them."""
        vertices = np.asarray(vertices, float)
        joints = np.zeros((0, 3)) if joints is None else np.asarray(joints, float)
        return cls(vertices, np.zeros((*vertices.shape, 0)), joints, np.zeros((*joints.shape, 0)))

    def point(self, vertex: int) -> Spot:
        return Spot(self.vertices[vertex], self.slopes[vertex], np.array([vertex, vertex]), 0.0)

    def between(self, edge: np.ndarray, share: float) -> Spot:
        """The point that divides the way between two vertices [2]."""
        (a, b), (slope_a, slope_b) = self.vertices[edge], self.slopes[edge]
        return Spot(a + share * (b - a), slope_a + share * (slope_b - slope_a), edge, share)

    def joint(self, joint: int) -> Moving:
        return Moving(self.joints[joint], self.joint_slopes[joint])


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """Where a plane (through `origin` [3], unit `normal` [3]) crosses edges [m, 2], at shares [m] of their length."""

    figure: Figure
    edges: np.ndarray
    share: np.ndarray
    points: np.ndarray
    origin: Moving
    normal: Moving

    def nearest(self, place: np.ndarray) -> Spot:
        """The crossing nearest to a place [3]."""
        return self.spot(int(np.linalg.norm(self.points - place, axis=1).argmin()))

    def furthest(self, axis: np.ndarray) -> Spot:
        """The crossing that lies furthest along a direction [3]."""
        return self.spot(int((self.points @ axis).argmax()))

    def moving(self, which: np.ndarray) -> Moving:
        """Points number `which`, [p, 3], with their slopes."""
        start, end = self.edges[which].T
        a, b = self.figure.vertices[start], self.figure.vertices[end]
        slope_a, slope_b = self.figure.slopes[start], self.figure.slopes[end]
        t = self.share[which][:, None, None]
        still = slope_a + t * (slope_b - slope_a)
        normal = self.normal.value
        off_plane = np.einsum("c,pck->pk", normal, still) - normal @ self.origin.slope
        off_plane += (self.points[which] - self.origin.value) @ self.normal.slope
        along = (b - a) / ((b - a) @ normal)[:, None]
        return Moving(self.points[which], still - along[:, :, None] * off_plane[:, None, :])

    def spot(self, number: int) -> Spot:
        """Point `number`."""
        point = self.moving(np.array([number]))[0]
        return Spot(point.value, point.slope, self.edges[number], float(self.share[number]))

    def girth(self) -> Length:
        """Perimeter of the convex hull."""
        hull = _hull(self._flat())
        round_ = _perimeter(self.moving(hull))
        return Length(round_.value, round_.slope, (Strand(self.edges[hull], self.share[hull], "closed"),))

    def extent(self, axis: np.ndarray) -> Length:
        """How far the section reaches along a unit vector [3] in its plane."""
        return span(self.furthest(axis), self.furthest(-axis), axis)

    def _flat(self) -> np.ndarray:
        normal = self.normal.value
        across = _crossing(np.eye(3)[np.abs(normal).argmin()]) @ normal
        across /= np.linalg.norm(across)
        return self.points @ np.stack([across, _crossing(across) @ normal], axis=1)


def cut(figure: Figure, edges: np.ndarray, origin: Moving, normal: Moving) -> Section:
    """Cut mesh edges [e, 2] by a plane. Raises InputRefused where the plane misses the body."""
    above = _along(figure.vertices, normal.value) - origin.value @ normal.value
    side = above < 0
    crossed = edges[side[edges[:, 0]] != side[edges[:, 1]]]
    start, end = figure.vertices[crossed[:, 0]], figure.vertices[crossed[:, 1]]
    rise = above[crossed[:, 1]] - above[crossed[:, 0]]
    steep = np.abs(rise) > GRAZING * np.linalg.norm(end - start, axis=1)
    if steep.sum() < 3:
        raise InputRefused("this body's surface is not where a tape should lie: it cannot be measured")
    share = -above[crossed[steep, 0]] / rise[steep]
    points = start[steep] + share[:, None] * (end - start)[steep]
    return Section(figure, crossed[steep], share, points, origin, normal)


def arc(figure: Figure, edges: np.ndarray, start: Spot, end: Spot, outward: np.ndarray, wide: bool = False) -> Length:
    """Length of a tape pulled taut from `start` to `end` over the surface that bulges `outward` [3] between them.

    It lies in the plane of the two points and `outward`. With `wide` the surface may bulge beyond the two ends.
    """
    gap = end - start
    length = np.linalg.norm(gap.value)
    along = gap.value / length
    normal = unit(crossed(gap, outward))
    section = cut(figure, edges, start, normal)
    beyond = section.points - start.value
    reach, bulge = beyond @ along, beyond @ (_crossing(along) @ normal.value)
    kept = np.flatnonzero((bulge > 0) & (wide | ((reach > 0) & (reach < length))))
    flat = np.concatenate([[[0.0, 0.0], [length, 0.0]], np.stack([reach[kept], bulge[kept]], axis=1)])
    order = _hull(flat) if len(kept) else np.array([0, 1])
    order = np.roll(order, -int(np.flatnonzero(order == 1)[0]))
    over = section.moving(kept)
    points = np.concatenate([[start.value, end.value], over.value])
    slopes = np.concatenate([[start.slope, end.slope], over.slope])
    taut = _perimeter(Moving(points[order], slopes[order])) - distance(start, end)
    lines = np.concatenate([[start.edge, end.edge], section.edges[kept]])[order]
    shares = np.concatenate([[start.share, end.share], section.share[kept]])[order]
    return Length(taut.value, taut.slope, (Strand(lines, shares),))


def unit(vector: Moving) -> Moving:
    """The direction of a vector [3]."""
    length = np.linalg.norm(vector.value)
    value = vector.value / length
    return Moving(value, (vector.slope - np.outer(value, value @ vector.slope)) / length)


def crossed(vector: Moving, direction: np.ndarray) -> Moving:
    """The cross product of a vector [3] with a fixed direction [3]."""
    turn = _crossing(direction)
    return Moving(turn @ vector.value, turn @ vector.slope)


@singledispatch
def distance(start: Moving, end: Moving) -> Length:
    """Straight from one point to another; the path is known between points of the surface."""
    gap = end - start
    length = np.linalg.norm(gap.value)
    return Length(np.asarray(length), gap.value @ gap.slope / length, _straight(start, end))


@singledispatch
def span(start: Spot, end: Spot, axis: np.ndarray) -> Length:
    """How far `start` is before `end` along a unit vector [3]."""
    gap = start - end
    return Length(axis @ gap.value, axis @ gap.slope, _straight(start, end))


def _straight(start: Moving, end: Moving) -> tuple[Strand, ...]:
    if isinstance(start, Spot) and isinstance(end, Spot):
        return (Strand(np.stack([start.edge, end.edge]), np.array([start.share, end.share])),)
    return ()


def mean(*items: M) -> M:
    """Of points or lengths; the paths of all lengths."""
    total: Moving = items[0]
    for item in items[1:]:
        total = total + item
    return cast(M, total * (1.0 / len(items)))


def largest(items: list[Length]) -> Length:
    return items[0].among(items, 1.0)


def smallest(items: list[Length]) -> Length:
    return items[0].among(items, -1.0)


def _crossing(direction: np.ndarray) -> np.ndarray:
    """The matrix [3, 3] that takes a vector to its cross product with a direction [3]."""
    x, y, z = direction
    return np.array([[0.0, z, -y], [-z, 0.0, x], [y, -x, 0.0]])


def _along(points: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Dot products [n] of points [n, 3], term by term: a threaded product of so thin a matrix takes far longer."""
    x, y, z = points.T
    return x * direction[0] + y * direction[1] + z * direction[2]


def _perimeter(corners: Moving) -> Moving:
    """Length round a closed polygon [p, 3]."""
    side = np.roll(corners.value, -1, axis=0) - corners.value
    length = np.linalg.norm(side, axis=1)
    direction = side / np.where(length > 1e-12, length, 1.0)[:, None]
    slope = np.roll(corners.slope, -1, axis=0) - corners.slope
    return Moving(np.asarray(length.sum()), np.einsum("pc,pck->k", direction, slope))


def _hull(flat: np.ndarray) -> np.ndarray:
    """Numbers of the convex hull's corners, in order (Andrew's monotone chain, 1979). Points [p, 2]."""
    order = np.lexsort((flat[:, 1], flat[:, 0]))
    x, y = flat[order].T.tolist()

    def chain(sequence: range) -> list[int]:
        kept: list[int] = []
        for k in sequence:
            while len(kept) > 1:
                a, b = kept[-2], kept[-1]
                if (x[b] - x[a]) * (y[k] - y[a]) - (y[b] - y[a]) * (x[k] - x[a]) > 0:
                    break
                kept.pop()
            kept.append(k)
        return kept[:-1]

    count = len(order)
    return order[chain(range(count)) + chain(range(count - 1, -1, -1))]
