"""Tape-locked: any tapes are met, by shapes where they reach, else by a small smooth layer; what conflicts is named."""

from pathlib import Path

import numpy as np
import pytest

from assets.mesh import edges
from body.conflict import known
from body.estimate import Evidence, estimate, likely_shape, locked_shape
from body.layer import LARGEST, STEEPEST, meet
from body.measure import measure, ruler
from body.measurements import MEASURES, Measurements, given
from body.model import load_model
from body.population import population

HALF_MM = 0.0005
TAPED = [name for name in MEASURES if name != "mass"]


def somebody(rng: np.random.Generator) -> tuple[dict[str, float], float]:
    """Every measure of a person drawn from the statistics, BMI 16 to 45; what the survey lacks is off by 2 %."""
    sex, height = float(rng.integers(2)), rng.uniform(1.45, 2.05)
    mass = rng.uniform(16, 45) * height**2
    likely = population().posterior({"stature": (height, 0.001), "mass": (mass, 0.1)}, sex)
    drawn = dict(zip(likely.names, np.exp(rng.multivariate_normal(likely.mean, likely.covariance / 1.3)), strict=True))
    base = likely_shape(load_model(), Measurements((given("stature", height), given("mass", mass))), likely).values
    person = {name: float(drawn.get(name, base[name] * np.exp(rng.normal(0, 0.02)))) for name in TAPED}
    return person | {"mass": mass, "stature": height}, sex


def locked(tapes: dict[str, float], sex: float):
    taped = Measurements(tuple(given(name, value) for name, value in tapes.items()))
    return locked_shape(load_model(), taped, population().posterior(known(taped), sex))


@pytest.mark.parametrize("seed", range(3))
def test_any_four_tapes_are_met(seed: int) -> None:
    rng = np.random.default_rng(seed)
    person, sex = somebody(rng)
    chosen = rng.choice(TAPED, 4, replace=False)
    shape, _, _ = locked({name: person[name] for name in (*chosen, "mass")}, sex)
    for name in chosen:
        assert abs(shape.values[name] - person[name]) < HALF_MM, name


def test_odd_tapes_are_met() -> None:
    tapes = {"knee": 0.37, "foot": 0.262, "neck_base": 0.415, "crotch_length": 0.66}
    body = estimate(Evidence(1.76, 74.0, 1.0, tapes=tapes)).body
    for name, value in tapes.items():
        assert abs(measure(body, 1.0).value(name) - value) < HALF_MM, name


@pytest.fixture(scope="module")
def consistent() -> dict[str, float]:
    """Tapes of one shape that is not quite a model's: each off by a few millimetres."""
    model, rng = load_model(), np.random.default_rng(5)
    values = ruler(model).values(model.prior(0.0)[0], 0.0)
    names = ("stature", "bust_girth", "waist_girth", "navel_girth", "hip_girth", "thigh_girth", "calf_girth")
    names += ("neck_girth", "upper_arm_girth", "crotch_height", "hip_breadth", "foot_length", "shoulder_length")
    return {name: values[name] + rng.normal(0, 0.004) for name in names}


def test_what_shapes_cannot_the_layer_does(consistent: dict[str, float]) -> None:
    model = load_model()
    layer = meet(model, model.prior(0.0)[0], consistent)
    shown = measure(model.body(model.prior(0.0)[0], detail=layer.detail), 0.0)
    for name, value in consistent.items():
        assert abs(shown.value(name) - value) < HALF_MM, name
        assert layer.left[name] == pytest.approx(shown.value(name) - value, abs=1e-5)


def test_the_layer_is_small_smooth_and_the_same_left_and_right(consistent: dict[str, float]) -> None:
    model = load_model()
    detail = meet(model, model.prior(0.0)[0], consistent).detail
    assert 0.0005 < np.linalg.norm(detail, axis=1).max() < LARGEST
    rest, pairs = model.body(model.prior(0.0)[0]).vertices, edges(model.skin_faces)
    apart = np.linalg.norm(np.subtract(*rest[pairs.T]), axis=1)
    assert (np.linalg.norm(np.subtract(*detail[pairs.T]), axis=1) < 1.5 * STEEPEST * apart + 1e-5).all()
    left, right = (model.landmarks[f"{side}_nipple"] for side in ("left", "right"))
    np.testing.assert_allclose(detail[left], detail[right] * [-1, 1, 1], atol=1e-4)


