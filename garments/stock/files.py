"""The files of a catalogue, read in the reader process: a folder of TOML tables, or one SQLite file that holds them.

A SQLite catalogue has a table `tables(name TEXT, toml TEXT)` with the same text that a folder would hold, and a table
`files(name TEXT, data BLOB)` with what they name: pictures, meshes, patterns. What is too large, no text or no TOML is
told as the trouble of that file and never stops the others; nor does a file at which the reader gives up.
"""

import json
import sqlite3
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import numpy as np

from assets.errors import InputRefused, WorkerStopped
from assets.files import read_text
from assets.worker import Worker

LARGEST_TABLE, LARGEST_FILE = 16_000_000, 256_000_000
MOST_TABLES, MOST_FILES = 100_000, 200_000
SUFFIXES = (".sqlite", ".sqlite3", ".db", ".toilecat")
_DEADLINE, _MEMORY, _CPU = 60.0, 1e9, 900.0
_MAGIC = b"SQLite format 3\0"


class Table(NamedTuple):
    """A file of a catalogue: its name, when it changed [ns], its size; what it says, or what is wrong with it."""

    name: str
    changed: int
    size: int
    told: Mapping[str, Any]
    trouble: str = ""


def tables_of(path: Path, known: Mapping[str, tuple[int, int]]) -> Iterator[Table]:
    """Every table of a catalogue; of one that is `known` by its name, with this time and size, only that it is there.
    Raises InputRefused for what is no catalogue at all."""
    left = found(path) if path.is_dir() else ["one"]
    while left:
        begun = ""
        try:
            with Worker("reader", "the catalogue reader", memory=_MEMORY, cpu=_CPU) as reader:
                call = (
                    ("garments.stock.files:read_tables", str(path), left, {k: list(v) for k, v in known.items()})
                    if path.is_dir()
                    else ("garments.stock.files:read_database", str(path))
                )
                for item in reader.stream(*call, deadline=_DEADLINE):
                    if "begun" in item:
                        begun = item["begun"]
                        continue
                    begun = ""
                    yield Table(item["name"], item["changed"], item["size"], item["told"], item["trouble"])
            return
        except WorkerStopped as error:
            if not begun:
                raise InputRefused(f"cannot read the catalogue {path}: {error}") from error
            yield Table(begun, 0, 0, {}, f"It cannot be read: {error}")
            left = left[left.index(begun) + 1 :] if begun in left else []


def found(folder: Path) -> list[str]:
    """The names of the tables in a folder and the folders in it. Raises InputRefused for too many."""
    names = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.toml")
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    if len(names) > MOST_TABLES:
        raise InputRefused(f"{folder} holds more than {MOST_TABLES:,} tables: open a folder with only the catalogue")
    return names


def read_tables(path: str, names: list[str], known: dict[str, list[int]]) -> Iterator[dict[str, Any]]:
    """Tables of a folder as plain values; runs in the reader process."""
    for name in names:
        file = Path(path) / name
        try:
            told = file.stat()
        except OSError as error:
            yield _table(name, 0, 0, {}, f"It cannot be read: {error.strerror or error}")
            continue
        if known.get(name) == [told.st_mtime_ns, told.st_size]:
            yield _table(name, told.st_mtime_ns, told.st_size, {}, "")
            continue
        yield {"begun": name}
        values, trouble = {}, ""
        try:
            values = _parsed(read_text(file, LARGEST_TABLE, "table"))
        except (InputRefused, OSError, ValueError, RecursionError) as error:
            trouble = _said(error)
        yield _table(name, told.st_mtime_ns, told.st_size, values, trouble)


def read_database(path: str) -> Iterator[dict[str, Any]]:
    """Tables of a SQLite catalogue as plain values; runs in the reader process."""
    with closing(_connected(path)) as base:
        for name, text in _rows(base, path, "tables", "name, toml", MOST_TABLES):
            values, trouble = {}, ""
            yield {"begun": str(name)}
            try:
                if not isinstance(name, str) or not isinstance(text, str):
                    raise InputRefused("it is no text")
                values = _parsed(text)
            except (InputRefused, ValueError, RecursionError) as error:
                trouble = _said(error)
            yield _table(str(name), 0, 0, values, trouble)


def files_of(path: Path) -> Iterator[tuple[str, bytes]]:
    """The files that a SQLite catalogue holds, by safe names. Raises InputRefused."""
    try:
        with Worker("reader", "the catalogue reader", memory=_MEMORY, cpu=_CPU) as reader:
            for name, data in reader.stream("garments.stock.files:read_files", str(path), deadline=_DEADLINE):
                yield name, data.tobytes()
    except WorkerStopped as error:
        raise InputRefused(f"cannot read the catalogue {path}: {error}") from error


def read_files(path: str) -> Iterator[tuple[str, np.ndarray]]:
    """Files of a SQLite catalogue; runs in the reader process. One with a name that leads elsewhere is left out."""
    with closing(_connected(path)) as base:
        names = {row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "files" not in names:
            return
        for name, data in _rows(base, path, "files", "name, data", MOST_FILES):
            if isinstance(name, str) and isinstance(data, bytes) and _safe(name):
                yield name, np.frombuffer(data, np.uint8)


def write_database(path: Path, tables: Iterator[tuple[str, str]], files: Iterator[tuple[str, bytes]]) -> None:
    """A new SQLite catalogue at a place where nothing is."""
    with closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE tables(name TEXT PRIMARY KEY, toml TEXT NOT NULL)")
        base.execute("CREATE TABLE files(name TEXT PRIMARY KEY, data BLOB NOT NULL)")
        base.executemany("INSERT INTO tables VALUES(?, ?)", tables)
        base.executemany("INSERT INTO files VALUES(?, ?)", files)
        base.commit()


def _connected(path: str) -> sqlite3.Connection:
    with open(path, "rb") as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            raise InputRefused(f"{path} is no SQLite file: give a folder of tables, or a catalogue that Toile saved")
    base = sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    base.execute("PRAGMA trusted_schema = OFF")
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_FILE)
    return base


def _rows(base: sqlite3.Connection, path: str, table: str, columns: str, most: int) -> Iterator[tuple]:
    """Rows of a plain table. Raises InputRefused where there is none: views and virtual tables run what they say."""
    try:
        made = base.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
        if made is None or not str(made[0]).upper().lstrip().startswith("CREATE TABLE"):
            raise InputRefused(f"{path} is a SQLite file, but no catalogue: it has no table {table!r}")
        yield from base.execute(f"SELECT {columns} FROM {table} LIMIT {most}")
    except sqlite3.Error as error:
        raise InputRefused(f"cannot read {path}: the file is damaged ({error})") from error


def _parsed(text: str) -> dict[str, Any]:
    """TOML as values that travel: dates become texts."""
    return json.loads(json.dumps(tomllib.loads(text), default=str, allow_nan=False))


def _table(name: str, changed: int, size: int, told: dict, trouble: str) -> dict[str, Any]:
    return {"name": name, "changed": changed, "size": size, "told": told, "trouble": trouble}


def _said(error: Exception) -> str:
    why = str(error)
    if isinstance(error, RecursionError):
        why = "it is nested too deep"
    elif isinstance(error, UnicodeDecodeError):
        why = "it is no text in UTF-8"
    return f"It is not a table that can be read: {why}"


def _safe(name: str) -> bool:
    path = PurePosixPath(name)
    inside = not path.is_absolute() and ".." not in path.parts and "\\" not in name and "\0" not in name
    return inside and bool(path.parts) and ":" not in name and not any(part.startswith(".") for part in path.parts)
