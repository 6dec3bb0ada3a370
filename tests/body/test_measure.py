"""Measures of the built-in body: scale, mirror, pose, slopes; and that they make a person."""

from types import SimpleNamespace

import numpy as np
import pytest

from body.measure import Ruler, likely_sex, measure, ruler
from body.measurements import MEASURES
from body.model import JOINT_NAMES, load_model
from body.poses import RELAXED

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
