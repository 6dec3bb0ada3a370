"""Who took what, and when: from a shop's table of purchases, views or ratings (JSON lines or CSV, also .gz).

Columns go by the names that such tables have, however they are spelled: "Customer ID" is customer_id. A rating below
the middle of five is no interest; a view weighs less than a purchase. A customer is whatever the table calls one, and
stays in it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from assets.errors import InputRefused
from assets.mesh import frozen
from garments.history.lines import day, number, text, understood

_NAMES = {
    "person": ("user", "customer", "client", "member", "shopper", "buyer", "visitor", "kunde", "kunden", "kundin",
               "mitglied", "顾客", "客户", "会员", "用户"),
    "item": ("item", "article", "product", "movie", "sku", "style", "artikel", "produkt", "商品", "货", "款"),
    "day": ("date", "timestamp", "reviewdate", "tdat", "day", "time", "orderdate", "purchasedate", "createdat",
            "eventdate", "eventtime", "invoicedate", "datum", "bestelldatum", "kaufdatum", "zeit", "日期", "购买日期",
            "下单时间", "时间"),
    "kind": ("event", "kind", "type", "eventtype", "eventname", "action", "interaction", "ereignis", "aktion", "行为"),
    "rating": ("rating", "stars", "starrating", "bewertung", "sterne", "评分"),
    "category": ("category", "kategorie", "类别"),
}  # fmt: skip
"""What columns are called, in small letters, without what is between words and after them (ID, No.); those first that
tell most."""
_NUMBERED = re.compile(r"(?<=.)(?:id|no|nr|number|nummer|code|key|编号|号)$")
_WEIGHTS = {
    "return": 0.0, "returned": 0.0, "refund": 0.0, "skip": 0.0, "remove": 0.0, "retoure": 0.0, "退货": 0.0, "view": 0.3,
    "pageview": 0.3, "viewed": 0.3, "detail": 0.3, "ansicht": 0.3, "浏览": 0.3, "click": 0.5, "klick": 0.5, "点击": 0.5,
    "cart": 0.7, "basket": 0.7, "wishlist": 0.7, "warenkorb": 0.7, "加购": 0.7,
}  # fmt: skip
"""Of a word in what was done, the first that is there; a purchase, and what else, weighs 1."""
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
    if passed:  # Perhaps by days that are written month first.
        told, passed = min((told, passed), understood(path, partial(_row, month_first=True)), key=lambda read: read[1])
    if len(told) < _FEWEST:
        raise InputRefused(
            f"{path} has {len(told)} lines with a customer, an item and a day, {passed} without: at least {_FEWEST} "
            "are needed; its columns are called like user_id, item_id, date, and days are written 2026-04-20"
        )
    return collected(told, passed)


def collected(told: list[tuple[str, str, int, float, str]], passed: int = 0) -> Interactions:
    """From (customer, item, day, weight, category) in any order; what is told twice of a day counts once, as its
    most."""
    once: dict[tuple[str, str, int], tuple[str, str, int, float, str]] = {}
    for row in told:
        once[row[:3]] = max(once.get(row[:3], row), row, key=lambda each: each[3])
    told = sorted(once.values(), key=lambda row: row[2])
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


def _row(told: Mapping, month_first: bool = False) -> tuple[str, str, int, float, str] | None:
    columns = _columns(tuple(told))
    person, item, written, kind, rated, category = (
        text(told, columns[name]) if name in columns else ""
        for name in ("person", "item", "day", "kind", "rating", "category")
    )
    when, done, rating = day(written, month_first), re.split(r"[\W_]+", kind.lower()), number(rated.replace(",", "."))
    weight = next((weight for word, weight in _WEIGHTS.items() if word in done), 1.0)
    if rating is not None and rating <= 5.0 and rating < _LIKED:
        weight = 0.0
    if not person or not item or not when or weight == 0.0:
        return None
    return person, item, when, weight, category.lower()


@lru_cache(maxsize=64)
def _columns(header: tuple) -> Mapping[str, str]:
    """Which column is which, of what there is a column of."""
    plain = {re.sub(r"[\W_]+", "", str(name).lower()): name for name in reversed(header)}
    plain = {_NUMBERED.sub("", said): name for said, name in plain.items()} | plain
    found = {what: [plain[name] for name in names if name in plain] for what, names in _NAMES.items()}
    return {what: columns[0] for what, columns in found.items() if columns}
