"""Which of two ways of suggesting is better: visits fall to one or the other by chance, and it may be looked at daily.

A visit's arm follows from a salted hash of a word that names nobody, so that it stays the same while the visit lasts;
kept are arm and outcome, never the word. The first visit of one arm is paired with the first of the other, and so on.
Where the arms do equally well, whichever the rate and however it drifts, a pair that differs is a toss of a fair coin
(McNemar 1947). Its likelihood under a beta mixture of unfair coins, against the fair one, is a martingale that exceeds
1 / alpha with probability alpha at most, ever (Ville 1939; Robbins 1970): p-values and intervals hold at every look
(mixture SPRT and always-valid inference: Johari, Koomen, Pekelis and Walsh 2017), exactly, for few visits, too.
"""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, log_ndtr, ndtri

from assets.errors import InputRefused

_LOOKING = 1.7
"""How many more visits it takes at most to look whenever one likes than to look once."""
_EDGES = np.linspace(-6.0, 6.0, 2401)


@dataclass(frozen=True, slots=True)
class Plan:
    """A trial: what the two arms are called, and a salt that makes it another toss than any other trial's. `base`: the
    share of visits that end well now; `least`: the difference of shares that matters; `alpha`: how often no difference
    may be called one; `power`: how often `least` is to be found."""

    arms: tuple[str, str]
    salt: str
    base: float = 0.1
    least: float = 0.03
    alpha: float = 0.05
    power: float = 0.8

    def __post_init__(self) -> None:
        if len(self.arms) != 2 or len(set(self.arms)) != 2 or not all(self.arms):
            raise InputRefused(f"a trial compares two ways that differ, not {', '.join(self.arms) or 'none'}")
        if not 0.0 < self.base < 1.0 or not 0.0 < self.least < 1.0 - self.base:
            raise InputRefused("a trial's base and least difference are shares, and together below 1")
        if not (0.0 < self.alpha < 0.5 and 0.0 < self.power < 1.0) or not self.salt:
            raise InputRefused("a trial has an alpha below 0.5, a power between 0 and 1, and a salt")

    @property
    def once(self) -> int:
        """Visits that each arm would take, looked at once at the end (two proportions; Fleiss 1981)."""
        other = self.base + self.least
        middle = 0.5 * (self.base + other)
        sought = ndtri(1.0 - 0.5 * self.alpha) * math.sqrt(2.0 * middle * (1.0 - middle))
        sought += ndtri(self.power) * math.sqrt(self.base * (1.0 - self.base) + other * (1.0 - other))
        return math.ceil((sought / self.least) ** 2)

    @property
    def most(self) -> int:
        """Visits of each arm after which it stops: a difference of `least` would have shown by then."""
        return math.ceil(_LOOKING * self.once)

    @property
    def spread(self) -> float:
        """Of the mixture: a beta distribution's two parameters, as wide as the difference that matters."""
        other = self.base + self.least
        wins = other * (1.0 - self.base)
        off = wins / (wins + self.base * (1.0 - other)) - 0.5
        return max(0.125 / off**2 - 0.5, 0.5)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a trial says by now. Of each arm `visits` and how many ended well; `pairs` looked at, `differ` of them, and
    `ahead` of those for the second arm; the always-valid `p`; odds of the second arm against the first as an interval
    that holds at every look (level 1 - alpha); whether to `stop`; the better arm or ""; and all of it in words."""

    visits: tuple[int, int]
    well: tuple[int, int]
    pairs: int
    differ: int
    ahead: int
    p: float
    odds: tuple[float, float]
    stop: bool
    better: str
    words: tuple[str, ...]

    def plain(self) -> dict:
        """As JSON; an odds ratio without an end is None."""
        low, high = (round(odds, 4) if math.isfinite(odds) else None for odds in self.odds)
        return {
            "visits": list(self.visits), "well": list(self.well), "pairs": self.pairs, "differ": self.differ,
            "ahead": self.ahead, "p": round(self.p, 6), "odds": [low, high], "stop": self.stop, "better": self.better,
            "words": list(self.words),
        }  # fmt: skip


def arm_of(plan: Plan, visit: str) -> int:
    """0 or 1: the arm of a visit, by a word that stands for it."""
    return hashlib.sha256(f"{plan.salt}\0{visit}".encode()).digest()[0] & 1


def judged(plan: Plan, outcomes: Sequence[tuple[int, bool]]) -> Finding:
    """What the outcomes of visits, (arm, whether it ended well) in their order, say."""
    arms = tuple(np.array([well for arm, well in outcomes if arm == each], bool) for each in (0, 1))
    pairs = min(map(len, arms))
    first, second = arms[0][:pairs], arms[1][:pairs]
    differing = (second & ~first)[first != second]
    p, reached = _always_valid(differing, plan)
    visits, well = (len(arms[0]), len(arms[1])), (int(arms[0].sum()), int(arms[1].sum()))
    found, full = p <= plan.alpha, pairs >= plan.most
    better = ""
    if found:
        better = plan.arms[int(differing[:reached].mean() > 0.5)]
    odds = _interval(int(differing.sum()), len(differing), plan)
    words = _words(plan, visits, well, pairs, better, full)
    ahead = int(differing.sum())
    return Finding(visits, well, pairs, len(differing), ahead, p, odds, found or full, better, words)


def log_evidence(ahead: np.ndarray, differ: np.ndarray, spread: float) -> np.ndarray:
    """Log of the mixture's likelihood over the fair coin's after `differ` pairs of which `ahead` went one way."""
    return betaln(spread + ahead, spread + differ - ahead) - betaln(spread, spread) + differ * math.log(2.0)


def _always_valid(differing: np.ndarray, plan: Plan) -> tuple[float, int]:
    """The p-value that holds at every look, and after how many differing pairs the evidence was strongest."""
    if not len(differing):
        return 1.0, 0
    many = np.arange(1, len(differing) + 1)
    evidence = log_evidence(np.cumsum(differing), many, plan.spread)
    best = int(np.argmax(evidence))
    return min(1.0, math.exp(-max(float(evidence[best]), 0.0))), best + 1


def _interval(ahead: int, differ: int, plan: Plan) -> tuple[float, float]:
    """Odds that the mixture does not deny."""
    if not differ:
        return 0.0, math.inf
    mixture = betaln(plan.spread + ahead, plan.spread + differ - ahead) - betaln(plan.spread, plan.spread)
    share = ahead * -np.logaddexp(0.0, -_EDGES) + (differ - ahead) * -np.logaddexp(0.0, _EDGES)
    held = _EDGES[mixture - share < -math.log(plan.alpha)]
    low, high = float(held.min()), float(held.max())
    return (0.0 if low <= _EDGES[0] else math.exp(low)), (math.inf if high >= _EDGES[-1] else math.exp(high))


def _words(
    plan: Plan, visits: tuple[int, int], well: tuple[int, int], pairs: int, better: str, full: bool
) -> tuple[str, ...]:
    told = [
        f"{name}: {good} of {many} visits ended well{f' ({100 * good / many:.1f} %)' if many else ''}"
        for name, good, many in zip(plan.arms, well, visits, strict=True)
    ]
    difference = f"{100 * plan.least:g} points"
    if better:
        told.append(f"stop: {better} is better (wrong in {100 * plan.alpha:g} % at most, however often looked at)")
    elif full:
        told.append(f"stop: no difference is shown, and one of {difference} would most likely have been")
    else:
        left = plan.most - pairs
        told.append(f"go on: nothing is shown yet; at most {left:,} more visits of each decide on {difference}")
        if pairs < plan.once:
            told.append(f"too few visits: {pairs:,} of each, and {plan.once:,} would be needed even to look once")
    lopsided = abs(visits[0] - visits[1]) / math.sqrt(max(sum(visits), 1))
    if sum(visits) and 2.0 * math.exp(float(log_ndtr(-lopsided))) < 0.001:
        told.append("beware: the two arms got numbers of visits that chance hardly gives; some are not counted")
    return tuple(told)
