"""Customers, styles and verdicts that are drawn, so that who is right about a size can be known.

Bodies come from the population's statistics, garments are Toile's own designs in their own charts. What the advice is
not told is drawn otherwise than it assumes: tapes err by Student's t, tastes too, each person minds regions in a way of
their own, styles run further from their patterns. The oracle knows all these laws and, once there is a history, how
each style runs and what each known customer likes; it knows the body no better than its measures tell, nor the day.
"""

from dataclasses import dataclass, replace

import numpy as np

from body.measurements import MEASURES, Measurement, Measurements
from body.population import population
from garments.comfort import Sizes, costs, likely_girths, sizes_of, wanted
from garments.history.feedback import FITTING, Row
from garments.sizing import PREFERENCES, Advice
from garments.taping import body_girth

DESIGNS = {
    0: ("tee", "shirt", "shift_dress", "skirt", "trousers", "leggings"),
    1: ("tee", "shirt", "jacket", "trousers", "jeans"),
}
CHARTS = {0: ("female", "gb female"), 1: ("male", "gb male")}
STYLE, TASTE, DAY, MINDS, FREEDOM = 0.010, 0.014, 0.007, 0.3, 6
SHARES = {"close": 0.2, "regular": 0.6, "loose": 0.2}
TOLD = 0.6
PHOTO = 0.015
DRAWS = 2000
_T = np.sqrt(FREEDOM / (FREEDOM - 2.0))


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Somebody with a body, measures of it, and a taste [m]; `stated`: their preference, or None."""

    name: str
    sex: int
    body: dict[str, float]
    known: dict[str, tuple[float, float]]
    evidence: str
    measurements: Measurements
    preference: str
    stated: str | None
    taste: float

    @property
    def bmi(self) -> float:
        return self.body["mass"] / self.body["stature"] ** 2


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """A garment on sale: a design of a chart, and how much larger it runs than its pattern [m]."""

    name: str
    sex: int
    design: str
    chart: str
    runs: float

    @property
    def sizes(self) -> Sizes:
        return sizes_of(self.design, self.chart)


@dataclass(frozen=True, slots=True)
class Truth:
    """The size that a visit would have ended with, by its number, and how far each is off what is wanted [m]."""

    right: int
    off: tuple[float, ...]


def person(random: np.random.Generator, number: int, evidence: str = "") -> Person:
    """Somebody; `evidence`: tapes, photos or numbers, drawn where none is said."""
    sex, people = int(random.random() < 0.4), population()
    draw = np.exp(random.multivariate_normal(people.means[sex], people.covariances[sex], method="eigh"))
    body = dict(zip(people.names, (float(one) for one in draw), strict=True))
    kind = evidence or ("tapes" if random.random() < 0.6 else "photos")
    known = {"stature": _read(random, body["stature"], 0.006), "mass": _read(random, body["mass"], 1.0)}
    tapes = ("bust_girth", "waist_girth", "hip_girth", "thigh_girth", "upper_arm_girth")
    if kind == "tapes":
        known |= {name: _read(random, body[name], MEASURES[name].tape_sd) for name in tapes}
    if kind == "photos":
        known |= {name: _read(random, body[name], PHOTO) for name in tapes}
    told = people.posterior(known, float(sex)).estimates()
    source = {"tapes": "tape", "photos": "photo", "numbers": "statistics"}[kind]
    measured = Measurements(
        tuple(Measurement(n, v, sd, source if n in known else "statistics") for n, (v, sd) in told.items())
    )
    preference = str(random.choice(list(SHARES), p=list(SHARES.values())))
    stated = preference if random.random() < TOLD else None
    taste = PREFERENCES[preference] + TASTE * random.standard_t(FREEDOM) / _T
    return Person(f"customer {number}", sex, body, known, kind, measured, preference, stated, float(taste))


def styles(random: np.random.Generator, count: int) -> list[Style]:
    found = []
    for number in range(count):
        sex = number % 2
        design, chart = str(random.choice(DESIGNS[sex])), str(random.choice(CHARTS[sex]))
        found.append(Style(f"style {number}", sex, design, chart, float(STYLE * random.standard_normal())))
    return found


def truth(random: np.random.Generator, who: Person, style: Style) -> Truth:
    """What would come out if she tried all sizes on."""
    sizes = style.sizes
    minds = np.exp(MINDS * random.standard_normal(len(sizes.judged)))
    own = replace(sizes, weights=sizes.weights * minds)
    girths = np.array([body_girth(region, who.body, sizes.made) for region in sizes.judged])
    liked = who.taste + DAY * float(random.standard_normal())
    felt = girths[None], girths, sizes.made.fabric, liked, style.runs
    total = costs(own, *felt).sum(axis=0)
    off = sizes.places[sizes.real] - wanted(own, *felt)[0]
    return Truth(int(total[sizes.real, 0].argmin()), tuple(float(one) for one in off))


def oracle(random: np.random.Generator, who: Person, style: Style, sold: bool, met: bool) -> np.ndarray:
    """Probabilities [s] that each size is right, by who knows every law; `sold`: and how the style runs; `met`: and the
    customer's taste."""
    sizes, people = style.sizes, population()
    told = people.posterior(who.known, float(who.sex))
    logs = random.multivariate_normal(told.mean, told.covariance, DRAWS, method="cholesky")
    drawn = np.exp(logs)
    weight = np.ones(DRAWS)
    for name, (value, sd) in who.known.items():
        z = (value - drawn[:, people.names.index(name)]) / sd
        weight *= (1.0 + (z * _T) ** 2 / FREEDOM) ** (-0.5 * (FREEDOM + 1)) * np.exp(0.5 * np.minimum(z**2, 12.0))
    bodies = {name: drawn[:, k] for k, name in enumerate(people.names)}
    girths = np.stack([_girth(region, bodies, sizes) for region in sizes.judged], axis=1)
    minds = np.exp(MINDS * random.standard_normal((len(sizes.judged), 1, DRAWS)))
    liked = np.full(DRAWS, who.taste) if met else _tastes(random, who.stated)
    liked = liked + DAY * random.standard_normal(DRAWS)
    runs = np.full(DRAWS, style.runs) if sold else STYLE * random.standard_normal(DRAWS)
    likely = likely_girths(sizes, who.measurements)
    total = (minds * costs(sizes, girths, likely, sizes.made.fabric, liked, runs)).sum(axis=0)
    winners = total[sizes.real].argmin(axis=0)
    return np.bincount(winners, weight, len(sizes.names)) / weight.sum()


