"""A shift dress: sleeveless, straight from a bust dart to a slightly flared hem, closed by a zip at the centre back.

The bodice of blocks/bodice.py with a side bust dart (Armstrong, "Patternmaking for Fashion Design", shift: bust
dart, side seams shaped little, flare below the hip; Aldrich, "Metric Pattern Cutting for Women's Wear", for ease).
Neck and armholes are faced, so they keep their length.
"""

from collections.abc import Mapping

from garments.blocks.bodice import (
    BODICE_NEEDS,
    armhole_gape,
    bodice,
    bodice_options,
    body_lines,
    body_panel,
    body_seams,
    bust_dart,
    opening_lines,
)
from garments.blocks.drafting import Option, chosen, needed
from garments.fastening import tape
from garments.pattern import Pattern

NAME = "shift_dress"
TITLE = "shift dress"
FABRIC = "gabardine"
WOMENS = True
SUITED = ("woven", "knit")
NEEDS = (*BODICE_NEEDS, "underbust_girth", "waist_height")
OPTIONS = {
    **bodice_options(
        ease_bust=(0.07, 0.03, 0.30),
        ease_waist=(0.10, 0.03, 0.40),
        ease_hip=(0.06, 0.03, 0.40),
        shaping=(0.025, 0.0, 0.05),
        armhole_depth=(0.0, -0.02, 0.04),
        neckline_depth=(0.03, 0.005, 0.14),
        neckline_back=(0.02, 0.0, 0.14),
        neckline_width=(0.03, 0.008, 0.07),
        shoulder_extension=(-0.012, -0.05, 0.03),
    ),
    "length": Option(0.60, 0.34, 0.93, "waist_height", "length from the waist, as a share of the waist's height"),
    "flare": Option(0.06, 0.0, 0.60, "m", "how much wider than the hips the hem is"),
}


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """A shift dress's pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE)
    option = chosen(OPTIONS, options, TITLE)
    below_hip = max(option["length"] * body["waist_height"] - body["waist_to_hip"], 0.06)
    dart = bust_dart(body)
    gape = armhole_gape(body) if dart else 0.0  # Who has no bust gets no dart in any size, so that sizes grade.
    block = bodice(body, option, below_hip, flare=option["flare"], dart=dart, gape=gape)
    front, back = (
        body_panel(part, block, 0.015, {"hem": 0.04, "neck": 0.01, "armhole": 0.01}) for part in ("front", "back")
    )
    lines = opening_lines()
    plain = Pattern(NAME, (front, back), tuple(body_seams(front, back)), body_lines(block) | lines, body)
    faced = [tape(f"facing, {name}", plain, *(f"{ref.panel}.{ref.edge}" for ref in run)) for name, run in lines.items()]
    return Pattern(NAME, plain.panels, plain.seams, plain.lines, body, tuple(faced))
