"""Poses from others' files: what was written comes back, and nothing in a file can do harm."""

import io
import pickle
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from assets.errors import InputRefused, UsageError
from body import poses
from body.model import JOINT_NAMES, load_model
from body.motion import Motion, facing_front, heading, load_motion, moved, pose_from, turned
from body.posing.limits import limited
from body.posing.posefiles import MOST_FRAMES, read
from body.posing.retarget import Skeleton, matched
from body.posing.skeleton import matrices
from tests.body import movers

LIBRARY = np.stack([np.asarray(pose.turns, float) for pose in poses.library().values()])
ARMS_OUT = np.asarray(poses.from_degrees({"shoulder": (0, 0, -45), "hip": (0, 0, 6)}), float)
ARMS_DOWN = np.asarray(poses.from_degrees({"shoulder": (0, -4, -80), "elbow": (0, -10, 0)}), float)


def worst_direction(found: np.ndarray, wanted: np.ndarray) -> float:
    """The largest angle [degrees] between bones of poses, all turned to the front."""
    cosines = [
        (movers.directions(facing_front(a)) * movers.directions(facing_front(b))).sum(axis=1)
        for a, b in zip(found, wanted, strict=True)
    ]
    return float(np.degrees(np.arccos(np.clip(cosines, -1, 1))).max())


@pytest.mark.parametrize("columns", [156, 165])
def test_an_amass_archive_gives_its_poses_back(tmp_path: Path, columns: int) -> None:
    told = load_motion(movers.amass(tmp_path / "walk_poses.npz", LIBRARY, columns))
    assert len(told) == len(LIBRARY) and told.rate == 120.0
    np.testing.assert_allclose(told.poses, LIBRARY, atol=1e-5)
    assert any("shape" in note for note in told.notes)


def test_a_frame_is_turned_to_the_front_and_the_whole_movement_only_once(tmp_path: Path) -> None:
    turning = np.repeat(LIBRARY[:1], 5, axis=0)
    turning[:, 0, 1] = np.linspace(0.6, 2.2, 5)
    told = load_motion(movers.amass(tmp_path / "turn.npz", turning))
    np.testing.assert_allclose(told.poses[:, 0, 1], turning[:, 0, 1] - 0.6, atol=1e-5)
    for frame in range(5):
        np.testing.assert_allclose(told.pose(frame).turns, LIBRARY[0], atol=1e-5)
    with pytest.raises(UsageError, match="0 to 4"):
        told.pose(5)


def test_a_body_turned_rigidly_is_the_models_own_in_that_pose() -> None:
    model = load_model()
    body = moved(model.body(pose=LIBRARY[0]), LIBRARY[0], np.array([0.5, 0.0, 0.2]))
    round_about = turned(body, 1.2)
    assert turned(body, 0.0) is body and heading(round_about.pose) == pytest.approx(1.2, abs=1e-6)
    again = moved(body, round_about.pose, round_about.translation)
    np.testing.assert_allclose(again.vertices, round_about.vertices, atol=2e-6)
    np.testing.assert_allclose(again.joints, round_about.joints, atol=2e-6)


def test_a_path_walks_in_metres_along_the_floor(tmp_path: Path) -> None:
    still = np.repeat(LIBRARY[:1], 4, axis=0)
    steps = np.array([[0, 0, 0], [0, -0.3, 0], [0, -0.6, 0.1], [0, -0.9, 0]], float)
    told = load_motion(movers.amass(tmp_path / "walk.npz", still, trans=steps + np.array([3, 4, 1])))
    np.testing.assert_allclose(told.translation, [[0, 0, 0], [0, 0, 0.3], [0, 0.1, 0.6], [0, 0, 0.9]], atol=1e-6)


