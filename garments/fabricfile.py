"""Fabrics as text: TOML that a person can read, checked on entry, and the rules for what it leaves open.

A stranger's file is text of bounded size, read by Python's own tomllib; nothing in it is trusted before its kind, its
range and its length were looked at.

What is derived: thickness from the weight and a bulk density typical of the construction; friction from published
ranges; shear of woven cloth from a typical FAST bias extension (G = 123 / EB5; De Boos and Tester, SiroFAST, CSIRO
WT92.02, 1994) and of knits from their softer direction; bending on the bias as a cloth that does not resist twist by
itself (the harmonic mean of warp and weft); the wearable limit from the largest load of FAST.
"""

import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assets.errors import InputRefused
from assets.files import read_text
from garments.fabric import LARGEST_LOAD, Fabric, Look, Stretch

LARGEST_FILE = 64 * 1024
LONGEST_NAME, LONGEST_TEXT = 60, 600
LARGEST_STRAIN = 0.5
WEAVES = ("plain", "twill", "knit", "rib", "net", "lace", "none")


@dataclass(frozen=True, slots=True)
class Range:
    """What a quantity of any fabric can be, in SI, and how it is said: unit, and SI over that unit."""

    low: float
    high: float
    unit: str
    factor: float

    def check(self, what: str, value: object, of: str) -> float:
        """The value as a float. Raises InputRefused."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise InputRefused(f"{of}: {what} is not a number")
        if not self.low <= value <= self.high:
            low, high, told = (f"{part / self.factor:.4g}" for part in (self.low, self.high, value))
            raise InputRefused(f"{of}: {what} of {told} {self.unit} cannot be: it goes from {low} to {high}".rstrip())
        return float(value)


RANGES = {
    "density": Range(0.005, 2.0, "g/m²", 1e-3),
    "thickness": Range(3e-5, 0.01, "mm", 1e-3),
    "bending": Range(1e-8, 5e-3, "µN·m", 1e-6),
    "slope": Range(0.5, 2e5, "N/m", 1.0),
    "stiffened": Range(1e-3, 2.0, "%", 0.01),
    "friction": Range(0.02, 1.5, "", 1.0),
    "limit": Range(2e-3, 2.0, "%", 0.01),
    "share": Range(0.0, 1.0, "", 1.0),
    "pitch": Range(5e-5, 0.2, "mm", 1e-3),
}


@dataclass(frozen=True, slots=True)
class _Construction:
    """What a fabric's build says about it: bulk density [kg/m3], friction, strain at which it has stiffened."""

    bulk: float
    friction: float
    stiffened: float


CONSTRUCTIONS = {
    "knit": _Construction(260.0, 0.45, 0.25),
    "woven": _Construction(450.0, 0.35, 0.04),
    "leather": _Construction(600.0, 0.5, 0.25),
}
_BIAS_OF_WOVEN = 45.0
_RULES = {
    "thickness": "weight over a bulk density of {bulk:.0f} kg/m³, typical of {construction}",
    "friction": "{friction}: middle of what is published for {construction} on skin (0.2 to 0.6)",
    "stiffening": "the last slope is taken to hold from {percent:.0f} % strain on, as usual for {construction}",
    "bending": "one measured figure, taken for warp and weft alike",
    "bias": "the harmonic mean of warp and weft: a cloth that does not resist twist by itself",
    "limit": "the strain, in the direction that gives less, at 98.1 N/m (the largest FAST load), at most 50 %",
}
_SHEAR_RULE = {
    "isotropic": "a third of the softer direction's slopes: isotropic, with a Poisson ratio of 0.5",
    "woven": "45 N/m, a FAST bias extension of 2.7 % (G = 123 / EB5), typical of a trouser cloth",
}
_WORDS = re.compile(r"[^<>\x00-\x1f\x7f]+")


def load(path: Path) -> Fabric:
    """A person's own fabric from a file; its name is the file's. Raises InputRefused."""
    text = read_text(path, LARGEST_FILE, "fabric")
    name = name_of(path.stem)
    return _own(_parsed(text, str(path)), name, str(path))


def read(text: str, name: str) -> Fabric:
    """A fabric that ships, from its file's text."""
    return build(_parsed(text, name), name, written=name)


