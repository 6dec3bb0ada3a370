"""Pictures of our own bodies as an ideal finder would see them: exact silhouettes and landmarks, or spoilt on purpose.

What the learned part of body/observed.py is trained on, and what tests and benchmarks hold it against. The finder's
known habits are kept (body/stance.py): where it sets its landmarks, and how it turns people who stand sideways.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from body import poses
from body.frame import Frame
from body.model import JOINT_NAMES, Body, BodyModel
from body.pose import MIRRORED, Person
from body.stance import ARMS_FORWARD as FORWARD
from body.stance import HAIR, TARGETS, TELEPHONE_FOCAL, TURN_TOLD, TURN_TRUE, Pinhole

WIDTH, HEIGHT = 900, 1500
HANGING = poses.from_degrees({"shoulder": (0, 5, -82), "elbow": (0, -8, 0)})
_SIDEWAYS = 50  # turned further than this, people are asked to stretch their arms out forward [degrees]
_COARSE = 8  # pixels between the places that an uneven edge is drawn through
_FINE = 4  # OpenCV also fills the pixels that an edge only touches: half a pixel all round, so drawn finer
_FOCAL = 500.0  # pixels for every metre between camera and body
_BACK = ("spine1", "spine2", "spine3")


@dataclass(frozen=True, slots=True, eq=False)
class Trouble:
    """How far off things are: joints and yaw up to `pose` [degrees]; the camera's pitch up to `pitch` [degrees] and its
    distance and height by up to `place` (share, and [m]); the mask's edge by `edge` [pixels, sd], a quarter of the
    variance all round; landmarks by `marks` times the finder's own sd; `blind`: the picture tells no focal length, and
    the camera is about a telephone's."""

    pose: float = 0.0
    pitch: float = 0.0
    place: float = 0.0
    edge: float = 0.0
    marks: float = 0.0
    blind: bool = False


