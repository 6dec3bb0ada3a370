"""How a person stands before the camera: the camera and the body's pose that explain the landmarks in a picture.

After SMPLify (Bogo et al. 2016), on the skeleton alone: joints and a few points of the skin are linear in the body
model's betas, so that a Levenberg-Marquardt fit of camera, pose and proportions takes a fraction of a second. The
declared stature is the scale. The camera is a pinhole; its focal length comes from the picture or is a telephone's.
What one view cannot tell (depth of the limbs, the tilt of the camera) is held by weak beliefs about how people stand
and hold cameras, and by the pose finder's own guess of depth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from assets.mesh import frozen
from body import poses
from body.frame import Frame
from body.model import JOINT_NAMES, PARENTS, BodyModel
from body.pose import (
    LEFT_ANKLE,
    LEFT_EAR,
    LEFT_ELBOW,
    LEFT_HEEL,
    LEFT_HIP,
    LEFT_KNEE,
    LEFT_SHOULDER,
    LEFT_TOE,
    LEFT_WRIST,
    MIRRORED,
    NOSE,
    RIGHT_ELBOW,
    RIGHT_HIP,
    RIGHT_SHOULDER,
    Person,
)  # fmt: skip

TELEPHONE_FOCAL = 26 / 43.27  # of the picture's diagonal: the main camera of most telephones
HAIR = 0.012  # what hair adds to a head [m], about as much as its doubt
_HAIR_SD = 0.014

# Landmark: what it is on the body (a joint or a point of the skin), how far outward, above and forward of that the
# finder places it, and how surely [m]; measured by us on 44 rendered people.
TARGETS: Mapping[int, tuple[str, float, float, float, float]] = {
    LEFT_SHOULDER: ("left_shoulder", -0.003, 0.015, -0.012, 0.018), LEFT_ELBOW: ("left_elbow", -0.006, 0.010, 0, 0.020),
    LEFT_WRIST: ("left_wrist", -0.005, 0.0, 0.0, 0.020), LEFT_HIP: ("left_hip", -0.006, -0.018, 0.005, 0.018),
    LEFT_KNEE: ("left_knee", 0.0, -0.010, -0.003, 0.024), LEFT_ANKLE: ("left_ankle", -0.002, 0.014, -0.004, 0.015),
    LEFT_HEEL: ("left_heel", -0.010, 0.010, 0.018, 0.018), LEFT_TOE: ("left_big_toe", 0.009, 0.002, -0.023, 0.020),
    LEFT_EAR: ("left_ear", -0.026, -0.003, 0.035, 0.020), NOSE: ("nose", 0.0, 0.003, -0.005, 0.015),
}  # fmt: skip

ARMS_FORWARD = poses.from_degrees({"shoulder": (0, -78, 0), "elbow": (0, -8, 0)})
_RESTS = (np.asarray(poses.RELAXED, float), np.asarray(ARMS_FORWARD, float))
_AHEAD = 0.5  # cosine of the angle between arms and what is ahead
# Freedom of the joints about the nearer of these [degrees]: about x (bending), y (twisting), z (spreading).
_FREEDOM: Mapping[str, tuple[float, float, float]] = {
    "hip": (8, 8, 10), "knee": (6, 0, 0), "ankle": (6, 0, 6), "shoulder": (15, 15, 40), "elbow": (10, 25, 15),
}  # fmt: skip
_BACK_FREEDOM, _NECK_FREEDOM = (3.0, 4.0, 3.0), (12.0, 12.0, 8.0)
_TILT_SD, _ROLL_SD, _EYE_LEVEL, _EYE_LEVEL_SD = np.radians(8), np.radians(2.5), 1.25, 0.35
# The finder sets a hidden shoulder and hip beside the near ones, and so turns whoever stands sideways towards the
# camera: how far it says, and how far people stood [degrees], measured by us on rendered people (those who stand at 90
# are told 73, sd 5).
TURN_TOLD, TURN_TRUE = (0, 45, 55, 62, 70, 80, 90, 105, 180), (0, 46, 60, 82, 88, 92, 95, 105, 180)
# What a person seen from the side hides is guessed: so much more doubtful is the far side.
_HIDDEN = 2.0
_SUREST = 0.15  # of the finder's doubts, where landmarks are hardly off at all
_YAW_SD, _DEPTH_SD, _STATURE_SD = np.radians(5), 0.25, 0.003


@dataclass(frozen=True, slots=True, eq=False)
class Pinhole:
    """A camera: focal length and centre [pixels]; axes: rows point right, down and forward, [3, 3]; eye [m] [3]."""

    focal: float
    centre: tuple[float, float]
    axes: np.ndarray
    eye: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "axes", frozen(self.axes))
        object.__setattr__(self, "eye", frozen(self.eye))

    def project(self, points: np.ndarray) -> np.ndarray:
        """Pixels [..., 2] of points [m] [..., 3]."""
        local = (points - self.eye) @ self.axes.T
        return np.asarray(self.centre) + self.focal * local[..., :2] / local[..., 2:]

    def depth(self, points: np.ndarray) -> np.ndarray:
        """Distance of points before the camera along its axis [m], shape [...]."""
        return (points - self.eye) @ self.axes[2]


@dataclass(frozen=True, slots=True, eq=False)
class Stance:
    """The camera in the body's own frame (facing +Z, lowest vertex on y = 0), the pose [55, 3] with row 0 zero, how far
    the body is turned from the camera [rad] (0 faces it, pi / 2 shows the right side), the betas that fit the
    proportions, and the landmarks' rms error [pixels]."""

    camera: Pinhole
    pose: np.ndarray
    yaw: float
    betas: np.ndarray
    error: float


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """What a picture tells of a standing person without the mask: the `person` (its mask is left empty), the camera's
    focal length and centre [pixels], the stature [m] that is the scale, and how surely the landmarks are where they
    are: `shaky` 1 as the finder sets them, 0 hardly off at all."""

    person: Person
    focal: float
    centre: tuple[float, float]
    stature: float
    shaky: float = 1.0


