"""The Pose room under real clicks: the library, joints dragged in the picture, own poses, files."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("PySide6")

from app.jobs import Jobs
from app.project import Project
from body import poses
from tests.app import fake_engine
from tests.app.driver import Driver
from tests.body import movers

LIBRARY = np.stack([np.asarray(pose.turns, float) for pose in poses.library().values()])


@pytest.fixture(scope="module")
def driver(application) -> Iterator[Driver]:
    made = Driver(application)
    made.current()
    made.click("Pose room")
    made.until(lambda: made.studio.posing.handles(), 20)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def at_ease(driver: Driver) -> None:
    driver.window.do("at ease")
    driver.studio.history.restart(driver.studio.project)


def posed(driver: Driver) -> None:
    """Wait until the picture shows the pose that is wanted."""
    posing = driver.studio.posing
    driver.until(lambda: posing.scene is not None and posing._struck[1] is posing.pose, 60)
    driver.rest(0.05)


def handle(driver: Driver, joint: str):
    return next(at for _, name, at in driver.window.picture.handles.places() if name == joint).toPoint()


def drag(driver: Driver, joint: str, right: int, down: int, release: bool = True) -> None:
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    viewport, start = driver.window.picture.viewport, handle(driver, joint)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for k in range(1, 5):
        QTest.mouseMove(viewport, start + QPoint(right * k // 4, down * k // 4))
        driver.application.processEvents()
    if release:
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(right, down))
        driver.application.processEvents()


def test_a_pose_of_the_library_shows_the_undressed_person_and_says_where_the_garments_are(driver: Driver) -> None:
    dressed = driver.pixels().astype(int)
    driver.click("Pose: Arms raised")
    posed(driver)
    shown = driver.studio.posing.scene
    assert {item.name for item in shown.items} >= {"body", "briefs"} and "tee" not in {i.name for i in shown.items}
    assert shown.bounds()[1][1] > 1.9, "the hands are over the head"
    assert "at ease" in driver.window.picture.banner.text.text() and driver.window.picture.banner.isVisible()
    assert np.abs(driver.pixels().astype(int) - dressed).mean() > 1.0
    assert driver.studio.state == "current", "advice and measures are as they were"
    driver.window.do("undo")
    assert driver.studio.project.pose is None and driver.studio.posing.scene is None
    assert "tee" in {item.name for item in driver.window.picture.viewport.scene.items}


def test_one_drag_is_one_step_and_undo_takes_it_back(driver: Driver) -> None:
    driver.window.do("front")
    before, start = driver.studio.history.steps, driver.studio.posing.handles()
    camera = driver.window.picture.viewport.cameras["one"]
    drag(driver, "left_wrist", 40, -120)
    drag(driver, "left_wrist", -10, -30)
    assert driver.studio.history.steps == before + 2
    assert driver.studio.history.undo_name == "Pose the left wrist"
    posed(driver)
    after = driver.studio.posing.handles()
    assert after["left_wrist"][1] > start["left_wrist"][1] + 0.15
    assert np.linalg.norm(after["right_wrist"] - start["right_wrist"]) < 0.01
    assert driver.window.picture.viewport.cameras["one"].azimuth == pytest.approx(camera.azimuth), "the view stays"
    driver.window.do("undo")
    driver.window.do("undo")
    assert driver.studio.project.pose is None
    driver.window.do("redo")
    driver.window.do("redo")
    posed(driver)
    np.testing.assert_allclose(driver.studio.posing.handles()["left_wrist"], after["left_wrist"], atol=1e-5)


def test_the_wrist_follows_the_pointer_and_the_body_the_wrist(driver: Driver) -> None:
    driver.window.do("front")
    start = handle(driver, "left_wrist")
    drag(driver, "left_wrist", 20, -60, release=False)
    held = handle(driver, "left_wrist")
    assert abs(held.x() - start.x() - 20) <= 2 and abs(held.y() - start.y() + 60) <= 2
    posed(driver)
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    QTest.keyClick(driver.window.picture.viewport, Qt.Key.Key_Escape)
    assert driver.studio.project.pose is None and not driver.studio.posing.dragging, "Escape lets go without a step"
    QTest.mouseRelease(driver.window.picture.viewport, Qt.MouseButton.LeftButton)


def test_beside_the_joints_a_drag_turns_the_view(driver: Driver) -> None:
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    viewport = driver.window.picture.viewport
    azimuth = viewport.cameras["one"].azimuth
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(40, 300))
    QTest.mouseMove(viewport, QPoint(100, 300))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(100, 300))
    assert viewport.cameras["one"].azimuth != pytest.approx(azimuth) and driver.studio.project.pose is None


def test_joints_are_dragged_in_four_views_too(driver: Driver) -> None:
    driver.window.do("four")
    driver.rest(0.05)
    views = {id(view) for view, _, _ in driver.window.picture.handles.places()}
    assert len(views) == 4
    start = driver.studio.posing.handles()["left_knee"]
    drag(driver, "left_knee", 30, -20)
    assert driver.studio.history.undo_name == "Pose the left knee"
    assert np.linalg.norm(driver.studio.posing.handles()["left_knee"] - start) > 0.03
    driver.window.do("one")


def test_a_pose_is_mirrored_saved_chosen_again_and_deleted(driver: Driver) -> None:
    driver.click("Pose: Reaching")
    posed(driver)
    right = driver.studio.posing.handles()["right_wrist"]
    driver.click("Mirror")
    posed(driver)
    np.testing.assert_allclose(driver.studio.posing.handles()["left_wrist"], right * [-1, 1, 1], atol=0.02)
    driver.type("Name of this pose", "Reaching left")
    assert poses.find("reaching-left").own and driver.studio.project.pose.name == "reaching-left"
    driver.window.do("at ease")
    driver.click("Pose: Reaching left")
    posed(driver)
    driver.click("Delete this pose of yours")
    assert "reaching-left" not in poses.library()
    driver.type("Name of this pose", "sitting")
    assert "choose another name" in driver.find("Notes on the pose file").text()


def test_the_card_of_a_deleted_pose_goes_whatever_changes_meanwhile(driver: Driver, monkeypatch) -> None:
    panel = driver.room("Pose")
    driver.type("Name of this pose", "Passing")
    driver.until(lambda: "passing" in panel._cards and not panel._drawing.busy)
    panel.delete.click()
    monkeypatch.setattr(type(panel), "_looks", property(lambda panel: "another theme"))
    panel._fill()
    driver.until(lambda: not panel._drawing.busy)
    assert "passing" not in panel._cards and poses.AT_EASE in panel._cards


def test_a_movement_is_opened_and_a_frame_picked_by_the_slider(driver: Driver, tmp_path) -> None:
    path = movers.amass(tmp_path / "walk_poses.npz", LIBRARY)
    panel = driver.window.rooms.panels["Pose"]
    panel.open(path)
    driver.until(lambda: driver.studio.project.pose is not None, 60)
    posed(driver)
    slider = driver.find("Frame of the movement")
    assert (slider.minimum(), slider.maximum()) == (0, len(LIBRARY) - 1)
    slider.setValue(6)
    posed(driver)
    np.testing.assert_allclose(driver.studio.project.pose.turns, LIBRARY[6], atol=1e-4)
    assert driver.studio.history.steps == 1, "looking through the frames is one step"
    assert "shape" in driver.find("Notes on the pose file").text()


def test_a_file_that_is_none_is_said_and_changes_nothing(driver: Driver, tmp_path) -> None:
    (tmp_path / "bad.npz").write_bytes(b"PK\x03\x04 no")
    before = driver.studio.project
    driver.window.rooms.panels["Pose"].open(tmp_path / "bad.npz")
    driver.until(lambda: "cannot be read" in driver.find("Notes on the pose file").text(), 60)
    assert driver.studio.project is before


def test_another_room_hides_the_joints_and_keeps_the_pose(driver: Driver) -> None:
    driver.click("Pose: T")
    posed(driver)
    driver.click("Body room")
    assert not driver.window.picture.handles.isVisible() and driver.studio.posing.scene is not None
    driver.type("Height [cm]", "171")
    driver.current()
    posed(driver)
    assert driver.studio.project.pose.name == "t"
    driver.click("Pose room")


def test_without_a_body_there_is_nothing_to_drag(application) -> None:
    from app.ui.studio import Studio

    studio = Studio(Project(), Jobs(in_place=True), engine=fake_engine.__name__)
    studio.posing.choose("Pose", poses.find("t"))
    assert not studio.posing.handles() and studio.posing.scene is None and not studio.posing.grip("left_wrist")
    assert replace(studio.project, pose=None).key == studio.project.key, "results do not follow from the pose"
