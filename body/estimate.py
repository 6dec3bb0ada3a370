"""From what is known of a person - numbers, tapes, photos - to a body and its measures, each with its doubt and source.

What people are like (body/population.py) turns the evidence into a mean and a standard deviation of every measure; then
the shape is sought that comes closest (body/shape.py). Evidence is weighed by its error: a tape wins over a photo, a
photo over statistics (body/observed.py). A photo that contradicts the rest is set aside, and the notes say so.
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
    from body.photo import PhotoFit
    from body.shape import Shape

_YOUNGEST, _OLDEST = 12, 110
_LIGHTEST, _HEAVIEST = 11.0, 75.0
# How closely the shape follows each kind of target: a tape's sd [m], shares of the statistical sd.
_TAPE, _MAIN, _OTHER = 0.0002, 0.3, 1.0
# Weight over volume varies among people of equal girths by this share.
_HEAVINESS = 0.03
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

    `tapes` are measures taken by hand [m], by name or alias; they win over everything. `photos` are any number, from
    any side; `person` is which of several people in a picture is meant, counted from 1.
    """

    height: float | None = None
    mass: float | None = None
    sex: float | None = None
    age: float | None = None
    tapes: Mapping[str, float] = field(default_factory=dict)
    photos: tuple[Frame, ...] = ()
    person: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "tapes", MappingProxyType(dict(self.tapes)))

    def __reduce__(self) -> tuple:
        return Evidence, (self.height, self.mass, self.sex, self.age, dict(self.tapes), self.photos, self.person)


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """A person: the body (relaxed pose), every measure with sd and source, notes in words, photos as understood.

    `sex` is 0 female .. 1 male, the best guess where nobody said.
    """

    body: Body
    measurements: Measurements
    notes: tuple[str, ...] = ()
    sex: float = 0.5
    photo_fits: tuple[PhotoFit, ...] = ()


def estimate(evidence: Evidence, model: BodyModel | None = None, progress: Progress = silent) -> Estimate:
    """The body and measures that the evidence tells of.

    Raises UsageError for unknown measures, InputRefused for impossible or contradictory numbers and unusable photos.
    """
    from body.model import load_model
    from body.poses import at_ease

    tapes = check_numbers(evidence)
    notes = list(_notes(tapes, evidence))
    model = model or load_model()
    progress(0.05, "reading what people are like")
    before = population().posterior(_known(tapes), evidence.sex, evidence.age)
    sex = before.male
    notes += _strange(model, tapes, before)
    after = before
    fits: tuple[PhotoFit, ...] = ()
    if evidence.photos:
        fits, after, said = _look(evidence, tapes, before, model, part(progress, 0.1, 0.7))
        notes += said
    progress(0.75, "shaping the body")
    shape = likely_shape(model, tapes, after)
    notes += _unreached(tapes, shape)
    progress(1.0, "body ready")
    return Estimate(
        model.body(shape.betas, at_ease(model, shape.betas)),
        _report(tapes, before, after, shape),
        tuple(notes),
        sex,
        fits,
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


def _notes(tapes: Measurements, evidence: Evidence) -> tuple[str, ...]:
    people: Population = population()
    notes = people.conflicts(_known(tapes), evidence.sex, evidence.age)
    if "stature" not in tapes:
        notes += ("no height given: lengths are a guess, and a photo has no scale of its own",)
    if evidence.sex is None:
        notes += (f"sex not given: taken as {people.male(_known(tapes), evidence.age):.0%} male from the numbers",)
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
) -> tuple[tuple[PhotoFit, ...], Posterior, list[str]]:
    """What the photos show: their fits, what is likely after them, and what to say about them."""
    from body.gates import whole_person
    from body.observed import look
    from body.photo import fit_photo

    first = likely_shape(model, tapes, before)
    stature = tapes["stature"].value if "stature" in tapes else first.values["stature"]
    fits = []
    for k, frame in enumerate(evidence.photos):
        progress(k / len(evidence.photos), f"looking at {frame.name}")
        person = whole_person(frame, evidence.person)
        fits.append(fit_photo(person, frame, stature, model, (first.betas, first.covariance)))
    after, said = look(model, first, before, fits)
    notes = [*(note for fit in fits for note in fit.notes), *said]
    if not any(fit.view == "side" for fit in fits):
        notes.append(
            "no picture is from the side: one more, fully sideways, arms stretched out forward, tells the depths"
        )
    return tuple(fits), after, notes


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


def _report(tapes: Measurements, before: Posterior, after: Posterior, shape: Shape) -> Measurements:
    """The tape's value where there is one, else the population's, else the body's own."""
    blind, seeing = before.estimates(), after.estimates()
    items = []
    for name in MEASURES:
        if name in tapes:
            items.append(tapes[name])
        elif name in seeing:
            value, sd = seeing[name]
            usual, doubt = blind.get(name, (1.0, np.inf))
            source: Source = "photo" if sd / value < _SHARPER * doubt / usual else "statistics"
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
