"""What drafting, checking and meshing each design costs, how good the triangles are, and on whom each design hangs.

    python -m benchmarks.garments [--quick] [--json FILE] [--people N] [--jobs N] [--keep FOLDER]

The grid drapes every design in every size on the body that the size is cut for, and made to measure on women and men
of several statures and builds: a drape counts when its certificate holds; beside it stands whether the garment is
judged to fit. `--people` is how many such builds there are, `--jobs` shares the drapes among processes, and with
`--keep` a run that was stopped goes on where it was. `--quick` drapes a few designs coarsely, each once. Strangers'
files, the catalogue's search and scrolling, and the matrix of sizes have benchmarks of their own: badfiles, catalogue,
matrix.

Processor seconds of one process, the best of several runs, for a woman of size M; meshes at 1 cm. pygarment's figures
are those published for version 2.0.2: 3.6 s to draft a T-shirt, and 36 of 390 drafts cross themselves. It was not run
here.
"""

import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any, NamedTuple, TypeVar

import numpy as np

from assets.errors import ToileError
from benchmarks.table import ALONE, Row, Share, row, run_shared
from body.estimate import Estimate, Evidence, estimate
from body.model import load_model
from garments.checking import faults
from garments.designs import designs
from garments.drape import drape
from garments.fit import fit
from garments.garment import garment
from garments.grading import SEXES, chart, size_measurements
from garments.meshing import FlatPanel, flat_panels

EDGE = 0.01
DRAFT, TEE_MESH, ANGLE = 0.010, 0.100, 30.0
TEE_POINTS = 7979
PYGARMENT_DRAFT, PYGARMENT_CROSSED = 3.6, 36 / 390
Result = TypeVar("Result")
GRID_EDGE, QUICK_EDGE = 0.02, 0.025
QUICK_DESIGNS = ("tee", "shirt", "jacket", "trousers", "skirt")
BUILDS = ((1.65, 22.0), (1.80, 24.0), (1.52, 20.0), (1.70, 34.0), (1.95, 27.0), (2.05, 22.0))
"""Statures [m] and body mass indices of those whom garments are made to measure for."""
_TAPED = ("bust_girth", "waist_girth", "hip_girth")


class Wearer(NamedTuple):
    """Whom a garment is draped on: the body of a size, or one of a stature [m] and a body mass index."""

    sex: str
    size: str = ""
    stature: float = 0.0
    bmi: float = 0.0

    def __str__(self) -> str:
        who = "women" if self.sex == "female" else "men"
        return f"{who} {self.size}" if self.size else f"{who} {self.stature:.2f} m, BMI {self.bmi:.0f}"


def rows(quick: bool, people: int | None = None, share: Share = ALONE) -> Iterator[Row]:
    yield from costs(quick)
    yield from grid(quick, people, share)


def grid(quick: bool, people: int | None, share: Share) -> Iterator[Row]:
    """On how many of its bodies each design hangs as it should, and which are those where it does not."""
    sizes = [Wearer(sex, size) for sex in SEXES for size in (("M",) if quick else chart(sex).sizes)]
    names, edge = (QUICK_DESIGNS, QUICK_EDGE) if quick else (tuple(designs()), GRID_EDGE)
    builds = BUILDS[: people if people is not None else 0 if quick else len(BUILDS)]
    wearers = sizes + [Wearer(sex, "", *build) for sex in SEXES for build in builds]
    cells = [(name, wearer) for name in names for wearer in wearers]
    if quick:  # Each design on one of them, women and men by turns.
        cells = [(name, wearers[k % len(wearers)]) for k, name in enumerate(names)]
    kept = f"grid-{edge:g}-{'-'.join(names)}-{len(sizes)}-{len(builds)}"
    found = share.each(kept, partial(_hung, cells, edge), len(cells))
    for name in names:
        mine = [(wearer, told) for (design, wearer), told in zip(cells, found, strict=True) if design == name]
        failed = [f"{wearer} ({told['why']})" for wearer, told in mine if told["why"]]
        tight = [str(wearer) for wearer, told in mine if told["tight"]]
        misfit = [f"{wearer} ({told['verdict']})" for wearer, told in mine if not told["verdict"].startswith("fits")]
        claim = f"of {len(mine)} bodies, those on whom it does not: {'; '.join(failed) or 'none'}"
        claim += f"; stretched over the fabric's limit on {', '.join(tight) or 'none'}"
        claim += f"; judged not to fit: {'; '.join(misfit) or 'none'}"
        yield row(f"hangs {name}", claim, 100 * len(failed) / len(mine), "%", 0.0)
    seconds = sum(told["seconds"] for told in found) / len(found)
    yield row("drape", f"processor time of one of {len(found)}, {1e3 * edge:.0f} mm edges, mean", seconds, "s")


