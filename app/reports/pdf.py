"""report.pdf: pictures, the advised size and why, ease by region, every measure with its doubt, what was sewn.

Four pages of A4 for one garment, five for two, set with reportlab (BSD). It bears the date that its imprint tells, and
no other, so that the same try-on gives the same bytes. A drape that failed its certificate is said to have failed on
top of every page.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table

from app.reports import certified
from app.reports.imprint import PLAIN as PLAIN_IMPRINT
from app.reports.imprint import Imprint
from app.reports.madeof import made_of
from app.reports.sizetable import AS_CUT, AS_WORN, SizeTable, size_table
from app.reports.typeset import (
    BARE,
    CLOSE,
    GAP,
    HAIRLINE,
    INK,
    MUTED,
    PLAIN,
    QUIET,
    QUIET_RIGHT,
    RIGHT,
    RULED,
    STRONG_RIGHT,
    WARNING,
    WARNING_RIGHT,
    WIDTH,
    Page,
    bullets,
    heading,
    line,
    made,
    named,
    pairs,
    picture,
    ruled,
    sizes_style,
    speaking,
    text,
    voice,
)  # fmt: skip
from assets.units import show
from garments.atlas import BY_NAME
from garments.designs import title_of
from garments.maps import summary

if TYPE_CHECKING:
    from app.pipeline import TryOn
    from body.measurements import Measurement
    from garments.drape import Drape
    from garments.fit import Fit
    from garments.maps import Mapped
    from garments.sizing import Advice

ANY_WAY = (
    "strain and stress without a thread's name: in whichever direction is largest, the bias too, where cloth gives by "
    "shear; the fabric's limit is that of its threads"
)
SMALL_VIEWS = ("front", "back", "left", "right")
SOURCES = {"tape": "tape", "photo": "photo", "scan": "scan", "statistics": "statistics", "body": "body model"}


def report(
    result: "TryOn",
    pictures: Mapping[str, np.ndarray],
    garments: "Sequence[Mapped]" = (),
    fronts: Mapping[str, np.ndarray] = MappingProxyType({}),
    imprint: Imprint = PLAIN_IMPRINT,
) -> bytes:
    """The report as a PDF. `pictures`: the standard views by name, uint8 RGBA [h, w, 4]; `garments`: the maps of each
    garment; `fronts`: maps seen from the front by name, with their legends."""
    with speaking(imprint):
        title = " + ".join(line(fit.garment) for fit in result.fits)
        page = Page(title[:1].upper() + title[1:], "fit and size report", imprint, _distrust(result))
        told = [*_first(result, pictures), *_maps(garments, fronts), *_second(result, imprint)]
        return page.document(told)


def _distrust(result: "TryOn") -> str:
    if result.holds:
        return ""
    return "The drape failed its certificate. Nothing here may be relied on: " + "; ".join(result.failures())


def _first(result: "TryOn", pictures: Mapping[str, np.ndarray]) -> list[Flowable]:
    alone = len(result.advice) == 1
    large = (0.53 if alone else 0.42) * WIDTH  # as high as what stands beside it
    column = WIDTH - large - 2 * GAP
    told: list[Flowable] = [_person(result)]
    for advice in result.advice:
        told += [Spacer(1, GAP), *_advice(advice, column)]
    if alone:
        told += [Spacer(1, GAP), *_why(result.advice[0])]
    top = Table([[picture(pictures["three_quarter"], large), told]], [large + 2 * GAP, column], style=[*BARE])
    small = (WIDTH - 3 * GAP) / 4
    trusted = "" if result.holds else ": the drape failed its certificate"
    views = [picture(pictures[name], small, 480) for name in SMALL_VIEWS]
    words = [text(name + trusted, QUIET if result.holds else WARNING) for name in SMALL_VIEWS]
    row = Table([views, words], [small + GAP] * 3 + [small], style=[*BARE, ("TOPPADDING", (0, 1), (-1, 1), 3)])
    found: list[Flowable] = [top, Spacer(1, GAP), row]
    for fit, advice, drape in zip(result.fits, result.advice, result.drapes, strict=True):
        found.append(KeepTogether(_ease(fit, drape)))
        if not alone:
            found.append(KeepTogether(_why(advice)))
        if (sizes := size_table(drape, result.estimate.measurements)) is not None:
            found.append(KeepTogether(_sizes(sizes)))
    return found


def _second(result: "TryOn", imprint: Imprint) -> list[Flowable]:
    found = [KeepTogether([heading("Body measures"), _measures(result.estimate.measurements.values())])]
    for fit, drape in zip(result.fits, result.drapes, strict=True):
        found.append(KeepTogether([heading(f"What {fit.garment} is made of"), _made(drape)]))
        found.append(KeepTogether([heading("The drape's certificate"), *_certificate(drape)]))
    if result.estimate.notes:
        found.append(KeepTogether([heading("Notes"), *bullets(result.estimate.notes)]))
    found.append(made(imprint))
    return found


def _sizes(told: SizeTable) -> list[Flowable]:
    """By region the body, and in each size the body that it is cut for and the garment's own girth."""
    head = [text("region", QUIET), text("body", QUIET_RIGHT)]
    head += [text(size, STRONG_RIGHT if size == told.worn else QUIET_RIGHT) for size in told.sizes]
    rows: list[list[Flowable]] = [head]
    for row in told.rows:
        own = text(f"{100 * row.body:.1f} ± {100 * row.sd:.1f}", RIGHT)
        cells = zip(told.sizes, row.cut_for, row.garment, strict=True)
        girths = [
            text(f"{100 * cut:.1f} / {100 * wide:.1f}", STRONG_RIGHT if size == told.worn else RIGHT)
            for size, cut, wide in cells
        ]
        rows.append([text(row.region, PLAIN), own, *girths])
    column = (WIDTH - 130) / len(told.sizes)
    says = f"in cm: the body that a size is cut for / the garment laid flat; {told.chart}"
    table = ruled(rows, [56, 74, *[column] * len(told.sizes)])
    return [heading(f"Sizes of the {told.garment}"), table, Spacer(1, 3), text(says, QUIET)]


