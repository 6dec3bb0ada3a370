"""Sample bodies that measure as real people do: the population's draws, met by Anny's phenotypes and local changes.

Measures come from the covariances of ANSUR II (assets/bodies/population.json). Half of the draws are the survey's own
kind; the other half are spread evenly over 1.45 to 2.05 m and BMI 16 to 46, with the rest of their measures as the
population expects, so that nobody falls outside what the components span.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch

from body.building.flesh import as_shapes
from body.building.smooth import neighbours, smoothed
from body.building.source import PHENOTYPES, Source
from body.measure import Ruler
from body.population import Population

# How closely each kind of measure is met [m]: lengths unless girths, breadths or depths. The girth over hanging arms
# depends on how they hang, and is followed as loosely as a breadth.
GIRTH, LENGTH, BREADTH = 0.005, 0.007, 0.015
# What the survey and a bare surface mean alike; lengths along the back and over soft seats are left to follow, and so
# is the breadth of the hips, which the survey's calipers press: its ellipse is 8 % short of the girth.
_FITTED = (
    "stature", "cervicale_height", "front_neck_height", "acromial_height", "bust_height", "waist_height",
    "navel_height", "hip_height", "crotch_height", "knee_height", "ankle_height", "head_girth", "neck_girth",
    "neck_base_girth", "shoulder_girth", "bust_girth", "underbust_girth", "waist_girth", "navel_girth", "hip_girth",
    "thigh_girth", "calf_girth", "ankle_girth", "upper_arm_girth", "wrist_girth", "hand_girth", "shoulder_length",
    "biacromial_breadth", "shoulder_breadth", "arm_length", "foot_length", "chest_breadth", "chest_depth",
    "navel_breadth", "navel_depth", "hip_depth",
)  # fmt: skip
_START = {"muscle": (0.5, 0.15), "weight": (0.5, 0.2), "height": (0.5, 0.2), "proportions": (0.5, 0.15)}
_START |= {"cupsize": (0.5, 0.2), "firmness": (0.6, 0.2)}
# How far phenotypes (sex and age are given) and local changes may stray from the start, as standard deviations; limits.
_PULL = (1e-3, 1e-3, 0.3, 0.5, 0.5, 0.3, 0.2, 0.1)
_LOW, _HIGH = 0.0, 1.12
_FREE, _ROUGH, _FINE = 0.5, 0.0012, 16
# Where a large body carries its fat: amounts of flesh at BMI 44, none below 26.
_LARGE = {
    "belly": 0.8, "waist": 0.9, "trunk": 0.6, "pelvis": 0.5, "thigh": 0.6, "root-of-thigh": 0.4, "upper-arm": 0.6,
    "neck": 0.3, "chin": 0.3, "calf": 0.3, "forearm": 0.3, "back": 0.3, "deltoid": 0.4, "hips": 0.4, "chest": 0.4,
    "low-thigh": 0.4, "low-belly": 0.5, "seat": 0.4, "flanks": 0.3,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """Whom to build: measures [m] each [s]; sex [s] (0 female, 1 male); common [s], True for the survey's own kind."""

    measures: dict[str, np.ndarray]
    sex: np.ndarray
    common: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Phenotypes and local changes [s, 8 + l] of the bodies found, and the errors [m] left in each measure, [s]."""

    numbers: np.ndarray
    errors: dict[str, np.ndarray]

    @property
    def parts(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Phenotypes [s, 8] and local changes [s, l]."""
        numbers = torch.tensor(self.numbers).float()
        return numbers[:, : len(PHENOTYPES)], numbers[:, len(PHENOTYPES) :]


