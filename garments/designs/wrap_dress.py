"""A wrap dress: fronts that pass each other from shoulder to hem, tied at the waist.

Armstrong, "Patternmaking for Fashion Design" (surplice bodice: the neckline runs from the neck point over the
middle at the bust line to beyond it at the waist, where each front is tied to the other; bust dart at the side; flared
skirt cut in one with the bodice), on the bodice of blocks/bodice.py. The right front lies outside. Lines round the
body go from middle to middle. Necklines and armholes are taped, so they keep their length.
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
    bust_dart,
    by_name,
    shoulder,
    side,
)
from garments.blocks.drafting import Option, chosen, needed
from garments.blocks.shaping import joined
from garments.edges import curve, line
from garments.fastening import Spot, Tack, tape
from garments.pattern import EdgeRef, Notch, Panel, Pattern, mirrored, refs

NAME = "wrap_dress"
TITLE = "wrap dress"
FABRIC = "viscose_challis"
WOMENS = True
SUITED = ("woven", "knit")
NEEDS = (*BODICE_NEEDS, "underbust_girth", "waist_height")
OPTIONS = {
    **bodice_options(
        ease_bust=(0.07, 0.03, 0.30),
        ease_waist=(0.06, 0.03, 0.40),
        ease_hip=(0.08, 0.03, 0.40),
        shaping=(0.04, 0.0, 0.06),
        armhole_depth=(0.0, -0.02, 0.04),
        neckline_depth=(0.04, 0.01, 0.10),
        neckline_back=(0.012, 0.0, 0.10),
        neckline_width=(0.02, 0.008, 0.06),
        shoulder_extension=(0.0, -0.05, 0.03),
    ),
    "overlap": Option(0.13, 0.08, 0.16, "waist_girth", "how far each front passes the middle, a share of the waist's"),
    "length": Option(0.58, 0.34, 0.90, "waist_height", "length from the waist, as a share of the waist's height"),
    "flare": Option(0.30, 0.0, 0.80, "m", "how much wider than the hips the hem is"),
}
_HOLLOW = 0.012
_TIE = (0.02, 1.0)
"""How long a tie is between the fronts [m], and its tension over strain [N]: a bow gives."""


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """A wrap dress's pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE)
    option = chosen(OPTIONS, options, TITLE)
    below_hip = max(option["length"] * body["waist_height"] - body["waist_to_hip"], 0.06)
    block = bodice(body, option, below_hip, flare=option["flare"], dart=bust_dart(body))
    left = _front(block, option["overlap"] * body["waist_girth"])
    fronts = {"left": left, "right": mirrored(left)}
    back = body_panel("back", block, 0.015, {"hem": 0.03, "neck": 0.01, "armhole": 0.01})
    panels = (left, fronts["right"], back)
    plain = Pattern(NAME, panels, tuple(body_seams(fronts, back)), _lines(block), body)
    runs = (tuple(f"{ref.panel}.{ref.edge}" for ref in run) for run in _taped())
    taped = [tape(f"tape, {run[0]}", plain, *run) for run in runs]
    return Pattern(NAME, panels, plain.seams, plain.lines, body, (*taped, *_ties(left)))


def _front(block: Bodice, overlap: float) -> Panel:
    """The left front: its edge passes the middle at the bust line, and by `overlap` [m] from the waist down."""
    half = joined(side("front", block), *armhole("front", block), shoulder(block)).only("left")
    points, neck, hem = block.sides["front"], block.neck, block.sides["front"]["hem"]
    inner = [name for name in block.levels if name != "hem"]
    levels = {name: float(points[name][1]) for name in inner}
    cross, tie = np.array([0.0, levels["bust"]]), np.array([-overlap, levels["waist"]])
    along = cross - neck
    bent = cross + 0.3 * (cross[1] - tie[1]) / abs(along[1]) * along
    edge = (
        curve("neck_high_left", neck, neck + 0.35 * along - (_HOLLOW, 0.0), cross - 0.35 * along, cross),
        curve("neck_low_left", cross, bent, tie + 0.35 * (cross - tie), tie),
    )
    below = [name for name in inner if levels[name] < tie[1]]
    stops = [float(tie[1]), *(levels[name] for name in below), float(hem[1])]
    centre = [
        line(f"centre_{name}", (-overlap, high), (-overlap, low))
        for name, high, low in zip([*below, "hem"], stops, stops[1:], strict=False)
    ]
    middle = (0.0, float(hem[1]))
    edges = (line("hem_lap", centre[-1].end, middle), line("hem", middle, hem), *half.edges, *edge, *centre)
    lines = [line(name, (0.0, y), points[name]) for name, y in levels.items()]
    lines += [line(f"{name}_lap", (-overlap, y), (0.0, y)) for name, y in levels.items() if name != "bust"]
    grain = np.array([[0.25 * hem[0], hem[1] + 0.1], [0.25 * hem[0], levels["bust"]]])
    notches = (Notch("armhole_low_left", 1.0), Notch("side_waist_left", 1.0), *half.notches)
    widths = by_name({"hem": 0.03, "neck": 0.01, "armhole": 0.01, "centre": 0.02}, edges)
    return Panel(
        "front_left", edges, grain, "trunk front left", 0.015, widths, notches, tuple(lines), half.marks, half.drills
    )


def _taped() -> list[tuple[EdgeRef, ...]]:
    """The runs that are taped: fronts' edges, the back's neckline, the armholes."""
    runs = [refs(f"front_{which}.neck_high_{which}") for which in SIDES]
    runs += [refs(f"front_{which}.neck_low_{which}") for which in SIDES]
    runs += [refs("back.neck_right", "back.neck_left")]
    for which in SIDES:
        for panel in (f"front_{which}", "back"):
            runs += [refs(f"{panel}.armhole_{height}_{which}") for height in ("low", "high")]
    return runs


def _ties(left: Panel) -> list[Tack]:
    """Each front's corner at the waist, tied to the other front where it lies over or under it."""
    at = left.edge("waist_lap").length / left.edge("waist").length
    return [
        Tack("tie left", Spot("front_left", "waist_lap", 0.0), Spot("front_right", "waist", 1.0 - at), *_TIE),
        Tack("tie right", Spot("front_right", "waist_lap", 1.0), Spot("front_left", "waist", at), *_TIE),
    ]


def _lines(block: Bodice) -> dict[str, tuple[EdgeRef, ...]]:
    lines = {name: refs(f"-front_right.{name}", f"front_left.{name}", f"back.{name}") for name in block.levels}
    for which in SIDES:
        lines[f"neckline front {which}"] = refs(f"front_{which}.neck_high_{which}")
        lines[f"neckline back {which}"] = refs(f"back.neck_{which}")
    return lines
