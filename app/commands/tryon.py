"""From a photo or numbers to a draped, rendered, sized try-on in one folder."""

import argparse
import time

from app.commands import _options as options
from app.commands import _pins as pins

HELP = "a whole try-on: body, size, drape, pictures, report"


def arguments(parser: argparse.ArgumentParser) -> None:
    options.add_project(parser)
    options.add_evidence(parser)
    options.add_garments(parser)
    pins.add_pins(parser)
    options.add_pose(parser)
    options.add_engine(parser)
    options.add_report(parser)
    options.add_out(parser)


def run(args: argparse.Namespace) -> int:
    from app.exports.results import write_results
    from app.pipeline import dress, try_on
    from assets.progress import part

    started = time.time()
    options.check_writable(args.out)
    options.check_pictures()
    imprint = options.imprint(args)
    progress = options.printed_progress()
    progress(0.0, "reading what is known of the person")
    notes: tuple[str, ...] = ()
    if args.project:
        project = options.project(args)
        evidence, wishes, pose = project.evidence, project.wishes, project.pose
    else:
        wishes = options.wishes(args)
        pose, notes = options.pose(args)
        evidence = options.evidence(args, part(progress, 0.0, 0.02))
    wanted = pins.asked(args, wishes)
    device = options.device(args)
    result = try_on(
        evidence, wishes, model=args.model, seed=args.seed, device=device, drape_on=args.drape_on,
        progress=part(progress, 0.02, 0.5 if wanted else 0.75),
    )  # fmt: skip
    if wanted:
        result = dress(
            result.estimate, pins.held(wishes, wanted, result), start=result.drapes, seed=args.seed,
            device=args.drape_on, progress=part(progress, 0.5, 0.75),
        )  # fmt: skip
    drawn = time.time()
    write_results(
        result,
        args.out,
        run={"seed": args.seed, "device": device, "started": started, "computed": drawn - started},
        progress=part(progress, 0.75, 1.0),
        pose=pose,
        imprint=imprint,
    )
    for line in (*result.summary(), *(f"note: {note}" for note in notes)):
        print(line)
    print(f"pictures, meshes, measurements and report.pdf lie in {args.out}")
    options.check_drape(result)
    return 0
