"""Finding what was asked for in a sentence: "red dress under 500 for a wedding", "500元以下的红色连衣裙".

The sentence is read for a price, a size and whether it must be there; words that only hold it together are left out;
the rest is looked for in the catalogue, which forgives slips and knows two languages. Where nothing meets all of it,
the fewest words are given up that let something be found, never what kind of garment it is, and that is said.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, pairwise, product, zip_longest

from garments.designs import designs
from garments.stock.articles import Article, names
from garments.stock.catalogue import Catalogue
from garments.stock.searching import Spelling, glossary, is_chinese, names_of, terms

_ROUGHLY = r"(?:around|about|roughly|大概|大约|差不多)\s*"
_AMOUNT = (
    rf"(?:{_ROUGHLY})?(?:[¥$€£]|rmb|usd|eur|cny)?\s*(\d[\d,]*(?:\.\d+)?)(?![\d.,]*\d)\s*"
    r"(?:元|块钱|块|欧元|欧(?![洲式美])|美元|镑|¥|€|\$|£|euros?|eur|dollars?|usd|rmb|cny|yuan)?"
    r"(?!\s*(?:(?:[cm]m|kg|inch(?:es)?|years?)(?![a-z])|[%％]|厘米|公分|毫米|米(?![色白黄])|公斤|斤|码|号|岁))"
)
"""A price; a number of centimetres, years or of a size is none."""
_MOST = (
    rf"(?:under|below|less than|cheaper than|at most|up to|max(?:imum)?|not? (?:more than|over|above)|within)\s*"
    rf"{_AMOUNT}",
    rf"(?:低于|少于|不超过|不到|最多|便宜于|小于)\s*{_AMOUNT}",
    rf"{_AMOUNT}\s*(?:or less|or under|max\b|tops\b|以下|以内|之内|或更少|or cheaper)",
)  # fmt: skip
_LEAST = (
    rf"(?:over|above|more than|at least|from|min(?:imum)?)\s*{_AMOUNT}", rf"(?:高于|超过|至少|不低于)\s*{_AMOUNT}",
    rf"{_AMOUNT}\s*(?:or more|以上)",
)  # fmt: skip
_BETWEEN = (rf"between\s*{_AMOUNT}\s*and\s*{_AMOUNT}", rf"{_AMOUNT}\s*(?:-|–|to|到|至)\s*{_AMOUNT}")
_ABOUT = (rf"{_ROUGHLY}{_AMOUNT}", rf"{_AMOUNT}\s*(?:左右|上下)")
_NEARLY = 0.2  # of a price that is told roughly
_CHINESE_NUMBER = re.compile(r"(?=[一二两三四五六七八九][十百千万])[一二两三四五六七八九十百千万零]+")
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"两": 2}
_LIMITS = Spelling(dict.fromkeys(("under", "below", "above", "over", "between"), 1))
_BEFORE_AMOUNT = re.compile(r"[a-z]{4,}(?=\s*[¥$€£]?\s*\d)")
_SIZE = (
    r"\b(?:in\s+)?size\s+([a-z0-9/]{1,8})\b|\bin\s+(?:an?\s+)?(xxs|xs|s|m|l|xl|xxl|xxxl)\b|"
    r"(xxs|xs|xxl|xl|s|m|l)\s*(?:码|号)"
)
_THERE = r"\bin stock\b|\bavailable\b|现货|有货|有库存"
_CHEAP = (
    r"\b(?:cheap(?:er|est)?|inexpensive|affordable|lowest price[ds]?|(?:not|isn'?t) too (?:pricey|expensive|dear))\b"
    r"|[别不]要?太贵|最?便宜(?:一?点)?的?|实惠的?"
)
_NOT = re.compile(
    r"\b(?:(?:that|which|but|and|it)(?:'s|s| is| are)? )?"
    r"(?:not|no|non|without|except|excluding|isn'?t|aren'?t|other than|anything but|don'?t want|do not want)\b[ -]*"
    r"|(?:不想要|不喜欢|(?<!有)没有?(?=[袖领帽扣])|(?<!要)不要|(?<!是)不是|不带|除了|(?<!去)除(?!湿|臭|皱)|别要|(?<![特区分性级个])别(?![的致人墅样]))"
)
"""What is asked not to be; the words after it that the catalogue knows are meant."""
_OUTSIDE = re.compile(r"(?:除了?)?([^\s，,的]{1,4})(?:以外|之外)")
_AND = re.compile(r"[\s,，、]*(?:\b(?:or|and|nor)\b|和|或者?|跟|与|、)[\s]*")
_OR = re.compile(r"[\s,，]*(?:\bor\b|或者?|还是)\s*")
"""What stands between two words either of which will do,"""
_LIST = re.compile(r"\s*[,，、]\s*")
"""and between those before them."""
_WAYS = 64  # of choosing one of each, at most
_EMPTY = frozenset({
    "a", "an", "the", "for", "to", "of", "in", "on", "at", "with", "and", "or", "that", "which", "is", "are",
    "be", "some", "any", "i", "me", "my", "we", "you", "your", "want", "need", "would", "like", "looking",
    "look", "find", "show", "search", "something", "anything", "garment", "garments", "clothes",
    "wear", "wearing", "can", "could", "have", "has", "got", "do", "does", "there", "under", "below", "it", "give",
    "from", "by", "as", "very", "really", "nice", "good", "about", "around", "roughly", "too", "but", "please", "pls",
    "outfit", "guest", "everything", "what", "where",
})  # fmt: skip
_LEFT_OUT = re.compile(
    r"\b(?:my |his |her |our )?(?:best )?"
    r"(?:sister|brother|cousin|friend|daughter|son|mother|father|mum|mom|dad|boss)'?s "
    r"(?=wedding|party|birthday|graduation|funeral)"
    r"|(?:我|他|她)?的?(?:姐姐|妹妹|哥哥|弟弟|朋友|闺蜜|同学|同事|女儿|儿子|表[姐妹哥弟])的?(?=婚礼|婚宴|派对|生日|毕业|葬礼)|"
    r"^有(?![机领没])|有(?=什么|啥|哪)|啥|太(?!阳)|我想要|我想|想要|我要|也|又|想|请|帮我|寻找|(?:买|要|来)[件条款个]|买|哪些|找[件条款个]|找|一件|一条|一款|适合|可以|穿的|穿|的|给我|看看|推荐|有没有|什么|吗|呢|去|参加|衣服|服装|室|大概|大约|差不多|好(?=\W*$)"
)


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked: words for the catalogue, of which one of each of `either` will do, and words `without` which it
    is to be, a price from `least` to `most`, a `size` that must not be sold out; `cheap`: the lowest price first."""

    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    either: tuple[tuple[str, ...], ...] = ()
    least: float | None = None
    most: float | None = None
    size: str | None = None
    there: bool = False
    cheap: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """Ids, the best first; what the words were put right to ("" as typed); what was given up to find something."""

    ids: tuple[str, ...]
    query: Query
    instead: str = ""
    given_up: tuple[str, ...] = ()


