"""Patterns as SVG at 1:1: what FreeSewing, Seamly, Inkscape and a browser draw and print. Read with svgelements (MIT).

Written, every piece is a group: its cutting line, its sewing line with one segment an edge, grain, notches, marks and
holes, in millimetres; names and seams go along as data attributes and metadata, which other programs pass by. Read, a
closed line is a piece, a closed line close round another is its cutting line, and what is drawn inside is a mark.
"""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from assets.errors import Damaged, NothingInIt, UnsureInput, plainly
from garments.edges import Edge
from garments.formats.laying import Laid, laid, lettered, ticks
from garments.formats.svgreading import Drawn, drawing, owned
from garments.nest import ONE_SIZE, Nest, packed, pattern_packed, pattern_unpacked
from garments.pattern import Drill, Panel, Pattern

TITLE = "SVG"
NEEDS = ("svgelements", "svgelements")
SUFFIXES = (".svg",)
_MM = 1000.0
_PIXEL = 0.0254 / 96.0
_PIECE = (0.12, 3.5)
_WIDE = 1.5
_PEN = 'fill="none" stroke="#000" stroke-width=".3"'
_PENS = {
    "cut": 'stroke-width=".5"',
    "sew": 'stroke="#06c" stroke-width=".35" stroke-dasharray="4 2"',
    "mark": 'stroke-dasharray="1 1"',
    "grain": 'marker-end="url(#arrow)"',
}
"""Attributes, not a style sheet: programs for cutters and some viewers know none, and fill every piece with black."""
_LETTER = 6.0
_TEXT = f'font-size="{_LETTER:g}" font-family="sans-serif" fill="#000" stroke="none"'
_ARROW = (
    '<defs><marker id="arrow" viewBox="0 0 8 6" refX="8" refY="3" markerUnits="userSpaceOnUse" markerWidth="8" '
    'markerHeight="6" orient="auto"><path d="M0,0 8,3 0,6" fill="none" stroke="#000" stroke-width=".6"/></marker>'
    "</defs>"
)


def read(path: str, unit: str | None = None) -> dict[str, Any]:
    """The pieces of a drawing as plain values. Runs in the reader process."""
    from garments.imported.understanding import UNITS

    try:
        drawn = drawing(path)
    except RecursionError as error:
        raise Damaged(f"{path} is damaged: its groups lie in each other too deep for any drawing") from error
    except (ValueError, TypeError, LookupError, AttributeError, SyntaxError, ArithmeticError) as error:
        raise Damaged(f"{path} is damaged: it is no SVG drawing ({plainly(error)})") from error
    if not drawn.groups:
        raise NothingInIt(f"{path} has no pattern piece in it: no closed outline was found")
    pixel, why = (_PIXEL, "") if drawn.physical else drawn.pixel
    scale = UNITS[unit] / drawn.pixels if unit else pixel
    longest = scale * drawn.longest
    notes = []
    if not unit and not drawn.physical:
        if not _PIECE[0] < longest < _PIECE[1]:
            raise UnsureInput(
                f"{path} does not tell its unit, and at {0.0254 / pixel:.0f} pixels an inch its longest piece would be "
                f"{100 * longest:.3g} cm: say in which unit it is drawn"
            )
        notes.append(why)
    name = Path(path).stem
    panels = owned(drawn, scale, notes)
    said = _said(drawn)
    if said is not None:
        ours = _ours(said, panels)
        if ours is not None:
            return packed(Nest(ours.name, {said["size"]: ours}, said["size"], notes=tuple(notes)))
    return packed(Nest(name, {ONE_SIZE: Pattern(name, panels, (), {}, {})}, ONE_SIZE, notes=tuple(notes)))


def _said(drawn: Drawn) -> dict[str, Any] | None:
    """What our own metadata say; None of other programs' drawings."""
    try:
        told = json.loads(drawn.metadata)
        origins = {str(name): np.array(at, float).reshape(2) for name, at in told["origins"].items()}
        return {"size": str(told["size"]), "pattern": dict(told["pattern"]), "origins": origins}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _ours(said: dict[str, Any], panels: tuple[Panel, ...]) -> Pattern | None:
    """Our own pattern with the shapes as they are drawn now; None when pieces or edges are not those that it had."""
    home = [_moved(panel, -said["origins"].get(panel.name, np.zeros(2))) for panel in panels]
    drawn = {panel["name"]: panel for panel in pattern_packed(Pattern("", tuple(home), (), {}, {}))["panels"]}
    whole = []
    for panel in said["pattern"].get("panels", ()):
        found = drawn.get(panel.get("name"))
        if found is None or [edge[0] for edge in found["edges"]] != panel.get("edges"):
            return None
        whole.append({**panel, **{part: found[part] for part in ("edges", "lines", "marks", "drills", "grain")}})
    if len(whole) != len(drawn):
        return None
    try:
        return pattern_unpacked({**said["pattern"], "panels": whole})
    except (KeyError, TypeError, ValueError):
        return None


def _moved(panel: Panel, by: np.ndarray) -> Panel:
    edges, lines, marks = (tuple(edge.moved(by) for edge in run) for run in (panel.edges, panel.lines, panel.marks))
    drills = tuple(Drill(drill.name, drill.x + by[0], drill.y + by[1]) for drill in panel.drills)
    grain = None if panel.grain is None else panel.grain + by
    return replace(panel, edges=edges, lines=lines, marks=marks, drills=drills, grain=grain)


