"""What is worn: garments in the order of dressing, each with its size and colour."""

from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout

from app.project import AUTO, Project, Wish
from app.ui.colours import Colours
from app.ui.controls import Segments, button, card, clear, label, tool
from app.ui.panels.panel import Panel
from app.ui.studio import CURRENT, Studio
from assets.units import colour_code
from garments.designs import broken, designs
from garments.fabric import fabric as fabric_named
from garments.garment import READY_MADE_FABRIC
from garments.grading import SIZES


class GarmentPanel(Panel):
    TITLE = "Garment"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self.cards = QVBoxLayout()
        self.cards.setSpacing(12)
        self.column.addLayout(self.cards)
        self.empty = label("Nothing is worn. Add a garment, and it is sewn and draped on the body.", "caption")
        self.column.addWidget(self.empty)
        self.add = button("Add garment", lambda: None, "plus")
        menu = QMenu(self.add)
        for name in designs():
            menu.addAction(design_title(name)).triggered.connect(lambda _=False, name=name: self.put_on(name))
        self.add.setMenu(menu)
        self.column.addWidget(self.add)
        for name, reason in broken():
            self.column.addWidget(label(f"Design {name} is disabled. {reason}", "caption"))
        self.column.addWidget(button("Open garment…", lambda: self.go.emit("open garment"), "garment"))
        self._fill()

    def project_changed(self, before: Project, after: Project) -> None:
        if before.wishes is not after.wishes:
            self._fill()

    def result_changed(self) -> None:
        for k, made in enumerate(self._cards):
            made.show_result(k)

    def put_on(self, design: str, size: str = AUTO) -> None:
        """Wear another garment; one of the same design is replaced."""
        put_on(self.studio, design, size)

    def change(self, k: int, name: str, **what: object) -> None:
        wishes = list(self.studio.project.wishes)
        wishes[k] = replace(wishes[k], **what)  # type: ignore[arg-type]
        self.studio.wishes(name, tuple(wishes))

    def take_off(self, k: int) -> None:
        wishes = self.studio.project.wishes
        self.studio.wishes(f"Take off {title(wishes[k])}", wishes[:k] + wishes[k + 1 :])

    def _fill(self) -> None:
        clear(self.cards)
        wishes = self.studio.project.wishes
        self._cards = [_Card(self, k, wish) for k, wish in enumerate(wishes)]
        for made in self._cards:
            self.cards.addWidget(made.frame)
        self.empty.setVisible(not wishes)
        self.result_changed()


class _Card:
    """One garment: title, size, fabric, colour."""

    def __init__(self, panel: GarmentPanel, k: int, wish: Wish) -> None:
        self.studio, self.wish = panel.studio, wish
        self.frame, column = card()
        name = title(wish)
        self.frame.setAccessibleName(name)
        head = QHBoxLayout()
        head.addWidget(label(name), 1)
        head.addWidget(tool("close", f"Take off {name}", lambda: panel.take_off(k)))
        column.addLayout(head)
        self.note = label("", "caption")
        if wish.made:
            column.addWidget(label("One size, from a file.\n" + "\n".join(wish.made.notes), "caption"))
        else:
            sizes = Segments(f"Size of {name}", [(AUTO, "Auto"), *((size, size) for size in SIZES)])
            sizes.setProperty("narrow", True)
            sizes.choose(wish.size)
            sizes.chosen.connect(lambda size: panel.change(k, f"{name} in {size}", size=size))
            column.addWidget(sizes)
        column.addWidget(self.note)
        cloth = fabric_named(own_fabric(wish))
        column.addWidget(button(cloth.title, lambda: panel.go.emit(f"fabric {k}"), "fabric"))
        colours = Colours(f"Colour of {name}", wish.colour or colour_code(cloth.look.colour))
        colours.chosen.connect(lambda colour: panel.change(k, f"Colour of {name}", colour=colour))
        column.addWidget(colours)

    def show_result(self, k: int) -> None:
        shown = self.studio.shown
        if shown is not None and self.studio.state == CURRENT:
            self.note.setText(f"Auto chose {shown.sizes[k]}")
        self.note.setVisible(self.wish.size == AUTO and self.wish.made is None and bool(self.note.text()))


def title(wish: Wish) -> str:
    """What a person calls the garment."""
    return wish.made.name if wish.made else design_title(wish.design)


def own_fabric(wish: Wish) -> str:
    """The name of the fabric that the garment is of."""
    return wish.fabric or (READY_MADE_FABRIC if wish.made else designs()[wish.design].FABRIC)


def design_title(name: str) -> str:
    """A design's name as it stands at the beginning of a line."""
    written = designs()[name].TITLE
    return written[:1].upper() + written[1:]


def put_on(studio: Studio, design: str, size: str = AUTO) -> None:
    """Wear a garment; one of the same design is replaced, keeping its place, fabric and colour."""
    wishes = studio.project.wishes
    name = f"Put on {design_title(design)}" + ("" if size == AUTO else f" in {size}")
    if any(wish.design == design for wish in wishes):
        after = tuple(replace(wish, size=size, made=None) if wish.design == design else wish for wish in wishes)
    else:
        after = (*wishes, Wish(design, size))
    studio.wishes(name, after)
