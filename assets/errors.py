"""The one tree of errors that Toile raises on purpose.

    ToileError
      UsageError      the command or a value was typed wrongly            exit 2
      InputRefused    a picture, tape, file or name cannot be used        exit 3
        UnsureInput   the same, until the person answers a question       exit 3
      DrapeFailed     the drape is not to be trusted                      exit 4
      CannotWrite     the place for the results cannot be written         exit 5
      MissingExtra    an optional library is not installed                exit 3
      WorkerStopped   a helper process ended before it answered           exit 3
      Cancelled       the person asked to stop                            exit 130

A message says what was wrong, where, and what to do, in one line.
"""


class ToileError(Exception):
    """Anything that Toile can explain to the person in front of it."""

    exit_code = 3


class UsageError(ToileError):
    exit_code = 2


class InputRefused(ToileError):
    exit_code = 3


class UnsureInput(InputRefused):
    """A file leaves open what the person can tell: the unit, or which axis is up."""


class DrapeFailed(ToileError):
    exit_code = 4


class CannotWrite(ToileError):
    exit_code = 5


class MissingExtra(ToileError):
    exit_code = 3


class WorkerStopped(ToileError):
    exit_code = 3


class Cancelled(ToileError):
    exit_code = 130
