"""Meshes: areas, volumes and normals of shapes whose values are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from assets.mesh import Mesh, distinct, edges, face_areas, frozen, vertex_normals, volume
from tests.assets.solids import box, sphere


def test_a_box_has_its_area_and_its_volume():
    mesh = box(0.2, 0.3, 0.5)
    assert face_areas(mesh.vertices, mesh.faces).sum() == pytest.approx(2 * (0.06 + 0.10 + 0.15))
    assert volume(mesh.vertices, mesh.faces) == pytest.approx(0.03)


def test_turning_the_faces_inside_out_turns_the_sign_of_the_volume():
    mesh = box(0.2, 0.3, 0.5)
    assert volume(mesh.vertices, mesh.faces[:, ::-1]) == pytest.approx(-0.03)


def test_moving_and_turning_a_mesh_keeps_its_volume():
    mesh, (c, s) = box(0.2, 0.3, 0.5), (np.cos(0.7), np.sin(0.7))
    turned = mesh.vertices @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) + (3.0, -2.0, 1.0)
    assert volume(turned, mesh.faces) == pytest.approx(0.03)


def test_normals_of_a_sphere_point_away_from_its_centre():
    mesh = sphere(0.3)
    normals = vertex_normals(mesh.vertices, mesh.faces)
    assert normals.dtype == np.float32
    assert np.allclose(np.linalg.norm(normals, axis=1), 1.0, atol=1e-6)
    assert (np.einsum("ij,ij->i", normals, mesh.vertices / 0.3) > 0.999).all()


def test_a_vertex_of_no_face_gets_a_normal_all_the_same():
    mesh = box(1, 1, 1)
    normals = vertex_normals(np.vstack([mesh.vertices, [(9, 9, 9)]]), mesh.faces)
    assert normals[-1].tolist() == [0.0, 1.0, 0.0]


def test_a_closed_mesh_obeys_eulers_formula():
    mesh = sphere(1.0)
    assert len(mesh.vertices) - len(edges(mesh.faces)) + len(mesh.faces) == 2


def test_a_mesh_cannot_be_changed_nor_changes_with_the_array_it_came_from():
    vertices = np.zeros((3, 3))
    mesh = Mesh(vertices, [(0, 1, 2)])
    vertices[0] = 7
    assert mesh.vertices[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        mesh.vertices[0] = 1


def test_what_is_frozen_already_is_not_copied():
    once = frozen(np.arange(3))
    assert frozen(once) is once


@given(arrays(np.int8, st.tuples(st.integers(0, 30), st.integers(1, 4)), elements=st.integers(-2, 2)))
def test_rows_that_differ_are_found_as_numpy_finds_them(rows):
    unique, first, number, count = np.unique(rows, axis=0, return_index=True, return_inverse=True, return_counts=True)
    ours = distinct(rows)
    assert np.array_equal(rows[ours[0]], unique)
    for mine, theirs in zip(ours, (first, number.ravel(), count), strict=True):
        assert np.array_equal(mine, theirs)
