"""A button of the Garment room: looks that are kept, to put on; the present one to keep or to share as a picture."""

from collections.abc import Callable

from PySide6.QtWidgets import QInputDialog, QMenu, QPushButton, QWidget

from app.saying import spoken
from app.shop import looks
from app.ui.controls import button
from app.ui.dialogs import save_file
from app.ui.studio import Studio
from assets.errors import ToileError

OPENING, CALLED = "app.shop.looks:kept", "look.png"


def looks_button(studio: Studio, parent: QWidget) -> QPushButton:
    """The button with its menu, filled anew each time that it opens."""
    made = button("Looks", lambda: None, "garment")
    made.setAccessibleName(spoken("Looks that are kept"))
    menu = QMenu(made)
    menu.aboutToShow.connect(lambda: fill(menu, studio, parent))
    made.setMenu(menu)
    return made


def fill(menu: QMenu, studio: Studio, parent: QWidget) -> None:
    """What there is: a look to put on each, one to keep, one to delete, the picture."""
    menu.clear()
    for name in looks.names():
        menu.addAction(name).triggered.connect(lambda _=False, name=name: put_on(studio, name))
    menu.addSeparator()
    keep = menu.addAction(spoken("Keep this look…"))
    keep.triggered.connect(lambda: ask(studio, parent))
    keep.setEnabled(bool(studio.project.wishes))
    order = menu.addAction(spoken("Put in the order of dressing"))
    order.triggered.connect(lambda: studio.wishes("Order of dressing", looks.in_order(studio.project.wishes)))
    order.setEnabled(len(studio.project.wishes) > 1)
    menu.addAction(spoken("Share as a picture…")).triggered.connect(lambda: share(studio, parent))
    drop = menu.addMenu(spoken("Delete a look"))
    for name in looks.names():
        drop.addAction(name).triggered.connect(lambda _=False, name=name: told(studio, lambda: looks.drop(name)))
    drop.setEnabled(bool(looks.names()))


def ask(studio: Studio, parent: QWidget) -> None:
    """Ask for a name, and keep what is worn under it."""
    name, sure = QInputDialog.getText(parent, spoken("Keep this look"), spoken("What is it called?"))
    if sure and name.strip():
        told(studio, lambda: looks.keep(name.strip(), studio.project.wishes))


def share(studio: Studio, parent: QWidget) -> None:
    """Ask where to, and write what is worn as one picture."""
    if path := save_file(studio, parent, "Share as a picture", CALLED, "Pictures (*.png)"):
        studio.ask(
            studio, "share look", "share_look", studio.project, str(path),
            done=lambda at: studio.said.emit(f"Saved: {at}"),
        )  # fmt: skip


def put_on(studio: Studio, name: str) -> None:
    """Wear a look in place of what is worn; it is read apart from the window."""
    studio.ask(
        studio, "look", OPENING, name, lane="clerk",
        done=lambda wishes: studio.wishes(f"Put on {name}", tuple(wishes)),
    )  # fmt: skip


def told(studio: Studio, act: Callable[[], object]) -> None:
    """Do it, and say what went wrong."""
    try:
        act()
    except ToileError as error:
        studio.said.emit(str(error))
