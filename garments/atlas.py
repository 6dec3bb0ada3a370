"""The table of maps: their names, units, colours and what they say. Window, command line, report and exports read it.

Plain text without numbers of any garment: the values are made in garments/maps.py, the colours in app/scenes/scales.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Map:
    """One map. A value v in SI is shown as v * `per` in `unit`; on its scale as `zero` more, because strain is
    drawn as CLO draws it, 100 % for cloth as it was cut. `scale` names its colours: "heat" (100 % blue
    to red), "even" or "ink" (both even to the eye). `most`: the end of one scale for all; `change`: that of a change,
    either way [SI]. `limited`: whether a fabric's limit says anything about it; `directed`: whether it has a
    direction."""

    name: str
    family: str
    title: str
    short: str
    chinese: str
    says: str
    unit: str
    per: float
    zero: float
    scale: str
    most: float
    change: float
    limited: bool = False
    directed: bool = False

    def shown(self, value: float) -> float:
        """A value [SI] in the unit that it is told in."""
        return self.per * value

    @property
    def scale_unit(self) -> str:
        """The unit of the numbers along its scale."""
        return "% of cut length" if self.zero else self.unit

    def text(self, value: float, change: bool = False) -> str:
        """A value [SI], or a change of it, in words."""
        number = self.shown(value)
        size = abs(number)
        digits = 0 if size >= 99.5 or self.unit in ("mm", "Pa") else 1
        words = f"{number:+.{digits}f}" if change else f"{number:.{digits}f}"
        return f"{words.replace('-', '−')} {'points' if change and self.unit == '%' else self.unit}"


_STRETCH, _TENSION = ("%", 100.0, 100.0, "heat", 0.20, 0.05), ("N/m", 1.0, 0.0, "heat", 20.0, 5.0)
MAPS = (
    Map("strain", "strain", "Strain", "Dominant", "应变", "how far the cloth is stretched, in the direction in which "
        "it is stretched most", *_STRETCH, True, True),
    Map("strain_warp", "strain", "Warp strain", "Warp", "经向应变", "how far the warp threads are stretched",
        *_STRETCH, True),
    Map("strain_weft", "strain", "Weft strain", "Weft", "纬向应变", "how far the weft threads are stretched",
        *_STRETCH, True),
    Map("stress", "stress", "Stress", "Largest", "应力", "the largest pull in the cloth, over its flat width",
        *_TENSION, True, True),
    Map("stress_warp", "stress", "Warp stress", "Warp", "经向应力", "the pull of the warp threads",
        *_TENSION, True),
    Map("stress_weft", "stress", "Weft stress", "Weft", "纬向应力", "the pull of the weft threads",
        *_TENSION, True),
    Map("pressure", "pressure", "Contact pressure", "", "接触压力", "how hard the cloth presses on what is under it,"
        " skin or cloth", "Pa", 1.0, 0.0, "ink", 400.0, 200.0),
    Map("ease", "ease", "Ease (clearance)", "", "松量", "how far the cloth is from the skin",
        "mm", 1000.0, 0.0, "even", 0.06, 0.03),
)  # fmt: skip
BY_NAME: Mapping[str, Map] = MappingProxyType({each.name: each for each in MAPS})
FAMILIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {family: tuple(m.name for m in MAPS if m.family == family) for family in dict.fromkeys(m.family for m in MAPS)}
)
