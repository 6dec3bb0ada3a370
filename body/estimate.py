"""From what is known of a person - numbers, tapes, photos - to a body and its measures, each with its doubt and source.

What people are like (body/population.py) turns the evidence into a mean and a standard deviation of every measure; then
the shape is sought that comes closest (body/shape.py). Evidence is weighed by its error: a tape wins over a photo, a
photo over statistics (body/observed.py). A photo that contradicts the rest is set aside, and the notes say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from assets.errors import InputRefused, UsageError
from assets.progress import Progress, part, silent
from assets.units import show
from body.conflict import Misfit, agreeing, beside, known, misfits
from body.measurements import MEASURES, Measurement, Measurements, Source, canonical, given
from body.population import Posterior, beyond, population

if TYPE_CHECKING:
    from body.frame import Frame
    from body.model import Body, BodyModel
    from body.photo import PhotoFit
    from body.scan import Scan, ScanFit
    from body.shape import Shape, Wanted

_YOUNGEST, _OLDEST = 12, 110
_LIGHTEST, _HEAVIEST = 11.0, 75.0
# How closely the shape follows each kind of target: a tape's sd [m], shares of the statistical sd.
_TAPE, _MAIN, _OTHER = 0.00005, 0.3, 1.0
# A shape stranger than this, in sd, or further from a tape [m], is no person's: then tapes are followed only so closely
# [m] by the shape, and the local layer takes the rest.
_STRANGE, _MET, LOOSE = 2.0, 0.0002, 0.002
# Weight over volume varies among people of equal girths by this share.
_HEAVINESS = 0.03
_SET_ASIDE = 3.0  # a scan and a tape further apart, in sd's, cannot both be right
_SHARPER = 0.93
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
    "front_width": "back_width", "bust_point_distance": "bust_girth", "least_waist_girth": "waist_girth",
    "armscye_girth": "upper_arm_girth", "forearm_girth": "upper_arm_girth", "scye_depth": "back_neck_to_waist",
    "front_neck_to_waist": "back_neck_to_waist", "front_waist_length": "back_neck_to_waist",
    "side_neck_to_bust": "back_neck_to_waist", "waist_to_knee": "waist_height", "outseam": "waist_height",
    "body_rise": "waist_to_hip", "upper_arm_length": "arm_length", "under_arm_length": "arm_length",
    "back_neck_to_wrist": "arm_length", "hand_length": "arm_length",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What is known of a person: height [m], mass [kg], sex (0 female .. 1 male), age [years], None where nobody said.

    `tapes` are measures taken by hand [m], by name or alias; they win over everything. `photos` are any number, from
    any side; `person` is which of several people in a picture is meant, counted from 1. `scan` shows the same person;
    with `scan_detail` the body takes its very surface, else it is a smooth one of the same measures. `remarks` are what
    was to say when the evidence was gathered; the estimate's notes begin with them.
    """

    height: float | None = None
    mass: float | None = None
    sex: float | None = None
    age: float | None = None
    tapes: Mapping[str, float] = field(default_factory=dict)
    photos: tuple[Frame, ...] = ()
    person: int | None = None
    scan: Scan | None = None
    scan_detail: bool = True
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "tapes", MappingProxyType(dict(self.tapes)))

    def __reduce__(self) -> tuple:
        numbers = (self.height, self.mass, self.sex, self.age, dict(self.tapes))
        return Evidence, (*numbers, self.photos, self.person, self.scan, self.scan_detail, self.remarks)


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """A person: the body (relaxed pose), every measure with sd and source, notes in words, photos as understood.

    `sex` is 0 female .. 1 male, the best guess where nobody said. `misfits` tells of each tape what the body leaves.
    """

    body: Body
    measurements: Measurements
    notes: tuple[str, ...] = ()
    sex: float = 0.5
    photo_fits: tuple[PhotoFit, ...] = ()
    misfits: tuple[Misfit, ...] = ()
    scan_fit: ScanFit | None = None