def test_a_part_of_a_movement_begins_where_it_is_and_faces_the_front() -> None:
    time = np.arange(601) / 10.0
    poses_ = np.zeros((601, 55, 3))
    poses_[:, 0, 1] = 0.1 * time
    way = np.stack([np.sin(0.1 * time), np.zeros(601), np.cos(0.1 * time)], axis=1)
    whole = Motion("round.npz", poses_, way, 10.0)
    found = whole.part(20.0, 10.0)
    assert len(found) == 101 and not found.translation[0].any() and np.abs(found.poses[0]).max() < 1e-6
    np.testing.assert_allclose(found.poses, whole.poses[:101], atol=1e-5)
    np.testing.assert_allclose(found.translation, whole.translation[:101] - whole.translation[0], atol=1e-5)
    assert found.notes == ("it lasts 60.0 s: of these, 20.0 to 30.0 s are used",)
    assert whole.part(0.0, 60.0) is whole and found.digest != whole.part(20.0, 9.0).digest
    assert len(whole.part(59.0, 10.0)) == 11 and len(whole.part(59.9, 10.0)) == 2
    for wrong in (-1.0, 59.96, 60.0, 61.0, float("nan")):
        with pytest.raises(UsageError, match=r"lasts 60\.0 s"):
            whole.part(wrong, 10.0)


def test_an_smplx_fit_in_a_cameras_axes_stands_up(tmp_path: Path) -> None:
    seated = LIBRARY[list(poses.library()).index("sitting")]
    path = tmp_path / "fit.npz"
    root, body, right = np.array([[np.pi, 0, 0]]), seated[1:22].reshape(1, 63), seated[40:].reshape(1, 45)
    few = np.zeros((1, 6))
    np.savez(path, global_orient=root, body_pose=body, betas=few, left_hand_pose=few, right_hand_pose=right)
    told = load_motion(path)
    np.testing.assert_allclose(told.poses[0, 1:22], seated[1:22], atol=1e-6)
    np.testing.assert_allclose(told.poses[0, 40:], seated[40:], atol=1e-6)
    np.testing.assert_allclose(matrices(told.pose(0).turns[0]), np.eye(3), atol=1e-5)
    assert not told.poses[0, 25:40].any()
    assert any("principal components" in note for note in told.notes)
    assert any("downwards" in note for note in told.notes)


def test_rotation_matrices_serve_as_well(tmp_path: Path) -> None:
    path = tmp_path / "matrices.npz"
    np.savez(path, body_pose=matrices(LIBRARY[3][None, 1:22]), global_orient=matrices(np.zeros((1, 1, 3))))
    np.testing.assert_allclose(load_motion(path).poses[0, 1:22], LIBRARY[3][1:22], atol=1e-5)


@pytest.mark.parametrize("style", list(movers.STYLES))
@pytest.mark.parametrize("rest", [None, ARMS_OUT, ARMS_DOWN], ids=["T", "A", "arms down"])
def test_a_bvh_of_our_skeleton_gives_its_directions_back(tmp_path: Path, style: str, rest: np.ndarray | None) -> None:
    order = movers.ORDERS[len(style) % len(movers.ORDERS)]
    told = read(str(movers.bvh(tmp_path / "a.bvh", LIBRARY, style, rest, order, scale=39.4)))
    assert worst_direction(told["poses"], LIBRARY) < 0.5
    assert told["rate"] == pytest.approx(30, abs=0.1)


@pytest.mark.parametrize("world", [(np.pi / 2, 0, 0), (0, np.pi / 2, 0), (0, 2.6, 0)])
def test_a_bvh_may_lie_in_any_world(tmp_path: Path, world: tuple) -> None:
    walk = np.outer(np.arange(len(LIBRARY)), [0.0, 0.0, 0.2])
    file = movers.bvh(tmp_path / "a.bvh", LIBRARY, "Mixamo", ARMS_OUT, world=matrices(world), walk=walk, scale=2.0)
    told = load_motion(file)
    assert worst_direction(told.poses, LIBRARY) < 0.5
    np.testing.assert_allclose(told.translation, walk, atol=2e-3)


def test_a_rest_that_is_no_standing_person_is_told_from_how_knees_bend(tmp_path: Path) -> None:
    folded = np.zeros((55, 3))
    for side in ("left", "right"):
        folded[JOINT_NAMES.index(f"{side}_hip")] = (np.pi, 0, 0)
    told = read(str(movers.bvh(tmp_path / "a.bvh", LIBRARY, "CMU", folded)))
    assert worst_direction(told["poses"], LIBRARY) < 8.0


