"""Lay the tape on a body: every measure of the table, always in the measuring pose, feet together.

Levels hang on the model's anatomical points, girths are convex-hull cuts, limbs are cut square to the bone, lengths run
taut over the surface (body/tape.py). In a fixed pose a skinned surface is affine in its shape coefficients: a `Ruler`
reads that map off a model once, and then measures any shape, with exact slopes, in milliseconds. What a reading gives
and what a fit follows are therefore one and the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast

import numpy as np

from assets.mesh import frozen
from body.anatomy import SIDES, Anatomy, anatomy
from body.measurements import MEASURES, Measurement, Measurements
from body.model import JOINT_NAMES, Body, BodyModel
from body.poses import STANDING
from body.tape import Figure, Moving, Section, arc, cut, distance, largest, mean, smallest, unit

UP, LEFT, FRONT = np.eye(3)[[1, 0, 2]]
DENSITY = 985.0
# True mass over volume times density, when the girths are right; women, men (ANSUR II people on the built-in body).
HEAVIER = (1.058, 1.043)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """All measures of one shape: values [m or kg] and their slopes along betas [measures, k], in the table's order."""

    values: np.ndarray
    slopes: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Push:
    """Some measures of one shape: values [m] [measures] and their slopes along every vertex of the measuring pose,
    [measures, n, 3]."""

    values: np.ndarray
    slopes: np.ndarray


class Ruler:
    """The measures of one body model as functions of its betas."""

    names: tuple[str, ...] = tuple(MEASURES)

    def __init__(self, model: BodyModel) -> None:
        self.model = model
        self._base, self._slopes, self.turns, self._joints, self._joint_slopes = _affine(model)
        self._skin = model.skin_faces
        self._anatomy = anatomy(model, self._base, self._joints)

    def read(self, betas: np.ndarray, sex: float | None = None, detail: np.ndarray | None = None) -> Reading:
        """Measure the shape `betas` [k] with a detail [n, 3] (see Body). `sex` (0..1) sets how heavy the volume is;
        None guesses it from the shape."""
        figure = self._figure(np.asarray(betas, float), detail)
        on = _Tape(figure, self._anatomy)
        found = {name: take(on) for name, take in _TAKES.items()}
        found["mass"] = self._volume(figure) * (DENSITY * self._heavier(betas, sex))
        values = np.array([float(found[name].value) for name in self.names])
        return Reading(frozen(values), frozen(np.stack([found[name].slope for name in self.names])))

    def surface(self, betas: np.ndarray, detail: np.ndarray | None = None) -> np.ndarray:
        """Vertices [m] [n, 3] of a shape in the measuring pose. `turns` [n, 3, 3] carry a detail there from the rest
        pose."""
        moved = 0.0 if detail is None else np.einsum("nab,nb->na", self.turns, detail)
        return self._base + self._slopes @ betas + moved

    def push(self, betas: np.ndarray, names: tuple[str, ...], detail: np.ndarray | None = None) -> Push:
        """Lengths `names` of a shape, and what moving each single vertex would change in them."""
        figure = self._figure(np.asarray(betas, float), detail)
        values, slopes = np.zeros(len(names)), np.zeros((len(names), *self._base.shape))
        for k, name in enumerate(names):
            touched = _Touched()
            _TAKES[name](
                _Tape(replace(figure, slopes=cast(Any, touched), joint_slopes=np.zeros((55, 3, 1))), self._anatomy)
            )
            each = _OneByOne(touched.vertices(), len(self._base))
            still = np.zeros((len(self._joints), 3, each.size))
            found = _TAKES[name](_Tape(replace(figure, slopes=cast(Any, each), joint_slopes=still), self._anatomy))
            values[k], slopes[k, each.vertices] = found.value, found.slope.reshape(-1, 3)
        return Push(frozen(values), frozen(slopes))

    def _figure(self, betas: np.ndarray, detail: np.ndarray | None) -> Figure:
        joints = self._joints + self._joint_slopes @ betas
        return Figure(self.surface(betas, detail), self._slopes, joints, self._joint_slopes)

    def _volume(self, figure: Figure) -> Moving:
        a, b, c = (figure.vertices[self._skin[:, k]] for k in range(3))
        pushes = np.stack([np.cross(b, c), np.cross(c, a), np.cross(a, b)], axis=1).reshape(-1, 3) / 6.0
        corners, count = self._skin.ravel(), len(figure.vertices)
        push = np.stack([np.bincount(corners, pushes[:, axis], count) for axis in range(3)], axis=1)
        volume = (push * figure.vertices).sum() / 3.0
        return Moving(volume, np.tensordot(push, figure.slopes, 2))

    def _heavier(self, betas: np.ndarray, sex: float | None) -> float:
        man = likely_sex(self.model, betas) if sex is None else sex
        return (1 - man) * HEAVIER[0] + man * HEAVIER[1]


