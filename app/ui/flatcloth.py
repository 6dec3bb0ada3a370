"""Pieces of a pattern as they are cut from coloured or printed cloth, and the seams at which lines do not meet."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from app.flat import Flat
from app.saying import spoken
from app.scenes.painting import Coloured
from app.ui import theme
from assets.units import colour_code, show
from garments.colours.colourway import Print
from garments.colours.matching import Meeting
from garments.formats.laying import Laid
from garments.handles import handles
from garments.pattern import Pattern

At = Callable[[np.ndarray], QPointF]
_SHARES = np.linspace(0.0, 1.0, 25)


def paint_cloth(painter: QPainter, piece: Laid, shape: QPainterPath, made: Coloured, at: At, scale: float) -> None:
    """A piece in its colour, or in its print as it is cut; `at` brings the sheet to the screen, `scale` [pixels/m]."""
    paint = made.colourway.paint(piece.panel.name)
    if paint.print is None:
        painter.fillPath(shape, QColor(colour_code(paint.colour or made.colour)))
    elif piece.panel.grain is not None:
        shift = made.shifts.get(piece.panel.name, (0.0, 0.0))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillPath(shape, _brush(paint.print, shift, piece, at, scale))


def _brush(figure: Print, shift: tuple[float, float], piece: Laid, at: At, scale: float) -> QBrush:
    """A print as it lies on a piece: a picture's pixel (x, y) is x / columns of a repeat across and 1 - y / rows up."""
    picture, warp = figure.picture, piece.panel.warp
    rows, columns = picture.shape[:2]
    image = QImage(picture.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()
    grain = np.array([[warp[1], -warp[0]], warp])
    across, up = (figure.axes * figure.size[:, None]) @ grain
    corner = at(piece.at + np.add(figure.offset, shift) @ grain + up)
    right, down = scale * across / columns, -scale * up / rows
    brush = QBrush(image)
    brush.setTransform(QTransform(right[0], -right[1], down[0], -down[1], corner.x(), corner.y()))
    return brush


def paint_gaps(painter: QPainter, flat: Flat, found: Sequence[Meeting], at: At) -> None:
    """Seams at which lines of the print do not meet, dotted, with how far apart they are."""
    pieces = {piece.panel.name: piece for piece in flat.pieces}
    colours = theme.current()
    painter.setFont(theme.font(theme.CAPTION))
    for each in found:
        if each.meets:
            continue
        seam = next(seam for seam in flat.pattern.seams if seam.name == each.seam)
        refs = [ref for ref in (*seam.first, *seam.second) if ref.panel in each.panels]
        painter.setPen(QPen(QColor(colours.bad), 3.0, Qt.PenStyle.DotLine))
        for ref in refs:
            points = pieces[ref.panel].panel.edge(ref.edge).at(_SHARES) + pieces[ref.panel].at
            painter.drawPolyline(QPolygonF([at(point) for point in points]))
        middle = pieces[refs[0].panel].panel.edge(refs[0].edge).at(np.array([0.5]))[0] + pieces[refs[0].panel].at
        paint_label(painter, at(middle), f"{1000 * each.most:.0f} mm")


def paint_grain(painter: QPainter, piece: Laid, at: At) -> None:
    """The arrow along the warp."""
    if piece.panel.grain is None:
        return
    tail, head = (at(end + piece.at) for end in piece.panel.grain)
    way = head - tail
    length = float(np.hypot(way.x(), way.y()))
    if length < 12.0:
        return
    aside = QPointF(-way.y(), way.x()) * (12.0 / length)
    tail, head = tail + aside, head + aside
    painter.drawLine(tail, head)
    along, across = way / length, QPointF(-way.y(), way.x()) / length
    for sign in (1.0, -1.0):
        painter.drawLine(head, head - along * 7.0 + across * (3.0 * sign))


def paint_handles(painter: QPainter, piece: Laid, pattern: Pattern, at: At, scale: float, unit: str) -> None:
    """The lengths of a piece's edges, in a unit, and the points that can be dragged."""
    colours = theme.current()
    painter.setFont(theme.font(theme.CAPTION))
    for edge in piece.panel.edges:
        if scale * edge.length > 46.0:
            before, point, after = edge.at(np.array([0.45, 0.5, 0.55])) + piece.at
            inward = np.array([before[1] - after[1], after[0] - before[0]]) / np.linalg.norm(after - before)
            middle = at(point + inward * np.array([34.0, 14.0]) / scale)
            painter.setPen(QColor(colours.text))
            box = QRectF(middle.x() - 30, middle.y() - 7, 60, 14)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, show(edge.length, unit))
    painter.setPen(QPen(QColor(colours.window), 1.0))
    painter.setBrush(QColor(colours.accent))
    for handle in handles(piece.panel):
        place = at(handle.on(pattern) + piece.at)
        reach = 3.5 if handle.at == 0.0 else 2.5
        painter.drawRect(QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_label(painter: QPainter, at: QPointF, text: str) -> None:
    """Words on a small field of their own, to be read on any print."""
    colours, text = theme.current(), spoken(text)
    box = QRectF(painter.fontMetrics().boundingRect(text)).adjusted(-4, -1, 4, 1)
    box.moveCenter(at)
    field = QColor(colours.window)
    field.setAlpha(215)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(field)
    painter.drawRoundedRect(box, 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QColor(colours.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
