"""The kiosk's pages once a body is known: measures, a tape, what fits, the size and why, the try-on, the slip."""

import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app import visit as visiting
from app.slip import code
from app.ui.controls import clear
from app.ui.kiosk.pages import Act, Number, Page
from app.ui.kiosk.parts import GAP, Bar, Code, column, press, px, say
from app.ui.studio import COMPUTING
from app.visit import BODY, CHOOSE, FITTED, SIZE, SLIP, TAPE, TAPED, TRYON, VERDICTS
from assets.units import colour_code
from body.measurements import MEASURES
from garments.comfort import WEIGHTS
from garments.designs import design
from garments.fabric import fabric
from garments.palette import palette

if TYPE_CHECKING:
    from app.stage import Shown
    from app.ui.kiosk.window import Kiosk
    from garments.fit import RegionFit
    from garments.sizing import Advice, SizeScore

MOST = 4
COLOURS = ("white", "black", "navy", "burgundy", "bottle", "sand")


class Measured(Page):
    """A page with the customer beside it, as far as she is known."""

    def show_person(self) -> None:
        """In what was tried on, else as measured."""
        kiosk = self.kiosk
        shown: Shown | None = kiosk.dressed(kiosk.visit.size) or self.figure
        kiosk.person.show_scenes((kiosk.looks(shown) if shown is not None else None,))

    @property
    def figure(self) -> "Shown | None":
        studio = self.kiosk.studio
        found = studio.figure_of(studio.project)
        return found if found is not None and found.measurements else None

    def garment(self, design: str = "") -> str:
        return self.say(f"name.{design or self.kiosk.visit.design}")


class Body(Measured):
    """What was measured, and how sure it is."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        self.title = say("", "title")
        self.source, self.why = say(""), say("")
        self.rows = QVBoxLayout()
        self.rows.setSpacing(px(GAP))
        inside = column(0, self.title, self.source, 16)
        inside.addLayout(self.rows)
        inside.addSpacing(px(16))
        inside.addWidget(self.why)
        inside.addStretch(1)
        self.setLayout(inside)
        self._filled: object = None

    def refresh(self) -> None:
        kiosk, figure = self.kiosk, self.figure
        self.show_person()
        if kiosk.failed():
            self.title.setText(self.say("say.trouble_person" if kiosk.visit.photos else "say.trouble"))
            self.source.setText("")
            return
        self.title.setText(self.say("say.measuring" if figure is None else "say.body"))
        if figure is None or figure is self._filled:
            return
        self._filled = figure
        count = len(kiosk.visit.photos)
        self.source.setText(self.say(f"say.body_from_{('numbers', 'front', 'photos')[count]}"))
        clear(self.rows)
        for name in TAPED:
            self.rows.addLayout(self._row(name, figure))
        unsure = visiting.unsure(figure.measurements, kiosk.visit.tapes)
        told = "" if unsure is None else self.say("say.tape_why", part=self.say(f"name.{unsure}"))
        self.why.setText(self.say("say.unlikely") if figure.misfits else told)

    def acts(self) -> tuple[Act, ...]:
        kiosk = self.kiosk
        if kiosk.failed():
            again = self.act("without", partial(kiosk.do, visiting.decline), main=False)
            take = self.act("again", partial(kiosk.do, visiting.back))
            return (again, take) if kiosk.visit.photos else ()
        figure = self.figure
        there = figure is not None
        asks = figure is None or visiting.unsure(figure.measurements, kiosk.visit.tapes) is not None
        tape = (self.act("tape", partial(kiosk.do, visiting.measure), main=False, enabled=there),) if asks else ()
        return (*tape, self.act("show_size", partial(kiosk.do, visiting.look), enabled=there))

    def _row(self, name: str, figure: "Shown") -> QHBoxLayout:
        item = figure.measurements[name]
        row = QHBoxLayout()
        part = self.say(f"name.{name}")
        row.addWidget(say(part[:1].upper() + part[1:]))
        value = say(self.say("say.body_row", value=f"{100 * item.value:.1f}", doubt=f"{100 * item.sd:.1f}"), "title")
        row.addWidget(value, 0, Qt.AlignmentFlag.AlignRight)
        value.setWordWrap(False)
        return row


class Tape(Number):
    """The one tape that would tell most."""

    def __init__(self, kiosk: "Kiosk") -> None:
        figure = kiosk.studio.figure_of(kiosk.studio.project)
        found = visiting.unsure(figure.measurements, kiosk.visit.tapes) if figure is not None else None
        self.name = found or TAPED[1]
        self.part = kiosk.say(f"name.{self.name}")
        title = say(kiosk.say("say.tape", part=self.part), "title", centred=True)
        start = round(figure.measurements[self.name].value, 2) if figure is not None else None
        super().__init__(kiosk, title, start, MEASURES[self.name].low, MEASURES[self.name].high)

    def refresh(self) -> None:
        self.number.setText(self.say("say.tape_value", value=self.centimetres()))
        low, high = round(100 * self.low), round(100 * self.high)
        wrong = self.say("say.tape_wrong", part=self.part, low=low, high=high)
        self.note.setText(self.say("say.tape_how") if self.fine else wrong)

    def acts(self) -> tuple[Act, ...]:
        then = partial(self.kiosk.do, visiting.tell_tape, self.name, self.value)
        return (self.act("use", then, enabled=self.fine),)


class Choose(Measured):
    """What fits best, the surest first."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        self.title = say("", "title")
        self.cards = QVBoxLayout()
        self.cards.setSpacing(px(GAP))
        inside = column(0, self.title)
        inside.addLayout(self.cards)
        inside.addStretch(1)
        self.setLayout(inside)
        self._filled: object = None

    def refresh(self) -> None:
        self.show_person()
        advice = self.kiosk.advice
        if advice is None:
            self.title.setText(self.say("say.trouble" if self.kiosk.failed() else "say.choose_wait"))
            return
        if advice is self._filled:
            return
        self._filled = advice
        shown = various(advice)[:MOST]
        suits = any(told.suits for told in shown)
        self.title.setText(self.say("say.choose" if suits else "say.choose_none"))
        clear(self.cards)
        for told in shown:
            sure = self.say("say.choose_row", size=told.best, percent=_percent(told.confidence))
            words = f"{self.garment(told.design)}\n{sure}"
            card = press(words, partial(self.kiosk.do, visiting.choose, told.design), "card", self.garment(told.design))
            card.setMinimumHeight(px(150))
            self.cards.addWidget(card)