def marks(person: Person, frame: Frame, stature: float, shaky: float = 1.0) -> Marks:
    """The marks of a person `stature` [m] tall in a frame; a focal length that it does not tell is a telephone's."""
    focal = frame.focal or TELEPHONE_FOCAL * float(np.hypot(frame.width, frame.height))
    bare = replace(person, mask=np.zeros((0, 0), np.float32))
    return Marks(bare, focal, (frame.width / 2, frame.height / 2), stature, shaky)


@dataclass(frozen=True, slots=True, eq=False)
class Rig:
    """The skeleton: joints and skin points, linear in betas, [55 + p, 3] and [55 + p, 3, k]; each point's joint; and
    the stature [m] and its change by betas [k]."""

    names: tuple[str, ...]
    template: np.ndarray
    directions: np.ndarray
    owner: np.ndarray
    stature: float
    growth: np.ndarray

    def places(self, betas: np.ndarray, turns: np.ndarray) -> np.ndarray:
        """Joints and points of betas [b, k] with local rotations [b, 55, 3, 3], shape [b, 55 + p, 3]."""
        rest = self.template + np.einsum("pck,bk->bpc", self.directions, betas)
        count = len(PARENTS)
        spins, joints = chain(rest[:, :count], turns)
        offset = rest[:, count:] - rest[:, self.owner]
        skin = joints[:, self.owner] + (spins[:, self.owner] @ offset[..., None])[..., 0]
        return np.concatenate([joints, skin], axis=1)

    def joints(self, betas: np.ndarray) -> np.ndarray:
        """Joints at rest [b, 55, 3] of betas [b, k]."""
        count = len(PARENTS)
        return self.template[:count] + np.einsum("pck,bk->bpc", self.directions[:count], betas)


@lru_cache(maxsize=4)
def rig_of(model: Any) -> Rig:
    """Measured on the model itself, whichever it is: two passes through its skinning."""
    import torch

    betas = torch.cat([torch.zeros(1, model.n_betas), torch.eye(model.n_betas)])
    points = [name for name in model.landmarks if name.split("_", 1)[-1] in ("heel", "big_toe", "ear", "nose", "crown")]
    vertices = [model.landmarks[name] for name in points]
    with torch.no_grad():
        shaped, joints = model.forward(betas, torch.zeros(1, 55, 3).expand(len(betas), -1, -1))
        standing = torch.tensor(poses.STANDING.copy())[None]
        upright, _ = model.forward(betas, standing.expand(len(betas), -1, -1))
    height = upright[..., 1].numpy()
    top, bottom = height[0].argmax(), height[0].argmin()
    statures = height[:, top] - height[:, bottom]
    table = np.concatenate([joints.numpy(), shaped.numpy()[:, vertices]], axis=1).astype(float)
    owner = model.weights[vertices].argmax(axis=1)
    growth = statures[1:] - statures[0]
    return Rig(
        (*JOINT_NAMES, *points), table[0], np.moveaxis(table[1:] - table[0], 0, 2), owner, float(statures[0]), growth
    )


