"""A garment in a photo: where the body is, in the photo's light, behind what is nearer, and nothing else changed."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from app.photo.light import photo_light
from app.photo.mirror import Mirror
from app.photo.onphoto import Hole, OnPhoto, dressed, light_of, seen_by
from app.photo.parts import NAMES, face_of, parts_of, stood
from app.pipeline import TryOn, dress
from app.project import Wish
from app.scenes.figure import figure
from assets.errors import InputRefused
from assets.mesh import vertex_normals
from body import poses
from body.building import viewing
from body.estimate import Evidence, estimate
from body.frame import Frame
from body.model import JOINT_NAMES, Body, load_model
from body.placed import Placed, placed
from body.pose import Person
from body.stance import Pinhole
from render.headless import snapshot
from render.scene import Light, Material, Scene, from_srgb
from render.sky import Sky

WIDTH, HEIGHT = 240, 400
OLD = (0.15, 0.45, 0.25)
EVEN = Sky((0.5, 0.5, 0.5), (0.4, 0.4, 0.4), (0.3, 0.3, 0.3))


@pytest.fixture(scope="module")
def worn() -> TryOn:
    told = estimate(Evidence(height=1.75, mass=70.0, sex=1.0))
    return dress(told, (Wish("tee", "M", colour="navy"),), edge=0.045)


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A photo of a body in old clothes, as it is known exactly."""

    frame: Frame
    person: Person
    placed: Placed
    result: OnPhoto


def lens() -> Pinhole:
    return Pinhole(600.0, (WIDTH / 2, HEIGHT / 2), np.diag([1.0, -1.0, -1.0]), np.array([0.0, 0.9, 3.0]))


def in_clothes(body: Body, sleeves: bool, rims: bool) -> tuple:
    """The figure, its trunk, its arms where it has sleeves, and its neck and wrists where it has `rims`, painted as old
    clothes."""
    parts, items = parts_of(body.model), figure(body)
    names = ("chest", "hips", *(("left sleeve", "right sleeve") if sleeves else ()))
    dressed = np.isin(parts, [NAMES.index(name) for name in names])
    if rims:
        wrists = body.joints[[JOINT_NAMES.index("left_wrist"), JOINT_NAMES.index("right_wrist")]]
        dressed |= np.linalg.norm(body.vertices[:, None] - wrists, axis=2).min(axis=1) < 0.06
        chin = body.vertices[face_of(body.model), 1].min()
        dressed |= (parts == NAMES.index("head")) & (body.vertices[:, 1] < chin - 0.02)
    skin = next(item for item in items if item.name == "body")
    lifted = body.vertices + 0.006 * vertex_normals(body.vertices, body.model.skin_faces)
    shirt = replace(skin, name="shirt", vertices=lifted, faces=body.model.skin_faces[
        dressed[body.model.skin_faces].all(axis=1)], normals=None, colours=None,
        material=Material(OLD, roughness=0.9))  # fmt: skip
    return (*(item for item in items if item.name not in ("briefs", "band")), shirt)


def shoot(worn: TryOn, pose: np.ndarray, sleeves: bool = False, level: float = 1.0, rims: bool = False) -> Shot:
    body = worn.estimate.body.model.body(worn.estimate.body.betas, pose)
    sky = Sky(*(tuple(level * np.array(c)) for c in (EVEN.zenith, EVEN.horizon, EVEN.floor)))
    light = Light((0.5, 0.7, 0.5), (0.4 * level,) * 3, 0.2)
    scene = Scene(in_clothes(body, sleeves, rims), light=light, sky=sky, background=(0.55 * level,) * 3, tone="none",
                  turntable=False, ground=False)  # fmt: skip
    camera = seen_by(lens(), HEIGHT)
    picture = snapshot(scene, camera, WIDTH, HEIGHT, 2)
    mask = snapshot(scene, camera, WIDTH, HEIGHT, 2, transparent=True)[..., 3] / 255
    frame = Frame(picture[..., :3].copy(), name="photo", focal=lens().focal)
    rows = np.flatnonzero((mask > 0.5).any(axis=1))
    box = (0, int(rows[0]), WIDTH, int(rows[-1]) + 1)
    person = Person(np.zeros((33, 4)), np.zeros((33, 3)), mask.astype(np.float32), box)
    place = Placed(body, lens(), 0.0)
    return Shot(frame, person, place, dressed(frame, person, place, worn.drapes, samples=2))


@pytest.fixture(scope="module")
def relaxed(worn: TryOn) -> Shot:
    return shoot(worn, np.asarray(poses.RELAXED))


def pixel(shot: Shot, point: np.ndarray) -> tuple[int, int]:
    column, row = np.floor(shot.placed.camera.project(point)).astype(int)
    return int(row), int(column)


def joint(shot: Shot, name: str) -> np.ndarray:
    return shot.placed.body.joints[JOINT_NAMES.index(name)].astype(float)


