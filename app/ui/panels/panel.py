"""What the panels of all rooms share: a title, a scrolled column, and being told what changed."""

from PySide6.QtCore import Signal

from app.project import Project
from app.saying import spoken
from app.ui.controls import Scrolled, label
from app.ui.studio import Studio


class Panel(Scrolled):
    """One room. `go` asks the window to open another room or to do one of its actions, by name."""

    TITLE = ""
    go = Signal(str)

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.studio = studio
        self.setAccessibleName(spoken(f"{self.TITLE} panel"))
        self.column.addWidget(label(self.TITLE, "title"))
        studio.changed.connect(self.project_changed)
        studio.looked.connect(self.result_changed)

    def project_changed(self, before: Project, after: Project) -> None:
        """The project is another one; redraw what differs."""

    def result_changed(self) -> None:
        """There is a new result, or its state is another."""
