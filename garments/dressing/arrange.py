"""A garment put round a body before it is draped: outside everywhere, the right limb in each tube, little stretched.

As a dresser pins a toile: each tube of the garment (trunk, sleeves, legs) is laid round convex sections of the body,
widened where the garment is wider; shoulder seams follow the shoulders' ridge, the crotch seam the body between the
legs; neckbands and collars stand up from the neckline, hoods go over the head; the rest hangs between as a membrane
(harmonic), and some rounds of pulling edges to their lengths and pushing vertices out of the body settle it.

It needs of a design panels that say what they wrap, and seams or lines with names that tell where they lie:

- "trunk front", "trunk back" (or their halves, "trunk front left"), "trunk" (a band): seams "side left", "centre front"
  and "centre back" where there are; lines "bust" or "waist", "hip" and others round it from the top down (LEVELS in
  tubes.py). Of two panels that lie over each other the later one of the pattern is outside.
- From the shoulders: seam or line "shoulder left"; "neckline front left" and the like where the neckline is sewn.
- "left arm" (or "left arm outer" and "left arm under", seams "forearm left" and "hindarm left"), "left cuff": seam
  "underarm left"; lines "biceps_left" to "cuff_left".
- "left leg front" and "left leg back" (or "left leg"): seams "side left", "inside leg left", "crotch front", "crotch
  back"; lines "waistband" and "hip" round both, "thigh_left", "knee_left", "hem_left" round each.
- "neck" (neckband, stand): sewn to the neckline; "collar": sewn to the stand, over which it falls, and to lapels.
  "head left" and "head right", the halves of a hood in profile: seam "hood centre".
- "over front": a patch on the panel front, drawn where it lies there.

Panels are drawn upright as seen from outside, x = 0 on the wearer's middle.
"""

from collections.abc import Callable

import numpy as np

from assets.errors import DrapeFailed
from assets.mesh import edges
from body.model import Body
from garments.cloth import Cloth
from garments.dressing.folding import folded
from garments.dressing.hoods import on_head
from garments.dressing.necks import before_skin, lifted, stood_up
from garments.dressing.rings import rings
from garments.dressing.settle import settled
from garments.dressing.tubes import Tube, along, tube, wraps
from garments.dressing.wearer import SIDES, Wearer
from garments.fields import Flat, harmonic, laplacian
from garments.imported.placing import eased, place

CLEARANCE = 0.015
"""Distance from the skin [m] at which the garment starts."""
_SLACK = 0.97
_BESIDE = 0.02
_LIFT = 0.5
_CLOSE = 0.009
_LAP, _LAPPED = 0.02, 0.014
_STRETCHES = (1.0, 1.06, 1.12, 1.2)


class _Pins:
    """Places [m] of the vertices that are pinned so far; the first pin of a vertex holds."""

    def __init__(self, count: int) -> None:
        self.held = np.zeros(count, bool)
        self.places = np.zeros((count, 3))

    def add(self, vertices: np.ndarray, places: np.ndarray) -> None:
        new = ~self.held[vertices]
        self.places[vertices[new]] = places[new]
        self.held[vertices] = True


