"""Masked surfaces, such as lace: there in places only, and in between as much as the mask says."""

from dataclasses import replace

import numpy as np
import pytest
from shapes import sheet, square

from render.camera import Camera
from render.headless import snapshot
from render.scene import Item, Light, Mask, Material, Scene
from render.sky import Sky

SIDE = 64
NEAR = Camera((0.0, 0.5, 2.0), (0.0, 0.5, 0.0))
DARK = Scene(
    background=(0.0, 0.0, 0.0),
    light=Light((0.0, 0.0, 1.0)),
    sky=Sky((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
    ground=False,
    tone="none",
)


def veil(filled: np.ndarray, width: float = 1.0) -> Material:
    return Material((0.8, 0.8, 0.8), 1.0, specular=0.0, cover=float(filled.mean() / 255), double_sided=True,
                    mask=Mask(filled, np.eye(2, 3) / width))  # fmt: skip


def alpha(item: Item, samples: int) -> np.ndarray:
    return snapshot(replace(DARK, items=(item,)), NEAR, SIDE, SIDE, samples, True)[..., 3] / 255


def even(value: int) -> np.ndarray:
    return np.full((8, 8), value, np.uint8)


@pytest.mark.parametrize("samples", [0, 4])
def test_a_masked_sheet_is_where_its_mask_is(samples: int) -> None:
    """One repeat over a metre: there from 0 to half of it, row by row from the top as pictures are."""
    filled = np.zeros((64, 64), np.uint8)
    filled[:32, :32] = 255
    seen = alpha(sheet(veil(filled)), samples)
    scale = SIDE / 2 / (2.0 * np.tan(NEAR.fov_y / 2))
    right, up = round(0.2 * scale), round(0.2 * scale)
    there, others = seen[32 - up, 32 + right], [seen[32 + up, 32 + right], seen[32 - up, 32 - right]]
    assert there > 0.99 and max(others) < 0.01


@pytest.mark.parametrize("value", [77, 179])
def test_grains_are_even_and_still_pictures_smooth(value: int) -> None:
    item = sheet(veil(even(value)))
    quick, still = (alpha(item, samples)[16:48, 16:48] for samples in (0, 8))
    assert set(np.unique(quick)) == {0.0, 1.0}
    assert quick.mean() == pytest.approx(value / 255, abs=0.05)
    assert still.mean() == pytest.approx(value / 255, abs=0.02) and still.std() < 0.08


def test_grains_stay_with_the_cloth() -> None:
    """The sheet and its flat cloth stay, the eye moves by whole pixels: so do the grains, but for rounding."""
    item = sheet(veil(even(128)))
    step = 6 * 2.0 * 2.0 * np.tan(NEAR.fov_y / 2) / SIDE
    eye = Camera((step, 0.5, 2.0), (step, 0.5, 0.0))
    here = snapshot(replace(DARK, items=(item,)), NEAR, SIDE, SIDE, 0, True)[20:44, 20:44, 3]
    there = snapshot(replace(DARK, items=(item,)), eye, SIDE, SIDE, 0, True)[20:44, 14:38, 3]
    assert (here == there).mean() > 0.95


def test_light_falls_through_the_holes() -> None:
    """A wall behind a sheet that is half there has about half the light, seen from between them."""
    vertices, faces = square()
    plain = Material((0.8, 0.8, 0.8), 1.0, specular=0.0, double_sided=True)
    wall = Item("wall", vertices - (0, 0, 0.3), faces, plain)
    eye = Camera((0.0, 0.5, -0.05), (0.0, 0.5, -0.3))

    def light(*before: Item) -> float:
        picture = snapshot(replace(DARK, items=(wall, *before)), eye, SIDE, SIDE, 16)[..., 0] / 255
        return float(np.where(picture <= 0.04045, picture / 12.92, ((picture + 0.055) / 1.055) ** 2.4).mean())

    free, shut = light(), light(sheet(plain))
    assert shut < 0.05 * free
    assert light(sheet(veil(even(128)))) == pytest.approx(0.5 * free, abs=0.1 * free)
