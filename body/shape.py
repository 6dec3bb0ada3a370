"""The shape whose measures come closest to what is wanted: damped Gauss-Newton on exact slopes.

Minimises the squares of (measure - target) / sd over all targets, plus the shape's own improbability under the model's
prior. A tape's sd here is a fraction of a millimetre, so that tapes are met wherever the model can; what is uncertain
gives way.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from assets.mesh import frozen
from body.measure import Ruler

_STEPS = 30
_CONVERGED = 1e-4
_SMOOTHNESS = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Betas [k] and the measures they give [m or kg] by name; what stays open: covariance [k, k], sd of measures."""

    betas: np.ndarray
    values: dict[str, float]
    covariance: np.ndarray
    open: dict[str, float]


def fit_shape(
    ruler: Ruler,
    targets: Mapping[str, tuple[float, float]],
    sex: float,
    doubts: Mapping[str, float] | None = None,
    prior: tuple[np.ndarray, np.ndarray] | None = None,
    detail: np.ndarray | None = None,
) -> Shape:
    """The betas that meet `targets`, name -> (value, sd) [m or kg], for a person of that `sex` (0..1).

    `doubts` are the targets' true sd's where those above were chosen to have some followed more closely than others.
    `prior` is the mean [k] and covariance [k, k] of betas where more is known than what people are like; `detail`
    [m] [n, 3] is worn by every shape (see Body).
    """
    centre, covariance = prior or ruler.model.prior(sex)
    spread = np.linalg.cholesky(covariance + 1e-6 * np.trace(covariance) / len(covariance) * np.eye(len(covariance)))
    rows = [ruler.names.index(name) for name in targets]
    value, sd = np.array(list(targets.values())).T

    def look(free: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        reading = ruler.read(centre + spread @ free, sex, detail)
        return (reading.values[rows] - value) / sd, reading.slopes @ spread, reading.values

    free = np.zeros(len(centre))
    miss, slopes, values = look(free)
    damping = 1e-3
    for _ in range(_STEPS):
        slope = slopes[rows] / sd[:, None]
        bend = slope.T @ slope + np.eye(len(free))
        step = np.linalg.solve(bend + damping * np.diag(np.diag(bend)), -(slope.T @ miss + free))
        trial = look(free + step)
        gain = miss @ miss + free @ free - trial[0] @ trial[0] - (free + step) @ (free + step)
        if gain < 0:
            damping *= 10
            continue
        free, (miss, slopes, values), damping = free + step, trial, damping / 10
        if gain < _CONVERGED * (1 + miss @ miss + free @ free):
            break
    true = np.array([(doubts or {}).get(name, pair[1]) for name, pair in targets.items()])
    slope = slopes[rows] / true[:, None]
    left = np.linalg.inv(slope.T @ slope + np.eye(len(free)))
    doubt = np.hypot(np.sqrt(np.einsum("mk,kl,ml->m", slopes, left, slopes)), _SMOOTHNESS * values)
    return Shape(
        frozen(centre + spread @ free),
        dict(zip(ruler.names, values.tolist(), strict=True)),
        frozen(spread @ left @ spread.T),
        dict(zip(ruler.names, doubt.tolist(), strict=True)),
    )
