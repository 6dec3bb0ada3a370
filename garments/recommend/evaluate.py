"""How good suggestions would have been: learned from the past, asked about what came after, by a cut in time."""

from dataclasses import dataclass

import numpy as np

from assets.progress import Progress, silent
from garments.recommend.history import TOP, WINDOW, Contexts, fit_history, ndcg, recent, unseen
from garments.recommend.interactions import Interactions

LATER = 0.2


@dataclass(frozen=True, slots=True)
class Score:
    """Of lists of TOP: NDCG, recall (of what was taken, at most TOP), coverage (share of all items ever shown), error
    of calibration (the worst tenth of places, share), and how many customers were asked."""

    name: str
    ndcg: float
    recall: float
    coverage: float
    calibration: float | None
    customers: int


def evaluate(told: Interactions, later: float = LATER, progress: Progress = silent) -> tuple[tuple[Score, ...], str]:
    """Popularity of all time, of WINDOW days, and the model, on the last share of interactions; and what the model says
    of itself. Nobody is shown what they took before."""
    cut = _cut(told, later)
    past, after = told.some(np.arange(cut)), told.some(np.arange(cut, len(told)))
    asked, truth = unseen(past, after)
    contexts = Contexts.of(past, asked)
    model = fit_history(past, progress)
    items, odds = model.best(contexts)
    found = [
        _score("popularity", _most(recent(past, np.inf), contexts), truth, told),
        _score(f"popularity of {WINDOW} days", _most(recent(past, WINDOW), contexts), truth, told),
        _score("Toile", items, truth, told, odds),
    ]
    return tuple(found), model.why


def _cut(told: Interactions, later: float) -> int:
    """Where the later share begins: at the beginning of a day."""
    start = told.days[int((1.0 - later) * len(told))]
    return int(np.searchsorted(told.days, start))


def _most(count: np.ndarray, contexts: Contexts) -> np.ndarray:
    """The most counted items for each customer; what was taken before stands last, where few others are left."""
    lists = []
    order = np.argsort(-count, kind="stable")
    for taken in contexts.taken:
        head = order[: TOP + len(taken)]
        lists.append(head[np.argsort(np.isin(head, taken), kind="stable")][:TOP])
    return np.array(lists) if lists else np.empty((0, TOP), int)


def _score(
    name: str, lists: np.ndarray, truth: list[set[int]], told: Interactions, odds: np.ndarray | None = None
) -> Score:
    hits = np.array([[item in taken for item in row] for row, taken in zip(lists.tolist(), truth, strict=True)], float)
    most = np.array([min(len(taken), lists.shape[1]) for taken in truth])
    recall = float((hits.sum(axis=1) / most).mean()) if len(hits) else float("nan")
    shown = len(np.unique(lists)) / len(told.item_names)
    return Score(name, ndcg(lists, truth), recall, shown, _worst(odds, hits) if odds is not None else None, len(truth))


def _worst(odds: np.ndarray, hits: np.ndarray) -> float | None:
    if not odds.size:
        return None
    parts = np.array_split(np.argsort(odds.ravel(), kind="stable"), 10)
    return max(abs(float(odds.ravel()[part].mean() - hits.ravel()[part].mean())) for part in parts if len(part))
