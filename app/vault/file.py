"""The file of a vault and its copies: opened so that nothing is lost or left over, checked, restored, wiped."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assets.errors import CannotWrite, InputRefused

BACKUPS, LAYOUT = 3, "1"
_DAMAGED = ".damaged"
_NO_ROOM = frozenset(
    (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_SHMSIZE)
)
"""What SQLite says where a disk is full: a vault needs room for its log even to be read."""
_SAFE = ("secure_delete = ON", "temp_store = MEMORY", "synchronous = FULL")


def backups(path: Path) -> tuple[Path, ...]:
    """The backups of a vault, the newest first."""
    return tuple(each for each in (numbered(path, number) for number in range(1, BACKUPS + 1)) if each.exists())


def restore(path: Path) -> Path:
    """Put the newest backup that is whole in the place of a vault; which it was. The damaged file is kept beside it.
    Raises InputRefused where no backup is whole."""
    newest = next((copy for copy in backups(path) if whole(copy)), None)
    if newest is None:
        raise InputRefused(f"{path} has no backup that is whole")
    with writing(path):
        stage = _stage(path)
        stage.write_bytes(newest.read_bytes())
        stage.chmod(0o600)
        for beside in (path, *_logs(path)):
            if beside.exists():
                beside.replace(beside.with_name(beside.name + _DAMAGED))
        stage.replace(path)
    return newest


def connected(path: Path) -> sqlite3.Connection:
    """Deleted bytes are overwritten, nothing goes to other files but the log, a change outlasts a power cut."""
    base = sqlite3.connect(path, timeout=20.0, isolation_level=None)
    for pragma in (*_SAFE, "journal_mode = WAL"):
        base.execute(f"PRAGMA {pragma}").fetchall()
    return base


def whole(path: Path) -> bool:
    """Whether SQLite finds no fault in a file, and it is a vault. Raises CannotWrite for a full disk."""
    try:
        base = sqlite3.connect(path, timeout=20.0)
        try:
            sound = base.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            row = base.execute("SELECT value FROM about WHERE name = 'layout'").fetchone()
            return sound and row is not None and row[0] == LAYOUT
        finally:
            base.close()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) in _NO_ROOM:
            raise CannotWrite(f"cannot open the vault {path}: the disk has no room; nothing was changed") from error
        return False


def remove_from(copy: Path, where: str, value: bytes | int) -> None:
    """Delete records from a copy, so that no byte of them is left."""
    base = sqlite3.connect(copy, timeout=20.0, isolation_level=None)
    try:
        for pragma in _SAFE:
            base.execute(f"PRAGMA {pragma}")
        base.execute(f"DELETE FROM records WHERE {where}", (value,))
        base.execute("VACUUM")
    except sqlite3.DatabaseError:  # A copy that cannot be read any more is none, and may hold the person.
        base.close()
        wipe(copy)
    finally:
        base.close()


def wipe(path: Path) -> None:
    """Overwrite a file, then take it away."""
    with suppress(FileNotFoundError):
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Raises CannotWrite for what the disk or SQLite refuses."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise CannotWrite(f"cannot write the vault {path}: {why}; nothing was changed") from error


def numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.backup{number}")


def unfinished(path: Path) -> tuple[Path, ...]:
    """What restoring a vault, or a copy that was cut short, left beside it."""
    left = (_stage(path), *(one.with_name(one.name + _DAMAGED) for one in (path, *_logs(path))))
    return tuple(each for each in left if each.exists())


def first_logged(copy: Path) -> tuple | None:
    """The first line of a copy's log with its chain; None where there is none to read."""
    base = sqlite3.connect(copy, timeout=20.0)
    try:
        return base.execute("SELECT at, role, did, many, chain FROM audit ORDER BY number").fetchone()
    except sqlite3.DatabaseError:
        return None
    finally:
        base.close()


def emptied(base: sqlite3.Connection) -> None:
    """Write the file anew without what was deleted, and empty its log."""
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    base.execute("VACUUM")
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def rotated(path: Path, base: sqlite3.Connection) -> Path:
    """A copy of an open vault beside it; the newest BACKUPS are kept."""
    stage = _stage(path)
    wipe(stage)
    os.close(os.open(stage, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    copy = sqlite3.connect(stage)
    try:
        base.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()
    wipe(numbered(path, BACKUPS))
    for number in range(BACKUPS - 1, 0, -1):
        if numbered(path, number).exists():
            numbered(path, number).replace(numbered(path, number + 1))
    stage.replace(numbered(path, 1))
    return numbered(path, 1)


def _stage(path: Path) -> Path:
    """Where a copy is written before it takes its place."""
    return path.with_name(f".{path.name}.part")


def _logs(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + ending) for ending in ("-wal", "-shm"))
