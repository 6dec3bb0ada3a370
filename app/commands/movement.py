"""Garments on a person who moves: a drape that `drape` wrote, over a clip."""

import argparse
from pathlib import Path

from app.commands import _options as options

HELP = "drape garments over a movement: walk, turn, sit, arms_up, or a BVH or AMASS file"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--drape", type=Path, required=True, metavar="FILE", help="drape.npz that `drape` wrote")
    parser.add_argument(
        "--clip", required=True, metavar="NAME|FILE", help="walk, turn, sit, arms_up; or an AMASS, SMPL-X or BVH file"
    )
    parser.add_argument(
        "--start",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="where in the movement to begin; 10 s from there on are used",
    )
    parser.add_argument(
        "--film", nargs="?", const="mp4", default="", choices=("mp4", "webm", "webp", "gif"),
        help="write movement.mp4 too, or the film of this kind",
    )  # fmt: skip
    parser.add_argument("--frames", action="store_true", help="write every frame as a picture too")
    options.add_template(parser)
    options.add_out(parser)


def run(args: argparse.Namespace) -> int:
    from app.exports.footage import write_movement
    from app.movement.moving import Run, motion_of
    from app.steps import load_try_on
    from assets.errors import DrapeFailed
    from assets.progress import part

    options.check_writable(args.out)
    options.check_pictures()
    language = options.template(args).language
    progress = options.printed_progress()
    result = load_try_on(args.drape)
    run = Run(result, motion_of(args.clip, result.estimate.body, args.start))
    run.advance(run.total, part(progress, 0.0, 0.9))
    kind = f".{args.film}" if args.film else ""
    write_movement(run, args.out, kind=kind, frames=args.frames, language=language, progress=part(progress, 0.9, 1.0))
    report = run.report()
    for line in (*(f"note: {note}" for note in run.motion.notes), *report.lines):
        print(line)
    size = (args.out / "movement.glb").stat().st_size
    print(f"movement.glb ({size / 1e6:.0f} MB), movement.npz, movement.json and pictures lie in {args.out}")
    if not report.holds:
        raise DrapeFailed("the garments passed through the body or each other: " + "; ".join(report.lines))
    return 0
