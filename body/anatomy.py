"""Which part of a body's surface is trunk, limb or head, and the anatomical points that follow from the model's own.

Everything is decided once, on a model's mean shape in the measuring pose, by skinning weights and by the model's named
points; what comes out are vertex numbers, which then travel with the surface to any shape.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from assets.mesh import edges as mesh_edges
from body.model import JOINT_NAMES, BodyModel

SIDES = ("left", "right")
_ARM = ("shoulder", "elbow", "wrist", "thumb", "index", "middle", "ring", "pinky")
_LEG = ("hip", "knee", "ankle", "foot")


@dataclass(frozen=True, slots=True, eq=False)
class Anatomy:
    """Points: name -> vertex. Edges of a region: name -> [e, 2]. Vertices of a region: name -> [v]."""

    points: dict[str, int]
    edges: dict[str, np.ndarray]
    vertices: dict[str, np.ndarray]


def anatomy(model: BodyModel, surface: np.ndarray, joints: np.ndarray) -> Anatomy:
    """Of a model whose mean shape in the measuring pose is `surface` [n, 3] with `joints` [55, 3]."""
    finder = _Finder(model, surface, joints)
    return Anatomy({**model.landmarks, **finder.points()}, finder.edges(), finder.vertices())


class _Finder:
    def __init__(self, model: BodyModel, surface: np.ndarray, joints: np.ndarray) -> None:
        self.surface, self.joints, self.at = surface, joints, model.landmarks
        self.x, self.y, self.z = surface.T
        self.all_edges = mesh_edges(model.skin_faces)
        self.skin = np.zeros(len(surface), bool)
        self.skin[model.skin_faces.ravel()] = True
        self.stature = np.ptp(self.y[self.skin])
        weights = model.weights
        self.arm = {side: _weight(weights, side, _ARM) for side in SIDES}
        self.leg = {side: _weight(weights, side, _LEG) for side in SIDES}
        self.foot = {side: _weight(weights, side, ("ankle", "foot")) for side in SIDES}
        self.head = _weight(weights, "", ("head", "jaw"))
        self.trunk = self.skin & (self.arm["left"] < 0.5) & (self.arm["right"] < 0.5)

    def point(self, name: str) -> np.ndarray:
        return self.surface[self.at[name]]

    def points(self) -> dict[str, int]:
        """Waist and hip at the sides; the armpit, and where the arm meets the trunk at mid-armhole."""
        waist = np.mean([self.point(f"{side}_{name}")[1] for side in SIDES for name in ("tenth_rib", "iliac_crest")])
        hip = self.point("left_buttock")[1]
        found = {}
        for side, sign in zip(SIDES, (1, -1), strict=True):
            found[f"{side}_waist"] = self._outermost(waist, sign)
            found[f"{side}_hip"] = self._outermost(hip, sign)
            found |= {f"{side}_scye_front": self._scye(side, 1), f"{side}_scye_back": self._scye(side, -1)}
            found[f"{side}_armpit"] = self._armpit(side)
        return found

    def edges(self) -> dict[str, np.ndarray]:
        crotch, neck = self.point("crotch")[1], self._round_neck(0.075)
        regions = {
            "trunk": self.trunk,
            "crotch": self.trunk & (self.y > crotch - 0.006 * self.stature) & (np.abs(self.x) < 0.04 * self.stature),
            "head": self.skin & (self.head > 0.5),
            "neck": neck & self.trunk & (self.y > self.point("suprasternale")[1] - 0.02 * self.stature),
        }
        for side, sign in zip(SIDES, (1, -1), strict=True):
            regions[f"{side}_leg"] = self.trunk & (sign * self.x > -1e-4) & (self.y < crotch + 0.03 * self.stature)
            regions[f"{side}_arm"] = self.skin & (self.arm[side] > 0.5)
        return {name: self.all_edges[inside[self.all_edges].all(axis=1)] for name, inside in regions.items()}

    def vertices(self) -> dict[str, np.ndarray]:
        crotch, hip = self.point("crotch")[1], self.point("left_buttock")[1]
        armpit, tip = self.y[self._armpit("left")], self.point("left_acromion")[1]
        arms = np.maximum(self.arm["left"], self.arm["right"])
        regions = {
            "skin": self.skin,
            "hips": self.trunk & (self.y > crotch - 0.03 * self.stature) & (self.y < hip + 0.03 * self.stature),
            "deltoids": self.skin & (arms > 0.3) & (self.y > 0.5 * (armpit + tip)) & (self.y < tip),
            **{f"{side}_foot": self.skin & (self.foot[side] > 0.5) for side in SIDES},
        }
        return {name: np.flatnonzero(inside) for name, inside in regions.items()}

    def _round_neck(self, radius: float) -> np.ndarray:
        """Within a radius, as a share of stature, of the line through neck and head."""
        neck, head = (self.joints[JOINT_NAMES.index(name)] for name in ("neck", "head"))
        along = (head - neck) / np.linalg.norm(head - neck)
        gap = self.surface - neck
        return np.linalg.norm(gap - np.outer(gap @ along, along), axis=1) < radius * self.stature

    def _armpit(self, side: str) -> int:
        """The lowest vertex that arm and trunk share."""
        return int(np.where(self._armhole(side), -self.y, -np.inf).argmax())

    def _scye(self, side: str, sign: int) -> int:
        """Where arm and trunk meet halfway between shoulder tip and armpit, at the front (+1) or back (-1)."""
        armhole = self._armhole(side)
        level = 0.5 * (self.point(f"{side}_acromion")[1] + self.y[armhole].min())
        near = armhole & (np.abs(self.y - level) < 0.01 * self.stature)
        return int(np.where(near, sign * self.z, -np.inf).argmax())

    def _armhole(self, side: str) -> np.ndarray:
        return self.skin & (np.abs(self.arm[side] - 0.5) < 0.2)

    def _outermost(self, y: float, sign: int) -> int:
        near = self.trunk & (np.abs(self.y - y) < 0.006 * self.stature)
        return int(np.where(near, sign * self.x, -np.inf).argmax())


def _weight(weights: np.ndarray, side: str, parts: Iterable[str]) -> np.ndarray:
    """How much each vertex follows the joints of one side whose names contain one of `parts`, shape [n]."""
    chosen = [
        k
        for k, name in enumerate(JOINT_NAMES)
        if any(part in name.removeprefix(f"{side}_") for part in parts) and name.startswith(side)
    ]
    return weights[:, chosen].sum(axis=1)
