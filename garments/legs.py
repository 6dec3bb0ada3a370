"""The leg block: what trousers, jeans and shorts are drafted from, and how its pieces are sewn.

After Aldrich, "Metric Pattern Cutting for Women's Wear" (classic tailored trouser block) and "... for Menswear": the
crease lies a twelfth of the hip from the centre front, the front's fork is a sixteenth of the hip wide and the back's
half as wide again, the back's centre line leans from half the rise to the waist. Where her tables fix a number, this
block solves for it: the centre back rises until the crotch seam is as long as the body's and its ease, and forks are
widened where thighs need it; sides and inside legs of front and back are made equally long. Flat frame: x = 0 is the
crease, y = 0 the waist seam, the crotch towards +x on the pieces as first drawn (right front, left back).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from garments.drafting import Option, smooth_run, solve_increasing, upright
from garments.edges import Edge, curve, line
from garments.pattern import EdgeRef, Notch, Panel, Pattern, Seam, refs, sew
from garments.shaping import Dart, Shaped, closures, darted

NEEDS = (
    "waist_girth", "hip_girth", "waist_height", "waist_to_hip", "crotch_height", "crotch_length", "knee_height",
    "thigh_girth", "calf_girth",
)  # fmt: skip
OPTIONS = {
    "ease_waist": Option(0.012, 0.0, 0.08, "m", "how much larger than the body the waistband is"),
    "ease_hip": Option(0.045, 0.0, 0.30, "m", "ease at the hip"),
    "ease_thigh": Option(0.06, 0.02, 0.30, "m", "least ease at the thigh"),
    "ease_knee": Option(0.09, 0.02, 0.40, "m", "ease at the knee"),
    "ease_hem": Option(0.07, 0.0, 0.60, "m", "how much wider than the leg, or its calf, the hem is"),
    "ease_rise": Option(0.018, 0.0, 0.08, "m", "how far the crotch seam hangs below the crotch"),
    "drop": Option(0.03, 0.0, 0.09, "m", "how far below the waist the waistband's lower edge lies"),
    "length": Option(0.95, 0.62, 1.0, "crotch_height", "inside leg, as a share of the body's"),
    "waistband": Option(0.035, 0.02, 0.06, "m", "finished height of the waistband"),
}
PIECES = ("front_left", "back_left", "back_right", "front_right")
"""The four leg pieces in order round the wearer."""
_MORE_BEHIND = 0.005
_HOLLOW = {"front": 0.5, "back": 0.72}
_THIGH_BELOW = 0.04
_CROTCH_EASE = 0.0
_HIGHEST_BACK = 0.04
_SHAPING = {"front": (0.010, 0.034), "back": (0.020, 0.030)}
_DART_NARROWEST, _DART_WIDEST = 0.010, 0.026
_DART_DEPTH = {"front": 0.5, "back": 0.62}
_KNEE_OVER_CALF, _CALF_LEVEL = 1.03, 0.72
_HIGH_HIP = 0.62


@dataclass(frozen=True, slots=True)
class Leg:
    """Finished girths of the garment and depths below the waist seam [m]; `crotch` the length of its crotch seam from
    waist to waist."""

    waist: float
    hip: float
    thigh: float
    knee: float
    hem: float
    hip_depth: float
    rise: float
    knee_depth: float
    hem_depth: float
    crotch: float

    @property
    def bends(self) -> bool:
        """Whether the leg is long enough to have a knee."""
        return self.hem_depth > self.knee_depth + 0.06


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


def leg(body: Mapping[str, float], option: Mapping[str, float]) -> Leg:
    """The finished measures of a body's trousers [m]."""
    drop, rise = option["drop"], body["waist_height"] - body["crotch_height"] - option["drop"]
    depth = max(body["waist_to_hip"] - drop, 0.05)
    girth = _girth_below_waist(body, max(drop - 0.5 * option["waistband"], 0.0))
    hip = max(body["hip_girth"] + option["ease_hip"], girth + option["ease_waist"] - 0.02)
    hem_height = (1.0 - option["length"]) * body["crotch_height"]
    hem = _leg_girth(body, hem_height) + option["ease_hem"]
    knee = _leg_girth(body, body["knee_height"]) + option["ease_knee"]
    return Leg(
        waist=girth + option["ease_waist"],
        hip=hip,
        thigh=body["thigh_girth"] + option["ease_thigh"],
        knee=knee,
        hem=hem,
        hip_depth=min(depth, rise - 0.02),
        rise=rise + option["ease_rise"],
        knee_depth=rise + body["crotch_height"] - body["knee_height"],
        hem_depth=rise + body["crotch_height"] - hem_height,
        crotch=body["crotch_length"] - 2.0 * drop + 2.0 * option["ease_rise"] + _CROTCH_EASE,
    )


