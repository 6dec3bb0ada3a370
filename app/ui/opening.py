"""Where a file goes that is dropped on the window or opened by name: to whatever reads its kind."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QDropEvent

from app.projectfile import SUFFIX
from app.serving import explain
from app.ui.log import complain
from app.ui.meshes import MESHES
from app.ui.panels.fabric import FabricPanel
from app.ui.panels.garment import GarmentPanel
from app.ui.panels.pose import PosePanel
from app.ui.panels.shop import ShopPanel
from app.ui.photos import PICTURES, SCANS
from assets.errors import InputRefused, ToileError
from assets.files import read_text
from body.frame import VIDEO_SUFFIXES
from body.motion import ENDINGS as POSES
from garments.fabricfile import load

if TYPE_CHECKING:
    from app.ui.window import Window

LARGEST_TABLE = 8_000_000
CATALOGUES = (".sqlite", ".sqlite3", ".db", ".toilecat")
TABLES, CHARTS = (".toml",), (".csv",)
ENDINGS = (SUFFIX, *PICTURES, *VIDEO_SUFFIXES, *SCANS, *MESHES, *POSES, *TABLES, *CATALOGUES, *CHARTS)
FILTER = f"Everything that can be opened ({' '.join(f'*{ending}' for ending in dict.fromkeys(ENDINGS))})"
WHAT = (
    "Drop a project, photos, a video, a scan, a garment as a mesh or a pattern, a pose, a fabric, a size chart, or a "
    "folder of garments"
)


def dragged(event: QDropEvent) -> list[Path]:
    """The files that are dragged."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def openable(path: Path) -> bool:
    """Whether there is something that reads such a file or folder."""
    return path.is_dir() or path.suffix.lower() in ENDINGS


def take(window: "Window", paths: Sequence[Path]) -> None:
    """Open files and folders: photos together, of all else the first. What cannot be opened is said."""
    known = [path for path in paths if openable(path)]
    if not known:
        window.studio.said.emit(f"{paths[0].name} cannot be opened here. {WHAT}.")
        return
    first = known[0]
    if first.suffix.lower() in PICTURES:
        _photos(window, [path for path in known if path.suffix.lower() in PICTURES])
        return
    try:
        _reader(window, first)(first)
    except ToileError as error:
        complain(window.studio.log, window, "This file cannot be used", explain(error))


def _reader(window: "Window", path: Path) -> Callable[[Path], object]:
    ending = path.suffix.lower()
    in_garments = window.rooms.room == "Garment"
    if path.is_dir() or ending in CATALOGUES:
        return window.rooms.panel("Shop", ShopPanel).open
    if ending == SUFFIX:
        return window.filing.open
    if ending in TABLES and "construction" in _told(path):
        return lambda path: window.rooms.panel("Fabric", FabricPanel).take(load(path))
    if ending in TABLES and "garment" in _told(path):
        return lambda path: window.rooms.panel("Shop", ShopPanel).open(path.parent)
    if ending in POSES:
        return window.rooms.panel("Pose", PosePanel).open
    if ending in CHARTS:
        return lambda path: window.rooms.panel("Garment", GarmentPanel).read_chart(0, path)
    if ending in MESHES and (in_garments or ending not in SCANS):
        return window.meshes.open
    return lambda path: _photos(window, [path])


def _told(path: Path) -> Mapping[str, Any]:
    """What a table says: a fabric, garments of a catalogue, or a pose. Raises InputRefused."""
    try:
        return tomllib.loads(read_text(path, LARGEST_TABLE, "table"))
    except tomllib.TOMLDecodeError as error:
        raise InputRefused(f"{path} is not TOML: {error}") from error


def _photos(window: "Window", paths: Sequence[Path]) -> None:
    window.photos.open(paths)
    window.rooms.open("Body")
