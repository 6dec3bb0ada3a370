"""What silhouettes of our own bodies teach: assets/bodies/silhouettes.npz, used by body/observed.py.

    python -m body.building.silhouettes

About 9 CPU minutes; the same seed gives the same file on one machine. Everything here is synthetic.

People are drawn from the population, half of them the survey's own kind and half of any size, and for each a body from
all that measure so. It is seen from the front, from the side with the arms forward or hanging, and from elsewhere, with
pose, camera, landmarks and edges off hardly at all or as usual. Choices of these pictures go through the fit. By
how much measures come out wrong is then regressed on what the pictures changed (ridge), and how much larger the errors
are than they are said to be becomes the law's own doubt.
"""

import io
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context

import numpy as np
import torch

from assets.files import ROOT, write_bytes
from body.building.checksums import list_checksum
from body.building.viewing import EXACT, HANGING, Trouble, view
from body.estimate import Evidence, check_numbers, likely_shape
from body.measure import ruler
from body.measurements import MEASURES
from body.model import BodyModel, load_model
from body.observed import SHAKINESS, Learned, Sight, sight
from body.photo import EXACT as EXACT_EYES
from body.photo import Eyes, PhotoFit, fit_photo
from body.population import Posterior, population
from body.shape import Shape, fit_shape

SEED, PEOPLE, WORKERS = 11, 96, 2
# What the survey and a bare surface mean alike; how a body's weight strays from its volume's.
MADE = (
    "stature", "cervicale_height", "acromial_height", "bust_height", "waist_height", "navel_height", "hip_height",
    "crotch_height", "knee_height", "ankle_height", "head_girth", "neck_girth", "bust_girth", "underbust_girth",
    "waist_girth", "navel_girth", "hip_girth", "thigh_girth", "calf_girth", "ankle_girth", "upper_arm_girth",
    "wrist_girth", "biacromial_breadth", "arm_length", "foot_length", "chest_breadth", "chest_depth", "navel_breadth",
    "navel_depth", "hip_depth",
)  # fmt: skip
HEAVINESS = 0.05
TAUGHT = ("bust_girth", "underbust_girth", "waist_girth", "navel_girth", "hip_girth", "thigh_girth", "high_hip_girth")
# What is off when nothing is, hardly anything, everything but the landmarks, and all as usual; what is said of it.
_TROUBLE = (
    (EXACT, EXACT_EYES),
    (Trouble(pose=2.0, pitch=2.0, place=0.1, edge=0.25, marks=0.1), Eyes(edge_sd=0.0005, shaky=0.1)),
    (Trouble(pose=10.0, pitch=5.0, edge=2.0), Eyes(edge_sd=0.004, shaky=0.5)),
    (Trouble(pose=8.0, pitch=5.0, place=0.2, edge=1.5, marks=1.0), Eyes(edge_sd=0.003, shaky=1.0)),
)
_BLIND = 0.3  # pictures that tell no focal length
_SURER = np.array((0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5))  # than right, tried
_RIGHT = int(np.flatnonzero(_SURER == 1)[0])
_WRONG = np.array((0.003, 0.01))  # by how much a law may be wrong, and for each unit of change, sd's
_WILD = 2.5  # errors beyond so many of their doubts count as that many
_ALIKE = 3.0  # choices of pictures of one person, whose errors are alike


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """Of each choice of pictures [s]: errors of the logs of TAUGHT [s, m], what the pictures changed in them [s, m],
    the share of the doubt that they took away [s, m] (of variances), and the doubt they left, sd's [s, t, m], if the
    law is surer than right by each of the ratios tried; and which trouble it was [s]."""

    errors: np.ndarray
    changes: np.ndarray
    told: np.ndarray
    doubts: np.ndarray
    trouble: np.ndarray


def main() -> None:
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        rows = [row for rows in pool.map(tried, range(PEOPLE)) for row in rows]
    taught = learn(Tried(*(np.stack(part) for part in zip(*rows, strict=True))))
    stream = io.BytesIO()
    np.savez_compressed(stream, names=np.array(taught.names), wrong=taught.wrong, surer=taught.surer)
    write_bytes(ROOT / "bodies" / "silhouettes.npz", stream.getvalue())
    list_checksum("bodies/silhouettes.npz")


def learn(some: Tried) -> Learned:
    """By how much measures are wrong, whatever they are and for each unit of change, and how much surer than right: so
    that nine in ten errors lie within the doubts that they should lie in."""
    wrong, left, doubts = np.zeros((len(TAUGHT), 2)), some.errors.copy(), some.doubts[:, _RIGHT]
    for k in range(len(TAUGHT)):
        slopes = some.told[:, k, None] * np.stack([np.ones(len(left)), some.changes[:, k]], axis=1)
        heavy = slopes / doubts[:, k, None] * _WRONG
        surprise = (some.errors[:, k] / doubts[:, k]).clip(-_WILD, _WILD)
        wrong[k] = _WRONG * np.linalg.solve(heavy.T @ heavy + _ALIKE * np.eye(2), heavy.T @ surprise)
        left[:, k] -= slopes @ wrong[k]
    surprise = np.abs(left[:, None] / some.doubts)
    nine = [np.quantile(surprise[some.trouble == k], 0.9, axis=(0, 2)) / 1.645 for k in range(len(SHAKINESS))]
    return Learned(TAUGHT, wrong, np.array([np.interp(-1.0, -surer, _SURER) for surer in nine]))


