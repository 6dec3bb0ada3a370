"""The pin and the tack: a tool that takes the clicks on the picture, and the card that lists what is put in."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from app.project import Project, Wish
from app.saying import spoken
from app.scenes.pins import Mark, Point, clicked, mark_at, marks, pinned, tacked, with_held, with_marks, without
from app.ui.controls import Segments, button, label, tool
from app.ui.panels.garment import title
from app.ui.studio import Studio
from app.ui.viewport import Viewport
from garments.pinning import Pin
from render.scene import Scene

WIDE, HIGH = 248, 84
TOOLS = (("pin", "Pin"), ("tack", "Tack"))
HINTS = {
    "pin": "Click a point of cloth: it stays where it is when the garment is draped anew. A click on a mark takes it "
    "out.",
    "tack": "Click a point of cloth, then another one, or the body: they are held together. A click on a mark takes "
    "it out.",
    "second": "Now click what it is to be tacked to: cloth or the body. Escape gives up.",
    None: "Choose a tool to put one in.",
}


class PinsCard(QFrame):
    """What is pinned and tacked. `chosen` tells a tool, `taken` the number of what is to be taken out."""

    chosen = Signal(str)
    taken = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setFixedWidth(WIDE)
        self.setAccessibleName(spoken("Pins and tacks"))
        self.tools = Segments("Pin or tack", TOOLS)
        self.tools.chosen.connect(self.chosen)
        self.told = label("", "caption")
        self.list = _List()
        self.list.setAccessibleName(spoken("Pins and tacks that are in"))
        self.list.setFixedHeight(HIGH)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.deleted.connect(self._take)
        self.out = button("Take out", self._take)
        self.list.currentRowChanged.connect(lambda row: self.out.setEnabled(row >= 0))
        head = QHBoxLayout()
        head.addWidget(label("Pins and tacks"), 1)
        head.addWidget(tool("close", "Close pins and tacks", self.closed.emit))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(6)
        column.addLayout(head)
        for part in (self.tools, self.told, self.list, self.out):
            column.addWidget(part)
        self.hide()

    def show_held(self, lines: Sequence[str], chosen: str | None, hint: str) -> None:
        """Show what is in, a line each, the tool that is chosen, and what to do now."""
        row = self.list.currentRow()
        self.list.clear()
        self.list.addItems([spoken(line) for line in lines])
        self.list.setCurrentRow(min(row, len(lines) - 1))
        self.out.setEnabled(self.list.currentRow() >= 0)
        self.tools.choose(chosen)
        self.told.setText(spoken(hint))
        self.adjustSize()

    def _take(self) -> None:
        if self.list.currentRow() >= 0:
            self.taken.emit(self.list.currentRow())


class _List(QListWidget):
    """A list whose entries Delete takes out."""

    deleted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.deleted.emit()
        else:
            super().keyPressEvent(event)


class Pinning(QObject):
    """Puts pins and tacks into the project's garments. `drawn` is emitted when the marks are others."""

    drawn = Signal()

    def __init__(self, studio: Studio, viewport: Viewport, parent: QWidget) -> None:
        super().__init__(parent)
        self.studio, self.viewport = studio, viewport
        self.card = PinsCard(parent)
        self.tool: str | None = None
        self._first: Point | None = None
        self.card.chosen.connect(self.do)
        self.card.taken.connect(self._take_out)
        self.card.closed.connect(self._close)
        viewport.placed.connect(self._place)
        viewport.dismissed.connect(self._give_up)
        studio.changed.connect(self._changed)

    def do(self, name: str) -> bool:
        """Do an action by its name; whether it is one of these."""
        if name not in ("pin", "tack", "pins"):
            return False
        if name == "pins":
            self.card.setVisible(self.card.isHidden())
            self._choose(None)
        else:
            self.card.show()
            self._choose(None if self.tool == name else name)
        return True

    def with_marks(self, scene: Scene) -> Scene:
        """The scene with the marks, while the card is open."""
        if self.card.isHidden():
            return scene
        return with_marks(scene, self._marks(), self._first)

    def place(self, width: int, top: int) -> None:
        """Lie in the upper right corner of a picture so wide, below `top`."""
        self.card.move(width - self.card.width() - 12, top)
        if not self.card.isHidden():
            self.card.raise_()

    def _marks(self) -> tuple[Mark, ...]:
        return marks(self.studio.shown, self.studio.project.wishes)

    def _choose(self, name: str | None) -> None:
        self.tool, self._first = name, None
        self.viewport.take_clicks(name is not None)
        self._tell()

    def _tell(self) -> None:
        """Fill the card, and have the marks drawn."""
        hint = HINTS["second" if self._first is not None else self.tool]
        wishes = self.studio.project.wishes
        self.card.show_held([_words(mark, wishes) for mark in self._marks()], self.tool, hint)
        self.drawn.emit()

    def _changed(self, before: Project, after: Project) -> None:
        if before.wishes is not after.wishes:
            self._first = None
            if not self.card.isHidden():
                self._tell()

    def _close(self) -> None:
        self.card.hide()
        self._choose(None)

    def _give_up(self) -> None:
        if self._first is not None or self.tool is not None:
            self._choose(self.tool if self._first is not None else None)

    def _take_out(self, number: int) -> None:
        mark = self._marks()[number]
        self._do("Take out a tack" if mark.tack else "Take out a pin", without(
            self.studio.project.wishes, mark.garment, mark.what))  # fmt: skip

    def _do(self, name: str, wishes: tuple[Wish, ...]) -> None:
        """A step of its own, whatever the one before was called."""
        self.studio.history.seal()
        self.studio.wishes(name, wishes)

    def _place(self, place: QPointF) -> None:
        """Put in what the tool puts in where the picture was clicked, or take out what is there."""
        shown, wishes = self.studio.shown, self.studio.project.wishes
        if shown is None or [each.design for each in shown.maps] != [wish.design for wish in wishes]:
            self.studio.said.emit("There is nothing to pin yet: wait for the drape, or put on a garment")
            return
        if self.studio.posing.scene is not None or self.studio.playing.active:
            self.studio.said.emit("Pins are put in while the person stands at ease")
            return
        views = self.viewport.views(self.viewport.width(), self.viewport.height())
        point = clicked(shown, views, place.x(), place.y())
        if point is None or (point.garment is None and self._first is None):
            self.studio.said.emit("There is no cloth: click a point of a garment")
            return
        known = self._marks()
        if self._first is None and (mark := mark_at(point, known)) is not None:
            self._take_out(known.index(mark))
        elif self.tool == "pin" and point.garment is not None:
            self._do("Pin", with_held(wishes, point.garment, pinned(point, shown)))
        elif self._first is None:
            self._first = point
            self._tell()
        elif self._first.garment is not None and point.spot != self._first.spot:
            first = self._first
            self._do("Tack", with_held(wishes, self._first.garment, tacked(first, point, shown, wishes)))


def _words(mark: Mark, wishes: Sequence[Wish]) -> str:
    """What is held, for the list."""
    name, what = title(wishes[mark.garment]), mark.what
    if isinstance(what, Pin):
        panel = what.spot.panel.replace("_", " ")
        return f"Tack from {name}, {panel}, to the body" if what.skin else f"Pin in {name}, {panel}"
    first, second = (spot.panel.replace("_", " ") for spot in (what.first, what.second))
    if not what.garment:
        return f"Tack in {name}, {first} to {second}" if first != second else f"Tack in {name}, {first}"
    other = next((title(wish) for wish in wishes if wish.design == what.garment), what.garment)
    return f"Tack from {name}, {first}, to {other}, {second}"
