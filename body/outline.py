"""The outline of a person's trunk in a picture, row by row, and the outline that a shape would show there.

A row's two ends are where the mask ends to the left and right of the trunk. An end beside an arm is left out: only the
trunk's own outline tells of the trunk. The body's outline in a row is where the outermost edge of its mesh crosses it,
seen through the camera, so that nothing stands between a mask's edge and the shape that explains it (silhouettes as
evidence in a fit of a statistical body: Balan et al., "Detailed Human Shape and Pose from Images", CVPR 2007).
"""

from __future__ import annotations

from collections.abc import Hashable
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import numpy as np

from assets.mesh import edges, frozen
from body.model import JOINT_NAMES, BodyModel
from body.stance import Standing

LEVELS = 24
# Nearer than this outside, or not this far inside the outline, an arm spoils it [m]; one that hangs is less surely seen
_ARM_GAP, _ARM_DEPTH, _HANGING_DEPTH = 0.02, 0.015, 0.03
_REACH = 1.1  # how far from the trunk's middle its ends are sought, as a share of its width
_SPLIT = 0.7  # a width less than this share of the fitted body's is one leg, not the trunk
_LEG_GAP = 0.04  # between the thighs that a picture shows for sure [m]
_ARM = ("shoulder", "elbow", "wrist", "index", "middle", "pinky", "ring", "thumb")
_LEG = ("hip", "knee", "ankle", "foot")
# The joints that move the trunk's outline.
_MOVING = ("left_hip", "right_hip", "left_shoulder", "right_shoulder", "spine1", "spine2", "spine3")
_SHIFT, _GROWTH = 0.05, 0.3  # steps of pose and of shape over which the surface is taken as straight
_MARGIN = 0.15  # how far beyond the rows the surface is followed [m]


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Rows [pixels] [k] of a picture, from the crotch up to the armpits; the trunk's left and right end [pixels] [k, 2]
    in each; which ends are the trunk's own [k, 2]; and the size of a pixel on the person [m]."""

    rows: np.ndarray
    ends: np.ndarray
    clear: np.ndarray
    scale: float

    def __post_init__(self) -> None:
        for name in ("rows", "ends", "clear"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    @property
    def places(self) -> tuple[np.ndarray, np.ndarray]:
        """Row and side (0 left, 1 right) of each clear end, [e] both."""
        row, side = np.nonzero(self.clear)
        return row, side

    @property
    def heights(self) -> np.ndarray:
        """Of the clear ends above the lowest row [m] [e]."""
        return (self.rows[0] - self.rows[self.places[0]]) * self.scale

    @property
    def breadths(self) -> np.ndarray:
        """How wide the trunk is at each clear end [m] [e]."""
        return np.ptp(self.ends[self.places[0]], axis=1) * self.scale


class Shown:
    """The fitted body in the picture, and the mask about it. `points` are its vertices in the picture [pixels]
    [n, 2]."""

    def __init__(self, model: BodyModel, points: np.ndarray, scale: float, mask: np.ndarray) -> None:
        self.model, self.points, self.scale, self.mask = model, points, scale, mask
        self.parts = parts(model)

    def row(self, landmark: str) -> float:
        """Where a landmark is [pixels from the top]."""
        return float(self.points[self.model.landmarks[landmark], 1])

    def outline(self, hanging: bool = False) -> Outline:
        """Of the trunk, at LEVELS rows; `hanging`: the arms hang before it."""
        depth = _HANGING_DEPTH if hanging else _ARM_DEPTH
        top = (self.row("left_armpit") + self.row("right_armpit")) / 2
        rows = np.linspace(self.row("crotch") - 0.02 / self.scale, top + 0.01 / self.scale, LEVELS)
        ends, clear = np.zeros((LEVELS, 2)), np.zeros((LEVELS, 2), bool)
        for k, row in enumerate(rows):
            trunk = self.extent("trunk", row)
            found = self.run(trunk, row) if trunk else None
            if trunk and found and found[1] - found[0] > _SPLIT * (trunk[1] - trunk[0]):
                ends[k], clear[k] = found, self._alone(row, trunk, found, depth)
        return Outline(rows, ends, clear, self.scale)

    def extent(self, part: str, row: float) -> tuple[float, float] | None:
        """From where to where a part of the body reaches in a row; None where it has none."""
        a, b = self.points[self.parts[part].T]
        crossing = np.flatnonzero((a[:, 1] - row) * (b[:, 1] - row) < 0)
        if not len(crossing):
            return None
        place = _crossing(a[crossing], b[crossing], row)
        return float(place.min()), float(place.max())

    def inside(self, along: np.ndarray, row: float) -> np.ndarray:
        """The mask at places [n] of a row."""
        return _sampled(self.mask, np.stack([along, np.full(len(along), row)], axis=1))

    def run(self, trunk: tuple[float, float], row: float) -> tuple[float, float] | None:
        """Where the mask begins and ends about the trunk's middle; None where it is not there or has no end."""
        middle, width = (trunk[0] + trunk[1]) / 2, trunk[1] - trunk[0]
        step = max(width / 500, 0.1)
        reach = np.arange(int(_REACH * width / step) + 2)
        found = []
        for way in (-step, step):
            values = self.inside(middle + way * reach, row)
            beyond = int(np.argmax(values < 0.5))
            if beyond == 0:
                return None
            last, first = values[beyond - 1], values[beyond]
            found.append(middle + way * (beyond - 1 + (last - 0.5) / max(last - first, 1e-6)))
        return found[0], found[1]

    def hides_legs(self) -> bool:
        """Whether the picture shows no gap between the thighs where the body, as it stands, has one."""
        hidden = []
        for row in np.linspace(self.row("left_patella"), self.row("crotch") + 0.03 / self.scale, 12):
            legs = [self.extent(side, row) for side in ("left_leg", "right_leg")]
            if None in legs:
                continue
            (_, start), (stop, _) = sorted(cast(list[tuple[float, float]], legs))
            if stop - start > _LEG_GAP / self.scale:
                margin = 0.2 * (stop - start)
                hidden.append(self.inside(np.linspace(start - margin, stop + margin, 50), row).min() > 0.5)
        return len(hidden) >= 3 and float(np.mean(hidden)) > 0.5

    def _alone(self, row: float, trunk: tuple[float, float], ends: tuple[float, float], inside: float) -> list[bool]:
        """Whether no arm lies so near the left, the right end of the trunk, fitted or seen, that they may be one."""
        gap, depth = _ARM_GAP / self.scale, inside / self.scale
        left = min(trunk[0], ends[0]) - gap, max(trunk[0], ends[0]) + depth
        right = min(trunk[1], ends[1]) - depth, max(trunk[1], ends[1]) + gap
        arms = [arm for arm in (self.extent(side, row) for side in ("left_arm", "right_arm")) if arm]
        return [not any(arm[0] < stop and arm[1] > start for arm in arms) for start, stop in (left, right)]


class Surface:
    """The trunk about a stance, straight in pose and shape: where its outline is for unknowns near by.

    `x` [n] are the unknowns of a Standing. Only vertices near the outline's rows are followed.
    """

    def __init__(self, model: BodyModel, standing: Standing, outline: Outline, x: np.ndarray) -> None:
        self.standing, self.outline, self.start = standing, outline, x
        names = [JOINT_NAMES[joint] for joint in standing.joints]
        turning = [2, *(6 + 3 * names.index(name) + axis for name in _MOVING for axis in range(3))]
        self.columns = np.array([*turning, *range(standing.split, len(x))])
        step = np.where(self.columns < standing.split, _SHIFT, _GROWTH)
        tried = np.tile(x, (len(step) + 1, 1))
        tried[1 + np.arange(len(step)), self.columns] += step
        vertices, pelvis = _placed(model, standing, tried, len(turning) + 1)
        axes, eye = standing.camera(*standing.unpack(x[None])[:2], pelvis[:1])
        rows = standing.image(vertices[:1], axes, eye)[0, :, 1]
        margin = _MARGIN / outline.scale
        near = (rows > outline.rows.min() - margin) & (rows < outline.rows.max() + margin)
        lines = parts(model)["trunk"]
        lines = lines[near[lines].all(axis=1)]
        used, lines = np.unique(lines, return_inverse=True)
        self.used = used
        self.lines = lines.reshape(-1, 2)
        self.vertices, self.pelvis = vertices[0, used], pelvis[0]
        moves = (vertices[1:, used] - vertices[0, used]) / step[:, None, None]
        self.moves = np.ascontiguousarray(moves.transpose(1, 2, 0))
        self.pelvis_moves = ((pelvis[1:] - pelvis[0]) / step[:, None]).T

    def moved(self, model: BodyModel, x: np.ndarray) -> Surface:
        """The same about other unknowns, not far away: there the surface itself is seen anew, and moves as here."""
        other = copy(self)
        vertices, pelvis = _placed(model, self.standing, x[None], 1)
        other.start, other.vertices, other.pelvis = x, vertices[0, self.used], pelvis[0]
        return other

    def misses(self, x: np.ndarray) -> np.ndarray:
        """How far the body's outline is outside the seen one at each clear end [m] [e]."""
        return self._look(x)[0]

    def slopes(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The misses, and their slopes [e, n] along the unknowns."""
        misses, touched = self._look(x)
        row, side = self.outline.places
        row, outward = self.outline.rows[row], np.where(side, 1, -1) * self.outline.scale
        step, count, change = 1e-3, len(self.columns), (x - self.start)[self.columns]
        free = np.array([0, 1, 3, 4, 5])  # of the camera alone
        tried = np.tile(x, (1 + count + len(free), 1))
        tried[1 + np.arange(count), self.columns] += step
        tried[1 + count + np.arange(len(free)), free] += step
        corners = self.vertices[touched] + self.moves[touched] @ change
        corners = np.concatenate(
            [
                corners[None],
                corners + step * self.moves[touched].transpose(3, 0, 1, 2),
                np.broadcast_to(corners, (len(free), *corners.shape)),
            ]
        )
        pelvis = np.tile(self.pelvis + self.pelvis_moves @ change, (len(tried), 1))
        pelvis[1 : 1 + count] += step * self.pelvis_moves.T
        axes, eye = self.standing.camera(*self.standing.unpack(tried)[:2], pelvis)
        image = self.standing.image(corners.reshape(len(tried), -1, 3), axes, eye).reshape(*corners.shape[:3], 2)
        with np.errstate(invalid="ignore"):
            place = _crossing(image[:, :, 0], image[:, :, 1], row)
        slopes = np.zeros((len(misses), len(x)))
        moved = np.where(touched[:, :1] == touched[:, 1:], 0.0, ((place[1:] - place[0]) / step * outward).T)
        slopes[:, self.columns], slopes[:, free] = moved[:, :count], moved[:, count:]
        return misses, slopes

    def _look(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The misses [e], and the ends [e, 2] of the edge that makes the outline there."""
        change = (x - self.start)[self.columns]
        vertices, pelvis = self.vertices + self.moves @ change, self.pelvis + self.pelvis_moves @ change
        axes, eye = self.standing.camera(*self.standing.unpack(x[None])[:2], pelvis[None])
        image = self.standing.image(vertices[None], axes, eye)[0]
        start, stop = image[self.lines[:, 0]], image[self.lines[:, 1]]
        clear = self.outline.clear
        misses, touched = np.zeros(clear.shape), np.zeros((*clear.shape, 2), int)
        for row in np.flatnonzero(clear.any(axis=1)):
            level = self.outline.rows[row]
            crossing = np.flatnonzero((start[:, 1] < level) != (stop[:, 1] < level))
            if not len(crossing):  # a shape so far off that it has no trunk there tells nothing
                continue
            place = _crossing(start[crossing], stop[crossing], level)
            outermost = [int(place.argmin()), int(place.argmax())]
            touched[row] = self.lines[crossing[outermost]]
            misses[row] = (place[outermost] - self.outline.ends[row]) * (-1, 1) * self.outline.scale
        return misses[clear], touched[clear]


def shown(model: BodyModel, standing: Standing, x: np.ndarray, mask: np.ndarray) -> Shown:
    """The body that unknowns `x` [n] mean, in its picture."""
    vertices, pelvis = _placed(model, standing, x[None], 1)
    axes, eye = standing.camera(*standing.unpack(x[None])[:2], pelvis)
    scale = float((pelvis[0] - eye[0]) @ axes[0, 2]) / standing.focal
    return Shown(model, standing.image(vertices, axes, eye)[0], scale, mask)


def parts(model: BodyModel) -> dict[str, np.ndarray]:
    """Edges of the skin, shape [e, 2]: the trunk with the legs, without the arms; each arm; each leg."""
    return _parts(cast(Hashable, model))


@lru_cache(maxsize=4)
def _parts(model: Any) -> dict[str, np.ndarray]:
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


def _placed(model: BodyModel, standing: Standing, x: np.ndarray, posed: int) -> tuple[np.ndarray, np.ndarray]:
    """Vertices [b, n, 3] and pelvis [b, 3] for unknowns [b, .], of which only the first `posed` differ in pose."""
    import torch

    angles, _, turns, betas = standing.unpack(x)
    pose = torch.tensor(standing.turned(turns, angles[:, 2]), dtype=torch.float32)
    shape = torch.tensor(betas, dtype=torch.float32)
    with torch.no_grad():
        pieces = [model.forward(shape[:1].expand(posed, -1), pose[:posed])]
        if posed < len(x):
            pieces.append(model.forward(shape[posed:], pose[:1].expand(len(x) - posed, -1, -1)))
    vertices, joints = (torch.cat([piece[k] for piece in pieces]).double().cpu().numpy() for k in (0, 1))
    return vertices, joints[:, 0]


def _crossing(start: np.ndarray, stop: np.ndarray, row: np.ndarray | float) -> np.ndarray:
    """Where lines from start [..., 2] to stop [..., 2] cross a row, across it."""
    share = (start[..., 1] - row) / (start[..., 1] - stop[..., 1])
    return start[..., 0] * (1 - share) + stop[..., 0] * share


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
