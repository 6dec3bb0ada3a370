"""Many bodies at once: seconds for 400 people with four tapes each, beside one at a time, on what there is.

    python -m benchmarks.body_batch [--quick] [--json FILE]

People are drawn from the population statistics: synthetic numbers, not anybody's.
"""

import time
from collections.abc import Iterator

import numpy as np
import torch

from benchmarks.table import Row, row, run
from body.batch import estimate_all
from body.estimate import Estimate, Evidence, estimate
from body.measure import measure
from body.population import population

TAPES = ("bust_girth", "waist_girth", "hip_girth", "crotch_height")


def rows(quick: bool) -> Iterator[Row]:
    crowd, few = _people(16 if quick else 400), 4 if quick else 20
    estimate(crowd[0])
    start = time.perf_counter()
    alone = [estimate(person) for person in crowd[:few]]
    one = (time.perf_counter() - start) / few
    yield row("one at a time", f"mean of {few} people", one, "s")
    for device in ("cpu", "cuda"):
        if device == "cuda" and not torch.cuda.is_available():
            yield row("cuda", "not measured: no CUDA device is usable here", None, "s")
            continue
        start = time.perf_counter()
        found = estimate_all(crowd, device=device)
        took = time.perf_counter() - start
        name = torch.cuda.get_device_name() if device == "cuda" else f"{torch.get_num_threads()} CPU threads"
        yield row(f"{device} wall", f"{len(crowd)} people on {name}", took, "s")
        yield row(f"{device} rate", "people a second", len(crowd) / took, "1/s")
        yield row(f"{device} tapes", "worst miss of a tape, exact tape", _miss(crowd, found), "mm", 1.0)
        yield row(
            f"{device} agrees", "stated measures beside one at a time, worst, in sd", _apart(alone, found), "sd", 0.5
        )


def _people(count: int) -> list[Evidence]:
    rng, crowd = np.random.default_rng(0), []
    for k in range(count):
        sex = float(k % 2)
        height = rng.normal(1.63 + 0.13 * sex, 0.07)
        likely = population().posterior(
            {"stature": (height, 0.006), "mass": (rng.uniform(19, 33) * height**2, 1.0)}, sex
        )
        drawn = np.exp(rng.multivariate_normal(likely.mean, likely.covariance))
        person = dict(zip(likely.names, drawn.tolist(), strict=True))
        crowd.append(Evidence(height, person["mass"], sex, None, {name: person[name] for name in TAPES}))
    return crowd


def _miss(crowd: list[Evidence], found: list) -> float:
    """Largest distance [mm] of a body from a tape that was believed."""
    worst = 0.0
    for person, told in zip(crowd, found, strict=True):
        shown = measure(told.body, person.sex)
        believed = [misfit.name for misfit in told.misfits if not misfit.sentence and misfit.name in person.tapes]
        worst = max([worst, *(abs(shown.value(name) - person.tapes[name]) for name in believed)])
    return 1000 * worst


def _apart(alone: list[Estimate], found: list) -> float:
    return max(
        abs(item.value - told.measurements[name].value) / item.sd
        for one, told in zip(alone, found, strict=False)
        for name, item in one.measurements.items()
    )


if __name__ == "__main__":
    run(__doc__, rows)
