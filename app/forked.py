"""A worker that a nursery forks: a process that has already loaded what it needs (app/kiosk/nursery.py keeps one).

It is asked for through the nursery's socket, which is handed the worker's end of a pipe and a word of shared memory.
Linux only; whoever gets none starts a process as ever. (The idea is Android's zygote.)
"""

import array
import json
import mmap
import os
import select
import signal
import socket
from contextlib import suppress
from multiprocessing.connection import Connection

NURSERY = "TOILE_NURSERY"
"""The environment's name for where the nursery's socket lies."""
_LONGEST = 1 << 20


class Stop:
    """A number that two processes share, in memory that is named by a file descriptor."""

    def __init__(self, handle: int | None = None) -> None:
        self.handle = os.memfd_create("toile-stop") if handle is None else handle
        if handle is None:
            os.ftruncate(self.handle, 8)
        self._word = memoryview(mmap.mmap(self.handle, 8)).cast("q")

    @property
    def value(self) -> int:
        return self._word[0]

    @value.setter
    def value(self, number: int) -> None:
        self._word[0] = number


class Forked:
    """A forked worker, with what app/jobs.py asks of a process. Its exit code is not known: it is nobody's child."""

    exitcode = None

    def __init__(self, lane: str, theirs: Connection, stop: Stop, log: str | None) -> None:
        """Raises OSError where there is no nursery, KeyError where none is named."""
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._line.connect(os.environ[NURSERY])
        told = {"lane": lane, "log": log, "group": os.getpgid(0), "environment": dict(os.environ)}
        socket.send_fds(self._line, [json.dumps(told).encode() + b"\n"], [theirs.fileno(), stop.handle])
        self._handle: int | None = None

    def join(self, patience: float | None = None) -> None:
        if (handle := self._known()) is not None:
            select.select([handle], [], [], patience)

    def is_alive(self) -> bool:
        handle = self._known()
        return handle is not None and not select.select([handle], [], [], 0)[0]

    def kill(self) -> None:
        if (handle := self._known()) is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)

    def _known(self) -> int | None:
        """A descriptor of the process, as soon as the nursery has told it."""
        if self._handle is None:
            with suppress(OSError):
                _, handles, _, _ = socket.recv_fds(self._line, 1, 1, socket.MSG_DONTWAIT)
                self._handle = handles[0] if handles else None
        return self._handle


def heard(line: socket.socket) -> tuple[dict, list[int]]:
    """What a client asks of a nursery, and the descriptors that it hands over. Raises ValueError for anything else, and
    OSError for a line that is silent; no descriptor stays open then, for whoever asked would wait at its other end."""
    handles = array.array("i")
    try:
        return _asked(line, handles), list(handles)
    except (OSError, ValueError):
        for handle in handles:
            os.close(handle)
        raise


def _asked(line: socket.socket, handles: array.array) -> dict:
    data = b""
    while not data.endswith(b"\n"):
        more, got, _, _ = socket.recv_fds(line, 65_536, 2)
        handles.extend(got)
        data += more
        if not more or len(data) > _LONGEST:
            raise ValueError("no request")
    told = json.loads(data)
    if not isinstance(told, dict) or len(handles) != 2:
        raise ValueError("no request")
    return told
