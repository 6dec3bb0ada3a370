"""The table of sizes: bodies of the chart, the garment as it is really drafted, only for what has sizes."""

import pytest

from garments.designs import design
from garments.garment import MADE_TO_MEASURE, Cut
from garments.grading import chart, size_measurements
from garments.readymade import ONE_SIZE
from garments.sizetable import size_table


def test_a_row_tells_the_chart_s_body_and_the_pattern_s_own_girth() -> None:
    cut = Cut("skirt", "L", "female", {"flare": 0.2})
    told = size_table(cut, {"hip_girth": 1.03})
    assert told.sizes == ("XS", "S", "M", "L", "XL", "XXL") and told.worn == "L"
    rows = {(row.title, row.of_body): row for row in told.rows}
    hip = next(row for row in told.rows if row.person == 1.03)
    assert hip.values[3] == pytest.approx(1.10) and hip.of_body
    pattern = design("skirt").draft(size_measurements("L", "female"), cut.drawn)
    line = next(iter(pattern.lines))
    assert rows[line.replace("_", " "), False].values[3] == pytest.approx(pattern.girth(line))
    assert all(a < b for row in told.rows for a, b in zip(row.values, row.values[1:], strict=False))
    assert chart("female").source in told.source


def test_a_chart_of_many_sizes_is_shown_round_the_worn_one() -> None:
    told = size_table(Cut("tee", "20", "astm female"), {})
    assert told.sizes[-1] == "20" and len(told.sizes) <= 12


def test_what_has_no_sizes_has_no_table() -> None:
    assert size_table(Cut("tee", MADE_TO_MEASURE, wearer={"bust_girth": 0.9}), {}) is None
    assert size_table(Cut("polo", ONE_SIZE), {}) is None
