"""Answers from the catalogue and the fabrics: price, stock, colours, stuff, what goes with it, what there is."""

import re
from typing import TYPE_CHECKING

from app.shop.intents import TAGS, Asked
from app.shop.knowing import Known, Told, Unknown, the_cloth, the_garment, zh
from garments.colours.palette import palette
from garments.fit import COMFORTABLE_TENSION
from garments.stock.articles import Article
from garments.stock.finding import is_called

if TYPE_CHECKING:
    from garments.recommend.content import Content

_BESIDE = re.compile(
    r"\b(?:bigger|larger|smaller|other)(?: sizes?)? than\b|\b(?:above|below|but|besides|except)\b"
    r"|[码号]?以[上下外]|比.{1,4}[大小]"
)
"""What asks for other sizes than the one that is named."""
_MANY, _FEW = 3, 2
"""Garments that are named at most; words that may be left out of what is sought, for one that is near to be named."""


def _goes(asked: Asked, known: Known) -> Told:
    """What goes with it; of the kinds and colours that are named, where any are."""
    from garments.recommend.content import content, together

    told = the_garment(known)
    mine = content(told)
    there = [one for one in known.articles if not one.trouble and one.id != told.id]
    named = [name for name in asked.kinds if not is_called(told, name)]
    there = [one for one in there if all(is_called(one, name) for name in (*named[:1], *asked.shades[:1]))]
    rated = [(*together(mine, content(one)), one) for one in there]
    best = sorted((one for one in rated if one[0] > 0.3), key=lambda one: (-one[0], one[2].id))[:_MANY]
    if not best:
        what = " ".join((*asked.shades[:1], *named[:1])) or "other garment"
        raise Unknown(f"no {what} in the catalogue goes with {told.name}", f"目录里没有能搭配{zh(told)}的")
    english = "; ".join(f"{one.name} ({why})" for _, why, one in best)
    return (
        (f"With {told.name} go {english}", f"可以搭配{zh(told)}的有：{'、'.join(zh(one) for *_, one in best)}"),
        [f"catalogue:{one.id}" for *_, one in best],
    )


def _price(asked: Asked, known: Known) -> Told:
    told = the_garment(known)
    if told.price is None:
        raise Unknown(f"{told.name} has no price in the catalogue", f"目录里没有{zh(told)}的价格")
    return (f"{told.name} costs {told.cost}", f"{zh(told)}的价格是 {told.cost}"), [f"catalogue:{told.id}/price"]


def _stock(asked: Asked, known: Known) -> Told:
    """Of the garment, or of its like in the colour that is named."""
    told = _in_shade(asked, known)
    sizes = () if _BESIDE.search(asked.plain) else asked.sizes
    stock = {size: count for size, count in (told.stock or {}).items() if not sizes or size in sizes}
    if not stock:
        raise Unknown(f"the catalogue does not tell the stock of {told.name}", f"目录里没有{zh(told)}的库存")
    there = {size: count for size, count in stock.items() if count != 0}
    listed = ", ".join(size if count is None else f"{size} ({count})" for size, count in there.items())
    english = f"{told.name} is there in {listed}" if there else f"{told.name} is sold out in {', '.join(stock)}"
    chinese = f"{zh(told)}有货的尺码：{listed}" if there else f"{zh(told)} {'、'.join(stock)}码已售完"
    return (english, chinese), [f"catalogue:{told.id}/stock/{size}" for size in stock]


def _in_shade(asked: Asked, known: Known) -> Article:
    """The garment, or the one of its name that is in the colour that is asked about. Raises Unknown."""
    told = the_garment(known)
    if not asked.shades:
        return told
    for one in (told, *_others(told, known)):
        if any(is_called(one, shade) for shade in asked.shades):
            return one
    shade, stem = asked.shades[0], told.title.partition(",")[0]
    raise Unknown(f"the catalogue has no {stem.lower()} in {shade}", f"目录里没有{shade}的{zh(told)}")


def _others(told: Article, known: Known) -> list[Article]:
    """The same garment in other colours: those called so but for what follows a comma."""
    stem = told.title.partition(",")[0]
    return [one for one in known.articles if one.title.partition(",")[0] == stem and one.id != told.id]


def _material(asked: Asked, known: Known) -> Told:
    told, cloth = the_cloth(known)
    weight = f"{1000 * cloth.density:.0f}"
    english = f"{told.name} is made of {cloth.title.lower()}, a {cloth.construction}, {weight} g/m²"
    chinese = f"{zh(told)}的面料是{cloth.chinese or cloth.title}，{weight} 克/平方米"
    if asked.fibre:
        english += "; the catalogue says no more of its fibres"
        chinese += "；目录没有更多成分说明"
    return (english, chinese), [f"catalogue:{told.id}/fabric", f"fabric:{cloth.name}/density"]


