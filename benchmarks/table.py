"""What every benchmark shares: rows of a value beside its goal, `--quick`, `--json FILE`, and the printed table; and
for long ones `--jobs N` and `--keep FOLDER`."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

Row = dict[str, Any]
HEAD = ("id", "value", "unit", "goal", "", "claim")


def row(
    id: str, claim: str, value: float | None, unit: str, goal: float | None = None, sense: str = "<=", why: str = ""
) -> Row:
    """One line. `value` None: could not be measured here, `why` (else `claim`) says why. `goal` None: told for
    comparison only."""
    holds = None
    if value is not None and goal is not None:
        holds = bool(value <= goal if sense == "<=" else value >= goal)
    told = {"id": id, "claim": claim, "value": value, "unit": unit, "goal": goal, "sense": sense, "holds": holds}
    return told if value is not None else {**told, "why": why or claim}


@dataclass(frozen=True, slots=True)
class Share:
    """How long work is shared out: among how many processes, and where what is done is kept for another run."""

    jobs: int = 1
    keep: Path | None = None

    def each(self, name: str, work: Callable[[int], Any], count: int) -> list[Any]:
        """What `work` finds for each number below `count`, as JSON can say it. Kept by `name`, which tells all else
        that it depends on but the program; what is kept is not done again."""
        path = self.keep / f"{name}.jsonl" if self.keep else None
        lines = path.read_text().splitlines() if path and path.exists() else []
        found = {int(number): value for number, value in map(json.loads, lines)}
        left = [number for number in range(count) if number not in found]
        with ProcessPoolExecutor(self.jobs, get_context("spawn")) as pool:
            for number, value in zip(left, pool.map(work, left), strict=True):
                found[number] = value
                if path:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    with path.open("a") as file:
                        file.write(json.dumps([number, value]) + "\n")
        return [found[number] for number in range(count)]


ALONE = Share()


def run(title: str, rows: Callable[[bool], Iterable[Row]]) -> None:
    """The command line of a benchmark: `rows(quick)` is measured and told."""
    args = parser(title).parse_args()
    tell(title, as_measured(rows(args.quick)), args)


def run_shared(title: str, rows: Callable[[bool, int | None, Share], Iterable[Row]]) -> None:
    """The same of a long one: `rows(quick, people, share)`."""
    options = parser(title)
    options.add_argument("--jobs", type=int, default=1, metavar="N", help="processes to share the work among")
    options.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what is done there; a later run goes on")
    options.add_argument("--people", type=int, metavar="N", help="how many people, where not as many as usual")
    args = options.parse_args()
    tell(title, as_measured(rows(args.quick, args.people, Share(args.jobs, args.keep))), args)


def run_seeded(title: str, rows: Callable[[bool, int], Iterable[Row]], seed: int) -> None:
    """The same of one in which chance plays a part: `rows(quick, seed)`."""
    options = parser(title)
    options.add_argument("--seed", type=int, default=seed, help=f"of the dice; {seed} unless told")
    args = options.parse_args()
    tell(title, as_measured(rows(args.quick, args.seed)), args)


def as_measured(rows: Iterable[Row]) -> list[Row]:
    """All rows; each is told as soon as it is measured: of a long work that is cut off something remains."""
    measured = []
    for each in rows:
        measured.append(each)
        print(f"{each['id']}: {each['value']} {each['unit']}", file=sys.stderr, flush=True)
    return measured


def parser(title: str, quick: str = "fewer and smaller cases") -> argparse.ArgumentParser:
    """What every benchmark takes; `quick` says what `--quick` leaves of this one."""
    made = argparse.ArgumentParser(description=title.splitlines()[0])
    made.add_argument("--quick", action="store_true", help=f"a taste: {quick}")
    made.add_argument("--json", type=Path, metavar="FILE", help="write the list of rows there too")
    return made


def tell(title: str, measured: list[Row], args: argparse.Namespace) -> None:
    """Prints the table, and writes the rows where `--json` says."""
    print(f"{title.splitlines()[0]}\n\n{table(measured)}\n", flush=True)
    if args.json:
        args.json.write_text(json.dumps(measured, indent=1) + "\n")


def table(rows: Iterable[Row]) -> str:
    """Rows as Markdown."""
    lines = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[k]) for line in lines) for k in range(len(HEAD))]
    rule = tuple("-" * width for width in widths)
    return "\n".join(f"| {' | '.join(_fitted(line, widths))} |" for line in (HEAD, rule, *lines[1:]))


def _cells(row: Row) -> tuple[str, ...]:
    goal = "" if row["goal"] is None else f"{row['sense']} {row['goal']:.3g}"
    verdict = {True: "holds", False: "MISSED", None: ""}[row["holds"]]
    why = row.get("why", row["claim"])
    claim = row["claim"] if why == row["claim"] else f"{row['claim']} (not measured: {why})"
    return row["id"], _shown(row["value"]), row["unit"], goal, verdict, claim


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _fitted(texts: tuple[str, ...], widths: list[int]) -> list[str]:
    return [
        text.rjust(width) if k == 1 else text.ljust(width)
        for k, (text, width) in enumerate(zip(texts, widths, strict=True))
    ]
