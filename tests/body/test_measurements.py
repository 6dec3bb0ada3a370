"""The table of measures: names, aliases, plausible ranges, frozen values."""

import pickle

import numpy as np
import pytest

from assets.errors import InputRefused, UsageError
from body.measurements import ALIASES, MEASURES, Measurement, Measurements, canonical, check, given


def test_every_measure_is_told_in_full() -> None:
    for name, measure in MEASURES.items():
        assert measure.name == name
        assert measure.title and measure.definition.endswith(".") and measure.how.endswith(".")
        assert 0 < measure.low < measure.high
        assert 0 < measure.tape_sd < 0.1 * (measure.high - measure.low)
        assert measure.unit == ("kg" if measure.kind == "mass" else "m")


def test_the_table_is_long_and_says_nothing_twice_in_either_language() -> None:
    assert sum(measure.kind != "mass" for measure in MEASURES.values()) >= 45
    for titles in ([m.title for m in MEASURES.values()], [m.chinese for m in MEASURES.values()]):
        assert len(set(titles)) == len(titles)
    for measure in MEASURES.values():
        assert len(measure.chinese) >= 2 and all("\u4e00" <= sign <= "\u9fff" for sign in measure.chinese), measure.name


def test_aliases_lead_into_the_table_and_hide_nothing() -> None:
    assert set(ALIASES.values()) <= set(MEASURES)
    assert not set(ALIASES) & set(MEASURES)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("chest", "bust_girth"), ("Inside leg", "crotch_height"), ("weight", "mass"), ("hip-girth", "hip_girth")],
)
def test_the_face_may_say_it_in_its_own_words(said: str, meant: str) -> None:
    assert canonical(said) == meant


def test_an_unknown_name_is_answered_with_near_ones() -> None:
    with pytest.raises(UsageError, match=r"'wiast'.*waist"):
        canonical("wiast")


@pytest.mark.parametrize(("name", "value"), [("height", 17.8), ("weight", 740.0), ("waist", 0.081), ("hip", np.nan)])
def test_a_slip_in_number_or_unit_is_refused(name: str, value: float) -> None:
    with pytest.raises(InputRefused, match=MEASURES[canonical(name)].title.lower()):
        check(name, value)


def test_measurements_keep_the_tables_order_and_are_frozen() -> None:
    items = Measurements((given("mass", 74.0), given("height", 1.78)))
    assert list(items) == ["stature", "mass"]
    assert items.value("weight") == 74.0
    assert items.numbers() == {"stature": 1.78, "mass": 74.0}
    with pytest.raises(TypeError):
        items["mass"] = items["stature"]  # type: ignore[index]


def test_replacing_makes_a_new_value() -> None:
    before = Measurements((given("waist", 0.8),))
    after = before.with_(Measurement("waist_girth", 0.9, 0.01, "photo"))
    assert before.value("waist") == 0.8
    assert after["waist_girth"].source == "photo"


def test_measurements_travel_between_processes() -> None:
    items = Measurements((given("waist", 0.8),))
    assert pickle.loads(pickle.dumps(items)).numbers() == items.numbers()
