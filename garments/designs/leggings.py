"""Leggings: one piece a leg, smaller than the body all round, of a knit that stretches, under an elastic waistband.

Source: the close-fitting leggings block of Aldrich, "Metric Pattern Cutting for Women's Wear" (one piece, no side seam,
the back's fork twice the front's), with the girths of hip, thigh, knee, calf and ankle each taken in by the same share.
Flat frame: x = 0 is the side of the leg, y = 0 the waist seam; as drawn it is the left leg, its front at -x.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from garments.blocks.drafting import Option, chosen, needed, smooth_run, solve_increasing, upright
from garments.blocks.shaping import eased
from garments.edges import Edge, curve, line
from garments.fastening import elastic
from garments.pattern import Notch, Panel, Pattern, Seam, refs, sew

NAME = "leggings"
TITLE = "leggings"
FABRIC = "white_swim"
SUITED = ("knit",)
NEEDS = (
    "waist_girth", "hip_girth", "waist_height", "waist_to_hip", "crotch_height", "crotch_length", "knee_height",
    "ankle_height", "thigh_girth", "calf_girth", "ankle_girth",
)  # fmt: skip
OPTIONS = {
    "stretch": Option(
        0.08, 0.0, 0.18, "girth", "how much smaller than the body they are cut, as a share of its girths"
    ),
    "shorter": Option(0.02, 0.0, 0.08, "crotch_height", "how much shorter than the body the legs are cut"),
    "drop": Option(0.03, 0.0, 0.08, "m", "how far below the waist the waistband's lower edge lies"),
    "length": Option(0.92, 0.30, 0.94, "crotch_height", "inside leg, as a share of the body's"),
    "waistband": Option(0.05, 0.02, 0.10, "m", "finished height of the waistband"),
    "elastic": Option(0.88, 0.6, 1.0, "waist_girth", "length of the elastic in the waistband"),
}
_FRONT, _BACK_FORK = 0.47, 2.0
_KNEE_OVER_CALF, _CALF_LEVEL = 1.03, 0.72
_THIGH_BELOW = 0.04
_RAISED = 0.045


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """The leggings' pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE, ("knee_girth",))
    option = chosen(OPTIONS, options, TITLE)
    left = _leg(body, option)
    panels = (left, _mirrored(left))
    band = _waistband(_waist(left).length, option["waistband"])
    lines = {
        "top": refs("-waistband.upper"),
        "waistband": refs("-leg_left.waist", "-leg_right.waist"),
        "hip": refs("leg_left.hip", "leg_right.hip"),
    }
    for side in ("left", "right"):
        lines |= {f"{level}_{side}": refs(f"leg_{side}.{level}") for level in ("thigh", "hem")}
    length = min(option["elastic"] * body["waist_girth"], 2.0 * _waist(left).length)
    band_elastic = elastic("waist elastic", refs("-waistband.upper"), length)
    return Pattern(NAME, (*panels, band), _seams(panels), lines, body, (band_elastic,), option["drop"])


def _leg(body: Mapping[str, float], option: Mapping[str, float]) -> Panel:
    """The left leg: up the back of the inside leg, the crotch, along the waist and down in front."""
    taken = 1.0 - option["stretch"]
    rise = body["waist_height"] - body["crotch_height"] - option["drop"]
    hip_level = -min(max(body["waist_to_hip"] - option["drop"], 0.05), rise - 0.03)
    half = 0.5 * taken * body["hip_girth"]
    levels = _levels(body, option, rise)
    thigh = taken * body["thigh_girth"]
    spare = max(thigh + 0.03 - half, 0.02)
    fork = spare / (1.0 + _BACK_FORK)
    front_x, back_x = -_FRONT * half, (1.0 - _FRONT) * half
    middle = 0.5 * (front_x - fork + back_x + _BACK_FORK * fork)

    def inside(sign: float, reach: float, top: float) -> list[Edge]:
        points = [np.array([middle + sign * 0.5 * taken * girth, -depth]) for girth, depth in levels]
        points += [np.array([middle + sign * 0.5 * thigh, -rise - _THIGH_BELOW]), np.array([reach, top])]
        part = "back" if sign > 0.0 else "front"
        names = [f"inside_{part}_{k}" for k in range(len(points) - 1)]
        return smooth_run(names, np.array(points))

    front = inside(-1.0, front_x - fork, -rise)
    length = sum(edge.length for edge in front)
    low = solve_increasing(
        lambda y: sum(edge.length for edge in inside(1.0, back_x + _BACK_FORK * fork, y)),
        length,
        -rise - 0.02,
        -rise + 0.03,
    )
    back = inside(1.0, back_x + _BACK_FORK * fork, low)
    waist = 0.5 * taken * min(body["waist_girth"] + 0.35 * (body["hip_girth"] - body["waist_girth"]), body["hip_girth"])
    in_front, behind = (share * max(half - waist, 0.0) for share in (0.35, 0.65))
    tops = {"front": np.array([front_x + in_front, 0.0]), "back": np.array([back_x - behind, _RAISED])}
    seat = _centre("back", back[-1].end, np.array([back_x, 0.62 * low]), tops["back"], hip_level)
    fly = _centre("front", front[-1].end, np.array([front_x, hip_level]), tops["front"], hip_level)
    hem = line("hem", front[0].start, back[0].start)
    edges = (
        hem, *back, *seat, line("waist", tops["back"], tops["front"]),
        *(edge.reversed() for edge in reversed(fly)), *(edge.reversed() for edge in reversed(front)),
    )  # fmt: skip
    lines = (line("hip", fly[0].end, seat[0].end), line("thigh", front[-1].start, back[-1].start))
    grain = upright(0.8 * hem.start[1], 0.9 * hip_level) + np.array([middle, 0.0])
    notches = (Notch(back[0].name, 1.0), Notch(front[0].name, 0.0))
    return Panel("leg_left", edges, grain, "left leg", 0.007, {"hem": 0.02}, notches, lines)


