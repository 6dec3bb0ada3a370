"""How long a person waits before anything happens: best of several starts of a fresh process."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.table import Row, row, run

ROOT = Path(__file__).resolve().parents[1]
STARTS = {
    "python": (["-c", "pass"], "the interpreter alone, to compare", None),
    "help": (["main.py", "--help"], "main.py --help answers at once", 0.3),
    "set-up": (["-m", "app.install"], "a set-up with nothing to do is not noticed", 0.3),
    "window imports": (["-c", "import app.ui.window"], "of the four seconds till the window", 1.5),
    "engine imports": (["-c", "import torch, numba, open3d"], "what the window is spared, to compare", None),
}


def rows(quick: bool) -> Iterator[Row]:
    for name, (arguments, claim, goal) in STARTS.items():
        if name == "set-up" and Path(sys.prefix) != ROOT / ".venv":
            yield row(name, "measured by `make bench`, which runs in .venv", None, "s", goal)
            continue
        times = []
        for _ in range(2 if quick else 9):
            start = time.perf_counter()
            subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, check=True)
            times.append(time.perf_counter() - start)
        yield row(name, claim, min(times), "s", goal)


if __name__ == "__main__":
    run(__doc__, rows)
