"""The kiosk's last pages: the try-on, how it fitted, the slip to take along."""

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.kiosk import visit as visiting
from app.kiosk.slip import code
from app.kiosk.visit import FITTED, MIRROR, SLIP, TAPED, TRYON, VERDICTS
from app.project import own_fabric
from app.ui.controls import clear
from app.ui.kiosk.measured import Measured, in_cm, in_percent
from app.ui.kiosk.pages import Act, Page, centimetres
from app.ui.kiosk.parts import GAP, Code, column, press, px, say, target
from assets.units import colour_code
from garments.colours.palette import palette
from garments.fabric import fabric

if TYPE_CHECKING:
    from app.stage import Shown
    from app.ui.kiosk.window import Kiosk
    from garments.fit import RegionFit

COLOURS = ("white", "black", "navy", "burgundy", "bottle", "sand")


class TryOn(Measured):
    """On her: turning, in colours, two sizes beside each other."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        visit = kiosk.visit
        told = kiosk.wardrobe.advice(visit.garment)
        others = (told.second, told.best) if told is not None else ()
        self.second = next((other for other in others if other and other != visit.size), None)
        self.both = False
        self.title = say("", "title")
        self.regions = QVBoxLayout()
        self.regions.setSpacing(px(GAP / 2))
        swatches = QHBoxLayout()
        swatches.setSpacing(px(GAP / 4))
        self.swatches: dict[str | None, QPushButton] = {}
        for name in (None, *COLOURS):
            swatches.addWidget(self._swatch(name))
        swatches.addStretch(1)
        self.ways = QHBoxLayout()
        self.ways.setSpacing(px(GAP))
        self.beside = press("", self._compare)
        self.mirror = press(self.say("press.mirror"), partial(kiosk.do, visiting.mirror))
        self.ways.addWidget(self.beside)
        self.ways.addWidget(self.mirror)
        self.ways.addStretch(1)
        self.beside.setVisible(self.second is not None)
        self.mirror.setVisible(bool(visit.agreed))
        inside = column(0, self.title, self.bar)
        inside.addLayout(self.regions)
        inside.addSpacing(px(GAP))
        inside.addLayout(swatches)
        inside.addLayout(self.ways)
        inside.addWidget(say(self.say("say.turn"), "small"))
        inside.addStretch(1)
        self.setLayout(inside)
        self._filled: object = None
        kiosk.wear(visit.size)

    def refresh(self) -> None:
        kiosk, size = self.kiosk, self.kiosk.visit.size
        shown, other = kiosk.dressed(size), kiosk.dressed(self.second) if self.both and self.second else None
        names = {"garment": self.garment(), "size": size}
        worn: list[Shown | None] = [each for each in (shown, other) if each is not None]
        people = worn or [self.figure]
        scenes = [kiosk.looks(each) if each is not None else None for each in people]
        kiosk.person.show_scenes(scenes, (size, self.second or "") if len(scenes) == 2 else ())
        waits, seen = shown is None or (self.both and other is None), kiosk.person.seen
        self.show_progress(*(("soon", "try on") if waits else ()))
        waits = waits or (self._filled is None and not seen)  # words wait for the picture that they tell of
        key = "trouble" if waits and kiosk.failed() else "tryon_wait" if waits else "tryon"
        if self.both and other is None and shown is not None:
            names["size"] = self.second or size
        if not waits and shown is not None and not shown.holds:
            key = "tryon_failed"
        self.title.setText(self.say(f"say.{key}", **({} if key == "trouble" else names)))
        for colour, swatch in self.swatches.items():
            swatch.setChecked(colour == kiosk.wardrobe.colour)
        self.beside.setText(self.say("press.single" if self.both else "press.compare", size=size, other=self.second))
        self.beside.setAccessibleName(self.beside.text())
        self.beside.setEnabled(shown is not None)
        self.mirror.setEnabled(shown is not None and shown.holds)
        if shown is not None and shown is not self._filled and seen:
            self._filled = shown
            clear(self.regions)
            for region in shown.fits[0].regions if shown.holds and shown.fits else ():
                self.regions.addWidget(say(self._region(region), "good" if region.fits else "bad"))

    def acts(self) -> tuple[Act, ...]:
        other = self.act("other", partial(self.kiosk.do, visiting.look), main=False)
        return other, self.act("done", partial(self.kiosk.do, visiting.done))

    def drawn(self) -> None:
        if self.kiosk.dressed(self.kiosk.visit.size) is not self._filled:
            self.kiosk.refresh()

    def _compare(self) -> None:
        self.both = not self.both
        if self.both and self.second is not None:
            self.kiosk.wear(self.second)
        self.kiosk.refresh()

    def _swatch(self, name: str | None) -> QWidget:
        """A colour, or the cloth's own."""
        shade = palette()[name] if name else None
        wish = self.kiosk.wardrobe.known[self.kiosk.visit.garment].wish
        own = fabric(own_fabric(wish))
        chinese = self.kiosk.visit.language == "zh"
        called = own.title if shade is None else shade.chinese if chinese else shade.english
        code = shade.code if shade else None
        made = press("", partial(self._paint, code), "swatch", called)
        made.setCheckable(True)
        made.setFixedSize(target(96), target(96))
        dot = QPixmap(px(64), px(64))
        dot.fill(QColor(code or colour_code(wish.colours.colour or own.look.colour)))
        made.setIcon(QIcon(dot))
        made.setIconSize(QSize(px(64), px(64)))
        self.swatches[code] = made
        return made

    def _paint(self, colour: str | None) -> None:
        self.kiosk.wardrobe.colour = colour
        self.kiosk.refresh()

    def _region(self, region: "RegionFit") -> str:
        part = self.say(f"name.{region.name}")
        part = part[:1].upper() + part[1:]
        if not region.is_girth:
            key = "region_long" if region.fits else "region_longer" if region.ease > region.meant else "region_shorter"
            values = {"body": in_cm(region.body), "garment": in_cm(region.garment)}
            return self.say(f"say.{key}", part=part, off=in_cm(abs(region.ease - region.meant)), **values)
        if region.fits and region.ease < 0:
            return self.say("say.region_stretches", part=part, off=in_cm(-region.ease))
        if region.fits:
            return self.say("say.region_fits", part=part, ease=in_cm(region.ease))
        if region.ease > region.meant and region.ease < 0:
            return self.say("say.region_slack", part=part, off=in_cm(-region.ease), meant=in_cm(-region.meant))
        if region.ease > region.meant:
            return self.say("say.region_wide", part=part, ease=in_cm(region.ease))
        return self.say("say.region_tight", part=part, body=in_cm(region.body), garment=in_cm(region.garment))


