"""How each measure of the table is taken: which level, which points, which way round.

Levels hang on the model's anatomical points, girths are convex-hull cuts, limbs are cut square to the bone, lengths run
taut over the surface (body/tape.py). A take says its length, the length's slope and where the tape lay.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from body.anatomy import SIDES, Anatomy
from body.model import JOINT_NAMES
from body.tape import (
    Figure,
    Kind,
    Length,
    Moving,
    Section,
    Spot,
    Strand,
    arc,
    crossed,
    cut,
    distance,
    largest,
    mean,
    smallest,
    span,
    unit,
)

UP, LEFT, FRONT = np.eye(3)[[1, 0, 2]]
# How far down the upper arm, as a share of it, the tape round its root lies.
SCYE = 0.05
Take = Callable[["Tape"], Length]


class Tape:
    """One figure with its anatomical points and edge regions: what the takes below are told in."""

    def __init__(self, figure: Figure, on: Anatomy) -> None:
        self.figure, self._anatomy = figure, on
        self._levels: dict[tuple[str, float], Section] = {}
        self.floor = figure.point(int(figure.vertices[:, 1].argmin()))

    def point(self, name: str) -> Spot:
        if name in self._anatomy.between:
            return self.figure.between(*self._anatomy.between[name])
        return self.figure.point(self._anatomy.points[name])

    def joint(self, name: str) -> Moving:
        return self.figure.joint(JOINT_NAMES.index(name))

    def both(self, name: str) -> Moving:
        """Midway between a left point and its right twin."""
        return mean(self.point(f"left_{name}"), self.point(f"right_{name}"))

    def height(self, point: Moving, shown: Spot, kind: Kind = "upright") -> Length:
        """Of a point above the floor, shown as that of a point of the surface."""
        gap = (point - self.floor)[1]
        return Length(gap.value, gap.slope, _upright(shown, kind=kind))

    def level(self, region: str, point: Moving) -> Section:
        """A level cut through a point."""
        key = region, float(point.value[1])
        if key not in self._levels:
            upright = Moving(UP, np.zeros((3, point.slope.shape[-1])))
            self._levels[key] = cut(self.figure, self._anatomy.edges[region], point, upright)
        return self._levels[key]

    def across(self, region: str, point: Moving, bone: Moving) -> Section:
        """A cut through a point, square to a bone."""
        return cut(self.figure, self._anatomy.edges[region], point, unit(bone))

    def armscye(self, side: str) -> Section:
        """The root of the arm: a cut through shoulder tip and armpit, seen from the side as round. The tape rests on
        the arm, a little down from where arm and trunk part."""
        pit = self.point(f"{side}_armpit") + (self.joint(f"{side}_elbow") - self.joint(f"{side}_shoulder")) * SCYE
        return self.across(f"{side}_scye", pit, crossed(self.point(f"{side}_acromion") - pit, FRONT))

    def arc(self, region: str, start: Spot, end: Spot, outward: np.ndarray, wide: bool = False) -> Length:
        return arc(self.figure, self._anatomy.edges[region], start, end, outward, wide)

    def waist(self) -> Moving:
        return mean(self.both("tenth_rib"), self.both("iliac_crest"))

    def waist_at(self, way: np.ndarray, aside: float | np.ndarray = 0.0) -> Spot:
        """Where the waist crosses the middle of the front or back, or the upright plane x = `aside` [m]."""
        return self._crossing(self.level("torso", self.waist()), way, aside)

    def armpits_at(self, way: np.ndarray) -> Spot:
        """Where the level of the armpits crosses the middle of the front or back."""
        return self._crossing(self.level("torso", self.both("armpit")), way, 0.0)

    def waist_side(self, side: str) -> Spot:
        """The outermost point of the waist."""
        return self.level("torso", self.waist()).furthest(_away(side))

    def hip_side(self, side: str) -> Spot:
        """The outermost point at the level of the hip girth."""
        return self.level("torso", self.both("buttock")).furthest(_away(side))

    def mid_shoulder(self, side: str) -> Spot:
        """Midway along the top of the shoulder."""
        root, tip = self.point(f"{side}_side_neck"), self.point(f"{side}_acromion")
        middle = mean(root, tip)
        return self.across("torso", middle, tip - root).nearest(middle.value + 0.1 * UP)

    def high_hip(self) -> Moving:
        return mean(self.waist(), self.both("buttock"))

    def underbust(self) -> Moving:
        return self.both("nipple") * 0.62 + self.both("tenth_rib") * 0.38

    def reach(self, region: str, axis: np.ndarray) -> Length:
        """How far a region's vertices extend along a unit vector."""
        first, last = self._ends(region, axis)
        return span(first, last, axis)

    def stature(self) -> Length:
        top, foot = self._ends("skin", UP)
        tall = span(top, foot, UP)
        return Length(tall.value, tall.slope, _upright(top))

    def _ends(self, region: str, axis: np.ndarray) -> tuple[Spot, Spot]:
        chosen = self._anatomy.vertices[region]
        along = self.figure.vertices[chosen] @ axis
        return self.figure.point(int(chosen[along.argmax()])), self.figure.point(int(chosen[along.argmin()]))

    @staticmethod
    def _crossing(section: Section, way: np.ndarray, aside: float | np.ndarray) -> Spot:
        ahead = section.points @ way > (section.points @ way).mean()
        return section.spot(int(np.where(ahead, np.abs(section.points @ LEFT - aside), np.inf).argmin()))


