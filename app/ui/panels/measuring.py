"""A form for what a laboratory, or a strip and a weight, tell of a fabric; it gives a fabric of one's own."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.saying import spoken
from app.ui.controls import Segments, button, clear, label, section
from assets.errors import ToileError
from garments.fabric import Fabric
from garments.measured import METHODS, Entry, from_measurements


class Measuring(QWidget):
    """`made` carries the fabric; `closed` says that the form is no longer wanted."""

    made = Signal(object)
    closed = Signal()

    def __init__(self, like: Callable[[], Fabric]) -> None:
        """`like`: the fabric that everything is taken from that was not measured."""
        super().__init__()
        self.like, self.method = like, "fast"
        self.entries: dict[str, QLineEdit] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(section("From measurements"))
        self.ways = Segments("Measured by", [(way.name, way.title.split()[0]) for way in METHODS.values()])
        self.ways.setProperty("narrow", True)
        self.ways.chosen.connect(self.choose)
        column.addWidget(self.ways)
        self.title = QLineEdit(placeholderText=spoken("What you call it"))
        self.title.setAccessibleName(spoken("Title of the measured fabric"))
        column.addWidget(self.title)
        self.form = QGridLayout()
        self.form.setSpacing(4)
        column.addLayout(self.form)
        self.told = label("", "caption")
        self.wrong = label("", "bad")
        column.addWidget(self.told)
        column.addWidget(self.wrong)
        column.addWidget(button("Make this fabric", self.make, primary=True))
        column.addWidget(button("Close the form", self.closed.emit))
        self.choose(self.method)

    def choose(self, method: str) -> None:
        """Show the entries of a way of measuring."""
        self.method, self.entries = method, {}
        self.ways.choose(method)
        clear(self.form)
        self.wrong.hide()
        self.told.setText(spoken("What you leave out stays as in the fabric that is worn. Type any unit."))
        row = 0
        for entry in METHODS[method].entries:
            if entry.key.endswith("_weft"):
                self.form.addWidget(self._entry(entry, "weft"), row - 1, 2)
                continue
            pair = entry.key.endswith("_warp")
            name = f"{entry.title.removesuffix(', warp')}{f' [{entry.bare}]' if entry.bare else ''}"
            self.form.addWidget(label(name, "caption"), row, 0)
            self.form.addWidget(self._entry(entry, "warp" if pair else ""), row, 1, 1, 1 if pair else 2)
            row += 1
        self.form.setColumnStretch(0, 2)

    def _entry(self, entry: Entry, hint: str) -> QLineEdit:
        made = QLineEdit(placeholderText=spoken(hint))
        made.setAccessibleName(spoken(f"{entry.title} [{entry.bare}]"))
        made.setMinimumWidth(24)
        made.editingFinished.connect(lambda: self._check(entry, made))
        self.entries[entry.key] = made
        return made

    def _check(self, entry: Entry, typed: QLineEdit) -> None:
        """Say at once what is wrong with one entry."""
        why = ""
        try:
            if typed.text().strip():
                entry.parse(typed.text())
        except ToileError as error:
            why = str(error)
        typed.setProperty("wrong", bool(why))
        typed.setToolTip(spoken(why))
        typed.style().polish(typed)
        self._say(why)

    def make(self) -> None:
        """Give the fabric, or say why it cannot be."""
        typed = {key: entry.text() for key, entry in self.entries.items() if entry.text().strip()}
        try:
            found = from_measurements(self.method, typed, self.like(), self.title.text().strip() or "My fabric")
        except ToileError as error:
            self._say(str(error))
            return
        self._say("")
        self.told.setText(spoken(". ".join(remark[:1].upper() + remark[1:] for remark in found.remarks)))
        self.made.emit(found.fabric)

    def _say(self, why: str) -> None:
        self.wrong.setText(spoken(why))
        self.wrong.setVisible(bool(why))
