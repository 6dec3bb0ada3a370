"""What is on offer for one body: articles of a catalogue, or the program's designs, in the size to try and with the
reasons; and what can be asked about them. The command line, the engine and the kiosk ask here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.shop.suggesting import WOMEN, sizing
from assets.errors import InputRefused, ToileError
from assets.progress import Progress, silent
from garments.designs import designs
from garments.stock.articles import Article

if TYPE_CHECKING:
    from app.project import Wish
    from app.shop.asking import Known
    from body.estimate import Estimate
    from garments.fit import Fit
    from garments.recommend.newcomer import Question
    from garments.recommend.suggest import Past, Reason, Sizing, Suggestions, Taste
    from garments.sizing import Advice
    from garments.stock.catalogue import Catalogue

MOST = 8


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """A garment on offer: its titles by language (none for a design of the program, which has its name everywhere), how
    to put it on, the advice on its size, the `size` to try, how sure that is, and why it is offered."""

    id: str
    titles: Mapping[str, str]
    wish: "Wish"
    advice: "Advice"
    size: str
    sure: float
    cost: str = ""
    reasons: "tuple[Reason, ...]" = ()


def articles_of(path: Path, refresh: bool = False) -> tuple[Article, ...]:
    """The articles of a catalogue, broken ones among them; after it was read again, with `refresh`. Raises
    InputRefused."""
    from garments.stock.catalogue import Catalogue

    shelf = Catalogue.open(path, refresh=refresh)
    try:
        return shelf.items(shelf.search().ids)
    finally:
        shelf.close()


def suggested(
    estimate: "Estimate",
    articles: Sequence[Article],
    taste: "Taste",
    past: "Past | None" = None,
    count: int = MOST,
    chart: str | None = None,
    likes: str | None = None,
) -> "Suggestions":
    """What of a catalogue to try on next, by fit, content, what goes with what, and a shop's past."""
    from garments.recommend.suggest import suggest

    return suggest(articles, sizing(estimate, chart, likes), taste, past, count)


def build(estimate: "Estimate") -> str:
    """In words, of which build somebody is among the people of her sex (garments/recommend/profiles.py)."""
    from garments.recommend.profiles import body_groups, body_numbers, body_words

    sex = round(estimate.sex)
    groups = body_groups(sex)
    mine = groups.of(body_numbers(estimate.measurements.numbers()))
    share = f"{100 * groups.shares[mine]:.0f} % of {('women', 'men')[sex]}"
    return f"of a build like {share}: {body_words(groups, mine)}"


@dataclass(frozen=True, slots=True, eq=False)
class Offered:
    """What is on offer for one body, the best first; what to know of it; and what a newcomer may be asked."""

    options: tuple[Option, ...]
    notes: tuple[str, ...] = ()
    questions: "tuple[Question, ...]" = ()


def options(
    estimate: "Estimate",
    articles: Sequence[Article],
    taste: "Taste",
    likes: str | None = None,
    count: int = MOST,
    progress: Progress = silent,
) -> tuple[Option, ...]:
    """The same, ready to be put on: what suits, one of each design first; where nothing does, what comes closest."""
    advise = _telling(sizing(estimate, None, likes), len(articles), progress)
    found, _ = _ready(articles, advise, taste, None, count)
    return _various(found) or _closest(articles, advise, count)


def offered(
    estimate: "Estimate", articles: Sequence[Article], taste: "Taste", past: "Past | None", count: int,
    progress: Progress = silent,
) -> Offered:  # fmt: skip
    """The best of some articles for one body, ready to be put on, with what is known of the list."""
    from garments.recommend.newcomer import questions

    advise = _telling(sizing(estimate), len(articles), progress)
    found, notes = _ready(articles, advise, taste, past, count)
    return Offered(tuple(found), notes, questions(articles))


def _ready(
    articles: Sequence[Article], advise: "Sizing", taste: "Taste", past: "Past | None", count: int
) -> tuple[list[Option], tuple[str, ...]]:
    from garments.recommend.suggest import suggest

    by_id, told = {article.id: article for article in articles}, suggest(articles, advise, taste, past, count)
    made = (_option(by_id[one.id], advise(by_id[one.id]), one.size, one.sure, one.reasons) for one in told.offers)
    return [one for one in made if one], told.notes


def _telling(advise: "Sizing", many: int, progress: Progress) -> "Sizing":
    """The same advice, telling how far it is."""
    done = 0

    def told(article: Article) -> "Advice":
        nonlocal done
        done += 1
        progress(min(done / max(many, 1), 1.0), f"sizing {article.name}")
        return advise(article)

    return told


def of_designs(names: Sequence[str]) -> tuple[Article, ...]:
    """The program's own designs as articles, for a shop without a catalogue: a catalogue's tags tell for whom it is
    cut, and so do these."""
    made = ((name, designs()[name].TITLE, (WOMEN,) if designs()[name].WOMENS else ()) for name in names)
    return tuple(Article(name, title, design=name, tags=tags) for name, title, tags in made)


def known(
    shelf: "Catalogue",
    text: str,
    id: str | None,
    estimate: "Estimate | None",
    fits: "Sequence[Fit]" = (),
    sex: float | None = None,
    chart: str | None = None,
    likes: str | None = None,
) -> "Known":
    """What a question about a garment of a catalogue (None: the one that it names) may be answered from."""
    from app.shop.asking import Known, named
    from garments.stock.finding import find

    articles = shelf.items(shelf.search().ids)
    article = shelf.item(id) if id else named(text, articles)
    if estimate is None:
        return Known(articles, article, None, sex, chart, find=lambda sentence: find(shelf, sentence))
    return Known(
        articles, article, estimate.measurements, estimate.sex, chart, sizing(estimate, chart, likes), fits,
        find=lambda sentence: find(shelf, sentence), sizing_of=lambda liked: sizing(estimate, chart, liked),
    )  # fmt: skip


def _various(found: Sequence[Option]) -> tuple[Option, ...]:
    """The best of each design first, then the second of each."""
    seen: Counter[str] = Counter()
    turns = []
    for one in found:
        turns.append(seen[one.wish.design])
        seen[one.wish.design] += 1
    return tuple(found[k] for k in sorted(range(len(found)), key=lambda k: turns[k]))


def _closest(articles: Sequence[Article], advise: "object", count: int) -> tuple[Option, ...]:
    """Where nothing is sure to fit: what comes closest, the likeliest first."""
    assert callable(advise)
    found = []
    for article in articles:
        try:
            advice = advise(article)
        except ToileError:
            continue
        if made := _option(article, advice, advice.best, advice.confidence, ()):
            found.append(made)
    return tuple(sorted(found, key=lambda one: -one.sure)[:count])


def _option(article: Article, advice: "Advice", size: str, sure: float, reasons: "tuple[Reason, ...]") -> Option | None:
    """None for an article that cannot be put on after all: a picture of its print that is gone."""
    from app.shop.catalogues import wish_of

    try:
        wish = wish_of(article)
    except (InputRefused, OSError):
        return None
    titles = {"en": article.title, "zh": article.chinese} if article.id != article.design else {}
    titles = {language: title or article.name for language, title in titles.items()}
    return Option(article.id, titles, wish, advice, size, sure, article.cost, reasons)
