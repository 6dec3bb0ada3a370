"""Whether photos help: errors from height and weight alone against the same with pictures.

    python -m benchmarks.body_photos [--quick] [--json FILE] [--people N] [--jobs N] [--keep FOLDER]

Everybody here is synthetic: the built-in body made to measure as a row of ANSUR II does (US Army NATICK/TR-15/007),
up to what a tape errs, breadths and depths included; what those leave open is drawn at random. No row was used to train
or tune body/observed.py, which knows the survey by its means and covariances. Four questions:

- `silhouettes`: 8 of each of 63 bodies, height and weight known, the landmarks where they belong. The front with the
  arms away from the trunk, the side with the arms forward, exact masks; then the pose up to 10 degrees off, the
  camera's pitch up to 5, and 2 pixels (rms) of error at the mask's edge; with the arms hanging, and from other sides,
  too. A photo more must not make any mean error larger; nine of ten girths shall lie within the 90 % intervals.
- `calipers`: the survey's own breadths and depths with 10 mm of noise, in place of a picture.
- `pictures`: rendered in underwear by app/sample.py and handed to `estimate` as any photograph is, so that the finder
  is tried, too. Not the draw that the doubts of body/photo.py were set on.
- `captures`: the same person photographed twice, front and side, from other places and in another stance; what the
  gates refuse is counted.

Every person has a seed of their own. With `--keep` a run that was stopped goes on where it was.
"""

import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from app.sample import FOCAL, photograph, pose
from assets.errors import InputRefused
from benchmarks.table import ALONE, Row, Share, row, run_shared
from body.building.population import read
from body.building.silhouettes import drawn
from body.building.viewing import EXACT, HANGING, Trouble, view
from body.estimate import Evidence, check_numbers, estimate, likely_shape
from body.frame import Frame
from body.measure import ruler
from body.measurements import MEASURES
from body.model import JOINT_NAMES, BodyModel, load_model
from body.observed import look
from body.photo import EXACT as EXACT_EYES
from body.photo import Eyes, PhotoFit, fit_photo
from body.population import Posterior, population

MAIN = ("bust_girth", "waist_girth", "navel_girth", "hip_girth", "thigh_girth")
GOALS = {"bust_girth": (8, 15), "waist_girth": (8, 15), "hip_girth": (7, 12)}
WIDTHS = ("chest_breadth", "navel_breadth", "hip_breadth", "chest_depth", "navel_depth", "hip_depth")
SEED = 7
ENOUGH = 10  # people, fewer show nothing about a mean
VIEWS = {"front": (0,), "side": (1,), "front and side": (0, 1)}
ASKED = Trouble(pose=10, pitch=5, edge=2)
SHAKY = Eyes(edge_sd=0.004, shaky=0.5)
# From where [degrees], and how the arms are if not as asked.
FRONT, SIDE, HANGS = (0, None), (-90, None), (-90, HANGING)
Sight = tuple[int, np.ndarray | None]
SIGHTS: dict[str, tuple[tuple[Sight, ...], Trouble, int | None]] = {  # goal: 0 exact, 1 spoilt
    "exact": ((FRONT, SIDE), EXACT, 0),
    "exact, arms hang": ((FRONT, HANGS), EXACT, None),
    "spoilt": ((FRONT, SIDE), ASKED, 1),
    "spoilt, arms hang": ((FRONT, HANGS), ASKED, None),
    "spoilt, front": ((FRONT,), ASKED, None),
    "spoilt, side": ((SIDE,), ASKED, None),
    "spoilt, front, side, 45 degrees": ((FRONT, SIDE, (45, None)), ASKED, None),
    "spoilt, front, side, 45 degrees, back": ((FRONT, SIDE, (45, None), (180, None)), ASKED, None),
}
MORE = (  # each with a photo more than the one before
    ("numbers", "spoilt, front"), ("numbers", "spoilt, side"), ("spoilt, front", "spoilt"), ("spoilt, side", "spoilt"),
    ("spoilt, front", "spoilt, arms hang"), ("spoilt", "spoilt, front, side, 45 degrees"),
    ("spoilt, front, side, 45 degrees", "spoilt, front, side, 45 degrees, back"),
)  # fmt: skip
_LOOSE = {"hip": 2.0, "shoulder": 5.0, "elbow": 5.0}  # how far a pose is off [degrees]
_NEAR, _FAR, _LOW, _HIGH = 3.1, 3.8, 1.1, 1.6  # where cameras stand [m]
Person = dict[str, float]


def rows(quick: bool, people: int | None = None, share: Share = ALONE) -> Iterator[Row]:
    folder = Path(os.environ.get("TOILE_DATA", "../shared/data")) / "ansur"
    if not folder.is_dir():
        yield row("photos", f"not measured: the survey's rows are not in {folder}", None, "mm")
        return
    yield from silhouettes(folder, people or (2 if quick else 63), share)
    yield from calipers(folder, 40 if quick else 1)
    yield from pictures(folder, people or (2 if quick else 16), share)
    yield from captures(folder, people or (1 if quick else 24), share)


