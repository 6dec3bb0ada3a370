"""Projects are saved, opened, asked about, recovered and dropped, in the real window."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PySide6")

from app.projectfile import pack
from body.frame import Frame
from tests.app.driver import Driver

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def asks(monkeypatch):
    """Answers for questions that the window asks: what is chosen, and which questions came."""
    from PySide6.QtWidgets import QFileDialog, QMessageBox

    from app.ui.filing import Filing

    told = {"save": QMessageBox.StandardButton.Cancel, "asked": 0, "file": "", "said": []}

    def ask(_: Filing) -> QMessageBox.StandardButton:
        told["asked"] += 1
        return told["save"]

    monkeypatch.setattr(Filing, "ask", ask)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (told["file"], ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (told["file"], ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([told["file"]], ""))
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told["said"].append(box.text()))
    return told


def test_a_project_is_saved_changed_and_opened_again(driver: Driver, tmp_path: Path, asks) -> None:
    from PySide6.QtWidgets import QMessageBox

    window, studio = driver.window, driver.studio
    assert not window.isWindowModified() and "T-shirt" in window.windowTitle()
    asks["file"] = str(tmp_path / "look")
    driver.key("Ctrl+S")
    path = tmp_path / "look.toile"
    driver.until(lambda: window.filing.path == path)
    assert window.windowTitle() == "look[*] · Toile" and str(path) in window.status.words.text()
    saved = studio.project
    driver.click("Body room")
    driver.type("Height [cm]", "171")
    assert window.isWindowModified()
    window.do("strain")
    driver.key("Ctrl+N")
    assert asks["asked"] == 1 and studio.project.evidence.height == pytest.approx(1.71), "cancelled: nothing is lost"
    asks["save"] = QMessageBox.StandardButton.Save
    driver.key("Ctrl+N")
    driver.until(lambda: studio.state == "empty")
    assert window.filing.path is None and not window.isWindowModified() and studio.history.steps == 0
    assert window.picture.viewport.scene is None, "nothing is shown of the one before"
    asks["file"] = str(path)
    driver.key("Ctrl+O")
    driver.until(lambda: window.filing.path == path)
    driver.current()
    opened = studio.project
    assert opened.evidence.height == pytest.approx(1.71) and opened.view.map == "strain" and opened is not saved
    assert [wish.design for wish in opened.wishes] == ["tee", "skirt"] and not window.isWindowModified()
    window.do("look")
    assert not window.isWindowModified(), "how it is looked at is nothing to lose"


def test_undo_to_what_was_saved_is_nothing_to_save(driver: Driver, tmp_path: Path, asks) -> None:
    driver.studio.wishes("Off", driver.studio.project.wishes[:1])
    assert driver.window.isWindowModified()
    driver.key("Ctrl+Z")
    assert not driver.window.isWindowModified()
    driver.current()


def test_what_cannot_be_opened_or_saved_is_said_and_changes_nothing(driver: Driver, tmp_path: Path, asks) -> None:
    window, before, path = driver.window, driver.studio.project, driver.window.filing.path
    bad = tmp_path / "bad.toile"
    bad.write_bytes(b"no project")
    window.filing.open(bad)
    driver.until(lambda: asks["said"])
    assert "bad.toile" in asks["said"][0] and driver.studio.project is before and window.filing.path == path
    asks["file"] = str(tmp_path / "no folder" / "look.toile")
    driver.key("Ctrl+Shift+S")
    driver.until(lambda: len(asks["said"]) == 2)
    assert asks["said"][1].startswith("Cannot write") and window.filing.path == path
    assert window.studio.log.last_failure.sentence == asks["said"][1]
    driver.key("Ctrl+L")
    driver.click("Copy details")
    assert "CannotWrite" in driver.application.clipboard().text() and "Toile" in driver.application.clipboard().text()
    driver.click("Close")


def test_the_window_asks_before_it_closes_and_stays_when_told(driver: Driver, asks) -> None:
    driver.studio.wishes("Off", driver.studio.project.wishes[:1])
    driver.window.close()
    assert asks["asked"] == 1 and driver.window.isVisible()
    driver.window.do("undo")
    driver.current()


def test_a_window_that_is_closed_while_it_saves_first_saves(application, tmp_path: Path, asks) -> None:
    from PySide6.QtWidgets import QMessageBox

    other = Driver(application)
    other.current()
    asks["file"], asks["save"] = str(tmp_path / "last.toile"), QMessageBox.StandardButton.Save
    other.studio.wishes("Off", other.studio.project.wishes[:1])
    other.window.close()
    assert other.window.isVisible() and asks["asked"] == 1
    other.window.close()
    other.until(lambda: not other.window.isVisible())
    assert (tmp_path / "last.toile").is_file() and asks["asked"] == 1
    other.close()


def test_what_was_opened_lately_is_listed_with_its_picture(driver: Driver, tmp_path: Path, asks) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from app.ui.recents import Recents

    for name in ("first.toile", "second.toile"):
        asks["file"] = str(tmp_path / name)
        driver.window.do("save as")
        driver.until(lambda: driver.window.filing.path == Path(asks["file"]))
    driver.key("Ctrl+R")
    page = driver.window.findChildren(Recents)[-1]
    assert page.list.item(0).text().startswith("second\nToday") and page.list.item(1).text().startswith("first")
    seen = page.list.item(0).icon().pixmap(page.list.iconSize()).toImage()
    assert seen.width() > 60 and len({seen.pixel(x, seen.height() // 2) for x in range(seen.width())}) > 5
    page.list.setCurrentRow(1)
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    driver.until(lambda: driver.window.filing.path.name == "first.toile")
    driver.current()


def test_anything_that_can_be_opened_is_dropped(driver: Driver, tmp_path: Path, picture_file: Path, asks) -> None:
    from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    def drop(*paths: Path) -> bool:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        args = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        enter = QDragEnterEvent(QPointF(400, 300).toPoint(), *args)
        enter.setAccepted(False)
        driver.application.sendEvent(driver.window, enter)
        if enter.isAccepted():
            driver.application.sendEvent(driver.window, QDropEvent(QPointF(400, 300), *args))
        driver.turn()
        return enter.isAccepted()

    window, studio = driver.window, driver.studio
    assert not drop(tmp_path / "letter.docx")
    before = studio.project
    assert drop(picture_file)
    driver.until(lambda: studio.project.evidence.photos)
    (tmp_path / "house.csv").write_text("size,bust,waist\nsmall,86,70\nlarge,98,82\n")
    assert drop(tmp_path / "house.csv")
    driver.until(lambda: studio.project.wishes[0].chart)
    from garments.fabric import fabric
    from garments.fabricfile import write
    from garments.facts import copied

    (tmp_path / "dream.toml").write_text(write(copied(fabric("gray_interlock"), "Dream")))
    assert drop(tmp_path / "dream.toml")
    driver.until(lambda: studio.project.wishes[0].fabric and "Dream" in studio.project.wishes[0].fabric)
    (tmp_path / "noise.toml").write_text("no = fabric")
    drop(tmp_path / "noise.toml")
    driver.until(lambda: asks["said"])
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "goods.toml").write_text('[[garment]]\nid = "a"\ntitle = "Plain tee"\ndesign = "tee"\n')
    assert drop(shop)
    driver.until(lambda: "1 garments" in window.rooms.panels["Shop"].about.text())
    while studio.project is not before:
        window.do("undo")
    path = tmp_path / "dropped.toile"
    asks["file"] = str(path)
    window.do("save as")
    driver.until(lambda: window.filing.path == path)
    window.do("new project")
    assert drop(path)
    driver.until(lambda: window.filing.path == path)
    driver.current()


def test_a_start_opens_the_file_that_is_asked_for_else_the_last_one(driver: Driver, tmp_path: Path, asks) -> None:
    from app.ui import starting

    filing, studio = driver.window.filing, driver.studio
    last = Path(studio.settings.recent[0])
    driver.window.do("new project")
    starting.begin(driver.window, None)
    driver.until(lambda: filing.path == last)
    other = tmp_path / "other.toile"
    other.write_bytes(last.read_bytes())
    starting.begin(driver.window, other)
    driver.until(lambda: filing.path == other)
    assert studio.settings.recent[:2] == (str(other), str(last)) and not asks["asked"]
    filing.close()
    filing.recovery = None
    driver.current()


CRASHING = """
import sys, time
from dataclasses import replace
if __name__ == "__main__":
    from app.ui import starting, theme
    starting.prepare()
    from PySide6.QtWidgets import QApplication
    application = QApplication(["toile"])
    from tests.app.people import somebody
    from app.ui import filing
    from app.ui.studio import Studio
    filing.KEPT_AFTER = 50
    studio = Studio(somebody(), engine="tests.app.fake_engine")
    theme.apply(theme.choose("dark"))
    window = starting.Window(studio)
    window.show()
    studio.start()
    window.filing.watch()
    studio.evidence("Height", replace(studio.project.evidence, height=1.83))
    while True:
        application.processEvents()
        if window.filing.recovery.project.exists():
            print("kept", flush=True)
        time.sleep(0.01)
