"""Triangles of a size that drapes well, from those that a modeller left: long edges halved, short ones collapsed.

Collapses keep outlines and seams (half-edge collapses with the link condition: Dey et al. 1999): a point goes only to
where every side of cloth round it knows the flat place, so the flat shape is the old one but for straightened curves.
"""

import math
import operator

import numpy as np

LONG, SHORT = 1.5, 0.55
"""Edges longer and shorter than these shares of the edge length asked for are halved, or collapsed."""
_ROUNDS = 8
_STRAIGHT = 0.02
_UPRIGHT = 0.5
_SLENDER = 0.02


def remeshed(
    vertices: np.ndarray, faces: np.ndarray, flat: np.ndarray, panel: np.ndarray, edge: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Vertices [m] [n, 3], faces [m, 3], flat corners [m] [m, 3, 2] and panels [m] with edges of about `edge` [m].

    `flat` [m, 3, 0] when the cloth has no flat shape yet."""
    vertices, faces, flat, panel = _collapsed(vertices, faces, flat, panel, SHORT * edge)
    for _ in range(_ROUNDS):
        sides, lengths = _sides(vertices, faces, flat)
        if not (lengths > LONG * edge).any():
            break
        vertices, faces, flat, panel = _halved(vertices, faces, flat, panel, sides, lengths > LONG * edge)
    return vertices, faces, flat, panel


def _sides(vertices: np.ndarray, faces: np.ndarray, flat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The number of the edge [m, 3] from each corner to the next, and the edges' lengths [k], flat or as they lie,
    whichever is larger."""
    pairs = np.sort(faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    unique, number = np.unique(pairs, axis=0, return_inverse=True)
    lengths = np.linalg.norm(vertices[unique[:, 0]] - vertices[unique[:, 1]], axis=1)
    if flat.shape[2]:
        np.maximum.at(lengths, number.ravel(), np.linalg.norm(flat - np.roll(flat, -1, axis=1), axis=2).ravel())
    return number.reshape(-1, 3), lengths


def _halved(
    vertices: np.ndarray, faces: np.ndarray, flat: np.ndarray, panel: np.ndarray, sides: np.ndarray, long: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The mesh with the long edges halved; a face has two, three or four parts then."""
    middle = np.full(len(long), -1)
    middle[long] = len(vertices) + np.arange(long.sum())
    ends = np.zeros((len(long), 2), int)
    ends[sides.ravel()] = faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
    vertices = np.concatenate([vertices, vertices[ends[long]].mean(axis=1)])
    # Corners 0-2 and the middles 3-5 after each of them; every face is turned until its marked edges come first.
    marked = long[sides]
    count = marked.sum(axis=1)
    first = np.where(count == 2, np.argmin(marked, axis=1) + 1, np.argmax(marked, axis=1)) % 3
    turn = (first[:, None] + np.arange(3)) % 3
    rows = np.arange(len(faces))[:, None]
    corners, places = faces[rows, turn], flat[rows, turn]
    corners = np.concatenate([corners, middle[sides[rows, turn]]], axis=1)
    places = np.concatenate([places, 0.5 * (places + np.roll(places, -1, axis=1))], axis=1)
    parts = {
        0: [(0, 1, 2)],
        1: [(0, 3, 2), (3, 1, 2)],
        2: [(0, 3, 2), (3, 1, 4), (3, 4, 2)],
        3: [(0, 3, 5), (3, 1, 4), (5, 4, 2), (3, 4, 5)],
    }
    made = [
        (corners[count == k][:, p], places[count == k][:, p], panel[count == k]) for k, ps in parts.items() for p in ps
    ]
    faces, flat, panel = (np.concatenate(each) for each in zip(*made, strict=True))
    return vertices, faces, flat, panel


def _collapsed(
    vertices: np.ndarray, faces: np.ndarray, flat: np.ndarray, panel: np.ndarray, short: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The mesh with edges shorter than `short` [m] collapsed where that bends no outline."""
    _, lengths = _sides(vertices, faces, flat)
    if not (lengths < short).any():
        return vertices, faces, flat, panel
    work = _Collapse(vertices, faces, flat, panel, short)
    for _ in range(_ROUNDS):
        if not work.pass_once():
            break
    kept = np.array(work.alive)
    used, number = np.unique(np.array(work.faces)[kept].ravel(), return_inverse=True)
    corners = np.array(work.flat)[kept].reshape(len(number) // 3, 3, flat.shape[2])
    return vertices[used], number.reshape(-1, 3), corners, panel[kept]


class _Collapse:
    """Faces while vertices are taken out: plain lists, since every collapse changes its neighbours."""

    def __init__(
        self, vertices: np.ndarray, faces: np.ndarray, flat: np.ndarray, panel: np.ndarray, short: float
    ) -> None:
        self.vertices, self.panel, self.short = vertices, panel, short
        self.places: list[list[float]] = vertices.tolist()
        self.faces: list[list[int]] = faces.tolist()
        self.flat: list[list[tuple[float, ...]]] = [[tuple(c) for c in corners] for corners in flat.tolist()]
        self.alive = [True] * len(faces)
        self.round: list[set[int]] = [set() for _ in vertices]
        for number, face in enumerate(self.faces):
            for vertex in face:
                self.round[vertex].add(number)

    def pass_once(self) -> int:
        """Collapse short edges, the shortest first; how many."""
        alive = np.flatnonzero(self.alive)
        faces = np.array(self.faces)[alive]
        pairs = np.unique(np.sort(faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1), axis=0)
        lengths = np.linalg.norm(self.vertices[pairs[:, 0]] - self.vertices[pairs[:, 1]], axis=1)
        order = np.argsort(lengths, kind="stable")[: int((lengths < self.short).sum())]
        done = 0
        for one, two in pairs[order].tolist():
            if self.round[one] and self.round[two]:
                done += self._try(one, two) or self._try(two, one)
        return done

    def _try(self, gone: int, kept: int) -> bool:
        """Move `gone` onto `kept` if the cloth round it allows it."""
        shared = self.round[gone] & self.round[kept]
        others = self.round[gone] - shared
        if not shared or len(shared) > 2 or not others:
            return False
        near = [{v for f in self.round[at] for v in self.faces[f]} - {gone, kept} for at in (gone, kept)]
        if len(near[0] & near[1]) != len(shared):
            return False
        goes = {}
        for number in shared:
            face, flat = self.faces[number], self.flat[number]
            goes[self.panel[number], flat[face.index(gone)]] = flat[face.index(kept)]
        if self._on_border(gone) and len(shared) == 2:
            return False
        moved = []
        change = -sum(self._flat_area(self.flat[number]) for number in shared)
        for number in others:
            corner = self.faces[number].index(gone)
            place = goes.get((self.panel[number], self.flat[number][corner]))
            if place is None:
                return False
            flat = list(self.flat[number])
            flat[corner] = place
            if not self._upright(number, corner, kept, flat):
                return False
            change += self._flat_area(flat) - self._flat_area(self.flat[number])
            moved.append((number, corner, flat))
        if abs(change) > _STRAIGHT * self.short**2:
            return False
        for number, corner, flat in moved:
            self.faces[number][corner] = kept
            self.flat[number] = flat
            self.round[kept].add(number)
        for number in shared:
            self.alive[number] = False
            for vertex in self.faces[number]:
                self.round[vertex].discard(number)
        self.round[gone] = set()
        return True

    def _on_border(self, vertex: int) -> bool:
        count: dict[int, int] = {}
        for number in self.round[vertex]:
            for other in self.faces[number]:
                count[other] = count.get(other, 0) + 1
        return any(times == 1 for times in count.values())

    def _upright(self, number: int, corner: int, kept: int, flat: list) -> bool:
        """Whether a face stays turned as it was, of some breadth and not too long, with a corner moved to `kept`."""
        before = [self.places[vertex] for vertex in self.faces[number]]
        after = before.copy()
        after[corner] = self.places[kept]
        longest = max(math.dist(after[k - 1], after[k]) for k in range(3)) ** 2
        was, normal = _normal(*before), _normal(*after)
        size = math.hypot(*normal)
        if size < _SLENDER * longest or longest > (LONG / SHORT * self.short) ** 2:
            return False
        if sum(map(operator.mul, was, normal)) < _UPRIGHT * size * math.hypot(*was):
            return False
        return not flat[0] or self._flat_area(flat) > 0.5 * _SLENDER * longest

    @staticmethod
    def _flat_area(flat: list) -> float:
        if not flat[0]:
            return 0.0
        (a, b), (c, d), (e, f) = flat
        return 0.5 * ((c - a) * (f - b) - (d - b) * (e - a))


def _normal(a: list[float], b: list[float], c: list[float]) -> tuple[float, float, float]:
    """The normal of a triangle, twice its area long."""
    (ux, uy, uz), (vx, vy, vz) = ((p[0] - a[0], p[1] - a[1], p[2] - a[2]) for p in (b, c))
    return uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
