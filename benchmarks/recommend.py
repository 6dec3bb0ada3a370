"""How good suggestions from history are, against popularity and the popularity of 60 days, by a cut in time.

    python -m benchmarks.recommend [--quick] [--json FILE] [--data INTERACTIONS]

`--data`: who took what when (garments/recommend/interactions.py tells the columns). Without it only a synthetic set is
measured, and it is called so: customers of a few tastes, fashions that come and go, things that are bought one after
another. It shows that the models work, not how good they are for a shop.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.table import Row, parser, row, tell
from garments.recommend.evaluate import evaluate
from garments.recommend.interactions import Interactions, collected, read_interactions

SEED, PEOPLE, FEW = 20261121, 3000, 1000


def synthetic(people: int, items: int = 400, tastes: int = 8, seed: int = SEED) -> Interactions:
    """Customers with a taste each, items in fashion for a season, and pairs that follow each other."""
    random = np.random.default_rng(seed)
    likes = random.dirichlet(np.full(tastes, 0.15), people)
    style = random.dirichlet(np.full(tastes, 0.2), items)
    season = random.uniform(0.0, 730.0, items)
    appeal = random.pareto(1.5, items) + 0.2
    follower = random.permutation(items)
    told = []
    for person in range(people):
        days = np.sort(random.uniform(0.0, 730.0, 2 + random.poisson(8)))
        taken: list[int] = []
        for when in days:
            if taken and random.random() < 0.3 and int(follower[taken[-1]]) not in taken:
                item = int(follower[taken[-1]])
            else:
                fashion = 0.15 + np.exp(-0.5 * ((when - season) / 90.0) ** 2)
                odds = (style @ likes[person]) ** 2 * appeal * fashion
                odds[taken] = 0.0
                item = int(random.choice(items, p=odds / odds.sum()))
            taken.append(item)
            told.append((f"c{person:05d}", f"i{item:04d}", 737_000 + int(when), 1.0, f"k{item % 7}"))
    return collected(told)


def rows(name: str, told: Interactions) -> Iterator[Row]:
    size = f"{len(told):,} interactions, {len(told.person_names):,} customers, {len(told.item_names):,} items"
    yield row(f"{name} size", f"{size}; {told.passed:,} lines passed over", float(len(told)), "rows")
    start = time.process_time()
    scores, why = evaluate(told)
    taken = time.process_time() - start
    beaten = scores[1].ndcg
    for score in scores:
        goal = beaten if score.name == "Toile" else None
        claim = f"{score.name}, {score.customers:,} customers{f'; {why}' if goal else ''}"
        yield row(f"{name} NDCG@10, {score.name}", claim, score.ndcg, "", goal, ">=")
        yield row(f"{name} recall@10, {score.name}", "of what was taken later", score.recall, "")
        claim = "share of all items that anybody is shown"
        yield row(f"{name} coverage, {score.name}", claim, 100 * score.coverage, "%")
        if score.calibration is not None:
            claim = "said against taken, the worst tenth"
            yield row(f"{name} calibration", claim, 100 * score.calibration, "points", 3.0)
    yield row(f"{name} time", "processor time for learning, choosing the blend and answering", taken, "s")


def main() -> None:
    options = parser(__doc__ or "", f"{FEW:,} customers in the synthetic set instead of {PEOPLE:,}")
    options.add_argument("--data", type=Path, metavar="FILE", help="interactions: JSON lines or CSV, also .gz")
    args = options.parse_args()
    measured = list(rows("synthetic", synthetic(FEW if args.quick else PEOPLE)))
    if args.data:
        measured += rows(args.data.name, read_interactions(args.data))
    else:
        measured.append(row("supplied", "a shop's interactions", None, "", why="none were given: --data FILE"))
    tell(__doc__ or "", measured, args)


if __name__ == "__main__":
    main()
