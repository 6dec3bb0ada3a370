"""Patterns to print at 1:1: tiled over A4 or US letter to be taped together, or on one long sheet for a plotter.

Set with reportlab (BSD). Every tile tells its column and row and repeats a centimetre of its neighbours, with crosses
on which the sheets are laid; the first has a square of 100 mm to measure before anybody cuts.
"""

import io
from math import ceil
from typing import Any

import numpy as np

from assets.errors import UsageError
from garments.edges import Edge
from garments.formats.laying import LEADING, Laid, laid, lettered, ticks
from garments.nest import Nest
from garments.pattern import Panel

TITLE = "PDF"
SUFFIXES = (".pdf",)
PAPERS = {"a4": (0.210, 0.297), "letter": (0.2159, 0.2794), "plotter": (0.914, 5.0)}
"""Sheets by name [m]."""
_MARGIN, _OVERLAP = 0.010, 0.010
_SHEET = 0.9
_SQUARE, _HEAD, _LETTER = 0.1, 0.125, 0.0065
_POINT, _MM = 72.0 / 0.0254, 1000.0
"""Points in a metre, and millimetres, in which pieces are drawn: viewers round what is less than a hundredth of the
unit, so that in metres some draw no dashes."""


def write(nest: Nest, paper: str = "a4") -> bytes:
    """The base size at 1:1 on a paper by name. Raises UsageError for another name."""
    if paper not in PAPERS:
        raise UsageError(f"there is no paper {paper!r}: it is one of {', '.join(PAPERS)}")
    from reportlab.pdfgen.canvas import Canvas

    pieces, wide, tall = laid(nest.pattern, _SHEET - 2 * _MARGIN if paper == "plotter" else _SHEET)
    wide, tall = max(wide, 0.3), tall + _HEAD
    page = PAPERS[paper] if paper != "plotter" else (PAPERS[paper][0], min(tall + 2 * _MARGIN, PAPERS[paper][1]))
    step = np.array(page) - 2 * _MARGIN - _OVERLAP
    columns, rows = (max(1, ceil((size - _OVERLAP) / each)) for size, each in zip((wide, tall), step, strict=True))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=tuple(_POINT * side for side in page), invariant=1, pageCompression=1)
    canvas.setTitle(f"{nest.name} {nest.base}, 1:1")
    canvas.setAuthor("Toile")
    canvas.setCreator("Toile")
    canvas.setSubject("sewing pattern at 1:1")
    for row in range(rows):
        for column in range(columns):
            corner = np.array([column * step[0], tall - (row + 1) * step[1] - _OVERLAP])
            if (row, column) != (0, 0) and not _on(pieces, corner, np.array(page) - 2 * _MARGIN):
                continue
            _tile(
                canvas,
                pieces,
                nest,
                page,
                corner,
                tall,
                f"{_letters(column)}{row + 1} of {_letters(columns - 1)}{rows}",
            )
            canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _letters(number: int) -> str:
    return (chr(64 + number // 26) if number >= 26 else "") + chr(65 + number % 26)


def _tile(
    canvas: Any, pieces: list[Laid], nest: Nest, page: tuple[float, float], corner: np.ndarray, tall: float, name: str
) -> None:
    """One page of the sheet, whose lower left corner shows `corner` [m]."""
    size = np.array(page) - 2 * _MARGIN
    canvas.saveState()
    canvas.scale(_POINT / _MM, _POINT / _MM)
    window = canvas.beginPath()
    window.rect(*(_MM * np.array([_MARGIN, _MARGIN, *size])))
    canvas.clipPath(window, stroke=0, fill=0)
    canvas.translate(*(_MM * (_MARGIN - corner)))
    if corner[0] == 0.0 and corner[1] + size[1] >= tall - 1e-9:
        _header(canvas, nest, tall)
    for piece in _on(pieces, corner, size):
        _draw(canvas, piece, nest.base)
    canvas.restoreState()
    canvas.saveState()
    canvas.setLineWidth(0.4)
    canvas.setStrokeGray(0.55)
    canvas.setFillGray(0.35)
    canvas.rect(*(_POINT * np.array([_MARGIN, _MARGIN, *size])))
    foot = f"{nest.name} {nest.base}   {name}   print at 100 %"
    _font(canvas, foot, "Helvetica", 7)
    canvas.drawString(_POINT * _MARGIN, _POINT * _MARGIN - 9, foot)
    for x in (_MARGIN + _OVERLAP / 2, page[0] - _MARGIN - _OVERLAP / 2):
        for y in (_MARGIN + _OVERLAP / 2, page[1] - _MARGIN - _OVERLAP / 2):
            canvas.line(*(_POINT * np.array([x - 0.003, y, x + 0.003, y])))
            canvas.line(*(_POINT * np.array([x, y - 0.003, x, y + 0.003])))
    canvas.restoreState()


def _on(pieces: list[Laid], corner: np.ndarray, size: np.ndarray) -> list[Laid]:
    """The pieces that a tile shows some of."""
    import shapely

    window = shapely.box(*corner, *(corner + size))
    return [piece for piece in pieces if shapely.intersects(shapely.Polygon(piece.cut), window)]


def _header(canvas: Any, nest: Nest, tall: float) -> None:
    canvas.setLineWidth(0.3)
    canvas.rect(*(_MM * np.array([0.01, tall - 0.01 - _SQUARE, _SQUARE, _SQUARE])))
    words = (
        (6.0, f"{nest.name}, {nest.base}"),
        (4.0, "Print at 100 %. This square must measure 100 mm."),
        (4.0, "Solid: cut here. Dashed: sew here."),
        (4.0, "Grey: only drawn. Arrow: grain."),
    )
    for k, (size, text) in enumerate(words):
        _font(canvas, text, "Helvetica", size)
        canvas.drawString(15.0, _MM * (tall - 0.03) - 11.0 * k, text)


def _draw(canvas: Any, piece: Laid, size: str) -> None:
    panel, at, cut = piece
    canvas.setLineWidth(0.5)
    _stroke(canvas, [cut], closed=True)
    canvas.setLineWidth(0.35)
    canvas.setDash(4.0, 2.0)
    _stroke(canvas, [_points(edge) + at for edge in panel.edges])
    canvas.setDash(1.0, 1.0)
    _stroke(canvas, [_points(edge) + at for edge in panel.marks])
    canvas.setDash()
    canvas.saveState()
    canvas.setStrokeGray(0.6)
    canvas.setLineWidth(0.25)
    _stroke(canvas, [_points(edge) + at for edge in panel.lines])
    canvas.restoreState()
    _stroke(canvas, [line + at for line, *_ in ticks(panel)])
    for drill in panel.drills:
        x, y = np.array([drill.x, drill.y]) + at
        _stroke(canvas, [np.array([[x - 0.003, y], [x + 0.003, y]]), np.array([[x, y - 0.003], [x, y + 0.003]])])
    if panel.grain is not None:
        _arrow(canvas, np.asarray(panel.grain) + at)
    _words(canvas, at, panel, size)


def _font(canvas: Any, text: str, face: str, size: float) -> None:
    """The font for a text: PDF's own, or its own for Chinese, which every reader brings along."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont

        face = "STSong-Light"
        if face not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(UnicodeCIDFont(face))
    canvas.setFont(face, size)


def _points(edge: Edge) -> np.ndarray:
    return edge.at(np.linspace(0.0, 1.0, 2 if edge.straight else 33))


def _stroke(canvas: Any, lines: list[np.ndarray], closed: bool = False) -> None:
    path = canvas.beginPath()
    for points in lines:
        path.moveTo(*(_MM * points[0]))
        for point in _MM * points[1:]:
            path.lineTo(*point)
        if closed:
            path.close()
    canvas.drawPath(path)


def _arrow(canvas: Any, ends: np.ndarray) -> None:
    along = (ends[1] - ends[0]) / np.linalg.norm(ends[1] - ends[0])
    aside = np.array([-along[1], along[0]])
    head = ends[1] - 0.008 * along
    _stroke(canvas, [ends, np.array([head + 0.003 * aside, ends[1], head - 0.003 * aside])])


def _words(canvas: Any, at: np.ndarray, panel: Panel, size: str) -> None:
    """What a piece is, how often it is cut and with which allowances, where there is room in it."""
    cut = f"cut {panel.cut.drawn}" + (f" and {panel.cut.mirrored} mirrored" if panel.cut.mirrored else "")
    if panel.fold and any(edge.name == panel.fold for edge in panel.edges):
        cut += " on the fold"
    widths = sorted({round(1000 * panel.allowance_of(edge.name), 1) for edge in panel.edges})
    around = ", ".join(f"{width:g}" for width in widths)
    lines = (
        (_LETTER, panel.name.replace("_", " ")),
        (0.7 * _LETTER, f"size {size}, {cut}"),
        (0.7 * _LETTER, f"allowance {around} mm"),
    )
    room = lettered(panel, lines)
    canvas.saveState()
    canvas.translate(*(_MM * (at + room.middle)))
    if room.turned:
        canvas.rotate(90)
    left, down = -0.5 * _MM * room.wide, 0.5 * _MM * room.tall
    for k, (letter, text) in enumerate(lines):
        high = _MM * room.scale * letter
        _font(canvas, text, "Helvetica" if k else "Helvetica-Bold", high)
        canvas.drawString(left, down - high, text)
        down -= LEADING * high
    canvas.restoreState()
