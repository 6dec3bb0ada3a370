"""The window under real clicks, with an engine that answers at once."""

from dataclasses import replace

import pytest

pytest.importorskip("PySide6")

from tests.app.driver import Driver


def test_while_computing_the_last_picture_stays_and_is_marked(driver: Driver) -> None:
    shown = driver.studio.shown
    driver.type("Height [cm]", "171")
    driver.application.processEvents()
    assert driver.studio.state == "computing" and driver.studio.shown is shown
    assert driver.window.picture.viewport.veil.isVisible()
    assert "before “Height”" in driver.window.picture.banner.text.text()
    driver.until(lambda: driver.studio.running)
    driver.click("Stop this job")
    assert driver.studio.state == "stale"
    assert "stale" in driver.window.status.drape.text()
    driver.click("Drape now")
    driver.current()
    assert driver.studio.shown is not shown and not driver.window.picture.viewport.veil.isVisible()


def test_what_was_computed_before_is_shown_again_without_computing(driver: Driver) -> None:
    shown = driver.studio.shown
    driver.type("Weight [kg]", "71")
    driver.current()
    assert driver.studio.shown is not shown
    driver.window.do("undo")
    driver.studio.refresh()
    assert driver.studio.state == "current" and driver.studio.shown is shown


def test_a_result_of_a_step_that_was_taken_back_is_told_as_such(driver: Driver) -> None:
    studio = driver.studio
    for name, height in (("Tall", 1.73), ("Taller", 1.75)):
        studio.evidence(name, replace(studio.project.evidence, height=height))
    driver.current()
    driver.window.do("undo")
    driver.application.processEvents()
    assert studio.state == "computing" and studio.shown_key != studio.project.key
    assert "with “Taller”, which was taken back" in driver.window.picture.banner.text.text()
    driver.window.do("undo")
    driver.current()


def test_garments_that_change_while_nobody_looks_are_told_when_somebody_does(driver: Driver) -> None:
    from PySide6.QtWidgets import QVBoxLayout, QWidget

    panel, wishes, aside = driver.room("Garment"), driver.studio.project.wishes, QWidget()
    panel.hide()
    filling = panel._filling(QVBoxLayout(aside))
    next(filling)
    driver.studio.wishes("Take one off", wishes[:1])
    assert all(piece is None for piece in filling), "what no longer fits is left alone"
    panel.show()
    driver.until(lambda: not panel.cards.busy)
    assert len(panel._cards) == 1
    driver.window.do("undo")
    driver.room("Body")
    driver.current()


def test_a_failure_is_a_sentence_with_ways_out(driver: Driver) -> None:
    before, shown = driver.studio.project, driver.studio.shown
    driver.type("Height [cm]", "206")
    driver.until(lambda: driver.studio.state == "failed")
    banner = driver.window.picture.banner
    assert banner.isVisible() and "cannot be" in banner.text.text() and driver.studio.shown is shown
    driver.click("Copy details")
    assert "InputRefused" in driver.application.clipboard().text()
    driver.click("Undo Height")
    assert driver.studio.project is before
    driver.current()


def test_garments_are_put_on_sized_coloured_and_taken_off(driver: Driver) -> None:
    driver.click("Garment room")
    start = driver.studio.project
    driver.click("Size of T-shirt: L")
    driver.click("Colour of T-shirt, as a code")
    driver.type("Colour of T-shirt, as a code", "#aa3322")
    assert (driver.studio.project.wishes[0].size, driver.studio.project.wishes[0].colour) == ("L", "#AA3322")
    driver.click("Take off T-shirt")
    assert [wish.design for wish in driver.studio.project.wishes] == ["skirt"]
    driver.click("Fabric room")
    from garments.fabric import fabrics

    other = next(one for one in fabrics().values() if one.name != driver.window.rooms.panels["Fabric"].worn)
    driver.window.rooms.panels["Fabric"].ensureWidgetVisible(driver.find(f"Use {other.title}"))
    driver.click(f"Use {other.title}")
    assert driver.studio.project.wishes[0].fabric == other.name
    driver.current()
    while driver.studio.project is not start:
        driver.window.do("undo")
    driver.current()


