"""A shop's own history of how sizes fitted: read from JSON lines or CSV (also .gz), in the fields of RentTheRunway's
public set (Misra, Wan and McAuley, RecSys 2018).

    fit, user_id, item_id, size, category, body type, rented for, height, weight, bust size, age, review_date

`fit` is small, fit or large. Ratings and the texts of reviews are not read: they are written after the garment was worn
and tell the answer. What a line leaves out is not known; a line without a verdict, an item or a size is passed over and
counted. Nothing is unpickled and nothing beyond the limits is read.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assets.errors import InputRefused
from assets.mesh import frozen
from garments.history.lines import day, number, text, understood

FITS = ("small", "fit", "large")
NUMBERS = ("height", "weight", "band", "cup", "age")
_FEWEST = 50
_CUPS = {
    "aa": 0, "a": 1, "b": 2, "c": 3, "d": 4, "d+": 4.5, "dd": 5, "dd/e": 5, "ddd/e": 6, "f": 6.5, "g": 7, "h": 8,
    "i": 9, "j": 10,
}  # fmt: skip
_FEET = re.compile(r"(\d)\s*'\s*(\d{1,2})?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Verdicts [n] as numbers of FITS; `people`, `items`, `kinds`, `builds`, `occasions` [n] as numbers of their
    `names`; `sizes` [n] on the shop's own scale; `body` [n, 5] by NUMBERS (m, kg, in, cup, years), NaN where nobody
    said; `days` [n] ordinals, 0 where there is none; `passed`: lines that could not be used."""

    verdicts: np.ndarray
    people: np.ndarray
    items: np.ndarray
    kinds: np.ndarray
    builds: np.ndarray
    occasions: np.ndarray
    sizes: np.ndarray
    body: np.ndarray
    days: np.ndarray
    names: Mapping[str, tuple[str, ...]]
    passed: int = 0

    def __post_init__(self) -> None:
        for name in ("verdicts", "people", "items", "kinds", "builds", "occasions", "sizes", "body", "days"):
            object.__setattr__(self, name, frozen(np.asarray(getattr(self, name))))

    def __len__(self) -> int:
        return len(self.verdicts)

    def some(self, rows: np.ndarray) -> "History":
        """The rows chosen, by number or by a mask."""
        return History(
            self.verdicts[rows], self.people[rows], self.items[rows], self.kinds[rows], self.builds[rows],
            self.occasions[rows], self.sizes[rows], self.body[rows], self.days[rows], self.names, self.passed,
        )  # fmt: skip

    @property
    def bmi(self) -> np.ndarray:
        """[n], NaN where height or weight are not told."""
        return self.body[:, 1] / self.body[:, 0] ** 2


def read_history(path: Path) -> History:
    """A history from a file. Raises InputRefused, TooLarge."""
    told, passed = understood(path, _row)
    if len(told) < _FEWEST:
        raise InputRefused(
            f"{path} has {len(told)} lines with fit (small, fit, large), item_id and size, {passed} without: "
            f"at least {_FEWEST} are needed"
        )
    fit, person, item, kind, build, occasion, size, body, day = zip(*told, strict=True)
    codes, names = {}, {}
    for name, column in (("people", person), ("items", item), ("kinds", kind), ("builds", build),
                         ("occasions", occasion)):  # fmt: skip
        found, codes[name] = np.unique(np.array(column, dtype=str), return_inverse=True)
        names[name] = tuple(str(one) for one in found)
    return History(
        np.array(fit, np.int8), codes["people"], codes["items"], codes["kinds"], codes["builds"], codes["occasions"],
        np.array(size, float), np.array(body, float), np.array(day, np.int64), names, passed,
    )  # fmt: skip


def _row(told: Mapping) -> tuple | None:
    fit, item, size = text(told, "fit").lower(), text(told, "item_id"), number(told.get("size"))
    if fit not in FITS or not item or size is None:
        return None
    band, cup = _bust(text(told, "bust size").lower())
    body = (_height(text(told, "height")), _weight(text(told, "weight").lower()), band, cup, _age(told.get("age")))
    kinds = (text(told, name).lower() for name in ("category", "body type", "rented for"))
    return FITS.index(fit), text(told, "user_id"), item, *kinds, size, body, day(text(told, "review_date"))


def _height(written: str) -> float:
    feet = _FEET.match(written)
    if feet:
        return 0.3048 * int(feet[1]) + 0.0254 * int(feet[2] or 0)
    number = _NUMBER.match(written)
    found = float(number[0]) * (0.01 if "cm" in written or float(number[0]) > 3.0 else 1.0) if number else math.nan
    return found if 1.2 < found < 2.3 else math.nan


def _weight(written: str) -> float:
    number = _NUMBER.match(written)
    if not number:
        return math.nan
    found = float(number[0]) * (1.0 if "kg" in written else 0.45359237)
    return found if 30.0 < found < 250.0 else math.nan


def _bust(written: str) -> tuple[float, float]:
    number = _NUMBER.match(written)
    if not number or not 24.0 <= float(number[0]) <= 60.0:
        return math.nan, math.nan
    return float(number[0]), float(_CUPS.get(written[number.end() :].strip(), math.nan))


def _age(value: object) -> float:
    found = number(value)
    return found if found is not None and 13.0 <= found <= 100.0 else math.nan
