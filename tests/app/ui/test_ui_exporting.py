"""What the window writes by itself: the picture as it is seen, and a mesh or a pattern by the file's ending."""

from pathlib import Path

import pytest

pytest.importorskip("PySide6")

from tests.app.driver import Driver


def test_the_picture_is_written_as_it_is_seen_in_the_size_chosen(driver: Driver, tmp_path: Path, monkeypatch) -> None:
    from PySide6.QtWidgets import QFileDialog

    from app.ui.exporting import PicturePage

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "look"), "(*.png)"))
    driver.window.do("back")
    driver.window.do("save picture")
    page = driver.window.findChild(PicturePage)
    page.sides.setCurrentIndex(page.sides.findData(4096))
    page.clear.setChecked(True)
    driver.click("Save picture…")
    driver.until(lambda: (tmp_path / "look.png").exists() and not driver.studio.running)
    azimuth, size, transparent = (tmp_path / "look.png").read_text().split(";")
    assert float(azimuth) == pytest.approx(driver.window.picture.viewport.cameras["one"].azimuth)
    assert int(size) == 4096 and transparent == "True"
    assert str(tmp_path) in driver.window.status.words.text()


def test_a_mesh_is_written_and_nothing_without_a_drape(driver: Driver, tmp_path: Path, monkeypatch) -> None:
    from PySide6.QtWidgets import QFileDialog

    asked: list[str] = []
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *told: asked.append(told[3]) or (str(tmp_path / "look.obj"), "")
    )
    driver.window.do("save part")
    driver.until(lambda: (tmp_path / "look.obj").exists() and not driver.studio.running)
    assert all(ending in asked[0] for ending in (".glb", ".obj", ".usdz", ".pdf", ".svg", ".dxf", ".json"))
    driver.studio.wishes("Take all off", ())
    driver.window.do("save part")
    assert len(asked) == 1
    driver.window.do("undo")
    driver.current()


@pytest.mark.parametrize(
    ("typed", "written"),
    [("look.glb", "look.pdf"), ("mine", "mine.pdf"), ("v1.2", "v1.2.pdf"), ("mine.svg", "mine.svg")],
)
def test_a_name_gets_the_ending_of_the_kind_that_was_chosen(
    driver: Driver, tmp_path, monkeypatch, typed, written
) -> None:
    """Unless another known one was typed; nothing that is there is replaced unasked."""
    from PySide6.QtWidgets import QFileDialog, QMessageBox

    from app.ui.dialogs import save_file
    from app.ui.exporting import PARTS

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / typed), "Pattern to print (*.pdf)"))
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.No)
    chosen = save_file(driver.studio, driver.window, "Save mesh or pattern as", "look.glb", *PARTS)
    assert chosen == tmp_path / written
    chosen.touch()
    again = save_file(driver.studio, driver.window, "Save mesh or pattern as", "look.glb", *PARTS)
    assert (again is None) == (typed != written)
