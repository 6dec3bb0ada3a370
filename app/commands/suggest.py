"""What to try on next, on the command line: from a catalogue, for one body, with the reasons."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import _options as options

if TYPE_CHECKING:
    from garments.stock.articles import Article

HELP = "which garments of a catalogue to try on: by fit, content, what goes with what, and history"
WAYS = ("content", "history")


def arguments(parser: argparse.ArgumentParser) -> None:
    options.add_evidence(parser)
    group = parser.add_argument_group("what to choose from, and what is known")
    group.add_argument("--catalogue", type=Path, metavar="FOLDER|FILE", help="tables of garments (the demo)")
    group.add_argument("--chart", metavar="NAME|FILE.csv", help="of sizes: gb, astm, or your own table")
    group.add_argument("--likes", choices=("close", "regular", "loose"), help="the fit that is liked")
    group.add_argument("--worn", action="append", default=[], metavar="ID", help="worn now: what goes with it?")
    group.add_argument("--liked", action="append", default=[], metavar="ID", help="liked: what is like it?")
    group.add_argument("--taken", action="append", default=[], metavar="ID", help="taken before, the latest last")
    group.add_argument("--shown", action="append", default=[], metavar="ID", help="shown already: not again")
    group.add_argument("--tag", action="append", default=[], metavar="TAG", help="what it is for: wedding, office, ...")
    group.add_argument("--most", type=float, metavar="PRICE", help="the highest price")
    group.add_argument(
        "--history", type=Path, metavar="FILE", help="who took what when, instead of what `learn` learned"
    )
    group.add_argument("--questions", action="store_true", help="what to ask a newcomer; nothing is suggested")
    group.add_argument("--answer", action="append", default=[], metavar="NAME=VALUE", help="what a newcomer answered")
    group.add_argument("--clicks", action="store_true", help="how often suggestions are taken up; nothing is suggested")
    group.add_argument("--way", choices=WAYS, help="without the history, or by it too (where one is given)")
    group.add_argument("--trial", type=Path, metavar="FILE.jsonl", help="let a trial choose the way, with --visit WORD")
    group.add_argument("--visit", metavar="WORD", help="a word for this visit that names nobody")
    group.add_argument("--count", type=int, default=8, metavar="N", help="how many (8)")
    parser.add_argument("--json", action="store_true", help="as JSON")
    options.add_engine(parser)


def run(args: argparse.Namespace) -> int:
    from app.pipeline import fit_body
    from app.shop.offering import articles_of, build, suggested
    from assets.files import ROOT
    from garments.recommend.suggest import Taste

    if args.clicks:
        return _clicks(args.json)
    if args.questions:
        return _questions(articles_of(args.catalogue or ROOT / "catalogue" / "demo", refresh=True), args.json)
    way = _way(args)
    estimate = fit_body(options.evidence(args), model=args.model, device=options.device(args))
    articles = articles_of(args.catalogue or ROOT / "catalogue" / "demo", refresh=True)
    taste = Taste(
        tuple(args.liked), tuple(args.taken), tuple(args.worn), tuple(args.shown), tuple(args.tag), args.most,
        _answers(args.answer, articles),
    )  # fmt: skip
    found = suggested(
        estimate, articles, taste, _past(args.history) if way == "history" else None, args.count, args.chart, args.likes
    )
    notes = (build(estimate), *found.notes)
    if args.json:
        offers = [
            {"id": one.id, "title": one.title, "size": one.size, "sure": round(one.sure, 3), "why": list(one.why),
             "parts": {name: round(part, 4) for name, part in one.parts.items()}}
            for one in found.offers
        ]  # fmt: skip
        print(json.dumps({"suggestions": offers, "notes": list(notes)}, indent=1, ensure_ascii=False))
        return 0
    for one in found.offers:
        print(f"{one.id}: {one.title}, {one.size}")
        for why in one.why:
            print(f"    {why}")
    for note in notes:
        print(f"note: {note}")
    return 0


def _answers(written: list[str], articles: "Sequence[Article]") -> tuple[tuple[str, str], ...]:
    """Raises UsageError for what nobody asked."""
    from assets.errors import UsageError
    from garments.recommend.newcomer import checked, questions

    told = tuple((name.strip(), value.strip()) for name, _, value in (one.partition("=") for one in written))
    if wrong := checked(told, questions(articles)) if told else "":
        raise UsageError(f"--answer: {wrong}")
    return told


def _questions(articles: "Sequence[Article]", plain: bool) -> int:
    from garments.recommend.newcomer import questions

    asked = questions(articles)
    if plain:
        print(json.dumps([asdict(one) for one in asked], indent=1, ensure_ascii=False))
        return 0
    for one in asked:
        print(f"{one.name}: {one.english} {one.chinese}")
        print("    " + ", ".join(f"{choice.value} ({choice.english}, {choice.chinese})" for choice in one.choices))
    return 0


def _clicks(plain: bool) -> int:
    from app.shop.clicks import counted
    from garments.recommend.clicks import by_article, by_place, overall

    articles, places = counted()
    rates = (overall(articles), *by_place(places), *by_article(articles))
    if plain:
        print(json.dumps([asdict(one) for one in rates], indent=1))
        return 0
    for one in rates:
        print(one.sentence)
    return 0


def _past(history: Path | None):
    from app.shop.learning import own
    from garments.recommend.history import fit_history
    from garments.recommend.interactions import read_interactions
    from garments.recommend.suggest import Past

    if history is None:
        return own()
    told = read_interactions(history)
    return Past(fit_history(told), told.item_names)


def _way(args: argparse.Namespace) -> str:
    """One of WAYS: as it was asked for, or as the trial has it for this visit. Raises UsageError."""
    from app.shop import trials
    from assets.errors import UsageError

    if (args.trial is None) != (args.visit is None) or (args.trial and args.way):
        raise UsageError("a trial chooses the way of a visit: give --trial FILE and --visit WORD, and no --way")
    if args.trial is None:
        return args.way or "history"
    if (arm := trials.arm(args.trial, args.visit)) not in WAYS:
        raise UsageError(
            f"{args.trial} compares {arm!r}, which is no way of suggesting: begin it with {','.join(WAYS)}"
        )
    return arm