def test_a_garment_is_made_to_measure_with_options_by_another_chart(driver: Driver, tmp_path, monkeypatch) -> None:
    from PySide6.QtWidgets import QFileDialog

    driver.click("Garment room")
    start, panel = driver.studio.project, driver.window.rooms.panels["Garment"]
    driver.click("T-shirt made to measure")
    assert driver.studio.project.wishes[0].size == "made to measure"
    driver.click("Options of T-shirt")
    panel.ensureWidgetVisible(driver.find("Ease bust [cm]"))
    entry = driver.find("Ease bust [cm]")
    panel._cards[0].options.quantities["length"].looked_at.emit(True)
    assert driver.find("Length: the panels at least (blue) and at most (red)").pixmap().width() > 50
    driver.type("Ease bust [cm]", "4 in")
    assert driver.studio.project.wishes[0].options == pytest.approx({"ease_bust": 0.1016})
    assert driver.find("Ease bust [cm]") is entry, "a card stays while its options are changed"
    driver.click("Ease bust: measured by hand, keep it")
    assert driver.studio.project.wishes[0].options == {}
    table = tmp_path / "house.csv"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(table), ""))
    table.write_text("bust\n90\n")
    panel.open_chart(0)
    assert "no column size" in panel.said.text() and driver.studio.project.wishes[0].chart is None
    driver.settle()
    assert panel.viewport().rect().contains(panel.said.mapTo(panel.viewport(), panel.said.rect().center())), "seen"
    table.write_text("size,bust,waist\nsmall,86,70\nlarge,98,82\n")
    panel.open_chart(0)
    assert driver.studio.project.wishes[0].chart == str(table) and "no hip" in panel.said.text()
    table.write_text("size,bust,waist,hip\nsmall,86,70,94\nlarge,98,82,106\n")
    assert panel.said.isVisible()
    driver.window.do("undo")
    assert not panel.said.isVisible(), "what is told is of the chart that was opened"
    driver.until(lambda: not panel.cards.busy)
    panel.open_chart(0)
    assert not panel.said.isVisible()
    driver.until(lambda: not panel.cards.busy)
    sizes = driver.find("Size of T-shirt")
    assert [sizes.itemText(k) for k in range(sizes.count())] == ["Auto", "small", "large"]
    while driver.studio.project is not start:
        driver.window.do("undo")
    driver.current()


def test_why_the_other_sizes_are_ruled_out_is_drawn_on_the_body(driver: Driver) -> None:
    driver.current()
    driver.click("Show on the body why this size of T-shirt")
    viewport = driver.window.picture.viewport
    driver.until(lambda: any(line.name == "waist_girth" for line in viewport.scene.lines))
    [told] = [text for text, _ in viewport.labels._labels if "S:" in text]
    assert "S: too tight by 4.0 cm" in told and "L: too wide by 4.0 cm" in told
    assert "M: ease 8.0 cm · 0.00 kPa · strain 9.0 %" in told
    driver.click("Show on the body why this size of T-shirt")
    driver.until(lambda: not viewport.scene.lines)
    driver.click("Show on the body why this size of T-shirt")
    why, wishes = driver.find("Show on the body why this size of T-shirt"), driver.studio.project.wishes
    driver.studio.wishes("Size", (replace(wishes[0], size="L"), *wishes[1:]))
    assert driver.studio.explained == 0 and why.isChecked()
    driver.studio.wishes("Take off T-shirt", wishes[1:])
    assert driver.studio.explained is None and not why.isChecked(), "what it told of is gone"
    driver.window.do("undo")
    driver.window.do("undo")
    driver.current()


