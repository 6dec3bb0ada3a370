"""What a garment is cut from: choose it, see each number and its source, edit a copy, hang it on the drape-meter."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout

from app.drapemeter import Seen
from app.project import Project, Wish, own_fabric
from app.saying import spoken
from app.ui.controls import Segments, button, card, clear, label, section, styled
from app.ui.gradually import Gradually
from app.ui.panels.garment import title
from app.ui.panels.measuring import Measuring
from app.ui.panels.panel import Panel
from app.ui.refilled import Refilled
from app.ui.studio import Studio
from app.ui.swatch import Swatch
from assets.errors import ToileError
from garments.fabric import Fabric, fabric, fabrics, own_fabrics, save_own
from garments.facts import Fact, copied, edited, facts, retitled

DRAPE = "drape test"
PICTURE, NARROWEST = 250, 60


class FabricPanel(Panel):
    TITLE = "Fabric"
    TABLES = (fabrics, own_fabrics)

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self.chosen, self.worn = 0, ""
        self.tests: dict[str, Seen] = {}
        self._offered: tuple[Fabric, ...] = ()
        self._wrong_files: tuple[str, ...] | None = None
        self._cards: dict[str, QFrame] = {}
        self._making = Gradually(self)
        self.hanging = False

    def made(self) -> Iterator[None]:
        self.garments, self.sheet, self.cards = QVBoxLayout(), Refilled(), QVBoxLayout()
        self.wrong = label("", "bad")
        self.wrong.hide()
        self.cards.setSpacing(8)
        self.empty = label("Nothing is worn yet: put on a garment, then choose its fabric.", "caption")
        self.way_out = button("Choose a garment", lambda: self.go.emit("Garment"), "garment")
        self.measuring = Measuring(self._cloth)
        self.measuring.hide()
        self.measuring.made.connect(lambda made: self._wear(made, f"{made.title}, measured"))
        self.measuring.closed.connect(self.measuring.hide)
        self.search = QLineEdit(placeholderText=spoken("Search fabrics"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(spoken("Search fabrics"))
        self.search.textChanged.connect(lambda _: self._list())
        yield
        for part in (
            self.garments, self.sheet, self.wrong, self.measuring, self.search, self.cards, self.empty, self.way_out
        ):  # fmt: skip
            (self.column.addLayout if isinstance(part, QVBoxLayout) else self.column.addWidget)(part)  # type: ignore
        yield
        self._fill()

    def project_changed(self, before: Project, after: Project) -> None:
        if [(title(wish), own_fabric(wish)) for wish in before.wishes] != [
            (title(wish), own_fabric(wish)) for wish in after.wishes
        ]:
            self._fill()

    def result_changed(self) -> None:
        """A drape test may have been stopped in the status line."""
        if self.hanging != (DRAPE in self.studio.running):
            self._fill()

    def choose_garment(self, k: int) -> None:
        self.chosen = k
        self._fill()

    def take(self, cloth: Fabric) -> None:
        """Wear a fabric from a file, or keep it among the person's own while nothing is worn."""
        if self.studio.project.wishes:
            self._wear(cloth, f"{title(self._wish())} in {cloth.title}")
        else:
            self._save(cloth)

    def _fill(self) -> None:
        wishes = self.studio.project.wishes
        self.chosen = max(0, min(self.chosen, len(wishes) - 1))
        self.hanging = DRAPE in self.studio.running
        clear(self.garments)
        self.sheet.setVisible(bool(wishes))
        self.wrong.hide()
        self.empty.setVisible(not wishes)
        self.way_out.setVisible(not wishes)
        self.search.setVisible(bool(wishes))
        for made in self._cards.values():
            made.setVisible(bool(wishes))
        if not wishes:
            self.measuring.hide()
            return
        which = Segments("Garment", [(str(k), title(wish)) for k, wish in enumerate(wishes)])
        which.choose(str(self.chosen))
        which.chosen.connect(lambda k: self.choose_garment(int(k)))
        self.garments.addWidget(which)
        self.worn = own_fabric(wishes[self.chosen])
        cloth = self._cloth()
        self.sheet.fill(lambda column: self._worn_card(cloth, column))
        self._list()

    def _cloth(self) -> Fabric:
        return fabric(self.worn)

    # The fabric that is worn ------------------------------------------------------------------------------------

    def _worn_card(self, cloth: Fabric, around: QVBoxLayout) -> Iterator[None]:
        frame, column = card()
        around.addWidget(frame)
        frame.setProperty("chosen", True)
        frame.setAccessibleName(spoken(f"{cloth.title}, worn"))
        column.addLayout(_head(cloth, 56))
        if cloth.own:
            column.addWidget(self._title(cloth))
        numbers = QGridLayout()
        column.addLayout(numbers)
        yield from self._numbers(cloth, numbers)
        deeds = QHBoxLayout()
        if cloth.own:
            deeds.addWidget(button("Save to my fabrics", self._save_worn))
        else:
            deeds.addWidget(button("Edit a copy", lambda: self._copy(cloth)))
        deeds.addWidget(button("Measure…", self._measure))
        column.addLayout(deeds)
        column.addWidget(section("Drape-meter"))
        self._drape_test(cloth, column)

    def _numbers(self, cloth: Fabric, grid: QGridLayout) -> Iterator[None]:
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for row, fact in enumerate(facts(cloth)):
            grid.addWidget(label(fact.title, "caption", wrap=False), row, 0)
            shown = self._entry(cloth, fact) if cloth.own and fact.key else _value(fact.value)
            if cloth.own and not fact.key:
                shown.setContentsMargins(0, 2, 9, 2)
            shown.setToolTip(spoken(fact.origin))
            grid.addWidget(shown, row, 1)
            mark = label("≈" if fact.origin.startswith("derived") else "", "caption", wrap=False)
            mark.setToolTip(spoken(fact.origin))
            grid.addWidget(mark, row, 2)
            yield
        source = label(f"≈ derived: point at a number to see from what. {cloth.source}", "caption")
        source.setTextFormat(Qt.TextFormat.PlainText)
        grid.addWidget(source, grid.rowCount(), 0, 1, 3)

    def _title(self, cloth: Fabric) -> QLineEdit:
        made = QLineEdit(cloth.title)
        made.setAccessibleName(spoken("Title of the fabric"))
        made.editingFinished.connect(lambda: self._change(made, lambda: retitled(cloth, made.text().strip()), "Title"))
        return made

    def _entry(self, cloth: Fabric, fact: Fact) -> QLineEdit:
        made = styled(QLineEdit(fact.value), "entry")
        made.setAlignment(Qt.AlignmentFlag.AlignRight)
        made.setMinimumWidth(NARROWEST)
        made.setAccessibleName(spoken(f"{fact.title} of the fabric"))
        step = f"{fact.title} of {cloth.title}"
        made.editingFinished.connect(lambda: self._change(made, lambda: edited(cloth, fact.key, made.text()), step))
        return made

    def _change(self, entry: QLineEdit, made: Callable[[], Fabric], step: str) -> None:
        """Wear the fabric that an entry asks for, or say why it cannot be."""
        if not entry.isModified():
            return
        entry.setModified(False)
        try:
            changed = made()
        except ToileError as error:
            entry.setProperty("wrong", True)
            entry.style().polish(entry)
            self.wrong.setText(spoken(str(error)))
            self.wrong.show()
            return
        self._wear(changed, step)

    def _copy(self, cloth: Fabric) -> None:
        taken, name = own_fabrics()[0], f"My {cloth.title[:1].lower()}{cloth.title[1:]}"[:50]
        titles = {other.title for other in taken.values()}
        wanted = next(tried for k in range(1, 1000) if (tried := name if k == 1 else f"{name} {k}") not in titles)
        self._wear(copied(cloth, wanted), f"A copy of {cloth.title}")

    def _save_worn(self) -> None:
        """Keep the fabric that is worn now: what is shown may still be of the step before."""
        if (cloth := self._cloth()).own:
            self._save(cloth)

    def _save(self, cloth: Fabric) -> None:
        try:
            save_own(cloth)
        except ToileError as error:
            self.wrong.setText(spoken(str(error)))
            self.wrong.show()
            return
        self.studio.said.emit(f"{cloth.title} is kept among your fabrics")
        self._list()

    def _measure(self) -> None:
        self.measuring.choose(self.measuring.method)
        self.measuring.setVisible(not self.measuring.isVisible())

    # The drape-meter --------------------------------------------------------------------------------------------

    def _drape_test(self, cloth: Fabric, column: QVBoxLayout) -> None:
        seen = self.tests.get(cloth.written)
        if seen is None:
            ask = button("Stop the drape test" if self.hanging else "Drape a disc of it", lambda: self._hang(cloth))
            ask.setToolTip(spoken("Cusick's test: a 30 cm disc on an 18 cm table, simulated in a few seconds"))
            column.addWidget(ask)
            return
        picture = QLabel()
        picture.setAccessibleName(spoken(f"Cusick disc of {cloth.title}"))
        drawn = QPixmap()
        drawn.loadFromData(seen.png)
        drawn.setDevicePixelRatio(drawn.width() / PICTURE)
        picture.setPixmap(drawn)
        column.addWidget(picture)
        rests = "" if seen.rests else " It did not come to rest: take it as a hint."
        column.addWidget(
            label(f"Drape coefficient {seen.coefficient:.0f} ± {seen.error:.0f} %, about {seen.folds} folds.{rests}")
        )

    def _hang(self, cloth: Fabric) -> None:
        if DRAPE in self.studio.running:
            self.studio.cancel(DRAPE)
        else:
            self.studio.ask(
                self, DRAPE, "app.drapemeter:seen", cloth.written, done=lambda seen: self._hung(cloth, seen),
                lane="meter",
            )  # fmt: skip

    def _hung(self, cloth: Fabric, seen: Seen) -> None:
        self.tests[cloth.written] = seen
        self._fill()

    # The fabrics to choose from ---------------------------------------------------------------------------------

    def _list(self) -> None:
        """Show the fabrics that answer the search, but for the one that is worn; cards are made once."""
        own, wrong = own_fabrics()
        offered = (*own.values(), *fabrics().values())
        if offered != self._offered or wrong != self._wrong_files:
            self._offered, self._wrong_files = offered, wrong
            self._making.do(self._make_cards())
        else:
            self._sift()

    def _make_cards(self) -> Iterator[None]:
        clear(self.cards)
        self._cards.clear()
        for cloth in self._offered:
            made = self._cards[cloth.written] = self._card(cloth)
            self.cards.addWidget(made)
            if not self._answers(cloth):
                made.hide()
            yield
        for sentence in self._wrong_files or ():
            self.cards.addWidget(label(sentence, "bad"))
        self._none = label("", "caption")
        self.cards.addWidget(self._none)
        self._sift()

    def _sift(self) -> None:
        for cloth in self._offered:
            if cloth.written in self._cards:
                self._cards[cloth.written].setVisible(self._answers(cloth))
        if not self._making.busy:
            found = any(map(self._answers, self._offered))
            self._none.setText(spoken(f"No fabric is called “{self.search.text()}”."))
            self._none.setVisible(not found)

    def _answers(self, cloth: Fabric) -> bool:
        words = f"{cloth.title} {cloth.chinese} {cloth.use} {cloth.construction}".lower()
        return self.search.text().strip().lower() in words and cloth.written != self.worn

    def _card(self, cloth: Fabric) -> QFrame:
        frame, column = card()
        frame.setAccessibleName(spoken(cloth.title))
        head = _head(cloth, 40)
        use = button("Use", lambda: self._wear(cloth, f"{title(self._wish())} in {cloth.title}"))
        use.setAccessibleName(spoken(f"Use {cloth.title}"))
        head.addWidget(use)
        column.addLayout(head)
        return frame

    def _wish(self) -> Wish:
        return self.studio.project.wishes[self.chosen]

    def _wear(self, cloth: Fabric, step: str) -> None:
        wishes, wish = list(self.studio.project.wishes), self._wish()
        wishes[self.chosen] = replace(wish, fabric=cloth.written)
        self.studio.wishes(step, tuple(wishes))


def _value(text: str) -> QLabel:
    made = label(text, wrap=False)
    made.setAlignment(Qt.AlignmentFlag.AlignRight)
    return made


def _head(cloth: Fabric, size: int) -> QHBoxLayout:
    """Swatch, title and what it is for."""
    row, words = QHBoxLayout(), QVBoxLayout()
    row.setSpacing(8)
    words.setSpacing(0)
    row.addWidget(Swatch(cloth.look, size), 0, Qt.AlignmentFlag.AlignTop)
    weight = f"{1000 * cloth.density:.0f} g/m²"
    own = "yours · " if cloth.own else ""
    for text, style in ((cloth.title, ""), (f"{own}{weight} · {cloth.use or cloth.construction}", "caption")):
        line = label(text, style, selectable=False)
        line.setTextFormat(Qt.TextFormat.PlainText)
        words.addWidget(line)
    row.addLayout(words, 1)
    return row
