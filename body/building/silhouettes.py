"""What silhouettes of our own bodies teach: assets/bodies/silhouettes.npz, used by body/observed.py.

    python -m body.building.silhouettes

About 6 minutes on 2 free cores; the same seed gives the same file on one machine. Everything here is synthetic.

Round the likeliest bodies of people of all heights, weights and ages, bodies are drawn as the model's prior has them at
that height and weight. How the logs of their widths and section measures differ from those of the likeliest body is
regressed on how the logs of their core measures do (ridge, each sex by itself): slopes, and the covariance of what is
left, the form. Then silhouettes of such bodies, with pose, camera, landmarks and edges off, go through the fit of a
photo: what comes out against the truth is the error of sight.
"""

import io
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context

import numpy as np
import torch

from assets.files import ROOT, write_bytes
from body import poses
from body.building.checksums import list_checksum
from body.building.viewing import Trouble, view
from body.estimate import Evidence, check_numbers, likely_shape
from body.measure import Ruler, ruler
from body.model import BodyModel, load_model
from body.observed import CORE, FORMS, HEIGHTS, SIGHT_YAWS, YAWS, bones
from body.photo import EXACT, fit_photo, photo_widths, trunk_parts
from body.population import population

SEED, CENTRES, ROUND, LOOKS, WORKERS = 11, 20, 32, 64, 2
_SAME = {"stature": 0.01, "mass": 0.04}  # how alike a body and its centre are, sd of logs
_RIDGE = 0.02  # sd of what is left over sd of a slope
# What is off when hardly anything is, and as usual.
_TROUBLE = (
    Trouble(pose=2.0, pitch=2.0, place=0.1, edge=0.3, marks=0.1),
    Trouble(pose=8.0, pitch=5.0, place=0.2, edge=1.5, marks=1.0),
)
_BLIND = 0.3  # pictures that tell no focal length
_FEWEST = 10  # rows that tell anything
_WILD = 0.12  # errors of sight beyond this (logs) are cut


@dataclass(frozen=True, slots=True, eq=False)
class Bodies:
    """Betas [s, k], logs of the ruler's measures [s, m], logs of widths [s, w] at the centre's heights, the same of
    each one's centre, and what is open there: the covariance of its betas [s, k, k]."""

    betas: np.ndarray
    measures: np.ndarray
    widths: np.ndarray
    centres: np.ndarray
    centre_measures: np.ndarray
    centre_widths: np.ndarray
    open: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """Errors of log widths at HEIGHTS [s, t], not a number where a fit gave none; how bones as seen [s, b] and logs of
    the true core measures [s, c] differ from the centre's."""

    widths: np.ndarray
    bones: np.ndarray
    core: np.ndarray


def main() -> None:
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        sexes = list(pool.map(bodies, (0, 1)))
        learned = [learn(some, ruler(load_model()).names) for some in sexes]
        asked = [(sexes, yaw, shaky) for shaky in (0, 1) for yaw in np.degrees(SIGHT_YAWS)]
        seen = list(pool.map(sights, *zip(*asked, strict=True)))
    looks = [seen[: len(SIGHT_YAWS)], seen[len(SIGHT_YAWS) :]]
    widths = [[moments(part.widths) for part in row] for row in looks]
    skeletons = [bones_of(row) for row in looks]
    arrays = {
        "slopes": np.stack([slopes for slopes, _ in learned]),
        "form": np.stack([form for _, form in learned]),
        "sight": np.stack([mean for mean, _ in widths[0]]),
        "sight_covariance": np.stack([[covariance for _, covariance in row] for row in widths]),
        "bone_slopes": np.stack([slopes for slopes, _, _ in skeletons]),
        "bones": np.stack([mean for _, mean, _ in skeletons]),
        "bone_covariance": np.stack([covariance for _, _, covariance in skeletons]),
    }
    stream = io.BytesIO()
    np.savez_compressed(stream, **{name: array.astype(np.float32) for name, array in arrays.items()})
    write_bytes(ROOT / "bodies" / "silhouettes.npz", stream.getvalue())
    list_checksum("bodies/silhouettes.npz")


