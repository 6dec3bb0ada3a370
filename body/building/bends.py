"""How far joints turn in everyday life: the turns that pose correctives are fitted to, one joint at a time.

Left joints and middle ones; right joints mirror the left. Ranges are about those of clinical tables (American Academy
of Orthopaedic Surgeons, "Joint Motion", 1965), most a little short of their ends.
"""

from itertools import product

import numpy as np
from scipy.spatial.transform import Rotation

# Joints whose skin settles (body/building/relax.py); at the others skinning about centres is good as it is.
SETTLES = ("left_collar", "left_shoulder", "left_elbow", "left_knee")
# Joints whose skin is shared between the bones over more of its length than the weights say.
BROADLY = ("left_hip",)
# Joints that are far from the T-pose where they are right: the rest surface gives way for them.
LIFTED = ("left_shoulder", "left_elbow")
_FINGERS = ("index", "middle", "ring", "pinky")
# Where the upper arm points: degrees above the horizontal, and forward of straight sideways.
_REACHES = (
    *product((-75, -60, -35, 0, 30, 60, 85), (0,)), *product((-60, -30, 0, 40, 70), (45,)),
    *product((-70, -45, 0, 45, 75), (88,)), (0, 115), (-45, 115), (-70, -40), (-50, -40), (-10, -30),
)  # fmt: skip
_TWISTED = ((-70, 0), (-40, 0), (0, 0), (60, 0), (0, 45), (-60, 45), (0, 88), (-60, 88), (60, 80))


def bends() -> dict[str, np.ndarray]:
    """Local rotations [k, 3, 3] of each joint."""
    found = {
        "left_collar": [_turn("z", a) for a in (-12, 12, 24)] + [_turn("y", a) for a in (-22, -12, 12)]
        + [_turn("yz", a, b) for a, b in product((-14, 10), (-8, 16))],
        "left_shoulder": [_reach(*to) for to in _REACHES]
        + [_reach(*to) @ _turn("x", twist) for to, twist in product(_TWISTED, (-70, -35, 35))],
        "left_elbow": [_turn("yx", -flexion, twist)
                       for flexion, twist in product((5, 60, 90, 115, 140), (-50, 0, 50))],
        "left_wrist": [_turn("z", a) for a in (-65, -35, 30, 55)] + [_turn("y", a) for a in (-22, 18)]
        + [_turn("x", a) for a in (-70, -40, 40, 70)] + [_turn("zx", a, b) for a, b in product((-40, 40), (-45, 45))],
        "left_hip": [_turn("x", -a) for a in (-25, 25, 50, 75, 95, 110)] + [_turn("z", a) for a in (-18, 18, 32, 45)]
        + [_turn("xz", -a, b) for a, b in product((45, 90), (-10, 20, 35))] + [_turn("y", a) for a in (-30, 30)]
        + [_turn("xy", -a, b) for a, b in product((50, 90), (-25, 30))],
        "left_knee": [_turn("x", a) for a in (15, 35, 60, 90, 110, 130)]
        + [_turn("xy", a, b) for a, b in product((60, 95), (-18, 18))],
        "left_ankle": [_turn("x", a) for a in (-22, -12, 15, 30, 45)] + [_turn("z", a) for a in (-18, 18)]
        + [_turn("y", a) for a in (-20, 20)],
        "left_foot": [_turn("x", a) for a in (-55, -30, 20)],
    }  # fmt: skip
    for name in ("spine1", "spine2", "spine3", "neck", "head"):
        most = 1.0 if name.startswith("spine") else 1.5
        found[name] = [_turn(axis, most * a) for axis, a in product("xyz", (-22, -11, 11, 22))] + [
            _turn("x", most * 30)
        ]
    for finger in _FINGERS:
        found[f"left_{finger}1"] = [_turn("z", a) for a in (20, -30, -60, -85)] + [_turn("y", a) for a in (-12, 12)]
        found[f"left_{finger}2"] = [_turn("z", a) for a in (-25, -50, -75, -100)]
        found[f"left_{finger}3"] = [_turn("z", a) for a in (-25, -50, -70)]
    for k in (1, 2, 3):
        found[f"left_thumb{k}"] = [_turn(axis, a) for axis, a in product("yz", (-30, 30))]
    return {name: np.stack(turns) for name, turns in found.items()}


def _turn(axes: str, *degrees: float) -> np.ndarray:
    """Rotation [3, 3]: about the last axis first."""
    return Rotation.from_euler(axes.upper(), degrees, degrees=True).as_matrix().reshape(3, 3)


def _reach(above: float, forward: float) -> np.ndarray:
    """The smallest rotation [3, 3] that takes the left arm from straight sideways there."""
    up, ahead = np.radians((above, forward))
    way = np.array([np.cos(up) * np.cos(ahead), np.sin(up), np.cos(up) * np.sin(ahead)])
    axis = np.cross([1.0, 0.0, 0.0], way)
    angle = np.arctan2(np.linalg.norm(axis), way[0])
    return Rotation.from_rotvec(angle * axis / max(np.linalg.norm(axis), 1e-12)).as_matrix()
