"""The kiosk's window with a scripted customer: every page, both languages, and nothing of her left at the end."""

import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from app.kiosk import visit as visiting
from app.words import words
from tests.app.customer import LANDSCAPE, PORTRAIT, Customer


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
    press("likes")
    see()
    one.press("红橙黄" if one.kiosk.visit.language == "zh" else "red to yellow")
    press("go_on")
    one.until(lambda: any("answered" in (why.kind for why in each.reasons) for each in one.kiosk.wardrobe.options))
    assert one.kiosk.visit.answers == (("colour", "warm"),)
    one.press(one.say("name.tee"))
    press("ask")
    one.press(one.say("ask.length"))
    assert one.say("ask.shrink") not in one.buttons(), "what cannot be answered gives way to what can"
    assert "cm" in one.kiosk.page.answer.text() or "厘米" in one.kiosk.page.answer.text()
    assert one.say("name.row_body") in one.kiosk.page.rows.text()
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
    steps = "consent height about body tape body choose likes choose size ask tryon fitted slip"
    assert told == steps.split()
    [fitted] = [told["fitted"] for told in one.heard if "fitted" in told]
    assert fitted["style"] == "tee" and fitted["size"] == "M" and fitted["verdict"] == "fits"
    assert not any("172" in str(told) for told in one.heard)


def test_a_double_tap_turns_one_page_and_types_two_digits(customer) -> None:
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    one = customer()

    def tap_again(button) -> None:
        at, left = QPointF(button.rect().center()), Qt.MouseButton.LeftButton
        second = QEvent.Type.MouseButtonDblClick
        QApplication.sendEvent(button, QMouseEvent(second, at, button.mapToGlobal(at), left, left, Qt.NoModifier))
        QTest.mouseRelease(button, left)
        one.turn()

    one.press(one.say("press.begin"))
    step = one.kiosk.visit.step
    tap_again(one.buttons()[one.say("press.without")])
    assert one.kiosk.visit.step == step
    one.press(one.say("press.without"))
    one.press("key 1")
    one.press("key 6")
    tap_again(one.buttons()["key 6"])
    one.press(one.say("press.go_on"))
    assert one.kiosk.visit.height == pytest.approx(1.66)


def test_the_size_page_draws_on_her_where_the_other_sizes_were_ruled_out(customer) -> None:
    one = customer(PORTRAIT)
    for key in ("begin", "without", "go_on", "go_on", "show_size"):
        one.press(one.say(f"press.{key}"))
    one.press(one.say("name.tee"))
    view = one.kiosk.person.views[0]
    one.until(lambda: any(line.name == "waist_girth" for line in view.scene.lines))
    assert (
        "S: 4.0 cm closer than meant" in view.labels.accessibleName()
        and "L: 4.0 cm wider than meant" in view.labels.accessibleName()
    )
    one.until(lambda: "M: 0.00 kPa, 9.0 % strain" in view.labels.accessibleName())
    one.press(one.say("press.see"))
    one.until(lambda: not view.scene.lines)


def test_she_turns_and_is_drawn_finely_only_while_nothing_is_computed_for_her(customer) -> None:
    one = customer()
    for key in ("begin", "without", "go_on", "go_on", "show_size"):
        one.press(one.say(f"press.{key}"))
    one.until(lambda: one.kiosk.wardrobe.tried and one.studio.state == "current" and not one.studio.jobs.busy())
    person, view, kiosk = one.kiosk.person, one.kiosk.person.views[0], one.kiosk
    before = view.cameras["one"]
    person._turn()
    assert view.cameras["one"] is not before and view._rest.isActive()
    kiosk.wardrobe.wear("skirt", "L", "regular")
    assert kiosk.studio.state == "current" and one.studio.jobs.busy("engine")
    before = view.cameras["one"]
    person._turn()
    assert view.cameras["one"] is before and not view._rest.isActive()


def test_words_on_a_garment_wait_for_the_picture_of_it(customer, monkeypatch) -> None:
    from app.ui import canvas

    one = customer()
    for key in ("begin", "without", "go_on", "go_on", "show_size"):
        one.press(one.say(f"press.{key}"))
    draw = canvas.Canvas._ask
    monkeypatch.setattr(canvas.Canvas, "_ask", lambda self: None)
    one.press(one.say("name.tee"))
    one.press(one.say("press.see"))
    one.until(lambda: one.kiosk.dressed("M") is not None)
    page, view = one.kiosk.page, one.kiosk.person.views[0]
    one.turn()
    assert page.title.text() == one.say("say.tryon_wait", garment="T-shirt", size="M") and not page.regions.count()
    draw(view.canvas)
    view.drawn.emit()
    assert page.title.text() == one.say("say.tryon", garment="T-shirt", size="M") and page.regions.count()
    waist = next(each for each in one.kiosk.dressed("M").fits[0].regions if each.fits)
    assert page._region(replace(waist, ease=-0.074)).endswith("stretched by 7.4 cm.")