class _Touched:
    """Stands in for the slopes of all vertices, and notes which are asked for."""

    def __init__(self) -> None:
        self._asked: list[np.ndarray] = []

    def __getitem__(self, which: int | np.ndarray) -> np.ndarray:
        self._asked.append(np.ravel(which))
        return np.zeros((*np.shape(which), 3, 1))

    def vertices(self) -> np.ndarray:
        return np.unique(np.concatenate(self._asked))


class _OneByOne:
    """Stands in for slopes along every coordinate of a few vertices."""

    def __init__(self, vertices: np.ndarray, count: int) -> None:
        self.vertices, self.size = vertices, 3 * len(vertices)
        self._place = np.full(count, -1)
        self._place[vertices] = np.arange(len(vertices))

    def __getitem__(self, which: int | np.ndarray) -> np.ndarray:
        return np.eye(self.size).reshape(-1, 3, self.size)[self._place[which]]


def measure(body: Body, sex: float | None = None) -> Measurements:
    """Every measure of a body's shape in the measuring pose, whatever its pose; source "body", sd 0.

    `sex` (0 female to 1 male) only sets the weight of the volume. Raises InputRefused for a shape that has no girths.
    """
    values = ruler(body.model).read(body.betas, sex, body.detail).values
    return Measurements(
        tuple(Measurement(name, float(value), 0.0, "body") for name, value in zip(Ruler.names, values, strict=True))
    )


def ruler(model: BodyModel) -> Ruler:
    """The ruler of a body model, made once."""
    return _ruler(cast(Hashable, model))


@lru_cache(maxsize=4)
def _ruler(model: Any) -> Ruler:
    return Ruler(model)


def likely_sex(model: BodyModel, betas: np.ndarray) -> float:
    """0 female to 1 male: whose shapes these betas resemble (Gaussian discriminant on the model's own priors)."""
    scores = []
    for sex in (0.0, 1.0):
        centre, covariance = model.prior(sex)
        gap = betas - centre
        scores.append(-0.5 * (gap @ np.linalg.solve(covariance, gap) + np.linalg.slogdet(covariance)[1]))
    return float(1.0 / (1.0 + np.exp(np.clip(scores[0] - scores[1], -50, 50))))


class _Tape:
    """One figure with its anatomical points and edge regions: what the measures below are told in."""

    def __init__(self, figure: Figure, on: Anatomy) -> None:
        self.figure, self._anatomy = figure, on
        lowest = int(figure.vertices[:, 1].argmin())
        self.floor = figure.point(lowest)

    def point(self, name: str) -> Moving:
        return self.figure.point(self._anatomy.points[name])

    def joint(self, name: str) -> Moving:
        return self.figure.joint(JOINT_NAMES.index(name))

    def both(self, name: str) -> Moving:
        """Midway between a left point and its right twin."""
        return mean(self.point(f"left_{name}"), self.point(f"right_{name}"))

    def height(self, point: Moving) -> Moving:
        return (point - self.floor)[1]

    def level(self, region: str, point: Moving) -> Section:
        """A level cut through a point."""
        upright = Moving(UP, np.zeros((3, point.slope.shape[-1])))
        return cut(self.figure, self._anatomy.edges[region], point, upright)

    def across(self, region: str, point: Moving, bone: Moving) -> Section:
        """A cut through a point, square to a bone."""
        return cut(self.figure, self._anatomy.edges[region], point, unit(bone))

    def arc(self, region: str, start: Moving, end: Moving, outward: np.ndarray, wide: bool = False) -> Moving:
        return arc(self.figure, self._anatomy.edges[region], start, end, outward, wide)

    def waist(self) -> Moving:
        return mean(self.both("tenth_rib"), self.both("iliac_crest"))

    def waist_at(self, way: np.ndarray) -> Moving:
        """Where the middle of the front or back crosses the waist."""
        section = self.level("trunk", self.waist())
        ahead = section.points @ way > (section.points @ way).mean()
        return section.moving(np.array([np.where(ahead, np.abs(section.points @ LEFT), np.inf).argmin()]))[0]

    def high_hip(self) -> Moving:
        return mean(self.waist(), self.both("buttock"))

    def reach(self, region: str, axis: np.ndarray) -> Moving:
        """How far a region's vertices extend along a unit vector."""
        chosen = self._anatomy.vertices[region]
        along = self.figure.vertices[chosen] @ axis
        gap = self.figure.point(int(chosen[along.argmax()])) - self.figure.point(int(chosen[along.argmin()]))
        return Moving(axis @ gap.value, axis @ gap.slope)


