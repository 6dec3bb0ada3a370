"""One visit of the kiosk: a process in a folder of its own in memory, what it tells, and its wipe.

It is told {"do": "warm"} and {"do": "show"} on its standard input and tells one JSON object a line on its standard
output: {"ready": ...} when it can be shown, {"warm": 1}, {"beat": 1}, {"shown": 1}, {"step": name}, {"agreed":
version}, {"fitted": {...}}, {"operator": 1} while the operator's corner is open, 0 once it is closed, {"settings": 1}
when the operator changed some, {"over": why}.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from app.kiosk.visit import ATTRACT
from assets.files import KEEP_NOTHING

SILENT, STARVED = 5.0, 30.0
"""Seconds without a sign after which a visit that was ready is killed: those in which it waited for a processor, which
others had, do not count, until STARVED."""
WARMING = 180.0
"""Seconds that a visit may take to be ready."""
DYING = 2.0  # for all that it started to be gone [s]
SHADERS = ("MESA_SHADER_CACHE_DIR", "MESA_GLSL_CACHE_DIR")
"""Where the driver keeps compiled shaders: one place for all visits, for they take seconds and tell of nobody."""
_LINE = 65_536  # bytes of one line that a visit may tell


class Room:
    """What it was begun with, what it told last and when [s] (`heard`, `waited`: how long it had waited for a processor
    by then), since when it is at its `step`, and when it was `asked` to be shown."""

    def __init__(self, command: Sequence[str], memory: Path, environment: Mapping[str, str], now: float) -> None:
        """Begin it, in a new folder under `memory`. Raises OSError where there is no room."""
        self.command, self.folder = tuple(command), Path(tempfile.mkdtemp(dir=memory, prefix="visit-"))
        private = dict.fromkeys(("TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"), str(self.folder))
        if environment.get("WAYLAND_DISPLAY"):
            private.pop("XDG_RUNTIME_DIR")  # the screen itself lies there
        private |= dict.fromkeys(SHADERS, str(memory / "shaders"))
        try:
            with open(self.folder / "visit.log", "wb") as log:
                self.process = subprocess.Popen(
                    self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                    process_group=0, env={**environment, **private, KEEP_NOTHING: "1"},
                )  # fmt: skip
        except OSError:
            remove(self.folder)
            raise
        assert self.process.stdin is not None and self.process.stdout is not None
        self.input, self.output = self.process.stdin, self.process.stdout
        os.set_blocking(self.output.fileno(), False)
        self.ready = self.shown = self.warm = self.warming = self.leaving = self.operated = False
        self.asked: float | None = None
        self.heard, self.waited, self.waited_asked = now, 0.0, 0.0
        self.step, self.since, self.steps = ATTRACT, now, set[str]()
        self.guard: Mapping = {}
        self.over = ""
        self._begun = b""

    @property
    def free(self) -> bool:
        """Whether neither a customer nor the operator is before it."""
        return self.step == ATTRACT and not self.operated

    def show(self, now: float) -> None:
        """Have it come to the screen."""
        self.asked, self.waited_asked = now, waited(self.process.pid)
        self._ask("show")

    def warm_up(self) -> None:
        """Have it load what it will need."""
        self.warming = True
        self._ask("warm")

    def tells(self) -> Iterator[Mapping]:
        """What it has told since it was last asked. Raises EOFError when it will tell nothing any more."""
        try:
            data = os.read(self.output.fileno(), _LINE)
        except BlockingIOError:
            return
        if not data:
            raise EOFError
        *lines, begun = (self._begun + data).split(b"\n")
        self._begun = begun[-_LINE:]
        for line in lines:
            with suppress(ValueError):
                told = json.loads(line)
                if isinstance(told, dict):
                    yield told

    def lives(self) -> None:
        """It has just told something."""
        self.heard, self.waited = time.monotonic(), waited(self.process.pid)

    def trouble(self, now: float) -> str:
        """That it "died", or is "silent"; "" while it is neither."""
        if self.process.poll() is not None:
            return "died"
        if not self.ready:
            return "silent" if now - self.heard > WARMING else ""
        frozen = self.asked is not None and not self.shown and self._frozen(now - self.asked, self.waited_asked)
        return "silent" if frozen or self._frozen(now - self.heard, self.waited) else ""

    def wipe(self) -> None:
        """Kill it with all that it started, and remove what it wrote."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.input, self.output):
            with suppress(OSError):
                pipe.close()
        until = time.monotonic() + DYING
        while _alive(self.process.pid) and time.monotonic() < until:
            time.sleep(0.01)
        remove(self.folder)

    def _ask(self, what: str) -> None:
        with suppress(OSError):
            self.input.write(json.dumps({"do": what}).encode() + b"\n")
            self.input.flush()

    def _frozen(self, silence: float, then: float) -> bool:
        """Whether it is silent [s] for too long; `then`: what it had waited for a processor before [s]."""
        if SILENT < silence < STARVED:
            silence -= waited(self.process.pid) - then
        return silence > SILENT


def waited(process: int) -> float:
    """For how long [s] the first thread of a process, a visit's window, could have run while others did."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def remove(path: Path) -> None:
    """Remove a file or a folder with all that is in it, as far as that is allowed."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    with suppress(OSError):
        path.unlink()


def _alive(group: int) -> bool:
    """Whether a process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
