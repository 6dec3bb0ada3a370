"""Laws of pictures, seen on whatever renderer there is."""

import gc
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shapes import ball, mannequin, sheet, sphere

from assets.errors import MissingExtra
from render import headless
from render.buffers import corners
from render.camera import Camera, quarters, standard_view
from render.headless import snapshot
from render.scene import STUDIO_LIGHT, STUDIO_SKY, Item, Light, Line, Material, Scene, grey
from render.sky import Sky

ROOT = Path(__file__).resolve().parents[2]
WIDTH, HEIGHT = 96, 128
BLACK_LIGHT = Light((0.0, 1.0, 0.0), (0.0, 0.0, 0.0))
WHITE_ROOM = Scene(light=BLACK_LIGHT, sky=Sky(), ground=False)
MATT = Material(roughness=1.0, specular=0.0)


def linear(picture: np.ndarray) -> np.ndarray:
    values = picture[..., :3] / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def taken(scene: Scene, view: str = "front", samples: int = 0, transparent: bool = False) -> np.ndarray:
    camera = standard_view(view, *scene.bounds(), WIDTH / HEIGHT)
    return snapshot(scene, camera, WIDTH, HEIGHT, samples, transparent)


@pytest.mark.parametrize("samples", [0, 16])
def test_a_white_ball_in_a_white_room_is_evenly_lit(samples: int) -> None:
    picture = taken(replace(WHITE_ROOM, items=(ball(replace(MATT, base_colour=(0.5, 0.5, 0.5))),)), samples=samples)
    alpha = taken(replace(WHITE_ROOM, items=(ball(MATT),)), samples=4, transparent=True)[:, :, 3]
    inside = linear(picture)[alpha == 255]
    assert inside.std() < 0.02 and inside.mean() == pytest.approx(0.46, abs=0.015)