def _sides(take: Callable[[_Tape, str], Moving]) -> Callable[[_Tape], Moving]:
    """A measure of one side, averaged over both."""
    return lambda on: mean(*(take(on, side) for side in SIDES))


def _head_girth(on: _Tape) -> Moving:
    brow, crown = on.point("glabella"), on.point("crown")
    return largest([on.level("head", brow * (1 - share) + crown * share).girth() for share in (0.0, 0.15, 0.3, 0.45)])


def _neck_girth(on: _Tape) -> Moving:
    bone = on.joint("head") - on.joint("neck")
    places = [on.point("larynx") + bone * share for share in (0.1, 0.2, 0.3, 0.4)]
    return smallest([on.across("neck", place, bone).girth() for place in places])


def _neck_base_girth(on: _Tape, side: str) -> Moving:
    """One side's half, twice."""
    away = LEFT if side == "left" else -LEFT
    nape, root, pit = (on.point(name) for name in ("cervicale", f"{side}_side_neck", "suprasternale"))
    return (on.arc("neck", nape, root, away + UP - FRONT) + on.arc("neck", root, pit, away + UP + FRONT)) * 2


def _limb(
    region: str, start: str, end: str, shares: tuple[float, ...], choose: Callable[[list[Moving]], Moving] = largest
) -> Callable[[_Tape], Moving]:
    """The chosen one of the girths square to the bone between two joints, at shares of its length; sides averaged."""

    def take(on: _Tape, side: str) -> Moving:
        first = on.joint(f"{side}_{start}")
        bone = on.joint(f"{side}_{end}") - first
        return choose([on.across(f"{side}_{region}", first + bone * share, bone).girth() for share in shares])

    return _sides(take)


def _leg_level(share: float) -> Callable[[_Tape], Moving]:
    """A level girth of one leg at a share of the way from crotch to knee."""

    def take(on: _Tape, side: str) -> Moving:
        level = on.point("crotch") * (1 - share) + on.point(f"{side}_patella") * share
        return on.level(f"{side}_leg", level).girth()

    return _sides(take)


def _foot_length(on: _Tape, side: str) -> Moving:
    along = (on.joint(f"{side}_foot").value - on.joint(f"{side}_ankle").value) * [1, 0, 1]
    return on.reach(f"{side}_foot", along / np.linalg.norm(along))


def _crotch_length(on: _Tape, side: str) -> Moving:
    """Beside the cleft, which a tape bridges: in a plane a fifth of the way from the middle to the hip joint."""
    hip = on.joint(f"{side}_hip")
    beside = Moving(0.2 * LEFT * hip.value, 0.2 * LEFT[:, None] * hip.slope)
    return on.arc("crotch", on.waist_at(FRONT) + beside, on.waist_at(-FRONT) + beside, -UP, wide=True)


def _shoulders_over_nape(on: _Tape) -> Moving:
    nape = on.point("cervicale")
    left, right = (on.arc("trunk", nape, on.point(f"{side}_acromion"), UP - FRONT) for side in SIDES)
    return left + right


def _arm_length(on: _Tape, side: str) -> Moving:
    elbow = on.point(f"{side}_elbow")
    return distance(on.point(f"{side}_acromion"), elbow) + distance(elbow, on.joint(f"{side}_wrist"))


def _waist_to_hip(on: _Tape, side: str) -> Moving:
    outward = LEFT if side == "left" else -LEFT
    return on.arc("trunk", on.point(f"{side}_waist"), on.point(f"{side}_hip"), outward)


def _height_of(point: str) -> Callable[[_Tape], Moving]:
    if point in ("cervicale", "navel", "crotch"):
        return lambda on: on.height(on.point(point))
    return lambda on: on.height(on.both(point))


