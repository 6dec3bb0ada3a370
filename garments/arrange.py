"""A garment put round a body before it is draped: outside everywhere, the right limb in each tube, little stretched.

As a dresser pins a toile: each tube of the garment (trunk, sleeves, neckband) is laid round convex sections of the
body, widened where the garment is wider; shoulder seams follow the shoulders' ridge; the rest hangs between as a
membrane (harmonic), and some rounds of pulling edges to their lengths and pushing vertices out of the body settle it.

It needs of a design: panels that say what they wrap; seams named "shoulder left", "side left", "neckline front left"
and the like; lines "bust" or "waist" round the trunk from the top down, "biceps_left", "cuff_left" round the sleeves.
"""

from itertools import pairwise

import numpy as np

from assets.errors import DrapeFailed
from assets.mesh import edges
from body.model import Body
from garments.cloth import Cloth
from garments.fields import Flat, harmonic, laplacian
from garments.placing import eased, place
from garments.settle import settled
from garments.wearer import SIDES, Wearer

CLEARANCE = 0.015
"""Distance from the skin [m] at which the garment starts."""
_STEP = 0.012
_AROUND = 256
_SLACK = 0.97
_BESIDE = 0.02
_LIFT = 0.5
_CLOSE = 0.009
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


def arrange(cloth: Cloth, body: Body, worn: np.ndarray | None = None, clearance: float = CLEARANCE) -> np.ndarray:
    """Start positions [m], shape [n, 3] float64, outside the body and round `worn`, points [m] [k, 3] of garments that
    are already on. Raises DrapeFailed when no such place is found."""
    wearer = Wearer(body, worn)
    if cloth.shape is not None:
        return _drawn_on(cloth, wearer, cloth.shape)
    pins = _Pins(cloth.count)
    if len(cloth.seam("shoulder left")):
        bust = _hang_on_shoulders(cloth, wearer, pins, clearance)
        _wrap_trunk(cloth, wearer, pins, clearance, "bust", bust)
        for side in SIDES:
            _wrap_arm(cloth, wearer, pins, clearance, side)
        _wrap_neck(cloth, pins)
    else:
        _wrap_trunk(cloth, wearer, pins, clearance, "waist", wearer.waist)
    held = np.flatnonzero(pins.held)
    start = harmonic(laplacian(cloth.faces, cloth.rest, cloth.count), held, pins.places[held])
    return settled(cloth, wearer, start, clearance)


def _drawn_on(cloth: Cloth, wearer: Wearer, shape: np.ndarray) -> np.ndarray:
    """A ready-made garment of `shape` [m] [n, 3] put on. It lies close: what pulls and lifts it would drive its folds
    through each other. One that is too tight is put on stretched, as a person would; the least tangled start counts."""
    from garments.solvers.proximity import crossings

    pairs = edges(cloth.faces)
    best, fewest, why = None, np.inf, DrapeFailed("")
    for stretch in _STRETCHES:
        start = eased(place(stretch * shape, cloth.faces, wearer.body), cloth.faces, wearer.surface, _CLOSE / 3.0)
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


