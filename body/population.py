"""What people are like: the joint distribution of body measures, and what some of them say about the rest.

Logarithms of 38 measures, weight and age are taken as normal for each sex (means and covariances from ANSUR II,
US Army NATICK/TR-15/007, public; see body/building/population.py). Knowing some measures, each with its error, gives
the others by ordinary Gaussian conditioning. The survey shows healthy soldiers of 17 to 58: what height, weight and age
leave open is widened for everybody else, the more the farther from the survey.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from assets.files import asset
from assets.mesh import frozen
from assets.units import show
from body.measurements import MEASURES

Known = Mapping[str, tuple[float, float]]
Linked = Mapping[tuple[str, str], float]

# In the survey itself the most surprising of nine tapes lies at 2.5 sd for one person in a hundred.
UNUSUAL, IMPOSSIBLE = 3.2, 5.5
_CIVILIANS = 1.15
_AGE_ERROR = 0.5


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

    def posterior(
        self, known: Known, sex: float | None = None, age: float | None = None, linked: Linked | None = None
    ) -> Posterior:
        """As `given`, with the whole covariance. The mixture is told by its mean and covariance.

        `linked` are covariances [m2 or kg2] between the errors of pairs of known measures that share a cause.
        """
        male = self.male(known, age) if sex is None else float(sex)
        parts = [self._condition(k, known, age, linked) for k in (0, 1)]
        shares = (1.0 - male, male)
        mean = sum(share * part[0] for share, part in zip(shares, parts, strict=True))
        covariance = sum(
            share * (part[1] + np.outer(part[0] - mean, part[0] - mean))
            for share, part in zip(shares, parts, strict=True)
        )
        return Posterior(self.names, frozen(np.asarray(mean)), frozen(np.asarray(covariance)), male)

    def male(self, known: Known, age: float | None = None) -> float:
        """The probability of being male, from what is known, women and men being equally many."""
        odds = self._condition(1, known, age)[2] - self._condition(0, known, age)[2]
        return float(1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30))))

    def surprises(
        self, known: Known, sex: float | None = None, age: float | None = None, limit: float = UNUSUAL
    ) -> tuple[Surprise, ...]:
        """Known measures that lie more than `limit` sd from what the other known ones say, the worst first.

        Height and weight are taken as they are: a person may be as tall and as heavy as nobody in the survey.
        `partner` is the other measure without which the surprise would be least.
        """
        judged = [name for name in known if name in self.names and name not in ("stature", "mass")]
        found = []
        for name in judged:
            z, expected = self._z(name, known, sex, age)
            if abs(z) > limit:
                without = {
                    other: abs(self._z(name, {n: v for n, v in known.items() if n != other}, sex, age)[0])
                    for other in known
                    if other != name and other in self.names
                }
                found.append(Surprise(name, z, expected, min(without, key=lambda n: without[n]) if without else ""))
        return tuple(sorted(found, key=lambda surprise: -abs(surprise.z)))

    def conflicts(self, known: Known, sex: float | None = None, age: float | None = None) -> tuple[str, ...]:
        """A sentence for each pair of known measures that hardly go together."""
        pairs, sentences = set(), []
        for surprise in self.surprises(known, sex, age):
            pair = frozenset((surprise.name, surprise.partner))
            if pair not in pairs:
                pairs.add(pair)
                sentences.append(sentence(surprise, known))
        return tuple(sentences)

    def _z(self, name: str, known: Known, sex: float | None, age: float | None) -> tuple[float, float]:
        rest = {other: value for other, value in known.items() if other != name}
        value, sd = self.given(rest, sex, age)[name]
        stated, error = known[name]
        z = np.log(stated / value) / np.hypot(sd / value, error / stated)
        return float(z), value

    def _condition(
        self, which: int, known: Known, age: float | None, linked: Linked | None = None
    ) -> tuple[np.ndarray, np.ndarray, float]:
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
        for (first, second), shared in (linked or {}).items():
            k, j = list(facts).index(first), list(facts).index(second)
            spread[k, j] = spread[j, k] = spread[k, j] + shared / (value[k] * value[j])
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


def _told(name: str, value: float) -> str:
    unit = "kg" if name == "mass" else "cm"
    title = MEASURES[name].title.lower()
    return f"{'an' if title[0] in 'aeiou' else 'a'} {title} of {show(value, unit)}"


def _widened(people: Population, which: int, known: Known, age: float | None) -> np.ndarray:
    """The covariance, with what height, weight and age leave open made wider for people unlike the survey's."""
    covariance = people.covariances[which]
    at = [people.names.index(name) for name in ("stature", "mass", "age")]
    explained = covariance[:, at] @ np.linalg.solve(covariance[np.ix_(at, at)], covariance[at])
    return explained + _doubt(known, age) ** 2 * (covariance - explained)


def _doubt(known: Known, age: float | None) -> float:
    """By what factor sd's grow: 1.15 for civilians like the soldiers, more outside BMI 18 to 38 and 17 to 58 years."""
    factor = _CIVILIANS
    if "stature" in known and "mass" in known:
        bmi = known["mass"][0] / known["stature"][0] ** 2
        factor *= 1.0 + max(18.0 - bmi, bmi - 38.0, 0.0) / 12.0
    if age is not None:
        factor *= 1.0 + max(17.0 - age, age - 58.0, 0.0) / 60.0
    return factor


def _full(triangle: np.ndarray, size: int) -> np.ndarray:
    matrix = np.zeros((size, size))
    matrix[np.tril_indices(size)] = triangle
    return matrix + np.tril(matrix, -1).T
