"""How the studio starts, and how long it stays."""

import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app.project import Project
from app.serving import Failure
from app.shelf import program
from app.ui import languages, theme
from app.ui.canvas import choose_format
from app.ui.collecting import Collector
from app.ui.log import complain
from app.ui.recents import Recovered
from app.ui.studio import Studio
from app.ui.window import Window
from assets.files import make_do, secure_shaders

HANDED_ON = 0.0005
"""After how long [s] a thread that computes hands Python on: the window's thread asks for it again after every call of
Qt, and would wait 5 ms each time."""


def main(argv: Sequence[str] = (), file: Path | None = None, language: str = "") -> int:
    """Open the studio with a project's file, the last one, or the sample, and stay until it is closed. `language`: one
    for this time, "" for that of the settings."""
    prepare()
    application = QApplication.instance() or QApplication(["toile", *argv])
    assert isinstance(application, QApplication)
    application.setApplicationName("Toile")
    application.setDesktopFileName("toile")
    return _stay(application, file, language)


def _stay(application: QApplication, file: Path | None, language: str) -> int:
    """The window's life. It ends before the application does, or Qt would be taken down under it."""
    homeless = make_do()
    studio = Studio(Project())
    for lane in ("clerk", "engine"):  # they come up while the window is made
        studio.jobs.start(lane)
    languages.apply(languages.choose(language or studio.settings.language))
    theme.apply(theme.choose(studio.settings.theme))
    window = Window(studio)
    window.setWindowIcon(QIcon(theme.icon("garment")))
    window.show()
    Collector(application)
    QTimer.singleShot(0, lambda: begin(window, file))
    if homeless:
        lost = Failure(f"{homeless}. Settings, and work that is not saved, last until this window is closed")
        QTimer.singleShot(0, lambda: complain(studio.log, window, "Nothing can be kept in your home", lost))
    before = sys.excepthook
    studio.log.watch(studio.said.emit)
    code = application.exec()
    sys.excepthook = before
    studio.close()
    return code


def begin(window: Window, file: Path | None) -> None:
    """The first thing to be seen: the file that was asked for, else the last one, else the sample. What was not saved
    before a crash is offered."""
    studio, filing = window.studio, window.filing
    threading.Thread(target=program, daemon=True).start()  # its digest is asked for by the shop, and takes a moment
    left = filing.watch()
    last = next((Path(name) for name in studio.settings.recent[:1] if Path(name).is_file()), None)
    wanted = file or last
    if wanted is not None:
        filing.open(wanted, otherwise=filing.sample)
    else:
        filing.sample()
    if left:
        Recovered(filing, left, window).open()


def prepare() -> None:
    """What must be set before Qt and OpenGL are first used."""
    if sys.platform == "linux":
        os.environ.setdefault("PYOPENGL_PLATFORM", "egl")
        os.environ.setdefault("QT_XCB_GL_INTEGRATION", "xcb_egl")
    os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia.*=false")
    secure_shaders()
    sys.setswitchinterval(HANDED_ON)
    choose_format()
