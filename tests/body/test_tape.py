"""The tape on shapes whose lengths are known, and its slopes against finite differences."""

import numpy as np
import pytest
from scipy.spatial import ConvexHull

from assets.errors import InputRefused
from assets.mesh import edges
from body.tape import Figure, Moving, Spot, Strand, arc, cut, distance, unit

UP = Moving(np.array([0.0, 1.0, 0.0]), np.zeros((3, 2)))
ORIGIN = Moving(np.array([0.0, 0.02, 0.0]), np.zeros((3, 2)))
SIDES = 400


def tube(radius: float, turn: np.ndarray | None = None, notch: float = 0.0) -> tuple[Figure, np.ndarray]:
    """An upright tube of 1 m; betas widen it and raise it. `notch` pushes a fifth of its wall inward."""
    angle = np.linspace(0, 2 * np.pi, SIDES, endpoint=False)
    wall = radius * (1 - notch * (angle < 2 * np.pi / 5))
    ring = np.stack([wall * np.sin(angle), np.zeros(SIDES), wall * np.cos(angle)], axis=1)
    heights = np.linspace(-0.5, 0.5, 21)
    surface = (ring + heights[:, None, None] * [0, 1, 0]).reshape(-1, 3)
    k, row = np.meshgrid(np.arange(SIDES), np.arange(20) * SIDES)
    a, b = (row + k).ravel(), (row + (k + 1) % SIDES).ravel()
    faces = np.concatenate([np.stack([a, b, a + SIDES], 1), np.stack([b, b + SIDES, a + SIDES], 1)])
    wider = surface * [1, 0, 1]
    higher = np.broadcast_to([0.0, 1.0, 0.0], surface.shape)
    slopes = np.stack([wider, higher], axis=2)
    turn = np.eye(3) if turn is None else turn
    nothing = np.zeros((55, 3)), np.zeros((55, 3, 2))
    return Figure(surface @ turn.T, np.einsum("cd,ndk->nck", turn, slopes), *nothing), edges(faces)


def turned(moving: Moving, turn: np.ndarray) -> Moving:
    return Moving(turn @ moving.value, np.einsum("cd,d...->c...", turn, moving.slope))


@pytest.mark.parametrize("radius", [0.03, 0.15, 0.6])
def test_the_girth_of_a_cylinder(radius: float) -> None:
    figure, lines = tube(radius)
    assert cut(figure, lines, ORIGIN, UP).girth().value == pytest.approx(2 * np.pi * radius, rel=1e-4)
    assert cut(figure, lines, ORIGIN, UP).extent(np.array([1.0, 0, 0])).value == pytest.approx(2 * radius, rel=1e-4)


def test_a_tape_bridges_hollows_and_never_swells() -> None:
    round_, lines = tube(0.15)
    hollow, _ = tube(0.15, notch=0.3)
    girth, bridged = (cut(figure, lines, ORIGIN, UP).girth().value for figure in (round_, hollow))
    chord = 2 * 0.15 * np.sin(np.pi / 5)
    assert bridged == pytest.approx(girth - 0.15 * 2 * np.pi / 5 + chord, rel=1e-3)


def test_rigid_motion_changes_nothing() -> None:
    axis = np.array([0.3, -0.5, 0.8]) / np.linalg.norm([0.3, -0.5, 0.8])
    cross = np.cross(np.eye(3), axis)
    turn = np.eye(3) + np.sin(1.1) * cross + (1 - np.cos(1.1)) * cross @ cross
    still, lines = tube(0.15, notch=0.2)
    moved, _ = tube(0.15, turn, notch=0.2)
    before = cut(still, lines, ORIGIN, UP).girth()
    after = cut(moved, lines, turned(ORIGIN, turn), turned(UP, turn)).girth()
    assert after.value == pytest.approx(before.value, rel=1e-9)
    assert after.slope == pytest.approx(before.slope, abs=1e-9)


def test_slopes_are_exact() -> None:
    figure, lines = tube(0.15)
    assert cut(figure, lines, ORIGIN, UP).girth().slope == pytest.approx([2 * np.pi * 0.15, 0.0], rel=1e-4, abs=1e-6)
    slanted = unit(Moving(np.array([0.0, 1.0, 1.0]), np.zeros((3, 2))))
    girth = cut(figure, lines, ORIGIN, slanted).girth()
    wide, _ = tube(0.15 * 1.001)
    assert (cut(wide, lines, ORIGIN, slanted).girth().value - girth.value) / 0.001 == pytest.approx(
        girth.slope[0], rel=1e-3
    )


def spot(figure: Figure, column: int, row: int, share: float = 0.0) -> Spot:
    """A point of the tube's wall: on an upright edge of one of its 21 rings."""
    edge = np.array([row * SIDES + column, (row + 1) * SIDES + column])
    moving = Strand(edge[None], np.array([share]))
    return Spot(moving.on(figure.vertices)[0], figure.slopes[edge[0]], edge, share)


def test_a_taut_arc_is_half_a_circle_over_the_hill_and_straight_along_the_wall() -> None:
    figure, lines = tube(0.15)
    left, right = spot(figure, 3 * SIDES // 4, 10, 0.4), spot(figure, SIDES // 4, 10, 0.4)
    over = arc(figure, lines, left, right, np.array([0, 0, 1.0]))
    assert over.value == pytest.approx(0.15 * np.pi, rel=1e-3)
    up, down = spot(figure, 0, 18), spot(figure, 0, 4)
    assert arc(figure, lines, up, down, np.array([0, 0, 1.0])).value == pytest.approx(0.7, rel=1e-4)
    assert distance(left, right).value == pytest.approx(0.3)


def test_the_path_is_as_long_as_the_tape_and_lies_on_the_wall() -> None:
    figure, lines = tube(0.15, notch=0.2)
    left, right = spot(figure, 3 * SIDES // 4, 10, 0.4), spot(figure, SIDES // 4, 10, 0.4)
    for length in (cut(figure, lines, ORIGIN, UP).girth(), arc(figure, lines, left, right, np.array([0, 0, 1.0]))):
        points = length.path[0].on(figure.vertices)
        assert np.linalg.norm(np.diff(points, axis=0), axis=1).sum() == pytest.approx(float(length.value), rel=1e-9)
        radius = np.hypot(points[:, 0], points[:, 2])
        assert ((radius < 0.15 + 1e-6) & (radius > 0.12 - 1e-4)).all()
    assert np.allclose(points[[0, -1]], [left.value, right.value]) or np.allclose(
        points[[-1, 0]], [left.value, right.value]
    )


@pytest.mark.parametrize("seed", range(5))
def test_girths_are_those_of_scipys_hull(seed: int) -> None:
    """On a crumpled tube, cut at a slant."""
    rng = np.random.default_rng(seed)
    figure, lines = tube(0.15)
    crumpled = Figure.still(figure.vertices + rng.normal(0, 0.004, figure.vertices.shape))
    still = unit(Moving(np.array([*rng.normal(0, 0.3, 1), 1.0, *rng.normal(0, 0.3, 1)]), np.zeros((3, 0))))
    section = cut(crumpled, lines, Moving(ORIGIN.value, np.zeros((3, 0))), still)
    across = np.linalg.svd(still.value[None])[2][1:]
    assert float(section.girth().value) == pytest.approx(ConvexHull(section.points @ across.T).area, abs=1e-9)


def test_a_plane_that_misses_the_body_is_refused() -> None:
    figure, lines = tube(0.15)
    with pytest.raises(InputRefused):
        cut(figure, lines, Moving(np.array([0.0, 2.0, 0.0]), np.zeros((3, 2))), UP)
