"""Pieces as AAMA-292 DXF text, laid out as AccuMark's own exports are: R12 with an empty HEADER and only piece blocks.

AccuMark takes every block for a piece, so none of the blocks and tables that a DXF library adds may be there.
"""

from collections.abc import Iterator

import numpy as np

from garments.edges import Edge
from garments.formats.pieces import beside
from garments.nest import Nest
from garments.pattern import Panel

BOUNDARY, TURN, CURVE, NOTCH, GRADE, MIRROR, GRAIN, INTERNAL, CUTOUT, DRILL, SEWING = 1, 2, 3, 4, 5, 6, 7, 8, 11, 13, 14
NOTCHES = (NOTCH, 80, 81, 82, 83)
_PER_CURVE = 24
_DOUBLE_APART = 0.006
_MM = 1000.0
_TEXT_HEIGHT = 6.35


def written(nest: Nest) -> bytes:
    """The drawing, in millimetres."""
    lines = ["  0", "SECTION", "  2", "HEADER", "  0", "ENDSEC", "  0", "SECTION", "  2", "BLOCKS"]
    names = []
    for size, pattern in nest.patterns.items():
        for panel in pattern.panels:
            names.append(_block_name(f"{panel.name}_{size}", names))
            lines += _block(names[-1], panel, size)
    lines += ["  0", "ENDSEC", "  0", "SECTION", "  2", "ENTITIES"]
    for name in names:
        lines += _entity("INSERT", BOUNDARY, (2, name), (10, 0.0), (20, 0.0))
    words = (f"Style Name: {_word(nest.name)}", "Author: TOILE", f"Sample Size: {_word(nest.base)}", "Units: METRIC")
    for k, text in enumerate(words):
        lines += _text(text, BOUNDARY, np.array([0.0, -10.0 * (k + 1)]))
    lines += ["  0", "ENDSEC", "  0", "EOF"]
    return ("\r\n".join(lines) + "\r\n").encode("ascii", "replace")


def _block(name: str, panel: Panel, size: str) -> Iterator[str]:
    yield from _entity("BLOCK", 0, (2, name), (70, 64), (10, 0.0), (20, 0.0))
    at = _MM * panel.outline().mean(axis=0)
    told = (
        f"Piece Name: {_word(panel.name)}",
        f"Size: {_word(size)}",
        f"Quantity: {panel.cut.drawn},{panel.cut.mirrored}",
    )
    for k, text in enumerate(told):
        yield from _text(text, BOUNDARY, at - (0.0, 8.0 * k))
    cut = _MM * panel.cutting_line()
    yield from _polyline(np.concatenate([cut, cut[:1]]), BOUNDARY)
    for edge in panel.edges:
        points = _points(edge)
        yield from _polyline(points, SEWING)
        yield from _point(points[0], TURN)
        for point in points[1:-1]:
            yield from _point(point, CURVE)
    for notch in panel.notches:
        for by in (-_DOUBLE_APART / 2, _DOUBLE_APART / 2) if notch.mark == "double" else (0.0,):
            yield from _point(_MM * beside(panel.edges, notch.edge, notch.at, by), NOTCH)
    for drill in panel.drills:
        yield from _point(_MM * np.array([drill.x, drill.y]), DRILL)
    if panel.grain is not None:
        yield from _line(_MM * np.asarray(panel.grain), GRAIN)
        yield from _line(_MM * np.asarray(panel.grain), GRADE)
    for edge in (*panel.edges, *panel.lines, *panel.marks):
        if edge.name == panel.fold:
            yield from _line(_MM * edge.controls[[0, -1]], MIRROR)
    for edge in (*panel.lines, *(mark for mark in panel.marks if mark.name != panel.fold)):
        yield from _polyline(_points(edge), INTERNAL)
    yield from _entity("ENDBLK", 0)


def _points(edge: Edge) -> np.ndarray:
    shares = np.linspace(0.0, 1.0, 2 if edge.straight else _PER_CURVE + 1)
    return _MM * edge.at(shares)


def _polyline(points: np.ndarray, layer: int) -> Iterator[str]:
    if len(points) == 2:
        yield from _line(points, layer)
        return
    yield from _entity("POLYLINE", layer, (66, 1), (70, 0))
    for x, y in points:
        yield from _entity("VERTEX", layer, (10, x), (20, y))
    yield from _entity("SEQEND", layer)


def _line(ends: np.ndarray, layer: int) -> Iterator[str]:
    (a, b), (c, d) = ends
    yield from _entity("LINE", layer, (10, a), (20, b), (11, c), (21, d))


def _point(place: np.ndarray, layer: int) -> Iterator[str]:
    yield from _entity("POINT", layer, (10, place[0]), (20, place[1]))


def _text(text: str, layer: int, place: np.ndarray) -> Iterator[str]:
    yield from _entity("TEXT", layer, (10, place[0]), (20, place[1]), (40, _TEXT_HEIGHT), (1, text))


def _entity(kind: str, layer: int, *values: tuple[int, float | int | str]) -> Iterator[str]:
    yield from ("  0", kind, "  8", str(layer))
    for code, value in values:
        yield f"{code:3d}"
        yield f"{value:.5f}" if isinstance(value, float) else str(value)


def _word(text: str) -> str:
    """A name without what ends a line; letters that R12 does not know as AutoCAD writes them, \\U+ and their number."""
    plain = "".join(letter if letter.isprintable() else "_" for letter in text)[:60]
    return "".join(letter if ord(letter) < 127 else f"\\U+{ord(letter):04X}" for letter in plain)


def _block_name(text: str, taken: list[str]) -> str:
    """A name in letters that every program takes for a block, unlike those taken."""
    name = plain = "".join(letter if 32 <= ord(letter) < 127 else "X" for letter in text)[:60]
    count = 2
    while name in taken:
        name, count = f"{plain}_{count}", count + 1
    return name
