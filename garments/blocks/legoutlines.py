"""The outlines of a leg's front and back, from its finished measures.

Aldrich's trouser block as it is drawn and solved for (blocks/legs.py names her books): forks, crotch, waist with its
darts, sides and inside legs. Flat frame: x = 0 is the crease as deep as the crotch, y = 0 the waist seam, the crotch
towards +x (right front, left back).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from garments.blocks.drafting import smooth_run
from garments.blocks.shaping import LEAST_DART, Dart, Shaped, darted
from garments.edges import Edge, curve, line

THIGH_BELOW = 0.04
"""How far below the crotch [m] a thigh is measured."""
_MORE_BEHIND = 0.005
_HOLLOW = {"front": 0.5, "back": 0.72}
_SIDE_RISE, _HIGHEST_BACK = 0.006, 0.03
"""How much higher than in front the waist is at the side, and may at most be behind [m]: more lies in a fold there."""
_MOST_AT_CENTRE = {"front": 0.010, "back": 0.020}
_BACK_AT_SIDE, _DART_WIDEST, _DART_DEPTH = 0.030, 0.040, 0.62
"""How far the back comes in at its side [m] before its dart takes in more, how much that does at most [m], and how deep
it goes, as a share of the hip's depth."""
_FINELY = np.linspace(0.0, 1.0, 65)


@dataclass(frozen=True, slots=True)
class Leg:
    """Finished girths of the garment and depths below the waist seam [m]; `crotch` the length of its crotch seam from
    waist to waist; `band` the height of its waistband, and by how much that is narrower above; `open` how far out the
    legs go for each metre down from the crotch; `fuller` how much further out each side seam runs at the thigh than the
    hip and the knee have it."""

    waist: float
    high_hip: float
    hip: float
    thigh: float
    middle: float
    knee: float
    hem: float
    high_hip_depth: float
    hip_depth: float
    rise: float
    knee_depth: float
    hem_depth: float
    crotch: float
    band: tuple[float, float]
    open: float = 0.0
    fuller: float = 0.0

    @property
    def bends(self) -> bool:
        """Whether the leg is long enough to have a knee."""
        return self.hem_depth > self.knee_depth + 0.06

    def aside(self, depth: float) -> float:
        """Where the crease lies [m] at a depth [m]."""
        return -self.open * (depth - self.rise)


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Front or back as first drawn: runs of edges, upward on the inside, along the waist from the centre, and the side
    upward too; inner lines."""

    part: str
    inside: tuple[Edge, ...]
    centre: tuple[Edge, ...]
    waist: Shaped
    side: tuple[Edge, ...]
    lines: tuple[Edge, ...]


def pieces(sizes: Leg) -> tuple[Piece, Piece]:
    """Front and back, whose sides and inside legs are equally long."""
    front = _piece("front", sizes, None)
    return front, _piece("back", sizes, front)


def _piece(part: str, sizes: Leg, front: "Piece | None") -> Piece:
    """Front, or the back that matches it."""
    centre, reach = _fork(part, sizes)
    if front is None:
        return _outline("front", sizes, centre, np.array([reach, -sizes.rise]), 0.0, _SIDE_RISE)
    inside, side, wanted = _length(front.inside), _length(front.side), sizes.crotch - _length(front.centre)

    def inside_length(y: float) -> float:
        return _length(_inside("back", sizes, np.array([reach, y])))

    point = np.array([reach, _secant(inside_length, inside, -sizes.rise - 0.03, -sizes.rise + 0.05)])

    def centre_length(up: float) -> float:
        return _length(_seat("back", sizes, centre, point, up, _SIDE_RISE).centre)

    raised = _secant(centre_length, wanted, 0.0, _HIGHEST_BACK)

    def side_length(y: float) -> float:
        return _length(_side("back", sizes, _seat("back", sizes, centre, point, raised, y)))

    return _outline("back", sizes, centre, point, raised, _secant(side_length, side, -0.05, 0.08))


def _secant(function: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Where a length that grows almost evenly meets the target, or the nearer end; the last tenth of a millimetre is
    eased in sewing."""
    first, second = low + 0.4 * (high - low), low + 0.6 * (high - low)
    one = function(first)
    for _ in range(2):
        other = function(second)
        if abs(other - one) < 1e-9:
            break
        third = float(np.clip(second + (target - other) * (second - first) / (other - one), low, high))
        first, one, second = second, other, third
    return second


def _fork(part: str, sizes: Leg) -> tuple[float, float]:
    """How far from the crease [m] a piece's centre and the point of its fork lie. Forks are widened for the thigh, from
    which inside legs that are cut open draw back."""
    centre, fork = sizes.hip / 12.0 + 0.012, sizes.hip / 16.0 + 0.0025
    thigh = sizes.thigh + 0.012 - 2.0 * sizes.aside(sizes.rise + THIGH_BELOW)
    wide = max(thigh - (0.5 * sizes.hip + 2.5 * fork + _MORE_BEHIND), 0.0)
    reach = centre + fork + 0.5 * wide
    return (centre, reach) if part == "front" else (0.75 * centre, reach + 0.5 * fork + _MORE_BEHIND + 0.5 * wide)


