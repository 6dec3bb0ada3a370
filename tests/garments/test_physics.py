"""The solver against formulas: what a textbook says of strips, sheets, slopes and weights."""

import numpy as np
import pytest
import trimesh

from assets.closest import Surface
from benchmarks import physics
from garments.solvers import bending, contact, linear, membrane
from garments.solvers.implicit import Solver
from garments.solvers.sheet import uniform
from tests.garments.sheets import SOFT, at_rest, lattice, strip

CANTILEVER = {0.1: 0.0125, 1: 0.1246, 5: 0.586, 10: 1.067, 50: 3.706, 100: 5.888}
ALONG = {"weft": 0.0, "warp": np.pi / 2, "bias": np.pi / 4}
KNIT = [[34.0, 406.0, 0.25], [17.0, 127.0, 0.25], [6.0, 42.0, 0.25]]


def box(size: float) -> Surface:
    """A cube of this size [m] whose top is the plane y = 0."""
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], float) - [0.5, 1.0, 0.5]
    faces = [[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1],
             [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]]  # fmt: skip
    return Surface(size * corners, np.array(faces))


def groove(half: float, slope: float = 45.0, ends: tuple[float, float] = (-0.15, 0.15)) -> Surface:
    """A block with a V-shaped groove along z from end to end [m], whose walls fall at a slope [degrees] from x = +-half
    [m] to x = 0."""
    drop = half * np.tan(np.radians(slope))
    outline = np.array(
        [[-half, 0.0], [0.0, -drop], [half, 0.0], [half, -3 * half], [0.0, -3 * half], [-half, -3 * half]]
    )
    caps = [[0, 1, 5], [5, 1, 4], [1, 3, 4], [1, 2, 3]]
    count = len(outline)
    points = np.concatenate([np.insert(outline, 2, z, axis=1) for z in ends])
    faces = [[c, b, a] for a, b, c in caps] + [[count + a, count + b, count + c] for a, b, c in caps]
    for i in range(count):
        j = (i + 1) % count
        faces += [[i, count + i, j], [j, count + i, count + j]]
    return Surface(points, np.array(faces))


def ball(radius: float) -> Surface:
    """A ball round the origin, by four subdivisions of an octahedron."""
    points = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], float)
    faces = np.array([[0, 2, 4], [2, 1, 4], [1, 3, 4], [3, 0, 4], [2, 0, 5], [1, 2, 5], [3, 1, 5], [0, 3, 5]])
    for _ in range(4):
        a, b, c = points[faces[:, 0]], points[faces[:, 1]], points[faces[:, 2]]
        points = np.concatenate([a, b, c, a + b, b + c, c + a])
        points /= np.linalg.norm(points, axis=1, keepdims=True)
        k, n = np.arange(len(a)), len(a)
        one, two, three, half, next_, last = (k + i * n for i in range(6))
        faces = np.concatenate(
            [np.stack(t, 1) for t in ((one, half, last), (half, two, next_), (last, next_, three), (half, next_, last))]
        )
    points, numbers = np.unique(np.round(points, 9), axis=0, return_inverse=True)
    return Surface(radius * points, numbers.ravel()[faces])


@pytest.mark.parametrize("along", ALONG)
@pytest.mark.parametrize("load", [0.1, 1, 10, 100])
def test_a_cantilever_bends_as_the_heavy_elastica(along: str, load: float) -> None:
    # On the bias only a cloth that is as stiff all ways bends as the elastica; others twist, or curl across.
    rigidity = {"weft": 4e-5, "warp": 2e-5, "bias": 3e-5}
    if along == "bias":
        rigidity = dict.fromkeys(rigidity, 3e-5)
    length = (load * rigidity[along] / (physics.DENSITY * physics.G)) ** (1 / 3)
    assert physics.hangs(along, length, rigidity, steps=60) == pytest.approx(CANTILEVER[load], rel=0.03)


@pytest.mark.parametrize("rigidity", [30e-6, 190e-6])
def test_half_the_overhang_at_41_degrees_tells_the_rigidity(rigidity: float) -> None:
    """Strips for which half the overhang tells 3 % too little and too much hang on either side of 41.5 degrees."""
    lengths = [2 * (told * rigidity / (physics.DENSITY * physics.G)) ** (1 / 3) for told in (0.97, 1.03)]
    drops = [physics.hangs("weft", length, dict.fromkeys(ALONG, rigidity), steps=60) for length in lengths]
    assert drops[0] < np.tan(np.radians(41.5)) < drops[1]


