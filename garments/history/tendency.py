"""Whether a size will be found small, fitting or large, learned from a shop's history alone: for styles of which nobody
knows the pattern, and to say what a history is worth.

What carries most is the style's own tendency, then the size against the wearer's body and usual size, then the wearer's
own verdicts. Rates are shrunk towards those of their kind (empirical Bayes); for the rows that are learned from they
are told by the other rows only (out of fold: a row's own verdict would tell the answer). A multinomial logistic
regression with a ridge puts them together. Ours; the task and the published rows are those of Misra, Wan and McAuley
(RecSys 2018).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assets.mesh import frozen
from garments.history.rentals import FITS, History

FOLDS = 10
_STYLE, _PERSON, _KIND, _PLACE = 12.0, 6.0, 50.0, 8.0  # verdicts that the wider group's rate is worth
_RIDGE, _SIZE_RIDGE = 3.0, 10.0
_COMMON = 40  # kinds, builds and occasions that get a number of their own
_TYPICAL = np.array([1.65, 62.0, 34.0, 4.0, 33.0])
_WIDE = np.array([0.07, 10.0, 1.8, 2.0, 8.0])
"""Of NUMBERS: only to bring them to one scale."""


Common = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class Tendency:
    """A fitted model: verdict rates are of its `history`; `weights` [features + 1, 3]; `middle`, `spread` [features] of
    what they weigh; `common`: the kinds, builds and occasions that have a number of their own; `usual` [columns] tells
    the size that a body usually takes."""

    history: History
    weights: np.ndarray
    middle: np.ndarray
    spread: np.ndarray
    common: Common
    usual: np.ndarray

    def odds(self, asked: History) -> np.ndarray:
        """Probabilities [n, 3] of small, fit, large."""
        features = _features(asked, self.history, self.common, self.usual)
        return _softmax(_with_one((features - self.middle) / self.spread) @ self.weights)


def fit_tendency(history: History, seed: int = 0) -> Tendency:
    """The model of a history; rows must be numbered alike in what is asked later (parts of one file)."""
    from scipy.optimize import minimize

    common = _common(history)
    usual = _usual(history, common)
    features = np.empty((len(history), 0))
    fold = np.random.default_rng(seed).integers(0, FOLDS, len(history))
    for k in range(FOLDS):
        mine = fold == k
        found = _features(history.some(mine), history.some(~mine), common, usual)
        features = np.empty((len(history), found.shape[1])) if not features.size else features
        features[mine] = found
    middle, spread = features.mean(axis=0), features.std(axis=0)
    spread[spread < 1e-9] = 1.0
    x, y = _with_one((features - middle) / spread), np.eye(3)[history.verdicts]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(-1, 3)
        p = _softmax(x @ weights)
        ridge = np.vstack([weights[:-1], np.zeros(3)])
        value = -float(np.log(np.maximum(p[y > 0], 1e-12)).sum()) + 0.5 * _RIDGE * float((ridge**2).sum())
        return value, (x.T @ (p - y) + _RIDGE * ridge).ravel()

    done = minimize(loss, np.zeros(x.shape[1] * 3), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return Tendency(history, frozen(done.x.reshape(-1, 3)), frozen(middle), frozen(spread), common, frozen(usual))


def auc(probabilities: np.ndarray, verdicts: np.ndarray) -> float:
    """Mean one-against-the-rest area under the curve of three verdicts; those that do not occur are left out."""
    from scipy.stats import rankdata

    found = []
    for k in range(len(FITS)):
        mine = verdicts == k
        n, m = int(mine.sum()), int((~mine).sum())
        if n and m:
            ranks = rankdata(probabilities[:, k])
            found.append((ranks[mine].sum() - n * (n + 1) / 2) / (n * m))
    return float(np.mean(found)) if found else float("nan")


def log_loss(probabilities: np.ndarray, verdicts: np.ndarray) -> float:
    return float(-np.log(np.maximum(probabilities[np.arange(len(verdicts)), verdicts], 1e-12)).mean())


def _features(asked: History, seen: History, common: Common, usual: np.ndarray) -> np.ndarray:
    """What is known of each row from the other rows seen: [n, features]."""
    whole = np.bincount(seen.verdicts, minlength=3) / max(len(seen), 1)
    kinds = _rates(seen.kinds, seen.verdicts, len(seen.names["kinds"]), np.tile(whole, (len(seen.names["kinds"]), 1)),
                   _KIND)  # fmt: skip
    above, above_seen = _above(asked, common, usual), _above(seen, common, usual)
    columns = [_logits(kinds[asked.kinds])]
    style_prior = _prior_of(seen.items, kinds[seen.kinds], len(seen.names["items"]), whole)
    styles = _rates(seen.items, seen.verdicts, len(style_prior), style_prior, _STYLE)
    mine = np.where((np.bincount(seen.items, minlength=len(styles)) > 0)[asked.items, None], styles[asked.items],
                    kinds[asked.kinds])  # fmt: skip
    people = _rates(seen.people, seen.verdicts, len(seen.names["people"]),
                    np.tile(whole, (len(seen.names["people"]), 1)), _PERSON)  # fmt: skip
    columns += [_logits(mine), _logits(people[asked.people]), _logits(_placed(asked, seen, mine))]
    columns += list(_relative(asked, seen, above, above_seen))
    style_count = np.log1p(np.bincount(seen.items, minlength=len(styles)))[asked.items]
    columns += [style_count, style_count[:, None] * _logits(mine), above, above**2, np.abs(above)]
    columns += [_standard(asked), np.isnan(asked.body), asked.sizes, np.sqrt(asked.sizes.clip(0))]
    columns += [_dummies(own, each) for own, each in zip(_marks(asked), common, strict=True)]
    return np.column_stack(columns)


def _relative(asked: History, seen: History, above: np.ndarray, above_seen: np.ndarray) -> Iterator[np.ndarray]:
    """The size against what the wearer usually takes, and against what those take whom this style fits."""
    fits = seen.verdicts == FITS.index("fit")
    yield from _against(asked.people, asked.sizes, seen.people[fits], seen.sizes[fits], len(seen.names["people"]), 2.0)
    yield from _against(asked.items, above, seen.items[fits], above_seen[fits], len(seen.names["items"]), 5.0)
    leaning = seen.verdicts.astype(float) - 1.0  # a wearer's verdicts, freed of how far the size was off
    slope = np.polyfit(above_seen, leaning, 1) if len(seen) > 2 and np.ptp(above_seen) > 0 else np.zeros(2)
    freed = leaning - np.polyval(slope, above_seen)
    for group, own, count in ((seen.items, asked.items, "items"), (seen.people, asked.people, "people")):
        total = np.bincount(group, freed, len(seen.names[count]))
        yield (total / (np.bincount(group, minlength=len(total)) + _PERSON))[own]


def _against(
    own: np.ndarray, value: np.ndarray, group: np.ndarray, told: np.ndarray, count: int, worth: float
) -> Iterator[np.ndarray]:
    """A value less the shrunk mean of its group, 0 where nothing is known of it, and whether something is."""
    n = np.bincount(group, minlength=count)
    mean = np.bincount(group, told, count) / np.maximum(n, 1)
    trust = n / (n + worth)
    yield (trust[own] * (value - mean[own])) * (n > 0)[own]
    yield trust[own]


def _placed(asked: History, seen: History, mine: np.ndarray) -> np.ndarray:
    """Rates of the style in this very size, towards those of the style."""
    key = {pair: k for k, pair in enumerate(dict.fromkeys(zip(seen.items.tolist(), seen.sizes.tolist(), strict=True)))}
    group = np.array([key[pair] for pair in zip(seen.items.tolist(), seen.sizes.tolist(), strict=True)], int)
    own = np.array([key.get(pair, -1) for pair in zip(asked.items.tolist(), asked.sizes.tolist(), strict=True)], int)
    table = np.zeros((len(key) + 1, 3))
    np.add.at(table, (group, seen.verdicts), 1.0)
    found = table[own]
    return (found + _PLACE * mine) / (found.sum(axis=1, keepdims=True) + _PLACE)


def _rates(group: np.ndarray, verdicts: np.ndarray, count: int, prior: np.ndarray, worth: float) -> np.ndarray:
    table = np.zeros((count, 3))
    np.add.at(table, (group, verdicts), 1.0)
    return (table + worth * prior) / (table.sum(axis=1, keepdims=True) + worth)


def _prior_of(group: np.ndarray, rates: np.ndarray, count: int, whole: np.ndarray) -> np.ndarray:
    """The mean rate of each group's rows; `whole` of one that has none."""
    n = np.bincount(group, minlength=count)
    total = np.stack([np.bincount(group, rates[:, k], count) for k in range(3)], axis=1)
    return np.where(n[:, None] > 0, total / np.maximum(n, 1)[:, None], whole)


