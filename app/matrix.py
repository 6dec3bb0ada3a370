"""The fit matrix: one garment in all its sizes on one person, or on many: a grid of drapes with maps, a table of ease.

Each cell is a drape of its own, made from a body and a wish alone, so that it comes out the same in whatever process,
on whatever machine of a cluster, in whatever order. What is done lies in the folder at once, by the digest of what it
follows from: a matrix that was stopped goes on where it was. A cell that fails is shown as failed and stops no other.
"""

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.project import Project, Wish
from app.reports.imprint import PLAIN, Imprint
from app.saying import speaking
from app.steps import packed_estimate, unpacked_estimate
from assets.errors import Cancelled, MissingExtra, ToileError
from assets.files import write_bytes, write_json, write_text
from assets.progress import Progress, silent
from assets.units import show

if TYPE_CHECKING:
    from app.pipeline import TryOn
    from app.scenes.scales import Legend
    from body.estimate import Estimate

EDGE = 0.016
"""Edge length of the cloth [m] when none is asked for."""
STATES = ("fits", "does not fit", "too tight", "failed")
MAP, PICTURE = "strain", (240, 400)
SAMPLES = 2
PAPER, INK, MUTED, ALARM = "#F4F3F0", "#1E1F22", "#6B6D70", "#9E2D26"
GAP, ASIDE, HEAD, FOOT, LEGEND = 8, 150, 56, 52, 1.5
_ON_FLOOR = 3e-3
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One person in one garment: the person's name and body.npz, what is worn, edges of about `edge` [m]."""

    person: str
    body: bytes
    wish: Wish
    edge: float
    seed: int

    @property
    def key(self) -> str:
        """The digest of what the result follows from."""
        told = [hashlib.sha256(self.body).hexdigest(), Project(wishes=(self.wish,)).key, self.edge, self.seed]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:24]


def cells(
    people: "Sequence[tuple[str, Estimate]]", wishes: Sequence[Wish], edge: float, seed: int = 0
) -> tuple[Cell, ...]:
    """Every person in every wish, person by person."""
    bodies = [(name, packed_estimate(estimate)) for name, estimate in people]
    return tuple(Cell(name, body, wish, edge, seed) for name, body in bodies for wish in wishes)


def matrix(
    wanted: Sequence[Cell],
    folder: Path,
    *,
    processes: int = 1,
    ray: str | None = None,
    progress: Progress = silent,
    imprint: Imprint = PLAIN,
) -> list[dict[str, Any]]:
    """Drape all cells that `folder` does not hold yet, on so many processes or on the Ray cluster at an address, and
    write matrix.csv, .json, .png and .pdf. The rows, as they stand in matrix.json. Raises CannotWrite, and
    MissingExtra without Ray; a stop through `progress` keeps what is done."""
    missing = [cell for cell in wanted if kept(folder, cell) is None]
    done = len(wanted) - len(missing)
    progress(done / len(wanted), f"{done} of {len(wanted)} drapes are there already" if done else "draping")
    for cell, (row, picture) in _drapes(missing, processes, ray):
        keep(folder, cell, row, picture)
        done += 1
        progress(done / len(wanted), f"{cell.person}, {row['garment']}: {row['verdict']}")
    found = [result for cell in wanted if (result := kept(folder, cell)) is not None]
    write(found, folder, imprint)
    return [row for row, _ in found]


def keep(folder: Path, cell: Cell, row: dict[str, Any], picture: bytes) -> None:
    """Keep what came of a cell in a folder. Raises CannotWrite."""
    (folder / "cells").mkdir(parents=True, exist_ok=True)
    if picture:
        write_bytes(folder / "cells" / f"{cell.key}.png", picture)
    write_json(folder / "cells" / f"{cell.key}.json", row)


def kept(folder: Path, cell: Cell) -> tuple[dict[str, Any], bytes] | None:
    """A cell's row and picture, of whomever it is asked for; None where the folder does not hold it whole."""
    path = folder / "cells" / f"{cell.key}.json"
    try:
        row = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    if not isinstance(row, dict) or not {"garment", "state", "verdict", "regions"} <= row.keys():
        return None
    picture = path.with_suffix(".png")
    return row | {"person": cell.person}, picture.read_bytes() if picture.exists() else b""


def write(found: Sequence[tuple[dict[str, Any], bytes]], folder: Path, imprint: Imprint = PLAIN) -> None:
    """Write matrix.csv, .json, .png and .pdf of rows and pictures, person by person. Raises CannotWrite."""
    from app.reports.comparing import comparison

    rows = [row for row, _ in found]
    write_json(folder / "matrix.json", {"schema": "toile.matrix/1", "cells": rows})
    write_text(folder / "matrix.csv", table(rows))
    with speaking(imprint.language):
        write_bytes(folder / "matrix.png", grid(found))
    write_bytes(folder / "matrix.pdf", comparison(found, imprint))


