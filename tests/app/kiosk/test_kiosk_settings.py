"""The kiosk's settings and its operator's corner: what is wrong with them is a page, and what is changed is kept."""

import re
import sqlite3
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.app.customer import LANDSCAPE, PORTRAIT


def test_the_kiosks_settings_file_is_the_commands(tmp_path: Path) -> None:
    from app.commands.kiosk import note
    from assets.errors import InputRefused

    with pytest.raises(InputRefused):
        note({"style": "toga", "size": "M", "verdict": "fits", "off": 0.0, "sd": 0.01})
    with pytest.raises(InputRefused):
        note({"style": "tee", "size": "M", "verdict": "fits"})


def test_a_kiosk_that_cannot_serve_says_why_in_both_languages_and_begins_nothing(customer, tmp_path) -> None:
    from PySide6.QtWidgets import QLabel

    one = customer(trouble=f"{tmp_path}/kiosk.toml: there is no catalogue /srv/shop")
    told = [label.text() for label in one.kiosk.page.findChildren(QLabel)]
    assert one.say("say.not_ready") in told and any("there is no catalogue /srv/shop" in text for text in told)
    assert one.say("press.begin") not in one.buttons()
    one.kiosk._raised()
    assert one.kiosk.visit.step == "attract"
    one.press("中文")
    assert any("没有目录 /srv/shop" in label.text() for label in one.kiosk.page.findChildren(QLabel))
    one.kiosk._operate()
    assert one.kiosk.operator.isVisible(), "the operator may put it right"


def test_settings_that_cannot_be_read_are_a_page_and_those_from_before_go_on(tmp_path: Path, capsys) -> None:
    from argparse import Namespace

    from app.commands.kiosk import Settings

    file, shop = tmp_path / "kiosk.toml", tmp_path / "shop"
    file.write_text("hours = [")
    settings = Settings(Namespace(settings=file, camera=None, windowed=True), file)
    assert "is not TOML" in settings.read()["trouble"] and settings.read()["windowed"]
    file.write_text(f'catalogue = "{shop}"\nretention = 7\n')
    assert f"there is no catalogue {shop}" in settings.read()["trouble"]
    shop.mkdir()
    (shop / "a.toml").write_text("[[garment]]\nid = 'a'\ndesign = 'toga'\n")
    assert "holds no garment" in settings.read()["trouble"]
    (shop / "a.toml").write_text("[[garment]]\nid = 'a'\ntitle = 'A tee'\ndesign = 'tee'\n")
    assert settings.read()["trouble"] == "" and settings.read()["retention"] == 7
    file.write_text(f'catalogue = "{shop}"\ngarments = ["gone"]\n')
    assert "no garment of those" in settings.read()["trouble"]
    file.write_text("retention = 0")
    told = settings.read()
    assert "no garment of those" in told["trouble"] and told["garments"] == ("gone",), "as they were"
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == len(set(errors)), "each is told once in the journal"