def arrange(
    cloth: Cloth, body: Body, worn: np.ndarray | None = None, clearance: float = CLEARANCE,
    tick: Callable[[], None] = lambda: None,
) -> np.ndarray:  # fmt: skip
    """Start positions [m], shape [n, 3] float64, outside the body and round `worn`, points [m] [k, 3] of garments that
    are already on. Raises DrapeFailed when no such place is found. `tick` is called often and may raise Cancelled."""
    wearer = Wearer(body, worn, tick)
    if cloth.shape is not None:
        return _drawn_on(cloth, wearer, cloth.shape)
    whole, laid = cloth, folded(cloth)
    cloth, pins = laid.cloth, _Pins(cloth.count)
    trunk = tube(cloth, "trunk")
    if len(along(cloth, "shoulder left")):
        bust = _hang_on_shoulders(cloth, wearer, pins, trunk, clearance)
        if trunk:
            _wrap_trunk(cloth, wearer, pins, trunk, clearance, bust)
        for side in SIDES:
            _wrap_arm(cloth, wearer, pins, trunk, clearance, side)
        nape = np.intersect1d(along(cloth, "hood centre"), along(cloth, "neckline back"))
        if len(nape):
            pins.add(*on_head(cloth, wearer, pins.places[nape[0]], clearance))
    elif trunk:
        _wrap_trunk(cloth, wearer, pins, trunk, clearance, _waist(cloth, wearer, trunk))
    if len(along(cloth, "crotch back")):
        _wrap_legs(cloth, wearer, pins, clearance)
    held = np.flatnonzero(pins.held)
    if not len(held):
        raise DrapeFailed("the garment's panels do not tell what they go round: it cannot be put on")
    start = harmonic(laplacian(cloth.faces, cloth.rest, cloth.count), held, pins.places[held])
    start = laid.flat(start)

    def finished(places: np.ndarray) -> np.ndarray:
        places = laid.spread(_overlapped(cloth, places))
        return stood_up(whole, wearer, places, cloth.faces[wraps(cloth, "trunk")])

    found = settled(cloth, wearer, _lapped(cloth, start), clearance, finish=finished)
    return before_skin(cloth, wearer, found, clearance / 3.0)


def _drawn_on(cloth: Cloth, wearer: Wearer, shape: np.ndarray) -> np.ndarray:
    """A ready-made garment of `shape` [m] [n, 3] put on. It lies close: what pulls and lifts it would drive its folds
    through each other. One that is too tight is put on stretched, as a person would; the least tangled start counts."""
    from garments.solvers.proximity import crossings

    pairs = edges(cloth.faces)
    best, fewest, why = None, np.inf, DrapeFailed("")
    for stretch in _STRETCHES:
        placed = place(shape, cloth.faces, wearer.body, stretch, cloth.arms)
        start = eased(placed, cloth.faces, wearer.surface, _CLOSE / 3.0)
        try:
            start = settled(cloth, wearer, start, _CLOSE, rounds=0)
        except DrapeFailed as error:
            why = error
            continue
        tangles = len(crossings(start, cloth.faces, pairs))
        if tangles < fewest:
            best, fewest = start, tangles
        if not tangles:
            break
    if best is None:
        raise why
    return best


def _hang_on_shoulders(cloth: Cloth, wearer: Wearer, pins: _Pins, trunk: Tube | None, clearance: float) -> float:
    """Pins shoulder seams along the ridge and the neckline about the neck; returns the first level line's height
    [m]."""
    corners = {}
    for side in SIDES:
        path = along(cloth, f"shoulder {side}")
        flat = _first_with(cloth, path)
        drawn = flat.of(path)
        order = np.argsort(np.abs(drawn[:, 0]))
        path, drawn = path[order], drawn[order]
        start = max(abs(drawn[0, 0]), wearer.neck_breadth() + 0.02)
        reach = np.linalg.norm(drawn - drawn[0], axis=1)
        pins.add(path, _along_ridge(wearer.ridge(side), start, reach, clearance))
        corners[side] = path[0]
    for end, part in enumerate(("front", "back")):
        _pin_neckline(cloth, wearer, pins, corners, part, end, clearance)
    shoulder = np.concatenate([along(cloth, f"shoulder {side}") for side in SIDES])
    if trunk is None:
        return wearer.armpit
    hang = _hang(cloth, shoulder, next(iter(trunk.lines.values())))
    ridge = pins.places[shoulder].mean(axis=0)
    section = wearer.section(ridge[1] - 0.9 * hang)[:, 1]
    aside = min(section.max() - ridge[2], ridge[2] - section.min()) + clearance
    return min(ridge[1] - np.sqrt(max(hang**2 - aside**2, 0.6 * hang**2)), wearer.armpit - 0.025)


def _first_with(cloth: Cloth, path: np.ndarray) -> Flat:
    """The panels of the front, or of the back where these are not, that have all vertices of a path."""
    for part in ("trunk front", "trunk back", "trunk"):
        mine = wraps(cloth, part)
        if mine.any() and np.isin(path, cloth.faces[mine]).all():
            return Flat(cloth, mine, sewn=True)
    raise DrapeFailed("the shoulders of the garment lie on none of its trunk panels: it cannot be put on")


