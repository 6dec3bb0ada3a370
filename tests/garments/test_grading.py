"""Size charts: bands that touch, bodies that grow as the grade tables say."""

from itertools import pairwise

import numpy as np
import pytest

from assets.errors import InputRefused, UsageError
from body.measurements import MEASURES
from garments.designs import designs
from garments.grading import SEXES, SIZES, chart, size_measurements


@pytest.mark.parametrize("sex", SEXES)
def test_bands_touch_and_hold_their_size(sex):
    sizes = list(chart(sex).sizes.values())
    assert tuple(size.name for size in sizes) == SIZES
    for size, larger in pairwise(sizes):
        assert size.low < size.girths["bust_girth"] < size.high == larger.low


@pytest.mark.parametrize("sex", SEXES)
def test_girths_and_widths_grow_with_the_size(sex):
    rows = [size_measurements(size, sex) for size in SIZES]
    for name in rows[0]:
        if name.endswith(("_girth", "_width", "_breadth", "mass")):
            assert np.all(np.diff([row[name] for row in rows]) > 0), name


@pytest.mark.parametrize("sex", SEXES)
def test_a_size_keeps_the_chart_s_girths_and_has_what_every_design_needs(sex):
    for size in SIZES:
        body = size_measurements(size, sex)
        assert all(body[name] == value for name, value in chart(sex).sizes[size].girths.items())
        for design in designs().values():
            assert set(design.NEEDS) <= set(body)
        assert all(MEASURES[name].low <= value <= MEASURES[name].high for name, value in body.items())


def test_the_grade_agrees_with_published_steps():
    """Per 4 cm of bust (Aldrich's tables): back width +1.0, neck +1.0, upper arm +1.2, wrist +0.5, each within 0.5 cm
    except the upper arm, which in the survey grows more."""
    small, medium = size_measurements("S", "female"), size_measurements("M", "female")
    step = {name: 50.0 * (medium[name] - small[name]) for name in medium}
    assert step["back_width"] == pytest.approx(1.0, abs=0.3)
    assert step["neck_girth"] == pytest.approx(1.0, abs=0.5)
    assert step["upper_arm_girth"] == pytest.approx(1.2, abs=0.3)
    assert step["wrist_girth"] == pytest.approx(0.5, abs=0.4)


def test_unknown_sizes_and_charts_are_refused():
    with pytest.raises(InputRefused, match="no size 'XM'"):
        size_measurements("XM", "female")
    with pytest.raises(UsageError, match="female or male"):
        chart("other")
