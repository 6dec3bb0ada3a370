"""Which font has the letters of what is written: the Latin one, or one of this computer that has Chinese too.

The latter hold TrueType outlines, which may be put into a PDF: WenQuanYi on Linux, the system's own elsewhere.
"""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.saying import spoken

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

FONTS = ("wqy-microhei.ttc", "wqy-zenhei.ttc", "msyh.ttc", "simhei.ttf", "PingFang.ttc", "STHeiti Medium.ttc",
         "Hiragino Sans GB.ttc", "DroidSansFallbackFull.ttf", "DroidSansFallback.ttf")  # fmt: skip
FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts",
           "/System/Library/Fonts", "C:/Windows/Fonts")  # fmt: skip
_CHINESE = "⺀-￯"
_UNIT = rf"(?:(?<=\d) [^\s\d{_CHINESE}]+)?"
_PIECE = re.compile(rf"\s*(?:[{_CHINESE}]|[^\s{_CHINESE}]+{_UNIT})[，。；：、）]*")
_LACKING = str.maketrans("≤≥−›", "<>->")
"""What Latin fonts have no letter for, and what stands for it."""


@cache
def chinese_fonts() -> tuple[Path, ...]:
    """The files of fonts with Chinese letters on this computer."""
    found = (path for folder in FOLDERS for path in sorted(Path(folder).expanduser().rglob("*.tt[cf]")))
    return tuple(path for path in found if path.name in FONTS)


def latin(words: str) -> bool:
    """Whether words are written in letters that every Latin font has."""
    try:
        in_latin(words).encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def in_latin(words: str) -> str:
    """Words that are `latin` without the few letters that a Latin font may lack."""
    return words.translate(_LACKING)


def written(words: str) -> str:
    """What an English text is in the language spoken, where a picture can be lettered in it; else as it is."""
    told = spoken(words)
    return told if latin(told) or chinese_fonts() else words


def letter(
    draw: "ImageDraw", place: tuple[float, float], words: str, colour: str | tuple[int, ...], size: int,
    anchor: str | None = None,
) -> None:  # fmt: skip
    """Write words as they are into a picture, `size` [pixels] high; `anchor` as Pillow has it."""
    draw.text(place, _in_font(words), colour, _font(size, latin(words)), anchor=anchor)


def length(draw: "ImageDraw", words: str, size: int) -> float:
    """How wide words are when they are written [pixels]."""
    return draw.textlength(_in_font(words), _font(size, latin(words)))


def wrapped(draw: "ImageDraw", words: str, width: float, size: int) -> str:
    """Words on lines no wider than this [pixels], parted between words, in Chinese between any two letters; a
    number keeps its unit."""
    lines = [""]
    for piece in _PIECE.findall(words):
        longer = (lines[-1] + piece).strip()
        if lines[-1] and length(draw, longer, size) > width:
            lines.append(piece.strip())
        else:
            lines[-1] = longer
    return "\n".join(lines)


def _in_font(words: str) -> str:
    return in_latin(words) if latin(words) else words


@cache
def _font(size: int, plain: bool) -> "FreeTypeFont | ImageFont":
    from PIL import ImageFont

    for path in () if plain else chinese_fonts():
        try:
            return ImageFont.truetype(str(path), size)
        except OSError:
            continue
    return ImageFont.load_default(size)
