"""From what is known of a person - numbers, tapes, photos, a scan - to a body and measures, each with doubt and source.

What people are like (body/population.py) turns the evidence into a mean and a standard deviation of every measure; then
the shape is sought that comes closest (body/shape.py). Evidence is weighed by its error: a tape wins over a scan, that
over a photo, a photo over statistics. A photo that contradicts the rest is set aside, and the notes say so. A scan
(body/scan.py) gives the shape itself and its detail; tapes change it as little as they can.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from assets.errors import InputRefused, UsageError
from assets.progress import Progress, part, silent
from assets.units import show
from body.measurements import MEASURES, Measurement, Measurements, Source, canonical, given
from body.population import IMPOSSIBLE, UNUSUAL, Population, Posterior, population, sentence

if TYPE_CHECKING:
    from body.frame import Frame
    from body.model import Body, BodyModel
    from body.observed import Observed
    from body.photo import PhotoFit
    from body.scan import Scan, ScanFit
    from body.shape import Shape

_YOUNGEST, _OLDEST = 12, 110
_LIGHTEST, _HEAVIEST = 11.0, 75.0
# How closely the shape follows each kind of target: a tape's sd [m], shares of the statistical sd.
_TAPE, _MAIN, _OTHER = 0.0002, 0.3, 1.0
# Weight over volume varies among people of equal girths by this share.
_HEAVINESS = 0.03
_SET_ASIDE = 3.0
_SHARPER = 0.93
_UNREACHED = 0.005
_MAIN_MEASURES = frozenset(
    (
        "stature", "cervicale_height", "acromial_height", "bust_height", "waist_height", "hip_height", "crotch_height",
        "knee_height", "neck_girth", "bust_girth", "underbust_girth", "waist_girth", "hip_girth", "thigh_girth",
        "calf_girth", "ankle_girth", "upper_arm_girth", "wrist_girth", "biacromial_breadth", "arm_length",
    )
)  # fmt: skip
# Measures that no survey gave us are read off the body; they are at least as doubtful as their nearest kin.
_KIN = {
    "upper_chest_girth": "bust_girth", "high_hip_girth": "hip_girth", "mid_thigh_girth": "thigh_girth",
    "knee_girth": "calf_girth", "elbow_girth": "upper_arm_girth", "across_back_shoulder_width": "biacromial_breadth",
    "front_width": "back_width", "bust_point_distance": "bust_girth",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What is known of a person: height [m], mass [kg], sex (0 female .. 1 male), age [years], None where nobody said.

    `tapes` are measures taken by hand [m], by name or alias; they win over everything. `photos` are front and side;
    `person` is which of several people in a picture is meant, counted from 1. `scan` shows the same person.
    """

    height: float | None = None
    mass: float | None = None
    sex: float | None = None
    age: float | None = None
    tapes: Mapping[str, float] = field(default_factory=dict)
    photos: tuple[Frame, ...] = ()
    person: int | None = None
    scan: Scan | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "tapes", MappingProxyType(dict(self.tapes)))

    def __reduce__(self) -> tuple:
        numbers = (self.height, self.mass, self.sex, self.age, dict(self.tapes))
        return Evidence, (*numbers, self.photos, self.person, self.scan)


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """A person: the body (relaxed pose), every measure with sd and source, notes in words, photos and scan as fitted.

    `sex` is 0 female .. 1 male, the best guess where nobody said.
    """

    body: Body
    measurements: Measurements
    notes: tuple[str, ...] = ()
    sex: float = 0.5
    photo_fits: tuple[PhotoFit, ...] = ()
    scan_fit: ScanFit | None = None


def estimate(evidence: Evidence, model: BodyModel | None = None, progress: Progress = silent) -> Estimate:
    """The body and measures that the evidence tells of.

    Raises UsageError for unknown measures, InputRefused for impossible or contradictory numbers and unusable photos.
    """
    from body.model import load_model
    from body.poses import at_ease
    from body.scan import fit_scan

    tapes = check_numbers(evidence)
    model = model or load_model()
    scanned = None
    if evidence.scan is not None:
        scanned = fit_scan(evidence.scan, model, evidence.sex, evidence.height, part(progress, 0.0, 0.6))
        progress = part(progress, 0.6, 1.0)
    told = scanned.measures.with_(*tapes.values()) if scanned else tapes
    notes = [*_notes(told, evidence), *(_scan_notes(scanned, tapes) if scanned else ())]
    progress(0.05, "reading what people are like")
    before = population().posterior(_known(told), evidence.sex, evidence.age)
    sex = before.male
    notes += _strange(model, tapes, before)
    after = before
    fits: tuple[PhotoFit, ...] = ()
    if evidence.photos:
        fits, seen, said = _look(evidence, tapes, before, model, part(progress, 0.1, 0.7))
        notes += said
        after = population().posterior(_known(told) | seen.known, sex, evidence.age, seen.linked)
    progress(0.75, "shaping the body")
    shape = scanned_shape(model, tapes, scanned, sex) if scanned else likely_shape(model, tapes, after)
    notes += _unreached(tapes, shape)
    progress(1.0, "body ready")
    return Estimate(
        model.body(shape.betas, at_ease(model, shape.betas), scanned.detail if scanned else None),
        _report(told, before, after, shape),
        tuple(notes),
        sex,
        fits,
        scanned,
    )


