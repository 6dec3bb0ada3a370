"""Many people at once: the estimate of body/estimate.py for hundreds of rows of numbers and tapes, on a CPU or a GPU.

The same statistics, the same targets, the same optimiser (body/shape.py); the tape alone is the batched one
(body/crowd.py). Whom shapes alone do not fit, or whose tapes contradict each other, is estimated alone, by the exact
tape and with the local layer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from assets.errors import ToileError, UsageError
from assets.progress import Progress, part, silent
from body.conflict import agreeing, known, misfits
from body.crowd import CrowdRuler, Many
from body.estimate import LOOSE, Estimate, Evidence, check_numbers, estimate, finished, met, wanted
from body.measure import ruler
from body.measurements import MEASURES, Measurements
from body.model import BodyModel, load_model
from body.population import Posterior, population
from body.shape import Shape, Wanted, described, follow, scale

# Bodies measured together: more need more memory, about 25 MB each, fewer leave a GPU idle.
_TOGETHER = {"cpu": 32, "cuda": 400}
# The batched tape reads a girth up to so much short of the exact one [m].
_SAME = 0.0004


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    """Somebody whose numbers can be used: which one, the tapes kept, what was said of the others, what is likely."""

    number: int
    evidence: Evidence
    tapes: Measurements
    kept: Measurements
    said: dict[str, str]
    likely: Posterior


def estimate_all(
    people: Sequence[Evidence], model: BodyModel | None = None, device: str = "cpu", progress: Progress = silent
) -> list[Estimate | ToileError]:
    """The estimate of everybody, in order, or why there is none. Raises UsageError for evidence with photos."""
    if any(person.photos for person in people):
        raise UsageError("many people at once are estimated from numbers alone: give those with photos one by one")
    model = model or load_model()
    found: dict[int, Estimate | ToileError] = {}
    rows: list[_Row] = []
    for number, person in enumerate(people):
        progress(0.1 * number / len(people), "reading what people are like")
        try:
            row = _row(number, person)
        except ToileError as error:
            found[number] = error
            continue
        if set(row.kept) <= set(row.likely.names):
            rows.append(row)
    for row, shape in _shapes(model, rows, device, part(progress, 0.1, 0.9)):
        if met(shape, row.kept, _SAME):
            left = misfits(row.tapes, shape.values, row.said, "")
            found[row.number] = finished(model, row.evidence, row.kept, row.likely, row.likely, shape, None, left)
    alone = [number for number in range(len(people)) if number not in found]
    for k, number in enumerate(alone):
        progress(0.9 + 0.1 * k / len(alone), f"measuring {len(alone)} people one by one")
        try:
            found[number] = estimate(people[number], model)
        except ToileError as error:
            found[number] = error
    progress(1.0, "measured")
    return [found[number] for number in range(len(people))]


def _row(number: int, evidence: Evidence) -> _Row:
    tapes = check_numbers(evidence)
    kept, said = agreeing(population(), tapes, evidence.sex, evidence.age)
    return _Row(number, evidence, tapes, kept, said, population().posterior(known(kept), evidence.sex, evidence.age))


def _shapes(model: BodyModel, rows: Sequence[_Row], device: str, progress: Progress) -> Iterator[tuple[_Row, Shape]]:
    """The shape of everybody; people alike in height are measured together, where their tapes lie close."""
    crowd, size = CrowdRuler(ruler(model), device), _TOGETHER.get(device, 400)
    order = sorted(rows, key=lambda row: row.likely.estimates()["stature"][0])
    for first in range(0, len(order), size):
        progress(first / len(order), f"shaping bodies {first + 1} to {min(first + size, len(order))} of {len(order)}")
        together = order[first : first + size]
        yield from zip(together, _together(crowd, model, together), strict=True)


def _together(crowd: CrowdRuler, model: BodyModel, rows: Sequence[_Row]) -> Iterator[Shape]:
    def tensor(array: object) -> torch.Tensor:
        return torch.as_tensor(np.asarray(array), dtype=torch.float64, device=crowd.device)

    goals = [wanted(row.kept, row.likely) for row in rows]
    names = tuple(dict.fromkeys(name for goal in goals for name in goal.targets))
    scales = [scale(*model.prior(goal.sex)) for goal in goals]
    centre, spread = (tensor([pair[k] for pair in scales]) for k in (0, 1))
    loosely = [wanted(row.kept, row.likely, LOOSE) for row in rows]
    value, sd = (tensor([[_target(goal, name)[k] for name in names] for goal in goals]) for k in (0, 1))
    loose = tensor([[_target(goal, name)[1] for name in names] for goal in loosely])
    sex = tensor([goal.sex for goal in goals])

    def look(betas: torch.Tensor, which: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        found = crowd.read(betas, sex[which], names)
        return found.value, found.slope

    free = follow(look, centre, spread, value, sd, follow(look, centre, spread, value, loose))
    betas = centre + (spread @ free[..., None])[..., 0]
    everything = crowd.read(betas, sex, tuple(MEASURES))
    return _described(everything, free, scales, goals)


def _described(
    found: Many, free: torch.Tensor, scales: Sequence[tuple[np.ndarray, np.ndarray]], goals: Sequence[Wanted]
) -> Iterator[Shape]:
    values, slopes, at = (part.cpu().numpy() for part in (found.value, found.slope, free))
    for k, (goal, (centre, spread)) in enumerate(zip(goals, scales, strict=True)):
        yield described(tuple(MEASURES), at[k], centre, spread, goal, values[k], slopes[k])


def _target(goal: Wanted, name: str) -> tuple[float, float]:
    return goal.targets.get(name, (1.0, float("inf")))
