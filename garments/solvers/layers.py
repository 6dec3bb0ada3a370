"""Cloth against cloth: points that come near push apart, and no step carries one through another.

A pair is a vertex and a face, or two edges; its nearest points are shares of four vertices, so both kinds are one
`Links` value. Within a step the direction between the nearest points stays fixed, which makes the push a convex
energy. After a step each pair's motion is compared with its distance (conservative advancement: Li et al. 2021, in
additive form; bounds by vertex after Chen et al. 2025) and cut where the pair could have met: cloth that starts
untangled stays so. The pairs come from boxes in a hash of cells.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numba import njit

from garments.solvers import rims
from garments.solvers.membrane import MATH
from garments.solvers.proximity import PAIRS, apart, distance_of, dot, members, nearest, place, portions
from garments.solvers.rims import crosses
from garments.solvers.sheet import Sheet

# Cloth surfaces keep this far apart [m] beyond their half thicknesses.
GAP = 0.8e-3
# Pressure per depth [Pa/m] between layers.
NORMAL = 2.0e6
# The share of its gap from which a closing pair gets no firmer.
FIRMEST = 0.08
# The share of its distance that a pair may lose in one step, though it need not keep more than this [m], so that layers
# slide; it may lose so little [m] by all means, and keeps so far [m] apart that single precision cannot make it cross.
SHARE, KEPT, FLOOR, BARE = 0.8, 1.0e-4, 2.0e-5, 2.0e-6
# Motions are shortened so many rounds; what would still meet then stops.
ROUNDS = 12
# The longest move of a step, the least that any vertex may make, and how much wider than that pairs are listed so that
# a list serves several steps: as shares of a median edge, for which lists stay short. Where garments lie on each other
# none is longer than CLOSE [m]: closing faster, they crush each other's folds.
LONGEST, LEAST, AMPLE = 0.7, 0.12, 0.05
CLOSE = 4.0e-3
# Pairs further apart than what they keep and this [m] do not come to press on each other within a step's Newton
# iterations: should they meet, their motion is cut. In fine cloth it is a share of a median edge, for what lies beside
# each other in the cloth itself would all be within it.
NEAR, BESIDE = 3.0e-3, 0.34


Pairs = tuple[np.ndarray, np.ndarray]
"""Vertices and faces [k, 2], and edges and edges [l, 2], by their numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """c pairs near each other: four vertices [c, 4], their shares [c, 4] (positive on one side, negative on the other),
    direction that parts them [c, 3], distance to keep [m] [c], stiffness [N/m] [c]."""

    vertices: np.ndarray
    shares: np.ndarray
    normals: np.ndarray
    gaps: np.ndarray
    stiffness: np.ndarray

    def some(self, which: np.ndarray) -> "Links":
        """Those of them that `which` names."""
        return Links(*(getattr(self, field.name)[which] for field in fields(self)))

    @property
    def parts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """As the functions below take it."""
        return self.vertices, self.shares, self.normals, self.gaps, self.stiffness


