"""The nursery: what it forks is a lane like any other, of the visit's own group, and nothing of it stays."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.forked import NURSERY, Forked, heard
from app.jobs import Jobs
from app.kiosk.nursery import Nursery
from app.serving import Failure

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
HERE = "tests.app.small_nursery"


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    made = Nursery(tmp_path / "door", dict(os.environ), (sys.executable, "-m", HERE))
    made.keep()
    wait(lambda: made.door.exists())
    yield made
    made.close()
    assert not made.door.exists() and made.told == {}


def wait(there: Callable[[], object], turn: Callable[[], object] = lambda: None) -> None:
    start = time.monotonic()
    while not there():
        assert time.monotonic() - start < 30
        turn()
        time.sleep(0.005)


def answered(jobs: Jobs, function: str) -> object:
    found: list[object] = []
    jobs.ask("one", f"{HERE}:{function}", done=found.append, failed=found.append)
    wait(lambda: found, jobs.deliver)
    return found[0]


def test_a_forked_lane_has_what_the_nursery_loaded_and_lives_in_the_visits_surroundings(
    nursery: Nursery, monkeypatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(NURSERY, nursery.told[NURSERY])
    monkeypatch.setenv("TOILE_TRIED", "by the visit")
    jobs, other = Jobs(("engine",)), Jobs(("engine",))
    try:
        told = answered(jobs, "tell")
        assert told["loaded"] == 1 and told["tried"] == "by the visit" and told["group"] == os.getpgid(0)
        assert isinstance(jobs._lanes["engine"].process, Forked) and jobs._lanes["engine"].process.is_alive()
        assert answered(other, "tell")["pid"] != told["pid"], "each visit's is a process of its own"
        assert answered(jobs, "count") == 1 and answered(jobs, "count") == 2 and answered(other, "count") == 1
        os.kill(told["pid"], signal.SIGKILL)
        again = answered(jobs, "tell")
        if isinstance(again, Failure):  # it died while it was being asked
            again = answered(jobs, "tell")
        assert again["loaded"] == 0, "what dies is begun anew, from nothing"
    finally:
        jobs.close()
        other.close()
    assert not other._lanes["engine"].wanted()


def test_who_asks_wrongly_is_hung_up_on_and_does_not_wait_for_ever() -> None:
    asker, asked = socket.socketpair()
    waits, theirs = os.pipe()
    with asker, asked, os.fdopen(waits, "rb") as answer:
        socket.send_fds(asker, [b"nonsense\n"], [theirs])
        os.close(theirs)
        with pytest.raises(ValueError):
            heard(asked)
        assert answer.read() == b""


def test_without_a_nursery_a_lane_starts_as_ever(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv(NURSERY, str(tmp_path / "nobody"))
    jobs = Jobs(("engine",))
    try:
        assert answered(jobs, "tell")["loaded"] == 0
    finally:
        jobs.close()


def test_a_nursery_that_ends_is_begun_again_but_not_for_ever(tmp_path: Path, monkeypatch) -> None:
    from app.kiosk import nursery as module

    monkeypatch.setattr(module, "PAUSE", 0.0)
    made = Nursery(tmp_path / "door", {}, ("/bin/false",))
    for _ in range(module.TRIES + 3):
        made.keep()
        if made._process is not None:
            made._process.wait()
    assert made._tries == 0 and made._process is None and not made.told
