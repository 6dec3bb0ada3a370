"""Answers to what a customer asks, in English or Chinese: each from a row of the chart, the body, the drape, the size
advice or the catalogue, which it links to; or "I don't know". Nothing is made up: sentences are forms with numbers.

    answer("between M and L?", Known(article=..., advice=...)).text

What is asked is told by words (app/shop/intents.py). A link is "table:row/column": "body:waist_girth",
"catalogue:breton-tee/price", "chart:female/M/bust_girth", "advice:tee/M", "fabric:linen/density", "drape:tee M/hip".
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from app.shop import bodyreplies, shopreplies
from app.shop.intents import Asked, questions_in, read_question
from app.shop.knowing import Known, Told, Unknown, cm
from app.shop.selftold import is_not_at_ease, liked_fit, told_of_self
from body.measurements import MEASURES
from garments.stock.articles import Article

if TYPE_CHECKING:
    from garments.stock.finding import Answered

__all__ = ["Answer", "Known", "answer", "named"]

UNKNOWN = ("I don't know: {why}.", "我不知道：{why}。")
_ELSEWHERE = {
    "others": ("only the person who was measured can be advised", "只能为已测量的人提供建议"),
    "shop": ("that is for the staff of the shop to say", "这个请问店里的工作人员"),
    "goods": ("the catalogue tells nothing of that", "目录里没有这方面的内容"),
    "layers": ("sizes are advised for a garment that is worn alone", "尺码建议只针对单穿"),
    "two": ("one garment at a time can be asked about", "请一次只问一件衣服"),
    "": ("nothing that I can look up was asked", "这不是我能查到的内容"),
}
_LIKED = {"close": ("For a close fit", "按贴身的穿法"), "loose": ("For a loose fit", "按宽松的穿法")}
_STANDING = ("While you stand; nobody tried how it moves with you", "站立时；没有试过活动时的情况")
_OTHER = 0.025
"""A measure [m] that is told is another one than is known from that difference on."""
_REPLIES: Mapping[str, Callable[[Asked, Known], Told]] = {**bodyreplies.REPLIES, **shopreplies.REPLIES}


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence, whether it is one (`known`), what was understood, and the rows that it was taken from."""

    text: str
    known: bool
    intent: str
    links: tuple[str, ...] = ()

    def plain(self) -> dict:
        """As JSON."""
        return {"answer": self.text, "known": self.known, "intent": self.intent, "links": list(self.links)}


def answer(text: str, known: Known, earlier: Sequence[str] = ()) -> Answer:
    """The answer to a question, or to several that are asked in one breath; it may go on from `earlier` ones."""
    parts = questions_in(text)
    told = [_answer(part, known, earlier) for part in parts]
    if len(parts) == 1:
        return told[0]
    whole, links = read_question(text, earlier), tuple(dict.fromkeys(link for one in told for link in one.links))
    said = ("。" if whole.chinese else ". ").join(one.text.rstrip(".。") for one in told)
    intent = next((one.intent for one in told if one.intent == whole.intent), told[0].intent)
    return Answer(said, any(one.known for one in told), intent, links)


def _answer(text: str, known: Known, earlier: Sequence[str]) -> Answer:
    """The answer to one question."""
    asked = read_question(text, earlier)
    if known.find and _is_sought(asked, known, known.find):
        asked = replace(asked, intent="find")
    try:
        if asked.intent not in _REPLIES:
            raise Unknown(*_ELSEWHERE[asked.about])
        told, links = _by_measured(asked, known, *_liked(asked, known))
        return Answer(told[asked.chinese], True, asked.intent, tuple(links))
    except Unknown as why:
        said = UNKNOWN[asked.chinese].format(why=why.chinese if asked.chinese else why.english)
        return Answer(said, False, asked.intent)


