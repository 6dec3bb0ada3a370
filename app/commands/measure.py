"""The body and its measurements, without a garment: of one person, or of everybody in a table."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import _options as options

if TYPE_CHECKING:
    from body.estimate import Estimate

HELP = "fit the body and measure it"


def arguments(parser: argparse.ArgumentParser) -> None:
    options.add_evidence(parser)
    options.add_pose(parser)
    parser.add_argument(
        "--people", type=Path, metavar="CSV", help="many people, one a line: name,height,weight,sex,age and tapes"
    )
    options.add_engine(parser)
    options.add_out(parser, required=False)


def run(args: argparse.Namespace) -> int:
    from app.exports.results import write_body
    from app.pipeline import fit_body
    from assets.progress import part

    if args.out:
        options.check_writable(args.out)
    if args.people:
        return _run_people(args)
    pose, notes = options.pose(args)
    progress = options.printed_progress()
    watched = 0.4 if args.video else 0.0
    evidence = options.evidence(args, part(progress, 0.0, watched))
    estimate = fit_body(evidence, model=args.model, device=options.device(args), progress=part(progress, watched, 1.0))
    progress(1.0, "measured")
    _print(estimate, notes)
    if args.out:
        write_body(estimate, args.out, pose)
        print(f"measurements.json, measurements.csv, body.glb and body.npz lie in {args.out}")
    return 0


def _run_people(args: argparse.Namespace) -> int:
    from app.exports.results import write_people
    from app.people import read_people, table
    from assets.errors import InputRefused, ToileError, UsageError
    from body.batch import estimate_all
    from body.model import load_model

    alone = (args.photo, args.video, args.height, args.weight, args.sex, args.age, args.tape, args.pose)
    if any(given not in (None, []) for given in alone):
        raise UsageError("--people brings everybody's numbers: leave out those of a single person")
    if not args.out:
        raise UsageError("--people needs a folder for its table: add --out DIR")
    people, progress, device = read_people(args.people), options.printed_progress(), options.device(args)
    usable = [k for k, person in enumerate(people) if not isinstance(person.known, ToileError)]
    model = load_model(args.model, device)
    told = estimate_all([people[k].known for k in usable], model, device, progress)  # type: ignore[misc]
    measured = dict(zip(usable, told, strict=True))
    found = [measured.get(k, person.known) for k, person in enumerate(people)]
    failed = [(person, why) for person, why in zip(people, found, strict=True) if isinstance(why, ToileError)]
    for person, why in failed:
        print(f"{args.people}, line {person.line}{f' ({person.name})' if person.name else ''}: {why}", file=sys.stderr)
    if len(failed) == len(people):
        raise InputRefused(f"{args.people}: there is nobody in it who can be measured")
    write_people(table(people, found), args.out)  # type: ignore[arg-type]
    print(f"measurements.csv with {len(people) - len(failed)} of {len(people)} people lies in {args.out}")
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
