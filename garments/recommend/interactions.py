"""Who took what, and when: from a shop's table of purchases, views or ratings (JSON lines or CSV, also .gz).

Columns go by the names that such tables have: user_id, customer_id or user; item_id, article_id, product_id, movie_id
or item; date, timestamp, review_date, t_dat or day; event, kind or type; rating; category. A rating below the middle of
five is no interest; a view weighs less than a purchase. A customer is whatever the table calls one, and stays in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assets.errors import InputRefused
from assets.mesh import frozen
from garments.history.lines import day, number, text, understood

_PEOPLE = ("user_id", "customer_id", "customer", "user", "userId")
_ITEMS = ("item_id", "article_id", "product_id", "movie_id", "movieId", "item")
_DAYS = ("date", "timestamp", "review_date", "t_dat", "day", "time")
_KINDS = ("event", "kind", "type")
_WEIGHTS = {"view": 0.3, "click": 0.5, "detail": 0.3, "cart": 0.7, "add_to_cart": 0.7, "return": 0.0, "skip": 0.0}
_LIKED = 3.0
_FEWEST = 20


@dataclass(frozen=True, slots=True, eq=False)
class Interactions:
    """In order of time: `people`, `items` [n] as numbers of their names; `days` [n] ordinals; `weights` [n] 0..1;
    `kinds` [items]: the category of each item as a number, -1 where none is told; `passed`: lines without a use."""

    people: np.ndarray
    items: np.ndarray
    days: np.ndarray
    weights: np.ndarray
    kinds: np.ndarray
    person_names: tuple[str, ...]
    item_names: tuple[str, ...]
    passed: int = 0

    def __post_init__(self) -> None:
        for name in ("people", "items", "days", "weights", "kinds"):
            object.__setattr__(self, name, frozen(np.asarray(getattr(self, name))))

    def __len__(self) -> int:
        return len(self.people)

    def some(self, rows: np.ndarray) -> "Interactions":
        """The rows chosen; people and items keep their numbers."""
        return Interactions(
            self.people[rows], self.items[rows], self.days[rows], self.weights[rows], self.kinds, self.person_names,
            self.item_names, self.passed,
        )  # fmt: skip


def read_interactions(path: Path) -> Interactions:
    """Raises InputRefused for a table without customers, items and days."""
    told, passed = understood(path, _row)
    if len(told) < _FEWEST:
        raise InputRefused(
            f"{path} has {len(told)} lines with a customer, an item and a day, {passed} without: at least {_FEWEST} "
            "are needed; its columns are called like user_id, item_id, date"
        )
    return collected(told, passed)


def collected(told: list[tuple[str, str, int, float, str]], passed: int = 0) -> Interactions:
    """From (customer, item, day, weight, category) in any order."""
    told = sorted(told, key=lambda row: row[2])
    people, person = np.unique(np.array([row[0] for row in told]), return_inverse=True)
    items, item = np.unique(np.array([row[1] for row in told]), return_inverse=True)
    names = sorted({row[4] for row in told if row[4]})
    kinds = np.full(len(items), -1)
    for number_of, row in zip(item, told, strict=True):
        if row[4]:
            kinds[number_of] = names.index(row[4])
    return Interactions(
        person, item, np.array([row[2] for row in told]), np.array([row[3] for row in told]), kinds,
        tuple(map(str, people)), tuple(map(str, items)), passed,
    )  # fmt: skip


def _row(told: Mapping) -> tuple[str, str, int, float, str] | None:
    person, item = _first(told, _PEOPLE), _first(told, _ITEMS)
    when = day(_first(told, _DAYS))
    kind, rating = _first(told, _KINDS).lower(), number(told.get("rating"))
    weight = _WEIGHTS.get(kind, 1.0)
    if rating is not None and rating <= 5.0 and rating < _LIKED:
        weight = 0.0
    if not person or not item or not when or weight == 0.0:
        return None
    return person, item, when, weight, text(told, "category").lower()


def _first(told: Mapping, names: tuple[str, ...]) -> str:
    return next((found for name in names if (found := text(told, name))), "")
