"""What is worn round the neck, put there before a garment is draped: bands and stands stand up from the neckline,
collars fall over them outward, as they are worn, and lie on beside turned lapels.

A collar is laid as it was drawn: beside each piece of the seam that it falls from it goes on square to that piece,
turned over, so that what is flat inside stays nearly so (gradients put together again, Yu et al. 2004).
"""

import numpy as np

from garments.cloth import Cloth
from garments.dressing.settle import NECK
from garments.dressing.tubes import wraps
from garments.dressing.wearer import Wearer
from garments.fields import Flat

_STANDS, _FALLS = np.array([-0.2, 0.98]), np.array([0.8, -0.6])
"""How far outward and upward stands, and collars that are turned over them, lead."""
_OVER, _LIFTS = 0.008, 3
_DRAWN_BACK = (0.8, 0.6, 0.4, 0.2, 0.0)


def stood_up(cloth: Cloth, wearer: Wearer, places: np.ndarray, ground: np.ndarray) -> np.ndarray:
    """The places [m] [n, 3] of a settled garment with what is sewn to the neckline put on it, clear of the faces
    `ground` [f, 3] that it may come to lie on."""
    stand, leaf = (wraps(cloth, part) for part in NECK)
    if not stand.any():
        return places
    neckline = np.intersect1d(cloth.faces[stand], cloth.faces[~stand & ~leaf])
    middle = places[neckline].mean(axis=0)
    places = _led_on(cloth, places, stand, neckline, neckline, middle, _STANDS)
    if not leaf.any():
        return places
    sewn = np.intersect1d(cloth.faces[leaf], cloth.faces[~leaf])
    roll = np.intersect1d(sewn, cloth.faces[stand])
    places = _led_on(cloth, places, leaf, sewn, roll, middle, _FALLS)
    return lifted(places, np.setdiff1d(cloth.faces[leaf], sewn), ground, _OVER)


def _led_on(
    cloth: Cloth, places: np.ndarray, mine: np.ndarray, sewn: np.ndarray, seam: np.ndarray, middle: np.ndarray,
    way: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """The places [m] with some faces laid on from where they are `sewn`: square to a seam round `middle` [m] [3] they
    go outward and upward by the shares `way`, along it they go as it does."""
    flat = Flat(cloth, mine, sewn=True)
    on_seam = np.isin(flat.vertices, seam)
    ends = np.concatenate([flat.faces[:, [k, (k + 1) % 3]] for k in range(3)])
    drawn = np.concatenate([flat.corners[:, [k, (k + 1) % 3]] for k in range(3)])
    here = on_seam[ends].all(axis=1)
    ends, drawn = flat.vertices[ends[here]], drawn[here]
    along = _unit(places[ends[:, 1]] - places[ends[:, 0]])
    outward = _unit((places[ends].mean(axis=1) - middle) * (1.0, 0.0, 1.0))
    onward = way[0] * outward + way[1] * np.array([0.0, 1.0, 0.0])
    onward = _unit(onward - (onward * along).sum(axis=1, keepdims=True) * along)
    right = _unit(drawn[:, 1] - drawn[:, 0])
    square = np.stack([-right[:, 1], right[:, 0]], axis=1)
    slope = np.einsum("fi,fj->fij", along, right) + np.einsum("fi,fj->fij", onward, square)
    near = np.linalg.norm(flat.corners.mean(axis=1)[:, None] - drawn.mean(axis=1)[None], axis=2).argmin(axis=1)
    pinned = flat.local(sewn)
    root = places[flat.vertices[pinned]]
    found = places.copy()
    found[flat.vertices] = np.stack([flat.field(pinned, root[:, k], slope[near, k]) for k in range(3)], axis=1)
    return found


def _unit(ways: np.ndarray) -> np.ndarray:
    return ways / np.maximum(np.linalg.norm(ways, axis=-1, keepdims=True), 1e-9)


def lifted(places: np.ndarray, over: np.ndarray, ground: np.ndarray, gap: float) -> np.ndarray:
    """The places [m] with the vertices `over` [k] moved out, where they face cloth `ground` [f, 3] with its outside,
    until they are clear of it by a gap [m]."""
    from assets.closest import Surface

    if not len(over) or not len(ground):
        return places
    corners = places[ground]
    outward = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    outward /= np.maximum(np.linalg.norm(outward, axis=1, keepdims=True), 1e-12)
    surface, found = Surface(places, ground), places.copy()
    for _ in range(_LIFTS):
        face, share = surface.over(found[over])
        way = found[over] - np.einsum("ij,ijk->ik", share, corners[face])
        off = (way * outward[face]).sum(axis=1)
        aside = np.linalg.norm(way - off[:, None] * outward[face], axis=1)
        found[over] += np.where(aside < gap, np.maximum(gap - off, 0.0), 0.0)[:, None] * outward[face]
    return found


def before_skin(cloth: Cloth, wearer: Wearer, places: np.ndarray, clearance: float) -> np.ndarray:
    """The places [m] with what stands on the neckline drawn back towards it while skin lies round it, too: the edge of
    a high collar may be outside the body, but in its mouth."""
    mine = wraps(cloth, *NECK)
    if not mine.any():
        return places
    flat = Flat(cloth, mine, sewn=True)
    sewn = flat.local(np.intersect1d(cloth.faces[mine], cloth.faces[~mine]))
    seam = places[flat.vertices[sewn]]
    root, found = flat.field(sewn, seam), places.copy()
    for share in _DRAWN_BACK:
        here = found[flat.vertices]
        outward = (here - seam.mean(axis=0)) * (1.0, 0.0, 1.0)
        outward /= np.maximum(np.linalg.norm(outward, axis=1, keepdims=True), 1e-9)
        behind = np.isfinite(wearer.surface.hits(here, outward)[0])
        if not behind.any():
            break
        back = root[behind] + share * (places[flat.vertices[behind]] - root[behind])
        near = wearer.surface.closest(back)
        short = np.maximum(clearance - near.distance, 0.0)
        found[flat.vertices[behind]] = back + short[:, None] * near.normals
    return found
