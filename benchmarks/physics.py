"""The solver against physics: strips, sheets, slopes, weights and Cusick's disc, with the tolerances of the trade.

    python -m benchmarks.physics [--quick] [--json FILE]

Cantilevers against the heavy elastica (theta'' = -G (1 - s) cos theta, G = rho g L^3 / B; Bickley 1934); the bending
length of ASTM D1388 and ISO 9073-7; hanging and pulled strips against Hooke; a slope against Coulomb; the weight that
is carried against m g; Cusick's drape coefficient (ISO 9073-9) by stiffness and by mesh. Rows tell the largest error.
"""

from collections.abc import Iterator

import numpy as np

from benchmarks.table import Row, row, run

ALONG = {"weft": 0.0, "warp": np.pi / 2, "bias": np.pi / 4}
ELASTICA = {0.1: 0.0125, 1.0: 0.1246, 5.0: 0.586, 10.0: 1.067, 50.0: 3.706, 100.0: 5.888}
SHEETS = {"5k": 5_000, "15k": 15_000, "40k": 40_000}
FAST_LOADS = (4.9, 19.6, 98.1)
DENSITY, G = 0.2, 9.81


def rows(quick: bool) -> Iterator[Row]:
    yield from cantilevers(quick)
    yield bending_length(quick)
    yield from hanging(quick)
    yield from pulled()
    yield from incline(quick)
    yield force_balance(quick)
    yield from cusick(quick)
    yield from tight_tolerance(quick)


def cantilevers(quick: bool) -> Iterator[Row]:
    for along in ALONG:
        loads = (0.1, 10.0, 100.0) if quick else tuple(ELASTICA)
        worst = max(abs(_droop(along, load) / ELASTICA[load] - 1.0) for load in loads)
        claim = f"cantilever along the {along}: drop over width, G = 0.1 to 100, off the elastica"
        yield row(f"cantilever {along}", claim, 100 * worst, "%", 3.0)


def bending_length(quick: bool) -> Row:
    """Push a strip over the edge until its chord falls 41.5 degrees; B from half the overhang."""
    worst = 0.0
    for rigidity in (4e-6, 190e-6) if quick else (1e-6, 4e-6, 30e-6, 190e-6):
        low, high = (factor * (rigidity / (DENSITY * G)) ** (1 / 3) for factor in (1.6, 2.4))
        for _ in range(7):
            middle = 0.5 * (low + high)
            drop = hangs("weft", middle, dict.fromkeys(ALONG, rigidity))
            low, high = (middle, high) if np.degrees(np.arctan(drop)) < 41.5 else (low, middle)
        found = DENSITY * G * (0.25 * (low + high)) ** 3
        worst = max(worst, abs(found / rigidity - 1.0))
    return row("bending length", "ASTM D1388: B from half the overhang at 41.5 degrees", 100 * worst, "%", 3.0)


def hanging(quick: bool) -> Iterator[Row]:
    """The largest strain of a sheet that hangs from its upper hem."""
    told = {}
    for name, count in SHEETS.items():
        claim = f"hanging sheet, {name}: largest strain off rho g L / K"
        if quick and name != "5k":
            yield row(f"hanging {name}", claim, None, "%", 2.0, why="--quick")
            continue
        told[name] = _hanging_strain(np.sqrt(0.6 * 0.3 / count * 2 / np.sqrt(3)))
        expected = DENSITY * G * 0.6 / 100.0
        yield row(f"hanging {name}", claim, 100 * abs(told[name] / expected - 1), "%", 2.0)
    spread = (max(told.values()) / min(told.values()) - 1) if len(told) > 1 else None
    claim = "hanging sheet: largest strain, most over least of the three meshes"
    yield row("hanging meshes", claim, None if spread is None else 100 * spread, "%", 2.0, why="--quick")


