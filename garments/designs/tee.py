"""A T-shirt with set-in sleeves and a shaped rib neckband.

Drafted in the manner of Aldrich, "Metric Pattern Cutting" (tee block: front and back of equal width, a sixth of the
neck for the neck's half width), with the depth of the armhole from bust and stature fitted to her size tables (bust 88
and height 164 cm: 21 cm; chest 100 and 178 cm: about 24 cm). The sleeve's cap is solved, not drawn: its height is the
one at which the cap's halves equal the armhole's halves plus their ease while the sleeve is as wide as the arm needs.
Flat frame: x = 0 is the centre (or the sleeve's axis), y = 0 the nape (or the underarm line).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import cos, pi, sin, tan

import numpy as np

from assets.mesh import frozen
from garments.drafting import Option, chosen, needed, smooth_run, solve_increasing, upright
from garments.edges import Edge, arc, curve, line
from garments.pattern import EdgeRef, Notch, Panel, Pattern, Seam, refs, sew

NAME = "tee"
TITLE = "T-shirt"
FABRIC = "gray_interlock"
SUITED = ("knit",)
NEEDS = (
    "stature", "bust_height", "cervicale_height", "neck_base_girth", "bust_girth", "waist_girth", "hip_girth",
    "upper_arm_girth", "wrist_girth", "across_back_shoulder_width", "back_width", "front_width",
    "back_neck_to_waist", "waist_to_hip", "arm_length",
)  # fmt: skip
OPTIONS = {
    "ease_bust": Option(0.09, -0.04, 0.40, "m", "how much larger than the bust the garment is"),
    "ease_waist": Option(0.12, -0.02, 0.50, "m", "least ease at the waist"),
    "ease_hip": Option(0.05, -0.04, 0.40, "m", "least ease at the hip"),
    "ease_arm": Option(0.06, -0.01, 0.25, "m", "ease round the upper arm"),
    "shaping": Option(0.012, 0.0, 0.05, "m", "how far each side seam may come in at the waist"),
    "length": Option(0.04, -0.30, 0.40, "m", "length below the hip line"),
    "sleeve_length": Option(0.36, 0.22, 1.0, "arm_length", "sleeve length from the shoulder, as a share of the arm's"),
    "sleeve_ease": Option(0.015, 0.0, 0.05, "armhole", "how much longer the sleeve cap is than the armhole"),
    "neckline_depth": Option(0.04, 0.005, 0.16, "m", "depth of the front neckline below the neck"),
    "neckline_width": Option(0.025, 0.008, 0.07, "m", "how far the neckline stands off the neck on each side"),
    "neckband": Option(0.02, 0.012, 0.05, "m", "finished height of the neckband"),
    "shoulder_slope": Option(0.35, 0.15, 0.55, "rad", "slope of the shoulder seam"),
    "shoulder_extension": Option(0.006, -0.03, 0.08, "m", "how far the shoulder seam passes the shoulder bone"),
}
_NECK_RISE = 0.022
_BAND_TURN = 1.3 * pi
_BAND_STRETCH = 0.03
_CAP_HIGHEST, _CAP_LOWEST = 0.28, 0.16
_BICEPS_BELOW = 0.02
_CAP_SHAPE = {"front": (0.50, 0.44), "back": (0.40, 0.48)}


@dataclass(frozen=True, slots=True)
class _Frame:
    """The points that front and back share [m]; x of the wearer's half, y from the nape."""

    slope: float
    neck: np.ndarray
    shoulder: np.ndarray
    neckline: dict[str, float]
    across: dict[str, float]
    side: dict[str, np.ndarray]


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """A tee's pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE)
    option = chosen(OPTIONS, options, TITLE)
    frame, sleeve = _frame_and_sleeve(body, option)
    front, back = _body_panel("front", frame), _body_panel("back", frame)
    panels = (front, back, sleeve, _mirror_sleeve(sleeve), _neckband(front, back, option["neckband"]))
    return Pattern(NAME, panels, _seams(panels), _lines(frame), body)


def _frame_and_sleeve(body: dict[str, float], option: dict[str, float]) -> tuple[_Frame, Panel]:
    """The armhole is deepened until a sleeve wide enough for the arm has a cap that still turns over the shoulder."""
    for deeper in np.arange(0.0, 0.2, 0.01):
        frame = _frame(body, option, float(deeper))
        sleeve, height, armhole = _sleeve(frame, body, option)
        if height > _CAP_LOWEST * armhole:
            break
    return frame, sleeve


def _frame(body: dict[str, float], option: dict[str, float], deeper: float) -> _Frame:
    slope = option["shoulder_slope"]
    neck_base = body["neck_base_girth"] / 6.0 + 0.004
    neck_x = neck_base + option["neckline_width"]
    shoulder_x = max(0.5 * body["across_back_shoulder_width"] + option["shoulder_extension"], neck_x + 0.04)
    neck, shoulder = (np.array([x, _NECK_RISE - (x - neck_base) * tan(slope)]) for x in (neck_x, shoulder_x))
    depth = 0.10 * body["bust_girth"] + 0.12 * body["stature"] - 0.075 + 0.005 + deeper
    side = _side_points(body, option, depth)
    widest = side["underarm"][0] - 0.025
    back = float(np.clip(0.5 * body["back_width"] + 0.012, 0.7 * shoulder_x, min(shoulder_x - 0.006, widest)))
    front = float(np.clip(0.5 * body["front_width"] + 0.010, 0.66 * shoulder_x, back - 0.007))
    neckline = {"front": neck[1] - body["neck_base_girth"] / 6.0 - option["neckline_depth"], "back": -0.006}
    return _Frame(slope, neck, shoulder, neckline, {"front": front, "back": back}, side)


def _side_points(body: dict[str, float], option: dict[str, float], scye: float) -> dict[str, np.ndarray]:
    """Points of the side seam by level, hem first; levels too close to their neighbours are left out."""
    bust = 0.25 * (body["bust_girth"] + option["ease_bust"])
    waist = max(0.25 * (body["waist_girth"] + option["ease_waist"]), bust - option["shaping"])
    hip = max(0.25 * (body["hip_girth"] + option["ease_hip"]), bust - 0.5 * option["shaping"])
    bust_level = max(scye + 0.025, body["cervicale_height"] - body["bust_height"])
    waist_level = max(body["back_neck_to_waist"], bust_level + 0.05)
    hip_level = waist_level + body["waist_to_hip"]
    hem_level = max(hip_level + option["length"], bust_level + 0.05)
    levels = np.array([scye, bust_level, waist_level, hip_level])
    widths = np.array([bust, bust, waist, hip])
    points = {"hem": np.array([np.interp(hem_level, levels, widths), -hem_level])}
    for name, x, level in (("hip", hip, hip_level), ("waist", waist, waist_level), ("bust", bust, bust_level)):
        if hem_level - level > 0.02:
            points[name] = np.array([x, -level])
    points["underarm"] = np.array([bust, -scye])
    return points


def _body_panel(part: str, frame: _Frame) -> Panel:
    """Front or back. Seen from outside, +x is the wearer's left on the front and right on the back."""
    plus, minus = ("left", "right") if part == "front" else ("right", "left")
    half = _half_outline(part, frame)
    right = [edge.named(edge.name.format(plus)) for edge in half]
    left = [edge.mirrored(edge.name.format(minus)) for edge in reversed(half)]
    hem = frame.side["hem"]
    lines = tuple(
        line(name, point * (-1.0, 1.0), point) for name, point in frame.side.items() if name not in ("hem", "underarm")
    )
    edges = (line("hem", hem * (-1.0, 1.0), hem), *right, *left)
    mark = "single" if part == "front" else "double"
    notches = [Notch(f"armhole_low_{side}", 1.0, mark) for side in ("left", "right")]
    notches += [Notch(f"side_{name}_{side}", 1.0) for name in frame.side if name == "waist" for side in (plus, minus)]
    allowances = {"hem": 0.025, f"neck_{plus}": 0.006, f"neck_{minus}": 0.006}
    grain = upright(float(hem[1]) + 0.1, float(frame.neckline["front"]) - 0.1)
    return Panel(part, edges, grain, f"trunk {part}", allowances=allowances, notches=tuple(notches), lines=lines)


