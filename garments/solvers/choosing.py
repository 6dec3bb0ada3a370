"""Which processor a drape is computed on: this one, or a graphics card (garments/solvers/cuda)."""

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from assets.errors import MissingExtra

if TYPE_CHECKING:
    from garments.solvers.implicit import Solver
    from garments.solvers.sheet import Sheet

DEVICES = ("cpu", "cuda")
"""What can be asked for: the processor, or the card. Nothing is taken to a card unasked."""


def solver_for(device: str, sheet: "Sheet", *arguments: Any, **named: Any) -> "Solver":
    """A solver of this sheet on a device, or on the processor where that one is not at hand."""
    if device == "cuda" and not why_not():
        from garments.solvers.cuda.solver import Solver as OnCard

        return OnCard(sheet, *arguments, **named)
    from garments.solvers.implicit import Solver

    return Solver(sheet, *arguments, **named)


@cache
def why_not() -> str:
    """Why drapes are not computed on a graphics card here, in a sentence; empty where they can be."""
    if not (find_spec("cupy") and find_spec("numba_cuda")):
        return "draped on the processor: a graphics card needs pip install toile[gpu], and a CUDA driver"
    from garments.solvers.cuda.card import Cuda

    try:
        Cuda()
    except MissingExtra as error:
        return f"draped on the processor: {error}"
    return ""
