"""What pictures of cloth for sale rest on: tones, set-ups, backdrops, sheer cloth, seams, the lens, tiles."""

from dataclasses import replace

import numpy as np
import pytest
from shapes import ball, mannequin, sheet, square

from assets.mesh import creased, vertex_normals
from render import headless
from render.buffers import FAR
from render.camera import Camera, halves, standard_view
from render.headless import snapshot
from render.lighting import threads
from render.scene import Backdrop, Item, Light, Material, Print, Scene, grey
from render.setups import SETUPS, lit
from render.sky import Sky

SIDE = 64
NEAR = Camera((0.0, 0.5, 2.4), (0.0, 0.5, 0.0))
DARK = Light((0.0, 1.0, 0.0), (0.0, 0.0, 0.0))
ROOM = Scene(light=DARK, sky=Sky(), ground=False)
MATT = Material(roughness=1.0, specular=0.0)


def linear(picture: np.ndarray) -> np.ndarray:
    values = picture[..., :3] / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def middle(scene: Scene, samples: int = 0, camera: Camera = NEAR, **more) -> np.ndarray:
    part = slice(SIDE // 2 - 6, SIDE // 2 + 6)
    return linear(snapshot(scene, camera, SIDE, SIDE, samples, **more))[part, part].mean(axis=(0, 1))


@pytest.mark.parametrize("samples", [0, 8])
@pytest.mark.parametrize("colour", [(0.02, 0.02, 0.03), (0.7, 0.05, 0.04), (0.1, 0.4, 0.15), (0.9, 0.88, 0.85)])
def test_flat_light_shows_a_colour_exactly(colour: tuple, samples: int) -> None:
    cloth = sheet(Material(colour, sheen_colour=(0.1, 0.1, 0.1), double_sided=True))
    assert middle(lit(Scene((cloth,), ground=False), "flat"), samples) == pytest.approx(colour, abs=0.012)


def test_every_light_shows_a_grey_sheet_neither_black_nor_burnt() -> None:
    for name in SETUPS:
        seen = middle(lit(Scene((sheet(replace(MATT, base_colour=(0.4,) * 3, double_sided=True)),)), name), 8)
        assert 0.12 < seen.mean() < 0.75, name


@pytest.mark.parametrize("tone", ["neutral", "agx"])
def test_tones_keep_grey_grey_and_order(tone: str) -> None:
    seen = []
    for light in (0.0, 0.05, 0.2, 0.6, 2.0, 20.0):
        sky = Sky((light,) * 3, (light,) * 3, (light,) * 3)
        white = sheet(replace(MATT, base_colour=(0.9,) * 3))
        seen.append(middle(replace(ROOM, items=(white,), sky=sky, tone=tone)))
    values = np.array(seen)
    assert np.ptp(values, axis=1).max() < 0.01
    assert (np.diff(values.mean(axis=1)) > 0.004).all() and values[0].max() < 0.01 and values[-1].max() <= 1.0


def test_a_backdrop_goes_from_below_to_above_and_carries_the_shadow() -> None:
    scene = Scene(mannequin(), backdrop=Backdrop(grey(80.0), grey(20.0)))
    camera = standard_view("front", *scene.bounds(), 1.0)
    for samples in (0, 4):
        picture = linear(snapshot(scene, camera, SIDE, SIDE, samples))
        assert picture[0, 0] == pytest.approx(grey(20.0), abs=0.02)
        assert picture[-1, 0] == pytest.approx(grey(80.0), abs=0.03)
    still = snapshot(scene, camera, SIDE, SIDE, 8).astype(int)
    bare = snapshot(replace(scene, ground=False), camera, SIDE, SIDE, 8)
    assert (still - bare).min() < -25


def test_a_picture_behind_fills_the_picture_and_keeps_its_shape() -> None:
    pixels = np.zeros((40, 80, 3), np.uint8)
    pixels[:20, :, 0], pixels[:, 38:42, 1] = 200, 255
    picture = snapshot(Scene(backdrop=Backdrop(picture=pixels)), Camera(), 60, 60, 2)
    assert picture[10, 10, 0] == pytest.approx(200, abs=3) and picture[50, 10, 0] < 3
    assert picture[30, :, 1].max() > 200 and (picture[30, :, 1] > 128).sum() == pytest.approx(60 * 4 / 40, abs=2)


@pytest.mark.parametrize("cover", [0.2, 0.5, 0.8])
def test_sheer_cloth_hides_as_much_as_its_threads_fill_whatever_the_order_of_layers(cover: float) -> None:
    veil = replace(MATT, base_colour=(0.8, 0.8, 0.8), cover=cover, double_sided=True)
    flat = replace(ROOM, background=(0.0, 0.0, 0.0), tone="none")
    one = sheet(veil)
    assert middle(replace(flat, items=(one,)), 16) == pytest.approx((0.8 * cover,) * 3, abs=0.03)
    quick = snapshot(replace(flat, items=(one,)), NEAR, SIDE, SIDE, 0)[SIDE // 2, SIDE // 2, 0]
    assert quick == pytest.approx(cover * 255 * (1.055 * 0.8 ** (1 / 2.4) - 0.055), abs=4)
    vertices, faces = square()
    back = Item("back", vertices - np.array([0, 0, 0.1]), faces[:, ::-1], veil)
    for items in ((one, back), (back, one)):
        alpha = snapshot(replace(flat, items=items), NEAR, SIDE, SIDE, 36, True)[26:38, 26:38, 3] / 255
        assert alpha.mean() == pytest.approx(1 - (1 - cover) ** 2, abs=0.02) and alpha.std() < 0.04


def test_threads_of_frames_are_even_on_both_sides() -> None:
    for count in (5, 12, 16, 36):
        points = np.array([threads(k, count) for k in range(count)])
        for side in points.T:
            assert np.allclose(np.sort(side), np.arange(count) / count)


def test_seams_are_darker_and_hems_show_their_thread_where_they_are() -> None:
    vertices, faces = square(0.4, parts=40)
    corner = vertices[faces]
    sewn = np.full((len(faces), 3, 4), FAR)
    sewn[..., 0], sewn[..., 1] = corner[..., 1] - 0.3, corner[..., 0]
    sewn[..., 2], sewn[..., 3] = np.abs(corner[..., 0]), corner[..., 1]
    cloth = Material((0.3, 0.3, 0.3), 1.0, specular=0.0, thread=(0.9, 0.1, 0.1), hem=0.03, double_sided=True)
    item = Item("cloth", vertices, faces, cloth, uv=corner[..., :2], sewn=sewn)
    camera = Camera((0.0, 0.5, 1.2), (0.0, 0.5, 0.0))
    picture = linear(snapshot(replace(ROOM, items=(item,), tone="none"), camera, 400, 400, 8))
    scale = 200 / (1.2 * np.tan(camera.fov_y / 2))
    column, row = 200, round(200 + (0.5 - 0.33) * scale)
    away = picture[200, column + 40].mean()
    assert picture[150:250, column - 1 : column + 2].mean(axis=(0, 2)).min() < 0.85 * away
    stitched = picture[row - 2 : row + 3, 60:160]
    assert (stitched[..., 0] - stitched[..., 1]).max() > 0.15
    assert np.ptp(picture[row - 60, 60:160]) < 0.05
    plain = linear(snapshot(replace(ROOM, items=(replace(item, sewn=None),), tone="none"), camera, 400, 400, 8))
    assert np.ptp(plain[150:250, 100:300]) < 0.03


def test_a_print_with_normals_leans_where_they_say() -> None:
    pixels = np.full((8, 8, 3), 128, np.uint8)
    level, slanted = pixels.copy(), pixels.copy()
    level[:], slanted[:] = (128, 128, 255), (204, 128, 230)
    light = Light((1.0, 0.0, 0.4), (1.0, 1.0, 1.0))
    scene = Scene(light=light, sky=Sky((0.0,) * 3, (0.0,) * 3, (0.0,) * 3), ground=False, tone="none", turntable=False)

    def seen(normals: np.ndarray | None) -> float:
        figure = Print(pixels, np.array([[10.0, 0, 0], [0, 10.0, 0]]), normals)
        return middle(replace(scene, items=(sheet(replace(MATT, print=figure, double_sided=True)),))).mean()

    assert seen(level) == pytest.approx(seen(None), rel=0.05)
    assert seen(slanted) > 1.3 * seen(level)


def test_a_wide_lens_blurs_what_is_out_of_focus_and_only_that() -> None:
    stripes = np.zeros((8, 8, 3), np.uint8)
    stripes[:, ::2] = 255
    figure = Print(stripes, np.array([[12.0, 0, 0], [0, 12.0, 0]]))

    def contrast(depth: float, aperture: float) -> float:
        vertices, faces = square(2.0)
        paint, moved = Material(shading="flat", print=figure), vertices + np.array([0, 0, depth])
        flat = replace(ROOM, items=(Item("s", moved, faces, paint, uv=vertices[:, :2]),))
        camera = replace(NEAR, aperture=aperture)
        return float(linear(snapshot(flat, camera, 128, 128, 32))[64, 30:98].std())

    assert contrast(0.0, 0.05) > 0.8 * contrast(0.0, 0.0)
    assert contrast(-1.0, 0.05) < 0.5 * contrast(-1.0, 0.0)


def test_a_picture_in_tiles_is_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(mannequin(), backdrop=Backdrop(grey(70.0), grey(40.0)))
    camera = standard_view("three_quarter", *scene.bounds(), 0.75)
    for transparent in (False, True):
        whole = snapshot(scene, camera, 90, 120, 4, transparent).astype(int)
        monkeypatch.setattr(headless, "TILE", 50)
        tiled = snapshot(scene, camera, 90, 120, 4, transparent)
        monkeypatch.undo()
        assert np.abs(whole - tiled).max() <= 1


def test_two_scenes_side_by_side_are_the_two_pictures() -> None:
    red, blue = (Scene((ball(Material(colour, shading="flat")),)) for colour in ((0.8, 0.1, 0.1), (0.1, 0.1, 0.8)))
    camera = standard_view("front", *red.bounds(), 1.0)
    for samples in (0, 2):
        both = snapshot(blue, halves(camera, red, 2 * SIDE, SIDE), 2 * SIDE, SIDE, samples).astype(int)
        for part, scene in ((both[:, :SIDE], red), (both[:, SIDE:], blue)):
            assert np.abs(part - snapshot(scene, camera, SIDE, SIDE, samples)).max() <= 2


def test_creases_keep_their_edges_and_cut_nothing_else() -> None:
    x, z = np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 2.0])
    vertices = np.array([(a, abs(a - 1.0), b) for b in z for a in x])
    faces = np.array([f for r in (0, 3) for c in (0, 1) for f in
                      ((r + c, r + c + 3, r + c + 1), (r + c + 1, r + c + 3, r + c + 4))])  # fmt: skip
    origin, cut = creased(faces, np.array([(1, 4), (4, 7)]))
    assert (origin[cut] == faces).all() and (origin[:9] == np.arange(9)).all() and len(origin) == 12
    normals = vertex_normals(vertices[origin], cut)
    on_crease = normals[np.isin(origin, (1, 4, 7))]
    assert np.allclose(np.abs(on_crease[:, 0]), np.sqrt(0.5), atol=1e-6)
    same, whole = creased(faces, np.zeros((0, 2)))
    assert len(same) == 9 and (whole == faces).all()
