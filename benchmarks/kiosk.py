"""The kiosk with a scripted customer: how long a visit takes, how soon she is seen dressed, and what is left of her.

    python -m benchmarks.kiosk [--quick] [--json FILE]

A keeper runs visits of the real window with the real engine in processes of their own; benchmarks/visitor.py is the
hand. A soak of 500 customers (5 with --quick) follows: some finish, some walk off, some are killed in the middle, and
the camera is pulled out now and then. After each the disk and what still runs are searched for her bytes: the slip's
line with her height, and a row of pixels of what the camera saw. It needs a display (xvfb-run).
"""

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks.table import Row, row, run
from benchmarks.visitor import ODD_HEIGHT, film

SOAK, QUICK = 500, 5
LIMIT, BACK, AGAIN = 400.0, 10.0, 5.0  # for a visit; till the kiosk is back; till the camera is [s]
ENDS = ("finish", "walk off", "kill", "finish", "unplug")
KILLED_AT = ("height", "side", "body", "tryon")
Seen = list[dict]


class Shop:
    """A keeper in a process of its own, all of whose folders are in one; what customers do is written into `plan`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log, self.plan = folder, folder / "log", folder / "plan.json"
        self.data, self.memory, self.films = folder / "data", folder / "memory", folder / "films"
        for path in (self.data, self.films):
            path.mkdir(parents=True)
        film(self.films)
        self.next()
        self.process = get_context("spawn").Process(target=keep, args=(str(folder),), daemon=False)
        self.process.start()

    def next(self, **plan: object) -> None:
        """How the next visits go."""
        told = {"pause": 1.0, "films": str(self.films), "log": str(self.log), **plan}
        self.plan.with_suffix(".new").write_text(json.dumps(told))
        self.plan.with_suffix(".new").replace(self.plan)

    def events(self) -> Seen:
        with suppress(FileNotFoundError):
            return [json.loads(line) for line in self.log.read_text().splitlines()]
        return []

    def wait(self, there: Callable[[Seen], object], limit: float = LIMIT) -> float | None:
        """How long it took until the events are so; None where they never were."""
        start = time.monotonic()
        while time.monotonic() - start < limit:
            if there(self.events()):
                return time.monotonic() - start
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

    def traces(self, marks: list[bytes]) -> list[str]:
        """Files, and processes that still run, with a customer's bytes in them."""
        skip = {self.films, self.log, self.plan}
        files = (path for path in self.folder.rglob("*") if path.is_file() and not {path, *path.parents} & skip)
        found = [path.name for path in files if _any(path.read_bytes(), marks)]
        return [*found, *(f"process {pid}" for pid in _family(self.process.pid or 0) if _in_memory(pid, marks))]


def keep(folder: str) -> None:
    """The keeper's process."""
    from app.kiosk.keeper import Keeper
    from app.kiosk.shopfront import Shopfront

    place = Path(folder)
    home = {f"XDG_{name}_HOME": str(place / "home" / name.lower()) for name in ("CONFIG", "CACHE", "DATA")}
    settings = json.dumps(asdict(Shopfront("Soak", ("en",), idle=30.0, countdown=3.0)))
    command = (sys.executable, "-m", "benchmarks.visitor", settings, str(place / "film"), str(place / "plan.json"))
    environment = {**os.environ, **home, "OMP_WAIT_POLICY": "PASSIVE"}
    keeper = Keeper(lambda: command, place / "data", place / "memory", environment=environment)
    signal.signal(signal.SIGTERM, lambda *_: keeper.stop())
    keeper.run()


def rows(quick: bool) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="kiosk-", dir="/dev/shm") as folder:
        shop = Shop(Path(folder))
        try:
            yield from _visit(shop)
            yield from _soak(shop, QUICK if quick else SOAK)
        finally:
            shop.close()


def _visit(shop: Shop) -> Iterator[Row]:
    """One customer, with her pictures and the mirror."""
    shop.next(mirror=8.0)
    marks = _marks(shop.films)
    shop.wait(lambda seen: any(one.get("step") == "body" for one in seen))
    first = shop.events()[0]["pid"]
    known = _in_memory(first, marks)
    shop.wait(lambda seen: any(one.get("over") for one in seen))
    seen = [one for one in shop.events() if one["pid"] == first]
    at = {one["step"]: one for one in seen if "step" in one}
    first_look = next((one for one in seen if "first" in one), None)
    claim = "consent to goodbye, a second to read each page, 8 s of mirror"
    whole = at["over"]["at"] - at["consent"]["at"] if "over" in at else None
    yield row("visit", claim, whole, "s", 60.0, why="it did not end")
    yield row("visit, processor", "all processes of the visit", at["over"]["cpu"] - at["consent"]["cpu"], "s")
    if first_look:
        yield row("capture to try-on", "second picture to the first look dressed", first_look["at"] - at["body"]["at"],
                  "s", 15.0)  # fmt: skip
        yield row("capture to try-on, processor", "all processes", first_look["cpu"] - at["body"]["cpu"], "s")
    rate = max(one.get("rate", 0.0) for one in seen)
    yield row("mirror", "dressed pictures a second", rate or None, "1/s", 12.0, ">=", why="it was never dressed")
    yield row("search", "places of her bytes while she is there (the search finds them)", float(known), "", 1.0, ">=")
    shop.wait(lambda seen: any(one["pid"] != first for one in seen), 60.0)
    yield row("left of her", "files and processes with her bytes after the wipe", len(shop.traces(marks)), "", 0.0)


