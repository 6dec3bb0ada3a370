"""What the window asks about poses: a body put into one, a file of movement. Answered on a lane of its own, so that a
joint follows the hand while the engine drapes.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.scenes.figure import figure
from assets.mesh import frozen
from assets.progress import Progress, silent
from render.scene import Item, Scene

if TYPE_CHECKING:
    from body.model import Body
    from body.motion import Motion
    from body.poses import Pose


@dataclass(frozen=True, slots=True, eq=False)
class Rig:
    """What it takes to pose a person: betas [k] and detail [m] [n, 3] (or None) of the built-in body; joints in the
    T-pose [m] [55, 3], from which a skeleton is posed without the body; the turns at ease [55, 3], and how far the
    skeleton is lifted then [m] so that the feet are on the floor."""

    betas: np.ndarray
    detail: np.ndarray | None
    rest: np.ndarray
    ease: np.ndarray
    lift: float

    def same(self, other: "Rig | None") -> bool:
        """Whether both are one person."""
        if other is None or (self.detail is None) != (other.detail is None):
            return False
        alike = self.detail is None or np.array_equal(self.detail, other.detail)  # type: ignore[arg-type]
        return alike and np.array_equal(self.betas, other.betas)


@dataclass(frozen=True, slots=True, eq=False)
class Struck:
    """A person in a pose: the surfaces, by their vertices [m] and normals; the turns [55, 3] it came to on this body;
    how far the skeleton is lifted [m]. `items` is None where those of an earlier answer serve with new vertices."""

    items: tuple[Item, ...] | None
    surfaces: tuple[tuple[np.ndarray, np.ndarray | None], ...]
    turns: np.ndarray
    lift: float

    def scene(self, items: tuple[Item, ...]) -> Scene:
        """The picture of it, on the items of this or an earlier answer of the same person."""
        pairs = zip(items, self.surfaces, strict=True)
        return Scene(tuple(replace(item, vertices=at, normals=normals) for item, (at, normals) in pairs))


def rig(body: "Body") -> Rig | None:
    """The rig of an estimated body; None of a model that a person brought, which the window does not pose."""
    from body.model import load_model

    if body.model is not load_model():
        return None
    rest = body.model.body(body.betas)
    return Rig(body.betas, body.detail, frozen(rest.joints - rest.translation), body.pose, float(body.translation[1]))


def in_pose(body: "Body", pose: "Pose") -> "Body":
    """The same person in a pose, fitted to them where it is one of the library."""
    from body.posing.settle import settled

    return body.model.body(body.betas, settled(body.model, body.betas, pose), body.detail)


def warm(progress: Progress = silent) -> None:
    """Load what posing needs, so that the first pose does not wait for it."""
    from body.model import load_model

    figure(load_model().body())


def strike(person: Rig, pose: "Pose | None", whole: bool = True, progress: Progress = silent) -> Struck:
    """A person in a pose. With `whole` the answer brings materials and faces, else vertices and normals alone."""
    from body.model import load_model
    from body.posing.settle import settled

    model = load_model()
    body = model.body(person.betas, settled(model, person.betas, pose), person.detail)
    items = figure(body)
    surfaces = tuple((item.vertices, item.normals) for item in items)
    return Struck(items if whole else None, surfaces, body.pose, float(body.translation[1]))


def open_motion(path: str, progress: Progress = silent) -> "Motion":
    """A file of poses. Raises ToileError when it is none."""
    from body.motion import load_motion

    progress(0.1, "reading the poses")
    return load_motion(Path(path))
