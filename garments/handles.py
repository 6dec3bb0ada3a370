"""Points of a pattern that can be dragged: the options of the design follow, and with them the whole pattern.

A drafted pattern is never bent by hand: a point that moved alone would leave seams that no longer match. Instead the
draft is tried with each option a little changed, which tells where the point goes with each; of all single options and
pairs the ones are taken that bring the point nearest to where it was dragged, a pair only where it does clearly better.
What results can be sewn, graded and made to measure like any other.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations, compress
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from assets.errors import ToileError
from garments.edges import Edge
from garments.pattern import Panel, Pattern

if TYPE_CHECKING:
    from garments.designs import Design

_TRIED = 0.02
"""The share of an option's range that it is changed by to see what moves."""
_MOVED = 0.02
"""A point that a whole range of an option moves by less [m] is not moved by it."""
_BETTER = 0.7
_ROUNDS = 3


class Handle(NamedTuple):
    """A point of a panel: the start of an edge (`at` 0) or a place on it, as a fraction of its length."""

    panel: str
    edge: str
    at: float = 0.0

    def on(self, pattern: Pattern) -> np.ndarray:
        """Where it lies in the panel [m] [2]. Raises InputRefused where the pattern has no such edge."""
        return pattern.panel(self.panel).edge(self.edge).at(np.array([self.at]))[0]


def handles(panel: Panel) -> tuple[Handle, ...]:
    """The points of a panel that a hand would take: the corners, the tips of darts among them, and the middles of
    long edges."""
    corners = [Handle(panel.name, edge.name) for edge in panel.edges]
    return (*corners, *(Handle(panel.name, edge.name, 0.5) for edge in panel.edges if _long(edge)))


@dataclass(frozen=True, slots=True, eq=False)
class Drag:
    """A handle in the hand, on a design drafted to measures [m] with some options; `moves` [m] [options, 2]: how the
    point goes over the whole range of each option."""

    design: "Design"
    measures: Mapping[str, float]
    options: Mapping[str, float]
    handle: Handle
    start: np.ndarray
    moves: np.ndarray

    @property
    def free(self) -> bool:
        """Whether any option moves the point."""
        return bool((np.linalg.norm(self.moves, axis=1) > _MOVED).any())

    def to(self, place: np.ndarray) -> dict[str, float]:
        """All chosen options, those changed that bring the point nearest to a place in the panel [m] [2]. Nothing
        changes where nothing can."""
        goal, options = np.asarray(place, float), dict(self.options)
        for _ in range(_ROUNDS):
            where = _place(self.design, self.measures, options, self.handle)
            if where is None:
                break
            off = float(np.linalg.norm(goal - where))
            nearer = self._nearer(options, self._changes(goal - where), goal, off)
            if nearer is None:
                break
            options = nearer
        return options

    def _nearer(
        self, options: Mapping[str, float], change: Mapping[str, float], goal: np.ndarray, off: float
    ) -> dict[str, float] | None:
        """Options changed by these shares of their ranges, or by less where a draft jumps; None where the point comes
        no nearer to the goal than `off` [m]."""
        for step in (1.0, 0.4, 0.1):
            changed = dict(options)
            for name, share in change.items():
                option = self.design.OPTIONS[name]
                value = options.get(name, option.default) + step * share * (option.high - option.low)
                changed[name] = float(np.clip(value, option.low, option.high))
            where = _place(self.design, self.measures, changed, self.handle)
            if where is not None and np.linalg.norm(goal - where) < off - 1e-5:
                return changed
        return None

    def _changes(self, way: np.ndarray) -> dict[str, float]:
        """The options to change, by shares of their ranges, for a point to go a way [m] [2]."""
        names = list(self.design.OPTIONS)
        able = [k for k in range(len(names)) if np.linalg.norm(self.moves[k]) > _MOVED]
        best: dict[str, float] = {}
        left = float(np.linalg.norm(way))
        for count, gain in ((1, 1.0), (2, _BETTER)):
            for chosen in combinations(able, count):
                moves = self.moves[list(chosen)].T
                shares = np.linalg.lstsq(moves, way, rcond=1e-2)[0]
                off = float(np.linalg.norm(moves @ shares - way))
                if off < gain * left - 1e-9 or (count == 1 and off < left):
                    best, left = {names[k]: float(s) for k, s in zip(chosen, shares, strict=True)}, off
        return best


def take(design: "Design", measures: Mapping[str, float], options: Mapping[str, float], handle: Handle) -> Drag:
    """Take a point in the hand. Raises ToileError where the design cannot be drafted so."""
    start = handle.on(design.draft(measures, options))
    moves = [ways[0] for ways in _ways(design, measures, options, (handle,))]
    return Drag(design, measures, dict(options), handle, start, np.reshape(moves, (len(design.OPTIONS), 2)))


def movable(
    design: "Design", measures: Mapping[str, float], options: Mapping[str, float], points: Sequence[Handle]
) -> Iterator[frozenset[Handle]]:
    """Those of some points that one option after the other moves, option by option: each is a draft. Raises ToileError
    where the design cannot be drafted so."""
    for ways in _ways(design, measures, options, points):
        yield frozenset(compress(points, np.linalg.norm(ways, axis=1) > _MOVED))


def _ways(
    design: "Design", measures: Mapping[str, float], options: Mapping[str, float], points: Sequence[Handle]
) -> Iterator[np.ndarray]:
    """For each option how points go over its whole range [m] [points, 2]; nowhere where there is no such draft."""
    pattern = design.draft(measures, options)
    before = [point.on(pattern) for point in points]
    for name, option in design.OPTIONS.items():
        value, step = options.get(name, option.default), _TRIED * (option.high - option.low)
        step = step if value + step <= option.high else -step
        ways = np.zeros((len(points), 2))
        with suppress(ToileError):
            tried = design.draft(measures, {**options, name: value + step})
            ways[:] = np.subtract([point.on(tried) for point in points], before)
        yield ways * ((option.high - option.low) / step)


def _place(
    design: "Design", measures: Mapping[str, float], options: Mapping[str, float], handle: Handle
) -> np.ndarray | None:
    """Where a point lies with these options; None where there is no such draft, or no such point on it."""
    try:
        return handle.on(design.draft(measures, options))
    except ToileError:
        return None


def _long(edge: Edge) -> bool:
    return edge.length > 0.12
