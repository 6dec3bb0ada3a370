"""Measures of the built-in body: scale, mirror, pose, slopes; and that they make a person."""

from types import SimpleNamespace

import numpy as np
import pytest

from assets.closest import Surface
from body.measure import Ruler, likely_sex, measure, ruler
from body.measurements import MEASURES
from body.model import JOINT_NAMES, load_model
from body.poses import RELAXED, STANDING

DEGREE = {"mass": 3}


@pytest.fixture(scope="module")
def model():
    return load_model()


@pytest.fixture(scope="module")
def someone(model) -> np.ndarray:
    mean, covariance = model.prior(0.0)
    return mean + 0.7 * np.linalg.cholesky(covariance) @ np.random.default_rng(3).normal(size=len(mean))


def changed(model, matrix: np.ndarray, swap: bool = False):
    """The same model seen through a linear map of space; a mirror also swaps the sides."""
    import torch

    def other(name: str) -> str:
        side, _, rest = name.partition("_")
        return f"{ {'left': 'right', 'right': 'left'}[side] }_{rest}" if swap and side in ("left", "right") else name

    order = [JOINT_NAMES.index(other(name)) for name in JOINT_NAMES]
    linear = torch.tensor(matrix, dtype=torch.float32)

    def forward(betas, pose, translation=None, detail=None):
        vertices, joints = model.forward(betas, pose, translation, detail)
        return vertices @ linear.T, joints[:, order] @ linear.T

    return SimpleNamespace(
        forward=forward,
        n_betas=model.n_betas,
        skin_faces=model.skin_faces[:, ::-1] if swap else model.skin_faces,
        weights=model.weights[:, order],
        landmarks={other(name): vertex for name, vertex in model.landmarks.items()},
        prior=model.prior,
    )


def test_the_whole_table_is_measured_and_plausible(model) -> None:
    for sex in (0.0, 1.0):
        items = measure(model.body(model.prior(sex)[0]), sex)
        assert list(items) == list(MEASURES)
        for name, item in items.items():
            assert MEASURES[name].low < item.value < MEASURES[name].high, name
            assert item.source == "body"


def test_the_pose_does_not_matter(model, someone: np.ndarray) -> None:
    assert measure(model.body(someone)).numbers() == measure(model.body(someone, RELAXED)).numbers()


def test_scaling_a_body_scales_every_length(model, someone: np.ndarray) -> None:
    plain, large = (
        ruler(model).read(someone, 0.0).values,
        Ruler(changed(model, 1.1 * np.eye(3))).read(someone, 0.0).values,
    )
    for name, before, after in zip(Ruler.names, plain, large, strict=True):
        assert after == pytest.approx(before * 1.1 ** DEGREE.get(name, 1), rel=2e-5), name


def test_mirrored_in_mirrored_out(model, someone: np.ndarray) -> None:
    plain = ruler(model).read(someone, 0.0).values
    mirrored = Ruler(changed(model, np.diag([-1.0, 1, 1]), swap=True)).read(someone, 0.0).values
    assert mirrored == pytest.approx(plain, abs=5e-5)


def test_slopes_agree_with_differences(model, someone: np.ndarray) -> None:
    reading, step = ruler(model).read(someone, 0.0), 1e-4
    for way in np.random.default_rng(1).normal(size=(3, model.n_betas)):
        way /= np.linalg.norm(way)
        after, before = (ruler(model).read(someone + sign * step * way, 0.0).values for sign in (1, -1))
        difference = (after - before) / (2 * step)
        scale = np.where([name == "mass" for name in Ruler.names], 1.0, 1e-3)
        assert (np.abs(reading.slopes @ way - difference) < 0.3 * scale).all()


def test_girths_lie_between_the_width_twice_and_the_box(model, someone: np.ndarray) -> None:
    value = dict(zip(Ruler.names, ruler(model).read(someone).values, strict=True))
    for girth, level in (("bust_girth", "chest"), ("navel_girth", "navel")):
        width, depth = value[f"{level}_breadth"], value[f"{level}_depth"]
        assert 2 * max(width, depth) < value[girth] < 2 * (width + depth)
        assert value[girth] > np.pi * min(width, depth)