def _girth_below_waist(body: Mapping[str, float], drop: float) -> float:
    """The trunk's girth [m] a little below the waist."""
    waist, hip = body["waist_girth"], body["hip_girth"]
    high = body.get("high_hip_girth", waist + _HIGH_HIP * (hip - waist))
    return float(np.interp(drop, np.array([0.0, 0.5, 1.0]) * body["waist_to_hip"], (waist, high, hip)))


def _leg_girth(body: Mapping[str, float], height: float) -> float:
    """The leg's girth [m] at a height; below the calf the calf's, over which a hem must pass."""
    knee = body.get("knee_girth", _KNEE_OVER_CALF * body["calf_girth"])
    heights = (_CALF_LEVEL * body["knee_height"], body["knee_height"], body["crotch_height"] - _THIGH_BELOW)
    return float(np.interp(height, heights, (body["calf_girth"], knee, body["thigh_girth"])))


def drafted(name: str, sizes: Leg, waistband: float, body: Mapping[str, float], yoke: bool = False) -> Pattern:
    """The sewn pattern: four leg pieces, with a yoke behind or with darts, under a straight waistband."""
    front = _piece("front", sizes, None)
    back = _piece("back", sizes, front)
    yokes: tuple[Panel, ...] = ()
    left = {"front": _panel(front, sizes, True), "back": _panel(back, sizes, False)}
    right = {"front": _panel(front, sizes, False), "back": _panel(back, sizes, True)}
    if yoke:
        from garments.yokes import yoked

        left["back"], right["back"], yokes = yoked(left["back"])
    panels = (left["front"], left["back"], right["back"], right["front"])
    tops = (panels[0], *(yokes or panels[1:3]), panels[3])
    band = _waistband(tops, waistband)
    seams = (*_seams(panels, bool(yokes)), *_waist_seams(tops, band), *(s for p in panels for s in closures(p)))
    if yokes:
        seams += tuple(_yoke_seams(panels, yokes))
    return Pattern(name, (*panels, *yokes, band), seams, _lines(tops), dict(body))


def _piece(part: str, sizes: Leg, front: "Piece | None") -> Piece:
    """Front, or the back that matches it."""
    centre = sizes.hip / 12.0 + 0.012
    fork = sizes.hip / 16.0 + 0.0025
    wide = _fork_room(sizes, centre, fork)
    reach = centre + fork + 0.4 * wide
    if front is None:
        return _outline("front", sizes, centre, reach, -sizes.rise, 0.0, 0.006)
    reach += 0.5 * fork + _MORE_BEHIND + 0.6 * wide

    def back(fork_y: float, raised: float, side_y: float) -> Piece:
        return _outline("back", sizes, 0.75 * centre, reach, fork_y, raised, side_y)

    inside, side = _length(front.inside), _length(front.side)
    low, high = -sizes.rise - 0.025, -sizes.rise + 0.025
    fork_y = solve_increasing(lambda y: _length(back(y, 0.03, 0.006).inside), inside, low, high)
    wanted = sizes.crotch - _length(front.centre)
    raised = solve_increasing(lambda up: _length(back(fork_y, up, 0.006).centre), wanted, 0.0, _HIGHEST_BACK)
    side_y = solve_increasing(lambda y: _length(back(fork_y, raised, y).side), side, -0.04, 0.06)
    return back(fork_y, raised, side_y)


def _fork_room(sizes: Leg, centre: float, fork: float) -> float:
    """How much wider [m] the forks of front and back must be together for the thigh."""
    back_reach = centre + 1.5 * fork + _MORE_BEHIND
    whole = (0.25 * sizes.hip - centre + centre + fork) + (0.25 * sizes.hip - 0.75 * centre + back_reach)
    return max(sizes.thigh + 0.012 - whole, 0.0)


def _outline(
    part: str, sizes: Leg, centre: float, reach: float, fork_y: float, raised: float, side_y: float
) -> Piece:
    more = _MORE_BEHIND if part == "back" else -_MORE_BEHIND
    fork = np.array([reach, fork_y])
    across = {"hem": 0.25 * sizes.hem + more, "knee": 0.25 * sizes.knee + more}
    hip_centre = centre
    for _ in range(2):  # Where the crotch curve has begun at the hip line, it is wider than the centre line.
        hip_side = np.array([hip_centre - 0.25 * sizes.hip - more, -sizes.hip_depth])
        top, corner, intake = _waist_shaping(part, sizes, (centre, raised), (hip_side[0], side_y))
        seat = _centre(part, sizes, fork, top, centre)
        hip_centre = float(seat[0].end[0])
    inside, side = _leg_lines(part, sizes, fork, hip_side, across)
    waist = line("waist", top, corner)
    darts = _darts(part, waist, intake, sizes)
    sides = smooth_run(["side_knee", "side_thigh", "side_hip", "side_waist"][-len(side) :], np.array([*side, corner]))
    hip_line = line("hip", hip_side, seat[0].end)
    thigh = line("thigh", side[-2], inside[-2])
    insides = smooth_run(["inside_knee", "inside_thigh", "inside_fork"][-len(inside) + 1 :], np.array(inside))
    return Piece(part, tuple(insides), tuple(seat), darts, tuple(sides), (hip_line, thigh))


