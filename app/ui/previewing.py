"""The preview in the window: what is shown between the touch of a slider and the drape.

One frame is asked for at a time, always towards the newest project; while the window draws one the lane makes the next.
"""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app import preview
from app.serving import Failure
from render.scene import Scene

if TYPE_CHECKING:
    from app.preview import Glimpse, Start, Wanted
    from app.project import Project
    from app.stage import Shown
    from app.ui.studio import Studio
    from render.scene import Item

FRAMES = 45
"""So many frames follow the last change at most: then the cloth lies, and the drape needs the processor."""
LANE = "poser"


class Previewing(QObject):
    """Frames between two drapes. `drawn`: there is another one, or none any more."""

    drawn = Signal()

    def __init__(self, studio: "Studio", wanted: bool = True) -> None:
        """Where none are `wanted`, nothing is asked of the lane."""
        super().__init__(studio)
        self.studio = studio
        self.scene: Scene | None = None
        self._base: Shown | None = None
        self._start: Start | None = None
        self._number = 0
        self._known = False
        self._wanted: Wanted | None = None
        self._items: tuple[Item, ...] | None = None
        self._asked = False
        self._left = 0
        if wanted:
            studio.changed.connect(self._changed)
            studio.looked.connect(self._looked)
            studio.posing.struck.connect(self._aim)

    @property
    def moving(self) -> bool:
        """Whether frames follow one another now."""
        return self._asked and self._left > 0

    def stop(self) -> None:
        """No more frames; the last one stays."""
        self._left = 0

    def _changed(self, before: "Project", after: "Project") -> None:
        if before.key != after.key:
            self._aim()

    def _aim(self) -> None:
        """Go towards what the person now asks for, unless the last drape shows it."""
        project, shown, posing = self.studio.project, self.studio.shown_project, self.studio.posing
        posed = posing.pose is not None
        if shown is None or (posed and posing.scene is None):
            return
        possible = self._start is not None and project.view.map == "look" and (posed or project.key != shown.key)
        self._wanted = preview.wanted(shown, project, posing.turns if posed else None) if possible else None
        if self._wanted is None:
            self._end()
        else:
            self._left = FRAMES
            self._ask()

    def _looked(self) -> None:
        """A new drape ends the preview, and the next one starts from it; a failure shows the last drape again."""
        studio = self.studio
        if studio.shown is not None and studio.shown is not self._base and studio.shown_project is not None:
            self._base, self._number, self._known = studio.shown, self._number + 1, False
            self._start = preview.start(self._number, studio.shown_project, studio.shown)
            self._end()
            self._take_up()
            if studio.posing.pose is not None:
                self._aim()
        elif studio.failure is not None:
            self._end()

    def _end(self) -> None:
        """Show no preview; the next one starts from the drape again."""
        self._wanted, self._left = None, 0
        if self._items is not None:
            self._items = self.scene = None
            self._take_up()
            self.drawn.emit()

    def _take_up(self) -> None:
        if self._start is not None:
            self.studio.ask(
                self, "take up", "app.preview:take_up", self._start, lane=LANE, failed=self._cannot, quiet=True
            )

    def _cannot(self, failure: Failure) -> None:
        """Nothing goes on from this drape."""
        self._start = None
        self._end()

    def _ask(self) -> None:
        """Ask for the next frame, unless one is on its way."""
        if self._asked or self._wanted is None or self._left <= 0:
            return
        self._asked = True
        self._left -= 1
        number, sent = self._number, None if self._known else self._start
        self.studio.ask(
            self, "preview", "app.preview:frame", number, sent, self._wanted, self._items is None, lane=LANE,
            done=partial(self._done, number), failed=self._failed, quiet=True,
        )  # fmt: skip

    def _done(self, number: int, glimpse: "Glimpse | None") -> None:
        self._asked = False
        if number == self._number and self._wanted is not None:
            self._known = glimpse is not None
            if glimpse is not None:
                if glimpse.resting:
                    self._left = 0
                self._items = glimpse.items or self._items
        self._ask()
        if number == self._number and self._wanted is not None and glimpse is not None and self._items is not None:
            self.scene = glimpse.scene(self._items)
        self.drawn.emit()

    def _failed(self, failure: Failure) -> None:
        """No preview, then: the drape comes all the same."""
        self._asked, self._known = False, False
        self._end()
