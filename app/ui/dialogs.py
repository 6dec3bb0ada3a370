"""Dialogs for files and folders: each begins in the folder used last, or at home, and leaves its own to the next."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

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
    """Ask where to write a file; `called`: what it is called unless another is chosen, or the file that it was."""
    start = str(Path(studio.settings.place) / called)
    name, _ = QFileDialog.getSaveFileName(parent, spoken(title), start, _said(kinds))
    return _kept(studio, Path(name)) if name else None


def choose_folder(studio: Studio, parent: QWidget, title: str) -> Path | None:
    """Ask for a folder; the next dialog begins in it."""
    name = QFileDialog.getExistingDirectory(parent, spoken(title), studio.settings.place)
    if name:
        studio.keep(folder=name)
    return Path(name) if name else None


def _said(kinds: tuple[str, ...]) -> str:
    return ";;".join(map(spoken, kinds))


def _kept(studio: Studio, path: Path) -> Path:
    if studio.settings.folder != str(path.parent):
        studio.keep(folder=str(path.parent))
    return path
