"""The built-in body: symmetric, closed, where SMPL-X's is, and free of what does not ship."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from scipy.spatial import cKDTree

from assets import files
from assets.closest import Surface
from assets.errors import InputRefused
from assets.mesh import volume
from body import poses
from body.estimate import Evidence, estimate
from body.model import JOINT_NAMES, load_model
from body.models.builtin import BuiltinBody

SIDES = np.array([-1.0, 1.0, 1.0])


def twins() -> np.ndarray:
    template = load_model().body().vertices
    return cKDTree(template).query(template * SIDES)[1]


def test_every_shape_is_left_right_symmetric() -> None:
    model, twin = load_model(), twins()
    rng = np.random.default_rng(0)
    assert (twin[twin] == np.arange(len(twin))).all()
    for pose in (poses.T, poses.RELAXED, poses.STANDING):
        body = model.body(rng.standard_normal(model.n_betas), pose)
        np.testing.assert_allclose(body.vertices[twin] * SIDES, body.vertices, atol=2e-6)


def test_a_mirrored_pose_gives_the_mirrored_body() -> None:
    model, twin = load_model(), twins()
    pose = 0.3 * np.random.default_rng(1).standard_normal((55, 3))
    other = [_opposite(name) for name in JOINT_NAMES]
    mirrored = poses.mirrored(pose)[[JOINT_NAMES.index(name) for name in other]]
    np.testing.assert_allclose(
        model.body(pose=mirrored).vertices[twin] * SIDES, model.body(pose=pose).vertices, atol=3e-6
    )


def _opposite(name: str) -> str:
    side, _, rest = name.partition("_")
    return {"left": f"right_{rest}", "right": f"left_{rest}"}.get(side, name)


SITTING = {"hip": (-90, 0, 3), "knee": (90, 0, 0), "shoulder": (0, -2, -68)}
EVERYDAY: dict[str, dict[str, poses.Degrees]] = {
    "t": {},
    "walking": {"left_hip": (-28, 0, 0), "right_hip": (18, 0, 0), "right_knee": (38, 0, 0), "shoulder": (0, -2, -68)},
    "sitting": SITTING,
    "arms up": {"collar": (0, 0, 15), "shoulder": (0, 0, 75)},
    "reaching": {"collar": (0, -10, 0), "shoulder": (0, -80, 0)},
    "elbows": {"shoulder": (0, 0, -65), "elbow": (0, -140, 0)},
    "knees": {**SITTING, "hip": (-30, 0, 0), "knee": (110, 0, 0)},
}


@pytest.mark.parametrize("sex", [0.0, 1.0])
@pytest.mark.parametrize("pose", EVERYDAY)
def test_moving_about_keeps_the_volume(pose: str, sex: float) -> None:
    model = load_model()
    betas = model.prior(sex)[0]
    still, moved = (model.body(betas, p) for p in (poses.STANDING, poses.from_degrees(EVERYDAY[pose])))
    change = volume(moved.vertices, model.skin_faces) / volume(still.vertices, model.skin_faces) - 1
    assert abs(change) < 0.026


@pytest.mark.parametrize(("joint", "turn"), [("left_knee", (110, 0, 0)), ("left_elbow", (0, -140, 0))])
def test_the_outside_of_a_bend_stays_as_far_from_the_joint(joint: str, turn: poses.Degrees) -> None:
    """Blend skinning alone pulls it in by 20 to 30 %."""
    model, number = load_model(), JOINT_NAMES.index(joint)
    shared = (model.weights[:, [number, model.parents[number]]] > 0.25).all(axis=1)

    def reach(pose: np.ndarray) -> float:
        body = model.body(pose=pose)
        return float(np.linalg.norm(body.vertices[shared] - body.joints[number], axis=1).max())

    assert 0.93 < reach(poses.from_degrees({joint: turn})) / reach(poses.STANDING) < 1.1


def test_correctives_leave_hanging_arms_and_standing_legs_alone() -> None:
    """In RELAXED and STANDING the skin is that of the sculpted surface, blended plainly."""
    model = load_model()
    with np.load(files.asset("bodies", "toile.npz"), allow_pickle=False) as file:
        arrays = dict(file)
    plain = BuiltinBody({**arrays, "v_template": arrays["v_sculpted"], "posedirs": 0 * arrays["posedirs"]})
    betas = model.prior(0.0)[0]
    for pose in (poses.RELAXED, poses.STANDING):
        shift = model.body(betas, pose).vertices - plain.body(betas, pose).vertices
        assert np.linalg.norm(shift, axis=1).max() < 0.0006
    bent = poses.from_degrees({"elbow": (0, -140, 0)})
    np.testing.assert_allclose(model.body(betas, bent).joints, plain.body(betas, bent).joints, atol=2e-6)
    assert np.abs(model.body(betas, bent).vertices - plain.body(betas, bent).vertices).max() > 0.01


def test_the_skin_is_one_closed_surface_that_looks_outward() -> None:
    model = load_model()
    faces = model.skin_faces
    directed = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    there = {tuple(edge) for edge in directed.tolist()}
    assert len(there) == len(directed) and all((b, a) in there for a, b in there)
    body = model.body(pose=poses.RELAXED)
    assert 0.04 < volume(body.vertices, faces) < 0.12
    assert len(model.faces) > len(faces)


def test_the_t_pose_is_a_t() -> None:
    joint = dict(zip(JOINT_NAMES, load_model().body().joints, strict=True))
    arm = np.stack([joint[f"left_{name}"] for name in ("shoulder", "elbow", "wrist")])
    assert np.ptp(arm[:, 1]) < 0.01 and np.ptp(arm[:, 2]) < 0.01 and (np.diff(arm[:, 0]) > 0.15).all()
    assert joint["left_thumb3"][2] > joint["left_wrist"][2]
    assert 0.05 < joint["left_ankle"][0] < 0.2


@pytest.mark.parametrize(("pose", "low", "high"), [(poses.RELAXED, 30, 40), (poses.STANDING, 12, 22)])
def test_arms_hang_as_far_off_the_trunk_as_the_pose_says(pose: np.ndarray, low: float, high: float) -> None:
    joint = dict(zip(JOINT_NAMES, load_model().body(pose=pose).joints, strict=True))
    bone = joint["left_elbow"] - joint["left_shoulder"]
    assert low < np.degrees(np.arctan2(bone[0], -bone[1])) < high


@pytest.mark.parametrize("sex", [0, 1])
def test_typical_people_are_as_tall_as_people_are(sex: int) -> None:
    model = load_model()
    mean, covariance = model.prior(sex)
    people = np.random.default_rng(4).multivariate_normal(mean, covariance, 60, method="eigh")
    with torch.no_grad():
        rest, _ = model.forward(torch.tensor(people).float(), torch.zeros(1, 55, 3))
    stature = np.ptp(rest[:, :, 1].numpy(), axis=1)
    assert stature.mean() == pytest.approx((1.63, 1.76)[sex], abs=0.03)
    assert 0.045 < stature.std() < 0.09


def test_priors_mix() -> None:
    model = load_model()
    women, men = model.prior(0), model.prior(1)
    both = model.prior()
    np.testing.assert_allclose(both[0], (women[0] + men[0]) / 2, atol=1e-6)
    # Between the sexes' means there are fewer people than either prior says: the mixture is wider than both.
    gap = men[0] - women[0]
    assert gap @ both[1] @ gap > max(gap @ women[1] @ gap, gap @ men[1] @ gap)


def test_the_zero_pose_is_template_and_shape() -> None:
    model = load_model()
    betas = np.random.default_rng(3).standard_normal(model.n_betas).astype(np.float32)
    with np.load(files.asset("bodies", "toile.npz"), allow_pickle=False) as file:
        expected = file["v_template"] + file["shapedirs"] @ betas
    found = model.body(betas)
    np.testing.assert_allclose(found.vertices - found.translation, expected, atol=5e-6)


def test_many_at_once_as_one_by_one() -> None:
    model = load_model()
    rng = torch.Generator().manual_seed(2)
    betas, pose = torch.randn(3, model.n_betas, generator=rng), torch.randn(3, 55, 3, generator=rng)
    with torch.no_grad():
        together = model.forward(betas, pose)[0]
        single = torch.cat([model.forward(b[None], p[None])[0] for b, p in zip(betas, pose, strict=True)])
    torch.testing.assert_close(together, single, rtol=0, atol=1e-5)


def test_wrong_shapes_and_poses_are_refused() -> None:
    model = load_model()
    for betas in (np.zeros(model.n_betas + 1), np.full(3, np.nan), np.zeros((2, 3))):
        with pytest.raises(InputRefused):
            model.body(betas)
    for pose in (np.zeros((24, 3)), np.full((55, 3), np.inf)):
        with pytest.raises(InputRefused):
            model.body(pose=pose)


def test_a_changed_file_is_refused(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bodies").mkdir()
    good = files.asset("bodies", "toile.npz").read_bytes()
    (tmp_path / "bodies" / "toile.npz").write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    monkeypatch.setattr(files, "ROOT", tmp_path)
    with pytest.raises(InputRefused, match="checksum"):
        files.asset("bodies", "toile.npz")


def test_it_needs_neither_anny_nor_smplx_and_loads_without_torch() -> None:
    program = (
        "import sys\n"
        "for name in ('anny', 'smplx', 'chumpy'): sys.modules[name] = None\n"
        "from body.model import load_model\n"
        "from body import poses\n"
        "model = load_model()\n"
        "assert 'torch' not in sys.modules\n"
        "assert model.body(pose=poses.RELAXED).vertices[:, 1].max() > 1.4\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=files.ROOT.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_ray_along_an_edge_does_not_put_a_point_inside() -> None:
    skin = load_model().body(None, poses.RELAXED).skin
    point = np.array([[-0.06141084432601929, 1.5024921894073486, 0.06881427019834518]])
    around = point + np.random.default_rng(0).normal(0.0, 1e-5, (20, 3))
    told = Surface(skin.vertices, skin.faces).closest(np.concatenate([point, around]))
    assert (told.distance > 0.006).all()


def test_broad_people_hold_arms_and_legs_further_out_and_others_as_always() -> None:
    model = load_model()
    assert np.array_equal(poses.at_ease(model, np.zeros(model.n_betas)), poses.RELAXED)
    broad = estimate(Evidence(height=1.45, mass=94.0, sex=0.0)).body
    raised = broad.pose - poses.RELAXED
    left, right = (JOINT_NAMES.index(f"{side}_shoulder") for side in ("left", "right"))
    assert np.radians(4) < raised[left, 2] < np.radians(17) and raised[right, 2] == pytest.approx(-raised[left, 2])
    turned = [JOINT_NAMES.index(f"{side}_{name}") for side in ("left", "right") for name in ("hip", "ankle")]
    assert np.radians(2) < raised[turned[0], 2] < np.radians(14)
    assert np.allclose(raised[turned, 2], raised[turned[0], 2] * np.array([1, -1, -1, 1]), atol=1e-6)
    assert np.abs(np.delete(raised, (left, right, *turned), axis=0)).max() < 1e-6
