"""The kiosk as processes, a customer before it: killed or finished, it is back and no byte of her is anywhere."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest

from app.kiosk.keeper import Keeper
from tests.app.scripted_visit import SECRET

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kiosk runs on Linux")


@pytest.fixture
def start(display, forked, tmp_path: Path) -> Iterator[Callable[[str], Keeper]]:
    """A keeper of visits that stop at a step, or at what `tmp_path / "moment"` says later; all folders of theirs are
    under tmp_path."""
    made: list[Keeper] = []
    home = {f"XDG_{name}_HOME": str(tmp_path / "home" / name.lower()) for name in ("CONFIG", "CACHE", "DATA")}

    def begin(step: str) -> Keeper:
        (tmp_path / "moment").write_text(step)
        command = (sys.executable, "-m", "tests.app.scripted_visit", str(tmp_path / "moment"))
        environment = {**os.environ, **home, "HOME": str(tmp_path / "home"), "TOILE_TESTED": "1"}
        made.append(Keeper(lambda: command, tmp_path / "data", tmp_path / "memory", environment=environment))
        return made[-1]

    yield begin
    for one in made:
        one.close()


def until(keeper: Keeper, condition: Callable[[], object], limit: float = 300.0) -> float:
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < limit, f"waited in vain; {[room.steps for room in keeper.rooms]}"
        keeper.turn(0.05)
    return time.monotonic() - start


def alive(group: int) -> bool:
    """Whether a process of a group is left that is more than a row nobody has read yet (a zombie)."""
    for told in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, of = told.read_text().rpartition(")")[2].split()[:3]
            if int(of) == group and state not in "ZX":
                return True
    return False


def found(folder: Path, but: tuple[Path, ...] = ()) -> list[Path]:
    """Files with the customer's bytes in them, not below `but`."""
    files = (path for path in folder.rglob("*") if path.is_file() and not any(one in path.parents for one in but))
    told = (SECRET, b"172.3", b"1.723")
    return [path for path in files if any(one in path.read_bytes() for one in told)]


def test_a_kiosk_killed_at_any_moment_is_back_and_has_forgotten_whoever_was_before_it(start, tmp_path) -> None:
    moments = ["side", "body", "tryon", "over"]
    keeper = start(moments[0])
    for moment, next_ in pairwise((*moments, "attract")):
        until(keeper, lambda: keeper.front is not None and moment in (*keeper.front.steps, keeper.front.step))  # noqa: B023
        first = keeper.front
        until(keeper, lambda: keeper.standby is not None and keeper.standby.ready)
        (tmp_path / "moment").write_text(next_)
        os.kill(first.process.pid, signal.SIGKILL)
        took = until(keeper, lambda: keeper.front is not None and keeper.front is not first and keeper.front.shown)  # noqa: B023
        assert took < 10.0, moment
        assert not first.folder.exists()
        until(keeper, lambda: not alive(first.process.pid), 5.0)  # noqa: B023
    keeper.close()
    assert found(tmp_path) == []
    assert keeper.tally.of(time.strftime("%Y-%m-%d"))["died"] == len(moments)


def test_a_customer_who_finishes_leaves_nothing_and_the_next_finds_the_first_page(start, tmp_path) -> None:
    keeper = start("never")
    until(keeper, lambda: keeper.front is not None and "slip" in keeper.front.steps)
    first = keeper.front
    until(keeper, lambda: first not in keeper.rooms)
    assert not first.folder.exists()
    counts = keeper.tally.of(time.strftime("%Y-%m-%d"))
    assert counts["finished"] == 1 and counts["tryon"] == 1 and keeper.restarts == 0
    keeper.close()
    assert found(tmp_path) == []
