"""Two ways of suggesting compared: begin a trial, which way a visit gets, how it ended, what is known by now."""

import argparse
import json
from pathlib import Path

HELP = "compare two ways of suggesting by chance: begin a trial, assign and count visits, report and when to stop"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.jsonl", help="the trial; without options its report")
    parser.add_argument("--start", metavar="ONE,TWO", help="begin a trial of two ways, like content,history")
    parser.add_argument("--base", type=float, default=0.1, metavar="SHARE", help="of visits that end well now (0.1)")
    parser.add_argument("--least", type=float, default=0.03, metavar="SHARE", help="difference that matters (0.03)")
    parser.add_argument("--alpha", type=float, default=0.05, help="how often chance may pass for a difference (0.05)")
    parser.add_argument("--power", type=float, default=0.8, help="how often such a difference is to be found (0.8)")
    parser.add_argument("--visit", metavar="WORD", help="a word for this visit that names nobody: which way it gets")
    parser.add_argument("--ended", choices=("well", "otherwise"), help="how the visit ended: it is counted, once")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    from app.shop import trials
    from assets.errors import UsageError

    if args.ended and not args.visit:
        raise UsageError("--ended tells of a visit: add --visit WORD")
    if args.start:
        one, _, two = args.start.partition(",")
        plan = trials.start(args.file, (one.strip(), two.strip()), args.base, args.least, args.alpha, args.power)
        told = {"arms": list(plan.arms), "once": plan.once, "most": plan.most}
        words: tuple[str, ...] = (
            f"begun: {plan.arms[0]} against {plan.arms[1]}",
            f"at most {plan.most:,} visits of each decide on a difference of {100 * plan.least:g} points",
        )
    elif args.visit:
        if args.ended:
            arm, counted = trials.count(args.file, args.visit, args.ended == "well")
        else:
            arm, counted = trials.arm(args.file, args.visit), False
        before = "this visit was counted before, and is not counted again"
        told, words = {"arm": arm, "counted": counted}, (arm, before) if args.ended and not counted else (arm,)
    else:
        found = trials.report(args.file)
        told, words = found.plain(), found.words
    print(json.dumps(told, indent=1, ensure_ascii=False) if args.json else "\n".join(words))
    return 0
