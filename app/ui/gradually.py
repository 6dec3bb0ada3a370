"""Work on the window's thread in small pieces, one after the other, with hands in between.

A panel of two hundred widgets takes Qt longer than a hand should wait. Whoever makes one yields between its parts; a
few milliseconds of parts are made in each turn of the event loop.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, wait
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

T = TypeVar("T")
BUDGET = 0.010
"""How long the parts of one turn may take together [s]: the last one may take longer."""


class Gradually(QObject):
    """The pieces of one widget's work. Newer work takes the place of what is not done yet."""

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._owner = owner
        self._work: Iterator[object] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.go_on)

    @property
    def busy(self) -> bool:
        """Whether something is left to do."""
        return self._work is not None

    def do(self, work: Iterator[object]) -> None:
        """Do this, beginning at once."""
        self._work = work
        self._timer.start()
        self.go_on()

    def finish(self) -> None:
        """Do all that is left, now."""
        while self._work is not None:
            self.go_on()

    def go_on(self) -> None:
        """Do as much as one turn has time for."""
        end = time.monotonic() + BUDGET
        work = self._work
        while work is not None and work is self._work and isValid(self._owner):
            if next(work, self) is self:
                self._work = None
            elif time.monotonic() >= end:
                return
        if self._work is None:
            self._timer.stop()


def aside(work: Callable[[], T]) -> Generator[None, None, T]:
    """A piece of work that is done on another thread meanwhile, and gives what comes of it: files to be read, shapes to
    be computed. Values only: widgets and pictures of Qt belong to the window's thread."""
    found: Future[T] = Future()

    def run() -> None:
        try:
            found.set_result(work())
        except BaseException as error:
            found.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    while not wait([found], timeout=BUDGET).done:
        yield
    return found.result()
