"""What every benchmark shares: rows of a value beside its goal, `--quick`, `--json FILE`, and the printed table."""

import argparse
import json
import platform
from collections.abc import Callable, Iterable
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


def run(title: str, rows: Callable[[bool], Iterable[Row]]) -> None:
    """The command line of a benchmark: `rows(quick)` is measured and told."""
    parser = argparse.ArgumentParser(description=title.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a taste: fewer and smaller cases")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there too")
    args = parser.parse_args()
    measured = list(rows(args.quick))
    print(f"{title.splitlines()[0]}\n\n{table(measured)}\n", flush=True)
    if args.json:
        content = {"schema": "toile.benchmark/1", "system": platform.platform(), "quick": args.quick, "rows": measured}
        args.json.write_text(json.dumps(content, indent=1) + "\n")


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
