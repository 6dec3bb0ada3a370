"""How a draped garment fits: ease by region, strain, and a verdict in words.

Ease is the garment's flat girth (taping.py) less the body's girth. Knits give way, so they may have less than the least
wearing ease of a region (the fabric's own stretch decides, see `give`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from garments.garment import INSIDE_LEG, LENGTHS, SKIRT_LENGTH
from garments.taping import WAISTBAND, Region, body_girth, girths, raised, regions

if TYPE_CHECKING:
    from body.measurements import Measurements
    from garments.drape import Drape
    from garments.fabric import Fabric
    from garments.garment import Garment

COMFORTABLE_TENSION = 10.0  # [N/m] of a close-fitting knit: about 60 Pa on a waist, far below what leaves marks
MOST_GIVE = 0.04  # of a girth: a T-shirt that must stretch further is no longer the garment that was drawn
STEP = 0.04  # of girth from one size to the next [m]
FALLEN = 0.25  # below that it fell off
FAR_TOO_TIGHT = 0.05  # what failed to drape and is tighter than can be worn by more than this [m] is too small
HEMS = {INSIDE_LEG: "hem_left", SKIRT_LENGTH: "hem"}
"""The line of the cloth whose height tells how far down it reaches."""
SLID = 0.03  # a skirt whose waist comes to rest this far [m] below the wearer's does not stay up


@dataclass(frozen=True, slots=True)
class RegionFit:
    """Girths and ease [m]; the doubt of the ease from the body's measure (sd) [m]; strain, and pressure [Pa] on the
    body, at the 95th percentile of what lies there."""

    name: str
    body: float
    garment: float
    ease: float
    sd: float
    meant: float
    strain: float
    verdict: str
    pressure: float = 0.0

    @property
    def fits(self) -> bool:
        return self.verdict.startswith("fits")

    @property
    def is_girth(self) -> bool:
        """Whether it lies round the body: how much longer a sleeve is than the arm is no ease."""
        return self.name not in LENGTHS


@dataclass(frozen=True, slots=True)
class Fit:
    """The fit of one garment: regions from top to bottom, and the whole in a sentence; whether the drape failed because
    the size is far too small, or because the garment fell off."""

    garment: str
    regions: tuple[RegionFit, ...]
    verdict: str
    too_small: bool = False
    fell: bool = False

    @property
    def tells_why(self) -> bool:
        """Whether the sentence tells why the drape failed."""
        return self.too_small or self.fell

    def plain(self) -> dict:
        """As JSON: lengths in metres."""
        regions = [
            {
                "name": region.name,
                "girth": region.is_girth,
                "body": round(region.body, 4),
                "garment": round(region.garment, 4),
                "ease": round(region.ease, 4),
                "sd": round(region.sd, 4),
                "meant": round(region.meant, 4),
                "strain": round(region.strain, 4),
                "pressure": round(region.pressure, 1),
                "verdict": region.verdict,
            }
            for region in self.regions
        ]
        return {"garment": self.garment, "verdict": self.verdict, "regions": regions}


def fit(drape: "Drape", measurements: "Measurements") -> Fit:
    """Judge a drape against the body's measurements. A drape that failed its certificate is said to tell nothing."""
    from garments.maps import sensed

    meant_for, plain = drape.garment.cut.meant_for, drape.garment.unaltered
    added = {name: length - plain.lengths.get(name, length) for name, length in drape.garment.lengths.items()}
    felt = sensed(drape)
    found, dropped = _waistband(drape, measurements, meant_for, plain, felt), slid(drape, measurements)
    for region, garment_girth, cut in girths(drape, measurements, dropped):
        if dropped and region.name == "waist" and _held_at(drape) in drape.cloth.lines:
            garment_girth = drape.cloth.flat_length(drape.cloth.lines[_held_at(drape)])
        body = measurements[region.girth]
        ease = garment_girth - body.value
        # Nobody says for whom a mesh was made: then it is meant to be as wide as it is.
        meant = garment_girth - added.get(region.name, 0.0) - meant_for[region.girth] if meant_for else ease
        words = verdict(ease, meant, least_worn(region, body.value, drape.garment.fabric, meant))
        if dropped and region.name == "waist":
            words = f"{100 * ease:.1f} cm too large, it slides down {100 * dropped:.1f} cm"
        strain = float(np.percentile(drape.strain_along[cut], 95))
        pressed = float(np.percentile(felt[drape.cloth.faces[cut]], 95))
        found.append(RegionFit(region.name, body.value, garment_girth, ease, body.sd, meant, strain, words, pressed))
    found += _lengths(drape, measurements, meant_for, plain)
    short = too_small(drape, measurements)
    fell = not short and dropped > FALLEN and not drape.certificate.holds
    return Fit(drape.garment.name, tuple(found), short or _whole(drape, found, dropped), bool(short), fell)


def too_small(drape: "Drape", measurements: "Measurements") -> str:
    """Why a drape that failed its certificate had to: the garment is too small, in words. Nothing where it is not, nor
    where it is worn all the same."""
    certificate, made, body = drape.certificate, drape.garment, measurements.numbers()
    short: dict[str, float] = {}
    if certificate.holds or not certificate.limit < certificate.strain_p99 < np.inf:
        return ""
    for region in (one for one in regions(made.girths) if one.name in made.girths):
        girth = body_girth(region, body, made)
        short[region.name] = least_ease(region, girth, made.fabric) - (made.girths[region.name] - girth)
    worst = max(short, key=lambda name: short[name], default="")
    if not worst or short[worst] < FAR_TOO_TIGHT:
        return ""
    told, bears = _stretched(drape)
    tight = f"{100 * short[worst]:.1f}"
    return f"too small: {worst} {tight} cm too tight, the fabric is stretched {told} where it bears {bears}"


