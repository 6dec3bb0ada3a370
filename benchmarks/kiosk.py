"""The kiosk with scripted customers: how long a visit takes, how soon she is seen dressed, and what is left of her.

    python -m benchmarks.kiosk [--quick] [--json FILE]

A keeper runs visits of the real window with the real engine in processes of their own; benchmarks/visitor.py is the
hand. A soak of 500 customers (5 with --quick, or as many as CUSTOMERS in the environment says, and no new one comes
after MINUTES of it) follows: some finish, some walk off, some are killed in the middle, and the camera is pulled out
now and then. Each customer carries marks of
her own (benchmarks/traces.py). While she is there the search must find them in her own processes; after her it must not
find them in anything that still runs, nor in any file. It needs a display (xvfb-run).
"""

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks.table import Row, row, run
from benchmarks.traces import family, group, in_files, in_memory, resident
from benchmarks.visitor import film

SOAK, QUICK = 500, 5
LIMIT, BACK, AGAIN = 400.0, 10.0, 5.0  # for a visit; till the kiosk is back; till the camera is [s]
SILENT_MOST = 5.0  # [s], app/kiosk/room.py's SILENT
ENDS = ("finish", "walk off", "kill", "finish", "unplug")
KILLED_AT = ("height", "side", "body", "tryon")
OFTEN = 10  # customers of a long soak between two searches of all memory, which take longer than a visit
NUMBERS = ("finished", "idle", "died", "silent")
Seen = list[dict]


class Shop:
    """A keeper in a process of its own, all of whose folders are in one; what customers do is written into `plan`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log, self.plan = folder, folder / "log", folder / "plan.json"
        self.data, self.memory, self.films = folder / "data", folder / "memory", folder / "films"
        for path in (self.data, self.films):
            path.mkdir(parents=True)
        film(self.films)
        self.number = 0
        self._seen: Seen = []
        self._read = 0
        self.send()
        (self.films / "came").write_text("0")
        self.process = get_context("spawn").Process(target=keep, args=(str(folder),), daemon=False)
        self.process.start()

    def send(self, **plan: object) -> None:
        """What the present customer does."""
        told = {"pause": 1.0, "films": str(self.films), "log": str(self.log), "number": self.number, **plan}
        self.plan.with_suffix(".new").write_text(json.dumps(told))
        self.plan.with_suffix(".new").replace(self.plan)

    def next(self, **plan: object) -> int:
        """Another customer comes; her number."""
        self.number += 1
        self.send(**plan)
        return self.number

    def events(self) -> Seen:
        """All that visits and their keeper told so far."""
        with suppress(FileNotFoundError), open(self.log, "rb") as log:
            log.seek(self._read)
            *lines, _ = log.read().split(b"\n")
            self._read += sum(len(line) + 1 for line in lines)
            self._seen += [json.loads(line) for line in lines]
        return self._seen

    def of(self, number: int) -> Seen:
        """What was told of a customer."""
        return [one for one in self.events() if one["number"] == number]

    def wait(self, number: int, name: str, value: object = None, limit: float = LIMIT) -> dict | None:
        """The first thing told of a customer under that name, with that value; None where it never was, as where her
        visit was ended before."""

        def there() -> dict | None:
            return _first(self.of(number), name, value) or self.ended(number)

        found = self._until(there, limit)
        return None if found is None or "ended" in found else found

    def ended(self, number: int) -> dict | None:
        """What the keeper told of the end of a customer's visit."""
        pids = {one["pid"] for one in self.of(number)}
        return next((one for one in self.events() if "ended" in one and one["pid"] in pids), None)

    def back(self, pid: int, gone: float) -> tuple[float | None, float | None]:
        """How long [s] after the visit `pid` was `gone` another one showed its first page, and could serve somebody."""

        def told(name: str, after: float) -> dict | None:
            fresh = (one for one in self.events() if name in one and one["at"] >= after)
            return next((one for one in fresh if one["pid"] not in (pid, *served)), None)

        served = {one["pid"] for one in self.events() if one["number"]}
        page = self._until(lambda: told("shown", gone), 60.0)
        if page is None:
            return None, None
        served = {one["pid"] for one in self.events()} - {page["pid"]}
        warm = self._until(lambda: told("warm", 0.0), LIMIT)
        return page["at"] - gone, None if warm is None else max(warm["at"], page["at"]) - gone

    def _until(self, there: Callable[[], dict | None], limit: float) -> dict | None:
        start = time.monotonic()
        while time.monotonic() - start < limit:
            if found := there():
                return found
            time.sleep(0.1)
        return None

    def close(self) -> None:
        assert self.process.pid is not None
        with suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGTERM)
        self.process.join(20)

    def kept(self) -> dict[str, int]:
        """The numbers of the day."""
        from app.kiosk.tally import Tally

        tally = Tally(self.data)
        return tally.of(tally.days()[-1]) if tally.days() else {}

    def left(self, number: int) -> list[str]:
        """Files, and processes that still run, with bytes of a customer who is gone, or of one before her."""
        files = in_files(self.folder, {self.films, self.log, self.plan})
        found = [f"{path}: {sorted(who)}" for path, who in files.items() if any(one <= number for one in who)]
        for pid in family(self.process.pid or 0):
            who = {one for one in in_memory(pid) if 0 < one <= number}
            found += [f"process {pid}: {sorted(who)}"] if who else []
        return found

    @property
    def held(self) -> float:
        """What outlives customers holds in memory [MB]: the keeper and the nursery."""
        lasting = [pid for pid in family(self.process.pid or 0) if pid == self.process.pid or _nursery(pid)]
        return sum(map(resident, lasting))