def _away(side: str) -> np.ndarray:
    return LEFT if side == "left" else -LEFT


def _upright(*spots: Spot, kind: Kind = "upright") -> tuple[Strand, ...]:
    return (Strand(np.stack([spot.edge for spot in spots]), np.array([spot.share for spot in spots]), kind),)


def _sides(take: Callable[[Tape, str], Length]) -> Take:
    """A measure of one side, averaged over both."""
    return lambda on: mean(*(take(on, side) for side in SIDES))


def _head_girth(on: Tape) -> Length:
    brow, crown = on.point("glabella"), on.point("crown")
    return largest([on.level("head", brow * (1 - share) + crown * share).girth() for share in (0.0, 0.15, 0.3, 0.45)])


def _neck_girth(on: Tape) -> Length:
    bone = on.joint("head") - on.joint("neck")
    places = [on.point("larynx") + bone * share for share in (0.1, 0.2, 0.3, 0.4)]
    return smallest([on.across("neck", place, bone).girth() for place in places])


def _neck_base_girth(on: Tape, side: str) -> Length:
    """One side's half, twice."""
    nape, root, pit = (on.point(name) for name in ("cervicale", f"{side}_side_neck", "suprasternale"))
    back = on.arc("neck", nape, root, _away(side) + UP - FRONT)
    return (back + on.arc("neck", root, pit, _away(side) + UP + FRONT)) * 2


def _shoulder_girth(on: Tape) -> Length:
    """Midway between shoulder tips and armpits, where the deltoids stand out."""
    return on.level("shoulders", on.both("acromion") * 0.5 + on.both("armpit") * 0.5).girth()


def _least_waist_girth(on: Tape) -> Length:
    high, low = on.underbust(), on.high_hip()
    levels = [high * (1 - share) + low * share for share in np.linspace(0, 1, 9)]
    return smallest([on.level("torso", level).girth() for level in levels])


def _trunk_girth(on: Tape, side: str) -> Length:
    """From mid-shoulder over the bust point, through the crotch, over the seat."""
    top, crotch = on.mid_shoulder(side), on.point("crotch")
    bust, seat = on.point(f"{side}_nipple"), on.point(f"{side}_buttock")
    front = on.arc("torso", top, bust, FRONT + UP) + on.arc("torso", bust, crotch, FRONT)
    return front + on.arc("torso", top, seat, UP - FRONT) + on.arc("torso", seat, crotch, -UP - FRONT)


def _limb(
    region: str, start: str, end: str, shares: tuple[float, ...], choose: Callable[[list[Length]], Length] = largest
) -> Take:
    """The chosen one of the girths square to the bone between two joints, at shares of its length; sides averaged."""

    def take(on: Tape, side: str) -> Length:
        first = on.joint(f"{side}_{start}")
        bone = on.joint(f"{side}_{end}") - first
        return choose([on.across(f"{side}_{region}", first + bone * share, bone).girth() for share in shares])

    return _sides(take)


def _leg_level(share: float) -> Take:
    """A level girth of one leg at a share of the way from crotch to knee."""

    def take(on: Tape, side: str) -> Length:
        level = on.point("crotch") * (1 - share) + on.point(f"{side}_patella") * share
        return on.level(f"{side}_leg", level).girth()

    return _sides(take)


def _foot_length(on: Tape, side: str) -> Length:
    along = (on.joint(f"{side}_foot").value - on.joint(f"{side}_ankle").value) * [1, 0, 1]
    return on.reach(f"{side}_foot", along / np.linalg.norm(along))


def _crotch_length(on: Tape, side: str) -> Length:
    """Beside the cleft, which a tape bridges: in a plane a fifth of the way from the middle to the hip joint."""
    aside = 0.2 * on.joint(f"{side}_hip")[0].value
    return on.arc("crotch", on.waist_at(FRONT, aside), on.waist_at(-FRONT, aside), -UP, wide=True)


def _shoulders_over_nape(on: Tape) -> Length:
    return _nape_to_tip(on, "left") + _nape_to_tip(on, "right")


