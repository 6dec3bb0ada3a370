"""A garment in all its sizes on a person, or one garment on many people: a grid of drapes and a table of ease."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import _options as options

if TYPE_CHECKING:
    from assets.progress import Progress
    from body.estimate import Estimate

HELP = "one garment in all sizes, or those named, on one person or on many: pictures, ease, verdicts"
MOST_PROCESSES = 64


def arguments(parser: argparse.ArgumentParser) -> None:
    options.add_evidence(parser)
    many = parser.add_argument_group("or many people")
    many.add_argument("--people", type=Path, metavar="CSV", help="one a line: name,height,weight,sex,age and tapes")
    many.add_argument(
        "--sample", type=int, metavar="N", help="people as statistics draw them; of --sex, or as many women as men"
    )
    options.add_garments(parser)
    options.add_engine(parser)
    parser.add_argument("--edge", default="1.6 cm", metavar='"1.6 cm"', help="how fine the cloth is meshed")
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="how many drapes at a time (1)")
    parser.add_argument("--ray", metavar="ADDRESS", help="a Ray cluster, or local; needs the extra ray")
    options.add_report(parser)
    options.add_out(parser)


def run(args: argparse.Namespace) -> int:
    from app.matrix import cells, in_sizes, matrix
    from assets.errors import Cancelled, DrapeFailed, UsageError
    from assets.progress import part

    options.check_writable(args.out)
    options.check_pictures()
    imprint = options.imprint(args)
    if not 1 <= args.processes <= MOST_PROCESSES:
        raise UsageError(f"--processes goes from 1 to {MOST_PROCESSES}: got {args.processes}")
    if len(args.garment) > 1:
        raise UsageError("a matrix shows one garment: give --garment once")
    edge = options.length("--edge", args.edge, 0.004, 0.05)
    several, args.size = args.size, args.size[:1]
    wishes = options.wishes(args)
    if len(several) != 1 and wishes[0].made is None:
        known = options.sizes(args)
        chosen = dict.fromkeys(options.known_size(size, known) for size in several)
        wishes = in_sizes(wishes[0], chosen or known)
    progress = options.printed_progress()
    people = _people(args, part(progress, 0.0, 0.1))
    wanted = cells(people, wishes, edge, args.seed)
    try:
        rows = matrix(wanted, args.out, processes=args.processes, ray=args.ray,
                      progress=part(progress, 0.1, 1.0), imprint=imprint)  # fmt: skip
    except KeyboardInterrupt:
        raise Cancelled(f"stopped; what is done lies in {args.out}, and the same command goes on from there") from None
    failed = [row for row in rows if row["state"] == "failed"]
    print(f"matrix.png, matrix.csv and matrix.json with {len(rows)} drapes lie in {args.out}")
    if failed:
        names = "; ".join(f"{row['person']}, {row['garment']}: {row['verdict']}" for row in failed[:5])
        raise DrapeFailed(f"{len(failed)} of {len(rows)} drapes failed and are shown as failed ({names})")
    return 0


def _people(args: argparse.Namespace, progress: "Progress") -> "list[tuple[str, Estimate]]":
    from app.people import drawn_people, estimated, read_people
    from app.pipeline import fit_body
    from app.reports.comparing import NOBODY
    from assets.errors import UsageError
    from assets.progress import part
    from body.model import load_model

    if args.people is None and args.sample is None:
        evidence = options.evidence(args, part(progress, 0.0, 0.4))
        alone = fit_body(evidence, model=args.model, device=options.device(args), progress=part(progress, 0.4, 1.0))
        return [(NOBODY, alone)]
    if args.people and args.sample:
        raise UsageError("--people and --sample exclude each other: leave one out")
    people = read_people(args.people) if args.people else drawn_people(args.sample, options.sex(args.sex), args.seed)
    return estimated(people, load_model(args.model), options.device(args), progress)
