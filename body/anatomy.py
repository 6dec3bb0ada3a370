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


@dataclass(frozen=True, slots=True, eq=False)
class Anatomy:
    """Points: name -> vertex; others lie on an edge: name -> (its two vertices [2], share of its length).
    Edges of a region: name -> [e, 2]. Vertices of a region: name -> [v]."""

    points: dict[str, int]
    between: dict[str, tuple[np.ndarray, float]]
    edges: dict[str, np.ndarray]
    vertices: dict[str, np.ndarray]


def anatomy(model: BodyModel, surface: np.ndarray, joints: np.ndarray) -> Anatomy:
    """Of a model whose mean shape in the measuring pose is `surface` [n, 3] with `joints` [55, 3]."""
    finder = _Finder(model, surface, joints)
    return Anatomy({**model.landmarks, **finder.points()}, finder.between(), finder.edges(), finder.vertices())


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
        self.hand = {side: _weight(weights, side, _ARM[2:]) for side in SIDES}
        self.thumb = {side: _weight(weights, side, ("thumb",)) for side in SIDES}
        self.foot = {side: _weight(weights, side, ("ankle", "foot")) for side in SIDES}
        self.head = _weight(weights, "", ("head", "jaw"))
        self.trunk = self.skin & (self.arm["left"] < 0.5) & (self.arm["right"] < 0.5)

    def point(self, name: str) -> np.ndarray:
        return self.surface[self.at[name]]

    def points(self) -> dict[str, int]:
        return {f"{side}_armpit": self._armpit(side) for side in SIDES}

    def between(self) -> dict[str, tuple[np.ndarray, float]]:
        """Where arm and trunk meet at mid-armhole, in front and behind."""
        return {
            f"{side}_scye_{place}": self._scye(side, sign)
            for side in SIDES
            for place, sign in (("front", 1), ("back", -1))
        }

    def edges(self) -> dict[str, np.ndarray]:
        crotch, neck = self.point("crotch")[1], self._round_neck(0.075)
        pit, tip, throat = self.y[self._armpit("left")], self.point("left_acromion")[1], self.point("larynx")[1]
        torso = self.trunk & (self.y > crotch - 0.03 * self.stature) & (self.y < tip + 0.05 * self.stature)
        regions = {
            "torso": torso,
            "crotch": torso & (self.y > crotch - 0.006 * self.stature) & (np.abs(self.x) < 0.04 * self.stature),
            "shoulders": self.skin & (self.y > pit - 0.03 * self.stature) & (self.y < tip + 0.02 * self.stature),
            "head": self.skin & (self.head > 0.5),
            "neck": neck
            & self.trunk
            & (self.y > throat - 0.05 * self.stature)
            & (self.y < throat + 0.08 * self.stature),
        }
        for side, sign in zip(SIDES, (1, -1), strict=True):
            regions[f"{side}_leg"] = self.trunk & (sign * self.x > -1e-4) & (self.y < crotch + 0.03 * self.stature)
            regions[f"{side}_arm"] = self.skin & (self.arm[side] > 0.5)
            regions[f"{side}_hand"] = self.skin & (self.hand[side] > 0.5) & (self.thumb[side] < 0.3)
            above, low = self.y > pit - 0.004 * self.stature, self.y > pit - 0.06 * self.stature
            regions[f"{side}_scye"] = self.skin & (self.arm[side] > 0.2) & (above | ((self.arm[side] > 0.5) & low))
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

    def _scye(self, side: str, sign: int) -> tuple[np.ndarray, float]:
        """Halfway between shoulder tip and armpit, as seen from the front, at the front (+1) or back (-1)."""
        tip, pit = self.point(f"{side}_acromion"), self.surface[self._armpit(side)]
        middle, across = 0.5 * (tip + pit), np.cross(tip - pit, (0, 0, 1))
        beside = (self.surface - pit) @ across
        start, end = self.all_edges[np.diff(beside[self.all_edges] < 0, axis=1)[:, 0]].T
        share = beside[start] / (beside[start] - beside[end])
        at = self.surface[start] + share[:, None] * (self.surface[end] - self.surface[start])
        near = np.where(sign * (at[:, 2] - middle[2]) > 0, np.abs(at[:, 1] - middle[1]), np.inf)
        best = int(near.argmin())
        return np.array([start[best], end[best]]), float(share[best])

    def _armhole(self, side: str) -> np.ndarray:
        return self.skin & (np.abs(self.arm[side] - 0.5) < 0.2)


def _weight(weights: np.ndarray, side: str, parts: Iterable[str]) -> np.ndarray:
    """How much each vertex follows the joints of one side whose names contain one of `parts`, shape [n]."""
    chosen = [
        k
        for k, name in enumerate(JOINT_NAMES)
        if any(part in name.removeprefix(f"{side}_") for part in parts) and name.startswith(side)
    ]
    return weights[:, chosen].sum(axis=1)
