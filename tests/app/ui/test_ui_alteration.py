"""What to change in a garment is offered beside its fit, and applied by one click that can be undone."""

import pytest

pytest.importorskip("PySide6")

from tests.app.driver import Driver


def _words(page) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(label.text() for label in page.findChildren(QLabel))


def test_a_change_is_shown_applied_and_taken_back(driver: Driver) -> None:
    panel, before = driver.room("Fit"), driver.studio.project
    driver.click("What to change in T-shirt M")
    driver.until(lambda: panel.offer is not None and panel.offer.isVisible())
    words = _words(panel.offer)
    assert "too tight" in words and "Add 2.0 cm at the waist" in words and "5.0 cm → 7.0 cm" in words
    panel.offer.take.click()
    wish = driver.studio.project.wishes[0]
    assert wish.alterations == {"ease_waist": 0.02} and wish.size == "M"
    driver.room("Garment")
    driver.click("T-shirt as designed, without alterations")
    assert driver.studio.project.wishes[0].alterations == {}
    driver.window.do("undo")
    driver.window.do("undo")
    assert driver.studio.project is before
    driver.current()


def test_a_change_is_only_for_what_it_was_found_for(driver: Driver) -> None:
    panel = driver.room("Fit")
    driver.click("What to change in T-shirt M")
    driver.until(lambda: panel.offer is not None and panel.offer.isVisible())
    driver.room("Garment").put_on("tee", "L")
    assert not panel.offer.take.isEnabled() and "changed since" in _words(panel.offer)
    driver.window.do("undo")
    assert panel.offer.take.isEnabled()
    panel.offer.reject()
    driver.current()
