"""A child answers as the function would here; whatever happens to it is said in one sentence and survived."""

import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from assets.errors import Cancelled, InputRefused, WorkerStopped
from assets.worker import Worker, once

CHILD = "tests.assets.children:"


@pytest.fixture(scope="module")
def worker():
    with Worker("test", "the helper", memory=2e9, cpu=2) as worker:
        yield worker


def test_values_and_arrays_come_back_as_they_went(worker):
    value = {"a": [1, 2.5, None, True, "ä"], "array": np.arange(6, dtype=np.float32).reshape(2, 3)}
    back = worker.call(CHILD + "echo", value)
    assert back["a"] == value["a"]
    assert back["array"].dtype == np.float32
    assert np.array_equal(back["array"], value["array"])
    assert np.array_equal(worker.call(CHILD + "double", np.ones((0, 3)))["twice"], np.ones((0, 3)))


def test_one_child_serves_many_calls(worker):
    assert worker.call(CHILD + "process") == worker.call(CHILD + "process")


def test_our_errors_come_back_as_they_were(worker):
    with pytest.raises(InputRefused, match=r"^the picture is upside down$"):
        worker.call(CHILD + "refuse", "the picture is upside down")


def test_a_bug_in_the_child_is_named_and_the_child_lives(worker):
    before = worker.call(CHILD + "process")
    with pytest.raises(WorkerStopped, match=r"the helper failed .KeyError.*test.log"):
        worker.call(CHILD + "blunder")
    with pytest.raises(WorkerStopped):
        worker.call(CHILD + "unsendable")
    assert worker.call(CHILD + "process") == before


def test_nothing_that_a_library_prints_reaches_the_person(worker, capfd):
    assert worker.call(CHILD + "chatter") == "quiet"
    assert capfd.readouterr() == ("", "")


def test_what_it_prints_is_in_the_log(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with Worker("chatty", "the helper") as worker:
        worker.call(CHILD + "chatter")
    log = (tmp_path / "toile" / "chatty.log").read_text()
    assert all(f"to {place}\n" in log for place in ("descriptor 1", "descriptor 2", "standard error"))


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (("swallow", 6e9), "more than 2.0 GB of memory"),
        (("spin",), "more than 2 s of processor time"),
        (("die",), r"it crashed \(SIGABRT\)"),
    ],
)
def test_a_limit_or_a_crash_is_said_and_the_next_call_works(worker, call, why):
    name, *args = call
    with pytest.raises(WorkerStopped, match=f"^the helper stopped: .*{why}"):
        worker.call(CHILD + name, *args)
    assert worker.call(CHILD + "echo", "alive") == "alive"


def test_a_deadline_is_kept(worker):
    start = time.monotonic()
    with pytest.raises(WorkerStopped, match=r"took longer than 0.3 s"):
        worker.call(CHILD + "sleep", 30, deadline=0.3)
    assert time.monotonic() - start < 3


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="this system does not tell who waits")
def test_what_a_busy_machine_makes_it_wait_is_not_its_own_time():
    core, spin = {min(os.sched_getaffinity(0))}, [sys.executable, "-c", "while True: pass"]
    with ExitStack() as stack:
        worker = stack.enter_context(Worker("test", "the helper"))
        rivals = [stack.enter_context(subprocess.Popen(spin)) for _ in range(2)]
        for process in (worker.call(CHILD + "process"), *(rival.pid for rival in rivals)):
            os.sched_setaffinity(process, core)
        for rival in rivals:
            stack.callback(rival.kill)
        start = time.monotonic()
        worker.call(CHILD + "burn", 0.4, deadline=0.9)
        assert time.monotonic() - start > 0.95


def test_cancel_ends_the_call_at_once_and_the_worker_starts_again(worker):
    before = worker.call(CHILD + "process")
    threading.Timer(0.2, worker.cancel).start()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        worker.call(CHILD + "sleep", 30)
    assert time.monotonic() - start < 3
    assert worker.call(CHILD + "process") != before


def test_a_stream_comes_in_order_and_may_be_left_early(worker):
    assert [int(item[0]) for item in worker.stream(CHILD + "count", 5)] == [0, 1, 2, 3, 4]
    for item in worker.stream(CHILD + "count", 10_000_000):
        if item[0] == 3:
            break
    assert worker.call(CHILD + "echo", "alive") == "alive"


def test_progress_is_heard_and_may_cancel(worker):
    heard: list[float] = []
    assert worker.call(CHILD + "steps", progress=lambda part, words: heard.append(part)) == "all"
    assert heard == sorted(heard)
    assert len(heard) == 1000

    def stop(part: float, words: str) -> None:
        raise Cancelled("enough")

    with pytest.raises(Cancelled, match="enough"):
        worker.call(CHILD + "steps", progress=stop)
    assert worker.call(CHILD + "echo", "alive") == "alive"


def test_a_child_for_one_call(tmp_path: Path):
    assert once(CHILD + "echo", [1], title="the reader", deadline=20, memory=2e9) == [1]
    with pytest.raises(InputRefused, match=r"^no$"):
        once(CHILD + "refuse", "no", title="the reader", deadline=20)


def test_a_file_named_like_a_standard_module_beside_the_caller_is_not_imported(tmp_path: Path, monkeypatch):
    (tmp_path / "select.py").write_text("raise SystemExit('imported by mistake')")
    monkeypatch.chdir(tmp_path)
    assert once(CHILD + "echo", 1, title="the reader", deadline=20) == 1
