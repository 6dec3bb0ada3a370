"""A watch over one request of a worker: stops Python code that tells no progress, as Ctrl+C would.

It raises Cancelled on the worker's main thread between two steps of Python; never inside an import, which would be left
half made, nor while a message is on its way.
"""

import _thread
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from assets.errors import Cancelled

WATCH, PATIENCE = 0.02, 0.06
"""How often [s] a worker looks whether it is to stop, and how long it waits for the function to notice by itself."""


class Watch:
    """Interrupts the request that runs, when it is to stop and does not notice by itself."""

    def __init__(self, stop: Any) -> None:
        self.stop = stop
        self.number: int | None = None
        self._tied = 0
        threading.Thread(target=self._look, daemon=True).start()

    def stopped(self, number: int) -> bool:
        return self.stop.value >= number

    @contextmanager
    def over(self, number: int) -> Iterator[None]:
        """Watch over a request; what is not interrupted by the end of this never is."""
        signal.signal(signal.SIGINT, self._interrupted)
        self.number = number
        try:
            yield
        finally:
            self.number = None
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    @contextmanager
    def tied(self) -> Iterator[None]:
        """A piece of work that must not be torn, such as a message half sent."""
        self._tied += 1
        try:
            yield
        finally:
            self._tied -= 1

    def _look(self) -> None:
        since: float | None = None
        while True:
            time.sleep(WATCH)
            number = self.number
            if number is None or not self.stopped(number):
                since = None
                continue
            since = since or time.monotonic()
            if time.monotonic() - since >= PATIENCE:
                _interrupt_main()

    def _interrupted(self, number: int, frame: Any) -> None:
        """On the worker's main thread, once a request. A module that is being imported must not be left half made."""
        if self.number is None or not self.stopped(self.number) or self._tied:
            return
        while frame is not None:
            if frame.f_code.co_filename.startswith("<frozen importlib"):
                return
            frame = frame.f_back
        self.number = None
        raise Cancelled("stopped")


def _interrupt_main() -> None:
    """As Ctrl+C would: also out of a wait, where the system can."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()
