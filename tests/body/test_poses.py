"""Poses of the library, how far joints go, and joints dragged by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.spatial import ConvexHull

from assets.errors import InputRefused, UsageError
from body import poses
from body.estimate import Evidence, estimate
from body.model import JOINT_NAMES, Body, following, load_model
from body.posing.limits import LIMITS, beyond, limited, parts
from body.posing.reach import HANDLES, dragged, places
from body.posing.retarget import our_places
from body.posing.settle import SIDES, settled, without_arms
from body.posing.skeleton import NUMBER, chain, matrices, swapped, unchained, vectors

PEOPLE = {
    "slim woman": Evidence(height=1.70, mass=47.0, sex=0.0),
    "heavy woman": Evidence(height=1.60, mass=112.0, sex=0.0),
    "man": Evidence(height=1.77, mass=80.0, sex=1.0),
    "heavy man": Evidence(height=1.72, mass=130.0, sex=1.0),
}
LIBRARY = ("relaxed", "t", "a", "akimbo", "walking", "sitting", "raised", "reaching")
TURNS = hnp.arrays(float, (55, 3), elements=st.floats(-2.5, 2.5))


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


@pytest.fixture(scope="module")
def shapes() -> dict[str, np.ndarray]:
    return {who: np.asarray(estimate(told).body.betas) for who, told in PEOPLE.items()}


def test_the_library_has_what_it_promises_relaxed_first() -> None:
    assert tuple(poses.library()) == LIBRARY
    np.testing.assert_allclose(poses.find("relaxed").turns, poses.RELAXED, atol=1e-7)
    assert not poses.find("t").turns.any()
    with pytest.raises(UsageError, match="akimbo"):
        poses.find("handstand")


@pytest.mark.parametrize("who", list(PEOPLE))
@pytest.mark.parametrize("name", LIBRARY)
def test_a_library_pose_suits_every_body(name: str, who: str, shapes: dict[str, np.ndarray]) -> None:
    model, pose = load_model(), poses.find(name)
    body = model.body(shapes[who], settled(model, shapes[who], pose))
    assert beyond(body.pose) == (), "joints stay within a person's range"
    gaps = arm_gaps(body)
    assert gaps.min() > 0.003, f"an arm is {1000 * gaps.min():.1f} mm off trunk or legs"
    if pose.clear and pose.clear.touch:
        assert gaps.max() < 0.015, "the hands rest on the body"
    soles = [body.vertices[following(model, f"{side}_ankle") > 0.5, 1].min() for side in SIDES]
    assert max(soles) < 0.002, "both feet are on the floor"
    if name == "sitting":
        thighs = [body.joints[NUMBER[f"{side}_knee"]] - body.joints[NUMBER[f"{side}_hip"]] for side in SIDES]
        slope = [np.degrees(np.arctan2(thigh[1], np.hypot(thigh[0], thigh[2]))) for thigh in thighs]
        assert np.abs(slope).max() < 6, "thighs are level"
    else:
        assert out_of_balance(body) < 0.0, "the centre of mass is over the feet"


def arm_gaps(body: Body) -> np.ndarray:
    """Signed distances [m] of both forearms and hands to trunk, head and legs."""
    rest = without_arms(body.model, body.vertices)
    arms = (body.vertices[following(body.model, f"{side}_elbow") > 0.5] for side in SIDES)
    return np.array([rest.closest(arm).distance.min() for arm in arms])


def out_of_balance(body: Body) -> float:
    """How far [m] the centre of mass lies outside the area that both soles span; negative inside."""
    a, b, c = (body.vertices[body.model.skin_faces[:, k]].astype(float) for k in range(3))
    share = np.einsum("ij,ij->i", a, np.cross(b, c))
    centre = (share[:, None] * (a + b + c)).sum(axis=0) / 4 / share.sum()
    soles = body.vertices[body.vertices[:, 1] < 0.03][:, [0, 2]]
    sides = ConvexHull(soles).equations
    return float((sides[:, :2] @ centre[[0, 2]] + sides[:, 2]).max())


@settings(max_examples=30, deadline=None)
@given(TURNS)
def test_mirrored_twice_is_the_same_and_mirrors_the_places(turns: np.ndarray) -> None:
    np.testing.assert_array_equal(swapped(swapped(turns)), turns)
    rest = our_places()
    rest = (rest + swapped(rest) * [1, -1, -1] * [-1, 1, 1]) / 2
    there, mirrored = chain(turns, rest)[1], chain(swapped(turns), rest)[1]
    left, right = NUMBER["left_wrist"], NUMBER["right_wrist"]
    np.testing.assert_allclose(mirrored[right], there[left] * [-1, 1, 1], atol=1e-9)


@settings(max_examples=12, deadline=None)
@given(TURNS)
def test_limits_hold_change_nothing_twice_and_are_alike_on_both_sides(turns: np.ndarray) -> None:
    once = limited(turns)
    np.testing.assert_allclose(matrices(limited(once)), matrices(once), atol=1e-7)
    np.testing.assert_allclose(matrices(swapped(limited(swapped(turns)))), matrices(once), atol=1e-7)
    assert beyond(once) == ()
    np.testing.assert_array_equal(once[0], turns[0])
    for number, limits in enumerate(LIMITS):
        if limits is not None:
            twist, swing = parts(once[number], limits.axis)
            assert limits.ranges[0, 0] - 1e-6 <= twist <= limits.ranges[0, 1] + 1e-6
            for row, component in zip(limits.ranges[1:], limits.order[1:], strict=True):
                assert row[0] - 1e-6 <= swing[component] <= row[1] + 1e-6


@pytest.mark.parametrize(
    ("joint", "turn", "kept"),
    [
        ("left_knee", (140, 0, 0), True), ("left_knee", (-40, 0, 0), False), ("left_elbow", (0, -140, 0), True),
        ("left_elbow", (0, 40, 0), False), ("right_elbow", (0, 140, 0), True), ("right_elbow", (0, -40, 0), False),
        ("left_hip", (-115, 0, 0), True), ("left_hip", (70, 0, 0), False), ("head", (0, 35, 0), True),
        ("head", (0, 80, 0), False), ("left_index2", (0, 0, -90), True), ("left_index2", (0, 0, 60), False),
    ],
)  # fmt: skip
def test_joints_bend_the_way_that_people_do(joint: str, turn: tuple, kept: bool) -> None:
    pose = np.zeros((55, 3))
    pose[NUMBER[joint]] = np.radians(turn)
    assert (beyond(pose) == ()) == kept
    assert kept or beyond(pose) == (joint,)


@settings(max_examples=40, deadline=None)
@given(hnp.arrays(float, (7, 3), elements=st.floats(-1.8, 1.8)))
def test_vectors_and_matrices_are_each_others_inverse(turns: np.ndarray) -> None:
    np.testing.assert_allclose(vectors(matrices(turns)), turns, atol=1e-9)
    half = np.pi * turns / np.maximum(np.linalg.norm(turns, axis=1, keepdims=True), 1e-9)
    np.testing.assert_allclose(matrices(vectors(matrices(half))), matrices(half), atol=1e-9)


def test_the_chain_is_the_models_own_and_comes_apart_again() -> None:
    rng, model = np.random.default_rng(1), load_model()
    turns = rng.normal(0, 0.6, (55, 3))
    body = model.body(None, turns)
    whole, joints = chain(turns, our_places())
    np.testing.assert_allclose(joints + body.translation, body.joints, atol=1e-5)
    np.testing.assert_allclose(unchained(whole), turns, atol=1e-9)


@pytest.mark.parametrize("joint", [name for name in HANDLES if name != "pelvis"])
def test_a_drag_brings_the_joint_nearer_within_limits_and_moves_no_others(joint: str) -> None:
    rest, start = our_places(), np.array(poses.RELAXED, float)
    before = places(start, rest)
    rng = np.random.default_rng(len(joint))
    for _ in range(6):
        reached = places(dragged_at_random(start, rng, joint), rest)[joint]
        after = dragged(start, rest, joint, reached)
        assert beyond(after) == ()
        gap, was = np.linalg.norm(places(after, rest)[joint] - reached), np.linalg.norm(before[joint] - reached)
        assert gap <= 0.35 * was + 1e-3, f"{1000 * gap:.0f} mm left of {1000 * was:.0f} mm"
        moved = {JOINT_NAMES[k] for k in np.flatnonzero(np.abs(after - start).max(axis=1) > 1e-9)}
        handle = HANDLES[joint]
        assert moved <= {*handle.turning, *(handle.limb or ()), joint}


def dragged_at_random(start: np.ndarray, rng: np.random.Generator, joint: str) -> np.ndarray:
    """A pose that the handle's own joints can reach."""
    handle, pose = HANDLES[joint], start.copy()
    for name in (*handle.turning, *(handle.limb or ())):
        pose[NUMBER[name]] += rng.normal(0, 0.25, 3)
    return limited(pose)


