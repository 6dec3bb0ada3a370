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
    parser.add_argument("--film", action="store_true", help="write movement.mp4 too")
    parser.add_argument("--frames", action="store_true", help="write every frame as a picture too")
    options.add_out(parser)


def run(args: argparse.Namespace) -> int:
    from app.exports.footage import write_movement
    from app.movement.moving import Run, motion_of
    from app.steps import load_try_on
    from assets.errors import DrapeFailed
    from assets.progress import part

    options.check_writable(args.out)
    options.check_pictures()
    progress = options.printed_progress()
    result = load_try_on(args.drape)
    run = Run(result, motion_of(args.clip, result.estimate.body))
    run.advance(run.total, part(progress, 0.0, 0.9))
    write_movement(run, args.out, film=args.film, frames=args.frames, progress=part(progress, 0.9, 1.0))
    report = run.report()
    for line in (*(f"note: {note}" for note in run.motion.notes), *report.lines):
        print(line)
    size = (args.out / "movement.glb").stat().st_size
    print(f"movement.glb ({size / 1e6:.0f} MB), movement.npz, movement.json and pictures lie in {args.out}")
    if not report.holds:
        raise DrapeFailed("the garments passed through the body or each other: " + "; ".join(report.lines))
    return 0
