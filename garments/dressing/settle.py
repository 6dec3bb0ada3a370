"""Settling a garment that was laid round a body: edges pulled to their lengths, vertices and faces pushed outside.

Position-based projection (Müller et al. 2007) without gravity or time: only a start for the solver, never a result.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from assets.errors import DrapeFailed
from assets.mesh import distinct
from garments.cloth import Cloth
from garments.dressing.tubes import wraps
from garments.dressing.wearer import SIDES, Wearer

_ROUNDS, _PULLS, _LAST_ROUNDS = 14, 6, 20
_CELL = 0.01
_OVER_WORN = 0.006
_BESIDE_ARM = 0.003
_BESIDE_LEG = 0.0015
_UNDER_COLLAR = 0.3


NECK = ("neck", "collar")
"""What panels wrap that stand on the neckline."""
Finish = Callable[[np.ndarray], np.ndarray]


def _as_it_is(places: np.ndarray) -> np.ndarray:
    return places


class _Parts(NamedTuple):
    """Vertices that lie on no arm, and those of each leg alone, by side; `share` [n] of the clearance that each
    keeps."""

    share: np.ndarray
    trunk: np.ndarray
    legs: dict[str, np.ndarray]


def settled(
    cloth: Cloth, wearer: Wearer, start: np.ndarray, clearance: float, rounds: int = _ROUNDS, finish: Finish = _as_it_is
) -> np.ndarray:
    """The start with few stretched edges after some rounds, nothing inside the body. What stands on the neckline is not
    pulled: `finish` puts it there afterwards. Raises DrapeFailed when something stays inside."""
    place = _before_and_behind(cloth, wearer, start, clearance)
    edges, lengths = _edges(cloth)
    parts = _parts(cloth)
    for _ in range(rounds):
        for _ in range(_PULLS):
            place = _pulled(place, edges, lengths)
        place = _pushed(wearer, place, clearance, parts)
    return _outside(cloth, wearer, finish(place), clearance, parts)


def _parts(cloth: Cloth) -> _Parts:
    arms = np.any([wraps(cloth, f"{side} arm", f"{side} cuff") for side in SIDES], axis=0)
    legs = {side: wraps(cloth, f"{side} leg") for side in SIDES}
    alone = {side: np.setdiff1d(cloth.faces[mine], cloth.faces[~mine]) for side, mine in legs.items()}
    share = np.ones(cloth.count)
    neck = wraps(cloth, "neck")
    share[cloth.faces[neck]] = _UNDER_COLLAR
    return _Parts(share, np.setdiff1d(np.arange(cloth.count), cloth.faces[arms]), alone)


def _before_and_behind(cloth: Cloth, wearer: Wearer, start: np.ndarray, clearance: float) -> np.ndarray:
    """Front panels moved forward and back panels backward until they are clear of what the body shows there."""
    place = start.copy()
    solid = wearer.vertices[wearer.trunk | wearer.arm_of["left"] | wearer.arm_of["right"]]
    for part, sign in (("trunk front", 1.0), ("trunk back", -1.0)):
        mine = wraps(cloth, part)
        own = np.setdiff1d(cloth.faces[mine], cloth.faces[~mine])
        inside = own[wearer.surface.closest(place[own]).distance < clearance]
        if len(inside):
            near = _furthest(solid * (1.0, 1.0, sign), place[inside]) * sign
            place[inside, 2] = sign * np.maximum(sign * place[inside, 2], sign * near + clearance)
    return place


def _furthest(points: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The largest z [m] of points near each place, seen along z; the place's own z where there is none."""
    low = points.min(axis=0) - 3 * _CELL
    shape = np.ceil((points.max(axis=0) - low) / _CELL).astype(int)[:2] + 4
    grid = np.full(shape, -np.inf)
    cell = ((points - low) / _CELL).astype(int)[:, :2]
    np.maximum.at(grid, (cell[:, 0], cell[:, 1]), points[:, 2])
    for _ in range(2):
        padded = np.pad(grid, 1, constant_values=-np.inf)
        grid = np.max([padded[i : i + shape[0], j : j + shape[1]] for i in range(3) for j in range(3)], axis=0)
    at = np.clip(((places - low) / _CELL).astype(int)[:, :2], 0, shape - 1)
    found = grid[at[:, 0], at[:, 1]]
    return np.where(np.isfinite(found), found, places[:, 2])


