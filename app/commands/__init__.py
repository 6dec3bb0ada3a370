"""The command line. One file a subcommand, found by its place: HELP, arguments(parser), run(args) -> exit code.

Nothing heavy is imported before a subcommand runs, so that --help answers at once. Errors that Toile can explain
are one line on stderr; whatever libraries print there goes to the log instead.
"""

import argparse
import errno
import importlib
import os
import pkgutil
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from assets.errors import CannotWrite, ToileError, UsageError
from assets.files import user_cache

DEFAULT = "studio"
PROJECTS = ".toile"
UNEXPECTED, INTERRUPTED = 1, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (0 when all went well; the rest as in assets.errors)."""
    _open_standard_streams()
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser, modules = _parser()
    if arguments[:1] and arguments[0].lower().endswith(PROJECTS):
        arguments = [DEFAULT, *arguments]
    args = parser.parse_args(arguments or [DEFAULT])
    with _quiet_libraries():
        try:
            code = modules[args.command].run(args)
            sys.stdout.flush()
            return code
        except ToileError as error:
            return _fail(str(error), error.exit_code)
        except KeyboardInterrupt:
            return _fail("stopped; nothing was written", INTERRUPTED)
        except BrokenPipeError:
            return _leave_stdout(INTERRUPTED)
        except Exception as error:
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                return _fail(f"cannot write: {error.strerror}", _leave_stdout(CannotWrite.exit_code))
            os.write(2, traceback.format_exc().encode())
            log = user_cache() / "log.txt"
            return _fail(f"an error that Toile did not foresee ({type(error).__name__}); details: {log}", UNEXPECTED)


class _Parser(argparse.ArgumentParser):
    """A parser that says in one line what was typed wrongly."""

    def error(self, message: str) -> NoReturn:
        sys.exit(_fail(f"{message} ({self.prog} --help tells what can be written)", UsageError.exit_code))


def _parser() -> tuple[argparse.ArgumentParser, dict]:
    parser = _Parser(
        prog="main.py", description="Toile: 3D try-on. Without a command the studio opens.", allow_abbrev=False
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    modules = {}
    for found in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{found.name}")
        if hasattr(module, "run"):
            modules[found.name] = module
            command = subparsers.add_parser(found.name, help=module.HELP, description=module.HELP, allow_abbrev=False)
            module.arguments(command)
    return parser, modules


def _fail(message: str, code: int) -> int:
    if sys.stdout.isatty():
        print("\r\x1b[K", end="", flush=True)  # over the moving line of progress
    print(f"toile: {' '.join(message.split())}", file=sys.stderr, flush=True)
    return code


def _open_standard_streams() -> None:
    """A caller may have closed them (`>&-`): then a file opened later must not take their place."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)


def _leave_stdout(code: int) -> int:
    """Nobody takes what is still to be printed: let Python's last flush go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return code


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Python's own sys.stderr stays on the terminal; file descriptor 2 goes to the log."""
    terminal = os.dup(2)
    python_stderr = sys.stderr
    log = os.open(user_cache() / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        if python_stderr is sys.__stderr__:
            sys.stderr = os.fdopen(os.dup(terminal), "w", buffering=1, errors="replace")
        os.dup2(log, 2)
        yield
    finally:
        sys.stderr.flush()
        os.dup2(terminal, 2)
        os.close(terminal)
        os.close(log)
        sys.stderr = python_stderr
