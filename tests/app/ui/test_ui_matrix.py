"""The fit matrix in the window: cells come from workers, are kept, may fail, and can be stopped and saved."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("PySide6")

from app.forked import NURSERY
from app.ui.matrix import MatrixPage
from tests.app.driver import Driver


@pytest.fixture
def page(driver: Driver, tmp_path: Path, monkeypatch) -> Iterator[MatrixPage]:
    """Of processes that are started, for it tells how one ended."""
    monkeypatch.delenv(NURSERY, raising=False)
    page = MatrixPage(driver.studio, driver.window, "tests.app.fake_engine:drape_cell")
    page.folder = tmp_path / "kept"
    page.show()
    yield page
    page.close()


def test_all_sizes_are_shown_kept_and_saved(driver: Driver, page: MatrixPage, tmp_path: Path, monkeypatch) -> None:
    driver.until(lambda: page.begin.isEnabled())
    page.begin.click()
    driver.until(lambda: len(page.found) == 4 and page.jobs is None)
    states = [page.found[k][0]["state"] for k in range(4)]
    assert states == ["fits", "fits", "failed", "failed"], "a bad cell and one that takes its worker along"
    assert "4 of 4" in page.words.text() and "2 × failed" in page.words.text()
    assert "T-shirt XL" in page.shown[3].accessibleName() and "ended it" in page.shown[3].accessibleName()
    monkeypatch.setattr("app.ui.dialogs.QFileDialog.getExistingDirectory", lambda *_: str(tmp_path))
    page.keep.click()
    rows = json.loads((tmp_path / "matrix.json").read_text())["cells"]
    assert [row["garment"] for row in rows] == ["T-shirt S", "T-shirt M", "T-shirt L", "T-shirt XL"]
    kept = set((page.folder / "cells").iterdir())
    page.begin.click()
    driver.until(lambda: len(page.found) == 4 and page.jobs is None)
    assert page.words.text().startswith("Done")
    assert kept == set((page.folder / "cells").iterdir()) and len(page.found[0][1]) > 50


def test_a_stop_keeps_what_is_done(driver: Driver, page: MatrixPage) -> None:
    page.project = driver.studio.project
    page.choose("drawn")
    page.count.setValue(5)
    page.begin.click()
    driver.until(lambda: len(page.found) >= 1)
    page.end.click()
    done = len(page.found)
    assert page.jobs is None and done < 5 and "Stopped" in page.words.text()
    assert len(list((page.folder / "cells").glob("*.json"))) == done


def test_a_stop_is_heard_while_bodies_are_found(driver: Driver, page: MatrixPage) -> None:
    page.project = driver.studio.project
    page.choose("drawn")
    page.begin.click()
    assert page.end.isEnabled() and not page.begin.isEnabled() and not page.keep.isEnabled()
    page.end.click()
    assert page.begin.isEnabled() and not page.end.isEnabled() and "Finding" not in page.words.text()
    driver.rest(0.3)
    assert page.jobs is None and not page.cells


def test_without_a_drape_it_says_what_is_missing(driver: Driver) -> None:
    said: list[str] = []
    driver.studio.said.connect(said.append)
    driver.studio.wishes("Take all off", ())
    driver.current()
    driver.window.do("matrix")
    assert not driver.window.pages and "put on a garment" in said[-1]
    driver.window.do("undo")
    driver.current()


def test_a_page_that_is_closed_drapes_no_more(driver: Driver, page: MatrixPage) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    page.begin.click()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    driver.rest(0.5)
    assert page.jobs is None and not page.found and "matrix" not in driver.studio.running
