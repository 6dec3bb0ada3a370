"""What the kiosk does before its camera: pictures without a hand, the mirror, and nobody or too many in the picture."""

from collections.abc import Iterator

import numpy as np

from app.incoming import Followed
from app.kiosk import visit as visiting
from body.frame import Frame
from tests.app.customer import Mirror


def test_two_pictures_are_taken_without_a_hand_and_the_camera_is_closed_after_them(customer, monkeypatch) -> None:
    from app.ui import watching
    from app.ui.kiosk import standing

    monkeypatch.setattr(watching, "open_source", lambda path: Mirror())
    monkeypatch.setattr(standing, "WELL", 0.05)
    Mirror.turned = False
    one = customer(camera=__file__)
    one.kiosk.standing._tick.setInterval(20)
    one.press(one.say("press.begin"))
    assert not one.kiosk.standing.feed.is_open
    one.press(one.say("press.agree"))
    one.press(one.say("press.go_on"))
    assert not one.kiosk.standing.feed.is_open
    one.press(one.say("press.go_on"))
    one.at("front")
    assert one.kiosk.standing.feed.is_open and one.kiosk.standing.preview.mirror
    one.at("side")
    Mirror.turned = True
    one.at("body")
    assert not one.kiosk.standing.feed.is_open and one.kiosk.standing.frame is None
    assert len(one.kiosk.visit.photos) == 2 and len(one.studio.project.evidence.photos) == 2
    one.press(one.say("press.back"))
    one.at("front")
    assert not one.kiosk.visit.photos and one.kiosk.standing.feed.is_open


def test_without_a_camera_it_is_said_and_the_way_goes_on(customer, monkeypatch) -> None:
    from app.ui import watching

    monkeypatch.setattr(watching, "cameras", list)
    one = customer()
    for key in ("begin", "agree", "go_on", "go_on"):
        one.press(one.say(f"press.{key}"))
    one.at("front")
    one.until(lambda: one.kiosk.page.note.text() == one.say("say.camera_gone"))
    assert not one.buttons()[one.say("press.take")].isEnabled()
    one.press(one.say("press.without"))
    one.at("body")
    assert not one.kiosk.standing.feed.is_open
    one.until(lambda: one.kiosk.page.source.text())
    assert one.kiosk.page.why.text() != one.say("say.unlikely"), "a height alone contradicts nothing"


def test_the_mirror_dresses_whoever_is_before_it_and_closes_the_camera_after(customer, monkeypatch) -> None:
    from PySide6.QtWidgets import QLabel

    from app.ui import watching

    monkeypatch.setattr(watching, "open_source", lambda path: Mirror())
    one = customer(camera=__file__)
    Mirror.turned = False
    one.kiosk.become(visiting.Visit("body", "en", agreed="1", height=1.7))
    one.press(one.say("press.show_size"))
    one.press(one.say("name.tee"))
    one.press(one.say("press.see"))
    one.press(one.say("press.mirror"))
    assert one.kiosk.reflection.feed.is_open
    one.until(lambda: one.kiosk.reflection.rate > 0)
    preview = one.kiosk.reflection.preview
    assert (preview.patch.pixels == (20, 40, 200, 255)).all() and (preview.frame.pixels == 100).all()
    assert one.kiosk.page.note.text() == one.say("say.mirror_how")
    one.press(one.say("press.back"))
    assert one.kiosk.visit.step == "tryon" and not one.kiosk.reflection.feed.is_open
    assert preview.frame is None and preview.patch is None
    one.press(one.say("press.other"))
    one.until(lambda: [option.id for option in one.kiosk.wardrobe.options] == ["skirt"])
    lines = [line.text() for line in one.buttons()[one.say("name.skirt")].findChildren(QLabel)]
    assert one.say("say.why_goes", garment="T-shirt") in lines


def test_nobody_is_photographed_where_nobody_stands(customer, monkeypatch) -> None:
    from app.ui import watching
    from app.ui.kiosk import standing

    class Empty(Mirror):
        def frames(self) -> Iterator[Frame]:
            for frame in super().frames():
                yield Frame(np.zeros_like(frame.pixels), frame.time, frame.name)

    monkeypatch.setattr(watching, "open_source", lambda path: Empty())
    monkeypatch.setattr(standing, "WELL", 0.0)
    one = customer(camera=__file__, languages=("zh",))
    one.kiosk.become(visiting.Visit("front", "zh", agreed="1", height=1.7))
    one.until(lambda: one.kiosk.standing.preview.words)
    assert one.kiosk.standing.preview.words == one.say("heard.step_in")
    assert not one.kiosk.standing.counting and one.kiosk.visit.touched == 0.0, "an empty room keeps nobody waiting"


def test_whoever_waits_for_eyes_that_are_slow_to_open_is_not_taken_for_gone(customer, monkeypatch) -> None:
    from app.ui import watching

    monkeypatch.setattr(watching, "open_source", lambda path: Mirror())
    one = customer(camera=__file__)
    answered = []
    monkeypatch.setattr(one.studio, "follow", lambda picture, done, failed: answered.append(done))
    one.kiosk.become(visiting.Visit("front", "en", agreed="1", height=1.7))
    one.until(lambda: answered)
    for now in (0.0, 65.0, 130.0):
        one.now = now
        one.kiosk._tick()
        assert not one.kiosk.asking.isVisible() and one.kiosk.visit.step == "front"
    answered[0](Followed(None, "step into the picture, from head to feet"))
    one.now = 195.0
    one.kiosk._tick()
    assert one.kiosk.asking.isVisible(), "an empty room is"


def test_two_people_are_asked_to_come_one_by_one_and_are_not_photographed(customer, monkeypatch) -> None:
    from app.ui import watching
    from app.ui.kiosk import standing

    class Two(Mirror):
        def frames(self) -> Iterator[Frame]:
            for frame in super().frames():
                yield Frame(np.full_like(frame.pixels, 255), frame.time, frame.name)

    monkeypatch.setattr(watching, "open_source", lambda path: Two())
    monkeypatch.setattr(standing, "WELL", 0.02)
    one = customer(camera=__file__)
    one.kiosk.become(visiting.Visit("front", "en", agreed="1", height=1.7))
    one.until(lambda: one.kiosk.standing.preview.words == one.say("plainly.alone"))
    assert not one.kiosk.standing.counting and not one.kiosk.standing.preview.good
    one.kiosk.standing.count_down()
    assert one.kiosk.standing.counting, "who insists is photographed"
