"""A long list of garments with pictures: only what is in sight is read, drawn and loaded, so that 10,000 scroll as ten.

Pictures that lie on disk are loaded between two frames, a few milliseconds at a time; those that have yet to be drawn
are asked for by `wanted`, the ones in sight first.
"""

import time
from bisect import bisect_right
from collections import OrderedDict

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.saying import language, spoken
from app.shop import catalogues as shop
from app.ui import theme
from assets.errors import ToileError
from garments.stock.articles import Article
from garments.stock.catalogue import Catalogue

Index = QModelIndex | QPersistentModelIndex
COLUMNS, GAP, WORDS = 2, 6, 52
PAGE, MOST_READ, MOST_PICTURES = 20, 4000, 600
BUDGET = 5
"""Milliseconds between two frames that go into loading pictures."""
PAPER = QColor(*shop.PAPER)


class Stock(QAbstractListModel):
    """Ids of a catalogue as rows; what they stand for is read a page at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.catalogue: Catalogue | None = None
        self.ids: tuple[str, ...] = ()
        self._read: OrderedDict[str, Article] = OrderedDict()

    def show(self, catalogue: Catalogue | None, ids: tuple[str, ...]) -> None:
        self.beginResetModel()
        if catalogue is not self.catalogue:
            self._read.clear()
        self.catalogue, self.ids = catalogue, ids
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole):
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.article(index.row()).called(language())
        if role == Qt.ItemDataRole.ToolTipRole:
            told = self.article(index.row())
            return spoken(told.trouble) or "\n".join(filter(None, (told.title, told.chinese, told.cost)))
        return None

    def article(self, row: int) -> Article:
        """The garment of a row."""
        id = self.ids[row]
        if id not in self._read and self.catalogue is not None:
            start = max(row - PAGE // 2, 0)
            self._read.update((each.id, each) for each in self.catalogue.items(self.ids[start : start + PAGE]))
            while len(self._read) > MOST_READ:
                self._read.popitem(last=False)
        return self._read.get(id) or Article(id, id, trouble="It is no longer in the catalogue")

    def known(self, id: str) -> Article | None:
        """What was read of a garment lately."""
        return self._read.get(id)


class Goods(QListView):
    """The garments of a catalogue. `chosen`: another one is current; `wanted`: this id's picture is to be drawn; `by`:
    the program that draws them, as app.shop.refresh tells it."""

    chosen = Signal(str)
    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.stock = Stock()
        self.setModel(self.stock)
        self.setItemDelegate(_Card(self))
        self.setAccessibleName(spoken("Garments of the catalogue"))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setUniformItemSizes(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(40)
        self._pictures: OrderedDict[str, QPixmap | None] = OrderedDict()
        self._missing: dict[str, None] = {}
        self._asked: set[str] = set()
        self.by: str | None = None
        self._load = QTimer(self)
        self._load.setSingleShot(True)
        self._load.setInterval(8)
        self._load.timeout.connect(self._load_some)
        self.selectionModel().currentChanged.connect(self._choose)

    def show_all(self, catalogue: Catalogue | None, ids: tuple[str, ...] | None = None) -> None:
        """Show garments of a catalogue: these, or all."""
        found = catalogue.search().ids if catalogue is not None and ids is None else ids or ()
        if catalogue is not self.stock.catalogue:
            self._pictures.clear()
            self._asked.clear()
        self._missing.clear()
        self.stock.show(catalogue, found)
        self.scrollToTop()

    def current(self) -> Article | None:
        """The garment that is chosen."""
        row = self.currentIndex().row()
        return self.stock.article(row) if 0 <= row < len(self.stock.ids) else None

    def picture(self, told: Article) -> QPixmap | None:
        """A garment's picture where it is at hand; else it is loaded as soon as there is time."""
        if told.id in self._pictures:
            self._pictures.move_to_end(told.id)
            return self._pictures[told.id]
        if not told.trouble:
            self._missing[told.id] = None
            if not self._load.isActive():
                self._load.start()
        return None

    def drawn(self, id: str, path: str | None) -> None:
        """A picture that was asked for lies there now; None: there is none of it."""
        self._keep(id, QPixmap(path) if path else None)
        self._asked.discard(id)
        self.viewport().update()

    def next_wanted(self) -> str | None:
        """The id in sight whose picture should be drawn next."""
        return next((id for id in self.in_sight() if id in self._asked), None)

    def in_sight(self) -> tuple[str, ...]:
        """The ids that can be seen."""
        if not self.stock.ids:
            return ()
        first = self.indexAt(self.viewport().rect().topLeft() + _INSIDE).row()
        rows = self.viewport().height() // self.tile().height() + 2
        first = max(first, 0)
        return self.stock.ids[first : first + COLUMNS * rows]

    def tile(self) -> QSize:
        """How large a garment is shown."""
        width = (self.viewport().width() - 2) // COLUMNS
        return QSize(width, round((width - 2 * GAP) * shop.HEIGHT / shop.WIDTH) + WORDS + 2 * GAP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setGridSize(self.tile())
        super().resizeEvent(event)

    def _choose(self) -> None:
        told = self.current()
        if told is not None:
            self.chosen.emit(told.id)

    def _load_some(self) -> None:
        """Load what lies on disk of what is in sight, for BUDGET; ask for the rest."""
        until = time.perf_counter() + BUDGET / 1000
        seen = set(self.in_sight())
        waiting, self._missing = list(self._missing), {}
        for k, id in enumerate(waiting):
            if time.perf_counter() > until:
                self._missing = dict.fromkeys(waiting[k:])
                self._load.start()
                break
            if id in seen and id not in self._pictures:
                self._find(id)
        self.viewport().update()

    def _find(self, id: str) -> None:
        told = self.stock.known(id)
        if told is None:
            return
        try:
            path = shop.picture_path(told, self.by)
        except (ToileError, OSError):
            self._keep(id, None)
            return
        if path.is_file():
            self._keep(id, QPixmap(str(path)))
        else:
            self._asked.add(id)
            self.wanted.emit(id)

    def _keep(self, id: str, picture: QPixmap | None) -> None:
        if picture is not None and not picture.isNull():
            ratio = self.devicePixelRatioF()
            size = QSize(self.tile().width() - 2 * GAP, 10_000) * ratio
            picture = picture.scaled(
                size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            picture.setDevicePixelRatio(ratio)
        self._pictures[id] = picture
        while len(self._pictures) > MOST_PICTURES:
            self._pictures.popitem(last=False)


class _Card(QStyledItemDelegate):
    """One garment: its picture, its name on two lines, its price; of a broken one why it is."""

    def __init__(self, goods: Goods) -> None:
        super().__init__(goods)
        self.goods = goods
        self._kept: OrderedDict[tuple, list[str]] = OrderedDict()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.goods.tile()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, told = theme.current(), self.goods.stock.article(index.row())
        whole: QRect = option.rect.adjusted(GAP, GAP, -GAP, -GAP)
        state = option.state
        picture = QRect(whole.left(), whole.top(), whole.width(), whole.height() - WORDS)
        painter.save()
        painter.fillRect(picture, PAPER if not told.trouble else QColor(colours.hover))
        found = self.goods.picture(told)
        if found is not None and not found.isNull():
            painter.drawPixmap(picture.topLeft(), found)
        else:
            theme.icon("warning" if told.trouble else "garment", colours.bad if told.trouble else "#B9B8B4").paint(
                painter, QRect(picture.center().x() - 14, picture.center().y() - 14, 28, 28)
            )
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(QColor(colours.accent if chosen else colours.edge), 2 if chosen else 1))
            painter.drawRect(QRectF(picture).adjusted(0.5, 0.5, -0.5, -0.5))
        self._words(painter, QRect(whole.left(), picture.bottom() + 5, whole.width(), WORDS - 4), told)
        painter.restore()

    def _words(self, painter: QPainter, room: QRect, told: Article) -> None:
        colours = theme.current()
        painter.setFont(theme.font(theme.CAPTION))
        metrics = painter.fontMetrics()
        painter.setPen(QColor(colours.text))
        lines = self._lines(told.called(language()), metrics, room.width())
        for k, line in enumerate(lines):
            painter.drawText(room.left(), room.top() + metrics.ascent() + k * metrics.height(), line)
        painter.setPen(QColor(colours.bad if told.trouble else colours.muted))
        last = metrics.elidedText(spoken(told.trouble or told.cost), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room.left(), room.top() + metrics.ascent() + len(lines) * metrics.height(), last)

    def _lines(self, text: str, metrics: QFontMetrics, width: int) -> list[str]:
        """A text on two lines, kept: letters take long to measure."""
        key = (text, width, metrics.height())
        if key not in self._kept:
            self._kept[key] = _two_lines(text, metrics, width)
            while len(self._kept) > MOST_READ:
                self._kept.popitem(last=False)
        return self._kept[key]


def _two_lines(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """A text on at most two lines, broken at a space where there is one; the rest elided."""
    if metrics.horizontalAdvance(text) <= width:
        return [text]
    fits = max(bisect_right(range(1, len(text) + 1), width, key=lambda k: metrics.horizontalAdvance(text[:k])), 1)
    space = text.rfind(" ", 0, fits + 1)
    cut = space if space > 0 else fits
    return [text[:cut].rstrip(), metrics.elidedText(text[cut:].lstrip(), Qt.TextElideMode.ElideRight, width)]


_INSIDE = QPoint(4, 4)
