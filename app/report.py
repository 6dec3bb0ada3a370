"""report.pdf: pictures, the advised size and why, ease by region, every measure with its doubt, what was sewn, sizes.

Three pages of A4 for one garment, maps aside, set with reportlab (BSD). It bears no date, so that the same try-on gives
the same bytes; run.json tells when. A drape that failed its certificate is said to have failed on top of every page.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from app import certified
from app.imprint import PLAIN as PLAIN_IMPRINT
from app.imprint import Imprint
from assets.units import show
from garments.atlas import BY_NAME
from garments.grading import chart
from garments.maps import summary
from garments.sizetable import size_table

if TYPE_CHECKING:
    from app.pipeline import TryOn
    from body.measurements import Measurement
    from garments.drape import Drape
    from garments.fit import Fit
    from garments.maps import Mapped
    from garments.sizing import Advice

INK, MUTED, ACCENT = HexColor("#1E1F22"), HexColor("#6B6D70"), HexColor("#9E5D26")
HAIRLINE, PAPER, ALARM = HexColor("#D5D3CE"), HexColor("#F4F3F0"), HexColor("#9E2D26")
MARGIN, GAP = 42.0, 12.0
WIDTH = A4[0] - 2 * MARGIN
SMALL_VIEWS = ("front", "back", "left", "right")
SOURCES = {"tape": "tape", "photo": "photo", "scan": "scan", "statistics": "statistics", "body": "body model"}

PLAIN = ParagraphStyle("plain", fontName="Helvetica", fontSize=8.5, leading=11.5, textColor=INK)
QUIET = ParagraphStyle("quiet", PLAIN, fontSize=8, textColor=MUTED)
RIGHT = ParagraphStyle("right", PLAIN, alignment=TA_RIGHT)
STRONG_RIGHT = ParagraphStyle("strong right", RIGHT, fontName="Helvetica-Bold")
QUIET_RIGHT = ParagraphStyle("quiet right", QUIET, alignment=TA_RIGHT)
HEADING = ParagraphStyle(
    "heading", PLAIN, fontName="Helvetica-Bold", fontSize=10, leading=13, spaceBefore=10, spaceAfter=4
)
BULLET = ParagraphStyle("bullet", PLAIN, leftIndent=9, bulletIndent=0)
SIZE = ParagraphStyle("size", PLAIN, fontName="Helvetica-Bold", fontSize=34, leading=38, textColor=ACCENT)
WARNING = ParagraphStyle("warning", PLAIN, fontName="Helvetica-Bold", textColor=ALARM)
WARNING_RIGHT = ParagraphStyle("warning right", WARNING, alignment=TA_RIGHT)


def report(
    result: "TryOn",
    pictures: Mapping[str, np.ndarray],
    garments: "Sequence[Mapped]" = (),
    fronts: Mapping[str, np.ndarray] = MappingProxyType({}),
    imprint: Imprint = PLAIN_IMPRINT,
) -> bytes:
    """The report as a PDF. `pictures`: the standard views by name, uint8 RGBA [h, w, 4]; `garments`: the maps of each
    garment; `fronts`: maps seen from the front by name, with their legends."""
    title = " + ".join(fit.garment for fit in result.fits)
    title = title[:1].upper() + title[1:]
    stream = io.BytesIO()
    page = _Page(title, result.failures() if not result.holds else ())
    document = BaseDocTemplate(
        stream, pagesize=A4, invariant=1, title=f"Toile try-on: {title}", author="Toile", subject="Fit and size report"
    )
    frame = Frame(MARGIN, MARGIN, WIDTH, A4[1] - MARGIN - page.head, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame], onPage=page.draw))
    turn = [PageBreak()] if len(result.fits) == 1 else []
    document.build([*_first(result, pictures), *turn, *_second(result), *_maps(garments, fronts), *_sizes_of(result)])
    return stream.getvalue()


class _Page:
    """What every page bears: the head, the warning where there is one, the foot."""

    def __init__(self, title: str, failures: Sequence[str]) -> None:
        self.title = title
        words = "The drape failed its certificate. Nothing here may be relied on: " + "; ".join(failures)
        self.warning = _text(words, WARNING) if failures else None
        self.warning_height = self.warning.wrap(WIDTH - 2 * GAP, 400)[1] + GAP if self.warning else 0.0
        self.head = MARGIN + 34 + (self.warning_height + GAP if self.warning else 0.0)

    def draw(self, canvas: Canvas, document: BaseDocTemplate) -> None:
        top = A4[1] - MARGIN
        canvas.setFillColor(INK)
        canvas.setFont("Helvetica-Bold", 17)
        canvas.drawString(MARGIN, top - 13, _latin(self.title))
        canvas.setFont("Helvetica", 8.5)
        canvas.setFillColor(MUTED)
        canvas.drawRightString(A4[0] - MARGIN, top - 13, "Toile  ·  fit and size report")
        canvas.drawRightString(A4[0] - MARGIN, MARGIN - 18, str(document.page))
        canvas.drawString(MARGIN, MARGIN - 18, "± is one standard deviation. Body measures as ISO 8559-1 defines them.")
        canvas.setStrokeColor(HAIRLINE)
        canvas.line(MARGIN, top - 22, A4[0] - MARGIN, top - 22)
        if self.warning:
            bottom = top - 34 - self.warning_height
            canvas.setStrokeColor(ALARM)
            canvas.rect(MARGIN, bottom, WIDTH, self.warning_height)
            self.warning.drawOn(canvas, MARGIN + GAP, bottom + GAP / 2)


def _first(result: "TryOn", pictures: Mapping[str, np.ndarray]) -> list[Flowable]:
    large, column = 0.53 * WIDTH, 0.47 * WIDTH - 2 * GAP
    told: list[Flowable] = [_person(result)]
    for advice in result.advice:
        told += [Spacer(1, GAP), *_advice(advice, column)]
    alone = len(result.advice) == 1
    if alone:
        told += [Spacer(1, GAP), *_why(result.advice[0])]
    top = Table([[_picture(pictures["three_quarter"], large), told]], [large + 2 * GAP, column], style=[*_BARE])
    small = (WIDTH - 3 * GAP) / 4
    trusted = "" if result.holds else ": the drape failed its certificate"
    views = [_picture(pictures[name], small, 480) for name in SMALL_VIEWS]
    words = [_text(name + trusted, QUIET if result.holds else WARNING) for name in SMALL_VIEWS]
    row = Table([views, words], [small + GAP] * 3 + [small], style=[*_BARE, ("TOPPADDING", (0, 1), (-1, 1), 3)])
    found: list[Flowable] = [top, Spacer(1, GAP), row]
    for fit, advice, drape in zip(result.fits, result.advice, result.drapes, strict=True):
        found.append(KeepTogether(_ease(fit, drape)))
        if not alone:
            found.append(KeepTogether(_why(advice)))
    return found


def _second(result: "TryOn") -> list[Flowable]:
    found = [_heading("Body measures"), _measures(result.estimate.measurements.values())]
    for fit, drape in zip(result.fits, result.drapes, strict=True):
        found.append(KeepTogether([_heading(f"What {fit.garment} is made of"), _made(drape)]))
        found.append(KeepTogether([_heading("The drape's certificate"), *_certificate(drape)]))
    if result.estimate.notes:
        found.append(KeepTogether([_heading("Notes"), *_bullets(result.estimate.notes)]))
    return found


def _maps(garments: "Sequence[Mapped]", fronts: Mapping[str, np.ndarray]) -> list[Flowable]:
    """A page of maps: pictures with their scales, and the numbers."""
    if not garments or not fronts:
        return []
    side = (WIDTH - GAP) / 2
    cells = [[_picture(pixels, side), _text(f"{BY_NAME[name].title}: {BY_NAME[name].says}", QUIET)]
             for name, pixels in fronts.items()]  # fmt: skip
    pairs = [cells[k : k + 2] for k in range(0, len(cells), 2)]
    grid = Table(pairs, [side + GAP, side], style=[*_BARE, ("BOTTOMPADDING", (0, 0), (-1, -1), 6)])
    return [PageBreak(), _heading("What the cloth feels"), grid, *(_numbers(each) for each in garments)]


def _numbers(garment: "Mapped") -> Flowable:
    """Mean, 99th percentile and largest value of every map, and the fabric's limit."""
    head = ["map", "mean", "99 %", "largest", "where", "fabric's limit"]
    rows: list[list[Flowable]] = [[_text(word, QUIET if k in (0, 4) else QUIET_RIGHT) for k, word in enumerate(head)]]
    for name, told in summary(garment).items():
        unit = told["unit"]
        numbers = [_text(f"{told[which]:.1f} {unit}", RIGHT) for which in ("mean", "p99", "largest")]
        limit = _text(f"{told['limit']:.1f} {unit}" if "limit" in told else "", RIGHT)
        rows.append([_text(BY_NAME[name].title, PLAIN), *numbers, _text(told["panel"], PLAIN), limit])
    table = Table(rows, [140, 66, 66, 66, WIDTH - 424, 86], style=[*_RULED, ("LEFTPADDING", (4, 0), (4, -1), 18)])
    return KeepTogether([_heading(f"Maps of {garment.garment}, {garment.fabric}"), table])


