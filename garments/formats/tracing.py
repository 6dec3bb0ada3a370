"""Drawn points to edges: lines, arcs and cubics that pass within a tenth of a millimetre of every point.

Corners split a run; between them a circle is tried, then one cubic after the other by least squares with its parameters
refined (Schneider, "An Algorithm for Automatically Fitting Digitized Curves", Graphics Gems 1990).
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np

from garments.edges import Edge, arc, cross, curve, line

NEAR = 1e-4
"""How far [m] an edge may pass from the points that it is traced from."""
_CORNER, _SHARP = np.radians(18.0), np.radians(30.0)
_REFINEMENTS = 50
_HOLD = 0.1
_HOPELESS = 60.0
_DEEPEST = 12
_BULGE = 2e-3
_SHARES = np.linspace(0.0, 1.0, 17)


def traced(points: np.ndarray, corners: np.ndarray | None = None, curved: np.ndarray | None = None) -> list[Edge]:
    """Edges, yet without names, through points [m] [k, 2]. `corners` [k]: which points are corners, beside those that
    turn sharply and are not told to be `curved` [k]; found by the angle alone when None."""
    points, corners, curved = _distinct(np.asarray(points, float), corners, curved)
    if len(points) < 2:
        return []
    curved = np.zeros(len(points), bool) if curved is None else curved
    corners = _bends(points) if corners is None else corners | (_sharp(points) & ~curved)
    stops = np.unique([0, *np.flatnonzero(corners), len(points) - 1])
    edges = []
    for start, stop in pairwise(stops):
        part = points[start : stop + 1]
        run = _run(part, _DEEPEST)
        unsure = 1 + np.flatnonzero(~curved[start + 1 : stop])
        if len(unsure) and _leaves(run, part):
            cuts = pairwise([0, *unsure, len(part) - 1])
            run = [edge for a, b in cuts for edge in _run(part[a : b + 1], _DEEPEST)]
        edges += run
    return edges


def named(edges: Iterable[Edge], prefix: str = "edge") -> tuple[Edge, ...]:
    """The edges, numbered."""
    return tuple(edge.named(f"{prefix}_{number}") for number, edge in enumerate(edges, 1))


def _distinct(points: np.ndarray, *told: np.ndarray | None) -> tuple[Any, ...]:
    """Without points that repeat the one before, and what is told of each of the rest [k]."""
    keep = np.concatenate([[True], np.linalg.norm(np.diff(points, axis=0), axis=1) > 1e-6])
    group = np.cumsum(keep) - 1
    return points[keep], *(None if each is None else np.bincount(group, each) > 0 for each in told)


def _leaves(run: list[Edge], points: np.ndarray) -> bool:
    """Whether edges bulge far between the points: then these are few because they are corners, not because a curve was
    drawn through them."""
    import shapely

    drawn = shapely.LineString(points)
    dense = np.concatenate([edge.at(_SHARES) for edge in run])
    return bool(shapely.distance(shapely.points(dense), drawn).max() > _BULGE)


def _turns(points: np.ndarray) -> np.ndarray:
    """By how much [rad] a line turns at each of its points but the ends, to the left."""
    steps = np.diff(points, axis=0)
    return np.arctan2(cross(steps[:-1], steps[1:]), (steps[:-1] * steps[1:]).sum(axis=1))


def _sharp(points: np.ndarray) -> np.ndarray:
    return np.pad(np.abs(_turns(points)) > _SHARP, 1)


def _bends(points: np.ndarray) -> np.ndarray:
    turn = _turns(points)
    bends = np.pad(np.abs(turn) > _CORNER, 1)
    # A curve of few points turns at each of them; a corner turns much more than the points beside it.
    for k in np.flatnonzero(bends):
        beside = [abs(turn[n - 1]) for n in (k - 1, k + 1) if 1 <= n <= len(turn)]
        bends[k] = abs(turn[k - 1]) > np.pi / 4 or abs(turn[k - 1]) > 2.0 * max(beside, default=0.0)
    return bends


def _run(points: np.ndarray, depth: int) -> list[Edge]:
    """Edges along a run without corners."""
    if len(points) == 2 or _off_chord(points) < 0.2 * NEAR:
        return [line("", points[0], points[-1])]
    round_ = arc("", points[0], points[len(points) // 2], points[-1])
    if len(points) > 4 and _off_arc(points, round_) < 0.2 * NEAR:
        return [round_]
    if len(points) == 3:
        return [curve("", points[0], *_through(points), points[2])]
    edge, off = _cubic(points)
    worst = int(np.argmax(off))
    if off[worst] <= NEAR or depth == 0 or worst in (0, len(points) - 1):
        return [edge]
    return [*_run(points[: worst + 1], depth - 1), *_run(points[worst:], depth - 1)]


def _off_chord(points: np.ndarray) -> float:
    along = points[-1] - points[0]
    size = float(np.linalg.norm(along))
    return float(np.abs(cross(along, points - points[0])).max() / size) if size > 1e-9 else np.inf


def _off_arc(points: np.ndarray, edge: Edge) -> float:
    dense = edge.at(np.linspace(0.0, 1.0, 33))
    a, b, c = dense[0], dense[16], dense[32]
    turn = np.array([a - b, c - b])
    if abs(cross(turn[0], turn[1])) < 1e-12:
        return np.inf
    centre = np.linalg.solve(turn, 0.5 * np.array([a @ a - b @ b, c @ c - b @ b]))
    radius = np.linalg.norm(a - centre)
    return float(abs(np.linalg.norm(points - centre, axis=1) - radius).max()) if radius < 100.0 else np.inf


def _through(points: np.ndarray) -> np.ndarray:
    """The control point of the quadratic through three points, [1, 2]."""
    spans = np.linalg.norm(np.diff(points, axis=0), axis=1)
    t = spans[0] / spans.sum()
    return ((points[1] - (1 - t) ** 2 * points[0] - t**2 * points[2]) / (2 * t * (1 - t)))[None]


def _cubic(points: np.ndarray) -> tuple[Edge, np.ndarray]:
    """The cubic that fits best, and how far it passes from each point [m]."""
    spans = np.linalg.norm(np.diff(points, axis=0), axis=1)
    t = np.concatenate([[0.0], np.cumsum(spans)]) / spans.sum()
    controls = _fitted(points, t)
    t, off = _nearest(points, controls, t, 3)
    hold, slow = _HOLD, 0
    for _ in range(_REFINEMENTS):
        if not 0.01 * NEAR < off.max() < _HOPELESS * NEAR or slow > (30 if off.max() < 4.0 * NEAR else 3):
            break
        moved = _slid(points, controls, t, hold)
        at, away = _nearest(points, moved, t, 3)
        better = (away**2).sum() < (off**2).sum()
        hold = hold / 8.0 if better else hold * 6.0
        slow += not better or (away**2).sum() > 0.6 * (off**2).sum()
        if better:
            controls, t, off = moved, at, away
    return curve("", *controls), off


def _slid(points: np.ndarray, controls: np.ndarray, t: np.ndarray, hold: float) -> np.ndarray:
    """Controls moved so that the curve passes nearer across its direction (tangent distance; Wang, Pottmann and Liu,
    "Fitting B-spline Curves to Point Clouds by Curvature-Based Squared Distance Minimization", 2006), held as
    Levenberg and Marquardt do."""
    at, slope, _ = _derivatives(controls, t)
    across = np.stack([-slope[:, 1], slope[:, 0]], axis=1) / np.maximum(np.linalg.norm(slope, axis=1), 1e-12)[:, None]
    weights = np.stack([3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t)], axis=1)
    left = (weights[:, :, None] * across[:, None]).reshape(-1, 4)
    right = ((points - at) * across).sum(axis=1)
    damped = np.concatenate([left, hold * np.eye(4)])
    step = np.linalg.lstsq(damped, np.concatenate([right, np.zeros(4)]), rcond=None)[0]
    return np.concatenate([controls[:1], controls[1:3] + step.reshape(2, 2), controls[3:]])


def _nearest(points: np.ndarray, controls: np.ndarray, t: np.ndarray, steps: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Parameters nearer to the points' feet on the curve, by Newton's steps, and the distances [m] there."""
    for _ in range(steps):
        at, slope, bend = _derivatives(controls, t)
        down = (slope**2).sum(axis=1) + ((at - points) * bend).sum(axis=1)
        t = t - ((at - points) * slope).sum(axis=1) / np.where(abs(down) > 1e-12, down, 1.0)
        t = np.clip(t, 0.0, 1.0)
        t[0], t[-1] = 0.0, 1.0
    return t, np.linalg.norm(_derivatives(controls, t)[0] - points, axis=1)


def _fitted(points: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Controls [4, 2] of the cubic between the end points that is nearest to all at their parameters."""
    inner = np.stack([3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t)], axis=1)
    rest = points - (1 - t)[:, None] ** 3 * points[0] - t[:, None] ** 3 * points[-1]
    found = np.linalg.lstsq(inner, rest, rcond=None)[0]
    return np.concatenate([points[:1], found, points[-1:]])


def _derivatives(controls: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    a, b, c, d = controls
    u = (1 - t)[:, None]
    t = t[:, None]
    at = u**3 * a + 3 * u**2 * t * b + 3 * u * t**2 * c + t**3 * d
    slope = 3 * (u**2 * (b - a) + 2 * u * t * (c - b) + t**2 * (d - c))
    bend = 6 * (u * (c - 2 * b + a) + t * (d - 2 * c + b))
    return at, slope, bend
