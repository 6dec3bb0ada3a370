"""Garment on garment: they keep apart, hold to each other up to the Coulomb limit, and carry each other's weight."""

from dataclasses import replace

import numpy as np
import pytest

from assets.mesh import edges
from garments.solvers import friction, layers, listing, proximity, zones
from garments.solvers.calming import slowed
from garments.solvers.implicit import Solver
from garments.solvers.proximity import crossings
from garments.solvers.sheet import Sheet, join
from tests.garments.sheets import at_rest, strip


def stacked(under: tuple[np.ndarray, Sheet], over: tuple[np.ndarray, Sheet]) -> tuple[np.ndarray, Sheet]:
    return np.concatenate([under[0], over[0]]), join([under[1], over[1]])


def patch_on_a_table(coefficient: float) -> tuple[np.ndarray, Sheet]:
    table = strip(0.3, 0.12, 0.02, friction=coefficient)
    return stacked(table, strip(0.06, 0.06, 0.017, at=(0.03, 0.00125, -0.03), friction=coefficient))


@pytest.mark.parametrize("of_one_garment", [False, True])
@pytest.mark.parametrize("coefficient", [0.2, 0.5])
def test_cloth_on_an_incline_of_cloth_slips_at_the_angle_of_friction(coefficient: float, of_one_garment: bool) -> None:
    positions, sheet = patch_on_a_table(coefficient)
    free = sheet.layer == 1
    if of_one_garment:
        sheet = replace(sheet, layer=np.zeros_like(sheet.layer))

    def slid(slope: float) -> float:
        angle = np.arctan(slope)
        gravity = (9.81 * np.sin(angle), -9.81 * np.cos(angle), 0.0)
        solver = Solver(sheet, gravity=gravity, pinned=~free)
        state = solver.start(positions)
        for _ in range(20):
            state = solver.step(state, 0.05)
        return float((state.positions - positions)[free, 0].mean())

    assert slid(0.95 * coefficient) < 1e-3
    assert slid(1.05 * coefficient) > 8e-3


def test_what_lies_on_cloth_weighs_on_it_with_its_weight() -> None:
    positions, sheet = patch_on_a_table(0.3)
    state, balance = at_rest(Solver(sheet, pinned=sheet.layer == 0), positions)
    upper = sheet.layer == 1
    weight = 9.81 * sheet.mass[upper].sum()
    assert balance.residual < 1e-3
    assert balance.cloth[upper].sum(axis=0)[1] == pytest.approx(weight, rel=0.01)
    assert np.abs(balance.cloth.sum(axis=0)).max() < 1e-9
    apart = state.positions[upper, 1] - state.positions[~upper, 1].mean()
    assert apart == pytest.approx(layers.GAP + 0.5e-3, abs=0.1e-3)


def test_a_cloth_that_falls_across_a_taut_one_folds_over_it_and_never_passes() -> None:
    taut = strip(0.2, 0.04, 0.015)
    positions, sheet = stacked(taut, strip(0.05, 0.3, 0.015, at=(0.075, 0.02, 0.13)))
    solver = Solver(sheet, pinned=(sheet.layer == 0) & (np.abs(positions[:, 0] - 0.1) > 0.099))
    state = solver.start(positions)
    for _ in range(40):
        state = solver.step(state, 0.03)
        assert len(crossings(state.positions, sheet.faces, edges(sheet.faces))) == 0
    upper = state.positions[sheet.layer == 1]
    assert upper[:, 1].max() > -0.03 and upper[:, 1].min() < -0.08


def test_a_pair_pushes_by_the_slope_of_its_energy_and_ever_firmer() -> None:
    shorts = np.linspace(-0.5e-3, 2.5e-3, 61)
    told = np.array([layers.pressing(short, 1.5e-3, 140.0) for short in shorts])
    step = 1e-8
    for k in (0, 1):
        slope = [
            (layers.pressing(s + step, 1.5e-3, 140.0)[k] - layers.pressing(s - step, 1.5e-3, 140.0)[k]) / (2 * step)
            for s in shorts
        ]
        assert np.allclose(slope, told[:, k + 1], rtol=1e-3, atol=140.0 if k else 1e-6)
    assert (np.diff(told, axis=0) >= 0.0).all() and (told[shorts <= 0.0] == 0.0).all()


