"""Cloth that passes through itself or other cloth is drawn out, and what cannot be is told."""

import numpy as np
import pytest

from assets.errors import Cancelled, DrapeFailed
from assets.mesh import edges
from garments.cloth import mesh
from garments.drape import parted, sheet_of
from garments.garment import garment
from garments.solvers.proximity import crossings
from garments.solvers.sheet import Sheet, join
from garments.solvers.untangle import ROUNDS, STRIDES, untangled
from tests.garments.sheets import strip


def folded(length: float) -> tuple[np.ndarray, Sheet]:
    """A strip bent round so far that its end pierces its beginning."""
    x, sheet = strip(length, 0.1, 0.015)
    turn, along = 1.15 * np.pi, x[:, 0]
    radius, bent = 0.06 / turn, np.clip((along - 0.18) / 0.06, 0.0, 1.0)
    tail = np.clip(along - 0.24, 0.0, None)
    level = np.minimum(along, 0.18) + radius * np.sin(turn * bent) + tail * np.cos(turn)
    height = radius * (1.0 - np.cos(turn * bent)) + tail * np.sin(turn)
    return np.stack([level, height, -0.05 + (x[:, 2] + 0.05) * (1.0 - 0.1 * bent)], axis=1), sheet


def tube_through_panel(beyond: float) -> tuple[np.ndarray, Sheet]:
    """A sleeve whose end sticks out of a panel by `beyond` [m]."""
    flat, sheet = strip(0.15, 2.0 * np.pi * 0.03, 0.015)
    angle = -flat[:, 2] / 0.03
    tube = np.stack([flat[:, 0], 0.03 * np.sin(angle), 0.03 * np.cos(angle)], axis=1)
    lying, panel = strip(0.2, 0.2, 0.015)
    upright = np.stack([np.full(len(lying), 0.15 - beyond), lying[:, 0] - 0.1, lying[:, 2] + 0.1], axis=1)
    return np.concatenate([upright, tube]), join([panel, sheet])


def waves(height: float) -> tuple[np.ndarray, Sheet]:
    """A wavy sheet in the plane of a flat one."""
    under, over = strip(0.2, 0.15, 0.015), strip(0.16, 0.12, 0.014, at=(0.02, 0.001, -0.015))
    wavy = over[0] + [0.0, 1.0, 0.0] * (height * np.sin(40 * over[0][:, :1]) * np.cos(35 * over[0][:, 2:]))
    return np.concatenate([under[0], wavy]), join([under[1], over[1]])


@pytest.mark.parametrize("case", [folded(0.32), folded(0.4), tube_through_panel(0.02), waves(0.004), waves(0.015)])
def test_what_crosses_is_drawn_out(case: tuple[np.ndarray, Sheet]) -> None:
    x, sheet = case
    found = edges(sheet.faces)
    assert len(crossings(x, sheet.faces, found)) > 20
    free, left = untangled(x, sheet.faces, found)
    assert len(left) == len(crossings(free, sheet.faces, found)) == 0
    assert np.abs(free - x).max() < 0.06


def test_drawing_out_stops_when_told() -> None:
    x, sheet = waves(0.015)

    def tick() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        untangled(x, sheet.faces, edges(sheet.faces), tick)


def test_what_is_stuck_comes_free_in_longer_steps() -> None:
    x, sheet = tube_through_panel(0.09)
    assert not len(untangled(x, sheet.faces, edges(sheet.faces))[1])


def test_what_is_free_stays_where_it_is() -> None:
    x, sheet = strip(0.2, 0.15, 0.015)
    free, left = untangled(x, sheet.faces, edges(sheet.faces))
    assert free is x and not len(left)


def test_what_cannot_be_drawn_out_is_refused_soon_with_its_place() -> None:
    rounds: list[int] = []
    skirt = garment("skirt", "M", "female")
    cloth = mesh(skirt, 0.05)
    x = np.random.default_rng(1).uniform((0.1, 0.6, -0.2), (0.3, 0.8, 0.2), (cloth.count, 3))
    with pytest.raises(DrapeFailed, match=r"skirt passes through itself .* near panel .* 0\.[5-9]\d m up on the left"):
        parted(x, sheet_of(cloth), (skirt,), (cloth,), lambda: rounds.append(1))
    assert len(rounds) < ROUNDS * len(STRIDES)
