"""What is kept of a window while it works, so that a crash, a kill or a power cut costs a few seconds of work.

Each window has a folder of its own with a lock that falls when its process ends, however it ends. A folder whose lock
has fallen is of a window that was not closed: its project is offered at the next start.
"""

import json
import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile

from assets import files
from assets.errors import ToileError

PROJECT, ABOUT, THUMBNAIL, LOCK = "project.toile", "about.json", "thumbnail.png", "lock"


@dataclass(frozen=True, slots=True)
class Left:
    """What a window left: its folder, what it was called, its file (None: never saved), when it was kept [s]."""

    folder: Path
    title: str
    path: Path | None
    time: float

    @property
    def project(self) -> Path:
        return self.folder / PROJECT

    @property
    def thumbnail(self) -> Path:
        return self.folder / THUMBNAIL


class Recovery:
    """This window's folder, and those that others left."""

    def __init__(self) -> None:
        """Raises CannotWrite or OSError where nothing can be kept."""
        self._all = files.user_data() / "recovery"
        self.folder = self._all / f"{time.time_ns():x}-{os.getpid()}"
        self.folder.mkdir(parents=True)
        self._lock = _lock(self.folder)
        self._lock.tryLock(0)
        self._described: object = None

    @property
    def project(self) -> Path:
        """Where this window's project is kept."""
        return self.folder / PROJECT

    def describe(self, title: str, path: Path | None, thumbnail: bytes) -> None:
        """Tell of what is kept what it is, where that is news. Raises CannotWrite."""
        if (title, path, thumbnail) == self._described:
            return
        self._described = title, path, thumbnail
        files.write_json(self.folder / ABOUT, {"title": title, "path": str(path) if path else None})
        if thumbnail:
            files.write_bytes(self.folder / THUMBNAIL, thumbnail)

    def clear(self) -> None:
        """Nothing is to be kept: all is saved."""
        with suppress(OSError):
            self.project.unlink(missing_ok=True)

    def close(self) -> None:
        """The window was closed as it should be."""
        self._lock.unlock()
        forget(self.folder)

    def left(self) -> tuple[Left, ...]:
        """What windows left that were not closed, newest first; empty folders of theirs are taken away."""
        found = []
        for folder in self._all.iterdir():
            if folder == self.folder or not folder.is_dir() or not _lock(folder).tryLock(0):
                continue
            left = _left(folder)
            if left is None:
                forget(folder)
            else:
                found.append(left)
        return tuple(sorted(found, key=lambda left: -left.time))


def forget(folder: Path) -> None:
    """Take a folder of a window away."""
    shutil.rmtree(folder, ignore_errors=True)


def _lock(folder: Path) -> QLockFile:
    made = QLockFile(str(folder / LOCK))
    made.setStaleLockTime(0)
    return made


def _left(folder: Path) -> Left | None:
    project = folder / PROJECT
    if not project.is_file():
        return None
    told: dict = {}
    with suppress(OSError, ValueError, ToileError):
        told = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    path = told.get("path")
    return Left(folder, str(told.get("title") or "Untitled"), Path(path) if path else None, project.stat().st_mtime)
