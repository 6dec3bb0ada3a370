"""Clothes on a body that moves: walking, sitting down, lifting the arms, or taking another pose.

Between two bodies the skin goes in strides so short that no cloth is overtaken by it, with a step of the solver for
each. What sticks to the skin goes along with it; what passes through cloth is stopped as in any step.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from assets.closest import Surface
from assets.errors import DrapeFailed
from assets.progress import Progress, silent
from body.model import Body
from garments.drape import Drape, Worn, judged, settled, wear

STRIDE = 0.3
"""The furthest that skin under cloth goes in a step, as a share of the cloth's edge."""
MOST_STRIDES = 400
"""Bodies further apart than so many strides are no movement."""
EXTRA = 24
"""Steps that a body waits for cloth that is still inside."""


def follow(
    drapes: tuple[Drape, ...], bodies: Iterable[Body], time: float = 1.0 / 30.0, progress: Progress = silent
) -> Iterator[tuple[Drape, ...]]:
    """The drapes on each of `bodies`, one after another `time` [s] apart: the drapes' own body in other poses. They are
    certified as what moves: outside the body, through no cloth, not at rest; `rested` brings them to rest.

    Raises DrapeFailed when bodies are of another model, or too far apart to be a movement.
    """
    if not drapes:
        yield from (() for _ in bodies)
        return
    worn, body = _worn(drapes), drapes[0].body
    for number, after in enumerate(bodies):
        progress(1.0 - 0.97**number, "moving")
        worn = _moved(worn, body, after, drapes[0].edge, time, progress)
        body = after
        yield judged(worn, body, drapes[0].edge, moving=True)


def rested(drapes: tuple[Drape, ...], progress: Progress = silent) -> tuple[Drape, ...]:
    """Moving drapes at rest where they are."""
    return judged(settled(_worn(drapes), progress), drapes[0].body, drapes[0].edge) if drapes else ()


def _worn(drapes: tuple[Drape, ...]) -> Worn:
    skin = drapes[0].body.skin
    positions = np.concatenate([drape.positions for drape in drapes]).astype(float)
    garments, cloths = tuple(drape.garment for drape in drapes), tuple(drape.cloth for drape in drapes)
    return wear(garments, cloths, Surface(skin.vertices, skin.faces), positions)


def _moved(worn: Worn, before: Body, after: Body, edge: float, time: float, progress: Progress) -> Worn:
    """What is worn, after the body went from one pose to the next."""
    if before.vertices.shape != after.vertices.shape:
        raise DrapeFailed("clothes go along with one body only: drape them on the other body anew")
    solver, state = worn.solver, worn.state
    strides = _strides(solver.surface, state.positions, before, after, edge)
    if strides > MOST_STRIDES:
        raise DrapeFailed("the body jumps from one pose to the next: give poses between them")
    faces = solver.surface.faces
    for number in range(1, strides + 1):
        share = number / strides
        surface = Surface((1.0 - share) * before.vertices + share * after.vertices, faces)
        state = solver.move(state, surface)
        state = solver.step(state, time / strides, iterations=2, tick=lambda: progress(0.0, "moving"))
    for _ in range(EXTRA):
        if _outside(solver, state.positions):
            break
        state = solver.step(state, time, iterations=3, tick=lambda: progress(0.0, "moving"))
    return Worn(worn.garments, worn.cloths, worn.bounds, solver, state)


def _strides(surface: Surface, positions: np.ndarray, before: Body, after: Body, edge: float) -> int:
    """In how many steps the skin under cloth is there."""
    faces = surface.faces[np.unique(surface.over(positions)[0])]
    way = float(np.linalg.norm((after.vertices - before.vertices)[np.unique(faces)], axis=1).max())
    return max(1, int(np.ceil(way / (STRIDE * edge))))


def _outside(solver, positions: np.ndarray) -> bool:
    found = positions[solver.sheet.faces].mean(axis=1)
    return bool(min(solver.surface.closest(each).distance.min() for each in (positions, found)) >= 0.0)
