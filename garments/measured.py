"""From measurements: what a laboratory, or a strip and a weight on the kitchen table, tell of a fabric.

- KES-F (Kawabata 1980): EM [%] at 500 gf/cm, linearity LT or energy WT, bending B, shear G, weight, thickness T0.
- FAST (De Boos and Tester, SiroFAST, CSIRO WT92.02, 1994): E5, E20, E100 [%] at 4.9, 19.6 and 98.1 N/m, bias extension
  EB5 (G = 123 / EB5), bending lengths C, weight, thickness.
- Cantilever (ASTM D1388, ISO 9073-7): the bending length c is half the overhang at 41.5 degrees; B = rho g c^3.
- Hanging: a strip of width w and length L stretches by d under a weight m: tension m g / w at the strain d / L.

A curve of two slopes goes exactly through what was measured at the largest load; what it cannot follow is said.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from assets import units
from assets.errors import InputRefused, UsageError
from garments.fabric import Fabric, Stretch
from garments.fabricfile import own, values

G = 9.81
KES_LOAD = 490.3325
"""500 gf/cm [N/m]."""
FAST_LOADS = (4.9, 19.6, 98.1)
SMALLEST_SHARE = 0.02
"""The least slope of a curve over its mean slope: none is flat."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One number to type: its key, what it is called, its kind of unit and the unit of a bare number, and what is
    plausible in SI. All may be left out."""

    key: str
    title: str
    kind: str
    bare: str
    low: float
    high: float

    def parse(self, text: str) -> float:
        """The value [SI]. Raises UsageError in one sentence."""
        try:
            value = units.quantity(text, self.kind, self.bare)
        except UsageError as error:
            raise UsageError(f"{self.title}: {error}") from error
        if not self.low <= value <= self.high:
            low, high = (units.told(part, self.kind, self.bare) for part in (self.low, self.high))
            raise UsageError(
                f"{self.title} of {units.told(value, self.kind, self.bare)} is not a fabric's: from {low} to {high}"
            )
        return value


@dataclass(frozen=True, slots=True)
class Method:
    """A way of measuring: what it is called, what is typed, and what follows from it."""

    name: str
    title: str
    entries: tuple[Entry, ...]
    follow: Callable[[dict[str, float], "Found"], None]


class Found:
    """What measurements told so far: values of a fabric's file, where each is from, and remarks."""

    def __init__(self, weight: float) -> None:
        self.values: dict[str, Any] = {}
        self.measured: dict[str, str] = {}
        self.remarks: list[str] = []
        self.weight = weight

    def set(self, quantity: str, origin: str, **told: Any) -> None:
        self.values |= told
        self.measured[quantity] = origin


_WEIGHT = Entry("weight", "Weight per area", "areal", "g/m2", 0.005, 2.0)
_THICKNESS = Entry("thickness", "Thickness", "length", "mm", 3e-5, 0.01)


def _pair(key: str, title: str, kind: str, bare: str, low: float, high: float) -> tuple[Entry, Entry]:
    return tuple(Entry(f"{key}_{t}", f"{title}, {t}", kind, bare, low, high) for t in ("warp", "weft"))  # type: ignore


def _kes(typed: dict[str, float], found: Found) -> None:
    for thread in ("warp", "weft"):
        if f"em_{thread}" in typed:
            linearity = _linearity(typed, thread)
            if linearity is None:
                found.remarks.append(f"{thread}: neither LT nor WT was given: taken as a straight line")
            curve, off = kes_curve(typed[f"em_{thread}"], linearity or 1.0)
            found.set("stretch", "KES-F: extension at 500 gf/cm and linearity", **{f"stretch_{thread}": list(curve)})
            if abs(off) > 0.02:
                found.remarks.append(f"{thread}: two slopes store {100 * off:+.0f} % of the energy that was measured")
        elif {f"lt_{thread}", f"wt_{thread}"} & set(typed):
            raise UsageError(f"LT and WT, {thread} say nothing without EM, {thread}")
        if f"b_{thread}" in typed:
            found.set("bending", "KES-F: B", **{f"bending_{thread}": typed[f"b_{thread}"]})
    if "g" in typed:
        found.set("shear", "KES-F: G", shear=[typed["g"], typed["g"], 0.1])


def _linearity(typed: dict[str, float], thread: str) -> float | None:
    """LT as typed, or from the energy, which must agree."""
    full = 0.5 * KES_LOAD * typed[f"em_{thread}"]
    energy, given = typed.get(f"wt_{thread}"), typed.get(f"lt_{thread}")
    if energy is None:
        return given
    told = energy / full
    if given is not None and abs(told - given) > 0.1 * given:
        raise UsageError(f"WT, {thread} tells a linearity of {told:.2f}, LT of {given:.2f}: one is mistyped")
    if not 0.3 <= told <= 1.3:
        raise UsageError(f"WT, {thread} and EM, {thread} make a linearity of {told:.2f}: it goes from 0.3 to 1.3")
    return told


