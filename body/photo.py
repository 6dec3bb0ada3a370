"""What a picture says about a person's shape: the trunk's widths by height, from whatever side it was taken.

Silhouette breadths and depths are what a photograph adds to height and weight (body breadths after ANSUR; two-view
silhouettes as in BMnet, Ruiz et al. 2022). The stance (camera and pose) gives the upright plane through the body's axis
that faces the camera; the mask, seen through the camera on that plane, gives the edges at every level; levels where an
arm touches the outline are left out. A width is only ever compared with the model's own shadow on the same plane, in
the same pose, from the same eye (`photo_widths`), never turned into a girth by rule: body/observed.py does the rest.

`Eyes` says how masks err. The finder's (MediaPipe 0.10.21, its mask drawn to the edges of the picture and cut at one
half) was measured by us on 26 front views of 13 rendered people in painted underwear, from 3.1 to 3.8 m: widths are off
by 0.4 mm, sd 1.6 mm between pictures and 0.6 to 1.6 % between levels. What clothes add is a belief: 3 mm if tight.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from assets.mesh import edges, frozen
from body.frame import Frame
from body.model import JOINT_NAMES, BodyModel
from body.pose import LEFT_ELBOW, LEFT_SHOULDER, RIGHT_ELBOW, RIGHT_SHOULDER, Person
from body.stance import Pinhole, Stance, stand

if TYPE_CHECKING:
    import torch

LEVELS = 24
_FEWEST_LEVELS = 4  # fewer that seem clear are luck
_ARM_GAP, _ARM_DEPTH = 0.02, 0.015  # nearer than this outside, or not this far inside the outline, an arm spoils it [m]
_REACH = 1.1  # how far from the trunk's middle its edges are sought, as a share of its width
_SPLIT = 0.7  # a width less than this share of the fitted body's is one leg, not the trunk
_LEG_GAP = 0.04  # between the thighs that a picture shows for sure [m]
_FRONT, _SIDE = np.radians(25), np.radians(65)
_HANGING = 0.7  # how far down an upper arm points, cosine of the angle
_ARM = ("shoulder", "elbow", "wrist", "index", "middle", "pinky", "ring", "thumb")
_LEG = ("hip", "knee", "ankle", "foot")


@dataclass(frozen=True, slots=True)
class Eyes:
    """How masks err, all of widths [m]: too wide by `bias`, surely to `bias_sd` in all photos alike, each level by
    `row_sd`; `clothes` add so much, surely to `clothes_sd`. `shaky`: landmarks, pose and camera are hardly
    off at all (0), or as usual in real pictures (1)."""

    bias: float = 0.0
    bias_sd: float = 0.0
    row_sd: float = 0.0
    clothes: float = 0.0
    clothes_sd: float = 0.0
    shaky: float = 0.0


FINDER = Eyes(0.0, 0.003, 0.003, 0.003, 0.007, 1.0)
EXACT = Eyes()


@dataclass(frozen=True, slots=True, eq=False)
class PhotoFit:
    """One picture's evidence.

    yaw [rad]: how far the person is turned from the camera (0 faces it, pi / 2 shows the right side). All else is in
    the body's own frame, facing +Z, lowest vertex on y = 0: pose [55, 3], row 0 zero; camera; levels [m] [k], heights;
    widths [m] [k], extents of the trunk along the horizontal unit vector `direction` [3] (x from the front, z from the
    side), and the covariance [m2] [k, k] of what each errs by itself; what all share is told by `eyes` and learned in
    body/observed.py. No level may be left: then the notes say why. betas: what the proportions alone suggest.
    Pictures of one `burst` (see Frame) share their errors.
    """

    name: str
    view: str
    yaw: float
    pose: np.ndarray
    camera: Pinhole
    levels: np.ndarray
    widths: np.ndarray
    covariance: np.ndarray
    direction: np.ndarray
    betas: np.ndarray
    notes: tuple[str, ...]
    eyes: Eyes = FINDER
    burst: str = ""

    def __post_init__(self) -> None:
        for name in ("pose", "levels", "widths", "covariance", "direction", "betas"):
            object.__setattr__(self, name, frozen(getattr(self, name)))


def fit_photo(
    person: Person,
    frame: Frame,
    stature: float,
    model: BodyModel,
    prior: tuple[np.ndarray, np.ndarray] | None = None,
    eyes: Eyes = FINDER,
) -> PhotoFit:
    """Widths of the trunk of a person `stature` [m] tall. `prior`: mean and covariance of betas as known so far."""
    stance = stand(person, frame, stature, model, prior or model.prior())
    view = _view(stance.yaw)
    outline = _Outline(model, stance, person)
    levels = outline.levels()
    widths, clear = outline.seen(levels)
    notes = _notes(view, stance.yaw, clear)
    if view in ("front", "back") and outline.hides_legs():
        clear &= levels > outline.height("navel")
        notes.append("long or loose clothes hide the legs, so nothing below the navel is taken from this picture")
    if view == "side" and _arms_hang(person):
        clear[:] = False
        notes = ["the arms hang beside the trunk, so no depths are taken from here: stretch the arms out forward"]
    clear &= clear.sum() >= _FEWEST_LEVELS
    levels = levels[clear]
    widths = widths[clear] - eyes.bias - eyes.clothes
    return PhotoFit(
        frame.name, view, stance.yaw, stance.pose, stance.camera, levels, widths,
        np.eye(len(levels)) * eyes.row_sd**2, outline.direction, stance.betas,
        tuple(f"{frame.name}: {note}" for note in notes), eyes, frame.burst,
    )  # fmt: skip


def photo_widths(model: BodyModel, betas: torch.Tensor, fit: PhotoFit) -> torch.Tensor:
    """The widths [m] that the model's own shapes would show at the levels of `fit`, standing so, seen by that camera:
    betas [b, k] to [b, levels]."""
    return trunk_widths(model, betas, fit.pose, fit.direction, fit.levels, fit.camera.eye)


def trunk_widths(
    model: BodyModel,
    betas: torch.Tensor,
    pose: np.ndarray,
    direction: np.ndarray,
    levels: np.ndarray,
    eye: np.ndarray | None = None,
) -> torch.Tensor:
    """Extents [m] of the trunk's shadow along a horizontal direction [3] at heights [m] [l]; betas [b, k] to [b, l].

    The shadow is thrown from `eye` [m] [3], or from far away, onto the upright plane through the body's axis.
    Differentiable. What a silhouette sees, arms left out; 0 where there is nothing.
    """
    import torch

    def tensor(array: np.ndarray) -> torch.Tensor:
        return torch.tensor(np.array(array), dtype=betas.dtype)

    vertices, _ = model.forward(betas, tensor(pose)[None].expand(len(betas), -1, -1))
    up = vertices[..., 1] - vertices[..., 1].min(dim=1, keepdim=True).values
    along = vertices @ tensor(direction)
    if eye is not None:
        away = np.cross((0, 1, 0), direction)
        nearer = float(eye @ away) / (float(eye @ away) - vertices @ tensor(away))
        up = float(eye[1]) + (up - float(eye[1])) * nearer
        along = float(eye @ direction) + (along - float(eye @ direction)) * nearer
    a, b = torch.tensor(trunk_parts(model), dtype=torch.long).T
    heights = tensor(levels)[None, :, None]
    above, below = up[:, None, a] - heights, up[:, None, b] - heights
    crosses = above * below < 0
    share = above / torch.where(crosses, above - below, torch.ones_like(above))
    place = along[:, None, a] * (1 - share) + along[:, None, b] * share
    far = torch.full_like(place, torch.inf)
    widths = torch.where(crosses, place, -far).amax(dim=2) - torch.where(crosses, place, far).amin(dim=2)
    return torch.where(crosses.any(dim=2), widths, torch.zeros_like(widths))


def trunk_parts(model: BodyModel) -> np.ndarray:
    """Edges [e, 2] of the skin's trunk with the legs, without the arms."""
    return _parts(cast(Hashable, model))["trunk"]


