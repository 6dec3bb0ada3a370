"""The catalogue: garments on offer, from a folder of tables or a SQLite file, found by what they are called.

    catalogue = Catalogue.open(Path("shop"))
    for id in catalogue.search("red dress", tags=("summer",)).ids: catalogue.item(id)

What is read is kept in an index of our own (SQLite FTS5: words with their stems, and trigrams for parts of words), so
that a catalogue opens at once the next time and only what changed is read again. An entry with a fault is listed, with
a sentence, behind the others.
"""

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets import files
from assets.errors import CannotWrite, InputRefused, ToileError
from assets.progress import Progress, silent
from garments.stock import files as source
from garments.stock.articles import Article, article, reason, words
from garments.stock.searching import Spelling, Term, glossary, is_chinese, spaced, terms

LAYOUT = 4
"""Of the index; another one is made anew."""
_WEIGHTS = "12.0, 6.0, 4.0, 1.0"
_SCHEMA = """
CREATE TABLE tables(name TEXT PRIMARY KEY, changed INTEGER, size INTEGER);
CREATE TABLE articles(number INTEGER PRIMARY KEY, id TEXT UNIQUE, source TEXT, told TEXT, title TEXT, trouble TEXT);
CREATE INDEX by_source ON articles(source);
CREATE TABLE tags(tag TEXT, number INTEGER, PRIMARY KEY(tag, number)) WITHOUT ROWID;
CREATE INDEX by_number ON tags(number);
CREATE TABLE about(name TEXT PRIMARY KEY, value TEXT);
CREATE VIRTUAL TABLE words USING fts5(title, tags, what, text, tokenize='porter unicode61 remove_diacritics 2',
  prefix='2 3');
CREATE VIRTUAL TABLE parts USING fts5(text, tokenize='trigram');
"""


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of what was found, the best first; `instead`: what was looked for in place of words that nothing is called,
    "" where it is as it was typed."""

    ids: tuple[str, ...]
    instead: str = ""


class Catalogue:
    """A catalogue that is open. Not for several threads at once."""

    def __init__(self, path: Path, index: Path) -> None:
        """`path` is where it comes from, `index` what was read of it."""
        self.path, self.index = path, index
        self._base = sqlite3.connect(index, timeout=20.0)
        self._spelling: Spelling | None = None
        self._ids: dict[int, tuple[str, bool]] | None = None

    @classmethod
    def open(cls, path: Path, progress: Progress = silent, refresh: bool = True) -> "Catalogue":
        """A folder of tables or a SQLite catalogue. `refresh` False: as it was read last, where it was. Raises
        InputRefused for what is neither, and CannotWrite."""
        path = Path(path).expanduser().absolute()
        if not path.exists():
            raise InputRefused(f"there is no catalogue {path}: give a folder, or a file that Toile saved")
        if path.is_file() and path.suffix.lower() not in source.SUFFIXES:
            raise InputRefused(f"{path} is no catalogue: give a folder of tables, or a file that ends in .sqlite")
        index = _index(path)
        try:
            try:
                return cls._opened(path, index, progress, refresh)
            except sqlite3.DatabaseError as error:
                if type(error) is not sqlite3.DatabaseError:  # What is busy or full is not damaged.
                    raise
                for end in ("", "-wal", "-shm"):
                    index.with_name(index.name + end).unlink(missing_ok=True)
                return cls._opened(path, index, progress, refresh)
        except sqlite3.Error as error:
            raise CannotWrite(f"cannot keep what was read of {path}: {files.why_not(error)}") from error

    @classmethod
    def _opened(cls, path: Path, index: Path, progress: Progress, refresh: bool) -> "Catalogue":
        made = cls(path, index)
        try:
            if made._about("layout") != str(LAYOUT):
                made.close()
                made.index.unlink(missing_ok=True)
                made = cls(path, made.index)
                made._base.executescript(_SCHEMA)
                made._base.execute("PRAGMA journal_mode = WAL")
                with made._base:
                    made._tell("layout", str(LAYOUT))
            elif not refresh and made._about("whole"):
                return made
            made.refresh(progress)
        except BaseException:
            made.close()
            raise
        return made

    @property
    def title(self) -> str:
        """What the catalogue calls itself, else its folder."""
        return self._about("title") or self.path.stem

    @property
    def demo(self) -> bool:
        """Whether it says that nothing in it is for sale."""
        return bool(self._about("demo"))

    def __len__(self) -> int:
        return self._base.execute("SELECT count(*) FROM articles").fetchone()[0]

    def search(self, text: str = "", tags: Sequence[str] = (), limit: int | None = None) -> Found:
        """What is called so and bears all of these tags, all of it where nothing is asked for; broken entries last."""
        asked = terms(text)
        if text.strip() and not asked:
            return Found(())
        ids = self._ask(asked, tags, limit)
        if ids or not asked:
            return Found(ids)
        right = tuple(self._put_right(term) for term in asked)
        instead = "" if right == asked else " ".join(term.written for term in right)
        ids = self._ask(right, tags, limit)
        return Found(ids, instead) if ids else Found(self._by_parts(right, tags, limit), instead)

    def item(self, id: str) -> Article:
        """One of the catalogue's. Raises InputRefused when there is none of that id."""
        found = self.items((id,))
        if not found:
            raise InputRefused(f"there is nothing with the id {id!r} in {self.title}")
        return found[0]

    def items(self, ids: Sequence[str]) -> tuple[Article, ...]:
        """Several at once, in this order; those that there are not are left out."""
        found: dict[str, Article] = {}
        for start in range(0, len(ids), 500):
            some = list(ids[start : start + 500])
            rows = self._base.execute(
                f"SELECT id, source, told, title, trouble FROM articles WHERE id IN ({','.join('?' * len(some))})", some
            )
            found |= {row[0]: self._article(*row) for row in rows}
        return tuple(found[id] for id in ids if id in found)

    def tags(self) -> Mapping[str, int]:
        """How many bear each tag, the commonest first."""
        return dict(self._base.execute("SELECT tag, count(*) AS n FROM tags GROUP BY tag ORDER BY n DESC, tag"))

    def broken(self) -> Mapping[str, str]:
        """Entries that cannot be used, by id, and why."""
        return dict(self._base.execute("SELECT id, trouble FROM articles WHERE trouble <> '' ORDER BY number"))

    def close(self) -> None:
        self._base.close()

    def save(self, path: Path) -> None:
        """The whole catalogue with its pictures and files as one SQLite file. Raises CannotWrite and InputRefused."""
        if self.path.is_file():
            files.write_bytes(path, self.path.read_bytes())
            return
        names = [row[0] for row in self._base.execute("SELECT name FROM tables ORDER BY name")]
        beside: set[Path] = set()
        for each in self.items(self.search().ids):
            beside |= {file for file in (each.file, each.picture) if file} | set(each.prints())
        shelf = path.with_name(f".{path.name}.part")
        try:
            shelf.unlink(missing_ok=True)
            source.write_database(
                shelf,
                ((name, (self.path / name).read_text(encoding="utf-8-sig", errors="replace")) for name in names),
                ((file.relative_to(self.path).as_posix(), file.read_bytes()) for file in sorted(beside)),
            )
            shelf.replace(path)
        except (OSError, sqlite3.Error) as error:
            shelf.unlink(missing_ok=True)
            raise CannotWrite(f"cannot write {path}: {files.why_not(error)}") from error

    # Reading ----------------------------------------------------------------------------------------------------------

    def refresh(self, progress: Progress = silent) -> None:
        """Read what changed since the last time."""
        known = {name: (at, size) for name, at, size in self._base.execute("SELECT name, changed, size FROM tables")}
        stamp = _stamp(self.path) if self.path.is_file() else ""
        if stamp and stamp == self._about("whole"):
            return
        folder = self.path if self.path.is_dir() else self._unpacked()
        total, seen = max(len(known), 1), set()
        with self._base:
            for table in source.tables_of(self.path, known):
                seen.add(table.name)
                progress(min(len(seen) / total, 0.95), f"reading {table.name}")
                if known.get(table.name) != (table.changed, table.size) or stamp:
                    self._take(table, folder)
            for name in set(known) - seen:
                self._forget(name)
            self._tell("spelling", json.dumps(self._counted()))
            self._tell("whole", stamp or "yes")
        self._spelling = self._ids = None
        progress(1.0, f"{len(self):,} garments")

    def _take(self, table: source.Table, folder: Path) -> None:
        """Put what a table says in the place of what it said before."""
        self._forget(table.name)
        self._base.execute("INSERT INTO tables VALUES(?, ?, ?)", (table.name, table.changed, table.size))
        stem, told = Path(table.name).with_suffix("").as_posix(), dict(table.told)
        about = told.pop("catalogue", None)
        if isinstance(about, Mapping):
            self._tell("title", str(about.get("title", ""))[:120])
            self._tell("demo", "yes" if about.get("demo") is True else "")
        several = told.get("garment")
        entries = several if isinstance(several, list) else [told] if told or table.trouble else []
        if table.trouble:
            self._add(stem, table.name, {}, None, table.trouble)
            return
        for number, entry in enumerate(entries, 1):
            named = entry.get("id") if isinstance(entry, Mapping) else None
            id = named if isinstance(named, str) and 0 < len(named) <= 200 else stem
            id = f"{stem} {number}" if id == stem and len(entries) > 1 else id
            try:
                made = article(entry, id, (folder / table.name).parent)
                self._add(id, table.name, entry, made, "")
            except ToileError as error:
                self._add(id, table.name, entry, None, reason(error))

    def _add(self, id: str, name: str, told: Any, made: Article | None, trouble: str) -> None:
        free, k = id, 2
        while self._base.execute("SELECT 1 FROM articles WHERE id = ?", (free,)).fetchone():
            trouble = trouble or f"Another garment has the id {id!r}: give this one its own"
            free, k = f"{id} ({k})", k + 1
        kept = told if isinstance(told, Mapping) else {}
        title = made.name if made else str(kept.get("title") or kept.get("chinese") or id)[:120]
        row = (free, name, json.dumps(kept, ensure_ascii=False), title, trouble)
        number = self._base.execute(
            "INSERT INTO articles(id, source, told, title, trouble) VALUES(?, ?, ?, ?, ?)", row
        ).lastrowid
        said = words(made) if made else (title, "", "", "")
        columns = [spaced(f"{said[0]} {free}"), *map(spaced, said[1:])]
        self._base.execute(
            "INSERT INTO words(rowid, title, tags, what, text) VALUES(?, ?, ?, ?, ?)", (number, *columns)
        )
        self._base.execute("INSERT INTO parts(rowid, text) VALUES(?, ?)", (number, " ".join(said)))
        if made:
            self._base.executemany("INSERT OR IGNORE INTO tags VALUES(?, ?)", [(tag, number) for tag in made.tags])

    def _forget(self, name: str) -> None:
        numbers = self._base.execute("SELECT number FROM articles WHERE source = ?", (name,)).fetchall()
        for table, column in (("words", "rowid"), ("parts", "rowid"), ("tags", "number"), ("articles", "number")):
            self._base.executemany(f"DELETE FROM {table} WHERE {column} = ?", numbers)
        self._base.execute("DELETE FROM tables WHERE name = ?", (name,))

    def _unpacked(self) -> Path:
        """The folder in the cache with the files of a SQLite catalogue."""
        folder = self.index.with_suffix("")
        for name, data in source.files_of(self.path):
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            files.write_bytes(file, data)
        folder.mkdir(exist_ok=True)
        return folder

    # Searching --------------------------------------------------------------------------------------------------------

    def _ask(self, asked: Sequence[Term], tags: Sequence[str], limit: int | None) -> tuple[str, ...]:
        numbers: Iterable[int] = self._listed()
        if asked:
            query = (
                f"SELECT rowid FROM words WHERE words MATCH ? AND rank MATCH 'bm25({_WEIGHTS})' ORDER BY rank, rowid"
            )
            numbers = [row[0] for row in self._base.execute(query, (" AND ".join(term.query for term in asked),))]
        return self._named(numbers, tags, limit)

    def _named(self, numbers: Iterable[int], tags: Sequence[str], limit: int | None) -> tuple[str, ...]:
        """The ids of rows that bear all of these tags, broken ones last."""
        for tag in tags:
            rows = self._base.execute("SELECT number FROM tags WHERE tag = ?", (tag.lower(),))
            tagged = {row[0] for row in rows}
            numbers = [number for number in numbers if number in tagged]
        listed = self._listed()
        found = [listed[number] for number in numbers]
        ids = [id for id, whole in found if whole] + [id for id, whole in found if not whole]
        return tuple(ids[:limit])

    def _listed(self) -> dict[int, tuple[str, bool]]:
        """By the row: every id, and whether it is whole."""
        if self._ids is None:
            rows = self._base.execute("SELECT number, id, trouble = '' FROM articles ORDER BY number")
            self._ids = {number: (id, bool(whole)) for number, id, whole in rows}
        return self._ids

    def _put_right(self, term: Term) -> Term:
        """The term, or what was probably meant where nothing is called so. A word of the glossary is no slip."""
        if is_chinese(term.written) or term.written in glossary() or self._numbers(term):
            return term
        if self._spelling is None:
            self._spelling = self._learned()
        meant = self._spelling.put_right(term.written)
        return term if meant is None else terms(f"{meant} ")[0]

    def _numbers(self, term: Term) -> set[int]:
        """The rows in which a term is, as a word or within one."""
        asked = [("words", term.query)]
        asked += [("parts", f'"{term.written}"')] if len(term.written) >= 3 else []
        if is_chinese(term.written) and len(term.written) > 2:
            pairs = [term.written[k : k + 2] for k in range(len(term.written) - 1)]
            asked.append(("words", " OR ".join(f'"{spaced(pair).strip()}"' for pair in pairs)))
        for table, query in asked:
            found = self._base.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH ?", (query,)).fetchall()
            if found:
                return {row[0] for row in found}
        return set()

    def _by_parts(self, asked: Sequence[Term], tags: Sequence[str], limit: int | None) -> tuple[str, ...]:
        """What holds every term at least within some word."""
        found = set.intersection(*(self._numbers(term) for term in asked))
        return self._named([number for number in self._listed() if number in found], tags, limit)

    def _learned(self) -> Spelling:
        """All words that anything is called, and those of the glossary that find something."""
        count: dict[str, int] = json.loads(self._about("spelling") or "{}")
        for word in glossary():
            if not is_chinese(word) and " " not in word:
                count.setdefault(word, 1)
        return Spelling(count)

    def _counted(self) -> dict[str, int]:
        """How often each word stands in the catalogue: it takes too long to be counted while somebody types."""
        count: dict[str, int] = {}
        for (text,) in self._base.execute("SELECT text FROM parts"):
            for word in _WORDS.findall(text.lower()):
                count[word] = count.get(word, 0) + 1
        return count

    # The index --------------------------------------------------------------------------------------------------------

    def _article(self, id: str, name: str, told: str, title: str, trouble: str) -> Article:
        folder = self.path if self.path.is_dir() else self.index.with_suffix("")
        if not trouble:
            try:
                return article(json.loads(told), id, (folder / name).parent)
            except ToileError as error:  # A file that it names is gone since, or a design.
                trouble = reason(error)
        return Article(id, title, trouble=trouble, folder=folder)

    def _about(self, name: str) -> str:
        try:
            row = self._base.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        except sqlite3.Error:
            return ""
        return row[0] if row else ""

    def _tell(self, name: str, value: str) -> None:
        self._base.execute("INSERT OR REPLACE INTO about VALUES(?, ?)", (name, value))


_WORDS = re.compile(r"[a-z][a-z'-]+")


def _index(path: Path) -> Path:
    folder = files.user_cache() / "catalogues"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise CannotWrite(f"cannot make {folder}: {files.why_not(error)}") from error
    return folder / f"{hashlib.sha256(str(path).encode()).hexdigest()[:24]}.sqlite"


def _stamp(path: Path) -> str:
    told = path.stat()
    return f"{told.st_mtime_ns} {told.st_size}"
