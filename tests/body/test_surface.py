"""Measuring a raw surface: as the body itself where it is the same skin; holes, soup and noise."""

import numpy as np
import pytest

from body.measure import ruler
from body.model import load_model
from body.poses import STANDING
from body.surface import measure_surface


@pytest.fixture(scope="module")
def body():
    model = load_model()
    mean, covariance = model.prior(0.0)
    betas = mean + 0.5 * np.linalg.cholesky(covariance) @ np.random.default_rng(8).normal(size=len(mean))
    return model.body(betas, STANDING)


@pytest.fixture(scope="module")
def true(body) -> dict[str, float]:
    return ruler(body.model).values(body.betas)


def soup(body, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """The same skin as a scan gives it: every triangle cut in four, vertices shuffled, a millimetre of noise."""
    rng, faces = np.random.default_rng(seed), body.model.skin_faces
    pairs, number = np.unique(
        np.sort(faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1), axis=0, return_inverse=True
    )
    (a, b, c), (ab, bc, ca) = faces.T, (len(body.vertices) + number.reshape(-1, 3)).T
    finer = np.concatenate([np.stack(f, 1) for f in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))])
    vertices = np.concatenate([body.vertices, body.vertices[pairs].mean(axis=1)]).astype(float)
    order = rng.permutation(len(vertices))
    return (vertices + rng.normal(0, 0.001, vertices.shape))[order], np.argsort(order)[finer]


def test_its_own_skin_measures_as_the_body(body, true: dict[str, float]) -> None:
    found = measure_surface(body.vertices, body.model.skin_faces, body)
    assert len(found) == len(true) - 1
    for name, value in found.items():
        assert value == pytest.approx(true[name], abs=2e-3), name


def test_a_noisy_scan_of_other_vertices_measures_nearly_the_same(body, true: dict[str, float]) -> None:
    found = measure_surface(*soup(body), body)
    assert len(found) >= 60
    for name, value in found.items():
        assert value == pytest.approx(true[name], rel=0.05 if "scye" in name else 0.03, abs=0.012), name


def test_a_measure_over_a_hole_is_left_out_and_the_others_stay(body, true: dict[str, float]) -> None:
    vertices, faces = soup(body)
    waist = true["waist_height"]
    round_waist = np.abs(vertices[:, 1] - waist) < 0.05
    trunk = vertices[round_waist & (np.abs(vertices[:, 0]) < 0.1), 2]
    missing = round_waist & (vertices[:, 2] > (trunk.min() + trunk.max()) / 2)
    found = measure_surface(vertices, faces[~missing[faces].any(axis=1)], body)
    assert "waist_girth" not in found
    assert found["hip_girth"] == pytest.approx(true["hip_girth"], abs=0.01)
    assert found["calf_girth"] == pytest.approx(true["calf_girth"], abs=0.01)
