"""Units: what people type, and what they read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.errors import UsageError
from assets.units import colour, colour_code, length, mass, quantity, show, signed_length


@pytest.mark.parametrize(
    "typed, metres",
    [
        ("178 cm", 1.78), ("178cm", 1.78), ("1.78 m", 1.78), ("1,78 m", 1.78), ("1780 mm", 1.78), ("178", 1.78),
        (178, 1.78), (" 178 CM ", 1.78), ("70 in", 1.778), ('70"', 1.778), ("5'10", 1.778), ("5'10\"", 1.778),
        ("5 ft 10 in", 1.778), ("5′10″", 1.778), ("5’10”", 1.778), ("6'", 1.8288), ("6 feet", 1.8288),
        ("5'11.5\"", 1.8161), ("1 m 78 cm", 1.78), ("178 厘米", 1.78), (".5 m", 0.5),
    ],
)  # fmt: skip
def test_lengths_as_people_write_them(typed, metres):
    assert length(typed) == pytest.approx(metres)


@pytest.mark.parametrize(
    "typed, kilograms",
    [("74 kg", 74), ("74", 74), ("163 lb", 73.9356), ("163lbs", 73.9356), ("11st 9lb", 73.9356), ("11 st 9", 73.9356),
     ("74000 g", 74), ("74 公斤", 74)],
)  # fmt: skip
def test_weights_as_people_write_them(typed, kilograms):
    assert mass(typed) == pytest.approx(kilograms, abs=1e-3)


@pytest.mark.parametrize(
    "typed",
    ["", "tall", "178 kg", "cm", "1.78.2 m", "-178 cm", "178 cm and more", "10 in 5 ft", "5 ft 6 ft", "178 cm 4", "nan",
     "inf", "1e3 cm", "5'5'5"],
)  # fmt: skip
def test_what_is_no_length_is_refused_and_named(typed):
    with pytest.raises(UsageError, match="not a length"):
        length(typed)


@pytest.mark.parametrize("typed", ["", "74 cm", "heavy", "12 kg 3 st"])
def test_what_is_no_weight_is_refused_and_named(typed):
    with pytest.raises(UsageError, match="not a weight"):
        mass(typed)


@given(st.floats(0.01, 3.0), st.sampled_from(["m", "cm", "mm", "in"]))
def test_what_is_shown_reads_back(metres, unit):
    assert length(show(metres, unit, 4)) == pytest.approx(metres, abs=1e-4)


@given(st.integers(12, 95))
def test_feet_and_inches_read_back(inches):
    assert length(show(inches * 0.0254, "ft")) == pytest.approx(inches * 0.0254)


def test_a_bare_number_has_the_unit_of_the_caller_only():
    assert length("34", bare="in") == pytest.approx(0.8636)
    assert mass("10", bare="st") == pytest.approx(63.503, abs=1e-3)


def test_shown_digits_and_unknown_units():
    assert show(0.92, "cm") == "92.0 cm"
    assert show(1.78, "ft") == "5'10\""
    assert show(74.04, "kg", 0) == "74 kg"
    with pytest.raises(ValueError, match="furlong"):
        show(1.0, "furlong")


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}"))
def test_a_colours_code_reads_back(code):
    assert colour_code(colour(code)) == code


@pytest.mark.parametrize("typed", ["", "red", "#12345", "#GGGGGG"])
def test_what_is_no_colour_is_refused(typed):
    with pytest.raises(UsageError, match="not a colour"):
        colour(typed)


def test_ease_may_be_below_zero():
    assert signed_length("-2 cm") == pytest.approx(-0.02) == -signed_length("2 cm")
    assert quantity("5 %", "share", "") == quantity("0.05", "share", "") == pytest.approx(0.05)
