"""Where stripes and checks meet at seams: how each panel is laid so that they do, and how far apart they are elsewhere.

A cutter lays the largest panel, then each next one so that its lines meet at the most important seam to a panel that
lies already; what is left over at the other seams is told in millimetres, not hidden. Lines that run along a seam do
not cross it and are not judged there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from garments.colours.colourway import Colourway, Print
from garments.pattern import EdgeRef, Pattern

if TYPE_CHECKING:
    from garments.garment import Garment

STATIONS = 49
MEETS = 0.003
"""Lines closer than this [m] all along a seam are said to meet: what a careful machinist keeps."""
_CROSSING = 0.5
_FLAT, _ALIKE = 3.0, 6.0
# What a customer looks at first: by the first word of a seam's name.
_WEIGHTS = {"centre": 8.0, "side": 4.0, "shoulder": 3.0, "armhole": 1.0, "crotch": 1.0, "inside": 0.8}
_TRIM = 0.25


class Meeting(NamedTuple):
    """What happens to a print's lines at a seam: its name, the panels, how far apart lines are [m], on average and at
    most, and whether they meet."""

    seam: str
    panels: tuple[str, str]
    mean: float
    most: float

    @property
    def meets(self) -> bool:
        return self.most <= MEETS


@dataclass(frozen=True, slots=True, eq=False)
class _Family:
    """Lines that repeat along one axis of a print: the axis' number, how many of them a repeat of the picture holds,
    their distance [m], and the phase about which they are alike both ways, None where there is none."""

    axis: int
    count: int
    period: float
    centre: float | None


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """One side of a seam at stations along it: the panel, points along weft and warp [m] [k, 2], unit ways [k, 2]."""

    panel: str
    points: np.ndarray
    ways: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """A seam where two panels of one print meet; the seam's weight."""

    seam: str
    first: _Side
    second: _Side
    print: Print
    weight: float


def placed(pattern: Pattern, colourway: Colourway) -> Mapping[str, tuple[float, float]]:
    """How far each printed panel's print is moved [m], along weft and warp, so that lines meet at seams."""
    shifts = {panel.name: np.zeros(2) for panel in pattern.panels}
    pairs = list(_pairs(pattern, colourway))
    areas = _areas(pattern)
    for figure in {id(pair.print): pair.print for pair in pairs}.values():
        mine = [pair for pair in pairs if pair.print is figure]
        if figure.matched:
            for family in families(figure):
                for panel, phase in _laid(mine, family, areas).items():
                    shifts[panel] += phase / family.count * figure.size[family.axis] * figure.axes[family.axis]
    return {name: (float(x), float(y)) for name, (x, y) in shifts.items()}


def meetings(
    pattern: Pattern, colourway: Colourway, shifts: Mapping[str, tuple[float, float]] | None = None
) -> tuple[Meeting, ...]:
    """What happens to lines at every seam that they cross, the widest gap first. `shifts`: as `placed` gives them, or
    as they are asked for."""
    at = placed(pattern, colourway) if shifts is None else shifts
    found = []
    for pair in _pairs(pattern, colourway):
        gaps = [gap for family in families(pair.print) if len(gap := _gaps(pair, family, at))]
        if gaps:
            worst = max(gaps, key=lambda gap: float(gap.max()))
            panels = pair.first.panel, pair.second.panel
            found.append(Meeting(pair.seam, panels, float(worst.mean()), float(worst.max())))
    return tuple(sorted(found, key=lambda each: -each.most))


def surveyed(pattern: Pattern, colourway: Colourway) -> tuple[Meeting, ...]:
    """As `meetings`; and of a pattern without a print yet, what a print will ask of it is found and kept, so that
    nobody waits when one is chosen."""
    _areas(pattern)
    _seams(pattern)
    return meetings(pattern, colourway)


def meetings_of(made: "Garment") -> tuple[Meeting, ...]:
    """What happens to lines at the seams of a garment; none where nothing is printed, or it has no pattern."""
    from garments.imported.readymade import ReadyMade

    return () if isinstance(made.pattern, ReadyMade) else meetings(made.pattern, made.colourway)