def test_women_and_men_are_told_apart_by_shape(model) -> None:
    assert likely_sex(model, model.prior(0.0)[0]) < 0.1
    assert likely_sex(model, model.prior(1.0)[0]) > 0.9


ONCE = (
    "across_back_shoulder_width",
    "back_width",
    "front_width",
    "back_neck_to_waist",
    "scye_depth",
    "neck_base_girth",
)
ARCS = (
    *ONCE, "shoulder_length", "front_neck_to_waist", "front_waist_length", "side_neck_to_bust", "waist_to_hip",
    "crotch_length", "trunk_girth",
)  # fmt: skip


def test_paths_are_as_long_as_the_girths_and_arcs_they_show(model, someone: np.ndarray) -> None:
    values, paths = ruler(model).values(someone, 0.0), ruler(model).paths(someone)
    surface = model.body(someone, STANDING).vertices.astype(float)
    for name, path in paths.items():
        laid = [np.linalg.norm(np.diff(strand.on(surface), axis=0), axis=1).sum() for strand in path]
        if any(strand.kind == "closed" for strand in path):
            assert np.mean(laid) == pytest.approx(values[name], abs=2e-5), name
        elif name in ARCS:
            once = name in ONCE or name == "front_neck_to_waist"
            assert sum(laid) / (1 if once else 2) == pytest.approx(values[name], abs=2e-5), name


def test_every_girth_and_height_can_be_shown_and_rides_with_the_pose(model, someone: np.ndarray) -> None:
    body = model.body(someone, RELAXED)
    skin = Surface(body.vertices, model.skin_faces)
    for name, path in ruler(model).paths(someone).items():
        if MEASURES[name].kind in ("girth", "height"):
            assert path, name
        for strand in path:
            assert skin.closest(strand.on(body.vertices)).distance.max() < 1e-4, name


def test_a_tape_bridges_hollows_and_never_cuts_into_the_flesh(model, someone: np.ndarray) -> None:
    body = model.body(someone, STANDING)
    skin = Surface(body.vertices, model.skin_faces)
    for name, (strand, *_) in ruler(model).paths(someone, names=("waist_girth", "hip_girth", "calf_girth")).items():
        points = strand.on(body.vertices.astype(float))
        middles = (points[1:] + points[:-1]) / 2
        assert skin.closest(middles).distance.min() > -0.002, name


def test_the_smallest_waist_is_no_larger_than_any_between_bust_and_hip(model, someone: np.ndarray) -> None:
    value = ruler(model).values(someone)
    least = value["least_waist_girth"]
    assert least <= 1.005 * min(value[name] for name in ("underbust_girth", "waist_girth", "high_hip_girth"))


def test_a_finer_mesh_of_the_same_surface_measures_the_same(model, someone: np.ndarray) -> None:
    """Vertex numbers do not matter: every triangle cut in four, the new vertices between the old."""
    import torch

    pairs, number = np.unique(
        np.sort(model.skin_faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1), axis=0, return_inverse=True
    )
    (a, b, c), (ab, bc, ca) = model.skin_faces.T, (len(model.weights) + number.reshape(-1, 3)).T
    faces = np.concatenate([np.stack(f, 1) for f in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))])

    def forward(betas, pose, translation=None, detail=None):
        vertices, joints = model.forward(betas, pose, translation)
        fine = torch.cat([vertices, vertices[:, pairs].mean(2)], dim=1)
        return fine if detail is None else fine + detail, joints

    fine = SimpleNamespace(
        forward=forward,
        n_betas=model.n_betas,
        skin_faces=faces.astype(np.int32),
        weights=np.concatenate([model.weights, model.weights[pairs].mean(1)]),
        landmarks=model.landmarks,
        prior=model.prior,
    )
    plain, finer = ruler(model).values(someone, 0.0), Ruler(fine).values(someone, 0.0)
    for name, value in plain.items():
        # The arm's root is found on the mesh's own edges.
        loose = 0.004 if name in ("armscye_girth", "front_width", "shoulder_breadth", "crotch_length") else 0.001
        assert finer[name] == pytest.approx(value, rel=0.004, abs=loose), name
