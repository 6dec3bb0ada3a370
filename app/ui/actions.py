"""Everything that can be done, by name: menus, shortcuts and the search field read the same table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from app.saying import spoken
from app.ui import theme

if TYPE_CHECKING:
    from app.ui.window import Window


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu. `keys`: Toile's own, several parted by "; "; `group`: of entries with the same group one is
    checked; `within`: the menu in the menu that it is in."""

    name: str
    menu: str
    text: str
    keys: str = ""
    icon: str = ""
    group: str = ""
    within: str = ""


ENTRIES = (
    Entry("new project", "File", "New", "Ctrl+N"),
    Entry("open", "File", "Open…", "Ctrl+O", "folder"),
    Entry("recent", "File", "Open recent…", "Ctrl+R"),
    Entry("save", "File", "Save", "Ctrl+S"),
    Entry("save as", "File", "Save as…", "Ctrl+Shift+S"),
    Entry("open photo", "File", "Open photo…", "Ctrl+I", "photo"),
    Entry("open scan", "File", "Open scan…", "Ctrl+Alt+O", "body"),
    Entry("open garment", "File", "Open garment…", "Ctrl+Shift+G", "garment"),
    Entry("capture", "File", "Capture from camera or video…", "Ctrl+Shift+O", "camera"),
    Entry("new", "File", "New person", "Ctrl+Shift+N"),
    Entry("sample", "File", "Open the sample"),
    Entry("export", "File", "Export pictures, report and meshes…", "Ctrl+E", "export"),
    Entry("save picture", "File", "Export the picture…", "Ctrl+Alt+E", "photo"),
    Entry("save part", "File", "Export a mesh or the pattern…", "Ctrl+Alt+S"),
    Entry("turntable", "File", "Export a turn as film…", "Ctrl+Shift+E", "video"),
    Entry("save movement", "File", "Export the movement…"),
    Entry("save job", "File", "Export as job file…"),
    Entry("do job", "File", "Do a job…"),
    Entry("quit", "File", "Quit", "Ctrl+Q"),
    Entry("undo", "Edit", "Undo", "Ctrl+Z", "undo"),
    Entry("redo", "Edit", "Redo", "Ctrl+Shift+Z", "redo"),
    Entry("history", "Edit", "History…", "Ctrl+H"),
    Entry("copy picture", "Edit", "Copy picture", "Ctrl+Shift+C", "copy"),
    Entry("copy details", "Edit", "Copy details of the last failure"),
    Entry("front", "View", "Front", "1"),
    Entry("side", "View", "Side", "3"),
    Entry("back", "View", "Back", "7"),
    Entry("three_quarter", "View", "Three-quarter", "5"),
    Entry("frame", "View", "Frame everything", "F", "frame"),
    Entry("one", "View", "One view", "Ctrl+1", "one", "views"),
    Entry("compare", "View", "Side by side with an earlier drape", "Ctrl+2", group="views"),
    Entry("four", "View", "Four views", "Ctrl+4", "four", "views"),
    Entry("flat", "View", "2D pattern beside the person", "F9"),
    Entry("look", "View", "Fabric as it looks", "Alt+1", group="map", within="Maps"),
    Entry("strain", "View", "Strain map", "Alt+7", group="map", within="Maps"),
    Entry("stress", "View", "Stress map", "Alt+8", group="map", within="Maps"),
    Entry("pressure", "View", "Pressure map", "Alt+9", group="map", within="Maps"),
    Entry("ease", "View", "Ease map", "Alt+0", group="map", within="Maps"),
    Entry("bands", "View", "Maps in eight bands", within="Maps"),
    Entry("limits", "View", "Maps up to each fabric's limit", within="Maps"),
    Entry("pattern", "View", "Maps with a pattern besides colour", within="Maps"),
    Entry("light studio", "View", "Light: studio", group="light", within="Light"),
    Entry("light window", "View", "Light: window", group="light", within="Light"),
    Entry("light shop", "View", "Light: shop", group="light", within="Light"),
    Entry("light street", "View", "Light: street", group="light", within="Light"),
    Entry("light flat", "View", "Light: flat, for colour", group="light", within="Light"),
    Entry("agx", "View", "Softer contrast, as film (AgX)", within="Light"),
    Entry("background", "View", "Background: as the window", group="background", within="Background"),
    Entry("background sweep", "View", "Background: paper sweep", group="background", within="Background"),
    Entry("background white", "View", "Background: white", group="background", within="Background"),
    Entry("background picture", "View", "Background: a picture…", group="background", within="Background"),
    Entry("xray", "View", "X-ray: the body through the cloth", "X"),
    Entry("on photo", "View", "On the person's own photo…", "Ctrl+Shift+I", "photo"),
    Entry("section", "View", "Cross-section", "Ctrl+Shift+X"),
    Entry("tapes", "View", "Tape lines", "T"),
    Entry("ghost", "View", "Body before the last change", "G"),
    Entry("Body", "Body", "Body panel", "F2", "body"),
    Entry("Pose", "Body", "Pose panel", "F8", "pose"),
    Entry("at ease", "Body", "Stand at ease"),
    Entry("open pose", "Body", "Open a pose or movement…"),
    Entry("walk", "Body", "Walk"),
    Entry("turn", "Body", "Turn round"),
    Entry("sit", "Body", "Sit down"),
    Entry("arms_up", "Body", "Arms up"),
    Entry("still", "Body", "End the movement"),
    Entry("female", "Body", "Female"),
    Entry("male", "Body", "Male"),
    Entry("all estimated", "Body", "Forget all tapes", "", "unlock"),
    Entry("Garment", "Garment", "Garment panel", "F3", "garment"),
    Entry("Fabric", "Garment", "Fabric panel", "F4", "fabric"),
    Entry("Colour", "Garment", "Colour panel", "Shift+F4", "colour"),
    Entry("Fit", "Garment", "Fit panel", "F6", "fit"),
    Entry("Shop", "Garment", "Shop panel", "F7", "shop"),
    Entry("pin", "Garment", "Pin a point of cloth", "P"),
    Entry("tack", "Garment", "Tack two points together", "Shift+P"),
    Entry("pins", "Garment", "Pins and tacks…", "Ctrl+P"),
    Entry("certificate", "Garment", "Drape certificate…", "Ctrl+D"),
    Entry("matrix", "Garment", "All sizes, or many people…", "Ctrl+M"),
    Entry("auto sizes", "Garment", "Let Toile choose all sizes"),
    Entry("ask", "Garment", "Ask a question", "Ctrl+J"),
    Entry("try again", "Garment", "Drape again", "F5", "reset"),
    Entry("alone", "Window", "Picture alone", "F11"),
    Entry("aside", "Window", "Picture in a window of its own", "F12"),
    Entry("advice", "Window", "Advice", "Ctrl+B", "sidebar"),
    Entry("system", "Window", "Theme of the system", group="theme"),
    Entry("dark", "Window", "Dark theme", group="theme"),
    Entry("light", "Window", "Light theme", group="theme"),
    Entry("mouse toile", "Window", "Mouse: left turns, right moves", group="mouse"),
    Entry("mouse blender", "Window", "Mouse as in Blender: middle turns", group="mouse"),
    Entry("mouse maya", "Window", "Mouse as in Maya: Alt, right zooms", group="mouse"),
    Entry("language system", "Window", "Language of the system", group="language"),
    Entry("language en", "Window", "English", group="language"),
    Entry("language zh", "Window", "中文", group="language"),
    Entry("metric", "Window", "Centimetres and kilograms", group="units"),
    Entry("imperial", "Window", "Inches and pounds", group="units"),
    Entry("search", "Help", "Search for an action", "Ctrl+K; Ctrl+Shift+P", "search"),
    Entry("shortcuts", "Help", "Shortcuts and gestures", "F1"),
    Entry("log", "Help", "What was said and what failed…", "Ctrl+L"),
    Entry("logs", "Help", "Open the folder of logs", "", "folder"),
    Entry("about", "Help", "About Toile"),
)
SWITCHES = {
    "alone", "aside", "advice", "flat", "tapes", "ghost", "bands", "limits", "pattern", "agx", "xray", "section",
    "pin", "tack",
}  # fmt: skip
BEFORE_SEPARATOR = {
    "save as", "capture", "sample", "do job", "history", "three_quarter", "frame", "flat", "advice", "light",
    "mouse maya", "language zh", "ease",
    "open pose", "still", "Shop", "pins", "light flat",
}  # fmt: skip


