"""The Fabric room under real clicks: a copy is edited, undone, saved, measured; a disc of it is hung and stopped."""

import pytest

pytest.importorskip("PySide6")

from app.drapemeter import Seen
from garments.fabric import fabric, fabrics, own_fabrics
from tests.app.driver import Driver

ROOM = "Fabric"
pytestmark = pytest.mark.usefixtures("as_before")


def worn(driver: Driver):
    return fabric(driver.window.rooms.panels["Fabric"].worn)


def test_every_fabric_is_on_offer_and_found_by_what_it_is_for(driver: Driver) -> None:
    from PySide6.QtWidgets import QWidget

    panel = driver.window.rooms.panels["Fabric"]

    def shown() -> list[QWidget]:
        return [each for k in range(panel.cards.count()) if not (each := panel.cards.itemAt(k).widget()).isHidden()]

    driver.until(lambda: len(shown()) >= len(fabrics()) - 1)
    driver.type("Search fabrics", "jeans")
    assert 1 <= len(shown()) <= 4
    driver.type("Search fabrics", "moonlight")
    (told,) = shown()
    assert told.text() == "No fabric is called “moonlight”."
    driver.type("Search fabrics", "")


def test_a_copy_is_edited_undone_and_saved(driver: Driver) -> None:
    driver.click("Edit a copy")
    assert worn(driver).own and worn(driver).title == "My grey interlock"
    driver.type("Weight per area of the fabric", "5.4 oz")
    assert 1000 * worn(driver).density == pytest.approx(183.1, abs=0.1)
    driver.current()
    driver.type("Title of the fabric", "Sunday jersey")
    driver.window.do("undo")
    driver.window.do("undo")
    assert worn(driver).density == fabrics()["gray_interlock"].density
    driver.window.do("redo")
    driver.window.do("redo")
    driver.click("Save to my fabrics")
    assert own_fabrics()[0]["sunday_jersey"].written == worn(driver).written


def test_nonsense_is_told_and_changes_nothing(driver: Driver) -> None:
    driver.click("Edit a copy")
    before = driver.studio.project
    driver.type("Thickness of the fabric", "5 km")
    assert driver.studio.project is before and "5 km" in driver.window.rooms.panels["Fabric"].wrong.text()
    driver.type("Thickness of the fabric", "40 mm")
    assert driver.studio.project is before and "cannot be" in driver.window.rooms.panels["Fabric"].wrong.text()


def test_measurements_make_a_fabric(driver: Driver) -> None:
    driver.click("Measure…")
    panel = driver.window.rooms.panels["Fabric"]
    panel.ensureWidgetVisible(panel.measuring)
    driver.click("Measured by: Cantilever")
    driver.type("Bending length, warp [cm]", "soft")
    assert "soft" in panel.measuring.wrong.text()
    driver.type("Bending length, warp [cm]", "2,1")
    driver.type("Title of the measured fabric", "Kitchen table")
    driver.click("Make this fabric")
    assert worn(driver).title == "Kitchen table"
    assert worn(driver).bending_warp == pytest.approx(0.187 * 9.81 * 0.021**3, rel=1e-4)
    driver.click("Close the form")


def test_a_disc_is_hung_shown_and_remembered(driver: Driver, monkeypatch) -> None:
    import io

    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 0, 0)).save(picture, "PNG")
    asked = []

    def ask(owner, name, function, written, **rest):
        asked.append((function, written, rest["lane"]))
        rest["done"](Seen(55.0, 2.0, 7, True, picture.getvalue()))

    monkeypatch.setattr(driver.studio, "ask", ask)
    driver.click("Drape a disc of it")
    assert asked == [("app.drapemeter:seen", "gray_interlock", "meter")]
    shown = driver.find("Cusick disc of Grey interlock")
    assert not shown.pixmap().isNull()
