"""The kiosk's window: one page at a time beside a large picture, one way on and one way back.

The visit (app/visit.py) says which page it is; the studio's model computes, as in the studio. What a customer told
lives in the visit, in the studio's project and in the engine's memory, all of which end with this process.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import visit as visiting
from app.painting import repainted
from app.project import Project, Wish
from app.shopfront import Shopfront
from app.stage import clothes
from app.ui import theme
from app.ui.controls import clear
from app.ui.kiosk.asking import Asking
from app.ui.kiosk.measured import PAGES as MEASURED
from app.ui.kiosk.measured import various
from app.ui.kiosk.pages import PAGES, Act, Page
from app.ui.kiosk.parts import GAP, TARGET, Dots, press, px, say
from app.ui.kiosk.stages import Film, Person, Touches
from app.ui.kiosk.standing import Standing
from app.ui.kiosk.trying import PAGES as TRYING
from app.ui.studio import COMPUTING, CURRENT, FAILED, Studio
from app.visit import ATTRACT, BODY, CHOOSE, CONSENT, FRONT, OVER, SIDE, SIZE, TAPE, TRYON, Visit
from app.words import LANGUAGES, Words, words
from garments.designs import designs

if TYPE_CHECKING:
    from app.stage import Shown
    from body.frame import Frame
    from garments.sizing import Advice
    from render.scene import Scene

LOOK = 250  # between looks at the clock [ms]
GOODBYE = 1500  # [ms]
FILMED, CAMERA, PERSON = (ATTRACT,), (FRONT, SIDE), (BODY, TAPE, CHOOSE, SIZE, TRYON, visiting.FITTED)


class Kiosk(QWidget):
    """`tell` takes what the keeper is to hear; `clock` gives the time [s]."""

    def __init__(
        self,
        studio: Studio,
        shop: Shopfront,
        film: Path | None = None,
        tell: Callable[..., object] = lambda **told: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.setObjectName("kiosk")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Toile")
        self.studio, self.shop, self.tell, self.clock = studio, shop, tell, clock
        self.visit = Visit(language=shop.languages[0])
        self.advice: tuple[Advice, ...] | None = None
        self.tried: dict[tuple[str, str], Shown] = {}
        self.colour: str | None = None
        self._painted_looks: dict[tuple[Shown, str], Scene] = {}
        self.camera_trouble = ""
        self._asked_for: Project | None = None
        self._why = "finished"
        self.film, self.person, self.standing = Film(film), Person(), Standing(studio, shop.camera)
        self.film.found.connect(self._turn_page)
        self.standing.taken.connect(self._taken)
        self.standing.arm.connect(self._raised)
        self.standing.seen.connect(lambda: self._here(quiet=True))
        self.standing.trouble.connect(self._camera)
        self.page: Page | None = None
        self._acts: tuple[Act, ...] = ()
        self._buttons: list[QPushButton] = []
        self._lay_out()
        self.asking = Asking(self, self._here)
        self._touches = Touches(self, self._here)
        QApplication.instance().installEventFilter(self._touches)  # type: ignore[union-attr]
        self._clock = QTimer(self)
        self._clock.setInterval(LOOK)
        self._clock.timeout.connect(self._tick)
        self._clock.start()
        studio.looked.connect(self._looked)
        studio.progressed.connect(self._looked)
        self._painted = False
        self._turn_page()

    @property
    def words(self) -> Words:
        return words(self.visit.language)

    @property
    def offered(self) -> tuple[str, ...]:
        """The designs on offer."""
        return self.shop.garments or tuple(designs())

    def say(self, key: str, **values: object) -> str:
        return self.words.say(key, **values)

    def do(self, step: Callable[..., Visit], *told: object) -> None:
        """A step of the visit (a function of app/visit.py), now."""
        self.become(step(self.visit, *told, self.clock()))

    def become(self, after: Visit) -> None:
        before, self.visit = self.visit, after
        if after.step == before.step and after.language == before.language and after.step != OVER:
            return
        if after.step != before.step:
            self.tell(step=after.step)
        if after.step == OVER:
            self._wipe()
        elif after.told:
            self._understand()
        self._turn_page()

    def advice_of(self, design: str) -> "Advice | None":
        return next((told for told in self.advice or () if told.design == design), None)

    def wear(self, design: str, size: str) -> None:
        """Have a garment draped in a size, unless it was or is."""
        now = self.studio.project.wishes
        if (design, size) in self.tried or [(wish.design, wish.size) for wish in now] == [(design, size)]:
            return
        self.studio.wishes("Put on", (Wish(design, size=size, likes=self.visit.likes),))

    def dressed(self, size: str) -> "Shown | None":
        """The customer in the chosen garment in a size, once it is draped."""
        return self.tried.get((self.visit.design, size))

    def looks(self, shown: "Shown") -> "Scene":
        """In the colour that was chosen."""
        if self.colour is None or not shown.maps:
            return shown.look
        key = shown, self.colour
        if key not in self._painted_looks:
            wish = Wish(shown.maps[0].design, colour=self.colour)
            self._painted_looks[key] = repainted(shown.look, clothes(shown, (wish,)))
        return self._painted_looks[key]

    def failed(self) -> bool:
        """Whether what was asked of the engine cannot be had."""
        return self.studio.state == FAILED

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.tell(shown=1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        tall = self.height() > self.width()
        way = QBoxLayout.Direction.TopToBottom if tall else QBoxLayout.Direction.LeftToRight
        self._middle.setDirection(way)
        for k, share in enumerate((3, 2) if tall else (11, 9)):
            self._middle.setStretch(k, share)
        self.asking.setGeometry(self.rect())

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(px(GAP), px(GAP), px(GAP), px(GAP))
        outer.setSpacing(px(GAP))
        head = QHBoxLayout()
        shield = QLabel()
        shield.setPixmap(theme.icon("shield").pixmap(px(44), px(44)))
        self.shield = say("", "small")
        self.shield.setWordWrap(False)
        self.dots = Dots()
        self.languages = {code: self._language(code) for code in self.shop.languages}
        safe = QWidget()
        row = QHBoxLayout(safe)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(shield)
        row.addWidget(self.shield, 1)
        head.addWidget(safe, 1)
        head.addWidget(self.dots)
        room = QWidget()
        others = QHBoxLayout(room)
        for button in self.languages.values():
            others.addWidget(button)
        room.setMinimumHeight(px(TARGET))
        head.addWidget(room, 1, Qt.AlignmentFlag.AlignRight)
        outer.addLayout(head)
        self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._middle.setSpacing(px(2 * GAP))
        self.stage = QStackedWidget()
        self.stage.setObjectName("stage")
        for one in (self.film, self.standing.preview, self.person):
            self.stage.addWidget(one)
        self._words = QVBoxLayout()
        self._middle.addWidget(self.stage)
        self._middle.addLayout(self._words)
        outer.addLayout(self._middle, 1)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(px(GAP))
        outer.addLayout(self._foot)

    def _turn_page(self) -> None:
        """Show the page of the present step."""
        step = self.visit.step
        if self.page is not None:
            self._words.removeWidget(self.page)
            self.page.hide()
            self.page.deleteLater()
        self.film.run(step in FILMED)
        shown = step in (*CAMERA, *PERSON) or (step in FILMED and self.film.there)
        self.stage.setVisible(shown)
        if shown:
            widget = self.film if step in FILMED else self.standing.preview if step in CAMERA else self.person
            self.stage.setCurrentWidget(widget)
        self.person.run(step in PERSON, lambda: self.studio.state != COMPUTING)
        self._film(step)
        self.page = (PAGES | MEASURED | TRYING)[step](self)
        self._words.addWidget(self.page)
        self._centre_page()
        self.shield.setText(self.say("say.nothing_stored"))
        self.dots.show_phase(self.visit.phase)
        for code, button in self.languages.items():
            button.setVisible(step in (ATTRACT, CONSENT) and code != self.visit.language)
        self.refresh()

    def _centre_page(self) -> None:
        """A page that is not as wide as the room for it stands in its middle."""
        assert self.page is not None
        if self.page.maximumWidth() < 10_000:
            self.page.setMinimumWidth(min(self.page.maximumWidth(), self.width() - px(4 * GAP)) if self._alone else 0)
        self._words.setAlignment(self.page, Qt.AlignmentFlag.AlignHCenter if self._alone else Qt.AlignmentFlag(0))

    @property
    def _alone(self) -> bool:
        """Whether the page has no picture beside it, and a breadth of its own."""
        assert self.page is not None
        return not self.stage.isVisibleTo(self) and self.page.maximumWidth() < 10_000

    def refresh(self) -> None:
        """The present page as things stand now, and its buttons. A button that stays is not made anew: it may be under
        a finger."""
        if self.page is None:
            return
        self.page.refresh()
        back = () if self.visit.step in (ATTRACT, OVER) else (Act(self.say("press.back"), self._back),)
        acts = (*back, *self.page.acts())
        told = [(act.text, act.main) for act in acts]
        if told != [(act.text, act.main) for act in self._acts] or self._foot.count() == 0:
            self._make_foot(acts, len(back))
        self._acts = acts
        for act, button in zip(acts, self._buttons, strict=True):
            button.setEnabled(act.enabled)

    def _make_foot(self, acts: "tuple[Act, ...]", backs: int) -> None:
        clear(self._foot)
        self._buttons = []
        for k, act in enumerate(acts):
            style = "quiet" if k < backs else "primary" if act.main else ""
            button = press(act.text, partial(self._act, k), style)
            button.setMinimumHeight(px(TARGET * 1.2))
            button.setMinimumWidth(px(320 if act.main else TARGET))
            self._foot.addWidget(button)
            if k + 1 == backs:
                self._foot.addStretch(1)
            self._buttons.append(button)
        if not backs:
            self._foot.insertStretch(0, 1)

    def _act(self, k: int) -> None:
        self._acts[k].then()

    def _language(self, code: str) -> QPushButton:
        return press(LANGUAGES[code], partial(self.do, visiting.speak, code), "quiet")

    def _back(self) -> None:
        self.do(visiting.back)

    def _film(self, step: str) -> None:
        """The camera: on exactly where it may be."""
        if self.visit.may_film:
            self.camera_trouble = ""
            self.standing.begin("front" if step == FRONT else "side", self.words)
        else:
            self.standing.end()

    def _understand(self) -> None:
        """Give the studio what was told of the person; a new person is measured anew."""
        project, visit = self.studio.project, self.visit
        now, told = project.evidence, visit.evidence
        same = (now.height, now.sex, now.photos, dict(now.tapes)) == (
            told.height, told.sex, told.photos, dict(told.tapes),
        )  # fmt: skip
        if not same:
            self.studio.cancel("warm")
            self.studio.cancel("sizes")
            self.advice, self.tried, self._asked_for, self._painted_looks = None, {}, None, {}
            self.studio.do("Person", replace(project, evidence=told, wishes=()))

    def _looked(self) -> None:
        studio, project = self.studio, self.studio.project
        if studio.state == CURRENT and project.wishes and studio.shown is not None:
            wish = project.wishes[0]
            self.tried.setdefault((wish.design, wish.size), studio.shown)
        measured = self.visit.step in PERSON and studio.figure_of(project) is not None
        key = replace(project, wishes=())
        if measured and self.advice is None and (self._asked_for is None or self._asked_for.key != key.key):
            self._asked_for = key
            studio.ask("sizes", "sizes", key, self.offered, self.visit.likes, done=self._advised, quiet=True)
        if self.visit.step in PERSON:
            self.refresh()

    def _advised(self, found: "tuple[Advice, ...]") -> None:
        """Sizes are known: the best garment is put on while the customer still reads."""
        self.advice = found
        if found and self.visit.step in (BODY, TAPE, CHOOSE):
            self.wear(*next((told.design, told.best) for told in various(found)))
        self.refresh()

    def _taken(self, photo: "Frame") -> None:
        if self.visit.may_film:
            self.do(visiting.take, photo)

    def _raised(self) -> None:
        """A raised arm presses the page's main button."""
        self._here(quiet=True)
        if self.page is not None:
            for act in self.page.acts():
                if act.main and act.enabled:
                    act.then()

    def _camera(self, sentence: str) -> None:
        self.camera_trouble = sentence
        self.refresh()

    def _here(self, quiet: bool = False) -> None:
        """The customer is there: touched the screen, or stands before the camera."""
        self.visit = visiting.touch(self.visit, self.clock())
        if not quiet:
            self.asking.hide()

    def _tick(self) -> None:
        left = visiting.left(self.visit, self.clock(), self.shop.idle, self.shop.countdown)
        if left is None:
            self.asking.hide()
        elif left <= 0:
            self.asking.hide()
            self._why = "idle"
            self.do(visiting.leave)
        else:
            self.asking.ask(self.words, left)
        if self.visit.step in CAMERA and self.page is not None:
            self.page.refresh()

    def leave(self) -> None:
        """The customer is done."""
        self._why = "finished"
        self.do(visiting.leave)

    def _wipe(self) -> None:
        """Nothing of the person stays on the screen, and the keeper ends this process."""
        self.standing.end()
        self.person.forget()
        self.advice, self.tried, self.colour, self._painted_looks = None, {}, None, {}
        why = self._why
        QTimer.singleShot(GOODBYE, lambda: self.tell(over=why))
