"""A dressed person turning round, as a film or a moving picture."""

import argparse
from pathlib import Path

from app.commands import _options as options
from app.commands.render import add_appearance, appearance

HELP = "a drape turning round: MP4, WebM, WebP or GIF"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--drape", type=Path, required=True, metavar="FILE", help="drape.npz that `drape` wrote")
    parser.add_argument(
        "--to",
        action="append",
        type=Path,
        required=True,
        metavar="FILE",
        help="x.mp4, .webm, .webp or .gif; repeat for more",
    )
    parser.add_argument("--frames", type=int, default=72, metavar="N", help="pictures of a turn (72)")
    parser.add_argument("--rate", type=int, default=18, metavar="N", help="pictures a second (18)")
    parser.add_argument("--width", type=int, default=540, metavar="PIXELS")
    parser.add_argument("--height", type=int, default=720, metavar="PIXELS")
    parser.add_argument("--samples", type=int, default=6, metavar="N", help="frames gathered in a picture (6)")
    add_appearance(parser)


def run(args: argparse.Namespace) -> int:
    from app.exports.turntable import Turn, write_turntable
    from app.steps import load_try_on

    turn, look = Turn(args.frames, args.rate, args.width, args.height, args.samples), appearance(args)
    for path in args.to:
        options.check_writable(path.parent)
    options.check_pictures()
    progress = options.printed_progress()
    write_turntable(load_try_on(args.drape), args.to, turn, look, progress)
    print(f"written: {', '.join(map(str, args.to))}")
    return 0