def sentence(found: tuple[Meeting, ...]) -> str:
    """What there is to say of a print at all seams that its lines cross."""
    meet = sum(each.meets for each in found)
    words = f"lines of the print meet at {meet} of {len(found)} seams that they cross"
    if meet == len(found):
        return words
    widest = found[0]
    panels = " and ".join(dict.fromkeys(name.replace("_", " ") for name in widest.panels))
    return f"{words}; at most {1000 * widest.most:.0f} mm apart at {widest.seam.replace('_', ' ')} ({panels})"


@lru_cache(maxsize=64)
def families(figure: Print) -> tuple[_Family, ...]:
    """The lines of a print, by the axis along which they repeat; none of a picture that is one colour."""
    grey = figure.picture.astype(np.float32).mean(axis=2)[::-1]
    found = []
    for axis, size in enumerate(figure.size.tolist()):
        lines = grey if axis == 0 else grey.T
        if np.abs(lines - lines.mean(axis=1, keepdims=True)).max(initial=0.0) < _FLAT:
            continue
        count = next(k for k in range(16, 0, -1) if _repeats(lines, k))
        found.append(_Family(axis, count, size / count, _mirror(lines, count)))
    return tuple(found)


def _repeats(lines: np.ndarray, count: int) -> bool:
    """Whether so many periods fill the picture."""
    whole = lines.shape[1]
    if count == 1:
        return True
    step = whole / count
    turned = np.stack([np.roll(lines, round(step * k), axis=1) for k in (1, count - 1)])
    return bool(whole % count == 0 and np.abs(turned - lines).mean() < 0.02 * np.ptp(lines))


def _mirror(lines: np.ndarray, count: int) -> float | None:
    """The phase of one period about which lines are alike both ways."""
    width = lines.shape[1]
    spectrum = np.fft.rfft(lines - lines.mean(), axis=1)
    match = np.fft.irfft((spectrum**2).sum(axis=0), width)  # lines against their mirror image
    best = int(np.argmax(match))
    mirrored = np.roll(lines[:, ::-1], best + 1, axis=1)
    if np.abs(mirrored - lines).mean() > 0.02 * max(float(np.ptp(lines)), _ALIKE):
        return None
    return ((best + 1) / 2 / width * count) % 1.0


def _laid(pairs: list[_Pair], family: _Family, areas: Mapping[str, float]) -> dict[str, float]:
    """The phase by which each panel is moved, grown from the largest panel over the weightiest seams."""
    waiting = {side.panel for pair in pairs for side in (pair.first, pair.second)}
    phases: dict[str, float] = {}
    while waiting:
        reached = [
            (pair, there)
            for pair in pairs
            for here, there in ((pair.first, pair.second), (pair.second, pair.first))
            if here.panel in phases and there.panel in waiting and _crossed(pair, family).any()
        ]
        if not reached:
            start = max(waiting, key=lambda name: (areas[name], name))
            phases[start] = 0.0
            waiting.remove(start)
            continue
        pair, there = max(reached, key=lambda each: each[0].weight)
        here = pair.first if there is pair.second else pair.second
        apart, sign = _apart(pair, family, here, there)
        turned = np.exp(2j * np.pi * (apart[_crossed(pair, family)] - sign * phases[here.panel]))
        phases[there.panel] = float(-np.angle(turned.mean()) / (2 * np.pi))
        waiting.remove(there.panel)
    return phases


def _apart(pair: _Pair, family: _Family, here: _Side, there: _Side) -> tuple[np.ndarray, float]:
    """By how much phase lines here are before those there, at stations; of prints that are alike both ways, those of
    panels laid in mirror image are compared so (then the sign is -1)."""
    one, two = (_phase(pair.print, family, side.points) for side in (here, there))
    opposed = np.median(np.sign(_slope(pair.print, family, here) * _slope(pair.print, family, there))) < 0.0
    if opposed and family.centre is not None:
        return 2.0 * family.centre - one - two, -1.0
    return one - two, 1.0


