"""Project files: `.toile`, one zip that holds a project whole, so that it opens the same on another computer.

    project.json      the project as it reads in app/project.py; format, version, who wrote it
    arrays/           its pictures as PNG, points and meshes as npy, by their place in the project
    charts/           size charts of the person's own
    thumbnail.png     what it looked like
    drape.npz         the last result (app/shelf.py), taken only by the program that made it, for the same inputs

A file may come from a stranger: it is unpacked in a short-lived process under limits, nothing in it is a path that is
written to, and nothing is unpickled. A field that a later Toile adds with a default needs no new version; what changes
otherwise raises VERSION and leaves a step in MIGRATIONS, by which older files open for good.
"""

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from app import codec, salvage, shelf
from app.project import MAPS, Project, Wish
from app.scenes.appearance import backdrop
from assets import files
from assets.errors import (
    BrokenRule,
    CannotWrite,
    Damaged,
    InputRefused,
    OverLimit,
    ToileError,
    TooLarge,
    UnknownKind,
    WorkerStopped,
    plainly,
)
from assets.mesh import frozen
from assets.progress import Progress, silent
from assets.worker import once
from garments.charttable import LARGEST as LARGEST_CHART
from garments.colours.colourway import picture_of
from render.scene import TONES
from render.setups import SETUPS

SUFFIX = ".toile"
FORMAT, VERSION = "toile.project", 1
BACKGROUND = "background picture"
"""What stands for a picture behind the person, and how its array is called."""
MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""What project.json of a version becomes in the next one."""
LARGEST_FILE, LARGEST, LARGEST_TEXT, MOST_ENTRIES = 1_000_000_000, 2_000_000_000, 32_000_000, 2000
"""Bytes on disk, unpacked, of project.json, and how many files are in it."""
MOST_PHOTOS, MOST_GARMENTS, MOST_PINS, LONGEST_SIDE = 128, 64, 1000, 4096
_BROKEN = (zipfile.BadZipFile, zlib.error)
_THEN = (1980, 1, 1, 0, 0, 0)
_pngs: dict[bytes, bytes] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A project from a file, whether the file brought the drape of it along, and what of it was damaged and is left
    out, in sentences; the project's remarks tell it, too."""

    project: Project
    draped: bool
    lost: tuple[str, ...] = ()


def save(project: Project, path: str, thumbnail: bytes = b"", progress: Progress = silent) -> str:
    """Write a project whole, or leave the file as it was; the path. Raises CannotWrite, and TooLarge for what could
    not be opened again."""
    progress(0.1, "packing the project")
    packed = pack(project, thumbnail)
    progress(0.8, "writing the project")
    files.write_bytes(Path(path).resolve(), packed)
    return path


def load(path: str, progress: Progress = silent) -> Opened:
    """A project from a file. Raises InputRefused for what is none, UnknownKind for one of a later Toile."""
    where = Path(path)
    progress(0.1, "opening the project")
    files.sweep(where.parent, f".{where.name}.")
    try:
        if not where.is_file():
            raise InputRefused(f"there is no project {where}")
        if where.stat().st_size > LARGEST_FILE:
            raise TooLarge(f"{where} has more than {LARGEST_FILE / 1e9:.0f} GB: that is no project of Toile's")
        head, arrays, charts, drape, lost = once(
            "app.projectfile:unpack", str(where.resolve()), title="the project reader", deadline=120, memory=6e9, cpu=90
        )
    except OverLimit as error:
        raise TooLarge(f"cannot open {where}: {error}") from error
    except WorkerStopped as error:
        raise InputRefused(f"cannot open {where}: {error}") from error
    except OSError as error:
        raise InputRefused(f"cannot open {where}: {error.strerror or error}") from error
    try:
        arrays = {name: frozen(array) for name, array in arrays.items()}
        project = _checked(codec.read(Project, head["project"], arrays))
        project = _with_background(_with_charts(project, charts), arrays)
    except ValueError as error:
        raise Damaged(f"{where} is damaged: {error}") from error
    draped = len(drape) > 0 and head.get("key") == project.key
    if draped:
        with suppress(ToileError, OSError):
            shelf.put(project.key, drape.tobytes())
    return Opened(project, draped, tuple(lost))


