"""What somebody says of her own body in a question ("I'm 5'2, does it reach my knees?"), in English and Chinese."""

import re
from collections.abc import Mapping

from assets.errors import UsageError
from assets.units import length
from body.measurements import MEASURES

_ABOUT = r"(?: only| just| about| around| roughly)?"
_LONG = r"(\d[\d.,]*(?: ?(?:cm|m|ft|feet|foot|in|inch|inches)(?![a-z])|['\"])?(?: ?\d+)?)"
_NO_LENGTH = r"(?![\d.,]| ?(?:k|lb|pound|st\b|stone|year|day|month|week|斤))"
_TALL = re.compile(
    rf"\bi(?:'m|m| am){_ABOUT} {_LONG}{_NO_LENGTH}|(?:我|身高)(?:身高|只有|才|有|是)*(\d{{3}}){_NO_LENGTH}"
    r"|(\d{3})(?:cm|厘米|公分)?的?身高"
)
_GIRTHS = {
    "bust_girth": ("bust|chest", "胸围"), "waist_girth": ("waist", "腰围"), "hip_girth": ("hips?", "臀围"),
}  # fmt: skip
_TOLD = {"stature": _TALL} | {
    name: re.compile(
        rf"\bmy (?:{english})(?:'s|s| is| are| measures?){_ABOUT} {_LONG}|{chinese}(?:是|有|只有)?(\d{{2,3}})"
    )
    for name, (english, chinese) in _GIRTHS.items()
}
_INCHES = 50
"""A girth that is told without a unit is in inches below that."""


def told_of_self(text: str) -> Mapping[str, float]:
    """Stature and girths [m] that are told, by their names; what cannot be one is left out."""
    plain, found = " ".join(text.lower().replace("’", "'").split()), {}
    for name, pattern in _TOLD.items():
        told = pattern.search(plain)
        value = _length(next(filter(None, told.groups()))) if told else None
        if value is not None and MEASURES[name].low <= value <= MEASURES[name].high:
            found[name] = value
    return found


def _length(told: str) -> float | None:
    """In m; None for what is none."""
    written = told.strip().rstrip(".,")
    try:
        return length(written, "in" if written.isdigit() and int(written) < _INCHES else "cm")
    except UsageError:
        return None
