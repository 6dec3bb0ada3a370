"""A child process for work that may crash, hang, swallow memory or chatter: strangers' files, noisy native libraries.

    once("body.frame:decode", path, memory=2e9, cpu=20, deadline=30)       # a short life: one file, then gone
    eyes = Worker("eyes", "the pose finder")                               # a long one: imports are paid for once
    eyes.call("body.pose:look", pixels)

Work is named "module:function" and takes and gives plain values: what JSON can say, and arrays, which travel as npy
and are never unpickled (tuples arrive as lists). Standard input and output carry the messages; the child's own file
descriptors 1 and 2 go to a log in the user's cache, so that nothing a library prints reaches the person. A ToileError
raised in the child is raised here again, by its name in our tree; all else that goes wrong is WorkerStopped, in one
sentence, and the next call starts a fresh child.

The limits (address space, processor time, deadline) are against accidents and hostile files, not against hostile code;
without the `resource` module (Windows) only the deadline holds.
"""

import contextlib
import importlib
import io
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from types import TracebackType
from typing import IO, Any

import numpy as np

from assets.errors import Cancelled, OverLimit, ToileError, WorkerStopped
from assets.files import ROOT, user_cache

_LARGEST_MESSAGE = 4 << 30
_LARGEST_LOG = 1 << 20
_SIZE = struct.Struct("<Q")
_BUSY, _MOMENT = 4.0, 0.01
"""How many times as long a machine that does other work may take where it does not tell; what [s] is not waited for."""


