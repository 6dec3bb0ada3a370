"""What the panels of all rooms share: a title, a scrolled column, and being told what changed."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent

from app.project import Project
from app.saying import spoken
from app.ui.controls import Scrolled, label
from app.ui.studio import Studio


class Panel(Scrolled):
    """One room. `go` asks the window to open another room or to do one of its actions, by name. TABLES are read from
    files, and kept, before it is made."""

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

    def project_changed(self, before: Project, after: Project) -> None:
        """The project is another one; redraw what differs. Of a panel that is not seen, this waits until it is."""

    def result_changed(self) -> None:
        """There is a new result, or its state is another. Waits, too."""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
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