def kes_curve(strain: float, linearity: float) -> tuple[Stretch, float]:
    """The curve through 500 gf/cm at `strain` that stores the energy which `linearity` tells, and by what share of it
    the energy is off (a slope that grows evenly from nothing has a linearity of 2/3: less cannot be followed)."""
    slope = KES_LOAD / strain
    first = max((3.0 * linearity - 2.0) * slope, SMALLEST_SHARE * slope)
    last = max(2.0 * slope - first, SMALLEST_SHARE * slope)
    first = 2.0 * slope - last
    return Stretch(first, last, strain), float((first / 3.0 + last / 6.0) * strain / (0.5 * KES_LOAD * linearity) - 1.0)


def _fast(typed: dict[str, float], found: Found) -> None:
    for thread in ("warp", "weft"):
        told = [(load, typed.get(f"e{name}_{thread}")) for load, name in zip(FAST_LOADS, (5, 20, 100), strict=True)]
        points = [(strain, load) for load, strain in told if strain is not None]
        if points:
            found.set("stretch", "FAST: extension", **{f"stretch_{thread}": list(_through(points, thread, found))})
        if f"c_{thread}" in typed:
            bent = bending(found.weight, typed[f"c_{thread}"])
            found.set("bending", "FAST: bending length", **{f"bending_{thread}": bent})
    if "eb5" in typed:
        shear = 123.0 / (100.0 * typed["eb5"])
        found.set("shear", "FAST: G = 123 / EB5", shear=[shear, shear, 0.1])


def bending(density: float, length: float) -> float:
    """Bending rigidity [N*m] of cloth of this density [kg/m2] and bending length [m]."""
    return density * G * length**3


def _cantilever(typed: dict[str, float], found: Found) -> None:
    for thread in ("warp", "weft"):
        halved = 0.5 * typed.get(f"overhang_{thread}", 0.0)
        length = typed.get(f"c_{thread}", halved)
        if halved and abs(length - halved) > 0.05 * halved:
            raise UsageError(f"the bending length along the {thread} is half the overhang: one of them is mistyped")
        if length:
            found.set("bending", "cantilever: B = rho g c³", **{f"bending_{thread}": bending(found.weight, length)})


def _hanging(typed: dict[str, float], found: Found) -> None:
    if not {"width", "length"} <= set(typed):
        raise UsageError("a hanging stretch needs the strip's width and length")
    for thread in ("warp", "weft"):
        points = []
        for turn in ("", "2"):
            pulled, grown = typed.get(f"mass{turn}"), typed.get(f"longer{turn}_{thread}")
            if pulled is not None and grown is not None:
                load = pulled * G / typed["width"] + 0.5 * found.weight * G * typed["length"]
                points.append((grown / typed["length"], load))
        if points:
            curve = _through(points, thread, found)
            found.set("stretch", "a strip with a weight", **{f"stretch_{thread}": list(curve)})


def _through(points: list[tuple[float, float]], thread: str, found: Found) -> Stretch:
    curve, off = fit_curve(points)
    if off > 0.05:
        found.remarks.append(f"{thread}: two slopes miss a measured strain by {100 * off:.0f} %")
    return curve


def fit_curve(points: list[tuple[float, float]]) -> tuple[Stretch, float]:
    """The curve through (strain, tension [N/m]) points, exact at the largest, and the largest share by which it misses
    a strain. Raises UsageError where the strains do not grow with the loads."""
    points = sorted(points, key=lambda point: point[1])
    strains, loads = (np.array(part) for part in zip(*points, strict=True))
    if np.any(np.diff(strains) <= 0) or strains[0] <= 0:
        raise UsageError("extensions grow with the load: check which is which")
    mean = loads[-1] / strains[-1]
    if len(points) == 1:
        return Stretch(mean, mean, float(strains[-1])), 0.0
    best, least = Stretch(mean, mean, float(strains[-1])), np.inf
    for stiffened in strains[-1] * np.linspace(0.02, 1.0, 99):
        # The tension at the largest strain is (1 - h) first + h last times it; h from the shape of the curve.
        h = 1.0 - 0.5 * stiffened / strains[-1]
        for share in np.geomspace(SMALLEST_SHARE, 8.0, 120):
            first = share * mean
            last = (mean - (1.0 - h) * first) / h
            if last < SMALLEST_SHARE * mean:
                continue
            curve = Stretch(first, last, float(stiffened))
            told = np.abs(curve.tension(strains[:-1]) / loads[:-1] - 1.0).max()
            if told < least:
                best, least = curve, told
    missed = max(abs(best.strain_at(load) / strain - 1.0) for strain, load in points[:-1])
    return best, float(missed)


