"""Puts the movement of another skeleton on ours: joints are found by their names, directions by the bones.

A joint of ours is turned in the room as its counterpart is, after our rest pose was laid into the other's: trunk and
head by the frame of its hips and spine, arms and legs bone by bone, the shortest way. So it does not matter whether a
skeleton rests with its arms out or down, which way it faces or how tall it is. Where a rest pose is no standing person
at all (bones all along one axis), a limb's twist is taken from how its knee or elbow bends in the movement itself.
(Rest pose retargeting as in Monzani et al., "Using an Intermediate Skeleton...", Eurographics 2000.)
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from assets.errors import InputRefused
from body.model import JOINT_NAMES, PARENTS
from body.poses import RELAXED
from body.posing.skeleton import NUMBER, between, matrices, unchained, vectors

_SIDES = ("left", "right")
# What others call a joint, without its side: Mixamo, CMU, Rokoko, Biped, Rigify, MakeHuman, Poser, Truebones, SMPL.
_CALLED = {
    "hip": ("upleg", "upperleg", "thigh", "hip", "femur", "upperlegs"),
    "knee": ("leg", "lowerleg", "lowleg", "shin", "calf", "knee", "tibia", "crus"),
    "ankle": ("foot", "ankle", "feet"),
    "foot": ("toebase", "toe", "toes", "ball", "toe0", "forefoot"),
    "collar": ("collar", "clavicle", "clav", "shoulderblade", "collarbone"),
    "shoulder": ("upperarm", "uparm", "arm", "shldr", "humerus", "upperarms", "shoulder"),
    "elbow": ("forearm", "lowerarm", "lowarm", "elbow", "foarm", "radius"),
    "wrist": ("hand", "wrist"),
}
_FINGERS = {"thumb": "thumb", "index": "index", "middle": "middle", "mid": "middle", "ring": "ring", "pinky": "pinky",
            "little": "pinky"}  # fmt: skip
_FILLERS = ("jnt", "joint", "j", "bip", "bone", "bend")
_NEEDED = ("hip", "knee", "shoulder", "elbow")
_LIMBS = (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist"), ("wrist", "middle1"))
_STRANGE = np.cos(np.radians(110.0))
_SNAP = np.cos(np.radians(25.0))


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """Another's skeleton: names, parents (-1: none), offsets from the parent at rest [j, 3], any unit."""

    names: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: np.ndarray


