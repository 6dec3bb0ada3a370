"""What the worker's tests ask a child to do."""

import os
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np

from assets.errors import InputRefused


def echo(value: object) -> object:
    return value


def double(values: np.ndarray) -> dict[str, np.ndarray]:
    return {"twice": 2 * values}


def process() -> int:
    return os.getpid()


def refuse(words: str) -> None:
    raise InputRefused(words)


def blunder() -> None:
    raise KeyError("nothing of ours")


def chatter() -> str:
    print("to standard output")
    os.write(1, b"to descriptor 1\n")
    os.write(2, b"to descriptor 2\n")
    sys.stderr.write("to standard error\n")
    return "quiet"


def swallow(size: float) -> int:
    return len(np.ones(int(size), np.uint8))


def spin() -> None:
    while True:
        pass


def burn(seconds: float) -> None:
    start = time.process_time()
    while time.process_time() - start < seconds:
        pass


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def die() -> None:
    os.abort()


def unsendable() -> object:
    return np.array([object()])


def count(n: int) -> Iterator[np.ndarray]:
    for k in range(n):
        yield np.full(3, k)


def steps(progress: Callable[[float, str], None]) -> str:
    for k in range(1000):
        progress(k / 1000, f"step {k}")
    return "all"
