"""The tubes that a garment is made of (trunk, arms, legs), and where each vertex lies on its tube.

Every tube has two smooth fields over all panels that are sewn together round it: how deep along the cloth, from its
first level line down, and how far round, in turns. Level lines (bust, waist, hip; thigh, knee; biceps, cuff) and seams
with a place round the wearer (side, centre front, inside leg, underarm) are where they are known; between, they are
harmonic; beyond, cloth runs on as it was drawn, so that open fronts, overlaps and shirt tails need no case of their
own.
"""

from dataclasses import dataclass

import numpy as np

from garments.cloth import Cloth
from garments.dressing.wearer import SIDES
from garments.fields import Flat, harmonic, laplacian

LEVELS = (
    "top",
    "bust",
    "underbust",
    "waist",
    "high hip",
    "hip",
    "thigh",
    "knee",
    "calf",
    "biceps",
    "elbow",
    "cuff",
    "hem",
)
"""Lines that are level round the wearer even where they do not close."""
_MIDDLE = {
    "trunk": {
        "trunk front": 0.0, "trunk back": 0.5, "trunk front left": 0.125, "trunk front right": -0.125,
        "trunk back left": 0.375, "trunk back right": 0.625, "left leg front": 0.125, "left leg back": 0.375,
        "right leg front": -0.125, "right leg back": 0.625, "left leg": 0.25, "right leg": -0.25,
    },
    "left leg": {"left leg front": 0.0, "left leg back": 0.5, "left leg": 0.25},
    "right leg": {"right leg front": 0.0, "right leg back": 0.5, "right leg": -0.25},
    "left arm": {"left arm": 0.0, "left arm outer": 0.0, "left arm under": 0.5},
    "right arm": {"right arm": 0.0, "right arm outer": 0.0, "right arm under": 0.5},
}  # fmt: skip
_TURNS = {
    "trunk": {
        "side left": 0.25, "side right": -0.25, "centre front": 0.0, "centre back": 0.5, "crotch front": 0.0,
        "crotch back": 0.5,
    },
    "left leg": {"side left": 0.25, "inside leg left": -0.25},
    "right leg": {"side right": -0.25, "inside leg right": 0.25},
    "left arm": {"underarm left": 0.5, "underarm_low left": 0.5},
    "right arm": {"underarm right": 0.5, "underarm_low right": 0.5},
}  # fmt: skip
_HAIR = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Tube:
    """One tube: its level lines from the top down, how deep each lies [m], its girth [m]; `on` [k] the vertices from
    the first line down, their `depth` [m] [k] and `turn` [k] (of the wearer: 0 in front, 0.25 on the left)."""

    name: str
    lines: dict[str, np.ndarray]
    depths: np.ndarray
    girths: np.ndarray
    on: np.ndarray
    depth: np.ndarray
    turn: np.ndarray


def wraps(cloth: Cloth, *names: str) -> np.ndarray:
    """Which faces belong to panels that wrap one of these, or a part of it ("trunk" has "trunk front"), [m] bool."""
    mine = [each.startswith(names) for each in cloth.wraps]
    return np.array(mine)[cloth.panel]


def along(cloth: Cloth, name: str) -> np.ndarray:
    """The vertices of all seams and lines of a name, which may go on ("side left" has "side left low"), [k]."""
    paths = [path for seam, path in zip(cloth.seam_names, cloth.seam_paths, strict=True) if seam.startswith(name)]
    paths += [path for line, path in cloth.lines.items() if line.startswith(name)]
    return np.unique(np.concatenate(paths)) if paths else np.zeros(0, np.int32)


def tube(cloth: Cloth, name: str) -> Tube | None:
    """The tube of a name ("trunk", "left arm", "right leg"...), None where the garment has none."""
    legs = ("left leg", "right leg") if name == "trunk" else ()
    own = wraps(cloth, name, name.replace("arm", "cuff"), *legs)
    inside = np.zeros(cloth.count, bool)
    inside[cloth.faces[own]] = True
    inside[cloth.faces[~own]] = False
    lines = {line: path for line, path in cloth.lines.items() if inside[path].all() and _is_level(line, path)}
    for leg in legs:
        lines = {line: path for line, path in lines.items() if not _only(cloth, path, leg)}
    if len(lines) < 2:
        return None
    level = _levels(cloth, own, list(lines.values()))
    depths, girths = _depths(cloth, own, level, list(lines.values()))
    depth = np.interp(level, np.arange(len(lines)), depths)
    first, last = next(iter(lines.values())), list(lines.values())[-1]
    down = level > _HAIR
    past = level > len(lines) - 1 - _HAIR
    past[last] = False
    if any(wraps(cloth, leg).any() for leg in legs):
        down[past] = False
    else:
        depth[past] = depths[-1] + _hanging(cloth, own, level, last, past)[past]
    down[first] = True
    reached = own & (down | ~inside)[cloth.faces].all(axis=1) & (level[cloth.faces].max(axis=1) > _HAIR)
    turn = _turns(cloth, name, reached, depth, np.interp(depth, depths, girths))
    on = np.flatnonzero(inside & down & ~np.isnan(turn))
    return Tube(name, lines, depths, girths, on, depth[on], turn[on])


def _is_level(line: str, path: np.ndarray) -> bool:
    return path[0] == path[-1] or line.startswith(LEVELS)


def _only(cloth: Cloth, path: np.ndarray, leg: str) -> bool:
    mine = np.zeros(cloth.count, bool)
    mine[cloth.faces[wraps(cloth, leg)]] = True
    return bool(mine[path].all())


