"""Garments on a body that moves: outside the skin in every frame, carried along, at rest where nothing moves."""

from dataclasses import replace

import numpy as np
import pytest

from assets.errors import Cancelled
from body.estimate import Evidence, estimate
from body.model import JOINT_NAMES, Body
from body.motion import moved
from garments.drape import Drape, drape
from garments.garment import garment
from garments.moving import Track, Wearing

EDGE = 0.035
STEP = 1.0 / 30.0


@pytest.fixture(scope="module")
def draped() -> Drape:
    body = estimate(Evidence(height=1.65, mass=65.0, sex=0.0)).body
    return drape((garment("skirt", "M", "female"),), body, edge=EDGE)[0]


def bent(body: Body, degrees: float, ahead: float = 0.0) -> Body:
    """The person with one knee forward, and gone ahead [m]."""
    pose = np.array(body.pose, float)
    pose[JOINT_NAMES.index("left_hip"), 0] -= np.radians(degrees)
    pose[JOINT_NAMES.index("left_knee"), 0] += np.radians(degrees)
    return moved(body, pose, np.array([0.0, 0.0, ahead]))


def test_the_first_frame_is_the_drape_itself(draped: Drape) -> None:
    frame = Wearing((draped,)).frames()[0]
    np.testing.assert_array_equal(frame.positions, draped.positions)
    np.testing.assert_allclose(frame.strain, draped.strain_along, atol=1e-6)
    assert frame.inside == frame.crossings == 0


def test_a_body_that_does_not_move_leaves_the_drape_where_it_is(draped: Drape) -> None:
    wearing = Wearing((draped,))
    for _ in range(5):
        wearing.move(draped.body, STEP)
    gone = np.linalg.norm(wearing.frames()[0].positions - draped.positions, axis=1)
    assert np.percentile(gone, 95) < 5e-3 and gone.max() < 0.012


def test_cloth_follows_a_walk_of_the_hip_and_stays_outside_in_every_frame(draped: Drape) -> None:
    wearing, frames = Wearing((draped,)), []
    for k in range(1, 7):
        wearing.move(bent(draped.body, 4.0 * k, 0.03 * k), STEP)
        frames.append(wearing.frames()[0])
    assert [frame.inside for frame in frames] == [0] * 6
    assert [frame.crossings + frame.self_crossings for frame in frames] == [0] * 6
    assert all(frame.positions.shape == draped.positions.shape for frame in frames)
    gone = frames[-1].positions - draped.positions
    assert gone[:, 2].mean() == pytest.approx(0.18, abs=0.05), "all of it goes ahead with the person"
    left = draped.positions[:, 0] > 0
    assert gone[left, 2].mean() > gone[~left, 2].mean(), "and the side of the knee further"
    np.testing.assert_array_equal(wearing.sheet.mass, draped.cloth.mass)
    np.testing.assert_array_equal(wearing.sheet.faces, draped.cloth.faces)


def test_a_move_that_is_cancelled_has_not_happened(draped: Drape) -> None:
    wearing, asked = Wearing((draped,)), 0

    def stop(fraction: float, words: str) -> None:
        nonlocal asked
        asked += 1
        if asked == 3:
            raise Cancelled("stopped")

    there = bent(draped.body, 8.0)
    with pytest.raises(Cancelled):
        wearing.move(there, STEP, stop)
    np.testing.assert_array_equal(wearing.frames()[0].positions, draped.positions)
    wearing.move(there, STEP)
    fresh = Wearing((draped,))
    fresh.move(there, STEP)
    np.testing.assert_array_equal(wearing.frames()[0].positions, fresh.frames()[0].positions)


def test_the_largest_strain_is_told_with_its_moment_and_its_place(draped: Drape) -> None:
    frame = Wearing((draped,)).frames()[0]
    stretched = np.zeros(len(frame.strain), np.float32)
    back = draped.cloth.panel == draped.cloth.panel_names.index("back")
    pelvis = draped.body.joints[JOINT_NAMES.index("pelvis"), 1]
    high = draped.positions[draped.cloth.faces, 1].mean(axis=1) > pelvis - 0.03
    stretched[back & high] = 0.04
    track = Track.of(draped, [frame, replace(frame, strain=stretched, inside=2), frame])
    assert track.worst == 1 and not track.holds
    assert track.place.startswith("back, ")
    np.testing.assert_array_equal(track.strain, np.maximum(frame.strain, stretched))
    assert set(track.moment[back & high]) == {1}
