"""A painted figure is the same body, in parts."""

from types import MappingProxyType, SimpleNamespace

import numpy as np
import pytest

from app.scenes.figure import figure
from assets.mesh import edges, face_areas, face_normals
from body import poses
from body.model import load_model


@pytest.fixture(scope="module")
def bodies():
    model = load_model()
    return model.body(), model.body(pose=poses.RELAXED)


def skin_parts(body):
    return [item for item in figure(body) if "eye" not in item.name]


def test_the_parts_are_the_skin_and_nothing_twice(bodies) -> None:
    for body in bodies:
        area = sum(face_areas(item.vertices.astype(float), item.faces).sum() for item in skin_parts(body))
        assert area == pytest.approx(face_areas(body.vertices.astype(float), body.model.skin_faces).sum(), rel=1e-3)
        # Face normals of a closed surface sum to nothing, however it is cut; a hole or an overlap would show.
        total = sum(face_normals(item.vertices.astype(float), item.faces).sum(axis=0) for item in skin_parts(body))
        assert np.abs(total).max() < 1e-4


def test_cuts_leave_no_cracks(bodies) -> None:
    """Every edge inside the skin is met from both sides: places and edges are counted over all parts together."""
    parts = skin_parts(bodies[0])
    corners = np.concatenate([item.vertices[item.faces].reshape(-1, 3) for item in parts])
    _, welded = np.unique(np.round(corners * 1e7).astype(np.int64), axis=0, return_inverse=True)
    faces = welded.reshape(-1, 3)
    sides = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    open_sides = len(edges(faces)) * 2 - len(sides)
    whole = bodies[0].model.skin_faces
    assert open_sides == len(edges(whole)) * 2 - 3 * len(whole)


def test_both_halves_are_painted_alike(bodies) -> None:
    for item in skin_parts(bodies[0]):
        areas = face_areas(item.vertices.astype(float), item.faces)
        left = item.vertices[item.faces].mean(axis=1)[:, 0] > 0
        assert areas[left].sum() == pytest.approx(areas[~left].sum(), rel=0.01)


def test_eyes_look_ahead_from_inside_the_head(bodies) -> None:
    for body in bodies:
        for item in figure(body):
            if "eye" not in item.name:
                continue
            middle = item.vertices.mean(axis=0)
            pupil = item.vertices[item.colours.sum(axis=1) < 0.1].mean(axis=0)
            assert (pupil - middle)[2] > 0.9 * np.linalg.norm(pupil - middle)
            assert np.linalg.norm(middle - body.joints[15]) < 0.15


def test_a_second_body_uses_the_same_cut(bodies) -> None:
    first, second = (figure(body) for body in bodies)
    assert all(a.faces is b.faces and a.colours is b.colours for a, b in zip(first, second, strict=True))


class Unknown:
    landmarks = MappingProxyType({"nose": 0})


def test_a_model_without_landmarks_is_all_skin(bodies) -> None:
    body = bodies[0]
    unknown = SimpleNamespace(model=Unknown(), vertices=body.vertices, faces=body.faces)
    items = figure(unknown)
    assert [item.name for item in items] == ["body"] and len(items[0].faces) == len(bodies[0].faces)


def test_skin_is_drawn_further_in_under_cloth_and_nowhere_else(bodies) -> None:
    body = bodies[0]
    chest = body.vertices[body.model.landmarks["left_nipple"]]
    cloth = chest + np.array([[0.0, 0.0, 0.002]], np.float32)
    for bare, dressed in zip(figure(body), figure(body, (cloth,)), strict=True):
        moved = np.linalg.norm(dressed.vertices - bare.vertices, axis=1)
        far = np.linalg.norm(bare.vertices - chest, axis=1) > 0.03
        assert not moved[far].any() and moved.max() < 0.0031
        if bare.name == "band":
            nearest = np.linalg.norm(bare.vertices - chest, axis=1).argmin()
            assert dressed.vertices[nearest, 2] < chest[2] - 0.002, "the tip is behind the cloth by more than it was"


@pytest.mark.parametrize(("sex", "bare"), [(0.0, False), (0.5, False), (1.0, True)])
def test_only_who_is_surely_a_man_goes_without_a_band_round_the_chest(bodies, sex: float, bare: bool) -> None:
    model = bodies[0].model
    parts = {item.name: item.material for item in figure(model.body(model.prior(sex)[0]))}
    assert (parts["band"] is parts["body"]) == bare and parts["briefs"] is not parts["body"]
