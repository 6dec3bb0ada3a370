"""What is worn: garments in the order of dressing, each with its size and colour."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.project import AUTO, Project, Wish, own_fabric
from app.saying import spoken
from app.ui.colours import Colours
from app.ui.controls import Segments, button, card, label, tool
from app.ui.dialogs import open_file
from app.ui.panels.looks import looks_button
from app.ui.panels.options import Options
from app.ui.panels.panel import Panel
from app.ui.refilled import Refilled
from app.ui.studio import CURRENT, Studio
from assets.errors import ToileError
from assets.units import colour_code
from garments.designs import broken, designs
from garments.fabric import fabric as fabric_named
from garments.fabric import fabrics
from garments.garment import MADE_TO_MEASURE
from garments.grading import chart as find_chart
from garments.grading import charts_for

CHARTS = {None: "EN letters", "gb": "GB/T 号型", "astm": "ASTM misses"}
LONGEST = 14  # letters of a table's name on a button
MOST_BESIDE = 8


class GarmentPanel(Panel):
    TITLE = "Garment"
    TABLES = (designs, fabrics)

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self.unfolded: set[str] = set()

    def made(self) -> Iterator[None]:
        self.said = label("", "bad")
        self.said.setAccessibleName(spoken("What is wrong with the size chart"))
        self.said.hide()
        self.column.addWidget(self.said)
        self.cards = Refilled(spacing=12)
        self.column.addWidget(self.cards)
        self.empty = label("Nothing is worn. Add a garment, and it is sewn and draped on the body.", "caption")
        self.column.addWidget(self.empty)
        self.add = button("Add garment", lambda: None, "plus")
        menu = QMenu(self.add)
        for name in designs():
            menu.addAction(spoken(design_title(name))).triggered.connect(lambda _=False, name=name: self.put_on(name))
        self.add.setMenu(menu)
        self.column.addWidget(self.add)
        for name, reason in broken():
            self.column.addWidget(label(f"Design {name} is disabled. {reason}", "caption"))
        self.column.addWidget(button("Open garment…", lambda: self.go.emit("open garment"), "garment"))
        self.column.addWidget(looks_button(self.studio, self))
        yield
        self._fill()

    def project_changed(self, before: Project, after: Project) -> None:
        if before.wishes is after.wishes:
            return
        self.said.hide()
        if _cards_of(before) != _cards_of(after):
            self._fill()
        else:
            for made, wish in zip(self._cards, after.wishes, strict=False):
                made.take(wish)

    def result_changed(self) -> None:
        if not self.cards.busy:
            for k, made in enumerate(self._cards):
                made.show_result(k)

    def put_on(self, design: str, size: str = AUTO) -> None:
        """Wear another garment; one of the same design is replaced."""
        put_on(self.studio, design, size)

    def change(self, k: int, name: str, **what: object) -> None:
        wishes = list(self.studio.project.wishes)
        if k >= len(wishes):
            return
        wishes[k] = replace(wishes[k], **what)  # type: ignore[arg-type]
        self.studio.wishes(name, tuple(wishes))

    def use_chart(self, k: int, chart: str | None) -> None:
        """Size a garment by another chart, anew."""
        self.change(k, f"Sizes of {title(self.studio.project.wishes[k])}", chart=chart, size=AUTO, alterations={})

    def open_chart(self, k: int) -> None:
        """Size a garment by a person's own table. What is wrong with it is said."""
        if path := open_file(self.studio, self, "Open a size chart", "Tables (*.csv)"):
            self.read_chart(k, path)

    def read_chart(self, k: int, path: Path) -> None:
        """Size a garment by the table in a file."""
        wrong = "" if k < len(self.studio.project.wishes) else "Put on a garment first: a size chart is of garments."
        assumed = ""
        try:
            assumed = find_chart(str(path)).assumed
        except ToileError as error:
            wrong = str(error)
        told = wrong or assumed
        if not wrong:
            self.use_chart(k, str(path))
        self.said.setText(spoken(told[:1].upper() + told[1:]))
        self.said.setVisible(bool(told))
        if told:
            QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self.said))

    def take_off(self, k: int) -> None:
        wishes = self.studio.project.wishes
        if k >= len(wishes):
            return
        self.studio.wishes(f"Take off {title(wishes[k])}", wishes[:k] + wishes[k + 1 :])

    def _fill(self) -> None:
        self._cards: list[_Card] = []
        self.cards.fill(self._filling)

    def _filling(self, cards: QVBoxLayout) -> Iterator[None]:
        project = self.studio.project
        for k, wish in enumerate(project.wishes):
            made = _Card(self, k, wish)
            cards.addWidget(made.frame)
            self._cards.append(made)
            yield
        self.empty.setVisible(not project.wishes)
        if _cards_of(self.studio.project) != _cards_of(project):
            return  # changed while nobody looked: filled anew when somebody does
        for k, (made, wish) in enumerate(zip(self._cards, self.studio.project.wishes, strict=True)):
            made.take(wish)
            made.show_result(k)


