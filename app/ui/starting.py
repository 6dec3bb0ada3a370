"""How the studio starts, and how long it stays."""

import os
import sys
from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app.jobs import Jobs
from app.project import Project
from app.ui import theme
from app.ui.canvas import choose_format
from app.ui.collecting import Collector
from app.ui.studio import Studio
from app.ui.window import Window
from assets.files import user_data


def main(argv: Sequence[str] = ()) -> int:
    """Open the studio with the sample, and stay until it is closed."""
    prepare()
    application = QApplication.instance() or QApplication(["toile", *argv])
    assert isinstance(application, QApplication)
    application.setApplicationName("Toile")
    application.setDesktopFileName("toile")
    return _stay(application)


def _stay(application: QApplication) -> int:
    """The window's life. It ends before the application does, or Qt would be taken down under it."""
    studio = Studio(Project(), Jobs(log=user_data() / "engine.log"))
    theme.apply(theme.choose(studio.settings.theme))
    window = Window(studio)
    window.setWindowIcon(QIcon(theme.icon("garment")))
    window.show()
    Collector(window)
    QTimer.singleShot(0, lambda: studio.start(with_sample=True))
    code = application.exec()
    studio.close()
    return code


def prepare() -> None:
    """What must be set before Qt and OpenGL are first used."""
    if sys.platform == "linux":
        os.environ.setdefault("PYOPENGL_PLATFORM", "egl")
        os.environ.setdefault("QT_XCB_GL_INTEGRATION", "xcb_egl")
    os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia.*=false")
    choose_format()
