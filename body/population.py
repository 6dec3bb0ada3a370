"""What people are like: the joint distribution of body measures, and what some of them say about the rest.

Logarithms of 42 measures, weight and age are taken as normal for each sex (means and covariances from ANSUR II,
US Army NATICK/TR-15/007, public; see body/building/population.py). Knowing some measures, each with its error, gives
the others by ordinary Gaussian conditioning. No curved law does better from height, weight and age (quadratic, cubic
and kernel regression come within 0.3 mm), and nine in ten of the survey's people lie inside the intervals of 90 %
however light or heavy they are. The survey shows healthy soldiers of 17 to 58 with a BMI of 18 to 38: for everybody
beyond, what height, weight and age leave open is widened, the more the farther; by how much is a house assumption.
"""

from __future__ import annotations

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from assets.files import asset
from assets.mesh import frozen
from assets.units import show
from body.measurements import MEASURES

Known = Mapping[str, tuple[float, float]]

# In the survey itself the most surprising of nine tapes lies at 2.5 sd for one person in a hundred.
UNUSUAL, IMPOSSIBLE = 3.2, 5.5
_AGE_ERROR = 0.5
# Whom the survey knows well.
_AGES, _BMIS = (17.0, 58.0), (18.0, 38.0)
# What sizes and patterns ask for: the doubt that a further tape should lower.
SIZED = (
    "stature", "bust_girth", "waist_girth", "hip_girth", "thigh_girth", "upper_arm_girth", "neck_girth",
    "crotch_height", "arm_length", "back_neck_to_waist",
)  # fmt: skip
# A tape that leaves more than this share of the doubt is not worth asking for.
_TELLS_LITTLE = 0.97


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Log measures [n] given what is known: mean [n], covariance [n, n], and the probability of being male."""

    names: tuple[str, ...]
    mean: np.ndarray
    covariance: np.ndarray
    male: float

    def estimates(self) -> dict[str, tuple[float, float]]:
        """Value and standard deviation [m or kg] of every measure."""
        value = np.exp(self.mean)
        sd = value * np.sqrt(np.diag(self.covariance))
        return {name: (float(value[k]), float(sd[k])) for k, name in enumerate(self.names) if name in MEASURES}

    def most_telling(self, known: Container[str] = (), about: Sequence[str] = SIZED) -> Telling | None:
        """The one measure, not `known` yet and easily taken, that would lower the doubt of all in `about` the most.

        Doubt is the root of the summed variances [m2]. None where no tape would lower it by a few per cent.
        """
        value, wanted = np.exp(self.mean), [self.names.index(name) for name in about]
        before = np.diag(self.covariance)[wanted] * value[wanted] ** 2
        best: Telling | None = None
        for name in self.names:
            if name in known or name not in MEASURES or MEASURES[name].kind == "breadth":
                continue
            k, error = self.names.index(name), MEASURES[name].tape_sd
            spread = self.covariance[k, k] + (error / value[k]) ** 2
            after = before - (self.covariance[wanted, k] * value[wanted]) ** 2 / spread
            left = float(np.sqrt(after.sum() / before.sum()))
            if left < (best.left if best else _TELLS_LITTLE):
                of = int(np.where(np.array(about) == name, np.inf, after / before).argmin())
                best = Telling(name, left, about[of], float(np.sqrt(before[of])), float(np.sqrt(after[of])))
        return best


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """A measure worth taking next: the share of all doubt it leaves (0..1); `of`, the other measure that it tells most
    about, whose sd [m] goes from `before` to `after`."""

    name: str
    left: float
    of: str
    before: float
    after: float

    @property
    def sentence(self) -> str:
        """What to tell the person."""
        title, of = (MEASURES[name].title.lower() for name in (self.name, self.of))
        less = f"{100 * (1 - self.after / self.before):.0f} % off that of the {of}"
        return f"most telling next: the {title}; it takes {100 * (1 - self.left):.0f} % off all doubt, {less}"


@dataclass(frozen=True, slots=True, eq=False)
class Surprise:
    """A known measure that the other known ones speak against: by how many sd, and what they expect instead."""

    name: str
    z: float
    expected: float
    partner: str


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Log-normal body measures of women and men: names [n], mean [n], covariance [n, n] of each."""

    names: tuple[str, ...]
    means: tuple[np.ndarray, np.ndarray]
    covariances: tuple[np.ndarray, np.ndarray]

    def given(self, known: Known, sex: float | None = None, age: float | None = None) -> dict[str, tuple[float, float]]:
        """Value and sd [m or kg] of every measure, given some as (value, sd).

        `sex` is 0 female to 1 male, in between a mixture with that share of men; None lets the evidence speak.
        """
        return self.posterior(known, sex, age).estimates()

    def posterior(self, known: Known, sex: float | None = None, age: float | None = None) -> Posterior:
        """As `given`, with the whole covariance. The mixture is told by its mean and covariance."""
        male = self.male(known, age) if sex is None else float(sex)
        parts = [(share, *self._condition(k, known, age)[:2]) for k, share in enumerate((1.0 - male, male)) if share]
        mean = sum(share * middle for share, middle, _ in parts)
        covariance = sum(share * (left + np.outer(middle - mean, middle - mean)) for share, middle, left in parts)
        return Posterior(self.names, frozen(np.asarray(mean)), frozen(np.asarray(covariance)), male)

    def male(self, known: Known, age: float | None = None) -> float:
        """The probability of being male, from what is known, women and men being equally many."""
        odds = self._condition(1, known, age)[2] - self._condition(0, known, age)[2]
        return float(1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30))))

    def surprises(
        self, known: Known, sex: float | None = None, age: float | None = None, limit: float = UNUSUAL
    ) -> tuple[Surprise, ...]:
        """Known measures that lie more than `limit` sd from what the other known ones say, the worst first.

        Height and weight are not judged by themselves: a person may be as tall and as heavy as nobody in the survey.
        `partner` is the other measure without which the surprise would be least. It is the one named where all the
        rest is at peace without it and not without the other.
        """
        found: dict[str, Surprise] = {}
        for name in self._judged(known):
            z, expected = self._z(name, known, sex, age)
            if abs(z) > limit:
                partner = self._partner(name, known, sex, age)
                surprise = Surprise(name, z, expected, partner)
                if partner and self._to_blame(surprise, known, sex, age):
                    surprise = Surprise(partner, *self._z(partner, known, sex, age), name)
                if surprise.name not in found or abs(surprise.z) > abs(found[surprise.name].z):
                    found[surprise.name] = surprise
        return tuple(sorted(found.values(), key=lambda surprise: -abs(surprise.z)))

    def _judged(self, known: Known) -> list[str]:
        return [name for name in known if name in self.names and name not in ("stature", "mass")]

    def _partner(self, name: str, known: Known, sex: float | None, age: float | None) -> str:
        """The other known measure that speaks most against one; "" where there is none."""
        left = {
            other: abs(self._z(name, _without(known, other), sex, age)[0])
            for other in known
            if other != name and other in self.names
        }
        return min(left, key=lambda other: left[other]) if left else ""

    def _to_blame(self, surprise: Surprise, known: Known, sex: float | None, age: float | None) -> bool:
        """Whether it is the partner, of three and more, that the others speak against."""

        def peace(rest: Known) -> bool:
            return all(abs(self._z(name, rest, sex, age)[0]) <= UNUSUAL for name in self._judged(rest))

        return len(known) > 2 and peace(_without(known, surprise.partner)) and not peace(_without(known, surprise.name))

    def _z(self, name: str, known: Known, sex: float | None, age: float | None) -> tuple[float, float]:
        value, sd = self.given(_without(known, name), sex, age)[name]
        stated, error = known[name]
        z = np.log(stated / value) / np.hypot(sd / value, error / stated)
        return float(z), value

    def _condition(self, which: int, known: Known, age: float | None) -> tuple[np.ndarray, np.ndarray, float]:
        """Mean, covariance and log likelihood of the logs of one sex, given measures and age."""
        mean, covariance = self.means[which], _widened(self, which, known, age)
        facts = {name: (value, sd) for name, (value, sd) in known.items() if name in self.names}
        if age is not None:
            facts["age"] = (age, _AGE_ERROR)
        if not facts:
            return mean, covariance, 0.0
        at = [self.names.index(name) for name in facts]
        value, sd = np.array(list(facts.values())).T
        surprise = np.log(value) - mean[at]
        spread = covariance[np.ix_(at, at)] + np.diag((sd / value) ** 2)
        gain = np.linalg.solve(spread, covariance[at]).T
        likelihood = -0.5 * (surprise @ np.linalg.solve(spread, surprise) + np.linalg.slogdet(spread)[1])
        left = covariance - gain @ covariance[at]
        return mean + gain @ surprise, 0.5 * (left + left.T), float(likelihood)


