"""Groups of bodies and of tastes: whom a newcomer is like, before anything is known of her.

Bodies are grouped by height, build and the drops between girths, as they are spread in the population's statistics;
tastes by what customers of a shop's history took, as numbers of content. Both by k-means (Lloyd 1982, seeded after
Arthur and Vassilvitskii 2007); how many groups there are is chosen by how well apart they lie (Rousseeuw's silhouette,
1987), and none where they do not. A group is never of fewer people than FEWEST, and names nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assets.mesh import frozen
from body.population import population
from garments.recommend.content import Content
from garments.recommend.interactions import Interactions

FEWEST = 20
MOST_GROUPS = 6
_SEED, _DRAWN, _TRIED, _APART = 11, 3000, 600, 0.12


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """`centres` [k, d] of standardised numbers, `mean` and `scale` [d] of them, `shares` [k] of all, and `apart`: the
    mean silhouette, from -1 to 1."""

    centres: np.ndarray
    mean: np.ndarray
    scale: np.ndarray
    shares: np.ndarray
    apart: float

    def __post_init__(self) -> None:
        for name in ("centres", "mean", "scale", "shares"):
            object.__setattr__(self, name, frozen(np.asarray(getattr(self, name), float)))

    def __len__(self) -> int:
        return len(self.centres)

    def of(self, numbers: np.ndarray) -> int:
        """The nearest group of somebody [d]."""
        scaled = (np.asarray(numbers, float) - self.mean) / self.scale
        return int(np.linalg.norm(self.centres - scaled, axis=1).argmin())


def grouped(numbers: np.ndarray, most: int = MOST_GROUPS) -> Groups | None:
    """The groups that rows [n, d] fall into; None where they do not, or are too few."""
    from scipy.cluster.vq import kmeans2

    if len(numbers) < 2 * FEWEST:
        return None
    mean, scale = numbers.mean(axis=0), np.maximum(numbers.std(axis=0), 1e-9)
    rows = (numbers - mean) / scale
    random = np.random.default_rng(_SEED)
    some = rows[random.permutation(len(rows))[:_TRIED]]
    best: Groups | None = None
    for k in range(2, most + 1):
        centres, mine = kmeans2(rows, k, minit="++", rng=_SEED, iter=25)
        count = np.bincount(mine, minlength=k)
        if count.min() < FEWEST:
            continue
        apart = _silhouette(some, np.linalg.norm(some[:, None] - centres, axis=2).argmin(axis=1))
        if best is None or apart > best.apart:
            best = Groups(centres, mean, scale, count / len(rows), apart)
    return best if best is not None and best.apart >= _APART else None


def _silhouette(rows: np.ndarray, mine: np.ndarray) -> float:
    apart = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    kinds = np.unique(mine)
    if len(kinds) < 2:
        return -1.0
    means = np.stack([apart[:, mine == kind].mean(axis=1) for kind in kinds], axis=1)
    place = np.searchsorted(kinds, mine)
    count = np.bincount(place)[place]
    own = means[np.arange(len(rows)), place] * count / np.maximum(count - 1, 1)
    means[np.arange(len(rows)), place] = np.inf
    other = means.min(axis=1)
    return float(((other - own) / np.maximum(np.maximum(own, other), 1e-12)).mean())


# Bodies ---------------------------------------------------------------------------------------------------------------


def body_numbers(measures: Mapping[str, float]) -> np.ndarray:
    """What bodies are grouped by [4]: height [m], BMI, and how much larger bust and hip are than the waist (share)."""
    waist = measures["waist_girth"]
    bmi = measures["mass"] / measures["stature"] ** 2
    return np.array([measures["stature"], bmi, measures["bust_girth"] / waist, measures["hip_girth"] / waist])


@lru_cache(maxsize=2)
def body_groups(sex: int) -> Groups:
    """The groups of a sex (0 women, 1 men) in the population's statistics; one of all where they do not part."""
    people = population()
    draw = np.exp(np.random.default_rng(_SEED).multivariate_normal(
        people.means[sex], people.covariances[sex], size=_DRAWN, method="eigh"))  # fmt: skip
    columns = {name: draw[:, people.names.index(name)] for name in
               ("stature", "mass", "waist_girth", "bust_girth", "hip_girth")}  # fmt: skip
    rows = np.stack([body_numbers({n: float(c[k]) for n, c in columns.items()}) for k in range(_DRAWN)])
    found = grouped(rows)
    return found if found is not None else _one_group(rows)


