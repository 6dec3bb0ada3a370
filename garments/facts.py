"""A fabric's numbers as a designer reads and edits them: title, value with its unit, and where it is from."""

import re
from dataclasses import dataclass

from assets import units
from assets.errors import UsageError
from garments.fabric import Fabric
from garments.fabricfile import own, values

YOURS = "entered by you"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: its key for `edited` ("" where it only follows), title, value in words, origin."""

    key: str
    title: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class _Field:
    """How one line is edited: the quantity, what follows from it where that was derived, the kind and unit of its
    numbers, and the file's keys that they go to."""

    title: str
    quantity: str
    kind: str
    bare: str
    keys: tuple[str, ...]
    follow: tuple[str, ...] = ()


_FIELDS = {
    "density": _Field("Weight per area", "density", "areal", "g/m²", ("density",), ("thickness",)),
    "thickness": _Field("Thickness", "thickness", "length", "mm", ("thickness",)),
    "stretch_warp": _Field("Stretch, warp", "stretch", "tension", "N/m", ("stretch_warp",) * 2, ("limit",)),
    "stretch_weft": _Field("Stretch, weft", "stretch", "tension", "N/m", ("stretch_weft",) * 2, ("limit",)),
    "stiffened": _Field("Stiffened at", "stiffening", "strain", "%", ("stretch_warp", "stretch_weft"), ("limit",)),
    "shear": _Field("Shear", "shear", "shear", "N/m", ("shear",) * 2),
    "bending": _Field("Bending", "bending", "bending", "µN·m", ("bending_warp", "bending_weft", "bending_bias")),
    "friction": _Field("Friction on skin", "friction", "number", "", ("friction",)),
    "limit": _Field("Bears, at most", "limit", "strain", "%", ("limit",)),
}


def facts(cloth: Fabric) -> tuple[Fact, ...]:
    """Every number of a fabric."""
    length = [100 * (part / cloth.density / 9.81) ** (1 / 3) for part in (cloth.bending_warp, cloth.bending_weft)]
    told = {
        "density": (cloth.density,),
        "thickness": (cloth.thickness,),
        "stretch_warp": cloth.stretch_warp[:2],
        "stretch_weft": cloth.stretch_weft[:2],
        "stiffened": (cloth.stretch_warp.stiffened, cloth.stretch_weft.stiffened),
        "shear": cloth.shear[:2],
        "bending": (cloth.bending_warp, cloth.bending_weft, cloth.bending_bias),
        "friction": (cloth.friction,),
        "limit": (cloth.limit,),
    }
    lines = [
        Fact(key, field.title, _said(told[key], field), cloth.origin(field.quantity)) for key, field in _FIELDS.items()
    ]
    bent = Fact("", "Bending length", f"{length[0]:.2f} / {length[1]:.2f} cm", "follows: (B / rho g) to the third root")
    return (*lines[:7], bent, *lines[7:])


def edited(cloth: Fabric, key: str, text: str) -> Fabric:
    """A person's own fabric with one line as typed: "152 g/m²", "17 to 127 N/m", "60 / 24 µN·m". Raises UsageError or
    InputRefused in one sentence."""
    field, data = _FIELDS[key], values(cloth)
    numbers = _numbers(text, field)
    if key.startswith("stretch") or key == "shear":
        first, last = (numbers * 2)[:2]
        data[key] = [first, last, data[key][2]]
    elif key == "stiffened":
        for name, strain in zip(field.keys, (numbers * 2)[:2], strict=True):
            data[name] = [*data[name][:2], strain]
    else:
        data |= dict(zip(field.keys, numbers * 3 if len(numbers) == 1 else numbers, strict=False))
        if key == "bending" and len(numbers) == 2:
            del data["bending_bias"]
    derived = {name: rule for name, rule in cloth.derived.items() if name != field.quantity}
    for name in field.follow:
        if derived.pop(name, None):
            del data[name]
    if key == "bending":
        derived.pop("bias", None)
    return own(data | {"derived": derived, "measured": {**cloth.measured, field.quantity: YOURS}})


def copied(cloth: Fabric, title: str) -> Fabric:
    """A copy of a fabric as a person's own, under another title."""
    source = cloth.source if cloth.own else f"A copy of {cloth.title}: {cloth.source}"[:500]
    return own(values(cloth) | {"title": title, "chinese": "", "source": source})


def retitled(cloth: Fabric, title: str) -> Fabric:
    """A person's own fabric under another title. Raises InputRefused."""
    return own(values(cloth) | {"title": title})


def _numbers(text: str, field: _Field) -> tuple[float, ...]:
    """The numbers of a line; a unit at its end stands for all of them."""
    parts = re.split(r"\s+(?:/|to|–|-)\s+", text.strip())
    most = len(field.keys)
    if len(parts) > most:
        raise UsageError(f"{field.title} takes {'one number' if most == 1 else f'up to {most} numbers'}")
    unit = re.sub(r"^[\d.,\seE+-]*", "", parts[-1])
    return tuple(
        units.quantity(part if re.search(r"[^\d.,\s]", part) else f"{part} {unit}", field.kind, field.bare)
        for part in parts
    )


def _said(numbers: tuple[float, ...], field: _Field) -> str:
    """Numbers with one unit at the end; equal ones once."""
    parts = [units.told(number, field.kind, field.bare).split(" ")[0].replace(",", "") for number in numbers]
    if len(set(parts)) == 1:
        parts = parts[:1]
    joint = " – " if field.keys[0].startswith(("stretch", "shear")) and field.quantity != "stiffening" else " / "
    return f"{joint.join(parts)} {field.bare}".strip()
