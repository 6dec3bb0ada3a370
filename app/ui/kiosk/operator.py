"""The operator's corner: behind a PIN, over everything, while nobody is being served. Numbers, settings, no persons."""

import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.kiosk.pin import LONGEST, Pin
from app.kiosk.shopfront import write_shopfront
from app.kiosk.tally import Tally
from app.kiosk.visit import ATTRACT
from app.saying import tongue
from app.ui.camera import cameras
from app.ui.controls import clear
from app.ui.feed import Feed, Picture
from app.ui.kiosk.parts import GAP, Choice, Keys, column, live_picture, press, px, say
from app.ui.watching import open_camera
from app.words import LANGUAGES
from assets.errors import ToileError
from assets.files import user_config, user_data

if TYPE_CHECKING:
    from app.ui.kiosk.window import Kiosk
    from garments.stock.articles import Article

TABS = ("today", "camera", "offer", "settings", "health")
EVERY, DAYS = 1000, 14  # [ms]; days whose numbers are shown
CODE_WIDTH = 720
BROAD_WIDTH = 1200  # on a screen that is too low for what is wrong in several lines
ROW = 3  # tabs side by side on an upright screen
FULL = 0.001  # [GB]; less than that free, how many numbers wait cannot be written either
LEAST = 320  # the height of the picture that tests a camera


def pin_file() -> Path:
    """Where the PIN's digest is kept."""
    return user_config() / "kiosk-pin.json"


