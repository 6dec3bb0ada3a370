"""Counts of suggestions shown and taken up, by article and by place, in one small file: of nobody, and not when.

A garment is shown once each time that a list is put before somebody, and taken up when it is tried on from there.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from assets import files
from assets.errors import CannotWrite, InputRefused
from garments.recommend.clicks import Count

SCHEMA = "toile.clicks/1"
_PLACES, _MOST = 20, 20_000


def shown(ids: Sequence[str]) -> None:
    """A list was put before somebody."""
    _add(dict.fromkeys(ids, (1, 0)), [(1, 0)] * len(ids))


def taken(id: str, place: int) -> None:
    """One of the list, at a place from 0, was tried on."""
    _add({id: (0, 1)}, [(0, 0)] * place + [(0, 1)])


def counted() -> tuple[dict[str, Count], tuple[Count, ...]]:
    """By article and by place; none where nothing was counted. A damaged file is set aside and counted anew."""
    try:
        told = json.loads(_path().read_text(encoding="utf-8"))
        articles = {str(id): Count(*map(int, pair)) for id, pair in told["articles"].items()}
        return articles, tuple(Count(*map(int, pair)) for pair in told["places"])
    except FileNotFoundError:
        return {}, ()
    except (OSError, ValueError, LookupError, TypeError, AttributeError, InputRefused):
        with suppress(OSError):
            _path().replace(_path().with_suffix(".damaged"))
        return {}, ()


def _add(more: dict[str, tuple[int, int]], along: Sequence[tuple[int, int]]) -> None:
    """Count; what cannot be written is not counted, and stops nobody."""
    articles, places = counted()
    for id, (seen, up) in more.items():
        old = articles.get(id, Count())
        if id in articles or len(articles) < _MOST:
            articles[id] = _sum(old, seen, up)
    row = [*places, *[Count()] * (len(along) - len(places))][:_PLACES]
    row = [_sum(one, *(along[k] if k < len(along) else (0, 0))) for k, one in enumerate(row)]
    plain = {"schema": SCHEMA, "articles": {id: [one.shown, one.taken] for id, one in sorted(articles.items())},
             "places": [[one.shown, one.taken] for one in row]}  # fmt: skip
    with suppress(CannotWrite, OSError):
        files.write_json(_path(), plain)


def _sum(one: Count, seen: int, up: int) -> Count:
    """No more taken up than shown: a list that is tried on from twice counts once."""
    return Count(one.shown + seen, min(one.taken + up, one.shown + seen))


def _path() -> Path:
    return files.user_data() / "clicks.json"
