"""The studio's window: rooms on the left, the person in the middle, advice on the right, one line below."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
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
from app.ui import actions, theme
from app.ui.advice import AdvicePanel
from app.ui.certificate import CertificatePage
from app.ui.controls import hairline, styled
from app.ui.flat import FlatView
from app.ui.matrix import MatrixPage
from app.ui.meshes import MESHES, Meshes
from app.ui.panels import ROOMS
from app.ui.panels.fabric import FabricPanel
from app.ui.panels.garment import title
from app.ui.panels.panel import Panel
from app.ui.panels.pose import MOVEMENTS, PosePanel
from app.ui.photos import PICTURES, SCANS, VIDEOS, Photos
from app.ui.picture import Picture
from app.ui.picture import main as main_map
from app.ui.status import StatusLine
from app.ui.studio import CURRENT, Studio
from app.ui.tour import Tour
from assets.files import user_cache
from body.motion import ENDINGS as POSES

ICONS = {name: name.lower() for name in ROOMS}
ABOUT = (
    "Toile is a 3D try-on studio: a person's body from photos, tapes or numbers, garments sewn from real patterns and "
    "draped by physics, a size and the reasons for it.\n\n"
    "Apache-2.0. The licences of the body, the models and the data are listed in README.md."
)
TOUR = (
    "Say who is dressed: a photo, or a few numbers. What you do not say is estimated, and shows its doubt.",
    "Drag to turn the person, use the wheel to come nearer. Strain, ease and pressure show how the garment fits.",
    "The size, how sure it is, and why. Click a size to wear it.",
)
GESTURES = (
    "Drag: turn round the person; in the Pose room, from a dot: bend the joint\n"
    "Right, middle or Shift + drag: move the picture\n"
    "Wheel or pinch: come nearer to the pointer\nDouble click on a slider: have the value estimated again\n"
    "A value may be typed with its unit: 178 cm, 5'10, 1.78 m, 70 in, 163 lb\n"
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
        self.tour: Tour | None = None
        self.certificate: CertificatePage | None = None
        self.matrix: MatrixPage | None = None
        self.flat: FlatView | None = None
        self.advice = AdvicePanel(studio)
        self.advice.setFixedWidth(theme.RIGHT)
        self.status = StatusLine(studio)
        self.rooms = self._make_rooms()
        self._lay_out()
        self.actions_by_name = actions.build(self, self.do)
        self.search = actions.Search(self.actions_by_name)
        corner = self._corner = QWidget()
        around = QHBoxLayout(corner)
        around.setContentsMargins(0, 2, 8, 2)
        around.addWidget(self.search)
        self.menuBar().setCornerWidget(corner)
        QShortcut(QKeySequence("Ctrl+K"), self).activated.connect(self.search.setFocus)
        self.picture.asked.connect(self.do)
        self.status.asked.connect(self.do)
        studio.changed.connect(lambda before, after: self._reflect())
        studio.settings_changed.connect(self._reflect)
        studio.looked.connect(self._welcome)
        QGuiApplication.styleHints().colorSchemeChanged.connect(lambda _: self._dress())
        self._dress()
        self.open_room("Body")
        self.resize(1440, 900)

    def do(self, name: str) -> None:
        """One of the actions, by its name in actions.ENTRIES; "fabric 1" opens that garment's fabric."""
        if name in ROOMS:
            self.open_room(name)
        elif name.startswith("fabric "):
            self.open_room("Fabric")
            panel = self.panels["Fabric"]
            assert isinstance(panel, FabricPanel)
            panel.choose_garment(int(name.split()[1]))
        elif name in self._doings():
            self._doings()[name]()
        else:
            self.picture.do(name)
        self._reflect()

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

    def closeEvent(self, event: QCloseEvent) -> None:
        self.hide()
        for page in self.findChildren(QDialog):
            page.close()
        self.studio.close()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ThemeChange:
            self._dress()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(_openable(url) for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if _openable(url)]
        if paths[0].suffix.lower() in POSES:
            self._pose_panel().open(paths[0])
            return
        in_garments = self.stack.currentWidget() is self.panels.get("Garment")
        if paths[0].suffix.lower() in MESHES and (in_garments or paths[0].suffix.lower() not in SCANS):
            self.meshes.open(paths[0])
            return
        self.photos.open(paths)
        self.open_room("Body")

    def _make_rooms(self) -> dict[str, QToolButton]:
        self.stack = QStackedWidget()
        self.panels: dict[str, Panel] = {}
        buttons, group = {}, QButtonGroup(self)
        for name in ROOMS:
            button = styled(QToolButton(), "room")
            button.setText(f"  {name}")
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setIconSize(QSize(20, 20))
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setAccessibleName(f"{name} room")
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
            "sample": lambda: studio.open_sample(lambda project: studio.do("Open the sample", project)),
            "export": self._export,
            "turntable": self._export_turn,
            "quit": self.close,
            "undo": studio.history.undo,
            "redo": studio.history.redo,
            "copy details": self._copy_details,
            "at ease": lambda: studio.posing.choose("Stand at ease", None),
            "open pose": lambda: self._pose_panel().choose_file(),
            **{name: partial(self._move_by, name) for name in MOVEMENTS},
            "still": studio.playing.stop,
            "female": lambda: studio.evidence("Sex: female", replace(studio.project.evidence, sex=0.0)),
            "male": lambda: studio.evidence("Sex: male", replace(studio.project.evidence, sex=1.0)),
            "all estimated": lambda: studio.evidence("Forget all tapes", replace(studio.project.evidence, tapes={})),
            "auto sizes": self._auto_sizes,
            "try again": studio.refresh,
            "alone": self._alone,
            "advice": lambda: studio.keep(advice=not studio.settings.advice),
            "flat": lambda: studio.keep(flat=not studio.settings.flat),
            "system": lambda: studio.keep(theme="system"),
            "dark": lambda: studio.keep(theme="dark"),
            "light": lambda: studio.keep(theme="light"),
            "metric": lambda: studio.keep(length="cm", mass="kg"),
            "imperial": lambda: studio.keep(length="in", mass="lb"),
            "shortcuts": self._shortcuts,
            "certificate": self._show_certificate,
            "matrix": self._show_matrix,
            "log": lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(user_cache()))),
            "about": lambda: QMessageBox.about(self, "About Toile", ABOUT),
        }

    def _reflect(self) -> None:
        """Make the menus and the window tell the project and the settings."""
        settings, view, history = self.studio.settings, self.studio.project.view, self.studio.history
        named = self.actions_by_name
        count = "four" if view.four else "compare" if view.beside else "one"
        for name in (main_map(view.map), count, settings.theme, *self.picture.showing.checked()):
            named[name].setChecked(True)
        for name, on in (("agx", view.tone == "agx"), ("xray", view.xray), ("section", view.section is not None)):
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
        named["undo"].setText(f"Undo {history.undo_name}" if history.undo_name else "Undo")
        named["redo"].setText(f"Redo {history.redo_name}" if history.redo_name else "Redo")
        named["copy details"].setEnabled(self.studio.failure is not None)
        alone = named["alone"].isChecked()
        self.left.setVisible(not alone)
        self.edges[0].setVisible(not alone)
        for widget in (self.advice, self.edges[1]):
            widget.setVisible(settings.advice and not alone)
        worn = ", ".join(title(wish) for wish in self.studio.project.wishes)
        self.setWindowTitle(f"{worn} · Toile" if worn else "Toile")
        wanted = theme.choose(settings.theme)
        if theme.current().name != wanted.name:
            self._dress()

    def _dress(self) -> None:
        chosen = theme.choose(self.studio.settings.theme)
        theme.apply(chosen)
        theme.retint(self)
        actions.tint(self.actions_by_name)
        self.picture.show_theme(chosen.name == "dark")
        self._reflect()

    def _pose_panel(self) -> PosePanel:
        self.open_room("Pose")
        panel = self.panels["Pose"]
        assert isinstance(panel, PosePanel)
        return panel

    def _move_by(self, name: str) -> None:
        self._pose_panel().move_by(name)

    def _new_person(self) -> None:
        """Somebody else, in the same garments as they were designed."""
        project = self.studio.project
        wishes = tuple(replace(wish, alterations={}) for wish in project.wishes)
        self.studio.do("New person", Project(Evidence(), wishes, project.view))

    def _auto_sizes(self) -> None:
        wishes = self.studio.project.wishes
        self.studio.wishes("Automatic sizes", tuple(replace(wish, size=AUTO, alterations={}) for wish in wishes))

    def _alone(self) -> None:
        self._reflect()

    def _welcome(self) -> None:
        """On the first start, as soon as there is something to look at."""
        if self.studio.settings.toured or self.tour is not None or self.studio.state != CURRENT:
            return
        stops = (
            (self.left, TOUR[0]),
            (self.picture, TOUR[1]),
            (self.advice, TOUR[2]),
        )
        self.tour = Tour(self, stops, lambda: self.studio.keep(toured=True))

    def _copy_details(self) -> None:
        failure = self.studio.failure
        if failure:
            QGuiApplication.clipboard().setText(f"{failure.sentence}\n\n{failure.details}")
            self.studio.said.emit("The details are on the clipboard")

    def _export(self) -> None:
        if self.studio.state != CURRENT or not self.studio.project.wishes:
            self.studio.said.emit("There is nothing to export yet: wait for the drape, or put on a garment")
            return
        start = self.studio.settings.folder or str(Path.home())
        folder = QFileDialog.getExistingDirectory(self, "Export into a folder", start)
        if folder:
            self.export(Path(folder))

    def _export_turn(self) -> None:
        if self.studio.state != CURRENT or not self.studio.project.wishes:
            self.studio.said.emit("There is nothing to film yet: wait for the drape, or put on a garment")
            return
        start = str(Path(self.studio.settings.folder or Path.home()) / "turn.mp4")
        kinds = "Film (*.mp4);;Moving picture (*.webp);;GIF (*.gif)"
        name, _ = QFileDialog.getSaveFileName(self, "Save the turn as", start, kinds)
        if name:
            self.studio.keep(folder=str(Path(name).parent))
            self.studio.ask(
                "export", "turntable", self.studio.project, name,
                done=lambda where: self.studio.said.emit(f"The turn lies in {where}"),
            )  # fmt: skip

    def export(self, folder: Path) -> None:
        """Write the command line's files into a folder, in the engine."""
        self.studio.keep(folder=str(folder))
        self.studio.ask(
            "export",
            "export",
            self.studio.project,
            str(folder),
            done=lambda where: self.studio.said.emit(f"Pictures, report and meshes lie in {where}"),
        )

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

    def _show_certificate(self) -> None:
        self.certificate = self.certificate or CertificatePage(self.studio, self)
        self.certificate.show()
        self.certificate.raise_()

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

    def _shortcuts(self) -> None:
        lines = [f"{e.keys}\t{e.text}" for e in actions.ENTRIES if e.keys]
        QMessageBox.information(self, "Shortcuts and gestures", GESTURES + "\n" + "\n".join(lines))


def _openable(url: QUrl) -> bool:
    return url.isLocalFile() and Path(url.toLocalFile()).suffix.lower() in (*PICTURES, *SCANS, *MESHES, *VIDEOS, *POSES)
