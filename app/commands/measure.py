"""The body and its measurements, without a garment."""

import argparse
from typing import TYPE_CHECKING

from app.commands import _options as options

if TYPE_CHECKING:
    from body.estimate import Estimate

HELP = "fit the body and measure it"


def arguments(parser: argparse.ArgumentParser) -> None:
    options.add_evidence(parser)
    options.add_pose(parser)
    options.add_engine(parser)
    options.add_out(parser, required=False)


def run(args: argparse.Namespace) -> int:
    from app.pipeline import fit_body
    from app.results import write_body
    from assets.progress import part

    if args.out:
        options.check_writable(args.out)
    pose, notes = options.pose(args)
    progress = options.printed_progress()
    watched = 0.4 if args.video else 0.0
    evidence = options.evidence(args, part(progress, 0.0, watched))
    estimate = fit_body(
        evidence, model=args.model, device=options.device(args), progress=part(progress, watched, 1.0)
    )
    progress(1.0, "measured")
    _print(estimate, notes)
    if args.out:
        write_body(estimate, args.out, pose)
        print(f"measurements.json, measurements.csv, body.glb and body.npz lie in {args.out}")
    return 0


def _print(estimate: "Estimate", notes: tuple[str, ...]) -> None:
    from assets.units import show
    from body.measurements import MEASURES

    wide = max(len(MEASURES[name].title) for name in estimate.measurements)
    for name, found in estimate.measurements.items():
        unit = "kg" if MEASURES[name].unit == "kg" else "cm"
        doubt = f"± {found.sd if unit == 'kg' else 100 * found.sd:.1f}"
        print(f"{MEASURES[name].title:{wide}} {show(found.value, unit):>9} {doubt:>6}  {found.source}")
    for note in (*estimate.notes, *notes):
        print(f"note: {note}")
