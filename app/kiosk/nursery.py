"""The nursery: a process that has loaded and tried all that a visit's engine needs, and forks one for each visit.

    python -m app.kiosk.nursery SOCKET

What takes a fresh engine a dozen seconds of processor time is there at once. The nursery hears of no customer: it is
asked for a lane and handed the ends of its pipes, nothing else. What it forks joins the process group of the visit that
asked, and ends with it. Forking is safe only as long as a single thread runs: it keeps to one processor while it
loads, so that no library starts a second one, and serves nobody if one did all the same. It ends with its parent.
"""

import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from app.forked import NURSERY, Stop, heard
from app.secrecy import close_up
from app.serving import serve
from assets.files import KEEP_NOTHING

PAUSE, TRIES = 20.0, 5
"""Before a nursery that ended is begun again [s], and how often in all."""
ONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Set in the environment before it starts."""


class Nursery:
    """A nursery beside a keeper, which begins it again if it ends. `door` is where its socket lies."""

    def __init__(self, door: Path, environment: Mapping[str, str], command: Sequence[str] = ()) -> None:
        self.door = door
        self._command = (*(command or (sys.executable, "-m", "app.kiosk.nursery")), str(door))
        self._environment = {**environment, **ONE, KEEP_NOTHING: "1"}
        self._process: subprocess.Popen[bytes] | None = None
        self._again, self._tries = 0.0, TRIES

    @property
    def told(self) -> dict[str, str]:
        """What a visit's environment says of it; nothing while there is none."""
        return {NURSERY: str(self.door)} if self._process is not None and self._process.poll() is None else {}

    def keep(self) -> None:
        """Begin it, or begin it again, if it does not run."""
        if (self._process is not None and self._process.poll() is None) or time.monotonic() < self._again:
            return
        self.close()
        self._again = time.monotonic() + PAUSE
        if self._tries:
            self._tries -= 1
            with suppress(OSError):
                self._process = subprocess.Popen(
                    self._command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=self._environment,
                    process_group=0,
                )  # fmt: skip

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            assert process.stdin is not None
            process.stdin.close()
        self.door.unlink(missing_ok=True)


def main(place: str, prepare: Callable[[], object]) -> int:
    """Load, then fork whoever is asked for, until the standard input is closed."""
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(everywhere)})
    close_up()
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.bind(place)
    os.chmod(place, 0o600)
    door.listen(16)
    prepare()
    if threads() != 1:
        print("toile: the nursery has more than one thread and serves nobody", file=sys.stderr)
        return 1
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with selectors.DefaultSelector() as waiting:
        waiting.register(door, selectors.EVENT_READ)
        waiting.register(0, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                if key.fd == 0 and not os.read(0, 4096):
                    return 0
                if key.fileobj is door:
                    _answer(door, everywhere)


def threads() -> int:
    """How many threads this process runs."""
    return len(os.listdir("/proc/self/task"))


def _answer(door: socket.socket, everywhere: set[int]) -> None:
    line, _ = door.accept()
    handles: list[int] = []
    try:
        line.settimeout(2.0)
        told, handles = heard(line)
        pid = os.fork()
        if pid == 0:
            line.close()
            door.close()
            _live(told, handles, everywhere)
        with suppress(OSError):
            handle = os.pidfd_open(pid)
            socket.send_fds(line, [b"\n"], [handle])
            os.close(handle)
    except (OSError, ValueError) as error:
        print(f"toile: the nursery was asked wrongly: {error}", file=sys.stderr)
    finally:
        line.close()
        for handle in handles:
            os.close(handle)


def _live(told: dict, handles: Sequence[int], everywhere: set[int]) -> None:
    """The life of what was forked: a lane of a visit, in the visit's own surroundings."""
    from assets.worker import Twin
    from body.pose import EYES

    code = 1
    try:
        os.setpgid(0, int(told["group"]))
        os.sched_setaffinity(0, everywhere)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(told["environment"])
        tempfile.tempdir = None
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        EYES.adopt(Twin(EYES.name))
        serve(Connection(handles[0]), Stop(handles[1]), told["log"])
        code = 0
    finally:
        os._exit(code)


def grow() -> None:
    """Load what a visit needs, and try it on nobody. What only runs on several threads runs in a child of its own."""
    from app.kiosk import engine
    from assets.worker import Twin, Worker
    from body.pose import EYES, load

    load()
    with Worker("painter", "the painter") as painter:
        painter.adopt(Twin("painter"))
        pictures = painter.call("app.kiosk.engine:nobody")
    EYES.adopt(Twin(EYES.name))
    engine.warm("", (), pictures=pictures)
    EYES.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], grow))
