"""A single-breasted jacket: notch collar, lapels turned along the break line, two-piece sleeves, one button.

Aldrich, "Metric Pattern Cutting for Women's Wear" (easy-fitting tailored jacket: break line from a stand's height
beside the neck point over the middle at the bust line to the front edge, lapel drawn where it is to lie and turned
over, gorge from the neckline across the break line to the lapel's tip) and "for Menswear" (two-piece sleeve). The
collar is cut in two, stand and fall, whose ends are sewn to the gorge as far as the notch.
"""

from collections.abc import Mapping

import numpy as np

from garments.blocks.bodice import (
    BODICE_NEEDS,
    SIDES,
    Bodice,
    armhole,
    bodice,
    bodice_options,
    body_panel,
    body_seams,
    by_name,
    shoulder,
    side,
)
from garments.blocks.collars import FROM_FRONT, Fall, band, leaf
from garments.blocks.drafting import Option, chosen, needed
from garments.blocks.shaping import PRESSED, eased, joined
from garments.blocks.sleeves import (
    SLEEVE_NEEDS,
    Sleeve,
    sleeve,
    two_piece,
    two_piece_lines,
    two_piece_seams,
    with_sleeve,
)
from garments.edges import curve, line
from garments.fastening import Spot, Tack
from garments.pattern import Crease, EdgeRef, Notch, Panel, Pattern, Seam, mirrored, refs, sew

