"""Cloth that is pressed over, laid as it will lie: pleats closed, lapels turned, before it is put round a body.

A crease of more than a right angle parts its panel into regions, each the mirror image of its neighbour about the
crease (flat origami: what is folded shares the plane of what it is folded onto). Where regions come to lie over each
other, how many lie below tells how far out each goes. A panel that wraps "over front" is a patch on the panel front, as
a pocket is: drawn where it lies there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from garments.cloth import Cloth
from garments.dressing.tubes import wraps

_SHARP = 0.5 * np.pi
_GAP = 0.006
_INWARD = 0.02
_SMOOTHINGS = 3
_SAME = 1e-6
_PATCH = "over "
_PUT_LATER = ("neck", "collar")
"""What panels wrap that is put where the rest of the garment lies already."""


class Laid(NamedTuple):
    """Vertices [k] that lie over others [k, 3], with shares [k, 3] of their places."""

    vertices: np.ndarray
    under: np.ndarray
    shares: np.ndarray

    def on(self, places: np.ndarray) -> np.ndarray:
        """Places, or directions, [n, 3], of these vertices those of what they lie on."""
        found = places.copy()
        found[self.vertices] = np.einsum("ij,ijk->ik", self.shares, places[self.under])
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """`cloth` with the flat shapes of its panels folded, what is turned over having areas below nothing, and without
    its flaps, which hang by one crease alone (lapels); `layers` [n] how many others lie below each vertex; `flaps` the
    vertices of flaps alone; `hidden` those of faces that lie wholly below others of their panel."""

    cloth: Cloth
    layers: np.ndarray
    flaps: Laid
    hidden: Laid

    def flat(self, places: np.ndarray) -> np.ndarray:
        """Places [m] [n, 3] with the flaps laid on what they lie on."""
        return self.flaps.on(places)

    def spread(self, places: np.ndarray) -> np.ndarray:
        """Places [m] [n, 3] of cloth whose layers lie in each other, more or less, with each layer out of the one
        below: they follow what is seen, else they would pass through each other where they have come apart."""
        if not self.layers.any():
            return places
        faces = self.cloth.faces
        corners = places[faces]
        normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        normal *= np.sign(self.cloth.rest_areas)[:, None]
        for _ in range(_SMOOTHINGS):
            at = np.stack([np.bincount(faces.ravel(), np.repeat(normal[:, k], 3), len(places)) for k in range(3)], 1)
            at = at / np.maximum(np.linalg.norm(at, axis=1, keepdims=True), 1e-12)
            normal = at[faces].mean(axis=1)
        places, at = (self.flaps.on(self.hidden.on(each)) for each in (places, at))
        return places + _GAP * self.layers[:, None] * at


def folded(cloth: Cloth) -> Folded:
    """The cloth with its sharp creases closed; as it is where it has none inside a panel."""
    sharp = np.abs(cloth.creases.angles) > _SHARP
    creased = {(min(a, b), max(a, b)): angle for (a, b), angle in
               zip(cloth.creases.edges[sharp].tolist(), cloth.creases.angles[sharp], strict=True)}  # fmt: skip
    rest, layers, region = np.array(cloth.rest), np.zeros(len(cloth.faces)), -1 - cloth.panel
    flap, hidden = np.zeros((2, len(cloth.faces)), bool)
    near = np.isin(cloth.faces, list({vertex for pair in creased for vertex in pair})).any(axis=1)
    for panel in np.unique(cloth.panel[near]):
        mine = np.flatnonzero(cloth.panel == panel)
        layers[mine], hidden[mine], flap[mine], own = _fold(cloth.faces[mine], rest, mine, creased)
        region[mine] = own + region.max() + 1
    on = _lies_on(cloth)
    patch = np.isin(cloth.panel, list(on))
    flap[patch] = True
    at = _heights(cloth, layers, region)
    at[np.setdiff1d(cloth.faces[patch], cloth.faces[~patch])] = 1.0
    whole, rest = replace(cloth, rest=rest), rest[~flap]
    kept = replace(cloth, faces=cloth.faces[~flap], rest=rest, panel=cloth.panel[~flap])
    return Folded(kept, at, _laid(whole, flap, ~flap, on), _laid(whole, hidden & ~flap, ~hidden & ~flap, {}))


def _lies_on(cloth: Cloth) -> dict[int, int]:
    """The panels that are sewn onto others, drawn where they lie on them, by their numbers."""
    names = {f"{_PATCH}{name}": number for number, name in enumerate(cloth.panel_names)}
    return {number: names[each] for number, each in enumerate(cloth.wraps) if each in names}


def _laid(cloth: Cloth, which: np.ndarray, others: np.ndarray, on: dict[int, int]) -> Laid:
    """The vertices of some faces alone, laid on others of their own panels, or of those that they are `on`."""
    from assets.closest import Surface

    found, under, shares = [np.zeros(0, int)], [np.zeros((0, 3), int)], [np.zeros((0, 3))]
    drawn = cloth.drawn()
    flat = np.concatenate([drawn, np.zeros((len(drawn), 3, 1))], axis=2)
    elsewhere = cloth.faces[~which & ~wraps(cloth, *_PUT_LATER)]
    for panel in np.unique(cloth.panel[which]):
        upper = np.flatnonzero((cloth.panel == panel) & which)
        lower = np.flatnonzero((cloth.panel == on.get(int(panel), panel)) & others)
        alone, first = np.unique(cloth.faces[upper], return_index=True)
        own = ~np.isin(alone, elsewhere)
        ground = Surface(flat[lower].reshape(-1, 3), np.arange(3 * len(lower), dtype=np.int32).reshape(-1, 3))
        face, share = ground.over(flat[upper].reshape(-1, 3)[first[own]])
        found, under, shares = [*found, alone[own]], [*under, cloth.faces[lower[face]]], [*shares, share]
    return Laid(np.concatenate(found), np.concatenate(under), np.concatenate(shares).astype(float))


def _fold(
    faces: np.ndarray, rest: np.ndarray, mine: np.ndarray, creased: dict[tuple[int, int], float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Folds the flat corners [m] of a panel's faces where they lie in `rest`; how many regions lie below each face,
    whether it lies wholly below others, whether it is of a flap, and its region."""
    region, joints = _regions(faces, rest[mine], creased)
    if not joints:
        return np.zeros(len(mine)), *np.zeros((2, len(mine)), bool), region
    sizes = np.bincount(region)
    root = int(region[_amid(rest[mine])])
    turn, shift, flipped = {root: np.eye(2)}, {root: np.zeros(2)}, {root: False}
    above: dict[int, set[int]] = {k: set() for k in range(len(sizes))}
    queue = [root]
    for one in queue:
        for a, b, ends, angle in joints:
            if one not in (a, b):
                continue
            other = b if one == a else a
            if other in turn:
                continue
            along = (ends[1] - ends[0]) / np.linalg.norm(ends[1] - ends[0])
            mirror = 2.0 * np.outer(along, along) - np.eye(2)
            turn[other] = turn[one] @ mirror
            shift[other] = turn[one] @ (ends[0] - mirror @ ends[0]) + shift[one]
            flipped[other] = not flipped[one]
            upper, lower = (other, one) if (angle > 0.0) != flipped[one] else (one, other)
            above[lower].add(upper)
            queue.append(other)
    for k in turn:
        own = mine[region == k]
        rest[own] = rest[own] @ turn[k].T + shift[k]
    joined = np.bincount([k for a, b, _, _ in joints for k in (a, b)], minlength=len(sizes))
    flaps = [k for k in turn if flipped[k] and joined[k] == 1 and k != root]
    return *_stacked(rest[mine], region, above, flaps), np.isin(region, flaps), region


