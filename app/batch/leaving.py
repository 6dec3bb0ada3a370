"""What one dressed person of a job leaves: pictures in every view, light and background, films, meshes, reports.

The same try-on and output give the same bytes. A folder holds one colourway; drapes are the same in all of them.
"""

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.batch.jobfile import FILMS, MESHES, PICTURES, Output
from app.exports.glb import beside, meshes
from app.exports.results import AT_EASE, MAP_SAMPLES, VIEWS, body_files, drape_files
from app.project import Scaling
from app.reports.sheet import map_fronts, map_picture, sheet
from app.saying import speaking
from app.scenes.appearance import Appearance
from app.stage import body_items, camera, garment_item, maps, scene
from assets.files import staged_folder
from assets.progress import Progress, part, silent
from body.motion import pose_from

if TYPE_CHECKING:
    from app.pipeline import TryOn
    from app.reports.imprint import Imprint
    from body.poses import Pose
    from garments.maps import Mapped

REPORT_SIZE = (600, 800)


def leave(
    result: "TryOn", output: Output, imprint: "Imprint", folder: Path, progress: Progress = silent
) -> dict[str, str]:
    """Write all that is asked for into a folder, whole or not at all; the files' names and SHA-256. Raises
    CannotWrite."""
    from app.steps import save_try_on

    found: dict[str, str] = {}
    with staged_folder(folder) as stage, speaking(imprint.language):
        garments = maps(result)
        for name, data in _files(result, garments, output, imprint, progress):
            (stage / name).write_bytes(data)
        if "drape" in output.formats:
            save_try_on(result, stage / "drape.npz")
        _films(result, output, stage, part(progress, 0.8, 1.0))
        for path in sorted(stage.iterdir()):
            found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _files(
    result: "TryOn", garments: "tuple[Mapped, ...]", output: Output, imprint: "Imprint", progress: Progress
) -> Iterator[tuple[str, bytes]]:
    """Names and contents of everything but films."""
    asked = set(output.formats)
    for name, pixels, clear in _pictures(result, garments, output, part(progress, 0.0, 0.5)):
        for ending in (one for one in PICTURES if one in asked):
            yield f"{name}.{ending}", packed(pixels, ending, clear)
    progress(0.5, "writing meshes and numbers")
    for ending in (one for one in MESHES if one in asked):
        items = [*body_items(result.body), *(garment_item(drape) for drape in result.drapes)]
        yield from beside(items, f".{ending}", "tryon").items()
        yield f"tryon.{ending}", meshes(items, f".{ending}", "tryon")
    poses: dict[str, Pose | None] = {Path(name).stem: pose_from(name)[0] for name in output.poses}
    for name, data in {**body_files(result.estimate, poses or AT_EASE), **drape_files(result, garments)}.items():
        ending = Path(name).suffix[1:]
        if ending in asked or (ending == "glb" and output.poses and name.startswith("body.")):
            yield name, data
    yield from _words(result, garments, output, imprint, part(progress, 0.55, 0.8))


def _pictures(
    result: "TryOn", garments: "tuple[Mapped, ...]", output: Output, progress: Progress
) -> "Iterator[tuple[str, np.ndarray, bool]]":
    """The pictures' names, pixels, and whether they are transparent."""
    if not set(output.formats) & set(PICTURES):
        return
    looks = list(output.looks())
    wanted = [(view, kind, words, look) for view in output.views for kind in output.maps for words, look in looks]
    for number, (view, kind, words, look) in enumerate(wanted):
        progress(number / len(wanted), f"drawing {view.replace('_', ' ')}")
        name = ".".join((view, *((kind,) if kind != "look" else ()), *words))
        yield name, _drawn(result, garments, view, kind, output, look), look.transparent


def _drawn(
    result: "TryOn", garments: "tuple[Mapped, ...]", view: str, kind: str, output: Output, look: Appearance
) -> np.ndarray:
    from render.headless import snapshot
    from render.tiers import still_frames

    size = output.width, output.height
    if kind != "look":
        return map_picture(result, garments, kind, Scaling(), size, output.samples, view, look.transparent)
    shown = look.show(scene(result))
    eye = replace(camera(result, view, size[0] / size[1]), aperture=look.aperture)
    return snapshot(shown, eye, *size, still_frames(shown, output.samples), look.transparent)


def _words(
    result: "TryOn", garments: "tuple[Mapped, ...]", output: Output, imprint: "Imprint", progress: Progress
) -> Iterator[tuple[str, bytes]]:
    """The reports and the sheet, with pictures of their own size."""
    from app.reports import webpage
    from app.reports.pdf import report

    asked = {"pdf", "html", "sheet"} & set(output.formats)
    if not asked:
        return
    look = next(look for _, look in output.looks())
    small = replace(output, width=REPORT_SIZE[0], height=REPORT_SIZE[1])
    opaque = replace(look, transparent=False)
    pictures = {}
    for number, view in enumerate(VIEWS):
        progress(number / 8, f"drawing {view.replace('_', ' ')} for the report")
        pictures[view] = _drawn(result, garments, view, "look", small, opaque)
    if "sheet" in asked:
        yield "sheet.png", packed(sheet(result, pictures, garments, Scaling(), output.samples), "png", False)
    progress(0.7, "drawing the maps")
    fronts = map_fronts(result, garments, Scaling(), MAP_SAMPLES) if asked - {"sheet"} and garments else {}
    if "pdf" in asked:
        progress(0.9, "writing the report")
        yield "report.pdf", report(result, pictures, garments, fronts, imprint)
    if "html" in asked:
        yield "report.html", webpage.page(result, pictures, garments, fronts, imprint).encode()


def _films(result: "TryOn", output: Output, stage: Path, progress: Progress) -> None:
    from app.exports.film import save
    from app.exports.turntable import drawn

    asked = [name for name in FILMS if name in output.formats]
    if not asked:
        return
    look = next(look for _, look in output.looks())
    pictures = list(drawn(look.show(scene(result)), output.turn, look.transparent, progress))
    for name in asked:
        save(stage / name, pictures, output.turn.rate, look.transparent)


def packed(pixels: np.ndarray, ending: str, clear: bool) -> bytes:
    """A picture, uint8 [h, w, 4], as a file of a kind; with its alpha where it is `clear` and the kind can."""
    from PIL import Image

    kept = pixels if clear and ending != "jpg" else _on_white(pixels) if clear else pixels[..., :3]
    stream = io.BytesIO()
    how: dict[str, dict] = {"png": {"compress_level": 6}, "jpg": {"quality": 92, "subsampling": 0},
                            "webp": {"quality": 90, "method": 4}}  # fmt: skip
    Image.fromarray(np.ascontiguousarray(kept)).save(
        stream, "JPEG" if ending == "jpg" else ending.upper(), **how[ending]
    )
    return stream.getvalue()


def _on_white(pixels: np.ndarray) -> np.ndarray:
    share = pixels[..., 3:] / 255.0
    return (pixels[..., :3] * share + 255.0 * (1.0 - share) + 0.5).astype(np.uint8)


def names(people: Sequence[str]) -> tuple[str, ...]:
    """Names of folders for these, in their order: letters, digits, dashes, each its own wherever case does not tell."""
    import re

    found: list[str] = []
    taken: set[str] = set()
    for number, person in enumerate(people, 1):
        plain = re.sub(r"[^\w]+", "-", person.lower()).strip("-_")[:60] or f"{number}"
        name = plain if plain not in taken else f"{plain}-{number}"
        taken.add(name)
        found.append(name)
    return tuple(found)