def _levels(cloth: Cloth, own: np.ndarray, lines: list[np.ndarray]) -> np.ndarray:
    """0 at the first line, 1 at the second and so on, harmonic between, [n]."""
    matrix = laplacian(cloth.faces[own], cloth.rest[own], cloth.count)
    pinned, first = np.unique(np.concatenate(lines), return_index=True)
    values = np.concatenate([np.full(len(line), float(k)) for k, line in enumerate(lines)])
    return harmonic(matrix, pinned, values[first])


def _depths(cloth: Cloth, own: np.ndarray, level: np.ndarray, lines: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """How far each line lies below the first along the cloth (area over mean length) and its girth [m]."""
    girths = np.array([cloth.flat_length(line) - _past_middle(cloth, line) for line in lines])
    middle = level[cloth.faces].mean(axis=1)
    areas = [cloth.rest_areas[own & (middle > k) & (middle < k + 1 - _HAIR)].sum() for k in range(len(lines) - 1)]
    return np.concatenate([[0.0], np.cumsum(areas / (0.5 * (girths[1:] + girths[:-1])))]), girths


def _past_middle(cloth: Cloth, line: np.ndarray) -> float:
    """How far [m] along an open line the fronts reach past the wearer's middle, where their panels have x = 0."""
    found = 0.0
    for side, sign in SIDES.items() if line[0] != line[-1] else ():
        mine = wraps(cloth, f"trunk front {side}")
        if mine.any():
            flat = Flat(cloth, mine, sewn=True)
            found += max(0.0, float((-sign * flat.of(flat.only(line))[:, 0]).max(initial=0.0)))
    return found


def _hanging(cloth: Cloth, own: np.ndarray, level: np.ndarray, last: np.ndarray, past: np.ndarray) -> np.ndarray:
    """How far below the last line [m] cloth past it hangs, as its panels were drawn, [n]."""
    found = np.zeros(cloth.count)
    mine = own & past[cloth.faces].any(axis=1)
    if mine.any():
        flat = Flat(cloth, mine, sewn=True)
        pinned = flat.local(last)
        found[flat.vertices] = flat.field(pinned, np.zeros(len(pinned)), np.tile((0.0, -1.0), (len(flat.faces), 1)))
    return found


def _turns(cloth: Cloth, name: str, reached: np.ndarray, depth: np.ndarray, girth: np.ndarray) -> np.ndarray:
    """Where each vertex lies round the tube, [n]; NaN where nothing tells."""
    turns = np.full(cloth.count, np.nan)
    known = _TURNS[name] | _sleeve_seams(cloth, name)
    bands = []
    for part in dict.fromkeys(cloth.wraps):
        mine = reached & (np.array(cloth.wraps) == part)[cloth.panel]
        if not mine.any():
            continue
        flat = Flat(cloth, mine, sewn=part not in ("left arm", "right arm", "left leg", "right leg"))
        middle = _MIDDLE[name].get(part)
        if middle is None:
            bands.append(flat)
        else:
            _fill(turns, cloth, flat, known, middle, depth, girth)
    for flat in bands:
        pinned = np.flatnonzero(~np.isnan(turns[flat.vertices]))
        angle = 2.0 * np.pi * turns[flat.vertices[pinned]]
        circle = flat.field(pinned, np.stack([np.cos(angle), np.sin(angle)], axis=1))
        turns[flat.vertices] = np.arctan2(circle[:, 1], circle[:, 0]) / (2.0 * np.pi)
    return turns


def _fill(
    turns: np.ndarray, cloth: Cloth, flat: Flat, known: dict[str, float], middle: float, depth: np.ndarray,
    girth: np.ndarray,
) -> None:  # fmt: skip
    """The turns of the panels that share a part of the tube; +x of a panel as drawn runs on round it."""
    pins: dict[int, float] = {}
    for seam, value in known.items():
        near = flat.local(along(cloth, seam))
        off = middle - value - np.floor(middle - value)
        by_side = flat.drawn[near, 0] > flat.drawn[:, 0].mean()
        on = by_side if abs(off - 0.5) < _HAIR else np.full(len(near), off > 0.5)
        pins |= dict(zip(near.tolist(), (value + np.floor(middle - value) + on).tolist(), strict=True))
    pinned, values = np.array(list(pins), int), np.array(list(pins.values()))
    if not len(pinned):
        return
    down = flat.slope(depth[flat.vertices])
    down /= np.maximum(np.linalg.norm(down, axis=1, keepdims=True), 1e-9)
    onward = np.stack([-down[:, 1], down[:, 0]], axis=1)
    pace = np.linalg.norm(flat.slope(flat.field(pinned, values)), axis=1)
    round_ = girth[flat.vertices][flat.faces].mean(axis=1)
    known_pace = (pace * round_)[pace > 0.3 * np.percentile(pace, 90)]
    rate = float(np.median(known_pace)) if len(known_pace) and known_pace.min() > 0.2 else 1.0
    turns[flat.vertices] = flat.field(pinned, values, onward * (rate / round_)[:, None])


def _sleeve_seams(cloth: Cloth, name: str) -> dict[str, float]:
    """Turns of a two-piece sleeve's seams, by the share that its outer piece has of the whole."""
    outer, whole = (cloth.rest_areas[wraps(cloth, part)].sum() for part in (f"{name} outer", name))
    if not name.endswith("arm") or not outer > 0.0:
        return {}
    side = name.split()[0]
    share = SIDES[side] * 0.5 * outer / whole
    return {f"hindarm {side}": share, f"forearm {side}": -share}
