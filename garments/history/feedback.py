"""What came back: how sizes fitted those who wore them, and what that tells of styles and of customers.

A row says that a size of a style was too small, fitted, or was too large, and how far off it had been expected to be.
Expected plus what the style runs plus what the customer likes plus the day's chance is off by less than FITTING, or it
is too small or too large: an ordered probit with normal effects. Effects are estimated at their posterior mode and
shrunk by their own spread (empirical Bayes; Efron and Morris 1975; ordered responses with crossed effects as in Hedeker
and Gibbons 1994, by Laplace's approximation); spreads are learned from the table, and stay what the house assumes until
it is long enough. A customer's body was measured once, so that what it was measured wrong by is the same in each of her
verdicts: it is part of her effect, not of the day's. So is the fit that she likes, where she never told it. The table
is SQLite; a customer in it is a pseudonym or nobody.
"""

import csv
import io
import math
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from assets import files
from assets.errors import CannotWrite, InputRefused
from assets.files import read_text

VERDICTS = ("small", "fits", "large")
FITTING = 0.045
"""A size this far [m of girth] from the one that is wanted is still said to fit: just over half a letter size."""
TASTE, STYLE, DAY = 0.012, 0.008, 0.008
"""House assumptions [m of girth, sd]: how far customers of one preference differ; how far a style's garments are from
their pattern; how far one customer's judgement is from day to day."""
PREFERENCES: Mapping[str, float] = {"close": -0.035, "regular": 0.0, "loose": 0.035}
"""How much more ease [m of girth] than was meant is wanted: just under half a letter size (house assumption)."""
SHARES: Mapping[str, float] = {"close": 0.25, "regular": 0.5, "loose": 0.25}
"""How many like which, of those who do not say (house assumption)."""
_UNTOLD = math.sqrt(sum(share * PREFERENCES[name] ** 2 for name, share in SHARES.items()))
_GRID, _NEVER = np.linspace(-0.15, 0.15, 121), 1e-12
"""Tastes [m] that are thought of; the least probability of a verdict, as people err."""
_TRUST = 60  # rows per spread that the house's assumption is worth
_ROUNDS = 40
_LARGEST, _MOST = 50_000_000, 1_000_000
_COLUMNS = ("day", "customer", "style", "size", "verdict", "off", "sd")
_LIKES = "likes"
_SCHEMA = """CREATE TABLE IF NOT EXISTS feedback(day TEXT, customer TEXT, style TEXT, size TEXT, verdict TEXT,
  off REAL, sd REAL, likes TEXT NOT NULL DEFAULT '')"""
_OLDER = "ALTER TABLE feedback ADD COLUMN likes TEXT NOT NULL DEFAULT ''"


@dataclass(frozen=True, slots=True)
class Row:
    """One verdict on a worn size: `day` as YYYY-MM-DD; `customer` a pseudonym or ""; `off`, `sd` [m]: how much larger
    than wanted it had been expected to be, and the doubt of that (SizeScore.off, off_sd); `likes`: the fit that the
    customer told, one of PREFERENCES, or "" for none, where a regular one was expected."""

    day: str
    customer: str
    style: str
    size: str
    verdict: str
    off: float
    sd: float
    likes: str = ""

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise InputRefused(f"the verdict {self.verdict!r} is none of {', '.join(VERDICTS)}")
        if self.likes and self.likes not in PREFERENCES:
            raise InputRefused(f"there is no fit {self.likes!r}: it is {', '.join(PREFERENCES)}")
        if not (math.isfinite(self.off) and math.isfinite(self.sd) and abs(self.off) < 1.0 and 0.0 <= self.sd < 1.0):
            raise InputRefused(f"off by {self.off} ± {self.sd} m cannot be: give metres of girth")


@dataclass(frozen=True, slots=True)
class Effect:
    """What was learned of a style or a customer [m of girth]: `mean` ± `sd`, from `count` verdicts."""

    mean: float
    sd: float
    count: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """Styles: how much larger they run than drafted. Customers, by their name and whether they told the fit that they
    like: how much more ease they like than that, or a regular one, and their measures say. Spreads [m] of both among
    those not yet known, and of the day; `rows` it was learned from."""

    styles: Mapping[str, Effect] = field(default_factory=dict)
    customers: Mapping[tuple[str, bool], Effect] = field(default_factory=dict)
    style_sd: float = STYLE
    taste_sd: float = TASTE
    day_sd: float = DAY
    rows: int = 0

    def style(self, name: str) -> Effect:
        return self.styles.get(name, Effect(0.0, self.style_sd))

    def customer(self, name: str | None, told: bool) -> Effect:
        """Of a customer who now told the fit that is liked, or did not: what was learned of the one says nothing of
        the other."""
        return self.customers.get((name or "", told), Effect(0.0, self.taste_sd))


DAY_ONE = Learned()


