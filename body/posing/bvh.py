"""Biovision's BVH: the skeleton with its rest offsets, the channels, the frames; then put on our skeleton.

The format is described by Meredith & Maddock, "Motion Capture File Formats Explained" (2001). The libraries that read
it (bvhio, MIT, is the best kept) make Python objects of every joint in every frame and check nothing; a stranger's file
of a million frames wants limits before memory.
"""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assets.errors import BrokenRule, InputRefused, plainly
from body.posing.retarget import Retarget, Skeleton
from body.posing.skeleton import matrices

MOST_JOINTS, MOST_CHANNELS = 600, 4000
_LONGEST_HEAD = 2_000_000
_BLOCK = 1000
_PLACES = ("xposition", "yposition", "zposition")
_TURNS = ("xrotation", "yrotation", "zrotation")


@dataclass(frozen=True, slots=True, eq=False)
class _Hierarchy:
    """Joints of the file in its order: names, parents, offsets [j, 3], and each joint's channels by name."""

    names: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: np.ndarray
    channels: tuple[tuple[str, ...], ...]


def read_bvh(file: Path, most: int) -> dict[str, Any]:
    """Turns [t, 55, 3], the pelvis's path [m] [t, 3], rate and notes of a file's first `most` frames, in its own
    world. Raises InputRefused."""
    with open(file, "rb") as binary, io.TextIOWrapper(binary, encoding="latin-1") as text:
        hierarchy = _hierarchy(_words(text), file.name)
        count, step = _motion_head(text, file.name)
        width = sum(len(channels) for channels in hierarchy.channels)
        ours = Retarget(Skeleton(hierarchy.names, hierarchy.parents, hierarchy.offsets), file.name)
        blocks = [ours(*_posed(hierarchy, block)) for block in _frames(text, width, min(count, most), file.name)]
    if not blocks:
        raise InputRefused(f"{file.name} has no frames")
    notes = ours.notes
    if count > most:
        notes.append(f"only the first {most} of {count} frames were read")
    rate = 1.0 / step if 0.001 <= step <= 1.0 else 30.0
    turns, path = (np.concatenate(some) for some in zip(*blocks, strict=True))
    return {"turns": turns, "path": path, "rate": rate, "notes": notes}


def _words(text: io.TextIOWrapper) -> Iterator[str]:
    """The words of the head, up to MOTION, line by line."""
    read = 0
    for line in iter(text.readline, ""):
        read += len(line)
        if read > _LONGEST_HEAD:
            return
        for word in line.replace("{", " { ").replace("}", " } ").split():
            yield word
            if word.upper() == "MOTION":
                return


def _hierarchy(words: Iterator[str], file: str) -> _Hierarchy:
    names: list[str] = []
    parents: list[int] = []
    offsets: list[list[float]] = []
    channels: list[tuple[str, ...]] = []
    open_: list[int] = []  # joints whose brace is open; -1 stands for an end site
    waiting: int | None = None
    naming = False
    try:
        for word in words:
            kind = word.upper()
            if kind == "MOTION":
                break
            if kind in ("ROOT", "JOINT"):
                names.append(next(words))
                parents.append(open_[-1] if open_ else -1)
                offsets.append([0.0, 0.0, 0.0])
                channels.append(())
                waiting, naming = len(names) - 1, True
            elif kind == "END":
                next(words)
                waiting = -1
            elif kind == "{":
                if waiting is None:
                    raise BrokenRule("a brace belongs to no joint")
                open_.append(waiting)
                waiting, naming = None, False
            elif naming:  # 3ds Max's names have blanks
                names[-1] += f" {word}"
            elif kind == "}":
                open_.pop()
            elif kind == "OFFSET":
                place = [float(next(words)) for _ in range(3)]
                if open_[-1] >= 0:
                    offsets[open_[-1]] = place
            elif kind == "CHANNELS":
                count = int(next(words))
                if not 0 <= count <= 6:
                    raise BrokenRule(f"a joint of {count} channels")
                channels[open_[-1]] = tuple([next(words).lower() for _ in range(count)])
            if len(names) > MOST_JOINTS or sum(map(len, channels)) > MOST_CHANNELS:
                raise BrokenRule("it has more joints than any skeleton")
    except StopIteration as error:
        raise InputRefused(f"{file}: its skeleton cannot be read (it ends too early)") from error
    except (RuntimeError, IndexError, ValueError) as error:
        raise InputRefused(f"{file}: its skeleton cannot be read ({plainly(error)})") from error
    known = {*_PLACES, *_TURNS}
    if not names or open_ or any(channel not in known for some in channels for channel in some):
        raise InputRefused(f"{file}: its skeleton cannot be read (braces or channels do not add up)")
    places = np.array(offsets)
    if not np.isfinite(places).all() or not 0 < np.abs(places).max() <= 1e6:
        raise InputRefused(f"{file}: its skeleton's offsets are no lengths")
    return _Hierarchy(tuple(names), tuple(parents), places, tuple(channels))


def _motion_head(text: io.TextIOWrapper, file: str) -> tuple[int, float]:
    """How many frames there are, and the seconds between them."""
    told: dict[str, float] = {}
    for _ in range(20):
        name, _, value = text.readline(1000).partition(":")
        if name.strip():
            try:
                told[" ".join(name.lower().split())] = float(value)
            except ValueError:
                break
        if len(told) == 2:
            break
    count, step = told.get("frames", math.nan), told.get("frame time", math.nan)
    if not 1 <= count <= 1e9 or not math.isfinite(step):
        raise InputRefused(f"{file}: it does not say how many frames it has, or how long they are")
    return int(count), step


def _frames(text: io.TextIOWrapper, width: int, count: int, file: str) -> Iterator[np.ndarray]:
    """Blocks of frames [b, width]; a frame is a line, or as many lines as it takes."""
    if not width:
        raise InputRefused(f"{file}: its joints have no channels")
    numbers: list[float] = []
    done, begun = 0, False
    while done < count:
        line = text.readline(40 * MOST_CHANNELS)
        try:
            numbers += map(float, line.split())
        except ValueError:
            where = done + len(numbers) // width
            raise InputRefused(f"{file}: frame {where} holds something that is no number") from None
        if not begun and len(numbers) >= width:
            begun = True
            if len(numbers) % width:
                raise InputRefused(f"{file}: its skeleton asks for {width} numbers a frame, the frames have others")
        if not line or len(numbers) >= width * min(_BLOCK, count - done):
            whole = min(len(numbers) // width, count - done)
            block = np.array(numbers[: whole * width]).reshape(whole, width)
            if not np.isfinite(block).all() or (whole and np.abs(block).max() > 1e7):
                raise InputRefused(f"{file}: frames from {done} on hold numbers that are not finite")
            if whole:
                yield block
            numbers, done = numbers[whole * width :], done + whole
            if not line:
                return


def _posed(hierarchy: _Hierarchy, block: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every joint's own rotation [b, j, 3, 3], in the order of its channels, and the root's place [b, 3]."""
    local = np.broadcast_to(np.eye(3), (len(block), len(hierarchy.names), 3, 3)).copy()
    path = np.zeros((len(block), 3))
    column = 0
    for joint, channels in enumerate(hierarchy.channels):
        for channel in channels:
            values = block[:, column]
            column += 1
            if channel in _PLACES:
                if joint == 0:
                    path[:, _PLACES.index(channel)] = values
                continue
            turn = np.zeros((len(block), 3))
            turn[:, _TURNS.index(channel)] = np.radians(values)
            local[:, joint] = local[:, joint] @ matrices(turn)
    return local, path
