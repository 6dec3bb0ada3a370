"""The contact sheet and the legends of maps: shapes are kept, scales are there."""

from dataclasses import replace

import numpy as np
import pytest

from app.reports.sheet import CELL, _cell, beside, narrowed, with_legend
from app.saying import speaking
from app.scenes.scales import Legend
from render.camera import standard_view
from render.scene import Ramp

NOTE = "largest 119 % at the neckband; limit 142 %"
RAMP = Ramp(0.0, 500.0, ((0.1, 0.2, 0.9), (0.9, 0.1, 0.1)))
SCALE = Legend("Pressure [Pa]", RAMP, ((0.0, "0"), (1.0, "≥ 500")))


@pytest.mark.parametrize("size", [(900, 1200), (1600, 900), (90, 120), (600, 800), (400, 4000)])
def test_a_cell_keeps_the_shape_of_its_picture(size):
    width, height = size
    cell = _cell(np.zeros((height, width, 4), np.uint8))
    assert cell[0] <= min(width, CELL[0]) and cell[1] <= min(height, CELL[1])
    assert cell[0] / cell[1] == pytest.approx(width / height, rel=0.02)


@pytest.mark.parametrize("height", [300, 800, 1200])
def test_a_map_carries_its_scale_in_its_lower_left_corner(height):
    grey = np.full((height, height * 3 // 4, 4), 128, np.uint8)
    drawn = with_legend(grey, SCALE).astype(int)
    changed = np.argwhere((drawn != 128).any(axis=2))
    assert changed[:, 0].min() > 0.6 * height and changed[:, 1].max() < 0.4 * height
    red, blue = drawn[..., 0] - drawn[..., 2], drawn[..., 2] - drawn[..., 0]
    assert np.argwhere(red > 150)[:, 0].max() < np.argwhere(blue > 150)[:, 0].min(), "high values stand on top"


def test_a_small_picture_of_a_map_stays_bare():
    small = np.full((120, 90, 4), 128, np.uint8)
    assert with_legend(small, SCALE) is small


@pytest.mark.parametrize("size", [(600, 640), (540, 720), (400, 800), (1600, 900)])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_note_of_a_map_runs_off_its_picture(size, language):
    """What would be cut off is what is told last: the fabric's limit."""
    bare = np.full((size[1], size[0], 4), 128, np.uint8)
    pictures = []
    with speaking(language):
        for limit in ("4.7", "4.2"):
            note = f"shirt S: largest strain 19.9 %, sleeve right; along the threads 13.1 %; limit {limit} %"
            pictures.append(with_legend(bare, replace(SCALE, notes=(note,)), 1.6))
    one, other = pictures
    assert (one[:, -4:] == 128).all() and (one[-4:] == 128).all()
    assert (one != other).any(), "each note is told to its end"


@pytest.mark.parametrize("told", [NOTE, f"jacket M: {NOTE}; along the threads 119 %, neckband; {NOTE}"])
@pytest.mark.parametrize("notes", [1, 3, 6])
def test_the_notes_of_a_map_stand_below_the_person_s_feet(notes, told):
    low, high = np.array([-0.5, 0.0, -0.2]), np.array([0.5, 1.7, 0.2])
    shown = replace(SCALE, notes=(told,) * notes)
    width, height = CELL
    picture = with_legend(np.full((height, width, 4), 128, np.uint8), shown)
    words = np.argwhere((picture != 128).any(axis=2))
    first = words[words[:, 1] > 0.35 * width, 0].min()
    feet = np.array([[x, 0.0, z] for x in (low[0], high[0]) for z in (low[2], high[2])])
    eye = beside(standard_view("front", low, high, width / height), shown, width / height)
    assert eye.project(feet, width, height)[:, 1].max() < first


@pytest.mark.parametrize("size", [(400, 520), (320, 520), (600, 640), (1600, 900)])
def test_a_person_who_steps_aside_for_a_large_legend_stays_whole(size):
    """Hands stand out furthest, and it is to their side that there is least room."""
    low, high = np.array([-0.5, 0.0, -0.2]), np.array([0.5, 1.7, 0.2])
    aspect = size[0] / size[1]
    corners = np.stack(np.meshgrid(*zip(low, high, strict=True)), axis=-1).reshape(-1, 3)
    eye = beside(standard_view("front", low, high, narrowed(aspect, 1.25)), SCALE, aspect, 1.25)
    across = eye.project(corners, *size)[:, 0]
    assert across.min() >= 0.0 and across.max() <= size[0]
