"""An ideal camera gives a body's own widths back; what a picture cannot show is left out and said."""

import json
from pathlib import Path

import numpy as np
import pytest

from assets.files import asset
from body import poses
from body.building.viewing import FORWARD, HANGING, HEIGHT, WIDTH, camera, seen
from body.frame import Frame, load_picture
from body.gates import whole_person
from body.model import JOINT_NAMES, load_model
from body.outline import Surface
from body.photo import EXACT, FINDER, PhotoFit, fit_photo, trunk_widths
from body.pose import LEFT_HIP, LEFT_SHOULDER, LEFT_WRIST, MIRRORED, Person
from body.stance import Pinhole, Standing, rig_of

PHOTOS = Path(__file__).resolve().parents[3] / "shared" / "data" / "photos"
needs_photos = pytest.mark.skipif(not PHOTOS.exists(), reason="the pictures (../shared/data/photos) are not here")
FOCAL = 1500.0


def turned(pose: np.ndarray, degrees: float) -> np.ndarray:
    pose = np.array(pose)
    pose[0] = (0, np.radians(degrees), 0)
    return pose


@pytest.fixture(scope="module")
def model():
    return load_model()


@pytest.fixture(scope="module")
def shapes(model) -> list[np.ndarray]:
    """A slim and a stout person, away from the mean in every direction."""
    mean, covariance = model.prior(0.0)
    away = np.linalg.cholesky(covariance) @ np.random.default_rng(5).standard_normal((len(mean), 2))
    return [(mean + away[:, k]).astype(np.float32) for k in range(2)]


def photograph(model, betas: np.ndarray, pose: np.ndarray, lens: Pinhole) -> tuple[PhotoFit, np.ndarray]:
    """The fit, and how far its widths are from those of the true body in the true pose, as shares."""
    import torch

    stature = float(np.ptp(model.body(betas, poses.STANDING).vertices[:, 1]))
    frame = Frame(np.zeros((HEIGHT, WIDTH, 3), np.uint8), name="ideal", focal=lens.focal)
    fit = fit_photo(seen(model.body(betas, pose), lens), frame, stature, model, model.prior(0.0), EXACT)
    still, shape = turned(pose, 0), torch.tensor(betas)[None]
    truth = trunk_widths(model, shape, still, fit.direction, fit.levels, fit.camera.eye)[0].numpy()
    return fit, fit.widths / truth - 1


@pytest.mark.parametrize("who", [0, 1])
def test_breadths_from_the_front_come_back(model, shapes, who):
    fit, off = photograph(model, shapes[who], poses.RELAXED, camera())
    assert fit.view == "front"
    assert abs(fit.yaw) < np.radians(5)
    assert abs(fit.direction[0]) > 0.99
    assert len(fit.levels) >= 18
    assert np.abs(off).mean() < 0.02 and np.abs(off).max() < 0.05


@pytest.mark.parametrize("side", [-90, 90])
def test_depths_from_either_side_come_back(model, shapes, side):
    fit, off = photograph(model, shapes[1], turned(FORWARD, side), camera())
    assert fit.view == "side"
    assert np.sign(fit.yaw) == np.sign(side)
    assert abs(fit.direction[2]) > 0.98
    assert len(fit.levels) >= 20
    assert np.abs(off).mean() < 0.025


@pytest.mark.parametrize("yaw", [30, 60, -50])
def test_widths_from_any_side_come_back(model, shapes, yaw):
    fit, off = photograph(model, shapes[0], turned(FORWARD, yaw), camera())
    assert np.degrees(fit.yaw) == pytest.approx(yaw, abs=5)
    assert len(fit.levels) >= 16
    assert np.abs(off).mean() < 0.03


def test_the_place_of_the_camera_hardly_changes_a_width(model, shapes):
    for lens in (camera(2.0, 1.5, 12), camera(6.0, 0.9, 0)):
        fit, off = photograph(model, shapes[0], poses.RELAXED, lens)
        assert np.abs(off).mean() < 0.02
        assert fit.camera.eye[2] == pytest.approx(lens.eye[2], rel=0.06)


def test_levels_that_an_arm_touches_are_left_out(model, shapes):
    hanging = poses.from_degrees({"shoulder": (0, 0, -84)})
    fit, off = photograph(model, shapes[1], hanging, camera())
    assert len(fit.levels) < 12
    assert any("hold the arms further away" in note for note in fit.notes)
    assert (np.abs(off) < 0.05).all()


@pytest.mark.parametrize("side", [-90, 90])
def test_of_a_side_view_with_hanging_arms_only_what_they_leave_free_is_taken(model, shapes, side):
    fit, off = photograph(model, shapes[1], turned(HANGING, side), camera())
    front = int(side > 0)
    assert fit.outline.clear[:, front].sum() >= 20 and fit.outline.clear[:, 1 - front].sum() < 20
    assert (np.abs(off) < 0.05).all()
    assert any("stretch the arms out forward" in note for note in fit.notes)


