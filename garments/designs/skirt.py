"""A skirt with a waistband: straight or A-line with darts, or flared from the waist when the flare clears the hips.

The darted skirt follows the straight block of Aldrich, "Metric Pattern Cutting for Women's Wear": a quarter of the
eased hip for each half panel, the surplus over the waist shared between a curved side seam and darts, front darts half
and back darts 0.7 of the hip's depth, the waist raised 1 cm at the side. The flared skirt is a sector of a cone (the
same book's circular skirts). Flat frame: x = 0 is the centre, y = 0 the waist at the centre.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, hypot, pi, sin

import numpy as np

from garments.drafting import Option, chosen, needed, smooth_run, solve_increasing, upright
from garments.edges import Edge, arc, curve, line
from garments.pattern import EdgeRef, Notch, Panel, Pattern, Seam, refs, sew

NAME = "skirt"
TITLE = "skirt"
FABRIC = "royal_target"
SUITED = ("woven", "knit")
NEEDS = ("waist_girth", "hip_girth", "waist_height", "waist_to_hip")
OPTIONS = {
    "ease_waist": Option(0.015, 0.0, 0.10, "m", "how much larger than the waist the waistband is"),
    "ease_hip": Option(0.05, 0.0, 0.40, "m", "least ease at the hip"),
    "length": Option(0.55, 0.30, 0.93, "waist_height", "length from the waist, as a share of the waist's height"),
    "flare": Option(0.16, 0.0, 1.6, "m", "how much wider than the hips the hem is; a wide flare needs no darts"),
    "waistband": Option(0.035, 0.02, 0.08, "m", "finished height of the waistband"),
}
_SIDE_RISE = 0.01
_SIDE_SHAPING = 0.036
_DART_DEPTH = {"front": 0.5, "back": 0.7}
_DART_WIDEST = {"front": 0.036, "back": 0.028}
_DART_NARROWEST = 0.01
_WAIST_SHIFT = {"front": 0.007, "back": -0.007}
_HIP_SHIFT = {"front": 0.005, "back": -0.005}


@dataclass(frozen=True, slots=True)
class _Sizes:
    """Finished girths and depths of the whole skirt [m]."""

    waist: float
    hip: float
    hem: float
    hip_depth: float
    length: float

    @property
    def cone(self) -> float:
        """Angle [rad] of the sector that each of the two panels would be, cut as a cone without darts."""
        return min((self.hem - self.waist) / (2.0 * self.length), 0.95 * pi)

    @property
    def flared(self) -> bool:
        """Whether that cone is wide enough at the hips."""
        return self.waist + 2.0 * self.cone * self.hip_depth >= self.hip


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """A skirt's pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE)
    option = chosen(OPTIONS, options, TITLE)
    waist = body["waist_girth"] + option["ease_waist"]
    widest = max(body["hip_girth"], measurements.get("high_hip_girth", 0.0))
    hip = max(widest + option["ease_hip"], waist + 0.02)
    length = max(option["length"] * body["waist_height"], body["waist_to_hip"] + 0.06)
    sizes = _Sizes(waist, hip, hip + option["flare"], body["waist_to_hip"], length)
    part = _flared_panel if sizes.flared else _darted_panel
    front, back = part("front", sizes), part("back", sizes)
    band = _waistband(front, back, option["waistband"])
    waist_run = tuple(ref for panel in (front, back) for ref in _waist_run(panel))
    lines = {"top": refs("-waistband.upper"), "waist": waist_run}
    lines |= {name: refs(f"front.{name}", f"back.{name}") for name in ("hip", "hem")}
    return Pattern(NAME, (front, back, band), _seams(front, back), lines, body)


def _darted_panel(part: str, sizes: _Sizes) -> Panel:
    waist = 0.25 * sizes.waist + _WAIST_SHIFT[part]
    hip = 0.25 * sizes.hip + _HIP_SHIFT[part]
    surplus = hip - waist
    at_side = min(0.5 * surplus, _SIDE_SHAPING)
    if surplus - at_side < _DART_NARROWEST:
        at_side = surplus
    intake = surplus - at_side
    count = 0 if intake <= 0.0 else 1 if intake <= _DART_WIDEST[part] else 2
    depth = _DART_DEPTH[part] * sizes.hip_depth
    flare = 0.25 * (sizes.hem - sizes.hip)
    below = sizes.length - sizes.hip_depth
    lift = below - (below**2 / hypot(below, flare))
    hem = np.array([hip + flare, lift - sizes.length])
    top = _waist_curve(waist + intake)
    side = smooth_run(["side_hip_{}", "side_waist_{}"], np.array([hem, (hip, -sizes.hip_depth), top.start]))
    half = [*side, *_darted_waist(top, waist, intake, count, depth)]
    plus, minus = _sides(part)
    edges = (
        arc("hem", hem * (-1.0, 1.0), (0.0, -sizes.length), hem),
        *(edge.named(edge.name.format(plus)) for edge in half),
        *(edge.mirrored(edge.name.format(minus)) for edge in reversed(half)),
    )
    hip_line = line("hip", (-hip, -sizes.hip_depth), (hip, -sizes.hip_depth))
    return _panel(part, edges, hip_line, sizes)


def _waist_curve(length: float) -> Edge:
    """From the raised side to the centre, level at the centre, of the given length [m]."""

    def reaching(x: float) -> Edge:
        return curve("waist", (x, _SIDE_RISE), (0.45 * x, 0.0), (0.0, 0.0))

    return reaching(solve_increasing(lambda x: reaching(x).length, length, 0.5 * length, length))