@pytest.mark.parametrize(
    "names",
    [
        ("lThigh", "lShin", "lFoot", "lToe", "lCollar", "lShldr", "lForeArm", "lHand"),
        ("LeftUpperLeg", "LeftLowerLeg", "LeftFoot", "LeftToe", "LeftShoulder", "LeftUpperArm", "LeftForeArm",
         "LeftHand"),
        ("UpperLeg_L", "LowerLeg_L", "Foot_L", "Toes_L", "Shoulder_L", "UpperArm_L", "LowerArm_L", "Hand_L"),
        ("LeftHip", "LeftKnee", "LeftAnkle", "LeftToe", "LeftCollar", "LeftShoulder", "LeftElbow", "LeftWrist"),
        ("J_Bip_L_UpperLeg", "J_Bip_L_LowerLeg", "J_Bip_L_Foot", "J_Bip_L_ToeBase", "J_Bip_L_Shoulder",
         "J_Bip_L_UpperArm", "J_Bip_L_LowerArm", "J_Bip_L_Hand"),
        ("Bip01 L Thigh", "Bip01 L Calf", "Bip01 L Foot", "Bip01 L Toe0", "Bip01 L Clavicle", "Bip01 L UpperArm",
         "Bip01 L Forearm", "Bip01 L Hand"),
        ("DEF-thigh.L", "DEF-shin.L", "DEF-foot.L", "DEF-toe.L", "DEF-shoulder.L", "DEF-upper_arm.L", "DEF-forearm.L",
         "DEF-hand.L"),
    ],
    ids=["Poser", "Xsens", "Bandai", "SMPL-like", "VRM", "Biped", "Rigify"],
)  # fmt: skip
def test_joints_are_known_by_the_names_that_others_give_them(names: tuple[str, ...]) -> None:
    ours = ("hip", "knee", "ankle", "foot", "collar", "shoulder", "elbow", "wrist")
    right = [_other_side(name) for name in names]
    everything = ("root", "spine", *names, *right, "head")
    parents = (-1, 0, 0, 2, 3, 4, 1, 6, 7, 8, 0, 10, 11, 12, 1, 14, 15, 16, 1)
    found = matched(Skeleton(everything, parents, np.zeros((len(everything), 3))), "file.bvh")
    assert {everything[found[f"left_{joint}"]] for joint in ours} == set(names)
    assert [found[f"left_{joint}"] for joint in ours] == list(range(2, 10))
    assert [found[f"right_{joint}"] for joint in ours] == list(range(10, 18))
    assert (found["pelvis"], found["spine3"], found["head"]) == (0, 1, 18)


def _other_side(name: str) -> str:
    for left, right in (("Left", "Right"), ("_L_", "_R_"), (" L ", " R ")):
        if left in name:
            return name.replace(left, right)
    if name.startswith("l"):
        return "r" + name[1:]
    return name[:-1] + "R"


