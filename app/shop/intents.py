"""What a question asks about, by its words, in English and Chinese. No model: what no rule knows is not answered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assets.errors import ToileError
from body.measurements import MEASURES, canonical
from garments.finding import read_query

_CHINESE = re.compile(r"[一-鿿]")
_SIZES = re.compile(r"(?<![a-z'’])(xxs|xs|s|m|l|xl|xxl|xxxl|\d{2,3}/\d{2,3}[a-c]?)(?![a-z'’])")
_REGIONS: Mapping[str, str] = {
    "bust": "bust|chest|胸", "waist": "waist|腰", "hip": "hips?|seat|bum|bottom|臀|屁股", "thigh": "thighs?|大腿",
    "sleeve": "sleeves?|upper arms?|biceps|arms?|袖|胳膊|手臂",
}  # fmt: skip
_TAGS: Mapping[str, str] = {
    "wedding": "wedding|婚礼|婚宴", "office": "office|work|business|interview|办公|上班|通勤|面试|正式",
    "party": "party|evening wear|cocktail|派对|晚会|晚宴|聚会", "casual": "casual|every ?day|weekend|休闲|日常|周末",
    "sport": "sport|sports|gym|running|yoga|运动|健身|瑜伽|跑步", "summer": "summer|hot weather|夏",
    "winter": "winter|cold|冬", "spring": "spring|春", "autumn": "autumn|fall|秋", "sea": "sea|beach|海边|沙滩",
}  # fmt: skip
_MEASURES_ZH = {
    "胸围": "bust_girth", "腰围": "waist_girth", "臀围": "hip_girth", "身高": "stature", "体重": "mass",
    "腿长": "crotch_height", "内长": "crotch_height", "臂长": "arm_length", "大腿围": "thigh_girth",
    "颈围": "neck_girth", "肩宽": "across_back_shoulder_width",
}  # fmt: skip
_FITTING = "tight|loose|fit|ease|room|close|wide|narrow|紧|松|合身|宽|窄"
_LOOKING = "show|find|looking|有没有|推荐|找|想要"
_ASKS = re.compile(
    r"\b(?:what|which)(?:'s| is| are)?\s+(?:my |the )?([a-z ]+?)(?: girth| circumference)?"
    r"(?: is| does| for| of| do|\?|$)"
)
_MINE = re.compile(r"how (tall|heavy) am i|how (?:wide|large|big) (?:is|are) my ([a-z ]+)|\bmy ([a-z ]+?) measure")
# In order: the first that a question meets is what it asks; those without words are told by what it names.
_RULES: tuple[tuple[str, str], ...] = (
    (
        "shrink",
        r"\bshrink|\bwash|\biron\b|\bironed|tumble|dry.?clean|bleach|\bcare\b|colou?rfast|缩水|洗|熨|掉色|"
        r"褪色|烘干"
    ),
    (
        "goes with",
        r"goes? with|go well|does it match|match(es)? (it|this|with)|\bpair (it|this|with)|combine|"
        r"wear (it |this )?with|搭配|配什么|怎么搭|搭什么|怎么配"
    ),
    ("find", r""),
    ("colour", r"colou?r|颜色|什么色"),
    (
        "price",
        r"how much (is|does|for|are|would)|\bprice|\bcosts?\b|expensive|多少钱|价格|价钱|贵不贵|售价"
    ),
    (
        "stock",
        r"in stock|\bstock\b|sold out|available|do you (still )?have (it|this|one)|which sizes|what sizes|"
        r"有货|库存|现货|有哪些尺码|有什么尺码|还有.{0,6}码|卖完"
    ),
    ("stretch", r"stretch|elastic|\bgive\b|弹性|有弹|弹力|能拉伸"),
    (
        "material",
        r"made (of|from|out)|\bmaterial|\bfabric|what cloth|\bcotton\?|\bheavy|\bthick|\bweigh|how warm|"
        r"面料|材质|什么料|布料|厚不厚|厚吗|多重|克重"
    ),
    (
        "length",
        r"how long|how short|\blength|\bhem\b|(above|below|reach|cover|to) (my |the )?(knees?|ankles?)|"
        r"end on me|多长|长度|下摆|到膝|过膝|膝盖|脚踝|有多短"
    ),
    ("measure", r""),
    ("region", r""),
    (
        "size",
        r"\bsizes?\b|\bfit|between|run(s|ning)? (small|large|big|true)|too (small|large|big|tight|loose|"
        r"wide)|which (one )?should i|how sure|size up|size down|尺码|几码|哪个码|大小|合身|合适|穿得下|"
        r"偏大|偏小|选|码|号|紧|松|有多大把握"
    ),
    ("occasion", r""),
    (
        "find",
        r"show|find|search|looking for|have you|do you have|any |i want|i need|推荐|找|有没有|想要|我要"
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is about: its intent ("" where no rule knows it), the language, what it names."""

    text: str
    intent: str
    chinese: bool
    sizes: tuple[str, ...] = ()
    region: str = ""
    measure: str = ""
    tags: tuple[str, ...] = ()


def read_question(text: str) -> Asked:
    """What a question asks."""
    plain = " ".join(text.lower().split())[:300]
    chinese = bool(_CHINESE.search(plain))
    sizes = tuple(dict.fromkeys(found.upper() for found in _SIZES.findall(plain)))
    region = next((name for name, words in _REGIONS.items() if _has(plain, words)), "")
    tags = tuple(name for name, words in _TAGS.items() if _has(plain, words))
    measure, query = _measure(plain), read_query(text)
    bounded = query.words and (query.least is not None or query.most is not None)
    found = {
        "find": bool(bounded),
        "measure": bool(measure),
        "region": bool(region) and _has(plain, _FITTING),
        "occasion": bool(tags) and not _has(plain, _LOOKING),
    }
    for intent, words in _RULES:
        if re.search(words, plain) if words else found[intent]:
            return Asked(text, intent, chinese, sizes, region, measure, tags)
    return Asked(text, "", chinese, sizes, region, measure, tags)


def _measure(plain: str) -> str:
    """The body measure that is asked for ("what is my waist?", "what bust is M for?"), or ""."""
    for word, name in _MEASURES_ZH.items():
        if word in plain and _has(plain, "多少|是什么|几|多大|多高|多重|多长|对应"):
            return name
    asks = _ASKS.search(plain)
    mine = _MINE.search(plain)
    if mine and mine[1]:
        return {"tall": "stature", "heavy": "mass"}[mine[1]]
    name = (mine[2] or mine[3]) if mine else asks[1] if asks else ""
    try:
        found = canonical(name.strip()) if name else ""
    except ToileError:
        return ""
    return found if found in MEASURES else ""


def _has(plain: str, words: str) -> bool:
    """Whether one of some words is there: English ones whole, Chinese ones anywhere."""
    whole = (word if _CHINESE.search(word) else rf"\b(?:{word})\b" for word in words.split("|"))
    return bool(re.search("|".join(whole), plain))
