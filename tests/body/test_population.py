"""The population: the laws of conditioning hold, people come out sane, contradictions are named."""

import os
from pathlib import Path

import numpy as np
import pytest

from body.building.population import HELD_OUT, fold, read
from body.measurements import MEASURES
from body.population import IMPOSSIBLE, SIZED, Population, beyond, population, sentence

SURVEY = Path(os.environ.get("TOILE_DATA", "../shared/data")) / "ansur"

HEIGHT, WEIGHT = {"stature": (1.70, 0.006)}, {"mass": (68.0, 1.0)}


@pytest.fixture(scope="module")
def people() -> Population:
    return population()


def test_the_file_is_a_distribution(people: Population) -> None:
    for covariance in people.covariances:
        assert np.array_equal(covariance, covariance.T)
        assert np.linalg.eigvalsh(covariance).min() > 0


def test_more_knowledge_never_widens_the_doubt(people: Population) -> None:
    less, more = people.given(HEIGHT, 0.0), people.given(HEIGHT | WEIGHT, 0.0)
    for name in less:
        assert more[name][1] / more[name][0] <= less[name][1] / less[name][0] * (1 + 1e-9)


def test_an_exact_tape_is_believed_and_a_worthless_one_changes_nothing(people: Population) -> None:
    exact = people.given(HEIGHT | {"hip_girth": (1.05, 1e-5)}, 0.0)
    assert exact["hip_girth"][0] == pytest.approx(1.05, abs=1e-4)
    worthless = people.given(HEIGHT | {"hip_girth": (1.05, 1e3)}, 0.0)
    assert worthless["waist_girth"] == pytest.approx(people.given(HEIGHT, 0.0)["waist_girth"], rel=1e-4)


def test_the_order_of_evidence_does_not_matter(people: Population) -> None:
    forward = people.given(HEIGHT | WEIGHT, 1.0, 40)
    backward = people.given(WEIGHT | HEIGHT, 1.0, 40)
    for name, value in forward.items():
        assert value == pytest.approx(backward[name])


def test_between_the_sexes_lies_between(people: Population) -> None:
    woman, middle, man = (people.given(HEIGHT | WEIGHT, sex)["hip_girth"] for sex in (0.0, 0.5, 1.0))
    assert man[0] < middle[0] < woman[0]
    assert middle[1] > max(woman[1], man[1])


def test_unknown_sex_follows_the_evidence(people: Population) -> None:
    assert people.male({"stature": (1.92, 0.006)}) > 0.95
    assert people.male({"stature": (1.55, 0.006)}) < 0.05
    assert people.male({}) == pytest.approx(0.5)


@pytest.mark.parametrize(("mass", "age"), [(125.0, 30.0), (45.0, 30.0), (68.0, 80.0)])
def test_those_unlike_the_survey_are_less_certain(people: Population, mass: float, age: float) -> None:
    usual = people.given(HEIGHT | WEIGHT, 0.0, 30.0)["waist_girth"]
    strange = people.given(HEIGHT | {"mass": (mass, 1.0)}, 0.0, age)["waist_girth"]
    assert strange[1] / strange[0] > usual[1] / usual[0]


def test_it_is_said_when_a_doubt_is_wider_and_only_then() -> None:
    assert beyond(HEIGHT | WEIGHT, 30.0) is None and beyond({}, None) is None
    for known, age in ((HEIGHT | WEIGHT, 80.0), (HEIGHT | {"mass": (125.0, 1.0)}, 30.0)):
        said = beyond(known, age)
        assert said is not None and "17 to 58 years" in said and "wider" in said


