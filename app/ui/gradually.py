"""Work on the window's thread in small pieces, one after the other, with hands in between.

A panel of two hundred widgets takes Qt longer than a hand should wait. Whoever makes one yields between its parts; a
few milliseconds of parts, of all that are being made, are made in each turn of the event loop.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, wait
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

T = TypeVar("T")
BUDGET = 0.010
"""How long all pieces of one turn may take together [s]: the last one may take longer."""


class Gradually(QObject):
    """The pieces of one widget's work. Newer work takes the place of what is not done yet."""

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._owner = owner
        self._work: Iterator[object] | None = None

    @property
    def busy(self) -> bool:
        """Whether something is left to do."""
        return self._work is not None

    def do(self, work: Iterator[object]) -> None:
        """Do this, beginning at once where this turn has time left."""
        self._work = work
        _turns().spend(self)

    def drop(self) -> None:
        """Do nothing more of it."""
        self._work = None

    def finish(self) -> None:
        """Do all that is left, now."""
        while self._work is not None:
            self.go_on(time.monotonic() + BUDGET)

    def go_on(self, end: float) -> None:
        """Do pieces until that time [s, time.monotonic], one at least."""
        work = self._work
        while work is not None and work is self._work and isValid(self._owner):
            if next(work, self) is self:
                if work is self._work:  # the last piece may have given other work
                    self._work = None
            elif time.monotonic() >= end:
                return


class _Turns(QObject):
    """The turns of the event loop: whoever works in pieces shares the time of each."""

    def __init__(self) -> None:
        super().__init__()
        self._left = BUDGET
        self._waiting: deque[Gradually] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._turn)

    def spend(self, work: Gradually) -> None:
        """Go on with some work, as far as this turn has time."""
        start = time.monotonic()
        self._timer.start()
        if work not in self._waiting:
            self._waiting.append(work)
        if self._left > 0.0:
            work.go_on(start + self._left)
            self._left -= time.monotonic() - start

    def _turn(self) -> None:
        """Another turn: the work that waited longest goes first."""
        self._left = BUDGET
        for _ in range(len(self._waiting)):
            work = self._waiting.popleft()
            if isValid(work) and work.busy:
                self.spend(work)
            if self._left <= 0.0:
                break
        if not self._waiting:
            self._timer.stop()


def _turns() -> _Turns:
    if not _only or not isValid(_only[0]):
        _only[:] = [_Turns()]
    return _only[0]


_only: list[_Turns] = []


def polished(within: QWidget) -> Iterator[None]:
    """Have Qt work out the style of a widget that is not seen yet and of all that is in it, one a step: what it would
    else do of all of them at once, when they are shown."""
    for widget in within.findChildren(QWidget):
        if isValid(widget):
            widget.ensurePolished()
            yield


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
