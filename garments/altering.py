"""What to change in the cut so that a garment fits: options of the design, found by drafting, proved by a drape.

Each region that does not fit says between which lengths its flat measure should lie; so does cloth that is stretched
over its fabric's limit. CMA-ES (Hansen and Ostermeier 2001; the package `cma`, BSD) searches the options for the least
change that brings all measures there, drafting some hundred times; the cut is then draped, and what the drape tells is
asked for in turn. The ease that the garment is meant to have stays what its designer chose.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from assets.errors import InputRefused, ToileError
from assets.progress import Progress, part, silent
from garments.designs import design as find_design
from garments.drape import Drape, drape
from garments.fit import STEP, Fit, fit, least_worn, slid
from garments.garment import LENGTHS, LINES, Cut, Garment, sewn, sketched
from garments.imported.readymade import ReadyMade
from garments.taping import regions

if TYPE_CHECKING:
    from body.measurements import Measurements
    from garments.pattern import EdgeRef, Pattern

ROUNDS = 4
DRAFTS = 500
MARGIN = 0.003
"""Beyond what just fits [m]."""
_SPREAD = 0.1
_MOVED = 0.001
_MISSED, _MOVES, _OPTION = 100.0, 0.05, 2.0
"""What a centimetre outside its goal, squared, a centimetre of any change, squared, and a whole range cost."""
_ROUND = 0.001
_NEAR = 0.01
_PEAK = 1.4
"""How much more than the mean a girth must grow to ease the most stretched place."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Between which lengths [m] a flat measure of the garment, now `here`, lies where it fits."""

    name: str
    here: float
    least: float
    most: float

    def missed(self, length: float) -> float:
        """How far outside it lies [m]."""
        return max(self.least - length, length - self.most, 0.0)


@dataclass(frozen=True, slots=True)
class Change:
    """What is done to the pattern: a measure changes by so much [m], at the edges of these seams: name, how many edges,
    how much in all [m]."""

    name: str
    length: float
    seams: tuple[tuple[str, int, float], ...]


@dataclass(frozen=True, slots=True)
class Altered:
    """An option of the design, before and after; `whole` [m] is what its number is a share of, or 1."""

    option: str
    before: float
    after: float
    unit: str
    whole: float
    help: str


@dataclass(frozen=True, slots=True, eq=False)
class Alteration:
    """What to add to a garment's options, all drapes with it, and how it fitted and would fit."""

    number: int
    alterations: Mapping[str, float]
    changes: tuple[Change, ...]
    options: tuple[Altered, ...]
    before: Fit
    after: Fit
    drapes: tuple[Drape, ...]

    @property
    def cures(self) -> bool:
        """Whether everything fits with it."""
        return self.drapes[self.number].wearable and all(region.fits for region in self.after.regions)


def alter(
    drapes: tuple[Drape, ...], number: int, measurements: "Measurements", progress: Progress = silent,
    *, edge: float | None = None,
) -> Alteration:  # fmt: skip
    """What to change in the garment of this number, draped in meshes of this `edge` [m]; None: of that of the drapes,
    which are coarser than was asked where one of them is far too small. Raises InputRefused where nothing
    needs to change, where nothing that can be changed helps, and for a garment that came as a mesh."""
    first = drapes[number]
    before = fit(first, measurements)
    _alterable(first, before)
    title = find_design(first.garment.design).TITLE
    worn, judged, best = drapes, before, None
    for count in range(ROUNDS):
        told = part(progress, count / ROUNDS, (count + 1) / ROUNDS)
        told(0.0, "drafting changes")
        goals = _goals(worn[number], judged, measurements)
        made = worn[number].garment
        found = _searched(made.cut, goals, partial(told, 0.0, "drafting changes"))
        if found == made.cut.alterations:
            break
        cut = replace(made.cut, alterations=found)
        altered = replace(sewn(cut, made.fabric.written, made.colour, made.colourway), held=made.held)
        garments = tuple(altered if k == number else each.garment for k, each in enumerate(drapes))
        # What slid down would be caught below where it belongs: it is put on anew.
        start = () if slid(worn[number], measurements) else worn
        worn = drape(garments, first.body, edge=edge or first.edge, start=start, progress=part(told, 0.2, 1.0))
        judged = fit(worn[number], measurements)
        off = _off(worn[number], judged, measurements)
        if best is None or off < best[0]:
            best = off, worn, judged
        if off == 0.0:
            break
    if best is None or best[0] >= _off(first, before, measurements):
        raise InputRefused(f"no option of the {title} makes it fit better: try another size or another fabric")
    _, worn, after = best
    cut = worn[number].garment.cut
    return Alteration(
        number, cut.alterations,
        changes(first.garment.pattern, worn[number].garment.pattern)  # type: ignore[arg-type]
        + _longer(first.garment, worn[number].garment),
        _options(first.garment.cut, cut), before, after, worn,
    )  # fmt: skip


