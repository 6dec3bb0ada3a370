"""A fit matrix on one process and on two: drapes a minute, and whether the results are the same bytes.

    python -m benchmarks.matrix [--quick] [--json FILE]

A skirt in sizes on people drawn from statistics; each process starts anew, as `main.py matrix` does.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from app.matrix import Cell, cells, in_sizes, matrix
from app.people import drawn_people, estimated
from app.project import Wish
from benchmarks.table import Row, row, run

EDGE, COARSE = 0.016, 0.03
SIZES = ("S", "M", "L")
FASTER = 1.5


def rows(quick: bool) -> Iterator[Row]:
    """The rows of this benchmark."""
    wanted = cells(
        estimated(drawn_people(1 if quick else 6, 0.0)),
        in_sizes(Wish("skirt"), SIZES[: 2 if quick else 3]),
        _edge(quick),
    )
    alone, first = _draped(wanted, 1)
    pair, second = _draped(wanted, 2)
    yield row("cells", "drapes in the matrix", len(wanted), "")
    yield row("one", "on one process", 60.0 * len(wanted) / alone, "drapes/min")
    yield row("two", "on two processes", 60.0 * len(wanted) / pair, "drapes/min")
    why = "with so few drapes, starting the processes is most of it" if quick else ""
    yield row("faster", "two processes over one", None if quick else alone / pair, "times", FASTER, ">=", why=why)
    yield row(
        "same",
        "files that differ between one process and two",
        sum(a != b for a, b in zip(first, second, strict=True)),
        "",
        0,
    )


def _edge(quick: bool) -> float:
    return COARSE if quick else EDGE


def _draped(wanted: tuple[Cell, ...], processes: int) -> tuple[float, list[bytes]]:
    """How long it took [s], and what was written."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        matrix(wanted, Path(folder), processes=processes)
        took = time.perf_counter() - start
        return took, [(Path(folder) / name).read_bytes() for name in ("matrix.json", "matrix.csv", "matrix.png")]


if __name__ == "__main__":
    run(__doc__, rows)
