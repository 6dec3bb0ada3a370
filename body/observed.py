"""From a fitted photo to measures of the table: how wide and deep the trunk is at bust, navel and hip.

A photo gives silhouette widths of the trunk at heights of the posed body, with their covariance. They are compared
with the same widths of the body that all other evidence makes most likely: near a level of the table, the measure is
the expected one times the ratio of seen to expected width. Pose, view and the section's form so cancel out. Where that
body and the statistics disagree about the expected measure, it lies halfway and half the gap is doubt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

# What a section's form and the level's height leave open, as a share of the width; measured by us on rendered people.
# From the side the arms begin at the chest, and the seat's depth hangs on how the legs stand: both are the least sure.
_FORM = {
    "chest_breadth": 0.035, "navel_breadth": 0.035, "hip_breadth": 0.035,
    "chest_depth": 0.10, "navel_depth": 0.07, "hip_depth": 0.14,
}  # fmt: skip
_REACH = 0.035
_SIDEWAYS = 0.9
LEVELS = {"chest": "bust_height", "navel": "navel_height", "hip": "hip_height"}


class Silhouette(Protocol):
    """What is needed of a fitted photo (see body/photo.py): widths [k] [m] at levels [k] [m] along a direction [3]."""

    @property
    def levels(self) -> np.ndarray: ...

    @property
    def widths(self) -> np.ndarray: ...

    @property
    def covariance(self) -> np.ndarray: ...

    @property
    def direction(self) -> np.ndarray: ...


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """Measures seen in photos: names [o], values [m] [o] and the covariance [m2] of their errors [o, o]."""

    names: tuple[str, ...]
    values: np.ndarray
    covariance: np.ndarray

    def only(self, names: Sequence[str]) -> "Observed":
        at = [self.names.index(name) for name in names]
        return Observed(tuple(names), self.values[at], self.covariance[np.ix_(at, at)])

    @property
    def known(self) -> dict[str, tuple[float, float]]:
        sd = np.sqrt(np.diag(self.covariance))
        return {name: (float(self.values[k]), float(sd[k])) for k, name in enumerate(self.names)}

    @property
    def linked(self) -> dict[tuple[str, str], float]:
        count = len(self.names)
        return {
            (self.names[k], self.names[j]): float(self.covariance[k, j])
            for k in range(count)
            for j in range(k + 1, count)
        }


NOTHING = Observed((), np.zeros(0), np.zeros((0, 0)))


def observed(
    photo: Silhouette, expected: np.ndarray, body: Mapping[str, float], people: Mapping[str, tuple[float, float]]
) -> Observed:
    """Breadths (front or back view) or depths (side view) that a photo shows; nothing from an oblique one.

    `expected` [k] are the widths [m] that the most likely body would show, `body` its measures [m]; `people` what
    statistics expect of the same person, (value, sd) [m].
    """
    across, along = np.abs(photo.direction[[0, 2]]) / np.linalg.norm(photo.direction)
    if max(across, along) < _SIDEWAYS or not len(photo.levels):
        return NOTHING
    kind = "breadth" if across > along else "depth"
    names, rows, form = [], [], []
    for level, height in LEVELS.items():
        near = np.clip(1 - np.abs(photo.levels - body[height]) / (_REACH * body["stature"]), 0, None)
        weight = np.where(np.isfinite(expected), near, 0.0)
        if weight.sum() > 0:
            name = f"{level}_{kind}"
            own, usual = body[name], people[name][0]
            names.append(name)
            rows.append(weight / weight.sum() * 0.5 * (own + usual) / np.where(weight > 0, expected, 1.0))
            form.append(np.hypot(_FORM[name], (own - usual) / (own + usual)))
    if not names:
        return NOTHING
    blend = np.array(rows)
    values = blend @ photo.widths
    return Observed(tuple(names), values, blend @ photo.covariance @ blend.T + np.diag((np.array(form) * values) ** 2))


def together(seen: Sequence[Observed]) -> Observed:
    """All photos as one: a measure seen twice is averaged by what each is worth; different photos err independently."""
    names = tuple(dict.fromkeys(name for part in seen for name in part.names))
    weight, pull = np.zeros((len(names), len(names))), np.zeros(len(names))
    for part in seen:
        at = [names.index(name) for name in part.names]
        if at:
            worth = np.linalg.inv(part.covariance)
            weight[np.ix_(at, at)] += worth
            pull[at] += worth @ part.values
    covariance = np.linalg.inv(weight)
    return Observed(names, covariance @ pull, covariance)
