"""A cut through the dressed person at a height: outlines of the body and of each garment seen from above, and how far
the cloth stands off the skin. Plain arrays: the window needs no solver for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from render.scene import Line, from_srgb

if TYPE_CHECKING:
    from app.stage import Shown

LINE = from_srgb((0.88, 0.63, 0.35))
MIDDLE = 0.04
"""How near to the middle [m] an outline's centre lies that goes round the trunk."""


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A polyline of the cut [m] [k, 2], x to the person's left and z forwards; closed: its first point is its last."""

    points: np.ndarray

    @property
    def closed(self) -> bool:
        return bool(np.allclose(self.points[0], self.points[-1], atol=1e-6))

    @property
    def length(self) -> float:
        """[m]."""
        return float(np.linalg.norm(np.diff(self.points, axis=0), axis=1).sum())

    @property
    def centre(self) -> np.ndarray:
        """[m] [2]."""
        low, high = self.points.min(axis=0), self.points.max(axis=0)
        return (low + high) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """A garment round one outline of the body, by that part's name: lengths of both [m] and, over the cloth, the least,
    mean and largest distance from the skin [m]; `whole`: the cloth closes round it."""

    garment: str
    part: str
    body: float
    cloth: float
    least: float
    mean: float
    most: float
    whole: bool

    @property
    def ease(self) -> float:
        """How much longer the cloth is than the skin below it [m]."""
        return self.cloth - self.body


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A cut at a height [m]: outlines of the body; of each garment, by name; what lies round what."""

    height: float
    body: tuple[Outline, ...]
    garments: tuple[tuple[str, tuple[Outline, ...]], ...]
    around: tuple[Around, ...]

    def lines(self) -> tuple[Line, ...]:
        """The body's outlines in space."""
        return tuple(
            Line("section", np.insert(each.points, 1, self.height, axis=1), LINE, 0.004, 0.02) for each in self.body
        )


Surface = tuple[str, np.ndarray, np.ndarray]
"""A name, vertices [m] [n, 3] and faces [m, 3]."""


def cut(body: Surface, garments: Sequence[Surface], height: float) -> Cut:
    """The cut of a body and of garments at a height above the floor [m]."""
    skin = outlines(body[1], body[2], height)
    worn = tuple((name, outlines(vertices, faces, height)) for name, vertices, faces in garments)
    return Cut(height, skin, worn, tuple(found for name, lines in worn for found in _around(name, lines, skin)))


def outlines(vertices: np.ndarray, faces: np.ndarray, height: float) -> tuple[Outline, ...]:
    """Where a mesh meets the plane y = `height` [m], each piece in one run, the longest first. Vertices that lie in one
    place are one."""
    above = vertices[:, 1] > height
    first, second, third = above[faces].T
    crossing = faces[(first != second) | (second != third)].astype(np.int64)
    if not len(crossing):
        return ()
    _, welded = np.unique(vertices[crossing.ravel()].round(6), axis=0, return_inverse=True)
    same = np.full(len(vertices), -1)
    same[crossing.ravel()] = crossing.ravel()[np.unique(welded, return_index=True)[1]][welded.ravel()]
    crossing = same[crossing]
    a, b = crossing, np.roll(crossing, -1, axis=1)
    key = np.minimum(a, b) * len(vertices) + np.maximum(a, b)
    ends = key[above[a] != above[b]].reshape(-1, 2)
    edges, number = np.unique(ends, return_inverse=True)
    low, high = vertices[edges // len(vertices)], vertices[edges % len(vertices)]
    share = (height - low[:, 1]) / (high[:, 1] - low[:, 1])
    points = (low + share[:, None] * (high - low))[:, [0, 2]].astype(float)
    runs = (Outline(points[run]) for run in _runs(number.reshape(-1, 2)))
    return tuple(sorted(runs, key=lambda run: -run.length))


def of_shown(shown: "Shown", height: float) -> Cut:
    """The cut of what a window shows."""
    assert shown.skin is not None
    worn = shown.look.items[len(shown.look.items) - len(shown.maps) :]
    garments = [(item.name, item.vertices, item.faces[: len(garment.faces)])
                for item, garment in zip(worn, shown.maps, strict=True)]  # fmt: skip
    return cut(("body", shown.skin.vertices, shown.skin.faces), garments, height)


def _runs(pieces: np.ndarray) -> list[list[int]]:
    """Segments [k, 2] of point numbers, linked to runs; those with ends before those without."""
    near: dict[int, list[int]] = {}
    pairs = pieces.tolist()
    for piece, pair in enumerate(pairs):
        for point in pair:
            near.setdefault(point, []).append(piece)
    left = set(range(len(pieces)))
    starts = sorted(near, key=lambda point: len(near[point]))
    found = []
    for start in starts:
        run = [start]
        while ahead := [piece for piece in near[run[-1]] if piece in left]:
            left.remove(ahead[0])
            one, two = pairs[ahead[0]]
            run.append(two if one == run[-1] else one)
        if len(run) > 1:
            found.append(run)
    return found


def _around(name: str, lines: Sequence[Outline], skin: Sequence[Outline]) -> list[Around]:
    """What a garment does round each outline of the body that any of it lies round."""
    whole = [each for each in skin if each.closed and each.length > 0.05]
    if not whole or not lines:
        return []
    places = np.concatenate([_evenly(line) for line in lines])
    owner = np.concatenate([np.full(len(_evenly(line)), k) for k, line in enumerate(lines)])
    away = np.stack([distances(places, each) for each in whole])
    mean = np.array([[away[part, owner == k].mean() for k in range(len(lines))] for part in range(len(whole))])
    nearest = mean.argmin(axis=0)
    found = []
    for part, outline in enumerate(whole):
        mine = [k for k in range(len(lines)) if nearest[k] == part]
        if mine:
            gaps = away[part, np.isin(owner, mine)]
            length = sum(lines[k].length for k in mine)
            closed = all(lines[k].closed for k in mine)
            found.append(Around(name, _part(outline, whole), outline.length, length,
                                float(gaps.min()), float(gaps.mean()), float(gaps.max()), closed))  # fmt: skip
    return found


def _evenly(line: Outline) -> np.ndarray:
    """Points about every 4 mm along a line [k, 2]."""
    at = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line.points, axis=0), axis=1))])
    places = np.linspace(0.0, at[-1], max(int(at[-1] / 0.004), 2))
    return np.stack([np.interp(places, at, line.points[:, axis]) for axis in (0, 1)], axis=1)


def distances(points: np.ndarray, line: Outline) -> np.ndarray:
    """Distance of points [n, 2] from a line [m], [n]."""
    (x, y), (along, across) = line.points[:-1].T, np.diff(line.points, axis=0).T
    right, up = points[:, :1] - x, points[:, 1:] - y
    share = np.clip((right * along + up * across) / np.maximum(along**2 + across**2, 1e-16), 0.0, 1.0)
    right -= share * along
    up -= share * across
    return np.sqrt((right**2 + up**2).min(axis=1))


def _part(outline: Outline, skin: Sequence[Outline]) -> str:
    """What of the body an outline goes round, as far as its place tells."""
    if abs(outline.centre[0]) < MIDDLE:
        return "trunk" if outline.length > 0.45 else "neck"
    side = "left" if outline.centre[0] > 0 else "right"
    central = any(abs(each.centre[0]) < MIDDLE for each in skin)
    inner = min(abs(each.centre[0]) for each in skin)
    return f"{side} {'arm' if central or abs(outline.centre[0]) > inner + 0.12 else 'leg'}"
