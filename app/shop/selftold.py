"""What somebody says of herself in a question, in English and Chinese: of her own body ("I'm 5'2, does it reach my
knees?"), of the fit that she likes ("I like it baggy"), and of doing something in the garment ("when I sit").
"""

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
_LIKES = {
    "loose": (
        "loose|looser|baggy|baggier|roomy|roomier|oversized?|slouchy|relaxed|wide|wider|big",
        "宽松|宽大|宽|松|肥|大",
    ),
    "close": (
        "tight|tighter|close|closer|snug|snugger|fitted|figure[- ]hugging|body[- ]?con|slim|skinny|skin[- ]tight",
        "紧身|贴身|修身|紧|合体",
    ),
}  # fmt: skip
_LIKING = {
    likes: re.compile(
        r"\b(?:i|i'd|i'm|i'll) (?:(?:usually|really|always|do|would|tend to) )*"
        r"(?:like|love|prefer|want|wear|into|after|go for|looking for) "
        rf"(?:(?!(?:how|that|if|to|less|not|too|size)\b)[a-z']+ ){{0,4}}(?:{english})(?: fit\w*)?\b(?! size)"
        rf"|\bfor an? (?:{english}) fit\b"
        rf"|我?(?<!不)(?:喜欢|爱|想要|想|偏好|习惯)穿?得?(?:{chinese})(?!一?[码号]|小)"
    )
    for likes, (english, chinese) in _LIKES.items()
}
_NOT_AT_EASE = re.compile(
    r"\b(?:sit|sits|sitting|seated|kneel\w*|squat\w*|crouch\w*|bend|bending|stoop\w*|cycl(?:e|ing)|bike|danc(?:e|ing)"
    r"|(?:raise|lift|reach|raising|lifting|reaching)(?= (?:up|my|out|for|over)))\b(?! (?:right|well|properly|flat))"
    r"|坐下|坐着|蹲|弯腰|抬手|抬胳膊|举手|骑车|跳舞"
)


def told_of_self(text: str) -> Mapping[str, float]:
    """Stature and girths [m] that are told, by their names; what cannot be one is left out."""
    plain, found = " ".join(text.lower().replace("’", "'").split()), {}
    for name, pattern in _TOLD.items():
        told = pattern.search(plain)
        value = _length(next(filter(None, told.groups()))) if told else None
        if value is not None and MEASURES[name].low <= value <= MEASURES[name].high:
            found[name] = value
    return found


def liked_fit(text: str) -> str | None:
    """The fit that is told to be liked, one of garments.sizing.PREFERENCES; None where none is, or two are."""
    plain = " ".join(text.lower().replace("’", "'").split())
    found = [likes for likes, words in _LIKING.items() if words.search(plain)]
    return found[0] if len(found) == 1 else None


def is_not_at_ease(text: str) -> bool:
    """Whether something is asked of somebody who sits, bends or reaches, not of one who stands."""
    return bool(_NOT_AT_EASE.search(text.lower()))


def _length(told: str) -> float | None:
    """In m; None for what is none."""
    written = told.strip().rstrip(".,")
    try:
        return length(written, "in" if written.isdigit() and int(written) < _INCHES else "cm")
    except UsageError:
        return None