def pack(project: Project, thumbnail: bytes = b"") -> bytes:
    """The file of a project: the same bytes for the same project. Raises TooLarge."""
    drape = shelf.taken(project.key) if project.wishes else None
    view = replace(project.view, against=None, beside=None)
    project = replace(project, view=view, wishes=tuple(map(_whole, project.wishes)))
    arrays: dict[str, np.ndarray] = {}
    told = codec.plain(project, arrays)
    if Path(view.background).is_file():
        arrays[BACKGROUND] = picture_of(Path(view.background))
        told["view"]["background"] = BACKGROUND
    charts: dict[str, bytes] = {}
    for written in told["wishes"]:
        if _is_file(written["chart"]):
            data = _read_chart(Path(written["chart"]))
            written["chart"] = f"{_digest(data)}/{Path(written['chart']).name}"
            charts[f"charts/{written['chart']}"] = data
    head = {"format": FORMAT, "version": VERSION, "key": project.key, "maker": shelf.maker() if drape else None}
    text = json.dumps({**head, "project": told}, indent=1, ensure_ascii=False, allow_nan=False).encode()
    entries = {"project.json": text, **charts}
    entries |= {"thumbnail.png": thumbnail} if thumbnail else {}
    entries |= dict(_entry(name, array) for name, array in arrays.items())
    entries |= {"drape.npz": drape} if drape else {}
    unpacked = sum(array.nbytes for array in arrays.values()) + sum(map(len, entries.values()))
    if len(text) > LARGEST_TEXT or unpacked > LARGEST or len(entries) > MOST_ENTRIES:
        raise TooLarge("the project is too large to be kept in one file: take away photos or scans")
    return _zipped(entries)


def unpack(path: str) -> tuple[dict, dict[str, np.ndarray], dict[str, str], np.ndarray, list[str]]:
    """What project.json tells, arrays, charts, the file of its drape (empty where none counts), and what was left out
    because it is damaged, in sentences; runs in the reader process. Raises Damaged, UnknownKind and TooLarge."""
    try:
        with zipfile.ZipFile(path) as packed:
            _check_entries(path, packed)
            names = packed.namelist()
            told = _migrated(path, _json(packed.read("project.json")))
            arrays = _arrays(packed)
            lost = salvage.without(told["project"], arrays, BACKGROUND)
            charts = {
                name.removeprefix("charts/"): packed.read(name).decode() for name in names if name.startswith("charts/")
            }
            drape = _drape(packed)
    except ToileError:
        raise
    except (*_BROKEN, LookupError, TypeError, AttributeError, ValueError, OSError, NotImplementedError,
            RecursionError) as error:  # fmt: skip
        raise Damaged(f"{path} is no project of Toile's, or it is damaged ({plainly(error)})") from error
    if drape and (told.get("maker") != shelf.maker() or shelf.opened(drape) is None):
        drape = b""
    return told, arrays, charts, np.frombuffer(drape, np.uint8), lost


def _arrays(packed: zipfile.ZipFile) -> dict[str, np.ndarray]:
    """The arrays that can be read, by their place in the project."""
    found = {}
    for name in packed.namelist():
        if name.startswith("arrays/"):
            with suppress(*_BROKEN, ValueError, SyntaxError, EOFError, OSError):  # what Pillow and NumPy raise
                found[name[len("arrays/") : -4]] = (_picture if name.endswith(".png") else _array)(packed.read(name))
    return found


def _drape(packed: zipfile.ZipFile) -> bytes:
    """The file of the drape; of one that is damaged nothing, for it can be made again."""
    with suppress(*_BROKEN):
        return packed.read("drape.npz") if "drape.npz" in packed.namelist() else b""
    return b""


