"""What to try on next: garments of the catalogue that is open, with the reasons; nothing twice; and what a newcomer is
asked. Until the catalogue has answered, the program's own designs by how they fit.

What is shown and what is tried on from here is counted by garment and place, of nobody (app/shop/clicks.py).
"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.project import AUTO, Project
from app.saying import language, spoken
from app.shop import clicks
from app.ui.controls import button, label
from app.ui.panels.garment import put_on
from app.ui.panels.shop import sentence, wear
from app.ui.refilled import Refilled
from app.ui.studio import Studio
from assets.files import ROOT
from garments.recommend.suggest import Taste

if TYPE_CHECKING:
    from app.engine import Offer
    from app.shop.offering import Offered, Option

SHOWN, WHYS = 4, 2


class Suggestions(Refilled):
    """`told`: what the catalogue offers, None while it has not answered; `answers` of whoever is here, and `seen`: ids
    that were put aside. All of it is let go with the person."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.studio = studio
        self.told: Offered | None = None
        self.answers: dict[str, str] = {}
        self.seen: tuple[str, ...] = ()
        self._person = ""
        self._asked: tuple | None = None
        studio.offers_changed.connect(self.ask)
        studio.changed.connect(self._changed)
        studio.learned.connect(self._anew)
        self.fill(self._rows)

    def ask(self) -> None:
        """Ask what to try on, unless that was asked already."""
        project, studio = self.studio.project, self.studio
        if not studio.offers:
            self.told, self._asked = None, None
            self.fill(self._rows)
            return
        if self._person != project.person_key:
            self._person, self.answers, self.seen = project.person_key, {}, ()
        worn = tuple(wish.article for wish in project.wishes if wish.article)
        taste = Taste(worn=worn, shown=self.seen, answers=tuple(self.answers.items()))
        path = studio.settings.catalogue or str(ROOT / "catalogue" / "demo")
        key = project.person_key, path, worn, self.seen, taste.answers
        if self._asked == key:
            return
        self._asked = key
        self.fill(self._rows)
        studio.ask(self, "suggestions", "suggestions", project, path, taste, done=self._answered, quiet=True)

    def _anew(self) -> None:
        """Ask again: there is more to answer from."""
        self._asked = None
        self.ask()

    def others(self) -> None:
        """Put what is shown aside, and ask for what comes next."""
        if self.told is not None:
            self.seen += tuple(one.id for one in self.told.options)
            self.ask()

    def answer(self, name: str, value: str) -> None:
        """What somebody likes; the same answer again takes it back."""
        if self.answers.get(name) == value:
            del self.answers[name]
        else:
            self.answers[name] = value
        self.seen = ()
        self.ask()

    def _changed(self, before: Project, after: Project) -> None:
        """Ask and fill anew where other garments are worn, not for each move of a print's slider."""
        if _worn(before) != _worn(after) and self.studio.offers:
            self.ask()
            self.fill(self._rows)

    def _answered(self, told: "Offered") -> None:
        self.told = told
        clicks.shown([one.id for one in told.options])
        self.fill(self._rows)

    def _rows(self, column: QVBoxLayout) -> Iterator[None]:
        if self.told is None:
            for offer in self.studio.offers[:SHOWN]:
                self._design(column, offer)
                yield
            if not self.studio.offers:
                column.addWidget(label("Garments that fit this body are ranked here.", "caption"))
            return
        for place, one in enumerate(self.told.options):
            self._article(column, place, one)
            yield
        if not self.told.options:
            column.addWidget(label("Nothing more of the catalogue fits.", "caption"))
        for note in self.told.notes:
            column.addWidget(label(note[:1].upper() + note[1:], "caption"))
        self._foot(column, self.told)

    def _article(self, column: QVBoxLayout, place: int, one: "Option") -> None:
        name = one.titles.get(language()) or one.titles.get("en") or one.id
        lines = [f"Size {one.size}, {100 * one.sure:.0f} % sure" + (f" · {one.cost}" if one.cost else "")]
        lines += [why.words[:1].upper() + why.words[1:] for why in one.reasons if why.kind != "fit"][:WHYS]
        worn = any(wish.article == one.id for wish in self.studio.project.wishes)
        self._row(column, name, lines, worn, partial(self._try, place, one, name))

    def _try(self, place: int, one: "Option", name: str) -> None:
        clicks.taken(one.id, place)
        wear(self.studio, one.id, name, one.wish)

    def _design(self, column: QVBoxLayout, offer: "Offer") -> None:
        worn = any(wish.design == offer.design for wish in self.studio.project.wishes)
        then = partial(put_on, self.studio, offer.design, AUTO)
        self._row(column, offer.title, [sentence(offer)], worn, then, offer.suits)

    def _row(
        self, column: QVBoxLayout, name: str, lines: list[str], worn: bool, then: partial, suits: bool = True
    ) -> None:
        row, words = QHBoxLayout(), QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(name))
        for line in lines:
            words.addWidget(label(line, "caption" if suits else "bad"))
        row.addLayout(words, 1)
        made = button("Worn" if worn else "Try on", then)
        made.setAccessibleName(spoken(f"Try on {name}"))
        made.setEnabled(not worn)
        row.addWidget(made)
        column.addLayout(row)

    def _foot(self, column: QVBoxLayout, told: "Offered") -> None:
        row = QHBoxLayout()
        more = button("Others", self.others)
        more.setAccessibleName(spoken("Other suggestions"))
        more.setEnabled(bool(told.options))
        row.addWidget(more)
        if told.questions:
            asking = button(f"Likes {len(self.answers)}" if self.answers else "Likes", lambda: None)
            asking.setAccessibleName(spoken("What this person likes"))
            asking.setMenu(self._menu(told, asking))
            row.addWidget(asking)
        row.addStretch(1)
        column.addLayout(row)

    def _menu(self, told: "Offered", parent: QWidget) -> QMenu:
        menu, chinese = QMenu(parent), language() == "zh"
        for one in told.questions:
            inside = menu.addMenu(one.chinese if chinese else one.english)
            for choice in one.choices:
                action = inside.addAction(choice.chinese if chinese else choice.english)
                action.setCheckable(True)
                action.setChecked(self.answers.get(one.name) == choice.value)
                action.triggered.connect(lambda _=False, name=one.name, value=choice.value: self.answer(name, value))
        return menu


def _worn(project: Project) -> list[tuple[str, str]]:
    """What rows tell of the garments worn: the article of each and its design."""
    return [(wish.article, wish.design) for wish in project.wishes]
