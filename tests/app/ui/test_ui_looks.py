"""Looks in the window under real hands: kept, put on again, in the order of dressing, deleted."""

from pathlib import Path

import pytest

pytest.importorskip("PySide6")

from PySide6.QtWidgets import QFileDialog, QMenu

from app.project import Wish
from app.shop import looks
from app.ui.dialogs import choose_folder, open_file, open_files
from app.ui.panels.looks import fill, share, told
from tests.app.driver import Driver


def test_a_look_is_kept_put_on_again_and_deleted(driver: Driver) -> None:
    studio, menu = driver.studio, QMenu(driver.window)
    studio.wishes("Order", (Wish("skirt"), Wish("tee")))
    looks.keep("one", studio.project.wishes)
    fill(menu, studio, driver.window)
    acts = {act.text(): act for act in menu.actions()}
    acts["Put in the order of dressing"].trigger()
    assert [wish.design for wish in studio.project.wishes] == ["tee", "skirt"]
    studio.wishes("Nothing", ())
    acts["one"].trigger()
    driver.until(lambda: [wish.design for wish in studio.project.wishes] == ["skirt", "tee"])
    told(studio, lambda: looks.drop("one"))
    fill(menu, studio, driver.window)
    assert "one" not in {act.text() for act in menu.actions()}
    heard: list[str] = []
    studio.said.connect(heard.append)
    told(studio, lambda: looks.drop("one"))
    assert heard and "no look" in heard[0]
    driver.current()


def test_every_dialog_for_files_begins_where_the_last_one_ended(driver: Driver, tmp_path: Path, monkeypatch) -> None:
    studio, window, began = driver.studio, driver.window, []
    places = [tmp_path / name for name in ("a", "b", "c", "d")]
    for place in places:
        place.mkdir()

    def answering(answer: object) -> object:
        return lambda _parent, _title, start, *_: (began.append(Path(start)), answer)[1]

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answering((str(places[0] / "one.csv"), "")))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", answering(([str(places[1] / "two.csv")], "")))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", answering(str(places[2])))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", answering((str(places[3] / "look.png"), "")))
    assert open_file(studio, window, "Open a job", "Job (*.toml)") == places[0] / "one.csv"
    assert open_files(studio, window, "Open", "Job (*.toml)") == [places[1] / "two.csv"]
    assert choose_folder(studio, window, "Save into a folder") == places[2]
    share(studio, window)
    assert began[1:] == [places[0], places[1], places[2] / "look.png"] and studio.settings.folder == str(places[3])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", answering(("", "")))
    assert open_file(studio, window, "Open a job", "Job (*.toml)") is None and began[-1] == places[3]
    assert studio.settings.folder == str(places[3]), "nothing chosen, nothing kept"
    studio.cancel("share look")
    driver.current()
