"""Tables that a shop brings, a line at a time: JSON lines or CSV, also .gz; under limits, whatever is in them."""

import csv
import gzip
import json
import math
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import IO, TypeVar

from assets.errors import InputRefused, TooLarge

T = TypeVar("T")
_COMPACT, _DOTTED = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)$"), re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b")
_LARGEST, _LONGEST, _MOST = 4_000_000_000, 1_000_000, 30_000_000
_MONTHS = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip


def entries(path: Path) -> Iterator[Mapping | None]:
    """What each line says; None for one that says nothing. Raises InputRefused, TooLarge."""
    if not path.is_file():
        raise InputRefused(f"there is no file {path}")
    try:
        with _opened(path) as stream:
            lines = _lines(path, stream)
            first = next(lines, "")
            told = _json(chain([first], lines)) if first.lstrip().startswith("{") else _csv(first, lines)
            for number, line in enumerate(told):
                if number >= _MOST:
                    raise TooLarge(f"{path} has more than {_MOST:,} lines: split it")
                yield line
    except (OSError, EOFError, UnicodeDecodeError, csv.Error, zlib.error) as error:
        raise InputRefused(f"cannot read {path} as JSON lines or CSV: {error}") from error


def understood(path: Path, row: Callable[[Mapping], T | None]) -> tuple[list[T], int]:
    """What `row` makes of each line, and how many lines it could make nothing of. Raises InputRefused, TooLarge."""
    told, passed = [], 0
    for line in entries(path):
        made = row(line) if line is not None else None
        if made is None:
            passed += 1
        else:
            told.append(made)
    return told, passed


def text(told: Mapping, key: str) -> str:
    """A cell as a short text, "" where there is none."""
    value = told.get(key)
    return str(value).strip()[:80] if isinstance(value, str | int | float) else ""


def number(value: object) -> float | None:
    """A cell as a number below ten thousand, None where it is none."""
    try:
        found = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and abs(found) < 1e4 else None


def day(written: str, month_first: bool = False) -> int:
    """The day's ordinal, of "April 20, 2016", "2016-04-20...", "20160420", "20.04.2016", "20/04/2016" (`month_first`:
    "04/20/2016"), "2016年4月20日" or seconds since 1970; 0 for what is none of them."""
    plain = written.strip()
    if compact := _COMPACT.match(plain):
        parts = list(compact.groups())
    elif dotted := _DOTTED.match(plain):
        first, second, year = dotted.groups()
        parts = [year, first, second] if month_first and "/" in plain else [year, second, first]
    else:
        parts = re.split(r"[\s,\-/T年月日]+", plain)
    try:
        if (month := parts[0].lower()[:3]) in _MONTHS:
            return date(int(parts[2]), _MONTHS.index(month) + 1, int(parts[1])).toordinal()
        if len(parts) == 1:
            seconds = float(parts[0])
            return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC).toordinal()
        return date(*(int(part) for part in parts[:3])).toordinal()
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return 0


def _opened(path: Path) -> IO[str]:
    if path.suffix.lower() == ".gz":
        return TextIOWrapper(gzip.open(path), encoding="utf-8-sig", errors="replace")
    return path.open(encoding="utf-8-sig", errors="replace", newline="")


def _json(lines: Iterator[str]) -> Iterator[Mapping | None]:
    for line in lines:
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            told = None
        yield told if isinstance(told, Mapping) else None


def _csv(first: str, lines: Iterator[str]) -> Iterator[Mapping | None]:
    """A table whose first line names its columns, apart by commas, semicolons or tabs."""
    mark = max(",;\t", key=first.count)
    yield from csv.DictReader(chain([first], lines), delimiter=mark)


def _lines(path: Path, stream: IO[str]) -> Iterator[str]:
    """Lines that are not blank, up to the limits of their length and of the whole."""
    seen = 0
    while line := stream.readline(_LONGEST + 1):
        seen += len(line)
        if len(line) > _LONGEST or seen > _LARGEST:
            raise TooLarge(f"{path} is larger than such a table may be: lines up to 1 MB, 4 GB in all")
        if line.strip():
            yield line.replace("\0", "")
