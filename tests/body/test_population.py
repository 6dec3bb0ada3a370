"""The population: the laws of conditioning hold, people come out sane, contradictions are named."""

import numpy as np
import pytest

from body.population import IMPOSSIBLE, Population, population

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
    assert people.conflicts(HEIGHT | WEIGHT | tapes, 0.0) == ()


def test_a_contradiction_is_named_once_with_both_sides(people: Population) -> None:
    tapes = {"waist_girth": (0.60, 0.012), "hip_girth": (1.40, 0.012)}
    (sentence,) = people.conflicts(tapes, 0.0)
    assert "140.0 cm" in sentence and "60.0 cm" in sentence and "check" in sentence
    assert abs(people.surprises(tapes, 0.0)[0].z) > IMPOSSIBLE
