"""The lines of a pattern's pieces as Qt draws them, in metres: found once, and drawn wherever the sheet is moved to."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPolygonF

from app.flat import Flat
from garments.edges import Edge
from garments.formats.laying import Laid, ticks

SHARES = np.linspace(0.0, 1.0, 25)
_ENDS = np.array([0.0, 1.0])


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """A piece on its sheet [m]: its cutting line, lines and marks within it, notches, edges by name, and its outlines
    in the other sizes by their number."""

    cut: QPainterPath
    lines: QPainterPath
    marks: QPainterPath
    ticks: QPainterPath
    edges: dict[str, QPainterPath]
    sizes: dict[int, QPainterPath]


def paths(flat: Flat, piece: Laid) -> Paths:
    """All lines of a piece."""
    panel, at = piece.panel, piece.at
    return Paths(
        _path([_closed(piece.cut)]),
        _path(_points(line) + at for line in panel.lines),
        _path(_points(line) + at for line in panel.marks),
        _path(tick + at for tick, *_ in ticks(panel)),
        {edge.name: _path([_points(edge) + at]) for edge in panel.edges},
        {
            number: _path(_closed(like.outline(12)) + at for like in pattern.panels if like.name == panel.name)
            for number, (size, pattern) in enumerate(flat.nest)
            if size != flat.cut.size
        },
    )


def _points(edge: Edge) -> np.ndarray:
    return edge.at(_ENDS if edge.straight else SHARES)


def _closed(points: np.ndarray) -> np.ndarray:
    return np.concatenate([points, points[:1]])


def _path(lines: Iterable[np.ndarray]) -> QPainterPath:
    path = QPainterPath()
    for points in lines:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points.tolist()]))
    return path
