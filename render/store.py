"""What was made of arrays, above all on the GPU: kept as long as the arrays live, told apart by identity."""

import weakref
from collections.abc import Callable
from typing import Any

import numpy as np


class Store:
    """What was made from arrays, kept as long as every one of those arrays lives.

    Arrays are told apart by identity, so a value that keeps its array costs nothing the second time.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple, tuple[Any, list[weakref.ref]]] = {}
        self._dead: list[Any] = []

    def get(self, make: Callable[..., Any], *arrays: np.ndarray | None) -> Any:
        """What `make` made from these very arrays, made now if it did not yet."""
        key = (make, *(id(array) for array in arrays))
        if key not in self._kept:
            kept = self._kept
            dead = self._dead

            def forget(_: weakref.ref) -> None:
                if key in kept:
                    dead.append(kept.pop(key)[0])

            self._kept[key] = make(*arrays), [weakref.ref(array, forget) for array in arrays if array is not None]
        return self._kept[key][0]

    def collect(self) -> None:
        """Free what nobody can ask for any more; the context must be current."""
        while self._dead:
            free(self._dead.pop())

    def clear(self) -> None:
        """Free everything; the context must be current."""
        self._dead += [thing for thing, _ in self._kept.values()]
        self._kept.clear()
        self.collect()

    def __len__(self) -> int:
        return len(self._kept)


def free(thing: Any) -> None:
    if hasattr(thing, "free"):
        thing.free()
