"""A T-shirt with set-in sleeves and a shaped rib neckband (see blocks/bodice.py and sleeves.py).

The neckband is a ring sector, as knit cutters draw it (Aldrich, "Metric Pattern Cutting", tee block): shorter than the
neckline by 3 %, so that it lies flat.
"""

from collections.abc import Mapping
from math import pi

from garments.blocks.bodice import (
    BODICE_NEEDS,
    SIDES,
    Bodice,
    bodice,
    bodice_options,
    body_lines,
    body_panel,
    body_seams,
)
from garments.blocks.collars import FROM_BACK, band
from garments.blocks.drafting import Option, chosen, needed
from garments.blocks.shaping import eased
from garments.blocks.sleeves import SLEEVE_NEEDS, Sleeve, sleeve, sleeve_lines, sleeve_seams, with_sleeve
from garments.pattern import Panel, Pattern, Seam, mirrored, refs, sew

NAME = "tee"
TITLE = "T-shirt"
FABRIC = "gray_interlock"
SUITED = ("knit",)
NEEDS = BODICE_NEEDS + SLEEVE_NEEDS
OPTIONS = {
    **bodice_options(),
    "ease_arm": Option(0.06, -0.01, 0.25, "m", "ease round the upper arm"),
    "length": Option(0.04, -0.30, 0.40, "m", "length below the hip line"),
    "sleeve_length": Option(0.36, 0.22, 1.0, "arm_length", "sleeve length from the shoulder, as a share of the arm's"),
    "sleeve_ease": Option(0.015, 0.0, 0.05, "armhole", "how much longer the sleeve cap is than the armhole"),
    "neckband": Option(0.02, 0.012, 0.05, "m", "finished height of the neckband"),
}
_BAND_TURN = 1.3 * pi
_BAND_STRETCH = 0.03


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """A tee's pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE)
    option = chosen(OPTIONS, options, TITLE)

    def cut(deeper: float) -> tuple[Bodice, Sleeve]:
        block = bodice(body, option, option["length"], deeper=deeper)
        return block, _sleeve(block, body, option)

    block, made = with_sleeve(cut)
    front, back = (body_panel(part, block, 0.01, {"hem": 0.025, "neck": 0.006}) for part in ("front", "back"))
    necks = {"front": front, "back": back}
    lengths = {
        (part, side): (1.0 - _BAND_STRETCH) * necks[part].edge(f"neck_{side}").length for part, side in FROM_BACK
    }
    neckband = band("neckband", lengths, option["neckband"], _BAND_TURN)
    panels = (front, back, made.panel, mirrored(made.panel), neckband)
    seams = (*_neck_seams(panels), *body_seams(front, back), *sleeve_seams(front, back, made.panel))
    lines = body_lines(block) | {"neckline": refs("neckband.opening_left", "neckband.opening_right")} | sleeve_lines()
    return Pattern(NAME, panels, seams, lines, body)


def _sleeve(block: Bodice, body: Mapping[str, float], option: Mapping[str, float]) -> Sleeve:
    """A sleeve that tapers a little where it is short, and to the wrist where it is long."""
    share = min(option["sleeve_length"], 1.0)

    def hem(width: float) -> float:
        end = width * (1.0 - 0.10 * share)
        return end + max(share - 0.4, 0.0) / 0.6 * (min(body["wrist_girth"] + 0.05, end) - end)

    width, length = body["upper_arm_girth"] + option["ease_arm"], option["sleeve_length"] * body["arm_length"]
    return sleeve(block, width, length, hem, option["sleeve_ease"])


def _neck_seams(panels: tuple[Panel, ...]) -> list[Seam]:
    seams = [sew("neckband", ["neckband.end_left"], ["-neckband.end_right"])]
    for side in SIDES:
        for part in ("front", "back"):
            outer, neck = f"neckband.outer_{part}_{side}", f"-{part}.neck_{side}"
            seams.append(eased(panels, f"neckline {part} {side}", [outer], [neck]))
    return seams
