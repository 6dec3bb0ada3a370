"""Which size, how sure, and why.

Each size's pattern is measured and compared with the body. The body's measures are known with a doubt only, so bodies
are drawn from it (Monte Carlo, seeded), each is given its best size, and a size's probability is the share of bodies
that it suits best. Sizes and bands: EN 13402-3 (see grading.py); least ease as in fit.py. A drape that failed its
certificate, or one stretched over the fabric's limit, takes the size out of the advice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from body.measurements import MEASURES
from garments.designs import design as find_design
from garments.fabric import fabric as find_fabric
from garments.fit import Region, body_girth, least_worn, regions, verdict
from garments.garment import MADE_TO_MEASURE, Cut, sketched
from garments.grading import chart as find_chart
from garments.grading import charts_for, size_measurements
from garments.readymade import ONE_SIZE

if TYPE_CHECKING:
    from body.measurements import Measurement, Measurements
    from garments.drape import Drape
    from garments.fabric import Fabric
    from garments.garment import Garment

Options = tuple[tuple[str, float], ...]
DRAWS = 4000
SPARE = 0.01  # a seam lets out this much [m]; what is tighter than that in every size suits nobody
OUT_OF_RANGE = 0.08  # the largest and smallest size suit bodies up to this much [m] off theirs
WEIGHTS = {
    "tee": {"bust": 1.0, "hip": 0.35, "waist": 0.2, "sleeve": 0.2},
    "skirt": {"waist": 1.0, "hip": 0.8},
    **{name: {"waistband": 1.0, "hip": 0.9, "thigh": 0.4} for name in ("trousers", "jeans", "shorts", "leggings")},
}


@dataclass(frozen=True, slots=True)
class SizeScore:
    """A size, the probability that it is the right one, and what speaks for or against it."""

    size: str
    probability: float
    reason: str


@dataclass(frozen=True, slots=True)
class Advice:
    """Sizes from small to large with their probabilities; the best; the reasons. `chart`: the size chart's name."""

    design: str
    chart: str
    best: str
    scores: tuple[SizeScore, ...]
    reasons: tuple[str, ...]
    suits: bool
    trusted: bool = True

    @property
    def confidence(self) -> float:
        """Probability of the best size."""
        return next(score.probability for score in self.scores if score.size == self.best)

    @property
    def sentence(self) -> str:
        """The advice in one sentence."""
        if not self.trusted:
            return f"{self.design}: no advice, because the drape is not to be trusted"
        if self.best == MADE_TO_MEASURE:
            return f"{self.design}: made to measure" + ("" if self.suits else ", and yet too tight for this body")
        if len(self.scores) == 1:
            return f"{self.design}: {self.best}, {'see how it fits' if self.suits else 'too tight for this body'}"
        if not self.suits:
            return f"{self.design}: no size suits, {self.best} comes closest; have it made to measure"
        rival = max((s for s in self.scores if s.size != self.best), key=lambda s: s.probability)
        between = f", between {self.best} and {rival.size}" if rival.probability > 0.3 else ""
        return f"{self.design}: size {self.best}, {100 * self.confidence:.0f} % sure{between}"

    def next_after(self, size: str) -> str:
        """The next larger size, or the same where there is none."""
        sizes = [score.size for score in self.scores]
        return sizes[min(sizes.index(size) + 1, len(sizes) - 1)]

    def plain(self) -> dict:
        """As JSON."""
        return {
            "best": self.best,
            "chart": self.chart,
            "confidence": round(self.confidence, 3),
            "suits": self.suits,
            "sentence": self.sentence,
            "reasons": list(self.reasons),
            "scores": [
                {"size": s.size, "probability": round(s.probability, 3), "reason": s.reason} for s in self.scores
            ],
        }


