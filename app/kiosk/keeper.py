"""Keeps a kiosk alive and forgetful: each visit is a process of its own, and its end is the wipe.

Two more stand by, hidden: one is shown at once when the first ends, so that the screen is never black, and if that one
ends before another could be started, which takes long on a busy machine, there still is one. The next of them warms up
while nobody is before the one on the screen. A visit tells every half second, from its window's thread, that it lives;
one that is silent or dead is killed with all that it started, and its folder in memory (/dev/shm) is removed. What
outlives a visit is counted here: numbers only. (A pre-forked standby is Apache's and Android's zygote; a heartbeat with
a kill is a watchdog timer.)

Visits are told {"do": "warm"} and {"do": "show"} on their standard input and tell one JSON object a line on their
standard output: {"ready": ...} when they can be shown, {"warm": 1}, {"beat": 1}, {"shown": 1}, {"step": name},
{"agreed": version}, {"fitted": {...}}, {"operator": 1} while the operator's corner is open, 0 once it is
closed, {"settings": 1} when the operator changed some, {"over": why}.
"""

import fcntl
import json
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from app.kiosk.nursery import Nursery
from app.kiosk.tally import KEPT, Tally
from app.kiosk.visit import ATTRACT, OVER, STEPS
from assets.errors import CannotWrite, InputRefused, ToileError
from assets.files import KEEP_NOTHING, write_json

SILENT, STARVED = 5.0, 30.0
"""Seconds without a sign after which a visit that was ready is killed: those in which it waited for a processor, which
others had, do not count, until STARVED."""
WARMING = 180.0
"""Seconds that a visit may take to be ready."""
SPARE = 2  # how many stand by
COVERING = 1.5  # for the standby to be seen before the one before it is killed [s]
LOOK_AGAIN = 5.0  # while nobody is served, at what visits are begun with [s]
PAUSES = (0.0, 1.0, 2.0, 5.0, 15.0)  # before the next standby, after so many that never were ready [s]
CALM = 3.0  # with nobody before the first, till the one that stands by warms up [s]
SHADERS = ("MESA_SHADER_CACHE_DIR", "MESA_GLSL_CACHE_DIR")
"""Where the driver keeps compiled shaders: one place for all visits, for they take seconds and tell of nobody."""
_LINE = 65_536  # bytes of one line that a visit may tell
LONGEST = 24  # letters of a consent text's version
ENDS = frozenset(("finished", "idle", "left"))


class Room:
    """One visit: its process, what it was begun with, its folder in memory, what it told last and when [s]."""

    def __init__(self, process: "subprocess.Popen[bytes]", folder: Path, now: float, command: Sequence[str]) -> None:
        self.process, self.folder, self.heard, self.command = process, folder, now, command
        self.ready = self.shown = self.warm = self.leaving = self.operated = False
        self.asked: float | None = None
        self.warming = False
        self.step, self.since, self.waited, self.waited_asked = ATTRACT, now, 0.0, 0.0
        self.steps: set[str] = set()
        self.guard: Mapping = {}
        self.over = ""
        self.waiting = b""