def read_query(text: str) -> Query:
    """What a sentence asks for."""
    plain = " ".join(text.lower().split())[:400]
    plain = _CHINESE_NUMBER.sub(lambda told: str(_counted(told[0])), plain)
    plain = _BEFORE_AMOUNT.sub(lambda told: _LIMITS.put_right(told[0]) or told[0], plain)
    found: dict[str, float | str | bool | None] = {}
    for pattern in _BETWEEN:
        if (told := re.search(pattern, plain)) and not re.search(rf"size\s*{re.escape(told[0])}", plain):
            low, high = sorted(_number(part) for part in told.groups())
            found |= {"least": low, "most": high}
            plain = plain.replace(told[0], " ", 1)
            break
    for name, patterns in (("most", _MOST), ("least", _LEAST)):
        for pattern in patterns:
            if name not in found and (told := re.search(pattern, plain)):
                found[name] = _number(told[1])
                plain = plain.replace(told[0], " ", 1)
    for pattern in _ABOUT:
        if not found and (told := re.search(pattern, plain)):
            price = _number(told[1])
            found |= {"least": (1.0 - _NEARLY) * price, "most": (1.0 + _NEARLY) * price}
            plain = plain.replace(told[0], " ", 1)
    if told := re.search(_SIZE, plain):
        found["size"] = next(part for part in told.groups() if part).upper()
        plain = plain.replace(told[0], " ", 1)
    if told := re.search(_THERE, plain):
        found["there"] = True
        plain = plain.replace(told[0], " ", 1)
    if told := re.search(_CHEAP, plain):
        found["cheap"] = True
        plain = plain.replace(told[0], " ", 1)
    plain, without = _parted(plain)
    words = tuple(_words(_LEFT_OUT.sub(" ", _OR.sub(" ", plain))))
    return replace(Query(words, without, _either(plain)), **found)  # type: ignore[arg-type]


