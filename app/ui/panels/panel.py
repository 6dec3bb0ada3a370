"""What the panels of all rooms share: a title, a scrolled column, and being told what changed."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QShowEvent

from app.project import Project
from app.saying import spoken
from app.ui.controls import Scrolled, label
from app.ui.gradually import polished
from app.ui.studio import Studio


class Panel(Scrolled):
    """One room. `go` asks the window to open another room or to do one of its actions, by name. TABLES are read from
    files, and kept, before it is made; what is in it is `made` thereafter, piece by piece."""

    TITLE = ""
    TABLES: tuple[Callable[[], object], ...] = ()
    go = Signal(str)

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.studio = studio
        self.setAccessibleName(spoken(f"{self.TITLE} panel"))
        self.column.addWidget(label(self.TITLE, "title"))
        self._missed: Project | None = None
        self._overlooked = False
        studio.changed.connect(self._project)
        studio.looked.connect(self._result)

    def made(self) -> Iterator[None]:
        """Make what is in it; to be gone through once."""
        yield from ()

    def dressed(self, size: QSize) -> Iterator[None]:
        """Make it ready to be seen in a size: what Qt would else do of all its widgets at once, when it is shown."""
        self.catch_up()
        yield
        yield from polished(self)
        self.resize(size)
        self.column.activate()

    def project_changed(self, before: Project, after: Project) -> None:
        """The project is another one; redraw what differs. Of a panel that is not seen, this waits until it is."""

    def result_changed(self) -> None:
        """There is a new result, or its state is another. Waits, too."""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.catch_up()

    def catch_up(self) -> None:
        """Show what came while nobody looked."""
        missed, self._missed = self._missed, None
        if missed is not None and missed is not self.studio.project:
            self.project_changed(missed, self.studio.project)
        if self._overlooked:
            self._overlooked = False
            self.result_changed()

    def _project(self, before: Project, after: Project) -> None:
        if self.isVisible():
            self.project_changed(before, after)
        elif self._missed is None:
            self._missed = before

    def _result(self) -> None:
        if self.isVisible():
            self.result_changed()
        else:
            self._overlooked = True
