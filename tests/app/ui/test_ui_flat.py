"""The pattern beside the person: what is chosen there shows here, and what is dragged changes the garment."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import shapely

pytest.importorskip("PySide6")

from app.project import Wish
from app.ui.flatunder import edge_at, sentence
from assets.progress import silent
from garments.colours.colourway import Colourway, read_print
from garments.designs import design
from garments.formats import garmentcode
from garments.handles import Handle, handles, take
from garments.imported.readymade import told
from garments.nest import Nest
from tests.app.driver import Driver
from tests.app.fake_engine import resewn


@pytest.fixture(scope="module")
def driver(application) -> Iterator[Driver]:
    made = Driver(application)
    made.window.do("flat")
    made.current()
    made.pattern()
    yield made
    made.close()


def _press(driver: Driver, start, end) -> None:
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    view = driver.window.flat
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    for share in (0.25, 0.5, 0.75, 1.0):
        QTest.mouseMove(view, start + QPoint(*(round(share * x) for x in end)))
        driver.rest(0.03)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(*end))


def test_a_panel_is_chosen_by_a_click_and_by_keys(driver: Driver) -> None:
    view = driver.window.flat
    piece = next(each for each in view.flat.pieces if each.panel.name == "back")
    _press(driver, view.sheet.at(piece.cut.mean(axis=0)).toPoint(), (0, 0))
    assert driver.studio.panel == (0, "back") and "back" in view.accessibleDescription()
    driver.key("F9")
    assert not view.isVisible() and driver.studio.panel is None
    driver.key("F9")
    assert view.isVisible()


def test_dragging_the_hem_is_an_option_and_one_step_to_undo(driver: Driver) -> None:
    view, before = driver.window.flat, driver.studio.project
    driver.studio.pick_panel(0, "front")
    piece = view._chosen_piece()
    start = view.sheet.at(Handle("front", "hem", 0.5).on(view.flat.pattern) + piece.at).toPoint()
    _press(driver, start, (0, 24))
    wish = driver.studio.project.wishes[0]
    assert set(wish.options) == {"length"} and wish.options["length"] > design("tee").OPTIONS["length"].default
    assert driver.studio.history.undo_name == "Drag front hem"
    assert driver.pattern().flat.cut.options == wish.options
    driver.window.do("undo")
    assert driver.studio.project is before
    driver.current()


def test_another_garment_and_none_at_all(driver: Driver) -> None:
    view, wishes = driver.window.flat, driver.studio.project.wishes
    driver.click("Pattern of: Skirt")
    assert {each.panel.name for each in driver.pattern().flat.pieces} == {"front", "back", "waistband"}
    driver.studio.wishes("Take everything off", ())
    assert driver.pattern().flat is None and "Put on a garment" in view.accessibleDescription()
    driver.window.do("undo")
    assert driver.studio.project.wishes is wishes and driver.pattern().flat is not None
    driver.current()


def test_an_edge_under_the_pointer_tells_its_length_and_its_seam(driver: Driver) -> None:
    view = driver.window.flat
    view.choose(0)
    driver.pattern()
    piece = next(each for each in view.flat.pieces if each.panel.name == "front")
    edge = piece.panel.edge("shoulder_left")
    said = sentence(view.flat, edge_at(view.flat, view.sheet, view.sheet.at(edge.at([0.5])[0] + piece.at)), (), "cm")
    assert "shoulder left" in said and "sewn to back" in said and "cm" in said


def test_all_sizes_lie_one_inside_the_other(driver: Driver) -> None:
    view = driver.window.flat
    view.choose(0)
    driver.click("All sizes")
    driver.pattern()
    areas = [pattern.panel("front").area for _, pattern in view.flat.nest]
    assert len(areas) == 7 and areas == sorted(areas)
    boxes = []
    for name in ("front", "back", "sleeve_left", "sleeve_right"):
        at = next(piece.at for piece in view.flat.pieces if piece.panel.name == name)
        points = np.concatenate([pattern.panel(name).outline() for _, pattern in view.flat.nest]) + at
        boxes.append(shapely.box(*points.min(axis=0), *points.max(axis=0)))
    assert not any(one.intersects(two) for one, two in combinations(boxes, 2))
    driver.click("All sizes")
    assert driver.pattern().flat.nest == ()


def test_sizes_that_cannot_be_drafted_are_named_with_the_reason(driver: Driver, monkeypatch) -> None:
    plan, view = design("tee"), driver.window.flat
    draft = plan._draft

    def picky(measurements, options):
        if measurements["bust_girth"] > 1.1:
            raise ValueError("no dart")
        return draft(measurements, options)

    monkeypatch.setattr(plan, "_draft", picky)
    view.choose(0)
    driver.click("All sizes")
    flat = driver.pattern().flat
    assert [size for size, _ in flat.nest] == ["XXS", "XS", "S", "M", "L"] and set(flat.missing) == {"XL", "XXL"}
    assert view.toolTip() == "XL, XXL missing: the design tee could not be drafted: ValueError: no dart"
    assert view.accessibleDescription().endswith(view.toolTip())
    driver.click("All sizes")
    assert driver.pattern().toolTip() == ""


def test_seams_at_which_lines_of_a_print_do_not_meet_are_told(driver: Driver) -> None:
    view, wishes = driver.window.flat, driver.studio.project.wishes
    striped = replace(wishes[0], colourway=Colourway(print=read_print("breton white navy")))
    driver.studio.wishes("Stripes", (striped, *wishes[1:]))
    view.choose(0)
    flat = driver.pattern().flat
    apart = [each for each in view.meetings if not each.meets]
    assert "armhole" in apart[0].seam and not any("side" in each.seam for each in apart)
    assert f"do not meet at {len(apart)} of" in sentence(flat, None, view.meetings, "cm")
    piece = next(each for each in flat.pieces if each.panel.name == "front")
    over, side = (
        sentence(flat, (piece, piece.panel.edge(edge)), view.meetings, "cm")
        for edge in ("armhole_low_left", "side_waist_left")
    )
    assert over.endswith("mm apart") and side.endswith("sewn to back")
    driver.window.do("undo")
    driver.current()


def test_points_that_no_option_moves_are_told_from_those_that_can_be_dragged(driver: Driver) -> None:
    view = driver.window.flat
    view.choose(0)
    driver.pattern()
    driver.studio.pick_panel(0, "front")
    driver.until(lambda: view._movable is not None)
    cut = view.flat.cut
    points = handles(view.flat.pattern.panel("front"))
    assert {point for point in points if take(design("tee"), cut.meant_for, cut.drawn, point).free} == view._movable
    assert Handle("front", "hem", 0.5) in view._movable


def _tube(name: str) -> Nest:
    """A straight dress of two panels, as another program describes one."""
    told = {"translation": [0, 40, 25], "rotation": [0, 0, 0], "vertices": [[-26, 0], [26, 0], [26, 70], [-26, 70]],
            "edges": [{"endpoints": [k, (k + 1) % 4]} for k in range(4)]}  # fmt: skip
    back = {**told, "translation": [0, 40, -25], "rotation": [0, 180, 0]}
    stitches = [[{"panel": "front", "edge": a}, {"panel": "back", "edge": b}] for a, b in ((1, 3), (3, 1))]
    document = {"pattern": {"panels": {"front": told, "back": back}, "stitches": stitches}}
    return garmentcode._nest(document, Path(f"{name}.json"), None)


def test_a_point_of_a_pattern_from_elsewhere_goes_itself_and_the_garment_is_sewn_anew(driver: Driver) -> None:
    view, wishes = driver.window.flat, driver.studio.project.wishes
    made = resewn(told(_tube("tube")), "tube", silent)
    driver.studio.wishes("Put on tube", (Wish("tube", made=made),))
    view.choose(0)
    assert {each.panel.name for each in driver.pattern().flat.pieces} == {"front", "back"}
    driver.click("All sizes")
    areas = {size: pattern.panel("front").area for size, pattern in driver.pattern().flat.nest}
    assert list(areas) == ["XXS", "XS", "S", "M", "L", "XL", "XXL"] and sorted(areas.values()) == list(areas.values())
    assert areas["M"] == made.pattern.panel("front").area
    driver.click("All sizes")
    assert driver.pattern().flat.nest == ()
    driver.studio.pick_panel(0, "front")
    before = made.pattern.panel("front").area
    piece, low = view._chosen_piece(), Handle("front", "edge_0", 0.5)
    _press(driver, view.sheet.at(low.on(view.flat.pattern) + piece.at).toPoint(), (0, 30))
    driver.until(lambda: driver.studio.project.wishes[0].made is not made)
    longer = driver.studio.project.wishes[0].made
    assert longer.pattern.panel("front").area > 1.02 * before
    assert driver.studio.history.undo_name == "Drag front edge 0"
    assert driver.pattern().flat.pattern.panel("front").area == pytest.approx(longer.pattern.panel("front").area)
    driver.window.do("undo")
    assert driver.studio.project.wishes[0].made is made
    assert driver.pattern().flat.pattern.panel("front").area == pytest.approx(before)
    driver.studio.wishes("Dress again", wishes)
    driver.current()


def test_nothing_of_the_garment_before_is_seen_where_another_is_chosen(driver: Driver) -> None:
    view, pieces = driver.window.flat, driver.pattern().pieces
    for number in (1, 0):
        driver.until(lambda: pieces.shown is view.flat and not view.busy)
        view.update()
        view.choose(number)
        assert pieces.shown is None and not pieces.busy
    driver.until(lambda: pieces.shown is not None)
    assert pieces.shown is view.flat


def test_a_picture_that_cannot_be_painted_is_let_go(application) -> None:
    from PySide6.QtGui import QPixmap

    from app.ui.flatpicture import _painting

    picture = QPixmap(8, 8)
    with pytest.raises(ValueError, match="no such piece"), _painting(picture) as painter:
        raise ValueError("no such piece")
    assert not painter.isActive() and not picture.paintingActive()
