"""A garment: a design drafted for a size or for one person, cut from a fabric in a colour."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assets.errors import InputRefused, ToileError
from garments.checking import check
from garments.designs import Design
from garments.designs import design as find_design
from garments.fabric import Fabric
from garments.fabric import fabric as find_fabric
from garments.grading import size_measurements
from garments.pattern import Pattern
from garments.readymade import ONE_SIZE, ReadyMade

MADE_TO_MEASURE = "made to measure"
READY_MADE_FABRIC = "gray_interlock"

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Garment:
    """Design, size ("M", "made to measure" or "one size") and sex of the size chart, what it is cut from or came as,
    the fabric, the colour (linear RGB)."""

    design: str
    size: str
    sex: str
    pattern: Pattern | ReadyMade
    fabric: Fabric
    colour: Colour

    @property
    def name(self) -> str:
        """What the garment is called in pictures and files: "tee M"."""
        if isinstance(self.pattern, ReadyMade):
            return self.design
        return f"{self.design} {self.size}"

    @property
    def girths(self) -> dict[str, float]:
        """The garment's own girths [m], flat, by region of the wearer, where it has them."""
        if isinstance(self.pattern, ReadyMade):
            return {}
        regions = {name: name for name in ("bust", "waist", "waistband", "hip")}
        regions |= {"thigh": "thigh_left", "sleeve": "biceps_left"}
        return {region: self.pattern.girth(line) for region, line in regions.items() if line in self.pattern.lines}

    @property
    def drop(self) -> float:
        """How far below the wearer's waist [m] its waistband is meant to lie."""
        return 0.0 if isinstance(self.pattern, ReadyMade) else self.pattern.drop

    @property
    def mass(self) -> float:
        """Mass of the finished garment [kg]: pattern area times density, allowances not counted."""
        return self.pattern.area * self.fabric.density


def garment(
    design: str = "tee",
    size: str = "M",
    sex: str = "female",
    fabric: str | None = None,
    colour: Colour | None = None,
    options: Mapping[str, float] | None = None,
    measurements: Mapping[str, float] | None = None,
) -> Garment:
    """A garment in a letter size, or made to measure when body measurements [m] are given.

    Raises InputRefused for an unknown design, size or fabric, UsageError for an option out of range.
    """
    plan = find_design(design)
    cloth = find_fabric(fabric or plan.FABRIC)
    body = size_measurements(size, sex) if measurements is None else measurements
    pattern = check(_drafted(plan, body, options or {}))
    label = size if measurements is None else MADE_TO_MEASURE
    return Garment(design, label, sex, pattern, cloth, colour or cloth.look.colour)


def _drafted(plan: Design, body: Mapping[str, float], options: Mapping[str, float]) -> Pattern:
    try:
        return plan.draft(body, options)
    except ToileError:
        raise
    except Exception as error:  # A bug in one design is that design's.
        raise InputRefused(f"the design {plan.NAME} could not be drafted: {type(error).__name__}: {error}") from error


def ready_made(
    made: ReadyMade, sex: str = "female", fabric: str | None = None, colour: Colour | None = None
) -> Garment:
    """A garment that came as a mesh, of a fabric by name (a T-shirt knit). Raises InputRefused for an unknown one."""
    cloth = find_fabric(fabric or READY_MADE_FABRIC)
    return Garment(made.name, ONE_SIZE, sex, made, cloth, colour or cloth.look.colour)


def recoloured(value: Garment, colour: Colour) -> Garment:
    return replace(value, colour=colour)