def _maps(garments: "Sequence[Mapped]", fronts: Mapping[str, np.ndarray]) -> list[Flowable]:
    """The maps: pictures with their scales, two beside each other, and the numbers."""
    if not garments or not fronts:
        return []
    side = 0.41 * WIDTH  # so that the numbers of one garment have room below
    cells = [
        Table([[picture(pixels, side)], [text(f"{BY_NAME[name].title}: {BY_NAME[name].says}", QUIET)]], [side],
              style=[*BARE, ("TOPPADDING", (0, 1), (0, 1), 4)])
        for name, pixels in fronts.items()
    ]  # fmt: skip
    pairs = [cells[k : k + 2] for k in range(0, len(cells), 2)]
    style = [*BARE, ("BOTTOMPADDING", (0, 0), (-1, -1), 6)]
    rows = [Table([pair], [side + 2 * GAP, side + GAP][: len(pair)], style=style) for pair in pairs]
    top = KeepTogether([heading("What the cloth feels"), rows[0]])
    return [top, *rows[1:], *(_numbers(each) for each in garments)]


def _numbers(garment: "Mapped") -> Flowable:
    """Mean, 99th percentile and largest value of every map, and the fabric's limit of its threads."""
    head = ["map", "mean", "99th percentile", "largest", "where", "fabric's limit"]
    rows: list[list[Flowable]] = [[text(word, QUIET if k in (0, 4) else QUIET_RIGHT) for k, word in enumerate(head)]]
    for name, told in summary(garment).items():
        unit = told["unit"]
        numbers = [text(f"{told[which]:.1f} {unit}", RIGHT) for which in ("mean", "p99", "largest")]
        limit = text(f"{told['limit']:.1f} {unit}" if "limit" in told else "", RIGHT)
        rows.append([text(BY_NAME[name].title, PLAIN), *numbers, text(told["panel"], PLAIN), limit])
    table = Table(rows, [140, 66, 66, 66, WIDTH - 424, 86], style=[*RULED, ("LEFTPADDING", (4, 0), (4, -1), 18)])
    says = text(ANY_WAY, QUIET)
    return KeepTogether([heading(f"Maps of {garment.garment}, {garment.fabric}"), table, Spacer(1, 3), says])


def _person(result: "TryOn") -> Flowable:
    known = result.estimate.measurements
    wanted = [(name, title) for name, title in (("stature", "Height"), ("mass", "Weight")) if name in known]
    lines = [f"{title} {_value(known[name])} ± {_doubt(known[name])}" for name, title in wanted]
    return text("  ·  ".join(lines), QUIET)


def _advice(advice: "Advice", width: float) -> list[Flowable]:
    if not advice.trusted:
        return [text(advice.sentence, WARNING)]
    sure = f"{100 * advice.confidence:.0f} % sure" if advice.suits else "comes closest; no size suits"
    words = [text(f"Advised size: {title_of(advice.design)}", QUIET), text(sure, PLAIN)]
    head = Table(
        [[text(advice.best, sizes_style()), words]],
        [84, width - 84],
        style=[*BARE, ("VALIGN", (0, 0), (-1, -1), "MIDDLE")],
    )
    return [head, Spacer(1, 4), _bars(advice, width)]


