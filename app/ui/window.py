"""The studio's window: rooms on the left, the person in the middle, advice on the right, one line below."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from PySide6.QtCore import QByteArray, QEvent, QSize, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QDialog, QHBoxLayout, QMainWindow, QSplitter, QVBoxLayout, QWidget

from app.saying import spoken
from app.ui import actions, languages, opening, shortcuts, theme
from app.ui.advice import AdvicePanel
from app.ui.aside import Aside, Away
from app.ui.controls import hairline
from app.ui.doings import doings
from app.ui.filing import Filing
from app.ui.flat import FlatView
from app.ui.gradually import Gradually, polished
from app.ui.leading import lead
from app.ui.meshes import Meshes
from app.ui.panels import ROOMS
from app.ui.panels.body import BodyPanel
from app.ui.panels.fabric import FabricPanel
from app.ui.photos import Photos
from app.ui.picture import Picture
from app.ui.picture import main as main_map
from app.ui.rooms import Rooms
from app.ui.search import Search
from app.ui.status import StatusLine
from app.ui.studio import CURRENT, Studio
from app.ui.tour import WORDS, Tour

W = TypeVar("W", bound=QWidget)
BESIDE = 620  # that picture and pattern take side by side at least
ALONE = 300  # that the picture leaves free of a card at least, however narrow the window is


class Window(QMainWindow):
    """The studio. Closing it ends the engine."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.studio = studio
        self.setWindowTitle("Toile")
        self.setAcceptDrops(True)
        self.setMinimumSize(960, 560)
        self.photos = Photos(studio, self)
        self.meshes = Meshes(studio, self)
        self.filing = Filing(studio, self, lambda: self.picture.viewport.picture())
        self.filing.changed.connect(self._entitle)
        self.tour: Tour | None = None
        self.pages: dict[object, QDialog] = {}
        self.flat: FlatView | None = None
        self.aside: Aside | None = None
        self._bound: object = None
        self._rewording, self._redressing = Gradually(self), Gradually(self)
        self.rooms = Rooms(studio)
        self.rooms.go.connect(self.do)
        self.picture, self.advice, self.status = Picture(studio), AdvicePanel(studio), StatusLine(studio)
        self._lay_out()
        self.actions_by_name = actions.build(self, self.do)
        self.search = Search(actions.found_by(self.actions_by_name))
        self._beside_menus.addWidget(self.search)
        self._doings = doings(self)
        self._connect_picture()
        self._connect_advice()
        self.status.asked.connect(self.do)
        studio.changed.connect(self.reflect)
        studio.settings_changed.connect(self.reflect)
        studio.looked.connect(self._welcome)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._retheme)
        theme.dress(self)
        self._tint()
        self.reflect()
        self.rooms.panel("Body", BodyPanel)
        self.resize(QSize(1440, 900).boundedTo(self.screen().availableSize()))
        self.restoreGeometry(QByteArray.fromHex(studio.settings.window.encode()))

    def do(self, name: str) -> None:
        """One of the actions, by its name in actions.ENTRIES; "fabric 1" opens that garment's fabric."""
        if name in ROOMS:
            self.rooms.open(name)
        elif name.startswith("fabric "):
            self.rooms.use("Fabric", FabricPanel, lambda panel: panel.choose_garment(int(name.split()[1])))
        elif name in self._doings:
            self._doings[name]()
        else:
            self.picture.do(name)
        self.reflect()

    @property
    def rewording(self) -> bool:
        """Whether parts of the window still speak another language."""
        return self._rewording.busy

    @property
    def redressing(self) -> bool:
        """Whether parts of the window still wear another theme."""
        return self._redressing.busy

    def show_page(self, kind: Callable[[Studio, QWidget], QDialog]) -> None:
        """Show a page that stays open beside the window, made when it is first asked for."""
        page = self.pages.get(kind) or kind(self.studio, self)
        self.pages[kind] = page
        page.resize(page.size().boundedTo(self.screen().availableSize()))
        page.show()
        page.raise_()
        page.activateWindow()

    def reword(self) -> None:
        """Say everything in the language of the settings: part after part is made anew, in its place."""
        for page in self.findChildren(QDialog):
            page.close()
            page.deleteLater()
        self.pages.clear()
        if self.tour is not None:
            self.tour.deleteLater()
            self.tour = None
        self._rewording.do(self._reworded())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.filing.may_leave():
            event.ignore()
            return
        self.studio.keep(window=bytes(self.saveGeometry().toHex().data()).decode())
        self.hide()
        if self.aside is not None:
            self.aside.hide()
        for page in self.findChildren(QDialog):
            page.close()
        self.studio.close()
        self.filing.close()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ThemeChange:
            self._retheme()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(opening.openable(path) for path in opening.dragged(event)):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = opening.dragged(event)
        event.acceptProposedAction()
        # The program that the files are from waits until this event is over.
        QTimer.singleShot(0, lambda: opening.take(self, paths))

    def _lay_out(self) -> None:
        self.edges = [hairline(vertical=True), hairline(vertical=True)]
        self._middle = QHBoxLayout()
        self._middle.setSpacing(0)
        self.beside = QSplitter()
        self.beside.setChildrenCollapsible(False)
        self.beside.setHandleWidth(3)
        self.beside.addWidget(self.picture)
        self._away = self._stand_in()
        for widget in (self.rooms, self.edges[0], self.beside, self._away, self.edges[1], self.advice):
            self._middle.addWidget(widget, 1 if widget in (self.beside, self._away) else 0)
        whole = QWidget()
        self._column = QVBoxLayout(whole)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(hairline())
        self._column.addLayout(self._middle, 1)
        self._column.addWidget(hairline())
        self._column.addWidget(self.status)
        self.setCentralWidget(whole)
        self._corner = QWidget()
        self._beside_menus = QHBoxLayout(self._corner)
        self._beside_menus.setContentsMargins(0, 2, 8, 2)
        self.menuBar().setCornerWidget(self._corner)

    def _stand_in(self) -> Away:
        """What stands in the picture's place while that is in a window of its own."""
        made = Away()
        made.wanted.connect(self._dock)
        made.hide()
        return made

    def _reworded(self) -> Iterator[None]:
        """Make the parts anew, one in each turn, each in the place of the one before."""
        yield from languages.learnt(self.studio.settings.language)
        actions.reword(self, self.actions_by_name)
        yield
        self.search = _replace(self._beside_menus, self.search, Search(actions.found_by(self.actions_by_name)))
        self._bound = None
        yield
        self.status = _replace(self._column, self.status, StatusLine(self.studio))
        self.status.asked.connect(self.do)
        yield
        yield from self.rooms.reworded()
        yield
        self.advice = _replace(self._middle, self.advice, AdvicePanel(self.studio))
        self._connect_advice()
        self._make_room()
        yield
        self._away = _replace(self._middle, self._away, self._stand_in())
        self._away.setVisible(self.aside is not None)
        yield from self._pictured()
        yield
        if self.flat is not None:
            self.flat.deleteLater()
            self.flat = None
        self.reflect()

    def _pictured(self) -> Iterator[None]:
        """Make the picture anew, and have it take the other's place when it is whole."""
        made, before = Picture(self.studio), self.picture
        try:
            yield
            made.setParent(self)
            made.hide()
            yield from polished(made)
            made.viewport.look_as(before.viewport)
            self.picture = made
        finally:
            (before if self.picture is made else made).deleteLater()
        self.beside.replaceWidget(self.beside.indexOf(before), made)
        made.show()
        self._connect_picture()
        self._tint()

    def _connect_picture(self) -> None:
        self.picture.asked.connect(self.do)
        self.picture.showing.pinning.drawn.connect(self.reflect)

    def _connect_advice(self) -> None:
        self.advice.setFixedWidth(theme.RIGHT)
        self.advice.questions.led.connect(lambda link: lead(self, link))

    def reflect(self, *_: object) -> None:
        """Make the menus and the window tell the project and the settings."""
        self._bind()
        settings, view, history = self.studio.settings, self.studio.project.view, self.studio.history
        named = self.actions_by_name
        count = "four" if view.four else "compare" if view.beside else "one"
        for name in (main_map(view.map), count, settings.theme, *self.picture.showing.checked(),
                     f"mouse {settings.navigation}", f"language {settings.language or 'system'}"):  # fmt: skip
            named[name].setChecked(True)
        self.picture.viewport.navigation = settings.navigation
        for name, on in self.picture.showing.switches():
            named[name].setChecked(on)
        named["metric" if settings.length == "cm" else "imperial"].setChecked(True)
        named["advice"].setChecked(settings.advice)
        named["flat"].setChecked(settings.flat)
        self._show_flat(settings.flat)
        named["tapes"].setChecked(view.tapes)
        named["ghost"].setChecked(view.ghost)
        for name, on in (
            ("bands", view.scaling.banded),
            ("limits", view.scaling.by_limit),
            ("pattern", view.scaling.pattern),
        ):
            named[name].setChecked(on)
            named[name].setEnabled(view.map != "look")
        named["undo"].setEnabled(history.undo_name is not None)
        named["redo"].setEnabled(history.redo_name is not None)
        named["undo"].setText(spoken(f"Undo {history.undo_name}" if history.undo_name else "Undo"))
        named["redo"].setText(spoken(f"Redo {history.redo_name}" if history.redo_name else "Redo"))
        named["copy details"].setEnabled(self.studio.log.last_failure is not None)
        alone = named["alone"].isChecked()
        self._show_aside(named["aside"].isChecked())
        self.rooms.setVisible(not alone)
        self.edges[0].setVisible(not alone)
        self._make_room()
        self._entitle()
        self._retheme()

    def _make_room(self) -> None:
        """Show the advice where it is wanted and leaves room for the picture and the pattern or a card beside it."""
        settings, alone = self.studio.settings, self.actions_by_name["alone"].isChecked()
        taken = self.picture.showing.taken
        beside = 0 if self.aside is not None else BESIDE if settings.flat else ALONE + taken if taken else 0
        crowded = self.width() < theme.LEFT + theme.RIGHT + beside
        for widget in (self.advice, self.edges[1]):
            widget.setVisible(settings.advice and not alone and not crowded)

    def _bind(self) -> None:
        """Give all actions the keys that the person wants."""
        wanted = self.studio.settings.shortcuts
        if wanted is not self._bound:
            self._bound = wanted
            shortcuts.bind(self.actions_by_name, wanted)
            keys = self.actions_by_name["search"].shortcut().toString()
            self.search.setPlaceholderText(spoken(f"Search ({keys})" if keys else "Search"))

    def _entitle(self) -> None:
        self.setWindowTitle(spoken(f"{self.filing.name}[*] · Toile"))
        self.setWindowModified(self.filing.modified)
        if self.aside is not None:
            self.aside.setWindowTitle(self.windowTitle())
            self.aside.setWindowModified(self.isWindowModified())

    def _retheme(self, *_: object) -> None:
        """Follow the theme of the settings, or the system's."""
        chosen = theme.choose(self.studio.settings.theme)
        if theme.current().name != chosen.name:
            theme.apply(chosen)
            self._tint()
            self._redressing.do(theme.redressed(self))

    def _tint(self) -> None:
        actions.tint(self.actions_by_name)
        self.picture.show_theme(theme.current().name == "dark")

    def _welcome(self) -> None:
        """On the first start, as soon as there is something to look at."""
        if self.studio.settings.toured or self.tour is not None or self.studio.state != CURRENT:
            return
        stops = tuple(zip((self.rooms, self.picture, self.advice), WORDS, strict=True))
        self.tour = Tour(self, stops, lambda: self.studio.keep(toured=True))

    def _show_aside(self, wanted: bool) -> None:
        """The picture and the pattern in a window of their own, or in their place in this one."""
        if wanted and self.aside is None:
            self.aside = Aside(self, self.beside)
            self.aside.closed.connect(self._dock)
            self.aside.show()
        elif not wanted and self.aside is not None:
            left, self.aside = self.aside, None
            self._middle.insertWidget(self._middle.indexOf(self._away), self.beside, 1)
            self.beside.show()
            left.hide()
            left.deleteLater()
        self._away.setVisible(self.aside is not None)

    def _dock(self) -> None:
        """Take the picture back."""
        self.actions_by_name["aside"].setChecked(False)
        self.reflect()

    def _show_flat(self, wanted: bool) -> None:
        """The 2D pattern beside the person, made when it is first asked for."""
        if wanted and self.flat is None:
            self.flat = FlatView(self.studio)
            self.beside.insertWidget(0, self.flat)
            self.beside.setSizes([self.beside.width() // 2] * 2)
        if self.flat is not None and self.flat.isHidden() == wanted:
            self.flat.setVisible(wanted)
            if not wanted:
                self.studio.pick_panel(0, None)


def _replace(layout: QBoxLayout, before: QWidget, after: W) -> W:
    """Put a part in the place of another one, which goes."""
    layout.replaceWidget(before, after)
    before.hide()
    before.deleteLater()
    return after
