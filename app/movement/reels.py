"""Movements kept on disk, so that one that was draped once plays at once the next time.

One file a movement: JSON for the words, npy for the arrays, no pickle. It is named by the digest of what it follows
from (the drapes, the poses, the program); what is damaged or of another program is simply not there. The oldest go when
there is too much.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.shelf import program
from assets import files
from assets.errors import ToileError

if TYPE_CHECKING:
    from body.motion import Motion
    from garments.drape import Drape
    from garments.moving import Track

MOST = 1_500_000_000
"""Bytes that are kept."""


def key_of(drapes: "Sequence[Drape]", motion: "Motion") -> str:
    """The digest of what a movement in garments follows from."""
    told = hashlib.sha256(f"{motion.digest} {program()}".encode())
    for array in (drapes[0].body.vertices, drapes[0].body.betas):
        told.update(np.ascontiguousarray(array).tobytes())
    for drape in drapes:
        told.update(f"{drape.garment.name} {drape.garment.fabric.name} {drape.edge}".encode())
        for array in (drape.positions, drape.cloth.faces, drape.cloth.rest, drape.cloth.mass):
            told.update(np.ascontiguousarray(array).tobytes())
    return told.hexdigest()


def keep(key: str, tracks: "Sequence[Track]") -> None:
    """Put a movement on disk, and take the oldest away; a disk that cannot be written is no reason to fail."""
    if files.keeps_nothing():
        return
    arrays = {
        f"{field.name}_{k}": getattr(track, field.name)
        for k, track in enumerate(tracks)
        for field in fields(track)
        if field.name != "place"
    }
    text = json.dumps({"key": key, "places": [track.place for track in tracks]})
    stream = io.BytesIO()
    np.savez(stream, text=np.frombuffer(text.encode(), np.uint8), **arrays)
    with suppress(ToileError, OSError):
        files.write_bytes(path_of(key), stream.getvalue())
        _tidy(path_of(key).parent)


def find(key: str) -> "tuple[Track, ...] | None":
    """The garments over this very movement, or None."""
    from garments.moving import Track

    names = [field.name for field in fields(Track) if field.name != "place"]
    try:
        with np.load(path_of(key), allow_pickle=False) as data:
            told = json.loads(data["text"].tobytes())
            if told["key"] != key:
                return None
            return tuple(
                Track(**{name: data[f"{name}_{k}"] for name in names}, place=str(place))
                for k, place in enumerate(told["places"])
            )
    except (ToileError, OSError, EOFError, LookupError, TypeError, ValueError, zipfile.BadZipFile):
        return None


def path_of(key: str) -> Path:
    """Where a movement lies, or will."""
    folder = files.user_cache() / "movements"
    folder.mkdir(exist_ok=True)
    return folder / f"{key[:32]}.npz"


def _tidy(folder: Path) -> None:
    kept = 0
    for path in sorted(folder.glob("*.npz"), key=lambda path: path.stat().st_mtime, reverse=True):
        kept += path.stat().st_size
        if kept > MOST:
            path.unlink()
