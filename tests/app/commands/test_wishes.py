"""What is asked for on the command line becomes wishes, and names that are not known are refused with what is."""

import argparse

import numpy as np
import pytest

from app.commands import _options
from app.project import Project, Wish
from assets.errors import ToileError


def wished(*written: str) -> tuple[Wish, ...]:
    parser = argparse.ArgumentParser()
    _options.add_garments(parser)
    return _options.wishes(parser.parse_args(written))


def test_a_garment_is_wished_by_chart_size_and_options():
    (wish,) = wished("--garment", "skirt", "--chart", "gb", "--size", "160/84a", "--option", "skirt.flare=30 cm")
    assert (wish.chart, wish.size, wish.options) == ("gb", "160/84A", {"flare": 0.3})
    (wish,) = wished("--size", "measured", "--option", "tee.sleeve_length=60 %")
    assert (wish.design, wish.size, wish.options) == ("tee", "made to measure", {"sleeve_length": 0.6})


@pytest.mark.parametrize("written", ["25°", "25 deg", "25", "0.43633 rad"])
def test_slopes_are_written_in_degrees(written):
    (wish,) = wished("--option", f"tee.shoulder_slope={written}")
    assert wish.options["shoulder_slope"] == pytest.approx(np.radians(25.0), abs=1e-5)


def test_colours_and_prints_are_wished_by_panel():
    told = ("tee=breton white navy @ 5 cm, 30", "tee.sleeve=dots")
    (wish,) = wished("--colour", "navy", "--print", *told, "--colourway", "tee.neckband=藏青", "tee.stitching=#FFFFFF")
    way = wish.colours
    assert way.print.width == 0.05 and way.print.angle == pytest.approx(0.5236, abs=1e-4)
    assert way.paint("sleeve_left").print.name == "dots" and way.paint("neckband").colour == way.colour
    assert way.stitching == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (("--colour", "navi"), "try navy"),
        (("--colourway", "tee.sleve=navy"), "no panel 'sleve'"),
        (("--colourway", "skirt.front=navy"), "no skirt is worn"),
        (("--colourway", "tee.front"), "GARMENT.PANEL=WHAT"),
        (("--print", "tee=gingam white red"), "no figure 'gingam'"),
        (("--print", "tee=dots@9 km"), "--print tee"),
        (("--print", "tee=gone.png"), "there is no picture gone.png"),
        (("--size", "12"), "no size '12'"),
        (("--chart", "din"), "no size chart 'din'"),
        (("--option", "length=2"), "DESIGN.NAME=VALUE"),
        (("--option", "skirt.flare=30 cm"), "no skirt is worn"),
        (("--option", "tee.collar=3 cm"), "no option collar"),
        (("--option", "tee.ease_bust=3 m"), "must lie between"),
        (("--option", "tee.ease_bust=wide"), "'wide'"),
    ],
)
def test_what_is_not_known_is_named(written: tuple[str, ...], why: str):
    with pytest.raises(ToileError, match=why):
        wished(*written)


def test_a_table_that_changes_makes_another_result(tmp_path):
    table = tmp_path / "house.csv"
    table.write_text("size,bust\nS,84\n")
    before = Project(wishes=(Wish("tee", chart=str(table)),)).key
    assert Project(wishes=(Wish("tee", chart=str(table)),)).key == before
    table.write_text("size,bust\nS,88\n")
    assert Project(wishes=(Wish("tee", chart=str(table)),)).key != before
    assert Project(wishes=(Wish("tee", options={"length": 0.1}),)).key != Project(wishes=(Wish("tee"),)).key
