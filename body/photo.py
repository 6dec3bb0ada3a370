"""What a picture says about a person's shape: the trunk's widths (from the front) or depths (from the side) by height.

Silhouette breadths and depths are what a photograph adds to height and weight (body breadths after ANSUR; two-view
silhouettes as in BMnet, Ruiz et al. 2022). The stance (camera and pose) gives every level of the trunk its place in the
picture and its own scale; the mask gives the edges there; levels where an arm touches the outline are left out. A width
is compared with the model's own in the same pose and direction, `photo_widths`, never turned into a girth by rule.

Biases and doubts were measured by us on 44 rendered people of both sexes in clothes up to 6 mm thick, from 2.2 to 3.6 m
(MediaPipe 0.10.21): the mask is 4 mm too wide, single levels then err by 8 mm from the front and 12 mm from the side
(sd), the highest from the side by 17 mm. What clothes add is a belief.
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

LEVELS = 20
_FEWEST_LEVELS = 4  # fewer that seem clear are luck
MASK_BIAS, MASK_BIAS_SD = 0.004, 0.005  # of a width [m]
CLOTHES, CLOTHES_SD = 0.006, 0.008  # what tight clothes add to a width [m]
ROW_SD, SCALE_SD, TILT_SD = 0.005, 0.012, np.radians(4)
_ARM_GAP, _ARM_DEPTH = 0.02, 0.015  # nearer than this outside, or not this far inside the outline, an arm spoils it [m]
_ROUNDING = 0.01  # how far from the edge a section's flesh counts as the edge [m]
_LEG_GAP = 0.04  # between the thighs that a picture shows for sure [m]
_FRONT, _SIDE = np.radians(25), np.radians(65)
_HANGING = 0.7  # how far down an upper arm points, cosine of the angle
_ARM = ("shoulder", "elbow", "wrist", "index", "middle", "pinky", "ring", "thumb")
_LEG = ("hip", "knee", "ankle", "foot")


@dataclass(frozen=True, slots=True, eq=False)
class PhotoFit:
    """One picture's evidence.

    yaw [rad]: how far the person is turned from the camera (0 faces it, pi / 2 shows the right side). All else is in
    the body's own frame, facing +Z, lowest vertex on y = 0: pose [55, 3], row 0 zero; camera; levels [m] [k], heights;
    widths [m] [k], extents of the trunk along the horizontal unit vector `direction` [3] (x from the front, z from the
    side), and their covariance [m2] [k, k]. No level may be left: then the notes say why. betas: what the proportions
    alone suggest.
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

    def __post_init__(self) -> None:
        for name in ("pose", "levels", "widths", "covariance", "direction", "betas"):
            object.__setattr__(self, name, frozen(getattr(self, name)))


def fit_photo(
    person: Person,
    frame: Frame,
    stature: float,
    model: BodyModel,
    prior: tuple[np.ndarray, np.ndarray] | None = None,
) -> PhotoFit:
    """Widths of the trunk of a person `stature` [m] tall. `prior`: mean and covariance of betas as known so far."""
    stance = stand(person, frame, stature, model, prior or model.prior())
    view = _view(stance.yaw)
    outline = _Outline(model, stance, person)
    levels = outline.levels()
    ratio, clear = outline.seen(levels)
    notes = _notes(view, clear)
    if view in ("front", "back") and outline.hides_legs():
        clear &= levels > outline.height("navel")
        notes.append("long or loose clothes hide the legs, so nothing below the navel is taken from this picture")
    if view == "side" and _arms_hang(person):
        clear[:] = False
        notes = ["the arms hang beside the trunk, so no depths are taken from here: stretch the arms out forward"]
    clear &= clear.sum() >= _FEWEST_LEVELS
    levels = levels[clear]
    widths = outline.width(levels) * ratio[clear] - MASK_BIAS - CLOTHES
    return PhotoFit(
        frame.name, view, stance.yaw, stance.pose, stance.camera, levels, widths,
        _covariance(levels, widths, stance, stature), outline.direction, stance.betas,
        tuple(f"{frame.name}: {note}" for note in notes),
    )  # fmt: skip


