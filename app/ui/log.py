"""What was said and what went wrong, in order: a page to read it, a file that outlives the window, details to copy."""

import platform
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import QObject, Qt, Signal, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.saying import spoken
from app.serving import Failure, explain
from app.ui import theme
from app.ui.controls import button
from assets.errors import ToileError
from assets.files import user_cache

MOST = 500
LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was said: when [s since 1970], the sentence, and of a failure its details."""

    time: float
    sentence: str
    details: str = ""

    @property
    def whole(self) -> str:
        """All that is known, for whoever repairs it."""
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.time))
        return "\n".join(filter(None, (f"{when} {self.sentence}", self.details, about())))


class Log(QObject):
    """The notes of this session, newest last. `added` follows each."""

    added = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.notes: deque[Note] = deque(maxlen=MOST)

    def note(self, sentence: str, details: str = "") -> None:
        """Keep a sentence; one that was just noted with its details is not noted again without."""
        sentence = as_sentence(sentence)
        if self.notes and self.notes[-1].sentence == sentence and not details:
            return
        made = Note(time.time(), sentence, details)
        self.notes.append(made)
        with suppress(OSError, ToileError):
            path = user_cache() / "window.log"
            fresh = path.exists() and path.stat().st_size > LARGEST
            with open(path, "w" if fresh else "a", encoding="utf-8") as stream:
                stream.write(f"{made.whole if details else f'{made.time:.0f} {sentence}'}\n")
        self.added.emit()

    @property
    def last_failure(self) -> Note | None:
        """The newest note that has details."""
        return next((note for note in reversed(self.notes) if note.details), None)

    def watch(self, said: Callable[[str], object]) -> None:
        """Note every mistake of the program that nobody caught, and say it, instead of losing it on a terminal."""
        before = sys.excepthook

        def hook(kind: type[BaseException], error: BaseException, trace: object) -> None:
            before(kind, error, trace)  # type: ignore[arg-type]
            if isinstance(error, Exception):
                failure = explain(error)
                self.note(failure.sentence, failure.details)
                said(failure.sentence)

        sys.excepthook = hook


def as_sentence(said: str) -> str:
    """What was said, beginning as a sentence does."""
    return said[:1].upper() + said[1:]


def about() -> str:
    """Versions, in one line."""
    try:
        ours = version("toile")
    except PackageNotFoundError:
        ours = "of the source folder"
    return f"Toile {ours}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"


def complain(log: Log, parent: QWidget, title: str, failure: Failure) -> None:
    """Say in a box why something could not be done, with the details to copy; it is in the log, too."""
    log.note(failure.sentence, failure.details)
    sentence = as_sentence(failure.sentence)
    box = QMessageBox(QMessageBox.Icon.NoIcon, spoken(title), spoken(sentence), QMessageBox.StandardButton.Ok, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setEscapeButton(QMessageBox.StandardButton.Ok)  # beside a second button Qt would find none
    if failure.details:
        copy = box.addButton(spoken("Copy details"), QMessageBox.ButtonRole.ActionRole)
        copy.clicked.disconnect()
        copy.clicked.connect(lambda: copied(Note(time.time(), sentence, failure.details)))
    box.exec()


def copied(note: Note) -> None:
    """Put all that is known of a note on the clipboard."""
    QGuiApplication.clipboard().setText(note.whole)


class LogPage(QDialog):
    """The notes of this session, newest first, with the details of the one that is chosen."""

    def __init__(self, log: Log, parent: QWidget) -> None:
        super().__init__(parent)
        self.log = log
        self.setWindowTitle(spoken("Log"))
        self.resize(620, 460)
        self.list = QListWidget()
        self.list.setAccessibleName(spoken("What was said"))
        self.list.setWordWrap(True)
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setAccessibleName(spoken("Details"))
        self.details.setPlaceholderText(spoken("Choose a line to see its details."))
        self.copy = button("Copy details", self._copy, "copy")
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.copy)
        row.addWidget(button("Close", self.close))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.list, 2)
        column.addWidget(self.details, 1)
        column.addLayout(row)
        self.list.currentRowChanged.connect(lambda _: self._tell())
        log.added.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """Show the notes; what was chosen stays chosen."""
        chosen = self._chosen()
        self.list.clear()
        for note in reversed(self.log.notes):
            when = time.strftime("%H:%M:%S", time.localtime(note.time))
            item = QListWidgetItem(f"{when}   {spoken(note.sentence)}")
            if note.details:
                item.setIcon(theme.icon("warning", theme.current().bad))
            item.setData(Qt.ItemDataRole.UserRole, note)
            self.list.addItem(item)
            if note is chosen:
                self.list.setCurrentItem(item)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        self._tell()

    def _chosen(self) -> Note | None:
        item = self.list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item else None

    def _tell(self) -> None:
        note = self._chosen()
        self.details.setPlainText(note.details or spoken(note.sentence) if note else "")
        self.copy.setEnabled(note is not None)

    def _copy(self) -> None:
        note = self._chosen()
        if note:
            copied(note)
