"""Which colour or print each part of a garment has: the palette, prints in real units, and where their lines meet."""

from collections.abc import Iterator
from dataclasses import replace
from math import pi
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.project import Project, Wish, own_fabric
from app.saying import spoken
from app.stage import pattern_of
from app.ui.colours import Palette
from app.ui.controls import Quantity, Segments, Unit, button, clear, label, section
from app.ui.dialogs import open_file
from app.ui.gradually import Gradually, aside
from app.ui.panels.garment import title
from app.ui.panels.panel import Panel
from app.ui.photos import PICTURES
from app.ui.studio import Studio
from app.ui.tick import Tick
from assets.errors import ToileError
from garments.colours.colourway import LEAST, STITCHING, Colourway, Paint, Print, read_print
from garments.colours.figures import FIGURES
from garments.colours.matching import Meeting, sentence, surveyed
from garments.colours.palette import Colour, palette
from garments.designs import design
from garments.fabric import fabric, fabrics
from garments.grading import SEXES, chart, size_measurements
from garments.pattern import Pattern

WHOLE, NONE, PICTURE, PHOTO = "", "none", "picture", "photo"
FILTER = f"Pictures ({' '.join('*' + ending for ending in PICTURES)});;All files (*)"
WIDEST, TURN, MOST_TOLD = 0.6, pi / 2, 6
SET = ("As the figure has it. Click to keep it", "Set by you. Click for the figure's own")


