"""Lay the tape on a body: every measure of the table, always in the measuring pose, feet together.

How each one is taken stands in body/takes.py. In a fixed pose a skinned surface is affine in its shape coefficients: a
`Ruler` reads that map off a model once, and then measures any shape, with exact slopes, in milliseconds. What a reading
gives and what a fit follows are therefore one and the same. The tape lies on the mesh's edges, so that where it lay is
known on the same body in any pose.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast

import numpy as np

from assets.mesh import frozen
from body.anatomy import anatomy
from body.measurements import MEASURES, Measurement, Measurements
from body.model import Body, BodyModel
from body.poses import STANDING
from body.takes import SHOWN, TAKES, Tape
from body.tape import Figure, Moving, Strand

DENSITY = 985.0
# True mass over volume times density, when the girths are right; women, men (ANSUR II people on the built-in body).
HEAVIER = (1.079, 1.079)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """All measures of one shape: values [m or kg] and their slopes along betas [measures, k], in the table's order."""

    values: np.ndarray
    slopes: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Push:
    """Some measures of one shape: values [m] [measures] and their slopes along every vertex of the measuring pose,
    [measures, n, 3]."""

    values: np.ndarray
    slopes: np.ndarray


class Ruler:
    """The measures of one body model as functions of its betas."""

    names: tuple[str, ...] = tuple(MEASURES)

    def __init__(self, model: BodyModel) -> None:
        self.model = model
        self._base, self._slopes, self.turns, self._joints, self._joint_slopes = _affine(model)
        self._skin = model.skin_faces
        self.anatomy = anatomy(model, self._base, self._joints)

    def read(
        self,
        betas: np.ndarray,
        sex: float | None = None,
        detail: np.ndarray | None = None,
        names: Sequence[str] = names,
    ) -> Reading:
        """Measure the shape `betas` [k] with a detail [n, 3] (see Body). `sex` (0..1) sets how heavy the volume is;
        None guesses it from the shape. The chosen measures come in their order."""
        figure = self._figure(betas, detail, self._slopes, self._joint_slopes)
        on = Tape(figure, self.anatomy)
        found = [self._mass(figure, betas, sex) if name == "mass" else TAKES[name](on) for name in names]
        values = np.array([float(item.value) for item in found])
        return Reading(frozen(values), frozen(np.stack([item.slope for item in found])))

    def values(
        self,
        betas: np.ndarray,
        sex: float | None = None,
        detail: np.ndarray | None = None,
        names: Iterable[str] = names,
    ) -> dict[str, float]:
        """The chosen measures [m or kg] alone, without slopes: the same numbers as `read`, sooner."""
        figure = self._still(betas, detail)
        on = Tape(figure, self.anatomy)
        return {
            name: float((self._mass(figure, betas, sex) if name == "mass" else TAKES[name](on)).value) for name in names
        }

    def paths(
        self, betas: np.ndarray, detail: np.ndarray | None = None, names: Iterable[str] = names
    ) -> dict[str, tuple[Strand, ...]]:
        """Where the tape of each chosen measure lies, as strands on the model's edges; weight has no tape.

        A girth's strand is closed and as long as the girth; what both sides share lies on both.
        """
        on = Tape(self._still(betas, detail), self.anatomy)
        return {name: SHOWN.get(name, TAKES[name])(on).path for name in names if name != "mass"}

    @property
    def affine(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """In the measuring pose: vertices [n, 3] of zero betas, their slopes [n, 3, k]; joints likewise."""
        return self._base, self._slopes, self._joints, self._joint_slopes

    def surface(self, betas: np.ndarray, detail: np.ndarray | None = None) -> np.ndarray:
        """Vertices [m] [n, 3] of a shape in the measuring pose. `turns` [n, 3, 3] carry a detail there from the rest
        pose."""
        moved = 0.0 if detail is None else np.einsum("nab,nb->na", self.turns, detail)
        return self._base + self._slopes @ betas + moved

    def push(self, betas: np.ndarray, names: tuple[str, ...], detail: np.ndarray | None = None) -> Push:
        """Lengths `names` of a shape, and what moving each single vertex would change in them."""
        values, slopes = np.zeros(len(names)), np.zeros((len(names), *self._base.shape))
        still = self._still(betas, detail)
        for k, name in enumerate(names):
            touched = _Touched()
            bones = np.zeros((len(self._joints), 3, 1))
            TAKES[name](Tape(replace(still, slopes=cast(Any, touched), joint_slopes=bones), self.anatomy))
            each = _OneByOne(touched.vertices(), len(self._base))
            bones = np.zeros((len(self._joints), 3, each.size))
            found = TAKES[name](Tape(replace(still, slopes=cast(Any, each), joint_slopes=bones), self.anatomy))
            values[k], slopes[k, each.vertices] = found.value, found.slope.reshape(-1, 3)
        return Push(frozen(values), frozen(slopes))

    def _still(self, betas: np.ndarray, detail: np.ndarray | None) -> Figure:
        return self._figure(betas, detail, self._slopes[..., :0], self._joint_slopes[..., :0])

    def _figure(
        self, betas: np.ndarray, detail: np.ndarray | None, slopes: np.ndarray, joint_slopes: np.ndarray
    ) -> Figure:
        """The shape in the measuring pose, told with these slopes."""
        betas = np.asarray(betas, float)
        return Figure(self.surface(betas, detail), slopes, self._joints + self._joint_slopes @ betas, joint_slopes)

    def _mass(self, figure: Figure, betas: np.ndarray, sex: float | None) -> Moving:
        return self._volume(figure) * (DENSITY * self._heavier(np.asarray(betas, float), sex))

    def _volume(self, figure: Figure) -> Moving:
        a, b, c = (figure.vertices[self._skin[:, k]] for k in range(3))
        pushes = np.stack([np.cross(b, c), np.cross(c, a), np.cross(a, b)], axis=1).reshape(-1, 3) / 6.0
        corners, count = self._skin.ravel(), len(figure.vertices)
        push = np.stack([np.bincount(corners, pushes[:, axis], count) for axis in range(3)], axis=1)
        volume = (push * figure.vertices).sum() / 3.0
        return Moving(volume, np.tensordot(push, figure.slopes, 2))

    def _heavier(self, betas: np.ndarray, sex: float | None) -> float:
        man = likely_sex(self.model, betas) if sex is None else sex
        return (1 - man) * HEAVIER[0] + man * HEAVIER[1]


class _Touched:
    """Stands in for the slopes of all vertices, and notes which are asked for."""

    def __init__(self) -> None:
        self._asked: list[np.ndarray] = []

    def __getitem__(self, which: int | np.ndarray) -> np.ndarray:
        self._asked.append(np.ravel(which))
        return np.zeros((*np.shape(which), 3, 1))

    def vertices(self) -> np.ndarray:
        return np.unique(np.concatenate(self._asked))


class _OneByOne:
    """Stands in for slopes along every coordinate of a few vertices."""

    def __init__(self, vertices: np.ndarray, count: int) -> None:
        self.vertices, self.size = vertices, 3 * len(vertices)
        self._place = np.full(count, -1)
        self._place[vertices] = np.arange(len(vertices))

    def __getitem__(self, which: int | np.ndarray) -> np.ndarray:
        return np.eye(self.size).reshape(-1, 3, self.size)[self._place[which]]


def measure(body: Body, sex: float | None = None) -> Measurements:
    """Every measure of a body's shape in the measuring pose, whatever its pose; source "body", sd 0.

    `sex` (0 female to 1 male) only sets the weight of the volume. Raises InputRefused for a shape that has no girths.
    """
    values = ruler(body.model).values(body.betas, sex, body.detail)
    return Measurements(tuple(Measurement(name, value, 0.0, "body") for name, value in values.items()))


def ruler(model: BodyModel) -> Ruler:
    """The ruler of a body model, made once."""
    return _ruler(cast(Hashable, model))


@lru_cache(maxsize=4)
def _ruler(model: Any) -> Ruler:
    return Ruler(model)


def likely_sex(model: BodyModel, betas: np.ndarray) -> float:
    """0 female to 1 male: whose shapes these betas resemble (Gaussian discriminant on the model's own priors)."""
    scores = []
    for sex in (0.0, 1.0):
        centre, covariance = model.prior(sex)
        gap = betas - centre
        scores.append(-0.5 * (gap @ np.linalg.solve(covariance, gap) + np.linalg.slogdet(covariance)[1]))
    return float(1.0 / (1.0 + np.exp(np.clip(scores[0] - scores[1], -50, 50))))


def _affine(model: BodyModel) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """In the measuring pose: vertices [n, 3] of zero betas, their slopes along betas [n, 3, k] and along a detail at
    the same vertex [n, 3, 3]; joints [55, 3] and their slopes [55, 3, k]."""
    import torch

    betas = torch.cat([torch.zeros(1, model.n_betas), torch.eye(model.n_betas)])
    pose = torch.as_tensor(np.array(STANDING), dtype=torch.float32)[None]
    with torch.no_grad():
        pieces = [model.forward(some, pose.expand(len(some), -1, -1)) for some in betas.split(16)]
        along = torch.eye(3)[:, None].expand(-1, len(model.weights), -1)
        pushed = [model.forward(betas[:1], pose, detail=way)[0][0].double().cpu().numpy() for way in along]
    vertices, joints = (torch.cat([piece[k] for piece in pieces]).double().cpu().numpy() for k in (0, 1))
    turns = _slopes(np.stack([vertices[0], *pushed]))
    vertices, joints = vertices - [0, vertices[0, :, 1].min(), 0], joints - [0, vertices[0, :, 1].min(), 0]
    return vertices[0], _slopes(vertices), turns, joints[0], _slopes(joints)


def _slopes(samples: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.moveaxis(samples[1:] - samples[0], 0, 2))
