"""People of the survey as height, weight, sex and age tell them, and tapes and widths besides: parts (c) and (e) of
benchmarks/body.py, which runs them."""

from collections.abc import Iterator

import numpy as np
from scipy.spatial import cKDTree

from benchmarks.table import Row, row
from body.building.population import FOLDS, HELD_OUT, fold, statistics
from body.measurements import MEASURES
from body.population import Population, population

SEXES = ("female", "male")
MAIN = {"bust_girth": "chest", "navel_girth": "waist", "hip_girth": "hip"}
# Mean error [mm] that numbers alone should reach, women and men; the same of plain regression, measured elsewhere.
GOALS = {"bust_girth": (33.0, 22.0), "navel_girth": (37.0, 31.0), "hip_girth": (23.0, 20.0)}
ELSEWHERE = {"bust_girth": (32.9, 21.9), "navel_girth": (36.5, 31.0), "hip_girth": (22.2, 19.7)}
# The same with six breadths and depths of the trunk, 10 mm noise.
WIDTHS_ELSEWHERE = {"bust_girth": (21.2, 18.3), "navel_girth": (21.2, 18.2), "hip_girth": (14.8, 15.4)}
PUBLISHED = {
    "bust_girth": "BMnet, two photos 28.7, with height and weight 15.9; SHAPY, one photo 65; trained tape 14",
    "navel_girth": "BMnet, two photos 27.3, with height and weight 15.4; SHAPY, one photo 69; trained tape 12",
    "hip_girth": "BMnet, two photos 28.3, with height and weight 9.7; SHAPY, one photo 57; trained tape 12",
}
FOUR = ("stature", "bust_girth", "navel_girth", "hip_girth")
UNTAPED = (
    "thigh_girth", "calf_girth", "neck_girth", "upper_arm_girth", "arm_length", "bust_height", "back_neck_to_waist",
)  # fmt: skip
TORSO = tuple(f"{level}_{way}" for level in ("chest", "navel", "hip") for way in ("breadth", "depth"))
# The survey's rows have their chest breadth worked out from girth and depth: it must not give the girth away.
CHEST_FORM = 0.04
People = dict[str, np.ndarray]


def numbers(people: list[People], which: int, step: int) -> Iterator[Row]:
    """(c) What is known from height, weight, sex and age; with tapes; (e) with torso widths."""
    sex = SEXES[which]
    plain = _errors(people, which, ("stature", "mass"), step)
    for name, title in MAIN.items():
        beside = f"regression {_floor(people[which], name, step):.1f} here, {ELSEWHERE[name][which]} elsewhere"
        claim = f"{title} from numbers alone ({beside}; published: {PUBLISHED[name]})"
        yield row(f"c {sex} {name}", claim, _mean(plain[name]), "mm", GOALS[name][which])
        floor, alike = _least(people[which], name)
        claim = "no quadratic law of height, weight and age can have less, though fitted to these very rows"
        yield row(f"c {sex} {name} floor", f"{title}: {claim}", floor, "mm")
        claim = "what people of like height, weight and age differ by, the difference of two over the root of 2"
        yield row(f"c {sex} {name} alike", f"{title}: {claim}", alike, "mm")
        error, sd = plain[name]
        inside = float((np.abs(error) < 1.645 * sd).mean())
        yield row(f"c {sex} {name} 90 % least", f"{title} inside the interval of 90 %", inside, "", 0.87, ">=")
        yield row(f"c {sex} {name} 90 % most", f"{title} inside the interval of 90 %", inside, "", 0.93)
    shipped = _errors(people, which, ("stature", "mass"), step, folds=(HELD_OUT,), shipped=True)
    for name, title in MAIN.items():
        yield row(f"c {sex} {name} shipped", f"{title}, the fifth held out, as shipped", _mean(shipped[name]), "mm")
    taped = _errors(people, which, (*FOUR, "mass", "crotch_height"), step)
    for name in UNTAPED:
        goal = _mean(plain[name]) * 1.01
        yield row(f"c {sex} {name} taped", "with 4 tapes: no worse than without", _mean(taped[name]), "mm", goal)
    for noise, gain in ((0.010, 0.97), (0.020, 1.0)):
        seen = _errors(people, which, ("stature", "mass", *TORSO), step, noise)
        for name, title in MAIN.items():
            beside = f" (regression elsewhere {WIDTHS_ELSEWHERE[name][which]})" if noise == 0.010 else ""
            claim = f"{title} with simulated widths, {1000 * noise:.0f} mm noise: better than (c){beside}"
            goal = _mean(plain[name]) * gain
            yield row(f"e {sex} {name} {1000 * noise:.0f} mm", claim, _mean(seen[name]), "mm", goal)


