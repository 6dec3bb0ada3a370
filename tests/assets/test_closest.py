"""Closest points: on a sphere every answer is known."""

import numpy as np
import pytest

from assets.closest import Surface
from tests.assets.solids import sphere

RADIUS, SAG = 0.3, 0.3 * (np.pi / 40) ** 2


@pytest.fixture(scope="module")
def surface() -> Surface:
    mesh = sphere(RADIUS)
    return Surface(mesh.vertices, mesh.faces)


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    random = np.random.default_rng(1)
    directions = random.standard_normal((500, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return directions * random.uniform(0.1, 0.9, (500, 1))


def test_signed_distance_is_the_radius_less_the_sphere(surface, points):
    found = surface.closest(points)
    assert np.allclose(found.distance, np.linalg.norm(points, axis=1) - RADIUS, atol=SAG)


def test_the_normal_points_outward_from_within_and_from_without(surface, points):
    outward = points / np.linalg.norm(points, axis=1, keepdims=True)
    assert (np.einsum("ij,ij->i", surface.closest(points).normals, outward) > 0.99).all()


def test_stepping_along_the_normal_by_the_distance_meets_the_nearest_point(surface, points):
    found = surface.closest(points)
    assert np.allclose(points - found.distance[:, None] * found.normals, found.points, atol=1e-5)


def test_barycentric_coordinates_give_the_nearest_point_back(surface, points):
    found = surface.closest(points)
    corners = surface.vertices[surface.faces[found.faces].astype(int)]
    assert np.allclose(np.einsum("ki,kij->kj", found.barycentric, corners), found.points, atol=1e-5)
    assert (found.barycentric > -1e-5).all()


def test_inside_agrees_with_the_sign_of_the_distance(surface, points):
    clear = np.abs(np.linalg.norm(points, axis=1) - RADIUS) > SAG
    assert np.array_equal(surface.inside(points)[clear], surface.closest(points).distance[clear] < 0)


def test_what_is_known_to_lie_outside_is_told_the_same(surface, points):
    told = surface.closest(points)
    known = surface.closest(points, outside=told.distance > 0.0)
    for name in ("distance", "points", "normals"):
        np.testing.assert_array_equal(getattr(known, name), getattr(told, name))


def test_on_the_surface_itself_the_faces_normal_stands_in(surface):
    middle = surface.vertices[surface.faces.astype(int)].mean(axis=1)[:50]
    found = surface.closest(middle)
    assert np.abs(found.distance).max() < 1e-6
    assert np.allclose(np.linalg.norm(found.normals, axis=1), 1.0, atol=1e-5)
    assert (np.einsum("ij,ij->i", found.normals, middle / RADIUS) > 0.99).all()


def test_arrays_that_are_read_only_will_do(surface):
    points = np.zeros((2, 3), np.float32)
    points.flags.writeable = False
    assert (surface.closest(points).distance < 0).all()
    assert surface.inside(points).all()
