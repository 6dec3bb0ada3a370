"""Laws of lamps and samples."""

import numpy as np
import pytest
from shapes import mannequin

from render.camera import Camera, orbit, standard_view
from render.lighting import disc, jitter, lamps, rig, shadow_frustum, shadow_on_floor, sheen_table, sky_samples
from render.scene import STUDIO_SKY, Light, Scene

LOW, HIGH = np.array([-0.4, 0.0, -0.2]), np.array([0.5, 1.8, 0.3])
CORNERS = np.array([[x, y, z] for x in (-0.4, 0.5) for y in (0.0, 1.8) for z in (-0.2, 0.3)])


@pytest.mark.parametrize("direction", [(0.3, 0.8, 0.5), (0.0, 1.0, 0.0), (0.0, -1.0, 0.01), (1.0, 0.0, 0.0)])
def test_a_lamp_sees_the_whole_box(direction: tuple) -> None:
    unit = np.array(direction) / np.linalg.norm(direction)
    matrix, texel = shadow_frustum(unit, LOW, HIGH, 1024)
    seen = np.c_[CORNERS, np.ones(8)] @ matrix.T
    assert np.abs(seen[:, :3]).max() <= 1.0 and 0 < texel < 0.01
    nearer = np.array([0.0, 0.9, 0.0]) + 0.1 * unit
    assert (matrix @ [*nearer, 1])[2] < (matrix @ [0, 0.9, 0, 1])[2]


def test_the_sun_is_a_disc_round_its_direction() -> None:
    light = Light((0.5, 0.8, 0.3), radius=0.1)
    directions = disc(light, 64)
    centre = np.array(light.direction) / np.linalg.norm(light.direction)
    angles = np.arccos(np.clip(directions @ centre, -1, 1))
    assert angles.max() <= 0.1 + 1e-9 and angles.max() > 0.08
    assert np.allclose(directions.mean(axis=0), centre, atol=0.01)


def test_samples_of_the_sky_add_up_to_its_irradiance() -> None:
    directions, colours = sky_samples(STUDIO_SKY, 64)
    normals = np.array([[0, 1, 0], [0, 0, 1], [0, 0, -1], [1, 0, 0], [0, -1, 0.0]])
    summed = np.maximum(normals @ directions.T, 0) @ colours
    assert np.allclose(summed, STUDIO_SKY.irradiance(normals), rtol=0.08)


def test_jitter_spreads_round_the_pixels_centre() -> None:
    shifts = jitter(64)
    assert np.abs(shifts).max() < 1 and np.allclose(shifts.mean(axis=0), 0, atol=0.05)


def test_every_frame_brings_as_much_light() -> None:
    scene, camera = Scene(mannequin()), Camera()
    frames = [lamps(scene, camera, scene.bounds(), 64, k, 16, 4).colours[1:].sum() for k in range(16)]
    assert np.mean(frames) == pytest.approx(sky_samples(scene.sky, 64)[1].sum())


def test_samples_of_the_sky_are_told_the_texels_of_their_smaller_maps() -> None:
    scene, camera, box = Scene(mannequin()), Camera(), Scene(mannequin()).bounds()
    lit = lamps(scene, camera, box, 1024, 0, 16, 4)
    for k, direction in enumerate(lit.directions):
        assert lit.texels[k] == pytest.approx(shadow_frustum(direction, *box, 512 if k else 1024)[1])


def test_the_lamps_go_round_with_the_camera_on_a_turntable() -> None:
    scene = Scene(mannequin())
    camera = standard_view("front", LOW, HIGH, 1.0)
    turned = orbit(camera, 1.0, 0.0)
    seen = [c.axes() @ rig(scene, c)[0].direction for c in (camera, turned)]
    assert np.allclose(*seen)
    fixed = Scene(mannequin(), turntable=False)
    assert np.allclose(rig(fixed, camera)[0].direction, rig(fixed, turned)[0].direction)


def test_the_floor_is_dark_only_inside_the_shadow_rectangle() -> None:
    direction = np.array([0.5, 0.7, 0.4])
    low, high = shadow_on_floor((LOW, HIGH), direction)
    touched = CORNERS - direction * (CORNERS[:, 1:2] / direction[1])
    assert (touched >= low - 1e-9).all() and (touched <= high + 1e-9).all()


def test_fibres_send_back_more_at_grazing_angles_and_never_make_light_face_on() -> None:
    table = sheen_table()
    assert (np.diff(table, axis=1) <= 1e-3).all()
    assert (table >= 0).all() and (table[:, -1] < 1).all()
