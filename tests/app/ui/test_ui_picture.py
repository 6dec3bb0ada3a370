"""The picture by hand and by keys: turned, zoomed, framed; its maps, tapes and what must not lie on it."""

import numpy as np
import pytest

pytest.importorskip("PySide6")

from tests.app.driver import Driver


def test_the_picture_shows_a_person_in_the_middle_and_turns_by_hand(driver: Driver) -> None:
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    driver.window.do("front")
    before = driver.pixels().astype(int)
    height, width, _ = before.shape
    middle = before[height // 8 : height * 3 // 4, width // 2 - width // 12 : width // 2 + width // 12]
    skin = (middle[..., 0] > middle[..., 1] + 15) & (middle[..., 1] > middle[..., 2])
    cloth = (middle[..., 1] > middle[..., 0] + 15) & (middle[..., 2] > middle[..., 0] + 15)
    assert before.std() > 5 and skin.mean() > 0.03 and cloth.mean() > 0.1
    corner = before[:20, :20]
    assert np.ptp(corner.mean(axis=(0, 1))) < 4, "the background is neutral"
    viewport = driver.window.picture.viewport
    start = QPoint(viewport.width() // 2, viewport.height() // 3)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for k in range(1, 6):
        QTest.mouseMove(viewport, start + QPoint(30 * k, 4 * k))
        driver.application.processEvents()
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(150, 20))
    driver.rest(0.05)
    assert np.abs(driver.pixels().astype(int) - before).mean() > 1.0
    driver.key("1")
    driver.rest(0.05)
    assert np.abs(driver.pixels().astype(int) - before).mean() < 1.0


def test_the_wheel_zooms_to_the_pointer_and_f_frames(driver: Driver) -> None:
    from PySide6.QtCore import QPoint, QPointF, Qt
    from PySide6.QtGui import QWheelEvent

    viewport = driver.window.picture.viewport
    driver.window.do("front")
    before = viewport.cameras["one"]
    place = QPointF(viewport.width() * 0.5, viewport.height() * 0.2)
    low, _ = before.ray(place.x(), place.y(), viewport.width(), viewport.height())
    none = Qt.MouseButton.NoButton
    event = QWheelEvent(
        place, viewport.mapToGlobal(place), QPoint(), QPoint(0, 480), none, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    driver.application.sendEvent(viewport, event)
    after = viewport.cameras["one"]
    assert after.distance < 0.7 * before.distance
    depth = before.distance
    _, direction = before.ray(place.x(), place.y(), viewport.width(), viewport.height())
    target = np.asarray(low) + direction * depth / -(direction @ before.axes()[2])
    seen = after.project(target[None], viewport.width(), viewport.height())[0]
    assert np.allclose(seen[:2], (place.x(), place.y()), atol=1.0)
    driver.key("F")
    assert viewport.cameras["one"].distance == pytest.approx(before.distance, rel=0.02)


def test_maps_bring_their_scale_and_four_views_their_names(driver: Driver) -> None:
    driver.window.do("front")
    look = driver.pixels().astype(int)
    driver.click("Map: Strain")
    driver.rest(0.05)
    assert np.abs(driver.pixels().astype(int) - look).mean() > 1.0
    assert driver.window.picture.viewport.scale.accessibleName().startswith("Scale: Strain [")
    driver.click("Map: Look")
    assert not driver.window.picture.viewport.scale.isVisible()
    driver.click("Number of views: 4")
    driver.rest(0.05)
    four = driver.pixels().astype(int)
    height, width, _ = four.shape
    for top in (0, height // 2):
        for left in (0, width // 2):
            assert four[top : top + height // 2, left : left + width // 2].std() > 5
    driver.click("Number of views: 1")


def test_tape_lines_show_for_the_main_measures_and_for_the_row_that_is_looked_at(driver: Driver) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QHoverEvent

    driver.click("Body room")
    driver.window.do("front")
    plain, labels = driver.pixels().astype(int), driver.window.picture.viewport.labels
    driver.click("Tape lines: Tape lines")
    driver.rest(0.05)
    assert driver.studio.project.view.tapes and "Waist girth" in labels.accessibleName()
    assert np.abs(driver.pixels().astype(int) - plain).mean() > 0.3
    driver.key("T")
    assert not driver.studio.project.view.tapes and not labels.isVisible()
    row = driver.window.rooms.panels["Body"].quantities["hip_girth"]
    for kind, shown in ((QEvent.Type.HoverEnter, True), (QEvent.Type.HoverLeave, False)):
        driver.application.sendEvent(
            row, QHoverEvent(kind, row.rect().center(), row.rect().center(), row.rect().center())
        )
        driver.rest(0.2)
        assert labels.isVisible() == shown
        assert driver.studio.pointed_at == ("hip_girth" if shown else None)
    driver.window.do("undo")
    driver.window.do("undo")


@pytest.mark.parametrize("size", [(1440, 900), (1024, 600), (1080, 1920)])
def test_nothing_lies_on_a_head(driver: Driver, size: tuple[int, int]) -> None:
    from PySide6.QtCore import QPoint

    driver.window.resize(*size)
    picture = driver.window.picture
    viewport = picture.viewport
    for count in ("one", "four"):
        for shown in ("look", "strain"):
            driver.window.do(count)
            driver.window.do(shown)
            driver.window.do("front")
            if count == "one":
                picture.banner.say("Shown: before “Height”. Now draping.", (("Stop", lambda: None),), 0.5)
            picture._place()
            covering = [w for w in (picture.banner, viewport.scale, picture.sides, picture.maps) if w.isVisible()]
            body = viewport.scene.items[0].vertices
            crown, sole = body[body[:, 1].argmax()], body[body[:, 1].argmin()]
            for view in viewport.views(viewport.width(), viewport.height()):
                matrix = view.camera.projection(view.width / view.height) @ view.camera.view()
                for point in (crown, sole):
                    x, y, _, w = matrix @ (*point, 1.0)
                    place = QPoint(
                        round(view.left + (x / w + 1) / 2 * view.width), round(view.top + (1 - y / w) / 2 * view.height)
                    )
                    assert not any(widget.geometry().contains(place) for widget in covering), (count, shown, place)
            picture.banner.hide()
    driver.window.do("one")
    driver.window.do("look")
    driver.window.resize(1280, 800)


def test_the_arrow_keys_turn_the_person(driver: Driver) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    viewport = driver.window.picture.viewport
    driver.window.do("front")
    before = viewport.cameras["one"].azimuth
    QTest.keyClick(viewport, Qt.Key.Key_Right)
    QTest.keyClick(viewport, Qt.Key.Key_Right)
    assert viewport.cameras["one"].azimuth == pytest.approx(before + np.radians(20), abs=1e-6)
    driver.window.do("front")


def test_nothing_is_called_current_before_its_picture_is_seen(driver: Driver) -> None:
    from dataclasses import replace

    from app.ui.drawing import drawing
    from app.ui.studio import CURRENT

    studio, picture = driver.studio, driver.window.picture
    before = studio.shown
    with drawing()._change:  # the thread that draws waits for this one
        studio.evidence("Height", replace(studio.project.evidence, height=1.81))
        driver.until(lambda: studio.shown is not before and studio.state == CURRENT)
        assert picture.viewport.veil.isVisible(), "the picture is still of the person before"
        assert driver.window.status.drape.text() == "drape: computed; the picture is being drawn"
        driver.window.do("copy picture")
        assert "still being drawn" in driver.window.status.words.text()
    driver.until(lambda: not picture.viewport.veil.isVisible())
    assert picture.viewport.canvas.shows(picture.viewport.scene)
    assert driver.window.status.drape.text().startswith("drape: current")