class Operator(QWidget):
    """Asks for the PIN, then shows the tabs. `shop` is as it would be saved."""

    def __init__(self, kiosk: "Kiosk", pin: Pin | None = None) -> None:
        super().__init__(kiosk)
        self.setObjectName("kiosk")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.kiosk, self.pin, self.shop = kiosk, pin or Pin(pin_file()), kiosk.shop
        self.feed = Feed(self)
        self.feed.came.connect(self._came)
        self.feed.said.connect(self._said)
        self._seen, self._size = 0, ""
        self._tick = QTimer(self)
        self._tick.setInterval(EVERY)
        self._tick.timeout.connect(self._every)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(px(2 * GAP), px(2 * GAP), px(2 * GAP), px(2 * GAP))
        self.note = say("")
        self._every_second: Callable[[], object] = lambda: None
        self.hide()

    def say(self, key: str, **values: object) -> str:
        return self.kiosk.say(f"operator.{key}", **values)

    def told(self, sentence: object) -> str:
        """What another room says, in the language of whoever reads it."""
        return tongue(self.kiosk.visit.language).said(str(sentence))

    def open(self) -> None:
        """Ask for the PIN."""
        self.shop = self.kiosk.shop
        self.setGeometry(self.kiosk.rect())
        self._ask()
        self.show()
        self.raise_()
        self._tick.start()

    def leave(self) -> None:
        """Back to the attract page; what was not saved is forgotten."""
        self._tick.stop()
        self.feed.close()
        self.hide()
        clear(self._outer)
        self.kiosk.tell(operator=0)

    def _ask(self) -> None:
        self.code = Keys(self.kiosk.say("press.clear"), LONGEST, point="")
        self.dots = say("", "huge", centred=True)
        self.code.changed.connect(lambda text: self.dots.setText("•" * len(text)))
        self.note = say("", centred=True)
        enter = press(self.say("enter"), self._enter, "primary")
        card = QWidget()
        card.setLayout(column(0, say(self.say("pin"), "title", True), self.dots, self.code, self.note, enter,
                              press(self.say("leave"), self.leave, "quiet"), 0))  # fmt: skip
        card.setFixedWidth(px(CODE_WIDTH if self.height() > self.width() else BROAD_WIDTH))
        self._fill(card, centred=True)
        self._every_second = self._tell_lock
        self._tell_lock()

    def _tell_lock(self) -> None:
        try:
            wait = self.pin.locked() if self.pin.there else 0.0
            before, self._lock = self._lock, self.say("locked", seconds=round(wait)) if wait else ""
            self._lock = self._lock if self.pin.there else self.say("no_pin")
            if self._lock or self.note.text() == before:
                self.note.setText(self._lock)
        except ToileError as error:
            self.note.setText(self.told(error))

    _lock = ""
    """Why no PIN is looked at now."""

    def _enter(self) -> None:
        text = self.code.text
        self.code.clear()
        try:
            if self.pin.there and self.pin.opens(text):
                self.kiosk.tell(operator=1)
                self.show_tab("today")
                return
            self.note.setText(self.say("wrong"))
        except ToileError as error:
            self.note.setText(self.told(error))
        self._tell_lock()

    def show_tab(self, name: str) -> None:
        """One of TABS."""
        self.feed.close()
        self._every_second = lambda: None
        columns = ROW if self.height() > self.width() else len(TABS)
        tabs = Choice(tuple((tab, self.say(tab)) for tab in TABS), name, self.show_tab, columns)
        self.note = say("", "small")
        inside = getattr(self, f"_{name}")()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inside)
        foot = QHBoxLayout()
        foot.addWidget(press(self.say("leave"), self.leave, "quiet"))
        foot.addStretch(1)
        foot.addWidget(press(self.say("save"), self.save, "primary"))
        holder = QWidget()
        box = column(tabs)
        box.addWidget(area, 1)
        box.addWidget(self.note)
        box.addLayout(foot)
        holder.setLayout(box)
        self._fill(holder)

    def save(self) -> None:
        """Keep the settings, and begin anew with them."""
        try:
            write_shopfront(self.kiosk.file, self.shop)
        except ToileError as error:
            self.note.setText(self.told(error))
            return
        self.note.setText(self.say("saved"))
        self.kiosk.tell(settings=1)

    def change(self, **values: object) -> None:
        """Another setting, kept once it is saved."""
        try:
            self.shop = replace(self.shop, **values)  # type: ignore[arg-type]
            self.note.setText(self.say("unsaved"))
        except ToileError as error:
            self.note.setText(self.told(error))

    def _today(self) -> QWidget:
        tally = Tally(user_data() / "kiosk")
        lines: list[QWidget | int] = [say(self.say("today_how"), "small")]
        days = tally.days()
        if not days:
            lines.append(say(self.say("today_none")))
        for day in reversed(days[-DAYS:]):
            told = [f"{self._counted(name)} ×{count}" for name, count in tally.of(day).items()]
            lines += [say(day, "title"), say(" · ".join(told))]
        return _page(*lines, 0)

    def _counted(self, name: str) -> str:
        what, _, version = name.partition(" ")
        key = f"count.{what}"
        return self.kiosk.say(key, version=version) if key in self.kiosk.words.sentences else name

    def _camera(self) -> QWidget:
        names = [device.description() for device in cameras()]
        if self.shop.camera and self.shop.camera not in names:
            names.append(self.shop.camera)
        options = (("", self.say("first_camera")), *((name, name) for name in names))
        self.preview = live_picture(outline=False)
        self.preview.setMinimumHeight(px(LEAST))
        self.preview.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.seen = say("")

        def use(name: object) -> None:
            if name != self.shop.camera:
                self.change(camera=name)
            self.preview.show_frame(None)
            self._seen = 0
            open_camera(self.feed, str(name))

        self._every_second = self._tell_camera
        use(self.shop.camera)
        choice = Choice(options, self.shop.camera, use, columns=1)
        return _page(say(self.say("camera_how"), "small"), choice, self.seen, self.preview)

    def _tell_camera(self) -> None:
        self.seen.setText(self.say("camera_seen", size=self._size, rate=self._seen) if self._seen else self._trouble)
        self._seen = 0

    _trouble = ""

    def _came(self, picture: Picture) -> None:
        self._seen += 1
        self._trouble, self._size = "", f"{picture.frame.width} × {picture.frame.height}"
        self.preview.show_frame(picture.frame)

    def _said(self, sentence: str) -> None:
        self._trouble = self.kiosk.words.heard(sentence)

    def _offer(self) -> QWidget:
        """What is on offer, and what of the catalogue is broken."""
        from app.shop.offering import articles_of, of_designs
        from garments.designs import designs

        try:
            told = articles_of(Path(self.shop.catalogue)) if self.shop.catalogue else of_designs(tuple(designs()))
        except ToileError as error:
            return _page(say(self.told(error), "bad"), 0)
        fine = [article for article in told if not article.trouble]
        chosen = set(self.shop.garments) or {article.id for article in fine}
        lines: list[QWidget | int] = [say(self.say("offer_how"), "small")]

        def toggle(id: str, on: bool) -> None:
            (chosen.add if on else chosen.discard)(id)
            every = len(chosen) in (0, len(fine))
            self.change(garments=() if every else tuple(article.id for article in fine if article.id in chosen))

        for article in fine:
            button = press(self._titled(article), lambda: None, "card")
            button.setCheckable(True)
            button.setChecked(article.id in chosen)
            button.toggled.connect(partial(toggle, article.id))
            lines.append(button)
        broken = (one for one in told if one.trouble)
        lines += [say(self.say("offer_broken", garment=one.name, why=self.told(one.trouble)), "bad") for one in broken]
        return _page(*lines, 0)

    def _titled(self, article: "Article") -> str:
        if article.id == article.design:
            return self.kiosk.say(f"name.{article.id}")
        return (article.chinese if self.kiosk.visit.language == "zh" else article.title) or article.name

    def _settings(self) -> QWidget:
        shop = self.shop
        both = tuple(LANGUAGES)
        orders = (both, both[::-1], both[:1], both[1:])
        languages = tuple((order, " / ".join(LANGUAGES[code] for code in order)) for order in orders)
        text = self.kiosk.consent[self.kiosk.visit.language]
        return _page(
            say(self.say("languages")),
            Choice(languages, shop.languages, lambda order: self.change(languages=order), columns=1),
            say(self.say("idle")), self._steps("idle", "seconds", (30.0, 45.0, 60.0, 90.0, 120.0)),
            say(self.say("retention")), self._steps("retention", "days", (7, 30, 90, 365)),
            say(self.say("hours")), self._hours(),
            say(self.say("consent", version=text.version, file=shop.consent or "Toile"), "small"),
            *(say(line, "small") for line in text.lines), say(self.say("file", file=self.kiosk.file), "small"), 0,
        )  # fmt: skip

    def _steps(self, name: str, unit: str, values: tuple) -> QWidget:
        now = getattr(self.shop, name)
        options = tuple((value, self.say(unit, count=f"{value:g}")) for value in sorted({*values, now}))
        return Choice(options, now, lambda value: self.change(**{name: value}))

    def _hours(self) -> QWidget:
        """The same for every day; days apart are written in the file."""
        usual = ((), ("08:00-20:00",), ("09:00-18:00",), ("10:00-20:00",), ("10:00-22:00",))
        now = self.shop.hours
        options = (*usual, *(() if now in usual else (now,)))
        told = tuple((hours, self.say("always") if not hours else hours[0] if len(hours) == 1 else self.say("by_day"))
                     for hours in options)  # fmt: skip
        return Choice(told, now, lambda hours: self.change(hours=hours), columns=1)

    def _health(self) -> QWidget:
        found: dict[str, object] = {}
        with suppress(OSError, ValueError):
            found = json.loads((user_data() / "kiosk" / "health.json").read_text(encoding="utf-8"))
        free = shutil.disk_usage(user_data()).free / 1e9
        waiting = found.get("unwritten", "?") if free > FULL else "?"
        secrecy = found.get("secrecy")
        guard = secrecy if isinstance(secrecy, Mapping) else {}
        lines = [
            (bool(found.get("shown")), self.say("health_shown")),
            (bool(found.get("standby_ready")), self.say("health_standby")),
            (bool(found.get("in_memory")), self.say("health_memory")),
            (bool(guard.get("no_dump")), self.say("health_dump")),
            (bool(guard.get("no_swap")), self.say("health_swap")),
            (free > 1.0, self.say("health_disk", free=f"{free:.1f}")),
            (waiting == 0, self.say("health_unwritten", count=waiting)),
            (found.get("restarts") == 0, self.say("health_restarts", count=found.get("restarts", "?"))),
            (bool(cameras()) or bool(self.shop.camera), self.say("health_camera", count=len(cameras()))),
        ]
        return _page(*(say(f"{'✓' if good else '✗'}  {text}", "good" if good else "bad") for good, text in lines), 0)

    def _every(self) -> None:
        self._every_second()
        if self.kiosk.visit.step != ATTRACT:
            self.leave()

    def _fill(self, widget: QWidget, centred: bool = False) -> None:
        clear(self._outer)
        self._outer.addWidget(widget, 1, Qt.AlignmentFlag.AlignCenter if centred else Qt.AlignmentFlag(0))


def _page(*parts: QWidget | int) -> QWidget:
    made = QWidget()
    made.setObjectName("words")
    made.setLayout(column(*parts))
    return made