def _amid(corners: np.ndarray) -> int:
    """The face [m] nearest to a panel's centre of mass: the region that has it stays in its place."""
    centres = corners.mean(axis=1)
    sides = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = sides[0][:, 0] * sides[1][:, 1] - sides[0][:, 1] * sides[1][:, 0]
    return int(np.argmin(np.linalg.norm(centres - area @ centres / area.sum(), axis=1)))


def _regions(
    faces: np.ndarray, rest: np.ndarray, creased: dict[tuple[int, int], float]
) -> tuple[np.ndarray, list[tuple[int, int, np.ndarray, float]]]:
    """The region of each face [m], and for each two that meet at a crease: both, the crease's ends [m] [2, 2], its
    angle."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    # Points as they were drawn: where a panel is sewn to itself, neighbours in the flat are what counts.
    places = np.unique(np.round(rest.reshape(-1, 2) / _SAME), axis=0, return_inverse=True)[1].reshape(-1, 3)
    sides: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for face, corners in enumerate(places.tolist()):
        for k in range(3):
            a, b = corners[k], corners[(k + 1) % 3]
            sides.setdefault((min(a, b), max(a, b)), []).append((face, k))
    drawn: dict[tuple[int, int], list[tuple[tuple[int, int], tuple[int, int]]]] = {}
    for found in sides.values():
        if len(found) == 2:
            face, k = found[0]
            a, b = int(faces[face, k]), int(faces[face, (k + 1) % 3])
            drawn.setdefault((min(a, b), max(a, b)), []).append((found[0], found[1]))
    inner = [(one[0], two[0]) for pair, met in drawn.items() if pair not in creased for one, two in met]
    rows, columns = np.array(inner).T
    graph = coo_matrix((np.ones(len(rows)), (rows, columns)), (len(faces), len(faces)))
    region = connected_components(graph, directed=False)[1]
    longest: dict[tuple[int, int], tuple[list[np.ndarray], float]] = {}
    for pair in drawn.keys() & creased.keys():
        for (one, k), (two, _) in drawn[pair]:
            a, b = sorted((int(region[one]), int(region[two])))
            longest.setdefault((a, b), ([], creased[pair]))[0].append(rest[one, [k, (k + 1) % 3]])
    return region, [(a, b, _ends(runs), angle) for (a, b), (runs, angle) in sorted(longest.items()) if a != b]


def _ends(runs: list[np.ndarray]) -> np.ndarray:
    """A straight line through the points of a crease: two of its points [m] far apart on it."""
    points = np.concatenate(runs)
    middle = points.mean(axis=0)
    way = np.linalg.svd(points - middle, full_matrices=False)[2][0]
    reach = (points - middle) @ way
    return middle + np.outer([reach.min(), reach.max()], way)


def _stacked(
    corners: np.ndarray, region: np.ndarray, above: dict[int, set[int]], flaps: list[int]
) -> tuple[np.ndarray, np.ndarray]:
    """How many regions lie below each face [m] of a folded panel where most do, for what lies over an edge of cloth is
    to be clear of it; whether it lies wholly below others that are no flaps."""
    import shapely

    whole = {int(k): shapely.union_all(shapely.polygons(corners[region == k])) for k in np.unique(region)}
    centres = corners.mean(axis=1, keepdims=True)
    places = np.concatenate([centres, corners + _INWARD * (centres - corners)], axis=1)
    below, covered = np.zeros(places.shape[:2]), np.zeros(places.shape[:2], bool)
    for each in whole.values():
        shapely.prepare(each)
    for lower in whole:
        under = np.flatnonzero(region == lower)
        for upper in _over(lower, above):
            on = np.flatnonzero(region == upper)
            below[on] += shapely.contains_xy(whole[lower], places[on, :, 0], places[on, :, 1])
            if upper not in flaps:
                covered[under] |= shapely.contains_xy(whole[upper], places[under, :, 0], places[under, :, 1])
    return below.max(axis=1), covered.all(axis=1)


def _heights(cloth: Cloth, layers: np.ndarray, region: np.ndarray) -> np.ndarray:
    """How many layers lie below each vertex [n], from those below each face [m]: on a fold the mean of both sides."""
    lapped = np.isin(cloth.panel, cloth.panel[layers > 0.0])
    pairs = np.stack([np.repeat(region[lapped], 3), cloth.faces[lapped].ravel()], axis=1)
    each, first = np.unique(pairs, axis=0, return_inverse=True)
    most = np.zeros(len(each))
    np.maximum.at(most, first.ravel(), np.repeat(layers[lapped], 3))
    count = np.maximum(np.bincount(each[:, 1], minlength=cloth.count), 1)
    return np.bincount(each[:, 1], most, cloth.count) / count


def _over(lower: int, above: dict[int, set[int]]) -> Iterator[int]:
    """All regions that lie over one, by what lies on what."""
    seen, queue = {lower}, [lower]
    for each in queue:
        for upper in above[each] - seen:
            seen.add(upper)
            queue.append(upper)
            yield upper
