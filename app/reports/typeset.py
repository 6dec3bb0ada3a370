"""How reports are set: type, colours and tables, in the language and the accent of whom they are for.

English is set in the PDF's own Helvetica; other languages in a font of this computer that has their letters and may be
put into a file, else in Adobe's name for one, which readers replace.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from html import escape

import numpy as np
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Table,
    paragraph,
)

from app import saying
from app.reports.imprint import Imprint, made_by
from app.reports.lettering import chinese_fonts, in_latin, latin
from app.saying import ENGLISH, spoken

INK, MUTED = HexColor("#1E1F22"), HexColor("#6B6D70")
HAIRLINE, PAPER, ALARM = HexColor("#D5D3CE"), HexColor("#F4F3F0"), HexColor("#9E2D26")
MARGIN, GAP = 42.0, 12.0
WIDTH = A4[0] - 2 * MARGIN

PLAIN = ParagraphStyle("plain", fontName="Helvetica", fontSize=8.5, leading=11.5, textColor=INK)
QUIET = ParagraphStyle("quiet", PLAIN, fontSize=8, textColor=MUTED)
RIGHT = ParagraphStyle("right", PLAIN, alignment=TA_RIGHT)
QUIET_RIGHT = ParagraphStyle("quiet right", QUIET, alignment=TA_RIGHT)
HEADING = ParagraphStyle(
    "heading", PLAIN, fontName="Helvetica-Bold", fontSize=10, leading=13, spaceBefore=10, spaceAfter=4
)
BULLET = ParagraphStyle("bullet", PLAIN, leftIndent=9, bulletIndent=0)
STRONG_RIGHT = ParagraphStyle("strong right", RIGHT, fontName="Helvetica-Bold")
SIZE = ParagraphStyle("size", PLAIN, fontName="Helvetica-Bold", fontSize=34, leading=38)
WARNING = ParagraphStyle("warning", PLAIN, fontName="Helvetica-Bold", textColor=ALARM)
WARNING_RIGHT = ParagraphStyle("warning right", WARNING, alignment=TA_RIGHT)
BARE = (
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
)
CLOSE = [("TOPPADDING", (0, 0), (-1, -1), 0.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 1)]
RULED = (
    *BARE,
    ("TOPPADDING", (0, 0), (-1, -1), 2.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ("LINEBELOW", (0, 0), (-1, -1), 0.5, HAIRLINE),
)
_MARKS = "，；：！？）】》”’"
paragraph.ALL_CANNOT_START += _MARKS
"""No line begins with these: reportlab knows the Japanese ones alone."""
LOGO = 26.0
"""Height of a logo [pt]."""
LATIN, _ADOBE = "Helvetica", "STSong-Light"


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """The fonts that a report is set in, its accent."""

    font: str = LATIN
    bold: str = "Helvetica-Bold"
    accent: Color = INK

    @property
    def latin(self) -> bool:
        return self.font == LATIN


_VOICE: ContextVar[Voice] = ContextVar("voice")


@contextmanager
def speaking(imprint: Imprint) -> Iterator[None]:
    """What is set meanwhile speaks the imprint's language, in its accent. Raises UsageError for no language."""
    fonts = (LATIN, "Helvetica-Bold") if imprint.language == ENGLISH else (_chinese(), _chinese())
    token = _VOICE.set(Voice(*fonts, HexColor(imprint.accent)))
    try:
        with saying.speaking(imprint.language):
            yield
    finally:
        _VOICE.reset(token)


def voice() -> Voice:
    """How it is set now."""
    return _VOICE.get()


def _face(words: str, bold: bool = False) -> str:
    """The font for words as they are: the report's, unless it lacks their letters."""
    speaker = voice()
    if speaker.latin and not latin(words):
        return _chinese()
    return speaker.bold if bold else speaker.font


@cache
def _chinese() -> str:
    """The name of a font with Chinese letters, registered."""
    for path in chinese_fonts():
        try:
            pdfmetrics.registerFont(TTFont("Toile Chinese", str(path), subfontIndex=0))
        except (TTFError, OSError):
            continue
        return "Toile Chinese"
    pdfmetrics.registerFont(UnicodeCIDFont(_ADOBE))
    return _ADOBE


@cache
def _styled(style: ParagraphStyle, font: str) -> ParagraphStyle:
    """A style in another font, whose lines break between any two letters."""
    return ParagraphStyle(f"{style.name} {font}", style, fontName=font, bulletFontName=font, wordWrap="CJK")


def line(words: str) -> str:
    """Words as they are drawn straight onto a page: in the language, in letters that its font has."""
    told = spoken(words)
    return in_latin(told) if voice().latin and latin(told) else told


def text(words: str, style: ParagraphStyle) -> Paragraph:
    return named(line(words), style)


def sizes_style() -> ParagraphStyle:
    """The style of the advised size, in the accent."""
    return ParagraphStyle("accented size", SIZE, textColor=voice().accent)


