"""What a question asks about, by its words, in English and Chinese. No model: what no rule knows is not answered.

The words lie in assets/i18n/questions.toml. A question is put in plain words first (sizes that are written out, and,
where nothing was understood, slips of the finger), then the first rule that it meets says what it asks. What is about
somebody else, about the shop, or about a thing that no catalogue of garments holds is not taken for a question about
the garment, however much of it sounds like one.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from assets.errors import ToileError
from assets.files import asset
from body.measurements import MEASURES, canonical
from garments.colours.palette import palette
from garments.stock.finding import read_query
from garments.stock.searching import Spelling, glossary

_CHINESE = re.compile(r"[一-鿿]")
_SIZES = re.compile(r"(?<![a-z'])(xxs|xs|s|m|l|xl|xxl|xxxl|\d{2,3}/\d{2,3}[a-c]?)(?![a-z'])")
_BEFORE = (
    r"(?:(?<=\ba )|(?<=\bthe )|(?<=\bin )|(?<=\bor )|(?<=\band )|(?<=\bvs )|(?<=\bsize )|(?<=\bthan )|(?<=\bis )|^)"
)
_WRITTEN = (
    (r"\bw/\s*", "with "), (r"\b(?:extra|x)[- ]small\b", "xs"), (r"\b(?:extra|x)[- ]large\b", "xl"),
    (r"\bmediums?\b", "m"),
    (rf"{_BEFORE}small(?![a-z])|\bsmall(?= (?:or|and|vs)\b)", "s"),
    (rf"{_BEFORE}large(?![a-z])|\blarge(?= (?:or|and|vs)\b)", "l"),
    (r"(?<=[几哪一个多大尺])马(?=[^上路]|$)", "码"), (r"什麽", "什么"),
    (r"加大[码号]", "xl码"), (r"小[码号]", "s码"), (r"中[码号]", "m码"), (r"(?<![选买])大[码号]", "l码"),
)  # fmt: skip
"""Sizes that are written out, and their letters; a short form."""
TAGS = {
    "women": "女装", "men": "男装", "wedding": "婚礼", "office": "办公", "party": "派对", "casual": "休闲",
    "sport": "运动",
    "summer": "夏季", "winter": "冬季", "spring": "春季", "autumn": "秋季", "sea": "海边", "classic": "经典",
    "funeral": "葬礼", "graduation": "毕业", "ceremony": "典礼", "theatre": "观剧", "dinner": "用餐", "travel": "旅行",
}  # fmt: skip
"""Tags of catalogues in Chinese."""
_GARMENTS = frozenset({
    "top", "trousers", "skirt", "dress", "jacket", "coat", "shirt", "t-shirt", "jeans", "shorts", "leggings", "hoodie",
    "blazer", "qipao", "tank top", "裤", "裙",
})  # fmt: skip
_SHADES = (
    "red", "blue", "green", "yellow", "black", "white", "grey", "gray", "pink", "purple", "orange", "brown", "beige",
    "红", "蓝", "绿", "黄", "黑", "灰", "粉", "紫", "橙", "棕",
)  # fmt: skip
_ASKS = re.compile(
    r"\b(?:what|which|how (?:big|large|wide|long))(?:'s|s| is| are| size is| size are)?\s+(?:my |the |your )?"
    r"([a-z ]+?)(?: girths?| circumference| size| measurement)?(?: is| are| does| have| did| for| of| do| on| cut|\?|$)"
)
_MINE = re.compile(
    r"how (tall|heavy) (?:am|are|do) (?:i|you think i)|what do i (weigh)|"
    r"how (?:wide|large|big|long) (?:is|are) my ([a-z ]+)|"
    r"how (?:wide|large|big|broad) am i (?:a?round|across|at|in) (?:my |the )?([a-z ]+)|"
    r"\bmy ([a-z ]+?)(?: measure| girth| size| were| was|\?|$)|"
    r"\b([a-z]+) (?:for|of) (?:a |an |the )?size\b|for my ([a-z ]+)|"
    r"\b(?:wid|bigg|larg|small|slimm?|broad|narrow|full)est ([a-z]+)|\b(?:max|min)(?:imum)? ([a-z]+)"
)
_ALL = r"\bmy (?:\w+ )?measure(?:ment)?s\b|三围|我的尺寸|我的数据"
_GIRTHS_ZH = {"胸": "bust_girth", "腰": "waist_girth", "臀": "hip_girth"}
_SAME = {
    "where": "region", "named size": "size", "told measure": "measure", "suits": "occasion", "size there": "stock",
}  # fmt: skip
_THING = re.compile(
    r"(?:\b(?:is|are|was|were|does|do|did|will|would|can|could|has|have|should)|'s) (?:the|an?|your)"
    r" ((?:[a-z-]+ ?){1,3})"
    r"|(?:^|\b(?:much|long|what|when|where|why) )do(?:es)? (?!people)"
    r"(?!(?:the|an?|your|my|it|its|they|this|that|these|those|i|you|we|she|he|any\w*|some\w*|one|not)\b)"
    r"((?:[a-z-]+ ?){1,2})"
    r"|^(?![^多]*(?:[这那它您你要花]|一共|总共|大概|[件条个]))([\u4e00-\u9fff]{2,8})多少钱"
)
"""What is asked about, after its verb and its article."""
_OF_ONE = re.compile(
    r"^(?:is|are|isn't|aren't|will|won't|was|does|doesn't|why|how|can|could|would)\b|[这那][件条款个双]|是不是|还有.*(?:什么|别的)"
)
"""How a question begins that is about one garment."""
_ANY = re.compile(r"(?:(?:show|find|get) me |i want |i need |looking for )?(?:some|any)thing\b")
"""How it begins where any garment will do."""
_NOT_FOR = re.compile(
    r"\b[a-z]+'s (?=(?:\w+ )?(?:wedding|party|birthday|dinner|graduation))"
    r"|\b(?:my |a |the |his |her )?[a-z]+s? (?:keeps? )?(?:says?|said|saying|thinks?|thought|reckons?|told|swears?)\b"
    r"|(?:我|他|她)?的?[\u4e00-\u9fff]{1,3}?(?:(?=的?(?:婚礼|婚宴|派对|生日|聚会))|说|觉得|推荐|劝)"
)
"""People who are named, and for whom nothing is asked."""
_NAME = re.compile(
    r"\b(the|this|that|these|those|your) (?:(?!(?:an?|in|for|or|and|with|of|is|are|to|on)\b)[a-z-]+ ){1,3}?"
    rf"({'|'.join(sorted(filter(str.isascii, _GARMENTS)))})(?=s?\b)"
)
"""A garment that is meant, by its name: "the summer dress" asks nothing about summer."""
_OF_TWO = re.compile(r"\bor\b|\bthan\b|\band\b|\bvs\b|\bversus\b|[和跟与比]|还是|,|，")
_THIS = re.compile(r"\b(?:this|it|that)\b|[这那]")
"""The garment that is meant, not named."""
_AGAINST = re.compile(r"\b(?:or|as|than|vs|versus)\b|[和跟与比]|还是")
"""What stands between it and another one,"""
_THAN = re.compile(r"\bthan\b|(?<!\w)比")
"""and what stands before another one alone."""
_COMPARES = re.compile(r"\bwhich\b|\bthan\b|\bas \w+ as\b|\bvs\b|\bversus\b|哪[个件条款]|比")
_DEARER = re.compile(
    r"\bwhich\b.*\b(?:cheap|expensive|dear)|\b(?:cheaper|dearer|more expensive) (?:one|than)\b"
    r"|哪.{0,3}(?:便宜|贵)|比.*(?:便宜|贵)"
)
"""What holds prices of garments against each other."""
_OF_GOODS = (
    r"(?:\b(?:what|which)\s(?:\w+\s)?|\b(?:it|this|that|these) with (?:my |a |the |some )?(?:\w+ )?"
    r"|^[能可].{0,3}[配搭].{0,3}|(?:什么|哪种|哪双|啥)(?:样的?|颜色的)?)"
)
_AND_MORE = r"(?!-less| or |.*上衣)"
"""What asks for a thing, before it; and what asks for a garment, too, after it."""
_FOLLOWS = re.compile(r"^(?:(?:ok(?:ay)?|so)\W+)?(?:and|then|what about|how about|or)\b|^那|呢\W*$")
"""How a question begins, or ends in Chinese, that goes on from the one before."""
_LITTLE = re.compile(
    r"\b(?:if|in|on|at|to|for|with|the|a|an|my|size|is|it|one|of|around|round|then|take|i|you)\b|[^\w]|[码号的穿如果我要部位那边]"
)
_ASKED_APART = frozenset({
    "size", "region", "where", "length", "price", "stock", "colour", "material", "stretch", "feel", "shrink",
    "goes with", "occasion",
})  # fmt: skip
"""What may be asked of a garment in one breath with something else."""
_PARTS = re.compile(r"[?!;？！；。,，、]+|\s+(?:and|also|plus)\s+|\s+(?=[一-鿿])|(?<=[吗嘛呢])")
"""What parts questions that are asked in one breath."""
_AT_ONCE = 3
"""Questions in one breath that are answered."""
_LONG_SLIP = 5
"""Letters from which on a word is put right by what is near it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is about: its intent ("" where no rule knows it), the language, what it names. `about`: why it is
    none of ours ("others", "shop", "layers", "goods", "two") where it is not; `kinds`, `shades`: garments and colours
    by name; `fibre` the stuff that is asked about; `plain`: the question as rules read it."""

    text: str
    intent: str
    chinese: bool
    sizes: tuple[str, ...] = ()
    region: str = ""
    measure: str = ""
    tags: tuple[str, ...] = ()
    about: str = ""
    kinds: tuple[str, ...] = ()
    shades: tuple[str, ...] = ()
    fibre: str = ""
    plain: str = ""

    @property
    def is_question(self) -> bool:
        """Whether it is asked as a question, which what is looked for ("navy trousers") is not."""
        return bool(_said("question").match(self.plain) or re.search(r"吗|什么|怎么|几|谁|哪|呢", self.plain))

    @property
    def is_about_one(self) -> bool:
        """Whether a garment is asked about that is meant."""
        return _about_one(self.plain)

    @property
    def is_for_any(self) -> bool:
        """Whether any garment will do, whichever is spoken of."""
        return bool(_ANY.match(self.plain))


def read_question(text: str, earlier: Sequence[str] = ()) -> Asked:
    """What a question asks; one that goes on from the last of `earlier` ones ("and in L?") asks the same of what it
    names."""
    found = _alone(text)
    before = read_question(earlier[-1], earlier[:-1]) if earlier and _goes_on(found) else None
    if before is None or not before.intent:
        return found
    return replace(
        found, text=f"{before.text} {text}", intent="colour" if found.shades else before.intent, about="",
        sizes=found.sizes or before.sizes, region=found.region or before.region, tags=found.tags or before.tags,
        measure=found.measure or before.measure, kinds=found.kinds or before.kinds, fibre=found.fibre or before.fibre,
        plain=f"{before.plain} {found.plain}",
    )  # fmt: skip


def questions_in(text: str) -> tuple[str, ...]:
    """The questions that are asked in one breath ("M or L, and how much is it?"): each is understood by itself and asks
    something else than the others. Where it is not so, the text is the one question."""
    parts = tuple(part.strip() for part in _PARTS.split(text) if part.strip())
    if not 1 < len(parts) <= _AT_ONCE:
        return (text,)
    intents = {read.intent for read in map(_alone, parts) if read.intent in _ASKED_APART}
    return parts if len(intents) == len(parts) else (text,)


def _goes_on(asked: Asked) -> bool:
    """Whether a question says no more than that it goes on, and of what."""
    rest, follows = _FOLLOWS.subn(" ", asked.plain)
    rest = _SIZES.sub(" ", rest)
    named = (
        *asked.kinds,
        *asked.shades,
        *(w for n in ("regions", "tags") for words in _table()[n].values() for w in words),
    )
    for name in named:
        rest = re.sub(name if _CHINESE.search(name) else rf"\b(?:{name})(?:e?s)?\b", " ", rest)
    return bool(follows) and not _LITTLE.sub("", rest)


def _alone(text: str) -> Asked:
    chinese = bool(_CHINESE.search(text))
    found = _read(text, plainly(text), chinese)
    if not found.intent and not found.about and not chinese and (right := put_right(found.plain)) != found.plain:
        found = _read(text, right, chinese)
    return found


def plainly(text: str) -> str:
    """The question in small letters, sizes that are written out as letters."""
    plain = " ".join(text.lower().replace("’", "'").split())[:300]
    for written, size in _WRITTEN:
        plain = re.sub(written, size, plain)
    return plain


def put_right(plain: str) -> str:
    """The question with slips of the finger put right in the words that rules go by."""
    return re.sub(r"[a-z]{3,}", lambda word: _near(word[0]), plain)


@cache
def _near(word: str) -> str:
    slips = _table()["slips"]
    if word in slips["wrong"]:
        return str(slips["wrong"][word])
    if len(word) < _LONG_SLIP or word in slips["right"] or word in slips["none"]:
        return word
    return _spelling().put_right(word) or word


@cache
def _spelling() -> Spelling:
    return Spelling(dict.fromkeys(_table()["slips"]["right"], 1))


@cache
def _table() -> Mapping:
    return tomllib.loads(asset("i18n", "questions.toml").read_text(encoding="utf-8"))


@cache
def _said(name: str) -> re.Pattern[str]:
    """One of the table's lists of words."""
    return re.compile("|".join(_table()["words"][name]))


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str] | None], ...]:
    told = ((rule["intent"], rule.get("words")) for rule in _table()["rule"])
    return tuple((intent, re.compile("|".join(words)) if words else None) for intent, words in told)


