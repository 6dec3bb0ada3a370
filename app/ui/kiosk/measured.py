"""The kiosk's pages once a body is known: measures, a tape, what fits, the size and why."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from app.kiosk import visit as visiting
from app.kiosk.visit import BODY, CHOOSE, SIZE, TAPE, TAPED
from app.scenes.tapes import with_tapes
from app.ui.controls import clear
from app.ui.kiosk.pages import Act, Number, Page
from app.ui.kiosk.parts import GAP, Bar, Card, column, progress, px, say
from body.measurements import MEASURES
from garments.ruling import gives_way, ruled_out

if TYPE_CHECKING:
    from app.shop.offering import Option
    from app.stage import Shown
    from app.ui.kiosk.window import Kiosk
    from garments.ruling import GivesWay, Place
    from garments.sizing import Advice, SizeScore

MOST = 6
NEXT = 0.05
"""A second choice that is less probable is not named."""
EVEN = 0.005
"""Less [m of girth] than that nobody feels: no number is told."""
WHYS = {"answered": "why_answered", "goes with": "why_goes", "liked": "why_like"}
"""Reasons that a card tells besides the size, and how it says them."""


class Measured(Page):
    """A page with the customer beside it, as far as she is known."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        self.bar = progress()

    def show_progress(self, *names: str) -> None:
        """How far the engine is with one of these; no bar where it does nothing of them."""
        running = [self.kiosk.studio.running[name] for name in names if name in self.kiosk.studio.running]
        self.bar.setVisible(bool(running))
        if running:
            self.bar.setValue(round(1000 * running[0].fraction))

    def show_person(self, size: str = "") -> None:
        """In the garment in a size, that which was tried on unless told, else as measured."""
        kiosk = self.kiosk
        shown: Shown | None = kiosk.dressed(size or kiosk.visit.size) or self.figure
        kiosk.person.show_scenes((kiosk.looks(shown) if shown is not None else None,))

    @property
    def figure(self) -> "Shown | None":
        studio = self.kiosk.studio
        found = studio.figure_of(studio.project)
        return found if found is not None and found.measurements else None

    def garment(self, id: str = "") -> str:
        return self.kiosk.called(id or self.kiosk.visit.garment)


