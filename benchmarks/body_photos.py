"""Whether photos help: errors from height and weight alone against the same with front and side widths of the trunk.

    python -m benchmarks.body_photos [--quick] [--json FILE]

People are rows of ANSUR II (US Army NATICK/TR-15/007). Each is built as closely as the built-in body can; its trunk's
widths from the front and from the side, with the errors that body/photo.py admits (scale 1.2 %, rows 5 mm, mask and
clothes 9 mm in common), are the photos. No picture is drawn: this measures the weighing of evidence, not the eyes.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.table import Row, row, run
from body.building.population import read
from body.estimate import Evidence, check_numbers, credible, likely_shape
from body.measure import ruler
from body.measurements import MEASURES
from body.model import BodyModel, load_model
from body.observed import observed, together
from body.population import population
from body.poses import RELAXED
from body.shape import Shape, fit_shape

MAIN = ("bust_girth", "waist_girth", "navel_girth", "hip_girth", "thigh_girth")
ROW_SD, SCALE_SD, COMMON_SD = 0.005, 0.012, 0.009
FRONT, SIDE = np.eye(3)[[0, 2]]


def rows(quick: bool) -> Iterator[Row]:
    folder = Path(os.environ.get("TOILE_DATA", "../shared/data")) / "ansur"
    if not folder.is_dir():
        yield row("photos", f"not measured: the survey's rows are not in {folder}", None, "mm")
        return
    model, rng = load_model(), np.random.default_rng(1)
    errors: dict[str, list[tuple[float, float]]] = {name: [] for name in MAIN}
    for sex, name in enumerate(("female", "male")):
        people = read(folder / f"{name}_half.csv", name)
        for k in rng.choice(len(people["mass"]), 8 if quick else 40, replace=False):
            person = {measure: float(values[k]) for measure, values in people.items()}
            for measure, pair in _errors(model, person, float(sex), rng).items():
                errors[measure].append(pair)
    for measure, pairs in errors.items():
        blind, seeing = 1000 * np.abs(np.array(pairs)).mean(axis=0)
        yield row(f"{measure}, numbers alone", "for comparison", blind, "mm")
        yield row(f"{measure}, with two photos", "never worse than numbers alone", seeing, "mm", blind)


def _errors(model: BodyModel, person: dict[str, float], sex: float, rng: np.random.Generator) -> dict:
    """Errors [m] of the main girths of one person: without photos, with photos."""
    tapes = check_numbers(Evidence(person["stature"], person["mass"], sex, person["age"]))
    known = {name: (item.value, item.sd) for name, item in tapes.items()}
    before = population().posterior(known, sex, person["age"])
    first = likely_shape(model, tapes, before)
    wanted = {name: _closely(name, value) for name, value in person.items() if name in MEASURES}
    true = fit_shape(ruler(model), wanted, sex)
    views = [_seen(model, true, first, way, rng) for way in (FRONT, SIDE)]
    seen = together([credible(observed(*view, first.values, before.estimates()), before, "")[0] for view in views])
    after = population().posterior(known | seen.known, sex, person["age"], seen.linked)
    guesses = before.estimates(), after.estimates()
    return {name: tuple(guess[name][0] - person[name] for guess in guesses) for name in MAIN}


def _closely(name: str, value: float) -> tuple[float, float]:
    return value, 0.003 if name in MAIN or name == "stature" else max(0.006, 0.02 * value)


def _seen(
    model: BodyModel, true: Shape, first: Shape, way: np.ndarray, rng: np.random.Generator
) -> tuple[Any, np.ndarray]:
    """A photo of the true body from one side, and the widths that the likely body would show."""
    import torch

    from body.photo import photo_widths

    levels = np.linspace(first.values["crotch_height"] + 0.03, first.values["bust_height"] + 0.02, 18)
    photo: Any = SimpleNamespace(name="", pose=RELAXED, levels=levels, direction=way)
    betas = torch.tensor(np.stack([true.betas, first.betas]), dtype=torch.float32)
    widths, expected = photo_widths(model, betas, photo).double().numpy()
    photo.covariance = np.eye(18) * ROW_SD**2 + SCALE_SD**2 * np.outer(widths, widths) + COMMON_SD**2
    photo.widths = rng.multivariate_normal(widths, photo.covariance)
    return photo, expected


if __name__ == "__main__":
    run(__doc__, rows)