@pytest.mark.parametrize("side", [-90, 90])
def test_a_hidden_side_drawn_beside_the_near_one_does_not_turn_the_person(model, shapes, side):
    body = model.body(shapes[1], turned(FORWARD, side))
    person = seen(body, camera())
    left = [LEFT_SHOULDER, LEFT_HIP]
    hidden = left if side > 0 else MIRRORED[left]
    landmarks = np.array(person.landmarks)
    landmarks[hidden, 0] += np.sign(side) * 0.05 * person.height
    marked = Person(landmarks, person.world, person.mask, person.box)
    frame = Frame(np.zeros((HEIGHT, WIDTH, 3), np.uint8), focal=FOCAL)
    fit = fit_photo(marked, frame, float(np.ptp(body.vertices[:, 1])), model, model.prior(0.0))
    assert fit.yaw == pytest.approx(np.radians(side), abs=np.radians(8))


def test_a_half_turned_person_is_said(model, shapes):
    fit, _ = photograph(model, shapes[0], turned(poses.RELAXED, 45), camera())
    assert fit.view == "oblique"
    assert any("45 degrees" in note for note in fit.notes)


def surface_of(model, betas: np.ndarray, pose: np.ndarray) -> tuple[Surface, np.ndarray]:
    """About the fit of a person whose shape is all but known."""
    fit, _ = photograph(model, betas, pose, camera())
    standing = Standing(fit.marks, rig_of(model), (betas.astype(float), 1e-6 * np.eye(len(betas))))
    x = np.concatenate([fit.stance, np.zeros(len(betas))])
    return Surface(model, standing, fit.outline, x), x


@pytest.mark.parametrize(("pose", "yaw"), [(poses.RELAXED, 0), (FORWARD, -90), (FORWARD, 140)])
def test_the_outline_of_the_right_shape_is_the_one_in_the_picture(model, shapes, pose, yaw):
    surface, x = surface_of(model, shapes[0], turned(pose, yaw))
    misses = surface.misses(x)
    assert len(misses) >= 30
    assert np.abs(misses).mean() < 0.008


def test_the_outline_follows_camera_pose_and_shape(model, shapes):
    surface, x = surface_of(model, shapes[0], turned(FORWARD, -60))
    misses, slopes = surface.slopes(x)
    assert np.allclose(misses, surface.misses(x))
    for column in (0, 2, 3, 5, int(surface.columns[4]), len(x) - 50, len(x) - 47):
        step = np.zeros(len(x))
        step[column] = 0.01
        change = (surface.misses(x + step) - surface.misses(x - step)) / 0.02
        assert np.median(np.abs(change - slopes[:, column])) < 0.02 * np.abs(slopes[:, column]).max() + 1e-6, column


def test_a_long_garment_hides_the_hips(model, shapes):
    body = model.body(shapes[0], poses.RELAXED)
    person = seen(body, camera())
    mask = np.array(person.mask)
    low, high = (
        camera().project(body.vertices[model.landmarks[name]].astype(float))[1] for name in ("left_patella", "navel")
    )
    for row in range(int(high), int(low) + 30):
        inside = np.flatnonzero(mask[row, 300:600] > 0.5) + 300
        mask[row, inside[0] : inside[-1] + 1] = 1
    dressed = Person(person.landmarks, person.world, mask, person.box)
    frame = Frame(np.zeros((HEIGHT, WIDTH, 3), np.uint8), focal=FOCAL)
    fit = fit_photo(dressed, frame, float(np.ptp(body.vertices[:, 1])), model, model.prior(0.0))
    assert any("hide the legs" in note for note in fit.notes)
    assert (fit.levels > body.vertices[model.landmarks["crotch"], 1] + 0.1).all()


@pytest.mark.parametrize(("side", "axis"), [("front", 0), ("side", 2)])
def test_the_shipped_sample_gives_its_known_widths_back(model, side, axis):
    known = json.loads(asset("samples", "sample.json").read_text())
    frame = load_picture(asset("samples", f"{side}.jpg"))
    assert frame.focal
    person = whole_person(frame)
    assert person.visibility[[11, 23, 25, 27]].min() > 0.9
    fit = fit_photo(person, frame, known["measurements"]["stature"], model, model.prior(known["sex"]))
    assert fit.view == side
    assert abs(fit.direction[axis]) > 0.97
    assert len(fit.levels) >= 12
    truth = np.interp(fit.levels, known["trunk"]["levels"], known["trunk"][side])
    off = (fit.widths + FINDER.clothes) / truth - 1
    assert np.abs(off).mean() < 0.04 and np.abs(off).max() < 0.09


@needs_photos
@pytest.mark.parametrize(
    ("name", "levels", "note"),
    [
        ("man_apose_indoor1.jpeg", 8, ""),
        ("man_apose_indoor2.jpeg", 14, ""),
        ("man_kameez_apose.jpeg", 0, "hide the legs"),
    ],
)
def test_real_people_seen_from_the_front(model, name, levels, note):
    frame = load_picture(PHOTOS / name)
    person = whole_person(frame)
    fit = fit_photo(person, frame, 1.75, model, model.prior(1.0))
    assert fit.view == "front"
    assert len(fit.levels) >= levels
    assert ((fit.widths > 0.25) & (fit.widths < 0.45)).all()
    assert 1.4 < fit.camera.eye[2] < 4
    assert note in " ".join(fit.notes)
    wrist = fit.camera.project(model.body(fit.betas, fit.pose).joints[JOINT_NAMES.index("left_wrist")].astype(float))
    assert np.linalg.norm(wrist - person.points[LEFT_WRIST]) < 0.04 * person.height
