"""Garments on offer: every design in the fabrics and colourways that suit it."""

from dataclasses import dataclass

from garments.designs import Design, designs
from garments.fabric import fabrics
from garments.garment import Colour

COLOURWAYS: dict[str, Colour] = {
    "white": (0.80, 0.80, 0.78),
    "black": (0.018, 0.018, 0.020),
    "grey melange": (0.36, 0.37, 0.39),
    "navy": (0.015, 0.030, 0.085),
    "brick": (0.33, 0.065, 0.040),
    "sage": (0.23, 0.30, 0.20),
    "sand": (0.56, 0.44, 0.29),
}
"""Colours on offer, linear RGB."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A design that can be had, the fabrics that suit it (its own first) and the colourways by name."""

    design: str
    title: str
    fabrics: tuple[str, ...]
    colourways: tuple[str, ...]


def catalogue() -> tuple[Offer, ...]:
    """All that can be had."""
    return tuple(
        Offer(name, plan.TITLE, (plan.FABRIC, *_others(plan)), tuple(COLOURWAYS)) for name, plan in designs().items()
    )


def _others(plan: Design) -> list[str]:
    return [name for name, fabric in fabrics().items() if name != plan.FABRIC and fabric.construction in plan.SUITED]