def lack(sizes: Leg) -> float:
    """How much longer [m] the crotch of the wearer is than the longest that these sizes allow."""
    found = sizes.crotch
    for part, raised in (("front", 0.0), ("back", _HIGHEST_BACK)):
        centre, reach = _fork(part, sizes)
        found -= _length(_seat(part, sizes, centre, np.array([reach, -sizes.rise]), raised, _SIDE_RISE).centre)
    return found


def thigh_girth(sizes: Leg) -> float:
    """The girth [m] that these sizes have at the thigh."""
    found = 0.0
    for part in ("front", "back"):
        centre, reach = _fork(part, sizes)
        fork = np.array([reach, -sizes.rise])
        seat = _seat(part, sizes, centre, fork, 0.0, _SIDE_RISE)
        found += _inside_at_thigh(part, sizes, fork)[0] - _side_at_thigh(part, sizes, seat.hip_side)[0]
    return float(found)


def _outline(part: str, sizes: Leg, centre: float, fork: np.ndarray, raised: float, side_y: float) -> Piece:
    seat = _seat(part, sizes, centre, fork, raised, side_y)
    inside, side = _inside(part, sizes, fork), _side(part, sizes, seat)
    waist = line("waist", seat.top, seat.corner)
    dart = Dart("dart_0", 0.5, seat.intake, _DART_DEPTH * sizes.hip_depth)
    shaped = darted(waist, [dart]) if part == "back" else Shaped((waist.named("waist_0"),))
    thigh = next(edge.end for edge in side if edge.name == "side_thigh")
    middle = _parted(*seat.centre, -sizes.hip_depth)
    lines = [line("hip", seat.hip_side, middle[0].end), line("thigh", thigh, inside[-1].start)]
    if sizes.bends:
        lines.append(line("knee", side[0].end, inside[0].end))
    return Piece(part, tuple(inside), middle, shaped, tuple(side), tuple(lines))


class _Seat(NamedTuple):
    """The upper part of a piece: points of hip and waist [m], its dart's intake [m], and the centre from fork to
    waist, its curve and its straight part."""

    hip_side: np.ndarray
    top: np.ndarray
    corner: np.ndarray
    intake: float
    centre: tuple[Edge, Edge]


def _seat(part: str, sizes: Leg, centre: float, fork: np.ndarray, raised: float, side_y: float) -> _Seat:
    hip_centre = centre
    for _ in range(2):  # Where the crotch curve has begun at the hip line, it is wider than the centre line.
        hip_side = np.array([hip_centre - 0.25 * sizes.hip - 2.0 * _more(part), -sizes.hip_depth])
        top, corner, intake = _waist_shaping(part, sizes, (centre, raised), (hip_side[0], side_y))
        low, high = _centre(part, sizes, fork, top, centre)
        if part == "front":
            break
        hip_centre = _across_at(-sizes.hip_depth, low if low.end[1] > -sizes.hip_depth else high)
    return _Seat(hip_side, top, corner, intake, (low, high))


def _more(part: str) -> float:
    """How much wider [m] than a quarter, or half a leg, a piece is."""
    return _MORE_BEHIND if part == "back" else -_MORE_BEHIND


def _across(part: str, sizes: Leg, sign: float) -> list[np.ndarray]:
    """Points [m] of the inside leg (sign 1) or the side (-1) at the hem and, where there is one, the knee."""
    girths = [(sizes.hem, sizes.hem_depth), (sizes.knee, sizes.knee_depth)][: 1 + sizes.bends]
    return [np.array([sizes.aside(depth) + sign * (0.25 * girth + _more(part)), -depth]) for girth, depth in girths]


def _inside(part: str, sizes: Leg, fork: np.ndarray) -> list[Edge]:
    """The inside leg from hem to fork, hollow below the fork."""
    points = _across(part, sizes, 1.0)
    thigh = _inside_at_thigh(part, sizes, fork)
    points += [*_between(sizes, points[-1], thigh, 1.0), thigh, fork]
    names = ["inside_knee", "inside_middle", "inside_thigh", "inside_fork"]
    return smooth_run(names[-len(points) + 1 :], np.array(points))


def _inside_at_thigh(part: str, sizes: Leg, fork: np.ndarray) -> np.ndarray:
    """Where the inside leg passes the thigh's level [m]."""
    below, level = _across(part, sizes, 1.0)[-1], -sizes.rise - THIGH_BELOW
    straight = (fork[1] - level) / (fork[1] - below[1])
    return np.array([fork[0] - straight * (fork[0] - below[0]) - (0.008 if part == "back" else 0.004), level])


def _side_at_thigh(part: str, sizes: Leg, hip: np.ndarray) -> np.ndarray:
    """Where the side seam passes the thigh's level [m], below the hip's point: what it is fuller by takes it no further
    out than the hip."""
    below, level = _across(part, sizes, -1.0)[-1], -sizes.rise - THIGH_BELOW
    share = (hip[1] - level) / (hip[1] - below[1])
    x = hip[0] - share**1.25 * (hip[0] - below[0])
    return np.array([max(x - sizes.fuller, min(x, hip[0])), level])


