"""All shortcuts as a list in which each can be changed; two actions never share a key."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.saying import spoken
from app.ui.actions import ENTRIES
from app.ui.controls import button, label
from app.ui.search import ranked
from app.ui.studio import Studio

OWN = {entry.name: entry.keys for entry in ENTRIES}
TITLES = {entry.name: entry.text for entry in ENTRIES}
GESTURES = (
    "Drag: turn round the person; in the Pose room, from a dot: bend the joint. Right, middle or Shift + drag: move "
    "the picture. Wheel or pinch: come nearer to the pointer. Two fingers: move the picture, or twist it round the "
    "person. A tape's label may be drawn away from its line; a double click puts it back. Double click on a slider: "
    "have the value estimated again. A value may be typed with its unit: 178 cm, 5'10, 1.78 m, 70 in, 163 lb."
)


def keys_of(name: str, changed: Mapping[str, str]) -> list[QKeySequence]:
    """The keys of an action, as the person or else Toile has them."""
    return [keys for keys in QKeySequence.listFromString(changed.get(name, OWN[name])) if not keys.isEmpty()]


def bind(actions: Mapping[str, QAction], changed: Mapping[str, str]) -> None:
    """Give all actions their keys."""
    for name, action in actions.items():
        action.setShortcuts(keys_of(name, changed))


def taken(keys: QKeySequence, changed: Mapping[str, str]) -> str | None:
    """The action that has these keys, or keys that begin or go on with them."""
    for name in OWN:
        for known in keys_of(name, changed):
            if _meet(known, keys):
                return name
    return None


class ShortcutsPage(QDialog):
    """Choose an action, press keys, and it has them."""

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        super().__init__(parent)
        self.studio = studio
        self.setWindowTitle(spoken("Shortcuts and gestures"))
        self.resize(560, 560)
        self.search = QLineEdit(placeholderText=spoken("Search shortcuts"))
        self.search.setAccessibleName(spoken("Search shortcuts"))
        self.search.setClearButtonEnabled(True)
        self.list = QTreeWidget()
        self.list.setAccessibleName(spoken("Shortcuts"))
        self.list.setRootIsDecorated(False)
        self.list.setHeaderLabels([spoken("Action"), spoken("Menu"), spoken("Keys")])
        self.list.header().setStretchLastSection(False)
        for column, mode in enumerate((QHeaderView.ResizeMode.Stretch, *[QHeaderView.ResizeMode.ResizeToContents] * 2)):
            self.list.header().setSectionResizeMode(column, mode)
        self.keys = QKeySequenceEdit()
        self.keys.setAccessibleName(spoken("New keys"))
        for inside in self.keys.findChildren(QLineEdit):
            inside.setAccessibleName(spoken("New keys"))
        self.keys.setMaximumSequenceLength(1)
        self.give = button("Use these keys", self._give, primary=True)
        self.take = button("No keys", lambda: self._change(""))
        self.back = button("As Toile has it", lambda: self._change(None))
        self.said = label("", "bad")
        self.instead = button("Use them here instead", self._take_over)
        self._lay_out()
        self.search.textChanged.connect(lambda _: self.fill())
        self.list.currentItemChanged.connect(lambda *_: self._chosen_changed())
        self.fill()

    def fill(self) -> None:
        """Show the actions that answer the search; the one that was chosen stays so."""
        before, changed = self._chosen(), self.studio.settings.shortcuts
        self.list.clear()
        items, chosen = [], None
        for entry in ENTRIES:
            if ranked(self.search.text(), f"{entry.menu} {entry.text}") is None:
                continue
            keys = QKeySequence.listToString(keys_of(entry.name, changed), QKeySequence.SequenceFormat.NativeText)
            item = QTreeWidgetItem([spoken(entry.text), spoken(entry.menu), spoken(keys.replace(";", " or"))])
            item.setData(0, Qt.ItemDataRole.UserRole, entry.name)
            if entry.name in changed:
                font = item.font(2)
                font.setBold(True)
                item.setFont(2, font)
            items.append(item)
            chosen = item if entry.name == before else chosen
        self.list.addTopLevelItems(items)
        chosen = chosen or next(iter(items), None)
        if chosen is not None:
            self.list.setCurrentItem(chosen)
            self.list.scrollToItem(chosen)

    def choose(self, name: str) -> None:
        """Choose an action by its name."""
        self.search.clear()
        items = [self.list.topLevelItem(k) for k in range(self.list.topLevelItemCount())]
        for item in items:
            if item is not None and item.data(0, Qt.ItemDataRole.UserRole) == name:
                self.list.setCurrentItem(item)
                self.list.scrollToItem(item)

    def _lay_out(self) -> None:
        row, conflict, foot = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for widget in (self.keys, self.give, self.take, self.back):
            row.addWidget(widget, 1 if widget is self.keys else 0)
        conflict.addWidget(self.said, 1)
        conflict.addWidget(self.instead)
        foot.addWidget(button("All as Toile has them", self._all_back))
        foot.addStretch(1)
        foot.addWidget(button("Close", self.close))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        column.addLayout(conflict)
        column.addWidget(label(GESTURES, "caption"))
        column.addLayout(foot)

    def _chosen(self) -> str | None:
        item = self.list.currentItem()
        return item.data(0, Qt.ItemDataRole.UserRole) if item else None

    def _chosen_changed(self) -> None:
        name = self._chosen()
        for widget in (self.keys, self.give, self.take, self.back):
            widget.setEnabled(name is not None)
        self.keys.clear()
        self._say("")

    def _give(self) -> None:
        name, keys = self._chosen(), self.keys.keySequence()
        if name is None or keys.isEmpty():
            return
        other = taken(keys, self.studio.settings.shortcuts)
        if other is not None and other != name:
            shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
            self._say(f"{shown} is “{TITLES[other].rstrip('…')}” already.", offer=True)
            return
        self._change(keys.toString())

    def _take_over(self) -> None:
        """The keys leave the action that had them."""
        keys, chosen = self.keys.keySequence(), self._chosen()
        for other in OWN:
            known = keys_of(other, self.studio.settings.shortcuts)
            left = [each for each in known if not _meet(each, keys)]
            if other != chosen and len(left) < len(known):
                self._keep(other, QKeySequence.listToString(left))
        self._change(keys.toString())

    def _change(self, keys: str | None) -> None:
        name = self._chosen()
        if name is not None:
            if keys is None:
                back = [taken(one, {**self.studio.settings.shortcuts, name: ""}) for one in keys_of(name, {})]
                other = next(filter(None, back), None)
                if other is not None:
                    self._say(f"Its own keys are “{TITLES[other].rstrip('…')}” now: change that first.")
                    return
            self._keep(name, keys)
            self.fill()
            self._chosen_changed()

    def _keep(self, name: str, keys: str | None) -> None:
        changed = {known: told for known, told in self.studio.settings.shortcuts.items() if known != name}
        if keys is not None and keys != OWN[name]:
            changed[name] = keys
        self.studio.keep(shortcuts=changed)

    def _all_back(self) -> None:
        self.studio.keep(shortcuts={})
        self.fill()
        self._chosen_changed()

    def _say(self, sentence: str, offer: bool = False) -> None:
        self.said.setText(spoken(sentence))
        self.said.setVisible(bool(sentence))
        self.instead.setVisible(offer)


def _meet(one: QKeySequence, other: QKeySequence) -> bool:
    """Whether one is the other, or begins it."""
    none = QKeySequence.SequenceMatch.NoMatch
    return one.matches(other) != none or other.matches(one) != none
