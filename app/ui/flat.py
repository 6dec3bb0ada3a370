"""The pattern beside the person: panels laid flat, seams in pairs of one colour, grain, notches, lengths.

Click a panel and its outline shows on the person; click the cloth and its panel is chosen here. Drag a corner, the tip
of a dart or the middle of an edge: the options of the design follow (garments/handles.py), and the drape after them.
"""

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.flat import Flat, cut_of, drafted, laid_out, nest
from app.project import Project, Wish, own_fabric
from app.saying import spoken
from app.scenes.painting import Coloured, shifts
from app.ui import theme
from app.ui.controls import Segments, button
from app.ui.flatcloth import paint_cloth, paint_gaps, paint_grain, paint_handles, paint_label
from app.ui.flathand import Drafted, Free, hold
from app.ui.gradually import Gradually, aside
from app.ui.panels.garment import title
from app.ui.studio import Studio
from assets.errors import ToileError
from assets.units import show
from garments.colours.matching import Meeting, meetings
from garments.edges import Edge
from garments.fabric import fabric
from garments.formats.laying import Laid, ticks
from garments.garment import Cut
from garments.handles import Handle, handles
from garments.imported.readymade import ONE_SIZE
from garments.pattern import Pattern

NEAR = 9.0
MARGIN, TOP, FOOT = 16, 48, 30
GOLDEN = 0.618034
SAMPLES = 24


