"""The pattern beside the person: panels laid flat, seams in pairs of one colour, grain, notches, lengths.

Click a panel and its outline shows on the person; click the cloth and its panel is chosen here. Drag a corner, the tip
of a dart or the middle of an edge: the options of the design follow (garments/handles.py), and the drape after them.
"""

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.flat import Flat, cut_of, drafted, laid_out, nest
from app.project import Project, Wish, own_fabric
from app.saying import language, spoken
from app.scenes.painting import Coloured, shifts
from app.ui import theme
from app.ui.controls import Segments, button
from app.ui.flatcloth import paint_cloth, paint_gaps
from app.ui.flathand import Drafted, Free, hold
from app.ui.flatlines import Labels, measures, paint_handles, paint_lines, paint_nest, paint_sizes
from app.ui.flatsheet import Sheet
from app.ui.flatunder import Pointed, edge_at, handle_at, piece_at, sentence, sewn_with
from app.ui.gradually import Gradually, aside
from app.ui.panels.garment import title
from app.ui.studio import Studio
from assets.errors import ToileError
from garments.colours.matching import Meeting, meetings
from garments.designs import design
from garments.fabric import fabric
from garments.formats.laying import Laid
from garments.garment import Cut
from garments.handles import Handle, handles, movable
from garments.imported.readymade import ONE_SIZE
from garments.pattern import Pattern

