"""What to try on next: what fits, what is like what is liked, what goes with what is worn, what history says; and why.

A garment that suits in no size, or is not there in one that does, is not suggested. Scores are sums, so that each
suggestion can say what speaks for it and by how much. The list is spread over kinds and colours by maximal marginal
relevance (Carbonell and Goldstein, SIGIR 1998), and shows nothing twice.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from assets.errors import ToileError
from garments.recommend.content import Content, alike, content, together
from garments.recommend.history import Contexts, Model
from garments.recommend.newcomer import met
from garments.recommend.profiles import Tastes
from garments.sizing import Advice
from garments.stock.articles import Article

Sizing = Callable[[Article], Advice]
WEIGHTS = {"fit": 0.3, "liked": 0.3, "goes with": 0.4, "asked": 0.4, "history": 0.4, "popular": 0.1,
           "answered": 0.4, "group": 0.2}  # fmt: skip
SECOND = 0.3
"""A second size is offered where the best one is not there, from this probability on."""
_SPREAD, _ALIKE = 0.35, 0.75
_MOST_OF_A_DESIGN = 2
_ONE_MORE = 0.08
"""What one more of a kind (top, bottom, dress, outer) counts less for each that is in the list already: somebody whom
legs fit surest still is shown more than legs."""


@dataclass(frozen=True, slots=True, eq=False)
class Taste:
    """What is known of somebody: ids they like, took (the latest last), wear now, were shown or refused; tags that they
    asked for, the most they would pay, and what they answered when they came (garments/recommend/newcomer.py)."""

    liked: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    worn: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    most: float | None = None
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """What speaks for an article, one of WEIGHTS as `kind`, by how much, and in words; `about`: the id of the other
    article that it is of, "" where it is of none."""

    kind: str
    amount: float
    words: str
    about: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Suggestion:
    """An article, the size to try, its reasons the weightiest first, and its score's `parts`, which sum to it."""

    id: str
    title: str
    size: str
    sure: float
    reasons: tuple[Reason, ...]
    parts: Mapping[str, float] = field(default_factory=dict)

    @property
    def why(self) -> tuple[str, ...]:
        """The reasons in words."""
        return tuple(reason.words for reason in self.reasons)

    @property
    def score(self) -> float:
        return sum(self.parts.values())


