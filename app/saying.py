"""What the studio says, in the language of whoever reads it.

English is the key, as in gettext: the program is written in English, and where a text is about to be seen
`spoken(text)` gives it in the language spoken. The tables (assets/i18n/studio.*.toml, written by us) hold whole
sentences, and templates with {places} for sentences that other rooms make: a template that matches a sentence from
end to end says it, and what stood in its places is said in turn (a measure, a fabric, a reason). Sentences that stand
in a row are said one by one, as are parts of a list of which at least one is known; what nobody translated stays
English and is noted in the log.
"""

import logging
import re
import string
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, cached_property, lru_cache

from app.words import LANGUAGES
from assets.errors import UsageError
from assets.files import asset

ENGLISH = "en"
FILES, PART = ("studio", "rooms"), "part"
CLAUSES = (("\n", "\n"), (". ", "。"), ("; ", "；"), (" · ", " · "))
"""How clauses are parted in English, and in Chinese; the widest first. A template is one clause."""
LISTS = ((": ", "："), (", ", "，"))
SURE, MOST_STRANGE = 12, 3
"""A template of fewer letters than that is not believed where so many words in a place are not known; one that begins
with a place, where any are."""
TYPED = "ids"
"""A template's place for what is typed into a file as it stands, in whichever language it is told."""
_SIDES = ("left", "right")
_LETTER = re.compile(r"[A-Za-z]")
_log = logging.getLogger(__name__)


class _Template:
    """A clause with places: what of it is words, the longest first to be looked for, and how it is said."""

    def __init__(self, english: str, here: str) -> None:
        parts = tuple(string.Formatter().parse(english.removesuffix(".")))
        self.english, self.said = parts, here
        self.words = sorted((text.casefold() for text, _, _, _ in parts if text), key=len, reverse=True)
        self.longest = self.words[0] if self.words else ""
        self.weight = sum(map(len, self.words))

    def places(self, text: str, plain: str) -> dict[str, str] | None:
        """What stands in the places where `text`, which is `plain` in small letters, is this clause; else None."""
        if not all(words in plain for words in self.words):
            return None
        match = self._pattern.fullmatch(text)
        inside = match.groupdict() if match else None
        # What is told of a thing follows a colon: nothing before the last place holds one.
        return inside if inside and not any(": " in told for told in list(inside.values())[:-1]) else None

    def strange(self, told: str) -> bool:
        """Whether what nobody knows makes it doubtful that a text is this clause, which has few words of its own."""
        begins = bool(self.english[0][0])
        return bool(_LETTER.search(told)) and (not begins or told.count(" ") >= MOST_STRANGE)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = (re.escape(text) + (f"(?P<{name}>.*?)" if name else "") for text, name, _, _ in self.english)
        return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


class Tongue:
    """One language. English says everything as it is."""

    def __init__(self, language: str, sentences: Mapping[str, str], words: Mapping[str, str]) -> None:
        """`sentences` by the English; `words`: those that names of panels, edges and seams are made of."""
        self.language = language
        self._whole = {_plain(english): here for english, here in sentences.items() if not places(english)}
        self._words = words
        made = (_Template(english, here) for english, here in sentences.items() if places(english))
        self._templates = sorted(made, key=lambda template: -template.weight)
        self._typed = [template for template in self._templates if any(part[1] == TYPED for part in template.english)]
        self._found = lru_cache(maxsize=8192)(self._looked_up)

    def said(self, text: str) -> str:
        """What an English text is in this language; what nobody translated, as it is."""
        if self.language == ENGLISH or not _LETTER.search(text):
            return text
        found = self._found(text)
        if found is None:
            _log.debug("nobody said in %s: %r", self.language, text)
        return text if found is None else found

    def _looked_up(self, text: str) -> str | None:
        """None: not known, nor any part of it."""
        bare = text.strip()
        if not _LETTER.search(bare):
            return None
        known = self._whole.get(_plain(bare)) or self._in_parts(bare, CLAUSES) or self._best(bare)
        if known is None:
            return None
        if bare.endswith(".") and not known.endswith(("。", ".", "…")):
            known += "。"
        before = len(text) - len(text.lstrip())
        return text[:before] + known + text[before + len(bare) :]

    def _best(self, text: str) -> str | None:
        """Of all ways to say a clause the one that leaves the fewest letters English."""
        if typed := next(self._by_template(text, self._typed), None):
            return typed
        ways = [
            *self._by_template(text, self._templates),
            self._in_parts(text, LISTS),
            self._of_a_thing(text),
            self._by_words(text),
        ]
        return min(filter(None, ways), key=lambda way: len(_LETTER.findall(way)), default=None)

    def _in_parts(self, text: str, parts: tuple[tuple[str, str], ...]) -> str | None:
        for english, here in parts:
            rows = text.split(english)
            found = [self._found(row) for row in rows] if len(rows) > 1 else []
            if any(each is not None for each in found):
                told = (row if each is None else each for row, each in zip(rows, found, strict=True))
                return here.join(each.removesuffix(here) for each in told)
        return None

    def _of_a_thing(self, text: str) -> str | None:
        """What is told of a thing that is named first, such as a file, where that holds a colon, too."""
        thing, _, told = text.partition(LISTS[0][0])
        said = self._found(told) if told else None
        return said and f"{self._found(thing) or thing}{LISTS[0][1]}{said}"

    def _by_template(self, text: str, templates: Iterable[_Template]) -> Iterator[str]:
        bare, plain = text.removesuffix("."), _plain(text)
        for template in templates:
            if template.longest not in plain:  # as most are not: asked here, for a call takes ten times as long
                continue
            inside = template.places(bare, plain)
            if inside is None:
                continue
            known = {name: self._found(value) if name != TYPED else None for name, value in inside.items()}
            if template.weight >= SURE or not any(
                known[name] is None and template.strange(value) for name, value in inside.items()
            ):
                yield template.said.format(**{name: known[name] or value for name, value in inside.items()})

    def _by_words(self, text: str) -> str | None:
        """The name of a panel, an edge or a seam: its side goes first."""
        parts = text.casefold().replace("_", " ").split()
        if not all(part in self._words or part.isdigit() for part in parts):
            return None
        ordered = sorted(parts, key=lambda part: part not in _SIDES)
        return "".join(self._words.get(part, part) for part in ordered)