def learn(rows: Sequence[Row]) -> Learned:
    """What a table tells; of an empty one what the house assumes."""
    if not rows:
        return DAY_ONE
    off, sd = np.array([row.off for row in rows]), np.array([row.sd for row in rows])
    low, high = _bounds(rows)
    styles, style_of = np.unique([row.style for row in rows], return_inverse=True)
    number: dict[tuple[str, bool], int] = {}
    person_of = np.array([number.setdefault((row.customer, bool(row.likes)), len(number)) for row in rows])
    people = list(number)
    known = np.array([bool(name) for name, _ in people])
    untold = np.array([0.0 if told else _UNTOLD for _, told in people])
    body = np.sqrt(np.bincount(person_of, sd**2) / np.bincount(person_of))
    other = np.hypot(body, untold)
    spreads, own = (STYLE, TASTE), known[person_of]
    style, taste = np.zeros((len(styles), 2)), np.stack([np.zeros(len(people)), np.hypot(TASTE, other)], axis=1)
    for _ in range(_ROUNDS):
        expected = off + style[style_of, 0] - np.where(own, taste[person_of, 0], 0.0)
        open_ = np.where(own, taste[person_of, 1], np.hypot(np.hypot(sd, untold[person_of]), spreads[1]))
        slope, bend = _pull(expected, np.hypot(open_, DAY), low, high)
        style = _step(style[:, 0], style_of, slope, bend, np.full(len(styles), spreads[0]))
        expected = off + style[style_of, 0] - np.where(own, taste[person_of, 0], 0.0)
        slope, bend = _pull(expected, np.hypot(style[style_of, 1], DAY), low, high)
        taste = _step(taste[:, 0], person_of, -slope, bend, np.hypot(spreads[1], other))
        spreads = _spread(style, STYLE, spreads[0]), _spread(taste[known], TASTE, spreads[1], other[known])
    found_styles = dict(zip(map(str, styles), _effects(style, style_of), strict=True))
    expected, noise = off + style[style_of, 0], np.hypot(style[style_of, 1], DAY)
    taste = _tastes(expected, noise, (low, high), person_of, np.hypot(spreads[1], body), untold > 0.0)
    found_people = dict(zip(people, _effects(taste, person_of), strict=True))
    mine = {who: effect for who, effect in found_people.items() if who[0]}
    return Learned(found_styles, mine, *spreads, DAY, len(rows))


def _bounds(rows: Sequence[Row]) -> tuple[np.ndarray, np.ndarray]:
    """Between which limits [m] each verdict says that the size is off."""
    limits = {"small": (-np.inf, -FITTING), "fits": (-FITTING, FITTING), "large": (FITTING, np.inf)}
    low, high = np.array([limits[row.verdict] for row in rows]).T
    return low, high


