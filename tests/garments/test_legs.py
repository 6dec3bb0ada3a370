"""Trousers as their options say, on slim and on heavy bodies."""

import numpy as np
import pytest

from garments.cloth import mesh
from garments.designs import designs
from garments.dressing.tubes import tube
from garments.edges import cross
from garments.garment import garment
from garments.grading import SEXES, size_measurements

LONG = ("trousers", "jeans")


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize("name", LONG)
def test_the_thigh_has_the_least_ease_that_was_asked_for(name: str, sex: str) -> None:
    least = designs()[name].OPTIONS["ease_thigh"].default
    for size in ("XS", "M", "XXL"):
        body = size_measurements(size, sex)
        drawn = designs()[name].draft(body, {})
        assert drawn.girth("thigh_left") >= body["thigh_girth"] + least - 0.002, size


def test_the_high_hip_lies_between_waist_and_hip_where_the_body_has_it() -> None:
    """A crotch seam that is longer than the body is high lowers the crotch, not the belly."""
    body = size_measurements("XXL", "female")
    front = designs()["jeans"].draft(body, {}).panel("front_left")
    level = max(front.edge("side_high_hip").controls[[0, -1], 1])
    assert abs(level) < 0.5 * body["waist_to_hip"] - designs()["jeans"].OPTIONS["drop"].default + 0.015


def test_a_leg_is_put_on_as_long_as_it_was_cut() -> None:
    """Legs taper more above the knee than below: by the thigh's girth and the hem's alone they would be too short."""
    jeans = garment("jeans", "XXL", "female")
    leg = tube(mesh(jeans, 0.04), "left leg")
    assert leg is not None and [line.split("_")[0] for line in leg.lines] == ["thigh", "knee", "hem"]
    front = jeans.pattern.panel("front_left")
    cut = front.edge("thigh").start[1] - front.edge("hem").start[1]
    assert leg.depths[-1] == pytest.approx(cut, rel=0.02)
    assert np.all(np.diff(leg.girths) < 0.0)


def test_legs_are_cut_open_for_thighs_that_hold_them_apart() -> None:
    for size, opened in (("M", False), ("XXL", True)):
        front = designs()["trousers"].draft(size_measurements(size, "female"), {}).panel("front_left")
        crease = next(mark for mark in front.marks if mark.name == "fold_crease")
        assert (abs(crease.end[0] - crease.start[0]) > 0.05) == opened
        hem = front.edge("hem")
        low = min(crease.start, crease.end, key=lambda end: end[1])
        assert 0.5 * (hem.start + hem.end)[0] == pytest.approx(low[0], abs=0.01)
        knee = 0.5 * (front.edge("knee").start + front.edge("knee").end)
        way = crease.end - crease.start
        assert abs(cross(way / np.linalg.norm(way), knee - crease.start)) < 0.002, "down the middle of the leg"
