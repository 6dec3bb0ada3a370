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


def rolled(turn: float, fold: float = 0.0, button: int | None = 4, neck: float = 0.0) -> SimpleNamespace:
    """A sheet rolled into a spiral of `turn` [rad], its rows 1 cm apart, the last `fold` [m] of both ends turned back
    over the cloth; `button`: the row in which it is held there to the cloth beneath, if at all; `neck`: how much [m]
    is cut away of both ends above that."""
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
    middle = 0.5 * along[-1]
    away = np.tile((np.abs(0.5 * (along[1:] + along[:-1]) - middle) > middle - neck), ROWS)
    away &= np.arange(ROWS * count) // count >= (button or 0)
    faces = faces[~np.concatenate([away, away])]
    threads = NONE
    if button is not None:
        hem = round(fold / STEP)
        ends = np.array([[number[button, hem], number[button, min(count - hem, round(2.0 * np.pi * RADIUS / STEP))]]])
        threads = Threads(ends, np.zeros((1, 3)), np.ones(1), np.ones(1), np.full(1, -1))
    panel = np.zeros(len(faces), int)
    cloth = SimpleNamespace(faces=faces, rest=flat[faces], panel=panel, threads=threads, count=len(places))
    return SimpleNamespace(cloth=cloth, positions=places)


def girth(drape: SimpleNamespace, level: float) -> float | None:
    return closed_girth(drape, np.array([0.0, level, 0.0]), np.arange(len(drape.cloth.faces)))[0]


@pytest.mark.parametrize("overlap", [0.02, 0.10])
@pytest.mark.parametrize("level", [0.015, 0.041, 0.095])
def test_what_lies_over_the_other_front_counts_once(overlap, level):
    turn = 2.0 * np.pi + overlap / RADIUS
    assert girth(rolled(turn), level) == pytest.approx(2.0 * np.pi * RADIUS, abs=0.006)


@pytest.mark.parametrize("swing", [0.0, 0.05])
def test_above_the_button_a_tape_goes_straight_across_what_the_neck_was_cut_out(swing):
    """However far the fronts swing apart there."""
    plain = rolled(2.0 * np.pi)
    opened = rolled(2.0 * np.pi, neck=0.03)
    opened.positions[:, [0, 2]] *= 1.0 + swing * (opened.positions[:, 1:2] > 0.05)
    assert girth(opened, 0.095) == pytest.approx(girth(plain, 0.095), abs=1e-6)


def test_lapels_that_are_turned_over_do_not_count():
    plain, turned = (girth(rolled(5.8 + 2.0 * fold / RADIUS, fold), 0.095) for fold in (0.0, 0.05))
    assert plain is not None and turned == pytest.approx(plain, abs=1e-6)


def test_fronts_that_nothing_holds_or_that_gape_have_no_girth():
    assert girth(rolled(2.0 * np.pi + 0.05, button=None), 0.041) is None
    wide = rolled(3.5)
    assert girth(wide, 0.095) is None


@pytest.mark.parametrize("name", ["jacket", "wrap_dress"])
def test_fronts_measure_closed_what_they_were_cut(name: str) -> None:
    """However they lie on a body: swung apart over its bust, and in folds at the armholes."""
    woman = fit_body(Evidence(1.68, 66.0, 0.0))
    (worn,) = dress(woman, (Wish(name, "M"),), edge=0.02).fits
    found = {region.name: region.garment for region in worn.regions}
    for line in ("bust", "waist", "hip"):
        assert found[line] == pytest.approx(garment(name, "M").girths[line], abs=0.02), line