def _logits(rates: np.ndarray) -> np.ndarray:
    """Log odds of small and of large against fit, [n, 2]."""
    safe = np.clip(rates, 1e-4, 1.0)
    return np.log(safe[:, [0, 2]] / safe[:, [1]])


def _usual(history: History, common: Common) -> np.ndarray:
    """What tells the size that a body usually takes, by ridge regression on those whom their size fitted."""
    fits = history.verdicts == FITS.index("fit")
    some = history.some(fits) if fits.any() else history
    table = _bodily(some, common)
    return np.linalg.solve(table.T @ table + _SIZE_RIDGE * np.eye(table.shape[1]), table.T @ some.sizes)


def _above(asked: History, common: Common, usual: np.ndarray) -> np.ndarray:
    """How much larger the size is than this body usually takes, in steps of four of the shop's numbers."""
    return (asked.sizes - _bodily(asked, common) @ usual) / 4.0


def _bodily(asked: History, common: Common) -> np.ndarray:
    """The body as a regression takes it: what is not told counts as typical and is marked so."""
    body = _standard(asked)
    across = body[:, [0]] * body[:, [1]]
    kinds = _dummies(asked.kinds, common[0])
    return np.column_stack([np.ones(len(asked)), body, body[:, :3] ** 2, across, np.isnan(asked.body), kinds])


def _standard(asked: History) -> np.ndarray:
    return np.where(np.isnan(asked.body), 0.0, (asked.body - _TYPICAL) / _WIDE).clip(-6.0, 6.0)


def _marks(history: History) -> Common:
    return history.kinds, history.builds, history.occasions


def _common(history: History) -> Common:
    first, second, third = (np.argsort(-np.bincount(own), kind="stable")[:_COMMON] for own in _marks(history))
    return first, second, third


def _dummies(own: np.ndarray, common: np.ndarray) -> np.ndarray:
    """One column for each of the common ones."""
    return (own[:, None] == common).astype(float)


def _with_one(x: np.ndarray) -> np.ndarray:
    return np.column_stack([x, np.ones(len(x))])


def _softmax(score: np.ndarray) -> np.ndarray:
    e = np.exp(score - score.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