def estimate(evidence: Evidence, model: BodyModel | None = None, progress: Progress = silent) -> Estimate:
    """The body and measures that the evidence tells of.

    Raises UsageError for unknown measures, InputRefused for impossible or contradictory numbers and unusable photos.
    """
    from body.model import load_model
    from body.scan import fit_scan

    tapes = check_numbers(evidence)
    model = model or load_model()
    scanned = None
    if evidence.scan is not None:
        scanned = fit_scan(evidence.scan, model, evidence.sex, evidence.height, part(progress, 0.0, 0.6))
        scanned = scanned if evidence.scan_detail else replace(scanned, detail=None)
        progress = part(progress, 0.6, 1.0)
    progress(0.05, "reading what people are like")
    kept, said = agreeing(population(), tapes, evidence.sex, evidence.age)
    before = population().posterior(known(_told(scanned, kept)), evidence.sex, evidence.age)
    kept, said = _beside_the_body(model, kept, before, said)
    told = _told(scanned, kept)
    after = before
    notes = _scan_notes(scanned, tapes) if scanned else []
    fits: tuple[PhotoFit, ...] = ()
    if evidence.photos:
        fits, after, words = _look(evidence, kept, before, model, part(progress, 0.1, 0.7))
        notes += words
    progress(0.75, "shaping the body")
    shape, detail, odd = locked_shape(model, kept, after, scanned)
    left = misfits(tapes, shape.values, said, odd)
    found = finished(model, evidence, told, before, after, shape, detail, left)
    progress(1.0, "body ready")
    return replace(found, notes=(*notes, *found.notes), photo_fits=fits, scan_fit=scanned)


def finished(
    model: BodyModel,
    evidence: Evidence,
    told: Measurements,
    before: Posterior,
    after: Posterior,
    shape: Shape,
    detail: np.ndarray | None,
    left: tuple[Misfit, ...],
) -> Estimate:
    """The estimate that a shape stands for. `told` are the tapes believed, and beside them what a scan measured; what
    was likely `before` and `after` the photos."""
    from body.poses import at_ease

    notes = [*evidence.remarks, *_notes(told, evidence, before.male)]
    notes += [misfit.sentence for misfit in left if misfit.sentence]
    if telling := after.most_telling(told):
        notes.append(telling.sentence)
    return Estimate(
        model.body(shape.betas, at_ease(model, shape.betas), detail),
        _report(told, before, after, shape),
        tuple(notes),
        before.male,
        (),
        left,
    )


def check_numbers(evidence: Evidence) -> Measurements:
    """Height, weight and tapes as measurements, each plausible by itself.

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
    if "stature" in tapes and "mass" in tapes:
        stature, mass = tapes.value("stature"), tapes.value("mass")
        if not _LIGHTEST <= mass / stature**2 <= _HEAVIEST:
            raise InputRefused(
                f"a weight of {show(mass, 'kg')} at a height of {show(stature, 'cm')} cannot be: check both numbers"
            )
    return tapes


def _notes(tapes: Measurements, evidence: Evidence, sex: float) -> list[str]:
    notes = []
    if "stature" not in tapes:
        notes.append("no height given: lengths are a guess, and a photo has no scale of its own")
    if evidence.sex is None:
        notes.append(f"sex not given: taken as {sex:.0%} male from the numbers")
    if wider := beyond(known(tapes), evidence.age):
        notes.append(wider)
    return notes


def _told(scanned: ScanFit | None, tapes: Measurements) -> Measurements:
    """What a scan measured, with the tapes, which win."""
    return scanned.measures.with_(*tapes.values()) if scanned else tapes


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


def _beside_the_body(
    model: BodyModel, tapes: Measurements, likely: Posterior, said: dict[str, str]
) -> tuple[Measurements, dict[str, str]]:
    """The same of tapes unknown to the survey, judged by the body that all others give; adds to what is `said`."""
    kept, said = [item for item in tapes.values() if item.name in likely.names], dict(said)
    if len(kept) < len(tapes):
        shape = likely_shape(model, Measurements(tuple(kept)), likely)
        for name in [name for name in tapes if name not in likely.names]:
            true, words = beside(tapes[name], shape.values[name], _doubt(name, shape, likely))
            said |= {name: words} if words else {}
            kept += [tapes[name]] if true else []
    return Measurements(tuple(kept)), said


def _look(
    evidence: Evidence, tapes: Measurements, before: Posterior, model: BodyModel, progress: Progress
) -> tuple[tuple[PhotoFit, ...], Posterior, list[str]]:
    """What the photos show: their fits, what is likely after them, and what to say about them."""
    from body.gates import whole_people
    from body.observed import look
    from body.photo import fit_photo

    first = likely_shape(model, tapes, before)
    stature = tapes["stature"].value if "stature" in tapes else first.values["stature"]
    persons, notes = whole_people(evidence.photos, evidence.person, part(progress, 0.0, 0.5))
    fits = []
    for k, (frame, person) in enumerate(persons):
        progress(0.5 + 0.5 * k / len(persons), f"looking at {frame.name}")
        fits.append(fit_photo(person, frame, stature, model, (first.betas, first.covariance)))
    after, said = look(model, first, before, fits)
    notes += [*dict.fromkeys(note for fit in fits for note in fit.notes), *said]
    if not any(fit.view == "side" for fit in fits):
        notes.append(
            "no picture is from the side: one more, fully sideways, arms stretched out forward, tells the depths"
        )
    return tuple(fits), after, notes


def locked_shape(
    model: BodyModel, tapes: Measurements, likely: Posterior, scanned: ScanFit | None = None
) -> tuple[Shape, np.ndarray | None, str]:
    """The body that meets every tape: its shape, with the measures that it shows; the detail [m] [n, 3] that takes what
    shapes cannot, None where they can; the tape that does not fit the others, or "". A scanned one keeps its detail."""
    from body.layer import meet
    from body.measure import ruler

    detail = None
    if scanned is not None:
        shape, detail = _scanned_shape(model, tapes, scanned, likely.male), scanned.detail
        if _furthest(shape, tapes) < _MET:
            return shape, detail, ""
    else:
        shape = likely_shape(model, tapes, likely, LOOSE)
        if shape.effort < _STRANGE:
            near = likely_shape(model, tapes, likely, start=shape.betas)
            if met(near, tapes):
                return near, None, ""
    layer = meet(model, shape.betas, {name: item.value for name, item in tapes.items() if name != "mass"}, detail)
    values = ruler(model).read(shape.betas, likely.male, layer.detail).values
    return replace(shape, values=dict(zip(shape.values, values.tolist(), strict=True))), layer.detail, layer.odd


def met(shape: Shape, tapes: Measurements, within: float = _MET) -> bool:
    """Whether a shape is a person's and meets every tape within so much [m]."""
    return shape.effort < _STRANGE and _furthest(shape, tapes) < within