class Harm:
    """What a hostile pickle does when it is opened."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return Path.touch, (self.mark,)


@pytest.mark.parametrize("name", ["pose.pkl", "pose.npz", "pose.bvh", "pose.pt"])
def test_a_pickle_is_refused_and_never_runs(tmp_path: Path, name: str) -> None:
    mark = tmp_path / "harmed"
    (tmp_path / name).write_bytes(pickle.dumps({"body_pose": Harm(mark)}))
    with pytest.raises(InputRefused, match=r"pickle.*savez"):
        load_motion(tmp_path / name)
    assert not mark.exists()


def test_objects_in_an_archive_are_refused_where_needed_and_left_closed_where_not(tmp_path: Path) -> None:
    mark, path = tmp_path / "harmed", tmp_path / "pose.npz"
    np.savez(path, poses=np.array([Harm(mark)], object))
    with pytest.raises(InputRefused, match=r"Python objects.*savez"):
        load_motion(path)
    movers.amass(path, LIBRARY, labels=np.array([Harm(mark)], object))
    assert len(load_motion(path)) == len(LIBRARY)
    assert not mark.exists()


def _npz(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return path


def _npy(shape: str, data: bytes, descr: str = "<f4") -> bytes:
    head = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    head += b" " * (-(10 + len(head) + 1) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + data


def test_ten_million_frames_are_cut_before_they_are_unpacked(tmp_path: Path) -> None:
    row = np.zeros(165, np.float32).tobytes()
    path = tmp_path / "long.npz"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("poses.npy", "w", force_zip64=True) as stream,
    ):
        stream.write(_npy("(10000000, 165)", b""))
        for _ in range(400):
            stream.write(row * 100)
    told = read(str(path))
    assert len(told["poses"]) == MOST_FRAMES and any(str(MOST_FRAMES) in note for note in told["notes"])


BAD = {
    "empty": b"",
    "text": b"hello, these are no poses\n" * 30,
    "half a zip": b"PK\x03\x04" + bytes(40),
    "no poses": lambda p: np.savez(p, betas=np.zeros(10)),
    "not finite": lambda p: movers.amass(p, np.where(np.arange(len(LIBRARY)) == 2, np.nan, 1)[:, None, None] * LIBRARY),
    "no frames": lambda p: np.savez(p, poses=np.zeros((0, 165))),
    "unknown layout": lambda p: np.savez(p, poses=np.zeros((4, 100))),
    "degrees": lambda p: np.savez(p, poses=np.full((4, 165), 90.0)),
    "words": lambda p: np.savez(p, poses=np.array([["a"] * 165])),
    "body of another width": lambda p: np.savez(p, body_pose=np.zeros((1, 50))),
    "frames that differ": lambda p: np.savez(p, body_pose=np.zeros((5, 63)), global_orient=np.zeros((3, 3))),
    "cut short": lambda p: _npz(p, poses=_npy("(5, 165)", bytes(100))),
    "a huge row": lambda p: _npz(p, poses=_npy("(1, 1000000000000)", bytes(100))),
    "a negative shape": lambda p: _npz(p, poses=_npy("(-1, 165)", bytes(100))),
    "a header that is code": lambda p: _npz(p, poses=_npy("(__import__('os').getpid(), 165)", bytes(100))),
}  # fmt: skip


@pytest.mark.parametrize("case", list(BAD))
def test_what_is_wrong_with_a_file_is_said_in_a_sentence(tmp_path: Path, case: str) -> None:
    path, made = tmp_path / "pose.npz", BAD[case]
    made(path) if callable(made) else path.write_bytes(made)
    with pytest.raises(InputRefused) as refused:
        read(str(path))
    assert "pose.npz" in str(refused.value) and len(str(refused.value)) < 320


BAD_BVH = {
    "no skeleton": "HIERARCHY\nMOTION\nFrames: 1\nFrame Time: 0.03\n0 0 0\n",
    "an open brace": "HIERARCHY\nROOT Hips\n{\nOFFSET 0 0 0\nCHANNELS 3 Xrotation Yrotation Zrotation\nMOTION\n",
    "a million braces": "HIERARCHY\nROOT a\n" + "{\nJOINT b\n" * 100_000,
    "odd channels": "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 1 Wrotation\n}\nMOTION\n",
    "channels without end": "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 999999999 Xrotation\n}\n",
    "fewer than no channels": "HIERARCHY\nROOT a\n{\nOFFSET 0 1 0\nCHANNELS -3 Xrotation\n}\nMOTION\n",
    "no person": "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 1 Xrotation\n}\nMOTION\nFrames: 1\nFrame Time: 1\n1\n",
}


@pytest.mark.parametrize("case", list(BAD_BVH))
def test_a_bvh_that_is_none_is_refused(tmp_path: Path, case: str) -> None:
    (tmp_path / "a.bvh").write_text(BAD_BVH[case])
    with pytest.raises(InputRefused, match=r"a\.bvh"):
        read(str(tmp_path / "a.bvh"))


@pytest.mark.parametrize(("old", "new"), [("Frames: 8", "Frames: 0"), ("Frames: 8", "Frames: nan"), ("\n0.0", "\nnan "),
                                          ("\n0.0", "\nx "), ("\n0.0", "\n1 0.0"),
                                          ("Frame Time: 0.0333333", "")])  # fmt: skip
def test_frames_that_are_none_are_refused(tmp_path: Path, old: str, new: str) -> None:
    path = movers.bvh(tmp_path / "a.bvh", LIBRARY)
    text = path.read_text()
    assert old in text
    head, motion = text.split("MOTION")
    path.write_text(head + "MOTION" + motion.replace(old, new, 1))
    with pytest.raises(InputRefused, match=r"a\.bvh"):
        read(str(path))


def test_names_with_blanks_are_names(tmp_path: Path) -> None:
    path = movers.bvh(tmp_path / "a.bvh", LIBRARY, "Biped")
    before = read(str(path))["poses"]
    path.write_text(re.sub(r"(?<=JOINT )(.*)", lambda name: name[0].replace("_", " "), path.read_text()))
    assert "JOINT Bip01 L Thigh" in path.read_text()
    np.testing.assert_array_equal(read(str(path))["poses"], before)


def test_bones_without_length_and_legs_without_hips_are_refused(tmp_path: Path) -> None:
    path = movers.bvh(tmp_path / "a.bvh", LIBRARY)
    path.write_text(re.sub(r"OFFSET .*", "OFFSET 0 0 0", path.read_text()))
    with pytest.raises(InputRefused, match="lengths"):
        read(str(path))
    names = [f"{side}{word}" for side in ("Left", "Right") for word in ("UpLeg", "Leg", "Arm", "ForeArm")]
    with pytest.raises(InputRefused, match="no common joint"):
        matched(Skeleton(tuple(names), (-1,) * len(names), np.ones((len(names), 3))), "a.bvh")


def test_a_path_in_millimetres_is_left_out(tmp_path: Path) -> None:
    steps = np.arange(12.0).reshape(4, 3) * 1000
    told = load_motion(movers.amass(tmp_path / "walk.npz", np.repeat(LIBRARY[:1], 4, axis=0), trans=steps))
    assert not told.translation.any() and any("metres" in note for note in told.notes)


def test_a_bvh_that_promises_more_frames_than_it_has_gives_those_it_has(tmp_path: Path) -> None:
    path = movers.bvh(tmp_path / "a.bvh", LIBRARY)
    path.write_text(path.read_text().replace(f"Frames: {len(LIBRARY)}", "Frames: 10000000"))
    assert len(read(str(path))["poses"]) == len(LIBRARY)


def test_joints_that_go_too_far_are_said_and_kept(tmp_path: Path) -> None:
    odd = LIBRARY[:1].copy()
    odd[0, JOINT_NAMES.index("left_knee")] = (-1.2, 0, 0)
    pose, notes = pose_from(str(movers.amass(tmp_path / "odd.npz", odd)))
    assert pose.turns[JOINT_NAMES.index("left_knee")] == pytest.approx((-1.2, 0, 0), abs=1e-5)
    assert any("left knee" in note for note in notes)
    assert limited(pose.turns)[JOINT_NAMES.index("left_knee"), 0] > -0.3


def test_names_and_files_are_told_apart(tmp_path: Path) -> None:
    assert pose_from("akimbo")[0].title == "Arms akimbo"
    with pytest.raises(UsageError, match="sitting"):
        pose_from("akimbp")
    with pytest.raises(UsageError, match="--frame"):
        pose_from("akimbo", 3)
    with pytest.raises(InputRefused, match="no pose file"):
        pose_from(str(tmp_path / "missing.npz"))
    (tmp_path / "mine.toml").write_text(poses.written("Mine", LIBRARY[4]))
    np.testing.assert_allclose(pose_from(str(tmp_path / "mine.toml"))[0].turns, LIBRARY[4], atol=1e-4)


def test_an_archive_in_memory_is_a_file_like_any_other(tmp_path: Path) -> None:
    stream = io.BytesIO()
    np.savez_compressed(stream, poses=LIBRARY.reshape(len(LIBRARY), -1).astype(np.float32, order="F"))
    (tmp_path / "columns.npz").write_bytes(stream.getvalue())
    np.testing.assert_allclose(read(str(tmp_path / "columns.npz"))["poses"][:, 1:], LIBRARY[:, 1:], atol=1e-6)
