"""What a drape costs beside other solvers, and whether it can be trusted: T-shirts of 5,000 to 40,000 vertices.

    python -m benchmarks.cloth [--quick] [--json FILE]

Processor seconds of one process, kernels compiled beforehand. Two works:

- `common`: the T-shirt meshes and the body of TOILE_DATA/cloth, 2.2 cm off the skin at the start, 0.2 kg/m2, 2 kN/m:
  two simulated seconds with self-contact, Toile and its peers (`make peers`) in turn, each in a process. A peer counts
  when nothing of its cloth is inside the body and none passes through itself. Then the same to rest.
- `dressed`: our own drafted garments, of as many vertices, through all of garments.drape: meshing, laying the panels
  round the body, the solver, the certificate.

The step of the preview (`benchmarks.preview` has the rest of it) and what a graphics card does (`benchmarks.card`)
stand below.
"""

import gc
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from assets.closest import Surface
from benchmarks import card, preview
from benchmarks.table import Row, row, run

ROOT = Path(__file__).resolve().parents[1]
EDGES = {"5k": 0.0124, "15k": 0.0071, "40k": 0.0043}
TO_REST = {"5k": 6.0, "15k": 14.0, "40k": None}
PEERS = {"blender": {"5k": 6.0, "15k": 8.0}, "newton": {"5k": 5.0, "15k": 5.0}}
SECONDS, STEP, SWITCH, CONTACT, GROWTH = 2.0, 0.05, 2.0, 1.5, 1.3
# Sizes chosen one after another, beginning from M, and the edge [m] that gives them about 10,000 vertices.
SWITCHES, TEN = ("L", "XL", "L", "M", "S", "M"), 0.0089
# One slope [N/m] each way, bending [N*m] and density [kg/m2] of the common work.
STIFF, BENDING, DENSITY = 2000.0, 3e-5, 0.2
# The drape that ours is held against leaves this share of the load unbalanced; and how far off strains may be [%].
TIGHT, OFF = 5e-4, 25.0
# What --quick dresses.
QUICK = ("tee", "dress")
# A drape hears within so long [s] that it is to stop.
CANCEL, HEARD = 0.2, "the longest that it goes on before it looks whether to stop"
NO_PEERS, SHORT = "not installed: make peers", "--quick: would not fit within its minute"


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """Cloth round a body: positions [m] [n, 3], faces [m, 3], flat corners [m] [m, 3, 2], and the skin's mesh."""

    positions: np.ndarray
    faces: np.ndarray
    rest: np.ndarray
    body_vertices: np.ndarray
    body_faces: np.ndarray

    def cloth(self):
        from garments.solvers.sheet import uniform

        slopes = [[STIFF, STIFF, 1.0], [STIFF, STIFF, 1.0], [0.3 * STIFF, 0.3 * STIFF, 1.0]]
        return uniform(self.faces, self.rest, density=DENSITY, stretch=slopes, bending=3 * (BENDING,))

    def solver(self, alone: bool = False):
        from garments.solvers.implicit import Solver

        return Solver(self.cloth(), Surface(self.body_vertices, self.body_faces), meets=not alone)


def rows(quick: bool) -> Iterator[Row]:
    _warm_up()
    for size in EDGES:
        yield from _common(size, quick)
    yield from _growth(quick)
    body, worn = _customer(), _garments()
    for title, garments in worn.items():
        for size in EDGES:
            skipped = quick and (size != "5k" or title not in QUICK)
            yield from _dressed(f"{title} {size}", garments, body, size, skipped)
    yield from _switch(body)
    yield next(preview.steps(10 if quick else preview.FRAMES))
    yield from card.rows(quick)


# The common work ------------------------------------------------------------------------------------------------------


def _common(size: str, quick: bool) -> Iterator[Row]:
    work, skipped = _work(size), quick and size != "5k"
    absent = None if work else f"{_folder()} is not there"
    why, ours = SHORT if skipped else absent, None
    if work and not skipped:
        taken, positions = _ours(work)
        ours = min([taken] + [_ours(work)[0] for _ in range(1 if size == "5k" and not quick else 0)])
        claim = f"{SECONDS:g} simulated s by {STEP:g} s; {len(positions):,} vertices; {_told(work, positions)}"
        yield row(f"toile {size}", claim, ours, "CPU-s")
    else:
        yield row(f"toile {size}", f"{SECONDS:g} simulated seconds", None, "CPU-s", why=why or "")
    for peer, goals in PEERS.items():
        yield _beside(peer, size, work, ours, goals.get(size), SHORT if quick else why)
    yield from _to_rest(size, work, SHORT if quick and size == "40k" else absent, quick)


def _ours(work: Work) -> tuple[float, np.ndarray]:
    from garments.drape import ITERATIONS

    solver = work.solver()
    start = time.process_time()
    state = solver.start(work.positions)
    for _ in range(round(SECONDS / STEP)):
        state = solver.step(state, STEP, iterations=ITERATIONS)
    return time.process_time() - start, state.positions


