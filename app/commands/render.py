"""Pictures of a drape that `drape` wrote."""

import argparse
from pathlib import Path

from app.commands import _options as options

HELP = "draw pictures of a drape"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--drape", type=Path, required=True, metavar="FILE", help="drape.npz that `drape` wrote")
    parser.add_argument("--map", choices=("strain", "ease", "pressure"), help="draw a map instead of the fabric")
    parser.add_argument("--width", type=int, default=900, metavar="PIXELS")
    parser.add_argument("--height", type=int, default=1200, metavar="PIXELS")
    parser.add_argument(
        "--samples", type=int, default=12, metavar="N", help="frames gathered in a picture; more: slower, smoother (12)"
    )
    options.add_out(parser)


def run(args: argparse.Namespace) -> int:
    from app.results import write_pictures
    from app.steps import load_try_on
    from assets.errors import UsageError

    if not (16 <= args.width <= 8192 and 16 <= args.height <= 8192):
        raise UsageError("a picture is 16 to 8192 pixels wide and high")
    if not 1 <= args.samples <= 1024:
        raise UsageError("a picture is gathered from 1 to 1024 samples")
    options.check_writable(args.out)
    options.check_pictures()
    progress = options.printed_progress()
    size = (args.width, args.height)
    write_pictures(load_try_on(args.drape), args.out, size, args.map, args.samples, progress)
    progress(1.0, "drawn")
    print(f"pictures lie in {args.out}")
    return 0
