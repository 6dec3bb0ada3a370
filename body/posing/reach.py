"""Drags a joint of a posed skeleton to a place: what a hand does in the editor. In numpy, for the window.

An arm or a leg bends at its middle joint until it is as long as the way to the target, then turns about its root the
shortest way (two-bone inverse kinematics); other handles turn the bones that lead to them, nearest the handle first
(cyclic coordinate descent, Wang & Chen 1991). Every joint that is turned stays within a person's range, so a target
out of reach is approached as far as that allows.
"""

from dataclasses import dataclass

import numpy as np

from body.posing.limits import limited
from body.posing.skeleton import NUMBER, between, chain, matrices, vectors

_ROUNDS = 5
_SIDES = ("left", "right")


@dataclass(frozen=True, slots=True, eq=False)
class Handle:
    """A place to take hold of: the joint that is dragged, and what turns: `limb` (root, middle) bends like an arm, or
    `turning` joints turn, the nearest first. It lies `offset` [m] from the joint, in the joint's own frame. `level`:
    the joint keeps its direction in the room, as a foot does."""

    joint: str
    title: str
    limb: tuple[str, str] | None = None
    turning: tuple[str, ...] = ()
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
    level: bool = False


def _handles() -> dict[str, Handle]:
    found = [
        Handle("pelvis", "hips"),
        Handle("neck", "trunk", turning=("spine3", "spine2", "spine1")),
        Handle("head", "head", turning=("head", "neck"), offset=(0.0, 0.13, 0.03)),
    ]
    for side in _SIDES:
        found += [
            Handle(f"{side}_shoulder", f"{side} shoulder", turning=(f"{side}_collar",)),
            Handle(f"{side}_elbow", f"{side} elbow", turning=(f"{side}_shoulder",)),
            Handle(f"{side}_wrist", f"{side} wrist", limb=(f"{side}_shoulder", f"{side}_elbow")),
            Handle(f"{side}_middle1", f"{side} hand", turning=(f"{side}_wrist",)),
            Handle(f"{side}_knee", f"{side} knee", turning=(f"{side}_hip",)),
            Handle(f"{side}_ankle", f"{side} ankle", limb=(f"{side}_hip", f"{side}_knee"), level=True),
            Handle(f"{side}_foot", f"{side} foot", turning=(f"{side}_ankle",)),
        ]
    return {handle.joint: handle for handle in found}


HANDLES = _handles()


def places(pose: np.ndarray, rest: np.ndarray) -> dict[str, np.ndarray]:
    """Where the handles lie [m] [3], by their joints."""
    turns, joints = chain(pose, rest)
    return {name: _place(handle, turns, joints) for name, handle in HANDLES.items()}


def dragged(pose: np.ndarray, rest: np.ndarray, joint: str, target: np.ndarray) -> np.ndarray:
    """The pose [55, 3] after the handle on `joint` went to `target` [m] [3], as near as joints allow. `rest` [m]
    [55, 3] are the joints in the T-pose; target and pose are where `chain(pose, rest)` puts them."""
    handle, target = HANDLES[joint], np.asarray(target, float)
    if joint == "pelvis":
        return _squatted(pose, rest, target)
    before = chain(pose, rest)[0]
    if handle.limb:
        after = _bent(np.array(pose, float), rest, (*handle.limb, joint), target)
    else:
        after = _turned(np.array(pose, float), rest, handle, target)
    return _kept(after, rest, joint, before) if handle.level else after


def _bent(pose: np.ndarray, rest: np.ndarray, limb: tuple[str, str, str], target: np.ndarray) -> np.ndarray:
    """A limb's two bones brought so that its end lies on the target."""
    root, middle, end = (NUMBER[name] for name in limb)
    for _ in range(3):  # what the root's limits take away, bending further gives back in part
        places = chain(pose, rest)[1]
        pose[middle] = _flexed(pose, rest, (root, middle, end), float(np.linalg.norm(target - places[root])))
        pose = _aimed(pose, rest, root, limb[2], target)
    return pose