@dataclass(frozen=True, slots=True, eq=False)
class Suggestions:
    """The list, and what to know of it: what was not enough, and how many were left out because nothing fits."""

    offers: tuple[Suggestion, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """What a shop's history says: the model, the item names that it was learned with, and the groups of tastes, where
    there are any."""

    model: Model
    names: tuple[str, ...]
    tastes: Tastes | None = None

    def group(self, taste: Taste, known: Mapping[str, Content], answered: Sequence[str]) -> Mapping[str, float]:
        """What the group of somebody's taste takes the more, 0 to 1 by id: by what she took, likes or wears, else by
        what she answered; nothing where neither is known."""
        likes = [known[id] for id in (*taste.taken, *taste.liked, *taste.worn) if id in known]
        likes = likes or [known[id] for id in answered]
        number = self.tastes.of(likes) if self.tastes is not None else None
        return {} if number is None or self.tastes is None else self.tastes.liked[number]

    def scores(self, taken: Sequence[str]) -> dict[str, float]:
        """Of each item it knows, 0 to 1."""
        numbers = {name: k for k, name in enumerate(self.names)}
        mine = np.array([numbers[id] for id in taken if id in numbers], dtype=int)
        told = self.model.scores(Contexts((mine,)))[0]
        known = np.isfinite(told)
        best = max(float(told[known].max()), 1e-12) if known.any() else 1.0
        return {self.names[k]: max(float(told[k]) / best, 0.0) for k in np.flatnonzero(known)}


def suggest(
    articles: Sequence[Article], sizing: Sizing, taste: Taste, past: Past | None = None, count: int = 8
) -> Suggestions:
    """The best of some articles for one person; `sizing` advises the size of one on the person's body."""
    known = {told.id: content(told) for told in articles if not told.trouble}
    notes, rated, unfit = [], [], 0
    said = past.scores(taste.taken) if past else {}
    name = "history" if past and not past.model.popularity_only and set(taste.taken) & set(past.names) else "popular"
    if past is None:
        notes.append("not enough data: nobody's history is known, so fit and content alone are asked")
    elif name == "popular":
        nothing = "nothing is known of what this customer took: popularity counts"
        notes.append(past.model.why if set(taste.taken) & set(past.names) else nothing)
    met_all = [told.id for told in articles if taste.answers and told.id in known
               and len(met(told, known[told.id], taste.answers)) == len(taste.answers)]  # fmt: skip
    group = past.group(taste, known, met_all) if past else {}
    for told in articles:
        if told.trouble or told.id in {*taste.shown, *taste.worn, *taste.taken} or _too_dear(told, taste):
            continue
        fitted = _fitted(told, sizing)
        if fitted is None:
            unfit += 1
            continue
        size, sure = fitted
        parts, why = _parts(told, known, taste)
        parts["fit"] = WEIGHTS["fit"] * sure
        why.append(Reason("fit", parts["fit"], f"{size} is {100 * sure:.0f} % sure to be right"))
        if told.id in group:
            parts["group"] = WEIGHTS["group"] * group[told.id]
            why.append(Reason("group", parts["group"], "people of a like taste take it"))
        if told.id in said:
            parts[name] = WEIGHTS[name] * said[told.id]
            words = "others took it after what you took" if name == "history" else "many take it just now"
            why.append(Reason(name, parts[name], words))
        weighty = tuple(one for one in sorted(why, key=lambda one: -one.amount) if one.amount > 0.02)
        rated.append(Suggestion(told.id, told.name, size, sure, weighty, parts))
    if unfit:
        notes.append(f"{unfit} garments fit in no size that is there, and are left out")
    return Suggestions(_spread(rated, known, count), tuple(notes))


def _too_dear(told: Article, taste: Taste) -> bool:
    return taste.most is not None and told.price is not None and told.price > taste.most


def _fitted(told: Article, sizing: Sizing) -> tuple[str, float] | None:
    """The likeliest size that is there, and its probability; None where none will do."""
    try:
        advice = sizing(told)
    except ToileError:
        return None
    if not advice.suits or not advice.trusted:
        return None
    stock = told.stock or {}
    for score in sorted(advice.scores, key=lambda one: (one.size != advice.best, -one.probability)):
        there = not stock or stock.get(score.size, 0) != 0
        if there and (score.size == advice.best or score.probability >= SECOND):
            return score.size, score.probability
    return None


def _parts(told: Article, known: Mapping[str, Content], taste: Taste) -> tuple[dict[str, float], list[Reason]]:
    mine = known[told.id]
    parts: dict[str, float] = {}
    why: list[Reason] = []
    likings = [(alike(mine, known[id]), known[id].title, id) for id in (*taste.liked, *taste.taken) if id in known]
    if likings:
        best, title, id = max(likings)
        parts["liked"] = WEIGHTS["liked"] * best
        why.append(Reason("liked", parts["liked"] if best > 0.5 else 0.0, f"like {title}", id))
    matches = [(*together(mine, known[id]), known[id].title, id) for id in taste.worn if id in known]
    if matches:
        best, how, title, id = max(matches)
        parts["goes with"] = WEIGHTS["goes with"] * best
        why.append(Reason("goes with", parts["goes with"], f"goes with {title}: {how}", id))
    if taste.tags:
        tags = [tag for tag in taste.tags if tag in mine.tags]
        parts["asked"] = WEIGHTS["asked"] * len(tags) / len(taste.tags)
        why.append(Reason("asked", parts["asked"], f"for {', '.join(tags)}"))
    if taste.answers:
        words = met(told, mine, taste.answers)
        parts["answered"] = WEIGHTS["answered"] * len(words) / len(taste.answers)
        why.append(Reason("answered", parts["answered"], f"as you said: {', '.join(words)}"))
    return parts, why


def _spread(rated: Sequence[Suggestion], known: Mapping[str, Content], count: int) -> tuple[Suggestion, ...]:
    """The best, each less what it repeats of those before it; at most a few of one design."""
    left = sorted(rated, key=lambda one: (-one.score, one.id))
    chosen: list[Suggestion] = []
    designs, kinds = Counter[str](), Counter[str]()
    while left and len(chosen) < count:

        def worth(one: Suggestion) -> float:
            same = max((alike(known[one.id], known[other.id]) for other in chosen), default=0.0)
            repeats = _SPREAD * max(same - _ALIKE, 0.0) / (1.0 - _ALIKE)
            return one.score - repeats - _ONE_MORE * kinds[known[one.id].kind]

        best = max(left, key=worth)
        left.remove(best)
        design = known[best.id].design
        if design and designs[design] >= _MOST_OF_A_DESIGN:
            continue
        designs[design] += 1
        kinds[known[best.id].kind] += 1
        chosen.append(best)
    return tuple(chosen)
