"""The operator's side of the kiosk: the PIN and its locks, opening hours, the consent text, settings, numbers kept."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from app.kiosk import consent, hours
from app.kiosk import pin as pins
from app.kiosk.shopfront import Shopfront, read_shopfront, write_shopfront
from app.kiosk.tally import Tally
from assets.errors import InputRefused, UsageError


@pytest.fixture
def pin(tmp_path: Path, monkeypatch) -> Callable[..., pins.Pin]:
    """A PIN with a clock of its own, and a digest that costs little."""
    monkeypatch.setattr(pins, "_MEMORY", 64)
    now = [100.0]

    def made(boot: str = "first") -> pins.Pin:
        one = pins.Pin(tmp_path / "pin.json", lambda: now[0], lambda: boot)
        one.now = now
        return one

    return made


def test_a_pin_opens_and_is_nowhere_in_its_file(pin, tmp_path: Path) -> None:
    one = pin()
    assert not one.there
    one.set("480517")
    assert one.there and one.opens("480517") and not one.opens("480518")
    assert "480517" not in (tmp_path / "pin.json").read_text()
    assert (tmp_path / "pin.json").stat().st_mode & 0o077 == 0
    for weak in ("123", "0000", "12a4", "١٢٣٤", "1" * 13):
        with pytest.raises(UsageError):
            one.set(weak)


def test_wrong_pins_lock_for_ever_longer_and_the_right_one_waits_too(pin) -> None:
    one = pin()
    one.set("4805")
    waits = []
    for _ in range(5):
        while one.locked() == 0:
            assert not one.opens("1111")
        assert not one.opens("4805"), "the right one while it is locked"
        waits.append(one.locked())
        one.now[0] += waits[-1]
    assert waits == [30.0, 60.0, 120.0, 240.0, 480.0]
    assert one.opens("4805") and one.locked() == 0
    assert not one.opens("1111") and one.locked() == 0, "counted from the start"


def test_a_lock_outlives_restarts_of_the_kiosk_and_of_the_machine(pin) -> None:
    one = pin()
    one.set("4805")
    for _ in range(3):
        one.opens("1111")
    assert pin().locked() == 30.0
    one.now[0] = 5.0
    assert pin("second").locked() == 30.0, "a new start of the machine begins the wait anew"
    one.now[0] = 20.0
    assert pin("second").locked() == 15.0


def test_a_damaged_or_unwritable_pin_opens_nothing(pin, tmp_path: Path, monkeypatch) -> None:
    one = pin()
    one.set("4805")

    def full(path: Path, told: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(pins, "write_json", full)
    with pytest.raises(OSError):
        one.opens("4805")
    monkeypatch.undo()
    for text in ("{", "{}", '{"salt": "00", "digest": "00"}'):
        (tmp_path / "pin.json").write_text(text)
        with pytest.raises(InputRefused, match="damaged"):
            one.opens("4805")


def test_hours_of_a_week_over_midnight_and_closed_days() -> None:
    week = ("09:00-20:00",) * 4 + ("18:00-02:00", "closed", "10:00-16:30")
    monday, friday, saturday = (datetime(2026, 11, day, 12, 0) for day in (23, 27, 28))
    assert hours.is_open(week, monday) and not hours.is_open(week, monday.replace(hour=20))
    assert not hours.is_open(week, friday) and hours.is_open(week, friday.replace(hour=23))
    assert hours.is_open(week, saturday.replace(hour=1)) and not hours.is_open(week, saturday.replace(hour=2))
    assert hours.opens(week, saturday) == datetime(2026, 11, 29, 10, 0)
    assert hours.opens(week, monday) == datetime(2026, 11, 24, 9, 0)
    assert hours.is_open((), monday) and hours.opens(("closed",), monday) is None
    for wrong in (("9-20",), ("09:00-09:00",), ("25:00-26:00",), ("closed",) * 3):
        with pytest.raises(InputRefused):
            hours.check(wrong)


def test_a_shop_brings_its_own_consent_text_in_each_language_it_greets_in(tmp_path: Path) -> None:
    path = tmp_path / "consent.toml"
    path.write_text('version = "shop-1"\n[en]\ntitle = "May we?"\nlines = ["We look.", "We forget."]\n')
    told = consent.texts(str(path), ("en",))
    assert told["en"] == consent.Text("shop-1", "May we?", ("We look.", "We forget."))
    with pytest.raises(InputRefused, match="no text for the language 'zh'"):
        consent.texts(str(path), ("en", "zh"))
    own = consent.texts("", ("en", "zh"))
    assert own["en"].version == own["zh"].version and len(own["zh"].lines) == len(own["en"].lines) > 3
    for text in ("= x", "version = 1", 'version = "1"\nen = 1', 'version = "1"\n[en]\ntitle = "T"\nlines = []'):
        path.write_text(text)
        with pytest.raises(InputRefused):
            consent.texts(str(path), ("en",))


def test_settings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    shop = Shopfront('Nadel & "Zwirn"', ("zh",), hours=("09:00-18:00",), garments=("tee",), retention=7, idle=30.0)
    write_shopfront(path, shop)
    assert read_shopfront(path) == shop
    for text in ('hours = ["nine"]', "retention = 0", 'consent = "gone.toml"', 'catalogue = "/nowhere"'):
        path.write_text(text)
        with pytest.raises(InputRefused):
            read_shopfront(path)


def test_numbers_are_kept_for_so_many_days_and_a_wrong_clock_deletes_but_one(tmp_path: Path) -> None:
    tally = Tally(tmp_path, kept=3)
    for day in range(1, 6):
        tally.count("shown", f"2026-11-0{day}")
    assert tally.days() == ("2026-11-03", "2026-11-04", "2026-11-05")
    tally.count("shown", "2099-01-01")
    assert tally.days() == ("2026-11-04", "2026-11-05", "2099-01-01")
    tally.count("shown", "2026-11-06")
    assert tally.of("2026-11-06") == {"shown": 1} and len(tally.days()) == 3
