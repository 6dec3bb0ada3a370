"""Drapes of garments at rest, with the certificate of the very positions that are kept.

They are draped facing front, whichever way their wearer faces, and turned rigidly with them: what geometry tells is
checked again after that, and forces turn along.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from assets.closest import Surface
from assets.mesh import edges
from body.motion import heading
from body.posing.skeleton import matrices
from garments.certificate import certify
from garments.drape import Drape, Worn, sheet_of
from garments.solvers import membrane
from garments.solvers.proximity import crossings

if TYPE_CHECKING:
    from body.model import Body
    from garments.solvers.balance import Balance
    from garments.solvers.sheet import Sheet


def judged(worn: Worn, body: "Body", tick: Callable[[], None] = lambda: None) -> tuple[Drape, ...]:
    """The drapes of a state, certified on `body`, which may face another way than the front, where they were draped.
    `tick` is called between and may raise Cancelled."""
    angle = heading(body.pose)
    turn = matrices([0.0, angle, 0.0])
    surface = Surface(body.skin.vertices, body.skin.faces) if angle else worn.solver.skin.surface
    balance, found = worn.solver.balance(worn.state, tick).turned(turn), []
    tick()
    worn = replace(worn, state=replace(worn.state, positions=worn.state.positions @ turn.T))
    met = crossed(worn.state.positions, worn.solver.sheet, len(worn.cloths))
    for number, (a, b) in enumerate(pairwise(worn.bounds)):
        tick()
        found.append(_one(worn, number, body, surface, balance.part(a, b), met[number], tick))
    return tuple(found)


def _one(
    worn: Worn, number: int, body: "Body", surface: Surface, balance: "Balance", crossed: np.ndarray,
    tick: Callable[[], None],
) -> Drape:  # fmt: skip
    garment, (cloth, positions) = worn.garments[number], worn.each()[number]
    positions = positions.astype(np.float32).astype(np.float64)
    gradients, areas = membrane.rest_gradients(cloth.rest)
    felt = np.zeros((len(cloth.faces), 6))
    membrane.strains(positions, cloth.faces, gradients, sheet_of(cloth).stretch, felt)
    area = np.bincount(cloth.faces.ravel(), np.repeat(areas / 3.0, 3), cloth.count)
    tick()
    near = surface.closest(positions)
    tick()
    certificate = certify(
        distances=near.distance,
        centre_distances=surface.closest(positions[cloth.faces].mean(axis=1)).distance,
        self_crossings=int(crossed[0]),
        crossings=int(crossed[1]),
        residual=balance.residual,
        carried=balance.carried,
        loaded=balance.loaded,
        strains=felt[:, :2],
        limit=float(cloth.fabric.limit),
        seam_gap=0.0,  # Panels share their seams' vertices.
    )
    pushed = (np.maximum(np.einsum("ij,ij->i", force, near.normals), 0.0) for force in (balance.body, balance.cloth))
    pressure = sum(pushed) / area
    return Drape(garment, cloth, body, worn.edge, positions, felt[:, :3], felt[:, 3:5], pressure, certificate)


def crossed(positions: np.ndarray, sheet: "Sheet", count: int) -> np.ndarray:
    """How many edges pass through faces of the same garment, and between each of `count` garments and others, [count,
    2], on the positions that are kept."""
    found = edges(sheet.faces)
    met = crossings(positions.astype(np.float32).astype(np.float64), sheet.faces, found)
    one, two = sheet.layer[found[met[:, 0], 0]], sheet.layer[sheet.faces[met[:, 1], 0]]
    same = np.bincount(one[one == two], minlength=count)
    other = sum(np.bincount(each[one != two], minlength=count) for each in (one, two))
    return np.stack([same, other], axis=1)
