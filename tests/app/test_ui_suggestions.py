"""Suggestions in the side panel under real hands: reasons, nothing twice, what a newcomer likes, what is counted."""

import pytest

pytest.importorskip("PySide6")

from PySide6.QtWidgets import QLabel

from app.shop import clicks
from tests.app.driver import Driver


def texts(driver: Driver) -> list[str]:
    panel = driver.window.findChild(type(suggestions(driver)))
    return [each.text() for each in panel.findChildren(QLabel)]


def suggestions(driver: Driver):
    from app.ui.suggestions import Suggestions

    return driver.window.findChild(Suggestions)


def test_what_the_catalogue_offers_is_there_with_its_reasons_and_is_tried_on(driver: Driver) -> None:
    panel = suggestions(driver)
    driver.until(lambda: panel.told is not None and "tee one" in texts(driver))
    assert any("72 % sure" in text for text in texts(driver)) and any(
        "Not enough data" in text for text in texts(driver)
    )
    driver.click("Try on tee one")
    driver.until(lambda: any(wish.article == "tee one" for wish in driver.studio.project.wishes))
    driver.until(lambda: panel.told is not None and "tee one" not in {one.id for one in panel.told.options})
    articles, places = clicks.counted()
    assert articles["tee one"].taken == 1 and places[0].taken == 1
    driver.window.do("undo")
    driver.current()


def test_an_answer_gives_reasons_and_others_show_nothing_twice(driver: Driver) -> None:
    panel = suggestions(driver)
    driver.until(lambda: panel.told is not None and len(panel.told.options) == 2)
    panel.answer("colour", "warm")
    driver.until(lambda: "As you said: warm" in texts(driver))
    panel.answer("colour", "warm")
    driver.until(lambda: "As you said: warm" not in texts(driver))
    driver.click("Other suggestions")
    driver.until(lambda: panel.told is not None and not panel.told.options)
    assert "Nothing more of the catalogue fits." in texts(driver)
