"""Answers about the garment on the body: its size, how it sits, how long it is, and what was measured."""

import re
from collections.abc import Mapping, Sequence

from app.shop.intents import Asked
from app.shop.knowing import Known, Told, Unknown, cm, the_advice, the_garment, the_measurement, the_sizes, whole, zh
from assets.errors import ToileError
from body.measurements import MEASURES
from garments.blocks.drafting import Option
from garments.designs import designs
from garments.grading import chart, charts_for, size_measurements
from garments.sizing import SizeScore

WHOLE_BODY = ("stature", "bust_girth", "waist_girth", "hip_girth")
_PLACES = {
    "bust": "胸部", "waist": "腰部", "waistband": "腰头", "hip": "臀部", "thigh": "大腿", "sleeve": "袖子",
    "shoulder": "肩部", "calf": "小腿", "neck": "领口",
}  # fmt: skip
_HEIGHTS = {
    "ankle_height": ("ankle", "脚踝"), "knee_height": ("middle of the knee", "膝盖"),
    "crotch_height": ("top of the legs", "大腿根"), "hip_height": ("fullest part of the hip", "臀围线"),
    "waist_height": ("waist", "腰部"),
}  # fmt: skip
_BETWEEN = {
    "": "介于{small}码和{large}码之间：{small}码更贴身，{large}码更宽松",
    "tight": "介于{small}码和{large}码之间：{small}码可能太紧",
    "loose": "介于{small}码和{large}码之间：{large}码可能太松",
}
_EXTREMES = {False: ("At its closest: ", "最贴身的地方："), True: ("At its loosest: ", "最宽松的地方：")}
"""How a garment sits where no place is named, by whether it is loose there."""
_WORTH_SAYING = 0.1
"""Sizes that nobody asked about are told from this probability on."""
_WELL = 0.3
"""A size as likely as that is not called too small or too large."""
_LEVEL = 0.015
"""A hem this near [m] to a place is level with it."""
_LOOSE = re.compile(r"loos|too wide|baggy|松|宽|肥")
_NAMED = {"calf": "knee_height", "hip": "hip_height", "thigh": "crotch_height", "waist": "waist_height"}


def _size(asked: Asked, known: Known) -> Told:
    told, advice = the_garment(known), the_advice(known)
    named = [advice.score(one) for one in asked.sizes if one in [score.size for score in advice.scores]]
    if asked.sizes and not named:
        raise Unknown(f"{told.name} has no size {asked.sizes[0]}", f"{zh(told)}没有{asked.sizes[0]}码")
    if not advice.suits:
        said = (
            f"No size of {told.name} suits; {advice.best} comes closest",
            f"{zh(told)}没有合适的尺码，{advice.best}码最接近",
        )
        return said, [f"advice:{told.id}/{advice.best}"]
    best = max(named or advice.scores, key=lambda score: (score.size == advice.best, score.probability))
    others = [score for score in named if score is not best]
    if not named:
        others = [score for score in advice.scores if score is not best and score.probability >= _WORTH_SAYING]
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
        english = f"{english}; {', '.join(_other(one)[0] for one in others)}"
        chinese = f"{chinese}；{'，'.join(_other(one)[1] for one in others)}"
    if best.size != advice.best:
        english, chinese = f"{english}; {advice.best} suits better", f"{chinese}；{advice.best}码更合适"
    between = advice.between
    if between and {between.small, between.large} <= {best.size, advice.best, *(one.size for one in others)}:
        english = f"{english}; {between.words}"
        chinese = f"{chinese}；{_BETWEEN[between.rules_out].format(small=between.small, large=between.large)}"
    return (english, chinese), [f"advice:{told.id}/{score.size}" for score in (best, *others)]


def _other(score: SizeScore) -> tuple[str, str]:
    """Another size: how likely it is the right one, and what it would be instead."""
    share = f"{100 * score.probability:.0f} %"
    if max(score.small, score.large) <= 0.5 or score.probability >= _WELL:
        return f"{score.size} {share}", f"{score.size}码 {share}"
    small = score.small > score.large
    return (
        f"{score.size} {share}, too {'small' if small else 'large'}",
        f"{score.size}码 {share}，太{'小' if small else '大'}",
    )