def _half_outline(part: str, frame: _Frame) -> list[Edge]:
    """Edges of the +x half from hem to centre neck; names hold a place for the side."""
    levels = list(frame.side)
    side = smooth_run([f"side_{name}_{{}}" for name in levels[1:]], np.array([frame.side[name] for name in levels]))
    centre = np.array([0.0, frame.neckline[part]])
    across_neck = -np.array([sin(frame.slope), cos(frame.slope)])
    drop = frame.neck[1] - centre[1]
    steep, flat = (0.42, 0.62) if part == "front" else (0.45, 0.60)
    level = np.array([flat * frame.neck[0], centre[1]])
    neck = curve("neck_{}", frame.neck, frame.neck + steep * drop * across_neck, level, centre)
    return [*side, *_armhole(part, frame), line("shoulder_{}", frame.shoulder, frame.neck), neck]


def _armhole(part: str, frame: _Frame) -> list[Edge]:
    """Level at the underarm, upright across the back, square to the shoulder seam."""
    under, tip = frame.side["underarm"], frame.shoulder
    across = np.array([frame.across[part], under[1] + 0.47 * (tip[1] - under[1])])
    inward, rise = under[0] - across[0], across[1] - under[1]
    low = curve("armhole_low_{}", under, under - (0.58 * inward, 0.0), across - (0.0, 0.62 * rise), across)
    reach = 0.38 * (tip[1] - across[1])
    upward, square = np.array([0.0, reach]), reach * np.array([sin(frame.slope), cos(frame.slope)])
    return [low, curve("armhole_high_{}", across, across + upward, tip - square, tip)]


