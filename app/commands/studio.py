"""The studio's window; where there is no display, the sample try-on into a folder instead."""

import argparse
import os
import sys
from pathlib import Path

from app.commands import _options as options
from app.words import LANGUAGES
from assets.errors import InputRefused, UsageError

HELP = "open the studio (without a display: the sample try-on into out/)"
OUT = Path("out")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE.toile", help="the project to open (the last one)")
    parser.add_argument("--language", default="", metavar="CODE", help="en or zh, this time (as in the settings)")
    parser.add_argument("--headless", action="store_true", help="do the sample try-on without a window")


def run(args: argparse.Namespace) -> int:
    if args.language and args.language not in LANGUAGES:
        raise UsageError(f"there is no language {args.language!r}: there are {', '.join(LANGUAGES)}")
    if args.headless or not has_display():
        return _sample()
    if args.file is not None and not args.file.is_file():
        raise InputRefused(f"there is no project {args.file}")
    from app.ui.starting import main

    return main(file=args.file, language=args.language)


def has_display() -> bool:
    """Whether a window can be opened here."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform != "linux" or any(os.environ.get(name) for name in named)


def _sample() -> int:
    from app.engine import export
    from app.project import sample

    print("there is no display: the sample try-on is made without a window")
    options.check_writable(OUT)
    options.check_pictures()
    export(sample(), str(OUT), progress=options.printed_progress())
    print(f"pictures, meshes, measurements and report.pdf lie in {OUT.resolve()}")
    return 0