def _read(text: str, plain: str, chinese: bool) -> Asked:
    sizes = tuple(dict.fromkeys(found.upper() for found in _SIZES.findall(plain)))
    region, tags = next(_listed("regions", plain), ""), tuple(_listed("tags", _NAME.sub(r"\1 \2", plain)))
    measure, query, kinds, shades = _measure(plain), read_query(text), _kinds(plain), _shades(plain)
    fibre = found[0] if (found := _said("fibres").search(plain)) else ""
    named = {
        "find": bool(query.words and (kinds or shades or _said("looking").search(plain)))
        and (query.least is not None or query.most is not None or (bool(query.without) and not _about_one(plain))),
        "size there": bool(sizes) and bool(_said("there").search(plain)),
        "colour": bool(_said("colour").search(plain))
        or bool(shades and (not kinds or re.search(r"\bcomes? in\b", plain))),
        "material": bool(_said("stuff").search(plain) or (fibre and not kinds)),
        "told measure": bool(measure) and bool(_said("told").search(plain) or (sizes and _ASKS.search(plain))),
        "measure": bool(measure),
        "region": bool(region) and bool(_said("fitting").search(plain)),
        "named size": bool(sizes) and bool(len(sizes) > 1 or _said("taking").search(plain) or len(plain) <= 8),
        "occasion": bool(tags) and not _said("looking").search(plain),
        "suits": bool(tags) and bool(_said("suiting").search(plain)),
    }
    intent = next((name for name, words in _rules() if (words.search(plain) if words else named[name])), "")
    about = _about(plain, intent)
    return Asked(
        text, "" if about else _SAME.get(intent, intent), chinese, sizes, region, measure, tags, about, kinds, shades,
        fibre, plain,
    )  # fmt: skip