def _nursery(pid: int) -> bool:
    """Whether it is the nursery itself, and none of those that it forked."""
    with suppress(OSError):
        return b"app.kiosk.nursery" in Path(f"/proc/{pid}/cmdline").read_bytes() and os.getpgid(pid) == pid
    return False


def _first(seen: Seen, name: str, value: object = None) -> dict | None:
    return next((one for one in seen if name in one and (value is None or one[name] == value)), None)


def keep(folder: str) -> None:
    """The keeper's process, which writes into the log why each visit ended, how long it had been silent then, and how
    long at most before."""
    from app.kiosk.keeper import Keeper
    from app.kiosk.room import Room
    from app.kiosk.shopfront import Shopfront

    place, silences = Path(folder), dict[Room, float]()

    class Logging(Keeper):
        def _hear(self, room: Room, told: Mapping) -> None:
            if room.ready:
                silences[room] = max(silences.get(room, 0.0), time.monotonic() - room.heard)
            super()._hear(room, told)

        def _end(self, room: Room, why: str) -> None:
            now, pid = time.monotonic(), room.process.pid
            told = {"at": now, "pid": pid, "number": 0, "ended": why, "step": room.step, "ready": room.ready}
            standby = self.standby
            told |= {"silent": now - room.heard, "spare": standby is not None and standby.ready}
            told |= {"longest": silences.pop(room, 0.0)}
            with open(place / "log", "a") as log:
                log.write(json.dumps(told) + "\n")
            super()._end(room, why)

    home = {f"XDG_{name}_HOME": str(place / "home" / name.lower()) for name in ("CONFIG", "CACHE", "DATA")}
    settings = json.dumps(asdict(Shopfront("Soak", ("en", "zh"), idle=10.0, countdown=3.0)))
    command = (sys.executable, "-m", "benchmarks.visitor", settings, str(place / "film"), str(place / "plan.json"))
    environment = {**os.environ, **home, "OMP_WAIT_POLICY": "PASSIVE"}
    keeper = Logging(lambda: command, place / "data", place / "memory", environment=environment, nursery=True)
    signal.signal(signal.SIGTERM, lambda *_: keeper.stop())
    keeper.run()