def _hung(cells: list[tuple[str, Wearer]], edge: float, number: int) -> dict[str, Any]:
    """Why a drape is not to be trusted, nothing where it is; whether it is too tight; how it is judged; processor
    seconds."""
    name, wearer = cells[number]
    person = _person(wearer)
    start = time.process_time()
    try:
        if wearer.size:
            made = garment(name, wearer.size, wearer.sex)
        else:
            made = garment(name, chart=wearer.sex, measurements=person.measurements.numbers())
        (draped,) = drape((made,), person.body, edge=edge)
        told = draped.certificate
        why, tight, verdict = ", ".join(told.reasons), told.over_limit, fit(draped, person.measurements).verdict
    except ToileError as error:
        why, tight, verdict = str(error), False, str(error)
    return {"why": why, "tight": bool(tight), "verdict": verdict, "seconds": time.process_time() - start}


@cache
def _person(wearer: Wearer) -> Estimate:
    sex = float(SEXES.index(wearer.sex))
    if not wearer.size:
        return estimate(Evidence(wearer.stature, wearer.bmi * wearer.stature**2, sex), load_model())
    told = size_measurements(wearer.size, wearer.sex)
    return estimate(Evidence(told["stature"], None, sex, tapes={tape: told[tape] for tape in _TAPED}), load_model())


def costs(quick: bool) -> Iterator[Row]:
    """What drafting, checking and meshing takes."""
    body = size_measurements("M", "female")
    for name, plan in designs().items():
        taken, pattern = _best(lambda plan=plan: plan.draft(body, {}), 3 if quick else 15)
        yield row(
            f"draft {name}", f"{len(pattern.panels)} panels, {len(pattern.seams)} seams", 1e3 * taken, "ms", 1e3 * DRAFT
        )
        checked, _ = _best(lambda pattern=pattern: faults(pattern), 2 if quick else 7)
        yield row(f"check {name}", "every fault that a cutter would name", 1e3 * checked, "ms")
        taken, flat = _best(lambda pattern=pattern: flat_panels(pattern, EDGE), 2 if quick else 7)
        count = sum(len(panel.points) for panel in flat)
        goal = 1e3 * TEE_MESH * (1.0 if name == "tee" else max(count / TEE_POINTS, 0.5))
        yield row(f"mesh {name}", f"1 cm, {count:,} points; in proportion to the T-shirt's", 1e3 * taken, "ms", goal)
        yield _angle(name, quick)
    tee, _ = _best(lambda: designs()["tee"].draft(body, {}), 3 if quick else 15)
    claim = f"drafting a T-shirt: pygarment's published {PYGARMENT_DRAFT} s over ours"
    yield row("pygarment over toile", claim, PYGARMENT_DRAFT / tee, "times")
    yield _crossed(quick)


def _angle(name: str, quick: bool) -> Row:
    """How slender the triangles of a design are in the size of women and men for which they are most so."""
    found = []
    for sex in SEXES:
        for size in ("XXS", "XXL") if quick else chart(sex).sizes:
            angles = _smallest(flat_panels(designs()[name].draft(size_measurements(size, sex), {}), EDGE))
            found.append((float(np.percentile(angles, 1)), angles.min(), str(Wearer(sex, size))))
    worst, least = min(found), min(each[1] for each in found)
    claim = f"smallest angles, first percentile, at worst of {len(found)} sizes ({worst[2]}); least of all {least:.0f}"
    return row(f"angle {name}", claim, worst[0], "degrees", ANGLE, ">=")


def _crossed(quick: bool) -> Row:
    """Drafts with any fault at all, over designs, sexes, sizes and both ends of each option."""
    found = total = 0
    for plan in designs().values():
        ends = [{name: end} for name, option in plan.OPTIONS.items() for end in (option.low, option.high)]
        for sex in SEXES:
            for size in ("XXS", "XXL") if quick else chart(sex).sizes:
                for options in [{}] if quick else [{}, *ends]:
                    total += 1
                    found += bool(faults(plan.draft(size_measurements(size, sex), options)))
    theirs = f"pygarment's published: {100 * PYGARMENT_CROSSED:.0f} % cross themselves"
    claim = f"of {total:,} drafts, those with a fault; {theirs}"
    return row("faulty drafts", claim, 100 * found / total, "%", 0.0)


def _best(work: Callable[[], Result], times: int) -> tuple[float, Result]:
    taken = []
    for _ in range(times):
        start = time.process_time()
        result = work()
        taken.append(time.process_time() - start)
    return min(taken), result


def _smallest(flat: list[FlatPanel]) -> np.ndarray:
    """The smallest angle [degrees] of every triangle."""
    corners = np.concatenate([panel.points[panel.triangles] for panel in flat])
    found = []
    for k in range(3):
        first, second = (corners[:, (k + step) % 3] - corners[:, k] for step in (1, 2))
        lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
        found.append(np.degrees(np.arccos(np.clip((first * second).sum(axis=1) / lengths, -1.0, 1.0))))
    return np.min(found, axis=0)


if __name__ == "__main__":
    run_shared(__doc__ or "", rows)
