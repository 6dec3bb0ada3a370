"""Which size, how sure, and why.

Each size's pattern is measured and compared with the body (comfort.py). The body's measures are known with a doubt
only, and so are what a person likes and how a style runs (feedback.py): all are drawn (Monte Carlo, seeded), each draw
is given its best size, and a size's probability is the share of draws that it suits best. Whether a size is too small,
fits or is too large is counted in the same draws; reasons.py says why. Sizes and bands: EN 13402-3 (see grading.py);
least ease as in fit.py. A drape that failed its certificate, or one stretched over the fabric's limit, takes the size
out of the advice.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from assets.errors import UsageError
from garments.comfort import Sizes, costs, drawn, likely_girths, sizes_of, wanted
from garments.designs import design as find_design
from garments.designs import title_of
from garments.fabric import fabric as find_fabric
from garments.garment import LENGTHS, MADE_TO_MEASURE
from garments.grading import charts_for
from garments.history.feedback import DAY_ONE, FITTING, PREFERENCES, SHARES, Effect, Learned
from garments.imported.readymade import ONE_SIZE
from garments.reasons import Share, against, by_region, drafted_to, lacking, reasons_against, reasons_for
from garments.ruling import gives_way

if TYPE_CHECKING:
    from body.measurements import Measurements
    from garments.drape import Drape
    from garments.fit import Fit

DRAWS = 4000
NEARLY = 0.75  # of two sizes so nearly alike in their chances the one that suits is advised
MINDS = 0.25
"""How differently people mind the regions: the spread of the logarithm of a region's weight (house assumption)."""
_RIVAL = 0.3


@dataclass(frozen=True, slots=True)
class SizeScore:
    """A size, the probability that it is the right one, and what speaks for or against it.

    `small`, `fits`, `large`: probabilities of how it would be found. `against`: expected cost above the best size's,
    which `shares` explain. `off` ± `off_sd` [m of girth]: how much larger it is expected to be than wanted, before
    anything learned; what a feedback table keeps."""

    size: str
    probability: float
    reason: str
    small: float = 0.0
    fits: float = 1.0
    large: float = 0.0
    against: float = 0.0
    shares: tuple[Share, ...] = ()
    off: float = 0.0
    off_sd: float = 0.0

    def plain(self) -> dict:
        """As JSON."""
        return {
            "size": self.size,
            "probability": round(self.probability, 3),
            "reason": self.reason,
            "too_small": round(self.small, 3),
            "fits": round(self.fits, 3),
            "too_large": round(self.large, 3),
            "against": round(self.against, 3),
            "shares": [{"reason": s.name, "amount": round(s.amount, 4), "measure": s.measure} for s in self.shares],
        }


@dataclass(frozen=True, slots=True)
class Between:
    """Two sizes that are nearly as good. `rules_out`: why the other than the advised one is not advised though it is as
    likely: it may be too "tight", or too "loose"; "" where it is a matter of taste."""

    small: str
    large: str
    rules_out: str = ""

    @property
    def words(self) -> str:
        """As a shop assistant says it."""
        said = {
            "": f"{self.small} sits closer, {self.large} looser",
            "tight": f"{self.small} may be too tight",
            "loose": f"{self.large} may be too loose",
        }
        return f"between {self.small} and {self.large}; {said[self.rules_out]}"