def test_the_operator_opens_the_corner_with_the_pin_and_saves_what_is_changed(customer, tmp_path, monkeypatch) -> None:
    from app.kiosk import pin as pins
    from app.kiosk.shopfront import read_shopfront
    from app.ui.kiosk import operator
    from app.ui.kiosk.operator import TABS

    monkeypatch.setattr(pins, "_MEMORY", 64)
    monkeypatch.setattr(operator, "cameras", list)
    one = customer(PORTRAIT)
    corner = one.kiosk.operator
    corner.pin, one.kiosk.file = pins.Pin(tmp_path / "pin.json", lambda: 1.0), tmp_path / "kiosk.toml"
    one.kiosk._operate()
    assert corner.note.text() == corner.say("no_pin")
    corner.pin.set("4805")
    for wrong in range(3):
        one.press("key 1")
        one.press(corner.say("enter"))
        assert corner.note.text() == corner.say("wrong") or wrong == 2
    assert corner.note.text() == corner.say("locked", seconds=30)
    corner.pin.set("4805")
    for digit in "4805":
        one.press(f"key {digit}")
    one.press(corner.say("enter"))
    assert {"operator": 1} in one.heard
    for tab in TABS:
        one.press(corner.say(tab))
    one.press(corner.say("offer"))
    one.press(one.say("name.coat"))
    one.press(corner.say("settings"))
    one.press(corner.say("seconds", count=90))
    one.press("10:00-20:00")
    one.press(corner.say("save"))
    saved = read_shopfront(tmp_path / "kiosk.toml")
    assert (saved.garments, saved.idle, saved.hours) == (("coat", "skirt", "tee"), 90.0, ("10:00-20:00",))
    assert {"settings": 1} in one.heard
    one.now = 61.0
    one.kiosk._tick()
    assert {"operator": 0} in one.heard
    assert not corner.isVisible(), "an operator who walks off leaves nothing open"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_operator_before_a_full_disk_reads_why_no_pin_opens_and_what_is_not_known(
    customer, language, monkeypatch
) -> None:
    from PySide6.QtWidgets import QLabel

    from app.kiosk import pin as pins
    from app.saying import tongue
    from app.ui.kiosk import operator
    from assets.errors import CannotWrite

    full = "cannot write kiosk-pin.json: the disk is full: free some room, or choose another place"
    one = customer(languages=(language,))
    one.kiosk.operator.open()
    one.kiosk.operator.pin.set("4805")
    monkeypatch.setattr(pins, "write_json", Mock(side_effect=CannotWrite(full)))
    one.press("key 4")
    one.press(one.kiosk.operator.say("enter"))
    one.kiosk.operator._every()
    assert one.kiosk.operator.note.text() == tongue(language).said(full)
    monkeypatch.setattr(operator.shutil, "disk_usage", lambda _: Mock(free=0))
    one.kiosk.operator.show_tab("health")
    told = [label.text() for label in one.kiosk.operator.findChildren(QLabel) if label.objectName() == "bad"]
    assert any(one.kiosk.operator.say("health_unwritten", count="?") in text for text in told)


def test_what_is_wrong_with_the_pin_covers_no_key_on_a_broad_screen(customer) -> None:
    from PySide6.QtWidgets import QPushButton

    full = "cannot write /home/kiosk/.config/toile/kiosk-pin.json: the disk is full: free some room, or choose another"
    one = customer(LANDSCAPE)
    one.kiosk.operator.pin.set("4805")
    one.kiosk.operator.open()
    one.kiosk.operator.note.setText(f"{full} place for the settings")
    for _ in range(20):
        one.turn()
    keys = one.kiosk.operator.code.findChildren(QPushButton)
    assert len(keys) > 10 and all(key.visibleRegion().boundingRect().height() == key.height() >= 64 for key in keys)


