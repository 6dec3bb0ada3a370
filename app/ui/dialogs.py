"""Dialogs for files and folders: each begins in the folder used last, or at home, and leaves its own to the next."""

import re
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.saying import spoken
from app.ui.studio import Studio


def open_file(studio: Studio, parent: QWidget, title: str, *kinds: str) -> Path | None:
    """Ask for a file that there is; None when nothing was chosen. `title` and `kinds` in English, as Qt takes them."""
    name, _ = QFileDialog.getOpenFileName(parent, spoken(title), studio.settings.place, _said(kinds))
    return _kept(studio, Path(name)) if name else None


def open_files(studio: Studio, parent: QWidget, title: str, *kinds: str) -> list[Path]:
    """Ask for files that there are, any number."""
    names, _ = QFileDialog.getOpenFileNames(parent, spoken(title), studio.settings.place, _said(kinds))
    return [_kept(studio, Path(name)) for name in names]


def save_file(studio: Studio, parent: QWidget, title: str, called: Path | str, *kinds: str) -> Path | None:
    """Ask where to write a file; `called`: what it is called unless another is chosen, or the file that it was. A name
    without the ending of a kind gets that of the kind that was chosen."""
    start = str(Path(studio.settings.place) / called)
    name, kind = QFileDialog.getSaveFileName(parent, spoken(title), start, _said(kinds))
    if not name:
        return None
    path = _ended(Path(name), Path(called).suffix, _endings(kind), _endings(*kinds))
    if path != Path(name) and path.exists() and not _over(parent, path):  # Of this name nothing was asked yet.
        return None
    return _kept(studio, path)


def choose_folder(studio: Studio, parent: QWidget, title: str) -> Path | None:
    """Ask for a folder; the next dialog begins in it."""
    name = QFileDialog.getExistingDirectory(parent, spoken(title), studio.settings.place)
    if name:
        studio.keep(folder=name)
    return Path(name) if name else None


def _endings(*kinds: str) -> list[str]:
    """The endings that kinds of files name."""
    return [ending.lower() for kind in kinds for ending in re.findall(r"\*(\.\w+)", kind)]


def _ended(path: Path, offered: str, chosen: list[str], known: list[str]) -> Path:
    """The path with an ending of the kind that was chosen, unless whoever typed it gave it another known one."""
    ending = path.suffix.lower()
    if not chosen or ending in chosen or (ending in known and ending != offered):
        return path
    return path.with_suffix(chosen[0]) if ending in known else path.with_name(path.name + chosen[0])


def _over(parent: QWidget, path: Path) -> bool:
    asked = spoken(f"{path.name} is there already. Replace it?")
    return QMessageBox.question(parent, spoken("Replace the file"), asked) == QMessageBox.StandardButton.Yes


def _said(kinds: tuple[str, ...]) -> str:
    return ";;".join(map(spoken, kinds))


def _kept(studio: Studio, path: Path) -> Path:
    if studio.settings.folder != str(path.parent):
        studio.keep(folder=str(path.parent))
    return path
