"""How the person is shown in the window: light, background, X-ray, side by side, cut open."""

import numpy as np
import pytest

pytest.importorskip("PySide6")

from tests.app.driver import Driver


def seen(driver: Driver) -> np.ndarray:
    driver.rest(0.05)
    return driver.pixels().astype(int)


def test_each_light_is_another_picture_and_undo_brings_the_first_back(driver: Driver) -> None:
    from render.setups import SETUPS

    driver.window.do("front")
    first = seen(driver)
    pictures = {"studio": first}
    for name in list(SETUPS)[1:]:
        driver.window.do(f"light {name}")
        pictures[name] = seen(driver)
        assert driver.window.actions_by_name[f"light {name}"].isChecked()
    names = list(pictures)
    assert all(np.abs(pictures[a] - pictures[b]).mean() > 0.3 for a in names for b in names if a < b)
    driver.window.do("light studio")
    assert np.abs(seen(driver) - first).mean() < 0.1


def test_a_background_fills_the_picture_behind_the_person(driver: Driver) -> None:
    driver.window.do("background white")
    assert (seen(driver)[40, 5, :3] == 255).all()
    driver.window.do("background sweep")
    swept = seen(driver)
    assert swept[-90, 5, :3].mean() > swept[60, 5, :3].mean() + 10
    driver.window.do("background")


def test_a_background_that_cannot_be_read_is_said_and_costs_nothing(driver: Driver) -> None:
    from dataclasses import replace

    said: list[str] = []
    driver.studio.said.connect(said.append)
    driver.studio.view("Background", replace(driver.studio.project.view, background="no_such_colour"))
    driver.turn()
    assert said and "no_such_colour" in said[-1]
    driver.window.do("background")


def test_x_ray_shows_skin_where_cloth_was(driver: Driver) -> None:
    before = seen(driver)
    driver.key("X")
    assert driver.studio.project.view.xray and np.abs(seen(driver) - before).mean() > 0.5
    driver.key("X")
    assert np.abs(seen(driver) - before).mean() < 0.1


def test_the_cross_section_tells_the_clearance_and_follows_its_slider(driver: Driver) -> None:
    driver.window.do("section")
    card = driver.window.picture.showing.section
    assert card.isVisible() and "round the trunk" in card.told.text() and "mm" in card.told.text()
    told = card.told.text()
    card.slider.setValue(card.slider.value() - 20)
    driver.turn()
    assert card.told.text() != told
    assert driver.studio.project.view.section == pytest.approx(card.slider.value() * 0.005)
    size = driver.window.size()
    driver.window.resize(1024, 600)
    driver.turn()
    assert driver.window.advice.isHidden(), "a card takes the advice's place where it would hide the person"
    assert driver.window.picture.width() - card.width() > 300
    driver.window.resize(size)
    assert driver.window.advice.isVisible()
    driver.window.do("strain")
    driver.turn()
    viewport = driver.window.picture.viewport
    body = next(item for item in viewport.scene.items if item.name == "body")
    seen_at = viewport.cameras["one"].project(body.vertices, viewport.width(), viewport.height())[:, :2]
    for part in (viewport.scale, card):
        box = part.geometry().adjusted(1, 1, -1, -1)
        inside = (seen_at > (box.left(), box.top())) & (seen_at < (box.right(), box.bottom()))
        assert viewport.scale.isVisible() and inside.all(axis=1).mean() < 0.02, "neither lies over the person"
    driver.window.do("look")
    driver.click("Close the cross-section")
    assert not card.isVisible() and driver.studio.project.view.section is None


def test_a_cut_above_the_head_of_who_sat_down_is_an_empty_picture(driver: Driver) -> None:
    from PySide6.QtGui import QPaintEvent

    from app.scenes.section import Cut
    from app.ui.section import Plan

    plan = Plan()
    empty = plan.grab().toImage()
    plan.show_cut(Cut(1.6, (), (("tee", ()),), ()))
    plan.paintEvent(QPaintEvent(plan.rect()))
    assert plan.grab().toImage() == empty


def test_two_drapes_stand_side_by_side_and_turn_together(driver: Driver) -> None:
    from dataclasses import replace

    said: list[str] = []
    driver.studio.said.connect(said.append)
    driver.click("Number of views: 1|1")
    assert "one drape" in said[-1] and driver.studio.project.view.beside is None
    wishes = driver.studio.project.wishes
    driver.studio.wishes("Size", tuple(replace(wish, size="XL") for wish in wishes))
    driver.until(lambda: len(driver.studio.drapes()) == 2)
    driver.current()
    driver.click("Number of views: 1|1")
    viewport = driver.window.picture.viewport
    left, right = viewport.views(viewport.width(), viewport.height())
    assert left.scene is not None and right.scene is None and left.camera is right.camera
    told = [name.text() for name in viewport.pair.labels]
    assert viewport.pair.isVisible() and "M" in told[0] and "XL" in told[1]
    assert "T-shirt M, bust: ease 6.0 cm, 8.0 cm less" in told[0]
    assert "T-shirt XL, bust: ease 14.0 cm, 8.0 cm more" in told[1]
    pixels = seen(driver)
    half = pixels.shape[1] // 2
    assert pixels[:, :half].std() > 5 and pixels[:, half:].std() > 5
    driver.key("7")
    assert np.abs(seen(driver) - pixels)[:, :half].mean() > 0.5
    driver.studio.evidence("Weight", replace(driver.studio.project.evidence, mass=72.0))
    picture = driver.window.picture
    driver.until(picture.banner.isVisible)
    names = [name.geometry().adjusted(-7, -3, 7, 3) for name in viewport.pair.labels]
    assert not any(picture.banner.geometry().intersects(name) for name in names), "what runs covers no name"
    body = next(item for item in viewport.other.items if item.name == "body")
    top = body.vertices[body.vertices[:, 1].argmax()][None]
    assert left.camera.project(top, half, viewport.height())[0, 1] > viewport.pair.lowest, "no name covers a head"
    driver.current()
    driver.click("Number of views: 1")
    assert viewport.other is None


def test_the_mouse_is_as_hands_know_it(driver: Driver) -> None:
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    viewport = driver.window.picture.viewport
    start = QPoint(viewport.width() // 2, viewport.height() // 2)

    def dragged(button: Qt.MouseButton, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> str:
        driver.window.do("front")
        before = viewport.cameras["one"]
        QTest.mousePress(viewport, button, keys, start)
        for k in (10, 30, 60):
            QTest.mouseMove(viewport, start + QPoint(k, 0))
        QTest.mouseRelease(viewport, button, keys, start + QPoint(60, 0))
        after = viewport.cameras["one"]
        if abs(after.distance - before.distance) > 1e-3:
            return "zoom"
        return "orbit" if abs(after.azimuth - before.azimuth) > 1e-3 else "pan"

    left, middle, right = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
    shift, control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    assert [dragged(left), dragged(middle), dragged(right)] == ["orbit", "pan", "pan"]
    driver.window.do("mouse blender")
    assert [dragged(middle), dragged(middle, shift), dragged(middle, control)] == ["orbit", "pan", "zoom"]
    driver.window.do("mouse maya")
    alt = Qt.KeyboardModifier.AltModifier
    assert [dragged(left, alt), dragged(middle, alt), dragged(right, alt)] == ["orbit", "pan", "zoom"]
    driver.window.do("mouse toile")
    assert driver.studio.settings.navigation == "toile"