def test_the_advice_stays_in_its_place_while_it_is_stale(driver: Driver) -> None:
    driver.click("Body room")
    bar = driver.find("T-shirt size L: 26 percent")
    driver.rest(0.1)  # what the room before left to be laid out
    place = bar.pos()
    driver.type("Weight [kg]", "74")
    driver.rest(0.1)
    assert driver.studio.stale and driver.find("T-shirt size L: 26 percent") is bar and bar.pos() == place
    assert "BEFORE" in driver.window.advice.heading.text()
    driver.window.do("undo")
    driver.current()
    assert driver.window.advice.heading.text() == "SIZE"


def test_a_new_person_is_nobody_yet(driver: Driver) -> None:
    shown = driver.studio.shown
    driver.window.do("new")
    driver.until(lambda: driver.studio.state == "empty")
    assert "Nobody is here" in driver.window.picture.banner.text.text() and driver.studio.shown is shown
    assert driver.window.picture.viewport.veil.isVisible()
    driver.click("Body room")
    assert driver.find("Height [cm]").text() == "—"
    driver.window.do("undo")
    driver.current()


def test_a_click_on_an_advised_size_wears_it(driver: Driver) -> None:
    driver.click("T-shirt size L: 26 percent")
    assert driver.studio.project.wishes[0].size == "L"
    driver.window.do("undo")
    driver.current()


def test_units_and_themes_change_everywhere_at_once(driver: Driver) -> None:
    from app.ui import theme

    driver.click("Body room")
    driver.window.do("imperial")
    driver.window.do("light")
    assert driver.find("Height [in]").text().endswith(" in") and theme.current() is theme.LIGHT
    driver.window.do("metric")
    driver.window.do("dark")
    assert driver.find("Height [cm]").text().endswith(" cm") and theme.current() is theme.DARK


def test_every_control_has_a_name_for_screen_readers(driver: Driver) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QProgressBar, QScrollBar

    kinds = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QProgressBar)
    for room in ("Body", "Garment", "Fabric", "Fit", "Shop"):
        driver.click(f"{room} room")
        nameless = [
            widget
            for kind in kinds
            for widget in driver.window.findChildren(kind)
            if widget.isVisible() and not isinstance(widget, QScrollBar)
            if not widget.accessibleName() and not (isinstance(widget, QAbstractButton) and widget.text())
            if not widget.objectName().startswith("qt_") and type(widget.parent()).__name__ != "QLineEdit"
            if not isinstance(widget.parent(), QLineEdit)
        ]
        assert not nameless, f"{room}: {nameless}"


@pytest.mark.parametrize("size", [(1440, 900), (1024, 600)])
def test_nothing_is_cut_or_overlaps(driver: Driver, size: tuple[int, int]) -> None:
    from PySide6.QtWidgets import QAbstractButton, QLabel

    driver.window.resize(*size)
    for room in ("Body", "Garment", "Fabric", "Fit", "Shop"):
        driver.click(f"{room} room")
        driver.rest(0.05)
        panel = driver.window.rooms.panels[room]
        assert panel.widget().minimumSizeHint().width() <= panel.viewport().width(), f"{room} is too wide"
        for widget in panel.findChildren(QLabel) + panel.findChildren(QAbstractButton):
            if widget.isVisible() and widget.text():
                assert widget.width() >= widget.minimumSizeHint().width() - 1, f"{room}: {widget.text()!r} is cut"
    picture = driver.window.picture
    bars = [picture.sides, picture.counts, picture.maps]
    for k, bar in enumerate(bars):
        assert picture.rect().contains(bar.geometry())
        assert not any(bar.geometry().intersects(other.geometry()) for other in bars[k + 1 :])
    driver.window.resize(1280, 800)


