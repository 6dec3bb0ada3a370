"""Tiles from photos: what repeats is found and cut whole, however it lay; the rest is quilted; ends meet."""

from functools import cache

import numpy as np
import pytest

from assets.errors import InputRefused
from garments.colours.evened import delighted
from garments.colours.figures import figure
from garments.colours.lattice import lattice
from garments.colours.tile import tile, wrap_jump


@cache
def photo(what: str, period: float, turned: float, lit: bool = True, side: int = 260) -> np.ndarray:
    """A photo of a figure: so many pixels a repeat, turned by degrees, in uneven light, with a camera's noise."""
    picture, _ = figure(what)
    y, x = np.mgrid[:side, :side].astype(float)
    angle = np.radians(turned)
    u, v = (np.cos(angle) * x + np.sin(angle) * y) / period, (-np.sin(angle) * x + np.cos(angle) * y) / period
    rows, columns = picture.shape[:2]
    seen = (picture[(v * rows).astype(int) % rows, (u * columns).astype(int) % columns] / 255.0) ** 2.2
    light = 0.5 + 0.5 * np.exp(-((x - 60) ** 2 + (y - 90) ** 2) / (2 * 180.0**2)) if lit else np.ones((side, side))
    noise = 1.0 + 0.04 * np.random.default_rng(0).standard_normal((side, side, 1))
    return (255 * np.clip(seen * light[..., None] * noise, 0, 1) ** (1 / 2.2)).astype(np.uint8)


def aslant(period: float, tilt: tuple[float, float], side: int = 240) -> np.ndarray:
    """A tartan from an angle: so many pixels a repeat in the middle, lines turned, darker to one side."""
    y, x = np.mgrid[0:side, 0:side] / (side / 2) - 1.0
    near = 1.0 + tilt[0] * x + tilt[1] * y
    u, v = (side / 2 * (c * x + s * y) / near for c, s in ((0.99, 0.14), (-0.14, 0.99)))
    bands = np.array([[0.6, 0.05, 0.05], [0.03, 0.2, 0.06], [0.7, 0.5, 0.05], [0.03, 0.2, 0.06]])
    warp, weft = (bands[np.searchsorted([0.5, 0.72, 0.78], (k / period) % 1.0)] for k in (u, v))
    seen = 0.5 * (warp + weft) * (1.0 - 0.3 * x - 0.1 * y)[..., None]
    noise = np.random.default_rng(1).normal(1.0, 0.03, (side, side, 1))
    return (255 * np.clip(seen * noise, 0, 1) ** (1 / 2.2)).astype(np.uint8)


@pytest.mark.parametrize("period", [21.0, 47.0, 110.0])
def test_a_tartan_aslant_and_unevenly_lit_is_cut_whole(period: float) -> None:
    made = tile(aslant(period, (0.15, -0.1)))
    assert made.seamless and made.repeats[0] >= 1 and made.repeats[1] >= 1
    across, up = (size / many for size, many in zip(made.picture.shape[1::-1], made.repeats, strict=True))
    assert across == pytest.approx(period, rel=0.08) and up == pytest.approx(period, rel=0.08)


CLOTHS = [
    ("gingham white red", 31.3, -6.0),
    ("tartan red forest yellow navy", 82.0, 3.0),
    ("dots navy white", 40.5, 8.0),
    ("stripe white blue green", 44.7, 2.0),
    ("breton white navy", 35.0, 0.0),
]


@pytest.mark.parametrize(("what", "period", "turned"), CLOTHS)
def test_whole_repeats_are_cut_out_however_the_cloth_lay_and_no_seam_shows(what, period, turned) -> None:
    made = tile(photo(what, period, turned))
    assert made.repeats[0] >= 1 and made.seamless, made.sentence
    width = made.picture.shape[1] / made.repeats[0]
    # Dots repeat along the diagonal, too; stripes only across.
    shortest = min(abs(width / (period * share) - 1.0) for share in (1.0, 2**-0.5, 0.5))
    assert shortest < 0.02
    assert "estimated" in made.sentence


