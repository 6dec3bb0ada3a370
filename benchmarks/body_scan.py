"""How close a scan's measures come to the person's, on synthetic scans.

    python -m benchmarks.body_scan [--quick] [--json FILE]

The people are synthetic (benchmarks/scans.py): the built-in body in random shapes and poses, all with 2 mm of noise and
holes at soles, armpits, crotch, crown and fingers, turned anyhow, in some unit, some on a floor. "Beyond" adds a smooth
random change of 6 mm (sd) that no shape of the model has; "partial" keeps what one camera in front sees. Real scanners,
real flesh, clothes and hair err in other ways. This is no test of conformity to ISO 20685.
"""

import time
from collections.abc import Iterator

import numpy as np

from assets.errors import InputRefused
from benchmarks.scans import disc, scattered, subject, turned, with_holes
from benchmarks.table import Row, row, run
from body.model import load_model
from body.scan import Scan, ScanFit, fit_scan

SHOWN = ("stature", "bust_girth", "waist_girth", "hip_girth", "thigh_girth", "upper_arm_girth", "crotch_height")
# Mean error that a person with a tape is allowed (ANSUR observer error) [mm].
TAPE = {"stature": 6, "bust_girth": 14, "waist_girth": 12, "hip_girth": 12, "thigh_girth": 6, "crotch_height": 10}
UNITS = (1.0, 0.001, 0.01, 0.0254)


def rows(quick: bool) -> Iterator[Row]:
    count = 2 if quick else 8
    load_model()
    for kind, bumps in (("own", 0.0), ("beyond", 0.006), ("partial", 0.004)):
        errors, inside, covered, wall, cpu = {name: [] for name in SHOWN}, [], [], [], []
        for number in range(count):
            person, scan = _case(number, bumps, kind == "partial")
            start, begun = time.perf_counter(), time.process_time()
            fit = fit_scan(scan, load_model(), float(number % 2))
            wall.append(time.perf_counter() - start)
            cpu.append(time.process_time() - begun)
            covered.append(fit.covered)
            off = _errors(person.measures, fit)
            for name in SHOWN:
                errors[name].append(1000 * off[name])
            inside += [abs(error) < fit.measures[name].sd for name, error in off.items()]
        for name in SHOWN:
            worst = float(np.max(np.abs(errors[name])))
            claim = f"mean error of {count} synthetic scans, worst {worst:.1f}; a tape may err by the goal"
            goal = None if kind == "partial" else TAPE.get(name)
            yield row(f"{kind} {name}", claim, float(np.mean(np.abs(errors[name]))), "mm", goal)
        yield row(f"{kind} honest sd", "share of all measures within one sd", float(np.mean(inside)), "", 0.68, ">=")
        yield row(f"{kind} seen", "share of the body that the scan shows", float(np.mean(covered)), "")
        yield row(f"{kind} wall", "from points to measures, the slowest", float(np.max(wall)), "s")
        yield row(f"{kind} cpu", "the same, mean processor time", float(np.mean(cpu)), "s", 30)
    claim = "share of posts and balls of a person's size that are refused"
    yield row("posts refused", claim, _refused(2 if quick else 6), "", 1.0, ">=")


def _case(number: int, bumps: float, partial: bool):
    """A person and their scan; every third on a turntable, every third on a floor."""
    rng = np.random.default_rng(100 + number)
    arms = (45.0, 0.0, 70.0, 30.0, 60.0)[number % 5]
    person = with_holes(subject(load_model(), rng, sex=float(number % 2), arms=arms, bumps=bumps))
    points, normals = scattered(person.vertices, person.faces, 120_000, rng)
    if partial:
        points = points[normals[:, 2] > 0.1]
    points = points + rng.normal(size=points.shape) * 0.002
    ground = (np.zeros((0, 3)), disc(0.3, 0.0), disc(1.0, 0.0, 0.02))[number % 3]
    unit = UNITS[number % len(UNITS)]
    return person, Scan(turned(np.concatenate([points, ground]), unit, rng), name=f"scan {number}")


def _errors(true, fit: ScanFit) -> dict[str, float]:
    return {name: fit.measures.value(name) - item.value for name, item in true.items() if name != "mass"}


def _refused(count: int) -> float:
    """Cylinders and ellipsoids as tall as people."""
    rng = np.random.default_rng(0)
    refused = 0
    for number in range(count):
        way = rng.normal(size=(20_000, 3))
        way /= np.linalg.norm(way, axis=1, keepdims=True)
        round_ = way * np.array([0.25, 0.85, 0.25]) * rng.uniform(0.9, 1.1, 3)
        post = np.stack([0.2 * way[:, 0], rng.uniform(0, 1.7, len(way)), 0.2 * way[:, 2]], axis=1)
        post[:, [0, 2]] /= np.maximum(np.linalg.norm(way[:, [0, 2]], axis=1, keepdims=True), 1e-9)
        try:
            fit_scan(Scan(round_ if number % 2 else post, name="post"), load_model())
        except InputRefused:
            refused += 1
    return refused / count


if __name__ == "__main__":
    run(__doc__, rows)
