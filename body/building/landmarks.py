"""Anatomical points as vertex numbers, found once on the mean body in A-pose.

Heights as shares of stature are ANSUR II means of women and men (Gordon et al. 2014, NATICK/TR-15/007); the pit of the
throat is the ring of vertices above its mean, 0.818, where the surface is most like it.
"""

import numpy as np

from body.model import JOINT_NAMES

CERVICALE, SUPRASTERNALE = 0.864, 0.822
TENTH_RIB, ILIAC_CREST, NAVEL = 0.638, 0.606, 0.602
MID_PATELLA, MALLEOLUS = 0.276, 0.041


def find_landmarks(
    surface: np.ndarray, joints: np.ndarray, weights: np.ndarray, twin: np.ndarray, bust_point: int, eyes: np.ndarray
) -> dict[str, int]:
    """Points on an A-pose surface [n, 3] with joints [55, 3]. `eyes` lists the vertices of the eyeballs; `bust_point`
    is the left nipple. Sided points are found on the left (+X) and mirrored."""
    finder = _Finder(surface, joints, weights, eyes)
    middle = finder.middle() | finder.fixed_middle()
    left = {"nipple": bust_point} | finder.head() | finder.trunk() | finder.limbs() | finder.tips()
    points = dict(middle)
    for name, vertex in left.items():
        points[f"left_{name}"], points[f"right_{name}"] = int(vertex), int(twin[vertex])
    return points


