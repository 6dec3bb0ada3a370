"""A pattern whose panels stand round a body, as GarmentCode leaves them, sewn together into a garment that can be worn.

Seams are closed at once, and the panels, stretched between them like sails, are pulled to their lengths while the body
that they stand round keeps them out (position-based projection, Müller et al. 2007). What comes out is the shape of a
ready-made garment with the pattern as its flat shape: it is put on and draped as one.
"""

import numpy as np

from assets.closest import Surface
from assets.errors import InputRefused
from assets.mesh import edges as mesh_edges
from garments.cloth import Cloth, mesh
from garments.fabric import fabric
from garments.garment import READY_MADE_FABRIC, Cut, Garment
from garments.imported.dressform import mean_body
from garments.imported.mending import pieces
from garments.imported.readymade import ONE_SIZE, ReadyMade, told
from garments.imported.unsewn import unsewn
from garments.nest import Nest

EDGE = 0.02
_ROUNDS, _PULLS, _OFF = 120, 8, 0.006
_ASIDE, _HIGHEST = 0.28, 0.20
_A_POSE = -50.0


def assembled(nest: Nest) -> ReadyMade:
    """The base size of a nest as a garment. Raises InputRefused, saying why, when it cannot be sewn or does not tell
    where its panels stand."""
    why = nest.lacks()
    if why:
        raise InputRefused(f"{nest.name}: {why}")
    if set(nest.placements) < {panel.name for panel in nest.pattern.panels}:
        raise InputRefused(
            f"{nest.name}: It cannot be draped: the file does not tell where its panels stand round a body."
        )
    cloth_of = fabric(READY_MADE_FABRIC)
    cloth = mesh(Garment(Cut(nest.name, ONE_SIZE), nest.pattern, cloth_of, cloth_of.look.colour), EDGE)
    arms = _arms(nest)
    form = mean_body(arms)
    skin = Surface(form.vertices, form.skin.faces)
    shape = _worn(cloth, _lifted(_standing(cloth, nest), skin), skin)
    count, size = len(nest.pattern.panels), 100.0 * np.ptp(shape, axis=0)
    notes = [
        *nest.notes,
        f"It is sewn from {count} panels with {len(nest.pattern.seams)} seams: {size[1]:.0f} cm tall.",
    ]
    if apart := int(pieces(cloth.faces).max()):
        notes.append(f"No seam joins its {apart + 1} parts: where they are one garment, a seam is missing in the file.")
    notes += unsewn(nest)
    base = Nest(nest.name, {nest.base: nest.pattern}, nest.base, nest.placements, nest.notes)
    return ReadyMade(nest.name[:40], shape, cloth.faces, cloth.rest, cloth.panel, True, tuple(notes), arms, told(base))


def _standing(cloth: Cloth, nest: Nest) -> np.ndarray:
    """Every vertex [m] [n, 3] where its panels stand; on a seam, amid them."""
    placed = np.stack([nest.placements[name] for name in cloth.panel_names])[cloth.panel]
    drawn = cloth.drawn()
    corners = np.einsum("mab,mkb->mka", placed[:, :3, :2], drawn) + placed[:, None, :3, 3]
    numbers = cloth.faces.ravel()
    count = np.bincount(numbers, minlength=cloth.count)
    return (
        np.stack([np.bincount(numbers, corners[..., k].ravel(), cloth.count) for k in range(3)], axis=1)
        / count[:, None]
    )


def _lifted(place: np.ndarray, skin: Surface) -> np.ndarray:
    """Vertices raised as far as leaves the fewest inside the skin: shoulder seams go over the shoulders, for what is
    pushed out of the chest would slip down the arms."""
    up = np.array([0.0, 1.0, 0.0])
    rises = np.arange(0.0, _HIGHEST, 0.01)
    inside = [int((skin.closest(place + rise * up).distance < _OFF).sum()) for rise in rises]
    return place + float(rises[int(np.argmin(inside))]) * up


def _arms(nest: Nest) -> float:
    """The angle [degrees] at which the sleeves stand, downward negative."""
    turns = [
        abs(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0])))
        for matrix in nest.placements.values()
        if abs(matrix[0, 3]) > _ASIDE
    ]
    turns = [min(turn, 180.0 - turn) for turn in turns]
    return -float(np.median(turns)) if turns and 10.0 < np.median(turns) < 80.0 else _A_POSE


def _worn(cloth: Cloth, place: np.ndarray, skin: Surface) -> np.ndarray:
    """Vertices [m] [n, 3] with edges near their lengths, outside the skin."""
    pairs = mesh_edges(cloth.faces)
    lengths = _lengths(cloth, pairs)
    ends = pairs.T.ravel()
    valence = np.bincount(ends, minlength=cloth.count)[:, None]
    for _ in range(_ROUNDS):
        for _ in range(_PULLS):
            span = place[pairs[:, 1]] - place[pairs[:, 0]]
            size = np.linalg.norm(span, axis=1)
            change = (0.5 * (size - lengths) / np.maximum(size, 1e-9))[:, None] * span
            moves = np.concatenate([change, -change])
            total = np.stack([np.bincount(ends, moves[:, k], cloth.count) for k in range(3)], axis=1)
            place = place + 1.6 * total / valence
        found = skin.closest(place)
        place = place + found.normals * np.maximum(_OFF - found.distance, 0.0)[:, None]
    return place


def _lengths(cloth: Cloth, pairs: np.ndarray) -> np.ndarray:
    """Flat lengths [m] of edges; one between two panels has the mean of both."""
    sides = np.sort(cloth.faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    flat = np.linalg.norm(cloth.rest - np.roll(cloth.rest, -1, axis=1), axis=2).ravel()
    _, number, count = np.unique(sides, axis=0, return_inverse=True, return_counts=True)
    assert len(count) == len(pairs)
    return np.bincount(number.ravel(), flat) / count
