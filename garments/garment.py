"""A garment: a design drafted for a size or for one person, cut from a fabric in a colourway."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from assets.errors import UsageError
from garments.blocks.skirts import skirt_length
from garments.blocks.sleeves import sleeve_length
from garments.checking import check
from garments.colours.colourway import PLAIN, Colourway
from garments.colours.palette import Colour
from garments.designs import design as find_design
from garments.designs import its_own, title_of
from garments.fabric import Fabric
from garments.fabric import fabric as find_fabric
from garments.grading import size_measurements
from garments.imported.readymade import ONE_SIZE, ReadyMade
from garments.pattern import Pattern
from garments.pinning import NOTHING, Held

MADE_TO_MEASURE = "made to measure"
READY_MADE_FABRIC = "gray_interlock"
LINES = {
    "bust": "bust", "waist": "waist", "waistband": "waistband", "hip": "hip", "thigh": "thigh_left",
    "sleeve": "biceps_left",
}  # fmt: skip
"""The line of a pattern that lies at each region of the wearer."""
INSIDE_LEG, SLEEVE_LENGTH, SKIRT_LENGTH = "inside leg", "sleeve length", "skirt length"
LENGTHS = {
    INSIDE_LEG: ("crotch_height", 0.03), SLEEVE_LENGTH: ("arm_length", 0.02), SKIRT_LENGTH: ("waist_height", 0.05),
}  # fmt: skip
"""Of what is judged by how long it is: the wearer's measure, and how far [m] off what is meant still fits."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How a garment is cut: a design in a size of a chart, with options that differ from the design's own. Made to
    measure, `wearer` are the measures [m, kg] of whom it is for. `alterations` are added to options to make it fit one
    person: what it is meant to be, it stays without them."""

    design: str
    size: str = "M"
    chart: str = "female"
    options: Mapping[str, float] = field(default_factory=dict)
    wearer: Mapping[str, float] | None = None
    alterations: Mapping[str, float] = field(default_factory=dict)

    @property
    def drawn(self) -> Mapping[str, float]:
        """The options that it is drafted with: alterations added, as far as each option goes. Raises UsageError for
        the alteration of an option that the design does not have."""
        if not self.alterations:
            return self.options
        plan, drawn = find_design(self.design), dict(self.options)
        for name, change in self.alterations.items():
            if name not in plan.OPTIONS:
                raise UsageError(f"a {plan.TITLE} has no option {name} to alter: it has {', '.join(plan.OPTIONS)}")
            option = plan.OPTIONS[name]
            drawn[name] = min(max(drawn.get(name, option.default) + change, option.low), option.high)
        return drawn

    @property
    def meant_for(self) -> Mapping[str, float]:
        """Body measures [m, kg] that it is cut for; none where nobody says. Raises InputRefused for an unknown size."""
        if self.size == ONE_SIZE:
            return {}
        return size_measurements(self.size, self.chart) if self.wearer is None else self.wearer


@dataclass(frozen=True, slots=True, eq=False)
class Garment:
    """How it is cut, the pattern that this makes or the mesh it came as, the fabric, the colour (linear RGB), and what
    of it differs from that; and what holds it where a person wants it."""

    cut: Cut
    pattern: Pattern | ReadyMade
    fabric: Fabric
    colour: Colour
    colourway: Colourway = PLAIN
    held: Held = NOTHING

    @property
    def design(self) -> str:
        return self.cut.design

    @property
    def size(self) -> str:
        """A size of the chart, "made to measure" or "one size"."""
        return self.cut.size

    @property
    def name(self) -> str:
        """What people call the garment: "T-shirt M"."""
        return self.title if isinstance(self.pattern, ReadyMade) else f"{self.title} {self.size}"

    @property
    def title(self) -> str:
        """What people call the garment in any size: "T-shirt"."""
        return self.design if isinstance(self.pattern, ReadyMade) else title_of(self.design)

    @property
    def girths(self) -> dict[str, float]:
        """The garment's own girths [m], flat, by region of the wearer, where it has them."""
        if isinstance(self.pattern, ReadyMade):
            return {}
        return {region: self.pattern.girth(line) for region, line in LINES.items() if line in self.pattern.lines}

    @property
    def lengths(self) -> dict[str, float]:
        """Flat measures [m] by which the fit is judged: the girths, the inside leg of what has legs, how long sleeves
        are, and how far below the waist the hem is of what is meant to reach a share of the waist's height."""
        lengths = self.girths
        if isinstance(self.pattern, ReadyMade):
            return lengths
        for seam in self.pattern.seams:
            if seam.name == f"{INSIDE_LEG} left":
                lengths[INSIDE_LEG] = self.pattern.length(seam.first)
        if sleeve := sleeve_length(self.pattern):
            lengths[SLEEVE_LENGTH] = sleeve
        meant = find_design(self.design).OPTIONS.get("length")
        if meant and meant.unit == LENGTHS[SKIRT_LENGTH][0] and (skirt := skirt_length(self.pattern)):
            lengths[SKIRT_LENGTH] = skirt
        return lengths

    @property
    def unaltered(self) -> "Garment":
        """The garment as it is meant to be, without alterations for one person."""
        return sketched(replace(self.cut, alterations={}), self.fabric.written) if self.cut.alterations else self

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
    with its_own(cut.design):
        return replace(made, pattern=check(made.pattern), colourway=colourway)  # type: ignore[arg-type]


def sketched(cut: Cut, fabric: str | None = None, colour: Colour | None = None) -> Garment:
    """The same before anybody looked whether it can be sewn, which takes longer than drafting it: to read girths from.
    Raises InputRefused for a design with a bug, too: it is that design's alone."""
    plan = find_design(cut.design)
    cloth = find_fabric(fabric or plan.FABRIC)
    return Garment(cut, plan.draft(cut.meant_for, cut.drawn), cloth, colour or cloth.look.colour)


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