class Standing:
    """Residuals, each in units of its doubt, of one person's camera, pose and proportions; `prior` is the mean [k] and
    covariance [k, k] of the betas.

    Unknowns, each in units of its freedom: camera (tilt, roll, yaw, x, y, log distance), joints, betas; the last ones
    begin at `split`.
    """

    def __init__(self, marks: Marks, rig: Rig, prior: tuple[np.ndarray, np.ndarray]) -> None:
        person = marks.person
        self.rig, self.stature, self.focal, self.centre = rig, marks.stature, marks.focal, marks.centre
        self.mean, covariance = prior
        self.shape = np.linalg.cholesky(covariance + 1e-9 * np.eye(len(covariance)))
        self.joints, self.freedom = _free_joints()
        self.split = 6 + self.freedom.size
        self.yaw = facing(person.world)
        self.distance = self.focal * self.stature / person.height
        self.find_targets(person)
        self.precision /= max(marks.shaky, _SUREST)
        self.rest = _RESTS[int(_arms_forward(person.world))]

    def solve(self) -> np.ndarray:
        """The likeliest unknowns [n]."""
        from scipy.optimize import least_squares

        def solved(how: str) -> np.ndarray:
            residuals, start = lambda x: self.residuals(x[None])[0], self.start()
            return least_squares(residuals, start, self.slopes, method="trf", tr_solver=how, max_nfev=60).x

        try:
            return solved("exact")
        except np.linalg.LinAlgError:  # now and then LAPACK's decomposition does not converge
            return solved("lsmr")

    def find_targets(self, person: Person) -> None:
        """What must fall where in the picture, and how surely."""
        numbers = list(targets())
        names, outward, upward, forward, doubt = zip(*targets().values(), strict=True)
        self.points = np.array([self.rig.names.index(name) for name in names])
        self.point_of = dict(zip(numbers, self.points, strict=True))
        self.shift = np.stack([outward, upward, forward], axis=1)
        self.pixels = person.points[numbers]
        self.hips = person.points[[LEFT_HIP, RIGHT_HIP]].mean(axis=0)
        doubts = np.array(doubt) / np.clip(person.visibility[numbers], 0.1, 1)
        far = np.array([name.startswith("left" if self.yaw > 0 else "right") for name in names])
        doubts *= np.where(far, 1 + _HIDDEN * np.sin(self.yaw) ** 4, 1)
        self.precision = self.stature / person.height / doubts
        self.crown = self.rig.names.index("crown")
        self.top = float(person.box[1])
        self.hair = person.height / self.stature * HAIR, person.height / self.stature * _HAIR_SD
        self.limbs = np.array([(11, 13), (13, 15), (12, 14), (14, 16)])
        bones = person.world[self.limbs[:, 1]] - person.world[self.limbs[:, 0]]
        self.depths = -bones[:, 2] / np.linalg.norm(bones, axis=1)
        self.limb_joints = np.vectorize(self.point_of.get)(self.limbs)

    def start(self) -> np.ndarray:
        """The expected body at rest, turned as the finder thinks, as far away as its size says."""
        return np.zeros(self.split + len(self.mean))

    def unpack(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Camera angles (tilt, roll, yaw) [b, 3], eye offset [b, 3], joint turns [b, j, 3], betas [b, k]."""
        angles = x[:, :3] * (_TILT_SD, _ROLL_SD, _YAW_SD) + (0, 0, self.yaw)
        offset = x[:, 3:6] * (0.3, 0.3, 0.1)
        turns = x[:, 6 : self.split].reshape(len(x), -1, 3) * self.freedom
        return angles, offset, turns, self.mean + x[:, self.split :] @ self.shape.T

    def turned(self, turns: np.ndarray, yaw: np.ndarray) -> np.ndarray:
        """The pose [b, 55, 3]: at rest, changed by `turns` at the free joints."""
        pose = np.tile(self.rest, (len(turns), 1, 1))
        pose[:, self.joints] += turns
        pose[:, 0] = yaw[:, None] * (0, 1, 0)
        return pose

    def camera(self, angles: np.ndarray, offset: np.ndarray, middle: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Axes [b, 3, 3] (rows right, down, forward) and eye [b, 3] looking at about the body's `middle` [b, 3]."""
        tilt, roll = angles[:, 0], angles[:, 1]
        zero, one = np.zeros_like(tilt), np.ones_like(tilt)
        level = np.array([[1.0, 0, 0], [0, -1, 0], [0, 0, -1]])
        down = _stack([[one, zero, zero], [zero, np.cos(tilt), -np.sin(tilt)], [zero, np.sin(tilt), np.cos(tilt)]])
        lean = _stack([[np.cos(roll), np.sin(roll), zero], [-np.sin(roll), np.cos(roll), zero], [zero, zero, one]])
        axes = lean @ down @ level
        distance = self.distance * np.exp(offset[:, 2])
        aim = (self.hips - self.centre) * distance[:, None] / self.focal
        local = np.concatenate([aim - offset[:, :2], distance[:, None]], axis=1)
        return axes, middle - np.einsum("bji,bj->bi", axes, local)

    def places(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Points of the body [b, 55 + p, 3], camera axes and eye."""
        angles, offset, turns, betas = self.unpack(x)
        places = self.rig.places(betas, rotations(self.turned(turns, angles[:, 2])))
        axes, eye = self.camera(angles, offset, places[:, 0])
        return places, axes, eye

    def image(self, points: np.ndarray, axes: np.ndarray, eye: np.ndarray) -> np.ndarray:
        """Pixels [b, p, 2] of points [b, p, 3]."""
        local = np.einsum("bij,bpj->bpi", axes, points - eye[:, None])
        return self.centre + self.focal * local[..., :2] / local[..., 2:]

    def residuals(self, x: np.ndarray) -> np.ndarray:
        """Shape [b, r] for unknowns [b, n]: what the picture tells, the stature that is its scale, and the beliefs."""
        height = (self.rig.stature + self.unpack(x)[3] @ self.rig.growth - self.stature) / _STATURE_SD
        return np.concatenate([self.told(x), height[:, None], self.belief(x)], axis=1)

    def belief(self, x: np.ndarray) -> np.ndarray:
        """What is expected of the unknowns [b, n] themselves."""
        belief = x.copy()
        belief[:, 3:6] = 0
        return belief

    def told(self, x: np.ndarray) -> np.ndarray:
        """What the picture alone tells: residuals [b, t] of landmarks, crown, depth of the limbs, and eye level."""
        places, axes, eye = self.places(x)
        local = np.einsum("bij,bpj->bpi", axes, places - eye[:, None])
        crown = self.image(places[:, [self.crown]], axes, eye)[:, 0, 1]
        marks = self.image(places[:, self.points] + self.shift @ _about_y(self.unpack(x)[0][:, 2]), axes, eye)
        landmarks = (marks - self.pixels) * self.precision[:, None]
        top = (crown - self.hair[0] - self.top) / self.hair[1]
        bones = local[:, self.limb_joints[:, 1]] - local[:, self.limb_joints[:, 0]]
        depth = (-bones[..., 2] / np.linalg.norm(bones, axis=2) - self.depths) / _DEPTH_SD
        floor = places[:, len(PARENTS) :, 1].min(axis=1)
        level = (eye[:, 1] - floor - _EYE_LEVEL) / _EYE_LEVEL_SD
        return np.concatenate([landmarks.reshape(len(x), -1), top[:, None], depth, level[:, None]], axis=1)

    def slopes(self, x: np.ndarray) -> np.ndarray:
        """The Jacobian [r, n] of the residuals by central differences, all in one batch."""
        return _differences(self.residuals, x)

    def told_slopes(self, x: np.ndarray) -> np.ndarray:
        """The same of what the picture alone tells, [t, n]."""
        return _differences(self.told, x)

    def stance(self, x: np.ndarray, model: BodyModel) -> Stance:
        """What the unknowns mean, told in the body's own frame: the camera goes round, the body does not turn."""
        angles, _, turns, betas = self.unpack(x[None])
        places, axes, eye = (part[0] for part in self.places(x[None]))
        pose = self.turned(turns, angles[:, 2])[0]
        turn = rotations(pose[0])
        pose[0] = 0
        body = model.body(betas[0], pose)
        camera = Pinhole(self.focal, self.centre, axes @ turn, (eye - places[0]) @ turn + body.joints[0])
        marks = (places[self.points] - places[0]) @ turn + self.shift + body.joints[0]
        error = camera.project(marks) - self.pixels
        yaw = float((angles[0, 2] + np.pi) % (2 * np.pi) - np.pi)
        return Stance(camera, frozen(pose.astype(np.float32)), yaw, betas[0], float(np.sqrt((error**2).mean())))


def targets() -> dict[int, tuple[str, float, float, float, float]]:
    """Of each landmark: what it is on the body, how far outward, above and forward of that it is seen, its sd [m]."""
    twins = {
        int(MIRRORED[number]): (_other(name), -out, up, ahead, sd)
        for number, (name, out, up, ahead, sd) in TARGETS.items()
    }
    return {**TARGETS, **twins}


def facing(world: np.ndarray) -> float:
    """How far whoever has these world landmarks [33, 3] is turned from the camera [rad], by the finder's own guess of
    depth, corrected."""
    across = world[[LEFT_SHOULDER, LEFT_HIP]] - world[[RIGHT_SHOULDER, RIGHT_HIP]]
    told = np.degrees(np.arctan2(across[:, 2].sum(), across[:, 0].sum()))
    return float(np.copysign(np.radians(np.interp(abs(told), TURN_TOLD, TURN_TRUE)), told))


def _arms_forward(world: np.ndarray) -> bool:
    """Whether the upper arms of these world landmarks [33, 3] point to where the person faces."""
    across = world[[LEFT_SHOULDER, LEFT_HIP]] - world[[RIGHT_SHOULDER, RIGHT_HIP]]
    ahead = np.cross(across.sum(axis=0), (0.0, -1.0, 0.0))
    arms = world[[LEFT_ELBOW, RIGHT_ELBOW]] - world[[LEFT_SHOULDER, RIGHT_SHOULDER]]
    arms = arms / np.linalg.norm(arms, axis=1, keepdims=True)
    return bool(arms.mean(axis=0) @ ahead > _AHEAD * np.linalg.norm(ahead))


def _free_joints() -> tuple[np.ndarray, np.ndarray]:
    """Numbers [j] of the joints that a fit may turn, and how far [rad] [j, 3]."""
    freedom = {f"{side}_{name}": value for name, value in _FREEDOM.items() for side in ("left", "right")}
    freedom |= dict.fromkeys(("spine1", "spine2", "spine3"), _BACK_FREEDOM) | {"neck": _NECK_FREEDOM}
    return np.array([JOINT_NAMES.index(name) for name in freedom]), np.radians(list(freedom.values()))


def _differences(values: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> np.ndarray:
    step = 1e-4 * np.eye(len(x))
    found = values(np.concatenate([x + step, x - step]))
    return ((found[: len(x)] - found[len(x) :]) / 2e-4).T


def chain(rest: np.ndarray, turns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rotations [b, 55, 3, 3] and places [b, 55, 3] of joints that are at `rest` [b, 55, 3] and turn by [b, 55, 3, 3],
    all or one of them."""
    spin, place = [turns[:, 0]], [rest[:, 0]]
    for joint in range(1, len(PARENTS)):
        parent = PARENTS[joint]
        bone = rest[:, joint] - rest[:, parent]
        place.append(place[parent] + (spin[parent] @ bone[..., None])[..., 0])
        spin.append(spin[parent] @ turns[:, joint])
    return np.stack(spin, axis=1), np.stack(place, axis=1)


def rotations(turns: np.ndarray) -> np.ndarray:
    """Rotation matrices [..., 3, 3] of axis-angle vectors [..., 3] (Rodrigues)."""
    angle = np.sqrt((turns**2).sum(axis=-1, keepdims=True) + 1e-16)
    x, y, z = np.moveaxis(turns / angle, -1, 0)
    zero = np.zeros_like(x)
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1).reshape(*x.shape, 3, 3)
    angle = angle[..., None]
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


def _stack(rows: list[list[np.ndarray]]) -> np.ndarray:
    """Matrices [b, 3, 3] of entries [b]."""
    return np.moveaxis(np.array(rows), 2, 0)


def _about_y(angles: np.ndarray) -> np.ndarray:
    """Matrices [b, 3, 3] that turn row vectors about +Y by angles [b]."""
    cosine, sine, zero, one = np.cos(angles), np.sin(angles), np.zeros_like(angles), np.ones_like(angles)
    return _stack([[cosine, zero, -sine], [zero, one, zero], [sine, zero, cosine]])


def _other(name: str) -> str:
    return name.replace("left", "right")