def test_the_garment_lies_on_the_trunk_and_face_legs_and_walls_stay_as_they_were(relaxed: Shot) -> None:
    cover = relaxed.result.cover
    assert cover[pixel(relaxed, joint(relaxed, "spine3"))] > 0.99
    assert cover[pixel(relaxed, np.add(joint(relaxed, "left_shoulder"), (0.0, -0.05, 0.0)))] > 0.9
    for name in ("head", "left_wrist", "right_wrist", "left_knee", "right_ankle"):
        assert cover[pixel(relaxed, joint(relaxed, name))] < 0.01, name
    far = np.ones_like(cover, bool)
    rows, columns = np.nonzero(cover > 0)
    far[rows.min() - 40 : rows.max() + 40, columns.min() - 40 : columns.max() + 40] = False
    assert np.abs(relaxed.result.pixels[far].astype(int) - relaxed.frame.pixels[far]).max() <= 1
    navy = relaxed.result.pixels[pixel(relaxed, joint(relaxed, "spine2"))].astype(int)
    assert navy[2] > navy[0] + 10


def test_a_forearm_before_the_trunk_stays_before_the_garment(worn: TryOn) -> None:
    pose = np.array(poses.RELAXED)
    pose[JOINT_NAMES.index("left_shoulder")] = (0.0, -0.5, -1.1)
    pose[JOINT_NAMES.index("left_elbow")] = (0.0, -1.9, 0.0)
    shot = shoot(worn, pose)
    wrist = joint(shot, "left_wrist")
    assert abs(wrist[0]) < 0.2 and wrist[2] > 0.1, "the arm is not before the trunk"
    row, column = pixel(shot, wrist)
    near = np.s_[row - 1 : row + 2, column - 1 : column + 2]
    assert shot.result.cover[near].mean() < 0.1
    assert shot.result.cover[pixel(shot, joint(shot, "spine3"))] > 0.9


def test_old_sleeves_that_stick_out_are_found_and_named_and_bare_arms_are_none(worn: TryOn, relaxed: Shot) -> None:
    long = shoot(worn, np.asarray(poses.RELAXED), sleeves=True)
    elbow = pixel(long, np.add(joint(long, "left_elbow"), (0.05, -0.03, 0.0)))
    assert long.result.left[elbow] and not relaxed.result.left[elbow]
    assert any("left sleeve" in note and "not known" in note for note in long.result.notes)
    assert not any("sleeve" in note for note in relaxed.result.notes)
    assert (long.result.marked() != long.result.pixels).any(axis=2)[long.result.left].any()
    assert (long.result.marked() == long.result.pixels)[~long.result.left].all()


def test_an_old_collar_and_cuffs_are_named_and_a_bare_neck_and_bare_wrists_are_none(worn: TryOn, relaxed: Shot) -> None:
    shirt = shoot(worn, np.asarray(poses.RELAXED), sleeves=True, rims=True)
    bare = shoot(worn, np.asarray(poses.RELAXED), sleeves=True)
    for word in ("the collar", "the cuffs"):
        assert any(word in note and "not known" in note for note in shirt.result.notes), word
        assert not any(word in note for note in relaxed.result.notes), word
    assert not any("collar" in note for note in bare.result.notes)
    row, column = pixel(shirt, joint(shirt, "left_wrist"))
    wrist = np.s_[row - 8 : row + 9, column - 8 : column + 9]
    assert shirt.result.left[wrist].any() and not relaxed.result.left[wrist].any()


def test_the_garment_is_as_bright_as_the_photo(worn: TryOn, relaxed: Shot) -> None:
    dark = shoot(worn, np.asarray(poses.RELAXED), level=0.3)
    whole = relaxed.result.cover > 0.99
    ratio = dark.result.pixels[whole].mean() / relaxed.result.pixels[whole].mean()
    there = dark.frame.pixels[whole].mean() / relaxed.frame.pixels[whole].mean()
    assert abs(ratio / there - 1) < 0.15


def test_the_lamp_is_found_on_the_side_where_it_is(relaxed: Shot) -> None:
    linear = (relaxed.frame.pixels / 255.0) ** 2.2
    lit = light_of(linear, relaxed.person.mask, relaxed.placed)
    assert lit.known and lit.light.direction[0] > 0.1 and lit.light.direction[1] > 0.3


