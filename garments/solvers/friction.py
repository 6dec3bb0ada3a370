"""Friction of cloth on cloth: what lies on other cloth holds to it, elastically up to the Coulomb limit, then slips.

One grip a vertex, on the nearest face that it lies on, of another garment or of a fold of its own. What it pulls with
is a vector that is carried from step to step and shortened to what the pressure can hold (return mapping: Cundall and
Strack 1979), so that layers and folds at rest really rest, with a force, instead of creeping. Within a step the limit
stays fixed, which makes the grip a convex energy. Cloth on cloth takes the mean of both fabrics' friction.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from garments.solvers.layers import NONE as NO_LINKS
from garments.solvers.layers import Links, pressing, short
from garments.solvers.membrane import MATH

TANGENT = 0.05
"""Stiffness along the cloth before slip, as a share of the one across."""
REACH = 1e-3
"""What is this much [m] further from a face than it keeps may take a share of the friction there."""


@dataclass(frozen=True, slots=True, eq=False)
class Grips:
    """g grips, each of a vertex on a face: four vertices [g, 4], their shares [g, 4], normal [g, 3], stiffness [N/m]
    before slip [g], how far it is stretched less where its vertex was then [m] [g, 3], both fabrics' friction [g]; and
    the links whose pushes the grips share."""

    vertices: np.ndarray
    shares: np.ndarray
    normals: np.ndarray
    stiffness: np.ndarray
    base: np.ndarray
    friction: np.ndarray
    links: Links

    def holds(self, x: np.ndarray) -> np.ndarray:
        """The largest friction [N] that each grip can take now, [g]."""
        pushes = np.zeros(len(x))
        gripping = np.zeros(len(x), np.bool_)
        gripping[self.vertices[:, 0]] = True
        _pushes(x, *self.links.parts, gripping, pushes)
        return self.friction * pushes[self.vertices[:, 0]]

    @property
    def parts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """As the functions below take it."""
        return self.vertices, self.shares, self.normals, self.stiffness, self.base


NONE = Grips(
    NO_LINKS.vertices, NO_LINKS.shares, NO_LINKS.normals, NO_LINKS.stiffness, NO_LINKS.normals, NO_LINKS.gaps, NO_LINKS
)  # fmt: skip


def grips(links: Links, x: np.ndarray, pulls: np.ndarray, friction: np.ndarray) -> Grips:
    """Grips of vertices on cloth that they lie on, that pull with `pulls` [N] [n, 3] at positions x [m] [n, 3]."""
    way = np.einsum("ck,ckp->cp", links.shares, x[links.vertices])
    apart = np.linalg.norm(way, axis=1)
    facing = np.flatnonzero((links.shares[:, 0] == 1.0) & (apart < links.gaps + REACH))
    own, way = links.vertices[facing, 0], way[facing]
    order = np.lexsort((apart[facing], own))
    nearest = order[np.unique(own[order], return_index=True)[1]]
    chosen = links.some(facing[nearest])
    stick = TANGENT * _firmness(x, *chosen.parts)
    return Grips(
        chosen.vertices, chosen.shares, chosen.normals, stick,
        -pulls[own[nearest]] / stick[:, None] - way[nearest], friction[chosen.vertices[:, :2]].mean(axis=1), links,
    )  # fmt: skip


@njit(cache=True, fastmath=MATH)
def _firmness(x, vertices, shares, normals, gaps, stiffness):
    """How firm each link is now [N/m], [g]."""
    out = np.empty(len(vertices))
    for t in range(len(vertices)):
        firm = pressing(short(x, t, vertices, shares, normals, gaps), gaps[t], stiffness[t])[2]
        out[t] = max(firm, stiffness[t])
    return out


@njit(cache=True, fastmath=MATH)
def _pushes(x, vertices, shares, normals, gaps, stiffness, gripping, out):
    """Add what each link pushes [N] to the vertices that grip there: of a vertex and a face the vertex, of two edges
    all that do, by their shares."""
    for t in range(len(vertices)):
        push = pressing(short(x, t, vertices, shares, normals, gaps), gaps[t], stiffness[t])[1]
        if push <= 0.0:
            continue
        if shares[t, 0] == 1.0:
            out[vertices[t, 0]] += push
            continue
        total = 0.0
        for k in range(4):
            total += abs(shares[t, k]) if gripping[vertices[t, k]] else 0.0
        for k in range(4):
            if gripping[vertices[t, k]]:
                out[vertices[t, k]] += push * abs(shares[t, k]) / total


@njit(cache=True, fastmath=MATH, inline="always")
def _slide(x, t, vertices, shares, normals, base):
    """How far a grip is stretched within the cloth, and its length."""
    a, b, c = base[t, 0], base[t, 1], base[t, 2]
    for k in range(4):
        i, w = vertices[t, k], shares[t, k]
        a += w * x[i, 0]
        b += w * x[i, 1]
        c += w * x[i, 2]
    up = a * normals[t, 0] + b * normals[t, 1] + c * normals[t, 2]
    a, b, c = a - up * normals[t, 0], b - up * normals[t, 1], c - up * normals[t, 2]
    return a, b, c, np.sqrt(a * a + b * b + c * c)


@njit(cache=True, fastmath=MATH)
def energy(x, vertices, shares, normals, stiffness, base, hold):
    """Stored energy [J]."""
    total = 0.0
    for t in range(len(vertices)):
        if hold[t] > 0.0:
            slide = _slide(x, t, vertices, shares, normals, base)[3]
            stiff = stiffness[t]
            most = hold[t] / stiff
            total += 0.5 * stiff * slide * slide if slide < most else hold[t] * (slide - 0.5 * most)
    return total


@njit(cache=True, fastmath=MATH)
def forces(x, vertices, shares, normals, stiffness, base, hold, force):
    """Add forces [N] to force [n, 3]."""
    for t in range(len(vertices)):
        if hold[t] <= 0.0:
            continue
        a, b, c, slide = _slide(x, t, vertices, shares, normals, base)
        stiff = min(stiffness[t], hold[t] / max(slide, 1e-12))
        for k in range(4):
            i, w = vertices[t, k], stiff * shares[t, k]
            force[i, 0] -= w * a
            force[i, 1] -= w * b
            force[i, 2] -= w * c


@njit(cache=True, fastmath=MATH)
def springs(x, vertices, shares, normals, stiffness, base, hold) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Those grips that hold: vertices [k, 4], shares [k, 4] and 3x3 stiffness [N/m] [k, 3, 3], float32."""
    count, number = len(vertices), 0
    who, share = np.empty((count, 4), np.int32), np.empty((count, 4), np.float32)
    matrix = np.empty((count, 3, 3), np.float32)
    for t in range(count):
        if hold[t] <= 0.0:
            continue
        a, b, c, slide = _slide(x, t, vertices, shares, normals, base)
        stick = stiffness[t]
        across = min(stick, hold[t] / max(slide, 1e-12))
        # While it slips the Coulomb force is constant along the slide; the margin lets dragged cloth slip on.
        along = stick if stick * slide < 0.999 * hold[t] else 0.0
        scale = 1.0 / max(slide, 1e-12)
        way = (scale * a, scale * b, scale * c)
        for k in range(4):
            who[number, k], share[number, k] = vertices[t, k], shares[t, k]
        for p in range(3):
            for q in range(3):
                own = across if p == q else 0.0
                matrix[number, p, q] = own - across * normals[t, p] * normals[t, q] + (along - across) * way[p] * way[q]
        number += 1
    return who[:number], share[:number], matrix[:number]


@njit(cache=True, fastmath=MATH)
def pulls(x, vertices, shares, normals, stiffness, base, hold):
    """What friction pulls each gripping vertex with after a step [N], [n, 3]."""
    out = np.zeros_like(x)
    for t in range(len(vertices)):
        if hold[t] > 0.0:
            a, b, c, slide = _slide(x, t, vertices, shares, normals, base)
            stiff = min(stiffness[t], hold[t] / max(slide, 1e-12))
            i = vertices[t, 0]
            out[i, 0], out[i, 1], out[i, 2] = -stiff * a, -stiff * b, -stiff * c
    return out