def _why(advice: "Advice") -> list[Flowable]:
    title = title_of(advice.design)
    words = f"Why size {advice.best} for the {title}" if advice.trusted else f"Why no size for the {title}"
    meant = [Spacer(1, 3), text(AS_CUT, QUIET)] if advice.trusted else []
    return [heading(words), *bullets(advice.reasons), *meant]


def _bars(advice: "Advice", width: float) -> Drawing:
    """The probability of every size."""
    step = width / len(advice.scores)
    drawing = Drawing(width, 58)
    for k, score in enumerate(advice.scores):
        best = score.size == advice.best
        left, high = k * step + 3, 1.0 + 34.0 * score.probability
        drawing.add(Rect(left, 12, step - 6, high, fillColor=voice().accent if best else HAIRLINE, strokeColor=None))
        middle = k * step + step / 2
        font = voice().bold if best else voice().font
        drawing.add(String(middle, 2, score.size, fontName=font, fontSize=7.5, fillColor=INK, textAnchor="middle"))
        share = f"{100 * score.probability:.0f} %"
        drawing.add(String(middle, 15 + high, share, fontName=font, fontSize=7, fillColor=MUTED, textAnchor="middle"))
    return drawing


def _ease(fit: "Fit", drape: "Drape") -> list[Flowable]:
    holds = drape.certificate.holds
    head = ["region", "body", "garment", "ease", "±", "strain", "verdict"]
    rows: list[list[Flowable]] = [[text(word, QUIET if k in (0, 6) else QUIET_RIGHT) for k, word in enumerate(head)]]
    for region in fit.regions:
        numbers = [show(value, "cm") for value in (region.body, region.garment, region.ease, region.sd)]
        if not region.is_girth:
            numbers[2] = "—"
        verdict = text(region.verdict, PLAIN if region.fits else WARNING) if holds else text("not judged", WARNING)
        strain = f"{100 * region.strain:.1f} %" if region.is_girth else "—"
        rows.append([text(region.name, PLAIN), *(text(word, RIGHT) for word in (*numbers, strain)), verdict])
    columns = [62, 58, 58, 54, 46, 50, WIDTH - 328]
    table = Table(rows, columns, style=[*RULED, ("LEFTPADDING", (6, 0), (6, -1), 18)], repeatRows=1)
    return [heading(f"Ease: {fit.garment}"), table, Spacer(1, 3), text(fit.verdict, QUIET), text(AS_WORN, QUIET)]


def _measures(found: "Iterable[Measurement]") -> Table:
    from body.measurements import MEASURES

    cells = [
        [
            text(MEASURES[item.name].title, PLAIN),
            text(_value(item), RIGHT),
            text(f"± {_doubt(item)}", QUIET_RIGHT),
            text(SOURCES.get(item.source, item.source), QUIET),
        ]
        for item in found
    ]
    half = -(-len(cells) // 2)
    side = (WIDTH - 2 * GAP) / 2
    columns = [side - 150, 54, 44, 52]
    style = [*RULED, ("LINEABOVE", (0, 0), (-1, 0), 0.5, HAIRLINE), ("LEFTPADDING", (3, 0), (3, -1), 8), *CLOSE]
    halves = [Table(part, columns, style=style) if part else "" for part in (cells[:half], cells[half:])]
    return Table([halves], [side + 2 * GAP, side], style=[*BARE])


def _made(drape: "Drape") -> Table:
    *rows, (name, source) = made_of(drape)
    return pairs([*((title, text(words, PLAIN)) for title, words in rows), (name, named(source, PLAIN))])


def _certificate(drape: "Drape") -> list[Flowable]:
    told = drape.certificate
    rows = [
        [text(line.title, QUIET), text(line.value, WARNING_RIGHT if line.kept is False else RIGHT),
         text(f"limit {line.limit}" if line.limit else "", QUIET)] for line in certified.lines(told)
    ]  # fmt: skip
    half, side = -(-len(rows) // 2), (WIDTH - 2 * GAP) / 2
    style = [*RULED, *CLOSE, ("LEFTPADDING", (2, 0), (2, -1), 8)]
    halves = [Table(part, [112, 46, side - 158], style=style) for part in (rows[:half], rows[half:])]
    table = Table([halves], [side + 2 * GAP, side], style=[*BARE])
    return [text(certified.verdict(told), PLAIN if told.holds else WARNING), Spacer(1, 3), table]


def _value(item: "Measurement") -> str:
    return show(item.value, "kg" if item.name == "mass" else "cm")


def _doubt(item: "Measurement") -> str:
    return f"{item.sd if item.name == 'mass' else 100 * item.sd:.1f}"
