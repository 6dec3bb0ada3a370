"""The picture and the pattern in a window of their own, as on a second screen, and what stands where they were."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.saying import spoken
from app.ui.controls import button, label

if TYPE_CHECKING:
    from app.ui.window import Window


class Aside(QWidget):
    """A window beside the studio's with what was in its middle. It knows all of the studio's keys, and takes the files
    that are dropped on it. `closed` when the person closes it."""

    closed = Signal()

    def __init__(self, window: "Window", shown: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Window)
        self._window = window
        self.setAcceptDrops(True)
        self.addActions(window.actions())
        self.resize(shown.size())
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(shown)
        shown.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._window.dragEnterEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._window.dropEvent(event)


class Away(QWidget):
    """What stands in the place of the picture while it is elsewhere. `wanted` when it is to come back."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        words = label("The picture is in a window of its own", "caption")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        back = button("Bring it back", self.wanted.emit)
        back.setAccessibleName(spoken("Bring the picture back"))
        inside = QVBoxLayout(self)
        inside.addStretch(1)
        inside.addWidget(words)
        inside.addWidget(back, 0, Qt.AlignmentFlag.AlignCenter)
        inside.addStretch(1)
