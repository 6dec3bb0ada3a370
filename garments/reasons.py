"""Why a size, in numbers and words: what speaks against each, what the best one's reasons are, and what would make it
surer. Costs are sums over regions, so the share of each reason is exact."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from body.measurements import MEASURES
from garments.comfort import BEYOND, DECIDES, Sizes, costs
from garments.fit import least_worn, verdict
from garments.history.feedback import Effect

if TYPE_CHECKING:
    from body.measurements import Measurement, Measurements
    from garments.fabric import Fabric
    from garments.sizing import SizeScore

FEWER = 1000  # of the draws tell what is expected at each region
SPARE = 0.01  # a seam lets out this much [m]; what is tighter than that in every size suits nobody
OUT_OF_RANGE = 0.08  # the largest and smallest size suit bodies up to this much [m] off theirs
LIKED, RUNS, OWN = "the fit that is liked", "how the style runs", "what this customer kept before"
_BINS, _WORTH = 10, 0.03
_FELT = 0.005  # less [m of girth] nobody feels


@dataclass(frozen=True, slots=True)
class Share:
    """One reason, and how much it speaks against a size; 1 is half a letter size off at a region that decides. All of a
    size sum to `SizeScore.against`. `measure`: the tape line on the body where it is seen, "" for what is on none;
    `ease` [m] there, `wanted` [m]."""

    name: str
    amount: float
    measure: str = ""
    ease: float = 0.0
    wanted: float = 0.0


def against(
    sizes: Sizes, bodies: np.ndarray, likely: np.ndarray, cloth: "Fabric", liked: tuple[float, Effect, Effect, float],
    chance: np.ndarray, best: int,
) -> list[tuple[Share, ...]]:  # fmt: skip
    """For each size the reasons for which it is expected to cost more than the best one: regions as meant, then what
    changes with the preference, with what was learned of the style, and of the customer, in that order."""
    preference, taste, style, _ = liked
    bodies, noise, made = bodies[:FEWER], (chance[0] + chance[1])[:FEWER], chance[2, :FEWER]

    def expected(likes: float, runs: float) -> np.ndarray:
        found = costs(sizes, bodies, likely, cloth, likes + noise, runs + made).mean(axis=2)[:, sizes.real]
        return found - found[:, [best]]

    plain = expected(0.0, 0.0)
    steps, before, likes, runs = [], plain.sum(axis=0), 0.0, 0.0
    for name, more, larger in ((LIKED, preference, 0.0), (RUNS, 0.0, style.mean), (OWN, taste.mean, 0.0)):
        if more or larger:
            likes, runs = likes + more, runs + larger
            after = expected(likes, runs).sum(axis=0)
            steps.append((name, after - before))
            before = after
    rows = np.arange(len(sizes.girths))[sizes.real]
    return [
        tuple(
            Share(
                region.name, float(plain[r, k]), region.girth, float(sizes.girths[row, r] - likely[r]),
                float(sizes.girths[row, r] - sizes.cut_for[row, r]),
            )
            for r, region in enumerate(sizes.judged)
        )
        + tuple(Share(name, float(change[k])) for name, change in steps)
        for k, row in enumerate(rows)
    ]  # fmt: skip


def by_region(sizes: Sizes, size: int, likely: np.ndarray, cloth: "Fabric") -> str:
    """What each region says of a size, in words."""
    row, said = BEYOND + size, []
    for k, region in enumerate(sizes.judged):
        meant = float(sizes.girths[row, k] - sizes.cut_for[row, k])
        least = least_worn(region, float(likely[k]), cloth, meant)
        said.append(f"{region.name} {verdict(float(sizes.girths[row, k] - likely[k]), meant, least)}")
    return "; ".join(said)


def reasons_against(scores: "Sequence[SizeScore]", best: int) -> list[str]:
    """Why not the sizes next to the best one: the reason that speaks most against each, with its share."""
    said = []
    for k in (best - 1, best + 1):
        if not 0 <= k < len(scores) or scores[k].against <= 0.0 or not scores[k].shares:
            continue
        most = max(scores[k].shares, key=lambda share: share.amount)
        share = f"{100 * most.amount / sum(s.amount for s in scores[k].shares if s.amount > 0.0):.0f} %"
        where, off = most.name, most.ease - most.wanted
        if most.measure and abs(off) >= _FELT:
            where = f"{most.name}, {_cm(abs(off))} cm {'more' if off > 0 else 'less'} ease than meant"
        said.append(f"not {scores[k].size}: {where} ({share} of what speaks against it)")
    return said


def reasons_for(
    sizes: Sizes, best: int, likely: np.ndarray, cloth: "Fabric", measurements: "Measurements"
) -> tuple[list[str], bool]:
    """The reasons for the best size, weightiest first, and whether it suits."""
    reasons, suits, size, row = [], True, sizes.names[best], BEYOND + best
    at_the_end = best in (0, len(sizes.names) - 1)
    for k in np.argsort(-sizes.weights, kind="stable"):
        region, body = sizes.judged[k], measurements[sizes.judged[k].girth]
        value, cut_for, own = float(likely[k]), float(sizes.cut_for[row, k]), float(sizes.girths[row, k])
        reasons.append(
            f"{region.name}: body {_cm(value)} ± {_cm(body.sd)} cm ({body.source}), garment {_cm(own)} cm, ease "
            f"{_cm(own - value)} cm; {size} is cut for {100 * cut_for:.0f} cm"
        )
        if sizes.weights[k] >= DECIDES:
            too_tight = own - value < least_worn(region, value, cloth, own - cut_for) - SPARE
            suits = suits and not too_tight and not (at_the_end and abs(value - cut_for) > OUT_OF_RANGE)
    return reasons, suits


def lacking(
    sizes: Sizes, bodies: np.ndarray, winners: np.ndarray, shares: np.ndarray, measurements: "Measurements",
    style: Effect, taste: Effect, untold: bool,
) -> list[str]:  # fmt: skip
    """What is not known, and what the tape that would tell most is expected to bring."""
    lacks, gains = [], {}
    for k, region in enumerate(sizes.judged):
        if measurements[region.girth].source != "tape" and len(shares) > 1:
            bins = np.argsort(np.argsort(bodies[:, k])) * _BINS // len(bodies)
            table = np.zeros((_BINS, len(shares)))
            np.add.at(table, (bins, winners), 1.0 / len(bodies))
            gains[region.name] = float(table.max(axis=1).sum()) - float(shares.max())
    if gains and max(gains.values()) > _WORTH:
        name = max(gains, key=lambda one: gains[one])
        after = 100 * (shares.max() + gains[name])
        lacks.append(f"a tape round the {name} would make it about {after:.0f} % sure, from {100 * shares.max():.0f} %")
    if untold:
        lacks.append("nobody said whether it is liked close or loose: most like it regular")
    if not style.count:
        lacks.append("nobody has told yet how this style fitted: its pattern is believed")
    if not taste.count:
        lacks.append("nothing is known of what this customer kept before")
    return lacks


def drafted_to(taken: "Sequence[Measurement]") -> list[str]:
    """Which measures a garment is drafted to, the least sure first, and how sure they are."""
    said = [f"drafted to {_titled(item)}: {_cm(item.value)} ± {_cm(item.sd)} cm ({item.source})" for item in taken]
    if taken[0].source != "tape":
        said.append(f"a tape of the {_titled(taken[0])} would make this surer")
    return said


def _titled(item: "Measurement") -> str:
    return MEASURES[item.name].title.lower()


def _cm(length: float) -> str:
    return f"{100 * length:.1f}"
