"""What a garment is fastened with besides its seams: elastic, zips, tapes, drawstrings, buttons and tacks.

A band runs along edges or inner lines and takes tension only; when it slides (a drawstring in its casing) the tension
is the same all along. A tack holds two points of the garment together, as a button does. The defaults are round figures
for haberdashery of common make, not measurements: whoever has pulled theirs over a scale writes that in.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from assets.errors import InputRefused
from garments.pattern import SEAM_TOLERANCE, EdgeRef, Pattern, refs
from garments.threads import Threads, along

Walk = Callable[[EdgeRef], tuple[np.ndarray, np.ndarray]]
"""Vertex numbers [k + 1] along an edge of the meshed garment, and the flat lengths [m] [k] between them."""

ELASTIC = 20.0
"""Tension over strain [N] of soft waist elastic 25 mm wide: 10 N when it is half as long again."""
TAPE = 1.0e3
"""Tension over strain [N] of a zip, a twill tape 10 mm wide or a cotton cord: 10 N for one per cent, a round
figure as well, at which what is sewn to the tape cannot stretch by much."""
THREAD = 5.0
"""Tension over strain [N] of a tack, whose thread is about as long as the shank of a button."""
SHANK = 2e-3
"""Length of a button's shank or of a tack's thread [m]."""
SMALL, LARGE = 18 * 0.635e-3, 44 * 0.635e-3
"""Diameters [m] of a shirt's buttons and of the largest of a coat's, in lignes of the trade (40 an inch)."""


class Band(NamedTuple):
    """A band along a run of edges: its length at rest [m], tension over strain [N], and whether it slides."""

    name: str
    run: tuple[EdgeRef, ...]
    length: float
    stiffness: float
    slides: bool = False

    def faults(self, pattern: Pattern) -> list[str]:
        """What would stop a machinist, one sentence each."""
        try:
            whole = pattern.length(self.run)
        except InputRefused as error:
            return [f"{self.name}: {error}"]
        if not 0.0 < self.length <= whole + SEAM_TOLERANCE:
            return [f"{self.name}: {100 * self.length:.1f} cm do not go along {100 * whole:.1f} cm of cloth"]
        return [] if self.stiffness > 0.0 else [f"{self.name} has no stiffness"]

    def threads(self, walk: Walk) -> Threads:
        paths, spans = zip(*map(walk, self.run), strict=True)
        path = np.concatenate([paths[0][:1], *(each[1:] for each in paths)])
        return along(path, np.concatenate(spans), self.length, self.stiffness, slides=self.slides)


class Spot(NamedTuple):
    """A point on an edge or inner line, `at` a fraction of its length."""

    panel: str
    edge: str
    at: float


class Tack(NamedTuple):
    """Two points held together by a thread of a length [m] and a tension over strain [N]."""

    name: str
    first: Spot
    second: Spot
    length: float = SHANK
    stiffness: float = THREAD

    def faults(self, pattern: Pattern) -> list[str]:
        """What would stop a machinist, one sentence each."""
        found = []
        for panel, edge, at in (self.first, self.second):
            try:
                pattern.panel(panel).edge(edge)
            except InputRefused as error:
                found.append(f"{self.name}: {error}")
            if not 0.0 <= at <= 1.0:
                found.append(f"{self.name}: {at:g} is beyond the ends of {panel}.{edge}")
        if not (self.length > 0.0 and self.stiffness > 0.0):
            found.append(f"{self.name} needs a length and a stiffness above nothing")
        return found

    def threads(self, walk: Walk) -> Threads:
        ends = np.array([_nearest(walk, self.first), _nearest(walk, self.second)])
        return along(ends, np.ones(1), self.length, self.stiffness)


Fastening = Band | Tack


def _nearest(walk: Walk, spot: Spot) -> int:
    path, spans = walk(EdgeRef(spot.panel, spot.edge))
    at = np.concatenate([[0.0], np.cumsum(spans)])
    return int(path[np.argmin(abs(at - spot.at * at[-1]))])


def elastic(name: str, run: tuple[EdgeRef, ...], length: float, stiffness: float = ELASTIC) -> Band:
    """Elastic `length` [m] long, sewn evenly along a run."""
    return Band(name, run, length, stiffness)


def drawstring(name: str, run: tuple[EdgeRef, ...], length: float, stiffness: float = TAPE) -> Band:
    """A cord drawn to `length` [m], free to slide in its casing."""
    return Band(name, run, length, stiffness, slides=True)


def tape(name: str, pattern: Pattern, *names: str, stiffness: float = TAPE) -> Band:
    """A zip or a tape that keeps a run of edges at the length that they are drawn with."""
    run = refs(*names)
    return Band(name, run, pattern.length(run), stiffness)


class Place(NamedTuple):
    """A place in the drawing of a panel [m]."""

    panel: str
    x: float
    y: float


class Button(NamedTuple):
    """A button as it is seen: at two places that lie over each other, of which the outer one shows it, or twice at the
    same; and its diameter [m]."""

    places: tuple[Place, Place]
    size: float


def buttons(pattern: Pattern) -> tuple[Button, ...]:
    """The buttons of a pattern: where holes are drilled for them, SMALL; and where a button holds two points together,
    about as large as the lap beyond is wide (Armstrong, "Patternmaking for Fashion Design")."""
    found = []
    for panel in pattern.panels:
        for name, x, y in panel.drills:
            if name.startswith("button"):
                found.append(Button((Place(panel.name, x, y),) * 2, SMALL))
    for each in pattern.fastenings:
        if isinstance(each, Tack) and each.name.startswith("button"):
            first, second = (_drawn(pattern, spot) for spot in (each.first, each.second))
            lap = np.hypot(*(pattern.panel(first.panel).outline() - first[1:]).T).min()
            found.append(Button((first, second), float(np.clip(lap, SMALL, LARGE))))
    return tuple(found)


def _drawn(pattern: Pattern, spot: Spot) -> Place:
    x, y = pattern.panel(spot.panel).edge(spot.edge).at(np.array([spot.at]))[0]
    return Place(spot.panel, float(x), float(y))
