"""The page of a drape's certificate: every line with what was found, how much may be, and what it means."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from app.reports import certified
from app.saying import spoken
from app.ui import theme
from app.ui.controls import Scrolled, label, section
from app.ui.refilled import Refilled
from app.ui.studio import Studio

MARKS = {True: ("✓", "good"), False: ("✗", "bad"), None: ("·", "caption")}


class CertificatePage(QDialog):
    """Stays open beside the window and follows what is shown."""

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        super().__init__(parent)
        self.studio = studio
        self.setWindowTitle(spoken("Drape certificate"))
        self.setAccessibleName(spoken("Drape certificate"))
        self.resize(480, 620)
        self.page = Scrolled()
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.page)
        self._filled: object = self
        self._told = Refilled(spacing=8)
        self.page.column.addWidget(self._told)
        studio.looked.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """Tell of the drapes that are shown, with their state."""
        shown = self.studio.shown
        if (shown, self.studio.stale) == self._filled:
            return
        self._filled = shown, self.studio.stale
        self._told.fill(self._filling)

    def _filling(self, column: QVBoxLayout) -> Iterator[None]:
        shown = self.studio.shown
        if shown is None or not shown.certificates:
            column.addWidget(label("Nothing is draped yet. The first drape brings its certificate.", "caption"))
            return
        if self.studio.stale:
            column.addWidget(label("Of the picture as it was before the last change.", "caption"))
        for fit, certificate in zip(shown.fits, shown.certificates, strict=True):
            column.addWidget(label(fit.garment[:1].upper() + fit.garment[1:], "title"))
            column.addWidget(label(certified.verdict(certificate), "good" if certificate.holds else "bad"))
            grid = QGridLayout()
            column.addLayout(grid)
            yield from _table(grid, certified.lines(certificate))
            column.addSpacing(12)


def _table(grid: QGridLayout, lines: tuple[certified.Line, ...]) -> Iterator[None]:
    """Fill a grid with what was checked."""
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(2)
    for column, words in ((1, "CHECKED"), (2, "FOUND"), (3, "LIMIT")):
        grid.addWidget(
            section(words), 0, column, Qt.AlignmentFlag.AlignRight if column > 1 else Qt.AlignmentFlag.AlignLeft
        )
    for k, line in enumerate(lines):
        row = 2 * k + 1
        mark, style = MARKS[line.kept]
        shown = label(mark, style, wrap=False)
        state = {True: "kept", False: "not kept", None: "told"}[line.kept]
        shown.setAccessibleName(spoken(f"{line.title}: {line.value}, limit {line.limit or 'none'}: {state}"))
        grid.addWidget(shown, row, 0)
        grid.addWidget(label(line.title, wrap=False), row, 1)
        found = label(line.value, style if line.kept is False else "", wrap=False)
        grid.addWidget(found, row, 2, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(label(line.limit or "—", wrap=False), row, 3, Qt.AlignmentFlag.AlignRight)
        said = label(line.says, "caption")
        said.setFont(theme.font(theme.CAPTION))
        said.setContentsMargins(0, 0, 0, 6)
        grid.addWidget(said, row + 1, 1, 1, 3)
        yield
    grid.setColumnStretch(1, 1)
