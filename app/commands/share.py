"""A kiosk's numbers of a day for others: with noise, on a budget that is shown."""

import argparse
import json
import time
from pathlib import Path

HELP = "a kiosk's numbers for others, with noise that no single visit can be told from, and the budget of it"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "day", nargs="*", metavar="YYYY-MM-DD", help="the days that are shared; none: the budget is shown"
    )
    parser.add_argument("--epsilon", type=float, default=0.5, help="what each day costs of its budget (0.5)")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="write it there")
    parser.add_argument(
        "--kiosk", type=Path, metavar="DIR", help="where the numbers lie (the kiosk's in your data folder)"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    from app.kiosk.sharing import Ledger, share
    from app.kiosk.tally import Tally
    from assets.files import user_data, write_json

    folder = args.kiosk or user_data() / "kiosk"
    tally, ledger = Tally(folder), Ledger(folder)
    if not args.day:
        return _budget(tally, ledger, args.json)
    if args.out:
        write_json(args.out, {})  # where it cannot be written, nothing is spent
    found = share(tally, ledger, args.day, args.epsilon, time.strftime("%Y-%m-%d"))
    told = {"schema": "toile.share/1", "days": [one.plain() for one in found]}
    if args.out:
        write_json(args.out, told)
    if args.json:
        print(json.dumps(told, indent=1))
        return 0
    for one in found:
        print(f"{one.day}: {', '.join(f'{name} {count}' for name, count in one.counts.items())}")
        print(
            f"  within {one.within} with 95 % certainty; cost epsilon {one.epsilon:.3g}, {one.left:.3g} left of the day"
        )
    return 0


def _budget(tally, ledger, plain: bool) -> int:
    spent = ledger.spent()
    days = sorted({*tally.days(), *spent})
    if plain:
        told = {day: {"spent": spent.get(day, 0.0), "left": ledger.left(day)} for day in days}
        print(json.dumps({"budget": ledger.budget, "days": told}, indent=1))
        return 0
    print(
        f"budget: epsilon {ledger.budget:g} for each day's visits; {sum(spent.values()):.3g} spent on {len(spent)} days"
    )
    for day in days:
        print(f"  {day}: {spent.get(day, 0.0):.3g} spent, {ledger.left(day):.3g} left")
    return 0
