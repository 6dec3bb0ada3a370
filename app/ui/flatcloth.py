"""Pieces of a pattern as they are cut from coloured or printed cloth, and the seams at which lines do not meet."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from app.flat import Flat
from app.scenes.painting import Coloured
from app.ui import theme
from app.ui.flatsheet import Sheet
from assets.units import colour_code
from garments.colours.colourway import Print
from garments.colours.matching import Meeting
from garments.formats.laying import Laid

_SHARES = np.linspace(0.0, 1.0, 25)
_BESIDE = (12, 9, 15, 6, 18, 3, 21)
"""Of which points of an edge the words about its gap may lie at, the best first."""


def paint_cloth(painter: QPainter, piece: Laid, shape: QPainterPath, made: Coloured, sheet: Sheet) -> None:
    """A piece in its colour, or in its print as it is cut."""
    paint = made.colourway.paint(piece.panel.name)
    if paint.print is None:
        painter.fillPath(shape, QColor(colour_code(paint.colour or made.colour)))
    elif piece.panel.grain is not None:
        shift = made.shifts.get(piece.panel.name, (0.0, 0.0))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillPath(shape, _brush(paint.print, shift, piece, sheet))


def _brush(figure: Print, shift: tuple[float, float], piece: Laid, sheet: Sheet) -> QBrush:
    """A print as it lies on a piece: a picture's pixel (x, y) is x / columns of a repeat across and 1 - y / rows up."""
    picture, warp = figure.picture, piece.panel.warp
    rows, columns = picture.shape[:2]
    image = QImage(picture.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()
    grain = np.array([[warp[1], -warp[0]], warp])
    across, up = (figure.axes * figure.size[:, None]) @ grain
    corner = sheet.at(piece.at + np.add(figure.offset, shift) @ grain + up)
    right, down = sheet.scale * across / columns, -sheet.scale * up / rows
    brush = QBrush(image)
    brush.setTransform(QTransform(right[0], -right[1], down[0], -down[1], corner.x(), corner.y()))
    return brush


def paint_gaps(
    painter: QPainter, flat: Flat, found: Sequence[Meeting], sheet: Sheet
) -> list[tuple[list[QPointF], str]]:
    """Dots along seams at which lines of the print do not meet; what is to be said of each, and where there may be
    room for it."""
    pieces = {piece.panel.name: piece for piece in flat.pieces}
    words = []
    for each in found:
        if each.meets:
            continue
        seam = next(seam for seam in flat.pattern.seams if seam.name == each.seam)
        refs = [ref for ref in (*seam.first, *seam.second) if ref.panel in each.panels]
        painter.setPen(QPen(QColor(theme.current().bad), 3.0, Qt.PenStyle.DotLine))
        places: list[QPointF] = []
        for ref in refs:
            points = pieces[ref.panel].panel.edge(ref.edge).at(_SHARES) + pieces[ref.panel].at
            painter.drawPolyline(sheet.polygon(points))
            places += [sheet.at(points[k]) for k in _BESIDE]
        words.append((places, f"{1000 * each.most:.0f} mm"))
    return words


def gap_at(found: Sequence[Meeting], seam: str, panel: str) -> Meeting | None:
    """The seam of a panel at which lines of the print do not meet; None where they do, or do not cross it."""
    return next((each for each in found if each.seam == seam and panel in each.panels and not each.meets), None)
