"""Maps in the window: chosen by button and key, scaled by hand, read by a click, compared with an earlier drape."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.project import Wish
from app.ui.probe import direction
from garments.atlas import BY_NAME
from tests.app.driver import Driver


@pytest.fixture
def shown(driver: Driver) -> Driver:
    """The window as it was at first, with the first drape only."""
    from tests.app.people import somebody

    driver.window.resize(1280, 800)
    driver.studio.history.restart(somebody())
    driver.current()
    for key in list(driver.studio._results):
        if key != driver.studio.shown_key:
            del driver.studio._results[key]
    return driver


def scale(driver: Driver):
    return driver.window.picture.viewport.scale


def click_cloth(driver: Driver, x: float = 0.5, y: float = 0.42) -> None:
    viewport = driver.window.picture.viewport
    driver.click("Picture of the dressed person", QPoint(int(x * viewport.width()), int(y * viewport.height())))


def test_the_strain_key_shows_the_map_and_takes_it_away(shown: Driver) -> None:
    shown.key("Alt+7")
    assert shown.studio.project.view.map == "strain" and scale(shown).isVisible()
    shown.key("Alt+7")
    assert shown.studio.project.view.map == "look" and not scale(shown).isVisible()


def test_every_map_is_shown_with_its_legend_and_unit(shown: Driver) -> None:
    for name, told in BY_NAME.items():
        shown.window.picture._show_map(name)
        assert shown.studio.project.view.map == name
        assert told.title in scale(shown).title.text() and f"[{told.scale_unit}]" in scale(shown).title.text()
        assert "largest" in scale(shown).accessibleName()


def test_the_family_of_a_map_is_chosen_in_the_legend(shown: Driver) -> None:
    shown.click("Map: Stress")
    shown.click("Direction: Warp")
    assert shown.studio.project.view.map == "stress_warp"
    assert shown.window.picture.maps.buttons["stress"].isChecked()


def test_the_end_of_the_scale_is_typed_fitted_and_given_back(shown: Driver) -> None:
    shown.click("Map: Strain")
    shown.type("End of the scale", "140 %")
    assert shown.studio.project.view.scaling.most == pytest.approx({"strain": 0.4})
    assert "≥ 140" in scale(shown).accessibleName()
    for wrong in ("80", "much"):
        shown.type("End of the scale", wrong)
        assert shown.studio.project.view.scaling.most == pytest.approx({"strain": 0.4})
        assert scale(shown).end.text() == "140"
    shown.click("Fit the scale to what is shown")
    assert shown.studio.project.view.scaling.most["strain"] == pytest.approx(0.1)
    scale(shown).end.selectAll()
    QTest.keyClick(scale(shown).end, Qt.Key.Key_Backspace)
    QTest.keyClick(scale(shown).end, Qt.Key.Key_Return)
    assert shown.studio.project.view.scaling.most == {}
    shown.key("Ctrl+Z")
    assert shown.studio.project.view.scaling.most


def test_bands_limits_and_pattern_change_the_picture_and_are_undone(shown: Driver) -> None:
    shown.click("Map: Strain")
    before = shown.pixels()
    for button in scale(shown).switches.values():
        button.click()
        assert (np.abs(shown.pixels().astype(int) - before).max(axis=2) > 8).mean() > 0.005
        shown.key("Ctrl+Z")
    assert (np.abs(shown.pixels().astype(int) - before).max(axis=2) > 8).mean() < 0.002


def test_a_click_reads_the_map_and_follows_to_other_maps_until_escape(shown: Driver) -> None:
    shown.click("Map: Strain")
    click_cloth(shown)
    probe = shown.window.picture.viewport.probe
    first = probe.reading
    assert first is not None and first.map == "strain" and first.panel == "front" and 0 < first.value < 0.2
    assert "off" in probe.accessibleName() or "along the" in probe.accessibleName()
    assert "of the fabric's limit" in probe.accessibleName()
    assert shown.window.status.words.text().startswith("Strain 1")
    shown.click("Map: Ease")
    assert probe.reading.map == "ease" and np.allclose(probe.reading.place, first.place)
    shown.window.picture.viewport.setFocus()
    QTest.keyClick(shown.window.picture.viewport, "\x1b")
    assert probe.reading is None
    click_cloth(shown, 0.02, 0.5)
    assert probe.reading is None, "beside the cloth there is nothing to read"


def test_a_reading_does_not_outlive_its_drape(shown: Driver) -> None:
    shown.click("Map: Strain")
    click_cloth(shown)
    _in_size(shown, "S")
    assert shown.window.picture.viewport.probe.reading is None


def test_the_change_since_another_size_is_shown_on_its_own_scale(shown: Driver) -> None:
    first = shown.studio.shown_key
    shown.click("Map: Strain")
    assert not scale(shown).compare.isEnabled()
    _in_size(shown, "S")
    assert [key for key, _ in shown.studio.drapes()] == [shown.studio.shown_key, first]
    actions = scale(shown).compare.menu().actions()
    actions[1].trigger()
    shown.until(lambda: scale(shown).title.text().startswith("Change"))
    drawn = shown.window.picture.mapping._drawn
    values = shown.studio.shown.maps[0].values["strain"] - shown.studio.drape(first).maps[0].values["strain"]
    assert drawn[0].change and np.allclose(drawn[0].values["strain"], values)
    assert "since" in scale(shown).accessibleName() and "points" in scale(shown).title.text()
    click_cloth(shown)
    assert "Change: strain" in shown.window.picture.viewport.probe.accessibleName()
    scale(shown).compare.menu().actions()[0].trigger()
    assert scale(shown).title.text() == "Strain [% of cut length]"


def test_the_copied_picture_carries_the_scale(shown: Driver) -> None:
    from PySide6.QtGui import QGuiApplication

    from app.ui.camera import pixels

    shown.click("Map: Pressure")
    viewport = shown.window.picture.viewport
    shown.until(lambda: viewport.canvas.settled)
    shown.window.do("copy picture")
    copied = pixels(QGuiApplication.clipboard().image()).astype(int)
    where = scale(shown).geometry()
    ratio = copied.shape[1] / viewport.width()
    rows, columns = (slice(int(a * ratio), int(b * ratio)) for a, b in (
        (where.top() + 4, where.bottom() - 4), (where.left() + 4, where.right() - 4)))  # fmt: skip
    bare = pixels(viewport.picture()).astype(int)
    assert (np.abs(copied - bare).max(axis=2)[rows, columns] > 12).mean() > 0.5


def test_what_is_copied_while_it_is_not_current_is_said_to_be_older(shown: Driver) -> None:
    told: list[str] = []
    shown.studio.said.connect(told.append)
    shown.window.do("male")
    shown.window.do("copy picture")
    shown.window.do("undo")
    shown.current()
    shown.window.do("copy picture")
    shown.studio.said.disconnect(told.append)
    copied = [each for each in told if "clipboard" in each]
    assert copied == ["The picture is on the clipboard: it shows what was before “Sex: male”",
                      "The picture is on the clipboard"]  # fmt: skip


def test_a_small_window_keeps_the_scale_and_hides_the_rest_in_a_menu(shown: Driver) -> None:
    shown.click("Map: Strain")
    large = scale(shown).height()
    shown.window.resize(1024, 600)
    shown.rest(0.2)
    assert scale(shown).height() < 0.6 * large and scale(shown).more.isVisible()
    assert shown.window.picture.viewport.rect().contains(scale(shown).geometry())
    menu = scale(shown).more.menu()
    menu.aboutToShow.emit()
    named = {action.text(): action for action in menu.actions()}
    named["Weft strain"].trigger()
    assert shown.studio.project.view.map == "strain_weft"
    named["Bands"].trigger()
    assert shown.studio.project.view.scaling.banded


def test_the_certificate_opens_from_the_line_below_and_says_every_line(shown: Driver) -> None:
    shown.until(lambda: shown.window.status.drape.isVisible())
    QTest.mouseClick(shown.window.status.drape, Qt.MouseButton.LeftButton)
    shown.settle()
    (page,) = shown.window.pages.values()
    assert page.isVisible()
    from PySide6.QtWidgets import QLabel

    said = [label.text() for label in page.findChildren(QLabel)]
    for words in ("Vertices inside the body", "Unbalanced force", "Widest seam gap", "2 % of the load"):
        assert words in said
    page.close()


def test_directions_are_told_from_the_warp() -> None:
    told = [direction(np.radians(angle)) for angle in (0, 3, -30, 45, 89)]
    assert told == ["along the warp", "along the warp", "30° off the warp", "45° off the warp", "along the weft"]


def test_of_two_sizes_side_by_side_each_tells_its_own_values_in_its_own_half(shown: Driver) -> None:
    first = shown.studio.shown_key
    _in_size(shown, "S")
    shown.click("Map: Strain")
    shown.window.do("compare")
    assert shown.studio.project.view.beside == first
    viewport = shown.window.picture.viewport
    probe = viewport.probe
    for x, told, other in ((0.25, shown.studio.drape(first), True), (0.75, shown.studio.shown, False)):
        click_cloth(shown, x)
        assert probe.reading is not None and probe.reading.garment in [each.garment for each in told.maps]
        probe.follow(viewport.views(viewport.width(), viewport.height()))
        assert (probe._place().left == 0) == other
    click_cloth(shown, 0.25)
    shown.window.do("one")
    assert probe.reading is None, "what was read is no longer seen"


def test_the_title_of_every_scale_can_be_read_whole(shown: Driver) -> None:
    for small in (False, True):
        scale(shown).be_small(small)
        for name in BY_NAME:
            shown.window.picture._show_map(name)
            shown.turn()
            title = scale(shown).title
            assert title.sizeHint().width() <= title.width(), f"{title.text()} is cut off"
    scale(shown).be_small(False)


def _in_size(driver: Driver, size: str) -> None:
    """Wear everything in another size, and wait for it."""
    wishes: tuple[Wish, ...] = tuple(replace(wish, size=size) for wish in driver.studio.project.wishes)
    driver.studio.wishes(f"Size {size}", wishes)
    driver.current()


def test_the_maps_of_a_picture_go_with_it(shown: Driver) -> None:
    from shiboken6 import delete, isValid

    from app.ui.mapping import Maps
    from app.ui.viewport import Viewport

    viewport = Viewport(plain=True)
    maps = Maps(shown.studio, viewport, lambda: None)
    delete(viewport)
    assert not isValid(maps), "no movement asks them to point"