def tried(number: int) -> list[tuple[np.ndarray | int, ...]]:
    """One person, with several choices of pictures: rows of Tried."""
    torch.set_num_threads(1)
    model, rng, sex = load_model(), np.random.default_rng((SEED, number)), float(number % 2)
    person = _person(int(sex), number % 4 < 2, rng)
    betas = drawn(model, person, sex, rng)
    true = ruler(model).values(betas, sex, names=("stature", *TAUGHT))
    tapes = check_numbers(Evidence(true["stature"], person["mass"], sex, person["age"]))
    known = {name: (item.value, item.sd) for name, item in tapes.items()}
    before = population().posterior(known, sex, person["age"])
    first = likely_shape(model, tapes, before)
    fits = _pictures(model, betas, true["stature"], first, rng)
    choices = ((0, 1), (0, 1, 2), tuple(rng.permutation(3)[: rng.integers(1, 3)]))
    print(f"{number + 1} of {PEOPLE} people", flush=True)
    found = [sight(model, first, before, [fits[k] for k in choice])[0] for choice in choices]
    return [_row(some, first, before, true) for some in found if some]


def drawn(model: BodyModel, person: dict[str, float], sex: float, rng: np.random.Generator) -> np.ndarray:
    """Betas of a body drawn from all that measure as a person does, up to what a tape errs.

    So drawn, bodies are as unlike as the model's prior has people (a squared Mahalanobis distance of 0.99 for every
    coordinate); held to millimetres, and in measures that the survey takes otherwise, they are strained (1.6).
    """
    wanted = {name: (person[name], MEASURES[name].tape_sd) for name in MADE}
    shape = fit_shape(ruler(model), wanted | {"mass": (person["mass"], HEAVINESS * person["mass"])}, sex)
    return rng.multivariate_normal(shape.betas, shape.covariance, method="eigh")


def _pictures(
    model: BodyModel, betas: np.ndarray, stature: float, first: Shape, rng: np.random.Generator
) -> list[PhotoFit]:
    """From the front, from the side, and from anywhere."""
    trouble, eyes = _TROUBLE[int(rng.integers(len(_TROUBLE)))]
    fits = []
    for yaw in (0.0, 90.0 * rng.choice((-1, 1)), rng.uniform(-180, 180)):
        spoilt = replace(trouble, blind=bool(eyes.shaky == 1 and rng.random() < _BLIND))
        rest = HANGING if abs(yaw) == 90 and rng.random() < 0.3 else None
        shown = view(model, betas, yaw, spoilt, rng, rest)
        fits.append(fit_photo(shown.person, shown.frame, stature, model, (first.betas, first.covariance), eyes))
    return fits


def _row(found: Sight, first: Shape, before: Posterior, true: dict[str, float]) -> tuple[np.ndarray | int, ...]:
    told_by = [
        found.posterior(Learned((), np.zeros((0, 2)), np.full(len(SHAKINESS), surer))).estimates() for surer in _SURER
    ]
    usual = before.estimates()
    usual |= {name: (first.values[name], first.open[name]) for name in TAUGHT if name not in usual}
    values, _ = np.array([told_by[_RIGHT][name] for name in TAUGHT]).T
    doubts = np.array([[after[name][1] / after[name][0] for name in TAUGHT] for after in told_by])
    starts, spread = np.array([usual[name] for name in TAUGHT]).T
    told = 1 - np.square(doubts[_RIGHT] / (spread / starts))
    truth = np.array([true[name] for name in TAUGHT])
    trouble = int(np.abs(np.subtract(SHAKINESS, found.shaky)).argmin())
    return np.log(values / truth), np.log(values / starts), told.clip(0), doubts, trouble


def _person(sex: int, common: bool, rng: np.random.Generator) -> dict[str, float]:
    """Measures of somebody of the survey's own kind, or of any size and age."""
    people = population()
    mean, covariance = people.means[sex], people.covariances[sex]
    if not common:
        stature = float(rng.uniform(*((1.48, 1.85) if sex == 0 else (1.58, 2.0))))
        mass = float(np.exp(rng.uniform(np.log(17), np.log(42)))) * stature**2
        known = {"stature": (stature, 0.001), "mass": (mass, 0.1)}
        given = people.posterior(known, float(sex), float(rng.uniform(18, 70)))
        mean, covariance = given.mean, given.covariance
    logs = rng.multivariate_normal(mean, covariance, method="eigh")
    person = dict(zip(people.names, np.exp(logs).tolist(), strict=True))
    return person | {"age": float(np.clip(person["age"], 17, 80))}


if __name__ == "__main__":
    main()
