"""Laws of skies and scenes."""

import numpy as np
import pytest

from render.scene import STUDIO_SKY, Item, Scene, from_srgb, grey
from render.sky import Sky, Softbox, basis


def sphere(count: int) -> np.ndarray:
    """Nearly even unit directions (a Fibonacci spiral), [count, 3]."""
    index = np.arange(count) + 0.5
    height = 1 - 2 * index / count
    turn = index * np.pi * (3 - np.sqrt(5))
    level = np.sqrt(1 - height**2)
    return np.stack([level * np.cos(turn), height, level * np.sin(turn)], 1)


def test_the_basis_is_orthonormal() -> None:
    values = basis(sphere(20000))
    assert np.allclose(values.T @ values * 4 * np.pi / 20000, np.eye(9), atol=1e-3)


def test_a_white_surface_under_a_white_sky_is_white() -> None:
    white = basis(sphere(50)) @ Sky().harmonics()
    assert np.allclose(white, 1.0, atol=1e-5)


@pytest.mark.parametrize("sky", [STUDIO_SKY, Sky((1, 0, 0), (0, 1, 0), (0, 0, 1), (Softbox((1, 2, 3), (1, 1, 1)),))])
def test_harmonics_give_the_irradiance(sky: Sky) -> None:
    around = sphere(20000)
    normals = sphere(30)
    cosine = np.maximum(normals @ around.T, 0.0)
    exact = cosine @ sky.radiance(around) * 4 / len(around)
    assert np.abs(basis(normals) @ sky.harmonics() - exact).max() < 0.04 * exact.max()


def test_turning_the_sky_turns_its_radiance() -> None:
    around = sphere(100)
    quarter = around @ np.array([[0, 0, -1], [0, 1, 0], [1, 0, 0.0]])
    assert np.allclose(STUDIO_SKY.turned(np.pi / 2).radiance(quarter), STUDIO_SKY.radiance(around))


def test_greys_and_srgb() -> None:
    assert grey(100.0) == pytest.approx((1, 1, 1))
    assert grey(50.0)[0] == pytest.approx(0.1842, abs=1e-4)
    assert from_srgb((1.0, 0.0, 0.5)) == pytest.approx((1.0, 0.0, 0.21404), abs=1e-5)


def test_an_item_keeps_its_read_only_arrays_so_that_identity_lasts() -> None:
    item = Item("a", np.zeros((3, 3)), np.array([[0, 1, 2]]))
    again = Item("b", item.vertices, item.faces)
    assert again.vertices is item.vertices and again.faces is item.faces
    with pytest.raises(ValueError):
        item.vertices[0] = 1


def test_bounds_hold_every_item() -> None:
    items = tuple(Item("x", np.full((3, 3), k), np.array([[0, 1, 2]])) for k in (-1.0, 2.0))
    low, high = Scene(items).bounds()
    assert np.allclose(low, -1) and np.allclose(high, 2)