class Retarget:
    """Puts another skeleton's movement on ours, block by block; the first block tells how its limbs bend. Raises
    InputRefused where hips, knees, shoulders or elbows are not found."""

    def __init__(self, skeleton: Skeleton, file: str) -> None:
        self.skeleton, self.found = skeleton, matched(skeleton, file)
        self._places = _rest_places(skeleton)
        self._scale = _scale(self._places, self.found)
        self._fingers = any(name.startswith(("left_index", "left_middle")) for name in self.found)
        self._laid: dict[str, np.ndarray] | None = None

    @property
    def notes(self) -> list[str]:
        """What a person should know of the result."""
        bones = "its bones are not as long as yours: hands and feet may not be just where they were"
        return [bones] if self._fingers else [bones, "it has no fingers: the hands are at ease"]

    def __call__(self, local: np.ndarray, path: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Our turns [t, 55, 3] and the pelvis's path in metres of our size [t, 3], both in their world, of their
        joints' rotations [t, j, 3, 3] and their root's path [t, 3]."""
        turns = _chained(self.skeleton, local)
        self._laid = self._laid or _laid(self._places, turns, self.found)
        whole = np.empty((len(local), len(JOINT_NAMES), 3, 3))
        for number, (name, parent) in enumerate(zip(JOINT_NAMES, PARENTS, strict=True)):
            theirs = self.found.get(name)
            whole[:, number] = whole[:, parent] if theirs is None else turns[:, theirs] @ self._laid[name]
        _share_spine(whole)
        pose = unchained(whole)
        if not self._fingers:
            pose[:, 25:] = RELAXED[25:]
        return pose, _pelvis_path(self.skeleton, turns, path, self.found["pelvis"]) * self._scale


def matched(skeleton: Skeleton, file: str) -> dict[str, int]:
    """Our joints' names -> numbers of theirs. Raises InputRefused, naming what was not found."""
    called: dict[tuple[str, str], int] = {}
    for number, name in enumerate(skeleton.names):
        side, word = _said(name)
        if side:
            called.setdefault((side, word), number)
    found: dict[str, int] = {}
    for side in _SIDES:
        own = {word: number for (where, word), number in called.items() if where == side}
        found |= {f"{side}_{joint}": number for joint, number in _limb_joints(own).items()}
        found |= {f"{side}_{joint}": number for joint, number in _finger_joints(own).items()}
    missing = [f"{side}_{joint}" for joint in _NEEDED for side in _SIDES if f"{side}_{joint}" not in found]
    if missing:
        raise InputRefused(
            f"{file}: no joint of its skeleton is known as the {missing[0].replace('_', ' ')}; name its joints as "
            "Mixamo, CMU or Blender do (LeftUpLeg, LeftArm...)"
        )
    above = {joint: _ancestors(skeleton, number) for joint, number in found.items()}
    for middle, joint in (("pelvis", "hip"), ("spine3", "shoulder")):
        both = [n for n in above[f"left_{joint}"][1:] if n in above[f"right_{joint}"]]
        if not both:
            raise InputRefused(f"{file}: its left and right {joint} hang on no common joint")
        found[middle] = both[0]
    heads = [n for n, name in enumerate(skeleton.names) if re.search(r"head(?!.*(end|top|nub))", name, re.IGNORECASE)]
    for head in heads[:1]:
        way = _ancestors(skeleton, head)
        found["head"] = head
        if found["spine3"] in way and (between_ := way[1 : way.index(found["spine3"])]):
            found["neck"] = between_[len(between_) // 2]
    return found


def _said(name: str) -> tuple[str, str]:
    """The side ("" in the middle) and the word of a joint's name."""
    plain = re.sub(r"^(.*:|mixamorig\d*_?|bip0?\d*[ _]|character\d*_|def[-_])", "", name, flags=re.IGNORECASE)
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=^[LRlr])(?=[A-Z][a-z])", "_", plain).lower()
    parts = [part for part in re.split(r"[^a-z0-9]+", plain) if part]
    sides = {"left": "left", "right": "right", "l": "left", "r": "right"}
    side = next((sides[part] for part in parts if part in sides), "")
    if not side and parts and (joined := re.match(r"(left|right)(.+)", parts[0])):
        side, parts[0] = joined[1], joined[2]
    return side, "".join(part for part in parts if part not in sides and part not in _FILLERS)


def _limb_joints(own: dict[str, int]) -> dict[str, int]:
    found = {}
    for joint, words in _CALLED.items():
        for word in words:
            if word in own:
                found[joint] = own[word]
                break
    # "Shoulder" is a collar bone where the upper arm has a name of its own, "leg" a thigh where the shin has one,
    # "foot" the ball of the foot where there is an ankle.
    if "shoulder" in own and found.get("shoulder") != own["shoulder"]:
        found.setdefault("collar", own["shoulder"])
    if "ankle" in own and "foot" in own:
        found |= {"ankle": own["ankle"], "foot": own["foot"]}
    shin = next((own[word] for word in _CALLED["knee"][1:] if word in own), None)
    if "leg" in own and "hip" not in found and shin is not None:
        found |= {"hip": own["leg"], "knee": shin}
    return found


def _finger_joints(own: dict[str, int]) -> dict[str, int]:
    """Fingers by their name and a digit: LeftHandIndex1, f_index.01.L, index_01_l."""
    found: dict[str, int] = {}
    for word, number in own.items():
        told = re.fullmatch(
            r"(?:hand|inhand|f|finger)*(thumb|index|middle|mid|ring|pinky|little)(?:finger)?0*([123])", word
        )
        if told:
            found.setdefault(f"{_FINGERS[told[1]]}{told[2]}", number)
    return found


def _ancestors(skeleton: Skeleton, number: int) -> list[int]:
    """A joint and all above it, itself first."""
    way = [number]
    while skeleton.parents[way[-1]] >= 0:
        way.append(skeleton.parents[way[-1]])
    return way


def _rest_places(skeleton: Skeleton) -> np.ndarray:
    places = np.array(skeleton.offsets, float)
    for number, parent in enumerate(skeleton.parents):
        if parent >= 0:
            places[number] += places[parent]
    return places


def _chained(skeleton: Skeleton, local: np.ndarray) -> np.ndarray:
    turns = np.array(local)
    for number, parent in enumerate(skeleton.parents):
        if parent >= 0:
            turns[:, number] = turns[:, parent] @ local[:, number]
    return turns


def _laid(places: np.ndarray, turns: np.ndarray, found: dict[str, int]) -> dict[str, np.ndarray]:
    """For each joint that was found, the rotation [3, 3] that lays our rest bone into theirs."""
    trunk = _trunk(places, found)
    laid = dict.fromkeys(found, trunk)
    ours = _our_bones()
    for side in _SIDES:
        for joint, child in _LIMBS:
            name, end = f"{side}_{joint}", f"{side}_{child}"
            if name not in found:
                continue
            before = laid[_above(name, found)]
            if end not in found:
                laid[name] = before
                continue
            bone, start = places[found[end]] - places[found[name]], before @ ours[name]
            strange = bone @ start < _STRANGE * np.linalg.norm(bone)
            hinge = _hinge(turns, places, found, side, joint) if strange else None
            laid[name] = between(start, bone) @ before if hinge is None else _frame(bone, hinge) @ _our_frame(name).T
        ankle, knee = f"{side}_ankle", laid[f"{side}_knee"]
        if ankle in found:
            laid[ankle] = _foot(places, found, side, trunk, knee)
            laid[f"{side}_foot"] = laid[ankle]
        for name in found:
            if name.startswith(side) and name[-1].isdigit():
                laid[name] = laid[f"{side}_wrist"] if f"{side}_wrist" in found else laid[f"{side}_elbow"]
    return laid


def _above(name: str, found: dict[str, int]) -> str:
    parent = PARENTS[NUMBER[name]]
    while JOINT_NAMES[parent] not in found:
        parent = PARENTS[parent]
    return JOINT_NAMES[parent]


def _trunk(places: np.ndarray, found: dict[str, int]) -> np.ndarray:
    """Our axes (left, up, front) in their rest pose, [3, 3] by columns, snapped to their axes where near them."""
    left = places[found["left_hip"]] - places[found["right_hip"]]
    up = places[found["left_shoulder"]] + places[found["right_shoulder"]] - 2 * places[found["pelvis"]]
    if np.linalg.norm(np.cross(left, up)) <= 1e-6 * float(np.linalg.norm(left) * np.linalg.norm(up)):
        left = places[found["left_shoulder"]] - places[found["right_shoulder"]]
    left, up = _snapped(left), _snapped(up)
    up = up - (up @ left) * left
    if np.linalg.norm(up) < 1e-6 or np.linalg.norm(left) < 1e-6:
        return np.eye(3)
    up /= np.linalg.norm(up)
    return np.stack([left, up, np.cross(left, up)], axis=1)


def _snapped(way: np.ndarray) -> np.ndarray:
    unit = way / max(float(np.linalg.norm(way)), 1e-12)
    axis = int(np.abs(unit).argmax())
    return np.sign(unit[axis]) * np.eye(3)[axis] if abs(unit[axis]) > _SNAP else unit


def _foot(places: np.ndarray, found: dict[str, int], side: str, trunk: np.ndarray, shin: np.ndarray) -> np.ndarray:
    """A foot that stands flat at rest in both; only where its toes point may differ."""
    down = trunk.T @ shin @ _our_bones()[f"{side}_knee"]
    if f"{side}_foot" not in found or down[1] > -0.8:
        return shin if down[1] > -0.8 else trunk
    theirs = trunk.T @ (places[found[f"{side}_foot"]] - places[found[f"{side}_ankle"]])
    ours = _our_bones()[f"{side}_ankle"]
    if np.hypot(theirs[0], theirs[2]) < 0.3 * np.linalg.norm(theirs):
        return trunk
    heading = np.arctan2(theirs[0], theirs[2]) - np.arctan2(ours[0], ours[2])
    return trunk @ matrices([0.0, heading, 0.0])


def _hinge(turns: np.ndarray, places: np.ndarray, found: dict[str, int], side: str, joint: str) -> np.ndarray | None:
    """The axis, in the upper bone's rest frame, about which a knee or an elbow bends in the movement; None where it
    hardly does."""
    limb = ("hip", "knee", "ankle") if joint in ("hip", "knee") else ("shoulder", "elbow", "wrist")
    names = [f"{side}_{name}" for name in limb]
    if joint == "wrist" or any(name not in found for name in names):
        return None
    a, b, c = (found[name] for name in names)
    first, second = places[b] - places[a], places[c] - places[b]
    relative = np.swapaxes(turns[:, a], 1, 2) @ turns[:, b] @ second
    axis = np.cross(first, relative).mean(axis=0)
    if np.linalg.norm(axis) < 0.2 * np.linalg.norm(first) * np.linalg.norm(second):
        return None
    return axis / np.linalg.norm(axis)


def _frame(bone: np.ndarray, hinge: np.ndarray) -> np.ndarray:
    """A bone's direction, its hinge square to it, and the third, [3, 3] by columns."""
    along = bone / np.linalg.norm(bone)
    across = hinge - (hinge @ along) * along
    across /= np.linalg.norm(across)
    return np.stack([along, across, np.cross(along, across)], axis=1)


def _our_frame(name: str) -> np.ndarray:
    """The same of our joint: a knee bends about +x, a left elbow about -y, a right one about +y."""
    leg = name.endswith(("hip", "knee"))
    elbow = np.array([0.0, -1.0 if name.startswith("left") else 1.0, 0.0])
    return _frame(_our_bones()[name], np.array([1.0, 0.0, 0.0]) if leg else elbow)


@cache
def our_places() -> np.ndarray:
    from body.models.builtin import BuiltinBody, load_builtin

    model = load_builtin()
    assert isinstance(model, BuiltinBody)
    return model.joint_regressor.astype(np.float64) @ model.template


@cache
def _our_bones() -> dict[str, np.ndarray]:
    """Unit directions of our limbs at rest."""
    places, found = our_places(), {}
    for side in _SIDES:
        for joint, child in (*_LIMBS, ("ankle", "foot")):
            bone = places[NUMBER[f"{side}_{child}"]] - places[NUMBER[f"{side}_{joint}"]]
            found[f"{side}_{joint}"] = bone / np.linalg.norm(bone)
    return found


def _share_spine(whole: np.ndarray) -> None:
    """What the chest turns against the pelvis, in thirds over the joints of the spine."""
    pelvis, chest = whole[:, 0], whole[:, NUMBER["spine3"]]
    turn = vectors(np.swapaxes(pelvis, 1, 2) @ chest)
    for k, name in ((1, "spine1"), (2, "spine2")):
        whole[:, NUMBER[name]] = pelvis @ matrices(turn * k / 3)


def _scale(places: np.ndarray, found: dict[str, int]) -> float:
    """Our leg over theirs: whatever their unit is."""
    ours = our_places()

    def leg(of: np.ndarray, number: dict[str, int]) -> float:
        way = [of[number[f"left_{name}"]] for name in ("hip", "knee")]
        return float(np.linalg.norm(way[1] - way[0]))

    return leg(ours, NUMBER) / max(leg(places, found), 1e-9)


def _pelvis_path(skeleton: Skeleton, turns: np.ndarray, path: np.ndarray, pelvis: int) -> np.ndarray:
    """Where the pelvis goes when it is not the root itself."""
    moved = path.copy()
    way = _ancestors(skeleton, pelvis)[::-1]
    for parent, child in pairwise(way):
        moved = moved + turns[:, parent] @ skeleton.offsets[child]
    return moved
