"""How well bodies are known and shown: the tape, bodies from tapes, people from numbers, intervals, seconds.

    python -m benchmarks.body [--quick] [--json FILE]

People are rows of ANSUR II (US Army NATICK/TR-15/007). In (b) they are the fifth that no coefficient of Toile was
fitted on, and beside them synthetic people far beyond the survey's; in (c) and (e) each fifth is predicted from the
other four. Widths in (e) are simulated: the survey's own with noise. Figures of others are as published, on their own
data; nothing here runs them.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import ConvexHull
from scipy.special import ellipe

from assets.mesh import edges
from benchmarks.survey import FOUR, SEXES, UNTAPED, People, numbers
from benchmarks.table import Row, row, run
from body.building.population import HELD_OUT, fold, read
from body.measurements import MEASURES
from body.population import population
from body.tape import Figure, Moving, cut, unit

if TYPE_CHECKING:
    from body.estimate import Estimate
    from body.model import BodyModel
    from body.photo import PhotoFit

GIRTHS = ("bust_girth", "navel_girth", "hip_girth", "thigh_girth", "calf_girth", "neck_girth", "upper_arm_girth")
HEIGHTS = ("stature", "cervicale_height", "bust_height", "crotch_height", "knee_height")
# What others reach with the same targets, for comparison: anny (M), and two trained people with one tape (P).
TAPED = "anny with 24 local changes 0.3 mean; a trained tape 6 to 14"
TAPED_MORE = {
    "girths": "anny 2 to 6 mean; a trained tape 4 to 14",
    "heights": "anny 2 to 6 mean; a trained tape 6 to 11",
}
STATURES, BMIS = (1.45, 2.05), (16.0, 45.0)
# Benchmarks of the other rooms of the body; their rows are told with these.
OTHERS = ("body_photos", "body_scan", "body_poses")


def rows(quick: bool) -> Iterator[Row]:
    yield from _tape()
    yield from _extremes(2 if quick else 6)
    folder = Path(os.environ.get("TOILE_DATA", "../shared/data")) / "ansur"
    if folder.is_dir():
        people = [read(folder / f"{sex}_half.csv", sex) for sex in SEXES]
        yield from _bodies(people, 3 if quick else 40)
        for which in (0, 1):
            yield from numbers(people, which, 8 if quick else 1)
    else:
        yield row("b, c, e", "people of the survey", None, "mm", why=f"the survey's rows are not in {folder}")
    yield from _seconds()
    yield from _others(quick)


def _tape() -> Iterator[Row]:
    """(a) The tape on tubes whose girth is known, and on bodies against scipy's hull and finite differences."""
    still = unit(Moving(np.array([0.0, 1.0, 0.0]), np.zeros((3, 0))))
    slant = unit(Moving(np.array([0.6, 1.0, 0.0]), np.zeros((3, 0))))
    for name, across, deep, normal in (
        ("cylinder", 0.15, 0.15, still),
        ("ellipse", 0.17, 0.11, still),
        ("cylinder cut at 31 degrees", 0.05, 0.05, slant),
    ):
        figure, lines = _tube(across, deep)
        found = float(cut(figure, lines, Moving(np.array([0, 0.003, 0]), np.zeros((3, 0))), normal).girth().value)
        longer = across / normal.value[1]
        true = 4 * max(longer, deep) * ellipe(1 - (min(longer, deep) / max(longer, deep)) ** 2)
        yield row(f"a {name}", "girth against the formula", 1000 * abs(found - true), "mm", 0.1)
    hull, slope = _against_hull()
    yield row(
        "a scipy",
        "girths of 4 bodies against scipy's hull, worst (72 directions of Cauchy's formula: 0.3)",
        1000 * hull,
        "mm",
        0.01,
    )
    yield row("a slopes", "all measures moved by their slopes against measured anew, worst", 1000 * slope, "mm", 1.0)


def _tube(across: float, deep: float, sides: int = 720) -> tuple[Figure, np.ndarray]:
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    ring = np.stack([across * np.sin(angle), np.zeros(sides), deep * np.cos(angle)], axis=1)
    wall = (ring + np.linspace(-0.4, 0.4, 17)[:, None, None] * [0, 1, 0]).reshape(-1, 3)
    k, level = np.meshgrid(np.arange(sides), np.arange(16) * sides)
    a, b = (level + k).ravel(), (level + (k + 1) % sides).ravel()
    faces = np.concatenate([np.stack([a, b, a + sides], 1), np.stack([b, b + sides, a + sides], 1)])
    return Figure.still(wall), edges(faces)