def _hang_on_shoulders(cloth: Cloth, wearer: Wearer, pins: _Pins, clearance: float) -> float:
    """Pins shoulder seams along the ridge and the neckline about the neck; returns the bust line's height [m]."""
    front, back = Flat(cloth, "trunk front"), Flat(cloth, "trunk back")
    corners = {}
    for side in SIDES:
        path = cloth.seam(f"shoulder {side}")
        drawn = front.of(path)
        order = np.argsort(np.abs(drawn[:, 0]))
        path, drawn = path[order], drawn[order]
        start = max(abs(drawn[0, 0]), wearer.neck_breadth() + 0.02)
        along = np.linalg.norm(drawn - drawn[0], axis=1)
        pins.add(path, _along_ridge(wearer.ridge(side), start, along, clearance))
        corners[side] = path[0]
    points = np.array([pins.places[corner] for corner in corners.values()])
    for flat, end in ((front, 0), (back, 1)):
        _pin_neckline(cloth, wearer, pins, flat, corners, points.mean(axis=0), end, clearance)
    shoulder = np.concatenate([cloth.seam(f"shoulder {side}") for side in SIDES])
    hang = front.of(shoulder)[:, 1].mean() - front.of(front.only(cloth.lines["bust"]))[:, 1].mean()
    ridge = pins.places[shoulder].mean(axis=0)
    section = wearer.section(ridge[1] - 0.9 * hang)[:, 1]
    aside = min(section.max() - ridge[2], ridge[2] - section.min()) + clearance
    return min(ridge[1] - np.sqrt(max(hang**2 - aside**2, 0.6 * hang**2)), wearer.armpit - 0.025)


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
    cloth: Cloth, wearer: Wearer, pins: _Pins, flat: Flat, corners: dict, top: np.ndarray, end: int, clearance: float
) -> None:
    """The neckline of front (end 0) or back (end 1) as it was drawn, tilted from the shoulders to the neck's middle."""
    part = "front" if end == 0 else "back"
    path = np.concatenate([cloth.seam(f"neckline {part} {side}") for side in SIDES])
    drawn, corner = flat.of(path), flat.of(np.array([corners["left"]]))[0]
    drop = corner[1] - drawn[:, 1].min()
    heights = top[1] + np.linspace(-0.5 * drop if end == 0 else 0.01, -0.3, 60)
    depths = np.array([wearer.neck_profile(y)[end] for y in heights]) + (clearance if end == 0 else -clearance)
    distance = np.hypot(heights - top[1], depths - top[2])
    best = int(np.argmin(np.abs(distance - drop)))
    share = (corner[1] - drawn[:, 1]) / drop
    places = np.stack(
        [
            drawn[:, 0] / abs(corner[0]) * abs(pins.places[corners["left"], 0]) * (1.0 if end == 0 else -1.0),
            top[1] + share * (heights[best] - top[1]),
            top[2] + share * (depths[best] - top[2]),
        ],
        axis=1,
    )
    pins.add(path, places)


def _wrap_trunk(cloth: Cloth, wearer: Wearer, pins: _Pins, clearance: float, anchor: str, height: float) -> None:
    """Pins all that lies at or below the uppermost line round the trunk, with line `anchor` at a height [m]."""
    trunk = np.array([wraps.startswith("trunk") for wraps in cloth.wraps])[cloth.panel]
    inside = np.zeros(cloth.count, bool)
    inside[cloth.faces[trunk]] = True
    inside[cloth.faces[~trunk]] = False
    loops = {name: path for name, path in cloth.lines.items() if path[0] == path[-1] and inside[path].all()}
    level = _levels(cloth, trunk, list(loops.values()))
    depths, girths = _depths(cloth, trunk, level, list(loops.values()))
    around = _around(cloth, inside)
    below = np.flatnonzero(inside & ((level > 1e-6) | np.isin(np.arange(cloth.count), next(iter(loops.values())))))
    depth = np.interp(level[below], np.arange(len(loops)), depths)
    top = height + depths[list(loops).index(anchor)]
    steps, heights, rings = _rings(wearer, depths, girths, top, clearance)
    row = np.interp(depth, steps, np.arange(len(steps)))
    pins.add(below, _on_rings(rings, heights, row, around[below]))


def _levels(cloth: Cloth, trunk: np.ndarray, loops: list[np.ndarray]) -> np.ndarray:
    """0 at the first loop, 1 at the second and so on, harmonic between, [n]."""
    matrix = laplacian(cloth.faces[trunk], cloth.rest[trunk], cloth.count)
    pinned = np.concatenate([loop[:-1] for loop in loops])
    values = np.concatenate([np.full(len(loop) - 1, float(k)) for k, loop in enumerate(loops)])
    return harmonic(matrix, pinned, values)


