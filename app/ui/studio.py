"""The window's model: the project with its history, what was last computed of it, and what runs.

A result is current, computing, stale or failed; the last valid one never disappears. A panel changes the project
through `do`; everything else follows from the one signal `changed(before, after)`.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from app import settings as settings_file
from app.history import History
from app.jobs import Jobs
from app.project import Evidence, Project, View, Wish
from app.serving import Failure
from app.ui.gradually import Gradually, aside
from app.ui.log import Log
from app.ui.playing import Playing
from app.ui.posing import Posing
from app.ui.previewing import Previewing
from assets.errors import ToileError
from assets.files import user_cache

if TYPE_CHECKING:
    from app.engine import Offer
    from app.incoming import Followed
    from app.stage import Shown
    from app.ui.feed import Picture

PAUSE = 250
MOST_RESULTS = 8
EMPTY, COMPUTING, CURRENT, STALE, FAILED = "empty", "computing", "current", "stale", "failed"


@dataclass(frozen=True, slots=True)
class Running:
    """A job as the status line shows it."""

    name: str
    fraction: float = 0.0
    words: str = ""


class Studio(QObject):
    """What the panels read and write. All on the window's thread."""

    changed = Signal(object, object)
    looked = Signal()
    progressed = Signal()
    said = Signal(str)
    settings_changed = Signal()
    offers_changed = Signal()
    pointed = Signal()
    picked = Signal()
    learned = Signal()
    _woken = Signal()

    def __init__(
        self, project: Project, jobs: Jobs | None = None, engine: str = "app.engine", previews: bool = True
    ) -> None:
        super().__init__()
        self.history = History(project)
        self.history.listen(self._changed)
        self.log = Log()
        self.said.connect(self.log.note)
        self.settings = settings_file.load()
        self.shown: Shown | None = None
        self.shown_project: Project | None = None
        self.figure: tuple[str, Shown] | None = None
        self.offers: tuple[Offer, ...] = ()
        self.pointed_at: str | None = None
        self.explained: int | None = None
        self.panel: tuple[int, str] | None = None
        self.earlier: Shown | None = None
        self.failure: Failure | None = None
        self.stopped = False
        self.late = False
        self.running: dict[str, Running] = {}
        self._offered = ""
        self._results: OrderedDict[str, tuple[Project, Shown]] = OrderedDict()
        self._engine = engine
        self._woken.connect(self._deliver)
        self.jobs = jobs or Jobs(log=user_cache() / "engine.log")
        self.jobs.wake = self._woken.emit
        self._keeping, self._writing = Gradually(self), threading.Lock()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.refresh)
        self.posing = Posing(self)
        self.playing = Playing(self)
        self.previewing = Previewing(self, previews)

    @property
    def project(self) -> Project:
        return self.history.present

    @property
    def measured(self) -> "Shown | None":
        """What is newest about the body: of the person as known now, before garments are on it, or else as shown;
        None while nothing is known of anybody."""
        if _nothing_known(self.project.evidence):
            return None
        fits = self.figure is not None and self.figure[0] == self.project.person_key
        return self.figure[1] if self.figure and fits else self.shown

    @property
    def before(self) -> "Shown | None":
        """The body before the last change, as soon as the one after it is there to be compared; None after that was
        dismissed."""
        now = self.figure_of(self.project)
        return self.earlier if now is not None and now is not self.earlier else None

    def figure_of(self, project: Project) -> "Shown | None":
        """What was computed of a project's person, newest first."""
        if self.figure and self.figure[0] == project.person_key:
            return self.figure[1]
        shown = self.shown_project is not None and self.shown_project.person_key == project.person_key
        return self.shown if shown else None

    @property
    def shown_key(self) -> str:
        """The key of the project whose drape is shown, "" while there is none."""
        return self.shown_project.key if self.shown_project else ""

    def drapes(self) -> tuple[tuple[str, str], ...]:
        """The drapes that are at hand, newest first: key and words that tell them apart."""
        found = []
        for key, (project, shown) in reversed(self._results.items()):
            if shown.maps:
                worn = ", ".join(each.garment for each in shown.maps)
                cloth = ", ".join(dict.fromkeys(each.fabric for each in shown.maps))
                other = "" if project.person_key == self.project.person_key else " · another body"
                found.append((key, f"{worn[:1].upper()}{worn[1:]} · {cloth}{other}"))
        return tuple(found)

    def drape(self, key: str) -> "Shown | None":
        """One of the drapes at hand by its key."""
        return self._results[key][1] if key in self._results else None

    def pick_panel(self, number: int, name: str | None) -> None:
        """Choose a panel of a garment, by the garment's number and the panel's name in its pattern; or none."""
        self.panel = None if name is None else (number, name)
        self.picked.emit()

    def forget_before(self) -> None:
        """No longer compare with the body before."""
        self.earlier = None
        self.looked.emit()

    @property
    def state(self) -> str:
        """One of EMPTY, COMPUTING, CURRENT, STALE, FAILED."""
        if self._pause.isActive() or any(name in self.running for name in ("sample", "figure", "try on")):
            return COMPUTING
        if self.failure:
            return FAILED
        if _nothing_known(self.project.evidence):
            return EMPTY
        if self.shown_project is not None and self.shown_project.key == self.project.key:
            return CURRENT
        return STALE if self.shown else EMPTY

    @property
    def last_change(self) -> str:
        """The newest step that results follow from: not how they are looked at, posed or coloured."""
        return self.history.newest(lambda project: project.key) or "the last change"

    @property
    def undone(self) -> str | None:
        """The step that what is shown still has, though it was taken back; None where what is shown is from before."""
        return self.history.taken_back(lambda project: project.key, self.shown_key) if self.stale else None

    @property
    def stale(self) -> bool:
        """Whether the picture shows something other than the project as it is now."""
        return self.shown is not None and self.state != CURRENT

    def see(self, late: bool) -> None:
        """Whether what is seen of the person is `late`: still of what was shown before, for the newest is being
        drawn."""
        if late != self.late:
            self.late = late
            self.progressed.emit()

    def start(self) -> None:
        """Begin to work: the engine's process, then the project's try-on."""
        self.jobs.start("engine")
        self.refresh()

    def begin(self, project: Project) -> None:
        """Another project, with nothing to undo and nothing shown of the one before."""
        self.shown = self.shown_project = self.figure = self.earlier = None
        self.panel, self.offers, self._offered = None, (), ""
        self.explain(None)
        self.playing.stop()
        self.offers_changed.emit()
        self.history.restart(project)
        self.refresh()

    def open_sample(self, then: Callable[[Project], None]) -> None:
        """Read the sample that ships with Toile, and give it to `then`."""
        self.ask(self, "sample", "sample", done=then)

    def do(self, name: str, project: Project) -> None:
        """A change by the person, undone as `name`."""
        self.history.do(name, project)

    def evidence(self, name: str, evidence: Evidence) -> None:
        self.do(name, replace(self.project, evidence=evidence))

    def wishes(self, name: str, wishes: tuple[Wish, ...]) -> None:
        self.do(name, replace(self.project, wishes=wishes))

    def view(self, name: str, view: View) -> None:
        self.do(name, replace(self.project, view=view))

    def point_at(self, name: str | None) -> None:
        """A measure that the person is looking at in a panel; its tape is shown on the figure."""
        if name != self.pointed_at:
            self.pointed_at = name
            self.pointed.emit()

    def explain(self, k: int | None) -> None:
        """The garment of whose sizes the picture tells where on the body they were ruled out; None for none."""
        if k != self.explained:
            self.explained = k
            self.pointed.emit()

    def refresh(self) -> None:
        """Compute what the project shows, unless it is at hand."""
        self._pause.stop()
        project = self.project
        known = self._results.get(project.key)
        if known or _nothing_known(project.evidence):
            self.jobs.cancel("figure")
            self.jobs.cancel("try on")
        self.failure, self.stopped = None, False
        if known:
            self._show(project, known[1])
        elif _nothing_known(project.evidence):
            self.looked.emit()
        else:
            known_body = self.measured is not self.shown or self._same_person()
            if not known_body:
                stand = partial(self._stand, project)
                self.ask(self, "figure", "figure", project, done=stand, failed=_unsaid)
            self.ask(self, "try on", "wear", project, done=partial(self._show, project), failed=self._fail)

    def ask(
        self,
        owner: QObject,
        name: str,
        function: str,
        *arguments: Any,
        done: Callable[[Any], None] = lambda _: None,
        failed: Callable[[Failure], None] | None = None,
        lane: str = "engine",
        quiet: bool = False,
        stopped: Callable[[], None] | None = None,
    ) -> None:
        """Run a function of app/engine.py (or "module:function") on a lane for its `owner`, who is told nothing once it
        is gone: a widget that speaks another language may have taken its place. Progress is in the status line; of what
        is `quiet` nobody else hears, but for the log."""
        failed = failed or (self._note if quiet else self.tell)
        stopped = stopped or ((lambda: None) if quiet else self._stopped)

        def heard() -> None:
            if not quiet:
                self.progressed.emit()
                self.looked.emit()

        def finish(then: Callable[..., None]) -> Callable[..., None]:
            def ended(*told: Any) -> None:
                self.running.pop(name, None)
                if isValid(owner):
                    then(*told)
                heard()

            return ended

        def progress(fraction: float, words: str) -> None:
            if name in self.running:
                self.running[name] = Running(name, max(fraction, self.running[name].fraction), words)
                self.progressed.emit()

        if not quiet:
            self.running[name] = Running(name, 0.0, "waiting for the engine")
        heard()
        self.jobs.ask(
            name,
            function if ":" in function else f"{self._engine}:{function}",
            *arguments,
            lane=lane,
            done=finish(done),
            failed=finish(failed),
            progress=progress,
            cancelled=finish(stopped),
        )

    def follow(
        self, owner: QObject, picture: "Picture", done: Callable[["Followed"], None], failed: Callable[[Failure], None]
    ) -> None:
        """Ask the eyes who is in a live picture: many times a second, so that nobody else hears of it."""
        self.ask(
            owner, "follow", "follow", picture.small, picture.zoom, picture.show, self.project.evidence.height,
            lane="eyes", done=done, failed=failed, quiet=True,
        )  # fmt: skip

    def cancel(self, name: str) -> None:
        self.jobs.cancel(name)

    def keep(self, **settings: object) -> None:
        """Change settings and save them."""
        self.settings = replace(self.settings, **settings)  # type: ignore[arg-type]
        self._keeping.do(self._kept())
        self.settings_changed.emit()

    def _kept(self) -> Iterator[None]:
        """Save the settings, which waits for the disk."""
        try:
            yield from aside(self._write_settings)
        except ToileError as error:
            self.said.emit(str(error))

    def _write_settings(self) -> None:
        with self._writing:
            settings_file.save(self.settings)

    def close(self) -> None:
        """End the engine; one that is writing files may first take its half-written ones away."""
        self._keeping.finish()
        self.jobs.close(patience=30.0 if "export" in self.running else 2.0)

    def _changed(self, before: Project, after: Project) -> None:
        if before.key != after.key:
            self._pause.start()
            for name in ("figure", "try on"):
                self.jobs.cancel(name)
        if [wish.design for wish in before.wishes] != [wish.design for wish in after.wishes]:
            self.explain(None)
        self.changed.emit(before, after)
        if before.key != after.key:
            self.failure, self.stopped = None, False
            if before.person_key != after.person_key and (known := self.figure_of(before)):
                self.earlier = known
            self.looked.emit()

    def _show(self, project: Project, shown: "Shown") -> None:
        self.shown, self.shown_project = shown, project
        self._results[project.key] = (project, shown)
        self._results.move_to_end(project.key)
        while len(self._results) > MOST_RESULTS:
            # The drapes that this one is compared with stay at hand.
            kept = (project.view.against, project.view.beside)
            self._results.pop(next(key for key in self._results if key not in kept))
        self.looked.emit()
        if self._offered != project.person_key:
            self.offers = ()
            self.offers_changed.emit()
            self.ask(
                self, "offers", "offers", project, done=partial(self._offer, project), failed=self.tell, quiet=True
            )

    def _stand(self, project: Project, shown: "Shown") -> None:
        self.figure = (project.person_key, shown)

    def _same_person(self) -> bool:
        return self.shown_project is not None and self.shown_project.person_key == self.project.person_key

    def _offer(self, project: Project, offers: "tuple[Offer, ...]") -> None:
        self._offered, self.offers = project.person_key, offers
        self.offers_changed.emit()

    def tell(self, failure: Failure) -> None:
        """Say what went wrong; its details are in the log."""
        self._note(failure)
        self.said.emit(failure.sentence)

    def _fail(self, failure: Failure) -> None:
        self.failure = failure
        self._note(failure)

    def _note(self, failure: Failure) -> None:
        self.log.note(failure.sentence, failure.details)

    def _stopped(self) -> None:
        self.stopped = True

    def _deliver(self) -> None:
        self.jobs.deliver()


def _unsaid(failure: Failure) -> None:
    """What follows fails for the same reason and says it."""


def _nothing_known(evidence: Evidence) -> bool:
    numbers = (evidence.height, evidence.mass, evidence.scan)
    return not any(said is not None for said in numbers) and not evidence.tapes and not evidence.photos