@pytest.mark.parametrize("way", [(0.8, 0.3, 0.5), (-0.7, 0.5, 0.5), (0.0, 0.9, 0.4)])
def test_direction_and_level_of_a_lamp_on_matt_skin_come_back(way: tuple[float, float, float]) -> None:
    rng = np.random.default_rng(3)
    normals = rng.standard_normal((4000, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    normals = normals[normals[:, 2] > 0.2]
    direction = np.array(way) / np.linalg.norm(way)
    even, lamp = 0.5, 0.5
    skin = 0.4 * (even + lamp * np.maximum(normals @ direction, 0.0))[:, None] * np.array([1.1, 1.0, 0.8])
    wall = np.full((40, 40, 3), 0.72 * 0.7)
    lit = photo_light(wall, np.zeros((40, 40)), skin, normals, np.eye(3))
    assert np.degrees(np.arccos(np.clip(np.dot(lit.light.direction, direction), -1, 1))) < 25
    assert abs(float(np.mean(lit.sky.horizon)) + 0.5 * float(np.mean(lit.light.colour)) - 0.7) < 0.05


def test_without_skin_the_direction_is_a_guess_and_is_said_to_be() -> None:
    lit = photo_light(np.full((9, 9, 3), 0.5), np.zeros((9, 9)), np.zeros((0, 3)), np.zeros((0, 3)), np.eye(3))
    assert not lit.known and lit.light.direction[1] > 0.8


def test_a_person_whose_pose_was_not_understood_is_refused(worn: TryOn, relaxed: Shot) -> None:
    wrong = replace(relaxed.placed, error=100.0)
    with pytest.raises(InputRefused, match="how the person stands"):
        dressed(relaxed.frame, relaxed.person, wrong, worn.drapes, samples=1)


def test_a_body_is_placed_where_an_ideal_camera_saw_it() -> None:
    model = load_model()
    view = viewing.view(model, model.prior(1.0)[0].astype(np.float32), 0.0)
    found = placed(view.person, view.frame, view.body)
    seen, true = (camera.project(body.vertices) for camera, body in (
        (found.camera, found.body), (view.camera, view.body)))  # fmt: skip
    trunk = np.isin(parts_of(model), [NAMES.index("chest"), NAMES.index("hips")])
    metre = view.camera.focal / 3.0
    assert np.linalg.norm(seen - true, axis=1)[trunk].mean() / metre < 0.02


def test_landmarks_that_lie_before_the_joints_do_not_carry_the_body_forward() -> None:
    model = load_model()
    view = viewing.view(model, model.prior(0.0)[0].astype(np.float32), 90.0)
    ahead = view.person.landmarks.copy()
    ahead[:, 0] += 0.03 * view.camera.focal / 3.0
    found = placed(replace(view.person, landmarks=ahead), view.frame, view.body)
    trunk = np.isin(parts_of(model), [NAMES.index("chest"), NAMES.index("hips")])
    seen, true = (camera.project(body.vertices)[trunk, 0] for camera, body in (
        (found.camera, found.body), (view.camera, view.body)))  # fmt: skip
    assert abs((seen - true).mean()) * 3.0 / view.camera.focal < 0.01


def test_a_mirror_lays_the_garment_on_whoever_is_tracked(worn: TryOn, relaxed: Shot) -> None:
    import cv2

    @dataclass
    class Motion:
        pose: np.ndarray
        camera: Pinhole
        error: float = 1.0

    @dataclass
    class Track:
        motion: Motion
        outline: np.ndarray

    edge = np.array([[60, 20], [180, 20], [180, 380], [60, 380]], float)
    camera = relaxed.placed.camera
    track = Track(Motion(np.asarray(relaxed.placed.body.pose), camera), edge)
    mirror = Mirror(worn.estimate.body, worn.drapes, relaxed.frame, track)  # type: ignore[arg-type]
    patch = mirror.show(track.motion, WIDTH, HEIGHT)  # type: ignore[arg-type]
    wide, tall = round(patch.width * WIDTH), round(patch.height * HEIGHT)
    left, top = round(patch.left * WIDTH), round(patch.top * HEIGHT)
    cover = np.zeros((HEIGHT, WIDTH))
    cover[top : top + tall, left : left + wide] = cv2.resize(patch.pixels[..., 3], (wide, tall)) / 255
    assert cover[pixel(relaxed, joint(relaxed, "spine3"))] > 0.9
    assert cover[pixel(relaxed, joint(relaxed, "head"))] == 0
    whole = relaxed.result.cover
    assert (cover[whole > 0.9] > 0.5).mean() > 0.95 and (cover[whole < 0.1] < 0.5).mean() > 0.97
    assert patch.pixels[..., :3].max() <= patch.pixels[..., 3].max()
    aside = replace(camera, eye=camera.eye + np.array([9.0, 0.0, 0.0]))
    assert mirror.show(Motion(track.motion.pose, aside), WIDTH, HEIGHT) is None  # type: ignore[arg-type]


def test_the_hole_is_inside_the_body_under_the_cloth_alone(worn: TryOn) -> None:
    body = worn.estimate.body
    moved = np.linalg.norm(Hole(body, worn.drapes[0].positions).item(body).vertices - body.vertices, axis=1)
    parts = parts_of(body.model)
    assert (moved[parts == NAMES.index("chest")] > 0.01).mean() > 0.5
    assert moved[parts == NAMES.index("feet")].max() == 0.0
    assert stood(body, lens()).seen.any() and from_srgb((0.5, 0.5, 0.5))[0] > 0
