"""Drape garments on a body: one that `measure` wrote, or one fitted here from evidence."""

import argparse
from pathlib import Path

from app.commands import _options as options

HELP = "drape garments on a body and certify the result"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--body", type=Path, metavar="FILE", help="body.npz that `measure --out` wrote")
    options.add_evidence(parser)
    options.add_garments(parser)
    options.add_engine(parser)
    options.add_out(parser)


def run(args: argparse.Namespace) -> int:
    from app.exports.results import write_drape
    from app.pipeline import dress, fit_body
    from app.steps import load_estimate
    from assets.progress import part

    options.check_writable(args.out)
    progress = options.printed_progress()
    if args.body:
        estimate = load_estimate(args.body, args.model)
    else:
        estimate = fit_body(
            options.evidence(args), model=args.model, device=options.device(args), progress=part(progress, 0.0, 0.2)
        )
    result = dress(
        estimate, options.wishes(args), seed=args.seed, device=args.drape_on, progress=part(progress, 0.2, 0.95)
    )
    write_drape(result, args.out)
    progress(1.0, "draped")
    for line in result.summary():
        print(line)
    print(f"drape.json, fit.json, tryon.glb and drape.npz lie in {args.out}")
    options.check_drape(result)
    return 0