def test_strips_of_measured_fabrics_stretch_along_their_curves() -> None:
    assert all(told["holds"] for told in physics.pulled())


@pytest.mark.parametrize("radius", [0.02, 0.1])
def test_a_cylinder_stores_half_the_rigidity_times_curvature_squared(radius: float) -> None:
    flat, faces, rest = lattice(0.1, 0.08, 0.005)
    matrix = bending.stiffness(faces, rest, np.broadcast_to([4e-5, 2e-5, 3e-5], (len(faces), 3)))
    for axis, rigidity in ((0, 4e-5), (1, 2e-5)):
        turn = flat[:, axis] / radius
        rolled = np.stack([radius * np.sin(turn), radius * np.cos(turn), flat[:, 1 - axis]], axis=1)
        stored = 0.5 * np.vdot(rolled, matrix @ rolled)
        assert stored == pytest.approx(0.5 * rigidity / radius**2 * 0.1 * 0.08, rel=0.02)


@pytest.mark.parametrize("edge", [0.03, 0.015])
def test_a_hanging_sheet_stretches_by_its_weight_at_any_resolution(edge: float) -> None:
    positions, sheet = strip(0.6, 0.3, edge, stretch=[[100.0, 100.0, 0.1]] * 2 + [[40.0, 40.0, 0.1]])
    hanging = np.stack([positions[:, 2], -positions[:, 0], np.zeros(len(positions))], axis=1)
    solver = Solver(sheet, pinned=positions[:, 0] == 0)
    state, _ = at_rest(solver, hanging)
    out = np.zeros((len(sheet.faces), 6))
    membrane.strains(state.positions, sheet.faces, solver.gradients, sheet.stretch, out)
    below = 0.6 - positions[sheet.faces, 0].mean(axis=1)
    expected = 0.2 * 9.81 * below / 100.0
    assert np.abs(out[:, 0] - expected).max() < 0.02 * 0.2 * 9.81 * 0.6 / 100.0
    assert np.abs(out[:, 1]).max() < 2e-4


@pytest.mark.parametrize("load", [4.9, 19.6, 98.1])
@pytest.mark.parametrize(("along", "slope"), [("weft", 400.0), ("warp", 1500.0)])
def test_a_pulled_strip_stretches_by_load_over_stiffness(load: float, along: str, slope: float) -> None:
    curves = [[400.0, 400.0, 0.1], [1500.0, 1500.0, 0.1], [100.0, 100.0, 0.1]]
    assert _strain_of_pulled_strip(load, along, curves) == pytest.approx(load / slope, rel=0.02)


def test_a_pulled_knit_follows_its_stiffening_curve() -> None:
    # Slope 17 -> 127 N/m over 25 %: tension at 30 % strain is 0.25 * 72 + 0.05 * 127.
    assert _strain_of_pulled_strip(0.25 * 72 + 0.05 * 127, "warp", KNIT) == pytest.approx(0.30, rel=0.02)


def _strain_of_pulled_strip(load: float, along: str, curves: list) -> float:
    positions, sheet = strip(0.2, 0.1, 0.02, ALONG[along], stretch=curves)
    pulled = positions[:, 0] == positions[:, 0].max()
    share = np.where(pulled, 1.0, 0.0)
    share[pulled & (np.abs(positions[:, 2] + 0.05) > 0.05 - 1e-9)] = 0.5
    loads = np.zeros_like(positions)
    loads[:, 0] = load * 0.1 * share / share.sum()
    solver = Solver(sheet, gravity=(0, 0, 0), pinned=positions[:, 0] == 0, loads=loads)
    state, balance = at_rest(solver, positions, time=0.2)
    assert balance.residual < 1e-3
    return float((state.positions[pulled, 0] - positions[pulled, 0]).mean() / 0.2)


