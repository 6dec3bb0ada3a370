"""What drawings have in common, DXF and SVG: strokes that join to outlines, notches and folds that lie on them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from assets.errors import Damaged, TooLarge
from garments.edges import Edge, signed_area
from garments.formats.tracing import named
from garments.pattern import Notch

JOINED = 2e-3
"""Strokes whose ends are nearer than this [m] are meant to join."""
_WIDEST_GAP = 5e-3
_DOUBLE = 0.01
_SHUT = 0.02
_ON_EDGE = 0.06
_WIDEST = 0.25
_MOST_STROKES = 5000
_SQUARE, _SHARE, _FILLED = 0.99, 0.04, 0.25
FRAMED = "A rectangle round all pieces is taken for the edge of the sheet, and left out."


def outline(strokes: Sequence[Sequence[Edge]], what: str, notes: list[str]) -> tuple[Edge, ...]:
    """Runs of edges joined end to end, in whatever order and direction they were drawn, to a closed outline, counter-
    clockwise, its edges numbered. One run alone that ends elsewhere than it began is closed by a straight line. Raises
    Damaged, in which the piece is called `what`, when several leave a gap, TooLarge of more than any piece has."""
    if len(strokes) > _MOST_STROKES:
        raise TooLarge(
            f"the outline of {what} is drawn in {len(strokes):,} lines, and that of a pattern piece in at most "
            f"{_MOST_STROKES:,}"
        )
    chains = _chains([list(stroke) for stroke in strokes if stroke])
    if not chains:
        raise Damaged(f"the outline of {what} is no line: draw it and save it again")
    chain = max(chains, key=lambda each: abs(_area(each)))
    others = [each for each in chains if each is not chain and not _along(each, chain)]
    if others:
        notes.append(f"{len(others)} more lines on the layer of the outline of {what} were left out.")
    if len(strokes) == 1 and len(chain) > 1 and (gap := _gap(chain)) > JOINED:
        chain = [*chain, Edge("", np.array([chain[-1].end, chain[0].start]))]
        if _crosses(chain):
            raise Damaged(f"the outline of {what} is open by {1000 * gap:.1f} mm: close it and save it again")
        notes.append(f"The outline of {what} was open by {1000 * gap:.0f} mm: a straight line closes it.")
    edges, widest = _closed(chain)
    if widest > _WIDEST_GAP:
        raise Damaged(f"the outline of {what} is open by {1000 * widest:.1f} mm: close it and save it again")
    if widest > 1e-5:
        notes.append(f"Gaps of up to {1000 * widest:.2f} mm in the outline of {what} were closed.")
    if _area(edges) < 0.0:
        edges = [edge.reversed() for edge in reversed(edges)]
    if _crosses(edges):
        notes.append(f"The outline of {what} crosses itself: it can be looked at, not sewn.")
    return named(edges)


def closing(strokes: Sequence[np.ndarray], lines: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Which of the lines run from one loose end of the strokes [m] [k, 2] to another."""
    ends = np.array([stroke[side] for stroke in strokes for side in (0, -1)])
    touched = [[(np.linalg.norm(ends - line[side], axis=1) < JOINED).sum() for side in (0, -1)] for line in lines]
    return [line for line, count in zip(lines, touched, strict=True) if count == [1, 1]]


def _chains(strokes: Sequence[list[Edge]]) -> list[list[Edge]]:
    """Strokes joined end to end, each chain as far as it goes or until it is closed."""
    ends = np.array([(stroke[0].start, stroke[-1].end) for stroke in strokes])
    chains = []
    for number, stroke in enumerate(strokes):
        if np.isinf(ends[number, 0, 0]):
            continue
        ends[number], chain, length = np.inf, list(stroke), sum(edge.length for edge in stroke)
        while _gap(chain) > min(JOINED, _SHUT * length):
            away = np.linalg.norm(ends - chain[-1].end, axis=2)
            nearest, turned = divmod(int(np.argmin(away)), 2)
            if not away[nearest, turned] <= max(JOINED, _gap(chain)):
                break
            found = strokes[nearest]
            chain += [edge.reversed() for edge in reversed(found)] if turned else found
            ends[nearest] = np.inf
            length += sum(edge.length for edge in found)
        chains.append(chain)
    return chains


def _gap(chain: Sequence[Edge]) -> float:
    return float(np.linalg.norm(chain[-1].end - chain[0].start))


def _area(chain: Sequence[Edge]) -> float:
    return signed_area(np.concatenate([edge.sampled(16) for edge in chain]))


def _crosses(chain: Sequence[Edge]) -> bool:
    import shapely

    return not shapely.LinearRing(np.concatenate([edge.sampled(12) for edge in chain])).is_simple


def _along(chain: Sequence[Edge], other: Sequence[Edge]) -> bool:
    """Whether a chain runs along another: one drawn twice."""
    import shapely

    first, second = (
        shapely.LineString(np.concatenate([*(e.sampled(16) for e in each), each[-1].end[None]]))
        for each in (chain, other)
    )
    return bool(second.buffer(JOINED).contains(first))


