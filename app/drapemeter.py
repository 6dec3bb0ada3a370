"""The drape-meter as the window and the command line use it: kept on disk by what it follows from, and drawn.

The picture shows the specimen from above as the laboratory sees it, its shadow between the outlines of the disc and of
the flat specimen, and beside it the same obliquely, lit from the side.
"""

import io
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app import shelf
from assets import files
from assets.errors import ToileError
from assets.mesh import frozen, vertex_normals
from assets.progress import Progress, silent
from assets.units import colour_code
from garments.drapemeter import DISC, SPECIMEN, DrapeTest, Fall, digest, drape_test
from garments.fabric import fabric

SIDE = 560
_SCALE = 0.5 * SIDE / (1.06 * SPECIMEN)
_TILT = np.radians(32)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A drape test as it is shown: coefficient and error [%], folds, whether it rests, the picture as PNG."""

    coefficient: float
    error: float
    folds: int
    rests: bool
    png: bytes


def seen(written: str, progress: Progress = silent) -> Seen:
    """The drape test of a fabric with its picture in the fabric's colour."""
    told = test(written, progress)
    colour = colour_code(fabric(written).look.colour)
    lit = tuple(max(60, int(colour[k : k + 2], 16)) for k in (1, 3, 5))
    return Seen(told.coefficient, told.error, told.typical.folds, told.typical.rests, picture(told, lit))


def test(written: str, progress: Progress = silent) -> DrapeTest:
    """The drape test of the fabric that is written so (Fabric.written); at once when it was done before."""
    cloth = fabric(written)
    path = _path(digest(cloth))
    found = _find(path)
    if found is None:
        found = drape_test(cloth, progress=progress)
        _keep(path, found)
    progress(1.0, "measured")
    return found


def picture(told: DrapeTest, colour: tuple[int, ...] = (206, 150, 84)) -> bytes:
    """The shadow from above and the specimen in space, as PNG, SIDE pixels high and twice as wide."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (4 * SIDE, 2 * SIDE), (38, 40, 44))
    draw = ImageDraw.Draw(image)
    fall, scale = told.typical, 2 * _SCALE
    light = _lit(fall, colour)
    _ring(draw, SPECIMEN, scale, (90, 92, 98))
    _faces(draw, fall, fall.positions[:, [0, 2]] * scale + SIDE, fall.positions[:, 1], light)
    _ring(draw, DISC, scale, (235, 235, 230))
    down, across = np.sin(_TILT), np.cos(_TILT)
    x, y, z = fall.positions.T
    seen = np.stack([x, z * down - y * across], axis=1) * scale + [3 * SIDE, SIDE - 0.25 * SPECIMEN * scale]
    _faces(draw, fall, seen, z * across + y * down, light)
    stream = io.BytesIO()
    image.resize((2 * SIDE, SIDE), Image.Resampling.LANCZOS).save(stream, "PNG")
    return stream.getvalue()


def _lit(fall: Fall, colour: tuple[int, ...]) -> np.ndarray:
    normal = vertex_normals(fall.positions, fall.faces)[fall.faces].mean(axis=1)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    shade = 0.25 + 0.75 * np.abs(normal @ np.array([0.45, 0.75, 0.48]))
    return np.clip(np.asarray(colour) * shade[:, None], 0, 255).astype(int)


def _faces(draw, fall: Fall, seen: np.ndarray, near: np.ndarray, light: np.ndarray) -> None:
    """Faces from the farthest to the nearest."""
    for face in np.argsort(near[fall.faces].mean(axis=1)):
        tone = tuple(light[face])
        draw.polygon([tuple(corner) for corner in seen[fall.faces[face]]], fill=tone, outline=tone)


def _ring(draw, radius: float, scale: float, colour: tuple[int, ...]) -> None:
    reach = radius * scale
    draw.ellipse([SIDE - reach, SIDE - reach, SIDE + reach, SIDE + reach], outline=colour, width=3)


def _path(key: str) -> Path:
    folder = files.user_cache() / "drapemeter"
    folder.mkdir(exist_ok=True)
    return folder / f"{key[:24]}-{shelf.program()[:16]}.npz"


def _keep(path: Path, told: DrapeTest) -> None:
    """A test that cannot be kept is done again the next time."""
    fall, stream = told.typical, io.BytesIO()
    numbers = [told.coefficient, told.error, fall.coefficient, fall.folds, fall.rests]
    np.savez(stream, positions=fall.positions, flat=fall.flat, faces=fall.faces, numbers=np.array(numbers, float))
    with suppress(ToileError, OSError):
        files.write_bytes(path, stream.getvalue())


def _find(path: Path) -> DrapeTest | None:
    try:
        with np.load(path, allow_pickle=False) as kept:
            coefficient, error, typical, folds, rests = kept["numbers"].tolist()
            positions, flat, faces = (frozen(kept[name]) for name in ("positions", "flat", "faces"))
            fall = Fall(positions, flat, faces, typical, int(folds), bool(rests))
    except (OSError, EOFError, LookupError, TypeError, ValueError, zipfile.BadZipFile):
        return None
    return DrapeTest(coefficient, error, (fall,))
