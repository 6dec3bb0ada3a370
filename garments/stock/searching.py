"""From what a person types to what a full-text index is asked: words of two languages, and slips of the finger.

Words are looked up in a glossary that goes both ways, Chinese is cut by its longest known words (what is left goes
letter by letter, which needs no dictionary), and a word that nothing is called is put right by one letter more, less,
other or swapped (deletions on both sides: Garbe's SymSpell, 2012).
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from assets.files import asset
from garments.colours.palette import palette

LONGEST_QUERY, MOST_TERMS = 400, 60
_CHINESE = r"㐀-䶿一-鿿豈-﫿"
_TERMS = re.compile(rf"[{_CHINESE}]+|[^\W_{_CHINESE}]+(?:[-'][^\W_{_CHINESE}]+)*")
_IDEOGRAPH = re.compile(rf"([{_CHINESE}])")
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is asked for: as it was written, and by all names that mean the same. `open`: the word may yet go
    on, as the last one does that is being typed."""

    written: str
    names: tuple[str, ...]
    open: bool = False

    @property
    def query(self) -> str:
        """As FTS5 is asked for it."""
        asked = [f'"{_quoted(name)}"' for name in self.names]
        if self.open and not is_chinese(self.written):
            asked[0] += "*"
        return f"({' OR '.join(asked)})"


def terms(text: str) -> tuple[Term, ...]:
    """What is asked for, each of which must be there."""
    plain = text[:LONGEST_QUERY].lower()
    found: list[Term] = []
    words = _TERMS.findall(plain)
    k = 0
    while k < len(words) and len(found) < MOST_TERMS:
        pair = f"{words[k]} {words[k + 1]}" if k + 1 < len(words) else ""
        if pair in glossary():
            found.append(Term(pair, names_of(pair)))
            k += 2
            continue
        if is_chinese(words[k]):
            found += [Term(part, names_of(part)) for part in _cut(words[k])]
        else:
            last = k == len(words) - 1 and plain.endswith(words[k])
            found.append(Term(words[k], names_of(words[k]), last))
        k += 1
    return tuple(found[:MOST_TERMS])


def names_of(word: str) -> tuple[str, ...]:
    """The word and all that means the same."""
    return (word, *(name for name in glossary().get(word, ()) if name != word))


@cache
def glossary() -> Mapping[str, tuple[str, ...]]:
    """By each name, in small letters: all names that are found with it."""
    told = tomllib.loads(asset("catalogue", "glossary.toml").read_text(encoding="utf-8"))
    groups = [[name.lower() for name in group] for group in told["same"]]
    groups += [[shade.name, shade.english.lower(), shade.chinese] for shade in palette().values()]
    # A Chinese colour is asked for with and without its last letter: 红 for 红色, 藏青色 for 藏青.
    groups += [[shade.name, f"{shade.chinese}色"] for shade in palette().values() if not shade.chinese.endswith("色")]
    groups = [[*group, *(name[:-1] for name in group if name.endswith("色") and len(name) > 1)] for group in groups]
    found: dict[str, dict[str, None]] = {}
    for group in groups:
        for name in group:
            found.setdefault(name, {}).update(dict.fromkeys(group))
    for head, *narrower in (tuple(name.lower() for name in line) for line in told["wider"]):
        wide = dict.fromkeys(name for each in narrower for name in found.get(each, {each: None}))
        for name in tuple(found.get(head, {head: None})):
            found[name] = {**found.get(name, {name: None}), **wide}
    for letter, word in told["letters"]:
        found[letter] = {**found.get(letter, {letter: None}), **found[word]}
    return {name: tuple(names) for name, names in found.items()}


def spaced(text: str) -> str:
    """Chinese with a space round each letter, so that an index of words finds any part of it."""
    return _IDEOGRAPH.sub(r" \1 ", text)


def is_chinese(word: str) -> bool:
    return bool(_IDEOGRAPH.match(word))


class Spelling:
    """Words that things are called, found by one with a slip in it."""

    def __init__(self, words: Mapping[str, int]) -> None:
        """`words` and how often each is used."""
        self._count = words
        self._near: dict[str, list[str]] = {}
        for word in words:
            for shorter in {word, *_shorter(word)}:
                self._near.setdefault(shorter, []).append(word)

    def put_right(self, word: str) -> str | None:
        """The word that was probably meant, the most used of the nearest; None where nothing is near."""
        if len(word) < _FEWEST:
            return None
        near = {found for shorter in (word, *_shorter(word)) for found in self._near.get(shorter, ())}
        if not near and len(word) > 2 * _FEWEST:  # Long words: two slips.
            twice = {shortest for shorter in _shorter(word) for shortest in _shorter(shorter)}
            near = {found for shorter in twice for found in self._near.get(shorter, ())}
        if not near:
            return None
        return min(near, key=lambda found: (*_unlike(word, found), -self._count[found], found))


def _unlike(word: str, found: str) -> tuple[bool, bool, int]:
    """How unlikely it is that a word was meant: another first letter, more than a letter doubled or not, the length."""
    once = [re.sub(r"(.)\1", r"\1", each) for each in (word, found)]
    return found[0] != word[0], once[0] != once[1], abs(len(found) - len(word))


def _shorter(word: str) -> Iterable[str]:
    return (word[:k] + word[k + 1 :] for k in range(len(word)))


def _cut(text: str) -> list[str]:
    """A run of Chinese by the longest words of the glossary; what is between them in one piece."""
    found, rest, k = [], "", 0
    while k < len(text):
        known = next((text[k:end] for end in range(min(len(text), k + 8), k, -1) if text[k:end] in glossary()), "")
        if known:
            found += [rest] if rest else []
            found.append(known)
            rest = ""
        else:
            rest += text[k]
        k += len(known) or 1
    return [*found, rest] if rest else found


def _quoted(name: str) -> str:
    return " ".join(spaced(name).replace('"', " ").split())
