"""Classic trousers: creases, darts at the waist, a shaped waistband, legs a little tapered.

Source: the classic tailored trouser block of Aldrich (blocks/legs.py says what is hers and what is solved).
"""

from collections.abc import Mapping

from garments.blocks import legs
from garments.blocks.drafting import chosen, needed
from garments.pattern import Pattern

NAME = "trousers"
TITLE = "trousers"
FABRIC = "wool_suiting"
SUITED = ("woven",)
NEEDS = legs.NEEDS
OPTIONS = dict(legs.OPTIONS)


def draft(measurements: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    """The trousers' pattern. Raises InputRefused for missing measurements, UsageError for options out of range."""
    body = needed(measurements, NEEDS, TITLE, legs.HELPFUL)
    option = chosen(OPTIONS, options, TITLE)
    return legs.drafted(NAME, legs.leg(body, option), body, option["drop"])
