"""Shown results kept on disk, so that what was computed once opens at once the next time, the sample above all.

One file a result: JSON for the values, npy for the arrays, no pickle. It is named by the digest of its inputs and of
the program that made it; whatever is of another program, damaged or unreadable is simply not there.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from app.posing import Rig
from app.stage import Shown, Worn
from app.tapes import Laid
from assets import files
from assets.errors import ToileError
from body.conflict import Misfit
from body.measurements import Measurement, Measurements
from garments.drape import Certificate
from garments.feedback import stamp
from garments.fit import Fit, RegionFit
from garments.garment import Cut
from garments.maps import Mapped
from garments.sizing import Advice, Share, SizeScore
from render.scene import Item, Light, Line, Material, Print, Scene
from render.sky import Sky, Softbox

MOST = 24
_CLASSES = {
    kind.__name__: kind
    for kind in (
        Shown, Mapped, Rig, Laid, Scene, Item, Line, Material, Print, Light, Sky, Softbox, Fit, RegionFit, Advice,
        SizeScore, Share, Certificate, Measurement, Measurements, Misfit, Worn, Cut,
    )
}  # fmt: skip
_ROOMS = ("app", "body", "garments", "render", "assets")


def keep(key: str, shown: Shown) -> None:
    """Put a result on the shelf and take the oldest off; a shelf that cannot be written is no reason to fail."""
    if files.keeps_nothing():
        return
    arrays: list[np.ndarray] = []
    with suppress(ToileError, OSError):
        text = json.dumps(_plain(shown, arrays, {}))
        stream = io.BytesIO()
        np.savez(stream, value=np.frombuffer(text.encode(), np.uint8), **{f"a{k}": a for k, a in enumerate(arrays)})
        files.write_bytes(_path(key), stream.getvalue())
        for path in sorted(_path(key).parent.glob("*.npz"), key=lambda p: p.stat().st_mtime)[:-MOST]:
            path.unlink()


def find(key: str) -> Shown | None:
    """The result of these inputs, made by this very program, or None."""
    try:
        with np.load(_path(key), allow_pickle=False) as data:
            value = json.loads(data["value"].tobytes())
            found = _value(value, [data[f"a{k}"] for k in range(len(data.files) - 1)])
    except (ToileError, OSError, EOFError, LookupError, TypeError, ValueError, zipfile.BadZipFile):
        return None
    return found if isinstance(found, Shown) else None


def _path(key: str) -> Path:
    folder = files.user_cache() / "shown"
    folder.mkdir(exist_ok=True)
    return folder / f"{hashlib.sha256(f'{key} {program()} {stamp()}'.encode()).hexdigest()[:32]}.npz"


@cache
def program() -> str:
    """A digest of the program's own files, by size and time of change."""
    root = files.ROOT.parent
    told = [
        (path.relative_to(root).as_posix(), path.stat().st_size, path.stat().st_mtime_ns)
        for room in _ROOMS
        for path in sorted((root / room).rglob("*"))
        if path.suffix in (".py", ".toml", ".json", ".npz") and "ui" not in path.parts
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _plain(value: Any, arrays: list[np.ndarray], seen: dict[int, int]) -> Any:
    """A value as JSON; arrays go to `arrays`, each once."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        if id(value) not in seen:
            seen[id(value)] = len(arrays)
            arrays.append(value)
        return {"array": seen[id(value)]}
    if isinstance(value, tuple | list):
        return [_plain(item, arrays, seen) for item in value]
    if isinstance(value, Measurements):
        return {"class": "Measurements", "with": [_plain(tuple(value.values()), arrays, seen)]}
    if isinstance(value, Mapping):
        return {"map": [[key, _plain(item, arrays, seen)] for key, item in value.items()]}
    if is_dataclass(value) and type(value).__name__ in _CLASSES:
        return {
            "class": type(value).__name__,
            "with": [_plain(getattr(value, field.name), arrays, seen) for field in fields(value)],
        }
    raise TypeError(f"a {type(value).__name__} cannot be kept")


def _value(plain: Any, arrays: list[np.ndarray]) -> Any:
    if isinstance(plain, list):
        return tuple(_value(item, arrays) for item in plain)
    if not isinstance(plain, dict):
        return plain
    if "array" in plain:
        return arrays[plain["array"]]
    if "map" in plain:
        return {key: _value(item, arrays) for key, item in plain["map"]}
    return _CLASSES[plain["class"]](*(_value(item, arrays) for item in plain["with"]))