@cache
def population() -> Population:
    """The population that ships with Toile."""
    data = json.loads(asset("bodies", "population.json").read_text())
    parts = [data[sex] for sex in ("female", "male")]
    names = tuple(data["names"])
    means, covariances = (
        [frozen(np.array(part["mean"])) for part in parts],
        [frozen(_full(np.array(part["covariance"]), len(names))) for part in parts],
    )
    return Population(names, (means[0], means[1]), (covariances[0], covariances[1]))


def sentence(surprise: Surprise, known: Known) -> str:
    """What to tell the person who gave these measures."""
    stated = _told(surprise.name, known[surprise.name][0])
    expected = show(surprise.expected, "kg" if surprise.name == "mass" else "cm", 0)
    if not surprise.partner:
        return f"{stated} is rare (about {expected} is usual): check it"
    return (
        f"{stated} and {_told(surprise.partner, known[surprise.partner][0])} hardly go together "
        f"(about {expected} would fit the rest): check the tape"
    )


def _without(known: Known, name: str) -> Known:
    return {other: value for other, value in known.items() if other != name}


def _told(name: str, value: float) -> str:
    unit = "kg" if name == "mass" else "cm"
    title = MEASURES[name].title.lower()
    return f"{'an' if title[0] in 'aeiou' else 'a'} {title} of {show(value, unit)}"