def _pull(expected: np.ndarray, noise: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First derivative of each row's log likelihood by its expectation, and how much it tells (Fisher's information of
    what was seen)."""
    from scipy.special import log_ndtr, ndtr

    a, b = (low - expected) / noise, (high - expected) / noise
    a, b = np.where(a > 0, -b, a), np.where(a > 0, -a, b)  # the left tail is the exact one
    turned = np.where((low - expected) > 0, -1.0, 1.0)
    mass = np.maximum(ndtr(b) - ndtr(a), 0.0)
    log_mass = np.where(mass > 1e-280, np.log(np.maximum(mass, 1e-300)), log_ndtr(np.minimum(b, 30.0)))
    up, down = (np.where(np.isfinite(x), np.exp(-0.5 * np.minimum(x**2, 1e6) - log_mass), 0.0) for x in (b, a))
    slope = (down - up) / math.sqrt(2.0 * math.pi)
    edge = (np.where(np.isfinite(a), a, 0.0) * down - np.where(np.isfinite(b), b, 0.0) * up) / math.sqrt(2.0 * math.pi)
    bend = np.maximum(slope**2 - edge, 1e-9)
    return turned * slope / noise, bend / noise**2


def _step(mean: np.ndarray, group: np.ndarray, slope: np.ndarray, bend: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """One damped Newton step of all effects of a kind [n], spread so far [m] [n]: new mean and sd [m] [n, 2]."""
    told = np.bincount(group, bend, len(mean)) + spread**-2
    push = np.bincount(group, slope, len(mean)) - mean / spread**2
    return np.stack([mean + 0.7 * push / told, told**-0.5], axis=1)


def _tastes(
    expected: np.ndarray,
    noise: np.ndarray,
    limits: tuple[np.ndarray, np.ndarray],
    group: np.ndarray,
    spread: np.ndarray,
    untold: np.ndarray,
) -> np.ndarray:
    """Mean and sd [m] of what customers like [n, 2], by their whole posterior: what fitted somebody who never told a
    preference may be close, regular or loose, which is no one normal. `expected` ± `noise` [m]: how much each of the
    rows, that are of a `group`, is off for whom likes what is usual; `spread` [m] [n] round a preference."""
    from scipy.special import ndtr

    log_odds = np.empty((len(spread), len(_GRID)))
    for k, liked in enumerate(_GRID):
        low, high = ((limit - expected + liked) / noise for limit in limits)
        told = np.log(np.maximum(ndtr(high) - ndtr(low), _NEVER))
        prior = sum(
            np.where(untold, SHARES[name], float(at == 0.0)) * np.exp(-0.5 * ((liked - at) / spread) ** 2)
            for name, at in PREFERENCES.items()
        )
        log_odds[:, k] = np.bincount(group, told, len(spread)) + np.log(prior + _NEVER)
    odds = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    odds /= odds.sum(axis=1, keepdims=True)
    mean = odds @ _GRID
    return np.stack([mean, np.sqrt(np.maximum(odds @ _GRID**2 - mean**2, 0.0))], axis=1)


def _spread(effects: np.ndarray, house: float, now: float, other: np.ndarray | float = 0.0) -> float:
    """The spread that effects [n, 2] show (EM), the house's assumption counting as _TRUST of them. `other` [n]: how
    much of each is expected to be a body that was measured wrong, or a preference that was not told."""
    mine = now**2 / (now**2 + np.square(other))  # of an effect
    seen = mine**2 * (effects**2).sum(axis=1) + now**2 * (1.0 - mine)
    return math.sqrt((float(seen.sum()) + _TRUST * house**2) / (len(effects) + _TRUST))


def _effects(found: np.ndarray, group: np.ndarray) -> list[Effect]:
    """Effects from mean and sd [m] [n, 2], and the rows of each by the group they are of."""
    return [
        Effect(float(mean), float(sd), int(count))
        for (mean, sd), count in zip(found, np.bincount(group, minlength=len(found)), strict=True)
    ]


# The table ------------------------------------------------------------------------------------------------------------


def add(path: Path, rows: Iterable[Row]) -> None:
    """Append verdicts to a table, which is made where there is none. Raises CannotWrite."""
    try:
        with closing(_open(path)) as base, base:
            base.execute(_SCHEMA)
            if not _tells_likes(base):
                base.execute(_OLDER)
            names = (*_COLUMNS, _LIKES)
            told = ([getattr(row, name) for name in names] for row in rows)
            base.executemany(f"INSERT INTO feedback({', '.join(names)}) VALUES(?, ?, ?, ?, ?, ?, ?, ?)", told)
    except sqlite3.Error as error:
        raise CannotWrite(f"cannot write {path}: {error}") from error


def forget(path: Path, customer: str) -> int:
    """Take a customer out of a table: the verdicts stay, whose they are does not; how many. Raises CannotWrite."""
    try:
        with closing(_open(path)) as base, base:
            return base.execute("UPDATE feedback SET customer = '' WHERE customer = ?", (customer,)).rowcount
    except sqlite3.Error as error:
        raise CannotWrite(f"cannot write {path}: {error}") from error


def read(path: Path) -> tuple[Row, ...]:
    """The rows of a table, SQLite or CSV with the columns day, customer, style, size, verdict, off, sd [m], and
    `likes` where it is told. Raises InputRefused."""
    if not path.is_file():
        raise InputRefused(f"there is no feedback table {path}")
    if path.suffix.lower() == ".csv":
        return _read_csv(path)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
            names = (*_COLUMNS, _LIKES) if _tells_likes(base) else _COLUMNS
            return tuple(Row(*row) for row in base.execute(f"SELECT {', '.join(names)} FROM feedback"))
    except (sqlite3.Error, TypeError) as error:
        raise InputRefused(f"{path} is no feedback table ({error})") from error


def own_table() -> Path:
    """Where Toile's own table lies."""
    return files.user_data() / "feedback.sqlite"


def known(path: Path | None = None) -> Learned:
    """What a table, Toile's own unless another is named, tells by now; DAY_ONE where there is none."""
    told = stamp(path)
    return _known(path or own_table(), told) if told else DAY_ONE


def stamp(path: Path | None = None) -> str:
    """What changes with a table, "" where there is none."""
    with suppress(CannotWrite, OSError):
        told = (path or own_table()).stat()
        return f"{told.st_mtime_ns} {told.st_size}"
    return ""


@lru_cache(maxsize=2)
def _known(path: Path, stamped: str) -> Learned:
    return learn(read(path))


def _tells_likes(base: sqlite3.Connection) -> bool:
    """Whether a table has the column of what was told to be liked: older ones have none."""
    return any(column[1] == _LIKES for column in base.execute("PRAGMA table_info(feedback)"))


def _open(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=20.0)
    base.execute("PRAGMA secure_delete = ON")
    return base


def _read_csv(path: Path) -> tuple[Row, ...]:
    rows = csv.DictReader(io.StringIO(read_text(path, _LARGEST, "feedback table")))
    missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise InputRefused(f"{path} has no column {missing[0]}: its first line names {', '.join(_COLUMNS)}")
    found: list[Row] = []
    for cells in rows:
        try:
            day, customer, style, size, said = ((cells[name] or "").strip() for name in _COLUMNS[:5])
            likes = (cells.get(_LIKES) or "").strip()
            found.append(Row(day, customer, style, size, said, float(cells["off"]), float(cells["sd"]), likes))
        except (TypeError, ValueError, InputRefused) as error:
            raise InputRefused(f"{path}, line {rows.line_num}: {error}") from error
        if len(found) > _MOST:
            raise InputRefused(f"{path} has more than {_MOST:,} lines: split the table")
    return tuple(found)
