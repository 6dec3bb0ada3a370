"""A person whose shape is known, placed in a picture: the camera and the pose that explain what is seen of them.

The skeleton fit of live pictures (body/live/follow.py) with the shape held: its joints move as far as a person's do,
collar bones too, so that garments draped on the estimated body lie where the person stands. Landmarks of whoever stands
sideways are some degrees and centimetres off: the outline has the last word on how the body is turned and where it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from body.live.follow import Follower, Sight
from body.model import following
from body.stance import TELEPHONE_FOCAL, Pinhole

if TYPE_CHECKING:
    from body.frame import Frame
    from body.model import Body
    from body.pose import Person

_ROUNDS = 6
_FINE = 200
"""Pixels of a person's height in which outlines are compared."""
_TURNS, _TURN_SD = np.radians(np.arange(-9.0, 10.0, 3.0)), np.radians(6.0)
"""How far landmarks may mislead about the turn [rad], and how far they usually do."""
_WORTH = 0.002
"""How much better outlines must agree for a turn of twice as many sd, as a share of both."""
_MOST = 0.06
"""How far landmarks may mislead about the place [m]."""
_SLACK = 0.003
"""Places in a loose outline that take in as much of the body, to this share, are as good: their middle is taken."""


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A body in the pose of a picture, facing +Z with its lowest vertex on y = 0; the camera that took it, in the same
    frame; the landmarks' rms error [pixels]."""

    body: Body
    camera: Pinhole
    error: float


def placed(person: Person, frame: Frame, body: Body) -> Placed:
    """The `body` as the person stands in the frame."""
    follower = Follower(body.model, betas=np.asarray(body.betas, float))
    focal = frame.focal or TELEPHONE_FOCAL * float(np.hypot(frame.width, frame.height))
    top = float(person.box[1]) if person.box[1] > 1 else None
    centre = np.array([frame.width, frame.height]) / 2
    sight = Sight(person.points, person.world, person.visibility, top, focal, centre)
    for _ in range(_ROUNDS):
        found = follower(sight)
    stood = body.model.body(body.betas, found.pose, body.detail)
    return Placed(stood, _moved(found.camera, stood, person), found.error)


def _moved(camera: Pinhole, body: Body, person: Person) -> Pinhole:
    """The camera moved round the body and across its own axis, so that trunk, head and legs agree with the person's
    outline. Clothes widen an outline on both sides, and arms are told worst from the side: neither counts."""
    import cv2

    fine = _FINE / person.height
    mask = cv2.resize((person.mask > 0.5).astype(np.float32), None, fx=fine, fy=fine, interpolation=cv2.INTER_AREA)
    vertices = np.asarray(body.vertices, float)
    metre = fine * camera.focal / float(np.median(camera.depth(vertices)))
    reach = max(round(_MOST * metre), 1)
    agreed: list[tuple[float, Pinhole, np.ndarray, float]] = []
    for turn in _TURNS:
        seen = _turned(camera, vertices.mean(axis=0), turn)
        shape = _without_arms(body, fine * seen.project(vertices), mask.shape)
        common = cv2.matchTemplate(np.pad(mask, reach), shape, cv2.TM_CCORR)
        size, most = float(shape.sum()), float(common.max())
        share = most / max(size + float(mask.sum()) - most, 1.0)
        agreed.append((share - 0.5 * _WORTH * (turn / _TURN_SD) ** 2, seen, common, size))
    _, seen, common, size = max(agreed, key=lambda each: each[0])
    rows, columns = np.nonzero(common >= common.max() - _SLACK * size)
    right, down = (float(each.mean()) - reach for each in (columns, rows))
    return replace(seen, eye=seen.eye - (right * seen.axes[0] + down * seen.axes[1]) / metre)


def _turned(camera: Pinhole, centre: np.ndarray, angle: float) -> Pinhole:
    """The camera led round the vertical through a point [m] [3] by an angle [rad]."""
    cosine, sine = np.cos(angle), np.sin(angle)
    turn = np.array([[cosine, 0.0, sine], [0.0, 1.0, 0.0], [-sine, 0.0, cosine]])
    return replace(camera, axes=camera.axes @ turn.T, eye=centre + turn @ (camera.eye - centre))


def _without_arms(body: Body, at: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The body's outline, filled with ones, float32 of `shape` [h, w]; `at`: its vertices in it [n, 2]."""
    import cv2

    arms = following(body.model, "left_shoulder") + following(body.model, "right_shoulder") > 0.5
    faces = body.model.skin_faces
    outline = np.zeros(shape, np.uint8)
    for triangle in np.round(16 * at[faces[~arms[faces].any(axis=1)]]).astype(np.int32):
        cv2.fillConvexPoly(outline, triangle, (1,), shift=4)
    return outline.astype(np.float32)
