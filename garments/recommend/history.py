"""What others' history says: closed-form models of who took what after what, and how popular it is just now.

EASE, ridge regression of every item on all others (Steck, WWW 2019), on what customers took, later counting more; an
item's followers within a few steps, decayed (after the sequential rules of Ludewig and Jannach 2018); popularity with a
half-life. Their blend, and the half-lives, are chosen on the last days of what is learned from, and so is how sure a
place in the list is. Where no blend does better there than popularity, popularity it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assets.mesh import frozen
from assets.progress import Progress, silent
from garments.recommend.interactions import Interactions

if TYPE_CHECKING:
    from scipy import sparse

MOST = 5000
"""Items that history speaks of, the most taken ones: the rest is left to fit and content."""
FEWEST = 500
"""Interactions from which on a history is worth asking."""
TOP, WINDOW = 10, 60
_RIDGE, _STEPS, _HALF = 200.0, 8, 3.0
_HALVES = (14.0, 60.0, 365.0, 36500.0)
_BLENDS = (
    (0.0, 0.0, 1.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.1), (1.0, 0.5, 0.1), (0.5, 1.0, 0.1),
    (1.0, 0.5, 0.5), (1.0, 0.2, 0.0),
)  # fmt: skip
_CHECKED, _BATCH, _BINS = 0.2, 512, 10
_MARGIN = 0.002  # by which a blend must be better


@dataclass(frozen=True, slots=True, eq=False)
class Contexts:
    """What each of some customers took, the latest last: numbers of items."""

    taken: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, told: Interactions, people: np.ndarray) -> "Contexts":
        order = np.lexsort((np.arange(len(told)), told.people))
        starts = np.searchsorted(told.people[order], people, side="left")
        ends = np.searchsorted(told.people[order], people, side="right")
        return cls(tuple(told.items[order[a:b]] for a, b in zip(starts, ends, strict=True)))


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A fitted model. `known` [k] items that it speaks of; `ease`, `follows` [k, k]; `popular` [k] 0..1; `blend` their
    three shares; `sure` [2, bins]: scores, and the share that was taken of what was placed so. `why`: in words."""

    known: np.ndarray
    items: int
    ease: np.ndarray
    follows: "sparse.csr_matrix"
    popular: np.ndarray
    blend: tuple[float, float, float]
    half: float
    sure: np.ndarray
    why: str

    @property
    def popularity_only(self) -> bool:
        return self.blend[0] == self.blend[1] == 0.0

    def scores(self, contexts: Contexts) -> np.ndarray:
        """[customers, items], higher is better; -inf for what was taken before and what is not known."""
        place = np.full(self.items, -1)
        place[self.known] = np.arange(len(self.known))
        found = np.full((len(contexts.taken), self.items), -np.inf)
        found[:, self.known] = sum(
            share * _level(part) for share, part in zip(self.blend, self._parts(contexts, place), strict=True) if share
        )
        for row, taken in enumerate(contexts.taken):
            found[row, taken] = -np.inf
        return found

    def _parts(self, contexts: Contexts, place: np.ndarray) -> Iterator[np.ndarray]:
        from scipy import sparse

        rows, columns, weights = [], [], []
        for row, taken in enumerate(contexts.taken):
            mine = place[taken]
            decay = 0.5 ** (np.arange(len(mine))[::-1] / _HALF)
            rows.append(np.full(int((mine >= 0).sum()), row))
            columns.append(mine[mine >= 0])
            weights.append(0.3 + 0.7 * decay[mine >= 0])
        shape = (len(contexts.taken), len(self.known))
        told = [np.concatenate(part) if part else np.empty(0) for part in (weights, rows, columns)]
        context = sparse.csr_matrix((told[0], (told[1].astype(int), told[2].astype(int))), shape)
        yield context @ self.ease
        yield np.asarray((context @ self.follows).todense())
        yield np.broadcast_to(self.popular, shape)

    def best(self, contexts: Contexts, top: int = TOP) -> tuple[np.ndarray, np.ndarray]:
        """Items [customers, top], the best first, and the probability that each is taken."""
        items, odds = [], []
        for start in range(0, len(contexts.taken), _BATCH):
            scores = self.scores(Contexts(contexts.taken[start : start + _BATCH]))
            found = ranked(scores, top)
            items.append(found)
            odds.append(np.interp(np.take_along_axis(scores, found, 1), self.sure[0], self.sure[1], left=0.0))
        return np.concatenate(items), np.concatenate(odds)


