"""Who runs the lanes: a graphics card by numba-cuda and CuPy, or plain Python, one lane after another.

Plain Python is for tests and wants small meshes: what the card's functions compute is checked without a card, in the
order of the rounds or in any other. A card adds in any order: results agree to rounding.
"""

import ast
import math
from collections.abc import Callable
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np
from numba.core.dispatcher import Dispatcher

from assets.errors import MissingExtra
from garments.solvers.cuda.translating import SINGLE, TOOLS, parted, plain

SINGLES = {SINGLE["np.sqrt"]: math.sqrt, SINGLE["np.floor"]: math.floor}
THREADS = 128
"""Threads of a block."""


class Card:
    """Arrays and lanes of some device. `xp` is numpy, or what stands for it there."""

    xp: Any

    def __init__(self) -> None:
        self._programs: dict[Any, Callable[..., Any]] = {}
        self._instead: dict[Any, Callable[..., Any]] = {}

    def up(self, array: np.ndarray) -> Any:
        """The array on the device."""
        return self.xp.asarray(array)

    def down(self, array: Any) -> np.ndarray:
        """The array on the host."""
        return np.asarray(array)

    def flags(self, count: int) -> Any:
        return self.xp.zeros(count, self.xp.bool_)

    def lessened(self, array: Any, index: Any, values: Any) -> None:
        """Lower places of an array to values where these are less; a place may be named more than once."""
        self.xp.minimum.at(array, index, values)

    def call(self, function: Any, *arguments: Any) -> Any:
        """One of the room's functions on arrays of the device."""
        if function not in self._programs:
            self._programs[function] = self._instead.get(function) or self._program(function)
        return self._programs[function](*arguments)

    def run(self, lane: Any, rounds: int, arguments: tuple[Any, ...], sums: int) -> list[Any]:
        """A lane for every round; the sums that it keeps over all of them."""
        raise NotImplementedError

    def made(self, function: FunctionType) -> Any:
        """A lane as `run` takes it."""
        raise NotImplementedError

    def helper(self, function: Any) -> Any:
        """A compiled function of the room as lanes may call it."""
        raise NotImplementedError

    def tools(self) -> dict[str, Any]:
        """What lanes call to add and for room."""
        raise NotImplementedError

    def _program(self, function: Any) -> Callable[..., Any]:
        """The host part of a function, ready to call."""
        own = getattr(function, "py_func", function)
        found = parted(own)
        used = {each.id for lane in found.lanes for each in ast.walk(lane) if isinstance(each, ast.Name)}
        inside = {name: self.helper(value) for name, value in own.__globals__.items() if name in used}
        inside |= SINGLES | self.tools()
        outside = dict(own.__globals__)
        for lane in found.lanes:
            outside[lane.name] = self.made(_compiled(lane, inside))
        host = _compiled(found.host, outside)
        return lambda *arguments: host(self, *arguments)


class Lanes(Card):
    """Lanes in plain Python; `order` says in which order they run, given their number."""

    xp = np

    def __init__(self, order: Callable[[int], Any] = range) -> None:
        super().__init__()
        self.order = order

    def run(self, lane: Any, rounds: int, arguments: tuple[Any, ...], sums: int) -> list[Any]:
        totals = np.zeros(sums)
        for number in self.order(rounds):
            found = lane(int(number), *arguments)
            if sums:
                totals += found
        return list(totals)

    def made(self, function: FunctionType) -> Any:
        return function

    def helper(self, function: Any) -> Any:
        return function

    def tools(self) -> dict[str, Any]:
        return {TOOLS: _PLAIN}


class Cuda(Card):
    """A CUDA card. Raises MissingExtra where there is none, or what drives it is not installed."""

    def __init__(self) -> None:
        super().__init__()
        try:
            import cupy
            from numba import cuda
        except ImportError as error:
            raise MissingExtra(f"draping on a graphics card needs {error.name}: {INSTALL}") from error
        try:
            cupy.cuda.runtime.getDeviceCount()
        except cupy.cuda.runtime.CUDARuntimeError as error:
            raise MissingExtra(f"no CUDA card answers: {error}") from error
        self.xp, self._cuda = cupy, cuda
        self._helpers: dict[Any, Any] = {}

    def down(self, array: Any) -> np.ndarray:
        return array.get() if hasattr(array, "get") else np.asarray(array)

    def lessened(self, array: Any, index: Any, values: Any) -> None:
        import cupyx

        cupyx.scatter_min(array, index, values)

    def run(self, lane: Any, rounds: int, arguments: tuple[Any, ...], sums: int) -> list[Any]:
        out = self.xp.zeros((sums, max(rounds, 1)))
        if rounds:
            kernel = lane(len(arguments), sums)
            kernel[(rounds + THREADS - 1) // THREADS, THREADS](rounds, out, *arguments)
        return [out[k].sum() for k in range(sums)]

    def made(self, function: FunctionType) -> Any:
        work = self._cuda.jit(device=True)(function)
        known: dict[tuple[int, int], Any] = {}

        def kernel(arguments: int, sums: int) -> Any:
            if (arguments, sums) not in known:
                known[arguments, sums] = self._cuda.jit(entry(work, self._cuda.grid, arguments, sums))
            return known[arguments, sums]

        return kernel

    def helper(self, function: Any) -> Any:
        if not isinstance(function, Dispatcher):
            return function
        if function not in self._helpers:
            own = function.py_func
            used = set(own.__code__.co_names)
            inside = {name: self.helper(value) for name, value in own.__globals__.items() if name in used}
            self._helpers[function] = self._cuda.jit(device=True)(_compiled(plain(own), inside | SINGLES))
        return self._helpers[function]

    def tools(self) -> dict[str, Any]:
        return {TOOLS: self._cuda}


INSTALL = "pip install numba-cuda cupy-cuda13x"


def entry(work: Any, grid: Any, arguments: int, sums: int) -> FunctionType:
    """What a card starts: a lane for each thread, whose sums it writes into a row each."""
    names = ", ".join(f"a{k}" for k in range(arguments))
    keep = "".join(f"        out[{k}, i] = found[{k}]\n" for k in range(sums))
    text = f"def entry(rounds, out, {names}):\n    i = grid(1)\n    if i < rounds:\n"
    text += f"        found = work(i, {names})\n{keep}"
    space: dict[str, Any] = {"work": work, "grid": grid}
    exec(text, space)
    return space["entry"]


def _compiled(tree: ast.FunctionDef, space: dict[str, Any]) -> Any:
    space = dict(space)
    module = ast.fix_missing_locations(ast.Module([tree], []))
    exec(compile(module, f"<{tree.name}>", "exec"), space)
    return space[tree.name]


def _add_plainly(array: np.ndarray, index: Any, value: Any) -> None:
    array[index] += value


_PLAIN = SimpleNamespace(atomic=SimpleNamespace(add=_add_plainly), local=SimpleNamespace(array=np.empty))