def rows(quick: bool) -> Iterator[Row]:
    count = int(os.environ.get("CUSTOMERS", QUICK if quick else SOAK))
    with tempfile.TemporaryDirectory(prefix="kiosk-", dir="/dev/shm") as folder:
        shop = Shop(Path(folder))
        try:
            yield from _visit(shop)
            yield from _soak(shop, count)
        finally:
            shop.close()


def _visit(shop: Shop) -> Iterator[Row]:
    """One customer, with her pictures and the mirror."""
    number = shop.next(mirror=10.0)
    body = shop.wait(number, "first")
    her = body["pid"] if body else 0
    found = {pid: number in in_memory(pid) for pid in group(her)} if her else {}
    over = shop.wait(number, "over")
    seen = shop.of(number)
    at = {one["step"]: one for one in seen if "step" in one}
    claim = "consent to goodbye, a second to read each page, 10 s of mirror"
    whole = over["at"] - at["consent"]["at"] if over else None
    yield row("visit", claim, whole, "s", 60.0, why="it did not end")
    if over:
        yield row("visit, processor", "all processes of the visit", over["cpu"] - at["consent"]["cpu"], "s")
        yield row("start, processor", "of a visit, until it is warm", at["attract"]["cpu"], "s")
    if body:
        yield row("capture to try-on", "second picture to the first look dressed", body["at"] - at["body"]["at"],
                  "s", 15.0)  # fmt: skip
        yield row("capture to try-on, processor", "all processes", body["cpu"] - at["body"]["cpu"], "s")
    yield from _mirror(at)
    claim = "processes of hers in which the search finds her while she is there: window and engine"
    yield row("search", claim, float(sum(found.values())), "", 2.0, ">=")
    back = shop.back(her, over["at"])[1] if over else None
    yield row("ready again", "from a goodbye until the next customer can be served", back, "s", why="it never was")
    left = shop.left(number)
    _tell(left)
    yield row("left of her", "files and processes with her bytes after the wipe", len(left), "", 0.0)


def _mirror(at: dict[str, dict]) -> Iterator[Row]:
    """What the visitor told when it left the mirror."""
    after = at.get("fitted", {})
    rate = after.get("rate") or None
    yield row("mirror", "dressed pictures a second", rate, "1/s", 12.0, ">=", why="it was never dressed")
    if rate:
        claim = "a dressed picture, camera, eyes, engine and window together"
        yield row("mirror, processor", claim, 1000 * after["mirrored"], "ms", 100.0)


