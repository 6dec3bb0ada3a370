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
