"""The window under real clicks, with an engine that answers at once."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PySide6")

from tests.app.driver import Driver


def test_the_picture_shows_a_person_in_the_middle_and_turns_by_hand(driver: Driver) -> None:
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    driver.window.do("front")
    before = driver.pixels().astype(int)
    height, width, _ = before.shape
    middle = before[height // 8 : height * 3 // 4, width // 2 - width // 12 : width // 2 + width // 12]
    skin = (middle[..., 0] > middle[..., 1] + 15) & (middle[..., 1] > middle[..., 2])
    cloth = (middle[..., 1] > middle[..., 0] + 15) & (middle[..., 2] > middle[..., 0] + 15)
    assert before.std() > 5 and skin.mean() > 0.03 and cloth.mean() > 0.1
    corner = before[:20, :20]
    assert np.ptp(corner.mean(axis=(0, 1))) < 4, "the background is neutral"
    viewport = driver.window.picture.viewport
    start = QPoint(viewport.width() // 2, viewport.height() // 3)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for k in range(1, 6):
        QTest.mouseMove(viewport, start + QPoint(30 * k, 4 * k))
        driver.application.processEvents()
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(150, 20))
    driver.rest(0.05)
    assert np.abs(driver.pixels().astype(int) - before).mean() > 1.0
    driver.key("1")
    driver.rest(0.05)
    assert np.abs(driver.pixels().astype(int) - before).mean() < 1.0


def test_the_wheel_zooms_to_the_pointer_and_f_frames(driver: Driver) -> None:
    from PySide6.QtCore import QPoint, QPointF, Qt
    from PySide6.QtGui import QWheelEvent

    viewport = driver.window.picture.viewport
    driver.window.do("front")
    before = viewport.cameras["one"]
    place = QPointF(viewport.width() * 0.5, viewport.height() * 0.2)
    low, _ = before.ray(place.x(), place.y(), viewport.width(), viewport.height())
    none = Qt.MouseButton.NoButton
    event = QWheelEvent(
        place, viewport.mapToGlobal(place), QPoint(), QPoint(0, 480), none, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    driver.application.sendEvent(viewport, event)
    after = viewport.cameras["one"]
    assert after.distance < 0.7 * before.distance
    depth = before.distance
    _, direction = before.ray(place.x(), place.y(), viewport.width(), viewport.height())
    target = np.asarray(low) + direction * depth / -(direction @ before.axes()[2])
    seen = after.project(target[None], viewport.width(), viewport.height())[0]
    assert np.allclose(seen[:2], (place.x(), place.y()), atol=1.0)
    driver.key("F")
    assert viewport.cameras["one"].distance == pytest.approx(before.distance, rel=0.02)


def test_maps_bring_their_scale_and_four_views_their_names(driver: Driver) -> None:
    driver.window.do("front")
    look = driver.pixels().astype(int)
    driver.click("Map: Strain")
    driver.rest(0.05)
    assert np.abs(driver.pixels().astype(int) - look).mean() > 1.0
    assert driver.window.picture.viewport.scale.accessibleName().startswith("Scale: Strain [")
    driver.click("Map: Look")
    assert not driver.window.picture.viewport.scale.isVisible()
    driver.click("Number of views: 4")
    driver.rest(0.05)
    four = driver.pixels().astype(int)
    height, width, _ = four.shape
    for top in (0, height // 2):
        for left in (0, width // 2):
            assert four[top : top + height // 2, left : left + width // 2].std() > 5
    driver.click("Number of views: 1")


def test_tape_lines_show_for_the_main_measures_and_for_the_row_that_is_looked_at(driver: Driver) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QHoverEvent

    driver.click("Body room")
    driver.window.do("front")
    plain, labels = driver.pixels().astype(int), driver.window.picture.viewport.labels
    driver.click("Tape lines: Tape lines")
    driver.rest(0.05)
    assert driver.studio.project.view.tapes and "Waist girth" in labels.accessibleName()
    assert np.abs(driver.pixels().astype(int) - plain).mean() > 0.3
    driver.key("T")
    assert not driver.studio.project.view.tapes and not labels.isVisible()
    row = driver.window.rooms.panels["Body"].quantities["hip_girth"]
    for kind, shown in ((QEvent.Type.HoverEnter, True), (QEvent.Type.HoverLeave, False)):
        driver.application.sendEvent(
            row, QHoverEvent(kind, row.rect().center(), row.rect().center(), row.rect().center())
        )
        driver.rest(0.2)
        assert labels.isVisible() == shown
        assert driver.studio.pointed_at == ("hip_girth" if shown else None)
    driver.window.do("undo")
    driver.window.do("undo")


@pytest.mark.parametrize(
    ("typed", "metres"), [("5'11", 1.8034), ("180", 1.80), ("1.8 m", 1.80), ("70 in", 1.778), ("1,75 m", 1.75)]
)
def test_a_height_is_typed_in_any_unit(driver: Driver, typed: str, metres: float) -> None:
    driver.click("Body room")
    driver.type("Height [cm]", typed)
    assert driver.studio.project.evidence.height == pytest.approx(metres, abs=1e-4)
    driver.current()
    driver.window.do("undo")
    driver.current()


def test_nonsense_is_marked_and_changes_nothing(driver: Driver) -> None:
    before = driver.studio.project
    for typed in ("tall", "17.8 m", "-3"):
        driver.type("Height [cm]", typed)
        entry = driver.find("Height [cm]")
        assert entry.property("wrong") and entry.toolTip() and driver.studio.project is before
    driver.type("Height [cm]", "168")
    assert not driver.find("Height [cm]").property("wrong")


def test_a_tape_is_locked_tells_its_source_and_is_released_by_double_click(driver: Driver) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    quantity = driver.window.rooms.panels["Body"].quantities["waist_girth"]
    assert quantity.source.text() == "Statistics ± 1.6 cm" and not quantity.lock.isChecked()
    driver.type("Waist girth [cm]", "81")
    assert dict(driver.studio.project.evidence.tapes) == {"waist_girth": pytest.approx(0.81)}
    assert quantity.lock.isChecked() and quantity.source.text() == "Tape ± 1.2 cm"
    QTest.mouseDClick(quantity.slider, Qt.MouseButton.LeftButton)
    driver.application.processEvents()
    assert not driver.studio.project.evidence.tapes and not quantity.lock.isChecked()
    driver.current()


def test_a_change_of_body_is_told_beside_each_measure_until_it_is_dismissed(driver: Driver) -> None:
    panel, studio, picture = driver.window.rooms.panels["Body"], driver.studio, driver.window.picture
    driver.type("Height [cm]", "168")
    driver.current()
    driver.type("Height [cm]", "180")
    driver.current()
    driver.until(lambda: studio.before is not None)
    waist = panel.quantities["waist_girth"]
    assert waist.change.text().startswith("+") and waist.change.text().endswith(" mm")
    driver.click("What changed: Before")
    films = [item for item in picture.viewport.scene.items if item.name in ("before", "grown")]
    assert films and all(item.material.opacity < 0.6 for item in films)
    driver.click("What changed: Before")
    assert not [item for item in picture.viewport.scene.items if item.name in ("before", "grown")]
    driver.window.do("undo")
    driver.window.do("undo")
    driver.click("Stop comparing")
    assert studio.before is None and not waist.change.text() and not picture.ghost.isVisible()


def test_a_tape_that_does_not_fit_says_so_in_its_row(driver: Driver) -> None:
    quantity = driver.window.rooms.panels["Body"].quantities["hip_girth"]
    driver.type("Hip girth [cm]", "140")
    driver.current()
    assert quantity.misfit.isVisible() and quantity.misfit.text() == (
        "A hip girth of 140 cm does not fit. The body shown is +100 mm off"
    )
    driver.click("Forget all tapes: have everything estimated")
    driver.current()
    assert not driver.studio.project.evidence.tapes and not quantity.misfit.isVisible()


def test_dragging_a_slider_is_one_step_and_undo_takes_it_back(driver: Driver) -> None:
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    before, steps = driver.studio.project, driver.studio.history.steps
    slider = driver.find("Weight slider")
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(60, 10))
    for x in range(70, 200, 10):
        QTest.mouseMove(slider, QPoint(x, 10))
        driver.application.processEvents()
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(200, 10))
    assert driver.studio.history.steps == steps + 1
    assert driver.studio.project.evidence.mass > before.evidence.mass
    driver.key("Ctrl+Z")
    assert driver.studio.project is before
    driver.key("Ctrl+Shift+Z")
    assert driver.studio.project is not before
    driver.click("Undo")
    assert driver.studio.project is before
    driver.current()


def test_while_computing_the_last_picture_stays_and_is_marked(driver: Driver) -> None:
    shown = driver.studio.shown
    driver.type("Height [cm]", "171")
    driver.application.processEvents()
    assert driver.studio.state == "computing" and driver.studio.shown is shown
    assert driver.window.picture.viewport.veil.isVisible()
    assert "before “Height”" in driver.window.picture.banner.text.text()
    driver.until(lambda: driver.studio.running)
    driver.click("Stop this job")
    assert driver.studio.state == "stale"
    assert "stale" in driver.window.status.drape.text()
    driver.click("Drape now")
    driver.current()
    assert driver.studio.shown is not shown and not driver.window.picture.viewport.veil.isVisible()


def test_what_was_computed_before_is_shown_again_without_computing(driver: Driver) -> None:
    shown = driver.studio.shown
    driver.type("Weight [kg]", "71")
    driver.current()
    assert driver.studio.shown is not shown
    driver.window.do("undo")
    driver.studio.refresh()
    assert driver.studio.state == "current" and driver.studio.shown is shown


def test_a_failure_is_a_sentence_with_ways_out(driver: Driver) -> None:
    before, shown = driver.studio.project, driver.studio.shown
    driver.type("Height [cm]", "206")
    driver.until(lambda: driver.studio.state == "failed")
    banner = driver.window.picture.banner
    assert banner.isVisible() and "cannot be" in banner.text.text() and driver.studio.shown is shown
    driver.click("Copy details")
    assert "InputRefused" in driver.application.clipboard().text()
    driver.click("Undo Height")
    assert driver.studio.project is before
    driver.current()


def test_garments_are_put_on_sized_coloured_and_taken_off(driver: Driver) -> None:
    driver.click("Garment room")
    start = driver.studio.project
    driver.click("Size of T-shirt: L")
    driver.click("Colour of T-shirt, as a code")
    driver.type("Colour of T-shirt, as a code", "#aa3322")
    assert (driver.studio.project.wishes[0].size, driver.studio.project.wishes[0].colour) == ("L", "#AA3322")
    driver.click("Take off T-shirt")
    assert [wish.design for wish in driver.studio.project.wishes] == ["skirt"]
    driver.click("Fabric room")
    from garments.fabric import fabrics

    other = next(one for one in fabrics().values() if one.name != driver.window.rooms.panels["Fabric"].worn)
    driver.window.rooms.panels["Fabric"].ensureWidgetVisible(driver.find(f"Use {other.title}"))
    driver.click(f"Use {other.title}")
    assert driver.studio.project.wishes[0].fabric == other.name
    driver.current()
    while driver.studio.project is not start:
        driver.window.do("undo")
    driver.current()


def test_a_garment_is_made_to_measure_with_options_by_another_chart(driver: Driver, tmp_path, monkeypatch) -> None:
    from PySide6.QtWidgets import QFileDialog

    driver.click("Garment room")
    start, panel = driver.studio.project, driver.window.rooms.panels["Garment"]
    driver.click("T-shirt made to measure")
    assert driver.studio.project.wishes[0].size == "made to measure"
    driver.click("Options of T-shirt")
    panel.ensureWidgetVisible(driver.find("Ease bust [cm]"))
    entry = driver.find("Ease bust [cm]")
    panel._cards[0].options.quantities["length"].looked_at.emit(True)
    assert driver.find("Length: the panels at least (blue) and at most (red)").pixmap().width() > 50
    driver.type("Ease bust [cm]", "4 in")
    assert driver.studio.project.wishes[0].options == pytest.approx({"ease_bust": 0.1016})
    assert driver.find("Ease bust [cm]") is entry, "a card stays while its options are changed"
    driver.click("Ease bust: measured by hand, keep it")
    assert driver.studio.project.wishes[0].options == {}
    table = tmp_path / "house.csv"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(table), ""))
    table.write_text("bust\n90\n")
    panel.open_chart(0)
    assert "no column size" in panel.said.text() and driver.studio.project.wishes[0].chart is None
    table.write_text("size,bust,waist\nsmall,86,70\nlarge,98,82\n")
    panel.open_chart(0)
    assert driver.studio.project.wishes[0].chart == str(table) and not panel.said.isVisible()
    sizes = driver.find("Size of T-shirt")
    assert [sizes.itemText(k) for k in range(sizes.count())] == ["Auto", "small", "large"]
    while driver.studio.project is not start:
        driver.window.do("undo")
    driver.current()


def test_why_the_other_sizes_are_ruled_out_is_drawn_on_the_body(driver: Driver) -> None:
    driver.current()
    driver.click("Show on the body why this size of T-shirt")
    viewport = driver.window.picture.viewport
    driver.until(lambda: any(line.name == "waist_girth" for line in viewport.scene.lines))
    [told] = [text for text, _ in viewport.labels._labels if "S:" in text]
    assert "S: too tight by 4.0 cm" in told and "L: too wide by 4.0 cm" in told
    assert "M: ease 8.0 cm · 0.00 kPa · strain 9.0 %" in told
    driver.click("Show on the body why this size of T-shirt")
    driver.until(lambda: not viewport.scene.lines)


def test_the_advice_stays_in_its_place_while_it_is_stale(driver: Driver) -> None:
    driver.click("Body room")
    bar = driver.find("T-shirt size L: 26 percent")
    place = bar.pos()
    driver.type("Weight [kg]", "74")
    driver.rest(0.1)
    assert driver.studio.stale and driver.find("T-shirt size L: 26 percent") is bar and bar.pos() == place
    assert "BEFORE" in driver.window.advice.heading.text()
    driver.window.do("undo")
    driver.current()
    assert driver.window.advice.heading.text() == "SIZE"


def test_a_new_person_is_nobody_yet(driver: Driver) -> None:
    shown = driver.studio.shown
    driver.window.do("new")
    driver.until(lambda: driver.studio.state == "empty")
    assert "Nobody is here" in driver.window.picture.banner.text.text() and driver.studio.shown is shown
    assert driver.window.picture.viewport.veil.isVisible()
    driver.click("Body room")
    assert driver.find("Height [cm]").text() == "—"
    driver.window.do("undo")
    driver.current()


def test_a_click_on_an_advised_size_wears_it(driver: Driver) -> None:
    driver.click("T-shirt size L: 26 percent")
    assert driver.studio.project.wishes[0].size == "L"
    driver.window.do("undo")
    driver.current()


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

    exporting.write(driver.studio, tmp_path)
    driver.until(lambda: (tmp_path / "front.png").exists() and not driver.studio.running)
    assert str(tmp_path) in driver.window.status.words.text()


def test_units_and_themes_change_everywhere_at_once(driver: Driver) -> None:
    from app.ui import theme

    driver.click("Body room")
    driver.window.do("imperial")
    driver.window.do("light")
    assert driver.find("Height [in]").text().endswith(" in") and theme.current() is theme.LIGHT
    driver.window.do("metric")
    driver.window.do("dark")
    assert driver.find("Height [cm]").text().endswith(" cm") and theme.current() is theme.DARK


def test_every_control_has_a_name_for_screen_readers(driver: Driver) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QProgressBar, QScrollBar

    kinds = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QProgressBar)
    for room in ("Body", "Garment", "Fabric", "Fit", "Shop"):
        driver.click(f"{room} room")
        nameless = [
            widget
            for kind in kinds
            for widget in driver.window.findChildren(kind)
            if widget.isVisible() and not isinstance(widget, QScrollBar)
            if not widget.accessibleName() and not (isinstance(widget, QAbstractButton) and widget.text())
            if not widget.objectName().startswith("qt_") and type(widget.parent()).__name__ != "QLineEdit"
            if not isinstance(widget.parent(), QLineEdit)
        ]
        assert not nameless, f"{room}: {nameless}"


@pytest.mark.parametrize("size", [(1440, 900), (1024, 600)])
def test_nothing_is_cut_or_overlaps(driver: Driver, size: tuple[int, int]) -> None:
    from PySide6.QtWidgets import QAbstractButton, QLabel

    driver.window.resize(*size)
    for room in ("Body", "Garment", "Fabric", "Fit", "Shop"):
        driver.click(f"{room} room")
        driver.rest(0.05)
        panel = driver.window.rooms.panels[room]
        assert panel.widget().minimumSizeHint().width() <= panel.viewport().width(), f"{room} is too wide"
        for widget in panel.findChildren(QLabel) + panel.findChildren(QAbstractButton):
            if widget.isVisible() and widget.text():
                assert widget.width() >= widget.minimumSizeHint().width() - 1, f"{room}: {widget.text()!r} is cut"
    picture = driver.window.picture
    bars = [picture.sides, picture.counts, picture.maps]
    for k, bar in enumerate(bars):
        assert picture.rect().contains(bar.geometry())
        assert not any(bar.geometry().intersects(other.geometry()) for other in bars[k + 1 :])
    driver.window.resize(1280, 800)


@pytest.mark.parametrize("size", [(1440, 900), (1024, 600), (1080, 1920)])
def test_nothing_lies_on_a_head(driver: Driver, size: tuple[int, int]) -> None:
    from PySide6.QtCore import QPoint

    driver.window.resize(*size)
    picture = driver.window.picture
    viewport = picture.viewport
    for count in ("one", "four"):
        for shown in ("look", "strain"):
            driver.window.do(count)
            driver.window.do(shown)
            driver.window.do("front")
            if count == "one":
                picture.banner.say("Shown: before “Height”. Now draping.", (("Stop", lambda: None),), 0.5)
            picture._place()
            covering = [w for w in (picture.banner, viewport.scale, picture.sides, picture.maps) if w.isVisible()]
            body = viewport.scene.items[0].vertices
            crown, sole = body[body[:, 1].argmax()], body[body[:, 1].argmin()]
            for view in viewport.views(viewport.width(), viewport.height()):
                matrix = view.camera.projection(view.width / view.height) @ view.camera.view()
                for point in (crown, sole):
                    x, y, _, w = matrix @ (*point, 1.0)
                    place = QPoint(
                        round(view.left + (x / w + 1) / 2 * view.width), round(view.top + (1 - y / w) / 2 * view.height)
                    )
                    assert not any(widget.geometry().contains(place) for widget in covering), (count, shown, place)
            picture.banner.hide()
    driver.window.do("one")
    driver.window.do("look")
    driver.window.resize(1280, 800)


def test_an_empty_project_says_what_to_do(application) -> None:
    from app.project import Project

    empty = Driver(application, Project())
    try:
        empty.rest(0.1)
        assert empty.studio.state == "empty" and not empty.studio.running
        banner = empty.window.picture.banner
        assert banner.isVisible() and "Drop a photo" in banner.text.text()
        empty.type("Height [cm]", "172")
        empty.current()
        assert not banner.isVisible()
    finally:
        empty.close()


def test_the_first_start_welcomes_in_three_cards_and_never_again(application) -> None:
    first = Driver(application)
    try:
        first.studio.keep(toured=False)
        first.current()
        for name in ("Next", "Next", "Done"):
            first.click(name)
        assert first.studio.settings.toured
        first.rest(0.05)
        from app.ui.tour import Tour

        assert not [card for card in first.window.findChildren(Tour) if card.isVisible()]
    finally:
        first.close()


def test_an_action_is_found_by_its_words(driver: Driver) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    driver.key("Ctrl+K")
    assert driver.window.search.hasFocus()
    QTest.keyClicks(driver.window.search, "strain m")
    QTest.keyClick(driver.window.search, Qt.Key.Key_Return)
    driver.rest(0.05)
    assert driver.studio.project.view.map == "strain" and not driver.window.search.text()
    driver.window.do("look")


def test_the_arrow_keys_turn_the_person(driver: Driver) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    viewport = driver.window.picture.viewport
    driver.window.do("front")
    before = viewport.cameras["one"].azimuth
    QTest.keyClick(viewport, Qt.Key.Key_Right)
    QTest.keyClick(viewport, Qt.Key.Key_Right)
    assert viewport.cameras["one"].azimuth == pytest.approx(before + np.radians(20), abs=1e-6)
    driver.window.do("front")