def heading(words: str) -> Paragraph:
    return text(words, HEADING)


def named(name: str, style: ParagraphStyle) -> Paragraph:
    """A name, an address, a source: as it is, in every language."""
    face = _face(name)
    return Paragraph(escape(name), style if face == LATIN else _styled(style, face))


def bullets(lines: Iterable[str]) -> list[Flowable]:
    speaker = voice()
    style = BULLET if speaker.latin else _styled(BULLET, speaker.font)
    return [Paragraph(escape(line(words)), style, bulletText="•") for words in lines]


def pairs(rows: Iterable[tuple[str, Paragraph]]) -> Table:
    return Table([[text(name, QUIET), told] for name, told in rows], [104, WIDTH - 104], style=[*RULED])


def made(imprint: Imprint) -> Flowable:
    """Who made a report when with which versions."""
    rows = pairs((name, named(told, PLAIN)) for name, told in made_by(imprint))
    return KeepTogether([heading("How this was made"), rows])


def picture(pixels: np.ndarray, width: float, most: int = 1200) -> Image:
    """A picture `width` points wide, as JPEG of at most `most` pixels in height."""
    from PIL import Image as Pillow

    shown = Pillow.fromarray(np.ascontiguousarray(pixels[..., :3]))
    if shown.height > most:
        shown = shown.resize((round(shown.width * most / shown.height), most), Pillow.Resampling.LANCZOS)
    packed = io.BytesIO()
    shown.save(packed, "JPEG", quality=92, subsampling=0)
    packed.seek(0)
    return Image(packed, width, width * shown.height / shown.width)


def logo(data: bytes, height: float, widest: float) -> Image:
    """A shop's logo, no higher and no wider than this [pt]."""
    from PIL import Image as Pillow

    wide, high = Pillow.open(io.BytesIO(data)).size
    scale = min(height / high, widest / wide)
    return Image(io.BytesIO(data), wide * scale, high * scale, mask="auto")


def ruled(rows: Sequence[Sequence[Flowable]], columns: Sequence[float], *more: tuple) -> Table:
    return Table([list(row) for row in rows], list(columns), style=[*RULED, *more], repeatRows=1)


class Page:
    """What every page of a report bears: the title, the shop or Toile, a warning where there is one, the foot."""

    def __init__(self, title: str, what: str, imprint: Imprint, warning: str = "") -> None:
        """`title` as it is shown; `what` kind of report it is."""
        self.title, self.what, self.imprint = title, what, imprint
        self.warning = text(warning, WARNING) if warning else None
        self.warning_height = self.warning.wrap(WIDTH - 2 * GAP, 400)[1] + GAP if self.warning else 0.0
        self.head = MARGIN + 34 + (self.warning_height + GAP if self.warning else 0.0)

    def document(self, told: Sequence[Flowable]) -> bytes:
        """A PDF of these, which bears no date of its own."""
        stream = io.BytesIO()
        maker = self.imprint.shop or self.imprint.maker or "Toile"
        document = BaseDocTemplate(
            stream, pagesize=A4, invariant=1, title=f"Toile: {self.title}", author=maker, subject=self.what
        )
        frame = Frame(MARGIN, MARGIN, WIDTH, A4[1] - MARGIN - self.head, 0, 0, 0, 0)
        document.addPageTemplates(PageTemplate("page", [frame], onPage=self.draw))
        document.build(list(told))
        return stream.getvalue()

    def draw(self, canvas: Canvas, document: BaseDocTemplate) -> None:
        top, right = A4[1] - MARGIN, A4[0] - MARGIN
        canvas.setFillColor(INK)
        canvas.setFont(_face(self.title, bold=True), 17)
        canvas.drawString(MARGIN, top - 13, self.title)
        canvas.setFillColor(MUTED)
        if self.imprint.logo:
            shown = logo(self.imprint.logo, LOGO, WIDTH / 3)
            right -= shown.drawWidth + 8
            shown.drawOn(canvas, right + 8, top - 17)
        told = [self.imprint.shop or "Toile", line(self.what), *([self.imprint.date] if self.imprint.date else [])]
        head = "  ·  ".join(told)
        canvas.setFont(_face(head), 8.5)
        canvas.drawRightString(right, top - 13, head)
        foot = self.imprint.note or line("± is one standard deviation. Body measures as ISO 8559-1 defines them.")
        canvas.setFont(_face(foot), 8.5)
        canvas.drawString(MARGIN, MARGIN - 18, foot)
        canvas.drawRightString(A4[0] - MARGIN, MARGIN - 18, str(document.page))
        canvas.setStrokeColor(HAIRLINE)
        canvas.line(MARGIN, top - 22, A4[0] - MARGIN, top - 22)
        if self.warning:
            bottom = top - 34 - self.warning_height
            canvas.setStrokeColor(ALARM)
            canvas.rect(MARGIN, bottom, WIDTH, self.warning_height)
            self.warning.drawOn(canvas, MARGIN + GAP, bottom + GAP / 2)
