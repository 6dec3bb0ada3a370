"""Laws of the camera: it turns, slides, nears and frames as a hand and a page expect."""

from dataclasses import replace

import numpy as np
import pytest

from render.camera import STANDARD_VIEWS, Camera, framed, orbit, pan, quarters, standard_view, zoom

LOW, HIGH = np.array([-0.45, 0.0, -0.2]), np.array([0.45, 1.83, 0.25])
CORNERS = np.array([[x, y, z] for x in (-0.45, 0.45) for y in (0.0, 1.83) for z in (-0.2, 0.25)])


def clip(camera: Camera, points: np.ndarray, aspect: float) -> np.ndarray:
    matrix = camera.projection(aspect) @ camera.view()
    out = np.c_[points, np.ones(len(points))] @ matrix.T
    return out[:, :3] / out[:, 3:]


def test_a_full_turn_is_no_turn() -> None:
    camera = standard_view("three_quarter", LOW, HIGH, 1.0)
    assert np.allclose(orbit(camera, 2 * np.pi, 0.0).eye, camera.eye, atol=1e-9)


def test_turns_add_up_and_keep_the_distance() -> None:
    camera = standard_view("front", LOW, HIGH, 1.0)
    once, twice = orbit(camera, 0.7, 0.2), orbit(orbit(camera, 0.3, 0.1), 0.4, 0.1)
    assert np.allclose(once.eye, twice.eye)
    assert once.distance == pytest.approx(camera.distance)


def test_the_eye_never_passes_the_pole() -> None:
    camera = orbit(Camera(), 0.0, 10.0)
    assert camera.elevation < np.pi / 2
    assert np.isfinite(camera.view()).all()


@pytest.mark.parametrize("name", STANDARD_VIEWS)
@pytest.mark.parametrize("aspect", [9 / 16, 1.0, 16 / 9])
def test_standard_views_hold_the_whole_box_tightly(name: str, aspect: float) -> None:
    margin = 0.05
    places = np.abs(clip(standard_view(name, LOW, HIGH, aspect, margin), CORNERS, aspect)[:, :2])
    assert places.max() == pytest.approx(1 - 2 * margin, abs=1e-6)


def test_the_front_view_sees_the_left_hand_on_the_right() -> None:
    left_hand = np.array([[0.4, 1.0, 0.0]])
    assert standard_view("front", LOW, HIGH, 1.0).project(left_hand, 100, 100)[0, 0] > 50
    assert standard_view("back", LOW, HIGH, 1.0).project(left_hand, 100, 100)[0, 0] < 50


def test_a_ray_goes_through_what_projects_to_its_pixel() -> None:
    camera = standard_view("three_quarter", LOW, HIGH, 0.7)
    for point in CORNERS:
        x, y, depth = camera.project(point[None], 350, 500)[0]
        origin, direction = camera.ray(x, y, 350, 500)
        assert np.allclose(origin + direction * np.linalg.norm(point - origin), point, atol=1e-9)
        assert depth > 0


def test_projection_agrees_with_the_matrices() -> None:
    camera = standard_view("left", LOW, HIGH, 2.0)
    pixels = camera.project(CORNERS, 400, 200)
    places = clip(camera, CORNERS, 2.0)
    assert np.allclose(pixels[:, 0], (places[:, 0] + 1) * 200)
    assert np.allclose(pixels[:, 1], (1 - places[:, 1]) * 100)


def test_panning_moves_the_picture_by_parts_of_its_height() -> None:
    camera = Camera()
    before = camera.project(np.array([camera.target]), 300, 200)[0]
    after = pan(camera, 0.25, 0.1).project(np.array([camera.target]), 300, 200)[0]
    assert np.allclose(after[:2] - before[:2], (50, -20))


def test_zooming_keeps_the_point_under_the_hand() -> None:
    camera = Camera()
    point = np.array([0.2, 1.4, 0.1])
    before = camera.project(point[None], 300, 200)[0]
    nearer = zoom(camera, 2.0, point)
    after = nearer.project(point[None], 300, 200)[0]
    assert np.allclose(before[:2], after[:2])
    assert nearer.distance == pytest.approx(camera.distance / 2)


def test_framing_forgets_where_the_camera_stood() -> None:
    camera = standard_view("front", LOW, HIGH, 1.0)
    moved = framed(zoom(pan(camera, 0.3, -0.2), 1.7), LOW, HIGH, 1.0)
    assert np.allclose(moved.eye, camera.eye)


def test_four_views_tile_the_picture() -> None:
    covered = np.zeros((101, 151), int)
    camera = Camera()
    for view in quarters((camera, replace(camera), camera, camera), 151, 101):
        covered[view.top : view.top + view.height, view.left : view.left + view.width] += 1
    assert (covered == 1).all()
