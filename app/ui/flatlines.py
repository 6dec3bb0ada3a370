"""The lines of a pattern laid flat: seams, notches, grain, other sizes, handles and measures, legible on any cloth."""

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from app.flat import Flat
from app.saying import spoken
from app.ui import theme
from app.ui.flatpaths import Paths
from app.ui.flatsheet import Sheet
from app.ui.flatunder import absent
from assets.units import show
from garments.formats.laying import Laid
from garments.handles import Handle, handles
from garments.pattern import Pattern

GOLDEN = 0.618034
_LEAST = 46.0
"""Edges of fewer pixels are not measured in the picture: the line below tells them."""
_HALO = 170
_SIZES = (0.60, 0.02)
"""The hues of the smallest and the largest size."""


class Labels:
    """Words on small fields of their own, none over another."""

    def __init__(self, painter: QPainter) -> None:
        self.painter = painter
        self._taken: list[QRectF] = []

    def put(self, places: Iterable[QPointF], words: str, always: bool = False, bold: bool = False) -> None:
        """Words at the first place where there is room; where there is none, `always` at the first, else nowhere."""
        self.painter.setFont(theme.font(theme.CAPTION, bold=bold))
        words = spoken(words)
        size = QRectF(self.painter.fontMetrics().boundingRect(words)).adjusted(-4, -1, 4, 1)
        boxes = [QRectF(place.x() - size.width() / 2, place.y() - size.height() / 2, size.width(), size.height())
                 for place in places]  # fmt: skip
        free = (box for box in boxes if not any(box.intersects(other) for other in self._taken))
        box = next(free, boxes[0] if always else None)
        if box is None:
            return
        self._taken.append(box)
        field = QColor(theme.current().window)
        field.setAlpha(215)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(field)
        self.painter.drawRoundedRect(box, 3, 3)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.setPen(QColor(theme.current().text))
        self.painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def seam_colour(number: int) -> QColor:
    """Colours of seams, as far apart as their number allows."""
    return QColor.fromHslF((number * GOLDEN) % 1.0, 0.62, _lightness())


def size_colour(number: int, count: int) -> QColor:
    """The colour of one of so many sizes, from blue for the smallest to red for the largest."""
    small, large = _SIZES
    return QColor.fromHslF(small + (large - small) * number / max(count - 1, 1), 0.75, _lightness())


def _lightness() -> float:
    return 0.66 if theme.current().name == "dark" else 0.40


def lined(painter: QPainter, path: QPainterPath, pen: QPen) -> None:
    """A line on a border of the window's colour, so that it is seen on cloth of any colour and print."""
    painter.strokePath(path, _border(pen))
    painter.strokePath(path, pen)


def _border(pen: QPen) -> QPen:
    field = QColor(theme.current().window)
    field.setAlpha(_HALO)
    under = QPen(pen)
    under.setColor(field)
    under.setStyle(Qt.PenStyle.SolidLine)
    under.setWidthF(pen.widthF() + 2.0)
    return under


def paint_lines(painter: QPainter, flat: Flat, piece: Laid, drawn: Paths, sheet: Sheet) -> None:
    """All that is drawn on a piece but its cloth and other sizes."""
    ink, muted = QColor(theme.current().text), QColor(theme.current().muted)
    thin = QPen(ink, 1.0)
    for path, style in ((drawn.lines, Qt.PenStyle.DotLine), (drawn.marks, Qt.PenStyle.DashLine)):
        painter.strokePath(sheet.path(path), QPen(muted, 1.0, style))
    alike: dict[int | None, QPainterPath] = {}
    for name, path in drawn.edges.items():
        seam = flat.seams.get((piece.panel.name, name))
        alike.setdefault(seam and seam[0], QPainterPath()).addPath(sheet.path(path))
    pens = {number: _edge_pen(number) for number in alike}
    for number, path in alike.items():
        painter.strokePath(path, _border(pens[number]))
    for number, path in alike.items():
        painter.strokePath(path, pens[number])
    lined(painter, sheet.path(drawn.ticks), thin)
    holes = QPainterPath()
    for drill in piece.panel.drills:
        holes.addEllipse(sheet.at(np.array([drill.x, drill.y]) + piece.at), 2.5, 2.5)
    lined(painter, holes, thin)
    lined(painter, _grain(piece, sheet), thin)