class Mirror(Page):
    """The garment on the live picture."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        visit = kiosk.visit
        title = self.say("say.mirror", garment=kiosk.called(visit.garment), size=visit.size)
        self.note = say(self.say("say.mirror_wait"))
        self.setLayout(column(0, say(title, "title"), self.note, 0))
        kiosk.reflection.dressed.connect(self._dressed)

    def refresh(self) -> None:
        if self.kiosk.camera_trouble:
            self.note.setText(self.say("say.camera_gone"))

    def acts(self) -> tuple[Act, ...]:
        return (self.act("done", partial(self.kiosk.do, visiting.done)),)

    def _dressed(self) -> None:
        self.note.setText(self.say("say.mirror_how"))


class Fitted(Measured):
    """How did it fit? Counted without the customer."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk)
        visit = kiosk.visit
        title = self.say("say.fitted", garment=self.garment(), size=visit.size)
        answers = [press(self.say(f"press.{word}"), partial(self._tell, word)) for word in VERDICTS]
        for button in answers:
            button.setMinimumHeight(target(120))
        self.setLayout(column(0, say(title, "title"), say(self.say("say.fitted_how")), 16, *answers, 0))

    def refresh(self) -> None:
        self.show_person()

    def acts(self) -> tuple[Act, ...]:
        return (self.act("not_tried", partial(self._tell, ""), main=False),)

    def _tell(self, verdict: str) -> None:
        kiosk = self.kiosk
        told = kiosk.wardrobe.advice(kiosk.visit.garment)
        if verdict and told is not None:
            score = told.score(kiosk.visit.size)
            fitted = {"style": kiosk.visit.garment, "size": score.size, "verdict": verdict}
            fitted |= {"likes": kiosk.visit.likes}
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
        told = kiosk.wardrobe.advice(visit.garment)
        if told is not None:
            name = kiosk.called(visit.garment)
            values = {"garment": name, "size": told.best, "percent": in_percent(told.confidence)}
            key = "slip_size" if told.second is None else "slip_second"
            lines.append(self.say(f"say.{key}", **values, **({"second": told.second} if told.second else {})))
        if visit.height is not None:
            lines.append(self.say("say.slip_height", value=centimetres(visit.height)))
        figure = kiosk.studio.figure_of(kiosk.studio.project)
        for name in TAPED if figure is not None else ():
            assert figure is not None
            item, part = figure.measurements[name], self.say(f"name.{name}")
            part = part[:1].upper() + part[1:]
            value, doubt = f"{100 * item.value:.1f}", f"{100 * item.sd:.1f}"
            lines.append(self.say("say.slip_row", part=part, value=value, doubt=doubt))
        return (*lines, self.say("say.slip_privacy"))


PAGES: dict[str, Callable[["Kiosk"], Page]] = {TRYON: TryOn, MIRROR: Mirror, FITTED: Fitted, SLIP: Slip}