def _depths(
    cloth: Cloth, trunk: np.ndarray, level: np.ndarray, loops: list[np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """How far each loop lies below the first along the cloth (area over mean length) and its girth [m]."""
    girths = np.array([cloth.flat_length(loop) for loop in loops])
    middle = level[cloth.faces].mean(axis=1)
    areas = [cloth.rest_areas[trunk & (middle > k) & (middle < k + 1)].sum() for k in range(len(loops) - 1)]
    return np.concatenate([[0.0], np.cumsum(areas / (0.5 * (girths[1:] + girths[:-1])))]), girths


def _around(cloth: Cloth, inside: np.ndarray) -> np.ndarray:
    """Where each vertex of the trunk lies round the wearer, in turns from the centre front to the left, [n]."""
    turns = np.full(cloth.count, np.nan)
    sides = np.concatenate([cloth.seam("side left"), cloth.seam("side right")])
    for wraps, centre in (("trunk front", 0.0), ("trunk back", 0.5)):
        flat = Flat(cloth, wraps, sewn=True)
        pinned = flat.local(sides)
        turns[flat.vertices] = centre + flat.field(pinned, 0.25 * np.sign(flat.drawn[pinned, 0]))
    for wraps in (wraps for wraps in cloth.wraps if wraps == "trunk"):
        flat = Flat(cloth, wraps)
        known = np.flatnonzero(~np.isnan(turns[flat.vertices]))
        angle = 2.0 * np.pi * turns[flat.vertices[known]]
        circle = flat.field(known, np.stack([np.cos(angle), np.sin(angle)], axis=1))
        turns[flat.vertices] = np.arctan2(circle[:, 1], circle[:, 0]) / (2.0 * np.pi)
    return turns


def _rings(
    wearer: Wearer, depths: np.ndarray, girths: np.ndarray, top: float, clearance: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Closed curves for the cloth at every step of depth: the depths [k], heights [k] and rings (x, z) [k, a, 2]."""
    steps = np.linspace(0.0, depths[-1], max(2, int(np.ceil(depths[-1] / _STEP)) + 1))
    heights, rings = [top], [_ring(wearer, top, girths[0], clearance)]
    for before, now in pairwise(steps):
        girth = float(np.interp(now, depths, girths))
        ring = _ring(wearer, heights[-1] - (now - before), girth, clearance)
        outward = (_perimeter(ring) - _perimeter(rings[-1])) / (2.0 * np.pi)
        drop = np.sqrt(max((now - before) ** 2 - outward**2, 0.25 * (now - before) ** 2))
        heights.append(heights[-1] - drop)
        rings.append(_ring(wearer, heights[-1], girth, clearance))
    return steps, np.array(heights), np.array(rings)


def _ring(wearer: Wearer, height: float, girth: float, clearance: float) -> np.ndarray:
    """A convex curve round the wearer at a height, at least `girth` [m] long, that leaves the arms outside, [a, 2]."""
    import shapely

    hull = shapely.MultiPoint(wearer.section(height)).convex_hull
    reach = max(min(wearer.room(height), 2.0) - clearance, np.abs(np.array(hull.bounds)[[0, 2]]).max() + 0.004)
    offset = max(clearance, (girth - hull.length) / (2.0 * np.pi))
    curve = hull.buffer(offset)
    if np.abs(np.array(curve.bounds)[[0, 2]]).max() > reach:
        room = shapely.box(-reach, -2.0, reach, 2.0)
        low, high = offset, max(offset, girth)
        for _ in range(14):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if hull.buffer(middle).intersection(room).length < girth else (low, middle)
        curve = hull.buffer(high).intersection(room)
    curve = curve.exterior
    shares = np.arange(_AROUND) / _AROUND
    points = shapely.get_coordinates(shapely.line_interpolate_point(curve, shares, normalized=True))
    if not curve.is_ccw:
        points = points[::-1]
    start = np.argmin(np.abs(points[:, 0]) + np.where(points[:, 1] < points[:, 1].mean(), 1e3, 0.0))
    return np.roll(points[::-1], start + 1, axis=0)


def _perimeter(ring: np.ndarray) -> float:
    return float(np.linalg.norm(ring - np.roll(ring, 1, axis=0), axis=1).sum())


def _on_rings(rings: np.ndarray, heights: np.ndarray, row: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """Points [m] [k, 3] at fractional rows and at turns round the rings."""
    low = np.clip(row.astype(int), 0, len(rings) - 2)
    between = (row - low)[:, None]
    place = (turns % 1.0) * _AROUND
    left = place.astype(int) % _AROUND
    across = (place - np.floor(place))[:, None]

    def on(index: np.ndarray) -> np.ndarray:
        return rings[index, left] * (1.0 - across) + rings[index, (left + 1) % _AROUND] * across

    flat = on(low) * (1.0 - between) + on(low + 1) * between
    return np.stack([flat[:, 0], np.interp(row, np.arange(len(heights)), heights), flat[:, 1]], axis=1)


def _wrap_arm(cloth: Cloth, wearer: Wearer, pins: _Pins, clearance: float, side: str) -> None:
    """Pins the sleeve from its biceps line down, as a tube round the arm."""
    flat = Flat(cloth, f"{side} arm")
    sign, arm = SIDES[side], wearer.arms[side]
    seams = np.concatenate([cloth.seam(f"underarm {side}"), cloth.seam(f"underarm_low {side}")])
    pinned = flat.local(seams)
    turns = flat.field(pinned, 0.5 * np.sign(flat.drawn[pinned, 0] - flat.drawn[pinned, 0].mean()))
    tip = cloth.seam(f"shoulder {side}")
    tip = tip[np.argmax(np.abs(pins.places[tip, 0]))]
    origin, direction = (found[0] for found in arm.at(np.zeros(1)))
    underarm = pins.places[np.intersect1d(cloth.seam(f"side {side}"), cloth.lines["bust"])[0]]
    clear = max((origin[1] - wearer.armpit) / max(-direction[1], 0.2), (underarm - origin) @ direction) + _BESIDE
    drawn = flat.drawn[:, 1]
    biceps, cuff = (flat.of(flat.only(cloth.lines[f"{name}_{side}"]))[:, 1].mean() for name in ("biceps", "cuff"))
    low = np.flatnonzero(drawn <= biceps + 1e-9)
    reach = (pins.places[tip] - origin) @ direction + _SLACK * (drawn.max() - biceps)
    along = max(reach, clear) + _SLACK * (biceps - drawn[low])
    girths = [cloth.flat_length(cloth.lines[f"{name}_{side}"]) for name in ("cuff", "biceps")]
    girth = np.interp(drawn[low], (cuff, biceps), girths)
    places = np.linspace(along.min() - 0.02, along.max() + 0.02, 24)
    close = np.interp(along, places, arm.radius(places)) + clearance
    radius = np.maximum(close, girth / (2.0 * np.pi))
    centre, axis = arm.at(along)
    backward = np.cross(axis, np.cross([0.0, 0.0, -1.0], axis))
    backward /= np.linalg.norm(backward, axis=1, keepdims=True)
    outward = sign * np.cross(axis, backward)
    angle = 2.0 * np.pi * turns[low]
    spoke = np.cos(angle)[:, None] * outward + sign * np.sin(angle)[:, None] * backward
    aside = _LIFT * (radius - close)[:, None] * outward
    pins.add(flat.vertices[low], centre + aside + radius[:, None] * spoke)


def _wrap_neck(cloth: Cloth, pins: _Pins) -> None:
    """Pins the neckband, standing up and inward from the neckline that it is sewn to."""
    flat = Flat(cloth, "neck")
    seam = np.concatenate([cloth.seam(f"neckline {part} {side}") for part in ("front", "back") for side in SIDES])
    outer, opening = flat.local(seam), flat.local(cloth.lines["neckline"])
    ends = flat.local(cloth.seam("neckband"))
    turns = flat.field(ends, 0.5 * np.sign(flat.drawn[ends, 0]))
    pinned = np.concatenate([outer, opening])
    inward = flat.field(pinned, np.repeat([0.0, 1.0], [len(outer), len(opening)]))
    height = np.linalg.norm(flat.drawn[ends].max(axis=0) - flat.drawn[ends].min(axis=0))
    order = np.argsort(turns[outer])
    places = pins.places[flat.vertices[outer[order]]]
    on_seam = np.stack([np.interp(turns, turns[outer[order]], places[:, k], period=1.0) for k in range(3)], axis=1)
    centre = places.mean(axis=0)
    level = (centre - on_seam) * (1.0, 0.0, 1.0)
    level /= np.maximum(np.linalg.norm(level, axis=1, keepdims=True), 1e-9)
    pins.add(flat.vertices, on_seam + (inward * height)[:, None] * (0.6 * level + np.array([0.0, 0.8, 0.0])))