class Body(Measured):
    """What was measured, and how sure it is."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        self.title = say("", "title")
        self.source, self.why = say(""), say("")
        self.rows = QVBoxLayout()
        self.rows.setSpacing(px(GAP))
        inside = column(0, self.title, self.bar, self.source, 16)
        inside.addLayout(self.rows)
        inside.addSpacing(px(16))
        inside.addWidget(self.why)
        inside.addStretch(1)
        self.setLayout(inside)
        self._filled: object = None

    def refresh(self) -> None:
        kiosk, figure = self.kiosk, self.figure
        self.show_person()
        self.show_progress(*(("figure",) if figure is None else ()))
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
        unlikely = any(misfit.sentence for misfit in figure.misfits)
        self.why.setText(self.say("say.unlikely") if unlikely else told)

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
    """What fits best, the surest first, or what goes with what was tried; each with its size and why."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        self.title = say("", "title")
        self.cards = QGridLayout()
        self.cards.setSpacing(px(GAP))
        inside = column(0, self.title)
        inside.addLayout(self.cards)
        inside.addStretch(1)
        self.setLayout(inside)
        self._filled: object = None

    def refresh(self) -> None:
        self.show_person()
        options = self.kiosk.wardrobe.options
        if options is None:
            self.title.setText(
                self.say("say.trouble" if self.kiosk.failed() or self.kiosk.wardrobe.lost else "say.choose_wait")
            )
            return
        if options is self._filled:
            return
        self._filled = options
        suits = any(one.advice.suits for one in options)
        key = "choose_none" if not suits else "choose_next" if self.kiosk.visit.tried else "choose"
        self.title.setText(self.say(f"say.{key}"))
        clear(self.cards)
        for k, one in enumerate(options[:MOST]):
            name = self.garment(one.id)
            then = partial(self.kiosk.do, visiting.choose, one.id)
            self.cards.addWidget(Card(name, self._told(one), then), k // 2, k % 2)

    def acts(self) -> tuple[Act, ...]:
        if not self.kiosk.wardrobe.questions:
            return ()
        return (self.act("likes", partial(self.kiosk.do, visiting.wonder), main=False),)

    def _told(self, one: "Option") -> list[str]:
        """Its size and how sure that is, what it costs, and what else speaks for it."""
        sure = self.say("say.choose_row", size=one.size, percent=in_percent(one.sure))
        cost = one.cost.replace(" ", "\N{NO-BREAK SPACE}")
        lines = [f"{sure}  {cost}" if cost else sure]
        why = next(
            (
                reason for reason in one.reasons
                if reason.kind in WHYS and reason.amount > 0.0 and reason.about in ("", *self.kiosk.wardrobe.known)
            ),
            None,
        )  # fmt: skip
        if why is not None:
            about = {"garment": self.garment(why.about)} if why.about else {}
            lines.append(self.say(f"say.{WHYS[why.kind]}", **about))
        return lines


class Size(Measured):
    """One size, how sure, and why not the others."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        told = kiosk.wardrobe.advice(kiosk.visit.garment)
        assert told is not None
        self.told = told
        key = "size_one" if len(told.scores) == 1 else "size" if told.suits else "size_none"
        self.title = say(self.say(f"say.{key}", garment=self.garment(), size=told.best), "title")
        bars = QVBoxLayout()
        bars.setSpacing(0)
        for score in _told_of(told):
            bars.addWidget(Bar(score.size, score.small, score.fits, score.probability, score.size == told.best))
        sure = [say(self._sure(told))] if told.suits else []
        inside = column(0, self.title, *sure)
        inside.addLayout(bars)
        inside.addWidget(say(self.say("say.bars"), "small"))
        for why in self._whys(told):
            inside.addWidget(say(why))
        inside.addStretch(1)
        inside.setSpacing(px(GAP * 0.75))
        self.setLayout(inside)
        self._drawn: object = self
        kiosk.wear(told.best)

    def refresh(self) -> None:
        kiosk = self.kiosk
        shown = kiosk.dressed(self.told.best) or self.figure
        if shown is not self._drawn:
            self._drawn = shown
            self._draw(shown)

    def _draw(self, shown: "Shown | None") -> None:
        """Her, with the tape where the other sizes were ruled out, and how much they are off there."""
        kiosk = self.kiosk
        if shown is None:
            kiosk.person.show_scenes((None,))
            return
        draped = {size: kiosk.dressed(size) for size in (score.size for score in self.told.scores)}
        fits = {size: each.fits[0] for size, each in draped.items() if each is not None and each.fits}
        told = {place.measure: self._beside(place) for place in ruled_out(self.told, fits)}
        tapes = [tape for tape in shown.tapes if tape.name in told]
        labels = tuple((told[tape.name], tape.runs) for tape in tapes)
        kiosk.person.show_scenes((with_tapes(kiosk.looks(shown), tapes),), labels=labels)

    def _beside(self, place: "Place") -> str:
        """What stands beside a tape: a line for each size."""
        lines = [
            self.say("say.mark_small" if each.off < 0 else "say.mark_large", size=each.size, off=in_cm(abs(each.off)))
            for each in place.others
        ]
        best = place.best
        how = room(best.ease, best.ease - best.off)
        lines.append(self.say(f"say.mark_{how}", size=best.size, ease=in_cm(abs(best.ease))))
        for each in (*place.others, best):
            if each.pressure is not None and each.strain is not None:
                values = {"pressure": f"{each.pressure / 1000:.2f}", "strain": f"{100 * each.strain:.1f}"}
                lines.append(self.say("say.mark_drape", size=each.size, **values))
        part = self.say(f"name.{place.region}")
        return "\n".join((part[:1].upper() + part[1:], *lines))

    def acts(self) -> tuple[Act, ...]:
        ask = self.act("ask", partial(self.kiosk.do, visiting.ask), main=False)
        return ask, self.act("see", partial(self.kiosk.do, visiting.put_on, self.told.best))

    def _sure(self, told: "Advice") -> str:
        percent, between = in_percent(told.confidence), told.between
        if between is not None:
            how = between.rules_out or "either"
            return self.say(f"say.between_{how}", percent=percent, small=between.small, large=between.large)
        if told.second is None or told.score(told.second).probability < NEXT:
            return self.say("say.sure_alone", percent=percent)
        return self.say("say.sure", percent=percent, second=told.second)

    def _whys(self, told: "Advice") -> list[str]:
        """Why this size, and why not the ones beside it, at the region that says most."""
        sizes = [score.size for score in told.scores]
        at, said, between = sizes.index(told.best), [], told.between
        best = [share for share in told.scores[at].shares if share.measure]
        if best:
            first = best[0] if told.suits else min(best, key=lambda share: share.ease - share.wanted)
            part = self.say(f"name.{first.name}")
            has = self.say(f"say.has_{room(first.ease, first.wanted)}", size=told.best, part=part,
                           ease=in_cm(abs(first.ease)))  # fmt: skip
            meant = self.say(f"say.meant_{room(first.wanted, first.wanted)}", wanted=in_cm(abs(first.wanted)))
            said.append(f"{has}{meant}" if self.kiosk.visit.language == "zh" else f"{has} {meant}")
        yields = gives_way(told) if told.suits else None
        if yields is not None:
            said.append(self._looser(yields))
        for score in (*told.scores[max(at - 1, 0) : at], *told.scores[at + 1 : at + 2]):
            if yields is not None and score.size == yields.smaller:
                continue
            near = between is not None and not between.rules_out and score.size in (between.small, between.large)
            said.append(self._against(score, "is" if near else "why"))
        return said

    def _looser(self, yields: "GivesWay") -> str:
        """Where the advised size is far wider than meant, and for the sake of what."""
        key = "size_wide_for" if yields.smaller else "size_wide"
        part, tight = (self.say(f"name.{name}") if name else "" for name in (yields.region, yields.tight))
        return self.say(
            f"say.{key}", size=yields.size, part=part, off=in_cm(yields.off), smaller=yields.smaller, tight=tight
        )

    def _against(self, score: "SizeScore", how: str) -> str:
        """What speaks most against a size: "why" not, or what it "is" like where it would do as well."""
        shares = [share for share in score.shares if share.measure]
        if not shares:
            return self.say("say.why_other", size=score.size)
        most = max(shares, key=lambda share: share.amount)
        off = most.ease - most.wanted
        if abs(off) < EVEN:
            return self.say("say.why_other", size=score.size)
        key = "small" if off < 0 else "large"
        return self.say(f"say.{how}_{key}", size=score.size, part=self.say(f"name.{most.name}"), off=in_cm(abs(off)))


def _told_of(told: "Advice") -> "list[SizeScore]":
    """The best size and at most two on either side."""
    at = [score.size for score in told.scores].index(told.best)
    return list(told.scores[max(at - 2, 0) : at + 3])


def room(ease: float, wanted: float) -> str:
    """How a wearer finds an ease [m] where so much is wanted: as "room", as a "stretch" of what is meant to stretch, as
    "less" than she measures, or as "even"."""
    if abs(ease) < EVEN:
        return "even"
    return "room" if ease >= 0 else "stretch" if wanted < 0 else "less"


def in_percent(share: float) -> int:
    return round(100 * share)


def in_cm(length: float) -> str:
    return f"{100 * length:.1f}"


PAGES: dict[str, Callable[["Kiosk"], Page]] = {BODY: Body, TAPE: Tape, CHOOSE: Choose, SIZE: Size}
