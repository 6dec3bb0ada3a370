"""The studio's window: rooms on the left, the person in the middle, advice on the right, one line below."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices, QDragEnterEvent, QDropEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QMainWindow,
    QMessageBox,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.project import AUTO, Evidence, Project
from app.saying import spoken
from app.settings import NAVIGATIONS
from app.ui import actions, exporting, filing, jobpage, languages, opening, shortcuts, theme
from app.ui.advice import AdvicePanel
from app.ui.certificate import CertificatePage
from app.ui.controls import hairline, styled
from app.ui.filing import Filing
from app.ui.flat import FlatView
from app.ui.gradually import Gradually
from app.ui.jobpage import JobPage
from app.ui.leading import lead
from app.ui.log import LogPage, copied
from app.ui.matrix import MatrixPage
from app.ui.meshes import Meshes
from app.ui.onphoto import OnPhotoPage
from app.ui.panels import ROOMS
from app.ui.panels.fabric import FabricPanel
from app.ui.panels.garment import title
from app.ui.panels.panel import Panel
from app.ui.panels.pose import MOVEMENTS, PosePanel
from app.ui.photos import Photos
from app.ui.picture import Picture
from app.ui.picture import main as main_map
from app.ui.recents import Recents
from app.ui.search import Search
from app.ui.shortcuts import ShortcutsPage
from app.ui.status import StatusLine
from app.ui.steps import StepsPage
from app.ui.studio import CURRENT, Studio
from app.ui.tour import WORDS, Tour
from assets.files import user_cache

P = TypeVar("P", bound=Panel)
BESIDE = 620  # that picture and pattern take side by side at least
ICONS = {name: name.lower() for name in ROOMS}
ABOUT = (
    "Toile is a 3D try-on studio: a person's body from photos, tapes or numbers, garments sewn from real patterns and "
    "draped by physics, a size and the reasons for it.\n\n"
    "Apache-2.0. The licences of the body, the models and the data are listed in README.md."
)


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
        self.picture = Picture(studio)
        self.filing = Filing(studio, self, lambda: self.picture.viewport.picture())
        self.filing.changed.connect(self._entitle)
        self.tour: Tour | None = None
        self.pages: dict[type, QDialog] = {}
        self._bound: object = None
        self.matrix: MatrixPage | None = None
        self.flat: FlatView | None = None
        self.advice = AdvicePanel(studio)
        self.advice.setFixedWidth(theme.RIGHT)
        self.advice.questions.led.connect(partial(lead, self))
        self.status = StatusLine(studio)
        self.rooms = self._make_rooms()
        self._lay_out()
        self.actions_by_name = actions.build(self, self.do)
        self.search = Search(actions.found_by(self.actions_by_name))
        corner = self._corner = QWidget()
        around = QHBoxLayout(corner)
        around.setContentsMargins(0, 2, 8, 2)
        around.addWidget(self.search)
        self.menuBar().setCornerWidget(corner)
        self.picture.asked.connect(self.do)
        self.picture.showing.pinning.drawn.connect(self.reflect)
        self.status.asked.connect(self.do)
        studio.changed.connect(self.reflect)
        studio.settings_changed.connect(self.reflect)
        studio.looked.connect(self._welcome)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._retheme)
        theme.dress(self)
        self._redressing = Gradually(self)
        self._tint()
        self.reflect()
        self.open_room("Body")
        self.resize(1440, 900)

    def do(self, name: str) -> None:
        """One of the actions, by its name in actions.ENTRIES; "fabric 1" opens that garment's fabric."""
        if name in ROOMS:
            self.open_room(name)
        elif name.startswith("fabric "):
            self.panel("Fabric", FabricPanel).choose_garment(int(name.split()[1]))
        elif name in self._doings():
            self._doings()[name]()
        else:
            self.picture.do(name)
        self.reflect()

    def take_over(self, before: "Window") -> None:
        """Take the place of a window of the same studio: its file, its room, its cameras."""
        self.filing.take_over(before.filing)
        self.setGeometry(before.geometry())
        self.setWindowState(before.windowState())
        self.open_room(next(room for room, panel in before.panels.items() if panel is before.stack.currentWidget()))
        self.picture.viewport.look_as(before.picture.viewport)
        self.actions_by_name["alone"].setChecked(before.actions_by_name["alone"].isChecked())
        self.reflect()

    def open_room(self, room: str) -> None:
        if room not in self.panels:
            panel = self.panels[room] = ROOMS[room](self.studio)
            panel.go.connect(self.do)
            self.stack.addWidget(panel)
        self.stack.setCurrentWidget(self.panels[room])
        self.rooms[room].setChecked(True)
        self.studio.posing.edit(room == "Pose")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for button in self.rooms.values():
            button.setFixedHeight(32 if self.height() >= 720 else 26)
        self._make_room()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.filing.may_leave():
            event.ignore()
            return
        self.hide()
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

    def panel(self, room: str, kind: type[P]) -> P:
        """The panel of a room, which is opened."""
        self.open_room(room)
        panel = self.panels[room]
        assert isinstance(panel, kind)
        return panel

    def _make_rooms(self) -> dict[str, QToolButton]:
        self.stack = QStackedWidget()
        self.panels: dict[str, Panel] = {}
        buttons, group = {}, QButtonGroup(self)
        for name in ROOMS:
            button = styled(QToolButton(), "room")
            button.setText(f"  {spoken(name)}")
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setIconSize(QSize(20, 20))
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setAccessibleName(spoken(f"{name} room"))
            button.clicked.connect(lambda _=False, name=name: self.open_room(name))
            theme.set_icon(button, ICONS[name])
            group.addButton(button)
            buttons[name] = button
        return buttons

    def _lay_out(self) -> None:
        self.left = styled(QWidget(), "panel")
        self.left.setFixedWidth(theme.LEFT)
        left = QVBoxLayout(self.left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        rail = QVBoxLayout()
        rail.setContentsMargins(8, 8, 8, 8)
        rail.setSpacing(0)
        for button in self.rooms.values():
            rail.addWidget(button)
        left.addLayout(rail)
        left.addWidget(hairline())
        left.addWidget(self.stack, 1)
        self.edges = [hairline(vertical=True), hairline(vertical=True)]
        middle = QHBoxLayout()
        middle.setSpacing(0)
        self.beside = QSplitter()
        self.beside.setChildrenCollapsible(False)
        self.beside.setHandleWidth(3)
        self.beside.addWidget(self.picture)
        for widget in (self.left, self.edges[0], self.beside, self.edges[1], self.advice):
            middle.addWidget(widget, 1 if widget is self.beside else 0)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(hairline())
        column.addLayout(middle, 1)
        column.addWidget(hairline())
        column.addWidget(self.status)
        self.setCentralWidget(whole)

    def _doings(self) -> dict[str, Callable[[], object]]:
        studio = self.studio
        return {
            "open photo": lambda: self.photos.choose(),
            "open scan": lambda: self.photos.choose_scan(),
            "open garment": lambda: self.meshes.choose(),
            "capture": self.photos.capture,
            "new": self._new_person,
            "new project": self.filing.new,
            "open": self._open,
            "recent": lambda: Recents(self.filing, self).open(),
            "save": self.filing.save,
            "save as": self.filing.save_as,
            "sample": self.filing.sample,
            "export": lambda: exporting.choose(studio, self),
            "turntable": lambda: exporting.turn(studio, self),
            "save job": lambda: jobpage.save(studio, self),
            "do job": lambda: JobPage(studio, self).show(),
            "quit": self.close,
            "undo": studio.history.undo,
            "redo": studio.history.redo,
            "copy details": self._copy_details,
            "ask": self.advice.ask,
            "at ease": lambda: studio.posing.choose("Stand at ease", None),
            "open pose": lambda: self.panel("Pose", PosePanel).choose_file(),
            **{name: partial(self._move_by, name) for name in MOVEMENTS},
            "still": studio.playing.stop,
            "female": lambda: studio.evidence("Sex: female", replace(studio.project.evidence, sex=0.0)),
            "male": lambda: studio.evidence("Sex: male", replace(studio.project.evidence, sex=1.0)),
            "all estimated": lambda: studio.evidence("Forget all tapes", replace(studio.project.evidence, tapes={})),
            "auto sizes": self._auto_sizes,
            "try again": studio.refresh,
            "alone": self.reflect,
            "advice": lambda: studio.keep(advice=not studio.settings.advice),
            "flat": lambda: studio.keep(flat=not studio.settings.flat),
            "system": lambda: studio.keep(theme="system"),
            "dark": lambda: studio.keep(theme="dark"),
            "light": lambda: studio.keep(theme="light"),
            **{f"mouse {name}": partial(studio.keep, navigation=name) for name in NAVIGATIONS},
            **{name: partial(languages.change, self, code) for name, code in languages.ACTIONS.items()},
            "metric": lambda: studio.keep(length="cm", mass="kg"),
            "imperial": lambda: studio.keep(length="in", mass="lb"),
            "search": self.search.begin,
            "history": lambda: self._page(StepsPage),
            "shortcuts": lambda: self._page(ShortcutsPage),
            "certificate": lambda: self._page(CertificatePage),
            "on photo": lambda: self._page(OnPhotoPage),
            "matrix": self._show_matrix,
            "log": lambda: LogPage(studio.log, self).show(),
            "logs": lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(user_cache()))),
            "about": lambda: QMessageBox.about(self, spoken("About Toile"), spoken(ABOUT)),
        }

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
        self.left.setVisible(not alone)
        self.edges[0].setVisible(not alone)
        self._make_room()
        self._entitle()
        self._retheme()

    def _make_room(self) -> None:
        """Show the advice where it is wanted and leaves room for the picture and the pattern beside it."""
        settings, alone = self.studio.settings, self.actions_by_name["alone"].isChecked()
        crowded = settings.flat and self.width() < theme.LEFT + theme.RIGHT + BESIDE
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
        worn = ", ".join(title(wish) for wish in self.studio.project.wishes)
        name = self.filing.title if self.filing.path else worn or self.filing.title
        self.setWindowTitle(spoken(f"{name}[*] · Toile"))
        self.setWindowModified(self.filing.modified)

    def _open(self) -> None:
        start = self.studio.settings.folder or str(Path.home())
        names, _ = QFileDialog.getOpenFileNames(
            self, spoken("Open"), start, spoken(f"{opening.FILTER};;{filing.FILTER}")
        )
        if names:
            self.studio.keep(folder=str(Path(names[0]).parent))
            opening.take(self, [Path(name) for name in names])

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

    def _move_by(self, name: str) -> None:
        self.panel("Pose", PosePanel).move_by(name)

    def _new_person(self) -> None:
        """Somebody else, in the same garments as they were designed."""
        project = self.studio.project
        wishes = tuple(replace(wish, alterations={}) for wish in project.wishes)
        self.studio.do("New person", Project(Evidence(), wishes, project.view))

    def _auto_sizes(self) -> None:
        wishes = self.studio.project.wishes
        self.studio.wishes("Automatic sizes", tuple(replace(wish, size=AUTO, alterations={}) for wish in wishes))

    def _welcome(self) -> None:
        """On the first start, as soon as there is something to look at."""
        if self.studio.settings.toured or self.tour is not None or self.studio.state != CURRENT:
            return
        stops = tuple(zip((self.left, self.picture, self.advice), WORDS, strict=True))
        self.tour = Tour(self, stops, lambda: self.studio.keep(toured=True))

    def _copy_details(self) -> None:
        note = self.studio.log.last_failure
        if note:
            copied(note)
            self.studio.said.emit("The details are on the clipboard")

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

    def _page(self, kind: "type[CertificatePage | StepsPage | ShortcutsPage | OnPhotoPage]") -> None:
        """Show a page that stays open beside the window, made when it is first asked for."""
        page = self.pages.get(kind) or kind(self.studio, self)
        self.pages[kind] = page
        page.show()
        page.raise_()
        page.activateWindow()

    def _show_matrix(self) -> None:
        if self.studio.state != CURRENT or not self.studio.project.wishes:
            self.studio.said.emit("There is nothing to compare yet: wait for the drape, or put on a garment")
            return
        if self.matrix is None or not self.matrix.isVisible():
            if self.matrix is not None:
                self.matrix.deleteLater()
            self.matrix = MatrixPage(self.studio, self)
        self.matrix.show()
        self.matrix.raise_()
