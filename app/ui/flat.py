"""The pattern beside the person: panels laid flat, seams in pairs of one colour, grain, notches, lengths.

Click a panel and its outline shows on the person; click the cloth and its panel is chosen here. Drag a corner, the tip
of a dart or the middle of an edge: the options of the design follow (garments/handles.py), and the drape after them.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.flat import Flat, cut_of, drafted, grown_nest, laid_out, nest
from app.project import Project, Wish, own_fabric
from app.saying import language, spoken
from app.scenes.painting import Coloured, shifts
from app.ui import theme
from app.ui.controls import Segments, button
from app.ui.flathand import Drafted, Free, hold
from app.ui.flatlines import paint_sizes
from app.ui.flatpicture import Pieces, Seen
from app.ui.flatsheet import Sheet
from app.ui.flatunder import Pointed, absent, edge_at, handle_at, piece_at, sentence, sewn_with
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
ALL = (
    "The pieces of every size of the chart, one inside the other. "
    "A pattern from elsewhere is taken for the middle size and graded as bodies differ"
)


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
        self.pieces = Pieces(self)
        self._fitted = True
        self.garments: Segments | None = None
        self.all = button("All sizes", self._draft)
        self.all.setCheckable(True)
        self.all.setToolTip(spoken(ALL))
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

    @property
    def busy(self) -> bool:
        """Whether what is seen is still drafted or painted."""
        return self._making.busy or self.pieces.busy

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
        self.pieces.forget()
        if self.garments is not None:
            self.garments.choose(str(number))
        self._draft()

    def _draft(self) -> None:
        """Draw what is asked for, where it is not drawn yet. While something is dragged pieces stay where they lie, and
        a drawing that has begun is finished before the next."""
        wishes, studio = self.studio.project.wishes, self.studio
        wish = wishes[self.number] if self.number < len(wishes) else None
        cut = cut_of(wish, self.number, studio.shown, studio.project.evidence.sex) if wish else None
        asked = self._asked(wish, cut)
        if asked == self._drawn or (self._held and self._making.busy):
            return
        self._drawn = asked
        self._making.do(self._drawing(wish, cut))

    def _drawing(self, wish: Wish | None, cut: Cut | None) -> Iterator[None]:
        """Draw it; what takes long is done meanwhile."""
        found: Flat | None = None
        coloured: Coloured | None = None
        met: tuple[Meeting, ...] = ()
        nested: tuple[tuple[str, Pattern], ...] = ()
        missing: dict[str, str] = {}
        self.trouble = ""
        if wish is None:
            self.trouble = "Nothing is worn. Put on a garment, and its pattern is shown here."
        elif wish.made and not wish.made.sewn:
            self.trouble = "This garment came as a mesh: it has no pattern to show."
        elif cut is None:
            self.trouble = "Made to measure: the pattern is drafted as soon as the body is known."
        else:
            (pattern, like), aspect = self._pulled(wish), self._aspect()
            try:
                if self.all.isChecked() and wish.made and pattern is not None:
                    nested = yield from aside(partial(grown_nest, pattern, cut.chart))
                elif self.all.isChecked():
                    nested, missing = yield from aside(lambda: nest(cut))
                found = yield from aside(lambda: laid_out(pattern or drafted(cut), cut, like, aspect, nested))
                found = replace(found, missing=missing)
                coloured, met = yield from aside(lambda: _coloured(found, wish))
            except ToileError as error:
                self.trouble = str(error)
        self.all.setVisible(found is not None)
        self.flat, self.coloured, self.meetings = found, coloured, met
        self._try_handles()
        names = ", ".join(each.panel.name.replace("_", " ") for each in found.pieces) if found else self.trouble
        lost = absent(found.missing) if found else ""
        self.setToolTip(spoken(lost))
        self.setAccessibleDescription(". ".join(filter(None, (spoken(names), spoken(lost)))))
        if self._fitted:
            self.fit()
        self.update()
        QTimer.singleShot(0, self, self._draft)

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
            self.hand = hold(self, self.studio, self.number, self.flat, handle, self._draft)
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
        painter.fillRect(self.rect(), QColor(colours.window))
        if self.flat is None:
            painter.setFont(theme.font(theme.CAPTION))
            painter.setPen(QColor(colours.muted))
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self._room(), wrapped, spoken(self.trouble))
            return
        seen = Seen(
            self.flat, self.sheet, self.coloured, self.meetings, self._chosen(), self._movable,
            self.studio.settings.length, self.size(), self.devicePixelRatioF(), colours, language(),
        )  # fmt: skip
        self.pieces.paint(painter, seen, sewn_with(self.flat, self._pointed))
        self._paint_foot(painter)

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


def _coloured(flat: Flat, wish: Wish) -> tuple[Coloured, tuple[Meeting, ...]]:
    """What the pieces are cut from, and where the print's lines meet."""
    way, pattern = wish.colours, flat.pattern
    laid = shifts(pattern, way)
    names = tuple(panel.name for panel in pattern.panels)
    return Coloured(names, fabric(own_fabric(wish)).look, way, laid), meetings(pattern, way, laid)
