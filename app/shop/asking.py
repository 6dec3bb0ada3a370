"""Answers to what a customer asks, in English or Chinese: each from a row of the chart, the body, the drape, the size
advice or the catalogue, which it links to; or "I don't know". Nothing is made up: sentences are forms with numbers.

    answer("between M and L?", Known(article=..., advice=...)).text

What is asked is told by words (app/shop/intents.py). A link is "table:row/column": "body:waist_girth",
"catalogue:breton-tee/price", "chart:female/M/bust_girth", "advice:tee/M", "fabric:linen/density", "drape:tee M/hip".
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.shop.intents import Asked, read_question
from assets.errors import ToileError
from body.measurements import MEASURES
from garments.articles import Article
from garments.designs import designs
from garments.fabric import Fabric, fabric
from garments.fit import COMFORTABLE_TENSION
from garments.grading import charts_for, size_measurements
from garments.palette import palette

if TYPE_CHECKING:
    from body.measurements import Measurements
    from garments.finding import Answered
    from garments.fit import Fit
    from garments.recommend.content import Content
    from garments.recommend.suggest import Sizing

UNKNOWN = ("I don't know: {why}.", "我不知道：{why}。")
_MANY = 3
TAGS = {
    "women": "女装", "men": "男装", "wedding": "婚礼", "office": "办公", "party": "派对", "casual": "休闲",
    "sport": "运动",
    "summer": "夏季", "winter": "冬季", "spring": "春季", "autumn": "秋季", "sea": "海边", "classic": "经典",
}  # fmt: skip
"""Tags of catalogues in Chinese."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What answers may be taken from; what is not there is not known. `article`: the garment that is spoken of."""

    articles: Sequence[Article] = ()
    article: Article | None = None
    measurements: "Measurements | None" = None
    sex: float | None = None
    chart: str | None = None
    sizing: "Sizing | None" = None
    fits: "Sequence[Fit]" = ()
    find: "Callable[[str], Answered] | None" = None


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


@dataclass(frozen=True, slots=True)
class _Unknown(Exception):
    """There is no row to answer from, and why, in two languages."""

    english: str
    chinese: str


def answer(text: str, known: Known) -> Answer:
    """The answer to a question."""
    asked = read_question(text)
    if not asked.intent and known.find and _plainly(known.find(text)):
        asked = replace(asked, intent="find")
    try:
        if asked.intent not in _ANSWERS:
            raise _Unknown("nothing that I can look up was asked", "这不是我能查到的内容")
        told, links = _ANSWERS[asked.intent](asked, known)
        return Answer(told[asked.chinese], True, asked.intent, tuple(links))
    except _Unknown as why:
        said = UNKNOWN[asked.chinese].format(why=why.chinese if asked.chinese else why.english)
        return Answer(said, False, asked.intent)


Told = tuple[tuple[str, str], Sequence[str]]


def _size(asked: Asked, known: Known) -> Told:
    told, advice = _garment(known), _advice(known)
    named = [advice.score(one) for one in asked.sizes if one in [score.size for score in advice.scores]]
    if asked.sizes and not named:
        raise _Unknown(f"{told.name} has no size {asked.sizes[0]}", f"{_zh(told)}没有{asked.sizes[0]}码")
    if not advice.suits:
        said = (
            f"No size of {told.name} suits; {advice.best} comes closest",
            f"{_zh(told)}没有合适的尺码，{advice.best}码最接近",
        )
        return said, [f"advice:{told.id}/{advice.best}"]
    best = max(named or advice.scores, key=lambda score: score.probability)
    others = [score for score in named if score is not best]
    sure = f"{100 * best.probability:.0f} %"
    found = (
        f"too small {100 * best.small:.0f} %, fits {100 * best.fits:.0f} %, too large {100 * best.large:.0f} %",
        f"偏小 {100 * best.small:.0f} %，合身 {100 * best.fits:.0f} %，偏大 {100 * best.large:.0f} %",
    )
    english, chinese = (
        f"{best.size}: {sure} sure to be the right one ({found[0]})",
        f"{best.size}码：{sure}把握最合适（{found[1]}）",
    )
    if others:
        rest = ", ".join(f"{one.size} {100 * one.probability:.0f} %" for one in others)
        english, chinese = f"{english}; {rest}", f"{chinese}；{rest}"
    elif best.size != advice.best:
        english, chinese = f"{english}; {advice.best} suits better", f"{chinese}；{advice.best}码更合适"
    return (english, chinese), [f"advice:{told.id}/{score.size}" for score in (best, *others)]


