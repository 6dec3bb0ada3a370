"""How often the advised size is the right one, how sure it should be, and for whom it is worse.

    python -m benchmarks.size [--quick] [--json FILE] [--data HISTORY] [--card FILE.md]

Simulated customers (benchmarks/customers.py): bodies, tastes and styles that are known, so that the right size is. The
oracle knows every law and every style; the share of its exact answers that the advice reaches is the claim. The same
customers give the calibration, of these visits and of those in which they told of what they wore, and the table by
size and BMI. `--data` reads a rental history in RentTheRunway's fields (JSON lines, .gz, CSV) and measures what
garments/history/tendency.py learns of it, by the published random split and by date, beside the published rows.
`--card` writes the model card.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assets.files import write_text
from benchmarks import customers
from benchmarks.table import Row, parser, row, table, tell
from garments.history.feedback import DAY_ONE, Learned, learn
from garments.history.rentals import History, read_history
from garments.history.tendency import auc, fit_tendency, log_loss
from garments.sizing import Advice, advise

PEOPLE, STYLES, WORN, SEED = 3000, 40, 4, 20261121
SURE = 2.0
"""One standard error [points] up to which a goal is judged: a run of few customers only tells."""
DECILES = 10
WORN_THEN = "worn"
"""The visits in which customers took what they told of: their advice counts for the calibration."""
GROUPS = {
    "BMI below 22": (0.0, 22.0), "BMI 22 to 25": (22.0, 25.0), "BMI 25 to 30": (25.0, 30.0),
    "BMI over 30": (30.0, 99.0),
}  # fmt: skip
PUBLISHED = {"1-LV-LR": 0.610, "K-LF-ML": 0.719}
REFERENCE = "Misra, Wan and McAuley 2018, published, random split"


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: what was advised (size number, probabilities), the right size, the oracle's (-1 where it was not
    asked), the advised size's name, and who it was."""

    advised: int
    odds: tuple[float, ...]
    right: int
    oracle: int
    size: str
    sex: int
    bmi: float


