"""The kiosk's pages, one decision each: what they say and which buttons they have."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.kiosk import hours
from app.kiosk import visit as visiting
from app.kiosk.visit import ABOUT, ATTRACT, CONSENT, FRONT, HEIGHT, OVER, SIDE, SMALLEST, TALLEST, USUAL
from app.saying import tongue
from app.ui.kiosk.parts import Choice, Keys, column, press, px, say, target
from garments.sizing import PREFERENCES

if TYPE_CHECKING:
    from app.ui.kiosk.window import Kiosk

FOOT, INCH = 0.3048, 0.0254


@dataclass(frozen=True, slots=True)
class Act:
    """A button at the foot of a page; the main one is pressed by a raised arm, too."""

    text: str
    then: Callable[[], object]
    main: bool = False
    enabled: bool = True


class Page(QWidget):
    """What stands beside the picture at one step."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__()
        self.setObjectName("words")
        self.kiosk = kiosk

    def say(self, key: str, **values: object) -> str:
        return self.kiosk.say(key, **values)

    def refresh(self) -> None:
        """As things stand now."""

    def drawn(self) -> None:
        """Another picture of the customer is seen."""

    def acts(self) -> tuple[Act, ...]:
        """The buttons, from left to right."""
        return ()

    def act(self, key: str, then: Callable[[], object], main: bool = True, enabled: bool = True) -> Act:
        return Act(self.say(f"press.{key}"), then, main, enabled)


class Attract(Page):
    """Nobody is there: ten words, and the sample turning beside them; or why nobody can be served now."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        shop = say(kiosk.shop.shop, "text", centred=True)
        words, how = self.say("say.attract"), self.say("say.attract_how")
        if kiosk.trouble:
            why = tongue(kiosk.visit.language).said(kiosk.trouble)
            words, how = self.say("say.not_ready"), self.say("say.not_ready_how", why=why, file=kiosk.file)
        elif kiosk.closed:
            at = hours.opens(kiosk.shop.hours, kiosk.day())
            words, how = self.say("say.closed"), self.say("say.closed_until", at=f"{at:%H:%M}") if at else ""
        self.setLayout(column(0, shop, say(words, "title", True), say(how, "text", True), 0))

    def acts(self) -> tuple[Act, ...]:
        if self.kiosk.closed or self.kiosk.trouble:
            return ()
        return (self.act("begin", partial(self.kiosk.do, visiting.begin)),)


class Consent(Page):
    """The text that is agreed to, whole, before any camera."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        text = kiosk.consent[kiosk.visit.language]
        lines = [say(line) for line in text.lines]
        inside = column(0, say(text.title, "title"), 8, *lines, say(text.version, "small"), 0)
        self.setLayout(inside)
        self.setMaximumWidth(px(1320))

    def acts(self) -> tuple[Act, ...]:
        version = self.kiosk.consent[self.kiosk.visit.language].version
        return (
            self.act("without", partial(self.kiosk.do, visiting.decline), main=False),
            self.act("agree", partial(self.kiosk.do, visiting.agree, version)),
        )


def centimetres(length: float) -> str:
    """A length [m] as the keys write it: to a tenth, without one that is nought."""
    return f"{round(100 * length, 1):g}"


class Number(Page):
    """A length to be told, by steps and by keys."""

    def __init__(self, kiosk: "Kiosk", title: QLabel, start: float | None, low: float, high: float) -> None:
        super().__init__(kiosk)
        self.value, self.low, self.high = start, low, high
        self.number = say("", "huge", centred=True)
        self.note = say("", centred=True)
        self.keys = Keys(self.say("press.clear"))
        self.keys.changed.connect(self._typed)
        less, more = (press(sign, partial(self.step, by), name=sign) for sign, by in (("−", -0.01), ("+", 0.01)))
        for button in (less, more):
            button.setAutoRepeat(True)
            button.setFixedSize(target(128), target(128))
        row = QHBoxLayout()
        row.addWidget(less)
        row.addWidget(self.number, 1)
        row.addWidget(more)
        top, below = column(title, 8), column(self.note, self.keys, 0)
        inside = column()
        inside.addStretch(1)
        inside.addLayout(top)
        inside.addLayout(row)
        inside.addLayout(below)
        self.setLayout(inside)
        self.setMaximumWidth(px(1000))

    def step(self, by: float) -> None:
        start = (self.low + self.high) / 2 if self.value is None else self.value
        self.value = round(min(max(start + by, self.low), self.high), 3)
        self.keys.text = ""
        self.kiosk.refresh()

    def _typed(self, text: str) -> None:
        self.value = self.keys.value
        self.kiosk.refresh()

    @property
    def fine(self) -> bool:
        return self.value is not None and self.low <= self.value <= self.high

    def centimetres(self) -> str:
        return self.keys.text or ("—" if self.value is None else centimetres(self.value))