def _region(asked: Asked, known: Known) -> Told:
    """How it sits at a place: as draped, else by the numbers."""
    for fit in known.fits:
        for region in fit.regions:
            if region.name == asked.region:
                strain = f"{100 * region.strain:.1f} %"
                said = (
                    f"{region.name}: {region.verdict}; strain {strain}",
                    f"{_place(region.name)}：松量 {_cm(region.ease)} 厘米，应变 {strain}",
                )
                return said, [f"drape:{fit.garment}/{region.name}"]
    told, advice = _garment(known), _advice(known)
    score = (
        advice.score(asked.sizes[0]) if asked.sizes and asked.sizes[0] in _names(advice) else advice.score(advice.best)
    )
    share = next((share for share in score.shares if share.name == asked.region), None)
    if share is None:
        raise _Unknown(f"{told.name} is not judged there", f"{_zh(told)}的这个部位没有数据")
    body = _measurement(known, share.measure)
    off, ease = share.ease - share.wanted, _cm(share.ease)
    english = f"{ease} cm of ease at the {share.name}, {_cm(abs(off))} cm {'more' if off >= 0 else 'less'} than meant"
    chinese = f"{_place(share.name)}的松量为 {ease} 厘米，比设计{'多' if off >= 0 else '少'} {_cm(abs(off))} 厘米"
    links = [f"advice:{told.id}/{score.size}/{share.name}", f"body:{body.name}"]
    return (f"{score.size} has {english}", f"{score.size}码在{chinese}"), links


def _length(asked: Asked, known: Known) -> Told:
    """Where the hem comes to lie, by the design's length in the size and the heights of the body."""
    told = _garment(known)
    option = designs()[told.design].OPTIONS.get("length") if told.design else None
    if told.design is None or option is None:
        raise _Unknown(f"nothing tells the length of {told.name}", f"没有{_zh(told)}的长度")
    advice = _advice(known)
    size = asked.sizes[0] if asked.sizes and asked.sizes[0] in _names(advice) else advice.best
    links = [f"catalogue:{told.id}/options/length", f"chart:{advice.chart}/{size}"]
    body, own = size_measurements(size, advice.chart), (told.options or {}).get("length", option.default)
    length = own * body.get(option.unit, 1.0)
    start = "crotch_height" if option.unit == "crotch_height" else "waist_height"
    if "hip" in option.help:
        length += body["waist_to_hip"]
    hem, knee = _measurement(known, start).value - length, _measurement(known, "knee_height").value
    off = hem - knee
    if start == "crotch_height":
        long = f"has an inside leg of {_whole(length)} cm", f"内长约 {_whole(length)} 厘米"
    else:
        long = f"ends about {_whole(length)} cm below the waist", f"下摆在腰下约 {_whole(length)} 厘米"
    english = (
        f"{told.name} in {size} {long[0]}: on you about {_whole(max(hem, 0.0))} cm off the floor, "
        f"{_whole(abs(off))} cm {'above' if off >= 0 else 'below'} the middle of the knee"
    )
    chinese = (
        f"{_zh(told)} {size}码{long[1]}，离地约 {_whole(max(hem, 0.0))} 厘米，"
        f"在膝盖{'以上' if off >= 0 else '以下'} {_whole(abs(off))} 厘米"
    )
    return (english, chinese), [*links, f"body:{start}", "body:knee_height"]


def _goes(asked: Asked, known: Known) -> Told:
    from garments.recommend.content import content, together

    told = _garment(known)
    mine = content(told)
    rated = [(*together(mine, content(one)), one) for one in known.articles if not one.trouble and one.id != told.id]
    best = sorted((one for one in rated if one[0] > 0.3), key=lambda one: (-one[0], one[2].id))[:_MANY]
    if not best:
        raise _Unknown(f"nothing in the catalogue goes with {told.name}", f"目录里没有能搭配{_zh(told)}的")
    english = "; ".join(f"{one.name} ({why})" for _, why, one in best)
    return (
        (f"With {told.name} go {english}", f"可以搭配{_zh(told)}的有：{'、'.join(_zh(one) for *_, one in best)}"),
        [f"catalogue:{one.id}" for *_, one in best],
    )


def _price(asked: Asked, known: Known) -> Told:
    told = _garment(known)
    if told.price is None:
        raise _Unknown(f"{told.name} has no price in the catalogue", f"目录里没有{_zh(told)}的价格")
    return (f"{told.name} costs {told.cost}", f"{_zh(told)}的价格是 {told.cost}"), [f"catalogue:{told.id}/price"]