def test_grips_pull_by_the_slope_of_their_energy_and_no_harder_than_they_hold() -> None:
    positions, sheet = patch_on_a_table(0.4)
    positions[:, 1] *= 0.8
    found = edges(sheet.faces)
    pairs = listing.candidates(positions, sheet.faces, found, np.full(len(positions), 0.002))
    area = np.full(len(positions), 1e-4)
    links = layers.near(positions, sheet.faces, found, pairs, sheet.thickness, area, 0.0)
    pulls = np.random.default_rng(3).normal(0, 0.05, positions.shape)
    grips = friction.grips(links, positions, pulls, sheet.friction)
    hold = grips.holds(positions)
    assert len(hold) > 10
    pushed = np.zeros_like(positions)
    layers.forces(positions, *links.parts, pushed)
    assert hold.sum() == pytest.approx(0.4 * np.abs(pushed[sheet.layer == 1, 1].sum()), rel=5e-3)
    force = np.zeros_like(positions)
    friction.forces(positions, *grips.parts, hold, force)
    step = 1e-9 * np.random.default_rng(4).normal(size=positions.shape)
    slope = friction.energy(positions + step, *grips.parts, hold) - friction.energy(
        positions - step, *grips.parts, hold
    )
    assert 0.5 * slope == pytest.approx(-np.vdot(force, step), rel=1e-3)
    assert np.linalg.norm(force, axis=1).sum() <= 2.0 * hold.sum() + 1e-12
    left = friction.pulls(positions, *grips.parts, hold)
    assert (np.linalg.norm(left[grips.vertices[:, 0]], axis=1) <= hold + 1e-12).all()
    assert (np.linalg.norm(left, axis=1) <= np.linalg.norm(pulls, axis=1) + 1e-12).all()


def test_pairs_listed_anew_round_what_moved_are_those_listed_from_nothing() -> None:
    random = np.random.default_rng(5)
    positions, sheet = patch_on_a_table(0.3)
    found, count = edges(sheet.faces), len(positions)
    margin = np.full(count, 0.004)
    lists = listing.Listing(sheet.faces, found, count)
    lists.pairs(positions, np.zeros(count), margin)
    moved = positions + np.where(np.arange(count) % 7 == 0, 1.0, 0.1)[:, None] * random.normal(size=(count, 3)) * 0.004
    told = lists.pairs(moved, np.full(count, 0.002), margin)
    least = listing.candidates(moved, sheet.faces, found, np.full(count, 0.002))
    for some, all_ in zip(least, told, strict=True):
        known = {tuple(pair) for pair in all_}
        assert len(known) == len(all_) > 0
        assert {tuple(pair) for pair in some} <= known