def _about_one(plain: str) -> bool:
    """Whether a sentence asks about a garment that is meant, not for others."""
    return bool(_OF_ONE.search(plain)) and not _said("looking").search(plain)


def _about(plain: str, intent: str) -> str:
    """What a question is about that is none of ours, or ""."""
    if _said("given").search(plain):
        return "others"
    meant = _NOT_FOR.sub(" ", plain)
    if found := next((name for name in ("others", "shop") if _said(name).search(meant)), ""):
        return found
    if intent not in ("find", "goes with") and _compares(plain):
        return "two"
    if (_SIZES.search(plain) or intent == "size") and _said("layers").search(plain):
        return "layers"
    things = (thing[thing.lastindex or 0] for thing in _THING.finditer(plain))
    before, after = (_OF_GOODS, _AND_MORE) if intent == "goes with" else ("", "")
    elsewhere = any(re.search(f"{before}(?:{word}){after}", plain) for word in _table()["words"]["goods"])
    return "goods" if elsewhere or not all(map(_ours, things)) else ""


def _compares(plain: str) -> bool:
    """Whether two kinds of garments are held against each other."""
    if _DEARER.search(plain):
        return True
    named = [set(kinds) for part in _OF_TWO.split(plain) if (kinds := _kinds(part))]
    sides = _AGAINST.split(plain)
    other = any(_kinds(side) or _shades(side) for side in sides)
    meant = other and any(_THIS.search(side) and not _kinds(side) and not _shades(side) for side in sides)
    than = any(_kinds(after) and not _SIZES.search(after) for after in _THAN.split(plain)[1:])
    return than or (bool(_COMPARES.search(plain)) and (meant or any(one != named[0] for one in named)))


