"""From silhouette widths to measures: what is wider is seen as wider, doubt is carried, photos are averaged fairly."""

from types import SimpleNamespace

import numpy as np
import pytest

from body.estimate import credible
from body.observed import NOTHING, observed, together
from body.population import population

BODY = {
    "stature": 1.7, "bust_height": 1.22, "navel_height": 1.02, "hip_height": 0.86, "chest_breadth": 0.30,
    "navel_breadth": 0.29, "hip_breadth": 0.35, "chest_depth": 0.24, "navel_depth": 0.21, "hip_depth": 0.23,
}  # fmt: skip
PEOPLE = {name: (value, 0.02) for name, value in BODY.items()}
LEVELS = np.linspace(0.82, 1.26, 15)
EXPECTED = np.full(15, 0.33)
FRONT, SIDE, OBLIQUE = np.array([1.0, 0, 0]), np.array([0.0, 0, -1]), np.array([0.7, 0, 0.7])


def photo(widths: np.ndarray, direction: np.ndarray, noise: float = 0.01, common: float = 0.0):
    covariance = noise**2 * np.eye(15) + common**2
    return SimpleNamespace(name="p", levels=LEVELS, widths=widths, covariance=covariance, direction=direction)


def test_a_photo_of_the_expected_body_shows_the_expected_measures() -> None:
    seen = observed(photo(EXPECTED, FRONT), EXPECTED, BODY, PEOPLE)
    assert seen.names == ("chest_breadth", "navel_breadth", "hip_breadth")
    assert seen.values == pytest.approx([BODY[name] for name in seen.names])


def test_five_percent_wider_is_five_percent_wider() -> None:
    seen = observed(photo(1.05 * EXPECTED, SIDE), EXPECTED, BODY, PEOPLE)
    assert seen.names == ("chest_depth", "navel_depth", "hip_depth")
    assert seen.values == pytest.approx([1.05 * BODY[name] for name in seen.names])


def test_a_common_error_is_not_averaged_away() -> None:
    alone, shared = (observed(photo(EXPECTED, FRONT, 0.01, common), EXPECTED, BODY, PEOPLE) for common in (0.0, 0.02))
    assert shared.known["hip_breadth"][1] > 0.018 > alone.known["hip_breadth"][1]
    assert shared.linked["chest_breadth", "hip_breadth"] > 3e-4


def test_where_body_and_statistics_disagree_doubt_grows() -> None:
    leaner = PEOPLE | {"hip_breadth": (0.32, 0.02)}
    agreed, disputed = (observed(photo(EXPECTED, FRONT), EXPECTED, BODY, people) for people in (PEOPLE, leaner))
    assert disputed.known["hip_breadth"][0] == pytest.approx(0.335)
    assert disputed.known["hip_breadth"][1] > agreed.known["hip_breadth"][1] + 0.005
    assert disputed.known["navel_breadth"] == agreed.known["navel_breadth"]


def test_an_oblique_view_and_an_empty_one_say_nothing() -> None:
    assert observed(photo(EXPECTED, OBLIQUE), EXPECTED, BODY, PEOPLE).names == ()
    empty = SimpleNamespace(
        name="p", levels=np.zeros(0), widths=np.zeros(0), covariance=np.zeros((0, 0)), direction=FRONT
    )
    assert observed(empty, np.zeros(0), BODY, PEOPLE).names == ()


def test_two_photos_are_averaged_by_their_worth() -> None:
    sharp = observed(photo(EXPECTED, FRONT, 0.005), EXPECTED, BODY, PEOPLE)
    blurred = observed(photo(1.1 * EXPECTED, FRONT, 0.05), EXPECTED, BODY, PEOPLE)
    both = together([sharp, blurred, NOTHING])
    assert BODY["hip_breadth"] < both.known["hip_breadth"][0] < BODY["hip_breadth"] * 1.05
    assert both.known["hip_breadth"][1] < sharp.known["hip_breadth"][1]


def test_what_contradicts_the_rest_is_set_aside_and_said() -> None:
    before = population().posterior({"stature": (1.7, 0.006), "mass": (62.0, 1.0)}, 0.0)
    seen = observed(photo(np.where(LEVELS > 0.95, EXPECTED, 2 * EXPECTED), FRONT), EXPECTED, BODY, PEOPLE)
    kept, notes = credible(seen, before, "front.jpg")
    assert "hip_breadth" not in kept.names and "navel_breadth" in kept.names
    (note,) = notes
    assert note.startswith("front.jpg: a hip breadth of") and "set aside" in note
