"""Which size on the command line, without a drape: how each would be found, how sure that is, and why."""

import argparse
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import _options as options

if TYPE_CHECKING:
    from garments.history.feedback import Row
    from garments.sizing import Advice

HELP = "which size, how sure and why, from the body alone; and keep how one fitted"
BAR = 30


def arguments(parser: argparse.ArgumentParser) -> None:
    options.add_evidence(parser)
    options.add_garments(parser)
    options.add_engine(parser)
    group = parser.add_argument_group("what is learned")
    group.add_argument("--table", type=Path, metavar="FILE", help="the feedback table, SQLite or CSV (Toile's own)")
    group.add_argument("--customer", metavar="CODE", help="a pseudonym in that table, never a name")
    group.add_argument("--style", metavar="CODE", help="what the garment goes by in that table (the design)")
    group.add_argument("--told", metavar="M=small|fits|large", help="keep in the table how a size fitted this body")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    from app.pipeline import fit_body
    from assets.progress import silent
    from garments.history import feedback
    from garments.sizing import advise

    wishes = [wish for wish in options.wishes(args) if wish.made is None]
    estimate = fit_body(options.evidence(args), model=args.model, device=options.device(args), progress=silent)
    learned = feedback.known(args.table)
    told = [
        advise(
            wish.design, estimate.measurements, estimate.sex, fabric=wish.fabric, seed=args.seed, chart=wish.chart,
            options=wish.options, preference=wish.likes, learned=learned, style=args.style, customer=args.customer,
        )
        for wish in wishes
    ]  # fmt: skip
    if args.json:
        print(json.dumps({"advice": [one.plain() for one in told]}, indent=1, ensure_ascii=False))
    else:
        for one in told:
            _print(one)
    if args.told:
        rows = [_row(args, one, wish.likes or "") for one, wish in zip(told, wishes, strict=True)]
        feedback.add(args.table or feedback.own_table(), rows)
        print(f"kept: {args.told}")
    return 0


def _print(told: "Advice") -> None:
    from garments.grading import chart

    print(told.sentence)
    if assumed := chart(told.chart).assumed:
        print(f"  note: {assumed}")
    for score in told.scores:
        small, large = round(BAR * score.small), round(BAR * score.large)
        bar = "<" * small + "=" * (BAR - small - large) + ">" * large
        print(f"  {score.size:>8} {bar} {100 * score.probability:3.0f} %  {score.reason}")
    print("  < too small, = fits, > too large")
    for line in told.reasons:
        print(f"  {line}")
    for line in told.lacks:
        print(f"  not known: {line}")


def _row(args: argparse.Namespace, told: "Advice", likes: str) -> "Row":
    from assets.errors import UsageError
    from garments.history.feedback import VERDICTS, Row

    size, equals, verdict = args.told.partition("=")
    if not equals or verdict not in VERDICTS or size not in [score.size for score in told.scores]:
        raise UsageError(f"--told {args.told!r}: write a size and small, fits or large, like --told M=fits")
    score = told.score(size)
    style = args.style or told.design
    return Row(date.today().isoformat(), args.customer or "", style, size, verdict, score.off, score.off_sd, likes)
