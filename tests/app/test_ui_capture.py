"""Capturing front and side: from a video file, and from cameras that Qt's tests can fake."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from body.frame import Frame


@pytest.fixture
def studio(application) -> Iterator:
    from app.ui.studio import Studio
    from tests.app.people import somebody

    made = Studio(somebody(), engine="tests.app.fake_engine")
    yield made
    made.close()


class Moving:
    """A source of a few grey frames, each brighter than the one before."""

    name = "moving"

    def frames(self) -> Iterator[Frame]:
        for k in range(20):
            yield Frame(np.full((90, 60, 3), 10 * k, np.uint8), 0.05 * k, self.name)


class Broken:
    """A source that cannot be read."""

    name = "broken"

    def frames(self) -> Iterator[Frame]:
        from assets.errors import InputRefused

        raise InputRefused("cannot read broken.mp4 as a video")
        yield


def _until(application, condition: Callable[[], object], limit: float = 15.0) -> None:
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < limit, "waited in vain"
        application.processEvents()
        time.sleep(0.005)


def test_front_and_side_are_taken_after_a_countdown_with_advice_meanwhile(application, studio, monkeypatch) -> None:
    from PySide6.QtWidgets import QDialog

    from app.ui import capture

    monkeypatch.setattr(capture, "open_source", lambda path: Moving())
    dialog = capture.Capture(studio, Path("person.mp4"), None)
    dialog._timer.setInterval(20)
    dialog.show()
    _until(application, lambda: dialog.take.isEnabled() and dialog.advice.text() == "Turn to face the camera")
    dialog.take.click()
    assert dialog.preview.count == capture.COUNTDOWN and not dialog.take.isEnabled()
    _until(application, lambda: len(dialog.photos) == 1)
    assert "side" in dialog.step.text() and dialog.use.text() == "Use front only"
    _until(application, lambda: dialog.advice.text() == "Good. Stand still")
    dialog.take.click()
    _until(application, lambda: len(dialog.photos) == 2)
    assert dialog.use.text() == "Use both" and not dialog.take.isEnabled()
    dialog.use.click()
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert all(photo.pixels.shape == (90, 60, 3) for photo in dialog.photos)


def test_a_source_that_fails_is_said_in_the_dialog(application, studio, monkeypatch) -> None:
    from app.ui import capture

    monkeypatch.setattr(capture, "open_source", lambda path: Broken())
    dialog = capture.Capture(studio, Path("broken.mp4"), None)
    dialog.show()
    _until(application, lambda: "cannot read broken.mp4" in dialog.advice.text())
    assert not dialog.take.isEnabled()
    dialog.reject()


def test_an_image_from_qt_keeps_its_pixels_whatever_its_width(application) -> None:
    from PySide6.QtGui import QColor, QImage

    from app.ui.camera import pixels

    image = QImage(13, 7, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 20, 30))
    image.setPixelColor(12, 6, QColor(200, 100, 50))
    seen = pixels(image)
    assert seen.shape == (7, 13, 3) and tuple(seen[0, 0]) == (10, 20, 30) and tuple(seen[6, 12]) == (200, 100, 50)
