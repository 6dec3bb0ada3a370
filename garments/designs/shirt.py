"""A shirt: collar on a stand, button placket, long sleeves gathered into cuffs.

Aldrich, "Metric Pattern Cutting for Menswear" (classic shirt block: easy chest, stand and collar in two pieces, sleeve
shortened by the cuff), on the bodice and sleeve of blocks/bodice.py and sleeves.py. It is worn closed: the placket is
a piece of its own between the fronts, and its buttonholes and the cuffs' are drilled. The sleeve's fullness, pleated by
a tailor, is gathered. The collar begins turned over its stand.
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
    neckline,
    shoulder,
    side,
)
from garments.blocks.collars import FROM_FRONT, Fall, band, leaf
from garments.blocks.drafting import Option, chosen, needed, solve_increasing, upright
from garments.blocks.shaping import eased, joined
from garments.blocks.sleeves import (
    SLEEVE_NEEDS,
    Sleeve,
    cuff,
    cuff_lines,
    cuff_seams,
    sleeve,
    sleeve_seams,
    with_sleeve,
)
from garments.edges import line
from garments.pattern import Drill, EdgeRef, Notch, Panel, Pattern, Pieces, Seam, mirrored, refs, sew

NAME = "shirt"
TITLE = "shirt"
FABRIC = "oxford"
SUITED = ("woven",)
NEEDS = (*BODICE_NEEDS, *SLEEVE_NEEDS)
OPTIONS = {
    **bodice_options(
        ease_bust=(0.16, 0.06, 0.40),
        ease_waist=(0.18, 0.06, 0.50),
        ease_hip=(0.12, 0.05, 0.40),
        shaping=(0.015, 0.0, 0.05),
        armhole_depth=(0.015, 0.0, 0.06),
        neckline_depth=(0.034, 0.004, 0.05),
        neckline_back=(0.002, 0.0, 0.01),
        neckline_width=(0.013, 0.004, 0.025),
        shoulder_extension=(0.012, -0.02, 0.06),
    ),
    "ease_arm": Option(0.10, 0.04, 0.25, "m", "ease round the upper arm"),
    "length": Option(0.06, -0.05, 0.30, "m", "length below the hip line"),
    "sleeve_length": Option(1.0, 0.90, 1.06, "arm_length", "sleeve length with its cuff, as a share of the arm's"),
    "cuff": Option(0.065, 0.03, 0.10, "m", "height of the cuff"),
    "ease_cuff": Option(0.055, 0.02, 0.10, "m", "how much larger than the wrist the cuff is"),
    "fullness": Option(0.06, 0.0, 0.14, "m", "how much wider than its cuff the sleeve ends"),
    "stand": Option(0.03, 0.02, 0.045, "m", "height of the collar's stand"),
    "collar": Option(0.045, 0.0, 0.06, "m", "height of the collar that falls over the stand, 0 for a band collar"),
    "points": Option(0.06, 0.045, 0.10, "m", "length of the collar's points"),
    "placket": Option(0.032, 0.02, 0.05, "m", "width of the placket"),
}
_STAND_TURN = 0.45
_COLLAR_TURN, _POINTS_SPREAD = 2.0, -0.015
_SLEEVE_EASE = 0.01
_BUTTONS = 7


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """A shirt's pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE)
    option = chosen(OPTIONS, options, TITLE)
    cuff_girth = body["wrist_girth"] + option["ease_cuff"]

    def cut(deeper: float) -> tuple[Bodice, Sleeve]:
        block = bodice(body, option, option["length"], deeper=deeper)
        width = body["upper_arm_girth"] + option["ease_arm"]
        length = option["sleeve_length"] * body["arm_length"] - option["cuff"]
        return block, sleeve(block, width, length, lambda _: cuff_girth + option["fullness"], _SLEEVE_EASE, 0.01)

    block, made = with_sleeve(cut)
    left = _front(block, 0.5 * option["placket"])
    fronts = {"left": left, "right": mirrored(left)}
    back = body_panel("back", block, 0.012, {"hem": 0.015, "neck": 0.007})
    placket = _placket(left)
    stand = band("stand", _neck_lengths(fronts, back, placket), option["stand"], _STAND_TURN)
    tops = [stand]
    if option["collar"] > 0.0:
        fall = Fall(option["collar"], max(option["points"], option["collar"]), _POINTS_SPREAD, _COLLAR_TURN)
        tops.append(leaf("collar", stand.edge("opening_left").length, fall))
    button = Drill("button", 0.5 * cuff_girth - 0.015, -0.5 * option["cuff"])
    end = cuff(cuff_girth, option["cuff"], (button,), Pieces(2))  # Outside and facing.
    sleeves = (made.panel, mirrored(made.panel), end, mirrored(end))
    panels = (fronts["right"], left, placket, back, *sleeves, *tops)
    return Pattern(NAME, panels, tuple(_seams(panels, fronts, back, made.panel)), _lines(block), body)