def pulled() -> Iterator[Row]:
    """Strips of measured fabrics pulled by the loads of FAST, along their measured curves."""
    from garments.fabric import fabrics

    for load in FAST_LOADS:
        worst = 0.0
        for name in ("royal_target", "gray_interlock", "wool_suiting"):
            cloth = fabrics()[name]
            for along, curve in (("weft", cloth.stretch_weft), ("warp", cloth.stretch_warp)):
                strain = _pulled_strain(cloth, along, load)
                worst = max(worst, abs(strain / curve.strain_at(load) - 1.0))
        yield row(f"pulled {load}", f"a strip at {load} N/m: strain off the measured curve", 100 * worst, "%", 2.0)


def incline(quick: bool) -> Iterator[Row]:
    for friction in (0.3,) if quick else (0.2, 0.35, 0.5):
        low, high = 0.9 * friction, 1.1 * friction
        for _ in range(6):
            slope = 0.5 * (low + high)
            low, high = (low, slope) if _slides(friction, slope) else (slope, high)
        off = abs(0.5 * (low + high) / friction - 1.0)
        yield row(f"incline {friction}", f"a patch with friction {friction} slips at tan(angle)", 100 * off, "%", 2.0)


def force_balance(quick: bool) -> Row:
    from garments.solvers.implicit import Solver
    from tests.garments.sheets import at_rest, strip
    from tests.garments.test_physics import KNIT, ball

    worst = 0.0
    for density in (0.2,) if quick else (0.03, 0.2, 0.5):
        positions, sheet = strip(0.3, 0.3, 0.015, at=(-0.15, 0.104, 0.15), stretch=KNIT, density=density)
        _, balance = at_rest(Solver(sheet, ball(0.1)), positions, goal=1e-3)
        worst = max(worst, abs(balance.carried - 1.0))
    return row("balance", "cloth on a ball: contact and friction carry its weight", 100 * worst, "%", 1.0)


def cusick(quick: bool) -> Iterator[Row]:
    """The drape coefficient grows with the bending length, and hardly changes with the mesh."""
    from garments.drapemeter import fall

    lengths = (0.012, 0.02, 0.032) if quick else (0.010, 0.014, 0.020, 0.026, 0.032, 0.044)
    told = [_mean(fall(_like(length), edge=0.006, seed=seed).coefficient for seed in range(1 if quick else 2))
            for length in lengths]  # fmt: skip
    rise = min(np.diff(told))
    shown = ", ".join(f"{100 * c:.1f} cm: {dc:.0f} %" for c, dc in zip(lengths, told, strict=True))
    yield row("cusick grows", f"least rise of the drape coefficient with c ({shown})", rise, "points", 0.0, ">=")
    claim = "drape coefficient at c = 2.0 cm: 20k off 5k vertices"
    if quick:
        yield row("cusick meshes", claim, None, "points", 3.0, why="--quick")
        return
    coarse = fall(_like(0.02), edge=3.4e-3, near=fall(_like(0.02), edge=7e-3))
    fine = fall(_like(0.02), edge=1.7e-3, near=coarse)
    shown = ", ".join(f"{len(one.flat):,}: {one.coefficient:.1f} %" for one in (coarse, fine))
    yield row("cusick meshes", f"{claim} ({shown})", abs(fine.coefficient - coarse.coefficient), "points", 3.0)


def tight_tolerance(quick: bool) -> Iterator[Row]:
    """Strains of a drape against those of the same drape solved ten times longer and a hundred times closer."""
    from garments.drape import settle
    from garments.solvers.implicit import Solver
    from tests.garments.sheets import strip
    from tests.garments.test_physics import KNIT, ball

    for name, curves in {"knit": KNIT, "woven": [[2017, 2110, 0.04], [2035, 2153, 0.04], [45, 45, 0.04]]}.items():
        positions, sheet = strip(0.5, 0.5, 0.02 if quick else 0.012, at=(-0.25, 0.104, 0.25), stretch=curves)
        solver = Solver(sheet, ball(0.1))
        ours = settle(solver, positions)
        tight = ours
        for _ in range(300 if quick else 800):
            tight = solver.step(tight, 0.05, iterations=6)
            if solver.balance(tight).residual < 1e-5:
                break
        one, two = (_p99(solver, state) for state in (ours, tight))
        off = 100 * abs(one / two - 1.0)
        claim = f"{name} over a ball: p99 strain off our own tight solution ({100 * one:.2f} and {100 * two:.2f} %)"
        yield row(f"p99 {name}", claim, off, "%", 25.0)