def _check_entries(path: str, packed: zipfile.ZipFile) -> None:
    entries = packed.infolist()
    names = [entry.filename for entry in entries]
    if "project.json" not in names:
        raise UnknownKind(f"{path} is no project of Toile's: there is no project.json in it")
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST:
        raise TooLarge(f"{path} unpacks to more than a project can be: it is damaged, or made to do harm")
    if packed.getinfo("project.json").file_size > LARGEST_TEXT:
        raise TooLarge(f"{path} tells more than a project can: it is damaged, or made to do harm")
    stored = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if len(set(names)) < len(names) or any(entry.compress_type not in stored for entry in entries):
        raise Damaged(f"{path} is not packed as Toile packs projects: it is damaged")


def _migrated(path: str, told: Any) -> dict[str, Any]:
    if not isinstance(told, dict) or told.get("format") != FORMAT or type(told.get("version")) is not int:
        raise UnknownKind(f"{path} is no project of Toile's")
    if told["version"] > VERSION:
        raise UnknownKind(
            f"{path} was saved by a newer Toile (version {told['version']} of the format; this one reads up to "
            f"{VERSION}): update Toile to open it"
        )
    for version in range(told["version"], VERSION):
        if version not in MIGRATIONS:
            raise UnknownKind(f"{path} bears a version of the format that there never was: {version}")
        told = MIGRATIONS[version](told)
    if not isinstance(told.get("project"), dict):
        raise Damaged(f"{path} is damaged: there is no project in its project.json")
    return told


def _checked(project: Project) -> Project:
    """The same. Raises ValueError for what no window makes."""
    from body.measurements import MEASURES
    from garments.colours.colourway import LEAST, MOST
    from garments.designs import design
    from garments.fabric import fabric
    from garments.sizing import PREFERENCES

    for told in filter(None, (project.evidence, project.lent)):
        _demand(len(told.photos) <= MOST_PHOTOS and len(project.wishes) <= MOST_GARMENTS, "too many photos or garments")
        _demand(set(told.tapes) <= set(MEASURES), "it has a tape that is no measure")
        for photo in told.photos:
            _demand(all(0 < side <= LONGEST_SIDE for side in photo.pixels.shape[:2]), "a photo of no size")
        if told.scan is not None:
            shapes = {told.scan.points.shape} | ({told.scan.normals.shape} if told.scan.normals is not None else set())
            _demand(shapes == {(len(told.scan.points), 3)} and len(told.scan.points) > 0, "a scan without points")
    for wish in project.wishes:
        _demand(wish.likes is None or wish.likes in PREFERENCES, "a liking that there is not")
        _demand(len(wish.held.pins) + len(wish.held.ties) <= MOST_PINS, "more pins than anybody puts in")
        if wish.made is not None:
            wish.made.checked()
        else:
            design(wish.design)
        if wish.fabric is not None:
            fabric(wish.fabric)
        way = wish.colourway
        prints = [way.print, *(paint.print for paint in way.panels.values())]
        _demand(all(LEAST <= one.width <= MOST for one in prints if one), "a print of no possible size")
    view = project.view
    _demand(view.map in MAPS and view.light in SETUPS and view.tone in TONES, "a map or a light that there is not")
    _demand(view.section is None or 0.0 <= view.section <= 3.0, "a section through nobody")
    _demand(not Path(view.background).suffix or view.background[:1] == "#", "a picture that is not in it")
    _demand(all(value > 0 for value in view.scaling.most.values()), "a scale that ends below its beginning")
    if project.pose is not None:
        turns = project.pose.turns
        _demand(turns.shape == (55, 3) and float(abs(turns).max()) < 100, "a pose of no person")
        _demand(project.pose.clear is None or project.pose.clear.axis.shape == (3,), "a pose of no person")
    return project


def _demand(true: bool, otherwise: str) -> None:
    if not true:
        raise ValueError(otherwise)


def _whole(wish: Wish) -> Wish:
    """The wish with a fabric of the person's own told in full."""
    from garments.fabric import fabric

    with suppress(ToileError):
        return replace(wish, fabric=fabric(wish.fabric).written) if wish.fabric else wish
    return wish