def _stock(asked: Asked, known: Known) -> Told:
    told = _garment(known)
    stock = {size: count for size, count in (told.stock or {}).items() if not asked.sizes or size in asked.sizes}
    if not stock:
        raise _Unknown(f"the catalogue does not tell the stock of {told.name}", f"目录里没有{_zh(told)}的库存")
    there = {size: count for size, count in stock.items() if count != 0}
    listed = ", ".join(size if count is None else f"{size} ({count})" for size, count in there.items())
    english = f"{told.name} is there in {listed}" if there else f"{told.name} is sold out in {', '.join(stock)}"
    chinese = f"{_zh(told)}有货的尺码：{listed}" if there else f"{_zh(told)} {'、'.join(stock)}码已售完"
    return (english, chinese), [f"catalogue:{told.id}/stock/{size}" for size in stock]


def _material(asked: Asked, known: Known) -> Told:
    told, cloth = _cloth(known)
    english = f"{told.name} is made of {cloth.title.lower()}, a {cloth.construction}, {1000 * cloth.density:.0f} g/m²"
    chinese = f"{_zh(told)}的面料是{cloth.chinese}，{1000 * cloth.density:.0f} 克/平方米"
    return (english, chinese), [f"catalogue:{told.id}/fabric", f"fabric:{cloth.name}/density"]


def _stretch(asked: Asked, known: Known) -> Told:
    _, cloth = _cloth(known)
    weft, warp = (100 * curve.strain_at(COMFORTABLE_TENSION) for curve in (cloth.stretch_weft, cloth.stretch_warp))
    english = f"at a comfortable pull {cloth.title.lower()} gives {weft:.0f} % across and {warp:.0f} % along"
    chinese = f"在舒适的拉力下，{cloth.chinese}横向伸长 {weft:.0f} %，纵向 {warp:.0f} %"
    return (english[:1].upper() + english[1:], chinese), [f"fabric:{cloth.name}/stretch"]


def _shrink(asked: Asked, known: Known) -> Told:
    told = _garment(known)
    raise _Unknown(f"nobody measured how {told.name} shrinks or washes", f"没有测量过{_zh(told)}的缩水和洗涤")


def _occasion(asked: Asked, known: Known) -> Told:
    told = _garment(known)
    if not told.tags:
        raise _Unknown(f"the catalogue does not say what {told.name} is for", f"目录没有写明{_zh(told)}适合什么场合")
    met = [tag for tag in told.tags if tag in asked.tags]
    tags, chinese = ", ".join(told.tags), "、".join(TAGS.get(tag, tag) for tag in told.tags)
    if asked.tags and not met:
        other = TAGS.get(asked.tags[0], asked.tags[0])
        said = (
            f"The catalogue does not name it for {asked.tags[0]}; it is for: {tags}",
            f"目录没有把它列为{other}用；列出的是：{chinese}",
        )
    else:
        said = f"{'Yes, it is' if met else 'It is'} for: {tags}", f"{'可以，' if met else ''}适合：{chinese}"
    return said, [f"catalogue:{told.id}/tags"]


def _measure(asked: Asked, known: Known) -> Told:
    """The person's measure, or a size's."""
    if asked.sizes:
        names = charts_for(known.chart, known.sex)
        try:
            value = size_measurements(asked.sizes[0], names[0])[asked.measure]
        except (ToileError, KeyError):
            raise _Unknown(f"the chart {names[0]} has no such row", f"尺码表 {names[0]} 没有这一行") from None
        title = MEASURES[asked.measure]
        said = (
            f"{asked.sizes[0]} is for a {title.title.lower()} of {_cm(value)} cm",
            f"{asked.sizes[0]}码适合{title.chinese} {_cm(value)} 厘米",
        )
        return said, [f"chart:{names[0]}/{asked.sizes[0]}/{asked.measure}"]
    found, title = _measurement(known, asked.measure), MEASURES[asked.measure]
    if title.kind == "mass":
        said = (
            f"{title.title}: {found.value:.1f} ± {found.sd:.1f} kg ({found.source})",
            f"{title.chinese}：{found.value:.1f} ± {found.sd:.1f} 公斤",
        )
    else:
        said = (
            f"{title.title}: {_cm(found.value)} ± {_cm(found.sd)} cm ({found.source})",
            f"{title.chinese}：{_cm(found.value)} ± {_cm(found.sd)} 厘米",
        )
    return said, [f"body:{asked.measure}"]


