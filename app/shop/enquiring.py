"""Questions about a person and what she wears, answered on a lane from what was captured when they were asked
(app/shop/facts.py), so that no answer waits for a drape.

The garment that is meant is the one that a question names by its title, else the one of those worn that it names by its
kind, else the first of those worn.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.project import Wish, own_fabric
from app.shop.asking import Answer, Known, answer, named
from app.shop.facts import Facts, Reply
from app.shop.intents import Asked, read_question
from app.shop.offering import of_designs
from app.shop.suggesting import Person, sizing
from app.words import words
from assets.errors import InputRefused
from assets.progress import Progress, silent
from garments.designs import designs
from garments.stock.articles import Article
from garments.stock.catalogue import Catalogue
from garments.stock.finding import find, is_called

if TYPE_CHECKING:
    from garments.recommend.suggest import Sizing
    from garments.sizing import Advice


def replies(
    facts: Facts, path: str, questions: Sequence[str], only: tuple[str, ...] = (), earlier: tuple[str, ...] = (),
    progress: Progress = silent,
) -> tuple[Reply, ...]:  # fmt: skip
    """The answers to some questions, from a catalogue ("", or one that cannot be read: the program's designs), of which
    `only` these ids are on offer, where there are any. A question may go on from `earlier` ones."""
    shelf = _open(path)
    try:
        articles = shelf.items(shelf.search().ids) if shelf else _designs()
        there = tuple(one for one in articles if not only or one.id in only)
        worn = tuple(_article(piece.wish, there) for piece in facts.pieces)
        likes = facts.pieces[0].wish.likes if facts.pieces else None
        person = Person(facts.measurements, facts.sex) if facts.measurements else None
        other = sizing(person, None, likes) if person else None
        made = []
        for k, question in enumerate(questions):
            progress(k / len(questions), "looking it up")
            meant = _meant(read_question(question, earlier), worn, there)
            known = _known(facts, meant, worn, there, other)
            if person:
                known = replace(known, sizing_of=partial(sizing, person, None))
            if shelf is not None:
                known = replace(known, find=lambda sentence: find(shelf, sentence))
            made.append(_reply(question, answer(question, known, earlier), meant, there))
        return tuple(made)
    finally:
        if shelf is not None:
            shelf.close()


def _reply(question: str, found: Answer, meant: Article | None, articles: Sequence[Article]) -> Reply:
    rows = {link.partition(":")[2].partition("/")[0] for link in found.links if link.startswith("catalogue:")}
    listed = (*(one for one in articles if one.id in rows), *((meant,) if meant else ()))
    names = {one.id: (one.called("en"), one.called("zh")) for one in listed}
    said = found.text[:1].upper() + found.text[1:]
    return Reply(question, said, found.known, found.links, meant.id if meant else "", names)


def _open(path: str) -> Catalogue | None:
    try:
        return Catalogue.open(Path(path), refresh=False) if path else None
    except InputRefused:  # The Shop room says so; the body and what is worn are known all the same.
        return None


def _designs() -> tuple[Article, ...]:
    return tuple(replace(one, chinese=_chinese(one.id)) for one in of_designs(tuple(designs())))


def _chinese(design: str) -> str:
    return words("zh").sentences.get(f"name.{design}", "")


def _article(wish: Wish, articles: Sequence[Article]) -> Article:
    """What is worn, as it is worn: in another cloth, colour or cut than the catalogue's, where it was changed."""
    plan = None if wish.made else designs().get(wish.design)
    plain = Article(wish.design, plan.TITLE if plan else wish.design, _chinese(wish.design))
    told = next((one for one in articles if wish.article and one.id == wish.article), plain)
    options = {**(told.options or {}), **wish.options}
    for name, more in wish.alterations.items() if plan else ():
        options[name] = options.get(name, plan.OPTIONS[name].default if plan else 0.0) + more
    dress = {"colour": wish.colour} if wish.colour else told.dress
    return replace(told, design=wish.design if plan else None, fabric=own_fabric(wish), options=options, dress=dress)


def _meant(asked: Asked, worn: Sequence[Article], articles: Sequence[Article]) -> Article | None:
    told = named(asked.text, [one for one in (*worn, *articles) if one.id != one.design])
    if told is not None:
        return next((one for one in worn if one.id == told.id), told)
    return next((one for kind in asked.kinds for one in worn if is_called(one, kind)), worn[0] if worn else None)


def _known(
    facts: Facts, meant: Article | None, worn: Sequence[Article], articles: Sequence[Article], other: "Sizing | None"
) -> Known:
    piece = next((piece for one, piece in zip(worn, facts.pieces, strict=True) if one is meant), None)

    def advised(told: Article) -> "Advice":
        if piece is None or told is not meant:
            assert other is not None
            return other(told)
        if not piece.advice.trusted:
            raise InputRefused("the drape is not to be trusted")
        return piece.advice

    fits = (piece.fit,) if piece and piece.fit else ()
    return Known(
        articles, meant, facts.measurements, facts.sex, piece.wish.chart if piece else None,
        advised if other else None, fits, size=piece.size if piece else None,
    )  # fmt: skip
