"""One file of a try-on, by its ending: a mesh of what is worn and who wears it, the pattern of each garment, or the
picture from wherever somebody looks."""

from pathlib import Path
from typing import TYPE_CHECKING

from app.exports.glb import beside, check_kinds, meshes
from app.picturefile import png
from app.stage import body_items, garment_item, maps, scene
from assets.errors import InputRefused
from assets.files import staged_folder, write_bytes
from assets.progress import Progress, silent
from garments.formats import write_pattern
from garments.imported.readymade import ReadyMade
from garments.nest import only

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.pipeline import TryOn
    from app.project import View
    from render.camera import Camera

SAMPLES = 32
PATTERNS = (".dxf", ".svg", ".pdf", ".json")
"""Endings of files that hold a pattern."""


def write_meshes(result: "TryOn", paths: "Sequence[Path]", with_body: bool = True) -> None:
    """The try-on as GLB, OBJ or USD, by the ending of each path, and what such a file asks for beside it, both or
    neither. Raises UnknownKind, MissingExtra or CannotWrite."""
    check_kinds(path.suffix for path in paths)
    items = [*(body_items(result.body) if with_body else ()), *map(garment_item, result.drapes)]
    for path in paths:
        with staged_folder(path.parent) as stage:
            for name, data in beside(items, path.suffix, path.stem).items():
                (stage / name).write_bytes(data)
            (stage / path.name).write_bytes(meshes(items, path.suffix, path.stem))


def write_patterns(result: "TryOn", path: Path) -> list[Path]:
    """The pattern of each garment in the size that is worn: one file, or, of several garments, one each, called after
    it; their paths. Raises InputRefused where none has a pattern, UnknownKind, MissingExtra or CannotWrite."""
    cut = [made for made in result.garments if not isinstance(made.pattern, ReadyMade)]
    if not cut:
        raise InputRefused("what is worn came as a mesh and has no pattern: put on a garment that is cut from one")
    files: dict[Path, bytes] = {}
    for made in cut:
        name, number = f"{path.stem}_{made.design}_{made.size}".replace(" ", "_") if len(cut) > 1 else path.stem, 1
        while (where := path.with_name(f"{name}{f'_{number}' if number > 1 else ''}{path.suffix}")) in files:
            number += 1
        files[where] = write_pattern(only(made.pattern, made.size, made.name), path.suffix)  # type: ignore[arg-type]
    for where, data in files.items():
        write_bytes(where, data)
    return list(files)


def write_view(
    result: "TryOn", path: Path, view: "View", eye: "Camera", size: tuple[int, int], transparent: bool = False,
    progress: Progress = silent,
) -> None:  # fmt: skip
    """The dressed person as a project's `view` shows them to one `eye`, `size` in pixels, as PNG; a map with its
    legend. Tapes, pins, sections and what stands beside are no part of it. Raises InputRefused for the change between
    two drapes, CannotWrite."""
    from app.reports.sheet import map_picture
    from app.scenes.appearance import of_view
    from app.scenes.tapes import through_cloth
    from render.headless import snapshot
    from render.tiers import still_frames

    if view.map != "look" and view.against:
        raise InputRefused("the change between two drapes is not drawn anew: copy the picture that you see instead")
    if view.map != "look":
        progress(0.0, "drawing the maps")
        pixels = map_picture(result, maps(result), view.map, view.scaling, size, SAMPLES, eye, transparent)
    else:
        shown = of_view(view).show(through_cloth(scene(result)) if view.xray else scene(result))
        pixels = snapshot(shown, eye, *size, still_frames(shown, SAMPLES), transparent, progress)
    write_bytes(path, png(pixels if transparent else pixels[..., :3]))