def advise(
    design: str,
    measurements: "Measurements",
    sex: float | None,
    *,
    fabric: str | None = None,
    seed: int = 0,
    chart: str | None = None,
    options: Mapping[str, float] | None = None,
) -> Advice:
    """The size of a design for a body; `sex` 0 female .. 1 male picks the chart, None the one that fits better. `chart`
    as garments.grading.charts_for takes it. Raises ToileError for unknown names and options out of range."""
    told = [
        _advise(design, measurements, name, fabric, seed, tuple(sorted((options or {}).items())))
        for name in charts_for(chart, sex)
    ]
    return min(told, key=lambda pair: pair[0])[1]


def made_to_measure(design: str, measurements: "Measurements", sex: float | None) -> Advice:
    """What is said of a garment that is drafted for this body: which measures it takes, and how sure they are."""
    taken = sorted((measurements[name] for name in find_design(design).NEEDS), key=lambda item: -item.sd / item.value)
    unsure = taken[0]
    reasons = [f"drafted to {_titled(item)}: {_cm(item.value)} ± {_cm(item.sd)} cm ({item.source})" for item in taken]
    if unsure.source != "tape":
        reasons.append(f"a tape of the {_titled(unsure)} would make this surer")
    score = SizeScore(MADE_TO_MEASURE, 1.0, "drafted for this body")
    return Advice(design, charts_for(None, sex)[0], MADE_TO_MEASURE, (score,), tuple(reasons), True)


def one_size(name: str, sex: float | None) -> Advice:
    """What can be said of a garment that came as a mesh: there is no other size of it to choose."""
    chart = "male" if sex is not None and sex > 0.5 else "female"
    why = "it came as a mesh, which has one size"
    return Advice(name, chart, ONE_SIZE, (SizeScore(ONE_SIZE, 1.0, why),), (why,), True)


def confirm(advice: Advice, drape: "Drape") -> Advice:
    """The advice after the garment was tried on: what the drape showed binds it."""
    if not drape.certificate.holds:
        return replace(advice, trusted=False, reasons=tuple(drape.certificate.reasons))
    if not drape.wearable:
        return give_up(advice, drape)
    strain = 100 * drape.certificate.strain_p99
    shown = f"tried on in {drape.garment.size}: stretched up to {strain:.0f} %, within the fabric's limit"
    return replace(advice, reasons=(*advice.reasons, shown))


def give_up(advice: Advice, drape: "Drape") -> Advice:
    """The advice after a size that cannot be worn. Stretched over the fabric's limit, it and all smaller ones are out;
    a drape that failed its certificate says nothing of the size but that it cannot be shown."""
    size = drape.garment.size
    if not drape.certificate.holds:
        unseen = f"{size} cannot be shown, because its drape failed: {'; '.join(drape.certificate.reasons)}"
        return replace(advice, reasons=(*advice.reasons, unseen))
    why = f"tried on in {size}: stretched over what the fabric bears"
    out = [score.size for score in advice.scores].index(size) + 1
    # Sizes that no drawn body asked for come back into play by as little as the draws can tell.
    left = np.array([0.0] * out + [score.probability + 1 / DRAWS for score in advice.scores[out:]])
    if not left.any():
        return replace(advice, reasons=(*advice.reasons, why), suits=False)
    left /= left.sum()
    scores = tuple(
        replace(score, probability=float(p), reason=score.reason if p else why)
        for score, p in zip(advice.scores, left, strict=True)
    )
    return replace(advice, scores=scores, best=scores[int(left.argmax())].size, reasons=(*advice.reasons, why))


