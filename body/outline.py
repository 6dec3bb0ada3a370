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
from body.stance import Standing, chain, rotations

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
_SHIFT = 0.05  # a step of pose over which the surface is taken as straight
_MARGIN = 0.15  # how far beyond the rows the surface is followed [m]
_RIM = 0.04  # and how far inside the outline: a trunk of 0.3 m would have to turn by 43 degrees to show what is deeper


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
    def depths(self) -> np.ndarray:
        """Of the clear ends below the highest row [m] [e]."""
        return (self.rows[self.places[0]] - self.rows[-1]) * self.scale

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
        vertices, pelvis = _placed(model, standing, x)
        axes, eye = standing.camera(*standing.unpack(x[None])[:2], pelvis[None])
        lines = _outermost(standing.image(vertices[None], axes, eye)[0], parts(model)["trunk"], outline)
        self.used, lines = np.unique(lines, return_inverse=True)
        self.lines = lines.reshape(-1, 2)
        self.vertices, self.pelvis = vertices[self.used], pelvis
        weights, directions = model.weights[self.used].astype(float), _directions(cast(Hashable, model))[self.used]
        self.moves, self.pelvis_moves = _moves(standing, x, turning, self.vertices, weights, directions)

    def moved(self, model: BodyModel, x: np.ndarray) -> Surface:
        """The same about other unknowns, not far away: there the surface itself is seen anew, and moves as here."""
        other = copy(self)
        vertices, pelvis = _placed(model, self.standing, x)
        other.start, other.vertices, other.pelvis = x, vertices[self.used], pelvis
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
        start, stop = image[self.lines].swapaxes(0, 1)
        clear = self.outline.clear
        misses, touched = np.zeros(clear.shape), np.zeros((*clear.shape, 2), int)
        edge, row = _crossings(start[:, 1], stop[:, 1], self.outline.rows)
        place = _crossing(start[edge], stop[edge], self.outline.rows[row])
        order = np.lexsort((place, row))
        edge, row, place = edge[order], row[order], place[order]
        seen, first = np.unique(row, return_index=True)  # a shape too far off has none in a row
        outermost = np.stack([first, np.append(first[1:], len(row)) - 1], axis=1)
        touched[seen] = self.lines[edge[outermost]]
        misses[seen] = (place[outermost] - self.outline.ends[seen]) * (-1, 1) * self.outline.scale
        return misses[clear], touched[clear]


def shown(model: BodyModel, standing: Standing, x: np.ndarray, mask: np.ndarray) -> Shown:
    """The body that unknowns `x` [n] mean, in its picture."""
    vertices, pelvis = _placed(model, standing, x)
    axes, eye = standing.camera(*standing.unpack(x[None])[:2], pelvis[None])
    scale = float((pelvis - eye[0]) @ axes[0, 2]) / standing.focal
    return Shown(model, standing.image(vertices[None], axes, eye)[0], scale, mask)


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


def _placed(model: BodyModel, standing: Standing, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vertices [n, 3] and pelvis [3] for unknowns [.]."""
    import torch

    angles, _, turns, betas = standing.unpack(x[None])
    pose = torch.tensor(standing.turned(turns, angles[:, 2]), dtype=torch.float32)
    with torch.no_grad():
        vertices, joints = model.forward(torch.tensor(betas, dtype=torch.float32), pose)
    return vertices[0].double().cpu().numpy(), joints[0, 0].double().cpu().numpy()


@lru_cache(maxsize=4)
def _directions(model: Any) -> np.ndarray:
    """How each vertex of the rest surface moves along betas, [n, 3, k]."""
    import torch

    pose = torch.zeros(1, len(JOINT_NAMES), 3)
    with torch.no_grad():
        template = model.forward(torch.zeros(1, model.n_betas), pose)[0]
        moved = [model.forward(some, pose)[0] - template for some in torch.eye(model.n_betas).split(10)]
    return np.ascontiguousarray(torch.cat(moved).permute(1, 2, 0).double().cpu().numpy())


def _moves(
    standing: Standing, x: np.ndarray, turning: list[int], vertices: np.ndarray, weights: np.ndarray,
    directions: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """How vertices [n, 3], seen at unknowns `x`, move along the pose's unknowns `turning` and then along the shape's,
    [n, 3, m], and the pelvis with them, [3, m]. The surface turns with its joints as it is at `x`."""
    tried = np.tile(x, (len(turning) + 1, 1))
    tried[1 + np.arange(len(turning)), turning] += _SHIFT
    angles, _, turns, betas = standing.unpack(tried)
    local = rotations(standing.turned(turns, angles[:, 2]))
    rest = standing.rig.joints(betas)
    spins, places = chain(rest, local)
    affine = np.concatenate([spins, (places - (spins @ rest[..., None])[..., 0])[..., None]], axis=3)
    first = _blended(weights, affine[0])
    surface = np.linalg.solve(first[..., :3], (vertices - first[..., 3])[..., None])[..., 0]
    surface = np.concatenate([surface, np.ones((len(surface), 1))], axis=1)
    turned = (_blended(weights, np.moveaxis(affine[1:], 0, 3)) * surface[:, None, :, None]).sum(2)
    turned = (turned - vertices[..., None]) / _SHIFT
    along = np.moveaxis(standing.rig.directions[: len(JOINT_NAMES)] @ standing.shape, 2, 0)
    carried = chain(along, local[:1])[1]
    offset = np.moveaxis(carried - (spins[0] @ along[..., None])[..., 0], 0, 2)
    shaped = first[..., :3] @ (directions @ standing.shape) + _blended(weights, offset)
    pelvis = np.concatenate([(places[1:, 0] - places[0, 0]) / _SHIFT, carried[:, 0]]).T
    return np.concatenate([turned, shaped], axis=2), pelvis


def _blended(weights: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """What joints have [55, ...] for vertices that follow them by weights [n, 55], [n, ...]."""
    return (weights @ parts.reshape(len(parts), -1)).reshape(len(weights), *parts.shape[1:])


def _outermost(image: np.ndarray, lines: np.ndarray, outline: Outline) -> np.ndarray:
    """The lines [e, 2] between points [n, 2] in the picture that may come to make the outline."""
    along, row = image[lines].mean(axis=1).T
    margin, reach = _MARGIN / outline.scale, _RIM / outline.scale
    near = (row > outline.rows.min() - margin) & (row < outline.rows.max() + margin)
    lines, along, row = lines[near], along[near], row[near]
    band = ((row - row.min(initial=np.inf)) / reach).astype(int)
    left, right = (np.full(band.max(initial=0) + 1, far) for far in (np.inf, -np.inf))
    np.minimum.at(left, band, along)
    np.maximum.at(right, band, along)
    return lines[(along < left[band] + reach) | (along > right[band] - reach)]


def _crossings(start: np.ndarray, stop: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which edges, from heights `start` to `stop` [e] in the picture, cross which of the rows."""
    order = np.argsort(rows)
    first, last = (np.searchsorted(rows[order], ends, "right") for ends in (start, stop))
    count = np.abs(first - last)
    edge = np.repeat(np.arange(len(start)), count)
    before = np.repeat(np.cumsum(count) - count, count)
    return edge, order[np.minimum(first, last)[edge] + np.arange(len(edge)) - before]


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
