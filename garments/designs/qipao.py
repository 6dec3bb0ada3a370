"""A qipao (cheongsam): close-fitting, with a standing collar, short sleeves and side slits.

After Liu Ruipu, "Chinese pattern making for women's wear", as modern cutters draw it: the fitted bodice with a bust
dart (blocks/bodice.py), hem narrower than the hip, slits from mid-thigh, a mandarin collar (blocks/collars.py). The
opening from the collar over the breast to the right underarm is drawn as a line with its knots: it is worn closed, and
the front is cut and draped in one. The back has a seam in the middle, which follows its hollow.
"""

from collections.abc import Mapping
from dataclasses import replace

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
    bust_dart,
    by_name,
    neckline,
    of_side,
    shoulder,
    side,
)
from garments.blocks.collars import FROM_FRONT, band
from garments.blocks.drafting import Option, chosen, needed, smooth_run
from garments.blocks.shaping import joined
from garments.blocks.skirts import round_thighs
from garments.blocks.sleeves import SLEEVE_NEEDS, Sleeve, sleeve, sleeve_lines, sleeve_seams, with_sleeve
from garments.edges import curve, line
from garments.pattern import Drill, Notch, Panel, Pattern, mirrored, refs, sew

NAME = "qipao"
TITLE = "qipao"
FABRIC = "polyester_satin"
WOMENS = True
SUITED = ("woven", "knit")
NEEDS = (*BODICE_NEEDS, *SLEEVE_NEEDS, "underbust_girth", "waist_height")
OPTIONS = {
    **bodice_options(
        ease_bust=(0.06, 0.03, 0.20),
        ease_waist=(0.06, 0.02, 0.30),
        ease_hip=(0.055, 0.02, 0.20),
        shaping=(0.025, 0.0, 0.05),
        armhole_depth=(-0.005, -0.02, 0.04),
        neckline_depth=(0.008, 0.002, 0.03),
        neckline_back=(0.002, 0.0, 0.01),
        neckline_width=(0.008, 0.004, 0.02),
        shoulder_extension=(0.0, -0.02, 0.02),
    ),
    "ease_arm": Option(0.05, 0.02, 0.15, "m", "ease round the upper arm"),
    "length": Option(0.88, 0.45, 0.95, "waist_height", "length from the waist, as a share of the waist's height"),
    "taper": Option(0.06, 0.0, 0.14, "m", "how much narrower than the hips the hem is"),
    "centre_back": Option(0.02, 0.0, 0.03, "m", "how far the seam at the centre back may come in at the waist"),
    "slit": Option(0.40, 0.10, 0.60, "m", "height of the side slits above the hem"),
    "collar": Option(0.045, 0.025, 0.065, "m", "height of the collar"),
    "sleeve_length": Option(0.34, 0.26, 1.0, "arm_length", "sleeve length from the shoulder, as a share of the arm's"),
}
_SLEEVE_EASE = 0.02
_BARELY = 0.06
"""How much less ease than the hip [m] both thighs need, which the slits leave free lower down."""
_COLLAR_TURN = 0.7
_KNOTS = (0.0, 0.45, 0.97)


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """A qipao's pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE, ("thigh_girth",))
    option = chosen(OPTIONS, options, TITLE)
    over = {**body, "hip_girth": max(body["hip_girth"], round_thighs(body) - _BARELY)}
    below_hip = max(option["length"] * body["waist_height"] - body["waist_to_hip"], 0.20)
    slit = min(option["slit"], below_hip - 0.08)

    def cut(deeper: float) -> tuple[Bodice, Sleeve]:
        block = bodice(over, option, below_hip, deeper=deeper, flare=-option["taper"], dart=bust_dart(body), slit=slit)
        width, length = body["upper_arm_girth"] + option["ease_arm"], option["sleeve_length"] * body["arm_length"]
        hem = body["wrist_girth"] + 0.06
        long = max(option["sleeve_length"] - 0.4, 0.0) / 0.6
        return block, sleeve(block, width, length, lambda w: 0.97 * w + long * min(hem - 0.97 * w, 0.0), _SLEEVE_EASE)

    block, made = with_sleeve(cut)
    widths = {"hem": 0.03, "neck": 0.007, "slit": 0.02}
    front = body_panel("front", block, 0.012, widths)
    wide = 4.0 * float(block.sides["back"]["waist"][0]) - body["waist_girth"] - option["ease_waist"]
    right = _half_back(block, min(option["centre_back"], max(0.5 * wide, 0.0)), widths)
    backs = {"left": mirrored(right), "right": right}
    lengths = {
        (part, side): of_side(front if part == "front" else backs, side).edge(f"neck_{side}").length
        for part, side in FROM_FRONT
    }
    collar = band("collar", lengths, option["collar"], _COLLAR_TURN)
    panels = (_with_opening(front), *backs.values(), made.panel, mirrored(made.panel), collar)
    seams = [*body_seams(front, backs), *sleeve_seams(front, backs, made.panel)]
    centre = [[f"back_{side}.{edge.name}" for edge in right.edges if edge.name.startswith("centre_")] for side in SIDES]
    seams.append(sew("centre back", [f"-{name}" for name in centre[0]], centre[1]))
    seams.append(sew("collar", ["collar.end_left"], ["-collar.end_right"]))
    seams += [
        sew(f"neckline {part} {side}", [f"collar.outer_{part}_{side}"], [f"-{panel}.neck_{side}"])
        for side in SIDES
        for part, panel in (("front", "front"), ("back", f"back_{side}"))
    ]
    lines = {name: refs(f"front.{name}", f"back_right.{name}", f"back_left.{name}") for name in block.levels}
    return Pattern(NAME, panels, tuple(seams), lines | sleeve_lines(), body)


def _half_back(block: Bodice, intake: float, widths: Mapping[str, float]) -> Panel:
    """The right half of the back, which is at +x seen from outside, taken in by `intake` [m] at the centre's waist."""
    half = joined(side("back", block), *armhole("back", block), shoulder(block), neckline("back", block)).only("right")
    points = block.sides["back"]
    places = {name: np.array([intake if name == "waist" else 0.0, points[name][1]]) for name in block.levels}
    stops = np.array([half.edges[-1].end, *places.values()])
    names = [f"centre_{name}" for name in places]
    centre = smooth_run(names, stops)
    hem = line("hem", places["hem"], points["hem"])
    edges = (hem, *half.edges, *centre)
    middle = 0.5 * float(points["hem"][0])
    return Panel(
        "back_right", edges, np.array([[middle, hem.start[1] + 0.1], [middle, points["underarm"][1]]]),
        "trunk back right", 0.012, by_name({**widths, "centre": 0.02}, edges),
        (Notch("armhole_low_right", 1.0, "double"), Notch("side_waist_right", 1.0), Notch("centre_waist", 1.0),
         *half.notches),
        tuple(line(name, places[name], points[name]) for name in block.levels if name != "hem"), half.marks,
        half.drills,
    )  # fmt: skip


def _with_opening(front: Panel) -> Panel:
    """The front with the line from the collar to the right underarm at which it opens, and its knots."""
    collar, underarm = front.edge("neck_left").end, front.edge("armhole_low_right").end
    drop = underarm[1] - collar[1]
    first, second = (0.3 * underarm[0], collar[1] + 0.6 * drop), (0.6 * underarm[0], underarm[1] - 0.02)
    opening = curve("place_opening", collar, first, second, underarm)
    knots = tuple(Drill(f"knot_{k}", *map(float, at)) for k, at in enumerate(opening.at(np.array(_KNOTS))))
    return replace(front, marks=(*front.marks, opening), drills=(*front.drills, *knots))
