"""Finding in a catalogue: by a sentence, or by what looks like a garment or a picture; with the reasons."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import _options as options

if TYPE_CHECKING:
    from app.shop.likeness import Seen
    from garments.stock.catalogue import Catalogue

HELP = "find garments of a catalogue by a sentence, or by what looks like a garment or a picture"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="?", default="", metavar="TEXT", help='"red dress under 500 for a wedding"')
    parser.add_argument("--like", metavar="PICTURE|ID", help="what looks like it; a picture is not kept")
    parser.add_argument("--part", choices=("all", "top", "bottom"), default="all", help="of what a person wears (all)")
    parser.add_argument("--catalogue", type=Path, metavar="FOLDER|FILE", help="tables of garments (the demo)")
    parser.add_argument("--count", type=int, default=8, metavar="N", help="how many (8)")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    from assets.errors import UsageError
    from assets.files import ROOT
    from garments.stock.catalogue import Catalogue

    if not args.text and not args.like:
        raise UsageError('say what is looked for: "red dress under 500", or --like PICTURE|ID')
    shelf = Catalogue.open(args.catalogue or ROOT / "catalogue" / "demo")
    try:
        told, notes = _like(shelf, args) if args.like else _asked(shelf, args)
    finally:
        shelf.close()
    if args.json:
        print(json.dumps({"found": told, "notes": notes}, indent=1, ensure_ascii=False))
        return 0
    for one in told:
        print(f"{one['id']}: {one['title']}" + (f"  {'; '.join(one['why'])}" if one["why"] else ""))
    for note in notes:
        print(f"note: {note}")
    return 0


def _asked(shelf: "Catalogue", args: argparse.Namespace) -> tuple[list[dict], list[str]]:
    """What meets the sentence."""
    from garments.stock.finding import find

    found = find(shelf, args.text, args.count)
    told = [{"id": one.id, "title": one.name, "why": [one.cost] if one.cost else []} for one in shelf.items(found.ids)]
    notes = [f"nothing is called so: shown for {found.instead!r}"] if found.instead else []
    if not told:
        notes.append("nothing in the catalogue meets that")
    if found.given_up:
        notes.append(f"nothing meets all of it: shown without {', '.join(found.given_up)}")
    return told, notes


def _like(shelf: "Catalogue", args: argparse.Namespace) -> tuple[list[dict], list[str]]:
    """What looks alike, of what meets the sentence if there is one."""
    from app.shop.likeness import like
    from assets.progress import silent
    from garments.stock.finding import find

    asked = _seen(shelf, args)
    ids = find(shelf, args.text, len(shelf)).ids if args.text else shelf.search().ids
    articles = [one for one in shelf.items(ids) if one.id != args.like and not one.trouble]
    found, notes = like(asked, articles, args.count, silent if args.json else options.printed_progress())
    return [one.plain() for one in found], list(notes)


def _seen(shelf: "Catalogue", args: argparse.Namespace) -> "Seen":
    from app.shop.likeness import in_picture, seen
    from body.frame import load_picture

    if Path(args.like).is_file():
        return in_picture(load_picture(Path(args.like)), args.part)
    return seen(shelf.item(args.like))
