"""Ctrl+C, also where Python loses it: what is raised in a callback from C, as while a kernel is loaded, is dropped.
Who tells of progress asks here whether it was pressed."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_pressed = threading.Event()


@contextmanager
def heard() -> Iterator[None]:
    """Keep in mind that Ctrl+C was pressed, besides raising KeyboardInterrupt at once."""
    _pressed.clear()
    if threading.current_thread() is not threading.main_thread() or (
        signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield
        return
    signal.signal(signal.SIGINT, _press)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def check() -> None:
    """Raise KeyboardInterrupt where it was pressed and lost."""
    if _pressed.is_set():
        _pressed.clear()
        raise KeyboardInterrupt


def _press(number: int, frame: object) -> None:
    _pressed.set()
    raise KeyboardInterrupt
