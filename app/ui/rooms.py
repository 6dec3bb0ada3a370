"""The left side of the window: the rooms of the work in its order, and below them the panel of the one that is open."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QStackedWidget, QToolButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.saying import spoken
from app.ui import theme
from app.ui.controls import hairline, styled
from app.ui.gradually import Gradually, aside
from app.ui.panels import ROOMS
from app.ui.panels.panel import Panel
from app.ui.studio import Studio

P = TypeVar("P", bound=Panel)
ICONS = {name: name.lower() for name in ROOMS}
HIGH = 560  # from which the rooms' buttons have room to spare


class Rooms(QWidget):
    """Buttons and panels. A panel is made when it is first asked for, in pieces. `go` carries what a panel asks the
    window to do."""

    go = Signal(str)

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        styled(self, "panel").setFixedWidth(theme.LEFT)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.studio = studio
        self.stack = QStackedWidget()
        self.panels: dict[str, Panel] = {}
        self.room = ""
        self._opening = Gradually(self)
        self._then: Callable[[], object] | None = None
        self.buttons = self._make_buttons()
        rail = QVBoxLayout()
        rail.setContentsMargins(8, 8, 8, 8)
        rail.setSpacing(0)
        for button in self.buttons.values():
            rail.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(rail)
        column.addWidget(hairline())
        column.addWidget(self.stack, 1)

    @property
    def opening(self) -> bool:
        """Whether the panel of the room is still being made, or what was to be done with it is not done."""
        return self._opening.busy or self._then is not None

    def open(self, room: str) -> None:
        """Show a room, as soon as its panel is made."""
        self.room, self._then = room, None
        self.buttons[room].setChecked(True)
        self.studio.posing.edit(room == "Pose")
        self._opening.do(self._opened(room))

    def panel(self, room: str, kind: type[P]) -> P:
        """The panel of a room, which is opened."""
        self.open(room)
        self._opening.finish()
        panel = self.panels[room]
        assert isinstance(panel, kind)
        return panel

    def use(self, room: str, kind: type[P], then: Callable[[P], object]) -> None:
        """Open a room, and do something with its panel as soon as it is seen."""

        def use() -> None:
            panel = self.panels[room]
            assert isinstance(panel, kind)
            then(panel)

        self.open(room)
        self._then = use
        if not self._opening.busy:
            self._seen()

    def reworded(self) -> Iterator[None]:
        """Say everything in the language spoken now; panels are made anew."""
        for name, button in self.buttons.items():
            _name(button, name)
        self.panels = {}
        self.open(self.room)
        while self._opening.busy:  # with another room, where a hand comes in between
            self._opening.go_on(end=0.0)
            yield
        for panel in self.stack.findChildren(Panel):
            if panel not in self.panels.values():
                self.stack.removeWidget(panel)
                panel.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        for button in self.buttons.values():
            button.setFixedHeight(32 if self.height() >= HIGH else 26)

    def _opened(self, room: str) -> Iterator[None]:
        if room not in self.panels:
            for table in ROOMS[room].TABLES:
                yield from aside(table)
            yield from self._made(room)
        yield from self.panels[room].dressed(self.stack.size())
        self.stack.setCurrentWidget(self.panels[room])
        yield
        self._seen()

    def _seen(self) -> None:
        """Do what was to be done with the panel, in a turn of its own: it may ask something and wait for the answer,
        and whatever else is made in pieces goes on meanwhile."""
        QTimer.singleShot(0, self, self._use)

    def _use(self) -> None:
        if self._opening.busy:
            return  # another room was opened meanwhile
        then, self._then = self._then, None
        if then is not None:
            then()

    def _made(self, room: str) -> Iterator[None]:
        """Make a panel in its place. One that is not finished, because a hand opened another room, goes."""
        panel = ROOMS[room](self.studio)
        panel.go.connect(self.go)
        self.stack.addWidget(panel)
        yield
        try:
            yield from panel.made()
            self.panels[room] = panel
        finally:
            if self.panels.get(room) is not panel and isValid(panel):
                self.stack.removeWidget(panel)
                panel.deleteLater()

    def _make_buttons(self) -> dict[str, QToolButton]:
        buttons, group = {}, QButtonGroup(self)
        for name in ROOMS:
            button = styled(QToolButton(), "room")
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setIconSize(QSize(20, 20))
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, name=name: self.open(name))
            theme.set_icon(button, ICONS[name])
            _name(button, name)
            group.addButton(button)
            buttons[name] = button
        return buttons


def _name(button: QToolButton, room: str) -> None:
    button.setText(f"  {spoken(room)}")
    button.setAccessibleName(spoken(f"{room} room"))
