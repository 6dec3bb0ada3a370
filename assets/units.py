"""SI inside, people's units at the face.

`length("178 cm")`, `length("5'11")`, `length("70 in")` and `length("1.78 m")` are metres; `mass("74 kg")` and
`mass("163 lb")` are kilograms. A bare number is taken in the unit that the caller names, never guessed.
Factors: the international yard and pound agreement of 1959 (exact).
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from math import pi

from assets.errors import UsageError

LENGTHS = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254, "ft": 0.3048}
MASSES = {"kg": 1.0, "g": 0.001, "lb": 0.45359237, "st": 6.35029318}
_SYNONYMS = {
    '"': "in", "″": "in", "”": "in", "''": "in", "inch": "in", "inches": "in",
    "'": "ft", "′": "ft", "’": "ft", "feet": "ft", "foot": "ft",
    "lbs": "lb", "pound": "lb", "pounds": "lb", "stone": "st", "kilo": "kg", "kilos": "kg", "kgs": "kg",
    "metre": "m", "metres": "m", "meter": "m", "meters": "m", "厘米": "cm", "公分": "cm", "米": "m", "公斤": "kg",
}  # fmt: skip
_GF = 9.80665e-3
KINDS = {
    "areal": {"g/m2": 1e-3, "kg/m2": 1.0, "oz/yd2": 0.028349523125 / 0.83612736, "mg/cm2": 0.01,
              "momme": 0.45359237 / (91.44 * 1.143)},
    "strain": {"%": 0.01},
    "number": {"": 1.0},
    "share": {"%": 0.01, "": 1.0},
    "energy": {"gfcm/cm2": 100 * _GF, "j/m2": 1.0},
    "bending": {"gfcm2/cm": 0.01 * _GF, "unm": 1e-6, "mncm": 1e-5},
    "shear": {"gf/cm/deg": 100 * _GF * 180 / pi, "n/m": 1.0},
    "tension": {"n/m": 1.0, "gf/cm": 100 * _GF, "n/cm": 100.0},
}  # fmt: skip
"""Units of fabrics, by kind, in SI: kg/m2, 1, 1, 1, J/m2, N*m, N/m a radian of shear, N/m. 1 gf = 9.80665 mN."""
_UNIT_NAMES = {
    "gsm": "g/m2",
    "oz": "oz/yd2",
    "percent": "%",
    "姆米": "momme",
    "克/平方米": "g/m2",
    "n/m/rad": "n/m",
    "gf/cm/d": "gf/cm/deg",
}
_SIGNS = str.maketrans("²³μµ°", "23uud")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?:[eE][+-]?\d{1,2})?|[.,]\d+")
_TERM = re.compile(r"\s*(\d+(?:[.,]\d+)?|[.,]\d+)\s*([^\d\s.,+-]+)?")


def length(text: str | float, bare: str = "cm") -> float:
    """A length in metres. `bare` is the unit of a number without one. Raises UsageError, naming what was typed."""
    return _quantity(text, LENGTHS, bare, "a length", "178 cm, 1.78 m, 70 in or 5'10")


def signed_length(text: str | float, bare: str = "cm") -> float:
    """A length in metres that may be below zero, as ease may. Raises UsageError, naming what was typed."""
    written = str(text).strip()
    return -length(written[1:], bare) if written[:1] in ("-", "−") else length(written, bare)


def signed(text: str) -> float:
    """A number that may be below zero. Raises UsageError, naming what was typed."""
    written = text.strip()
    return -quantity(written[1:], "number", "") if written[:1] in ("-", "−") else quantity(written, "number", "")


def angle(text: str | float) -> float:
    """An angle in radians of one that is written in degrees, with its sign or without: "20°", "20 deg", "20"; or as
    "0.35 rad". Raises UsageError, naming what was typed."""
    written = str(text).strip().lower()
    if written.endswith("rad"):
        return signed(written.removesuffix("rad"))
    return signed(written.removesuffix("degrees").removesuffix("deg").removesuffix("°")) * pi / 180


def mass(text: str | float, bare: str = "kg") -> float:
    """A mass in kilograms. `bare` is the unit of a number without one. Raises UsageError, naming what was typed."""
    return _quantity(text, MASSES, bare, "a weight", "74 kg, 163 lb or 11st 9lb")


def quantity(text: str | float, kind: str, bare: str) -> float:
    """A value in SI of one of KINDS, as a laboratory writes it: "150 g/m²", "5.5 oz/yd2", "0.144 gf·cm²/cm", "4,7 %".
    `bare` is the unit of a number without one. Raises UsageError, naming what was typed."""
    written = str(text).strip()
    if kind in ("length", "mass"):
        with suppress(UsageError):
            return length(written, bare) if kind == "length" else mass(written, bare)
    known = KINDS.get(kind) or {"length": LENGTHS, "mass": MASSES}[kind]
    found = _NUMBER.match(written)
    unit = _plain_unit(written[found.end() :] or bare) if found else ""
    if not found or unit not in known:
        names = ", ".join(name for name in known if name) or "no unit"
        raise UsageError(f"{written[:40]!r} is not understood: write a number and one of {names}")
    return float(found[0].replace(",", ".")) * known[unit]


def told(value: float, kind: str, unit: str) -> str:
    """A value in SI of one of KINDS as a person reads it, to three figures, or four from 100 on."""
    known = {"length": LENGTHS, "mass": MASSES, **KINDS}[kind]
    number = value / known[unit if unit in known else _plain_unit(unit)]
    rounded = float(f"{number:.{4 if abs(number) >= 100 else 3}g}")
    return f"{rounded:,.10g} {unit}".strip()


def _plain_unit(unit: str) -> str:
    """A unit without what is typed one way or another: spaces, dots, signs of power, capitals."""
    plain = unit.strip().lower().translate(_SIGNS)
    plain = re.sub(r"[\s·⋅.*^]", "", plain).replace("degree", "deg").replace("/cmdeg", "/cm/deg")
    return _UNIT_NAMES.get(plain, plain)


def colour(text: str) -> tuple[float, float, float]:
    """Linear RGB of an sRGB colour written "#RRGGBB" (IEC 61966-2-1). Raises UsageError."""
    written = text.strip().lstrip("#")
    if not re.fullmatch(r"[0-9a-fA-F]{6}", written):
        raise UsageError(f"{text!r} is not a colour: write it like #2E5B8A")
    parts = [int(written[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return red, green, blue


def colour_code(linear: Sequence[float]) -> str:
    """ "#RRGGBB", in sRGB, of a linear RGB colour (IEC 61966-2-1)."""
    encoded = (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in linear)
    return "#" + "".join(f"{round(255 * min(max(c, 0.0), 1.0)):02X}" for c in encoded)


def show(value: float, unit: str, digits: int = 1) -> str:
    """A quantity in SI as a person reads it: `show(0.92, "cm") == "92.0 cm"`; ft gives feet and inches."""
    if unit == "ft":
        inches = round(value / LENGTHS["in"])
        return f"{inches // 12}'{inches % 12}\""
    factor = LENGTHS.get(unit) or MASSES.get(unit)
    if factor is None:
        raise ValueError(f"unknown unit {unit!r}")
    return f"{value / factor:.{digits}f} {unit}"


def _quantity(text: str | float, units: dict[str, float], bare: str, what: str, examples: str) -> float:
    written = str(text).strip().lower()
    total, end, last = 0.0, 0, None
    while end < len(written):
        term = _TERM.match(written, end)
        if not term:
            break
        unit = _SYNONYMS.get(term[2] or "", term[2])
        if unit is None:
            unit = {"ft": "in", "st": "lb"}.get(last or "", bare if last is None else None)
        if unit not in units or (last is not None and units[unit] >= units[last]):
            break
        total += float(term[1].replace(",", ".")) * units[unit]
        end, last = term.end(), unit
    if last is None or written[end:].strip():
        raise UsageError(f"{str(text)!r} is not {what}: write it like {examples}")
    return total