def write(nest: Nest) -> bytes:
    """The base size, in millimetres, with a square of 100 mm to measure."""
    pattern = nest.pattern
    pieces, wide, tall = laid(pattern, _WIDE)
    wide, tall = max(wide, 0.14), tall + 0.14
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_MM * wide:.3f}mm" height="{_MM * tall:.3f}mm" '
        f'viewBox="0 0 {_MM * wide:.3f} {_MM * tall:.3f}">'
    )
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', head, f"<title>{escape(nest.name)}</title>"]
    lines += [
        f'<metadata id="toile">{escape(json.dumps(_metadata(nest, pieces, tall), ensure_ascii=False))}</metadata>'
    ]
    lines += [_ARROW, f'<g id="test_square" class="square" {_PEN}><rect x="20" y="20" width="100" height="100"/></g>']
    for y, words in ((66, "This square must measure 100 mm."), (76, "Measure it before you cut.")):
        lines += [f'<text x="24" y="{y}" {_TEXT}>{words}</text>']
    for piece in pieces:
        lines += _piece(piece, tall, nest.base)
    return ("\n".join([*lines, "</svg>"]) + "\n").encode()


def _metadata(nest: Nest, pieces: list[Laid], tall: float) -> dict[str, Any]:
    """What SVG has no word for, and where each piece's own frame lies on the sheet."""
    told = pattern_packed(nest.pattern)
    for panel in told["panels"]:
        panel["edges"] = [edge[0] for edge in panel["edges"]]
        for part in ("lines", "marks", "drills", "grain"):
            panel.pop(part)
    origins = {piece.panel.name: (piece.at - (0.0, tall)).tolist() for piece in pieces}
    return {"size": nest.base, "pattern": told, "origins": origins}


def _piece(piece: Laid, tall: float, size: str) -> list[str]:
    panel, at, cut = piece

    def place(points: np.ndarray) -> np.ndarray:
        return _MM * ((np.asarray(points) + at) * (1.0, -1.0) + (0.0, tall))

    names = " ".join(edge.name for edge in panel.edges)
    lines = [f'<g id={quoteattr(_id(panel.name))} class="piece" data-name={quoteattr(panel.name)} {_PEN}>']
    lines += [f'<path class="cut" {_PENS["cut"]} d="{_path([Edge("", c) for c in _chords(cut - at)], place)}Z"/>']
    lines += [f'<path class="sew" {_PENS["sew"]} data-edges={quoteattr(names)} d="{_path(panel.edges, place)}Z"/>']
    if panel.grain is not None:
        lines += [f'<path class="grain" {_PENS["grain"]} d="{_path([Edge("", np.asarray(panel.grain))], place)}"/>']
    for kind, edges in (("line", panel.lines), ("mark", panel.marks)):
        for edge in edges:
            named = f"{_PENS.get(kind, '')} data-name={quoteattr(edge.name)}"
            lines += [f'<path class="{kind}" {named} d="{_path([edge], place)}"/>']
    for tick, share, notched, mark in ticks(panel):
        where = f'data-edge={quoteattr(notched)} data-at="{share:.6f}" data-mark="{mark}"'
        lines += [f'<path class="notch" {where} d="{_path([Edge("", tick)], place)}"/>']
    for drill in panel.drills:
        x, y = place(np.array([drill.x, drill.y]))
        lines += [f'<circle class="drill" data-name={quoteattr(drill.name)} cx="{x:.5f}" cy="{y:.5f}" r="1.5"/>']
    words = f"{panel.name.replace('_', ' ')} · {size} · cut {panel.cut.drawn}" + (
        f" + {panel.cut.mirrored}" if panel.cut.mirrored else ""
    )
    room = lettered(panel, [(_LETTER / _MM, words)])
    x, y = place(room.middle)
    way = f'transform="translate({x:.2f} {y:.2f}) rotate({-90 * room.turned}) scale({room.scale:g})"'
    text = f'<text x="0" y="{0.35 * _LETTER:g}" text-anchor="middle" {way} {_TEXT}>{escape(words)}</text>'
    return [*lines, text, "</g>"]


def _chords(points: np.ndarray) -> np.ndarray:
    """The sides [k, 2, 2] of a polygon but the one that closes it."""
    return np.stack([points[:-1], points[1:]], axis=1)


def _path(edges: Any, place: Any) -> str:
    """SVG path data through edges that join."""
    words = [f"M{_pair(place(edges[0].start))}"]
    for edge in edges:
        end = _pair(place(edge.end))
        if edge.kind == "arc":
            words.append(f"A{_arc(edge, place)} {end}")
        else:
            letter = {2: "L", 3: "Q", 4: "C"}[len(edge.controls)]
            words.append(letter + " ".join([_pair(place(control)) for control in edge.controls[1:-1]] + [end]))
    return " ".join(words)


def _arc(edge: Edge, place: Any) -> str:
    """Radii, turn and the two flags of an arc as it lies on the sheet, y downward."""
    start, middle, end = place(edge.at(np.array([0.0, 0.5, 1.0])))
    chord = end - start
    half = 0.5 * float(np.linalg.norm(chord))
    rise = float(chord[0] * (middle - start)[1] - chord[1] * (middle - start)[0]) / (2.0 * half)
    radius = (half**2 + rise**2) / (2.0 * max(abs(rise), 1e-9))
    return f"{radius:.6f} {radius:.6f} 0 {int(abs(rise) > radius)} {int(rise < 0)}"


def _pair(point: np.ndarray) -> str:
    return f"{point[0]:.5f},{point[1]:.5f}"


def _id(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)
