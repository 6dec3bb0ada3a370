"""The window with hands, on an engine that answers at once: what the tests of the window share."""

import time
from collections.abc import Callable

import numpy as np

ENGINE = "tests.app.fake_engine"


class Driver:
    """The window with hands: waits, finds by accessible name, clicks, types."""

    def __init__(self, application, project=None) -> None:
        from app.ui import theme
        from app.ui.studio import Studio
        from app.ui.window import Window
        from tests.app.people import somebody

        self.application = application
        self.studio = Studio(project or somebody(), engine=ENGINE)
        self.studio.keep(theme="dark", length="cm", mass="kg", advice=True, toured=True, flat=False, catalogue="")
        theme.apply(theme.choose("dark"))
        self.window = Window(self.studio)
        self.window.resize(1280, 800)
        self.window.picture.viewport._rest.timeout.disconnect()
        self.window.show()
        self.studio.start()

    def until(self, condition: Callable[[], object], limit: float = 20.0) -> None:
        start = time.monotonic()
        while not condition():
            assert time.monotonic() - start < limit, (
                f"waited in vain; state {self.studio.state}, {self.studio.failure}; running {list(self.studio.running)}"
            )
            self.turn()
            time.sleep(0.005)

    def turn(self) -> None:
        """One turn of the event loop, with its end, at which a loop that runs by itself deletes what is to go."""
        from PySide6.QtCore import QCoreApplication, QEvent

        self.application.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def settle(self) -> None:
        """A turn of the event loop, and until a room that was opened is seen, and what is told anew."""
        from app.ui.refilled import Refilled

        self.turn()
        self.until(lambda: not self.window.rooms.opening)
        self.until(lambda: not any(part.busy for part in self.window.findChildren(Refilled)))

    def pattern(self):
        """The 2D pattern, as soon as it is drawn."""
        view = self.window.flat
        self.until(lambda: not view.busy)
        return view

    def close(self) -> None:
        """Close the window for good, whatever was not saved: a change of theme dresses every window that is there."""
        self.window.filing.saved = self.studio.project
        self.window.close()
        self.window.deleteLater()
        self.turn()

    def current(self) -> None:
        """Until the drape is current, and seen."""
        self.until(lambda: self.studio.state == "current" and not self.studio.late)

    def rest(self, duration: float) -> None:
        end = time.monotonic() + duration
        self.until(lambda: time.monotonic() > end)

    def room(self, name: str):
        """The panel of a room, which is opened."""
        self.window.rooms.open(name)
        self.until(lambda: self.in_room(name))
        return self.window.rooms.panels[name]

    def in_room(self, name: str) -> bool:
        """Whether the panel of a room is seen."""
        rooms = self.window.rooms
        return name in rooms.panels and rooms.stack.currentWidget() is rooms.panels[name]

    def find(self, name: str):
        from PySide6.QtWidgets import QWidget

        def found() -> list[QWidget]:
            return [w for w in self.window.findChildren(QWidget) if w.accessibleName() == name and w.isVisible()]

        self.until(found, 3.0)
        return found()[-1]

    def click(self, name: str, place=None) -> None:
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        widget = self.find(name)
        middle = QPoint(widget.width() // 2, widget.height() // 2)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place or middle)
        self.settle()

    def type(self, name: str, text: str) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        entry = self.find(name)
        entry.setFocus()
        entry.selectAll()
        QTest.keyClicks(entry, text)
        QTest.keyClick(entry, Qt.Key.Key_Return)
        self.settle()

    def key(self, keys: str) -> None:
        from PySide6.QtGui import QKeySequence
        from PySide6.QtTest import QTest

        self.window.activateWindow()
        self.until(self.window.isActiveWindow)
        self.window.picture.viewport.setFocus()
        QTest.keySequence(self.window, QKeySequence(keys))
        self.settle()

    def pixels(self) -> np.ndarray:
        """The viewport's picture, as soon as it shows what was asked for last, [h, w, 3]."""
        from app.ui.camera import pixels

        viewport = self.window.picture.viewport
        self.until(lambda: viewport.canvas.settled)
        return pixels(viewport.picture())
