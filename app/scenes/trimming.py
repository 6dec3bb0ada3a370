"""Cloth as it is drawn, with what is sewn on it: buttons, as small turned solids that ride on a face each.

What does not change while a garment moves is found once for a cloth, so that only vertices and normals are new.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from app.scenes.sewing import FAR, sewn
from assets.mesh import creased, frozen, vertex_normals
from garments.fastening import SHANK, Button, Place, buttons
from garments.pattern import Pattern
from render.scene import Item

if TYPE_CHECKING:
    from garments.cloth import Cloth
    from garments.garment import Garment

TRIMS = 3
"""How many materials buttons have, after those of the panels: of the button, its holes and its thread."""
FACING = 2.0
_ROUND = 24
# A button's outline from below its edge to its middle: radius and height in diameters, and how its surface leans.
_OUTLINE = (
    (0.50, -0.02, 1.0, 0.0), (0.50, 0.10, 1.0, 0.0), (0.475, 0.145, 0.7, 0.7), (0.43, 0.16, 0.0, 1.0),
    (0.38, 0.15, -0.5, 0.87), (0.34, 0.12, -0.5, 0.87), (0.31, 0.11, 0.0, 1.0), (0.0, 0.11, 0.0, 1.0),
)  # fmt: skip
_HOLE, _APART, _BAR = 0.058, 0.105, 0.03


class _Solid(NamedTuple):
    """Vertices and normals [n, 3] in diameters, z off the cloth; faces [m, 3] and the kind of each [m]."""

    vertices: np.ndarray
    normals: np.ndarray
    faces: np.ndarray
    kinds: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A cloth as items have it: `origin` the cloth's vertex that each one is [k]; `faces`, `uv`, `parts`, `sewn` as of
    render.scene.Item. Buttons come after the cloth, each on the outer one of two faces: `seats` [2, b], at `share`
    [2, b, 3] of their corners, `up` [2, b, 3] what gives the way up the drawing, `size` [m] [b]."""

    origin: np.ndarray
    cloth_faces: np.ndarray
    faces: np.ndarray
    uv: np.ndarray
    parts: np.ndarray
    sewn: np.ndarray
    seats: np.ndarray
    share: np.ndarray
    up: np.ndarray
    size: np.ndarray

    def item(self, name: str, vertices: np.ndarray, normals: np.ndarray | None = None) -> Item:
        """The cloth where its vertices [k, 3] lie [m], not yet painted; `normals` of these, computed where None."""
        if normals is None:
            normals = vertex_normals(vertices, self.cloth_faces)
        vertices, normals = self.whole(vertices, normals)
        return Item(name, vertices, self.faces, normals=normals, uv=self.uv, parts=self.parts, sewn=self.sewn)

    def whole(self, vertices: np.ndarray, normals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Vertices [m] and normals of cloth and buttons, from those of the cloth [k, 3]."""
        if not len(self.size):
            return vertices, normals
        corners = self.cloth_faces[self.seats]
        both = np.einsum("sbk,sbkx->sbx", self.share, vertices[corners])
        leaning = _unit(np.einsum("sbk,sbkx->sbx", self.share, normals[corners]))
        outwards = _unit((both.mean(axis=0) - vertices.mean(axis=0)) * (1.0, 0.0, 1.0))
        under = ((both[1] - both[0]) * outwards).sum(axis=1) > 0.0
        one = under.astype(int), np.arange(len(self.size))
        # What a thread holds up stands on its shank, and faces outwards even where the cloth below it folds.
        held = (self.seats[0] != self.seats[1])[:, None]
        out = _unit(leaning[one] + FACING * held * outwards)
        at = both[one]
        for k in np.flatnonzero(held):
            at[k] += _clear(vertices, at[k], out[k], self.size[k]) * out[k]
        up = np.einsum("bk,bkx->bx", self.up[one], vertices[corners[one]])
        up = _unit(up - out * (up * out).sum(axis=1, keepdims=True))
        frame = np.stack([np.cross(up, out), up, out], axis=1)
        solid = _button()
        places = at[:, None] + self.size[:, None, None] * (solid.vertices @ frame)
        outward = solid.normals @ frame
        return np.concatenate([vertices, places.reshape(-1, 3)]), np.concatenate([normals, outward.reshape(-1, 3)])


def _clear(vertices: np.ndarray, at: np.ndarray, out: np.ndarray, size: float) -> float:
    """How far [m] a button on its shank stands off its place, so that no fold of the cloth beside covers it."""
    off = vertices - at
    along = off @ out
    beside = np.linalg.norm(off - along[:, None] * out, axis=1) < size
    return SHANK + float(along[beside & (abs(along) < size)].max(initial=0.0))


def trimmed(made: "Garment", cloth: "Cloth", pressed: bool = True) -> Drawn:
    """A garment's cloth with its buttons; `pressed`: with hard edges along its creases."""
    pattern = made.pattern
    return _drawn(cloth, pattern if isinstance(pattern, Pattern) else None, pressed)


@lru_cache(maxsize=32)
def _drawn(cloth: "Cloth", pattern: Pattern | None, pressed: bool) -> Drawn:
    origin, faces = creased(cloth.faces, cloth.creases.edges) if pressed else (np.arange(cloth.count), cloth.faces)
    sewn_on = list(buttons(pattern)) if pattern is not None else []
    seats, share, up = _seats(cloth, sewn_on)
    plain = Drawn(frozen(origin), frozen(faces), frozen(faces), cloth.rest, cloth.panel, sewn(cloth), seats, share, up,
                  np.array([each.size for each in sewn_on]))  # fmt: skip
    return _with_buttons(plain, len(cloth.panel_names)) if sewn_on else plain


def _with_buttons(plain: Drawn, panels: int) -> Drawn:
    solid, count = _button(), len(plain.size)
    starts = len(plain.origin) + len(solid.vertices) * np.arange(count)
    faces = (solid.faces + starts[:, None, None]).reshape(-1, 3)
    flat = solid.vertices[:, :2] + 0.5 * solid.vertices[:, 2:]
    uv = (plain.size[:, None, None, None] * flat[solid.faces]).reshape(-1, 3, 2)
    return Drawn(
        plain.origin,
        plain.cloth_faces,
        faces=frozen(np.concatenate([plain.faces, faces]).astype(np.int32)),
        uv=frozen(np.concatenate([plain.uv, uv]).astype(np.float32)),
        parts=frozen(np.concatenate([plain.parts, panels + np.tile(solid.kinds, count)]).astype(np.int32)),
        sewn=frozen(np.concatenate([plain.sewn, np.full((len(faces), 3, 4), FAR, np.float32)])),
        seats=plain.seats, share=plain.share, up=plain.up, size=plain.size,
    )  # fmt: skip


def _seats(cloth: "Cloth", sewn_on: list[Button]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The two faces of each button [2, b], its places' shares of their corners [2, b, 3], and the same of the change of
    a place up the drawing [2, b, 3]."""
    drawn = cloth.drawn()
    found = [_seat(cloth, drawn, each.places[which]) for which in (0, 1) for each in sewn_on]
    shape = 2, len(sewn_on)
    seats = np.array([face for face, _, _ in found], int).reshape(shape)
    share, up = (np.array([one[k] for one in found], float).reshape(*shape, 3) for k in (1, 2))
    return seats, share, up


def _seat(cloth: "Cloth", drawn: np.ndarray, place: Place) -> tuple[int, np.ndarray, np.ndarray]:
    mine = np.flatnonzero(cloth.panel == cloth.panel_names.index(place.panel))
    a, ab, ac = drawn[mine, 0], drawn[mine, 1] - drawn[mine, 0], drawn[mine, 2] - drawn[mine, 0]
    area = ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]
    off = np.array(place[1:]) - a
    second = (off[:, 0] * ac[:, 1] - off[:, 1] * ac[:, 0]) / area
    third = (ab[:, 0] * off[:, 1] - ab[:, 1] * off[:, 0]) / area
    share = np.stack([1.0 - second - third, second, third], axis=1)
    best = int(share.min(axis=1).argmax())
    along = np.array([-ac[best, 0], ab[best, 0]]) / area[best]
    return int(mine[best]), share[best], np.array([-along.sum(), *along])


@cache
def _button() -> _Solid:
    """A button of four holes, sewn on with two stitches."""
    turn = 2.0 * np.pi * np.arange(_ROUND) / _ROUND
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    parts = [_turned(circle)]
    for x in (-_APART, _APART):
        for y in (-_APART, _APART):
            parts.append(_disc((x, y), circle[:: _ROUND // 8]))
        parts.append(_stitch(x))
    shift = np.cumsum([0, *(len(each.vertices) for each in parts)])
    return _Solid(
        np.concatenate([each.vertices for each in parts]),
        _unit(np.concatenate([each.normals for each in parts])),
        np.concatenate([each.faces + start for each, start in zip(parts, shift, strict=False)]),
        np.concatenate([each.kinds for each in parts]),
    )


def _turned(circle: np.ndarray) -> _Solid:
    rings = np.array(_OUTLINE)
    vertices, normals = (
        np.concatenate([np.column_stack([r * circle, np.full(_ROUND, z)]) for r, z in rings[:, pair]])
        for pair in ([0, 1], [2, 3])
    )
    here = np.arange(_ROUND)
    after = np.roll(here, -1)
    faces = []
    for ring in range(len(rings) - 1):
        low, high = ring * _ROUND, (ring + 1) * _ROUND
        faces.append(np.stack([low + here, low + after, high + after], axis=1))
        if rings[ring + 1, 0] > 0.0:
            faces.append(np.stack([low + here, high + after, high + here], axis=1))
    made = np.concatenate(faces)
    return _Solid(vertices, normals, made, np.zeros(len(made), int))


def _disc(middle: tuple[float, float], circle: np.ndarray) -> _Solid:
    """A hole: a dark disc just above the button's well."""
    count, height = len(circle), _OUTLINE[-1][1] + 0.003
    vertices = np.column_stack([np.add(middle, _HOLE * circle), np.full(count, height)])
    faces = np.stack([np.zeros(count - 2, int), np.arange(1, count - 1), np.arange(2, count)], axis=1)
    return _Solid(vertices, np.tile((0.0, 0.0, 1.0), (count, 1)), faces, np.ones(count - 2, int))


def _stitch(x: float) -> _Solid:
    """Thread from hole to hole."""
    low, high = _OUTLINE[-1][1], _OUTLINE[-1][1] + 0.03
    ends, across = np.linspace(-_APART, _APART, 4), np.array([-1.0, -0.4, 0.4, 1.0])
    heights = np.array([low, high, high, low])
    vertices = np.array([(x + _BAR * aside, y, low + (up - low) * (abs(aside) < 0.5) + 0.004)
                         for y, up in zip(ends, heights, strict=True) for aside in across])  # fmt: skip
    normals = np.array([(aside, 0.0, 0.6) for _ in ends for aside in across])
    first = np.array([4 * row + column for row in range(3) for column in range(3)])
    faces = np.concatenate([np.stack([first, first + 1, first + 5], 1), np.stack([first, first + 5, first + 4], 1)])
    return _Solid(vertices, normals, faces, np.full(len(faces), 2))


def _unit(ways: np.ndarray) -> np.ndarray:
    return ways / np.maximum(np.linalg.norm(ways, axis=-1, keepdims=True), 1e-12)