def test_the_ends_of_a_tile_that_was_cut_anywhere_are_found_out() -> None:
    even = (photo("gingham white red", 31.3, 0.0, lit=False) / 255.0) ** 2.2
    assert wrap_jump(even[:110, :110]) > 1.6


def test_uneven_light_is_evened_and_the_cloths_own_light_and_dark_stays() -> None:
    lit, flat = ((photo("gingham white red", 31.3, 0.0, lit=on) / 255.0) ** 2.2 for on in (True, False))
    even = delighted(lit)

    def corners(values: np.ndarray) -> float:
        means = [values[a : a + 94, b : b + 94].mean() for a in (0, 166) for b in (0, 166)]
        return max(means) / min(means)

    assert corners(lit) > 1.2 and corners(even) < 1.06
    assert even.std() / even.mean() == pytest.approx(flat.std() / flat.mean(), rel=0.1)


def test_cloth_without_a_repeat_is_quilted_and_goes_on_over_its_ends() -> None:
    from scipy.ndimage import gaussian_filter

    rng = np.random.default_rng(3)
    fibres = sum(gaussian_filter(rng.standard_normal((200, 200)), reach) for reach in ((1, 4), (4, 1)))
    grey = np.clip(0.4 + 0.1 * fibres / fibres.std(), 0, 1)[..., None] * np.array([0.8, 0.6, 0.4])
    cloth = (255 * grey ** (1 / 2.2)).astype(np.uint8)
    assert lattice((cloth / 255.0) ** 2.2) is None
    made = tile(cloth)
    assert made.repeats == (0, 0) and made.seamless and "quilted" in made.sentence
    assert abs(made.picture.mean() - cloth.mean()) < 8
    again = tile(cloth)
    assert np.array_equal(made.picture, again.picture)


@pytest.mark.parametrize("slant", [9, -9])
def test_the_repeat_of_a_narrow_strip_of_slanted_cloth_is_found(slant: int) -> None:
    steps = np.array([(30, slant), (0, 22)])
    along, up = np.einsum("ij,jhw->ihw", np.linalg.inv(steps.T), np.mgrid[:48, :1600][::-1])
    patch = np.random.default_rng(0).random((10, 20, 3))
    strip = patch[np.floor(10 * up + 1e-6).astype(int) % 10, np.floor(20 * along + 1e-6).astype(int) % 20]
    assert np.allclose(lattice(strip), steps, atol=0.1)


def test_of_a_strip_that_is_very_long_the_beginning_is_looked_at() -> None:
    strip = np.random.default_rng(0).integers(0, 255, (64, 12000, 3), np.uint8)
    assert tile(strip).scale == 1.0


def test_normals_have_length_one_and_lean_both_ways() -> None:
    normals = tile(photo("gingham white red", 31.3, 0.0)).normals / 127.5 - 1.0
    assert np.allclose(np.linalg.norm(normals, axis=-1), 1.0, atol=0.02)
    assert abs(normals[..., :2].mean()) < 0.02


@pytest.mark.parametrize("wrong", [np.zeros((20, 200, 3), np.uint8), np.full((100, 100, 3), 80, np.uint8)])
def test_a_photo_that_shows_nothing_is_refused(wrong: np.ndarray) -> None:
    with pytest.raises(InputRefused):
        tile(wrong)


def test_a_check_photographed_aslant_is_drawn_straight() -> None:
    y, x = np.mgrid[0:200, 0:200] / 100.0 - 1.0
    near = 1.0 + 0.18 * x - 0.12 * y
    u, v = 100 * x / near, 100 * y / near
    bands = np.stack([np.sin(u / 4) > 0, np.sin(v / 4) > 0.3, np.sin(v / 4) > 0.3], axis=-1)
    photo = (90 + 110 * bands + np.random.default_rng(0).normal(0, 4, bands.shape)).clip(0, 255).astype(np.uint8)
    made = tile(photo)
    assert made.repeats != (0, 0) and made.seamless
    lines = made.picture.astype(float)[..., 0]
    assert lines.std(axis=0).mean() < 0.25 * lines.std(), "its columns are upright"