_HEIGHTS = {
    "cervicale_height": "cervicale", "navel_height": "navel", "crotch_height": "crotch",
    "acromial_height": "acromion", "bust_height": "nipple", "hip_height": "buttock", "knee_height": "patella",
    "ankle_height": "malleolus",
}  # fmt: skip
_TAKES: dict[str, Callable[[_Tape], Moving]] = {
    "stature": lambda on: on.reach("skin", UP),
    "waist_height": lambda on: on.height(on.waist()),
    "head_girth": _head_girth,
    "neck_girth": _neck_girth,
    "neck_base_girth": _sides(_neck_base_girth),
    "upper_chest_girth": lambda on: on.level("trunk", on.both("armpit")).girth(),
    "bust_girth": lambda on: on.level("trunk", on.both("nipple")).girth(),
    "underbust_girth": lambda on: on.level("trunk", on.both("nipple") * 0.62 + on.both("tenth_rib") * 0.38).girth(),
    "waist_girth": lambda on: on.level("trunk", on.waist()).girth(),
    "navel_girth": lambda on: on.level("trunk", on.point("navel")).girth(),
    "high_hip_girth": lambda on: on.level("trunk", on.high_hip()).girth(),
    "hip_girth": lambda on: on.level("trunk", on.both("buttock")).girth(),
    "thigh_girth": _leg_level(0.08),
    "mid_thigh_girth": _leg_level(0.5),
    "knee_girth": _leg_level(1.0),
    "calf_girth": _limb("leg", "knee", "ankle", (0.2, 0.25, 0.3, 0.35, 0.4)),
    "ankle_girth": _limb("leg", "knee", "ankle", (0.78, 0.82, 0.86, 0.9), smallest),
    "upper_arm_girth": _limb("arm", "shoulder", "elbow", (0.35, 0.45, 0.55, 0.65)),
    "elbow_girth": _limb("arm", "shoulder", "elbow", (1.0,)),
    "wrist_girth": _limb("arm", "elbow", "wrist", (0.88, 0.92, 0.96), smallest),
    "shoulder_length": _sides(
        lambda on, side: on.arc("trunk", on.point(f"{side}_side_neck"), on.point(f"{side}_acromion"), UP)
    ),
    "across_back_shoulder_width": _shoulders_over_nape,
    "biacromial_breadth": lambda on: distance(on.point("left_acromion"), on.point("right_acromion")),
    "back_width": lambda on: on.arc("trunk", on.point("left_scye_back"), on.point("right_scye_back"), -FRONT),
    "front_width": lambda on: on.arc("trunk", on.point("left_scye_front"), on.point("right_scye_front"), FRONT),
    "back_neck_to_waist": lambda on: on.arc("trunk", on.point("cervicale"), on.waist_at(-FRONT), -FRONT),
    "arm_length": _sides(_arm_length),
    "waist_to_hip": _sides(_waist_to_hip),
    "bust_point_distance": lambda on: distance(on.point("left_nipple"), on.point("right_nipple")),
    "crotch_length": _sides(_crotch_length),
    "foot_length": _sides(_foot_length),
    "shoulder_breadth": lambda on: on.reach("deltoids", LEFT),
    "chest_breadth": lambda on: on.level("trunk", on.both("nipple")).extent(LEFT),
    "chest_depth": lambda on: on.level("trunk", on.both("nipple")).extent(FRONT),
    "navel_breadth": lambda on: on.level("trunk", on.point("navel")).extent(LEFT),
    "navel_depth": lambda on: on.level("trunk", on.point("navel")).extent(FRONT),
    "hip_breadth": lambda on: on.reach("hips", LEFT),
    "hip_depth": lambda on: on.level("trunk", on.both("buttock")).extent(FRONT),
    **{name: _height_of(at) for name, at in _HEIGHTS.items()},
}


def _affine(model: BodyModel) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """In the measuring pose: vertices [n, 3] of zero betas, their slopes along betas [n, 3, k] and along a detail at
    the same vertex [n, 3, 3]; joints [55, 3] and their slopes [55, 3, k]."""
    import torch

    betas = torch.cat([torch.zeros(1, model.n_betas), torch.eye(model.n_betas)])
    pose = torch.as_tensor(np.array(STANDING), dtype=torch.float32)[None]
    with torch.no_grad():
        pieces = [model.forward(some, pose.expand(len(some), -1, -1)) for some in betas.split(16)]
        along = torch.eye(3)[:, None].expand(-1, len(model.weights), -1)
        pushed = [model.forward(betas[:1], pose, detail=way)[0][0].double().cpu().numpy() for way in along]
    vertices, joints = (torch.cat([piece[k] for piece in pieces]).double().cpu().numpy() for k in (0, 1))
    turns = _slopes(np.stack([vertices[0], *pushed]))
    vertices, joints = vertices - [0, vertices[0, :, 1].min(), 0], joints - [0, vertices[0, :, 1].min(), 0]
    return vertices[0], _slopes(vertices), turns, joints[0], _slopes(joints)


def _slopes(samples: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.moveaxis(samples[1:] - samples[0], 0, 2))