def _hang(cloth: Cloth, shoulder: np.ndarray, line: np.ndarray) -> float:
    """How far [m] the first level line hangs below the shoulders, as the front (or the whole trunk) was drawn."""
    mine = wraps(cloth, "trunk front")
    if not np.isin(shoulder, cloth.faces[mine]).all():
        mine = wraps(cloth, "trunk")
    flat = Flat(cloth, mine, sewn=True)
    pinned = flat.local(line)
    upward = flat.field(pinned, np.zeros(len(pinned)), np.tile((0.0, 1.0), (len(flat.faces), 1)))
    return float(upward[flat.local(shoulder)].mean())


def _along_ridge(ridge: np.ndarray, start: float, along: np.ndarray, clearance: float) -> np.ndarray:
    """Places at distances [m] along the ridge from where it is `start` [m] off the middle, lifted off the skin."""
    way = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(ridge, axis=0), axis=1))])
    tangent = np.gradient(ridge, way, axis=0)
    sign = np.sign(ridge[-1, 0])
    lift = np.stack([-tangent[:, 1] * sign, np.abs(tangent[:, 0]), np.zeros(len(ridge))], axis=1)
    lifted = ridge + clearance * lift / np.linalg.norm(lift, axis=1, keepdims=True)
    places = np.interp(start, np.abs(ridge[:, 0]), way) + along
    return np.stack([np.interp(places, way, lifted[:, k]) for k in range(3)], axis=1)


def _pin_neckline(
    cloth: Cloth, wearer: Wearer, pins: _Pins, corners: dict, part: str, end: int, clearance: float
) -> None:
    """The neckline of front (end 0) or back (end 1) as it was drawn, tilted from the shoulders to the neck's middle."""
    top = np.array([pins.places[corner] for corner in corners.values()]).mean(axis=0)
    for side, sign in SIDES.items():
        path = along(cloth, f"neckline {part} {side}")
        if not len(path):
            continue
        inward, down = _drawn_neckline(cloth, path, corners[side], part)
        if down.max() < 1e-3:
            continue
        heights = top[1] + np.linspace(-0.5 * down.max() if end == 0 else 0.01, -0.45, 80)
        depths = np.array([wearer.neck_profile(y)[end] for y in heights]) + (clearance if end == 0 else -clearance)
        best = int(np.argmin(np.abs(np.hypot(heights - top[1], depths - top[2]) - down.max())))
        share = down / down.max()
        corner = abs(pins.places[corners[side], 0])
        places = np.stack(
            [
                sign * corner * (1.0 - inward),
                top[1] + share * (heights[best] - top[1]),
                top[2] + share * (depths[best] - top[2]),
            ],
            axis=1,
        )
        pins.add(path, places)


def _drawn_neckline(cloth: Cloth, path: np.ndarray, corner: int, part: str) -> tuple[np.ndarray, np.ndarray]:
    """How far along the way to the middle, and how far below its corner [m], each vertex of a neckline was drawn; where
    a yoke parts them, a quarter of an ellipse."""
    mine = wraps(cloth, f"trunk {part}")
    if np.isin(path, cloth.faces[mine]).all():
        drawn = Flat(cloth, mine, sewn=True).of(np.append(path, corner))
        return 1.0 - drawn[:-1, 0] / drawn[-1, 0], drawn[-1, 1] - drawn[:-1, 1]
    whole = Flat(cloth, wraps(cloth, "trunk"))
    far = whole.apart(np.array([corner]), path)
    angle = 0.5 * np.pi * far / far.max()
    return 1.0 - np.cos(angle), 0.62 * far.max() * np.sin(angle)