class _Finder:
    def __init__(self, surface: np.ndarray, joints: np.ndarray, weights: np.ndarray, eyes: np.ndarray) -> None:
        self.x, self.y, self.z = (surface - [0, surface[:, 1].min(), 0]).T
        self.stature = self.y.max()
        self.surface, self.weights = surface, weights
        self.joints = joints - [0, surface[:, 1].min(), 0]
        self.skin = np.ones(len(surface), bool)
        self.skin[eyes] = False
        self.eyes = ~self.skin
        self.centre = self.skin & (np.abs(self.x) < 1e-4)
        self.arm = sum(weights[:, k] for k, name in enumerate(JOINT_NAMES) if _is_arm(name))

    def best(self, where: np.ndarray, score: np.ndarray) -> int:
        """The vertex with the highest score among those allowed."""
        return int(np.where(where, score, -np.inf).argmax())

    def at_height(self, where: np.ndarray, share: float) -> int:
        return self.best(where, -np.abs(self.y - share * self.stature))

    def joint(self, name: str) -> np.ndarray:
        return self.joints[JOINT_NAMES.index(name)]

    def of(self, *names: str) -> np.ndarray:
        return self.weights[:, [JOINT_NAMES.index(name) for name in names]].sum(axis=1)

    def middle(self) -> dict[str, int]:
        back = self.centre & (self.z < self.joint("neck")[2])
        front = self.centre & (self.z > self.joint("neck")[2])
        return {
            "crown": self.best(self.centre, self.y),
            "cervicale": self.at_height(back, CERVICALE),
            "suprasternale": self.at_height(front, SUPRASTERNALE),
            "navel": self.at_height(front, NAVEL),
            "lumbar": self.at_height(back, NAVEL),
            "crotch": self.best(self.centre & (self.y > 0.4 * self.stature) & (self.y < 0.55 * self.stature), -self.y),
        }

    def fixed_middle(self) -> dict[str, int]:
        head = self.centre & (self.y > 0.87 * self.stature)
        nose = self.best(head, self.z)
        brow_height = self.joint("left_eye")[1] + 0.03
        return {
            "nose": nose,
            "glabella": self.best(head & (self.z > 0.05), -np.abs(self.y - brow_height)),
            "occiput": self.best(head, -self.z),
            "larynx": self.best(self.centre & (self.z > self.joint("neck")[2]), -np.abs(self.y - 0.85 * self.stature)),
        }

    def head(self) -> dict[str, int]:
        skull = self.skin & (self.of("head") > 0.5)
        eye = self.eyes & (self.x > 0)
        return {"ear": self.best(skull, self.x), "eye": self.best(eye, self.z)}

    def trunk(self) -> dict[str, int]:
        left = self.skin & (self.x > 0.02)
        trunk = left & (self.arm < 0.5)
        shoulder, neck = self.joint("left_shoulder"), self.joint("neck")
        top = left & (self.x < shoulder[0]) & (np.abs(self.z - shoulder[2] + 0.015) < 0.015)
        top &= self.of("left_collar", "left_shoulder") > 0.5
        side_neck = trunk & (np.abs(self.z - neck[2]) < 0.03) & (self.y > neck[1] - 0.03)
        fold = (self.of("left_shoulder") > 0.25) & (self.of("left_shoulder") < 0.75)
        fold &= self.of("left_elbow") < 0.05
        pit = self.skin & fold & (self.y < shoulder[1]) & (self.y > shoulder[1] - 0.2)
        front, back = pit & (self.z > shoulder[2] + 0.03), pit & (self.z < shoulder[2] - 0.03)
        hips = trunk & (self.y > 0.42 * self.stature) & (self.y < 0.6 * self.stature)
        return {
            "acromion": self.best(top, self.x + 0.5 * self.y),
            "side_neck": self.best(side_neck, -np.abs(self.x - 0.034 * self.stature) - 0.3 * np.abs(self.y - neck[1])),
            "armpit_front": self.best(front, -self.y),
            "armpit_back": self.best(back, -self.y),
            "armpit": self.best(pit & (np.abs(self.z - shoulder[2]) < 0.03), -self.y),
            "buttock": self.best(hips, -self.z),
            "tenth_rib": self.side_of(trunk, TENTH_RIB),
            "iliac_crest": self.side_of(trunk, ILIAC_CREST),
            "trochanter": self.side_of(trunk, 0.5),
        }

    def side_of(self, where: np.ndarray, share: float) -> int:
        """The outermost vertex near a height."""
        return self.best(where & (np.abs(self.y - share * self.stature) < 0.008 * self.stature), self.x)

    def limbs(self) -> dict[str, int]:
        left = self.skin & (self.x > 0.02)
        shank = left & (self.of("left_knee", "left_hip", "left_ankle") > 0.5)
        knee = shank & (np.abs(self.y - MID_PATELLA * self.stature) < 0.012 * self.stature)
        ankle = shank & (np.abs(self.y - MALLEOLUS * self.stature) < 0.008 * self.stature)
        arm = left & (self.of("left_shoulder", "left_elbow") > 0.9)
        elbow, wrist = self.joint("left_elbow"), self.joint("left_wrist")
        near_elbow = arm & (np.linalg.norm(self.points() - elbow, axis=1) < 0.08)
        bisector = _unit(elbow - self.joint("left_shoulder")) - _unit(wrist - elbow)
        near_wrist = left & (np.linalg.norm(self.points() - wrist, axis=1) < 0.05)
        to_thumb = _unit(self.joint("left_thumb1") - wrist)
        return {
            "patella": self.best(knee, self.z),
            "malleolus": self.best(ankle, self.x),
            "inner_malleolus": self.best(ankle, -self.x),
            "elbow": self.best(near_elbow, self.points() @ bisector),
            "wrist": self.best(near_wrist, -(self.points() - wrist) @ to_thumb),
        }

    def tips(self) -> dict[str, int]:
        foot = self.skin & (self.of("left_foot", "left_ankle") > 0.5)
        tips = {
            "big_toe": self.best(foot, self.z - 0.6 * self.x),
            "small_toe": self.best(foot & (self.of("left_foot") > 0.5), 0.7 * self.z + self.x),
            "heel": self.best(foot, -self.z - 0.3 * self.y),
        }
        for finger in ("thumb", "index", "middle", "ring", "pinky"):
            along = _unit(self.joint(f"left_{finger}3") - self.joint(f"left_{finger}2"))
            tips[finger] = self.best(self.of(f"left_{finger}3") > 0.5, self.points() @ along)
        return tips

    def points(self) -> np.ndarray:
        return np.stack([self.x, self.y, self.z], axis=1)


def _is_arm(name: str) -> bool:
    return any(part in name for part in ("shoulder", "elbow", "wrist", "index", "middle", "ring", "pinky", "thumb"))


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)