def fit_history(told: Interactions, progress: Progress = silent) -> Model:
    """The model of a history; its blend and its calibration are found on its last part. `progress` may stop it."""
    progress(0.0, "learning from the history")
    cut = int((1.0 - _CHECKED) * len(told))
    past, later = told.some(np.arange(cut)), told.some(np.arange(cut, len(told)))
    asked, truth = unseen(past, later)
    chosen, half, value, plain, popular_half = _BLENDS[0], float(WINDOW), -1.0, -1.0, float(WINDOW)
    sure = np.array([[0.0, 1.0], [0.0, 0.0]])
    if len(told) >= FEWEST and len(asked):
        contexts = Contexts.of(past, asked)
        ease, follows, known = _learned(past)
        for number, candidate in enumerate(_HALVES):
            popular = _popular(past, known, candidate)
            for step, blend in enumerate(_BLENDS):
                done = (number * len(_BLENDS) + step) / (len(_HALVES) * len(_BLENDS))
                progress(0.1 + 0.7 * done, "choosing how history is asked")
                model = Model(known, len(told.item_names), ease, follows, popular, blend, candidate, sure, "")
                got = ndcg(model.best(contexts)[0], truth)
                if model.popularity_only and got > plain:
                    plain, popular_half = got, candidate
                if got > value + _MARGIN:
                    value, chosen, half = got, blend, candidate
        model = Model(known, len(told.item_names), ease, follows, _popular(past, known, half), chosen, half, sure, "")
        sure = _sureness(model, contexts, truth)
    if len(told) < FEWEST:
        why = f"not enough data: {len(told)} interactions, from {FEWEST} on history is asked; popularity is shown"
        chosen = _BLENDS[0]
    elif value <= plain + _MARGIN:
        why = "history does no better than popularity: that is shown"
        chosen, half = _BLENDS[0], popular_half
    else:
        why = f"history: what goes with what others took (half-life of popularity {half:.0f} days)"
    progress(0.8, "learning from all of it")
    ease, follows, known = _learned(told)
    popular = _popular(told, known, half)
    return Model(known, len(told.item_names), ease, follows, popular, chosen, half, frozen(sure), why)


def ranked(scores: np.ndarray, top: int) -> np.ndarray:
    """The best columns of each row, the best first."""
    top = min(top, scores.shape[1])
    some = np.argpartition(-scores, top - 1, axis=1)[:, :top]
    order = np.argsort(-np.take_along_axis(scores, some, 1), axis=1, kind="stable")
    return np.take_along_axis(some, order, 1)


def unseen(past: Interactions, later: Interactions) -> tuple[np.ndarray, list[set[int]]]:
    """Who took something later that they had not taken before, and what."""
    before = set(zip(past.people.tolist(), past.items.tolist(), strict=True))
    found: dict[int, set[int]] = {}
    for person, item in zip(later.people.tolist(), later.items.tolist(), strict=True):
        if (person, item) not in before:
            found.setdefault(person, set()).add(item)
    people = np.array(sorted(found), dtype=int)
    return people, [found[person] for person in people.tolist()]


def ndcg(lists: np.ndarray, truth: list[set[int]]) -> float:
    """Mean normalised discounted cumulative gain of lists against what was taken."""
    gains = 1.0 / np.log2(np.arange(lists.shape[1]) + 2.0) if len(lists) else np.empty(0)
    found = [
        float(gains[[item in taken for item in row]].sum() / gains[: min(len(taken), len(row))].sum())
        for row, taken in zip(lists.tolist(), truth, strict=True)
    ]
    return float(np.mean(found)) if found else float("nan")


