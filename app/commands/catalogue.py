"""Catalogues on the command line: read one, search it, show a garment, save it as one file."""

import argparse
from pathlib import Path

from app.commands import _options as options

HELP = "a catalogue of garments: read a folder or a file, search it, show what is in it"
SHOWN = 40


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "catalogue", nargs="?", type=Path, metavar="FOLDER|FILE", help="tables of garments, or a saved one (the demo)"
    )
    parser.add_argument("--search", default="", metavar="WORDS", help="in English or Chinese; slips are forgiven")
    parser.add_argument("--tag", action="append", default=[], metavar="TAG", help="only what bears it; repeat for more")
    parser.add_argument("--limit", type=int, default=SHOWN, metavar="N", help=f"how many are listed ({SHOWN})")
    parser.add_argument("--show", metavar="ID", help="all that is known of one garment")
    parser.add_argument("--tags", action="store_true", help="list the tags and how many bear them")
    parser.add_argument("--broken", action="store_true", help="list what cannot be used, and why")
    parser.add_argument("--to", type=Path, metavar="FILE.sqlite", help="save the whole catalogue as one file")
    parser.add_argument("--pictures", action="store_true", help="draw the pictures that the window would draw")


def run(args: argparse.Namespace) -> int:
    from assets.files import ROOT
    from garments.stock.catalogue import Catalogue

    if args.to:
        options.check_writable(args.to.parent)
    progress = options.printed_progress()
    made = Catalogue.open(args.catalogue or ROOT / "catalogue" / "demo", progress)
    try:
        _tell(made, args)
        if args.pictures:
            _draw(made, args)
        if args.to:
            made.save(args.to)
            print(f"written: {args.to}")
    finally:
        made.close()
    return 0


def _tell(made, args: argparse.Namespace) -> None:
    demo = " (a demonstration: nothing in it is for sale)" if made.demo else ""
    broken = made.broken()
    print(f"{made.title}: {len(made):,} garments{demo}, {len(broken):,} cannot be used")
    if args.show:
        _show(made.item(args.show))
    elif args.tags:
        for tag, count in made.tags().items():
            print(f"{count:6,}  {tag}")
    elif args.broken:
        for id, why in broken.items():
            print(f"{id}: {why}")
    else:
        found = made.search(args.search, args.tag)
        if found.instead:
            print(f"nothing is called {args.search!r}: shown for {found.instead!r}")
        for one in made.items(found.ids[: max(args.limit, 0)]):
            print(f"{one.id}: {one.name}{f', {one.chinese}' if one.title and one.chinese else ''}  "
                  f"{one.trouble or one.cost}".rstrip())  # fmt: skip
        print(f"{len(found.ids):,} found")
        if not found.ids and len(args.search.split()) > 1:
            print("note: every word must be met here; `find` gives up the fewest that let something be found")


def _show(told) -> None:
    stock = {size: "yes" if count is None else count for size, count in (told.stock or {}).items()}
    lines = {
        "title": told.title, "chinese": told.chinese, "design": told.design, "file": told.file, "fabric": told.fabric,
        "options": dict(told.options or {}), "colourway": told.dress, "sizes": stock, "price": told.cost,
        "tags": ", ".join(told.tags), "text": told.text, "text (Chinese)": told.text_chinese, "picture": told.picture,
        "cannot be used": told.trouble,
    }  # fmt: skip
    for name, value in lines.items():
        if value:
            print(f"{name}: {value}")


def _draw(made, args: argparse.Namespace) -> None:
    from app.shop.catalogues import thumbnail
    from assets.errors import ToileError

    options.check_pictures()
    for id in made.search(args.search, args.tag).ids[: max(args.limit, 0)]:
        try:
            print(f"{id}: {thumbnail(str(made.path), id)}", flush=True)
        except ToileError as error:
            print(f"{id}: {error}", flush=True)