def _furthest(shape: Shape, tapes: Measurements) -> float:
    """By how much [m] a shape misses the tape that it misses most."""
    return max((abs(shape.values[name] - item.value) for name, item in tapes.items() if name != "mass"), default=0.0)


def _scanned_shape(model: BodyModel, tapes: Measurements, scanned: ScanFit, sex: float) -> Shape:
    """The scan's own shape where no tape says otherwise, else the one nearest to it that meets every tape."""
    from body.measure import ruler
    from body.shape import fit_shape

    targets = {name: (item.value, item.sd) for name, item in scanned.measures.items()}
    targets |= {name: (item.value, item.sd if name == "mass" else _TAPE) for name, item in tapes.items()}
    doubts = {name: item.sd for name, item in tapes.items()}
    prior = scanned.betas, scanned.covariance
    return fit_shape(ruler(model), targets, sex, doubts, prior=prior, detail=scanned.detail)


def likely_shape(
    model: BodyModel, tapes: Measurements, likely: Posterior, closely: float = _TAPE, start: np.ndarray | None = None
) -> Shape:
    """The shape nearest to what is likely that meets every tape, as `closely` [m] as shapes can. `start`: betas."""
    from body.measure import ruler
    from body.shape import fit_shape

    goal = wanted(tapes, likely, closely)
    return fit_shape(ruler(model), goal.targets, goal.sex, goal.doubts, start)


def wanted(tapes: Measurements, likely: Posterior, closely: float = _TAPE) -> Wanted:
    """What a shape shall meet: the tapes, as `closely` [m] as that, and loosely all else that is likely."""
    from body.shape import Wanted

    targets, doubts = {}, {}
    for name, (value, sd) in likely.estimates().items():
        targets[name], doubts[name] = (value, sd * (_MAIN if name in _MAIN_MEASURES else _OTHER)), sd
    for name, item in tapes.items():
        targets[name], doubts[name] = (item.value, closely), item.sd
    mass, sd = likely.estimates()["mass"]
    targets["mass"] = (mass, float(np.hypot(sd, _HEAVINESS * mass)))
    doubts["mass"] = targets["mass"][1]
    return Wanted(targets, likely.male, doubts)


def _report(told: Measurements, before: Posterior, after: Posterior, shape: Shape) -> Measurements:
    """The tape's or scan's value where there is one, else the population's, else the body's own."""
    blind, seeing = before.estimates(), after.estimates()
    items = []
    for name in MEASURES:
        if name in told:
            items.append(told[name])
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
