"""Edges, panels and the faults that a cutter would name."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.errors import InputRefused
from garments.checking import check, faults
from garments.edges import Edge, arc, curve, line
from garments.pattern import Panel, Pattern, sew

UPRIGHT = np.array([[0.0, 0.0], [0.0, 1.0]])
number = st.floats(-1.0, 1.0).map(lambda x: round(x, 3))
point = st.tuples(number, number)


def square(name: str = "front", size: float = 0.4) -> Panel:
    corners = size * np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    names = ("hem", "left", "top", "right")
    edges = tuple(line(n, corners[k], corners[(k + 1) % 4]) for k, n in enumerate(names))
    return Panel(name, edges, UPRIGHT, "trunk front")


def sewn(first: Panel, second: Panel, ease: float = 0.0) -> Pattern:
    return Pattern(
        "bag", (first, second), (sew("side", [f"{first.name}.left"], [f"{second.name}.left"], ease),), {}, {}
    )


@given(st.floats(0.05, 2.0), st.floats(-3.0, 3.0), st.floats(0.2, 6.0))
def test_an_arc_is_radius_times_angle_long(radius, start, sweep):
    points = [radius * np.array([np.cos(a), np.sin(a)]) for a in (start, start + 0.4 * sweep, start + sweep)]
    assert arc("arc", *points).length == pytest.approx(radius * sweep, rel=2e-4)


@given(st.lists(point, min_size=4, max_size=4, unique=True), st.floats(0.05, 0.45), st.floats(0.55, 0.95))
def test_a_part_of_a_curve_lies_on_it_and_has_its_share_of_the_length(controls, low, high):
    edge = curve("edge", *controls)
    part = edge.part(low, high, "part")
    assert part.length == pytest.approx((high - low) * edge.length, rel=0.02, abs=1e-3)
    assert np.allclose(part.at(np.array([0.0, 1.0])), edge.at(np.array([low, high])), atol=2e-3)


@given(st.lists(point, min_size=2, max_size=4, unique=True))
def test_mirroring_and_reversing_keep_length_and_ends(controls):
    edge = Edge("edge", np.array(controls))
    mirrored = edge.mirrored("other")
    assert mirrored.length == pytest.approx(edge.length)
    assert np.allclose(mirrored.start, edge.end * (-1, 1))
    assert np.allclose(edge.reversed().at(np.array([0.0])), edge.end)


@given(st.floats(0.1, 3.0))
def test_area_grows_with_the_square_of_the_size(size):
    assert square(size=size).area == pytest.approx(size**2)


def test_the_cutting_line_goes_round_a_corner_whose_curves_all_but_meet():
    side = curve("side", (0.5, 0.0), (0.5, 0.2025), (0.33125, 0.4725), (0.5, 0.675))
    top = arc("top", (0.5, 0.675), (0.265, 0.5375), (0.0, 0.6))
    edges = (line("hem", (0.0, 0.0), (0.5, 0.0)), side, top, line("other", (0.0, 0.6), (0.0, 0.0)))
    drawn = Panel("piece", edges, UPRIGHT, "trunk front", allowance=0.01).cutting_line()
    np.testing.assert_allclose(drawn.min(axis=0), (-0.01, -0.01), atol=1e-6)
    assert drawn[:, 0].max() > 0.505 and drawn[:, 1].max() > 0.68


def test_the_cutting_line_adds_the_allowance_all_round():
    panel = replace(square(), allowances={"hem": 0.03})
    low, high = panel.cutting_line().min(axis=0), panel.cutting_line().max(axis=0)
    assert np.allclose(low, (-0.01, -0.03)) and np.allclose(high, (0.41, 0.41))


def test_a_square_has_no_faults():
    assert faults(sewn(square("front"), square("back"))) == ()


def test_an_open_outline_is_named_with_its_gap():
    panel = square()
    edges = (line("hem", (0.0, 0.0), (0.395, 0.0)), *panel.edges[1:])
    (fault,) = faults(sewn(replace(panel, edges=edges), square("back")))
    assert "open by 5.0 mm between hem and left" in fault


def test_an_outline_that_crosses_itself_is_named():
    points = [(0, 0), (1, 1), (1, 0), (0, 1)]
    edges = tuple(line(n, points[k], points[(k + 1) % 4]) for k, n in enumerate("abcd"))
    (fault,) = faults(Pattern("bow", (Panel("bow", edges, UPRIGHT, "trunk"),), (), {}, {}))
    assert "crosses itself at a and c" in fault


def test_a_clockwise_outline_is_named():
    edges = tuple(edge.reversed() for edge in reversed(square().edges))
    (fault,) = faults(sewn(replace(square(), edges=edges), square("back")))
    assert "clockwise" in fault


def test_a_missing_grain_is_named():
    (fault,) = faults(sewn(replace(square(), grain=None), square("back")))
    assert fault == "panel front has no grain line"


def test_seams_must_match_up_to_their_stated_ease():
    pattern = sewn(square(size=0.41), square("back"))
    with pytest.raises(InputRefused, match=r"41\.0 and 40\.0 cm differ beyond the ease of 0\.0 cm"):
        check(pattern)
    assert faults(sewn(square(size=0.41), square("back"), ease=0.01)) == ()


def test_an_edge_sewn_twice_is_named():
    pattern = sewn(square("front"), square("back"))
    twice = replace(pattern, seams=(*pattern.seams, sew("again", ["front.left"], ["back.top"])))
    assert faults(twice) == ("edge front.left is sewn twice",)


def test_an_unknown_edge_is_named():
    pattern = replace(sewn(square("front"), square("back")), seams=(sew("side", ["front.sleeve"], ["back.left"]),))
    assert faults(pattern) == ("seam side: panel front has no edge sleeve",)


def test_a_run_that_does_not_run_on_is_named():
    pattern = sewn(square("front"), square("back"))
    torn = replace(pattern, seams=(sew("round", ["front.left", "-front.top"], ["back.left", "back.top"]),))
    assert faults(torn) == ("seam round does not run on from front.left to top",)


@pytest.mark.parametrize(("size", "said"), [(0.46, "15 %) longer than its armhole"), (0.36, "10 %) shorter than its")])
def test_a_cap_that_does_not_fit_its_armhole_is_named(size, said):
    pattern = sewn(square("sleeve", size), square("front"), ease=size - 0.4)
    (seam,) = pattern.seams
    (fault,) = faults(replace(pattern, seams=(replace(seam, name="armhole front left"),)))
    assert said in fault and "left sleeve" in fault


def test_a_gathered_seam_must_have_its_ratio():
    pattern = sewn(square("front", 0.6), square("back"))
    (seam,) = pattern.seams
    assert faults(replace(pattern, seams=(replace(seam, ratio=1.5),))) == ()
    (fault,) = faults(replace(pattern, seams=(replace(seam, ratio=1.2),)))
    assert "60.0 and 40.0 cm, gathered 1.20 times, differ" in fault


def test_names_are_used_once():
    pattern = sewn(square("front"), square("front"))
    assert "two panels are named front" in faults(pattern)