def _waist(cloth: Cloth, wearer: Wearer, trunk: Tube) -> float:
    """Height [m] for the first level line of what is held at the waist, or, with legs, stands on the crotch."""
    anchor = next((line for line in ("waistband", "waist") if line in trunk.lines), next(iter(trunk.lines)))
    height = wearer.waist
    fork = np.intersect1d(along(cloth, "crotch front"), along(cloth, "crotch back"))
    if len(fork):
        flat = Flat(cloth, np.array([each in ("left leg front", "left leg") for each in cloth.wraps])[cloth.panel])
        rise = flat.of(flat.only(trunk.lines[anchor]))[:, 1].mean() - flat.of(flat.only(fork))[:, 1].mean()
        height = min(height, wearer.crotch + rise)
    return height + trunk.depths[list(trunk.lines).index(anchor)]


def _wrap_trunk(cloth: Cloth, wearer: Wearer, pins: _Pins, trunk: Tube, clearance: float, top: float) -> None:
    """Pins all that lies at or below the uppermost line round the trunk, which is `top` [m] up."""
    sections = wearer.round_trunk(clearance)
    found = rings(sections, trunk.depths, trunk.girths, trunk.depth.max(), top, clearance)
    pins.add(trunk.on, found.at(trunk.depth, trunk.turn))


def _fronts(cloth: Cloth) -> list[str]:
    """What two open fronts wrap, the inner one first, which is the earlier one of the pattern; else nothing."""
    fronts = [part for part in dict.fromkeys(cloth.wraps) if part in ("trunk front left", "trunk front right")]
    closed = any(seam.startswith("centre front") for seam in cloth.seam_names)
    return fronts if len(fronts) == 2 and not closed else []


def _lapped(cloth: Cloth, places: np.ndarray) -> np.ndarray:
    """The places [m] with the outer one of two open fronts a little further out from where the wearer's middle is on
    it."""
    fronts = _fronts(cloth)
    if not fronts:
        return places
    mine = wraps(cloth, fronts[1])
    flat = Flat(cloth, mine, sewn=True)
    sewn = np.isin(flat.vertices, cloth.faces[~mine])
    past = flat.drawn[:, 0] * SIDES[fronts[1].split()[-1]] < _LAP
    pinned = np.flatnonzero(sewn | past)
    lift = np.zeros(len(places))
    lift[flat.vertices] = flat.field(pinned, np.where(sewn[pinned], 0.0, _LAPPED))
    trunk = places[cloth.faces[wraps(cloth, "trunk")]].reshape(-1, 3)
    middle = 0.5 * (trunk.min(axis=0) + trunk.max(axis=0))
    outward = (places - middle) * (1.0, 0.0, 1.0)
    return places + lift[:, None] * outward / np.maximum(np.linalg.norm(outward, axis=1, keepdims=True), 1e-9)


def _overlapped(cloth: Cloth, places: np.ndarray) -> np.ndarray:
    """The settled places [m] with the outer one of two open fronts clear of the inner."""
    fronts = _fronts(cloth)
    if not fronts:
        return places
    inner, outer = (wraps(cloth, front) for front in fronts)
    free = np.setdiff1d(cloth.faces[outer], cloth.faces[~outer])
    return lifted(places, free, cloth.faces[inner], _LAPPED)


