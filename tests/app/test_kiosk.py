"""The kiosk's window with a scripted customer: every page, both languages, and nothing of her left at the end."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from app.kiosk import visit as visiting
from app.kiosk.shopfront import Shopfront
from app.words import words
from body.frame import Frame

LANDSCAPE, PORTRAIT = (1920, 1080), (1080, 1920)


class Mirror:
    """A source of frames of somebody who first faces the camera and then turns, as the fake engine sees her."""

    name = "mirror"

    def frames(self) -> Iterator[Frame]:
        for k in range(4000):
            time.sleep(0.004)
            yield Frame(np.full((90, 60, 3), 100, np.uint8), 0.0 if k < 4000 and not Mirror.turned else 1.0, self.name)


Mirror.turned = False


class Customer:
    """The kiosk with a hand, a clock of its own, and ears for what the keeper hears."""

    def __init__(self, application, size: tuple[int, int], **settings: object) -> None:
        from app.project import Project
        from app.ui.kiosk.__main__ import dress
        from app.ui.kiosk.parts import set_unit
        from app.ui.kiosk.window import Kiosk
        from app.ui.studio import Studio

        self.application, self.now, self.heard = application, 0.0, []
        dress()
        set_unit(*size)
        self.studio = Studio(Project(), engine="tests.app.fake_engine")
        shop = Shopfront(garments=("tee", "skirt"), **settings)
        self.kiosk = Kiosk(self.studio, shop, None, lambda **told: self.heard.append(told), lambda: self.now)
        self.kiosk.setFixedSize(*size)
        self.kiosk.person._timer.setInterval(10_000)
        for view in self.kiosk.person.views:
            view._rest.timeout.disconnect()
        self.kiosk.show()
        self.turn()

    def close(self) -> None:
        from app.ui import theme

        self.kiosk.standing.end()
        self.application.removeEventFilter(self.kiosk._touches)
        self.kiosk.close()
        self.kiosk.deleteLater()
        self.studio.close()
        self.turn()
        theme.apply(theme.DARK)
        self.application.setStyleSheet("")

    def turn(self) -> None:
        from PySide6.QtCore import QCoreApplication, QEvent

        self.application.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def until(self, condition: Callable[[], object], limit: float = 60.0) -> None:
        start = time.monotonic()
        while not condition():
            assert time.monotonic() - start < limit, f"waited in vain at {self.kiosk.visit.step}; {self.studio.failure}"
            self.turn()
            time.sleep(0.003)

    def buttons(self) -> dict:
        from PySide6.QtWidgets import QPushButton

        return {b.accessibleName(): b for b in self.kiosk.findChildren(QPushButton) if b.isVisible()}

    def press(self, name: str) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        self.until(lambda: name in self.buttons() and self.buttons()[name].isEnabled(), 20)
        QTest.mouseClick(self.buttons()[name], Qt.MouseButton.LeftButton)
        self.turn()

    def say(self, key: str, **values: object) -> str:
        return self.kiosk.say(key, **values)

    def at(self, step: str) -> None:
        self.until(lambda: self.kiosk.visit.step == step)
        self.turn()


@pytest.fixture
def customer(application, monkeypatch) -> Iterator[Callable[..., Customer]]:
    """The person is not drawn: it is what takes the time, and is tested elsewhere."""
    from app.ui import canvas

    monkeypatch.setattr(canvas.Canvas, "_ask", lambda self: None)
    made: list[Customer] = []

    def begin(size: tuple[int, int] = LANDSCAPE, **settings: object) -> Customer:
        made.append(Customer(application, size, **settings))
        return made[-1]

    yield begin
    for one in made:
        one.close()


def walk(one: Customer, see: Callable[[], object] = lambda: None) -> None:
    """The whole way without pictures, by the names of buttons; `see` at every page."""

    def press(key: str, **values: object) -> None:
        see()
        one.press(one.say(f"press.{key}", **values))

    press("begin")
    press("without")
    for digit in ("1", "7", "2"):
        one.press(f"key {digit}")
    press("go_on")
    press("women")
    press("go_on")
    press("tape")
    press("use")
    assert len(one.kiosk.visit.tapes) == 1
    press("show_size")
    one.until(lambda: one.kiosk.wardrobe.options is not None)
    see()
    one.press(one.say("name.tee"))
    press("see")
    one.until(lambda: one.kiosk.dressed("M") is not None)
    press("compare", size="M", other="L")
    one.until(lambda: one.kiosk.dressed("L") is not None)
    see()
    one.press("黑色" if one.kiosk.visit.language == "zh" else "Black")
    press("done")
    press("fits")
    one.at("slip")
    see()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_customer_walks_through_and_every_page_fits_and_can_be_read_and_pressed(customer, language) -> None:
    from PySide6.QtWidgets import QLabel, QPushButton

    one = customer(LANDSCAPE, languages=(language,))

    def see() -> None:
        for size in (PORTRAIT, LANDSCAPE):
            one.kiosk.setFixedSize(*size)
            look()

    def squeezed() -> list[str]:
        """Words that have not the room they need."""
        found = []
        for label in one.kiosk.page.findChildren(QLabel):
            assert label.font().pixelSize() >= 28, label.text()
            if label.isVisible() and label.text():
                needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
                found += [label.text()] if label.height() < needed - 1 else []
        return found

    def look() -> None:
        one.turn()
        page = one.kiosk.page
        assert page.layout().totalHeightForWidth(page.width()) <= page.height(), (one.kiosk.visit.step, page.height())
        one.until(lambda: not squeezed(), 5.0)
        for button in one.kiosk.findChildren(QPushButton):
            if button.isVisible():
                corner = button.mapTo(one.kiosk, button.rect().bottomRight())
                assert one.kiosk.rect().contains(corner), button.text()
                assert button.height() >= 64 and button.width() >= 64 and button.accessibleName(), button.text()
                assert button.text() == "" or button.width() >= button.fontMetrics().horizontalAdvance(
                    max(button.text().split("\n"), key=len)
                ), button.text()

    walk(one, see)
    assert one.kiosk.visit.verdict == "fits" and one.kiosk.visit.evidence.height == 1.72
    told = [told["step"] for told in one.heard if "step" in told]
    assert told == ["consent", "height", "about", "body", "tape", "body", "choose", "size", "tryon", "fitted", "slip"]
    [fitted] = [told["fitted"] for told in one.heard if "fitted" in told]
    assert fitted["style"] == "tee" and fitted["size"] == "M" and fitted["verdict"] == "fits"
    assert not any("172" in str(told) for told in one.heard)


def test_the_slip_holds_the_words_beside_it_and_the_wipe_empties_everything(customer) -> None:
    cv2 = pytest.importorskip("cv2")
    from app.ui.kiosk.parts import Code
    from app.ui.kiosk.trying import Slip

    one = customer()
    walk(one)
    assert isinstance(one.kiosk.page, Slip)
    dark = one.kiosk.page.findChild(Code).dark
    picture = np.kron(np.where(dark, 0, 255).astype(np.uint8), np.ones((6, 6), np.uint8))
    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == "\n".join(one.kiosk.page.lines)
    assert any("172" in line for line in one.kiosk.page.lines)
    one.press(one.say("press.forget"))
    assert one.kiosk.visit.step == "over" and not one.kiosk.visit.told
    assert not one.kiosk.wardrobe.tried and one.kiosk.wardrobe.options is None
    assert all(view.scene is None for view in one.kiosk.person.views)
    one.until(lambda: {"over": "finished"} in one.heard)


def test_two_pictures_are_taken_without_a_hand_and_the_camera_is_closed_after_them(customer, monkeypatch) -> None:
    from app.ui.kiosk import standing, watching

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
    from app.ui.kiosk import watching

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


def test_whoever_walks_off_is_asked_for_and_then_forgotten(customer) -> None:
    one = customer()
    one.press(one.say("press.begin"))
    one.press(one.say("press.without"))
    one.press(one.say("press.go_on"))
    one.now = 59.0
    one.kiosk._tick()
    assert not one.kiosk.asking.isVisible()
    one.now = 65.0
    one.kiosk._tick()
    assert one.kiosk.asking.isVisible()
    one.press(one.say("press.here"))
    assert not one.kiosk.asking.isVisible() and one.kiosk.visit.step == "about"
    one.now = 136.0
    one.kiosk._tick()
    assert one.kiosk.visit.step == "over" and not one.kiosk.visit.told
    one.until(lambda: {"over": "idle"} in one.heard)


def test_whoever_only_touched_the_screen_leaves_it_as_it_was(customer) -> None:
    one = customer()
    one.press(one.say("press.begin"))
    one.now = 100.0
    one.kiosk._tick()
    assert one.kiosk.visit.step == "attract" and not any("over" in told for told in one.heard)


def test_the_language_is_another_at_a_touch(customer) -> None:
    from app.words import LANGUAGES

    one = customer()
    one.press(LANGUAGES["zh"])
    assert one.kiosk.visit.language == "zh"
    assert words("zh").say("press.begin") in one.buttons()


def test_a_raised_arm_presses_the_main_button_once(customer) -> None:
    one = customer()
    one.kiosk._raised()
    assert one.kiosk.visit.step == "consent"
    one.kiosk._raised()
    assert one.kiosk.visit.step == "height" and one.kiosk.visit.agreed


def test_what_cannot_be_measured_is_said_and_there_is_a_way_out(customer) -> None:
    one = customer()
    one.kiosk.become(visiting.Visit("about", "en", height=2.15))
    one.press(one.say("press.go_on"))
    one.until(lambda: one.kiosk.page.title.text() == one.say("say.trouble"))
    one.until(lambda: one.say("press.back") in one.buttons())


def test_the_kiosks_settings_file_is_the_commands(tmp_path: Path) -> None:
    from app.commands.kiosk import note
    from assets.errors import InputRefused

    with pytest.raises(InputRefused):
        note({"style": "toga", "size": "M", "verdict": "fits", "off": 0.0, "sd": 0.01})
    with pytest.raises(InputRefused):
        note({"style": "tee", "size": "M", "verdict": "fits"})


def test_the_operator_opens_the_corner_with_the_pin_and_saves_what_is_changed(customer, tmp_path, monkeypatch) -> None:
    from app.kiosk import pin as pins
    from app.kiosk.shopfront import read_shopfront
    from app.ui.kiosk import operator
    from app.ui.kiosk.operator import TABS

    monkeypatch.setattr(pins, "_MEMORY", 64)
    monkeypatch.setattr(operator, "cameras", list)
    one = customer(PORTRAIT)
    corner = one.kiosk.operator
    corner.pin, one.kiosk.file = pins.Pin(tmp_path / "pin.json", lambda: 1.0), tmp_path / "kiosk.toml"
    one.kiosk._operate()
    assert corner.note.text() == corner.say("no_pin")
    corner.pin.set("4805")
    for wrong in range(3):
        one.press("key 1")
        one.press(corner.say("enter"))
        assert corner.note.text() == corner.say("wrong") or wrong == 2
    assert corner.note.text() == corner.say("locked", seconds=30)
    corner.pin.set("4805")
    for digit in "4805":
        one.press(f"key {digit}")
    one.press(corner.say("enter"))
    assert {"operator": 1} in one.heard
    for tab in TABS:
        one.press(corner.say(tab))
    one.press(corner.say("offer"))
    one.press(one.say("name.coat"))
    one.press(corner.say("settings"))
    one.press(corner.say("seconds", count=90))
    one.press("10:00-20:00")
    one.press(corner.say("save"))
    saved = read_shopfront(tmp_path / "kiosk.toml")
    assert (saved.garments, saved.idle, saved.hours) == (("coat", "skirt", "tee"), 90.0, ("10:00-20:00",))
    assert {"settings": 1} in one.heard
    one.now = 61.0
    one.kiosk._tick()
    assert not corner.isVisible(), "an operator who walks off leaves nothing open"


def test_nobody_is_asked_for_while_waiting_for_a_garment_nor_served_after_hours(customer) -> None:
    from datetime import datetime

    from app.ui.studio import Running

    one = customer(hours=("09:00-18:00",))
    one.kiosk.become(visiting.Visit("body", "en", height=1.7))
    one.kiosk.studio.running["soon"] = Running("soon")
    for one.now in (50.0, 100.0, 150.0):
        one.kiosk._tick()
        assert not one.kiosk.asking.isVisible()
    for one.now in (200.0, 235.0, 265.0):
        one.kiosk._tick()
    assert one.kiosk.asking.isVisible(), "but not for ever"
    one.kiosk.studio.running.clear()
    one.kiosk.do(visiting.leave)
    other = customer(hours=("09:00-18:00",))
    for hour, served in ((12, True), (20, False), (12, True)):
        other.kiosk.day = lambda hour=hour: datetime(2026, 11, 23, hour)
        other.kiosk._tick()
        assert bool(other.kiosk.page.acts()) == served


def test_the_mirror_dresses_whoever_is_before_it_and_closes_the_camera_after(customer, monkeypatch) -> None:
    from app.ui.kiosk import watching

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
    assert one.say("say.why_goes", garment="T-shirt") in one.buttons()[one.say("name.skirt")].text()


def test_nobody_is_photographed_where_nobody_stands(customer, monkeypatch) -> None:
    from app.ui.kiosk import standing, watching

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
