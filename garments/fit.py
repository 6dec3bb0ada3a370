"""How a draped garment fits: ease by region, strain, and a verdict in words.

Ease is the garment's flat girth less the body's girth. The flat girth is read from the drape itself: the cloth is cut
by the plane in which the tape lies, and the cut's length is taken in the flat panels, so folds and stretch do not
count. Least wearing ease by region: Central Washington University's pattern-making text; knits give way, so they may
have less (the fabric's own stretch decides, see `give`).
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from assets.mesh import distinct
from garments.fronts import closed_girth, fastened
from garments.garment import INSIDE_LEG
from garments.grading import girth_below_waist

if TYPE_CHECKING:
    from body.measurements import Measurements
    from body.model import Body
    from garments.drape import Drape
    from garments.fabric import Fabric
    from garments.garment import Garment

ARMS = {"arm_left": (16, 18), "arm_right": (17, 19)}
LEFT_ARM, RIGHT_ARM = {16, 18, 20, *range(25, 40)}, {17, 19, 21, *range(40, 55)}
COMFORTABLE_TENSION = 10.0  # [N/m] of a close-fitting knit: about 60 Pa on a waist, far below what leaves marks
MOST_GIVE = 0.04  # of a girth: a T-shirt that must stretch further is no longer the garment that was drawn
LOWEST = 0.09  # below the level of the tape a garment is not measured for it any more [m]
UNDER_ARM = 0.025  # below an armhole [m]
BELOW_CROTCH = 0.04  # where a thigh is measured [m]
STEP = 0.04  # of girth from one size to the next [m]
_OWN, _HUNG = 0.8, 0.95
LENGTH = 0.03  # trouser legs this much [m] off the length that was meant are said to be
FALLEN = 0.25  # below that it fell off
FAR_TOO_TIGHT = 0.05  # what failed to drape and is tighter than can be worn by more than this [m] is too small
SLID = 0.03  # a skirt whose waist comes to rest this far [m] below the wearer's does not stay up


@dataclass(frozen=True, slots=True)
class Region:
    """A place where a tape tells the fit. `least`: wearing ease in a fabric that does not give [m]."""

    name: str
    girth: str
    level: str
    least: float


TRUNK = (
    Region("bust", "bust_girth", "bust_height", 0.038),
    Region("waist", "waist_girth", "waist_height", 0.013),
    Region("hip", "hip_girth", "hip_height", 0.050),
)
WAISTBAND = Region("waistband", "waist_girth", "", 0.005)
"""Of what is worn below the waist: compared with the body where it is meant to lie."""
THIGH = Region("thigh", "thigh_girth", "crotch_height", 0.025)
SLEEVE = Region("sleeve", "upper_arm_girth", "", 0.025)
SEAT = replace(TRUNK[2], least=0.020)
"""The hip in what has legs: close jeans are cut with 2 to 4 cm where a skirt has 5."""


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


@dataclass(frozen=True, slots=True)
class Fit:
    """The fit of one garment: regions from top to bottom, and the whole in a sentence; whether the drape failed because
    the size is far too small."""

    garment: str
    regions: tuple[RegionFit, ...]
    verdict: str
    too_small: bool = False

    def plain(self) -> dict:
        """As JSON: lengths in metres."""
        regions = [
            {
                "name": region.name,
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
    for region, origin, normal, faces in _cuts(drape, measurements, dropped):
        garment_girth, cut = _nearest_loop(drape, origin, normal, faces)
        if garment_girth is None and region in regions(drape.garment.girths)[:3]:
            garment_girth, cut = _closed(drape, region, origin, faces)
        if garment_girth is None:
            continue
        if dropped and region.name == "waist":
            garment_girth = drape.cloth.flat_length(drape.cloth.lines["waist"])
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
    found += _length(drape, measurements, meant_for, added.get(INSIDE_LEG, 0.0))
    short = too_small(drape, measurements)
    return Fit(drape.garment.name, tuple(found), short or _whole(drape, found, dropped), bool(short))


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


def regions(girths: Container[str]) -> tuple[Region, ...]:
    """The regions by which a garment that has these girths is judged, from top to bottom."""
    trunk = (TRUNK[0], WAISTBAND if "waistband" in girths else TRUNK[1], SEAT if "thigh" in girths else TRUNK[2])
    return (*trunk, THIGH, SLEEVE)


def body_girth(region: Region, body: Mapping[str, float], garment: "Garment") -> float:
    """The girth [m] of a body with these measures [m] where a garment's region is meant to lie on it."""
    if region is WAISTBAND:
        return girth_below_waist(body, garment.drop)
    return body[region.girth]


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


