"""report.html: the fit and size report as one page that needs nothing beside it, for a shop's site or a mail.

It says what report.pdf says, bears no date but its imprint's, and loads nothing from anywhere: pictures are inside.
"""

import base64
import io
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from app.reports import certified
from app.reports.imprint import PLAIN as PLAIN_IMPRINT
from app.reports.imprint import Imprint, made_by
from app.reports.madeof import made_of
from app.reports.sizetable import AS_CUT, AS_WORN, size_table
from app.saying import speaking, spoken
from assets.units import show
from body.measurements import MEASURES
from garments.atlas import BY_NAME
from garments.designs import title_of

if TYPE_CHECKING:
    from app.pipeline import TryOn
    from garments.fit import Fit
    from garments.maps import Mapped
    from garments.sizing import Advice

SIDE = 640
"""The most pixels of a picture's width on the page."""
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1E1F22; background: #F4F3F0; margin: 0 auto; max-width: 60rem;
       padding: 1.5rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.views { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: .75rem; }
figure { margin: 0; } img { width: 100%; height: auto; border-radius: 6px; display: block; }
figcaption, .quiet { color: #5F6163; font-size: .87rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #D5D3CE; vertical-align: top; }
.n { text-align: right; } .alarm { color: #9E2D26; font-weight: 600; }
img.logo { width: auto; height: 2rem; display: inline-block; vertical-align: middle; border-radius: 0; }
.scale { width: min(28rem, 45vw); padding: .35rem 0; }
.bar { background: #9E5D26; height: .7rem; border-radius: 3px; min-width: 2px; }
@media print { body { background: #fff; } }
"""


def page(
    result: "TryOn",
    pictures: Mapping[str, np.ndarray],
    garments: "Sequence[Mapped]" = (),
    fronts: Mapping[str, np.ndarray] = MappingProxyType({}),
    imprint: Imprint = PLAIN_IMPRINT,
) -> str:
    """The page. `pictures`: the standard views by name, uint8 [h, w, 4]; `fronts`: maps from the front by name, with
    their scales. The same try-on gives the same text."""
    with speaking(imprint.language):
        return _page(result, pictures, garments, fronts, imprint)


def _page(
    result: "TryOn",
    pictures: Mapping[str, np.ndarray],
    garments: "Sequence[Mapped]",
    fronts: Mapping[str, np.ndarray],
    imprint: Imprint,
) -> str:
    title = " + ".join(spoken(fit.garment) for fit in result.fits) or "the body"
    parts = [_shop(imprint), f"<h1>{_text(title[:1].upper() + title[1:])}</h1>"]
    if not result.holds:
        told = "; ".join(result.failures())
        parts.append(
            f'<p class="alarm">{_text(f"The drape failed its certificate. Nothing here may be relied on: {told}")}</p>'
        )
    views = ("three_quarter", "front", "back", "left", "right")
    parts.append(_figures((name.replace("_", "-"), pictures[name]) for name in views if name in pictures))
    for advice, fit in zip(result.advice, result.fits, strict=True):
        parts += [_sizes(advice), _ease(fit, result.holds)]
    if garments and fronts:
        parts.append(_head("What the cloth feels"))
        parts.append(_figures((f"{BY_NAME[k].title}: {BY_NAME[k].says}", seen) for k, seen in fronts.items()))
    parts += [
        *_size_tables(result),
        _measures(result),
        *_made_of(result),
        *_certificates(result),
        _notes(result),
        _made(imprint),
    ]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{_text(title)}</title>'
    body = "\n".join(part for part in parts if part)
    style = STYLE.replace(Imprint().accent, imprint.accent)
    page = f'<html lang="{imprint.language}"><head>{head}<style>{style}</style></head>'
    return f"<!doctype html>\n{page}\n<body>\n{body}\n</body></html>\n"


def _shop(imprint: Imprint) -> str:
    """The shop's logo, name and the date; nothing where nobody says."""
    mark = f'<img class="logo" alt="" src="{_packed(imprint.logo, "png")}">' if imprint.logo else ""
    told = "  ·  ".join(filter(None, (imprint.shop, imprint.date, imprint.note)))
    return f'<p class="quiet">{mark} {escape(told)}</p>' if mark or told else ""


def _made(imprint: Imprint) -> str:
    rows = [[spoken(title), words] for title, words in made_by(imprint)]
    return f"{_head('How this was made')}{_table(('', ''), rows)}"


def _size_tables(result: "TryOn") -> Iterable[str]:
    """By region the body, and in each size the body that it is cut for and the garment's own girth."""
    for drape in result.drapes:
        told = size_table(drape, result.estimate.measurements)
        if told is None:
            continue
        rows = [
            [row.region, f"{100 * row.body:.1f} ± {100 * row.sd:.1f}",
             *(f"{100 * cut:.1f} / {100 * wide:.1f}" for cut, wide in zip(row.cut_for, row.garment, strict=True))]
            for row in told.rows
        ]  # fmt: skip
        yield f"{_head(f'Sizes of the {told.garment}')}{_table(('region', 'body', *told.sizes), rows)}"
        says = f"in cm: the body that a size is cut for / the garment laid flat; {told.chart}"
        yield f'<p class="quiet">{_text(says)}</p>'


def _head(words: str) -> str:
    return f"<h2>{_text(words)}</h2>"


def _figures(pictures: Iterable[tuple[str, np.ndarray]]) -> str:
    cells = (
        f'<figure><img alt="{_text(words)}" src="{_picture(pixels)}"><figcaption>{_text(words)}</figcaption></figure>'
        for words, pixels in pictures
    )
    return f'<div class="views">{"".join(cells)}</div>'


def _sizes(advice: "Advice") -> str:
    """The advised size, why, and the probability of every size."""
    lines = [f"<h2>{_text(f'Size: {title_of(advice.design)}')}</h2>"]
    lines.append(f'<p class="{"" if advice.trusted else "alarm"}">{_text(advice.sentence)}</p>')
    rows = [
        [score.size, f"{100 * score.probability:.0f} %",
         f'<div class="scale"><div class="bar" style="width:{100 * score.probability:.0f}%"></div></div>']
        for score in advice.scores
    ] if advice.trusted else []  # fmt: skip
    lines.append(_table(("size", "probability", ""), rows, plain=(0, 1)))
    lines.append(f"<ul>{''.join(f'<li>{_text(reason)}</li>' for reason in advice.reasons)}</ul>")
    if advice.trusted:
        lines.append(f'<p class="quiet">{_text(AS_CUT)}</p>')
    return "".join(lines)


def _ease(fit: "Fit", holds: bool) -> str:
    rows = []
    for region in fit.regions:
        lengths = [show(value, "cm") for value in (region.body, region.garment, region.ease, region.sd)]
        if not region.is_girth:
            lengths[2] = "—"
        strain = f"{100 * region.strain:.1f} %" if region.is_girth else "—"
        rows.append([region.name, *lengths, strain, region.verdict if holds else "not judged"])
    head = ("region", "body", "garment", "ease", "±", "strain", "verdict")
    says = f'<p class="quiet">{_text(fit.verdict)}<br>{_text(AS_WORN)}</p>'
    return f"<h2>{_text(f'Ease: {fit.garment}')}</h2>{_table(head, rows)}{says}"


def _measures(result: "TryOn") -> str:
    rows = []
    for item in result.estimate.measurements.values():
        unit = "kg" if MEASURES[item.name].unit == "kg" else "cm"
        rows.append([MEASURES[item.name].title, show(item.value, unit), f"± {show(item.sd, unit)}", item.source])
    told = f'<p class="quiet">{_text("± is one standard deviation. Body measures as ISO 8559-1 defines them.")}</p>'
    return f"{_head('Body measures')}{_table(('measure', 'value', '', 'from'), rows)}{told}"


def _made_of(result: "TryOn") -> Iterable[str]:
    for drape in result.drapes:
        *rows, (name, source) = made_of(drape)
        cells = [[_text(title), _text(words)] for title, words in rows] + [[_text(name), escape(source)]]
        yield f"{_head(f'What {drape.garment.name} is made of')}{_table(('', ''), cells, plain=())}"


def _certificates(result: "TryOn") -> Iterable[str]:
    for drape in result.drapes:
        rows = [[line.title, line.value, f"limit {line.limit}" if line.limit else ""]
                for line in certified.lines(drape.certificate)]  # fmt: skip
        yield _head(f"The drape's certificate: {drape.garment.name}")
        yield f"<p>{_text(certified.verdict(drape.certificate))}</p>{_table(('line', 'value', ''), rows)}"


def _notes(result: "TryOn") -> str:
    notes = "".join(f"<li>{_text(note)}</li>" for note in result.estimate.notes)
    return f"{_head('Notes')}<ul>{notes}</ul>" if notes else ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], plain: Sequence[int] | None = None) -> str:
    """A table; cells that are not `plain` (None: all are) hold markup of our own."""
    if not rows:
        return ""

    numbers = {place for place in range(len(head)) if all(_is_number(row[place]) for row in rows)}

    def cell(kind: str, place: int, words: str) -> str:
        shown = _text(words) if plain is None or place in plain or kind == "th" else words
        return f"<{kind}{' class=n' if place in numbers else ''}>{shown}</{kind}>"

    lines = [f"<tr>{''.join(cell('th', k, words) for k, words in enumerate(head))}</tr>"]
    lines += [f"<tr>{''.join(cell('td', k, words) for k, words in enumerate(row))}</tr>" for row in rows]
    return f"<table>{''.join(lines)}</table>"


def _is_number(words: str) -> bool:
    return words == "—" or words[:1].isdigit() or (words[:1] in "±-−" and len(words) > 1)


def _picture(pixels: np.ndarray) -> str:
    """A picture as a JPEG inside the page."""
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
    if image.width > SIDE:
        image = image.resize((SIDE, round(image.height * SIDE / image.width)), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=88)
    return _packed(stream.getvalue(), "jpeg")


def _packed(data: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _text(words: str) -> str:
    return escape(spoken(words))
