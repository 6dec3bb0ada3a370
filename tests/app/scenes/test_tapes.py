"""Tape lines: where they lie on the shown body, and how a scene shows them."""

import numpy as np
import pytest

from app.scenes.tapes import CHOSEN, MAIN, PLAIN, Laid, lay, with_tapes
from assets.closest import Surface
from body.measure import ruler
from body.measurements import MEASURES
from body.model import Body, load_model
from body.poses import RELAXED, STANDING
from render.scene import Item, Material, Scene


@pytest.fixture(scope="module")
def body() -> Body:
    model = load_model()
    return model.body(model.prior(1.0)[0], RELAXED)


@pytest.fixture(scope="module")
def laid(body: Body) -> dict[str, Laid]:
    return {tape.name: tape for tape in lay(body)}


def test_every_measure_but_weight_has_a_tape(laid: dict[str, Laid]) -> None:
    assert list(laid) == [name for name in MEASURES if name != "mass"]
    for name, tape in laid.items():
        assert tape.runs and all(len(run) > 1 and np.isfinite(run).all() for run in tape.runs), name


def test_girths_run_round_on_the_skin_in_the_shown_pose(body: Body, laid: dict[str, Laid]) -> None:
    skin = Surface(body.vertices, body.model.skin_faces)
    for name in ("bust_girth", "waist_girth", "hip_girth", "calf_girth"):
        for run in laid[name].runs:
            assert np.array_equal(run[0], run[-1])
            assert skin.closest(run).distance.max() < 1e-4
            assert skin.closest((run[1:] + run[:-1]) / 2).distance.min() > -0.008, name


def test_a_girth_that_no_pose_bends_is_as_long_as_it_measures() -> None:
    model = load_model()
    betas = model.prior(1.0)[0]
    for tape in lay(model.body(betas, STANDING)):
        if tape.name in ("waist_girth", "head_girth", "bust_girth"):
            long = np.linalg.norm(np.diff(tape.runs[0].astype(float), axis=0), axis=1).sum()
            assert long == pytest.approx(ruler(model).values(betas)[tape.name], abs=1e-4)


def test_heights_stand_on_the_floor_and_an_inside_leg_hangs_from_the_crotch(body: Body, laid: dict[str, Laid]) -> None:
    (height,) = laid["stature"].runs
    assert np.ptp(height[:, 1]) == pytest.approx(body.vertices[:, 1].max(), abs=1e-4)
    assert height[:, 0].max() > body.vertices[:, 0].max()
    (leg,) = laid["crotch_height"].runs
    assert np.array_equal(leg[0], body.vertices[body.model.landmarks["crotch"]]) and leg[-1, 1] == 0
    assert np.ptp(leg[:, [0, 2]], axis=0) == pytest.approx(0)


def test_a_scene_shows_the_tapes_through_cloth_and_marks_the_one_pointed_at(laid: dict[str, Laid]) -> None:
    triangle = np.eye(3), np.array([[0, 1, 2]])
    scene = Scene((Item("body", *triangle), Item("tee", *triangle, Material(double_sided=True))))
    assert with_tapes(scene, ()) is scene
    shown = with_tapes(scene, [laid[name] for name in MAIN], "hip_girth")
    assert {line.name for line in shown.lines} == set(MAIN)
    assert all(line.colour == (CHOSEN if line.name == "hip_girth" else PLAIN) for line in shown.lines)
    skin, cloth = shown.items
    assert skin is scene.items[0] and cloth.material.opacity < 1 and cloth.vertices is scene.items[1].vertices
