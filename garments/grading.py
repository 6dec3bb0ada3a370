"""Size charts: what a size means in body measures, and the body that a size is cut for.

Charts are files of assets/sizes, each with its source, or a person's own table (CSV). A chart gives some measures of
each size; every other one that a draft needs is the most likely of a person with those, by conditioning the population
(body/population.py), so that all measures grow together as real people's do.
"""

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import numpy as np

from assets.errors import InputRefused
from assets.files import ROOT, asset, require_file
from body.measurements import MEASURES
from body.population import population
from garments.charttable import GIRTHS, lines

SEXES = ("female", "male")
"""The sexes of the survey, in its order; also the names of the letter charts that are used unless others are asked
for."""
_CHART_ERROR = 0.002
# Across the shoulders over the nape against bone to bone, and front width against back width between the armholes:
# ratios in the size tables of Aldrich (women 12, men 100), where the survey has no such measure.
_OVER_NAPE, _FRONT_TO_BACK = 1.08, 0.93
# How far from the waist's to the hip's girth the high hip is: measured on the built-in body at BMI 20 to 34.
_HIGH_HIP = {"female": 0.68, "male": 0.35}


@dataclass(frozen=True, slots=True, eq=False)
class Size:
    """One size: its body's measures [m, kg], and the band [m] of the bust or chest that it is for where one is told."""

    name: str
    measures: Mapping[str, float]
    band: tuple[float, float] | None = None