class _Outline:
    """The fitted body's shadow on the upright plane through its axis, and the picture's mask along it.

    Places on the plane are (along the direction, up) [m].
    """

    def __init__(self, model: BodyModel, stance: Stance, person: Person) -> None:
        self.model, self.camera, self.mask = model, stance.camera, person.mask
        self.body = model.body(stance.betas, stance.pose)
        right = stance.camera.axes[0] * (1, 0, 1)
        self.direction = right / np.linalg.norm(right)
        eye, away = self.camera.eye, np.cross((0, 1, 0), self.direction)
        sight = self.body.vertices.astype(float) - eye
        self.shadow = (eye - sight * (eye @ away / (sight @ away))[:, None]) @ np.stack([self.direction, (0, 1, 0)]).T
        self.parts = _parts(cast(Hashable, model))

    def height(self, landmark: str) -> float:
        """Of a landmark above the floor [m]."""
        return float(self.body.vertices[self.model.landmarks[landmark], 1])

    def levels(self) -> np.ndarray:
        """Heights [m] from the crotch to the armpits, [LEVELS]."""
        top = (self.height("left_armpit") + self.height("right_armpit")) / 2
        return np.linspace(self.height("crotch") + 0.02, top - 0.01, LEVELS)

    def extent(self, part: str, level: float) -> tuple[float, float] | None:
        """From where to where a part's shadow reaches at a level; None where it has none."""
        a, b = self.shadow[self.parts[part].T]
        above, below = a[:, 1] - level, b[:, 1] - level
        crossing = np.flatnonzero(above * below < 0)
        if not len(crossing):
            return None
        share = above[crossing] / (above[crossing] - below[crossing])
        place = a[crossing, 0] * (1 - share) + b[crossing, 0] * share
        return float(place.min()), float(place.max())

    def seen(self, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The mask's width [m] at each level, and whether it is the trunk's alone."""
        widths, clear = np.zeros(len(levels)), np.zeros(len(levels), bool)
        for k, level in enumerate(levels):
            trunk = self.extent("trunk", level)
            ends = self.run(trunk, level) if trunk else None
            if trunk and ends and ends[1] - ends[0] > _SPLIT * (trunk[1] - trunk[0]):
                widths[k] = ends[1] - ends[0]
                arms = [self.extent(side, level) for side in ("left_arm", "right_arm")]
                clear[k] = not any(_spoils(arm, trunk, ends) for arm in arms if arm)
        return widths, clear

    def inside(self, along: np.ndarray, level: float) -> np.ndarray:
        """The mask at places [n] along the direction at a level."""
        places = along[:, None] * self.direction + (0, level, 0)
        return _sampled(self.mask, self.camera.project(places))

    def run(self, trunk: tuple[float, float], level: float) -> tuple[float, float] | None:
        """Where the mask begins and ends about the trunk's middle; None where it is not there or has no end."""
        middle, width = (trunk[0] + trunk[1]) / 2, trunk[1] - trunk[0]
        step = width / 500
        reach = np.arange(int(_REACH * width / step))
        found = []
        for way in (-step, step):
            values = self.inside(middle + way * reach, level)
            beyond = int(np.argmax(values < 0.5))
            if beyond == 0:
                return None
            last, first = values[beyond - 1], values[beyond]
            found.append(middle + way * (beyond - 1 + (last - 0.5) / max(last - first, 1e-6)))
        return found[0], found[1]

    def hides_legs(self) -> bool:
        """Whether the picture shows no gap between the thighs where the body, as it stands, has one."""
        hidden = []
        for level in np.linspace(self.height("left_patella"), self.height("crotch") - 0.03, 12):
            legs = [self.extent(side, level) for side in ("left_leg", "right_leg")]
            if None in legs:
                continue
            (_, start), (stop, _) = sorted(cast(list[tuple[float, float]], legs))
            if stop - start > _LEG_GAP:
                margin = 0.2 * (stop - start)
                hidden.append(self.inside(np.linspace(start - margin, stop + margin, 50), level).min() > 0.5)
        return len(hidden) >= 3 and float(np.mean(hidden)) > 0.5


def _spoils(arm: tuple[float, float], trunk: tuple[float, float], ends: tuple[float, float]) -> bool:
    """Whether an arm's extent lies so near an end of the trunk's, fitted or seen, that they may be one."""
    left = min(trunk[0], ends[0]) - _ARM_GAP, max(trunk[0], ends[0]) + _ARM_DEPTH
    right = min(trunk[1], ends[1]) - _ARM_DEPTH, max(trunk[1], ends[1]) + _ARM_GAP
    return any(arm[0] < stop and arm[1] > start for start, stop in (left, right))


@lru_cache(maxsize=4)
def _parts(model: Any) -> dict[str, np.ndarray]:
    """Edges of the skin, shape [e, 2]: the trunk with the legs, without the arms; each arm; each leg."""
    lines = edges(model.skin_faces)

    def follows(names: set[str]) -> np.ndarray:
        joints = [k for k, name in enumerate(JOINT_NAMES) if name in names]
        return model.weights[:, joints].sum(axis=1) > 0.5

    limbs = {
        f"{side}_{limb}": follows(
            {name for name in JOINT_NAMES if name.startswith(side) and name.split("_")[1].rstrip("123") in kinds}
        )
        for side in ("left", "right")
        for limb, kinds in (("arm", _ARM), ("leg", _LEG))
    }
    limbs["trunk"] = ~(limbs["left_arm"] | limbs["right_arm"])
    return {name: lines[inside[lines].all(axis=1)] for name, inside in limbs.items()}


def _arms_hang(person: Person) -> bool:
    """Whether an upper arm points down: from the side, an arm's edge then cannot be told from the trunk's."""
    upper_arms = person.points[[LEFT_ELBOW, RIGHT_ELBOW]] - person.points[[LEFT_SHOULDER, RIGHT_SHOULDER]]
    down = upper_arms[:, 1] / np.linalg.norm(upper_arms, axis=1).clip(1)
    return bool(down.max() > _HANGING)


def _view(yaw: float) -> str:
    turn = abs(yaw)
    if turn < _FRONT:
        return "front"
    if turn > np.pi - _FRONT:
        return "back"
    return "side" if _SIDE < turn < np.pi - _SIDE else "oblique"


def _sampled(mask: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The mask at pixel places [n, 2], bilinear; 0 outside."""
    x, y = (points - 0.5).T
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    height, width = mask.shape
    good = (column >= 0) & (row >= 0) & (column < width - 1) & (row < height - 1)
    column, row = column.clip(0, max(width - 2, 0)), row.clip(0, max(height - 2, 0))
    u, v = x - column, y - row
    upper = mask[row, column] * (1 - u) + mask[row, column + 1] * u
    lower = mask[row + 1, column] * (1 - u) + mask[row + 1, column + 1] * u
    return np.where(good, upper * (1 - v) + lower * v, 0.0)


def _notes(view: str, yaw: float, clear: np.ndarray) -> list[str]:
    notes = []
    if view == "oblique":
        notes.append(
            f"the person is turned {abs(np.degrees(yaw)):.0f} degrees from the camera, and is taken so: "
            "face it, or turn fully sideways, for surer widths"
        )
    if clear.sum() < len(clear) / 2:
        how = "stretch the arms out forward" if view == "side" else "hold the arms further away from the body"
        notes.append(f"the arms hide {'much' if clear.any() else 'all'} of the trunk's outline: {how}")
    return notes
