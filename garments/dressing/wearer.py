"""What a dresser sees of a body: sections of trunk and legs, where the limbs part, the shoulders' ridge, the arms.

Parts are told from the skinning weights alone, so that any body model in SMPL-X's layout can be dressed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from assets.closest import Surface
from assets.errors import DrapeFailed
from body.model import JOINT_NAMES, Body, following
from garments.dressing.rings import Section, Sections

SIDES = {"left": 1.0, "right": -1.0}
_SLAB = 0.012
_ARMPIT_LOWEST = 0.15
_MIDDLE = 0.03
_DEPTH = 0.015
_BETWEEN_LEGS = 0.002


@dataclass(frozen=True, slots=True, eq=False)
class Arm:
    """An arm as the way from shoulder to wrist: joints [m] [3, 3] and its skin's vertices [m] [k, 3]."""

    joints: np.ndarray
    vertices: np.ndarray

    def at(self, along: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points of the axis and its unit directions at distances [m] from the shoulder joint (negative before it)."""
        bones = np.diff(self.joints, axis=0)
        lengths = np.linalg.norm(bones, axis=1)
        bones = bones / lengths[:, None]
        upper = np.clip(along, None, lengths[0])[:, None]
        lower = np.clip(along - lengths[0], 0.0, None)[:, None]
        bend = np.clip((along - lengths[0]) / 0.06 + 0.5, 0.0, 1.0)[:, None]
        direction = bones[0] * (1.0 - bend) + bones[1] * bend
        points = self.joints[0] + upper * bones[0] + lower * bones[1]
        return points, direction / np.linalg.norm(direction, axis=1, keepdims=True)

    def radius(self, along: np.ndarray) -> np.ndarray:
        """Largest distance [m] of the skin from the axis near each place on it."""
        _, distance, near = self._seen_from(along)
        return np.max(np.where(near, distance, 0.0), axis=1)

    def shortened(self, along: np.ndarray, girth: np.ndarray) -> np.ndarray:
        """Distances [m] from the shoulder joint at which cloth of a girth [m] may lie that would lie `along` the arm,
        [k] each: what is narrower than the hand stays above where the hand gets wider, and what is between elbow and
        there is drawn together."""
        elbow, wrist = np.cumsum(np.linalg.norm(np.diff(self.joints, axis=0), axis=1))
        if along.max() <= wrist:
            return along
        places = np.arange(wrist, along.max() + 0.01, 0.01)
        last = np.append(places, np.inf)[np.searchsorted(np.maximum.accumulate(self._girth(places)), girth)]
        over = along > np.maximum(last, wrist)
        share = ((last[over] - elbow) / (along[over] - elbow)).min(initial=1.0)
        return np.where(along > elbow, elbow + share * (along - elbow), along)

    def _girth(self, along: np.ndarray) -> np.ndarray:
        """How far it is round the skin [m] near each place on the axis, the thumb and all fingers included."""
        import shapely

        offsets, _, near = self._seen_from(along)
        _, directions = self.at(along)
        side = np.cross(directions, (0.0, 0.0, 1.0))
        side /= np.linalg.norm(side, axis=1, keepdims=True)
        flat = np.stack([offsets @ side[:, :, None], offsets @ np.cross(directions, side)[:, :, None]], axis=2)[..., 0]
        return np.array([shapely.MultiPoint(flat[k, near[k]]).convex_hull.length for k in range(len(along))])

    def _seen_from(self, along: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """From places on the axis to the skin's vertices [m] [p, k, 3], their distance from the axis [m] [p, k], and
        which of them lie beside a place [p, k]."""
        points, directions = self.at(along)
        offsets = self.vertices[None] - points[:, None]
        ahead = np.einsum("ijk,ik->ij", offsets, directions)
        distance = np.sqrt(np.maximum((offsets**2).sum(axis=2) - ahead**2, 0.0))
        return offsets, distance, (np.abs(ahead) < 1.5 * _SLAB) & (distance < 0.2)


class Wearer:
    """A body cut into the parts that clothes go round. `worn` are points [m] [k, 3] of what is worn underneath. `tick`
    is called as often as the body is looked at, and may raise Cancelled."""

    def __init__(
        self, body: Body, worn: np.ndarray | None = None, tick: Callable[[], None] = lambda: None
    ) -> None:  # fmt: skip
        self.tick = tick
        faces = body.skin.faces
        used = np.zeros(len(body.vertices), bool)
        used[faces] = True
        self.body = body
        self.vertices = np.asarray(body.vertices, float)
        self.worn = np.zeros((0, 3)) if worn is None else np.asarray(worn, float)
        self.surface = Surface(body.vertices, faces)
        self.arm_of = {side: used & (following(body.model, f"{side}_shoulder") > 0.5) for side in SIDES}
        self.leg_of = {side: used & (following(body.model, f"{side}_hip") > 0.5) for side in SIDES}
        self.head = used & (following(body.model, "neck") > 0.5)
        arms = self.arm_of["left"] | self.arm_of["right"]
        self.trunk = used & ~arms & ~self.head
        self.arm_faces = arms[faces].sum(axis=1) > 1
        self._on_arms = self.arm_faces[self.surface.closest(self.worn).faces]
        self._edges = _edges_of(faces, used & ~arms)
        # Asked for every curve: how high edges begin and end [m], and (x, y) of the arms and the sleeves on them [m].
        self._ends = self.vertices[self._edges[:, 0], 1], self.vertices[self._edges[:, 1], 1]
        self._sides = np.concatenate([self.vertices[arms], self.worn[self._on_arms]])[:, :2]
        self._borders = {side: _border(faces, mask, self.trunk) for side, mask in self.arm_of.items()}

    @cached_property
    def armpit(self) -> float:
        """Height [m] below which both arms are clear of the trunk."""
        top = min(float(self.vertices[border, 1].min()) for border in self._borders.values())
        for height in np.arange(top, top - _ARMPIT_LOWEST, -0.01):
            near = self.trunk & (np.abs(self.vertices[:, 1] - height) < _SLAB)
            if self.room(height) > np.abs(self.vertices[near, 0]).max(initial=0.0) + 0.008:
                break
        return float(height)

    @cached_property
    def waist(self) -> float:
        """Height [m] of the waist: midway from lowest rib to hip bone where the model marks them, else by its spine."""
        marks = getattr(self.body.model, "landmarks", {})
        names = ("left_tenth_rib", "right_tenth_rib", "left_iliac_crest", "right_iliac_crest")
        if all(name in marks for name in names):
            return float(np.mean([self.vertices[marks[name], 1] for name in names]))
        return float(self.joint("spine1")[1])

    @cached_property
    def crotch(self) -> float:
        """Height [m] of the crotch: where, coming up between the legs, the trunk begins."""
        limbs = np.any([*self.arm_of.values(), *self.leg_of.values()], axis=0)
        middle = self.trunk & ~limbs & (np.abs(self.vertices[:, 0]) < 0.02)
        hip, knee = self.joint("left_hip")[1], self.joint("left_knee")[1]
        heights = self.vertices[middle & (self.vertices[:, 1] > knee), 1]
        return float(heights.min(initial=hip - 0.06))

    @cached_property
    def ankle(self) -> float:
        """Height [m] of the ankles."""
        return float(max(self.joint(f"{side}_ankle")[1] for side in SIDES))

    def under(self, low: float) -> np.ndarray:
        """Points (z, y) [m] [k, 2] of the trunk's middle above a height, without the head."""
        near = self.trunk & (np.abs(self.vertices[:, 0]) < _MIDDLE) & (self.vertices[:, 1] > low)
        return self.vertices[near & ~self.leg_of["left"] & ~self.leg_of["right"]][:, [2, 1]]

    @cached_property
    def arms(self) -> dict[str, Arm]:
        return {
            side: Arm(np.array([self.joint(f"{side}_{name}") for name in ("shoulder", "elbow", "wrist")]),
                      self.vertices[self.arm_of[side]])
            for side in SIDES
        }  # fmt: skip

    def height_of_worn(self, points: np.ndarray) -> np.ndarray:
        """How far off the skin [m] what is worn underneath lies near each point, [k]; far below 0 where nothing is."""
        if not len(self.worn):
            return np.full(len(points), -1.0)
        tree, heights = self._worn_heights
        distance, nearest = tree.query(points, distance_upper_bound=0.04)
        return np.where(np.isfinite(distance), np.append(heights, -1.0)[nearest], -1.0)

    @cached_property
    def _worn_heights(self) -> tuple[Any, np.ndarray]:
        from scipy.spatial import cKDTree

        return cKDTree(self.worn), self.surface.closest(self.worn).distance

    def joint(self, name: str) -> np.ndarray:
        """A joint's place [m] [3]."""
        return np.asarray(self.body.joints[JOINT_NAMES.index(name)], float)

    def section(self, height: float) -> np.ndarray:
        """Points (x, z) [m] [k, 2] of trunk, legs, head and what is worn underneath, in a slab about a height."""
        self.tick()
        worn = self.worn[(np.abs(self.worn[:, 1] - height) < _SLAB) & ~self._on_arms][:, [0, 2]]
        return np.concatenate([self._cut(height), worn])

    def round_trunk(self, clearance: float) -> Sections:
        """What goes round the trunk and leaves the arms outside, by height [m]."""

        def at(height: float) -> Section:
            reach = min(self.room(height), 2.0) - clearance
            points = self.section(height)
            reach = max(reach, np.abs(points[:, 0]).max(initial=0.0) + 0.004)
            return Section(points, -reach, reach)

        return at

    def round_leg(self, side: str) -> Sections:
        """What goes round one leg, and stays on its side of the middle between both, by height [m]. Raises DrapeFailed
        at a height where there are not both legs, as those of a body that sits."""
        sign = SIDES[side]

        def at(height: float) -> Section:
            points = self.section(height)
            own = points[points[:, 0] * sign > 0.0]
            other = points[points[:, 0] * sign < 0.0]
            if not len(own) or not len(other):
                raise DrapeFailed(
                    f"there are no two legs {height:.2f} m up: trousers are put on a body that stands, which may then "
                    "take its pose in them"
                )
            middle = 0.5 * ((own[:, 0] * sign).min() + (other[:, 0] * sign).max()) + _BETWEEN_LEGS
            return Section(own, *((middle, 2.0) if sign > 0.0 else (-2.0, -middle)))

        return at

    def _cut(self, height: float) -> np.ndarray:
        found = [np.zeros((0, 2))]
        for level in (height - _SLAB, height, height + _SLAB):
            above, below = (ends - level for ends in self._ends)
            cut = np.flatnonzero(above * below < 0.0)
            share = (above[cut] / (above[cut] - below[cut]))[:, None]
            first, second = (self.vertices[self._edges[cut, k]] for k in (0, 1))
            found.append((first + share * (second - first))[:, [0, 2]])
        return np.concatenate(found)

    def room(self, height: float) -> float:
        """How far from the middle plane [m] the arms, and the sleeves on them, leave free at a height."""
        near = np.abs(self._sides[:, 1] - height) < _DEPTH
        return float(np.abs(self._sides[near, 0]).min(initial=np.inf))

    def ridge(self, side: str) -> np.ndarray:
        """The highest line [m] [k, 3] from the neck over the shoulder down the arm, outward, a point a centimetre."""
        sign = SIDES[side]
        points = self.vertices[(self.trunk & (self.vertices[:, 0] * sign > 0.0)) | self.arm_of[side]]
        outward = points[:, 0] * sign
        bins = np.arange(0.03, outward.max() - 0.02, 0.01)
        top = []
        for low in bins:
            near = points[np.abs(outward - low) < 0.01]
            if len(near):
                highest = near[np.argmax(near[:, 1])]
                top.append((sign * low, highest[1], highest[2]))
        path = np.array(top)
        smooth = path.copy()
        smooth[1:-1] = (path[:-2] + path[1:-1] + path[2:]) / 3.0
        return smooth

    def neck_breadth(self) -> float:
        """Half the breadth [m] of the neck where it is narrowest."""
        low, high = self.joint("neck")[1], self.joint("head")[1]
        neck = self.vertices[self.head]
        levels = np.linspace(low, high, 8)
        return float(min(np.abs(neck[np.abs(neck[:, 1] - y) < 0.015, 0]).max(initial=0.05) for y in levels))

    def neck_profile(self, height: float) -> tuple[float, float]:
        """The largest and the least z [m] of neck and trunk near the middle plane at a height, without the chin."""
        allowed = self.trunk | (self.head & (self.vertices[:, 1] < self.joint("head")[1] - 0.02))
        near = allowed & (np.abs(self.vertices[:, 1] - height) < 0.015) & (np.abs(self.vertices[:, 0]) < 0.04)
        depth = self.vertices[near, 2]
        return (float(depth.max()), float(depth.min())) if len(depth) else (0.0, 0.0)


def _edges_of(faces: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    pairs = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    return pairs[(pairs[:, 0] < pairs[:, 1]) & allowed[pairs].all(axis=1)]


def _border(faces: np.ndarray, inner: np.ndarray, outer: np.ndarray) -> np.ndarray:
    """Vertices of `inner` that share a face with `outer`."""
    mixed = faces[inner[faces].any(axis=1) & outer[faces].any(axis=1)].ravel()
    return np.unique(mixed[inner[mixed]])
