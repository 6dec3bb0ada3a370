"""Girths of open fronts, as if they were closed: on cloth rolled up, whose every length is known."""

from types import SimpleNamespace

import numpy as np
import pytest

from app.pipeline import dress, fit_body
from app.project import Wish
from body.estimate import Evidence
from garments.fronts import closed_girth
from garments.garment import garment
from garments.threads import NONE, Threads

RADIUS, ROWS, STEP = 0.15, 12, 0.01


def rolled(turn: float, fold: float = 0.0, button: int | None = 4) -> SimpleNamespace:
    """A sheet rolled into a spiral of `turn` [rad], its rows 1 cm apart, the last `fold` [m] of both ends turned back
    over the cloth; `button`: the row in which its ends are held to the cloth beneath, if any."""
    count = round(turn * RADIUS / STEP)
    along = np.linspace(0.0, turn * RADIUS, count + 1)
    back = np.where(along < fold, 2.0 * fold - along, np.minimum(along, 2.0 * (along[-1] - fold) - along))
    angle, radius = back / RADIUS, RADIUS + 0.004 * along / along[-1] + 0.002 * (back != along)
    rows = np.arange(ROWS + 1) * STEP
    places = np.stack(
        [np.broadcast_to(radius * np.sin(angle), (ROWS + 1, count + 1)), np.repeat(rows[:, None], count + 1, 1),
         np.broadcast_to(radius * np.cos(angle), (ROWS + 1, count + 1))], axis=-1
    ).reshape(-1, 3)  # fmt: skip
    flat = np.stack(np.broadcast_arrays(along[None], rows[:, None]), axis=-1).reshape(-1, 2)
    number = np.arange(len(places)).reshape(ROWS + 1, -1)
    a, b, c, d = (each.ravel() for each in (number[:-1, :-1], number[:-1, 1:], number[1:, 1:], number[1:, :-1]))
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    threads = NONE
    if button is not None:
        ends = np.array([[number[button, 0], number[button, min(count, round(2.0 * np.pi * RADIUS / STEP))]]])
        threads = Threads(ends, np.zeros((1, 3)), np.ones(1), np.ones(1), np.full(1, -1))
    cloth = SimpleNamespace(faces=faces, rest=flat[faces], threads=threads, count=len(places))
    return SimpleNamespace(cloth=cloth, positions=places)


def girth(drape: SimpleNamespace, level: float) -> float | None:
    return closed_girth(drape, np.array([0.0, level, 0.0]), np.arange(len(drape.cloth.faces)))[0]


@pytest.mark.parametrize("overlap", [0.02, 0.10])
@pytest.mark.parametrize("level", [0.015, 0.041, 0.095])
def test_what_lies_over_the_other_front_counts_once(overlap, level):
    turn = 2.0 * np.pi + overlap / RADIUS
    assert girth(rolled(turn), level) == pytest.approx(2.0 * np.pi * RADIUS, abs=0.006)


def test_above_the_button_a_tape_goes_straight_across_the_opening():
    gap = 0.06
    turn = 2.0 * np.pi - 2.0 * np.arcsin(0.5 * gap / RADIUS)
    assert girth(rolled(turn), 0.095) == pytest.approx(turn * RADIUS + gap, abs=0.01)


def test_lapels_that_are_turned_over_do_not_count():
    plain, turned = (girth(rolled(5.8 + 2.0 * fold / RADIUS, fold), 0.095) for fold in (0.0, 0.05))
    assert plain is not None and turned == pytest.approx(plain, abs=0.02)


def test_fronts_that_nothing_holds_or_that_gape_have_no_girth():
    assert girth(rolled(2.0 * np.pi + 0.05, button=None), 0.041) is None
    wide = rolled(3.5)
    assert girth(wide, 0.095) is None


def test_the_bust_of_a_jacket_is_taken_clear_of_its_armholes() -> None:
    """In the armpit cloth lies in folds, along which a girth is 7 cm too long."""
    woman = fit_body(Evidence(1.68, 66.0, 0.0))
    (worn,) = dress(woman, (Wish("jacket", "M"),), edge=0.02).fits
    found = {region.name: region.garment for region in worn.regions}
    assert found["bust"] == pytest.approx(garment("jacket", "M").girths["bust"], abs=0.03)
