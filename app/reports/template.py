"""A shop's template of reports: a small TOML file, report.toml in the person's folder, or the same words in a job.

shop = "Atelier Nord"
logo = "logo.png"            # beside the file
language = "zh"              # or en
accent = "#2B5C8A"
note = "Atelier Nord, Copenhagen"
maker = "Ada"
"""

import io
import re
from pathlib import Path

from app.located import Table, read_table
from app.reports.imprint import Imprint
from app.words import LANGUAGES
from assets import files

LARGEST, LARGEST_LOGO, MOST_PIXELS = 64_000, 4_000_000, 4096
KEYS = ("shop", "logo", "language", "accent", "note", "maker")


def own() -> Imprint:
    """The template in the person's folder (report.toml), the plain one where there is none. Raises InputRefused."""
    path = files.user_config() / "report.toml"
    return read_template(path) if path.is_file() else Imprint()


def read_template(path: Path) -> Imprint:
    """A template. Raises InputRefused, with the line, for what in it cannot be used."""
    return imprint_of(read_table(path, LARGEST, "report template"))


def imprint_of(table: Table) -> Imprint:
    """What a table of a template's words says. Raises InputRefused."""
    table.only(*KEYS)
    accent = table.line("accent", Imprint().accent)
    if not re.fullmatch("#[0-9A-Fa-f]{6}", accent):
        raise table.wrong("accent", 'is a colour like "#9E5D26"')
    return Imprint(
        maker=table.line("maker"),
        shop=table.line("shop"),
        logo=_logo(table) if "logo" in table.told else b"",
        note=table.line("note"),
        language=table.choice("language", tuple(LANGUAGES)) or Imprint().language,
        accent=accent,
    )


def _logo(table: Table) -> bytes:
    """The logo's bytes as PNG, whatever it came as."""
    from PIL import Image, UnidentifiedImageError

    path = table.file("logo")
    try:
        if path.stat().st_size > LARGEST_LOGO:
            raise table.wrong("logo", f"has more than {LARGEST_LOGO // 1_000_000} MB")
        picture = Image.open(path)
        if max(picture.size) > MOST_PIXELS:
            raise table.wrong("logo", f"is wider or higher than {MOST_PIXELS} pixels")
        stream = io.BytesIO()
        picture.convert("RGBA").save(stream, "PNG")
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise table.wrong("logo", "is no picture that can be read: save it as PNG") from error
    return stream.getvalue()