NONE = Links(
    np.zeros((0, 4), np.int32), np.zeros((0, 4)), np.zeros((0, 3)), np.zeros(0), np.zeros(0)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leash:
    """The least [m] that a step may move any vertex, the most, how much wider pairs are listed, and within how far they
    may come to press on each other in a step."""

    least: float
    most: float
    ample: float
    near: float


def leash(sheet: Sheet) -> Leash:
    """What suits a sheet's edges."""
    most, near = LONGEST * sheet.edge, min(NEAR, BESIDE * sheet.edge)
    return Leash(LEAST * sheet.edge, min(most, CLOSE) if sheet.layer.any() else most, AMPLE * sheet.edge, near)


def near(
    x: np.ndarray,
    faces: np.ndarray,
    edges: np.ndarray,
    pairs: Pairs,
    thickness: np.ndarray,
    area: np.ndarray,
    reach: float,
    tick: Callable[[], None] = lambda: None,
) -> Links:
    """Those candidates that are closer than what they keep plus `reach` [m]; thickness [m], area [m2] by vertex. `tick`
    is called between, and may raise Cancelled."""
    found = [
        [
            Links(*_measure(x, faces, edges, pairs[kind][some], kind, thickness, area, reach))
            for some in portions(len(pairs[kind]), PAIRS, tick)
        ]
        for kind in (0, 1)
    ]
    tick()
    return joined([felt(x, edges, joined(found[0])), *found[1]])


def joined(links: Sequence[Links]) -> Links:
    """All of them, one after another."""
    return Links(*map(np.concatenate, zip(*(each.parts for each in links), strict=True)))


def felt(x: np.ndarray, edges: np.ndarray, facing: Links) -> Links:
    """Of links of a vertex and a face those that press (rims.py), as firm as they do."""
    weights = rims.weights(x, edges, facing.vertices, facing.shares)
    return replace(facing, stiffness=weights * facing.stiffness).some(np.flatnonzero(weights))


def untangled(
    before: np.ndarray, moved: np.ndarray, faces: np.ndarray, edges: np.ndarray, pairs: Pairs,
    between: Callable[[np.ndarray], np.ndarray] = lambda shares: shares,
) -> np.ndarray:  # fmt: skip
    """What of their moves [m] [n, 3] from `before` [m] [n, 3] vertices can make such that no candidate passes through
    itself on the way, [m] [n, 3]. What all move alike is no part of it: it parts nothing. The shares [n] that they can
    make are handed `between` rounds to whoever lowers more of them."""
    scale = np.ones(len(before))
    risky = [_risky(before, moved, scale, faces, edges, pairs[kind], kind) for kind in (0, 1)]
    rounds = 0
    while sum(_cut(before, moved, faces, edges, risky[k], k, scale, rounds < ROUNDS) for k in (0, 1)):
        rounds += 1
        scale = between(scale)
    return scale[:, None] * moved


def risky(
    before: np.ndarray, moved: np.ndarray, faces: np.ndarray, edges: np.ndarray, pairs: Pairs
) -> list[np.ndarray]:
    """The four vertices of each pair that could meet on such moves, [k, 4] of each kind."""
    scale = np.ones(len(before))
    found = [_risky(before, moved, scale, faces, edges, pairs[kind], kind) for kind in (0, 1)]
    facing = np.concatenate([found[0][:, :1], faces[found[0][:, 1]]], axis=1)
    return [facing, edges[found[1]].reshape(-1, 4)]


@njit(cache=True)
def _measure(x, faces, edges, pairs, kind, thickness, area, reach):
    """What Links holds, of those pairs that are near."""
    count = len(pairs)
    vertices, shares = np.empty((count, 4), np.int32), np.empty((count, 4))
    normals, gaps, stiffness = np.empty((count, 3)), np.empty(count), np.empty(count)
    number, widest = 0, GAP + reach + thickness.max()
    who, share, way = np.empty(4, np.int32), np.empty(4), np.empty(3)
    for t in range(count):
        members(faces, edges, kind, pairs[t, 0], pairs[t, 1], who)
        if apart(x, who, kind) > widest:
            continue
        nearest(x, faces, edges, kind, pairs[t, 0], pairs[t, 1], who, share)
        way[:] = 0.0
        gap, mean = GAP, 0.0
        for k in range(4):
            gap += 0.5 * abs(share[k]) * thickness[who[k]]
            mean += 0.25 * area[who[k]]
            for p in range(3):
                way[p] += share[k] * x[who[k], p]
        distance = np.sqrt(dot(way, way))
        if distance > gap + reach or distance < 1e-9:
            continue
        felt = crosses(x, who, share) if kind == 1 else 1.0
        if felt < 1e-6:
            continue
        for k in range(4):
            vertices[number, k], shares[number, k] = who[k], share[k]
        for p in range(3):
            normals[number, p] = way[p] / distance
        gaps[number], stiffness[number] = gap, felt * NORMAL * mean
        number += 1
    return vertices[:number], shares[:number], normals[:number], gaps[:number], stiffness[:number]


@njit(cache=True, inline="always")
def _closing(x, moved, who, kind, share, scale):
    """The width [m] of the slab that parts a pair at right angles to the way between its nearest points, and how much
    of it the pair's motion takes [m]. While that is less the pair cannot meet, however far it slides or opens."""
    a = b = c = 0.0
    for k in range(4):
        i, w = np.uint32(who[k]), share[k]
        a, b, c = a + w * x[i, 0], b + w * x[i, 1], c + w * x[i, 2]
    size = max(np.sqrt(a * a + b * b + c * c), 1e-30)
    a, b, c = a / size, b / size, c / size
    low, high, rises, falls = np.inf, -np.inf, -np.inf, np.inf
    for k in range(4):
        i = np.uint32(who[k])
        at = a * x[i, 0] + b * x[i, 1] + c * x[i, 2]
        way = scale[i] * (a * moved[i, 0] + b * moved[i, 1] + c * moved[i, 2])
        if k < 1 + kind:
            low, falls = min(low, at), min(falls, way)
        else:
            high, rises = max(high, at), max(rises, way)
    return low - high, rises - falls


@njit(cache=True)
def _risky(x, moved, scale, faces, edges, pairs, kind):
    """Those pairs that could meet if some of their vertices moved and others did not."""
    kept = np.zeros(len(pairs), np.bool_)
    who, share, way = np.empty(4, np.int32), np.empty(4), np.empty(len(x))
    for i in range(len(x)):
        way[i] = scale[i] * np.sqrt(dot(place(moved, i), place(moved, i)))
    for t in range(len(pairs)):
        members(faces, edges, kind, pairs[t, 0], pairs[t, 1], who)
        most = 2.0 * max(way[who[0]], way[who[1]], way[who[2]], way[who[3]])
        if most > SHARE * apart(x, who, kind):
            kept[t] = most > SHARE * distance_of(x, faces, edges, kind, pairs[t, 0], pairs[t, 1], who, share)
    return pairs[kept]


@njit(cache=True)
def _free(x, moved, faces, edges, kind, a, b, scale, who, share, there):
    """The part of its motion, 0..1, that a pair can make and keep 1 - SHARE of its distance, or KEPT."""
    distance = distance_of(x, faces, edges, kind, a, b, who, share)
    keep = max(min((1.0 - SHARE) * distance, distance - FLOOR, KEPT), min(0.9 * distance, BARE))
    for k in range(4):
        for p in range(3):
            there[who[k], p] = x[who[k], p]
    part = 0.0
    for _ in range(16):
        width, closing = _closing(there, moved, who, kind, share, scale)
        if closing <= 0.0 or closing * (1.0 - part) <= width - keep:
            return 1.0
        part += max(width - keep, 0.0) / closing
        for k in range(4):
            for p in range(3):
                there[who[k], p] = x[who[k], p] + part * scale[who[k]] * moved[who[k], p]
        distance = distance_of(there, faces, edges, kind, a, b, who, share)
        if distance < 1.1 * keep + 1e-9:
            return part
    return part


@njit(cache=True)
def _cut(x, moved, faces, edges, pairs, kind, scale, patient):
    """Shorten the motion of pairs that would meet, or stop it where patience has ended; how many did."""
    met = 0
    who, share, there = np.empty(4, np.int32), np.empty(4), np.empty_like(x)
    for t in range(len(pairs)):
        part = _free(x, moved, faces, edges, kind, pairs[t, 0], pairs[t, 1], scale, who, share, there)
        if part < 1.0:
            met += 1
            for k in range(4):
                scale[who[k]] *= max(0.9 * part, 0.1) if patient else 0.0
    return met


# Energy of the links ---------------------------------------------------------------------------------------------


@njit(cache=True, fastmath=MATH, inline="always")
def short(x, t, vertices, shares, normals, gaps):
    """How much a pair is nearer than it keeps [m]."""
    total = gaps[t]
    for k in range(4):
        i, w = vertices[t, k], shares[t, k]
        total -= w * (normals[t, 0] * x[i, 0] + normals[t, 1] * x[i, 1] + normals[t, 2] * x[i, 2])
    return total


@njit(cache=True, fastmath=MATH, inline="always")
def pressing(short, gap, stiffness):
    """Energy [J], force [N] and stiffness [N/m] of a pair that is `short` [m] of its gap: as a spring at first, ever
    firmer as the pair closes, and as a spring again from FIRMEST of the gap on."""
    if short <= 0.0:
        return 0.0, 0.0, 0.0
    open_ = 1.0 - short / gap
    part = max(open_, FIRMEST)
    beyond = gap * (part - open_)
    energy = 0.5 * stiffness * gap * gap * (1.0 - part) ** 2 / part
    force, firm = 0.5 * stiffness * gap * (1.0 / (part * part) - 1.0), stiffness / part**3
    return energy + beyond * (force + 0.5 * firm * beyond), force + firm * beyond, firm


@njit(cache=True, fastmath=MATH)
def energy(x, vertices, shares, normals, gaps, stiffness):
    """Stored energy [J]."""
    total = 0.0
    for t in range(len(vertices)):
        total += pressing(short(x, t, vertices, shares, normals, gaps), gaps[t], stiffness[t])[0]
    return total


@njit(cache=True, fastmath=MATH)
def forces(x, vertices, shares, normals, gaps, stiffness, force):
    """Add forces [N] to force [n, 3]."""
    for t in range(len(vertices)):
        push = pressing(short(x, t, vertices, shares, normals, gaps), gaps[t], stiffness[t])[1]
        if push > 0.0:
            for k in range(4):
                for p in range(3):
                    force[vertices[t, k], p] += push * shares[t, k] * normals[t, p]


@njit(cache=True, fastmath=MATH)
def springs(x, vertices, shares, normals, gaps, stiffness) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Those links that push: vertices [k, 4], shares [k, 4] and 3x3 stiffness [N/m] [k, 3, 3], float32."""
    count, number = len(vertices), 0
    who, share = np.empty((count, 4), np.int32), np.empty((count, 4), np.float32)
    matrix = np.empty((count, 3, 3), np.float32)
    for t in range(count):
        firm = pressing(short(x, t, vertices, shares, normals, gaps), gaps[t], stiffness[t])[2]
        if firm <= 0.0:
            continue
        for k in range(4):
            who[number, k], share[number, k] = vertices[t, k], shares[t, k]
        for p in range(3):
            for q in range(3):
                matrix[number, p, q] = firm * normals[t, p] * normals[t, q]
        number += 1
    return who[:number], share[:number], matrix[:number]


@njit(cache=True, fastmath=MATH)
def coming(x, there, vertices, shares, normals, gaps, stiffness):
    """Which links do not push at x and do `there`, [c]."""
    found = np.zeros(len(vertices), np.bool_)
    for t in range(len(vertices)):
        if short(x, t, vertices, shares, normals, gaps) <= 0.0:
            found[t] = short(there, t, vertices, shares, normals, gaps) > 0.0
    return found


@njit(cache=True, fastmath=MATH)
def held(x, vertices, shares, normals, gaps, stiffness, force) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Links that are open and about to push as springs, as `springs` gives them, each held to where it begins to: that
    much is added to force [n, 3]."""
    count = len(vertices)
    who, share = np.empty((count, 4), np.int32), np.empty((count, 4), np.float32)
    matrix = np.empty((count, 3, 3), np.float32)
    for t in range(count):
        push = stiffness[t] * short(x, t, vertices, shares, normals, gaps)
        for k in range(4):
            who[t, k], share[t, k] = vertices[t, k], shares[t, k]
            for p in range(3):
                force[vertices[t, k], p] += push * shares[t, k] * normals[t, p]
        for p in range(3):
            for q in range(3):
                matrix[t, p, q] = stiffness[t] * normals[t, p] * normals[t, q]
    return who, share, matrix
