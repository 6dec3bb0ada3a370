"""What an article is, as numbers: how alike two are, and how well they go together.

Alike: the kind and design, the colour by CIEDE2000, what it is for (tags), the fabric. Together: a top with a bottom,
an outer garment over either, and colours that agree by hue as palettes of harmony have it (after Itten 1961 and
Cohen-Or et al., SIGGRAPH 2006: neutral with any, neighbours, opposites), for an occasion that both know.
"""

import math
from dataclasses import dataclass

import numpy as np

from assets.errors import ToileError
from assets.lab import difference, to_lab
from garments.colours.palette import palette, shade
from garments.designs import designs
from garments.fabric import fabric
from garments.garment import Cut, sketched
from garments.stock.articles import Article

KINDS = {
    **dict.fromkeys(("tee", "tank", "shirt"), "top"), **dict.fromkeys(("jacket", "coat"), "outer"),
    **dict.fromkeys(("shift_dress", "qipao"), "dress"),
    **dict.fromkeys(("skirt", "pencil_skirt", "circle_skirt", "pleated_skirt"), "bottom"),
    **dict.fromkeys(("trousers", "jeans", "shorts", "leggings"), "bottom"),
}  # fmt: skip
TOGETHER = {
    frozenset({"top", "bottom"}): 1.0, frozenset({"outer", "top"}): 0.7, frozenset({"outer", "bottom"}): 0.7,
    frozenset({"outer", "dress"}): 0.8,
}  # fmt: skip
WEARERS = frozenset({"women", "men"})
SEASONS = frozenset({"summer", "winter", "spring", "autumn"})
_NEUTRAL, _NEAR, _FAR = 14.0, 40.0, 150.0
_WEIGHTS = {"kind": 0.2, "design": 0.2, "colour": 0.3, "tags": 0.2, "fabric": 0.1}


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """An article's kind (top, bottom, dress, outer or ""), design, colour (L*a*b* [3], None for a print of a file), the
    nearest name of it, tags, fabric's weight [kg/m2]."""

    id: str
    title: str
    kind: str
    design: str
    colour: np.ndarray | None
    shade: str
    tags: frozenset[str]
    density: float

    @property
    def occasions(self) -> frozenset[str]:
        return self.tags - WEARERS - SEASONS


def content(told: Article) -> Content:
    """What an article is."""
    cloth = told.fabric or (designs()[told.design].FABRIC if told.design else None)
    made = fabric(cloth) if cloth else None
    colour = _colour(told, made.look.colour if made else None)
    name = "" if colour is None else min(
        palette().values(), key=lambda one: _apart(to_lab(np.array(one.colour)), colour)
    ).english.lower()  # fmt: skip
    return Content(
        told.id, told.name, _kind(told), told.design or "", colour, name,
        frozenset(told.tags), made.density if made else 0.2,
    )  # fmt: skip


def alike(one: Content, two: Content) -> float:
    """From 0 to 1."""
    both = one.tags | two.tags
    parts = {
        "kind": float(one.kind == two.kind and one.kind != ""),
        "design": float(one.design == two.design and one.design != ""),
        "colour": math.exp(-_apart(one.colour, two.colour) / 25.0),
        "tags": len(one.tags & two.tags) / len(both) if both else 0.0,
        "fabric": math.exp(-abs(math.log(one.density / two.density))),
    }
    return sum(_WEIGHTS[name] * part for name, part in parts.items())


def together(one: Content, two: Content) -> tuple[float, str]:
    """How well two go together, from 0 to 1, and why."""
    kinds = TOGETHER.get(frozenset({one.kind, two.kind}), 0.0)
    if not kinds or not _for_one_person(one, two):
        return 0.0, ""
    colours, why = harmony(one.colour, two.colour)
    shared = sorted(one.occasions & two.occasions)
    occasion = 1.0 if shared or not (one.occasions and two.occasions) else 0.5
    return kinds * colours * occasion, f"{why}{f', both for {shared[0]}' if shared else ''}"


def harmony(one: np.ndarray | None, two: np.ndarray | None) -> tuple[float, str]:
    """How well two colours (L*a*b*) agree, from 0 to 1, and why."""
    if one is None or two is None:
        return 0.5, "a print beside it"
    chroma = [float(np.hypot(lab[1], lab[2])) for lab in (one, two)]
    if min(chroma) < _NEUTRAL:
        contrast = abs(float(one[0] - two[0]))
        return (0.95 if max(chroma) >= _NEUTRAL or contrast > 25 else 0.75), "a neutral goes with it"
    hues = [math.degrees(math.atan2(lab[2], lab[1])) for lab in (one, two)]
    apart = abs((hues[0] - hues[1] + 180.0) % 360.0 - 180.0)
    if apart < _NEAR:
        return 0.8, "neighbouring colours"
    if apart > _FAR:
        return 0.65, "opposite colours"
    return 0.3, "colours that stand apart"


def _for_one_person(one: Content, two: Content) -> bool:
    first, second = one.tags & WEARERS, two.tags & WEARERS
    return bool(first & second) or not (first and second)


def _kind(told: Article) -> str:
    if told.design is None:
        return ""
    if told.design in KINDS:
        return KINDS[told.design]
    try:
        return "top" if "bust" in sketched(Cut(told.design)).girths else "bottom"
    except ToileError:
        return ""


def _colour(told: Article, cloth: tuple[float, float, float] | None) -> np.ndarray | None:
    dress = told.dress or {}
    if dress.get("print") and "colour" not in dress:
        return None
    try:
        own = shade(str(dress["colour"])) if "colour" in dress else cloth
    except ToileError:
        own = cloth
    return None if own is None else to_lab(np.array(own))


def _apart(one: np.ndarray | None, two: np.ndarray | None) -> float:
    return 25.0 if one is None or two is None else float(difference(one, two))
