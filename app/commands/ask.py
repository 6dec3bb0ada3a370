"""A question, answered from the chart, the body, the drape and the catalogue, with the row that it was taken from."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import _options as options

if TYPE_CHECKING:
    from app.shop.asking import Known
    from body.estimate import Estimate
    from garments.fit import Fit
    from garments.stock.catalogue import Catalogue

HELP = "answer a question from chart, body, drape and catalogue, in English or Chinese; or say that it is not known"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "text", nargs="+", metavar="TEXT", help='the question; more of them may go on from it: "and in L?"'
    )
    parser.add_argument("--json", action="store_true", help="as JSON, with links to the rows (a list, of several)")
    group = parser.add_argument_group("what is known")
    group.add_argument("--catalogue", type=Path, metavar="FOLDER|FILE", help="tables of garments (the demo)")
    group.add_argument("--garment", metavar="ID", help="which garment is meant (the one that the question names)")
    group.add_argument("--chart", metavar="NAME|FILE.csv", help="of sizes: gb, astm, or your own table")
    group.add_argument("--likes", choices=("close", "regular", "loose"), help="the fit that is liked")
    group.add_argument("--drape", type=Path, metavar="drape.npz", help="what `drape` left: its fit counts")
    options.add_evidence(parser)
    options.add_engine(parser)


def run(args: argparse.Namespace) -> int:
    from app.shop.asking import answer
    from assets.files import ROOT
    from garments.stock.catalogue import Catalogue

    shelf = Catalogue.open(args.catalogue or ROOT / "catalogue" / "demo")
    try:
        known = _known(args, shelf)
        found = [answer(text, known, args.text[:k]) for k, text in enumerate(args.text)]
    finally:
        shelf.close()
    if args.json:
        told = [one.plain() for one in found]
        print(json.dumps(told if len(told) > 1 else told[0], indent=1, ensure_ascii=False))
        return 0
    for one in found:
        print(one.text)
        for link in one.links:
            print(f"  {link}")
    return 0


def _known(args: argparse.Namespace, shelf: "Catalogue") -> "Known":
    from app.shop.offering import known

    estimate: Estimate | None = None
    fits: tuple[Fit, ...] = ()
    if args.drape:
        from app.steps import load_try_on

        worn = load_try_on(args.drape)
        estimate, fits = worn.estimate, worn.fits
    elif args.height or args.photo or args.video or args.scan or args.tape or args.weight:
        from app.pipeline import fit_body

        estimate = fit_body(options.evidence(args), model=args.model, device=options.device(args))
    sex = options.sex(args.sex) if args.sex else None
    return known(shelf, " ".join(args.text), args.garment, estimate, fits, sex, args.chart, args.likes)
