"""History as a list, actions by search, keys of one's own, and the log: in the real window."""

from collections.abc import Iterator

import pytest

pytest.importorskip("PySide6")

from tests.app.driver import Driver


@pytest.fixture(scope="module")
def driver(application) -> Iterator[Driver]:
    made = Driver(application)
    made.studio.keep(shortcuts={})
    made.current()
    yield made
    made.studio.keep(shortcuts={})
    made.close()


def page_of(driver: Driver, kind: type):
    page = driver.window.pages[kind]
    driver.until(page.isVisible)
    return page


def test_a_click_in_the_history_goes_there_and_forward_again(driver: Driver) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from app.ui.steps import StepsPage

    start = driver.studio.project
    driver.click("Body room")
    for height in ("170", "172"):
        driver.type("Height [cm]", height)
        driver.studio.history.seal()
    driver.type("Weight [kg]", "70")
    driver.click("History: 3 steps")
    steps = page_of(driver, StepsPage).list
    lines = ["As it was opened", "Height", "Height", "Weight"]
    assert [steps.item(k).text() for k in range(steps.count())] == lines and steps.currentRow() == 3
    QTest.mouseClick(steps.viewport(), Qt.MouseButton.LeftButton, pos=steps.visualItemRect(steps.item(1)).center())
    assert driver.studio.project.evidence.height == pytest.approx(1.70) and steps.currentRow() == 1
    QTest.keyClick(steps, Qt.Key.Key_Down)
    assert driver.studio.project.evidence.height == pytest.approx(1.72)
    QTest.keyClick(steps, Qt.Key.Key_Home)
    assert driver.studio.project is start and driver.window.status.steps.text() == "0 steps"
    page_of(driver, StepsPage).close()
    driver.current()


def test_an_action_is_found_by_words_in_any_order_and_shows_its_keys(driver: Driver) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    search = driver.window.search
    driver.key("Ctrl+Shift+P")
    assert search.hasFocus()
    QTest.keyClicks(search, "map str")
    assert search.found(search.text())[:2] == ["View: Strain map", "View: Stress map"]
    popup = search.completer().popup()
    assert popup.isVisible()
    line = popup.model().index(0, 0)
    assert line.data(Qt.ItemDataRole.AccessibleTextRole) == "View: Strain map, Alt+7"
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    driver.rest(0.05)
    assert driver.studio.project.view.map == "stress" and not search.text() and not popup.isVisible()
    driver.window.do("undo")
    assert search.found("svas")[0] == "File: Save as…" and search.found("zzz") == []
    assert driver.window.actions_by_name["redo"].isEnabled() and not driver.window.actions_by_name["bands"].isEnabled()
    assert search.found("bands")[-1] == "View: Maps in eight bands", "what cannot be done now comes last"


def test_a_key_of_ones_own_works_and_two_actions_never_share_one(driver: Driver) -> None:
    from PySide6.QtGui import QKeySequence

    from app import settings
    from app.ui.shortcuts import ShortcutsPage

    studio, window = driver.studio, driver.window
    driver.key("F1")
    page = page_of(driver, ShortcutsPage)
    page.choose("four")
    page.keys.setKeySequence(QKeySequence("Ctrl+S"))
    driver.click("Use these keys")
    assert page.said.text() == "Ctrl+S is “Save” already." and not studio.settings.shortcuts
    driver.click("Use them here instead")
    assert studio.settings.shortcuts == {"save": "", "four": "Ctrl+S"}
    driver.until(lambda: dict(settings.load().shortcuts) == studio.settings.shortcuts)
    page.close()
    driver.key("Ctrl+S")
    assert studio.project.view.four and window.filing.path is None
    driver.key("Ctrl+4")
    assert studio.project.view.four
    window.do("undo")
    window.do("shortcuts")
    page.choose("save")
    driver.click("As Toile has it")
    assert "“Four views” now" in page.said.text()
    page.choose("search")
    driver.click("No keys")
    assert window.search.placeholderText() == "Search"
    page.search.setText("tape lines")
    assert page.list.topLevelItemCount() == 1 and page.list.topLevelItem(0).text(2) == "T"
    driver.click("All as Toile has them")
    assert not studio.settings.shortcuts and window.search.placeholderText() == "Search (Ctrl+K)"
    page.close()


def test_no_two_actions_begin_with_the_same_keys(driver: Driver) -> None:
    from app.ui.shortcuts import OWN, keys_of, taken

    for name in OWN:
        for keys in keys_of(name, {}):
            assert taken(keys, {name: ""}) is None, f"{name}: {keys.toString()}"


def test_the_picture_is_copied_by_its_key(driver: Driver) -> None:
    driver.application.clipboard().clear()
    driver.key("Ctrl+Shift+C")
    image = driver.application.clipboard().image()
    assert not image.isNull() and image.width() >= driver.window.picture.viewport.width()


def test_a_mistake_of_the_program_is_said_and_can_be_copied(driver: Driver, monkeypatch, capsys) -> None:
    import sys

    from PySide6.QtCore import QTimer

    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    driver.studio.log.watch(driver.studio.said.emit)

    def slip() -> None:
        raise ZeroDivisionError("a slip")

    QTimer.singleShot(0, slip)
    driver.until(lambda: driver.studio.log.last_failure)
    assert "Toile made a mistake (ZeroDivisionError: a slip)" in driver.window.status.words.text()
    driver.window.do("copy details")
    told = driver.application.clipboard().text()
    assert "in slip" in told and "Python" in told
