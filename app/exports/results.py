"""What a try-on leaves in a folder: pictures, meshes, numbers, the report. All of it or nothing.

The same input and seed give byte-identical files on one machine; what differs between runs (date, timings, versions)
is in run.json alone.
"""

import csv
import io
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from app.reports.imprint import PLAIN as PLAIN_IMPRINT
from app.reports.imprint import Imprint, told_run
from app.reports.sizetable import size_table
from app.saying import speaking
from app.scenes.appearance import PLAIN, Appearance
from assets.files import staged_folder
from assets.progress import Progress, part, silent
from render.tiers import STILL_FRAMES, still_frames

if TYPE_CHECKING:
    from app.pipeline import TryOn
    from app.project import Scaling
    from body.estimate import Estimate
    from body.measurements import Measurements
    from body.poses import Pose
    from garments.maps import Mapped

VIEWS = ("front", "back", "left", "right", "three_quarter")
PICTURE = (900, 1200)
MAP_SAMPLES = 3
SAMPLES = STILL_FRAMES
UNITS: Mapping[str, str] = {
    **dict.fromkeys(("body", "garment", "ease", "sd", "meant", "cut_for"), "m"),
    "strain": "1", "pressure": "Pa", "probability": "1",
}  # fmt: skip
"""Units of the numbers of a fit; "1" is a ratio: a strain of 0.05 is 5 %."""
AT_EASE: "Mapping[str, Pose | None]" = MappingProxyType({"": None})


def write_results(
    result: "TryOn",
    folder: Path,
    run: Mapping[str, object] | None = None,
    progress: Progress = silent,
    size: tuple[int, int] = PICTURE,
    pose: "Pose | None" = None,
    scaling: "Scaling | None" = None,
    appearance: Appearance = PLAIN,
    imprint: Imprint = PLAIN_IMPRINT,
) -> None:
    """Write all that a try-on yields; pictures of `size` pixels, body.glb in `pose` (at ease, as garments are draped);
    maps coloured by `scaling` (the table's own); reports with an `imprint`. Raises CannotWrite; then
    nothing of it is there."""
    from app.project import Scaling
    from app.reports import webpage
    from app.reports.pdf import report
    from app.reports.sheet import map_fronts, map_sheet
    from app.stage import maps

    started, scaling = time.time(), scaling or Scaling()
    with staged_folder(folder) as stage, speaking(imprint.language):
        garments = maps(result)
        pictures = _pictures(result, size, garments, None, scaling, SAMPLES, part(progress, 0.0, 0.7), appearance)
        fronts: dict[str, np.ndarray] = {}
        if garments:
            progress(0.7, "drawing the maps")
            fronts = map_fronts(result, garments, scaling, MAP_SAMPLES)
            pictures["maps"] = map_sheet(result, fronts, garments, scaling, MAP_SAMPLES)
        for name, pixels in pictures.items():
            _save_picture(stage / f"{name}.png", pixels)
        progress(0.8, "writing meshes and numbers")
        _write_body(result.estimate, stage, pose)
        _write_drape(result, garments, stage)
        progress(0.9, "writing the report")
        (stage / "report.pdf").write_bytes(report(result, pictures, garments, fronts, imprint))
        (stage / "report.html").write_text(webpage.page(result, pictures, garments, fronts, imprint), encoding="utf-8")
        (stage / "run.json").write_bytes(_json("run", {**told_run(run or {}), "drawn": time.time() - started}))
    progress(1.0, "written")


def write_body(estimate: "Estimate", folder: Path, pose: "Pose | None" = None) -> None:
    """The body alone: mesh in `pose` (at ease), measurements, and body.npz, at ease, for the next step."""
    from app.steps import save_estimate

    with staged_folder(folder) as stage:
        _write_body(estimate, stage, pose)
        save_estimate(estimate, stage / "body.npz")


def write_people(table: str, folder: Path) -> None:
    """The measures of many people: one table."""
    with staged_folder(folder) as stage:
        (stage / "measurements.csv").write_text(table, encoding="utf-8")


def write_drape(result: "TryOn", folder: Path) -> None:
    """The drape alone: certificate, fit, mesh, and drape.npz for the next step."""
    from app.stage import maps
    from app.steps import save_try_on

    with staged_folder(folder) as stage:
        _write_drape(result, maps(result), stage)
        save_try_on(result, stage / "drape.npz")


def write_pictures(
    result: "TryOn",
    folder: Path,
    size: tuple[int, int] = PICTURE,
    map_name: str | None = None,
    samples: int = SAMPLES,
    progress: Progress = silent,
    scaling: "Scaling | None" = None,
    against: "TryOn | None" = None,
    appearance: Appearance = PLAIN,
    views: Sequence[str] = (),
) -> None:
    """The pictures alone, `size` in pixels, drawn as cloth or as a map, each of `samples` frames; the map's change
    `against` an earlier drape of the same designs. `views`: only these, one picture each. Raises InputRefused."""
    from app.project import Scaling
    from app.stage import changes, maps

    garments = maps(result) if against is None else changes(maps(against), maps(result))
    with staged_folder(folder) as stage:
        drawn = _pictures(result, size, garments, map_name, scaling or Scaling(), samples, progress, appearance, views)
        for name, pixels in drawn.items():
            _save_picture(stage / f"{name}.png", pixels, appearance.transparent)


def measurement_rows(measurements: "Measurements") -> list[dict]:
    """Measurements as plain rows in SI, rounded to what they can mean."""
    from body.measurements import MEASURES

    return [
        {
            "name": name,
            "value": round(found.value, 4),
            "unit": MEASURES[name].unit,
            "sd": round(found.sd, 4),
            "source": found.source,
        }
        for name, found in measurements.items()
    ]


