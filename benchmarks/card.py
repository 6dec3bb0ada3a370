"""What a graphics card does for a drape: steps of the common T-shirt at 60,000 vertices, beside the processor.

    python -m benchmarks.card [--quick] [--json FILE]

Where a CUDA card is, with numba-cuda and CuPy (pip install toile[gpu]); else the row says why there is none. Needs the
meshes of TOILE_DATA/cloth, and neither open3d nor torch: with numpy, scipy and numba it runs on a bare machine. Seconds
of both are by the clock, of a quiet machine, with kernels compiled; one thread of the processor.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.table import Row, row, run

GOAL, STEPS, STEP, ITERATIONS = 20.0, 20, 0.03, 2
FEW = 4
"""Steps of which the places are compared: later ones part, as any two roundings do where cloth buckles."""
CLAIM = "seconds of the processor over the card's, 20 steps of 0.03 s with self-contact"


def rows(quick: bool) -> Iterator[Row]:
    from benchmarks.cloth import SHORT, _folder, _work
    from garments.solvers.choosing import why_not

    work = _work("15k")
    why = SHORT if quick else f"{_folder()} is not there" if work is None else why_not()
    apart = "largest distance between their places after 4 steps, of the longest way"
    if why or work is None:
        yield row("gpu 50k", CLAIM, None, "times", GOAL, ">=", why=why)
        yield row("gpu same", apart, None, "%", 10, why=why)
        return
    from garments.solvers.cuda.solver import Solver as OnCard
    from garments.solvers.implicit import Solver

    fine = divided(work)
    _steps(work, OnCard, 2)  # Now it is compiled.
    card, found = _steps(fine, OnCard, STEPS)
    processor, others = _steps(fine, Solver, STEPS)
    way = np.abs(others[FEW] - fine.positions).max()
    claim = f"{CLAIM}; {len(fine.positions):,} vertices: {processor:.1f} and {card:.2f} s"
    yield row("gpu 50k", claim, processor / card, "times", GOAL, ">=")
    yield row("gpu same", apart, 100 * float(np.abs(found[FEW] - others[FEW]).max() / way), "%", 10)


def _steps(work: Any, solver: Callable[..., Any], steps: int) -> tuple[float, list[np.ndarray]]:
    """Seconds that so many steps take, and where the cloth lies [m] [n, 3] before and after each."""
    made = solver(work.cloth(), surface(work))
    state = made.start(work.positions)
    state = made.step(state, STEP, iterations=1)
    state, found = made.start(work.positions), [work.positions]
    start = time.perf_counter()
    for _ in range(steps):
        state = made.step(state, STEP, iterations=ITERATIONS)
        found.append(state.positions)
    return time.perf_counter() - start, found


def divided(work: Any) -> Any:
    """The same work with every face in four."""
    from dataclasses import replace

    faces = np.asarray(work.faces)
    sides = np.stack([faces[:, [1, 2]], faces[:, [2, 0]], faces[:, [0, 1]]], axis=1)
    pairs, number = np.unique(np.sort(sides, axis=2).reshape(-1, 2), axis=0, return_inverse=True)
    middle = number.reshape(-1, 3) + len(work.positions)
    positions = np.concatenate([work.positions, work.positions[pairs].mean(axis=1)])
    (a, b, c), (p, q, r) = faces.T, middle.T
    parts = [np.stack(each, axis=1) for each in ((a, r, q), (r, b, p), (q, p, c), (p, q, r))]
    corners = [work.rest[:, k] for k in range(3)]
    halves = [0.5 * (corners[(k + 1) % 3] + corners[(k + 2) % 3]) for k in range(3)]
    (d, e, f), (s, t, u) = corners, halves
    rest = [np.stack(each, axis=1) for each in ((d, u, t), (u, e, s), (t, s, f), (s, t, u))]
    return replace(work, positions=positions, faces=np.concatenate(parts), rest=np.concatenate(rest))


def surface(work: Any) -> Any:
    """The body of a work: by open3d's tree, or where that is not installed by a walk from the nearest vertex."""
    try:
        import open3d  # noqa: F401
    except ImportError:
        return Walked(work.body_vertices, work.body_faces)
    from assets.closest import Surface

    return Surface(work.body_vertices, work.body_faces)


class Walked:
    """A body that answers what a solver asks of assets.closest.Surface, by numba and scipy alone."""

    def __init__(self, vertices: np.ndarray, faces: np.ndarray) -> None:
        from scipy.spatial import cKDTree

        from garments.solvers import nearby

        self._vertices, self._around = np.asarray(vertices, float), nearby.around(faces, len(vertices))
        self._normals, self._tree = nearby.normals(self._vertices, self._around.faces), cKDTree(vertices)

    def closest(self, points: np.ndarray, outside: np.ndarray | None = None) -> Any:
        from types import SimpleNamespace

        from garments.solvers import nearby

        start = self._around.members[self._around.starts[self._tree.query(points)[1]]]
        feet = nearby.feet(self._around, self._vertices, self._normals, points, start)
        way = points - feet.point
        size = np.linalg.norm(way, axis=1)
        sign = np.where(feet.height >= 0.0, 1.0, -1.0)
        out = np.where((size > 1e-6)[:, None], sign[:, None] * way / np.maximum(size, 1e-12)[:, None], feet.normal)
        return SimpleNamespace(points=feet.point, normals=out, distance=sign * size)


if __name__ == "__main__":
    run(__doc__, rows)