def _ours(thing: str) -> bool:
    """Whether a thing that is named is a garment, a part or a property of one, or of the body under it."""
    known = _said("things").search(thing) or _said("fibres").search(thing) or next(_listed("regions", thing), "")
    return bool(known or _kinds(thing) or _measure(f"my {thing}"))


def _listed(table: str, plain: str):
    """Of a table of words by name the names of which a word is there."""
    return (name for name, words in _table()[table].items() if any(_named(word, plain, "") for word in words))


@cache
def _kinds(plain: str) -> tuple[str, ...]:
    """The garments that are named, by their names in the glossary."""
    return tuple(sorted(n for n in _GARMENTS if any(_named(alias, plain) for alias in (n, *glossary().get(n, ())))))


def _shades(plain: str) -> tuple[str, ...]:
    """The colours that are named, in whichever language, the palette's own names first."""
    names = [name for one in palette().values() for name in (one.english.lower(), one.chinese)]
    return tuple(dict.fromkeys(name for name in (*names, *_SHADES) if _named(name, plain)))


def _named(name: str, plain: str, more: str = "(?:e?s)?") -> bool:
    """Whether a word is there: an English one whole, a Chinese one anywhere."""
    return name in plain if _CHINESE.search(name) else bool(re.search(rf"\b(?:{name}){more}\b", plain))


def _measure(plain: str) -> str:
    """The body measure that is asked for ("what is my waist?", "what bust is M for?"), "all" of them, or ""."""
    if re.search(_ALL, plain):
        return "all"
    counted = _said("whole").search(plain) and not re.search(r"穿(?:多大|什么|几|啥|哪)", plain)
    for word, name in (*_table()["measures"].items(), *_GIRTHS_ZH.items()):
        if counted and _CHINESE.search(word) and word in plain:
            return name
    for pattern in (_MINE, _ASKS):
        for told in pattern.finditer(plain):
            if found := next((name for part in told.groups() if part and (name := _canonical(part.strip()))), ""):
                return found
    return ""


def _canonical(name: str) -> str:
    if name in _table()["measures"]:
        return str(_table()["measures"][name])
    for one in (name, name.removesuffix("s")):
        try:
            found = canonical(one)
        except ToileError:
            continue
        if found in MEASURES:
            return found
    return ""
