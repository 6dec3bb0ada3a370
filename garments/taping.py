"""The tape on a draped garment: where it is laid, and the flat girth that it finds there.

The cloth is cut by the plane in which the tape lies, and the cut's length is taken in the flat panels, so folds and
stretch do not count. Least wearing ease by region: Central Washington University's pattern-making text.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from assets.mesh import distinct
from garments.fronts import closed_girth, fastened
from garments.grading import girth_below_waist

if TYPE_CHECKING:
    from body.measurements import Measurements
    from body.model import Body
    from garments.drape import Drape
    from garments.garment import Garment

ARMS = {"arm_left": (16, 18), "arm_right": (17, 19)}
LEFT_ARM, RIGHT_ARM = {16, 18, 20, *range(25, 40)}, {17, 19, 21, *range(40, 55)}
LOWEST = 0.09  # below the level of the tape a garment is not measured for it any more [m]
UNDER_ARM = 0.025  # below an armhole [m]
BELOW_CROTCH = 0.04  # where a thigh is measured [m]
_OWN, _HUNG = 0.8, 0.95


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


def regions(girths: Container[str]) -> tuple[Region, ...]:
    """The regions by which a garment that has these girths is judged, from top to bottom."""
    trunk = (TRUNK[0], WAISTBAND if "waistband" in girths else TRUNK[1], SEAT if "thigh" in girths else TRUNK[2])
    return (*trunk, THIGH, SLEEVE)


def body_girth(region: Region, body: Mapping[str, float], garment: "Garment") -> float:
    """The girth [m] of a body with these measures [m] where a garment's region is meant to lie on it."""
    if region is WAISTBAND:
        return girth_below_waist(body, garment.drop)
    return body[region.girth]


def girths(drape: "Drape", measurements: "Measurements", dropped: float) -> Iterator[tuple[Region, float, np.ndarray]]:
    """Region, the garment's flat girth [m] there and the faces that the tape lies on, from top to bottom, wherever the
    cloth goes all round. Of a garment that slid down by `dropped` [m] those parts are measured that were meant for the
    levels of the tape."""
    for region, origin, normal, faces in _cuts(drape, measurements, dropped):
        girth, cut = _nearest_loop(drape, origin, normal, faces)
        if girth is None and region in regions(drape.garment.girths)[:3]:
            girth, cut = _closed(drape, region, origin, faces)
        if girth is not None:
            yield region, girth, cut


def _cuts(drape: "Drape", measurements: "Measurements", dropped: float):
    """The planes to cut, top to bottom: region, origin [3], unit normal [3], candidate faces."""
    limbs = _limbs(drape)
    trunk = np.flatnonzero(limbs == "trunk")
    up = np.array([0.0, 1.0, 0.0])
    lift = raised(drape.body)
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


def raised(body: "Body") -> float:
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


def _section(
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
        return _section(drape, there, normal, near)

    for drop in np.arange(0.0, LOWEST, 0.01):
        girth, cut = below(drop)
        if girth is not None:
            lower, there = below(drop + UNDER_ARM) if drop else (None, cut)
            return (girth, cut) if lower is None else (lower, there)
    return None, cut


def _closed(drape: "Drape", region: Region, origin: np.ndarray, faces: np.ndarray) -> tuple[float | None, np.ndarray]:
    """The girth of fastened fronts at a level, or clear of the armhole as near below it as there is cloth all round;
    where hems that swing apart or deep armholes leave too little of them there, that of the garment's own line."""

    def below(drop: float) -> tuple[float | None, np.ndarray]:
        return closed_girth(drape, origin - (0.0, drop, 0.0), faces)

    for drop in np.arange(0.0, LOWEST, 0.01):
        girth, cut = below(drop)
        if girth is not None:
            lower, there = below(drop + UNDER_ARM) if drop else (None, cut)
            girth, cut = (girth, cut) if lower is None else (lower, there)
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
