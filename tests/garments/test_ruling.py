"""Where the sizes beside the advised one are ruled out: too tight below, too wide above, and what a drape showed."""

from dataclasses import replace

import pytest

from body.measurements import Measurements
from garments.fit import Fit, RegionFit
from garments.ruling import PART, WIDE, gives_way, ruled_out
from garments.sizing import Advice, advise, one_size
from tests.garments.test_sizing import body_of


@pytest.fixture(scope="module")
def told() -> Advice:
    return advise("skirt", body_of("M", "female"), 0.0)


def test_a_smaller_size_is_ruled_out_by_being_too_tight_and_a_larger_one_by_being_too_wide(told) -> None:
    places = ruled_out(told)
    assert {place.measure for place in places} <= {"waist_girth", "hip_girth"} and places
    assert {each.size for place in places for each in place.others} == {"S", "L"}
    for place in places:
        assert place.best.size == "M" and abs(place.best.off) < 0.02 and place.best.pressure is None
        for each in place.others:
            assert (each.off < -0.02) if each.size == "S" else (each.off > 0.02)


def test_a_region_that_says_little_rules_nothing_out(told) -> None:
    for place in ruled_out(told):
        for each in place.others:
            shares = told.score(each.size).shares
            mine = next(share.amount for share in shares if share.name == place.region)
            assert mine >= PART * sum(max(share.amount, 0.0) for share in shares)


def test_what_was_draped_is_told_with_its_pressure_and_strain(told) -> None:
    felt = RegionFit("waist", 0.78, 0.76, -0.02, 0.01, 0.02, 0.031, "tight", 420.0)
    places = ruled_out(told, {"S": Fit("skirt S", (felt,), "tight")})
    waist = next(place for place in places if place.region == "waist")
    small = next(each for each in waist.others if each.size == "S")
    assert (small.pressure, small.strain) == (420.0, 0.031)
    assert waist.best.pressure is None


def test_one_size_has_nothing_beside_it() -> None:
    assert ruled_out(one_size("scarf", 0.0)) == ()


def test_an_advised_size_says_where_it_is_looser_than_meant_and_for_the_sake_of_what(told) -> None:
    """Of somebody without a waist a drape tells that the hip of the advised skirt is too wide: so does the advice."""
    assert gives_way(told) is None and gives_way(one_size("scarf", 0.0)) is None
    girths = {"waist_girth": 0.98, "hip_girth": 1.02}
    plain = body_of("XL", "female").values()
    straight = Measurements(tuple(replace(item, value=girths.get(item.name, item.value)) for item in plain))
    advice = advise("skirt", straight, 0.0)
    yields = gives_way(advice)
    assert yields is not None and (yields.size, yields.region, yields.tight) == (advice.best, "hip", "waist")
    assert yields.off > WIDE and advice.next_after(yields.smaller) == advice.best
    assert f"{100 * yields.off:.1f} cm looser than meant" in advice.score(advice.best).reason
    assert yields.words in advice.sentence