def test_an_arm_reaches_what_is_in_reach() -> None:
    start = np.array(poses.RELAXED, float)
    rest = our_places() + np.array([0.0, 1.0, 0.0]) - our_places()[0]
    for target in ([0.35, 1.25, 0.3], [0.1, 1.3, 0.35], [0.3, 1.75, 0.2], [0.5, 1.2, 0.1]):
        after = dragged(start, rest, "left_wrist", np.array(target))
        assert np.linalg.norm(places(after, rest)["left_wrist"] - target) < 0.03


def test_a_dragged_ankle_keeps_the_foot_level_and_hips_go_down_between_still_feet() -> None:
    rest, start = our_places(), np.array(poses.RELAXED, float)
    before = chain(start, rest)
    lifted = dragged(start, rest, "left_ankle", before[1][NUMBER["left_ankle"]] + [0, 0.12, 0.1])
    foot = NUMBER["left_ankle"]
    assert np.abs(chain(lifted, rest)[0][foot] - before[0][foot]).max() < 0.05
    low = chain(dragged(start, rest, "pelvis", before[1][0] + [0, -0.15, 0]), rest)[1]
    feet = [NUMBER["left_ankle"], NUMBER["right_ankle"]]
    np.testing.assert_allclose(low[feet] - before[1][feet], np.broadcast_to([0, 0.15, 0], (2, 3)), atol=0.004)