def body_files(estimate: "Estimate", poses: "Mapping[str, Pose | None]" = AT_EASE) -> dict[str, bytes]:
    """Measurements as JSON and CSV, and the body's mesh at ease as body.glb, or as body.NAME.glb in each of `poses`."""
    from app.exports.glb import body_glb
    from app.scenes.posing import in_pose

    rows = measurement_rows(estimate.measurements)
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, ["name", "value", "unit", "sd", "source"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    found = {
        "measurements.json": _json("measurements", {"measurements": rows, "notes": list(estimate.notes)}),
        "measurements.csv": table.getvalue().encode(),
    }
    for name, pose in poses.items():
        body = estimate.body if pose is None else in_pose(estimate.body, pose)
        found[f"body.{name}.glb" if name else "body.glb"] = body_glb(body)
    return found


def drape_files(result: "TryOn", garments: "tuple[Mapped, ...]") -> dict[str, bytes]:
    """Certificate and maps as JSON, fit and sizes as JSON and CSV."""
    from app.reports import certified
    from garments.colours.matching import meetings_of
    from garments.maps import summary

    drapes = [
        {
            "garment": drape.garment.name,
            **drape.certificate.plain(),
            "lines": certified.plain(drape.certificate),
            "maps": summary(maps),
            "print": [meeting._asdict() | {"meets": meeting.meets} for meeting in meetings_of(drape.garment)],
        }
        for drape, maps in zip(result.drapes, garments, strict=True)
    ]
    tables = [size_table(drape, result.estimate.measurements) for drape in result.drapes]
    fits = [
        {
            **fit.plain(),
            "sizes": None if sizes is None else sizes.plain(),
            **({"size": advice.plain()} if result.holds else {"size": None, "why": list(result.failures())}),
        }
        for fit, advice, sizes in zip(result.fits, result.advice, tables, strict=True)
    ]
    return {
        "drape.json": _json("drape", {"holds": result.holds, "reasons": list(result.failures()), "drapes": drapes}),
        "fit.json": _json("fit", {"units": UNITS, "garments": fits}),
        "fit.csv": _fit_table(result).encode(),
    }


def _write_body(estimate: "Estimate", stage: Path, pose: "Pose | None") -> None:
    for name, data in body_files(estimate, {"": pose}).items():
        (stage / name).write_bytes(data)


def _write_drape(result: "TryOn", garments: "tuple[Mapped, ...]", stage: Path) -> None:
    from app.exports.glb import try_on_glb

    for name, data in drape_files(result, garments).items():
        (stage / name).write_bytes(data)
    (stage / "tryon.glb").write_bytes(try_on_glb(result.body, result.drapes))


def _fit_table(result: "TryOn") -> str:
    """Ease by region, and the probability of every size: one table, SI; sizes only of drapes that hold."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    lengths = ("body", "garment", "ease", "sd", "strain")
    units = (f"{name} [{UNITS[name]}]" for name in (*lengths, "probability"))
    writer.writerow(["of", "kind", "name", *units, "verdict"])
    for fit, advice in zip(result.fits, result.advice, strict=True):
        for region in fit.regions:
            numbers = [round(getattr(region, name), 4) for name in lengths]
            verdict = region.verdict if result.holds else "not judged"
            writer.writerow([fit.garment, "region", region.name, *numbers, "", verdict])
        for score in advice.scores if result.holds else ():
            writer.writerow([fit.garment, "size", score.size, *[""] * 5, round(score.probability, 4), ""])
    return table.getvalue()


def _pictures(
    result: "TryOn", size: tuple[int, int], garments: "tuple[Mapped, ...]", map_name: str | None, scaling: "Scaling",
    samples: int, progress: Progress, appearance: Appearance = PLAIN, views: Sequence[str] = (),
) -> dict[str, np.ndarray]:  # fmt: skip
    from app.reports.sheet import map_picture, sheet
    from app.stage import camera, scene
    from render.headless import snapshot

    width, height = size
    shown = appearance.show(scene(result))
    samples = still_frames(shown, samples)

    def drawn(view: str, transparent: bool, progress: Progress) -> np.ndarray:
        if map_name:
            return map_picture(result, garments, map_name, scaling, size, samples, view, transparent)
        eye = replace(camera(result, view, width / height), aperture=appearance.aperture)
        return snapshot(shown, eye, width, height, samples, transparent, progress)

    pictures = {}
    for k, view in enumerate(views or VIEWS):
        until = 1 / len(views) if views else 1 / 7
        progress(k * until, f"drawing {view.replace('_', ' ')}")
        pictures[view] = drawn(view, appearance.transparent, part(progress, k * until, (k + 1) * until))
    if views:
        return pictures
    progress(5 / 7, "drawing the transparent picture")
    pictures["transparent"] = drawn("three_quarter", True, part(progress, 5 / 7, 6 / 7))
    progress(6 / 7, "drawing the sheet")
    pictures["sheet"] = sheet(result, {view: pictures[view] for view in VIEWS}, garments, scaling, samples)
    return pictures


def _save_picture(path: Path, pixels: np.ndarray, keep_alpha: bool = False) -> None:
    from PIL import Image

    keep_alpha = keep_alpha or path.stem == "transparent"
    Image.fromarray(pixels if keep_alpha else pixels[..., :3]).save(path, optimize=False, compress_level=6)


def _json(kind: str, content: Mapping[str, object]) -> bytes:
    text = json.dumps({"schema": f"toile.{kind}/1", **content}, indent=1, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()
