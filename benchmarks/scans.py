"""Scans of people who do not exist: the built-in body in a random shape and pose, changed beyond them, and spoilt.

What is known of each is exact: its measures in the measuring pose. It shows what the fit does with noise, holes,
clothes, hair and floors, and not how real scanners and real people differ from that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_matrix
from scipy.spatial.transform import Rotation

from assets.mesh import edges, vertex_normals
from body.measure import measure
from body.measurements import Measurements
from body.model import JOINT_NAMES, Body, BodyModel, following
from body.poses import T, mirrored

A_POSE = {"shoulder": (0.0, 0.0, -45.0), "hip": (0.0, 0.0, 6.0), "elbow": (0.0, -12.0, 0.0)}


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A posed body, its own measures, and its skin as a mesh [m], upright, facing +Z, feet on y = 0."""

    body: Body
    measures: Measurements
    vertices: np.ndarray
    faces: np.ndarray


def subject(
    model: BodyModel,
    rng: np.random.Generator,
    *,
    sex: float = 0.0,
    arms: float = 45.0,
    stray: float = 4.0,
    bumps: float = 0.0,
    lopsided: float = 0.0,
) -> Subject:
    """A person drawn from the model's own prior, arms `arms` degrees below the T, joints off by `stray` degrees;
    `bumps` [m] is the sd of a smooth random change that no shape of the model has, `lopsided` adds it on the left."""
    centre, covariance = model.prior(sex)
    betas = rng.multivariate_normal(centre, covariance)
    detail = None
    if bumps or lopsided:
        surface = model.body(betas, T)
        rough = _smooth(rng.normal(size=len(surface.vertices)), model.skin_faces, 60)
        height = bumps * rough / rough.std()
        height = height + lopsided * np.clip(surface.vertices[:, 0] / 0.1, 0.0, 1.0)
        height *= 1.0 - np.clip(_hands_feet_head(model), 0.0, 1.0)
        detail = height[:, None] * vertex_normals(surface.vertices, model.skin_faces)
    body = model.body(betas, _standing(model, betas, pose(rng, arms, stray)), detail)
    return Subject(body, measure(body, sex), np.array(body.vertices, float), model.skin_faces)


def pose(rng: np.random.Generator, arms: float, stray: float) -> np.ndarray:
    """Standing with the arms so many degrees below the T, each joint off by about `stray` degrees."""
    turns = np.zeros((len(JOINT_NAMES), 3))
    for name, degrees in {**A_POSE, "shoulder": (0.0, -2.0, -arms)}.items():
        turns[JOINT_NAMES.index(f"left_{name}")] = degrees
        turns[JOINT_NAMES.index(f"right_{name}")] = mirrored(np.array(degrees))
    loose = [k for k, name in enumerate(JOINT_NAMES[1:22], 1) if "foot" not in name]
    turns[loose] += rng.normal(size=(len(loose), 3)) * stray
    return np.radians(turns)


def _standing(model: BodyModel, betas: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """The pose with both feet flat on one level."""
    for _ in range(3):
        world = [Rotation.from_rotvec(turns[0])]
        for joint in range(1, len(turns)):
            world.append(world[model.parents[joint]] * Rotation.from_rotvec(turns[joint]))
        for side in ("left", "right"):
            ankle, foot = (JOINT_NAMES.index(f"{side}_{name}") for name in ("ankle", "foot"))
            ahead = world[ankle].apply([0.0, 0.0, 1.0])
            flat = Rotation.from_euler("y", np.arctan2(ahead[0], ahead[2]))
            turns[ankle] = (world[model.parents[ankle]].inv() * flat).as_rotvec()
            turns[foot] = 0.0
        body = model.body(betas, turns)
        left, right = (body.joints[JOINT_NAMES.index(f"{side}_ankle")] for side in ("left", "right"))
        roll = np.arctan2(left[1] - right[1], left[0] - right[0])
        turns[0] = (Rotation.from_euler("z", -roll) * Rotation.from_rotvec(turns[0])).as_rotvec()
    return turns


def dressed(whole: Subject, thickness: float = 0.01) -> Subject:
    """The same in a close-fitting suit from neck to knee, [m] thick."""
    up = whole.body.joints
    level = whole.vertices[:, 1]
    low, high = up[JOINT_NAMES.index("left_knee"), 1], up[JOINT_NAMES.index("neck"), 1]
    bare = _hands_feet_head(whole.body.model) + np.clip(np.maximum(low - level, level - high) / 0.02, 0.0, 1.0)
    push = thickness * (1.0 - np.clip(bare, 0.0, 1.0))
    return replace(whole, vertices=whole.vertices + push[:, None] * vertex_normals(whole.vertices, whole.faces))


def with_holes(whole: Subject, radius: float = 0.05) -> Subject:
    """The same without what scanners miss: soles, armpits, crotch, crown, finger tips."""
    at = whole.body.model.landmarks
    places = ["crotch", "crown", *(f"{side}_{name}" for side in ("left", "right") for name in ("armpit", "middle"))]
    gone = whole.vertices[:, 1] < 0.008
    for name in places:
        gone |= np.linalg.norm(whole.vertices - whole.vertices[at[name]], axis=1) < radius
    return replace(whole, faces=whole.faces[~gone[whole.faces].any(axis=1)])


def scattered(
    vertices: np.ndarray, faces: np.ndarray, count: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Random points of a surface [count, 3] and their normals."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    area = np.linalg.norm(normal, axis=1)
    at = rng.choice(len(faces), count, p=area / area.sum())
    u, v = rng.random((2, count))
    u, v = np.where(u + v > 1, 1 - u, u)[:, None], np.where(u + v > 1, 1 - v, v)[:, None]
    return a[at] + u * (b[at] - a[at]) + v * (c[at] - a[at]), normal[at] / area[at][:, None]


def disc(radius: float, y: float, step: float = 0.01) -> np.ndarray:
    """Points of a level disc, as of a floor or a turntable [m]."""
    x, z = np.meshgrid(np.arange(-radius, radius, step), np.arange(-radius, radius, step))
    inside = x**2 + z**2 < radius**2
    return np.stack([x[inside], np.full(inside.sum(), y), z[inside]], axis=1)


def turned(points: np.ndarray, unit: float, rng: np.random.Generator | None = None, tilt: float = 0.0) -> np.ndarray:
    """The points in another unit [m], moved and turned: anyhow by `rng`, or by `tilt` degrees round x."""
    turn = Rotation.random(random_state=int(rng.integers(1 << 30))) if rng else Rotation.from_euler("x", tilt, True)
    return (turn.apply(points) + np.array([3.0, -1.0, 2.0])) / unit


def _smooth(values: np.ndarray, faces: np.ndarray, times: int) -> np.ndarray:
    """Vertex values averaged with their neighbours so many times."""
    pairs = edges(faces)
    ends = np.concatenate([pairs, pairs[:, ::-1]])
    beside = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(values), len(values))).tocsr()
    count = np.maximum(np.asarray(beside.sum(axis=1)).ravel(), 1)
    for _ in range(times):
        values = 0.5 * values + 0.5 * (beside @ values) / count
    return values


def _hands_feet_head(model: BodyModel) -> np.ndarray:
    parts = [f"{side}_{name}" for side in ("left", "right") for name in ("wrist", "ankle")]
    return sum((following(model, part) for part in parts), following(model, "head"))
