"""The line between a visit and its keeper (app/kiosk/keeper.py): what the keeper asks comes in, signs of life go out.

Signs are sent from the window's own thread: a window that hangs sends none. When the keeper is gone, so is the visit,
with all that it started.
"""

import json
import os
import signal
import sys
import threading

from PySide6.QtCore import QObject, QTimer, Signal

BEAT = 500  # [ms]


class Pulse(QObject):
    """`shown` when the keeper asks for the window, `warmed` when it asks to warm up."""

    shown = Signal()
    warmed = Signal()

    def __init__(self, out: int = 1) -> None:
        super().__init__()
        self._out = out
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(lambda: self.tell(beat=1))

    def start(self) -> None:
        """Listen and beat."""
        threading.Thread(target=self._listen, daemon=True).start()
        self._timer.start()

    def tell(self, **told: object) -> None:
        """One line to the keeper."""
        try:
            os.write(self._out, json.dumps(told).encode() + b"\n")
        except OSError:
            end()

    def _listen(self) -> None:
        """On a thread of its own."""
        for line in sys.stdin.buffer:
            if b'"show"' in line:
                self.shown.emit()
            elif b'"warm"' in line:
                self.warmed.emit()
        end()


def end() -> None:
    """End this process and all that it started, at once: nobody is there to wipe after it."""
    if os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