def _region(asked: Asked, known: Known) -> Told:
    """How it sits at a place; where none is named, at the closest one, or the loosest one: as draped, unless another
    size is asked about, else by the numbers, of each size that is named."""
    loosest = bool(_LOOSE.search(asked.plain))
    most, places = max if loosest else min, {asked.region, "waistband" if asked.region == "waist" else ""} - {""}
    seen = [
        (region, fit) for fit in known.fits for region in fit.regions
        if (not places or region.name in places) and region.is_girth and set(asked.sizes) <= {known.size}
    ]  # fmt: skip
    if seen:
        region, fit = most(seen, key=lambda pair: pair[0].ease - pair[0].meant)
        strain = f"{100 * region.strain:.1f} %"
        english, chinese = ("", "") if places else _EXTREMES[loosest]
        said = (
            f"{english}{region.name}: {region.verdict}; strain {strain}",
            f"{chinese}{_place(region.name)}，{_room(region.ease)[1]}，应变 {strain}",
        )
        return said, [f"drape:{fit.garment}/{region.name}"]
    there = the_sizes(the_advice(known))
    named = [the_advice(known).score(size) for size in asked.sizes if size in there]
    scores = named or [_score(asked, known)]
    told = [_seat(score, places or _same(scores), loosest, known) for score in scores]
    links = dict.fromkeys(link for _, rows in told for link in rows)
    return ("; ".join(said[0] for said, _ in told), "；".join(said[1] for said, _ in told)), list(links)


def _same(scores: Sequence[SizeScore]) -> set[str]:
    """Where sizes are held against each other, if several are and no place is named: the region that decides most."""
    regions = [share.name for share in scores[0].shares if share.measure]
    return set(regions[:1]) if len(scores) > 1 else set()


def _seat(score: SizeScore, places: set[str], loosest: bool, known: Known) -> Told:
    """How a size sits at one of these places, at its closest or its loosest where none is named, by the numbers."""
    told, most = the_garment(known), max if loosest else min
    judged = [share for share in score.shares if share.measure and (not places or share.name in places)]
    if not judged:
        raise Unknown(f"{told.name} is not judged there", f"{zh(told)}的这个部位没有数据")
    share = most(judged, key=lambda share: share.ease - share.wanted)
    body = the_measurement(known, share.measure)
    off, room = share.ease - share.wanted, _room(share.ease)
    by, extreme = cm(abs(off)), ("", "") if places else _EXTREMES[loosest]
    said = (
        f"{extreme[0]}{score.size} has {room[0]} at the {share.name}, {by} cm {'wider' if off >= 0 else 'closer'} "
        "than meant",
        f"{extreme[1]}{score.size}码在{_place(share.name)}{room[1]}，比设计{'松' if off >= 0 else '紧'} {by} 厘米",
    )
    return said, [f"advice:{told.id}/{score.size}/{share.name}", f"body:{body.name}"]


def _room(ease: float) -> tuple[str, str]:
    """How much room a garment leaves, or by how much it is smaller than who wears it, in English and Chinese."""
    if ease >= 0:
        return f"{cm(ease)} cm of ease", f"松量 {cm(ease)} 厘米"
    return f"{cm(-ease)} cm less than the body", f"比身体小 {cm(-ease)} 厘米"


def _score(asked: Asked, known: Known) -> SizeScore:
    """Of the size that is asked about, else of the one that is worn, else of the advised one."""
    found = the_advice(known)
    return found.score(next((size for size in (*asked.sizes, known.size) if size in the_sizes(found)), found.best))


def _cut_for(size: str, chart: str) -> Mapping[str, float]:
    """The body measures [m] that a size is cut for. Raises Unknown for a size that no chart has."""
    try:
        return size_measurements(size, chart)
    except ToileError:
        raise Unknown(f"{size} is not a size of the chart {chart}", f"尺码表 {chart} 没有{size}") from None


