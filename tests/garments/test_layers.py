"""Garment on garment: they keep apart, hold to each other up to the Coulomb limit, and carry each other's weight."""

import numpy as np
import pytest

from assets.mesh import edges
from garments.solvers import friction, layers, listing
from garments.solvers.implicit import Solver
from garments.solvers.proximity import crossings
from garments.solvers.sheet import Sheet, join
from tests.garments.sheets import at_rest, strip


def stacked(under: tuple[np.ndarray, Sheet], over: tuple[np.ndarray, Sheet]) -> tuple[np.ndarray, Sheet]:
    return np.concatenate([under[0], over[0]]), join([under[1], over[1]])


def patch_on_a_table(coefficient: float) -> tuple[np.ndarray, Sheet]:
    table = strip(0.3, 0.12, 0.02, friction=coefficient)
    return stacked(table, strip(0.06, 0.06, 0.017, at=(0.03, 0.00125, -0.03), friction=coefficient))


@pytest.mark.parametrize("coefficient", [0.2, 0.5])
def test_cloth_on_an_incline_of_cloth_slips_at_the_angle_of_friction(coefficient: float) -> None:
    positions, sheet = patch_on_a_table(coefficient)
    free = sheet.layer == 1

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
    links = layers.near(positions, sheet.faces, found, pairs, sheet.layer, sheet.thickness, area, 0.0)
    pulls = np.random.default_rng(3).normal(0, 0.05, positions.shape)
    grips = friction.grips(links, sheet.layer, positions, pulls, sheet.friction)
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