"""


def test_a_photo_that_is_damaged_is_told_and_the_rest_is_there(driver: Driver, tmp_path: Path, asks) -> None:
    project, path = driver.studio.project, tmp_path / "look.toile"
    photo = Frame(np.random.default_rng(1).integers(0, 255, (90, 60, 3), np.uint8))
    data = bytearray(pack(replace(project, evidence=replace(project.evidence, photos=(photo,)))))
    data[data.index(b"IDAT") + 2000] ^= 0x5A
    path.write_bytes(data)
    driver.window.filing.open(path)
    driver.until(lambda: asks["said"])
    assert "Photo 1 is damaged" in asks["said"][0]
    found = driver.studio.project
    assert found.evidence.height == project.evidence.height and not found.evidence.photos and len(found.wishes) == 2
    driver.current()


def test_what_is_read_for_long_takes_nothing_from_who_went_on(
    driver: Driver, tmp_path: Path, asks, monkeypatch
) -> None:
    from PySide6.QtWidgets import QMessageBox

    from app.project import Project
    from app.projectfile import Opened

    window, studio = driver.window, driver.studio
    waiting: list = []
    monkeypatch.setattr(studio, "open_sample", waiting.append)
    monkeypatch.setattr(studio, "ask", lambda *_, done, **__: waiting.append(done))
    window.filing.sample()
    window.filing.open(tmp_path / "other.toile")
    studio.evidence("Weight", replace(studio.project.evidence, mass=64.0))
    work = studio.project
    asked = asks["asked"]
    sample, opened = waiting[:2]
    sample(Project())
    assert studio.project is work, "the sample is not asked for by who works already"
    asks["save"] = QMessageBox.StandardButton.Cancel
    opened(Opened(Project(), False))
    assert studio.project is work and asks["asked"] == asked + 1
    monkeypatch.undo()
    driver.window.do("undo")
    driver.current()


def test_who_works_on_while_it_is_written_has_something_kept(driver: Driver) -> None:
    filing, studio = driver.window.filing, driver.studio
    assert not filing.watch()
    filing._keep.setInterval(1)
    photo = Frame(np.random.default_rng(1).integers(0, 255, (2400, 1800, 3), np.uint8))
    studio.evidence("Photo", replace(studio.project.evidence, photos=(photo,)))

    def changed_again() -> bool:
        studio.evidence("Height", replace(studio.project.evidence, height=1.6 + 1e-4 * (studio.history.steps % 99)))
        studio.history.seal()
        return filing.recovery.project.is_file()

    driver.until(changed_again)
    filing.saved = studio.project
    filing.recovery.close()
    filing.recovery = None
    driver.current()


def test_after_a_kill_the_next_start_offers_what_was_there(driver: Driver, tmp_path: Path, asks) -> None:
    from app.ui.recents import Recovered

    script = tmp_path / "crashing.py"
    script.write_text(CRASHING)
    child = subprocess.Popen(
        [sys.executable, str(script)], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
    )
    assert child.stdout is not None and child.stdout.readline() == b"kept\n"
    filing = driver.window.filing
    assert not filing.watch(), "a window that still works has lost nothing"
    filing.recovery.close()
    child.send_signal(signal.SIGKILL)
    child.wait()
    left = filing.watch()
    assert [each.title for each in left] == ["T-shirt, Skirt"] and left[0].path is None
    page = Recovered(filing, left, driver.window)
    page.open()
    driver.click("Recover")
    driver.until(lambda: driver.studio.project.evidence.height == pytest.approx(1.83))
    assert driver.window.isWindowModified() and filing.path is None, "it is not saved yet"
    driver.until(lambda: not left[0].folder.exists())
    assert json.loads((filing.recovery.folder / "about.json").read_text())["title"] == "T-shirt, Skirt"
    assert filing.recovery.project.is_file(), "it is kept with this window now"
    filing.saved = driver.studio.project
    filing.recovery.close()
    filing.recovery = None
    driver.current()
