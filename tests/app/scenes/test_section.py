"""Cuts through a dressed person, of shapes whose outlines are known."""

import numpy as np
import pytest

from app.scenes.section import cut, outlines


def tube(radius: float, centre: float = 0.0, around: int = 96, gap: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """An upright tube of height 1: vertices and faces; without its last `gap` strips."""
    turn = 2 * np.pi * np.arange(around) / around
    ring = np.stack([centre + radius * np.sin(turn), 0 * turn, radius * np.cos(turn)], axis=1)
    k = np.arange(around - gap)
    n = (k + 1) % around
    faces = np.concatenate([np.stack([k, n, n + around], 1), np.stack([k, n + around, k + around], 1)])
    return np.concatenate([ring, ring + np.array([0.0, 1.0, 0.0])]), faces


def test_an_outline_is_as_long_as_the_girth_and_closed() -> None:
    (ring,) = outlines(*tube(0.15), 0.4)
    assert ring.closed and ring.length == pytest.approx(2 * np.pi * 0.15, rel=2e-3)
    assert outlines(*tube(0.15), 1.5) == ()


def test_clearance_and_ease_of_a_sleeve_of_cloth_are_those_of_two_tubes() -> None:
    (found,) = cut(("body", *tube(0.15)), [("tee", *tube(0.17))], 0.5).around
    assert found.part == "trunk" and found.whole
    assert (found.least, found.mean, found.most) == pytest.approx((0.02,) * 3, abs=2e-4)
    assert found.ease == pytest.approx(2 * np.pi * 0.02, rel=5e-3)


def test_cloth_counts_for_the_limb_it_lies_round() -> None:
    def both(radius: float) -> tuple[np.ndarray, np.ndarray]:
        (a, f), (b, g) = tube(radius, 0.12), tube(radius, -0.12)
        return np.concatenate([a, b]), np.concatenate([f, g + len(a)])

    found = cut(("body", *both(0.08)), [("trousers", *both(0.1))], 0.3).around
    assert {each.part for each in found} == {"left leg", "right leg"}
    assert all(each.mean == pytest.approx(0.02, abs=3e-4) for each in found)


def test_an_open_front_is_told_as_open() -> None:
    (found,) = cut(("body", *tube(0.15)), [("jacket", *tube(0.17, gap=10))], 0.5).around
    assert not found.whole and found.cloth < 2 * np.pi * 0.17
