"""A person whose shape is known, placed in a picture: the camera and the pose that explain what is seen of them.

The fit is that of body/stance.py with the shape held: what is left unknown is where the camera is and how the joints
are turned, so that garments draped on the estimated body lie where the person stands.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from body.stance import Pinhole, Standing, marks, rig_of

if TYPE_CHECKING:
    from body.frame import Frame
    from body.model import Body
    from body.pose import Person

_HELD = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A body in the pose of a picture, facing +Z with its lowest vertex on y = 0; the camera that took it, in the same
    frame; the landmarks' rms error [pixels]."""

    body: Body
    camera: Pinhole
    error: float


def placed(person: Person, frame: Frame, body: Body) -> Placed:
    """The `body` as the person stands in the frame."""
    rig = rig_of(cast(Hashable, body.model))
    count = body.model.n_betas
    stature = float(rig.stature + rig.growth @ body.betas)
    standing = Standing(marks(person, frame, stature), rig, (np.asarray(body.betas, float), _HELD * np.eye(count)))
    stance = standing.stance(standing.solve(), body.model)
    return Placed(body.model.body(body.betas, stance.pose, body.detail), stance.camera, stance.error)
