"""The garments in the customer's own photo."""

import argparse

from app.commands import _options as options

HELP = "garments in the person's own photo, through its camera and in its light"


def arguments(parser: argparse.ArgumentParser) -> None:
    options.add_project(parser)
    options.add_evidence(parser)
    options.add_garments(parser)
    group = parser.add_argument_group("how it looks")
    group.add_argument("--brighter", type=float, default=0.0, metavar="STOPS", help="than the light was guessed (0)")
    group.add_argument("--mark", action="store_true", help="hatch what is left to see of old clothes")
    group.add_argument("--samples", type=int, default=24, metavar="N", help="frames gathered in a picture (24)")
    options.add_engine(parser)
    options.add_out(parser)


def run(args: argparse.Namespace) -> int:
    from app.photo.onphoto import write_on_photos
    from app.pipeline import try_on
    from assets.errors import UsageError
    from assets.progress import part

    if not 1 <= args.samples <= 1024 or not -4 <= args.brighter <= 4:
        raise UsageError("a picture is gathered from 1 to 1024 samples, and made at most 4 stops brighter or darker")
    options.check_writable(args.out)
    options.check_pictures()
    progress = options.printed_progress()
    if args.project:
        project = options.project(args)
        evidence, wishes = project.evidence, project.wishes
    else:
        wishes = options.wishes(args)
        evidence = options.evidence(args, part(progress, 0.0, 0.02))
    if not evidence.photos:
        raise UsageError("there is no photo to dress: add --photo FILE")
    device = options.device(args)
    result = try_on(
        evidence, wishes, model=args.model, seed=args.seed, device=device, progress=part(progress, 0.02, 0.6)
    )
    notes = write_on_photos(
        evidence, result, args.out, args.samples, args.brighter, args.mark, part(progress, 0.6, 1.0)
    )
    for line in (*result.summary(), *(f"note: {note}" for note in notes)):
        print(line)
    print(f"the dressed photos lie in {args.out}")
    options.check_drape(result)
    return 0
