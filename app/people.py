"""A table of people, one a line, and a table of their measures: what `measure --people` reads and writes.

The first line names the columns: name, height, weight, sex, age, and any measure of the table by name or alias. A
number may carry its unit; without one it is cm or kg, as on the command line. A line that cannot be used is named by
its number and stops nobody else.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assets import units
from assets.errors import InputRefused, ToileError, UsageError
from assets.files import read_text
from assets.progress import Progress, silent
from body.measurements import MEASURES, canonical

if TYPE_CHECKING:
    from body.estimate import Estimate, Evidence
    from body.model import BodyModel

SEXES = {"female": 0.0, "woman": 0.0, "f": 0.0, "male": 1.0, "man": 1.0, "m": 1.0}
LARGEST, MOST = 20_000_000, 20_000
_PLAIN = ("name", "sex", "age")


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """A line of the table: its number in the file, the person's name, and what is known, or why it cannot be used."""

    line: int
    name: str
    known: "Evidence | ToileError"


def read_people(path: Path) -> list[Person]:
    """The people of a CSV file (UTF-8; commas, semicolons or tabs). Raises InputRefused for any other file, UsageError
    for a column that is no measure."""
    text = read_text(path, LARGEST, "table")
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO(text), delimiter=mark)
    try:
        columns = [_column(path, title) for title in next(rows, [])]
        if len(set(columns)) < len(columns):
            raise UsageError(f"{path}: two columns name the same measure; keep one")
        if not set(columns) - set(_PLAIN):
            raise InputRefused(f"{path} has no column of a measure: its first line names them, like name,height,weight")
        people = [_person(rows.line_num, columns, cells) for cells in rows if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise InputRefused(f"{path} is not a table of text ({error})") from error
    if len(people) > MOST:
        raise InputRefused(f"{path} has more than {MOST} lines: split the table")
    return people


def drawn_people(count: int, sex: float | None, seed: int = 0) -> list[Person]:
    """People as the survey's statistics draw them, each with height, weight, age and three girths; women and men in
    turn where `sex` is not said. Raises UsageError for a count out of range."""
    import numpy as np

    from body.estimate import Evidence
    from body.population import population

    if not 1 <= count <= MOST:
        raise UsageError(f"from 1 to {MOST} people can be drawn: got {count}")
    people, random = population(), np.random.default_rng(seed)
    found = []
    for number in range(count):
        whose = float(number % 2) if sex is None else sex
        told = people.posterior({}, whose)
        drawn = np.exp(random.multivariate_normal(told.mean, told.covariance, method="eigh"))
        value = dict(zip(told.names, (float(one) for one in drawn), strict=True))
        tapes = {name: value[name] for name in ("bust_girth", "waist_girth", "hip_girth")}
        known = Evidence(value["stature"], value["mass"], whose, value["age"], tapes)
        name = f"{'man' if whose > 0.5 else 'woman'} {number + 1}, {100 * value['stature']:.0f} cm"
        found.append(Person(number + 1, f"{name}, {value['mass']:.0f} kg", known))
    return found


def estimated(
    people: Sequence[Person], model: "BodyModel | None" = None, device: str = "cpu", progress: Progress = silent
) -> "list[tuple[str, Estimate]]":
    """Everybody's name and body. Raises UsageError, naming the first who cannot be used."""
    known = []
    for person in people:
        if isinstance(person.known, ToileError):
            raise UsageError(f"line {person.line}: {person.known}")
        known.append(person.known)
    told = []
    for person, one in zip(people, estimated_each(known, progress, model, device), strict=True):
        name = person.name or f"line {person.line}"
        if isinstance(one, ToileError):
            raise UsageError(f"{name}: {one}")
        told.append((name, one))
    return told


def estimated_each(
    known: "Sequence[Evidence]", progress: Progress = silent, model: "BodyModel | None" = None, device: str = "cpu"
) -> "list[Estimate | ToileError]":
    """Everybody's body, or why there is none."""
    from body.batch import estimate_all

    return estimate_all(known, model, device, progress)


def table(people: Sequence[Person], found: Sequence["Estimate | ToileError"]) -> str:
    """Measures of everybody as CSV: a line each, SI, an empty cell where there is no estimate, and why."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    names = list(MEASURES)
    writer.writerow(["line", "name", *(f"{name}{end}" for name in names for end in ("", "_sd")), "notes"])
    for person, told in zip(people, found, strict=True):
        if isinstance(told, ToileError):
            writer.writerow([person.line, person.name, *[""] * (2 * len(names)), str(told)])
            continue
        cells = [round(x, 4) for name in names for x in (told.measurements[name].value, told.measurements[name].sd)]
        writer.writerow([person.line, person.name, *cells, "; ".join(told.notes)])
    return stream.getvalue()


def _column(path: Path, title: str) -> str:
    plain = title.strip().lower()
    try:
        return plain if plain in _PLAIN else canonical(plain)
    except UsageError as error:
        raise UsageError(f"{path}, line 1: {error}") from error


def _person(line: int, columns: Sequence[str], cells: Sequence[str]) -> Person:
    told = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if cell.strip()}
    name = told.get("name", "")
    try:
        if len(cells) > len(columns):
            raise InputRefused(f"{len(cells)} values for {len(columns)} columns: is a decimal comma in it?")
        return Person(line, name, _evidence(told))
    except ToileError as error:
        return Person(line, name, error)


def _evidence(told: Mapping[str, str]) -> "Evidence":
    from body.estimate import Evidence

    tapes = {name: _number(name, told[name], units.length) for name in told if name not in (*_PLAIN, "stature", "mass")}
    height = _number("stature", told["stature"], units.length) if "stature" in told else None
    mass = _number("mass", told["mass"], units.mass) if "mass" in told else None
    if height is None and mass is None and not tapes:
        raise InputRefused("nothing is known: give at least a height")
    return Evidence(height, mass, _sex(told.get("sex")), _age(told.get("age")), tapes)


def _number(name: str, written: str, read: Callable[[str], float]) -> float:
    try:
        return read(written)
    except UsageError as error:
        raise UsageError(f"{MEASURES[name].title.lower()}: {error}") from error


def _age(written: str | None) -> float | None:
    try:
        return None if written is None else float(written)
    except ValueError:
        raise UsageError(f"age: {written!r} is not a number of years") from None


def _sex(written: str | None) -> float | None:
    try:
        return None if written is None else read_sex(written)
    except UsageError as error:
        raise UsageError(f"sex: {error}") from None


def read_sex(written: str) -> float:
    """0 (female) to 1 (male) of a word or a number. Raises UsageError."""
    if written.lower() in SEXES:
        return SEXES[written.lower()]
    try:
        value = float(written)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise UsageError(f"{written!r}: write female, male, or a number from 0 (female) to 1 (male)")
    return value
