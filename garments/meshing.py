"""Flat panels to triangles: boundaries resampled so that both sides of a seam match, hexagonal inside, Delaunay.

Sides of a seam get the same number of points and share each other's corners, so that they weld one to one. Inner lines
(bust, waist, hip) become rows of edges: no point inside comes near enough to break them (Gabriel's condition), and past
a point of the outline that does they are led. Creases may end on an edge or inside and cross other lines: where they
do, both have a point.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np

from assets.errors import InputRefused
from assets.mesh import edges
from garments.edges import Edge, cross
from garments.pattern import Panel, Pattern, Seam

Fractions = dict[tuple[str, str], np.ndarray]

_MARGIN, _BESIDE_LINE, _ROUND = 0.66, 0.76, 1.02
_SHIFTS, _APART = ((0.0, 0.5), (0.5, 0.0), (0.25, 0.25)), 0.9
"""By how much of a step the grid is shifted to fill what narrow strips it left bare, and how far from its points."""
_ROW = np.sqrt(0.75)
"""How far apart a triangular grid's rows are, in steps."""
_ROUNDS = 4
_REACH, _NEAR_END = 0.51, 0.3
_PARALLEL, _SAME = 1e-12, 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class FlatPanel:
    """A triangulated panel: points [m] [k, 2] in the panel's frame, triangles [t, 3] counter-clockwise, and the point
    numbers along each edge and inner line, ends included."""

    points: np.ndarray
    triangles: np.ndarray
    runs: dict[str, np.ndarray]


def flat_panels(pattern: Pattern, edge: float, tick: Callable[[], None] = lambda: None) -> list[FlatPanel]:
    """All panels, triangulated with edges of about `edge` [m]. Raises InputRefused when one is too small for it. `tick`
    is called between panels and may raise Cancelled."""
    fractions, found = seam_fractions(pattern, edge), []
    for panel in pattern.panels:
        tick()
        found.append(_triangulated(panel, fractions, edge))
    return found


def seam_fractions(pattern: Pattern, edge: float) -> Fractions:
    """Where each edge is divided, as fractions of its own length along its own direction."""
    found: Fractions = {}
    for seam in pattern.seams:
        found |= _divided(pattern, seam, edge)
    for panel in pattern.panels:
        crossings = _crossings(panel) if panel.creases else {}
        for each in (*panel.edges, *panel.lines):
            if (panel.name, each.name) not in found:
                found[panel.name, each.name] = _even(each, edge, crossings.get(each.name, []))
    return found


def _crossings(panel: Panel) -> dict[str, list[float]]:
    """Where inner lines cross each other, as fractions of their lengths, by name."""
    found: dict[str, list[float]] = {}
    ways = {each.name: np.linspace(0.0, 1.0, 2 if each.straight else 65) for each in panel.lines}
    drawn = {each.name: each.at(ways[each.name]) for each in panel.lines}
    for one, two in combinations(ways, 2):
        start, other = drawn[one][:-1, None], drawn[two][None, :-1]
        along, aside = np.diff(drawn[one], axis=0)[:, None], np.diff(drawn[two], axis=0)[None]
        turn = cross(along, aside)
        turn = np.where(np.abs(turn) > _PARALLEL, turn, np.inf)
        shares = cross(other - start, aside) / turn, cross(other - start, along) / turn
        for i, j in np.argwhere(np.all([(share > -_SAME) & (share < 1.0 + _SAME) for share in shares], axis=0)):
            for name, number, share in ((one, i, shares[0][i, j]), (two, j, shares[1][i, j])):
                found.setdefault(name, []).append(float(np.interp(number + share, range(len(ways[name])), ways[name])))
    return found


