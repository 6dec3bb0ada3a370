"""The text that a customer agrees to before a camera sees her: Toile's own, or the shop's, in every language that it
greets in.

A shop's text is a TOML file: `version = "2026-12-1"`, and for each language a table with `title` and `lines`. What was
agreed to is counted by its version.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.words import words
from assets.errors import InputRefused
from assets.files import read_text

LINES, LETTERS, VERSION = 8, 220, 24
"""The most lines, letters of one, and letters of a version: what a page holds."""
_LARGEST = 100_000
_OWN = ("what", "why", "where", "face", "minor", "end", "choice")


@dataclass(frozen=True, slots=True)
class Text:
    """What is agreed to: a version, a title and lines."""

    version: str
    title: str
    lines: tuple[str, ...]


def own(language: str) -> Text:
    """Toile's text."""
    say = words(language).say
    return Text(say("consent.version"), say("consent.title"), tuple(say(f"consent.{key}") for key in _OWN))


def texts(path: str, languages: Sequence[str]) -> Mapping[str, Text]:
    """The text in each language; `path` "" for Toile's. Raises InputRefused for a file that lacks one."""
    if not path:
        return {language: own(language) for language in languages}
    try:
        told = tomllib.loads(read_text(Path(path), _LARGEST, "consent text"))
    except tomllib.TOMLDecodeError as error:
        raise InputRefused(f"{path} is not TOML: {error}") from error
    version = told.get("version")
    if not isinstance(version, str) or not 0 < len(version) <= VERSION:
        raise InputRefused(f"{path}: version is a text of at most {VERSION} letters")
    return {language: _text(path, version, language, told.get(language)) for language in languages}


def _text(path: str, version: str, language: str, told: object) -> Text:
    if not isinstance(told, Mapping):
        raise InputRefused(f"{path}: there is no text for the language {language!r}")
    title, lines = told.get("title"), told.get("lines")
    if not isinstance(title, str) or not 0 < len(title) <= LETTERS:
        raise InputRefused(f"{path}: [{language}] needs a title of at most {LETTERS} letters")
    if not isinstance(lines, list) or not 0 < len(lines) <= LINES:
        raise InputRefused(f"{path}: [{language}] needs 1 to {LINES} lines")
    if not all(isinstance(line, str) and 0 < len(line) <= LETTERS for line in lines):
        raise InputRefused(f"{path}: each line of [{language}] is a text of at most {LETTERS} letters")
    return Text(version, title, tuple(lines))
