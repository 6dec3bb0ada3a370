"""Flesh gives way where skin meets skin, and nowhere else."""

import numpy as np
import pytest

from assets.closest import Surface
from assets.mesh import vertex_normals
from body.model import Body, following, load_model
from body.poses import find
from body.posing.settle import settled
from body.yielding import FIRM, ROOM, yielding


@pytest.fixture(scope="module")
def sitting() -> Body:
    model = load_model()
    betas = model.prior(0.0)[0]
    return model.body(betas, settled(model, betas, find("sitting")))


def gaps(body: Body) -> np.ndarray:
    """How far from soft skin the way out is free [m]; negative where it lies within skin."""
    points, faces = np.asarray(body.vertices, float), body.model.skin_faces
    firm = np.sum([following(body.model, joint) for joint in FIRM], axis=0) >= 0.1
    soft = np.setdiff1d(np.unique(faces), np.flatnonzero(firm))
    normals = vertex_normals(points, faces)[soft]
    surface = Surface(points, faces)
    free, face = surface.hits(points[soft] + 2e-4 * normals, normals)
    corners = points[faces[face]]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    facing = np.einsum("ij,ij->i", across, normals) < -0.8 * np.linalg.norm(across, axis=1)
    return np.where(surface.inside(points[soft] + 2e-4 * normals), -1.0, np.where(facing, free, np.inf))


def test_who_touches_themselves_nowhere_stays_the_same():
    model = load_model()
    betas = model.prior(0.0)[0]
    outstretched = model.body(betas)
    assert yielding(outstretched) is outstretched


def test_a_groin_that_is_pinched_shut_has_room_for_cloth(sitting):
    assert (gaps(sitting) < 0.0).sum() > 50, "the hip is bent so far that thigh and belly pass through each other"
    given = yielding(sitting)
    assert not (gaps(given) < 0.0).any()
    assert gaps(given).min() > 0.5 * ROOM
    moved = np.linalg.norm(given.vertices - sitting.vertices, axis=1)
    assert 0.5 * ROOM < moved.max() < 0.025
    assert (moved > 1e-4).mean() < 0.1, "elsewhere the body is as it was"
    again = np.linalg.norm(yielding(given).vertices - given.vertices, axis=1)
    assert again.max() < 0.4 * moved.max(), "room that is there is not made again"


def test_hands_feet_and_head_do_not_give_way(sitting):
    firm = np.sum([following(sitting.model, joint) for joint in FIRM], axis=0) >= 0.1
    np.testing.assert_array_equal(yielding(sitting).vertices[firm], sitting.vertices[firm])
