"""A fabric's numbers as a designer reads them: title, value with its unit, where it is from, and how it is edited."""

from dataclasses import dataclass

from garments.fabric import Fabric, Stretch


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: the quantity that it belongs to, its title, its value in words, its origin."""

    quantity: str
    title: str
    value: str
    origin: str


def facts(cloth: Fabric) -> tuple[Fact, ...]:
    """Every number of a fabric."""
    micro = 1e6
    length = [100 * (part / cloth.density / 9.81) ** (1 / 3) for part in (cloth.bending_warp, cloth.bending_weft)]
    bent = " / ".join(f"{micro * part:.3g}" for part in (cloth.bending_warp, cloth.bending_weft, cloth.bending_bias))
    told = (
        ("density", "Weight", f"{1000 * cloth.density:.0f} g/m²"),
        ("thickness", "Thickness", f"{1000 * cloth.thickness:.2f} mm"),
        ("stretch", "Stretch, warp", _curve(cloth.stretch_warp)),
        ("stretch", "Stretch, weft", _curve(cloth.stretch_weft)),
        ("stiffening", "Stiffened at", f"{_percent(cloth.stretch_warp)} / {_percent(cloth.stretch_weft)} strain"),
        ("shear", "Shear", _curve(cloth.shear)),
        ("bending", "Bending, warp/weft/bias", f"{bent} µN·m"),
        ("bending", "Bending length", f"{length[0]:.2f} / {length[1]:.2f} cm"),
        ("friction", "Friction on skin", f"{cloth.friction:.2f}"),
        ("limit", "Bears", f"{100 * cloth.limit:.1f} % stretch"),
    )
    return tuple(Fact(quantity, title, value, cloth.origin(quantity)) for quantity, title, value in told)


def _curve(curve: Stretch) -> str:
    same = abs(curve.last - curve.first) < 1e-3 * curve.first
    first, last = (f"{slope:.0f}" if slope >= 100 else f"{slope:.3g}" for slope in (curve.first, curve.last))
    return f"{first} N/m" if same else f"{first} to {last} N/m"


def _percent(curve: Stretch) -> str:
    return f"{100 * curve.stiffened:.3g} %"
