"""Pictures of options: both ends are drawn, of those panels that change."""

import xml.etree.ElementTree as ElementTree

import pytest

from assets.errors import UsageError
from garments.designs import designs
from garments.grading import size_measurements
from garments.pictured import option_picture

BODY = size_measurements("M", "female")


CASES = [("tee", "neckband", 1), ("tee", "sleeve_length", 1), ("skirt", "waistband", 1), ("tank", "shaping", 2)]


@pytest.mark.parametrize(("design", "option", "panels"), CASES)
def test_both_ends_are_drawn_over_each_other(design, option, panels):
    drawn = ElementTree.fromstring(option_picture(designs()[design], option, BODY))
    colours = [shape.get("stroke") for shape in drawn]
    assert len(colours) == 2 * panels and len(set(colours)) == 2
    for shape in drawn:
        points = [tuple(map(float, point.split(","))) for point in shape.get("points").split()]
        assert all(0 <= x <= float(drawn.get("width")) and 0 <= y <= float(drawn.get("height")) for x, y in points)


def test_every_option_of_every_design_has_a_picture():
    for plan in designs().values():
        for option in plan.OPTIONS:
            assert option_picture(plan, option, BODY).count("<polygon") >= 1, f"{plan.NAME} {option}"


def test_an_unknown_option_is_refused():
    with pytest.raises(UsageError, match="has no option lenth"):
        option_picture(designs()["tee"], "lenth", BODY)