@pytest.mark.parametrize("colour", [(0.05, 0.1, 0.3), (0.6, 0.1, 0.1), (0.75, 0.75, 0.75), (0.3, 0.5, 0.2)])
def test_a_product_keeps_its_colour_in_a_white_room(colour: tuple) -> None:
    scene = replace(WHITE_ROOM, items=(sheet(Material(base_colour=colour, roughness=0.9)),))
    assert linear(taken(scene))[HEIGHT // 2, WIDTH // 2] == pytest.approx(colour, abs=0.025)


def test_black_stays_black() -> None:
    scene = replace(WHITE_ROOM, items=(ball(replace(MATT, base_colour=(0.0, 0.0, 0.0))),))
    assert (taken(scene)[HEIGHT // 2, WIDTH // 2, :3] == 0).all()


def test_light_beyond_white_never_turns_dark_or_overflows() -> None:
    key = replace(STUDIO_LIGHT, direction=(0.0, 0.0, 1.0))
    before = 0.0
    for strength in (0.5, 1.0, 3.0, 30.0):
        lit = replace(WHITE_ROOM, light=replace(key, colour=(strength,) * 3), items=(sheet(MATT),))
        now = linear(taken(lit))[HEIGHT // 2, WIDTH // 2].mean()
        assert before < now <= 1.0
        before = now


@pytest.mark.parametrize("samples", [0, 16])
def test_mirrored_in_mirrored_out(samples: int) -> None:
    def mirrored(item: Item) -> Item:
        return replace(item, vertices=item.vertices * (-1, 1, 1), faces=item.faces[:, ::-1])

    def flipped(vector: tuple) -> tuple:
        return -vector[0], vector[1], vector[2]

    boxes = tuple(replace(box, direction=flipped(box.direction)) for box in STUDIO_SKY.softboxes)
    light = replace(STUDIO_LIGHT, direction=flipped(STUDIO_LIGHT.direction))
    other = Scene(tuple(map(mirrored, mannequin())), light=light, sky=replace(STUDIO_SKY, softboxes=boxes))
    picture = taken(Scene(mannequin()), samples=samples).astype(int)
    difference = np.abs(picture - taken(other, samples=samples)[:, ::-1])
    assert difference.mean() < 1.5 and (difference.max(axis=2) > 40).mean() < 0.02


def test_the_background_is_exact_and_the_floor_carries_a_shadow() -> None:
    picture = taken(Scene(mannequin(), background=grey(60.0)), samples=8)
    expected = round(255 * (1.055 * grey(60.0)[0] ** (1 / 2.4) - 0.055))
    assert (picture[0, 0, :3] == expected).all()
    assert (picture[..., 3] == 255).all()
    floating = taken(Scene(mannequin(), background=grey(60.0), ground=False), samples=8)
    change = picture[..., :3].astype(int) - floating[..., :3]
    assert change.max() <= 1 and change.min() < -25


def test_a_transparent_picture_is_clear_outside_and_opaque_on_the_body() -> None:
    scene = Scene((ball(Material((0.2, 0.5, 0.8), shading="flat")),), ground=False)
    picture = taken(scene, samples=16, transparent=True)
    assert (picture[[0, 0, -1, -1], [0, -1, 0, -1], 3] == 0).all()
    assert picture[HEIGHT // 2, WIDTH // 2, 3] == 255
    edge = picture[(picture[..., 3] > 20) & (picture[..., 3] < 235)]
    assert len(edge) > 30
    assert linear(edge) == pytest.approx(np.broadcast_to((0.2, 0.5, 0.8), (len(edge), 3)), abs=0.02)


@pytest.mark.parametrize("samples", [0, 4])
def test_flat_colours_arrive_as_given(samples: int) -> None:
    for colour in ((0.0, 0.0, 0.0), (0.01, 0.9, 0.02), (0.95, 0.95, 0.95), (0.3, 0.02, 0.6)):
        picture = taken(Scene((sheet(Material(colour, shading="flat")),)), samples=samples)
        assert linear(picture)[HEIGHT // 2, WIDTH // 2] == pytest.approx(colour, abs=0.012)


def test_map_colours_are_true_where_the_surface_faces_the_eye() -> None:
    vertices, faces = sphere()
    colours = np.where(vertices[:, :1] < 0, (1.0, 0.1, 0.1), (0.1, 0.1, 1.0))
    scene = Scene((Item("map", vertices, faces, Material((1, 1, 1), shading="map"), colours=colours),), ground=False)
    row = linear(taken(scene))[HEIGHT // 2]
    assert row[WIDTH // 2 + 8] == pytest.approx((0.1, 0.1, 1.0), abs=0.04)
    assert row[WIDTH // 2 - 8] == pytest.approx((1.0, 0.1, 0.1), abs=0.04)
    assert row[WIDTH // 2 + 38, 2] < 0.9


def test_cloth_is_lit_on_its_back_and_a_body_is_not_drawn_from_behind() -> None:
    colour = (0.3, 0.2, 0.1)
    cloth = sheet(replace(MATT, base_colour=colour, double_sided=True))
    low, high = np.array([-0.5, 0, -0.1]), np.array([0.5, 1, 0.1])

    def centre(item: Item, view: str) -> np.ndarray:
        camera = standard_view(view, low, high, WIDTH / HEIGHT)
        return snapshot(replace(WHITE_ROOM, items=(item,)), camera, WIDTH, HEIGHT, 0)[HEIGHT // 2, WIDTH // 2]

    assert (centre(cloth, "front") == centre(cloth, "back")).all()
    body = replace(cloth, material=MATT)
    assert linear(centre(body, "back")) == pytest.approx(WHITE_ROOM.background, abs=0.01)


def test_a_veil_lets_through_what_it_does_not_cover() -> None:
    veil = sheet(Material((0.8, 0.1, 0.1), shading="flat", opacity=0.5))
    picture = taken(Scene((veil,), ground=False), samples=4, transparent=True)
    assert picture[HEIGHT // 2, WIDTH // 2, 3] == pytest.approx(128, abs=2)


def test_a_line_lies_on_its_surface_and_is_hidden_behind_it() -> None:
    turn = np.linspace(-0.7, 0.7, 30)
    points = np.stack([0.5 * np.sin(turn), 0 * turn + 0.5, 0.5 * np.cos(turn)], 1)
    scene = Scene((ball(MATT),), (Line("tape", points, (0.9, 0.02, 0.02), 0.02),))
    low, high = scene.bounds()

    def red(view: str) -> int:
        picture = snapshot(scene, standard_view(view, low, high, WIDTH / HEIGHT), WIDTH, HEIGHT, 0).astype(int)
        return int((picture[..., 0] > picture[..., 1] + 100).sum())

    assert red("front") > 50 and red("back") == 0


def test_cloth_seen_from_afar_keeps_its_mean_colour() -> None:
    far = Camera((0.0, 0.5, 12.0), (0.0, 0.5, 0.0))
    means = []
    for weave in ("none", "plain", "twill", "knit", "rib"):
        scene = replace(WHITE_ROOM, items=(sheet(Material((0.4, 0.3, 0.2), roughness=0.9, weave=weave)),))
        means.append(linear(snapshot(scene, far, 64, 64, 0))[28:36, 28:36].mean(axis=(0, 1)))
    assert np.ptp(means, axis=0).max() < 0.01


def test_threads_show_from_near_and_keep_the_mean_colour() -> None:
    near = Camera((0.0, 0.5, 0.1), (0.0, 0.5, 0.0))
    for weave in ("plain", "twill", "knit", "rib"):
        scene = replace(WHITE_ROOM, items=(sheet(Material((0.4, 0.3, 0.2), roughness=0.9, weave=weave)),))
        seen = linear(snapshot(scene, near, 256, 256, 4))[..., 0]
        assert seen.std() > 0.01 and seen.mean() == pytest.approx(0.4, rel=0.12)


def test_the_same_scene_gives_the_same_bytes_also_after_a_lost_context() -> None:
    scene = Scene(mannequin())
    once, twice = taken(scene, samples=4), taken(scene, samples=4)
    headless.close()
    assert (once == twice).all() and (once == taken(scene, samples=4)).all()


def test_refining_ends_in_the_still_picture() -> None:
    from render import gpu

    scene = Scene(mannequin())
    camera = standard_view("front", *scene.bounds(), WIDTH / HEIGHT)
    still = snapshot(scene, camera, WIDTH, HEIGHT, 8)
    renderer = headless._context().renderer
    target = gpu.Target(WIDTH, HEIGHT, "byte", depth=True)
    renderer.draw(scene, camera, WIDTH, HEIGHT, target.framebuffer)
    steps = [renderer.refine(target.framebuffer, 8) for _ in range(9)]
    assert steps[0] == 1 / 8 and steps[-2:] == [1.0, 1.0]
    assert (target.read() == still).all()
    target.free()


def test_four_views_are_four_pictures() -> None:
    scene = Scene(mannequin())
    cameras = [standard_view(name, *scene.bounds(), WIDTH / HEIGHT) for name in ("front", "left", "back", "right")]
    views = quarters(tuple(cameras), 2 * WIDTH, 2 * HEIGHT)
    whole = snapshot(scene, views, 2 * WIDTH, 2 * HEIGHT, 4)
    for view, camera in zip(views, cameras, strict=True):
        part = whole[view.top : view.top + HEIGHT, view.left : view.left + WIDTH].astype(int)
        assert np.abs(part - snapshot(scene, camera, WIDTH, HEIGHT, 4)).max() <= 2


def test_uploads_live_as_long_as_their_arrays() -> None:
    renderer = headless._context().renderer
    scene = Scene(mannequin())
    gc.collect()
    taken(scene)
    held = len(renderer._store)
    taken(replace(scene, items=tuple(replace(item, material=MATT) for item in scene.items)))
    assert len(renderer._store) == held
    del scene
    taken(Scene((ball(MATT),)))
    taken(Scene())
    assert len(renderer._store) < held


def test_an_empty_scene_is_background() -> None:
    picture = taken(Scene(), samples=2)
    assert (picture == picture[0, 0]).all()


def test_seams_split_only_where_the_flat_cloth_is_cut() -> None:
    vertices, faces = sphere(rings=6)
    one_piece = vertices[faces][..., :2]
    origin, first, split = corners(faces, one_piece)
    assert len(origin) == len(np.unique(faces)) and (origin[split] == faces).all()
    two_pieces = one_piece + (np.arange(len(faces)) % 2 * 5.0)[:, None, None]
    origin, first, split = corners(faces, two_pieces)
    assert np.allclose(two_pieces.reshape(-1, 2)[first][split], two_pieces, atol=1e-4)
    assert (origin[split] == faces).all()


def test_a_picture_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="pixels"):
        snapshot(Scene(), Camera(), 10**6, 10, 1)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("eglGetPlatformDisplay", "EGL starts none here; .*libgl1-mesa-dri"),
        ("eglInitialize", "EGL starts none here; .*libgl1-mesa-dri"),
        ("eglCreateContext", "need OpenGL 3.3, and this machine's graphics driver offers less"),
    ],
)
def test_without_opengl_the_message_names_the_cause(monkeypatch: pytest.MonkeyPatch, call: str, told: str) -> None:
    from OpenGL import EGL

    def refuse(*_: object) -> None:
        raise OSError("no")

    headless.close()
    monkeypatch.setattr(EGL, call, refuse)
    with pytest.raises(MissingExtra, match=told):
        snapshot(Scene(), Camera(), 8, 8, 1)


def test_a_driver_that_is_too_old_is_named() -> None:
    """Mesa's own switch makes this driver an old one; it is read once a process."""
    done = subprocess.run(
        [sys.executable, "-c", "from render.headless import driver; driver()"],
        env={**os.environ, "MESA_GL_VERSION_OVERRIDE": "2.1"}, capture_output=True, text=True, cwd=ROOT, timeout=60,
    )  # fmt: skip
    assert re.search(r"need OpenGL 3\.3, .* offers .*2\.1.*LIBGL_ALWAYS_SOFTWARE.*pattern", done.stderr)
