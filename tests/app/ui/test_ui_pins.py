"""Pins and tacks in the window: put in and taken out by clicks and from the list, undone, saved, part of the digest."""

import numpy as np
import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.projectfile import load, save
from garments.pinning import NOTHING
from tests.app.driver import Driver

PLACES = ((0.5, 0.40), (0.5, 0.46))


@pytest.fixture
def shown(driver: Driver) -> Driver:
    """The window with somebody dressed, as at first."""
    from tests.app.people import somebody

    driver.window.resize(1200, 800)
    driver.studio.history.restart(somebody())
    driver.current()
    driver.window.do("front")
    yield driver
    pinning = driver.window.picture.showing.pinning
    if pinning.card.isVisible():
        driver.click("Close pins and tacks")


def click(driver: Driver, place: tuple[float, float]) -> None:
    """Click where shares of what is free beside the card lie."""
    viewport, taken = driver.window.picture.viewport, driver.window.picture.showing.taken
    at = QPoint(int(place[0] * (viewport.width() - taken)), int(place[1] * viewport.height()))
    driver.click("Picture of the dressed person", at)


def held(driver: Driver) -> tuple:
    return tuple((*wish.held.pins, *wish.held.ties) for wish in driver.studio.project.wishes)


def test_a_pin_is_put_in_by_a_click_makes_the_result_stale_and_is_undone(shown: Driver) -> None:
    before = shown.studio.project
    shown.key("P")
    pinning = shown.window.picture.showing.pinning
    assert shown.window.actions_by_name["pin"].isChecked() and pinning.card.isVisible()
    click(shown, PLACES[0])
    assert sum(map(len, held(shown))) == 1 and shown.studio.project.key != before.key
    assert shown.studio.state != "current"
    shown.current()
    assert any(line.name == "pin" for line in shown.window.picture.viewport.scene.lines)
    assert pinning.card.list.count() == 1
    click(shown, PLACES[0])
    assert sum(map(len, held(shown))) == 0, "a click on the mark takes it out"
    shown.key("Ctrl+Z")
    assert sum(map(len, held(shown))) == 1
    shown.key("Ctrl+Z")
    assert shown.studio.project.key == before.key


def test_two_clicks_tack_and_escape_gives_up_halfway(shown: Driver) -> None:
    shown.key("Shift+P")
    click(shown, PLACES[0])
    assert sum(map(len, held(shown))) == 0, "one point is not tacked to anything"
    QTest.keyClick(shown.window.picture.viewport, Qt.Key.Key_Escape)
    click(shown, PLACES[0])
    click(shown, PLACES[1])
    assert sum(map(len, held(shown))) == 1
    mark = shown.window.picture.showing.pinning._marks()[0]
    assert mark.tack and len(mark.places) == 2 and np.ptp(mark.places[:, 1]) > 0.01
    QTest.keyClick(shown.window.picture.viewport, Qt.Key.Key_Escape)
    assert not shown.window.actions_by_name["tack"].isChecked()
    shown.key("Ctrl+Z")
    assert sum(map(len, held(shown))) == 0


def test_what_is_in_the_list_is_taken_out_and_two_pins_are_two_steps(shown: Driver) -> None:
    shown.key("P")
    for place in PLACES:
        click(shown, place)
    listed = shown.find("Pins and tacks that are in")
    assert listed.count() == 2 and listed.item(0).text().startswith("Pin in ")
    listed.setCurrentRow(0)
    kept = held(shown)[shown.window.picture.showing.pinning._marks()[1].garment]
    QTest.keyClick(listed, Qt.Key.Key_Delete)
    assert sum(map(len, held(shown))) == 1 and next(each for each in held(shown) if each)[0] in kept
    for count in (2, 1, 0):
        shown.key("Ctrl+Z")
        assert sum(map(len, held(shown))) == count


def test_beside_the_cloth_nothing_is_pinned(shown: Driver) -> None:
    shown.key("P")
    click(shown, (0.03, 0.5))
    assert all(wish.held == NOTHING for wish in shown.studio.project.wishes)
    shown.key("P")
    click(shown, PLACES[0])
    assert all(wish.held == NOTHING for wish in shown.studio.project.wishes), "the tool was put away"


def test_pins_are_saved_and_opened_again_alike(shown: Driver, tmp_path) -> None:
    shown.key("P")
    click(shown, PLACES[0])
    shown.key("Shift+P")
    click(shown, PLACES[1])
    click(shown, (0.5, 0.43))
    project = shown.studio.project
    save(project, str(tmp_path / "pinned.toile"))
    opened = load(str(tmp_path / "pinned.toile")).project
    assert [wish.held for wish in opened.wishes] == [wish.held for wish in project.wishes]
    assert sum(map(len, held(shown))) == 2 and opened.key == project.key