def build(window: "Window", does: Callable[[str], None]) -> dict[str, QAction]:
    """Fill the window's menu bar; actions by name, each calling `does(name)`."""
    actions: dict[str, QAction] = {}
    menus: dict[str, QMenu] = {}
    groups: dict[str, QActionGroup] = {}
    inner: dict[str, QMenu] = {}
    for entry in ENTRIES:
        if entry.menu not in menus:
            menus[entry.menu] = window.menuBar().addMenu(spoken(entry.menu))
            menus[entry.menu].menuAction().setData(entry.menu)
        action = QAction(spoken(entry.text), window)
        action.setCheckable(bool(entry.group) or entry.name in SWITCHES)
        if entry.group:
            action.setActionGroup(groups.setdefault(entry.group, QActionGroup(window)))
        action.triggered.connect(lambda _=False, name=entry.name: does(name))
        if entry.within and entry.within not in inner:
            inner[entry.within] = _menu_in(menus[entry.menu], entry.within)
        menu = inner[entry.within] if entry.within else menus[entry.menu]
        menu.addAction(action)
        window.addAction(action)
        if entry.name in BEFORE_SEPARATOR:
            menu.addSeparator()
        actions[entry.name] = action
    return actions


def _menu_in(menu: QMenu, name: str) -> QMenu:
    """A menu in a menu."""
    made = menu.addMenu(spoken(name))
    made.menuAction().setData(name)
    return made


def reword(window: "Window", actions: dict[str, QAction]) -> None:
    """Say the menus in the language spoken now."""
    for menu in window.menuBar().findChildren(QMenu):
        if name := menu.menuAction().data():
            menu.menuAction().setText(spoken(name))
    for entry in ENTRIES:
        actions[entry.name].setText(spoken(entry.text))


def found_by(actions: dict[str, QAction]) -> dict[str, QAction]:
    """The actions by menu and text, as they are searched for."""
    return {f"{entry.menu}: {entry.text}": actions[entry.name] for entry in ENTRIES if entry.name != "search"}


def tint(actions: dict[str, QAction]) -> None:
    """Draw the icons in the theme's colours."""
    for entry in ENTRIES:
        if entry.icon:
            actions[entry.name].setIcon(theme.icon(entry.icon))
