"""How long work tells where it is, and how it is stopped.

A function that takes long takes `progress`, calls it with a fraction from 0 to 1 and a few words, and lets pass what it
raises: `Cancelled` from there is how a person stops the work.
"""

from collections.abc import Callable

Progress = Callable[[float, str], None]


def silent(fraction: float, words: str) -> None:
    """Progress that nobody watches."""


def part(progress: Progress, start: float, end: float) -> Progress:
    """Progress of a step that covers `start` to `end` of the whole."""
    return lambda fraction, words: progress(start + (end - start) * min(max(fraction, 0.0), 1.0), words)
