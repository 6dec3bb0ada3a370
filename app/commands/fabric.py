"""Fabrics: list them, look at one with the source of each number, make one's own from measurements."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from assets.errors import UsageError

if TYPE_CHECKING:
    from garments.fabric import Fabric

HELP = "list fabrics, show one, or make your own from measurements"


def arguments(parser: argparse.ArgumentParser) -> None:
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="WHAT")
    deeds.add_parser("list", help="all fabrics, those that ship and your own", allow_abbrev=False)
    show = deeds.add_parser("show", help="every number of a fabric, with its source", allow_abbrev=False)
    show.add_argument("name", metavar="NAME")
    measure = deeds.add_parser(
        "measure", help="your own fabric from KES-F, FAST, a cantilever or a hanging strip", allow_abbrev=False
    )
    measure.add_argument("method", metavar="METHOD", help="kes, fast, cantilever or hanging")
    measure.add_argument("numbers", nargs="*", metavar='NAME="150 g/m2"', help="what was measured; none: what can be")
    measure.add_argument("--like", default="cotton_poplin", metavar="FABRIC", help="for all else (cotton_poplin)")
    _add_keeping(measure)
    add = deeds.add_parser("add", help="keep a fabric that somebody sent you", allow_abbrev=False)
    add.add_argument("file", type=Path, metavar="FILE.toml")
    _add_keeping(add)
    drape = deeds.add_parser("drape", help="the Cusick drape coefficient, simulated", allow_abbrev=False)
    drape.add_argument("name", metavar="NAME")
    drape.add_argument("--picture", type=Path, metavar="FILE.png", help="draw the specimen there")


def _add_keeping(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--title", metavar="WORDS", help="what you call it")
    parser.add_argument("--replace", action="store_true", help="in place of your own of the same name")


def run(args: argparse.Namespace) -> int:
    {"list": _list, "show": _show, "measure": _measure, "add": _add, "drape": _drape}[args.deed](args)
    return 0


def _list(args: argparse.Namespace) -> None:
    from garments.fabric import fabrics, own_fabrics

    own, wrong = own_fabrics()
    for name, cloth in (*fabrics().items(), *own.items()):
        mark = "  your own" if cloth.own else ""
        print(f"{name:22} {1000 * cloth.density:4.0f} g/m²  {cloth.construction:8} {cloth.title}{mark}")
    for sentence in wrong:
        print(f"note: {sentence}")


def _show(args: argparse.Namespace) -> None:
    from garments.fabric import fabric

    _print(fabric(args.name))


def _measure(args: argparse.Namespace) -> None:
    from garments.fabric import fabric, save_own
    from garments.measured import METHODS, from_measurements, typed_pairs

    if not args.numbers and args.method in METHODS:
        for entry in METHODS[args.method].entries:
            print(f"{entry.key:16} {entry.title} [{entry.bare or 'number'}]")
        return
    made = from_measurements(args.method, typed_pairs(args.numbers), fabric(args.like), args.title or "My fabric")
    path = save_own(made.fabric, replace=args.replace) if args.title else None
    _print(made.fabric)
    for remark in made.remarks:
        print(f"note: {remark}")
    print(f"kept as {made.fabric.name} in {path}" if path else 'not kept: add --title "My linen" to keep it')


def _add(args: argparse.Namespace) -> None:
    from garments.fabric import save_own
    from garments.fabricfile import load, own, values

    cloth = load(args.file)
    cloth = own(values(cloth) | {"title": args.title or cloth.title})
    path = save_own(cloth, replace=args.replace)
    print(f"kept as {cloth.name} in {path}")


def _drape(args: argparse.Namespace) -> None:
    from app.commands._options import printed_progress
    from app.drapemeter import picture, test
    from assets.files import write_bytes
    from garments.fabric import fabric

    if args.picture and args.picture.suffix.lower() != ".png":
        raise UsageError(f"--picture {args.picture}: it is written as PNG; end the name in .png")
    told = test(fabric(args.name).written, progress=printed_progress())
    if args.picture:
        write_bytes(args.picture, picture(told))
    print(f"drape coefficient {told.coefficient:.0f} ± {told.error:.0f} % (18 cm disc, 30 cm specimen)")
    print(f"about {told.typical.folds} folds")


def _print(cloth: "Fabric") -> None:
    from garments.facts import facts

    print(f"{cloth.title}{f' ({cloth.chinese})' if cloth.chinese else ''}: {cloth.use or cloth.construction}")
    for fact in facts(cloth):
        print(f"  {fact.title:17} {fact.value:28} {fact.origin}")