def _either(plain: str) -> tuple[tuple[str, ...], ...]:
    """Known words of which either will do: "navy or black", "navy, grey or black", "navy or grey or black"; those told
    first, where there are too many ways of choosing."""
    found: list[tuple[str, ...]] = []
    for said, follows in pairwise(_OR.split(plain)):
        before = [tuple(_words(_LEFT_OUT.sub(" ", part))) for part in _LIST.split(said)]
        after = next(_words(_LEFT_OUT.sub(" ", follows)), "")
        group = [after]
        while before and before[-1] and {before[-1][-1], after} <= _excluded():
            group.append(before[-1][-1])
            if len(before.pop()) > 1:
                break
        if len(group) == 1:
            continue
        begun = found.pop() if found and found[-1][-1] == group[-1] else ()
        found.append(tuple(dict.fromkeys((*begun, *group[::-1]))))
    groups = tuple(dict.fromkeys(found))
    return tuple(one for k, one in enumerate(groups) if math.prod(map(len, groups[: k + 1])) <= _WAYS)


def _parted(plain: str) -> tuple[str, tuple[str, ...]]:
    """A sentence without what it asks not to be, and that: the known word after each "not", and those joined to it."""
    first, *rest = _NOT.split(_OUTSIDE.sub(r"不要\1 ", plain))
    kept, without = [first], []
    for part in rest:
        more = True
        while more and (word := next(_words(_LEFT_OUT.sub(" ", part)), "")) in _excluded():
            without.append(word)
            before, _, part = part.partition(word)
            joined = _AND.match(part)
            more, part = joined is not None, f"{before} {part[joined.end() if joined else 0 :]}"
        kept.append(part)
    return " ".join(kept), tuple(without)


@cache
def _excluded() -> frozenset[str]:
    """What may be asked not to be, be it one or several."""
    return frozenset(f"{word}{end}" for word in glossary() for end in (("",) if is_chinese(word) else ("", "s", "es")))


def find(catalogue: Catalogue, text: str, limit: int = 60) -> Answered:
    """What meets a sentence, the best first."""
    asked = read_query(text)
    ids, instead = _meeting(catalogue, asked.words, asked)
    if instead and (right := _put_right(text, asked, instead)).either != asked.either:
        asked = right
        ids, _ = _meeting(catalogue, asked.words, asked)
    if ids:
        return Answered(ids[:limit], asked, instead)
    sought = tuple(_words(instead)) or asked.words
    for left_out in _given_up(catalogue, sought, asked):
        ids, again = _meeting(catalogue, tuple(word for word in sought if word not in left_out), asked)
        if ids:
            given_up = tuple(word for word in sought if word in left_out)
            return Answered(ids[:limit], asked, again or instead, given_up)
    return Answered((), asked)


def _put_right(text: str, asked: Query, instead: str) -> Query:
    """What is asked for once its words are put right: "navyy or black" is either of two colours."""
    plain, typed = text.lower(), " ".join(asked.words).split()
    for wrong, right in zip(typed, instead.split(), strict=False):
        plain = re.sub(rf"(?<!\w){re.escape(wrong)}(?!\w)", right, plain)
    return read_query(plain)


def _given_up(catalogue: Catalogue, sought: tuple[str, ...], asked: Query) -> Iterator[frozenset[str]]:
    """What may be left out that something be found, the fewest first, and then the last told; never of what kind it
    is."""
    parts = _parts(sought, asked)
    kinds = [part for part in parts if _kinds().intersection(part)]
    willing = [*(part for part in parts[::-1] if part not in kinds), *kinds[:-1]]
    turn = {part: k for k, part in enumerate(willing)}
    met: dict[str, set[tuple[str, ...]]] = {}
    for part in parts:
        for id in {id for word in part for id in catalogue.search(f"{word} ").ids}:
            met.setdefault(id, set()).add(part)
    ways = {frozenset(parts) - have for have in met.values()}
    ways = {way for way in ways if way and way <= turn.keys()}
    for way in sorted(ways, key=lambda way: (len(way), sorted(turn[part] for part in way))):
        yield frozenset(chain.from_iterable(way))