def test_an_empty_project_says_what_to_do(application) -> None:
    from app.project import Project

    empty = Driver(application, Project())
    try:
        empty.rest(0.1)
        assert empty.studio.state == "empty" and not empty.studio.running
        banner = empty.window.picture.banner
        assert banner.isVisible() and "Drop a photo" in banner.text.text()
        for letters in range(40, 64):
            banner.say("i" * letters + " what is made of it", (("Stop", print),), 0.2)
            banner.place(900, 0, 0)
            empty.turn()
            assert banner.text.height() >= banner.text.heightForWidth(banner.text.width()), "its words are cut"
        empty.type("Height [cm]", "172")
        empty.current()
        assert not banner.isVisible()
    finally:
        empty.close()


def test_the_first_start_welcomes_in_three_cards_and_never_again(application) -> None:
    first = Driver(application)
    try:
        first.studio.keep(toured=False)
        first.current()
        first.click("Next")
        first.click("Next")
        first.window.resize(1024, 600)
        first.turn()
        assert first.window.rect().contains(first.window.tour.geometry()), "it stays beside what it speaks of"
        first.click("Done")
        assert first.studio.settings.toured
        first.rest(0.05)
        from app.ui.tour import Tour

        assert not [card for card in first.window.findChildren(Tour) if card.isVisible()]
    finally:
        first.close()


def test_an_action_is_found_by_its_words(driver: Driver) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    driver.key("Ctrl+K")
    assert driver.window.search.hasFocus()
    QTest.keyClicks(driver.window.search, "strain m")
    QTest.keyClick(driver.window.search, Qt.Key.Key_Return)
    driver.rest(0.05)
    assert driver.studio.project.view.map == "strain" and not driver.window.search.text()
    driver.window.do("look")


def test_a_drape_replaced_by_a_newer_change_is_not_said_to_be_stopped(driver: Driver) -> None:
    studio, words = driver.studio, driver.window.status.words
    for height in (1.61, 1.62):
        studio.evidence("Set height", replace(studio.project.evidence, height=height))
        studio.refresh()
        assert words.text().endswith("…")
    studio.evidence("Set height", replace(studio.project.evidence, height=1.63))
    assert studio.state == "computing" and words.text() != "Stopped"
    driver.current()
    assert words.text() == "Ready"


def test_every_menu_fits_a_small_screen_in_one_column(driver: Driver) -> None:
    from PySide6.QtWidgets import QMenu

    menus = driver.window.menuBar().findChildren(QMenu)
    assert len(menus) > 8
    for menu in menus:
        assert menu.sizeHint().height() < 600, f"{menu.menuAction().text()} does not"


def test_the_window_opens_as_large_as_it_was_whatever_the_settings_say(driver: Driver) -> None:
    first = Driver(driver.application)
    first.window.resize(1111, 777)
    first.turn()
    first.close()
    again = Driver(driver.application)
    assert len(again.studio.settings.window) > 20
    second = type(again.window)(again.studio)
    assert (second.width(), second.height()) == (1111, 777)
    again.studio.keep(window="no geometry")
    third = type(again.window)(again.studio)
    assert third.width() <= third.screen().availableSize().width()
    for window in (second, third):
        window.deleteLater()
    again.close()


def test_the_picture_goes_into_a_window_of_its_own_and_back(driver: Driver) -> None:
    window = driver.window
    scene, away = window.picture.viewport.scene, window.actions_by_name["aside"]
    away.trigger()
    aside = window.aside
    assert aside is not None and aside.isVisible() and window.picture.window() is aside and scene is not None
    assert set(aside.actions()) == set(window.actions()), "the keys are known there, too"
    driver.room("Body")
    driver.type("Height [cm]", "171")
    driver.current()
    assert window.picture.viewport.scene is not scene and window.picture.isVisible()
    window.studio.keep(language="zh")
    window.reword()
    driver.until(lambda: not window.rewording)
    assert window.picture.window() is aside and driver.find("把画面移回来").isVisible()
    window.studio.keep(language="en")
    window.reword()
    driver.until(lambda: not window.rewording)
    driver.click("Bring the picture back")
    assert window.aside is None and window.picture.window() is window and window.picture.isVisible()
    away.trigger()
    window.aside.close()
    assert window.aside is None and window.picture.window() is window and not away.isChecked()