@dataclass(frozen=True, slots=True)
class Advice:
    """Sizes from small to large with their probabilities; the best; the reasons. `chart`: the size chart's name.
    `lacks`: what would make it surer."""

    design: str
    chart: str
    best: str
    scores: tuple[SizeScore, ...]
    reasons: tuple[str, ...]
    suits: bool
    trusted: bool = True
    lacks: tuple[str, ...] = ()

    @property
    def confidence(self) -> float:
        """Probability of the best size."""
        return self.score(self.best).probability

    @property
    def second(self) -> str | None:
        """The second choice; None where there is no other size, or none that could be right."""
        others = [score for score in self.scores if score.size != self.best and score.probability > 0.0]
        return max(others, key=lambda score: score.probability).size if others else None

    @property
    def between(self) -> "Between | None":
        """The two sizes that it lies between; None where one is clearly the best, or none suits."""
        rival = self.second
        if not self.suits or rival is None or self.score(rival).probability <= _RIVAL:
            return None
        sizes = [score.size for score in self.scores]
        small, large = sorted((self.best, rival), key=sizes.index)
        doubtful = self.score(rival).probability > self.confidence
        return Between(small, large, "" if not doubtful else "loose" if rival == large else "tight")

    @property
    def sentence(self) -> str:
        """The advice in one sentence."""
        title = title_of(self.design)
        if not self.trusted:
            return f"{title}: no advice, because the drape is not to be trusted"
        if self.best == MADE_TO_MEASURE:
            return f"{title}: made to measure" + ("" if self.suits else ", and yet too tight for this body")
        if len(self.scores) == 1:
            return f"{title}: {self.best}, {'see how it fits' if self.suits else 'too tight for this body'}"
        if not self.suits:
            return f"{title}: no size suits, {self.best} comes closest; have it made to measure"
        between = f", {self.between.words}" if self.between else ""
        looser = f"; {yields.words}" if (yields := gives_way(self)) else ""
        return f"{title}: size {self.best}, {100 * self.confidence:.0f} % sure{between}{looser}"

    def score(self, size: str) -> SizeScore:
        """What is said of one of its sizes."""
        return next(score for score in self.scores if score.size == size)

    def next_after(self, size: str) -> str:
        """The next larger size, or the same where there is none."""
        sizes = [score.size for score in self.scores]
        return sizes[min(sizes.index(size) + 1, len(sizes) - 1)]

    def plain(self) -> dict:
        """As JSON."""
        return {
            "best": self.best,
            "second": self.second,
            "chart": self.chart,
            "confidence": round(self.confidence, 3),
            "suits": self.suits,
            "sentence": self.sentence,
            "reasons": list(self.reasons),
            "lacks": list(self.lacks),
            "scores": [score.plain() for score in self.scores],
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
    preference: str | None = None,
    learned: Learned = DAY_ONE,
    style: str | None = None,
    customer: str | None = None,
) -> Advice:
    """The size of a design for a body; `sex` 0 female .. 1 male picks the chart, None the one that fits better. `chart`
    as garments.grading.charts_for takes it. `preference`: one of PREFERENCES, None where nobody said. `learned`: what a
    feedback table tells, of the `style` (the design) and the `customer`. Raises ToileError for unknown names and
    options out of range."""
    if preference is not None and preference not in PREFERENCES:
        raise UsageError(f"there is no fit {preference!r}: it is {', '.join(PREFERENCES)}")
    cut = tuple(sorted((options or {}).items()))
    taste = learned.customer(customer, preference is not None)
    liked = PREFERENCES[preference or "regular"], taste, learned.style(style or design), learned.day_sd
    told = [
        _advise(sizes_of(design, name, cut), design, name, measurements, sex, fabric, seed, liked, preference is None)
        for name in charts_for(chart, sex)
    ]
    return min(told, key=lambda pair: pair[0])[1]


def made_to_measure(design: str, measurements: "Measurements", sex: float | None) -> Advice:
    """What is said of a garment that is drafted for this body: which measures it takes, and how sure they are."""
    drawn = find_design(design).draft(measurements.numbers(), {})
    taken = sorted((measurements[name] for name in drawn.measurements), key=lambda item: -item.sd / item.value)
    score = SizeScore(MADE_TO_MEASURE, 1.0, "drafted for this body")
    return Advice(design, charts_for(None, sex)[0], MADE_TO_MEASURE, (score,), tuple(drafted_to(taken)), True)


def one_size(name: str, sex: float | None) -> Advice:
    """What can be said of a garment that came as a mesh: there is no other size of it to choose."""
    chart = "male" if sex is not None and sex > 0.5 else "female"
    why = "it came as a mesh, which has one size"
    return Advice(name, chart, ONE_SIZE, (SizeScore(ONE_SIZE, 1.0, why),), (why,), True)


def confirm(advice: Advice, drape: "Drape", fitted: "Fit | None" = None) -> Advice:
    """The advice after the garment was tried on: what the drape showed binds it, and is told by region where its fit is
    given."""
    if not drape.certificate.holds:
        return replace(advice, trusted=False, reasons=tuple(drape.certificate.reasons))
    worn = drape.garment.size
    felt = tuple(
        f"{worn} at the {region.name}: {100 * region.strain:.1f} % strain, {region.pressure / 1000:.2f} kPa"
        for region in (fitted.regions if fitted else ())
        if region.pressure > 0.0
    )
    felt += tuple(
        f"{worn}: {region.name} {region.verdict}"
        for region in (fitted.regions if fitted else ())
        if region.name in LENGTHS and not region.fits
    )
    if not drape.wearable:
        told = give_up(advice, drape)
        return replace(told, reasons=(*told.reasons, *felt))
    strain = 100 * drape.certificate.strain_p99
    shown = f"tried on in {drape.garment.size}: stretched up to {strain:.0f} %, within the fabric's limit"
    return replace(advice, reasons=(*advice.reasons, shown, *felt))


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
        replace(score, probability=float(p))
        if p
        else replace(score, probability=0.0, reason=why, small=1.0, fits=0.0, large=0.0)
        for score, p in zip(advice.scores, left, strict=True)
    )
    return replace(advice, scores=scores, best=scores[int(left.argmax())].size, reasons=(*advice.reasons, why))


