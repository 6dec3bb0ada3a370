"""The shapes of an SVG drawing as strokes of edges, where the drawing puts them. Shapes are svgelements' (MIT)."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from assets.errors import BrokenRule
from garments.edges import Edge

_STRAIGHT = 1e4  # An arc of a radius so many times its chord cannot be told from a line.


def strokes(shape: Any) -> Iterator[tuple[Edge, ...]]:
    """Every stroke of a shape that has a length, in pixels, +y up."""
    from svgelements import Path

    for sub in _placed(shape).as_subpaths():
        edges = tuple(_edges(Path(sub)))
        if edges:
            yield edges


def _placed(shape: Any) -> Any:
    """The path of a shape where it lies. A circle that is stretched or skewed is curves: svgelements keeps arcs of it
    that are none."""
    from svgelements import Path

    path = Path(shape)
    turn = path.transform
    aside = abs(turn.a * turn.c + turn.b * turn.d) + abs(turn.a**2 + turn.b**2 - turn.c**2 - turn.d**2)
    if aside > 1e-9 * (turn.a**2 + turn.b**2):
        path.approximate_arcs_with_cubics()
    return path.reify()


def _edges(path: Any) -> Iterator[Edge]:
    from svgelements import Arc, Close, CubicBezier, Line, Move, QuadraticBezier

    for part in path:
        if isinstance(part, Move) or part.start is None or part.end is None:
            continue
        if isinstance(part, Arc):
            if part.rx > _STRAIGHT * abs(part.end - part.start):
                yield _edge("bezier", part.start, part.end)
            elif abs(part.rx - part.ry) < 1e-6 * max(abs(part.rx), 1e-9):
                middle = part.point(0.5)
                yield _edge("arc", part.start, middle, part.end)
            else:
                yield from (_edge("bezier", c.start, c.control1, c.control2, c.end) for c in part.as_cubic_curves())
        elif isinstance(part, CubicBezier):
            yield _edge("bezier", part.start, part.control1, part.control2, part.end)
        elif isinstance(part, QuadraticBezier):
            yield _edge("bezier", part.start, part.control, part.end)
        elif isinstance(part, Line | Close) and abs(part.end - part.start) > 1e-9:
            yield _edge("bezier", part.start, part.end)


def _edge(kind: str, *points: Any) -> Edge:
    controls = np.array([[point.x, -point.y] for point in points], float)
    if not np.isfinite(controls).all() or abs(controls).max() > 1e9:
        raise BrokenRule("a point of it is no number")
    return Edge("", controls, kind)