def _length(asked: Asked, known: Known) -> Told:
    """Where the hem comes to lie, by the design's length in the size and the heights of the body."""
    if asked.region == "sleeve":
        return _sleeve(asked, known)
    told = the_garment(known)
    option = designs()[told.design].OPTIONS.get("length") if told.design else None
    if option is None:
        raise Unknown(f"nothing tells the length of {told.name}", f"没有{zh(told)}的长度")
    there = the_sizes(the_advice(known))
    sizes = [size for size in asked.sizes if size in there] or [_score(asked, known).size]
    hems = [_hem(asked, known, size, option) for size in sizes]
    links = dict.fromkeys(link for _, rows in hems for link in rows)
    return ("; ".join(said[0] for said, _ in hems), "；".join(said[1] for said, _ in hems)), list(links)


def _hem(asked: Asked, known: Known, size: str, option: Option) -> Told:
    """Where the hem of a size comes to lie; `option`: the design's length."""
    told, chart = the_garment(known), the_advice(known).chart
    body, own = _cut_for(size, chart), (told.options or {}).get("length", option.default)
    length = own * body.get(option.unit, 1.0)
    start = "crotch_height" if option.unit == "crotch_height" else "waist_height"
    if "hip" in option.help:
        length += body["waist_to_hip"]
    hem = the_measurement(known, start).value - length
    place, off = _landmark(asked, known, hem)
    if start == "crotch_height":
        long = f"has an inside leg of {whole(length)} cm", f"内长约 {whole(length)} 厘米"
    else:
        long = f"ends about {whole(length)} cm below the waist", f"下摆在腰下约 {whole(length)} 厘米"
    floor, there = _off_the_floor(hem), _beside(place, off)
    english = f"{told.name} in {size} {long[0]}: on you {floor[0]}, {there[0]}"
    chinese = f"{zh(told)} {size}码{long[1]}，{floor[1]}，{there[1]}"
    links = (f"catalogue:{told.id}/options/length", f"chart:{chart}/{size}", f"body:{start}", f"body:{place}")
    return (english, chinese), list(dict.fromkeys(links))


def _off_the_floor(hem: float) -> tuple[str, str]:
    if hem < _LEVEL:
        return "it reaches the floor", "到地面"
    return f"about {whole(hem)} cm off the floor", f"离地约 {whole(hem)} 厘米"


def _beside(place: str, off: float) -> tuple[str, str]:
    """How far [m] above a place on the body a hem lies."""
    english, chinese = _HEIGHTS[place]
    if abs(off) < _LEVEL:
        return f"level with the {english}", f"正好到{chinese}"
    return (
        f"{whole(abs(off))} cm {'above' if off >= 0 else 'below'} the {english}",
        f"在{chinese}{'以上' if off >= 0 else '以下'} {whole(abs(off))} 厘米",
    )


def _landmark(asked: Asked, known: Known, hem: float) -> tuple[str, float]:
    """The place on the body that a hem is told by, the one that is asked about or else the nearest, and how far [m]
    above it the hem is."""
    there = [name for name in _HEIGHTS if known.measurements is not None and name in known.measurements]
    named = [name for name in there if name.removesuffix("_height") in asked.plain or _ZH[name] in asked.plain]
    named += [name for region, name in _NAMED.items() if region == asked.region and name in there]
    heights = {name: the_measurement(known, name).value for name in named[:1] or there}
    place = min(heights, key=lambda name: abs(hem - heights[name]))
    return place, hem - heights[place]


