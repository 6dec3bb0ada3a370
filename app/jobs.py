"""Slow work, away from the window: requests that run in long-lived worker processes and come back as values.

A request names a function as "module:function" and carries its arguments, frozen values of our own, so that nothing it
reads can change under it. Each lane is one process that keeps what it loaded (torch, kernels, models). The newest
request of a name replaces the older; a worker that dies is said, and started again. Values cross by pickle between our
own processes only. The function gets `progress=`; it raises Cancelled inside the worker when the request is stopped.
Where progress is not told for a while, a watch in the worker interrupts the function between two steps of Python, as
Ctrl+C would, so that a stop is obeyed everywhere but inside one call of a library.
(The shape is Anki's taskman and napari's layer slicer: an immutable request, answered on the caller's thread.)
"""

import os
import pickle
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from app.forked import NURSERY, Forked, Stop
from app.serving import Failure, call, explain, serve
from assets.errors import Cancelled

GRACE = 5.0
_EVERYTHING = 1 << 62
_SPAWN = get_context("spawn")


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """What was asked, and whom to tell. `name` is what newer requests replace and `cancel` stops."""

    name: str
    function: str
    arguments: tuple
    number: int
    on_done: Callable[[Any], None]
    on_failed: Callable[[Failure], None]
    on_progress: Callable[[float, str], None]
    on_cancelled: Callable[[], None]


class Jobs:
    """Lanes of work. `wake` is called from another thread when `deliver` has something to hand over.

    `deliver` runs the callbacks of requests on the thread that calls it. With `in_place`, requests run inside `ask`.
    """

    def __init__(
        self,
        lanes: tuple[str, ...] = ("engine", "eyes", "poser", "meter", "clerk", "artist", "teacher"),
        wake: Callable[[], None] = lambda: None,
        in_place: bool = False,
        log: Path | None = None,
    ) -> None:
        self.wake = wake
        self.in_place = in_place
        self.restarts = 0
        self._inbox: SimpleQueue[tuple[_Lane, tuple]] = SimpleQueue()
        self._waking = threading.Lock()
        self._numbers = count(1)
        self._lanes = {lane: _Lane(lane, self, log) for lane in lanes}

    def start(self, lane: str) -> None:
        """Start a lane's process now instead of with its first request."""
        if not self.in_place:
            self._lanes[lane].start()

    def ask(
        self,
        name: str,
        function: str,
        *arguments: Any,
        lane: str = "engine",
        done: Callable[[Any], None] = lambda result: None,
        failed: Callable[[Failure], None] = lambda failure: None,
        progress: Callable[[float, str], None] = lambda fraction, words: None,
        cancelled: Callable[[], None] = lambda: None,
    ) -> Request:
        """Run a function on a lane. A pending or running request of the same name is dropped without a word."""
        request = Request(name, function, arguments, next(self._numbers), done, failed, progress, cancelled)
        if self.in_place:
            _run_here(request)
        else:
            self._lanes[lane].add(request)
        return request

    def cancel(self, name: str) -> bool:
        """Stop the request of that name and tell it so at once; whether there was one."""
        stopped = [request for lane in self._lanes.values() if (request := lane.drop(name))]
        for request in stopped:
            request.on_cancelled()
        return bool(stopped)

    def busy(self, lane: str | None = None) -> bool:
        """Whether anything is waited for."""
        return any(one.wanted() for name, one in self._lanes.items() if lane in (None, name))

    def deliver(self) -> None:
        """Hand over everything that has come in: progress, results, failures."""
        while True:
            try:
                lane, message = self._inbox.get_nowait()
            except Empty:
                return
            lane.take(message)

    def close(self, patience: float = 2.0) -> None:
        """End the worker processes, after at most `patience` [s] to tidy up; once this begins, nobody is woken."""
        with self._waking:
            self.wake = lambda: None
        for lane in self._lanes.values():
            lane.end()
        until = time.monotonic() + patience
        for lane in self._lanes.values():
            lane.close(max(until - time.monotonic(), 0.0))

    def post(self, lane: "_Lane", message: tuple) -> None:
        """Put a message from a worker where `deliver` finds it. Any thread."""
        self._inbox.put((lane, message))
        with self._waking:
            self.wake()