NAME = "jacket"
TITLE = "jacket"
FABRIC = "wool_suiting"
SUITED = ("woven",)
NEEDS = (*BODICE_NEEDS, *SLEEVE_NEEDS)
OPTIONS = {
    **bodice_options(
        ease_bust=(0.14, 0.08, 0.40),
        ease_waist=(0.14, 0.06, 0.50),
        ease_hip=(0.10, 0.05, 0.40),
        shaping=(0.02, 0.0, 0.05),
        armhole_depth=(0.015, 0.0, 0.06),
        neckline_depth=(0.03, 0.01, 0.06),
        neckline_back=(0.004, 0.0, 0.02),
        neckline_width=(0.012, 0.008, 0.03),
        shoulder_extension=(0.015, -0.02, 0.06),
    ),
    "ease_arm": Option(0.10, 0.05, 0.25, "m", "ease round the upper arm"),
    "ease_cuff": Option(0.10, 0.06, 0.18, "m", "how much larger than the wrist the sleeve ends"),
    "length": Option(0.06, -0.10, 0.60, "m", "length below the hip line"),
    "flare": Option(0.04, 0.0, 0.50, "m", "how much wider than the hip the hem is"),
    "sleeve_length": Option(1.0, 0.90, 1.06, "arm_length", "sleeve length from the shoulder, as a share of the arm's"),
    "overlap": Option(0.02, 0.015, 0.05, "m", "how far each front passes the middle"),
    "lapel": Option(0.08, 0.05, 0.11, "m", "width of the lapel, square to the break line"),
    "stand": Option(0.025, 0.02, 0.035, "m", "height of the collar's stand"),
    "collar": Option(0.045, 0.035, 0.07, "m", "height of the collar that falls over the stand"),
}
_SLEEVE_EASE = 0.03
_GORGE_LOW, _GORGE_FALL = 0.05, 0.25
"""How far below the neck point the gorge begins [m], and how much it falls on the way to the lapel's tip."""
_NOTCHED, _POINT = 0.45, 0.022
"""The share of the lapel's end that the collar is sewn to, and how far the collar's point stands off beyond it [m], out
and back: the notch."""
_STAND_TURN, _COLLAR_TURN = 0.3, 1.3
_ELBOW, _CLEAR = 0.008, 0.012
_DEEP = 0.03
"""Fronts that pass the middle as far [m] are turned down to below the waist."""


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """A jacket's pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE)
    return tailored(NAME, body, chosen(OPTIONS, options, TITLE))


def tailored(name: str, body: Mapping[str, float], option: Mapping[str, float]) -> Pattern:
    """The pattern of a jacket or coat of these options."""

    def cut(deeper: float) -> tuple[Bodice, Sleeve]:
        block = bodice(body, option, option["length"], deeper=deeper, flare=option["flare"])
        width, length = body["upper_arm_girth"] + option["ease_arm"], option["sleeve_length"] * body["arm_length"]
        end = body["wrist_girth"] + option["ease_cuff"]
        return block, sleeve(block, width, length, lambda w: min(end, 0.9 * w), _SLEEVE_EASE, 0.03)

    block, made = with_sleeve(cut)
    arms = two_piece(made, _ELBOW)
    left = _front(block, option["overlap"], option["lapel"], option["stand"])
    fronts = {"left": left, "right": mirrored(left)}
    back = body_panel("back", block, 0.012, {"hem": 0.04, "neck": 0.008})
    collar = _collar(fronts, back, option)
    seams = [*body_seams(fronts, back), *two_piece_seams(fronts, back, arms), *_collar_seams(fronts, back, collar)]
    closing = tuple(
        Tack(f"button {k}", Spot("front_left", level, at), Spot("front_right", level, 1.0 - at))
        for k, (level, at) in enumerate(_buttons(left))
    )
    panels = (fronts["left"], fronts["right"], back, *arms.panels, *collar)
    return Pattern(name, panels, tuple(seams), _lines(block), body, closing)


def _front(block: Bodice, overlap: float, width: float, stand: float) -> Panel:
    """The left front with its lapel, which is drawn as it lies before it is turned over the break line."""
    half = joined(side("front", block), *armhole("front", block), shoulder(block)).only("left")
    points, neck = block.sides["front"], block.neck
    levels = [*(name for name in block.levels if name != "hem"), "hem"]
    beside = neck + stand * _unit(neck - block.shoulder)
    turn = _turn(beside, points["bust"][1], points["waist"][1], overlap)
    overlap, low = -turn[0], turn[1]
    down = _unit(turn - beside)
    square = np.array([down[1], -down[0]])
    corner = neck + _GORGE_LOW * down
    across = _unit(square + _GORGE_FALL * down)
    to_break = float((beside - corner) @ square) / float(across @ square)
    top = corner + to_break * across
    notch, tip = (top + share * width * across for share in (_NOTCHED, 1.0))
    gorge = (
        *(line("neck_left", neck, corner), line("gorge_stand_left", corner, top)),
        *(line("gorge_collar_left", top, notch), line("gorge_left", notch, tip)),
    )
    along = turn - tip
    belly = turn - 0.1 * (turn - top) + 0.5 * width * square
    edge = curve("lapel_left", tip, tip + 0.35 * along + 0.1 * width * square, belly, turn)
    stops = [low, *(points[name][1] for name in levels if points[name][1] < low - 0.01)]
    names = [name for name in levels if points[name][1] < low - 0.01]
    centre = [
        line(f"centre_{name}", (-overlap, high), (-overlap, below))
        for name, high, below in zip(names, stops, stops[1:], strict=False)
    ]
    middle_hem = (0.0, float(points["hem"][1]))
    hem = line("hem_lap", centre[-1].end, middle_hem), line("hem", middle_hem, points["hem"])
    edges = (*hem, *half.edges, *gorge, edge, *centre)
    lines = [line("break", top, turn)]
    for name in levels[:-1]:
        y = float(points[name][1])
        if y < low:  # Girths are those of the buttoned garment: the lap lies over the other front.
            lines += [line(f"{name}_lap", (-overlap, y), (0.0, y)), line(name, (0.0, y), points[name])]
        else:  # Above the break point it ends where the cloth is turned over.
            lines.append(line(name, top + (top[1] - y) / (top[1] - low) * (turn - top), points[name]))
    middle = 0.5 * float(points["hem"][0])
    grain = np.array([[middle, points["hem"][1] + 0.1], [middle, points["bust"][1]]])
    notches = (Notch("armhole_low_left", 1.0),)
    widths = by_name({"hem": 0.04, "gorge": 0.006, "neck": 0.008}, edges)
    return Panel(
        "front_left", edges, grain, "trunk front left", 0.012, widths, notches, tuple(lines),
        creases=(Crease("break", PRESSED),),
    )  # fmt: skip


def _turn(beside: np.ndarray, bust: float, waist: float, overlap: float) -> np.ndarray:
    """Where the break line ends at the front's edge [m] [2]: from `beside` the neck it passes the middle at the bust
    line. The option alone says whether it ends above the waist, so that sizes grade."""
    steep = (beside[1] - bust) / beside[0]
    if overlap >= _DEEP:
        return np.array([-overlap, min(bust - overlap * steep, waist - _CLEAR)])
    overlap = min(overlap, (bust - waist - _CLEAR) / steep)
    return np.array([-overlap, bust - overlap * steep])


def _collar(fronts: Mapping[str, Panel], back: Panel, option: Mapping[str, float]) -> tuple[Panel, Panel]:
    """The stand, and the collar that falls over it."""
    necks = {(part, which): (fronts[which] if part == "front" else back) for part, which in FROM_FRONT}
    lengths = {(part, which): panel.edge(f"neck_{which}").length for (part, which), panel in necks.items()}
    stand = band("stand", lengths, option["stand"], _STAND_TURN)
    sewn = fronts["left"].edge("gorge_collar_left").length
    fall = Fall(option["collar"], sewn + _POINT, -_POINT, _COLLAR_TURN, sewn)
    return stand, leaf("collar", stand.edge("opening_left").length, fall)


def _collar_seams(fronts: Mapping[str, Panel], back: Panel, collar: tuple[Panel, Panel]) -> list[Seam]:
    seams, panels = [], (*fronts.values(), back, *collar)
    for part, which in FROM_FRONT:
        sewn = f"front_{which}" if part == "front" else "back"
        names = [f"stand.outer_{part}_{which}"], [f"-{sewn}.neck_{which}"]
        seams.append(eased(panels, f"stand {part} {which}", *names))
    for which in SIDES:
        ends = [f"stand.end_{which}"], [f"-front_{which}.gorge_stand_{which}"]
        seams.append(eased(panels, f"stand end {which}", *ends))
        seams.append(sew(f"collar {which}", [f"collar.lower_{which}"], [f"-stand.opening_{which}"]))
        seams.append(sew(f"gorge {which}", [f"collar.gorge_{which}"], [f"-front_{which}.gorge_collar_{which}"]))
    return seams


def _unit(way: np.ndarray) -> np.ndarray:
    return way / np.hypot(*way)


def _buttons(front: Panel) -> list[tuple[str, float]]:
    """Where the fronts are buttoned: on their middles, at the waist."""
    level = front.edge("waist")
    return [("waist", float(-level.start[0] / (level.end[0] - level.start[0])))]


def _lines(block: Bodice) -> dict[str, tuple[EdgeRef, ...]]:
    lines = {name: refs(f"-front_right.{name}", f"front_left.{name}", f"back.{name}") for name in block.levels}
    for which in SIDES:
        front = f"{'' if which == 'left' else '-'}front_{which}"
        edges = (f"neck_{which}", f"gorge_stand_{which}", "break")
        lines[f"neckline front {which}"] = refs(*(f"{front}.{edge}" for edge in edges))
        lines[f"neckline back {which}"] = refs(f"back.neck_{which}")
    return lines | two_piece_lines()
