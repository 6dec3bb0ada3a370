"""Take the pictures of the user guide from the real window, on the sample that ships with Toile.

    xvfb-run -a -s "-screen 0 1440x900x24" python docs/pictures.py [--language zh] [--into FOLDER] [--home FOLDER]

Settings and results of the person who runs it are left alone: the window lives in a home of its own. With --home the
drape is kept there, and the next run takes it from the shelf.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.ui.window import Window

ROOT = Path(__file__).resolve().parents[1]
SIZE, COLOURS, PATIENCE = (1440, 900), 256, 900.0
"""Pixels of the window, colours of a picture, and how long [s] the first try-on may take."""
SHOTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("start", ("Body", "front")),
    ("garment", ("Garment", "three_quarter")),
    ("fabric", ("Fabric",)),
    ("colour", ("Colour",)),
    ("fit", ("Fit", "strain")),
    ("pressure", ("pressure", "four")),
    ("shop", ("Shop", "one", "look")),
    ("pose", ("Pose",)),
    ("pattern", ("Garment", "flat")),
)
"""Pictures by name: what is done before each, by names of actions."""
PAGES = ("certificate", "history", "shortcuts")


def main() -> int:
    """Take all pictures; 1 where there was no try-on to show."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--language", default="en")
    parser.add_argument("--into", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--home", type=Path)
    args = parser.parse_args()
    home = args.home or Path(tempfile.mkdtemp())
    os.environ.update({f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "CACHE", "DATA")})
    args.into.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(ROOT))
    window, turn = opened(args.language)
    try:
        return taken(window, turn, args.into)
    finally:
        window.filing.saved = window.studio.project
        window.close()


def opened(language: str) -> "tuple[Window, Callable[[float], None]]":
    """The window on the sample, and what lets it live for some seconds."""
    from app.ui.starting import prepare

    prepare()
    from PySide6.QtWidgets import QApplication

    from app.jobs import Jobs
    from app.project import Project
    from app.ui import languages, theme
    from app.ui.studio import Studio
    from app.ui.window import Window
    from assets.files import user_cache

    application = QApplication(["toile"])
    studio = Studio(Project(), Jobs(log=user_cache() / "engine.log"))
    studio.keep(toured=True, theme="dark", language=language, flat=False)
    languages.apply(languages.choose(language))
    theme.apply(theme.choose("dark"))
    window = Window(studio)
    window.resize(*SIZE)
    window.show()
    studio.jobs.start("engine")
    window.filing.sample()

    def turn(seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            application.processEvents()
            time.sleep(0.005)

    return window, turn


def taken(window: "Window", turn: Callable[[float], None], into: Path) -> int:
    """Every picture of SHOTS and PAGES."""
    from PySide6.QtWidgets import QDialog

    studio, end = window.studio, time.monotonic() + PATIENCE
    while not (studio.state == "current" and studio.offers and not studio.running):
        turn(0.2)
        if time.monotonic() > end:
            print(f"there is no try-on after {PATIENCE:.0f} s: {studio.failure or studio.state}", file=sys.stderr)
            return 1
    for name, doings in SHOTS:
        for doing in doings:
            window.do(doing)
        settle(window, turn, end)
        save(window.grab().toImage(), into / f"{name}.png")
    for name in PAGES:
        window.do(name)
        settle(window, turn, end)
        for page in window.findChildren(QDialog):
            if page.isVisible():
                save(page.grab().toImage(), into / f"{name}.png")
                page.close()
    return 0


def settle(window: "Window", turn: Callable[[float], None], end: float) -> None:
    """Until nothing runs, is drawn, or is told anew: two looks in a row, for one thing's end begins another; at most
    until `end`."""
    still = 0
    while still < 2 and time.monotonic() < end:
        turn(0.4)
        still = 0 if busy(window) else still + 1


def busy(window: "Window") -> bool:
    """Whether the window is not yet as it will stay."""
    from app.ui.goods import Goods
    from app.ui.refilled import Refilled

    canvas, flat = window.picture.viewport.canvas, window.flat
    shelves = [each for each in window.findChildren(Goods) if each.isVisible()]
    return bool(
        window.studio.running
        or window.studio.late
        or not canvas.settled
        or window.rooms.opening
        or window.rewording
        or window.redressing
        or (flat is not None and flat.isVisible() and flat.busy)
        or any(each.next_wanted() for each in shelves)
        or any(each.busy for each in window.findChildren(Refilled))
    )


def save(picture, path: Path) -> None:
    """A screenshot with few colours: a quarter of the bytes, and the eye does not miss them."""
    from PIL import Image
    from PySide6.QtGui import QImage

    plain = picture.convertToFormat(QImage.Format.Format_RGB888)
    image = Image.frombytes(
        "RGB", (plain.width(), plain.height()), bytes(plain.constBits()), "raw", "RGB", plain.bytesPerLine()
    )
    image.quantize(COLOURS).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    sys.exit(main())
