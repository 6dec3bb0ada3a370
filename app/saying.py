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
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

from app.words import LANGUAGES
from assets.errors import UsageError
from assets.files import asset

ENGLISH = "en"
_PARTS = (("\n", "\n"), (". ", "。"), ("; ", "；"), (" · ", " · "), (": ", "："), (", ", "，"))
"""How sentences and lists are parted in English, and in Chinese; the widest first."""
_WIDE = 2
"""How many of the parts come before the templates: a template is one sentence."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Template:
    """A sentence with places: what matches it in English, how it is said."""

    english: re.Pattern[str]
    said: str


class Tongue:
    """One language. English says everything as it is."""

    def __init__(self, language: str, sentences: Mapping[str, str]) -> None:
        """`sentences`: by the English."""
        self.language = language
        whole = {english: text for english, text in sentences.items() if not places(english)}
        self._whole = MappingProxyType({_plain(english): text for english, text in whole.items()})
        others = ((english, text) for english, text in sentences.items() if places(english))
        self._templates = tuple(
            _Template(_pattern(english), text) for english, text in sorted(others, key=lambda row: -_weight(row[0]))
        )
        self._known = lru_cache(maxsize=4096)(self._translated)

    def said(self, text: str) -> str:
        """What an English text is in this language; what nobody translated, as it is."""
        if self.language == ENGLISH or not _LETTER.search(text):
            return text
        return self._known(text)

    def _translated(self, text: str) -> str:
        found = self._found(text)
        if found is None:
            _log.debug("nobody said in %s: %r", self.language, text)
        return text if found is None else found

    def _found(self, text: str) -> str | None:
        """None: not known, nor any part of it."""
        bare = text.strip()
        if not _LETTER.search(bare):
            return None
        known = self._whole.get(_plain(bare))
        if known is None:
            known = self._in_parts(bare, _PARTS[:_WIDE])
        if known is None:
            known = self._by_template(bare)
        if known is None:
            known = self._in_parts(bare, _PARTS[_WIDE:])
        if known is None:
            return None
        if bare.endswith(".") and not known.endswith(("。", ".", "…")):
            known += "。"
        before = len(text) - len(text.lstrip())
        return text[:before] + known + text[before + len(bare) :]

    def _in_parts(self, text: str, parts: tuple[tuple[str, str], ...]) -> str | None:
        for english, here in parts:
            if english in text:
                rows = text.split(english)
                found = [self._found(row) for row in rows]
                if any(each is not None for each in found):
                    told = (row if each is None else each for row, each in zip(rows, found, strict=True))
                    return here.join(each.removesuffix(here) for each in told)
        return None

    def _by_template(self, text: str) -> str | None:
        bare = text.removesuffix(".")
        for template in self._templates:
            match = template.english.fullmatch(bare)
            if match:
                inside = {name: self._found(value) or value for name, value in match.groupdict().items()}
                return template.said.format(**inside)
        return None


@cache
def tongue(language: str) -> Tongue:
    """A language. Raises UsageError for one that there is not."""
    if language not in LANGUAGES:
        raise UsageError(f"there is no language {language!r}: there are {', '.join(LANGUAGES)}")
    return Tongue(language, {} if language == ENGLISH else table(language))


@cache
def table(language: str) -> Mapping[str, str]:
    """All sentences of a language by the English."""
    told = tomllib.loads(asset("i18n", f"studio.{language}.toml").read_text(encoding="utf-8"))
    return MappingProxyType({english: text for rows in told.values() for english, text in rows.items()})


def speak(code: str) -> None:
    """From now on `spoken` speaks this language. What is on the screen stays as it is. Raises UsageError."""
    _SPOKEN.append(tongue(code))
    del _SPOKEN[:-1]


def language() -> str:
    """The code of the language spoken."""
    return _SPOKEN[-1].language


def spoken(text: str) -> str:
    """What an English text is in the language spoken."""
    return _SPOKEN[-1].said(text)


def places(sentence: str) -> frozenset[str]:
    """The names of the places of a sentence."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


_LETTER = re.compile(r"[A-Za-z]")
_SPOKEN = [Tongue(ENGLISH, {})]


def _plain(sentence: str) -> str:
    """As sentences are compared: however they begin and end."""
    return sentence.casefold().removesuffix(".")


def _weight(english: str) -> int:
    """How much of a template is words: those that say more are tried first."""
    return sum(len(text) for text, _, _, _ in string.Formatter().parse(english))


def _pattern(english: str) -> re.Pattern[str]:
    parts = (
        re.escape(text) + (f"(?P<{name}>.*?)" if name else "")
        for text, name, _, _ in string.Formatter().parse(english.removesuffix("."))
    )
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)
