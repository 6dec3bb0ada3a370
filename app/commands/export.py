"""A drape as a mesh for other programs."""

import argparse
from pathlib import Path

from app.commands import _options as options

HELP = "save a drape as OBJ, GLB or USD"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--drape", type=Path, required=True, metavar="FILE", help="drape.npz that `drape` wrote")
    parser.add_argument(
        "--to", action="append", type=Path, required=True, metavar="FILE", help="x.obj, .glb or .usd; repeat for more"
    )
    parser.add_argument("--garments-only", action="store_true", help="without the body")


def run(args: argparse.Namespace) -> int:
    from app.exports.glb import check_kinds
    from app.exports.single import write_meshes
    from app.steps import load_try_on

    check_kinds(path.suffix for path in args.to)
    for path in args.to:
        options.check_writable(path.parent)
    write_meshes(load_try_on(args.drape), args.to, with_body=not args.garments_only)
    for path in args.to:
        print(f"written: {path}")
    return 0