def _length(
    drape: "Drape", measurements: "Measurements", meant_for: Mapping[str, float], added: float
) -> list[RegionFit]:
    """The inside leg of what has legs, against the wearer's."""
    seam = drape.cloth.seam(f"{INSIDE_LEG} left")
    if not meant_for or not len(seam):
        return []
    inside, body = drape.cloth.flat_length(seam), measurements["crotch_height"]
    meant = inside - added - meant_for["crotch_height"]
    hem = float(drape.positions[drape.cloth.lines["hem_left"], 1].mean())
    off = inside - body.value - meant
    words = f"fits, the hem is {100 * hem:.0f} cm off the floor"
    if abs(off) > LENGTH:
        words = f"{100 * abs(off):.0f} cm {'longer' if off > 0.0 else 'shorter'} than meant"
    return [RegionFit(INSIDE_LEG, body.value, inside, inside - body.value, body.sd, meant, 0.0, words)]


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
    """How far [m] a garment that is held at the waist came to rest below it; 0 for what stays up."""
    cloth = drape.cloth
    if len(cloth.seam("shoulder left")) or "waist" not in cloth.lines:
        return 0.0
    waist = measurements.value("waist_height") + _lift(drape.body)
    drop = waist - float(drape.positions[cloth.lines["waist"], 1].mean())
    return drop if drop > SLID else 0.0


def section(
    drape: "Drape", origin: np.ndarray, normal: np.ndarray, faces: np.ndarray
) -> tuple[float | None, np.ndarray]:
    """Flat girth [m] of the cloth where a plane cuts it, and the faces cut; None where the cut is not a closed loop.

    `faces` [k]: numbers of the faces that may be cut (a limb's, the trunk's).
    """
    cloth = drape.cloth
    triangles, rest = cloth.faces[faces], cloth.rest[faces]
    height = (drape.positions - origin) @ normal
    corner = height[triangles]
    crossing = (corner > 0).any(axis=1) & (corner <= 0).any(axis=1)
    if not crossing.any() or _open(triangles, height):
        return None, faces[crossing]
    corner, rest = corner[crossing], rest[crossing]
    ends = []
    for a, b in ((0, 1), (1, 2), (2, 0)):
        across = (corner[:, a] > 0) != (corner[:, b] > 0)
        share = np.where(across, corner[:, a] / np.where(across, corner[:, a] - corner[:, b], 1.0), np.nan)
        ends.append(rest[:, a] + share[:, None] * (rest[:, b] - rest[:, a]))
    ends = np.stack(ends, axis=1)
    order = np.argsort(np.isnan(ends[..., 0]), axis=1, kind="stable")
    rows = np.arange(len(ends))
    cut = ends[rows, order[:, 0]] - ends[rows, order[:, 1]]
    return float(np.linalg.norm(cut, axis=1).sum()), faces[crossing]


def _nearest_loop(
    drape: "Drape", origin: np.ndarray, normal: np.ndarray, faces: np.ndarray
) -> tuple[float | None, np.ndarray]:
    """The section at a level; where a deep armhole opens it, the one an inch below that, as a cutter measures: in the
    armpit itself cloth lies in folds, along which it is no girth."""

    def below(drop: float) -> tuple[float | None, np.ndarray]:
        there = origin - drop * normal
        near = faces if drape.cloth.shape is None else _round(drape, there, normal, faces)
        return section(drape, there, normal, near)

    for drop in np.arange(0.0, LOWEST, 0.01):
        girth, cut = below(drop)
        if girth is not None:
            lower, there = below(drop + UNDER_ARM) if drop else (None, cut)
            return (girth, cut) if lower is None else (lower, there)
    return None, cut


def _closed(drape: "Drape", region: Region, origin: np.ndarray, faces: np.ndarray) -> tuple[float | None, np.ndarray]:
    """The girth of fastened fronts at a level, or as near below it as there is cloth all round; where hems that swing
    apart or deep armholes leave too little of them there, that of the garment's own line."""
    for drop in np.arange(0.0, LOWEST, 0.01):
        girth, cut = closed_girth(drape, origin - (0.0, drop, 0.0), faces)
        if girth is not None:
            break
    own = drape.garment.girths.get(region.name)
    if own is not None and len(fastened(drape.cloth, faces)) and (girth is None or girth < _HUNG * own):
        return own, cut
    return girth, cut


