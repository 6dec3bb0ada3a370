"""One garment in all sizes, or on many people, side by side: drapes with their strain, verdicts, and what each eases.

Cells are draped by worker processes of this page's own, so that the studio stays free; what is done is kept, and the
same question asked again goes on where it was. A cell that fails, or takes its worker along, is shown as failed.
"""

import os
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from app import matrix
from app.jobs import Jobs
from app.reports.template import own
from app.saying import spoken
from app.serving import Failure
from app.ui.controls import Segments, button, clear, label
from app.ui.dialogs import choose_folder, open_file
from app.ui.legend import Bar
from app.ui.panels.garment import title
from app.ui.studio import Studio
from assets.errors import ToileError
from assets.files import user_cache

if TYPE_CHECKING:
    from app.matrix import Cell

SIZES, DRAWN, TABLE = "sizes", "drawn", "table"
WHAT = ((SIZES, "All sizes on this person"), (DRAWN, "Many people"), (TABLE, "People of a table…"))
WORKERS = max(1, min((os.cpu_count() or 2) // 2, 8))
WIDTH, SCALE = 180, 260
MOST_PEOPLE = 60
WAITING = "waiting"


class MatrixPage(QDialog):
    """Beside the window; it asks about the project as it was when it was opened."""

    _woken = Signal()

    def __init__(self, studio: Studio, parent: QWidget, drape: str = "app.matrix:drape_cell") -> None:
        super().__init__(parent)
        self.studio, self.project, self.drape = studio, studio.project, drape
        self.setWindowTitle(spoken("Sizes and people"))
        self.setAccessibleName(spoken("Sizes and people"))
        self.resize(1180, 700)
        self.cells: tuple[Cell, ...] = ()
        self.found: dict[int, tuple[dict[str, Any], bytes]] = {}
        self.shown: list[_Shown] = []
        self.asked, self.table = SIZES, ""
        self.jobs: Jobs | None = None
        self.folder = user_cache() / "matrix"
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        self.garment, self.count = QComboBox(), QSpinBox()
        self.what = Segments("On whom", WHAT)
        self.begin = button("Drape", self.start, primary=True)
        self.end = button("Stop", self.stop)
        self.keep = button("Save…", self.save, "export")
        column.addLayout(self._choices())
        self.words, self.finding = label("", "caption"), False
        told = QHBoxLayout()
        told.addWidget(self.words, 1)
        scale, self.bar_of_colours = matrix.scale(), Bar()
        told.addWidget(label(scale.title, "caption"))
        self.bar_of_colours.show_legend(scale)
        self.bar_of_colours.setFixedWidth(SCALE)
        self.bar_of_colours.setAccessibleName(spoken(scale.words))
        told.addWidget(self.bar_of_colours)
        column.addLayout(told)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(spoken("Drapes done"))
        self.bar.setTextVisible(False)
        self.bar.hide()
        column.addWidget(self.bar)
        self.inside = QWidget()
        self.grid = QGridLayout(self.inside)
        self.grid.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        scrolled = QScrollArea()
        scrolled.setWidget(self.inside)
        scrolled.setWidgetResizable(True)
        scrolled.setAccessibleName(spoken("Drapes"))
        column.addWidget(scrolled, 1)
        self._woken.connect(self._deliver)
        self._reflect()

    def choose(self, what: str) -> None:
        """All sizes on this person, drawn people, or those of a table, which is asked for."""
        if what == TABLE:
            self.table = str(open_file(self.studio, self, "Open a table of people", "Tables (*.csv)") or "")
            what = TABLE if self.table else SIZES
        self.what.choose(what)
        self.asked = what
        self._reflect()

    def start(self) -> None:
        """Ask for the cells, then drape what is not kept yet."""
        self.stop()
        self.cells, self.found, self.finding = (), {}, True
        self._lay_out()
        self._reflect()
        people = {SIZES: None, DRAWN: self.count.value(), TABLE: self.table}[self.asked]
        self.words.setText(spoken("Finding the bodies…"))
        self.studio.ask(
            self, "matrix", "cells", self.project, self.garment.currentIndex(), people, done=self._begin,
            failed=self._fail, stopped=lambda: None,
        )  # fmt: skip

    def stop(self) -> None:
        """Drape no more; what is done is kept."""
        self.studio.cancel("matrix")
        if self.jobs is not None:
            self.jobs.close(patience=0.2)
        if self.jobs is not None or self.finding:
            self.jobs, self.finding = None, False
            self._tell("Stopped")
        self._reflect()

    def save(self) -> None:
        """Write pictures, table and numbers into a folder."""
        if folder := choose_folder(self.studio, self, "Save into a folder"):
            try:
                matrix.write([self.found[k] for k in sorted(self.found)], folder, own())
                self.words.setText(spoken(f"matrix.png, matrix.csv and matrix.json lie in {folder}"))
            except ToileError as error:
                self.words.setText(spoken(str(error)))

    def reject(self) -> None:
        """However it is closed, by Escape or by its frame: drapes that nobody waits for end."""
        super().reject()
        self.stop()

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.garment.setAccessibleName(spoken("Garment"))
        self.garment.addItems([spoken(title(wish)) for wish in self.project.wishes])
        row.addWidget(self.garment)
        self.what.choose(SIZES)
        self.what.chosen.connect(self.choose)
        row.addWidget(self.what)
        self.count.setAccessibleName(spoken("How many people"))
        self.count.setRange(2, MOST_PEOPLE)
        self.count.setValue(6)
        row.addWidget(self.count)
        row.addStretch(1)
        for each in (self.begin, self.end, self.keep):
            row.addWidget(each)
        return row

    def _begin(self, cells: "tuple[Cell, ...]") -> None:
        self.cells, self.finding = cells, False
        self._lay_out()
        missing = []
        for k, cell in enumerate(cells):
            known = matrix.kept(self.folder, cell)
            if known is None:
                missing.append(k)
            else:
                self._show(k, known)
        if missing:
            lanes = tuple(f"draper {n + 1}" for n in range(min(WORKERS, len(missing))))
            self.jobs = Jobs(lanes, self._woken.emit, log=user_cache() / "matrix.log")
            with matrix.one_thread_each():
                for lane in lanes:
                    self.jobs.start(lane)
            for n, k in enumerate(missing):
                self._ask(k, lanes[n % len(lanes)])
        self._tell("Draping" if missing else "Done")
        self._reflect()

    def _ask(self, k: int, lane: str) -> None:
        assert self.jobs is not None
        self.jobs.ask(
            f"cell {k}", self.drape, self.cells[k], lane=lane,
            done=partial(self._done, k), failed=partial(self._lost, k),
            progress=lambda fraction, words: self.shown[k].say(f"{100 * fraction:.0f} %"),
        )  # fmt: skip

    def _done(self, k: int, result: tuple[dict[str, Any], bytes]) -> None:
        try:
            matrix.keep(self.folder, self.cells[k], *result)
        except ToileError as error:
            self.words.setText(spoken(str(error)))
        self._show(k, result)
        self._next()

    def _lost(self, k: int, failure: Failure) -> None:
        """A worker that died or a mistake of ours: shown, but not kept."""
        cell = self.cells[k]
        row = {"person": cell.person, "garment": matrix.asked(cell), "state": "failed", "regions": []}
        self._show(k, (row | {"verdict": f"failed: {failure.sentence}"}, b""))
        self._next()

    def _next(self) -> None:
        self._tell("Draping")
        if len(self.found) == len(self.cells) and self.jobs is not None:
            self.jobs.close(patience=0.2)
            self.jobs = None
            self._tell("Done")
        self._reflect()

    def _deliver(self) -> None:
        if self.jobs is not None:
            self.jobs.deliver()

    def _fail(self, failure: Failure) -> None:
        self.finding = False
        self._reflect()
        self.words.setText(spoken(failure.sentence))

    def _lay_out(self) -> None:
        """A column a garment and a row a person; many people in one size stand side by side."""
        clear(self.grid)
        people = list(dict.fromkeys(cell.person for cell in self.cells))
        across = len(self.cells) // len(people) if 0 < len(people) < len(self.cells) else 6
        self.shown = []
        for k, cell in enumerate(self.cells):
            name = matrix.asked(cell) if len(people) == 1 else cell.person
            one = _Shown(name)
            self.shown.append(one)
            self.grid.addWidget(one, k // across, k % across)

    def _show(self, k: int, result: tuple[dict[str, Any], bytes]) -> None:
        self.found[k] = result
        self.shown[k].show_result(*result, matrix.eases(result[0], self.studio.settings.length))

    def _tell(self, words: str) -> None:
        states = [row["state"] for row, _ in self.found.values()]
        counts = "  ·  ".join(f"{states.count(state)} × {state}" for state in matrix.STATES if states.count(state))
        self.words.setText(
            spoken(f"{words}: {len(self.found)} of {len(self.cells)}" + (f"  ·  {counts}" if counts else ""))
        )
        self.bar.setRange(0, max(len(self.cells), 1))
        self.bar.setValue(len(self.found))

    def _reflect(self) -> None:
        busy = self.jobs is not None or self.finding
        self.begin.setEnabled(not busy)
        self.end.setEnabled(busy)
        self.bar.setVisible(busy)
        self.keep.setEnabled(bool(self.cells) and len(self.found) == len(self.cells))
        self.count.setVisible(self.asked == DRAWN)
        if not self.cells and not busy:
            self.words.setText(
                spoken("The same garment in every size on this person, or in the size worn on other people.")
            )


class _Shown(QWidget):
    """One cell: whom or what, the picture, the verdict."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.setFixedWidth(WIDTH)
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.addWidget(label(name))
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setFixedSize(WIDTH, WIDTH * matrix.PICTURE[1] // matrix.PICTURE[0])
        column.addWidget(self.picture)
        column.addStretch(1)
        self.say(WAITING)

    def say(self, words: str) -> None:
        """How far it is."""
        self.picture.setText(spoken(words))
        self.setAccessibleName(spoken(f"{self.name}: {words}"))

    def show_result(self, row: dict[str, Any], picture: bytes, eases: Sequence[tuple[str, str]]) -> None:
        """What came of it, and what it eases by region."""
        pixels = QPixmap()
        if picture and pixels.loadFromData(picture):
            mode = Qt.TransformationMode.SmoothTransformation
            self.picture.setPixmap(pixels.scaled(self.picture.size(), Qt.AspectRatioMode.KeepAspectRatio, mode))
        else:
            self.picture.setText(spoken("failed"))
        words = row["verdict"].removeprefix("failed: ")
        verdict = label(words[:1].upper() + words[1:], "good" if row["state"] == "fits" else "bad")
        self.column.insertWidget(2, verdict)
        if eases:
            told = ", ".join(f"{spoken(region)} {ease}" for region, ease in eases)
            self.column.insertWidget(3, label(f"{spoken('Ease')}: {told}", "caption"))
        self.setAccessibleName(spoken(f"{self.name}: {row['verdict']}"))
