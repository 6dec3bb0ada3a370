"""The nearest point of a surface, found again by walking from where it was: what is asked anew every frame.

A surface and the cloth on it move little from frame to frame, so that the nearest face is the last one or close by.
Some steps downhill over its neighbours find it in a tenth of the time of a tree built anew for a body that changes. The
first faces must come from elsewhere (assets/closest.py), and a nearer wall on the far side of a gap is not seen.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from assets.mesh import frozen
from garments.solvers.membrane import MATH

_FURTHEST = 24


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """A mesh's faces [m, 3], and which faces lie round each of its n vertices: members[starts[i]:starts[i + 1]]."""

    faces: np.ndarray
    starts: np.ndarray
    members: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Feet:
    """Where k points stand on a surface: face [k], barycentric coordinates [k, 3], the nearest point [m] [k, 3], the
    surface's smooth normal there [k, 3], and the height over it [m] [k], negative behind."""

    face: np.ndarray
    share: np.ndarray
    point: np.ndarray
    normal: np.ndarray
    height: np.ndarray


def around(faces: np.ndarray, count: int) -> Around:
    """The neighbourhoods of a mesh of `count` vertices."""
    corners = np.asarray(faces).ravel()
    members = np.argsort(corners, kind="stable") // 3
    starts = np.concatenate([[0], np.cumsum(np.bincount(corners, minlength=count))])
    return Around(
        frozen(np.ascontiguousarray(faces, np.int32)), frozen(starts.astype(np.int32)), frozen(members.astype(np.int32))
    )


def feet(near: Around, vertices: np.ndarray, normals: np.ndarray, points: np.ndarray, last: np.ndarray) -> Feet:
    """Where `points` [m] [k, 3] stand on the surface with these vertices [m] and vertex normals [n, 3], walking there
    from the faces that were `last` [k]."""
    count = len(points)
    face, share, point = np.array(last, np.int32), np.empty((count, 3)), np.empty((count, 3))
    _walk(near.faces, near.starts, near.members, vertices, points, face, share, point)
    normal = np.einsum("kc,kcd->kd", share, normals[near.faces[face]])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    return Feet(face, share, point, normal, np.einsum("kd,kd->k", points - point, normal))


@njit(cache=True, fastmath=MATH)
def _walk(faces, starts, members, vertices, points, face, share, point):
    here, there = np.empty(6), np.empty(6)
    for i in range(len(points)):
        best = _nearest(faces, vertices, face[i], points, i, here)
        for _ in range(_FURTHEST):
            inside = here[0] > 1e-9 and here[1] > 1e-9 and here[2] > 1e-9
            found = -1
            if not inside:
                for k in range(3):
                    if here[k] <= 1e-9:
                        continue
                    corner = faces[face[i], k]
                    for m in range(starts[corner], starts[corner + 1]):
                        if members[m] != face[i]:
                            distance = _nearest(faces, vertices, members[m], points, i, there)
                            if distance < best * (1.0 - 1e-9):
                                best, found = distance, members[m]
            if found < 0:
                break
            face[i] = found
            best = _nearest(faces, vertices, found, points, i, here)
        for k in range(3):
            share[i, k], point[i, k] = here[k], here[3 + k]


@njit(cache=True, fastmath=MATH, inline="always")
def _nearest(faces, vertices, face, points, i, out):
    """Squared distance to a face; into out the barycentric coordinates and the nearest point (Ericson 2005, 5.1.5)."""
    ia, ib, ic = faces[face, 0], faces[face, 1], faces[face, 2]
    ax, ay, az = vertices[ia, 0], vertices[ia, 1], vertices[ia, 2]
    abx, aby, abz = vertices[ib, 0] - ax, vertices[ib, 1] - ay, vertices[ib, 2] - az
    acx, acy, acz = vertices[ic, 0] - ax, vertices[ic, 1] - ay, vertices[ic, 2] - az
    px, py, pz = points[i, 0] - ax, points[i, 1] - ay, points[i, 2] - az
    bb, bc, cc = abx * abx + aby * aby + abz * abz, abx * acx + aby * acy + abz * acz, acx * acx + acy * acy + acz * acz
    d1, d2 = abx * px + aby * py + abz * pz, acx * px + acy * py + acz * pz
    d3, d4, d5, d6 = d1 - bb, d2 - bc, d1 - bc, d2 - cc
    va, vb, vc = d3 * d6 - d5 * d4, d5 * d2 - d1 * d6, d1 * d4 - d3 * d2
    if d1 <= 0.0 and d2 <= 0.0:
        v, w = 0.0, 0.0
    elif d3 >= 0.0 and d4 <= d3:
        v, w = 1.0, 0.0
    elif vc <= 0.0 and d1 >= 0.0 and d3 <= 0.0:
        v, w = d1 / (d1 - d3), 0.0
    elif d6 >= 0.0 and d5 <= d6:
        v, w = 0.0, 1.0
    elif vb <= 0.0 and d2 >= 0.0 and d6 <= 0.0:
        v, w = 0.0, d2 / (d2 - d6)
    elif va <= 0.0 and d4 - d3 >= 0.0 and d5 - d6 >= 0.0:
        w = (d4 - d3) / ((d4 - d3) + (d5 - d6))
        v = 1.0 - w
    else:
        total = va + vb + vc
        v, w = vb / total, vc / total
    x, y, z = px - v * abx - w * acx, py - v * aby - w * acy, pz - v * abz - w * acz
    out[0], out[1], out[2] = 1.0 - v - w, v, w
    out[3], out[4], out[5] = points[i, 0] - x, points[i, 1] - y, points[i, 2] - z
    return x * x + y * y + z * z


