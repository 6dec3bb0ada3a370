"""Where on the body the sizes beside the advised one were ruled out: by how much, and what a drape showed there.

What speaks against a size is a sum over regions (sizing.py), so a region that holds a good part of the sum is one that
ruled the size out. Our own rule, no data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from garments.fit import Fit, RegionFit
    from garments.reasons import Share
    from garments.sizing import Advice, SizeScore

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