class Height(Number):
    """How tall."""

    def __init__(self, kiosk: "Kiosk") -> None:
        start = kiosk.visit.height or USUAL
        super().__init__(kiosk, say(kiosk.say("say.height"), "title", centred=True), start, SMALLEST, TALLEST)

    def refresh(self) -> None:
        self.number.setText(self.say("say.height_value", height=self.centimetres()))
        if self.fine:
            assert self.value is not None
            feet, inches = divmod(round(self.value / INCH), round(FOOT / INCH))
            other = self.say("say.height_other", feet=feet, inches=inches)
            self.note.setText(f"{other}\n{self.say('say.height_adults')}")
        else:
            low, high = round(100 * self.low), round(100 * self.high)
            self.note.setText(self.say("say.height_wrong", low=low, high=high))

    def acts(self) -> tuple[Act, ...]:
        return (self.act("go_on", lambda: self.kiosk.do(visiting.tell_height, self.value), enabled=self.fine),)


class About(Page):
    """A few words: which sizes, and how it should sit."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        sizes = ((0.0, self.say("press.women")), (1.0, self.say("press.men")), (None, self.say("press.both")))
        self.sizes = Choice(sizes, kiosk.visit.sizes)
        self.likes = Choice(tuple((name, self.say(f"press.{name}")) for name in PREFERENCES), kiosk.visit.likes)
        parts = (
            0, say(self.say("say.about"), "title"), 16, say(self.say("say.about_sizes")), self.sizes, 32,
            say(self.say("say.about_fit")), self.likes, 0,
        )  # fmt: skip
        self.setLayout(column(*parts))
        self.setMaximumWidth(px(1000))

    def acts(self) -> tuple[Act, ...]:
        return (self.act("go_on", lambda: self.kiosk.do(visiting.tell_about, self.sizes.value, self.likes.value)),)


class Stand(Page):
    """Before the camera, from the front and from the side."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        side = kiosk.visit.step
        self.note = say("", "text")
        parts = (0, say(self.say(f"say.{side}"), "title"), say(self.say(f"say.{side}_how")), self.note, 0)
        self.setLayout(column(*parts))
        self._now: tuple[bool, bool] | None = None

    def refresh(self) -> None:
        kiosk = self.kiosk
        key = "camera_gone" if kiosk.camera_trouble else "raise_arm" if kiosk.standing.frame else "camera_opening"
        self.note.setText(self.say(f"say.{key}"))
        now = kiosk.standing.ready, kiosk.standing.counting
        if now != self._now:
            self._now = now
            kiosk.refresh()

    def acts(self) -> tuple[Act, ...]:
        kiosk, standing = self.kiosk, self.kiosk.standing
        without = self.act("without", partial(kiosk.do, visiting.decline), main=False)
        if kiosk.visit.step == SIDE:
            without = self.act("use_front", partial(kiosk.do, visiting.enough), main=False)
        key = "counting" if standing.counting else "take"
        return without, self.act(key, standing.count_down, enabled=standing.ready)


class Over(Page):
    """The end, for a moment."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        self.setLayout(column(0, say(self.say("say.forgotten"), "title", centred=True), 0))


PAGES: dict[str, Callable[["Kiosk"], Page]] = {
    ATTRACT: Attract, CONSENT: Consent, HEIGHT: Height, ABOUT: About, FRONT: Stand, SIDE: Stand, OVER: Over,
}  # fmt: skip
