"""The body that follows a slider at once: the last estimate, changed as little as its likelihood lets it be.

A linear-Gaussian update (Kalman's, in betas): among all shapes that meet the changed tapes and keep the others, the one
whose change is the likeliest under the model's prior. Two rounds, since tapes bend. Photos and statistics are not asked
again; the estimate that follows does that.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from assets.errors import InputRefused

if TYPE_CHECKING:
    from body.estimate import Evidence
    from body.model import BodyModel

_TIGHT = 5e-4
_HEAVY = 0.02
_ROUNDS = 2
_BENT = 0.01  # a change of a measure [m, 10 kg] beyond which the second round is worth its time


def said(evidence: "Evidence") -> dict[str, float]:
    """Every number given about a person, by the measure's name [m or kg]. Raises ToileError for one that cannot be."""
    from body.estimate import check_numbers

    return {name: item.value for name, item in check_numbers(evidence).items()}


def changed(
    model: "BodyModel",
    betas: np.ndarray,
    detail: np.ndarray | None,
    sex: float | None,
    before: Mapping[str, float],
    after: Mapping[str, float],
) -> np.ndarray:
    """Betas [k] after the numbers said became others [m or kg], from a shape that was estimated `before`. A number that
    stays keeps what the shape shows of it. Raises InputRefused where no tape lies on what comes out."""
    names = [name for name in after if name in before] + [name for name in after if name not in before]
    if all(before.get(name) == after[name] for name in names):
        return betas
    from body.measure import ruler

    measure, covariance = ruler(model), model.prior(sex)[1]
    now = np.asarray(betas, float)
    goal = None
    for _ in range(_ROUNDS):
        reading = measure.read(now, sex, detail, names)
        if goal is None:
            kept = [before.get(name) == after[name] for name in names]
            goal = np.where(kept, reading.values, [after[name] for name in names])
        noise = np.where(np.array(names) == "mass", _HEAVY * goal, _TIGHT)
        slopes = reading.slopes @ covariance
        miss = goal - reading.values
        gain = np.linalg.solve(slopes @ reading.slopes.T + np.diag(noise**2), slopes)
        now = now + miss @ gain
        if np.abs(np.where(np.array(names) == "mass", 0.1 * miss, miss)).max() < _BENT:
            break
    if not np.isfinite(now).all():
        raise InputRefused("no body has these measures")
    return now
