"""The kiosk's window: one page at a time beside a large picture, one way on and one way back.

The visit (app/kiosk/visit.py) says which page it is; the studio's model computes, as in the studio. What a customer
told lives in the visit, in the studio's project and in the engine's memory, all of which end with this process.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QLayout,
    QVBoxLayout,
    QWidget,
)

from app.kiosk import hours
from app.kiosk import visit as visiting
from app.kiosk.consent import texts
from app.kiosk.shopfront import Shopfront
from app.kiosk.shopfront import path as settings_path
from app.kiosk.visit import ATTRACT, BODY, CHOOSE, FRONT, MIRROR, OVER, SIDE, SIZE, TAPE, TRYON, Visit
from app.project import Project
from app.ui.kiosk.asking import Asking
from app.ui.kiosk.likes import PAGES as LIKING
from app.ui.kiosk.measured import PAGES as MEASURED
from app.ui.kiosk.operator import Operator
from app.ui.kiosk.pages import PAGES, Act, Page
from app.ui.kiosk.parts import live_picture
from app.ui.kiosk.questions import PAGES as ASKING
from app.ui.kiosk.sheet import Sheet
from app.ui.kiosk.stages import Film, Person, Touches
from app.ui.kiosk.standing import Standing
from app.ui.kiosk.trying import PAGES as TRYING
from app.ui.kiosk.wardrobe import Wardrobe
from app.ui.reflection import Reflection
from app.ui.studio import FAILED, Studio
from app.words import LANGUAGES, Words, words

if TYPE_CHECKING:
    from app.stage import Shown
    from body.frame import Frame
    from render.scene import Scene

LOOK = 250  # between looks at the clock [ms]
GOODBYE = 1500  # [ms]
PATIENT = 180.0
"""For how long [s] a page on which the customer waits for the engine does not ask whether she is there."""
FILMED, CAMERA = (ATTRACT,), (FRONT, SIDE, MIRROR)
PERSON = (BODY, TAPE, CHOOSE, SIZE, visiting.ASK, TRYON, visiting.FITTED)


class Kiosk(QWidget):
    """`tell` takes what the keeper is to hear; `clock` gives the time [s], `day` the time of day; `file`: where the
    operator's settings lie; `trouble`: why nobody can be served with them, "" where somebody can."""

    def __init__(
        self,
        studio: Studio,
        shop: Shopfront,
        film: Path | None = None,
        tell: Callable[..., None] = lambda **told: None,
        clock: Callable[[], float] = time.monotonic,
        day: Callable[[], datetime] = datetime.now,
        file: Path | None = None,
        trouble: str = "",
    ) -> None:
        super().__init__()
        self.setObjectName("kiosk")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Toile")
        self.studio, self.shop, self.tell, self.clock, self.day = studio, shop, tell, clock, day
        self.file, self.trouble = file or settings_path(), trouble
        self.consent = texts(shop.consent, shop.languages)
        self.warmed = False
        self.visit = Visit(language=shop.languages[0])
        self.wardrobe = Wardrobe(studio, shop)
        self.camera_trouble = ""
        self._why, self._paged = "finished", ""
        self._waited, self._closed = ("", 0.0), self.closed
        self.film, self.person, self.standing = Film(film), Person(), Standing(studio, shop.camera, live_picture())
        self.film.found.connect(self._turn_page)
        self.person.drawn.connect(lambda: self.page.drawn() if self.page is not None else None)
        self.standing.taken.connect(self._taken)
        self.standing.arm.connect(self._raised)
        self.standing.seen.connect(lambda: self._here(quiet=True))
        self.standing.trouble.connect(self._camera)
        self.reflection = Reflection(studio, shop.camera, live_picture())
        self.reflection.seen.connect(lambda: self._here(quiet=True))
        self.reflection.trouble.connect(self._camera)
        pictures = (self.film, self.standing.preview, self.reflection.preview, self.person)
        spoken_here = {code: LANGUAGES[code] for code in shop.languages}
        self.sheet = Sheet(pictures, spoken_here, partial(self.do, visiting.speak), self._operate)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        # Lines of text hint at more height than they take at the width they get: the window would outgrow its screen.
        inside.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        inside.addWidget(self.sheet)
        self.asking = Asking(self, self._here)
        self.operator = Operator(self)
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
    def page(self) -> Page | None:
        """The present page; None while it is turned, when the one before knows of nothing that is shown."""
        return self.sheet.page if self._paged == self.visit.step else None

    @property
    def words(self) -> Words:
        return words(self.visit.language)

    def say(self, key: str, **values: object) -> str:
        return self.words.say(key, **values)

    @property
    def closed(self) -> bool:
        """Whether nobody is served now."""
        return not hours.is_open(self.shop.hours, self.day())

    def warm_up(self) -> None:
        """Load what a visit needs, before it is needed; once."""
        if not self.warmed:
            self.warmed = True
            shop, ended = self.shop, partial(self.tell, warm=1)
            self.studio.ask(
                self, "warm", "warm", shop.catalogue, shop.garments, done=lambda _: ended(), failed=lambda _: ended(),
                quiet=True, stopped=ended,
            )  # fmt: skip
            self.standing.warm()

    def do(self, step: Callable[..., Visit], *told: object) -> None:
        """A step of the visit (a function of app/kiosk/visit.py), now."""
        self.become(step(self.visit, *told, self.clock()))

    def become(self, after: Visit) -> None:
        before, self.visit = self.visit, after
        if after.step == before.step and after.language == before.language and after.step != OVER:
            return
        if after.step != before.step:
            self.tell(step=after.step)
        if after.agreed and after.agreed != before.agreed:
            self.tell(agreed=after.agreed)
        if after.garment != before.garment:
            self.wardrobe.colour = None
        if after.step == OVER:
            self._wipe()
        elif after.told and after.step != SIDE:  # one picture of two would be measured in vain
            self._understand()
        if after.step == CHOOSE:
            self.wardrobe.again()
            self._offer()
        self._turn_page()

    def called(self, garment: str) -> str:
        """What a garment is called, in the language of the visit."""
        known = self.wardrobe.known
        titles = known[garment].titles if garment in known else {}
        return titles.get(self.visit.language) or self.say(f"name.{garment}")

    def wear(self, size: str) -> None:
        """Have the chosen garment draped in a size."""
        self.wardrobe.wear(self.visit.garment, size, self.visit.likes)

    def dressed(self, size: str) -> "Shown | None":
        """The customer in the chosen garment in a size, once it is draped."""
        return self.wardrobe.tried.get((self.visit.garment, size))

    def looks(self, shown: "Shown") -> "Scene":
        """In the colour that was chosen."""
        return self.wardrobe.looks(self.visit.garment, shown)

    @property
    def waits(self) -> bool:
        """Whether the customer waits for the engine, or for eyes that have not looked yet."""
        if self.visit.step in (FRONT, SIDE):
            return self.standing.opening
        return bool(self.studio.running) and self.visit.step in PERSON

    def failed(self) -> bool:
        """Whether what was asked of the engine cannot be had."""
        return self.studio.state == FAILED

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.tell(shown=1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.asking.setGeometry(self.rect())

    def _turn_page(self) -> None:
        """Show the page of the present step."""
        step = self.visit.step
        self.film.run(step in FILMED)
        self.person.name_waiting(self.say("say.picture_coming"))
        self.person.run(step in PERSON, step != SIZE, lambda: not self.studio.jobs.busy("engine"))
        self._film(step)
        page = (PAGES | MEASURED | LIKING | ASKING | TRYING)[step](self)
        self.sheet.turn(page, self._beside(step), step in CAMERA)
        self._paged = step
        languages = [code for code in self.shop.languages if code != self.visit.language and step != OVER]
        self.sheet.show_head(self.say("say.nothing_stored"), self.visit.phase, languages)
        self.refresh()

    def _beside(self, step: str) -> QWidget | None:
        """What is large beside the page of a step."""
        if step in FILMED:
            return self.film if self.film.there else None
        if step in CAMERA:
            return (self.reflection if step == MIRROR else self.standing).preview
        return self.person if step in PERSON and step != TAPE else None

    def refresh(self) -> None:
        """The present page as things stand now, and its buttons. A button that stays is not made anew: it may be under
        a finger."""
        if self.page is None:
            return
        self.page.refresh()
        back = () if self.visit.step in (ATTRACT, OVER) else (Act(self.say("press.back"), self._back),)
        self.sheet.foot.show_acts((*back, *self.page.acts()), len(back))

    def _operate(self) -> None:
        """The corner was held: the operator's side, while nobody is being served."""
        if self.visit.step == ATTRACT:
            self.operator.open()

    def _back(self) -> None:
        self.do(visiting.back)

    def _film(self, step: str) -> None:
        """The camera: on exactly where it may be."""
        self.camera_trouble = ""
        if not self.visit.may_film or step == MIRROR:
            self.standing.end()
        if not self.visit.may_film or step != MIRROR:
            self.reflection.end()
        if self.visit.may_film and step == MIRROR:
            self.reflection.begin(self._worn())
        elif self.visit.may_film:
            self.standing.begin("front" if step == FRONT else "side", self.words)

    def _worn(self) -> Project:
        """The customer in what she chose, in the colour that she chose."""
        wardrobe, visit = self.wardrobe, self.visit
        wish = wardrobe.wish(visit.garment, visit.size, visit.likes)
        return replace(self.studio.project, wishes=(replace(wish, colour=wardrobe.colour),))

    def _understand(self) -> None:
        """Give the studio what was told of the person; a new person is measured anew."""
        project, visit = self.studio.project, self.visit
        now, told = project.evidence, visit.evidence
        same = (now.height, now.sex, now.photos, dict(now.tapes)) == (
            told.height, told.sex, told.photos, dict(told.tapes),
        )  # fmt: skip
        if not same:
            self.studio.cancel("warm")
            self.wardrobe.forget()
            self.studio.do("Person", replace(project, evidence=told, wishes=()))

    def _looked(self) -> None:
        if self.visit.step == OVER:
            return  # What comes late is nobody's any more.
        self.wardrobe.look()
        if self.visit.step in PERSON:
            self._offer()
            self.refresh()

    def _offer(self) -> None:
        """Find what there is to wear, once she is known."""
        if self.studio.figure_of(self.studio.project) is not None:
            self.wardrobe.ask(self.visit, self._offered)

    def _offered(self) -> None:
        """Sizes are known: the best garment is put on while the customer still reads."""
        found, visit = self.wardrobe.options, self.visit
        if found and not self.wardrobe.tried and visit.step in (BODY, TAPE, CHOOSE):
            self.wardrobe.wear(found[0].id, found[0].size, visit.likes)
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
        if self.waits and self.visit.step != self._waited[0]:
            self._waited = self.visit.step, self.clock()
        if self.waits and self.clock() - self._waited[1] < PATIENT:
            self._here(quiet=True)
        if self.closed != self._closed and self.visit.step == ATTRACT:
            self._closed = self.closed
            self._turn_page()
        if self.operator.isVisible() and self.clock() - self.visit.touched > self.shop.idle:
            self.operator.leave()
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
        self.reflection.end()
        self.person.forget()
        self.wardrobe.forget()
        why = self._why
        QTimer.singleShot(GOODBYE, lambda: self.tell(over=why))
