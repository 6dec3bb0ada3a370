"""How well measures are known: from height and weight, with tapes, with torso widths; and how well the body shows them.

    python -m benchmarks.body_measures [--quick] [--data ../shared/data] [--json FILE]

People are rows of ANSUR II (US Army NATICK/TR-15/007), each half predicted from the other half's statistics. The floor
is plain linear regression from sex, age, height and weight on the same halves; elsewhere on this survey it was 21.9 /
31.0 / 19.7 mm for men's chest, waist at the navel and hip, 32.9 / 36.5 / 22.2 for women's.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

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
Row = dict[str, Any]
People = dict[str, np.ndarray]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer people")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    folder = args.data / "ansur"
    rows = list(_rows(folder, args.quick) if folder.is_dir() else _absent(folder))
    for row in rows:
        shown = "-" if row["value"] is None else f"{row['value']:.4g}"
        verdict = {True: "holds", False: "MISSED", None: ""}[row["holds"]]
        goal = f"goal {row['sense']} {row['goal']:<7.4g}"
        print(f"{row['id']:34} {shown:>8} {row['unit']:5} {goal} {verdict:7} {row['claim']}")
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1) + "\n")


def _rows(folder: Path, quick: bool) -> Iterator[Row]:
    halves = [_halves(folder, sex) for sex in SEXES]
    step = 8 if quick else 1
    for which, sex in enumerate(SEXES):
        numbers = _errors(halves, which, ("stature", "mass"), step)
        taped = _errors(halves, which, ("stature", "mass", *TAPES), step)
        for name in MAIN:
            error, floor = 1000 * np.abs(numbers[name][0]).mean(), 1000 * _floor(halves[which], name, step)
            yield _row(f"{sex} {name} from numbers", "no worse than plain regression", error, "mm", floor * 1.01)
        inside = np.concatenate([np.abs(numbers[name][0]) < numbers[name][1] for name in MAIN])
        yield _row(f"{sex} honest sd", "errors within one sd, of the 68 % promised", inside.mean(), "", 0.66, ">=")
        for name in UNTAPED:
            error, before = (1000 * np.abs(found[name][0]).mean() for found in (taped, numbers))
            yield _row(f"{sex} {name} with 4 tapes", "no worse than from numbers alone", error, "mm", before * 1.01)
        for noise, gain in ((0.010, 0.97), (0.020, 1.0)):
            seen = _errors(halves, which, ("stature", "mass", *TORSO), step, noise)
            for name in MAIN:
                error, before = (1000 * np.abs(found[name][0]).mean() for found in (seen, numbers))
                claim = f"a photo with {1000 * noise:.0f} mm noise helps"
                yield _row(f"{sex} {name} torso {1000 * noise:.0f}", claim, error, "mm", before * gain)
    yield from _bodies(halves, 12 if quick else 60)


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
    off: dict[str, list[float]] = {"tapes": [], "main": [], "mass": []}
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
            off["mass"].append(shown["mass"] / people["mass"][k] - 1)
    yield _row("body meets tapes, median", "girths and inseam as taped", 1000 * np.median(off["tapes"]), "mm", 1.0)
    yield _row("body meets tapes, worst", "girths and inseam as taped", 1000 * max(off["tapes"]), "mm", 5.0)
    yield _row("body follows statistics", "untaped measures, mean distance in sd", np.mean(off["main"]), "sd", 0.7)
    yield _row("weight of the body", "mean error with girths right", 100 * abs(np.mean(off["mass"])), "%", 3.0)
    yield _row("estimate", "numbers and four tapes, the quickest", min(took), "s", 3.0)
    yield _row("measure", "the whole table", _seconds(lambda: measure(person.body)), "s", 0.3)


def _seconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def _row(name: str, claim: str, value: Any, unit: str, goal: Any, sense: str = "<=") -> Row:
    value, goal = float(value), float(goal)
    holds = value <= goal if sense == "<=" else value >= goal
    return {
        "id": name,
        "claim": claim,
        "value": value,
        "unit": unit,
        "goal": goal,
        "sense": sense,
        "holds": bool(holds),
    }


def _absent(folder: Path) -> Iterator[Row]:
    claim = f"not measured: the survey's rows are not in {folder.name}/ under --data"
    yield {
        "id": "body measures",
        "claim": claim,
        "value": None,
        "unit": "mm",
        "goal": 0.0,
        "sense": "<=",
        "holds": None,
    }


if __name__ == "__main__":
    main()
