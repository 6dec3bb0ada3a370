"""A circle skirt: a share of a full circle with a hole for the waist, in two panels, on a waistband.

Aldrich, "Metric Pattern Cutting for Women's Wear" (circular skirts): the waist's radius is its girth over the angle.
"""

from collections.abc import Mapping
from math import pi

from garments.blocks.drafting import Option, chosen, needed
from garments.blocks.skirts import (
    SKIRT_HELPFUL,
    SKIRT_NEEDS,
    sector_panel,
    side_seams,
    sizes,
    skirt_options,
    waist_elastic,
    waist_run,
    waist_seams,
    waistband,
)
from garments.pattern import Pattern, refs

NAME = "circle_skirt"
TITLE = "circle skirt"
FABRIC = "viscose_challis"
WOMENS = True
SUITED = ("woven", "knit")
NEEDS = SKIRT_NEEDS
OPTIONS = {
    **skirt_options(length=(0.52, 0.30, 0.93), ease_hip=(0.05, 0.02, 0.40)),
    "circle": Option(0.5, 0.25, 1.0, "circle", "share of a full circle; more where the hips need it"),
}


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """A circle skirt's pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE, SKIRT_HELPFUL)
    option = chosen(OPTIONS, options, TITLE)
    made = sizes(body, body.get("high_hip_girth", 0.0), option)
    over_hips = 0.5 * (made.hip - made.waist) / made.hip_depth
    angle = max(option["circle"] * pi, over_hips)
    front, back = (sector_panel(part, made, angle) for part in ("front", "back"))
    band = waistband((front, back), option["waistband"])
    seams = (*waist_seams((front, back)), *side_seams(front, {"left": back, "right": back}))
    lines = {"top": refs("-waistband.upper"), "waist": waist_run((front, back))}
    lines |= {name: refs(f"front.{name}", f"back.{name}") for name in ("hip", "hem")}
    return Pattern(NAME, (front, back, band), seams, lines, body, (waist_elastic(body, made),))
