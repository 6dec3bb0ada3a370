"""How far a person's joints go: what the editor stops at, and what is said of a file that goes further.

Each rotation is taken apart into a twist about the bone and a swing of it; the twist has a range, the swing stays
within an ellipse whose half axes differ by direction (Baerlocher & Boulic, "Parametrization and range of motion of the
ball-and-socket joint", 2000). Ranges are what healthy adults reach: shoulder, elbow, forearm, wrist, hip, knee, ankle
after Boone & Azen (J Bone Joint Surg 61-A, 1979) and Soucie et al. (Haemophilia 17, 2011); neck after Youdas et al.
(Phys Ther 72, 1992); trunk and fingers after the AAOS (Joint Motion, 1965). Where anatomy counts one joint and SMPL-X
has several, we share the range out: trunk 3, neck 2, shoulder 2 with the collar bone, forearm 2 with the wrist.
"""

from dataclasses import dataclass

import numpy as np

from assets.mesh import frozen
from body.model import JOINT_NAMES
from body.posing.skeleton import matrices, vectors

Range = tuple[float, float]
_TOLERANCE = np.radians(1.0)

# Along the bone in the T-pose (x, y or z), twist about it, and swing about the other two axes in cyclic order, in
# degrees, of middle and left joints. A left arm lies along +x: +z raises it, -y brings it forward, +x turns the palm
# back. A leg lies along y: -x brings it forward, +z outward. The right side is the left one's mirror image.
_DEGREES: dict[str, tuple[str, Range, Range, Range]] = {
    "spine1": ("y", (-14, 14), (-14, 14), (-12, 28)),
    "spine2": ("y", (-14, 14), (-14, 14), (-12, 28)),
    "spine3": ("y", (-14, 14), (-14, 14), (-12, 28)),
    "neck": ("y", (-40, 40), (-23, 23), (-35, 28)),
    "head": ("y", (-40, 40), (-23, 23), (-35, 28)),
    "jaw": ("x", (-2, 30), (-8, 8), (-3, 3)),
    "eye": ("z", (-5, 5), (-30, 30), (-45, 45)),
    "collar": ("x", (-25, 25), (-25, 20), (-12, 40)),
    "shoulder": ("x", (-105, 95), (-135, 50), (-95, 85)),
    "elbow": ("x", (-85, 90), (-150, 10), (-12, 12)),
    "wrist": ("x", (-40, 40), (-25, 35), (-80, 75)),
    "hip": ("y", (-48, 48), (-30, 50), (-125, 30)),
    "knee": ("y", (-25, 25), (-10, 10), (-10, 150)),
    "ankle": ("y", (-25, 25), (-25, 35), (-30, 55)),
    "foot": ("z", (-5, 5), (-65, 45), (-10, 10)),
    "thumb1": ("x", (-60, 60), (-50, 50), (-50, 50)),
    "thumb2": ("x", (-30, 30), (-60, 30), (-60, 30)),
    "thumb3": ("x", (-20, 20), (-90, 30), (-90, 30)),
    "finger1": ("x", (-20, 20), (-25, 25), (-95, 45)),
    "finger2": ("x", (-15, 15), (-12, 12), (-110, 12)),
    "finger3": ("x", (-15, 15), (-12, 12), (-90, 20)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """One joint's: `axis` of twist (0, 1, 2); lowest and highest [rad] of twist and of both swings, [3, 2]."""

    axis: int
    ranges: np.ndarray

    @property
    def order(self) -> list[int]:
        """Which component of a rotation vector each row of `ranges` bounds."""
        return [self.axis, (self.axis + 1) % 3, (self.axis + 2) % 3]


def _limits(joint: str) -> Limits | None:
    """None for the pelvis: a whole body may be turned any way."""
    side, _, name = joint.rpartition("_")
    if name in _DEGREES:
        axis, *ranges = _DEGREES[name]
    elif name[:-1] in ("index", "middle", "ring", "pinky"):
        axis, *ranges = _DEGREES[f"finger{name[-1]}"]
    else:
        return None
    number = "xyz".index(axis)
    found = np.radians(np.array(ranges, float))
    if side == "right":
        found = np.array([row if (number + k) % 3 == 0 else -row[::-1] for k, row in enumerate(found)])
    return Limits(number, frozen(found))


LIMITS: tuple[Limits | None, ...] = tuple(_limits(joint) for joint in JOINT_NAMES)


def parts(turns: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Rotation vectors [..., 3] as twists [rad] [...] about coordinate axis `axis`, then swings, vectors [..., 3]
    without it."""
    matrix = matrices(turns)
    bone, swung = np.eye(3)[axis], matrix[..., axis]
    across = np.cross(bone, swung)
    sine = np.linalg.norm(across, axis=-1)[..., None]
    # Swung right round, any axis will do: the one of the rotation itself.
    way = np.where(sine > 1e-9, across / np.maximum(sine, 1e-9), np.roll(bone, 1))
    swing = way * np.arctan2(sine, swung[..., axis, None])
    return vectors(matrices(-swing) @ matrix)[..., axis], swing


def joined(twist: np.ndarray | float, swing: np.ndarray, axis: int) -> np.ndarray:
    """The rotation vectors [..., 3] of twists [rad] [...] about `axis` followed by swings [..., 3]."""
    return vectors(matrices(swing) @ matrices(np.asarray(twist)[..., None] * np.eye(3)[axis]))


def limited(poses: np.ndarray, joints: tuple[int, ...] | None = None) -> np.ndarray:
    """Poses [..., 55, 3], those of their joints (all) that go too far brought back to where they can go."""
    after = np.array(poses, float)
    for number in range(len(JOINT_NAMES)) if joints is None else joints:
        limits = LIMITS[number]
        if limits is not None and after[..., number, :].any():
            after[..., number, :] = _clamped(after[..., number, :], limits)
    return after


def beyond(poses: np.ndarray) -> tuple[str, ...]:
    """The joints that go more than a degree further than a person's in any of the poses [..., 55, 3], by name."""
    back = matrices(-limited(poses)) @ matrices(poses)
    excess = np.linalg.norm(vectors(back), axis=-1).reshape(-1, len(JOINT_NAMES)).max(axis=0)
    return tuple(name for name, angle in zip(JOINT_NAMES, excess, strict=True) if angle > _TOLERANCE)


def _clamped(turns: np.ndarray, limits: Limits) -> np.ndarray:
    _, *across = limits.order
    twist, swing = parts(turns, limits.axis)
    held = np.clip(twist, *limits.ranges[0])
    reach = np.stack([limits.ranges[k][(swing[..., i] > 0).astype(int)] for k, i in enumerate(across, 1)], axis=-1)
    share = np.linalg.norm(swing[..., across] / reach, axis=-1)
    within = (held == twist) & (share <= 1.0)
    brought = joined(held, swing / np.maximum(share, 1.0)[..., None], limits.axis)
    return np.where(within[..., None], turns, brought)