def _divided(pattern: Pattern, seam: Seam, edge: float) -> Fractions:
    runs = seam.first, seam.second
    lengths = [np.array([pattern.edge(ref).length for ref in run]) for run in runs]
    corners = [np.concatenate([[0.0], np.cumsum(length)]) / length.sum() for length in lengths]
    whole = float(np.mean([length.sum() for length in lengths]))
    stops = _common_stops(corners[0], corners[1], 0.5 * edge / whole)
    counts = np.maximum(1, np.round(whole * np.diff(stops.mean(axis=1)) / edge)).astype(int)
    found: Fractions = {}
    for run, corner, stop in zip(runs, corners, stops.T, strict=True):
        spans = zip(stop[:-1], stop[1:], counts, strict=True)
        places = np.concatenate([*(np.linspace(a, b, n, endpoint=False) for a, b, n in spans), [1.0]])
        for ref, low, high in zip(run, corner[:-1], corner[1:], strict=True):
            inside = places[(places > low - 1e-9) & (places < high + 1e-9)]
            share = (inside - low) / (high - low)
            share[0], share[-1] = 0.0, 1.0
            found[ref.panel, ref.edge] = (1.0 - share)[::-1] if ref.backwards else share
    return found


def _common_stops(first: np.ndarray, second: np.ndarray, near: float) -> np.ndarray:
    """Pairs of fractions at which both sides have a point: corners that meet, and each lone corner's counterpart."""
    pairs = [(a, second[np.argmin(abs(second - a))]) for a in first]
    pairs = [(a, b) if abs(a - b) < near else (a, a) for a, b in pairs]
    taken = {b for _, b in pairs}
    pairs += [(b, b) for b in second if b not in taken]
    return np.array(sorted(pairs))


def _even(edge: Edge, size: float, stops: Sequence[float] = ()) -> np.ndarray:
    """Even steps of about a size [m], with a point at each stop inside."""
    near = _NEAR_END * size / edge.length
    inside = sorted(stop for stop in stops if near < stop < 1.0 - near)
    places = [0.0, *(stop for k, stop in enumerate(inside) if not k or stop - inside[k - 1] > _SAME), 1.0]
    least = 0.5 if len(places) == 2 else 0.8  # Between crossings no longer than a step, that no point is amid two.
    counts = [max(1, int((high - low) * edge.length / size + least)) for low, high in pairwise(places)]
    spans = zip(places, places[1:], counts, strict=False)
    return np.concatenate([*(np.linspace(low, high, count, endpoint=False) for low, high, count in spans), [1.0]])


def _triangulated(panel: Panel, fractions: Fractions, size: float) -> FlatPanel:
    from scipy.spatial import Delaunay

    boundary, runs = _boundary(panel, fractions)
    inner, inner_runs = _inner_lines(panel, fractions, boundary, _REACH * size)
    fixed = np.concatenate([boundary, inner])
    lines = [fixed[inner_runs[line.name]] for line in panel.lines]
    grid = _hexagonal(boundary, inner, lines, size)
    points = np.concatenate([fixed, grid.points])
    numbers = np.concatenate([np.arange(len(fixed)), len(fixed) + np.flatnonzero(~grid.amid)])
    seen = points[numbers]
    triangles = _counter_clockwise(seen, Delaunay(seen).simplices.astype(np.int32))
    triangles = triangles[~grid.covers(seen[triangles].mean(axis=1))]
    triangles = np.concatenate([numbers[triangles], len(fixed) + grid.triangles]).astype(np.int32)
    triangles = _inside_only(points, triangles, boundary, size)
    _require_edges(panel, triangles, len(boundary))
    sides = edges(triangles)
    rows = {name: _by_edges(run, points, sides) for name, run in inner_runs.items()}
    points = _relaxed(points, triangles, len(fixed))
    return FlatPanel(points, triangles, runs | rows)


def _by_edges(run: np.ndarray, points: np.ndarray, sides: np.ndarray) -> np.ndarray:
    """A line's points with each step along an edge of `sides` [e, 2]: where the outline came too near a step, by way of
    its point."""
    steps = np.sort(np.stack([run[:-1], run[1:]], axis=1), axis=1)
    lost = ~np.isin(steps @ (len(points), 1), sides @ (len(points), 1))
    for k in np.flatnonzero(lost)[::-1]:
        one, other = (np.setdiff1d(sides[(sides == end).any(axis=1)], end) for end in steps[k])
        both = np.intersect1d(one, other)
        away = np.hypot(*(points[both] - points[steps[k]].mean(axis=0)).T)
        run = np.insert(run, k + 1, both[np.argsort(away)[:1]])
    return run


