"""How often what is suggested is taken up: an estimate with its interval, or that there is not enough to tell.

Kept are counts by article and by place in the list, of nobody. The rate of all is a binomial's, with the interval of
Jeffreys (Brown, Cai and DasGupta 2001); that of one article is drawn towards the rate of all by as much as articles are
seen to be alike (an empirical Bayes beta-binomial by moments), so that one lucky click makes no favourite. Places are
told apart, since what stands first is clicked more whatever it is.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assets.errors import InputRefused

ENOUGH = 50
"""Showings below which no rate is told."""
WIDEST = 0.5
"""An interval wider than this share of its middle, and than 2 points, is not told either."""
LEVEL = 0.9
_FEWEST_ARTICLES, _WEAK = 5, 30.0
_NARROW = 0.02
_MOST_PLACES = 20


@dataclass(frozen=True, slots=True)
class Count:
    """How often it was shown, and taken up."""

    shown: int = 0
    taken: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.taken <= self.shown:
            raise InputRefused(f"{self.taken} of {self.shown} cannot have been taken up")


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its interval of LEVEL; `enough`: whether there is enough to tell it; what it is of."""

    of: str
    count: Count
    share: float
    low: float
    high: float
    enough: bool

    @property
    def sentence(self) -> str:
        if not self.enough:
            return f"{self.of}: not enough data ({self.count.taken} of {self.count.shown} showings)"
        told = f"{100 * self.share:.1f} % ({100 * self.low:.1f} to {100 * self.high:.1f})"
        return f"{self.of}: {told} of {self.count.shown} showings are taken up"


def overall(articles: Mapping[str, Count]) -> Rate:
    """The rate of all suggestions."""
    shown, taken = (sum(getattr(one, name) for one in articles.values()) for name in ("shown", "taken"))
    return _rate("all suggestions", Count(shown, taken), 0.5, 0.5)


def by_article(articles: Mapping[str, Count]) -> tuple[Rate, ...]:
    """The rate of each article, drawn towards that of all, the best first."""
    first, second = _shared(articles)
    found = (_rate(name, count, first, second) for name, count in articles.items())
    return tuple(sorted(found, key=lambda one: (not one.enough, -one.share, one.of)))


def by_place(places: Sequence[Count]) -> tuple[Rate, ...]:
    """The rate of each place in the list, from the top."""
    return tuple(_rate(f"place {k + 1}", count, 0.5, 0.5) for k, count in enumerate(places[:_MOST_PLACES]))


def _shared(articles: Mapping[str, Count]) -> tuple[float, float]:
    """The beta law that the articles' rates seem to follow."""
    there = [one for one in articles.values() if one.shown]
    shown, taken = sum(one.shown for one in there), sum(one.taken for one in there)
    if not shown or len(there) < _FEWEST_ARTICLES:
        return 0.5, 0.5
    mean = (taken + 0.5) / (shown + 1.0)
    spread = sum(one.shown * (one.taken / one.shown - mean) ** 2 for one in there) / shown
    chance = mean * (1.0 - mean) * len(there) / shown
    between = max(spread - chance, 1e-9)
    weight = min(max(mean * (1.0 - mean) / between - 1.0, 1.0), 50.0 * _WEAK)
    return mean * weight, (1.0 - mean) * weight


def _rate(of: str, count: Count, first: float, second: float) -> Rate:
    from scipy.special import betaincinv

    a, b = first + count.taken, second + count.shown - count.taken
    low = 0.0 if not count.taken else float(betaincinv(a, b, 0.5 * (1.0 - LEVEL)))
    high = 1.0 if count.taken == count.shown else float(betaincinv(a, b, 0.5 * (1.0 + LEVEL)))
    share = a / (a + b)
    narrow = high - low <= max(2.0 * WIDEST * share, _NARROW)
    return Rate(of, count, share, low, high, count.shown >= ENOUGH and narrow and math.isfinite(share))
