"""What skirts share: panels with darts, sectors of a cone, the waistband, and the seams between them.

The darted panel follows the straight block of Aldrich, "Metric Pattern Cutting for Women's Wear": a quarter of the
eased hip for each half panel, the surplus over the waist shared between a curved side seam and two darts, in front half
and behind 0.7 as deep as the hip, the waist raised 1 cm at the side. The sector is the same book's circular skirt.
Flat frame: x = 0 is the centre, y = 0 the waist at the centre.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, hypot, sin

import numpy as np

from garments.blocks.bodice import SIDES
from garments.blocks.drafting import Option, smooth_run, solve_increasing, upright
from garments.blocks.shaping import LEAST_DART, Dart, Shaped, closures, darted, joined
from garments.edges import Edge, arc, curve, line
from garments.fastening import Band, elastic
from garments.pattern import EdgeRef, Notch, Panel, Pattern, Seam, refs, sew

SKIRT_NEEDS = ("waist_girth", "hip_girth", "waist_height", "waist_to_hip")
SKIRT_HELPFUL = ("high_hip_girth",)
_LEGS_APART, _LEGS_ROUND = 0.24, 1.34
_ELASTIC = 0.9
"""Length of the waistband's elastic, as a share of the waist."""
_SIDE_RISE = 0.01
_SIDE_SHAPING = 0.036
_DARTS = np.array((0.32, 0.62))
"""Where on the waist the darts are, as shares of it from the side: two in every size and on every body, so that sizes
grade."""
DART_OPTIONS = {
    "dart_front": Option(0.50, 0.30, 0.75, "waist_to_hip", "depth of the front darts, as a share of the hip's depth"),
    "dart_back": Option(0.70, 0.40, 0.90, "waist_to_hip", "depth of the back darts, as a share of the hip's depth"),
}
"""The options of skirts that are shaped by darts."""
_WAIST_SHIFT = {"front": 0.007, "back": -0.007}
_HIP_SHIFT = {"front": 0.005, "back": -0.005}


def skirt_options(**defaults: tuple[float, float, float]) -> dict[str, Option]:
    """The options that skirts share; a design gives those (default, low, high) in which it differs from an A-line."""
    options = {
        "ease_waist": Option(0.015, -0.12, 0.10, "m", "how much larger than the waist the waistband is"),
        "ease_hip": Option(0.06, 0.0, 0.40, "m", "least ease at the hip"),
        "length": Option(0.55, 0.30, 0.93, "waist_height", "length from the waist, as a share of the waist's height"),
        "waistband": Option(0.035, 0.02, 0.08, "m", "finished height of the waistband"),
    }
    for name, (default, low, high) in defaults.items():
        options[name] = Option(default, low, high, options[name].unit, options[name].help)
    return options


def skirt_length(pattern: Pattern) -> float | None:
    """How far the hem lies below the waist [m] down the centre, in front where both differ, through all pieces between
    them; None of a pattern without both lines."""
    if not {"waist", "hem"} <= set(pattern.lines):
        return None
    lowest = pattern.lines["hem"][0].panel
    waist = [ref for ref in pattern.lines["waist"] if ref.panel == lowest] or pattern.lines["waist"]
    above, below = pattern.panel(waist[0].panel), pattern.panel(lowest)
    waist = [ref for ref in waist if ref.panel == above.name]
    hem = [ref for ref in pattern.lines["hem"] if ref.panel == lowest]
    top, bottom = (_central(np.vstack([pattern.edge(ref).sampled(33) for ref in run])) for run in (waist, hem))
    if above is below:
        return top - bottom
    return top - float(above.outline()[:, 1].min()) + float(below.outline()[:, 1].max()) - bottom


def _central(points: np.ndarray) -> float:
    """How high [m] the one of these points lies that is nearest to the centre."""
    return float(points[np.abs(points[:, 0]).argmin(), 1])


@dataclass(frozen=True, slots=True)
class Sizes:
    """Finished girths and depths of the whole skirt [m], and how deep the darts of its front and back are."""

    waist: float
    hip: float
    hip_depth: float
    length: float
    darts: Mapping[str, float]


