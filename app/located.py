"""TOML that a person wrote, read so that whatever is wrong in it is told with its line.

Python's reader tells the line of broken syntax only. The line of a value is found here by reading the file's first so
many lines: it is the one with which the value appears.
"""

import math
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from assets.errors import InputRefused, ToileError, UsageError
from assets.files import read_text

T = TypeVar("T")
LONGEST = 400
_BACK = 400
"""How many lines one value may take for its own line to be found."""


class InLine(InputRefused):
    """An error that tells its line."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table of a file: what it says, by which keys and places it is reached, the file and its text."""

    told: Mapping[str, Any]
    way: tuple[str | int, ...]
    path: Path
    text: str

    def wrong(self, key: str | None, reason: str) -> "InLine":
        """The error that says where the value of a key stands and what is wrong with it."""
        way = self.way if key is None else (*self.way, key)
        return InLine(f"{self.path.name}, line {line_of(self.text, way)}: {_named(way)}{reason}")

    def only(self, *keys: str) -> None:
        """Raises InputRefused for a key that nobody reads."""
        for key in self.told:
            if key not in keys:
                raise self.wrong(key, f"is not known here; there are {', '.join(keys)}")

    def read(self, key: str, reader: Callable[[Any], T]) -> T:
        """The value of a key as a reader makes it; what the reader raises is told with the line."""
        return self.made(key, reader, self.told[key])

    def made(self, key: str | None, maker: Callable[..., T], *arguments: Any) -> T:
        """What a function makes for the sake of a key, or of the whole table; what it raises is told with its line."""
        try:
            return maker(*arguments)
        except InLine:
            raise
        except ToileError as error:
            raise self.wrong(key, str(error)) from error

    def line(self, key: str, otherwise: str = "") -> str:
        """A text of one line."""
        value = self.told.get(key, otherwise)
        if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
            raise self.wrong(key, f"is a text of one line, of {LONGEST} letters or fewer")
        return value.strip()

    def number(self, key: str, otherwise: float, low: float, high: float) -> float:
        """A number within bounds."""
        value = self.told.get(key, otherwise)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.wrong(key, f"is a number from {low:g} to {high:g}")
        return float(value)

    def whole(self, key: str, otherwise: int, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self.told.get(key, otherwise)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.wrong(key, f"is a whole number from {low} to {high}")
        return value

    def yes(self, key: str) -> bool:
        """True or false; false where nothing is said."""
        value = self.told.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "is true or false")
        return value

    def some(self, key: str, otherwise: Sequence[Any] = ()) -> tuple[Any, ...]:
        """One value or a list of them, each once, as a tuple; `otherwise` where nothing is said."""
        value = self.told.get(key, list(otherwise))
        found = value if isinstance(value, list) else [value]
        if key in self.told and not found:
            raise self.wrong(key, "is an empty list: leave it out, or say one")
        return tuple(each for k, each in enumerate(found) if each not in found[:k])

    def lines(self, key: str, otherwise: Sequence[str] = (), of: Sequence[str] | None = None) -> tuple[str, ...]:
        """One text or a list of them; each one `of` those, where they are told."""
        found = self.some(key, otherwise)
        for each in found:
            if not isinstance(each, str) or len(each) > LONGEST or not each.isprintable():
                raise self.wrong(key, "is a text, or a list of texts of one line")
            if of is not None and each not in of:
                raise self.wrong(key, f"there is no {each!r}: there are {', '.join(of)}")
        return found

    def choice(self, key: str, of: Sequence[str]) -> str | None:
        """One of those; None where nothing is said."""
        if key not in self.told:
            return None
        if self.told[key] not in of:
            raise self.wrong(key, f"there is no {self.told[key]!r}: there are {', '.join(of)}")
        return str(self.told[key])

    def table(self, key: str) -> "Table":
        """The table of a key; an empty one where there is none."""
        value = self.told.get(key, {})
        if not isinstance(value, Mapping):
            raise self.wrong(key, "is a table")
        return Table(value, (*self.way, key), self.path, self.text)

    def tables(self, key: str) -> "Iterator[Table]":
        """The tables of a list of tables."""
        value = self.told.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            raise self.wrong(key, f"is written as [[{_dotted((*self.way, key))}]], once for each")
        for number, each in enumerate(value):
            yield Table(each, (*self.way, key, number), self.path, self.text)

    def file(self, key: str) -> Path:
        """A file that is there, its name taken from the folder of the file that names it."""
        return self._file(key, self.line(key))

    def files(self, key: str) -> tuple[Path, ...]:
        """One such file or a list of them."""
        return tuple(self._file(key, name) for name in self.lines(key))

    def _file(self, key: str, name: str) -> Path:
        found = self.path.parent / name
        try:
            if name and found.is_file():
                return found
        except (OSError, ValueError):
            pass
        raise self.wrong(key, f"there is no file {name!r} beside {self.path.name}")


def read_table(path: Path, largest: int, what: str) -> Table:
    """A file's table. Raises InputRefused for what is none, with the line."""
    text = read_text(path, largest, what)
    try:
        told = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputRefused(f"{path.name} is not TOML: {_plain(error)}") from error
    for way, value in _leaves(told):
        if isinstance(value, float) and not math.isfinite(value):
            raise InputRefused(f"{path.name}, line {line_of(text, way)}: {_named(way)}is not a finite number")
    return Table(told, (), path, text)


def typed(value: Any) -> str:
    """A number or a text as it was typed. Raises UsageError for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UsageError("is a number, or a text with its unit")
    return str(value)


def line_of(text: str, way: Sequence[str | int]) -> int:
    """The line, counted from 1, where the value of keys and places begins; of what is not there, of what it is in."""
    lines = text.splitlines()
    while way and not _there(lines, len(lines), way):
        way = way[:-1]
    if not way:
        return 1
    low, high = 0, len(lines)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _there(lines, middle, way) else (middle, high)
    while high > 1 and _read(lines, high - 1) is None:
        high -= 1
    return high


def _there(lines: Sequence[str], count: int, way: Sequence[str | int]) -> bool:
    """Whether the first so many lines, as far as they can be read, hold the value."""
    told: Any = next((found for k in range(count, max(count - _BACK, -1), -1) if (found := _read(lines, k))), None)
    for step in way:
        if isinstance(step, int):
            if not isinstance(told, list) or step >= len(told):
                return False
        elif not isinstance(told, Mapping) or step not in told:
            return False
        told = told[step]
    return True


def _read(lines: Sequence[str], count: int) -> dict[str, Any] | None:
    try:
        return tomllib.loads("\n".join(lines[:count]) + "\n")
    except (ValueError, RecursionError):
        return None


def _leaves(told: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(told, Mapping):
        for key, value in told.items():
            yield from _leaves(value, (*way, key))
    elif isinstance(told, list):
        for number, value in enumerate(told):
            yield from _leaves(value, (*way, number))
    else:
        yield way, told


def _dotted(way: Sequence[str | int]) -> str:
    return ".".join(step for step in way if isinstance(step, str))


def _named(way: Sequence[str | int]) -> str:
    return f"{_dotted(way)}: " if way else ""


def _plain(error: Exception) -> str:
    return "its brackets nest too deep" if isinstance(error, RecursionError) else str(error)