def _boundary(panel: Panel, fractions: Fractions) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    pieces = [edge.at(fractions[panel.name, edge.name])[:-1] for edge in panel.edges]
    count = sum(map(len, pieces))
    runs, start = {}, 0
    for edge, piece in zip(panel.edges, pieces, strict=True):
        runs[edge.name] = (start + np.arange(len(piece) + 1)) % count
        start += len(piece)
    return np.concatenate(pieces), runs


def _inner_lines(
    panel: Panel, fractions: Fractions, boundary: np.ndarray, reach: float
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Points inside, and the numbers along each line. An end goes to the point of the outline that is nearest, unless
    none is within `reach` [m]; points where lines cross are the same."""
    points, runs, count, loose = [boundary], {}, len(boundary), bool(panel.creases)
    for line in panel.lines:
        path = line.at(fractions[panel.name, line.name])
        away = [np.hypot(*(boundary - end).T) for end in (path[0], path[-1])]
        ends = [[int(np.argmin(each))] if each.min() <= reach else [] for each in away]
        loose |= not all(ends)
        path = path[len(ends[0]) : len(path) - len(ends[1])]
        runs[line.name] = np.concatenate([ends[0], count + np.arange(len(path)), ends[1]]).astype(int)
        points.append(path)
        count += len(path)
    if not loose:
        return np.concatenate(points[1:] or [np.zeros((0, 2))]), runs
    every = np.concatenate(points)
    _, first, same = np.unique(np.round(every / _SAME), axis=0, return_index=True, return_inverse=True)
    kept = np.unique(first)
    return every[kept[len(boundary) :]], {
        name: np.searchsorted(kept, first[same.ravel()[run]]) for name, run in runs.items()
    }


class _Grid(NamedTuple):
    """Points [m] [k, 2] inside a panel, their triangles [t, 3] as far as they are those of a whole grid, and which
    points [k] have none but such. `filled` tells of every cell of the grid, a sheared one, whether its lower and its
    upper triangle are there [rows, columns, 2]; `origin` [m] is the first cell's corner, `size` [m] the cells'."""

    points: np.ndarray
    triangles: np.ndarray
    amid: np.ndarray
    filled: np.ndarray
    origin: np.ndarray
    size: float

    def covers(self, places: np.ndarray) -> np.ndarray:
        """Whether places [m] [n, 2] lie in the grid's own triangles, [n]."""
        up = (places[:, 1] - self.origin[1]) / (self.size * _ROW)
        across = (places[:, 0] - self.origin[0]) / self.size - 0.5 * up
        row, column = np.floor(up).astype(int), np.floor(across).astype(int)
        rows, columns = self.filled.shape[:2]
        within = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        upper = (up - row + across - column > 1.0).astype(int)
        return within & self.filled[np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1), upper]