def _leg_lines(
    part: str, sizes: Leg, fork: np.ndarray, hip_side: np.ndarray, across: dict[str, float]
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Points of the inside leg from hem to fork, and of the side from hem to hip."""
    level = -sizes.rise - _THIGH_BELOW
    low = {"hem": sizes.hem_depth} | ({"knee": sizes.knee_depth} if sizes.bends else {})
    inside = [np.array([across[name], -depth]) for name, depth in low.items()]
    side = [np.array([-across[name], -depth]) for name, depth in low.items()]
    straight = (fork[1] - level) / (fork[1] - inside[-1][1])
    hollow = straight + (0.10 if part == "back" else 0.07)
    inside += [np.array([fork[0] + hollow * (inside[-1][0] - fork[0]), level]), fork]
    share = (hip_side[1] - level) / (hip_side[1] - side[-1][1])
    side += [np.array([hip_side[0] + share**1.25 * (side[-1][0] - hip_side[0]), level]), hip_side]
    return inside, side


def _waist_shaping(
    part: str, sizes: Leg, centre: tuple[float, float], side: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray, float]:
    """The waist's ends at centre and side, and the darts' intake [m]: what the waist is smaller than the hip is shared
    by the centre seam, the side seam and darts. `centre` and `side`: (x of the hip, y of the waist) [m]."""
    most_centre, most_side = _SHAPING[part]
    quarter, drop = 0.25 * sizes.waist, centre[1] - side[1]
    across = float(np.sqrt(max(quarter**2 - drop**2, 0.01)))
    shift = float(np.clip(0.4 * (centre[0] - side[0] - across), -0.01, most_centre))
    top = np.array([centre[0] - shift, centre[1]])
    intake = float(np.hypot(top[0] - side[0] - most_side, drop)) - quarter
    if intake < _DART_NARROWEST or top[0] - across <= side[0] + most_side:
        return top, np.array([top[0] - across, side[1]]), 0.0
    return top, np.array([side[0] + most_side, side[1]]), intake


def _darts(part: str, waist: Edge, intake: float, sizes: Leg) -> Shaped:
    if intake <= 0.0:
        return Shaped((waist.named("waist_0"),))
    count = int(np.clip(np.ceil(intake / _DART_WIDEST), 1, 2))
    places = {"front": {1: (0.46,), 2: (0.36, 0.66)}, "back": {1: (0.5,), 2: (0.36, 0.68)}}[part][count]
    depth = _DART_DEPTH[part] * sizes.hip_depth
    return darted(waist, [Dart(f"dart_{k}", at, intake / count, depth * (1.0 - 0.15 * k)) for k, at in enumerate(places)])


def _centre(part: str, sizes: Leg, fork: np.ndarray, top: np.ndarray, centre: float) -> list[Edge]:
    """From the fork over the hip line to the waist: level at the fork, leaning as the centre line above."""
    foot = np.array([centre, -sizes.hip_depth if part == "front" else 0.5 * fork[1]])
    corner = foot + (foot - top) / (top[1] - foot[1]) * (foot[1] - fork[1])
    hollow = _HOLLOW[part]
    low = curve("crotch", fork, fork + hollow * (corner - fork), foot + hollow * (corner - foot), foot)
    high = line("centre", foot, top)
    if abs(foot[1] + sizes.hip_depth) < 1e-6:
        return [low, high]
    if foot[1] < -sizes.hip_depth:
        share = (-sizes.hip_depth - foot[1]) / (top[1] - foot[1])
        return [Edge("crotch", low.controls), high.part(0.0, share, "centre_hip"), high.part(share, 1.0, "centre")]
    fractions = np.linspace(0.0, 1.0, 65)
    share = float(np.interp(-sizes.hip_depth, low.at(fractions)[:, 1], fractions))
    return [low.part(0.0, share, "crotch"), low.part(share, 1.0, "centre_hip"), high]


def _length(edges: tuple[Edge, ...]) -> float:
    return sum(edge.length for edge in edges)


def _panel(piece: Piece, sizes: Leg, mirrored: bool) -> Panel:
    """The sewn piece of one leg; fronts are first drawn for the right leg, backs for the left."""
    part, side = piece.part, "left" if mirrored == (piece.part == "front") else "right"
    hem = line("hem", piece.side[0].start, piece.inside[0].start)
    edges = (hem, *piece.inside, *piece.centre, *piece.waist.edges, *(edge.reversed() for edge in reversed(piece.side)))
    lines = piece.lines
    crease = line("fold_crease", (0.0, -0.55 * sizes.hip_depth), (0.0, -sizes.hem_depth + 0.002))
    grain = upright(-0.8 * sizes.hem_depth, -0.9 * sizes.rise)
    knee = [Notch(name, 1.0) for name in ("inside_knee", "side_knee") if sizes.bends]
    notches = (*knee, Notch("side_hip", 1.0), *piece.waist.notches)
    if mirrored:
        edges = tuple(edge.mirrored(edge.name) for edge in reversed(edges))
        lines = tuple(edge.mirrored(edge.name) for edge in lines)
    # In the outline the side runs downward as first drawn, and the inside when mirrored.
    down = "inside" if mirrored else "side"
    notches = tuple(n._replace(at=1.0 - n.at) if n.edge.startswith(down) or mirrored and "dart" in n.edge else n for n in notches)
    sign = -1.0 if mirrored else 1.0
    drills = tuple(drill._replace(x=sign * drill.x) for drill in piece.waist.drills)
    allowances = {"hem": 0.04, "crotch": 0.012}
    return Panel(
        f"{part}_{side}", edges, grain, f"{side} leg {part}", 0.012, allowances, notches, lines, (crease,), drills
    )


def _waistband(tops: tuple[Panel, ...], height: float) -> Panel:
    """A straight band, closed at the centre front; its quarters match the pieces that it is sewn to."""
    x = np.cumsum([0.0, *(sum(edge.length for edge in _waist(panel)) for panel in tops)])
    x -= 0.5 * x[-1]
    names = [f"lower_{piece}" for piece in PIECES]
    lower = [line(name, (a, 0.0), (b, 0.0)) for name, (a, b) in zip(names, pairwise(x), strict=True)]
    edges = (
        *lower,
        line("end_right", (x[-1], 0.0), (x[-1], height)),
        line("upper", (x[-1], height), (x[0], height)),
        line("end_left", (x[0], height), (x[0], 0.0)),
    )
    grain = np.array([[x[1], 0.5 * height], [x[3], 0.5 * height]])
    return Panel("waistband", edges, grain, "trunk", 0.01, notches=tuple(Notch(name, 1.0) for name in names[:3]))


def _waist(panel: Panel) -> list[Edge]:
    return [edge for edge in panel.edges if edge.name.startswith("waist_")]


def _waist_run(panel: Panel) -> tuple[EdgeRef, ...]:
    """The waist edges from the panel's -x side to its +x side."""
    return tuple(EdgeRef(panel.name, edge.name, True) for edge in reversed(_waist(panel)))


def _waist_seams(tops: tuple[Panel, ...], band: Panel) -> list[Seam]:
    seams = [sew("waistband", ["waistband.end_right"], ["-waistband.end_left"])]
    for piece, panel in zip(PIECES, tops, strict=True):
        seams.append(Seam(f"waist {piece}", _waist_run(panel), refs(f"{band.name}.lower_{piece}")))
    return seams


def run(panel: Panel, start: str, upward: bool) -> list[str]:
    """The edges of a panel whose names start so, upward; `upward` tells whether the outline runs that way."""
    names = [edge.name for edge in panel.edges if edge.name.startswith(start)]
    return [f"{panel.name}.{name}" for name in names] if upward else [f"-{panel.name}.{name}" for name in names[::-1]]


def _seams(panels: tuple[Panel, ...], yoke: bool) -> tuple[Seam, ...]:
    front_left, back_left, back_right, front_right = panels
    seams = [
        sew("side left", run(front_left, "side", True), run(back_left, "side", False)),
        sew("side right", run(front_right, "side", False), run(back_right, "side", True)),
        sew("inside leg left", run(front_left, "inside", False), run(back_left, "inside", True)),
        sew("inside leg right", run(front_right, "inside", True), run(back_right, "inside", False)),
    ]
    for part, upward, downward in (("front", front_right, front_left), ("back", back_left, back_right)):
        one, other = (
            run(panel, "crotch", up) + run(panel, "centre", up) for panel, up in ((upward, True), (downward, False))
        )
        seams.append(sew(f"crotch {part}", one, other))
    return tuple(seams)


def _lines(tops: tuple[Panel, ...]) -> dict[str, tuple[EdgeRef, ...]]:
    lines = {"top": refs("-waistband.upper"), "waist": tuple(ref for panel in tops for ref in _waist_run(panel))}
    lines["hip"] = refs(*(f"{piece}.hip" for piece in PIECES))
    for side in ("left", "right"):
        lines[f"thigh_{side}"] = refs(f"front_{side}.thigh", f"back_{side}.thigh")
        lines[f"hem_{side}"] = refs(f"front_{side}.hem", f"back_{side}.hem")
    return lines