def _closed(chain: list[Edge]) -> tuple[list[Edge], float]:
    """The edges with each end moved onto the next one's start, and the widest gap [m] there was."""
    edges, widest = [], 0.0
    for edge, after in zip(chain, [*chain[1:], chain[0]], strict=True):
        widest = max(widest, float(np.linalg.norm(after.start - edge.end)))
        controls = np.array(edge.controls)
        controls[-1] = after.start
        edges.append(Edge(edge.name, controls, edge.kind))
    return [edge for edge in edges if edge.length > 1e-6], widest


def on_outline(edges: Sequence[Edge], point: np.ndarray) -> tuple[str, float, float]:
    """The edge nearest to a point [m], where along it, and how far off it is [m]."""
    shares = np.linspace(0.0, 1.0, 65)
    best = ("", 0.0, np.inf)
    for edge in edges:
        points = edge.at(shares)
        step, off = np.diff(points, axis=0), point - points[:-1]
        along = np.clip((off * step).sum(axis=1) / np.maximum((step**2).sum(axis=1), 1e-18), 0.0, 1.0)
        away = np.linalg.norm(off - along[:, None] * step, axis=1)
        k = int(np.argmin(away))
        if away[k] < best[2] - 1e-9:
            best = (edge.name, float((k + along[k]) / (len(shares) - 1)), float(away[k]))
    return best


def notched(edges: Sequence[Edge], points: Sequence[np.ndarray]) -> tuple[Notch, ...]:
    """Notches at points [m] near the outline; two side by side are a double one."""
    left, notches = list(points), []
    while left:
        point, mark = left.pop(), "single"
        away = [float(np.linalg.norm(other - point)) for other in left]
        if away and 1e-4 < min(away) < _DOUBLE:
            point, mark = 0.5 * (point + left.pop(int(np.argmin(away)))), "double"
        name, at, off = on_outline(edges, point)
        if off < _ON_EDGE:
            notches.append(Notch(name, min(max(at, 0.0), 1.0), mark))
    return tuple(reversed(notches))


def sheet(shapes: Sequence[Any]) -> int | None:
    """Which of all closed shapes of a drawing is the edge of its sheet: a rectangle that holds all others, among them
    two or more that lie apart, are large and fill a good part of it."""
    import shapely

    if len(shapes) < 3:
        return None
    most = max(range(len(shapes)), key=lambda k: shapes[k].area)
    frame, others = shapes[most], [shape for k, shape in enumerate(shapes) if k != most]
    if (
        frame.area < _SQUARE * frame.envelope.area
        or not shapely.contains(frame.buffer(1e-6 * frame.length), others).all()
    ):
        return None
    large = [shape for shape in others if shape.area > _SHARE * frame.area]
    covered = shapely.union_all(large)
    apart = getattr(covered, "geoms", (covered,))
    return most if len(apart) > 1 and covered.area > _FILLED * frame.area else None


def nested(title: str, count: int, advice: str) -> str:
    """What to tell of a piece that has so many outlines in it, nearly as large as itself."""
    more = f"{count} more outline{'s' if count > 1 else ''} of nearly its size in it"
    return f"Piece {title} has {more}, taken for drawn lines: if they are other sizes, save each by itself{advice}."


def lies_on(edges: Sequence[Edge], first: np.ndarray, second: np.ndarray) -> str | None:
    """The straight edge between two points [m], in either direction, by name."""
    for edge in edges:
        for one, two in ((first, second), (second, first)):
            if edge.straight and max(np.linalg.norm(edge.start - one), np.linalg.norm(edge.end - two)) < JOINED:
                return edge.name
    return None


def at_corners(edges: Sequence[Edge], drawn: Edge) -> bool:
    """Whether an inner line runs from a corner of the outline to another."""
    corners = np.array([edge.start for edge in edges])
    return all(np.linalg.norm(corners - end, axis=1).min() < 5e-5 for end in (drawn.start, drawn.end))


def widths(edges: Sequence[Edge], cut: Sequence[np.ndarray]) -> dict[str, float]:
    """Allowance [m] by edge: how far the cutting line, strokes [m] [k, 2], lies outside the edge's middle. An edge that
    faces another of the same piece before that, as the leg of a dart does, has the commonest width."""
    import shapely

    ring, sewn = shapely.MultiLineString(list(cut)), shapely.LinearRing(np.concatenate([e.sampled(24) for e in edges]))
    found: dict[str, float] = {}
    for edge in edges:
        before, middle, after = edge.at(np.array([0.48, 0.5, 0.52]))
        out = np.array([after[1] - before[1], before[0] - after[0]]) / np.linalg.norm(after - before)
        ray = shapely.LineString([middle + 1e-4 * out, middle + _WIDEST * out])
        start = shapely.Point(middle)
        if shapely.distance(start, ring) < 2e-4:
            found[edge.name] = 0.0
            continue
        cuts, faces = (shapely.distance(start, shapely.intersection(ray, line)) for line in (ring, sewn))
        if np.isfinite(cuts) and not faces <= cuts:
            found[edge.name] = round(float(cuts), 5)
    usual = float(np.median(list(found.values()))) if found else 0.0
    return {edge.name: found.get(edge.name, usual) for edge in edges}
