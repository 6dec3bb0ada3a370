"""Feet that stand do not slide: how a body travels, and what its legs do so that both soles stay where they were put.

The body moves as the standing foot's lowest part asks, heel first, then ball and toes as the foot rolls off. What is
left while both feet stand is given to the legs by inverse kinematics; it fades while the foot swings. (Foot plants as
constraints: Kovar, Schreiner & Gleicher, "Footskate Cleanup", 2002.)
"""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from body.model import following
from body.posing.skeleton import NUMBER, chain, matrices, vectors

if TYPE_CHECKING:
    from body.model import Body

SIDES = ("left", "right")
_SOFT = 0.006
_BLEND = 4
_UP = np.array([0.0, 1.0, 0.0])


def planted(turns: np.ndarray, rest: "Body", standing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Poses [t, 55, 3] whose standing feet ([t, 2] left and right) stay in their places, and how far the pelvis has
    gone [m] [t, 3], of `turns` on the body at `rest` in the T-pose."""
    joints = np.asarray(rest.joints - rest.translation, float)
    soles = tuple(_sole(rest, side) for side in SIDES)
    poses = np.array(turns, float)
    for side, foot in zip(SIDES, standing.T, strict=True):
        poses = _heading_kept(poses, joints, side, foot)
    points = [_points(poses, joints, sole, side) for sole, side in zip(soles, SIDES, strict=True)]
    path = _travelled(points, standing)
    for _ in range(2):
        for sole, side, foot in zip(soles, SIDES, standing.T, strict=True):
            poses = _held(poses, joints, sole, side, foot, path)
    path[:, 1] -= path[0, 1]
    return poses, path


def _sole(rest: "Body", side: str) -> tuple[np.ndarray, np.ndarray]:
    """Points under heel and ball, which follow the ankle, [k, 3], and under the toes, which follow the foot, [l, 3],
    each from its joint [m] in the T-pose."""
    skin = np.unique(rest.model.skin_faces)
    toes = following(rest.model, f"{side}_foot")[skin]
    mine = following(rest.model, f"{side}_ankle")[skin] > 0.9
    points = np.asarray(rest.vertices, float)[skin]
    low = points[:, 1] < points[mine, 1].min() + 0.015
    ankle, foot = (rest.joints[NUMBER[f"{side}_{name}"]].astype(float) for name in ("ankle", "foot"))
    return _ends(points[mine & low & (toes < 0.5)]) - ankle, _ends(points[mine & low & (toes >= 0.5)]) - foot


def _ends(points: np.ndarray) -> np.ndarray:
    """Of many points those furthest to the back and the front."""
    order = points[:, 2].argsort()
    few = max(len(points) // 12, 1)
    return np.stack([points[order[:few]].mean(axis=0), points[order[-few:]].mean(axis=0)])


def _points(poses: np.ndarray, joints: np.ndarray, sole: tuple[np.ndarray, np.ndarray], side: str) -> np.ndarray:
    """Where the points of a sole are [m] [t, k, 3], the pelvis at rest."""
    turned, places = chain(poses, joints)
    found = []
    for name, offsets in zip(("ankle", "foot"), sole, strict=True):
        joint = NUMBER[f"{side}_{name}"]
        found.append(places[:, joint, None] + offsets @ np.swapaxes(turned[:, joint], -1, -2))
    return np.concatenate(found, axis=1)


def _slips(points: np.ndarray) -> np.ndarray:
    """How far the part of a sole that bears moves from frame to frame [m] [t - 1, 3], of points [t, k, 3]."""
    height = points[..., 1] - points[..., 1].min(axis=1, keepdims=True)
    bears = np.exp(-height / _SOFT)
    both = np.minimum(bears[1:], bears[:-1])
    return np.einsum("tk,tkc->tc", both / both.sum(axis=1, keepdims=True), np.diff(points, axis=0))


def _travelled(points: list[np.ndarray], standing: np.ndarray) -> np.ndarray:
    """Where the pelvis is [m] [t, 3] when the standing feet, whose soles' points are [t, k, 3] under it, stay in their
    places on the floor; it begins over the origin."""
    share = np.stack([_eased(foot) for foot in standing.T], axis=1)
    share = np.where(share.sum(axis=1, keepdims=True) > 0.0, share, 0.5)
    share /= share.sum(axis=1, keepdims=True)
    slips = np.stack([_slips(foot) for foot in points], axis=1)
    step = np.einsum("ts,tsc->tc", 0.5 * (share[1:] + share[:-1]), slips)
    path = np.concatenate([np.zeros((1, 3)), -np.cumsum(step, axis=0)])
    lowest = np.stack([foot[..., 1].min(axis=1) for foot in points], axis=1)
    path[:, 1] = -(share * lowest).sum(axis=1)
    return path


def _eased(foot: np.ndarray) -> np.ndarray:
    """What share of the weight a foot may take [t]: it takes it on and gives it up over _BLEND frames."""
    share = np.zeros(len(foot))
    for start, end in _runs(foot):
        since = np.arange(1, end - start + 1) if start else np.full(end - start, np.inf)
        until = np.arange(end - start, 0, -1) if end < len(foot) else np.full(end - start, np.inf)
        share[start:end] = np.clip(np.minimum(since, until) / _BLEND, 0.0, 1.0)
    return share


def _runs(foot: np.ndarray) -> list[tuple[int, int]]:
    """First frames of the times that a foot stands, and the frames after them."""
    change = np.diff(np.concatenate([[0], foot.astype(int), [0]]))
    return list(zip(np.flatnonzero(change > 0), np.flatnonzero(change < 0), strict=True))


def _across(foot: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Values [t, c] that hold while the foot stands; while it swings, an eased way from the last to the next."""
    out, runs = wanted.copy(), _runs(foot)
    edges = [(0, 0), *runs, (len(foot), len(foot))]
    for (_, before), (after, _) in pairwise(edges):
        if after <= before:
            continue
        first = wanted[before - 1] if before else np.zeros(wanted.shape[1])
        last = wanted[after] if after < len(foot) else np.zeros(wanted.shape[1])
        done = (np.arange(before, after) - before + 1.0) / (after - before + 1.0)
        done = (done * done * (3.0 - 2.0 * done))[:, None]
        out[before:after] = (1.0 - done) * first + done * last
    return out


def _heading_kept(poses: np.ndarray, joints: np.ndarray, side: str, foot: np.ndarray) -> np.ndarray:
    """The poses with a leg turned in the hip so that its foot, while it stands, keeps its heading over the floor."""
    hip, ankle = NUMBER[f"{side}_hip"], NUMBER[f"{side}_ankle"]
    turned = chain(poses, joints)[0]
    heading = np.unwrap(np.arctan2(turned[:, ankle, 0, 2], turned[:, ankle, 2, 2]))
    wanted = np.zeros((len(poses), 1))
    for start, end in _runs(foot):
        kept = heading[start] if start == 0 else heading[end - 1] if end == len(foot) else heading[start:end].mean()
        wanted[start:end, 0] = kept - heading[start:end]
    around = matrices(_across(foot, wanted) * _UP)
    after = poses.copy()
    after[:, hip] = vectors(np.swapaxes(turned[:, 0], -1, -2) @ around @ turned[:, hip])
    return after


def _held(
    poses: np.ndarray, joints: np.ndarray, sole: tuple[np.ndarray, np.ndarray], side: str, foot: np.ndarray,
    path: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """The poses with a leg bent so that its sole, while it stands, lies on the floor and stays there."""
    points = _points(poses, joints, sole, side) + path[:, None]
    slips = _slips(points)
    wanted = np.zeros((len(poses), 3))
    for start, end in _runs(foot):
        slid = np.concatenate([np.zeros((1, 3)), np.cumsum(slips[start : end - 1], axis=0)])
        middle = 0 if start == 0 else len(slid) - 1 if end == len(foot) else len(slid) // 2
        wanted[start:end] = (slid[middle] - slid) * (1.0 - _UP)
        wanted[start:end, 1] = -points[start:end, :, 1].min(axis=1)
    return _stepped(poses, joints, side, _across(foot, wanted))


def _stepped(poses: np.ndarray, joints: np.ndarray, side: str, by: np.ndarray) -> np.ndarray:
    """The poses with one ankle moved `by` [m] [t, 3], the foot turned as before: the knee bends by the law of cosines,
    then the leg swings the shortest way (as body/posing/reach.py does with one pose)."""
    hip, knee, ankle = (NUMBER[f"{side}_{name}"] for name in ("hip", "knee", "ankle"))
    turned, places = chain(poses, joints)
    upper, lower = joints[knee] - joints[hip], joints[ankle] - joints[knee]
    target = places[:, ankle] + by - places[:, hip]
    a, b = np.linalg.norm(upper), np.linalg.norm(lower)
    reach = np.clip(np.linalg.norm(target, axis=1), abs(a - b) + 1e-3, a + b - 1e-3)
    bent = matrices(poses[:, knee])
    now = bent @ lower
    hinge = np.cross(upper, now)
    size = np.linalg.norm(hinge, axis=1, keepdims=True)
    hinge = np.where(size > 0.01 * a * b, hinge / np.maximum(size, 1e-12), (1.0, 0.0, 0.0))
    angle = np.arctan2(np.einsum("tc,tc->t", np.cross(upper, now), hinge), now @ upper)
    wanted = np.pi - np.arccos(np.clip((a * a + b * b - reach**2) / (2 * a * b), -1.0, 1.0))
    bent = matrices(hinge * (wanted - angle)[:, None]) @ bent
    leg = np.einsum("tij,tj->ti", turned[:, hip], upper + bent @ lower)
    way = np.cross(leg, target)
    sine = np.linalg.norm(way, axis=1)
    swing = matrices(way / np.maximum(sine, 1e-12)[:, None] * np.arctan2(sine, (leg * target).sum(axis=1))[:, None])
    whole = swing @ turned[:, hip]
    after = poses.copy()
    after[:, hip] = vectors(np.swapaxes(turned[:, 0], -1, -2) @ whole)
    after[:, knee] = vectors(bent)
    after[:, ankle] = vectors(np.swapaxes(whole @ bent, -1, -2) @ turned[:, ankle])
    return after