def _front(block: Bodice, inset: float) -> Panel:
    """The left front, up to the placket that begins `inset` [m] beside the centre."""
    half = joined(side("front", block), *armhole("front", block), shoulder(block)).only("left")
    neck = neckline("front", block)
    share = solve_increasing(lambda t: -float(neck.at(np.array([t]))[0, 0]), -inset, 0.2, 1.0)
    neck = neck.part(0.0, share, "neck_left")
    points = block.sides["front"]
    levels = [*(name for name in block.levels if name != "hem"), "hem"]
    stops = [neck.end[1], *(points[name][1] for name in levels)]
    centre = [
        line(f"centre_{name}", (neck.end[0], high), (neck.end[0], low))
        for name, high, low in zip(levels, stops, stops[1:], strict=False)
    ]
    bottom = line("hem", centre[-1].end, points["hem"])
    edges = (bottom, *half.edges, neck, *centre)
    lines = tuple(line(name, (neck.end[0], points[name][1]), points[name]) for name in levels[:-1])
    middle = 0.5 * float(points["hem"][0])
    grain = np.array([[middle, points["hem"][1] + 0.1], [middle, points["bust"][1]]])
    notches = (Notch("armhole_low_left", 1.0), Notch("side_waist_left", 1.0))
    widths = by_name({"hem": 0.015, "neck": 0.007}, edges)
    return Panel("front_left", edges, grain, "trunk front left", 0.012, widths, notches, lines)


def _placket(front: Panel) -> Panel:
    """The strip between both fronts, with its buttonholes; cut twice, as it is doubled."""
    centre = [edge for edge in front.edges if edge.name.startswith("centre_")]
    half, names = float(centre[0].start[0]), [edge.name.removeprefix("centre_") for edge in centre]
    heights = [float(centre[0].start[1]), *(float(edge.end[1]) for edge in centre)]
    up = [
        line(f"left_{name}", (half, low), (half, high))
        for name, high, low in zip(names, heights, heights[1:], strict=False)
    ]
    down = [edge.mirrored(edge.name.replace("left", "right")) for edge in up]
    top = [
        line("top_left", (half, heights[0]), (0.0, heights[0])),
        line("top_right", (0.0, heights[0]), (-half, heights[0])),
    ]
    edges = (line("hem", (-half, heights[-1]), (half, heights[-1])), *reversed(up), *top, *down)
    lines = tuple(line(name, (-half, y), (half, y)) for name, y in zip(names[:-1], heights[1:], strict=False))
    holes = np.linspace(heights[0] - 0.055, heights[-1] + 0.10, _BUTTONS - 1)
    drills = tuple(Drill(f"button_{k}", 0.0, float(y)) for k, y in enumerate(holes))
    grain = upright(heights[-1] + 0.05, heights[0] - 0.05)
    return Panel("placket", edges, grain, "trunk", 0.008, {"hem": 0.015}, lines=lines, drills=drills, cut=Pieces(2))


def _neck_lengths(fronts: Mapping[str, Panel], back: Panel, placket: Panel) -> dict[tuple[str, str], float]:
    """The neckline by part and side from the centre front, where half the placket's top belongs to each side."""
    lengths = {("placket", "left"): placket.edge("top_left").length}
    for part, which in FROM_FRONT:
        lengths[part, which] = (fronts[which] if part == "front" else back).edge(f"neck_{which}").length
    return lengths | {("placket", "right"): placket.edge("top_right").length}


def _seams(panels: tuple[Panel, ...], fronts: Mapping[str, Panel], back: Panel, left: Panel) -> list[Seam]:
    seams = [*body_seams(fronts, back), sew("stand", ["stand.end_left"], ["-stand.end_right"])]
    for which in SIDES:
        front, placket = fronts[which], f"placket.{which}"
        levels = [edge.name for edge in front.edges if edge.name.startswith("centre_")]
        strip = [f"{placket}_{name.removeprefix('centre_')}" for name in levels]
        seams.append(
            sew(f"placket {which}", [f"{front.name}.{name}" for name in levels], [f"-{name}" for name in strip])
        )
        seams += _neck_seams(panels, front, which)
        if panels[-1].name == "collar":
            seams.append(sew(f"collar {which}", [f"collar.lower_{which}"], [f"-stand.opening_{which}"]))
    return [*seams, *cuff_seams(panels), *sleeve_seams(fronts, back, left)]


def _neck_seams(panels: tuple[Panel, ...], front: Panel, which: str) -> list[Seam]:
    return [
        eased(panels, f"neckline front {which}", [f"stand.outer_front_{which}"], [f"-{front.name}.neck_{which}"]),
        eased(panels, f"stand placket {which}", [f"stand.outer_placket_{which}"], [f"-placket.top_{which}"]),
        eased(panels, f"neckline back {which}", [f"stand.outer_back_{which}"], [f"-back.neck_{which}"]),
    ]


def _lines(block: Bodice) -> dict[str, tuple[EdgeRef, ...]]:
    lines = {
        name: refs(f"front_right.{name}", f"placket.{name}", f"front_left.{name}", f"back.{name}")
        for name in block.levels
    }
    return lines | cuff_lines()