def sizes(body: Mapping[str, float], fuller: float, option: Mapping[str, float]) -> Sizes:
    """What a skirt must measure; `fuller` [m]: a girth near the hip that may be larger, 0 where nobody measured it."""
    waist = body["waist_girth"] + option["ease_waist"]
    hip = max(max(body["hip_girth"], fuller) + option["ease_hip"], waist + 0.02)
    length = max(option["length"] * body["waist_height"], body["waist_to_hip"] + 0.06)
    darts = {part: option.get(f"dart_{part}", 0.0) * body["waist_to_hip"] for part in ("front", "back")}
    return Sizes(waist, hip, body["waist_to_hip"], length, darts)


def round_thighs(body: Mapping[str, float]) -> float:
    """The girth [m] round both thighs of somebody who stands at ease, from that of one: measured on the built-in body
    of women and men in all sizes and builds, with an error of 2 cm (sd); 0 where nobody measured it. On narrow hips the
    legs stand further out than the seat."""
    thigh = body.get("thigh_girth", 0.0)
    return _LEGS_APART + _LEGS_ROUND * thigh if thigh > 0.0 else 0.0


def darted_half(part: str, made: Sizes, flare: float) -> Shaped:
    """The +x half of a panel from hem to centre, its hem wider than its hip by `flare` [m]; names hold a place for the
    side."""
    waist, hip = 0.25 * made.waist + _WAIST_SHIFT[part], _hip(part, made)
    surplus = hip - waist
    intake = max(surplus - min(0.5 * surplus, _SIDE_SHAPING), 2.0 * LEAST_DART)
    below = made.length - made.hip_depth
    hem = np.array([hip + flare, below - below**2 / hypot(below, flare) - made.length])
    top = _waist_curve(waist + intake)
    side = smooth_run(["side_hip_{}", "side_waist_{}"], np.array([hem, (hip, -made.hip_depth), top.start]))
    places = (_DARTS * waist + np.array((0.25, 0.75)) * intake) / top.length
    depths = made.darts[part] * np.array((0.88, 1.0))
    darts = [
        Dart(f"dart_{k}_{{}}", float(at), 0.5 * intake, float(depth))
        for k, (at, depth) in enumerate(zip(places, depths, strict=True))
    ]
    return joined(*side, darted(top, darts))


def darted_panel(part: str, made: Sizes, flare: float) -> Panel:
    """Front or back in one piece, straight or A-line."""
    half = darted_half(part, made, flare)
    hem, hip = half.edges[0].start, _hip(part, made)
    bottom = arc("hem", hem * (-1.0, 1.0), (0.0, -made.length), hem)
    level = line("hip", (-hip, -made.hip_depth), (hip, -made.hip_depth))
    return _panel(part, joined(bottom, half.whole(*_sides(part))), level, made)


def sector_panel(part: str, made: Sizes, angle: float) -> Panel:
    """Front or back as a sector of a cone `angle` [rad] wide: waist, hip line and hem are arcs about one centre."""
    radius, half = 0.5 * made.waist / angle, 0.5 * angle

    def point(depth: float, at: float) -> np.ndarray:
        return np.array([0.0, radius]) + (radius + depth) * np.array([sin(at), -cos(at)])

    def ring(name: str, depth: float, start: float, end: float) -> Edge:
        return arc(name, point(depth, start), point(depth, 0.5 * (start + end)), point(depth, end))

    length, hip = made.length, made.hip_depth
    run = joined(
        line("side_hip_{}", point(length, half), point(hip, half)),
        line("side_waist_{}", point(hip, half), point(0.0, half)),
        ring("waist_0_{}", 0.0, half, 0.0),
    )
    outline = joined(ring("hem", length, -half, half), run.whole(*_sides(part)))
    return _panel(part, outline, ring("hip", hip, -half, half), made)