@pytest.mark.parametrize("size", [(1280, 800), (800, 1280)])
def test_no_page_makes_the_window_outgrow_a_small_screen(customer, size) -> None:
    one = customer(size)
    one.kiosk.setMinimumSize(0, 0)
    one.kiosk.setMaximumSize(4000, 4000)
    one.kiosk.resize(*size)

    def look() -> None:
        page = one.kiosk.page
        one.turn()
        one.until(lambda: page.layout().totalHeightForWidth(page.width()) <= page.height(), 5.0)
        assert (one.kiosk.width(), one.kiosk.height()) == size, one.kiosk.visit.step

    walk(one, look)


@pytest.mark.parametrize("stage", [(1030, 960), (1030, 880), (620, 850), (1600, 700)])
def test_the_film_fills_its_stage_and_loses_neither_head_nor_feet(stage) -> None:
    from PySide6.QtCore import QRect, QSize

    from app.kiosk.attract import SIZE
    from app.ui.kiosk.stages import filled

    where, place = QRect(0, 0, *stage), filled(QSize(*SIZE), QRect(0, 0, *stage))
    assert place.width() / place.height() == pytest.approx(SIZE[0] / SIZE[1], rel=0.01)
    assert place.height() >= stage[1] and 0.92 * place.height() <= stage[1]
    assert place.width() >= stage[0] - 1 or stage[0] / stage[1] > 1.3, "its shadow ends nowhere but at the edge"
    assert abs(place.center().x() - where.center().x()) <= 1 and abs(place.center().y() - where.center().y()) <= 1


def test_the_same_words_beside_other_lines_are_shown_anew(application) -> None:
    from app.ui.kiosk.stages import Person

    person, line = Person(), np.linspace(0.0, 1.0, 15).reshape(5, 3)
    shown = []
    for run in (line, line, line.copy()):
        person.show_scenes((None,), labels=[("L: too wide", (run, run[1:]))])
        shown.append(person._shown)
    assert person.views[0].labels.accessibleName() == "L: too wide"
    assert shown[2] is not shown[0] and shown[2][2][0][1][0] is not line
    person.show_scenes((None,), labels=person._shown[2])
    assert person._shown is shown[2], "the very same is not shown twice"


def test_a_catalogue_that_is_gone_is_said_and_found_again(customer, tmp_path) -> None:
    shelf = tmp_path / "shelf"
    one = customer(catalogue=str(shelf))
    for key in ("begin", "without", "go_on", "go_on", "show_size"):
        one.press(one.say(f"press.{key}"))
    one.until(lambda: one.kiosk.page.title.text() == one.say("say.trouble"))
    shelf.mkdir()
    one.press(one.say("press.back"))
    one.press(one.say("press.show_size"))
    one.until(lambda: one.say("name.tee") in one.buttons())


def test_somebody_in_pale_lines_stands_where_she_is_not_drawn_yet(customer) -> None:
    from PySide6.QtGui import QImage

    one = customer(PORTRAIT)
    view, waiting = one.kiosk.person.views[0], one.kiosk.person._waiting[0]
    waiting._timer.setInterval(10_000)
    one.kiosk.become(visiting.Visit("body", "en", height=1.7))
    one.turn()
    assert waiting.isVisible() and waiting.geometry() == view.rect(), "from the first picture on"
    one.until(lambda: one.kiosk.page.figure is not None)
    lines = waiting.grab().toImage()
    assert lines.pixelColor(lines.rect().center()) != lines.pixelColor(2, 2)
    assert waiting.accessibleName() == words("en").say("say.picture_coming")
    one.kiosk.become(replace(one.kiosk.visit, language="zh"))
    assert waiting.accessibleName() == words("zh").say("say.picture_coming")
    view.canvas._image = QImage(8, 8, QImage.Format.Format_RGB32)
    view.drawn.emit()
    assert not waiting.isVisible() and not waiting._timer.isActive()


@pytest.mark.parametrize("height", ["138", "168"])
def test_whatever_height_is_told_it_says_that_sizes_are_for_adults(customer, height) -> None:
    one = customer()
    one.kiosk.become(visiting.Visit("height", "en"))
    for digit in height:
        one.press(f"key {digit}")
    assert one.say("say.height_adults") in one.kiosk.page.note.text()
    assert one.buttons()[one.say("press.go_on")].isEnabled(), "some adults are as small"