def test_the_operator_reads_what_is_broken_in_her_language(customer, tmp_path) -> None:
    from PySide6.QtWidgets import QLabel

    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "navi.toml").write_text('title = "衬衫"\ndesign = "tee"\ncolour = "navi"')
    (shelf / "noise.toml").write_bytes(bytes(range(128, 256)))
    (shelf / "ends.toml").write_text('title = "no end')
    (shelf / "cape.toml").write_text('title = "斗篷"\ndesign = "cape"')
    one = customer(PORTRAIT, languages=("zh",), catalogue=str(shelf))
    one.kiosk.operator.open()
    one.kiosk.operator.show_tab("offer")
    told = [label.text() for label in one.kiosk.operator.findChildren(QLabel) if label.objectName() == "bad"]
    assert len(told) == 4
    assert any("circle_skirt, coat" in sentence for sentence in told), "ids are typed as they are"
    for sentence in told:
        words = sentence.replace(str(shelf), "").split("：", 1)[1].partition("可选")[0]
        assert set(re.findall("[A-Za-z]{2,}", words)) <= {"navi", "navy", "noise", "toml", "UTF", "cape"}, sentence


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_that_the_keeper_counts_has_a_name_on_the_operators_page(customer, language) -> None:
    from app.kiosk.keeper import ENDS
    from app.kiosk.visit import ATTRACT, OVER, STEPS

    one = customer(languages=(language,))
    counted = {*STEPS, *ENDS, "shown", "died", "silent"} - {ATTRACT, OVER}
    named = {name: one.kiosk.operator._counted(name) for name in counted}
    assert len(set(named.values())) == len(counted)
    agreed = one.kiosk.operator._counted("agreed 2026-11-2")
    assert "2026-11-2" in agreed and agreed != "agreed 2026-11-2"
    if language == "zh":
        assert not re.search("[a-z]", " ".join((*named.values(), agreed)))
    else:
        assert named["ask"] == "asked a question"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_operators_buttons_have_room_for_their_words(customer, language, monkeypatch) -> None:
    from PySide6.QtWidgets import QPushButton

    from app.ui.kiosk import operator

    for name in ("cameras", "open_camera"):
        monkeypatch.setattr(operator, name, lambda *_: [])
    for size in (PORTRAIT, LANDSCAPE):
        one = customer(size, languages=(language,))
        one.kiosk.operator.open()
        for tab in operator.TABS:
            one.kiosk.operator.show_tab(tab)
            one.turn()
            for button in one.kiosk.operator.findChildren(QPushButton):
                needed = button.fontMetrics().horizontalAdvance(button.text()) + 2 * button.font().pixelSize() // 2
                assert button.width() >= needed and min(button.width(), button.height()) >= 64, (tab, button.text())


def test_the_camera_that_is_tested_is_seen_whole_with_its_rate(customer, monkeypatch) -> None:
    from PySide6.QtWidgets import QScrollArea

    from app.ui.kiosk import operator

    for name in ("cameras", "open_camera"):
        monkeypatch.setattr(operator, name, lambda *_: [])
    for size in (LANDSCAPE, PORTRAIT):
        one = customer(size, camera="film.mp4")
        one.kiosk.operator.open()
        one.kiosk.operator.show_tab("camera")
        one.turn()
        area = one.kiosk.operator.findChild(QScrollArea)
        assert area.verticalScrollBar().maximum() == 0 and one.kiosk.operator.preview.height() > 300


def test_a_catalogue_that_breaks_is_trouble_and_is_read_again_only_when_it_changed(tmp_path, monkeypatch) -> None:
    from argparse import Namespace

    from app.commands import kiosk
    from garments.stock.catalogue import Catalogue

    file, shop = tmp_path / "kiosk.toml", tmp_path / "shop"
    shop.mkdir()
    (shop / "a.toml").write_text("[[garment]]\nid = 'a'\ndesign = 'toga'\n")
    file.write_text(f'catalogue = "{shop}"\n')
    settings = kiosk.Settings(Namespace(settings=file, camera=None, windowed=True), file)
    read, refresh = [], Catalogue.refresh
    monkeypatch.setattr(Catalogue, "refresh", lambda self, *told: (read.append(1), refresh(self, *told)))
    for _ in range(3):
        assert "holds no garment" in settings.read()["trouble"]
    assert len(read) <= 2
    (shop / "a.toml").write_text("[[garment]]\nid = 'a'\ntitle = 'A tee'\ndesign = 'tee'\n")
    assert settings.read()["trouble"] == ""
    for error in (OSError("input/output error"), sqlite3.DatabaseError("malformed")):
        monkeypatch.setattr(kiosk, "_serves", Mock(side_effect=error))
        assert str(error) in settings.read()["trouble"]


def test_an_articles_verdict_is_looked_up_alone_and_a_designs_not_at_all(tmp_path) -> None:
    from app.commands.kiosk import _known
    from app.kiosk.shopfront import Shopfront
    from assets.errors import InputRefused

    gone = Shopfront(catalogue=str(tmp_path / "gone"))
    assert _known(gone, "tee") == ()
    with pytest.raises(InputRefused):
        _known(gone, "a")
    (tmp_path / "a.toml").write_text("[[garment]]\nid = 'a'\ntitle = 'A tee'\ndesign = 'tee'\n")
    assert _known(Shopfront(catalogue=str(tmp_path)), "a") == ("a",)
