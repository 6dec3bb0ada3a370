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

    from app.ui import onphoto
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
    assert not shown.shown and shown.photo.image is None
    driver.window.do("on photo")
    driver.studio.cancel(onphoto.JOB)
    assert onphoto.JOB not in driver.studio.running and shown.said.text() == "Stopped"
    shown.close()
    driver.studio.looked.emit()
    driver.turn()
    assert not shown.shown and shown.photo.image is None


def test_the_live_picture_is_dressed_and_nothing_of_it_stays(driver: Driver, monkeypatch) -> None:
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtTest import QTest

    from app.serving import Failure
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
    told: list[str] = []
    driver.studio.progressed.connect(lambda: told.append(shown.said.text()))
    shown.watch(__file__)
    driver.until(lambda: shown.reflection.rate > 0)
    assert any("made ready: draping the fake, 40 %; about 10 s more" in words for words in told)
    assert (shown.reflection.preview.patch.pixels == (20, 40, 200, 255)).all()
    assert shown.said.text() == onphoto.WORN
    driver.studio.looked.emit()
    assert shown.reflection.feed.is_open, "what has not changed begins not anew"
    seen: list[bool] = []

    def look_and_leave() -> None:
        seen.append(shown.reflection.feed.is_open)
        driver.application.activeModalWidget().reject()

    QTimer.singleShot(0, look_and_leave)
    driver.window.do("capture")
    assert seen == [False] and not shown.live, "one camera at a time"
    shown.kinds.buttons[onphoto.LIVE].click()
    shown.watch(__file__)
    assert shown.reflection.feed.is_open and shown.said.text() != onphoto.WORN, "another source is told of anew"
    shown._unready(Failure("The garments were not made ready"))
    shown._saw()
    driver.studio.progressed.emit()
    assert shown.said.text() == "The garments were not made ready"
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert not shown.reflection.feed.is_open and shown.reflection.preview.frame is None and not shown.live


def test_a_video_that_is_not_chosen_leaves_the_camera_that_was(driver: Driver, monkeypatch) -> None:
    from types import SimpleNamespace

    from PySide6.QtCore import QByteArray

    from app.ui import onphoto

    places = [QByteArray(f"/dev/video{k}".encode()) for k in range(2)]
    twins = [SimpleNamespace(description=lambda: "webcam", id=lambda place=place: place) for place in places]
    monkeypatch.setattr(onphoto, "cameras", lambda: twins)
    monkeypatch.setattr("app.ui.dialogs.QFileDialog.getOpenFileName", lambda *_: ("", ""))
    driver.window.do("on photo")
    shown = page(driver)
    shown.choose(onphoto.LIVE)
    for k in (1, 2):
        shown.sources.setCurrentIndex(k)
        shown.sources.activated.emit(k)
        assert shown.reflection.camera == "/dev/video1" and shown.sources.currentIndex() == 1
