"""Keeps a kiosk alive and forgetful: each visit is a process of its own, and its end is the wipe.

Two more stand by, hidden: one is shown at once when the first ends, so that the screen is never black, and if that one
ends before another could be started, which takes long on a busy machine, there still is one. The next of them warms up
while nobody is before the one on the screen. A visit tells every half second, from its window's thread, that it lives;
one that is silent or dead is killed with all that it started, and its folder in memory (/dev/shm) is removed (room.py).
What outlives a visit is counted here: numbers only. (A pre-forked standby is Apache's and Android's zygote; a heartbeat
with a kill is a watchdog timer.)
"""

import fcntl
import os
import selectors
import tempfile
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from app.kiosk.nursery import Nursery
from app.kiosk.room import Room, remove
from app.kiosk.tally import KEPT, Tally
from app.kiosk.visit import ATTRACT, OVER, STEPS
from assets.errors import CannotWrite, InputRefused, ToileError
from assets.files import write_json

SPARE = 2  # how many stand by
COVERING = 1.5  # for the standby to be seen before the one before it is killed [s]
LOOK_AGAIN = 5.0  # while nobody is served, at what visits are begun with [s]
PAUSES = (0.0, 1.0, 2.0, 5.0, 15.0)  # before the next standby, after so many that never were ready [s]
CALM = 3.0  # with nobody before the first, till the one that stands by warms up [s]
OWED = 10_000  # numbers and verdicts that wait for a disk with room
LONGEST = 24  # letters of a consent text's version
ENDS = frozenset(("finished", "idle", "left"))


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
        self._numbers: deque[Callable[[], None]] = deque(maxlen=OWED)
        self._verdicts: deque[Callable[[], None]] = deque(maxlen=OWED)
        self._selector = selectors.DefaultSelector()
        for left in self.memory.iterdir():
            remove(left)
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
        self._settle()
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
            "unwritten": len(self._numbers) + len(self._verdicts),
            "secrecy": dict(front.guard) if front is not None else {},
        }

    def _fill(self, now: float) -> None:
        front = self.front
        if front is None and self.standby is not None and self.standby.ready:
            self.standby.show(now)
        calm = all(room.ready and (room.shown or room.asked is None) for room in self.rooms)
        if len(self.rooms) <= SPARE and now >= self._again and calm:
            try:
                told = self.nursery.told if self.nursery is not None else {}
                room = Room(self.command(), self.memory, {**self.environment, **told}, now)
                self.rooms.append(room)
                self._selector.register(room.output, selectors.EVENT_READ, room)
            except OSError:  # Not even memory has room: what is on the screen goes on, and it is tried again.
                self.failed += 1
                self._again = now + PAUSES[min(self.failed, len(PAUSES) - 1)]

    def _warm(self, now: float) -> None:
        """Have the one that stands by warm up: at once where a nursery makes that cheap, else while nobody is before
        the other, which is warm."""
        front, standby = self.front, self.standby
        cheap = self.nursery is not None and bool(self.nursery.told)
        idle = front is not None and front.warm and front.step == ATTRACT and now - front.since > CALM
        calm = cheap or idle
        if calm and standby is not None and standby.ready and not standby.warming:
            standby.warm_up()

    def _listen(self, room: Room) -> None:
        if room in self.rooms:
            try:
                for told in room.tells():
                    self._hear(room, told)
            except EOFError:
                self._selector.unregister(room.output)

    def _hear(self, room: Room, told: Mapping) -> None:
        room.lives()
        if "ready" in told:
            room.ready, room.guard, self.failed = True, told.get("secrecy") or {}, 0
            self._tell_health()
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
            self._write(self._verdicts, partial(self._note, told["fitted"]))
        if (why := told.get("over")) in ENDS:
            room.over = why

    def _look_again(self, now: float) -> None:
        """Begin anew where visits are begun with something else now than the one was that nobody is before."""
        front = self.front
        if front is None or not front.free or front.leaving or now < self._looked + LOOK_AGAIN:
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
        left = room.leaving and room.free and self.standby is not None and self.standby.ready
        return room.over or ("left" if left else room.trouble(now))

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
        room.show(time.monotonic())
        until = time.monotonic() + COVERING
        while not room.shown and room.process.poll() is None and (rest := until - time.monotonic()) > 0:
            for key, _ in self._selector.select(rest):
                self._listen(key.data)

    def _discard(self, room: Room) -> None:
        """End a visit and leave nothing of it; once."""
        if room in self.rooms:
            self.rooms.remove(room)
            with suppress(KeyError, ValueError):
                self._selector.unregister(room.output)
            room.wipe()

    def _count(self, name: str) -> None:
        self._write(self._numbers, partial(self.tally.count, name, time.strftime("%Y-%m-%d")))

    def _note(self, verdict: Mapping) -> None:
        """Keep a verdict; what is none is passed over. Raises CannotWrite."""
        try:
            self.note(verdict)
        except CannotWrite:
            raise
        except ToileError:
            pass

    def _write(self, owed: deque[Callable[[], None]], what: Callable[[], None]) -> None:
        owed.append(what)
        self._settle()

    def _settle(self) -> None:
        """Write what is owed, each kind in its order, as far as the disk lets it. A table of verdicts that is damaged
        keeps no numbers waiting."""
        for owed in (self._numbers, self._verdicts):
            with suppress(CannotWrite, OSError):
                while owed:
                    owed[0]()
                    owed.popleft()

    def _tell_health(self) -> None:
        with suppress(CannotWrite, OSError):
            self.data.mkdir(parents=True, exist_ok=True)
            write_json(self.data / "health.json", self.health())


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