_KES = (
    _WEIGHT,
    _THICKNESS,
    *_pair("em", "EM", "strain", "%", 1e-3, 1.5),
    *_pair("lt", "LT", "number", "", 0.3, 1.3),
    *_pair("wt", "WT", "energy", "gf·cm/cm2", 0.1, 300.0),
    *_pair("b", "B", "bending", "gf·cm2/cm", 1e-8, 5e-3),
    Entry("g", "G", "shear", "gf/cm/deg", 0.5, 2000.0),
)
_FAST = (
    _WEIGHT,
    _THICKNESS,
    *_pair("e5", "E5", "strain", "%", 1e-4, 1.0),
    *_pair("e20", "E20", "strain", "%", 2e-4, 1.5),
    *_pair("e100", "E100", "strain", "%", 5e-4, 2.0),
    *_pair("c", "C", "length", "mm", 2e-3, 0.12),
    Entry("eb5", "EB5", "strain", "%", 1e-3, 1.0),
)
_CANTILEVER = (
    _WEIGHT,
    _THICKNESS,
    *_pair("c", "Bending length", "length", "cm", 2e-3, 0.12),
    *_pair("overhang", "Overhang", "length", "cm", 4e-3, 0.24),
)
_HANGING = (
    _WEIGHT,
    _THICKNESS,
    Entry("width", "Strip width", "length", "cm", 5e-3, 1.0),
    Entry("length", "Strip length", "length", "cm", 0.02, 2.0),
    Entry("mass", "Weight hung on", "mass", "g", 1e-3, 50.0),
    *_pair("longer", "Longer by", "length", "cm", 1e-4, 2.0),
    Entry("mass2", "Second weight", "mass", "g", 1e-3, 50.0),
    *_pair("longer2", "Longer by, second", "length", "cm", 1e-4, 2.0),
)
METHODS = {
    "kes": Method("kes", "KES-F", _KES, _kes),
    "fast": Method("fast", "FAST", _FAST, _fast),
    "cantilever": Method("cantilever", "Cantilever", _CANTILEVER, _cantilever),
    "hanging": Method("hanging", "Hanging strip", _HANGING, _hanging),
}
"""The ways of measuring, by name."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """A fabric of one's own as measured, and remarks on what its curves cannot follow."""

    fabric: Fabric
    remarks: tuple[str, ...]


def from_measurements(method: str, typed: Mapping[str, str], like: Fabric, title: str) -> Measured:
    """A fabric from what was typed (texts by Entry.key); all that was not measured is as in `like`, and says so.

    Raises UsageError naming the entry, InputRefused for what no fabric can be.
    """
    if method not in METHODS:
        raise InputRefused(f"there is no way of measuring called {method!r}: try {', '.join(METHODS)}")
    way = METHODS[method]
    known = {entry.key: entry for entry in way.entries}
    for key in typed:
        if key not in known:
            raise UsageError(f"{way.title} has no {key!r}: it has {', '.join(known)}")
    told = {key: known[key].parse(text) for key, text in typed.items() if text.strip()}
    found = Found(told.get("weight", like.density))
    way.follow(told, found)
    if "weight" in told:
        found.set("density", f"{way.title}: weighed", density=told["weight"])
    if "thickness" in told:
        found.set("thickness", f"{way.title}: thickness", thickness=told["thickness"])
    if "bending" in found.measured and "weight" not in told and method != "kes":
        found.remarks.append(f"not weighed: bending follows from the weight of {like.title}")
    if not found.measured:
        raise UsageError(f"nothing was measured yet: type at least one number of {way.title}")
    return Measured(own(_joined(like, found, title)), tuple(found.remarks))


def _joined(like: Fabric, found: Found, title: str) -> dict[str, Any]:
    """The values of `like`, with what was found in their place."""
    borrowed = f"as {like.title}"
    data = values(like) | found.values
    derived = {name: told for name, told in like.derived.items() if name not in found.measured}
    for quantity in ("density", "thickness", "stretch", "shear", "bending"):
        if quantity not in found.measured:
            derived[quantity] = f"{borrowed} ({like.origin(quantity)})"[:500]
    threads = [thread for thread in ("warp", "weft") if f"bending_{thread}" in found.values]
    if "bending" in found.measured:
        del data["bending_bias"]
        derived.pop("bias", None)
        if len(threads) == 1:
            other = "weft" if threads == ["warp"] else "warp"
            data[f"bending_{other}"] = found.values[f"bending_{threads[0]}"]
            found.remarks.append(f"bending along the {other} was not measured: taken as along the {threads[0]}")
    if "density" in found.measured and "thickness" not in found.measured:
        del data["thickness"], derived["thickness"]
    stretched = [thread for thread in ("warp", "weft") if f"stretch_{thread}" in found.values]
    if stretched:
        derived["stiffening"] = "fitted to what was measured"
        data.pop("limit", None)
        derived.pop("limit", None)
        if len(stretched) == 1:
            other = "weft" if stretched == ["warp"] else "warp"
            found.remarks.append(f"stretch along the {other} was not measured: {borrowed}")
            found.measured["stretch"] += f" ({other} {borrowed})"
    return data | {"title": title, "chinese": "", "use": "", "source": "measured by its owner", "derived": derived,
                   "measured": dict(found.measured)}  # fmt: skip


def typed_pairs(pairs: list[str]) -> dict[str, str]:
    """`["weight=150 g/m2", ...]` as texts by key. Raises UsageError."""
    told = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals:
            raise UsageError(f"{pair!r}: write it as NAME=VALUE, like weight=150")
        told[key.strip().lower().replace("-", "_")] = text
    return told
