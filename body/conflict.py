"""Tapes that do not fit each other: which one is it, what would fit, and what the body shown leaves open.

Two judges. The statistics of people know what goes together (a thigh for these hips): each tape is judged by all the
others, leave one out. The body knows geometry (a back longer than from nape to waist): where neither its shapes nor the
local layer can meet all tapes, the one without which the rest would be met most easily is named. A tape that cannot be
true beside the others is set aside, so that one slip of a digit costs one number and not the body; all others win.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assets.units import show
from body.measurements import MEASURES, Measurement, Measurements
from body.population import IMPOSSIBLE, UNUSUAL, Population, sentence

# What remains of a tape and is worth a sentence [m].
_CLEAR = 0.001


@dataclass(frozen=True, slots=True, eq=False)
class Misfit:
    """What the body shown leaves of a tape: its measure minus the tape [m], and a sentence where the tape does not fit
    the others, "" where it does."""

    name: str
    left: float
    sentence: str = ""


def known(tapes: Mapping[str, Measurement]) -> dict[str, tuple[float, float]]:
    """Value and sd [m or kg] by name."""
    return {name: (item.value, item.sd) for name, item in tapes.items()}


def agreeing(
    people: Population, tapes: Measurements, sex: float | None, age: float | None
) -> tuple[Measurements, dict[str, str]]:
    """The tapes without those that cannot be true beside the others, and a sentence on each odd one by name."""
    said, kept = {}, dict(tapes)
    while worst := people.surprises(known(kept), sex, age, IMPOSSIBLE):
        told = sentence(worst[0], known(kept)).removesuffix(": check the tape").removesuffix(": check it")
        said[worst[0].name] = f"{told}: set aside, check the tape"
        del kept[worst[0].name]
    pairs = set()
    for odd in people.surprises(known(kept), sex, age, UNUSUAL):
        if (pair := frozenset((odd.name, odd.partner))) not in pairs:
            pairs.add(pair)
            said[odd.name] = sentence(odd, known(kept))
    return Measurements(kept), said


def beside(item: Measurement, expected: float, doubt: float) -> tuple[bool, str]:
    """Whether a tape can be true where all others give `expected` with that sd, and a sentence where it is odd."""
    z = abs(item.value - expected) / (item.sd**2 + doubt**2) ** 0.5
    if z <= UNUSUAL:
        return True, ""
    words = (
        f"{_a(item.name)} of {show(item.value, 'cm')} hardly fits the other numbers "
        f"(about {show(expected, 'cm', 0)} would)"
    )
    if z <= IMPOSSIBLE:
        return True, f"{words}: check the tape"
    return False, f"{words}: set aside, check the tape"


def misfits(tapes: Measurements, shown: Mapping[str, float], said: Mapping[str, str], odd: str) -> tuple[Misfit, ...]:
    """Every tape beside the measures `shown` of the body. `odd`: the tape that keeps the body from meeting the rest."""
    found = []
    for name, item in tapes.items():
        if name == "mass":
            continue
        left = shown[name] - item.value
        words = said.get(name, "")
        if not words and abs(left) > _CLEAR:
            words = _reached(item, shown[name], name == odd)
        found.append(Misfit(name, left, words))
    return tuple(found)


def _reached(item: Measurement, shown: float, odd: bool) -> str:
    asked, got = show(item.value, "cm"), show(shown, "cm")
    if odd:
        return (
            f"{_a(item.name)} of {asked} does not fit the other tapes (the body shown has {got}): check this one first"
        )
    return f"the body shown has {_a(item.name)} of {got} where the tape says {asked}"


def _a(name: str) -> str:
    title = MEASURES[name].title.lower()
    return f"{'an' if title[0] in 'aeiou' else 'a'} {title}"
