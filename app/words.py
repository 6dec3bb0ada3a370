"""What the kiosk says, sentence by sentence, in English and Chinese.

A sentence is found by its key and is whole: no sentence is put together from parts, for languages order them otherwise;
only names and numbers are put in, by name. Sentences that other rooms say in English (what to do before the camera) are
found by what they say. The tables are assets/i18n/kiosk.*.toml, written by us.
"""

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from assets.errors import UsageError
from assets.files import asset

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "zh": "中文"})
"""The languages by their code, each as it calls itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """One language: its code and its sentences by "table.key"."""

    language: str
    sentences: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """The sentence of that key with these values in it. Raises KeyError for keys and values that are not known."""
        return self.sentences[key].format(**values)

    def heard(self, english: str) -> str:
        """What another room said in English, in this language and as a customer is spoken to; of what nobody translated
        the general sentence."""
        known = _heard().get(_plain(english), "heard.other")
        plainly = self.sentences.get(known.replace("heard.", "plainly."))
        if plainly or self.language == "en" or not english:
            return plainly or english
        return self.sentences[known]


@cache
def words(language: str) -> Words:
    """A language's words. Raises UsageError for one that there is not."""
    if language not in LANGUAGES:
        raise UsageError(f"there is no language {language!r}: there are {', '.join(LANGUAGES)}")
    told = tomllib.loads(asset("i18n", f"kiosk.{language}.toml").read_text(encoding="utf-8"))
    sentences = {f"{table}.{key}": text for table, rows in told.items() for key, text in rows.items()}
    return Words(language, MappingProxyType(sentences))


def places(sentence: str) -> frozenset[str]:
    """The names of the values that a sentence takes."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


@cache
def _heard() -> Mapping[str, str]:
    return {_plain(text): key for key, text in _of("heard", words("en"))}


def _of(table: str, told: Words) -> Iterator[tuple[str, str]]:
    return ((key, text) for key, text in told.sentences.items() if key.startswith(f"{table}."))


def _plain(sentence: str) -> str:
    """Without what changes from one saying to the next: numbers, and how it begins and ends."""
    return re.sub(r"\d[\d,]*", "#", sentence.lower()).strip(" .")
