"""A person at work: minutes of random but valid clicks, keys and drags in the real window, with its heart listened to.

A clock ticks on the window's thread; where it does not tick, the thread is blocked, and a watcher writes down what it
was doing. Under Xvfb; the same seed clicks the same. Dialogs that wait for an answer are dismissed. With the real
engine, or, --quick, with one that answers at once and draws a triangle.
"""

import os
import random
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

from benchmarks.preview import _display
from benchmarks.table import Row, row, run_seeded

LONG, QUICK, WAIT = 300.0, 30.0, 420.0
LIMIT = 50.0  # that a block may take [ms]
SEED = 7
NOT = {"quit", "logs", "Help", "capture"}
DISMISS = 400  # how often dialogs that wait for an answer are dismissed [ms]


def _hands(window, dice: random.Random) -> list[Callable[[], str]]:
    """What a person may do now, each telling what it was."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QDialog, QSlider

    def act() -> str:
        names = [name for name, action in window.actions_by_name.items()
                 if action.isEnabled() and name not in NOT]  # fmt: skip
        name = dice.choice(names)
        window.actions_by_name[name].trigger()
        return name

    def click() -> str:
        found = [each for each in window.findChildren(QAbstractButton)
                 if each.isVisible() and each.isEnabled() and not each.text().startswith("Capture")
                 and not getattr(each, "menu", lambda: None)()]  # fmt: skip
        if not found:
            return act()
        button = dice.choice(found)
        name = button.accessibleName() or button.text()
        button.click()
        return f"click {name}"

    def slide() -> str:
        found = [each for each in window.findChildren(QSlider) if each.isVisible() and each.isEnabled()]
        if not found:
            return act()
        slider = dice.choice(found)
        slider.setValue(dice.randint(slider.minimum(), slider.maximum()))
        return f"slide {slider.accessibleName()}"

    def choose() -> str:
        shown = (each for each in window.findChildren(QComboBox) if each.isVisible() and each.isEnabled())
        offered = {box: [k for k in range(box.count()) if "…" not in box.itemText(k)] for box in shown}
        found = [box for box, items in offered.items() if items]
        if not found:
            return click()
        box = dice.choice(found)
        box.setCurrentIndex(dice.choice(offered[box]))
        box.activated.emit(box.currentIndex())
        return f"choose {box.accessibleName()}"

    def drag() -> str:
        view = window.picture.viewport
        middle = QPoint(view.width() // 2, view.height() // 2)
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
        for k in range(1, 6):
            QTest.mouseMove(view, middle + QPoint(dice.randint(-20, 20) * k, dice.randint(-10, 10) * k))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle)
        return "turn the view"

    def undo() -> str:
        window.do(dice.choice(("undo", "undo", "redo")))
        return "undo"

    def shut() -> str:
        for page in window.findChildren(QDialog):
            page.close()
        return "close pages"

    return [act, act, act, click, click, slide, slide, choose, drag, drag, undo, shut]


def rows(quick: bool, seed: int) -> Iterator[Row]:
    server = None if os.environ.get("DISPLAY") else _display()
    if not os.environ.get("DISPLAY"):
        yield row("session", "no display, and no Xvfb", None, "ms", LIMIT)
        return
    try:
        yield from _session(QUICK if quick else LONG, quick, seed)
    finally:
        if server is not None:
            server.terminate()


def _session(length: float, fake: bool, seed: int) -> Iterator[Row]:
    from app.ui.starting import prepare

    prepare()
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from app.project import sample
    from app.ui import theme
    from app.ui.collecting import Collector
    from app.ui.studio import CURRENT, Studio
    from app.ui.window import Window
    from benchmarks.heart import Heart
    from tests.app.people import somebody

    application = QApplication(["toile"])
    theme.apply(theme.DARK)
    studio = Studio(somebody(), engine="tests.app.fake_engine") if fake else Studio(sample())
    studio.keep(toured=True, theme="dark")
    window = Window(studio)
    window.show()
    Collector(window)
    studio.start()

    def wait(condition: Callable[[], object], most: float) -> bool:
        end = time.monotonic() + most
        while not condition() and time.monotonic() < end:
            application.processEvents()
            time.sleep(0.002)
        return bool(condition())

    if not wait(lambda: studio.state == CURRENT, WAIT):
        why = f"no try-on after {WAIT:.0f} s: {studio.state}"
        yield row("block", "the longest block", None, "ms", LIMIT, why=why)
        return
    wait(lambda: False, 3.0)
    memory, workers = _resident(os.getpid()), sum(map(_resident, _children(os.getpid())))
    before, dice, did, failed = studio.project.key, random.Random(seed), 0, []
    dismissing = QTimer(application)
    dismissing.timeout.connect(_dismiss)
    dismissing.start(DISMISS)

    def fell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        traceback.print_exception(kind, error, trace)
        failed.append(f"{kind.__name__}: {error}")

    hook, sys.excepthook = sys.excepthook, fell
    heart, end = Heart(), time.monotonic() + length
    while time.monotonic() < end:
        did += 1
        try:
            heart.doing = dice.choice(_hands(window, dice))()
        except Exception as error:
            traceback.print_exc()
            failed.append(f"{type(error).__name__}: {error}")
        wait(lambda: False, dice.uniform(0.02, 0.25))
    heart.stop()
    for _ in range(10_000):
        if studio.history.undo_name is None:
            break
        studio.history.undo()
    same = studio.project.key == before
    sys.excepthook = hook
    window.filing.saved = studio.project
    window.close()
    studio.close()
    wall, spent, own = heart.waited, heart.spent, heart.own
    for took, doing, where in sorted(heart.longest, reverse=True)[:20]:
        print(f"  {1000 * took:.0f} ms after “{doing}”: {where}")
    for where, most in heart.blamed.most_common(12):
        print(f"  in all {most / 1000:.0f} ms in {where}")
    for each in dict.fromkeys(failed):
        print(f"  not caught: {each}")
    yield row("done", f"things done in {length:.0f} s", did, "")
    yield row("mistakes", "errors that nobody caught", len(failed), "", 0)
    yield row("undone", "undo returns to the start", float(same), "", 1, ">=")
    yield row("block", "the longest block, in processor time of the window's thread", spent[-1], "ms", LIMIT)
    yield row("block p99", "of a tick, processor time", spent[int(0.99 * len(spent))], "ms", LIMIT)
    yield row("blocks", "blocks over 50 ms of processor time", sum(each > LIMIT for each in spent), "", 0)
    yield row("block own", "the longest block by the clock, but for waiting for a processor", own[-1], "ms", LIMIT)
    yield row("blocks own", "of those over 50 ms", sum(each > LIMIT for each in own), "", 0)
    yield row("loop", "a bare loop of 10 million steps by the clock, to tell how busy the machine was", _loop(), "s")
    yield row("block wall", "the longest block by the clock, whatever else runs here", wall[-1], "ms", LIMIT)
    yield row("memory", "of the window's process at rest", memory, "MB", 900)
    yield row("memory of workers", "engine and the others at rest, shared pages counted in each", workers, "MB")


def _loop() -> float:
    """How long a bare loop takes by the clock now [s]: how busy the machine is."""
    start = time.monotonic()
    for _ in range(10_000_000):
        pass
    return time.monotonic() - start


def _dismiss() -> None:
    """Close what else waits for an answer, as Escape does."""
    from PySide6.QtWidgets import QApplication

    waiting = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    if waiting is not None:
        waiting.close()


def _resident(process: int) -> float:
    """Resident memory [MB]."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _children(process: int) -> list[int]:
    try:
        told = [path.read_text() for path in Path(f"/proc/{process}/task").glob("*/children")]
        own = [int(one) for each in told for one in each.split()]
    except OSError:
        return []
    return [*own, *(further for one in own for further in _children(one))]


if __name__ == "__main__":
    run_seeded(__doc__, rows, SEED)