def drape_cell(cell: Cell, progress: Progress = silent) -> tuple[dict[str, Any], bytes]:
    """One cell's row and picture (PNG; empty where it failed, for whatever reason)."""
    from app.pipeline import dress

    try:
        result = dress(unpacked_estimate(cell.body), (cell.wish,), edge=cell.edge, seed=cell.seed, progress=progress)
    except Cancelled:
        raise
    except ToileError as error:
        return _failed(cell, str(error))
    except Exception as error:  # A fault of ours in one cell is shown there, and stops no other.
        return _failed(cell, f"a fault of the program ({type(error).__name__}: {error})")
    row = {"person": cell.person, "garment": asked(cell)}
    return row | judged(result, 0), picture(result)


def judged(result: "TryOn", number: int) -> dict[str, Any]:
    """What a row tells of one of the garments that somebody wears."""
    drape, fit = result.drapes[number], result.fits[number]
    row: dict[str, Any] = {"garment": drape.garment.name, "state": _state(result, number), "verdict": fit.verdict}
    row |= {"regions": fit.plain()["regions"], "strain": round(drape.certificate.strain_p99, 4)}
    return row | {"limit": round(drape.certificate.limit, 4)}


def _state(result: "TryOn", number: int) -> str:
    """One of STATES but "failed" for a drape that can be judged; what fell off the person can."""
    from garments.fit import FALLEN, slid

    drape, fit = result.drapes[number], result.fits[number]
    if slid(drape, result.estimate.measurements) > FALLEN:
        return "does not fit"
    if not drape.certificate.holds:
        return "failed"
    if not drape.wearable:
        return "too tight"
    return "fits" if all(region.fits for region in fit.regions) else "does not fit"


def asked(cell: Cell) -> str:
    """What people call the garment of a cell: "T-shirt M"."""
    from garments.designs import title_of

    return cell.wish.made.name if cell.wish.made else f"{title_of(cell.wish.design)} {cell.wish.size}"


def table(rows: Iterable[dict[str, Any]]) -> str:
    """Ease [m] of girths, lengths [m] of the rest, and the verdict as CSV, a line a cell."""
    rows = list(rows)
    told = {_column(region): None for row in rows for region in row["regions"]}
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["person", "garment", "state", *told, "strain [1]", "limit [1]", "verdict"])
    for row in rows:
        found = {_column(each): each["ease" if each.get("girth", True) else "garment"] for each in row["regions"]}
        whole = [row.get("strain", ""), row.get("limit", ""), row["verdict"]]
        writer.writerow([row["person"], row["garment"], row["state"], *(found.get(name, "") for name in told), *whole])
    return stream.getvalue()


def eases(row: Mapping[str, Any], unit: str) -> tuple[tuple[str, str], ...]:
    """What a row eases by girth, in a unit of length: (("waist", "6.1 cm"), ("hip", "7.3 cm")); none for a failure."""
    girths = [region for region in row["regions"] if region.get("girth", True)]
    return tuple((region["name"], show(region["ease"], unit).replace("-", "−")) for region in girths)


def _column(region: Mapping[str, Any]) -> str:
    return f"ease_{region['name']} [m]" if region.get("girth", True) else f"{region['name']} [m]"


def scale() -> "Legend":
    """What the colours of the pictures mean."""
    from app.project import Scaling
    from app.scenes.scales import legend

    return legend((), MAP, Scaling())


def grid(found: Sequence[tuple[dict[str, Any], bytes]]) -> bytes:
    """People down, garments across, each cell with its strain map and verdict; PNG."""
    from PIL import Image, ImageDraw

    from app.reports.comparing import NOBODY
    from app.reports.lettering import letter, wrapped, written
    from app.reports.sheet import with_legend

    people = list(dict.fromkeys(row["person"] for row, _ in found))
    across = len(found) // len(people)
    wide, high = PICTURE
    size = ASIDE + across * (wide + GAP) + GAP, HEAD + len(people) * (high + FOOT + GAP)
    paper = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(paper)
    for k, (row, picture) in enumerate(found):
        left, top = ASIDE + k % across * (wide + GAP), HEAD + k // across * (high + FOOT + GAP)
        if k < across:
            letter(draw, (left, 18), written(row["garment"]), INK, 18)
        if k % across == 0:
            person = written(NOBODY) if row["person"] == NOBODY else row["person"]
            letter(draw, (GAP, top + 8), wrapped(draw, person, ASIDE - 2 * GAP, 18), INK, 18)
        if picture:
            paper.paste(Image.open(io.BytesIO(picture)).convert("RGB"), (left, top))
        else:
            draw.rectangle((left, top, left + wide - 1, top + high - 1), outline=ALARM)
        words = row["verdict"] if row["state"] != "failed" else f"FAILED. {row['verdict'].removeprefix('failed: ')}"
        lines = wrapped(draw, written(words), wide, 14).split("\n")[:3]
        letter(draw, (left, top + high + 3), "\n".join(lines), ALARM if row["state"] != "fits" else MUTED, 14)
    aside = (0, HEAD, ASIDE, HEAD + high)
    paper.paste(Image.fromarray(with_legend(np.asarray(paper.crop(aside)), scale(), LEGEND)), aside[:2])
    stream = io.BytesIO()
    paper.save(stream, "PNG")
    return stream.getvalue()


