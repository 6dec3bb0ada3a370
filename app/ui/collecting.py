"""Python's cyclic garbage is collected on the window's thread only.

Python collects on whichever thread happens to allocate, such as one that unpacks a worker's answer. A widget, a timer
or a pixmap that dies there takes the program down, now or later. The idea is pyqtgraph's GarbageCollector (2012, MIT).
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY = 250  # between two looks whether there is enough to collect [ms]
STILL = 100  # objects: where fewer came and went between two looks nobody works in the window


class Collector(QObject):
    """Collects on the thread that made it, by Python's own thresholds, as long as its event loop runs.

    From here on nothing else in this process collects by itself. What the program has built up to now is taken for
    permanent and is not looked through again.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        gc.collect()
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._collect)
        self._timer.start()
        self._settled, self._old, self._count = False, False, 0

    def _collect(self) -> None:
        """Collect what is due. What has come by the time when all is due first, modules and tables for the most part,
        is taken for permanent, too: to look it through takes longer than a hand should wait. Later all is looked
        through when nobody works."""
        due, count = _due(), gc.get_count()[0]
        still, self._count = abs(count - self._count) < STILL, count
        if due == 2 and not self._settled:
            self._settled = True
            gc.collect(1)
            gc.freeze()
        elif due is not None:
            gc.collect(min(due, 1))
            self._old |= due == 2
        elif self._old and still:
            self._old = False
            gc.collect()


def _due() -> int | None:
    """The oldest generation of which there is enough to collect."""
    due = [count > most for count, most in zip(gc.get_count(), gc.get_threshold(), strict=True)]
    return max((k for k in range(3) if all(due[: k + 1])), default=None)
