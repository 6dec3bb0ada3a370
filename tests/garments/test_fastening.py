"""Laws of threads and fastenings: forces follow from energy, cords pull alike, nothing pushes."""

import numpy as np
import pytest

from assets.closest import Surface
from assets.errors import InputRefused
from garments.checking import check, faults
from garments.cloth import mesh
from garments.fastening import Spot, Tack, drawstring, elastic, tape
from garments.garment import garment
from garments.solvers.sheet import uniform
from garments.threads import FIXED, NONE, Threads, along, joined
from tests.garments.sheets import SOFT, at_rest, strip


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(3)


def _some(rng: np.random.Generator) -> tuple[np.ndarray, Threads]:
    x = rng.normal(0.0, 0.1, (6, 3))
    ends = np.array([[0, 1], [1, 2], [2, 3], [4, FIXED], [5, FIXED]])
    lengths = np.array([0.05, 0.08, 5.0, 0.02, 3.0])
    return x, Threads(ends, rng.normal(0.0, 0.1, (5, 3)), lengths, np.full(5, 20.0), np.full(5, -1))


def test_forces_are_the_slope_of_the_energy(rng):
    for some in (_some(rng)[1], _cord()):
        x = rng.normal(0.0, 0.1, (6, 3))
        for i, k in np.ndindex(x.shape):
            step = np.zeros_like(x)
            step[i, k] = 1e-6
            slope = (some.energy(x + step) - some.energy(x - step)) / 2e-6
            assert some.forces(x)[i, k] == pytest.approx(-slope, abs=1e-6)


def test_springs_and_cords_are_the_slope_of_the_forces(rng):
    for some in (_some(rng)[1], _cord()):
        x, way = rng.normal(0.0, 0.1, (6, 3)), rng.normal(0.0, 1.0, (6, 3))
        found = np.zeros_like(x)
        for vertices, shares, block in zip(*some.springs(x), strict=True):
            moved = block @ (shares[:, None] * way[vertices]).sum(axis=0)
            for vertex, part in zip(vertices, shares, strict=True):
                found[vertex] += part * moved
        for lengthening, firm in some.cords(x):
            found += firm * lengthening * np.vdot(lengthening, way)
        slope = (some.forces(x + 1e-6 * way) - some.forces(x - 1e-6 * way)) / 2e-6
        assert found == pytest.approx(-slope, rel=1e-4, abs=1e-3)


def test_a_slack_thread_does_nothing(rng):
    x, some = _some(rng)
    slack = Threads(some.ends, some.places, some.lengths + 10.0, some.stiffness, some.cord)
    assert slack.energy(x) == 0.0
    assert not slack.forces(x).any()


def test_a_cord_pulls_alike_everywhere(rng):
    x, cord = rng.normal(0.0, 0.1, (6, 3)), _cord()
    assert cord.tensions(x) == pytest.approx(100.0 * (cord.spans(x).sum() / 0.3 - 1.0))


def _cord() -> Threads:
    return along(np.arange(6), np.full(5, 0.1), 0.3, 100.0, slides=True)


def test_joined_threads_keep_cords_and_vertices_apart():
    cord = along(np.arange(4), np.ones(3), 2.0, 10.0, slides=True)
    both = joined([cord, NONE, cord], [0, 4, 4])
    assert both.ends.max() == 7
    assert sorted(set(both.cord)) == [0, 1]


def _skirt_with(*fastenings):
    from dataclasses import replace

    plain = garment("skirt", "M", "female")
    return replace(plain, pattern=replace(plain.pattern, fastenings=fastenings))


def _upper():
    from garments.pattern import refs

    return refs("waistband.upper")


def test_an_elastic_goes_along_its_run():
    made = mesh(_skirt_with(elastic("elastic", _upper(), 0.5)), 0.02)
    top = made.lines["top"]
    assert set(made.threads.ends.ravel()) == set(top)
    assert made.threads.lengths.sum() == pytest.approx(0.5)
    assert len(made.threads) == len(top) - 1


def test_a_tape_keeps_the_length_that_was_drawn():
    pattern = garment("skirt", "M", "female").pattern
    made = mesh(_skirt_with(tape("tape", pattern, "waistband.upper")), 0.02)
    assert made.threads.lengths.sum() == pytest.approx(pattern.length(_upper()), rel=1e-6)


