"""A garment: a design drafted for a size or for one person, cut from a fabric in a colourway."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from assets.errors import InputRefused, ToileError
from garments.checking import check
from garments.colourway import PLAIN, Colourway
from garments.designs import design as find_design
from garments.fabric import Fabric
from garments.fabric import fabric as find_fabric
from garments.grading import size_measurements
from garments.palette import Colour
from garments.pattern import Pattern
from garments.readymade import ONE_SIZE, ReadyMade

MADE_TO_MEASURE = "made to measure"
READY_MADE_FABRIC = "gray_interlock"


@dataclass(frozen=True, slots=True)
class Cut:
    """How a garment is cut: a design in a size of a chart, with options that differ from the design's own. Made to
    measure, `wearer` are the measures [m, kg] of whom it is for."""

    design: str
    size: str = "M"
    chart: str = "female"
    options: Mapping[str, float] = field(default_factory=dict)
    wearer: Mapping[str, float] | None = None

    @property
    def meant_for(self) -> Mapping[str, float]:
        """Body measures [m, kg] that it is cut for; none where nobody says. Raises InputRefused for an unknown size."""
        if self.size == ONE_SIZE:
            return {}
        return size_measurements(self.size, self.chart) if self.wearer is None else self.wearer


@dataclass(frozen=True, slots=True, eq=False)
class Garment:
    """How it is cut, the pattern that this makes or the mesh it came as, the fabric, the colour (linear RGB), and what
    of it differs from that."""

    cut: Cut
    pattern: Pattern | ReadyMade
    fabric: Fabric
    colour: Colour
    colourway: Colourway = PLAIN

    @property
    def design(self) -> str:
        return self.cut.design

    @property
    def size(self) -> str:
        """A size of the chart, "made to measure" or "one size"."""
        return self.cut.size

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
    chart: str = "female",
    fabric: str | None = None,
    colour: Colour | None = None,
    options: Mapping[str, float] | None = None,
    measurements: Mapping[str, float] | None = None,
) -> Garment:
    """A garment in a size of a chart, or made to measure when body measurements [m] are given.

    Raises InputRefused for an unknown design, size, chart or fabric, UsageError for an option out of range.
    """
    label = size if measurements is None else MADE_TO_MEASURE
    return sewn(Cut(design, label, chart, dict(options or {}), measurements), fabric, colour)


def sewn(cut: Cut, fabric: str | None = None, colour: Colour | None = None, colourway: Colourway = PLAIN) -> Garment:
    """A garment as `garment` makes it, from how it is cut; of the design's fabric and the fabric's colour, unless
    others are named."""
    made = sketched(cut, fabric, colour or colourway.colour)
    return replace(made, pattern=check(made.pattern), colourway=colourway)  # type: ignore[arg-type]


def sketched(cut: Cut, fabric: str | None = None, colour: Colour | None = None) -> Garment:
    """The same before anybody looked whether it can be sewn, which takes longer than drafting it: to read girths from.
    Raises InputRefused for a design with a bug, too: it is that design's alone."""
    plan = find_design(cut.design)
    cloth = find_fabric(fabric or plan.FABRIC)
    try:
        pattern = plan.draft(cut.meant_for, cut.options)
        if not isinstance(pattern, Pattern):
            raise TypeError("draft() gave no pattern")
    except ToileError:
        raise
    except Exception as error:
        raise InputRefused(f"the design {plan.NAME} could not be drafted: {type(error).__name__}: {error}") from error
    return Garment(cut, pattern, cloth, colour or cloth.look.colour)


def ready_made(
    made: ReadyMade,
    chart: str = "female",
    fabric: str | None = None,
    colour: Colour | None = None,
    colourway: Colourway = PLAIN,
) -> Garment:
    """A garment that came as a mesh, of a fabric by name (a T-shirt knit). Raises InputRefused for an unknown one."""
    cloth = find_fabric(fabric or READY_MADE_FABRIC)
    shade = colour or colourway.colour or cloth.look.colour
    return Garment(Cut(made.name, ONE_SIZE, chart), made, cloth, shade, colourway)
