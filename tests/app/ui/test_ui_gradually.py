"""Work in pieces: hands come in between, newer work takes the older's place, and panels that are not seen wait."""

import time
from dataclasses import replace

import pytest

pytest.importorskip("PySide6")

from tests.app.driver import Driver


@pytest.fixture
def work(application):
    from PySide6.QtCore import QObject

    from app.ui.gradually import Gradually

    owner = QObject()
    yield Gradually(owner)
    owner.deleteLater()


def pieces(done: list, name: str, count: int):
    for k in range(count):
        time.sleep(0.004)
        done.append((name, k))
        yield


def test_hands_come_in_between_pieces(work, application) -> None:
    from PySide6.QtCore import QTimer

    done: list = []
    QTimer.singleShot(0, lambda: done.append("hand"))
    work.do(pieces(done, "panel", 20))
    while work.busy:
        application.processEvents()
    assert 0 < done.index("hand") < 20 and len(done) == 21


def test_newer_work_takes_the_place_of_what_is_not_done(work) -> None:
    done: list = []
    work.do(pieces(done, "old", 50))
    work.do(pieces(done, "new", 5))
    work.finish()
    assert done[-5:] == [("new", k) for k in range(5)] and ("old", 49) not in done and not work.busy


def test_work_that_the_last_piece_gives_is_done_too(work) -> None:
    done: list = []

    def last():
        yield
        work.do(pieces(done, "next", 20))

    work.do(last())
    work.finish()
    assert len(done) == 20 and not work.busy


def test_what_a_room_asks_somebody_holds_no_other_work(driver: Driver) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    from app.ui.gradually import Gradually
    from app.ui.panels import ROOMS

    rooms, other, done, counted = driver.window.rooms, Gradually(driver.window), [], []

    def ask(panel) -> None:
        dialog = QEventLoop()
        QTimer.singleShot(300, dialog.quit)
        before = len(done)
        dialog.exec()
        counted.append(len(done) - before)

    other.do(pieces(done, "other", 10_000))
    room = next(name for name in ROOMS if name not in rooms.panels)
    rooms.use(room, ROOMS[room], ask)
    driver.until(lambda: counted and not rooms.opening)
    other.drop()
    assert counted[0] > 5
    driver.room("Body")


def test_a_panel_that_is_not_seen_catches_up_when_it_is(driver: Driver) -> None:
    driver.click("Fabric room")
    panel = driver.window.rooms.panels["Fabric"]
    driver.click("Body room")
    wishes, before = driver.studio.project.wishes, panel.worn
    driver.studio.wishes("Twill", (replace(wishes[0], fabric="chino_twill"), *wishes[1:]))
    assert panel.worn == before
    driver.click("Fabric room")
    assert panel.worn == "chino_twill"
    driver.window.do("undo")
    assert panel.worn == before
    driver.current()


def test_what_is_done_aside_comes_back_and_so_does_its_error(work) -> None:
    import threading

    from app.ui.gradually import aside
    from assets.errors import InputRefused

    done: list = []

    def refuse() -> None:
        raise InputRefused("too wide")

    def pieces():
        done.append((yield from aside(lambda: threading.current_thread() is threading.main_thread())))
        try:
            yield from aside(refuse)
        except InputRefused as error:
            done.append(str(error))

    work.do(pieces())
    work.finish()
    assert done == [False, "too wide"]


def test_another_theme_reaches_every_widget_that_is_there(driver: Driver) -> None:
    from PySide6.QtCore import QPoint, QRect, QSize

    from app.ui import theme

    def ground(widget) -> str:
        at = QRect(widget.mapTo(driver.window, QPoint(2, 2)), QSize(1, 1))
        return driver.window.grab(at).toImage().pixelColor(0, 0).name().upper()

    driver.room("Fabric")
    hidden = driver.room("Body") and driver.window.rooms.panels["Fabric"]
    for name, told in (("light", theme.LIGHT), ("dark", theme.DARK)):
        driver.window.do(name)
        driver.until(lambda: not driver.window.redressing)
        assert ground(driver.window.rooms) == ground(driver.window.advice) == told.panel
        assert hidden.grab().toImage().pixelColor(2, 2).name().upper() == told.panel
        assert ground(driver.window.menuBar()) == told.window


def test_rooms_that_are_made_anew_leave_none_behind_whatever_a_hand_does_meanwhile(driver: Driver) -> None:
    rooms = driver.window.rooms
    driver.room("Body")
    for clicked in ("Body", "Fabric"):
        work = rooms.reworded()
        next(work, None)
        rooms.open(clicked)
        assert all(piece is None for piece in work)
        driver.until(lambda clicked=clicked: driver.in_room(clicked))
        assert rooms.stack.count() == len(rooms.panels)
    next(rooms.reworded(), None)  # another language takes the place of this one
    assert all(piece is None for piece in rooms.reworded())
    assert rooms.stack.count() == len(rooms.panels) == 1 and driver.in_room("Fabric")
