"""The skeleton's slopes are exact, an ideal picture gives the motion back, and a shape once locked stays."""

from dataclasses import replace

import numpy as np
import pytest

from body import poses
from body.live.follow import Follower, Instant, Sight, _Problem
from body.live.track import nearest
from body.model import JOINT_NAMES, Body, load_model
from body.pose import LEFT_WRIST, RIGHT_WRIST
from body.stance import ARMS_FORWARD, HAIR, Pinhole, targets

WIDTH, HEIGHT, FOCAL = 480, 640, 640.0
REACHING = {"shoulder": (0, -60, -20), "elbow": (0, -60, 0)}
WALKING = {"shoulder": (20, 0, -60), "elbow": (0, -40, 0), "hip": (-25, 0, 0), "knee": (30, 0, 0)}


@pytest.fixture(scope="module")
def model():
    return load_model()


@pytest.fixture(scope="module")
def betas(model) -> np.ndarray:
    """Somebody away from the mean."""
    mean, covariance = model.prior(None)
    spread = np.linalg.cholesky(covariance + 1e-9 * np.eye(len(mean)))
    return (mean + 0.8 * spread @ np.random.default_rng(4).standard_normal(len(mean))).astype(np.float32)


def camera(distance: float = 3.0) -> Pinhole:
    """Before the person, level."""
    return Pinhole(FOCAL, (WIDTH / 2, HEIGHT / 2), np.diag((1.0, -1.0, -1.0)), np.array([0.0, 1.0, distance]))


def sight(body: Body, lens: Pinhole) -> Sight:
    """What an ideal finder would see."""
    turn, points, world = float(body.pose[0, 1]), np.zeros((33, 2)), np.zeros((33, 3))
    for number, (name, out, up, ahead, _) in targets().items():
        joints = name in JOINT_NAMES
        place = body.joints[JOINT_NAMES.index(name)] if joints else body.vertices[body.model.landmarks[name]]
        aside = (out * np.cos(turn) + ahead * np.sin(turn), up, ahead * np.cos(turn) - out * np.sin(turn))
        points[number] = lens.project(place + np.array(aside))
        world[number] = lens.axes @ (place - body.joints[0])
    top = lens.project(body.vertices[body.model.landmarks["crown"]] + np.array([0, HAIR, 0]))[1]
    return Sight(points, world, np.ones(33), float(top), lens.focal, np.array(lens.centre))


def turned(joints: dict, degrees: float) -> np.ndarray:
    pose = np.array(poses.from_degrees(joints)) if joints else np.array(poses.RELAXED)
    pose[0] = (0, np.radians(degrees), 0)
    return pose


def stature(body: Body) -> float:
    return float(np.ptp(body.model.body(body.betas, poses.STANDING).vertices[:, 1]))


def misses(motion: Instant, body: Body) -> np.ndarray:
    """How far each joint is from where it is, seen from the pelvis [m] [22]."""
    still = np.array(body.pose)
    still[0] = 0
    true = body.model.body(body.betas, still).joints[:22]
    found = body.model.body(motion.betas, motion.pose).joints[:22]
    return np.linalg.norm((found - found[0]) - (true - true[0]), axis=1)


@pytest.mark.parametrize("locked", [True, False])
def test_slopes_are_those_of_the_points(model, betas, locked):
    body = model.body(betas, turned(REACHING, 30))
    follower = Follower(model, 1.7, betas if locked else None)
    seen = sight(body, camera())
    problem = _Problem(follower, seen, 0.3, 200.0)
    state = follower._begin(seen, 0.3)
    size = 6 + state.turns.size + (0 if locked else len(betas))
    state = state.moved(np.random.default_rng(5).normal(0, 0.1, size))
    _, slopes = problem.points(state)
    for k in range(0, size, 5):
        step = 1e-5 * (np.arange(size) == k)
        change = (problem.points(state.moved(step))[0] - problem.points(state.moved(-step))[0]) / 2e-5
        assert np.allclose(slopes[:, :, k], change, atol=1e-8)