class Size(Measured):
    """One size, how sure, and why not the others."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        told = kiosk.advice_of(kiosk.visit.design)
        assert told is not None
        self.told = told
        key = "size_one" if len(told.scores) == 1 else "size" if told.suits else "size_none"
        self.title = say(self.say(f"say.{key}", garment=self.garment(), size=told.best), "title")
        bars = QVBoxLayout()
        bars.setSpacing(0)
        for score in _told_of(told):
            bars.addWidget(Bar(score.size, score.small, score.fits, score.probability, score.size == told.best))
        inside = column(0, self.title, say(self._sure(told)))
        inside.addLayout(bars)
        inside.addWidget(say(self.say("say.bars"), "small"))
        for why in self._whys(told):
            inside.addWidget(say(why))
        inside.addStretch(1)
        inside.setSpacing(px(GAP * 0.75))
        self.setLayout(inside)
        kiosk.wear(told.design, told.best)

    def refresh(self) -> None:
        kiosk = self.kiosk
        shown = kiosk.dressed(self.told.best) or self.figure
        kiosk.person.show_scenes((kiosk.looks(shown) if shown is not None else None,))

    def acts(self) -> tuple[Act, ...]:
        return (self.act("see", partial(self.kiosk.do, visiting.put_on, self.told.best)),)

    def _sure(self, told: "Advice") -> str:
        percent = _percent(told.confidence)
        if told.second is None:
            return self.say("say.sure_alone", percent=percent)
        return self.say("say.sure", percent=percent, second=told.second)

    def _whys(self, told: "Advice") -> list[str]:
        """Why this size, and why not the ones beside it, at the region that says most."""
        sizes = [score.size for score in told.scores]
        at, said = sizes.index(told.best), []
        best = [share for share in told.scores[at].shares if share.measure]
        if best:
            part, first = self.say(f"name.{best[0].name}"), best[0]
            values = {"size": told.best, "part": part, "ease": _cm(first.ease), "wanted": _cm(first.wanted)}
            said.append(self.say("say.why_fits", **values))
        for score in (*told.scores[max(at - 1, 0) : at], *told.scores[at + 1 : at + 2]):
            said.append(self._against(score))
        return said

    def _against(self, score: "SizeScore") -> str:
        shares = [share for share in score.shares if share.measure]
        if not shares:
            return self.say("say.why_other", size=score.size)
        most = max(shares, key=lambda share: share.amount)
        off = most.ease - most.wanted
        key = "why_small" if off < 0 else "why_large"
        return self.say(f"say.{key}", size=score.size, part=self.say(f"name.{most.name}"), off=_cm(abs(off)))


class TryOn(Measured):
    """On her: turning, in colours, two sizes beside each other."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        visit = kiosk.visit
        told = kiosk.advice_of(visit.design)
        self.second = told.second if told is not None else None
        self.both = False
        self.title = say("", "title")
        self.regions = QVBoxLayout()
        self.regions.setSpacing(px(GAP / 2))
        swatches = QHBoxLayout()
        swatches.setSpacing(px(GAP / 2))
        self.swatches: dict[str | None, QPushButton] = {}
        for name in (None, *COLOURS):
            swatches.addWidget(self._swatch(name))
        swatches.addStretch(1)
        inside = column(0, self.title)
        inside.addLayout(self.regions)
        inside.addSpacing(px(GAP))
        inside.addLayout(swatches)
        inside.addWidget(say(self.say("say.turn"), "small"))
        inside.addStretch(1)
        self.setLayout(inside)
        self._filled: object = None
        kiosk.wear(visit.design, visit.size)

    def refresh(self) -> None:
        kiosk, size = self.kiosk, self.kiosk.visit.size
        shown, other = kiosk.dressed(size), kiosk.dressed(self.second) if self.both and self.second else None
        names = {"garment": self.garment(), "size": size}
        waits = shown is None or (self.both and other is None)
        key = "trouble" if waits and kiosk.failed() else "tryon_wait" if waits else "tryon"
        if waits and shown is not None:
            names["size"] = self.second or size
        if not waits and shown is not None and not shown.holds:
            key = "tryon_failed"
        self.title.setText(self.say(f"say.{key}", **({} if key == "trouble" else names)))
        for colour, swatch in self.swatches.items():
            swatch.setChecked(colour == kiosk.colour)
        people = [each for each in (shown, other) if each is not None] or [self.figure]
        scenes = [kiosk.looks(each) if each is not None else None for each in people]
        kiosk.person.show_scenes(scenes, (size, self.second or "") if len(scenes) == 2 else ())
        if shown is not None and shown is not self._filled:
            self._filled = shown
            clear(self.regions)
            for region in shown.fits[0].regions if shown.holds and shown.fits else ():
                self.regions.addWidget(say(self._region(region), "good" if region.fits else "bad"))

    def acts(self) -> tuple[Act, ...]:
        kiosk, found = self.kiosk, []
        if self.second is not None:
            size = kiosk.visit.size
            words = (
                self.say("press.single" if self.both else "press.compare", size=size, other=self.second)
                if not (self.both)
                else self.say("press.single", size=size)
            )
            busy = kiosk.studio.state == COMPUTING and kiosk.dressed(size) is None
            found.append(Act(words, self._compare, enabled=not busy))
        return (*found, self.act("done", partial(kiosk.do, visiting.done)))

    def _compare(self) -> None:
        self.both = not self.both
        if self.both and self.second is not None:
            self.kiosk.wear(self.kiosk.visit.design, self.second)
        self.kiosk.refresh()

    def _swatch(self, name: str | None) -> QWidget:
        """A colour, or the cloth's own."""
        shade = palette()[name] if name else None
        own = fabric(design(self.kiosk.visit.design).FABRIC)
        chinese = self.kiosk.visit.language == "zh"
        called = own.title if shade is None else shade.chinese if chinese else shade.english
        code = shade.code if shade else None
        made = press("", partial(self._paint, code), "swatch", called)
        made.setCheckable(True)
        made.setFixedSize(px(96), px(96))
        dot = QPixmap(px(64), px(64))
        dot.fill(QColor(code or colour_code(own.look.colour)))
        made.setIcon(QIcon(dot))
        made.setIconSize(QSize(px(64), px(64)))
        self.swatches[code] = made
        return made

    def _paint(self, colour: str | None) -> None:
        self.kiosk.colour = colour
        self.kiosk.refresh()

    def _region(self, region: "RegionFit") -> str:
        part = self.say(f"name.{region.name}")
        part = part[:1].upper() + part[1:]
        if region.fits:
            return self.say("say.region_fits", part=part, ease=_cm(region.ease))
        if region.ease > region.meant:
            return self.say("say.region_wide", part=part, ease=_cm(region.ease))
        return self.say("say.region_tight", part=part, body=_cm(region.body), garment=_cm(region.garment))


