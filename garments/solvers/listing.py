"""Pairs of cloth that can come to touch, kept from step to step and listed anew only round what has moved too far.

A vertex may move by its margin from where it was listed before what is near it must be looked for again (Verlet 1967).
A few vertices that slip into a fold do so in every step while all others rest: only their pairs are listed anew.
"""

from collections.abc import Callable

import numpy as np
from numba import njit

from garments.solvers.layers import Pairs
from garments.solvers.proximity import (
    PAIRS,
    apart,
    between_corners,
    boxes,
    cell_of,
    distance_of,
    members,
    overlaps,
    portions,
)

# Where more than this share of the vertices has moved too far, all are listed anew.
MANY = 0.2
Spans = tuple[np.ndarray, np.ndarray]
"""Boxes: lowest and highest corners [m] [k, 3]."""
NO_PAIRS: Pairs = (np.zeros((0, 2), np.int32), np.zeros((0, 2), np.int32))


class Listing:
    """The pairs of one cloth: faces [m, 3], edges [k, 2]."""

    def __init__(self, faces: np.ndarray, edges: np.ndarray, count: int) -> None:
        self._faces, self._edges = faces, edges
        self._points = np.arange(count, dtype=np.int32)[:, None]
        self._places, self._margin = np.zeros((count, 3)), np.full(count, -np.inf)
        self._pairs = NO_PAIRS

    def pairs(
        self, x: np.ndarray, needed: np.ndarray, margin: np.ndarray, tick: Callable[[], None] = lambda: None
    ) -> Pairs:
        """Pairs that can come to touch while no vertex of x [m] [n, 3] moves further than `needed` [m] [n] from what
        all have in common. What must be listed anew is listed for moves of `margin` [m] [n]. `tick` is called between,
        and may raise Cancelled: then all is listed anew the next time."""
        moved = x - self._places
        common = moved.mean(axis=0)
        far = _further(moved, common, self._margin - needed)
        if far.mean() > MANY:
            self._margin = np.full(len(x), -np.inf)
            self._pairs = candidates(x, self._faces, self._edges, margin, tick)
            self._places, self._margin = x.copy(), margin.copy()
        elif far.any():
            self._places[far], self._margin[far] = x[far] - common, margin[far]
            self._pairs = self._renewed(far, tick)
        return self._pairs

    def _renewed(self, far: np.ndarray, tick: Callable[[], None]) -> Pairs:
        """The pairs of vertices that are `far` [n] looked for, all others kept."""
        x, faces, edges, margin = self._places, self._faces, self._edges, self._margin
        far_faces, far_edges = _touching(far, faces), _touching(far, edges)
        facing, crossing = self._pairs
        facing, crossing = _without(facing, far, far_faces), _without(crossing, far_edges, far_edges)
        at_points, at_faces, at_edges = ((each, boxes(x, each, margin)) for each in (self._points, faces, edges))
        # The faces' own cells, for far points too: a small cell only takes more of them for each face.
        some = far_faces if far_faces.any() else slice(None)
        cell = max(cell_of(*(each[some] for each in at_faces[1])), 1e-4)
        found_faces = _met(*at_points, *at_faces, far_faces, cell, tick)
        found_points = _met(*at_faces, *at_points, far, cell, tick)
        found_points = found_points[~far_faces[found_points[:, 0]], ::-1]
        facing_anew = np.concatenate([found_faces, found_points])
        crossing_anew = _once(_met(*at_edges, *at_edges, far_edges, cell, tick), far_edges)
        return (
            np.concatenate([facing, _close(x, faces, edges, facing_anew, 0, margin, tick)]),
            np.concatenate([crossing, _close(x, faces, edges, crossing_anew, 1, margin, tick)]),
        )


def _met(
    one: np.ndarray, around: Spans, other: np.ndarray, beside: Spans, far: np.ndarray, cell: float,
    tick: Callable[[], None],
) -> np.ndarray:  # fmt: skip
    """Numbers of parts whose boxes meet those of others that are `far`, and of those, [k, 2]."""
    some = np.flatnonzero(far)
    found = overlaps(*around, beside[0][some], beside[1][some], one, other[some], cell, False, tick)
    return np.stack([found[:, 0], some[found[:, 1]]], axis=1).astype(np.int32)