def _nape_to_tip(on: Tape, side: str) -> Length:
    return on.arc("torso", on.point("cervicale"), on.point(f"{side}_acromion"), UP - FRONT)


def _arm_length(on: Tape, side: str) -> Length:
    return _upper_arm_length(on, side) + distance(on.point(f"{side}_elbow"), on.joint(f"{side}_wrist"))


def _upper_arm_length(on: Tape, side: str) -> Length:
    return distance(on.point(f"{side}_acromion"), on.point(f"{side}_elbow"))


def _under_arm_length(on: Tape, side: str) -> Length:
    return distance(on.point(f"{side}_armpit"), on.joint(f"{side}_elbow")) + distance(
        on.joint(f"{side}_elbow"), on.joint(f"{side}_wrist")
    )


def _hand_length(on: Tape, side: str) -> Length:
    """Along the bones of the middle finger, as if it were stretched."""
    joints = [on.joint(f"{side}_{name}") for name in ("wrist", "middle1", "middle2", "middle3")]
    parts = [distance(a, b) for a, b in zip(joints, [*joints[1:], on.point(f"{side}_middle")], strict=True)]
    return parts[0] + parts[1] + parts[2] + parts[3]


def _hand_girth(on: Tape, side: str) -> Length:
    knuckle = mean(*(on.joint(f"{side}_{finger}1") for finger in ("index", "middle", "ring", "pinky")))
    return on.across(f"{side}_hand", knuckle, knuckle - on.joint(f"{side}_wrist")).girth()


def _side_neck_to_bust(on: Tape, side: str) -> Length:
    return on.arc("torso", on.point(f"{side}_side_neck"), on.point(f"{side}_nipple"), UP + FRONT)


def _front_waist_length(on: Tape, side: str) -> Length:
    bust = on.point(f"{side}_nipple")
    return _side_neck_to_bust(on, side) + on.arc("torso", bust, on.waist_at(FRONT, bust[0].value), FRONT)


def _waist_to_hip(on: Tape, side: str) -> Length:
    return on.arc("torso", on.waist_side(side), on.hip_side(side), _away(side))


def _outseam(on: Tape, side: str) -> Length:
    hip = on.hip_side(side)
    return _waist_to_hip(on, side) + on.height(hip, hip, "hanging")


def _waist_to_knee(on: Tape, side: str) -> Length:
    hip, knee = on.hip_side(side), on.point(f"{side}_patella")
    gap = (hip - knee)[1]
    return _waist_to_hip(on, side) + Length(gap.value, gap.slope, _upright(hip, knee, kind="hanging"))


def _body_rise(on: Tape) -> Length:
    gap = (on.waist() - on.point("crotch"))[1]
    return Length(gap.value, gap.slope, _upright(on.waist_side("left"), on.point("crotch")))


def _height_of(point: str) -> Take:
    def take(on: Tape, name: str) -> Length:
        return on.height(on.point(name), on.point(name), "hanging" if name == "crotch" else "upright")

    if point in ("cervicale", "suprasternale", "navel", "crotch"):
        return lambda on: take(on, point)
    return _sides(lambda on, side: take(on, f"{side}_{point}"))


def _arm_shown(on: Tape, side: str) -> Length:
    """From shoulder tip over elbow to wrist, along the outside of the arm."""
    elbow, wrist = on.point(f"{side}_elbow"), on.point(f"{side}_wrist")
    return _upper_arm_shown(on, side) + on.arc(f"{side}_arm", elbow, wrist, _away(side) - FRONT)


def _upper_arm_shown(on: Tape, side: str) -> Length:
    return on.arc(f"{side}_arm", on.point(f"{side}_acromion"), on.point(f"{side}_elbow"), _away(side))


def _under_arm_shown(on: Tape, side: str) -> Length:
    return on.arc(f"{side}_arm", on.point(f"{side}_armpit"), on.point(f"{side}_wrist"), -_away(side))