def test_ones_own_pose_is_saved_found_replaced_and_deleted() -> None:
    turns = np.array(poses.find("sitting").turns)
    saved = poses.save("  My  seat ", turns)
    assert (saved.title, saved.name) == ("My seat", "my-seat")
    found = poses.find("my-seat")
    assert found.own and list(poses.library())[-1] == "my-seat"
    np.testing.assert_allclose(found.turns, turns, atol=2e-5)
    over = turns.copy()
    over[0] = (0, 7.5 * np.pi, 0)
    np.testing.assert_allclose(poses.save("Turned round", over).turns[0], (0, -0.5 * np.pi, 0), atol=1e-5)
    np.testing.assert_allclose(poses.find("turned-round").turns[0], (0, -0.5 * np.pi, 0), atol=2e-5)
    poses.delete("turned-round")
    poses.save("my seat", 0 * turns)
    assert not poses.find("my-seat").turns.any()
    poses.delete("my-seat")
    assert tuple(poses.library()) == LIBRARY
    for name in ("", "?!", "x" * 61, "Sitting"):
        with pytest.raises(UsageError):
            poses.save(name, turns)
    with pytest.raises(UsageError):
        poses.delete("sitting")


def test_a_damaged_pose_of_ones_own_costs_only_itself(tmp_path) -> None:
    poses.save("Good", poses.RELAXED)
    (tmp_path / "toile" / "poses" / "bad.toml").write_text("turns = 3")
    (tmp_path / "toile" / "poses" / "worse.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "toile" / "poses" / "sitting.toml").write_text("[turns]\n")
    assert tuple(poses.library()) == (*LIBRARY, "good")
    assert poses.find("sitting").turns.any(), "Toile's own cannot be replaced"


BAD = (
    "",
    "[turns",
    "[turns]\ntail = [0, 0, 0]",
    "[turns]\nhip = [0, 0]",
    "[turns]\nhip = [0, nan, 0]",
    "[turns]\nhip = ['a', 0, 0]",
    "[turns]\nhip = [0, 999, 0]",
    "hands = 'fists'\n[turns]",
    "plant = 'nose'\n[turns]",
    "[turns]\n[clear]\ngap = 9",
)


@pytest.mark.parametrize("text", BAD)
def test_a_pose_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputRefused, match="mine"):
        poses.parse(text, "mine")
