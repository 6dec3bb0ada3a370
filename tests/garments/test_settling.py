"""When cloth is left: as soon as it rests; late, as near to it as is asked; and where it never does, nearest to it."""

from dataclasses import replace

import numpy as np

from assets.closest import Surface
from garments.certificate import RESIDUAL
from garments.drape import ENOUGH, LATE, settle
from garments.solvers.implicit import Solver, State
from tests.garments.kerchiefs import plate
from tests.garments.sheets import strip


class Pinched(Solver):
    """Cloth of which one vertex is drawn aside after each step, as far [m] as `aside` says of its number."""

    aside = staticmethod(lambda number: 0.0)
    steps = 0
    left: list[float]

    def step(self, state: State, time: float, **how) -> State:
        there = super().step(state, time, **how)
        self.steps += 1
        positions = there.positions.copy()
        positions[len(positions) // 2, 0] += self.aside(self.steps)
        return replace(there, positions=positions)

    def balance(self, state: State, tick=lambda: None):
        found = super().balance(state, tick)
        self.left.append(found.residual)
        return found


def lying() -> tuple[Pinched, np.ndarray]:
    """A strip of cloth just above a table, and where its vertices are."""
    table = plate(lambda x: np.stack([x[:, 0], x[:, 2], -x[:, 1]], axis=1))
    positions, sheet = strip(0.2, 0.1, 0.02, at=(0.0, 0.002, 0.0))
    solver = Pinched(sheet, Surface(table.vertices, table.model.skin_faces))
    solver.left = []
    return solver, positions


def test_cloth_that_rests_is_left_at_once() -> None:
    solver, positions = lying()
    settle(solver, positions)
    assert solver.steps < LATE and solver.left[-1] < ENOUGH


def test_cloth_that_comes_no_nearer_to_rest_than_is_asked_is_left_late() -> None:
    solver, positions = lying()
    still = settle(solver, positions)
    moved = still.positions.copy()
    moved[len(moved) // 2, 0] += 1e-7
    solver.aside = lambda number: 1e-7 * 0.75 * RESIDUAL / solver.balance(replace(still, positions=moved)).residual
    solver.steps = 0
    settle(solver, positions)
    assert LATE <= solver.steps < LATE + 3
    assert ENOUGH < solver.left[-1] < RESIDUAL


def test_who_asks_for_a_finer_balance_gets_no_less_however_late() -> None:
    solver, positions = lying()
    solver.aside = lambda number: 1e-6 if number < LATE + 10 else 0.0
    found = settle(solver, positions, enough=0.05 * ENOUGH)
    assert solver.steps > LATE + 10 and solver.balance(found).residual < 0.05 * ENOUGH


def test_cloth_that_never_rests_is_left_where_it_was_nearest_to_it() -> None:
    solver, positions = lying()
    solver.aside = lambda number: 1e-3 * (1 + abs(number - 15))
    found = settle(solver, positions, most=30)
    told = list(solver.left)
    assert solver.steps == 30 and told[-1] > min(told)
    assert solver.balance(found).residual == min(told)