def _beside(
    peer: str, size: str, work: Work | None, ours: float | None, goal: float | None, why: str | None
) -> Row:  # fmt: skip
    id, claim, python = f"{peer} over toile {size}", f"{SECONDS:g} simulated seconds", ROOT / ".peers/bin/python"
    if why or work is None or ours is None or not python.exists():
        return row(id, claim, None, "times", goal, ">=", why=why or NO_PEERS)
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "work.npz", Path(folder) / "result.npz"
        arrays = {name: getattr(work, name) for name in Work.__slots__}
        np.savez(given, **arrays, density=DENSITY, stretch=STIFF, bending=BENDING)
        script = ROOT / f"benchmarks/peers/{peer}_cloth.py"
        done = subprocess.run([python, script, given, found, str(SECONDS)], capture_output=True, text=True)
        if done.returncode or not found.exists():
            last = (done.stderr.strip().splitlines() or ["no word"])[-1]
            return row(id, claim, None, "times", goal, ">=", why=f"failed: {last[:80]}")
        with np.load(found, allow_pickle=False) as file:
            taken, positions = float(file["taken"]), file["positions"].astype(float)
    if _faults(work, positions):
        return row(id, claim, None, "times", goal, ">=", why=f"{taken:.1f} CPU-s, but {_told(work, positions)}")
    return row(id, f"{claim}: {taken:.1f} CPU-s; {_told(work, positions)}", taken / ours, "times", goal, ">=")


def _to_rest(size: str, work: Work | None, why: str | None, quick: bool) -> Iterator[Row]:
    id, goal = f"to rest {size}", TO_REST[size]
    costs = row(
        f"self-contact {size}", "to rest with self-contact over without", None, "times", CONTACT, why=why or SHORT
    )
    if work is None or why:
        yield row(id, "the solver alone, until forces balance", None, "CPU-s", goal, why=why or "")
        yield costs
        return
    full, solver, state = _settled(work)
    left = 100 * solver.balance(state).residual
    claim = f"the solver alone, until forces balance; {left:.1f} % unbalanced; {_told(work, state.positions)}"
    yield row(id, claim, full, "CPU-s", goal)
    yield row(f"to rest {size}, sought", "half of the goal", full, "CPU-s", goal and goal / 2)
    if not quick or size == "5k":
        costs = row(costs["id"], costs["claim"], full / _settled(work, alone=True)[0], "times", CONTACT)
    yield costs


def _settled(work: Work, alone: bool = False):
    from garments.drape import settle

    solver = work.solver(alone)
    start = time.process_time()
    state = settle(solver, work.positions)
    return time.process_time() - start, solver, state


def _growth(quick: bool) -> Iterator[Row]:
    """How the linear solver's iterations grow with the mesh."""
    id, claim = "iterations 40k over 5k", "conjugate gradient iterations a Newton iteration"
    small, large = _work("5k"), _work("40k")
    if quick or small is None or large is None:
        yield row(id, claim, None, "times", GROWTH, why=SHORT if quick else f"{_folder()} is not there")
        return
    means = [float(np.mean(_settled(work)[1].iterations)) for work in (small, large)]
    yield row(id, f"{claim}: {means[0]:.0f} and {means[1]:.0f}", means[1] / means[0], "times", GROWTH)


def _folder() -> Path:
    return Path(os.environ.get("TOILE_DATA", "../shared/data")) / "cloth"


@cache
def _work(size: str) -> Work | None:
    if not _folder().is_dir():
        return None
    turned = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]], float)
    with np.load(_folder() / "body_main.npz") as body, np.load(_folder() / f"g_{size}.npz") as cloth:
        positions, faces = cloth["v"].astype(float) @ turned.T, cloth["f"]
        return Work(positions, faces, _flat(positions, faces), body["v"] @ turned.T, body["f"])


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


def _inside(work: Work, positions: np.ndarray) -> int:
    surface = Surface(work.body_vertices, work.body_faces)
    points = np.concatenate([positions, positions[work.faces].mean(axis=1)])
    return int((~(surface.closest(points).distance >= 0)).sum())


def _crossed(work: Work, positions: np.ndarray) -> int:
    from assets.mesh import edges
    from garments.solvers.proximity import crossings

    return len(crossings(positions, work.faces, edges(work.faces)))


def _faults(work: Work, positions: np.ndarray) -> int:
    if not np.isfinite(positions).all():
        return len(positions)
    return _inside(work, positions) + _crossed(work, positions)


def _told(work: Work, positions: np.ndarray) -> str:
    from assets.mesh import edges

    if not np.isfinite(positions).all():
        return "numbers that are not finite"
    ends = edges(work.faces).T
    before, after = (np.linalg.norm(x[ends[0]] - x[ends[1]], axis=1) for x in (work.positions, positions))
    strain = 100 * np.percentile(after / before - 1, 99)
    return f"{_inside(work, positions)} inside, {_crossed(work, positions)} crossings, p99 strain {strain:.1f} %"


# Our own garments -----------------------------------------------------------------------------------------------------


def _warm_up() -> None:
    from garments.drape import drape

    drape(_garments()["tee and skirt"], _customer(), edge=0.03)


@cache
def _customer():
    from body.estimate import Evidence, estimate

    return estimate(Evidence(height=1.65, mass=65.0, sex=0.0)).body