class _Card:
    """One garment: title, size, fabric, colour."""

    def __init__(self, panel: GarmentPanel, k: int, wish: Wish) -> None:
        self.studio, self.wish = panel.studio, wish
        self.frame, column = card()
        name = title(wish)
        self.frame.setAccessibleName(spoken(name))
        head = QHBoxLayout()
        head.addWidget(label(name), 1)
        head.addWidget(tool("close", f"Take off {name}", lambda: panel.take_off(k)))
        column.addLayout(head)
        self.note = label("", "caption")
        if wish.made:
            column.addWidget(label("One size, from a file.\n" + "\n".join(wish.made.notes), "caption"))
        else:
            column.addWidget(self._sizes(panel, k, name))
            column.addLayout(self._how(panel, k, name))
        column.addWidget(self.note)
        if wish.alterations:
            column.addLayout(self._altered(panel, k, name))
        cloth = fabric_named(own_fabric(wish))
        column.addWidget(button(cloth.title, lambda: panel.go.emit(f"fabric {k}"), "fabric"))
        colours = Colours(f"Colour of {name}", wish.colour or colour_code(cloth.look.colour))
        colours.chosen.connect(lambda colour: panel.change(k, f"Colour of {name}", colour=colour))
        column.addWidget(colours)
        self.options = None if wish.made else Options(panel, k, wish)
        if self.options is not None:
            column.addWidget(self.options)

    def take(self, wish: Wish) -> None:
        """The same garment with other options."""
        self.wish = wish
        if self.options is not None:
            self.options.take(wish)

    def _sizes(self, panel: GarmentPanel, k: int, name: str) -> QWidget:
        """The sizes of the chart, side by side; as a list where they are too many."""
        names = sizes_of(self.wish, self.studio.project.evidence.sex)
        choices = [(AUTO, "Auto"), *((size, size) for size in names)]

        def choose(size: str) -> None:
            panel.change(k, f"{name} in {size}", size=size, alterations={})

        if max(map(len, names)) < 4 and len(choices) <= MOST_BESIDE:
            sizes = Segments(f"Size of {name}", choices)
            sizes.setProperty("narrow", True)
            sizes.choose(self.wish.size)
            sizes.chosen.connect(choose)
            return sizes
        listed = QComboBox()
        listed.setAccessibleName(spoken(f"Size of {name}"))
        for size, told in choices:
            listed.addItem(spoken(told), size)
        listed.setCurrentIndex(max(listed.findData(self.wish.size), -1))
        listed.activated.connect(lambda row: choose(listed.itemData(row)))
        return listed

    def _how(self, panel: GarmentPanel, k: int, name: str) -> QHBoxLayout:
        """Made to measure or in a size, and of which chart."""
        row = QHBoxLayout()
        measured = button("To measure", lambda: None)
        measured.setCheckable(True)
        measured.setChecked(self.wish.size == MADE_TO_MEASURE)
        measured.setAccessibleName(spoken(f"{name} made to measure"))
        measured.setToolTip(spoken("Drafted for this body, with the design's own ease"))
        measured.clicked.connect(
            lambda on: panel.change(k, f"{name} to measure" if on else f"{name} in a size",
                                    size=MADE_TO_MEASURE if on else AUTO, alterations={})
        )  # fmt: skip
        row.addWidget(measured)
        table = button(chart_title(self.wish.chart), lambda: None)
        table.setAccessibleName(spoken(f"Size chart of {name}"))
        menu = QMenu(table)
        for chosen in CHARTS:
            menu.addAction(spoken(chart_title(chosen))).triggered.connect(
                lambda _=False, chosen=chosen: panel.use_chart(k, chosen)
            )
        menu.addAction(spoken("Own table…")).triggered.connect(lambda _=False: panel.open_chart(k))
        table.setMenu(menu)
        row.addWidget(table, 1)
        return row

    def _altered(self, panel: GarmentPanel, k: int, name: str) -> QHBoxLayout:
        """That the cut is altered for the person, which can be taken back."""
        row = QHBoxLayout()
        options = ", ".join(option.replace("_", " ") for option in self.wish.alterations)
        row.addWidget(label(f"Altered to fit: {options}", "caption"), 1)
        remove = button("As designed", lambda: panel.change(k, f"{name} as designed", alterations={}))
        remove.setAccessibleName(spoken(f"{name} as designed, without alterations"))
        row.addWidget(remove)
        return row

    def show_result(self, k: int) -> None:
        shown = self.studio.shown
        if shown is not None and self.studio.state == CURRENT:
            self.note.setText(spoken(f"Auto chose {shown.sizes[k]}"))
        self.note.setVisible(self.wish.size == AUTO and self.wish.made is None and bool(self.note.text()))
        if self.options is not None:
            self.options.show_result(k)


def _cards_of(project: Project) -> list[tuple]:
    """What cards show, without what their options show by themselves."""
    return [
        (wish.design, wish.size, wish.fabric, wish.colour, wish.chart, wish.made, wish.alterations)
        for wish in project.wishes
    ]


def sizes_of(wish: Wish, sex: float | None) -> tuple[str, ...]:
    """The sizes that a garment can be asked for in."""
    return tuple(dict.fromkeys(size for name in charts_for(wish.chart, sex) for size in find_chart(name).sizes))


def chart_title(chart: str | None) -> str:
    """What a size chart is called on a button."""
    name = Path(chart or "").stem
    return CHARTS.get(chart) or (name if len(name) <= LONGEST else f"{name[:LONGEST]}…")


def title(wish: Wish) -> str:
    """What a person calls the garment."""
    return wish.made.name if wish.made else design_title(wish.design)


def design_title(name: str) -> str:
    """A design's name as it stands at the beginning of a line."""
    written = designs()[name].TITLE
    return written[:1].upper() + written[1:]


def put_on(studio: Studio, design: str, size: str = AUTO) -> None:
    """Wear a garment; one of the same design is replaced, keeping its place, fabric and colour."""
    wishes = studio.project.wishes
    name = f"Put on {design_title(design)}" + ("" if size == AUTO else f" in {size}")
    if any(wish.design == design for wish in wishes):
        after = tuple(
            replace(wish, size=size, made=None, alterations={}) if wish.design == design else wish for wish in wishes
        )
    else:
        after = (*wishes, Wish(design, size))
    studio.wishes(name, after)