def read_own(text: str) -> Fabric:
    """A person's own fabric, from what `write` gave. Raises InputRefused."""
    if len(text) > LARGEST_FILE:
        raise InputRefused("this fabric's text is larger than any fabric")
    data = _parsed(text, "this fabric")
    return _own(data, name_of(_text(data, "title", "this fabric")), "this fabric")


def own(data: Mapping[str, Any]) -> Fabric:
    """A person's own fabric from the values of a file. Raises InputRefused."""
    title = _text(data, "title", "this fabric")
    return _own(data, name_of(title), title)


def name_of(title: str) -> str:
    """The name by which a fabric of this title is found: letters, figures and underscores."""
    return re.sub(r"\W+", "_", title.lower()).strip("_")[:LONGEST_NAME] or "fabric"


def write(cloth: Fabric) -> str:
    """The fabric as TOML that `load` and `read_own` read back to the same value."""
    return _toml(values(cloth))


def values(cloth: Fabric) -> dict[str, Any]:
    """The fabric as the values of its file: all that was given or measured; what was derived is derived again."""
    told: dict[str, Any] = {
        "title": cloth.title, "chinese": cloth.chinese, "use": cloth.use, "construction": cloth.construction,
        "source": cloth.source, "density": cloth.density, "thickness": cloth.thickness,
        "bending_warp": cloth.bending_warp, "bending_weft": cloth.bending_weft, "bending_bias": cloth.bending_bias,
        "stretch_warp": list(cloth.stretch_warp), "stretch_weft": list(cloth.stretch_weft), "shear": list(cloth.shear),
        "friction": cloth.friction, "limit": cloth.limit,
        "look": {"colour": list(cloth.look.colour), "roughness": cloth.look.roughness, "sheen": cloth.look.sheen,
                 "weave": cloth.look.weave, "pitch": cloth.look.pitch, "cover": cloth.look.cover},
        "derived": dict(cloth.derived), "measured": dict(cloth.measured),
    }  # fmt: skip
    return {key: value for key, value in told.items() if value not in ("", {})}


def build(data: Mapping[str, Any], name: str, written: str, of: str = "") -> Fabric:
    """The fabric of a file's values. Raises InputRefused, naming `of`."""
    of = of or name
    kind = _text(data, "construction", of)
    if kind not in CONSTRUCTIONS:
        raise InputRefused(f"{of}: construction {kind!r} is not known: it is {', '.join(CONSTRUCTIONS)}")
    made, derived = CONSTRUCTIONS[kind], dict(_sentences(data, "derived", of))
    warp, weft = (_stretch(data, f"stretch_{thread}", made, of) for thread in ("warp", "weft"))
    shear = _SHEAR_RULE["woven" if kind == "woven" else "isotropic"]
    rules = {"bulk": made.bulk, "friction": made.friction, "construction": kind, "percent": 100 * made.stiffened}

    def given(key: str, range_: str, otherwise: object, rule: str = "") -> float:
        if key not in data:
            derived.setdefault(rule or key, _RULES[rule or key].format(**rules))
        return RANGES[range_].check(key.replace("_", " "), data.get(key, otherwise), of)

    if any(len(data[key]) == 2 for key in ("stretch_warp", "stretch_weft")):
        derived.setdefault("stiffening", _RULES["stiffening"].format(**rules))
    density = RANGES["density"].check("density", data.get("density"), of)
    alike = data.get("bending")
    bend_warp, bend_weft = (given(f"bending_{thread}", "bending", alike, "bending") for thread in ("warp", "weft"))
    if "shear" not in data:
        derived.setdefault("shear", shear)
    widest = min(LARGEST_STRAIN, *(stretch.strain_at(LARGEST_LOAD) for stretch in (warp, weft)))
    return Fabric(
        name=name,
        title=_text(data, "title", of, LONGEST_NAME),
        chinese=_text(data, "chinese", of, LONGEST_NAME, ""),
        use=_text(data, "use", of, LONGEST_TEXT, ""),
        construction=kind,
        density=density,
        thickness=given("thickness", "thickness", density / made.bulk),
        stretch_warp=warp,
        stretch_weft=weft,
        shear=_stretch(data, "shear", made, of) if "shear" in data else _sheared(kind, warp, weft),
        bending_warp=bend_warp,
        bending_weft=bend_weft,
        bending_bias=given("bending_bias", "bending", 2.0 / (1.0 / bend_warp + 1.0 / bend_weft), "bias"),
        friction=given("friction", "friction", made.friction),
        limit=given("limit", "limit", max(widest, RANGES["limit"].low)),
        look=_look(data.get("look", {}), of),
        source=_text(data, "source", of, LONGEST_TEXT, "given by its owner"),
        derived=MappingProxyType(derived),
        measured=_sentences(data, "measured", of),
        written=written,
    )


