"""From evidence to a person: tapes win, doubt is told, nonsense is refused in one sentence, extremes stay sane."""

import time

import numpy as np
import pytest

from assets.errors import InputRefused, UsageError
from body.estimate import Evidence, check_numbers, estimate
from body.measure import measure
from body.measurements import MEASURES
from body.poses import RELAXED


@pytest.fixture(scope="module")
def taped():
    return estimate(Evidence(1.68, 66.0, 0.0, 30, {"chest": 0.95, "waist": 0.78, "hip": 1.01, "inseam": 0.78}))


def test_the_whole_table_comes_back_with_doubt_and_source(taped) -> None:
    assert list(taped.measurements) == list(MEASURES)
    for name, item in taped.measurements.items():
        assert MEASURES[name].low < item.value < MEASURES[name].high
        assert 0 < item.sd < 0.25 * item.value
        assert item.source in ("tape", "statistics")


def test_tapes_win(taped) -> None:
    assert taped.measurements["waist_girth"].source == "tape"
    assert taped.measurements.value("waist") == 0.78
    on_body = measure(taped.body, 0.0)
    for name in ("stature", "bust_girth", "waist_girth", "hip_girth", "crotch_height"):
        assert on_body.value(name) == pytest.approx(taped.measurements.value(name), abs=0.001), name


def test_the_body_stands_relaxed_on_the_floor(taped) -> None:
    assert np.array_equal(taped.body.pose, RELAXED)
    assert taped.body.vertices[:, 1].min() == pytest.approx(0.0, abs=1e-6)


def test_a_tape_sharpens_what_it_touches_and_its_kin(taped) -> None:
    untaped = estimate(Evidence(1.68, 66.0, 0.0, 30))
    for name in ("waist_girth", "navel_girth", "thigh_girth", "high_hip_girth"):
        assert taped.measurements[name].sd < untaped.measurements[name].sd


def test_the_same_evidence_gives_the_same_person() -> None:
    first, second = (estimate(Evidence(1.8, 82.0, 1.0)) for _ in range(2))
    assert np.array_equal(first.body.vertices, second.body.vertices)
    assert first.measurements.numbers() == second.measurements.numbers()


def test_it_is_quick(taped) -> None:
    start = time.process_time()
    estimate(Evidence(1.75, 70.0, 1.0, tapes={"waist": 0.84}))
    assert time.process_time() - start < 3.0


def test_sex_may_be_unknown_or_between() -> None:
    unknown = estimate(Evidence(1.90, 85.0))
    assert unknown.sex > 0.9 and any("sex not given" in note for note in unknown.notes)
    assert estimate(Evidence(1.70, 70.0, 0.5)).sex == 0.5


@pytest.mark.parametrize("sex", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("stature", [1.45, 2.05])
@pytest.mark.parametrize("bmi", [16.0, 45.0])
def test_extreme_people_are_still_people(sex: float, stature: float, bmi: float) -> None:
    person = estimate(Evidence(stature, bmi * stature**2, sex))
    body = measure(person.body, sex).numbers()
    assert body["stature"] == pytest.approx(stature, abs=0.002)
    for name in ("bust_girth", "waist_girth", "hip_girth", "thigh_girth"):
        told = person.measurements[name]
        assert abs(body[name] - told.value) < 1.5 * told.sd, name
    assert body["mass"] == pytest.approx(bmi * stature**2, rel=0.12)


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (Evidence(17.8, 70.0), "height of 17.8 m"),
        (Evidence(1.7, 70.0, 0.0, tapes={"hip": 2.40}), "hip girth of 240.0 cm cannot be"),
        (Evidence(1.7, 70.0, 0.0, tapes={"neck": 0.38, "height": 1.8}), "two values for height"),
        (Evidence(1.7, 70.0, 0.0, 5.0), "an age of 5"),
        (Evidence(2.0, 40.0, 1.0), "weight of 40.0 kg at a height of 200.0 cm"),
    ],
)
def test_the_impossible_is_refused_in_one_sentence(evidence: Evidence, words: str) -> None:
    with pytest.raises(InputRefused, match=words) as refusal:
        check_numbers(evidence)
    assert "\n" not in str(refusal.value)


def test_wrong_words_are_usage_errors() -> None:
    with pytest.raises(UsageError, match="did you mean"):
        check_numbers(Evidence(tapes={"wiast": 0.8}))
    with pytest.raises(UsageError, match="between 0"):
        check_numbers(Evidence(sex=2.0))


def test_the_unusual_is_said_but_served() -> None:
    person = estimate(Evidence(1.70, 70.0, 0.0, tapes={"waist": 0.62, "hip": 1.16}))
    assert any("hardly go together" in note for note in person.notes)
    assert person.measurements.value("waist") == 0.62


def test_tapes_that_no_survey_knows_are_checked_against_the_body() -> None:
    fine = estimate(Evidence(1.68, 66.0, 0.0, tapes={"knee": 0.39}))
    assert measure(fine.body, 0.0).value("knee") == pytest.approx(0.39, abs=0.001)
    odd = estimate(Evidence(1.68, 66.0, 0.0, tapes={"knee": 0.65}))
    assert any("knee girth of 65.0 cm hardly fits" in note for note in odd.notes)
