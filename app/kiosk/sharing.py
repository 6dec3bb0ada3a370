"""A kiosk's numbers of a day for others: with noise, so that no single visit can be told from them, and on a budget.

A visit adds at most one to each step and to one way of ending, so that with noise of the discrete Laplace law
(Dwork, McSherry, Nissim and Smith 2006; Ghosh, Roughgarden and Sundararajan 2009) of that scale what is shared is
epsilon-differentially private for a visit. The noise, and the proof of what it costs, are OpenDP's (extra `privacy`).
Which numbers are shared is fixed beforehand: a name that turns up once would tell. What was spent is written down
before anything is given out, day by day, and a day that has spent its budget is not shared again.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.kiosk.tally import Tally
from app.kiosk.visit import ATTRACT, OVER, STEPS
from assets.errors import InputRefused, MissingExtra
from assets.files import write_json

BUDGET = 1.0
"""The most that is spent on one day's visits, all that is ever shared of them together [epsilon]."""
SMALLEST = 0.01
SURE = 0.95
SHARED = tuple(step for step in STEPS if step not in (ATTRACT, OVER))
ENDINGS = ("finished", "idle", "left", "died", "silent")
SCHEMA, LEDGER = "toile.shared/1", "shared.json"


@dataclass(frozen=True, slots=True)
class Release:
    """A day's numbers with noise; `epsilon` that they cost, `left` of the day's budget; with probability SURE a number
    is within `within` of the true one, before it was held above nothing."""

    day: str
    counts: Mapping[str, int]
    epsilon: float
    left: float
    within: int

    def plain(self) -> dict:
        """As JSON."""
        return {
            "day": self.day, "counts": dict(self.counts), "epsilon": round(self.epsilon, 6),
            "left": round(self.left, 6), "within": self.within, "sure": SURE,
        }  # fmt: skip


class Ledger:
    """What was spent on each day, in a file beside the numbers."""

    def __init__(self, folder: Path, budget: float = BUDGET) -> None:
        self.path, self.budget = folder / LEDGER, budget

    def spent(self) -> dict[str, float]:
        """By day. Raises InputRefused for a file that cannot be read: then nothing may be shared."""
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))["spent"]
            found = {str(day): float(epsilon) for day, epsilon in told.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise InputRefused(
                f"{self.path} is damaged, and what was spent is not known: nothing more is shared of the days so far"
            ) from error
        if any(not 0.0 <= epsilon < float("inf") for epsilon in found.values()):
            raise InputRefused(f"{self.path} holds what cannot have been spent: nothing more is shared")
        return found

    def left(self, day: str) -> float:
        return max(self.budget - self.spent().get(day, 0.0), 0.0)

    def spend(self, costs: Mapping[str, float]) -> None:
        """Write down what some days cost, all or none, one program at a time. Raises InputRefused where a day has not
        enough left, and CannotWrite."""
        with _alone(self.path.parent):
            self._spend(costs)

    def _spend(self, costs: Mapping[str, float]) -> None:
        spent = self.spent()
        for day, epsilon in costs.items():
            if spent.get(day, 0.0) + epsilon > self.budget + 1e-9:
                left = max(self.budget - spent.get(day, 0.0), 0.0)
                raise InputRefused(
                    f"{day} has {left:.3g} of its budget of {self.budget:g} left, and {epsilon:.3g} is asked for: what "
                    "was shared of it stands"
                )
            spent[day] = spent.get(day, 0.0) + epsilon
        write_json(self.path, {"schema": SCHEMA, "budget": self.budget, "spent": dict(sorted(spent.items()))})


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """The folder to ourselves: whoever else asks for it waits."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def share(tally: Tally, ledger: Ledger, days: Sequence[str], epsilon: float, today: str) -> tuple[Release, ...]:
    """The numbers of some days with noise that costs `epsilon` each, spent before they are told. Raises InputRefused
    for days that are not over or were not counted, or have not enough left, and MissingExtra without OpenDP."""
    if not SMALLEST <= epsilon <= ledger.budget:
        raise InputRefused(f"epsilon is {SMALLEST:g} to {ledger.budget:g}, not {epsilon:g}")
    counted = set(tally.days())
    for day in days:
        if day >= today or day not in counted:
            raise InputRefused(f"{day} is not over yet" if day >= today else f"nothing was counted on {day}")
    noise = _Noise(epsilon)
    ledger.spend(dict.fromkeys(dict.fromkeys(days), noise.epsilon))
    found = []
    for day in dict.fromkeys(days):
        true = tally.of(day)
        told = noise.on([true.get(name, 0) for name in (*SHARED, *ENDINGS)])
        counts = {name: max(count, 0) for name, count in zip((*SHARED, *ENDINGS), told, strict=True)}
        found.append(Release(day, counts, noise.epsilon, ledger.left(day), noise.within))
    return tuple(found)


class _Noise:
    """OpenDP's discrete Laplace noise on integers, as strong as a visit may move all numbers together."""

    def __init__(self, epsilon: float) -> None:
        dp = _opendp()
        moved = len(SHARED) + 1
        space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l1_distance(T="i64")

        def made(scale: float):
            return dp.m.make_laplace(*space, scale=scale)

        scale = dp.binary_search_param(made, d_in=moved, d_out=epsilon, bounds=(1e-3, 1e6))
        self._measure = made(scale)
        self.epsilon = float(self._measure.map(moved))
        self.within = int(dp.discrete_laplacian_scale_to_accuracy(scale, 1.0 - SURE))

    def on(self, counts: Sequence[int]) -> list[int]:
        return [int(count) for count in self._measure(list(counts))]


def _opendp():
    try:
        import opendp.prelude as dp
    except ImportError as error:
        raise MissingExtra(
            "numbers are shared only with noise from OpenDP, which is not installed: pip install 'toile[privacy]'; "
            "nothing was shared"
        ) from error
    dp.enable_features("contrib")
    return dp
