"""The command line. One file a subcommand, found by its place: HELP, arguments(parser), run(args) -> exit code.

Nothing heavy is imported before a subcommand runs, so that --help answers at once. Errors that Toile can explain
are one line on stderr; whatever libraries print there goes to the log instead.
"""

import argparse
import importlib
import os
import pkgutil
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from assets.errors import ToileError
from assets.files import user_cache

DEFAULT = "studio"
UNEXPECTED, INTERRUPTED = 1, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (0 when all went well; the rest as in assets.errors)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser, modules = _parser()
    args = parser.parse_args(arguments or [DEFAULT])
    with _quiet_libraries():
        try:
            return modules[args.command].run(args)
        except ToileError as error:
            return _fail(str(error), error.exit_code)
        except KeyboardInterrupt:
            return _fail("stopped; nothing was written", INTERRUPTED)
        except BrokenPipeError:
            return INTERRUPTED
        except Exception as error:
            os.write(2, traceback.format_exc().encode())
            log = user_cache() / "log.txt"
            return _fail(f"an error that Toile did not foresee ({type(error).__name__}); details: {log}", UNEXPECTED)


def _parser() -> tuple[argparse.ArgumentParser, dict]:
    parser = argparse.ArgumentParser(
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
    print(f"toile: {' '.join(message.split())}", file=sys.stderr, flush=True)
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