class Worker:
    """A child process that answers calls, one at a time; it is started by the first call and again after its end."""

    def __init__(self, name: str, title: str, *, memory: float | None = None, cpu: float | None = None) -> None:
        """`name` names the log, `title` is what messages call it; limits: memory [bytes], cpu [s] for each call."""
        self.name, self.title, self.memory, self.cpu = name, title, memory, cpu
        self._process: subprocess.Popen[bytes] | Twin | None = None
        self._turn = threading.Lock()
        self._why = ""
        self._cancelled = False

    def call(
        self,
        function: str,
        *args: object,
        deadline: float | None = None,
        progress: Callable[[float, str], None] | None = None,
    ) -> Any:
        """What `function(*args)` returns; with `progress` it is also given `progress=` and may report.

        Raises the ToileError that it raised, Cancelled, or WorkerStopped; a silence of `deadline` [s], in which it
        had a processor or wanted none, ends the child.
        """
        answer = None
        for kind, value in self._messages(function, args, deadline, reports=progress is not None):
            if kind == "progress" and progress:
                progress(*value)
            answer = value
        return answer

    def stream(self, function: str, *args: object, deadline: float | None = None) -> Iterator[Any]:
        """The items of the generator `function(*args)`, as they come; leaving early ends the child."""
        for kind, value in self._messages(function, args, deadline):
            if kind == "item":
                yield value

    def cancel(self) -> None:
        """End the child at once, from any thread; the call that waits for it raises Cancelled."""
        self._cancelled = True
        self._kill("it was cancelled")

    def adopt(self, twin: "Twin") -> None:
        """Have a fork of this process answer, which has loaded what it loaded, instead of a child begun anew."""
        self.close()
        self._process = twin

    def close(self) -> None:
        """End the child. A later call starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _messages(
        self, function: str, args: tuple, deadline: float | None, reports: bool = False
    ) -> Iterator[tuple[str, Any]]:
        """What the child says until it has settled the request; a request left unsettled ends the child."""
        with self._turn:
            self._why, self._cancelled = "", False
            self._start()
            kind = ""
            try:
                self._exchange(deadline, {"call": function, "args": list(args), "reports": reports})
                while kind not in ("value", "error"):
                    kind, value = self._exchange(deadline)
                    if kind == "error":
                        raise self._error(*value)
                    yield kind, value
            finally:
                if kind not in ("value", "error"):
                    self.close()

    def _exchange(self, deadline: float | None, request: object = None) -> Any:
        """Send the request if there is one, else receive a message. Raises Cancelled or WorkerStopped."""
        process = self._process
        assert process and process.stdin and process.stdout
        over = threading.Event()
        if deadline:
            threading.Thread(target=self._watch, args=(process, deadline, over), daemon=True).start()
        try:
            return _send(process.stdin, request) if request else _receive(process.stdout)
        except (OSError, EOFError, ValueError) as error:
            if self._cancelled:
                raise Cancelled("stopped") from None
            kind, why = self._epitaph(process)
            raise kind(f"{self.title} stopped: {why}") from error
        finally:
            over.set()

    def _start(self) -> "subprocess.Popen[bytes] | Twin":
        if self._process is None or self._process.poll() is not None:
            self.close()
            limits = [str(int(limit or 0)) for limit in (self.memory, self.cpu)]
            with _log(self.name) as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-m", "assets.worker", *limits],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=_environment(self.memory),
                )  # fmt: skip
        return self._process

    def _watch(self, process: "subprocess.Popen[bytes] | Twin", deadline: float, over: threading.Event) -> None:
        """End the child once it has had `deadline` [s]; what it waited for a processor is not its own."""
        start, before, left = time.monotonic(), _waited(process.pid), deadline
        while not over.wait(left):
            gone, waited = time.monotonic() - start, _waited(process.pid)
            own = gone / _BUSY if waited is None or before is None else gone - (waited - before)
            left = deadline - own
            if left < _MOMENT and not over.is_set():
                self._kill(f"it took longer than {deadline:g} s")
                return

    def _kill(self, why: str) -> None:
        process = self._process
        if process is not None:
            self._why = why
            process.kill()

    def _error(self, name: str, message: str) -> ToileError:
        if name == "MemoryError":
            limit = f"more than {self.memory / 1e9:.1f} GB of" if self.memory else "too much"
            return OverLimit(f"{self.title} stopped: it needed {limit} memory")
        known = {kind.__name__: kind for kind in _tree(ToileError)}
        if name in known:
            return known[name](message)
        return WorkerStopped(f"{self.title} failed ({name}: {message}); see the log {self.name}.log in {user_cache()}")

    def _epitaph(self, process: "subprocess.Popen[bytes] | Twin") -> tuple[type[WorkerStopped], str]:
        try:
            code = process.wait(5)
        except subprocess.TimeoutExpired:
            return WorkerStopped, "it answered with something that is no message"
        if self._why:
            return OverLimit, self._why
        if code == -getattr(signal, "SIGXCPU", 0) and code:
            return OverLimit, f"it used more than {self.cpu:g} s of processor time"
        if code < 0:
            name = signal.Signals(-code).name
            return WorkerStopped, "it was killed" if name == "SIGKILL" else f"it crashed ({name})"
        return WorkerStopped, f"it ended with code {code}"


class Twin:
    """A fork of this process that lives as a Worker's child. To be made while only one thread runs; POSIX only."""

    def __init__(self, name: str) -> None:
        """`name` names its log."""
        theirs, mine = os.pipe(), os.pipe()
        self._child = get_context("fork").Process(target=_twin, args=(name, theirs, mine), daemon=True)
        self._child.start()
        os.close(theirs[0])
        os.close(mine[1])
        self.stdin, self.stdout = os.fdopen(theirs[1], "wb"), os.fdopen(mine[0], "rb")

    @property
    def pid(self) -> int:
        return self._child.pid or 0

    def poll(self) -> int | None:
        """Its exit code, None while it lives."""
        return self._child.exitcode

    def kill(self) -> None:
        self._child.kill()

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, at its end. Raises TimeoutExpired."""
        self._child.join(timeout)
        if self._child.exitcode is None:
            raise subprocess.TimeoutExpired("twin", timeout or 0.0)
        return self._child.exitcode


def _twin(name: str, inbox: tuple[int, int], outbox: tuple[int, int]) -> None:
    os.close(inbox[1])
    os.close(outbox[0])
    os.dup2(inbox[0], 0)
    os.dup2(outbox[1], 1)
    with _log(name) as log:
        os.dup2(log.fileno(), 2)
    _serve(0, 0)


def once(
    function: str, *args: object, title: str, deadline: float, memory: float | None = None, cpu: float | None = None
) -> Any:
    """What `function(*args)` returns, from a child that lives for this one call. Raises as Worker.call does."""
    with Worker("reader", title, memory=memory, cpu=cpu) as worker:
        return worker.call(function, *args, deadline=deadline)


def _waited(process: int) -> float | None:
    """How long [s] the first thread of a process has waited for a processor that others had; None where the system does
    not tell (it is Linux's proc_pid_schedstat)."""
    try:
        with open(f"/proc/{process}/schedstat") as told:
            return int(told.read().split()[1]) * 1e-9
    except (OSError, ValueError, IndexError):
        return None


def _tree(root: type[ToileError]) -> Iterator[type[ToileError]]:
    yield root
    for kind in root.__subclasses__():
        yield from _tree(kind)


def _log(name: str) -> IO[bytes]:
    """The log, open to append; without a writable cache there is none, which is no reason to fail."""
    try:
        path = user_cache() / f"{name}.log"
        fresh = path.exists() and path.stat().st_size > _LARGEST_LOG
        return open(path, "wb" if fresh else "ab")
    except (OSError, ToileError):
        return open(os.devnull, "wb")


def _environment(memory: float | None) -> dict[str, str]:
    paths = [str(ROOT.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    if memory:
        # BLAS reserves address space for every core it sees: on a large machine that alone would meet the limit.
        environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return environment


def _send(stream: IO[bytes], message: object) -> None:
    arrays: list[memoryview] = []

    def put(value: object) -> dict[str, int]:
        if not isinstance(value, np.ndarray):
            raise TypeError(f"a {type(value).__name__} cannot be sent to or from a worker")
        packed = io.BytesIO()
        np.save(packed, value, allow_pickle=False)
        arrays.append(packed.getbuffer())
        return {"$array": len(arrays) - 1}

    text = json.dumps(message, default=put).encode()
    parts: list[bytes | memoryview] = [text, struct.pack("<I", len(arrays)), *arrays]
    for part in parts:
        stream.write(_SIZE.pack(len(part)))
        stream.write(part)
    stream.flush()


def _receive(stream: IO[bytes]) -> Any:
    text = _part(stream)
    (count,) = struct.unpack("<I", _part(stream))
    arrays = [np.load(io.BytesIO(_part(stream)), allow_pickle=False) for _ in range(count)]
    return json.loads(text, object_hook=lambda value: arrays[value["$array"]] if "$array" in value else value)


def _part(stream: IO[bytes]) -> bytes:
    (size,) = _SIZE.unpack(_exactly(stream, _SIZE.size))
    if size > _LARGEST_MESSAGE:
        raise ValueError("a message beyond any size that we send")
    return _exactly(stream, size)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _limit(memory: int, cpu: int) -> None:
    """Lower this process's own limits; the processor time counts from now on."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
        if cpu:
            usage = resource.getrusage(resource.RUSAGE_SELF)
            soft = int(usage.ru_utime + usage.ru_stime) + 1 + cpu
            resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(request: dict[str, Any], reply: Callable[[str, Any], None]) -> None:
    module, _, name = request["call"].partition(":")
    options = {"progress": lambda part, words: reply("progress", [part, words])} if request["reports"] else {}
    result = getattr(importlib.import_module(module), name)(*request["args"], **options)
    if isinstance(result, Iterator):
        for item in result:
            reply("item", item)
        result = None
    reply("value", result)


def _serve(memory: int, cpu: int) -> None:
    """The child's life: answer requests from standard input until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)

    def reply(kind: str, value: object) -> None:
        _send(outbox, [kind, value])

    while True:
        try:
            request = _receive(inbox)
        except EOFError:
            return
        _limit(memory, cpu)
        try:
            _answer(request, reply)
        except (Exception, MemoryError) as error:
            if not isinstance(error, ToileError):
                traceback.print_exc()
            reply("error", [type(error).__name__, str(error)])


if __name__ == "__main__":
    _serve(*map(int, sys.argv[1:3]))
