"""Looks: garments worn together, kept by name, and shared as one picture."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import _options as options

if TYPE_CHECKING:
    from app.project import Wish
    from body.estimate import Estimate
    from garments.stock.articles import Article

HELP = "looks: garments in the order of dressing, kept by name, shared as one picture"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="of the look; none: the looks that are kept")
    parser.add_argument("--article", action="append", default=[], metavar="ID", help="a garment of the catalogue")
    parser.add_argument("--catalogue", type=Path, metavar="FOLDER|FILE", help="tables of garments (the demo)")
    parser.add_argument("--untucked", action="store_true", help="tops over what is worn on the legs")
    parser.add_argument("--drop", action="store_true", help="delete the look")
    parser.add_argument("--picture", type=Path, metavar="FILE.png", help="draw it, on the mannequin or on a person")
    options.add_garments(parser)
    options.add_evidence(parser)
    options.add_engine(parser)


def run(args: argparse.Namespace) -> int:
    from app.shop import looks
    from assets.errors import UsageError

    if not args.name:
        if args.article or args.garment or args.picture or args.drop:
            raise UsageError("say what the look is called: `main.py outfit NAME --article ID`")
        print("\n".join(looks.names()) or "no look is kept yet: `main.py outfit NAME --article ID --article ID`")
        return 0
    if args.drop:
        looks.drop(args.name)
        print(f"deleted: {args.name}")
        return 0
    wishes, articles = _asked(args)
    if wishes:
        looks.keep(args.name, wishes)
    else:
        wishes = looks.kept(args.name)
    titles = _titles(wishes, articles)
    for title in titles:
        print(title)
    if args.picture:
        _draw(args, wishes, titles)
    return 0


def _asked(args: argparse.Namespace) -> "tuple[tuple[Wish, ...], tuple[Article, ...]]":
    """The garments that were named, in order, and the articles of the catalogue."""
    from app.shop import looks
    from app.shop.offering import articles_of
    from assets.errors import InputRefused
    from assets.files import ROOT

    articles = articles_of(args.catalogue or ROOT / "catalogue" / "demo")
    by_id = {one.id: one for one in articles}
    for id in args.article:
        if id not in by_id:
            raise InputRefused(f"there is no garment {id!r} in the catalogue")
    wishes = list(looks.of_articles([by_id[id] for id in args.article]))
    wishes += options.wishes(args) if args.garment else ()
    return looks.in_order(wishes, not args.untucked), articles


def _titles(wishes: "tuple[Wish, ...]", articles: "tuple[Article, ...]") -> list[str]:
    from garments.designs import designs

    names = {one.id: one.name + (f", {one.cost}" if one.cost else "") for one in articles}
    plain = {name: plan.TITLE for name, plan in designs().items()}
    return [names.get(wish.article) or plain.get(wish.design, wish.design) for wish in wishes]


def _draw(args: argparse.Namespace, wishes: "tuple[Wish, ...]", titles: list[str]) -> None:
    from app.picturefile import png
    from app.pipeline import fit_body
    from app.shop import looks
    from assets.files import write_bytes
    from assets.progress import part

    progress = options.printed_progress()
    person: Estimate | None = None
    if args.height or args.photo or args.video or args.scan or args.tape or args.weight:
        person = fit_body(options.evidence(args), model=args.model, device=options.device(args))
    result = looks.worn(wishes, person, part(progress, 0.0, 0.8))
    write_bytes(args.picture, png(looks.picture(result, titles, args.name, part(progress, 0.8, 1.0))))
    options.check_drape(result)
