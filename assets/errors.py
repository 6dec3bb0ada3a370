"""The one tree of errors that Toile raises on purpose.

    ToileError
      UsageError      the command or a value was typed wrongly            exit 2
      InputRefused    a picture, tape, file or name cannot be used        exit 3
        UnsureInput   the same, until the person answers a question       exit 3
        UnknownKind   no file of a kind or version that is read here      exit 3
        Damaged       the file breaks the rules of its own format         exit 3
        Packed        it needs a codec or an extension not carried here   exit 3
        Incomplete    it needs another file that is not beside it         exit 3
        NothingInIt   whole, but nothing in it of what was asked for      exit 3
        TooLarge      beyond a limit of size, memory or time              exit 3
      DrapeFailed     the drape is not to be trusted                      exit 4
      CannotWrite     the place for the results cannot be written         exit 5
      MissingExtra    an optional library is not installed                exit 3
      WorkerStopped   a helper process ended before it answered           exit 3
        OverLimit     the same, for it needed too much memory or time     exit 3
      Cancelled       the person asked to stop                            exit 130

A message says what was wrong, where, and what to do, in one line.
"""

import json
import struct


class ToileError(Exception):
    """Anything that Toile can explain to the person in front of it."""

    exit_code = 3


class UsageError(ToileError):
    exit_code = 2


class InputRefused(ToileError):
    exit_code = 3


class UnsureInput(InputRefused):
    """A file leaves open what the person can tell: the unit, or which axis is up."""


class UnknownKind(InputRefused):
    """No file of a kind or version that is read here."""


class Damaged(InputRefused):
    """A file that breaks the rules of its own format."""


class Packed(InputRefused):
    """A file that needs a codec or an extension that is not carried here."""


class Incomplete(InputRefused):
    """A file that needs another one, which is not beside it."""


class NothingInIt(InputRefused):
    """A file that is whole, without anything in it of what was asked for."""


class TooLarge(InputRefused):
    """A file beyond a limit of size, memory or time."""


class BrokenRule(ValueError):
    """What a reader found against the rules of a format, in words of ours; `plainly` leaves them as they are."""


class DrapeFailed(ToileError):
    exit_code = 4


class CannotWrite(ToileError):
    exit_code = 5


class MissingExtra(ToileError):
    exit_code = 3


class WorkerStopped(ToileError):
    exit_code = 3


class OverLimit(WorkerStopped):
    """A helper process needed more memory or time than it is given."""


class Cancelled(ToileError):
    exit_code = 130


def plainly(error: Exception) -> str:
    """What a parser of strangers' files stumbled over, in words that say something of the file: libraries tell it in
    Python's. What a library says in its own words stays as it is, and BrokenRule as we say it."""
    if isinstance(error, KeyError) and error.args and str(error.args[0]).isidentifier():
        return f"{error.args[0][:40]!r} is missing or unknown"
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, letter {error.colno} is not as it should be"
    for kinds, words in _PLAINLY:
        if isinstance(error, kinds):
            return words
    if type(error).__module__ == "builtins" and not isinstance(error, SyntaxError):
        return "its parts do not fit together"
    return " ".join(str(error).split())[:100] or "its parts do not fit together"


_PLAINLY: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((EOFError, struct.error), "it ends too early"),
    ((RecursionError,), "its parts lie in each other too deep"),
    ((LookupError,), "it names something that it does not have"),
    ((UnicodeError,), "it has bytes that are no text"),
    ((ArithmeticError,), "a number in it is beyond all bounds"),
)