def _soak(shop: Shop, count: int) -> Iterator[Row]:
    rng, every = random.Random(3), 1 if count <= 2 * QUICK else OFTEN
    left, backs, ready, sizes, served, cameras = 0, [], [], [], 0, []
    before, start = shop.kept(), time.monotonic()
    minutes = float(os.environ.get("MINUTES", "inf"))
    came, spent, searching = 0, 0.0, []
    for k in range(count):
        if time.monotonic() - start > 60 * minutes:
            break
        came += 1
        how = ENDS[k % len(ENDS)]
        stop = rng.choice(KILLED_AT) if how == "kill" else "choose" if how == "walk off" else None
        number = shop.next(pause=0.1, coarse=True, stop=stop, camera=how in ("unplug", "kill"))
        ended = _served(shop, number, how, stop, cameras)
        spent += max((one["cpu"] for one in shop.of(number)), default=0.0)
        if ended is None:
            told = shop.of(number)[-1:], shop.ended(number), shop.events()[-5:], shop.kept()
            print(f"lost: {number} {how}: {told}", file=sys.stderr, flush=True)
            continue
        pid, gone = ended
        page, warm = shop.back(pid, gone)
        if page is not None and warm is not None:
            backs.append(page)
            ready.append(warm)
            served += 1
        if k % every == every - 1 or k == count - 1:
            begun = time.monotonic()
            gone_bytes = shop.left(number)
            _tell(gone_bytes)
            left += len(gone_bytes)
            searching.append(time.monotonic() - begun)
        sizes.append((time.monotonic() - start, shop.held))
        print(f"{number} {how}: {sizes[-1][0]:.0f} s, {sizes[-1][1]:.2f} MB", file=sys.stderr, flush=True)
    took = (time.monotonic() - start - sum(searching)) / came
    whole = SOAK * (took + (float(np.mean(searching)) if searching else 0.0) / OFTEN)
    yield row("soak", f"customers served of {came}", served, "", came, ">=")
    claim = f"for {SOAK} customers at the pace of these {came}, all memory searched after each {OFTEN}"
    yield row("soak, time", claim, whole / 60, "min", 100.0)
    yield row("soak, search", "of all memory and files, once", float(np.mean(searching)) if searching else None, "s",
              why="none yet")  # fmt: skip
    yield row("soak, processor", "a customer, of all her processes, their start too", spent / came, "s")
    yield row("soak, back", "slowest return of the first page after an end or a kill", max(backs, default=None), "s",
              BACK)  # fmt: skip
    yield row("soak, ready", "slowest time from an end or a kill until the next can be served",
              max(ready, default=None), "s")  # fmt: skip
    silences = [one["longest"] for one in shop.events() if "longest" in one]
    claim = "longest that a visit said nothing and went on; frozen is who is silent for longer and had a processor"
    yield row("soak, silence", claim, max(silences, default=None), "s", SILENT_MOST)  # fmt: skip
    yield row("soak, camera", "slowest return of the picture", max(cameras, default=None), "s", AGAIN, why="not pulled")
    yield row("soak, left", f"files and processes with bytes of anybody who is gone, each {every} customers", left, "",
              0.0)  # fmt: skip
    yield from _memory(sizes)
    after = shop.kept()
    claim = "visits that died or froze and were not killed by the soak"
    broke = sum(after.get(name, 0) - before.get(name, 0) for name in ("died", "silent"))
    yield row("soak, broke", claim, max(broke - sum(ENDS[k % len(ENDS)] == "kill" for k in range(came)), 0), "", 0.0)
    ended_known = sum(after.get(name, 0) - before.get(name, 0) for name in NUMBERS)
    yield row("soak, lost", "visits that the numbers of the day do not know", max(served - ended_known, 0), "", 0.0)


def _memory(sizes: list[tuple[float, float]]) -> Iterator[Row]:
    """Of what outlives customers; its first fifth is not counted, in which buffers are filled once."""
    times, held = np.array(sizes[len(sizes) // 5 :]).T if len(sizes) > 1 else (np.zeros(2), np.zeros(2))
    claim, slope = "the keeper's and the nursery's, an hour", None
    if len(sizes) > 20:
        line, spread = np.polyfit(times / 3600, held, 1, cov=True)
        slope, claim = float(line[0]), f"{claim}, give or take {np.sqrt(spread[0, 0]):.2g} (one standard error)"
    yield row("soak, memory", claim, slope, "MB/h", 2.0, why="too short a run")
    yield row("soak, growth", "of their memory in all", float(held[-1] - held[0]), "MB")


def _served(shop: Shop, number: int, how: str, stop: str | None, cameras: list[float]) -> tuple[int, float] | None:
    """One customer to her end: her visit's process, and when she was gone; None where she never came."""
    came = shop.wait(number, "step", "consent")
    if came is None:
        return None
    pid = came["pid"]
    if how == "kill" and stop:
        shop.wait(number, "step", stop)
        gone = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        return pid, gone
    if how == "unplug":
        shop.wait(number, "step", "front")
        (shop.films / "pulled").touch()
        time.sleep(2.0)
        (shop.films / "pulled").unlink()
        plugged = time.monotonic()
        back = shop.wait(number, "picture", limit=60.0)
        cameras.extend([back["at"] - plugged] if back is not None else [])
    over = shop.wait(number, "over")
    return (pid, over["at"]) if over else None


def _tell(left: list[str]) -> None:
    for each in left:
        print(f"left: {each}", file=sys.stderr)


if __name__ == "__main__":
    run(__doc__, rows)
