"""The face under a pixel is the face that the picture shows there."""

import numpy as np
from shapes import ball, mannequin, sheet

from render.camera import View, quarters, single, standard_view
from render.headless import snapshot
from render.picking import pick
from render.scene import Item, Material, Scene, from_srgb

WIDTH, HEIGHT = 120, 160


def numbered(item: Item, first: int) -> Item:
    """The item with every face in a colour of its own that spells its number."""
    number = first + np.arange(len(item.faces))
    levels = np.stack([number % 6, number // 6 % 6, number // 36 % 6], 1) * 40 + 20
    table = np.array([from_srgb((k / 255,) * 3)[0] for k in range(256)])
    faces = np.arange(3 * len(item.faces)).reshape(-1, 3)
    flat = Material((1.0, 1.0, 1.0), shading="flat", double_sided=item.material.double_sided)
    return Item(item.name, item.vertices[item.faces].reshape(-1, 3), faces, flat, None, table[levels].repeat(3, axis=0))


def test_pick_agrees_with_the_picture() -> None:
    items = mannequin()
    scene = Scene(tuple(numbered(item, 1000 * k) for k, item in enumerate(items)), ground=False)
    camera = standard_view("three_quarter", *scene.bounds(), WIDTH / HEIGHT)
    picture = snapshot(scene, camera, WIDTH, HEIGHT, samples=0)[:, :, :3].astype(int)
    views = single(camera, WIDTH, HEIGHT)
    rng = np.random.default_rng(0)
    met = 0
    for y, x in zip(rng.integers(1, HEIGHT - 1, 400), rng.integers(1, WIDTH - 1, 400), strict=True):
        hit = pick(scene, views, x + 0.5, y + 0.5)
        if hit is None:
            continue
        number = 1000 * hit.item + hit.face
        spelt = np.array([number % 6, number // 6 % 6, number // 36 % 6]) * 40 + 20
        assert np.abs(picture[y, x] - spelt).max() <= 2
        corners = scene.items[hit.item].vertices[scene.items[hit.item].faces[hit.face]]
        assert np.allclose(hit.barycentric @ corners, hit.position, atol=1e-6)
        met += 1
    assert met > 40


def test_nothing_is_hit_beside_the_body() -> None:
    scene = Scene((ball(Material()),))
    camera = standard_view("front", *scene.bounds(), 1.0)
    assert pick(scene, single(camera, 100, 100), 2, 2) is None


def test_only_cloth_is_hit_from_behind() -> None:
    low, high = np.array([-0.5, 0, -0.1]), np.array([0.5, 1, 0.1])
    back = single(standard_view("back", low, high, 1.0), 100, 100)
    assert pick(Scene((sheet(Material()),)), back, 51, 48) is None
    assert pick(Scene((sheet(Material(double_sided=True)),)), back, 51, 48) is not None


def test_each_view_is_picked_with_its_own_camera() -> None:
    scene = Scene((ball(Material()),))
    camera = standard_view("front", *scene.bounds(), 1.0)
    views: tuple[View, ...] = quarters((camera,) * 4, 200, 200)
    hits = [pick(scene, views, x, y) for x, y in ((50.3, 50.2), (150.3, 50.2), (50.3, 150.2), (150.3, 150.2))]
    assert len({hit.face for hit in hits if hit}) == 1 and all(hits)
