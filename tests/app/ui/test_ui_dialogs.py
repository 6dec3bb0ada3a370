"""Every window that opens over the studio's, and every room: named for a screen reader, in one language, and readable.

Each is opened as a person opens it, in English on light and in Chinese on dark. What can be read is judged by what is
painted: the pixel of a word that stands out most from the colour round it.
"""

import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PySide6")

from app.saying import language as spoken_now
from tests.app.driver import Driver
from tests.app.ui.test_ui_language import HAN, english, speak
from tests.app.ui.test_ui_reach import ROOMS, contrast, nameless, seen

READABLE = 4.5
"""The least contrast of words with what they lie on (WCAG 2.2, AA)."""
SEEN = 3.0
"""The least contrast of a control with what it lies on."""
WAYS = [("en", "light"), ("zh", "dark")]
ENGLISH_TOO = ("中文", "·")
"""What stands in an English window in Chinese: the name of that language, and the other name beside a term's own."""


def _photo_of_two(driver: Driver) -> None:
    from app.incoming import Seen
    from body.frame import Frame

    frame = Frame(np.zeros((9, 6, 3), np.uint8), name="party.jpg")
    driver.window.photos._seen(Seen(frame, 2, ("left", "right")))


def _refused(driver: Driver) -> None:
    from app.serving import Failure

    driver.window.photos._refused(
        Failure("me.jpg: the person leans: stand upright, arms a little away from the body", "", "InputRefused")
    )


def _failed(driver: Driver) -> None:
    from app.serving import Failure
    from app.ui.exporting import REFUSED
    from app.ui.log import complain

    failure = Failure("the disk is full", "where it happened", "CannotWrite")
    complain(driver.studio.log, driver.window, REFUSED, failure)


def _unit(driver: Driver) -> None:
    from app.ui.meshes import Question

    Question(
        "polo.glb could be 70 cm long in cm or 178 cm long in inches: say its unit, or scale it to the body",
        driver.window,
    ).exec()


def _recovered(driver: Driver) -> None:
    from app.ui.recents import Recovered
    from app.ui.recovery import Left

    left = (Left(Path("gone"), "T-shirt", None, 1.7e9), Left(Path("gone"), "T-shirt", Path("her.toile"), 1.7e9))
    Recovered(driver.window.filing, left, driver.window).exec()


def _look(driver: Driver) -> None:
    from app.ui.panels.looks import ask

    ask(driver.studio, driver.window)


def _replace(driver: Driver) -> None:
    from app.ui.dialogs import _over

    _over(driver.window, Path("look.glb"))


def _change(driver: Driver) -> None:
    from app.ui.alteration import AlterationPage
    from assets.progress import silent
    from tests.app.fake_engine import alter

    project = driver.studio.project
    AlterationPage(driver.studio, project, alter(project, 0, "en", silent), driver.window).show()


def _doing(action: str) -> Callable[[Driver], None]:
    return lambda driver: driver.window.do(action)


WINDOWS: dict[str, Callable[[Driver], object]] = {
    **{
        name: _doing(name)
        for name in (
            "history", "shortcuts", "certificate", "log", "recent", "matrix", "on photo", "do job", "save picture",
            "about", "capture",
        )
    },
    "save first": lambda driver: driver.window.filing.ask(),
    "who is dressed": _photo_of_two,
    "refused": _refused,
    "failed": _failed,
    "unit": _unit,
    "recovered": _recovered,
    "look": _look,
    "replace": _replace,
    "change": _change,
}  # fmt: skip


@pytest.fixture(scope="module", params=WAYS, ids="-".join)
def dressed(request: pytest.FixtureRequest, driver: Driver) -> Iterator[tuple[Driver, str]]:
    """The window in a language and a theme; and the language."""
    language, theme = request.param
    driver.window.do(theme)
    driver.until(lambda: not driver.window.redressing)
    if spoken_now() != language:
        speak(driver, language)
    driver.current()
    yield driver, language
    if language != "en":
        speak(driver, "en")
    driver.studio.keep(language="", theme="dark")


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_named_in_one_language_and_readable(dressed: tuple[Driver, str], room: str) -> None:
    driver, language = dressed
    driver.room(room)
    driver.rest(0.05)
    assert wrong(driver.window, language) == []


@pytest.mark.parametrize("name", WINDOWS)
def test_a_window_over_it_is_named_in_one_language_and_readable(dressed: tuple[Driver, str], name: str) -> None:
    from PySide6.QtCore import QTimer

    driver, language = dressed
    found: list[str] = []
    end = time.monotonic() + 20.0

    def look() -> None:
        page = _over_the_window(driver)
        if page is None and time.monotonic() < end:
            QTimer.singleShot(20, look)
            return
        assert page is not None, "it did not open"
        page.repaint()
        found.extend([*wrong(page, language), *([] if page.windowTitle() else ["it has no title"])])
        page.close()

    QTimer.singleShot(50, look)
    WINDOWS[name](driver)
    driver.until(lambda: _over_the_window(driver) is None and time.monotonic() > end - 19.8)
    assert found == []


def _over_the_window(driver: Driver):
    """The window that is open over the studio's."""
    from PySide6.QtWidgets import QDialog

    return next(
        (page for page in driver.application.topLevelWidgets() if isinstance(page, QDialog) and page.isVisible()), None
    )


def wrong(window, language: str) -> list[str]:
    """What in a window has no name, is in another language, or cannot be read."""
    foreign = english(window) if language == "zh" else chinese(window)
    return [*nameless(window), *foreign, *pale(window)]


def chinese(window) -> list[str]:
    """What a person hears of an English window in Chinese."""
    from PySide6.QtGui import QAccessible

    root = QAccessible.queryAccessibleInterface(window)
    names = {name for _, name, _ in seen(root) if HAN.search(name)}
    return sorted(name for name in names if not any(known in name for known in ENGLISH_TOO))


def pale(window) -> list[str]:
    """What a window writes with too little contrast to what is round it, as painted."""
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QWidget

    from app.ui.camera import pixels
    from app.ui.tick import Tick

    picture = pixels(window.grab().toImage())
    found = []
    for part in window.findChildren(QWidget):
        if not isinstance(part, QLabel | QAbstractButton | QLineEdit | QComboBox) or not part.isVisible():
            continue
        text = part.currentText() if isinstance(part, QComboBox) else part.text()
        if (
            not part.isEnabled()
            or not re.search(r"\w", text)
            or part.window() is not window
            or part.visibleRegion().isEmpty()
        ):
            continue
        box = part.visibleRegion().boundingRect().translated(part.mapTo(window, part.rect().topLeft()))
        seen_of_it = picture[box.top() : box.bottom() + 1, box.left() : box.right() + 1]
        if box.height() >= part.fontMetrics().height() and (reached := painted(seen_of_it)) < READABLE:
            found.append(f"{type(part).__name__} {text[:40]!r}: {reached:.2f}")
        if isinstance(part, Tick):
            box = part.box().translated(part.mapTo(window, part.rect().topLeft()))
            reached = painted(picture[box.top() : box.bottom() + 1, box.left() : box.right() + 1])
            found += [f"the box of {text!r}: {reached:.2f}"] if reached < SEEN else []
    return found


def painted(picture: np.ndarray) -> float:
    """The contrast of the pixel that stands out most with the colour that most of a picture [h, w, 3] has."""
    codes, counts = np.unique(picture.reshape(-1, 3), axis=0, return_counts=True)
    written = ["#" + bytes(code.tolist()).hex() for code in codes]
    ground = written[int(counts.argmax())]
    return max(map(partial(contrast, ground), written))
