"""Named poses in SMPL-X's layout: axis-angle [rad], shape [55, 3], row 0 the global orientation.

T: the rest pose. RELAXED: for draping and pictures, arms 35 degrees off the trunk, elbows a little bent, hands at ease,
feet about a hip's width apart; `at_ease` raises the arms of broad people. STANDING: for measuring, feet together, arms
18 degrees off the trunk.
"""

from typing import TYPE_CHECKING

import numpy as np

from assets.mesh import frozen
from body.model import JOINT_NAMES, following

if TYPE_CHECKING:
    from body.model import BodyModel

Degrees = tuple[float, float, float]

_HAND: dict[str, Degrees] = {
    "index1": (1, -4, -14), "index2": (1, 3, -12), "middle1": (-1, 4, -17), "middle2": (0, -3, -7),
    "ring1": (-3, 8, -15), "ring2": (-2, -4, -8), "pinky1": (-6, 10, -20), "pinky2": (-3, -3, -9),
}  # fmt: skip


def from_degrees(left: dict[str, Degrees]) -> np.ndarray:
    """A pose from rotation vectors in degrees of middle joints ("spine1") and left ones ("hip"), then mirrored."""
    pose = np.zeros((len(JOINT_NAMES), 3), np.float32)
    for name, degrees in left.items():
        turn = np.radians(degrees)
        if name in JOINT_NAMES:
            pose[JOINT_NAMES.index(name)] = turn
        else:
            pose[JOINT_NAMES.index(f"left_{name}")] = turn
            pose[JOINT_NAMES.index(f"right_{name}")] = mirrored(turn)
    return frozen(pose)


def mirrored(turn: np.ndarray) -> np.ndarray:
    """A rotation vector [..., 3] seen in the mirror x -> -x."""
    return turn * np.array([1.0, -1.0, -1.0])


T = from_degrees({})
RELAXED = from_degrees(
    {
        "hip": (0, 0, 2),
        "ankle": (0, 0, -2),
        "shoulder": (0, -2, -55),
        "elbow": (0, -24, 0),
        "wrist": (0, -6, -4),
        **_HAND,
    }
)
STANDING = from_degrees(
    {
        "hip": (0, 0, -5.4),
        "ankle": (0, 0, 5.4),
        "shoulder": (0, -2, -72),
        "elbow": (0, -12, 0),
        "wrist": (0, -6, -4),
        **_HAND,
    }
)

ROOM = 0.09
"""Free width [m] between forearm and trunk below which arms are held further out."""
RAISED = 16.0
"""How much further [degrees] where no width is left."""


def at_ease(model: "BodyModel", betas: np.ndarray) -> np.ndarray:
    """RELAXED for one body, [55, 3]: broad people hold their arms further out, and cloth needs the room."""
    body = model.body(betas, RELAXED)
    elbow, wrist = (body.joints[JOINT_NAMES.index(f"left_{name}"), 1] for name in ("elbow", "wrist"))
    arms = [following(model, f"{side}_shoulder") > 0.5 for side in ("left", "right")]
    trunk = ~(arms[0] | arms[1])
    free = ROOM
    for height in np.linspace(wrist, elbow, 10):
        level = np.abs(body.vertices[:, 1] - height) < 0.015
        across = body.vertices[:, 0]
        free = min(free, across[level & arms[0]].min(initial=np.inf) - across[level & trunk].max(initial=-np.inf))
    raised = np.radians(RAISED) * float(np.clip(1.0 - free / ROOM, 0.0, 1.0))
    pose = RELAXED.copy()
    pose[JOINT_NAMES.index("left_shoulder"), 2] += raised
    pose[JOINT_NAMES.index("right_shoulder"), 2] -= raised
    return frozen(pose)
