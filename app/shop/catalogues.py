"""What the window asks of catalogues, on lanes of their own: read again, a garment's picture, a garment to put on.

Pictures are the article's own, or drawn by our renderer: the garment draped coarsely on a mannequin in size M. They are
kept by the digest of what they follow from, drapes apart from colours, so that another colour costs no other drape.
"""

import hashlib
import io
import json
import os
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.picturefile import png
from app.project import Wish
from app.shelf import program
from assets import files
from assets.errors import DrapeFailed, InputRefused, ToileError
from assets.progress import Progress, part, silent
from garments.colours.colourway import Print, read_print
from garments.stock.articles import Article
from garments.stock.catalogue import Catalogue
from render.scene import Item, Material, Scene, grey

if TYPE_CHECKING:
    from body.model import Body
    from garments.cloth import Cloth
    from garments.garment import Cut, Garment

WIDTH, HEIGHT = 264, 330
SIZE, SAMPLES = "M", 12
STATURES = {"female": 1.68, "male": 1.80}
EDGES = (0.018, 0.012)
"""Edges [m] of the cloth on the mannequin: coarse, and finer where that cannot be worn."""
LIFE = 400_000_000
"""Bytes of pictures and drapes that are kept."""
MANNEQUIN = Material(base_colour=grey(74.0), roughness=0.7, specular=0.4)
_MIDDLE = (0.06, 0.94)
"""The part of a garment's breadth that must be in the picture: not the hands of spread arms."""
PAPER = (236, 235, 232)


def refresh(path: str, progress: Progress = silent) -> str:
    """Read what changed in a catalogue; by which program its pictures are drawn, which takes too long to find out
    between two frames of the window. Raises InputRefused."""
    Catalogue.open(Path(path), progress).close()
    return program()


def wish(path: str, id: str, progress: Progress = silent) -> Wish:
    """A garment of a catalogue as one puts it on. Raises ToileError for one that cannot be worn."""
    return wish_of(_article(path, id))


def wish_of(told: Article) -> Wish:
    """An article as one puts it on, in the size that suits. Raises ToileError for one that cannot be worn."""
    if told.trouble:
        raise InputRefused(f"{told.name} cannot be put on: {told.trouble}")
    if told.design:
        options = dict(told.options or {})
        return Wish(told.design, fabric=told.fabric, options=options, colourway=told.colourway())
    from garments.formats import read_garment

    assert told.file is not None
    made = read_garment(told.file, None, None, False)
    return Wish(made.name, fabric=told.fabric, made=made, colourway=told.colourway())


def picture_print(path: str, progress: Progress = silent) -> Print:
    """A picture as a print. Raises InputRefused."""
    return read_print(path)


def cloth_print(path: str, progress: Progress = silent) -> Print:
    """A photo of cloth as a print: a tile that repeats without seams. Raises InputRefused."""
    from garments.colours.colourway import picture_of
    from garments.colours.tile import tile

    made = tile(picture_of(Path(path)), progress)
    return Print(f"{Path(path).name}, {made.sentence}", made.picture, 0.1, relief=True)


def thumbnail(path: str, id: str, progress: Progress = silent) -> str:
    """The file with the picture of a garment, drawn now if it was not yet. Raises ToileError where none can be."""
    _step_back()
    told = _article(path, id)
    kept = picture_path(told)
    if not kept.is_file():
        pixels = _photo(told) if told.picture else _drawn(told, progress)
        files.write_bytes(kept, png(pixels))
        _tidy(kept.parent)
    return str(kept)


def picture_path(told: Article, by: str | None = None) -> Path:
    """Where an article's picture lies, or will, drawn `by` this program or the one that is named."""
    parts: list[object] = [WIDTH, HEIGHT]
    if told.picture:
        at = told.picture.stat()
        parts += [str(told.picture), at.st_mtime_ns, at.st_size]
    else:
        parts += [_drape_key(told, by), told.dress, [file.stat().st_mtime_ns for file in told.prints()]]
    return _folder() / f"{_digest(parts)}.png"


def _article(path: str, id: str) -> Article:
    made = Catalogue.open(Path(path), refresh=False)
    try:
        return made.item(id)
    finally:
        made.close()


@cache
def _step_back() -> None:
    """Let what the person waits for go first."""
    with suppress(AttributeError, OSError):
        os.nice(10)


def _photo(told: Article) -> np.ndarray:
    """The article's own picture, whole, on paper of the thumbnails' shape; read in the reader process."""
    from PIL import Image, ImageOps

    from body.frame import load_picture

    assert told.picture is not None
    image = Image.fromarray(np.asarray(load_picture(told.picture).pixels))
    return np.asarray(ImageOps.pad(image, (WIDTH, HEIGHT), Image.Resampling.LANCZOS, color=PAPER))