def _between(sizes: Leg, knee: np.ndarray, thigh: np.ndarray, sign: float) -> list[np.ndarray]:
    """Where a long leg's outline runs half-way between knee and thigh, outward along `sign`."""
    if not sizes.bends:
        return []
    wider = 0.25 * (sizes.middle - 0.5 * (sizes.knee + sizes.thigh))
    return [0.5 * (knee + thigh) + np.array([sign * wider, 0.0])]


def _side(part: str, sizes: Leg, seat: _Seat) -> list[Edge]:
    """The side from hem to waist."""
    points = _across(part, sizes, -1.0)
    hip = seat.hip_side
    thigh = _side_at_thigh(part, sizes, hip)
    points += [*_between(sizes, points[-1], thigh, -1.0), thigh, hip]
    across = 0.25 * sizes.high_hip - _more(part) + _taken_in(seat.intake, sizes)
    high = _high_hip(sizes, seat.centre, hip, seat.corner, across)
    names = ["side_knee", "side_middle", "side_thigh", "side_hip", *(["side_high_hip"] if high else []), "side_waist"]
    points += [*high, seat.corner]
    return smooth_run(names[-len(points) + 1 :], np.array(points))


def _high_hip(
    sizes: Leg, centre: tuple[Edge, Edge], hip: np.ndarray, waist: np.ndarray, width: float
) -> list[np.ndarray]:
    """The point of the side seam where the piece is `width` [m] wide at the high hip; none where hip or waist is too
    near."""
    level = -sizes.high_hip_depth
    if not hip[1] + 0.03 < level < min(waist[1], 0.0) - 0.03:
        return []
    x = _across_at(level, centre[0] if centre[0].end[1] > level else centre[1]) - width
    straight = hip[0] + (level - hip[1]) / (waist[1] - hip[1]) * (waist[0] - hip[0])
    return [np.array([float(np.clip(x, hip[0] - 0.01, straight + 0.004)), level])]


def _waist_shaping(
    part: str, sizes: Leg, centre: tuple[float, float], side: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray, float]:
    """The waist's ends at centre and side, and the intake [m] of the back's dart: what the waist is smaller than the
    hip is shared by the centre seam, the side seam and that. `centre` and `side`: (x of the hip, y of the waist)
    [m]."""
    quarter, drop = 0.25 * sizes.waist - _more(part), centre[1] - side[1]
    across = float(np.sqrt(max(quarter**2 - drop**2, 0.01)))
    shift = float(np.clip(0.4 * (centre[0] - side[0] - across), -0.01, _MOST_AT_CENTRE[part]))
    top = np.array([centre[0] - shift, centre[1]])
    intake = 0.0
    if part == "back":  # In every size and on every body, so that sizes grade.
        intake = float(np.hypot(top[0] - side[0] - _BACK_AT_SIDE, drop)) - quarter
        intake = float(np.clip(intake, LEAST_DART, _DART_WIDEST))
        across = float(np.sqrt(max((quarter + intake) ** 2 - drop**2, 0.01)))
    return top, np.array([top[0] - across, side[1]]), intake


def _taken_in(intake: float, sizes: Leg) -> float:
    """What a dart still takes in [m] at the high hip."""
    return intake * max(1.0 - sizes.high_hip_depth / (_DART_DEPTH * sizes.hip_depth), 0.0)


def _centre(part: str, sizes: Leg, fork: np.ndarray, top: np.ndarray, centre: float) -> tuple[Edge, Edge]:
    """From the fork to the waist: level at the fork, and the straight centre line, leaning, above."""
    foot = np.array([centre, -sizes.hip_depth if part == "front" else 0.5 * fork[1]])
    corner = foot + (foot - top) / (top[1] - foot[1]) * (foot[1] - fork[1])
    hollow = _HOLLOW[part]
    low = curve("crotch", fork, fork + hollow * (corner - fork), foot + hollow * (corner - foot), foot)
    return low, line("centre", foot, top)


def _parted(low: Edge, high: Edge, level: float) -> tuple[Edge, ...]:
    """The centre with a corner at a level [m]."""
    if abs(low.end[1] - level) < 1e-6:
        return low, high
    if low.end[1] < level:
        share = (level - high.start[1]) / (high.end[1] - high.start[1])
        return low, high.part(0.0, share, "centre_hip"), high.part(share, 1.0, "centre")
    share = float(np.interp(level, low.at(_FINELY)[:, 1], _FINELY))
    return low.part(0.0, share, "crotch"), low.part(share, 1.0, "centre_hip"), high


def _across_at(level: float, edge: Edge) -> float:
    """x [m] of an edge, which runs upward, at a level [m]."""
    points = edge.controls if edge.straight else edge.at(_FINELY)
    return float(np.interp(level, points[:, 1], points[:, 0]))


def _length(edges: Iterable[Edge]) -> float:
    return sum(edge.length for edge in edges)