def _against_hull() -> tuple[float, float]:
    """The worst gap [m] of girths to the hull of the points where their tape lies, and of values foretold by slopes."""
    from body.measure import ruler
    from body.model import load_model
    from body.poses import STANDING

    model, rng = load_model(), np.random.default_rng(2)
    hull, foretold = [0.0], [0.0]
    for sex in (0.0, 1.0, 0.0, 1.0):
        mean, covariance = model.prior(sex)
        spread = np.linalg.cholesky(covariance)
        betas = mean + 0.7 * spread @ rng.normal(size=len(mean))
        values, surface = ruler(model).values(betas, sex), model.body(betas, STANDING).vertices.astype(float)
        for name, path in ruler(model).paths(betas, names=("waist_girth", "hip_girth", "bust_girth")).items():
            points = path[0].on(surface)[:-1]
            hull.append(abs(ConvexHull(points[:, [0, 2]]).area - values[name]))
        step = 0.02 * spread @ rng.normal(size=len(mean))
        reading, after = ruler(model).read(betas, sex), ruler(model).read(betas + step, sex).values
        gap = np.abs(reading.values + reading.slopes @ step - after)
        foretold.append(float(gap[[name != "mass" for name in ruler(model).names]].max()))
    return max(hull), max(foretold)


def _bodies(people: list[People], count: int) -> Iterator[Row]:
    """(b) Bodies of people held out, from 4 and from 12 taped measures; `count` women and as many men."""
    for which, sex in enumerate(SEXES):
        held = fold(people[which], HELD_OUT, inside=True)
        chosen = np.linspace(0, len(held["mass"]) - 1, count).astype(int)
        found = [
            _body({name: float(values[k]) for name, values in held.items()}, which, float(held["age"][k]))
            for k in chosen
        ]
        yield from _reached(f"b {sex}", f"{len(found)} held-out rows", found)
        apart = float(np.mean([body.follows for body in found]))
        floor = "anny's phenotypes and local changes alone: thighs 26 to 41 mm thin, crotch 23 to 41 mm low"
        yield row(f"b {sex} follows", f"measures not taped, from statistics ({floor})", apart, "sd", 0.7)
        heavy = 100 * abs(float(np.mean([body.heavy for body in found])))
        claim = "weight of the body's volume, mean error (uncalibrated: 7 % light for men, 10 % for women)"
        yield row(f"b {sex} weight", claim, heavy, "%", 3.0)


def _extremes(steps: int) -> Iterator[Row]:
    """(b) Synthetic people of all heights and weights, the rest of them drawn as the statistics expect it there."""
    from body.population import IMPOSSIBLE

    everybody = population()
    for which, sex in enumerate(SEXES):
        rng, found = np.random.default_rng(5), []
        for stature, bmi in product(np.linspace(*STATURES, steps), np.geomspace(*BMIS, steps)):
            known = {"stature": (stature, 1e-3), "mass": (bmi * stature**2, 1e-2)}
            given = everybody.posterior(known, which)
            while True:
                drawn = np.exp(rng.multivariate_normal(given.mean, given.covariance, method="eigh"))
                person = dict(zip(given.names, drawn.tolist(), strict=True))
                person |= {name: float(value) for name, (value, _) in known.items()}
                tapes = {name: (person[name], MEASURES[name].tape_sd) for name in (*GIRTHS, *HEIGHTS, "mass")}
                if not everybody.surprises(tapes, which, None, IMPOSSIBLE):
                    break
            found.append(_body(person, which, None))
        told = f"{len(found)} synthetic people of BMI {BMIS[0]:.0f} to {BMIS[1]:.0f}"
        told += f" and {STATURES[0]:.2f} to {STATURES[1]:.2f} m"
        yield from _reached(f"b {sex} extreme", told, found)


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """What bodies from 4 and from 12 tapes leave of one person's: errors [m]; whether shapes alone did not do; how far
    measures that nobody taped are from the statistics [sd]; how much too heavy the volume is (share)."""

    four: np.ndarray
    girths: np.ndarray
    heights: np.ndarray
    layered: bool
    follows: float
    heavy: float


def _body(person: dict[str, float], which: int, age: float | None) -> Reached:
    from body.estimate import Evidence, estimate
    from body.measure import measure

    def made(names: tuple[str, ...]) -> Estimate:
        tapes = {name: person[name] for name in names if name != "stature"}
        return estimate(Evidence(person["stature"], person["mass"], which, age, tapes))

    def off(shown: dict[str, float], names: tuple[str, ...]) -> np.ndarray:
        return np.array([abs(shown[name] - person[name]) for name in names])

    few, many = made(FOUR), made((*GIRTHS, *HEIGHTS))
    first, second = (measure(one.body, which).numbers() for one in (few, many))
    told = few.measurements
    return Reached(
        off(first, FOUR),
        off(second, GIRTHS),
        off(second, HEIGHTS),
        few.body.detail is not None,
        float(np.mean([abs(first[name] - told.value(name)) / told[name].sd for name in UNTAPED])),
        first["mass"] / person["mass"] - 1,
    )


