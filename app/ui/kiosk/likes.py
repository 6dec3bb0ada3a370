"""The kiosk's questionnaire: what a newcomer likes, a few questions that part the catalogue; each may be left out."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.kiosk import visit as visiting
from app.kiosk.visit import LIKES
from app.ui.kiosk.pages import Act, Page
from app.ui.kiosk.parts import Choice, column, px, say

if TYPE_CHECKING:
    from app.ui.kiosk.window import Kiosk
    from garments.recommend.newcomer import Choice as Answer
    from garments.recommend.newcomer import Question

MOST, WIDE = 3, 1500


class Likes(Page):
    """`choices` by the question's name."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        answers, asked = dict(kiosk.visit.answers), kiosk.wardrobe.questions[:MOST]
        self.choices = {one.name: self._choice(one, answers.get(one.name)) for one in asked}
        parts = [part for one in asked for part in (say(self._spoken(one)), self.choices[one.name])]
        self.setLayout(column(0, say(self.say("say.likes"), "title"), *parts, 0))
        self.setMaximumWidth(px(WIDE))

    def acts(self) -> tuple[Act, ...]:
        return (self.act("go_on", self._tell),)

    def _tell(self) -> None:
        told = ((name, choice.value) for name, choice in self.choices.items())
        self.kiosk.do(visiting.tell_likes, tuple(pair for pair in told if pair[1]))

    def _choice(self, one: "Question", now: str | None) -> Choice:
        options = tuple((each.value, self._spoken(each)) for each in one.choices)
        return Choice(options, now, columns=3 if self.kiosk.height() > self.kiosk.width() else 4, optional=True)

    def _spoken(self, one: "Question | Answer") -> str:
        return one.chinese if self.kiosk.visit.language == "zh" else one.english


PAGES: dict[str, Callable[["Kiosk"], Page]] = {LIKES: Likes}
