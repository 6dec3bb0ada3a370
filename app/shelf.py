"""Shown results kept on disk, so that what was computed once opens at once the next time, the sample above all.

One file a result: JSON for the values, npy for the arrays, no pickle. It is named by the digest of its inputs and of
the program that made it; whatever is of another program, damaged or unreadable is simply not there. Project files
carry such a file with them, so it is believed only as far as it was checked.
"""

import hashlib
import io
import json
import zipfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np

from app import codec
from app.stage import Shown
from assets import files
from assets.errors import ToileError
from garments.history.feedback import stamp
from garments.maps import Mapped
from render.scene import Item, Material

MOST = 24
MOST_PARTS = 4096
_ROOMS = ("app", "body", "garments", "render", "assets")
_ERRORS = (ToileError, OSError, EOFError, LookupError, TypeError, ValueError, zipfile.BadZipFile)


def keep(key: str, shown: Shown) -> None:
    """Put a result on the shelf and take the oldest off; a shelf that cannot be written is no reason to fail."""
    if files.keeps_nothing():
        return
    with suppress(ToileError, OSError):
        arrays: dict[str, np.ndarray] = {}
        text = json.dumps(codec.plain(shown, arrays))
        stream = io.BytesIO()
        np.savez(stream, value=np.frombuffer(text.encode(), np.uint8), **arrays)
        put(key, stream.getvalue())


def find(key: str) -> Shown | None:
    """The result of these inputs, made by this very program, or None."""
    data = taken(key)
    return None if data is None else opened(data)


def taken(key: str) -> bytes | None:
    """The file of a result, as it may travel; None where there is none."""
    with suppress(ToileError, OSError):
        return _path(key).read_bytes()
    return None


def put(key: str, data: bytes) -> None:
    """Keep the file of a result. Raises CannotWrite or OSError."""
    files.write_bytes(_path(key), data)
    for path in sorted(_path(key).parent.glob("*.npz"), key=lambda p: p.stat().st_mtime)[:-MOST]:
        path.unlink()


def opened(data: bytes) -> Shown | None:
    """The result in a file, or None for one that is damaged, or not sound."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as packed:
            arrays = {name: packed[name] for name in packed.files}
        told = json.loads(arrays.pop("value").tobytes())
        found = codec.read(Shown, told, arrays)
        _check(found)
    except _ERRORS:
        return None
    return found


def _check(shown: Shown) -> None:
    """Raises ValueError or IndexError for indices and shapes that would lead drawing astray."""
    count = len(shown.certificates)
    several = (shown.maps, shown.sizes, shown.fits, shown.advice, shown.worn or shown.sizes)
    _demand(all(len(each) == count for each in several))
    for item in (*shown.look.items, shown.bare, *([shown.skin] if shown.skin else [])):
        _check_item(item)
    for garment in shown.maps:
        _check_maps(garment)
    for runs in (*(tape.runs for tape in shown.tapes), tuple(line.points for line in shown.look.lines)):
        _demand(all(run.shape[1:] == (3,) for run in runs))
    _demand(all(worn.positions.shape[1:] == (3,) for worn in shown.worn))
    if shown.rig is not None:
        _demand(shown.rig.rest.shape == shown.rig.ease.shape == (55, 3) and shown.rig.betas.ndim == 1)


def _check_item(item: Item) -> None:
    n, m = len(item.vertices), len(item.faces)
    _check_mesh(item.vertices, item.faces)
    _demand(item.normals is None or item.normals.shape == (n, 3))
    _demand(item.colours is None or item.colours.shape == (n, 3))
    _demand(item.uv is None or item.uv.shape in ((n, 2), (m, 3, 2)))
    _demand(item.values is None or item.values.shape == (n, 4))
    if item.parts is not None:
        _demand(item.parts.shape == (m,) and bool(((item.parts >= 0) & (item.parts < MOST_PARTS)).all()))
        _demand(not item.materials or bool((item.parts < len(item.materials)).all()))
    for material in (item.material, *item.materials):
        _check_print(material)


def _check_print(material: Material) -> None:
    if material.print is not None:
        picture, place = material.print.picture, material.print.place
        _demand(picture.ndim == 3 and picture.shape[2] == 3 and picture.dtype == np.uint8 and place.shape == (2, 3))
    if material.mask is not None:
        filled = material.mask.filled
        _demand(filled.ndim == 2 and filled.dtype == np.uint8 and material.mask.place.shape == (2, 3))


def _check_maps(told: Mapped) -> None:
    k, f = len(told.vertices), len(told.faces)
    _check_mesh(told.vertices, told.faces)
    _demand(told.normals.shape == (k, 3) and told.flat.shape == (k, 2) and told.panel.shape == (f,))
    _demand(told.panel.dtype.kind in "iu" and bool((told.panel >= 0).all()))
    _demand(f == 0 or int(told.panel.max()) < len(told.panels))
    for run in told.runs.values():
        _demand(run.dtype.kind in "iu" and (not len(run) or 0 <= int(run.min()) <= int(run.max()) < k))
    _demand(all(values.shape == (k,) for values in told.values.values()))
    _demand(all(turned.shape == (k, 2) for turned in told.directions.values()))


def _check_mesh(vertices: np.ndarray, faces: np.ndarray) -> None:
    _demand(vertices.ndim == 2 and vertices.shape[1] == 3 and faces.ndim == 2 and faces.shape[1] == 3)
    _demand(faces.dtype.kind in "iu" and (not len(faces) or 0 <= int(faces.min()) <= int(faces.max()) < len(vertices)))


def _demand(true: bool) -> None:
    if not true:
        raise ValueError("a result that is not sound")


def _path(key: str) -> Path:
    folder = files.user_cache() / "shown"
    folder.mkdir(exist_ok=True)
    return folder / f"{hashlib.sha256(f'{key} {maker()}'.encode()).hexdigest()[:32]}.npz"


def maker() -> str:
    """What results are made by: the program, and what it learned of how sizes fit."""
    return f"{program()} {stamp()}"


@cache
def program() -> str:
    """A digest of the program's own files, the same wherever it is installed."""
    root, digest = files.ROOT.parent, hashlib.sha256()
    for room in _ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix in (".py", ".toml", ".json", ".npz") and "ui" not in path.parts:
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
