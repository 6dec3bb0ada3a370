"""What the tests ask of worker processes."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from assets.errors import InputRefused

_remembered: dict[str, int] = {}


def double(array: np.ndarray, progress: Callable[[float, str], None]) -> np.ndarray:
    progress(0.5, "doubling")
    return array * 2


def slow(duration: float, progress: Callable[[float, str], None]) -> str:
    start = time.monotonic()
    while (past := time.monotonic() - start) < duration:
        progress(past / duration, "waiting")
        time.sleep(0.01)
    return "awake"


def mute(how: str, progress: Callable[[float, str], None]) -> str:
    """Half a minute of work that tells nothing of it, or of waiting."""
    progress(0.0, "silent from now on")
    end = time.monotonic() + 30.0
    while time.monotonic() < end:
        if how == "waits":
            time.sleep(30.0)
        np.linalg.svd(np.ones((60, 60)))
    return "awake"


def deaf(duration: float, progress: Callable[[float, str], None]) -> str:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    time.sleep(duration)
    return "awake"


def tidy(path: str, progress: Callable[[float, str], None]) -> None:
    try:
        Path(path).write_text("half a file")
        slow(60.0, progress)
    finally:
        Path(path).unlink()


def refuse(progress: Callable[[float, str], None]) -> None:
    raise InputRefused("a height of 17.8 m cannot be")


def cramped(progress: Callable[[float, str], None]) -> None:
    """Fail where not a byte more can be written."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    print("this finds no room")
    raise InputRefused("the disk is full")


def blunder(progress: Callable[[float, str], None]) -> None:
    raise KeyError("waist")


def die(progress: Callable[[float, str], None]) -> None:
    os._exit(3)


def process(progress: Callable[[float, str], None]) -> int:
    return os.getpid()


def remember(progress: Callable[[float, str], None]) -> int:
    _remembered["calls"] = _remembered.get("calls", 0) + 1
    return _remembered["calls"]
