"""The body and its measurements, without a garment."""

import argparse

from app.commands import _options as options

HELP = "fit the body and measure it"


def arguments(parser: argparse.ArgumentParser) -> None:
    options.add_evidence(parser)
    options.add_engine(parser)
    options.add_out(parser, required=False)


def run(args: argparse.Namespace) -> int:
    from app.pipeline import fit_body
    from app.results import write_body

    if args.out:
        options.check_writable(args.out)
    progress = options.printed_progress()
    estimate = fit_body(options.evidence(args), model=args.model, device=options.device(args), progress=progress)
    progress(1.0, "measured")
    for line in options.measurement_lines(estimate):
        print(line)
    if args.out:
        write_body(estimate, args.out)
        print(f"measurements.json, measurements.csv, body.glb and body.npz lie in {args.out}")
    return 0