def _mean(found: tuple[np.ndarray, np.ndarray]) -> float:
    """Mean absolute error [mm]."""
    return 1000 * float(np.abs(found[0]).mean())


def _errors(
    people: list[People],
    which: int,
    given: tuple[str, ...],
    step: int,
    noise: float = 0.0,
    folds: tuple[int, ...] = tuple(range(FOLDS)),
    shipped: bool = False,
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Error and promised sd [m] of every measure, from the measures `given` (noise on the torso): every `step`th of
    those in `folds`, each fold by the others' coefficients, or by those that ship."""
    rng = np.random.default_rng(0)
    found: dict[str, list[tuple[float, float]]] = {}
    for number in folds:
        likely = population() if shipped else _population(people, number)
        tested = fold(people[which], number, inside=True)
        for k in range(0, len(tested["mass"]), step):
            known = {}
            for name in given:
                error = noise if name in TORSO else MEASURES[name].tape_sd
                form = np.exp(rng.normal() * CHEST_FORM) if name == "chest_breadth" else 1.0
                known[name] = (tested[name][k] * form + rng.normal() * noise * (name in TORSO), error)
            for name, (value, sd) in likely.given(known, float(which), tested["age"][k]).items():
                found.setdefault(name, []).append((value - tested[name][k], sd))
    return {name: (np.array(pairs)[:, 0], np.array(pairs)[:, 1]) for name, pairs in found.items()}


def _population(people: list[People], without: int) -> Population:
    parts = [statistics(fold(some, without, inside=False), sex) for some, sex in zip(people, SEXES, strict=True)]
    means, covariances = ([part[key] for part in parts] for key in ("mean", "covariance"))
    return Population(tuple(parts[0]["names"]), (means[0], means[1]), (covariances[0], covariances[1]))


def _floor(people: People, name: str, step: int) -> float:
    """Mean error [mm] of linear regression on height, weight and age, each fifth from the other four."""
    errors = []
    for number in range(FOLDS):
        known, tested = fold(people, number, inside=False), fold(people, number, inside=True)
        inputs = [
            np.stack([np.ones(len(p["mass"])), p["stature"], p["mass"], p["age"]], axis=1) for p in (known, tested)
        ]
        weights = np.linalg.lstsq(inputs[0], known[name], rcond=None)[0]
        errors.append(np.abs(inputs[1] @ weights - tested[name])[::step])
    return 1000 * float(np.concatenate(errors).mean())


def _least(people: People, name: str) -> tuple[float, float]:
    """Mean errors [mm] below which height, weight and age do not lead on these rows. Of the quadratic law with the
    least sum of absolute errors on them (iterated weights; Schlossmacher 1973): one fitted to others cannot undercut
    it. And, whatever the law, of neighbours in all three, as if errors were normal (differences; Rice 1984)."""
    told = np.stack([people["stature"], people["mass"], people["age"]], axis=1)
    told = (told - told.mean(axis=0)) / told.std(axis=0)
    one, two = np.triu_indices(3)
    terms = np.concatenate([np.ones((len(told), 1)), told, told[:, one] * told[:, two]], axis=1)
    true = people[name]
    left = true - terms @ np.linalg.lstsq(terms, true, rcond=None)[0]
    nearest = cKDTree(told).query(told, k=2)[1][:, 1]
    alike = np.abs(left - left[nearest]).mean() / np.sqrt(2)
    for _ in range(60):
        weight = 1 / np.sqrt(np.abs(left).clip(1e-5))
        law = np.linalg.lstsq(terms * weight[:, None], true * weight, rcond=None)[0]
        left = true - terms @ law
    return 1000 * float(np.abs(left).mean()), 1000 * float(alike)