class Fitted(Measured):
    """How did it fit? Counted without the customer."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        visit = kiosk.visit
        title = self.say("say.fitted", garment=self.garment(), size=visit.size)
        answers = [press(self.say(f"press.{word}"), partial(self._tell, word)) for word in VERDICTS]
        for button in answers:
            button.setMinimumHeight(px(120))
        self.setLayout(column(0, say(title, "title"), say(self.say("say.fitted_how")), 16, *answers, 0))

    def refresh(self) -> None:
        self.show_person()

    def acts(self) -> tuple[Act, ...]:
        return (self.act("not_tried", partial(self._tell, "")),)

    def _tell(self, verdict: str) -> None:
        kiosk = self.kiosk
        told = kiosk.advice_of(kiosk.visit.design)
        if verdict and told is not None:
            score = told.score(kiosk.visit.size)
            fitted = {"style": kiosk.visit.design, "size": score.size, "verdict": verdict}
            kiosk.tell(fitted={**fitted, "off": round(score.off, 3), "sd": round(score.off_sd, 3)})
        kiosk.do(visiting.fitted, verdict)


class Slip(Page):
    """What she takes along."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        self.lines = self._lines()
        tall = kiosk.height() > kiosk.width()
        how = self.say("say.slip_how_tall" if tall else "say.slip_how")
        words = column(0, say(self.say("say.slip"), "title"), 16, *(say(line) for line in self.lines), 16)
        words.addWidget(say(how, "small"))
        words.addStretch(1)
        way = QBoxLayout.Direction.TopToBottom if tall else QBoxLayout.Direction.LeftToRight
        row = QBoxLayout(way)
        row.addLayout(words, 1)
        row.addWidget(Code(code(self.lines)), 1)
        self.setLayout(row)

    def acts(self) -> tuple[Act, ...]:
        return (self.act("forget", self.kiosk.leave),)

    def _lines(self) -> tuple[str, ...]:
        kiosk, visit = self.kiosk, self.kiosk.visit
        lines = [self.say("say.slip_head", day=time.strftime("%Y-%m-%d"))]
        told = kiosk.advice_of(visit.design)
        if told is not None:
            name = self.say(f"name.{visit.design}")
            values = {"garment": name, "size": told.best, "percent": _percent(told.confidence)}
            key = "slip_size" if told.second is None else "slip_second"
            lines.append(self.say(f"say.{key}", **values, **({"second": told.second} if told.second else {})))
        if visit.height is not None:
            lines.append(self.say("say.slip_height", value=f"{100 * visit.height:g}"))
        figure = kiosk.studio.figure_of(kiosk.studio.project)
        for name in TAPED if figure is not None else ():
            assert figure is not None
            item, part = figure.measurements[name], self.say(f"name.{name}")
            part = part[:1].upper() + part[1:]
            value, doubt = f"{100 * item.value:.1f}", f"{100 * item.sd:.1f}"
            lines.append(self.say("say.slip_row", part=part, value=value, doubt=doubt))
        return (*lines, self.say("say.slip_privacy"))


def various(advice: "tuple[Advice, ...]") -> "tuple[Advice, ...]":
    """The same garments, so ordered that the best of each kind (what is decided at the same places) come first, then
    the second of each."""
    seen: Counter[tuple] = Counter()
    turns = []
    for told in advice:
        kind = tuple(sorted(WEIGHTS.get(told.design, {told.design: 1.0}).items()))
        turns.append((not told.suits, seen[kind]))
        seen[kind] += 1
    order = sorted(range(len(advice)), key=lambda k: turns[k])
    return tuple(advice[k] for k in order)


def _told_of(told: "Advice") -> "list[SizeScore]":
    """The best size and at most two on either side."""
    at = [score.size for score in told.scores].index(told.best)
    return list(told.scores[max(at - 2, 0) : at + 3])


def _percent(share: float) -> int:
    return round(100 * share)


def _cm(length: float) -> str:
    return f"{100 * length:.1f}"


PAGES: dict[str, Callable[["Kiosk"], Page]] = {
    BODY: Body, TAPE: Tape, CHOOSE: Choose, SIZE: Size, TRYON: TryOn, FITTED: Fitted, SLIP: Slip,
}  # fmt: skip
