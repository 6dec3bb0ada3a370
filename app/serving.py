"""The worker's side of slow work: what a process of app/jobs.py does from its first request to its last.

It runs one function after the other, tells how far each is, and says what failed in words for a person. A watch
(app/watch.py) interrupts a function that nobody waits for any more.
"""

import io
import os
import pickle
import signal
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from app.secrecy import close_up
from app.watch import Watch
from assets.errors import Cancelled, ToileError
from assets.files import keeps_nothing

PROGRESS_EVERY = 0.05
MEEK = 5
"""How much more readily the processor is given to the window than to a worker (nice)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request has no result: one sentence for the person, details for whoever repairs it, the error's name."""

    sentence: str
    details: str = ""
    kind: str = "ToileError"


def call(function: str, *arguments: Any, **named: Any) -> Any:
    """Run "module:function" here and now."""
    module, _, name = function.partition(":")
    return getattr(import_module(module), name)(*arguments, **named)


def explain(error: BaseException) -> Failure:
    """An exception as a person should hear of it."""
    details = "".join(traceback.format_exception(error))
    if isinstance(error, ToileError):
        return Failure(str(error), details, type(error).__name__)
    if isinstance(error, MemoryError):
        return Failure("This computer ran out of memory: close other programs and try again", details, "MemoryError")
    said = f"{type(error).__name__}: {error}".rstrip(": ")
    sentence = f"Toile made a mistake ({said}): undo the last step, or copy the details and report it"
    return Failure(sentence, details, "Bug")


def serve(connection: Connection, stop: Any, log: str | None) -> None:
    """The worker's life: take a request, run it, answer, until the window hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(MEEK)
    if log:
        _write_to(log)
    if keeps_nothing():
        close_up()
    watch = Watch(stop)
    with suppress(EOFError, OSError):
        while True:
            work = pickle.loads(connection.recv_bytes())
            if work is None:
                return
            number, function, arguments = work
            _send(connection, _attempt(connection, watch, number, function, arguments))


def _attempt(connection: Connection, watch: Watch, number: int, function: str, arguments: tuple) -> tuple:
    last = 0.0

    def progress(fraction: float, words: str) -> None:
        nonlocal last
        if watch.stopped(number):
            raise Cancelled("stopped")
        now = time.monotonic()
        if now - last >= PROGRESS_EVERY or fraction >= 1.0:
            last = now
            with watch.tied():
                _send(connection, ("progress", number, float(fraction), str(words)))

    try:
        with watch.over(number):
            result = call(function, *arguments, progress=progress)
        return "done", number, result
    except Cancelled:
        return "cancelled", number
    except Exception as error:
        if watch.stopped(number):
            return "cancelled", number  # torn somewhere on the way out: nobody waits for it
        traceback.print_exc()
        return "failed", number, explain(error)


def _send(connection: Connection, message: tuple) -> None:
    connection.send_bytes(pickle.dumps(message, protocol=5))


class _Log(io.TextIOBase):
    """What a worker prints. Where it cannot be written, because the disk is full, the work goes on all the same."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            os.write(2, text.encode(errors="replace"))
        return len(text)

    def fileno(self) -> int:
        return 2


def _write_to(log: str) -> None:
    """Send what libraries print to the log, so that the terminal shows our words only."""
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    except OSError:
        handle = os.open(os.devnull, os.O_WRONLY)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.close(handle)
    sys.stdout = sys.stderr = _Log()