def _advise(
    design: str, measurements: "Measurements", chart: str, fabric: str | None, seed: int, options: Options
) -> tuple[float, Advice]:
    table = find_chart(chart)
    sizes = tuple(table.sizes)
    made = sketched(Cut(design, table.middle, chart, dict(options)))
    judged = [region for region in regions(made.girths) if region.name in made.girths]
    weights = {region.name: WEIGHTS.get(design, {}).get(region.name, 0.5) for region in judged}
    cloth = find_fabric(fabric) if fabric else made.fabric
    random, numbers = np.random.default_rng(seed), measurements.numbers()
    likely = {r.name: body_girth(r, numbers, made) for r in judged}
    body = {r.name: likely[r.name] + measurements[r.girth].sd * random.standard_normal(DRAWS) for r in judged}
    costs, mean_costs, words = [], [], []
    for size in sizes:
        girths, meant_for = flat_girths(design, size, chart, options), size_measurements(size, chart)
        cost, mean_cost, said = np.zeros(DRAWS), 0.0, []
        for region in judged:
            meant = girths[region.name] - body_girth(region, meant_for, made)
            value = likely[region.name]
            least = least_worn(region, value, cloth, meant)
            weight = weights[region.name]
            cost += weight * _cost(girths[region.name] - body[region.name], meant, least)
            mean_cost += weight * float(_cost(np.array(girths[region.name] - value), meant, least))
            said.append(f"{region.name} {verdict(girths[region.name] - value, meant, least)}")
        costs.append(cost)
        mean_costs.append(mean_cost)
        words.append(", ".join(said))
    winners = np.argmin(np.stack(costs), axis=0)
    shares = np.bincount(winners, minlength=len(sizes)) / DRAWS
    best = int(np.argmax(shares))
    scores = tuple(SizeScore(s, float(p), w) for s, p, w in zip(sizes, shares, words, strict=True))
    girths, meant_for = flat_girths(design, sizes[best], chart, options), size_measurements(sizes[best], chart)
    at_the_end = best in (0, len(sizes) - 1)
    reasons, suits = _reasons(made, sizes[best], girths, meant_for, at_the_end, judged, weights, measurements, cloth)
    return mean_costs[best], Advice(design, chart, sizes[best], scores, reasons, suits)


def _cost(ease: np.ndarray, meant: float, least: float) -> np.ndarray:
    """Discomfort: quadratic away from the ease that was meant, steeper below it; one is a size step off."""
    off = (ease - meant) / 0.04
    short = np.maximum(least - ease, 0.0) / 0.012
    return off**2 * np.where(off < 0, 1.25, 1.0) + short**2


def _reasons(
    made: "Garment",
    size: str,
    girths: Mapping[str, float],
    meant_for: Mapping[str, float],
    at_the_end: bool,
    judged: list[Region],
    weights: dict[str, float],
    measurements: "Measurements",
    cloth: "Fabric",
) -> tuple[tuple[str, ...], bool]:
    reasons, suits = [], True
    for region in sorted(judged, key=lambda r: -weights[r.name]):
        body = measurements[region.girth]
        value, cut_for = (body_girth(region, each, made) for each in (measurements.numbers(), meant_for))
        ease, off = girths[region.name] - value, value - cut_for
        reasons.append(
            f"{region.name}: body {100 * value:.1f} ± {100 * body.sd:.1f} cm ({body.source}), garment "
            f"{100 * girths[region.name]:.1f} cm, ease {100 * ease:.1f} cm; {size} is cut for {100 * cut_for:.0f} cm"
        )
        if weights[region.name] >= 0.8:
            least = least_worn(region, value, cloth, girths[region.name] - cut_for)
            too_tight = ease < least - SPARE
            suits = suits and not too_tight and not (at_the_end and abs(off) > OUT_OF_RANGE)
    loosest = max(judged, key=lambda r: weights[r.name] * measurements[r.girth].sd)
    if measurements[loosest.girth].source != "tape":
        reasons.append(f"a tape round the {loosest.name} would make this surer")
    return tuple(reasons), suits


def _titled(item: "Measurement") -> str:
    return MEASURES[item.name].title.lower()


def _cm(length: float) -> str:
    return f"{100 * length:.1f}"


@lru_cache(maxsize=256)
def flat_girths(design: str, size: str, chart: str, options: Options = ()) -> dict[str, float]:
    """The garment's own girths [m] by region name, measured in the flat pattern."""
    return sketched(Cut(design, size, chart, dict(options))).girths