def check_numbers(evidence: Evidence) -> Measurements:
    """Height, weight and tapes as measurements, each plausible, together possible.

    Raises UsageError for an unknown measure or sex, InputRefused for numbers that nobody has.
    """
    if evidence.sex is not None and not 0 <= evidence.sex <= 1:
        raise UsageError(f"a sex of {evidence.sex:g} is not between 0 (female) and 1 (male)")
    if evidence.age is not None and not _YOUNGEST <= evidence.age <= _OLDEST:
        raise InputRefused(f"an age of {evidence.age:g} is outside {_YOUNGEST} to {_OLDEST}: Toile knows adult bodies")
    numbers = {"stature": evidence.height, "mass": evidence.mass}
    stated = {name: value for name, value in numbers.items() if value is not None}
    for name, value in evidence.tapes.items():
        name = canonical(name)
        if stated.setdefault(name, value) != value:
            raise InputRefused(
                f"two values for {MEASURES[name].title.lower()} ({stated[name]:g} and {value:g} in SI): keep one"
            )
    tapes = Measurements(tuple(given(name, value) for name, value in stated.items()))
    known = _known(tapes)
    if "stature" in tapes and "mass" in tapes:
        stature, mass = tapes.value("stature"), tapes.value("mass")
        if not _LIGHTEST <= mass / stature**2 <= _HEAVIEST:
            raise InputRefused(
                f"a weight of {show(mass, 'kg')} at a height of {show(stature, 'cm')} cannot be: check both numbers"
            )
    worst = population().surprises(known, evidence.sex, evidence.age, IMPOSSIBLE)
    if worst:
        raise InputRefused(sentence(worst[0], known))
    return tapes


def _known(tapes: Measurements) -> dict[str, tuple[float, float]]:
    return {name: (item.value, item.sd) for name, item in tapes.items()}


def _notes(told: Measurements, evidence: Evidence) -> tuple[str, ...]:
    people: Population = population()
    tapes = Measurements(tuple(item for item in told.values() if item.source == "tape"))
    notes = people.conflicts(_known(tapes), evidence.sex, evidence.age)
    if "stature" not in told:
        notes += ("no height given: lengths are a guess, and a photo has no scale of its own",)
    if evidence.sex is None:
        notes += (f"sex not given: taken as {people.male(_known(told), evidence.age):.0%} male from the numbers",)
    return notes


def _scan_notes(scanned: ScanFit, tapes: Measurements) -> list[str]:
    """How the scan was understood, and a sentence for each tape that it speaks against."""
    notes = list(scanned.notes)
    for name, item in tapes.items():
        seen = scanned.measures[name]
        if abs(item.value - seen.value) > _SET_ASIDE * np.hypot(item.sd, seen.sd):
            unit = "kg" if name == "mass" else "cm"
            notes.append(
                f"the scan shows a {MEASURES[name].title.lower()} of {show(seen.value, unit)} where "
                f"{show(item.value, unit)} was given: check it"
            )
    return notes


def _strange(model: BodyModel, tapes: Measurements, before: Posterior) -> list[str]:
    """A sentence for each tape unknown to the survey that hardly fits the body of all others. Raises InputRefused."""
    others = Measurements(tuple(item for item in tapes.values() if item.name in before.names))
    if len(others) == len(tapes):
        return []
    shape, notes = likely_shape(model, others, before), []
    for name in tapes.keys() - others.keys():
        item, expected = tapes[name], shape.values[name]
        z = abs(item.value - expected) / np.hypot(item.sd, _doubt(name, shape, before))
        words = (
            f"a {item.name.replace('_', ' ')} of {show(item.value, 'cm')} hardly fits the other numbers "
            f"(about {show(expected, 'cm', 0)} would): check the tape"
        )
        if z > IMPOSSIBLE:
            raise InputRefused(words)
        if z > UNUSUAL:
            notes.append(words)
    return notes


