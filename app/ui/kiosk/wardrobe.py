"""What a customer may put on and what she tried: the offer for her body, and each garment draped, coarse first."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from app.kiosk.shopfront import Shopfront
from app.kiosk.visit import Visit
from app.project import Project, Wish
from app.scenes.painting import repainted
from app.shop.facts import Facts, Piece
from app.stage import clothes
from app.ui.studio import CURRENT, Studio
from garments.recommend.suggest import Taste

if TYPE_CHECKING:
    from app.serving import Failure
    from app.shop.facts import Reply
    from app.shop.offering import Offered, Option
    from app.stage import Shown
    from garments.recommend.newcomer import Question
    from garments.sizing import Advice
    from render.scene import Scene


class Wardrobe:
    """`options` on offer now, None while they are not known, or where they cannot be (`lost`), and `questions` that a
    newcomer may be asked about them; `known`: all that were, by id; `tried`: the customer in a garment and size;
    `colour`: the code of another colour than the garment's own; `replies` to what is asked about the chosen one, None
    while they are looked up, or where they cannot be (`puzzled`)."""

    def __init__(self, studio: Studio, shop: Shopfront) -> None:
        self.studio, self.shop = studio, shop
        self.colour: str | None = None
        self.forget()

    def forget(self) -> None:
        """All of the person."""
        for name in ("offered", "soon", "questions"):
            self.studio.cancel(name)
        self.questions: tuple[Question, ...] = ()
        self.options: tuple[Option, ...] | None = None
        self.lost = False
        self.known: dict[str, Option] = {}
        self.tried: dict[tuple[str, str], Shown] = {}
        self.colour = None
        self._painted: dict[tuple[Shown, str], Scene] = {}
        self._asked: tuple | None = None
        self._wearing: tuple[str, str] | None = None
        self.replies: tuple[Reply, ...] | None = None
        self.puzzled = False
        self._enquired: tuple | None = None

    def ask(self, visit: Visit, then: Callable[[], object]) -> None:
        """What there is for her as she is known now, after what she tried and answered; `then` is called once that is
        known."""
        person = replace(self.studio.project, wishes=())
        key = person.person_key, visit.tried, visit.answers
        if self._asked == key:
            return
        self._asked, self.lost, shop = key, False, self.shop
        taste = Taste(liked=visit.tried, worn=visit.tried, answers=visit.answers)

        def offered(found: "Offered") -> None:
            self.options, self.questions = found.options, found.questions
            self.known |= {one.id: one for one in found.options}
            then()

        def lost(failure: "Failure") -> None:
            self.lost = True
            self.studio.log.note(failure.sentence, failure.details)
            then()

        self.studio.ask(
            self.studio, "offered", "on_offer", person, shop.catalogue, shop.garments, visit.likes, taste,
            done=offered, failed=lost, quiet=True,
        )  # fmt: skip

    def again(self) -> None:
        """Let what could not be known be asked for once more."""
        if self.lost:
            self._asked, self.lost = None, False

    def enquire(self, visit: Visit, questions: tuple[str, ...], then: Callable[[], object]) -> None:
        """Have questions about the chosen garment answered, unless they were: as it is draped, where it is. On the lane
        of the eyes, which rest meanwhile: the engine's is busy with the drape."""
        told, project = self.advice(visit.garment), self.studio.project
        figure = self.studio.figure_of(project)
        if told is None or figure is None:
            return
        shown = self.tried.get((visit.garment, told.best))
        key = project.person_key, visit.garment, questions, id(shown)
        if self._enquired == key:
            return
        if self._enquired is None or self._enquired[:-1] != key[:-1]:
            self.replies, self.puzzled = None, False
        self._enquired = key
        fit = shown.fits[0] if shown is not None and shown.holds and shown.fits else None
        piece = Piece(self.wish(visit.garment, told.best, visit.likes), told.best, told, fit)
        facts = Facts(figure.measurements, project.evidence.sex, (piece,))

        def answered(found: "tuple[Reply, ...] | None") -> None:
            if self._enquired == key:
                self.replies, self.puzzled = found or self.replies, found is None
                then()

        self.studio.ask(
            self.studio, "questions", "app.shop.enquiring:replies", facts, self.shop.catalogue, questions,
            self.shop.garments, lane="eyes", done=answered, failed=lambda _: answered(None), quiet=True,
        )  # fmt: skip

    def advice(self, garment: str) -> "Advice | None":
        return self.known[garment].advice if garment in self.known else None

    def wear(self, garment: str, size: str, likes: str) -> None:
        """Have a garment draped in a size, unless it was or is: on coarse cloth first, which is soon there."""
        key = garment, size
        if self._wearing == key or key in self.tried:
            return
        self._wearing = key
        project = replace(self.studio.project, wishes=(self.wish(garment, size, likes),))
        self.studio.cancel("try on")
        self.studio.ask(
            self.studio, "soon", "soon", project, done=partial(self._coarsely, key, project),
            failed=lambda _: self._refine(key, project),
        )  # fmt: skip

    def wish(self, garment: str, size: str, likes: str) -> Wish:
        """A garment on offer as it is put on."""
        return replace(self.known[garment].wish, size=size, likes=likes, article=garment)

    def look(self) -> None:
        """Take what the studio draped in full."""
        studio, wishes = self.studio, self.studio.project.wishes
        if wishes and studio.shown is not None and studio.state == CURRENT:
            self.tried[(wishes[0].article, wishes[0].size)] = studio.shown

    def looks(self, garment: str, shown: "Shown") -> "Scene":
        """As it is seen, in the colour that was chosen."""
        if self.colour is None or not shown.maps:
            return shown.look
        key = shown, self.colour
        if key not in self._painted:
            wish = replace(self.known[garment].wish, colour=self.colour)
            self._painted[key] = repainted(shown.look, clothes(shown, (wish,)))
        return self._painted[key]

    def _coarsely(self, key: tuple[str, str], project: Project, shown: "Shown") -> None:
        if shown.holds:
            self.tried.setdefault(key, shown)
        self._refine(key, project)

    def _refine(self, key: tuple[str, str], project: Project) -> None:
        """Drape it in full, if it is still wanted."""
        if self._wearing == key and self.studio.project.person_key == project.person_key:
            self.studio.wishes("Put on", project.wishes)