MARGIN, TOP, FOOT = 16, 48, 30


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
        self.sheet = Sheet()
        self.hand: Drafted | Free | None = None
        self._drawn: tuple[object, ...] | None = None
        self._making, self._trying = Gradually(self), Gradually(self)
        self._movable: frozenset[Handle] | None = None
        self._held = False
        self._panned: QPointF | None = None
        self._pointed: Pointed | None = None
        self._seen: tuple[object, ...] | None = None
        self._painted = QPixmap()
        self._fitted = True
        self.garments: Segments | None = None
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
        nested: tuple[tuple[str, Pattern], ...] = ()
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
                nested = (yield from aside(lambda: nest(cut))) if sizes else ()
                found = yield from aside(lambda: laid_out(pattern or drafted(cut), cut, like, aspect, nested))
            except ToileError as error:
                self.trouble = str(error)
        self.all.setVisible(found is not None and found.cut.size != ONE_SIZE)
        self.flat = found
        self._colour()
        self._try_handles()
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

    def _try_handles(self) -> None:
        """Find out which points of the chosen piece can be dragged; until it is known, all may."""
        piece, self._movable = self._chosen_piece(), None
        if piece is not None and self.flat is not None and self.flat.cut.size != ONE_SIZE and not self._held:
            self._trying.do(self._tried(self.flat.cut, handles(piece.panel)))

    def _tried(self, cut: Cut, points: tuple[Handle, ...]) -> Iterator[None]:
        found: frozenset[Handle] = frozenset()
        try:
            for able in movable(design(cut.design), cut.meant_for, cut.drawn, points):
                found |= able
                yield
        except ToileError:
            return
        self._movable = found
        self.update()

    def fit(self) -> None:
        """All pieces in sight."""
        self._fitted = True
        if self.flat is not None:
            self.sheet = Sheet.fitted(self.flat.size, self._room())
            self.update()

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(MARGIN, TOP, -MARGIN, -FOOT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        for bar in filter(None, (self.all, self.garments)):
            bar.adjustSize()
        self.all.move(self.width() - self.all.width() - MARGIN, 12)
        if self._fitted:
            self._draft()

    # Hands ------------------------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.sheet = self.sheet.zoomed(event.position(), 1.0015 ** event.angleDelta().y())
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
        piece = piece_at(self.flat, self.sheet, place) if self.flat is not None else None
        if piece is not None and event.button() == Qt.MouseButton.LeftButton:
            self.studio.pick_panel(self.number, piece.panel.name)
            return
        self._panned = place

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        if self._held:
            self._pull(place)
        elif self._panned is not None:
            self.sheet = self.sheet.moved(place - self._panned)
            self._panned, self._fitted = place, False
        else:
            self._pointed = edge_at(self.flat, self.sheet, place) if self.flat is not None else None
            handle = self._handle_at(place)
            over = handle is not None and (self._movable is None or handle in self._movable)
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
        self.hand.pull(self.sheet.back(place) - piece.at)

    def _picked(self) -> None:
        if self.studio.panel is not None and self.studio.panel[0] != self.number:
            self.choose(self.studio.panel[0])
        else:
            self._try_handles()
        self.update()

    def _chosen(self) -> str | None:
        panel = self.studio.panel
        return panel[1] if panel is not None and panel[0] == self.number else None

    def _handle_at(self, place: QPointF) -> Handle | None:
        """The handle of the chosen piece that is under the pointer."""
        piece = self._chosen_piece()
        if piece is None or self.flat is None:
            return None
        return handle_at(piece, self.flat.pattern, self.sheet, place)

    def _chosen_piece(self) -> Laid | None:
        pieces = self.flat.pieces if self.flat else ()
        return next((each for each in pieces if each.panel.name == self._chosen()), None)

    # Drawing ----------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.current()
        if self.flat is None:
            painter.fillRect(self.rect(), QColor(colours.window))
            painter.setFont(theme.font(theme.CAPTION))
            painter.setPen(QColor(colours.muted))
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self._room(), wrapped, spoken(self.trouble))
            return
        near = sewn_with(self.flat, self._pointed)
        seen = (
            self.flat, self.sheet, self.coloured, self.meetings, self._chosen(), near, self._movable, self.size(),
            self.devicePixelRatioF(), colours, language(), self.studio.settings.length,
        )  # fmt: skip
        if seen != self._seen:
            self._seen, self._painted = seen, self._pieces(self.flat, near)
        painter.drawPixmap(0, 0, self._painted)
        self._paint_foot(painter)

    def _pieces(self, flat: Flat, near: frozenset[tuple[str, str]]) -> QPixmap:
        """All pieces with their words, as large as the view; edges in `near`, (panel, edge), stand out."""
        ratio = self.devicePixelRatioF()
        made = QPixmap(self.size() * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(QColor(theme.current().window))
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.CAPTION))
        self._paint_pieces(painter, flat, near)
        painter.end()
        return made

    def _paint_pieces(self, painter: QPainter, flat: Flat, near: frozenset[tuple[str, str]]) -> None:
        chosen, labels = self._chosen_piece(), Labels(painter)
        for piece in sorted(flat.pieces, key=lambda each: each is chosen):
            self._paint_cloth(painter, piece, piece is chosen)
            paint_lines(painter, flat, piece, self.sheet, near)
            paint_nest(painter, flat, piece, self.sheet)
        gaps = paint_gaps(painter, flat, self.meetings, self.sheet)
        if chosen is not None:
            paint_handles(painter, chosen, flat.pattern, self.sheet, self._movable)
        for piece in flat.pieces:
            middle = self.sheet.polygon(piece.cut).boundingRect().center()
            labels.put([middle], piece.panel.name.replace("_", " "), always=True, bold=piece is chosen)
        for places, words in (*gaps, *(measures(chosen, self.sheet, self.studio.settings.length) if chosen else ())):
            labels.put(places, words)

    def _paint_cloth(self, painter: QPainter, piece: Laid, chosen: bool) -> None:
        colours, shape = theme.current(), QPainterPath()
        shape.addPolygon(self.sheet.polygon(piece.cut))
        shape.closeSubpath()
        fill = QColor(colours.text)
        fill.setAlpha(16)
        painter.fillPath(shape, fill)
        if self.coloured is not None:
            paint_cloth(painter, piece, shape, self.coloured, self.sheet)
        painter.strokePath(shape, QPen(QColor(colours.accent if chosen else colours.edge), 2.0 if chosen else 1.0))

    def _paint_foot(self, painter: QPainter) -> None:
        """The line below: which colour is which size, or what is under the pointer."""
        assert self.flat is not None
        foot = QRectF(MARGIN, self.height() - FOOT, self.width() - 2 * MARGIN, FOOT)
        if self.flat.nest and self._pointed is None:
            paint_sizes(painter, self.flat, foot)
            return
        painter.setFont(theme.font(theme.CAPTION))
        painter.setPen(QColor(theme.current().muted))
        words = sentence(self.flat, self._pointed, self.meetings, self.studio.settings.length)
        shown = painter.fontMetrics().elidedText(spoken(words), Qt.TextElideMode.ElideRight, int(foot.width()))
        painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter, shown)