def _is_file(chart: str | None) -> bool:
    return bool(chart) and chart.lower().endswith(".csv")  # type: ignore[union-attr]


def _read_chart(path: Path) -> bytes:
    try:
        return files.read_bytes(path, LARGEST_CHART, "size chart")
    except InputRefused as error:
        raise CannotWrite(f"the project cannot be saved without its size chart: {error}") from error


def _with_charts(project: Project, charts: dict[str, str]) -> Project:
    """The project with its charts in the person's folder, each under a name of ours."""
    wishes = []
    for wish in project.wishes:
        if _is_file(wish.chart):
            text, name = charts.get(wish.chart or ""), (wish.chart or "").rpartition("/")[2]
            if text is None or not re.fullmatch(r"[^/\\:\0]{1,120}", name):
                raise ValueError(f"its size chart {wish.chart!r} is missing")
            folder = files.user_data() / "charts" / _digest(text.encode())
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / name).is_file():
                files.write_text(folder / name, text)
            wish = replace(wish, chart=str(folder / name))
        wishes.append(wish)
    return replace(project, wishes=tuple(wishes))


def _with_background(project: Project, arrays: dict[str, np.ndarray]) -> Project:
    """The project with the picture behind the person in the person's folder, where there is one."""
    words = project.view.background
    if words == BACKGROUND:
        if BACKGROUND not in arrays or arrays[BACKGROUND].ndim != 3:
            raise ValueError("the picture behind the person is missing")
        data = _png(arrays[BACKGROUND])
        path = files.user_data() / "backgrounds" / f"{_digest(data)}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file():
            files.write_bytes(path, data)
        words = str(path)
    else:
        backdrop(words)
    return replace(project, view=replace(project.view, background=words))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _json(data: bytes) -> Any:
    def refuse(constant: str) -> None:
        raise BrokenRule(f"{constant} is no number")

    return json.loads(data, parse_constant=refuse)


def _entry(name: str, array: np.ndarray) -> tuple[str, bytes]:
    if array.dtype == np.uint8 and array.ndim == 3 and array.shape[2] == 3 and array.size:
        return f"arrays/{name}.png", _png(array)
    stream = io.BytesIO()
    np.save(stream, np.ascontiguousarray(array), allow_pickle=False)
    return f"arrays/{name}.npy", stream.getvalue()


def _png(pixels: np.ndarray) -> bytes:
    """A picture as PNG; the last few are kept, for a project is saved again and again with the same photos."""
    from PIL import Image

    digest = hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).digest()
    if digest not in _pngs:
        while len(_pngs) >= 16:
            _pngs.pop(next(iter(_pngs)))
        stream = io.BytesIO()
        Image.fromarray(pixels).save(stream, "PNG", compress_level=1)
        _pngs[digest] = stream.getvalue()
    return _pngs[digest]


def _picture(data: bytes) -> np.ndarray:
    from PIL import Image

    with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
        if max(image.size) > LONGEST_SIDE or image.mode != "RGB":
            raise BrokenRule("a picture in it is not as Toile writes pictures")
        return np.array(image)


def _array(data: bytes) -> np.ndarray:
    stream = io.BytesIO(data)
    version = np.lib.format.read_magic(stream)
    header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, fortran, dtype = header(stream)
    size = len(data) - stream.tell()
    count = int(np.prod(shape, dtype=object))
    if fortran or dtype.kind not in codec.KINDS or dtype.itemsize > 8 or count * dtype.itemsize != size:
        raise BrokenRule("an array in it is not as Toile writes arrays")
    return np.frombuffer(data, dtype, count, stream.tell()).reshape(shape)


def _zipped(entries: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name, _THEN)
            info.compress_type = zipfile.ZIP_STORED if name.endswith((".png", ".npy")) else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            packed.writestr(info, data, compresslevel=6)
    return stream.getvalue()
