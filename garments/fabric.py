"""Fabrics: how heavy, how stretchy, how stiff, how they look, and where each number comes from.

Those that ship lie in assets/fabrics, one TOML file each; a person's own lie in the same form in their folder. What a
file does not give is derived by one rule for each, by the fabric's construction (garments/fabricfile.py), and `derived`
says so in words. Ten were measured by Wang, O'Brien and Ramamoorthi (SIGGRAPH 2011).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from assets import files
from assets.errors import CannotWrite, InputRefused

LARGEST_LOAD = 98.1
"""The largest load [N/m] that the FAST test puts on a fabric: the edge of what such data speak of."""
MOST_OWN = 500
"""How many fabrics of a person's own are looked at."""


class Stretch(NamedTuple):
    """Tension over strain in one direction: its slope [N/m] goes evenly from `first` at rest to `last` at the strain
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
    """Colour as linear RGB; roughness and sheen 0..1; the weave's name and one repeat of it [m]; the part of its area
    that its threads fill, 0..1: 1 cannot be seen through."""

    colour: tuple[float, float, float]
    roughness: float
    sheen: float
    weave: str
    pitch: float
    cover: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Fabric:
    """Density [kg/m2], thickness [m], stretch along warp and weft, shear stiffness [N/m], bending along warp, weft and
    bias [N*m], friction on skin and on itself, the strain beyond which nothing is known, the look, and the sources.

    `source` stands for the whole; `derived` says of a quantity by what rule it was derived, `measured` where it was
    measured when that is not `source`. `written` is what `fabric` finds this value by: its name, or, of a person's
    own, its whole text.
    """

    name: str
    title: str
    chinese: str
    use: str
    construction: str
    density: float
    thickness: float
    stretch_warp: Stretch
    stretch_weft: Stretch
    shear: Stretch
    bending_warp: float
    bending_weft: float
    bending_bias: float
    friction: float
    limit: float
    look: Look
    source: str
    derived: Mapping[str, str]
    measured: Mapping[str, str]
    written: str

    @property
    def own(self) -> bool:
        """Whether it is a person's own, which travels as a whole with whatever uses it."""
        return "\n" in self.written

    def origin(self, quantity: str) -> str:
        """Where a quantity comes from, in words: "density", "thickness", "stretch", "shear", "bending", "friction",
        "limit", "stiffening"."""
        if quantity in self.derived:
            return f"derived: {self.derived[quantity]}"
        return self.measured.get(quantity, self.source)


@cache
def fabrics() -> Mapping[str, Fabric]:
    """The fabrics that ship, by name."""
    from garments.fabricfile import read

    names = sorted(path.stem for path in (files.ROOT / "fabrics").glob("*.toml"))
    return MappingProxyType({name: read(files.asset("fabrics", f"{name}.toml").read_text(), name) for name in names})


def own_fabrics() -> tuple[dict[str, Fabric], tuple[str, ...]]:
    """The person's own fabrics by name, and a sentence for each file among them that cannot be used."""
    found, wrong = {}, []
    folder = _own_folder()
    for path in sorted(folder.glob("*.toml"))[:MOST_OWN] if folder else ():
        try:
            told = path.stat()
            cloth = _own(path, told.st_mtime_ns, told.st_size)
            if cloth.name in fabrics():
                raise InputRefused(f"{path} bears the name of a fabric that ships with Toile: rename the file")
            found[cloth.name] = cloth
        except (InputRefused, OSError) as error:
            wrong.append(str(error))
    return found, tuple(wrong)


def fabric(named: str) -> Fabric:
    """A fabric by name ("gray_interlock", "gray interlock"), or by its whole text as `Fabric.written` gives it. Raises
    InputRefused, offering near names."""
    if "\n" in named:
        return _written(named)
    plain = named.strip().lower().replace(" ", "_").replace("-", "_")
    if plain in fabrics():
        return fabrics()[plain]
    own = own_fabrics()[0]
    if plain not in own:
        known = {**fabrics(), **own}
        near = get_close_matches(plain, known, 3, 0.5) or [name for name in sorted(known) if plain and plain in name]
        hint = f"try {', '.join(near[:8])}" if near else "`fabric list` tells those that there are"
        raise InputRefused(f"there is no fabric {named[:60]!r}: {hint}")
    return own[plain]


def save_own(cloth: Fabric, *, replace: bool = True) -> Path:
    """Keep a fabric in the person's folder, where `fabric` finds it by its name; the file. Raises CannotWrite, and
    InputRefused for a name that is taken by one that ships (or by one of their own, unless it may be replaced)."""
    from garments.fabricfile import write

    folder = files.user_data() / "fabrics"
    path = folder / f"{cloth.name}.toml"
    if cloth.name in fabrics() or (path.exists() and not replace):
        raise InputRefused(f"there is a fabric {cloth.name!r} already: give yours another name")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise CannotWrite(f"cannot make {folder}: {files.why_not(error)}") from error
    files.write_text(path, write(cloth))
    return path


def _own_folder() -> Path | None:
    try:
        return files.user_data() / "fabrics"
    except CannotWrite:
        return None


@lru_cache(maxsize=256)
def _own(path: Path, changed: int, size: int) -> Fabric:
    """A file of the person's folder, as of when it was last changed."""
    from garments.fabricfile import load

    return load(path)


@lru_cache(maxsize=256)
def _written(text: str) -> Fabric:
    from garments.fabricfile import read_own

    return read_own(text)
