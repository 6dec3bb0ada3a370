"""The body that follows a slider meets the number, keeps the others, and changes no more than it must."""

import numpy as np
import pytest

from body.estimate import Evidence
from body.hasty import changed, said
from body.measure import ruler
from body.model import load_model

BEFORE = {"stature": 1.65, "mass": 64.0, "hip_girth": 1.0}


@pytest.fixture(scope="module")
def betas() -> np.ndarray:
    return load_model().prior(0.0)[0]


def test_the_number_is_met_and_the_others_stay(betas: np.ndarray) -> None:
    model, names = load_model(), ["stature", "hip_girth", "waist_girth"]
    shown = dict(zip(names, ruler(model).read(betas, 0.0, None, names).values, strict=True))
    before = {"stature": shown["stature"], "hip_girth": shown["hip_girth"]}
    after = changed(model, betas, None, 0.0, before, {**before, "waist_girth": shown["waist_girth"] + 0.06})
    now = ruler(model).read(after, 0.0, None, names).values
    assert np.allclose(now, [shown["stature"], shown["hip_girth"], shown["waist_girth"] + 0.06], atol=0.0015)


def test_nothing_said_anew_changes_nothing(betas: np.ndarray) -> None:
    assert changed(load_model(), betas, None, 0.0, BEFORE, BEFORE) is betas


def test_a_number_taken_back_leaves_the_body(betas: np.ndarray) -> None:
    fewer = {name: value for name, value in BEFORE.items() if name != "hip_girth"}
    assert changed(load_model(), betas, None, 0.0, BEFORE, fewer) is betas


def test_the_change_is_the_likeliest_one(betas: np.ndarray) -> None:
    model = load_model()
    after = changed(model, betas, None, 0.0, {}, {"waist_girth": 0.9})
    _, covariance = model.prior(0.0)
    slope = ruler(model).read(after, 0.0, None, ["waist_girth"]).slopes[0]
    move, likeliest = after - betas, covariance @ slope
    assert move @ likeliest / np.linalg.norm(move) / np.linalg.norm(likeliest) > 0.99


def test_what_is_said_goes_by_the_measures_names() -> None:
    assert said(Evidence(height=1.7, mass=60.0, tapes={"waist_girth": 0.7})) == {
        "stature": 1.7,
        "mass": 60.0,
        "waist_girth": 0.7,
    }
