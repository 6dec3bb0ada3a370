"""Girths of garments with open fronts, as if they were closed: jackets, coats, wrap dresses.

Where a level plane cuts such a garment, the cloth is a line from one front's edge round the back to the other's, folded
over where a lapel lies. Its ends overlap, or they leave a gap. Fastened fronts lie over each other as far as the button
or the tie holds them; below it they may swing apart, but the garment is as wide as it was cut, less the overlap at the
button. Above it is the neck's opening, which a tape goes straight across.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from garments.cloth import Cloth
    from garments.drape import Drape

_WIDEST = 0.25
"""A gap that is more than this share of the cloth is no front that could be closed."""
_AT_BUTTON = 0.005


class Round(NamedTuple):
    """The cloth round the trunk at a level: its flat length [m] from front edge to front edge, and without what is
    folded over; how much of that lies over the rest [m], or how far it gapes [m]."""

    whole: float
    cloth: float
    overlap: float
    gap: float


def closed_girth(drape: "Drape", origin: np.ndarray, faces: np.ndarray) -> tuple[float | None, np.ndarray]:
    """Flat girth [m] round the trunk of a garment with fastened fronts at a level [3] once they are closed, and the
    faces that are cut there; None where it has none, or there is no cloth all round. `faces` [k]: the trunk's."""
    height = drape.positions[:, 1] - origin[1]
    crossing = faces[_crossed(height[drape.cloth.faces[faces]])]
    held = fastened(drape.cloth, faces)
    found = None if not len(held) or not len(crossing) else _round(drape, crossing, height)
    if found is None or found.gap > _WIDEST * found.cloth:
        return None, crossing
    highest = drape.positions[held, 1].max()
    if origin[1] > highest + _AT_BUTTON:
        return found.cloth - found.overlap + found.gap, crossing
    at_button = drape.positions[:, 1] - highest
    there = _round(drape, faces[_crossed(at_button[drape.cloth.faces[faces]])], at_button)
    return found.whole - (there or found).overlap, crossing


def _crossed(corner: np.ndarray) -> np.ndarray:
    return (corner > 0).any(axis=1) & (corner <= 0).any(axis=1)


def fastened(cloth: "Cloth", faces: np.ndarray) -> np.ndarray:
    """Vertices [t, 2] of the trunk, by its faces, that buttons, tacks and ties hold together: threads along no
    edge."""
    triangles = cloth.faces
    pairs = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    edges = np.unique(pairs[:, 0].astype(np.int64) * cloth.count + pairs[:, 1])
    ends = np.sort(cloth.threads.ends.reshape(-1, 2), axis=1).astype(np.int64)
    loose = (ends[:, 0] >= 0) & ~np.isin(ends[:, 0] * cloth.count + ends[:, 1], edges)
    return ends[loose & np.isin(ends, triangles[faces]).all(axis=1)]


def _round(drape: "Drape", crossing: np.ndarray, height: np.ndarray) -> Round | None:
    """The longest line of cloth that a level cuts; None where it goes all round without an end."""
    points, lengths = _longest(drape, crossing, height)
    if len(points) < 3:
        return None
    middle = 0.5 * (points.min(axis=0) + points.max(axis=0))
    angle = np.unwrap(np.arctan2(*(points - middle).T))
    if angle[-1] < angle[0]:
        points, lengths, angle = points[::-1], lengths[-1] - lengths[::-1], angle[::-1]
    first, last = int(np.argmin(angle)), int(np.argmax(angle))
    if last <= first:
        return None
    turn = angle[last] - angle[first]
    cloth = float(lengths[last] - lengths[first])
    if turn < 2.0 * np.pi:
        return Round(float(lengths[-1]), cloth, 0.0, float(np.linalg.norm(points[last] - points[first])))
    inside = slice(first, last + 1)
    covered = np.interp(angle[last] - 2.0 * np.pi, np.maximum.accumulate(angle[inside]), lengths[inside])
    return Round(float(lengths[-1]), cloth, float(covered - lengths[first]), 0.0)


def _longest(drape: "Drape", crossing: np.ndarray, height: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the longest open line of cloth lies in a level [m] [k, 2], and how far along the flat cloth each place
    is [m] [k]; nothing where there is no open one."""
    cloth = drape.cloth
    triangles, rest = cloth.faces[crossing], cloth.rest[crossing]
    links: dict[tuple[int, int], list[tuple[tuple[int, int], float]]] = {}
    places: dict[tuple[int, int], np.ndarray] = {}
    for corners, flat in zip(triangles, rest, strict=True):
        ends = []
        for a, b in ((0, 1), (1, 2), (2, 0)):
            one, two = height[corners[a]], height[corners[b]]
            if (one > 0) != (two > 0):
                share = one / (one - two)
                key = (int(min(corners[a], corners[b])), int(max(corners[a], corners[b])))
                here, there = drape.positions[corners[a]], drape.positions[corners[b]]
                places[key] = (here + share * (there - here))[[0, 2]]
                ends.append((key, flat[a] + share * (flat[b] - flat[a])))
        (one, here), (two, there) = ends
        length = float(np.hypot(*(there - here)))
        links.setdefault(one, []).append((two, length))
        links.setdefault(two, []).append((one, length))
    best: tuple[list[tuple[int, int]], list[float]] = ([], [0.0])
    for start in (key for key, near in links.items() if len(near) == 1):
        path, lengths = [start], [0.0]
        before: tuple[int, int] | None = None
        while onward := [each for each in links[path[-1]] if each[0] != before]:
            before = path[-1]
            path.append(onward[0][0])
            lengths.append(lengths[-1] + onward[0][1])
            if len(links[path[-1]]) != 2 or path[-1] == start:
                break
        if lengths[-1] > best[1][-1]:
            best = path, lengths
    return np.array([places[key] for key in best[0]]).reshape(-1, 2), np.array(best[1])
