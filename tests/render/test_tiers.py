"""The two tiers of quick pictures: chosen by driver and pace, and alike in what they show."""

from dataclasses import replace

import numpy as np
import pytest

from render import gpu, headless
from render.camera import Camera, quarters, single
from render.renderer import Renderer
from render.scene import Item, Material, Scene
from render.tiers import GPU, PROBED, SLOW, SOFT, Pace
from tests.render.shapes import ball

SIZE = 96
CAMERA = Camera((0.0, 0.6, 3.0), (0.0, 0.5, 0.0), fov_y=0.5)


def drawn(scene: Scene, tier: str, views=None) -> np.ndarray:
    headless.driver()
    renderer = Renderer()
    renderer.tier = tier
    with gpu.Target(SIZE, SIZE, "byte", depth=True) as target:
        renderer.draw(scene, views or single(CAMERA, SIZE, SIZE), SIZE, SIZE, target.framebuffer)
        picture = target.read()
        renderer.forget()
        renderer.tier = tier
        renderer.draw(scene, views or single(CAMERA, SIZE, SIZE), SIZE, SIZE, target.framebuffer)
        assert np.array_equal(picture, target.read()), "a lost context costs a rebuild and nothing else"
        renderer.free()
    return picture[..., :3].astype(int)


def test_both_tiers_show_the_same_scene_and_the_gpu_tier_has_smooth_edges() -> None:
    scene = Scene((ball(Material((0.6, 0.2, 0.2))),), ground=False)
    soft, fine = drawn(scene, SOFT), drawn(scene, GPU)
    assert np.abs(soft - fine).mean() < 3.0
    assert np.abs(soft[SIZE // 2, SIZE // 2] - fine[SIZE // 2, SIZE // 2]).max() <= 6
    shades = {tuple(pixel) for pixel in fine[:, :20].reshape(-1, 3)} | set(map(tuple, fine[20:40].reshape(-1, 3)))
    assert len(shades) > len(set(map(tuple, soft[20:40].reshape(-1, 3)))), "edges are mixed from several samples"


def test_exact_colours_stay_exact_in_the_gpu_tier() -> None:
    scene = Scene((ball(Material((0.2, 0.5, 0.8), shading="flat")),), ground=False)
    assert np.abs(drawn(scene, SOFT)[SIZE // 2, SIZE // 2] - drawn(scene, GPU)[SIZE // 2, SIZE // 2]).max() <= 1


def test_a_crevice_is_darker_in_the_gpu_tier_and_a_plain_is_not() -> None:
    def wall(tilt: float) -> Item:
        corners = np.array([[0, -0.5, 0], [tilt, -0.5, 0.6], [tilt, 0.5, 0.6], [0, 0.5, 0]], float)
        return Item("wall", corners, np.array([[0, 1, 2], [0, 2, 3]]), Material((0.6, 0.6, 0.6), double_sided=True))

    flat = Item("flat", np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], float),
                np.array([[0, 1, 2], [0, 2, 3]]), Material((0.6, 0.6, 0.6), double_sided=True))  # fmt: skip
    plain, fold = Scene((flat,), ground=False), Scene((wall(0.4), wall(-0.4)), ground=False)
    middle = np.s_[SIZE // 2 - 6 : SIZE // 2 + 6, SIZE // 2 - 1 : SIZE // 2 + 1]
    near = replace(CAMERA, eye=(0.0, 0.0, 3.0), target=(0.0, 0.0, 0.0))
    views = single(near, SIZE, SIZE)
    kept = drawn(plain, GPU, views)[middle].mean() / drawn(plain, SOFT, views)[middle].mean()
    lost = drawn(fold, GPU, views)[middle].mean() / max(drawn(fold, SOFT, views)[middle].mean(), 1.0)
    assert kept > 0.97 and lost < 0.95


def test_four_views_are_drawn_in_the_gpu_tier() -> None:
    scene = Scene((ball(Material((0.6, 0.2, 0.2))),), ground=False)
    views = quarters((CAMERA, CAMERA, CAMERA, CAMERA), SIZE, SIZE)
    picture = drawn(scene, GPU, views)
    for row in (SIZE // 4, 3 * SIZE // 4):
        for column in (SIZE // 4, 3 * SIZE // 4):
            assert picture[row, column, 0] > picture[row, column, 1] + 20


@pytest.mark.parametrize(
    ("driver", "tier"), [("llvmpipe (LLVM 15.0.6, 256 bits), OpenGL 4.5", SOFT), ("NVIDIA H200, OpenGL 4.6", GPU)]
)
def test_processors_that_draw_begin_soft(driver: str, tier: str) -> None:
    assert Pace(driver).tier == tier and Pace(driver).asks == (tier == GPU)


def test_a_card_that_is_too_slow_is_found_out_and_one_slow_frame_is_not() -> None:
    slow, quick = Pace("a card"), Pace("a card")
    for k in range(PROBED):
        slow.tell(2 * SLOW)
        quick.tell(10 * SLOW if k in (0, 4) else SLOW / 4)
    assert slow.tier == SOFT and not slow.asks
    assert quick.tier == GPU and not quick.asks
