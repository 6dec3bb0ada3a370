"""The body panel: what is typed in any unit, tapes and their doubt, sliders, what changed."""

import pytest

pytest.importorskip("PySide6")

from tests.app.driver import Driver


@pytest.mark.parametrize(
    ("typed", "metres"), [("5'11", 1.8034), ("180", 1.80), ("1.8 m", 1.80), ("70 in", 1.778), ("1,75 m", 1.75)]
)
def test_a_height_is_typed_in_any_unit(driver: Driver, typed: str, metres: float) -> None:
    driver.click("Body room")
    driver.type("Height [cm]", typed)
    assert driver.studio.project.evidence.height == pytest.approx(metres, abs=1e-4)
    driver.current()
    driver.window.do("undo")
    driver.current()


def test_nonsense_is_marked_and_changes_nothing(driver: Driver) -> None:
    before = driver.studio.project
    for typed in ("tall", "17.8 m", "-3"):
        driver.type("Height [cm]", typed)
        entry = driver.find("Height [cm]")
        assert entry.property("wrong") and entry.toolTip() and driver.studio.project is before
    driver.type("Height [cm]", "168")
    assert not driver.find("Height [cm]").property("wrong")


def test_a_tape_is_locked_tells_its_source_and_is_released_by_double_click(driver: Driver) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    quantity = driver.window.rooms.panels["Body"].quantities["waist_girth"]
    assert quantity.source.text() == "Statistics ± 1.6 cm" and not quantity.lock.isChecked()
    driver.type("Waist girth [cm]", "81")
    assert dict(driver.studio.project.evidence.tapes) == {"waist_girth": pytest.approx(0.81)}
    assert quantity.lock.isChecked() and quantity.source.text() == "Tape ± 1.2 cm"
    QTest.mouseDClick(quantity.slider, Qt.MouseButton.LeftButton)
    driver.application.processEvents()
    assert not driver.studio.project.evidence.tapes and not quantity.lock.isChecked()
    driver.current()


def test_a_change_of_body_is_told_beside_each_measure_until_it_is_dismissed(driver: Driver) -> None:
    panel, studio, picture = driver.window.rooms.panels["Body"], driver.studio, driver.window.picture
    driver.type("Height [cm]", "168")
    driver.current()
    driver.type("Height [cm]", "180")
    driver.current()
    driver.until(lambda: studio.before is not None)
    waist = panel.quantities["waist_girth"]
    assert waist.change.text().startswith("+") and waist.change.text().endswith(" mm")
    driver.click("What changed: Before")
    films = [item for item in picture.viewport.scene.items if item.name in ("before", "grown")]
    assert films and all(item.material.opacity < 0.6 for item in films)
    driver.click("What changed: Before")
    assert not [item for item in picture.viewport.scene.items if item.name in ("before", "grown")]
    driver.window.do("undo")
    driver.window.do("undo")
    driver.click("Stop comparing")
    assert studio.before is None and not waist.change.text() and not picture.ghost.isVisible()


def test_a_tape_that_does_not_fit_says_so_in_its_row(driver: Driver) -> None:
    quantity = driver.window.rooms.panels["Body"].quantities["hip_girth"]
    driver.type("Hip girth [cm]", "140")
    driver.current()
    assert quantity.misfit.isVisible() and quantity.misfit.text() == (
        "A hip girth of 140 cm does not fit. The body shown is +100 mm off"
    )
    driver.click("Forget all tapes: have everything estimated")
    driver.current()
    assert not driver.studio.project.evidence.tapes and not quantity.misfit.isVisible()


def test_dragging_a_slider_is_one_step_and_undo_takes_it_back(driver: Driver) -> None:
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    before, steps = driver.studio.project, driver.studio.history.steps
    slider = driver.find("Weight slider")
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(60, 10))
    for x in range(70, 200, 10):
        QTest.mouseMove(slider, QPoint(x, 10))
        driver.application.processEvents()
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(200, 10))
    assert driver.studio.history.steps == steps + 1
    assert driver.studio.project.evidence.mass > before.evidence.mass
    driver.key("Ctrl+Z")
    assert driver.studio.project is before
    driver.key("Ctrl+Shift+Z")
    assert driver.studio.project is not before
    driver.click("Undo")
    assert driver.studio.project is before
    driver.current()