_HEIGHTS = {
    "cervicale_height": "cervicale", "front_neck_height": "suprasternale", "navel_height": "navel",
    "crotch_height": "crotch", "acromial_height": "acromion", "bust_height": "nipple", "hip_height": "buttock",
    "knee_height": "patella", "ankle_height": "malleolus",
}  # fmt: skip
# Limbs are measured from bone to bone; the tape is shown on the skin.
SHOWN: dict[str, Take] = {
    "arm_length": _sides(_arm_shown),
    "upper_arm_length": _sides(_upper_arm_shown),
    "under_arm_length": _sides(_under_arm_shown),
    "back_neck_to_wrist": _sides(lambda on, side: _nape_to_tip(on, side) + _arm_shown(on, side)),
    "hand_length": _sides(lambda on, side: distance(on.point(f"{side}_wrist"), on.point(f"{side}_middle"))),
}
TAKES: dict[str, Take] = {
    "stature": lambda on: on.stature(),
    "waist_height": lambda on: on.height(on.waist(), on.waist_side("left")),
    "head_girth": _head_girth,
    "neck_girth": _neck_girth,
    "neck_base_girth": _sides(_neck_base_girth),
    "shoulder_girth": _shoulder_girth,
    "upper_chest_girth": lambda on: on.level("torso", on.both("armpit")).girth(),
    "bust_girth": lambda on: on.level("torso", on.both("nipple")).girth(),
    "underbust_girth": lambda on: on.level("torso", on.underbust()).girth(),
    "waist_girth": lambda on: on.level("torso", on.waist()).girth(),
    "least_waist_girth": _least_waist_girth,
    "navel_girth": lambda on: on.level("torso", on.point("navel")).girth(),
    "high_hip_girth": lambda on: on.level("torso", on.high_hip()).girth(),
    "hip_girth": lambda on: on.level("torso", on.both("buttock")).girth(),
    "trunk_girth": _sides(_trunk_girth),
    "armscye_girth": _sides(lambda on, side: on.armscye(side).girth()),
    "upper_arm_girth": _limb("arm", "shoulder", "elbow", (0.35, 0.45, 0.55, 0.65)),
    "elbow_girth": _limb("arm", "shoulder", "elbow", (1.0,)),
    "forearm_girth": _limb("arm", "elbow", "wrist", (0.12, 0.18, 0.24, 0.3)),
    "wrist_girth": _limb("arm", "elbow", "wrist", (0.88, 0.92, 0.96), smallest),
    "hand_girth": _sides(_hand_girth),
    "thigh_girth": _leg_level(0.08),
    "mid_thigh_girth": _leg_level(0.5),
    "knee_girth": _leg_level(1.0),
    "calf_girth": _limb("leg", "knee", "ankle", (0.2, 0.25, 0.3, 0.35, 0.4)),
    "ankle_girth": _limb("leg", "knee", "ankle", (0.78, 0.82, 0.86, 0.9), smallest),
    "shoulder_length": _sides(
        lambda on, side: on.arc("torso", on.point(f"{side}_side_neck"), on.point(f"{side}_acromion"), UP)
    ),
    "across_back_shoulder_width": _shoulders_over_nape,
    "back_width": lambda on: on.arc("shoulders", on.point("left_scye_back"), on.point("right_scye_back"), -FRONT),
    "front_width": lambda on: on.arc("shoulders", on.point("left_scye_front"), on.point("right_scye_front"), FRONT),
    "back_neck_to_waist": lambda on: on.arc("torso", on.point("cervicale"), on.waist_at(-FRONT), -FRONT),
    "scye_depth": lambda on: on.arc("torso", on.point("cervicale"), on.armpits_at(-FRONT), -FRONT),
    "front_neck_to_waist": lambda on: on.arc("torso", on.point("suprasternale"), on.waist_at(FRONT), FRONT),
    "front_waist_length": _sides(_front_waist_length),
    "side_neck_to_bust": _sides(_side_neck_to_bust),
    "waist_to_hip": _sides(_waist_to_hip),
    "waist_to_knee": _sides(_waist_to_knee),
    "outseam": _sides(_outseam),
    "body_rise": _body_rise,
    "crotch_length": _sides(_crotch_length),
    "arm_length": _sides(_arm_length),
    "upper_arm_length": _sides(_upper_arm_length),
    "under_arm_length": _sides(_under_arm_length),
    "back_neck_to_wrist": _sides(lambda on, side: _nape_to_tip(on, side) + _arm_length(on, side)),
    "hand_length": _sides(_hand_length),
    "bust_point_distance": lambda on: distance(on.point("left_nipple"), on.point("right_nipple")),
    "foot_length": _sides(_foot_length),
    "biacromial_breadth": lambda on: distance(on.point("left_acromion"), on.point("right_acromion")),
    "shoulder_breadth": lambda on: on.reach("deltoids", LEFT),
    "chest_breadth": lambda on: on.level("torso", on.both("nipple")).extent(LEFT),
    "chest_depth": lambda on: on.level("torso", on.both("nipple")).extent(FRONT),
    "navel_breadth": lambda on: on.level("torso", on.point("navel")).extent(LEFT),
    "navel_depth": lambda on: on.level("torso", on.point("navel")).extent(FRONT),
    "hip_breadth": lambda on: on.reach("hips", LEFT),
    "hip_depth": lambda on: on.level("torso", on.both("buttock")).extent(FRONT),
    **{name: _height_of(at) for name, at in _HEIGHTS.items()},
}