@pytest.mark.parametrize("sex", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("stature", [1.45, 1.75, 2.05])
@pytest.mark.parametrize("bmi", [16.0, 22.0, 45.0])
def test_nobody_comes_out_misshapen(people: Population, sex: float, stature: float, bmi: float) -> None:
    person = people.given({"stature": (stature, 0.006), "mass": (bmi * stature**2, 1.0)}, sex)
    value = {name: pair[0] for name, pair in person.items()}
    levels = ["ankle", "knee", "crotch", "hip", "navel", "waist", "bust", "acromial", "cervicale"]
    heights = [value[f"{level}_height"] for level in levels]
    assert heights == sorted(heights) and heights[-1] < value["stature"]
    assert value["wrist_girth"] < value["upper_arm_girth"] < value["thigh_girth"] < value["hip_girth"]
    assert value["waist_girth"] < value["navel_girth"] < 1.25 * value["hip_girth"]
    for level in ("chest", "navel", "hip"):
        girth = {"chest": "bust"}.get(level, level) + "_girth"
        across = value[f"{level}_breadth"], value[f"{level}_depth"]
        assert 1.0 < value[girth] / (np.pi * np.mean(across)) < 1.2


def test_ordinary_people_are_not_contradicted(people: Population) -> None:
    tapes = {"bust_girth": (0.92, 0.014), "waist_girth": (0.76, 0.012), "hip_girth": (1.0, 0.012)}
    assert people.surprises(HEIGHT | WEIGHT | tapes, 0.0) == ()


def test_a_contradiction_is_named_once_with_both_sides(people: Population) -> None:
    tapes = {"waist_girth": (0.60, 0.012), "hip_girth": (1.40, 0.012)}
    worst, *others = people.surprises(tapes, 0.0)
    told = sentence(worst, tapes)
    assert "140.0 cm" in told and "60.0 cm" in told and "check" in told
    assert abs(worst.z) > IMPOSSIBLE
    assert all({other.name, other.partner} == {worst.name, worst.partner} for other in others)


def test_the_most_telling_tape_lowers_the_doubt_as_it_says(people: Population) -> None:
    known = HEIGHT | WEIGHT
    told = people.posterior(known, 0.0).most_telling(known)
    assert told is not None and told.name in ("bust_girth", "waist_girth", "hip_girth")
    before = people.given(known, 0.0)

    def doubt(values: dict) -> float:
        return float(np.sqrt(sum((values[name][1] / values[name][0] * before[name][0]) ** 2 for name in SIZED)))

    taken = {
        name: people.given(known | {name: (before[name][0], MEASURES[name].tape_sd)}, 0.0)
        for name in before
        if name not in known and MEASURES[name].kind != "breadth"
    }
    assert min(taken, key=lambda name: doubt(taken[name])) == told.name
    assert doubt(taken[told.name]) / doubt(before) == pytest.approx(told.left, rel=1e-3)
    after = taken[told.name][told.of]
    assert (told.before, told.after) == pytest.approx((before[told.of][1], after[1]), rel=1e-3)


def test_who_is_known_only_by_height_is_asked_for_the_weight_first(people: Population) -> None:
    for sex in (0.0, 1.0, None):
        told = people.posterior(HEIGHT, sex).most_telling(HEIGHT)
        assert told is not None and told.name == "mass" and "weight" in told.sentence


def test_nothing_is_asked_of_who_is_measured_all_over(people: Population) -> None:
    known = {name: (value, 0.001) for name, (value, _) in people.given(HEIGHT | WEIGHT, 0.0).items()}
    assert people.posterior(known, 0.0).most_telling(known) is None


def test_the_one_number_that_all_others_speak_against_is_named(people: Population) -> None:
    tapes = {"bust_girth": (0.90, 0.014), "waist_girth": (0.75, 0.012), "hip_girth": (0.90, 0.012)}
    known = HEIGHT | {"mass": (120.0, 1.0)} | tapes
    assert sentence(people.surprises(known)[0], known).startswith("a weight of 120.0 kg")
    known = HEIGHT | WEIGHT | tapes | {"neck_girth": (0.60, 0.006)}
    assert sentence(people.surprises(known, 1.0)[0], known).startswith("a neck girth of 60.0 cm")


@pytest.mark.skipif(not SURVEY.is_dir(), reason="the survey's rows are not here")
@pytest.mark.parametrize("sex", ["female", "male"])
def test_nine_in_ten_of_those_held_out_lie_within_intervals_of_90_per_cent(people: Population, sex: str) -> None:
    rows = fold(read(SURVEY / f"{sex}_half.csv", sex), HELD_OUT, inside=True)
    inside = []
    for k in range(len(rows["mass"])):
        known = {"stature": (rows["stature"][k], 0.006), "mass": (rows["mass"][k], 1.0)}
        guess = people.given(known, float(sex == "male"), rows["age"][k])
        for name in ("bust_girth", "navel_girth", "hip_girth"):
            value, sd = guess[name]
            inside.append(abs(rows[name][k] - value) < 1.645 * sd)
    assert 0.87 < np.mean(inside) < 0.93
