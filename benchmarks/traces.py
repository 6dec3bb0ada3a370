"""Whose bytes are where: files and processes' memory, searched for what benchmarks/visitor.py marks customers with.

A customer's number is in every picture of her and in the last digits of her height, so that what is found tells whose
it is: the next customer's own bytes, while she stands there, are not the last one's.
"""

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

# Put together here, so that this process's own code does not carry them whole.
_PERSON, _HEIGHT = b"TOILE<" + b"PERSON:", "Height: " + "160."
_LARGEST = 1 << 31  # of one piece of memory [bytes]: what is only reserved is larger


def whose(data: bytes) -> set[int]:
    """Numbers of the customers whose bytes are in `data`."""
    found = {int(number) for number in _after(data, _PERSON, re.compile(rb"(\d{6})>"))}
    for encoding in ("ascii", "utf-16-le"):
        digits = re.compile(b"".join(rb"(\d)" + b"\0" * (encoding != "ascii") for _ in range(3)))
        found |= {int(b"".join(hit)) for hit in _after(data, _HEIGHT.encode(encoding), digits)}
    return found


def _after(data: bytes, start: bytes, pattern: re.Pattern[bytes]) -> Iterable[bytes | tuple[bytes, ...]]:
    """What a pattern finds right after each `start`."""
    place = data.find(start)
    while place >= 0:
        hit = pattern.match(data, place + len(start))
        if hit:
            yield hit.group(1) if pattern.groups == 1 else hit.groups()
        place = data.find(start, place + 1)


def in_memory(pid: int) -> set[int]:
    """Whose bytes are in what a process may write to. Needs the right to read it."""
    found: set[int] = set()
    with suppress(OSError), open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            start, end = (int(part, 16) for part in span.split("-"))
            if "w" not in rights or end - start > _LARGEST:
                continue
            with suppress(OSError, ValueError, OverflowError):
                memory.seek(start)
                found |= whose(memory.read(end - start))
    return found


def in_files(folder: Path, but: set[Path]) -> dict[str, set[int]]:
    """Whose bytes are in the files of a folder, `but` some files and folders."""
    found = {}
    for path in folder.rglob("*"):
        if not {path, *path.parents} & but:
            with suppress(OSError):
                if path.is_file() and (told := whose(path.read_bytes())):
                    found[str(path)] = told
    return found


def family(pid: int) -> list[int]:
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


def group(number: int) -> list[int]:
    """The processes of a process group."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(path.read_text().rsplit(")", 1)[1].split()[2]) == number:
                found.append(int(path.parent.name))
    return found


def resident(pid: int) -> float:
    """What a process holds in memory [MB]."""
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return 0.0