class FlatView(QWidget):
    """One garment's pattern at a time."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.studio = studio
        self.number = 0
        self.flat: Flat | None = None
        self.coloured: Coloured | None = None
        self.meetings: tuple[Meeting, ...] = ()
        self.trouble = ""
        self.scale, self.origin = 1.0, QPointF()
        self.hand: Drafted | Free | None = None
        self._drawn: tuple[object, ...] | None = None
        self._making = Gradually(self)
        self._held = False
        self._panned: QPointF | None = None
        self._pointed: tuple[Laid, Edge] | None = None
        self._fitted = True
        self.garments: Segments | None = None
        self.nest: tuple[Pattern, ...] = ()
        self.all = button("All sizes", self._draft)
        self.all.setCheckable(True)
        self.all.setToolTip(spoken("The pieces of every size of the chart, one inside the other"))
        self.all.setParent(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(260)
        self.setAccessibleName(spoken("2D pattern"))
        studio.changed.connect(self._changed)
        studio.looked.connect(self._draft)
        studio.picked.connect(self._picked)
        self._choose_garments()

    def sizeHint(self) -> QSize:
        return QSize(460, 700)

    def _changed(self, before: Project, after: Project) -> None:
        if before.wishes is not after.wishes:
            if [title(wish) for wish in before.wishes] != [title(wish) for wish in after.wishes]:
                self._choose_garments()
            self._draft()

    def _choose_garments(self) -> None:
        """Buttons to choose among garments, where there is more than one."""
        if self.garments is not None:
            self.garments.deleteLater()
        wishes = self.studio.project.wishes
        self.number = min(self.number, max(len(wishes) - 1, 0))
        self.garments = Segments("Pattern of", [(str(k), title(wish)) for k, wish in enumerate(wishes)])
        self.garments.setParent(self)
        self.garments.choose(str(self.number))
        self.garments.chosen.connect(lambda k: self.choose(int(k)))
        self.garments.adjustSize()
        self.garments.move(MARGIN, 12)
        self.garments.setVisible(len(wishes) > 1)
        self.choose(self.number)

    def choose(self, number: int) -> None:
        """Show the pattern of another garment."""
        self.number, self.flat, self._fitted, self._drawn = number, None, True, None
        if self.garments is not None:
            self.garments.choose(str(number))
        self._draft()

    def _draft(self) -> None:
        """Draw what is asked for, where it is not drawn yet; while something is dragged, pieces stay where they lie."""
        wishes, studio = self.studio.project.wishes, self.studio
        wish = wishes[self.number] if self.number < len(wishes) else None
        cut = cut_of(wish, self.number, studio.shown, studio.project.evidence.sex) if wish else None
        asked = self._asked(wish, cut)
        if asked == self._drawn:
            return
        self._drawn = asked
        self._making.do(self._drawing(wish, cut))
        if self._held:
            self._making.finish()

    def _drawing(self, wish: Wish | None, cut: Cut | None) -> Iterator[None]:
        """Draw it; what takes long is done meanwhile."""
        found: Flat | None = None
        nested: tuple[Pattern, ...] = ()
        self.trouble = ""
        if wish is None:
            self.trouble = "Nothing is worn. Put on a garment, and its pattern is shown here."
        elif wish.made and not wish.made.sewn:
            self.trouble = "This garment came as a mesh: it has no pattern to show."
        elif cut is None:
            self.trouble = "Made to measure: the pattern is drafted as soon as the body is known."
        else:
            (pattern, like), aspect = self._pulled(wish), self._aspect()
            sizes = self.all.isChecked() and not wish.made
            try:
                found = yield from aside(lambda: laid_out(pattern or drafted(cut), cut, like, aspect))
                nested = (yield from aside(lambda: nest(cut))) if sizes else ()
            except ToileError as error:
                self.trouble = str(error)
        self.nest = nested
        self.all.setVisible(found is not None and found.cut.size != ONE_SIZE)
        self.flat = found
        self._colour()
        names = ", ".join(each.panel.name.replace("_", " ") for each in found.pieces) if found else self.trouble
        self.setAccessibleDescription(spoken(names))
        if self._fitted:
            self.fit()
        self.update()

    def _asked(self, wish: Wish | None, cut: Cut | None) -> tuple[object, ...]:
        """All that the drawing follows from."""
        told = wish and (id(wish.made), wish.colours, own_fabric(wish), wish.size)
        pulled = id(self.hand.pattern) if self.hand is not None else 0
        return told, cut, self._aspect(), self.all.isChecked(), self._held, pulled

    def _aspect(self) -> float:
        return max(self.width() - 2 * MARGIN, 1) / max(self.height() - TOP - FOOT, 1)

    def _pulled(self, wish: Wish) -> tuple[Pattern | None, Flat | None]:
        """The pattern of a garment from elsewhere, as it lies in the hand; and where its pieces stay."""
        like = self.flat if self._held else None
        if wish.made is None:
            return None, like
        hand = self.hand if isinstance(self.hand, Free) and self.hand.made is wish.made else None
        return (hand and hand.pattern) or wish.made.pattern, self.flat if hand is not None else like

    def _colour(self) -> None:
        """What the pieces are cut from, where the print's lines meet."""
        self.coloured, self.meetings = None, ()
        if self.flat is not None:
            wish = self.studio.project.wishes[self.number]
            way, pattern = wish.colours, self.flat.pattern
            names = tuple(panel.name for panel in pattern.panels)
            laid = shifts(pattern, way)
            self.coloured = Coloured(names, fabric(own_fabric(wish)).look, way, laid)
            self.meetings = meetings(pattern, way, laid)

    def fit(self) -> None:
        """All pieces in sight."""
        self._fitted = True
        if self.flat is None:
            return
        width, height = self.flat.size
        free = QRectF(self.rect()).adjusted(MARGIN, TOP, -MARGIN, -FOOT)
        self.scale = max(min(free.width() / width, free.height() / height), 1.0)
        across, up = self.scale * width, self.scale * height
        self.origin = QPointF(free.center().x() - 0.5 * across, free.center().y() + 0.5 * up)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        for bar in filter(None, (self.all, self.garments)):
            bar.adjustSize()
        self.all.move(self.width() - self.all.width() - MARGIN, 12)
        if self._fitted:
            self._draft()

    # From the sheet to the screen and back ----------------------------------------------------------------------------

    def _at(self, point: np.ndarray) -> QPointF:
        return QPointF(self.origin.x() + self.scale * point[0], self.origin.y() - self.scale * point[1])

    def _sheet(self, place: QPointF) -> np.ndarray:
        return np.array([place.x() - self.origin.x(), self.origin.y() - place.y()]) / self.scale

    def _polygon(self, points: np.ndarray) -> QPolygonF:
        return QPolygonF([self._at(point) for point in points])

    # Hands ------------------------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        here = event.position()
        under = self._sheet(here)
        self.scale = float(np.clip(self.scale * 1.0015 ** event.angleDelta().y(), 50.0, 20000.0))
        self.origin = QPointF(here.x() - self.scale * under[0], here.y() + self.scale * under[1])
        self._fitted = False
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        self.setFocus()
        handle = self._handle_at(place) if event.button() == Qt.MouseButton.LeftButton else None
        if handle is not None and self.flat is not None:
            self.hand = hold(self.studio, self.number, self.flat, handle, self._draft)
            self._held = self.hand is not None
            if self._held:
                return
        piece = self._piece_at(place)
        if piece is not None and event.button() == Qt.MouseButton.LeftButton:
            self.studio.pick_panel(self.number, piece.panel.name)
            return
        self._panned = place

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        if self._held:
            self._pull(place)
        elif self._panned is not None:
            self.origin += place - self._panned
            self._panned, self._fitted = place, False
        else:
            self._pointed = self._edge_at(place)
            over = self._handle_at(place) is not None
            self.setCursor(Qt.CursorShape.SizeAllCursor if over else Qt.CursorShape.ArrowCursor)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._panned = None
        if self._held and self.hand is not None:
            self._held = False
            self.hand.let_go()
            self._draft()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from piece to piece, Escape lets go."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape:
            self.studio.pick_panel(self.number, None)
        elif step and self.flat:
            names = [each.panel.name for each in self.flat.pieces]
            chosen = self._chosen()
            at = names.index(chosen) + step if chosen in names else 0
            self.studio.pick_panel(self.number, names[at % len(names)])
        else:
            super().keyPressEvent(event)

    def _pull(self, place: QPointF) -> None:
        """Let what is held follow the pointer."""
        assert self.hand is not None and self.flat is not None
        piece = next(each for each in self.flat.pieces if each.panel.name == self.hand.handle.panel)
        self.hand.pull(self._sheet(place) - piece.at)

    def _picked(self) -> None:
        if self.studio.panel is not None and self.studio.panel[0] != self.number:
            self.choose(self.studio.panel[0])
        self.update()

    def _chosen(self) -> str | None:
        panel = self.studio.panel
        return panel[1] if panel is not None and panel[0] == self.number else None

    def _piece_at(self, place: QPointF) -> Laid | None:
        pieces = self.flat.pieces if self.flat else ()
        inside = (each for each in pieces if self._polygon(each.cut).containsPoint(place, Qt.FillRule.OddEvenFill))
        return next(inside, None)

    def _handle_at(self, place: QPointF) -> Handle | None:
        """The handle of the chosen piece that is under the pointer."""
        piece = self._chosen_piece()
        if piece is None or self.flat is None:
            return None
        for handle in handles(piece.panel):
            away = self._at(handle.on(self.flat.pattern) + piece.at) - place
            if np.hypot(away.x(), away.y()) < NEAR:
                return handle
        return None

    def _chosen_piece(self) -> Laid | None:
        pieces = self.flat.pieces if self.flat else ()
        return next((each for each in pieces if each.panel.name == self._chosen()), None)

    def _edge_at(self, place: QPointF) -> tuple[Laid, Edge] | None:
        here, nearest, found = self._sheet(place), NEAR / self.scale, None
        for piece in self.flat.pieces if self.flat else ():
            for edge in piece.panel.edges:
                away = float(np.linalg.norm(edge.at(_SHARES) + piece.at - here, axis=1).min())
                if away < nearest:
                    nearest, found = away, (piece, edge)
        return found

    # Drawing ----------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(colours.window))
        painter.setFont(theme.font(theme.CAPTION))
        if self.flat is None:
            painter.setPen(QColor(colours.muted))
            room = QRectF(self.rect()).adjusted(MARGIN, TOP, -MARGIN, -FOOT)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, spoken(self.trouble))
            return
        for piece in self.flat.pieces:
            self._paint_piece(painter, piece, colours)
        paint_gaps(painter, self.flat, self.meetings, self._at)
        chosen = self._chosen_piece()
        if chosen is not None:
            paint_handles(painter, chosen, self.flat.pattern, self._at, self.scale, self.studio.settings.length)
        painter.setPen(QColor(colours.muted))
        foot = QRectF(MARGIN, self.height() - FOOT, self.width() - 2 * MARGIN, FOOT)
        painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter, spoken(self._sentence()))

    def _paint_piece(self, painter: QPainter, piece: Laid, colours: theme.Theme) -> None:
        assert self.flat is not None
        panel, chosen = piece.panel, piece.panel.name == self._chosen()
        body = QPainterPath()
        body.addPolygon(self._polygon(piece.cut))
        body.closeSubpath()
        if self.coloured is not None:
            paint_cloth(painter, piece, body, self.coloured, self._at, self.scale)
        fill = QColor(colours.accent if chosen else colours.text)
        fill.setAlpha(34 if chosen else 16)
        painter.fillPath(body, fill)
        painter.setPen(QPen(QColor(colours.edge), 1.0))
        painter.drawPath(body)
        painter.setPen(QPen(QColor(colours.muted), 1.0))
        for other in self.nest:
            for like in other.panels:
                if like.name == panel.name:
                    painter.drawPolygon(self._polygon(like.outline(12) + piece.at))
        for line in (*panel.lines, *panel.marks):
            style = Qt.PenStyle.DotLine if line in panel.lines else Qt.PenStyle.DashLine
            painter.setPen(QPen(QColor(colours.muted), 1.0, style))
            painter.drawPolyline(self._polygon(line.at(_SHARES) + piece.at))
        for edge in panel.edges:
            seam = self.flat.seams.get((panel.name, edge.name))
            hue = QColor(colours.text) if seam is None else _colour(seam[0], colours.name == "dark")
            pointed = self._pointed is not None and self._sewn_with(self._pointed, panel.name, edge.name)
            painter.setPen(QPen(hue, 4.0 if pointed else 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPolyline(self._polygon(edge.at(_SHARES) + piece.at))
        painter.setPen(QPen(QColor(colours.text), 1.0))
        for tick, *_ in ticks(panel):
            painter.drawPolyline(self._polygon(tick + piece.at))
        for drill in panel.drills:
            painter.drawEllipse(self._at(np.array([drill.x, drill.y]) + piece.at), 2.5, 2.5)
        paint_grain(painter, piece, self._at)
        painter.setFont(theme.font(theme.CAPTION, bold=chosen))
        painter.setPen(QColor(colours.text))
        centre = body.boundingRect().center()
        name = panel.name.replace("_", " ")
        paint_label(painter, centre, name)

    def _sewn_with(self, pointed: tuple[Laid, Edge], panel: str, edge: str) -> bool:
        assert self.flat is not None
        piece, over = pointed
        if (piece.panel.name, over.name) == (panel, edge):
            return True
        seam = self.flat.seams.get((piece.panel.name, over.name))
        return seam is not None and any((ref.panel, ref.edge) == (panel, edge) for ref in seam[2])

    def _sentence(self) -> str:
        """What is under the pointer: an edge with its length and what it is sewn to; else which size this is."""
        assert self.flat is not None
        unit = self.studio.settings.length
        if self._pointed is None:
            return f"{self.flat.cut.size} · {self.flat.pattern.area:.2f} m² · drag a point, wheel to zoom"
        piece, edge = self._pointed
        words = f"{piece.panel.name} {edge.name}, {show(edge.length, unit)}".replace("_", " ")
        seam = self.flat.seams.get((piece.panel.name, edge.name))
        if seam is None:
            return f"{words}, {show(piece.panel.allowance_of(edge.name), unit)} allowance"
        others = ", ".join(dict.fromkeys(ref.panel.replace("_", " ") for ref in seam[2]))
        return f"{words}, sewn to {others}"


_SHARES = np.linspace(0.0, 1.0, SAMPLES + 1)


def _colour(number: int, dark: bool) -> QColor:
    """Colours of seams, as far apart as their number allows."""
    return QColor.fromHslF((number * GOLDEN) % 1.0, 0.62, 0.66 if dark else 0.40)
