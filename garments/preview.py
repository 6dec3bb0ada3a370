"""Garments that go along while a hand still moves a slider: from the last drape on, a frame at a time.

Cloth is carried by the skin under it (each vertex with its nearest point and that face's turn, evened out where the
cloth hangs free), a garment of another size lies where the last one lay, panel by panel, and some quick steps
(solvers/xpbd.py) draw it together. What comes out is to be looked at and nothing else: no map, no fit, no certificate
is made of it.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from garments.carried import carried
from garments.cloth import Cloth, mesh
from garments.drape import EDGE, sheet_of
from garments.garment import Garment
from garments.riding import averaging

if TYPE_CHECKING:
    from garments.solvers.sheet import Sheet

STEP, SUBSTEPS = 1.0 / 220.0, 8
"""What one frame simulates [s]: a slow motion, in which short sweeps keep cloth from stretching."""
OFFSET = 2.0e-3
"""Distance from the skin [m], besides half the cloth's thickness."""
GAP = 4.0e-3
"""Distance between garments [m]: wide, because only vertices are looked at."""
NEAR = 0.015
"""Garments further apart than this [m] do not feel each other."""
STRIDE = 0.02
"""Skin that moves further than this [m] in a frame takes the cloth along in several strides,"""
STRIDES = 3
"""of which a frame has so many; the rest of the way is left for the next ones."""
CLING = 20.0
"""Cloth that lies on something slides so many times less: short sweeps let it creep, and what lay still in the drape
would slide down."""
STILL = 3.0e-4
"""Cloth rests when a frame moves hardly any of it further than this [m]."""
_ROUNDS = 4
_HANGING = 0.015


