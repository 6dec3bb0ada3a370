"""What each action of the window does, by its name in app/ui/actions.py."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox

from app.project import AUTO, Evidence, Project
from app.saying import spoken
from app.settings import NAVIGATIONS
from app.ui import exporting, filing, jobpage, languages, opening
from app.ui.certificate import CertificatePage
from app.ui.dialogs import open_files
from app.ui.jobpage import JobPage
from app.ui.log import LogPage, copied
from app.ui.matrix import MatrixPage
from app.ui.onphoto import PHOTOS, OnPhotoPage
from app.ui.panels.pose import MOVEMENTS, PosePanel
from app.ui.recents import Recents
from app.ui.shortcuts import ShortcutsPage
from app.ui.steps import StepsPage
from app.ui.studio import CURRENT, Studio
from assets.files import user_cache

if TYPE_CHECKING:
    from app.ui.window import Window

PAGES = {"history": StepsPage, "shortcuts": ShortcutsPage, "certificate": CertificatePage, "on photo": OnPhotoPage}
ABOUT = (
    "Toile is a 3D try-on studio: a person's body from photos, tapes or numbers, garments sewn from real patterns and "
    "draped by physics, a size and the reasons for it.\n\n"
    "Apache-2.0. The licences of the body, the models and the data are listed in README.md."
)


def doings(window: "Window") -> Mapping[str, Callable[[], object]]:
    """Everything but the rooms, and what the picture does itself."""
    studio = window.studio
    return {
        **_filing(window, studio),
        **_working(window, studio),
        **_keeping(window, studio),
        **{name: partial(window.show_page, kind) for name, kind in PAGES.items()},
        "search": lambda: window.search.begin(),
        "matrix": partial(_show_matrix, window),
        "log": lambda: LogPage(studio.log, window).show(),
        "logs": lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(user_cache()))),
        "copy details": partial(_copy_details, studio),
        "about": lambda: QMessageBox.about(window, spoken("About Toile"), spoken(ABOUT)),
    }


def _filing(window: "Window", studio: Studio) -> dict[str, Callable[[], object]]:
    """What comes in and goes out."""
    return {
        "open photo": lambda: window.photos.choose(),
        "open scan": lambda: window.photos.choose_scan(),
        "open garment": lambda: window.meshes.choose(),
        "capture": partial(_capture, window),
        "new": partial(_new_person, studio),
        "new project": window.filing.new,
        "open": partial(_open, window),
        "recent": lambda: Recents(window.filing, window).open(),
        "save": window.filing.save,
        "save as": window.filing.save_as,
        "sample": window.filing.sample,
        "export": lambda: exporting.choose(studio, window),
        "turntable": lambda: exporting.turn(studio, window),
        "save picture": lambda: exporting.picture(studio, window, window.picture.viewport),
        "save part": lambda: exporting.one_part(studio, window),
        "save movement": lambda: exporting.movement(studio, window),
        "save job": lambda: jobpage.save(studio, window),
        "do job": lambda: JobPage(studio, window).show(),
        "quit": window.close,
    }


def _working(window: "Window", studio: Studio) -> dict[str, Callable[[], object]]:
    """What changes the person, the garments or what is computed of them."""
    history, posing = studio.history, studio.posing
    return {
        "undo": history.undo,
        "redo": history.redo,
        "ask": lambda: window.advice.ask(),
        "at ease": lambda: posing.choose("Stand at ease", None),
        "open pose": lambda: window.rooms.use("Pose", PosePanel, PosePanel.choose_file),
        **{name: partial(_move, window, name) for name in MOVEMENTS},
        "still": studio.playing.stop,
        "female": lambda: studio.evidence("Sex: female", replace(studio.project.evidence, sex=0.0)),
        "male": lambda: studio.evidence("Sex: male", replace(studio.project.evidence, sex=1.0)),
        "all estimated": lambda: studio.evidence("Forget all tapes", replace(studio.project.evidence, tapes={})),
        "auto sizes": partial(_auto_sizes, studio),
        "try again": studio.refresh,
    }


def _keeping(window: "Window", studio: Studio) -> dict[str, Callable[[], object]]:
    """What is a setting."""
    return {
        **dict.fromkeys(("alone", "aside"), window.reflect),
        "advice": lambda: studio.keep(advice=not studio.settings.advice),
        "flat": lambda: studio.keep(flat=not studio.settings.flat),
        **{name: partial(studio.keep, theme=name) for name in ("system", "dark", "light")},
        **{f"mouse {name}": partial(studio.keep, navigation=name) for name in NAVIGATIONS},
        **{name: partial(languages.change, window, code) for name, code in languages.ACTIONS.items()},
        "metric": lambda: studio.keep(length="cm", mass="kg"),
        "imperial": lambda: studio.keep(length="in", mass="lb"),
    }


def _open(window: "Window") -> None:
    if paths := open_files(window.studio, window, "Open", opening.FILTER, filing.FILTER):
        opening.take(window, paths)


def _capture(window: "Window") -> None:
    page = window.pages.get(OnPhotoPage)
    if isinstance(page, OnPhotoPage) and page.live:  # one camera at a time, and one pair of eyes
        page.choose(PHOTOS)
    window.photos.capture()


def _new_person(studio: Studio) -> None:
    """Somebody else, in the same garments as they were designed."""
    project = studio.project
    wishes = tuple(replace(wish, alterations={}) for wish in project.wishes)
    studio.do("New person", Project(Evidence(), wishes, project.view))


def _auto_sizes(studio: Studio) -> None:
    wishes = studio.project.wishes
    studio.wishes("Automatic sizes", tuple(replace(wish, size=AUTO, alterations={}) for wish in wishes))


def _move(window: "Window", name: str) -> None:
    window.rooms.use("Pose", PosePanel, lambda panel: panel.move_by(name))


def _copy_details(studio: Studio) -> None:
    note = studio.log.last_failure
    if note:
        copied(note)
        studio.said.emit("The details are on the clipboard")


def _show_matrix(window: "Window") -> None:
    if window.studio.state != CURRENT or not window.studio.project.wishes:
        window.studio.said.emit("There is nothing to compare yet: wait for the drape, or put on a garment")
        return
    page = window.pages.get(MatrixPage)
    if page is not None and not page.isVisible():  # it asks about the project as it was when it was opened
        window.pages.pop(MatrixPage).deleteLater()
    window.show_page(MatrixPage)