def _soak(shop: Shop, count: int) -> Iterator[Row]:
    rng, marks = random.Random(3), _marks(shop.films)
    left, backs, sizes, served, cameras = 0, [], [], 0, []
    before = shop.kept()
    start = time.monotonic()
    for number in range(count):
        how = ENDS[number % len(ENDS)]
        stop = rng.choice(KILLED_AT) if how == "kill" else "choose" if how == "walk off" else None
        shop.next(pause=0.3, coarse=True, stop=stop, camera=how in ("unplug", "kill"))
        mark = len(shop.events())
        pid = _served(shop, mark, how, stop, cameras)
        if pid is None:
            continue
        gone = time.monotonic()
        if shop.wait(lambda seen, pid=pid: seen and seen[-1]["pid"] != pid, 60.0) is not None:
            backs.append(time.monotonic() - gone)
            served += 1
        left += len(shop.traces(marks))
        sizes.append((time.monotonic() - start, _resident(shop.process.pid or 0)))
    yield row("soak", "customers served of " + str(count), served, "", count, ">=")
    yield row("soak, time", "for all", (time.monotonic() - start) / 60, "min", 100.0)
    yield row(
        "soak, back", "slowest return of the first page after an end or a kill", max(backs, default=None), "s", BACK
    )
    yield row("soak, camera", "slowest return of the picture", max(cameras, default=None), "s", AGAIN, why="not pulled")
    yield row("soak, left", "files and processes with bytes of anybody", left, "", 0.0)
    times, held = np.array(sizes).T if len(sizes) > 1 else (np.zeros(2), np.zeros(2))
    slope = 3600 * float(np.polyfit(times, held, 1)[0]) if count > 20 else None
    yield row("soak, memory", "the keeper's, an hour", slope, "MB/h", 2.0, why="too short a run")
    yield row("soak, growth", "of the keeper's memory in all", float(held[-1] - held[0]), "MB")
    after = shop.kept()
    ended = sum(after.get(name, 0) - before.get(name, 0) for name in ("finished", "idle", "died", "silent"))
    yield row("soak, lost", "visits that the numbers of the day do not know", max(served - ended, 0), "", 0.0)


def _served(shop: Shop, mark: int, how: str, stop: str | None, cameras: list[float]) -> int | None:
    """One customer to her end; her visit's process."""

    def reached(step: str) -> Callable[[Seen], object]:
        return lambda seen: any(one.get("step") == step for one in seen[mark:])

    if shop.wait(reached("consent")) is None:
        return None
    pid = next(one["pid"] for one in shop.events()[mark:] if one.get("step") == "consent")
    if how == "kill" and stop:
        shop.wait(reached(stop))
        os.kill(pid, signal.SIGKILL)
        return pid
    if how == "unplug":
        shop.wait(reached("front"))
        (shop.films / "pulled").touch()
        time.sleep(2.0)
        (shop.films / "pulled").unlink()
        back = shop.wait(lambda seen: any(one.get("picture") for one in seen[mark:]), 60.0)
        cameras.extend([back] if back is not None else [])
    shop.wait(lambda seen: any(one.get("over") for one in seen[mark:]))
    return pid


def _marks(films: Path) -> list[bytes]:
    """Bytes that only she has: the slip's line with her height, in the encodings of Python and Qt, and pixels of the
    camera's pictures."""
    from body.frame import open_source

    line = f"Height: {100 * ODD_HEIGHT:g} cm"
    found = [line.encode(), line.encode("utf-16-le")]
    for name in ("front", "side"):
        for frame in list(open_source(films / f"{name}.mp4").frames())[::5]:
            middle = frame.pixels[frame.height // 2, frame.width // 2 - 12 : frame.width // 2 + 12]
            found.append(middle.tobytes())
    return found


def _any(data: bytes, marks: list[bytes]) -> bool:
    return any(mark in data for mark in marks)


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(path.parent.name)] = int(path.read_text().rsplit(")", 1)[1].split()[1])
    found, more = [pid], True
    while more:
        more = [child for child, parent in parents.items() if parent in found and child not in found]
        found += more
    return found


def _in_memory(pid: int, marks: list[bytes]) -> bool:
    """Whether any of these bytes stand in what a process wrote into its memory. Needs the right to read it."""
    with suppress(OSError), open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            start, end = (int(part, 16) for part in span.split("-"))
            if "w" not in rights or end - start > 1 << 31:
                continue
            with suppress(OSError, ValueError, OverflowError):
                memory.seek(start)
                if _any(memory.read(end - start), marks):
                    return True
    return False


def _resident(pid: int) -> float:
    """[MB]"""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    run(__doc__, rows)
