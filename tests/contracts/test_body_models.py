"""What every body model keeps to, and that the built-in one means the same to the `smplx` package."""

import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from assets.files import asset
from assets.mesh import edges
from body import poses
from body.estimate import Evidence, estimate
from body.measure import measure
from body.measurements import MEASURES
from body.model import JOINT_NAMES, PARENTS, Body, BodyModel, load_model

pytest.importorskip("smplx", reason="the smplx package is not installed")


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in body in a file as the SMPL-X site hands them out: 300 + 100 shape columns, 486 correctives."""
    path = tmp_path_factory.mktemp("smplx") / "SMPLX_NEUTRAL.npz"
    with np.load(asset("bodies", "toile.npz"), allow_pickle=False) as file:
        keep = ("v_template", "J_regressor", "weights", "f", "kintree_table")
        arrays = {name: file[name] for name in keep}
        n, _, k = file["shapedirs"].shape
        arrays["shapedirs"] = np.zeros((n, 3, 400), np.float32)
        arrays["shapedirs"][:, :, :k] = file["shapedirs"]
        arrays["posedirs"] = np.zeros((n, 3, 486), np.float32)
        starts, vertices = file["posedirs_starts"], file["posedirs_vertices"]
        for joint in range(1, len(JOINT_NAMES)):
            mine = slice(starts[joint], starts[joint + 1])
            arrays["posedirs"][vertices[mine], :, 9 * (joint - 1) : 9 * joint] = file["posedirs"][mine]
    arrays |= {f"hands_components{side}": np.eye(45) for side in "lr"} | {f"hands_mean{s}": np.zeros(45) for s in "lr"}
    arrays |= {"lmk_faces_idx": np.zeros(51, np.int64), "lmk_bary_coords": np.full((51, 3), 1 / 3)}
    np.savez(path, **arrays)
    return path


@pytest.fixture(scope="module", params=["built-in", "smplx"])
def model(request: pytest.FixtureRequest, official: Path, tmp_path_factory: pytest.TempPathFactory) -> BodyModel:
    if request.param == "built-in":
        return load_model()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        return load_model(official)


def random_people(model: BodyModel, count: int = 3) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Betas, poses and translations of a few, all joints bent."""
    rng = torch.Generator().manual_seed(5)
    betas = torch.randn(count, model.n_betas, generator=rng)
    pose = 0.4 * torch.randn(count, len(JOINT_NAMES), 3, generator=rng)
    return betas, pose, torch.randn(count, 3, generator=rng)


