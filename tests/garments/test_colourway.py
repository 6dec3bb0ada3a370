"""Colours and prints: what palettes and colourways say, where prints lie, and where their lines meet."""

from dataclasses import replace
from math import pi, radians

import numpy as np
import pytest
from PIL import Image

from assets.errors import InputRefused, UsageError
from assets.lab import difference, from_lab, to_lab
from garments.colours import matching
from garments.colours.colourway import PLAIN, Colourway, Paint, from_plain, plain, read, read_print
from garments.colours.figures import FIGURES, figure
from garments.colours.matching import meetings, placed, sentence, surveyed
from garments.colours.palette import named, palette, shade
from garments.garment import garment

SHARMA = [  # Sharma, Wu and Dalal 2005, table 1: pairs 1, 7, 25 and 34
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("one", "two", "apart"), SHARMA)
def test_differences_are_those_of_the_published_table(one, two, apart) -> None:
    assert difference(np.array(one), np.array(two)) == pytest.approx(apart, abs=1e-4)
    assert difference(np.array(two), np.array(one)) == pytest.approx(apart, abs=1e-4)


def test_lab_goes_there_and_back() -> None:
    linear = np.random.default_rng(0).uniform(0, 1, (50, 3))
    assert np.allclose(from_lab(to_lab(linear)), linear, atol=1e-9)
    assert np.allclose(to_lab(np.ones(3)), (100, 0, 0), atol=1e-6)


def test_every_shade_is_found_by_each_of_its_names_and_looks_like_no_other() -> None:
    shades = list(palette().values())
    for each in shades:
        assert shade(each.name) == shade(each.chinese) == shade(each.english.upper()) == each.colour
        assert named(each.colour) is each
    labs = to_lab(np.array([each.colour for each in shades]))
    apart = difference(labs[:, None], labs[None]) + 100 * np.eye(len(shades))
    assert apart.min() > 2.0


def test_a_colour_of_css_is_found_however_pillow_keeps_it() -> None:
    assert shade("crimson") == shade("#DC143C")
    Image.new("RGB", (2, 2), "crimson")  # Pillow puts numbers in the place of the code
    assert shade("Crimson") == shade("#DC143C")


@pytest.mark.parametrize("wrong", ["navi", "#12", "lab(50, 200, 0)", ""])
def test_what_is_no_colour_is_refused_with_a_sentence(wrong: str) -> None:
    with pytest.raises(UsageError):
        shade(wrong)


@pytest.mark.parametrize("name", FIGURES)
def test_figures_go_on_over_their_edges(name: str) -> None:
    """The step across the ends is one that is also within, and no larger."""
    picture, width = figure(name)
    values = picture.astype(float)
    for axis in (0, 1):
        ends = np.abs(np.take(values, 0, axis) - np.take(values, -1, axis)).max()
        assert ends <= np.abs(np.diff(values, axis=axis)).max()
    assert 0.005 <= width <= 0.2


def test_a_print_lies_in_metres_turned_and_moved() -> None:
    made = read_print("gingham white red", width=0.04, angle=radians(30), offset=(0.01, -0.02))
    assert np.allclose(made.phase(np.array([0.01, -0.02])), 0.0)
    right = np.array([np.cos(radians(30)), np.sin(radians(30))])
    assert np.allclose(made.phase(np.array([0.01, -0.02]) + 0.04 * right), (1.0, 0.0))


def test_a_panel_shows_its_own_paint_else_that_of_both_sides_else_the_garments() -> None:
    red, blue, dots = (0.5, 0, 0), (0, 0, 0.5), read_print("dots")
    way = Colourway(red, dots, {"sleeve": Paint(blue), "front": Paint(print=None)})
    assert way.paint("sleeve_left").colour == way.paint("sleeve right").colour == blue
    assert way.paint("sleeve_left").print is None and way.paint("front").print is None
    assert way.paint("back").print is dots and way.paint("front").colour == red


