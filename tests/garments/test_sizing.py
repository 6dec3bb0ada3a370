"""Laws of size advice: a body of a size gets that size, doubt spreads the probabilities, nobody is told a lie."""

from types import SimpleNamespace

import pytest

from body.measurements import MEASURES, Measurement, Measurements
from garments.fabric import fabric
from garments.fit import Fit, RegionFit, least_ease, verdict
from garments.grading import chart as find_chart
from garments.grading import size_measurements
from garments.sizing import advise, confirm, give_up, made_to_measure
from garments.taping import SLEEVE, TRUNK


def body_of(size: str, chart: str, sd: float = 0.01, larger: float = 0.0) -> Measurements:
    numbers = size_measurements(size, chart)
    names = [name for name in numbers if name in MEASURES]
    return Measurements(
        tuple(
            Measurement(name, numbers[name] + (larger if name.endswith("girth") else 0.0), sd, "tape") for name in names
        )
    )


@pytest.mark.parametrize(
    ("chart", "size"), [(name, size) for name in ("female", "male", "gb female") for size in find_chart(name).sizes]
)
@pytest.mark.parametrize("design", ["tee", "skirt"])
def test_a_body_of_a_size_gets_that_size(design, size, chart):
    advice = advise(design, body_of(size, chart), 1.0 if chart == "male" else 0.0, chart=chart)
    assert advice.best == size
    assert advice.suits
    assert sum(score.probability for score in advice.scores) == pytest.approx(1.0)


def test_doubt_of_the_body_is_doubt_of_the_size():
    sure, unsure = (
        advise("tee", body_of("M", "female", sd), 0.0, preference="regular").confidence for sd in (0.005, 0.05)
    )
    assert sure > 0.9
    assert unsure < 0.8


def test_options_change_the_size_that_suits():
    """Who wants more ease than the design gives is as well served by a larger size of the design as it is."""
    plain = advise("tee", body_of("M", "female"), 0.0)
    tight = advise("tee", body_of("M", "female"), 0.0, options={"ease_bust": 0.0})
    assert plain.reasons != tight.reasons


def test_made_to_measure_names_its_measures_and_the_least_sure_first():
    told = made_to_measure("skirt", body_of("M", "female"), 0.0)
    assert told.suits and told.best == "made to measure" and len(told.scores) == 1
    assert any("waist girth: 78.0 ± 1.0 cm (tape)" in reason for reason in told.reasons)
    assert "made to measure" in told.sentence
    assert any("high hip girth" in reason for reason in told.reasons), "it is drafted to that too, where it is known"


def test_the_same_body_gets_the_same_advice():
    first, second = (advise("tee", body_of("M", "male", 0.03), 1.0, seed=3).plain() for _ in range(2))
    assert first == second


def test_somebody_beyond_the_chart_is_told_so():
    advice = advise("skirt", body_of("XXL", "female", larger=0.2), 0.0)
    assert advice.best == "XXL"
    assert not advice.suits
    assert "made to measure" in advice.sentence


def test_of_two_sizes_alike_in_their_chances_the_one_that_can_be_worn_is_advised():
    advice = advise("skirt", body_of("S", "female", larger=0.021), 0.0)
    smaller, larger = advice.score("S"), advice.score("M")
    assert smaller.probability > larger.probability > 0.4 and smaller.small > larger.large
    assert advice.best == "M" and advice.suits and advice.second == "S"


def test_a_knit_may_be_worn_with_less_ease_than_a_woven():
    knit, woven = fabric("gray_interlock"), fabric("royal_target")
    for region in (*TRUNK, SLEEVE):
        assert least_ease(region, 0.9, knit) < least_ease(region, 0.9, woven) <= region.least


def test_verdicts_speak_in_centimetres():
    assert verdict(-0.01, 0.08, 0.011) == "2.1 cm too tight"
    assert verdict(0.20, 0.08, 0.0) == "12.0 cm looser than meant"
    assert verdict(0.06, 0.08, 0.0) == "fits, 6.0 cm ease"


def tried(size: str, over_limit: bool = False, reasons: tuple[str, ...] = ()) -> SimpleNamespace:
    holds = not reasons
    certificate = SimpleNamespace(holds=holds, reasons=reasons, strain_p99=0.1)
    worn = SimpleNamespace(size=size)
    return SimpleNamespace(garment=worn, certificate=certificate, wearable=holds and not over_limit)


def test_a_size_that_is_stretched_too_far_is_out_with_all_smaller_ones():
    before = advise("tee", body_of("M", "female", 0.03), 0.0)
    after = confirm(before, tried("M", over_limit=True))
    assert [score.size for score in after.scores if score.probability == 0.0] == ["XXS", "XS", "S", "M"]
    assert after.best == "L" and sum(score.probability for score in after.scores) == pytest.approx(1.0)
    assert "stretched" in after.score("M").reason and "L" in confirm(after, tried("L")).sentence


def test_what_was_felt_where_is_told_in_kilopascals_and_strain():
    region = RegionFit("hip", 1.02, 1.07, 0.05, 0.01, 0.05, 0.031, "fits", 420.0)
    told = confirm(advise("tee", body_of("M", "female"), 0.0), tried("M"), Fit("tee M", (region,), "fits"))
    assert told.reasons[-1] == "M at the hip: 3.1 % strain, 0.42 kPa"
    out = confirm(advise("tee", body_of("M", "female"), 0.0), tried("M", over_limit=True), Fit("tee M", (region,), ""))
    assert out.best == "L" and out.reasons[-1] == told.reasons[-1]


def test_when_the_largest_size_is_stretched_too_far_none_suits():
    after = confirm(advise("tee", body_of("XXL", "female"), 0.0), tried("XXL", over_limit=True))
    assert not after.suits and "made to measure" in after.sentence


def test_a_failed_drape_says_nothing_of_the_size():
    before, failed = advise("tee", body_of("M", "female", 0.03), 0.0), tried("M", reasons=("not at rest",))
    assert not confirm(before, failed).trusted
    after = confirm(give_up(before, failed), tried("L"))
    assert after.best == "M" and after.scores == before.scores
    assert any("M cannot be shown" in reason for reason in after.reasons)