@cache
def _garments() -> dict[str, tuple]:
    from garments.garment import garment

    tee, dress, skirt = (garment(name, "M", "female") for name in ("tee", "shift_dress", "skirt"))
    return {"tee": (tee,), "dress": (dress,), "skirt": (skirt,), "tee and skirt": (tee, skirt)}


def _edge(garments: tuple, size: str) -> float:
    """The mesh's edge length [m] that gives the first garment as many vertices as the T-shirt has at this size."""
    return EDGES[size] * (garments[0].pattern.area / _garments()["tee"][0].pattern.area) ** 0.5


def _dressed(title: str, garments: tuple, body, size: str, skipped: bool) -> Iterator[Row]:
    from garments.drape import drape

    goal = TO_REST[size] if len(garments) == 1 else None
    claim, sound = "meshed, laid on, draped and checked", "vertices and face centres inside, and crossings"
    tight = "p99 strain off that of our own tight drape"
    if skipped:
        yield row(title, claim, None, "CPU-s", goal, why=SHORT)
        yield row(f"{title} cancel", HEARD, None, "CPU-s", CANCEL, why=SHORT)
        yield row(f"{title} faults", sound, None, "", 0, why=SHORT)
        yield row(f"{title} p99", tight, None, "%", OFF, why=SHORT)
        return
    start, heard = time.process_time(), Heard()
    drapes = drape(garments, body, edge=_edge(garments, size), progress=heard)
    taken, told = time.process_time() - start, [drape.certificate for drape in drapes]
    rest = "holds its certificate" if all(one.holds for one in told) else told[0].reasons or told[-1].reasons
    yield row(title, f"{claim}; {sum(one.cloth.count for one in drapes):,} vertices, {rest}", taken, "CPU-s", goal)
    yield _cancelled(title, heard.until_now())
    faults = sum(one.vertices_inside + one.faces_inside + one.self_crossings + one.crossings for one in told)
    yield row(f"{title} faults", sound, float(faults), "", 0)
    pairs = [(one.strain_p99, other.strain_p99) for one, other in zip(told, _tight(drapes), strict=True)]
    shown = ", ".join(f"{100 * one:.2f} and {100 * other:.2f} %" for one, other in pairs)
    off = max(abs(one / other - 1.0) for one, other in pairs)
    yield row(f"{title} p99", f"{tight} ({shown})", 100 * off, "%", OFF)


def _tight(drapes: tuple) -> list:
    """Certificates of drapes that go on until forces balance to TIGHT."""
    from garments.drape import settled, wear
    from garments.judging import judged

    body, edge = drapes[0].body, drapes[0].edge
    garments, cloths = tuple(one.garment for one in drapes), tuple(one.cloth for one in drapes)
    places = np.concatenate([one.positions.astype(float) for one in drapes])
    worn = wear(garments, cloths, Surface(body.skin.vertices, body.skin.faces), places, edge)
    return [one.certificate for one in judged(settled(worn, enough=TIGHT), body)]


def _switch(body) -> Iterator[Row]:
    from garments.drape import drape
    from garments.garment import garment

    id, longest = "size switch 10k", 0.0
    worn, taken, busy, counts, broken = drape((garment("tee", "M", "female"),), body, edge=TEN), [], [], [], []
    # What earlier rows left behind is collected once, and is no part of a switch, as in the window.
    gc.collect()
    gc.freeze()
    for size in SWITCHES:
        heard, start, used = Heard(), time.perf_counter(), time.process_time()
        worn = drape((garment("tee", size, "female"),), body, edge=TEN, start=worn, progress=heard)
        taken.append(time.perf_counter() - start)
        busy.append(time.process_time() - used)
        longest = max(longest, heard.until_now())
        counts.append(worn[0].cloth.count)
        broken += [f"; {size}: {', '.join(each.certificate.reasons)}" for each in worn if not each.certificate.holds]
    way = f"tee M to {', to '.join(SWITCHES)}, each from the drape before, {min(counts):,} to {max(counts):,} vertices"
    told = f"{way}{''.join(broken)}; median"
    yield row(id, f"{told}, wall time", float(np.median(taken)), "s", SWITCH)
    yield row(f"{id}, slowest", "the slowest of these, wall time", max(taken), "s", SWITCH)
    yield row(f"{id}, processor", f"{told}, all threads", float(np.median(busy)), "CPU-s", SWITCH)
    yield _cancelled(id, longest)


class Heard:
    """Progress that measures how long the work goes on between two looks at whether to stop [CPU-s]."""

    def __init__(self) -> None:
        self.longest, self._last = 0.0, time.thread_time()

    def __call__(self, share: float, words: str) -> None:
        now = time.thread_time()
        self.longest, self._last = max(self.longest, now - self._last), now

    def until_now(self) -> float:
        """The longest, with what was done since it was told last [CPU-s]."""
        self(1.0, "done")
        return self.longest


def _cancelled(title: str, longest: float) -> Row:
    return row(f"{title} cancel", HEARD, longest, "CPU-s", CANCEL)


if __name__ == "__main__":
    run(__doc__, rows)