def _levels(body: Mapping[str, float], option: Mapping[str, float], rise: float) -> list[tuple[float, float]]:
    """Girths of the leg [m] and depths below the waist seam [m], from the hem up to the knee."""
    crotch, knee = body["crotch_height"], body["knee_height"]
    heights = np.array([body["ankle_height"] + 0.03, _CALF_LEVEL * knee, knee, crotch - _THIGH_BELOW])
    girths = np.array(
        [
            body["ankle_girth"],
            body["calf_girth"],
            body.get("knee_girth", _KNEE_OVER_CALF * body["calf_girth"]),
            body["thigh_girth"],
        ]
    )
    hem = (1.0 - option["length"]) * crotch
    found = [(float(np.interp(hem, heights, girths)), hem)]
    found += [(float(g), float(h)) for g, h in zip(girths[1:3], heights[1:3], strict=True) if h > hem + 0.05]
    return [(girth, rise + (1.0 - option["shorter"]) * (crotch - height)) for girth, height in found]


def _centre(part: str, fork: np.ndarray, foot: np.ndarray, top: np.ndarray, hip_level: float) -> list[Edge]:
    """The crotch from the fork to the hip line, and on to the waist."""
    corner = foot + (foot - top) / (top[1] - foot[1]) * (foot[1] - fork[1])
    hollow = 0.7 if part == "back" else 0.55
    low = curve(f"crotch_{part}", fork, fork + hollow * (corner - fork), foot + hollow * (corner - foot), foot)
    high = line(f"centre_{part}", foot, top)
    if foot[1] <= hip_level + 1e-6:
        share = max(hip_level - foot[1], 0.0) / (top[1] - foot[1])
        if share < 1e-6:
            return [low, high]
        return [low, high.part(0.0, share, f"centre_{part}_hip"), high.part(share, 1.0, high.name)]
    fractions = np.linspace(0.0, 1.0, 65)
    share = float(np.interp(hip_level, low.at(fractions)[:, 1], fractions))
    return [low.part(0.0, share, low.name), low.part(share, 1.0, f"centre_{part}_hip"), high]


def _waist(panel: Panel) -> Edge:
    return panel.edge("waist")


def _mirrored(left: Panel) -> Panel:
    edges = tuple(edge.mirrored(edge.name) for edge in reversed(left.edges))
    lines = tuple(edge.mirrored(edge.name) for edge in left.lines)
    notches = tuple(notch._replace(at=1.0 - notch.at) for notch in left.notches)
    grain = None if left.grain is None else left.grain * (-1.0, 1.0)
    return replace(left, name="leg_right", edges=edges, lines=lines, notches=notches, wraps="right leg", grain=grain)


def _waistband(waist: float, height: float) -> Panel:
    """A straight band, closed at the centre front."""
    edges = (
        line("lower_left", (-waist, 0.0), (0.0, 0.0)), line("lower_right", (0.0, 0.0), (waist, 0.0)),
        line("end_right", (waist, 0.0), (waist, height)), line("upper", (waist, height), (-waist, height)),
        line("end_left", (-waist, height), (-waist, 0.0)),
    )  # fmt: skip
    grain = np.array([[0.0, 0.2 * height], [0.0, 0.8 * height]])
    return Panel("waistband", edges, grain, "trunk", 0.007, notches=(Notch("lower_left", 1.0),))


def _seams(panels: tuple[Panel, ...]) -> tuple[Seam, ...]:
    left, right = panels

    def run(panel: Panel, start: str, along: bool) -> list[str]:
        names = [edge.name for edge in panel.edges if edge.name.startswith(start)]
        return [f"{panel.name}.{name}" for name in names] if along else [f"-{panel.name}.{n}" for n in names[::-1]]

    seams = [sew("waistband", ["waistband.end_right"], ["-waistband.end_left"])]
    seams += [sew(f"waist {side}", [f"-leg_{side}.waist"], [f"waistband.lower_{side}"]) for side in ("left", "right")]
    seams.append(eased(panels, "inside leg left", run(left, "inside_front", False), run(left, "inside_back", True)))
    seams.append(eased(panels, "inside leg right", run(right, "inside_front", True), run(right, "inside_back", False)))
    for part, up, down in (("front", right, left), ("back", left, right)):
        one, other = (
            run(panel, f"crotch_{part}", along) + run(panel, f"centre_{part}", along)
            for panel, along in ((up, True), (down, False))
        )
        seams.append(sew(f"crotch {part}", one, other))
    return tuple(seams)
