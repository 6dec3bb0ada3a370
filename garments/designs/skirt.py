"""An A-line skirt with a waistband: darted, or flared from the waist when its flare is wide.

Aldrich, "Metric Pattern Cutting for Women's Wear" (see blocks/skirts.py). Without flare it is the straight skirt.
"""

from collections.abc import Mapping
from math import pi

from garments.blocks.drafting import Option, chosen, needed
from garments.blocks.skirts import (
    DART_OPTIONS,
    SKIRT_HELPFUL,
    SKIRT_NEEDS,
    darted_panel,
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

NAME = "skirt"
TITLE = "skirt"
FABRIC = "royal_target"
WOMENS = True
SUITED = ("woven", "knit")
NEEDS = SKIRT_NEEDS
OPTIONS = {
    **skirt_options(),
    **DART_OPTIONS,
    "flare": Option(0.16, 0.0, 1.6, "m", "how much wider than the hips the hem is; a wide flare needs no darts"),
}
_FLARED = 0.95
"""How much wider than the hips the hem is, for each unit of the option length [m], from where on the skirt is cut as a
cone: in size M that clears the hips, and in the others it is made to."""


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """A skirt's pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE, SKIRT_HELPFUL)
    option = chosen(OPTIONS, options, TITLE)
    made = sizes(body, body.get("high_hip_girth", 0.0), option)
    if option["flare"] >= _FLARED * option["length"]:
        # The angle of the sector that each panel is, cut as a cone without darts that clears the hips.
        cone = max((made.hip + option["flare"] - made.waist) / made.length, (made.hip - made.waist) / made.hip_depth)
        cone = min(0.5 * cone, 0.95 * pi)
        front, back = (sector_panel(part, made, cone) for part in ("front", "back"))
    else:
        front, back = (darted_panel(part, made, 0.25 * option["flare"]) for part in ("front", "back"))
    band = waistband((front, back), option["waistband"])
    seams = (*waist_seams((front, back)), *side_seams(front, {"left": back, "right": back}))
    lines = {"top": refs("-waistband.upper"), "waist": waist_run((front, back))}
    lines |= {name: refs(f"front.{name}", f"back.{name}") for name in ("hip", "hem")}
    return Pattern(NAME, (front, back, band), seams, lines, body, (waist_elastic(body, made),))