def simulated(people: int) -> dict[str, list[Visit]]:
    """Visits on day one, and after everybody told how WORN garments fitted: of new and of known customers."""
    random = np.random.default_rng(SEED)
    styles = customers.styles(random, STYLES)
    crowd = [customers.person(random, number) for number in range(people)]
    half = crowd[: people // 2]
    found = {"day one": [_visit(random, one, _any(random, styles, one), DAY_ONE, False) for one in crowd]}
    worn = [each for one in half for each in _history(random, one, styles)]
    found[WORN_THEN] = [visit for _, visit in worn]
    told = learn([verdict for verdict, _ in worn])
    found["new customers"] = [_visit(random, one, _any(random, styles, one), told, False) for one in crowd[len(half) :]]
    found["known customers"] = [_visit(random, one, _any(random, styles, one), told, True) for one in half]
    only = [customers.person(random, people + k, "numbers") for k in range(people // 4)]
    found["numbers only"] = [_visit(random, one, _any(random, styles, one), told, False) for one in only]
    return found


def _any(random: np.random.Generator, styles: list, who: customers.Person) -> customers.Style:
    mine = [style for style in styles if style.sex == who.sex]
    return mine[int(random.integers(len(mine)))]


def _advised(who: customers.Person, style: customers.Style, told: Learned, met: bool) -> Advice:
    return advise(
        style.design, who.measurements, float(who.sex), chart=style.chart, preference=who.stated, learned=told,
        style=style.name, customer=who.name if met else None,
    )  # fmt: skip


def _visit(
    random: np.random.Generator, who: customers.Person, style: customers.Style, told: Learned, met: bool
) -> Visit:
    advice, truth = _advised(who, style, told, met), customers.truth(random, who, style)
    oracle = int(customers.oracle(random, who, style, told is not DAY_ONE, met).argmax())
    return _seen(advice, truth, oracle, who)


def _seen(advice: Advice, truth: customers.Truth, oracle: int, who: customers.Person) -> Visit:
    odds = tuple(score.probability for score in advice.scores)
    best = [score.size for score in advice.scores].index(advice.best)
    return Visit(best, odds, truth.right, oracle, advice.best, who.sex, who.bmi)


def _history(random: np.random.Generator, who: customers.Person, styles: list) -> Iterator:
    """What somebody says of the garments that she took, mostly in the advised size, else one beside it; and the
    visits."""
    for k in range(WORN):
        style = _any(random, styles, who)
        told, truth = _advised(who, style, DAY_ONE, False), customers.truth(random, who, style)
        best = [score.size for score in told.scores].index(told.best)
        size = int(np.clip(best + random.choice([-1, 0, 0, 0, 1]), 0, len(told.scores) - 1))
        verdict = customers.verdict(told, truth, size, f"2026-01-{k + 1:02d}", who, style)
        yield verdict, _seen(told, truth, -1, who)


def exact(visits: list[Visit]) -> float:
    return 100.0 * float(np.mean([v.advised == v.right for v in visits]))


def calibration(visits: list[Visit]) -> list[tuple[float, float, int]]:
    """By deciles of the probability of the advised size: predicted, observed, how many."""
    sure = np.array([visit.odds[visit.advised] for visit in visits])
    hit = np.array([visit.advised == visit.right for visit in visits], float)
    parts = np.array_split(np.argsort(sure, kind="stable"), DECILES)
    return [(float(sure[part].mean()), float(hit[part].mean()), len(part)) for part in parts]


def rows(visits: dict[str, list[Visit]]) -> Iterator[Row]:
    for name, these in visits.items():
        if name == WORN_THEN:
            continue
        goal = None if name == "numbers only" else 97.0
        ours, best = exact(these), 100.0 * float(np.mean([v.oracle == v.right for v in these]))
        claim = f"{name}: exact sizes in {len(these):,} visits"
        yield row(f"{name}, exact", claim, ours, "%")
        claim = "the same by an oracle that knows the noise and all that a history could tell"
        yield row(f"{name}, oracle", claim, best, "%")
        apart = [float(v.advised == v.right) - float(v.oracle == v.right) for v in these]
        error = 1e4 / best * float(np.std(apart)) / np.sqrt(len(these))
        claim = f"exact sizes as a share of the oracle's, ± {error:.1f}"
        yield row(f"{name}, of oracle", claim, 100 * ours / best, "%", goal if error <= SURE else None, ">=")
        near = 100.0 * float(np.mean([abs(v.advised - v.right) <= 1 for v in these]))
        yield row(f"{name}, near", "within one size", near, "%", 98.0 if goal else None, ">=")
    pooled = [visit for name, these in visits.items() if name != "numbers only" for visit in these]
    yield _calibrated(pooled)
    yield from _fairness([visit for visit in pooled if visit.oracle >= 0])


def _calibrated(visits: list[Visit]) -> Row:
    """The worst decile, of those that enough visits fell into to tell."""
    found = [(100 * said, 100 * right, count) for said, right, count in calibration(visits)]
    noise = {part: float(np.sqrt(part[0] * (100 - part[0]) / part[2])) for part in found}
    sure = [part for part in found if noise[part] <= SURE]
    worst = max(sure or found, key=lambda part: abs(part[0] - part[1]))
    claim = (
        f"the worst decile: {worst[0]:.1f} % said, {worst[1]:.1f} % right ({worst[2]} visits, ± {noise[worst]:.1f}); "
        f"by chance alone the worst of so many would be off by {_by_chance(visits):.1f}"
    )
    return row("calibration", claim, abs(worst[0] - worst[1]), "points", 3.0 if sure else None)


def _by_chance(visits: list[Visit]) -> float:
    """How far [points] the worst decile is off on average where every probability is true."""
    random = np.random.default_rng(SEED)
    parts = np.array_split(np.sort([visit.odds[visit.advised] for visit in visits]), DECILES)
    worst = [max(abs((random.random(len(part)) < part).mean() - part.mean()) for part in parts) for _ in range(200)]
    return 100.0 * float(np.mean(worst))


def _fairness(visits: list[Visit]) -> Iterator[Row]:
    """By what is known before the garment is tried on. Grouped by the size that turns out right, a customer at the end
    of the range seems advised too surely, by whomever: chance made her one of that group, and it cannot be foreseen."""
    for name, (low, high) in GROUPS.items():
        yield from _group(name, [visit for visit in visits if low <= visit.bmi < high])
    for sex, letters in ((0, "women"), (1, "men")):
        for size in dict.fromkeys(v.size for v in visits if v.sex == sex and v.size.isalpha()):
            yield from _group(f"{letters} {size}", [v for v in visits if v.sex == sex and v.size == size])


def _group(name: str, these: list[Visit]) -> Iterator[Row]:
    if len(these) < 20:
        yield row(name, "exact size in this group", None, "%", why=f"only {len(these)} visits")
        return
    best = 100.0 * float(np.mean([v.oracle == v.right for v in these]))
    said = 100.0 * float(np.mean([v.odds[v.advised] for v in these]))
    yield row(name, f"exact size in {len(these):,} visits; oracle {best:.1f}, said {said:.1f}", exact(these), "%")


# A shop's history -----------------------------------------------------------------------------------------------------


def history_rows(told: History, quick: bool) -> Iterator[Row]:
    random = np.random.default_rng(SEED)
    if quick and len(told) > 30_000:
        told = told.some(np.sort(random.permutation(len(told))[:30_000]))
    yield row("history", f"verdicts read; {told.passed:,} lines passed over", float(len(told)), "rows")
    share = np.bincount(told.verdicts, minlength=3) / len(told)
    yield row("majority", "share of the commonest verdict: accuracy says nothing", 100 * float(share.max()), "%")
    test = np.zeros(len(told), bool)
    test[random.permutation(len(told))[: len(told) // 10]] = True
    yield from _split("random", told, test, "the published split: a tenth drawn at random")
    for name, value in PUBLISHED.items():
        yield row(f"published {name}", REFERENCE, value, "AUC")
    dated = np.flatnonzero(told.days > 0)
    if len(np.unique(told.days[dated])) < 10:
        yield row("date", "tested by date", None, "AUC", why="fewer than ten different days are told")
        return
    told = told.some(dated)
    later = told.days > np.quantile(told.days, 0.8)
    yield from _split("date", told, later, "learned from the past, tested on the last fifth")


def _split(name: str, told: History, test: np.ndarray, how: str) -> Iterator[Row]:
    past, later = told.some(~test), told.some(test)
    odds = fit_tendency(past).odds(later)
    known = np.isin(later.items, past.items)
    yield row(f"{name} all", f"mean one-against-rest AUC, {how}", auc(odds, later.verdicts), "AUC")
    for what, rows_of in (("known styles", known), ("new styles", ~known)):
        if rows_of.sum() >= 50:
            claim = f"{int(rows_of.sum()):,} rows"
            yield row(f"{name} {what}", claim, auc(odds[rows_of], later.verdicts[rows_of]), "AUC")
    yield row(f"{name} log loss", "mean, natural logarithm", log_loss(odds, later.verdicts), "")
    worst = max(abs(p - o) for k in range(3) for p, o in _reliability(odds[:, k], later.verdicts == k))
    yield row(f"{name} calibration", "worst decile of the three verdicts", 100 * worst, "points")
    groups = (("size over 30", later.sizes > 30), ("BMI over 30", later.bmi > 30), ("BMI to 30", later.bmi <= 30))
    for group, mine in groups:
        if mine.sum() >= 50:
            yield row(f"{name} {group}", f"{int(mine.sum()):,} rows", auc(odds[mine], later.verdicts[mine]), "AUC")


def _reliability(said: np.ndarray, hit: np.ndarray) -> list[tuple[float, float]]:
    parts = np.array_split(np.argsort(said, kind="stable"), DECILES)
    return [(float(said[part].mean()), float(hit[part].mean())) for part in parts if len(part)]


def card(measured: list[Row], people: int) -> str:
    """The model card, from what was measured."""
    return f"""# Size advice: model card

**What it does.** For a garment whose pattern is known and a body whose measures are known with a doubt: the
probability of each size to be the right one, whether each would be found too small, fitting or too large, one advised
size, a second choice, and the exact share of each reason. It is a law of comfort summed over regions, integrated over
the doubt of the body, of taste and of how a style runs; styles and customers are learned from a feedback table by
shrinkage.

**What it is not.** No history is needed on day one, and it says what it lacks. The widths of the preferences and how
many like which, how differently people mind the regions, and the spreads of tastes, styles and days are assumptions of
the house until a table is long enough. It knows no stretch of the fabric in wear but the one at a comfortable tension;
a drape, where there is one, overrides it.

**How it was measured.** {people:,} simulated customers (benchmarks/customers.py) with bodies of the population's
statistics (ANSUR II), measured by tapes or photos, in Toile's own designs and charts (letters, GB/T 1335). Comfort is
by the law that the advice uses, with weights, tastes and errors that it does not know. These are not people: what real
ones keep is not measured here.

**Who is served worse.** See the groups below, of body mass and of the size that was advised; the survey has few
people beyond a BMI of 35 and none under 17.

{table(measured)}
"""


def main() -> None:
    options = parser(__doc__ or "", "fewer customers, at most 30,000 lines")
    options.add_argument("--data", type=Path, metavar="FILE", help="a rental history: JSON lines or CSV, also .gz")
    options.add_argument("--card", type=Path, metavar="FILE.md", help="write the model card there")
    args = options.parse_args()
    people = PEOPLE // 6 if args.quick else PEOPLE
    measured = list(rows(simulated(people)))
    if args.data:
        measured += history_rows(read_history(args.data), args.quick)
    else:
        measured.append(row("history", "a shop's own history", None, "AUC", why="none was given: --data FILE"))
    tell(__doc__ or "", measured, args)
    if args.card:
        write_text(args.card, card(measured, people))


if __name__ == "__main__":
    main()