def _droop(along: str, load: float) -> float:
    rigidity = {"weft": 4e-5, "warp": 2e-5, "bias": 3e-5}
    if along == "bias":  # only a cloth that is as stiff all ways bends as the elastica there
        rigidity = dict.fromkeys(rigidity, 3e-5)
    return hangs(along, (load * rigidity[along] / (DENSITY * G)) ** (1 / 3), rigidity)


def hangs(along: str, length: float, rigidity: dict[str, float], steps: int = 200) -> float:
    """Drop over width of a cantilever of this free length [m]; the hinge on the last held row bends over half a row on
    either side, where the free length starts."""
    from garments.solvers.implicit import Solver
    from tests.garments.sheets import at_rest, strip

    step = length / 24.5
    bending = [rigidity["weft"], rigidity["warp"], rigidity["bias"]]
    positions, sheet = strip(26 * step, 5 * step, step / np.sqrt(0.75), ALONG[along], bending=bending, density=DENSITY)
    state, _ = at_rest(Solver(sheet, pinned=positions[:, 0] < 2.001 * step), positions, steps=steps, goal=1e-5)
    tip = state.positions[positions[:, 0] > 25.999 * step].mean(axis=0)
    return float(-tip[1] / (tip[0] - 1.5 * step))


def _hanging_strain(edge: float) -> float:
    from garments.solvers import membrane
    from garments.solvers.implicit import Solver
    from tests.garments.sheets import at_rest, strip

    stretch = [[100.0, 100.0, 0.1]] * 2 + [[40.0, 40.0, 0.1]]
    positions, sheet = strip(0.6, 0.3, edge, stretch=stretch, density=DENSITY)
    down = np.stack([positions[:, 2], -positions[:, 0], np.zeros(len(positions))], axis=1)
    solver = Solver(sheet, pinned=positions[:, 0] == 0)
    state, _ = at_rest(solver, down)
    felt = np.zeros((len(sheet.faces), 6))
    membrane.strains(state.positions, sheet.faces, solver.gradients, sheet.stretch, felt)
    # The strain falls evenly with the height: the line through all faces, at the upper hem.
    below = 0.6 - positions[sheet.faces, 0].mean(axis=1)
    return float(np.polyval(np.polyfit(below, felt[:, 0], 1), 0.6))


def _pulled_strain(cloth, along: str, load: float) -> float:
    from tests.garments.test_physics import _strain_of_pulled_strip

    return _strain_of_pulled_strip(load, along, [list(cloth.stretch_weft), list(cloth.stretch_warp), list(cloth.shear)])


def _slides(friction: float, slope: float) -> bool:
    from garments.solvers.implicit import Solver
    from tests.garments.sheets import strip
    from tests.garments.test_physics import box

    positions, sheet = strip(0.06, 0.06, 0.02, at=(0.0, 0.00225, 0.0), friction=friction)
    angle = np.arctan(slope)
    solver = Solver(sheet, box(2.0), gravity=(G * np.sin(angle), -G * np.cos(angle), 0.0))
    state = solver.start(positions)
    for _ in range(20):
        state = solver.step(state, 0.05)
    return float(state.velocities[:, 0].mean()) > 5e-3


def _like(length: float):
    """A shirting of 150 g/m2 with this bending length [m]."""
    from dataclasses import replace

    from garments.fabric import fabrics

    rigidity = 0.15 * G * length**3
    bent = {f"bending_{way}": rigidity for way in ("warp", "weft", "bias")}
    return replace(fabrics()["oxford"], density=0.15, **bent)


def _p99(solver, state) -> float:
    from garments.solvers import membrane

    felt = np.zeros((len(solver.sheet.faces), 6))
    membrane.strains(state.positions, solver.sheet.faces, solver.gradients, solver.sheet.stretch, felt)
    return float(np.percentile(felt[:, :2].max(axis=1), 99))


def _mean(values) -> float:
    return float(np.mean(list(values)))


if __name__ == "__main__":
    run(__doc__, rows)