@pytest.mark.parametrize("friction", [0.2, 0.5])
def test_a_patch_on_an_incline_slips_at_the_angle_of_friction(friction: float) -> None:
    def slid(slope: float) -> float:
        positions, sheet = strip(0.06, 0.06, 0.02, at=(0.0, 0.00225, 0.0), friction=friction)
        angle = np.arctan(slope)
        solver = Solver(sheet, box(2.0), gravity=(9.81 * np.sin(angle), -9.81 * np.cos(angle), 0.0))
        state = solver.start(positions)
        for _ in range(20):
            state = solver.step(state, 0.05)
        return float((state.positions - positions)[:, 0].mean())

    assert slid(0.98 * friction) < 2e-5
    exact = 0.5 * 9.81 * 0.02 * friction * np.cos(np.arctan(1.02 * friction))
    assert slid(1.02 * friction) == pytest.approx(exact, rel=0.1)


def test_what_lies_on_a_ball_weighs_on_it_with_its_weight_and_stays_outside() -> None:
    surface = ball(0.1)
    positions, sheet = strip(0.3, 0.3, 0.015, at=(-0.15, 0.104, 0.15), stretch=KNIT)
    solver = Solver(sheet, surface)
    state, balance = at_rest(solver, positions, goal=1e-3)
    assert balance.residual < 1e-3
    assert balance.body.sum(axis=0)[1] == pytest.approx(9.81 * sheet.mass.sum(), rel=0.01)
    assert surface.closest(state.positions).distance.min() > 0
    assert surface.closest(state.positions[sheet.faces].mean(axis=1)).distance.min() > 0


@pytest.mark.parametrize("edge", [0.012, 0.024])
def test_faces_longer_than_a_finger_is_thick_do_not_cut_through_it(edge: float) -> None:
    finger = trimesh.creation.cylinder(0.007, 0.3, sections=24)
    surface = Surface(finger.vertices, finger.faces, np.ones(len(finger.vertices), bool))
    positions, sheet = strip(0.24, 0.1, edge, at=(-0.12, 0.02, 0.05), stretch=KNIT)
    state, balance = at_rest(Solver(sheet, surface), positions, time=0.03, goal=0.01)
    assert balance.residual < 0.01
    shares = np.array([(a, b, 8 - a - b) for a in range(9) for b in range(9 - a)]) / 8
    everywhere = np.einsum("sk,mkp->msp", shares, state.positions[sheet.faces]).reshape(-1, 3)
    assert surface.closest(everywhere).distance.min() > 0


@pytest.mark.parametrize(("slope", "start", "load"), [(45.0, -0.02, 0.05), (45.0, -0.02, 0.4), (12.0, 0.004, 0.4)])
def test_cloth_pressed_into_a_crease_rests_on_both_walls(slope: float, start: float, load: float) -> None:
    """Into a shallow one too, as between two facets of a hollow."""
    assert np.allclose(groove(0.05).closest(np.array([[0, 0.02, 0], [0.03, -0.1, 0]])).distance, [0.07 / 2**0.5, -0.02])
    surface = groove(0.05, slope)
    positions, sheet = strip(0.08, 0.06, 0.012, at=(-0.041, start, 0.03), stretch=KNIT)
    loads = np.zeros_like(positions)
    loads[np.abs(positions[:, 0]) < 0.01, 1] = -load
    state, balance = at_rest(Solver(sheet, surface, loads=loads), positions, time=0.03, goal=1e-3)
    assert balance.residual < 1e-3
    assert surface.closest(state.positions).distance.min() > 0


def test_faces_that_alone_touch_a_crease_rest_on_both_walls() -> None:
    """A strip with vertices at its edges only lies on a narrower rail, which dips by 10 degrees from both ends."""
    width, along = 0.06, np.linspace(-0.04, 0.04, 9)
    surface = groove(0.05, 10.0, (0.15 * width, 0.85 * width))
    sides = [np.stack([along, np.full(9, 0.004), np.full(9, z)], axis=1) for z in (0.0, width)]
    positions = np.concatenate(sides)
    faces = np.array([f for k in range(8) for f in ((k, k + 9, k + 1), (k + 1, k + 9, k + 10))], np.int32)
    sheet = uniform(faces, (positions[:, [0, 2]] * [1, -1])[faces], density=0.2, stretch=KNIT, bending=SOFT)
    loads = np.zeros_like(positions)
    loads[np.abs(positions[:, 0]) < 0.012, 1] = -0.02
    state, balance = at_rest(Solver(sheet, surface, loads=loads), positions, time=0.03, goal=1e-3)
    assert balance.residual < 1e-3
    middles = state.positions[faces].mean(axis=1)
    assert 0.0 < surface.closest(middles).distance.min() < 1e-3, "on the rail"