def silhouettes(folder: Path, count: int, share: Share) -> Iterator[Row]:
    """(d): errors [mm] of the main girths from silhouettes of held-out bodies; a photo never makes them larger."""
    found = share.each("silhouettes", partial(_seen, str(folder)), count)
    off = {name: np.array([one[name][0] for one in found]) for name in ("numbers", *SIGHTS)}
    means = {name: 1000 * np.abs(errors).mean(axis=0) for name, errors in off.items()}
    for name, (_, _, goal) in SIGHTS.items():
        for k, girth in enumerate(MAIN):
            claim = f"{count} synthetic bodies; {means['numbers'][k]:.1f} from numbers alone"
            most = GOALS[girth][goal] if goal is not None and girth in GOALS else None
            yield row(f"silhouette {girth}, {name}", claim, means[name][k], "mm", most if count >= ENOUGH else None)
    for less, more in MORE:
        for girth in GOALS:
            change = means[more][MAIN.index(girth)] - means[less][MAIN.index(girth)]
            claim = "a photo more changes the mean error"
            yield row(f"{girth}, {less} -> {more}", claim, change, "mm", 0.0 if count >= ENOUGH else None)
    for name in SIGHTS:
        doubts = np.array([one[name][1] for one in found])
        hits = np.abs(off[name]) < 1.645 * doubts
        claim = f"share of {len(MAIN)} girths within the 90 % interval; 0.87 to 0.93 is meant"
        yield row(f"silhouette honest, {name}", claim, float(hits.mean()), "", 0.87 if count >= ENOUGH else None, ">=")


def _seen(folder: str, number: int) -> dict[str, list[list[float]]]:
    """Errors and doubts [m] of the main girths of one person: from numbers alone, and each choice of silhouettes."""
    model, rng = _ready(), np.random.default_rng((SEED, number))
    person, sex = _person(folder, number, SEED)
    betas = drawn(model, person, sex, rng)
    true = person | ruler(model).values(betas, sex, names=("stature", *MAIN))
    told = {}
    for name, after in _told(model, betas, true, sex, rng):
        found = after.estimates()
        told[name] = [[found[girth][0] - true[girth] for girth in MAIN], [found[girth][1] for girth in MAIN]]
    return told


def _told(
    model: BodyModel, betas: np.ndarray, true: Person, sex: float, rng: np.random.Generator
) -> Iterator[tuple[str, Posterior]]:
    """What is likely from numbers alone, and after each choice of silhouettes."""
    tapes = check_numbers(Evidence(true["stature"], true["mass"], sex, true["age"]))
    before = population().posterior({name: (item.value, item.sd) for name, item in tapes.items()}, sex, true["age"])
    first = likely_shape(model, tapes, before)
    yield "numbers", before
    fits: dict[tuple[int, bool, Trouble], PhotoFit] = {}
    for name, (sights, trouble, _) in SIGHTS.items():
        chosen = []
        for yaw, rest in sights:
            if (yaw, rest is None, trouble) not in fits:
                shown, eyes = view(model, betas, yaw, trouble, rng, rest), EXACT_EYES if trouble is EXACT else SHAKY
                prior = (first.betas, first.covariance)
                fit = fit_photo(shown.person, shown.frame, true["stature"], model, prior, eyes)
                fits[yaw, rest is None, trouble] = fit
            chosen.append(fits[yaw, rest is None, trouble])
        yield name, look(model, first, before, chosen)[0]


def calipers(folder: Path, step: int) -> Iterator[Row]:
    """(e): errors [mm] with six breadths and depths of the trunk, 10 mm of noise on each, and without."""
    noise, rng = 0.010, np.random.default_rng(SEED)
    for sex, kind in enumerate(("female", "male")):
        off: list[np.ndarray] = []
        people = read(folder / f"{kind}_half.csv", kind)
        for k in range(0, len(people["mass"]), step):
            numbers = {name: (people[name][k], MEASURES[name].tape_sd) for name in ("stature", "mass")}
            # The survey has no such chest breadth: it was worked out from the girth, and would give that away.
            seen = {name: (people[name][k] + rng.normal(0, noise), noise) for name in WIDTHS if name != "chest_breadth"}
            told = [population().given(known, float(sex), people["age"][k]) for known in (numbers, numbers | seen)]
            off.append(np.array([[one[name][0] - people[name][k] for name in MAIN] for one in told]))
        blind, seeing = 1000 * np.abs(off).mean(axis=0)
        for name, without, error in zip(MAIN, blind, seeing, strict=True):
            if name != "waist_girth":  # the survey's waist is at the navel
                yield row(
                    f"{kind} {name}, calipers", f"10 mm noise; {without:.1f} from numbers alone", error, "mm", without
                )