def _edges(cloth: Cloth) -> tuple[np.ndarray, np.ndarray]:
    """Edges [k, 2] and their flat lengths [m] [k]; an edge between two panels has the mean of both."""
    pairs = np.concatenate([cloth.faces[:, [k, (k + 1) % 3]] for k in range(3)])
    lengths = np.concatenate([np.linalg.norm(cloth.rest[:, k] - cloth.rest[:, (k + 1) % 3], axis=1) for k in range(3)])
    collar = wraps(cloth, *NECK)
    pulled = np.isin(pairs, np.setdiff1d(cloth.faces[collar], cloth.faces[~collar])).sum(axis=1) == 0
    pairs, lengths = pairs[pulled], lengths[pulled]
    edges = np.sort(pairs, axis=1)
    first, number, counts = distinct(edges)
    return edges[first], np.bincount(number, lengths) / counts


def _pulled(place: np.ndarray, edges: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """One Jacobi round of edge lengths."""
    span = place[edges[:, 1]] - place[edges[:, 0]]
    size = np.linalg.norm(span, axis=1)
    change = (0.5 * (size - lengths) / np.maximum(size, 1e-9))[:, None] * span
    ends = np.concatenate([edges[:, 0], edges[:, 1]])
    valence = np.maximum(np.bincount(ends, minlength=len(place)), 1)
    moves = np.concatenate([change, -change])
    total = np.stack([np.bincount(ends, moves[:, k], len(place)) for k in range(3)], axis=1)
    return place + 1.6 * total / valence[:, None]


def _pushed(wearer: Wearer, place: np.ndarray, clearance: float, parts: _Parts) -> np.ndarray:
    """Vertices nearer to the skin than the clearance, or than what is worn underneath, or inside, moved out. Those of
    the trunk keep only a little from the arms: there may be no room for both. Legs stay on their sides."""
    wearer.tick()
    found = wearer.surface.closest(place)
    least = clearance * parts.share
    least[parts.trunk[wearer.arm_faces[found.faces[parts.trunk]]]] = _BESIDE_ARM
    short = np.maximum(np.maximum(least, wearer.height_of_worn(place) + _OVER_WORN) - found.distance, 0.0)
    place = place + found.normals * short[:, None]
    for side, leg in parts.legs.items():
        place[leg, 0] = SIDES[side] * np.maximum(SIDES[side] * place[leg, 0], _BESIDE_LEG)
    return place


def _outside(cloth: Cloth, wearer: Wearer, place: np.ndarray, clearance: float, parts: _Parts) -> np.ndarray:
    """Vertices and face centres at a third of the clearance at least; corners of a face that is not are moved."""
    least = clearance / 3.0
    for _ in range(_LAST_ROUNDS):
        place = _pushed(wearer, place, least, parts)
        found = wearer.surface.closest(place[cloth.faces].mean(axis=1))
        short = np.flatnonzero(found.distance < least)
        if not len(short):
            break
        moves = np.repeat(found.normals[short] * (least - found.distance[short])[:, None], 3, axis=0)
        corners = cloth.faces[short].ravel()
        count = np.maximum(np.bincount(corners, minlength=len(place)), 1)
        place = place + np.stack([np.bincount(corners, moves[:, k], len(place)) for k in range(3)], 1) / count[:, None]
    inside = int(np.sum(wearer.surface.closest(place).distance <= 0.0) + np.sum(found.distance <= 0.0))
    if inside:
        raise DrapeFailed(
            f"no place outside the body was found for {inside} points of the garment: "
            "try another size, or a pose with the arms further from the trunk"
        )
    return place
