"""Prints in pictures: they lie where they are placed, each part of an item shows its own, far off the mean is seen."""

from dataclasses import replace

import numpy as np
import pytest
from shapes import sheet, square

from render.camera import standard_view
from render.headless import snapshot
from render.mips import pyramid
from render.scene import Item, Light, Material, Print, Scene
from render.sky import Sky

RED, BLUE = (200, 30, 30), (30, 30, 200)
ROOM = Scene(light=Light((0.0, 1.0, 0.0), (0.0, 0.0, 0.0)), sky=Sky(), ground=False)


def halves(left=RED, right=BLUE, side: int = 64) -> np.ndarray:
    picture = np.zeros((side, side, 3), np.uint8)
    picture[:, : side // 2], picture[:, side // 2 :] = left, right
    return picture


def placed(picture: np.ndarray, width: float, x: float = 0.0, y: float = 0.0) -> Material:
    place = np.array([[1 / width, 0.0, -x / width], [0.0, 1 / width, -y / width]])
    return Material(roughness=1.0, specular=0.0, double_sided=True, print=Print(picture, place))


def taken(item: Item, size: int = 120, samples: int = 4) -> np.ndarray:
    scene = replace(ROOM, items=(item,))
    return snapshot(scene, standard_view("front", *scene.bounds(), 1.0), size, size, samples)[..., :3].astype(float)


def redder(pixel: np.ndarray) -> bool:
    return bool(pixel[0] > pixel[2])


@pytest.mark.parametrize("samples", [0, 4])
def test_a_print_lies_where_it_is_placed_and_moves_with_its_place(samples: int) -> None:
    """One repeat over a sheet of a metre, from its left edge on; then moved by half a repeat."""
    picture = taken(sheet(placed(halves(), 1.0, x=-0.5)), samples=samples)
    assert redder(picture[60, 40]) and not redder(picture[60, 80])
    moved = taken(sheet(placed(halves(), 1.0)), samples=samples)
    assert not redder(moved[60, 40]) and redder(moved[60, 80])


def test_the_top_row_of_a_print_is_up() -> None:
    upright = np.ascontiguousarray(halves().swapaxes(0, 1))
    picture = taken(sheet(placed(upright, 1.0)))
    assert redder(picture[40, 60]) and not redder(picture[80, 60])


def test_each_part_shows_its_own_material() -> None:
    vertices, faces = square()
    parts = (vertices[faces].mean(axis=1)[:, 0] > 0).astype(int)
    plain = Material(base_colour=(0.05, 0.4, 0.05), roughness=1.0, specular=0.0, double_sided=True)
    red = placed(halves(RED, RED), 0.1)
    item = Item("sheet", vertices, faces, plain, uv=vertices[:, :2], parts=parts, materials=(plain, red))
    picture = taken(item)
    assert np.argmax(picture[60, 40]) == 1 and np.argmax(picture[60, 80]) == 0
    third = replace(item, materials=(plain, red, plain, red))
    assert np.array_equal(taken(third), picture)


def test_far_off_a_print_is_its_mean_light_and_nothing_flickers() -> None:
    """Checks of less than a pixel: everywhere the same, and as bright as the colours' mean."""
    checks = np.kron(np.indices((6, 6)).sum(axis=0) % 2, np.ones((40, 40)))[..., None] * (255, 255, 255)
    picture = taken(sheet(placed(checks.astype(np.uint8), 0.02)), size=60, samples=0)[20:40, 20:40]
    half = 255 * (1.055 * 0.5 ** (1 / 2.4) - 0.055)
    assert picture.std() < 2.0 and picture.mean() == pytest.approx(half, abs=8)


@pytest.mark.parametrize("shape", [(240, 240), (64, 64), (50, 200), (3, 7), (1, 1)])
def test_every_size_of_a_picture_has_the_same_mean_light(shape: tuple[int, int]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (*shape, 3)).astype(np.uint8)
    levels = pyramid(picture)
    assert levels[-1].shape == (1, 1, 3)
    assert all(n & (n - 1) == 0 for level in levels for n in level.shape[:2])
    light = [(level / 255.0) ** 2.2 for level in levels]
    for level in light[1:]:
        assert level.mean(axis=(0, 1)) == pytest.approx(light[0].mean(axis=(0, 1)), abs=0.02)
