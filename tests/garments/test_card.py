"""The solver's loops as lanes of a graphics card: the same cloth, whatever order the lanes run in."""

from types import SimpleNamespace

import numpy as np
import pytest

from assets.closest import Surface
from garments import creases, threads
from garments.solvers import choosing, implicit, proximity
from garments.solvers.cuda import solver as on_card
from garments.solvers.cuda.card import Lanes
from garments.solvers.cuda.meeting import Meeting
from garments.solvers.cuda.translating import parted
from garments.solvers.sheet import join
from tests.garments.sheets import strip


def _shuffled(count: int) -> np.ndarray:
    return np.random.default_rng(5).permutation(count)


def _floor() -> Surface:
    """A block whose top is the plane y = 0."""
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 0) for z in (-1, 1)], float)
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    return Surface(corners, np.array([face for a, b, c, d in quads for face in ((a, b, c), (a, c, d))]))


@pytest.fixture
def worn(monkeypatch):
    """Two small sheets, one on the other, a hair over the floor: where they start, their cloth, what fastens them."""
    for module in (implicit, on_card):
        monkeypatch.setattr(module, "TOLERANCE", 1e-5)
    laid = ((0.0, 2.2e-3, 0.0), (8e-3, 3.4e-3, 6e-3))
    places, sheets = zip(*(strip(0.06, 0.03, 0.03, at=place) for place in laid), strict=True)
    positions = np.concatenate(places)
    positions[:, 1] += 2e-4 * np.random.default_rng(2).standard_normal(len(positions))
    sheet = join(sheets)
    cord = threads.along(np.array([0, 1, 2]), np.full(2, 0.03), 0.05, 20.0, slides=True)
    fold = creases.Creases(sheet.faces[4:5, :2], np.array([0.8]))
    return SimpleNamespace(positions=positions, sheet=sheet, threads=cord, creases=fold)


def test_a_card_makes_the_steps_of_the_processor(worn):
    """Contact with the skin and between cloths, friction, a cord and a fold, whatever order the lanes run in."""
    given = {"threads": worn.threads, "creases": worn.creases}
    one = implicit.Solver(worn.sheet, _floor(), **given)
    two = on_card.Solver(worn.sheet, _floor(), card=Lanes(_shuffled), **given)
    state = one.start(worn.positions)
    two.start(worn.positions)
    for _ in range(2):
        before = state
        state, other = (each.step(before, 0.02, iterations=1) for each in (one, two))
        way = np.abs(state.positions - before.positions).max()
        assert way > 1e-4
        assert np.abs(other.positions - state.positions).max() < 1e-3 * way
        assert np.abs(other.pulls - state.pulls).max() <= 1e-2 * np.abs(state.pulls).max()
    assert len(one._links.gaps) > 10 and len(one._grips.base) > 3
    assert two.balance(state).residual == pytest.approx(one.balance(state).residual, rel=1e-3)


def test_a_card_lists_the_pairs_that_the_processor_lists(worn):
    from assets.mesh import edges
    from garments.solvers.listing import candidates

    found, margin = edges(worn.sheet.faces), np.full(len(worn.positions), 4e-3)
    meeting = Meeting(Lanes(_shuffled), worn.sheet.faces, found, len(worn.positions))
    mine = meeting.pairs(worn.positions, np.zeros(len(margin)), margin)
    for one, other in zip(mine, candidates(worn.positions, worn.sheet.faces, found, margin), strict=True):
        assert len(other) > 20
        assert {tuple(pair) for pair in one} == {tuple(pair) for pair in other}


def test_no_step_on_a_card_carries_cloth_through_cloth(worn):
    """The upper sheet is told to go through the lower one."""
    from assets.mesh import edges

    found = edges(worn.sheet.faces)
    moved = np.where(worn.sheet.layer[:, None] == 1, [0.0, -1.2e-3, 0.0], 0.0)
    meeting = Meeting(Lanes(_shuffled), worn.sheet.faces, found, len(moved))
    pairs = meeting.pairs(worn.positions, np.full(len(moved), 3e-3), np.full(len(moved), 3e-3))
    after = worn.positions + meeting.freed(worn.positions, moved, pairs)
    assert len(proximity.crossings(worn.positions, worn.sheet.faces, found)) == 0
    assert np.abs(after - worn.positions).max() > 2e-4
    assert len(proximity.crossings(after, worn.sheet.faces, found)) == 0
    assert len(proximity.crossings(worn.positions + moved, worn.sheet.faces, found)) > 0


def _collecting(values, most):
    kept, number, total = np.empty(len(values)), 0, 0.0
    for i in range(len(values)):
        if values[i] > most:
            continue
        total += values[i]
        kept[number] = 2.0 * values[i]
        number += 1
    return kept[:number], total


def test_what_a_loop_collects_is_picked_out_of_the_lanes():
    values = np.array([3.0, 1.0, 5.0, 2.0])
    kept, total = Lanes(_shuffled).call(_collecting, values, 3.5)
    assert kept.tolist() == [6.0, 2.0, 4.0]
    assert total == 6.0


def _leaving(values):
    for i in range(len(values)):
        if values[i] > 1.0:
            break


def test_a_loop_that_is_left_early_is_not_for_lanes():
    with pytest.raises(ValueError, match="left before its end"):
        parted(_leaving)


def test_without_a_card_the_processor_drapes_and_it_is_said(worn, monkeypatch):
    monkeypatch.setattr(choosing, "find_spec", lambda name: None)
    choosing.why_not.cache_clear()
    assert "toile[gpu]" in choosing.why_not()
    assert type(choosing.solver_for("cuda", worn.sheet)) is implicit.Solver
    choosing.why_not.cache_clear()


def test_a_real_card_makes_the_steps_of_the_processor(worn):
    if choosing.why_not():
        pytest.skip(choosing.why_not())
    one, two = implicit.Solver(worn.sheet, _floor()), on_card.Solver(worn.sheet, _floor())
    state = one.start(worn.positions)
    after, other = (each.step(each.start(worn.positions), 0.02, iterations=1) for each in (one, two))
    way = np.abs(after.positions - state.positions).max()
    assert np.abs(other.positions - after.positions).max() < 1e-3 * way