def test_a_cards_price_is_not_parted_from_its_currency(customer) -> None:
    from types import SimpleNamespace

    from app.ui.kiosk.measured import Choose

    option = SimpleNamespace(size="M", sure=0.8, cost="1,049.00 EUR", reasons=())
    line = Choose._told(SimpleNamespace(say=customer().kiosk.say), option)[0]
    assert line.endswith("1,049.00\N{NO-BREAK SPACE}EUR")


def test_a_card_gives_long_names_the_rows_that_they_need(application) -> None:
    from PySide6.QtWidgets import QLabel

    from app.ui.kiosk.parts import Card, set_unit

    set_unit(*LANDSCAPE)
    pressed = []
    card = Card("Checked shirt, navy gingham", ("Size M, 40 % sure.  59.00 EUR",), lambda: pressed.append(1))
    assert card.heightForWidth(300) > card.heightForWidth(900) >= 64
    card.resize(300, card.heightForWidth(300))
    card.show()
    for label in card.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width())
    card.click()
    assert pressed == [1] and card.accessibleName() == "Checked shirt, navy gingham"
    card.deleteLater()


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
    assert not one.kiosk.wardrobe.tried and one.kiosk.wardrobe.options is None and one.kiosk.wardrobe.replies is None
    assert all(view.scene is None for view in one.kiosk.person.views)
    one.until(lambda: {"over": "finished"} in one.heard)


def test_whoever_puts_on_the_second_choice_compares_it_with_the_first(customer) -> None:
    one = customer()
    one.kiosk.become(visiting.Visit("body", "en", height=1.72))
    one.press(one.say("press.show_size"))
    one.press(one.say("name.tee"))
    told = one.kiosk.wardrobe.advice("tee")
    one.kiosk.do(visiting.put_on, told.second)
    assert one.kiosk.page.second == told.best != told.second


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


def test_whoever_walks_off_from_what_she_tries_on_is_forgotten_as_from_elsewhere(customer, monkeypatch) -> None:
    one = customer()
    one.kiosk.become(visiting.Visit("body", "en", height=1.72))
    one.press(one.say("press.show_size"))
    one.press(one.say("name.tee"))
    one.kiosk.do(visiting.put_on, "M")
    one.until(lambda: not one.kiosk.waits)
    forget, fell = one.kiosk.person.forget, []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: fell.append(error))
    monkeypatch.setattr(one.kiosk.person, "forget", lambda: (forget(), one.kiosk.person.drawn.emit()))
    one.now = 500.0
    one.kiosk._tick()
    assert one.kiosk.visit.step == "over"
    one.until(lambda: {"over": "idle"} in one.heard)
    assert not fell


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


def test_nothing_lies_deeper_than_two_taps_beside_the_way_and_every_page_leads_back(customer) -> None:
    """The graph of the pages as their buttons lead, from a visit that knows everything."""
    from dataclasses import replace

    one = customer()
    walk(one)
    whole = replace(one.kiosk.visit, agreed="1")
    asides = (visiting.LIKES, visiting.ASK, visiting.MIRROR, visiting.TAPE)
    way = [step for step in visiting.STEPS if step not in (*asides, visiting.FRONT, visiting.SIDE, visiting.OVER)]

    def stand(step: str) -> list[str]:
        one.kiosk.visit = replace(whole, step=step)
        one.kiosk._turn_page()
        one.turn()
        found = one.buttons().items()
        return [name for name, one in found if one.isEnabled() and one.objectName() != "swatch" and name[:4] != "key "]

    leads: dict[str, set[str]] = {}
    for step in (*way[:-1], *asides, way[-1]):  # What forgets her comes last.
        for name in stand(step):
            stand(step)
            one.press(name)
            leads.setdefault(step, set()).add(one.kiosk.visit.step)
    assert set(leads) == {*way, *asides}, "every page has a button"
    for step in way[1:]:
        assert leads[step] & set(visiting.STEPS[: visiting.STEPS.index(step)]), f"{step} leads back"
    for step in asides:
        above = {each for each in way if step in leads[each]}
        between = {each for each in asides if any(each in leads[page] for page in way)}
        assert above or any(step in leads[each] for each in between), f"{step} lies two taps beside the way"
        assert leads[step] & set(way), f"{step} leads back to the way"
    for before, after in pairwise(way):
        assert after in leads[before] or before == visiting.ABOUT, f"{before} leads on"
