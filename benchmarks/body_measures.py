"""How well measures are known: from height and weight, with tapes, with torso widths; and how well the body shows them.

    python -m benchmarks.body_measures [--quick] [--json FILE]

People are rows of ANSUR II (US Army NATICK/TR-15/007), each half predicted from the other half's statistics. The floor
is plain linear regression from sex, age, height and weight on the same halves; elsewhere on this survey it was 21.9 /
31.0 / 19.7 mm for men's chest, waist at the navel and hip, 32.9 / 36.5 / 22.2 for women's.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.table import Row, row, run
from body.building.population import read, statistics
from body.measurements import MEASURES
from body.population import Population

SEXES = ("female", "male")
# The survey's rows have their chest breadth worked out from girth and depth: it must not give the girth away.
CHEST_FORM = 0.04
MAIN = ("bust_girth", "navel_girth", "hip_girth")
TAPES = ("bust_girth", "navel_girth", "hip_girth", "crotch_height")
TORSO = tuple(f"{level}_{way}" for level in ("chest", "navel", "hip") for way in ("breadth", "depth"))
UNTAPED = (
    "thigh_girth",
    "calf_girth",
    "neck_girth",
    "upper_arm_girth",
    "arm_length",
    "bust_height",
    "back_neck_to_waist",
)
People = dict[str, np.ndarray]


def rows(quick: bool) -> Iterator[Row]:
    folder = Path(os.environ.get("TOILE_DATA", "../shared/data")) / "ansur"
    if not folder.is_dir():
        yield row("body measures", f"not measured: the survey's rows are not in {folder}", None, "mm")
        return
    halves = [_halves(folder, sex) for sex in SEXES]
    for which in (0, 1):
        yield from _statistics(halves, which, 8 if quick else 1)
    yield from _bodies(halves, 12 if quick else 60)
    yield from _reach(halves, 4 if quick else 30)


def _statistics(halves: list[tuple[People, People]], which: int, step: int) -> Iterator[Row]:
    """What is known without a body: from numbers, with tapes, with torso widths."""
    sex = SEXES[which]
    numbers = _errors(halves, which, ("stature", "mass"), step)
    for name in MAIN:
        floor = 1000 * _floor(halves[which], name, step)
        yield row(f"{sex} {name} numbers", "no worse than plain regression", _mean(numbers[name]), "mm", floor * 1.01)
    inside = np.concatenate([np.abs(numbers[name][0]) < numbers[name][1] for name in MAIN])
    yield row(f"{sex} honest sd", "share of errors within one sd (0.68 promised)", float(inside.mean()), "", 0.66, ">=")
    taped = _errors(halves, which, ("stature", "mass", *TAPES), step)
    for name in UNTAPED:
        goal = _mean(numbers[name]) * 1.01
        yield row(f"{sex} {name} 4 tapes", "no worse than from numbers alone", _mean(taped[name]), "mm", goal)
    for noise, gain in ((0.010, 0.97), (0.020, 1.0)):
        seen = _errors(halves, which, ("stature", "mass", *TORSO), step, noise)
        for name in MAIN:
            claim = f"a photo with {1000 * noise:.0f} mm noise helps"
            error, goal = _mean(seen[name]), _mean(numbers[name]) * gain
            yield row(f"{sex} {name} torso {1000 * noise:.0f}", claim, error, "mm", goal)


def _mean(found: tuple[np.ndarray, np.ndarray]) -> float:
    """Mean absolute error [mm]."""
    return 1000 * float(np.abs(found[0]).mean())


def _halves(folder: Path, sex: str) -> tuple[People, People]:
    people = read(folder / f"{sex}_half.csv", sex)
    return (
        {name: value[0::2] for name, value in people.items()},
        {name: value[1::2] for name, value in people.items()},
    )


def _population(women: People, men: People) -> Population:
    parts = [statistics(women, "female"), statistics(men, "male")]
    means, covariances = ([part[key] for part in parts] for key in ("mean", "covariance"))
    return Population(tuple(parts[0]["names"]), (means[0], means[1]), (covariances[0], covariances[1]))


def _errors(
    halves: list[tuple[People, People]], which: int, given: tuple[str, ...], step: int, noise: float = 0.0
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Error and promised sd [m] of every measure of everybody, from the measures `given` (noise on the torso)."""
    rng = np.random.default_rng(0)
    found: dict[str, list[tuple[float, float]]] = {}
    for other in (0, 1):
        people = _population(halves[0][other], halves[1][other])
        tested = halves[which][1 - other]
        for k in range(0, len(tested["mass"]), step):
            known = {}
            for name in given:
                error = noise if name in TORSO else MEASURES[name].tape_sd
                form = np.exp(rng.normal() * CHEST_FORM) if name == "chest_breadth" else 1.0
                known[name] = (tested[name][k] * form + rng.normal() * noise * (name in TORSO), error)
            for name, (value, sd) in people.given(known, float(which), tested["age"][k]).items():
                found.setdefault(name, []).append((value - tested[name][k], sd))
    return {name: (np.array(pairs)[:, 0], np.array(pairs)[:, 1]) for name, pairs in found.items()}