class Preview:
    """Garments in motion, in the order of dressing. `positions` [m] [n, 3] of all their vertices, one after the
    other; `skin` [m] [k, 3] is the body as the cloth knows it; `resting` once nothing moves any more."""

    garments: tuple[Garment, ...]
    cloths: tuple[Cloth, ...]
    bounds: np.ndarray
    sheet: "Sheet"
    positions: np.ndarray
    velocities: np.ndarray
    resting: bool
    _face: np.ndarray
    _used: np.ndarray
    _searched: bool

    def __init__(
        self, garments: Sequence[Garment], draped: Sequence[np.ndarray], skin: np.ndarray, skin_faces: np.ndarray
    ) -> None:
        """`draped`: where the last drape left each garment, meshed as garments.drape does; `skin`: the body then.
        Raises ValueError when these are not the same meshes."""
        from garments.solvers import nearby

        self.skin = np.array(skin, np.float64)
        self._around = nearby.around(skin_faces, len(skin))
        self._toward = self.skin
        self._take(tuple(garments), [mesh(garment, EDGE) for garment in garments], [np.asarray(x) for x in draped])

    def wear(self, garments: Sequence[Garment]) -> bool:
        """Wear these, of the same designs, from now on; whether any is of another mesh."""
        cloths, places = [], []
        for old, new, cloth, (a, b) in zip(self.garments, garments, self.cloths, pairwise(self.bounds), strict=True):
            same = (old.cut, old.fabric) == (new.cut, new.fabric)
            cloths.append(cloth if same else mesh(new, EDGE))
            places.append(self.positions[a:b] if same else carried(cloth, self.positions[a:b], cloths[-1]))
        changed = any(one is not other for one, other in zip(cloths, self.cloths, strict=True))
        if changed:
            self._take(tuple(garments), cloths, places)
        else:
            self.garments = tuple(garments)
            self._hold()
        return changed

    def follow(self, skin: np.ndarray) -> None:
        """The body is on its way to `skin` [m] [k, 3]: the next frames go there."""
        self._toward = np.asarray(skin, np.float64)
        self.resting = False

    def frame(self) -> None:
        """The next frame: some way towards the body that is followed, and one step of the cloth."""
        from garments.solvers import nearby

        before = self.positions
        for stride in range(STRIDES):
            if stride and self.skin is self._toward:
                break
            left = self._toward - self.skin
            longest = float(np.sqrt((left[self._used] ** 2).sum(axis=1).max(initial=0.0)))
            self._carry(self.skin + left * (STRIDE / longest) if longest > STRIDE else self._toward)
            if longest == 0.0 and not self._searched:
                self._search()
            self._searched = longest == 0.0
            self._look()
        self.positions, self.velocities = self._stepped()
        self._normals = nearby.normals(self.positions, self.sheet.faces)
        moved = np.linalg.norm(self.positions - before, axis=1)
        self.resting = bool(np.percentile(moved, 99) < STILL) and self._toward is self.skin

    def shape(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """Positions [m] and normals of one garment's vertices [n, 3], float32."""
        a, b = self.bounds[number : number + 2]
        return self.positions[a:b].astype(np.float32), self._normals[a:b].astype(np.float32)

    def _take(self, garments: tuple[Garment, ...], cloths: list[Cloth], places: list[np.ndarray]) -> None:
        """Make ready for these meshes at these places."""
        from garments.solvers import nearby, xpbd
        from garments.solvers.sheet import join

        if [len(place) for place in places] != [cloth.count for cloth in cloths]:
            raise ValueError("the drape is of other meshes")
        self.garments, self.cloths = garments, tuple(cloths)
        self.bounds = np.cumsum([0] + [cloth.count for cloth in cloths])
        self.sheet = join([sheet_of(cloth) for cloth in cloths])
        self.positions = np.concatenate(places).astype(np.float64)
        self.velocities = np.zeros_like(self.positions)
        self.resting = False
        self._hold()
        self._bonds = xpbd.bonds(self.sheet)
        self._even = averaging(self.sheet.faces, len(self.positions))
        self._offset = OFFSET + 0.5 * self.sheet.thickness
        self._cling = CLING * self.sheet.friction
        self._normals = nearby.normals(self.positions, self.sheet.faces)
        self._search()
        self._layers = self._layered()
        self._look()
        self._carry(self.skin)
        self._stepped()  # for nothing, but now everything is loaded before a hand waits for it

    def _hold(self) -> None:
        """What holds these garments: pins and tacks, elastic and buttons. Cords slide, which these steps cannot."""
        from garments import pinning, threads

        sewn = threads.joined([cloth.threads for cloth in self.cloths], self.bounds[:-1])
        put_in = pinning.threads_of(self.garments, self.cloths, self.bounds, self.skin, self._around.faces)
        self._threads = threads.joined([sewn.without_cords(), put_in])
        self._anchors = pinning.anchors_of(self.garments, self.cloths)
        self.resting = False

    def _search(self) -> None:
        """Find the nearest skin from scratch: walls that a walk over the surface does not come to."""
        from assets.closest import Surface

        self._face = Surface(self.skin, self._around.faces).over(self.positions)[0].astype(np.int32)
        self._searched = True

    def _look(self) -> None:
        """Where the cloth stands over the skin."""
        from garments.solvers import nearby

        self._feet = nearby.feet(
            self._around, self.skin, nearby.normals(self.skin, self._around.faces), self.positions, self._face
        )
        self._face = self._feet.face
        self._used = np.unique(self._around.faces[self._face])

    def _carry(self, skin: np.ndarray) -> None:
        """The body becomes this one, and the cloth goes along."""
        from garments.solvers import nearby

        free = np.abs(self._feet.height)[:, None]
        free = free / (free + _HANGING)
        move = nearby.carried(self._around, self._feet, self.skin, skin, self.positions) - self.positions
        own = move
        for _ in range(_ROUNDS):
            move = own + free * (self._even @ move - own)
        self.positions = self.positions + move
        self.skin = skin

    def _stepped(self) -> tuple[np.ndarray, np.ndarray]:
        """Positions and velocities a step later."""
        from garments.solvers import xpbd

        feet = self._feet
        walls = [xpbd.Walls(feet.point, feet.normal, self._offset, self._cling)]
        if self._layers:
            walls.append(self._other_cloth())
        threads = self._threads.held_at([each.on(self.skin, self._around.faces) for each in self._anchors])
        return xpbd.step(self._bonds, walls, self.positions, self.velocities, STEP, SUBSTEPS, threads)

    def _layered(self) -> list["_Layer"]:
        """For every garment what is worn under it and over it."""
        found = []
        for number, (a, b) in enumerate(pairwise(self.bounds)):
            mine = self.sheet.layer[self.sheet.faces[:, 0]]
            for faces, over in ((mine < number, 1.0), (mine > number, -1.0)):
                if faces.any():
                    found.append(_Layer(self.positions, self.sheet.faces[faces], a, b, over))
        return found

    def _other_cloth(self):
        """Planes that keep garments in their order; an idle one for whoever is far from other cloth."""
        from garments.solvers import xpbd

        count = len(self.positions)
        point, normal = np.zeros((count, 3)), np.zeros((count, 3))
        offset = np.full(count, -np.inf)
        for layer in self._layers:
            own, at, way = layer.look(self.positions, self._normals)
            point[own], normal[own] = at, way
            offset[own] = GAP + self.sheet.thickness[own]
        return xpbd.Walls(point, normal, offset, self._cling)


class _Layer:
    """The cloth under (`over` = 1) or over (-1) the garment whose vertices are a..b."""

    def __init__(self, positions: np.ndarray, faces: np.ndarray, a: int, b: int, over: float) -> None:
        from assets.closest import Surface
        from garments.solvers import nearby

        self.a, self.b, self.over = a, b, over
        self.around = nearby.around(faces, len(positions))
        self.face = Surface(positions, faces).over(positions[a:b])[0].astype(np.int32)
        pairs, counts = np.unique(np.sort(_sides(faces), axis=1), axis=0, return_counts=True)
        self.border = np.zeros(len(positions), bool)
        self.border[pairs[counts == 1]] = True

    def look(self, positions: np.ndarray, normals: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Which vertices have that cloth near them, the points [m] and the normals of the planes they stay before.

        Cloth that faces the same way lies in layers; faces that look at each other stay apart."""
        from garments.solvers import nearby

        feet = nearby.feet(self.around, positions, normals, positions[self.a : self.b], self.face)
        self.face = feet.face
        beyond = (self.border[self.around.faces[feet.face]] * feet.share).sum(axis=1) > 0.999
        own = np.flatnonzero((np.linalg.norm(positions[self.a : self.b] - feet.point, axis=1) < NEAR) & ~beyond)
        along = np.einsum("kd,kd->k", normals[self.a + own], feet.normal[own]) > 0.0
        side = np.where(along, self.over, 1.0)[:, None]
        return self.a + own, feet.point[own], side * feet.normal[own]


def _sides(faces: np.ndarray) -> np.ndarray:
    return np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
