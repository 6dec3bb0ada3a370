"""Who took what, and when: from a shop's table of purchases, views or ratings (JSON lines or CSV, also .gz).

Columns go by the names that such tables have, however they are spelled: "Customer ID" is customer_id. A rating below
the middle of five is no interest; a view weighs less than a purchase. A customer is whatever the table calls one, and
stays in it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from assets.errors import InputRefused
from assets.mesh import frozen
from garments.history.lines import day, number, text, understood

_NAMES = {
    "person": ("userid", "customerid", "customer", "user", "client", "clientid", "member", "memberid", "customerno",
               "顾客", "客户", "会员", "会员号", "用户", "用户id"),
    "item": ("itemid", "articleid", "productid", "movieid", "item", "sku", "article", "product", "style", "styleid",
             "articleno", "productno", "商品", "商品编号", "货号", "款号"),
    "day": ("date", "timestamp", "reviewdate", "tdat", "day", "time", "orderdate", "purchasedate", "createdat", "日期",
            "购买日期", "下单时间", "时间"),
    "kind": ("event", "kind", "type", "eventtype", "action", "行为"), "rating": ("rating", "stars", "评分"),
    "category": ("category", "类别"),
}  # fmt: skip
"""What columns are called, in small letters and without what is between words, those first that tell most."""
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

    def rows(self) -> list[tuple[str, str, int, float, str]]:
        """As (customer, item, day, weight, ""), to be put together with others."""
        each = zip(self.people.tolist(), self.items.tolist(), self.days.tolist(), self.weights.tolist(), strict=True)
        return [(self.person_names[who], self.item_names[what], when, weight, "") for who, what, when, weight in each]

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
            "are needed; its columns are called like user_id, item_id, date, and days are written 2026-04-20"
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
    columns = _columns(tuple(told))
    person, item, written, kind, rated, category = (
        text(told, columns[name]) if name in columns else ""
        for name in ("person", "item", "day", "kind", "rating", "category")
    )
    when, kind, rating = day(written), kind.lower(), number(rated)
    weight = _WEIGHTS.get(kind, 1.0)
    if rating is not None and rating <= 5.0 and rating < _LIKED:
        weight = 0.0
    if not person or not item or not when or weight == 0.0:
        return None
    return person, item, when, weight, category.lower()


@lru_cache(maxsize=64)
def _columns(header: tuple) -> Mapping[str, str]:
    """Which column is which, of what there is a column of."""
    plain = {re.sub(r"[\W_]+", "", str(name).lower()): name for name in reversed(header)}
    found = {what: [plain[name] for name in names if name in plain] for what, names in _NAMES.items()}
    return {what: columns[0] for what, columns in found.items() if columns}