def test_a_tack_ties_the_nearest_vertices():
    made = mesh(_skirt_with(Tack("tack", Spot("front", "hem", 0.5), Spot("back", "hem", 0.5))), 0.02)
    first, second = made.threads.ends[0]
    assert first in made.lines["hem"]
    assert second in made.lines["hem"]


@pytest.mark.parametrize(
    ("fastening", "said"),
    [
        (drawstring("cord", _upper(), 9.0), "do not go along"),
        (elastic("elastic", _upper(), 0.5, 0.0), "no stiffness"),
        (Tack("button", Spot("front", "hem", 1.5), Spot("back", "hem", 0.5)), "beyond the ends"),
        (Tack("button", Spot("front", "nowhere", 0.5), Spot("back", "hem", 0.5)), "no edge nowhere"),
    ],
)
def test_a_fastening_that_cannot_be_sewn_is_refused(fastening, said):
    pattern = _skirt_with(fastening).pattern
    assert any(said in fault for fault in faults(pattern))
    with pytest.raises(InputRefused, match=said):
        check(pattern)


# In the solver ------------------------------------------------------------------------------------------------------


def test_a_sheet_hangs_from_a_thread_as_a_weight_from_a_spring():
    from garments.solvers.implicit import Solver

    positions, sheet = strip(0.1, 0.1, 0.02)
    corner = int(np.argmin(positions.sum(axis=1)))
    weight = 9.81 * sheet.mass.sum()
    place = positions[corner] + (0.0, 0.1, 0.0)
    hung = Threads([[corner, FIXED]], [place], [0.1], [4.0 * weight], [-1])
    state, balance = at_rest(Solver(sheet, threads=hung), positions, steps=400)
    assert np.linalg.norm(state.positions[corner] - place) == pytest.approx(0.125, rel=1e-3)
    assert balance.carried == pytest.approx(1.0, abs=2e-3)


@pytest.mark.parametrize(("slides", "stiffness"), [(False, 20.0), (True, 20.0), (True, 2000.0)])
def test_a_band_round_a_post_presses_by_its_tension_over_the_radius(slides, stiffness):
    from garments.solvers.implicit import Solver

    radius, count, rows = 0.1, 40, 4
    tube, faces, rest = _tube(1.25 * radius, count, rows, 0.012)
    sheet = uniform(faces, rest, density=0.2, stretch=3 * [[20.0, 20.0, 0.5]], bending=SOFT, friction=0.5)
    length = 2 * np.pi * radius * (0.8 if stiffness < 100 else 1.01)
    path = np.append(np.arange(count), 0) + (rows // 2) * count
    band = along(path, np.ones(count), length, stiffness, slides=slides)
    solver = Solver(sheet, _post(radius), threads=band)
    state, balance = at_rest(solver, tube, steps=300)
    own = np.linalg.norm(state.positions[path[:-1]][:, [0, 2]], axis=1).mean()
    tension = band.tensions(state.positions).mean()
    outward = state.positions * (1, 0, 1) / np.linalg.norm(state.positions[:, [0, 2]], axis=1)[:, None]
    pressed = np.einsum("ij,ij", balance.body, outward)
    assert own < 1.05 * radius
    assert pressed == pytest.approx(2 * np.pi * tension, rel=0.05)
    assert balance.carried == pytest.approx(1.0, abs=0.02)


def _tube(radius: float, count: int, rows: int, height: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A tube about +Y: positions [m], faces, and flat corners [m] [m, 3, 2]."""
    turn, level = np.meshgrid(np.arange(count), np.arange(rows + 1))
    angle = 2 * np.pi * turn.ravel() / count
    tube = np.stack([radius * np.sin(angle), height * level.ravel(), radius * np.cos(angle)], axis=1)
    step = 2 * radius * np.sin(np.pi / count)
    faces, rest = [], []
    for row in range(rows):
        for k in range(count):
            a, b = row * count + k, row * count + (k + 1) % count
            faces += [[a, b, a + count], [b, b + count, a + count]]
            low, high = [0.0, 0.0], [0.0, height]
            rest += [[low, [step, 0.0], high], [[step, 0.0], [step, height], high]]
    return tube, np.array(faces), np.array(rest)


def _post(radius: float) -> Surface:
    import trimesh

    made = trimesh.creation.cylinder(radius, 1.0, sections=160)
    return Surface(made.vertices @ np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]]).T, made.faces)