def bodies(sex: int) -> Bodies:
    """Likeliest bodies of people of all sizes, and others round each."""
    torch.set_num_threads(1)
    model, rng = load_model(), np.random.default_rng((SEED, sex))
    found: list[tuple[np.ndarray, ...]] = []
    measures = ruler(model)
    for number in range(CENTRES):
        stature, mass, age = _person(sex, number % 2 == 0, rng)
        tapes = check_numbers(Evidence(stature, mass, sex))
        known = {name: (item.value, item.sd) for name, item in tapes.items()}
        likely = likely_shape(model, tapes, population().posterior(known, sex, age))
        centre = likely.betas
        levels = _levels(measures, centre, sex)
        own = _measured(model, measures, centre, sex, levels)
        for betas in _round(model, measures, centre, sex, rng):
            found.append((betas, *_measured(model, measures, betas, sex, levels), centre, *own, likely.covariance))
        print(f"{'women' if sex == 0 else 'men'}: {number + 1} of {CENTRES} centres", flush=True)
    return Bodies(*(np.stack(part) for part in zip(*found, strict=True)))


def learn(some: Bodies, names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Slopes [f + w, c] of forms and widths along the core, and the covariance of what is left."""
    apart = some.measures - some.centre_measures
    core, forms = (apart[:, [names.index(name) for name in group]] for group in (CORE, FORMS))
    wanted = np.concatenate([forms, some.widths - some.centre_widths], axis=1)
    slopes = np.linalg.solve(core.T @ core + _RIDGE**2 * np.eye(len(CORE)), core.T @ wanted).T
    left = wanted - core @ slopes.T
    return slopes, left.T @ left / (len(left) - len(CORE))


def sights(sexes: list[Bodies], yaw: float, shaky: int) -> Looks:
    """Views of bodies from one side [degrees], spoilt hardly at all (`shaky` 0) or as usual (1)."""
    torch.set_num_threads(1)
    model, rng = load_model(), np.random.default_rng((SEED, round(yaw), shaky))
    found = [_sight(model, sexes, yaw, shaky, rng) for _ in range(LOOKS)]
    print(f"seen from {yaw:.0f} degrees, {'as usual' if shaky else 'hardly anything off'}", flush=True)
    return Looks(*(np.stack(part) for part in zip(*found, strict=True)))


def _sight(
    model: BodyModel, sexes: list[Bodies], yaw: float, shaky: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    sex = int(rng.integers(2))
    some = sexes[sex]
    which = int(rng.integers(len(some.betas)))
    betas, centre = some.betas[which], some.centres[which]
    turned = (yaw if rng.random() < 0.5 else 180 - yaw) * rng.choice((-1, 1))
    trouble = _TROUBLE[shaky]
    trouble = replace(trouble, blind=bool(shaky and rng.random() < _BLIND))
    shown = view(model, betas, turned, trouble, rng)
    stature = float(np.exp(some.measures[which][ruler(model).names.index("stature")]))
    fit = fit_photo(shown.person, shown.frame, stature, model, (centre, some.open[which]), EXACT)
    apart = (some.measures[which] - some.centre_measures[which])[[ruler(model).names.index(name) for name in CORE]]
    widths = np.full(len(HEIGHTS), np.nan)
    if len(fit.levels):
        with torch.no_grad():
            true = photo_widths(model, torch.tensor(betas[None]).float(), fit)[0].double().numpy()
        levels = _levels(ruler(model), centre, sex)
        inside = (levels >= fit.levels[0] - 0.03) & (levels <= fit.levels[-1] + 0.03)
        off = np.log(fit.widths / np.where(true > 0, true, fit.widths)).clip(-_WILD, _WILD)
        widths = np.where(inside, np.interp(levels, fit.levels, off), np.nan)
    return widths, bones(model, fit.betas) - bones(model, centre), apart


def bones_of(views: list[Looks]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How bones as seen follow the core, from all sides: slopes [b, c], mean [b] and covariance [b, b] of the rest."""
    shown, core = (np.concatenate([getattr(part, name) for part in views]) for name in ("bones", "core"))
    mean = shown.mean(axis=0)
    slopes = np.linalg.solve(core.T @ core + _RIDGE**2 * np.eye(len(CORE)), core.T @ (shown - mean)).T
    left = shown - mean - core @ slopes.T
    return slopes, mean, left.T @ left / (len(left) - len(CORE))


def moments(errors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean [t] and covariance [t, t] of rows [s, t] with gaps: every pair from the rows that have both, made positive.

    Where hardly any row has a value, the mean is the overall one and the variance as large as any.
    """
    there = np.isfinite(errors)
    counts = there.T.astype(float) @ there
    rare = np.diag(counts) < _FEWEST
    mean = np.where(rare, errors[there].mean(), np.where(there, errors, 0.0).sum(axis=0) / np.diag(counts).clip(1))
    off = np.where(there & ~rare, errors - mean, 0.0)
    values, vectors = np.linalg.eigh(off.T @ off / counts.clip(_FEWEST))
    covariance = (vectors * values.clip(1e-6)) @ vectors.T
    return mean, covariance + np.diag(rare * np.diag(covariance).max())


def _person(sex: int, common: bool, rng: np.random.Generator) -> tuple[float, float, float]:
    """Stature, mass and age: the survey's own kind, or of any size."""
    people, age = population(), float(rng.uniform(18, 70))
    if common:
        at = [people.names.index(name) for name in ("stature", "mass", "age")]
        logs = rng.multivariate_normal(people.means[sex][at], people.covariances[sex][np.ix_(at, at)])
        stature, mass, age = np.exp(logs).tolist()
        return stature, mass, float(np.clip(age, 17, 90))
    stature = float(rng.uniform(*((1.48, 1.85) if sex == 0 else (1.58, 2.0))))
    return stature, float(np.exp(rng.uniform(np.log(17), np.log(42)))) * stature**2, age


def _round(model: BodyModel, measures: Ruler, centre: np.ndarray, sex: int, rng: np.random.Generator) -> np.ndarray:
    """Betas [ROUND, k] about a centre as the prior has them among people of that height and weight."""
    covariance = model.prior(float(sex))[1]
    reading = measures.read(centre, float(sex))
    rows = [measures.names.index(name) for name in _SAME]
    slopes = reading.slopes[rows] / reading.values[rows][:, None]
    spread = slopes @ covariance @ slopes.T + np.diag(np.square(list(_SAME.values())))
    left = covariance - covariance @ slopes.T @ np.linalg.solve(spread, slopes @ covariance)
    return rng.multivariate_normal(centre, left, ROUND, method="eigh")


def _levels(measures: Ruler, centre: np.ndarray, sex: int) -> np.ndarray:
    """HEIGHTS on a body [m]."""
    values = measures.read(centre, float(sex)).values
    crotch, bust = (values[measures.names.index(name)] for name in ("crotch_height", "bust_height"))
    return crotch + HEIGHTS * (bust - crotch)


def _measured(
    model: BodyModel, measures: Ruler, betas: np.ndarray, sex: int, levels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Logs of all measures [m] and of the widths [w] at levels [m], from every yaw."""
    vertices = model.body(betas, poses.RELAXED).vertices.astype(float)
    lines = trunk_parts(model)
    directions = np.stack([np.cos(YAWS), np.zeros(len(YAWS)), np.sin(YAWS)])
    widths = np.stack([np.ptp(_cut(vertices, lines, level) @ directions, axis=0) for level in levels])
    return np.log(measures.read(betas, float(sex)).values), np.log(widths).ravel()


def _cut(vertices: np.ndarray, lines: np.ndarray, level: float) -> np.ndarray:
    """Where edges [e, 2] cross a level, [p, 3]."""
    above = vertices[:, 1] - level
    crossed = lines[above[lines[:, 0]] * above[lines[:, 1]] < 0]
    start, stop = crossed.T
    share = above[start] / (above[start] - above[stop])
    return vertices[start] + share[:, None] * (vertices[stop] - vertices[start])


if __name__ == "__main__":
    main()
