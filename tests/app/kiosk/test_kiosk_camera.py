"""What the kiosk does before its camera: pictures without a hand, the mirror, and nobody or too many in the picture."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pytest

from app.incoming import Followed
from app.kiosk import visit as visiting
from body.frame import Frame
from tests.app.customer import Customer, Mirror


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
    assert (preview.patch.pixels == (20, 40, 200, 255)).all() and (preview.frame.pixels // 2 == 50).all()
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
    monkeypatch.setattr(one.studio, "follow", lambda owner, picture, done, failed: answered.append(done))
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


def test_somebody_who_steps_in_while_it_counts_is_not_photographed_with_her(customer, monkeypatch) -> None:
    from app.ui import watching
    from app.ui.kiosk import standing

    class Company(Mirror):
        two = False

        def frames(self) -> Iterator[Frame]:
            for frame in super().frames():
                yield Frame(np.full_like(frame.pixels, 255), frame.time, frame.name) if Company.two else frame

    monkeypatch.setattr(watching, "open_source", lambda path: Company())
    monkeypatch.setattr(standing, "WELL", 0.02)
    Mirror.turned = False
    one = customer(camera=__file__)
    before = one.kiosk.standing
    before._tick.setInterval(NEVER)
    one.kiosk.become(visiting.Visit("front", "en", agreed="1", height=1.7))
    one.until(lambda: before.counting)
    Company.two = True
    seen = before.frame
    one.until(lambda: before.frame is not seen and before.frame.pixels.min() == 255)
    for _ in range(standing.COUNTDOWN):
        before._count()
    one.until(lambda: before.preview.words == one.say("plainly.alone"))
    assert one.kiosk.visit.step == "front" and not one.kiosk.visit.photos and not before.counting
    Company.two = False
    before._tick.setInterval(20)
    one.at("side")


NEVER = 3_600_000  # [ms]


class Cable(Mirror):
    """A camera that may be pulled out."""

    pulled = False

    def frames(self) -> Iterator[Frame]:
        for frame in super().frames():
            if Cable.pulled:
                return
            yield frame


@pytest.fixture
def plugged(customer, monkeypatch) -> Iterator[Callable[[str], Customer]]:
    """A customer at a step, before a camera that Cable.pulled pulls out. No countdown runs out by itself, however slow
    the eyes are."""
    from app.ui import watching
    from app.ui.kiosk import standing

    monkeypatch.setattr(watching, "find", lambda name: None if Cable.pulled else Cable())
    monkeypatch.setattr(standing, "WELL", 0.02)
    Cable.pulled = Mirror.turned = False

    def begin(step: str) -> Customer:
        one = customer()
        one.kiosk.standing._tick.setInterval(NEVER)
        for watch in (one.kiosk.standing, one.kiosk.reflection):
            watch.feed._again.setInterval(20)
        one.kiosk.become(visiting.Visit(step, "en", agreed="1", height=1.7))
        return one

    yield begin
    Cable.pulled = Mirror.turned = False


def test_a_camera_pulled_out_during_the_countdown_takes_no_picture_and_counts_anew_once_it_is_back(plugged) -> None:
    from app.ui.kiosk.standing import COUNTDOWN

    one = plugged("front")
    kiosk, standing = one.kiosk, one.kiosk.standing
    one.until(lambda: standing.frame is not None)
    standing.count_down()
    assert standing.counting
    Cable.pulled = True
    one.until(lambda: kiosk.page.note.text() == one.say("say.camera_gone"))
    assert not standing.counting and standing.preview.frame is None and kiosk.visit.step == "front"
    one.turn()
    assert not one.buttons()[one.say("press.take")].isEnabled()
    Cable.pulled = False
    one.until(lambda: kiosk.page.note.text() == one.say("say.raise_arm"))
    one.until(lambda: standing.counting)
    assert standing.preview.count == COUNTDOWN
    Mirror.turned = True
    one.until(lambda: not standing.counting)
    assert kiosk.visit.step == "front", "who insisted before the cable was pulled does not insist after it"
    Mirror.turned = False
    standing._tick.setInterval(20)
    one.at("side")


def test_a_camera_pulled_out_while_she_is_measured_dressed_or_forgotten_is_not_missed(plugged) -> None:
    one = plugged("body")
    Cable.pulled = True
    one.until(lambda: one.kiosk.page.source.text())
    one.press(one.say("press.show_size"))
    one.press(one.say("name.tee"))
    one.press(one.say("press.see"))
    one.until(lambda: one.kiosk.dressed("M") is not None)
    assert not one.kiosk.camera_trouble
    one.kiosk.leave()
    assert one.kiosk.visit.step == "over" and not one.kiosk.reflection.feed.is_open
    one.until(lambda: {"over": "finished"} in one.heard)
    assert [told for told in one.heard if "over" in told] == [{"over": "finished"}]


def test_a_mirror_whose_camera_is_pulled_out_says_so_and_dresses_her_again_once_it_is_back(plugged) -> None:
    one = plugged("body")
    for name in ("press.show_size", "name.tee", "press.see", "press.mirror"):
        one.press(one.say(name))
    preview, page = one.kiosk.reflection.preview, one.kiosk.page
    one.until(lambda: preview.patch is not None)
    Cable.pulled = True
    one.until(lambda: page.note.text() == one.say("say.camera_gone"))
    assert preview.frame is None and preview.patch is None
    Cable.pulled = False
    one.until(lambda: preview.patch is not None)
    assert page.note.text() == one.say("say.mirror_how")
    one.kiosk.leave()
    assert preview.frame is None and preview.patch is None and not one.kiosk.reflection.feed.is_open


def test_what_is_under_way_when_the_mirrors_camera_is_pulled_out_is_not_shown_after_it(plugged, monkeypatch) -> None:
    one = plugged("body")
    ask, held = one.studio.ask, list[Callable[[], object]]()

    def slowly(*told: object, done: Callable = lambda _: None, **named: object) -> None:
        """The eyes answer whenever the test says."""
        ask(*told, done=(lambda seen: held.append(partial(done, seen))) if "follow" in told else done, **named)

    for name in ("press.show_size", "name.tee", "press.see", "press.mirror"):
        one.press(one.say(name))
    preview, page = one.kiosk.reflection.preview, one.kiosk.page
    one.until(lambda: preview.patch is not None)
    monkeypatch.setattr(one.studio, "ask", slowly)
    one.until(lambda: held)
    Cable.pulled = True
    one.until(lambda: page.note.text() == one.say("say.camera_gone"))
    held[0]()
    assert one.kiosk.camera_trouble and preview.frame is None
