"""The kiosk's keeper: one visit shown, one standing by; an end, a freeze and a kill each leave nothing behind."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.kiosk import keeper as keeping
from app.kiosk import room as rooms
from app.kiosk.keeper import Keeper
from assets.errors import CannotWrite, InputRefused
from tests.app.fake_visit import SECRET

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kiosk runs on Linux")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Keeper]]:
    made: list[Keeper] = []

    def begin(doing: str, **named: object) -> Keeper:
        command = (sys.executable, "-m", "tests.app.fake_visit", doing)
        made.append(Keeper(lambda: command, tmp_path / "data", tmp_path / "memory", **named))
        return made[-1]

    yield begin
    for one in made:
        one.close()


def until(keeper: Keeper, condition: Callable[[], object], limit: float = 60.0) -> float:
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < limit, "waited in vain"
        keeper.turn(0.02)
    return time.monotonic() - start


def both(keeper: Keeper) -> bool:
    front, standby = keeper.front, keeper.standby
    return front is not None and front.shown and standby is not None and standby.ready


def nothing_left(folder: Path, but: Path) -> bool:
    """Whether the secret is in no file but those below `but`."""
    files = (path for path in folder.rglob("*") if path.is_file() and but not in path.parents)
    return not any(SECRET.encode() in path.read_bytes() for path in files)


def running_with(secret: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if secret.encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def test_a_visit_that_ends_is_wiped_and_the_next_is_shown_at_once(start, tmp_path) -> None:
    verdicts = []
    keeper = start("finish", note=verdicts.append)
    until(keeper, lambda: keeper.front is not None and keeper.front.shown)
    first = keeper.front
    until(keeper, lambda: (keeper.standby is not None and keeper.standby.ready) or keeper.front is not first)
    until(keeper, lambda: first not in keeper.rooms)
    assert not first.folder.exists() and first.process.returncode == -signal.SIGKILL
    until(keeper, lambda: keeper.front is not None and keeper.front.shown)
    assert verdicts[0] == {"verdict": "fits"}
    day = time.strftime("%Y-%m-%d")
    counts = keeper.tally.of(day)
    assert counts["finished"] >= 1 and counts["height"] <= counts["consent"] and "nonsense" not in counts
    assert keeper.restarts == 0


@pytest.mark.parametrize("how", ["kill", "freeze", "stop"])
def test_a_killed_or_frozen_visit_is_replaced_within_ten_seconds_and_leaves_nothing(start, tmp_path, how) -> None:
    keeper = start("freeze" if how == "freeze" else "wait")
    until(keeper, lambda: keeper.front is not None and keeper.front.shown)
    first = keeper.front
    assert (first.folder / "TMPDIR.txt").read_text() == SECRET
    assert first.folder.stat().st_mode & 0o777 == 0o700
    if how != "freeze":
        until(keeper, lambda: both(keeper))
        os.kill(first.process.pid, signal.SIGKILL if how == "kill" else signal.SIGSTOP)
    took = until(keeper, lambda: keeper.front is not None and keeper.front is not first and keeper.front.shown)
    assert took < 10.0
    assert not first.folder.exists() and first not in keeper.rooms
    alive = {room.folder for room in keeper.rooms}
    for folder in (tmp_path / "memory").iterdir():
        assert folder in alive
    assert nothing_left(tmp_path, tmp_path / "memory")
    assert keeper.restarts == 1


def test_a_visit_that_waits_for_a_processor_is_not_taken_for_frozen_for_a_while(start, monkeypatch) -> None:
    assert rooms.waited(os.getpid()) >= 0.0
    monkeypatch.setattr(rooms, "SILENT", 0.3)
    monkeypatch.setattr(rooms, "STARVED", 1.5)
    monkeypatch.setattr(rooms, "waited", lambda process: time.monotonic())
    keeper = start("freeze")
    until(keeper, lambda: keeper.front is not None and keeper.front.step == "consent")
    first = keeper.front
    until(keeper, lambda: first not in keeper.rooms)
    assert time.monotonic() - first.heard >= 1.5 and keeper.restarts >= 1


def test_one_that_is_killed_while_its_successor_is_still_being_started_is_covered_too(start) -> None:
    keeper = start("wait")
    until(keeper, lambda: sum(room.ready for room in keeper.rooms) == 3)
    stood_by = [room for room in keeper.rooms if room is not keeper.front]
    slow = (sys.executable, "-c", "import time; time.sleep(60)")
    keeper.command = lambda: slow
    for _ in range(2):
        first = keeper.front
        os.kill(first.process.pid, signal.SIGKILL)
        until(keeper, lambda: keeper.front not in (None, first) and keeper.front.shown)  # noqa: B023
        assert keeper.front in stood_by


def test_what_a_visit_started_ends_with_it(start) -> None:
    keeper = start("helped")
    until(keeper, lambda: keeper.front is not None and keeper.front.shown and running_with(SECRET))
    first = keeper.front
    os.kill(first.process.pid, signal.SIGKILL)
    until(keeper, lambda: first not in keeper.rooms)
    mine = [number for number in running_with(SECRET) if _group(int(number)) == first.process.pid]
    assert not mine


def _group(process: int) -> int:
    try:
        return os.getpgid(process)
    except ProcessLookupError:
        return 0


def test_no_core_is_dumped_and_health_says_whether_swap_is_kept_out(start, tmp_path) -> None:
    keeper = start("wait")
    until(keeper, lambda: keeper.front is not None and keeper.front.shown)
    health = json.loads((tmp_path / "data" / "health.json").read_text())
    assert health["secrecy"]["no_dump"] is True and isinstance(health["secrecy"]["no_swap"], bool)
    assert health["secrecy"]["why"] and health["shown"] is True
    until(keeper, lambda: both(keeper))
    assert json.loads((tmp_path / "data" / "health.json").read_text())["standby_ready"] is True, "as it is now"
    limits = Path(f"/proc/{keeper.front.process.pid}/limits").read_text()
    assert next(line for line in limits.splitlines() if "core file" in line).split()[4] == "0"


def test_leftovers_are_removed_at_the_start_and_a_second_keeper_is_refused(start, tmp_path) -> None:
    left = tmp_path / "memory" / "visit-of-before"
    left.mkdir(parents=True)
    (left / "secret.txt").write_text(SECRET)
    start("wait")
    assert not left.exists()
    with pytest.raises(InputRefused, match="running already"):
        start("wait")


def test_a_folder_of_somebody_else_is_not_used(tmp_path, monkeypatch) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    with pytest.raises(InputRefused, match="belongs to somebody else"):
        Keeper(lambda: ("true",), tmp_path / "data", link)


def test_visits_that_never_get_ready_are_started_ever_more_slowly(start, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(keeping, "PAUSES", (0.0, 0.2, 600.0))
    keeper = Keeper(lambda: (sys.executable, "-c", "raise SystemExit(3)"), tmp_path / "data", tmp_path / "other")
    until(keeper, lambda: keeper.failed >= 2)
    seen = keeper.restarts
    for _ in range(10):
        keeper.turn(0.02)
    assert keeper.restarts <= seen + 1
    keeper.close()


def test_the_one_that_stands_by_warms_up_only_while_nobody_is_before_the_other(start, monkeypatch) -> None:
    monkeypatch.setattr(keeping, "CALM", 0.2)
    keeper = start("wait")
    until(keeper, lambda: keeper.standby is not None and keeper.standby.warm)
    keeper.front.step = "body"
    keeper._discard(keeper.standby)
    until(keeper, lambda: keeper.standby is not None and keeper.standby.ready)
    for _ in range(10):
        keeper.turn(0.05)
    assert not keeper.standby.warming


def test_other_settings_begin_anew_without_a_black_screen(start) -> None:
    keeper = start("settings")
    until(keeper, lambda: keeper.front is not None and keeper.front.shown)
    first = keeper.front
    until(keeper, lambda: first not in keeper.rooms and keeper.front is not None and keeper.front.shown)
    counts = keeper.tally.of(time.strftime("%Y-%m-%d"))
    assert counts["left"] == 1 and counts["agreed 2026-11-1"] >= 1 and keeper.restarts == 0


def test_settings_that_changed_in_their_file_are_taken_while_nobody_is_served(start, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(keeping, "LOOK_AGAIN", 0.05)
    keeper = start("wait")
    until(keeper, lambda: both(keeper))
    first, serving = keeper.front, (sys.executable, "-m", "tests.app.fake_visit", "helped")
    keeper.command = lambda: serving
    until(keeper, lambda: first not in keeper.rooms and keeper.front is not None and keeper.front.step == "consent")
    second, keeper.command = keeper.front, lambda: first.command
    for _ in range(10):
        keeper.turn(0.02)
    assert keeper.front is second and not second.leaving, "somebody is before it"


def test_a_full_disk_and_a_full_memory_end_no_visit_and_are_got_over(start, monkeypatch) -> None:
    def full(*told: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    keeper = start("wait")
    until(keeper, lambda: keeper.front is not None and keeper.front.shown)
    first = keeper.front
    until(keeper, lambda: keeper.standby is not None and keeper.standby.ready)
    monkeypatch.setattr(keeping, "PAUSES", (0.0, 0.1))
    monkeypatch.setattr(keeping, "write_json", full)
    monkeypatch.setattr(keeper.tally, "count", full)
    monkeypatch.setattr(rooms.tempfile, "mkdtemp", full)
    for other in keeper.rooms[1:]:
        keeper._end(other, "died")
    until(keeper, lambda: keeper.failed >= 2)
    assert keeper.rooms == [first]
    monkeypatch.undo()
    until(keeper, lambda: both(keeper))
    assert keeper.front is first


def test_numbers_and_verdicts_wait_for_a_disk_that_is_full(start, monkeypatch) -> None:
    noted, room = list[dict](), [False]

    def note(told: dict) -> None:
        if not room[0]:
            raise CannotWrite("no space left")
        if told["size"] == "?":
            raise InputRefused("no verdict")
        noted.append(told)

    keeper = start("wait", note=note)
    until(keeper, lambda: both(keeper))
    monkeypatch.setattr(keeper.tally, "folder", Path("/proc/full"))
    for size in ("M", "?", "L"):
        keeper._hear(keeper.front, {"fitted": {"size": size}})
    keeper._hear(keeper.front, {"step": "consent"})
    assert not noted
    monkeypatch.undo()
    room[0] = True
    keeper._hear(keeper.front, {"step": "height"})
    day = time.strftime("%Y-%m-%d")
    assert [told["size"] for told in noted] == ["M", "L"]
    assert keeper.tally.of(day)["consent"] == keeper.tally.of(day)["height"] == 1


def test_a_damaged_table_of_verdicts_keeps_no_numbers_waiting_and_is_told(start) -> None:
    def note(told: dict) -> None:
        raise CannotWrite("file is not a database")

    keeper = start("wait", note=note)
    until(keeper, lambda: both(keeper))
    keeper._hear(keeper.front, {"fitted": {"size": "M"}})
    keeper._hear(keeper.front, {"step": "consent"})
    assert keeper.tally.of(time.strftime("%Y-%m-%d"))["consent"] == 1
    assert keeper.health()["unwritten"] == 1


def test_what_a_full_disk_kept_waiting_is_written_when_the_kiosk_ends(start, monkeypatch) -> None:
    keeper = start("wait")
    until(keeper, lambda: both(keeper))
    monkeypatch.setattr(keeper.tally, "folder", Path("/proc/full"))
    keeper._hear(keeper.front, {"step": "consent"})
    assert keeper.health()["unwritten"] == 1
    monkeypatch.undo()
    keeper.close()
    assert keeper.tally.of(time.strftime("%Y-%m-%d"))["consent"] == 1


def test_who_begins_while_new_settings_warm_up_is_served_and_an_operator_is_not_thrown_out(start, monkeypatch) -> None:
    monkeypatch.setattr(keeping, "LOOK_AGAIN", 0.0)
    keeper = start("wait")
    until(keeper, lambda: both(keeper))
    first, other = keeper.front, (*keeper.front.command, "again")
    keeper._hear(first, {"operator": 1})
    keeper.command = lambda: other
    keeper.turn(0.02)
    assert not first.leaving, "the operator is before it"
    keeper._hear(first, {"operator": 0})
    keeper._look_again(time.monotonic())
    assert first.leaving
    keeper._hear(first, {"step": "consent"})
    until(keeper, lambda: both(keeper))
    keeper.turn(0.02)
    assert keeper.front is first and keeper.standby.command == other


def test_one_that_waits_for_a_processor_while_it_is_shown_is_not_taken_for_frozen(start, monkeypatch) -> None:
    keeper = start("wait")
    until(keeper, lambda: both(keeper))
    room, now = keeper.standby, time.monotonic()
    room.asked = now - 10.0
    assert keeper._trouble(room, now) == "silent"
    monkeypatch.setattr(rooms, "waited", lambda process: room.waited_asked + 9.0)
    assert keeper._trouble(room, now) == ""


def test_a_visit_that_cannot_begin_leaves_no_folder(tmp_path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        rooms.Room(("/nowhere/program",), tmp_path, {}, 0.0)
    assert not any(tmp_path.iterdir())