def _darted_waist(top: Edge, waist: float, intake: float, count: int, depth: float) -> list[Edge]:
    """Waist pieces and dart legs from side to centre; each dart points square into the panel."""
    if count == 0:
        return [top.named("waist_0_{}")]
    whole = waist + intake
    each = intake / count
    pieces = np.array({1: (0.5, 0.5), 2: (0.32, 0.30, 0.38)}[count]) * waist
    edges, at = [], 0.0
    for k, piece in enumerate(pieces):
        edges.append(top.part(at / whole, (at + piece) / whole, f"waist_{k}_{{}}"))
        at += piece + each
        if k < count:
            outer, inner = edges[-1].end, top.at(np.array([at / whole]))[0]
            across = inner - outer
            square = np.array([-across[1], across[0]]) / np.linalg.norm(across)
            apex = 0.5 * (outer + inner) + depth * (1.0 - 0.12 * (count - 1 - k)) * square
            edges += [line(f"dart_{k}_outer_{{}}", outer, apex), line(f"dart_{k}_inner_{{}}", apex, inner)]
    return [*edges[:-1], Edge(edges[-1].name, np.array([*edges[-1].controls[:-1], top.end]))]


def _flared_panel(part: str, sizes: _Sizes) -> Panel:
    """A sector of the cone: waist, hip line and hem are arcs about one centre."""
    radius = 0.5 * sizes.waist / sizes.cone
    half = 0.5 * sizes.cone
    plus, minus = _sides(part)

    def point(depth: float, angle: float) -> np.ndarray:
        return np.array([0.0, radius]) + (radius + depth) * np.array([sin(angle), -cos(angle)])

    def ring(name: str, depth: float, start: float, end: float) -> Edge:
        return arc(name, point(depth, start), point(depth, 0.5 * (start + end)), point(depth, end))

    length, hip = sizes.length, sizes.hip_depth
    edges = (
        ring("hem", length, -half, half),
        line(f"side_hip_{plus}", point(length, half), point(hip, half)),
        line(f"side_waist_{plus}", point(hip, half), point(0.0, half)),
        ring(f"waist_0_{plus}", 0.0, half, 0.0),
        ring(f"waist_0_{minus}", 0.0, 0.0, -half),
        line(f"side_waist_{minus}", point(0.0, -half), point(hip, -half)),
        line(f"side_hip_{minus}", point(hip, -half), point(length, -half)),
    )
    return _panel(part, edges, ring("hip", hip, -half, half), sizes)


def _panel(part: str, edges: tuple[Edge, ...], hip_line: Edge, sizes: _Sizes) -> Panel:
    notches = tuple(Notch(f"side_waist_{side}", 0.0) for side in ("left", "right"))
    grain = upright(-0.85 * sizes.length, -0.25 * sizes.length)
    return Panel(part, edges, grain, f"trunk {part}", 0.015, {"hem": 0.04}, notches, (hip_line,))


def _waistband(front: Panel, back: Panel, height: float) -> Panel:
    """A straight band, closed at the centre back; its quarters match the panels' waists."""
    quarters = [_waist_length(back, "right"), _waist_length(front, "right"),
                _waist_length(front, "left"), _waist_length(back, "left")]  # fmt: skip
    x = np.cumsum([0.0, *quarters]) - 0.5 * sum(quarters)
    names = ("lower_back_right", "lower_front_right", "lower_front_left", "lower_back_left")
    lower = [line(name, (a, 0.0), (b, 0.0)) for name, a, b in zip(names, x[:-1], x[1:], strict=True)]
    edges = (
        *lower,
        line("end_left", (x[-1], 0.0), (x[-1], height)),
        line("upper", (x[-1], height), (x[0], height)),
        line("end_right", (x[0], height), (x[0], 0.0)),
    )
    grain = np.array([[x[1], 0.5 * height], [x[3], 0.5 * height]])
    return Panel("waistband", edges, grain, "trunk", 0.01, notches=tuple(Notch(name, 1.0) for name in names[:3]))


def _waist_length(panel: Panel, side: str) -> float:
    return sum(edge.length for edge in panel.edges if _is_waist(edge, side))


def _is_waist(edge: Edge, side: str) -> bool:
    return edge.name.startswith("waist_") and edge.name.endswith(side)


def _waist_run(panel: Panel) -> list[EdgeRef]:
    """The waist edges from the panel's -x side to its +x side."""
    return [EdgeRef(panel.name, edge.name, True) for edge in reversed(panel.edges) if edge.name.startswith("waist_")]


def _seams(front: Panel, back: Panel) -> tuple[Seam, ...]:
    seams = [sew("waistband", ["waistband.end_left"], ["-waistband.end_right"])]
    for panel in (front, back):
        part = panel.name
        for side in ("left", "right"):
            run = [f"-{part}.{edge.name}" for edge in reversed(panel.edges) if _is_waist(edge, side)]
            seams.append(sew(f"waist {part} {side}", run, [f"waistband.lower_{part}_{side}"]))
        for edge in panel.edges:
            if "_outer_" in edge.name:
                inner = edge.name.replace("_outer_", "_inner_")
                seams.append(sew(f"{part} {edge.name}", [f"{part}.{edge.name}"], [f"-{part}.{inner}"]))
    for side in ("left", "right"):
        names = [edge.name for edge in front.edges if edge.name.startswith("side_") and edge.name.endswith(side)]
        seams.append(sew(f"side {side}", [f"front.{name}" for name in names], [f"-back.{name}" for name in names]))
    return tuple(seams)


def _sides(part: str) -> tuple[str, str]:
    """The wearer's side at +x and at -x, seen from outside."""
    return ("left", "right") if part == "front" else ("right", "left")
