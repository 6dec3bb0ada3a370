"""Points that follow the joints: the body itself where nothing bends, close to it where something does."""

import numpy as np
import pytest

from body import poses
from body.live.between import MIDDLE, between
from body.live.follow import Instant
from body.model import JOINT_NAMES, load_model
from body.posing.skeleton import matrices
from body.skinning import Bound, Joints, thinned
from body.stance import Pinhole


@pytest.fixture(scope="module")
def eased():
    model = load_model()
    return model.body(model.prior(0.0)[0], np.array(poses.RELAXED, float))


def on_floor(points: np.ndarray) -> np.ndarray:
    return points - (0.0, points[:, 1].min(), 0.0)


def test_in_the_pose_that_they_are_known_in_they_stay(eased) -> None:
    there = Bound(eased.vertices, eased.model.weights).at(Joints(eased).moves(eased.pose))
    assert np.abs(on_floor(there) - eased.vertices).max() < 1e-5


def test_the_skin_goes_where_the_posed_body_is(eased) -> None:
    pose = np.array(poses.RELAXED, float)
    pose[JOINT_NAMES.index("left_shoulder")] = (0.0, -0.3, 0.5)
    pose[JOINT_NAMES.index("right_elbow")] = (0.0, 0.6, 0.0)
    posed = eased.model.body(eased.betas, pose).vertices
    there = on_floor(Bound(eased.vertices, eased.model.weights).at(Joints(eased).moves(pose)))
    far = np.linalg.norm(there - posed, axis=1)
    assert np.linalg.norm(posed - eased.vertices, axis=1).max() > 0.2
    assert far.mean() < 0.002 and far.max() < 0.03


def test_a_thinned_skin_is_a_quarter_of_it_and_lies_on_it(eased) -> None:
    from assets.closest import Surface

    skin = eased.model.skin_faces
    kept, faces = thinned(eased.model, np.asarray(eased.vertices, float))
    assert len(kept) < 0.4 * len(eased.vertices) and faces.max() == len(kept) - 1
    middles = eased.vertices[kept][faces].mean(axis=1)
    face, share = Surface(eased.vertices, skin).over(middles)
    beneath = np.einsum("kc,kcd->kd", share, eased.vertices[skin[face]])
    assert np.quantile(np.linalg.norm(middles - beneath, axis=1), 0.95) < 0.004


def test_half_way_between_two_moments_a_person_is_half_way_in_the_picture() -> None:
    def seen(turn: float, aside: float, lift: float) -> Instant:
        axes = np.diag([1.0, -1.0, -1.0]) @ matrices([0.0, turn, 0.0])
        eye = MIDDLE - axes.T @ np.array([aside, 0.1, 3.0])
        pose = np.zeros((55, 3))
        pose[16, 2] = lift
        return Instant(Pinhole(600.0, (180.0, 320.0), axes, eye), pose, turn, np.zeros(3), 1.0)

    first, last = seen(0.0, 0.0, 0.0), seen(0.2, 0.2, 0.4)
    middle, wanted = between(first, last, 0.5), seen(0.1, 0.1, 0.2)
    points = np.array([[0.2, 1.4, 0.0], [-0.2, 0.5, 0.1]])
    assert middle.camera.project(points) == pytest.approx(wanted.camera.project(points), abs=1e-6)
    assert middle.pose == pytest.approx(wanted.pose) and middle.yaw == pytest.approx(0.1)
    assert between(first, last, 1.0).camera.project(points) == pytest.approx(last.camera.project(points), abs=1e-6)
