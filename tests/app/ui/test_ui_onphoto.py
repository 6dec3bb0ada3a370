"""The page of the dressed photos: says what it waits for, shows, hatches, saves, and forgets."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.app.driver import Driver


@pytest.fixture
def driver(application):
    made = Driver(application)
    yield made
    made.close()


def page(driver: Driver):
    from app.ui.onphoto import OnPhotoPage

    return driver.window.pages[OnPhotoPage]


def test_without_a_photo_the_page_says_what_to_do(driver: Driver) -> None:
    driver.current()
    driver.window.do("on photo")
    assert "Open photo" in page(driver).said.text() and not page(driver).save.isEnabled()


def test_photos_are_dressed_hatched_saved_and_forgotten(driver: Driver, tmp_path: Path) -> None:
    from PIL import Image

    from body.frame import Frame

    photo = Frame(np.full((90, 60, 3), 200, np.uint8), name="me.jpg")
    evidence = replace(driver.studio.project.evidence, photos=(photo, replace(photo, name="side.jpg")))
    driver.studio.evidence("Photos", evidence)
    driver.window.do("on photo")
    shown = page(driver)
    driver.until(lambda: len(shown.shown) == 2)
    assert shown.photo.image.pixelColor(30, 35).blue() == 120
    before = shown.photo.image.copy()
    shown.mark.click()
    assert shown.photo.image != before
    shown.write(tmp_path / "worn.png")
    assert Image.open(tmp_path / "worn.png").size == (60, 90)
    shown.next.click()
    assert shown.photo.image is not None
    shown.close()
    driver.studio.looked.emit()
    driver.turn()
    assert not shown.shown and shown.photo.image is None
