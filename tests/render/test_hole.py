"""Holes: what hides and casts shadows, and through which a picture shows what lies behind everything."""

from dataclasses import replace

import numpy as np
import pytest

from render.camera import Camera
from render.headless import snapshot
from render.scene import Backdrop, Item, Material, Scene

HOLE = Material(shading="hole")
CAMERA = Camera((0.0, 0.0, 3.0), (0.0, 0.0, 0.0), fov_y=0.7)


def square(half: float, depth: float, material: Material, name: str = "square") -> Item:
    corners = np.array([[-half, -half, depth], [half, -half, depth], [half, half, depth], [-half, half, depth]])
    return Item(name, corners, np.array([[0, 1, 2], [0, 2, 3]]), material)


CLOTH = square(0.8, 0.0, Material((0.7, 0.1, 0.1), double_sided=True))


@pytest.mark.parametrize("samples", [0, 2])
def test_a_hole_before_cloth_leaves_nothing_there_and_all_round_it(samples: int) -> None:
    scene = Scene((CLOTH, square(0.3, 0.5, HOLE)), ground=False)
    alpha = snapshot(scene, CAMERA, 64, 64, samples, transparent=True)[..., 3]
    assert alpha[32, 32] == 0 and alpha[32, 12] == 255 and alpha[0, 0] == 0


@pytest.mark.parametrize("samples", [0, 2])
def test_a_hole_behind_cloth_changes_nothing_of_it(samples: int) -> None:
    scene = Scene((CLOTH, square(0.3, -0.5, HOLE)), ground=False)
    alpha = snapshot(scene, CAMERA, 64, 64, samples, transparent=True)[..., 3]
    assert alpha[32, 32] == 255


@pytest.mark.parametrize("samples", [0, 2])
def test_what_lies_behind_everything_shows_through_a_hole(samples: int) -> None:
    backdrop = Backdrop(picture=np.full((64, 64, 3), (10, 200, 30), np.uint8))
    scene = Scene((CLOTH, square(0.3, 0.5, HOLE)), backdrop=backdrop, ground=False)
    picture = snapshot(scene, CAMERA, 64, 64, samples)
    assert np.abs(picture[32, 32, :3].astype(int) - (10, 200, 30)).max() <= 2
    assert picture[32, 12, 0] > 100 > picture[32, 12, 1]


def test_a_hole_casts_its_shadow_on_cloth() -> None:
    scene = Scene((CLOTH,), ground=False, turntable=False)
    shading = replace(scene, items=(CLOTH, square(0.4, 0.3, HOLE)))
    lit, dark = (snapshot(each, CAMERA, 64, 64, 8, transparent=True)[..., 0].astype(int) for each in (scene, shading))
    assert (lit - dark).max() > 20


def test_a_part_of_a_picture_is_that_part_of_the_whole() -> None:
    scene = Scene((CLOTH,), ground=False)
    whole = snapshot(scene, CAMERA, 64, 64, 2, transparent=True)
    part = snapshot(scene, CAMERA, 64, 64, 2, transparent=True, part=(10, 20, 30, 25))
    assert np.abs(part[20:45, 10:40].astype(int) - whole[20:45, 10:40]).max() <= 2
    assert not part[:20].any() and not part[:, 40:].any()