def _sleeve(asked: Asked, known: Known) -> Told:
    """How long the sleeves are beside the arm."""
    told = the_garment(known)
    option = designs()[told.design].OPTIONS.get("sleeve_length") if told.design else None
    if option is None or option.unit != "arm_length":
        raise Unknown(f"nothing tells the sleeves of {told.name}", f"没有{zh(told)}的袖长")
    found, size = the_advice(known), _score(asked, known).size
    own = (told.options or {}).get("sleeve_length", option.default)
    length, arm = own * _cut_for(size, found.chart)["arm_length"], the_measurement(known, "arm_length").value
    english = f"The sleeves of {told.name} in {size} are about {whole(length)} cm long; your arm is {whole(arm)} cm"
    chinese = f"{zh(told)} {size}码袖长约 {whole(length)} 厘米；您的臂长 {whole(arm)} 厘米"
    links = [f"catalogue:{told.id}/options/sleeve_length", f"chart:{found.chart}/{size}", "body:arm_length"]
    return (english, chinese), links


def _measure(asked: Asked, known: Known) -> Told:
    """The person's measure, or the most asked for of them, or a size's."""
    if asked.measure == "all":
        told = [the_measurement(known, name) for name in WHOLE_BODY]
        english = "; ".join(f"{MEASURES[one.name].title} {cm(one.value)} ± {cm(one.sd)} cm" for one in told)
        chinese = "；".join(f"{MEASURES[one.name].chinese} {cm(one.value)} ± {cm(one.sd)} 厘米" for one in told)
        return (english, chinese), [f"body:{name}" for name in WHOLE_BODY]
    if asked.sizes:
        names = charts_for(known.chart, known.sex)
        try:
            value = size_measurements(asked.sizes[0], names[0])[asked.measure]
        except (ToileError, KeyError):
            raise Unknown(f"the chart {names[0]} has no such row", f"尺码表 {names[0]} 没有这一行") from None
        title = MEASURES[asked.measure]
        said = (
            f"{asked.sizes[0]} is for a {title.title.lower()} of {cm(value)} cm",
            f"{asked.sizes[0]}码适合{title.chinese} {cm(value)} 厘米",
        )
        return said, [f"chart:{names[0]}/{asked.sizes[0]}/{asked.measure}"]
    found, title = the_measurement(known, asked.measure), MEASURES[asked.measure]
    if title.kind == "mass":
        said = (
            f"{title.title}: {found.value:.1f} ± {found.sd:.1f} kg ({found.source})",
            f"{title.chinese}：{found.value:.1f} ± {found.sd:.1f} 公斤",
        )
    else:
        said = (
            f"{title.title}: {cm(found.value)} ± {cm(found.sd)} cm ({found.source})",
            f"{title.chinese}：{cm(found.value)} ± {cm(found.sd)} 厘米",
        )
    return said, [f"body:{asked.measure}"]


def _chart(asked: Asked, known: Known) -> Told:
    """What the sizes are cut for: of those that are asked about, or of all."""
    name = the_advice(known).chart if known.article and known.sizing else charts_for(known.chart, known.sex)[0]
    there = chart(name).sizes
    sizes = [size for size in asked.sizes if size in there] or list(there)
    rows = {size: [girth for girth in WHOLE_BODY[1:] if girth in there[size].measures] for size in sizes}
    if not any(rows.values()):
        raise Unknown(f"the chart {name} has no such rows", f"尺码表 {name} 没有这些行")

    def told(size: str, chinese: bool) -> str:
        titles = ((MEASURES[girth].chinese if chinese else MEASURES[girth].title.lower()) for girth in rows[size])
        numbers = (100 * there[size].measures[girth] for girth in rows[size])
        return f"{size} " + ", ".join(f"{title} {number:g}" for title, number in zip(titles, numbers, strict=True))

    english, chinese = ("; ".join(told(size, language) for size in sizes) for language in (False, True))
    links = [f"chart:{name}/{size}/{girth}" for size in sizes for girth in rows[size]]
    return (f"Sizes of the chart {name} in cm: {english}", f"尺码表 {name}（厘米）：{chinese}"), links


def _place(region: str) -> str:
    return _PLACES.get(region, region)


_ZH = {"ankle_height": "脚踝", "knee_height": "膝", "crotch_height": "胯", "hip_height": "屁股", "waist_height": "腰"}
REPLIES = {"size": _size, "region": _region, "length": _length, "measure": _measure, "chart": _chart}