class Keeper:
    """Runs visits with what `command` gives, one on the screen and SPARE standing by.

    `memory`: where their folders lie, /dev/shm where there is one; `data`: where numbers and health are kept. `note` is
    given each verdict on a fit as a visit told it; `kept`: for how many days numbers are; `nursery`: whether visits get
    their engines from one. Only one keeper may use a `memory`. Raises InputRefused where another does."""

    def __init__(
        self,
        command: Callable[[], Sequence[str]],
        data: Path,
        memory: Path | None = None,
        note: Callable[[Mapping], None] = lambda told: None,
        environment: Mapping[str, str] | None = None,
        kept: int = KEPT,
        nursery: bool = False,
    ) -> None:
        self.command, self.note = command, note
        self.memory = _own_folder(memory or common_memory())
        self._lock = _locked(self.memory)
        self.data, self.tally = data, Tally(data, kept)
        self.environment = dict(os.environ if environment is None else environment)
        self.rooms: list[Room] = []
        self.restarts, self.failed, self._stopping = 0, 0, False
        self._again = self._looked = 0.0
        self._selector = selectors.DefaultSelector()
        for left in self.memory.iterdir():
            _remove(left)
        self.nursery = Nursery(self.memory / "nursery", self.environment) if nursery else None

    @property
    def front(self) -> Room | None:
        """Who is on the screen."""
        return next((room for room in self.rooms if room.shown or room.asked is not None), None)

    @property
    def standby(self) -> Room | None:
        """Who is shown next, which is ready if any is."""
        waiting = [room for room in self.rooms if not room.shown and room.asked is None]
        return next((room for room in waiting if room.ready), waiting[0] if waiting else None)

    def run(self, sign: Callable[[], None] = lambda: None) -> None:
        """Keep on until `stop`; `sign` is called at every turn."""
        try:
            while not self._stopping:
                self.turn(0.1)
                sign()
        finally:
            self.close()

    def stop(self) -> None:
        """End soon. May be called from a signal's handler."""
        self._stopping = True

    def turn(self, wait: float) -> None:
        """One look at everybody, after at most `wait` [s]."""
        for key, _ in self._selector.select(wait):
            self._listen(key.data)
        now = time.monotonic()
        if self.nursery is not None:
            self.nursery.keep()
        for room in list(self.rooms):
            if trouble := self._trouble(room, now):
                self._end(room, trouble)
        self._look_again(now)
        self._fill(now)
        self._warm(now)

    def close(self) -> None:
        """End everybody and leave nothing."""
        for room in list(self.rooms):
            self._discard(room)
        if self.nursery is not None:
            self.nursery.close()
        with suppress(OSError):
            os.close(self._lock)

    def health(self) -> dict:
        """How it goes, for whoever runs the kiosk: nobody in it."""
        front = self.front
        return {
            "schema": "toile.kiosk/1",
            "shown": front is not None and front.shown,
            "standby_ready": any(room.ready for room in self.rooms if room is not front),
            "in_memory": self.memory.parts[:3] == ("/", "dev", "shm"),
            "restarts": self.restarts,
            "secrecy": dict(front.guard) if front is not None else {},
        }

    def _fill(self, now: float) -> None:
        front = self.front
        if front is None and self.standby is not None and self.standby.ready:
            self._show(self.standby, now)
        calm = all(room.ready and (room.shown or room.asked is None) for room in self.rooms)
        if len(self.rooms) <= SPARE and now >= self._again and calm:
            try:
                self.rooms.append(self._start(now))
            except OSError:  # Not even memory has room: what is on the screen goes on, and it is tried again.
                self.failed += 1
                self._again = now + PAUSES[min(self.failed, len(PAUSES) - 1)]

    def _start(self, now: float) -> Room:
        folder = Path(tempfile.mkdtemp(dir=self.memory, prefix="visit-"))
        private = {name: str(folder) for name in ("TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")}
        if self.environment.get("WAYLAND_DISPLAY"):
            private.pop("XDG_RUNTIME_DIR")  # the screen itself lies there
        private |= dict.fromkeys(SHADERS, str(self.memory / "shaders"))
        if self.nursery is not None:
            private |= self.nursery.told
        command = tuple(self.command())
        with open(folder / "visit.log", "wb") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                process_group=0, env={**self.environment, **private, KEEP_NOTHING: "1"},
            )  # fmt: skip
        room = Room(process, folder, now, command)
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        self._selector.register(process.stdout, selectors.EVENT_READ, room)
        return room

    def _show(self, room: Room, now: float) -> None:
        room.asked, room.waited_asked = now, waited(room.process.pid)
        _ask(room, "show")

    def _warm(self, now: float) -> None:
        """Have the one that stands by warm up: at once where a nursery makes that cheap, else while nobody is before
        the other, which is warm."""
        front, standby = self.front, self.standby
        cheap = self.nursery is not None and bool(self.nursery.told)
        idle = front is not None and front.warm and front.step == ATTRACT and now - front.since > CALM
        calm = cheap or idle
        if calm and standby is not None and standby.ready and not standby.warming:
            standby.warming = True
            _ask(standby, "warm")

    def _listen(self, room: Room) -> None:
        if room not in self.rooms:
            return
        assert room.process.stdout is not None
        try:
            data = os.read(room.process.stdout.fileno(), _LINE)
        except BlockingIOError:
            return
        if not data:
            self._selector.unregister(room.process.stdout)
            return
        *lines, room.waiting = (room.waiting + data).split(b"\n")
        room.waiting = room.waiting[-_LINE:]
        for line in lines:
            with suppress(ValueError):
                told = json.loads(line)
                if isinstance(told, dict):
                    self._hear(room, told)

    def _hear(self, room: Room, told: Mapping) -> None:
        room.heard, room.waited = time.monotonic(), waited(room.process.pid)
        if "ready" in told:
            room.ready, room.guard, self.failed = True, told.get("secrecy") or {}, 0
        if "shown" in told:
            room.shown = True
            self._count("shown")
            self._tell_health()
        if "warm" in told:
            room.warm = True
        step = told.get("step")
        if step in STEPS:
            room.step, room.since = step, room.heard
        if step in STEPS and step not in (ATTRACT, OVER, *room.steps):
            room.steps.add(step)
            self._count(step)
        if isinstance(agreed := told.get("agreed"), str) and len(agreed) <= LONGEST:
            self._count(f"agreed {agreed}")
        if "operator" in told:
            room.operated = bool(told["operator"])
        if "settings" in told:
            room.operated = False
            self._begin_anew(room)
        if isinstance(told.get("fitted"), dict):
            with suppress(ToileError):
                self.note(told["fitted"])
        if (why := told.get("over")) in ENDS:
            room.over = why

    def _look_again(self, now: float) -> None:
        """Begin anew where visits are begun with something else now than the one was that nobody is before."""
        front = self.front
        if front is None or not _free(front) or front.leaving or now < self._looked + LOOK_AGAIN:
            return
        self._looked = now
        if tuple(self.command()) != front.command:
            self._begin_anew(front)

    def _begin_anew(self, room: Room) -> None:
        """With the settings as they are now: what stands by is of the old ones. The present visit ends when another is
        there, unless somebody has begun with it by then."""
        for other in [other for other in self.rooms if other is not room]:
            self._discard(other)
        room.leaving = True

    def _trouble(self, room: Room, now: float) -> str:
        """Why a visit is to end, "" while it is not."""
        if room.over:
            return room.over
        if room.leaving and _free(room) and self.standby is not None and self.standby.ready:
            return "left"
        if room.process.poll() is not None:
            return "died"
        if not room.ready:
            return "silent" if now - room.heard > WARMING else ""
        if room.asked is not None and not room.shown and _frozen(room, now - room.asked, room.waited_asked):
            return "silent"
        return "silent" if _frozen(room, now - room.heard, room.waited) else ""

    def _end(self, room: Room, why: str) -> None:
        """Show the next, if it is ready, then wipe this one."""
        was_front = room is self.front
        if was_front:
            self._count(why)
            next_ = self.standby
            if next_ is not None and next_.ready:
                self._cover(next_)
        if why in ("died", "silent"):
            self.restarts += 1
            self.failed += not room.ready
            self._again = time.monotonic() + PAUSES[min(self.failed, len(PAUSES) - 1)]
        self._discard(room)
        self._tell_health()

    def _cover(self, room: Room) -> None:
        self._show(room, time.monotonic())
        until = time.monotonic() + COVERING
        while not room.shown and room.process.poll() is None and (rest := until - time.monotonic()) > 0:
            for key, _ in self._selector.select(rest):
                self._listen(key.data)

    def _discard(self, room: Room) -> None:
        """Kill a visit with all that it started, and remove what it wrote; once."""
        if room not in self.rooms:
            return
        self.rooms.remove(room)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(room.process.pid, signal.SIGKILL)
        assert room.process.stdout is not None
        with suppress(KeyError, ValueError):
            self._selector.unregister(room.process.stdout)
        room.process.wait()
        for pipe in (room.process.stdin, room.process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        until = time.monotonic() + 2.0
        while _alive(room.process.pid) and time.monotonic() < until:
            time.sleep(0.01)
        _remove(room.folder)

    def _count(self, name: str) -> None:
        with suppress(CannotWrite, OSError):
            self.tally.count(name, time.strftime("%Y-%m-%d"))

    def _tell_health(self) -> None:
        with suppress(CannotWrite, OSError):
            self.data.mkdir(parents=True, exist_ok=True)
            write_json(self.data / "health.json", self.health())


def _free(room: Room) -> bool:
    """Whether neither a customer nor the operator is before a visit."""
    return room.step == ATTRACT and not room.operated


def _frozen(room: Room, silence: float, then: float) -> bool:
    """Whether a visit is silent [s] for too long; `then`: what it had waited for a processor before [s]."""
    if SILENT < silence < STARVED:
        silence -= waited(room.process.pid) - then
    return silence > SILENT


def _ask(room: Room, what: str) -> None:
    assert room.process.stdin is not None
    with suppress(OSError):
        room.process.stdin.write(json.dumps({"do": what}).encode() + b"\n")
        room.process.stdin.flush()


def waited(process: int) -> float:
    """For how long [s] the first thread of a process, a visit's window, could have run while others did."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def common_memory() -> Path:
    """Where visits' folders lie: in memory where the system has such a place."""
    shared = Path("/dev/shm")
    place = shared if shared.is_dir() and os.access(shared, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
    return place / f"toile-kiosk-{os.getuid()}"


def _own_folder(path: Path) -> Path:
    """A folder that is ours alone. Raises InputRefused for one that is somebody else's."""
    with suppress(FileExistsError):
        path.mkdir(mode=0o700, parents=True)
    told = path.lstat()
    if path.is_symlink() or not path.is_dir() or told.st_uid != os.getuid():
        raise InputRefused(f"{path} belongs to somebody else: remove it, for visits' folders lie there")
    path.chmod(0o700)
    return path


def _locked(folder: Path) -> int:
    """The folder held as long as this process lives. Raises InputRefused where another process holds it."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise InputRefused("a kiosk is running already: end it first") from error
    return handle


def _alive(group: int) -> bool:
    """Whether a process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    with suppress(OSError):
        path.unlink()
