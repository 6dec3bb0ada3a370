"""The shape whose measures come closest to what is wanted: damped Gauss-Newton on exact slopes, for one or for many.

Minimises the squares of (measure - target) / sd over all targets, plus the shape's own improbability under the model's
prior. A tape's sd here is a fraction of a millimetre, so that tapes are met wherever the model can; what is uncertain
gives way. One person is measured by the exact tape (body/measure.py), a crowd by the batched one (body/crowd.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assets.errors import InputRefused
from assets.mesh import frozen
from body.measure import Ruler

if TYPE_CHECKING:
    import torch

    Look = Callable[[torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]]

_STEPS = 30
_CONVERGED = 1e-4
# A small gain tells of the end only where the step was hardly held back.
_FREE = 1e-2
# Measures have kinks, where steps go to and fro: two in a row that change the cost by less than this share are the end.
_CALM = 5e-3
_SMOOTHNESS = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Betas [k] and the measures they give [m or kg] by name; what stays open: covariance [k, k], sd of measures.

    `effort` is the root mean square of the shape's coordinates in sd of the model's prior: about 1 among people.
    """

    betas: np.ndarray
    values: dict[str, float]
    covariance: np.ndarray
    open: dict[str, float]
    effort: float


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """Targets name -> (value, sd) [m or kg] for a person of a sex (0..1). `doubts` are the targets' true sd's where
    those were chosen to have some followed more closely than others."""

    targets: Mapping[str, tuple[float, float]]
    sex: float
    doubts: Mapping[str, float]

    def slopes(self, slopes: np.ndarray) -> np.ndarray:
        """Slopes [m, k] of the targets in their true sd's."""
        true = [self.doubts.get(name, sd) for name, (_, sd) in self.targets.items()]
        return slopes / np.array(true)[:, None]


def fit_shape(
    ruler: Ruler,
    targets: Mapping[str, tuple[float, float]],
    sex: float,
    doubts: Mapping[str, float] | None = None,
    start: np.ndarray | None = None,
    prior: tuple[np.ndarray, np.ndarray] | None = None,
    detail: np.ndarray | None = None,
) -> Shape:
    """The betas that meet `targets` (see Wanted). `start` are betas to begin at, the likeliest ones unless given.

    `prior` is the mean [k] and covariance [k, k] of betas where more is known than what people are like; `detail`
    [m] [n, 3] is worn by every shape (see Body).
    """
    import torch

    names, wanted = list(targets), Wanted(targets, sex, doubts or {})
    centre, spread = scale(*(prior or ruler.model.prior(sex)))

    def look(betas: torch.Tensor, which: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        try:
            reading = ruler.read(betas[0].numpy(), sex, detail, names)
        except InputRefused:  # a step so long that no tape lies on what comes out
            return torch.full((1, len(names)), torch.nan), torch.zeros(1, len(names), len(centre))
        return torch.tensor(reading.values)[None], torch.tensor(reading.slopes)[None]

    value, sd = torch.tensor(list(targets.values()), dtype=torch.float64).T[:, None]
    free = None if start is None else torch.tensor(np.linalg.solve(spread, start - centre))[None]
    free = follow(look, torch.tensor(centre)[None], torch.tensor(spread)[None], value, sd, free)
    reading = ruler.read(centre + spread @ free[0].numpy(), sex, detail)
    return described(ruler.names, free[0].numpy(), centre, spread, wanted, reading.values, reading.slopes)


def follow(
    look: Look,
    centre: torch.Tensor,
    spread: torch.Tensor,
    value: torch.Tensor,
    sd: torch.Tensor,
    start: torch.Tensor | None = None,
) -> torch.Tensor:
    """Coordinates [b, k] of b shapes, betas being centre [b, k] + spread [b, k, k] times them, that come closest to
    values [b, m] with sd's [b, m], infinite where nothing is wanted.

    `look` gives measures [a, m] and slopes [a, m, k] of some betas [a, k], which are those of people number [a]; not a
    number where a shape cannot be measured. Everybody steps with a damping of their own, until they are there.
    """
    import torch

    free = torch.zeros_like(centre) if start is None else start.clone()
    left = torch.arange(len(free), device=free.device)
    damping = torch.full((len(free), 1), 1e-3, dtype=free.dtype, device=free.device)
    calm = torch.zeros(len(free), dtype=torch.long, device=free.device)

    def seen(free: torch.Tensor, which: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        found, slopes = look(centre[which] + (spread[which] @ free[..., None])[..., 0], which)
        return (found - value[which]) / sd[which], slopes @ spread[which] / sd[which][..., None]

    miss, slopes = seen(free, left)
    for _ in range(_STEPS):
        at, to = free[left], slopes.mT
        bend = to @ slopes + torch.eye(free.shape[1], dtype=free.dtype, device=free.device)
        bend += torch.diag_embed(damping[left] * torch.diagonal(bend, dim1=1, dim2=2))
        step = torch.linalg.solve(bend, -((to @ miss[..., None])[..., 0] + at))
        after, after_slopes = seen(at + step, left)
        cost = (after**2).sum(1) + ((at + step) ** 2).sum(1)
        gain = (miss**2).sum(1) + (at**2).sum(1) - cost
        good = gain >= 0
        free[left[good]] = (at + step)[good]
        damping[left] = torch.where(good[:, None], damping[left] / 10, damping[left] * 30)
        miss = torch.where(good[:, None], after, miss)
        slopes = torch.where(good[:, None, None], after_slopes, slopes)
        calm = torch.where(gain.abs() < _CALM * (1 + cost), calm + 1, 0)
        on = ~(good & (gain < _CONVERGED * (1 + cost)) & (damping[left, 0] < _FREE)) & (calm < 2)
        calm = calm[on]
        left, miss, slopes = left[on], miss[on], slopes[on]
        if not len(left):
            break
    return free


def scale(centre: np.ndarray, covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centre [k] and square root [k, k] of the covariance [k, k] of betas."""
    ridge = 1e-6 * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    return np.asarray(centre, float), np.linalg.cholesky(np.asarray(covariance, float) + ridge)


def described(
    names: tuple[str, ...],
    free: np.ndarray,
    centre: np.ndarray,
    spread: np.ndarray,
    wanted: Wanted,
    values: np.ndarray,
    slopes: np.ndarray,
) -> Shape:
    """The shape with coordinates `free` [k], whose measures `names` are values [m] with slopes [m, k] along betas."""
    slopes = slopes @ spread
    slope = wanted.slopes(slopes[[names.index(name) for name in wanted.targets]])
    left = np.linalg.inv(slope.T @ slope + np.eye(len(free)))
    doubt = np.hypot(np.sqrt(np.einsum("mk,kl,ml->m", slopes, left, slopes)), _SMOOTHNESS * values)
    return Shape(
        frozen(centre + spread @ free),
        dict(zip(names, values.tolist(), strict=True)),
        frozen(spread @ left @ spread.T),
        dict(zip(names, doubt.tolist(), strict=True)),
        float(np.sqrt(free @ free / len(free))),
    )