def waistband(panels: Iterable[Panel], height: float) -> Panel:
    """A straight band, closed at the centre back; its quarters match the waists of front and back."""
    named = list(panels)
    quarters = [_waist_length(named, part, side) for part, side in _QUARTERS]
    x = np.cumsum([0.0, *quarters]) - 0.5 * sum(quarters)
    names = [f"lower_{part}_{side}" for part, side in _QUARTERS]
    lower = [line(name, (a, 0.0), (b, 0.0)) for name, a, b in zip(names, x[:-1], x[1:], strict=True)]
    edges = (
        *lower,
        line("end_left", (x[-1], 0.0), (x[-1], height)),
        line("upper", (x[-1], height), (x[0], height)),
        line("end_right", (x[0], height), (x[0], 0.0)),
    )
    grain = np.array([[x[1], 0.5 * height], [x[3], 0.5 * height]])
    return Panel("waistband", edges, grain, "trunk", 0.01, notches=tuple(Notch(name, 1.0) for name in names[:3]))


def waist_elastic(body: Mapping[str, float], made: Sizes) -> Band:
    """Elastic in the upper edge of the waistband: where hips are hardly wider than the waist nothing else holds it up,
    as whatever ease it has lets it slide."""
    return elastic("waist elastic", refs("-waistband.upper"), _ELASTIC * min(body["waist_girth"], made.waist))


def waist_run(panels: Iterable[Panel]) -> tuple[EdgeRef, ...]:
    """The waist edges of panels, each from its -x side to its +x side."""
    return tuple(
        EdgeRef(panel.name, edge.name, True)
        for panel in panels
        for edge in reversed(panel.edges)
        if edge.name.startswith("waist_")
    )


def waist_seams(panels: Iterable[Panel]) -> list[Seam]:
    """Darts and pleats closed, and the waistband closed and sewn on."""
    seams = [sew("waistband", ["waistband.end_left"], ["-waistband.end_right"])]
    for panel in panels:
        seams += closures(panel)
        part = panel.name.split("_")[0]
        for side in SIDES:
            run = [f"-{panel.name}.{edge.name}" for edge in reversed(panel.edges) if _is_waist(edge, side)]
            if run:
                seams.append(sew(f"waist {part} {side}", run, [f"waistband.lower_{part}_{side}"]))
    return seams


def side_seams(front: Panel, back: Mapping[str, Panel]) -> list[Seam]:
    """Both side seams; `back` is the panel that has each side."""
    seams = []
    for side in SIDES:
        names = [edge.name for edge in front.edges if edge.name.startswith("side_") and edge.name.endswith(side)]
        other = [f"-{back[side].name}.{name}" for name in names]
        seams.append(sew(f"side {side}", [f"front.{name}" for name in names], other))
    return seams


_QUARTERS = (("back", "right"), ("front", "right"), ("front", "left"), ("back", "left"))


def _panel(part: str, outline: Shaped, hip_line: Edge, made: Sizes) -> Panel:
    plus, minus = SIDES if part == "front" else SIDES[::-1]
    # At the hip, where the side seam of the plus half begins, and that of the other, which runs downward, ends.
    notches = (Notch(f"side_waist_{plus}", 0.0), Notch(f"side_waist_{minus}", 1.0))
    grain = upright(-0.85 * made.length, -0.25 * made.length)
    centre = line("fold_centre", (0.0, -made.length), (0.0, 0.0))
    return Panel(
        part, outline.edges, grain, f"trunk {part}", 0.015, {"hem": 0.04}, (*notches, *outline.notches), (hip_line,),
        (centre, *outline.marks), outline.drills, fold=centre.name,
    )  # fmt: skip


def _hip(part: str, made: Sizes) -> float:
    return 0.25 * made.hip + _HIP_SHIFT[part]


def _waist_curve(length: float) -> Edge:
    """From the raised side to the centre, level at the centre, of the given length [m]."""

    def reaching(x: float) -> Edge:
        return curve("waist_{}", (x, _SIDE_RISE), (0.45 * x, 0.0), (0.0, 0.0))

    return reaching(solve_increasing(lambda x: reaching(x).length, length, 0.5 * length, length))


def _waist_length(panels: Iterable[Panel], part: str, side: str) -> float:
    return sum(
        edge.length for panel in panels if panel.name.startswith(part) for edge in panel.edges if _is_waist(edge, side)
    )


def _is_waist(edge: Edge, side: str) -> bool:
    return edge.name.startswith("waist_") and edge.name.endswith(side)


def _sides(part: str) -> tuple[str, str]:
    """The wearer's side at +x and at -x, seen from outside."""
    return SIDES if part == "front" else SIDES[::-1]