def test_a_colourway_is_told_and_understood_again() -> None:
    way = read(
        {
            "colour": "navy",
            "stitching": "white",
            "panels": {"cuff": "#FFFFFF", "collar": {"print": "dots"}},
            "print": {"picture": "tartan red forest", "width": "12 cm", "angle": 45, "offset": ["1 cm", "-2 cm"]},
        }
    )
    pictures: list[np.ndarray] = []
    again = from_plain(plain(way, pictures), pictures)
    assert again.colour == way.colour and again.stitching == way.stitching and set(again.panels) == set(way.panels)
    assert again.print.width == 0.12 and again.print.angle == pytest.approx(pi / 4) and again.print.offset[1] == -0.02
    assert again.print.picture is pictures[0] and len(pictures) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"color": "red"}, {"colour": 3}, {"colour": "no such"}, {"panels": ["front"]}, {"panels": {"front": 7}},
        {"print": {"picture": "dots", "width": "9 km"}}, {"print": {"picture": "dots", "angle": "x"}},
        {"print": "../../secret.png"}, {"print": {"picture": "dots", "offset": "1 cm"}}, "navy",
    ],
)  # fmt: skip
def test_a_colourway_that_is_none_is_refused_with_a_sentence(wrong, tmp_path) -> None:
    with pytest.raises((InputRefused, UsageError)):
        read(wrong, tmp_path)


def test_panels_that_there_are_not_are_named() -> None:
    with pytest.raises(InputRefused, match="sleve"):
        Colourway(panels={"sleve": Paint()}).checked(("front", "sleeve_left"))


@pytest.mark.parametrize("what", ["breton white navy", "gingham white red", "tartan"])
def test_lines_meet_at_the_side_seams_of_skirt_and_tee_and_gaps_are_at_most_half_a_line(what: str) -> None:
    made = read_print(what)
    for design in ("tee", "skirt"):
        found = meetings(garment(design, "M").pattern, Colourway(print=made))
        sides = [each for each in found if each.seam.startswith("side")]
        assert sides and all(each.meets for each in sides)
        widest = max(family.period for family in matching.families(made))
        assert all(each.most <= widest / 2 + 1e-9 for each in found)


def test_a_print_that_is_moved_as_a_whole_meets_as_before_and_a_panel_that_is_moved_does_not() -> None:
    pattern, made = garment("skirt", "M").pattern, read_print("breton white navy")
    before = meetings(pattern, Colourway(print=made))
    moved = meetings(pattern, Colourway(print=replace(made, offset=(0.007, 0.011))))
    assert np.allclose([each.most for each in before], [each.most for each in moved], atol=1e-9)
    shifts = {**placed(pattern, Colourway(print=made)), "front": (0.0, 0.01)}
    side = next(e for e in meetings(pattern, Colourway(print=made), shifts) if e.seam == "side left")
    assert side.most == pytest.approx(0.01, abs=1e-3) and "10 mm" in sentence((side,))


def test_lines_that_a_shift_can_bring_together_are_brought_together() -> None:
    """Vertical stripes meet at the shoulders of a tee whose panels were drawn from other middles."""
    pattern, made = garment("tee", "M").pattern, read_print("stripe white navy", width=0.03)
    unmatched = meetings(pattern, Colourway(print=replace(made, matched=False)))
    matched = meetings(pattern, Colourway(print=made))
    at = {each.seam: each.most for each in matched}
    assert at["shoulder left"] < 0.003 and at["shoulder right"] < 0.003
    assert max(e.most for e in unmatched if e.seam.startswith("shoulder")) > 0.003


def test_a_print_waits_for_no_seam_of_a_pattern_that_was_surveyed_before_it_was_chosen() -> None:
    pattern = garment("tee", "M").pattern
    assert surveyed(pattern, PLAIN) == ()
    known = [one.cache_info().misses for one in (matching._seams, matching._areas)]
    way = Colourway(print=read_print("stripe white navy", width=0.03))
    assert placed(pattern, way) and surveyed(pattern, way) == meetings(pattern, way) != ()
    assert [one.cache_info().misses for one in (matching._seams, matching._areas)] == known


def test_nothing_is_said_of_seams_where_nothing_is_printed() -> None:
    pattern = garment("tee", "M").pattern
    assert meetings(pattern, PLAIN) == () and meetings(pattern, Colourway(panels={"front": Paint((1, 0, 0))})) == ()


def test_a_figure_is_drawn_once() -> None:
    assert figure("breton white navy")[0] is figure("breton white navy")[0]
    assert read_print("breton white navy").picture is figure("breton white navy")[0]
