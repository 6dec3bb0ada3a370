"""How well each size of a design would sit on bodies: the law that size advice and its benchmark stand on.

A region (bust, waist, hip, ...) costs by how far its ease is from the ease that is wanted, and steeply by how far it is
below what can be worn at all; a size costs the sum of its regions. Sums make every reason's share exact. What a person
likes shifts the ease that is wanted, and how much people mind a region differs; a style that runs small has less ease
than its pattern says. Both are lengths of girth [m] at the widest region, and go to narrower ones (a sleeve, a thigh)
as the grading does.

Bodies are drawn with the doubt of their measures (Monte Carlo); how doubts go together follows from the population
given the tapes. How far tastes, styles and days differ is a house assumption until a feedback table tells
(feedback.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from assets.errors import InputRefused
from assets.mesh import frozen
from body.population import population
from garments.fit import STEP, least_worn
from garments.garment import Cut, sketched
from garments.grading import chart as find_chart
from garments.grading import size_measurements
from garments.taping import Region, body_girth, regions

if TYPE_CHECKING:
    from body.measurements import Measurements
    from garments.fabric import Fabric
    from garments.garment import Garment

Options = tuple[tuple[str, float], ...]
_TOP = {"bust": 1.0, "hip": 0.35, "waist": 0.2, "sleeve": 0.2}
_DRESS = {"bust": 1.0, "waist": 0.4, "hip": 0.8, "sleeve": 0.2}
_SKIRT = {"waist": 1.0, "hip": 0.8}
_LEGS = {"waistband": 1.0, "hip": 0.9, "thigh": 0.4}
WEIGHTS: Mapping[str, Mapping[str, float]] = {
    **dict.fromkeys(("tee", "tank", "shirt", "jacket", "coat"), _TOP),
    **dict.fromkeys(("shift_dress", "qipao"), _DRESS),
    **dict.fromkeys(("skirt", "pencil_skirt", "pleated_skirt"), _SKIRT),
    **dict.fromkeys(("trousers", "jeans", "shorts", "leggings"), _LEGS),
}
"""How much a region decides; other designs are decided where they are cut closest."""
DECIDES = 0.8
_MOST = {"sleeve": 0.3, "thigh": 0.4}
_CLOSE = 0.06  # [m] of ease more than at the closest region: there a region decides a third as much
_OFF, _SHORT = 0.04, 0.012  # [m] that cost one
_TIGHT = 1.25  # below the wanted ease the same distance costs so much more
BEYOND = 2
"""Sizes that are thought on at either end of a chart, so that "too small even in the largest" can be told by how much.
They are never advised."""


@dataclass(frozen=True, slots=True, eq=False)
class Sizes:
    """A design in all sizes of a chart, and BEYOND thought ones at either end. Girths [m] [s, r] of the garment and of
    the body that it is cut for, by size and region; `weights` [r], or [r, draws] of people who mind regions
    differently; `scales` [r]: how much of a change of girth at the widest region comes to this one; `places` [m] [s]:
    how much wider each size is than the first."""

    names: tuple[str, ...]
    judged: tuple[Region, ...]
    girths: np.ndarray
    cut_for: np.ndarray
    weights: np.ndarray
    scales: np.ndarray
    places: np.ndarray
    made: "Garment"

    @property
    def real(self) -> slice:
        return slice(BEYOND, BEYOND + len(self.names))


@lru_cache(maxsize=128)
def sizes_of(design: str, chart: str, options: Options = ()) -> Sizes:
    """Of a size that cannot be drafted nothing is known. Raises ToileError for unknown names and options out of range,
    and for what cannot be drafted in any size."""
    names = _drafted(design, chart, options)
    made = sketched(Cut(design, names[(len(names) - 1) // 2], chart, dict(options)))
    judged = tuple(region for region in regions(made.girths) if region.name in made.girths)
    girths, cut_for = [], []
    for size in names:
        own, body = flat_girths(design, size, chart, options), size_measurements(size, chart)
        girths.append([own[region.name] for region in judged])
        cut_for.append([body_girth(region, body, made) for region in judged])
    wide, meant = _thought_on(np.array(girths)), _thought_on(np.array(cut_for))
    if not judged:
        nothing = frozen(np.zeros(0))
        return Sizes(names, (), frozen(wide), frozen(meant), nothing, nothing, nothing, made)
    steps = np.maximum(np.median(np.diff(wide, axis=0), axis=0), 1e-3)
    weights = _weights(design, judged, (wide - meant)[len(wide) // 2])
    places = wide[:, int(np.argmax(steps))]
    return Sizes(
        names, judged, frozen(wide), frozen(meant), frozen(weights), frozen(steps / steps.max()),
        frozen(np.maximum.accumulate(places) - places[BEYOND]), made,
    )  # fmt: skip


def _drafted(design: str, chart: str, options: Options) -> tuple[str, ...]:
    """The sizes in which a design can be drafted. Raises InputRefused where there is none."""
    names, why = [], InputRefused(f"the chart {chart} has no size")
    for size in find_chart(chart).sizes:
        try:
            flat_girths(design, size, chart, options)
            names.append(size)
        except InputRefused as error:
            why = error
    if not names:
        raise why
    return tuple(names)


@lru_cache(maxsize=512)
def flat_girths(design: str, size: str, chart: str, options: Options = ()) -> dict[str, float]:
    """The garment's own girths [m] by region name, measured in the flat pattern."""
    return sketched(Cut(design, size, chart, dict(options))).girths