def _person(result: "TryOn") -> Flowable:
    known = result.estimate.measurements
    wanted = [(name, title) for name, title in (("stature", "Height"), ("mass", "Weight")) if name in known]
    lines = [f"{title} {_value(known[name])} ± {_doubt(known[name])}" for name, title in wanted]
    return _text("  ·  ".join(lines), QUIET)


def _advice(advice: "Advice", width: float) -> list[Flowable]:
    if not advice.trusted:
        return [_text(advice.sentence, WARNING)]
    sure = f"{100 * advice.confidence:.0f} % sure" if advice.suits else "comes closest; no size suits"
    words = [_text(f"Advised size: {advice.design}", QUIET), _text(sure, PLAIN)]
    head = Table(
        [[_text(advice.best, SIZE), words]], [84, width - 84], style=[*_BARE, ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    )
    return [head, Spacer(1, 4), _bars(advice, width)]


def _why(advice: "Advice") -> list[Flowable]:
    words = (
        f"Why size {advice.best} for the {advice.design}" if advice.trusted else f"Why no size for the {advice.design}"
    )
    return [_heading(words), *_bullets(advice.reasons)]


def _bars(advice: "Advice", width: float) -> Drawing:
    """The probability of every size."""
    step = width / len(advice.scores)
    drawing = Drawing(width, 58)
    for k, score in enumerate(advice.scores):
        best = score.size == advice.best
        left, high = k * step + 3, 1.0 + 34.0 * score.probability
        drawing.add(Rect(left, 12, step - 6, high, fillColor=ACCENT if best else HAIRLINE, strokeColor=None))
        middle = k * step + step / 2
        font = "Helvetica-Bold" if best else "Helvetica"
        drawing.add(String(middle, 2, score.size, fontName=font, fontSize=7.5, fillColor=INK, textAnchor="middle"))
        share = f"{100 * score.probability:.0f} %"
        drawing.add(String(middle, 15 + high, share, fontName=font, fontSize=7, fillColor=MUTED, textAnchor="middle"))
    return drawing


def _ease(fit: "Fit", drape: "Drape") -> list[Flowable]:
    holds = drape.certificate.holds
    head = ["region", "body", "garment", "ease", "±", "stretch", "verdict"]
    rows: list[list[Flowable]] = [[_text(word, QUIET if k in (0, 6) else QUIET_RIGHT) for k, word in enumerate(head)]]
    for region in fit.regions:
        numbers = [show(value, "cm") for value in (region.body, region.garment, region.ease, region.sd)]
        verdict = _text(region.verdict, PLAIN if region.fits else WARNING) if holds else _text("not judged", WARNING)
        stretch = f"{100 * region.strain:.1f} %"
        rows.append([_text(region.name, PLAIN), *(_text(word, RIGHT) for word in (*numbers, stretch)), verdict])
    columns = [62, 58, 58, 54, 46, 50, WIDTH - 328]
    table = Table(rows, columns, style=[*_RULED, ("LEFTPADDING", (6, 0), (6, -1), 18)], repeatRows=1)
    return [_heading(f"Ease of {fit.garment}"), table, Spacer(1, 3), _text(fit.verdict, QUIET)]


def _measures(found: "Iterable[Measurement]") -> Table:
    from body.measurements import MEASURES

    cells = [
        [
            _text(MEASURES[item.name].title, PLAIN),
            _text(_value(item), RIGHT),
            _text(f"± {_doubt(item)}", QUIET_RIGHT),
            _text(SOURCES.get(item.source, item.source), QUIET),
        ]
        for item in found
    ]
    half = -(-len(cells) // 2)
    side = (WIDTH - 2 * GAP) / 2
    columns = [side - 150, 54, 44, 52]
    style = [*_RULED, ("LINEABOVE", (0, 0), (-1, 0), 0.5, HAIRLINE), ("LEFTPADDING", (3, 0), (3, -1), 8), *_CLOSE]
    halves = [Table(part, columns, style=style) if part else "" for part in (cells[:half], cells[half:])]
    return Table([halves], [side + 2 * GAP, side], style=[*_BARE])


def _sizes_of(result: "TryOn") -> list[Flowable]:
    return [part for drape in result.drapes for part in _sizes(drape, result.estimate.measurements)]


def _sizes(drape: "Drape", known: "Mapping[str, Measurement]") -> list[Flowable]:
    """The garment's table of sizes; nothing of one that has none."""
    told = size_table(drape.garment.cut, {item.name: item.value for item in known.values()})
    if told is None:
        return []
    wide = (WIDTH - 150) / len(told.sizes)
    head = [_text("", QUIET), _text("this body", QUIET_RIGHT)]
    rows = [[*head, *(_text(size, STRONG_RIGHT if size == told.worn else QUIET_RIGHT) for size in told.sizes)]]
    for row in told.rows:
        own = _text(f"{100 * row.person:.1f}" if row.person else "", RIGHT)
        cells = [
            _text(f"{100 * value:.1f}", STRONG_RIGHT if size == told.worn else RIGHT)
            for size, value in zip(told.sizes, row.values, strict=True)
        ]
        rows.append([_text(row.title if row.of_body else f"garment: {row.title}", PLAIN), own, *cells])
    table = Table(rows, [100, 50, *[wide] * len(told.sizes)], style=[*_RULED])
    words = f"cm. The body that a size is cut for, and the garment at its sewing lines. {told.source}"
    return [KeepTogether([_heading(f"Sizes of the {told.garment.lower()}"), table, Spacer(1, 3), _text(words, QUIET)])]


def _made(drape: "Drape") -> Table:
    from garments.readymade import ReadyMade

    garment, fabric = drape.garment, drape.garment.fabric
    if isinstance(garment.pattern, ReadyMade):
        cut = f"{garment.design}, from a mesh, {garment.size}. {' '.join(garment.pattern.notes)}"
    else:
        panels = [panel.name.replace("_", " ") for panel in garment.pattern.panels]
        size = garment.size if garment.cut.wearer else f"size {garment.size}, {chart(garment.cut.chart).title}"
        cut = f"{garment.design}, {size}; {len(panels)} panels: {', '.join(panels)}"
    rows = [
        ("Pattern", cut),
        ("Fabric", f"{fabric.title}, {1000 * fabric.density:.0f} g/m², {1000 * fabric.thickness:.2f} mm thick"),
        ("Cloth", f"{garment.pattern.area:.2f} m² inside the seams, {1000 * garment.mass:.0f} g"),
        ("Fabric's numbers", fabric.source),
    ]
    return _pairs(rows)


def _certificate(drape: "Drape") -> list[Flowable]:
    told = drape.certificate
    rows = [
        [_text(line.title, QUIET), _text(line.value, WARNING_RIGHT if line.kept is False else RIGHT),
         _text(f"limit {line.limit}" if line.limit else "", QUIET)] for line in certified.lines(told)
    ]  # fmt: skip
    half, side = -(-len(rows) // 2), (WIDTH - 2 * GAP) / 2
    style = [*_RULED, *_CLOSE, ("LEFTPADDING", (2, 0), (2, -1), 8)]
    halves = [Table(part, [112, 46, side - 158], style=style) for part in (rows[:half], rows[half:])]
    table = Table([halves], [side + 2 * GAP, side], style=[*_BARE])
    return [_text(certified.verdict(told), PLAIN if told.holds else WARNING), Spacer(1, 3), table]


def _pairs(rows: Iterable[tuple[str, str]]) -> Table:
    return Table([[_text(name, QUIET), _text(told, PLAIN)] for name, told in rows], [104, WIDTH - 104], style=[*_RULED])


def _picture(pixels: np.ndarray, width: float, most: int = 1200) -> Image:
    """A picture `width` points wide, as JPEG of at most `most` pixels in height."""
    from PIL import Image as Pillow

    picture = Pillow.fromarray(np.ascontiguousarray(pixels[..., :3]))
    if picture.height > most:
        picture = picture.resize((round(picture.width * most / picture.height), most), Pillow.Resampling.LANCZOS)
    packed = io.BytesIO()
    picture.save(packed, "JPEG", quality=92, subsampling=0)
    packed.seek(0)
    return Image(packed, width, width * picture.height / picture.width)


def _heading(words: str) -> Paragraph:
    return _text(words, HEADING)


def _bullets(lines: Iterable[str]) -> list[Flowable]:
    return [Paragraph(escape(_latin(line)), BULLET, bulletText="•") for line in lines]


def _text(words: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(_latin(words)), style)


def _latin(words: str) -> str:
    """The words in the letters that the PDF's own fonts have."""
    return words.encode("cp1252", "replace").decode("cp1252")


def _value(item: "Measurement") -> str:
    return show(item.value, "kg" if item.name == "mass" else "cm")


def _doubt(item: "Measurement") -> str:
    return f"{item.sd if item.name == 'mass' else 100 * item.sd:.1f}"


_BARE = (
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
)
_CLOSE = [("TOPPADDING", (0, 0), (-1, -1), 0.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 1)]
_RULED = (
    *_BARE,
    ("TOPPADDING", (0, 0), (-1, -1), 2.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ("LINEBELOW", (0, 0), (-1, -1), 0.5, HAIRLINE),
)