@dataclass(eq=False)
class _Lane:
    """One worker process, what it runs, and what waits for it. All but `_listen` belongs to the thread of `Jobs`."""

    name: str
    jobs: Jobs
    log: Path | None = None
    process: Any = None
    connection: Any = None
    stop: Any = None
    generation: int = 0
    running: Request | None = None
    abandoned: bool = False
    waiting: list[Request] = field(default_factory=list)

    def start(self) -> None:
        if self.process is not None:
            return
        self.generation += 1
        self.connection, theirs = _SPAWN.Pipe()
        if not (self.generation == 1 and NURSERY in os.environ and self._fork(theirs)):
            self._spawn(theirs)
        theirs.close()
        listen = threading.Thread(target=self._listen, args=(self.connection, self.generation), daemon=True)
        listen.start()

    def _fork(self, theirs: Connection) -> bool:
        """Have a nursery fork the process; whether there is one."""
        with suppress(OSError):
            self.stop = Stop()
            self.process = Forked(self.name, theirs, self.stop, str(self.log) if self.log else None)
            return True
        return False

    def _spawn(self, theirs: Connection) -> None:
        """Start a process from nothing."""
        self.stop = _SPAWN.Value("q", 0, lock=False)
        arguments = (theirs, self.stop, str(self.log) if self.log else None)
        self.process = _SPAWN.Process(target=serve, args=arguments, name=f"toile-{self.name}", daemon=True)
        self.process.start()

    def add(self, request: Request) -> None:
        self.drop(request.name)
        self.waiting.append(request)
        self._next()

    def drop(self, name: str) -> Request | None:
        """Forget the request of that name, wherever it is; the one that was wanted, or None."""
        for request in self.waiting:
            if request.name == name:
                self.waiting.remove(request)
                return request
        if self.running and not self.abandoned and self.running.name == name:
            self.abandoned = True
            self.stop.value = self.running.number
            timer = threading.Timer(GRACE, self._end_if_deaf, (self.process, self.running.number))
            timer.daemon = True
            timer.start()
            return self.running
        return None

    def wanted(self) -> bool:
        return bool(self.waiting) or (self.running is not None and not self.abandoned)

    def take(self, message: tuple) -> None:
        generation, kind, number, *rest = message
        if generation != self.generation:
            return
        if kind == "died":
            self._died(rest[0])
            return
        request = self.running
        if request is None or request.number != number:
            return
        if kind != "progress":
            abandoned, self.running, self.abandoned = self.abandoned, None, False
            self._next()
        else:
            abandoned = self.abandoned
        if not abandoned:
            _tell(request, kind, *rest)

    def end(self) -> None:
        """Tell the process that there is no more work."""
        self.waiting.clear()
        self.generation += 1
        if self.process is not None:
            self.stop.value = _EVERYTHING
            # A close alone is not heard as long as a thread waits in a read.
            given = (self.connection, self.generation, None)
            threading.Thread(target=self._hand_over, args=given, daemon=True).start()

    def close(self, patience: float) -> None:
        """Wait for the process, which was told, to end; after so many seconds it is made to."""
        process, self.process = self.process, None
        if process is None:
            return
        process.join(patience)
        with suppress(OSError):
            self.connection.close()
        if process.is_alive():
            process.kill()
            process.join(5)

    def _next(self) -> None:
        if self.running is None and self.waiting:
            self.start()
            self.running = self.waiting.pop(0)
            work = (self.running.number, self.running.function, self.running.arguments)
            given = (self.connection, self.generation, work)
            threading.Thread(target=self._hand_over, args=given, daemon=True).start()

    def _hand_over(self, connection: Connection, generation: int, work: tuple | None) -> None:
        """On a thread of its own, because photos are large. What cannot travel is told as a failure; a worker that is
        gone is noticed by whoever listens to it. No work: there is none any more."""
        try:
            data = pickle.dumps(work, protocol=5)
        except Exception as error:
            self.jobs.post(self, (generation, "failed", work[0] if work else 0, explain(error)))
            return
        with suppress(OSError, ValueError, TypeError):  # a TypeError, as in listening: it was closed meanwhile
            connection.send_bytes(data)

    def _listen(self, connection: Connection, generation: int) -> None:
        try:
            while True:
                kind, number, *rest = pickle.loads(connection.recv_bytes())
                self.jobs.post(self, (generation, kind, number, *rest))
        except (EOFError, OSError, TypeError):  # a TypeError is how a connection tells that it was closed meanwhile
            self.jobs.post(self, (generation, "died", 0, connection))

    def _died(self, connection: Connection) -> None:
        connection.close()
        self.process.join(2)
        code = self.process.exitcode
        self.process = None
        self.jobs.restarts += 1
        request, abandoned = self.running, self.abandoned
        self.running, self.abandoned = None, False
        if request is not None or self.waiting:
            self.start()
        self._next()
        if request is not None and not abandoned:
            sentence = f"The {self.name} stopped ({_cause(code)}) and was started again: try again"
            request.on_failed(Failure(sentence, kind="Died"))

    def _end_if_deaf(self, process: Any, number: int) -> None:
        # No process: its connection is closed by another thread, which will start another.
        ours = process is not None and self.process is process
        if ours and self.running is not None and self.running.number == number:
            process.kill()


def _tell(request: Request, kind: str, *rest: Any) -> None:
    hear: dict[str, Callable[..., None]] = {
        "progress": request.on_progress,
        "done": request.on_done,
        "failed": request.on_failed,
        "cancelled": request.on_cancelled,
    }
    hear[kind](*rest)


def _run_here(request: Request) -> None:
    try:
        result = call(request.function, *request.arguments, progress=request.on_progress)
    except Cancelled:
        request.on_cancelled()
    except Exception as error:
        request.on_failed(explain(error))
    else:
        request.on_done(result)


def _cause(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit {code}"
    killed = -code == getattr(signal, "SIGKILL", 9)
    return "the system ended it, perhaps for want of memory" if killed else "it crashed"