def test_the_same_start_gives_the_same_bytes() -> None:
    def rested() -> bytes:
        positions, sheet = strip(0.2, 0.2, 0.02, at=(-0.1, 0.085, 0.1), stretch=KNIT)
        solver = Solver(sheet, ball(0.08))
        state = solver.start(positions)
        for _ in range(10):
            state = solver.step(state, 0.05)
        return state.positions.tobytes()

    assert rested() == rested()


# Energies, forces and Hessians ----------------------------------------------------------------------------------


def crumpled() -> tuple[np.ndarray, Solver]:
    positions, sheet = strip(0.1, 0.08, 0.02, 0.3, stretch=KNIT, bending=[4e-5, 2e-5, 3e-5])
    noise = np.random.default_rng(1).normal(0, 0.003, positions.shape)
    return positions * [1.1, 1, 1.05] + noise, Solver(sheet, gravity=(0, 0, 0))


def test_rigid_motion_changes_no_energy() -> None:
    x, solver = crumpled()
    turn, _ = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))
    turn *= np.sign(np.linalg.det(turn))
    moved = x @ turn.T + [0.3, -2.0, 0.7]
    assert _energy(solver, moved) == pytest.approx(_energy(solver, x), rel=1e-9)
    assert np.abs(solver._elastic(moved) - solver._elastic(x) @ turn.T).max() < 1e-9


def test_flat_cloth_stores_nothing() -> None:
    positions, sheet = strip(0.1, 0.08, 0.02, 0.7)
    assert _energy(Solver(sheet, gravity=(0, 0, 0)), positions) < 1e-15


@pytest.mark.parametrize("crushed", [1.0, 0.2, 0.004])
def test_forces_are_the_slope_of_the_energy(crushed: float) -> None:
    x, solver = crumpled()
    x = x * [crushed, 1.0, 1.0]
    step = 1e-6 * crushed * np.random.default_rng(3).normal(size=x.shape)
    slope = (_energy(solver, x + step) - _energy(solver, x - step)) / 2
    assert slope == pytest.approx(-np.vdot(solver._elastic(x), step), rel=1e-5)


@pytest.mark.parametrize("scale, pressed", [([1.2, 1.0, 1.15], 0.0), ([0.95, 1.0, 1.1], 1.0), ([0.9, 1.0, 0.8], 1.0)])
def test_the_hessian_is_the_slope_of_the_forces_where_no_pressure_is_left_out(scale: list, pressed: float) -> None:
    positions, sheet = strip(0.1, 0.08, 0.02, 0.3 * pressed, stretch=KNIT)
    x = positions * scale
    pattern, gradients = Solver(sheet).pattern, Solver(sheet).gradients
    areas, count = membrane.rest_gradients(sheet.rest)[1], len(x)
    blocks = np.zeros((len(pattern.columns), 3, 4))
    membrane.stiffness(x, sheet.faces, gradients, areas, sheet.stretch, pressed, pattern.slots, blocks)
    dense = np.zeros((3 * count, 3 * count))
    for i in range(count):
        for t in range(pattern.starts[i], pattern.starts[i + 1]):
            j = int(pattern.columns[t])
            dense[3 * i : 3 * i + 3, 3 * j : 3 * j + 3] = blocks[t, :, :3].T
    assert np.abs(dense - dense.T).max() < 1e-9
    step = 1e-7 * np.random.default_rng(4).normal(size=x.shape)
    change = np.zeros_like(x)
    for sign in (1, -1):
        force = np.zeros_like(x)
        membrane.forces(x + sign * step, sheet.faces, gradients, areas, sheet.stretch, force)
        change -= 0.5 * sign * force
    assert np.abs((dense @ step.ravel()).reshape(x.shape) - change).max() < 1e-4 * np.abs(change).max()