def _hexagonal(boundary: np.ndarray, inner: np.ndarray, lines: list[np.ndarray], size: float) -> _Grid:
    """Points of a triangular grid that keep their distance from the boundary and from the points of inner lines, and
    out of the circles on their steps (Gabriel). Where a strip between lines lies between two rows of the grid, points
    of a shifted one stand in. A whole triangle of the grid is Delaunay's, too: whatever lay in its circle would be
    nearer to a corner than any other point may be."""
    import shapely
    from scipy.spatial import cKDTree

    low, high = boundary.min(axis=0), boundary.max(axis=0)
    row = size * _ROW
    rows = np.arange(int(np.ceil((high[1] - low[1]) / row - 0.5)))
    aside, sheared = int(np.ceil(0.5 * (high[0] - low[0]) / size)) + 1, len(rows) // 2
    origin = np.array([0.5 * (low[0] + high[0]) - (aside + sheared) * size, low[1] + 0.5 * row])
    across = np.arange(2 * aside + sheared + 1) + 0.5 * rows[:, None]
    numbers = np.full((len(rows) + 2, across.shape[1]), -1)
    cells = np.nonzero(abs(across - aside - sheared) <= aside)
    grid = origin + np.stack([size * across[cells], row * rows[cells[0]]], axis=1)
    room = shapely.Polygon(boundary).buffer(-_MARGIN * size, quad_segs=2)
    shapely.prepare(room)
    near = cKDTree(inner) if len(inner) else None
    middles = np.concatenate([np.zeros((0, 2)), *(0.5 * (line[1:] + line[:-1]) for line in lines)])
    halves = np.concatenate([np.zeros(0), *(0.5 * np.hypot(*np.diff(line, axis=0).T) for line in lines)])

    def allowed(points: np.ndarray) -> np.ndarray:
        kept = shapely.contains_xy(room, points[:, 0], points[:, 1])
        if near is not None:
            kept[kept] = near.query(points[kept])[0] > _BESIDE_LINE * size
        if len(middles) and kept.any():
            left = np.flatnonzero(kept)
            within = cKDTree(points[left]).query_ball_point(middles, _ROUND * halves)
            kept[left[np.concatenate(within).astype(int)]] = False
        return kept

    kept = allowed(grid)
    found, bare = grid[kept], grid[~kept]
    numbers[cells[0][kept], cells[1][kept]] = np.arange(len(found))
    corners = numbers[:-1, :-1], numbers[:-1, 1:], numbers[1:, :-1], numbers[1:, 1:]
    pairs = np.stack([np.stack([corners[k] for k in each], axis=-1) for each in ((0, 1, 2), (1, 3, 2))], axis=2)
    filled = (pairs >= 0).all(axis=3)
    triangles = pairs[filled]
    amid = np.bincount(triangles.ravel(), minlength=len(found)) == 6
    for aslant, up in _SHIFTS:
        others = bare + np.array([aslant * size, up * row])
        others = others[allowed(others)]
        far = cKDTree(found).query(others)[0] > _APART * size if len(found) else np.ones(len(others), bool)
        found = np.concatenate([found, others[far]])
    return _Grid(found, triangles, np.append(amid, np.zeros(len(found) - len(amid), bool)), filled, origin, size)


def _counter_clockwise(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    area = _doubled_areas(points, triangles)
    triangles[area < 0.0] = triangles[area < 0.0][:, ::-1]
    return triangles


def _inside_only(points: np.ndarray, triangles: np.ndarray, boundary: np.ndarray, size: float) -> np.ndarray:
    """Without slivers and without triangles outside the outline; only those between boundary points can be."""
    import shapely

    triangles = triangles[_doubled_areas(points, triangles) > 1e-5 * size**2]
    doubtful = np.flatnonzero((triangles < len(boundary)).all(axis=1))
    centres = points[triangles[doubtful]].mean(axis=1)
    outside = ~shapely.contains_xy(shapely.Polygon(boundary), centres[:, 0], centres[:, 1])
    return np.delete(triangles, doubtful[outside], axis=0)


def _require_edges(panel: Panel, triangles: np.ndarray, count: int) -> None:
    """Every boundary edge belongs to exactly one triangle, else the outline is too fine for the mesh."""
    directed = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    on_boundary = directed[(directed[:, 1] == (directed[:, 0] + 1) % count) & (directed < count).all(axis=1)]
    if len(np.unique(on_boundary[:, 0])) != count:
        missing = np.setdiff1d(np.arange(count), on_boundary[:, 0])
        raise InputRefused(
            f"panel {panel.name} is too narrow for this mesh: {len(missing)} edges of its outline are lost; "
            "choose a shorter edge length"
        )


def _relaxed(points: np.ndarray, triangles: np.ndarray, fixed: int) -> np.ndarray:
    """Free points drawn to the middle of their neighbours (Laplace), which evens the angles near the boundary."""
    first = np.concatenate([triangles[:, 0], triangles[:, 1], triangles[:, 2]])
    second = np.concatenate([triangles[:, 1], triangles[:, 2], triangles[:, 0]])
    valence = np.maximum(np.bincount(first, minlength=len(points)), 1)[:, None]
    points = points.copy()
    for _ in range(_ROUNDS):
        total = np.stack([np.bincount(first, points[second, k], len(points)) for k in (0, 1)], axis=1)
        moved = points.copy()
        moved[fixed:] = 0.4 * points[fixed:] + 0.6 * (total / valence)[fixed:]
        if (_doubled_areas(moved, triangles) <= 0.0).any():
            break
        points = moved
    return points


def _doubled_areas(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    a, b, c = (points[triangles[:, k]] for k in range(3))
    return (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
