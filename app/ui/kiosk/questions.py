"""The kiosk's page of questions: a few that are often asked about a garment, each answered at a touch, with where the
answer was looked up. No keyboard, nothing deeper.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QPushButton

from app.kiosk import visit as visiting
from app.kiosk.visit import ASK
from app.ui.controls import clear
from app.ui.kiosk.measured import Measured
from app.ui.kiosk.pages import Act, Page
from app.ui.kiosk.parts import GAP, column, press, px, say

if TYPE_CHECKING:
    from app.shop.facts import Reply
    from app.ui.kiosk.window import Kiosk

MOST = 6


class Ask(Measured):
    """`replies` by the question, None while they are looked up; `open`: the question that is answered now. What cannot
    be answered gives way to what can."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        self.replies: dict[str, Reply] | None = None
        self.open = ""
        self.title = say(self.say("say.ask_wait"), "title")
        self.buttons: dict[str, QPushButton] = {}
        self.grid = QGridLayout()
        self.grid.setSpacing(px(GAP / 2))
        for k in range(2):
            self.grid.setColumnStretch(k, 1)
        self.answer, self.rows = say(""), say("", "small")
        inside = column(self.title)  # What an answer is long must not move what is under a finger.
        inside.addLayout(self.grid)
        inside.addSpacing(px(GAP))
        inside.addWidget(self.answer)
        inside.addWidget(self.rows)
        inside.addStretch(1)
        self.setLayout(inside)

    def refresh(self) -> None:
        kiosk = self.kiosk
        self.show_person(self._best)
        kiosk.wardrobe.enquire(kiosk.visit, self._questions(), kiosk.refresh)
        found = kiosk.wardrobe.replies
        if found is None:
            self.title.setText(self.say("say.trouble" if kiosk.wardrobe.puzzled else "say.ask_wait"))
            return
        if self.replies is None:
            self._fill([each.question for each in sorted(found, key=lambda each: not each.known)][:MOST])
        self.replies = {each.question: each for each in found}
        self._tell()

    def acts(self) -> tuple[Act, ...]:
        return (self.act("see", partial(self.kiosk.do, visiting.put_on, self._best)),)

    @property
    def _best(self) -> str:
        told = self.kiosk.wardrobe.advice(self.kiosk.visit.garment)
        assert told is not None
        return told.best

    def _questions(self) -> tuple[str, ...]:
        """All that could be asked, in the language of the visit, what is asked most first."""
        told = self.kiosk.wardrobe.advice(self.kiosk.visit.garment)
        two = told is not None and told.second is not None
        first = self.say("ask.between", size=told.best, second=told.second) if told and two else self.say("ask.size")
        keys = ("length", "tightest", "goes", "price", "material", "stretch", "colours", "shrink")
        return (first, *(self.say(f"ask.{key}") for key in keys))

    def _fill(self, questions: list[str]) -> None:
        self.title.setText(self.say("say.ask"))
        clear(self.grid)
        listed = [question for question in self._questions() if question in questions]
        for k, question in enumerate(listed):
            button = self.buttons[question] = press(question, partial(self._choose, question), "close")
            button.setCheckable(True)
            self.grid.addWidget(button, k // 2, k % 2)

    def _choose(self, question: str) -> None:
        self.open = question
        self._tell()

    def _tell(self) -> None:
        """The answer to the open question, and where it was looked up."""
        for question, button in self.buttons.items():
            button.setChecked(question == self.open)
        reply = (self.replies or {}).get(self.open)
        if reply is None:
            return
        self.answer.setText(reply.text.replace(" %", "\N{NO-BREAK SPACE}%"))
        tables = dict.fromkeys(link.partition(":")[0] for link in reply.links)
        between = "、" if self.kiosk.visit.language == "zh" else ", "
        rows = between.join(self.say(f"name.row_{table}") for table in tables)
        self.rows.setText(self.say("say.ask_rows", rows=rows) if rows else "")


PAGES: dict[str, Callable[["Kiosk"], Page]] = {ASK: Ask}