def paint_edge(painter: QPainter, flat: Flat, panel: str, edge: str, drawn: Paths, sheet: Sheet) -> None:
    """An edge that stands out."""
    seam = flat.seams.get((panel, edge))
    lined(painter, sheet.path(drawn.edges[edge]), _edge_pen(seam and seam[0], 4.0))


def _edge_pen(seam: int | None, width: float = 2.0) -> QPen:
    hue = QColor(theme.current().text) if seam is None else seam_colour(seam)
    return QPen(hue, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)


def _grain(piece: Laid, sheet: Sheet) -> QPainterPath:
    """The arrow along the warp, beside the middle, where a fold may be marked."""
    path = QPainterPath()
    if piece.panel.grain is None:
        return path
    tail, head = (sheet.at(end + piece.at) for end in piece.panel.grain)
    way = head - tail
    length = float(np.hypot(way.x(), way.y()))
    if length < 12.0:
        return path
    along, across = way / length, QPointF(-way.y(), way.x()) / length
    tail, head = tail + across * 12.0, head + across * 12.0
    path.moveTo(tail)
    path.lineTo(head)
    for sign in (1.0, -1.0):
        path.moveTo(head)
        path.lineTo(head - along * 7.0 + across * (3.0 * sign))
    return path


def paint_nest(painter: QPainter, flat: Flat, drawn: Paths, sheet: Sheet) -> None:
    """A piece in the other sizes."""
    for number, path in drawn.sizes.items():
        lined(painter, sheet.path(path), QPen(size_colour(number, len(flat.nest)), 1.0))


def paint_sizes(painter: QPainter, flat: Flat, foot: QRectF) -> None:
    """Sizes over a line in the colour of each; the one that is cut is bold, in the colour that its outline has. Then
    which others cannot be drafted, and why not."""
    left = foot.left()
    for k, (size, _) in enumerate(flat.nest):
        cut = size == flat.cut.size
        painter.setFont(theme.font(theme.CAPTION, bold=cut))
        text = QColor(theme.current().text)
        painter.setPen(text)
        wide = painter.fontMetrics().horizontalAdvance(size)
        painter.drawText(QRectF(left, foot.top(), wide + 2, foot.height()), Qt.AlignmentFlag.AlignVCenter, size)
        below = foot.center().y() + 8.0
        painter.setPen(QPen(text if cut else size_colour(k, len(flat.nest)), 2.0))
        painter.drawLine(QPointF(left, below), QPointF(left + wide, below))
        left += wide + 12.0
    painter.setFont(theme.font(theme.CAPTION))
    painter.setPen(QColor(theme.current().bad))
    rest = QRectF(left, foot.top(), foot.right() - left, foot.height())
    words = spoken(absent(flat.missing))
    told = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(rest.width()))
    painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, told)


def paint_handles(
    painter: QPainter, piece: Laid, pattern: Pattern, sheet: Sheet, movable: frozenset[Handle] | None
) -> None:
    """The points of a piece: squares that can be dragged, and dots that no option moves. None: all can."""
    colours = theme.current()
    for handle in handles(piece.panel):
        place = sheet.at(handle.on(pattern) + piece.at)
        able = movable is None or handle in movable
        painter.setPen(QPen(QColor(colours.window), 1.0))
        painter.setBrush(QColor(colours.accent if able else colours.muted))
        reach = (3.5 if handle.at == 0.0 else 2.5) if able else 1.5
        painter.drawRect(QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def measures(piece: Laid, sheet: Sheet, unit: str) -> Sequence[tuple[list[QPointF], str]]:
    """The lengths of a piece's edges in a unit, the longest first, each with where its words may lie: within the piece,
    nearer or farther, or outside."""
    found = []
    for edge in sorted(piece.panel.edges, key=lambda edge: -edge.length):
        if sheet.scale * edge.length > _LEAST:
            before, point, after = edge.at(np.array([0.45, 0.5, 0.55])) + piece.at
            inward = np.array([before[1] - after[1], after[0] - before[0]]) / np.linalg.norm(after - before)
            steps = (np.array(each) / sheet.scale for each in ((34.0, 14.0), (62.0, 30.0), (-34.0, -14.0)))
            found.append(([sheet.at(point + inward * step) for step in steps], show(edge.length, unit)))
    return found