def _floor(halves: tuple[People, People], name: str, step: int) -> float:
    """Mean error [m] of linear regression on height, weight and age, each half from the other."""
    errors = []
    for known, tested in (halves, halves[::-1]):
        inputs = [
            np.stack([np.ones(len(p["mass"])), p["stature"], p["mass"], p["age"]], axis=1) for p in (known, tested)
        ]
        weights = np.linalg.lstsq(inputs[0], known[name], rcond=None)[0]
        errors.append(np.abs(inputs[1] @ weights - tested[name])[::step])
    return float(np.concatenate(errors).mean())


def _bodies(halves: list[tuple[People, People]], count: int) -> Iterator[Row]:
    """How well the built-in body meets tapes and statistics."""
    from body.estimate import Evidence, estimate
    from body.measure import measure

    tapes = ("bust_girth", "waist_girth", "hip_girth", "crotch_height")
    off: dict[str, list[float]] = {"tapes": [], "main": [], "female": [], "male": []}
    took: list[float] = []
    for which in (0, 1):
        people = halves[which][1]
        for k in np.linspace(0, len(people["mass"]) - 1, count // 2).astype(int):
            stated = {name: float(people[name][k]) for name in tapes}
            start = time.perf_counter()
            person = estimate(Evidence(people["stature"][k], people["mass"][k], which, people["age"][k], stated))
            took.append(time.perf_counter() - start)
            shown = measure(person.body, which).numbers()
            off["tapes"] += [abs(shown[name] - stated[name]) for name in tapes]
            told = person.measurements
            off["main"] += [abs(shown[name] - told.value(name)) / told[name].sd for name in UNTAPED]
            off[SEXES[which]].append(shown["mass"] / people["mass"][k] - 1)
    tape = "girths and inseam as taped"
    yield row("body meets tapes, median", tape, 1000 * float(np.median(off["tapes"])), "mm", 1.0)
    yield row("body meets tapes, worst", tape, 1000 * max(off["tapes"]), "mm", 5.0)
    yield row(
        "body follows statistics", "untaped measures, mean distance in sd", float(np.mean(off["main"])), "sd", 0.7
    )
    for sex in SEXES:
        yield row(
            f"{sex} weight of the body", "mean error, girths right", 100 * abs(float(np.mean(off[sex]))), "%", 3.0
        )
    yield row("estimate", "numbers and four tapes, the quickest", min(took), "s", 3.0)
    yield row("measure", "the whole table", _seconds(lambda: measure(person.body)), "s", 0.3)


FOUR = ("stature", "bust_girth", "waist_girth", "hip_girth")
TWELVE = (
    *FOUR, "cervicale_height", "bust_height", "crotch_height", "knee_height", "neck_girth", "thigh_girth", "calf_girth",
    "upper_arm_girth",
)  # fmt: skip


def _reach(halves: list[tuple[People, People]], count: int) -> Iterator[Row]:
    """How near the shapes come to four and to twelve measures at once: of people, and of extremes as the statistics
    have them, 1.45 to 2.05 m at BMI 16 to 45."""
    from body.population import population

    for which, sex in enumerate(SEXES):
        people = halves[which][1]
        chosen = np.linspace(0, len(people["mass"]) - 1, count).astype(int)
        extremes = []
        for stature in np.linspace(1.45, 2.05, 3 if count < 10 else 5):
            for bmi in (16, 28, 45) if count < 10 else (16, 20, 28, 36, 45):
                known = {"stature": (stature, 1e-3), "mass": (bmi * stature**2, 1e-2)}
                given = population().posterior(known, float(which)).estimates()
                extremes.append({name: value for name, (value, _) in given.items()})
        rows = [{name: float(people[name][k]) for name in TWELVE} for k in chosen]
        for kind, wanted in (("people", rows), ("extremes", extremes)):
            four, twelve = (_misses(wanted, names, float(which)) for names in (FOUR, TWELVE))
            girths = np.array([name.endswith("girth") for name in TWELVE])
            title = f"{sex} {kind}"
            yield row(f"{title} 4, mean", "height, chest, waist, hip met", four.mean(), "mm", 1.0)
            yield row(f"{title} 4, worst", "height, chest, waist, hip met", four.max(), "mm", 5.0)
            yield row(f"{title} 12 girths", "seven girths of twelve at once, mean", twelve[:, girths].mean(), "mm", 5.0)
            yield row(
                f"{title} 12 heights", "five heights of twelve at once, mean", twelve[:, ~girths].mean(), "mm", 8.0
            )
            yield row(f"{title} 12 worst", "twelve at once, the worst of all", twelve.max(), "mm")


def _misses(wanted: list[dict[str, float]], names: tuple[str, ...], sex: float) -> np.ndarray:
    """How far off each measure of the fitted shapes is [mm], [people, measures]."""
    from body.measure import ruler
    from body.model import load_model
    from body.shape import fit_shape

    tight = {name: 0.001 if name.endswith("girth") else 0.002 for name in names}
    found = []
    for person in wanted:
        shape = fit_shape(ruler(load_model()), {name: (person[name], tight[name]) for name in names}, sex)
        found.append([1000 * abs(shape.values[name] - person[name]) for name in names])
    return np.array(found)


def _seconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    run(__doc__, rows)
