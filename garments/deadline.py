"""A limit on the time that somebody else's Python takes in our own process: a design whose file never ends.

An exception is raised inside it from outside (CPython's PyThreadState_SetAsyncExc), which ends any loop of Python; what
hangs in a library goes on until it comes back.
"""

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from assets.errors import InputRefused


class _Late(BaseException):
    """Raised inside what takes too long; not an Exception, so that a file cannot swallow it by chance."""


@contextmanager
def within(seconds: float, what: str) -> Iterator[None]:
    """Ends what runs inside after `seconds` [s]. Raises InputRefused then, saying `what` was not done."""
    thread, lock, over, fired = threading.get_ident(), threading.Lock(), threading.Event(), threading.Event()

    def ring() -> None:
        with lock:
            if not over.is_set():
                fired.set()
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(_Late))

    alarm = threading.Timer(seconds, ring)
    alarm.daemon = True
    alarm.start()
    try:
        yield
        with lock:
            over.set()
        while fired.is_set():  # It is on its way: let it come here, not into what follows.
            time.sleep(0.001)
    except _Late:
        raise InputRefused(f"{what} within {seconds:g} s: does it end?") from None
    finally:
        over.set()
        alarm.cancel()