def _sleeve(frame: _Frame, body: dict[str, float], option: dict[str, float]) -> tuple[Panel, float, float]:
    """The left sleeve (seen from outside: front at -x), its cap's height and the armhole's length [m]."""
    armhole = {part: sum(edge.length for edge in _armhole(part, frame)) for part in ("front", "back")}
    whole = armhole["front"] + armhole["back"]
    cap = {part: length * (1.0 + option["sleeve_ease"]) for part, length in armhole.items()}
    width = body["upper_arm_girth"] + option["ease_arm"]
    height, halves = _cap(cap, width, _CAP_HIGHEST * whole)
    total = max(option["sleeve_length"] * body["arm_length"], height + 0.04)
    share = float(np.clip(total / body["arm_length"], 0.0, 1.0))
    wrist = body["wrist_girth"] + 0.05
    hem = sum(halves.values()) * (1.0 - 0.10 * share)
    hem += max(share - 0.4, 0.0) / 0.6 * (min(wrist, hem) - hem)
    middle = 0.5 * (halves["back"] - halves["front"])
    hem_front, hem_back = (np.array([middle + side * 0.5 * hem, height - total]) for side in (-1.0, 1.0))
    back_under, front_under = np.array([halves["back"], 0.0]), np.array([-halves["front"], 0.0])
    share_low = _BICEPS_BELOW / (total - height)
    front_low = front_under + share_low * (hem_front - front_under)
    back_low = back_under + share_low * (hem_back - back_under)
    edges = (
        line("hem", hem_front, hem_back),
        line("under_back_low", hem_back, back_low),
        line("under_back", back_low, back_under),
        _cap_half("back", halves["back"], height).named("cap_back"),
        _cap_half("front", halves["front"], height).mirrored("cap_front"),
        line("under_front", front_under, front_low),
        line("under_front_low", front_low, hem_front),
    )
    ratio = {part: _armhole(part, frame)[0].length / armhole[part] for part in armhole}
    notches = (
        Notch("cap_back", 1.0), Notch("cap_back", ratio["back"], "double"), Notch("cap_front", 1.0 - ratio["front"]),
    )  # fmt: skip
    grain = upright(height - total + 0.03, height - 0.03)
    biceps = (line("biceps", front_low, back_low),)
    panel = Panel("sleeve_left", edges, grain, "left arm", allowances={"hem": 0.025}, notches=notches, lines=biceps)
    return panel, height, whole


def _cap(lengths: dict[str, float], width: float, highest: float) -> tuple[float, dict[str, float]]:
    """Cap height [m] and half widths [m] at which both halves have their lengths and the sleeve its width."""

    def halves(height: float) -> dict[str, float]:
        return {part: _half_width(part, height, length) for part, length in lengths.items()}

    upper = min(highest, 0.95 * min(lengths.values()))
    height = solve_increasing(lambda h: -sum(halves(h).values()), -width, 0.02, upper)
    return height, halves(height)


def _half_width(part: str, height: float, length: float) -> float:
    """The half width [m] at which the cap's half is `length` [m] long: Newton, as the length is convex in the width."""
    across, up = _unit_cap(part)
    width = length
    for _ in range(12):
        steps = np.hypot(width * across, height * up)
        change = float((steps.sum() - length) / (width * across**2 / steps).sum())
        width -= change
        if abs(change) < 1e-9:
            break
    return width


@cache
def _unit_cap(part: str) -> tuple[np.ndarray, np.ndarray]:
    """Steps across and up along the cap's half of unit width and height."""
    across, up = np.diff(_cap_half(part, 1.0, 1.0).at(np.linspace(0.0, 1.0, 97)), axis=0).T
    return frozen(across), frozen(up)


def _cap_half(part: str, width: float, height: float) -> Edge:
    """From the underarm at (width, 0) to the top: hollow below, round above, the front hollower than the back."""
    hollow, round_ = _CAP_SHAPE[part]
    return curve(part, (width, 0.0), (width * (1.0 - hollow), 0.0), (width * round_, height), (0.0, height))


