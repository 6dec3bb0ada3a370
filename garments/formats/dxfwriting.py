"""Pieces as AAMA-292 DXF text, laid out as AccuMark's own exports are: R12 with an empty HEADER and only piece blocks.

AccuMark takes every block for a piece, so none of the blocks and tables that a DXF library adds may be there. Every
point of a line on layers 1, 8 and 14 is a turn or a curve point too, and notches lie on the cutting line (ASTM D6673).
A mirror line says that half of the piece is drawn; the centre line of a whole one is an internal line.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from garments.edges import Edge, cross
from garments.nest import Nest
from garments.pattern import Notch, Panel

BOUNDARY, TURN, CURVE, NOTCH, GRADE, MIRROR, GRAIN, INTERNAL, CUTOUT, DRILL, SEWING = 1, 2, 3, 4, 5, 6, 7, 8, 11, 13, 14
NOTCHES = (NOTCH, 80, 81, 82, 83)
TOLERANCE = 2e-4
"""How far [m] the written cutting line may be off the drawn one: cutters follow no finer, and each point slows them."""
_PER_CURVE = 24
_DOUBLE_APART = 0.006
_CORNER = np.radians(18.0)
_MM = 1000.0
_TEXT_HEIGHT = 6.35


def written(nest: Nest) -> bytes:
    """The drawing, in millimetres."""
    lines = ["  0", "SECTION", "  2", "HEADER", "  0", "ENDSEC", "  0", "SECTION", "  2", "BLOCKS"]
    names: list[str] = []
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
    cut = _thinned_ring(panel.cutting_line())
    yield from _stroke(_MM * np.concatenate([cut, cut[:1]]), BOUNDARY, _corners(cut))
    for notch in panel.notches:
        for place in _at_the_cut(panel, notch, cut):
            yield from _point(_MM * place, NOTCH)
    for drill in panel.drills:
        yield from _point(_MM * np.array([drill.x, drill.y]), DRILL)
    if panel.grain is not None:
        yield from _line(_MM * np.asarray(panel.grain), GRAIN)
        yield from _line(_MM * np.asarray(panel.grain), GRADE)
    for edge in panel.edges:
        if edge.name == panel.fold:
            yield from _line(_MM * edge.controls[[0, -1]], MIRROR)
    for edges, layer in (((*panel.lines, *panel.marks), INTERNAL), (panel.edges, SEWING)):
        for edge in edges:
            yield from _stroke(_points(edge), layer)
    yield from _entity("ENDBLK", 0)


def _at_the_cut(panel: Panel, notch: Notch, cut: np.ndarray) -> list[np.ndarray]:
    """Where on the cutting line [k, 2] a notch is cut [m]: outside of where it is sewn, a double one twice. At a dart's
    mouth that is outside of the edge beside it."""
    import shapely

    names = [edge.name for edge in panel.edges]
    number = names.index(notch.edge)
    sides = [(notch.edge, notch.at)]
    if notch.at in (0.0, 1.0):
        sides.insert(0, (names[(number + (1 if notch.at else -1)) % len(names)], 1.0 - notch.at))
    ring = shapely.LinearRing(cut)
    out = min((_outside(panel, *side) for side in sides), key=lambda point: round(ring.distance(point), 4))
    there, apart = ring.project(out), _DOUBLE_APART / 2 if notch.mark == "double" else 0.0
    cuts = [ring.interpolate((there + by) % ring.length) for by in dict.fromkeys((-apart, apart))]
    return [np.array([found.x, found.y]) for found in cuts]


def _outside(panel: Panel, name: str, at: float) -> Any:
    """The point as far outside of an edge, at a share of it, as its allowance is wide [m]."""
    import shapely

    before, place, after = panel.edge(name).at(np.clip(at + np.array([-0.01, 0.0, 0.01]), 0.0, 1.0))
    along = (after - before) / np.linalg.norm(after - before)
    return shapely.Point(place + panel.allowance_of(name) * np.array([along[1], -along[0]]))


def _corners(ring: np.ndarray) -> np.ndarray:
    """Which points of a ring [k, 2] are corners, the first once more at the end, [k + 1]."""
    steps = np.diff(ring, axis=0, append=ring[:1])
    before = np.roll(steps, 1, axis=0)
    turned = np.abs(np.arctan2(cross(before, steps), (before * steps).sum(axis=1))) > _CORNER
    return np.append(turned, turned[0])


def _stroke(points: np.ndarray, layer: int, corners: np.ndarray | None = None) -> Iterator[str]:
    """A line and what each of its points is: one at which it turns, as at its ends, or one of a curve."""
    yield from _polyline(points, layer)
    if corners is None:
        corners = np.isin(np.arange(len(points)), (0, len(points) - 1))
    for point, turns in zip(points, corners, strict=True):
        yield from _point(point, TURN if turns else CURVE)


def _points(edge: Edge) -> np.ndarray:
    shares = np.linspace(0.0, 1.0, 2 if edge.straight else _PER_CURVE + 1)
    return _MM * edge.at(shares)


def _thinned(points: np.ndarray) -> np.ndarray:
    """As few points [m] of a line, its ends among them, as keep it within the tolerance (Douglas and Peucker, 1973)."""
    import shapely

    return np.asarray(shapely.LineString(points).simplify(TOLERANCE, preserve_topology=False).coords)


def _thinned_ring(ring: np.ndarray) -> np.ndarray:
    """A ring [k, 2] thinned between its corners, each of which stays; one with fewer than two is held at points half of
    them apart."""
    held = np.flatnonzero(_corners(ring)[:-1])
    if len(held) < 2:
        first = held[0] if len(held) else 0
        held = np.array([first, (first + len(ring) // 2) % len(ring)])
    ring = np.roll(ring, -held[0], axis=0)
    bounds = np.append(np.sort((held - held[0]) % len(ring)), len(ring))
    closed = np.concatenate([ring, ring[:1]])
    return np.concatenate([_thinned(closed[a : b + 1])[:-1] for a, b in pairwise(bounds)])


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