@pytest.mark.parametrize("joints", [{}, REACHING, WALKING])
@pytest.mark.parametrize("degrees", [0, 40, -130])
def test_an_ideal_picture_gives_the_motion_back(model, betas, joints, degrees):
    body = model.body(betas, turned(joints, degrees))
    motion = Follower(model, stature(body), betas)(sight(body, camera()))
    assert motion.error < 1.5
    assert motion.yaw == pytest.approx(np.radians(degrees), abs=np.radians(6))
    assert misses(motion, body).mean() < 0.05
    assert motion.pose.shape == (55, 3) and not motion.pose[0].any()
    assert np.linalg.norm(motion.camera.eye[[0, 2]]) == pytest.approx(3.0, abs=0.1)
    assert motion.camera.eye[1] == pytest.approx(1.0, abs=0.12)


def test_an_arm_that_is_plainly_seen_elsewhere_is_followed_there_and_a_slip_of_the_finder_is_not(model, betas):
    raised = {"left_shoulder": (0, 0, 75)}
    down, up = (model.body(betas, turned(joints, 0)) for joints in ({}, raised))
    follower, wrist = Follower(model, stature(down), betas), JOINT_NAMES.index("left_wrist")
    for _ in range(4):
        told = follower(sight(down, camera()))
    slip = sight(down, camera())
    slip.points[LEFT_WRIST] = sight(up, camera()).points[LEFT_WRIST]
    assert misses(follower(slip), down)[wrist] < 0.1 < np.linalg.norm(up.joints[wrist] - down.joints[wrist])
    told = follower(sight(down, camera()))
    assert misses(told, down)[wrist] < 0.02
    for _ in range(4):
        told = follower(sight(up, camera()))
    assert misses(told, up)[wrist] < 0.04


def test_an_arm_that_is_not_seen_is_behind_the_person(model, betas):
    import cv2

    pose = np.array(ARMS_FORWARD, float)
    pose[0] = (0, np.pi / 2, 0)
    body, lens = model.body(betas, pose), camera()
    corners = lens.project(body.vertices)[model.skin_faces]
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    for corner in corners.round().astype(np.int32):
        cv2.fillConvexPoly(mask, corner, 1)
    seen, out = sight(body, lens), {}
    hidden = max(LEFT_WRIST, RIGHT_WRIST, key=lambda k: seen.world[k][2])
    seen.visibility[[hidden, hidden - 2]] = 0.3
    assert nearest(mask, np.ones(33)) is None
    for name, near in (("unsaid", None), ("said", nearest(mask, seen.visibility))):
        follower = Follower(model, stature(body), betas)
        for _ in range(6):
            told = follower(replace(seen, nearest=near))
        side = "left_wrist" if hidden == LEFT_WRIST else "right_wrist"
        joints = model.body(told.betas, told.pose).joints
        place = told.camera.project(joints[JOINT_NAMES.index(side)])
        away = cv2.distanceTransform(1 - mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        out[name] = float(away[int(place[1]), int(place[0])])
    assert out["said"] < 2.0 < out["unsaid"]


def test_left_and_right_are_treated_alike(model):
    left, right = (Follower(model, 1.7)(sight(model.body(None, turned({}, turn)), camera())) for turn in (35, -35))
    assert left.yaw == pytest.approx(-right.yaw, abs=1e-4)
    assert left.error == pytest.approx(right.error, rel=1e-3)


def test_a_frame_begins_where_the_last_one_ended(model, betas):
    follower = Follower(model, 1.7, betas)
    for k in range(40):
        body = model.body(betas, turned(WALKING, 2.0 * k))
        motion = follower(sight(body, camera()))
        assert motion.yaw == pytest.approx(np.radians(2.0 * k), abs=np.radians(8))


def test_the_shape_is_measured_then_locked_and_stays(model, betas):
    person = model.body(betas, turned({}, 0))
    follower = Follower(model, stature(person))
    blind = np.linalg.norm(np.diff(model.body(follower.betas).joints - model.body(betas).joints, axis=0), axis=1)
    shapes = []
    for k in range(24):
        motion = follower(sight(model.body(betas, turned({}, 3 * k)), camera()))
        shapes.append(motion.betas)
    assert follower.locked
    assert not np.array_equal(shapes[0], shapes[5])
    assert all(np.array_equal(shape, shapes[-1]) for shape in shapes[16:])
    seeing = np.linalg.norm(np.diff(model.body(shapes[-1]).joints - model.body(betas).joints, axis=0), axis=1)
    assert seeing[:21].mean() < blind[:21].mean()
    given = Follower(model, 1.7, betas)(sight(person, camera()))
    assert np.allclose(given.betas, betas, atol=1e-5)
