"""The field in the menu bar that finds what can be done, by words in any order, parts of words or first letters."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QColor, QKeySequence, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem

from app.saying import spoken
from app.ui import theme

MOST_SHOWN, WIDTH = 12, 340
KEYS = Qt.ItemDataRole.UserRole


def match(query: str, name: str) -> int | None:
    """How badly a name answers a query, 0 best; None where it does not. Every word must begin a word of it (0), be in
    it (1), or be letters of it in their order (3)."""
    text, cost = name.casefold(), 0
    starts = [text[k:] for k in range(len(text)) if k == 0 or not text[k - 1].isalnum()]
    for word in query.casefold().split():
        if any(start.startswith(word) for start in starts):
            continue
        if word in text:
            cost += 1
            continue
        letters = iter(text)
        if not all(letter in letters for letter in word):
            return None
        cost += 3
    return cost


def ranked(query: str, name: str) -> int | None:
    """How badly a name answers a query, in English or in the language spoken; None where in neither."""
    ranks = [rank for rank in (match(query, name), match(query, spoken(name))) if rank is not None]
    return min(ranks, default=None)


class Search(QLineEdit):
    """Find an action by its words and do it."""

    def __init__(self, actions: dict[str, QAction]) -> None:
        """`actions` by what they are found by."""
        super().__init__(placeholderText=spoken("Search (Ctrl+K)"))
        self.setAccessibleName(spoken("Search for an action"))
        self.setFixedSize(QSize(WIDTH, 26))
        self._actions = actions
        self._named = {spoken(name): name for name in actions}
        self._model = QStandardItemModel(self)
        completer = QCompleter(self._model, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(MOST_SHOWN)
        popup = completer.popup()
        assert popup is not None
        self._popup = popup
        self._popup.setItemDelegate(_Line(completer))
        completer.activated.connect(self._do)
        self.setCompleter(completer)
        self.textEdited.connect(self._list)
        self.returnPressed.connect(self._first)

    def begin(self) -> None:
        """Take the keyboard, and list everything."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self._list(self.text())
        self.completer().complete()

    def found(self, query: str) -> list[str]:
        """What answers a query, the best first; what can be done now before what cannot."""
        ranks = {name: ranked(query, name) for name in self._actions}
        known = [name for name, rank in ranks.items() if rank is not None]
        return sorted(known, key=lambda name: (not self._actions[name].isEnabled(), ranks[name]))

    def _list(self, query: str) -> None:
        self._model.clear()
        for name in self.found(query):
            item = QStandardItem(spoken(name))
            keys = self._actions[name].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            item.setData(keys, KEYS)
            item.setData(spoken(f"{name}, {keys}" if keys else name), Qt.ItemDataRole.AccessibleTextRole)
            item.setEnabled(self._actions[name].isEnabled())
            self._model.appendRow(item)

    def _first(self) -> None:
        found = self.found(self.text())
        if self.text() and found and not self._popup.currentIndex().isValid():
            self._do(found[0])

    def _do(self, name: str) -> None:
        action = self._actions.get(self._named.get(name, name))
        if action is not None and action.isEnabled():
            self._popup.hide()
            self.clearFocus()
            action.trigger()
        # The completer writes its text after this slot.
        QTimer.singleShot(0, self.clear)


class _Line(QStyledItemDelegate):
    """A line of the list with its keys at its end."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        keys = index.data(KEYS)
        if keys:
            painter.save()
            painter.setPen(QColor(theme.current().muted))
            painter.setFont(theme.font(theme.CAPTION))
            painter.drawText(
                option.rect.adjusted(0, 0, -12, 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, keys
            )
            painter.restore()