def recent(told: Interactions, days: float) -> np.ndarray:
    """How often each item was taken in the last days [items]; over all time where nothing was."""
    mine = told.days > told.days.max() - days
    return np.bincount(told.items[mine], told.weights[mine], len(told.item_names))


def _popular(told: Interactions, known: np.ndarray, half: float) -> np.ndarray:
    decay = 0.5 ** ((told.days.max() - told.days) / half)
    count = np.bincount(told.items, told.weights * decay, len(told.item_names))[known]
    return count / max(float(count.max()), 1e-12)


def _learned(told: Interactions) -> "tuple[np.ndarray, sparse.csr_matrix, np.ndarray]":
    count = np.bincount(told.items, minlength=len(told.item_names))
    known = np.sort(np.argsort(-count, kind="stable")[: min(MOST, int((count > 0).sum()))])
    place = np.full(len(count), -1)
    place[known] = np.arange(len(known))
    return _ease(told, place, len(known)), _follows(told, place, len(known)), known


def _ease(told: Interactions, place: np.ndarray, size: int) -> np.ndarray:
    from scipy import linalg, sparse

    mine = place[told.items] >= 0
    shape = (len(told.person_names), size)
    x = sparse.csr_matrix((told.weights[mine], (told.people[mine], place[told.items[mine]])), shape)
    x.data = np.minimum(x.data, 1.0)
    gram = np.asarray((x.T @ x).todense())
    gram[np.diag_indices(size)] += _RIDGE if len(told) > 20 * size else 0.1 * _RIDGE
    inverse = linalg.cho_solve(linalg.cho_factor(gram, overwrite_a=True), np.eye(size))
    ease = -inverse / np.diag(inverse)
    ease[np.diag_indices(size)] = 0.0
    return ease


def _follows(told: Interactions, place: np.ndarray, size: int) -> "sparse.csr_matrix":
    """How often an item came within a few steps after another, the nearer the more, shrunk by how common it is."""
    from scipy import sparse

    order = np.lexsort((np.arange(len(told)), told.people))
    people, items = told.people[order], place[told.items[order]]
    total = sparse.csr_matrix((size, size))
    for step in range(1, _STEPS + 1):
        same = (people[:-step] == people[step:]) & (items[:-step] >= 0) & (items[step:] >= 0)
        first, then = items[:-step][same], items[step:][same]
        total = total + sparse.csr_matrix((np.full(len(first), 1.0 / step), (first, then)), (size, size))
    total.setdiag(0.0)
    common = np.asarray(total.sum(axis=1)).ravel() + 5.0
    return sparse.csr_matrix(sparse.diags(1.0 / common) @ total)


def _level(scores: np.ndarray) -> np.ndarray:
    """Each row from 0 to 1 at its best."""
    low = np.minimum(scores.min(axis=1, keepdims=True), 0.0)
    return (scores - low) / np.maximum(scores.max(axis=1, keepdims=True) - low, 1e-12)


def _sureness(model: Model, contexts: Contexts, truth: list[set[int]]) -> np.ndarray:
    """By score: the share of what was shown that was taken, rising."""
    scores, hits = [], []
    for start in range(0, len(contexts.taken), _BATCH):
        some = model.scores(Contexts(contexts.taken[start : start + _BATCH]))
        found = ranked(some, TOP)
        scores.append(np.take_along_axis(some, found, 1).ravel())
        rows = zip(found.tolist(), truth[start : start + _BATCH], strict=True)
        hits.append(np.array([item in taken for row, taken in rows for item in row], float))
    score, hit = np.concatenate(scores), np.concatenate(hits)
    parts = [part for part in np.array_split(np.argsort(score, kind="stable"), _BINS) if len(part)]
    level = np.array([score[part].mean() for part in parts])
    return np.stack([level, np.maximum.accumulate([hit[part].mean() for part in parts])])
