"""A pencil skirt: the straight darted block taken in towards the hem, with a slit at the centre back to walk in.

Aldrich, "Metric Pattern Cutting for Women's Wear" (straight skirt block; see blocks/skirts.py). The back is cut in
two; above the slit a zip and a seam close the centre back.
"""

from collections.abc import Mapping

import numpy as np

from garments.blocks.bodice import SIDES, by_name
from garments.blocks.drafting import Option, chosen, needed
from garments.blocks.skirts import (
    DART_OPTIONS,
    SKIRT_HELPFUL,
    SKIRT_NEEDS,
    Sizes,
    darted_half,
    darted_panel,
    round_thighs,
    side_seams,
    sizes,
    skirt_options,
    waist_run,
    waist_seams,
    waistband,
)
from garments.edges import curve, line
from garments.pattern import Notch, Panel, Pattern, mirrored, refs, sew

NAME = "pencil_skirt"
TITLE = "pencil skirt"
FABRIC = "gabardine"
WOMENS = True
SUITED = ("woven", "knit")
NEEDS = SKIRT_NEEDS
OPTIONS = {
    **skirt_options(ease_hip=(0.055, 0.0, 0.20), length=(0.60, 0.35, 0.80)),
    **DART_OPTIONS,
    "taper": Option(0.08, 0.0, 0.16, "m", "how much narrower than the hips the hem is"),
    "slit": Option(0.18, 0.0, 0.35, "m", "height of the slit at the centre back"),
}
_SHORTEST_SEAM = 0.06
_BARELY = 0.040
"""How much less ease than the hip [m] both thighs need."""


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """A pencil skirt's pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE, (*SKIRT_HELPFUL, "thigh_girth"))
    option = chosen(OPTIONS, options, TITLE)
    made = sizes(body, max(body.get("high_hip_girth", 0.0), round_thighs(body) - _BARELY), option)
    taper = -0.25 * option["taper"]
    front, right = darted_panel("front", made, taper), _half_back(made, taper, option["slit"])
    backs = {"left": mirrored(right), "right": right}
    panels = (front, *backs.values())
    band = waistband(panels, option["waistband"])
    centre = [edge.name for edge in right.edges if edge.name.startswith("centre_")]
    seams = [*waist_seams(panels), *side_seams(front, backs)]
    closed = [[f"back_{side}.{name}" for name in centre] for side in SIDES]
    seams.append(sew("centre back", [f"-{name}" for name in closed[0]], closed[1]))
    lines = {"top": refs("-waistband.upper"), "waist": waist_run((backs["right"], front, backs["left"]))}
    lines |= {name: refs(f"front.{name}", f"back_right.{name}", f"back_left.{name}") for name in ("hip", "hem")}
    return Pattern(NAME, (*panels, band), tuple(seams), lines, body)


def _half_back(made: Sizes, taper: float, slit: float) -> Panel:
    """The right half of the back, which is at +x seen from outside."""
    half = darted_half("back", made, taper).only("right")
    hem, level = half.edges[0].start, -made.hip_depth
    top = min(slit - made.length, level - _SHORTEST_SEAM)
    centre = [
        line("centre_waist", (0.0, 0.0), (0.0, level)),
        line("centre_hip", (0.0, level), (0.0, top)),
        line("slit", (0.0, top), (0.0, -made.length)),
    ]
    if top < 0.02 - made.length:
        centre[1:] = [line("centre_hip", (0.0, level), (0.0, -made.length))]
    middle = 0.5 * float(hem[0])
    widths = {"hem": 0.04, "slit": 0.03, "centre": 0.02}
    bottom = curve("hem", (0.0, -made.length), (middle, -made.length), hem)
    return Panel(
        "back_right", (bottom, *half.edges, *centre),
        np.array([[middle, -0.85 * made.length], [middle, -0.25 * made.length]]), "trunk back right", 0.015,
        by_name(widths, (bottom, *centre)),
        (Notch("side_waist_right", 0.0), Notch("centre_hip", 1.0, "double"), *half.notches),
        (line("hip", (0.0, level), half.edges[0].end),), half.marks, half.drills,
    )  # fmt: skip
