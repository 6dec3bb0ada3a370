"""Capturing front and side: from a video file, and from cameras that Qt's tests can fake."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from body.frame import Frame


@pytest.fixture
def studio(application, forked) -> Iterator:
    from app.ui.studio import Studio
    from tests.app.people import somebody

    made = Studio(somebody(), engine="tests.app.fake_engine")
    yield made
    made.close()


class Moving:
    """A source of grey frames, twenty a second, each brighter than the one before."""

    name = "moving"

    def __init__(self, count: int = 40) -> None:
        self.count = count

    def frames(self) -> Iterator[Frame]:
        for k in range(self.count):
            yield Frame(np.full((90, 60, 3), 1 + k % 255, np.uint8), 0.05 * k, self.name)


class Broken:
    """A source that cannot be read."""

    name = "broken"

    def frames(self) -> Iterator[Frame]:
        from assets.errors import InputRefused

        raise InputRefused("cannot read broken.mp4 as a video")
        yield


def _until(application, condition: Callable[[], object], limit: float = 60.0) -> None:
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
    _until(application, lambda: dialog.take.isEnabled() and dialog.advice.text() == "Good. Stand still")
    assert dialog.preview.track is not None and dialog.preview.good and dialog.preview.sides is None
    assert dialog.preview.guide == "front" and "arms off" in dialog.step.text()
    dialog.take.click()
    assert dialog.preview.count == capture.COUNTDOWN and not dialog.take.isEnabled()
    _until(application, lambda: len(dialog.photos) == 1)
    assert "side, arms out forward" in dialog.step.text() and dialog.use.text() == "Use front only"
    assert dialog.preview.guide == "side"
    _until(application, lambda: dialog.advice.text() == "Turn your side to the camera, a quarter turn")
    assert dialog.preview.words == dialog.advice.text()
    _until(application, lambda: dialog.advice.text() == "Good. Stand still")
    dialog.take.click()
    _until(application, lambda: len(dialog.photos) == 2)
    assert dialog.use.text() == "Use both" and not dialog.take.isEnabled() and not dialog.preview.guide
    dialog.use.click()
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert all(photo.pixels.shape == (90, 60, 3) for photo in dialog.photos)


def test_a_turn_on_the_spot_fills_the_ring_and_is_taken_when_it_is_whole(application, studio, monkeypatch) -> None:
    from PySide6.QtWidgets import QDialog

    from app.ui import capture
    from body.live.turn import SIDES

    monkeypatch.setattr(capture, "open_source", lambda path: Moving(1200))
    dialog = capture.Capture(studio, Path("person.mp4"), None)
    dialog._done.setInterval(50)
    dialog.modes.buttons[capture.ROUND].click()
    assert not dialog.use.isEnabled() and "turn" in dialog.step.text()
    dialog.show()
    _until(application, lambda: 2 <= dialog.turn.sides().sum() < SIDES)
    assert dialog.use.isEnabled() and dialog.use.text() == f"Use {dialog.turn.sides().sum()} sides"
    assert dialog.preview.sides is not None and dialog.preview.sides.any()
    _until(application, lambda: dialog.result() == QDialog.DialogCode.Accepted)
    assert len({photo.burst for photo in dialog.photos}) == SIDES
    assert dialog.remarks == ()


class Plugged(Moving):
    """A camera that gives pictures until somebody pulls it."""

    def __init__(self) -> None:
        super().__init__(3000)
        self.pulled = threading.Event()
        self.closed = 0

    def frames(self) -> Iterator[Frame]:
        for frame in super().frames():
            if self.pulled.wait(0.02):
                return
            yield frame

    def close(self) -> None:
        self.closed += 1


def test_a_camera_that_vanishes_is_said_and_found_again_and_what_was_taken_stays(application, studio) -> None:
    from app.ui import capture, feed

    dialog = capture.Capture(studio, None, None)
    dialog.feed._again.setInterval(30)
    dialog._timer.setInterval(5)
    plugged: list[Plugged] = [Plugged()]
    opened: list[Plugged] = []

    def opener() -> Plugged | None:
        opened.extend(plugged[:1])
        return plugged.pop(0) if plugged else None

    dialog.show()
    dialog.feed.open(opener, live=True)
    _until(application, lambda: dialog.take.isEnabled())
    dialog.take.click()
    _until(application, lambda: len(dialog.photos) == 1)
    opened[0].pulled.set()
    _until(application, lambda: dialog.advice.text() == feed.GONE)
    assert opened[0].closed == 1 and dialog.preview.frame is None and not dialog.take.isEnabled()
    assert len(dialog.photos) == 1 and dialog.use.isEnabled()
    plugged.append(Plugged())
    _until(application, lambda: dialog.preview.frame is not None and dialog.advice.text() != feed.GONE)
    assert len(opened) == 2 and len(dialog.photos) == 1
    dialog.reject()
    _until(application, lambda: opened[1].closed == 1)


def test_a_video_that_is_slow_to_read_is_shown_all_the_same(application) -> None:
    from app.ui.feed import Feed

    class Slow(Moving):
        def frames(self) -> Iterator[Frame]:
            time.sleep(0.4)
            for frame in super().frames():
                time.sleep(0.08)
                yield frame

    feed, seen = Feed(), []
    feed.came.connect(lambda picture: seen.append(picture.frame.time))
    feed.open(lambda: Slow(6), live=False)
    _until(application, lambda: len(seen) >= 5)
    assert seen[:5] == sorted(seen[:5])
    feed.close()


def test_a_camera_that_shows_one_picture_for_ever_is_gone_until_it_moves(application, monkeypatch) -> None:
    from app.ui import feed as feeding

    class Frozen(Moving):
        def frames(self) -> Iterator[Frame]:
            while True:
                time.sleep(0.005)
                yield Frame(np.full((9, 9, 3), level[0], np.uint8))

    monkeypatch.setattr(feeding, "FROZEN", 0.2)
    feed, seen, said, level = feeding.Feed(), [], [], [7]
    feed._again.setInterval(10)
    feed.came.connect(seen.append)
    feed.said.connect(said.append)
    feed.open(lambda: Frozen(1), live=True)
    _until(application, lambda: len(said) >= 3)
    count = len(seen)
    assert count and set(said) == {feeding.GONE}
    _until(application, lambda: len(said) >= 6)
    assert len(seen) == count, "it is not shown again"
    level[0] = 8
    _until(application, lambda: len(seen) > count)
    feed.close()
    feed.open(lambda: Frozen(1), live=False)
    count, told = len(seen), len(said)
    _until(application, lambda: time.monotonic() - feed._changed > 0.5)
    assert len(seen) > count and len(said) == told, "a film may stand still"
    feed.close()


def test_a_camera_is_known_again_by_itself_or_else_by_its_name(application, monkeypatch) -> None:
    from app.ui import camera

    class Device:
        def __init__(self, id: bytes, name: str) -> None:
            self.id, self.description = lambda: id, lambda: name

    old = Device(b"a", "Camera")
    there: list[Device] = []
    monkeypatch.setattr(camera, "cameras", lambda: there)
    assert camera.plugged(old) is None
    there.append(Device(b"z", "Another"))
    assert camera.plugged(old) is None
    there.append(Device(b"b", "Camera"))
    assert camera.plugged(old) is there[1]
    there.append(Device(b"a", "Renamed"))
    assert camera.plugged(old) is there[2]


def test_only_the_newest_picture_waits(application) -> None:
    from app.ui.feed import Feed

    feed, seen = Feed(), []
    feed.came.connect(lambda picture: seen.append(picture))
    reader = threading.Thread(target=lambda: [feed._put(frame, feed._run) for frame in Moving(9).frames()])
    reader.start()
    reader.join()
    application.processEvents()
    assert [picture.frame.time for picture in seen] == [pytest.approx(0.4)]
    big = Frame(np.full((1280, 720, 3), 9, np.uint8), focal=1000.0)
    feed._put(big, feed._run)
    application.processEvents()
    assert seen[-1].frame is big and seen[-1].zoom == 2
    assert seen[-1].small.pixels.shape == (640, 360, 3) and seen[-1].small.focal == 500


def test_a_live_picture_that_is_gone_takes_its_camera_and_whoever_watches_with_it(
    application, studio, monkeypatch, capsys
) -> None:
    from shiboken6 import delete, isValid

    from app.project import Project
    from app.ui import watching
    from app.ui.preview import Preview
    from app.ui.reflection import Reflection

    monkeypatch.setattr(watching, "open_source", lambda path: Moving(100_000))
    mirror = Reflection(studio, __file__, Preview(mirror=True))
    mirror.begin(Project())
    feed = mirror.feed
    _until(application, lambda: mirror.preview.frame is not None)
    threads = [thread for _, thread in feed._read_by]
    delete(mirror.preview)
    _until(application, lambda: not any(thread.is_alive() for thread in threads))
    end = time.monotonic() + 0.3
    _until(application, lambda: time.monotonic() > end)
    assert not isValid(mirror) and not isValid(feed)
    assert capsys.readouterr().err == ""


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


def test_cameras_are_looked_for_once(application, studio, monkeypatch) -> None:
    from app.ui import capture

    opened = []
    monkeypatch.setattr(capture, "cameras", list)
    monkeypatch.setattr(capture.Capture, "_fill_sources", lambda dialog: opened.append(1))
    dialog = capture.Capture(studio, None, None)
    for _ in range(2):
        dialog.show()
        _until(application, lambda: opened)
        application.processEvents()
        dialog.hide()
    assert opened == [1]
    dialog.reject()