def pictures(folder: Path, count: int, share: Share) -> Iterator[Row]:
    """Errors [mm] of the main girths through the finder, with each choice of pictures."""
    found = share.each("pictures", partial(_pictured, str(folder)), count)
    errors = [one for one in found if one]
    yield row("pictures refused", f"of {count} people, by the gates", count - len(errors), "")
    if not errors:
        return
    means = {name: 1000 * np.mean([np.abs(one[name]) for one in errors], axis=0) for name in errors[0]}
    blind = means["numbers"]
    yield from (row(f"{name}, numbers alone", "for comparison", blind[k], "mm") for k, name in enumerate(MAIN))
    for name in VIEWS:
        for k, girth in enumerate(MAIN):
            most = blind[k] if len(errors) >= ENOUGH else None
            yield row(f"{girth}, {name}", "never worse than numbers alone", means[name][k], "mm", most)
        yield row(f"all, {name}", "never worse than numbers alone", means[name].mean(), "mm", blind.mean())


def _pictured(folder: str, number: int) -> dict[str, list[float]] | None:
    """Errors [m] of the main girths of one person from numbers and each choice of pictures; None when refused."""
    model, rng = _ready(), np.random.default_rng((SEED, number))
    person, sex = _person(folder, number, SEED)
    betas = drawn(model, person, sex, rng)
    person = person | ruler(model).values(betas, sex, names=("stature", *MAIN))
    frames, off = [_picture(model, betas, turn, rng) for turn in (0.0, -90.0)], {}
    try:
        for name, chosen in {"numbers": (), **VIEWS}.items():
            guess = _guess(person, sex, [frames[k] for k in chosen], model)
            off[name] = [guess[girth] - person[girth] for girth in MAIN]
    except InputRefused:
        return None
    return off


def captures(folder: Path, count: int, share: Share) -> Iterator[Row]:
    """How far two captures of one person, front and side, are apart [mm]."""
    found = share.each("captures", partial(_captured, str(folder)), count)
    refused = [one for pair in found for one in pair if isinstance(one, str)]
    why = f": {refused[0]}" if refused else ""
    yield row("captures refused", f"of {2 * count}, by the gates{why}", len(refused), "")
    pairs = [pair for pair in found if not any(isinstance(one, str) for one in pair)]
    if not pairs:
        return
    most = 10 if len(pairs) >= ENOUGH else None
    apart = 1000 * np.abs(np.diff(np.array(pairs), axis=1)[:, 0])
    for name, values in zip(GOALS, apart.T, strict=True):
        yield row(f"{name}, two captures, median", f"apart, {len(pairs)} people", float(np.median(values)), "mm", most)
        yield row(f"{name}, two captures, mean", "apart", float(values.mean()), "mm", most)
        yield row(f"{name}, two captures, 90th percentile", "apart", float(np.percentile(values, 90)), "mm", most)


def _captured(folder: str, number: int) -> list[list[float] | str]:
    """The girths [m] of one person from each of two captures, or why one is refused."""
    model, rng = _ready(), np.random.default_rng((SEED + 1, number))
    person, sex = _person(folder, number, SEED + 1)
    betas = drawn(model, person, sex, rng)
    person = person | ruler(model).values(betas, sex, names=("stature",))
    both: list[list[float] | str] = []
    for _ in range(2):
        place = rng.uniform(_NEAR, _FAR), rng.uniform(_LOW, _HIGH)
        frames = [_picture(model, betas, turn, rng, *place) for turn in (0.0, -90.0)]
        try:
            guess = _guess(person, sex, frames, model)
            both.append([guess[name] for name in GOALS])
        except InputRefused as error:
            both.append(str(error))
    return both


def _ready() -> BodyModel:
    import torch

    torch.set_num_threads(1)
    return load_model()


def _person(folder: str, number: int, seed: int) -> tuple[Person, float]:
    """A row of the survey in an order of chance, women and men in turn."""
    kind = ("female", "male")[number % 2]
    people = read(Path(folder) / f"{kind}_half.csv", kind)
    which = np.random.default_rng((seed, number % 2)).permutation(len(people["mass"]))[number // 2]
    return {name: float(values[which]) for name, values in people.items()}, float(number % 2)


def _guess(person: Person, sex: float, frames: Sequence[Frame], model: BodyModel) -> dict[str, float]:
    known = Evidence(person["stature"], person["mass"], sex, person["age"], photos=tuple(frames))
    return estimate(known, model).measurements.numbers()


def _picture(
    model: BodyModel, betas: np.ndarray, turn: float, rng: np.random.Generator, distance: float = 3.3, eye: float = 1.35
) -> Frame:
    stance = pose(np.radians(turn + rng.normal(0, 5)))
    for joint, off in _LOOSE.items():
        for side in ("left", "right"):
            stance[JOINT_NAMES.index(f"{side}_{joint}")] += np.radians(rng.normal(0, off, 3))
    pixels = photograph(model, betas, stance, 2, distance, eye)
    return Frame(np.ascontiguousarray(pixels), name=f"{turn:g} degrees", focal=float(FOCAL))


if __name__ == "__main__":
    run_shared(__doc__, rows)