def beyond(known: Known, age: float | None = None) -> str | None:
    """A sentence for who is unlike the survey's people, whose doubts are therefore wider; None for all others."""
    wider = _doubt(known, age)
    if wider <= 1.0:
        return None
    return (
        f"the statistics know people of {_AGES[0]:.0f} to {_AGES[1]:.0f} years and a BMI of {_BMIS[0]:.0f} to "
        f"{_BMIS[1]:.0f}: beyond them every doubt is taken {100 * (wider - 1):.0f} % wider"
    )


def _widened(people: Population, which: int, known: Known, age: float | None) -> np.ndarray:
    """The covariance, with what height, weight and age leave open made wider for people unlike the survey's."""
    covariance = people.covariances[which]
    at = [people.names.index(name) for name in ("stature", "mass", "age")]
    explained = covariance[:, at] @ np.linalg.solve(covariance[np.ix_(at, at)], covariance[at])
    return explained + _doubt(known, age) ** 2 * (covariance - explained)


def _doubt(known: Known, age: float | None) -> float:
    """By what factor sd's grow outside BMI 18 to 38 and 17 to 58 years: by half at BMI 12 and 44, and at 88 years."""
    factor = 1.0
    if "stature" in known and "mass" in known:
        bmi = known["mass"][0] / known["stature"][0] ** 2
        factor *= 1.0 + max(_BMIS[0] - bmi, bmi - _BMIS[1], 0.0) / 12.0
    if age is not None:
        factor *= 1.0 + max(_AGES[0] - age, age - _AGES[1], 0.0) / 60.0
    return factor


def _full(triangle: np.ndarray, size: int) -> np.ndarray:
    matrix = np.zeros((size, size))
    matrix[np.tril_indices(size)] = triangle
    return matrix + np.tril(matrix, -1).T
