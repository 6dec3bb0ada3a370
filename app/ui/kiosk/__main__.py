"""One visit as a process: `python -m app.ui.kiosk SETTINGS FILM`, started by the keeper, hidden until it asks.

SETTINGS is the shop's settings as JSON with the `file` that they lie in and the `trouble` with them, FILM the folder of
the pictures that turn.
"""

import json
import os
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.jobs import Jobs
from app.kiosk.shopfront import Shopfront, of_plain
from app.project import Project
from app.secrecy import close_up
from app.ui import theme
from app.ui.collecting import Collector
from app.ui.kiosk.parts import set_unit, sheet
from app.ui.kiosk.pulse import Pulse, end
from app.ui.kiosk.window import Kiosk
from app.ui.starting import prepare
from app.ui.studio import Studio
from assets.files import user_cache

ENGINE = "app.kiosk.engine"


def main(settings: str, film: str, engine: str = ENGINE) -> int:
    """The visit's life: warm up, wait to be shown, serve, be ended."""
    secrecy = close_up()
    told = json.loads(settings)
    file, trouble = told.pop("file", ""), told.pop("trouble", "")
    shop = of_plain(told)
    prepare()
    application = QApplication(["toile-kiosk"])
    dress()
    screen = application.primaryScreen().size()
    width, height = window_size(shop, screen.width(), screen.height())
    set_unit(width, height)
    jobs = Jobs(("engine", "eyes"), log=user_cache() / "engine.log")
    studio = Studio(Project(), jobs, engine=engine, previews=False)
    pulse = Pulse()
    sys.excepthook = _fall
    threading.excepthook = lambda told: _fall(told.exc_type, told.exc_value or told.exc_type(), told.exc_traceback)
    kiosk = Kiosk(studio, shop, Path(film), pulse.tell, file=Path(file) if file else None, trouble=trouble)
    kiosk.resize(width, height)
    if not shop.windowed:
        kiosk.setCursor(Qt.CursorShape.BlankCursor)
    pulse.shown.connect(kiosk.show if shop.windowed else kiosk.showFullScreen)
    pulse.shown.connect(kiosk.warm_up)
    pulse.warmed.connect(kiosk.warm_up)
    Collector(application)
    pulse.start()
    pulse.tell(ready=os.getpid(), secrecy=secrecy.plain())
    code = application.exec()
    studio.close()
    return code


def _fall(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What was not foreseen, on whichever thread, ends the visit, rather than leave somebody before a page that does
    not answer, or before a camera that nobody reads any more."""
    traceback.print_exception(kind, error, trace)
    end()


def dress() -> None:
    """The light theme, in the kiosk's sizes."""
    theme.apply(theme.LIGHT)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setStyleSheet(sheet())


def window_size(shop: Shopfront, width: int, height: int) -> tuple[int, int]:
    """The whole screen; in a window three quarters of it."""
    return (round(0.75 * width), round(0.75 * height)) if shop.windowed else (width, height)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
