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


def test_the_live_picture_is_dressed_and_nothing_of_it_stays(driver: Driver, monkeypatch) -> None:
    from app.ui import onphoto, watching
    from tests.app.customer import Mirror

    monkeypatch.setattr(onphoto, "cameras", list)
    monkeypatch.setattr(watching, "open_source", lambda path: Mirror())
    Mirror.turned = False
    driver.current()
    driver.window.do("on photo")
    shown = page(driver)
    shown.kinds.buttons[onphoto.LIVE].click()
    assert shown.said.text() == onphoto.NO_CAMERA and not shown.save.isVisible()
    shown.watch(__file__)
    driver.until(lambda: shown.reflection.rate > 0)
    assert (shown.reflection.preview.patch.pixels == (20, 40, 200, 255)).all()
    assert shown.said.text() == onphoto.WORN
    driver.studio.looked.emit()
    assert shown.reflection.feed.is_open, "what has not changed begins not anew"
    shown.close()
    assert not shown.reflection.feed.is_open and shown.reflection.preview.frame is None and not shown.live