def _flexed(pose: np.ndarray, rest: np.ndarray, limb: tuple[int, int, int], reach: float) -> np.ndarray:
    """The middle joint's turn at which root and end are `reach` [m] apart: bent about its hinge, by the law of
    cosines, with whatever twist and tilt it has."""
    root, middle, end = limb
    upper, lower = rest[middle] - rest[root], rest[end] - rest[middle]
    a, b = np.linalg.norm(upper), np.linalg.norm(lower)
    reach = float(np.clip(reach, abs(a - b) + 1e-3, a + b - 1e-3))
    wanted = np.pi - np.arccos(np.clip((a * a + b * b - reach * reach) / (2 * a * b), -1, 1))
    now = matrices(pose[middle]) @ lower
    hinge = np.cross(upper, now)
    if np.linalg.norm(hinge) < 0.02 * a * b:
        # Straight: an elbow folds forward (-y on the left), a knee backward (+x).
        hinge = _folding(middle)
    hinge = hinge / np.linalg.norm(hinge)
    angle = np.arctan2(float(np.cross(upper, now) @ hinge), float(upper @ now))
    turned = pose.copy()
    turned[middle] = vectors(matrices(hinge * (wanted - angle)) @ matrices(pose[middle]))
    return limited(turned, (middle,))[middle]


def _folding(middle: int) -> np.ndarray:
    if middle in (NUMBER["left_knee"], NUMBER["right_knee"]):
        return np.array([1.0, 0.0, 0.0])
    return np.array([0.0, -1.0 if middle == NUMBER["left_elbow"] else 1.0, 0.0])


def _place(handle: Handle, turns: np.ndarray, joints: np.ndarray) -> np.ndarray:
    number = NUMBER[handle.joint]
    return joints[number] + turns[number] @ np.array(handle.offset)


def _aimed(pose: np.ndarray, rest: np.ndarray, turning: int, end: str, target: np.ndarray) -> np.ndarray:
    """The pose with one joint turned the shortest way so that the handle `end` points at the target."""
    turns, joints = chain(pose, rest)
    way = between(_place(HANDLES[end], turns, joints) - joints[turning], target - joints[turning])
    parent = turns[turning] @ matrices(-pose[turning])
    after = pose.copy()
    after[turning] = vectors(parent.T @ way @ turns[turning])
    return limited(after, (turning,))


def _turned(pose: np.ndarray, rest: np.ndarray, handle: Handle, target: np.ndarray) -> np.ndarray:
    if len(handle.turning) == 1:
        return _aimed(pose, rest, NUMBER[handle.turning[0]], handle.joint, target)
    for _ in range(_ROUNDS):
        for name in handle.turning:
            # Each bone goes a part of the way, so that all share the bend.
            gone = _aimed(pose, rest, NUMBER[name], handle.joint, target)
            share = matrices(-pose[NUMBER[name]]) @ matrices(gone[NUMBER[name]])
            pose[NUMBER[name]] = vectors(matrices(pose[NUMBER[name]]) @ matrices(0.5 * vectors(share)))
            pose = limited(pose, (NUMBER[name],))
    return pose


def _kept(pose: np.ndarray, rest: np.ndarray, joint: str, before: np.ndarray) -> np.ndarray:
    """The pose with a joint turned back to its direction in the room."""
    number = NUMBER[joint]
    turns = chain(pose, rest)[0]
    parent = turns[number] @ matrices(-pose[number])
    after = pose.copy()
    after[number] = vectors(parent.T @ before[number])
    return limited(after, (number,))


def _squatted(pose: np.ndarray, rest: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The hips go to the target while the feet stay where they stand: both legs bend to let them."""
    turns, places = chain(pose, rest)
    shift = target - places[0]
    after = np.array(pose, float)
    for side in _SIDES:
        limb = (f"{side}_hip", f"{side}_knee", f"{side}_ankle")
        # The hips are the skeleton's fixed point: instead of them, the feet go the other way.
        after = _bent(after, rest, limb, places[NUMBER[limb[2]]] - shift)
        after = _kept(after, rest, limb[2], turns)
    return after