def changes(before: "Pattern", after: "Pattern") -> tuple[Change, ...]:
    """Where the measures of two drafts of a design differ, and at which seams."""
    found = []
    for name, line in LINES.items():
        if line not in before.lines or line not in after.lines:
            continue
        length = after.girth(line) - before.girth(line)
        if abs(length) >= _ROUND:
            found.append(Change(name, length, _shared(before, after, line)))
    return tuple(found)


def _longer(before: Garment, after: Garment) -> tuple[Change, ...]:
    """By how much legs and sleeves differ in length, which no seam shares."""
    longer = {name: after.lengths[name] - length for name, length in before.lengths.items() if name in LENGTHS}
    return tuple(Change(name, length, ()) for name, length in longer.items() if abs(length) >= _ROUND)


def _alterable(draped: Drape, judged: Fit) -> None:
    made = draped.garment
    if isinstance(made.pattern, ReadyMade):
        raise InputRefused(f"{made.name} came as a mesh: only what Toile drafted can be changed")
    if not draped.certificate.holds:
        raise InputRefused(f"the drape of the {made.name} is not to be trusted: drape it again, or in another size")
    if draped.wearable and all(region.fits for region in judged.regions):
        raise InputRefused(f"the {made.name} fits: nothing needs to change")


def _goals(draped: Drape, judged: Fit, measurements: "Measurements") -> list[Goal]:
    """What each measure should be, told from how the garment fits now."""
    lengths, limit = draped.garment.lengths, draped.certificate.limit
    known = {region.name: region for region in regions(draped.garment.girths)}
    tightest = max(judged.regions, key=lambda region: region.strain, default=None)
    found = []
    for region in judged.regions:
        if region.name not in lengths:
            continue
        here, off = lengths[region.name], region.ease - region.meant
        if region.name in LENGTHS:
            room = LENGTHS[region.name][1]
            room *= 1.0 if abs(off) <= room else 0.5
            found.append(Goal(region.name, here, here - off - room, here - off + room))
            continue
        needs = least_worn(known[region.name], region.body, draped.garment.fabric, region.meant)
        low, high = needs - region.ease, 2.0 * STEP - off
        low, high = low + MARGIN * (low > 0.0), high - MARGIN * (high < 0.0)
        stretched = draped.certificate.strain_p99 if region is tightest else region.strain
        if draped.certificate.over_limit and stretched > limit:
            low = max(low, _PEAK * (stretched - limit) * region.garment + MARGIN)
        if region.name == "waist" and slid(draped, measurements):
            high = min(high, low + 2.0 * MARGIN)
        found.append(Goal(region.name, here, here + low, here + max(high, low)))
    return found


def _off(draped: Drape, judged: Fit, measurements: "Measurements") -> float:
    """How far from fitting a drape is [m]; infinite where it is not to be trusted."""
    if not draped.certificate.holds:
        return float("inf")
    wrong = [goal.missed(goal.here) for goal in _goals(draped, judged, measurements)]
    return sum(wrong) if any(not region.fits for region in judged.regions) or not draped.wearable else 0.0


def _searched(cut: Cut, goals: list[Goal], tick: Callable[[], None]) -> dict[str, float]:
    """The alterations, in all, that bring each measure to its goal with the least change."""
    search = _Search(cut, goals)
    best = search.sparse(search.run(tick))
    return {name: value for name, value in zip(search.names, best, strict=True) if value != 0.0}