def candidates(
    x: np.ndarray, faces: np.ndarray, edges: np.ndarray, margin: np.ndarray, tick: Callable[[], None] = lambda: None
) -> Pairs:
    """Pairs (vertex, face) and (edge, edge), [k, 2] each, that can come to touch while no vertex of x [m] [n, 3] moves
    further than its `margin` [m] [n] from what all have in common. `tick` is called between, and may raise
    Cancelled."""
    points = np.arange(len(x), dtype=np.int32)[:, None]
    spans = [boxes(x, parts, margin) for parts in (points, faces, edges)]
    cell = cell_of(*spans[1])
    facing = overlaps(*spans[0], *spans[1], points, faces, cell, False, tick)
    facing = _close(x, faces, edges, facing, 0, margin, tick)
    crossing = overlaps(*spans[2], *spans[2], edges, edges, cell, True, tick)
    return facing, _close(x, faces, edges, crossing, 1, margin, tick)


def _close(
    x: np.ndarray, faces: np.ndarray, edges: np.ndarray, pairs: np.ndarray, kind: int, margin: np.ndarray,
    tick: Callable[[], None],
) -> np.ndarray:  # fmt: skip
    """Those of pairs that are no further apart than the margins of both sides."""
    each = (pairs[some] for some in portions(len(pairs), PAIRS, tick))
    return np.concatenate([some[_within(x, faces, edges, some, kind, margin)] for some in each])


@njit(cache=True)
def _further(moved, common, most):
    """Which moves [m] [n, 3] differ from the `common` one [3] by more than they may at `most` [m] [n]."""
    out = np.empty(len(moved), np.bool_)
    for i in range(len(moved)):
        a, b, c = moved[i, 0] - common[0], moved[i, 1] - common[1], moved[i, 2] - common[2]
        out[i] = not np.sqrt(a * a + b * b + c * c) <= most[i]
    return out


@njit(cache=True)
def _touching(some, parts):
    """Which parts [k, corners] have a corner among `some` [n]."""
    out = np.zeros(len(parts), np.bool_)
    for i in range(len(parts)):
        for k in range(parts.shape[1]):
            out[i] |= some[parts[i, k]]
    return out


@njit(cache=True)
def _without(pairs, some, others):
    """Those of pairs [k, 2] of which neither is among `some` of the first kind or `others` of the second."""
    out, number = np.empty_like(pairs), 0
    for t in range(len(pairs)):
        a, b = pairs[t]
        if not (some[a] or others[b]):
            out[number, 0], out[number, 1] = a, b
            number += 1
    return out[:number]


@njit(cache=True)
def _once(pairs, far):
    """Pairs [k, 2] of one kind, the lower number first; those of two that are `far` were found from both sides."""
    out, number = np.empty_like(pairs), 0
    for t in range(len(pairs)):
        a, b = pairs[t]
        if a < b or not far[a]:
            out[number, 0], out[number, 1] = min(a, b), max(a, b)
            number += 1
    return out[:number]


@njit(cache=True)
def _within(x, faces, edges, pairs, kind, margin):
    """Which pairs are no further apart than the margins of both sides."""
    kept = np.zeros(len(pairs), np.bool_)
    who, share = np.empty(4, np.int32), np.empty(4)
    for t in range(len(pairs)):
        members(faces, edges, kind, pairs[t, 0], pairs[t, 1], who)
        if kind == 0:
            reach = margin[who[0]] + max(margin[who[1]], margin[who[2]], margin[who[3]])
        else:
            reach = max(margin[who[0]], margin[who[1]]) + max(margin[who[2]], margin[who[3]])
        if between_corners(x, who, kind) <= reach:
            kept[t] = True
        elif apart(x, who, kind) <= reach:
            kept[t] = distance_of(x, faces, edges, kind, pairs[t, 0], pairs[t, 1], who, share) <= reach
    return kept
