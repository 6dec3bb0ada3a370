"""The Shop room under real hands: search, tags, what is broken, a garment put on and undone; and the Colour room."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PySide6")

from PySide6.QtWidgets import QComboBox

from app.ui.goods import Goods
from assets.units import colour_code
from garments.colours.palette import palette
from garments.stock import demo
from garments.stock.catalogue import Catalogue
from tests.app.driver import Driver

pytestmark = pytest.mark.usefixtures("as_before")


@pytest.fixture(scope="module", autouse=True)
def undrawn(driver: Driver) -> None:
    """Pictures are drawn by draping: not here."""
    driver.studio.jobs._lanes["artist"].add = lambda request: None


@pytest.fixture
def shop(driver: Driver):
    driver.click("Shop room")
    panel = driver.window.rooms.panels["Shop"]
    driver.until(lambda: panel.catalogue is not None)
    panel.search.clear()
    driver.until(lambda: len(panel.goods.stock.ids) == len(panel.catalogue))
    return panel


def search(driver: Driver, panel, text: str) -> list[str]:
    driver.type("Search garments", text)
    driver.until(lambda: not panel._typed.isActive())
    return [each.title for each in panel.catalogue.items(panel.goods.stock.ids)]


def test_the_demo_is_there_and_says_that_it_is_one(driver: Driver, shop) -> None:
    assert "demonstration" in shop.about.text() and len(shop.goods.stock.ids) >= 40


def test_what_is_typed_narrows_the_list_and_a_slip_is_told(driver: Driver, shop) -> None:
    found = search(driver, shop, "red drss")
    assert found == ["Satin qipao, scarlet"] and "red dress" in shop.said.text()
    assert search(driver, shop, "moonlight xyz") == [] and "moonlight" in shop.said.text()


def test_tags_narrow_the_list(driver: Driver, shop) -> None:
    action = next(each for each in shop.filter.menu().actions() if each.text().startswith("wedding"))
    action.trigger()
    assert {each.design for each in shop.catalogue.items(shop.goods.stock.ids)} == {"qipao"}
    action.trigger()
    assert len(shop.goods.stock.ids) == len(shop.catalogue)


def test_what_is_put_on_is_worn_in_its_colours_and_undone_in_one_step(driver: Driver, shop) -> None:
    search(driver, shop, "breton navy ecru")
    shop.goods.setCurrentIndex(shop.goods.stock.index(0))
    before = driver.studio.project.wishes
    driver.click("Put on Breton tee, navy and ecru")
    driver.until(lambda: driver.studio.project.wishes is not before)
    worn = driver.studio.project.wishes[0]
    assert worn.design == "tee" and worn.article == "breton-tee-navy-and-ecru" and worn.size == before[0].size
    assert worn.colourway.print.name == "breton navy ecru" and len(driver.studio.project.wishes) == len(before)
    driver.window.do("undo")
    assert driver.studio.project.wishes is before


def test_another_catalogue_with_faults_is_shown_and_what_is_none_is_said(driver: Driver, shop, tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text('title = "Grey tee"\ndesign = "tee"\n')
    (tmp_path / "bad.toml").write_text('title = "Cape"\ndesign = "cape"\n')
    first = shop.catalogue
    shop.open(tmp_path)
    driver.until(lambda: shop.catalogue is not first)
    assert "1 cannot be used" in shop.about.text() and shop.goods.stock.ids == ("good", "bad")
    shop.goods.setCurrentIndex(shop.goods.stock.index(1))
    before = driver.studio.project
    shop.put_on()
    assert driver.studio.project is before
    kept = shop.catalogue
    shop.open(tmp_path / "gone")
    driver.until(lambda: "gone" in shop.said.text())
    assert shop.catalogue is kept
    shop.open(None)
    driver.until(lambda: shop.catalogue is not kept)


def test_thousands_are_listed_at_once_and_only_what_is_seen_is_read(application, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "shop").mkdir()
    entries = list(demo.entries())
    lines = []
    for k in range(3000):
        lines += ["[[garment]]", f'id = "g{k}"', f'title = "{entries[k % 50]["title"]} {k}"', 'design = "tee"']
    (tmp_path / "shop" / "all.toml").write_text("\n".join(lines))
    with closing(Catalogue.open(tmp_path / "shop")) as made:
        goods = Goods()
        goods.by = "this program"
        monkeypatch.setattr(
            "app.shop.catalogues.program", lambda: pytest.fail("the program was read through between two frames")
        )
        goods.resize(320, 600)
        goods.show_all(made)
        goods.show()
        application.processEvents()
        goods.verticalScrollBar().setValue(goods.verticalScrollBar().maximum())
        application.processEvents()
        goods._load_some()
        assert goods.stock.rowCount() == 3000 and "g2999" in goods.in_sight()
        assert len(goods.stock._read) < 200
        goods.hide()


def test_a_colour_and_a_print_of_a_part_are_seen_at_once_without_another_drape(driver: Driver) -> None:
    driver.click("Colour room")
    panel = driver.window.rooms.panels["Colour"]
    shown, key = driver.studio.shown, driver.studio.project.key
    plain = driver.pixels()
    parts = driver.find("Part of the garment")
    assert isinstance(parts, QComboBox) and parts.findData("sleeve") > 0 and parts.findData("neckband") > 0
    navy = palette()["navy"]
    driver.click(navy.english)
    assert driver.studio.project.wishes[0].colour == colour_code(navy.colour)
    driver.until(lambda: np.abs(driver.pixels().astype(int) - plain).max() > 40)
    panel.printing._choose("breton")
    assert driver.studio.project.wishes[0].colourway.print.width == pytest.approx(0.03)
    driver.type("Repeat [cm]", "5 cm")
    assert driver.studio.project.wishes[0].colourway.print.width == pytest.approx(0.05)
    driver.type("Colours of the print", "ecru red")
    assert driver.studio.project.wishes[0].colourway.print.name == "breton ecru red"
    assert driver.studio.project.key == key and driver.studio.shown is shown and driver.studio.state == "current"


def test_a_part_takes_its_own_colour_and_goes_back_to_the_whole(driver: Driver) -> None:
    driver.click("Colour room")
    panel = driver.window.rooms.panels["Colour"]
    panel._choose_part("sleeve")
    red = palette()["red"]
    driver.click(red.english)
    way = driver.studio.project.wishes[0].colourway
    assert way.paint("sleeve_left").colour == way.paint("sleeve_right").colour == red.colour
    assert way.paint("front").colour is None
    driver.click("As the whole")
    assert not driver.studio.project.wishes[0].colourway.panels


def test_what_is_no_colour_is_said_and_changes_nothing(driver: Driver) -> None:
    driver.click("Colour room")
    before = driver.studio.project
    driver.type("Palette: a name, a code or Lab", "navi")
    panel = driver.window.rooms.panels["Colour"]
    assert driver.studio.project is before and "navy" in panel.palette_.said.text()
    panel._choose_part("")
    panel.printing._choose("dots")
    dotted = driver.studio.project
    driver.type("Colours of the print", "blurple white")
    assert driver.studio.project is dotted and "blurple" in panel.wrong.text()


def test_a_picture_and_a_photo_of_cloth_are_printed(driver: Driver, picture_file: Path) -> None:
    driver.click("Colour room")
    panel = driver.window.rooms.panels["Colour"]
    for kind in ("picture", "photo"):
        before = driver.studio.project
        panel.printing.open(picture_file, kind)
        driver.until(lambda before=before: driver.studio.project is not before, 40.0)
        assert driver.studio.project.wishes[0].colourway.print.name.startswith("front.png")
    before = driver.studio.project
    panel.printing.open(picture_file.with_name("gone.png"), "picture")
    driver.until(lambda: "gone" in panel.wrong.text())
    assert driver.studio.project is before
