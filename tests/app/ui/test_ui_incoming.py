"""What comes in and goes out by files: scans, garments, photos, videos, exports."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PySide6")

from tests.app.driver import Driver


def test_a_scan_comes_in_and_goes(driver: Driver, tmp_path: Path, monkeypatch) -> None:
    refused: list[str] = []
    monkeypatch.setattr("app.ui.photos.QMessageBox.warning", lambda _, title, text: refused.append(text))
    driver.window.photos.open([tmp_path / "nobody.ply"])
    driver.until(lambda: refused)
    assert "damaged" in refused[0] and driver.studio.project.evidence.scan is None
    driver.window.photos.open([tmp_path / "her.ply"])
    driver.until(lambda: driver.studio.project.evidence.scan)
    driver.current()
    driver.click("Remove the scan")
    assert driver.studio.project.evidence.scan is None
    driver.studio.history.undo()
    assert driver.studio.project.evidence.scan.name == "her.ply"


def test_a_garment_from_a_file_is_asked_about_worn_and_refused(driver: Driver, tmp_path: Path, monkeypatch) -> None:
    from app.ui.meshes import Question

    refused: list[str] = []
    monkeypatch.setattr("app.ui.meshes.QMessageBox.warning", lambda _, title, text: refused.append(text))
    before = driver.studio.project.wishes
    driver.window.meshes.open(tmp_path / "noise.obj")
    driver.until(lambda: refused)
    assert "damaged" in refused[0] and driver.studio.project.wishes is before
    monkeypatch.setattr(Question, "exec", lambda asked: asked.unit.setCurrentText("Centimetres") or True)
    driver.room("Garment")
    driver.window.meshes.open(tmp_path / "polo.obj")
    driver.until(lambda: len(driver.studio.project.wishes) > len(before))
    made = driver.studio.project.wishes[-1].made
    assert made.name == "polo" and made.notes == ("It is in cm.",)
    driver.room("Fabric")
    driver.window.do("undo")
    assert driver.studio.project.wishes is before
    driver.room("Body")
    driver.current()


def test_a_photo_is_looked_at_before_it_changes_anything(driver: Driver, picture_file: Path, monkeypatch) -> None:
    from PySide6.QtWidgets import QMessageBox

    said: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda parent, title, text: said.append(text))
    before = driver.studio.project
    driver.window.photos.open([picture_file.with_name("nobody.png")])
    driver.until(lambda: said)
    assert "nobody can be seen" in said[0] and driver.studio.project is before
    driver.window.photos.open([picture_file])
    driver.until(lambda: driver.studio.project is not before)
    assert driver.studio.project.evidence.photos[0].pixels.shape == (120, 80, 3)
    driver.click("Body room")
    driver.click("Remove photo 1")
    assert driver.studio.project.evidence.photos == ()
    driver.current()


def test_a_photo_of_somebody_takes_the_place_of_the_sample_and_is_not_mixed_with_it(
    driver: Driver, picture_file: Path
) -> None:
    from app.project import Project
    from app.projectfile import load, save
    from body.estimate import Evidence
    from body.frame import Frame

    studio, before = driver.studio, driver.studio.project
    lent = Evidence(height=1.7, sex=0.0, photos=(Frame(np.zeros((9, 6, 3), np.uint8), name="front.jpg"),))
    studio.do("Sample", Project(lent, before.wishes, before.view, lent=lent))
    studio.evidence("Weight", replace(lent, mass=71.0))
    reopened = load(save(studio.project, str(picture_file.with_name("sample.toile")))).project
    studio.do("Opened again", reopened)
    driver.window.photos.open([picture_file])
    driver.until(lambda: studio.project is not reopened)
    found = studio.project.evidence
    assert [photo.pixels.shape for photo in found.photos] == [(120, 80, 3)], "hers are gone"
    assert (found.height, found.sex, found.mass) == (None, None, 71.0), "what was said of the other stays"
    assert any("makes way" in note.sentence for note in studio.log.notes)
    driver.window.photos.open([picture_file])
    driver.until(lambda: len(studio.project.evidence.photos) == 2)
    driver.window.do("undo")
    assert studio.project is reopened and reopened.lent is not None
    studio.do("Back", before)
    driver.current()


def test_a_video_gives_photos_of_its_person_or_changes_nothing(driver: Driver, monkeypatch) -> None:
    from PySide6.QtWidgets import QMessageBox

    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda parent, title, text: told.append(text))
    driver.current()
    before = driver.studio.project
    driver.window.photos.open([Path("nobody.mp4")])
    driver.until(lambda: told)
    assert "step into the picture" in told[0] and driver.studio.project is before
    driver.window.photos.open([Path("turn.mp4")])
    driver.until(lambda: driver.studio.project.evidence.photos)
    evidence = driver.studio.project.evidence
    assert len(evidence.photos) == 3 and "from 2 of 8 sides" in evidence.remarks[0]
    driver.room("Body")
    assert driver.find("From 2 sides: film").isVisible()
    driver.click("Remove from 2 sides")
    assert driver.studio.project.evidence.photos == () and driver.studio.project.evidence.remarks == ()


def test_export_writes_into_the_folder_from_the_engine(driver: Driver, tmp_path: Path) -> None:
    from app.ui import exporting

    exporting.write(driver.studio, tmp_path, driver.window)
    driver.until(lambda: (tmp_path / "front.png").exists() and not driver.studio.running)
    assert str(tmp_path) in driver.window.status.words.text()


def test_an_export_that_fails_is_said_in_a_box_and_whole(driver: Driver, tmp_path: Path, monkeypatch) -> None:
    from PySide6.QtWidgets import QMessageBox

    from app.ui import exporting

    boxes: list[tuple[str, str]] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: boxes.append((box.windowTitle(), box.text())))
    exporting.write(driver.studio, tmp_path / "nowhere", driver.window)
    driver.until(lambda: boxes)
    assert boxes[0][0] == "Nothing is exported" and "nowhere" in boxes[0][1]