def _own(data: Mapping[str, Any], name: str, of: str) -> Fabric:
    """A person's own, whose text is itself: the same value whichever way it came."""
    text = _toml(values(build(data, name, "", of)))
    return build(_parsed(text, of), name, text, of)


def _parsed(text: str, of: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise InputRefused(f"{of} is not a fabric: its TOML cannot be read ({str(error)[:120]})") from error


def _text(data: Mapping, key: str, of: str, longest: int = LONGEST_TEXT, otherwise: str | None = None) -> str:
    told = data.get(key, otherwise)
    if told is None:
        raise InputRefused(f"{of} is not a fabric: it does not say its {key}")
    if not isinstance(told, str) or len(told) > longest or (told and not _WORDS.fullmatch(told)):
        raise InputRefused(f"{of}: its {key} is not a line of at most {longest} letters (without < and >)")
    return told


def _sentences(data: Mapping, key: str, of: str) -> Mapping[str, str]:
    table = data.get(key, {})
    if not isinstance(table, dict) or len(table) > 32:
        raise InputRefused(f"{of}: [{key}] is not a table of sentences")
    return MappingProxyType({_text({"name": name}, "name", of, 40): _text(table, name, of) for name in table})


def _stretch(data: Mapping, key: str, made: _Construction, of: str) -> Stretch:
    told = data.get(key)
    if not isinstance(told, list) or len(told) not in (2, 3):
        raise InputRefused(f"{of}: {key} is not [first slope, last slope] in N/m, or these and the strain of the last")
    what = key.replace("_", " ")
    first, last = (RANGES["slope"].check(f"{what} slope", slope, of) for slope in told[:2])
    return Stretch(first, last, RANGES["stiffened"].check(f"{what} strain", (*told[2:], made.stiffened)[0], of))


def _sheared(kind: str, warp: Stretch, weft: Stretch) -> Stretch:
    if kind == "woven":
        return Stretch(_BIAS_OF_WOVEN, _BIAS_OF_WOVEN, warp.stiffened)
    return Stretch(min(warp.first, weft.first) / 3.0, min(warp.last, weft.last) / 3.0, warp.stiffened)


def _look(data: object, of: str) -> Look:
    if not isinstance(data, dict):
        raise InputRefused(f"{of}: [look] is not a table")
    colour = data.get("colour", [0.6, 0.6, 0.6])
    if not isinstance(colour, list) or len(colour) != 3:
        raise InputRefused(f"{of}: colour is not three numbers, linear red, green and blue")
    red, green, blue = (RANGES["share"].check("colour", part, of) for part in colour)
    weave = data.get("weave", "plain")
    if weave not in WEAVES:
        raise InputRefused(f"{of}: weave is not one of {', '.join(WEAVES)}")
    roughness, sheen = (RANGES["share"].check(k, data.get(k, d), of) for k, d in (("roughness", 0.8), ("sheen", 0.1)))
    cover = RANGES["share"].check("cover", data.get("cover", 1.0), of)
    pitch = RANGES["pitch"].check("pitch", data.get("pitch", 6e-4), of)
    return Look((red, green, blue), roughness, sheen, weave, pitch, cover)


def _toml(data: Mapping[str, Any]) -> str:
    lines = [f"{_key(key)} = {_value(value)}" for key, value in data.items() if not isinstance(value, dict)]
    for name, table in data.items():
        if isinstance(table, dict):
            lines += ["", f"[{_key(name)}]", *(f"{_key(key)} = {_value(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _value(name)


def _value(value: Any) -> str:
    """TOML's strings are JSON's, and so are its numbers and lists, but for a float without a point."""
    if isinstance(value, list):
        return f"[{', '.join(_value(part) for part in value)}]"
    return repr(float(f"{value:.6g}")) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