class _Search:
    """The options that change measures, but not how high the garment is worn, and what alterations of them cost."""

    def __init__(self, cut: Cut, goals: list[Goal]) -> None:
        self.cut, self.goals = cut, goals
        offered = find_design(cut.design).OPTIONS
        plain = {name: cut.options.get(name, option.default) for name, option in offered.items()}
        span = {name: option.high - option.low for name, option in offered.items()}
        here = sketched(replace(cut, alterations={}))
        self.names: list[str] = []
        for name, option in offered.items():
            up = plain[name] + 0.1 * span[name] <= option.high
            tried = self._sketch({name: (0.1 if up else -0.1) * span[name]})
            if tried is not None and tried.drop == here.drop and _differ(tried.lengths, here.lengths):
                self.names.append(name)
        self.span = np.array([span[name] for name in self.names])
        self.low = np.array([offered[name].low - plain[name] for name in self.names])
        self.high = np.array([offered[name].high - plain[name] for name in self.names])
        self.now = np.array([cut.alterations.get(name, 0.0) for name in self.names])

    def run(self, tick: Callable[[], None]) -> np.ndarray:
        """Alterations [names] by CMA-ES, in each option's own unit."""
        import cma

        if not self.names:
            return self.now
        # One dimension is none to CMA-ES: a second that does nothing stands beside it.
        idle = np.zeros(1) if len(self.names) == 1 else np.zeros(0)
        low, high = (np.concatenate([ends / self.span, at + idle]) for ends, at in ((self.low, -1.0), (self.high, 1.0)))
        start = np.clip(np.concatenate([self.now / self.span, idle]), low, high)
        told = {"bounds": [low, high], "seed": 1, "verbose": -9, "maxfevals": DRAFTS, "tolfun": 1e-3}
        search = cma.CMAEvolutionStrategy(start, _SPREAD, told)
        while not search.stop():
            tried = search.ask()
            tick()
            search.tell(tried, [self.cost(np.asarray(x)[: len(self.names)] * self.span) for x in tried])
        return np.asarray(search.result.xbest)[: len(self.names)] * self.span

    def cost(self, alterations: np.ndarray) -> float:
        tried = self._sketch(dict(zip(self.names, alterations, strict=True)))
        if tried is None:
            return float("inf")
        lengths = tried.lengths
        missed = sum(goal.missed(lengths.get(goal.name, goal.here)) ** 2 for goal in self.goals)
        moved = sum((lengths.get(goal.name, goal.here) - goal.here) ** 2 for goal in self.goals)
        return float(1e4 * (_MISSED * missed + _MOVES * moved) + _OPTION * (np.abs(alterations) / self.span).sum())

    def sparse(self, alterations: np.ndarray) -> np.ndarray:
        """The same, rounded, without those that the goals can do without."""
        best = np.clip(np.round(alterations / _ROUND) * _ROUND, self.low, self.high)
        for k in np.argsort(np.abs(best / self.span)):
            fewer = best.copy()
            fewer[k] = 0.0
            if self.cost(fewer) <= self.cost(best) + _OPTION:
                best = fewer
        return best

    def _sketch(self, alterations: Mapping[str, float]) -> Garment | None:
        """A draft; None where there is none."""
        try:
            return sketched(replace(self.cut, alterations=alterations))
        except ToileError:
            return None


def _differ(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    return any(abs(length - other.get(name, length)) > _MOVED for name, length in one.items())


def _options(before: Cut, after: Cut) -> tuple[Altered, ...]:
    offered, was, now = find_design(after.design).OPTIONS, before.drawn, after.drawn
    return tuple(
        Altered(
            name, was.get(name, option.default), now.get(name, option.default), option.unit,
            float(after.meant_for.get(option.unit, 1.0)), option.help,
        )
        for name, option in offered.items()
        if was.get(name, option.default) != now.get(name, option.default)
    )  # fmt: skip


def _shared(before: "Pattern", after: "Pattern", line: str) -> tuple[tuple[str, int, float], ...]:
    """The seams whose edges a line's ends lie on and move with: name, edges, change in all [m]; none where a dart came
    or went, so that the line has other pieces."""
    if before.lines[line] != after.lines[line]:
        return ()
    own = {(ref.panel, ref.edge) for ref in after.lines[line]}
    sewn = [(seam.name, [(ref.panel, ref.edge) for ref in (*seam.first, *seam.second)]) for seam in after.seams]
    seams = {edge: name for name, edges in sewn if not own.intersection(edges) for edge in edges}
    grown: dict[str, list[float]] = {}
    for ref in after.lines[line]:
        for at, change in enumerate(_ends(before, after, ref)):
            edge = after.panel(ref.panel).edge(ref.edge)
            name = _seam_at(after, ref.panel, edge.end if at else edge.start, seams)
            if name is not None and abs(change) > 0.5 * _ROUND:
                grown.setdefault(name, []).append(change)
    return tuple((name, len(parts), sum(parts)) for name, parts in grown.items() if abs(sum(parts)) > _ROUND)


def _ends(before: "Pattern", after: "Pattern", ref: "EdgeRef") -> tuple[float, float]:
    """How far the start and the end of a line on a panel moved outwards [m]."""
    was, now = (pattern.panel(ref.panel).edge(ref.edge) for pattern in (before, after))
    along = (now.end - now.start) / np.linalg.norm(now.end - now.start)
    return float((was.start - now.start) @ along), float((now.end - was.end) @ along)


def _seam_at(
    pattern: "Pattern", panel: str, place: np.ndarray, seams: Mapping[tuple[str, str], str]
) -> str | None:  # fmt: skip
    """The name, without left and right, of the seam whose edge passes a place of a panel [m] [2]."""
    near = [
        (float(np.linalg.norm(np.vstack([edge.sampled(64), edge.end]) - place, axis=1).min()), edge.name)
        for edge in pattern.panel(panel).edges
        if (panel, edge.name) in seams
    ]
    if not near or min(near)[0] > _NEAR:
        return None
    name = seams[panel, min(near)[1]].replace("_", " ")
    return "darts" if "dart" in name else " ".join(w for w in name.split() if w not in ("left", "right"))
