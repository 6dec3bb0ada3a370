"""Sizes: what a letter means in body measures, and the body that a size is cut for.

The letters and their girths come from EN 13402-3 (the charts in assets/sizes tell their sources). A chart gives three
girths and a height; every other measure that a draft needs is the most likely one of a person with those, by
conditioning the population (body/population.py), so that all measures grow together as real people's do.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np

from assets.errors import InputRefused, UsageError
from assets.files import asset
from body.population import population

SIZES = ("XS", "S", "M", "L", "XL", "XXL")
SEXES = ("female", "male")
_CHARTS = {"female": "women.toml", "male": "men.toml"}
_CHART_ERROR = 0.002
# Across the shoulders over the nape against bone to bone, and front width against back width between the armholes:
# ratios in the size tables of Aldrich (women 12, men 100), where the survey has no such measure.
_OVER_NAPE, _FRONT_TO_BACK = 1.08, 0.93
# How far from the waist's to the hip's girth the high hip is: measured on the built-in body at BMI 20 to 34.
_HIGH_HIP = {"female": 0.68, "male": 0.35}


@dataclass(frozen=True, slots=True, eq=False)
class Size:
    """One letter of a chart: the band [m] of the bust or chest girth that it is for, and its body's girths [m]."""

    name: str
    low: float
    high: float
    girths: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """A size chart for one sex; stature [m]."""

    title: str
    source: str
    sex: str
    stature: float
    sizes: Mapping[str, Size]


@cache
def chart(sex: str) -> Chart:
    """The size chart for "female" or "male". Raises UsageError for another word."""
    if sex not in _CHARTS:
        raise UsageError(f"there is no size chart for {sex!r}: it is female or male")
    data = tomllib.loads(asset("sizes", _CHARTS[sex]).read_text())
    sizes = {row["name"]: Size(row["name"], row["low"], row["high"], _girths(row)) for row in data["sizes"]}
    return Chart(data["title"], data["source"], sex, data["stature"], MappingProxyType(sizes))


@cache
def size_measurements(size: str, sex: str) -> Mapping[str, float]:
    """Body measures [m, kg] that a size is cut for. Raises InputRefused for an unknown size."""
    rows = chart(sex).sizes
    if size not in rows:
        raise InputRefused(f"there is no size {size!r}: it is one of {', '.join(rows)}")
    stated = {"stature": chart(sex).stature, **rows[size].girths}
    return MappingProxyType(completed(stated, sex))


def completed(stated: Mapping[str, float], sex: str) -> dict[str, float]:
    """Stated measures [m, kg] with the most likely value of every other one."""
    known = {name: (value, _CHART_ERROR) for name, value in stated.items()}
    likely = {name: value for name, (value, _) in population().given(known, SEXES.index(sex)).items()}
    likely["across_back_shoulder_width"] = _OVER_NAPE * likely["biacromial_breadth"]
    likely["front_width"] = _FRONT_TO_BACK * likely["back_width"]
    waist, hip = ({**likely, **stated}[name] for name in ("waist_girth", "hip_girth"))
    likely["high_hip_girth"] = waist + _HIGH_HIP[sex] * (hip - waist)
    return {**likely, **stated}


def girth_below_waist(body: Mapping[str, float], drop: float) -> float:
    """The trunk's girth [m] at a depth [m] below the waist, down to the hip."""
    waist, hip = body["waist_girth"], body["hip_girth"]
    high = body.get("high_hip_girth", 0.5 * (waist + hip))
    return float(np.interp(drop, np.array([0.0, 0.5, 1.0]) * body["waist_to_hip"], (waist, high, hip)))


def _girths(row: Mapping[str, float]) -> Mapping[str, float]:
    return MappingProxyType({name: value for name, value in row.items() if name.endswith("_girth")})
