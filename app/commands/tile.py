"""A photo of cloth as a tile that repeats without seams."""

import argparse
from pathlib import Path

from app.commands import _options as options

HELP = "a seamless tile from a photo of cloth, to print on garments"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("photo", type=Path, metavar="PHOTO", help="flat cloth from straight above")
    parser.add_argument("--shows", metavar='"20 cm"', help="how much cloth the photo shows across")
    parser.add_argument("--to", type=Path, required=True, metavar="FILE.png", help="the tile; normals lie beside it")


def run(args: argparse.Namespace) -> int:
    from app.picturefile import png
    from assets import units
    from assets.errors import UsageError
    from assets.files import write_bytes
    from garments.colours.colourway import picture_of
    from garments.colours.tile import tile

    if args.to.suffix.lower() != ".png":
        raise UsageError(f"--to {args.to}: a tile is saved as a .png")
    across = options.length("--shows", args.shows, 0.005, 5.0) if args.shows else None
    options.check_writable(args.to.parent)
    photo = picture_of(args.photo)
    made = tile(photo, options.printed_progress())
    normals = args.to.with_name(f"{args.to.stem}_normals.png")
    write_bytes(args.to, png(made.picture))
    write_bytes(normals, png(made.normals))
    print(f"{made.picture.shape[1]} x {made.picture.shape[0]} pixels, {made.sentence}")
    if across is None:
        print(f'print it with --print "GARMENT={args.to}@WIDTH"; --shows tells the width of a repeat')
    else:
        width = units.show(made.width(across, photo.shape[1]), "mm")
        print(f'a repeat is {width} wide: print it with --print "GARMENT={args.to}@{width}"')
    print(f"normals, estimated from light and dark: {normals}")
    return 0
