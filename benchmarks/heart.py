"""The heart of a window: a clock on its thread that tells when the thread was blocked, for how long, and by what.

A block is counted in processor time of that thread, so that other work on the machine does not count, and by the clock.
Of the clock's time the kernel tells how long the thread was ready and had to wait for a processor: the rest is what it
worked, or waited for a lock, such as Python's own (GIL), or for a file.

What was being done is read by `faulthandler`, which makes no Python frames: one that another thread holds outlives its
function, and with it whatever Qt objects were in it, such as a painter.
"""

import collections
import faulthandler
import re
import tempfile
import threading
import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer

BLOCK = 0.050
TICK = 4  # [ms]
LOOK = 0.008  # between two looks of the watcher [s]
ROOT = str(Path(__file__).resolve().parents[1])
_LINE = re.compile(r'  File "(.+)", line (\d+) in (.+)')


class Heart:
    """Ticks of the thread that makes it: wall, processor and own time of each [s], and where the blocks were spent."""

    def __init__(self) -> None:
        self.ticks: list[tuple[float, float, float]] = []
        self.blamed: collections.Counter[str] = collections.Counter()
        self.longest: list[tuple[float, str, str]] = []
        self.doing = ""
        self._thread = threading.get_ident()
        self._clock = time.pthread_getcpuclockid(self._thread)
        self._schedule = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._last = self._now()
        self._seen: collections.Counter[str] = collections.Counter()
        self._listening = True
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK)
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        self._listening = False
        self._timer.stop()
        self._watcher.join()

    @property
    def spent(self) -> list[float]:
        """Processor time of each tick [ms], ascending."""
        return sorted(1000 * spent for _, spent, _ in self.ticks)

    @property
    def waited(self) -> list[float]:
        """The same by the clock on the wall."""
        return sorted(1000 * waited for waited, _, _ in self.ticks)

    @property
    def own(self) -> list[float]:
        """By the clock on the wall, less what the thread waited for a processor."""
        return sorted(1000 * own for _, _, own in self.ticks)

    def _now(self) -> tuple[float, float, float]:
        return time.monotonic(), time.clock_gettime(self._clock), self._queued()

    def _queued(self) -> float:
        """How long the thread was ready in all and had no processor [s]; 0 where the kernel does not tell."""
        try:
            return int(self._schedule.read_text().split()[1]) / 1e9
        except (OSError, IndexError):
            return 0.0

    def _tick(self) -> None:
        now = self._now()
        waited, spent, queued = (after - before for after, before in zip(now, self._last, strict=True))
        self._last = now
        self.ticks.append((waited, spent, waited - queued))
        if spent > BLOCK:
            main = self._seen.most_common(1)
            self.longest.append((spent, self.doing, main[0][0] if main else "not seen"))
            self.blamed.update(self._seen)
        self._seen.clear()

    def _watch(self) -> None:
        before = time.clock_gettime(self._clock)
        with tempfile.TemporaryFile() as file:
            while self._listening:
                time.sleep(LOOK)
                now = time.clock_gettime(self._clock)
                if now - self._last[1] > 0.010:
                    file.seek(0)
                    file.truncate()
                    faulthandler.dump_traceback(file, all_threads=True)
                    file.seek(0)
                    self._seen[_innermost(file.read().decode(), self._thread)] += round(1e6 * (now - before))
                before = now


def _innermost(told: str, thread: int) -> str:
    """The innermost lines of ours on a thread's stack."""
    _, _, ours = told.partition(f"{thread:016x} ")
    ours = ours.split("\n\n")[0]
    found = [(Path(file).name, line, name) for file, line, name in _LINE.findall(ours)
             if file.startswith(ROOT) and "/benchmarks/" not in file and "/.venv/" not in file]  # fmt: skip
    return " < ".join(f"{file}:{line} {name}" for file, line, name in found[:4]) or "Qt itself"
