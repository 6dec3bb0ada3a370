"""Learning from a shop's tables on this machine: who took what when; and how good suggestions from it would be."""

import argparse
import json
from pathlib import Path

from app.commands import _options as options

HELP = "learn suggestions from tables of purchases, views or ratings and from feedback, on this machine, and score them"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "table", nargs="*", type=Path, help="JSON lines or CSV, also .gz; none: what was learned so far"
    )
    parser.add_argument(
        "--catalogue", type=Path, metavar="FOLDER|FILE", help="whose garments the tables are of (the demo)"
    )
    parser.add_argument("--feedback", action="store_true", help="learn from the feedback table alone, without a table")
    parser.add_argument("--unscored", action="store_true", help="do not score it by a cut in time: half the work")
    parser.add_argument("--forget", action="store_true", help="delete what was learned")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    from app.shop import learning
    from assets.files import ROOT
    from assets.progress import silent

    if args.forget:
        print("forgotten" if learning.forget() else "nothing was learned")
        return 0
    if args.table or args.feedback:
        shelf = args.catalogue or ROOT / "catalogue" / "demo"
        names = [str(path) for path in args.table]
        found: learning.Learned | None = learning.train(
            names, str(shelf), not args.unscored, silent if args.json else options.printed_progress()
        )
    else:
        found = learning.state()
    if args.json:
        print(json.dumps(None if found is None else found.plain(), indent=1))
    else:
        print("\n".join(found.words) if found else "nothing was learned yet: name a table of who took what when")
    return 0
