"""A single-breasted coat: the jacket's draft, longer and wider, flared from the hip, of a heavier cloth.

Aldrich, "Metric Pattern Cutting for Women's Wear" (easy-fitting coat: the jacket block with more ease and a deeper
armhole); the pieces are those of garments/designs/jacket.py.
"""

from collections.abc import Mapping

from garments.blocks.drafting import Option, chosen, needed
from garments.designs import jacket
from garments.pattern import Pattern

NAME = "coat"
TITLE = "coat"
FABRIC = "wool_coating"
SUITED = ("woven",)
NEEDS = jacket.NEEDS
_DEFAULTS = {
    "ease_bust": 0.22, "ease_waist": 0.24, "ease_hip": 0.18, "armhole_depth": 0.025, "shoulder_extension": 0.02,
    "ease_arm": 0.14, "ease_cuff": 0.13, "length": 0.30, "flare": 0.16, "overlap": 0.024, "lapel": 0.09,
}  # fmt: skip
OPTIONS = {
    name: Option(_DEFAULTS.get(name, option.default), option.low, option.high, option.unit, option.help)
    for name, option in jacket.OPTIONS.items()
}


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """A coat's pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE)
    return jacket.tailored(NAME, body, chosen(OPTIONS, options, TITLE))