def _drawn(told: Article, progress: Progress) -> np.ndarray:
    """The garment on a mannequin, on paper."""
    from app.pipeline import in_colours
    from app.scenes.painting import coloured, painted
    from app.scenes.trimming import trimmed
    from render.camera import standard_view
    from render.headless import snapshot

    progress(0.0, f"a picture of {told.name}")
    made, cloth, positions, wearer = _worn(told, part(progress, 0.0, 0.9))
    made = in_colours(made, told.colourway())
    bare = trimmed(made, cloth, pressed=False).item(made.name, positions)
    items = [painted(bare, coloured(made))]
    if wearer is not None:
        items.insert(0, Item("mannequin", wearer.vertices, wearer.model.skin_faces, MANNEQUIN))
    low, high = positions.min(axis=0), positions.max(axis=0)
    low[0], high[0] = np.quantile(positions[:, 0], _MIDDLE)
    room = 0.06 * (high - low)
    camera = standard_view("three_quarter", low - room, high + room, WIDTH / HEIGHT)
    paper = tuple(((value / 255 + 0.055) / 1.055) ** 2.4 for value in PAPER)
    scene = Scene(tuple(items), background=paper, ground=False)
    return snapshot(scene, camera, WIDTH, HEIGHT, SAMPLES)[..., :3]


def _worn(told: Article, progress: Progress) -> "tuple[Garment, Cloth, np.ndarray, Body | None]":
    """The garment with its cloth, where that lies [m], and who wears it; as it came where it came as a mesh."""
    from garments.cloth import mesh
    from garments.garment import ready_made, sewn

    asked = wish_of(told)
    if asked.made is not None:
        made = ready_made(asked.made, fabric=asked.fabric)
        cloth = mesh(made, EDGES[0])
        return made, cloth, np.asarray(cloth.shape, float), None
    cut, sex = cut_of(told)
    made, wearer = sewn(cut, told.fabric), mannequin(sex)
    kept = _folder() / f"{_drape_key(told)}.npy"
    with suppress(OSError, ValueError):
        edge, positions = _unpacked(np.load(kept, allow_pickle=False))
        cloth = mesh(made, edge)
        if len(positions) == cloth.count:
            return made, cloth, positions, wearer
    edge, positions, cloth = _draped(made, wearer, progress)
    stream = io.BytesIO()
    np.save(stream, np.vstack([[edge, 0.0, 0.0], positions]).astype(np.float32))
    files.write_bytes(kept, stream.getvalue())
    return made, cloth, positions, wearer


def _draped(made: "Garment", wearer: "Body", progress: Progress) -> "tuple[float, np.ndarray, Cloth]":
    from garments.drape import drape

    for edge in EDGES:
        try:
            found = drape((made,), wearer, edge=edge, progress=progress)[0]
            return edge, np.asarray(found.positions, float), found.cloth
        except (DrapeFailed, InputRefused) as error:
            why: ToileError = error
    raise why


def _unpacked(kept: np.ndarray) -> tuple[float, np.ndarray]:
    if kept.ndim != 2 or kept.shape[1] != 3 or not np.isfinite(kept).all():
        raise ValueError("a damaged drape")
    return round(float(kept[0, 0]), 6), kept[1:].astype(float)


def cut_of(told: Article) -> "tuple[Cut, str]":
    """How an article is cut in the size that is shown, and for which sex."""
    from garments.garment import Cut

    sex = "male" if "men" in told.tags and "women" not in told.tags else "female"
    assert told.design is not None
    return Cut(told.design, SIZE, sex, dict(told.options or {})), sex


@lru_cache(maxsize=2)
def mannequin(sex: str) -> "Body":
    """A body of the size that garments are shown in."""
    from body.estimate import Evidence, estimate
    from body.model import load_model
    from garments.grading import size_measurements

    body = size_measurements(SIZE, sex)
    tapes = {name: body[name] for name in ("bust_girth", "waist_girth", "hip_girth")}
    told = Evidence(height=STATURES[sex], sex=float(sex == "male"), tapes=tapes)
    return estimate(told, load_model()).body


def _drape_key(told: Article, by: str | None = None) -> str:
    """The digest of what a drape on the mannequin follows from."""
    file = None
    if told.file:
        at = told.file.stat()
        file = [str(told.file), at.st_mtime_ns, at.st_size]
    sex = "men" in told.tags and "women" not in told.tags
    return _digest([told.design, sorted((told.options or {}).items()), told.fabric, file, sex, by or program()])


def _digest(told: list) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _folder() -> Path:
    folder = files.user_cache() / "thumbnails"
    folder.mkdir(exist_ok=True)
    return folder


def _tidy(folder: Path) -> None:
    kept = 0
    for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True):
        kept += path.stat().st_size
        if kept > LIFE:
            path.unlink(missing_ok=True)
