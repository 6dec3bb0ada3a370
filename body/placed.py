"""A person whose shape is known, placed in a picture: the camera and the pose that explain what is seen of them.

The skeleton fit of live pictures (body/live/follow.py) with the shape held: its joints move as far as a person's do,
collar bones too, so that garments draped on the estimated body lie where the person stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from body.live.follow import Follower, Sight
from body.stance import TELEPHONE_FOCAL, Pinhole

if TYPE_CHECKING:
    from body.frame import Frame
    from body.model import Body
    from body.pose import Person

_ROUNDS = 6


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
    return Placed(body.model.body(body.betas, found.pose, body.detail), found.camera, found.error)
