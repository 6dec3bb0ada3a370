"""Triangles without a height are taken out of a mesh, which stays closed, as large, and as it was textured."""

from itertools import pairwise

import numpy as np

from assets.mesh import face_areas
from garments.imported.slivers import LOW, _height, split


def patch() -> tuple[np.ndarray, np.ndarray]:
    """A square of 4 x 4 cells whose texture is its own plane."""
    x, y = np.meshgrid(np.linspace(0.0, 1.0, 5), np.linspace(0.0, 1.0, 5))
    corner = np.arange(25).reshape(5, 5)
    a, b, c, d = (part.ravel() for part in (corner[:-1, :-1], corner[:-1, 1:], corner[1:, 1:], corner[1:, :-1]))
    points = np.stack([x, y, np.zeros_like(x)], axis=-1).reshape(-1, 3)
    return points, np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])


def shared(faces: np.ndarray) -> np.ndarray:
    sides = np.sort(faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    return np.unique(sides, axis=0, return_counts=True)[1]


def test_a_sliver_in_a_gap_is_dropped_and_the_neighbour_split():
    vertices, faces = patch()
    a, b = 6, 7
    tip = len(vertices)
    vertices = np.concatenate([vertices, [0.4 * vertices[a] + 0.6 * vertices[b] + (0.0, 1e-6, 0.0)]])
    beside = np.flatnonzero(np.isin(faces, (a, b)).sum(axis=1) == 2)
    third = int(np.setdiff1d(faces[beside[0]], (a, b))[0])
    gap = [(a, tip, third), (tip, b, third), (a, b, tip)]
    spoilt = np.concatenate([np.delete(faces, beside[0], axis=0), np.array(gap)])
    notes: list[str] = []
    found, uv = split(vertices, spoilt, vertices[spoilt][..., :2], notes)
    assert _height(vertices, found).min() > LOW and "1 triangles without a height" in notes[0]
    assert len(found) == len(faces) + 2 and shared(found).max() == 2
    assert (shared(found) == 1).sum() == 16, "the outline is as it was"
    np.testing.assert_allclose(face_areas(vertices, found).sum(), 1.0, atol=1e-5)
    np.testing.assert_allclose(uv, vertices[found][..., :2], atol=2e-6)


def test_a_sliver_that_hangs_on_an_edge_of_two_goes_and_both_are_split():
    vertices, faces = patch()
    tip = len(vertices)
    vertices = np.concatenate([vertices, [0.5 * (vertices[6] + vertices[12]) + (0.0, 0.0, 1e-6)]])
    found, _ = split(vertices, np.concatenate([faces, [(6, 12, tip)]]), np.full((len(faces) + 1, 3, 2), np.nan), [])
    assert len(found) == len(faces) + 2 and shared(found).max() == 2


def test_a_face_with_slivers_on_two_sides_stays_joined_to_both():
    vertices, faces = patch()
    for a, b, coarse in ((6, 12, 7), (7, 12, 6)):
        tip = len(vertices)
        vertices = np.concatenate([vertices, [0.5 * (vertices[a] + vertices[b])]])
        beside = np.flatnonzero((np.isin(faces, (a, b)).sum(axis=1) == 2) & ~(faces == coarse).any(axis=1))
        third = int(np.setdiff1d(faces[beside[0]], (a, b))[0])
        faces = np.concatenate([np.delete(faces, beside[0], axis=0), [(a, tip, third), (tip, b, third), (a, b, tip)]])
    notes: list[str] = []
    found, _ = split(vertices, faces, np.full((len(faces), 3, 2), np.nan), notes)
    assert _height(vertices, found).min() > LOW and "2 triangles without a height" in notes[0]
    assert (shared(found) == 1).sum() == 16 and shared(found).max() == 2, "nothing opens beside the coarse face"


def test_points_of_a_fine_side_along_one_coarse_edge_are_all_joined_to_it():
    vertices, faces = patch()
    along = [len(vertices) + k for k in range(7)]
    vertices = np.concatenate([vertices, [vertices[6] + k / 8 * (vertices[7] - vertices[6]) for k in range(1, 8)]])
    beside = np.flatnonzero(np.isin(faces, (6, 7)).sum(axis=1) == 2)
    third = int(np.setdiff1d(faces[beside[0]], (6, 7))[0])
    row = [6, *along, 7]
    fine = [(a, b, third) for a, b in pairwise(row)]
    gap = [(a, b, 7) for a, b in pairwise(row[:-1])]
    spoilt = np.concatenate([np.delete(faces, beside[0], axis=0), fine, gap])
    found, _ = split(vertices, spoilt, np.full((len(spoilt), 3, 2), np.nan), [])
    assert _height(vertices, found).min() > LOW
    assert (shared(found) == 1).sum() == 16 and shared(found).max() == 2


def test_sound_meshes_stay_the_same():
    vertices, faces = patch()
    notes: list[str] = []
    found, _ = split(vertices, faces, vertices[faces][..., :2], notes)
    assert found is faces and not notes