def carried(near: Around, feet: Feet, old: np.ndarray, new: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Where points [m] [k, 3] come to when the surface under their feet turns and moves from `old` to `new` vertices
    [m] [n, 3], each going rigidly with its own face."""
    out = np.empty_like(points)
    _carry(near.faces, feet.face, feet.share, old, new, points, out)
    return out


@njit(cache=True, fastmath=MATH)
def _carry(faces, face, share, old, new, points, out):
    one, two, foot = np.empty((3, 3)), np.empty((3, 3)), np.empty((2, 3))
    for i in range(len(points)):
        corners = faces[face[i]]
        _frame(old, corners, one)
        _frame(new, corners, two)
        for k in range(3):
            foot[0, k] = foot[1, k] = 0.0
            for c in range(3):
                foot[0, k] += share[i, c] * old[corners[c], k]
                foot[1, k] += share[i, c] * new[corners[c], k]
        for k in range(3):
            out[i, k] = foot[1, k]
        for a in range(3):
            along = 0.0
            for k in range(3):
                along += one[a, k] * (points[i, k] - foot[0, k])
            for k in range(3):
                out[i, k] += along * two[a, k]


@njit(cache=True, fastmath=MATH, inline="always")
def _frame(vertices, corners, out):
    """Three unit vectors on a face, as rows: along its first edge, its normal, and across."""
    i, j, k = corners[0], corners[1], corners[2]
    a, b, c = vertices[j, 0] - vertices[i, 0], vertices[j, 1] - vertices[i, 1], vertices[j, 2] - vertices[i, 2]
    d, e, f = vertices[k, 0] - vertices[i, 0], vertices[k, 1] - vertices[i, 1], vertices[k, 2] - vertices[i, 2]
    x, y, z = b * f - c * e, c * d - a * f, a * e - b * d
    size, high = max(np.sqrt(a * a + b * b + c * c), 1e-20), max(np.sqrt(x * x + y * y + z * z), 1e-20)
    a, b, c, x, y, z = a / size, b / size, c / size, x / high, y / high, z / high
    out[0, 0], out[0, 1], out[0, 2] = a, b, c
    out[1, 0], out[1, 1], out[1, 2] = x, y, z
    out[2, 0], out[2, 1], out[2, 2] = b * z - c * y, c * x - a * z, a * y - b * x


@njit(cache=True, fastmath=MATH)
def normals(vertices, faces):
    """Unit normals of the vertices [n, 3], weighed by area: assets.mesh.vertex_normals, in a tenth of the time."""
    out = np.zeros_like(vertices)
    for t in range(len(faces)):
        i, j, k = faces[t, 0], faces[t, 1], faces[t, 2]
        a, b, c = vertices[j, 0] - vertices[i, 0], vertices[j, 1] - vertices[i, 1], vertices[j, 2] - vertices[i, 2]
        d, e, f = vertices[k, 0] - vertices[i, 0], vertices[k, 1] - vertices[i, 1], vertices[k, 2] - vertices[i, 2]
        x, y, z = b * f - c * e, c * d - a * f, a * e - b * d
        for corner in (i, j, k):
            out[corner, 0] += x
            out[corner, 1] += y
            out[corner, 2] += z
    for i in range(len(out)):
        size = max(np.sqrt(out[i, 0] ** 2 + out[i, 1] ** 2 + out[i, 2] ** 2), 1e-20)
        for k in range(3):
            out[i, k] /= size
    return out
