"""The tape on many bodies at once, in torch, on a CPU or a GPU: the takes of body/takes.py, told in batches.

All bodies share one mesh, so a plane's crossings are told for the edges that it crosses on any of them. The convex hull
that a tape makes of them comes from its support points: in each of DIRECTIONS round the plane the point that lies
furthest out (Cauchy's way of measuring a perimeter, 1841). That needs no ordering and no loop, and the polygon through
these points is never longer than the exact hull of body/tape.py, and within a third of a millimetre of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch

from body import tape
from body.anatomy import SIDES
from body.measure import DENSITY, HEAVIER, Ruler
from body.model import JOINT_NAMES
from body.takes import FRONT, LEFT, SCYE, TAKES, UP, Tape
from body.tape import GRAZING, distance, span

DIRECTIONS = 64
mean: Any = tape.mean


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """A quantity of each of b bodies, [b] or [b, 3], and its slope along betas, with an axis more, [..., k]."""

    value: torch.Tensor
    slope: torch.Tensor

    def __add__(self, other: Many) -> Many:
        return Many(self.value + other.value, self.slope + other.slope)

    def __sub__(self, other: Many) -> Many:
        return Many(self.value - other.value, self.slope - other.slope)

    def __mul__(self, factor: float) -> Many:
        return Many(self.value * factor, self.slope * factor)

    def __getitem__(self, item: int) -> Many:
        return Many(self.value[..., item], self.slope[..., item, :])

    def along(self, axis: torch.Tensor) -> Many:
        """The share of a vector along an axis [3] or [b, 3]."""
        return Many((self.value * axis).sum(-1), (self.slope * axis[..., None]).sum(-2))

    def length(self) -> Many:
        size = self.value.norm(dim=-1)
        return Many(size, self.along(self.value / size[..., None]).slope)

    def unit(self) -> Many:
        size = self.length()
        value = self.value / size.value[..., None]
        return Many(value, (self.slope - value[..., None] * size.slope[..., None, :]) / size.value[..., None, None])

    def cross(self, axis: torch.Tensor) -> Many:
        wide = axis.expand_as(self.value)
        return Many(torch.cross(self.value, wide, dim=-1), torch.cross(self.slope, wide[..., None], dim=-2))

    def among(self, items: list[Many], sign: float) -> Many:
        """The largest of `items` (`sign` 1) of each body, or the smallest (-1)."""
        values, slopes = torch.stack([item.value for item in items]), torch.stack([item.slope for item in items])
        best = (sign * values).argmax(0)
        every = torch.arange(len(best), device=best.device)
        return Many(values[best, every], slopes[best, every])


def _distance(start: Many, end: Many) -> Many:
    return (end - start).length()


def _span(start: Many, end: Many, axis: torch.Tensor) -> Many:
    return (start - end).along(axis)


cast(Any, distance).register(Many, _distance)
cast(Any, span).register(Many, _span)


class CrowdRuler:
    """A Ruler for many betas at once, on a torch device."""

    def __init__(self, ruler: Ruler, device: str = "cpu") -> None:
        def tensor(array: np.ndarray) -> torch.Tensor:
            return torch.as_tensor(np.array(array), device=device)

        self.device = device
        self.base, self.slopes, self.joints, self.joint_slopes = map(tensor, ruler.affine)
        self.skin = tensor(ruler.model.skin_faces.astype(np.int64))
        self.on = ruler.anatomy
        self.regions = {name: _region(pairs, tensor) for name, pairs in self.on.edges.items()}
        self.vertices = {name: tensor(found.astype(np.int64)) for name, found in self.on.vertices.items()}

    def read(self, betas: torch.Tensor, sex: torch.Tensor, names: Sequence[str]) -> Many:
        """Measures [b, m] [m or kg] of betas [b, k] with their slopes [b, m, k]; `sex` [b] 0 to 1 sets how heavy a
        volume is. Not a number where a shape cannot be measured."""
        on = _CrowdTape(self, betas)
        takes: dict[str, Callable[[Any], Any]] = {**TAKES, **_TAKES, "mass": lambda on: on.mass(sex)}
        found = [takes[name](on) for name in names]
        return Many(torch.stack([item.value for item in found], 1), torch.stack([item.slope for item in found], 1))


# The words of takes are the same for many; what they hand on is of another type.
_Words: Any = Tape


def _region(pairs: np.ndarray, tensor: Callable[[np.ndarray], torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    """Edges [e, 2] as the vertices among them [r], and numbers of those [e, 2]."""
    vertices, local = np.unique(pairs, return_inverse=True)
    return tensor(vertices.astype(np.int64)), tensor(local.reshape(-1, 2).astype(np.int64))


class _CrowdTape(_Words):
    """What the takes are told in, for b bodies."""

    def __init__(self, ruler: CrowdRuler, betas: torch.Tensor) -> None:
        self.ruler = ruler
        self.places = ruler.base + (betas @ ruler.slopes.flatten(0, 1).T).unflatten(1, (-1, 3))
        self.joints = ruler.joints + (betas @ ruler.joint_slopes.flatten(0, 1).T).unflatten(1, (-1, 3))
        self.every = torch.arange(len(betas), device=betas.device)
        self._regions: dict[str, torch.Tensor] = {}
        self.floor = self.vertex(self.places[:, :, 1].argmin(1))

    def vertex(self, which: torch.Tensor) -> Many:
        """A vertex of each body, [b]."""
        return Many(self.places[self.every, which], self.ruler.slopes[which])

    def axis(self, direction: np.ndarray) -> torch.Tensor:
        return torch.as_tensor(direction, device=self.places.device)

    def point(self, name: str) -> Many:
        if name in self.ruler.on.between:
            (a, b), share = self.ruler.on.between[name]
            first, second = (self.vertex(torch.full_like(self.every, int(vertex))) for vertex in (a, b))
            return first * (1 - share) + second * share
        return self.vertex(torch.full_like(self.every, self.ruler.on.points[name]))

    def region(self, name: str) -> torch.Tensor:
        """The vertices of a region, axis by axis, [b, 3, r]."""
        if name not in self._regions:
            self._regions[name] = self.places[:, self.ruler.regions[name][0]].mT.contiguous()
        return self._regions[name]

    def joint(self, name: str) -> Many:
        k = JOINT_NAMES.index(name)
        return Many(self.joints[:, k], self.ruler.joint_slopes[k].expand(len(self.every), -1, -1))

    def height(self, point: Many, shown: Many, kind: str = "upright") -> Many:
        return (point - self.floor)[1]

    def level(self, region: str, point: Many) -> _Cut:
        up = self.axis(UP).expand(len(self.every), -1)
        return _Cut(self, region, point, Many(up, torch.zeros_like(point.slope)))

    def across(self, region: str, point: Many, bone: Many) -> _Cut:
        return _Cut(self, region, point, bone.unit())

    def armscye(self, side: str) -> _Cut:
        pit = self.point(f"{side}_armpit") + (self.joint(f"{side}_elbow") - self.joint(f"{side}_shoulder")) * SCYE
        return self.across(f"{side}_scye", pit, (self.point(f"{side}_acromion") - pit).cross(self.axis(FRONT)))

    def mid_shoulder(self, side: str) -> Many:
        root, tip = self.point(f"{side}_side_neck"), self.point(f"{side}_acromion")
        middle = mean(root, tip)
        return self.across("torso", middle, tip - root).nearest(middle.value + 0.1 * self.axis(UP))

    def arc(self, region: str, start: Many, end: Many, outward: np.ndarray, wide: bool = False) -> Many:
        gap = end - start
        length = gap.length()
        normal = gap.cross(self.axis(outward)).unit()
        over = _Cut(self, region, start, normal)
        along = gap.value / length.value[:, None]
        bulging = torch.cross(normal.value, along, dim=-1)
        beyond = over.points - start.value[:, None]
        reach, bulge = (torch.einsum("bec,bc->be", beyond, way) for way in (along, bulging))
        kept = over.there & (bulge > 0)
        if not wide:
            kept &= (reach > 0) & (reach < length.value[:, None])
        return over.round(kept, along, bulging, (start, end)) - length

    def reach(self, region: str, axis: np.ndarray | torch.Tensor) -> Many:
        way = self.axis(axis) if isinstance(axis, np.ndarray) else axis
        chosen = self.ruler.vertices[region]
        along = (self.places[:, chosen] * way.expand(len(self.every), -1)[:, None]).sum(-1)
        return (self.vertex(chosen[along.argmax(1)]) - self.vertex(chosen[along.argmin(1)])).along(way)

    def stature(self) -> Many:
        return self.reach("skin", UP)

    def mass(self, sex: torch.Tensor) -> Many:
        a, b, c = (self.places[:, self.ruler.skin[:, k]] for k in range(3))
        push = torch.zeros_like(self.places)
        for k, pair in enumerate(((b, c), (c, a), (a, b))):
            push.index_add_(1, self.ruler.skin[:, k], torch.cross(*pair, dim=-1) / 6.0)
        volume = (push * self.places).sum((1, 2)) / 3.0
        heavy = DENSITY * ((1 - sex) * HEAVIER[0] + sex * HEAVIER[1])
        return Many(volume * heavy, push.flatten(1) @ self.ruler.slopes.flatten(0, 1) * heavy[:, None])

    def _crossing(self, section: _Cut, way: np.ndarray, aside: float | torch.Tensor) -> Many:
        ahead = section.points @ self.axis(way)
        middle = torch.where(section.there, ahead, 0.0).sum(1) / section.there.sum(1)
        gap = (section.points @ self.axis(LEFT) - torch.as_tensor(aside).reshape(-1, 1)).abs()
        return section.spot(gap.masked_fill(~section.there | (ahead <= middle[:, None]), torch.inf).argmin(1))


class _Cut:
    """Where a plane through `origin`, square to `normal`, crosses edges of a region: points [b, e, 3], and which of
    them are `there` [b, e]: an edge counts that the plane crosses on any of the bodies."""

    def __init__(self, on: _CrowdTape, region: str, origin: Many, normal: Many) -> None:
        self.on, self.origin, self.normal = on, origin, normal
        vertices, pairs = on.ruler.regions[region]
        above = (normal.value[:, None] @ (on.region(region) - origin.value[..., None]))[:, 0]
        low, high = above.amin(0), above.amax(0)
        start, end = pairs[(low[pairs].amin(1) < 0) & (high[pairs].amax(1) >= 0)].T
        crossed = (above[:, start] < 0) != (above[:, end] < 0)
        first = crossed.to(torch.uint8).topk(max(int(crossed.sum(1).max()), 1), sorted=False).indices
        every = on.every[:, None]
        start, end = start[first], end[first]
        self.start, self.end = vertices[start], vertices[end]
        self.way = on.places[every, self.end] - on.places[every, self.start]
        before = above.gather(1, start)
        rise = above.gather(1, end) - before
        self.there = crossed.gather(1, first) & (rise.abs() > GRAZING * self.way.norm(dim=-1))
        self.share = torch.where(self.there, -before / rise, 0.0)
        self.points = on.places[every, self.start] + self.share[..., None] * self.way

    def girth(self) -> Many:
        normal = self.normal.value
        helper = torch.eye(3, dtype=normal.dtype, device=normal.device)[normal.abs().argmin(1)]
        across = torch.nn.functional.normalize(torch.cross(normal, helper, dim=-1), dim=-1)
        return self.round(self.there, across, torch.cross(normal, across, dim=-1))

    def round(self, kept: torch.Tensor, across: torch.Tensor, upon: torch.Tensor, ends: tuple[Many, ...] = ()) -> Many:
        """Length round the hull of the `kept` points [b, e] and `ends`; `across` and `upon` [b, 3] span the plane."""
        turn = torch.arange(DIRECTIONS, dtype=across.dtype, device=across.device) * (2 * torch.pi / DIRECTIONS)
        ways = turn.cos()[:, None] * across[:, None] + turn.sin()[:, None] * upon[:, None]
        count = kept.sum(1)
        inside = torch.where(kept[..., None], self.points, 0.0).sum(1) + sum(end.value for end in ends)
        inside = (inside / (count + len(ends))[:, None])[:, None]
        points = torch.where(kept[..., None], self.points, inside)
        points = torch.cat([points, *(end.value[:, None] for end in ends)], 1)
        which = ((points - inside).float() @ ways.float().mT).argmax(1)
        corners = points[self.on.every[:, None], which]
        side = corners.roll(-1, 1) - corners
        size = side.norm(dim=-1)
        ahead = side / size.clamp(min=1e-12)[..., None]
        pull = ahead.roll(1, 1) - ahead
        slope = self.pulled(which.clamp(max=self.points.shape[1] - 1), pull * (which < self.points.shape[1])[..., None])
        for k, end in enumerate(ends):
            slope = slope + end.along((pull * (which == self.points.shape[1] + k)[..., None]).sum(1)).slope
        missed = (count < 3) & (not ends)
        return Many(size.sum(1).masked_fill(missed, torch.nan), slope)

    def extent(self, axis: np.ndarray) -> Many:
        return (self.furthest(axis) - self.furthest(-axis)).along(self.on.axis(axis))

    def furthest(self, axis: np.ndarray) -> Many:
        return self.spot((self.points @ self.on.axis(axis)).masked_fill(~self.there, -torch.inf).argmax(1))

    def nearest(self, place: torch.Tensor) -> Many:
        gap = (self.points - place[:, None]).norm(dim=-1)
        return self.spot(gap.masked_fill(~self.there, torch.inf).argmin(1))

    def spot(self, which: torch.Tensor) -> Many:
        """Point number `which` [b] of each body, with its slope."""
        pulls = torch.eye(3, dtype=self.points.dtype, device=self.points.device)[:, None].expand(3, len(which), 3)
        slopes = [self.pulled(which[:, None], pull[:, None]) for pull in pulls]
        return Many(self.points[self.on.every, which], torch.stack(slopes, 1))

    def pulled(self, which: torch.Tensor, pull: torch.Tensor) -> torch.Tensor:
        """Slope [b, k] of the points number `which` [b, p], each times its `pull` [b, p, 3], added up.

        A crossing slides along its edge so that it stays in the plane, as Section.moving has it.
        """
        every, slopes, normal = self.on.every[:, None], self.on.ruler.slopes, self.normal.value
        way, share = self.way[every, which], self.share[every, which]
        rise = (way * normal[:, None]).sum(-1).where(self.there[every, which], 1.0)
        slide = (pull * way).sum(-1) / rise
        still = pull - slide[..., None] * normal[:, None]
        first = torch.einsum("bpc,bpck->bk", still * (1 - share)[..., None], slopes[self.start[every, which]])
        second = torch.einsum("bpc,bpck->bk", still * share[..., None], slopes[self.end[every, which]])
        plane = self.origin.along(normal).slope * slide.sum(1)[:, None]
        off = (slide[..., None] * (self.points[every, which] - self.origin.value[:, None])).sum(1)
        return first + second + plane - self.normal.along(off).slope


def _sides(take: Callable[[Any, str], Many]) -> Callable[[Any], Any]:
    return lambda on: mean(*(take(on, side) for side in SIDES))


def _foot_length(on: Any, side: str) -> Many:
    along = (on.joint(f"{side}_foot") - on.joint(f"{side}_ankle")).value * on.axis(LEFT + FRONT)
    return on.reach(f"{side}_foot", torch.nn.functional.normalize(along, dim=-1))


def _waist_to_knee(on: Any, side: str) -> Many:
    return TAKES["waist_to_hip"](on) + (on.hip_side(side) - on.point(f"{side}_patella"))[1]


# Takes whose own arithmetic is for one body.
_TAKES: dict[str, Callable[[Any], Any]] = {
    "foot_length": _sides(_foot_length),
    "waist_to_knee": _sides(_waist_to_knee),
    "body_rise": lambda on: (on.waist() - on.point("crotch"))[1],
}