def _plainly(told: "Answered") -> bool:
    """Whether words alone were found, all of them as they were written."""
    return bool(told.ids and told.query.words and not told.given_up and not told.instead)


def _colour(asked: Asked, known: Known) -> Told:
    """The colour, and in what others the same garment is there: those called so but for what follows a comma."""
    from garments.recommend.content import content

    told = _garment(known)
    mine = content(told)
    if not mine.shade:
        raise _Unknown(f"the catalogue does not tell the colour of {told.name}", f"目录没有写明{_zh(told)}的颜色")
    stem = told.title.partition(",")[0]
    others = [one for one in known.articles if one.title.partition(",")[0] == stem and one.id != told.id]
    listed = ", ".join(one.title.partition(",")[2].strip() or one.title for one in others)
    english = f"{told.name} is {mine.shade}" + (f"; there is also {listed}" if others else "")
    chinese = f"{_zh(told)}的颜色最接近{shade_of(mine)}" + (f"；还有{'、'.join(map(_zh, others))}" if others else "")
    return (english, chinese), [f"catalogue:{one.id}/colourway" for one in (told, *others)]


def shade_of(mine: "Content") -> str:
    """The Chinese name of its colour."""
    return next(one.chinese for one in palette().values() if one.english.lower() == mine.shade)


def _find(asked: Asked, known: Known) -> Told:
    if known.find is None:
        raise _Unknown("there is no catalogue", "没有目录")
    told, listed = known.find(asked.text), {one.id: one for one in known.articles}
    found = [listed[id] for id in told.ids if id in listed][:_MANY]
    if not found or told.given_up:
        raise _Unknown("nothing in the catalogue is like that", "目录里没有这样的")
    english = "; ".join(f"{one.name}{f', {one.cost}' if one.cost else ''}" for one in found)
    return (
        f"There is {english}",
        f"有：{'；'.join(_zh(one) + ('，' + one.cost if one.cost else '') for one in found)}",
    ), [f"catalogue:{one.id}" for one in found]


_ANSWERS: Mapping[str, Callable[[Asked, Known], Told]] = {
    "size": _size, "region": _region, "length": _length, "goes with": _goes, "price": _price, "stock": _stock,
    "material": _material, "stretch": _stretch, "shrink": _shrink, "occasion": _occasion, "measure": _measure,
    "find": _find, "colour": _colour,
}  # fmt: skip


def _garment(known: Known) -> Article:
    if known.article is None:
        raise _Unknown("it is not clear which garment is meant", "不清楚指的是哪件衣服")
    return known.article


def _advice(known: Known):
    told = _garment(known)
    if known.sizing is None:
        raise _Unknown("nobody has been measured yet", "还没有测量身体")
    try:
        return known.sizing(told)
    except ToileError as error:
        raise _Unknown(str(error), f"{_zh(told)}没有可用的尺码") from error


def _names(advice) -> list[str]:
    return [score.size for score in advice.scores]


def _measurement(known: Known, name: str):
    if known.measurements is None or name not in known.measurements:
        raise _Unknown("nobody has been measured yet", "还没有测量身体")
    return known.measurements[name]


def _cloth(known: Known) -> tuple[Article, Fabric]:
    told = _garment(known)
    name = told.fabric or (designs()[told.design].FABRIC if told.design else None)
    if name is None:
        raise _Unknown(f"the catalogue does not name the fabric of {told.name}", f"目录没有写明{_zh(told)}的面料")
    return told, fabric(name)


def _zh(told: Article) -> str:
    return told.chinese or told.title


def _place(region: str) -> str:
    names = {"bust": "胸部", "waist": "腰部", "waistband": "腰头", "hip": "臀部", "thigh": "大腿", "sleeve": "袖子"}
    return names.get(region, region)


def _cm(length: float) -> str:
    return f"{100 * length:.1f}"


def _whole(length: float) -> str:
    return f"{100 * length:.0f}"


def named(text: str, articles: Sequence[Article]) -> Article | None:
    """The article that a question names by its id or its whole title, the longest name first; None where it names
    none."""
    plain = text.lower()
    names = ((name.lower(), one) for one in articles for name in (one.id, one.title, one.chinese) if name)
    return max((pair for pair in names if pair[0] in plain), key=lambda pair: len(pair[0]), default=("", None))[1]
