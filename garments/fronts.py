"""Girths of garments with open fronts, as if they were closed: jackets, coats, wrap dresses.

Where a level plane cuts such a garment, the cloth is a line from one front's edge round the back to the other's, folded
over where a lapel lies. Its fronts swing apart where nothing holds them; closed, they lie over each other as the
topmost button or tie holds them, edge along the grain. So the girth is that of the flat cloth between the two lines
along the grain through the place of that button on either front: what is cut beyond its line lies over the other front
or is a lapel, and where a neck's opening is cut before it, a tape goes straight across.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from garments.cloth import Cloth
    from garments.drape import Drape

_ROUND = 0.8 * 2.0 * np.pi
"""A line of cloth that turns by less [rad] does not go round the trunk: an armhole cuts it, or no front could close."""


class Line(NamedTuple):
    """The longest open line of cloth in a level: where it lies [m] [k, 2] and the flat cloth along it [m] [k]; of its
    first and last point the face and the flat place [m] [2, 2]."""

    points: np.ndarray
    lengths: np.ndarray
    faces: tuple[int, int]
    ends: np.ndarray


def closed_girth(drape: "Drape", origin: np.ndarray, faces: np.ndarray) -> tuple[float | None, np.ndarray]:
    """Flat girth [m] round the trunk of a garment with fastened fronts at a level [3] once they are closed, and the
    faces that are cut there; None where it has none, or there is no cloth all round. `faces` [k]: the trunk's."""
    height = drape.positions[:, 1] - origin[1]
    crossing = faces[_crossed(height[drape.cloth.faces[faces]])]
    held = fastened(drape.cloth, faces)
    line = _longest(drape, crossing, height) if len(held) else None
    if line is None or _turn(line.points) < _ROUND:
        return None, crossing
    topmost = held[drape.positions[held, 1].mean(axis=1).argmax()]
    beyond = min(
        (_beyond(drape.cloth, line, pair) for pair in (topmost, topmost[::-1])), key=lambda each: np.abs(each).sum()
    )
    return (float(line.lengths[-1] - beyond.sum()) if np.isfinite(beyond).all() else None), crossing


def _beyond(cloth: "Cloth", line: Line, pair: np.ndarray) -> np.ndarray:
    """By how much [m] [2] a line's ends lie beyond a button's place on their fronts, across the grain; infinite where
    an end is on another panel. `pair`: the button's vertex on the front of the first end, and of the last."""
    found = np.full(2, np.inf)
    for k, (face, vertex) in enumerate(zip(line.faces, pair, strict=True)):
        front = np.flatnonzero(cloth.panel == cloth.panel[face])
        there = cloth.faces[front] == vertex
        if there.any():
            place, middle = cloth.rest[front][there][0, 0], cloth.rest[front, :, 0].mean()
            found[k] = np.sign(line.ends[k, 0] - middle) * (line.ends[k, 0] - place)
    return found


def _turn(points: np.ndarray) -> float:
    """By how much [rad] a line of points [k, 2] turns round their middle."""
    angle = np.unwrap(np.arctan2(*(points - 0.5 * (points.min(axis=0) + points.max(axis=0))).T))
    return float(np.ptp(angle))


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


def _longest(drape: "Drape", crossing: np.ndarray, height: np.ndarray) -> Line | None:
    """The longest open line of cloth in a level; None where there is no open one."""
    cloth = drape.cloth
    triangles, rest = cloth.faces[crossing], cloth.rest[crossing]
    links: dict[tuple[int, int], list[tuple[tuple[int, int], float]]] = {}
    places: dict[tuple[int, int], np.ndarray] = {}
    flats: dict[tuple[int, int], tuple[int, np.ndarray]] = {}
    for face, corners, flat in zip(crossing, triangles, rest, strict=True):
        ends = []
        for a, b in ((0, 1), (1, 2), (2, 0)):
            one, two = height[corners[a]], height[corners[b]]
            if (one > 0) != (two > 0):
                share = one / (one - two)
                key = (int(min(corners[a], corners[b])), int(max(corners[a], corners[b])))
                here, there = drape.positions[corners[a]], drape.positions[corners[b]]
                places[key] = (here + share * (there - here))[[0, 2]]
                ends.append((key, flat[a] + share * (flat[b] - flat[a])))
                flats[key] = int(face), ends[-1][1]
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
    longest, along = best
    if len(longest) < 3:
        return None
    (first, one_end), (last, other_end) = flats[longest[0]], flats[longest[-1]]
    points = np.array([places[key] for key in longest])
    return Line(points, np.array(along), (first, last), np.array([one_end, other_end]))