def _rank(name: str) -> float:
    """Where letters or a number put a size among others; nan where they do not."""
    if found := re.fullmatch(r"(X*)([SL])", name.upper()):
        return (1 + len(found[1])) * (1 if found[2] == "L" else -1)
    return 0.0 if name.upper() == "M" else float(name) if re.fullmatch(r"\d{1,3}", name) else math.nan


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """Sizes from small to large; `sex` "female", "male" or "" for both; `name` is what `chart` finds it by."""

    name: str
    title: str
    source: str
    sex: str
    sizes: Mapping[str, Size]

    def size(self, name: str) -> Size:
        """Raises InputRefused for a size that the chart has not."""
        if name not in self.sizes:
            raise InputRefused(f"there is no size {name!r}: it is one of {', '.join(self.sizes)}")
        return self.sizes[name]

    @property
    def assumed(self) -> str:
        """What is said of a chart that leaves out a girth that garments are cut by, or in which one shrinks where
        another grows; nothing of one that has all."""
        told = next(iter(self.sizes.values())).measures
        missing = " and ".join(name.partition("_")[0] for name in GIRTHS if name not in told)
        lacks = f"the size chart {self.title} gives no {missing}: estimated from its other measures" if missing else ""
        return "; ".join(filter(None, (lacks, self._mistaken())))

    def _mistaken(self) -> str:
        """The first size in which a girth shrinks where another grows, as a slip of the pen does; or that sizes grow
        the other way than their names."""
        smallest, largest = (list(self.sizes)[end] for end in (0, -1))
        if _rank(smallest) > _rank(largest):
            return (
                f"in the size chart {self.title} {smallest} is the smallest size and {largest} the largest: see "
                "whether that is meant"
            )
        for small, large in pairwise(self.sizes.values()):
            steps = {name: large.measures[name] - small.measures[name] for name in GIRTHS if name in small.measures}
            if steps and min(steps.values()) < 0.0 < max(steps.values()):
                less, more = (pick(steps, key=steps.__getitem__).partition("_")[0] for pick in (min, max))
                return (
                    f"in the size chart {self.title} {large.name} has a smaller {less} than {small.name}, and a larger "
                    f"{more}: see whether that is meant"
                )
        return ""

    @property
    def middle(self) -> str:
        """The size in the middle: the one that others are graded from."""
        names = list(self.sizes)
        return names[(len(names) - 1) // 2]


@cache
def chart_names() -> tuple[str, ...]:
    """Names of the charts that come with Toile; those that are used unless others are asked for come first."""
    found = (path.stem.replace("_", " ") for path in ROOT.joinpath("sizes").glob("*.toml"))
    return tuple(sorted(found, key=lambda name: (name not in SEXES, name)))


def chart(name: str) -> Chart:
    """A chart by its name, or a person's own by the path of its table. Raises InputRefused."""
    if name in chart_names():
        return _shipped(name)
    path = Path(name)
    if path.suffix.lower() != ".csv":
        known = ", ".join(chart_names())
        raise InputRefused(f"there is no size chart {name!r}: it is one of {known}, or a table FILE.csv")
    size = require_file(path)
    return _own(path, path.stat().st_mtime_ns, size)


def charts_for(wanted: str | None, sex: float | None) -> tuple[str, ...]:
    """The charts to look a person's size up in: the one wanted, of "gb" or "astm" those for their sex, else the
    letter chart; two where the sex is not known (`sex`: 0 female to 1 male). Raises InputRefused for no chart."""
    sexes = SEXES if sex is None else (SEXES[int(sex > 0.5)],)
    if wanted is None:
        return sexes
    family = [f"{wanted} {one}" for one in SEXES if f"{wanted} {one}" in chart_names()]
    if family:
        return tuple(name for name in family if name.rpartition(" ")[2] in sexes) or tuple(family)
    return (chart(wanted).name,)


@lru_cache(maxsize=256)
def size_measurements(size: str, chart_name: str) -> Mapping[str, float]:
    """Body measures [m, kg] that a size is cut for. Raises InputRefused for an unknown size or chart."""
    found = chart(chart_name)
    return MappingProxyType(completed(found.size(size).measures, found.sex))


def completed(stated: Mapping[str, float], sex: str) -> dict[str, float]:
    """Stated measures [m, kg] with the most likely value of every other one; `sex` "" leaves that to the measures."""
    people = population()
    known = {name: (value, _CHART_ERROR) for name, value in stated.items() if name in people.names}
    told = people.given(known, SEXES.index(sex) if sex else None)
    likely = {name: value for name, (value, _) in told.items()}
    likely["across_back_shoulder_width"] = _OVER_NAPE * likely["biacromial_breadth"]
    likely["front_width"] = _FRONT_TO_BACK * likely["back_width"]
    waist, hip = ({**likely, **stated}[name] for name in ("waist_girth", "hip_girth"))
    likely["high_hip_girth"] = waist + _HIGH_HIP[sex or "female"] * (hip - waist)
    return {**likely, **stated}


def girth_below_waist(body: Mapping[str, float], drop: float) -> float:
    """The trunk's girth [m] at a depth [m] below the waist, down to the hip.

    From the waist, the narrowest place, it grows slowly at first, the more so the less it grows at all: so on the
    built-in body in sizes XS, M and XXL of women and men, within 1 cm."""
    waist, hip, half = body["waist_girth"], body["hip_girth"], 0.5 * body["waist_to_hip"]
    high = body.get("high_hip_girth", 0.5 * (waist + hip))
    if drop >= half:
        return float(np.interp(drop, (half, 2.0 * half), (high, hip)))
    power = float(np.clip(2.8 - (high - waist) / half, 1.0, 2.5))
    return waist + (high - waist) * max(drop / half, 0.0) ** power


def read_chart(path: Path) -> Chart:
    """A person's own chart, from such a table as garments/charttable.py reads. Raises InputRefused."""
    told = lines(path)
    sizes = {line.name: Size(line.name, MappingProxyType(line.measures)) for line in told}
    return Chart(str(path), path.stem, f"{path.name}, as given", told[0].sex, MappingProxyType(sizes))


@cache
def _shipped(name: str) -> Chart:
    data = tomllib.loads(asset("sizes", f"{name.replace(' ', '_')}.toml").read_text())
    sizes = {row["name"]: Size(row["name"], _measures(row), _band(row)) for row in data["sizes"]}
    return Chart(name, data["title"], data["source"], data["sex"], MappingProxyType(sizes))


@lru_cache(maxsize=8)
def _own(path: Path, changed: int, size: int) -> Chart:
    return read_chart(path)


def _measures(row: Mapping) -> Mapping[str, float]:
    return MappingProxyType({name: float(value) for name, value in row.items() if name in MEASURES})


def _band(row: Mapping) -> tuple[float, float] | None:
    return (row["low"], row["high"]) if "low" in row else None
