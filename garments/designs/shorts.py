"""Shorts: trousers that end above the knee.

Source: the classic tailored trouser block of Aldrich (blocks/legs.py).
"""

from collections.abc import Mapping

from garments.blocks import legs
from garments.blocks.drafting import Option, chosen, needed
from garments.pattern import Pattern

NAME = "shorts"
TITLE = "shorts"
FABRIC = "chino_twill"
SUITED = ("woven",)
NEEDS = legs.NEEDS
OPTIONS = {
    **{name: option for name, option in legs.OPTIONS.items() if name != "ease_knee"},
    "ease_hem": Option(0.10, 0.03, 0.40, "m", "how much wider than the leg the hem is"),
    "length": Option(0.30, 0.10, 0.55, "crotch_height", "inside leg, as a share of the body's"),
}


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """The shorts' pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE, legs.HELPFUL)
    option = chosen(OPTIONS, options, TITLE)
    sizes = legs.leg(body, {**option, "ease_knee": option["ease_hem"]})
    return legs.drafted(NAME, sizes, body, option["drop"])