def body_words(groups: Groups, number: int) -> str:
    """What parts a group of bodies from the others, in words."""
    names = (("shorter", "taller"), ("slender", "fuller"), ("a straight bust", "a full bust"),
             ("straight hips", "curved hips"))  # fmt: skip
    centre = groups.centres[number]
    order = np.argsort(-np.abs(centre))
    said = [names[k][int(centre[k] > 0)] for k in order[:2] if abs(centre[k]) > 0.3]
    return ", ".join(said) or "of middle build"


def _one_group(rows: np.ndarray) -> Groups:
    return Groups(np.zeros((1, rows.shape[1])), rows.mean(axis=0), rows.std(axis=0), np.ones(1), 0.0)


# Tastes ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Tastes:
    """Groups of tastes, and by group what is taken the more in it than elsewhere: item names with 0 to 1."""

    groups: Groups
    liked: tuple[Mapping[str, float], ...]
    columns: tuple[str, ...]

    def of(self, items: Sequence[Content]) -> int | None:
        """The group of somebody who likes some garments; None where none are told."""
        return self.groups.of(np.mean([_numbers(one, self.columns) for one in items], axis=0)) if items else None


def tastes(told: Interactions, known: Mapping[str, Content]) -> Tastes | None:
    """The tastes of a history about garments that are known; None where there are too few, or they do not part."""
    columns = tuple(
        sorted({tag for one in known.values() for tag in one.tags} | {f"kind {c.kind}" for c in known.values()})
    )
    names = np.array(told.item_names)
    mine = np.isin(names[told.items], list(known))
    if not mine.any():
        return None
    rows = np.stack([_numbers(known[name], columns) if name in known else np.zeros(len(columns) + 3) for name in names])
    _, of = np.unique(told.people[mine], return_inverse=True)
    weights = told.weights[mine]
    total = np.maximum(np.bincount(of, weights), 1e-9)
    numbers = np.stack(
        [np.bincount(of, weights * rows[told.items[mine], k]) / total for k in range(rows.shape[1])], axis=1
    )
    several = np.bincount(of) >= 2
    groups = grouped(numbers[several]) if several.sum() >= 2 * FEWEST else None
    if groups is None:
        return None
    group = np.array([groups.of(one) for one in numbers])
    return Tastes(groups, tuple(_liked(told, mine, group[of] == k, names) for k in range(len(groups))), columns)


def _liked(told: Interactions, mine: np.ndarray, ours: np.ndarray, names: np.ndarray) -> Mapping[str, float]:
    """Items by how much more they are taken in a group than by all, shrunk for few (0 to 1)."""
    all_of = np.bincount(told.items[mine], told.weights[mine], len(names))
    here = np.bincount(told.items[mine][ours], told.weights[mine][ours], len(names))
    share = max(float(here.sum() / max(all_of.sum(), 1e-9)), 1e-9)
    lift = (here + 5.0 * share) / (all_of + 5.0) / share
    score = lift * np.sqrt(here)
    best = max(float(score.max()), 1e-9)
    return {str(names[k]): float(score[k] / best) for k in np.flatnonzero(here > 0)}


def _numbers(one: Content, columns: Sequence[str]) -> np.ndarray:
    """A garment's content as numbers: tags and kind as 0 or 1, its colour's L*, a*, b* about in that range."""
    marks = [float(column in one.tags or column == f"kind {one.kind}") for column in columns]
    colour = np.zeros(3) if one.colour is None else (np.asarray(one.colour) - (50.0, 0.0, 0.0)) / 50.0
    return np.array([*marks, *colour])