def _feel(asked: Asked, known: Known) -> Told:
    told, cloth = the_cloth(known)
    weight = f"{1000 * cloth.density:.0f}"
    raise Unknown(
        f"nobody measured how {told.name} feels or what shines through it; its cloth is {cloth.title.lower()} of "
        f"{weight} g/m²",
        f"没有测量过{zh(told)}的手感、透光和透气；它的面料是{cloth.chinese or cloth.title}，{weight} 克/平方米",
    )


def _stretch(asked: Asked, known: Known) -> Told:
    _, cloth = the_cloth(known)
    weft, warp = (100 * curve.strain_at(COMFORTABLE_TENSION) for curve in (cloth.stretch_weft, cloth.stretch_warp))
    english = f"at a comfortable pull {cloth.title.lower()} gives {weft:.0f} % across and {warp:.0f} % along"
    chinese = f"在舒适的拉力下，{cloth.chinese or cloth.title}横向伸长 {weft:.0f} %，纵向 {warp:.0f} %"
    return (english[:1].upper() + english[1:], chinese), [f"fabric:{cloth.name}/stretch"]


def _shrink(asked: Asked, known: Known) -> Told:
    told = the_garment(known)
    raise Unknown(f"nobody measured how {told.name} shrinks or washes", f"没有测量过{zh(told)}的缩水和洗涤")


def _occasion(asked: Asked, known: Known) -> Told:
    told = the_garment(known)
    if not told.tags:
        raise Unknown(f"the catalogue does not say what {told.name} is for", f"目录没有写明{zh(told)}适合什么场合")
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


def _colour(asked: Asked, known: Known) -> Told:
    """The colour, and in what others the same garment is there."""
    from garments.recommend.content import content

    told = the_garment(known)
    mine = content(told)
    if not mine.shade:
        raise Unknown(f"the catalogue does not tell the colour of {told.name}", f"目录没有写明{zh(told)}的颜色")
    others = _others(told, known)
    listed = ", ".join(one.title.partition(",")[2].strip() or one.title for one in others)
    english = f"{told.name} is {mine.shade}" + (f"; there is also {listed}" if others else "")
    chinese = f"{zh(told)}的颜色最接近{shade_of(mine)}" + (f"；还有{'、'.join(map(zh, others))}" if others else "")
    if asked.shades:
        met = [one for one in (told, *others) if any(is_called(one, shade) for shade in asked.shades)]
        there = [one for one in met if not _is_gone(one)]
        yes = (f"Yes: {there[0].name}", f"有：{zh(there[0])}") if there else ("", "")
        gone = (f"{met[0].name} is sold out", f"{zh(met[0])}已售完") if met else ("", "")
        said = yes if there else gone if met else (f"Not in {asked.shades[0]}", f"没有{asked.shades[0]}的")
        english, chinese = f"{said[0]}; {english}", f"{said[1]}；{chinese}"
    return (english, chinese), [f"catalogue:{one.id}/colourway" for one in (told, *others)]


def _is_gone(told: Article) -> bool:
    """Whether every size of it is sold out."""
    return bool(told.stock) and not any(count != 0 for count in (told.stock or {}).values())


def shade_of(mine: "Content") -> str:
    """The Chinese name of its colour."""
    return next(one.chinese for one in palette().values() if one.english.lower() == mine.shade)


def _find(asked: Asked, known: Known) -> Told:
    if known.find is None:
        raise Unknown("there is no catalogue", "没有目录")
    told, listed = known.find(asked.text), {one.id: one for one in known.articles}
    found = [listed[id] for id in told.ids if id in listed][:_MANY]
    if not found or len(told.given_up) > _FEW:
        raise Unknown("nothing in the catalogue is like that", "目录里没有这样的")
    if told.given_up:
        without, near = " ".join(told.given_up), found[0]
        raise Unknown(
            f'nothing in the catalogue is all of that; without "{without}" there is {near.name}',
            f"目录里没有完全符合的；不考虑“{without}”的话，有{zh(near)}",
        )
    english = "; ".join(f"{one.name}{f', {one.cost}' if one.cost else ''}" for one in found)
    return (
        f"There is {english}",
        f"有：{'；'.join(zh(one) + ('，' + one.cost if one.cost else '') for one in found)}",
    ), [f"catalogue:{one.id}" for one in found]


REPLIES = {
    "goes with": _goes, "price": _price, "stock": _stock, "material": _material, "feel": _feel, "stretch": _stretch,
    "shrink": _shrink, "occasion": _occasion, "colour": _colour, "find": _find,
}  # fmt: skip
