"""A person's own size chart as a table (CSV): what its columns mean, and what is wrong in which line.

Shops keep charts in spreadsheets, and spreadsheets write commas, semicolons or tabs, decimal commas, a mark at the
beginning, a heading above, empty columns at the end, units in the line of titles, and the range of bodies that a size
is for. All that is read; what cannot be understood is told by its line and column, with what to do.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from assets import units
from assets.errors import InputRefused, ToileError
from assets.files import read_text
from body.measurements import MEASURES, canonical

LARGEST, _MOST, _LONGEST = 1_000_000, 200, 24
GIRTHS = ("bust_girth", "waist_girth", "hip_girth")
_SEXES = ("female", "male")
_NUMBER = re.compile(r"[\d.,]+")
_RANGE = re.compile(r"(.*?\d.*?)\s*(?:[-‐-―~～]|\bto\b|至)\s*(\d.*)")
_MARK = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)
_UNIT = re.compile(r"(.+?)[\s_]*(?:[(\[（]\s*([^()\[\]（）]+?)\s*[)\]）]|/\s*(\w+))")
_TITLES = {
    "尺码": "size", "号型": "size", "规格": "size", "性别": "sex", "胸围": "bust_girth", "腰围": "waist_girth",
    "臀围": "hip_girth", "身高": "stature", "体重": "mass", "颈围": "neck_girth", "肩宽": "across_back_shoulder_width",
    "臂长": "arm_length",
}  # fmt: skip
_SEX_WORDS = {
    "f": "female", "women": "female", "woman": "female", "女": "female",
    "m": "male", "men": "male", "man": "male", "男": "male",
}  # fmt: skip


_OTHERS = (("in", "inches"), ("mm", "millimetres"), ("m", "metres"))


class Line(NamedTuple):
    """A size of a table: its name, the sex that it is for or "", and its measures [m, kg]."""

    name: str
    sex: str
    measures: Mapping[str, float]


class _Column(NamedTuple):
    """What a column holds ("" where it is empty throughout), and the unit of its numbers that have none."""

    name: str
    title: str
    unit: str


def lines(path: Path) -> list[Line]:
    """The sizes of a table in UTF-8 whose first line under a heading names its columns, "size" and body measures, a
    size a line, from small to large or from large to small; numbers carry their unit, or their column does in brackets,
    or they are cm and kg; of a range it is the middle. Raises InputRefused, saying what is wrong with which line."""
    text = read_text(path, LARGEST, "size chart").replace("\r\n", "\n").replace("\r", "\n")
    rows = _rows(path, text)
    if not rows:
        raise InputRefused(f"{path} has no column size: its first line names the columns, like size,bust,waist,hip")
    (_, titles), *rest = rows
    if not any(map(_means, titles[1:])) and any(_means(cells[0]) for _, cells in rest):
        raise InputRefused(
            f"{path} has its sizes side by side: turn it round, so that each line is a size and each column a measure "
            "(in a spreadsheet: copy it, and paste it transposed)"
        )
    columns = [_column(path, k, title, [cells[k:] for _, cells in rest]) for k, title in enumerate(titles)]
    _require(path, [column.name for column in columns if column.name])
    if not 0 < len(rest) <= _MOST:
        raise InputRefused(f"{path} has {len(rest)} sizes: give from 1 to {_MOST}")
    found: dict[str, Line] = {}
    for number, cells in rest:
        line = _line(f"{path}, line {number}", columns, cells)
        if line.name in found:
            raise InputRefused(f"{path}, line {number}: size {line.name} is there twice")
        found[line.name] = line
    if len({line.sex for line in found.values()}) > 1:
        raise InputRefused(f"{path} has sizes for women and for men: make a table of each")
    return _ascending(list(found.values()))


def _rows(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """The lines that are not empty, with their numbers, parted by the mark that the first of them names or has most;
    from the one on that has a title "size", where there is one."""
    first = next((line for line in text.split("\n") if line.strip(",;\t ")), "")
    told = _MARK.fullmatch(first.strip(" "))
    titles = next((line for line in text.split("\n") if _sizes(re.split(r"[,;\t|]", line))), first)
    mark = told[1] if told else max(",;\t|", key=titles.count)
    rows = csv.reader(io.StringIO(text), delimiter=mark, strict=True)
    try:
        found = [(rows.line_num, cells) for cells in rows if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise InputRefused(f"{path} is not a table of text (line {rows.line_num}: {error})") from error
    return found[next((k for k, (_, cells) in enumerate(found) if _sizes(cells)), 1 if told else 0) :]


def _sizes(cells: list[str]) -> bool:
    """Whether one of these titles a column of sizes."""
    return "size" in [_means(cell.strip().strip('"')) for cell in cells]


def _means(title: str) -> str:
    """What a title stands for: "size", "sex", a body measure, or nothing."""
    found = _UNIT.fullmatch(title.strip())
    name = (found[1] if found else title).strip()
    if name.lower() in ("size", "sex") or name.lower() in _TITLES:
        return _TITLES.get(name.lower(), name.lower())
    try:
        return canonical(name)
    except ToileError:
        return ""


def _column(path: Path, number: int, title: str, below: list[list[str]]) -> _Column:
    """What a title means; `below`: the lines from this column on."""
    plain = title.strip()
    if not plain:
        if any(cells and cells[0].strip() for cells in below):
            raise InputRefused(f"{path}, column {number + 1} has no title: name its measure, or take it out")
        return _Column("", "", "")
    unit, name = "", plain
    if found := _UNIT.fullmatch(plain):
        name, unit = found[1].strip(), (found[2] or found[3]).strip()
    try:
        return _Column(_means(plain) or canonical(name), plain, unit)
    except ToileError as error:
        raise InputRefused(f"{path}, column {number + 1}: {error}; correct its title, or take it out") from error


def _require(path: Path, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputRefused(f"{path}: two columns name the same measure, {twice[0].replace('_', ' ')}: keep one")
    if "size" not in names:
        raise InputRefused(f"{path} has no column size: its first line names the columns, like size,bust,waist,hip")
    if not set(names) & set(GIRTHS):
        raise InputRefused(f"{path} has no column bust, waist or hip: sizes cannot be told from its other measures")


def _line(where: str, columns: list[_Column], cells: list[str]) -> Line:
    wanted = max(k for k, column in enumerate(columns) if column.name) + 1
    while len(cells) > wanted and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) != wanted:
        raise InputRefused(
            f"{where} has {len(cells)} cells, and the first line names {wanted} columns: fill what is missing; between "
            "numbers with decimal commas columns are parted by semicolons"
        )
    told = {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column.name}
    words = {column.name: cell for column, cell in told.items()}
    name, sex = words["size"], words.get("sex", "").lower()
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise InputRefused(f"{where}: a size needs a name of at most {_LONGEST} letters")
    sex = _SEX_WORDS.get(sex, sex)
    if sex not in ("", *_SEXES):
        raise InputRefused(f"{where}: sex {sex!r} is neither female nor male")
    return Line(name, sex, dict(_measures(where, told)))


def _measures(where: str, told: Mapping[_Column, str]) -> Iterator[tuple[str, float]]:
    for column, written in told.items():
        if column.name not in MEASURES:
            continue
        measure = MEASURES[column.name]
        title = measure.title.lower()
        if not written:
            raise InputRefused(f"{where}: {title} is empty: write it, or take the column or the line out")
        try:
            value = _value(column.name, written, column.unit)
        except ToileError as error:
            raise InputRefused(f"{where}: {title}: {error}") from error
        if not measure.low <= value <= measure.high:
            shown = "kg" if column.name == "mass" else "cm"
            low, high = (units.show(end, shown) for end in (measure.low, measure.high))
            raise InputRefused(
                f"{where}: nobody's {title} is {written}: it lies between {low} and {high}{_meant(column, written)}"
            )
        yield column.name, value


def _value(name: str, written: str, unit: str) -> float:
    """What is written [m, kg]: of a range ("82-86 cm") its middle. Raises UsageError."""
    if len(written) <= _LONGEST and (ends := _RANGE.fullmatch(written)):
        shared = "" if unit else ends[2].lstrip("0123456789., ")
        return 0.5 * (_value(name, ends[1], unit or shared) + _value(name, ends[2], unit))
    if unit and _NUMBER.fullmatch(written):
        written += f" {unit}"
    return units.mass(written) if name == "mass" else units.length(written)


def _meant(column: _Column, written: str) -> str:
    """What to do where the number would be a person's in another unit."""
    measure = MEASURES[column.name]
    for unit, words in (("lb", "pounds"),) if column.name == "mass" else _OTHERS:
        try:
            if measure.low <= _value(column.name, written, unit) <= measure.high:
                return f"; if these are {words}, call the column {column.title} ({unit})"
        except ToileError:
            continue
    return ""


def _ascending(found: list[Line]) -> list[Line]:
    """Turned round where every size is smaller than the one before."""
    girth = next(name for name in GIRTHS if name in found[0].measures)
    steps = [after.measures[girth] - before.measures[girth] for before, after in pairwise(found)]
    return found[::-1] if steps and max(steps) < 0.0 else found
