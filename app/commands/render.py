"""Pictures of a drape that `drape` wrote."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import _options as options
from garments.atlas import BY_NAME

if TYPE_CHECKING:
    from app.project import Scaling
    from app.scenes.appearance import Appearance

VIEWS = ("front", "back", "left", "right", "three_quarter")
LIGHTS = ("studio", "window", "shop", "street", "flat")
HELP = "draw pictures of a drape"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--drape", type=Path, required=True, metavar="FILE", help="drape.npz that `drape` wrote")
    add_map(parser)
    parser.add_argument("--width", type=int, default=900, metavar="PIXELS")
    parser.add_argument("--height", type=int, default=1200, metavar="PIXELS")
    parser.add_argument(
        "--samples", type=int, default=12, metavar="N", help="frames gathered in a picture; more: slower, smoother (12)"
    )
    parser.add_argument(
        "--view", action="append", default=[], choices=VIEWS, metavar="NAME",
        help=f"only this picture; repeat for more: {', '.join(VIEWS)}",
    )  # fmt: skip
    add_appearance(parser)
    options.add_out(parser)


def add_appearance(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how it looks")
    group.add_argument("--light", choices=LIGHTS, default="studio", metavar="NAME", help=", ".join(LIGHTS))
    group.add_argument(
        "--tone", choices=("neutral", "agx"), default="neutral", help="neutral keeps colours; agx is softer, as film"
    )
    group.add_argument(
        "--background", default="", metavar="WHAT",
        help='"#E8E4DC", "white, grey" from below to above, sweep, transparent, or a picture file',
    )  # fmt: skip
    group.add_argument("--aperture", metavar='"2 cm"', help="of the lens: what is nearer or farther is blurred")


def appearance(args: argparse.Namespace) -> "Appearance":
    """How pictures are to look. Raises UsageError and InputRefused."""
    from app.scenes.appearance import TRANSPARENT, Appearance, backdrop

    transparent = args.background.strip() == TRANSPARENT
    behind = None if transparent else backdrop(args.background)
    opening = options.length("--aperture", args.aperture, 0.0, 0.2) / 2 if args.aperture else 0.0
    return Appearance(args.light, args.tone, behind, transparent, opening)


def add_map(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("a map instead of the fabric")
    group.add_argument("--map", choices=tuple(BY_NAME), metavar="NAME", help=", ".join(BY_NAME))
    group.add_argument(
        "--against", type=Path, metavar="FILE", help="another drape.npz of the same designs: draw the change since it"
    )
    group.add_argument(
        "--most", type=float, metavar="VALUE", help="end of the scale, in the map's unit: 120 for strain up to 120 %%"
    )
    group.add_argument("--bands", action="store_true", help="eight bands instead of a smooth scale")
    group.add_argument("--limits", action="store_true", help="scale each garment up to its fabric's limit")
    group.add_argument("--pattern", action="store_true", help="a pattern besides colour")


def scaling(args: argparse.Namespace) -> "Scaling":
    """How the map is to be coloured. Raises UsageError for options that go with no map."""
    from app.project import Scaling
    from app.scenes.scales import key
    from assets.errors import UsageError

    if args.map is None:
        if args.against or args.most is not None or args.bands or args.limits or args.pattern:
            raise UsageError("--against, --most, --bands, --limits and --pattern go with --map NAME")
        return Scaling()
    most, told, change = {}, BY_NAME[args.map], args.against is not None
    if args.most is not None:
        value = (args.most - (0.0 if change else told.zero)) / told.per
        if not 1e-6 < value < 1e6:
            raise UsageError(f"--most {args.most:g}: the scale of {told.title.lower()} must end above its beginning")
        most[key(args.map, change)] = value
    return Scaling(most, args.bands, args.limits, args.pattern)


def run(args: argparse.Namespace) -> int:
    from app.exports.results import write_pictures
    from app.steps import load_try_on
    from assets.errors import UsageError

    if not (16 <= args.width <= 8192 and 16 <= args.height <= 8192):
        raise UsageError("a picture is 16 to 8192 pixels wide and high")
    if not 1 <= args.samples <= 1024:
        raise UsageError("a picture is gathered from 1 to 1024 samples")
    chosen, look = scaling(args), appearance(args)
    options.check_writable(args.out)
    options.check_pictures()
    progress = options.printed_progress()
    size = (args.width, args.height)
    against = load_try_on(args.against) if args.against else None
    write_pictures(load_try_on(args.drape), args.out, size, args.map, args.samples, progress, chosen, against,
                   look, tuple(args.view))  # fmt: skip
    progress(1.0, "drawn")
    print(f"pictures lie in {args.out}")
    return 0
