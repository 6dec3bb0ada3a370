"""The body model laid onto a scan: shape, pose and place at which surface and points lie closest, both ways.

Iterated closest points with point-to-plane distances (Chen and Medioni, 1992), from the model's vertices to the scan
and back, solved for all joints and shape coefficients at once by damped Gauss-Newton. What lies far (Geman and McClure,
1987), looks another way, or is hair, hand or foot, has little say; what the scan leaves open, the priors decide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from assets.mesh import face_areas, vertex_normals
from body.measure import ruler
from body.model import JOINT_NAMES, BodyModel, following
from body.poses import STANDING, mirrored

# How far joints stray from the pose begun with [degrees], about x, y and z of the T-pose.
_STRAY = {
    "pelvis": (1e4, 1e4, 1e4), "spine1": (8, 5, 5), "spine2": (8, 5, 5), "spine3": (8, 5, 5), "neck": (12, 10, 8),
    "head": (12, 10, 8), "collar": (4, 8, 8), "shoulder": (12, 35, 35), "elbow": (15, 30, 10), "wrist": (12, 10, 12),
    "hip": (15, 10, 15), "knee": (15, 4, 4), "ankle": (10, 6, 8), "foot": (4, 2, 2),
}  # fmt: skip
JOINTS = tuple(k for k, name in enumerate(JOINT_NAMES) if name.split("_")[-1] in _STRAY)
ARMS = (-75.0, -50.0, -25.0, 0.0)
_SPAN, _ALIKE = 0.3, 0.25
_MOST_MISS, _NEAR = 0.05, 0.02
_FRESH = 4


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """A scan in the model's frame [m]: points [n, 3], outward unit normals [n, 3], floor on y = 0 to `floor_sd` [m]."""

    points: np.ndarray
    normals: np.ndarray
    tree: cKDTree
    floor_sd: float


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A body on a scan: betas [k], pose [55, 3], translation [3]; its vertices [n, 3] and joints [55, 3] [m];
    covariance of betas [k, k]; `miss` [m], the mean of the distances both ways, each counted up to 5 cm."""

    betas: np.ndarray
    pose: np.ndarray
    translation: np.ndarray
    vertices: np.ndarray
    joints: np.ndarray
    covariance: np.ndarray
    miss: float


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """Shares of the body that has points near it that look its way, and of the points near the body, hands, feet and
    hair counted little; how far head or feet reach beyond the points [m]; how strange the shape is, 1 for a usual one.
    """

    covered: float
    explained: float
    beyond: float
    strange: float


class Fitter:
    """Lays one model, of people of that sex or of any, onto clouds."""

    def __init__(self, model: BodyModel, sex: float | None) -> None:
        self.model, self.prior = model, model.prior(sex)
        self.follows = np.stack([following(model, JOINT_NAMES[k]) for k in JOINTS], axis=1)
        self.skin = np.unique(model.skin_faces)
        self.share, area = _say(model)
        self.weight = self.share * area
        self._soles = np.array([model.landmarks[f"{s}_{p}"] for s in ("left", "right") for p in ("heel", "big_toe")])
        spread = self.prior[1] + 1e-6 * np.trace(self.prior[1]) / len(self.prior[1]) * np.eye(len(self.prior[1]))
        self._worth = np.linalg.inv(spread)
        self._middle = ruler(model).read(self.prior[0], sex)
        self._rng = np.random.default_rng(0)

    def begin(self, cloud: Cloud, tall: float, arms: float) -> Laid:
        """The likeliest shape so tall [m] standing in the scan's middle, arms lowered by -`arms` degrees from the T."""
        pose = np.array(STANDING, float)
        pose[JOINT_NAMES.index("left_shoulder")] = np.radians([0, -2, arms])
        pose[JOINT_NAMES.index("right_shoulder")] = mirrored(np.radians([0, -2, arms]))
        for side, sign in (("left", 1), ("right", -1)):
            pose[JOINT_NAMES.index(f"{side}_hip"), 2] = sign * np.radians(4.0)
            pose[JOINT_NAMES.index(f"{side}_ankle"), 2] = -sign * np.radians(4.0)
        laid = self._posed(Laid(self._likely(tall), pose, np.zeros(3), *(np.zeros((1, 3)),) * 2, self.prior[1], np.inf))
        low, high = laid.vertices.min(axis=0), laid.vertices.max(axis=0)
        top = np.percentile(cloud.points[:, 1], 99.8)
        place = np.median(cloud.points, axis=0) - np.median(laid.vertices[self.skin], axis=0)
        place[1] = 0.5 * (top - low[1] - high[1])
        return self._posed(replace(laid, translation=place))

    def _likely(self, tall: float) -> np.ndarray:
        """The likeliest betas [k] of people so tall [m]."""
        centre, covariance = self.prior
        at = ruler(self.model).names.index("stature")
        slope = covariance @ self._middle.slopes[at]
        return centre + slope * (tall - self._middle.values[at]) / (self._middle.slopes[at] @ slope)

    def judge(self, cloud: Cloud, laid: Laid) -> Laid:
        """The same with its `miss` worked out; what looks another way counts as _MOST_MISS."""
        mine = self._some(self.skin, 2500)
        normals = vertex_normals(laid.vertices, self.model.skin_faces)
        there, at = cloud.tree.query(laid.vertices[mine])
        there[np.einsum("nc,nc->n", normals[mine], cloud.normals[at]) < 0] = _MOST_MISS
        some = slice(None, None, max(1, len(cloud.points) // 2500))
        back, at = cKDTree(laid.vertices[self.skin]).query(cloud.points[some])
        at = self.skin[at]
        back[np.einsum("nc,nc->n", normals[at], cloud.normals[some]) < 0] = _MOST_MISS
        say = np.minimum(self.share[at], 1.0)
        miss = 0.5 * np.minimum(there, _MOST_MISS).mean() + 0.5 * np.average(np.minimum(back, _MOST_MISS), weights=say)
        return replace(laid, miss=float(miss))

    def stature(self, laid: Laid) -> float:
        """How tall [m] the body is when it stands straight."""
        tape = ruler(self.model)
        return float(tape.read(laid.betas).values[tape.names.index("stature")])

    def scaled(self, laid: Laid, factor: float) -> Laid:
        """About the same body so many times as tall, as a start."""
        growth = self._likely(factor) - self._likely(1.0)
        start = replace(laid, betas=laid.betas + growth * self.stature(laid), translation=factor * laid.translation)
        return self._posed(start)

    def match(self, cloud: Cloud, laid: Laid) -> Match:
        """How well a body and a scan speak of the same thing."""
        mine = self._some(self.skin, 5000)
        normals = vertex_normals(laid.vertices, self.model.skin_faces)
        far, at = cloud.tree.query(laid.vertices[mine])
        covered = (far < _NEAR) & (np.einsum("nc,nc->n", normals[mine], cloud.normals[at]) > _ALIKE)
        far, at = cKDTree(laid.vertices[self.skin]).query(cloud.points)
        at = self.skin[at]
        explained = (far < _NEAR) & (np.einsum("nc,nc->n", normals[at], cloud.normals) > _ALIKE)
        low, high = np.percentile(cloud.points[:, 1], [0.1, 99.9])
        reach = laid.vertices[self.skin, 1]
        centre, _ = self.prior
        strange = (laid.betas - centre) @ self._worth @ (laid.betas - centre) / len(centre)
        return Match(
            float(covered.mean()),
            float(np.average(explained, weights=self.share[at])),
            float(max(reach.max() - high, low - reach.min())),
            float(strange),
        )

    def _some(self, vertices: np.ndarray, count: int) -> np.ndarray:
        """Vertices drawn by their say, the same at each call."""
        chance = self.weight[vertices] / self.weight[vertices].sum()
        return np.random.default_rng(0).choice(vertices, count, p=chance)

    def lay(
        self,
        cloud: Cloud,
        laid: Laid,
        widths: np.ndarray,
        rows: int,
        shapes: np.ndarray | None = None,
        tell: Callable[[float], None] = lambda share: None,
    ) -> Laid:
        """A step for each of `widths` [m], the distance beyond which points lose their say; `rows` points each way.

        `shapes` [n, 3, k] is how betas move the surface, roughly; without, it is worked out anew every few steps.
        """
        start, moves = laid.pose, shapes
        for k, width in enumerate(widths):
            if shapes is None and k % _FRESH == 0:
                moves = self.shapes(laid)
            assert moves is not None
            laid = self._step(cloud, laid, start, moves, float(width), rows)
            tell((k + 1) / len(widths))
        return self.judge(cloud, laid)

    def _step(self, cloud: Cloud, laid: Laid, start: np.ndarray, shapes: np.ndarray, width: float, rows: int) -> Laid:
        vertices, direction, gap, weight = self._pairs(cloud, laid, width, rows)
        slope = self._slope(laid, shapes, vertices, direction)
        # Neighbouring points err together: they count as a patch each hand's breadth.
        sure = 300.0 / max(weight.sum(), 1e-9) / max(0.25 * width, 0.004) ** 2
        bend = slope.T @ (slope * (sure * weight)[:, None])
        pull = slope.T @ (sure * weight * gap)
        for add, toward in (self._shape_prior(laid), self._pose_prior(laid, start), self._floor(cloud, laid, shapes)):
            bend, pull = bend + add, pull + toward
        count = 3 * len(JOINTS) + 3
        change = np.linalg.solve(bend + 1e-9 * np.trace(bend) / len(bend) * np.eye(len(bend)), -pull)
        change[: count - 3] = np.clip(change[: count - 3], -_SPAN, _SPAN)
        moved = replace(
            laid,
            pose=self._turned(laid, change[: count - 3].reshape(-1, 3)),
            translation=laid.translation + change[count - 3 : count],
            betas=laid.betas + change[count:],
            covariance=np.linalg.inv(bend)[count:, count:],
        )
        return self._posed(moved)

    def _pairs(
        self, cloud: Cloud, laid: Laid, width: float, rows: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Vertices that should move [r], along which directions [r, 3], how far they are off [m] [r], and their say."""
        normals = vertex_normals(laid.vertices, self.model.skin_faces)
        chance = self.weight[self.skin] / self.weight[self.skin].sum()
        mine = self._rng.choice(self.skin, rows, p=chance)
        far, at = cloud.tree.query(laid.vertices[mine])
        across = cloud.normals[at]
        there = np.einsum("nc,nc->n", across, laid.vertices[mine] - cloud.points[at])
        alike = np.einsum("nc,nc->n", across, normals[mine])
        some = self._rng.choice(len(cloud.points), rows)
        back, theirs = cKDTree(laid.vertices[self.skin]).query(cloud.points[some])
        theirs = self.skin[theirs]
        toward = np.einsum("nc,nc->n", normals[theirs], laid.vertices[theirs] - cloud.points[some])
        alike_back = np.einsum("nc,nc->n", cloud.normals[some], normals[theirs])
        weight = np.concatenate(
            [_trust(far, width) * _facing(alike), self.share[theirs] * _trust(back, width) * _facing(alike_back)]
        )
        keep = weight > 1e-4
        return (
            np.concatenate([mine, theirs])[keep],
            np.concatenate([across, normals[theirs]])[keep],
            np.concatenate([there, toward])[keep],
            weight[keep],
        )

    def _slope(self, laid: Laid, shapes: np.ndarray, vertices: np.ndarray, direction: np.ndarray) -> np.ndarray:
        """How the gaps grow with each joint's turning about x, y, z, the translation, and each beta, [r, p]."""
        arm = laid.vertices[vertices][:, None] - laid.joints[list(JOINTS)]
        turning = np.cross(arm, direction[:, None]) * self.follows[vertices][:, :, None]
        along = np.einsum("rc,rck->rk", direction, shapes[vertices])
        return np.concatenate([turning.reshape(len(vertices), -1), direction, along], axis=1)

    def _shape_prior(self, laid: Laid) -> tuple[np.ndarray, np.ndarray]:
        worth = self._worth
        first = 3 * len(JOINTS) + 3
        bend, pull = np.zeros((first + len(worth), first + len(worth))), np.zeros(first + len(worth))
        bend[first:, first:], pull[first:] = worth, worth @ (laid.betas - self.prior[0])
        return bend, pull

    def _pose_prior(self, laid: Laid, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Joints near where they began, in each joint's own axes; turns here are about the world's."""
        size = 3 * len(JOINTS) + 3 + len(laid.betas)
        bend, pull = np.zeros((size, size)), np.zeros(size)
        turns = _chain(laid.pose, self.model.parents)
        for k, joint in enumerate(JOINTS):
            stray = np.radians(_STRAY[JOINT_NAMES[joint].split("_")[-1]])
            own = turns[self.model.parents[joint]] if joint else np.eye(3)
            worth = own @ np.diag(stray**-2.0) @ own.T
            block = slice(3 * k, 3 * k + 3)
            bend[block, block] = worth
            pull[block] = worth @ own @ (laid.pose[joint] - start[joint])
        return bend, pull

    def _floor(self, cloud: Cloud, laid: Laid, shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Both soles on the floor."""
        slope = self._slope(laid, shapes, self._soles, np.tile([0.0, 1.0, 0.0], (len(self._soles), 1)))
        lowest = laid.vertices[self.skin, 1].min()
        height = laid.vertices[self._soles, 1]
        side = np.minimum(height.reshape(2, 2), height.reshape(2, 2).min(axis=1, keepdims=True) + 0.02).ravel()
        worth = cloud.floor_sd**-2 / len(self._soles)
        gap = side - (side.min() - lowest)
        return worth * slope.T @ slope, worth * slope.T @ gap

    def _turned(self, laid: Laid, turns: np.ndarray) -> np.ndarray:
        """The pose after turning joints [j, 3] about the world's axes."""
        pose = np.array(laid.pose)
        world = _chain(laid.pose, self.model.parents)
        for turn, joint in zip(turns, JOINTS, strict=True):
            own = world[self.model.parents[joint]] if joint else np.eye(3)
            local = own.T @ Rotation.from_rotvec(turn).as_matrix() @ own
            pose[joint] = Rotation.from_matrix(local @ Rotation.from_rotvec(pose[joint]).as_matrix()).as_rotvec()
        return pose

    def _posed(self, laid: Laid) -> Laid:
        import torch

        with torch.no_grad():
            vertices, joints = self.model.forward(*_tensors(laid.betas[None], laid.pose[None], laid.translation[None]))
        return replace(laid, vertices=_plain(vertices[0]), joints=_plain(joints[0]))

    def shapes(self, laid: Laid) -> np.ndarray:
        """How each beta moves each vertex in this pose, [n, 3, k]: exact, as the surface is affine in betas."""
        import torch

        k = len(laid.betas)
        moved = np.zeros((len(laid.vertices), 3, k), np.float32)
        with torch.no_grad():
            still = self.model.forward(*_tensors(np.zeros((1, k)), laid.pose[None]))[0][0]
            for first in range(0, k, 10):
                some = np.eye(k)[first : first + 10]
                pose = np.broadcast_to(laid.pose, (len(some), *laid.pose.shape))
                found = self.model.forward(*_tensors(some, pose))[0] - still
                moved[:, :, first : first + len(some)] = np.moveaxis(found.cpu().numpy(), 0, 2)
        return moved


def _say(model: BodyModel) -> tuple[np.ndarray, np.ndarray]:
    """How much each vertex has a say, 0..1 [n], little at hands, feet, face and hair; and its area [m2] [n]."""
    count = len(model.weights)
    rest = model.body(None, STANDING)
    area = np.bincount(model.skin_faces.ravel(), np.repeat(face_areas(rest.vertices, model.skin_faces), 3), count) / 3.0
    head = following(model, "head")
    brow, crown = (rest.vertices[model.landmarks[name]] for name in ("glabella", "crown"))
    behind = rest.vertices[:, 2] < brow[2] - 0.35 * (crown[1] - brow[1])
    hair = head * (behind | (rest.vertices[:, 1] > 0.6 * brow[1] + 0.4 * crown[1]))
    hands = sum(following(model, f"{side}_wrist") for side in ("left", "right"))
    feet = sum(following(model, f"{side}_ankle") for side in ("left", "right"))
    return (1 - 0.5 * head) * (1 - 0.85 * hair) * (1 - 0.85 * hands) * (1 - 0.4 * feet), area


def _trust(distance: np.ndarray, width: float) -> np.ndarray:
    return (width**2 / (width**2 + distance**2)) ** 2


def _facing(alike: np.ndarray) -> np.ndarray:
    return np.clip((alike - _ALIKE) / 0.4, 0.0, 1.0)


def _chain(pose: np.ndarray, parents: np.ndarray) -> list[np.ndarray]:
    """Each joint's rotation in the world, [55] of [3, 3]."""
    local = Rotation.from_rotvec(pose).as_matrix()
    world = [local[0]]
    for joint in range(1, len(pose)):
        world.append(world[parents[joint]] @ local[joint])
    return world


def _tensors(*arrays: np.ndarray) -> tuple:
    import torch

    return tuple(torch.tensor(np.ascontiguousarray(array), dtype=torch.float32) for array in arrays)


def _plain(tensor) -> np.ndarray:
    return tensor.double().cpu().numpy()