def verdict(told: Advice, truth: Truth, size: int, day: str, who: Person, style: Style) -> Row:
    """What the customer says of a size that she took home."""
    off = truth.off[size]
    said = "small" if off < -FITTING else "large" if off > FITTING else "fits"
    score = told.scores[size]
    return Row(day, who.name, style.name, score.size, said, score.off, score.off_sd, who.stated or "")


def _girth(region, bodies: dict[str, np.ndarray], sizes: Sizes) -> np.ndarray:
    if region.girth != "waist_girth" or region.name == "waist":
        return bodies[region.girth]
    waist, hip, drop = bodies["waist_girth"], bodies["hip_girth"], sizes.made.drop
    high = bodies.get("high_hip_girth", 0.5 * (waist + hip))
    share = drop / bodies["waist_to_hip"]
    upper = waist + (high - waist) * np.minimum(share / 0.5, 1.0)
    return upper + (hip - high) * np.clip((share - 0.5) / 0.5, 0.0, 1.0)


def _tastes(random: np.random.Generator, stated: str | None) -> np.ndarray:
    chosen = np.full(DRAWS, PREFERENCES[stated]) if stated else random.choice(
        [PREFERENCES[name] for name in SHARES], DRAWS, p=list(SHARES.values())
    )  # fmt: skip
    return chosen + TASTE * random.standard_t(FREEDOM, DRAWS) / _T


def _read(random: np.random.Generator, value: float, sd: float) -> tuple[float, float]:
    """A reading that errs by Student's t of this standard deviation."""
    return float(value + sd * random.standard_t(FREEDOM) / _T), sd