def _round(drape: "Drape", origin: np.ndarray, normal: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Of a ready-made garment, whose panels do not tell sleeves from trunk: the faces of the cut that hang together
    round `origin`; none where part of them is not among `faces`, so that a sleeve counts for the trunk no more than
    the trunk for a sleeve."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    triangles = drape.cloth.faces
    height = (drape.positions - origin) @ normal
    above = (height[triangles] > 0).sum(axis=1)
    cut = np.flatnonzero((above == 1) | (above == 2))
    if not len(cut):
        return cut
    pairs = np.sort(triangles[cut][:, [[0, 1], [1, 2], [2, 0]]], axis=2)
    crossed = (height[pairs[..., 0]] > 0) != (height[pairs[..., 1]] > 0)
    edge = np.unique(pairs[crossed], axis=0, return_inverse=True)[1].reshape(-1, 2)
    count = int(edge.max()) + 1
    links = coo_matrix((np.ones(len(edge)), (edge[:, 0], edge[:, 1])), (count, count))
    piece = connected_components(links, directed=False)[1][edge[:, 0]]
    middle = drape.positions[triangles[cut]].mean(axis=1) - origin
    sizes = np.bincount(piece)
    off = np.linalg.norm([np.bincount(piece, middle[:, k]) / sizes for k in range(3)], axis=0)
    mine = cut[piece == int(np.argmin(off))]
    return mine if np.isin(mine, faces).mean() > _OWN else mine[:0]


def _open(triangles: np.ndarray, height: np.ndarray) -> bool:
    """Whether the plane runs over an edge that has cloth on one side only."""
    pairs = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    first, _, count = distinct(pairs)
    border = pairs[first[count == 1]]
    return bool(((height[border[:, 0]] > 0) != (height[border[:, 1]] > 0)).any())


def _cuts(drape: "Drape", measurements: "Measurements", dropped: float):
    """The planes to cut, top to bottom: region, origin [3], unit normal [3], candidate faces. Of a garment that slid
    down by `dropped` [m] those parts are cut that were meant for the levels of the tape."""
    limbs = _limbs(drape)
    trunk = np.flatnonzero(limbs == "trunk")
    up = np.array([0.0, 1.0, 0.0])
    lift = _lift(drape.body)
    if len(trunk):
        for region in regions(drape.garment.girths)[:3]:
            if region is WAISTBAND:
                continue
            level = measurements.value(region.level) + lift - dropped
            yield region, np.array([0.0, level, 0.0]), up, trunk
    legs = np.isin(drape.cloth.panel, [k for k, each in enumerate(drape.cloth.wraps) if each.startswith("left leg")])
    if legs.any():
        level = measurements.value(THIGH.level) + lift - BELOW_CROTCH
        yield THIGH, np.array([0.0, level, 0.0]), up, np.flatnonzero(legs)
    for name, (shoulder, elbow) in ARMS.items():
        faces = np.flatnonzero(limbs == name)
        if len(faces) and name == "arm_left":
            start, end = drape.body.joints[shoulder], drape.body.joints[elbow]
            yield SLEEVE, start + 0.45 * (end - start), (start - end) / np.linalg.norm(end - start), faces


def _lift(body: "Body") -> float:
    """How much higher [m] the trunk is in this pose than in the measuring pose (feet apart lower it)."""
    from body.poses import STANDING

    return float(body.joints[0][1] - body.model.body(body.betas, STANDING).joints[0][1])


def _limbs(drape: "Drape") -> np.ndarray:
    """For each face the limb that its panel lies on ("trunk", "arm_left", "arm_right"), by the nearest body's bones; of
    a ready-made garment, whose panels may hold both, the limb that it lies on itself."""
    from assets.closest import Surface

    body, cloth = drape.body, drape.cloth
    bones = np.asarray(body.model.weights).argmax(axis=1)
    near = Surface(body.vertices, body.model.skin_faces).closest(drape.positions[cloth.faces].mean(axis=1)).faces
    bone = bones[body.model.skin_faces[near, 0]]
    on_left, on_right = np.isin(bone, list(LEFT_ARM)), np.isin(bone, list(RIGHT_ARM))
    limbs = np.full(len(cloth.faces), "trunk", dtype="<U9")
    if cloth.shape is not None:
        limbs[on_left], limbs[on_right] = "arm_left", "arm_right"
        return limbs
    for panel in range(len(cloth.panel_names)):
        faces = cloth.panel == panel
        if on_left[faces].mean() > 0.5:
            limbs[faces] = "arm_left"
        elif on_right[faces].mean() > 0.5:
            limbs[faces] = "arm_right"
    return limbs


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
    round_ = [region for region in regions if region.name != INSIDE_LEG]  # How long legs are is no ease.
    return "fits: " + ", ".join(f"{region.name} {100 * region.ease:.1f} cm ease" for region in round_)


def _stretched(drape: "Drape") -> tuple[str, str]:
    """How far the fabric is stretched, and how far it bears to be, in words."""
    stretched, limit = 100 * drape.certificate.strain_p99, 100 * drape.certificate.limit
    digits = 0 if stretched > limit + 1 else 1
    return f"{stretched:.{digits}f} %", f"{limit:.{digits}f} %"
