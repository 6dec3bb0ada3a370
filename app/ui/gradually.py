"""Work on the window's thread in small pieces, one after the other, with hands in between.

A panel of two hundred widgets takes Qt longer than a hand should wait. Whoever makes one yields between its parts; a
few milliseconds of parts are made in each turn of the event loop.
"""

import time
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

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
        self._timer.timeout.connect(self._go_on)

    @property
    def busy(self) -> bool:
        """Whether something is left to do."""
        return self._work is not None

    def do(self, work: Iterator[object]) -> None:
        """Do this, beginning at once."""
        self._work = work
        self._timer.start()
        self._go_on()

    def finish(self) -> None:
        """Do all that is left, now."""
        while self._work is not None:
            self._go_on()

    def _go_on(self) -> None:
        end = time.monotonic() + BUDGET
        work = self._work
        while work is not None and work is self._work and isValid(self._owner):
            if next(work, self) is self:
                self._work = None
            elif time.monotonic() >= end:
                return
        if self._work is None:
            self._timer.stop()
