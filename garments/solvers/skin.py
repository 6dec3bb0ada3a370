"""What a sheet of cloth feels of the body in a step: walls of skin near its vertices and near the middles of its faces.

planes.py finds the walls, contact.py gives their forces; in a crease there are two of each, and both press.
"""

from collections.abc import Callable

import numpy as np

from assets.closest import Surface
from garments.solvers import contact, linear
from garments.solvers.planes import Planes, centres, firmer, look, walls
from garments.solvers.sheet import Sheet

# Cloth keeps this far from the skin [m] beyond half its thickness: a face of edge L on a body of radius R cuts
# L*L/8R deep, 0.9 mm for 12 mm on a forearm. Face centres only come into play where that is not enough.
OFFSET, FACE_OFFSET = 2.0e-3, 0.8e-3
# Cloth keeps further off what is thinner than this [m], the more the thinner it is, down to this much.
THIN, THINNEST = 0.05, 0.01
# Where other skin is nearer than this [m], as where a hand lies on a thigh, there is no room for that.
FREE = 0.02
# Skin is looked for so much further off than cloth may move [m].
MARGIN = 4e-3

Touch = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""A wall of the skin as vertices feel it, in the order of contact.py: which are near [n], a point of the wall [m] and
its outward normal [n, 3], how far off they are kept [m] [n], their area times the skin's firmness [m2] [n], where
friction holds them [m] [n, 3], and how hard at most [N] [n]."""
Pressed = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""The same as the middles of faces feel it, without friction: its first five."""


def room(surface: Surface, sheet: Sheet) -> np.ndarray:
    """How far above each vertex of a surface [m] [s] a sheet stays where the body is thinner than its faces are long,
    as fingers and ears are: between its corners and its middle, which are kept outside, a face of edge L cuts L*L/24R
    deep into what is bent with a radius R."""
    thick, gap = surface.around
    bent = np.maximum(2.0 / np.maximum(thick, THINNEST) - 2.0 / THIN, 0.0)
    return sheet.edge**2 / 24.0 * bent * np.clip(gap / FREE - 1.0, 0.0, 1.0)


class Skin:
    """The body as a sheet feels it, whose vertices and faces have these `area` and `areas` [m2] [n] and [m]; nothing of
    it where there is no surface."""

    def __init__(self, sheet: Sheet, surface: Surface | None, area: np.ndarray, areas: np.ndarray) -> None:
        self._faces, self._friction, self.surface = sheet.faces, sheet.friction, surface
        self._area, self._areas = area, areas
        self._offset, self._face_offset = OFFSET + 0.5 * sheet.thickness, np.full(len(sheet.faces), FACE_OFFSET)
        self._room = np.zeros(0) if surface is None else room(surface, sheet)
        self.touches: tuple[Touch, ...] = ()
        self.pressed: tuple[Pressed, ...] = ()

    def __bool__(self) -> bool:
        return self.surface is not None

    def see(
        self, planes: Planes, face_planes: Planes, anchors: np.ndarray, x: np.ndarray, moves: float,
        tick: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """Find the walls that vertices at x [m] [n, 3] may come near to on moves of so much [m], from those of the last
        step and where friction held then [m] [n, 3]. `tick` is called between, and may raise Cancelled."""
        reach = moves + self._offset.max() + MARGIN
        if self.surface is None:
            self._planes, self._face_planes = planes, face_planes
            self._near, self._face_near = np.zeros(len(x), bool), np.zeros(len(self._faces), bool)
        else:
            self._planes, self._near = look(self.surface, planes, x, reach, self._room)
            tick()
            close = look(self.surface, face_planes, centres(x, self._faces), reach, self._room)
            self._face_planes, self._face_near = close
            tick()
        self._anchors, self.hold = anchors.copy(), np.zeros(len(x))
        self._grip, face_grip = self._area * self._planes.firm, self._areas * self._face_planes.firm
        self.press(x)
        # Of the other wall in a crease only pressure is felt.
        holds = self.hold, np.zeros(len(x))
        self.touches = tuple(
            (*wall, self._offset, self._grip, self._anchors, hold)
            for wall, hold in zip(walls(self._planes, self._near), holds, strict=True)
        )
        self.pressed = tuple(
            (*wall, self._face_offset, face_grip) for wall in walls(self._face_planes, self._face_near)
        )

    def press(self, x: np.ndarray) -> None:
        """Set the most that friction holds each vertex with, `hold` [N] [n], by how hard it presses at x [m] [n, 3]."""
        point, normal = self._planes.point, self._planes.normal
        contact.holds(x, self._near, point, normal, self._offset, self._grip, self._friction, self.hold)

    def energy(self, x: np.ndarray) -> float:
        """What contact stores at x [m] [n, 3] [J]."""
        total = sum(contact.energy(x, *touch) for touch in self.touches)
        return float(total + sum(contact.face_energy(x, self._faces, *pressed) for pressed in self.pressed))

    def forces(self, x: np.ndarray) -> np.ndarray:
        """What the skin does to each vertex at x [m] [n, 3], pressure and friction, [N] [n, 3]."""
        force = np.zeros_like(x)
        for touch in self.touches:
            contact.forces(x, *touch, force)
        for pressed in self.pressed:
            contact.face_forces(x, self._faces, *pressed, force)
        return force

    def stiffness(self, x: np.ndarray, pattern: linear.Pattern, blocks: np.ndarray) -> None:
        """Add the energy's Hessian at x [m] [n, 3] to the blocks of a matrix [N/m]."""
        for touch in self.touches:
            contact.stiffness(x, *touch, pattern.diagonal, blocks)
        for pressed in self.pressed:
            contact.face_stiffness(x, self._faces, *pressed, pattern.slots, blocks)

    def left(self, x: np.ndarray) -> tuple[np.ndarray, Planes, Planes]:
        """After a step that ended at x [m] [n, 3]: where friction holds then [m] [n, 3], which cloth that slips drags
        along, and the planes of vertices and of faces, firmer where they sank in too deep."""
        point, normal = self._planes.point, self._planes.normal
        contact.drag(x, self._near, point, normal, self._offset, self._grip, self._friction, self._anchors)
        planes = firmer(self._planes, x, self._near, self._offset)
        middles = centres(x, self._faces)
        return self._anchors, planes, firmer(self._face_planes, middles, self._face_near, self._face_offset)
