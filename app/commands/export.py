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
    from app.exports.glb import beside, check_kinds, meshes
    from app.stage import body_items, garment_item
    from app.steps import load_try_on
    from assets.files import write_bytes

    check_kinds(path.suffix for path in args.to)
    for path in args.to:
        options.check_writable(path.parent)
    result = load_try_on(args.drape)
    items = [] if args.garments_only else [*body_items(result.body)]
    items += [garment_item(drape) for drape in result.drapes]
    for path in args.to:
        for name, data in beside(items, path.suffix, path.stem).items():
            write_bytes(path.with_name(name), data)
        write_bytes(path, meshes(items, path.suffix, path.stem))
        print(f"written: {path}")
    return 0
