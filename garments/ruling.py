"""Where on the body the sizes beside the advised one were ruled out: by how much, and what a drape showed there.

What speaks against a size is a sum over regions (sizing.py), so a region that holds a good part of the sum is one that
ruled the size out. Our own rule, no data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from garments.fit import STEP

if TYPE_CHECKING:
    from garments.fit import Fit, RegionFit
    from garments.reasons import Share
    from garments.sizing import Advice, SizeScore

WIDE = 2 * STEP
"""So much looser than meant [m of girth] a drape is told to be too loose."""
PART = 0.25
"""Of what speaks against a size: a region with less did not rule it out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A size at a region. `ease` [m of girth], and how far it is `off` what is wanted there [m], below 0 where it is
    too tight; `strain`, and `pressure` [Pa] on the body, where the size was draped."""

    size: str
    ease: float
    off: float
    strain: float | None = None
    pressure: float | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A region, the tape line `measure` on the body where it is seen, what rules sizes out there, from small to large,
    and how the advised size is there."""

    region: str
    measure: str
    others: tuple[Verdict, ...]
    best: Verdict


@dataclass(frozen=True, slots=True)
class GivesWay:
    """A region at which the advised size sits looser than meant, by `off` [m of girth], for the sake of another one:
    `tight`, where the next `smaller` size is too tight; both "" where nothing binds it."""

    size: str
    region: str
    off: float
    smaller: str = ""
    tight: str = ""

    @property
    def words(self) -> str:
        """As a shop assistant says it."""
        said = f"it sits {100 * self.off:.1f} cm looser than meant at the {self.region}"
        return f"{said}, for {self.smaller} is too tight at the {self.tight}" if self.smaller else said


def gives_way(advice: "Advice") -> GivesWay | None:
    """Where the advised size sits far looser than meant, at most so; None where it does nowhere."""
    sizes = [score.size for score in advice.scores]
    at = sizes.index(advice.best)
    loosest = max(_seats(advice.scores[at]), key=_off, default=None)
    if loosest is None or _off(loosest) <= WIDE:
        return None
    off, smaller = _off(loosest), advice.scores[at - 1] if at else None
    tightest = min(_seats(smaller), key=_off, default=None) if smaller is not None else None
    if smaller is None or tightest is None or _off(tightest) > -0.5 * STEP:
        return GivesWay(advice.best, loosest.name, off)
    return GivesWay(advice.best, loosest.name, off, smaller.size, tightest.name)


def _seats(score: "SizeScore") -> "list[Share]":
    """What is told of a size at regions of the body."""
    return [share for share in score.shares if share.measure]


def _off(share: "Share") -> float:
    return share.ease - share.wanted


def ruled_out(advice: "Advice", fits: "Mapping[str, Fit] | None" = None) -> tuple[Place, ...]:
    """The regions that ruled out the next smaller and the next larger size, in the order of the advice; `fits` of the
    sizes that were draped."""
    sizes = [score.size for score in advice.scores]
    at, fits = sizes.index(advice.best), fits or {}
    best = advice.scores[at]
    beside = (*advice.scores[max(at - 1, 0) : at], *advice.scores[at + 1 : at + 2])
    found = []
    for share in best.shares:
        others = tuple(_verdict(score, share.name, fits) for score in beside if _part(score, share.name) >= PART)
        if share.measure and others:
            found.append(Place(share.name, share.measure, others, _verdict(best, share.name, fits)))
    return tuple(found)


def _part(score: "SizeScore", name: str) -> float:
    """Which part of what speaks against a size a region is."""
    total = sum(share.amount for share in score.shares if share.amount > 0.0)
    return _share(score, name).amount / total if total > 0.0 else 0.0


def _share(score: "SizeScore", name: str) -> "Share":
    return next(share for share in score.shares if share.name == name)


def _verdict(score: "SizeScore", name: str, fits: "Mapping[str, Fit]") -> Verdict:
    share, draped = _share(score, name), _draped(fits.get(score.size), name)
    told = (draped.strain, draped.pressure) if draped is not None else (None, None)
    return Verdict(score.size, share.ease, share.ease - share.wanted, *told)


def _draped(fit: "Fit | None", name: str) -> "RegionFit | None":
    return next((region for region in fit.regions if region.name == name), None) if fit is not None else None