def _advise(
    sizes: Sizes,
    design: str,
    chart: str,
    measurements: "Measurements",
    sex: float | None,
    fabric: str | None,
    seed: int,
    liked: tuple[float, Effect, Effect, float],
    untold: bool,
) -> tuple[float, Advice]:
    """How far even the best size is off, and the advice."""
    if not sizes.judged:
        return 0.0, _any_size(sizes, design, chart)
    preference, taste, style, _ = liked
    random = np.random.default_rng(seed)
    cloth = find_fabric(fabric) if fabric else sizes.made.fabric
    likely = likely_girths(sizes, measurements)
    told = likely, cloth, measurements
    bodies = drawn(sizes, measurements, sex, random, DRAWS)
    middle = wanted(sizes, bodies, likely, cloth, preference)
    chance = _chance(random, liked, float(middle.var()), untold)
    tastes = preference + taste.mean + chance[0] + chance[1]
    runs = style.mean + chance[2]
    minds = np.exp(MINDS * random.standard_normal((len(sizes.judged), DRAWS)) - 0.5 * MINDS**2)
    minded = replace(sizes, weights=sizes.weights[:, None] * minds)
    total = costs(minded, bodies, likely, cloth, tastes, runs).sum(axis=0)
    winners = np.argmin(total[sizes.real], axis=0)
    shares = np.bincount(winners, minlength=len(sizes.names)) / DRAWS
    ranked = np.argsort(-shares, kind="stable")[:2]
    suited = [k for k in ranked if shares[k] >= NEARLY * shares.max() and reasons_for(sizes, k, *told)[1]]
    best = int((suited or ranked)[0])
    felt = sizes.places[sizes.real, None] - wanted(minded, bodies, likely, cloth, tastes, runs)
    off = sizes.places[sizes.real, None] - middle
    costly = against(sizes, bodies, likely, cloth, liked, chance, best)
    scores = tuple(
        SizeScore(
            size, float(shares[k]), by_region(sizes, k, likely, cloth), float((felt[k] < -FITTING).mean()),
            float((abs(felt[k]) <= FITTING).mean()), float((felt[k] > FITTING).mean()),
            float(sum(share.amount for share in costly[k])), costly[k], float(off[k].mean()), float(off[k].std()),
        )
        for k, size in enumerate(sizes.names)
    )  # fmt: skip
    reasons, suits = reasons_for(sizes, best, *told)
    reasons += reasons_against(scores, best)
    lacks = lacking(sizes, bodies, winners, shares, measurements, style, taste, untold)
    advice = Advice(design, chart, sizes.names[best], scores, tuple(reasons), suits, lacks=tuple(lacks))
    least = costs(sizes, likely[None], likely, cloth, preference).sum(axis=0)[sizes.real]
    return float(least[best, 0]), advice


def _chance(
    random: np.random.Generator, liked: tuple[float, Effect, Effect, float], bodies: float, untold: bool
) -> np.ndarray:
    """How far [m] her taste, her day and the style's run lie from what is thought of them, drawn, [3, DRAWS]; `bodies`:
    the variance [m2] of what suits the bodies that were drawn."""
    _, taste, style, day = liked
    # What a known customer told is of taste, an untold preference and the body, whose doubt is drawn already.
    own = math.sqrt(max(taste.sd**2 - bodies, 0.0)) if taste.count else taste.sd
    chance = random.standard_normal((3, DRAWS)) * np.array([[own], [day], [style.sd]])
    if untold and not taste.count:
        chance[0] += random.choice([PREFERENCES[name] for name in SHARES], DRAWS, p=list(SHARES.values()))
    return chance


def _any_size(sizes: Sizes, design: str, chart: str) -> Advice:
    """Of a garment of which no girth lies round the body."""
    why = "nothing of it lies round the body: no size is too small or too large"
    scores = tuple(SizeScore(size, 1.0 / len(sizes.names), why) for size in sizes.names)
    return Advice(design, chart, sizes.made.size, scores, (why,), True)