def draw(people: Population, count: int, seed: int) -> Draw:
    """Draw `count` people, women and men in turn, common and uncommon in pairs."""
    rng = np.random.default_rng(seed)
    sex, common = np.arange(count) % 2, (np.arange(count) // 2) % 2 == 0
    rows = [_person(people, int(s), bool(c), rng) for s, c in zip(sex, common, strict=True)]
    values = np.exp(np.stack(rows))
    return Draw({name: values[:, k] for k, name in enumerate(people.names)}, sex, common)


def _person(people: Population, sex: int, common: bool, rng: np.random.Generator) -> np.ndarray:
    mean, covariance = people.means[sex], people.covariances[sex]
    if not common:
        stature = rng.uniform(*((1.42, 1.92) if sex == 0 else (1.50, 2.08)))
        bmi = np.exp(rng.uniform(np.log(15.5), np.log(47)))
        known = {"stature": (stature, 1e-3), "mass": (bmi * stature**2, 1e-2)}
        given = people.posterior(known, sex)
        mean, covariance = given.mean, given.covariance
    values, vectors = np.linalg.eigh(covariance)
    spread = rng.standard_normal(len(mean)).clip(-2.5, 2.5) * np.sqrt(values.clip(0))
    return mean + vectors @ spread


def fleshed(source: Source, fields: dict[str, np.ndarray]) -> Source:
    """The source with fields of flesh as further local changes."""
    return replace(
        source,
        shapes=torch.cat([source.shapes, as_shapes(fields)]),
        joint_shapes=torch.cat([source.joint_shapes, torch.zeros(len(fields), *source.joints.shape)]),
        local_names=source.local_names + tuple(fields),
    )


def fit(source: Source, ruler: Ruler, wanted: Draw, seed: int, steps: int = 6) -> Fitted:
    """Bodies that measure as wanted, each near a random start, so that what no tape tells varies too.

    `ruler` measures bodies by the source's blend coefficients.
    """
    start, pull = _start(source, wanted, seed), _pull(source)
    found, errors = [], []
    for body in range(len(wanted.sex)):
        targets = {name: float(wanted.measures[name][body]) for name in _FITTED}
        best, off = _fit_one(source, ruler, targets, int(wanted.sex[body]), start[body], pull, steps)
        found.append(best)
        errors.append(off)
        if (body + 1) % 20 == 0:
            means = dict(zip(_FITTED, (1e3 * np.abs(errors).mean(0)).round(1), strict=True))
            print(f"{body + 1} of {len(wanted.sex)} bodies; mean errors in mm: {means}", flush=True)
    return Fitted(np.stack(found), dict(zip(_FITTED, np.stack(errors).T, strict=True)))


def _start(source: Source, wanted: Draw, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed + 1)
    count = len(wanted.sex)
    phenotypes = np.full((count, len(PHENOTYPES)), 0.5)
    for name, (mean, sd) in _START.items():
        phenotypes[:, PHENOTYPES.index(name)] = rng.normal(mean, sd, count).clip(0.05, 0.95)
    phenotypes[:, 0] = 1.0 - wanted.sex
    phenotypes[:, 1] = rng.uniform(0.67, 0.85, count)
    bmi = wanted.measures["mass"] / wanted.measures["stature"] ** 2
    phenotypes[:, PHENOTYPES.index("weight")] = ((bmi - 17) / 14).clip(0.05, 1.1)
    local = rng.normal(0.0, 0.05, (count, len(source.local_names)))
    large = ((bmi - 26) / 18).clip(0, 1.3)
    for name, amount in _LARGE.items():
        local[:, source.local_names.index(f"flesh-{name}")] += amount * large * rng.lognormal(0.0, 0.25, count)
    return np.concatenate([phenotypes, local], axis=1)


def _pull(source: Source) -> np.ndarray:
    """Prior precision [8 + l, 8 + l]: few and smooth changes. A dent costs by how far the skin moves [m] off the
    average of a neighbourhood of about 8 cm."""
    moves = source.shapes[len(source.masks) :].double().numpy()
    count, n = moves.shape[:2]
    faces = source.skin
    average = neighbours(faces, n)
    columns = np.ascontiguousarray(np.moveaxis(moves, 0, 1)).reshape(n, -1)
    rough = (columns - smoothed(columns, average, _FINE)).reshape(n, count, 3)
    corner = source.template.double().numpy()[faces]
    area = np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1)
    share = np.bincount(faces.ravel(), np.repeat(area, 3), n)
    energy = np.einsum("n,nkc,nlc->kl", share / share.sum(), rough, rough, optimize=True)
    pull = np.diag(np.r_[1 / np.array(_PULL) ** 2, np.full(count, 1 / _FREE**2)])
    pull[len(_PULL) :, len(_PULL) :] += energy / _ROUGH**2
    return pull


def _fit_one(
    source: Source, ruler: Ruler, targets: dict[str, float], sex: int, start: np.ndarray, pull: np.ndarray, steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Levenberg and Marquardt's steps to phenotypes and local changes [8 + l], and the errors left; the pull towards
    the start is a prior on every number."""
    wanted = np.array(list(targets.values()))
    names = list(targets)
    tolerance = np.array([_tolerance(name) for name in targets])

    def measured(at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        phenotypes, local = (torch.tensor(part).float()[None] for part in np.split(at, [len(PHENOTYPES)]))
        reading = ruler.read(source.coefficients(phenotypes, local)[0].double().numpy(), float(sex), names=names)
        along = source.directions(phenotypes, local)[0].double().numpy()
        return reading.values, reading.slopes @ along.T

    def loss(values: np.ndarray, at: np.ndarray) -> float:
        off = (values - wanted) / tolerance
        return float((128 * np.sqrt(1 + (off / 8) ** 2)).sum() + (at - start) @ pull @ (at - start))

    best, damping = start, 1.0
    values, slopes = measured(best)
    for _ in range(steps):
        off = (wanted - values) / tolerance
        # A measure far off counts less than squarely, so that one that cannot be met does not spoil the rest.
        trust = (1 + (off / 8) ** 2) ** -0.25
        scaled = slopes * (trust / tolerance)[:, None]
        left = scaled.T @ scaled + pull * (1 + 0.3 * damping)
        tried = best + np.linalg.solve(left, scaled.T @ (off * trust) - pull @ (best - start))
        tried[: len(PHENOTYPES)] = tried[: len(PHENOTYPES)].clip(_LOW, _HIGH)
        new_values, new_slopes = measured(tried)
        if loss(new_values, tried) < loss(values, best):
            best, values, slopes, damping = tried, new_values, new_slopes, damping * 0.4
        else:
            damping *= 8
    return best, values - wanted


def _tolerance(name: str) -> float:
    if name == "shoulder_girth" or name.endswith(("breadth", "depth")):
        return BREADTH
    return GIRTH if name.endswith("girth") else LENGTH
