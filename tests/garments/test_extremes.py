"""Fabrics and poses at the ends of what comes in: coarse cloth rests, or is refused in words, and leaves nothing."""

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from assets.closest import Surface
from assets.errors import Cancelled, DrapeFailed
from assets.progress import silent
from body.model import JOINT_NAMES, Body, load_model
from body.motion import heading
from body.motion import turned as turned_round
from body.poses import at_ease
from body.posing.skeleton import matrices
from garments.cloth import Cloth, mesh
from garments.drape import FARTHER, Drape, decided, drape, rested, settle
from garments.dressing.arrange import CLEARANCE, arrange
from garments.garment import Garment, garment
from garments.leading import faced, standing

EDGE = 0.08
LOCKED = {"residual": 0.1, "reasons": ("not at rest",)}
OVER = LOCKED | {"limit": 0.1, "strain_p99": 0.2}
FAR = 0.7
"""Nothing that is worn here hangs further than this [m] from the body."""


@cache
def woman() -> Body:
    model = load_model()
    mean, _ = model.prior(0.0)
    return model.body(mean, at_ease(model, mean))


def turned(**angles: tuple[float, float, float]) -> Body:
    """The same woman with joints turned [rad]."""
    pose = np.array(woman().pose, float)
    for joint, angle in angles.items():
        pose[JOINT_NAMES.index(joint)] += angle
    return woman().model.body(woman().betas, pose)


def worn(made: Garment) -> Drape:
    """The garment on her: all that is told of it are numbers, and it lies near the body."""
    (found,) = drape((made,), woman(), edge=EDGE)
    for values in (found.positions, found.strain, found.tension, found.pressure):
        assert np.isfinite(values).all()
    skin = Surface(found.body.skin.vertices, found.body.skin.faces)
    assert skin.closest(found.positions).distance.max() < FAR
    return found


def tee_of(density: float, bending: float) -> Garment:
    made = garment("tee", "M", "female")
    bent = dict.fromkeys(("bending_warp", "bending_weft", "bending_bias"), bending)
    return replace(made, fabric=replace(made.fabric, density=density, **bent))


def test_the_lightest_stiffest_and_the_heaviest_limpest_cloth_come_to_rest() -> None:
    light, heavy = worn(tee_of(0.03, 190e-6)), worn(tee_of(0.5, 1e-6))
    assert light.certificate.holds and heavy.certificate.holds
    assert heavy.certificate.strain_p99 > light.certificate.strain_p99
    assert heavy.pressure.sum() > 2.0 * light.pressure.sum()


def test_what_is_dropped_of_a_drape_is_let_go() -> None:
    found = worn(tee_of(0.5, 1e-6))
    kept = [weakref.ref(array) for array in (found.positions, found.strain, found.cloth.faces, found.cloth.rest)]
    del found
    gc.collect()
    assert not any(ref() is not None for ref in kept)


def test_arms_that_lie_in_the_trunk_are_dressed() -> None:
    pressed = turned(left_shoulder=(0.0, 0.0, -0.25), right_shoulder=(0.0, 0.0, 0.25))
    start = arrange(mesh(garment("tee", "M", "female"), EDGE), pressed)
    assert Surface(pressed.skin.vertices, pressed.skin.faces).closest(start).distance.min() > 0.0


def test_putting_on_stops_soon_after_it_is_told() -> None:
    asked = iter(range(1000))

    def tick() -> None:
        if next(asked) == 20:
            raise Cancelled

    with pytest.raises(Cancelled):
        arrange(mesh(garment("tee", "M", "female"), EDGE), woman(), tick=tick)


@pytest.mark.parametrize("design", ["tee", "skirt", "trousers"])
def test_a_body_that_lies_is_refused_in_words(design: str) -> None:
    supine = turned(pelvis=(-0.5 * np.pi, 0.0, 0.0))
    with pytest.raises(DrapeFailed, match="a body that stands"):
        arrange(mesh(garment(design, "M", "female"), EDGE), supine)


def test_legs_that_are_not_below_the_trunk_are_refused_in_words() -> None:
    bent = {f"{side}_{joint}": (angle, 0.0, 0.0) for side in ("left", "right") for joint, angle in
            (("hip", -2.0), ("knee", 2.2))}  # fmt: skip
    with pytest.raises(DrapeFailed, match="no two legs"):
        arrange(mesh(garment("trousers", "M", "female"), EDGE), turned(**bent))


@cache
def in_a_tee() -> tuple[Drape, ...]:
    return drape((garment("tee", "M", "female"),), woman(), edge=EDGE)