def test_cloth_that_is_pushed_together_in_its_plane_keeps_an_area() -> None:
    """It pushes back harder the smaller it gets, with much more than its threads hold, which is what skin does that
    pinches it: faces were crushed to nothing, and locked."""
    positions, sheet = strip(0.06, 0.04, 0.01, stretch=KNIT)
    solver, right = Solver(sheet, gravity=(0, 0, 0)), positions[:, 0] > 0.03 - 1e-9

    def push(share: float) -> float:
        balance = solver.balance(solver.start(positions * (share, 1.0, 1.0)))
        return float(balance.elastic[right, 0].sum()) / 0.04

    pushes = [push(share) for share in (0.9, 0.7, 0.5, 0.3, 0.2, 0.1, 0.06)]
    threads = membrane.COMPRESSION * KNIT[0][0]
    assert pushes == sorted(pushes) and pushes[2] == pytest.approx(0.5 * threads)
    assert push(0.06) > 5.0 * threads


def test_the_hessian_is_positive_however_cloth_is_crushed() -> None:
    x, solver = crumpled()
    rng = np.random.default_rng(5)
    blocks = np.zeros((len(solver.pattern.columns), 3, 3))
    sheet = solver.sheet
    crushed = 0.5 * x + rng.normal(0, 0.005, x.shape)
    membrane.stiffness(
        crushed, sheet.faces, solver.gradients, solver.areas, sheet.stretch, 0.0, solver.pattern.slots, blocks
    )
    rows = np.repeat(np.arange(len(x)), np.diff(solver.pattern.starts))
    for _ in range(20):
        v = rng.normal(size=x.shape)
        product = np.einsum("npq,nq->np", blocks, v[solver.pattern.columns])
        assert np.vdot(v[rows], product) > 0


def test_cloth_that_seeks_its_rest_does_not_swing_about_it() -> None:
    positions, sheet = strip(0.3, 0.1, 0.03)
    pinned = positions[:, 0] < 1e-6
    past = []
    for resting in (False, True):
        solver = Solver(sheet, pinned=pinned, meets=False)
        state, farthest = solver.start(positions), 0.0
        for _ in range(30):
            state = solver.step(state, 0.03, iterations=2, resting=resting)
            farthest = min(farthest, float(state.positions[:, 0].min()))
        past.append(-farthest)
        assert state.positions[:, 1].min() < -0.2
    assert past[1] < 0.1 * past[0]


def test_contact_forces_are_the_slope_of_its_energy() -> None:
    rng = np.random.default_rng(6)
    count = 50
    x, anchor = rng.normal(0, 1e-3, (2, count, 3))
    normal = rng.normal(size=(count, 3))
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    near, point, offset = np.ones(count, bool), np.zeros((count, 3)), np.full(count, 1e-3)
    area, hold = np.full(count, 1e-4), rng.uniform(0, 0.1, count)
    given = (near, point, normal, offset, area, anchor, hold)
    force = np.zeros_like(x)
    contact.forces(x, *given, force)
    step = 1e-9 * rng.normal(size=x.shape)
    slope = (contact.energy(x + step, *given) - contact.energy(x - step, *given)) / 2
    assert slope == pytest.approx(-np.vdot(force, step), rel=1e-4)


def _energy(solver: Solver, x: np.ndarray) -> float:
    return solver._energy(x, x, np.zeros(len(x)))


def test_soft_and_stiff_fabrics_share_one_solver() -> None:
    woven = [[2000.0, 2100.0, 0.04]] * 2 + [[45.0, 45.0, 0.04]]
    positions, sheet = strip(0.2, 0.2, 0.02, at=(-0.1, 0.085, 0.1), stretch=woven, bending=SOFT)
    state, balance = at_rest(Solver(sheet, ball(0.08)), positions, goal=1e-2)
    assert balance.residual < 1e-2
    assert np.isfinite(state.positions).all()


def test_looking_up_in_the_middle_of_a_direction_changes_nothing(monkeypatch) -> None:
    found, asked = [], []
    for at_once in (10**9, 1):
        monkeypatch.setattr(linear, "AT_ONCE", at_once)
        x, sheet = strip(0.3, 0.1, 0.01)
        solver, looks = Solver(sheet, pinned=x[:, 0] == 0.0), []
        found.append(solver.step(solver.start(x), 0.03, tick=lambda looks=looks: looks.append(1)).positions)
        asked.append(len(looks))
    np.testing.assert_array_equal(found[0], found[1])
    assert asked[1] > asked[0] + 20
