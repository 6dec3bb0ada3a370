"""Movements in the window under real clicks: played while computed, paused, scrubbed, ended."""

import numpy as np
import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from tests.app.driver import Driver
from tests.app.fake_engine import FRAMES

ROOM = "Pose"


@pytest.fixture(autouse=True)
def at_rest(driver: Driver) -> None:
    driver.window.do("still")


def test_a_movement_plays_as_soon_as_there_is_a_first_part_and_comes_to_its_end(driver: Driver) -> None:
    playing = driver.studio.playing
    driver.click("Walk")
    assert playing.active and playing.playing
    driver.until(lambda: playing.done > 0)
    seen = {playing.frame}
    driver.until(lambda: seen.add(playing.frame) or len(seen) > 3)
    driver.until(lambda: playing.report is not None)
    assert playing.done == playing.total == FRAMES
    assert driver.window.rooms.panels["Pose"].moved.text() == "Stretched most:"
    assert driver.find("Movement").isVisible()


def test_where_a_garment_is_stretched_most_is_shown_at_a_touch_and_read(driver: Driver) -> None:
    playing, viewport = driver.studio.playing, driver.window.picture.viewport
    driver.click("Arms up")
    driver.until(lambda: playing.report is not None)
    driver.click("Show where T-shirt M is stretched most")
    assert (playing.playing, playing.frame, driver.studio.project.view.map) == (False, 15, "strain")
    reading = viewport.probe.reading
    worn = playing.maps()[0]
    assert np.allclose(reading.place, worn.vertices[worn.faces[3]].mean(axis=0))
    assert reading.value == pytest.approx(worn.values["strain"][worn.faces[3]].mean())
    assert "the most over the movement, at 0.5 s" in viewport.probe.accessibleName()
    assert viewport.scale.title.text().startswith("Largest strain")
    offered = not viewport.scale.families["strain"].isHidden()
    assert not offered, "of a movement no other direction is known, and none is offered"
    playing.seek(5)
    assert viewport.probe.reading.place[1] == pytest.approx(reading.place[1] - 0.1, abs=1e-4), "it goes along"
    driver.window.do("look")


def test_it_is_exported_as_the_file_that_is_asked_for(driver: Driver, tmp_path, monkeypatch) -> None:
    driver.window.do("save movement")
    assert "Nobody moves yet" in driver.window.status.words.text()
    driver.click("Walk")
    path, heard = tmp_path / "walk.glb", []
    driver.studio.said.connect(heard.append)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    driver.click("Export the movement…")
    driver.until(lambda: f"The movement lies in {path}" in heard)
    assert path.read_text() == "walk"


def test_it_is_paused_by_space_scrubbed_and_ended(driver: Driver) -> None:
    playing, viewport = driver.studio.playing, driver.window.picture.viewport
    driver.click("Sit down")
    driver.until(lambda: playing.report is not None)
    QTest.keyClick(driver.window.focusWidget(), Qt.Key.Key_Space)
    assert not playing.playing
    stood = playing.frame
    driver.rest(0.2)
    assert playing.frame == stood
    driver.find("Time of the movement").setValue(7)
    assert playing.frame == 7
    seven = viewport.scene.items[0].vertices[:, 1].min()
    driver.find("Time of the movement").setValue(17)
    assert viewport.scene.items[0].vertices[:, 1].min() - seven == pytest.approx(0.1, abs=1e-4)
    driver.click("End the movement: back to standing at ease")
    assert not playing.active and viewport.scene.items[0].vertices[:, 1].min() == pytest.approx(0.0, abs=0.02)


def test_another_person_or_garment_ends_it(driver: Driver) -> None:
    playing = driver.studio.playing
    driver.click("Turn round")
    driver.until(lambda: playing.done > 0)
    driver.studio.wishes("Take off", driver.studio.project.wishes[:1])
    assert not playing.active
    driver.current()


def test_what_is_refused_is_said_with_a_way_out(driver: Driver) -> None:
    playing = driver.studio.playing
    playing.choose("fall", "Fall")
    driver.until(lambda: playing.trouble)
    assert "no movement" in driver.window.picture.banner.text.text()
    driver.window.do("still")
    assert not playing.active
