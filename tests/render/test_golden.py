"""Golden pictures: what was looked at and found good stays as it is.

Set TOILE_GOLDEN=new to write them afresh, then look at them. Other versions of Mesa round otherwise: a picture passes
when it differs little on average and nearly nowhere by much. What fails is kept in tests/images/failed.
"""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from shapes import mannequin

from render.camera import quarters, standard_view
from render.headless import snapshot
from render.scene import DARK_BACKGROUND, Line, Material, Ramp, Scene

IMAGES = Path(__file__).resolve().parents[1] / "images"
WIDTH, HEIGHT = 160, 240


def moving() -> np.ndarray:
    return shot(Scene(mannequin()), "front", 0)


def still() -> np.ndarray:
    return shot(Scene(mannequin()), "three_quarter", 16)


def transparent() -> np.ndarray:
    return shot(Scene(mannequin()), "left", 8, transparent=True)


def strain_map() -> np.ndarray:
    """A map on the cloth, a tape round it, a veil over a dark background."""
    torso, head, bell = mannequin()
    share = (bell.vertices[:, 1:2] - 0.3) / 0.6
    colours = (1 - share) * (0.8, 0.01, 0.02) + share * (0.02, 0.08, 0.6)
    bell = replace(bell, material=Material((1.0, 1.0, 1.0), shading="map", double_sided=True), colours=colours)
    veil = replace(head, material=replace(head.material, opacity=0.4))
    turn = np.linspace(0, 2 * np.pi, 60)
    tape = np.stack([0.12 * np.sin(turn), 0 * turn + 0.95, 0.12 * np.cos(turn)], 1)
    lines = (Line("tape", tape, (0.9, 0.6, 0.05), 0.012, 0.01),)
    return shot(Scene((torso, veil, bell), lines, background=DARK_BACKGROUND), "front", 8)


def map_with_patterns() -> np.ndarray:
    """A banded map with level lines, strokes that turn by and by, and a part over its limit, hatched."""
    torso, head, bell = mannequin()
    x, y, _ = bell.vertices.T
    values = np.column_stack([y, 4.0 * (0.7 - y), np.cos(12 * x), np.sin(12 * x)])
    ramp = Ramp(0.3, 0.9, ((0.16, 0.30, 0.75), (0.95, 0.95, 0.94), (0.78, 0.11, 0.12)), 8, True, True)
    paint = Material(shading="map", double_sided=True, ramp=ramp)
    return shot(Scene((torso, head, replace(bell, material=paint, values=values, uv=bell.vertices[:, :2]))), "front", 8)


def four_views() -> np.ndarray:
    scene = Scene(mannequin())
    cameras = [
        standard_view(name, *scene.bounds(), WIDTH / HEIGHT) for name in ("front", "back", "right", "three_quarter")
    ]
    return snapshot(scene, quarters(tuple(cameras), WIDTH, HEIGHT), WIDTH, HEIGHT, 0)


def shot(scene: Scene, view: str, samples: int, transparent: bool = False) -> np.ndarray:
    camera = standard_view(view, *scene.bounds(), WIDTH / HEIGHT)
    return snapshot(scene, camera, WIDTH, HEIGHT, samples, transparent)


@pytest.mark.parametrize(
    "picture", [moving, still, transparent, strain_map, map_with_patterns, four_views], ids=lambda p: p.__name__
)
def test_pictures_stay_as_they_were_found_good(picture) -> None:
    path = IMAGES / f"render_{picture.__name__}.png"
    now = picture()
    if os.environ.get("TOILE_GOLDEN") == "new":
        path.parent.mkdir(exist_ok=True)
        PIL.Image.fromarray(now).save(path, optimize=True)
    golden = np.asarray(PIL.Image.open(path))
    difference = np.abs(now.astype(int) - golden)
    off = (difference.max(axis=2) > 24).mean()
    if difference.mean() > 1.5 or off > 0.01:
        failed = IMAGES / "failed"
        failed.mkdir(exist_ok=True)
        shown = np.concatenate([golden, now, np.minimum(4 * difference, 255).astype(np.uint8)], axis=1)
        PIL.Image.fromarray(shown[..., :3]).save(failed / path.name)
        pytest.fail(f"mean difference {difference.mean():.2f}, {off:.1%} far off: see {failed / path.name}")
