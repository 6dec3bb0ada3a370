"""Fabrics: how heavy, how stretchy, how stiff, how they look, and where each number comes from.

The seven fabrics in assets/fabrics were measured by Wang, O'Brien and Ramamoorthi (SIGGRAPH 2011): density, bending,
and the slopes of tension over strain at rest and when stiffened. What they did not give is derived here by one rule for
each, by the fabric's construction, and `derived` says so in words.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from assets.errors import InputRefused
from assets.files import ROOT, asset

LARGEST_LOAD = 98.1
"""The largest load [N/m] that the FAST test puts on a fabric: the edge of what such data speak of."""
_LARGEST_STRAIN = 0.5


class Stretch(NamedTuple):
    """Tension over strain in one direction: its slope [N/m] rises evenly from `first` at rest to `last` at the strain
    `stiffened`, and stays there. Compression keeps the first slope."""

    first: float
    last: float
    stiffened: float

    def tension(self, strain: np.ndarray) -> np.ndarray:
        """Tension [N/m] at strains of any shape."""
        strain = np.asarray(strain, float)
        bent = np.clip(strain, 0.0, self.stiffened)
        return self.first * strain + (self.last - self.first) * bent * (
            0.5 * bent / self.stiffened + np.maximum(strain - self.stiffened, 0.0) / np.maximum(bent, 1e-12)
        )

    def slope(self, strain: np.ndarray) -> np.ndarray:
        """d tension / d strain [N/m]."""
        return self.first + (self.last - self.first) * np.clip(np.asarray(strain, float) / self.stiffened, 0.0, 1.0)

    def strain_at(self, tension: float) -> float:
        """The strain at which the tension [N/m] is reached."""
        strains = np.linspace(0.0, 2.0, 4001)
        return float(np.interp(tension, self.tension(strains), strains))


@dataclass(frozen=True, slots=True)
class Look:
    """Colour as linear RGB; roughness and sheen 0..1; the weave's name and one repeat of it [m]."""

    colour: tuple[float, float, float]
    roughness: float
    sheen: float
    weave: str
    pitch: float


@dataclass(frozen=True, slots=True, eq=False)
class Fabric:
    """Density [kg/m2], thickness [m], stretch along warp and weft, shear stiffness [N/m], bending [N*m], friction on
    skin and on itself, the strain beyond which nothing is known, the look, and the sources."""

    name: str
    title: str
    use: str
    construction: str
    density: float
    thickness: float
    stretch_warp: Stretch
    stretch_weft: Stretch
    shear: Stretch
    bending_warp: float
    bending_weft: float
    friction: float
    limit: float
    look: Look
    source: str
    derived: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Construction:
    """What a fabric's build says about it: bulk density [kg/m3], friction, strain at which it has stiffened."""

    bulk: float
    friction: float
    stiffened: float


_CONSTRUCTIONS = {"knit": _Construction(260.0, 0.45, 0.25), "woven": _Construction(450.0, 0.35, 0.04)}
_BIAS_OF_WOVEN = 45.0
_DERIVED = {
    "thickness": "density over a bulk density of {bulk:.0f} kg/m3, typical of a {construction} fabric",
    "friction": "{friction}: middle of what is published for {construction} textiles on skin (0.2 to 0.6)",
    "stiffening": "the paper's last slope holds from {percent:.0f} % strain on: assumed for a {construction}",
    "shear": "{shear}",
    "bending": "the paper's one figure, for warp and weft alike",
    "limit": "the strain, in the direction that gives less, at 98.1 N/m (the largest FAST load), at most 50 %",
}
_SHEAR_RULE = {
    "knit": "a third of the softer direction's slopes: isotropic, with a Poisson ratio of 0.5",
    "woven": "45 N/m, a FAST bias extension of 2.7 % (G = 123 / EB5), typical of a trouser cloth",
}


@cache
def fabrics() -> Mapping[str, Fabric]:
    """All fabrics by name."""
    names = sorted(path.stem for path in (ROOT / "fabrics").glob("*.toml"))
    return MappingProxyType({name: _read(name) for name in names})


def fabric(name: str) -> Fabric:
    """A fabric by name ("gray_interlock", "gray interlock"). Raises InputRefused, offering near names."""
    plain = name.strip().lower().replace(" ", "_").replace("-", "_")
    if plain not in fabrics():
        near = get_close_matches(plain, fabrics(), 3, 0.5) or sorted(fabrics())
        raise InputRefused(f"there is no fabric {name!r}: try {', '.join(near)}")
    return fabrics()[plain]


def _read(name: str) -> Fabric:
    data = tomllib.loads(asset("fabrics", f"{name}.toml").read_text())
    kind = data["construction"]
    build = _CONSTRUCTIONS[kind]
    slopes, look = (data["stretch_warp"], data["stretch_weft"]), data["look"]
    warp, weft = (Stretch(first, last, build.stiffened) for first, last in slopes)
    shear = _shear(kind, warp, weft)
    limit = min(_LARGEST_STRAIN, *(stretch.strain_at(LARGEST_LOAD) for stretch in (warp, weft)))
    words = {"bulk": build.bulk, "friction": build.friction, "construction": kind}
    words |= {"percent": 100 * build.stiffened, "shear": _SHEAR_RULE[kind]}
    return Fabric(
        name=name,
        title=data["title"],
        use=data["use"],
        construction=kind,
        density=data["density"],
        thickness=data["density"] / build.bulk,
        stretch_warp=warp,
        stretch_weft=weft,
        shear=shear,
        bending_warp=data["bending"],
        bending_weft=data["bending"],
        friction=build.friction,
        limit=limit,
        look=Look(tuple(look["colour"]), look["roughness"], look["sheen"], look["weave"], look["pitch"]),
        source=data["source"],
        derived=MappingProxyType({what: rule.format(**words) for what, rule in _DERIVED.items()}),
    )


def _shear(kind: str, warp: Stretch, weft: Stretch) -> Stretch:
    if kind == "woven":
        return Stretch(_BIAS_OF_WOVEN, _BIAS_OF_WOVEN, warp.stiffened)
    return Stretch(min(warp.first, weft.first) / 3.0, min(warp.last, weft.last) / 3.0, warp.stiffened)