def _reached(id: str, who: str, found: list[Reached]) -> Iterator[Row]:
    told = f"height, chest, waist, hip as taped, {who} ({TAPED})"
    four = 1000 * np.stack([body.four for body in found])
    yield row(f"{id} 4 mean", told, float(four.mean()), "mm", 1.0)
    yield row(f"{id} 4 worst", "the same, the worst", float(four.max()), "mm", 5.0)
    for kind, names, goal in (("girths", GIRTHS, 5.0), ("heights", HEIGHTS, 8.0)):
        off = 1000 * np.stack([getattr(body, kind) for body in found])
        told = f"{len(names)} {kind} of 12 as taped, {who} ({TAPED_MORE[kind]})"
        yield row(f"{id} 12 {kind} mean", told, float(off.mean()), "mm", goal)
        yield row(f"{id} 12 {kind} worst", "the same, the worst", float(off.max()), "mm")
    layered = 100 * float(np.mean([body.layered for body in found]))
    yield row(f"{id} 4 layer", "people whose 4 tapes need the local layer, beyond what shapes can", layered, "%")


def _seconds() -> Iterator[Row]:
    """(f) Wall and processor seconds of each stage, the quickest of a few."""
    from body.estimate import Evidence, estimate
    from body.measure import Ruler, ruler
    from body.model import load_model
    from body.models.builtin import load_builtin

    load_builtin("cpu")
    start = time.perf_counter()
    load_builtin("cpu")
    yield row("f load", "the body model from its file, wall", time.perf_counter() - start, "s", 0.3)
    model = load_model()
    betas, tool, some = model.prior(0.0)[0], ruler(model), Ruler.names[:25]
    told = Evidence(1.68, 64.0, 0.0, 35.0, {"bust_girth": 0.92, "waist_girth": 0.76, "hip_girth": 1.0})
    known = {"stature": (1.68, 0.006), "mass": (64.0, 1.0)}
    stages: tuple[tuple[str, str, Callable[[], object], float | None], ...] = (
        ("statistics", "all measures from height and weight", lambda: population().given(known, 0.0, 35.0), None),
        (
            "25 measures",
            "the first 25 of the table (clad-body: 0.8 s)",
            lambda: tool.values(betas, 0.0, names=some),
            0.030,
        ),
        ("table", "all measures of the table", lambda: tool.values(betas, 0.0), 0.100),
        ("table with slopes", "all measures and how they move", lambda: tool.read(betas, 0.0), 0.100),
        ("tape lines", "where every tape lies", lambda: tool.paths(betas), None),
        ("estimate", "a body from numbers and three tapes", lambda: estimate(told, model), 3.0),
        *_sights(model, betas),
    )
    for name, claim, work, goal in stages:
        wall, processor = _took(work)
        yield row(f"f {name} wall", f"{claim}, wall", wall, "s", goal)
        yield row(f"f {name} CPU", f"{claim}, processor", processor, "s")


def _sights(model: BodyModel, betas: np.ndarray) -> list[tuple[str, str, Callable[[], object], None]]:
    """The stages of photos, after the finder."""
    from body.building.viewing import view
    from body.estimate import Evidence, check_numbers, likely_shape
    from body.observed import look
    from body.photo import fit_photo

    tapes = check_numbers(Evidence(1.65, 62.0, 0.0, 35.0))
    before = population().posterior({name: (item.value, item.sd) for name, item in tapes.items()}, 0.0, 35.0)
    first = likely_shape(model, tapes, before)
    prior = first.betas, first.covariance
    shown = [view(model, betas, yaw) for yaw in (0, -90)]

    def seen(number: int) -> PhotoFit:
        return fit_photo(shown[number].person, shown[number].frame, 1.65, model, prior)

    fits = [seen(0), seen(1)]
    return [
        ("photo", "one photo's camera, pose and outline", lambda: seen(0), None),
        ("photos", "two photos weighed against all else", lambda: look(model, first, before, fits), None),
    ]


def _took(work: Callable[[], object]) -> tuple[float, float]:
    times = []
    for _ in range(5):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        times.append((time.perf_counter() - wall, time.process_time() - processor))
    return min(wall for wall, _ in times), min(processor for _, processor in times)


def _others(quick: bool) -> Iterator[Row]:
    """The rows of the body's other benchmarks; a taste leaves them out."""
    for name in OTHERS:
        module = f"benchmarks.{name}"
        if importlib.util.find_spec(module) is None:
            yield row(name, "rows of another benchmark", None, "", why="not part of this version")
        elif quick:
            yield row(name, "rows of another benchmark", None, "", why=f"run python -m {module}, or without --quick")
        else:
            yield from ({**told, "id": f"{name} {told['id']}"} for told in importlib.import_module(module).rows(quick))


if __name__ == "__main__":
    run(__doc__, rows)