def test_both_ways_of_posing_agree_to_ten_micrometres(official: Path, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    ours, theirs = load_model(), load_model(official)
    people = random_people(ours)
    with torch.no_grad():
        for mine, other in zip(ours.forward(*people), theirs.forward(*people), strict=True):
            torch.testing.assert_close(mine, other, rtol=0, atol=1e-5)
    assert theirs.n_betas == ours.n_betas


def test_the_file_for_the_package_carries_the_correctives(official: Path) -> None:
    with np.load(official, allow_pickle=False) as file:
        assert np.abs(file["posedirs"]).max() > 0.005


def test_the_package_finds_its_points_where_they_belong(official: Path) -> None:
    """smplx's fixed vertex numbers: the nose leads the face, heels are at the back of the sole, and so on."""
    from smplx.vertex_ids import vertex_ids

    at = {name: load_model().body().vertices[vertex] for name, vertex in vertex_ids["smplx"].items()}
    joint = dict(zip(JOINT_NAMES, load_model().body().joints, strict=True))
    assert at["nose"][2] > joint["head"][2] + 0.05 and abs(at["nose"][0]) < 1e-4
    for mark, side, sign in (("l", "left", 1), ("r", "right", -1)):
        assert np.linalg.norm(at[f"{mark}eye"] - joint[f"{side}_eye"]) < 0.02
        assert sign * at[f"{mark}ear"][0] > 0.06
        for finger in ("thumb", "index", "middle", "ring", "pinky"):
            assert np.linalg.norm(at[f"{mark}{finger}"] - joint[f"{side}_{finger}3"]) < 0.04
        toe, small, heel = (at[f"{mark.upper()}{part}"] for part in ("BigToe", "SmallToe", "Heel"))
        assert toe[2] > small[2] > heel[2] and sign * (small[0] - toe[0]) > 0.03
        assert max(toe[1], small[1], heel[1]) < 0.06


def test_shapes_and_names(model: BodyModel) -> None:
    body = model.body()
    n = len(body.vertices)
    assert body.vertices.shape == (n, 3) and body.joints.shape == (55, 3) and model.weights.shape == (n, 55)
    assert model.faces.dtype == np.int32 and model.faces.min() >= 0 and model.faces.max() < n
    np.testing.assert_array_equal(model.faces[: len(model.skin_faces)], model.skin_faces)
    np.testing.assert_array_equal(model.parents, PARENTS)
    np.testing.assert_allclose(model.weights.sum(1), 1, atol=1e-5)
    assert not body.vertices.flags.writeable
    mean, covariance = model.prior()
    assert mean.shape == (model.n_betas,) and np.linalg.eigvalsh(covariance).min() > -1e-6


def test_bodies_stand_on_the_floor_and_face_the_viewer(model: BodyModel) -> None:
    for pose in (poses.T, poses.RELAXED, poses.STANDING):
        body = model.body(pose=pose)
        assert body.vertices[:, 1].min() == pytest.approx(0, abs=1e-6)
        assert 1.2 < body.vertices[:, 1].max() < 2.3
        joint = dict(zip(JOINT_NAMES, body.joints, strict=True))
        assert joint["left_hip"][0] > 0 > joint["right_hip"][0]
        assert joint["left_foot"][2] > joint["left_ankle"][2]


def test_shape_is_linear_in_the_rest_pose(model: BodyModel) -> None:
    betas, _, _ = random_people(model, 2)
    rest = torch.zeros(1, 55, 3)
    with torch.no_grad():
        zero, first, second, both = (
            model.forward(b[None], rest)[0] for b in (0 * betas[0], betas[0], betas[1], betas.sum(0))
        )
    torch.testing.assert_close(first + second - zero, both, rtol=0, atol=2e-5)


def test_turning_the_whole_body_changes_no_edge(model: BodyModel) -> None:
    pose = np.array(poses.RELAXED)
    still = model.body(pose=pose)
    pose[0] = (0.4, -1.1, 0.7)
    turned = model.body(pose=pose)
    pairs = edges(model.faces)

    def lengths(body: Body) -> np.ndarray:
        return np.linalg.norm(body.vertices[pairs[:, 0]] - body.vertices[pairs[:, 1]], axis=1)

    np.testing.assert_allclose(lengths(turned), lengths(still), atol=2e-6)


def test_an_arm_moves_alone(model: BodyModel) -> None:
    pose = np.zeros((55, 3), np.float32)
    pose[JOINT_NAMES.index("left_elbow")] = (0, -1.2, 0)
    with torch.no_grad():
        rest, bent = (
            model.forward(torch.zeros(1, model.n_betas), torch.tensor(p)[None])[0][0] for p in (0 * pose, pose)
        )
    moved = (bent - rest).norm(dim=1).numpy()
    assert moved.max() > 0.2
    assert moved[rest[:, 0].numpy() < 0.1].max() < 1e-5


def test_a_detail_moves_its_vertices_with_the_bones_and_no_joint(model: BodyModel) -> None:
    """A bump on the forearm stands out along the forearm's own axes, wherever the arm points; the tape feels it."""
    arm = model.weights[:, JOINT_NAMES.index("left_elbow")] > 0.9
    bump = np.zeros((len(model.weights), 3), np.float32)
    bump[arm] = (0.0, 0.01, 0.0)
    pose = np.zeros((55, 3), np.float32)
    pose[JOINT_NAMES.index("left_shoulder")] = (0, 0, -1.2)
    plain, bumped = model.body(pose=pose), model.body(pose=pose, detail=bump)
    moved = bumped.vertices - plain.vertices
    np.testing.assert_allclose(np.linalg.norm(moved[arm], axis=1), 0.01, atol=1e-3)
    np.testing.assert_allclose(moved[arm].mean(0), 0.01 * np.array([np.sin(1.2), np.cos(1.2), 0]), atol=1e-3)
    assert np.abs(moved[~arm]).max() < 1e-6 and np.abs(bumped.joints - plain.joints).max() < 1e-6
    bust = np.zeros_like(bump)
    bust[:, 2] = 0.02 * (plain.vertices[:, 2] > 0)
    deeper = measure(model.body(detail=bust)).value("chest_depth") - measure(model.body()).value("chest_depth")
    assert deeper == pytest.approx(0.02, abs=2e-3)


def test_tapes_go_as_far_as_the_shapes_and_the_layer_takes_the_rest(model: BodyModel) -> None:
    """Also on a file that a user brings: what remains is told, and is what the tape reads on the body."""
    tapes = {"bust_girth": 0.95, "waist_girth": 0.78, "hip_girth": 1.01, "crotch_height": 0.78, "shoulder_length": 0.13}
    person = estimate(Evidence(1.68, 66.0, 0.0, tapes=tapes), model)
    shown = measure(person.body, 0.0)
    left = {misfit.name: misfit.left for misfit in person.misfits}
    for name, value in {**tapes, "stature": 1.68}.items():
        assert shown.value(name) - value == pytest.approx(left[name], abs=2e-5), name
        assert abs(left[name]) < 0.0005, name


def test_slopes_reach_shape_pose_and_place(model: BodyModel) -> None:
    people = [part.double().float().requires_grad_() for part in random_people(model, 2)]
    people[1].data[0] = 0
    vertices, joints = model.forward(*people)
    (vertices.square().sum() + joints.square().sum()).backward()
    for part in people:
        assert part.grad is not None and torch.isfinite(part.grad).all() and part.grad.abs().sum() > 0


def test_a_body_travels_with_its_model_by_name(model: BodyModel) -> None:
    body = model.body(pose=poses.RELAXED)
    packed = pickle.dumps(body)
    again = pickle.loads(packed)
    assert again.model is model
    np.testing.assert_array_equal(again.vertices, body.vertices)
    assert len(packed) < 1.2 * body.vertices.nbytes + 10_000


def test_landmarks_lie_where_their_names_say(model: BodyModel) -> None:
    body = model.body(pose=poses.STANDING)
    at = {name: body.vertices[vertex] for name, vertex in model.landmarks.items()}
    stature = body.vertices[:, 1].max()
    order = ["left_malleolus", "left_patella", "crotch", "navel", "left_nipple", "left_acromion", "cervicale", "crown"]
    heights = [at[name][1] for name in order]
    assert heights == sorted(heights)
    assert 0.57 < at["navel"][1] / stature < 0.64 and 0.79 < at["left_acromion"][1] / stature < 0.86
    assert at["left_buttock"][2] < at["left_nipple"][2] and at["cervicale"][2] < at["suprasternale"][2]


def test_the_whole_table_is_plausible_and_nearly_the_same_by_any_models_landmarks(model: BodyModel) -> None:
    """Landmarks that were carried over lie within about 2 cm of the built-in body's."""
    found, known = (measure(some.body(), 0.0).numbers() for some in (model, load_model()))
    for name, value in found.items():
        assert MEASURES[name].low < value < MEASURES[name].high, name
        assert value == pytest.approx(known[name], rel=0.06, abs=0.015), name