def _gaps(pair: _Pair, family: _Family, shifts: Mapping[str, tuple[float, float]]) -> np.ndarray:
    """How far apart lines are [m] at the stations where they cross the seam."""
    moved = [
        _Side(side.panel, side.points - np.asarray(shifts.get(side.panel, (0.0, 0.0))), side.ways)
        for side in (pair.first, pair.second)
    ]
    apart, _ = _apart(pair, family, *moved)
    return family.period * np.abs((apart + 0.5) % 1.0 - 0.5)[_crossed(pair, family)]


def _phase(figure: Print, family: _Family, points: np.ndarray) -> np.ndarray:
    return figure.phase(points)[:, family.axis] * family.count


def _slope(figure: Print, family: _Family, side: _Side) -> np.ndarray:
    """How squarely lines cross a side of a seam, -1..1: 0 where they run along it."""
    return side.ways @ figure.axes[family.axis]


def _crossed(pair: _Pair, family: _Family) -> np.ndarray:
    slopes = [np.abs(_slope(pair.print, family, side)) for side in (pair.first, pair.second)]
    return np.minimum(*slopes) > _CROSSING


def _pairs(pattern: Pattern, colourway: Colourway) -> Iterator[_Pair]:
    if not any(colourway.paint(panel.name).print for panel in pattern.panels):
        return
    for name, length, first, second in _seams(pattern):
        one, two = (colourway.paint(side.panel).print for side in (first, second))
        if one is not None and one is two:
            yield _Pair(name, first, second, one, _WEIGHTS.get(name.split()[0], _TRIM) * length)


@lru_cache(maxsize=16)
def _areas(pattern: Pattern) -> Mapping[str, float]:
    return {panel.name: panel.area for panel in pattern.panels}


@lru_cache(maxsize=16)
def _seams(pattern: Pattern) -> tuple[tuple[str, float, _Side, _Side], ...]:
    """Every seam as its name, its length [m] and its sides at the same stations, cut where another panel begins."""
    found = []
    shares = np.linspace(0.0, 1.0, STATIONS)
    for seam in pattern.seams:
        sides = [_walked(pattern, run, shares) for run in (seam.first, seam.second)]
        cuts = np.flatnonzero(np.any([names[1:] != names[:-1] for names, _ in sides], axis=0)) + 1
        for run in np.split(np.arange(STATIONS), cuts):
            if len(run) > 2:
                first, second = (_side(str(names[run[0]]), points[run]) for names, points in sides)
                length = float(np.linalg.norm(np.diff(first.points, axis=0), axis=1).sum())
                found.append((seam.name, length, first, second))
    return tuple(found)


def _walked(pattern: Pattern, run: tuple[EdgeRef, ...], shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """At shares of a run's length: the panel's name [k], and the point along weft and warp [m] [k, 2]."""
    pieces, lengths = [], []
    for ref in run:
        warp = pattern.panel(ref.panel).warp
        turn = np.stack([[warp[1], -warp[0]], warp])
        pieces.append(pattern.edge(ref).at(np.linspace(0.0, 1.0, 65)) @ turn.T)
        lengths.append(np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(pieces[-1], axis=0), axis=1))]))
    ends = np.cumsum([along[-1] for along in lengths])
    at = shares * ends[-1]
    piece = np.minimum(np.searchsorted(ends, at - 1e-12), len(run) - 1)
    points = np.zeros((len(shares), 2))
    for number, (known, along) in enumerate(zip(pieces, lengths, strict=True)):
        mine = piece == number
        for k in range(2):
            points[mine, k] = np.interp(at[mine] - ends[number] + along[-1], along, known[:, k])
    return np.array([ref.panel for ref in run])[piece], points


def _side(panel: str, points: np.ndarray) -> _Side:
    ways = np.gradient(points, axis=0)
    return _Side(panel, points, ways / np.maximum(np.linalg.norm(ways, axis=1, keepdims=True), 1e-12))
