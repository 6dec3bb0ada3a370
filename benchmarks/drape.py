"""What a drape costs and whether it can be trusted: a T-shirt of 5,000 to 40,000 vertices until its forces balance.

    python -m benchmarks.drape [--quick] [--json FILE]

Processor seconds of one process, kernels compiled beforehand, best of two (one from 15,000 vertices on). "Dressed" is
all of garments.drape: meshing, laying the panels round the body, the solver, the certificate. The common work that
other solvers were timed on is a T-shirt mesh without panels, 2.2 cm off its body: TOILE_DATA/cloth, where it is there.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.table import Row, row, run

GOAL = 6.0
EDGES = {"5k": 0.0124, "15k": 0.0071, "40k": 0.0043}
COMMON = ("5k", "15k", "40k")
# One slope [N/m] each way, and a density [kg/m2], as the other solvers had them.
STIFF, DENSITY = 2000.0, 0.2


def rows(quick: bool) -> Iterator[Row]:
    from body.estimate import Evidence, estimate
    from garments.drape import drape
    from garments.garment import garment

    body = estimate(Evidence(height=1.65, mass=65.0, sex=0.0)).body
    tee, skirt = garment("tee", "M", "female"), garment("skirt", "M", "female")
    drape((tee, skirt), body, edge=0.03)
    for name, edge in EDGES.items():
        yield from _dressed(f"tee {name}", (tee,), body, edge, None if quick and name != "5k" else name)
    yield from _dressed("skirt 5k", (skirt,), body, EDGES["5k"], "5k")
    yield from _dressed("tee and skirt 10k", (tee, skirt), body, EDGES["5k"], None if quick else "10k")
    for name in COMMON:
        yield _common(name, quick and name != "5k")


def _dressed(title, garments, body, edge, size) -> Iterator[Row]:
    from garments.drape import drape

    goal = GOAL if size == "5k" or title.endswith(" 5k") else None
    claim, sound = "dressed, to rest", "vertices and face centres inside the body"
    if size is None:
        yield row(title, claim, None, "CPU-s", goal, why="--quick")
        yield row(f"{title} inside", sound, None, "", 0, why="--quick")
        return
    taken = []
    for _ in range(2 if size == "5k" else 1):
        start = time.process_time()
        drapes = drape(garments, body, edge=edge)
        taken.append(time.process_time() - start)
    count = sum(drape.cloth.count for drape in drapes)
    told = [drape.certificate for drape in drapes]
    rest = "rests" if all(certificate.holds for certificate in told) else "does not rest"
    yield row(title, f"{claim}; {count:,} vertices, {rest}", min(taken), "CPU-s", goal)
    yield row(f"{title} inside", sound, float(sum(c.vertices_inside + c.faces_inside for c in told)), "", 0)


def _common(name: str, skipped: bool) -> Row:
    """The mesh that other solvers were timed on, from its offset start to rest."""
    folder = Path(os.environ.get("TOILE_DATA", "../shared/data")) / "cloth"
    goal, id = GOAL if name == "5k" else None, f"common {name}"
    if skipped or not folder.is_dir():
        why = "--quick" if skipped else f"{folder} is not there"
        return row(id, "the solver alone, to rest", None, "CPU-s", goal, why=why)
    from assets.closest import Surface
    from garments.drape import settle
    from garments.solvers.implicit import Solver
    from garments.solvers.sheet import uniform

    turned = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]], float)
    with np.load(folder / "body_main.npz") as file:
        surface = Surface(file["v"] @ turned.T, file["f"])
    with np.load(folder / f"g_{name}.npz") as file:
        positions, faces = file["v"].astype(float) @ turned.T, file["f"]
    slopes = [[STIFF, STIFF, 1.0], [STIFF, STIFF, 1.0], [0.3 * STIFF, 0.3 * STIFF, 1.0]]
    sheet = uniform(faces, _flat(positions, faces), density=DENSITY, stretch=slopes, bending=(3e-5, 3e-5, 3e-5))
    solver = Solver(sheet, surface)
    start = time.process_time()
    state = settle(solver, positions)
    taken = time.process_time() - start
    inside = int((surface.closest(state.positions).distance < 0).sum())
    left = 100 * solver.balance(state).residual
    claim = f"the solver alone, to rest; {len(positions):,} vertices, {inside} inside, {left:.1f} % unbalanced"
    return row(id, claim, taken, "CPU-s", goal)


def _flat(x: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Each face laid flat with the warp upwards, [m, 3, 2]: what a mesh without a pattern has for panels."""
    a, b, c = (x[faces[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    up = np.array([0.0, 1.0, 0.0]) - normal[:, 1:2] * normal
    lying = np.linalg.norm(up, axis=1) < 0.1
    up[lying] = np.array([0.0, 0.0, 1.0]) - normal[lying, 2:3] * normal[lying]
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    across = np.cross(up, normal)
    corners = np.stack([a, b, c], axis=1) - a[:, None]
    return np.stack([np.einsum("mkj,mj->mk", corners, way) for way in (across, up)], axis=2)


if __name__ == "__main__":
    run(__doc__, rows)
