"""Skirts on hips that are narrower than the thighs stand."""

import pytest

from garments.designs import designs
from garments.grading import size_measurements

ROUND_BOTH_THIGHS = 0.949
"""Convex girth [m] of both thighs of the built-in body in men's size XS, 16 cm below the crotch."""


def test_a_straight_skirt_has_room_for_both_thighs_on_narrow_hips() -> None:
    pencil, body = designs()["pencil_skirt"], size_measurements("XS", "male")
    ease = pencil.OPTIONS["ease_hip"].default
    assert body["hip_girth"] + ease < 0.99 * ROUND_BOTH_THIGHS < pencil.draft(body, {}).girth("hip")


def test_a_qipao_has_it_too() -> None:
    """On a man of 1.52 m and 46 kg, whose thighs stand wider than his hips."""
    qipao, body = designs()["qipao"], {**size_measurements("XS", "male"), "hip_girth": 0.806, "thigh_girth": 0.479}
    plain = {name: value for name, value in body.items() if name != "thigh_girth"}
    assert qipao.draft(body, {}).girth("hip") > qipao.draft(plain, {}).girth("hip") + 0.01


def test_on_other_hips_it_has_the_ease_that_was_asked_for() -> None:
    pencil, body = designs()["pencil_skirt"], size_measurements("M", "female")
    for ease in (0.02, 0.055):
        drawn = pencil.draft(body, {"ease_hip": ease})
        assert drawn.girth("hip") == pytest.approx(body["hip_girth"] + ease, abs=0.008)