def _wrap_arm(cloth: Cloth, wearer: Wearer, pins: _Pins, trunk: Tube | None, clearance: float, side: str) -> None:
    """Pins the sleeve from its biceps line down, as a tube round the arm."""
    sleeve = tube(cloth, f"{side} arm")
    if sleeve is None or trunk is None:
        return
    sign, arm = SIDES[side], wearer.arms[side]
    tip = along(cloth, f"shoulder {side}")
    tip = tip[np.argmax(np.abs(pins.places[tip, 0]))]
    origin, direction = (found[0] for found in arm.at(np.zeros(1)))
    first = trunk.on[trunk.depth < 1e-6]
    at_side = np.abs(trunk.turn[trunk.depth < 1e-6] - 0.25 * sign)
    underarm = pins.places[first[np.argmin(np.minimum(at_side, 1.0 - at_side))]]
    clear = max((origin[1] - wearer.armpit) / max(-direction[1], 0.2), (underarm - origin) @ direction) + _BESIDE
    outer = wraps(cloth, f"{side} arm outer")
    flat = Flat(cloth, outer if outer.any() else wraps(cloth, f"{side} arm"))
    line = next(iter(sleeve.lines.values()))
    cap = flat.drawn[:, 1].max() - flat.of(flat.only(line))[:, 1].mean()
    reach = (pins.places[tip] - origin) @ direction + _SLACK * cap
    far = max(reach, clear) + _SLACK * sleeve.depth
    girth = np.interp(sleeve.depth, sleeve.depths, sleeve.girths)
    # It goes over a hand with half the clearance all round.
    far = arm.shortened(far, girth - np.pi * clearance)
    places = np.linspace(far.min() - 0.02, far.max() + 0.02, 24)
    close = np.interp(far, places, arm.radius(places)) + clearance
    radius = np.maximum(close, girth / (2.0 * np.pi))
    centre, axis = arm.at(far)
    backward = np.cross(axis, np.cross([0.0, 0.0, -1.0], axis))
    backward /= np.linalg.norm(backward, axis=1, keepdims=True)
    outward = sign * np.cross(axis, backward)
    angle = 2.0 * np.pi * sleeve.turn
    spoke = np.cos(angle)[:, None] * outward + sign * np.sin(angle)[:, None] * backward
    aside = _LIFT * (radius - close)[:, None] * outward
    pins.add(sleeve.on, centre + aside + radius[:, None] * spoke)


def _wrap_legs(cloth: Cloth, wearer: Wearer, pins: _Pins, clearance: float) -> None:
    """Pins the crotch seam along the body from front to back, and the legs from their thigh lines down."""
    fork = _pin_crotch(cloth, wearer, pins, clearance)
    for side in SIDES:
        leg = tube(cloth, f"{side} leg")
        if leg is None:
            continue
        flat = Flat(
            cloth, np.array([each in (f"{side} leg front", f"{side} leg") for each in cloth.wraps])[cloth.panel]
        )
        first = next(iter(leg.lines.values()))
        drop = flat.of(flat.only(fork))[:, 1].mean() - flat.of(flat.only(first))[:, 1].mean()
        top = pins.places[fork, 1].mean() - _SLACK * max(drop, 0.01)
        found = rings(
            wearer.round_leg(side), leg.depths, leg.girths, leg.depth.max(), top, clearance, wearer.ankle + _BESIDE
        )
        pins.add(leg.on, found.at(leg.depth, leg.turn))


def _pin_crotch(cloth: Cloth, wearer: Wearer, pins: _Pins, clearance: float) -> np.ndarray:
    """Lays the crotch seam from where it is held in front, through between the legs, to where it is held behind;
    returns the vertices where the legs meet."""
    import shapely

    front, back = along(cloth, "crotch front"), along(cloth, "crotch back")
    fork = np.intersect1d(front, back)
    flat = Flat(cloth, wraps(cloth, "left leg"), sewn=True)
    ends = [seam[pins.held[seam]] for seam in (front, back)]
    ends = [seam[np.argmin(pins.places[seam, 1])] for seam in ends]
    low = min(pins.places[end, 1] for end in ends)
    hull = shapely.MultiPoint(wearer.under(low - 0.35)).convex_hull.buffer(clearance)
    path = shapely.get_coordinates(hull.exterior)
    path = path[:-1] if not hull.exterior.is_ccw else path[:-1][::-1]
    starts = [int(np.argmin(np.linalg.norm(path - pins.places[end][[2, 1]], axis=1))) for end in ends]
    path = np.roll(path, -starts[0], axis=0)[: (starts[1] - starts[0]) % len(path) + 1]
    way = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    spans = [flat.apart(np.array([end]), fork)[0] for end in ends]
    slack = max(sum(spans) - way[-1], 0.0)
    for seam, end, reach in zip((front, back), ends, spans, strict=True):
        free = seam[~pins.held[seam]]
        share = flat.apart(np.array([end]), free) / sum(spans)
        share = share if reach is spans[0] else 1.0 - share
        places = np.stack([np.zeros(len(free)), *(np.interp(share * way[-1], way, path[:, k]) for k in (1, 0))], axis=1)
        places[:, 1] -= 0.4 * slack * np.sin(np.pi * share)
        pins.add(free, places)
    return fork