@cache
def tongue(language: str) -> Tongue:
    """A language. Raises UsageError for one that there is not."""
    if language not in LANGUAGES:
        raise UsageError(f"there is no language {language!r}: there are {', '.join(LANGUAGES)}")
    if language == ENGLISH:
        return Tongue(language, {}, {})
    tables = [(name, rows) for file in FILES for name, rows in table(file, language).items()]
    sentences = {english: here for name, rows in tables if name != PART for english, here in rows.items()}
    return Tongue(language, glossary() | sentences, dict(tables)[PART])


def table(file: str, language: str) -> Mapping[str, Mapping[str, str]]:
    """One of FILES of a language: tables of sentences by the English."""
    return tomllib.loads(asset("i18n", f"{file}.{language}.toml").read_text(encoding="utf-8"))


def glossary() -> dict[str, str]:
    """What has its Chinese beside its English already: measures, maps, colours, fabrics, designs."""
    from app.words import words
    from body.measurements import MEASURES
    from garments.atlas import MAPS
    from garments.colours.palette import palette
    from garments.designs import designs
    from garments.fabric import fabrics

    kiosk = words("zh").sentences
    found = {measure.title: measure.chinese for measure in MEASURES.values()}
    found |= {each.title: each.chinese for each in MAPS}
    for shade in palette().values():
        found |= dict.fromkeys((shade.english, f"{shade.english} {shade.chinese}"), shade.chinese)
    found |= {each.title: each.chinese for each in fabrics().values() if each.chinese}
    for name, plan in designs().items():
        if f"name.{name}" in kiosk:
            found |= dict.fromkeys((plan.TITLE, name.replace("_", " ")), kiosk[f"name.{name}"])
    return found


def speak(code: str) -> None:
    """From now on `spoken` speaks this language. What is on the screen stays as it is. Raises UsageError."""
    _SPOKEN.append(tongue(code))
    del _SPOKEN[:-1]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Meanwhile whoever is here speaks this language, whatever the rest of the program speaks. Raises UsageError."""
    token = _HERE.set(tongue(code))
    try:
        yield
    finally:
        _HERE.reset(token)


def language() -> str:
    """The code of the language spoken."""
    return (_HERE.get() or _SPOKEN[-1]).language


def spoken(text: str) -> str:
    """What an English text is in the language spoken."""
    return (_HERE.get() or _SPOKEN[-1]).said(text)


def places(sentence: str) -> frozenset[str]:
    """The names of the places of a sentence."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


_SPOKEN = [Tongue(ENGLISH, {}, {})]
_HERE: ContextVar[Tongue | None] = ContextVar("here", default=None)


def _plain(sentence: str) -> str:
    """As sentences are compared: however they begin and end."""
    return sentence.casefold().removesuffix(".")
