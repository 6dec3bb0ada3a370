"""A few questions for somebody of whom nothing is known: what the catalogue can be parted by, the most telling first.

A question is asked only where its answers part the catalogue (Shannon's entropy of the split), so that no answer is
asked for that would change nothing. Nobody has to answer; answers stay with the visit.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from garments.recommend.content import Content, content
from garments.stock.articles import Article

MOST = 4
_FEWEST, _LEAST = 2, 0.3
_NEUTRAL = 14.0
_LIGHT, _HEAVY = 0.17, 0.26
_WORDS: Mapping[str, tuple[str, str, Mapping[str, tuple[str, str]]]] = {
    "occasion": ("What is it for?", "什么场合穿？", {
        "office": ("office", "办公"), "casual": ("every day", "日常"), "party": ("a party", "派对"),
        "wedding": ("a wedding", "婚礼"), "sport": ("sport", "运动"), "sea": ("the sea", "海边"),
    }),
    "colour": ("Which colours?", "喜欢什么颜色？", {
        "neutral": ("neutral", "黑白灰米色"), "warm": ("red to yellow", "红橙黄"),
        "cool": ("green to blue", "绿与蓝"), "rosy": ("violet to pink", "紫与粉"),
    }),
    "pattern": ("Plain or patterned?", "纯色还是花纹？", {
        "plain": ("plain", "纯色"), "patterned": ("patterned", "花纹"),
    }),
    "weight": ("How heavy a cloth?", "面料要多厚？", {
        "light": ("light", "轻薄"), "middle": ("neither", "适中"), "heavy": ("heavy", "厚实"),
    }),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer: its value, and how it is said in English and in Chinese."""

    value: str
    english: str
    chinese: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, by a name, in two languages, with the answers that there are garments for; `tells` [bit]: how much
    an answer parts the catalogue."""

    name: str
    english: str
    chinese: str
    choices: tuple[Choice, ...]
    tells: float


def questions(articles: Sequence[Article], most: int = MOST) -> tuple[Question, ...]:
    """What to ask before suggesting from these articles, the most telling first."""
    known = [(one, content(one)) for one in articles if not one.trouble]
    found = []
    for name, (english, chinese, words) in _WORDS.items():
        counts = Counter(value for one, mine in known for value in traits(one, mine)[name])
        there = [value for value in words if counts[value] >= _FEWEST]
        tells = _entropy([counts[value] for value in there])
        if len(there) > 1 and tells >= _LEAST:
            choices = tuple(Choice(value, *words[value]) for value in there)
            found.append(Question(name, english, chinese, choices, tells))
    return tuple(sorted(found, key=lambda one: -one.tells)[:most])


def traits(one: Article, mine: Content) -> Mapping[str, frozenset[str]]:
    """What an article answers to each question."""
    printed = "print" in (one.dress or {})
    heavy = "light" if mine.density < _LIGHT else "heavy" if mine.density > _HEAVY else "middle"
    return {
        "occasion": mine.occasions & frozenset(_WORDS["occasion"][2]),
        "colour": frozenset() if mine.colour is None else frozenset({_family(mine.colour)}),
        "pattern": frozenset({"patterned" if printed else "plain"}),
        "weight": frozenset({heavy}),
    }


def met(one: Article, mine: Content, answers: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The answers that an article meets, in words."""
    its = traits(one, mine)
    return tuple(_WORDS[name][2][value][0] for name, value in answers if value in its.get(name, ()))


def checked(told: Sequence[tuple[str, str]], asked: Sequence[Question]) -> str:
    """What is wrong with some answers, in words; "" where nothing is."""
    known = {one.name: [choice.value for choice in one.choices] for one in asked}
    for name, value in told:
        if name not in known:
            return f"nobody asks for {name!r}: it is one of {', '.join(known) or 'nothing'}"
        if value not in known[name]:
            return f"{name} is one of {', '.join(known[name])}, not {value!r}"
    return ""


def _family(colour: np.ndarray) -> str:
    if math.hypot(colour[1], colour[2]) < _NEUTRAL or (colour[0] > 68.0 and math.hypot(colour[1], colour[2]) < 26.0):
        return "neutral"
    hue = math.degrees(math.atan2(colour[2], colour[1])) % 360.0
    return "warm" if 20.0 <= hue < 105.0 else "cool" if 105.0 <= hue < 300.0 else "rosy"


def _entropy(counts: Sequence[int]) -> float:
    total = sum(counts)
    return -sum(count / total * math.log2(count / total) for count in counts if count) if total else 0.0