def _look(
    evidence: Evidence, tapes: Measurements, before: Posterior, model: BodyModel, progress: Progress
) -> tuple[tuple[PhotoFit, ...], Observed, list[str]]:
    """What the photos show: their fits, the measures kept, and what to say about them."""
    import torch

    from body.gates import whole_person
    from body.observed import observed, together
    from body.photo import fit_photo, photo_widths

    first = likely_shape(model, tapes, before)
    stature = tapes["stature"].value if "stature" in tapes else first.values["stature"]
    betas = torch.as_tensor(np.array(first.betas), dtype=torch.float32)[None]
    fits, seen, notes = [], [], []
    for k, frame in enumerate(evidence.photos):
        progress(k / len(evidence.photos), f"looking at {frame.name}")
        person = whole_person(frame, evidence.person)
        photo = fit_photo(person, frame, stature, model, (first.betas, first.covariance))
        with torch.no_grad():
            expected = photo_widths(model, betas, photo)[0].double().cpu().numpy()
        kept, said = credible(observed(photo, expected, first.values, before.estimates()), before, frame.name)
        fits.append(photo)
        seen.append(kept)
        notes += [*photo.notes, *said]
    return tuple(fits), together(seen), notes


def credible(found: Observed, before: Posterior, photo: str) -> tuple[Observed, list[str]]:
    """What a photo shows without what the rest of the evidence speaks against, and a sentence on each of those.

    A photo that is mostly wrong is not believed at all.
    """
    expected, notes, kept = before.estimates(), [], []
    for name, (value, sd) in found.known.items():
        likely, doubt = expected[name]
        if abs(value - likely) <= _SET_ASIDE * np.hypot(sd, doubt):
            kept.append(name)
            continue
        title, low, high = MEASURES[name].title.lower(), likely - 2 * doubt, likely + 2 * doubt
        notes.append(
            f"{photo}: a {title} of {show(value, 'cm')} contradicts the other evidence "
            f"({show(low, 'cm', 0)} to {show(high, 'cm', 0)}): set aside"
        )
    if 2 * len(kept) < len(found.names):
        kept = []
    return found.only(kept), notes


def likely_shape(model: BodyModel, tapes: Measurements, likely: Posterior) -> Shape:
    """The shape nearest to what is likely that meets every tape."""
    from body.measure import ruler
    from body.shape import fit_shape

    targets, doubts = {}, {}
    for name, (value, sd) in likely.estimates().items():
        targets[name], doubts[name] = (value, sd * (_MAIN if name in _MAIN_MEASURES else _OTHER)), sd
    for name, item in tapes.items():
        targets[name], doubts[name] = (item.value, _TAPE), item.sd
    mass, sd = likely.estimates()["mass"]
    targets["mass"] = (mass, float(np.hypot(sd, _HEAVINESS * mass)))
    doubts["mass"] = targets["mass"][1]
    return fit_shape(ruler(model), targets, likely.male, doubts)


def scanned_shape(model: BodyModel, tapes: Measurements, scanned: ScanFit, sex: float) -> Shape:
    """The scan's own shape where no tape says otherwise, else the one nearest to it that meets every tape."""
    from body.measure import ruler
    from body.shape import fit_shape

    targets = {name: (item.value, item.sd) for name, item in scanned.measures.items()}
    targets |= {name: (item.value, item.sd if name == "mass" else _TAPE) for name, item in tapes.items()}
    doubts = {name: item.sd for name, item in tapes.items()}
    return fit_shape(ruler(model), targets, sex, doubts, (scanned.betas, scanned.covariance), scanned.detail)


def _report(told: Measurements, before: Posterior, after: Posterior, shape: Shape) -> Measurements:
    """The tape's or scan's value where there is one, else the population's, else the body's own."""
    blind, seeing = before.estimates(), after.estimates()
    items = []
    for name in MEASURES:
        if name in told:
            items.append(told[name])
        elif name in seeing:
            value, sd = seeing[name]
            sharper = sd / value < _SHARPER * blind[name][1] / blind[name][0]
            source: Source = "photo" if sharper else "statistics"
            items.append(Measurement(name, value, sd, source))
        else:
            items.append(Measurement(name, shape.values[name], _doubt(name, shape, after), "statistics"))
    return Measurements(tuple(items))


def _doubt(name: str, shape: Shape, likely: Posterior) -> float:
    """Standard deviation [m] of a measure read off the body."""
    kin, sd = likely.estimates()[_KIN[name]]
    return float(np.hypot(shape.open[name], shape.values[name] * sd / kin))


def _unreached(tapes: Measurements, shape: Shape) -> list[str]:
    """A sentence for each tape that the body could not follow."""
    return [
        f"the body shown has a {item.name.replace('_', ' ')} of {show(shape.values[name], 'cm')} "
        f"where the tape says {show(item.value, 'cm')}: its shapes do not reach further"
        for name, item in tapes.items()
        if name != "mass" and abs(shape.values[name] - item.value) > max(_UNREACHED, item.sd)
    ]