def photo_widths(model: BodyModel, betas: torch.Tensor, fit: PhotoFit) -> torch.Tensor:
    """The model's own widths [m] at the levels of `fit`, in its pose and direction: betas [b, k] to [b, levels]."""
    return trunk_widths(model, betas, fit.pose, fit.direction, fit.levels)


def trunk_widths(
    model: BodyModel, betas: torch.Tensor, pose: np.ndarray, direction: np.ndarray, levels: np.ndarray
) -> torch.Tensor:
    """Extents [m] of the trunk along a horizontal direction [3] at heights [m] [l]; betas [b, k] to [b, l].

    Differentiable. What a silhouette sees: the hull of each section, arms left out; 0 where there is none.
    """
    import torch

    def tensor(array: np.ndarray) -> torch.Tensor:
        return torch.tensor(np.array(array), dtype=betas.dtype)

    vertices, _ = model.forward(betas, tensor(pose)[None].expand(len(betas), -1, -1))
    up = vertices[..., 1] - vertices[..., 1].min(dim=1, keepdim=True).values
    along = vertices @ tensor(direction)
    a, b = torch.tensor(_parts(cast(Hashable, model))["trunk"], dtype=torch.long).T
    heights = tensor(levels)[None, :, None]
    above, below = up[:, None, a] - heights, up[:, None, b] - heights
    crosses = above * below < 0
    share = above / torch.where(crosses, above - below, torch.ones_like(above))
    place = along[:, None, a] * (1 - share) + along[:, None, b] * share
    far = torch.full_like(place, torch.inf)
    widths = torch.where(crosses, place, -far).amax(dim=2) - torch.where(crosses, place, far).amin(dim=2)
    return torch.where(crosses.any(dim=2), widths, torch.zeros_like(widths))