def likely_girths(sizes: Sizes, measurements: "Measurements") -> np.ndarray:
    """The body's girths [m] [r] where the garment's regions lie on it."""
    numbers = measurements.numbers()
    return np.array([body_girth(region, numbers, sizes.made) for region in sizes.judged])


def drawn(
    sizes: Sizes, measurements: "Measurements", sex: float | None, random: np.random.Generator, draws: int
) -> np.ndarray:
    """Bodies [draws, r]: girths [m] as they may be, by the doubt of the measures and how doubts go together."""
    sd = np.array([measurements[region.girth].sd for region in sizes.judged])
    normal = random.standard_normal((draws, len(sd))) @ _together(sizes, measurements, sex).T
    return likely_girths(sizes, measurements) + sd * normal


def _together(sizes: Sizes, measurements: "Measurements", sex: float | None) -> np.ndarray:
    """The root [r, r] of the correlation of doubts, as the population leaves it open given the tapes."""
    people = population()
    firm = ("stature", "mass")
    known = {
        name: (item.value, max(item.sd, 1e-4))
        for name, item in measurements.items()
        if name in people.names and (item.source == "tape" or (name in firm and item.sd < 0.02 * item.value))
    }
    covariance = people.posterior(known, sex).covariance
    at = [people.names.index(region.girth) for region in sizes.judged]
    sd = np.sqrt(np.diag(covariance)[at])
    correlation = covariance[np.ix_(at, at)] / np.outer(sd, sd)
    value, vector = np.linalg.eigh(correlation)
    return vector * np.sqrt(np.maximum(value, 0.0))


def costs(
    sizes: Sizes, bodies: np.ndarray, likely: np.ndarray, cloth: "Fabric", liked: np.ndarray | float = 0.0,
    runs: np.ndarray | float = 0.0,
) -> np.ndarray:  # fmt: skip
    """Discomfort [r, s, draws] of each size at each region; one is half a letter size off. `liked`: how much more ease
    [m] is wanted than was meant; `runs`: how much larger [m] garments of the style are than drafted; both [draws] or
    for all."""
    found = np.empty((len(sizes.judged), len(sizes.girths), len(bodies)))
    for k, (off, short) in enumerate(_eases(sizes, bodies, likely, cloth, liked, runs)):
        found[k] = sizes.weights[k] * (off**2 * np.where(off < 0, _TIGHT, 1.0) + short**2)
    return found


def wanted(
    sizes: Sizes, bodies: np.ndarray, likely: np.ndarray, cloth: "Fabric", liked: np.ndarray | float = 0.0,
    runs: np.ndarray | float = 0.0,
) -> np.ndarray:  # fmt: skip
    """Where between the sizes (as `places`) [draws] each body is best served: where costs neither rise nor fall."""
    slope = np.zeros((len(sizes.girths), len(bodies)))
    for k, (off, short) in enumerate(_eases(sizes, bodies, likely, cloth, liked, runs)):
        slope += sizes.weights[k] * sizes.scales[k] * (off * np.where(off < 0, _TIGHT, 1.0) / _OFF - short / _SHORT)
    upper, column = np.clip((slope < 0.0).sum(axis=0), 1, len(slope) - 1), np.arange(len(bodies))
    below, above = slope[upper - 1, column], slope[upper, column]
    share = np.clip(below / np.minimum(below - above, -1e-9), 0.0, 1.0)
    return sizes.places[upper - 1] + share * (sizes.places[upper] - sizes.places[upper - 1])


def _eases(
    sizes: Sizes, bodies: np.ndarray, likely: np.ndarray, cloth: "Fabric", liked: np.ndarray | float,
    runs: np.ndarray | float,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:  # fmt: skip
    """By region how far each size's ease is from the wanted one, and how far short of the least [s, draws], in units of
    what costs one."""
    for k, region in enumerate(sizes.judged):
        meant = sizes.girths[:, k] - sizes.cut_for[:, k]
        least = np.array([least_worn(region, likely[k], cloth, float(one)) for one in meant])
        ease = sizes.girths[:, k, None] - (bodies[:, k] - sizes.scales[k] * np.asarray(runs))
        off = (ease - (meant[:, None] + sizes.scales[k] * np.asarray(liked))) / _OFF
        yield off, np.maximum(least[:, None] - ease, 0.0) / _SHORT


def _thought_on(rows: np.ndarray) -> np.ndarray:
    """Rows by size, with those that would follow at either end."""
    first, last = (rows[1] - rows[0], rows[-1] - rows[-2]) if len(rows) > 1 else (np.full(rows.shape[1], STEP),) * 2
    before = [rows[0] - k * first for k in range(BEYOND, 0, -1)]
    return np.vstack([*before, rows, *(rows[-1] + k * last for k in range(1, BEYOND + 1))])


def _weights(design: str, judged: tuple[Region, ...], meant: np.ndarray) -> np.ndarray:
    if design in WEIGHTS:
        return np.array([WEIGHTS[design].get(region.name, 0.5) for region in judged])
    spare = meant - np.array([region.least for region in judged])
    close = np.exp(-(spare - spare.min()) / _CLOSE) if len(spare) else spare
    return np.array([min(max(x, 0.05), _MOST.get(r.name, 1.0)) for x, r in zip(close, judged, strict=True)])
