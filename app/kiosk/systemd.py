"""Signs of life for systemd, where it started us: one datagram to the socket that it names (sd_notify(3))."""

import os
import socket
import time
from contextlib import suppress

EVERY = 1.0  # between signs [s]


class Signs:
    """READY=1 at the first sign, WATCHDOG=1 from then on; nothing where no systemd listens."""

    def __init__(self) -> None:
        self._address = os.environ.get("NOTIFY_SOCKET", "").replace("@", "\0", 1)
        self._last = -EVERY

    def __call__(self) -> None:
        now = time.monotonic()
        if not self._address or now - self._last < EVERY:
            return
        state = b"READY=1\nWATCHDOG=1" if self._last < 0 else b"WATCHDOG=1"
        self._last = now
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(state, self._address)
