"""Projects to choose from by their pictures: those opened lately, and those of windows that were not closed."""

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDate, QLocale, QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.saying import spoken
from app.ui import theme
from app.ui.controls import button, label
from app.ui.filing import Filing, recent_picture
from app.ui.recovery import Left, forget
from assets.errors import ToileError

PICTURE = QSize(120, 160)
EMPTY = "No project was opened yet. Save this one with Ctrl+S, and it is listed here."


class Choice(QDialog):
    """Pictures with names, one of them chosen; a double click or Enter takes it."""

    def __init__(self, title: str, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(spoken(title))
        self.resize(620, 420)
        self.list = QListWidget()
        self.list.setAccessibleName(spoken(title))
        self.list.setViewMode(QListWidget.ViewMode.IconMode)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setMovement(QListWidget.Movement.Static)
        self.list.setIconSize(PICTURE)
        self.list.setGridSize(QSize(180, 224))
        self.list.setWordWrap(True)
        self.list.itemActivated.connect(lambda _: self.take())
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 16, 16, 16)
        self.column.setSpacing(12)
        self.column.addWidget(label(words))
        self.column.addWidget(self.list, 1)
        self.column.addLayout(self.buttons)

    def add(self, picture: Path | None, name: str, told: str, value: object) -> None:
        """One more project; `told` is its tooltip."""
        pixmap = QPixmap(str(picture)) if picture and picture.is_file() else QPixmap()
        drawn = QIcon()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
            drawn.addPixmap(theme.icon("body").pixmap(PICTURE / 2) if pixmap.isNull() else pixmap, mode)
        item = QListWidgetItem(drawn, spoken(name))
        item.setToolTip(spoken(told))
        item.setData(Qt.ItemDataRole.UserRole, value)
        self.list.addItem(item)
        if self.list.count() == 1:
            self.list.setCurrentRow(0)

    def chosen(self) -> object:
        item = self.list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item else None

    def take(self) -> None:
        """Do what the first button says."""


class Recents(Choice):
    """What was opened lately."""

    def __init__(self, filing: Filing, parent: QWidget) -> None:
        known = [Path(name) for name in filing.studio.settings.recent]
        there = [path for path in known if path.is_file()]
        super().__init__("Open recent", "Opened lately:" if there else EMPTY, parent)
        self.filing = filing
        for path in there:
            self.add(_picture(path), f"{path.stem}\n{_when(path.stat().st_mtime)}", str(path), path)
        opening = button("Open", self.take, primary=True)
        opening.setEnabled(bool(there))
        self.buttons.addWidget(opening)
        self.buttons.addWidget(button("Another file…", self._another))
        self.buttons.addWidget(button("Cancel", self.reject))

    def take(self) -> None:
        path = self.chosen()
        if isinstance(path, Path):
            self.accept()
            self.filing.open(path)

    def _another(self) -> None:
        self.accept()
        self.filing.choose()


class Recovered(Choice):
    """What windows left that were not closed. What is not recovered now is offered again at the next start."""

    def __init__(self, filing: Filing, left: Sequence[Left], parent: QWidget) -> None:
        words = "Toile was not closed as it should be. This is what was not saved:"
        super().__init__("Recover your work", words, parent)
        self.filing = filing
        for each in left:
            told = f"Changes to {each.path}" if each.path else "Never saved in a file"
            self.add(each.thumbnail, f"{each.title}\n{_when(each.time)}", told, each)
        self.buttons.addWidget(button("Recover", self.take, primary=True))
        self.buttons.addWidget(button("Throw away", self._throw))
        self.buttons.addWidget(button("Not now", self.reject))

    def take(self) -> None:
        left = self.chosen()
        if isinstance(left, Left):
            self.accept()
            self.filing.recover(left)

    def _throw(self) -> None:
        left = self.chosen()
        if isinstance(left, Left):
            forget(left.folder)
            self.list.takeItem(self.list.currentRow())
        if not self.list.count():
            self.reject()


def _picture(path: Path) -> Path | None:
    try:
        return recent_picture(path)
    except (ToileError, OSError):
        return None


def _when(moment: float) -> str:
    """A day and a time as people say them."""
    told, today = time.localtime(moment), time.localtime()
    clock = time.strftime("%H:%M", told)
    if told[:3] == today[:3]:
        return f"Today, {clock}"
    day = QDate(*told[:3])
    return f"{QLocale().toString(day, spoken('d MMM yyyy'))}, {clock}"