def _parts(sought: tuple[str, ...], asked: Query) -> list[tuple[str, ...]]:
    """The words in turn, those of which either will do as one: they are given up together."""
    group = {word: one for one in asked.either for word in one}
    return list(dict.fromkeys(group.get(word, (word,)) for word in sought))


def is_called(one: Article, name: str) -> bool:
    """Whether an article is found by a name, or by another that means the same; 西装裤 is no 西装."""
    return bool(_calling(names_of(name)).search(" ".join(names(one)).lower()))


@cache
def _calling(names: tuple[str, ...]) -> re.Pattern[str]:
    """What finds any of these names, in small letters, as words of their own."""
    bounded = (rf"(?<![\w-]){re.escape(name)}(?:e?s)?(?![\w-])" for name in names if not is_chinese(name))
    return re.compile("|".join([*bounded, *(f"{re.escape(name)}(?![裤裙])" for name in names if is_chinese(name))]))


@cache
def _kinds() -> frozenset[str]:
    """What kinds of garments are called, in both languages."""
    titles = {design.TITLE.lower().split()[-1] for design in designs().values()}
    wider = {word for word, same in glossary().items() if titles & set(same)}
    return frozenset(titles | wider | {name for title in titles for name in names_of(title)})


def _meeting(catalogue: Catalogue, sought: tuple[str, ...], asked: Query) -> tuple[tuple[str, ...], str]:
    """Ids of what words find, in that order or by their price, those of words of which either will do in turn; and what
    the words were put right to."""
    groups = [tuple(word for word in group if word in sought) for group in asked.either]
    apart = {word for group in groups for word in group}
    tried = [
        _found(catalogue, tuple(word for word in sought if word not in apart or word in chosen), asked)
        for chosen in product(*(group for group in groups if group))
    ]
    there = {one.id: one for turn in zip_longest(*(found for found, _ in tried)) for one in turn if one}
    sold = list(there.values())
    if asked.cheap:
        sold.sort(key=lambda one: one.price if one.price is not None else math.inf)
    return tuple(one.id for one in sold), next((instead for found, instead in tried if found), tried[0][1])


def _found(catalogue: Catalogue, sought: tuple[str, ...], asked: Query) -> tuple[list[Article], str]:
    """What all of these words find, whose kind, price and stock do, and that is not what is not asked; and what the
    words were put right to."""
    told = catalogue.search(" ".join((*sought, "")))
    out = {id for word in asked.without for id in catalogue.search(f"{word} ").ids}
    there = [one for one in catalogue.items(told.ids) if not one.trouble and one.id not in out and _meets(one, asked)]
    said = set(_words(told.instead) if told.instead else sought)
    for kind in (kind for kind in _kinds() if said & {kind, f"{kind}s", f"{kind}es"}):
        there = [one for one in there if _may_be(one, kind)]
    return there, told.instead


def _may_be(one: Article, kind: str) -> bool:
    """Whether it is of a kind, or of none that is known: what is called another is not, though its text names it."""
    return is_called(one, kind) or not _calling(tuple(sorted(_kinds()))).search(" ".join(names(one)).lower())


def _meets(one: Article, asked: Query) -> bool:
    priced = asked.least is not None or asked.most is not None
    if priced and one.price is None:
        return False
    price, stock = one.price or 0.0, one.stock or {}
    if (asked.most is not None and price > asked.most) or (asked.least is not None and price < asked.least):
        return False
    if asked.size is not None and stock and not any(s.upper() == asked.size and n != 0 for s, n in stock.items()):
        return False
    return not asked.there or any(count != 0 for count in stock.values())


def _words(plain: str) -> Iterator[str]:
    for term in terms(plain + " "):
        written = term.written
        if is_chinese(written) or (written not in _EMPTY and not written.isdigit()):
            yield written


def _counted(written: str) -> int:
    """A number in Chinese: 一百五十, and 一百五 for short."""
    total, digit, last = 0, 0, 1
    for letter in written:
        if letter in _UNITS:
            last = _UNITS[letter]
            total += (digit or 1) * last
            digit = 0
        else:
            digit, last = _DIGITS[letter], 10 if letter == "零" else last
    return total + digit * max(last // 10, 1)


def _number(written: str) -> float:
    return float(written.replace(",", ""))
