"""Toile's own movements: within a person's joints, on the floor, and feet that stand do not slide."""

import numpy as np
import pytest

from assets.errors import UsageError
from body.estimate import Evidence, estimate
from body.model import load_model
from body.motion import Motion, moved
from body.poses import AT_EASE, find
from body.posing.clips import Clip, clips, find_clip, on_body
from body.posing.limits import beyond
from body.posing.planting import SIDES, _points, _sole
from body.posing.settle import settled
from body.posing.skeleton import matrices, swapped

NAMES = ("walk", "turn", "sit", "arms_up")


@pytest.fixture(scope="module")
def betas() -> np.ndarray:
    return np.asarray(estimate(Evidence(height=1.65, mass=65.0, sex=0.0)).body.betas)


@pytest.fixture(scope="module")
def done(betas: np.ndarray) -> dict[str, tuple[Clip, Motion]]:
    return {name: (clip, on_body(clip, load_model(), betas)) for name, clip in clips().items()}


def standing(clip: Clip, motion: Motion) -> np.ndarray:
    if clip.cycle is None:
        return np.ones((len(motion), 2), bool)
    return clip.cycle.standing(np.arange(len(motion)) / motion.rate)


def soles(motion: Motion, betas: np.ndarray, side: str) -> np.ndarray:
    """Where the points of a sole are on the floor [m] [t, k, 3]."""
    rest = load_model().body(betas)
    joints = np.asarray(rest.joints - rest.translation, float)
    return _points(motion.poses.astype(float), joints, _sole(rest, side), side) + motion.translation[:, None]


def test_there_are_four_and_another_is_refused_by_name() -> None:
    assert tuple(clips()) == NAMES
    with pytest.raises(UsageError, match="walk, turn, sit, arms_up"):
        find_clip("moonwalk")


@pytest.mark.parametrize("name", NAMES)
def test_a_movement_lasts_three_to_ten_seconds_and_no_joint_goes_too_far(name: str, done) -> None:
    clip, motion = done[name]
    assert 3.0 <= clip.seconds <= 10.0
    assert len(motion) == round(clip.seconds * motion.rate) + 1
    assert beyond(motion.poses) == ()


@pytest.mark.parametrize("name", NAMES)
def test_it_starts_at_ease_and_ends_where_it_says(name: str, done, betas: np.ndarray) -> None:
    _, motion = done[name]
    ease = settled(load_model(), betas, find(AT_EASE))
    np.testing.assert_allclose(motion.poses[0], ease, atol=1e-5)
    np.testing.assert_array_equal(motion.translation[0], 0.0)
    if name == "sit":
        drop = motion.translation[0, 1] - motion.translation[-1, 1]
        assert 0.3 < drop < 0.6, "the seat comes down by about a thigh"
    else:
        np.testing.assert_allclose(matrices(motion.poses[-1]), matrices(ease), atol=2e-3)


@pytest.mark.parametrize("name", NAMES)
def test_feet_that_stand_neither_slide_nor_float(name: str, done, betas: np.ndarray) -> None:
    clip, motion = done[name]
    on = standing(clip, motion)
    floor = min(soles(motion, betas, side)[0, :, 1].min() for side in SIDES)
    for side, foot in zip(SIDES, on.T, strict=True):
        points = soles(motion, betas, side)
        height = points[..., 1] - floor
        assert np.abs(height.min(axis=1)[foot]).max() < 3e-3
        bears = height - height.min(axis=1, keepdims=True) < 3e-3
        gone = np.linalg.norm(np.diff(points, axis=0)[..., [0, 2]], axis=2)
        slid = np.where(bears[1:] & bears[:-1] & (foot[1:] & foot[:-1])[:, None], gone, 0.0)
        assert slid.max() < 4e-3, f"the {side} foot slides {1e3 * slid.max():.1f} mm in a frame"


@pytest.mark.parametrize("name", NAMES)
def test_it_goes_smoothly(name: str, done) -> None:
    _, motion = done[name]
    turn = np.swapaxes(matrices(motion.poses[:-1]), -1, -2) @ matrices(motion.poses[1:])
    angle = np.degrees(np.arccos(np.clip((np.trace(turn, axis1=-2, axis2=-1) - 1) / 2, -1, 1)))
    assert angle.max() < 25.0, "no joint jumps within a frame"
    assert np.linalg.norm(np.diff(motion.translation, axis=0), axis=1).max() * motion.rate < 2.5


def test_the_walk_is_its_own_mirror_image_half_a_period_later(done) -> None:
    clip, motion = done["walk"]
    half = round(clip.cycle.period / 2 * motion.rate)
    steady = slice(45, len(motion) - 57 - half)
    later = motion.poses[half:][steady]
    np.testing.assert_allclose(matrices(swapped(motion.poses[steady])), matrices(later), atol=0.01)


def test_who_walks_goes_ahead_and_who_turns_comes_round(done) -> None:
    _, walk = done["walk"]
    assert walk.translation[-1, 2] > 3.0 and abs(walk.translation[-1, 0]) < 0.2
    _, turn = done["turn"]
    heading = np.unwrap(np.arctan2(*matrices(turn.poses[:, 0])[:, [0, 2], 2].T))
    assert heading[-1] - heading[0] == pytest.approx(2 * np.pi, abs=0.02)
    assert np.linalg.norm(turn.translation[:, [0, 2]], axis=1).max() < 0.3, "on the spot"


def test_a_movement_is_sampled_anew_without_changing_it(done) -> None:
    _, motion = done["turn"]
    finer = motion.sampled(2 * motion.rate)
    np.testing.assert_allclose(matrices(finer.poses[::2]), matrices(motion.poses), atol=1e-5)


def test_a_body_is_moved_over_the_floor(betas: np.ndarray, done) -> None:
    person = load_model().body(betas)
    there = moved(person, done["walk"][1].poses[40], np.array([0.5, 9.0, -0.25]))
    here = moved(person, done["walk"][1].poses[40], np.zeros(3))
    aside = np.broadcast_to((0.5, 0.0, -0.25), here.vertices.shape)
    np.testing.assert_allclose(there.vertices - here.vertices, aside, atol=1e-5)
    assert there.vertices[:, 1].min() == pytest.approx(0.0, abs=1e-6)