class ColourPanel(Panel):
    TITLE = "Colour"
    TABLES = (palette, fabrics)

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self.chosen, self.part = 0, WHOLE
        self._telling = Gradually(self)

    def made(self) -> Iterator[None]:
        self.garments = QVBoxLayout()
        self.empty = label("Nothing is worn yet: put on a garment, then choose its colours.", "caption")
        self.way_out = button("Choose a garment", lambda: self.go.emit("Garment"), "garment")
        self.body = QWidget()
        inside = QVBoxLayout(self.body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        self.parts = QComboBox()
        self.parts.setAccessibleName(spoken("Part of the garment"))
        self.parts.activated.connect(lambda row: self._choose_part(self.parts.itemData(row)))
        self.as_whole = button("As the whole", self._as_whole)
        self.as_whole.setToolTip(spoken("This part takes the garment's colour or print again"))
        row = QHBoxLayout()
        row.addWidget(self.parts, 1)
        row.addWidget(self.as_whole)
        inside.addLayout(row)
        yield
        self.palette_ = Palette("Palette")
        self.palette_.chosen.connect(self._colour)
        inside.addWidget(self.palette_)
        yield from self.palette_.made()
        self.printing = _Printing(self.studio, self)
        inside.addWidget(self.printing)
        yield
        self.wrong = label("", "bad")
        self.wrong.hide()
        inside.addWidget(self.wrong)
        self.told = QVBoxLayout()
        inside.addLayout(self.told)
        for part in (self.garments, self.empty, self.way_out, self.body):
            (self.column.addLayout if isinstance(part, QVBoxLayout) else self.column.addWidget)(part)  # type: ignore
        self.studio.picked.connect(self._picked)
        yield
        self._fill()

    @property
    def wish(self) -> Wish:
        return self.studio.project.wishes[self.chosen]

    def project_changed(self, before: Project, after: Project) -> None:
        if [wish.design for wish in before.wishes] != [wish.design for wish in after.wishes]:
            self._fill()
        elif before.wishes is not after.wishes:
            self.show_all()

    def result_changed(self) -> None:
        if self.isVisible():
            self._tell()

    def choose_garment(self, k: int) -> None:
        self.chosen, self.part = k, WHOLE
        self._fill()

    def change(self, step: str, way: Colourway, colour: str | None = None) -> None:
        """Wear the garment in another colourway; `colour` is its own."""
        wishes = list(self.studio.project.wishes)
        wishes[self.chosen] = replace(self.wish, colourway=way, colour=colour or self.wish.colour)
        self.wrong.hide()
        self.studio.wishes(step, tuple(wishes))

    def dress(self, step: str, paint: Paint) -> None:
        """Give the chosen part a colour or a print."""
        way = self.wish.colourway
        if self.part == WHOLE:
            self.change(step, replace(way, print=paint.print))
        else:
            self.change(step, replace(way, panels={**way.panels, self.part: paint}))

    def refuse(self, why: str) -> None:
        """Say why something cannot be."""
        self.wrong.setText(spoken(why))
        self.wrong.show()

    def figure(self) -> Print | None:
        """The print of the chosen part."""
        return None if self.part == STITCHING else self.wish.colourway.paint(self.part).print

    def show_all(self) -> None:
        """Tell what the chosen part has."""
        if not self.studio.project.wishes:
            return
        way = self.wish.colours
        own = way.colour or fabric(own_fabric(self.wish)).look.colour
        shown = (way.stitching if self.part == STITCHING else way.paint(self.part).colour) or own
        self.palette_.show_colour(shown)
        self.as_whole.setVisible(self.part != WHOLE)
        self.as_whole.setEnabled(way.stitching is not None if self.part == STITCHING else self.part in way.panels)
        flat = self.wish.made is None or self.wish.made.cut
        self.printing.setVisible(self.part != STITCHING and flat)
        self.printing.show_print(self.figure())
        self._tell()

    def _fill(self) -> None:
        wishes = self.studio.project.wishes
        self.chosen = max(0, min(self.chosen, len(wishes) - 1))
        clear(self.garments)
        self.empty.setVisible(not wishes)
        self.way_out.setVisible(not wishes)
        self.body.setVisible(bool(wishes))
        if not wishes:
            return
        which = Segments("Garment", [(str(k), title(wish)) for k, wish in enumerate(wishes)])
        which.choose(str(self.chosen))
        which.chosen.connect(lambda k: self.choose_garment(int(k)))
        self.garments.addWidget(which)
        self.parts.clear()
        self.parts.addItem(spoken("Whole garment"), WHOLE)
        for name in _parts(self.wish):
            self.parts.addItem(spoken(name.replace("_", " ").capitalize()), name)
        self.parts.addItem(spoken("Stitching"), STITCHING)
        self._choose_part(self.part)

    def _choose_part(self, part: str) -> None:
        row = self.parts.findData(part)
        self.part = part if row >= 0 else WHOLE
        self.parts.setCurrentIndex(max(row, 0))
        self.wrong.hide()
        self.show_all()

    def _picked(self) -> None:
        """A panel was chosen in the pattern or on the person: its part is shown here."""
        picked = self.studio.panel
        if picked is None or not self.isVisible() or picked[0] >= len(self.studio.project.wishes):
            return
        if picked[0] != self.chosen:
            self.choose_garment(picked[0])
        name = picked[1].replace(" ", "_")
        base = name.removesuffix("_left").removesuffix("_right")
        self._choose_part(name if self.parts.findData(name) >= 0 else base)

    def _colour(self, colour: Colour) -> None:
        way, step = self.wish.colourway, f"Colour of {self._whose()}"
        code = self.palette_.code_of(colour)
        if self.part == WHOLE:
            self.change(step, replace(way, print=None), code)
        elif self.part == STITCHING:
            self.change(step, replace(way, stitching=colour))
        else:
            self.dress(step, Paint(colour))

    def _as_whole(self) -> None:
        way = self.wish.colourway
        if self.part == STITCHING:
            self.change(f"Plain {self._whose()}", replace(way, stitching=None))
        else:
            panels = {name: paint for name, paint in way.panels.items() if name != self.part}
            self.change(f"Plain {self._whose()}", replace(way, panels=panels))

    def _whose(self) -> str:
        name = title(self.wish)
        return f"{name} {self.part.replace('_', ' ')}" if self.part else name

    def _tell(self) -> None:
        """Where the print's lines meet, and where they do not."""
        self._telling.do(self._met())

    def _met(self) -> Iterator[None]:
        pattern = worn_pattern(self.studio, self.chosen) if self.studio.project.wishes else None
        found: tuple[Meeting, ...] = ()
        if pattern is not None:
            way = self.wish.colourway
            found = yield from aside(lambda: surveyed(pattern, way))
        clear(self.told)
        if not found:
            return
        self.told.addWidget(section("Lines at seams"))
        said = sentence(found)
        self.told.addWidget(label(said[:1].upper() + said[1:] + "."))
        for each in [each for each in found if not each.meets][:MOST_TOLD]:
            words = f"{each.seam.replace('_', ' ')}: {1000 * each.most:.0f} mm"
            self.told.addWidget(label(words[:1].upper() + words[1:], "caption"))
        if any(not each.meets for each in found) and not self.studio.settings.flat:
            self.told.addWidget(button("Show on the pattern", lambda: self.go.emit("flat")))


class _Printing(QWidget):
    """The print of a part: which figure in which colours, or a picture; how large, how it is turned and moved."""

    def __init__(self, studio: Studio, panel: ColourPanel) -> None:
        super().__init__()
        self.studio, self.panel = studio, panel
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(section("Print"))
        self.kind = QComboBox()
        self.kind.setAccessibleName(spoken("Print"))
        self.kind.addItem(spoken("None"), NONE)
        for name in FIGURES:
            self.kind.addItem(spoken(name.capitalize()), name)
        self.kind.insertSeparator(self.kind.count())
        self.kind.addItem(spoken("Picture…"), PICTURE)
        self.kind.addItem(spoken("Photo of cloth…"), PHOTO)
        self.kind.activated.connect(lambda row: self._choose(self.kind.itemData(row)))
        column.addWidget(self.kind)
        self.note = label("", "caption")
        column.addWidget(self.note)
        self.colours = QLineEdit(placeholderText=spoken("white navy"))
        self.colours.setAccessibleName(spoken("Colours of the print"))
        self.colours.setToolTip(spoken("Names of the palette or codes, the ground first: white navy, #F2F0EA 藏青"))
        self.colours.editingFinished.connect(self._recolour)
        column.addWidget(self.colours)
        length = Unit("length", studio.settings.length)
        self.places = {
            "width": Quantity("Repeat", length, LEAST, 3.0, "Width of one repeat", (0.005, WIDEST), SET),
            "angle": Quantity("Angle", Unit("angle", "°"), -pi, pi, "Turned off the grain", (-TURN, TURN), SET),
            "across": Quantity("Across", length, -1.0, 1.0, "Moved along the weft", (-0.15, 0.15), SET),
            "along": Quantity("Along", length, -1.0, 1.0, "Moved along the warp", (-0.15, 0.15), SET),
        }
        for name, quantity in self.places.items():
            quantity.edited.connect(lambda value, name=name: self._place(name, value))
            quantity.released.connect(lambda name=name: self._place(name, None))
            column.addWidget(quantity)
        self.matched = Tick("Lay panels so that lines meet at seams")
        self.matched.setAccessibleName(spoken("Lay panels so that lines meet at seams"))
        self.matched.clicked.connect(lambda on: self._change("Matching of", matched=on))
        column.addWidget(self.matched)

    def show_print(self, figure: Print | None) -> None:
        word = figure.name.split()[0].lower() if figure else ""
        drawn = word in FIGURES
        kind = NONE if figure is None else word if drawn else PICTURE
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self.note.setText(spoken("" if figure is None or drawn else figure.name))
        self.note.setVisible(bool(self.note.text()))
        self.colours.setVisible(drawn)
        if drawn and figure and not self.colours.hasFocus():
            written = " ".join(figure.name.split()[1:])
            self.colours.setText(written or FIGURES[word][2])
        for quantity in self.places.values():
            quantity.setVisible(figure is not None)
        self.matched.setVisible(figure is not None)
        if figure is None:
            return
        self.matched.setChecked(figure.matched)
        own = _own(figure)
        values = {"width": figure.width, "angle": figure.angle, "across": figure.offset[0], "along": figure.offset[1]}
        for name, value in values.items():
            self.places[name].show_value(value, locked=abs(value - own[name]) > 1e-9)

    def _choose(self, kind: str) -> None:
        if kind in (PICTURE, PHOTO):
            self._open(kind)
        elif kind == NONE:
            self.panel.dress(f"No print on {self.panel._whose()}", Paint())
        elif kind in FIGURES:
            self._wear(kind)

    def _open(self, kind: str) -> None:
        what = "A picture to print" if kind == PICTURE else "A photo of cloth, from straight above"
        path = open_file(self.studio, self, what, FILTER)
        self.show_print(self.panel.figure())
        if path:
            self.open(path, kind)

    def open(self, path: Path, kind: str = PICTURE) -> None:
        """Print a picture on the chosen part, or the tile that a photo of cloth makes."""
        function = "picture_print" if kind == PICTURE else "cloth_print"
        step = f"{path.stem} on {self.panel._whose()}"
        self.studio.ask(
            self, "print", f"app.shop.catalogues:{function}", str(path), lane="clerk",
            done=lambda made: self.panel.dress(step, Paint(print=made)),
            failed=lambda failure: self.panel.refuse(failure.sentence),
        )  # fmt: skip

    def _recolour(self) -> None:
        figure = self.panel.figure()
        if figure is None or not self.colours.isModified():
            return
        self.colours.setModified(False)
        self._wear(f"{figure.name.split()[0].lower()} {self.colours.text()}", figure)

    def _wear(self, what: str, like: Print | None = None) -> None:
        """A figure by its words, placed as it was."""
        try:
            made = read_print(what)
        except ToileError as error:
            self.panel.refuse(str(error))
            return
        if like is not None:
            made = replace(like, name=made.name, picture=made.picture)
        self.panel.dress(f"{what.split()[0].capitalize()} on {self.panel._whose()}", Paint(print=made))

    def _place(self, name: str, value: float | None) -> None:
        figure = self.panel.figure()
        if figure is None:
            return
        value = _own(figure)[name] if value is None else value
        across, along = figure.offset
        changes: dict[str, object] = {name: value}
        if name in ("across", "along"):
            changes = {"offset": (value, along) if name == "across" else (across, value)}
        words = {"width": "Repeat of", "angle": "Angle of", "across": "Place of", "along": "Place of"}
        self._change(words[name], **changes)

    def _change(self, words: str, **changes: object) -> None:
        figure = self.panel.figure()
        if figure is not None:
            made = replace(figure, **changes)  # type: ignore[arg-type]
            self.panel.dress(f"{words} the print on {self.panel._whose()}", Paint(print=made))


def worn_pattern(studio: Studio, number: int) -> Pattern | None:
    """The pattern of a garment as it is worn in the picture; None where it is not cut from one, or not worn yet."""
    shown, wish = studio.shown, studio.project.wishes[number]
    if wish.made is not None or shown is None or number >= len(shown.worn):
        return None
    worn = shown.worn[number]
    return pattern_of(worn) if worn.cut.design == wish.design else None


def _own(figure: Print) -> dict[str, float]:
    """How a print lies before anybody moves it."""
    word = figure.name.split()[0].lower()
    return {"width": FIGURES[word][1] if word in FIGURES else 0.1, "angle": 0.0, "across": 0.0, "along": 0.0}


def _parts(wish: Wish) -> Iterator[str]:
    """Parts that can have a colour of their own: panels, both sides together where there are two."""
    if wish.made is not None:
        yield from (name.replace(" ", "_") for name in wish.made.panel_names)
        return
    measures = size_measurements(chart(SEXES[0]).middle, SEXES[0])
    try:
        names = [panel.name for panel in design(wish.design).draft(measures, wish.options).panels]
    except ToileError:
        return
    done = set()
    for name in names:
        base = name.removesuffix("_left").removesuffix("_right")
        both = f"{base}_left" in names and f"{base}_right" in names
        part = base if both else name
        if part not in done:
            done.add(part)
            yield part
