"""Looks in the window under real hands: kept, put on again, in the order of dressing, deleted."""

import pytest

pytest.importorskip("PySide6")

from PySide6.QtWidgets import QMenu

from app.project import Wish
from app.shop import looks
from app.ui.panels.looks import fill, told
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
