"""What drafting, checking and meshing each design costs, and how good the triangles are.

    python -m benchmarks.garments [--quick] [--json FILE]

Processor seconds of one process, the best of several runs, for a woman of size M; meshes at 1 cm. pygarment's figures
are those published for version 2.0.2: 3.6 s to draft a T-shirt, and 36 of 390 drafts cross themselves. It was not run
here.
"""

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np

from benchmarks.table import Row, row, run
from garments.checking import faults
from garments.designs import designs
from garments.grading import SEXES, chart, size_measurements
from garments.meshing import FlatPanel, flat_panels

EDGE = 0.01
DRAFT, TEE_MESH, ANGLE = 0.010, 0.100, 30.0
TEE_POINTS = 7979
PYGARMENT_DRAFT, PYGARMENT_CROSSED = 3.6, 36 / 390
Result = TypeVar("Result")


def rows(quick: bool) -> Iterator[Row]:
    body, slowest = size_measurements("M", "female"), 0.0
    for name, plan in designs().items():
        taken, pattern = _best(lambda plan=plan: plan.draft(body, {}), 3 if quick else 15)
        slowest = max(slowest, taken)
        yield row(
            f"draft {name}", f"{len(pattern.panels)} panels, {len(pattern.seams)} seams", 1e3 * taken, "ms", 1e3 * DRAFT
        )
        checked, _ = _best(lambda pattern=pattern: faults(pattern), 2 if quick else 7)
        yield row(f"check {name}", "every fault that a cutter would name", 1e3 * checked, "ms")
        taken, flat = _best(lambda pattern=pattern: flat_panels(pattern, EDGE), 2 if quick else 7)
        count = sum(len(panel.points) for panel in flat)
        goal = 1e3 * TEE_MESH * (1.0 if name == "tee" else max(count / TEE_POINTS, 0.5))
        yield row(f"mesh {name}", f"1 cm, {count:,} points; in proportion to the T-shirt's", 1e3 * taken, "ms", goal)
        angles = _smallest(flat)
        claim = f"first percentile of each triangle's smallest angle; the least of all is {angles.min():.0f}"
        yield row(f"angle {name}", claim, float(np.percentile(angles, 1)), "degrees", ANGLE, ">=")
    tee, _ = _best(lambda: designs()["tee"].draft(body, {}), 3 if quick else 15)
    claim = f"drafting a T-shirt: pygarment's published {PYGARMENT_DRAFT} s over ours"
    yield row("pygarment over toile", claim, PYGARMENT_DRAFT / tee, "times")
    yield _crossed(quick)


def _crossed(quick: bool) -> Row:
    """Drafts with any fault at all, over designs, sexes, sizes and both ends of each option."""
    found = total = 0
    for plan in designs().values():
        ends = [{name: end} for name, option in plan.OPTIONS.items() for end in (option.low, option.high)]
        for sex in SEXES:
            for size in ("XS", "XXL") if quick else chart(sex).sizes:
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
    run(__doc__ or "", rows)