def test_pairs_looked_at_in_portions_are_those_of_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And it is asked before each portion whether to go on: great cloth is not looked through in one go."""
    positions, sheet = patch_on_a_table(0.3)
    found, margin = edges(sheet.faces), np.full(len(positions), 0.004)

    def near() -> tuple[list[np.ndarray], int]:
        asked: list[None] = []
        pairs = listing.candidates(positions, sheet.faces, found, margin, lambda: asked.append(None))
        area = np.ones(len(positions))
        links = layers.near(
            positions, sheet.faces, found, pairs, sheet.thickness, area, 0.003, lambda: asked.append(None)
        )
        return [*pairs, *links.parts], len(asked)

    whole, seldom = near()
    for module, name, most in ((proximity, "BOXES", 7), (listing, "PAIRS", 5), (layers, "PAIRS", 5)):
        monkeypatch.setattr(module, name, most)
    parts, often = near()
    assert all(len(one) and np.array_equal(one, other) for one, other in zip(whole, parts, strict=True))
    assert often > 10 * seldom


@pytest.mark.parametrize("apart", [1e-3, 2e-4])
def test_layers_that_slide_or_part_are_never_held_back_and_those_that_close_never_meet(apart: float) -> None:
    positions, sheet = stacked(strip(0.1, 0.1, 0.02), strip(0.06, 0.06, 0.017, at=(0.03, apart, -0.03)))
    found, upper = edges(sheet.faces), sheet.layer == 1
    pairs = listing.candidates(positions, sheet.faces, found, np.full(len(positions), 0.01))

    def gone(way: tuple[float, float, float]) -> np.ndarray:
        moved = np.where(upper[:, None], way, 0.0)
        return layers.untangled(positions, moved, sheet.faces, found, pairs)[upper] - way

    assert np.abs(gone((4e-3, 0.0, 2e-3))).max() == 0.0
    assert np.abs(gone((4e-3, 3e-3, 0.0))).max() == 0.0
    left = gone((2e-3, -3e-3, 0.0))[:, 1] - 3e-3 + apart
    assert left.min() > 0.0 and np.median(left) < 0.9 * apart


def test_what_is_crushed_together_goes_along_as_one_piece():
    """Two sheets a tenth of a micrometre apart that still close: for themselves neither could move, and both do."""
    laid = ((0.0, 0.0, 0.0), (8e-3, 1e-7, 6e-3))
    places, sheets = zip(*(strip(0.06, 0.03, 0.03, at=place) for place in laid), strict=True)
    positions, sheet = np.concatenate(places), join(sheets)
    moved = np.array([0.0, 3e-3, 0.0]) - np.where(sheet.layer[:, None] == 1, [0.0, 2e-4, 0.0], 0.0)
    found = edges(sheet.faces)
    known = sheet.faces, found, listing.candidates(positions, sheet.faces, found, np.full(len(positions), 5e-3))
    alone, together = layers.untangled(positions, moved, *known), zones.freed(positions, moved, *known)
    assert np.linalg.norm(alone, axis=1).min() < 1e-6
    assert together[:, 1].min() > 2e-3
    after = positions + together
    assert after[sheet.layer == 1, 1].min() >= after[sheet.layer == 0, 1].max()


def test_what_falls_on_cloth_is_foreseen_and_lies_still_in_a_few_steps() -> None:
    positions, sheet = stacked(strip(0.2, 0.12, 0.02), strip(0.06, 0.06, 0.017, at=(0.07, 0.0028, -0.03)))
    solver = Solver(sheet, pinned=sheet.layer == 0)
    state = solver.start(positions)
    for _ in range(6):
        state = solver.step(state, 0.05, iterations=2)
    assert solver.balance(state).part(int((sheet.layer == 0).sum()), len(positions)).residual < 0.1


def test_what_turns_back_in_every_step_is_slowed_until_it_stays_and_then_let_go() -> None:
    forth = np.array([[1e-3, 0.0, 0.0], [0.0, 2e-3, 0.0], [1e-3, 0.0, 0.0]])
    jumps, near = np.array([-1.0, 1.0, -1.0])[:, None] * forth, np.array([[0, 1]])
    held = np.zeros(3)
    for _ in range(4):
        held = slowed(held, jumps, forth, near)
    assert held[0] > 20.0
    assert not held[1:].any()  # One goes on, the other touches nothing: cloth may swing.
    assert slowed(held, forth, forth, near)[0] == 0.5 * held[0]


def pushed(under: np.ndarray, on: list[list[int]], over: np.ndarray) -> np.ndarray:
    """What cloth with these faces pushes the corners of a face with [N] [3], at positions [m]."""
    x, faces = np.concatenate([under, over]), np.array([*on, [len(under), len(under) + 1, len(under) + 2]], np.int32)
    found, count = edges(faces), len(x)
    pairs = listing.candidates(x, faces, found, np.full(count, 2e-3))
    links = layers.near(x, faces, found, pairs, np.full(count, 5e-4), np.full(count, 1e-4), 1e-3)
    force = np.zeros_like(x)
    layers.forces(x, *links.parts, force)
    return force[len(under) :].sum(axis=0)


@pytest.mark.parametrize("rise", [0.1, 0.5, -0.1, -0.5])
def test_cloth_that_slides_across_a_hollow_a_ridge_and_a_hem_is_pushed_without_a_jump(rise: float) -> None:
    """With a jump it would never rest where a fold presses it there."""
    side = 0.02
    across = np.array([[x, rise * abs(x), z] for z in (-side, side) for x in (-side, 0.0, side)])
    quads = [[0, 3, 1], [1, 3, 4], [1, 4, 2], [2, 4, 5]]
    tip = np.array([[0.0, 0.0, 0.001], [0.002, 0.03, 0.013], [-0.012, 0.03, 0.003]])
    along = np.arange(-1.2 * side, 1.2 * side, 8e-5)
    places = tip + np.stack([along, rise * np.abs(along) + 7e-4, 0.0 * along], axis=1)[:, None]
    told = np.linalg.norm([pushed(across, quads, place) for place in places], axis=1)
    assert np.abs(np.diff(told)).max() < 0.2 * told.max()


def test_edges_that_turn_from_parallel_come_to_press_on_each_other_little_by_little() -> None:
    """From an angle on at which their ends are further apart than vertices feel."""
    one = np.array([[-0.015, 0.0, 0.0], [0.015, 0.0, 0.0], [0.0, -0.03, 0.0]])

    def crossing(angle: float) -> float:
        way = 0.015 * np.array([np.cos(angle), 0.0, np.sin(angle)])
        other = np.array([-way, way, [0.0, 0.03, 0.0]])
        return pushed(one, [[0, 1, 2]], other + np.array([0.0, 3e-4, 0.0]))[1]

    told = np.array([crossing(angle) for angle in np.linspace(0.09, 1.0, 60)])
    assert told[0] < 1e-3 * told[-1] and np.abs(np.diff(told)).max() < 0.2 * told[-1]