@pytest.mark.parametrize("known", [False, True])
def test_which_way_a_body_faces_changes_nothing(known: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for rounding; and nothing is led round."""
    monkeypatch.setattr("garments.moving.Wearing", None)
    away, (front,) = turned_round(woman(), 2.0), in_a_tee()
    (found,) = drape((front.garment,), away, edge=EDGE, start=in_a_tee() if known else ())
    assert found.certificate.holds and np.array_equal(found.body.pose, away.pose)
    back = found.positions @ matrices([0.0, -2.0, 0.0]).T
    assert np.median(np.linalg.norm(back - front.positions, axis=1)) < 3e-3
    assert found.pressure.sum() == pytest.approx(front.pressure.sum(), rel=0.1)


def test_a_drape_at_ease_is_a_start_for_one_with_lifted_arms() -> None:
    tee, lifted = garment("tee", "M", "female"), turned(left_shoulder=(0, 0, 0.4), right_shoulder=(0, 0, -0.4))
    start = in_a_tee()
    (found,) = drape((tee,), lifted, edge=EDGE, start=start)
    assert found.certificate.holds and standing(lifted) is not lifted
    raised = found.positions[:, 1] - start[0].positions[:, 1]
    sleeves = np.abs(start[0].positions[:, 0]) > np.percentile(np.abs(start[0].positions[:, 0]), 90)
    assert raised[sleeves].mean() > 0.03, "the sleeves go up with the arms"


def test_what_cannot_be_taken_along_is_refused_in_words() -> None:
    seated = turned(left_hip=(-1.5, 0.0, 0.0), right_hip=(-1.5, 0.0, 0.0))
    surface = Surface(seated.skin.vertices, seated.skin.faces)
    with pytest.raises(DrapeFailed, match="the shorts cannot be taken along into this pose"):
        rested((garment("shorts", "M", "female"),), seated, surface, EDGE, silent)


def test_who_sits_puts_shorts_on_standing() -> None:
    bent = {f"{side}_{joint}": (angle, 0.0, 0.0) for side in ("left", "right") for joint, angle in
            (("hip", -1.5), ("knee", 1.4))}  # fmt: skip
    (found,) = drape((garment("shorts", "M", "female"),), turned(**bent), edge=EDGE)
    assert found.certificate.holds
    hip, knee = (found.body.joints[JOINT_NAMES.index(f"left_{name}"), 2] for name in ("hip", "knee"))
    assert found.positions[:, 2].max() > 0.5 * (hip + knee), "they lie along the thighs"


def test_what_locks_in_a_pose_is_put_on_once_more_from_further_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time to come to rest is left here, so that every try fails."""
    laid: list[float] = []

    def noted(cloth: Cloth, body: Body, worn: np.ndarray | None, clearance: float, tick: Callable) -> np.ndarray:
        laid.append(clearance / CLEARANCE)
        return arrange(cloth, body, worn, clearance, tick)

    monkeypatch.setattr("garments.dressing.arrange.arrange", noted)
    monkeypatch.setattr(
        "garments.drape.settle", lambda solver, x, progress, *_: settle(solver, x, progress, None, 1e-6, 6)
    )
    monkeypatch.setattr("garments.leading.TURN", np.pi)
    lifted = turned(left_shoulder=(0, 0, 0.4), right_shoulder=(0, 0, -0.4))
    (found,) = drape((garment("tee", "M", "female"),), lifted, edge=EDGE)
    assert not found.certificate.holds and laid == pytest.approx([1.0, FARTHER])


@pytest.mark.parametrize("bent", [0.0, -1.0])
def test_what_is_far_too_small_shows_so_on_coarse_cloth_and_is_left_at_that(
    bent: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also on who bends her legs: it is told of her at ease, facing as she does."""
    monkeypatch.setattr("garments.drape.ROUGH_STEPS", 6)
    pose = turned(left_hip=(bent, 0.0, 0.0), right_hip=(bent, 0.0, 0.0)).pose
    large = turned_round(woman().model.body(4.0 * np.eye(woman().model.n_betas)[0], pose), 0.5)
    (found,) = drape((garment("skirt", "XS", "female"),), large, edge=0.017)
    assert found.edge == 0.034 and found.certificate.far_over and not found.certificate.holds
    front = faced(found, 0.0).body
    assert standing(front) is front and heading(found.body.pose) == pytest.approx(0.5)


def test_what_is_far_too_small_is_told_alike_from_another_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """On its way from there cloth locks, far over its limit, which tells nothing of the size."""
    monkeypatch.setattr("garments.drape.ROUGH_STEPS", 6)
    large = woman().model.body(4.0 * np.eye(woman().model.n_betas)[0])
    worn = drape((garment("skirt", "L", "female"),), large, edge=0.04)
    small = (garment("skirt", "XXS", "female"),)
    (known,), (anew,) = drape(small, large, edge=0.011, start=worn), drape(small, large, edge=0.011)
    assert np.array_equal(known.positions, anew.positions)


@pytest.mark.parametrize(
    ("told", "plainly"),
    (((OVER,), True), ((OVER, {}), True), ((OVER, LOCKED), False), ((OVER | {"reasons": ()}, LOCKED), False)),
)
def test_each_garment_must_hold_or_be_far_too_small_or_all_are_put_on_again(
    told: tuple[dict, ...], plainly: bool
) -> None:
    (tee,) = in_a_tee()
    drapes = tuple(replace(tee, certificate=replace(tee.certificate, **each)) for each in told)
    assert decided(drapes) == plainly
