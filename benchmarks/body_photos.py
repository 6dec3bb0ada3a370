"""Whether photos help: errors from height and weight alone against the same with pictures from the front and the side.

    python -m benchmarks.body_photos [--quick] [--json FILE]

People are rows of ANSUR II (US Army NATICK/TR-15/007). The built-in body is made to measure as each of them does,
breadths and depths included, drawn in underwear by app/sample.py with the pose a little off, and handed to `estimate`
as any photograph is: the eyes are tried, too. The draw is not the one that the doubts of body/photo.py were set on.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from app.sample import photograph, pose
from benchmarks.table import Row, row, run
from body.building.population import read
from body.estimate import Evidence, estimate
from body.frame import Frame
from body.measure import ruler
from body.measurements import MEASURES
from body.model import JOINT_NAMES, BodyModel, load_model
from body.shape import fit_shape

MAIN = ("bust_girth", "waist_girth", "navel_girth", "hip_girth", "thigh_girth")
WIDTHS = ("chest_breadth", "navel_breadth", "hip_breadth", "chest_depth", "navel_depth", "hip_depth")
SEED = 7
VIEWS = {"front": (0,), "side": (1,), "front and side": (0, 1)}
_LOOSE = {"hip": 2.0, "shoulder": 5.0, "elbow": 5.0}  # how far a pose is off [degrees]


def rows(quick: bool) -> Iterator[Row]:
    folder = Path(os.environ.get("TOILE_DATA", "../shared/data")) / "ansur"
    if not folder.is_dir():
        yield row("photos", f"not measured: the survey's rows are not in {folder}", None, "mm")
        return
    model, rng, errors = load_model(), np.random.default_rng(SEED), []
    for sex, name in enumerate(("female", "male")):
        people = read(folder / f"{name}_half.csv", name)
        for k in rng.choice(len(people["mass"]), 1 if quick else 8, replace=False):
            errors.append(_errors(model, {item: float(values[k]) for item, values in people.items()}, float(sex), rng))
    means = {view: 1000 * np.mean([np.abs(person[view]) for person in errors], axis=0) for view in errors[0]}
    blind = means["numbers"]
    yield from (row(f"{name}, numbers alone", "for comparison", blind[k], "mm") for k, name in enumerate(MAIN))
    for view in VIEWS:
        for k, name in enumerate(MAIN):
            yield row(f"{name}, {view}", "never worse than numbers alone", means[view][k], "mm", blind[k])
        yield row(f"all, {view}", "never worse than numbers alone", means[view].mean(), "mm", blind.mean())


def _errors(model: BodyModel, person: dict[str, float], sex: float, rng: np.random.Generator) -> dict[str, list[float]]:
    """Errors [m] of the main girths of one person: from numbers, and with each choice of pictures."""
    wanted = {name: _closely(name, value) for name, value in person.items() if name in MEASURES}
    betas = fit_shape(ruler(model), wanted, sex).betas.astype(np.float32)
    frames = [_picture(model, betas, turn, rng) for turn in (0.0, -90.0)]
    found = {}
    for view, chosen in {"numbers": (), **VIEWS}.items():
        photos = tuple(frames[k] for k in chosen)
        known = Evidence(person["stature"], person["mass"], sex, person["age"], photos=photos)
        guess = estimate(known, model).measurements
        found[view] = [guess[name].value - person[name] for name in MAIN]
    return found


def _picture(model: BodyModel, betas: np.ndarray, turn: float, rng: np.random.Generator) -> Frame:
    stance = pose(np.radians(turn + rng.normal(0, 5)))
    for joint, off in _LOOSE.items():
        for side in ("left", "right"):
            stance[JOINT_NAMES.index(f"{side}_{joint}")] += np.radians(rng.normal(0, off, 3))
    return Frame(np.ascontiguousarray(photograph(model, betas, stance, 2)), name=f"{turn:g} degrees")


def _closely(name: str, value: float) -> tuple[float, float]:
    if name in MAIN or name == "stature":
        return value, 0.003
    return value, 0.002 if name in WIDTHS else max(0.012, 0.04 * value)


if __name__ == "__main__":
    run(__doc__, rows)