EXACT = Trouble()


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A picture without pixels, what an ideal finder sees in it, and the body and camera that it shows."""

    frame: Frame
    person: Person
    body: Body
    camera: Pinhole


def view(
    model: BodyModel,
    betas: np.ndarray,
    yaw: float,
    trouble: Trouble = EXACT,
    rng: np.random.Generator | None = None,
    rest: np.ndarray | None = None,
) -> View:
    """A body turned by `yaw` [degrees] before the camera, in the pose `rest` [55, 3]: arms away from the trunk, or
    forward when it stands sideways, unless another is given. No trouble needs no `rng`.
    """
    rng = rng or np.random.default_rng(0)
    body = model.body(betas, stance(yaw, trouble.pose, rng, rest))
    usual = TELEPHONE_FOCAL * np.hypot(WIDTH, HEIGHT) / _FOCAL if trouble.blind else 3.0
    distance = usual * np.exp(rng.uniform(-trouble.place, trouble.place))
    eye = 1.2 + rng.uniform(-trouble.place, trouble.place)
    tilt = np.degrees(np.arctan2(eye - 0.9, distance)) + rng.uniform(-trouble.pitch, trouble.pitch)
    lens = camera(distance, eye, tilt)
    person = seen(body, lens, trouble, rng)
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    return View(
        Frame(pixels, name=f"{yaw:.0f} degrees", focal=None if trouble.blind else lens.focal), person, body, lens
    )


def stance(yaw: float, loose: float, rng: np.random.Generator, rest: np.ndarray | None = None) -> np.ndarray:
    """A pose [55, 3], with joints up to `loose` [degrees] off that `rest`, or what is asked for at that yaw."""
    sideways = abs(np.sin(np.radians(yaw))) > np.sin(np.radians(_SIDEWAYS))
    asked = FORWARD if sideways else poses.RELAXED
    pose = np.array(asked if rest is None else rest, float)
    for side in ("left", "right"):
        for name in ("shoulder", "elbow", "hip"):
            pose[JOINT_NAMES.index(f"{side}_{name}")] += np.radians(rng.uniform(-loose, loose, 3))
        pose[JOINT_NAMES.index(f"{side}_knee"), 0] += np.radians(rng.uniform(0, loose))
    for name in _BACK:
        pose[JOINT_NAMES.index(name)] += np.radians(rng.uniform(-loose, loose, 3)) / len(_BACK)
    pose[0] = (0, np.radians(yaw + rng.uniform(-loose, loose)), 0)
    return pose


def camera(distance: float = 3.0, eye: float = 1.2, tilt: float = 6.0) -> Pinhole:
    """At a height `eye` [m] before the body, looking back along -Z and down by `tilt` [degrees]; a body at any
    `distance` [m] is as large in the picture."""
    c, s = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
    axes = np.array([[1.0, 0, 0], [0, -c, s], [0, -s, -c]])
    return Pinhole(_FOCAL * distance, (WIDTH / 2, HEIGHT / 2), axes, np.array([0.0, eye, distance]))


def seen(body: Body, lens: Pinhole, trouble: Trouble = EXACT, rng: np.random.Generator | None = None) -> Person:
    """The silhouette with a film of hair, and the landmarks where they belong."""
    rng = rng or np.random.default_rng(0)
    mask = silhouette(body, lens)
    if trouble.edge:
        mask = _uneven(mask, trouble.edge, rng)
    turn = float(body.pose[0, 1])
    landmarks, world = np.zeros((33, 4)), np.zeros((33, 3))
    landmarks[:, 3] = 1
    twins = {
        int(MIRRORED[k]): (name.replace("left", "right"), -out, up, ahead, sd)
        for k, (name, out, up, ahead, sd) in TARGETS.items()
    }
    for number, (name, out, up, ahead, sd) in {**twins, **TARGETS}.items():
        place = _place(body, name) + rng.normal(0, sd * trouble.marks, 3)
        landmarks[number, :2] = lens.project(place + _about_y(turn) @ (out, up, ahead))
        world[number] = lens.axes @ (place - body.joints[0])
    degrees = abs(np.degrees(turn))
    told = np.sign(turn) * np.radians(np.interp(degrees, TURN_TRUE, TURN_TOLD) - degrees)
    rows, columns = (np.flatnonzero((mask > 0.5).any(axis=axis)) for axis in (1, 0))
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return Person(landmarks, world @ _about_y(told), mask, box)


def silhouette(body: Body, lens: Pinhole) -> np.ndarray:
    """How much of each pixel is the body, 0..1, shape [HEIGHT, WIDTH] float32."""
    import cv2

    hair = HAIR * (np.arange(len(body.vertices)) == body.model.landmarks["crown"])[:, None] * (0, 1, 0)
    corners = lens.project(body.vertices.astype(float) + hair)[body.model.skin_faces]
    mask = np.zeros((HEIGHT * _FINE, WIDTH * _FINE), np.uint8)
    for triangle in (corners * 16 * _FINE - 8).round().astype(np.int32):
        cv2.fillConvexPoly(mask, triangle, (255.0,), shift=4)
    return cv2.resize(mask, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def _uneven(mask: np.ndarray, sd: float, rng: np.random.Generator) -> np.ndarray:
    """The mask with its edge moved by `sd` [pixels]: a quarter of the variance everywhere alike, the rest in waves."""
    import cv2

    inside = (mask > 0.5).astype(np.uint8)
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, 5) - cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5)
    waves = cv2.GaussianBlur(rng.standard_normal((HEIGHT // _COARSE, WIDTH // _COARSE)).astype(np.float32), (0, 0), 4)
    waves = cv2.resize(waves / waves.std(), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    off = sd * (0.5 * rng.standard_normal() + np.sqrt(0.75) * waves)
    return (depth + off + 0.5).clip(0, 1).astype(np.float32)


def _place(body: Body, name: str) -> np.ndarray:
    joint: Sequence[str] = JOINT_NAMES
    if name in joint:
        return body.joints[joint.index(name)].astype(float)
    return body.vertices[body.model.landmarks[name]].astype(float)


def _about_y(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
