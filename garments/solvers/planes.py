"""What cloth sees of the body: tangent planes at the nearest points, asked for again only where something has moved.

In a crease the nearest point jumps from wall to wall: what is pressed in, a vertex or a face, would be thrown between
them for ever. There both walls are kept.
"""

from dataclasses import dataclass, replace

import numpy as np
from numba import njit

from assets.closest import Surface
from assets.mesh import frozen
from garments.solvers import contact
from garments.solvers.membrane import MATH

STALE = 1.0e-3
"""A plane is asked for again when its sample has moved this far [m]."""
TURN = 0.98
"""Two walls of the body whose normals' product is below this make a crease, if one rises before the other: between the
facets of a hollow, too, cloth that feels one at a time is thrown from each to the other."""
CREASE = 6e-3
"""Between walls further apart than this [m] a sample, vertex or middle of a face, finds room; and so far from one it
has left the crease."""


@dataclass(frozen=True, slots=True, eq=False)
class Planes:
    """The nearest surface point of each of n samples: point [m] [n, 3], outward normal, where the sample was then, its
    distance [m] [n]; how firm the skin is there (1 or more); and in a crease the other wall's point and normal (zero
    where there is none)."""

    point: np.ndarray
    normal: np.ndarray
    seen: np.ndarray
    distance: np.ndarray
    firm: np.ndarray
    wall: np.ndarray
    wall_normal: np.ndarray


def unseen(count: int) -> Planes:
    """Planes that are all still to be asked for."""
    nothing = frozen(np.zeros((count, 3)))
    far = frozen(np.full((count, 3), 1e3))
    return Planes(nothing, nothing, far, frozen(np.full(count, -1e9)), frozen(np.ones(count)), nothing, nothing)


def look(
    surface: Surface, planes: Planes, points: np.ndarray, reach: float, room: np.ndarray
) -> tuple[Planes, np.ndarray]:
    """Planes up to date for every sample that may come within `reach` [m], and which those are. They lie above the
    surface by the `room` of its vertices [m] [s]."""
    moved = _lengths(points, planes.seen)
    ask = np.flatnonzero((planes.distance - moved < reach) & (moved > STALE))
    if len(ask):
        # No way to the inside is shorter than the distance.
        found = surface.closest(points[ask], outside=planes.distance[ask] > moved[ask])
        point, normal, seen, distance, wall, wall_normal = (
            getattr(planes, name).copy() for name in ("point", "normal", "seen", "distance", "wall", "wall_normal")
        )
        above = np.einsum("ij,ij->i", found.barycentric, room[surface.faces[found.faces]])
        nearest = found.points + above[:, None] * found.normals
        way = nearest - point[ask]
        rises = np.einsum("ij,ij->i", way, normal[ask]) > 0.0
        turned = np.einsum("ij,ij->i", found.normals, normal[ask]) < TURN
        crease = ask[rises & turned & (np.linalg.norm(way, axis=1) < CREASE)]
        wall[crease], wall_normal[crease] = point[crease], normal[crease]
        point[ask], normal[ask], seen[ask], distance[ask] = nearest, found.normals, points[ask], found.distance - above
        left = ask[np.linalg.norm(points[ask] - wall[ask], axis=1) > CREASE]
        wall_normal[left] = 0.0
        planes = Planes(
            frozen(point), frozen(normal), frozen(seen), frozen(distance), planes.firm, frozen(wall),
            frozen(wall_normal),
        )  # fmt: skip
        moved[ask] = 0.0
    return planes, planes.distance - moved < reach


@njit(cache=True, fastmath=MATH)
def _lengths(one, other):
    """How far points [m] [n, 3] are from others, [n]."""
    out = np.empty(len(one))
    for i in range(len(one)):
        a, b, c = one[i, 0] - other[i, 0], one[i, 1] - other[i, 1], one[i, 2] - other[i, 2]
        out[i] = np.sqrt(a * a + b * b + c * c)
    return out


@njit(cache=True, fastmath=MATH)
def centres(x, faces):
    """The middles of faces [m, 3] with corners at x [m] [n, 3], [m, 3]."""
    out = np.empty((len(faces), 3))
    for t in range(len(faces)):
        i, j, k = faces[t, 0], faces[t, 1], faces[t, 2]
        for p in range(3):
            out[t, p] = (x[i, p] + x[j, p] + x[k, p]) / 3.0
    return out


Wall = tuple[np.ndarray, np.ndarray, np.ndarray]


def walls(planes: Planes, near: np.ndarray) -> tuple[Wall, Wall]:
    """Of the nearest walls, and of the other ones in creases: which samples feel them of those that are near [n], a
    point of each [m] and its normal [n, 3]."""
    creased = near & planes.wall_normal.any(axis=1)
    return (near, planes.point, planes.normal), (creased, planes.wall, planes.wall_normal)


def firmer(planes: Planes, x: np.ndarray, near: np.ndarray, offset: np.ndarray) -> Planes:
    """The same planes after a step that ended at x [m] [n, 3], with firmer skin where cloth sank in too deep."""
    firm = planes.firm.copy()
    contact.firmer(x, near, planes.point, planes.normal, offset, firm)
    return replace(planes, firm=frozen(firm))