def _failed(cell: Cell, why: str) -> tuple[dict[str, Any], bytes]:
    row = {"person": cell.person, "garment": asked(cell), "state": "failed", "regions": [], "verdict": f"failed: {why}"}
    return row, b""


def _drapes(
    missing: Sequence[Cell], processes: int, ray: str | None
) -> Iterator[tuple[Cell, tuple[dict[str, Any], bytes]]]:
    """Cells with what came of them, as they are done."""
    if ray is not None:
        yield from _on_ray(missing, ray)
    elif processes == 1 or len(missing) < 2:
        yield from ((cell, drape_cell(cell)) for cell in missing)
    else:
        yield from _on_processes(missing, processes)


def _on_processes(
    missing: Sequence[Cell], processes: int
) -> Iterator[tuple[Cell, tuple[dict[str, Any], bytes]]]:  # fmt: skip
    """What the death of a process leaves undone is made one by one, so that only the cell that it died of fails."""
    from concurrent.futures.process import BrokenProcessPool

    left = list(missing)
    with suppress(BrokenProcessPool):
        for cell, made in _pooled(missing, processes):
            left.remove(cell)
            yield cell, made
    for cell in left:
        try:
            yield from _pooled([cell], 1)
        except BrokenProcessPool:
            yield cell, _failed(cell, "its process died, perhaps for want of memory")


def _pooled(wanted: Sequence[Cell], processes: int) -> Iterator[tuple[Cell, tuple[dict[str, Any], bytes]]]:
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    with one_thread_each():
        pool = ProcessPoolExecutor(min(processes, len(wanted)), get_context("spawn"))
        try:
            running = {pool.submit(drape_cell, cell): cell for cell in wanted}
            for each in as_completed(running):
                yield running[each], each.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _on_ray(missing: Sequence[Cell], address: str) -> Iterator[tuple[Cell, tuple[dict[str, Any], bytes]]]:
    try:
        import ray
    except ImportError as error:
        raise MissingExtra("--ray needs the package ray: install Toile with it, like pip install toile[ray]") from error
    root = str(Path(__file__).resolve().parents[1])
    threads = dict.fromkeys(_ONE_THREAD, "1")
    with ray.init(
        address=None if address == "local" else address,
        runtime_env={"env_vars": {"PYTHONPATH": root, **threads}},
        log_to_driver=False,
    ):
        work = ray.remote(num_cpus=1)(drape_cell)
        running = {work.remote(cell): cell for cell in missing}
        left = list(running)
        while left:
            (ready,), left = ray.wait(left)
            try:
                yield running[ready], ray.get(ready)
            except ray.exceptions.RayError as error:
                told = str(error).splitlines()[0] if str(error) else type(error).__name__
                yield running[ready], _failed(running[ready], f"its worker died ({told})")


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Processes that are started now calculate on one core each."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def picture(result: "TryOn") -> bytes:
    """The strain map from the front, PNG."""
    from PIL import Image

    from app.project import Scaling
    from app.stage import bare, camera, map_scene, maps
    from render.headless import snapshot

    wide, high = PICTURE
    result = replace(result, drapes=tuple(replace(d, positions=on_the_floor(d.positions)) for d in result.drapes))
    drawn = map_scene(bare(result.body), maps(result), MAP, Scaling())
    pixels = snapshot(drawn, camera(result, "front", wide / high), wide, high, SAMPLES)
    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels[..., :3])).save(stream, "PNG")
    return stream.getvalue()


def on_the_floor(positions: np.ndarray) -> np.ndarray:
    """Where cloth lies [m] [n, 3], what hangs below the floor laid on it: the drape knows the body, and no floor."""
    laid = np.array(positions)
    laid[:, 1] = np.where(laid[:, 1] < 0.0, _ON_FLOOR, laid[:, 1])
    return laid


def in_sizes(wish: Wish, sizes: Iterable[str]) -> tuple[Wish, ...]:
    """The same garment in each of these sizes."""
    return tuple(replace(wish, size=size) for size in sizes)