def test_nothing_is_laid_on_where_shapes_suffice() -> None:
    person = estimate(Evidence(1.68, 66.0, 0.0, 30, {"chest": 0.95, "waist": 0.78, "hip": 1.01, "inseam": 0.78}))
    assert person.body.detail is None
    assert all(abs(misfit.left) < HALF_MM and not misfit.sentence for misfit in person.misfits)
    model = load_model()
    betas = model.prior(0.0)[0]
    assert not meet(model, betas, {"waist_girth": ruler(model).values(betas, 0.0)["waist_girth"]}).detail.any()


def test_a_further_tape_moves_no_other_and_order_does_not_matter() -> None:
    tapes = {"waist_girth": 0.80, "hip_girth": 1.00, "crotch_height": 0.78}
    before, _, _ = locked({"stature": 1.68, **tapes}, 0.0)
    more = {"thigh_girth": before.values["thigh_girth"] + 0.005}
    after, _, _ = locked({"stature": 1.68, **tapes, **more}, 0.0)
    turned, _, _ = locked({**more, **dict(reversed(tapes.items())), "stature": 1.68}, 0.0)
    for name, value in {**tapes, **more, "stature": 1.68}.items():
        assert abs(after.values[name] - value) < HALF_MM, name
        assert abs(turned.values[name] - value) < HALF_MM, name
    for name in TAPED:
        assert abs(after.values[name] - turned.values[name]) < 0.001, name


@pytest.mark.parametrize(
    ("tapes", "odd"),
    [
        ({"waist": 0.60, "hip": 1.40}, "hip_girth"),
        ({"hip": 0.98, "thigh": 0.85}, "thigh_girth"),
        ({"knee": 0.65}, "knee_girth"),
    ],
)
def test_a_slip_is_named_and_set_aside(tapes: dict[str, float], odd: str) -> None:
    person = estimate(Evidence(1.70, 70.0, 0.0, tapes=tapes))
    misfit = {misfit.name: misfit for misfit in person.misfits}[odd]
    assert "set aside" in misfit.sentence and misfit.sentence in person.notes
    assert abs(misfit.left) > 0.1
    assert person.measurements[odd].source == "statistics"


def test_a_back_longer_than_geometry_allows_is_told() -> None:
    """From a nape at 150 cm to a waist at 106 cm no tape of 42 cm reaches."""
    tapes = {"cervicale_height": 1.50, "waist_height": 1.06, "back_length": 0.42}
    person = estimate(Evidence(1.75, 72.0, 1.0, tapes=tapes))
    left = {misfit.name: misfit for misfit in person.misfits}
    worst = max(left.values(), key=lambda misfit: abs(misfit.left))
    assert 0.002 < abs(worst.left) < 0.02
    assert any("does not fit the other tapes" in misfit.sentence for misfit in left.values())
    shown = measure(person.body, 1.0)
    for name, misfit in left.items():
        told = tapes.get(name, tapes.get("back_length") if name == "back_neck_to_waist" else 1.75)
        assert shown.value(name) - told == pytest.approx(misfit.left, abs=1e-4)


def test_slopes_along_vertices_are_the_ruler_s_own() -> None:
    model = load_model()
    on, betas = ruler(model), model.prior(1.0)[0]
    names = ("waist_girth", "crotch_length", "shoulder_length", "calf_girth", "hip_breadth", "arm_length")
    nudge = np.random.default_rng(0).normal(size=(len(model.weights), 3)) * 1e-6
    push = on.push(betas, names)
    moved = on.values(betas, 1.0, nudge, names)
    turned = np.einsum("nab,nb->na", on.turns, nudge)
    for k, name in enumerate(names):
        gap = moved[name] - push.values[k]
        assert gap == pytest.approx(np.tensordot(push.slopes[k], turned, 2), abs=2e-8 + 1e-2 * abs(gap)), name


def test_a_detail_survives_saving(tmp_path: Path) -> None:
    from app.steps import load_estimate, save_estimate

    tapes = {"cervicale_height": 1.50, "waist_height": 1.06, "back_length": 0.42}
    person = estimate(Evidence(1.75, 72.0, 1.0, tapes=tapes))
    assert person.body.detail is not None
    save_estimate(person, tmp_path / "body.npz")
    again = load_estimate(tmp_path / "body.npz")
    np.testing.assert_array_equal(again.body.vertices, person.body.vertices)
    assert [m.sentence for m in again.misfits] == [m.sentence for m in person.misfits]