def _mirror_sleeve(sleeve: Panel) -> Panel:
    edges = tuple(edge.mirrored(edge.name) for edge in reversed(sleeve.edges))
    lines = tuple(edge.mirrored(edge.name) for edge in sleeve.lines)
    notches = tuple(notch._replace(at=1.0 - notch.at) for notch in sleeve.notches)
    return Panel("sleeve_right", edges, sleeve.grain, "right arm", sleeve.allowance, sleeve.allowances, notches, lines)


def _neckband(front: Panel, back: Panel, width: float) -> Panel:
    """A ring sector that lies flat round the neck: the outer arc is sewn to the neckline, the inner is the opening."""
    lengths = [panel.edge(f"neck_{side}").length for panel, side in
               ((back, "right"), (front, "right"), (front, "left"), (back, "left"))]  # fmt: skip
    outer = sum(lengths) * (1.0 - _BAND_STRETCH)
    radius = outer / _BAND_TURN
    angles = 0.5 * pi + 0.5 * (2.0 * pi - _BAND_TURN) + np.cumsum([0.0, *lengths]) / sum(lengths) * _BAND_TURN
    names = ("outer_back_right", "outer_front_right", "outer_front_left", "outer_back_left")

    def point(distance: float, angle: float) -> np.ndarray:
        return distance * np.array([cos(angle), sin(angle)])

    def ring(name: str, distance: float, start: float, end: float) -> Edge:
        return arc(name, point(distance, start), point(distance, 0.5 * (start + end)), point(distance, end))

    edges = [ring(name, radius, a, b) for name, a, b in zip(names, angles[:-1], angles[1:], strict=True)]
    inner = radius - width
    edges += [
        line("end_left", point(radius, angles[-1]), point(inner, angles[-1])),
        ring("opening_left", inner, angles[-1], 1.5 * pi),
        ring("opening_right", inner, 1.5 * pi, angles[0]),
        line("end_right", point(inner, angles[0]), point(radius, angles[0])),
    ]
    notches = tuple(Notch(name, 1.0) for name in names[:3])
    grain = np.array([[0.0, -radius + 0.1 * width], [0.0, -radius + 0.9 * width]])
    return Panel("neckband", tuple(edges), grain, "neck", 0.006, notches=notches)


def _seams(panels: tuple[Panel, ...]) -> tuple[Seam, ...]:
    front, back, sleeve, _, band = panels
    seams = [sew("neckband", ["neckband.end_left"], ["-neckband.end_right"])]
    for side in ("left", "right"):
        levels = [edge.name for edge in front.edges if edge.name.startswith("side_") and edge.name.endswith(side)]
        seams.append(sew(f"side {side}", [f"front.{name}" for name in levels], [f"-back.{name}" for name in levels]))
        seams.append(sew(f"shoulder {side}", [f"front.shoulder_{side}"], [f"-back.shoulder_{side}"]))
        for below in ("", "_low"):
            names = (f"sleeve_{side}.under_front{below}", f"-sleeve_{side}.under_back{below}")
            seams.append(sew(f"underarm{below} {side}", names[:1], names[1:]))
        for panel in (front, back):
            part = panel.name
            low, high = f"{part}.armhole_low_{side}", f"{part}.armhole_high_{side}"
            from_top = (part == "front") == (side == "left")
            run = [f"-{high}", f"-{low}"] if from_top else [f"-{low}", f"-{high}"]
            hole = sum(edge.length for edge in panel.edges if edge.name.endswith(side) and "armhole" in edge.name)
            ease = sleeve.edge(f"cap_{part}").length - hole
            seams.append(sew(f"armhole {part} {side}", [f"sleeve_{side}.cap_{part}"], run, ease))
            ease = band.edge(f"outer_{part}_{side}").length - panel.edge(f"neck_{side}").length
            seams.append(
                sew(f"neckline {part} {side}", [f"neckband.outer_{part}_{side}"], [f"-{part}.neck_{side}"], ease)
            )
    return tuple(seams)


def _lines(frame: _Frame) -> dict[str, tuple[EdgeRef, ...]]:
    levels = [name for name in reversed(frame.side) if name != "underarm"]
    lines = {name: refs(f"front.{name}", f"back.{name}") for name in levels}
    lines["neckline"] = refs("neckband.opening_left", "neckband.opening_right")
    for side in ("left", "right"):
        lines[f"cuff_{side}"] = refs(f"sleeve_{side}.hem")
        lines[f"biceps_{side}"] = refs(f"sleeve_{side}.biceps")
    return lines