def _liked(asked: Asked, known: Known) -> Told:
    """The answer to what is asked, by the fit that the question says is liked, and of whom it holds."""
    likes = liked_fit(asked.text) if asked.intent == "size" and known.sizing_of else None
    if likes and known.sizing_of:
        told, links = _REPLIES[asked.intent](asked, replace(known, sizing=known.sizing_of(likes)))
        english, chinese = _LIKED[likes]
        return (f"{english}: {told[0]}", f"{chinese}：{told[1]}"), links
    told, links = _REPLIES[asked.intent](asked, known)
    draped = any(link.startswith("drape:") for link in links)
    if asked.intent in ("length", "region") and is_not_at_ease(asked.text) and not draped:
        return (f"{_STANDING[0]}: {told[0]}", f"{_STANDING[1]}：{told[1]}"), links
    return told, links


def _by_measured(asked: Asked, known: Known, told: tuple[str, str], links: Sequence[str]) -> Told:
    """An answer that holds for the body says so where the question tells other measures than those that are known."""
    if known.measurements is None or not any(link.startswith(("advice:", "body:")) for link in links):
        return told, links
    for name, length in told_of_self(asked.text).items():
        if name in known.measurements and abs(length - (mine := known.measurements[name]).value) > _OTHER:
            title, has, says = MEASURES[name], cm(mine.value), cm(length)
            english = f"By the known {title.title.lower()} of {has} cm, not {says} cm: {told[0]}"
            return (english, f"按已知的{title.chinese} {has} 厘米，而不是 {says} 厘米：{told[1]}"), (
                *links,
                f"body:{name}",
            )
    return told, links


def _is_sought(asked: Asked, known: Known, find: "Callable[[str], Answered]") -> bool:
    """Whether it names what is looked for, and asks nothing of a garment that is meant."""
    alone, plain = known.article is None, not (asked.about or asked.is_question)
    if plain and not asked.intent and (_plainly(find(asked.text), asked) or (alone and asked.kinds)):
        return True
    if alone and asked.shades and (asked.intent == "colour" or (plain and asked.kinds and asked.intent == "size")):
        return True
    if not asked.tags or asked.intent not in ("occasion", "colour", "material") or asked.is_about_one:
        return False
    return asked.is_for_any or (alone and asked.intent != "material")


def _plainly(told: "Answered", asked: Asked) -> bool:
    """Whether words alone were found, all of them, as they were written or beside a garment that is."""
    return bool(told.ids and told.query.words and not told.given_up and (asked.kinds or not told.instead))


def named(text: str, articles: Sequence[Article]) -> Article | None:
    """The article that a question names by its id or its whole title, the longest name first; else the first of the one
    style that it names ("the oxford shirt", of "Oxford shirt, white"), in the colour that it says most of; None where
    it names none, or several."""
    plain = " ".join(text.lower().split())
    names = ((name.lower(), one) for one in articles for name in (one.id, one.title, one.chinese) if name)
    whole = max((pair for pair in names if pair[0] in plain), key=lambda pair: len(pair[0]), default=("", None))[1]
    return whole or _of_style(plain, articles)


def _of_style(plain: str, articles: Sequence[Article]) -> Article | None:
    """The first article of the one style that is named, in the colour that most is said of."""
    plain, said, styles = plain.replace("-", " "), {}, dict[str, list[Article]]()
    for one in articles:
        styles.setdefault(one.title.lower().replace("-", " ").partition(",")[0].strip(), []).append(one)
    for style, those in styles.items():
        letters = zip(*(one.chinese.lower()[::-1] for one in those), strict=False)
        shared = "".join(each[0] for each in takewhile(lambda each: len(set(each)) == 1, letters))[::-1]
        if style and re.search(rf"\b{re.escape(style)}(?:e?s)?\b", plain):
            said[style] = those
        elif len(shared) > 1 and shared in plain:
            said[shared] = those
    meant = [those for name, those in said.items() if not any(name != other and name in other for other in said)]
    if len(meant) != 1:
        return None

    def coloured(one: Article) -> int:
        shade = one.title.lower().partition(",")[2]
        chinese = one.chinese if one.chinese and len(meant[0]) > 1 else ""
        return sum(word in plain.split() for word in shade.split()) + sum(letter in plain for letter in chinese)

    return max(meant[0], key=coloured)