def _waistband(
    drape: "Drape", measurements: "Measurements", meant_for: Mapping[str, float], plain: "Garment", felt: np.ndarray
) -> list[RegionFit]:
    """How a waistband that is worn below the waist fits there; `felt`: the pressure [Pa] at each vertex."""
    cloth = drape.cloth
    if not meant_for or "waistband" not in cloth.lines:
        return []
    line = cloth.lines["waistband"]
    girth, body = cloth.flat_length(line), body_girth(WAISTBAND, measurements.numbers(), drape.garment)
    meant = plain.girths[WAISTBAND.name] - body_girth(WAISTBAND, meant_for, plain)
    words = verdict(girth - body, meant, least_worn(WAISTBAND, body, drape.garment.fabric, meant))
    near = np.isin(cloth.faces, line).any(axis=1)
    strain = float(np.percentile(drape.strain_along[near], 95))
    sd = measurements[WAISTBAND.girth].sd
    pressed = float(np.percentile(felt[line], 95))
    return [RegionFit(WAISTBAND.name, body, girth, girth - body, sd, meant, strain, words, pressed)]


def _lengths(
    drape: "Drape", measurements: "Measurements", meant_for: Mapping[str, float], plain: "Garment"
) -> list[RegionFit]:
    """Legs, sleeves and skirts, which are meant to reach as far down the wearer as down those that they were cut
    for."""
    made, was, found = drape.garment.lengths, plain.lengths, []
    for name, (measure, room) in LENGTHS.items():
        if name not in made or not meant_for:
            continue
        length, body = made[name], measurements[measure]
        meant = was[name] * body.value / meant_for[measure]
        words = f"fits, {100 * length:.1f} cm long"
        if name in HEMS:
            hem = float(drape.positions[drape.cloth.lines[HEMS[name]], 1].mean())
            words = f"fits, the hem is {100 * hem:.0f} cm off the floor"
        if length > meant + room:
            words = f"{100 * (length - meant):.1f} cm too long"
        elif length < meant - room:
            words = f"{100 * (meant - length):.1f} cm too short"
        ease = length - body.value
        found.append(RegionFit(name, body.value, length, ease, body.sd, meant - body.value, 0.0, words))
    return found


def least_ease(region: Region, girth: float, fabric: "Fabric") -> float:
    """The least ease [m] that a body of this girth [m] can wear in comfort; negative in a fabric that gives enough."""
    return region.least - give(fabric) * girth


def least_worn(region: Region, girth: float, fabric: "Fabric", meant: float) -> float:
    """The same for a garment that is cut with an ease `meant` [m]: one that is meant to be stretched on, half a size
    tighter than that."""
    least = least_ease(region, girth, fabric)
    return min(least, meant - 0.5 * STEP) if meant < 0.0 else least


@lru_cache(maxsize=256)
def give(fabric: "Fabric") -> float:
    """The strain that a fabric takes round the body at a comfortable tension, at most MOST_GIVE."""
    return min(fabric.stretch_weft.strain_at(COMFORTABLE_TENSION), MOST_GIVE)


def verdict(ease: float, meant: float, least: float) -> str:
    """One region in words. All in metres; the words speak in centimetres."""
    if ease < least:
        return f"{100 * (least - ease):.1f} cm too tight"
    if ease > meant + 2 * STEP:
        return f"{100 * (ease - meant):.1f} cm looser than meant"
    return f"fits, {100 * ease:.1f} cm ease" if ease >= 0 else f"fits closely, the fabric gives {-100 * ease:.1f} cm"


def slid(drape: "Drape", measurements: "Measurements") -> float:
    """How far [m] a garment that is held at the waist came to rest below it; 0 for what stays up. What has a waistband
    may be worn lower, and nobody knows where a mesh is held: they stay up unless they fell."""
    from garments.drape import fell

    held, waist = _held_at(drape), measurements.value("waist_height") + raised(drape.body)
    if len(drape.cloth.seam("shoulder left")):
        return 0.0
    if held not in drape.cloth.lines:
        return waist - float(drape.positions[:, 1].max()) if fell(drape) else 0.0
    drop = waist - float(drape.positions[drape.cloth.lines[held], 1].mean())
    return drop if drop > (SLID if held == "waist" else FALLEN) else 0.0


def _held_at(drape: "Drape") -> str:
    """The line of a garment that keeps it up, where it has one."""
    return "waist" if "waist" in drape.cloth.lines else "waistband"


def _whole(drape: "Drape", regions: list[RegionFit], dropped: float) -> str:
    if dropped > FALLEN:
        return f"far too large: it does not stay up, and slid {100 * dropped:.0f} cm down"
    if not drape.certificate.holds:
        return "the drape failed its certificate: " + "; ".join(drape.certificate.reasons)
    if not drape.wearable:
        told, bears = _stretched(drape)
        return f"too tight to wear: the fabric is stretched {told} where it bears {bears}"
    if not regions:
        return "no region to judge by"
    wrong = [f"{region.name} {region.verdict}" for region in regions if not region.fits]
    if wrong:
        return "; ".join(wrong)
    return "fits: " + ", ".join(
        f"{region.name} {100 * region.ease:.1f} cm ease" for region in regions if region.is_girth
    )


def _stretched(drape: "Drape") -> tuple[str, str]:
    """How far the fabric is stretched, and how far it bears to be, in words."""
    stretched, limit = 100 * drape.certificate.strain_p99, 100 * drape.certificate.limit
    digits = 0 if stretched > limit + 1 else 1
    return f"{stretched:.{digits}f} %", f"{limit:.{digits}f} %"