class _Outline:
    """The fitted body's outline level by level, and the picture's mask along it."""

    def __init__(self, model: BodyModel, stance: Stance, person: Person) -> None:
        self.model, self.camera, self.mask = model, stance.camera, person.mask
        self.vertices = model.body(stance.betas, stance.pose).vertices.astype(float)
        right = stance.camera.axes[0] * (1, 0, 1)
        self.direction = right / np.linalg.norm(right)
        self.away = np.cross((0, 1, 0), self.direction)
        self.parts = _parts(cast(Hashable, model))

    def height(self, landmark: str) -> float:
        """Of a landmark above the floor [m]."""
        return float(self.vertices[self.model.landmarks[landmark], 1])

    def levels(self) -> np.ndarray:
        """Heights [m] from the crotch to the armpits, [LEVELS]."""
        top = (self.height("left_armpit") + self.height("right_armpit")) / 2
        return np.linspace(self.height("crotch") + 0.02, top - 0.01, LEVELS)

    def section(self, part: str, level: float) -> np.ndarray:
        """The outermost places [m] of a part at a level, in order along the direction, [2, 3]; [0, 3] beyond it.

        Each is as far away as the flesh near it is on average: breasts and shoulder blades come in pairs.
        """
        a, b = self.parts[part].T
        above, below = self.vertices[a, 1] - level, self.vertices[b, 1] - level
        crossing = np.flatnonzero(above * below < 0)
        if not len(crossing):
            return np.empty((0, 3))
        share = (above[crossing] / (above[crossing] - below[crossing]))[:, None]
        points = self.vertices[a[crossing]] * (1 - share) + self.vertices[b[crossing]] * share
        place = points @ self.direction
        depth = points @ self.away
        ends = [(edge, depth[np.abs(place - edge) < _ROUNDING].mean()) for edge in (place.min(), place.max())]
        return np.array([edge * self.direction + far * self.away + (0, level, 0) for edge, far in ends])

    def width(self, levels: np.ndarray) -> np.ndarray:
        """The trunk's extent along the direction [m] at each level."""
        sections = [self.section("trunk", level) for level in levels]
        return np.array([(ends[1] - ends[0]) @ self.direction if len(ends) else 0.0 for ends in sections])

    def seen(self, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The mask's width as a part of the fitted body's, and whether it is the trunk's alone, at each level."""
        ratio, clear = np.ones(len(levels)), np.zeros(len(levels), bool)
        for k, level in enumerate(levels):
            trunk = self.section("trunk", level)
            ends = self.run(trunk) if len(trunk) else None
            if ends is not None:
                ratio[k] = ends[1] - ends[0]
                arms = [self.section(side, level) for side in ("left_arm", "right_arm")]
                clear[k] = not any(self.spoils(arm, trunk, ends) for arm in arms if len(arm))
        return ratio, clear

    def run(self, ends: np.ndarray) -> tuple[float, float] | None:
        """Where the mask begins and ends along the line through two points [m] [2, 3]: 0 and 1 are those points.

        None where there is no mask in the middle or no end to it.
        """
        reach = np.linspace(-0.6, 1.6, 1101)
        start, stop = self.camera.project(ends)
        inside = _sampled(self.mask, start + reach[:, None] * (stop - start))
        middle, found = len(reach) // 2, []
        for step in (-1, 1):
            values = inside[middle::step]
            beyond = int(np.argmax(values < 0.5))
            if beyond == 0:
                return None
            last, first = values[beyond - 1], values[beyond]
            place = beyond - 1 + (last - 0.5) / max(last - first, 1e-6)
            found.append(float(reach[middle] + step * place * (reach[1] - reach[0])))
        return found[0], found[1]

    def spoils(self, arm: np.ndarray, trunk: np.ndarray, ends: tuple[float, float]) -> bool:
        """Whether an arm's section [2, 3] lies so near an end of the trunk's, fitted or seen, that they may be one."""
        places = self.camera.project(np.concatenate([trunk, arm]))
        along = places[1] - places[0]
        low, high = np.sort((places[2:] - places[0]) @ along / (along @ along))
        width = (trunk[1] - trunk[0]) @ self.direction
        gap, depth = _ARM_GAP / width, _ARM_DEPTH / width
        left = (min(0.0, ends[0]) - gap, max(0.0, ends[0]) + depth)
        right = (min(1.0, ends[1]) - depth, max(1.0, ends[1]) + gap)
        return any(low < stop and high > start for start, stop in (left, right))

    def hides_legs(self) -> bool:
        """Whether the picture shows no gap between the thighs where the body, as it stands, has one."""
        hidden = []
        for level in np.linspace(self.height("left_patella"), self.height("crotch") - 0.03, 12):
            legs = [self.section(side, level) for side in ("left_leg", "right_leg")]
            if not all(map(len, legs)):
                continue
            first, second = sorted(legs, key=lambda leg: float(leg.mean(axis=0) @ self.direction))
            if (second[0] - first[1]) @ self.direction > _LEG_GAP:
                start, stop = self.camera.project(np.stack([first[1], second[0]]))
                between = _sampled(self.mask, start + np.linspace(-0.2, 1.2, 50)[:, None] * (stop - start))
                hidden.append(between.min() > 0.5)
        return len(hidden) >= 3 and float(np.mean(hidden)) > 0.5


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


def _covariance(levels: np.ndarray, widths: np.ndarray, stance: Stance, stature: float) -> np.ndarray:
    """Doubts of the widths [m2]: each row's own; one scale for all; a tilt that favours head or feet; mask, clothes."""
    lean = widths * (levels - stature / 2) / np.linalg.norm(stance.camera.eye[[0, 2]]) * TILT_SD
    own = np.diag(np.full(len(widths), ROW_SD**2))
    return own + SCALE_SD**2 * np.outer(widths, widths) + np.outer(lean, lean) + MASK_BIAS_SD**2 + CLOTHES_SD**2


def _notes(view: str, clear: np.ndarray) -> list[str]:
    notes = []
    if view == "oblique":
        notes.append("the person stands half turned: face the camera, or turn fully sideways, for surer widths")
    if clear.sum() < len(clear) / 2:
        how = "stretch the arms out forward" if view == "side" else "hold the arms further away from the body"
        notes.append(f"the arms hide {'much' if clear.any() else 'all'} of the trunk's outline: {how}")
    return notes
