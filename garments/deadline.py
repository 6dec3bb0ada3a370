"""A limit on the time that somebody else's Python takes in our own process: a design that sleeps or loops for ever.

It runs in a thread that the program can leave behind: what sleeps is left to sleep, and a loop of Python is ended by an
exception raised inside it from outside (CPython's PyThreadState_SetAsyncExc).
"""

import ctypes
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from functools import partial
from typing import TypeVar

from assets.errors import InputRefused

Made = TypeVar("Made")


class Late(InputRefused):
    """It did not come to an end in its time; `thread` is where it goes on."""

    def __init__(self, message: str, thread: threading.Thread) -> None:
        super().__init__(message)
        self.thread = thread


class _Stop(BaseException):
    """Raised inside what takes too long; not an Exception, so that a file cannot swallow it by chance."""


def within(seconds: float, what: str, work: Callable[[], Made]) -> Made:
    """What `work()` gives, or raises, in `seconds` [s]. Raises Late after that, saying `what` was not done."""
    made: Future[Made] = Future()
    lock, left = threading.Lock(), threading.Event()

    def run() -> None:
        with suppress(_Stop):
            try:
                settle: Callable[[], None] = partial(made.set_result, work())
            except BaseException as error:  # Whatever it is, it goes to whoever waits.
                settle = partial(made.set_exception, error)
            with lock:
                if not left.is_set():
                    settle()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    wait([made], seconds)
    with lock:
        if not made.done():  # Then the thread lives, and the number is its own.
            left.set()
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(_Stop))
            raise Late(f"{what} within {seconds:g} s: does it end?", thread)
    thread.join()
    return made.result()
